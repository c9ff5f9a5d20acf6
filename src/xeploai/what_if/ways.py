"""One unit's cheapest ways up: the fewest points to add for the next band, for a title, out of a flag.

Nothing is computed from edges. Every way is a sheet with other points that went through the line (score → rate → flag) and
came out right, while one step less did not. Points grow by the step that the sheet itself shows in that column, up to the
maximum that applies to the unit. How it is searched, where more points are never worse:

    all at the maximum          not even that: no points can mend it, and the reasons are told
    what each criterion needs   all others at the maximum, this one (the sum of its parts) as low as it goes: nobody needs less
    these needs together        enough: there is no cheaper way. Else what lacks is filled up where it counts most

Where bands have conditions or quotas more points may be worse: a unit leaves a band whose conditions it meets for one whose
conditions it does not, or where there is no place left. Then it is searched between one edge and the next, from the lowest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from xeploai import vi
from xeploai.book.bands import Band, Title
from xeploai.book.parts import Range
from xeploai.findings import Severity
from xeploai.flags.base import Flag
from xeploai.model import Rating
from xeploai.pipeline import Judged, Outcome
from xeploai.steps.looks import Looks
from xeploai.steps.match import the_one
from xeploai.steps.rate import terms
from xeploai.vi import Exact
from xeploai.what_if.lone import State, Tries, asks_all, judged_with, needs_all

STEPS = tuple(map(Decimal, ("1", "0.5", "0.25", "0.2", "0.1", "0.05", "0.025", "0.01", "0.005", "0.001", "0.0001")))
USUAL_STEP = Decimal("0.01")
"""Of a column of numbers that were worked out elsewhere and end nowhere."""
MANY_UNITS = 500
NAMED = 8
"""So many criteria are called by their codes in one remark."""
LOOK_BACK = ("liên tiếp", "không chuyển biến")
"""The kinds of flags that say nothing of a unit whose earlier years nobody knows."""
BY_SUM = {
    "điểm thấp",
    "liên tiếp",
    "không chuyển biến",
    "nguyên nhân",
    "giải trình",
    "số liệu",
    "sát ngưỡng",
    "cuối bảng",
}
"""The kinds of flags that ask for each of some criteria, or for the sum, or for both; others count criteria."""

Levels = tuple[int, ...]
"""How many steps each criterion is raised by."""


class Raise(NamedTuple):
    """One criterion from so many points to so many. `computed`: its points come from facts, which must change for it."""

    code: str
    name: str
    was: Exact
    becomes: Decimal
    most: Exact
    step: Decimal
    computed: bool = False

    @property
    def added(self) -> Exact:
        """The points to gain."""
        return vi.added((self.becomes, -self.was))


class Way(NamedTuple):
    """What to raise, in the book's order."""

    raises: tuple[Raise, ...]

    @property
    def added(self) -> Exact:
        """The points to gain in all."""
        return vi.added(each.added for each in self.raises)


class Goal(NamedTuple):
    """Something better for the unit, and how it comes about."""

    what: str
    alone: tuple[Way, ...] = ()  # one criterion is enough, the fewest points first
    together: Way | None = None  # several, where none is enough alone or several need fewer points
    proven: bool = True  # no way is cheaper; False: this is the cheapest of many that were tried
    then: str = ""  # what becomes of the unit the cheapest way
    others: tuple[str, ...] = ()  # what becomes of other units
    barred: tuple[str, ...] = ()  # what no points can mend

    @property
    def best(self) -> Way | None:
        """The cheapest way; None: there is none."""
        return self.together or next(iter(self.alone), None)


class Ways(NamedTuple):
    """One unit, and every goal that it has not reached."""

    outcome: Outcome
    position: int
    goals: tuple[Goal, ...]
    remarks: tuple[str, ...] = ()

    @property
    def rating(self) -> Rating:
        """The unit's result as it is."""
        return self.outcome.ratings[self.position]


def ways_up(outcome: Outcome, unit_name: str, tell: Callable[..., None] = lambda *_: None) -> Ways:
    """The cheapest ways of the unit of this name or code. Raises Unusable where no unit, or several, are called so."""
    position = the_one(outcome.sheet.units, unit_name)
    rating = outcome.ratings[position]
    if rating.points is None or not rating.max_points:
        return Ways(outcome, position, (), rating.why)
    if needs_all(outcome, position) and len(outcome.ratings) > MANY_UNITS:
        tell("Đang thử: mức của đơn vị này còn tuỳ các đơn vị khác, nên mỗi lần thử xếp loại lại tất cả …")
    return _Searcher(outcome, position).ways()


# ---------------------------------------------------------------------------------------------- ladders


class Ladder(NamedTuple):
    """One criterion of one unit: the points that it has, and those that it may have, step by step."""

    code: str
    was: Exact
    step: Decimal
    most: Decimal

    @property
    def height(self) -> int:
        """How many steps there are to the maximum."""
        if Fraction(self.was) >= self.most:
            return 0
        return ceil(Fraction(self.most) / Fraction(self.step)) - floor(Fraction(self.was) / Fraction(self.step))

    def value(self, level: int) -> Decimal:
        """The points after so many steps: the sheet's own numbers, and the maximum last."""
        return min(self.most, (floor(Fraction(self.was) / Fraction(self.step)) + level) * self.step)

    def cost(self, level: int) -> Fraction:
        """The points that so many steps add."""
        return Fraction(self.value(level)) - Fraction(self.was) if level else Fraction(0)

    def within(self, cost: Fraction) -> int:
        """The most steps that add no more than so many points."""
        level = min(
            self.height,
            floor((Fraction(self.was) + cost) / Fraction(self.step)) - floor(Fraction(self.was) / Fraction(self.step)),
        )
        if level < self.height and self.cost(level + 1) <= cost:  # the last step may be a short one
            level += 1
        return max(level, 0)


def step_of(column: Sequence[Exact | None]) -> Decimal:
    """The step that the points of a column show: the largest of the usual ones that all of them are multiples of."""
    seen = {Fraction(points) for points in column if points is not None}
    return next((step for step in STEPS if all(not points % Fraction(step) for points in seen)), USUAL_STEP)


def _ladders(outcome: Outcome, position: int) -> list[Ladder]:
    """Every criterion of the unit at which points arise and may still grow; no bonus, no penalty."""
    book, scores = outcome.book, outcome.scores
    inside = {node.code for root in book.criteria for _, node in root.walk()}
    found = []
    for code in outcome.sheet.block_of(position).leaves:
        maxima = scores.maxima.get(code)
        most = vi.finite(book.nodes[code].max_points if maxima is None else maxima[position])
        column = scores.points.get(code)
        points = column[position] if column else None
        if code not in inside or not column or points is None or not most:
            continue
        ladder = Ladder(code, points, step_of(column), most)
        if ladder.height:
            found.append(ladder)
    return found


# ---------------------------------------------------------------------------------------------- search


class _Search:
    """The fewest points for one goal. `begins`: whether points have come to a band's edge, where bands have conditions."""

    def __init__(
        self,
        tries: Tries,
        ladders: Sequence[Ladder],
        reached: Callable[[State], bool],
        begins: Sequence[Callable[[Exact], bool]] = (),
        *,
        by_sum: bool = True,
        groups: Sequence[Sequence[int]] = (),
        first: Callable[[State], bool] | None = None,
    ) -> None:
        self.tries, self.ladders, self.reached, self.begins = tries, ladders, reached, begins
        self.by_sum = by_sum  # beyond what each group needs, only the sum counts
        self.first = first  # what must hold in any case, and more points never hurt
        self.groups = groups or [[place] for place in range(len(ladders))]
        self.proven = False  # nobody can do with less, whatever the rules make of the sum
        self.zero: Levels = (0,) * len(ladders)
        self.top: Levels = tuple(ladder.height for ladder in ladders)
        self.steps = sorted({ladder.step for ladder in ladders})
        # Every sum up to the maximum is met by filling up, coarse steps first: each step is a multiple of the finer ones.
        self.even = all(not more % less for less, more in pairwise(self.steps)) and all(
            not Fraction(ladder.was) % Fraction(ladder.step) for ladder in ladders
        )

    def points(self, levels: Levels) -> dict[str, Decimal]:
        """What is tried."""
        return {each.code: each.value(level) for each, level in zip(self.ladders, levels, strict=True) if level}

    def holds(self, levels: Levels) -> bool:
        """Whether the goal is reached with so many steps."""
        return self.reached(self.tries(self.points(levels)))

    def cost(self, levels: Levels) -> Fraction:
        """The points added in all."""
        return sum((each.cost(level) for each, level in zip(self.ladders, levels, strict=True)), Fraction(0))

    def best(self) -> Levels | None:
        """The cheapest levels; None where there are none."""
        found: Levels | None = None
        if self.holds(self.top):
            needs = self._needs()
            self.proven = self.holds(needs)
            found = needs if self.proven else self._filled(needs) if self.by_sum else self._reduced()
        return self._first(found) if self.begins else found

    def alone(self) -> Iterator[Levels]:
        """Each criterion that can do it by itself, as low as it goes."""
        for place in range(len(self.ladders)):
            if level := self._by_itself(place):
                yield self._one(place, level)

    def _one(self, place: int, level: int) -> Levels:
        return (*self.zero[:place], level, *self.zero[place + 1 :])

    def _by_itself(self, place: int) -> int:
        """The fewest steps of this criterion alone; 0 where it cannot."""
        return self._least(lambda level: self._one(place, level), self.ladders[place].height)

    def _least(self, road: Callable[[int], Levels], most: int) -> int:
        """The fewest steps on this road that reach the goal, piece by piece between the edges of bands; 0: none do."""
        start = 0
        for end in [*self._ends(road, most), most]:
            if found := _least(lambda count: self.holds(road(count)), end, start):
                return found
            start = end
        return 0

    def _ends(self, road: Callable[[int], Levels], most: int) -> list[int]:
        """The last steps on this road before each edge of a band."""
        cuts = [_least(partial(self._at, begins, road), most) for begins in self.begins]
        return sorted({cut - 1 for cut in cuts if cut > 1})

    def _at(self, begins: Callable[[Exact], bool], road: Callable[[int], Levels], count: int) -> bool:
        points = self.tries(self.points(road(count))).points
        return points is not None and begins(points)

    def _needs(self) -> Levels:
        """What each group of criteria needs when all others are at their maximum."""
        levels = list(self.zero)
        for group in self.groups:
            for place, level in zip(group, self._need(group), strict=True):
                levels[place] = level
        return tuple(levels)

    def _need(self, group: Sequence[int]) -> list[int]:
        """The cheapest steps of the criteria of this group, whose points make one sum, when all others are at their maximum."""
        others = tuple(0 if place in group else level for place, level in enumerate(self.top))
        if self.holds(others):
            return [0] * len(group)
        steps = sorted({self.ladders[place].step for place in group})
        unit = Fraction(steps[0])
        most = ceil((self.cost(self.top) - self.cost(others)) / unit)
        found = []
        for order in (list(group), *([place] for place in group if len(group) > 1)):
            road = partial(self._road, others, order, unit)
            if count := _least(lambda count, road=road: self.holds(road(count)), most):  # type: ignore[misc]
                levels = road(count)
                for place in group:
                    levels = self._lowered(levels, place, 0)
                found.append(levels)
        best = min(found, key=self.cost)
        return [best[place] for place in group]

    # ------------------------------------------------------------------------------- filling up

    def _filled(self, needs: Levels) -> Levels:
        """The needs and, on top of them, the fewest points more, in the best order of filling up."""
        unit = Fraction(self.steps[0])
        orders = self._orders(needs)
        most = ceil((self.cost(self.top) - self.cost(needs)) / unit)

        def enough(count: int, order: Sequence[int]) -> bool:
            return self.holds(self._spread(needs, count * unit, order))

        first = orders[0]
        count = _least(lambda count: enough(count, first), most)
        order, lower = first, True
        while lower:  # a sum of points less, in any order: until there is none that is enough
            lower = False
            for other in orders:
                if count > 1 and enough(count - 1, other):
                    count, order, lower = count - 1, other, True
                    break
        return self._tightened(self._spread(needs, count * unit, order), needs)

    def _orders(self, needs: Levels) -> list[list[int]]:
        """What a point counts most in comes first, then what has the most room; and once each criterion comes first."""
        base = self.tries(self.points(needs)).points
        weights = []
        for place, ladder in enumerate(self.ladders):
            if needs[place] >= ladder.height:
                weights.append(Fraction(0))
                continue
            more = (*needs[:place], needs[place] + 1, *needs[place + 1 :])
            points = self.tries(self.points(more)).points
            gain = Fraction(points) - Fraction(base) if points is not None and base is not None else Fraction(0)
            weights.append(gain / (ladder.cost(needs[place] + 1) - ladder.cost(needs[place])))
        room = [ladder.cost(ladder.height) - ladder.cost(needs[place]) for place, ladder in enumerate(self.ladders)]
        places = sorted(range(len(room)), key=lambda place: (-weights[place], -room[place], place))
        if len({weights[place] for place in places if room[place]}) < 2:
            return [places]  # a point counts as much wherever it is added
        self.even = False
        return [places, *([first, *(place for place in places if place != first)] for first in places[1:])]

    def _spread(self, needs: Levels, cost: Fraction, order: Sequence[int]) -> Levels:
        """The needs and so many points more: coarse steps first, what is left over in fine ones."""
        levels, left = list(needs), cost
        for place in sorted(order, key=lambda place: -self.ladders[place].step):
            ladder, own = self.ladders[place], self.ladders[place].cost(levels[place])
            level = max(levels[place], ladder.within(own + left))
            left -= ladder.cost(level) - own
            levels[place] = level
        return tuple(levels)

    def _tightened(self, levels: Levels, needs: Levels) -> Levels:
        """Without any step that is not needed."""
        for place in range(len(levels)):
            levels = self._lowered(levels, place, needs[place])
        return levels

    def _lowered(self, levels: Levels, place: int, floor: int) -> Levels:
        """This criterion as low as it goes while all others stay."""

        def enough(level: int) -> bool:
            return self.holds((*levels[:place], level, *levels[place + 1 :]))

        low = floor if enough(floor) else _least(enough, levels[place], floor)
        return (*levels[:place], low, *levels[place + 1 :])

    def _reduced(self) -> Levels:
        """From the maximum down, one criterion after the other: coarse steps first, or what has the most room, or the least.

        Where a rule counts criteria there are many smallest ways; this is the cheapest of these few.
        """
        cost = [ladder.cost(ladder.height) for ladder in self.ladders]
        step = [ladder.step for ladder in self.ladders]
        found = []
        for order in (
            sorted(range(len(cost)), key=lambda place: (-step[place], -cost[place])),
            sorted(range(len(cost)), key=lambda place: -cost[place]),
            sorted(range(len(cost)), key=lambda place: cost[place]),
        ):
            levels = self.top
            for place in order:
                levels = self._lowered(levels, place, 0)
            found.append(levels)
        return min(found, key=self.cost)

    def _first(self, known: Levels | None) -> Levels | None:
        """The smallest sum of points, in any order of filling up, if it is below what is `known` already."""
        unit = Fraction(self.steps[0])
        for base in self._bases():
            if any(base) and self.holds(base):
                known = base if known is None or self.cost(base) < self.cost(known) else known
                continue
            most = ceil((self.cost(known if known else self.top) - self.cost(base)) / unit)
            for order in self._orders(base):
                road = partial(self._road, base, order, unit)
                count = self._least(road, most)
                if count and (known is None or self.cost(road(count)) < self.cost(known)):
                    known = self._tightened(road(count), base)
        return known

    def _bases(self) -> list[Levels]:
        """From where to go up: from what there is, and from what must hold in any case."""
        if self.first is None:
            return [self.zero]
        least = _Search(self.tries, self.ladders, self.first, groups=self.groups).best()
        return [self.zero] if least is None else [self.zero, least]

    def _road(self, base: Levels, order: Sequence[int], unit: Fraction, count: int) -> Levels:
        return self._spread(base, count * unit, order)


def _least(enough: Callable[[int], bool], most: int, least: int = 0) -> int:
    """The smallest number above `least` that is enough, where every larger one is; 0 where not even `most` is."""
    if most <= least or not enough(most):
        return 0
    low, high = least, most  # low is not enough, or not asked; high is
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


# ----------------------------------------------------------------------------------------------- goals


class _Searcher:
    """All goals of one unit."""

    def __init__(self, outcome: Outcome, position: int) -> None:
        self.outcome, self.position, self.book = outcome, position, outcome.book
        self.rating = outcome.ratings[position]
        self.ladders = _ladders(outcome, position)
        unit = outcome.sheet.units[position]
        self.codes = {
            each.code for each in outcome.findings if each.unit == unit and each.severity is not Severity.NOTE
        }
        self.flags = [flag for flag in self.book.flags if flag.code in self.codes and not flag.on_groups]
        known = outcome.past.of(position)
        self.unseen = [] if known else [flag.code for flag in self.book.flags if flag.kind in LOOK_BACK]
        self.all = needs_all(outcome, position)
        bands = self.book.bands
        apart = bool(self.book.quotas) or any(band.conditions or band.known_discrepancy for band in bands)
        self.begins = [self._begins(band) for band in bands] if apart else []
        self._tries: dict[bool, Tries] = {}

    def tries(self, *, alone: bool) -> Tries:
        """The unit by itself, or among all."""
        if alone not in self._tries:
            flags = [flag for flag in self.flags if not (alone and asks_all(flag))]
            self._tries[alone] = Tries(self.outcome, self.position, flags, alone=alone)
        return self._tries[alone]

    def _begins(self, band: Band) -> Callable[[Exact], bool]:
        """Whether points are at the edge where this band begins, or beyond."""
        return Range(at_least=band.at_least, above=band.above).test(self.rating.max_points or 0)

    def ways(self) -> Ways:
        goals = list(self._goals())
        return Ways(self.outcome, self.position, tuple(goals), tuple(self._remarks(goals)))

    def _goals(self) -> Iterator[Goal]:
        place = self.book.band_place(self.rating.band) if self.rating.band else None
        if place is None:
            yield self._goal("được xếp loại", lambda state: state.band is not None, self._band_bars)
        elif place:
            upper = self.book.bands[place - 1].name
            own = place
            yield self._goal(
                f"lên mức {upper}", lambda state: state.band is not None and state.band < own, self._band_bars
            )
        for title in self.book.titles:
            if title.name not in self.rating.titles:
                yield self._title_goal(title)
        for flag in self.flags:
            yield self._flag_goal(flag)

    def _title_goal(self, title: Title) -> Goal:
        def bars(judged: Judged) -> Iterator[str]:
            rating = judged.ratings[self.position]
            looks = Looks(self.book, self.outcome.sheet, judged.scores)
            looks.bands.update((place, each.band) for place, each in enumerate(judged.ratings))
            for term in terms(self.book, title, judged.scores, looks, rating.band, self.position):
                if not term.held:
                    yield term.words
            if title.band_at_least and (rating.band is None or rating.band != rating.computed):
                yield from _held_down(rating, judged)

        return self._goal(
            f"đạt danh hiệu «{title.name}»", lambda state: title.name in state.titles, bars, level=title.level,
            first=lambda state: title.name in state.even,
        )  # fmt: skip

    def _flag_goal(self, flag: Flag) -> Goal:
        code = flag.code

        def bars(judged: Judged) -> Iterator[str]:
            unit = self.rating.unit
            yield from (each.message.rstrip(".") for each in judged.findings if each.unit == unit and each.code == code)

        return self._goal(
            f"hết cảnh báo {code}", lambda state: code not in state.flags, bars, alone=not asks_all(flag),
            by_sum=flag.kind in BY_SUM, level=getattr(flag, "level", None),
        )  # fmt: skip

    def _goal(
        self,
        what: str,
        reached: Callable[[State], bool],
        bars: Callable[[Judged], Iterator[str]],
        *,
        alone: bool = True,
        by_sum: bool = True,
        level: str | None = None,
        first: Callable[[State], bool] | None = None,
    ) -> Goal:
        groups = self._groups(level) if by_sum else ()  # what counts criteria looks at each of them
        for by_itself in (True, False) if alone and not self.all else (False,):
            tries = self.tries(alone=by_itself)
            search = _Search(tries, self.ladders, reached, self.begins, by_sum=by_sum, groups=groups, first=first)
            best = search.best() if self.ladders else None
            if best is None:
                break
            judged = judged_with(self.outcome, self.position, search.points(best))
            if reached(search.tries.state(judged, self.position)):  # proven by the whole line, over the whole sheet
                return self._found(what, search, best, judged)
        return Goal(what, barred=tuple(dict.fromkeys(self._barred(reached, bars))))

    def _groups(self, level: str | None) -> list[list[int]]:
        """The criteria of one unit by what a rule about this level looks at: the sum of each."""
        places = {ladder.code: place for place, ladder in enumerate(self.ladders)}
        found = []
        for node in self.book.by_level.get(vi.key(level or self.book.level), ()):
            if group := [places.pop(part.code) for _, part in node.walk() if part.code in places]:
                found.append(group)
        return [*found, *([place] for place in places.values())]

    def _found(self, what: str, search: _Search, best: Levels, judged: Judged) -> Goal:
        ways = sorted(
            (self._way(search.points(levels)) for levels in search.alone()), key=lambda way: Fraction(way.added)
        )
        together = self._way(search.points(best))
        if ways and Fraction(ways[0].added) <= Fraction(together.added):
            chosen = {each.code: each.becomes for each in ways[0].raises}
            judged, several = judged_with(self.outcome, self.position, chosen), None
        else:
            several = together
        proven = search.proven or (search.by_sum and search.even)
        return Goal(what, tuple(ways), several, proven, self._then(judged), tuple(self._others(judged)))

    def _way(self, points: Mapping[str, Decimal]) -> Way:
        ladders = {each.code: each for each in self.ladders}
        return Way(tuple(
            Raise(
                code, self.book.nodes[code].name, ladders[code].was, value, ladders[code].most, ladders[code].step,
                self._computed(code),
            )
            for code in ladders
            if (value := points.get(code)) is not None
        ))  # fmt: skip

    def _computed(self, code: str) -> bool:
        whole = self.outcome.sheet.block_of(self.position).whole
        return code not in whole and self.book.nodes[code].scoring.own != "điểm"

    # --------------------------------------------------------------------------------------- words

    def _then(self, judged: Judged) -> str:
        """ "80/100 điểm, xếp loại tốt, đạt «…», còn cảnh báo kiem-diem"."""
        rating = judged.ratings[self.position]
        words = [f"{vi.number(rating.points or 0)}/{vi.number(rating.max_points or 0)} điểm"]
        words.append(f"xếp loại {rating.band}" if rating.band else "chưa xác định mức")
        words += (f"đạt «{name}»" for name in rating.titles)
        unit = rating.unit
        left = dict.fromkeys(
            each.code for each in judged.findings if each.unit == unit and each.severity is not Severity.NOTE
        )
        clear = "không còn cảnh báo" + (f" (chưa xét {vi.listed(self.unseen)})" if self.unseen else "")
        words += [f"còn cảnh báo {vi.listed(left)}"] if left else [clear] if self.flags else []
        return ", ".join(words)

    def _others(self, judged: Judged) -> Iterator[str]:
        """The other units whose band becomes another: a quota has one place less."""
        for place, (was, becomes) in enumerate(zip(self.outcome.ratings, judged.ratings, strict=True)):
            if place != self.position and was.band != becomes.band:
                yield f"{was.unit}: {was.band or 'chưa xác định'} → {becomes.band or 'chưa xác định'}"

    def _barred(self, reached: Callable[[State], bool], bars: Callable[[Judged], Iterator[str]]) -> Iterator[str]:
        """Why not: with every criterion at its maximum, what is still said against it."""
        top = {each.code: each.most for each in self.ladders}
        yield from bars(judged_with(self.outcome, self.position, top))

    def _band_bars(self, judged: Judged) -> Iterator[str]:
        """What holds it down: of the next band, where the points for that one are there; else with all points."""
        place = self.book.band_place(self.rating.band) if self.rating.band else None
        if place and self.ladders and not self.book.by_quarter:
            upper = self.book.bands[place - 1]
            begins = self._begins(upper)
            search = _Search(
                self.tries(alone=not self.all),
                self.ladders,
                lambda state: state.points is not None and begins(state.points),
            )
            levels = search.zero if search.holds(search.zero) else search.best()
            if levels is None:
                yield f"mọi tiêu chí đạt tối đa vẫn chưa tới {upper.name} ({upper})"
                return
            least = judged_with(self.outcome, self.position, search.points(levels))
            yield from _held_down(least.ratings[self.position], least)
        yield from _held_down(judged.ratings[self.position], judged)

    def _remarks(self, goals: Sequence[Goal]) -> Iterator[str]:
        used = {each.code: each for goal in goals for way in (*goal.alone, goal.together) if way for each in way.raises}
        steps: dict[Decimal, list[str]] = {}
        for code in (ladder.code for ladder in self.ladders):
            if code in used:
                steps.setdefault(used[code].step, []).append(code)
        if steps:
            words = "; ".join(f"{vi.number(step, 4)} điểm ở {_codes(codes)}" for step, codes in sorted(steps.items()))
            yield f"Bước điểm, theo các điểm đã ghi trong cột: {words}"
        if computed := [each.code for each in used.values() if each.computed]:
            yield f"Điểm của {_codes(computed)} do số liệu làm ra; muốn có điểm đó thì số liệu phải khác"
        if self.book.extras:
            yield "Chỉ tính điểm tiêu chí; điểm thưởng, điểm phạt giữ như đã ghi"
        if self.unseen:
            codes = vi.listed(self.unseen)
            yield f"Chưa biết năm trước của đơn vị này nên chưa xét được cảnh báo {codes}; có thì thêm --history"
        if goals:
            yield "Điểm của các đơn vị khác giữ như đã ghi"


def _codes(codes: Sequence[str]) -> str:
    return vi.listed(codes) if len(codes) <= NAMED else f"{', '.join(codes[:NAMED])} … ({len(codes)} tiêu chí)"


def _held_down(rating: Rating, judged: Judged) -> Iterator[str]:
    """The reasons after the points: conditions, caps, quotas, what was decided."""
    notes = {line for lines in judged.scores.notes.values() for line in lines}
    for line in rating.why[1:]:
        if line not in notes and not line.startswith(("Đạt «", "Không đạt «", "đủ điều kiện:", "trong hạn mức")):
            yield line
