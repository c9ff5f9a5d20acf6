"""register: the list of units through time (code, name, kind, parent, from, to) → who is who in a year.

A unit that the register knows, by code or by parent and name, gets the register's code: identity is the code from there
on. What fits nobody, or several, is asked about with both cells and never joined; whom the sheet lacks is said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.findings import Finding, Unusable
from xeploai.model import Cell, Grid, ScoreSheet, Unit, Value
from xeploai.steps import headings
from xeploai.steps.match import Matcher
from xeploai.steps.table import SEARCHED_ROWS

NAMED = 10
"""So many units are called by name in a sentence; more are counted."""

_ROLES = {
    "since": r"(ngay |nam |thoi diem )?(bat dau|thanh lap|(co )?hieu luc)( tu)?( ngay| nam)?"
    r"|(ap dung )?tu( ngay| nam)?|from|since",
    "until": r"(ngay |nam )?(het hieu luc|ket thuc|giai the|cham dut)( .*)?|den( het)?( ngay| nam)?|to|until",
    "parent": r"(don vi )?(hanh chinh )?cap tren( .*)?|(don vi )?truc thuoc( .*)?|thuoc( .*)?|parent",
    "province": r"(ten )?tinh( thanh pho| tp)?( .*)?",
    "kind": r"loai|cap|kind",
    "name": r"ten|name",
    "code": r"ma|code",
}
_PATTERNS = [(role, re.compile(pattern)) for role, pattern in _ROLES.items()]


class Listed(NamedTuple):
    """A unit of the register, the days on which it was there (None: open), and where it is written."""

    unit: Unit
    since: date | None
    until: date | None
    at: Cell

    def in_year(self, year: int | None) -> bool:
        """Whether it was there on any day of the year; of an unknown year: whether it still is."""
        if year is None:
            return self.until is None
        return (self.since or date.min).year <= year <= (self.until or date.max).year

    def at_end_of(self, year: int | None) -> bool:
        """Whether it was there on the last day of the year."""
        last = date(year, 12, 31) if year else date.max
        return self.in_year(year) and (self.until or date.max) >= last


# ----------------------------------------------------------------------------------------- reading tables


def role(text: str) -> str | None:
    """What a heading of a register says about its column."""
    folded = vi.fold(text)
    own = next((role for role, pattern in _PATTERNS if pattern.fullmatch(folded)), None) if folded else None
    known = headings.role(text)
    return own or (known if known in ("name", "code", "kind", "parent", "number") else None)


def find_columns(
    grid: Grid, role: Callable[[Grid, int, int], str | None], enough: Callable[[set[str]], bool]
) -> tuple[int, dict[str, int]] | None:
    """(first row under the heading, role → column) of the first row that has the most roles, and enough of them."""
    best: tuple[int, dict[str, int]] | None = None
    for row in range(grid.top, min(grid.height, grid.top + SEARCHED_ROWS)):
        roles: dict[str, int] = {}
        for column in range(grid.left, grid.width):
            if said := role(grid, row, column):
                roles.setdefault(said, column)
        if enough(set(roles)) and (best is None or len(roles) > len(best[1])):
            best = row + 1, roles
    return best


def shown_value(grid: Grid, row: int, column: int | None) -> Value:
    """What a person sees in this cell, also inside a merged area."""
    return None if column is None else grid.value(*grid.spread.get((row, column), (row, column)))


_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WORDS = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})")


def as_date(value: Value, *, end: bool = False) -> date | None:
    """The day in a cell: a date, "01/07/2025", "2025-07-01"; a year is its first day, or its last where it ends."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text = vi.key(value)
        day = _DAY.search(text) or _WORDS.search(text)
        found = (day[3], day[2], day[1]) if day else iso.groups() if (iso := _ISO.search(text)) else None
        if found:
            try:
                return date(*map(int, found))
            except ValueError:
                return None
    year = headings.whole_year(value)
    return None if year is None else date(year, 12, 31) if end else date(year, 1, 1)


def named_unit(name: str, kind: str, parent: str, code: str) -> Unit:
    """The unit, with its kind before the name where the name does not tell it."""
    if name and kind and not vi.split_kind(name)[0] and vi.key(kind) in vi.KINDS:
        word = vi.KINDS[vi.key(kind)]
        name = f"{word[:1].upper()}{word[1:]} {name}"
    return Unit(name, parent, code)


def read(grids: Sequence[Grid]) -> Register:
    """The register in these sheets. Raises Unusable where no sheet has a heading that tells units."""
    listed: list[Listed] = []
    troubles: list[tuple[str, Cell]] = []
    for grid in grids:
        found = find_columns(
            grid, _role_at, lambda roles: "name" in roles and bool(roles & {"code", "parent", "province"})
        )
        if grid.visible and found:
            listed += _rows(grid, *found, troubles)
    if not listed:
        files = ", ".join(dict.fromkeys(grid.file for grid in grids)) or "?"
        raise Unusable(our.BAD_OPTION(what=f"--units: «{files}» không có bảng nào có cột mã, tên đơn vị, cấp trên"))
    return Register(tuple(listed), tuple(troubles))


def _role_at(grid: Grid, row: int, column: int) -> str | None:
    return role(grid.merged_text(row, column))


def _rows(grid: Grid, first: int, roles: dict[str, int], troubles: list[tuple[str, Cell]]) -> Iterator[Listed]:
    over = roles.get("parent", roles.get("province"))
    for row in range(first, grid.height):
        name = headings.as_name(grid.value(row, roles["name"]))
        code = _word(grid, row, roles.get("code"))
        if headings.is_numbering(grid, row) or headings.is_no_unit(name) or not (name or code):
            continue
        if not name:
            cell = grid.cell(row, roles["name"])
            troubles.append((f"mã {code} không có tên đọc được (ô {cell.address})", cell))
            continue
        unit = named_unit(name, _word(grid, row, roles.get("kind")), _word(grid, row, over), code)
        days = {}
        for side in ("since", "until"):
            value = shown_value(grid, row, roles.get(side))
            days[side] = as_date(value, end=side == "until")
            if value is not None and value != "" and days[side] is None:
                cell = grid.cell(row, roles[side])
                troubles.append((f"«{unit}» ghi ngày không đọc được (ô {cell.address})", cell))
        yield Listed(unit, days["since"], days["until"], grid.cell(row, roles["name"]))


def _word(grid: Grid, row: int, column: int | None) -> str:
    return headings.as_name(shown_value(grid, row, column))


# ----------------------------------------------------------------------------------------- who is who


@dataclass(frozen=True, eq=False, repr=False)
class Register:
    """All units of the register, of all times."""

    listed: tuple[Listed, ...]
    troubles: tuple[tuple[str, Cell], ...] = ()
    _years: dict[int | None, Year] = field(default_factory=dict)

    def year(self, year: int | None) -> Year:
        """The units that were there in this year."""
        if year not in self._years:
            self._years[year] = Year(tuple(each for each in self.listed if each.in_year(year)), year)
        return self._years[year]

    @cached_property
    def ever(self) -> Year:
        """The units of all times."""
        return Year(self.listed)

    def coded(self, unit: Unit, year: int | None) -> Unit:
        """The unit with the register's code, where exactly one unit of that year is it."""
        found = self.year(year).find(unit)
        return unit._replace(code=found[0].unit.code) if len(found) == 1 and found[0].unit.code else unit

    def coded_sheet(self, sheet: ScoreSheet) -> ScoreSheet:
        """The sheet with the register's codes."""
        return sheet._replace(units=tuple(self.coded(unit, sheet.year) for unit in sheet.units))


@dataclass(frozen=True, eq=False, repr=False)
class Year:
    """The units of one year, ready to be found."""

    listed: tuple[Listed, ...]
    year: int | None = None

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher([each.unit for each in self.listed])

    @cached_property
    def _by_digits(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(self.listed):
            found[vi.bare_code(each.unit.code)].append(place)
        return found

    def find(self, unit: Unit) -> list[Listed]:
        """Who it may be: by code (zeros that Excel dropped in front do not matter), else by parent and name.

        In a year in which one unit followed another, the one that was there at its end.
        """
        if unit.code:
            places = self.matcher.by_code(unit.code) or self._by_digits.get(vi.bare_code(unit.code), [])
        else:
            places = self.matcher.find(unit)
        found = [self.listed[place] for place in places]
        return found if len(found) < 2 else [each for each in found if each.at_end_of(self.year)] or found

    def like(self, unit: Unit) -> Listed | None:
        """A unit of the same name, or of one that is nearly the same: only ever a question."""
        bare = unit._replace(code="")
        same, near = self.matcher.find(bare), self.matcher.near(bare)
        found = [*same, *([] if near is None else [near]), *self.matcher.one_letter_off(bare)]
        return self.listed[found[0]] if found else None


# -------------------------------------------------------------------------------- the sheet against it


def check(register: Register, sheet: ScoreSheet) -> tuple[ScoreSheet, list[Finding]]:
    """The sheet with the register's codes, and everything in which the two differ."""
    now, when = register.year(sheet.year), f" năm {sheet.year}" if sheet.year else ""
    findings = []
    if register.troubles:
        words = _some([words for words, _ in register.troubles])
        findings.append(_said(f"Danh mục: {words}", [cell for _, cell in register.troubles]))
    findings += _twice(now, when)
    units, unknown, seen = list(sheet.units), list[int](), set[Listed]()
    zeros, filled = list[tuple[str, Cell]](), list[tuple[str, Cell]]()
    for position, unit in enumerate(sheet.units):
        found, cell = now.find(unit), sheet.named(position)
        if len(found) == 1:
            own = found[0]
            seen.add(own)
            units[position] = unit._replace(code=own.unit.code or unit.code)
            if not unit.code and own.unit.code:
                filled.append((f"{unit}, mã {own.unit.code} (ô {cell.address})", cell))
            elif unit.code != own.unit.code:
                zeros.append((f"{unit.code} là {own.unit.code} ({unit.name}, ô {cell.address})", cell))
            if unit.code and not _same_name(unit, own.unit):
                what = f"mã {own.unit.code} trong danh mục là «{own.unit}» ({_at(own.at)}); lấy theo mã"
                findings.append(_said(f"{unit} (ô {cell.address}): {what}", (cell, own.at), unit))
        elif found:
            places = vi.listed(f"«{each.unit}» mã {each.unit.code or 'để trống'} ({_at(each.at)})" for each in found)
            what = f"{unit} (ô {cell.address}): danh mục{when} có {len(found)} đơn vị như vậy: {places}; chưa ghép"
            findings.append(_said(what, (cell, *(each.at for each in found)), unit))
            seen.update(found)
        elif asked := _question(register, now, unit, when):
            findings.append(_said(f"{unit} (ô {cell.address}): {asked[0]}", (cell, asked[1]), unit))
        else:
            unknown.append(position)
    findings += _unknown(sheet, unknown, when)
    findings += _coded("mã viết thiếu số 0 ở đầu, hiểu theo danh mục", zeros)
    findings += _coded("đơn vị được điền mã theo danh mục (khớp tên và cấp trên)", filled)
    findings += _lacking(now, sheet, seen)
    return sheet._replace(units=tuple(units)), findings


def _coded(what: str, told: Sequence[tuple[str, Cell]]) -> Iterator[Finding]:
    """The codes that were taken from the register, with their units."""
    if told:
        words, (at, *related) = _some([words for words, _ in told]), [cell for _, cell in told]
        yield our.UNIT_CODED(what=f"{len(told)} {what}: {words}", at=at, related=tuple(related))


def _said(what: str, cells: Sequence[Cell], unit: Unit | None = None) -> Finding:
    return our.UNIT_UNLISTED(what=what, unit=unit, at=cells[0], related=tuple(cells[1:]))


def _at(cell: Cell) -> str:
    return f"{cell.file}, ô {cell.address}"


def _some(words: Sequence[str]) -> str:
    more = f"; … và {len(words) - NAMED} nữa" if len(words) > NAMED else ""
    return "; ".join(words[:NAMED]) + more


def _same_name(one: Unit, other: Unit) -> bool:
    (kind, name), (other_kind, other_name) = vi.split_kind(one.name), vi.split_kind(other.name)
    return name == other_name and (not kind or not other_kind or kind == other_kind)


def _question(register: Register, now: Year, unit: Unit, when: str) -> tuple[str, Cell] | None:
    """What the register says of a unit that it does not know in this year: another time, or a near name."""
    if found := now.like(unit):
        if unit.code:
            return (
                f"danh mục{when} không có mã {unit.code}; có «{found.unit}» mã {found.unit.code or 'để trống'} "
                f"({_at(found.at)}): có phải một đơn vị? Chưa ghép",
                found.at,
            )
        return (
            f"không có trong danh mục{when}; có «{found.unit}» ({_at(found.at)}): có phải một đơn vị? Chưa ghép",
            found.at,
        )
    if elsewhen := register.ever.find(unit):
        each = elsewhen[0]
        span = " ".join(
            [
                *([f"từ {each.since:%d/%m/%Y}"] if each.since else []),
                *([f"đến {each.until:%d/%m/%Y}"] if each.until else []),
            ]
        )
        return f"danh mục chỉ có «{each.unit}» {span} ({_at(each.at)}), không có trong năm xét", each.at
    return None


def _unknown(sheet: ScoreSheet, positions: Sequence[int], when: str) -> Iterator[Finding]:
    if positions:
        words = _some([f"{sheet.units[p]} (ô {sheet.named(p).address})" for p in positions])
        what = f"{len(positions)} đơn vị của biểu không có trong danh mục{when}: {words}"
        unit = sheet.units[positions[0]] if len(positions) == 1 else None
        yield _said(what, [sheet.named(p) for p in positions], unit)


def _twice(now: Year, when: str) -> Iterator[Finding]:
    """Codes that the register gives to several units at one time."""
    counts = Counter(each.unit.code for each in now.listed if each.unit.code and each.until is None)
    for code in (code for code, count in counts.items() if count > 1):
        same = [each for each in now.listed if each.unit.code == code and each.until is None]
        units = vi.listed(f"«{each.unit}» (ô {each.at.address})" for each in same)
        yield _said(f"Danh mục{when} ghi mã {code} cho {len(same)} đơn vị: {units}", [each.at for each in same])


def _lacking(now: Year, sheet: ScoreSheet, seen: set[Listed]) -> Iterator[Finding]:
    """Whom the register has at the end of the year and the sheet lacks, of the level that the sheet is about."""
    levels = {_level(each.unit) for each in seen}
    lacking = [
        each for each in now.listed if each not in seen and each.at_end_of(sheet.year) and _level(each.unit) in levels
    ]
    if not lacking:
        return
    parents = {vi.key(each.unit.parent) for each in seen}
    near = [each for each in lacking if vi.key(each.unit.parent) in parents]
    words = [str(each.unit) for each in near]
    far = Counter(each.unit.parent for each in lacking if vi.key(each.unit.parent) not in parents)
    words = [_some(words)] if words else []
    if far:
        groups = _some([f"{parent or 'không ghi cấp trên'}: {count}" for parent, count in far.items()])
        words.append(f"không có đơn vị nào của {groups}")
    cells = list(dict.fromkeys(each.at for each in (*near, *lacking)))[:NAMED]
    units = "; ".join(words)
    yield our.UNIT_LACKING(year=sheet.year, count=len(lacking), units=units, at=cells[0], related=tuple(cells[1:]))


def _level(unit: Unit) -> str:
    if unit.kind in vi.COMMUNE_KINDS:
        return "xã"
    return "huyện" if unit.kind in vi.DISTRICT_KINDS else unit.kind
