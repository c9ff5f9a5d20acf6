"""One unit's whole derivation, as plain values: what `explain --unit`, the page and the letters show of it.

criteria    points, maximum, mean of the group, cell, how facts became points
band        the edge, the distance to the next band, what holds it down
titles      every condition, met or not
years       what is known of the years before
findings    what was raised, with clause and cell
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from xeploai import vi
from xeploai.book.bands import Band
from xeploai.findings import Finding
from xeploai.model import TOTAL, Cell, Rating, Record, Unit
from xeploai.pipeline import Outcome
from xeploai.steps.looks import Looks
from xeploai.steps.rate import Term, share, terms

if TYPE_CHECKING:
    from xeploai.book.extras import Extra

Beside = Literal["", "thưởng", "phạt"]


class Line(NamedTuple):
    """One criterion of one unit. `points` None: not known; `most` 0: it does not apply to this unit."""

    code: str
    name: str
    depth: int
    points: vi.Exact | None
    most: vi.Exact
    mean: Fraction | None
    at: Cell | None
    words: str = ""
    meant: bool = True  # for units of this kind
    extra: Beside = ""  # beside the maximum: nobody loses a bonus, and a penalty is all loss

    @property
    def percent(self) -> Fraction | None:
        """Of the maximum, exact; None of what stands beside it."""
        return None if self.points is None or not self.most or self.extra else share(self.points, self.most)

    @property
    def lost(self) -> vi.Exact | None:
        """The points that the unit did not get, or lost."""
        if self.points is None or not self.most or self.extra == "thưởng":
            return None
        return self.points if self.extra else vi.added((self.most, -self.points))

    @property
    def remark(self) -> str:
        """Why there are no points: it does not apply, it is meant for other units, they are missing; "" where there are."""
        if not self.meant:
            return "không dành cho loại đơn vị này"
        if not self.most:
            return "không áp dụng"
        return "chưa có điểm" if self.points is None else ""


class Held(NamedTuple):
    """A title, whether the unit holds it (None: a fact is missing), and its conditions."""

    name: str
    held: bool | None
    terms: tuple[Term, ...]


class Card(NamedTuple):
    """All that there is to say of one unit."""

    position: int
    rating: Rating
    lines: tuple[Line, ...]
    total: Line
    next_band: str  # the band above, "" where there is none
    distance: str  # what is lacking for it, in words
    titles: tuple[Held, ...]
    years: tuple[Record, ...]
    findings: tuple[Finding, ...]
    group: str  # whose mean stands beside the points, in words


class Cards:
    """The cards of an outcome: `cards[position]`. What all units share is worked out once."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._looks = Looks(outcome.book, outcome.sheet, outcome.scores)
        self._looks.bands.update((position, rating.band) for position, rating in enumerate(outcome.ratings))

    def __len__(self) -> int:
        return len(self.outcome.ratings)

    def __getitem__(self, position: int) -> Card:
        outcome = self.outcome
        rating = outcome.ratings[position]
        band, distance = self._distance(rating)
        return Card(
            position, rating, tuple(self._line(position, code, depth) for code, depth in self._depths.items()),
            self._line(position, TOTAL, 0), band, distance, tuple(self._titles(position, rating)),
            tuple(record for _, record in sorted(outcome.past.of(position).items())),
            tuple(self._findings.get(rating.unit, ())), self._group_words(position),
        )  # fmt: skip

    # --------------------------------------------------------------------------------------- criteria

    @cached_property
    def _depths(self) -> dict[str, int]:
        return {node.code: depth for root in self.outcome.book.roots for depth, node in root.walk()}

    @cached_property
    def _extras(self) -> dict[str, Beside]:
        kinds: tuple[tuple[Extra | None, Beside], ...] = (
            (self.outcome.book.bonus, "thưởng"),
            (self.outcome.book.penalty, "phạt"),
        )
        return {node.code: what for extra, what in kinds if extra for item in extra.items for _, node in item.walk()}

    def _most(self, position: int, code: str) -> vi.Exact:
        book, maxima = self.outcome.book, self.outcome.scores.maxima.get(code)
        if maxima is not None:
            return maxima[position]
        return book.max_points if code == TOTAL else book.nodes[code].max_points

    def _meant(self, position: int, code: str) -> bool:
        book, kinds = self.outcome.book, self.outcome.sheet.kinds
        return code == TOTAL or not book.by_kind or code in book.applicable(kinds[position] if kinds else "")

    def _line(self, position: int, code: str, depth: int) -> Line:
        outcome = self.outcome
        return Line(
            code, outcome.book.nodes[code].name if code else "Tổng điểm", depth, outcome.points[code][position],
            self._most(position, code), self._means[self._groups[position]].get(code),
            outcome.sheet.cell(position, code) if code else outcome.sheet.block_of(position).total(position),
            outcome.scores.words.get((position, code), ""), self._meant(position, code), self._extras.get(code, ""),
        )  # fmt: skip

    @cached_property
    def _groups(self) -> list[str]:
        """Whom each unit is compared with: its group, where that has others; else "" for all."""
        names = [rating.group or rating.unit.parent for rating in self.outcome.ratings]
        sizes = {name: names.count(name) for name in set(names)}
        return [name if sizes[name] > 1 else "" for name in names]

    def _group_words(self, position: int) -> str:
        return self._groups[position] or ("toàn danh sách" if self.outcome.book.rates_persons else "tất cả đơn vị")

    @cached_property
    def _means(self) -> Mapping[str, Mapping[str, Fraction]]:
        """Group → criterion → mean of the known points, of the units to which it applies."""
        positions: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(self._groups):
            positions[name].append(position)
        if "" in positions:
            positions[""] = list(range(len(self._groups)))
        return {
            name: {
                code: _sum(known) / len(known)
                for code, column in self.outcome.points.items()
                if (known := [
                    points
                    for place in of_group
                    if (points := column[place]) is not None and self._most(place, code) and self._meant(place, code)
                ])
            }
            for name, of_group in positions.items()
        }  # fmt: skip

    # ------------------------------------------------------------------------------------------- band

    def _distance(self, rating: Rating) -> tuple[str, str]:
        """The band above and what is lacking for it."""
        bands = self.outcome.book.bands
        place = next((place for place, band in enumerate(bands) if band.name == rating.band), None)
        if place is None or rating.points is None or not rating.max_points:
            return "", ""
        if place == 0:
            return "", "đã ở mức cao nhất"
        upper = bands[place - 1]
        if upper.quarter:
            return upper.name, self._places_lacking(rating, upper)
        lacking = points_lacking(upper, rating.points, rating.max_points)
        if lacking is None:
            return upper.name, f"cần {upper}"
        least, strictly = lacking
        if least < 0 or (least == 0 and not strictly):
            return upper.name, f"đủ điểm của mức {upper.name}, nhưng chưa được xếp: xem các dòng «Vì sao»"
        rounding = self.outcome.book.rounding
        how = "không quá " if rounding and rounding.before_rating else "hơn " if strictly else ""
        beside = [f"{len(upper.conditions)} điều kiện ngoài điểm"] if upper.conditions else []
        beside += (
            ["hạn mức"] if any(vi.key(quota.band) == vi.key(upper.name) for quota in self.outcome.book.quotas) else []
        )
        also = f"; mức này còn {vi.listed(beside)}" if beside else ""
        return upper.name, f"còn thiếu {how}{vi.number(least, 4)} điểm ({upper}){also}"

    def _places_lacking(self, rating: Rating, upper: Band) -> str:
        assert upper.quarter
        assert rating.rank
        last = max((r.rank for r in self.outcome.ratings if r.rank and r.computed == upper.name), default=0)
        return (
            f"xếp theo thứ hạng: cần hạng {last} trở lên, đang hạng {rating.rank}"
            if last
            else f"phần tư thứ {upper.quarter}"
        )

    # ----------------------------------------------------------------------------- titles and findings

    def _titles(self, position: int, rating: Rating) -> list[Held]:
        outcome = self.outcome
        found = []
        for title in outcome.book.titles:
            each = tuple(terms(outcome.book, title, outcome.scores, self._looks, rating.band, position))
            failed = any(term.held is False for term in each)
            unknown = title.name in rating.open_titles or not rating.band  # without points nobody knows
            held = True if title.name in rating.titles else None if unknown and not failed else False
            found.append(Held(title.name, held, each))
        return found

    @cached_property
    def _findings(self) -> dict[Unit, list[Finding]]:
        found: dict[Unit, list[Finding]] = defaultdict(list)
        for finding in self.outcome.findings:
            if finding.unit:
                found[finding.unit].append(finding)
        return found


def points_lacking(band: Band, points: vi.Exact, most: vi.Exact) -> tuple[vi.Exact, bool] | None:
    """(points still to gain, whether exactly so many are not enough) for the band's lower edges; None where it has none."""
    lacking = [
        (
            vi.ended(Fraction(edge.amount) * Fraction(most) / 100 - Fraction(points))
            if edge.unit == "%"
            else vi.added((edge.amount, -points)),
            strictly,
        )
        for edge, strictly in ((band.at_least, False), (band.above, True))
        if edge is not None
    ]
    return max(lacking, default=None, key=lambda each: (Fraction(each[0]), each[1]))


def _sum(values: Sequence[vi.Exact]) -> Fraction:
    """The exact sum: of decimals as decimals, which is ten times as quick as fractions."""
    with localcontext(vi.EXACT):
        whole = sum((each for each in values if not isinstance(each, Fraction)), Decimal(0))
    return sum((each for each in values if isinstance(each, Fraction)), Fraction(whole))
