"""The second look: the fast patterns and the true parser must say the same, however the XML is written."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from read.handmade import MAIN, cell, only_grid, row, sheet_part
from xeploai.model import CellError, Uncomputed
from xeploai.read.look import look
from xeploai.read.plain import plain

ROWS = (
    row(cell("A1", "<v>Xã A</v>", ' t="str"'), cell("B1", "<v>1.5</v>"), cell("C1", "<v>#REF!</v>", ' s="0" t="e"'))
    + row(cell("A2", "<v>Xã B</v>", ' t="str"'), cell("B2", "<f>B1*2</f>"), cell("C2", "<v>#SPILL!</v>", ' t="e"'), number=2)
    + row(
        cell("A3", "<is><t>ấy</t></is>", ' t="inlineStr"'),
        cell("B3", "<f>1</f><v>1</v>", ' s="3"'),
        cell("C3", "<v>0</v>", ' t="b"'),
        number=3, attributes=' hidden="1"',
    )
)  # fmt: skip
ORDINARY = sheet_part(
    ROWS,
    before='<cols><col min="2" max="2" width="9" hidden="1"/></cols>',
    after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
)


def facts(grid):
    return grid.rows, grid.top, grid.left, grid.merged, grid.hidden_rows, grid.hidden_columns, grid.percents


def in_tags(change):
    return lambda part: re.sub(r"<[^>]*>", lambda tag: change(tag[0]), part)


VARIANTS = {
    "declared": lambda part: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + part,
    "prefixed": lambda part: re.sub(r"<(/?)(\w)", r"<\1x:\2", part).replace("xmlns=", "xmlns:x="),
    "prefixed here and there": lambda part: re.sub(
        r"<(/?)(c|v)\b", r"<\1x:\2", part.replace("<worksheet ", f'<worksheet xmlns:x="{MAIN}" ')
    ),
    "strict": lambda part: part.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    "single quotes in cells": in_tags(lambda tag: tag.replace('"', "'") if tag.startswith(("<c ", "<row ")) else tag),
    "single quotes": in_tags(lambda tag: tag.replace('"', "'")),
    "spaces in tags": in_tags(lambda tag: re.sub(r'(\w+)="', r'\n \1 = "', tag).replace("/>", " />")),
    "a line for each element": lambda part: re.sub(r"(</(?:row|c|f|v|cols)>|<row [^>]*>|<c [^>]*>)", r"\1\n  ", part),
    "comments": lambda part: part.replace("<row ", '<!-- <c r="Z9" t="e"><v>#N/A</v></c> --><row '),
    "a comment in a value": lambda part: part.replace("<v>1.5", "<v>1.<!-- and -->5"),
    "CDATA": lambda part: re.sub(r"<(v|f|t)>([^<]*)<", r"<\1><![CDATA[\2]]><", part),
    "processing instructions": lambda part: part.replace("<row ", '<?x <row hidden="1">?><row '),
    "no addresses": in_tags(lambda tag: re.sub(r' r="\w+"', "", tag)),
    "small letters": in_tags(lambda tag: re.sub(r' r="(\w+)"', lambda r: r[0].lower(), tag)),
    "address last": in_tags(lambda tag: re.sub(r'<(c|row)( r="\w+")((?: \w+="\w+")+)', r"<\1\3\2", tag)),
    "byte order mark": lambda part: b"\xef\xbb\xbf" + part.encode(),
    "UTF-16": lambda part: ('<?xml version="1.0" encoding="UTF-16"?>' + part).encode("utf-16"),
    "UTF-16 without a mark": lambda part: part.encode("utf-16-be"),
    "Windows-1258": lambda part: ('<?xml version="1.0" encoding="windows-1258"?>' + part)
    .replace("ấ", "\u00e2\u0301").replace("ã", "a\u0303").encode("cp1258"),
    "numbers for letters": lambda part: "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in part),
    "foreign parts": lambda part: part.replace("</row>", '<z:ext xmlns:z="urn:z"><c r="Z1"><v>9</v></c></z:ext></row>')
    .replace("<c ", '<c xmlns:q="urn:q" q:t="e" ', 1).replace("ấy<", '<z:t xmlns:z="urn:z">không</z:t>ấy<')
    .replace("<sheetData>", "<!-- by the parser --><sheetData>"),
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_way_the_xml_is_written_changes_nothing(grid, variant):
    usual, other = facts(grid(ORDINARY)), facts(grid(VARIANTS[variant](ORDINARY), name="khac.xlsx"))
    if variant == "Windows-1258":  # which has no other way to write these letters
        usual[0][0][0], usual[0][1][0], usual[0][2][0] = "Xa\u0303 A", "Xa\u0303 B", "\u00e2\u0301y"
    assert other == usual


def test_what_is_compared_above_is_right(grid):
    found = grid(ORDINARY)
    assert found.rows == [
        ["Xã A", 1.5, CellError("#REF!")],
        ["Xã B", Uncomputed("=B1*2"), CellError("#SPILL!")],
        ["ấy", 1.0, False],
    ]
    assert (found.merged, found.hidden_rows, found.hidden_columns) == (((0, 0, 0, 1),), {2}, {1})


def test_the_ordinary_form_needs_no_parser():
    assert look(ORDINARY.encode()) is not None
    assert look(VARIANTS["declared"](ORDINARY).encode()) is not None
    assert look(VARIANTS["strict"](ORDINARY).encode()) is not None
    quoted = row(cell("A1", "<f>IF('Trang 2'!A1='Trang 3'!A1,1,\"?!\")</f><v>1</v>"))
    assert look(sheet_part(quoted).encode()) is not None


@pytest.mark.parametrize(
    "variant",
    [
        "prefixed",
        "prefixed here and there",
        "single quotes",
        "single quotes in cells",
        "comments",
        "CDATA",
        "processing instructions",
    ],
)
def test_anything_else_is_left_to_the_parser(variant):
    part = VARIANTS[variant](ORDINARY).encode()
    assert look(part) is None
    assert look(plain(part)) is not None


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><x:c r="A1" t="e"><x:v>#REF!</x:v></x:c></row>',
        """<row r="1"><c r='A1' t='e'><v>#REF!</v></c></row>""",
        '<row r="1"><c t="e"><v>#REF!</v></c></row>',
        '<row r="1"><c r="$A$1" t="e"><v>#REF!</v></c></row>',
    ],
)
def test_an_error_cell_that_the_patterns_cannot_see_is_left_to_the_parser(rows):
    part = sheet_part(rows).replace("<worksheet ", f'<worksheet xmlns:x="{MAIN}" ' if "x:" in rows else "<worksheet ")
    assert look(part.encode()) is None


def test_a_formula_may_speak_of_other_sheets_and_compare(grid):
    formula = escape('IF(\'Trang 2\'!A1=\'Trang 3\'!A1,"t=""e""",A1<>B1)')
    found = grid(row(cell("A1", f"<f>{formula}</f>"), cell("B1", f"<f>{formula}</f><v>3</v>")))
    assert found.rows == [[Uncomputed('=IF(\'Trang 2\'!A1=\'Trang 3\'!A1,"t=""e""",A1<>B1)'), 3.0]]


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<is><t> hai đầu </t></is>", "hai đầu"),
        ('<is><t xml:space="preserve"> hai đầu </t></is>', " hai đầu "),
        ("<is><r><t>Xã</t></r><r><t> An</t></r></is>", "XãAn"),
        ("<is><t>Xã</t><rPh sb='0' eb='1'><t>đọc</t></rPh></is>".replace("'", '"'), "Xã"),
        ("<f>A2</f><is><t>Xã</t></is>", "Xã"),
        ("<is><t>a&#13;b&#10;c&#9;d</t></is>", "a\rb\nc\td"),
    ],
)
def test_spaces_and_readings_of_inline_texts_are_as_calamine_has_them(grid, way, inside, text):
    assert grid(sheet_part(row(cell("A1", inside, ' t="inlineStr"')), before=way)).rows == [[text]]


def test_a_result_before_its_formula_is_a_result(grid):
    assert grid(row(cell("A1", "<v>2</v><f>1+1</f>"))).rows == [[2.0]]


def test_another_attribute_that_says_e_makes_no_error(grid):
    assert grid(row(cell("A1", "<v>#x</v>", ' t="str" ph="e"'))).rows == [["#x"]]


def test_a_row_may_tell_its_number_last(grid):
    found = grid(row(cell("A1", "<v>1</v>")) + '<row hidden="1" r="7"><c r="A7"><v>2</v></c></row>')
    assert found.hidden_rows == {6}


def test_a_cell_without_an_address_stands_after_the_one_before(grid):
    found = grid(
        '<row r="2"><c><v>1</v></c><c r="D2"><v>2</v></c><c t="e"><v>#N/A</v></c></row><row><c><f>1+1</f></c></row>'
    )
    assert (found.top, found.left) == (1, 0)
    assert found.rows[0] == [1.0, None, None, 2.0, CellError("#N/A")]
    assert found.value(2, 0) == Uncomputed("=1+1")


# --------------------------------------------------------------------- any sheet, both ways, and openpyxl

NUMBERS = st.one_of(st.integers(-999, 999), st.floats(-1e6, 1e6, allow_nan=False)).map(
    lambda number: f"<v>{number!r}</v>"
)
TEXTS = st.text("aăâđ \"'<>&=t#!?fF:e", max_size=12).map(escape)
CELLS = st.one_of(
    st.tuples(st.just(""), NUMBERS),
    st.tuples(st.just(' t="n"'), NUMBERS),
    st.tuples(st.sampled_from([' s="3"', ' t="n" s="3"', ' s="3" t="str"']), NUMBERS),
    st.tuples(st.just(' t="b"'), st.sampled_from(["<v>0</v>", "<v>1</v>"])),
    st.tuples(st.just(' t="e"'), st.sampled_from(["#REF!", "#N/A", "#SPILL!"]).map("<v>{}</v>".format)),
    st.tuples(st.just(' t="str"'), TEXTS.map('<v xml:space="preserve">{}</v>'.format)),
    st.tuples(st.just(' t="inlineStr"'), TEXTS.map('<is><t xml:space="preserve">{}</t></is>'.format)),
    st.tuples(st.just(""), TEXTS.map("<f>{}</f>".format)),
    st.tuples(st.just(""), TEXTS.map("<f>{}</f><v>2</v>".format)),
    st.tuples(st.just(' t="str"'), st.just("<f>A1</f><v></v>")),
    st.tuples(st.just(' t="e"'), st.just("<f>A1</f><v>#DIV/0!</v>")),
    st.tuples(st.just(' s="1"'), st.sampled_from(["<v>60</v>", "<v>43000.5</v>", "<v>0.25</v>", "<v>-3</v>"])),
    st.tuples(st.just(""), st.just("")),
)
SHEETS = st.dictionaries(st.tuples(st.integers(1, 6), st.integers(0, 5)), CELLS, min_size=1, max_size=20)


def part_of(cells):
    lines = []
    for number in sorted({number for number, _ in cells}):
        inside = "".join(
            cell(f"{'ABCDEF'[column]}{at}", content, attributes)
            for (at, column), (attributes, content) in sorted(cells.items())
            if at == number
        )
        lines.append(row(inside, number=number, attributes=' hidden="1"' if number == 2 else ""))
    return sheet_part("".join(lines))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHEETS)
def test_the_patterns_and_the_parser_say_the_same_of_any_sheet(book, cells):
    whole = {**cells, (9, 0): ("", "<v>1</v>")}  # never empty
    fast, slow = (
        book(part_of(whole)),
        book(part_of(whole).replace("<sheetData>", "<!-- slow --><sheetData>"), name="s.xlsx"),
    )
    assert facts(only_grid(fast)) == facts(only_grid(slow))


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHEETS)
def test_openpyxl_says_the_same_of_any_sheet(book, cells):
    path = book(part_of({**cells, (9, 0): ("", "<v>1</v>")}))
    found, theirs = only_grid(path), openpyxl.load_workbook(path, data_only=True).active
    formulas = openpyxl.load_workbook(path).active
    for at, column in cells:
        ours, cached, typed = found.value(at - 1, column), theirs.cell(at, column + 1), formulas.cell(at, column + 1)
        if isinstance(ours, CellError):
            assert (cached.data_type, cached.value) == ("e", ours.code)
        elif isinstance(ours, Uncomputed):
            assert (typed.data_type, cached.value, typed.value) == ("f", None, ours.formula or "=")
        elif isinstance(ours, str | bool | float):
            assert cached.value == ours
            assert ((at - 1, column) in found.percents) == (cached.data_type == "n" and "%" in cached.number_format)
            assert (cached.data_type == "b") == isinstance(ours, bool)
        elif ours is None:
            assert cached.value in (None, "")
        else:
            assert cached.is_date


def test_the_second_look_at_a_large_sheet_is_cheap():
    """Not a benchmark: a guard against a pattern that visits every cell more than once."""
    from time import process_time

    from python_calamine import CalamineWorkbook

    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("S")
    for n in range(600):
        sheet.append([f"Xã {n}", *(n + column / 100 for column in range(100))])
    file = io.BytesIO()
    made.save(file)
    part = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")

    def least(work):
        spent = []
        for _ in range(5):
            start = process_time()
            work()
            spent.append(process_time() - start)
        return min(spent)

    bare = least(lambda: CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0))
    assert least(lambda: look(part)) < bare / 3
