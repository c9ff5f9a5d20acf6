"""reconcile: the book's checks of the figures, between columns, rows, sheets and years. Told with both cells, never repaired.

Exact arithmetic only. A missing number is never taken as 0: where one is missing, that identity is not judged and nothing
is said. Shares differ by points (điểm phần trăm), not by percent.

    Tỉnh Mẫu: «Cán bộ, công chức» ghi 3.355 (ô D5), cán bộ 1.597 + công chức 1.759 = 3.356 (ô B5, C5): lệch 1.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise
from math import floor
from typing import NamedTuple

from xeploai import vi
from xeploai.book.checks import (
    AcrossSheets,
    AtMost,
    CarriedOver,
    Change,
    Check,
    ColumnSum,
    RowSum,
    Share,
    SharedTotal,
)
from xeploai.book.facts import Limit
from xeploai.book.names import FactNames
from xeploai.findings import Finding
from xeploai.model import NOTHING, Block, Cell, FactValue, Grid, ScoreSheet, Value
from xeploai.steps import headings
from xeploai.steps.match import Matcher

NOISE = Fraction(1, 10**9)
"""A sum of binary fractions that a sheet stored may differ from the exact one in the last of its 15 digits."""

MOST_TERMS = 6
"""A sum of more columns is told by its length."""

MOST_CELLS = 12

_TOTAL = re.compile(
    r"(tong|cong|tong cong|tong so|tong diem|tong so diem|cong diem)"
    r"( chung| cong| (toan|ca) (?P<of>tinh|quoc|nuoc|bang|huyen|quan|thi xa|thanh pho|cum|khoi|vung))?"
    r"|(toan|ca) (?P<all>tinh|quoc|nuoc|bang|huyen|quan|thi xa|thanh pho|cum|khoi|vung)"
)
_EVERYWHERE = ("tinh", "quoc", "nuoc", "bang")
PLAIN, EVERYONE = "", "*"


def reconcile(
    checks: Sequence[Check],
    names: FactNames,
    sheet: ScoreSheet,
    earlier: Sequence[ScoreSheet] = (),
    left_out: Sequence[tuple[Grid, int, str]] = (),
    *,
    criteria: Mapping[str, str] | None = None,
    decimal_mark: str | None = None,
    first_years: Mapping[int, int] = NOTHING,
) -> list[Finding]:
    """What does not agree, check by check in the book's order, unit by unit in the sheet's.

    `left_out` are the rows that are no units, with their labels: among them the printed totals. `criteria` is name or code
    → code of the criteria that a check may name beside the facts. `first_years` is position → the year before which a unit
    of the same name was another one.
    """
    desk = _Desk(
        names, sheet, earlier, left_out, {vi.key(word): code for word, code in (criteria or {}).items()}, decimal_mark,
        {vi.key(check.code): check for check in checks if isinstance(check, SharedTotal)}, first_years,
    )  # fmt: skip
    return [finding for check in checks for finding in _judged(check, desk)]


def _judged(check: Check, desk: _Desk) -> Iterator[Finding]:
    match check:
        case RowSum():
            yield from _row_sums(check, desk)
        case AcrossSheets():
            yield from _across(check, desk)
        case _:
            of_units = (_of_unit(check, desk, position) for position in range(len(desk.sheet.units)))
            yield from (finding for finding in of_units if finding)


def _of_unit(check: Check, desk: _Desk, position: int) -> Finding | None:
    match check:
        case ColumnSum():
            return _column_sum(check, desk, position)
        case Share():
            return _share(check, desk, position)
        case SharedTotal():
            return _shared_total(check, desk, position)
        case CarriedOver():
            return _carried_over(check, desk, position)
        case Change():
            return _change(check, desk, position)
        case AtMost():
            return _at_most(check, desk, position)
    raise TypeError(check.kind)


# ---------------------------------------------------------------------------------------- what is looked at


class _Column(NamedTuple):
    """What a word of the book means: the code under which a sheet holds it, and how it is shown."""

    code: str
    name: str
    sign: str  # "%" for a share


class _Seen(NamedTuple):
    """A number that stands somewhere. Its cell is looked up when a sentence needs it."""

    value: Fraction
    column: _Column
    sheet: ScoreSheet
    position: int

    @property
    def cell(self) -> Cell | None:
        return self.sheet.cell(self.position, self.column.code)

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def sign(self) -> str:
        return self.column.sign

    @property
    def shown(self) -> str:
        return grouped(vi.number(self.value)) + self.sign

    @property
    def small(self) -> str:
        """The name inside a sentence: «Cán bộ» is cán bộ, DTTS stays."""
        return self.name[:1].lower() + self.name[1:] if self.name[1:2].islower() else self.name


@dataclass(frozen=True)
class _Desk:
    """Everything that the checks look at."""

    names: FactNames
    sheet: ScoreSheet
    earlier: Sequence[ScoreSheet]
    left_out: Sequence[tuple[Grid, int, str]]
    criteria: Mapping[str, str]
    decimal_mark: str | None
    shared: Mapping[str, SharedTotal]
    first_years: Mapping[int, int]
    _columns: dict[str, _Column] = field(default_factory=dict)

    def column(self, word: str) -> _Column:
        """What this word means: a fact, else a criterion."""
        if word not in self._columns:
            fact = self.names.find(word)
            code = fact.code if fact else self.criteria.get(vi.key(word), word)
            sign = "%" if fact and fact.kind == "phần trăm" else ""
            self._columns[word] = _Column(code, fact.name if fact else word, sign)
        return self._columns[word]

    def value(self, word: str, position: int, sheet: ScoreSheet | None = None) -> FactValue:
        """What this unit states; None: missing."""
        sheet, code = sheet or self.sheet, self.column(word).code
        column: Sequence[FactValue] = sheet.facts[code] if code in sheet.facts else sheet.points.get(code, ())
        return column[position] if column else None

    def seen(self, word: str, position: int, sheet: ScoreSheet | None = None) -> _Seen | None:
        """The number that this unit states; None: missing, or no number."""
        value = self.value(word, position, sheet)
        if not isinstance(value, Decimal | Fraction):
            return None
        return _Seen(Fraction(value), self.column(word), sheet or self.sheet, position)

    def all_seen(self, words: Iterable[str], position: int) -> list[_Seen] | None:
        """The numbers of all these words; None where one is missing."""
        seen = [self.seen(word, position) for word in words]
        known = [each for each in seen if each]
        return known if len(known) == len(seen) else None

    def then(self, position: int, year: int | None) -> tuple[ScoreSheet, int] | None:
        """The same unit in the sheet of that year; None unless exactly one is it, and it is nobody else here."""
        sheet, found = next(((s, m) for s, m in self._matchers if s.year is not None and s.year == year), (None, None))
        if sheet is None or found is None or (sheet.year or 0) < self.first_years.get(position, 0):
            return None
        there = found.find(self.sheet.units[position])
        if len(there) != 1 or self._own.find(sheet.units[there[0]]) != [position]:
            return None
        return sheet, there[0]

    @cached_property
    def _matchers(self) -> list[tuple[ScoreSheet, Matcher]]:
        return [(sheet, Matcher(sheet.units)) for sheet in self.earlier]

    @cached_property
    def _own(self) -> Matcher:
        return Matcher(self.sheet.units)

    @property
    def last_year(self) -> int | None:
        """The year before the sheet's."""
        return None if self.sheet.year is None else self.sheet.year - 1

    def found(
        self, check: Check, position: int, message: str, cells: Iterable[Cell | None], *, note: bool = False
    ) -> Finding:
        """The finding about this unit."""
        unit = self.sheet.units[position]
        return check.found(f"{unit}: {message}.", unit=unit, year=self.sheet.year, cells=list(cells), note=note)


def _differ(gap: Fraction, tolerance: Limit | None, of: Fraction) -> bool:
    """Whether a gap is more than the tolerance; one in % is of the number that should stand there."""
    if not gap:
        return False
    allowed = Fraction(0)
    if tolerance:
        allowed = Fraction(tolerance.amount) * (abs(of) / 100 if tolerance.unit == "%" else 1)
    return abs(gap) > allowed + NOISE * max(Fraction(1), abs(of) / 100_000)


# ------------------------------------------------------------------------------------------- in the words


def grouped(number: str) -> str:
    """ "17662,5" → "17.662,5": large counts as an official writes them."""
    whole, comma, part = number.partition(",")
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ".", whole) + comma + part


def _apart(*values: Fraction) -> list[str]:
    return [grouped(text) for text in vi.apart(*values)]


def _gap(gap: Fraction, sign: str, tolerance: Limit | None) -> str:
    """ "lệch 1", "lệch 0,02 điểm phần trăm (quá sai số 0,01)"; never "lệch 0"."""
    points = " điểm phần trăm" if sign else ""
    beyond = f" (quá sai số {tolerance})" if tolerance and tolerance.amount else ""
    return f"lệch {_apart(abs(gap), Fraction(0))[0]}{points}{beyond}"


def _at(cells: Iterable[Cell | None], near: Cell | None = None) -> str:
    """ " (ô E5, F5)"; with the sheet, and the file, where they differ from the sheet and file of `near`; "" for none."""
    places = _runs([cell for cell in dict.fromkeys(cells) if cell], near)
    more = " …" if len(places) > MOST_CELLS else ""
    return f" (ô {', '.join(places[:MOST_CELLS])}{more})" if places else ""


def _runs(cells: Sequence[Cell], near: Cell | None) -> list[str]:
    """The addresses, with cells that stand below each other as one: G11–G42, G44–G55."""
    runs: list[list[Cell]] = []
    for cell in cells:
        last = runs[-1][-1] if runs else None
        same = last and (last.file, last.sheet, last.column) == (cell.file, cell.sheet, cell.column)
        if last and same and cell.row == last.row + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    words = []
    for run in runs:
        first = _address(run[0], near or run[0])
        words += [_address(cell, near or cell) for cell in run] if len(run) < 3 else [f"{first}–{run[-1].address}"]
    return words


def _address(cell: Cell, near: Cell) -> str:
    if (cell.file, cell.sheet) == (near.file, near.sheet):
        return cell.address
    return f"{cell.sheet}!{cell.address}" if cell.file == near.file else f"[{cell.file}]{cell.sheet}!{cell.address}"


def _says(seen: _Seen, number: str = "", year: int | None = None, near: Cell | None = None) -> str:
    when = f" năm {year}" if year is not None else ""
    return f"«{seen.name}»{when} ghi {number or seen.shown}{_at([seen.cell], near)}"


# ----------------------------------------------------------------------------------------------- in a row


def _column_sum(check: ColumnSum, desk: _Desk, position: int) -> Finding | None:
    result, plus = desk.seen(check.result, position), desk.all_seen(check.plus, position)
    minus = desk.all_seen(check.minus, position)
    if result is None or plus is None or minus is None:
        return None
    total = sum((each.value for each in plus), Fraction(0)) - sum((each.value for each in minus), Fraction(0))
    if not _differ(result.value - total, check.tolerance, total):
        return None
    parts = [*plus, *minus]
    stated, reckoned = (number + result.sign for number in _apart(result.value, total))
    if len(parts) > MOST_TERMS:
        less = f", trừ {len(minus)} cột" if minus else ""
        sums = f"cộng {len(plus)} cột{less} được {reckoned}"
    else:
        added = " + ".join(f"{each.small} {each.shown}" for each in plus)
        sums = "".join([added, *(f" − {each.small} {each.shown}" for each in minus), f" = {reckoned}"])
    gap = _gap(result.value - total, result.sign, check.tolerance)
    message = f"{_says(result, stated)}, {sums}{_at((each.cell for each in parts), result.cell)}: {gap}"
    return desk.found(check, position, message, [result.cell, *(each.cell for each in parts)])


def _share(check: Share, desk: _Desk, position: int) -> Finding | None:
    result, whole = desk.seen(check.result, position), desk.seen(check.whole, position)
    if result is None or whole is None:
        return None
    if whole.value == 0:
        message = (
            f"{_says(result)}, nhưng «{whole.name}» ghi 0{_at([whole.cell], result.cell)}: chia cho 0, không có tỷ lệ"
        )
        return desk.found(check, position, message, [result.cell, whole.cell])
    part = desk.seen(check.part, position)
    if part is None:
        return None
    reckoned = Fraction(vi.rounded(100 * part.value / whole.value, check.places))
    gap = Fraction(vi.rounded(result.value, check.places)) - reckoned
    if not _differ(gap, check.tolerance, reckoned):
        return None
    message = (
        f"{_says(result)}, {part.small} {part.shown} : {whole.small} {whole.shown} = {vi.number(reckoned)}%"
        f"{_at((part.cell, whole.cell), result.cell)}: {_gap(gap, '%', check.tolerance)}"
    )
    return desk.found(check, position, message, [result.cell, part.cell, whole.cell])


def _at_most(check: AtMost, desk: _Desk, position: int) -> Finding | None:
    seen = desk.all_seen((check.less, check.more), position)
    if seen is None:
        return None
    less, more = seen
    over = less.value - more.value
    if over <= 0 or not _differ(over, check.tolerance, more.value):
        return None
    stated, limit = _apart(less.value, more.value)
    message = (
        f"{_says(less, stated + less.sign)}, lớn hơn «{more.name}» {limit}{more.sign}{_at([more.cell], less.cell)}: "
        f"{_gap(over, less.sign, check.tolerance).replace('lệch', 'vượt', 1)}"
    )
    return desk.found(check, position, message, [less.cell, more.cell])


# ------------------------------------------------------------------------------- one total for all shares


class _Range(NamedTuple):
    """Whole numbers from `low` to `high`; None: without an end."""

    low: int
    high: int | None

    @property
    def empty(self) -> bool:
        return self.high is not None and self.high < self.low

    def __and__(self, other: _Range) -> _Range:
        ends = [end for end in (self.high, other.high) if end is not None]
        return _Range(max(self.low, other.low), min(ends, default=None))

    def gap(self, value: Fraction) -> Fraction:
        """How far a number lies outside: below is negative, 0 is inside."""
        if value < self.low:
            return value - self.low
        return max(value - self.high, Fraction(0)) if self.high is not None else Fraction(0)

    def __str__(self) -> str:
        low = grouped(str(self.low))
        if self.high is None:
            return f"từ {low} trở lên"
        return low if self.high == self.low else f"từ {low} đến {grouped(str(self.high))}"


def total_of(count: Fraction, share: Fraction, places: int) -> _Range | None:
    """The totals H of which `count` is `share` percent when rounded half up to so many places; None: no total is.

    p − ½ unit ≤ 100·a/H < p + ½ unit, solved for whole H from 1 on.
    """
    half = Fraction(1, 2 * 10**places)
    if count == 0:
        return _Range(1, None) if share < half else None
    low = floor(100 * count / (share + half)) + 1
    found = _Range(max(low, 1), floor(100 * count / (share - half)) if share > half else None)
    return None if found.empty else found


class _Shares(NamedTuple):
    """What the pairs of one unit say about their total."""

    pairs: tuple[tuple[_Seen, _Seen], ...]
    totals: tuple[_Range | None, ...]  # of every pair
    shared: _Range | None  # of all of them
    places: int

    @property
    def cells(self) -> list[Cell | None]:
        return [each.cell for pair in self.pairs for each in pair]

    def words(self) -> list[str]:
        """ "17.662 (5,98%)" of every pair."""
        return [f"{count.shown} ({_places(share.value, self.places)}%)" for count, share in self.pairs]


def _shares(check: SharedTotal, desk: _Desk, position: int) -> _Shares | None:
    """None where a number is missing or below 0."""
    seen = desk.all_seen([word for pair in check.pairs for word in (pair.count, pair.share)], position)
    if seen is None or any(each.value < 0 for each in seen):
        return None
    pairs = tuple(zip(seen[::2], seen[1::2], strict=True))
    totals = tuple(
        total_of(count.value, Fraction(vi.rounded(share.value, check.places)), check.places) for count, share in pairs
    )
    shared: _Range | None = _Range(1, None)
    for total in totals:
        shared = None if shared is None or total is None else shared & total
    return _Shares(pairs, totals, None if shared is None or shared.empty else shared, check.places)


def _shared_total(check: SharedTotal, desk: _Desk, position: int) -> Finding | None:
    shares = _shares(check, desk, position)
    if shares is None:
        return None
    stated = desk.seen(check.total, position) if check.total else None
    gap = shares.shared.gap(stated.value) if stated and shares.shared else Fraction(0)
    outside = stated and _differ(gap, check.tolerance, stated.value - gap)
    if shares.shared and not (outside or check.tells):
        return None
    near = (stated.cell if stated else None) or next((cell for cell in shares.cells if cell), None)
    words, cells = shares.words(), _at(shares.cells, near)
    if shares.shared is None:
        needs = "; ".join(
            f"{word} không khớp tổng nào" if total is None else f"{word} cần tổng {total}"
            for word, total in zip(words, shares.totals, strict=True)
        )
        return desk.found(check, position, f"không có tổng nào khớp mọi tỷ lệ{cells}: {needs}", shares.cells)
    alike = "cùng khớp" if len(words) > 1 else "khớp"
    fits = f"{vi.listed(words)} {alike} khi tổng {shares.shared}{cells}"
    if stated and outside:
        message = f"{_says(stated)}, nhưng {fits}: {_gap(gap, '', check.tolerance)}"
        return desk.found(check, position, message, [stated.cell, *shares.cells])
    return desk.found(check, position, fits, shares.cells, note=True)


def _places(value: Fraction, places: int) -> str:
    """The percent as it was printed: with all its decimals."""
    return format(vi.rounded(value, places), "f").replace(".", ",")


# ------------------------------------------------------------------------------------------ between years


def _carried_over(check: CarriedOver, desk: _Desk, position: int) -> Finding | None:
    then = desk.then(position, desk.last_year)
    now = desk.seen(check.now, position)
    before = desk.seen(check.before, then[1], then[0]) if then else None
    if now is None or before is None or not _differ(now.value - before.value, check.tolerance, before.value):
        return None
    stated, old = (number + now.sign for number in _apart(now.value, before.value))
    message = (
        f"{_says(now, stated, desk.sheet.year)}, {_says(before, old, desk.last_year, now.cell)}: "
        f"{_gap(now.value - before.value, now.sign, check.tolerance)}"
    )
    return desk.found(check, position, message, [now.cell, before.cell])


def _change(check: Change, desk: _Desk, position: int) -> Finding | None:
    now, stated = desk.seen(check.now, position), desk.seen(check.stated, position)
    year = None if check.before else check.since or desk.last_year
    if check.before:
        before = desk.seen(check.before, position)
    else:
        then = desk.then(position, year)
        before = desk.seen(check.now, then[1], then[0]) if then else None
    if now is None or stated is None or before is None:
        return None
    moved = now.value - before.value
    low = high = moved
    shown, of_cells = "", list[Cell | None]()
    if check.of:
        total = _total(check.of, desk, position)
        if total is None:
            return None
        (least, most), shown, of_cells = total
        low, high = sorted((moved * least / 100, moved * most / 100))
    if stated.value >= 0:  # «giảm 6.000 hộ» is written without a sign
        low, high = sorted((abs(low), abs(high)))
    nearest = min((low, high), key=lambda end: abs(stated.value - end))
    gap = stated.value - nearest
    if low <= stated.value <= high or not _differ(gap, check.tolerance, nearest):
        return None
    reckoned = ""
    if check.of:
        gap = _for_the_eye(gap)
        counts = dict.fromkeys(grouped(vi.number(_for_the_eye(abs(end)))) for end in sorted((low, high), key=abs))
        reckoned = f", tính trên {shown} là {'–'.join(counts)}{_at(of_cells, now.cell)}"
    message = (
        f"«{now.name}» {_moved(now, before, year)}{reckoned}; {_says(stated, near=now.cell)}: "
        f"{_gap(gap, stated.sign, check.tolerance)}, đáng hỏi lại"
    )
    return desk.found(check, position, message, [stated.cell, now.cell, before.cell, *of_cells])


def _moved(now: _Seen, before: _Seen, year: int | None) -> str:
    """ "từ 8,36% (năm 2015, ô Năm 2015!C5) còn 5,98% (ô C5): giảm 2,38 điểm phần trăm"."""
    gap = now.value - before.value
    when = ", ".join(filter(None, (f"năm {year}" if year else "", _at([before.cell], now.cell)[2:-1])))
    source = f" ({when})" if when else ""
    if not gap:
        return f"từ {before.shown}{source} đến {now.shown}{_at([now.cell])}: không đổi"
    old, new = (number + now.sign for number in _apart(before.value, now.value))
    to, way = ("lên", "tăng") if gap > 0 else ("còn", "giảm")
    by = _apart(abs(gap), Fraction(0))[0] + (" điểm phần trăm" if now.sign else "")
    return f"từ {old}{source} {to} {new}{_at([now.cell])}: {way} {by}"


def _total(word: str, desk: _Desk, position: int) -> tuple[tuple[Fraction, Fraction], str, list[Cell | None]] | None:
    """The total that a change is of: a stated one, or the range that the printed shares admit; how it is shown; cells."""
    if check := desk.shared.get(vi.key(word)):
        shares = _shares(check, desk, position)
        if shares is None or shares.shared is None or shares.shared.high is None:
            return None
        low, high = shares.shared.low, shares.shared.high
        shown = "–".join(dict.fromkeys((grouped(str(low)), grouped(str(high)))))
        return (Fraction(low), Fraction(high)), shown, shares.cells
    seen = desk.seen(word, position)
    return ((seen.value, seen.value), seen.shown, [seen.cell]) if seen else None


def _for_the_eye(count: Fraction) -> Fraction:
    """A count that a share gives, rounded to whole ones; a small one keeps its places."""
    return Fraction(vi.rounded(count, 0)) if abs(count) >= 10 else count


# ----------------------------------------------------------------------------------------- between sheets


def _across(check: AcrossSheets, desk: _Desk) -> Iterator[Finding]:
    words = [check.fact, *([check.same_as] if check.same_as else [])]
    pairs = [*((place, place) for place in range(len(desk.sheet.units)) if check.same_as), *_same_units(desk.sheet)]
    for one, other in sorted(pairs):
        for first, second in [(words[0], words[-1])] if one == other else [(a, b) for a in words for b in words]:
            if found := _unlike(check, desk, (one, first), (other, second)):
                yield found
                break


def _unlike(check: AcrossSheets, desk: _Desk, one: tuple[int, str], other: tuple[int, str]) -> Finding | None:
    (here, word), (there, same) = one, other
    first, second = desk.value(word, here), desk.value(same, there)
    if first is None or second is None:
        return None
    seen, again = desk.seen(word, here), desk.seen(same, there)
    if seen and again:
        if not _differ(seen.value - again.value, check.tolerance, again.value):
            return None
        left, right = (number + seen.sign for number in _apart(seen.value, again.value))
        gap = _gap(seen.value - again.value, seen.sign, check.tolerance)
        message = f"{_says(seen, left)}, {_says(again, right, near=seen.cell)}: {gap}"
        return desk.found(check, here, message, [seen.cell, again.cell])
    left, right = _word(first), _word(second)
    if vi.key(left) == vi.key(right):
        return None
    cells = desk.sheet.cell(here, desk.column(word).code), desk.sheet.cell(there, desk.column(same).code)
    message = (
        f"«{desk.column(word).name}» ghi «{vi.shown(left)}»{_at(cells[:1])}, «{desk.column(same).name}» ghi «{vi.shown(right)}»"
        f"{_at(cells[1:], cells[0])}: không giống nhau"
    )
    return desk.found(check, here, message, cells)


def _word(value: FactValue) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return value if isinstance(value, str) else vi.number(value or 0)


def _same_units(sheet: ScoreSheet) -> list[tuple[int, int]]:
    """Pairs of positions in two blocks that are surely one unit: each is the only match of the other in its block."""
    alike: dict[str, list[int]] = defaultdict(list)
    block_of: dict[int, int] = {}
    for place, block in enumerate(sheet.blocks):
        for position in range(block.first, block.first + len(block.lines)):
            block_of[position] = place
            unit = sheet.units[position]
            alike[vi.split_kind(unit.name)[1]].append(position)
            if unit.code:
                alike[f"#{vi.code_key(unit.code)}"].append(position)
    pairs: set[tuple[int, int]] = set()
    for positions in alike.values():
        by_block: dict[int, list[int]] = defaultdict(list)
        for position in positions:
            by_block[block_of[position]].append(position)
        for ones, others in combinations(by_block.values(), 2):
            here, there = Matcher([sheet.units[p] for p in ones]), Matcher([sheet.units[p] for p in others])
            for place, position in enumerate(ones):
                match there.find(sheet.units[position]):
                    case [found] if here.find(sheet.units[others[found]]) == [place]:
                        pairs.add((min(position, others[found]), max(position, others[found])))
    return sorted(pairs)


# ---------------------------------------------------------------------------------------- the rows of sums


class _Total(NamedTuple):
    """A row of a printed total, and the units whose sum it should be; `group` is the district that it sums."""

    row: int
    label: str
    members: Sequence[int]
    group: str = ""


def _row_sums(check: RowSum, desk: _Desk) -> Iterator[Finding]:
    for block in desk.sheet.blocks:
        rows = [(row, label) for grid, row, label in desk.left_out if grid is block.grid]
        totals = list(_totals(desk.sheet, block, rows)) if rows and block.lines else []
        for word in check.columns if totals else ():
            column = block.columns.get(desk.column(word).code)
            if column is not None and not _has_strangers(desk, block, column, totals[-1].row):
                for total in totals:
                    yield from _row_sum(check, desk, block, total, word, column)


def _row_sum(check: RowSum, desk: _Desk, block: Block, total: _Total, word: str, column: int) -> Iterator[Finding]:
    stated = _read(block.grid.value(total.row, column), desk.decimal_mark)
    seen = [desk.seen(word, position) for position in total.members]
    known = [each for each in seen if each]
    if stated is None or len(known) < len(seen):
        return
    exact = sum((each.value for each in known), Fraction(0))
    if not _differ(stated - exact, check.tolerance, exact):
        return
    at = block.grid.cell(total.row, column)
    cells = [each.cell for each in known if each.cell]
    shown, reckoned = _apart(stated, exact)
    yield check.found(
        f"Trang «{block.grid.sheet}», hàng «{vi.shown(total.label)}»: «{desk.column(word).name}» ghi {shown} (ô {at.address}), "
        f"cộng {len(known)} đơn vị được {reckoned}{_span(cells)}: {_gap(stated - exact, '', check.tolerance)}.",
        group=total.group, year=desk.sheet.year, cells=[at, *cells],
    )  # fmt: skip


def _totals(sheet: ScoreSheet, block: Block, rows: Iterable[tuple[int, str]]) -> Iterator[_Total]:
    """The rows of totals of which it is sure what they sum.

    │ Cộng Huyện Một │  the units of Huyện Một
    │ Toàn tỉnh      │  every unit of the table, wherever the row stands
    │ Cộng           │  every unit, where it is the only such row above them all, or stands below them all and none like
    │                │  it before; else the units since the row of totals before it, if they are one whole district
    """
    everyone = range(block.first, block.first + len(block.lines))
    districts: dict[str, list[int]] = defaultdict(list)
    for position in everyone:
        districts[vi.key(sheet.units[position].parent)].append(position)
    kinds = [(row, label, kind) for row, label in sorted(rows) if (kind := _sum_of(label, districts)) is not None]
    top, bottom = min(block.lines), max(block.lines)
    like = Counter(vi.fold(label) for _, label, _ in kinds)
    heading = {vi.fold(label) for row, label, _ in kinds if row < top}
    since, before = top, set[str]()
    for row, label, kind in kinds:
        own = [position for position, line in zip(everyone, block.lines, strict=True) if since <= line < row]
        word = vi.fold(label)
        parent = sheet.units[own[0]].parent if own else ""
        if kind in districts:
            yield _Total(row, label, districts[kind], sheet.units[districts[kind][0]].parent)
        elif kind == EVERYONE:
            yield _Total(row, label, everyone)
        elif word in heading:  # stands above the units that it sums: of several nobody knows where each ends
            if like[word] == 1:
                yield _Total(row, label, everyone)
        elif row > bottom and (not own or word not in before):
            yield _Total(row, label, everyone)
        elif parent and districts[vi.key(parent)] == own:
            yield _Total(row, label, own, parent)
        if row > top:
            since = row
            before.add(word)


def _sum_of(label: str, districts: Mapping[str, Sequence[int]]) -> str | None:
    """What a row of this label sums: a district (its key), `EVERYONE`, `PLAIN` where its place must tell; None: no sum."""
    words = vi.clean(label).split()
    for place in range(1, len(words)):
        head, named = vi.fold(" ".join(words[:place])), vi.split_kind(" ".join(words[place:]))
        if head in ("toan", "ca") or _TOTAL.fullmatch(head):
            for parent in filter(None, districts):
                if vi.split_kind(parent) == named:
                    return parent
    found = _TOTAL.fullmatch(vi.fold(label))
    if not found:
        return None
    return EVERYONE if (found["of"] or found["all"]) in _EVERYWHERE else PLAIN


def _has_strangers(desk: _Desk, block: Block, column: int, last: int) -> bool:
    """Whether a row among the units has a number here and is neither a unit, nor left out, nor its district's own row."""
    grid = block.grid
    known = {*block.lines, *(row for other, row, _ in desk.left_out if other is grid)}
    units = desk.sheet.units[block.first : block.first + len(block.lines)]
    parents = {vi.key(unit.parent) for unit in units if unit.parent}
    for row in range(min(block.lines), max(*block.lines, last)):
        if row in known or _read(grid.value(row, column), desk.decimal_mark) is None:
            continue
        words = [word for place in range(grid.left, column) if (word := vi.key(grid.text(row, place)))]
        ours = any(word.endswith(parent) for word in words for parent in parents)
        if not ours and not headings.is_numbering(grid, row):
            return True
    return False


def _read(value: Value, decimal_mark: str | None) -> Fraction | None:
    if isinstance(value, str):
        number = vi.read_number(value, decimal_mark)
        return None if isinstance(number, vi.NoNumber) else Fraction(number)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Fraction(vi.from_float(float(value)))
    return None


def _span(cells: Sequence[Cell]) -> str:
    """ " (ô D5–D18)": the cells of a column where they stand together, else one by one."""
    if len(cells) > 2 and all(b.row == a.row + 1 and b.column == a.column for a, b in pairwise(cells)):
        return f" (ô {cells[0].address}–{cells[-1].address})"
    return _at(cells)
