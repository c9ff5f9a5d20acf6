"""What a condition or a way of scoring may look at: one unit's facts, points, and the units below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.model import FactValue, Scores, ScoreSheet
from xeploai.vi import Exact


class Looks:
    """The looks of all units of one sheet. `bands` is filled while units are rated, lower levels first."""

    def __init__(self, book: RuleBook, sheet: ScoreSheet, scores: Scores | None = None) -> None:
        self.book, self.sheet, self.scores = book, sheet, scores
        self.bands: dict[int, str | None] = {}

    def at(self, position: int) -> UnitLook:
        """What may be seen of the unit at this position."""
        return UnitLook(self, position)

    @cached_property
    def below(self) -> Mapping[int, Sequence[int]]:
        """Position → the positions of the units that name it as what they belong to."""
        names: dict[str, list[int]] = defaultdict(list)
        for position, unit in enumerate(self.sheet.units):
            names[vi.key(unit.name)].append(position)
        found: dict[int, list[int]] = defaultdict(list)
        for position, unit in enumerate(self.sheet.units):
            over = names.get(vi.key(unit.parent), []) if unit.parent else []
            if len(over) == 1 and over[0] != position:
                found[over[0]].append(position)
        return found

    @cached_property
    def above(self) -> Mapping[int, int]:
        """Position → the position of the unit that it belongs to, where that stands in the same run."""
        return {below: over for over, many in self.below.items() for below in many}


class UnitLook:
    """One unit's facts and points, by name or code."""

    __slots__ = ("looks", "position")

    def __init__(self, looks: Looks, position: int) -> None:
        self.looks, self.position = looks, position

    def fact(self, word: str) -> FactValue:
        """The fact of this name or code; a band that is not written is taken from the unit above, once that is rated."""
        fact = self.looks.book.fact_names.find(word)
        if fact is None:
            return None
        seen = self.looks.sheet.facts.get(fact.code)
        found = seen[self.position] if seen else None
        if found is None and fact.kind == "mức":
            return self.looks.bands.get(self.looks.above.get(self.position, -1))
        return found

    def called(self, word: str) -> str:
        """The name of the fact or criterion that is meant."""
        fact = self.looks.book.fact_names.find(word)
        node = None if fact else self.looks.book.criterion(word)
        return fact.name if fact else node.name if node else word

    def points(self, word: str) -> tuple[Exact | None, Exact]:
        """Points and applicable maximum of the criterion of this name or code."""
        node, scores = self.looks.book.criterion(word), self.looks.scores
        assert node
        assert scores
        maxima = scores.maxima.get(node.code)
        most: Exact = node.max_points if maxima is None else maxima[self.position]
        return scores.points[node.code][self.position], most

    def below(self) -> Sequence[tuple[str, str | None]] | None:
        """The units under this one in the same run, with their bands; persons, who are rated after it, are none.

        Empty for a unit of the lowest level that the book names: of nobody below none is anything. Of any other unit with
        nobody below it is not known whether it has none, or the sheet forgot them: None.
        """
        looks = self.looks
        under = looks.below.get(self.position, ())
        found = [(looks.sheet.units[each].name, looks.bands[each]) for each in under if each in looks.bands]
        return found if found or (not under and self._is_lowest) else None

    @property
    def _is_lowest(self) -> bool:
        """Whether its kind is the first that the book lists: lower levels come first (Nghị định 335/2025, Điều 9)."""
        kinds, own = self.looks.book.kinds, self.looks.sheet.kinds
        return bool(kinds and own) and vi.key(own[self.position]) == vi.key(kinds[0])

    def signed(self, word: str) -> bool:
        """Whether the book says that the fact of this name or code may be below 0."""
        fact = self.looks.book.fact_names.find(word)
        return fact is not None and fact.signed
