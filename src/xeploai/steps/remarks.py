"""What must be told of a sheet that was unfolded: points that no criterion claims, or two; other maxima; what is hidden.

Here stand the findings that every layout with criteria as rows may give; what is a finding in one of them only stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from xeploai import findings as our
from xeploai import vi
from xeploai.findings import Finding
from xeploai.model import Cell, Grid, Value, column_letters

_GLUED = re.compile(r"(\d+(?:[.,]\d+)?)([⁰¹²³⁴-⁹]+|\d)")


def unknown_rows(grid: Grid, rows: Sequence[int], column: int) -> Finding:
    """Rows with points whose label, in this column, names no criterion."""
    words = "; ".join(f"{row + 1} «{vi.shown(_label(grid, row, column), 40)}»" for row in rows[:8])
    more = f"; … và {len(rows) - 8} hàng nữa" if len(rows) > 8 else ""
    cells = tuple(grid.cell(row, column) for row in rows)
    return our.CRITERION_UNKNOWN(
        sheet=grid.sheet, count=len(rows), rows=f"hàng {words}{more}", at=cells[0], related=cells[1:]
    )


def unknown_columns(grid: Grid, headed: Mapping[int, str], row: int) -> Finding:
    """Columns of points whose heading says nothing that is known; `row` is where the reader shall look."""
    cells = tuple(grid.cell(row, place) for place in headed)
    words = "; ".join(f"{column_letters(place)} «{vi.shown(text, 40)}»" for place, text in headed.items())
    return our.COLUMN_UNKNOWN(sheet=grid.sheet, count=len(headed), columns=words, at=cells[0], related=cells[1:])


def told_twice(grid: Grid, cells: Sequence[Cell]) -> Finding:
    """Different points of one unit for one criterion: the cells by twos, as `wide.put` gives them."""
    shown = ", ".join(cell.address for cell in cells[:12]) + (" …" if len(cells) > 12 else "")
    return our.CRITERION_TWICE(
        sheet=grid.sheet, count=len(cells) // 2, cells=shown, at=cells[0], related=tuple(cells[1:])
    )


def other_maxima(
    grid: Grid, rows: Mapping[int, str], column: int | None, maxima: Mapping[str, Decimal]
) -> Iterator[Finding]:
    """The form's own maxima, where they are not the book's. A footnote's digit may be glued to them: 20⁷, 207."""
    if column is None:
        return
    for row, code in rows.items():
        value = grid.value(row, column)
        if code not in maxima or value is None or isinstance(value, bool):
            continue
        if stated := _maximum(value, maxima[code]):
            yield our.MAXIMUM_DIFFERS(
                sheet=grid.sheet, criterion=code, seen=stated, most=vi.number(maxima[code]),
                at=grid.cell(row, column), cell=grid.cell(row, column).address,
            )  # fmt: skip


def hidden_points(grid: Grid, rows: Iterable[int], columns: Iterable[int]) -> Iterator[Finding]:
    """A warning for points that nobody sees in the sheet: they are read all the same."""
    for what, hidden in (
        ("hàng", [f"{row + 1}" for row in rows if row in grid.hidden_rows]),
        ("cột", [column_letters(column) for column in sorted(columns) if column in grid.hidden_columns]),
    ):
        if hidden:
            yield our.ROWS_HIDDEN(
                sheet=grid.sheet, what=f"{len(hidden)} {what} điểm", places=f"{what} {', '.join(hidden)}",
                done="Vẫn đọc: thiếu một tiêu chí thì không xếp loại được.", at=grid.cell(grid.top, grid.left),
            )  # fmt: skip


def _label(grid: Grid, row: int, column: int) -> str:
    return grid.text(row, column) or next((t for c in range(grid.left, column) if (t := grid.text(row, c))), "")


def _maximum(value: Value, most: Decimal) -> str:
    """The maximum that stands there, "" where it is this one."""
    if isinstance(value, float | int):
        number: Decimal | vi.NoNumber = vi.from_float(float(value))
    else:
        bare = re.sub(r"\s*(?:điểm|đ)$", "", vi.key(str(value)).strip("() "))
        number = vi.read_number(bare)
        if (glued := _GLUED.fullmatch(bare)) and vi.read_number(glued[1]) == most:
            return ""
    if isinstance(number, vi.NoNumber):
        return ""
    if number == most or (number == number.to_integral() and str(int(number))[:-1] == vi.exact(most)):
        return ""
    return vi.number(number)
