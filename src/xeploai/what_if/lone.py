"""One unit rated again with other points, as the line rates it: by itself where nobody else matters, else among all.

A book without quotas, ranks and units inside units judges every unit by itself; then the same steps over a sheet of this one
unit give the same result, thousands of times a second. Where it does not, every try rates the whole sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from xeploai import vi
from xeploai.book.bands import Title
from xeploai.findings import Severity
from xeploai.flags.base import Flag
from xeploai.model import Block, Decision, Past, Scores, ScoreSheet
from xeploai.pipeline import Judged, Outcome, judge
from xeploai.steps.looks import Looks
from xeploai.steps.score import score
from xeploai.vi import Exact

BY_ITSELF = {
    "điểm thấp", "liên tiếp", "không chuyển biến", "nguyên nhân", "giải trình", "số liệu", "không điểm", "sát ngưỡng",
}  # fmt: skip
"""The kinds of flags that look at one unit and its own past; of any other the whole sheet is asked."""

Points = Mapping[str, Decimal]
"""Leaf → the points that are tried in place of the unit's own."""


class State(NamedTuple):
    """What a try gives: points, the place of the band (None: no band), titles, the flags that fire and ask for something."""

    points: Exact | None
    band: int | None
    titles: frozenset[str]
    flags: frozenset[str]
    even: frozenset[str] = frozenset()  # titles whose limit every criterion is beyond, whatever the band


class Tries:
    """The unit at this position under other points. Every answer is remembered."""

    def __init__(self, outcome: Outcome, position: int, flags: Sequence[Flag] = (), *, alone: bool) -> None:
        self.outcome, self.flags, self.alone = outcome, flags, alone
        self.place, self.unit = position, outcome.sheet.units[position]
        self.own = _bare(only(apart(outcome.sheet, position), position))
        self._known: dict[tuple[tuple[str, Decimal], ...], State] = {}
        self.past = _past_of(outcome.past, position)
        decided = outcome.ratings[position].decision
        self.decisions = {0: decided} if decided else {}

    def __call__(self, points: Points) -> State:
        key = tuple(sorted(points.items()))
        if key not in self._known:
            self._known[key] = self._tried(points)
        return self._known[key]

    def _tried(self, points: Points) -> State:
        book, sheet = self.outcome.book, with_points(self.own, 0, points)
        if self.alone:
            judged = judge(book, sheet, self.past, self.flags, decisions=self.decisions, explain=False)
            return self.state(judged, 0)
        with localcontext(vi.EXACT):
            own = score(book, sheet)[1]  # what a unit scores depends on nobody else: the others keep their points
        judged = judge(
            book, self.outcome.sheet, self.outcome.past, self.flags, scores=_merged(self.outcome.scores, own, self.place),
            decisions=_decisions(self.outcome), explain=False,
        )  # fmt: skip
        return self.state(judged, self.place)

    def state(self, judged: Judged, position: int) -> State:
        """What was judged of this unit."""
        rating = judged.ratings[position]
        fired = {each.code for each in judged.findings if each.unit == self.unit and each.severity is not Severity.NOTE}
        place = self.outcome.book.band_place(rating.band) if rating.band else None
        even = frozenset(title.name for title in self.outcome.book.titles if self._even(title, judged.scores, position))
        return State(rating.points, place, frozenset(rating.titles), frozenset(fired), even)

    def _even(self, title: Title, scores: Scores, position: int) -> bool:
        book = self.outcome.book
        for each in book.by_level[vi.key(title.level or book.level)] if any(title.every.edges()) else ():
            maxima, points = scores.maxima.get(each.code), scores.points[each.code][position]
            most = each.max_points if maxima is None else maxima[position]
            if most and (points is None or not title.every.holds(points, most)):
                return False
        return True


def _merged(whole: Scores, own: Scores, position: int) -> Scores:
    """The points of all, with those of one unit in place of its own."""
    columns = dict(whole.points)
    for code, (value,) in own.points.items():
        if columns[code][position] != value:
            column = list(columns[code])
            column[position] = value
            columns[code] = column
    return whole._replace(points=columns, plain=False)


def judged_with(outcome: Outcome, position: int, points: Points) -> Judged:
    """The whole line over the whole sheet, with every reason: what proves a way, and tells what comes of it."""
    sheet = with_points(apart(outcome.sheet, position), position, points)
    flags = [flag for flag in outcome.book.flags if not flag.on_groups]
    return judge(outcome.book, sheet, outcome.past, flags, decisions=_decisions(outcome))


def needs_all(outcome: Outcome, position: int) -> bool:
    """Whether the band or the titles of this unit depend on other units."""
    book, looks = outcome.book, Looks(outcome.book, outcome.sheet)
    return bool(book.quotas or book.by_quarter or position in looks.above or looks.below.get(position))


def asks_all(flag: Flag) -> bool:
    """Whether this flag compares a unit with others."""
    return flag.kind not in BY_ITSELF or bool(getattr(flag, "last_place", False))


# ------------------------------------------------------------------------------------------ sheets


def apart(sheet: ScoreSheet, position: int) -> ScoreSheet:
    """The same sheet with this unit in a block of its own, so that what is said of its block is said of it alone."""
    blocks: list[Block] = []
    for block in sheet.blocks:
        at = position - block.first
        if not 0 <= at < len(block.lines):
            blocks.append(block)
            continue
        parts = ((0, block.lines[:at]), (at, block.lines[at : at + 1]), (at + 1, block.lines[at + 1 :]))
        blocks += (block._replace(first=block.first + start, lines=lines) for start, lines in parts if lines)
    return sheet._replace(blocks=tuple(blocks))


def only(sheet: ScoreSheet, position: int) -> ScoreSheet:
    """The sheet of this one unit."""
    block = sheet.block_of(position)
    assert len(block.lines) == 1
    return ScoreSheet(
        sheet.year, (sheet.units[position],), (block._replace(first=0),),
        {code: [column[position]] for code, column in sheet.entered.items()}, sheet.totals[position : position + 1],
        {code: [column[position]] for code, column in sheet.points.items()},
        {0: sheet.faulty[position]} if position in sheet.faulty else {}, sheet.kinds[position : position + 1],
        {code: [column[position]] for code, column in sheet.facts.items()},
        {phase: {code: [each[position]] for code, each in of.items()} for phase, of in sheet.phases.items()},
        {code: frozenset({0} if position in who else ()) for code, who in sheet.absent.items()},
        {code: {0: of[position]} for code, of in sheet.lacking.items() if position in of},
        {code: {0: of[position]} for code, of in sheet.joined.items() if position in of},
    )  # fmt: skip


def with_points(sheet: ScoreSheet, position: int, points: Points) -> ScoreSheet:
    """The sheet with these points of one unit, which is a block by itself; what facts make elsewhere is entered here."""
    columns = dict(sheet.points)
    for code, value in points.items():
        column = list(columns.get(code) or [None] * len(sheet.units))
        column[position] = value
        columns[code] = column
    blocks = tuple(
        each._replace(whole=each.whole | set(points)) if each.first == position else each for each in sheet.blocks
    )
    return sheet._replace(points=columns, blocks=blocks)


def _bare(sheet: ScoreSheet) -> ScoreSheet:
    """Without the totals that the sheet states: a try is not compared with them."""
    return sheet._replace(blocks=tuple(block._replace(total_column=None, columns={}) for block in sheet.blocks))


def _past_of(past: Past, position: int) -> Past:
    formed = {0: past.formed[position]} if position in past.formed else {}
    return past._replace(records={0: past.of(position)}, formed=formed)


def _decisions(outcome: Outcome) -> dict[int, Decision]:
    return {place: rating.decision for place, rating in enumerate(outcome.ratings) if rating.decision}
