"""lineage: old unit → new unit, from a date → whose history is whose, across mergers, splits and changes of name.

    mã cũ │ tên cũ │ cấp trên cũ │ mã mới │ tên mới │ cấp trên mới │ từ ngày    │ ghi chú
    03235 │ Xã Ná  │ Huyện Một   │ 03220  │ Xã Pản  │ Tỉnh Mẫu     │ 01/07/2025 │
    03220 │ Xã Pản │ Huyện Một   │ 03220  │ Xã Pản  │ Tỉnh Mẫu     │ 01/07/2025 │ một phần

A unit that the table says was formed from others has no history of its own before that year, whatever was called the same
then: names and even codes are given anew. The year of the change belongs to the new unit. What becomes of the old units'
history is a policy (`qua sáp nhập`): it stops; or each year is made of the old units' records, partial ones too. A change
of name, one to one, is no merger: the history goes on. In a year of which an old unit has no record, what cannot be known
without it is not known.

2026-11: a part counts like a whole unit, since no text says otherwise; the words name it «một phần».
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeGuard

from xeploai import findings as our
from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding, Severity, Unusable
from xeploai.model import NOTHING, Cell, Formed, Grid, Old, Record, ScoreSheet, Unit
from xeploai.steps import headings
from xeploai.steps.match import Matcher
from xeploai.steps.register import NAMED, Register, as_date, find_columns, named_unit, shown_value

STOPS, DOUBTED = "dừng", "chưa rõ"

_TOO_LATE = (
    "Năm có sáp nhập, đổi tên thuộc về đơn vị mới: có kết quả năm đó của đơn vị mới thì ghi một dòng dưới tên mới; "
    "dòng của đơn vị cũ để nguyên, không phải sửa tên."
)


class Move(NamedTuple):
    """A row of the table: what became of an old unit, or of a part of it."""

    old: Unit
    new: Unit
    since: date | None
    partial: bool
    at: Cell


class Lineage(NamedTuple):
    """The table as read, and what could not be used of it."""

    moves: tuple[Move, ...]
    troubles: tuple[tuple[str, Cell], ...] = ()


class Times(NamedTuple):
    """What is known of units through time: the register, the lineage, and the policy across a merger."""

    register: Register | None = None
    lineage: Lineage | None = None
    policy: str = ""  # "" where neither the book nor the user names one: it stops

    def coded(self, unit: Unit, year: int | None) -> Unit:
        """The unit with the code that the register gives it in that year."""
        return self.register.coded(unit, year) if self.register else unit

    def coded_sheet(self, sheet: ScoreSheet) -> ScoreSheet:
        """The sheet with the codes that the register gives its units."""
        return self.register.coded_sheet(sheet) if self.register else sheet

    def is_newer(self, sheet: ScoreSheet, position: int, year: int) -> bool:
        """Whether the register says that this unit of the sheet was not there yet in that year."""
        found = self.register.year(sheet.year).find(sheet.units[position]) if self.register else []
        return len(found) == 1 and found[0].since is not None and found[0].since.year > year

    def line(self, sheet: ScoreSheet) -> Line | None:
        """The lineage as seen from this sheet's units; None where there is no table."""
        return Line(self.lineage, sheet, self) if self.lineage else None


# ------------------------------------------------------------------------------------------- the table

_OLD = re.compile(r"\b(cu|truoc( (day|khi))?( (sap nhap|sap xep|hop nhat|doi ten))?|old)\b")
_NEW = re.compile(r"\b(moi|sau( khi)?( (sap nhap|sap xep|hop nhat|doi ten))?|hien nay|new)\b")
_WHAT = (
    ("code", re.compile(r"(ma|code)\b.*")),
    ("kind", re.compile(r"(loai|cap|kind)( (don vi|dvhc))?")),
    ("parent", re.compile(r"(ten )?(don vi )?(cap tren|truc thuoc|thuoc|huyen|quan|thi xa|tinh|parent)\b.*")),
    ("name", re.compile(r"(ten|don vi|dvhc|xa|phuong|thi tran|dac khu|name)?\b.*")),
)
_SINCE = re.compile(r"(ngay|nam|thoi diem|(co )?hieu luc|ap dung|tu ngay|tu nam|tu|date|since)\b.*")
_PART = re.compile(r"(mot phan|toan bo|pham vi|muc do|phan|partial)\b.*")
_NOTE = re.compile(r"(ghi chu|note)\b.*")
_SOME = re.compile(r"\b(mot phan|phan con lai|partial)\b")
_YES = frozenset({"co", "x", "yes", "true", "1", "dung"})


def role(text: str, above: str = "") -> str | None:
    """What a heading says: "old name", "new code", "since", "part" …; the side may stand in the heading above."""
    folded = vi.fold(text)
    if not folded:
        return None
    for side, pattern in (("old", _OLD), ("new", _NEW)):
        own = pattern.search(folded)
        if own or pattern.search(vi.fold(above)):
            bare = " ".join(pattern.sub(" ", folded).split()) if own else folded
            return next((f"{side} {what}" for what, words in _WHAT if words.fullmatch(bare)), None)
    if _PART.fullmatch(folded):
        return "part"
    return "since" if _SINCE.fullmatch(folded) else "note" if _NOTE.fullmatch(folded) else None


def _role_at(grid: Grid, row: int, column: int) -> str | None:
    above = grid.merged_text(row - 1, column) if row > grid.top else ""
    return role(grid.text(row, column) or grid.merged_text(row, column), above)


def _enough(roles: set[str]) -> bool:
    return bool(roles & {"old name", "old code"} and roles & {"new name", "new code"} and "since" in roles)


def read(grids: Sequence[Grid], register: Register | None = None) -> Lineage:
    """The lineage in these sheets. Raises Unusable where no sheet has the heading of one."""
    moves: list[Move] = []
    troubles: list[tuple[str, Cell]] = []
    for grid in grids:
        if grid.visible and (found := find_columns(grid, _role_at, _enough)):
            moves += _moves(grid, *found, register, troubles)
    if not moves:
        files = ", ".join(dict.fromkeys(grid.file for grid in grids)) or "?"
        need = "không có bảng nào có đủ cột mã hoặc tên cũ, mã hoặc tên mới, từ ngày"
        raise Unusable(our.BAD_OPTION(what=f"--lineage: «{files}» {need}"))
    return Lineage(tuple(moves), tuple(troubles))


def _moves(
    grid: Grid, first: int, roles: Mapping[str, int], register: Register | None, troubles: list[tuple[str, Cell]]
) -> Iterator[Move]:
    chief = roles.get("old name", roles.get("old code", 0))
    heading = vi.fold(grid.merged_text(first - 1, roles["part"])) if "part" in roles else ""
    for row in range(first, grid.height):
        if headings.is_numbering(grid, row):
            continue
        words = {what: headings.as_name(shown_value(grid, row, column)) for what, column in roles.items()}
        sides = [
            named_unit(*(words.get(f"{side} {what}", "") for what in ("name", "kind", "parent", "code")))
            for side in ("old", "new")
        ]
        at, blank = grid.cell(row, chief), [not (unit.name or unit.code) for unit in sides]
        if all(blank) or (blank[1] and headings.is_no_unit(sides[0].name or "cộng")):
            continue
        if any(blank):
            lack = "đơn vị cũ" if blank[0] else "đơn vị mới"
            troubles.append((f"ô {at.address}: «{sides[blank[0]]}» không ghi {lack}", at))
            continue
        value = shown_value(grid, row, roles["since"])
        since = as_date(value)
        if since is None:
            troubles.append(
                (f"ô {at.address}: «{sides[0]}» vào «{sides[1]}» không ghi ngày, hoặc ngày không đọc được", at)
            )
        part = vi.fold(words.get("part", "")) or ("true" if shown_value(grid, row, roles.get("part")) is True else "")
        partial = any(_SOME.search(text) for text in (part, vi.fold(words.get("note", ""))))
        partial = partial or (heading.startswith(("mot phan", "partial")) and part in _YES)
        old, new = (_padded(unit, register) for unit in sides)
        yield Move(old, new, since, partial, at)


def _padded(unit: Unit, register: Register | None) -> Unit:
    """The unit with the zeros that its code has in the register."""
    known = register.ever.find(unit) if register and unit.code else []
    codes = {each.unit.code for each in known}
    return unit._replace(code=codes.pop()) if len(codes) == 1 else unit


# ------------------------------------------------------------------------------------ who came from whom

Key = tuple[str, ...]


Question = tuple[str, Sequence[Cell | None], Unit | None]
"""What a person is asked, the cells that it is about, and the unit."""


class Node(NamedTuple):
    """An old unit of the table, under which its records are kept."""

    key: Key


def _key(unit: Unit) -> Key:
    name = " ".join(vi.split_kind(unit.name))
    return (unit.code, name) if unit.code else ("", name, " ".join(vi.split_kind(unit.parent)))


@dataclass(frozen=True, eq=False, repr=False)
class Formation:
    """How a unit came about on a day: the rows that tell it."""

    moves: tuple[Move, ...]
    plain: bool  # one old unit, whole, that went nowhere else: a change of name

    @property
    def new(self) -> Unit:
        return self.moves[0].new

    @property
    def since(self) -> date | None:
        return self.moves[0].since

    @property
    def stays(self) -> bool:
        """Whether nothing changed but that a part may have gone elsewhere: the unit is the one it was."""
        first = self.moves[0]
        same = vi.split_kind(first.old.name) == vi.split_kind(first.new.name) and first.old.code == first.new.code
        return (
            len(self.moves) == 1
            and same
            and bool(first.old.code or vi.key(first.old.parent) == vi.key(first.new.parent))
        )

    @property
    def words(self) -> str:
        """ "thành lập ngày 01/07/2025 từ Xã A và một phần Xã B", "trước ngày 01/07/2025 là Xã A"."""
        if self.plain:
            return f"trước ngày {self.day} là {self.moves[0].old}"
        olds = [f"{'một phần ' if move.partial else ''}{move.old}" for move in self.moves]
        more = [f"{len(olds) - NAMED} đơn vị khác"] if len(olds) > NAMED + 1 else []
        return f"thành lập ngày {self.day} từ {vi.listed((olds[:NAMED] if more else olds) + more)}"

    @property
    def day(self) -> str:
        return f"{self.since:%d/%m/%Y}" if self.since else "không rõ"


class Line:
    """The lineage as seen from one score sheet: which records are whose."""

    def __init__(self, lineage: Lineage, sheet: ScoreSheet, times: Times) -> None:
        self.lineage, self.sheet, self.times = lineage, sheet, times
        self.policy = times.policy or STOPS
        self._units = Matcher(sheet.units)
        self.refused: dict[int, tuple[Unit, Record]] = {}
        self._asked: dict[Unit, tuple[Record, list[Unit]]] = {}
        self._late: dict[Node, list[tuple[Unit, Record]]] = {}
        formations = _formations(lineage.moves)
        self._formations = formations
        self._news = Matcher([each.new for each in formations])
        olds = {_key(move.old): move.old for move in reversed(lineage.moves)}
        self._olds, self._keys = Matcher(list(olds.values())), list(olds)
        self._by_old: dict[Key, list[Move]] = defaultdict(list)
        for move in lineage.moves:
            self._by_old[_key(move.old)].append(move)
        self._found: dict[Unit, list[int]] = {}
        self.unclear: list[tuple[list[Formation], list[int]]] = []
        self.formed: dict[int, Formation] = {}
        claims: dict[int, list[Formation]] = defaultdict(list)
        for each in formations:
            places = [] if each.stays or self._is_later(each) else self._units.find(each.new)
            if len(places) > 1:
                self.unclear.append(([each], places))
            for position in places:  # of two that may be meant, neither takes what was called the same before
                claims[position].append(each)
        for position, claimed in claims.items():
            last = max(claimed, key=lambda each: each.since or date.max)
            self.formed[position] = last
            before = {_key(move.old) for each in claimed for move in each.moves}
            others = [each for each in claimed if _key(each.new) != _key(last.new) and _key(each.new) not in before]
            if others:
                self.unclear.append(([last, *others], [position]))

    @staticmethod
    def is_old(key: object) -> TypeGuard[Node]:
        """Whether records are kept under an old unit of the table, not under a stranger's name."""
        return isinstance(key, Node)

    def _is_later(self, each: Formation) -> bool:
        return bool(self.sheet.year and each.since and each.since.year > self.sheet.year)

    def first_year(self, formation: Formation) -> int:
        """The year from which the new unit has records of its own."""
        return formation.since.year if formation.since else self.sheet.year or 9999

    def parted(self, position: int, year: int) -> bool:
        """Whether this unit of the sheet was not there yet in that year."""
        formation = self.formed.get(position)
        return formation is not None and year < self.first_year(formation)

    def place(self, found: list[int], unit: Unit, record: Record) -> tuple[list[int], Node | None, bool]:
        """(the units of the sheet that this record may be of, the old unit that it is of, whether it must be asked about)."""
        own = [position for position in found if not self.parted(position, record.year)]
        if own:
            return own, None, False
        nodes = self._nodes(unit, record.year)
        if len(nodes) > 1:
            self._asked.setdefault(unit, (record, [self._olds.units[node] for node in nodes]))
            return [], None, True
        if nodes:
            return [], Node(self._keys[nodes[0]]), False
        if not found and (gone := self._gone(unit, record.year)):
            self._late.setdefault(gone, []).append((unit, record))
            return [], gone, False
        if len(found) == 1:
            self.refused.setdefault(found[0], (unit, record))
        return [], None, False

    def _nodes(self, unit: Unit, year: int) -> list[int]:
        """The old units that this may be in that year: several where its code and its name speak of two."""
        if unit not in self._found:
            found = self._olds.find(unit)
            names = {vi.split_kind(self._olds.units[node].name)[1] for node in found}
            if unit.code and found and vi.split_kind(unit.name)[1] not in names:
                found = [*found, *self._olds.find(unit._replace(code=""))]
            self._found[unit] = list(dict.fromkeys(found))
        return [node for node in self._found[unit] if self._alive(self._keys[node], year)]

    def _gone(self, unit: Unit, year: int) -> Node | None:
        """The old unit that this is, of a year that by then belonged to the units that it went into."""
        olds = self._found[unit]
        if len(olds) != 1 or self._news.find(unit):
            return None
        moves = self._by_old[self._keys[olds[0]]]
        left = all(move.since is not None and move.since.year <= year for move in moves)
        return Node(self._keys[olds[0]]) if left else None

    def _alive(self, key: Key, year: int) -> bool:
        """Whether the old unit was there in that year: before one of its moves, and not before its own formation."""
        for move in self._by_old[key]:
            if move.since is not None and move.since.year <= year:
                continue
            earlier = self._formation(move.old, move.since)
            if earlier is None or year >= self.first_year(earlier):
                return True
        return False

    def _formation(self, unit: Unit, before: date | None) -> Formation | None:
        """How an old unit itself had come about, before that day."""
        if before is None:
            return None
        found = [self._formations[place] for place in self._news.find(unit)]
        earlier = [each for each in found if each.since and each.since < before and not each.stays]
        return max(earlier, key=lambda each: each.since or date.min, default=None)

    # ----------------------------------------------------------------------------- history, carried over

    def carry(
        self,
        past: Mapping[int, dict[int, Record]],
        olds: Mapping[Node, Mapping[int, Record]],
        book: RuleBook,
    ) -> tuple[dict[int, dict[int, Record]], dict[int, Formed], list[Finding]]:
        """(position → the records of before, as the policy makes them; how each unit came about; what to say of it)."""
        work = _Carrying(self, past, olds, book)
        carried: dict[int, dict[int, Record]] = {}
        for position, formation in self.formed.items():
            if work.follows(formation) and position not in self.doubted:
                carried[position] = work.records(formation)
        formed = {
            position: Formed(
                self.first_year(each), each.words,
                DOUBTED if position in self.doubted else "" if each.plain else self.policy, each.day,
            )
            for position, each in sorted(self.formed.items())
        }  # fmt: skip
        return carried, formed, [*self._too_late(), *self._unclear(), *self._told(carried, work)]

    @cached_property
    def doubted(self) -> frozenset[int]:
        """Units whose old units the table may not name all: one called the same had a record before, and went nowhere."""
        twice = {position for _, places in self.unclear for position in places}
        undated = {position for position, each in self.formed.items() if each.since is None}
        return frozenset({*self.refused, *twice, *undated})

    def _told(self, carried: Mapping[int, Mapping[int, Record]], work: _Carrying) -> Iterator[Finding]:
        stopped = [
            position
            for position, each in sorted(self.formed.items())
            if not work.follows(each) and position not in self.doubted and work.has_records(each)
        ]
        if stopped:
            named = bool(self.times.policy)
            why = "qua sáp nhập: dừng" if named else "bộ tiêu chí và dòng lệnh chưa chọn chính sách qua sáp nhập"
            said = our.PAST_STOPS(reason=why, **self._listed(stopped))
            yield said._replace(severity=Severity.NOTE) if named else said
        renamed = [p for p, years in sorted(carried.items()) if years and self.formed[p].plain]
        merged = [p for p, years in sorted(carried.items()) if years and not self.formed[p].plain]
        for positions, how in ((renamed, "đổi tên một thành một"), (merged, f"qua sáp nhập: {self.policy}")):
            if positions:
                yield our.PAST_CARRIED(what=how, **self._listed(positions))

    def _too_late(self) -> Iterator[Finding]:
        """Records that stand under an old unit's name in a year that is its successors' already."""
        if not self._late:
            return
        words = []
        for node, told in self._late.items():
            last = max(move.since for move in self._by_old[node.key] if move.since)
            into = vi.listed(dict.fromkeys(str(m.new) for m in self._by_old[node.key] if m.since == last))
            years = vi.listed(dict.fromkeys(f"{record.year}{_at(record.at)}" for _, record in told))
            words.append(f"{told[0][0]}: năm {years} đã thuộc về {into} từ ngày {last:%d/%m/%Y}, không dùng")
        more = [f"… và {len(words) - NAMED} đơn vị nữa"] if len(words) > NAMED else []
        cells = [record.at for told in self._late.values() for _, record in told if record.at]
        found = our.PAST_UNIT_UNKNOWN(
            count=len(words), year=self.sheet.year, units="; ".join(words[:NAMED] + more), at=next(iter(cells), None),
            related=tuple(cells[1:]),
        )  # fmt: skip
        yield found._replace(duty=_TOO_LATE)

    def _listed(self, positions: Sequence[int]) -> dict[str, Any]:
        words = [f"{self.sheet.units[p]} ({self.formed[p].words})" for p in positions[:NAMED]]
        more = [f"… và {len(positions) - NAMED} đơn vị nữa"] if len(positions) > NAMED else []
        cells = [move.at for p in positions[:NAMED] for move in self.formed[p].moves]
        one = self.sheet.units[positions[0]] if len(positions) == 1 else None
        return {
            "count": len(positions), "units": "; ".join(words + more), "unit": one, "at": cells[0],
            "related": tuple(cells[1:]),
        }  # fmt: skip

    def _unclear(self) -> Iterator[Finding]:
        """Everything of the table, and of history against it, that a person must look at: each kind in few sentences."""
        rows = [
            (f"bảng sáp nhập, đổi tên: dòng chưa dùng được, {words}", [at], None) for words, at in self.lineage.troubles
        ]
        for questions in (rows, self._claimed(), self._refusals(), self._doubles(), self._still_there()):
            yield from _few(list(questions))
        everybody = (unit for move in self.lineage.moves for unit in (move.new, move.old))
        if not self.formed and not any(self._units.find(unit) for unit in everybody):
            what = "bảng sáp nhập, đổi tên không nói về đơn vị nào của biểu"
            yield from _few([(what, [self.lineage.moves[0].at], None)])

    def _claimed(self) -> Iterator[Question]:
        """New units that may be several of the sheet, or several that may be one."""
        for formations, places in self.unclear:
            units = vi.listed(f"{self.sheet.units[p]} (ô {self.sheet.named(p).address})" for p in places)
            ats = [formation.moves[0].at for formation in formations]
            named = vi.listed(f"«{each.new}» (ô {at.address})" for each, at in zip(formations, ats, strict=True))
            what = f"bảng sáp nhập ghi {named}, chưa rõ là đơn vị nào của biểu: {units}; chưa ghép, ghi thêm mã hoặc cấp trên"
            yield what, [*ats, *(self.sheet.named(p) for p in places)], None

    def _refusals(self) -> Iterator[Question]:
        """Records of before under the name of a unit that was not there yet, and that went nowhere by the table."""
        for position, (unit, record) in sorted(self.refused.items()):
            own, formation = self.sheet.units[position], self.formed[position]
            what = (
                f"{own} {formation.words}; «{unit}» của năm {record.year}{_at(record.at)} không phải là đơn vị đó và bảng "
                "không nói đơn vị ấy vào đâu, nên lịch sử trước đó không tính"
            )
            yield what, [record.at, *(move.at for move in formation.moves)], own

    def _doubles(self) -> Iterator[Question]:
        """Records that may be of several old units."""
        for unit, (record, olds) in self._asked.items():
            code = f" mã {unit.code}" if unit.code else ""
            names = vi.listed(f"{old} (mã {old.code})" if old.code else str(old) for old in olds)
            what = f"lịch sử ghi «{unit}»{code}{_at(record.at)}, có thể là đơn vị cũ: {names}; không dùng dòng này"
            yield what, [record.at], None

    def _still_there(self) -> Iterator[Question]:
        """Units of the sheet that the table says had gone, whole, into another before."""
        for move in self.lineage.moves:
            if move.partial or move.since is None or (self.sheet.year and move.since.year > self.sheet.year):
                continue
            found = self._units.find(move.old)
            if len(found) != 1 or self.parted(found[0], move.since.year - 1) or found == self._units.find(move.new):
                continue
            unit, at = self.sheet.units[found[0]], self.sheet.named(found[0])
            what = (
                f"{unit}{_at(at)} còn trong biểu năm {self.sheet.year}, nhưng bảng ghi đã vào {move.new} từ ngày "
                f"{move.since:%d/%m/%Y}{_at(move.at)}"
            )
            yield what, [at, move.at], unit


def _at(cell: Cell | None) -> str:
    return f" (ô {cell.address})" if cell else ""


def _few(questions: Sequence[Question]) -> Iterator[Finding]:
    """A finding for each question; of very many, one for all, with the first of them in words."""
    if len(questions) > NAMED:
        words = "; ".join(what for what, _, _ in questions[:NAMED])
        every = [cell for _, cells, _ in questions for cell in cells]
        questions = [(f"{len(questions)} chỗ chưa rõ: {words}; … và {len(questions) - NAMED} chỗ nữa", every, None)]
    for words, cells, unit in questions:
        known = [cell for cell in dict.fromkeys(cells) if cell]
        what = words[:1].upper() + words[1:]
        yield our.LINEAGE_UNCLEAR(what=what, unit=unit, at=next(iter(known), None), related=tuple(known[1:]))


def _formations(moves: Sequence[Move]) -> list[Formation]:
    by_new: dict[tuple[Key, date | None], list[Move]] = defaultdict(list)
    goes: dict[tuple[Key, date | None], set[Key]] = defaultdict(set)
    for move in moves:
        by_new[_key(move.new), move.since].append(move)
        goes[_key(move.old), move.since].add(_key(move.new))
    found = []
    for (_, since), rows in by_new.items():
        once = {_key(move.old): move for move in reversed(rows)}
        kept = tuple(reversed(once.values()))
        alone = len(kept) == 1 and not kept[0].partial and len(goes[_key(kept[0].old), since]) == 1
        found.append(Formation(kept, alone))
    return found


@dataclass(eq=False, repr=False)
class _Carrying:
    """The old units' records, looked up and put together, year by year."""

    line: Line
    past: Mapping[int, Mapping[int, Record]]
    olds: Mapping[Node, Mapping[int, Record]]
    book: RuleBook

    def follows(self, formation: Formation) -> bool:
        return formation.since is not None and (formation.plain or self.line.policy != STOPS)

    def has_records(self, formation: Formation) -> bool:
        first = self.line.first_year(formation)
        return any(year < first for move in formation.moves for year in self.olds.get(Node(_key(move.old)), ()))

    def records(self, formation: Formation) -> dict[int, Record]:
        """Year → what the old units make of it, of the years before."""
        first, found = self.line.first_year(formation), {}
        for year in self.known_years:
            if year < first and (record := self.made(formation, year)):
                found[year] = record
        return found

    @cached_property
    def known_years(self) -> list[int]:
        both = (*self.olds.values(), *self.past.values())
        return sorted({year for years in both for year in years})

    def made(self, formation: Formation, year: int) -> Record | None:
        """One record of what the old units were rated in that year; None where none of them has one."""
        olds = tuple(Old(m.old, self.record(m.old, year, formation.since), m.partial) for m in formation.moves)
        if formation.plain:
            return olds[0].record and olds[0].record._replace(olds=olds, policy="")
        return merged(olds, self.line.policy, self.book) if any(old.record for old in olds) else None

    def record(self, unit: Unit, year: int, before: date | None) -> Record | None:
        """What an old unit was rated; of the years before it was formed itself, what its own old units make."""
        earlier = self.line._formation(unit, before)
        if earlier and year < self.line.first_year(earlier):
            return self.made(earlier, year) if self.follows(earlier) else None
        if found := self.olds.get(Node(_key(unit)), NOTHING).get(year):
            return found  # type: ignore[no-any-return]
        still = self.line._units.find(unit)  # it gave away a part, and is there to this day
        if len(still) == 1 and not self.line.parted(still[0], year):
            return self.past.get(still[0], NOTHING).get(year)
        return None


def merged(olds: tuple[Old, ...], policy: str, book: RuleBook) -> Record:
    """What the old units' records of one year make together, for what looks at the whole.

    A condition of a streak looks at each of them (`flags.base.told`). Ranks and points of old units are nobody's.

                 thấp nhất                         bất kỳ            tất cả
    band         the lowest, if it is sure         theirs, if one    theirs, if one
    titles       those that all held               that any held     that all held
    last, flags  of any                            of any            of all
    """
    known = [old.record for old in olds if old.record]
    whole, every = len(known) == len(olds), policy == "tất cả"
    places = {
        record.band: spot for record in known if record.band and (spot := book.band_place(record.band)) is not None
    }
    told = whole and all(record.band in places for record in known)
    lowest = max(known, key=lambda record: places.get(record.band or "", -1))
    if policy == "thấp nhất":
        bottom = lowest.band in places and places[lowest.band] == len(book.bands) - 1  # nothing lower can be missing
        band = lowest.band if told or bottom else None
    else:
        band = known[0].band if told and len(set(places.values())) == 1 else None
    held = [record.titles for record in known if record.titles is not None]
    titles = None
    if whole and len(held) == len(known):
        titles = frozenset.union(*held) if policy == "bất kỳ" else frozenset.intersection(*held)
    lasts = [old.record.last if old.record else None for old in olds]
    sure, other = (False, True) if every else (True, False)
    last = sure if sure in lasts else None if None in lasts else other
    flags = [frozenset(record.flags) for record in known]
    low = [record.low for record in known]
    every_flag = frozenset.intersection if every else frozenset.union
    kept = every_flag(*flags) if whole or not every else frozenset()
    return Record(
        known[0].year, band, titles, last=last,
        flags=tuple(dict.fromkeys(code for record in known for code in record.flags if code in kept)),
        book="; ".join(dict.fromkeys(record.book for record in known if record.book)),
        at=lowest.at if policy == "thấp nhất" else known[0].at,
        low=every_flag(*low) if whole or not every else frozenset(),
        open_titles=frozenset().union(*(record.open_titles for record in known)), olds=olds, policy=policy,
    )  # fmt: skip
