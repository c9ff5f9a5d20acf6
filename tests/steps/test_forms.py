"""Forms of one unit: which column holds the points that count, whose form it is, and what is said of both."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.findings import Unusable
from xeploai.model import Grid, Rating
from xeploai.pipeline import Outcome
from xeploai.report.tables import understood_rows
from xeploai.steps import headings

BOOK = a_book()
FORM = """
    PHIẾU CHẤM ĐIỂM NĂM 2019
    Đơn vị: Xã Ná, huyện Một
    TT  | Tiêu chí      | Điểm tối đa | {left} | {right} | Ghi chú
    1   | Tiêu chí một  | 20          | 19     | 18      |
    2   | Tiêu chí hai  | 20          | 18     | 16      |
    2.1 | Phần thứ nhất | 12          | 11     | 10      |
    2.2 | Phần thứ hai  | 8           | 7      | 6       |
        | | Tổng cộng     | 40          | 37     | 34      |
"""
LEFT, RIGHT = Decimal(37), Decimal(34)  # 19 + 11 + 7; 18 + 10 + 6


def headed(left: str, right: str) -> Grid:
    return a_grid(FORM.format(left=left, right=right))


def under(*lines: str, sheet: str = "Biểu 2") -> Outcome:
    """A form under these lines."""
    table = FORM.format(left="Điểm tự chấm", right="Điểm thẩm định").strip().splitlines()[2:]
    return run(BOOK, a_grid("\n".join([*lines, *(line.strip() for line in table)]), sheet=sheet))


def only(outcome: Outcome) -> Rating:
    (rating,) = outcome.ratings
    return rating


# ----------------------------------------------------------------------------------- which points count


@pytest.mark.parametrize("plain", ["Điểm đạt", "Điểm đạt được", "Điểm", "Điểm chấm", "Kết quả"])
def test_plain_points_count_before_those_that_the_unit_gave_itself(plain: str) -> None:
    outcome = run(BOOK, headed("Điểm tự chấm", plain))
    assert only(outcome).points == RIGHT
    assert "xếp loại theo «điểm»" in next(each for each in outcome.findings if each.code == "DL19").message
    assert outcome.sheet.phases["tự chấm"]["TC1"] == [19]


@pytest.mark.parametrize("plain", ["Điểm đạt", "Điểm đạt được", "Điểm"])
def test_plain_points_may_also_stand_before_the_self_score(plain: str) -> None:
    assert only(run(BOOK, headed(plain, "Điểm tự chấm"))).points == LEFT


def test_appraised_points_count_before_plain_ones() -> None:
    assert only(run(BOOK, headed("Điểm thẩm định", "Điểm đạt"))).points == LEFT


@pytest.mark.parametrize("taken_off", ["Điểm trừ", "Điểm bị trừ", "Bị trừ"])
@pytest.mark.parametrize("plain", ["Điểm đạt", "Điểm chấm", "Tổng điểm"])
def test_points_taken_off_are_not_the_points(plain: str, taken_off: str) -> None:
    assert only(run(BOOK, headed(plain, taken_off))).points == LEFT


def test_points_taken_off_alone_are_told_and_not_read() -> None:
    with pytest.raises(Unusable) as raised:
        run(BOOK, headed("Cơ sở", "Điểm trừ"))
    assert brief(raised.value.findings) == [("DL10", "", "B4"), ("DL13", "", "D4")]


def test_points_taken_off_alone_are_no_points_of_a_long_table_either() -> None:
    drawing = """
        Năm 2019
        Đơn vị | Tiêu chí      | {}
        Xã Ná  | Tiêu chí một  | 18
        Xã Ná  | Phần thứ nhất | 10
        Xã Ná  | Phần thứ hai  | 6
    """
    assert only(run(BOOK, a_grid(drawing.format("Điểm")))).points == RIGHT
    with pytest.raises(Unusable) as raised:
        run(BOOK, a_grid(drawing.format("Điểm trừ")))
    assert brief(raised.value.findings) == [("DL10", "", "B3"), ("DL13", "", "C2")]


def test_the_points_of_a_penalty_may_stand_under_the_points_taken_off() -> None:
    book = a_book("""
        điểm phạt:
          gồm:
            - {mã: P1, tên: Vi phạm một, điểm tối đa: 5}
    """)
    drawing = FORM.format(left="Điểm đạt", right="Điểm trừ").replace(
        "| | Tổng", "3 | Vi phạm một | 5 | | 3 |\n | | Tổng"
    )
    rating = only(run(book, a_grid(drawing)))
    assert rating.points == LEFT - 3


def test_a_sum_beside_the_self_score_is_told() -> None:
    outcome = run(BOOK, headed("Điểm tự chấm", "Tổng điểm"))
    assert only(outcome).points == LEFT
    assert brief(outcome.findings, "DL13") == [("DL13", "", "E4")]


def test_points_under_the_name_of_a_writer_are_told() -> None:
    assert brief(run(BOOK, headed("Điểm tự chấm", "Đơn vị chấm")).findings, "DL13") == [("DL13", "", "E4")]


def test_results_that_exceed_a_maximum_are_no_points_and_are_told() -> None:
    drawing = FORM.format(left="Điểm tự chấm", right="Kết quả").replace("| 18      |", "| 95      |")
    outcome = run(BOOK, a_grid(drawing))
    assert only(outcome).points == LEFT
    assert brief(outcome.findings, "DL13") == [("DL13", "", "E4")]


def test_bare_points_before_the_self_score_are_the_maxima_where_no_column_says_so() -> None:
    drawing = FORM.format(left="Điểm tự chấm", right="Lý do").replace("Điểm tối đa", "Điểm")
    assert only(run(BOOK, a_grid(drawing))).points == LEFT


# ----------------------------------------------------------------------------------------- whose it is


@pytest.mark.parametrize(
    "writer",
    [
        "Đơn vị chấm: Sở Nội vụ",
        "Đơn vị thẩm định: UBND huyện Một",
        "Đơn vị kiểm tra: Sở Nội vụ",
        "Đơn vị tổng hợp: Phòng Nội vụ",
        "Đơn vị chủ quản: UBND huyện Một",
        "Đơn vị lập biểu: Phòng Nội vụ",
        "Đơn vị chấm | Sở Nội vụ",
        "Đơn vị: điểm",
    ],
)
@pytest.mark.parametrize("unit", ["Đơn vị: Xã Ná", "Đơn vị được chấm: Xã Ná", "Đơn vị được đánh giá: Xã Ná"])
def test_who_wrote_a_form_is_not_whose_it_is(writer: str, unit: str) -> None:
    for lines in ((writer, unit), (unit, writer)):
        assert only(under(*lines, "Năm 2019")).unit.name == "Xã Ná"


def test_a_form_that_names_only_its_writer_is_a_question() -> None:
    with pytest.raises(Unusable) as raised:
        under("Đơn vị chấm: Sở Nội vụ", "Năm 2019")
    assert brief(raised.value.findings) == [("DL80", "", "B4")]


def test_who_is_judged_goes_before_a_unit_that_is_only_named() -> None:
    assert only(under("Đơn vị: UBND huyện Một", "Đơn vị được chấm: Xã Ná", "Năm 2019")).unit.name == "Xã Ná"


def test_two_lines_that_name_different_units_are_a_question_with_both_cells() -> None:
    with pytest.raises(Unusable) as raised:
        under("Đơn vị: Xã Ná", "Đơn vị: Xã Nả", "Năm 2019")
    (finding,) = raised.value.findings
    assert (finding.code, [cell.address for cell in finding.cells]) == ("DL80", ["A1", "A2"])
    assert "«Xã Ná» (ô A1), «Xã Nả» (ô A2)" in finding.message


def test_the_column_of_the_writer_in_a_long_table_is_not_the_unit() -> None:
    outcome = run(BOOK, a_grid("""
        Năm 2019
        Đơn vị chấm | Đơn vị được chấm | Tiêu chí      | Điểm
        Sở Nội vụ   | Xã Ná            | Tiêu chí một  | 18
        Sở Nội vụ   | Xã Ná            | Phần thứ nhất | 10
        Sở Nội vụ   | Xã Ná            | Phần thứ hai  | 6
    """))  # fmt: skip
    assert (only(outcome).unit.name, only(outcome).points) == ("Xã Ná", RIGHT)


@pytest.mark.parametrize("again", ["Đơn vị: Xã Ná", "Xã: Ná", "Đơn vị: UBND xã Ná", "Đơn vị: Xã Ná, huyện Một"])
def test_two_lines_that_name_the_same_unit_are_one(again: str) -> None:
    assert only(under("Đơn vị: Xã Ná", again, "Năm 2019")).unit.name == "Xã Ná"


# ------------------------------------------------------------------------------- a year behind a name


@pytest.mark.parametrize(
    "sheet", ["Xã Ná 2019", "Xã Ná năm 2019", "Xã Ná (2019)", "Xã Ná - 2019", "Xã Ná_2019", "Xã Ná, Năm 2019"]
)
def test_a_year_behind_the_name_of_a_sheet_is_no_part_of_the_unit(sheet: str) -> None:
    rating = only(under("BẢNG CHẤM ĐIỂM", sheet=sheet))
    assert (rating.unit.name, rating.year) == ("Xã Ná", 2019)


@pytest.mark.parametrize(
    ("line", "name", "parent"),
    [
        ("Đơn vị: Xã Ná 2019", "Xã Ná", ""),
        ("Đơn vị | Xã Ná (2019)", "Xã Ná", ""),
        ("Phường Ná, năm 2019", "Phường Ná", ""),
        ("UBND PHƯỜNG NÁ 2019", "PHƯỜNG NÁ", ""),
        ("Đơn vị: Xã Ná (huyện Một); Năm 2019", "Xã Ná", "huyện Một"),
        ("Đơn vị: Xã Ná, huyện Một, năm 2019", "Xã Ná", "huyện Một"),
        ("PHIẾU CHẤM ĐIỂM XÃ NÁ 2019", "XÃ NÁ", ""),
        ("Đơn vị: UBND xã Ná, huyện Một, năm 2019", "UBND xã Ná", "huyện Một"),
        ("Đơn vị: Xã Ná Năm: 2019", "Xã Ná", ""),
        ("Đơn vị: Phường 12, năm 2019", "Phường 12", ""),
    ],
)
def test_a_year_behind_the_name_in_a_line_is_the_year(line: str, name: str, parent: str) -> None:
    rating = only(under(line))
    assert (rating.unit.name, rating.unit.parent, rating.year) == (name, parent, 2019)


@pytest.mark.parametrize("date", ["ngày 10 tháng 01 năm 2020", "Ngày 10/01/2020", "ngày ... tháng ... năm 2020"])
def test_the_date_of_a_form_is_not_its_year(date: str) -> None:
    rating = only(under(f"Xã Ná, {date}"))
    assert (rating.unit.name, rating.year) == ("Xã Ná", None)


def test_the_year_of_the_title_goes_before_one_behind_a_name() -> None:
    outcome = under("PHIẾU CHẤM ĐIỂM NĂM 2019", "Đơn vị: Xã Ná 2018")
    assert brief(outcome.findings, "DL40") == [("DL40", "", "A2")]
    rating = only(outcome)
    assert (rating.unit.name, rating.year) == ("Xã Ná", 2019)


@pytest.mark.parametrize("name", ["Phường 12", "Phường 2"])
def test_a_number_that_is_no_year_is_part_of_the_name(name: str) -> None:
    assert only(under("Năm 2019", sheet=name)).unit.name == name
    assert only(under(f"Đơn vị: {name}", "Năm 2019")).unit.name == name


# --------------------------------------------------------------------------------- what was understood


def understood(*grids: Grid) -> str:
    (seen,) = run(BOOK, *grids).understood
    return str(understood_rows(seen)[0][1])


def test_what_was_understood_says_who_and_which_points_were_passed_over() -> None:
    words = understood(headed("Điểm tự chấm", "Điểm đạt"))
    assert "1 đơn vị: «Xã Ná» (ô A2), năm 2019" in words
    assert words.endswith("tự chấm ở cột D, điểm ở cột E; lấy «điểm», không lấy «tự chấm»")


def test_of_many_units_three_are_named_with_their_files() -> None:
    text = FORM.format(left="Điểm tự chấm", right="Điểm thẩm định")
    names = ("Ná", "Nả", "Nã", "Nạ", "Na")
    words = understood(*(a_grid(text.replace("Xã Ná", f"Xã {name}"), file=f"{name}.xlsx") for name in names))
    assert (
        "5 đơn vị: «Xã Ná» (Ná.xlsx, ô A2), «Xã Nả» (Nả.xlsx, ô A2), «Xã Nã» (Nã.xlsx, ô A2) … và 2 đơn vị nữa" in words
    )


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("Thanh tra/kiểm tra", None),  # a criterion's name, in one language
        ("Self-score/Tự chấm", "tự chấm"),
        ("Điểm thẩm định / Appraisal", "thẩm định"),
        ("Điểm\nScore", ""),
        ("Score", None),
    ],
)
def test_of_a_heading_in_two_languages_the_vietnamese_half_tells(text, phase):
    assert headings.phase(text) == phase


@pytest.mark.parametrize(
    "heading",
    [
        "1/ Thu ngân sách",
        "a/ Thu ngân sách",
        "IV/ Thu ngân sách",
        "2.1. Thu ngân sách - tối đa 20 điểm",
        "Thu ngân sách – Tối đa: 20đ",
    ],
)
def test_numbers_with_a_stroke_and_a_maximum_behind_a_dash_are_no_part_of_a_name(heading):
    book = a_book(
        "",
        criteria="tiêu chí:\n  - {mã: T1, tên: Thu ngân sách, điểm tối đa: 20}\n  - {mã: T2, tên: Khác, điểm tối đa: 20}\n",
    )
    outcome = run(book, a_grid(f"| Đơn vị | {heading} | Khác |\n| Xã Ná | 18 | 15 |"))
    assert [rating.points for rating in outcome.ratings] == [33]
