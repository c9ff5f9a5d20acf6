"""The wide table that other layouts are written out as: two rows of heading, then a row per unit; addresses are kept.

What is found in any layout is said in the nouns of this file: a value where it stands, an entry of one unit, a whole sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xeploai.findings import Finding
from xeploai.model import Cell, Grid, Value
from xeploai.steps import headings

COLUMNS = {"name": "Đơn vị", "parent": "Đơn vị cấp huyện", "code": "Mã đơn vị", "year": "Năm", "kind": "Loại đơn vị"}
"""What is told of a unit, and its heading in the wide table."""

FORM, DOWN, LONG, STACKED, TOLD = "phiếu", "bảng dọc", "bảng dài", "các bảng xếp chồng", "bảng theo tệp bố trí"
"""How a sheet was laid out, as the officer is told."""


class Found(NamedTuple):
    """A value and where it stands."""

    value: Value
    at: Cell
    percent: bool = False


class Entry(NamedTuple):
    """One unit as one sheet tells it: who, when, and its values by (heading of the criterion, phase)."""

    who: Mapping[str, Found]  # "name", "parent", "code", "year", "kind"
    values: Mapping[tuple[str, str], Found]
    hidden: bool = False  # its row or column is hidden


class Spread(NamedTuple):
    """What one sheet holds, unfolded."""

    layout: str
    entries: list[Entry]
    heads: Mapping[tuple[str, str], tuple[Cell, Cell]]  # heading, phase → the cells that say so
    findings: list[Finding]


def wide(parts: Sequence[tuple[Grid, Spread, list[Entry]]]) -> Grid:
    """One grid of all entries of a shape: two rows of heading (phases above criteria), then a row per unit."""
    grid, spread, _ = parts[0]
    entries = [entry for _, _, of_part in parts for entry in of_part]
    roles = [role for role in COLUMNS if any(role in entry.who for entry in entries)]
    keys = list(entries[0].values)
    left = 1 + len(roles)
    rows: list[list[Value]] = [
        ["STT", *(COLUMNS[role] for role in roles), *(phase or None for _, phase in keys)],
        [*(None for _ in range(left)), *(heading for heading, _ in keys)],
    ]
    places: dict[tuple[int, int], Cell] = {}
    percents: set[tuple[int, int]] = set()
    for column, key in enumerate(keys, left):
        label, phase = spread.heads[key]
        places[0, column], places[1, column] = phase, label
    for column in range(left):
        places[0, column] = places[1, column] = spread.heads[keys[0]][1]
    for row, entry in enumerate(entries, 2):
        nowhere = Found(None, entry.who["name"].at)
        told = [Found(row - 1, nowhere.at), *(entry.who.get(role, nowhere) for role in roles)]
        for column, found in enumerate([*told, *(entry.values[key] for key in keys)]):
            places[row, column] = found.at
            if found.percent:
                percents.add((row, column))
        rows.append([*(found.value for found in told), *(entry.values[key].value for key in keys)])
    hidden = frozenset(row for row, entry in enumerate(entries, 2) if entry.hidden)
    sheets = Counter(part.sheet for part, _, _ in parts)
    name = grid.sheet if len(sheets) == 1 else f"{grid.sheet} và {len(parts) - 1} trang khác"
    return Grid(
        grid.file,
        name,
        rows,
        hidden_rows=hidden,
        visible=grid.visible,
        percents=frozenset(percents),
        places=places,
        layout=spread.layout,
    )


def together(spreads: Sequence[Spread]) -> Spread | None:
    """What several places of one sheet hold, as one."""
    if not spreads:
        return None
    first = spreads[0]
    heads = {key: cells for each in reversed(spreads) for key, cells in each.heads.items()}
    entries = [entry for each in spreads for entry in each.entries]
    return first._replace(entries=entries, heads=heads, findings=[said for each in spreads for said in each.findings])


def put(values: dict[tuple[str, str], Found], key: tuple[str, str], found: Found) -> tuple[Cell, ...]:
    """Take a value down. Where another one is known already nobody knows which counts: the cells of both."""
    before = values.get(key)
    if before is None or before.value is None:
        values[key] = found
    elif found.value is not None and found.value != before.value:
        both = f"{_shown(before.value)} và {_shown(found.value)}"
        values[key] = Found(both, before.at)  # no number: the unit is not rated, and both are seen
        return before.at, found.at
    return ()


def _shown(value: Value) -> str:
    return headings.as_name(value).replace(".", ",") or str(value)


def value_at(grid: Grid, row: int, column: int) -> Found:
    """Points: those of a merged area are its first cell's, and nobody knows how the others share in them."""
    return Found(grid.value(row, column), grid.cell(row, column), (row, column) in grid.percents)


def seen_at(grid: Grid, row: int, column: int) -> Found:
    """What a person sees: also in a merged area, as a name over its rows."""
    return value_at(grid, *grid.spread.get((row, column), (row, column)))
