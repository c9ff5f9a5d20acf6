"""Sheets with criteria as rows: what they hold arrives as from a wide table, and every value keeps its address."""

from __future__ import annotations

import re
from decimal import Decimal
from textwrap import dedent

import pytest
from pydantic import ValidationError

from builders import a_book, a_grid, brief, run
from xeploai.book.load import parse
from xeploai.book.placing import Placing
from xeploai.findings import Unusable
from xeploai.model import Grid, Rating
from xeploai.steps.unfold import DOWN, FORM, LONG, unfold

BOOK = a_book()
WIDE = """
    STT | Đơn vị   | Tiêu chí một | Phần thứ nhất | Phần thứ hai
    1   | Xã Ná    | 18           | 11            | 7
    2   | Xã Nả    | 12           | 6             | 4
"""
ONE = """
    UBND HUYỆN MỘT
    PHIẾU CHẤM ĐIỂM NĂM 2019
    Đơn vị: Xã Ná
    TT  | Tiêu chí      | Điểm tối đa | Điểm tự chấm | Điểm thẩm định | Ghi chú
    (1) | (2)           | (3)         | (4)          | (5)            | (6)
    1   | Tiêu chí một  | 20          | 19           | 18             |
    2   | Tiêu chí hai  | 20          | 18           | 16             |
    2.1 | Phần thứ nhất | 12          | 11           | 10             | tốt
    2.2 | Phần thứ hai  | 8           | 7            | 6              |
        | | Tổng cộng     | 40          | 37           | 34             |
    Người lập biểu
"""


def layouts(*grids: Grid) -> list[str]:
    return [grid.layout for grid in unfold(BOOK.book, grids)[0]]


def rated(*grids: Grid, **options: object) -> list[tuple[str, str, int | None, Decimal | None]]:
    """(unit, district, year, points) of everybody."""
    return [
        (rating.unit.name, rating.unit.parent, rating.year, rating.points)  # type: ignore[misc]
        for rating in run(BOOK, *grids, **options).ratings
    ]


def one(grid: Grid, **options: object) -> Rating:
    (rating,) = run(BOOK, grid, **options).ratings
    return rating


# ------------------------------------------------------------------------------------ what stays as it is


@pytest.mark.parametrize(
    "drawing",
    [
        WIDE,
        "Đơn vị | TC1 | TC2\nXã Ná | 18 | 16",
        "Họ tên | Chức vụ\nÔng Một | Chủ tịch",
        "Nội dung\nTiêu chí một",
        "Tiêu chí một",
    ],
)
def test_a_wide_table_and_a_sheet_of_something_else_are_left_alone(drawing: str) -> None:
    grid = a_grid(drawing)
    assert unfold(BOOK.book, [grid]) == ([grid], [])


def test_a_list_of_the_criteria_without_a_single_score_is_no_form() -> None:
    drawing = (
        "TT | Tiêu chí | Căn cứ\n1 | Tiêu chí một | Điều 1\n2.1 | Phần thứ nhất | Điều 2\n2.2 | Phần thứ hai | Điều 3"
    )
    assert layouts(a_grid(drawing)) == [""]


# ------------------------------------------------------------------------------------------- one unit, a form


def test_a_form_is_a_row_of_the_official_points() -> None:
    outcome = run(BOOK, a_grid(ONE))
    assert layouts(a_grid(ONE)) == [FORM]
    assert rated(a_grid(ONE)) == [("Xã Ná", "HUYỆN MỘT", 2019, Decimal(34))]
    assert brief(outcome.errors) == []
    assert outcome.sheet.phases["tự chấm"]["TC1"] == [Decimal(19)]


def test_every_value_of_a_form_keeps_its_address() -> None:
    grid = a_grid(ONE.replace("| 18             |", "|                |"), top=2, left=1)
    finding = next(each for each in run(BOOK, grid).errors if each.code == "DL20")
    assert brief([finding]) == [("DL20", "Xã Ná", "F8")]
    assert "ô F8" in finding.message


@pytest.mark.parametrize(
    "lines",
    [
        "Đơn vị: Xã Ná\nHuyện: Huyện Một\nNăm: 2019",
        "Đơn vị | Xã Ná\nHuyện | Huyện Một\nNăm | 2019",
        "Tên đơn vị: | Xã Ná\nThuộc huyện: | Huyện Một\nNăm đánh giá: | 2019",
        "Đơn vị | | Xã Ná\nHuyện: | | Huyện Một\nBẢNG ĐIỂM NĂM 2019",
        "UBND HUYỆN MỘT | CỘNG HÒA XÃ HỘI CHỦ NGHĨA\nUBND XÃ NÁ | Độc lập - Tự do - Hạnh phúc\nPHIẾU CHẤM ĐIỂM NĂM 2019",
        "UBND HUYỆN MỘT\nPHIẾU CHẤM ĐIỂM XÃ NÁ NĂM 2019",
    ],
)
def test_unit_district_and_year_are_known_however_they_are_written(lines: str) -> None:
    table = ONE.split("Đơn vị: Xã Ná\n")[1]
    (name, parent, year, points), *more = rated(a_grid("\n".join([*lines.splitlines(), *table.splitlines()])))
    assert (name.lower(), parent.lower(), year, points, more) == ("xã ná", "huyện một", 2019, Decimal(34), [])


def test_a_sheet_named_for_its_commune_says_whose_it_is() -> None:
    table = ONE.replace("Đơn vị: Xã Ná", "Biểu 2")
    outcome = run(BOOK, a_grid(table, sheet="Xã Ná"), a_grid(table, sheet="Xã Nả"))
    assert [rating.unit.name for rating in outcome.ratings] == ["Xã Ná", "Xã Nả"]


def test_a_form_of_nobody_is_an_error_and_the_others_are_rated() -> None:
    nobody = a_grid(ONE.replace("Đơn vị: Xã Ná", "Biểu 2"), file="b.xlsx")
    outcome = run(BOOK, a_grid(ONE), nobody)
    assert brief(outcome.errors) == [("DL80", "", "B6")]
    assert [rating.unit.name for rating in outcome.ratings] == ["Xã Ná"]


def test_forms_of_one_shape_are_one_table_with_the_address_of_each_file() -> None:
    grids = [
        a_grid(ONE.replace("Xã Ná", name), file=f"{place}.xlsx")
        for place, name in enumerate(("Xã Ná", "Xã Nả", "Xã Nã"))
    ]
    outcome = run(BOOK, *grids)
    assert len(outcome.understood) == 1
    assert [outcome.sheet.cell(place, "TC1") for place in range(3)] == [grid.cell(5, 4) for grid in grids]
    assert len([each for each in outcome.findings if each.code == "DL19"]) == 1


def test_the_same_unit_in_two_files_is_told_with_both_places() -> None:
    outcome = run(BOOK, a_grid(ONE, file="a.xlsx"), a_grid(ONE.replace("Xã Ná", "X. Ná"), file="b.xlsx"))
    (finding,) = outcome.errors
    assert finding.code == "DL28" or "ghi 2 lần" in finding.message or "2 lần" in finding.message
    assert {cell.file for cell in (finding.at, *finding.related) if cell} == {"a.xlsx", "b.xlsx"}
    assert {rating.status for rating in outcome.ratings} == {"unrated"}


def test_forms_of_two_years_are_two_years() -> None:
    grids = [
        a_grid(ONE, file="a.xlsx"),
        a_grid(ONE.replace("2019", "2018").replace("| 18             |", "| 2              |"), file="b.xlsx"),
    ]
    outcome = run(BOOK, *grids)
    assert (outcome.year, [rating.points for rating in outcome.ratings]) == (2019, [34])
    assert outcome.past.of(0)[2018].points == 18


def test_several_forms_below_each_other_in_one_sheet() -> None:
    outcome = run(
        BOOK, a_grid(ONE + "\n\n" + ONE.replace("Xã Ná", "Xã Nả").replace("| 18             |", "| 9              |"))
    )
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", 34), ("Xã Nả", 25)]
    assert brief(outcome.errors) == []


def test_two_forms_beside_each_other_in_one_sheet() -> None:
    left = [line.strip().strip("|").split("|") for line in ONE.strip().splitlines()]
    right = ONE.replace("Xã Ná", "Xã Nả").replace("| 18             |", "| 9              |").strip().splitlines()
    rows = [
        "|" + "|".join([*a, *[""] * (6 - len(a)), "", b.strip().strip("|")]) for a, b in zip(left, right, strict=True)
    ]
    outcome = run(BOOK, a_grid("\n".join(rows)))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", 34), ("Xã Nả", 25)]
    assert str(outcome.sheet.cell(1, "TC1")) == "diem.xlsx · Bảng điểm · L6"


def test_a_column_of_codes_and_one_of_names_are_one_form() -> None:
    drawing = ONE.replace("1   | Tiêu chí một", "TC1 | Tiêu chí một").replace(
        "2   | Tiêu chí hai", "TC2 | Tiêu chí hai"
    )
    drawing = drawing.replace("2.1 | Phần", "TC2.1 | Phần").replace("2.2 | Phần", "TC2.2 | Phần")
    assert rated(a_grid(drawing)) == [("Xã Ná", "HUYỆN MỘT", 2019, 34)]


def test_a_form_without_a_column_of_appraised_points_goes_by_what_it_has() -> None:
    drawing = (
        "Đơn vị: Xã Ná\nTT | Nội dung | Điểm\n1 | Tiêu chí một | 18\n2.1 | Phần thứ nhất | 10\n2.2 | Phần thứ hai | 6"
    )
    assert one(a_grid(drawing)).points == 34


def test_a_two_row_heading_over_the_phases() -> None:
    drawing = """
        Đơn vị: Xã Ná
        TT | Tiêu chí      | Điểm tối đa | Kết quả đánh giá |                |
        | |               |             | Tự chấm          | Huyện thẩm định |
        1  | Tiêu chí một  | 20          | 19               | 18             |
        2  | Tiêu chí hai  | 20          | 18               | 16             |
           | | Phần thứ nhất | 12          | 11               | 10             |
           | | Phần thứ hai  | 8           | 7                | 6              |
    """
    merged = ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4))
    outcome = run(BOOK, a_grid(drawing, merged=merged))
    assert [(rating.points, rating.status) for rating in outcome.ratings] == [(34, "rated")]
    assert outcome.sheet.phases["tự chấm"]["TC2.1"] == [11]


# ------------------------------------------------------------------------------------ what must be told of a form


def test_points_of_a_row_that_names_no_criterion_are_told() -> None:
    drawing = ONE.replace("        | | Tổng cộng", "    3   | Tiêu chí lạ | 5 | 4 | 3 |\n        | | Tổng cộng")
    outcome = run(BOOK, a_grid(drawing))
    assert brief(outcome.findings, "DL81") == [("DL81", "", "B10")]
    assert "10 «Tiêu chí lạ»" in next(each for each in outcome.findings if each.code == "DL81").message


def test_a_column_of_points_that_says_nothing_known_is_told() -> None:
    drawing = ONE.replace("Ghi chú", "Ban Pháp chế").replace("tốt", "9")
    assert brief(run(BOOK, a_grid(drawing)).findings, "DL13") == [("DL13", "", "F6")]


@pytest.mark.parametrize("stated", ["20", "'20'", "'20 điểm'", "20⁷", "207", "'20,0'", ""])
def test_the_books_own_maximum_is_known_also_with_a_footnote(stated: str) -> None:
    drawing = ONE.replace("Tiêu chí một  | 20 ", f"Tiêu chí một | {stated}")
    assert brief(run(BOOK, a_grid(drawing)).findings, "DL82") == []


def test_another_maximum_than_the_books_is_told() -> None:
    drawing = ONE.replace("Tiêu chí một  | 20 ", "Tiêu chí một | 25")
    assert brief(run(BOOK, a_grid(drawing)).findings, "DL82") == [("DL82", "", "C6")]


def test_hidden_rows_and_columns_of_a_form_are_read_with_a_warning() -> None:
    outcome = run(BOOK, a_grid(ONE, hidden_rows=frozenset({5}), hidden_columns=frozenset({3})))
    assert len(brief(outcome.findings, "DL15")) == 2
    assert [rating.points for rating in outcome.ratings] == [34]


def test_a_stated_total_that_is_not_the_sum_is_told() -> None:
    outcome = run(BOOK, a_grid(ONE.replace("| 34             |", "| 35             |")))
    found = [each for each in outcome.findings if each.at and each.at.address == "E10"]
    assert len(found) == 1
    assert "35" in found[0].message
    assert "34" in found[0].message


def test_the_year_of_the_line_and_of_the_title_may_differ() -> None:
    outcome = run(BOOK, a_grid(ONE.replace("Đơn vị: Xã Ná", "Đơn vị: Xã Ná | Năm: 2018")))
    assert outcome.year == 2018
    assert any("2019" in each.message and "2018" in each.message for each in outcome.findings)


# --------------------------------------------------------------------------------- a column for each unit


DOWN_DRAWING = """
    BẢNG TỔNG HỢP ĐIỂM NĂM 2019
    STT | Nội dung      | Điểm tối đa | Xã Ná | Xã Nả
    1   | Tiêu chí một  | 20          | 18    | 12
    2   | Tiêu chí hai  | 20          | 16    | 10
        | | Phần thứ nhất | 12          | 10    | 6
        | | Phần thứ hai  | 8           | 6     | 4
        | | Tổng điểm     | 40          | 34    | 22
"""


def test_criteria_down_and_a_column_for_each_unit() -> None:
    outcome = run(BOOK, a_grid(DOWN_DRAWING))
    assert layouts(a_grid(DOWN_DRAWING)) == [DOWN]
    assert rated(a_grid(DOWN_DRAWING)) == [("Xã Ná", "", 2019, 34), ("Xã Nả", "", 2019, 22)]
    assert str(outcome.sheet.cell(1, "TC2.1")) == "diem.xlsx · Bảng điểm · E5"
    assert brief(outcome.errors) == []


def test_a_blank_under_one_unit_is_that_units_missing_score() -> None:
    outcome = run(BOOK, a_grid(DOWN_DRAWING.replace("| 6     | 4", "| 6     |")))
    assert brief(outcome.errors) == [("DL20", "Xã Nả", "E6")]


def test_two_phases_under_each_unit() -> None:
    drawing = """
        Năm 2019
        STT | Nội dung      | Điểm tối đa | Xã Ná |    | Xã Nả |
            | |               |             | TC    | TĐ | TC    | TĐ
        1   | Tiêu chí một  | 20          | 19    | 18 | 15    | 12
            | | Phần thứ nhất | 12          | 11    | 10 | 7     | 6
            | | Phần thứ hai  | 8           | 7     | 6  | 5     | 4
    """
    merged = ((1, 3, 1, 4), (1, 5, 1, 6))
    assert rated(a_grid(drawing, merged=merged)) == [("Xã Ná", "", 2019, 34), ("Xã Nả", "", 2019, 22)]


# ------------------------------------------------------------------------------------------ the long table


LONG_DRAWING = """
    Đơn vị | Huyện     | Năm  | Tiêu chí      | Điểm
    Xã Ná  | Huyện Một | 2019 | Tiêu chí một  | 18
    Xã Ná  | Huyện Một | 2019 | Phần thứ nhất | 10
    Xã Ná  | Huyện Một | 2019 | Phần thứ hai  | 6
    Xã Nả  | Huyện Một | 2019 | Tiêu chí một  | 12
    Xã Nả  | Huyện Một | 2019 | Phần thứ hai  | 4
    Xã Nả  | Huyện Một | 2019 | Phần thứ nhất | 6
    Xã Ná  | Huyện Một | 2018 | Tiêu chí một  | 10
    Xã Ná  | Huyện Một | 2018 | Phần thứ nhất | 8
    Xã Ná  | Huyện Một | 2018 | Phần thứ hai  | 2
"""


def test_a_row_for_each_unit_year_and_criterion() -> None:
    outcome = run(BOOK, a_grid(LONG_DRAWING))
    assert layouts(a_grid(LONG_DRAWING)) == [LONG]
    assert rated(a_grid(LONG_DRAWING)) == [("Xã Ná", "Huyện Một", 2019, 34), ("Xã Nả", "Huyện Một", 2019, 22)]
    assert outcome.past.of(0)[2018].points == 20
    assert str(outcome.sheet.cell(1, "TC2.2")) == "diem.xlsx · Bảng điểm · E6"


def test_a_criterion_that_a_unit_has_no_row_for_is_missing_never_zero() -> None:
    drawing = LONG_DRAWING.replace("    Xã Nả  | Huyện Một | 2019 | Phần thứ hai  | 4\n", "")
    outcome = run(BOOK, a_grid(drawing))
    assert brief(outcome.errors) == [("DL20", "Xã Nả", "A5")]


def test_a_criterion_told_twice_for_one_unit_is_an_error_with_both_cells() -> None:
    outcome = run(BOOK, a_grid(LONG_DRAWING + "    Xã Ná | Huyện Một | 2019 | Tiêu chí một | 17\n"))
    finding = next(each for each in outcome.errors if each.code == "DL83")
    assert finding.at
    assert {finding.at.address, *(cell.address for cell in finding.related)} == {"E2", "E11"}
    assert [rating.status for rating in outcome.ratings] == ["unrated", "rated"]


def test_rows_of_a_long_table_without_a_unit_or_without_a_criterion_are_told() -> None:
    more = "    | |           | 2019 | Tiêu chí một  | 5\n    Xã Ná  | Huyện Một | 2019 | Tiêu chí lạ | 3\n"
    outcome = run(BOOK, a_grid(LONG_DRAWING + more))
    assert brief(outcome.findings, "DL17", "DL81") == [("DL17", "", "A11"), ("DL81", "", "D12")]


# ------------------------------------------------------------------------------------ as a mapping file tells


ODD = """
    Sổ theo dõi | |   |    | nửa đầu | nửa sau
    a           | |   |    |         | '-'
    b           | | Ná |   | 18      | 10
    |           | | Nả |   | 12      | 6
    c           | |    |   | 5       | 1
"""


def placed(text: str) -> Placing:
    source = parse(dedent(text).encode(), "bo-tri.yaml")
    return Placing.model_validate(source.tree, by_alias=True, by_name=False)


def test_a_mapping_file_tells_where_things_stand() -> None:
    told = placed("""
        bố trí:
          - trang: Bảng điểm
            hàng: 3-4
            đơn vị: C
            năm: 2019
            tiêu chí:
              - {mã: TC1, ở: E}
              - {mã: TC2, ở: F}
    """)
    outcome = run(BOOK, a_grid(ODD), placing=told)
    assert [(r.unit.name, r.year, r.points) for r in outcome.ratings] == [("Ná", 2019, 28), ("Nả", 2019, 18)]
    assert str(outcome.sheet.cell(1, "TC2")) == "diem.xlsx · Bảng điểm · F4"


def test_a_row_with_points_but_without_a_name_is_told_also_by_a_mapping() -> None:
    told = placed("bố trí: [{hàng: 3-5, đơn vị: C, năm: 2019, tiêu chí: [{mã: TC1, ở: E}, {mã: TC2, ở: F}]}]")
    assert brief(run(BOOK, a_grid(ODD), placing=told).errors) == [("DL17", "", "C5")]


def test_a_mapping_of_a_form_names_cells() -> None:
    told = placed("bố trí: [{đơn vị: C3, năm: 2018, tiêu chí: [{mã: TC1, ở: E3}, {mã: TC2, ở: F3}]}]")
    outcome = run(BOOK, a_grid(ODD), placing=told)
    assert [(r.unit.name, r.year, r.points) for r in outcome.ratings] == [("Ná", 2018, 28)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bố trí: [{trang: Bảng điẻm, đơn vị: C3, tiêu chí: [{mã: TC1, ở: E3}]}]", "có phải «Bảng điểm»?"),
        ("bố trí: [{đơn vị: C3, tiêu chí: [{mã: TC9, ở: E3}]}]", "không có tiêu chí «TC9»"),
    ],
)
def test_a_mapping_of_what_is_not_there_is_refused(text: str, said: str) -> None:
    with pytest.raises(Unusable, match=re.escape(said)):
        run(BOOK, a_grid(ODD), placing=placed(text))


@pytest.mark.parametrize(
    "text",
    [
        "bố trí: [{đơn vị: C3, tiêu chí: [{mã: TC1, ở: E}]}]",
        "bố trí: [{đơn vị: C, tiêu chí: [{mã: TC1, ở: E}]}]",
        "bố trí: [{đơn vị: C, hàng: 9-3, tiêu chí: [{mã: TC1, ở: E}]}]",
        "bố trí: [{đơn vị: 3C, hàng: 3-9, tiêu chí: [{mã: TC1, ở: E}]}]",
        "bố trí: []",
    ],
)
def test_a_mapping_that_contradicts_itself_is_no_mapping(text: str) -> None:
    with pytest.raises(ValidationError):
        placed(text)


# ------------------------------------------------------------------------------- tables below each other


def two(first: str, second: str) -> Grid:
    return a_grid(f"""
        {first}
        STT | Đơn vị | Tiêu chí một | Phần thứ nhất | Phần thứ hai
        1   | Xã Ná  | 15           | 11            | 7
        2   | Xã Nả  | 12           | 6             | 4

        {second}
        STT | Đơn vị | Tiêu chí một | Phần thứ nhất | Phần thứ hai
        1   | Xã Nả  | 10           | 5             | 3
        2   | Xã Ná  | 14           | 10            | 6
    """)


def test_a_heading_that_comes_again_for_the_next_district_is_one_table() -> None:
    drawing = """
        BẢNG ĐIỂM NĂM 2019
        Huyện Một
        STT | Đơn vị | Tiêu chí một | Phần thứ nhất | Phần thứ hai
        1   | Xã Ná  | 15           | 11            | 7
        Huyện Hai
        STT | Đơn vị | Tiêu chí một | Phần thứ nhất | Phần thứ hai
        1   | Xã Ná  | 10           | 5             | 3
    """
    assert unfold(BOOK.book, [a_grid(drawing)])[0][0].layout == ""
    assert len(run(BOOK, a_grid(drawing)).ratings) == 2


def test_blocks_of_two_years_are_two_years() -> None:
    outcome = run(BOOK, two("BẢNG ĐIỂM NĂM 2018", "BẢNG ĐIỂM NĂM 2019"))
    assert [(r.unit.name, r.year, r.points) for r in outcome.ratings] == [("Xã Nả", 2019, 18), ("Xã Ná", 2019, 30)]
    assert outcome.past.of(1)[2018].points == 33
    assert str(outcome.sheet.cell(0, "TC1")) == "diem.xlsx · Bảng điểm · C8"


def test_blocks_of_two_phases_are_side_by_side_and_the_later_appraisal_counts() -> None:
    outcome = run(BOOK, two("ĐIỂM TỰ CHẤM NĂM 2019", "KẾT QUẢ THẨM ĐỊNH LẦN 2 NĂM 2019"))
    assert [(r.unit.name, r.points) for r in outcome.ratings] == [("Xã Ná", 30), ("Xã Nả", 18)]
    assert outcome.sheet.phases["tự chấm"]["TC1"] == [15, 12]
    assert str(outcome.sheet.cell(0, "TC1")) == "diem.xlsx · Bảng điểm · C9"


def test_rounds_of_which_nobody_knows_what_counts_are_an_error_with_both_places() -> None:
    outcome = run(BOOK, two("ĐỢT 1", "ĐỢT 2"))
    assert {rating.status for rating in outcome.ratings} == {"unrated"}
    assert {cell.address for finding in outcome.errors for cell in (finding.at, *finding.related) if cell} == {
        "B3", "B4", "B8", "B9",
    }  # fmt: skip


def test_a_form_of_nobody_alone_says_why_nothing_can_be_rated() -> None:
    with pytest.raises(Unusable) as trouble:
        run(BOOK, a_grid(ONE.replace("Đơn vị: Xã Ná", "Biểu 2")))
    assert [finding.code for finding in trouble.value.findings] == ["DL80"]
