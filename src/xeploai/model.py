"""The nouns that travel down the line: what stands in a workbook, what was understood, what came out.

Frozen values. A band is named here, not held: only the book knows what a band is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from xeploai import vi
from xeploai.vi import Exact

NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""The empty table that fields have where nothing is said."""

# ------------------------------------------------------------------------------------------- cells, grids


def column_letters(column: int) -> str:
    """0 → "A", 26 → "AA"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Cell(NamedTuple):
    """A place that a person can go to. Row and column count from 0; the address is Excel's own."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """F12"""
        return f"{column_letters(self.column)}{self.row + 1}"

    def __str__(self) -> str:
        return f"{self.file} · {self.sheet} · {self.address}"


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell in which Excel shows an error: #REF!, #N/A … `formula`: the one behind it, "" where none can be told."""

    code: str
    formula: str = field(default="", compare=False)  # two cells in error tell the same, whatever stands behind

    def __str__(self) -> str:
        """#DIV/0!, công thức «=C2/D2»"""
        return f"{self.code}, công thức «{vi.shown(self.formula)}»" if self.formula else self.code


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula that was never worked out: the file holds no result of it. "" where it cannot be told."""

    formula: str = field(compare=False)

    def __str__(self) -> str:
        """công thức «=C2/D2»"""
        return f"công thức «{vi.shown(self.formula)}»" if self.formula else "công thức"


@dataclass(frozen=True, slots=True)
class Disputed:
    """Two places tell different things of one unit: neither is used, which was told, and it is no blank."""


Value = None | float | int | str | bool | datetime | date | time | timedelta | CellError | Uncomputed | Disputed
"""What a cell may hold: nothing, a number, a text, a boolean, a date or time, an error, a formula without a result; and
what is known of several cells that disagree."""


FactValue = Decimal | Fraction | bool | str | None
"""A fact as read: a number (of a `phần trăm` fact the percent, 95 for 95 %), yes or no, a text; None: missing."""


@dataclass(frozen=True, eq=False, repr=False)
class Grid:
    """The raw sheet: values and where they stand.

    `rows[0][0]` is the cell (top, left) of the sheet, counted from 0; rows may differ in length. `merged` holds
    (first row, first column, last row, last column); `hidden_rows` and `hidden_columns` sheet positions from 0.
    `percents` are the numbers that the sheet shows as percents (0.5617 is seen as 56,17 %), by row and column;
    `fonts` the fonts of an old encoding (.VnTime, VNI-Times) in which a column's texts are set. `places` is empty for a
    sheet as it lies in its file; where values were taken from elsewhere (`layout` says how), it tells where each stands.
    """

    file: str
    sheet: str
    rows: list[list[Value]]
    top: int = 0
    left: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    visible: bool = True
    percents: frozenset[tuple[int, int]] = frozenset()
    fonts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    layout: str = ""

    @property
    def height(self) -> int:
        """One past the last row of the sheet."""
        return self.top + len(self.rows)

    @cached_property
    def width(self) -> int:
        """One past the last column of the sheet."""
        return self.left + max(map(len, self.rows), default=0)

    @cached_property
    def files(self) -> frozenset[str]:
        """The files that its values come from."""
        return frozenset(cell.file for cell in self.places.values()) | {self.file}

    def value(self, row: int, column: int) -> Value:
        """What stands at this place of the sheet; None outside the used range."""
        if row < self.top or column < self.left or row - self.top >= len(self.rows):
            return None
        line = self.rows[row - self.top]
        return line[column - self.left] if column - self.left < len(line) else None

    def text(self, row: int, column: int) -> str:
        """The clean text at this place; "" for nothing, and for anything that is no text."""
        value = self.value(row, column)
        return vi.clean(value) if isinstance(value, str) else ""

    def cell(self, row: int, column: int) -> Cell:
        """The address of this place."""
        return self.places.get((row, column)) or Cell(self.file, self.sheet, row, column)

    @cached_property
    def spread(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Every covered cell of a (not too large) merged area → the cell that holds its value."""
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            if (bottom - top + 1) * (right - left + 1) <= 10_000
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }

    def merged_text(self, row: int, column: int) -> str:
        """The text that a person sees at this place, also inside a merged area."""
        return self.text(*self.spread.get((row, column), (row, column)))


# ------------------------------------------------------------------------------------------- units, scores


class Unit(NamedTuple):
    """A unit as the sheet names it. Identity is the code, else (parent, name): two communes may share a name."""

    name: str
    parent: str = ""
    code: str = ""

    @property
    def kind(self) -> str:
        """xã, phường, thị trấn, huyện …; "" where the name does not say."""
        return vi.split_kind(self.name)[0]

    def __str__(self) -> str:
        return f"{self.name} ({self.parent})" if self.parent else self.name


class Block(NamedTuple):
    """A part of a score sheet that came from one grid: where each unit and each column stands there.

    Addresses are computed when a finding needs one, not stored per value. `units` counts within the score sheet.
    """

    grid: Grid
    first: int
    lines: tuple[int, ...]
    name_column: int
    columns: Mapping[str, int]
    total_column: int | None = None
    leaves: tuple[str, ...] = ()  # the criteria whose points arise here, in the book's order
    whole: frozenset[str] = frozenset()  # those of them that have parts in the book, but no columns for these here
    phases: Mapping[str, Mapping[str, int]] = NOTHING  # phase → criterion → column

    def cell(self, position: int, criterion: str) -> Cell | None:
        """The cell of this unit's points, or None where the grid has no such column."""
        column = self.columns.get(criterion)
        return None if column is None else self.grid.cell(self.lines[position - self.first], column)

    def in_phase(self, position: int, phase: str, criterion: str) -> Cell | None:
        """The cell of this unit's points in one phase."""
        column = self.phases.get(phase, {}).get(criterion)
        return None if column is None else self.grid.cell(self.lines[position - self.first], column)

    def value(self, position: int, criterion: str, phase: str | None = None) -> Value:
        """What stands in the cell of this unit's points, or of its points in one phase."""
        column = (self.columns if phase is None else self.phases.get(phase, {})).get(criterion)
        return None if column is None else self.grid.value(self.lines[position - self.first], column)

    def named(self, position: int) -> Cell:
        """The cell of this unit's name."""
        return self.grid.cell(self.lines[position - self.first], self.name_column)

    def total(self, position: int) -> Cell | None:
        """The cell of the total that the sheet itself states."""
        if self.total_column is None:
            return None
        return self.grid.cell(self.lines[position - self.first], self.total_column)


class ScoreSheet(NamedTuple):
    """One year's grids once understood: what was entered, by criterion and unit. Rows stay rows, points stay columns.

    `entered[code][i]` is the raw value of unit i under that criterion or fact; after `validate`, `points[code][i]` is the
    exact number or None, `facts[code][i]` the fact, and `faulty` holds the units that cannot be judged, each with the
    reasons. `phases[phase][code][i]` are the points of every phase, official or not; `absent` the units to which a
    criterion does not apply, as the sheet itself says.
    """

    year: int | None
    units: tuple[Unit, ...]
    blocks: tuple[Block, ...]
    entered: Mapping[str, list[Value]]
    totals: tuple[Value, ...] = ()
    points: Mapping[str, list[Decimal | None]] = NOTHING
    faulty: Mapping[int, tuple[str, ...]] = NOTHING
    kinds: tuple[str, ...] = ()  # what kind of organisation each unit is, in the words of the book
    facts: Mapping[str, Sequence[FactValue]] = NOTHING
    phases: Mapping[str, Mapping[str, Sequence[Decimal | None]]] = NOTHING
    absent: Mapping[str, frozenset[int]] = NOTHING
    lacking: Mapping[str, Mapping[int, Decimal]] = NOTHING  # points that no phase could give
    joined: Mapping[str, Mapping[int, Cell]] = NOTHING  # facts that stand in a table of their own
    twice: frozenset[int] = frozenset()  # units that are written more than once: nobody knows which row holds

    def block_of(self, position: int) -> Block:
        """The block in which unit i stands."""
        for block in self.blocks:
            if position < block.first + len(block.lines):
                return block
        raise IndexError(position)

    def cell(self, position: int, criterion: str) -> Cell | None:
        """Where this unit's points under a criterion, or its fact, stand."""
        own = self.joined.get(criterion, {}).get(position)
        return own or self.block_of(position).cell(position, criterion)

    def named(self, position: int) -> Cell:
        """Where this unit's name stands."""
        return self.block_of(position).named(position)


TOTAL = ""
"""The code under which the whole book's total stands among the points of the nodes."""


class Scores(NamedTuple):
    """Points at every node of the tree, by code and unit; the whole under `TOTAL`.

    `maxima` holds only the codes whose applicable maximum is not the same for all units (0: it does not apply to this one).
    `words` tells how facts became points, `notes` what a unit's total was made of beside its criteria.
    """

    points: Mapping[str, Sequence[Exact | None]]
    maxima: Mapping[str, Sequence[Exact]] = NOTHING
    words: Mapping[tuple[int, str], str] = NOTHING
    notes: Mapping[int, tuple[str, ...]] = NOTHING
    bonus: Mapping[int, Exact] = NOTHING  # net of the cap, in points
    penalty: Mapping[int, Exact] = NOTHING
    plain: bool = False  # entered and summed: no number among the points is a fraction


# --------------------------------------------------------------------------------------- ratings, the past


class Decision(NamedTuple):
    """What the authority decided on one unit, and where that is written (sheet Quyết định)."""

    band: str
    reason: str
    document: str
    at: Cell


class Head(NamedTuple):
    """A person who is rated by the unit's band: proposed, and what the caps leave of it."""

    name: str
    position: str = ""
    deputy: bool = False
    proposed: str | None = None
    band: str | None = None
    why: tuple[str, ...] = ()
    at: Cell | None = None


class Rating(NamedTuple):
    """One unit's result. `band` is None when there is none; then `status` and `why` say the reason.

    points and max_points in points; percent of the applicable maximum, exact. Ranks share places: 1, 2, 2, 4.
    """

    unit: Unit
    year: int | None
    status: str  # "rated" | "unrated" | "undetermined"
    points: Exact | None = None
    max_points: Exact | None = None
    percent: Fraction | None = None
    band: str | None = None
    titles: tuple[str, ...] = ()
    rank: int | None = None
    of: int | None = None
    group_rank: int | None = None
    group_of: int | None = None
    why: tuple[str, ...] = ()
    computed: str | None = None  # the band by points and conditions alone, before caps, quotas and decisions
    group: str = ""  # what the group rank is within
    gap: Fraction | None = None  # percentage points below the unit that is next above
    decision: Decision | None = None
    head: Head | None = None
    others: tuple[Head, ...] = ()  # deputies, and whoever else is rated by the unit's band
    open_titles: tuple[str, ...] = ()  # titles of which nobody knows, for a fact is missing


class Record(NamedTuple):
    """What is known of one unit in one earlier year, and where it is written."""

    year: int
    band: str | None
    titles: frozenset[str] | None = None  # None: that year's source says nothing of titles
    rank: int | None = None
    of: int | None = None
    last: bool | None = None  # nobody lower, ties included; None: not known
    points: Exact | None = None
    max_points: Exact | None = None
    flags: tuple[str, ...] = ()
    book: str = ""
    at: Cell | None = None
    low: frozenset[str] = frozenset()  # the criteria that this year's flags spoke of
    open_titles: frozenset[str] = frozenset()  # titles of which that year's source does not know
    olds: tuple[Old, ...] = ()  # the units that this one was before a merger or a change of name
    policy: str = ""  # how their records make this one; "" where one unit simply goes on
    name: str = ""  # what the unit was called then, where that is not what it is called now

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Where it is written: of a unit that was several, where each of them is."""
        if self.olds:
            return tuple(cell for old in self.olds if old.record for cell in old.record.cells)
        return (self.at,) if self.at else ()


class Old(NamedTuple):
    """A unit that went into another one, whole or in part, and its record of one year; None: missing."""

    unit: Unit
    record: Record | None
    partial: bool = False

    def __str__(self) -> str:
        return f"{self.unit} (một phần)" if self.partial else str(self.unit)


class Formed(NamedTuple):
    """How a unit of the classified year came about, and what becomes of the years before."""

    year: int  # its first year
    words: str  # "thành lập ngày 01/07/2025 từ Xã A và Xã B"
    policy: str  # "dừng": nothing of them is counted; "": one unit goes on under another name
    since: str = ""  # the date as written

    def __str__(self) -> str:
        how = POLICIES.get(self.policy, "không tính vì bảng sáp nhập, đổi tên còn chỗ chưa rõ")
        return f"{self.words[:1].upper()}{self.words[1:]}; lịch sử trước đó {how}"


POLICIES = {
    "dừng": "không tính (qua sáp nhập: dừng)",
    "thấp nhất": "lấy mức thấp nhất của các đơn vị cũ (qua sáp nhập: thấp nhất)",
    "bất kỳ": "tính nếu bất kỳ đơn vị cũ nào như vậy (qua sáp nhập: bất kỳ)",
    "tất cả": "tính nếu tất cả các đơn vị cũ đều như vậy (qua sáp nhập: tất cả)",
    "": "là của đơn vị cũ",
}
"""What becomes of the history before a merger: the book or the user names one."""


class Past(NamedTuple):
    """The earlier years: for every unit of the classified year its records by year, newest known last."""

    records: Mapping[int, Mapping[int, Record]] = NOTHING  # position in the score sheet → year → record
    years: tuple[int, ...] = ()
    others: tuple[tuple[Unit, Record], ...] = ()  # units of earlier years that this year's sheet does not have
    formed: Mapping[int, Formed] = NOTHING  # position → how the unit came about, where a lineage tells

    def of(self, position: int) -> Mapping[int, Record]:
        """The records of the unit at this position of the classified score sheet."""
        return self.records.get(position, {})

    def in_year(self, year: int) -> Iterator[Record]:
        """Every known record of this year, of the units that are still there: none that old units only make up."""
        return (r[year] for r in self.records.values() if year in r and not r[year].policy)
