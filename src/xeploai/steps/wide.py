"""The wide table that other layouts are written out as: two rows of heading, then a row per unit; addresses are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xeploai.findings import Finding
from xeploai.model import Cell, Grid, Value

COLUMNS = {"name": "Đơn vị", "parent": "Đơn vị cấp huyện", "code": "Mã đơn vị", "year": "Năm", "kind": "Loại đơn vị"}
"""What is told of a unit, and its heading in the wide table."""


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
