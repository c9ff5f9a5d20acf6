"""Match a unit of another sheet or year to the units of the classified sheet: codes win over names, accents are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from xeploai import vi
from xeploai.model import Unit


class Matcher:
    """The units of the classified sheet, ready to be found by code, or by parent and name."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for position, unit in enumerate(units):
            if unit.code:
                self._by_code[unit.code].append(position)
            self._by_name[vi.split_kind(unit.name)[1]].append(position)

    def find(self, unit: Unit) -> list[int]:
        """The positions that may be this unit: one is a match, none a stranger, several a question for a person.

        A kind or a parent is ignored only where one side lacks it. Where both sides have codes, names are not asked.
        """
        if unit.code and self._by_code:
            return list(self._by_code.get(unit.code, ()))
        kind, name = vi.split_kind(unit.name)
        parent_kind, parent = vi.split_kind(unit.parent)
        found, exact = [], []
        for position in self._by_name.get(name, ()):
            other_kind = vi.split_kind(self.units[position].name)[0]
            other_parent_kind, other_parent = vi.split_kind(self.units[position].parent)
            if kind and other_kind and kind != other_kind:
                continue
            if parent and other_parent:
                if parent != other_parent:
                    continue
                if parent_kind and other_parent_kind and parent_kind != other_parent_kind:
                    continue
            found.append(position)
            if (kind, parent) == (other_kind, other_parent):
                exact.append(position)
        return exact if len(exact) == 1 else found

    def near(self, unit: Unit) -> int | None:
        """A unit whose name differs by accents alone, in the same parent where both are known. Only ever a question."""
        folded, parent = vi.fold(vi.split_kind(unit.name)[1]), vi.split_kind(unit.parent)[1]
        for position in self._by_fold.get(folded, ()):
            other = vi.split_kind(self.units[position].parent)[1]
            if not (parent and other) or parent == other:
                return position
        return None

    @cached_property
    def _by_fold(self) -> dict[str, list[int]]:
        folded: dict[str, list[int]] = defaultdict(list)
        for position, unit in enumerate(self.units):
            folded[vi.fold(vi.split_kind(unit.name)[1])].append(position)
        return folded
