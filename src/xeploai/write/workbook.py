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
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.writer.excel import ExcelWriter

from xeploai.findings import OUTPUT_FAILED, Unusable
from xeploai.report.table import EARLY, LETTERHEAD_ROWS, Column, Page, Table, Value, data_row
from xeploai.write import looks
from xeploai.write.looks import BODY, CENTRED, HEADING, NOTE, SHADE, TITLE

EPOCH = datetime.datetime(2000, 1, 1)
LONGEST = 32_767
HIGHEST = 1_048_576
MOST_LINKS = 65_530
"""Of a sheet: over a file with one more Excel complains."""
MOST_BYTES = 512 << 20
"""Of all sheets together before they are packed, for they stand in memory: fourteen times what 3,321 units with 100 criteria
take, and more than our own reader opens."""
A4 = 9  # Excel's number for the paper
SEEN = 1_000  # rows, after which the size is looked at
COMPRESSION = 4  # a third of the usual effort for an eighth more bytes
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPELLED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # "_x0041_" in a cell is an A to Excel
_ODD = re.compile(r"^[=#]|_x|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}

LINE_HEIGHT = 16  # points, for a line of BODY
ONE_PAGE = 30  # rows
PAPER = 232  # digits of BODY that a page of A4 across takes where they are printed as small as 7 points
FULL_SIZE = 130  # digits that it takes in their own size of 12 points: nothing is printed larger
PAPER_HIGH = 16  # centimetres of a page of A4 across, less a heading that is repeated
NARROWEST = 36  # what a column of long texts keeps where a page must be narrower


def workbook_bytes(pages: Iterable[Page]) -> bytes:
    """The workbook of these pages. Raises Unusable where a text does not fit into a cell: nothing is ever cut."""
    pages = list(pages)
    fits(pages)  # before the first row: a sheet that is begun must be ended
    book = in_house_style(Workbook(write_only=True))
    try:
        for page in sorted(pages, key=lambda page: page.name != EARLY):
            add(book, page)
    except Unusable:
        for sheet in book.worksheets:  # what is begun complains, when it is forgotten, that it was never ended
            sheet.close()
        raise
    return package(book, [page.name for page in pages])


def fits(pages: Iterable[Page]) -> None:
    """Raise Unusable where a text is longer than a cell can hold, or a page longer than a sheet."""
    for page in pages:
        if (rows := _rows(page)) > HIGHEST:
            raise _too_much(f"trang «{page.name}» cần {rows} hàng, Excel chỉ chứa {HIGHEST}")
        for table in page.tables:
            for row in (table.above, [column.heading for column in table.columns], *table.rows):
                for value in row:
                    if type(value) is str and len(value) > LONGEST // 6:  # a forbidden character is written out by six
                        uncut(value, page.name)


def _rows(page: Page) -> int:
    """How many rows a page takes."""
    signed = LETTERHEAD_ROWS + 3 if page.date is not None else 0
    return signed + sum(len(t.above) + bool(t.above) + (not t.prose) + len(t.rows) for t in page.tables)


def _bounded(sheet: Any) -> None:
    """Raise Unusable where the sheets so far take more memory than they may."""
    if sum(each._writer.out.tell() for each in sheet.parent._sheets) > MOST_BYTES:
        raise _too_much(f"các trang của kết quả lớn hơn {MOST_BYTES >> 20} MB")


def _too_much(what: str) -> Unusable:
    return Unusable(OUTPUT_FAILED(file="kết quả", reason=f"{what}; chia bảng điểm thành nhiều lần chạy"))


def uncut(text: str, page: str) -> str:
    """The text as a cell holds it. Raises Unusable where it is too long: openpyxl would cut it without a word."""
    written = visible(text)
    if len(written) > LONGEST:
        reason = f"trang «{page}» có một ô dài {len(written)} ký tự, Excel chỉ chứa {LONGEST}"
        raise Unusable(OUTPUT_FAILED(file="kết quả", reason=reason))
    return written


def in_house_style(book: Workbook) -> Workbook:
    """The workbook with Times New Roman as its body font, as Nghị định 30/2020 wants official papers; what has no style
    of its own stands in the middle of its row, numbers with a decimal comma."""
    book._fonts = IndexedList([BODY])  # type: ignore[attr-defined]  # openpyxl has no other door to the default style
    normal = book._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font, normal.alignment, normal.number_format = BODY, looks.MIDDLE, looks.GENERAL
    usual = StyleArray()
    usual.alignmentId = book._alignments.add(looks.MIDDLE)  # type: ignore[attr-defined]
    usual.numFmtId = 164 + book._number_formats.add(looks.GENERAL)  # type: ignore[attr-defined]
    book._cell_styles = IndexedList([usual])  # type: ignore[attr-defined]
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
    sheet: Any = book.create_sheet(page.name)
    sheet.merged_cells = []  # in their order: openpyxl's own set has another one in every run
    first = page.tables[0]
    signed = page.date is not None
    data = data_row(first.above, signed=signed)
    widths = _widths(page)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    _set_up(sheet, page, data, widths)
    heights = [_heights(table, widths) for table in page.tables]
    usual = max(Counter(heights[0]).items(), key=lambda item: item[1], default=(1, 0))[0]
    if usual > 1:
        sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = usual * LINE_HEIGHT, True
    if page.charts:
        _charts(sheet, page, data, usual)
    sheet._writer = WorksheetWriter(sheet, io.BytesIO())
    sheet._writer.write_top()
    row, across = 1, _first_sheet(widths, sheet.page_setup.fitToWidth, _frozen_columns(page))
    if page.date is not None:
        row = _letterhead(sheet, page.date, len(widths))
    for table, lines in zip(page.tables, heights, strict=True):
        row = _table(sheet, page, table, lines, row, usual, widths, across)
        _bounded(sheet)
    if page.date is not None:
        _signatures(sheet, row, len(widths))


def _set_up(sheet: Any, page: Page, data: int, widths: Sequence[float]) -> None:
    """What is seen on opening and on paper: the heading stays, the name stays, every page has a number."""
    first = page.tables[0]
    frozen = _frozen_columns(page)
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{data}"
    if len(page.tables) == 1 or len(first.rows) > ONE_PAGE:  # a heading is not repeated over another table
        sheet.print_title_rows = f"{data - 1}:{data - 1}"
    if frozen:
        sheet.print_title_cols = f"A:{get_column_letter(frozen)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.fitToWidth = 1 if page.date is not None else _pages_across(widths, frozen)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.oddFooter.center.text = "&P/&N"
    sheet.sheet_view.showGridLines = False
    if len(page.tables) == 1 and first.rows and not first.prose:
        last = get_column_letter(len(first.columns))
        sheet.auto_filter.ref = f"A{data - 1}:{last}{data + len(first.rows) - 1}"


def _pages_across(widths: Sequence[float], frozen: int) -> int:
    """How many sheets of paper side by side keep the letters large enough to read; each repeats the frozen columns."""
    repeated = sum(widths[:frozen])
    pages = 1
    while sum(widths) + (pages - 1) * repeated > PAPER * pages and pages < 20:
        pages += 1
    return pages


def _first_sheet(widths: Sequence[float], pages: int, frozen: int) -> int:
    """How many columns stand on the first of these sheets of paper: a title is centred over no more."""
    if pages == 1:
        return len(widths)
    room = max((sum(widths) + (pages - 1) * sum(widths[:frozen])) / pages, FULL_SIZE)
    taken = 0.0
    for place, width in enumerate(widths):
        taken += width
        if taken > room:
            return max(place, 1)
    return len(widths)


def _frozen_columns(page: Page) -> int:
    """The unit's name stays in sight on the pages that have a row per unit."""
    headings = [column.heading for column in page.tables[0].columns]
    return headings.index("Đơn vị") + 1 if "Đơn vị" in headings[:3] else 0


def _widths(page: Page) -> list[float]:
    """The width of every column: of short texts what they need, within the column's own width."""
    widest = max((table for table in page.tables if not table.prose), key=lambda table: len(table.columns))
    widths = [float(column.width) for column in widest.columns]
    for place, column in enumerate(widest.columns):
        if column.kind in ("text", "band"):
            texts = [row[place] for row in widest.rows]
            longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
            word = max(map(len, column.heading.split()), default=0)
            widths[place] = max(min(widths[place], longest * 1.05 + 2), word + 3, 6)
    if page.date is not None:  # one sheet of paper across: the longest texts give way, so that all can be read
        for place, column in enumerate(widest.columns):
            if column.kind == "long" and (excess := sum(widths) - PAPER) > 0:
                widths[place] = max(widths[place] - excess, min(widths[place], NARROWEST))
    return widths


def _heights(table: Table, widths: Sequence[float]) -> list[int]:
    """How many lines each row takes: without a height of its own a wrapped row shows one line in some programs."""
    if table.prose:
        return [_lines(row[0], sum(widths)) for row in table.rows]
    long = [(place, widths[place]) for place in _wrapping(table, widths)]
    if not long:
        return [1] * len(table.rows)
    return [max(_lines(row[place], width) for place, width in long) for row in table.rows]


def _wrapping(table: Table, widths: Sequence[float]) -> list[int]:
    """The columns whose texts take several lines: long ones, and short ones of which some are too long for the column."""
    return [
        place
        for place, column in enumerate(table.columns)
        if column.kind == "long"
        or (
            column.kind in ("text", "band")
            and any(len(text) > widths[place] for row in table.rows if isinstance(text := row[place], str))
        )
    ]


def _letterhead(sheet: Any, date: str, width: int) -> int:
    """The national title as Nghị định 30/2020 lays it out, with places for the office, number and date; the next free row."""
    left, right = _halves(width)
    place_and_date = f"…………, {date}" if date else "…………, ngày …… tháng …… năm …………"
    lines = (
        (("TÊN CƠ QUAN CHỦ QUẢN", looks.PLACES), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", looks.STRONG)),
        (("TÊN CƠ QUAN", looks.STRONG), ("Độc lập - Tự do - Hạnh phúc", looks.STRONG)),
        (("Số: ……/……", looks.PLACES), (place_and_date, looks.PLACES)),
    )
    for row, both in enumerate(lines, 1):
        sheet.row_dimensions[row].height = LINE_HEIGHT + 3
        _pair(sheet, row, both, (left, right))
    sheet.row_dimensions[LETTERHEAD_ROWS].height = LINE_HEIGHT
    sheet.append([])
    return LETTERHEAD_ROWS + 1


def _signatures(sheet: Any, row: int, width: int) -> None:
    """Places for the person who made the table and for the head, with room to sign."""
    for each in range(row, row + 3):  # else as high as the sheet's rows of units
        sheet.row_dimensions[each].height = LINE_HEIGHT + 3
    sheet.append([])
    signers = (("NGƯỜI LẬP BIỂU", looks.STRONG), ("THỦ TRƯỞNG CƠ QUAN", looks.STRONG))
    hints = (("(Ký, ghi rõ họ tên)", looks.PLACES), ("(Ký, ghi rõ họ tên, đóng dấu)", looks.PLACES))
    for place, both in enumerate((signers, hints)):
        _pair(sheet, row + 1 + place, both, _halves(width))


def _halves(width: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last column of the left and the right half."""
    middle = max(width // 2, 1)
    return (1, middle), (min(middle + 1, width), width)


def _pair(sheet: Any, row: int, words: Sequence[tuple[str, Font]], places: Sequence[tuple[int, int]]) -> None:
    """One line of two halves, each centred over its columns."""
    cells: list[Any] = [None] * places[1][1]
    for (text, font), (first, last) in zip(words, places, strict=True):
        cell = _styled(sheet, text, font)
        cell.alignment = looks.CENTRED_LINE
        cells[first - 1] = cell
        _merge(sheet, row, first, row, last)
    sheet.append(cells)


def _merge(sheet: Any, top: int, left: int, bottom: int, right: int) -> None:
    if (top, left) != (bottom, right):
        sheet.merged_cells.append(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")


def _table(
    sheet: Any,
    page: Page,
    table: Table,
    heights: Sequence[int],
    row: int,
    usual: int,
    widths: Sequence[float],
    across: int,
) -> int:
    """Write the table from this row on; returns the next free row. `usual` lines are the sheet's own row height."""
    row = _above(sheet, table, row, usual, widths[:across])
    if table.prose:
        return _prose(sheet, table, heights, row, len(widths))
    heading_lines = max(_lines(column.heading, width - 2) for column, width in zip(table.columns, widths, strict=False))
    sheet.row_dimensions[row].height = max(2, min(heading_lines, 12)) * LINE_HEIGHT + 4
    sheet.append([_heading(sheet, column) for column in table.columns])
    first = row + 1
    linked = {place for place, link in table.links.items() if any(link.rows)}
    wrapping = _wrapping(table, widths)
    styled = {
        place: _look(sheet, column, linked=place in linked)
        for place, column in enumerate(table.columns)
        if column.kind in STYLED or place in linked or wrapping  # in high rows every value stands in the middle
    }
    plain = _Plain(sheet)
    for values, lines in zip(table.rows, heights, strict=True):
        row += 1
        cells = [value if type(value) in PLAIN else plain[value] for value in values]
        for place, cell in styled.items():
            value = cells[place]
            if value is not None and not hasattr(value, "data_type"):
                cell.value, cells[place] = value, cell  # one cell for the whole column: it is written at once
                cell.data_type = "s" if isinstance(value, str) else "n"
        if lines != usual:
            sheet.row_dimensions[row].height = lines * LINE_HEIGHT
        sheet.append(cells)
        if not row % SEEN:
            _bounded(sheet)
    if table.rows:
        _rules(sheet, page, table, first, row)
        _links(sheet, table, first)
    return row + 1


def _above(sheet: Any, table: Table, row: int, usual: int, widths: Sequence[float]) -> int:
    """The lines over a table, the first of the page as its title; the row after them."""
    if not table.above:
        return row
    if usual > 1:
        for above in range(row, row + len(table.above) + 1):
            sheet.row_dimensions[above].height = LINE_HEIGHT + 4
    for place, line in enumerate(table.above):
        cell = _styled(sheet, line, TITLE if place == 0 or "minh hoạ" not in line.lower() else NOTE)
        cell.alignment = CENTRED
        lines = _lines(line, sum(widths) * 0.8)
        if lines > 1:
            sheet.row_dimensions[row].height = lines * (LINE_HEIGHT + 4)
        sheet.append([cell])
        _merge(sheet, row, 1, row, len(widths))
        row += 1
    sheet.append([])
    return row + 1


def _prose(sheet: Any, table: Table, heights: Sequence[int], row: int, width: int) -> int:
    """Paragraphs over the whole width."""
    for (text, *_), lines in zip(table.rows, heights, strict=True):
        cell = _styled(sheet, str(text), BODY)
        cell.alignment = looks.WRAPPED
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 3
        sheet.append([cell])
        _merge(sheet, row, 1, row, width)
        row += 1
    return row


def _rules(sheet: Any, page: Page, table: Table, first: int, last: int) -> None:
    """The conditional formats of a table, column by column: bands, bars or shades, and lines around every cell."""
    for place, column in enumerate(table.columns, 1):
        area = f"{get_column_letter(place)}{first}:{get_column_letter(place)}{last}"
        for rule in looks.rules(column, page.bands):
            sheet.conditional_formatting.add(area, rule)


def _links(sheet: Any, table: Table, first: int) -> None:
    """From a unit's row to its rows on other pages. The places are ours: nothing of the data becomes a link."""
    left = MOST_LINKS - len(sheet._hyperlinks)
    for place, link in sorted(table.links.items()):
        column = get_column_letter(place + 1)
        targets = [(row, target) for row, target in enumerate(link.rows) if target][:left]
        left -= len(targets)
        sheet._hyperlinks += (
            Hyperlink(ref=f"{column}{first + row}", location=f"'{link.page}'!A{target}") for row, target in targets
        )


def _charts(sheet: Any, page: Page, data: int, usual: int) -> None:
    """The charts stand below all that is written, on pages of their own; none lies over another or over a page's edge."""
    from xeploai.write.charts import chart

    row = data + len(page.tables[0].rows)
    for table in page.tables[1:]:
        row += len(table.above) + bool(table.above) + len(table.rows) + (0 if table.prose else 1)
    row += 7 if page.date is not None else 1
    high = (usual * LINE_HEIGHT if usual > 1 else 15) / 72 * 2.54  # centimetres of an empty row
    left = 0.0
    for spec in page.charts:
        made = chart(sheet, spec, page.tables[0], data, page.bands)
        rows = ceil(made.height / high) + 2
        if rows * high > left:
            sheet.row_breaks.append(Break(row - 1))
            left = PAPER_HIGH
        sheet.add_chart(made, f"A{row + 1}")  # a frame on the very edge would be printed on both pages
        left -= rows * high
        row += rows


def _lines(value: Value, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    return (
        ceil(len(value) / max(width * 1.1 - 2.5, 4)) or 1 if isinstance(value, str) else 1
    )  # half a word is lost per line


STYLED = ("percent", "long", "count", "band")
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
    cell.font, cell.fill, cell.alignment, cell.border = HEADING, SHADE, CENTRED, looks.LINES
    return cell


def _look(sheet: Any, column: Column, *, linked: bool = False) -> Any:
    """The styled cell of a column. Plain whole numbers of a `count` column need none, only its words (+16)."""
    cell = WriteOnlyCell(sheet, value=0)
    if column.kind == "percent":
        cell.number_format, cell.alignment = looks.TWO_PLACES, looks.CENTRED_LINE
    elif column.kind in ("count", "points"):
        cell.number_format, cell.alignment = looks.GENERAL, looks.CENTRED_LINE
    elif column.kind == "band":
        cell.alignment = CENTRED
    else:
        cell.alignment = looks.WRAPPED
    if linked:
        cell.font = looks.LINKED
    return cell
