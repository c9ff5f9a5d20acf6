"""An empty score sheet that is sure to bind: the book's own names as headings, limits on every column, units filled in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.facts import Fact
from xeploai.book.rulebook import RuleBook
from xeploai.model import Unit
from xeploai.write.looks import CENTRED, HEADING, NOTE, SHADE, TITLE, WRAPPED
from xeploai.write.workbook import package, uncut, visible

BLANK_ROWS = 50
FIXED = ("TT", "Mã đơn vị", "Huyện", "Đơn vị")
KIND, OWN = "Loại đơn vị", "tự chấm"
LONGEST_LIST = 250  # characters of a list of choices that Excel still takes in a cell's rule
LONGEST_TITLE, LONGEST_HINT = 32, 225  # of a rule's title and words; one more and Excel calls the file damaged
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
    fixed += [KIND] if book.kinds else []
    first = len(fixed) + 1
    top, depth = 5, book.depth + (1 if book.official else 0)
    data = top + depth + 1
    last_row = data + (len(units) or BLANK_ROWS) - 1
    sheet["A1"] = f"BẢNG CHẤM ĐIỂM, XẾP LOẠI NĂM {year or '……'}"
    sheet["A1"].font = TITLE
    by = f"Theo bộ tiêu chí: {book.title}" + (f" ({book.basis})" if book.basis else "")
    sheet["A2"] = uncut(by, sheet.title)
    sheet["A3"] = "Ghi điểm vào các ô trắng, từ 0 đến điểm tối đa. Không có điểm thì để trống; 0 điểm thì ghi 0." + (
        " SỐ MINH HOẠ: chưa có văn bản xác nhận." if book.illustrative else ""
    )
    sheet["A2"].font = sheet["A3"].font = NOTE
    for place, word in enumerate(fixed, 1):
        _heading(sheet, top, place, word, down=depth)
    form = _Form(sheet, book, top, depth, data, last_row)
    if book.kinds:
        form.choose(first - 1, KIND, book.kinds)
    column = first
    for fact in book.facts:
        form.fact(fact, column)
        column += 1
    scores = column
    for root in book.roots:
        column = form.criterion(root, column, 0)
    last = column - 1
    if book.plain:
        _heading(sheet, top, column, "Tổng điểm", down=depth)
        last = column
    for place in range(1, last + 1):  # (1) (2) (3): offices number their columns
        cell = sheet.cell(data - 1, place, f"({place})")
        cell.font, cell.alignment, cell.border = NOTE, CENTRED, GRID
    _rows(sheet, fixed, units, data, last_row, scores, last, total=book.plain)
    sheet.freeze_panes = f"{get_column_letter(first)}{data}"
    sheet.print_title_rows = f"{top}:{data - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    assert sheet.sheet_properties.pageSetUpPr
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    widths = {"TT": 6, "Mã đơn vị": 11, "Huyện": 24, "Đơn vị": 26, KIND: 20}
    for place in range(1, last + 1):
        word = fixed[place - 1] if place < first else ""
        sheet.column_dimensions[get_column_letter(place)].width = widths.get(word, 14)
    sheet.row_dimensions[top].height = 64
    for row in range(top + 1, top + depth):
        sheet.row_dimensions[row].height = 78


class _Form:
    """The headings of the columns that people fill in, and what each column takes."""

    def __init__(self, sheet: Worksheet, book: RuleBook, top: int, depth: int, data: int, last: int) -> None:
        self.sheet, self.book, self.top, self.depth, self.data, self.last = sheet, book, top, depth, data, last

    def criterion(self, node: Criterion, column: int, level: int) -> int:
        """The heading of this node and its parts; returns the next free column. What facts alone make has no column."""
        if node.parts:
            after = column
            for part in node.parts:
                after = self.criterion(part, after, level + 1)
            if after > column:
                _heading(self.sheet, self.top + level, column, node.name, across=after - column)
            return after
        if node.scoring.own != "điểm":
            return self._own(node, column, level) if node.code in self.book.inputs[node.code] else column
        most = f"Mã {node.code}. Điểm từ 0 đến {vi.number(node.max_points)}."
        shares = self._phases(node)
        down = self.depth - level - (1 if shares else 0)
        _heading(self.sheet, self.top + level, column, node.name, down=down, across=max(1, len(shares)))
        self._explain(self.top + level, column, most, node.basis)
        for place, (phase, limit) in enumerate(shares, column):
            _heading(self.sheet, self.top + self.depth - 1, place, phase)
            self._limit(place, node.code, limit)
        if not shares:
            self._limit(column, node.code, node.max_points)
        return column + max(1, len(shares))

    def _phases(self, node: Criterion) -> list[tuple[str, Decimal]]:
        """(phase, maximum) of the columns under a criterion: the self-score first, then what makes the official score."""
        official = self.book.official
        if official is None:
            return []
        shares = {vi.key(share.phase): share.max_points for share in node.phases}
        wanted = [phase for phase in official.plus if not shares or vi.key(phase) in shares]
        phases = [OWN, *(phase for phase in (*wanted, *official.minus) if vi.key(phase) != vi.key(OWN))]
        return [(phase[:1].upper() + phase[1:], shares.get(vi.key(phase), node.max_points)) for phase in phases]

    def _own(self, node: Criterion, column: int, level: int) -> int:
        """A criterion whose own column holds what points are made of: a number, a choice."""
        row = self.top + level
        _heading(self.sheet, row, column, node.name, down=self.depth - level)
        options = getattr(node.scoring, "options", ())
        words = [option.word for option in options]
        what = f"Chọn: {'; '.join(words)}." if words else f"Ghi {node.scoring.own}; phần mềm tính ra điểm."
        self._explain(row, column, f"Mã {node.code}. {what}", node.basis)
        if words:
            self.choose(column, node.code, words)
        return column + 1

    def fact(self, fact: Fact, column: int) -> None:
        """The heading of a fact, and what its column takes."""
        _heading(self.sheet, self.top, column, fact.name, down=self.depth)
        allowed = ("có", "không") if fact.kind == "có/không" else fact.values
        if fact.kind == "mức" and not allowed:
            allowed = self.book.names.bands
        what = f"Ghi một trong: {'; '.join(allowed)}." if allowed else f"Ghi {fact.kind}."
        if fact.kind == "phần trăm":
            what = (
                "Ghi phần trăm, ví dụ 95 cho 95%." if fact.written != "0,95" else "Ghi phần trăm, ví dụ 0,95 cho 95%."
            )
        blank = f" Để trống nghĩa là {fact.blank}." if fact.blank else ""
        self._explain(self.top, column, f"Mã {fact.code}. {what}{blank}", fact.basis)
        if allowed:
            self.choose(column, fact.code, allowed)

    def choose(self, column: int, code: str, words: Sequence[str]) -> None:
        """A column that takes one of these words; a list that Excel could not hold stays a matter of the comment."""
        listed = ",".join(words)
        if len(listed) > LONGEST_LIST or any("," in word or '"' in word or visible(word) != word for word in words):
            return
        letter = get_column_letter(column)
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        rule.errorTitle, rule.error = "Chữ không có trong danh sách", _hint(code, "chọn một trong danh sách.")
        rule.add(f"{letter}{self.data}:{letter}{self.last}")
        self.sheet.add_data_validation(rule)

    def _explain(self, row: int, column: int, text: str, basis: str | None) -> None:
        note = Comment(uncut(text + (f"\nCăn cứ: {basis}" if basis else ""), self.sheet.title), "xeploai")
        note.width, note.height = 260, 90
        self.sheet.cell(row, column).comment = note

    def _limit(self, column: int, code: str, most: Decimal) -> None:
        letter = get_column_letter(column)
        where = f"{letter}{self.data}:{letter}{self.last}"
        rule = DataValidation(
            type="decimal", operator="between", formula1="0", formula2=vi.exact(most), allow_blank=True
        )
        rule.errorTitle, rule.error = "Điểm không hợp lệ", _hint(code, f"ghi số từ 0 đến {vi.number(most)}.")
        rule.promptTitle = visible(code) if len(visible(code)) <= LONGEST_TITLE else None
        rule.prompt = f"Từ 0 đến {vi.number(most)} điểm."
        rule.add(where)
        self.sheet.add_data_validation(rule)
        red = CellIsRule(  # type: ignore[no-untyped-call]
            operator="notBetween", formula=["0", vi.exact(most)], fill=PatternFill(bgColor="F8D7DA")
        )
        self.sheet.conditional_formatting.add(where, red)


def _hint(code: str, words: str) -> str:
    """What a rule says; without the code where that is too long to stand there."""
    hint = f"{visible(code)}: {words}"
    return hint if len(hint) <= LONGEST_HINT else words


def _as_text(cell: Cell) -> None:
    """A text that stays one when somebody edits its cell: people fill this workbook in."""
    cell.data_type = "s"
    if str(cell.value).startswith("="):
        cell.quotePrefix = True


def _heading(sheet: Worksheet, row: int, column: int, text: str, *, down: int = 1, across: int = 1) -> None:
    for r in range(row, row + down):
        for c in range(column, column + across):
            sheet.cell(r, c).fill, sheet.cell(r, c).border = SHADE, GRID
    cell = sheet.cell(row, column, uncut(text, sheet.title))
    _as_text(cell)
    cell.font, cell.alignment = HEADING, CENTRED
    if down > 1 or across > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row + down - 1, end_column=column + across - 1)


def _rows(
    sheet: Worksheet,
    fixed: Sequence[str],
    units: Sequence[Unit],
    data: int,
    last: int,
    first: int,
    final: int,
    *,
    total: bool,
) -> None:
    for row in range(data, last + 1):
        unit = units[row - data] if units else None
        values = {
            "TT": row - data + 1 if unit else None,
            "Mã đơn vị": uncut(unit.code, sheet.title) if unit else None,
            "Huyện": uncut(unit.parent, sheet.title) if unit else None,
            "Đơn vị": uncut(unit.name, sheet.title) if unit else None,
        }
        for place, word in enumerate(fixed, 1):
            cell = sheet.cell(row, place, values.get(word) or None)
            if isinstance(values.get(word), str) and values.get(word):
                _as_text(cell)
        if total:
            start, end = get_column_letter(first), get_column_letter(final - 1)
            sheet.cell(row, final, f'=IF(COUNT({start}{row}:{end}{row})=0,"",SUM({start}{row}:{end}{row}))')
        for place in range(1, final + 1):
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
            for place, text in enumerate((unit.parent, unit.name, criterion.name), 1):
                cell = sheet.cell(row, place, uncut(text, sheet.title) or None)
                if text:
                    _as_text(cell)
                cell.alignment = WRAPPED
            row += 1
    sheet.freeze_panes = "A2"
