"""A sheet whose layout no rule can find, read as a person tells it: where its units, years and criteria stand (--map).

What the mapping file may say is `book.placing`; here it is held against a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from xeploai import findings as our
from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Cell, Grid, Value
from xeploai.steps import headings
from xeploai.steps.remarks import hidden_points
from xeploai.steps.wide import FORM, TOLD, Entry, Found, Spread, seen_at, together, value_at

if TYPE_CHECKING:
    from xeploai.book.placing import Placing, SheetPlacing, Spot

_MAYBE = "Nếu là đơn vị, sửa «hàng» của tệp bố trí (--map) cho đủ rồi chạy lại; nếu không, để nguyên."


def placed(book: RuleBook, placing: Placing, grid: Grid) -> Spread | None:
    """What the mapping file finds in this sheet; None where it tells nothing of it."""
    told = _told_of(placing, grid)
    spread = together([_spread(book, each, grid) for each in told])
    return spread and spread._replace(findings=[*spread.findings, *_left_out(told, grid)])


def _told_of(placing: Placing, grid: Grid) -> list[SheetPlacing]:
    """What is told of this sheet: by its name, else of every sheet."""
    named = [each for each in placing.sheets if each.sheet and vi.key(each.sheet) == vi.key(grid.sheet)]
    return (named or [each for each in placing.sheets if not each.sheet]) if grid.rows else []


def _spread(book: RuleBook, told: SheetPlacing, grid: Grid) -> Spread:
    """A sheet read as the mapping file says, and no other way."""
    keys: dict[tuple[str, str], Spot] = {}
    for each in told.criteria:
        node = book.nodes.get(each.code)
        fact = book.fact_names.find(each.code)
        name = node.name if node else fact.name if fact else ""
        keys[f"{each.code}: {name}", each.phase] = each.at
    heads = {key: (_corner(grid, spot, told),) * 2 for key, spot in keys.items()}
    rows = [told.unit.row] if told.unit.row is not None else [*(told.rows or ())]
    entries: list[Entry] = []
    findings: list[Finding] = []
    for row in rows:
        values = {key: _at(grid, spot, row) for key, spot in keys.items()}
        spots = {"name": told.unit, "parent": told.parent, "code": told.unit_code}
        who = {role: _at(grid, spot, row, seen_at) for role, spot in spots.items() if spot}
        who = {role: found._replace(value=headings.as_name(found.value)) for role, found in who.items()}
        if told.year is not None:
            who["year"] = Found(told.year, who["name"].at) if isinstance(told.year, int) else _at(grid, told.year, row)
        elif told.is_form and (year := headings.year_in_name(grid.sheet) or headings.year_in_name(grid.file)):
            who["year"] = Found(year, who["name"].at)
        if not who["name"].value:
            if told.is_form:
                findings.append(our.FORM_NAMELESS(sheet=grid.sheet, file=grid.file, at=who["name"].at))
            elif any(found.value is not None for found in values.values()):
                findings.append(our.NAME_MISSING(sheet=grid.sheet, row=row + 1, at=who["name"].at))
            continue
        entries.append(Entry(who, values, not told.is_form and row in grid.hidden_rows))
    findings += hidden_points(grid, [], [spot.column for spot in keys.values()])
    return Spread(FORM if told.is_form else TOLD, entries, heads, findings)


def _left_out(told: Sequence[SheetPlacing], grid: Grid) -> Iterator[Finding]:
    """Rows with points that nothing told reaches: units, it may be, or sums, maxima, numbers of nobody."""
    read: set[tuple[int, int]] = set()
    columns: dict[int, int] = {}  # column of points → the column of their units' names
    for each in told:
        for spot in (one.at for one in each.criteria):
            if spot.row is not None:
                read.add((spot.row, spot.column))
                continue
            read.update((row, spot.column) for row in each.rows or ())
            columns.setdefault(spot.column, each.unit.column)
    maybe: list[tuple[Cell, str]] = []
    others: list[tuple[Cell, str]] = []
    for row in range(grid.top, grid.height):
        names = [
            name
            for column, name in columns.items()
            if (row, column) not in read and _is_number(grid.value(row, column))
        ]
        if names:
            label = headings.as_name(seen_at(grid, row, names[0]).value)
            cell = grid.cell(row, names[0])
            if vi.fold(label) in ("cong", "tong", "tong cong", "tong so"):
                continue
            is_name = any(map(str.isalpha, label)) and not headings.is_no_unit(label)
            (maybe if is_name else others).append((cell, label))
    for rule, rows, duty in ((our.ROWS_DOUBTFUL, maybe, _MAYBE), (our.ROWS_LEFT_OUT, others, "")):
        if rows:
            words = "; ".join(f"{at.row + 1}" + (f" «{vi.shown(name)}»" if name else "") for at, name in rows[:10])
            more = f"; … và {len(rows) - 10} hàng nữa" if len(rows) > 10 else ""
            cells = tuple(at for at, _ in rows)
            said = rule(
                sheet=grid.sheet, count=len(rows), rows=f"hàng {words}{more} (ngoài «hàng» của tệp bố trí)", at=cells[0],
                related=cells[1:],
            )  # fmt: skip
            yield said._replace(duty=duty or said.duty)


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        return vi.read_number(value) is not vi.NoNumber.TEXT
    return isinstance(value, float | int) and not isinstance(value, bool)


def _at(grid: Grid, spot: Spot, row: int, look: Callable[[Grid, int, int], Found] = value_at) -> Found:
    return look(grid, row if spot.row is None else spot.row, spot.column)


def _corner(grid: Grid, spot: Spot, told: SheetPlacing) -> Cell:
    """The cell that stands for a criterion in what is told of the layout."""
    return grid.cell(spot.row if spot.row is not None else told.rows.start if told.rows else grid.top, spot.column)
