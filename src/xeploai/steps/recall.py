"""recall: history sheets and earlier score sheets → Past: what each unit was rated in the years before.

Two shapes are read: wide (a row per unit, a column per year, the band in words) and long (a row per unit and year, as our
own result writes it). A published band wins over a recomputed one; two published ones that differ are a missing year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import (
    NOTHING,
    Cell,
    CellError,
    Formed,
    Grid,
    Past,
    Rating,
    Record,
    ScoreSheet,
    Uncomputed,
    Unit,
    Value,
)
from xeploai.steps import headings, table
from xeploai.steps.match import Matcher

if TYPE_CHECKING:
    from xeploai.steps.lineage import Times

SHEET = "lich su"


class Entry(NamedTuple):
    """One unit and year as one source tells it, before it is matched to the classified sheet."""

    unit: Unit
    record: Record


class Recomputed(NamedTuple):
    """An earlier year of the input, rated by the book in force then."""

    sheet: ScoreSheet
    ratings: Sequence[Rating]
    last: Mapping[int, bool]
    book: str
    flagged: Mapping[int, tuple[tuple[str, ...], frozenset[str]]] = NOTHING  # codes, criteria


def is_history(grid: Grid) -> bool:
    """Whether this sheet is called Lịch sử."""
    return vi.fold(grid.sheet).startswith(SHEET)


def recall(
    book: RuleBook,
    sheet: ScoreSheet,
    grids: Sequence[Grid],
    earlier: Sequence[Recomputed],
    times: Times | None = None,
) -> tuple[Past, list[Finding]]:
    """The past of this sheet's units: what was published, and the recomputed earlier years; across mergers by `times`."""
    findings: list[Finding] = []
    published: list[Entry] = []
    for grid in grids:
        entries, said = _read(book, grid)
        published += entries
        findings += said
    published, said = _before(sheet.year, published)
    findings += said
    recomputed = [
        Entry(rating.unit, _record(rating, position, year))
        for year in earlier
        for position, rating in enumerate(year.ratings)
        if (rating.status == "rated" or rating.titles) and rating.year is not None
    ]
    if times and times.register:
        published, recomputed = (
            [each._replace(unit=times.coded(each.unit, each.record.year)) for each in entries]
            for entries in (published, recomputed)
        )
    matcher, line = Matcher(sheet.units), times.line(sheet) if times else None
    past: dict[int, dict[int, Record]] = defaultdict(dict)
    others: dict[object, tuple[Unit, dict[int, Record]]] = {}
    unclear: dict[Unit, tuple[Entry, list[int]]] = {}
    gone: set[tuple[object, int]] = set()
    places: dict[Unit, list[int]] = {}
    latest: dict[int, Entry] = {}
    for source, of_publication in ((published, True), (recomputed, False)):
        for entry in source:
            if entry.unit not in places:
                places[entry.unit] = matcher.find(entry.unit)
            found, node = places[entry.unit], None
            if line:
                found, node, asked = line.place(found, entry.unit, entry.record)
                if asked:
                    continue
            elif times and times.register:
                found = [place for place in found if not times.is_newer(sheet, place, entry.record.year)]
            if len(found) > 1:
                unclear.setdefault(entry.unit, (entry, found))
            if len(found) == 1:
                key: object = found[0]
                years = past[found[0]]
                if found[0] not in latest or entry.record.year > latest[found[0]].record.year:
                    latest[found[0]] = entry
                if entry.unit.name != sheet.units[found[0]].name:
                    entry = entry._replace(record=entry.record._replace(name=entry.unit.name))  # noqa: PLW2901
            else:
                key = node or (entry.unit.code, vi.key(entry.unit.parent), vi.key(entry.unit.name))
                years = others.setdefault(key, (entry.unit, {}))[1]
            if (key, entry.record.year) not in gone:
                known = years.get(entry.record.year)
                findings += _merge(book, entry, known, years, of_publication)
                if known and entry.record.year not in years:
                    gone.add((key, entry.record.year))
    findings += _unclear(unclear.values(), sheet)
    findings += _other_names(sheet, latest)
    told = {unit for unit, _ in line.refused.values()} if line else set()  # a question of the lineage's own
    strangers = [
        unit
        for key, (unit, years) in others.items()
        if years and unit not in told and unit not in unclear and not (line and line.is_old(key))
    ]
    findings += _strangers(sheet, matcher, strangers, [*published, *recomputed], past)
    _tell_last([*past.values(), *(years for _, years in others.values())])
    formed: Mapping[int, Formed] = NOTHING
    if line:
        olds = {key: years for key, (_, years) in others.items() if line.is_old(key)}
        carried, formed, said = line.carry(past, olds, book)
        findings += said
        for position, years in carried.items():
            past[position] |= years
    known_years = sorted({year for by_year in past.values() for year in by_year})
    records = {position: dict(sorted(by_year.items())) for position, by_year in sorted(past.items())}
    rest = tuple((unit, record) for unit, known in others.values() for record in known.values())
    return Past(records, tuple(known_years), rest, formed), findings


def _record(rating: Rating, position: int, of: Recomputed) -> Record:
    assert rating.year is not None
    flags, low = of.flagged.get(position, ((), frozenset()))
    return Record(
        rating.year, rating.band, frozenset(rating.titles), rating.rank, rating.of, of.last.get(position), rating.points,
        rating.max_points, flags, of.book, of.sheet.named(position), low, frozenset(rating.open_titles),
    )  # fmt: skip


def _merge(
    book: RuleBook, entry: Entry, known: Record | None, years: dict[int, Record], published: bool
) -> Iterator[Finding]:
    """Settle what two sources say of one unit and year; a year of two minds is taken out."""
    new = entry.record
    if known is None:
        years[new.year] = new
        return
    same = book.band_place(known.band or "") == book.band_place(new.band or "")
    if not published:
        if not same and known.at:
            yield our.PAST_RECOMPUTED(
                unit=entry.unit, year=new.year, published=known.band, computed=new.band, cell=known.at.address,
                at=known.at, related=(new.at,) if new.at else (),
            )  # fmt: skip
        # What the publication does not tell (titles, rank) is taken from the recomputed year where the bands agree.
        if same:
            years[new.year] = known._replace(titles=new.titles if known.titles is None else known.titles,
                rank=known.rank or new.rank, of=known.of or new.of,
                last=new.last if known.last is None else known.last,
                points=new.points if known.points is None else known.points,
                max_points=new.max_points if known.max_points is None else known.max_points,
                flags=known.flags or new.flags, low=known.low or new.low,
            )  # fmt: skip
        return
    if not same:
        del years[new.year]
        at, other = known.at, new.at
        yield our.PAST_TWICE(
            unit=entry.unit, year=new.year, first=known.band, second=new.band, cell=at.address if at else "?",
            other=_where(other, at), at=at, related=(other,) if other else (),
        )  # fmt: skip
    else:
        years[new.year] = known._replace(
            titles=known.titles or new.titles, rank=known.rank or new.rank, of=known.of or new.of
        )


def _where(cell: Cell | None, beside: Cell | None) -> str:
    if cell is None:
        return "?"
    here = beside is not None and (cell.file, cell.sheet) == (beside.file, beside.sheet)
    return cell.address if here else f"{cell.file}, trang «{cell.sheet}», {cell.address}"


def _before(year: int | None, entries: list[Entry]) -> tuple[list[Entry], list[Finding]]:
    """The entries of the years before the classified one; it is never counted from history itself."""
    if year is None:
        return entries, []
    late = [entry for entry in entries if entry.record.year >= year]
    said = [our.PAST_OF_THIS_YEAR(count=len(late), year=year, at=late[0].record.at)] if late else []
    return [entry for entry in entries if entry.record.year < year], said


def _tell_last(histories: Sequence[dict[int, Record]]) -> None:
    """Say who stood last in the years whose whole ranking is known from history."""
    by_year: dict[int, list[Record]] = defaultdict(list)
    for known in histories:
        for record in known.values():
            by_year[record.year].append(record)
    lowest: dict[int, int | None] = {}
    for year, records in by_year.items():
        ranks = [record.rank for record in records if record.rank is not None]
        whole = ranks and all(record.of in (None, len(ranks)) for record in records if record.rank is not None)
        lowest[year] = max(ranks) if whole else None

    def last(record: Record) -> Record:
        if record.last is not None or record.rank is None:
            return record
        bottom = lowest[record.year]
        if bottom is None:  # an incomplete ranking: only the very last place speaks for itself
            return record._replace(last=True) if record.rank == record.of and record.rank > 1 else record
        return record._replace(last=bottom > 1 and record.rank == bottom)

    for known in histories:
        known.update((year, last(record)) for year, record in known.items())


# ---------------------------------------------------------------------------------------- the two shapes


def _read(book: RuleBook, grid: Grid) -> tuple[list[Entry], list[Finding]]:
    for who in ("name", "person"):
        if long := table.find_roles(grid, (who, "year", "band")):
            return _long(book, grid, long[0], {**long[1], "name": long[1][who]})
    wide = _year_columns(grid)
    of_one = table.find_roles(grid, ("name", "band"))
    if wide is None and of_one and (year := _one_year(grid, of_one[0])):
        return _long(book, grid, *of_one, year=year)
    if wide is None:
        reason = "không thấy hàng tiêu đề có cột đơn vị và các cột năm"
        return [], [
            our.PAST_UNCLEAR(file=grid.file, sheet=grid.sheet, reason=reason, at=grid.cell(grid.top, grid.left))
        ]
    return _wide(book, grid, *wide)


def _year_columns(grid: Grid) -> tuple[int, dict[str, int], dict[int, int]] | None:
    """(first row under the heading, fixed columns, column → year) of a wide history table.

    Under one year may stand several columns (Điểm, Xếp loại): the one that says band is taken.
    """
    for row in range(grid.top, min(grid.height, grid.top + table.SEARCHED_ROWS)):
        years: dict[int, int] = {}
        roles: dict[str, int] = {}
        for column in range(grid.left, grid.width):
            value = grid.value(*grid.spread.get((row, column), (row, column)))
            if year := headings.whole_year(value):
                years[column] = year
            elif said := headings.role(grid.merged_text(row, column) or _above(grid, row, column)):
                roles.setdefault(said, column)
        data = row + 1
        if len(set(years.values())) < len(years):
            years = {c: y for c, y in years.items() if headings.role(grid.text(row + 1, c)) == "band"}
            data += 1
        if years and "name" not in roles and "person" in roles:
            roles["name"] = roles.pop("person")
        if years and "name" not in roles and "parent" in roles:
            roles["name"] = roles.pop("parent")
        if years and "name" in roles and len(set(years.values())) == len(years):
            return data, roles, years
    return None


def _above(grid: Grid, row: int, column: int) -> str:
    return grid.merged_text(row - 1, column) if row > grid.top else ""


def _wide(
    book: RuleBook, grid: Grid, data: int, roles: Mapping[str, int], years: Mapping[int, int]
) -> tuple[list[Entry], list[Finding]]:
    entries: list[Entry] = []
    findings: list[Finding] = []
    section = ""
    for row in range(data, grid.height):
        if headings.is_numbering(grid, row):
            continue
        unit, section = _unit(grid, row, roles, section, any(grid.value(row, c) is not None for c in years))
        if unit is None:
            continue
        for column, year in years.items():
            value, cell = grid.value(row, column), grid.cell(row, column)
            band, said = _band(book, unit, year, value, cell)
            findings += said
            if band:
                entries.append(Entry(unit, Record(year, band, at=cell)))
    return entries, findings


def _one_year(grid: Grid, data: int) -> int | None:
    """The year of a published list that has no column for it: in the sheet's name, the title, or the file's name."""
    above = (grid.text(row, column) for row in range(grid.top, data) for column in range(grid.left, grid.width))
    titles = [year for text in above if text and (year := headings.year_in_title(text))]
    return headings.year_in_name(grid.sheet) or next(iter(titles), None) or headings.year_in_name(grid.file)


def _long(
    book: RuleBook, grid: Grid, data: int, roles: Mapping[str, int], *, year: int | None = None
) -> tuple[list[Entry], list[Finding]]:
    """Rows of unit, year and band; `year` where the whole list is of one."""
    of_all = year
    entries: list[Entry] = []
    findings: list[Finding] = []
    section = ""
    told = _years_with_titles(grid, data, roles)
    for row in range(data, grid.height):
        year = headings.whole_year(grid.value(row, roles["year"])) if "year" in roles else of_all
        filled = year is not None and ("year" in roles or grid.value(row, roles["band"]) is not None)
        unit, section = _unit(grid, row, roles, section, filled)
        if unit is None or year is None:
            continue
        cell = grid.cell(row, roles["band"])
        band, said = _band(book, unit, year, grid.value(row, roles["band"]), cell)
        findings += said
        titles, unsure = None, frozenset[str]()
        if "titles" in roles:
            stated = headings.as_name(grid.value(row, roles["titles"]))
            unsure = frozenset(_OPEN.findall(stated))
            titles = _titles(_OPEN.sub("", stated), silent=year in told or bool(unsure))
        rank = _whole(grid, row, roles.get("rank"))
        if band or rank:
            entries.append(
                Entry(
                    unit,
                    Record(
                        year, band, titles if band else None, rank, _whole(grid, row, roles.get("of")), None,
                        _number(grid, row, roles.get("points")), _number(grid, row, roles.get("max_points")),
                        tuple(_words(grid, row, roles.get("flags"))), "; ".join(_words(grid, row, roles.get("book"))), cell,
                        frozenset(_words(grid, row, roles.get("low"))), unsure,
                    ),
                )
            )  # fmt: skip
    return entries, findings


def _years_with_titles(grid: Grid, data: int, roles: Mapping[str, int]) -> set[int]:
    """The years in which an empty cell says "no title": some row names one, and none says so in a word of its own."""
    if "titles" not in roles or "year" not in roles:
        return set()
    words: dict[int, set[str]] = defaultdict(set)
    for row in range(data, grid.height):
        if year := headings.whole_year(grid.value(row, roles["year"])):
            words[year].add(vi.fold(headings.as_name(grid.value(row, roles["titles"]))))
    return {year for year, seen in words.items() if seen - {""} and not seen & NO_TITLE}


_OPEN = re.compile(r"chưa rõ «([^»]*)»;?\s*")
"""What our own history writes of a title that depends on a fact which is missing."""

NO_TITLE = frozenset({"khong", "khong co", "khong dat"})


def _titles(text: str, *, silent: bool) -> frozenset[str] | None:
    """The titles in a cell; "không" says that there was none, an empty cell only where `silent` cells do."""
    if not text:
        return frozenset() if silent else None
    if vi.fold(text) in NO_TITLE:
        return frozenset()
    return frozenset(part.strip() for part in text.split(";") if part.strip())


def _unit(grid: Grid, row: int, roles: Mapping[str, int], section: str, filled: bool) -> tuple[Unit | None, str]:
    """The unit of a row, or the section that it opens; sums and signatures are neither."""
    name = headings.as_name(grid.value(row, roles["name"]))
    if not filled:
        opens = "parent" not in roles and vi.split_kind(name)[0] in vi.DISTRICT_KINDS
        return None, name if opens else section
    if not name or headings.is_no_unit(name):
        return None, section
    parent = section
    if "parent" in roles:  # written once, it speaks of the rows under it
        column = roles["parent"]
        parent = section = headings.as_name(grid.value(*grid.spread.get((row, column), (row, column)))) or section
    code = headings.as_name(grid.value(row, roles["code"])) if "code" in roles else ""
    return Unit(name, parent, code), section


def _band(book: RuleBook, unit: Unit, year: int, value: Value, cell: Cell) -> tuple[str | None, list[Finding]]:
    """The band of this book that a cell names; None for a blank, or with a finding for what is no band."""
    if value is None or (
        isinstance(value, str) and vi.fold(value) in ("", "chua xep loai", "khong xep loai", "chua xac dinh")
    ):
        return None, []
    if not isinstance(value, str):
        return None, [our.PAST_CELL(seen=_seen(value), unit=unit, year=year, at=cell, cell=cell.address)]
    place = book.band_place(re.sub(r"^(?:xếp )?loại\s+", "", vi.key(value)))
    if place is None:
        return None, [our.PAST_BAND_UNKNOWN(seen=vi.shown(value), unit=unit, year=year, at=cell, cell=cell.address)]
    return book.bands[place].name, []


def _seen(value: Value) -> str:
    if isinstance(value, CellError):
        return f"ô lỗi {value}"
    if isinstance(value, Uncomputed):
        return f"{value} chưa có kết quả"
    if isinstance(value, bool):
        return "giá trị đúng/sai"
    return f"số {vi.number(vi.from_float(float(value)))}" if isinstance(value, float | int) else "ngày giờ"


def _number(grid: Grid, row: int, column: int | None) -> Decimal | None:
    value = grid.value(row, column) if column is not None else None
    return vi.from_float(float(value)) if isinstance(value, float | int) and not isinstance(value, bool) else None


def _whole(grid: Grid, row: int, column: int | None) -> int | None:
    number = _number(grid, row, column)
    return int(number) if number is not None and number == int(number) else None


def _words(grid: Grid, row: int, column: int | None) -> Iterator[str]:
    text = headings.as_name(grid.value(row, column)) if column is not None else ""
    return (part.strip() for part in text.split(";") if part.strip())


# ---------------------------------------------------------------------------------- names that do not fit


def _unclear(unclear: Iterable[tuple[Entry, list[int]]], sheet: ScoreSheet) -> Iterator[Finding]:
    for entry, positions in unclear:
        if len({sheet.units[position] for position in positions}) == 1:
            continue  # one unit written twice in this year's sheet: an error there, not a question here
        units = vi.listed(str(sheet.units[position]) for position in positions)
        at = entry.record.at
        yield our.PAST_UNIT_UNCLEAR(
            name=entry.unit, cell=at.address if at else "?", count=len(positions), units=units, at=at,
            related=tuple(sheet.named(position) for position in positions),
        )  # fmt: skip


def _other_names(sheet: ScoreSheet, latest: Mapping[int, Entry]) -> Iterator[Finding]:
    """History that only the code joined: a unit renamed since, or a code that was given anew after a merger."""
    entries = {
        position: entry
        for position, entry in latest.items()
        if vi.split_kind(entry.unit.name)[1] != vi.split_kind(sheet.units[position].name)[1]
    }
    if not entries:
        return
    words = [f"mã {entry.unit.code} trước là «{entry.unit.name}» (năm {entry.record.year}), nay là «{sheet.units[p].name}»"
             for p, entry in sorted(entries.items())]  # fmt: skip
    more = f"; … và {len(words) - 10} mã nữa" if len(words) > 10 else ""
    cells = [cell for p, entry in sorted(entries.items()) for cell in (entry.record.at, sheet.named(p)) if cell][:20]
    yield our.LINEAGE_UNCLEAR(
        what=f"{len(words)} đơn vị được ghép với lịch sử theo mã mà tên khác nhau: {'; '.join(words[:10])}{more}; nếu do sáp "
        "nhập, đưa bảng sáp nhập vào --lineage",
        at=cells[0] if cells else None, related=tuple(cells[1:]),
    )  # fmt: skip


def _strangers(
    sheet: ScoreSheet, matcher: Matcher, units: Sequence[Unit], entries: Sequence[Entry], past: Mapping[int, object]
) -> Iterator[Finding]:
    """Units of the past that this year's sheet does not have; near names as a question, the others in one sentence.

    One letter is only asked about where the unit of this year has no past of its own: else they are two.
    """
    first = {entry.unit: entry.record.at for entry in reversed(entries)}
    far: list[Unit] = []
    for unit in units:
        near, at = matcher.near(unit), first.get(unit)
        if near is None:
            near = next((place for place in matcher.one_letter_off(unit) if not past.get(place)), None)
        if near is None or at is None:
            far.append(unit)
            continue
        other = sheet.named(near)
        now = sheet.units[near]
        coded = unit.code and now.code and str(unit) == str(now)  # one name: only the codes tell them apart
        shown = now._replace(name=f"{now.name}, mã {now.code}") if coded else now
        question = our.PAST_NEAR_NAME(
            name=f"{unit}, mã {unit.code}" if coded else unit, cell=at.address, year=sheet.year, unit=shown,
            other=other.address, at=at, related=(other,),
        )  # fmt: skip
        yield question._replace(unit=now)
    if far:
        cells = [cell for unit in far if (cell := first.get(unit))]
        words = "; ".join(str(unit) for unit in far[:10]) + (
            f"; … và {len(far) - 10} đơn vị nữa" if len(far) > 10 else ""
        )
        yield our.PAST_UNIT_UNKNOWN(
            count=len(far), year=sheet.year, units=words, at=cells[0] if cells else None, related=tuple(cells[1:])
        )
