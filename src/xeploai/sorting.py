"""Which sheet is for what, and which book they speak of: before anything is understood of their points.

sort_out → choose → usable → (bind) → what is said where nothing is bound
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.book.load import Loaded, load_book, shipped_books
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding, Unusable
from xeploai.model import Grid
from xeploai.steps.assign import is_assignment
from xeploai.steps.bind import Understood, bind, effective_leaves, speaks_of
from xeploai.steps.headings import is_decision, is_heads
from xeploai.steps.recall import is_history
from xeploai.steps.table import Words, find
from xeploai.steps.unfold import unfold

if TYPE_CHECKING:
    from xeploai.book.placing import Placing

RESULT_SHEETS = ("Tổng hợp", "Kết quả", "Cảnh báo", "Chi tiết", "Lịch sử", "Thông tin")
"""The sheets of the result workbook ◆; a workbook that has them all is our own result."""

OUR_SHEETS = (set(RESULT_SHEETS), {"So sánh", "Đơn vị", "Tiêu chí"})
"""What a result and a comparison hold: neither is a score sheet."""


class Sheets(NamedTuple):
    """The grids of all inputs, sorted by what they are for."""

    scores: tuple[Grid, ...] = ()
    history: tuple[Grid, ...] = ()
    assignments: tuple[Grid, ...] = ()
    decisions: tuple[Grid, ...] = ()
    heads: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()


def sort_out(scores: Sequence[Grid], history: Sequence[Grid]) -> Sheets:
    """Score sheets, history and assignments among all grids; our own results are no score sheets."""
    findings: list[Finding] = []
    tables: list[Grid] = []
    past: list[Grid] = []
    assignments: list[Grid] = []
    decisions: list[Grid] = []
    persons: list[Grid] = []
    own = _own_results(scores)
    findings += (our.OWN_RESULT(file=file) for file in sorted(own))
    for grid in scores:
        if not grid.rows:
            continue
        if is_history(grid):
            past.append(grid)
        elif grid.file in own:
            continue
        elif is_assignment(grid):
            assignments.append(grid)
        elif is_decision(grid):
            decisions.append(grid)
        elif is_heads(grid):
            persons.append(grid)
        else:
            tables.append(grid)
    for file in dict.fromkeys(grid.file for grid in history):
        of_file = [grid for grid in history if grid.file == file and grid.rows]
        named = [grid for grid in of_file if is_history(grid)]
        past += named or [grid for grid in of_file if grid.visible]
    return Sheets(tuple(tables), tuple(past), tuple(assignments), tuple(decisions), tuple(persons), tuple(findings))


def with_score_sheets(book: RuleBook, sheets: Sheets) -> Sheets:
    """A sheet called «Cán bộ» may be the score sheet itself, where a book rates persons: what it holds decides."""
    words = Words.of(book)
    named = (*sheets.heads, *sheets.decisions)
    tables = [grid for grid in named if (found := find(grid, words)) and speaks_of(book, found)]
    if not tables:
        return sheets
    return sheets._replace(scores=(*sheets.scores, *tables), heads=tuple(grid for grid in sheets.heads if grid not in tables),
        decisions=tuple(grid for grid in sheets.decisions if grid not in tables),
    )  # fmt: skip


def _own_results(grids: Sequence[Grid]) -> set[str]:
    names: dict[str, set[str]] = {}
    for grid in grids:
        names.setdefault(grid.file, set()).add(grid.sheet)
    return {file for file, found in names.items() if any(found >= own for own in OUR_SHEETS)}


def check_placing(book: RuleBook, placing: Placing, grids: Sequence[Grid]) -> None:
    """Raise Unusable where a mapping file names what neither the book nor the files have."""
    codes = {*book.nodes, *(fact.code for fact in book.facts)}
    sheets = {vi.key(grid.sheet): grid.sheet for grid in grids}
    wrong = []
    for told in placing.sheets:
        if told.sheet and vi.key(told.sheet) not in sheets:
            near = vi.nearest(told.sheet, sheets.values())
            hint = f"; có phải «{near}»?" if near else f"; các trang có: {vi.listed(sheets.values())}"
            wrong.append(our.PLACING_WRONG(what=f"không tệp nào có trang «{told.sheet}»{hint}"))
        for each in told.criteria:
            if each.code not in codes:
                near = vi.nearest(each.code, codes)
                hint = f"; có phải «{near}»?" if near else ""
                wrong.append(our.PLACING_WRONG(what=f"bộ «{book.code}» không có tiêu chí «{each.code}»{hint}"))
    if wrong:
        raise Unusable(*wrong)


def usable(book: RuleBook, grids: Sequence[Grid], placing: Placing | None) -> tuple[list[Grid], list[Finding]]:
    """The visible grids; a hidden one only where no visible one of its file speaks of the book."""
    words, findings, usable = Words.of(book), list[Finding](), list[Grid]()
    for file in dict.fromkeys(grid.file for grid in grids):
        of_file = [grid for grid in grids if grid.file == file]
        hidden = [grid for grid in of_file if not grid.visible]
        visible = [grid for grid in of_file if grid.visible]
        usable += visible
        if not hidden:
            continue
        fits = any(_speaks(book, words, grid, placing) for grid in visible)
        for grid in hidden:
            rule = our.SHEET_HIDDEN if fits else our.SHEET_HIDDEN_READ
            if fits or _speaks(book, words, grid, placing):
                findings.append(rule(sheet=grid.sheet, file=grid.file, at=grid.cell(grid.top, grid.left)))
            if not fits:
                usable.append(grid)
    return usable, findings


def _speaks(book: RuleBook, words: Words, grid: Grid, placing: Placing | None) -> bool:
    """Whether a sheet holds scores of this book, however it is laid out."""
    found = find(grid, words)
    return bool(found and speaks_of(book, found)) or any(each.layout for each in unfold(book, [grid], placing)[0])


LOOKED_AT = 60
"""Sheets that are looked at for choosing the book: of five hundred forms the first ones tell."""


def choose(grids: Sequence[Grid], year: int | None, placing: Placing | None) -> Loaded:
    """The one shipped book whose criteria are all found by name and that is in force in the sheet's year."""
    fitting: list[Loaded] = []
    near: list[str] = []
    other_years: list[str] = []
    for code in shipped_books():
        loaded = load_book(code)
        words = Words.of(loaded.book)
        wide = unfold(loaded.book, grids[:LOOKED_AT], placing)[0]
        tables = [found for grid in wide if (found := find(grid, words))]
        if any(_all_by_name(loaded.book, found.names) for found in tables):
            wide = unfold(loaded.book, grids, placing)[0]
            years = [sheet.year for sheet in bind(loaded.book, wide, year=year)[0]]
            newest = year or max((each for each in years if each), default=None)
            if loaded.book.in_force(newest):
                fitting.append(loaded)
            else:
                other_years.append(f"«{code}» áp dụng {loaded.book.years}, bảng điểm là năm {newest}")
        elif any(speaks_of(loaded.book, found) for found in tables):
            near.append(code)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        message = f"Có {len(fitting)} bộ tiêu chí cùng khớp: {', '.join(each.book.code for each in fitting)}."
    elif other_years:
        message = f"Có bộ khớp đủ tiêu chí nhưng không áp dụng cho năm này: {'; '.join(other_years)}."
    elif near:
        message = f"Không bộ tiêu chí có sẵn nào khớp đủ tên tiêu chí; gần nhất: {', '.join(near)}."
    else:
        message = (
            f"Không bộ tiêu chí có sẵn nào khớp với biểu. Các bộ có sẵn: {', '.join(shipped_books()) or 'không có'}."
        )
    raise Unusable(our.NO_BOOK(message=message))


def _all_by_name(book: RuleBook, names: Iterable[str]) -> bool:
    """Whether everything that one kind of unit is judged by is found by name."""
    entered, missing, _ = effective_leaves(book, names)
    kinds = book.kinds if book.by_kind else ("",)
    return any(entered and not book.applicable(kind) & set(missing) for kind in kinds)


def no_units(book: RuleBook, seen: Understood) -> Finding:
    """A sheet in which everything was found but units."""
    grid = seen.grid
    at = grid.cell(seen.table.first, grid.left)
    return our.NO_UNITS(file=grid.file, sheet=grid.sheet, book=book.title, at=at)


def no_table(book: RuleBook, grid: Grid) -> Finding:
    """A sheet in which the book's table was not found, and what was."""
    found = find(grid, Words.of(book))
    seen = f"; chỉ thấy {', '.join(found.points)}" if found and found.points else ""
    return our.NO_TABLE(
        file=grid.file, sheet=grid.sheet, book=book.title, code=book.code, found=seen, at=grid.cell(grid.top, grid.left)
    )


def nothing(sheets: Sheets) -> list[Finding]:
    """What is said where no sheet at all may hold scores."""
    return [] if sheets.scores else [*sheets.findings, our.NO_BOOK(message="Không có trang tính nào là bảng điểm.")]


def not_bound(
    book: RuleBook, sheets: Sheets, understood: Sequence[Understood], told: Sequence[Finding]
) -> list[Finding]:
    """An error for each file in which no sheet is a score table, while other files have one; not where it was `told`."""
    used = {file for seen in understood for file in seen.grid.files} | {each.at.file for each in told if each.at}
    lost = [grid for grid in sheets.scores if grid.file not in used]
    first = {grid.file: grid for grid in reversed(lost)}
    return [no_table(book, grid) for grid in reversed(first.values())]
