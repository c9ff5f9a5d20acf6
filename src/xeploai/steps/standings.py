"""standings: how every unit stood in one year, whoever tells it: a run of ours, or a result workbook published before.

A comparison needs no more of a year than this. What was published is read as it stands and never rated again: numbers have
the fifteen digits that Excel holds, and points whose decimals never end were written with ten places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import NOTHING, Cell, Grid, Unit, Value
from xeploai.steps import headings
from xeploai.steps.register import shown_value
from xeploai.vi import Exact

UNRATED = ("chưa xếp loại", "chưa xác định")
"""What stands in place of a band."""


class Criterion(NamedTuple):
    """A criterion of a year, with the codes of its parts; of a `penalty` more points are worse."""

    code: str
    name: str
    most: Exact
    parts: tuple[str, ...] = ()
    penalty: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Mark(NamedTuple):
    """A unit's points under a criterion, and the maximum that applies to it."""

    points: Exact
    most: Exact

    @property
    def percent(self) -> Fraction:
        return 100 * Fraction(self.points) / Fraction(self.most)


class Standing(NamedTuple):
    """One unit in one year. `titles` None: nobody judged whether it has any."""

    unit: Unit
    word: str  # the band, or why there is none
    band: str | None = None
    titles: frozenset[str] | None = None
    open_titles: frozenset[str] = frozenset()
    points: Exact | None = None
    max_points: Exact | None = None
    percent: Fraction | None = None
    rank: int | None = None
    of: int | None = None
    flags: tuple[str, ...] = ()
    marks: Mapping[str, Mark] = NOTHING
    at: Cell | None = None


class Side(NamedTuple):
    """One year as a whole: by which book, its bands high to low, and how everybody stood."""

    year: int | None
    title: str
    code: str
    bands: tuple[str, ...]
    titles: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    standings: tuple[Standing, ...]
    files: tuple[str, ...] = ()  # name · SHA-256
    illustrative: bool = False
    book: RuleBook | None = None  # None: read as it was published
    findings: tuple[Finding, ...] = ()
    remembers: tuple[
        int, ...
    ] = ()  # the years before of which it knows: what its flags of several years looked back on
    edition: str = ""  # the book's SHA-256: two versions of a book go by one code

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(standing.unit for standing in self.standings)

    @property
    def flags(self) -> frozenset[str]:
        """The codes of the flags that it is known to have asked for: of a published result those that fired."""
        if self.book:
            return frozenset(self.book.own_codes)
        return frozenset(code for standing in self.standings for code in standing.flags)

    def place(self, band: str) -> int | None:
        """The place of a band on this side's scale, 0 the highest; None: not on it."""
        if self.book:
            return self.book.band_place(band)
        return {vi.key(name): place for place, name in enumerate(self.bands)}.get(vi.key(band))


# ------------------------------------------------------------------------- a result workbook of ours


def published(grids: Sequence[Grid], files: tuple[str, ...] = ()) -> Side | None:
    """What our own result workbook says of its year; None where its sheets cannot be understood any more."""
    sheets = {grid.sheet: grid for grid in grids}
    about, results = _about(sheets["Thông tin"]), _rows(sheets["Kết quả"], "Xếp loại")
    if results is None:
        return None
    year = about.get("Năm xếp loại", "")
    bands, titles = _scale(sheets["Tổng hợp"], [row["Xếp loại"] for _, row in results])
    criteria, marks = _details(sheets["Chi tiết"], [_unit(row) for _, row in results])
    unsure = _open_titles(sheets["Lịch sử"], year)
    ranked = sum(_whole(row.get("Xếp hạng")) is not None for _, row in results)
    standings = tuple(
        _standing(row, at, ranked, marks[place], unsure) for place, (at, row) in enumerate(results)
    )  # fmt: skip
    return Side(
        int(year) if year.isdigit() else None, about.get("Bộ tiêu chí", ""), about.get("Mã bộ", ""), bands, titles,
        criteria, standings, files, about.get("Số minh hoạ", "").startswith("có"),
        remembers=_years_before(sheets["Lịch sử"], year), edition=about.get("SHA-256 của bộ", ""),
    )  # fmt: skip


Row = Mapping[str, Value]


def _standing(
    row: Row, at: Cell, ranked: int, marks: Mapping[str, Mark], unsure: Mapping[tuple[str, str], frozenset[str]]
) -> Standing:
    unit, word = _unit(row), str(row["Xếp loại"])
    band = None if vi.key(word) in map(vi.key, UNRATED) else word
    points, most, rank = _number(row.get("Điểm")), _number(row.get("Điểm tối đa")), _whole(row.get("Xếp hạng"))
    percent = Mark(points, most).percent if points is not None and most else None
    held = frozenset(_words(row.get("Danh hiệu")))
    return Standing(
        unit, word, band, held if band or held else None, unsure.get((unit.parent, unit.name), frozenset()), points, most,
        percent, rank, ranked if rank is not None else None, tuple(_words(row.get("Cảnh báo"))), marks, at,
    )  # fmt: skip


def _unit(row: Row) -> Unit:
    name, parent, code = (headings.as_name(row.get(key)) for key in ("Đơn vị", "Nhóm (huyện)", "Mã đơn vị"))
    return Unit(name, parent, code)


def _words(value: Value) -> Iterator[str]:
    text = vi.clean(value) if isinstance(value, str) else ""
    return (part.strip() for part in text.split(";") if part.strip())


def _number(value: Value) -> Exact | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return vi.from_float(float(value))


def _whole(value: Value) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _heading(grid: Grid, *needed: str) -> tuple[int, dict[str, int]] | None:
    """(row, heading → column) of the first row that has all these headings."""
    for row in range(grid.top, grid.height):
        found: dict[str, int] = {}
        for column in range(grid.left, grid.width):
            if text := grid.text(row, column):
                found.setdefault(text, column)
        if set(needed) <= set(found):
            return row, found
    return None


def _rows(grid: Grid, needed: str) -> list[tuple[Cell, Row]] | None:
    """(the cell of the unit's name, heading → value) of every row under the heading, up to the first without a unit."""
    found = _heading(grid, "Đơn vị", needed)
    if found is None:
        return None
    rows: list[tuple[Cell, Row]] = []
    for row in range(found[0] + 1, grid.height):
        values = {heading: shown_value(grid, row, column) for heading, column in found[1].items()}
        if not headings.as_name(values["Đơn vị"]) or not values[needed]:
            break
        rows.append((grid.cell(row, found[1]["Đơn vị"]), values))
    return rows


def _about(grid: Grid) -> dict[str, str]:
    rows = range(grid.top, grid.height)
    return {grid.text(row, grid.left): headings.as_name(grid.value(row, grid.left + 1)) for row in rows}


def _scale(grid: Grid, words: Sequence[Value]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The bands, high to low, and the titles, as the heading of Tổng hợp lists them."""
    found = _heading(grid, "Số đơn vị", "Chưa xác định")
    if found is None:
        return (), ()
    names, used = list(found[1]), {vi.key(str(word)): str(word) for word in words}
    bands = names[names.index("Số đơn vị") + 1 : names.index("Chưa xác định")]
    titles = names[names.index("Chưa xếp loại") + 1 :] if "Chưa xếp loại" in names else []
    return tuple(used.get(vi.key(name), f"{name[:1].lower()}{name[1:]}") for name in bands), tuple(titles)


_CRITERION = re.compile(r"(\S+)\. (.+) \(([\d,]+)\)")


def _details(grid: Grid, units: Sequence[Unit]) -> tuple[tuple[Criterion, ...], list[Mapping[str, Mark]]]:
    """The criteria of Chi tiết, and each unit's points. Rows that a person has sorted are found by name, if it is one's own."""
    rows = _rows(grid, "Đơn vị")
    if not rows:
        return (), [NOTHING] * len(units)
    criteria: dict[str, Criterion] = {}
    for heading in rows[0][1]:
        if said := _CRITERION.fullmatch(heading):
            most = vi.read_number(said[3], "phẩy")
            if not isinstance(most, vi.NoNumber):
                criteria[heading] = Criterion(said[1], said[2], most)
    codes = [each.code for each in criteria.values()]
    whole = tuple(each._replace(parts=_parts(each.code, codes)) for each in criteria.values())
    named = [_unit(row)[:2] for _, row in rows]
    times = Counter(named)
    place = {name: at for at, name in enumerate(named) if times[name] == 1}
    same = named == [(unit.name, unit.parent) for unit in units]
    marks: list[Mapping[str, Mark]] = []
    for position, unit in enumerate(units):
        at = position if same else place.get((unit.name, unit.parent))
        marks.append(NOTHING if at is None else dict(_marks(rows[at][1], criteria)))
    return whole, marks


def _parts(code: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The parts of a criterion as its code tells them: TC2.1 and TC2.2 are parts of TC2, TC2.1.1 is one of TC2.1."""
    return tuple(other for other in codes if other.rpartition(".")[0] == code)


def _marks(row: Row, criteria: Mapping[str, Criterion]) -> Iterator[tuple[str, Mark]]:
    for heading, criterion in criteria.items():
        points = _number(row[heading])
        if points is not None and criterion.most:
            yield criterion.code, Mark(points, criterion.most)


def _years_before(grid: Grid, year: str) -> tuple[int, ...]:
    years = {headings.whole_year(row["Năm"]) for _, row in _rows(grid, "Năm") or []}
    return tuple(sorted(each for each in years if each and year.isdigit() and each < int(year)))


_OPEN = re.compile(r"chưa rõ «([^»]*)»")


def _open_titles(grid: Grid, year: str) -> dict[tuple[str, str], frozenset[str]]:
    """(group, unit) → the titles of which that year's result did not know: Lịch sử says so."""
    rows = _rows(grid, "Năm") or []
    return {
        (unit.parent, unit.name): found
        for _, row in rows
        if str(_whole(row["Năm"])) == year and (found := frozenset(_OPEN.findall(str(row.get("Danh hiệu") or ""))))
        for unit in [_unit(row)]
    }
