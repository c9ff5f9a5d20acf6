"""What stands in the cells of .ods: each kind of value, each trap that hides one, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from read.handmade import only_grid, read_here, zipped
from xeploai.findings import Finding
from xeploai.model import CellError, Grid, Uncomputed
from xeploai.read import guard, ods, worker
from xeploai.steps.validate import serial

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{ODF}{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("draw", "drawing"),
    ]
)  # fmt: skip
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
HEAD = f"{NAMESPACES} {CALCEXT}"


def content(*tables: str, styles: str = "", faces: str = "", beside: str = "") -> str:
    """A content part of these tables; one that does not say so itself gets a name."""
    named = [
        table if table.startswith("<table:table ") else f'<table:table table:name="Trang {n}">{table}</table:table>'
        for n, table in enumerate(tables, 1)
    ]
    return (
        f"<office:document-content {HEAD}><office:font-face-decls>{faces}</office:font-face-decls>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{beside}{''.join(named)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def common(styles: str, automatic: str = "") -> str:
    """A styles part."""
    return (
        f"<office:document-styles {HEAD}><office:styles>{styles}</office:styles>"
        f"<office:automatic-styles>{automatic}</office:automatic-styles></office:document-styles>"
    )


def row(*cells: str, facts: str = "") -> str:
    return f"<table:table-row {facts}>{''.join(cells)}</table:table-row>"


def number(value: str, shown: str = "", facts: str = "", kind: str = "float") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}" {facts}>{p(shown)}</table:table-cell>'


def string(inside: str, facts: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {facts}>{inside}</table:table-cell>'


def moment(kind: str, value: str, facts: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:{kind}-value="{value}" {facts}/>'


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>" if text else ""


EMPTY = "<table:table-cell/>"


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """book(*tables, …) writes such a file; parts=… adds or replaces parts."""

    def build(*tables: str, parts: Mapping[str, str | bytes | None] | None = None, **more: str) -> Path:
        whole: dict[str, str | bytes | None] = {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content(*tables, **more),
        }
        whole |= parts or {}
        return zipped(tmp_path / "bang.ods", {name: part for name, part in whole.items() if part is not None})

    return build


@pytest.fixture
def grid(book: Callable[..., Path]) -> Callable[..., Grid]:
    return lambda *tables, **more: only_grid(book(*tables, **more))


@pytest.fixture
def refusal(book: Callable[..., Path]) -> Callable[..., Finding]:
    def refuse(*tables: str, **more: object) -> Finding:
        source, findings = read_here(book(*tables, **more))
        assert source is None
        assert len(findings) == 1
        return findings[0]

    return refuse


# ------------------------------------------------------------------------------------------------- values


def test_numbers_texts_booleans_and_blanks_arrive_as_what_they_are(grid):
    found = grid(
        row(
            number("9.5", "9,5"),
            string(p("9,5")),
            moment("boolean", "true"),
            moment("boolean", "false"),
            EMPTY,
            number("0"),
            number("-1.5E2", kind="currency"),
            string(""),
            string(p("Xã A &amp; B")),
        )
    )
    assert found.rows == [[9.5, "9,5", True, False, None, 0.0, -150.0, None, "Xã A & B"]]
    assert [type(value) for value in found.rows[0][2:4]] == [bool, bool]


@pytest.mark.parametrize("stated", ["NaN", "INF", "-INF", "1e999", "1_0", "٣", "9,5"])
def test_what_is_no_finite_number_is_the_text_that_stands_there(grid, stated):
    assert grid(row(number(stated), number("1"))).rows == [[stated, 1.0]]


def test_a_value_that_is_missing_is_the_text_that_is_shown(grid):
    cell = f'<table:table-cell office:value-type="float">{p("9,5")}</table:table-cell>'
    assert grid(row(cell, f"<table:table-cell>{p('không kiểu')}</table:table-cell>")).rows == [["9,5", "không kiểu"]]


def test_a_true_that_libreoffice_saved_as_1_is_a_boolean(grid):
    formula = 'table:formula="of:=TRUE()"'
    found = grid(row(number("1", "1"), number("1", "TRUE"), number("0", "0", formula.replace("TRUE", "FALSE"))))
    assert found.rows == [[1.0, True, False]]
    assert [type(value) for value in found.rows[0]] == [float, bool, bool]
    assert grid(row(number("2", "TRUE"))).rows == [[2.0]]


def test_addresses_are_excels_own_when_data_start_at_b3(grid):
    found = grid(
        row(EMPTY, facts='table:number-rows-repeated="2"')
        + row(EMPTY, number("1"), EMPTY, number("2"))
        + row()
        + row('<table:table-cell table:number-columns-repeated="2"/>', number("3"))
    )
    assert (found.top, found.left, found.height, found.width) == (2, 1, 5, 4)
    assert found.rows == [[1.0, None, 2.0], [None, None, None], [None, 3.0, None]]
    assert found.cell(4, 2).address == "C5"


# --------------------------------------------------------------------------------------------------- text


def test_a_text_has_its_paragraphs_spaces_tabs_and_breaks(grid):
    inside = p("Xã<text:s/><text:span>An</text:span><text:s text:c='2'/>B<text:tab/>C<text:line-break/>D") + p("E")
    assert grid(row(string(inside))).rows == [["Xã An  B\tC\nD\nE"]]


def test_comments_shapes_and_readings_are_no_text_of_the_cell(grid):
    inside = (
        "<office:annotation><text:p>ghi chú</text:p></office:annotation>"
        "<text:p>Xã <text:ruby><text:ruby-base>An</text:ruby-base><text:ruby-text>an</text:ruby-text></text:ruby>"
        "<office:annotation><text:p>nữa</text:p></office:annotation><text:a>.</text:a></text:p>"
        "<draw:frame><draw:text-box><text:p>hình</text:p></draw:text-box></draw:frame>"
    )
    assert grid(
        row(string(inside), number("8", "8", "")[: -len("</table:table-cell>")] + inside + "</table:table-cell>")
    ).rows == [["Xã An.", 8.0]]


def test_breaks_of_the_xml_are_none_of_the_text(grid):
    assert grid(row(string("\n <text:p>Xã\n   An  B</text:p>\n"))).rows == [["Xã An  B"]]


def test_the_stored_text_counts_before_the_shown_one(grid):
    assert grid(
        row(string(p("hiện"), 'office:string-value="lưu"'), string(p("hiện"), 'office:string-value=""'))
    ).rows == [["lưu", "hiện"]]


# ------------------------------------------------------------------------------------------------- errors


def test_a_text_that_looks_like_an_error_is_a_text(grid):
    formula = 'table:formula="of:=&quot;#REF!&quot;" office:string-value="#REF!" calcext:value-type="string"'
    assert grid(row(string(p("#REF!")), string(p("#N/A"), formula), number("5", "#5"), number("6", "###"))).rows == [
        ["#REF!", "#REF!", 5.0, 6.0]
    ]


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ("#DIV/0!", "#DIV/0!"),
        ("#N/A", "#N/A"),
        ("#REF!", "#REF!"),
        ("#NAME?", "#NAME?"),
        ("#WERT!", "#WERT!"),
        ("Err:502", "Err:502"),
        ("Err:503", "#NUM!"),
        ("Err:532", "#DIV/0!"),
    ],
)
def test_an_error_is_an_error_in_every_programs_way(grid, shown, code):
    formula = 'table:formula="of:=1/0"'
    libreoffice = string(p(shown), f'{formula} office:string-value="" calcext:value-type="error"')
    openoffice = number("0", shown, formula)
    silent = string(p(shown), formula)
    typed = f'<table:table-cell office:value-type="error">{p(shown)}</table:table-cell>'
    assert grid(row(libreoffice, openoffice, silent, typed)).rows == [[CellError(code, "=1/0")] * 3 + [CellError(code)]]


def test_every_error_of_an_array_has_the_arrays_formula(grid):
    facts = (
        'table:number-matrix-columns-spanned="2" table:number-matrix-rows-spanned="2" table:formula="of:=[.C1:.D2]/0"'
    )
    error = string(p("#DIV/0!"), 'office:string-value="" calcext:value-type="error"')
    found = grid(row(number("1", "1", facts), error, error) + row(error, error) + row(error))
    told, none = CellError("#DIV/0!", "=C1:D2/0"), CellError("#DIV/0!")
    assert found.rows == [[1.0, told, none], [told, told, None], [none, None, None]]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("of:=[$S1.A1:$S3.B2]/0", "=S1:S3!A1:B2/0"),
        ("of:=[.A1:.B2]/[$T.A:.A]", "=A1:B2/T!A:A"),
        ("of:=['file:///D:/x.ods'#$'T 1'.A1]+['file:///a[1].ods'#$S.A1]", "='[tệp khác]T 1'!A1+[tệp khác]S!A1"),
        ("of:=[.#REF!]+[$T.$A#REF!]", "=#REF!+#REF!"),
        ("of:=[.A1]+[what]", ""),
        ("msoxl:=[1]S!A1+Bang[Điểm]", "=[tệp khác]S!A1+Bang[Điểm]"),
        ("oooc:=[.A1]/0", "=A1/0"),
        ("of:=COM.MICROSOFT.IFS([.A1];1)", "=COM.MICROSOFT.IFS(A1;1)"),
    ],
)
def test_the_formula_behind_an_error_is_told_as_it_is_typed(grid, stored, shown):
    cell = string(p("#DIV/0!"), f'table:formula="{stored}" calcext:value-type="error"')
    assert grid(row(cell)).rows == [[CellError("#DIV/0!", shown)]]


@pytest.mark.parametrize("count", ["0", "x", "-1", ""])
def test_a_matrix_of_no_size_that_has_its_result_is_read(grid, count):
    facts = f'table:number-matrix-rows-spanned="{count}" table:number-matrix-columns-spanned="1" table:formula="of:=1"'
    assert grid(row(number("1", "1", facts))).rows == [[1.0]]


def test_a_matrix_that_was_computed_takes_no_room_from_one_that_was_not(grid):
    facts = 'table:number-matrix-columns-spanned="1" table:formula="of:=X()"'
    large = number("1", "1", f'{facts} table:number-matrix-rows-spanned="60000"')
    open_ = f'<table:table-cell {facts} table:number-matrix-rows-spanned="50000"/>'
    found = grid(row(large, open_) + row(EMPTY, EMPTY))
    assert found.rows[1][1] == Uncomputed("=X()")


def test_of_errors_without_number_the_first_ones_have_their_formula(grid):
    cell = string(p("#N/A"), f'table:formula="of:={"[.A1]+" * 300}1" calcext:value-type="error"')
    found = [value.formula for (value,) in grid(row(cell) * 3_000).rows]
    assert (found[0][:6], found[-1]) == ("=A1+A1", "")
    assert 500 < sum(map(bool, found)) < 2_000


def test_a_formula_of_great_length_is_told_in_part(grid):
    ((found,),) = grid(row(string(p("#N/A"), f'table:formula="of:={"[.A1]+" * 900}1" calcext:value-type="error"'))).rows
    assert (len(found.formula), found.formula[:7], found.formula[-1]) == (500, "=A1+A1+", "…")


def test_a_sheet_of_nothing_but_errors_is_not_empty(grid):
    cells = [EMPTY] * 2
    found = grid(row(facts='table:number-rows-repeated="3"') + row(*cells, number("0", "#REF!")))
    assert (found.top, found.left, found.rows) == (3, 2, [[CellError("#REF!")]])


# --------------------------------------------------------------------------- formulas without a result


def test_a_formula_with_its_result_is_the_result(grid):
    formula = 'table:formula="of:=[.A1]*2"'
    assert grid(row(number("3", "3", formula), string(p("x"), formula), string("", formula), number("1"))).rows == [
        [3.0, "x", None, 1.0]
    ]


def test_an_empty_text_as_result_is_a_blank(grid):
    cell = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
    assert grid(row(number("1"), cell)).rows == [[1.0]]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("of:=[.A1]+[.B1]", "=A1+B1"),
        ("of:=SUM([.A1:.B9])", "=SUM(A1:B9)"),
        ("of:=[$Năm.B2]+[$'Trang 1'.B2:.B9]", "=Năm!B2+'Trang 1'!B2:B9"),
        ("of:=&quot;[.A1]&quot;&amp;[.A1]", '="[.A1]"&A1'),
        ("=A1", "=A1"),
    ],
)
def test_a_formula_that_was_never_worked_out_is_known_as_one(grid, stored, shown):
    for kind in ("", 'office:value-type="float"'):
        assert grid(row(number("1"), f'<table:table-cell {kind} table:formula="{stored}"/>')).rows == [
            [1.0, Uncomputed(shown)]
        ]


def test_where_an_array_would_stand_there_is_no_blank(grid):
    facts = 'table:number-matrix-columns-spanned="2" table:number-matrix-rows-spanned="2"'
    found = grid(row(f'<table:table-cell table:formula="of:=X()" {facts}/>', number("7")) + row(EMPTY, EMPTY))
    assert found.rows == [[Uncomputed("=X()"), 7.0], [Uncomputed("=X()"), Uncomputed("=X()")]]


# ---------------------------------------------------------------------------------------- dates and times


@pytest.mark.parametrize(
    ("kind", "stated", "value"),
    [
        ("date", "2019-05-01", date(2019, 5, 1)),
        ("date", "2019-05-01T00:00:00", date(2019, 5, 1)),
        ("date", "2019-05-01T10:30:00", datetime(2019, 5, 1, 10, 30)),
        ("date", "2019-05-01T10:30:00.25", datetime(2019, 5, 1, 10, 30, 0, 250_000)),
        ("date", "1900-03-01", date(1900, 3, 1)),
        ("date", "2019-02-30", "2019-02-30"),
        ("date", "2019-05-01T24:00:00", "2019-05-01T24:00:00"),
        ("date", "2019-05-01T10:60", "2019-05-01T10:60"),
        ("date", "hôm nay", "hôm nay"),
        ("time", "PT09H30M00S", time(9, 30)),
        ("time", "PT0S", time()),
        ("time", "PT23H59M59.5S", time(23, 59, 59, 500_000)),
        ("time", "-PT06H00M00S", timedelta(hours=-6)),
        ("time", "PT", "PT"),
        ("time", "P9999999D", "P9999999D"),
    ],
)
def test_dates_and_times_arrive_as_such(grid, kind, stated, value):
    found = grid(row(moment(kind, stated)))
    assert found.rows == [[value]]
    assert type(found.rows[0][0]) is type(value)


def test_hours_beyond_a_day_are_a_duration_where_the_format_counts_on(grid):
    styles = (
        '<number:time-style style:name="N64" number:truncate-on-overflow="false"/>'
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N64"/>'
    )
    cells = [moment("time", stated, 'table:style-name="ce1"') for stated in ("PT06H00M00S", "PT30H05M00S")]
    assert grid(row(*cells), styles=styles).rows == [[timedelta(hours=6), timedelta(hours=30, minutes=5)]]


@pytest.mark.parametrize(
    ("kind", "stated", "days"),
    [
        (
            "date",
            "1900-01-03T07:12:00",
            "4.3",
        ),  # 4,3 typed under a date: LibreOffice's calendar is a day behind Excel's
        ("date", "1899-12-31", "1"),
        ("date", "1899-12-30T12:00:00", "0.5"),
        ("date", "1899-12-28", "-2"),
        ("date", "1900-02-27", "59"),
        ("date", "1900-02-28", "60"),
        ("date", "1900-03-01", "61"),
        ("time", "PT30H00M00S", "1.25"),
    ],
)
def test_a_number_under_a_date_is_told_as_that_number(grid, kind, stated, days):
    assert str(serial(grid(row(moment(kind, stated))).rows[0][0]).normalize()) in (days, f"{days}E+1", "6E+1")


# ------------------------------------------------------------------------------------------------ repeats


def test_a_cell_in_ten_columns_and_a_row_three_times_stand_there_so_often(grid):
    found = grid(
        row(
            number("8", facts='table:number-columns-repeated="2"'),
            string(p("x")),
            facts='table:number-rows-repeated="3"',
        )
        + row(number("0", "#REF!", 'table:number-columns-repeated="2"'), moment("date", "2019-05-01"))
    )
    assert found.rows == [[8.0, 8.0, "x"]] * 3 + [[CellError("#REF!")] * 2 + [date(2019, 5, 1)]]


def test_dates_in_a_repeated_row_stand_in_each_of_them(grid):
    found = grid(row(number("1"), moment("date", "2019-05-01"), facts='table:number-rows-repeated="5000"'))
    assert found.rows == [[1.0, date(2019, 5, 1)]] * 5000


def test_empty_cells_and_rows_are_nothing_however_often_they_stand(grid):
    huge = '<table:table-cell table:style-name="ce1" table:number-columns-repeated="9999999999"/>'
    found = grid(row(number("1"), huge) + row(huge, facts='table:number-rows-repeated="9999999999"'))
    assert (found.top, found.left, found.rows) == (0, 0, [[1.0]])


def test_filled_repeats_count_against_the_box(grid, refusal, monkeypatch):
    monkeypatch.setattr(guard, "MOST_CELLS", 12)
    wide, wider = (number("1", facts=f'table:number-columns-repeated="{n}"') for n in (4, 5))
    assert len(grid(row(wide, facts='table:number-rows-repeated="3"')).rows) == 3
    refused = refusal(row(wider, facts='table:number-rows-repeated="3"'))
    assert refused.code == "DL03"
    assert "3 hàng × 5 cột, quá giới hạn 12 ô" in refused.message


@pytest.mark.parametrize(
    "cells",
    [
        row(number("1", facts='table:number-columns-repeated="16384"'), facts='table:number-rows-repeated="1048576"'),
        row(number("1")) + row(EMPTY, facts='table:number-rows-repeated="1048574"') + row(
            '<table:table-cell table:number-columns-repeated="16383"/>', number("1")),
    ],
)  # fmt: skip
def test_a_sheet_as_large_as_excels_is_refused_with_the_way_out(refusal, cells):
    assert "Ctrl+End" in refusal(cells).message


@pytest.mark.parametrize(
    "cells",
    [
        row(number("1", facts='table:number-columns-repeated="16385"')),
        row('<table:table-cell table:number-columns-repeated="16384"/>', number("1")),
        row(number("1"), facts='table:number-rows-repeated="1048577"'),
        row(number("1", facts='table:number-columns-repeated="9999999999"')),
    ],
)
def test_a_value_beyond_excels_last_cell_is_refused(refusal, cells):
    assert "ngoài giới hạn của Excel" in refusal(cells).message


def test_the_last_cell_of_excel_is_read(grid):
    found = grid(
        row(facts='table:number-rows-repeated="1048575"')
        + row('<table:table-cell table:number-columns-repeated="16383"/>', number("1"))
    )
    assert (found.top, found.left, found.rows) == (1048575, 16383, [[1.0]])


def test_a_long_text_that_stands_a_thousand_times_is_a_bomb(grid, refusal, monkeypatch):
    monkeypatch.setattr(guard, "MOST_TEXT", 1000)
    assert len(grid(row(string(p("x" * 100), 'table:number-columns-repeated="11"'))).rows[0]) == 11
    assert "nội dung lặp lại" in refusal(row(string(p("x" * 100), 'table:number-columns-repeated="12"'))).message
    assert "nội dung lặp lại" in refusal(row(string('<text:p><text:s text:c="1001"/></text:p>'))).message


@pytest.mark.parametrize("count", ["0", "-1", "x", "99999999999", ""])
def test_a_count_that_is_none_is_damage(refusal, count):
    assert "sai số lần lặp lại" in refusal(row(number("1", facts=f'table:number-columns-repeated="{count}"'))).message


# ------------------------------------------------------------------------------------- merged and hidden


def test_merged_areas_and_what_stands_under_them(grid):
    found = grid(
        row(
            string(p("gộp"), 'table:number-columns-spanned="2" table:number-rows-spanned="3"'),
            "<table:covered-table-cell/>",
        )
        + row(
            f'<table:covered-table-cell office:value-type="float" office:value="7"/><table:covered-table-cell/>{EMPTY}'
        )
        + row(
            "<table:covered-table-cell table:number-columns-repeated='2'/>",
            number("1", facts='table:number-columns-spanned="1"'),
        )
    )
    assert found.merged == ((0, 0, 2, 1),)
    assert found.rows == [["gộp", None, None], [7.0, None, None], [None, None, 1.0]]
    assert found.merged_text(2, 1) == "gộp"


def test_a_merged_area_in_a_repeated_row_is_one_in_each(grid):
    cell = string(p("x"), 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    styled = '<table:table-cell table:number-columns-spanned="3"/>'
    found = grid(
        row(cell, facts='table:number-rows-repeated="2"') + row(styled, facts='table:number-rows-repeated="1000000"')
    )
    assert found.merged == ((0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 2, 2))


def test_too_many_merged_areas_are_refused(refusal, monkeypatch):
    monkeypatch.setattr(guard, "MOST_MERGED", 3)
    cell = string(p("x"), 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    assert "gộp" in refusal(row(cell, facts='table:number-rows-repeated="4"')).message


def test_hidden_and_filtered_rows_and_columns_are_known(grid):
    columns = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-header-columns><table:table-column table:visibility="visible"/></table:table-header-columns>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="16379"/>'
    )
    cells = number("1", facts='table:number-columns-repeated="4"')
    filtered = row(cells, facts='table:visibility="filter"')
    found = grid(
        columns
        + f"<table:table-header-rows>{row(cells)}</table:table-header-rows>"
        + f"<table:table-rows>{filtered}</table:table-rows>"
        + row(cells, facts='table:visibility="collapse" table:number-rows-repeated="2"')
        + row(cells)
        + row(facts='table:visibility="collapse" table:number-rows-repeated="1000000"')
    )
    assert found.hidden_rows == {1, 2, 3}
    assert found.hidden_columns == {1, 2}
    assert len(found.rows) == 5


def test_folded_groups_and_rows_without_height_are_hidden(grid):
    styles = "".join(
        styled(name, f'<style:table-row-properties style:row-height="{height}"/>', family="table-row")
        for name, height in (("ro1", "0.00in"), ("ro2", "0.2in"))
    )
    one = row(number("1"))
    open_ = f'<table:table-row-group table:display="true">{one}</table:table-row-group>'
    folded = f'<table:table-row-group table:display="false">{one}{open_}</table:table-row-group>'
    flat = row(number("1"), facts='table:style-name="ro1"') + row(number("1"), facts='table:style-name="ro2"')
    assert grid(open_ + folded + one + flat, styles=styles).hidden_rows == {1, 2, 4}


def test_a_protected_sheet_is_read(grid):
    facts = 'table:name="Trang 1" table:protected="true" table:protection-key="x"'
    assert grid(f"<table:table {facts}>{row(number('9.5'))}</table:table>").rows == [[9.5]]


def test_a_hidden_sheet_is_read_and_known_as_hidden(book):
    styles = "".join(
        styled(name, f'<style:table-properties table:display="{shown}"/>', family="table")
        for name, shown in (("ta1", "true"), ("ta2", "false"))
    )
    tables = [
        f'<table:table table:name="T{n}" table:style-name="ta{n}">{row(number(str(n)))}</table:table>'
        for n in (1, 2, 3)
    ]
    source, _ = read_here(book(*tables, styles=styles))
    assert source
    assert [(grid.sheet, grid.visible, grid.rows) for grid in source.grids] == [
        ("T1", True, [[1.0]]),
        ("T2", False, [[2.0]]),
        ("T3", True, [[3.0]]),
    ]


def test_what_is_remembered_of_other_files_is_no_sheet(book):
    cached = f"<table:table table:name=\"'file:///a.ods'#T\">{row(number('9'))}</table:table>"
    linked = f'<table:dde-links><table:table table:name="D">{row(number("9"))}</table:table></table:dde-links>'
    nested = f"<table:table-cell><table:table>{row(number('9'))}</table:table></table:table-cell>"
    source, _ = read_here(book(row(number("1"), nested), cached, beside=linked))
    assert source
    assert [(grid.sheet, grid.rows) for grid in source.grids] == [("Trang 1", [[1.0]])]


def test_a_share_of_the_sheets_is_every_second_one(book):
    path = book(row(number("1")), row(number("2")), row(number("3")))
    named = [
        [facts["name"] for word, facts, *_ in worker.replies(str(path).encode(), share, 2) if word == "sheet"]
        for share in (0, 1)
    ]
    assert named == [["Trang 1", "Trang 3"], ["Trang 2"]]


# ------------------------------------------------------------------------------------- percents and fonts

PERCENT = '<number:percentage-style style:name="N11"/><number:number-style style:name="N2"/>'


def styled(name: str, inside: str = "", facts: str = "", family: str = "table-cell") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {facts}>{inside}</style:style>'


def test_a_percent_is_known_by_its_type_or_by_its_style(grid):
    styles = (
        PERCENT + styled("ce1", facts='style:data-style-name="N11"') + styled("ce2", facts='style:data-style-name="N2"')
    )
    found = grid(
        row(
            number("0.5", "0,5"),
            number("0.5", "50%", kind="percentage"),
            number("0.5", "50%", 'table:style-name="ce1"'),
            number("0.5", "0,5", 'table:style-name="ce2"'),
            string(p("50%"), 'table:style-name="ce1"'),
        ),
        styles=styles,
    )
    assert found.percents == {(0, 1), (0, 2)}
    assert found.rows == [[0.5, 0.5, 0.5, 0.5, "50%"]]


def test_a_cell_without_a_style_has_that_of_its_row_or_column(grid):
    styles = (
        PERCENT + styled("ce1", facts='style:data-style-name="N11"') + styled("ce2", facts='style:data-style-name="N2"')
    )
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="ce1" table:number-columns-repeated="2"/>'
    thrice = number("0.5", facts='table:number-columns-repeated="3"')
    found = grid(
        columns
        + row(thrice, facts='table:number-rows-repeated="2"')
        + row(thrice, facts='table:default-cell-style-name="ce2"')
        + row(number("0.5"), number("0.5", facts='table:style-name="ce2"')),
        styles=styles,
    )
    assert found.percents == {(0, 1), (0, 2), (1, 1), (1, 2)}


def font(name: str) -> str:
    return f'<style:text-properties style:font-name="{name}"/>'


def test_fonts_of_old_encodings_are_known_by_column(grid):
    styles = (
        styled("ce1", font("Times New Roman"))
        + styled("ce2", font(".VnTime"))
        + '<number:number-style style:name="N3"><style:text-properties fo:color="#ff0000"/></number:number-style>'
        + styled("ce3", facts='style:parent-style-name="ce2"')
        + styled("ce4", font("F1"))
        + styled("ce5", "<style:text-properties fo:font-family=\"'VNI-Times'\"/>")
        + styled("T1", font(".VnArial"), family="text")
        + styled("ce6", facts='style:parent-style-name="ce7"')
        + styled("ce7", facts='style:parent-style-name="ce6"')
    )
    faces = '<style:font-face style:name="F1" svg:font-family="\'.VnTimeH\'"/>'
    cells = [string(p("x"), f'table:style-name="ce{n}"') for n in range(1, 7)]
    spans = string('<text:p>a<text:span text:style-name="T1">x</text:span></text:p>')
    alone = number("1", facts='table:style-name="ce2"')
    found = grid(row(*cells, spans, alone), styles=styles, faces=faces)
    assert found.fonts == {1: (".VnTime",), 2: (".VnTime",), 3: (".VnTimeH",), 4: ("VNI-Times",), 6: (".VnArial",)}


def test_styles_of_the_styles_part_are_built_upon(grid):
    part = common(
        f'<style:default-style style:family="table-cell">{font(".VnTime")}</style:default-style>'
        + '<number:percentage-style style:name="N10"/>'
        + styled("Default", facts='style:data-style-name="N10"')
        + styled("Khac", font("Arial")),
        automatic=styled("ce1", font("VNI-Times")),
    )
    styles = styled("ce1", facts='style:parent-style-name="Default"') + styled(
        "ce2", facts='style:parent-style-name="Khac"'
    )
    cells = [
        string(p("x"), 'table:style-name="ce1"'),
        string(p("x"), 'table:style-name="ce2"'),
        number("0.5", facts='table:style-name="ce1"'),
    ]
    found = grid(row(*cells), styles=styles, parts={"styles.xml": part})
    assert found.fonts == {0: (".VnTime",)}
    assert found.percents == {(0, 2)}


def test_automatic_styles_of_the_styles_part_are_not_those_of_cells(grid):
    part = common("", automatic='<number:percentage-style style:name="N2"/>')
    styles = PERCENT + styled("ce2", facts='style:data-style-name="N2"')
    cells = row(number("0.5", facts='table:style-name="ce2"'), number("1", kind="percentage"))
    assert grid(cells, styles=styles, parts={"styles.xml": part}).percents == {(0, 1)}


# ------------------------------------------------------------------------------------------------ refused


def test_a_document_type_is_refused_only_in_the_parts_that_are_read(grid, refusal):
    evil = '<!DOCTYPE a [<!ENTITY b "c">]>'
    one = row(number("1"))
    assert grid(one, parts={"meta.xml": evil + "<a/>"}).rows == [[1.0]]
    for part in ({"content.xml": evil + content(one)}, {"styles.xml": evil + common("")}):
        refused = refusal(one, parts=part)
        assert refused.code == "DL03"
        assert "DOCTYPE" in refused.message


@pytest.mark.parametrize(
    "part",
    ["", "<a", content(row(number("1")))[:-1], content(row(number("1"))).replace("office:value-type", "x:y"), "&b;"],
)
def test_damaged_xml_is_refused_with_the_name_of_its_part(refusal, part):
    refused = refusal(parts={"content.xml": part})
    assert refused.code == "DL03"
    assert "phần «content.xml» bên trong tệp bị hỏng" in refused.message
    assert "«styles.xml»" in refusal(row(number("1")), parts={"styles.xml": "<a"}).message


def test_a_file_without_its_content_is_refused(refusal):
    assert "thiếu phần «content.xml»" in refusal(parts={"content.xml": None}).message


def test_a_file_of_empty_sheets_is_refused_as_empty(refusal):
    assert refusal(row(EMPTY), "").code == "DL05"


def test_a_text_in_utf_16_is_read(grid):
    part = ('<?xml version="1.0" encoding="UTF-16"?>' + content(row(string(p("Xã Hòa Bình"))))).encode("utf-16")
    assert grid(parts={"content.xml": part}).rows == [["Xã Hòa Bình"]]


def test_a_part_of_many_pieces_arrives_whole(grid, monkeypatch):
    monkeypatch.setattr(ods, "_CHUNK", 7)
    assert grid(row(number("1"), string(p("Xã Hòa Bình")))).rows == [[1.0, "Xã Hòa Bình"]]
