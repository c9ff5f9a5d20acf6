"""Numbers that are shown as percents: by the format of their style, and only where they are numbers."""

from __future__ import annotations

import openpyxl
import pytest

from read.handmade import MAIN, cell, only_grid, row, sheet_part
from xeploai.read import look
from xeploai.read.styles import is_percent


def styled(*codes):
    """A styles part: style 0 is general, style n has the nth format; a number is the number of a built-in one."""
    listed = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(codes) if not code.isdigit()
    )
    formats = "".join(f'<xf numFmtId="{code if code.isdigit() else 200 + n}"/>' for n, code in enumerate(codes))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{listed}</numFmts><cellStyleXfs><xf numFmtId="9"/><xf numFmtId="10"/>'
        f'</cellStyleXfs><cellXfs><xf numFmtId="0"/>{formats}</cellXfs>'
        '<cellStyles><cellStyle name="Percent" xfId="1" builtinId="5"/></cellStyles>'
        '<dxfs><dxf><numFmt numFmtId="200" formatCode="0%"/></dxf></dxfs></styleSheet>'
    )


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00",
        '0.00" %"',
        '"%"0',
        r"0\%",
        "0_%",
        "0*%",
        "[$%-42A]0",
        "0.00;-0%",
        "0;0%;0%",
        '0"%',
        "@",
        "",
        "0％",  # full width: a letter like any other
    ],
)
def test_a_format_that_only_seems_to_show_percents_does_not(code):
    assert not is_percent(code)


@pytest.mark.parametrize(
    "code",
    [
        "0%",
        "0.00%",
        "0.0 %",
        "#,##0.00%",
        "%0",
        '0.00%" đạt"',
        r"0\ %",
        "[Red]0%;0",
        "[>=0.8]0%;0.0%",
        "0.00%;[Red]-0.00%",
        '_(* 0.0%_);"âm"',
    ],
)
def test_a_format_that_shows_percents_is_known(code):
    assert is_percent(code)


@pytest.mark.parametrize("code", ["0", "1", "8", "11", "14", "0.00&quot; %&quot;"])
def test_a_number_in_another_format_is_no_percent(grid, code):
    rows = row(cell("A1", "<v>0.5617</v>", ' s="1"'), cell("B1", "<v>9</v>"))
    assert grid(rows, parts={"xl/styles.xml": styled(code)}).percents == frozenset()


@pytest.mark.parametrize("code", ["9", "10", "0.0%", "0.00%;-0.00%"])
def test_a_number_in_a_percent_format_is_known_with_its_place(grid, code):
    rows = row(
        cell("C4", "<v>0.5617</v>", ' s="1"'),
        cell("D4", "<v>56.17</v>", ' s="0"'),
        cell("E4", "<v>1</v>", ' s="1" t="n"'),
        cell("AB4", "<f>C4*2</f><v>1.1234</v>", ' s="1"'),
        number=4,
    )
    found = grid(rows, parts={"xl/styles.xml": styled(code)})
    assert found.percents == {(3, 2), (3, 4), (3, 27)}
    assert found.value(3, 2) == 0.5617


def test_a_format_of_the_book_wins_over_the_built_in_one_of_that_number(grid):
    styles = styled("9").replace("<numFmts>", '<numFmts><numFmt numFmtId="9" formatCode="0.00"/>')
    assert not grid(row(cell("A1", "<v>1</v>", ' s="1"')), parts={"xl/styles.xml": styles}).percents


@pytest.mark.parametrize(
    "inside",
    [
        ("", ' s="1"'),
        ("<v>0</v>", ' s="1" t="b"'),
        ("<v>#N/A</v>", ' s="1" t="e"'),
        ("<v>56,17 %</v>", ' s="1" t="str"'),
        ("<is><t>5</t></is>", ' s="1" t="inlineStr"'),
        ("<v>0</v>", ' s="1" t="s"'),
        ("<f>A1</f>", ' s="1"'),
        ("<v></v>", ' s="1"'),
        ("<v>1</v>", ' s="11"'),
        ("<v>1</v>", ' s="2"'),
        ("<v>1</v>", ' ss="1"'),
        ("<f>IF(A1=\"s=\",1)</f><v>1</v>", ' s="0"'),
        ('<f> s="1"</f><v>1</v>', ' s="0"'),
    ],
)  # fmt: skip
def test_what_is_no_number_or_has_another_style_is_no_percent(grid, inside):
    strings = f'<sst xmlns="{MAIN}"><si><t>5</t></si></sst>'
    rows = row(cell("A1", "<v>7</v>"), cell("B1", *inside))
    assert grid(rows, strings=strings, parts={"xl/styles.xml": styled("9", "0")}).percents == frozenset()


WAYS = {
    "as it is": lambda part: part,
    "style last": lambda part: part.replace(' s="1" t="n"', ' t="n" s="1"'),
    "style first": lambda part: part.replace('<c r="B1" s="1"', '<c s="1" r="B1"'),
    "spaces about the sign": lambda part: part.replace('s="1"', 's = "1"'),
    "a line before the style": lambda part: part.replace(' s="1"', '\n\ts="1"'),
    "single quotes": lambda part: part.replace('"', "'"),
    "prefixes": lambda part: (
        part.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=").replace("</x:x:", "</x:")
    ),
    "comments": lambda part: part.replace("<row", "<!-- a --><row"),
    "by columns": lambda part: part.replace("<sheetData>", '<cols><col min="1" max="9" width="9"/></cols><sheetData>'),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_way_the_xml_is_written_changes_no_percent(grid, way):
    part = sheet_part(row(cell("A1", "<v>1</v>"), cell("B1", "<v>0.5</v>", ' s="1" t="n"'), cell("C1", "<v>2</v>")))
    found = grid(WAYS[way](part), parts={"xl/styles.xml": styled("10")})
    assert found.percents == {(0, 1)}
    assert found.rows == [[1.0, 0.5, 2.0]]


def test_a_default_style_that_shows_percents_counts_for_cells_without_one(grid):
    styles = styled("0").replace('<cellXfs><xf numFmtId="0"/>', '<cellXfs><xf numFmtId="9"/>')
    rows = row(cell("A1", "<v>1</v>"), cell("B1", "<v>1</v>", ' s="0"'), cell("C1", "<v>1</v>", ' s="1"'))
    assert grid(rows, parts={"xl/styles.xml": styles}).percents == {(0, 0), (0, 1)}


def test_a_sheet_that_calamine_gave_up_keeps_its_percents(grid):
    rows = row(cell("A1", "<v>x</v>", ' t="n"'), cell("B1", "<v>0.5</v>", ' s="3"'))
    assert grid(rows).percents == {(0, 1)}


def test_a_book_without_percent_styles_is_not_searched(grid, monkeypatch):
    monkeypatch.setattr(look, "_uses", lambda *_: pytest.fail("searched"))
    assert grid(row(cell("A1", "<v>1</v>", ' s="1"')), parts={"xl/styles.xml": styled("0")}).percents == frozenset()


def test_a_book_without_styles_is_read(grid):
    assert grid(row(cell("A1", "<v>1</v>", ' s="1"')), parts={"xl/styles.xml": None}).rows == [[1.0]]


def test_percents_of_openpyxl_are_known(tmp_path):
    made = openpyxl.Workbook()
    made.active["B2"] = 0.5617
    made.active["B2"].number_format = "0.00%"
    made.active["B3"] = 56.17
    made.active["B3"].number_format = '0.00" %"'
    made.save(tmp_path / "a.xlsx")
    assert only_grid(tmp_path / "a.xlsx").percents == {(1, 1)}
