"""Cells that hold more than a person sees: values under a merged cell, values that were written over one another.

Nothing is taken out of the grid. Whoever reads the finding decides what should stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xeploai.findings import CELL_COVERED, CELL_TWICE, Finding
from xeploai.model import Cell, Grid

SHOWN = 10
"""Cells that a sentence names; the finding carries them all."""


def rewritten(grid: Grid, places: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """The cells for which the file has more than one value (`doubled` among the facts of a sheet)."""
    if places:
        cells = [grid.cell(*place) for place in places]
        yield CELL_TWICE(sheet=grid.sheet, count=len(cells), cells=_named(cells), at=cells[0], related=tuple(cells[1:]))


def covered(grid: Grid) -> Iterator[Finding]:
    """The cells of merged areas that hold a value of their own, though only the first one is seen."""
    cells = [grid.cell(*place) for place in sorted(set(_beneath(grid)))]
    if cells:
        yield CELL_COVERED(
            sheet=grid.sheet, count=len(cells), cells=_named(cells), at=cells[0], related=tuple(cells[1:])
        )


def _beneath(grid: Grid) -> Iterator[tuple[int, int]]:
    """Places under merged areas, within the rows that are there: the area itself may be the whole sheet."""
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
                    yield row, column


def _named(cells: Sequence[Cell]) -> str:
    rest = len(cells) - SHOWN
    return ", ".join(cell.address for cell in cells[:SHOWN]) + (f" và {rest} ô khác" if rest > 0 else "")
