"""What is refused before a parser runs; each bomb beside the honest file that looks like it."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile

import pytest

from read.handmade import MAIN, cell, only_grid, read_here, relations, row, sheet_part
from xeploai.read import guard
from xeploai.read.parts import Parts

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


@pytest.mark.parametrize(("far", "last_row"), [("CV50000", 50_000), ("ALL20000", 20_000)])
def test_a_wide_and_long_sheet_is_no_bomb(far, last_row):
    guard.box("S", sheet_part(row(ONE) + row(cell(far, "<v>2</v>"), number=last_row)).encode(), last_row)


def test_one_row_beyond_20_million_cells_is_refused():
    part = sheet_part(row(ONE) + row(cell("ALL20001", "<v>2</v>"), number=20_001)).encode()  # ALL is the 1000th column
    with pytest.raises(guard.Refused) as refused:
        guard.box("S", part, 20_001)
    assert "20.001 hàng × 1.000 cột, quá giới hạn 20.000.000 ô" in refused.value.words["reason"]


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
    assert (
        "hàng × 16.384 cột, quá giới hạn 20.000.000 ô; xoá hàng và cột thừa (Ctrl+End cho thấy ô cuối)" in found.message
    )


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("far", "number"), [("XFD2000", 2000), ("ZZ100000", 100_000)])
def test_a_far_cell_is_found_in_a_large_part_too(refusal, order, far, number, monkeypatch):
    monkeypatch.setattr(guard, "_SMALL", 0)
    rows = [row(cell("A1", "<v>1</v>")), row(cell(far, "<v>2</v>"), number=number)]
    assert "quá giới hạn" in refusal("".join(rows[::order])).message


@pytest.mark.parametrize("address", ["ZZZZ1", "XFE1", "A1048577"])
def test_an_address_beyond_excel_is_refused_in_a_large_part_too(refusal, address, monkeypatch):
    monkeypatch.setattr(guard, "_SMALL", 0)
    number = 1048577 if address == "A1048577" else 1
    found = refusal(row(ONE) + row(cell(address, "<v>1</v>"), number=number))
    assert f"ô {address}, ngoài giới hạn của Excel" in found.message


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


def test_a_count_of_texts_behind_a_long_comment_is_refused_too(refusal):
    strings = f'<!--{"x" * 5000}--><sst xmlns="{MAIN}" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    assert "khai 4000000000 chuỗi" in refusal(row(cell("A1", "<v>0</v>", ' t="s"')), strings=strings).message


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


def test_half_a_gigabyte_is_the_most_of_one_part():
    entry = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
    entry.file_size = 512 << 20
    guard.container([entry])
    entry.file_size += 1
    with pytest.raises(guard.Refused) as refused:
        guard.container([entry])
    assert refused.value.words["reason"] == "phần «xl/worksheets/sheet1.xml» bung ra 512 MB, quá giới hạn 512 MB"


def test_a_part_packed_in_a_way_unknown_to_excel_is_refused(book):
    path = book(row(ONE))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/media/x.bin", "x", zipfile.ZIP_BZIP2)
    assert "xl/media/x.bin" in read_here(path)[1][0].message


# ------------------------------------------------------------------------------------ what parts say they hold


def lying(path, name, size):
    """The file, with another size of this part in its directory and before the part itself."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        start = file.getinfo(name).header_offset
    struct.pack_into("<L", data, start + 22, size)
    entry = data.rfind(name.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<L", data, entry + 24, size)
    path.write_bytes(data)
    return bytes(data)


@pytest.mark.parametrize("wrong", [-1, 1, -50, 5000])
def test_a_part_that_holds_more_or_less_than_it_says_is_damaged(book, wrong):
    path = book(row(ONE), name="a.xlsx")
    lying(path, "xl/worksheets/sheet1.xml", len(sheet_part(row(ONE))) + wrong)
    _, findings = read_here(path)
    assert [finding.code for finding in findings] == ["DL03"]
    assert "«xl/worksheets/sheet1.xml» bên trong tệp bị hỏng" in findings[0].message


def test_a_part_that_says_it_is_small_is_never_unpacked_beyond_that(book):
    path = book(row(ONE), parts={"xl/worksheets/sheet1.xml": b" " * (64 << 20)})
    parts = Parts(lying(path, "xl/worksheets/sheet1.xml", 1000))
    tracemalloc.start()
    with pytest.raises(guard.Refused):
        parts.raw("xl/worksheets/sheet1.xml")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 20


def test_a_stored_part_with_a_wrong_size_is_damaged(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a", "12345")
    assert Parts(path.read_bytes()).raw("a") == b"12345"
    with pytest.raises(guard.Refused):
        Parts(lying(path, "a", 4)).raw("a")


def test_a_part_with_a_wrong_checksum_is_damaged(book):
    path = book(row(ONE))
    data = bytearray(path.read_bytes())
    data[data.rfind(b"xl/worksheets/sheet1.xml") - 46 + 16] ^= 1
    path.write_bytes(data)
    assert "sheet1.xml» bên trong tệp bị hỏng" in read_here(path)[1][0].message


def test_all_that_is_unpacked_of_a_file_has_a_limit(book, monkeypatch):
    path = book(row(ONE), parts={"xl/media/anh.png": "x" * 100_000})
    monkeypatch.setattr(guard, "MOST_UNPACKED", 50_000)
    assert read_here(path)[0]  # the picture is not read
    monkeypatch.setattr(guard, "MOST_UNPACKED", 1_000)
    found = read_here(path)[1][0]
    assert (found.code, "bung ra hơn 0 MB" in found.message) == ("DL03", True)


@pytest.mark.parametrize("twin", ["xl/worksheets/sheet1.xml", "XL/worksheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(book, twin):
    path = book(row(ONE))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(twin, sheet_part(row(cell("A1", "<v>2</v>"))))
    found = read_here(path)[1][0]
    assert found.code == "DL03"
    assert "hai phần cùng tên «xl/worksheets/sheet1.xml»" in found.message


def test_two_sheets_of_one_part_are_refused(refusal):
    parts = {
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "worksheet", "worksheets/Sheet1.xml")
        )
    }
    assert "hai trang tính cùng chỉ vào một phần" in refusal(row(ONE), row(ONE), parts=parts).message


# -------------------------------------------------------------------------------------- what stands inside them


def merges(*areas):
    return (
        f'<mergeCells count="{len(areas)}">{"".join(f"""<mergeCell ref="{area}"/>""" for area in areas)}</mergeCells>'
    )


def test_a_merge_of_the_whole_sheet_is_read_and_never_walked(grid):
    found = grid(sheet_part(row(ONE), after=merges("A1:XFD1048576", "A1:A1048576", "A1:XFD1")))
    assert found.rows == [[1.0]]
    assert found.merged[0] == (0, 0, 1048575, 16383)
    assert found.spread == {}


def test_many_merged_areas_have_a_limit(book, monkeypatch):
    path = book(sheet_part(row(ONE), after=merges("A1:B1", "A2:B2", "A3:B3")))
    monkeypatch.setattr(guard, "MOST_MERGED", 3)
    assert only_grid(path).merged
    monkeypatch.setattr(guard, "MOST_MERGED", 2)
    found = read_here(path)[1][0]
    assert (found.code, "trang «Trang 1» có 3 vùng ô gộp, quá giới hạn 2" in found.message) == ("DL03", True)


def test_many_merged_cells_have_a_limit(book):
    full = [f"A{n}01:CV{n + 1}00" for n in range(1, 101)]  # 100 × 100 cells each
    assert only_grid(book(sheet_part(row(ONE), after=merges(*full)))).merged
    found = read_here(book(sheet_part(row(ONE), after=merges(*full, "A90000:B90000")), name="b.xlsx"))[1][0]
    assert found.code == "DL03"
    assert "có 1.000.002 ô nằm trong các vùng gộp, quá giới hạn 1.000.000 ô" in found.message


def spread(cells, *texts, way=""):
    strings = f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>'
    rows = "".join(row(cell(f"A{n}", f"<v>{n % len(texts)}</v>", ' t="s"'), number=n) for n in range(1, cells + 1))
    return {"sheet": sheet_part(rows, before=way), "strings": strings}


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
def test_a_long_text_to_which_every_cell_refers_is_refused(refusal, way):
    made = spread(9000, "x" * 32_767, way=way)
    found = refusal(made["sheet"], strings=made["strings"])
    assert found.code == "DL03"
    assert "chữ trong các ô của trang «Trang 1» bung ra 281 MB, quá giới hạn 256 MB" in found.message


def test_a_long_text_in_a_few_cells_of_a_long_sheet_is_read(grid):
    made = spread(9000, *["ngắn"] * 4500, "x" * 32_767)
    assert grid(made["sheet"], strings=made["strings"]).height == 9000


@pytest.mark.parametrize(("most", "fits"), [(56, True), (55, False)])
def test_texts_are_counted_as_often_as_cells_refer_to_them(book, monkeypatch, most, fits):
    made = spread(4, "x")  # the first text, four times
    made["strings"] = f'<sst xmlns="{MAIN}"><si><t/></si ><si/><si >x</si></sst>'  # of 14 bytes
    monkeypatch.setattr(guard, "MOST_TEXT", most)
    source, _ = read_here(book(made["sheet"], strings=made["strings"]))
    assert bool(source) == fits


def test_the_number_of_texts_has_a_limit(book, monkeypatch):
    strings = f'<sst xmlns="{MAIN}"><si><t>a</t></si><si/><si ></si></sst>'
    prefixed = f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>a</x:t></x:si><x:si/><x:si></x:si></x:sst>'
    for n, written in enumerate((strings, prefixed)):
        path = book(row(cell("A1", "<v>0</v>", ' t="s"')), strings=written, name=f"{n}.xlsx")
        monkeypatch.setattr(guard, "MOST_STRINGS", 3)
        assert only_grid(path).rows == [["a"]]
        monkeypatch.setattr(guard, "MOST_STRINGS", 2)
        found = read_here(path)[1][0]
        assert (found.code, "có 3 chuỗi, quá giới hạn 2" in found.message) == ("DL03", True)


def test_five_million_texts_are_no_bomb():
    guard.Texts("xl/sharedStrings.xml", b"<si>" * 5_000_000)
    assert guard.MOST_STRINGS == 5_000_000  # more are not counted here, which takes seconds: 20 million fill a gigabyte


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"])
def test_elements_within_elements_have_a_limit(book, refusal, part):
    with zipfile.ZipFile(book(row(ONE), name="mau.xlsx")) as file:
        usual = file.read(part).decode()
    deeper = {deep: usual.replace(">", ">" + "<ext>" * deep + "</ext>" * deep, 1) for deep in (900, 100_000)}
    assert only_grid(book(row(ONE), name="b.xlsx", parts={part: deeper[900]})).rows == [[1.0]]
    found = refusal(row(ONE), parts={part: deeper[100_000]})
    assert (found.code, f"phần «{part}» có hơn 1.000 lớp lồng nhau" in found.message) == ("DL03", True)


def test_many_elements_beside_each_other_are_not_deep(grid):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf><alignment/></xf>" * 5000}</cellXfs></styleSheet>'
    assert grid(row(cell("A1", "<v>1</v>", ' s="4999"')), parts={"xl/styles.xml": styles}).rows == [[1.0]]


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
def test_a_deep_sheet_part_is_read(grid, way):
    deep = "<ext>" * 100_000 + "</ext>" * 100_000
    assert grid(sheet_part(row(ONE), before=way, after=deep)).rows == [[1.0]]
