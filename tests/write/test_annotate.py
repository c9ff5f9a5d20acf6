"""The annotated copy: the user's workbook exactly as it was, and beside every unit what came out.

The workbook of these tests holds what openpyxl would lose when it saves a workbook again (measured with openpyxl 3.1.5: the
stored results of formulas, shapes, sparklines, ignored errors, custom XML): see `rich`.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side

from builders import BANDS, CRITERIA, HEAD
from xeploai.findings import Unusable
from xeploai.pipeline import Outcome, classify_files
from xeploai.write.annotate import annotated
from xeploai.write.inplace import Book
from xeploai.write.package import MAIN

SAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "samples").glob("*.xlsx") if not path.stem.endswith("-ket-qua")
)
SHEET = "xl/worksheets/sheet1.xml"
FLAGS = """
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm, phải làm: Làm biên bản, căn cứ: Điều 5}
"""
UNITS = (("Xã Ná", 18, 9, 5), ("Xã Nả", 12, 6, 4), ("Xã Ọ", 7, 3, 3), ("Xã Ỏ", None, 12, 8))
"""With 40 points in all: 32 = 80 % tốt · 22 = 55 % trung bình, TC1 no 9 · 13 = 32,5 % yếu, both 9 or less · TC1 missing."""
THIN = Border(*(Side(style="thin"),) * 4)
GREY = PatternFill("solid", fgColor="DDDDDD")


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def a_sheet(sheet, units=UNITS, year=2019):
    """A table as offices draw it: title, a heading of two rows, a row that numbers the columns, units, a sum."""
    sheet["A1"] = f"BẢNG TỔNG HỢP ĐIỂM NĂM {year}"
    sheet.merge_cells("A1:F1")
    for column, text in enumerate(("TT", "Đơn vị", "TC1", "TC2.1", "TC2.2", "Tổng điểm"), 1):
        for row in (3, 4, 5):
            sheet.cell(row, column).border, sheet.cell(row, column).fill = THIN, GREY
            sheet.cell(row, column).font = Font(name="Times New Roman", bold=True)
        sheet.cell(3, column).value = text
        sheet.cell(5, column).value = f"({column})"
        sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    for row, unit in enumerate(units, 6):
        for column, value in enumerate((row - 5, *unit), 1):
            sheet.cell(row, column).value = value
            sheet.cell(row, column).data_type = "s" if isinstance(value, str) else "n"
        sheet.cell(row, 6).value = f"=SUM(C{row}:E{row})"
    last = 6 + len(units)
    sheet.cell(last, 2).value = "Cộng"
    for row in range(6, last + 1):
        for column in range(1, 7):
            sheet.cell(row, column).border = THIN


def a_workbook(path="diem.xlsx", units=UNITS, more: Callable[[Workbook], object] = lambda book: None) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Năm 2019"
    a_sheet(sheet, units)
    more(book)
    book.save(path)
    patch(path, {SHEET: with_results(units)})
    return Path(path)


def with_results(units=UNITS) -> Callable[[bytes], bytes]:
    """The sheet as Excel leaves it: every formula with its result stored."""

    def stored(found: re.Match[bytes]) -> bytes:
        return found[1] + b"<v>%d</v>" % sum(filter(None, units[int(found[2]) - 6][1:]))

    return lambda part: re.sub(rb"(<f>SUM\(C(\d+):E\d+\)</f>)<v ?/?>(?:</v>)?", stored, part)


def patch(path, changes: dict[str, Callable[[bytes], bytes] | bytes]) -> None:
    """Change parts of a package, or put new ones in."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts.get(name, b"")) if callable(change) else change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def run(*files: Path, **options) -> Outcome:
    Path("bo.yaml").write_text(HEAD + CRITERIA + BANDS + options.pop("more", FLAGS), "utf-8")
    return classify_files(files, rules=Path("bo.yaml"), **options)


def copy_of(*files: Path, **options) -> bytes:
    return annotated(run(*files, **options), files)


def parts_of(content: bytes | Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content) as package:
        return {name: package.read(name) for name in package.namelist()}


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def seen(outcome: Outcome) -> list[tuple[object, ...]]:
    return [(r.unit, r.status, r.points, r.band, r.titles, r.rank) for r in outcome.ratings]


def told(outcome: Outcome) -> list[tuple[object, ...]]:
    return [(f.code, f.severity, f.message, f.cells) for f in outcome.findings]


def texts(sheet, cells: str) -> list[object]:
    return [cell.value for row in sheet[cells] for cell in row]


def refused(*files: Path, target: Path | None = None, outcome: Outcome | None = None) -> str:
    with pytest.raises(Unusable) as raised:
        annotated(outcome or run(*files), files, target)
    [finding] = raised.value.findings
    return f"{finding.code} {finding.message}"


# ------------------------------------------------------------------------------------- nothing is lost

SPARKLINES = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup><x14:sparklines><x14:sparkline>'
    "<xm:f>'Năm 2019'!C6:E6</xm:f><xm:sqref>%s</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
    "</x14:sparklineGroups></ext></extLst>"
)
SHAPE = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col>'
    "<xdr:colOff>0</xdr:colOff><xdr:row>{top}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{right}</xdr:col>"
    "<xdr:colOff>0</xdr:colOff><xdr:row>{bottom}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro='' textlink=''>"
    '<xdr:nvSpPr><xdr:cNvPr id="2" name="Hộp 1"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rich(path="diem.xlsx", *, shape=(30, 8, 40), sparkline="B20") -> Path:
    """With a shape, a sparkline, ignored errors, custom XML, filter, print area, frozen panes, hidden columns to the end."""

    def more(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_area = "C6", "A5:F9", "A1:F12"
        sheet.column_dimensions.group("G", "XFD", hidden=True)
        sheet.row_dimensions[7].height = 40
        sheet["C6"].comment = Comment("Lan: đã kiểm tra", "Lan")

    a_workbook(path, more=more)
    top, right, bottom = shape
    relation = f'<Relationship Id="rIdD" Type="{OFFICE}/drawing" Target="/xl/drawings/drawing7.xml"/></Relationships>'
    kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
    listed = f'<Override PartName="/xl/drawings/drawing7.xml" ContentType="{kind}"/></Types>'

    def in_sheet(part: bytes) -> bytes:
        errors = '<ignoredErrors><ignoredError sqref="A1:A9" numberStoredAsText="1"/></ignoredErrors>'
        drawing = f'{errors}<drawing xmlns:r="{OFFICE}" r:id="rIdD"/><legacyDrawing'
        part = part.replace(b"<legacyDrawing", drawing.encode())
        return part.replace(b"</worksheet>", (SPARKLINES % sparkline).encode() + b"</worksheet>")

    patch(path, {
        SHEET: in_sheet,
        "xl/worksheets/_rels/sheet1.xml.rels": lambda part: part.replace(b"</Relationships>", relation.encode()),
        "[Content_Types].xml": lambda part: part.replace(b"</Types>", listed.encode()),
        "xl/drawings/drawing7.xml": SHAPE.format(top=top, right=right, bottom=bottom).encode(),
        "customXml/item1.xml": b"<a/>",
    })  # fmt: skip
    return Path(path)


def test_every_part_that_nothing_is_added_to_keeps_its_bytes() -> None:
    path = rich()
    before, after = parts_of(path), parts_of(copy_of(path))
    assert list(after) == list(before)  # the notes go where notes are already
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {SHEET, "xl/styles.xml", "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml"}


def test_a_sheet_keeps_every_element_that_it_has() -> None:
    path = rich()
    before, after = (etree.fromstring(parts_of(each)[SHEET]) for each in (path, copy_of(path)))

    def written(root: etree._Element, names: Iterable[str]) -> list[bytes]:
        wanted = {f"{{{MAIN}}}{name}" for name in names}
        return [etree.tostring(each, method="c14n", exclusive=True) for each in root.iter() if each.tag in wanted]

    cells = set(written(after, ["c"]))
    assert len(written(before, ["c"])) > 40
    assert set(written(before, ["c"])) <= cells  # formulas with their stored results among them
    assert any(b"<v>32</v>" in cell and b"SUM(C6:E6)" in cell for cell in cells)
    kept = ["sheetViews", "autoFilter", "ignoredErrors", "drawing", "legacyDrawing", "extLst", "pageMargins"]
    assert len(written(before, kept)) == 7
    assert written(before, kept) == written(after, kept)
    assert set(written(before, ["mergeCell"])) < set(written(after, ["mergeCell"]))


ORDER = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells pageMargins
ignoredErrors drawing legacyDrawing extLst"""


def unmerged(book: Workbook) -> None:
    for area in list(book.worksheets[0].merged_cells.ranges):
        book.worksheets[0].unmerge_cells(str(area))
    for cell in book.worksheets[0][3]:
        cell.offset(1).value = cell.value  # the heading still has two rows


def test_the_children_of_a_sheet_stay_in_the_order_that_excel_takes() -> None:
    """CT_Worksheet, ISO/IEC 29500-1, 18.3.1.99; also where the only columns, merged cells and notes are ours."""
    for path in (rich(), a_workbook(more=unmerged)):
        root = etree.fromstring(parts_of(copy_of(path))[SHEET])
        names = [etree.QName(each).localname for each in root]
        assert names == sorted(names, key=ORDER.split().index)
        assert {"legacyDrawing", "cols", "mergeCells"} <= set(names)


def test_two_runs_give_the_same_bytes() -> None:
    path = rich()
    assert copy_of(path) == copy_of(path)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_copy_of_every_sample_reads_again_with_the_same_result(sample: Path) -> None:
    before = classify_files([sample])
    Path(sample.name).write_bytes(annotated(before, [sample]))
    after = classify_files([Path(sample.name)])
    assert seen(after) == seen(before)
    assert told(after) == told(before)


# ----------------------------------------------------------------------------------- the added columns


def test_the_result_stands_to_the_right_of_all_that_is_there() -> None:
    sheet = opened(copy_of(a_workbook())).worksheets[0]
    assert texts(sheet, "G3:I3") == ["Xếp loại (xeploai)", "Xếp hạng (xeploai)", "Cảnh báo (xeploai)"]
    assert texts(sheet, "G6:I6") == ["tốt", 1, None]
    assert texts(sheet, "G7:I7") == ["trung bình", 2, None]
    assert texts(sheet, "G8:I8") == ["yếu", 3, "Điểm thấp (kiem-diem): TC1 (ô C8), TC2 (ô D8)"]
    assert texts(sheet, "G9:I9") == ["chưa xếp loại", None, "Điểm để trống (DL20): TC1 (ô C9)"]
    assert texts(sheet, "G1:I2") + texts(sheet, "G4:I5") + texts(sheet, "G10:I12") == [None] * 21
    assert {"G3:G4", "H3:H4", "I3:I4"} <= {str(area) for area in sheet.merged_cells.ranges}


def test_what_is_only_worth_knowing_is_a_note_and_no_warning() -> None:
    """E11 of this sample is where Phường Tân Khoang loses most: a remark of the book («lam-ro-nguyen-nhan»), not a fault."""
    sample = next(path for path in SAMPLES if path.stem == "tinh-mau-2016-2019")
    sheet = opened(annotated(classify_files([sample]), [sample]))["Năm 2019"]
    assert texts(sheet, "N11:Q11") == ["khá", 98, "Trong sạch, vững mạnh", None]
    assert sheet["E11"].comment.text.startswith("Ghi chú · lam-ro-nguyen-nhan\n")


def test_titles_have_a_column_where_the_book_has_titles() -> None:
    titles = "\ndanh hiệu:\n  - {tên: Trong sạch, xếp loại ít nhất: khá}\n"
    sheet = opened(copy_of(a_workbook(), more=titles)).worksheets[0]
    assert texts(sheet, "I3:I9") == ["Danh hiệu (xeploai)", None, None, "Trong sạch", None, None, None]


def test_numbers_of_an_illustrative_book_are_marked() -> None:
    path = a_workbook()
    Path("bo.yaml").write_text(HEAD + "minh hoạ: có\n" + CRITERIA + BANDS, "utf-8")
    content = annotated(classify_files([path], rules=Path("bo.yaml")), [path])
    sheet = opened(content).worksheets[0]
    assert sheet["G3"].value == "Xếp loại (xeploai, số minh hoạ)"
    assert "SỐ MINH HOẠ" in sheet["G3"].comment.text


def test_added_cells_look_like_those_beside_them() -> None:
    sheet = opened(copy_of(a_workbook())).worksheets[0]
    assert sheet["G3"].fill.fgColor.rgb == "00DDDDDD"
    assert sheet["G3"].font.name == "Times New Roman"
    assert sheet["G3"].font.bold
    assert all(cell.border.left.style == "thin" for row in sheet["G3:I10"] for cell in row)  # the sum's row too
    assert sheet["G11"].border.left.style is None
    assert sheet["I8"].alignment.wrap_text
    assert sheet["I8"].number_format == "@"
    assert sheet["H6"].number_format == "General"


def test_columns_hidden_to_the_end_of_the_sheet_stay_hidden_but_for_ours() -> None:
    columns = etree.fromstring(parts_of(copy_of(rich()))[SHEET]).find(f"{{{MAIN}}}cols")
    stated = [(int(each.get("min")), int(each.get("max")), each.get("hidden")) for each in columns]
    assert stated == [(7, 7, None), (8, 8, None), (9, 9, None), (10, 16384, "1")]


@pytest.mark.parametrize(
    ("shape", "sparkline", "column"),
    [
        ((30, 8, 40), "B20", "G"),  # below the table
        ((6, 8, 40), "B20", "J"),  # a shape that reaches into column I beside the units
        ((30, 8, 40), "H6", "I"),  # a sparkline beside a unit
    ],
)
def test_nothing_is_written_under_what_floats_beside_the_table(shape, sparkline, column) -> None:
    sheet = opened(copy_of(rich(shape=shape, sparkline=sparkline))).worksheets[0]
    assert sheet[f"{column}3"].value == "Xếp loại (xeploai)"
    assert sheet[f"{column}6"].value == "tốt"


def test_a_height_that_a_person_set_stays_and_others_grow() -> None:
    titles = "".join(
        f"\n  - {{mã: canh-bao-thu-{n}, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}}" for n in range(4)
    )

    def high(book: Workbook) -> None:
        book.worksheets[0].row_dimensions[7].height = 40

    path = a_workbook(units=(("Xã Ná", 1, 1, 1), ("Xã Nả", 1, 1, 1)), more=high)
    sheet = opened(copy_of(path, more="\ncảnh báo:" + titles)).worksheets[0]
    assert sheet["I6"].value.count("\n") == 3
    assert sheet.row_dimensions[6].height == 64  # four lines
    assert sheet.row_dimensions[7].height == 40


def test_every_sheet_of_the_year_gets_its_columns_and_no_other() -> None:
    def more(book: Workbook) -> None:
        for name, year, more in (("Huyện Hai", 2019, " Hai"), ("Năm 2018", 2018, "")):
            a_sheet(book.create_sheet(name), [(unit[0] + more, 18, 9, 5) for unit in UNITS[:3]], year)

    path = a_workbook(more=more)
    patch(path, {f"xl/worksheets/sheet{n}.xml": with_results([("", 18, 9, 5)] * 3) for n in (2, 3)})
    before, content = parts_of(path), copy_of(path)
    book = opened(content)
    assert [sheet["G3"].value for sheet in book.worksheets] == ["Xếp loại (xeploai)", "Xếp loại (xeploai)", None]
    assert parts_of(content)["xl/worksheets/sheet3.xml"] == before["xl/worksheets/sheet3.xml"]


def test_the_copy_serves_as_history() -> None:
    path = a_workbook()
    Path("nam-2019.xlsx").write_bytes(copy_of(path))
    later = Workbook()
    a_sheet(later.worksheets[0], year=2020)
    later.worksheets[0].title = "Năm 2020"
    later.save("diem-2020.xlsx")
    patch("diem-2020.xlsx", {SHEET: with_results()})
    outcome = run(Path("diem-2020.xlsx"), history=[Path("nam-2019.xlsx")])
    bands = [record.band for place in range(4) for record in outcome.past.of(place).values()]
    assert bands[:3] == ["tốt", "trung bình", "yếu"]


# ------------------------------------------------------------------------------------------- the notes


def test_a_faulty_cell_has_one_note_with_what_was_found_what_to_do_and_why() -> None:
    sheet = opened(copy_of(a_workbook())).worksheets[0]
    assert sheet["C8"].comment.text == (
        "Cảnh báo · kiem-diem\nXã Ọ: TC1 «Tiêu chí một» đạt 7 điểm, thuộc diện từ 9 điểm trở xuống (ô C8).\n"
        "Phải làm: Làm biên bản\nCăn cứ: Điều 5"
    )
    noted = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == {"G3", "C8", "D8", "C9"}


def test_several_findings_of_one_cell_share_a_note() -> None:
    two = FLAGS + "  - {mã: nhac-nho, loại: điểm thấp, cấp: tiêu chí, không quá: 7 điểm}\n"
    text = opened(copy_of(a_workbook(), more=two)).worksheets[0]["C8"].comment.text
    assert text.startswith("Cảnh báo · kiem-diem\n")
    assert "\n\nCảnh báo · nhac-nho\n" in text


def test_a_note_that_is_there_is_kept_and_added_to() -> None:
    def more(book: Workbook) -> None:
        book.worksheets[0]["C8"].comment = Comment("Đã hỏi xã", "Lan")
        book.worksheets[0]["B6"].comment = Comment("Xã điểm", "Lan")

    path = a_workbook(more=more)
    content = copy_of(path)
    sheet = opened(content).worksheets[0]
    assert sheet["C8"].comment.text.startswith("Đã hỏi xã\n\nCảnh báo · kiem-diem\n")
    assert sheet["C8"].comment.author == "Lan"
    assert sheet["B6"].comment.text == "Xã điểm"
    assert sheet["D8"].comment.author == "xeploai"
    boxes = next(part for name, part in parts_of(content).items() if name.endswith(".vml"))
    assert sorted(re.findall(rb"<\w+:Row>(\d+)</\w+:Row>\s*<\w+:Column>(\d+)", boxes)) == sorted(
        [(b"5", b"1"), (b"7", b"2"), (b"7", b"3"), (b"8", b"2"), (b"2", b"6")]
    )
    etree.fromstring(boxes)


def test_the_box_of_an_old_note_grows_with_its_text() -> None:
    old = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
        '</o:shapelayout><v:shape id="_x0000_s1025"><x:ClientData ObjectType="Note">'
        "<x:Anchor>3, 15, 6, 10, 4, 1, 7, 1</x:Anchor>"
        "<x:Row>7</x:Row><x:Column>2</x:Column></x:ClientData></v:shape></xml>"
    )

    def more(book: Workbook) -> None:
        book.worksheets[0]["C8"].comment = Comment("Đã hỏi xã", "Lan")

    path = a_workbook(more=more)
    patch(path, {"xl/drawings/commentsDrawing1.vml": old.encode()})
    boxes = parts_of(copy_of(path))["xl/drawings/commentsDrawing1.vml"].decode()
    anchor = re.search(r"<x:Anchor>([^<]*)</x:Anchor><x:Row>7</x:Row><x:Column>2<", boxes)
    assert anchor
    assert int(anchor[1].split(", ")[6]) >= 11  # six rows high, where it was one
    assert 'data="1,2"' in boxes
    assert sorted(re.findall(r"_x0000_s(\d+)\"", boxes)) == ["1025", "2049", "2050", "2051"]


def test_more_boxes_than_a_block_of_ids_holds_have_ids_of_their_own() -> None:
    book = Book(a_workbook().read_bytes(), "diem.xlsx")
    for row in range(1500):
        book.sheet("Năm 2019").note(row, 9, (("x", False),))
    parts = parts_of(book.content())
    boxes = parts["xl/drawings/vmlDrawing1.vml"].decode()
    ids = [int(each) for each in re.findall(r"_x0000_s(\d+)\"", boxes)]
    assert len(set(ids)) == len(ids) == 1500
    assert {each // 1024 for each in ids} == {1, 2}
    assert 'data="1,2"' in boxes


# ------------------------------------------------------------------------------ forms: no rows of their own


def a_form(path="phieu.xlsx") -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Phiếu"
    rows = [("PHIẾU CHẤM ĐIỂM NĂM 2019",), ("Đơn vị: Xã Ná",), (), ("TT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm"),
            (1, "Tiêu chí một", 20, 8), (2, "Tiêu chí hai", 20, 14), ("2.1", "Phần thứ nhất", 12, 9),
            ("2.2", "Phần thứ hai", 8, 5)]  # fmt: skip
    for row in rows:
        sheet.append(row)
    book.save(path)
    return Path(path)


def test_a_form_gets_notes_and_no_columns() -> None:
    path = a_form()
    before, content = parts_of(path), copy_of(path)
    sheet = opened(content).worksheets[0]
    assert sheet["A2"].comment.text == "Xã Ná\nXếp loại (xeploai): trung bình\nĐiểm: 22/40\nXếp hạng (xeploai): 1\n" + (
        "Cảnh báo (xeploai): Điểm thấp (kiem-diem): TC1 (ô D5)"
    )
    assert sheet["D5"].comment.text.startswith("Cảnh báo · kiem-diem")
    assert sheet.max_column == 4
    data = [etree.fromstring(part[SHEET]).find(f"{{{MAIN}}}sheetData") for part in (before, parts_of(content))]
    assert etree.tostring(data[0], method="c14n") == etree.tostring(data[1], method="c14n")
    Path("lai.xlsx").write_bytes(content)
    assert seen(run(Path("lai.xlsx"))) == seen(run(path))


# ------------------------------------------------------------------------------------- text stays text


def test_a_hostile_name_is_text_in_what_is_added() -> None:
    """Bands, units and criteria with the names of formulas, markup and control characters."""
    hostile = '=HYPERLINK("http://x","y")'
    units = ((hostile, 18, 9, 5), ("<b>Xã</b> & _x005F_x0041_ \u202e]]>", 1, 1, 1))
    Path("bo.yaml").write_text(HEAD + CRITERIA + BANDS.replace("mức: tốt", "mức: '=1+1'") + FLAGS, "utf-8")
    path = a_workbook(units=units)
    content = annotated(classify_files([path], rules=Path("bo.yaml")), [path])
    sheet = opened(content).worksheets[0]
    assert sheet["G6"].value == "=1+1"
    assert sheet["G6"].data_type == "s"
    part = parts_of(content)[SHEET]
    assert part.count(b"<f>") == 2  # the user's own sums
    assert "<b>Xã</b> & _x005F_x0041_ \u202e]]>" in sheet["C7"].comment.text
    assert sheet["G6"].number_format == "@"  # edited it stays text


# ------------------------------------------------------------------------------- what cannot be added to


def test_a_thread_is_no_place_for_a_note() -> None:
    """Excel shows the thread and not the note that stands behind it."""

    def threaded(cell: str) -> Path:
        path = a_workbook()
        space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
        thread = f'<ThreadedComments xmlns="{space}"><threadedComment ref="{cell}"/></ThreadedComments>'
        kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
        relation = f'<Relationship Id="rId1" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/>'
        patch(path, {
            "xl/worksheets/_rels/sheet1.xml.rels": RELATIONS.format(relation).encode(),
            "xl/threadedComments/threadedComment1.xml": thread.encode(),
        })  # fmt: skip
        return path

    assert copy_of(threaded("C7"))  # nothing is to be said of this cell
    assert refused(threaded("C8")) == (
        "DL97 Không ghi thêm kết quả vào bản sao của «diem.xlsx»: ô C8 của trang «Năm 2019» có chuỗi bình luận (Comments), "
        "ghi thêm chú thích vào thì không ai thấy; đổi bình luận ở các ô đó thành ghi chú (Notes) hoặc xoá đi, rồi lưu lại."
    )


def test_a_workbook_that_unpacks_to_more_than_a_bound_is_not_held_in_memory(monkeypatch) -> None:
    path = a_workbook()
    patch(path, {"xl/media/anh.bmp": bytes(3 << 20)})
    monkeypatch.setattr("xeploai.write.package.MOST_BYTES", 4 << 20)
    assert copy_of(path)
    monkeypatch.setattr("xeploai.write.package.MOST_BYTES", 3 << 20)
    assert "tệp bung ra 3 MB, quá giới hạn 3 MB; bỏ bớt hình ảnh" in refused(path)


def test_a_signed_workbook_is_left_alone() -> None:
    path = a_workbook()
    patch(path, {"_xmlsignatures/origin.sigs": b""})
    assert "chữ ký số" in refused(path)


def test_strict_open_xml_is_to_be_saved_in_the_usual_form() -> None:
    path = a_workbook()
    outcome = run(path)
    usual, strict = MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    patch(path, {"xl/workbook.xml": lambda part: part.replace(usual, strict)})
    assert "Strict Open XML" in refused(path, outcome=outcome._replace(inputs=()))


def test_rows_out_of_order_are_nothing_that_excel_wrote() -> None:
    path = a_workbook()
    patch(path, {SHEET: lambda part: re.sub(rb'<row r="10".*?</row>', b"", part, flags=re.DOTALL).replace(
        b"</sheetData>", b'<row r="2"><c r="A2"/></row></sheetData>')})  # fmt: skip
    assert "ghi theo cách Excel không ghi" in refused(path)


def test_rows_and_cells_without_addresses_are_understood() -> None:
    """As some exporters write them: one after the other."""
    path = a_workbook(units=UNITS[:3])

    def bare(part: bytes) -> bytes:
        rows = re.findall(rb"<row r=\"\d+\".*?</row>", part, flags=re.DOTALL)
        assert b'<row r="4"' in rows[2]
        return part.replace(rows[2], re.sub(rb' r="[A-Z]*4"', b"", rows[2]))

    patch(path, {SHEET: bare})
    sheet = opened(copy_of(path)).worksheets[0]
    assert texts(sheet, "G3:G8") == ["Xếp loại (xeploai)", None, None, "tốt", "trung bình", "yếu"]


def test_other_formats_are_to_be_saved_as_xlsx_first(shared: Path) -> None:
    for name in ("tong-hop-2019.xls", "tong-hop-2019.ods"):
        path = shared / "workbooks" / name
        outcome = classify_files([path], rules=shared / "workbooks" / "cqcs-mau.yaml")
        assert refused(path, outcome=outcome).endswith(
            "không phải bảng tính .xlsx; mở bằng Excel, lưu thành .xlsx trước."
        )


def test_a_text_table_is_to_be_saved_as_xlsx_first() -> None:
    Path("diem.csv").write_text("Đơn vị;TC1;TC2.1;TC2.2\nXã Ná;18;9;5\nXã Nả;12;6;4\n", "utf-8")
    assert "lưu thành .xlsx trước" in refused(Path("diem.csv"))


def test_a_copy_is_of_one_file() -> None:
    one, two = a_workbook("mot.xlsx", UNITS[:2]), a_workbook("hai.xlsx", UNITS[2:])
    assert refused(one, two) == (
        "DL93 --annotate ghi bản sao của một tệp, mà điểm năm xếp loại nằm ở 2 tệp: «hai.xlsx», «mot.xlsx»; "
        "chạy riêng với từng tệp, hoặc bỏ --annotate."
    )


def test_another_file_beside_the_scores_is_no_hindrance() -> None:
    book = Workbook()
    a_sheet(book.worksheets[0], UNITS[:3], 2018)
    book.worksheets[0].title = "Năm 2018"
    book.save("truoc.xlsx")
    patch("truoc.xlsx", {SHEET: with_results()})
    files = [Path("truoc.xlsx"), a_workbook()]
    assert opened(copy_of(*files)).sheetnames == ["Năm 2019"]


def test_a_folder_is_no_file() -> None:
    Path("so-lieu").mkdir()
    a_workbook("so-lieu/diem.xlsx")
    assert refused(Path("so-lieu")) == (
        "DL93 --annotate ghi bản sao của một tệp, mà «so-lieu» là thư mục; ghi rõ tên tệp «diem.xlsx»."
    )


def test_a_file_saved_anew_while_it_was_rated_is_not_taken() -> None:
    path = a_workbook()
    outcome = run(path)
    a_workbook(units=UNITS[::-1])
    assert "đã được lưu lại trong lúc đang xếp loại" in refused(path, outcome=outcome)


def test_a_workbook_with_macros_keeps_them_and_its_ending() -> None:
    path = a_workbook("diem.xlsm")
    usual, macros = b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
    patch(path, {
        "[Content_Types].xml": lambda part: part.replace(b"openxmlformats-officedocument." + usual, b"ms-excel." + macros),
        "xl/vbaProject.bin": b"\x01\x02",
    })  # fmt: skip
    outcome = run(path)
    content = annotated(outcome, [path], Path("ban-sao.xlsm"))
    assert parts_of(content)["xl/vbaProject.bin"] == b"\x01\x02"
    assert "bản sao phải mang đuôi .xlsm" in refused(path, target=Path("ban-sao.xlsx"), outcome=outcome)
    assert "có macro" in refused(path, outcome=outcome)
    plain = a_workbook("thuong.xlsx")
    assert "bản sao phải mang đuôi .xlsx" in refused(plain, target=Path("ban-sao.xlsm"))


# ---------------------------------------------------------------------------------------- other programs


@pytest.mark.libreoffice
def test_libreoffice_opens_the_copy_and_finds_everything(tmp_path: Path) -> None:
    (tmp_path / "ban-sao.xlsx").write_bytes(copy_of(rich()))
    office = shutil.which("soffice")
    assert office
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [office, home, "--headless", "--convert-to", "ods", "ban-sao.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    read = etree.fromstring(parts_of(tmp_path / "ban-sao.ods")["content.xml"])
    words = ["".join(each.itertext()) for each in read.iter("{*}annotation")]
    assert any("kiem-diem" in each for each in words)
    assert any("đã kiểm tra" in each for each in words)
    cells = ["".join(each.itertext()) for each in read.iter("{*}table-cell")]
    assert any(each.endswith("trung bình") for each in cells)
    assert any(each.endswith("Điểm thấp (kiem-diem): TC1 (ô C8), TC2 (ô D8)") for each in cells)
