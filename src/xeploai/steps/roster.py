"""roster: any sheet with a column of unit names → the list of units, for filling in a template."""

from __future__ import annotations

from collections.abc import Iterable

from xeploai import vi
from xeploai.model import Grid, Unit
from xeploai.steps import headings, table


def roster(grids: Iterable[Grid]) -> list[Unit]:
    """The units of the first visible sheet that lists any, in its order, each once; units are codes, names and parents.

    Where the rows are numbered (TT), only numbered rows are units: sections and signatures have no number.
    """
    for grid in grids:
        if not (grid.visible and (found := table.find_roles(grid, ("name",)))):
            continue
        first, roles = found
        units: dict[Unit, None] = {}
        section = ""
        for row in range(first, grid.height):
            name = headings.as_name(grid.value(row, roles["name"]))
            if not name or headings.is_no_unit(name) or headings.is_numbering(grid, row) or headings.role(name):
                continue
            if "number" in roles and not _counted(grid, row, roles["number"]):
                section = name if vi.split_kind(name)[0] in vi.DISTRICT_KINDS else section
                continue
            if "number" not in roles and "parent" not in roles and vi.split_kind(name)[0] in vi.DISTRICT_KINDS:
                section = name
                continue
            parent = section
            if "parent" in roles:
                column = roles["parent"]
                parent = headings.as_name(grid.value(*grid.spread.get((row, column), (row, column))))
            code = headings.as_name(grid.value(row, roles["code"])) if "code" in roles else ""
            units[Unit(name, parent, code)] = None
        if units:
            return list(units)
    return []


def _counted(grid: Grid, row: int, column: int) -> bool:
    value = grid.value(row, column)
    return isinstance(value, float | int) or (isinstance(value, str) and vi.clean(value).rstrip(".").isdigit())
