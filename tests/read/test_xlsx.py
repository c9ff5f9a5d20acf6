"""What stands in the cells of .xlsx: each kind of value, and each trap that hides one."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from read.handmade import (
    MAIN,
    OFFICE,
    STYLES,
    cell,
    only_grid,
    read_here,
    relations,
    row,
    sheet_part,
    workbook_part,
    zipped,
)
from xeploai.model import CellError, Uncomputed
from xeploai.read import xlsx
from xeploai.steps.validate import serial

# ------------------------------------------------------------------------------------------ plain values


def test_an_empty_sheet_beside_a_filled_one_is_an_empty_grid(book):
    source, findings = read_here(book("", row(cell("A1", "<v>1</v>"))))
    assert not findings
    assert [grid.rows for grid in source.grids] == [[], [[1.0]]]


def test_a_workbook_of_empty_sheets_is_refused_as_empty(refusal):
    assert refusal("", "").code == "DL05"
    assert refusal(row(cell("A1", "", ' s="1"'))).code == "DL05"


def test_numbers_texts_booleans_and_blanks_arrive_as_what_they_are(grid):
    found = grid(
        row(
            cell("A1", "<v>9.5</v>"),
            cell("B1", "<v>9.5</v>", ' t="str"'),
            cell("C1", "<v>1</v>", ' t="b"'),
            cell("D1", "<v>0</v>", ' t="b"'),
            cell("E1", "<is><t>Xã A &amp; B</t></is>", ' t="inlineStr"'),
            cell("F1", "", ' s="3"'),
            cell("G1", "<v>0</v>"),
        )
    )
    assert found.rows == [[9.5, "9.5", True, False, "Xã A & B", None, 0.0]]
    assert [type(value) for value in found.rows[0][2:4]] == [bool, bool]


def test_shared_strings_arrive_with_their_runs_and_escapes(grid):
    strings = (
        f'<sst xmlns="{MAIN}" uniqueCount="2"><si><t>Xã An_x000D_</t></si>'
        '<si><r><t xml:space="preserve">Xã </t></r><r><t>Bình</t></r><rPh><t>no</t></rPh></si></sst>'
    )
    found = grid(row(cell("A1", "<v>0</v>", ' t="s"'), cell("B1", "<v>1</v>", ' t="s"')), strings=strings)
    assert found.rows == [["Xã An\r", "Xã Bình"]]


def test_addresses_are_excels_own_when_data_start_at_b3(grid):
    found = grid(row(cell("B3", "<v>1</v>"), cell("D3", "<v>2</v>"), number=3) + row(cell("C5", "<v>3</v>"), number=5))
    assert (found.top, found.left, found.height, found.width) == (2, 1, 5, 4)
    assert found.rows == [[1.0, None, 2.0], [None, None, None], [None, 3.0, None]]
    assert found.cell(4, 2).address == "C5"
    assert found.value(4, 2) == 3.0


def test_one_cell_in_the_last_corner_is_read_where_it_stands(grid):
    found = grid(row(cell("XFD1048576", "<v>1</v>"), number=1048576))
    assert (found.top, found.left, found.rows) == (1048575, 16383, [[1.0]])


def test_a_sheet_of_more_rows_than_a_frame_holds_arrives_whole(grid):
    rows = "".join(row(cell(f"A{n}", f"<v>{n}</v>"), number=n) for n in range(1, 5001))
    assert [line[0] for line in grid(rows).rows] == [float(n) for n in range(1, 5001)]


@pytest.mark.parametrize("text", ["56,17 %", " 1.234,5\xa0", "1.234", "Xa\u0303 An", "X· Hßa B×nh", "ph\xad\xeang"])
def test_a_text_arrives_as_it_stands(grid, text):
    inside = f'<is><t xml:space="preserve">{text}</t></is>'
    found = grid(row(cell("A1", f"<v>{text}</v>", ' t="str"'), cell("B1", inside, ' t="inlineStr"')))
    assert found.rows == [[text, text]]


@pytest.mark.parametrize(
    ("stored", "text"), [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_x00", "_x00"), ("_xZZZZ_", "_xZZZZ_")]
)
def test_escaped_letters_are_those_letters_in_every_kind_of_text(grid, stored, text):
    strings = f'<sst xmlns="{MAIN}"><si><t>{stored}</t></si></sst>'
    rows = row(
        cell("A1", f"<v>{stored}</v>", ' t="str"'),
        cell("B1", f"<is><t>{stored}</t></is>", ' t="inlineStr"'),
        cell("C1", "<v>0</v>", ' t="s"'),
    )
    assert grid(rows, strings=strings).rows == [[text] * 3]
    assert grid(sheet_part(rows, before="<!-- by the parser -->"), strings=strings).rows == [[text] * 3]


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
def test_rows_and_cells_out_of_order_stand_where_they_say(grid, way):
    rows = row(cell("B7", "<v>1</v>"), number=7) + row(cell("C2", "<v>2</v>"), cell("A2", "<v>3</v>"), number=2)
    found = grid(sheet_part(rows, before=way))
    assert (found.top, found.rows[0], found.rows[-1]) == (1, [3.0, None, 2.0], [None, 1.0, None])


@pytest.mark.parametrize(
    "code",
    ["0.0&quot;đ&quot;", "0.00&quot; điểm&quot;", "[Red]0.0", "#,##0 [$đ-42A]", "0 đ", "[&gt;=80]&quot;Đạt&quot;"],
)
def test_a_format_with_words_makes_no_date_of_a_number(grid, code):
    found = grid(row(cell("A1", "<v>9.5</v>", ' s="2"')), parts={"xl/styles.xml": STYLES.replace("[h]:mm", code)})
    assert found.rows == [[9.5]]


def test_a_protected_sheet_is_read(grid):
    rows = row(cell("A1", "<v>1</v>"))
    protected = sheet_part(rows, after='<sheetProtection password="CC1A" sheet="1" objects="1"/>')
    assert grid(protected, settings='<workbookProtection lockStructure="1"/>').rows == [[1.0]]


# ---------------------------------------------------------------------------------------------- errors


def test_a_text_that_looks_like_an_error_cell_is_a_text(grid):
    assert grid(row(cell("A1", '<is><t> t="e" #REF!</t></is>', ' t="inlineStr"'))).rows == [['t="e" #REF!']]


@pytest.mark.parametrize("code", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"])
def test_an_error_cell_keeps_its_code(grid, code):
    found = grid(row(cell("A1", "<v>1</v>"), cell("B1", f"<f>A1/0</f><v>{code}</v>", ' s="1" t="e"')))
    assert found.rows == [[1.0, CellError(code, "=A1/0")]]


@pytest.mark.parametrize("code", ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#LỖI?", "#A&amp;B"])
def test_an_error_that_calamine_does_not_know_costs_one_cell_and_not_the_sheet(grid, code):
    found = grid(row(cell("A1", "<v>1</v>"), cell("B1", f"<v>{code}</v>", ' t="e"'), cell("C1", "<v>3</v>")))
    assert found.rows == [[1.0, CellError(code.replace("&amp;", "&")), 3.0]]


def test_an_error_that_calamine_does_not_know_needs_no_slow_parser(grid, monkeypatch):
    monkeypatch.setattr(xlsx, "_plain", lambda *_: pytest.fail("the slow parser was asked"))
    found = grid(row(cell("A1", "<v>#SPILL!</v>", ' t="e"'), cell("B1", "<v>1</v>")))
    assert found.rows == [[CellError("#SPILL!"), 1.0]]


def error(address: str, formula: str = "", code: str = "#DIV/0!") -> str:
    return cell(address, f"{formula}<v>{code}</v>", ' t="e"')


def lone(formula: str) -> str:
    """A cell with this formula and a result, which no second look has to find."""
    return cell("A1", f"{formula}<v>1</v>")


def test_an_error_that_was_typed_has_no_formula(grid):
    assert grid(row(error("A1"), error("B1", "<f></f>"), error("C1", "<f>#N/A</f>", "#N/A"))).rows == [
        [CellError("#DIV/0!"), CellError("#DIV/0!"), CellError("#N/A")]
    ]


def test_the_formula_behind_an_error_is_told_as_it_is_typed(grid):
    found = grid(row(error("B1", '<f ca="1">IF(A1&lt;&gt;"",\'[1]Trang 1\'!B2,0)</f>', "#REF!")))
    assert found.rows == [[CellError("#REF!", "=IF(A1<>\"\",'[tệp khác]Trang 1'!B2,0)")]]


def test_a_shared_formula_is_told_as_it_reads_in_the_cell_itself(grid):
    first = cell("C1", '<f t="shared" ref="C1:D9" si="0">A1/$B$1+SUM(\'T 1\'!A$1:B1)</f><v>1</v>')
    other = cell("E1", '<f t="shared" ref="E1:E9" si="1">"A1"&amp;A1</f><v>1</v>')
    below = (
        error("C2", '<f t="shared" si="0"/>')
        + error("D2", '<f t="shared" si="0"></f>')
        + error("E2", '<f t="shared" si="1"/>')
    )
    found = grid(row(first, other) + row(below, number=2) + row(error("C3", '<f t="shared" si="7"/>'), number=3))
    assert found.rows[1:] == [
        [
            CellError("#DIV/0!", "=A2/$B$1+SUM('T 1'!A$1:B2)"),
            CellError("#DIV/0!", "=B2/$B$1+SUM('T 1'!B$1:C2)"),
            CellError("#DIV/0!", '="A1"&A2'),
        ],
        [CellError("#DIV/0!"), None, None],
    ]


@pytest.mark.parametrize(
    "formula", ['"', "A1:", "{1,2", "((A1)", "A1048576:XFD9", "'x", "=", "A1)", "[", "$", "1E", "A" * 500]
)
def test_a_shared_formula_that_cannot_be_moved_is_not_told_and_costs_nothing_else(grid, formula):
    shared = f'<f t="shared" ref="A1:A2" si="0">{formula}</f>'
    found = grid(row(lone(shared)) + row(error("A2", '<f t="shared" si="0"/>'), cell("B2", "<v>2</v>"), number=2))
    assert (found.rows[0], found.rows[1][1]) == ([1.0, None], 2.0)
    assert found.rows[1][0].code == "#DIV/0!"


@pytest.mark.parametrize(
    ("formula", "below"),
    [
        ("IF(A1>0,'T 1'!$A1:B$2,A:A)*Muc", "=IF(A2>0,'T 1'!$A2:B$2,A:A)*Muc"),
        ("_xlfn.IFERROR(A1/B1,[1]S!A1)", ""),  # of another file
        ("_xlfn.XLOOKUP(A1,B:B,C:C)", "=XLOOKUP(A2,B:B,C:C)"),
        ("A1:INDEX(A:A,3)", ""),  # what follows openpyxl would move wrongly, or not at all
        ("S!#REF!+A1", ""),
        ("'T 1'!Ten+A1", ""),
        ("S!A1:S!B2", ""),
        ("XLT1+1", ""),  # a name, for there is no such column
        ("A1048576+1", ""),  # its row is the last
        ("Bang[Điểm]+A1", ""),
    ],
)
def test_a_shared_formula_is_told_only_where_it_is_sure_how_it_reads(grid, formula, below):
    shared = f'<f t="shared" ref="A1:A2" si="0">{formula.replace(">", "&gt;")}</f>'
    found = grid(row(lone(shared)) + row(error("A2", '<f t="shared" si="0"/>'), number=2))
    assert found.rows[1] == [CellError("#DIV/0!", below)]


def test_what_excel_does_not_show_is_not_told(grid):
    found = grid(row(error("A1", "<f>_xlfn.IFERROR([2]S!A1,'[1]T 1'!B2)&amp;\"[1]S!A1 _xlfn.X\"</f>")))
    assert found.rows == [[CellError("#DIV/0!", "=IFERROR([tệp khác]S!A1,'[tệp khác]T 1'!B2)&\"[1]S!A1 _xlfn.X\"")]]


def test_every_error_of_an_array_has_the_arrays_formula(grid):
    found = grid(
        row(cell("A1", '<f t="array" ref="A1:B2">C1:D2/E1</f><v>1</v>'), error("B1"), error("C1"))
        + row(error("A2"), error("B2"), number=2)
        + row(error("A3"), number=3)
    )
    told, none = CellError("#DIV/0!", "=C1:D2/E1"), CellError("#DIV/0!")
    assert found.rows == [[1.0, told, none], [told, told, None], [none, None, None]]


def test_arrays_are_laid_out_up_to_a_bound(grid):
    first = [cell(f"{c}1", f'<f t="array" ref="{c}1:{c}60000">D1/0</f><v>1</v>') for c in "AB"]
    found = grid(row(*first) + row(error("A2"), error("B2"), number=2))
    assert found.rows[1] == [CellError("#DIV/0!", "=D1/0"), CellError("#DIV/0!")]


def test_a_formula_of_great_length_is_told_in_part(grid):
    ((found,),) = grid(row(error("A1", f"<f>{'A1+' * 2000}A1</f>"))).rows
    assert (len(found.formula), found.formula[:7], found.formula[-1]) == (500, "=A1+A1+", "…")


def test_of_errors_without_number_the_first_ones_have_their_formula(grid):
    shared = '<f t="shared" ref="A1:B99999" si="0">A1/0</f>'
    rows = [row(lone(shared))] + [row(error(f"A{n}", '<f t="shared" si="0"/>'), number=n) for n in range(2, 40_000)]
    found = [value for (value,) in grid("".join(rows)).rows[1:]]
    assert found[9] == CellError("#DIV/0!", "=A11/0")
    assert found[-1] == CellError("#DIV/0!")
    assert 10_000 < len([each for each in found if each.formula]) < 30_000


def test_the_slow_parser_keeps_the_formulas(grid):
    ordinary = row(lone('<f t="shared" ref="A1:A2" si="0">B1/0</f>')) + row(
        error("A2", '<f t="shared" si="0"/>'), number=2
    )
    unusual = ordinary.replace("<v>1</v>", "<v><![CDATA[1]]></v>")
    assert grid(unusual).rows == grid(ordinary).rows == [[1.0], [CellError("#DIV/0!", "=B2/0")]]


def test_a_sheet_of_nothing_but_errors_is_not_empty(grid):
    found = grid(row(cell("C4", "<v>#REF!</v>", ' t="e"'), number=4))
    assert (found.top, found.left, found.rows) == (3, 2, [[CellError("#REF!")]])


def test_an_unknown_error_outside_the_box_of_values_widens_it(grid):
    found = grid(
        row(cell("A1", "<v>#SPILL!</v>", ' t="e"'))
        + row(cell("B2", "<v>7</v>"), number=2)
        + row(cell("D4", "<v>#CALC!</v>", ' t="e"'), number=4)
    )
    assert (found.top, found.left) == (0, 0)
    assert found.value(0, 0) == CellError("#SPILL!")
    assert found.value(1, 1) == 7.0
    assert found.value(3, 3) == CellError("#CALC!")
    assert found.value(2, 2) is None


# --------------------------------------------------------------------------- formulas without a result


def test_a_formula_with_its_result_is_the_result(grid):
    found = grid(row(cell("A1", "<f>1+1</f><v>2</v>"), cell("B1", '<f t="shared" si="0"/><v>3</v>')))
    assert found.rows == [[2.0, 3.0]]


def test_a_stored_empty_text_is_a_blank(grid):
    found = grid(
        row(cell("A1", '<f>""</f><v></v>', ' t="str"'), cell("B1", '<f>""</f><v/>', ' t="str"'), cell("C1", "<v>1</v>"))
    )
    assert found.rows[0][-1] == 1.0
    assert [found.value(0, 0), found.value(0, 1)] == [None, None]


@pytest.mark.parametrize("stored", ["", "<v></v>", "<v/>", "<v />", "\n<v />\n"])
def test_a_formula_without_a_result_is_known_for_what_it_is(grid, stored):
    found = grid(row(cell("A1", "<v>1</v>"), cell("B1", f"<f>SUM(A1:A1)&gt;0</f>{stored}")))
    assert found.rows == [[1.0, Uncomputed("=SUM(A1:A1)>0")]]


def test_a_result_of_no_kind_is_no_result_even_of_a_text_formula(grid):
    assert grid(row(cell("A1", "<f>B1</f>", ' t="str"'))).rows == [[Uncomputed("=B1")]]
    assert grid(row(cell("A1", "<f>B1</f><v/>", ' t="e"'))).rows == [[Uncomputed("=B1")]]


def test_an_uncomputed_formula_in_a1_moves_no_address(grid):
    found = grid(row(cell("A1", "<f>1+1</f>")) + row(cell("C3", "<v>5</v>"), number=3))
    assert (found.top, found.left) == (0, 0)
    assert found.value(0, 0) == Uncomputed("=1+1")
    assert found.value(2, 2) == 5.0


def test_shared_formulas_without_results_are_uncomputed_each(grid):
    found = grid(
        row(cell("A1", '<f t="shared" ref="A1:A2" si="0">B1*2</f>'))
        + row(cell("A2", '<f t="shared" si="0"/>'), number=2)
    )
    assert found.rows == [[Uncomputed("=B1*2")], [Uncomputed("=B2*2")]]


def test_an_array_formula_without_results_covers_its_whole_range(grid):
    found = grid(
        row(cell("A1", '<f t="array" ref="A1:B2">C1:D2*2</f>'), cell("C1", "<v>1</v>"))
        + row(cell("B2", "<v>8</v>"), number=2)
    )
    assert found.rows[0] == [Uncomputed("=C1:D2*2"), Uncomputed("=C1:D2*2"), 1.0]
    assert found.rows[1][:2] == [Uncomputed("=C1:D2*2"), 8.0]


def test_a_computed_array_formula_covers_nothing(grid):
    found = grid(row(cell("A1", '<f t="array" ref="A1:B1">C1*2</f><v>2</v>'), cell("C1", "<v>1</v>")))
    assert found.rows == [[2.0, None, 1.0]]


# ----------------------------------------------------------------------------------------------- dates


def test_dates_and_times_arrive_typed(grid):
    found = grid(
        row(
            cell("A1", "<v>43000</v>", ' s="1"'),
            cell("B1", "<v>80.5</v>", ' s="1"'),
            cell("C1", "<v>0.5</v>", ' s="1"'),
            cell("D1", "<v>1.5</v>", ' s="2"'),
            cell("E1", "<v>2019-05-08T10:30:00</v>", ' t="d"'),
        )
    )
    assert found.rows == [
        [date(2017, 9, 22), datetime(1900, 3, 20, 12), time(12), timedelta(days=1.5), datetime(2019, 5, 8, 10, 30)]
    ]
    assert type(found.rows[0][0]) is date


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
def test_a_date_that_is_spelled_out_is_that_date(grid, way):
    rows = row(cell("A1", "<v>2019-05-08T10:30:00</v>", ' t="d"'))
    assert grid(sheet_part(rows, before=way)).rows == [[datetime(2019, 5, 8, 10, 30)]]


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
@pytest.mark.parametrize("stored", ["2019-05-08T10:30:00Z", "2019-05-08T10:30:00+07:00", "2019-13-45", "abc", "80.5"])
def test_what_is_no_plain_date_of_the_calendar_is_the_text_that_stands_there(grid, stored, way):
    rows = row(cell("A1", f"<v>{stored}</v>", ' t="d"'), cell("B1", "<v>1</v>"))
    assert grid(sheet_part(rows, before=way)).rows == [[stored, 1.0]]


SMALL = ["0", "0.5", "1", "8.5", "4.25", "59", "59.5", "60", "60.25", "61", "80.5", "-1", "-0.5"]
EPOCH_1904 = '<workbookPr date1904="1"/>'


@pytest.mark.parametrize(("number", "epoch"), [(n, "") for n in [*SMALL, "43000"]] + [(n, EPOCH_1904) for n in SMALL])
def test_the_number_under_a_date_format_can_be_told(grid, number, epoch):
    found = grid(row(cell("A1", f"<v>{number}</v>", ' s="1"'), cell("B1", "<v>1</v>")), settings=epoch)
    assert serial(found.value(0, 0)) == Decimal(number)


def test_a_real_date_of_the_1904_epoch_stays_that_date(grid):
    found = grid(row(cell("A1", "<v>43000</v>", ' s="1"')), settings='<workbookPr date1904="true"/>')
    assert found.rows == [[date(2021, 9, 23)]]


def test_what_calamine_cannot_bear_far_down_a_long_sheet_costs_nothing(grid):
    rows = [row(cell(f"A{n}", f"<v>{n}</v>", ' s="2"'), number=n) for n in range(1, 6001)]
    rows[3999] = row(cell("A4000", "<v>1000000000000</v>", ' s="2"'), number=4000)
    rows[4999] = row(cell("A5000", "<v>NaN</v>"), number=5000)
    found = grid("".join(rows))
    assert len(found.rows) == 6000
    assert [found.value(n - 1, 0) for n in (1, 3999, 4000, 5000, 6000)] == [
        timedelta(days=1), timedelta(days=3999), 1e12, "NaN", timedelta(days=6000),
    ]  # fmt: skip


def test_a_number_that_no_calendar_reaches_is_a_number(grid):
    assert grid(row(cell("A1", "<v>2958466</v>", ' s="1"'))).rows == [[2958466.0]]


def test_a_huge_number_under_an_hour_format_costs_nothing_else(grid):
    found = grid(
        row(cell("A1", "<v>1000000000000</v>", ' s="2"'), cell("B1", "<v>0.5</v>", ' s="2"'), cell("C1", "<v>7</v>"))
    )
    assert found.rows == [[1e12, timedelta(hours=12), 7.0]]


# ---------------------------------------------------------------------------------- what is no number


@pytest.mark.parametrize("style", ["", ' s="1"', ' s="2"'])
@pytest.mark.parametrize("stored", ["NaN", "nan", "inf", "-Infinity", "1E400"])
def test_what_is_not_finite_is_the_text_that_stands_there(grid, stored, style):
    found = grid(row(cell("A1", f"<v>{stored}</v>", style), cell("B1", "<v>1</v>"), cell("C1", "<v>x</v>", ' t="str"')))
    assert found.rows == [[stored, 1.0, "x"]]


def test_what_is_not_finite_far_down_is_named_too(grid):
    rows = [row(cell(f"B{n}", f"<v>{n}</v>"), number=n) for n in range(3, 6001)]
    rows[-1] = row(cell("B6000", "<v>NaN</v>"), number=6000)
    assert grid("".join(rows)).value(5999, 1) == "NaN"


def test_a_number_with_a_comma_is_a_text(grid):
    assert grid(row(cell("A1", "<v>56,17</v>"))).rows == [["56,17"]]


@pytest.mark.parametrize("attributes", [' t="n"', ' t="x"', ' t="b"'])
def test_a_value_of_the_wrong_type_costs_its_cell_and_not_the_sheet(grid, attributes):
    found = grid(
        row(cell("A1", "<v>56,17</v>", attributes), cell("B1", "<v>2</v>"), cell("C1", "<v>#N/A</v>", ' t="e"'))
    )
    assert found.rows[0][1:] == [2.0, CellError("#N/A")]
    assert found.rows[0][0] in ("56,17", True)


def test_several_things_that_calamine_cannot_bear_cost_one_cell_each(grid):
    found = grid(
        row(
            cell("A1", "<v>#SPILL!</v>", ' t="e"'),
            cell("B1", "<v>x</v>", ' t="n"'),
            cell("C1", "<v>#N/A</v>", ' t="e"'),
        )
        + row(cell("A2", "<v>1</v>"), cell("B2", "<v>#CALC!</v>", ' t="e"'), cell("C2", "<v>3</v>"), number=2)
    )
    assert found.rows == [[CellError("#SPILL!"), "x", CellError("#N/A")], [1.0, CellError("#CALC!"), 3.0]]


# ---------------------------------------------------------------------------- hidden, merged, sheets


def test_rows_and_columns_that_only_have_a_height_or_width_are_not_hidden(grid):
    before = '<cols><col min="1" max="1" width="0.5"/><col min="2" max="2" width="10" hidden="0"/></cols>'
    rows = row(cell("A1", "<v>1</v>"), attributes=' ht="0.75" customHeight="1" hidden="0"') + row(
        cell("B2", "<v>1</v>"), number=2, attributes=' spans="1:2" hidden="false" ht="10"'
    )
    found = grid(sheet_part(rows, before))
    assert (found.hidden_rows, found.hidden_columns) == (frozenset(), frozenset())


def test_hidden_rows_and_columns_are_known_within_the_used_box(grid):
    before = (
        '<cols><col min="2" max="3" width="9" hidden="1"/><col min="5" max="5" width="0"/>'
        '<col min="6" max="16384" hidden="true"/></cols>'
    )
    rows = (
        row(cell("A1", "<v>1</v>"), cell("F1", "<v>1</v>"))
        + row(cell("A2", "<v>1</v>"), number=2, attributes=' hidden="1"')
        + row(cell("A3", "<v>1</v>"), number=3, attributes=' ht="0" customHeight="1"')
        + row(cell("A4", "<v>1</v>"), number=4, attributes=' hidden="true" spans="1:1"')
        + row(number=9, attributes=' hidden="1"')
    )
    found = grid(sheet_part(rows, before))
    assert found.hidden_rows == {1, 2, 3}
    assert found.hidden_columns == {1, 2, 4, 5}


def test_merged_ranges_are_known(grid):
    after = (
        '<mergeCells count="3"><mergeCell ref="A1:B2"/><mergeCell ref="C3"/><mergeCell ref="AA10:AB10"/></mergeCells>'
    )
    found = grid(sheet_part(row(cell("A1", "<v>1</v>")), after=after))
    assert found.merged == ((0, 0, 1, 1), (9, 26, 9, 27))


def test_sheets_come_in_the_workbooks_order_with_their_names_and_states(book):
    parts = {
        "xl/workbook.xml": (
            f'<x:workbook xmlns:x="{MAIN}" xmlns:q="{OFFICE}"><x:sheets><x:sheet name="Hai" sheetId="7" q:id="r2"/>'
            '<x:sheet name="A&amp;B &quot;ẩn&quot;" sheetId="3" state="veryHidden" q:id="r1"/>'
            '<x:sheet name="Ba" sheetId="9" state="hidden" q:id="r3"/></x:sheets></x:workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "/xl/worksheets/sheet1.xml"),
            ("r2", "worksheet", "../xl/worksheets/Sheet2.xml"),
            ("r3", "worksheet", "worksheets\\sheet3.xml"),
        ),
    }
    source, findings = read_here(book(*(row(cell("A1", f"<v>{n}</v>")) for n in (1, 2, 3)), parts=parts))
    assert not findings
    assert [(grid.sheet, grid.visible, grid.rows) for grid in source.grids] == [
        ("Hai", True, [[2.0]]),
        ('A&B "ẩn"', False, [[1.0]]),
        ("Ba", False, [[3.0]]),
    ]


def test_chart_and_macro_sheets_are_passed_over_with_a_word(book):
    path = book(
        f'<chartsheet xmlns="{MAIN}"/>', row(cell("A1", "<v>2</v>")), row(), kinds={1: "chartsheet", 3: "xlMacrosheet"}
    )
    source, findings = read_here(path)
    assert [grid.sheet for grid in source.grids] == ["Trang 2"]
    assert [(each.code, each.severity) for each in findings] == [("DL86", "warning")]
    assert findings[0].message.endswith("không được đọc: «Trang 1» (trang biểu đồ), «Trang 3» (trang macro).")


def test_a_sheet_name_is_shown_in_nfc(book):
    named = workbook_part('<sheet name="Điê\u0309m" sheetId="1" r:id="r1"/>')
    source, _ = read_here(book(row(cell("A1", "<v>2</v>")), parts={"xl/workbook.xml": named}))
    assert source.grids[0].sheet == "Điểm"


def test_two_sheets_whose_names_differ_in_their_bytes_alone_are_both_read(book):
    listed = '<sheet name="Điểm" sheetId="1" r:id="r1"/><sheet name="Điê\u0309m" sheetId="2" r:id="r2"/>'
    parts = {"xl/workbook.xml": workbook_part(listed)}
    source, findings = read_here(book(*(row(cell("A1", f"<v>{n}</v>")) for n in (1, 2)), parts=parts))
    assert not findings
    assert [(grid.sheet, grid.rows) for grid in source.grids] == [("Điểm", [[1.0]]), ("Điểm", [[2.0]])]


def test_the_workbook_part_may_have_another_name_and_place(tmp_path):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    path = zipped(
        tmp_path / "khac.xlsx",
        {
            "[Content_Types].xml": f'<Types><Override ContentType="{kind}"/></Types>',
            "_rels/.rels": relations(("a", "officeDocument", "/so/wb2.xml")),
            "so/wb2.xml": workbook_part('<sheet name="S" sheetId="1" r:id="x"/>'),
            "so/_rels/wb2.xml.rels": relations(("x", "worksheet", "tr/mot.xml")),
            "so/tr/mot.xml": sheet_part(row(cell("A1", "<v>5</v>"))),
        },
    )
    source, findings = read_here(path)
    assert not findings
    assert source.grids[0].rows == [[5.0]]


# --------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"xl/worksheets/sheet1.xml": None}, "sheet1.xml"),
        ({"xl/worksheets/sheet1.xml": sheet_part(row(cell("A1", "<v>1</v>")))[:-40]}, "sheet1.xml"),
        ({"xl/workbook.xml": "<workbook"}, "workbook.xml"),
        ({"xl/_rels/workbook.xml.rels": None}, "workbook.xml.rels"),
        ({"xl/_rels/workbook.xml.rels": relations()}, "Trang 1"),
        ({"xl/sharedStrings.xml": "<sst><si>"}, "sharedStrings.xml"),
        ({"xl/styles.xml": "<styleSheet><a"}, "styles.xml"),
    ],
)
def test_a_damaged_part_is_named(refusal, parts, named):
    found = refusal(row(cell("A1", "<v>1</v>")), parts=parts)
    assert found.code == "DL03"
    assert named in found.message


def test_the_damaged_one_of_two_parts_is_named(refusal):
    strings = f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>'
    found = refusal(row(cell("A1", "<v>1</v>")), strings=strings, parts={"xl/styles.xml": "<styleSheet><a"})
    assert "styles.xml" in found.message


def test_parts_that_are_packed_with_extra_facts_are_read(book, monkeypatch):
    path = book(row(cell("A1", "<v>1</v>")))
    with zipfile.ZipFile(path) as usual:
        parts = {name: usual.read(name) for name in usual.namelist()}
    with zipfile.ZipFile(path, "w") as other:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.extra = b"\x99\x99\x04\0abcd"
            other.writestr(entry, content, zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(xlsx, "_plain", lambda *_: pytest.fail("calamine could not read it"))
    assert only_grid(path).rows == [[1.0]]


def test_a_text_that_the_file_does_not_hold_is_damage(refusal):
    assert refusal(row(cell("A1", "<v>7</v>", ' t="s"'))).code == "DL03"


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
@pytest.mark.parametrize("reference", ["2", "-1", "+1", "1.0", "1x", "x", "１", "4294967297", "99999999999999999999"])
def test_a_reference_that_is_none_gives_no_other_text(refusal, reference, way):
    strings = f'<sst xmlns="{MAIN}"><si><t>Xã A</t></si><si><t>Xã B</t></si></sst>'
    rows = row(cell("A1", f"<v>{reference}</v>", ' t="s"'), cell("B1", "<v>1</v>"))
    assert refusal(sheet_part(rows, before=way), strings=strings).code == "DL03"


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
@pytest.mark.parametrize("written", ["1", "01", " 1", "\n  1\n", "<f>A2</f><v>1</v>"])
def test_a_reference_among_spaces_is_that_reference(grid, written, way):
    strings = f'<sst xmlns="{MAIN}"><si><t>Xã A</t></si><si><t>Xã B</t></si></sst>'
    inside = written if "<" in written else f"<v>{written}</v>"
    rows = row(cell("A1", inside, ' t="s"'), cell("B1", '<f>IF(A1="s",1)</f><v>5.5</v>'), cell("C1", "<v/>", ' t="s"'))
    assert grid(sheet_part(rows, before=way), strings=strings).rows[0][:2] == ["Xã B", 5.5]


def test_the_first_sheets_of_a_file_with_a_damaged_last_one_are_not_used(refusal):
    good = row(cell("A1", "<v>1</v>"))
    assert refusal(good, good, sheet_part(good)[:-30]).code == "DL03"
