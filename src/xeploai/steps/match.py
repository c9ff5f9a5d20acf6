"""Match a unit of another sheet or year to the units of the classified sheet: codes win over names, accents are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from xeploai import vi
from xeploai.findings import BAD_OPTION, Unusable
from xeploai.model import Unit

MOST_NEAR = 20
"""So many units of one near name are looked at: more would not be a question that a person can answer."""


def called(units: Sequence[Unit], name: str) -> list[int]:
    """The units that a person means: by name or code as written, else without the kind, else without accents too."""
    exact, (kind, own), bare = vi.key(name), vi.split_kind(name), vi.fold(name)
    if not exact:  # a unit without a code is not called ""
        return []
    found = [place for place, unit in enumerate(units) if exact in map(vi.key, (unit.name, unit.code, str(unit)))]
    found = found or [place for place, unit in enumerate(units) if not kind and own == vi.split_kind(unit.name)[1]]
    return found or [
        place
        for place, unit in enumerate(units)
        if bare and bare in (vi.fold(unit.name), vi.fold(vi.split_kind(unit.name)[1]), vi.fold(str(unit)))
    ]


def the_one(units: Sequence[Unit], name: str) -> int:
    """The position of the one unit that a person means. Raises Unusable where it is none or several, with who it may be."""
    found = called(units, name)
    if len(found) == 1:
        return found[0]
    if len({units[place] for place in found}) == 1:
        what = f"«{units[found[0]]}» ghi {len(found)} lần trong bảng điểm nên không hàng nào được xếp loại: sửa lỗi DL32 trước"
    elif found:
        several = "; ".join(
            f"«{units[place]}»" + (f" mã {units[place].code}" if units[place].code else "") for place in found[:10]
        )
        what = f"«{vi.shown(name)}» là {len(found)} đơn vị: {several}; ghi cả huyện trong ngoặc, hoặc mã"
    else:
        near = _nearest(units, name)
        what = f"Không có đơn vị «{vi.shown(name)}» trong bảng điểm" + (f"; có phải «{near}»?" if near else "")
    raise Unusable(BAD_OPTION(what=what))


def _nearest(units: Sequence[Unit], name: str) -> str | None:
    """The name that was probably meant: likeness is of the names alone, for every commune is a «Xã»."""
    own = vi.split_kind(name)[1]
    for names in ([unit.name for unit in units], [str(unit) for unit in units]):
        known = {vi.split_kind(each)[1]: each for each in names}
        if near := vi.nearest(own, known):
            return known[near]
    return None


class Matcher:
    """The units of the classified sheet, ready to be found by code, or by parent and name."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_place: dict[tuple[str, str], list[int]] = defaultdict(list)  # name, parent
        for position, unit in enumerate(units):
            if unit.code:
                self._by_code[unit.code].append(position)
            name, parent = vi.split_kind(unit.name)[1], vi.split_kind(unit.parent)[1]
            self._by_name[name].append(position)
            self._by_place[name, parent].append(position)

    def find(self, unit: Unit) -> list[int]:
        """The positions that may be this unit: one is a match, none a stranger, several a question for a person.

        A kind or a parent is ignored only where one side lacks it. Where both sides have codes, names are not asked.
        """
        if unit.code and (same := self.by_code(unit.code)):
            return same
        kind, name = vi.split_kind(unit.name)
        parent_kind, parent = vi.split_kind(unit.parent)
        found, exact = [], []
        places: Iterable[int] = self._by_name.get(name, ())
        if parent and len(self._by_name.get(name, ())) > 1:  # one name in many places: those of this parent, or of none
            places = sorted((*self._by_place.get((name, parent), ()), *self._by_place.get((name, ""), ())))
        for position in places:
            if unit.code and self.units[position].code:
                continue
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

    def by_code(self, code: str) -> list[int]:
        """The positions of the units that have this very code."""
        return list(self._by_code.get(code, ()))

    def near(self, unit: Unit) -> int | None:
        """A unit whose name differs by accents alone, in the same parent where both are known. Only ever a question."""
        folded, parent = vi.fold(vi.split_kind(unit.name)[1]), vi.split_kind(unit.parent)[1]
        first = self._by_fold
        places = [first.get((folded, each)) for each in ((parent, "") if parent else (None,))]
        return min((place for place in places if place is not None), default=None)

    def one_letter_off(self, unit: Unit) -> list[int]:
        """Units of the same parent (where both are known) whose name differs by one letter: only ever a question.

        Names of fewer than five letters, and numbers, are too often others' names. No search through all names: two words
        that are one letter apart meet where one letter of each is left out.
        """
        folded, parent = vi.fold(vi.split_kind(unit.name)[1]), vi.split_kind(unit.parent)[1]
        if not _is_long(folded):
            return []
        names = dict.fromkeys(name for short in _shorter(folded) for name in self._by_shorter.get(short, ()))
        found = []
        for name in names:
            if _one_letter(folded, name):
                places = [self._all_by_fold.get((name, each), ()) for each in ((parent, "") if parent else (None,))]
                kinds = ("", unit.kind)
                found += [
                    place for group in places for place in group[:MOST_NEAR]
                    if not unit.kind or self.units[place].kind in kinds
                ]  # fmt: skip
        return sorted(found)

    @cached_property
    def _by_shorter(self) -> dict[str, list[str]]:
        shorter: dict[str, list[str]] = defaultdict(list)
        for folded in dict.fromkeys(name for name, _ in self._all_by_fold):
            if _is_long(folded):
                for short in _shorter(folded):
                    shorter[short].append(folded)
        return shorter

    @cached_property
    def _by_fold(self) -> dict[tuple[str, str | None], int]:
        return {key: places[0] for key, places in self._all_by_fold.items()}

    @cached_property
    def _all_by_fold(self) -> dict[tuple[str, str | None], list[int]]:
        """Folded name and parent → positions; under the parent None those of all parents."""
        folded: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for position, unit in enumerate(self.units):
            name = vi.fold(vi.split_kind(unit.name)[1])
            folded[name, vi.split_kind(unit.parent)[1]].append(position)
            folded[name, None].append(position)
        return folded


def _is_long(folded: str) -> bool:
    return sum(map(str.isalpha, folded)) >= 5 and not any(map(str.isdigit, folded))


def _shorter(folded: str) -> set[str]:
    """The word, and the word without each one of its letters."""
    return {folded, *(folded[:at] + folded[at + 1 :] for at in range(len(folded)))}


def _one_letter(one: str, other: str) -> bool:
    """Whether two different words become one by changing, adding or leaving out one letter, or swapping two neighbours."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return longer[first + 1 :] == shorter[first:]
    swapped = one[first : first + 2] == other[first : first + 2][::-1] and one[first + 2 :] == other[first + 2 :]
    return swapped or one[first + 1 :] == other[first + 1 :]
