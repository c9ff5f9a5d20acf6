"""What is refused before a parser runs; each bomb beside the honest file that looks like it."""

from __future__ import annotations

import pytest

from read.handmade import MAIN, cell, read_here, row, sheet_part
from xeploai.read import guard

ONE = cell("A1", "<v>1</v>")


def test_a_styled_cell_in_the_last_corner_is_no_data(grid):
    found = grid(row(ONE) + row(cell("XFD1048576", "", ' s="3"'), '<c r="XFC1048576" s="1"/>', number=1048576))
    assert found.value(0, 0) == 1.0
    assert found.width * found.height < 20_000_000


def test_a_false_dimension_is_no_matter(grid):
    assert grid(sheet_part(row(ONE), before='<dimension ref="A1:XFD1048576"/>')).rows == [[1.0]]


def test_a_long_column_and_a_wide_row_are_read(grid):
    assert grid(row(ONE) + row(cell("A1048576", "<v>2</v>"), number=1048576)).height == 1048576
    assert grid(row(ONE, cell("XFD1", "<v>2</v>"))).width == 16384


@pytest.mark.parametrize(
    "far",
    [
        row(cell("XFD1048576", "<v>2</v>"), number=1048576),
        row(cell("XFD2000", "<v>2</v>"), number=2000),
        '<row><c r="XFD2000" t="e"><v>#REF!</v></c></row>',
        "<row r='2000'><c r='XFD2000'><v>2</v></c></row>",
    ],
)
def test_a_sheet_of_two_far_cells_is_refused_with_its_size(refusal, far):
    found = refusal(row(ONE) + far)
    assert found.code == "DL03"
    assert "hàng × 16.384 cột, quá giới hạn 20.000.000 ô" in found.message


@pytest.mark.parametrize("order", [1, -1])
def test_a_far_cell_is_found_in_a_large_part_too(refusal, order, monkeypatch):
    monkeypatch.setattr(guard, "_SMALL", 0)
    rows = [row(cell("A1", "<v>1</v>")), row(cell("XFD2000", "<v>2</v>"), number=2000)]
    assert "quá giới hạn" in refusal("".join(rows[::order])).message


@pytest.mark.parametrize("address", ["A0", "ZZZZ1", "XFE1", "A1048577"])
def test_an_address_beyond_excel_is_refused(refusal, address):
    found = refusal(row(ONE, cell(address, "<v>1</v>")))
    assert found.code == "DL03"
    assert f"ô {address}, ngoài giới hạn của Excel" in found.message


@pytest.mark.parametrize("column", [1, 25, 26, 27, 51, 602, 603, 677, 701])
def test_the_pattern_for_cells_to_the_right_knows_every_column(column):
    from xeploai.model import column_letters

    pattern = guard._beyond(column)
    found = {n for n in range(1, 705) if pattern.search(f'<c r="{column_letters(n - 1)}1">'.encode())}
    assert found == set(range(column + 1, 705))


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("prolog", ["", '<?xml version="1.0"?>\n', '<?xml version="1.0"?><!-- <a> --> '])
def test_a_document_type_is_refused(refusal, part, prolog):
    bomb = f'{prolog}<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><worksheet xmlns="{MAIN}"/>'
    found = refusal(row(ONE), parts={part: bomb})
    assert found.code == "DL03"
    assert "DOCTYPE" in found.message
    assert part in found.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_document_type_in_another_encoding_is_refused(refusal, encoding):
    assert "DOCTYPE" in refusal(f'<!DOCTYPE a []><worksheet xmlns="{MAIN}"/>'.encode(encoding)).message


def test_the_word_doctype_in_a_text_is_a_text(grid):
    found = grid(row(cell("A1", "<is><t><![CDATA[<!DOCTYPE html>]]></t></is>", ' t="inlineStr"')))
    assert found.rows == [["<!DOCTYPE html>"]]


@pytest.mark.parametrize("count", ["4000000000", "4611686018427387904"])
def test_a_count_of_texts_that_the_part_cannot_hold_is_refused(refusal, count):
    strings = f'<sst xmlns="{MAIN}" count="1" uniqueCount="{count}"><si><t>a</t></si></sst>'
    found = refusal(row(cell("A1", "<v>0</v>", ' t="s"')), strings=strings)
    assert found.code == "DL03"
    assert "sharedStrings" in found.message


def test_an_honest_count_of_texts_is_read(grid):
    strings = f'<sst xmlns="{MAIN}" count="9" uniqueCount="1"><si><t>a</t></si></sst>'
    assert grid(row(cell("A1", "<v>0</v>", ' t="s"')), strings=strings).rows == [["a"]]


def test_too_large_a_part_and_too_many_parts_are_refused(book, monkeypatch):
    path = book(row(ONE))
    monkeypatch.setattr(guard, "MOST_BYTES", 100)
    assert "quá giới hạn 0 MB" in read_here(path)[1][0].message
    monkeypatch.undo()
    monkeypatch.setattr(guard, "MOST_PARTS", 2)
    assert "quá giới hạn 2" in read_here(path)[1][0].message


def test_a_part_packed_in_a_way_unknown_to_excel_is_refused(book):
    import zipfile

    path = book(row(ONE))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/media/x.bin", "x", zipfile.ZIP_BZIP2)
    assert "xl/media/x.bin" in read_here(path)[1][0].message
