"""rate: points → percent → band → titles → rank, each with its reason. Everything compares exact numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from xeploai import findings as our
from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Band, Title
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Rating, ScoreSheet
from xeploai.steps.score import TOTAL
from xeploai.vi import EXACT

SHOWN_PLACES = 2
"""The result shows percents with two places; where that would change a band, a note says so."""

Points = Mapping[str, Sequence[Decimal | None]]


def rate(
    book: RuleBook, sheet: ScoreSheet, points: Points, *, explain: bool = True
) -> tuple[list[Rating], list[Finding]]:
    """A rating for every unit, in the sheet's order, and notes where rounding for display would change a band.

    `explain=False` leaves out the reasons and the notes: an earlier year only counts, nobody reads why.
    """
    maximum = book.max_points
    measured = [None if position in sheet.faulty else total for position, total in enumerate(points[TOTAL])]
    ranks, groups = ranked(measured), _group_ranks(sheet, measured)
    count = sum(total is not None for total in measured)
    judge, conditions = _Judge(book, count), _conditions(book, points)
    ratings: list[Rating] = []
    findings: list[Finding] = []
    for position, (unit, total) in enumerate(zip(sheet.units, measured, strict=True)):
        if total is None:
            reasons = sheet.faulty.get(position) or ("thiếu điểm",)
            ratings.append(Rating(unit, sheet.year, "unrated", why=tuple(f"Chưa xếp loại: {r}" for r in reasons)))
            continue
        percent = share(total, maximum)
        rank, (group_rank, group_of) = ranks[position], groups[position]
        assert rank is not None
        band = judge(total, percent, rank)
        titles = tuple(c.title.name for c in conditions if c.held(book, band.name, position)) if band else ()
        why: tuple[str, ...] = ()
        if explain:
            why = (
                judge.reason(total, percent, rank, band),
                *(c.reason(book, band, position) for c in conditions if band),
            )
            if band and (note := _close_call(book, sheet, position, total, percent, band)):
                findings.append(note)
        ratings.append(Rating(
            unit, sheet.year, "rated" if band else "undetermined", total, maximum, percent, band.name if band else None,
            titles, rank, count, group_rank, group_of, why,
        ))  # fmt: skip
    return ratings, findings


@lru_cache(maxsize=1 << 16)
def share(points: Decimal, maximum: Decimal) -> Fraction:
    """The percent of the applicable maximum, exact: 100 × points ÷ maximum."""
    return 100 * Fraction(points) / Fraction(maximum)


# -------------------------------------------------------------------------------------------------- bands


class _Judge:
    """Which band holds, and why: the edges of one book, worked out once for all units of a year."""

    def __init__(self, book: RuleBook, count: int) -> None:
        self.book, self.count = book, count
        self.rounding = book.rounding if book.rounding and book.rounding.before_rating else None
        self.by_percent = any(edge.unit == "%" for band in book.bands for _, edge in band.edges())
        self.tests = [(band, band.test(book.max_points)) for band in book.bands]
        self.words = {band.name: f"xếp loại {band.name} ({band})" for band in book.bands}

    def __call__(self, points: Decimal, percent: Fraction, rank: int) -> Band | None:
        """The band of these points, or None where no band's edges hold."""
        if self.book.by_quarter:
            quarter = quarter_of(rank, self.count)
            return next(band for band in self.book.bands if band.quarter == quarter)
        if self.rounding and self.by_percent:
            points = EXACT.multiply(self.rounding(percent), self.book.max_points).scaleb(-2)
        elif self.rounding:
            points = self.rounding(points)
        return next((band for band, holds in self.tests if holds(points)), None)

    def reason(self, points: Decimal, percent: Fraction, rank: int, band: Band | None) -> str:
        """The points, and the edge or the place that decided."""
        got = f"{vi.number(points)}/{vi.number(self.book.max_points)} điểm ({vi.percent(percent)})"
        if self.rounding:
            shown = (
                f"{vi.number(self.rounding(percent))}%"
                if self.by_percent
                else f"{vi.number(self.rounding(points))} điểm"
            )
            got += f", làm tròn {shown}"
        if band is None:
            return f"{got}: chưa xác định, không mức nào của bộ có ngưỡng chứa số này"
        if band.quarter:
            return f"{got}, hạng {rank}/{self.count}: phần tư thứ {band.quarter}, xếp loại {band.name}"
        return f"{got}: {self.words[band.name]}"


def quarter_of(rank: int, count: int) -> int:
    """The quarter of the ranking: k while 4·(rank − 1) < k·n. Ties share a rank, so they take the better."""
    return 4 * (rank - 1) // count + 1


def _close_call(
    book: RuleBook, sheet: ScoreSheet, position: int, points: Decimal, percent: Fraction, band: Band
) -> Finding | None:
    """A note where the shown number belongs to another band than the exact one."""
    if book.by_quarter or (book.rounding and book.rounding.before_rating):
        return None
    shown = vi.rounded(percent, SHOWN_PLACES)
    if shown == percent:
        return None
    seen = next((b for b in book.bands if b.holds(shown * book.max_points / 100, book.max_points)), None)
    if seen is None or seen.name == band.name:
        return None
    exact = f"{vi.exact(points).replace('.', ',')}/{vi.number(book.max_points)} điểm"
    return our.ROUNDING_MATTERS(
        unit=sheet.units[position], exact=exact, band=band.name, rounded=vi.percent(shown), other=seen.name,
        year=sheet.year, at=sheet.named(position),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------- titles


@dataclass(frozen=True)
class _Condition:
    """A title's conditions, worked out once for all units."""

    title: Title
    every: str  # what every criterion must satisfy, in words
    band_limit: int | None
    criteria: tuple[tuple[Criterion, Callable[[Decimal], bool], Sequence[Decimal | None]], ...]

    def _band_holds(self, book: RuleBook, band: str) -> bool:
        own = book.band_place(band)
        return self.band_limit is None or (own is not None and own <= self.band_limit)

    def held(self, book: RuleBook, band: str, position: int) -> bool:
        """Whether every condition holds."""
        return self._band_holds(book, band) and all(
            (got := column[position]) is not None and holds(got) for _, holds, column in self.criteria
        )

    def reason(self, book: RuleBook, band: Band, position: int) -> str:
        """Held, or every condition that fails."""
        failed = []
        if not self._band_holds(book, band.name):
            failed.append(f"xếp loại {band.name}, cần {self.title.band_at_least} trở lên")
        for criterion, holds, column in self.criteria:
            got = column[position]
            if got is None or not holds(got):
                shown = "chưa có điểm" if got is None else f"{vi.number(got)} điểm"
                failed.append(f"{criterion.code} {shown}, cần {self.every}")
        if failed:
            return f"Không đạt «{self.title.name}»: {'; '.join(failed)}"
        return f"Đạt «{self.title.name}»: đủ mọi điều kiện"


def _conditions(book: RuleBook, points: Points) -> list[_Condition]:
    found = []
    for title in book.titles:
        limit = book.band_place(title.band_at_least) if title.band_at_least else None
        every = title.every
        level = book.by_level[vi.key(title.level or book.level)] if any(every.edges()) else ()
        criteria = tuple((each, every.test(each.max_points), points[each.code]) for each in level)
        found.append(_Condition(title, str(every), limit, criteria))
    return found


# -------------------------------------------------------------------------------------------------- ranks


def ranked(values: Sequence[Decimal | None]) -> list[int | None]:
    """Competition ranks, the highest value first: 1, 2, 2, 4; None stays unranked. All share one maximum."""
    order = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(order, 1):
        first.setdefault(value, place)
    return [None if value is None else first[value] for value in values]


def _group_ranks(sheet: ScoreSheet, values: Sequence[Decimal | None]) -> list[tuple[int | None, int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for position, unit in enumerate(sheet.units):
        groups[unit.parent].append(position)
    found: list[tuple[int | None, int]] = [(None, 0)] * len(values)
    for positions in groups.values():
        ranks = ranked([values[position] for position in positions])
        count = sum(rank is not None for rank in ranks)
        for position, rank in zip(positions, ranks, strict=True):
            found[position] = (rank, count)
    return found


def last_places(ratings: Sequence[Rating]) -> dict[int, bool]:
    """Position → whether nobody is lower, ties included ("cùng thấp nhất"); nobody is last where all tie."""
    ranks = {position: rating.rank for position, rating in enumerate(ratings) if rating.rank is not None}
    lowest = max(ranks.values(), default=1)
    return {position: lowest > 1 and rank == lowest for position, rank in ranks.items()}
