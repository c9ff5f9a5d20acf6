"""roster: any sheet with a column of unit names → the list of units, for filling in a template."""

from __future__ import annotations

from collections.abc import Iterable

from xeploai import vi
from xeploai.model import Grid, Unit
from xeploai.steps import headings, table


def roster(grids: Iterable[Grid]) -> list[Unit]:
    """The units of the first sheet that lists any, in its order, each once."""
    for grid in grids:
        if not (grid.visible and (found := table.find_roles(grid, ("name",)))):
            continue
        units: dict[Unit, None] = {}
        section, (first, roles) = "", found
        for row in range(first, grid.height):
            name = headings.as_name(grid.value(row, roles["name"]))
            if not name or headings.is_no_unit(name) or headings.is_numbering(grid, row) or headings.role(name):
                continue
            if "parent" not in roles and vi.split_kind(name)[0] in vi.DISTRICT_KINDS:
                section = name
                continue
            parent = section
            if "parent" in roles:
                parent = grid.merged_text(row, roles["parent"])
            code = headings.as_name(grid.value(row, roles["code"])) if "code" in roles else ""
            units[Unit(name, parent, code)] = None
        if units:
            return list(units)
    return []
