"""unfold: sheets in which the criteria stand as rows → the wide table that `bind` knows, a row per unit.

    phiếu        one unit: criteria down, phases across; unit and year in the lines above; several in one sheet, too
    bảng dọc     criteria down, a column (or a column per phase) for each unit
    bảng dài     a row for each unit, criterion and perhaps year

Nothing is judged here, and nothing is lost: every value keeps its address (`Grid.places`), a row with points that names no
criterion is told. Forms of one shape become one table, whether they lie in one workbook or in five hundred.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Cell, Grid, Value, column_letters
from xeploai.steps import headings
from xeploai.steps.bind import speaks_of
from xeploai.steps.stacked import stacked
from xeploai.steps.table import Words, find
from xeploai.steps.wide import COLUMNS, Entry, Found, Spread, wide

if TYPE_CHECKING:
    from xeploai.book.placing import Placing, SheetPlacing, Spot

FORM, DOWN, LONG, TOLD = "phiếu", "bảng dọc", "bảng dài", "bảng theo tệp bố trí"
"""How a sheet was laid out, as the officer is told."""

KINDS = vi.COMMUNE_KINDS | vi.DISTRICT_KINDS

LOOKED_AT = 400
"""Rows of a sheet that fits as a wide table and is yet looked at for a form: none is longer."""

_LABELLED = re.compile(r"^\s*([^:：]{1,60}?)\s*[:：]\s*(.*)$", re.DOTALL)
_OFFICE = re.compile(r"^(?:ubnd|hđnd|ủy ban nhân dân|uỷ ban nhân dân|đảng ủy|đảng uỷ)\s+", re.IGNORECASE)
_IN_TITLE = re.compile(
    r"(?<!\w)((?:xã|phường|thị trấn|đặc khu)\s+\w.*?)\s*(?:,|;|\(|[-–]|\bnăm\b|\bhuyện\b|\bquận\b|\btỉnh\b|$)",
    re.IGNORECASE,
)
_RESULT = re.compile(r"(so lieu|ket qua( dat duoc| thuc hien)?|gia tri|thuc hien)( .*)?")
_GLUED = re.compile(r"(\d+(?:[.,]\d+)?)([⁰¹²³⁴-⁹]+|\d)")


def unfold(book: RuleBook, grids: Sequence[Grid], placing: Placing | None = None) -> tuple[list[Grid], list[Finding]]:
    """The grids as wide tables. Those that are wide already, or hold nothing of the book, are passed on as they are.

    `placing` tells of the sheets whose layout no rule can find.
    """
    words = Words.of(book)
    maxima = {code: node.max_points for code, node in book.nodes.items()}
    kept: list[Grid] = []
    alike: dict[tuple[object, ...], list[tuple[Grid, Spread, list[Entry]]]] = defaultdict(list)
    findings: list[Finding] = []
    for grid in grids:
        told = next((each for each in placing.sheets if _is_meant(each, grid)), None) if placing else None
        spread = _placed(book, told, grid) if told else _spread(book, words, maxima, grid)
        if isinstance(spread, list):
            kept += spread
            continue
        if spread is None:
            kept.append(grid)
            continue
        findings += spread.findings
        by_shape: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
        for entry in spread.entries:
            alone = spread.layout != FORM or "year" not in entry.who
            shape: tuple[object, ...] = (
                spread.layout,
                tuple(entry.values),
                id(grid) if alone else 0,
                frozenset(entry.who) - {"code"},
            )
            by_shape[shape].append(entry)
        for shape, entries in by_shape.items():
            alike[shape].append((grid, spread, entries))
    kept += (wide(parts) for parts in alike.values())
    return kept, findings


def _spread(book: RuleBook, words: Words, maxima: Mapping[str, Decimal], grid: Grid) -> Spread | list[Grid] | None:
    """What a sheet with criteria as rows, or with tables below each other, holds; None for any other sheet."""
    found = find(grid, words) if grid.rows else None
    fits = found is not None and speaks_of(book, found)
    if not grid.rows or (fits and len(grid.rows) > LOOKED_AT):
        return None
    if fits and (several := stacked(words, grid)):
        return several
    labels = _labels(grid, words)
    column, count = max(
        ((c, len(set(codes.values()))) for c, codes in labels.items()), key=lambda x: x[1], default=(0, 0)
    )
    across = len(found.points) + len(found.facts) if found else 0
    if not count or (count <= across and fits) or 2 * count < _enough(book):
        return None
    if spread := _long(grid, words, labels[column], column):
        return spread
    cuts = [grid.left, *_cuts(grid, words, labels, column), grid.width]
    spreads = []
    for start, end in pairwise(cuts):
        inside = {c: codes for c, codes in labels.items() if start <= c < end}
        chief = max(inside, key=lambda c: len(set(inside[c].values())))
        spreads.append(_down(_between(grid, start, end), words, maxima, inside[chief], chief))
    return _together([each for each in spreads if each])


def _cuts(grid: Grid, words: Words, labels: Mapping[int, dict[int, tuple[str, ...]]], column: int) -> list[int]:
    """Where a form ends and another begins beside it: again a column of as many criteria, with points between the two."""
    count, cuts, before = len(set(labels[column].values())), list[int](), -1
    for place in sorted(labels):
        codes = labels[place]
        if len(set(codes.values())) != count or count < 2:
            continue
        points = any(_is_points(grid.value(row, c)) for row in codes for c in range(before + 1, place))
        if before >= 0 and points and _numbers_end(grid, codes, place) - before > 1:
            cuts.append(_numbers_end(grid, codes, place))
        before = place
    return cuts


def _numbers_end(grid: Grid, rows: Iterable[int], column: int) -> int:
    """The first column of a form: the one of its row numbers, where it has them."""
    first = min(rows)
    said = {headings.role(grid.text(row, column - 1)) for row in range(max(grid.top, first - 6), first)}
    numbered = "number" in said or any(isinstance(grid.value(row, column - 1), str) for row in rows)
    return column - 1 if numbered else column


def _between(grid: Grid, start: int, end: int) -> Grid:
    """The columns of a sheet from `start` up to `end`, as a sheet of its own; addresses stay."""
    if (start, end) == (grid.left, grid.width):
        return grid
    rows = [line[start - grid.left : end - grid.left] for line in grid.rows]
    return replace(grid, rows=rows, left=start)


def _together(spreads: Sequence[Spread]) -> Spread | None:
    if not spreads:
        return None
    first = spreads[0]
    heads = {key: cells for each in reversed(spreads) for key, cells in each.heads.items()}
    entries = [entry for each in spreads for entry in each.entries]
    return first._replace(entries=entries, heads=heads, findings=[said for each in spreads for said in each.findings])


def _enough(book: RuleBook) -> int:
    """The least number of criteria that any way of filling this book needs."""
    return min(len(book.roots), sum(1 for root in book.roots for _ in root.leaves))


def _labels(grid: Grid, words: Words) -> dict[int, dict[int, tuple[str, ...]]]:
    """Column → row → the criteria or facts that the text there may mean."""
    known: dict[str, tuple[str, ...]] = {}
    labels: dict[int, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for row, line in enumerate(grid.rows, grid.top):
        for column, value in enumerate(line, grid.left):
            if not isinstance(value, str) or not value:
                continue
            codes = known.get(value)
            if codes is None:
                codes = known[value] = _meant(grid, words, row, column)
            elif not codes and column > grid.left:
                codes = _meant(grid, words, row, column) if _numbered(grid, row, column) else ()
            if codes:
                labels[column][row] = codes
    return labels


def _meant(grid: Grid, words: Words, row: int, column: int) -> tuple[str, ...]:
    """What a label means, by itself or with the number that stands left of it."""
    text = grid.text(row, column)
    codes, _ = words.named(text)
    if codes or headings.role(text) or not (number := _numbered(grid, row, column)):
        return codes
    return words.named(f"{number}. {text}")[0]


def _numbered(grid: Grid, row: int, column: int) -> str:
    """The number of a row, left of its label."""
    if column <= grid.left:
        return ""
    return headings.as_name(grid.value(row, column - 1)).rstrip(".)")


# -------------------------------------------------------------------------- criteria down: forms, a column per unit


class _Part(NamedTuple):
    """A stretch of a sheet under one heading: rows above the heading, the heading, the rows with a criterion."""

    above: range
    heading: range
    rows: list[tuple[int, str]]  # row, criterion
    last: int


class _Across(NamedTuple):
    """What the columns right of the criteria are."""

    phases: dict[int, str]  # column → its heading, of a form
    units: dict[int, tuple[str, str, str]]  # column → (unit, district, phase heading), where each unit has its own
    maximum: int | None
    result: int | None  # where facts stand
    unknown: list[int]


def _down(
    grid: Grid, words: Words, maxima: Mapping[str, Decimal], labels: Mapping[int, tuple[str, ...]], column: int
) -> Spread | None:
    entries: list[Entry] = []
    heads: dict[tuple[str, str], tuple[Cell, Cell]] = {}
    findings: list[Finding] = []
    layout = FORM
    across = _Across({}, {}, None, None, [])
    for part in _parts(grid, words, labels, column):
        if part.heading:
            across = _across(grid, words, part, column)
        if not (across.phases or across.units):
            continue
        named = {row: _heading(grid, words, row, column, code) for row, code in part.rows}
        total = _total_row(grid, part, column)
        if total is not None:
            named[total] = "Tổng điểm"
        if across.units:
            layout = DOWN
        for unit, parent, columns in _groups(across):
            who, said = _who(grid, part, words)
            if unit:
                who = {key: value for key, value in who.items() if key in ("year", "parent")}
                first = min(columns)
                who["name"] = Found(unit, grid.cell(_said_in(grid, part.heading, first, unit), first))
            if parent:
                first = min(columns)
                who["parent"] = Found(parent, grid.cell(_said_in(grid, part.heading, first, parent), first))
            findings += said
            if "name" not in who:
                findings.append(
                    our.FORM_NAMELESS(sheet=grid.sheet, file=grid.file, at=grid.cell(part.rows[0][0], column))
                )
                continue
            values: dict[tuple[str, str], Found] = {}
            for row, heading in named.items():
                code = dict(part.rows).get(row, "")
                places = _fact_column(grid, row, columns, across) if code in words.facts else columns
                for place, phase in places.items():
                    values[heading, phase] = _value(grid, row, place)
                    at = (
                        grid.cell(_said_in(grid, part.heading, place, phase), place)
                        if phase
                        else grid.cell(row, column)
                    )
                    heads.setdefault((heading, phase), (grid.cell(row, column), at))
            entries.append(Entry(who, values))
        findings += _left_over(grid, part, across, column, named)
        findings += _other_maxima(grid, part, across, maxima)
        findings += _hidden(grid, named, {*across.phases, *across.units})
    return Spread(layout, entries, heads, findings) if entries or findings else None


def _parts(grid: Grid, words: Words, labels: Mapping[int, tuple[str, ...]], column: int) -> Iterator[_Part]:
    """The sheet cut at its headings, and where the criteria begin anew."""
    rows = sorted(labels)
    starts = [rows[0]]
    seen: set[str] = set()
    path: list[str] = []
    codes: dict[int, str] = {}
    before = rows[0]
    for row in rows:
        if any(_is_heading(grid, each) for each in range(before + 1, row)):
            seen, path = set(), []
        code = _one(words, labels[row], path, seen)
        if code in seen and (code not in words.facts or len(labels[row]) == 1):
            seen, path = set(), []
            code = _one(words, labels[row], path, seen)
        if not seen and row != rows[0]:
            starts.append(row)
        seen.add(code)
        path.append(code)
        codes[row] = code
        before = row
    top = grid.top
    for first, after in pairwise([*starts, grid.height]):
        inside = [(row, codes[row]) for row in rows if first <= row < after]
        heading = _heading_above(grid, first, top)
        above = range(top, heading.start if heading else first)
        last = inside[-1][0]
        yield _Part(above, heading, inside, min(after, last + 6))
        top = last + 1


def _one(words: Words, codes: Sequence[str], path: Sequence[str], seen: set[str]) -> str:
    """The criterion that a name at several places of the tree means here: below what was named last, not named yet."""
    if len(codes) == 1:
        return codes[0]
    for upper in reversed(path):
        below = [code for code in codes if upper in words.above[code] and code not in seen]
        if below:
            return below[0]
    return next((code for code in codes if code not in seen), codes[0])


def _is_heading(grid: Grid, row: int) -> bool:
    """Whether a row names columns of a form: TT, Tiêu chí, Điểm tối đa, Tự chấm …"""
    texts = {grid.text(row, column) for column in range(grid.left, grid.width)} - {""}
    said = [text for text in texts if headings.role(text) or headings.phase(text)]
    return len(said) >= 2 and not any(_LABELLED.match(text) for text in said)


def _heading_above(grid: Grid, first: int, top: int) -> range:
    """The rows of the heading over the first criterion: the nearest row that names columns, and what belongs to it."""
    found = next((row for row in range(first - 1, max(top, first - 7) - 1, -1) if _is_heading(grid, row)), None)
    if found is None:  # «Nội dung | Xã Một | Xã Hai»: one word of ours, and names
        for row in range(first - 1, max(top, first - 4) - 1, -1):
            texts = [text for column in range(grid.left, grid.width) if (text := grid.text(row, column))]
            if len(texts) >= 2 and any(headings.role(text) in ("criterion", "number") for text in texts):
                found = row
                break
    if found is None:
        return range(0)
    start = found
    while start - 1 >= top and any(
        grid.spread.get((found, c), (found, c))[0] < start for c in range(grid.left, grid.width)
    ):
        start -= 1
    if start == found and start - 1 >= top and _is_heading(grid, start - 1):
        start -= 1
    return range(start, first)


def _texts(grid: Grid, heading: range, column: int) -> list[str]:
    """What a heading says over a column, the lowest first, each once; numbers of columns say nothing."""
    texts: list[str] = []
    for row in reversed(heading):
        text = grid.merged_text(row, column)
        if text and text not in texts and not headings.is_numbering(grid, row):
            texts.append(text)
    return texts


def _across(grid: Grid, words: Words, part: _Part, column: int) -> _Across:
    phases: dict[int, str] = {}
    plain: dict[int, str] = {}  # «Điểm», «Tổng điểm»: points of a form, or the sums beside the units' columns
    units: dict[int, tuple[str, str, str]] = {}
    unknown: list[int] = []
    maximum = result = None
    for place in range(column + 1, grid.width):
        texts = _texts(grid, part.heading, place)
        role = next((role for role in map(headings.role, texts) if role), None)
        said = next((text for text in texts if headings.phase(text)), "")
        other = [text for text in texts if _is_unit(words, text)]
        filled = any(_is_points(grid.value(row, place)) for row, _ in part.rows)
        kinded = any(vi.split_kind(text)[0] in KINDS for text in other)
        if role == "max_points":
            maximum = place if maximum is None else maximum
        elif other and (kinded or (filled and not said and not role and not _is_result(texts[0]))):
            unit = next((text for text in other if vi.split_kind(text)[0] in KINDS), other[0])
            above = (text for text in other[other.index(unit) + 1 :] if vi.split_kind(text)[0] in vi.DISTRICT_KINDS)
            units[place] = (unit, next(above, ""), said)
        elif said:
            phases[place] = said
        elif texts and _is_result(texts[0]):
            result = place
        elif role in ("total", "points") or any(headings.phase(text) == "" for text in texts):
            plain[place] = "Điểm"
        elif filled and not role:
            unknown.append(place)
    named = [place for place, (unit, *_) in units.items() if vi.split_kind(unit)[0] in KINDS]
    if phases or (plain and not named):
        unknown += [place for place in units if any(_is_points(grid.value(row, place)) for row, _ in part.rows)]
        return _Across(phases or plain, {}, maximum, result, sorted(unknown))
    if not units and result is not None:
        phases[result] = "Điểm"
    return _Across(phases, units, maximum, result, sorted(unknown))


def _groups(across: _Across) -> list[tuple[str, str, dict[int, str]]]:
    """Unit, district, column → phase: the columns of each unit. A form is one, of a unit that the columns do not name."""
    if across.phases:
        return [("", "", across.phases)]
    groups: list[tuple[str, str, dict[int, str]]] = []
    for place, (unit, parent, phase) in across.units.items():
        if not groups or groups[-1][:2] != (unit, parent) or phase in groups[-1][2].values():
            groups.append((unit, parent, {}))
        groups[-1][2][place] = phase
    return groups


def _is_unit(words: Words, text: str) -> bool:
    """Whether a heading may be a unit's name: no word of ours, no criterion, no sum."""
    said = headings.role(text) or words.named(text)[0] or headings.is_no_unit(text)
    return not said and headings.phase(text) is None


def _is_result(text: str) -> bool:
    return _RESULT.fullmatch(vi.fold(text)) is not None


def _is_points(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fact_column(grid: Grid, row: int, columns: Mapping[int, str], across: _Across) -> dict[int, str]:
    """The one column in which a fact stands: the one for results, else the last filled one of the points."""
    if across.result is not None and across.phases:
        return {across.result: ""}
    filled = [place for place in columns if grid.value(row, place) is not None]
    return {(filled or list(columns))[-1]: ""}


def _heading(grid: Grid, words: Words, row: int, column: int, code: str) -> str:
    """How the criterion is called in the wide table: as the sheet calls it, with what is needed to know it again."""
    text, number = grid.text(row, column), _numbered(grid, row, column)
    for said in (text, f"{number}. {text}" if number else ""):
        if said and words.named(said)[0] == (code,):
            return said
    return f"{code}: {text}"


def _total_row(grid: Grid, part: _Part, column: int) -> int | None:
    """The row that sums the criteria: «Tổng cộng», in the column of the criteria or left of it."""
    inside = {row for row, _ in part.rows}
    for row in range(part.last - 1, part.rows[0][0], -1):
        texts = [grid.text(row, place) for place in range(grid.left, column + 1)]
        if row not in inside and any(headings.role(text) == "total" for text in texts if text):
            return row
    return None


def _value(grid: Grid, row: int, column: int) -> Found:
    row, column = grid.spread.get((row, column), (row, column))
    return Found(grid.value(row, column), grid.cell(row, column), (row, column) in grid.percents)


def _said_in(grid: Grid, heading: range, column: int, text: str) -> int:
    """The row of the heading in which a text stands over a column."""
    return next((row for row in heading if grid.merged_text(row, column) == text), heading.start)


# ------------------------------------------------------------------------------------------ who, and what year


def _who(grid: Grid, part: _Part, words: Words) -> tuple[dict[str, Found], list[Finding]]:
    """Unit, district, code and year of a form: by their labels, else by the title, the sheet's name, the letterhead."""
    said: dict[str, Found] = {}
    titles: dict[int, Cell] = {}
    others: dict[int, Cell] = {}
    findings: list[Finding] = []
    for row in part.above:
        for column in range(grid.left, grid.width):
            text = grid.text(row, column)
            if not text:
                continue
            if year := headings.year_in_title(text):
                (titles if headings.is_title(text) else others).setdefault(year, grid.cell(row, column))
            for role, found in _labelled(grid, row, column, text):
                said.setdefault(role, found)
    if words.persons and "person" in said:
        if "name" in said:
            said.setdefault("parent", said["name"])
        said["name"] = said.pop("person")
    elif "name" not in said and "person" in said:
        said["name"] = said.pop("person")
    if "name" not in said and (placed := _by_place(grid, part)):
        said["name"] = placed
    office = _letterhead(grid, part)
    if office and "parent" not in said and office.at not in {found.at for found in said.values()}:
        said["parent"] = office
    written = said.pop("year", None)
    stated = headings.whole_year(written.value) if written else None
    if written and stated:
        said["year"] = Found(stated, written.at)
    else:
        for known in (titles, others):
            if len(known) == 1 or (known and known is titles):
                ((value, at), *_) = known.items()
                said["year"] = Found(value, at)
                break
        else:
            by_name = headings.year_in_name(grid.sheet) or headings.year_in_name(grid.file.rsplit("/", 1)[-1])
            if by_name:
                said["year"] = Found(by_name, grid.cell(part.rows[0][0], grid.left))
    if stated and titles and stated not in titles:
        (other, at), *_ = titles.items()
        findings.append(
            our.YEARS_DISAGREE(sheet=grid.sheet, first="dòng «Năm»", name=stated, second="tiêu đề", other=other, at=at)
        )
    return {key: found for key, found in said.items() if key in ("name", "parent", "code", "year", "kind")}, findings


def _labelled(grid: Grid, row: int, column: int, text: str) -> Iterator[tuple[str, Found]]:
    """«Đơn vị: Xã Một» in one cell, or the label in one and the value in the next."""
    label = _LABELLED.match(text)
    role = headings.role(label[1]) if label else headings.role(text)
    if role not in ("name", "parent", "code", "year", "person", "kind"):
        return
    if label and label[2].strip():
        yield role, Found(vi.clean(label[2]), grid.cell(row, column))
        return
    for place in range(column + 1, grid.width):
        value = grid.value(row, place)
        if value is None:
            continue
        text = vi.clean(value) if isinstance(value, str) else ""
        if isinstance(value, str) and (not text or _LABELLED.match(text) or (headings.role(text) and role != "kind")):
            return
        yield role, Found(headings.as_name(value) if role != "year" else value, grid.cell(row, place))
        return


def _by_place(grid: Grid, part: _Part) -> Found | None:
    """The commune that a sheet is named for, or that the lines above the table name."""
    if vi.split_kind(grid.sheet)[0] in vi.COMMUNE_KINDS:
        return Found(vi.clean(grid.sheet), grid.cell(part.rows[0][0], grid.left))
    named: dict[str, Found] = {}
    for row in part.above:
        for column in range(grid.left, grid.width):
            text = _OFFICE.sub("", grid.text(row, column))
            if vi.split_kind(text)[0] in vi.COMMUNE_KINDS and len(text) < 60:
                named.setdefault(vi.key(text), Found(text, grid.cell(row, column)))
    if not named:
        for row in part.above:
            for column in range(grid.left, grid.width):
                text = grid.text(row, column)
                if headings.is_title(text) and (found := _IN_TITLE.search(text)):
                    named.setdefault(vi.key(found[1]), Found(vi.clean(found[1]), grid.cell(row, column)))
    return next(iter(named.values())) if len(named) == 1 else None


def _letterhead(grid: Grid, part: _Part) -> Found | None:
    """The district whose paper it is: «UBND HUYỆN …»."""
    named: dict[str, Found] = {}
    for row in part.above:
        for column in range(grid.left, grid.width):
            text = grid.text(row, column)
            bare = _OFFICE.sub("", text)
            if (
                vi.split_kind(bare)[0] in ("huyện", "quận", "thị xã", "thành phố")
                and len(bare) < 60
                and ":" not in bare
            ):
                named.setdefault(vi.key(bare), Found(bare, grid.cell(row, column)))
    return next(iter(named.values())) if len(named) == 1 else None


# ------------------------------------------------------------------------------------ what must be told of a form


def _left_over(grid: Grid, part: _Part, across: _Across, column: int, named: Mapping[int, str]) -> Iterator[Finding]:
    """Points that no criterion claims: rows that name none, columns that say nothing that is known."""
    places = [*across.phases, *across.units]
    rows = [
        row
        for row in range(part.rows[0][0], part.last)
        if row not in named and any(_is_points(grid.value(row, place)) for place in places)
        and not headings.is_numbering(grid, row)
        and not any(headings.is_no_unit(grid.text(row, place)) for place in range(grid.left, column + 1))
    ]  # fmt: skip
    if rows:
        words = "; ".join(f"{row + 1} «{vi.shown(_label(grid, row, column), 40)}»" for row in rows[:8])
        more = f"; … và {len(rows) - 8} hàng nữa" if len(rows) > 8 else ""
        cells = tuple(grid.cell(row, column) for row in rows)
        yield our.CRITERION_UNKNOWN(
            sheet=grid.sheet, count=len(rows), rows=f"hàng {words}{more}", at=cells[0], related=cells[1:]
        )
    if across.unknown:
        cells = tuple(grid.cell(part.rows[0][0], place) for place in across.unknown)
        words = "; ".join(
            f"{column_letters(place)} «{vi.shown(' / '.join(_texts(grid, part.heading, place)), 40)}»"
            for place in across.unknown
        )
        yield our.COLUMN_UNKNOWN(
            sheet=grid.sheet, count=len(across.unknown), columns=words, at=cells[0], related=cells[1:]
        )


def _label(grid: Grid, row: int, column: int) -> str:
    return grid.text(row, column) or next((t for c in range(grid.left, column) if (t := grid.text(row, c))), "")


def _other_maxima(grid: Grid, part: _Part, across: _Across, maxima: Mapping[str, Decimal]) -> Iterator[Finding]:
    """The form's own maxima, where they are not the book's. A footnote's digit may be glued to them: 20⁷, 207."""
    if across.maximum is None:
        return
    for row, code in part.rows:
        value = grid.value(row, across.maximum)
        if code not in maxima or value is None or isinstance(value, bool):
            continue
        if stated := _maximum(value, maxima[code]):
            yield our.MAXIMUM_DIFFERS(
                sheet=grid.sheet, criterion=code, seen=stated, most=vi.number(maxima[code]),
                at=grid.cell(row, across.maximum), cell=grid.cell(row, across.maximum).address,
            )  # fmt: skip


def _maximum(value: Value, most: Decimal) -> str:
    """The maximum that stands there, "" where it is this one."""
    if isinstance(value, float | int):
        number: Decimal | vi.NoNumber = vi.from_float(float(value))
    else:
        bare = re.sub(r"\s*(?:điểm|đ)$", "", vi.key(str(value)).strip("() "))
        number = vi.read_number(bare)
        if (glued := _GLUED.fullmatch(bare)) and vi.read_number(glued[1]) == most:
            return ""
    if isinstance(number, vi.NoNumber):
        return ""
    if number == most or (number == number.to_integral() and str(int(number))[:-1] == vi.exact(most)):
        return ""
    return vi.number(number)


def _hidden(grid: Grid, rows: Iterable[int], columns: Iterable[int]) -> Iterator[Finding]:
    for what, hidden in (
        ("hàng", [f"{row + 1}" for row in rows if row in grid.hidden_rows]),
        ("cột", [column_letters(column) for column in sorted(columns) if column in grid.hidden_columns]),
    ):
        if hidden:
            yield our.ROWS_HIDDEN(
                sheet=grid.sheet, what=f"{len(hidden)} {what} điểm", places=f"{what} {', '.join(hidden)}",
                done="Vẫn đọc: thiếu một tiêu chí thì không xếp loại được.", at=grid.cell(grid.top, grid.left),
            )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the long table


def _long(grid: Grid, words: Words, labels: Mapping[int, tuple[str, ...]], column: int) -> Spread | None:
    """A row for each unit and criterion: its heading has a unit, a criterion, and points."""
    heading = _long_heading(grid, min(labels), column)
    if heading is None:
        return None
    first, roles, phases = heading
    keys: list[str] = [role for role in COLUMNS if role in roles]
    units: dict[tuple[str, ...], tuple[dict[str, Found], dict[tuple[str, str], Found], list[str]]] = {}
    heads: dict[tuple[str, str], tuple[Cell, Cell]] = {}
    twice: list[Cell] = []
    nameless: list[int] = []
    strange: list[int] = []
    known: dict[tuple[str, str], str] = {}
    for row in range(first + 1, grid.height):
        line: dict[str, Found] = {role: _value(grid, row, roles[role]) for role in keys}
        filled = any(grid.value(row, place) is not None for place in phases)
        if row not in labels:
            if filled and any(_is_points(grid.value(row, place)) for place in phases):
                strange.append(row)
            continue
        if not headings.as_name(line["name"].value):
            if filled:
                nameless.append(row)
            continue
        who = tuple(headings.as_name(line[role].value) for role in keys)
        facts, values, path = units.setdefault(who, (line, {}, []))
        text = grid.text(row, column)
        code = _one(words, labels[row], path, set(path))
        path.append(code)
        said = known.get((text, code)) or known.setdefault((text, code), _heading(grid, words, row, column, code))
        for place, phase in phases.items():
            found = _value(grid, row, place)
            heads.setdefault((said, phase), (grid.cell(row, column), grid.cell(first, place)))
            before = values.get((said, phase))
            if before is None or before.value is None:
                values[said, phase] = found
            elif found.value is not None:
                twice += [before.at, found.at]
                both = f"{_shown(before.value)} và {_shown(found.value)}"
                values[said, phase] = Found(both, before.at)  # no number: the unit is not rated, and both are seen
    every = {key: None for _, values, _ in units.values() for key in values}
    nothing = {key: Found(None, grid.cell(first, grid.left)) for key in every}
    entries = []
    for facts, values, _ in units.values():
        if "year" in facts and (year := headings.whole_year(facts["year"].value)):
            facts["year"] = Found(year, facts["year"].at)
        entries.append(
            Entry(facts, {key: values.get(key) or nothing[key]._replace(at=facts["name"].at) for key in every})
        )
    findings = list(_about_long(grid, column, twice, nameless, strange, roles))
    return Spread(LONG, entries, heads, findings)


def _long_heading(grid: Grid, before: int, column: int) -> tuple[int, dict[str, int], dict[int, str]] | None:
    for row in range(before - 1, max(grid.top, before - 6) - 1, -1):
        roles: dict[str, int] = {}
        phases: dict[int, str] = {}
        for place in range(grid.left, grid.width):
            text = grid.text(row, place)
            if not text or place == column:
                continue
            if headings.phase(text) is not None:
                phases[place] = text
            elif role := headings.role(text):
                if role in ("points", "total"):
                    phases[place] = "Điểm"
                else:
                    roles.setdefault(role, place)
        if "name" not in roles and "person" in roles:
            roles["name"] = roles["person"]
        if "name" in roles and phases and roles["name"] not in (column, *phases):
            return row, roles, phases
    return None


def _about_long(
    grid: Grid,
    column: int,
    twice: Sequence[Cell],
    nameless: Sequence[int],
    strange: Sequence[int],
    roles: Mapping[str, int],
) -> Iterator[Finding]:
    if twice:
        shown = ", ".join(cell.address for cell in twice[:12]) + (" …" if len(twice) > 12 else "")
        yield our.CRITERION_TWICE(
            sheet=grid.sheet, count=len(twice) // 2, cells=shown, at=twice[0], related=tuple(twice[1:])
        )
    for row in nameless:
        yield our.NAME_MISSING(sheet=grid.sheet, row=row + 1, at=grid.cell(row, roles["name"]))
    if strange:
        words = "; ".join(f"{row + 1} «{vi.shown(_label(grid, row, column), 40)}»" for row in strange[:8])
        more = f"; … và {len(strange) - 8} hàng nữa" if len(strange) > 8 else ""
        cells = tuple(grid.cell(row, column) for row in strange)
        yield our.CRITERION_UNKNOWN(
            sheet=grid.sheet, count=len(strange), rows=f"hàng {words}{more}", at=cells[0], related=cells[1:]
        )


def _shown(value: Value) -> str:
    return headings.as_name(value).replace(".", ",") or str(value)


# ------------------------------------------------------------------------------------------------ as a person told


def _is_meant(told: SheetPlacing, grid: Grid) -> bool:
    return bool(grid.rows) and (not told.sheet or vi.key(told.sheet) == vi.key(grid.sheet))


def _placed(book: RuleBook, told: SheetPlacing, grid: Grid) -> Spread:
    """A sheet read as the mapping file says, and no other way."""
    keys: dict[tuple[str, str], Spot] = {}
    for each in told.criteria:
        node = book.nodes.get(each.code)
        fact = book.fact_names.find(each.code)
        name = node.name if node else fact.name if fact else ""
        keys[f"{each.code}: {name}", each.phase] = each.at
    heads = {key: (_corner(grid, spot, told),) * 2 for key, spot in keys.items()}
    rows = [told.unit.row] if told.unit.row is not None else [*(told.rows or ())]
    entries: list[Entry] = []
    findings: list[Finding] = []
    for row in rows:
        values = {key: _at(grid, spot, row) for key, spot in keys.items()}
        spots = {"name": told.unit, "parent": told.parent, "code": told.unit_code}
        who = {role: _at(grid, spot, row) for role, spot in spots.items() if spot}
        who = {role: found._replace(value=headings.as_name(found.value)) for role, found in who.items()}
        if told.year is not None:
            who["year"] = Found(told.year, who["name"].at) if isinstance(told.year, int) else _at(grid, told.year, row)
        elif told.is_form and (year := headings.year_in_name(grid.sheet) or headings.year_in_name(grid.file)):
            who["year"] = Found(year, who["name"].at)
        if not who["name"].value:
            if told.is_form:
                findings.append(our.FORM_NAMELESS(sheet=grid.sheet, file=grid.file, at=who["name"].at))
            elif any(found.value is not None for found in values.values()):
                findings.append(our.NAME_MISSING(sheet=grid.sheet, row=row + 1, at=who["name"].at))
            continue
        entries.append(Entry(who, values))
    findings += _hidden(grid, [row for row in rows if not told.is_form], [spot.column for spot in keys.values()])
    return Spread(FORM if told.is_form else TOLD, entries, heads, findings)


def _at(grid: Grid, spot: Spot, row: int) -> Found:
    return _value(grid, row if spot.row is None else spot.row, spot.column)


def _corner(grid: Grid, spot: Spot, told: SheetPlacing) -> Cell:
    """The cell that stands for a criterion in what is told of the layout."""
    return grid.cell(spot.row if spot.row is not None else told.rows.start if told.rows else grid.top, spot.column)
