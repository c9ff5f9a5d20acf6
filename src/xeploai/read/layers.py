"""Cells that hold more than a person sees: values under a merged cell, values that were written over one another.

Nothing is taken out of the grid. Whoever reads the finding decides what should stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xeploai import vi
from xeploai.findings import CELL_COVERED, CELL_TWICE, Finding
from xeploai.model import CellError, Grid, Uncomputed, Value

SHOWN = 10
"""Cells that a sentence names; the finding carries them all."""


def rewritten(grid: Grid, places: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """The cells for which the file has more than one value (`doubled` among the facts of a sheet)."""
    if places:
        cells = [grid.cell(*place) for place in places]
        words = _named([cell.address for cell in cells[:SHOWN]], len(cells))
        yield CELL_TWICE(sheet=grid.sheet, count=len(cells), cells=words, at=cells[0], related=tuple(cells[1:]))


def covered(grid: Grid) -> Iterator[Finding]:
    """The cells of merged areas that hold a value of their own, though only the first one is seen."""
    hidden = sorted(dict(_beneath(grid)).items())
    if hidden:
        at, *related = [grid.cell(*place) for place, _ in hidden]
        words = _named([_against(grid, *pair) for pair in hidden[:SHOWN]], len(hidden))
        yield CELL_COVERED(sheet=grid.sheet, count=len(hidden), cells=words, at=at, related=tuple(related))


Place = tuple[int, int]


def _beneath(grid: Grid) -> Iterator[tuple[Place, Place]]:
    """(place, the one that is seen in its stead) under merged areas, which may be the whole sheet: within the rows."""
    left_over = len(grid.rows) * (grid.width - grid.left)  # areas do not overlap, unless somebody means harm
    for top, left, bottom, right in grid.merged:
        seen = grid.value(top, left)
        first, after = max(left - grid.left, 0), right + 1 - grid.left
        for row in range(max(top, grid.top), min(bottom + 1, grid.height)):
            line = grid.rows[row - grid.top][first:after] if after > 0 else []
            left_over -= len(line)
            if left_over < 0:
                return
            if line.count(None) == len(line):
                continue
            for column, value in enumerate(line, first + grid.left):
                if value is not None and value != seen and (row, column) != (top, left):
                    yield (row, column), (top, left)


def _named(words: Sequence[str], count: int) -> str:
    rest = count - len(words)
    return ", ".join(words) + (f" và {rest} ô khác" if rest > 0 else "")


def _against(grid: Grid, place: Place, seen: Place) -> str:
    """ "B3 (12; ô nhìn thấy B2 là 18)"."""
    own, other = (_shown(grid.value(*each)) for each in (place, seen))
    held = f"là {other}" if other else "để trống"
    return f"{grid.cell(*place).address} ({own}; ô nhìn thấy {grid.cell(*seen).address} {held})"


def _shown(value: Value) -> str:
    """A value as a sentence shows it: 12,5 · «Xã Ná» · #N/A."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return vi.number(vi.from_float(float(value)))
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, Uncomputed):
        return "công thức chưa được tính"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return f"«{vi.shown(value)}»" if isinstance(value, str) else str(value)
