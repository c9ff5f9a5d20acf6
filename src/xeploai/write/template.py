"""An empty score sheet that is sure to bind: the book's own names as headings, limits on every column, units filled in."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.model import Unit
from xeploai.write.workbook import CENTRED, HEADING, NOTE, SHADE, TITLE, WRAPPED, package, visible

BLANK_ROWS = 50
FIXED = ("TT", "Mã đơn vị", "Huyện", "Đơn vị")
_THIN = Side(style="thin", color="999999")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def template_bytes(book: RuleBook, year: int | None, units: Sequence[Unit]) -> bytes:
    """The workbook: a score sheet for these units (or blank rows), and a sheet Phân công for who answers for what."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = f"Bảng điểm {year}" if year else "Bảng điểm"
    _scores(sheet, book, year, units)
    _assignments(workbook.create_sheet("Phân công"), book, units)
    return package(workbook)


def _scores(sheet: Worksheet, book: RuleBook, year: int | None, units: Sequence[Unit]) -> None:
    coded, grouped = any(unit.code for unit in units), any(unit.parent for unit in units) or not units
    fixed = [word for word in FIXED if (word != "Mã đơn vị" or coded) and (word != "Huyện" or grouped)]
    leaves, first = list(book.leaves), len(fixed) + 1
    top, depth = 5, book.depth
    data = top + depth + 1
    last_row = data + (len(units) or BLANK_ROWS) - 1
    sheet["A1"] = f"BẢNG CHẤM ĐIỂM, XẾP LOẠI NĂM {year or '……'}"
    sheet["A1"].font = TITLE
    sheet["A2"] = f"Theo bộ tiêu chí: {book.title}" + (f" ({book.basis})" if book.basis else "")
    sheet["A3"] = "Ghi điểm vào các ô trắng, từ 0 đến điểm tối đa. Không có điểm thì để trống; 0 điểm thì ghi 0." + (
        " SỐ MINH HOẠ: chưa có văn bản xác nhận." if book.illustrative else ""
    )
    sheet["A2"].font = sheet["A3"].font = NOTE
    for place, word in enumerate(fixed, 1):
        _heading(sheet, top, place, word, down=depth)
    column = first
    for root in book.criteria:
        column = _criterion(sheet, root, top, column, depth, 0)
    _heading(sheet, top, column, "Tổng điểm", down=depth)
    for place in range(1, column + 1):  # (1) (2) (3): offices number their columns
        cell = sheet.cell(data - 1, place, f"({place})")
        cell.font, cell.alignment, cell.border = NOTE, CENTRED, GRID
    for place, leaf in enumerate(leaves, first):
        _limits(sheet, leaf, get_column_letter(place), data, last_row)
    _rows(sheet, fixed, units, data, last_row, first, column)
    sheet.freeze_panes = f"{get_column_letter(first)}{data}"
    sheet.print_title_rows = f"{top}:{data - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    assert sheet.sheet_properties.pageSetUpPr
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    widths = {"TT": 6, "Mã đơn vị": 11, "Huyện": 24, "Đơn vị": 26}
    for place in range(1, column + 1):
        word = fixed[place - 1] if place < first else ""
        sheet.column_dimensions[get_column_letter(place)].width = widths.get(word, 14)
    sheet.row_dimensions[top].height = 64
    for row in range(top + 1, top + depth):
        sheet.row_dimensions[row].height = 78


def _criterion(sheet: Worksheet, node: Criterion, row: int, column: int, depth: int, level: int) -> int:
    """The heading of this node and its parts; returns the next free column."""
    if not node.parts:
        _heading(sheet, row + level, column, node.name, down=depth - level)
        most = f"Mã {node.code}. Điểm từ 0 đến {vi.number(node.max_points)}."
        note = Comment(most + (f"\nCăn cứ: {node.basis}" if node.basis else ""), "xeploai")
        note.width, note.height = 260, 90
        sheet.cell(row + level, column).comment = note
        return column + 1
    after = column
    for part in node.parts:
        after = _criterion(sheet, part, row, after, depth, level + 1)
    _heading(sheet, row + level, column, node.name, across=after - column)
    return after


def _heading(sheet: Worksheet, row: int, column: int, text: str, *, down: int = 1, across: int = 1) -> None:
    for r in range(row, row + down):
        for c in range(column, column + across):
            sheet.cell(r, c).fill, sheet.cell(r, c).border = SHADE, GRID
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"
    cell.font, cell.alignment = HEADING, CENTRED
    if down > 1 or across > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row + down - 1, end_column=column + across - 1)


def _limits(sheet: Worksheet, leaf: Criterion, letter: str, first: int, last: int) -> None:
    rule = DataValidation(
        type="decimal", operator="between", formula1="0", formula2=vi.exact(leaf.max_points), allow_blank=True
    )
    rule.errorTitle, rule.error = "Điểm không hợp lệ", f"{leaf.code}: ghi số từ 0 đến {vi.number(leaf.max_points)}."
    rule.promptTitle, rule.prompt = leaf.code, f"Từ 0 đến {vi.number(leaf.max_points)} điểm."
    rule.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(rule)
    red = CellIsRule(  # type: ignore[no-untyped-call]
        operator="notBetween", formula=["0", vi.exact(leaf.max_points)], fill=PatternFill(bgColor="F8D7DA")
    )
    sheet.conditional_formatting.add(f"{letter}{first}:{letter}{last}", red)


def _rows(
    sheet: Worksheet, fixed: Sequence[str], units: Sequence[Unit], data: int, last: int, first: int, total: int
) -> None:
    for row in range(data, last + 1):
        unit = units[row - data] if units else None
        values = {
            "TT": row - data + 1 if unit else None,
            "Mã đơn vị": visible(unit.code) if unit else None,
            "Huyện": visible(unit.parent) if unit else None,
            "Đơn vị": visible(unit.name) if unit else None,
        }
        for place, word in enumerate(fixed, 1):
            cell = sheet.cell(row, place, values[word] or None)
            if isinstance(values[word], str) and values[word]:
                cell.data_type = "s"
        start, end = get_column_letter(first), get_column_letter(total - 1)
        sheet.cell(row, total, f'=IF(COUNT({start}{row}:{end}{row})=0,"",SUM({start}{row}:{end}{row}))')
        for place in range(1, total + 1):
            box = sheet.cell(row, place)
            box.border = GRID
            box.alignment = Alignment(vertical="center", horizontal="center" if place == 1 else None)


def _assignments(sheet: Worksheet, book: RuleBook, units: Sequence[Unit]) -> None:
    headings = ("Huyện", "Đơn vị", "Tiêu chí", "Lãnh đạo phụ trách", "Công chức phụ trách")
    for place, (word, width) in enumerate(zip(headings, (24, 26, 48, 28, 28), strict=True), 1):
        _heading(sheet, 1, place, word)
        sheet.column_dimensions[get_column_letter(place)].width = width
    criteria = book.by_level.get(vi.key(book.level), book.criteria)
    row = 2
    for unit in units:
        for criterion in criteria:
            for place, text in enumerate(map(visible, (unit.parent, unit.name, criterion.name)), 1):
                cell = sheet.cell(row, place, text or None)
                if text:
                    cell.data_type = "s"
                cell.alignment = WRAPPED
            row += 1
    sheet.freeze_panes = "A2"
