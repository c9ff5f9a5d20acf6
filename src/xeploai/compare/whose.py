"""Who is whose unit: by code, else by name within the group, through the lineage; what may be several is asked about.

follow   old units through the mergers and changes of name that lie between the two years
join     new units with old ones; what has a near name, or several candidates, stays apart and is asked about
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.findings import Finding
from xeploai.model import Cell, Unit
from xeploai.steps import lineage as lineages
from xeploai.steps.match import Matcher
from xeploai.steps.standings import Side, Standing

NAMED = 10
"""So many questions of one sort are asked one by one; of more the first are named in a single one."""


class Trail(NamedTuple):
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


def follow(old: Side, new: Side, table: lineages.Lineage | None) -> Trail:
    """Follow the old units through the rows of the table that lie between the two years, date by date."""
    if table is None:
        return Trail({}, {}, {})
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


def _placed(old: Side, new: Side, nodes: Mapping[_Key, _Node], asked: list[Finding]) -> Trail:
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
    return Trail(renamed, formed, gone, tuple(asked))


def _called_so(olds: Matcher, unit: Unit, into: Mapping[int, object]) -> int | None:
    """The old unit of this very name (or code) of which the table does not say where it went."""
    found = [place for place in olds.find(unit) if place not in into]
    return found[0] if len(found) == 1 else None


Unsure = tuple[set[int], set[int]]


def join(old: Side, new: Side, trail: Trail) -> tuple[dict[int, int], Unsure, list[Finding]]:
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


def _told_from(unit: Unit, other: Unit) -> str:
    """The unit, with its code where nothing else tells it from the other."""
    return f"{unit}, mã {unit.code}" if unit.code and other.code and str(unit) == str(other) else str(unit)


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


def _other_names(old: Side, new: Side, pairs: Mapping[int, int], trail: Trail) -> Iterator[Finding]:
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


def _near(old: Side, new: Side, pairs: Mapping[int, int], trail: Trail, unsure: Unsure) -> Iterator[Finding]:
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
    words = [
        f"{then} ghi «{_told_from(was.unit, now.unit)}»{_at(was)}, {here} ghi «{_told_from(now.unit, was.unit)}»{_at(now)}"
        for was, now in found
    ]
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
