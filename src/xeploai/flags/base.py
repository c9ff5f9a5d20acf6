"""What every kind of flag shares: its identity in the book, and the case that it may look at.

A flag gets a `Case`, never the book; it yields findings through `found`, so that it cannot mislabel itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from xeploai import vi
from xeploai.book.bands import Band
from xeploai.book.criteria import Criterion
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Edge, Part, Range, Text
from xeploai.findings import Finding, Severity, Streak
from xeploai.model import Cell, FactValue, Past, Rating, Record, ScoreSheet, Unit
from xeploai.vi import Exact


class Names(NamedTuple):
    """The names that a book gives to its bands (high to low), titles, levels …: what a flag may refer to."""

    bands: tuple[str, ...]
    titles: tuple[str, ...]
    levels: tuple[str, ...]
    facts: FactNames = FactNames(())
    criteria: tuple[str, ...] = ()  # names and codes
    flags: tuple[str, ...] = ()  # codes
    by_quarter: bool = False  # whether the bands go by quarter of the ranking
    unit: str = "đơn vị"  # what is counted: units, or persons


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """What a flag may see. Read-only; units are counted by their position in the score sheet."""

    year: int | None
    sheet: ScoreSheet
    names: Names
    level: str  # the level that "mọi tiêu chí" speaks of where nothing else is said
    criteria: Mapping[str, tuple[Criterion, ...]]  # level → its criteria
    points: Mapping[str, Sequence[Exact | None]]  # criterion → points of every unit
    ratings: Sequence[Rating]
    past: Past = field(default_factory=Past)
    people: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    last: Mapping[int, bool] = field(default_factory=dict)  # position → nobody lower, ties included
    bands: tuple[Band, ...] = ()  # high to low
    maxima: Mapping[str, Sequence[Exact]] = field(default_factory=dict)  # criterion → maxima, where units differ
    facts: Mapping[str, Sequence[FactValue]] = field(default_factory=dict)  # fact's code → what every unit states
    look: Callable[[int], Look] | None = None  # position → what a condition may look at

    def max_of(self, position: int, criterion: Criterion) -> Exact:
        """The applicable maximum of this criterion for this unit, in points; 0 where it does not apply."""
        column = self.maxima.get(criterion.code)
        return criterion.max_points if column is None else column[position]

    def percent_of(self, position: int, criterion: Criterion) -> Fraction | None:
        """Percent of the applicable maximum, exact; None where there are no points or the criterion does not apply."""
        points, most = self.points[criterion.code][position], self.max_of(position, criterion)
        return None if points is None or not most else _share(points, most)

    @property
    def first_level(self) -> str:
        """The name of the first level of the book: its fields (lĩnh vực), where it has several levels."""
        return self.names.levels[0] if self.names.levels else self.level

    def criteria_at(self, level: str) -> tuple[Criterion, ...]:
        """The criteria of this level, in the book's order."""
        return self.criteria.get(vi.key(level), ())

    def criterion(self, word: str) -> Criterion | None:
        """The criterion of this name or code, at any level."""
        wanted = vi.key(word)
        nodes = (node for level in self.criteria.values() for node in level)
        return next((node for node in nodes if wanted in (vi.key(node.code), vi.key(node.name))), None)

    def fact(self, position: int, word: str) -> FactValue:
        """What this unit states under the fact of this name or code; None: missing."""
        fact = self.names.facts.find(word)
        column = self.facts.get(fact.code) if fact else None
        return column[position] if column else None

    def fact_cells(self, position: int, word: str) -> tuple[Cell, ...]:
        """Where this unit states the fact of this name or code."""
        fact = self.names.facts.find(word)
        cell = self.sheet.cell(position, fact.code) if fact else None
        return (cell,) if cell else ()

    def head_of(self, position: int) -> tuple[str, ...]:
        """The name of this unit's head, where the sheets tell it."""
        head = self.ratings[position].head
        return (head.name,) if head and head.name else ()

    def people_of(self, position: int, criteria: Iterable[Criterion]) -> tuple[str, ...]:
        """Everybody in charge of these criteria in this unit, each once."""
        return tuple(dict.fromkeys(p for each in criteria for p in self.people.get((position, each.code), ())))

    @cached_property
    def groups(self) -> dict[str, list[int]]:
        """Parent → the positions of its units, in the sheet's order."""
        groups: dict[str, list[int]] = {}
        for position, unit in enumerate(self.sheet.units):
            groups.setdefault(unit.parent, []).append(position)
        return groups

    def scores(self, level: str | None) -> Iterator[tuple[int, Criterion, Exact]]:
        """Every known number of points at this level: unit by unit, in the sheet's order; none that does not apply."""
        wanted = self.criteria.get(vi.key(level or self.level), ())
        columns = [(criterion, self.points[criterion.code], self.maxima.get(criterion.code)) for criterion in wanted]
        for position in range(len(self.sheet.units)):
            for criterion, column, maxima in columns:
                points = column[position]
                if points is not None and (maxima is None or maxima[position]):
                    yield position, criterion, points

    def meeting(self, limit: Range, level: str | None) -> Iterator[tuple[int, Criterion, Exact]]:
        """The scores of this level that meet this limit, each against the maximum that applies to its unit."""
        tests = {each.code: limit.test(each.max_points) for each in self.criteria_at(level or self.level)}
        for position, criterion, points in self.scores(level):
            own = self.maxima.get(criterion.code)
            meets = tests[criterion.code] if own is None else limit.test(own[position])
            if meets(points):
                yield position, criterion, points

    def cells(self, position: int, criterion: Criterion) -> tuple[Cell, ...]:
        """The cells that these points come from: the criterion's own, or its leaves'."""
        block = self.sheet.block_of(position)
        own = block.cell(position, criterion.code)
        if own and not any(leaf.code in block.columns for leaf in criterion.leaves if leaf is not criterion):
            return (own,)
        found = (block.cell(position, leaf.code) for leaf in criterion.leaves)
        return tuple(cell for cell in found if cell)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {vi.key(band): place for place, band in enumerate(self.names.bands)}

    def place(self, band: str) -> int:
        """0 for the highest band, 1 for the next … Lower bands have higher places."""
        return self._places[vi.key(band)]

    def this_year(self, position: int) -> Record | None:
        """The classified year of this unit in the shape of a record; None where it has no band and no rank."""
        rating = self.ratings[position]
        if (rating.status != "rated" and not rating.titles) or self.year is None:
            return None
        return Record(
            self.year, rating.band, frozenset(rating.titles), rating.rank, rating.of, self.last.get(position),
            at=self.sheet.named(position), open_titles=frozenset(rating.open_titles),
        )  # fmt: skip

    @cached_property
    def _ranks(self) -> Counter[int | None]:
        return Counter(rating.rank for rating in self.ratings)

    def sharing_rank(self, position: int) -> int:
        """How many other units have the rank of this one."""
        return self._ranks[self.ratings[position].rank] - 1

    def unit(self, position: int) -> Unit:
        """The unit at this position."""
        return self.sheet.units[position]


class Flag(Part):
    """A warning rule of the book (quy tắc cảnh báo)."""

    kind: str = Field(alias="loại", description="Một trong các loại ở dưới")
    code: Text = Field(alias="mã", description="Mã ngắn của cảnh báo, không trùng: kiem-diem")
    duty: Text = Field("", alias="phải làm", description="Ai phải làm gì khi có cảnh báo")
    basis: Text = Field("", alias="căn cứ", description="Văn bản, điều, khoản")
    level_of_concern: Literal["cảnh báo", "ghi chú"] = Field(
        "cảnh báo", alias="mức độ", description="cảnh báo: phải có người làm; ghi chú: chỉ để biết"
    )

    on_groups: ClassVar[bool] = False
    """Whether it speaks of groups of units; such flags do not run in a book's examples."""

    def check(self, case: Case) -> Iterator[Finding]:
        """The findings of this flag in this case."""
        raise NotImplementedError

    def standing(self, case: Case) -> Iterator[tuple[str, str]]:
        """(group, sentence) of every group that this flag speaks of, fired or not: what a summary tells of targets."""
        yield from ()

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        """What a report says of all its findings together, `count` units, in words that follow "Có": no names, no duty."""
        return f"{count} {names.unit} thuộc diện «{self.kind}»"

    def fires(self, case: Case) -> bool:
        """Whether it fires in this case: what a book's examples list."""
        return any(True for _ in self.check(case))

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        """What is wrong with it in this book: (key, complaint)."""
        yield from ()

    def found(
        self,
        message: str,
        *,
        unit: Unit | None = None,
        group: str = "",
        criterion: str = "",
        year: int | None = None,
        cells: Sequence[Cell] = (),
        people: tuple[str, ...] = (),
        streak: Streak | None = None,
    ) -> Finding:
        """A finding that carries this flag's code, duty and basis."""
        own = Severity.NOTE if self.level_of_concern == "ghi chú" else Severity.WARNING
        return Finding(
            self.code, own, message, unit, group or (unit.parent if unit else ""), criterion, year,
            cells[0] if cells else None, tuple(cells[1:]), people, self.duty, self.basis, streak,
        )  # fmt: skip


# ------------------------------------------------------------------------------- a unit that several were


def told(record: Record, test: Callable[[Record], bool | None], *, good: bool = False) -> bool | None:
    """What a test says of a record; of a year before a merger, what it says of the old units by the policy.

    bất kỳ: any of them; tất cả: all; thấp nhất: what is bad if any has it, what is `good` if all have. None: unknown.
    """
    if not record.olds:
        return test(record)
    each = [told(old.record, test, good=good) if old.record else None for old in record.olds]
    every = record.policy == "tất cả" or (record.policy == "thấp nhất" and good)
    sure = not every
    return sure if sure in each else None if None in each else every


def old_units(records: Iterable[Record]) -> str:
    """The old units of these records, each once: "Xã A, Xã B (một phần)"."""
    return vi.listed(dict.fromkeys(str(old) for record in records for old in record.olds))


# --------------------------------------------------------------------------------- words that kinds share


def where(cells: Sequence[Cell]) -> str:
    """ "ô F12, G12"; cells of other sheets with their sheet: "ô F12; trang «Lịch sử» ô B3"; "không có ô"."""
    sheets: dict[tuple[str, str], list[str]] = {}
    for cell in dict.fromkeys(cells):
        sheets.setdefault((cell.file, cell.sheet), []).append(cell.address)
    parts = (
        f"{f'trang «{sheet}» ' if place else ''}ô {', '.join(addresses)}"
        for place, ((_, sheet), addresses) in enumerate(sheets.items())
    )
    return "; ".join(parts) or "không có ô"


def percents(*values: Exact) -> tuple[str, ...]:
    """The percents of one sentence: each as `vi.percent` writes it, with more places where two that differ would look alike."""
    exact = [Fraction(value) for value in values]
    words: tuple[str, ...] = ()
    for places in range(2, 16):
        words = tuple(f"{vi.number(vi.rounded(value, places), places)}%" for value in exact)
        if len(set(words)) == len(set(exact)):
            break
    return words


def limit_words(points: Exact, edge: Edge, maximum: Exact, side: Literal["không quá", "dưới"]) -> tuple[str, str]:
    """The points, and the limit that they met: "9", "từ 9 điểm trở xuống". Never alike where they differ."""
    got, limit = vi.apart(points, in_points(edge, maximum))
    shown = str(edge) if edge.unit == "%" else f"{limit} điểm"
    return got, f"từ {shown} trở xuống" if side == "không quá" else f"dưới {shown}"


def in_points(edge: Edge, maximum: Exact) -> Exact:
    """The edge in points, for a maximum that may be a number that does not end."""
    if edge.unit != "%":
        return edge.amount
    return (
        Fraction(edge.amount) * Fraction(maximum) / 100 if isinstance(maximum, Fraction) else edge.of(Decimal(maximum))
    )


def needs_points(edge: Edge | None, alias: str) -> Iterator[tuple[str, str]]:
    """The complaint about a limit on points that counts units."""
    if edge and edge.unit == "đơn vị":
        yield alias, "ngưỡng tính bằng «điểm» hoặc «%», không phải «đơn vị»"


@lru_cache(maxsize=1 << 16)
def _share(points: Exact, most: Exact) -> Fraction:
    return 100 * Fraction(points) / Fraction(most)


# ---------------------------------------------------------------------------------- "tính theo": whose group

BY_PARENT = ("huyện", "thị xã", "thành phố", "quận", "cụm", "khối", "vùng", "nhóm", "khu vực")
EVERYWHERE = (
    "toàn tỉnh", "toàn huyện", "toàn thị xã", "toàn thành phố", "toàn quận", "toàn quốc", "cả nước",
    "toàn bộ", "tất cả", "chung",
)  # fmt: skip


def groups_by(case: Case, by: str) -> Mapping[str, Sequence[int]]:
    """Group → the positions of its units: all of them under the word itself, or by parent."""
    return {by: range(len(case.sheet.units))} if _is_one_of(by, EVERYWHERE) else case.groups


def unknown_group(by: str) -> str | None:
    """The complaint about a word that names no groups, with the nearest right one."""
    if _is_one_of(by, (*BY_PARENT, *EVERYWHERE)):
        return None
    near = vi.nearest(by, (*BY_PARENT, *EVERYWHERE))
    hint = f"; có phải «{near}»?" if near else f"; ở đây nhận: {', '.join((*BY_PARENT, *EVERYWHERE))}"
    return f"không biết tính theo «{vi.shown(by)}»{hint}"


def _is_one_of(typed: str, words: tuple[str, ...]) -> bool:
    """Whether it is one of these words, in any case and with or without accents; a wrong accent is a wrong word."""
    return vi.key(typed) in (map(vi.fold, words) if typed.isascii() else words)
