"""The outer join of two sides, row by row, and what changed in each."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import localcontext
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xeploai import findings as our
from xeploai import read, vi
from xeploai.book.load import is_yaml, load_book, read_table
from xeploai.compare.sides import Told
from xeploai.compare.whose import follow, join, labels
from xeploai.findings import Finding, Severity, Unusable
from xeploai.model import Grid, Unit
from xeploai.pipeline import Input
from xeploai.steps.standings import Criterion, Side, Standing
from xeploai.vi import Exact

UP, DOWN, SAME, OPEN = "lên mức", "xuống mức", "giữ mức", "chưa so được mức"
NEW, FORMED, GONE, MERGED = "mới", "mới do sáp nhập", "không còn", "đã sáp nhập"
KINDS = (UP, DOWN, SAME, OPEN, NEW, FORMED, GONE, MERGED)
"""The kinds of change: each row of the outer join is of one."""

CELL = Fraction(1, 10**8)
"""What ten places of points may make in a percent of a small maximum."""

MOST_MOVED = 3
"""So many criteria of a unit are named."""


class Shift(NamedTuple):
    """By how much a unit's criterion moved, in percentage points of its maximum."""

    criterion: Criterion
    change: Fraction


class Row(NamedTuple):
    """One row of the outer join. Differences are new less old; ranks: places gained. None: one side does not tell."""

    kind: str
    old: Standing | None = None
    new: Standing | None = None
    olds: tuple[tuple[Standing, bool], ...] = ()  # what a new unit was formed from, and whether only a part of it
    into: tuple[Unit, ...] = ()  # where an old unit went
    unsure: bool = False  # its name may be several of the other side: asked about, not joined
    points: Exact | None = None
    percent: Fraction | None = None
    places: int | None = None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    flags_new: tuple[str, ...] = ()
    flags_gone: tuple[str, ...] = ()
    most: tuple[Shift, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit as the newer side names it."""
        standing = self.new or self.old
        assert standing is not None
        return standing.unit

    @property
    def renamed(self) -> bool:
        """Whether the two sides call it by different names."""
        return bool(self.old and self.new and vi.key(self.old.unit.name) != vi.key(self.new.unit.name))


class Moved(NamedTuple):
    """A criterion over the units in both: means in percent of its maximum, and how many rose and fell."""

    old: Criterion
    new: Criterion
    units: int
    before: Fraction
    after: Fraction
    up: int
    down: int

    @property
    def change(self) -> Fraction:
        return self.after - self.before


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Both sides, the outer join, and what must be said of it."""

    old: Side
    new: Side
    rows: tuple[Row, ...]
    criteria: tuple[Moved, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def labels(self) -> tuple[str, str]:
        """What the two sides are called in every output."""
        return labels(self.old, self.new)

    @cached_property
    def noun(self) -> str:
        """What is rated, as it is counted in a sentence."""
        book = self.new.book or self.old.book
        return book.noun if book else "đơn vị"

    @cached_property
    def both(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.old and row.new)

    @cached_property
    def kinds(self) -> Mapping[str, tuple[Row, ...]]:
        """Kind of change → its rows; every kind, empty too."""
        return {kind: tuple(row for row in self.rows if row.kind == kind) for kind in KINDS}

    @cached_property
    def in_percent(self) -> bool:
        """Whether points are not comparable as they are: some maximum differs between the two sides."""
        return any(row.points is None and row.percent is not None for row in self.both)

    @cached_property
    def same_scale(self) -> bool:
        """Whether both sides have the same bands."""
        return [vi.key(band) for band in self.old.bands] == [vi.key(band) for band in self.new.bands]

    def measure(self, row: Row) -> Exact | None:
        """What a unit's move is measured by: points, or percentage points where maxima differ."""
        return row.percent if self.in_percent else row.points

    def moves(self, *, up: bool) -> list[Row]:
        """The units in both that rose (fell), the largest move first."""
        found = [(m, row) for row in self.both if (m := self.measure(row)) is not None and (m > 0 if up else m < 0)]
        return [row for _, row in sorted(found, key=lambda each: -abs(Fraction(each[0])))]

    def matrix(self) -> list[tuple[str, list[int]]]:
        """Old word → how many of its units have each word of `words(new)` now, over the units in both."""
        counts = Counter((vi.key(r.old.word), vi.key(r.new.word)) for r in self.both if r.old and r.new)
        across = self.words(self.new)
        return [(word, [counts[vi.key(word), vi.key(other)] for other in across]) for word in self.words(self.old)]

    def words(self, side: Side) -> list[str]:
        """The bands of a side, high to low, and the words in place of a band that some of its units in both have."""
        held = [each.word for row in self.both for each in ((row.old if side is self.old else row.new),) if each]
        own = list(map(vi.key, side.bands))
        others = {vi.key(word): word for word in held if vi.key(word) not in own}
        return [*side.bands, *others.values()]

    def moved_most(self) -> list[Moved]:
        """The criteria that moved most, the largest mean move first: where points arise, or as near as both sides tell."""
        known = {each.new.code for each in self.criteria}
        lowest = [each for each in self.criteria if each.change and not known & set(each.new.parts)]
        return sorted(lowest, key=lambda each: -abs(each.change))

    def titles(self) -> dict[str, tuple[list[Row], list[Row]]]:
        """Title → the units in both that gained it, and those that lost it."""
        names = dict.fromkeys((*self.new.titles, *(name for row in self.both for name in (*row.gained, *row.lost))))
        return {
            name: ([r for r in self.both if name in r.gained], [r for r in self.both if name in r.lost])
            for name in names
        }

    def flags(self) -> dict[str, tuple[list[Row], list[Row]]]:
        """Code of a flag → the units in both that it newly speaks of, and those that it no longer speaks of."""
        names = dict.fromkeys(code for row in self.both for code in (*row.flags_new, *row.flags_gone))
        return {
            code: ([r for r in self.both if code in r.flags_new], [r for r in self.both if code in r.flags_gone])
            for code in names
        }


def compare_files(
    old: Path,
    new: Path,
    *,
    rules: str | None = None,
    units: Path | None = None,
    lineage: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Read both sides (a file or a folder each) and compare them. Raises Unusable."""
    loaded = load_book(rules) if rules else None
    paths, said = zip(*(read.gather([path]) for path in (old, new)), strict=True)
    findings = [*dict.fromkeys((*said[0], *said[1]))]
    one = [*map(os.path.realpath, paths[0])] == [*map(os.path.realpath, paths[1])]
    asked = [paths[0]] if one else list(paths)
    beside = {"units": units, "lineage": lineage}
    listed: dict[str, list[Grid]] = {"units": [], "lineage": []}
    for use, path in beside.items():
        if path and is_yaml(path):
            listed[use].append(read_table(path)[0])
        elif path:
            asked.append([path])
    tell(f"Đang đọc {sum(map(len, asked))} tệp …")
    got = _read(asked, findings)
    further = iter(got[1 if one else 2 :])
    for use, path in beside.items():
        if path and not listed[use]:
            listed[use] = next(further)[0]
            if not listed[use]:
                raise Unusable(*findings)
    told = Told.of(loaded, listed["units"], listed["lineage"])
    tell("Đang xếp loại và so …")
    with localcontext(vi.EXACT):
        if one:
            before, after = told.two_years(*got[0], findings)
        else:
            before, after = (told.side(*each, findings) for each in got[:2])
        return compare(before, after, told, findings)


def _read(asked: Sequence[Sequence[Path]], findings: list[Finding]) -> list[tuple[list[Grid], list[Input]]]:
    """(grids, files) of each group of paths, all read in one go; `findings` hears what was said of them."""
    got: list[tuple[list[Grid], list[Input]]] = [([], []) for _ in asked]
    groups = (group for group, paths in enumerate(asked) for _ in paths)
    for group, (source, said) in zip(groups, read.read([path for paths in asked for path in paths]), strict=True):
        findings += (each for each in said if each not in findings)
        if source:
            got[group][0].extend(source.grids)
            got[group][1].append(Input(source.name, source.sha256))
    return got


# -------------------------------------------------------------------------------------- the outer join


def compare(old: Side, new: Side, told: Told | None = None, found: Iterable[Finding] = ()) -> Comparison:
    """The outer join of two sides; `found` while they were read. Raises Unusable where they have nothing in common."""
    trail = follow(old, new, told.moves if told else None)
    pairs, unsure, asked = join(old, new, trail)
    if not pairs and not trail.formed:
        hint = (
            "" if told and told.moves else "; nếu các đơn vị đã sáp nhập hay đổi tên, đưa bảng sáp nhập vào --lineage"
        )
        what = f"Không đơn vị nào có ở cả hai bên: bên cũ {_some(old)}, bên mới {_some(new)}{hint}"
        raise Unusable(*asked, our.NOTHING_COMMON(what=what))
    alike = _alike(old, new)
    rows = [
        _both(old, new, old.standings[pairs[place]], standing, alike)
        if place in pairs
        else _formed(old, standing, trail.formed[place])
        if place in trail.formed
        else Row(NEW, new=standing, unsure=place in unsure[1])
        for place, standing in enumerate(new.standings)
    ]
    left = set(pairs.values())
    rows += (
        Row(
            MERGED if trail.into.get(place) else GONE,
            standing,
            into=trail.into.get(place, ()),
            unsure=place in unsure[0],
        )
        for place, standing in enumerate(old.standings)
        if place not in left
    )
    heard = (each for each in found if each.severity is not Severity.NOTE)
    said = [*heard, *old.findings, *new.findings, *_differ(old, new, rows), *trail.asked, *asked]
    grave = list(Severity)
    findings = sorted(dict.fromkeys(said), key=lambda each: grave.index(each.severity))
    return Comparison(old, new, tuple(rows), tuple(_criteria(rows, alike)), tuple(findings))


def _some(side: Side) -> str:
    more = ", …" if len(side.standings) > 3 else ""
    names = ", ".join(str(unit) for unit in side.units[:3])
    return f"{len(side.standings)} đơn vị" + (f" ({names}{more})" if names else "")


def _both(old: Side, new: Side, was: Standing, now: Standing, alike: Sequence[tuple[Criterion, Criterion]]) -> Row:
    """A unit that is in both."""
    published = not (old.book and new.book)
    percent = None if was.percent is None or now.percent is None else _less(now.percent, was.percent, published)
    points = None
    if was.points is not None and now.points is not None and was.max_points == now.max_points:
        points = vi.ended(_less(now.points, was.points, published))
    places = None if was.rank is None or now.rank is None else was.rank - now.rank
    asked = set(map(vi.key, old.titles)) & set(map(vi.key, new.titles))
    gained, lost = _titles(was, now, asked), _titles(now, was, asked)
    known = old.flags | new.flags if old.code == new.code else old.flags & new.flags
    return Row(
        _kind(new, was, now), was, now, points=points, percent=percent, places=places, gained=gained, lost=lost,
        flags_new=tuple(code for code in now.flags if code in known and code not in was.flags),
        flags_gone=tuple(code for code in was.flags if code in known and code not in now.flags),
        most=tuple(_shifts(was, now, alike, published)[:MOST_MOVED]),
    )  # fmt: skip


def _less(new: Exact, old: Exact, published: bool) -> Fraction:
    """The exact difference; of a published number, whose places are ten, no difference that these could have made."""
    change = Fraction(new) - Fraction(old)
    return Fraction(0) if published and abs(change) < CELL else change


def _kind(new: Side, was: Standing, now: Standing) -> str:
    then = new.place(was.band) if was.band else None
    here = new.place(now.band) if now.band else None
    if then is None or here is None:
        return OPEN
    return SAME if then == here else UP if here < then else DOWN


def _titles(without: Standing, held: Standing, asked: set[str]) -> tuple[str, ...]:
    """The titles, of those that both sides ask for, that one standing has and the other has not, where both tell."""
    if without.titles is None or held.titles is None:
        return ()
    lacked = asked - set(map(vi.key, (*without.titles, *without.open_titles)))
    return tuple(sorted(name for name in held.titles if vi.key(name) in lacked))


def _formed(old: Side, standing: Standing, sources: Mapping[int, bool]) -> Row:
    olds = tuple((old.standings[place], partial) for place, partial in sorted(sources.items()))
    return Row(FORMED if olds else NEW, new=standing, olds=olds)


# ---------------------------------------------------------------------------------------------- criteria


def _alike(old: Side, new: Side) -> list[tuple[Criterion, Criterion]]:
    """The criteria that are the same on both sides: of one book by code; of two by name, if it is each side's only one."""
    if old.code == new.code:
        codes = {criterion.code: criterion for criterion in old.criteria}
        return [(codes[each.code], each) for each in new.criteria if each.code in codes]
    named = [_by_name(side.criteria) for side in (old, new)]
    return [(named[0][name], each) for name, each in named[1].items() if name in named[0]]


def _by_name(criteria: Iterable[Criterion]) -> dict[str, Criterion]:
    found: dict[str, list[Criterion]] = defaultdict(list)
    for criterion in criteria:
        found[vi.letters(criterion.name)].append(criterion)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _shifts(was: Standing, now: Standing, alike: Sequence[tuple[Criterion, Criterion]], published: bool) -> list[Shift]:
    """The criteria of a unit that moved, the largest move first: where points arise, or as near to there as both tell."""
    known = {after.code: before for before, after in alike if before.code in was.marks and after.code in now.marks}
    found = [
        Shift(after, change)
        for before, after in alike
        if after.code in known
        and not known.keys() & set(after.parts)
        and (change := _less(now.marks[after.code].percent, was.marks[before.code].percent, published))
    ]
    return sorted(found, key=lambda each: -abs(each.change))


def _criteria(rows: Sequence[Row], alike: Sequence[tuple[Criterion, Criterion]]) -> Iterator[Moved]:
    for before, after in alike:
        known = [
            (row.old.marks[before.code].percent, row.new.marks[after.code].percent)
            for row in rows
            if row.old and row.new and before.code in row.old.marks and after.code in row.new.marks
        ]
        if known:
            up, down = sum(b > a for a, b in known), sum(b < a for a, b in known)
            first, last = (sum(side, Fraction(0)) / len(known) for side in zip(*known, strict=True))
            yield Moved(before, after, len(known), first, last, up, down)


def _differ(old: Side, new: Side, rows: Sequence[Row]) -> Iterator[Finding]:
    """What the two sides were not judged by alike."""
    unlike = [r for r in rows if r.points is None and r.percent is not None and r.old and r.new]
    books = f"bộ «{old.code}» và bộ «{new.code}»"
    edited = old.code == new.code and old.edition and new.edition and old.edition != new.edition
    if old.code == new.code and not unlike and not edited:
        return
    parts = []
    if edited:
        editions = f"SHA-256 {old.edition[:8]}… và {new.edition[:8]}…"
        parts.append(
            f"Hai bên xếp loại theo hai bản khác nhau của bộ «{new.code}» ({editions}): mức khác đi có thể do bộ đã sửa,"
            " không phải do điểm"
        )
    elif old.code != new.code:
        parts.append(f"Hai bên xếp loại theo hai bộ khác nhau ({books}): mức so theo tên, tiêu chí so theo tên")
    if unlike:
        first = unlike[0]
        assert first.old
        assert first.new
        olds, news = (vi.number(each.max_points or 0) for each in (first.old, first.new))
        parts.append(
            f"{'điểm' if parts else 'Điểm'} tối đa khác nhau ở {len(unlike)} đơn vị (như {first.unit}: {olds} và {news})"
            " nên so theo tỷ lệ phần trăm"
        )
    elif parts:
        parts.append("điểm tối đa như nhau nên so bằng điểm")
    strange = [band for band in old.bands if new.place(band) is None]
    if strange:
        parts.append(f"mức {vi.listed(strange)} không có trong thang mới nên không tính là lên hay xuống")
    yield our.UNLIKE(what="; ".join(parts))
