"""Sheets with criteria as rows: what they hold arrives as from a wide table, and every value keeps its address."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from textwrap import dedent

import pytest
from pydantic import ValidationError

from builders import a_book, a_grid, brief, run
from xeploai.book.load import parse
from xeploai.book.placing import Placing
from xeploai.findings import Unusable
from xeploai.model import Grid, Rating
from xeploai.steps.unfold import unfold
from xeploai.steps.wide import DOWN, FORM, LONG

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
    assert finding.code == "DL32"
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


# ------------------------------------------------------------------------------- forms as offices really make them


def test_a_label_that_spans_the_numbers_and_the_names_is_read_too() -> None:
    drawing = ONE.replace("1   | Tiêu chí một ", "1. Tiêu chí một |").replace(
        "2   | Tiêu chí hai ", "2. Tiêu chí hai |"
    )
    outcome = run(BOOK, a_grid(drawing, merged=((5, 0, 5, 1), (6, 0, 6, 1))))
    assert [(rating.points, rating.status) for rating in outcome.ratings] == [(34, "rated")]
    assert brief(outcome.findings, "DL18", "DL81") == []


def test_points_merged_over_two_criteria_are_not_counted_twice() -> None:
    drawing = ONE.replace("| 6              |", "|                |")
    outcome = run(BOOK, a_grid(drawing, merged=((7, 4, 8, 4),)))
    assert brief(outcome.errors) == [("DL20", "Xã Ná", "E9")]
    assert [rating.status for rating in outcome.ratings] == ["unrated"]


HEADING = "    TT  | Tiêu chí      | Điểm tối đa | Điểm tự chấm | Điểm thẩm định | Ghi chú\n"


@pytest.mark.parametrize(
    "between",
    [
        HEADING,
        "    (tiếp theo)\n" + HEADING + "    (1) | (2) | (3) | (4) | (5) | (6)\n",
        "    Đơn vị: Xã Ná\n" + HEADING + "    2   | Tiêu chí hai  |             |              |                |\n",
        "    Cộng trang | | | 30 | 28 |\n" + HEADING,
        "    Tổng cộng | | | 30 | 28 |\n" + HEADING,
    ],
    ids=["heading", "a line and numbers", "the unit and the group again", "a sum of the page", "a total of the page"],
)
def test_a_form_cut_over_two_pages_is_one_form(between: str) -> None:
    outcome = run(BOOK, a_grid(ONE.replace("    2.2 | Phần", between + "    2.2 | Phần")))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", 34)]
    assert [each for each in outcome.findings if each.code != "DL19"] == []


def test_a_heading_again_with_another_unit_above_it_is_another_form() -> None:
    more = "    Đơn vị: Xã Nả\n" + HEADING
    outcome = run(BOOK, a_grid(ONE.replace("    2.2 | Phần", more + "    2.2 | Phần")))
    assert [(rating.unit.name, rating.status) for rating in outcome.ratings] == [("Xã Ná", "unrated")]
    told = next(finding for finding in outcome.errors if finding.code == "DL10")
    assert (told.at and told.at.address, "«Xã Nả» chỉ thấy TC2.2" in told.message) == ("A9", True)


def test_a_criterion_twice_in_a_form_is_an_error_with_both_cells_unless_both_say_the_same() -> None:
    again = "        | | Tổng cộng"
    same = ONE.replace(again, "    1   | Tiêu chí một  | 20          | 19           | 18             |\n" + again)
    assert [rating.points for rating in run(BOOK, a_grid(same)).ratings] == [34]
    other = ONE.replace(again, "    1   | Tiêu chí một  | 20          | 19           | 17             |\n" + again)
    outcome = run(BOOK, a_grid(other))
    assert [rating.status for rating in outcome.ratings] == ["unrated"]
    finding = next(each for each in outcome.errors if each.code == "DL83")
    assert [cell.address for cell in finding.cells] == ["E6", "E10"]


def test_two_columns_of_one_phase_are_an_error() -> None:
    outcome = run(BOOK, a_grid(ONE.replace("Điểm tự chấm", "Điểm thẩm định")))
    assert "DL83" in {each.code for each in outcome.errors}
    assert [rating.status for rating in outcome.ratings] == ["unrated"]


def test_every_row_of_points_that_no_criterion_claims_is_told_first_to_last() -> None:
    first, again = "    1   | Tiêu chí một", "        | | Tổng cộng"
    more = "".join(f"    {place} | Lạ {place} | 5 | 4 | '3' |\n" for place in range(3, 15))
    drawing = ONE.replace(first, "    0   | Tiêu chí lạ | 5 | 4 | 3 |\n" + first).replace(again, more + again)
    (finding,) = (each for each in run(BOOK, a_grid(drawing)).findings if each.code == "DL81")
    assert [cell.row + 1 for cell in finding.cells] == [6, *range(11, 23)]


def test_what_superiors_gave_is_a_phase_and_no_unit() -> None:
    drawing = """
        Đơn vị: Xã Ná
        Năm 2019
        TT  | Tiêu chí      | Điểm tối đa | Kết quả đánh giá       |                        |
        | |                 |             | Điểm do cá nhân tự chấm | Người quản lý trực tiếp | Cấp có thẩm quyền
        (1) | (2)           | (3)         | (4)                    | (ổ)                    | (6)
        I   | Tiêu chí một  | 207         | 19                     | 18                     | 17
        1   | Phần thứ nhất1 | 12         | 11                     | 10                     | 9
        5.1 | Phần thứ hai  | 8           | 7                      | 6                      | 6
        Tổng cộng |         | 40          | 37                     | 34                     | 32
    """
    merged = ((2, 3, 2, 5), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2), (8, 0, 8, 1))
    outcome = run(BOOK, a_grid(drawing, merged=merged))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", 32)]
    assert {phase: values["TC1"] for phase, values in outcome.sheet.phases.items()} == {
        "tự chấm": [19], "thẩm định": [18], "chính thức": [17],
    }  # fmt: skip
    assert [each for each in outcome.findings if each.code != "DL19"] == []


def test_columns_of_a_form_that_says_whose_it_is_are_no_units() -> None:
    drawing = ONE.replace("| Điểm tự chấm | Điểm thẩm định", "| Ban A | Ban B")
    with pytest.raises(Unusable) as raised:
        run(BOOK, a_grid(drawing))
    assert brief(raised.value.findings) == [("DL10", "", "B6"), ("DL13", "", "D6")]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Đơn vị: Xã Ná, huyện Một", "Xã Ná"),
        ("Xã Ná, ngày 10 tháng 01 năm 2020", "Xã Ná"),
        ("Đơn vị: ................", ""),
        ("Họ và tên người chấm: Lò Văn Na", ""),
        ("PHIẾU CHẤM ĐIỂM CHÍNH QUYỀN XÃ TRONG SẠCH, VỮNG MẠNH", ""),
        ("PHIẾU CHẤM ĐIỂM UBND CẤP XÃ NĂM 2019", ""),
    ],
)
def test_only_a_units_name_is_taken_for_one(line: str, name: str) -> None:
    other = a_grid(ONE.replace("Xã Ná", "Xã Nả"), file="b.xlsx")
    outcome = run(BOOK, a_grid(ONE.replace("Đơn vị: Xã Ná", line)), other)
    assert {rating.unit.name for rating in outcome.ratings} == {"Xã Nả", name} - {""}
    assert len(brief(outcome.errors, "DL80")) == (not name)
    assert {rating.unit.parent.lower() for rating in outcome.ratings} == {"huyện một"}


def test_a_form_without_its_district_may_be_any_unit_of_that_name() -> None:
    outcome = run(BOOK, a_grid(ONE, file="a.xlsx"), a_grid(ONE.replace("UBND HUYỆN MỘT", "Biểu 2"), file="b.xlsx"))
    (finding,) = outcome.errors
    assert (finding.code, {cell.file for cell in finding.cells}) == ("DL32", {"a.xlsx", "b.xlsx"})
    assert {rating.status for rating in outcome.ratings} == {"unrated"}


def test_a_unit_in_the_wide_table_and_in_a_form_of_the_same_workbook_is_told_with_both_places() -> None:
    wide = a_grid("BẢNG ĐIỂM NĂM 2019\n" + dedent(WIDE).strip(), sheet="Tổng hợp")
    outcome = run(BOOK, wide, a_grid(ONE, sheet="Phiếu"))
    (finding,) = outcome.errors
    assert finding.code == "DL32"
    assert {cell.sheet for cell in finding.cells} == {"Tổng hợp", "Phiếu"}
    assert [rating.points for rating in outcome.ratings if rating.unit.name == "Xã Nả"] == [22]


def test_forms_without_any_year_are_one_table() -> None:
    nothing = ONE.replace(" NĂM 2019", "")
    grids = [a_grid(nothing.replace("Xã Ná", f"Xã {name}"), file=f"{name}.xlsx") for name in ("Ná", "Nả", "Nã")]
    outcome = run(BOOK, *grids)
    assert len(outcome.understood) == 1
    assert [rating.year for rating in outcome.ratings] == [None] * 3


def test_a_form_beside_another_that_lacks_a_criterion_is_a_form_of_its_own() -> None:
    left = [line.strip().strip("|").split("|") for line in ONE.strip().splitlines()]
    right = ONE.replace("Xã Ná", "Xã Nả").replace("Phần thứ hai ", "Phần lạ      ").strip().splitlines()
    rows = [
        "|" + "|".join([*a, *[""] * (6 - len(a)), "", b.strip().strip("|")]) for a, b in zip(left, right, strict=True)
    ]
    outcome = run(BOOK, a_grid("\n".join(rows)))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", 34), ("Xã Nả", None)]
    assert "DL11" in {each.code for each in outcome.errors}


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


def test_a_unit_without_a_kind_whose_column_is_blank_or_text_is_a_unit_still() -> None:
    bare = DOWN_DRAWING.replace("Xã Ná", "Ná").replace("Xã Nả", "Nả")
    texts = re.sub(r"\| (\d+)\n", r"| '\1'\n", bare)
    assert rated(a_grid(texts)) == [("Ná", "", 2019, 34), ("Nả", "", 2019, 22)]
    blank = re.sub(r"\| (\d+)\n", "|\n", bare)
    assert brief(run(BOOK, a_grid(blank)).errors) == [("DL36", "Nả", "E3")]


def test_a_hidden_column_of_a_unit_is_a_hidden_unit() -> None:
    grid = a_grid(DOWN_DRAWING, hidden_columns=frozenset({4}))
    outcome = run(BOOK, grid)
    (message,) = (each.message for each in outcome.findings if each.code == "DL15")
    assert "ô E2 (Xã Nả)" in message
    assert [rating.unit.name for rating in outcome.ratings] == ["Xã Ná", "Xã Nả"]
    assert [rating.unit.name for rating in run(BOOK, grid, skip_hidden=True).ratings] == ["Xã Ná"]


@pytest.mark.parametrize("merged", [((2, 3, 2, 6), (2, 7, 2, 10)), ()])
def test_four_columns_for_each_unit_merged_or_not_and_partly_hidden(
    merged: tuple[tuple[int, int, int, int], ...],
) -> None:
    drawing = """
        KẾT QUẢ
        Năm 2019
        STT | Nội dung      | Điểm tối đa | Xã Ná |    |    |    | Xã Nả |    |    |
        | |                 |             | TC    | TĐ | BT | Tg | TC    | TĐ | BT | Tg
        1   | Tiêu chí một  | 20          | 19    | 18 | 1  | 18 | 15    | 12 | 3  | 12
        2.1 | Phần thứ nhất | 12          | 11    | 10 | 1  | 10 | 7     | 6  | 1  | 6
        2.2 | Phần thứ hai  | 8           | 7     | 6  | 1  | 6  | 5     | 4  | 1  | 4
    """
    outcome = run(BOOK, a_grid(drawing, merged=merged, hidden_columns=frozenset({3, 5, 7, 9})))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", 34), ("Xã Nả", 22)]
    (message,) = (each.message for each in outcome.findings if each.code == "DL15")
    assert "cột D, F, H, J" in message


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


def a_long(*, year: str = "BẢNG ĐIỂM NĂM 2019") -> str:
    return f"""
        {year}
        Đơn vị | Huyện     | Tiêu chí      | Điểm
        Xã Ná  | Huyện Một | Tiêu chí một  | 18
        |      |           | Phần thứ nhất | 10
        |      |           | Phần thứ hai  | 6
        Xã Nả  |           | Tiêu chí một  | 12
        |      |           | Phần thứ nhất | 6
        |      |           | Phần thứ hai  | 4
    """


def test_a_name_written_once_goes_on_below_and_the_title_tells_the_year() -> None:
    outcome = run(BOOK, a_grid(a_long()))
    assert rated(a_grid(a_long())) == [("Xã Ná", "Huyện Một", 2019, 34), ("Xã Nả", "Huyện Một", 2019, 22)]
    assert brief(outcome.errors) == []


def test_a_blank_name_where_a_criterion_comes_again_is_nobodys() -> None:
    outcome = run(BOOK, a_grid(a_long().replace("Xã Nả ", "|     ")))
    assert brief(outcome.errors) == [("DL17", "", "A6"), ("DL17", "", "A7"), ("DL17", "", "A8")]


def test_the_phase_of_each_row_in_a_column() -> None:
    lines = ["Năm 2019", "Đơn vị | Tiêu chí | Giai đoạn | Điểm"]
    for criterion, own, appraised in (("Tiêu chí một", 19, 18), ("Phần thứ nhất", 11, 10), ("TC2.2", 7, 6)):
        lines += [f"Xã Ná | {criterion} | Tự chấm | {own}", f"Xã Ná | {criterion} | Thẩm định | {appraised}"]
    outcome = run(BOOK, a_grid("\n".join(lines)))
    assert [(rating.points, rating.status) for rating in outcome.ratings] == [(34, "rated")]
    assert outcome.sheet.phases["tự chấm"]["TC2.1"] == [11]
    unknown = [line.replace("Tự chấm", "Lần 1").replace("Thẩm định", "Lần 2") for line in lines]
    assert "DL83" in {each.code for each in run(BOOK, a_grid("\n".join(unknown))).errors}


def test_totals_maxima_strange_columns_and_hidden_rows_of_a_long_table_are_told() -> None:
    drawing = """
        Năm  | Đơn vị | Tiêu chí      | Điểm tối đa | Điểm | Số lạ
        2019 | Xã Ná  | Tiêu chí một  | 25          | 18   | 3
        2019 | Xã Ná  | Phần thứ nhất | 12          | 10   | 3
        2019 | Xã Ná  | Phần thứ hai  | 8           | 6    | 3
        2019 | Xã Ná  | Tổng cộng     | 40          | 33   |
        |    |        | Tổng cộng     |             | 33   |
    """
    outcome = run(BOOK, a_grid(drawing, hidden_rows=frozenset({2})))
    assert sorted(brief(outcome.findings)) == [
        ("DL13", "", "F1"), ("DL15", "", "A1"), ("DL30", "Xã Ná", "E5"), ("DL82", "", "D2"),
    ]  # fmt: skip


def test_points_merged_over_rows_of_a_long_table_are_not_counted_twice() -> None:
    drawing = a_long().replace("Phần thứ hai  | 6", "Phần thứ hai  |")
    outcome = run(BOOK, a_grid(drawing, merged=((3, 3, 4, 3),)))
    assert brief(outcome.errors, "DL20", "DL36") == [("DL20", "Xã Ná", "D5")]


# ------------------------------------------------------------------------------- a wide table with a legend

LEGENDED = """
    BẢNG ĐIỂM NĂM 2019
    STT | Đơn vị | TC1 | TC2.1 | TC2.2 |  | Mã    | Tên tiêu chí  | Điểm tối đa
    1   | Xã Ná  | 18  | 11    | 7     |  | TC1   | Tiêu chí một  | 20
    2   | Xã Nả  | 12  | 6     | 4     |  | TC2   | Tiêu chí hai  | 20
    |   |        |     |       |       |  | TC2.1 | Phần thứ nhất | 12
    |   |        |     |       |       |  | TC2.2 | Phần thứ hai  | 8
"""


def test_a_legend_beside_or_below_a_wide_table_is_no_part_of_it() -> None:
    lines = [line.split("|") for line in dedent(LEGENDED).strip().splitlines()]
    below = [*("|".join(line[:5]) for line in lines[:4]), "", *("|".join(line[6:]) for line in lines[1:])]
    for drawing in (LEGENDED, "\n".join(below)):
        outcome = run(BOOK, a_grid(drawing))
        assert [(r.unit.name, r.unit.code, r.points) for r in outcome.ratings] == [
            ("Xã Ná", "", 36), ("Xã Nả", "", 22),
        ]  # fmt: skip
        assert brief(outcome.findings, "DL49", "DL12", "DL13") == []


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


@pytest.mark.parametrize("name", ["bảng  Điểm", unicodedata.normalize("NFD", "Bảng điểm")])
def test_a_mapping_finds_its_sheet_in_other_letters(name: str) -> None:
    told = placed(
        f"bố trí: [{{trang: {name}, hàng: 3-4, đơn vị: C, tiêu chí: [{{mã: TC1, ở: E}}, {{mã: TC2, ở: F}}]}}]"
    )
    assert [r.unit.name for r in run(BOOK, a_grid(ODD), placing=told).ratings] == ["Ná", "Nả"]


def test_a_row_with_points_but_without_a_name_is_told_also_by_a_mapping() -> None:
    told = placed("bố trí: [{hàng: 3-5, đơn vị: C, năm: 2019, tiêu chí: [{mã: TC1, ở: E}, {mã: TC2, ở: F}]}]")
    assert brief(run(BOOK, a_grid(ODD), placing=told).errors) == [("DL17", "", "C5")]


def test_two_places_of_one_sheet_are_both_read_and_a_hidden_row_is_left_out_where_that_is_asked() -> None:
    told = placed("""
        bố trí:
          - {hàng: 3-3, đơn vị: C, năm: 2019, tiêu chí: [{mã: TC1, ở: E}, {mã: TC2, ở: F}]}
          - {hàng: 4-4, đơn vị: C, năm: 2019, tiêu chí: [{mã: TC1, ở: E}, {mã: TC2, ở: F}]}
    """)
    grid = a_grid(ODD, hidden_rows=frozenset({3}))
    assert [(r.unit.name, r.points) for r in run(BOOK, grid, placing=told).ratings] == [("Ná", 28), ("Nả", 18)]
    assert [r.unit.name for r in run(BOOK, grid, placing=told, skip_hidden=True).ratings] == ["Ná"]


LIST = """
    | Sổ | Đơn vị      | TC1 | TC2 |
    |    | Điểm tối đa | 20  | 20  |
    | 1  | Xã Ná       | 18  | 10  |
    | 2  | Xã Nả       | 12  | 6   |
    | 3  | Xã Nà       | 5   | 1   |
    |    | Cộng        | 35  | 17  |
    |    |             | 1   | 2   |
    |    | Ghi chú     |     |     |
    | 4  | Xã Nã       |     |     |
"""


def left_out(rows: str) -> list[str]:
    told = placed(f"bố trí: [{{hàng: {rows}, đơn vị: B, năm: 2019, tiêu chí: [{{mã: TC1, ở: C}}, {{mã: TC2, ở: D}}]}}]")
    outcome = run(BOOK, a_grid(LIST), placing=told)
    return [f"{each.code}: {each.message}" for each in outcome.findings if each.code in ("DL16", "DL49")]


NO_UNITS = (
    "DL16: Trang «Bảng điểm»: {count} hàng không phải đơn vị nên không xếp loại: {rows} (ngoài «hàng» của tệp bố trí)."
)
MAYBE = (
    "DL49: Trang «Bảng điểm»: {count} hàng không rõ có phải đơn vị không, nên không xếp loại: {rows} "
    "(ngoài «hàng» của tệp bố trí)."
)


def test_rows_with_points_that_a_mapping_leaves_out_are_told() -> None:
    """Row 2 holds maxima, 6 a plain sum, of which nobody asks, 7 nobody's numbers; rows 8 and 9 have no points."""
    others = NO_UNITS.format(count=2, rows="hàng 2 «Điểm tối đa»; 7")
    assert left_out("3-5") == [others]
    assert left_out("3-4") == [MAYBE.format(count=1, rows="hàng 5 «Xã Nà»"), others]
    assert left_out("4-4") == [MAYBE.format(count=2, rows="hàng 3 «Xã Ná»; 5 «Xã Nà»"), others]


def test_a_unit_left_out_by_a_mapping_has_its_cell_and_the_remedy_names_the_mapping() -> None:
    told = placed("bố trí: [{hàng: 3-4, đơn vị: B, năm: 2019, tiêu chí: [{mã: TC1, ở: C}, {mã: TC2, ở: D}]}]")
    (said,) = [each for each in run(BOOK, a_grid(LIST), placing=told).findings if each.code == "DL49"]
    assert (said.at.address if said.at else "", said.duty) == (
        "B5", "Nếu là đơn vị, sửa «hàng» của tệp bố trí (--map) cho đủ rồi chạy lại; nếu không, để nguyên.",
    )  # fmt: skip


def test_what_one_place_of_a_sheet_leaves_out_another_may_read() -> None:
    both = placed("""
        bố trí:
          - {hàng: 3-3, đơn vị: B, năm: 2019, tiêu chí: [{mã: TC1, ở: C}, {mã: TC2, ở: D}]}
          - {hàng: 4-5, đơn vị: B, năm: 2020, tiêu chí: [{mã: TC1, ở: C}, {mã: TC2, ở: D}]}
    """)
    assert brief(run(BOOK, a_grid(LIST), placing=both).findings, "DL49") == []
    form = placed("bố trí: [{đơn vị: B3, năm: 2019, tiêu chí: [{mã: TC1, ở: C3}, {mã: TC2, ở: D3}]}]")
    assert brief(run(BOOK, a_grid(LIST), placing=form).findings, "DL16", "DL49") == []


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
        "bố trí: [{đơn vị: C3, tiêu chí: [{mã: TC1, ở: E3}, {mã: TC1, ở: F3}]}]",
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


def test_blocks_of_two_years_are_two_years_also_where_every_number_is_a_text() -> None:
    typed = [
        [f"{cell:g}" if isinstance(cell, float) else cell for cell in line] for line in two("NĂM 2018", "NĂM 2019").rows
    ]
    outcome = run(BOOK, Grid("diem.csv", "Bảng", typed))
    assert [(r.unit.name, r.year, r.points) for r in outcome.ratings] == [("Xã Nả", 2019, 18), ("Xã Ná", 2019, 30)]
    assert outcome.past.of(1)[2018].points == 33


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


def test_two_rounds_of_appraisal_go_side_by_side() -> None:
    outcome = run(BOOK, two("THẨM ĐỊNH LẦN 1 NĂM 2019", "THẨM ĐỊNH LẦN 2 NĂM 2019"))
    assert [(r.unit.name, r.points) for r in outcome.ratings] == [("Xã Ná", 30), ("Xã Nả", 18)]


def test_a_heading_again_inside_a_block_is_only_a_new_page() -> None:
    grid = two("ĐIỂM TỰ CHẤM NĂM 2019", "THẨM ĐỊNH")
    grid.rows.insert(3, grid.rows[1])
    assert [(r.unit.name, r.points) for r in run(BOOK, grid).ratings] == [("Xã Ná", 30), ("Xã Nả", 18)]


def test_what_blocks_of_phases_hold_beside_their_units_is_told() -> None:
    grid = two("ĐIỂM TỰ CHẤM NĂM 2019", "THẨM ĐỊNH NĂM 2019")
    for row, values in {1: ("Tổng điểm", "Số lạ"), 2: (33.0, 1.0), 3: (22.0, 1.0), 6: ("Tổng điểm", "Số lạ")}.items():
        grid.rows[row] += values
    grid.rows[7] += (18.0, 1.0)
    grid.rows[8] += (31.0, 1.0)
    grid.rows.append([None, None, 5.0, 5.0, 5.0])
    outcome = run(BOOK, grid)
    assert sorted(brief(outcome.findings, "DL13", "DL17", "DL30")) == [
        ("DL13", "", "G2"), ("DL13", "", "G7"), ("DL17", "", "B10"), ("DL30", "Xã Ná", "F9"),
    ]  # fmt: skip


def test_a_unit_of_a_block_that_goes_by_a_short_name_is_the_same_unit() -> None:
    grid = two("ĐIỂM TỰ CHẤM NĂM 2019", "THẨM ĐỊNH NĂM 2019")
    grid.rows[8][1] = "X. Ná"
    outcome = run(BOOK, grid)
    assert [(r.unit.name, r.points) for r in outcome.ratings] == [("Xã Ná", 30), ("Xã Nả", 18)]


def test_hidden_rows_of_blocks_are_told_and_left_out_where_that_is_asked() -> None:
    grid = two("ĐIỂM TỰ CHẤM NĂM 2019", "THẨM ĐỊNH NĂM 2019")
    hidden = Grid(grid.file, grid.sheet, grid.rows, hidden_rows=frozenset({8}))
    assert "DL15" in {each.code for each in run(BOOK, hidden).findings}
    assert [r.unit.name for r in run(BOOK, hidden, skip_hidden=True).ratings] == ["Xã Nả"]
