"""rate: points → percent → band with conditions → caps → decisions → quotas → titles → rank, each with its reason.

Everything compares exact numbers. Kinds of units are rated in the book's order, lower levels first: what a unit is judged by
may be the band of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.book.bands import Band, Title
from xeploai.book.criteria import Criterion
from xeploai.book.names import Verdict
from xeploai.book.parts import Range
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import TOTAL, Decision, Rating, Scores, ScoreSheet
from xeploai.steps.looks import Looks
from xeploai.vi import Exact

if TYPE_CHECKING:
    from xeploai.book.limits import Quota
    from xeploai.steps.cap import Capped
    from xeploai.steps.quota import Candidate

SHOWN_PLACES = 2
"""The result shows percents with two places; where that would change a band, a note says so."""

Points = Mapping[str, Sequence[Exact | None]]


def rate(
    book: RuleBook,
    sheet: ScoreSheet,
    scores: Scores,
    decisions: Mapping[int, Decision] | None = None,
    *,
    explain: bool = True,
) -> tuple[list[Rating], list[Finding]]:
    """A rating for every unit, in the sheet's order, and findings: what is open, what was decided, close calls.

    `decisions` are the authority's own. `explain=False` leaves out the reasons and the notes: an earlier year only counts.
    """
    work = _Work(book, sheet, scores, decisions or {}, explain=explain)
    return work.run(), work.findings


@dataclass(slots=True, eq=False, repr=False)
class _Open:
    """One unit while it is rated."""

    points: Exact
    most: Exact
    percent: Fraction
    rank: int
    band: str | None
    computed: str | None
    why: list[str] = field(default_factory=list)
    unrated: bool = False  # a rule says that it is not to be rated
    missing: str = ""  # the fact that a condition lacks


class _Work:
    """One year's units while they are rated."""

    def __init__(
        self,
        book: RuleBook,
        sheet: ScoreSheet,
        scores: Scores,
        decisions: Mapping[int, Decision],
        *,
        explain: bool,
    ) -> None:
        self.book, self.sheet, self.scores, self.decisions, self.explain = book, sheet, scores, decisions, explain
        self.findings: list[Finding] = []
        self.looks = Looks(book, sheet, scores)
        self.measured = [
            None if position in sheet.faulty else total for position, total in enumerate(scores.points[TOTAL])
        ]
        self.wholes = scores.maxima.get(TOTAL)
        for position, total in enumerate(self.measured):
            if total is None:  # there will be no band but a decided one
                decided = self.decisions.get(position)
                self.looks.bands[position] = decided.band if decided else None
        self.keys = ranking_keys(book, scores, self.measured)
        self.ranks = ranked(self.keys)
        self.count = sum(total is not None for total in self.measured)
        self.judge = _Judge(book, self.count)
        self.open: dict[int, _Open] = {}

    def most(self, position: int) -> Exact:
        """The applicable maximum of this unit."""
        return self.book.max_points if self.wholes is None else self.wholes[position]

    def run(self) -> list[Rating]:
        """Stage after stage, then what needs everybody: titles, ranks."""
        stages = self._stages()
        for stage in stages:
            self._stage(stage)
        if self.explain:
            self.findings += _shares_of_nothing(self.book, self.sheet)
        self._quotas_over_all(stages)
        conditions = _conditions(self.book, self.scores, self.looks)
        groups = _group_ranks(self.book, self.sheet, self.keys)
        gaps = self._gaps() if self.book.ranking else {}
        return [
            self._unrated(position, conditions)
            if total is None
            else self._rating(position, conditions, groups[position], gaps)
            for position, total in enumerate(self.measured)
        ]

    def _stages(self) -> list[list[int]]:
        """The positions to rate one after the other: kinds of units in the book's order, those of no kind last."""
        everyone = [position for position, total in enumerate(self.measured) if total is not None]
        if not (self.book.kinds and self.looks.above):
            return [everyone]  # nobody belongs to another unit of this run
        of_kind: dict[str, list[int]] = {kind: [] for kind in (*self.book.kinds, "")}
        for position in everyone:
            of_kind[self.sheet.kinds[position]].append(position)
        return list(of_kind.values())

    def _stage(self, positions: Sequence[int]) -> None:
        plain = not (self.book.caps or self.book.quotas or self.decisions or self.book.kinds)
        for position in positions:
            total, rank = self.measured[position], self.ranks[position]
            assert total is not None
            assert rank is not None
            most = self.most(position)
            percent = share(total, most)
            band = self.judge(total, most, percent, rank)
            one = self.open[position] = _Open(total, most, percent, rank, band.name if band else None, None)
            if self.explain:
                one.why.append(self.judge.reason(total, most, percent, rank, band))
                one.why += self.scores.notes.get(position, ())
            if band and band.conditions:
                self._conditions(one, band, position)
            one.computed = one.band
            if not plain:
                self._cap(one, position)
                self._decide(one, position)
        for position in positions:
            self.looks.bands[position] = self.open[position].band

    def _quotas(self, rules: Sequence[Quota], positions: Sequence[int]) -> None:
        if not rules:
            return
        from xeploai.steps import quota

        decided = [p for p in self.decisions if self.measured[p] is None]
        unscored = {p: _Open(0, 0, Fraction(0), 0, self.decisions[p].band, None) for p in decided}
        for rule in rules:
            everyone = self._candidates(rule.ties, positions) + [
                quota.Candidate(p, (Fraction(0),), self._group(p), decided=True) for p in decided
            ]
            self.findings += quota.apply(rule, self.book, self.sheet, everyone, {**self.open, **unscored})

    def _quotas_over_all(self, stages: Sequence[Sequence[int]]) -> None:
        """The quotas in the book's order, once all are rated; who is held by a unit that moved down is held again."""
        if not self.book.quotas:
            return
        before = {position: one.band for position, one in self.open.items()}
        self._quotas(self.book.quotas, [position for stage in stages for position in stage])
        moved = {position for position, one in self.open.items() if one.band != before[position]}
        self.looks.bands.update((position, self.open[position].band) for position in moved)
        for stage in stages if len(stages) > 1 else ():
            for position in stage:
                near = {self.looks.above.get(position), *self.looks.below.get(position, ())}
                if near & moved and position not in self.decisions:
                    self._cap_again(self.open[position], position)
                    self.looks.bands[position] = self.open[position].band

    def _cap_again(self, one: _Open, position: int) -> None:
        """The caps anew, from the computed band; what is lower counts, and nothing is said twice."""
        again = _Open(one.points, one.most, one.percent, one.rank, one.computed, one.computed)
        self._cap(again, position)
        place, held = (self.book.band_place(band) if band else len(self.book.bands) for band in (one.band, again.band))
        if (held or 0) > (place or 0):
            one.band, one.unrated = again.band, again.unrated
            one.why += (words for words in again.why if words not in one.why)

    # ------------------------------------------------------------------------------- what decides on a band

    def _conditions(self, one: _Open, band: Band, position: int) -> None:
        """Without all its conditions a band does not hold, and points alone give no other."""
        look = self.looks.at(position)
        verdicts = [condition.judge(look) for condition in band.conditions]
        failed = [verdict.words for verdict in verdicts if verdict.held is False]
        open_ones = [verdict.words for verdict in verdicts if verdict.held is None]
        basis = f" ({band.basis})" if band.basis else ""
        if failed:
            one.band = None
            words = f"đủ điểm của mức {band.name} nhưng không đạt điều kiện: {'; '.join(failed)}"
            one.why.append(f"chưa xác định: {words}{basis}")
        elif open_ones:
            one.band = None
            words = f"chưa biết đủ điều kiện của mức {band.name} không: {'; '.join(open_ones)}"
            one.why.append(f"chưa xác định: {words}{basis}")
            one.missing = next(verdict.about for verdict in verdicts if verdict.held is None)
        else:
            one.why += (f"đủ điều kiện: {verdict.words}" for verdict in verdicts)

    def _cap(self, one: _Open, position: int) -> None:
        from xeploai.steps import cap  # few books have any

        for rule in self.book.caps:
            said = cap.judge(rule, self.book, self.sheet, self.scores, self.looks, position, one.band)
            if said:
                one.band, one.unrated = said.band, said.unrated
                one.why.append(said.words)
                if said.unrated:
                    return

    def _decide(self, one: _Open, position: int) -> None:
        decision = self.decisions.get(position)
        if decision is None:
            return
        reason = f", lý do: {decision.reason}" if decision.reason else ""
        before = one.band or "chưa xác định"
        one.why.append(f"cấp có thẩm quyền quyết định {decision.band} ({decision.document}){reason}")
        if vi.key(before) != vi.key(decision.band):
            self.findings.append(
                our.DECIDED(
                    unit=self.sheet.units[position], band=decision.band, document=decision.document, computed=before,
                    reason=reason, year=self.sheet.year, at=decision.at,
                )
            )  # fmt: skip
        one.band = decision.band

    def _candidates(self, ties: Sequence[str], positions: Sequence[int]) -> list[Candidate]:
        from xeploai.steps.quota import Candidate

        names = tie_keys(self.book, self.scores, ties)
        return [
            Candidate(
                position,
                (self.open[position].percent, *(key(position) for key in names)),
                self._group(position),
                position in self.decisions,
            )
            for position in positions
        ]

    def _group(self, position: int) -> Callable[[str | None], str]:
        return lambda word: group_of(self.book, self.sheet, position, word) if word else ""

    # ------------------------------------------------------------------------------------------ the ratings

    def _unrated(self, position: int, conditions: Sequence[_Condition]) -> Rating:
        """Without points there is no computed band; the authority may still have decided."""
        unit, year = self.sheet.units[position], self.sheet.year
        why = tuple(f"Chưa xếp loại: {reason}" for reason in self.sheet.faulty.get(position) or ("thiếu điểm",))
        decision, forced = self.decisions.get(position), self._forced(position)
        held = [(c.title.name, c.held(self.book, None, position)) for c in conditions if c.by_facts]
        titles = tuple(name for name, holds in held if holds)
        unsure = tuple(name for name, holds in held if holds is None)
        if decision is None and forced:
            return Rating(
                unit, year, "rated", band=forced.band, titles=titles, why=(*why, forced.words), open_titles=unsure
            )
        if decision is None:
            return Rating(unit, year, "unrated", titles=titles, why=why, open_titles=unsure)
        one = _Open(0, 0, Fraction(0), 0, None, None, list(why))
        self._decide(one, position)
        return Rating(
            unit, year, "rated", band=decision.band, titles=titles, why=tuple(one.why), decision=decision,
            open_titles=unsure,
        )  # fmt: skip

    def _forced(self, position: int) -> Capped | None:
        """The band that a unit has for want of any self-score, where the book says so: it needs no points."""
        rules = [rule for rule in self.book.caps if rule.kind == "không tự chấm" and rule.band]
        if not rules:
            return None
        from xeploai.steps import cap

        said = (cap.judge(r, self.book, self.sheet, self.scores, self.looks, position, None) for r in rules)
        return next((each for each in said if each and each.band), None)

    def _rating(
        self,
        position: int,
        conditions: Sequence[_Condition],
        group: tuple[int | None, int, str],
        gaps: Mapping[int, Fraction],
    ) -> Rating:
        one, book, sheet = self.open[position], self.book, self.sheet
        band = one.band
        held = [(c.title.name, c.held(book, band, position)) for c in conditions]
        titles = tuple(name for name, holds in held if holds)
        if self.explain:
            if band:
                one.why += (c.reason(book, band, position) for c in conditions)
                exact = next((b for b in book.bands if b.name == one.computed), None)
                if exact and (note := _close_call(book, sheet, position, one.points, one.most, one.percent, exact)):
                    self.findings.append(note)
            elif not one.unrated:
                self._undetermined(one, position)
        status = "rated" if band else "unrated" if one.unrated else "undetermined"
        return Rating(
            sheet.units[position], sheet.year, status, one.points, one.most, one.percent,
            band, titles, one.rank, self.count, group[0], group[1], tuple(one.why) if self.explain else (), one.computed,
            group[2], gaps.get(one.rank), self.decisions.get(position),
            open_titles=tuple(name for name, holds in held if holds is None),
        )  # fmt: skip

    def _undetermined(self, one: _Open, position: int) -> None:
        reasons = [words for words in one.why if "chưa xác định" in words]
        fact = self.book.fact_names.find(one.missing) if one.missing else None
        cell = self.sheet.cell(position, fact.code) if fact else None
        self.findings.append(
            our.UNDETERMINED(
                unit=self.sheet.units[position], reason="; ".join(reasons) or "chưa xác định", year=self.sheet.year,
                at=cell or self.sheet.named(position),
            )
        )  # fmt: skip

    def _gaps(self) -> dict[int, Fraction]:
        """Rank → percentage points to the place next above; 0 where only a tie-break decided."""
        seen = sorted({(one.rank, one.percent) for one in self.open.values()})
        return {low: most - least for (_, most), (low, least) in pairwise(seen)}


def _shares_of_nothing(book: RuleBook, sheet: ScoreSheet) -> Iterator[Finding]:
    """A denominator of 0 under a condition that has no word for it, once for each unit and fact."""
    asked = [(f"mức «{band.name}»", each) for band in book.bands for each in band.conditions]
    asked += [(f"danh hiệu «{title.name}»", each) for title in book.titles for each in title.conditions]
    asked += [(f"khống chế «{rule.code}»", each) for rule in book.caps for each in rule.when]
    asked += [(f"cảnh báo «{flag.code}»", each) for flag in book.flags for each in getattr(flag, "when", ())]
    told: set[tuple[int, str]] = set()
    for what, condition in asked:
        whole = book.fact_names.find(condition.out_of) if condition.out_of and condition.if_zero is None else None
        part = book.fact_names.find(condition.fact or "")
        if whole is None or part is None:
            continue
        for position, value in enumerate(sheet.facts.get(whole.code, ())):
            if value == 0 and value is not False and (position, whole.code) not in told:
                told.add((position, whole.code))
                at = sheet.cell(position, whole.code)
                yield our.SHARE_OF_NOTHING(
                    unit=sheet.units[position], name=whole.name, part=part.name, what=what, year=sheet.year,
                    where=f" (ô {at.address})" if at else "", at=at or sheet.named(position),
                )  # fmt: skip


@lru_cache(maxsize=1 << 16)
def share(points: Exact, maximum: Exact) -> Fraction:
    """The percent of the applicable maximum, exact: 100 × points ÷ maximum."""
    return 100 * Fraction(points) / Fraction(maximum)


# -------------------------------------------------------------------------------------------------- bands


class _Judge:
    """Which band's edges hold, and why: the edges of one book, worked out once for each maximum."""

    def __init__(self, book: RuleBook, count: int) -> None:
        self.book, self.count = book, count
        self.rounding = book.rounding if book.rounding and book.rounding.before_rating else None
        self.by_quarter = book.by_quarter
        self.by_percent = any(edge.unit == "%" for band in book.bands for _, edge in band.edges())
        self.words = {band.name: f"{rated_as(band.name)} ({band})" for band in book.bands}
        # Maximum → band, whether its edges hold, and whether it has begun, for one that has an end.
        self._tests: dict[Exact, list[tuple[Band, Callable[[Exact], bool], Callable[[Exact], bool] | None]]] = {}

    def __call__(self, points: Exact, most: Exact, percent: Fraction, rank: int) -> Band | None:
        """The band of these points, or None where no band's edges hold."""
        if self.by_quarter:
            quarter = quarter_of(rank, self.count)
            return next(band for band in self.book.bands if band.quarter == quarter)
        if self.rounding and self.by_percent:
            points = vi.ended(Fraction(self.rounding(percent)) * Fraction(most) / 100)
        elif self.rounding:
            points = self.rounding(points)
        tests = self._tests.get(most)
        if tests is None:
            tests = self._tests[most] = [
                (
                    band,
                    (_without_end(band) if place == 0 else band).test(most),
                    _without_end(band).test(most) if place and (band.at_most or band.below) else None,
                )
                for place, band in enumerate(self.book.bands)
            ]
        beyond = False  # in a gap under a band that begins below these points: no open band further down may take them
        for band, holds, begun in tests:
            if holds(points) and not (beyond and begun is None):
                return band
            beyond = beyond or (begun is not None and begun(points))
        return None

    def reason(self, points: Exact, most: Exact, percent: Fraction, rank: int, band: Band | None) -> str:
        """The points, and the edge or the place that decided."""
        got = f"{vi.number(points)}/{vi.number(most)} điểm ({vi.percent(percent)})"
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
            return f"{got}, hạng {rank}/{self.count}: phần tư thứ {band.quarter}, {rated_as(band.name)}"
        if band.conditions:
            return f"{got}: điểm thuộc mức {band.name} ({band})"
        return f"{got}: {self.words[band.name]}"


def _without_end(band: Band) -> Range:
    """The highest band has no end: a bonus may lift points over the maximum."""
    return Range(at_least=band.at_least, above=band.above)


def rated_as(band: str) -> str:
    """ "xếp loại tốt"; "xếp loại I" of a band that is called "loại I"."""
    return f"xếp {band}" if vi.key(band).startswith("loại ") else f"xếp loại {band}"


def quarter_of(rank: int, count: int) -> int:
    """The quarter of the ranking: k while 4·(rank − 1) < k·n. Ties share a rank, so they take the better."""
    return 4 * (rank - 1) // count + 1


def _close_call(
    book: RuleBook, sheet: ScoreSheet, position: int, points: Exact, maximum: Exact, percent: Fraction, band: Band
) -> Finding | None:
    """A note where the shown number belongs to another band than the exact one."""
    if book.by_quarter or (book.rounding and book.rounding.before_rating):
        return None
    shown = vi.rounded(percent, SHOWN_PLACES)
    if shown == percent:
        return None
    limit = vi.ended(Fraction(shown) * Fraction(maximum) / 100)
    seen = next((b for b in book.bands if b.holds(limit, maximum)), None)
    if seen is None or seen.name == band.name:
        return None
    shown_exactly = vi.number(points, 6) if isinstance(points, Fraction) else vi.exact(points).replace(".", ",")
    exact = f"{shown_exactly}/{vi.number(maximum)} điểm"
    return our.ROUNDING_MATTERS(
        unit=sheet.units[position], exact=exact, band=band.name, rounded=vi.percent(shown), other=seen.name,
        year=sheet.year, at=sheet.named(position),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------- titles


class Term(NamedTuple):
    """One condition of a title for one unit, in words, and whether it holds; None: a fact is missing."""

    words: str
    held: bool | None


class _Condition(NamedTuple):
    """A title's conditions, worked out once for all units."""

    title: Title
    looks: Looks
    every: str  # what every criterion must satisfy, in words
    band_limit: int | None
    criteria: tuple[tuple[Criterion, Callable[[Exact], bool], Sequence[Exact | None], Sequence[Exact] | None], ...]

    @property
    def by_facts(self) -> bool:
        """Whether it depends on facts alone: then it is known of a unit without points too."""
        return bool(self.title.conditions) and self.band_limit is None and not self.criteria

    def _band_holds(self, book: RuleBook, band: str) -> bool:
        own = book.band_place(band)
        return self.band_limit is None or (own is not None and own <= self.band_limit)

    def held(self, book: RuleBook, band: str | None, position: int) -> bool | None:
        """Whether every condition holds; None where all else holds and a fact is missing."""
        if not self.by_facts and (band is None or not self._points_hold(book, band, position)):
            return False
        seen = [each.held for each in self._verdicts(position)] if self.title.conditions else []
        return False if False in seen else None if None in seen else True

    def _points_hold(self, book: RuleBook, band: str, position: int) -> bool:
        """Whether the band and every criterion satisfy it."""
        if not self._band_holds(book, band):
            return False
        for _, holds, column, maxima in self.criteria:
            if maxima is None:  # nearly always: everybody has the same maximum
                got = column[position]
                if got is None or not holds(got):
                    return False
            elif not self._holds(holds, column, maxima, position):
                return False
        return True

    def _verdicts(self, position: int) -> list[Verdict]:
        look = self.looks.at(position)
        return [condition.judge(look) for condition in self.title.conditions]

    def _holds(
        self,
        holds: Callable[[Exact], bool],
        column: Sequence[Exact | None],
        maxima: Sequence[Exact] | None,
        position: int,
    ) -> bool:
        """Whether one criterion satisfies it; one that does not apply to this unit stands in nobody's way."""
        got = column[position]
        if maxima is not None:
            if not maxima[position]:
                return True
            holds = self.title.every.test(maxima[position])
        return got is not None and holds(got)

    def reason(self, book: RuleBook, band: str, position: int) -> str:
        """Held, or every condition that fails."""
        failed = [term.words for term in self.terms(book, band, position) if not term.held]
        if failed:
            return f"Không đạt «{self.title.name}»: {'; '.join(failed)}"
        return f"Đạt «{self.title.name}»: đủ mọi điều kiện"

    def terms(self, book: RuleBook, band: str | None, position: int) -> Iterator[Term]:
        """Every condition for one unit: the band, each criterion that fails (or that none does), the facts."""
        if self.band_limit is not None:
            now = f"xếp loại {band}" if band else "chưa xếp loại"
            holds = None if band is None else self._band_holds(book, band)  # nobody knows what it would be
            yield Term(f"{now}, cần {self.title.band_at_least} trở lên", holds)
        failed = [each for each in self.criteria if not self._holds(*each[1:], position)]
        for criterion, _, column, _ in failed:
            got = column[position]
            shown = "chưa có điểm" if got is None else f"{vi.number(got)} điểm"
            yield Term(f"{criterion.code} {shown}, cần {self.every}", None if got is None else False)
        if self.criteria and not failed:
            yield Term(f"mọi {self.title.level or book.level} {self.every}", held=True)
        if self.title.conditions:
            yield from (Term(verdict.words, verdict.held) for verdict in self._verdicts(position))


def terms(
    book: RuleBook, title: Title, scores: Scores, looks: Looks, band: str | None, position: int
) -> Iterator[Term]:
    """Every condition of a title for one unit, whose band is known to the looks."""
    named = next(each for each in _conditions(book, scores, looks) if each.title is title)
    return named.terms(book, band, position)


def _conditions(book: RuleBook, scores: Scores, looks: Looks) -> list[_Condition]:
    found = []
    for title in book.titles:
        limit = book.band_place(title.band_at_least) if title.band_at_least else None
        every = title.every
        level = book.by_level[vi.key(title.level or book.level)] if any(every.edges()) else ()
        criteria = tuple(
            (each, every.test(each.max_points), scores.points[each.code], scores.maxima.get(each.code))
            for each in level
        )
        found.append(_Condition(title, looks, str(every), limit, criteria))
    return found


# -------------------------------------------------------------------------------------------------- ranks

Key = tuple[Fraction, ...] | Exact


def ranking_keys(book: RuleBook, scores: Scores, measured: Sequence[Exact | None]) -> list[Key | None]:
    """What units are ranked by: points where all share one maximum, else exact percent; then the book's tie-breaks."""
    wholes = scores.maxima.get(TOTAL)
    ties = tie_keys(book, scores, book.ranking.ties) if book.ranking else []
    if wholes is None and not ties:
        if any(isinstance(total, Fraction) for total in measured):
            return [None if total is None else Fraction(total) for total in measured]
        return list(measured)
    return [
        None
        if total is None
        else (share(total, book.max_points if wholes is None else wholes[p]), *(key(p) for key in ties))
        for p, total in enumerate(measured)
    ]


def tie_keys(book: RuleBook, scores: Scores, ties: Sequence[str]) -> list[Callable[[int], Fraction]]:
    """For each named tie-break what units are compared by: percent of a criterion, bonus, less penalty."""

    def percent(node: Criterion) -> Callable[[int], Fraction]:
        column, maxima = scores.points[node.code], scores.maxima.get(node.code)

        def key(position: int) -> Fraction:
            got, most = column[position], node.max_points if maxima is None else maxima[position]
            return Fraction(0) if got is None or not most else share(got, most)

        return key

    keys: list[Callable[[int], Fraction]] = []
    for word in ties:
        if vi.key(word) == "điểm thưởng":
            keys.append(lambda position: Fraction(scores.bonus.get(position, 0)))
        elif vi.key(word) == "điểm phạt":
            keys.append(lambda position: -Fraction(scores.penalty.get(position, 0)))
        elif node := book.criterion(word):
            keys.append(percent(node))
    return keys


def ranked(values: Sequence[Key | None]) -> list[int | None]:
    """Competition ranks, the highest value first: 1, 2, 2, 4; None stays unranked."""
    order = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Hashable, int] = {}
    for place, value in enumerate(order, 1):
        first.setdefault(value, place)
    return [None if value is None else first[value] for value in values]


def group_of(book: RuleBook, sheet: ScoreSheet, position: int, word: str | None) -> str:
    """The group of a unit: its district, its kind, or what a fact says of it."""
    fact = book.fact_names.find(word) if word else None
    if fact:
        seen = sheet.facts[fact.code][position]
        if isinstance(seen, bool):
            return f"{fact.name}: {'có' if seen else 'không'}"
        return "" if seen is None else seen if isinstance(seen, str) else vi.number(seen)
    unit = sheet.units[position]
    if word and vi.key(word) == "loại đơn vị":
        return (sheet.kinds[position] if sheet.kinds else "") or unit.kind
    return unit.parent


def _group_ranks(book: RuleBook, sheet: ScoreSheet, keys: Sequence[Key | None]) -> list[tuple[int | None, int, str]]:
    word = book.ranking.group if book.ranking else None
    groups: dict[str, list[int]] = defaultdict(list)
    for position, unit in enumerate(sheet.units):
        groups[group_of(book, sheet, position, word) if word else unit.parent].append(position)
    found: list[tuple[int | None, int, str]] = [(None, 0, "")] * len(keys)
    for name, positions in groups.items():
        ranks = ranked([keys[position] for position in positions])
        count = sum(rank is not None for rank in ranks)
        for position, rank in zip(positions, ranks, strict=True):
            found[position] = (rank, count, name)
    return found


def last_places(ratings: Sequence[Rating]) -> dict[int, bool]:
    """Position → whether nobody is lower, ties included ("cùng thấp nhất"); nobody is last where all tie."""
    ranks = {position: rating.rank for position, rating in enumerate(ratings) if rating.rank is not None}
    lowest = max(ranks.values(), default=1)
    return {position: lowest > 1 and rank == lowest for position, rank in ranks.items()}
