"""Two years or two runs side by side: who is in both, who is new, who is gone, and what changed.

    old ─┐                    ┌ in both: band, points, rank, titles, flags, criteria
         ├ full outer join ───┼ new (formed from these, where a lineage tells)
    new ─┘                    └ gone (into that one, where a lineage tells)

A side is score sheets, which are classified, or a result workbook of ours, which is read as it was published. Units are
joined by code, else by name within their group; what may be several is asked about, never joined.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import localcontext
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from xeploai import findings as our
from xeploai import read, vi
from xeploai.book.load import Loaded, is_yaml, load_book, read_table
from xeploai.findings import Finding, Severity, Unusable
from xeploai.model import Cell, Grid, Rating, Unit
from xeploai.pipeline import Input, Options, Outcome, classify
from xeploai.sorting import RESULT_SHEETS
from xeploai.steps import lineage as lineages
from xeploai.steps import register as registers
from xeploai.steps.legacy import modern
from xeploai.steps.match import Matcher
from xeploai.steps.standings import Criterion, Mark, Side, Standing, published
from xeploai.vi import Exact

UP, DOWN, SAME, OPEN = "lên mức", "xuống mức", "giữ mức", "chưa so được mức"
NEW, FORMED, GONE, MERGED = "mới", "mới do sáp nhập", "không còn", "đã sáp nhập"
KINDS = (UP, DOWN, SAME, OPEN, NEW, FORMED, GONE, MERGED)
"""The kinds of change: each row of the outer join is of one."""

NAMED = 10
"""So many questions of one sort are asked one by one; of more the first are named in a single one."""

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
    told = _Told.of(loaded, listed["units"], listed["lineage"])
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


# -------------------------------------------------------------------------------------------- the sides


class _Told(NamedTuple):
    """What holds for both sides: the book, the register, the lineage."""

    loaded: Loaded | None = None
    units: Sequence[Grid] = ()
    lineage: Sequence[Grid] = ()
    register: registers.Register | None = None
    moves: lineages.Lineage | None = None

    @classmethod
    def of(cls, loaded: Loaded | None, units: Sequence[Grid], lineage: Sequence[Grid]) -> _Told:
        register = registers.read(modern(units)[0]) if units else None
        return cls(loaded, units, lineage, register, lineages.read(modern(lineage)[0], register) if lineage else None)

    def side(self, grids: Sequence[Grid], files: Sequence[Input], findings: list[Finding]) -> Side:
        """One side: as published, or its newest year classified."""
        own = _own_results(grids)
        if own and all(grid.file in own for grid in grids):
            return self._published(own, files)
        return _classified(self._outcome(grids, files, findings, None), files)

    def two_years(self, grids: Sequence[Grid], files: Sequence[Input], findings: list[Finding]) -> tuple[Side, Side]:
        """The two newest years of one and the same input."""
        if _own_results(grids):
            raise Unusable(our.NOTHING_COMMON(what="Hai bên là cùng một tệp kết quả, chỉ có một năm"))
        newer = self._outcome(grids, files, findings, None)
        years = {year for seen in newer.understood for year in seen.years if year is not None}
        earlier = [year for year in years if newer.year is not None and year < newer.year]
        if not earlier:
            when = f"năm {newer.year}" if newer.year else "một năm không rõ"
            raise Unusable(our.NOTHING_COMMON(what=f"Hai bên là cùng một tệp, và tệp chỉ có điểm của {when}"))
        older = self._outcome(grids, files, findings, max(earlier))
        return _as_published(_classified(older, files), newer), _classified(newer, files)

    def _outcome(
        self, grids: Sequence[Grid], files: Sequence[Input], findings: list[Finding], year: int | None
    ) -> Outcome:
        if not grids:
            raise Unusable(
                *findings, *([] if findings else [our.NO_SHEETS(file=", ".join(each.name for each in files))])
            )
        try:
            return classify(
                self.loaded, grids, units=self.units, lineage=self.lineage, options=Options(year), inputs=files,
                found=findings,
            )  # fmt: skip
        except Unusable as trouble:
            said = (each if each in findings else _of_side(each, files) for each in trouble.findings)
            raise Unusable(*said) from None

    def _published(self, own: Mapping[str, list[Grid]], files: Sequence[Input]) -> Side:
        sides = {}
        for file, grids in own.items():
            named = tuple(_words(each) for each in files if each.name == file)
            side = published(grids, named)
            if side is None:
                reason = "không thấy hàng tiêu đề có cột Đơn vị và Xếp loại"
                raise Unusable(our.PAST_UNCLEAR(file=file, sheet="Kết quả", reason=reason))
            sides[file] = side
        newest = max(side.year or 0 for side in sides.values())
        meant = [file for file, side in sides.items() if (side.year or 0) == newest]
        if len(meant) > 1:
            raise Unusable(
                our.BAD_OPTION(what=f"Có {len(meant)} tệp kết quả cùng năm: {vi.listed(meant)}; chỉ rõ một tệp")
            )
        side = sides[meant[0]]
        if not self.register:
            return side
        coded = self.register.coded
        return side._replace(standings=tuple(s._replace(unit=coded(s.unit, side.year)) for s in side.standings))


def _own_results(grids: Sequence[Grid]) -> dict[str, list[Grid]]:
    """File → its sheets, of the files that are result workbooks of ours."""
    files: dict[str, list[Grid]] = defaultdict(list)
    for grid in grids:
        files[grid.file].append(grid)
    return {file: found for file, found in files.items() if {grid.sheet for grid in found} >= set(RESULT_SHEETS)}


def _of_side(finding: Finding, files: Sequence[Input]) -> Finding:
    """What stops one side, with the file that it is about: the other side may be well."""
    names = [each.name for each in files]
    if finding.at or not names or any(name in finding.message for name in names):
        return finding
    more = f" và {len(names) - 1} tệp nữa" if len(names) > 1 else ""
    return finding._replace(message=f"«{names[0]}»{more}: {finding.message}")


def _words(source: Input) -> str:
    return f"{source.name} · SHA-256 {source.sha256}"


def _classified(outcome: Outcome, files: Sequence[Input]) -> Side:
    """A classified year as a side, with what was found in its data."""
    book = outcome.book
    minus = {node.code for item in (book.penalty.items if book.penalty else ()) for _, node in item.walk()}
    criteria = tuple(
        Criterion(node.code, node.name, node.max_points, tuple(part.code for part in node.parts), node.code in minus)
        for node in book.nodes.values()
    )
    fired: dict[Unit, list[str]] = defaultdict(list)
    for finding in outcome.findings:
        if finding.unit and finding.code in book.own_codes and finding.code not in fired[finding.unit]:
            fired[finding.unit].append(finding.code)
    standings = tuple(
        _standing(outcome, position, rating, fired, criteria) for position, rating in enumerate(outcome.ratings)
    )
    kept = (
        each for each in outcome.findings
        if each.code not in book.own_codes and each.code != our.YEARS_LEFT_OUT.code
        and (each.severity is not Severity.NOTE or each.code == our.ILLUSTRATIVE.code)
    )  # fmt: skip
    return Side(
        outcome.year, book.title, book.code, book.names.bands, book.names.titles, criteria, standings,
        tuple(map(_words, files)), book.illustrative, book, tuple(kept), outcome.past.years,
    )  # fmt: skip


def _standing(
    outcome: Outcome, position: int, rating: Rating, fired: Mapping[Unit, list[str]], criteria: Sequence[Criterion]
) -> Standing:
    word = rating.band or ("chưa xếp loại" if rating.status == "unrated" else "chưa xác định")
    told = bool(rating.band or rating.titles)
    return Standing(
        rating.unit, word, rating.band, frozenset(rating.titles) if told else None, frozenset(rating.open_titles),
        rating.points, rating.max_points, rating.percent, rating.rank, rating.of, tuple(fired.get(rating.unit, ())),
        dict(_marks(outcome, position, criteria)), outcome.sheet.named(position),
    )  # fmt: skip


def _marks(outcome: Outcome, position: int, criteria: Sequence[Criterion]) -> Iterator[tuple[str, Mark]]:
    for criterion in criteria:
        code, maxima = criterion.code, outcome.scores.maxima.get(criterion.code)
        points, most = outcome.points[code][position], criterion.most if maxima is None else maxima[position]
        if points is not None and most:
            yield code, Mark(points, most)


def _as_published(older: Side, newer: Outcome) -> Side:
    """The earlier year of one input, with the bands that the input itself says were published: they win (LS02 tells it)."""
    positions = {unit: position for position, unit in enumerate(newer.sheet.units)}
    standings = []
    for standing in older.standings:
        position = positions.get(standing.unit)
        record = None if position is None else newer.past.of(position).get(older.year or 0)
        if record and record.band and not record.olds and standing.band and record.band != standing.band:
            standing = standing._replace(word=record.band, band=record.band)  # noqa: PLW2901
        standings.append(standing)
    return older._replace(standings=tuple(standings))


# -------------------------------------------------------------------------------------- the outer join


def compare(old: Side, new: Side, told: _Told | None = None, found: Iterable[Finding] = ()) -> Comparison:
    """The outer join of two sides; `found` while they were read. Raises Unusable where they have nothing in common."""
    trail = _trail(old, new, told.moves if told else None)
    pairs, unsure, asked = _joined(old, new, trail)
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
    if old.code == new.code and not unlike:
        return
    parts = []
    if old.code != new.code:
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


# ------------------------------------------------------------------------------------ who is whose unit


class _Trail(NamedTuple):
    """What the lineage says happened between the two sides."""

    renamed: Mapping[int, int]  # new position → old position
    formed: Mapping[int, Mapping[int, bool]]  # new position → the old ones it came of, and whether only a part did
    into: Mapping[int, tuple[Unit, ...]]  # old position → where it went
    asked: tuple[Finding, ...] = ()


_Key = tuple[str, str, str]


def _key(unit: Unit) -> _Key:
    name = " ".join(vi.split_kind(unit.name))
    return (unit.code, name, "") if unit.code else ("", name, " ".join(vi.split_kind(unit.parent)))


class _Node(NamedTuple):
    """A unit of the table while it is followed: what it came of."""

    unit: Unit
    sources: Mapping[int, bool]  # old position → whether only a part
    at: Cell
    plain: bool  # of one unit alone, under another name; units that the old side lacks count too


def _trail(old: Side, new: Side, table: lineages.Lineage | None) -> _Trail:
    """Follow the old units through the rows of the table that lie between the two years, date by date."""
    if table is None:
        return _Trail({}, {}, {})
    asked = [our.LINEAGE_UNCLEAR(what=f"Bảng sáp nhập, đổi tên: dòng chưa dùng được, {words}", at=at)
             for words, at in table.troubles if new.book is None]  # fmt: skip
    matcher = Matcher(old.units)
    nodes: dict[_Key, _Node] = {}
    dated = sorted((m for m in table.moves if _between(old, new, m)), key=lambda m: (m.since is None, m.since))
    for _, group in groupby(dated, key=lambda move: move.since):
        rows, before = list(group), dict(nodes)
        by_new: dict[_Key, list[lineages.Move]] = defaultdict(list)
        for move in rows:
            by_new[_key(move.new)].append(move)
        for move in rows:
            if not move.partial:
                nodes.pop(_key(move.old), None)
        for key, moves in by_new.items():
            if len(moves) == 1 and _key(moves[0].old) == key:
                continue  # it stays what it was: a part of it may have gone elsewhere
            sources: dict[int, bool] = {}
            for move in moves:
                for place, partial in _origin(move, before, matcher, old, asked).items():
                    sources[place] = sources.get(place, False) or partial or move.partial
            earlier = before.get(_key(moves[0].old))
            plain = len({_key(move.old) for move in moves}) == 1 and (earlier is None or earlier.plain)
            nodes[key] = _Node(moves[0].new, sources, moves[0].at, plain)
    return _placed(old, new, nodes, asked)


def _between(old: Side, new: Side, move: lineages.Move) -> bool:
    """Whether the change came after the old side's year, and by the end of the new one's: its year is the new unit's."""
    if move.since is None:
        return False
    return (old.year is None or move.since.year > old.year) and (new.year is None or move.since.year <= new.year)


def _origin(
    move: lineages.Move, before: Mapping[_Key, _Node], matcher: Matcher, old: Side, asked: list[Finding]
) -> Mapping[int, bool]:
    if node := before.get(_key(move.old)):
        return node.sources
    found = matcher.find(move.old)
    if len(found) > 1 and len({old.units[place] for place in found}) > 1:
        units = vi.listed(str(old.units[place]) for place in found)
        what = f"Bảng sáp nhập ghi «{move.old}» (ô {move.at.address}), có thể là: {units}; chưa ghép"
        asked.append(our.LINEAGE_UNCLEAR(what=what, at=move.at))
    return {found[0]: False} if len(found) == 1 else {}


def _placed(old: Side, new: Side, nodes: Mapping[_Key, _Node], asked: list[Finding]) -> _Trail:
    """The followed units where they arrived on the new side."""
    matcher = Matcher(new.units)
    places: dict[int, list[_Node]] = defaultdict(list)
    olds = Matcher(old.units)
    into: dict[int, list[Unit]] = defaultdict(list)
    for node in nodes.values():
        found = matcher.find(node.unit)
        if len(found) > 1:
            units = vi.listed(str(new.units[place]) for place in found)
            what = f"Bảng sáp nhập ghi «{node.unit}» (ô {node.at.address}), có thể là: {units}; chưa ghép"
            asked.append(our.LINEAGE_UNCLEAR(what=what, at=node.at))
        for place in found[:1] if len(found) == 1 else ():
            places[place].append(node)
        for source in node.sources:
            into[source].append(new.units[found[0]] if len(found) == 1 else node.unit)
    renamed: dict[int, int] = {}
    formed: dict[int, Mapping[int, bool]] = {}
    for place, claimed in places.items():
        if len(claimed) > 1:
            units = vi.listed(f"«{node.unit}» (ô {node.at.address})" for node in claimed)
            what = f"Bảng sáp nhập ghi {units}, đều có thể là {new.units[place]}; chưa ghép"
            asked.append(our.LINEAGE_UNCLEAR(what=what, at=claimed[0].at, related=tuple(n.at for n in claimed[1:])))
        sources = claimed[0].sources if len(claimed) == 1 else {}
        own = _called_so(olds, new.units[place], into)
        alone = claimed[0].plain and len(sources) == 1 and not any(sources.values())
        if alone and len(into[min(sources)]) == 1 and own is None:
            renamed[place] = min(sources)
            continue
        formed[place] = sources
        if own is not None:
            what = (
                f"Bảng sáp nhập ghi {new.units[place]} thành lập từ đơn vị khác (ô {claimed[0].at.address}), nhưng bên cũ cũng "
                f"có {old.units[own]} mà bảng không nói vào đâu; chưa ghép"
            )
            asked.append(our.LINEAGE_UNCLEAR(what=what, at=claimed[0].at))
    gone = {place: tuple(dict.fromkeys(units)) for place, units in into.items()}
    return _Trail(renamed, formed, gone, tuple(asked))


def _called_so(olds: Matcher, unit: Unit, into: Mapping[int, object]) -> int | None:
    """The old unit of this very name (or code) of which the table does not say where it went."""
    found = [place for place in olds.find(unit) if place not in into]
    return found[0] if len(found) == 1 else None


Unsure = tuple[set[int], set[int]]


def _joined(old: Side, new: Side, trail: _Trail) -> tuple[dict[int, int], Unsure, list[Finding]]:
    """(new position → old position, the positions of both sides that may be several, what must be asked)."""
    pairs, unsure = dict(trail.renamed), (set[int](), set[int]())
    taken, asked = set(trail.renamed.values()), list[Finding]()
    forward, backward, names = Matcher(new.units), Matcher(old.units), labels(old, new)
    claims: dict[int, list[int]] = defaultdict(list)
    for place, unit in enumerate(old.units):
        found = [each for each in forward.find(unit) if each not in trail.formed and each not in pairs]
        if place in taken:
            continue
        if len(found) == 1:
            claims[found[0]].append(place)
        elif found:
            unsure[0].add(place)
            unsure[1].update(found)
            asked += _several(old.standings[place], [new.standings[each] for each in found], *names)
    for place, olds in claims.items():
        back = [each for each in backward.find(new.units[place]) if each in olds]
        if len(olds) == 1 or len(back) == 1:
            pairs[place] = olds[0] if len(olds) == 1 else back[0]
            continue
        unsure[0].update(olds)
        unsure[1].add(place)
        asked += _several(new.standings[place], [old.standings[each] for each in olds], *reversed(names))
    unsure[1].difference_update(pairs)
    asked += _other_names(old, new, pairs, trail)
    asked += _near(old, new, pairs, trail, unsure)
    return pairs, unsure, asked


def labels(old: Side, new: Side) -> tuple[str, str]:
    """What the two sides are called: "năm 2018", "năm 2019"; where the years do not tell them apart "bản cũ", "bản mới"."""
    apart = old.year is not None and new.year is not None and old.year != new.year
    return (f"năm {old.year}", f"năm {new.year}") if apart else ("bản cũ", "bản mới")


def _at(standing: Standing) -> str:
    return f" (ô {standing.at.address})" if standing.at else ""


def _several(standing: Standing, others: Sequence[Standing], where: str, there: str) -> Iterator[Finding]:
    """A name that fits several units. One unit that stands twice in a sheet is an error there, not a question here."""
    if len({each.unit for each in others}) == 1:
        return
    units = vi.listed(f"{each.unit}{_at(each)}" for each in others)
    said = our.PAST_UNIT_UNCLEAR(
        name=standing.unit, cell="", count=len(others), units=units, at=standing.at,
        related=tuple(each.at for each in others if each.at),
    )  # fmt: skip
    what = f"{where} ghi «{standing.unit}»{_at(standing)}, khớp {len(others)} đơn vị của {there}: {units}; chưa ghép."
    yield said._replace(message=f"{what[:1].upper()}{what[1:]}", unit=standing.unit)


def _other_names(old: Side, new: Side, pairs: Mapping[int, int], trail: _Trail) -> Iterator[Finding]:
    """Units that only the code joined: renamed, or a code that was given anew after a merger."""
    told = [
        (now, was)
        for place, before in sorted(pairs.items())
        if place not in trail.renamed
        for now, was in [(new.standings[place], old.standings[before])]
        if vi.split_kind(now.unit.name)[1] != vi.split_kind(was.unit.name)[1]
    ]
    if told:
        words = [f"mã {now.unit.code}: «{was.unit.name}» và «{now.unit.name}»{_at(now)}" for now, was in told]
        what = f"{len(told)} đơn vị được ghép theo mã mà tên khác nhau: {_few(words)}; nếu do sáp nhập, đưa bảng vào --lineage"
        cells = [each.at for pair in told for each in pair if each.at][:20]
        yield our.LINEAGE_UNCLEAR(what=what, at=cells[0] if cells else None, related=tuple(cells[1:]))


def _few(words: Sequence[str]) -> str:
    more = f"; … và {len(words) - NAMED} nữa" if len(words) > NAMED else ""
    return "; ".join(words[:NAMED]) + more


def _near(old: Side, new: Side, pairs: Mapping[int, int], trail: _Trail, unsure: Unsure) -> Iterator[Finding]:
    """Units that only one side has and whose names are nearly the same, or the same in another group: only asked about."""
    joined = set(pairs.values())
    fresh = [each for place, each in enumerate(new.standings)
             if place not in pairs and place not in trail.formed and place not in unsure[1]]  # fmt: skip
    matcher, bare = Matcher([each.unit for each in fresh]), Matcher([each.unit._replace(parent="") for each in fresh])
    found: list[tuple[Standing, Standing]] = []
    for place, standing in enumerate(old.standings):
        if place in joined or place in trail.into or place in unsure[0]:
            continue
        near = matcher.near(standing.unit)
        others = [*bare.find(standing.unit._replace(parent="", code="")), *([] if near is None else [near])]
        others += matcher.one_letter_off(standing.unit)
        if others:
            found.append((standing, fresh[others[0]]))
    then, here = labels(old, new)
    words = [f"{then} ghi «{was.unit}»{_at(was)}, {here} ghi «{now.unit}»{_at(now)}" for was, now in found]
    for group in [range(len(found))] if len(found) > NAMED else [range(each, each + 1) for each in range(len(found))]:
        was, now = found[group[0]]
        cells = [each.at for place in group for each in found[place] if each.at]
        one = len(group) == 1
        said = our.PAST_NEAR_NAME(
            name=was.unit, cell="", unit=now.unit if one else None, other="", at=cells[0] if cells else None,
            related=tuple(cells[1:]),
        )  # fmt: skip
        asked = "có phải một đơn vị? Chưa ghép." if one else "có phải từng cặp là một đơn vị? Chưa ghép."
        what = (
            f"{'' if one else f'{len(group)} tên gần giống nhau: '}{_few([words[place] for place in group])}: {asked}"
        )
        yield said._replace(message=f"{what[:1].upper()}{what[1:]}")
