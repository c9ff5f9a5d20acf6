"""assign: the sheet «Phân công» → the two people who answer for each criterion of each unit.

Columns: unit, criterion, leader in charge (lãnh đạo phụ trách), official of the field (công chức); district and code
where there are any. A row without a unit speaks of every unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import ASSIGNMENT_UNKNOWN, SHEET_UNCLEAR, Finding
from xeploai.model import Grid, Unit
from xeploai.steps import headings, table
from xeploai.steps.match import Matcher

SHEET = "phan cong"

People = dict[tuple[int, str], tuple[str, ...]]


def is_assignment(grid: Grid) -> bool:
    """Whether this sheet is called Phân công."""
    return vi.fold(grid.sheet).startswith(SHEET)


def assign(book: RuleBook, units: Sequence[Unit], grids: Sequence[Grid]) -> tuple[People, list[Finding]]:
    """(position, criterion) → (leader, official), and findings on rows that match nothing. A unit's own row wins."""
    own: People = {}
    general: People = {}
    findings: list[Finding] = []
    matcher, words = Matcher(units), table.Words.of(book)
    for grid in grids:
        found = table.find_roles(grid, ("criterion",))
        if found is None or not {"leader", "official"} & found[1].keys():
            reason = "không thấy cột tiêu chí và cột người phụ trách"
            findings.append(SHEET_UNCLEAR(sheet=grid.sheet, reason=reason, at=grid.cell(grid.top, grid.left)))
            continue
        strangers: list[tuple[int, int]] = []
        current: list[int] | None = None  # the unit that was named last: it may be written once above its criteria
        given: set[str] = set()
        for row in range(found[0], grid.height):
            cells = {role: _text(grid, row, column) for role, column in found[1].items()}
            who = tuple(name for role in ("leader", "official") if (name := cells.get(role, "")))
            if not who or not cells["criterion"]:
                continue
            codes = words.named(cells["criterion"])[0]
            named = bool(cells.get("name") or cells.get("code"))
            if named:
                positions = _named(matcher, cells)
                if positions != current:
                    current, given = positions, set()
            elif cells.get("parent"):
                positions = [p for p, unit in enumerate(units) if _same(unit.parent, cells["parent"])]
            elif current is not None and len(codes) == 1 and codes[0] not in given:
                positions, named = current, True
            else:
                positions = list(range(len(units)))
            if len(codes) != 1 or not positions:
                who_else = [role for role in ("name", "code", "parent") if cells.get(role)]
                wrong = "criterion" if positions or not who_else else who_else[0]
                strangers.append((row, found[1][wrong]))
                continue
            given.add(codes[0])
            (own if named else general).update({(position, codes[0]): who for position in positions})
        findings += _strangers(grid, strangers)
    return {**general, **own}, findings


def _same(one: str, other: str) -> bool:
    """Whether two names of districts are one; a kind that one side lacks is ignored."""
    (kind, name), (other_kind, other_name) = vi.split_kind(one), vi.split_kind(other)
    return name == other_name and (not kind or not other_kind or kind == other_kind)


def _text(grid: Grid, row: int, column: int) -> str:
    """The text of a cell; a merged one is what stands in its first cell."""
    return headings.as_name(grid.value(*grid.spread.get((row, column), (row, column))))


def _named(matcher: Matcher, cells: dict[str, str]) -> list[int]:
    found = matcher.find(Unit(cells.get("name", ""), cells.get("parent", ""), cells.get("code", "")))
    return found if len(found) == 1 else []


def _strangers(grid: Grid, places: list[tuple[int, int]]) -> Iterator[Finding]:
    if places:
        at, *related = cells = [grid.cell(*place) for place in places]
        words = [
            f"hàng {cell.row + 1} «{vi.shown(_text(grid, *place))}» (ô {cell.address})"
            for place, cell in zip(places[:10], cells, strict=False)
        ]
        more = f"; … và {len(places) - 10} dòng nữa" if len(places) > 10 else ""
        yield ASSIGNMENT_UNKNOWN(
            sheet=grid.sheet, count=len(places), rows="; ".join(words) + more, at=at, related=tuple(related)
        )
