"""Tables → .xlsx bytes, the same bytes for the same tables: no clock, no random order.

openpyxl in write-only mode, rows as plain lists (a styled cell costs twice as much), styles only where they are seen.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from xeploai.findings import OUTPUT_FAILED, Unusable
from xeploai.report.table import Column, Page, Table, Value

EPOCH = datetime.datetime(2000, 1, 1)
LONGEST = 32_767
A4 = 9  # Excel's number for the paper
COMPRESSION = 4  # a third of the usual effort for an eighth more bytes
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPELLED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # "_x0041_" in a cell is an A to Excel
_ODD = re.compile(r"^[=#]|_x|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}

BODY = Font(name="Times New Roman", size=12)
TITLE = Font(name="Times New Roman", size=14, bold=True)
NOTE = Font(name="Times New Roman", size=12, italic=True)
HEADING = Font(name="Times New Roman", size=12, bold=True)
SHADE = PatternFill("solid", fgColor="DDE6F0")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAPPED = Alignment(wrap_text=True)
RIGHT = Alignment(horizontal="right")
LINE_HEIGHT = 16  # points, for a line of BODY


EARLY = "Chi tiết"
"""The page that is begun first, whatever its place: it is the largest, and known before the units are rated."""


def workbook_bytes(pages: Iterable[Page]) -> bytes:
    """The workbook of these pages. Raises Unusable where a text does not fit into a cell: nothing is ever cut."""
    pages = list(pages)
    fits(pages)  # before the first row: a sheet that is begun must be ended
    book = in_house_style(Workbook(write_only=True))
    for page in sorted(pages, key=lambda page: page.name != EARLY):
        add(book, page)
    return package(book, [page.name for page in pages])


def fits(pages: Iterable[Page]) -> None:
    """Raise Unusable where a text is longer than a cell can hold."""
    for page in pages:
        for table in page.tables:
            for row in (table.above, [column.heading for column in table.columns], *table.rows):
                for value in row:
                    if type(value) is str and len(value) > LONGEST // 6:  # a forbidden character is written out by six
                        uncut(value, page.name)


def uncut(text: str, page: str) -> str:
    """The text as a cell holds it. Raises Unusable where it is too long: openpyxl would cut it without a word."""
    written = visible(text)
    if len(written) > LONGEST:
        reason = f"trang «{page}» có một ô dài {len(written)} ký tự, Excel chỉ chứa {LONGEST}"
        raise Unusable(OUTPUT_FAILED(file="kết quả", reason=reason))
    return written


def in_house_style(book: Workbook) -> Workbook:
    """The workbook with Times New Roman as its body font, as Nghị định 30/2020 wants official papers."""
    book._fonts = IndexedList([BODY])  # type: ignore[attr-defined]  # openpyxl has no other door to the default font
    book._named_styles["Normal"].font = BODY  # type: ignore[attr-defined]
    return book


def package(book: Workbook, order: Sequence[str] = ()) -> bytes:
    """The finished workbook as bytes that depend on nothing but its content; its sheets in this order."""
    if order:
        book._sheets.sort(key=lambda sheet: order.index(sheet.title))  # type: ignore[attr-defined]
    book.properties.creator = "xeploai"
    book.properties.created = book.properties.modified = EPOCH
    buffer = io.BytesIO()
    with _FixedZip(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive).save()
    return buffer.getvalue()


class _Writer(ExcelWriter):
    """openpyxl's writer, with its sheets in memory: a full, shared or closed temporary folder is no matter of ours."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        if self.workbook.write_only:
            ws.close()
            writer = ws._writer
        else:
            writer = WorksheetWriter(ws, io.BytesIO())
            writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.out.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)


class _FixedZip(zipfile.ZipFile):
    """A zip whose entries all have one date: the bytes depend on the content alone."""

    def writestr(self, name: Any, data: Any, compress_type: Any = None, compresslevel: Any = None) -> None:
        entry = _entry(name if isinstance(name, str) else name.filename)
        super().writestr(entry, data, zipfile.ZIP_DEFLATED, COMPRESSION)

    def write(self, filename: Any, arcname: Any = None, compress_type: Any = None, compresslevel: Any = None) -> None:
        with open(filename, "rb") as source:
            self.writestr(str(arcname or filename), source.read())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


# ---------------------------------------------------------------------------------------------- one sheet


def add(book: Workbook, page: Page) -> None:
    """Write one page as the next sheet."""
    sheet = book.create_sheet(page.name)
    first = page.tables[0]
    widest = max((table.columns for table in page.tables), key=len)
    for place, column in enumerate(widest, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    heading = len(first.above) + (1 if first.above else 0) + 1
    sheet.freeze_panes = f"{_frozen_column(page)}{heading + 1}"
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if len(page.tables) == 1 and first.rows:
        last = get_column_letter(len(first.columns))
        sheet.auto_filter.ref = f"A{heading}:{last}{heading + len(first.rows)}"
    sheet.print_options.gridLines = True
    heights = [_heights(table) for table in page.tables]
    usual = max(Counter(heights[0]).items(), key=lambda item: item[1], default=(1, 0))[0]
    if usual > 1:
        sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = usual * LINE_HEIGHT, True
    sheet._writer = WorksheetWriter(sheet, io.BytesIO())
    sheet._writer.write_top()
    row = 1
    for table, lines in zip(page.tables, heights, strict=True):
        row = _table(sheet, table, lines, row, usual)


def _frozen_column(page: Page) -> str:
    """The unit's name stays in sight on the pages that have a row per unit."""
    headings = [column.heading for column in page.tables[0].columns]
    return get_column_letter(headings.index("Đơn vị") + 2) if "Đơn vị" in headings[:2] else "A"


def _heights(table: Table) -> list[int]:
    """How many lines each row takes: without a height of its own a wrapped row shows one line in some programs."""
    long = [(place, column.width) for place, column in enumerate(table.columns) if column.kind == "long"]
    if not long:
        return [1] * len(table.rows)
    return [max(_lines(row[place], width) for place, width in long) for row in table.rows]


def _table(sheet: Any, table: Table, heights: Sequence[int], row: int, usual: int) -> int:
    """Write the table from this row on; returns the next free row. `usual` lines are the sheet's own row height."""
    if usual > 1:
        for above in range(row, row + len(table.above) + 1):
            sheet.row_dimensions[above].height = LINE_HEIGHT + 4
    for place, line in enumerate(table.above):
        sheet.append([_styled(sheet, line, TITLE if place == 0 or "minh hoạ" not in line.lower() else NOTE)])
    if table.above:
        sheet.append([])
        row += len(table.above) + 1
    heading_lines = max(_lines(column.heading, column.width - 2) for column in table.columns)
    sheet.row_dimensions[row].height = max(2, heading_lines) * LINE_HEIGHT + 4
    sheet.append([_heading(sheet, column) for column in table.columns])
    looks = {place: _look(sheet, column) for place, column in enumerate(table.columns) if column.kind in STYLED}
    plain = _Plain(sheet)
    for values, lines in zip(table.rows, heights, strict=True):
        row += 1
        cells = [value if type(value) in PLAIN else plain[value] for value in values]
        for place, cell in looks.items():
            value = cells[place]
            if type(value) is not int and value is not None and not hasattr(value, "data_type"):
                cell.value, cells[place] = value, cell  # one cell for the whole column: it is written at once
                cell.data_type = "s" if isinstance(value, str) else "n"
        if lines != usual:
            sheet.row_dimensions[row].height = lines * LINE_HEIGHT
        sheet.append(cells)
    return row + 1


def _lines(value: Value, width: int) -> int:
    """How many lines a text takes in a column of this width."""
    return -(-len(value) * 9 // (width * 8)) if isinstance(value, str) else 1


STYLED = ("percent", "long", "count")
PLAIN = (float, int, type(None))


class _Plain(dict[Value, Any]):
    """Each value as openpyxl writes it: a number, or a text that never becomes a formula. Most texts come many times."""

    def __init__(self, sheet: Any) -> None:
        super().__init__()
        self._sheet = sheet

    def __missing__(self, value: Value) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        plain = text_cell(self._sheet, value) if isinstance(value, str) else value
        if not hasattr(plain, "data_type"):  # a cell of its own is written once
            self[value] = plain
        return plain


def text_cell(sheet: Any, text: str) -> Any:
    """A text as text: "=1+1" is no formula, "#N/A" no error; control characters become visible; nothing is cut."""
    if not _ODD.search(text):
        return text or None
    text = visible(text)
    if text[0] == "=" or text in _ERRORS:
        cell = WriteOnlyCell(sheet, value="x")
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    return text


def visible(text: str) -> str:
    """The text with every character that XML forbids written out, and none that Excel would read out of "_x0041_"."""
    if "_x" in text:
        text = _SPELLED.sub("_x005F_", text)
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found.group()):02x}", text) if _FORBIDDEN.search(text) else text


def _styled(sheet: Any, text: str, font: Font) -> Any:
    written = text_cell(sheet, text)
    cell = written if hasattr(written, "data_type") else WriteOnlyCell(sheet, value=written)
    cell.font = font
    return cell


def _heading(sheet: Any, column: Column) -> Any:
    text = text_cell(sheet, column.heading)
    cell = text if hasattr(text, "data_type") else WriteOnlyCell(sheet, value=text)
    cell.font, cell.fill, cell.alignment = HEADING, SHADE, CENTRED
    return cell


def _look(sheet: Any, column: Column) -> Any:
    """The styled cell of a column. Plain whole numbers of a `count` column need none, only its words (+16)."""
    cell = WriteOnlyCell(sheet, value=0)
    if column.kind == "percent":
        cell.number_format = "0.00"
    else:
        cell.alignment = RIGHT if column.kind == "count" else WRAPPED
    return cell
