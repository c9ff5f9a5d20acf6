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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_WITH_DISTRICT = re.compile(
    r"((?:xã|phường|thị trấn|đặc khu|x\.|p\.|tt\.)\s.*?)\s*[,;(–-]\s*((?:huyện|quận|thị xã|thành phố)\s[^,;()]*?)\)?",
    re.IGNORECASE,
)
_WRITER = re.compile(r"nguoi (lap|cham|tham dinh|danh gia|kiem tra|tong hop|phu trach|ky|nhap)")
_DATED = re.compile(r",\s*ngày.*", re.IGNORECASE | re.DOTALL)
_OFFICE = re.compile(r"^(?:ubnd|hđnd|ủy ban nhân dân|uỷ ban nhân dân|đảng ủy|đảng uỷ)\s+", re.IGNORECASE)
_IN_TITLE = re.compile(
    r"(?<!\w)(?<!cấp )(?<!các )((?:xã|phường|thị trấn|đặc khu)\s+"
    r"(?!(?:năm|huyện|quận|tỉnh|thành|trong|vững|đạt|và|hoặc|thuộc|trên|có|loại|thực|theo|của)\b)\w.*?)\s*(?:,|;|\(|[-–]|\bnăm\b|\bhuyện\b|\bquận\b|\btỉnh\b|$)",
    re.IGNORECASE,
)
_RESULT = re.compile(r"(so lieu|ket qua( dat duoc| thuc hien)?|gia tri|thuc hien)( .*)?")
_ROUNDS = re.compile(
    r"loai diem( .*)?|giai doan( .*)?|(lan|cap|vong|buoc|dot|ky) (cham|danh gia|tham dinh)( .*)?|vong|buoc|dot"
)
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
        told = _meant_for(placing, grid) if placing else []
        spread = _together([_placed(book, each, grid) for each in told]) if told else _spread(book, words, maxima, grid)
        if isinstance(spread, list):
            kept += spread
            continue
        if spread is None:
            kept.append(grid)
            continue
        findings += spread.findings
        by_shape: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
        for entry in spread.entries:
            alone = spread.layout != FORM
            shape: tuple[object, ...] = (
                spread.layout,
                tuple(entry.values),
                id(grid) if alone else 0,
                frozenset(entry.who) - {"code"},
            )
            by_shape[shape].append(entry)
        for shape, entries in by_shape.items():
            alike[shape].append((grid, spread, entries))
    for parts in alike.values():
        kept.append(wide(parts))
        findings += _too_little(book, words, kept[-1], parts)
    return kept, findings


def _too_little(
    book: RuleBook, words: Words, table: Grid, parts: Iterable[tuple[Grid, Spread, list[Entry]]]
) -> Iterator[Finding]:
    """An error for each form of which too little was understood for `bind` to take it for one of this book."""
    found = find(table, words)
    codes = {*found.points, *found.facts} if found else set[str]()
    if found and (speaks_of(book, found) or codes <= words.facts):
        return
    for grid, _, entries in parts:
        for entry in entries:
            name, at = entry.who["name"].value, entry.who["name"].at
            seen = f"; của «{name}» chỉ thấy {', '.join(sorted(codes)) or 'tiêu đề'}"
            yield our.NO_TABLE(file=grid.file, sheet=grid.sheet, book=book.title, code=book.code, found=seen, at=at)


def _spread(book: RuleBook, words: Words, maxima: Mapping[str, Decimal], grid: Grid) -> Spread | list[Grid] | None:
    """What a sheet with criteria as rows, or with tables below each other, holds; None for any other sheet."""
    found = find(grid, words) if grid.rows else None
    fits = found is not None and speaks_of(book, found)
    if not grid.rows or (fits and len(grid.rows) > LOOKED_AT):
        return None
    if fits and (several := stacked(book, words, grid)):
        return several
    across = len(found.points) + len(found.facts) if found else 0
    if fits and across >= sum(1 for root in book.roots for _ in root.leaves):
        return None  # a column for everything: what else stands there is no form
    labels = _labels(grid, words)
    column, count = max(
        ((c, len(set(codes.values()))) for c, codes in labels.items()), key=lambda x: x[1], default=(0, 0)
    )
    if not count or (count <= across and fits) or 2 * count < _enough(book):
        return None
    if spread := _long(grid, words, maxima, labels[column], column):
        return spread
    cuts = [grid.left, *_cuts(grid, words, labels, column), grid.width]
    spreads = []
    for start, end in pairwise(cuts):
        inside = {c: codes for c, codes in labels.items() if start <= c < end}
        if inside:
            spreads.append(_down(_between(grid, start, end), words, maxima, _spelled(grid, inside)))
    spread = _together([each for each in spreads if each])
    if spread and {each.code for each in spread.findings} == {our.COLUMN_UNKNOWN.code} and not spread.entries:
        seen = "; có các tiêu chí theo hàng, nhưng không cột nào nói là điểm gì (Điểm tự chấm, Điểm thẩm định …)"
        at = grid.cell(min(labels[column]), column)
        lost = our.NO_TABLE(file=grid.file, sheet=grid.sheet, book=book.title, code=book.code, found=seen, at=at)
        return spread._replace(findings=[lost, *spread.findings])
    return spread


def _cuts(grid: Grid, words: Words, labels: Mapping[int, dict[int, tuple[str, ...]]], column: int) -> list[int]:
    """Where a form ends and another begins beside it: again a column of criteria, with points between the two."""
    count, cuts, before = len(set(labels[column].values())), list[int](), -1
    for place in sorted(labels):
        codes = labels[place]
        if 2 * len(set(codes.values())) < count or count < 2:
            continue
        points = any(_is_score(grid.value(row, c)) for row in codes for c in range(before + 1, place))
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


Labels = Mapping[int, tuple[int, tuple[str, ...]]]
"""Row → the column of its label, and the criteria that it may mean."""


class _Part(NamedTuple):
    """A stretch of a sheet under one heading: rows above the heading, the heading, the rows with a criterion."""

    above: range
    heading: range
    rows: Mapping[int, str]  # row → criterion
    end: int
    goes_on: bool  # the form above goes on, on a new page


def _spelled(grid: Grid, labels: Mapping[int, Mapping[int, tuple[str, ...]]]) -> Labels:
    """The label of each row: in the column of most labels, or left of the points, where that cell is empty.

    «I. Phẩm chất chính trị» may span the column of numbers and that of names, while the items stand in the latter.
    """
    chief = max(labels, key=lambda c: len(set(labels[c].values())))
    points = (c for row in labels[chief] for c in range(chief + 1, grid.width) if _is_points(grid.value(row, c)))
    first = min(points, default=chief + 1)
    spelled = {row: (chief, codes) for row, codes in labels[chief].items()}
    for column in sorted(c for c in labels if c < first and c != chief):
        for row, codes in labels[column].items():
            if column > chief or grid.value(row, chief) is None:
                spelled.setdefault(row, (column, codes))
    return dict(sorted(spelled.items()))


class _Across(NamedTuple):
    """What the columns right of the criteria are."""

    phases: dict[int, str]  # column → its heading, of a form
    units: dict[int, tuple[str, str, str]]  # column → (unit, district, phase heading), where each unit has its own
    maximum: int | None
    result: int | None  # where facts stand
    unknown: list[int]


def _down(grid: Grid, words: Words, maxima: Mapping[str, Decimal], labels: Labels) -> Spread | None:
    entries: list[Entry] = []
    heads: dict[tuple[str, str], tuple[Cell, Cell]] = {}
    findings: list[Finding] = []
    twice: list[Cell] = []
    called: dict[str, str] = {}  # criterion → its heading: one, however often it stands there
    layout = FORM
    across = _Across({}, {}, None, None, [])
    column = max(place for place, _ in labels.values())
    form: list[_Part] = []
    of_form: dict[tuple[str, str, int], Entry] = {}
    for part in _parts(grid, words, labels):
        if not part.goes_on:
            entries += of_form.values()
            form, of_form = [], {}
        form.append(part)
        if part.heading:
            across = _across(grid, words, part, column)
            if across.units and "name" in _who(grid, form, words)[0]:
                across = _of_one_unit(across)
        if not (across.phases or across.units):
            if across.unknown and len(part.rows) > 1:
                findings.append(_unknown_columns(grid, _headed(grid, part, across.unknown), min(part.rows)))
            continue
        named = {
            row: called.setdefault(code, _heading(grid, words, row, labels[row][0], code))
            for row, code in part.rows.items()
        }
        total = _total_row(grid, part, column)
        if total is not None:
            named[total] = "Tổng điểm"
        layout = DOWN if across.units else layout
        who, said = _who(grid, form, words)
        findings += said
        for group, (unit, parent, columns) in enumerate(_groups(across)):
            own = _of_column(grid, part, who, min(columns), unit, parent) if unit else who
            if "name" not in own:
                at = grid.cell(min(part.rows), labels[min(part.rows)][0])
                findings.append(our.FORM_NAMELESS(sheet=grid.sheet, file=grid.file, at=at))
                continue
            key = unit, parent, group if unit else 0
            before = of_form[key].values if key in of_form else {}
            values = {each: found for each, found in before.items() if each[0] != "Tổng điểm"}  # of a page
            for row, heading in named.items():
                code = part.rows.get(row, "")
                places = _fact_column(grid, row, columns, across) if code in words.facts else columns
                label = grid.cell(row, labels[row][0] if row in labels else column)
                for place, phase in places.items():
                    at = grid.cell(_said_in(grid, part.heading, place, phase), place) if phase else label
                    heads.setdefault((heading, phase), (label, at))
                    twice += _put(values, (heading, phase), _value(grid, row, place))
            of_form[key] = Entry(own, values, bool(unit) and grid.hidden_columns >= set(columns))
        findings += _left_over(grid, part, across, labels, named)
        findings += _other_maxima(grid, part.rows, across.maximum, maxima)
        whole = {c for _, _, columns in _groups(across) if grid.hidden_columns >= set(columns) for c in columns}
        findings += _hidden(grid, named, {*across.phases, *(across.units.keys() - whole)})
    entries += of_form.values()
    if twice:
        findings.append(_told_twice(grid, twice))
    return Spread(layout, entries, heads, findings) if entries or findings else None


def _of_column(
    grid: Grid, part: _Part, who: Mapping[str, Found], column: int, unit: str, parent: str
) -> dict[str, Found]:
    """Whose column it is, as the heading says; the year as the whole sheet says."""
    own = {key: found for key, found in who.items() if key in ("year", "parent")}
    own["name"] = Found(unit, grid.cell(_said_in(grid, part.heading, column, unit), column))
    if parent:
        own["parent"] = Found(parent, grid.cell(_said_in(grid, part.heading, column, parent), column))
    return own


def _put(values: dict[tuple[str, str], Found], key: tuple[str, str], found: Found) -> tuple[Cell, ...]:
    """Take a value down. Where another one is known already nobody knows which counts: the cells of both."""
    before = values.get(key)
    if before is None or before.value is None:
        values[key] = found
    elif found.value is not None and found.value != before.value:
        both = f"{_shown(before.value)} và {_shown(found.value)}"
        values[key] = Found(both, before.at)  # no number: the unit is not rated, and both are seen
        return before.at, found.at
    return ()


def _told_twice(grid: Grid, cells: Sequence[Cell]) -> Finding:
    shown = ", ".join(cell.address for cell in cells[:12]) + (" …" if len(cells) > 12 else "")
    return our.CRITERION_TWICE(
        sheet=grid.sheet, count=len(cells) // 2, cells=shown, at=cells[0], related=tuple(cells[1:])
    )


def _parts(grid: Grid, words: Words, labels: Labels) -> Iterator[_Part]:
    """The sheet cut where another unit is named, and where a heading comes again.

    After a heading a form goes on, unless its criteria begin anew or the lines above the heading name somebody else.
    """
    rows = list(labels)
    goes_on: dict[int, bool] = {}  # the first row of a part → whether the form above goes on
    codes: dict[int, str] = {}
    seen: list[str] = []
    name, before = "", grid.top - 1
    for row in rows:
        code = _one(words, labels[row][1], seen, set(seen))
        other = _named_in(grid, range(before + 1, row), words) if row - before > 1 or not seen else ""
        again = any(_is_heading(grid, each) for each in range(before + 1, row))
        same = bool(seen) and other in ("", name) and not ((again or other) and code == seen[0])
        if not same:
            name, seen = other or vi.split_kind(grid.sheet)[1], []
            code = _one(words, labels[row][1], seen, set())
        if again or not same:
            goes_on[row] = same
        seen.append(code)
        codes[row] = code
        before = row
    top = grid.top
    spans = []
    for first, after in pairwise([*goes_on, grid.height]):
        inside = {row: codes[row] for row in rows if first <= row < after}
        spans.append((top, _heading_above(grid, first, top), inside))
        top = max(inside) + 1
    ends = [heading.start if heading else min(inside) for _, heading, inside in spans[1:]]
    for (top, heading, inside), end in zip(spans, [*ends, grid.height], strict=True):
        first = min(inside)
        yield _Part(range(top, heading.start if heading else first), heading, inside, end, goes_on[first])


def _named_in(grid: Grid, rows: range, words: Words) -> str:
    """The unit (or person) that these lines name, in the form in which names are compared; "" for none."""
    said = _said(grid, rows)
    found = said.get("person" if words.persons else "name") or said.get("person") or _by_lines(grid, rows)
    return vi.split_kind(str(found.value))[1] if found else ""


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
    upper = heading.start if heading else 0
    bare = len(texts) == 1 and len(heading) > 1 and grid.value(upper, column) is None
    if bare and (upper, column) not in grid.spread and not headings.role(texts[0]):
        # «TC | TĐ» under a name that was written over the first of them only, without merging
        first = next((c for c in range(column, grid.left - 1, -1) if grid.text(upper, c)), column)
        texts += [grid.text(upper, first)] if vi.split_kind(grid.text(upper, first))[0] in KINDS else []
    return texts


def _across(grid: Grid, words: Words, part: _Part, column: int) -> _Across:
    phases: dict[int, str] = {}
    plain: dict[int, str] = {}  # «Điểm», «Tổng điểm»: points of a form, or the sums beside the units' columns
    units: dict[int, tuple[str, str, str]] = {}
    blank: dict[int, tuple[str, str, str]] = {}  # a unit that has sent nothing, where the columns are units'
    unknown: list[int] = []
    maximum = result = None
    for place in range(column + 1, grid.width):
        texts = _texts(grid, part.heading, place)
        role = next((role for role in map(headings.role, texts) if role), None)
        said = next((text for text in texts if headings.phase(text)), "")
        other = [text for text in texts if _is_unit(words, text)]
        filled = any(_is_score(grid.value(row, place)) for row in part.rows)
        kinded = any(vi.split_kind(text)[0] in KINDS for text in other)
        if role == "max_points":
            maximum = place if maximum is None else maximum
        elif other and (kinded or (filled and not said and not role and not _is_result(texts[0]))):
            unit = next((text for text in other if vi.split_kind(text)[0] in KINDS), other[0])
            above = (text for text in other[other.index(unit) + 1 :] if vi.split_kind(text)[0] in vi.DISTRICT_KINDS)
            units[place] = (unit, next(above, ""), said)
        elif said:
            phases[place] = said
        elif other and not role and not _is_result(texts[0]):
            blank[place] = (other[0], "", "")
        elif texts and _is_result(texts[0]):
            result = place
        elif role in ("total", "points") or any(headings.phase(text) == "" for text in texts):
            plain[place] = "Điểm"
        elif filled and not role:
            unknown.append(place)
    named = [place for place, (unit, *_) in units.items() if vi.split_kind(unit)[0] in KINDS]
    if phases or (plain and not named):
        unknown += [place for place in units if any(_is_score(grid.value(row, place)) for row in part.rows)]
        return _Across(phases or plain, {}, maximum, result, sorted(unknown))
    if not units and result is not None:
        phases[result] = "Điểm"
    if units:
        units = dict(sorted({**blank, **units}.items()))
    return _Across(phases, units, maximum, result, sorted(unknown))


def _of_one_unit(across: _Across) -> _Across:
    """The columns of a form that says whose it is: a heading that is no unit's name («Lãnh đạo») is unknown, no unit."""
    if any(vi.split_kind(unit)[0] in KINDS for unit, *_ in across.units.values()):
        return across
    return across._replace(units={}, unknown=sorted({*across.unknown, *across.units}))


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


def _is_score(value: Value) -> bool:
    """Whether this was meant as points: a number, also one typed as text, an error, a date in its place."""
    return vi.read_number(value) is not vi.NoNumber.TEXT if isinstance(value, str) else value is not None


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
    """The row that sums the criteria: «Tổng cộng» under the last of them, in their column or left of it."""
    for row in range(part.end - 1, max(part.rows), -1):
        texts = [grid.text(row, place) for place in range(grid.left, column + 1)]
        if any(headings.role(text) == "total" for text in texts if text):
            return row
    return None


def _value(grid: Grid, row: int, column: int) -> Found:
    """Points: those of a merged area are its first cell's, and nobody knows how the others share in them."""
    return Found(grid.value(row, column), grid.cell(row, column), (row, column) in grid.percents)


def _seen(grid: Grid, row: int, column: int) -> Found:
    """What a person sees: also in a merged area, as a name over its rows."""
    return _value(grid, *grid.spread.get((row, column), (row, column)))


def _said_in(grid: Grid, heading: range, column: int, text: str) -> int:
    """The row of the heading in which a text stands over a column."""
    return next((row for row in heading if grid.merged_text(row, column) == text), heading.start)


# ------------------------------------------------------------------------------------------ who, and what year


def _who(grid: Grid, form: Sequence[_Part], words: Words) -> tuple[dict[str, Found], list[Finding]]:
    """Unit, district, code and year of a form: by their labels, else by the title, the sheet's name, the letterhead."""
    above = [row for part in form for row in part.above]
    said = _said(grid, above)
    person = said.pop("person", None)
    if words.persons and person:
        if "name" in said:
            said.setdefault("parent", said["name"])
        said["name"] = person
    elif "name" not in said and (named := _by_place(grid, form[0], above) or person):
        said["name"] = named
    office = _letterhead(grid, above)
    if office and "parent" not in said and office.at not in {found.at for found in said.values()}:
        said["parent"] = office
    year, findings = _year(grid, above, said.pop("year", None))
    if year:
        said["year"] = year
    return {key: found for key, found in said.items() if key in ("name", "parent", "code", "year", "kind")}, findings


def _year(grid: Grid, above: Sequence[int], written: Found | None) -> tuple[Found | None, list[Finding]]:
    """The year: as a line «Năm» says, else the title, else the names of sheet and file; and what contradicts it."""
    titles: dict[int, Cell] = {}
    others: dict[int, Cell] = {}
    for row in above:
        for column in range(grid.left, grid.width):
            text = grid.text(row, column)
            if year := headings.year_in_title(text):
                (titles if headings.is_title(text) else others).setdefault(year, grid.cell(row, column))
    stated = headings.whole_year(written.value) if written else None
    found = Found(stated, written.at) if written and stated else None
    known = titles or (others if len(others) == 1 else {})
    if found is None and known:
        ((value, at), *_) = known.items()
        found = Found(value, at)
    if found is None and (by_name := _year_in_names(grid)):
        return Found(by_name, grid.cell(grid.top, grid.left)), []
    first, second = ("dòng «Năm»", "tiêu đề") if stated else ("tiêu đề", "một dòng tiêu đề khác")
    findings: list[Finding] = []
    for other, at in titles.items():
        if found and isinstance(found.value, int) and other != found.value:
            findings.append(
                our.YEARS_DISAGREE(sheet=grid.sheet, first=first, name=found.value, second=second, other=other, at=at)
            )
    return found, findings


def _year_in_names(grid: Grid) -> int | None:
    return headings.year_in_name(grid.sheet) or headings.year_in_name(grid.file.rsplit("/", 1)[-1])


def _said(grid: Grid, rows: Iterable[int]) -> dict[str, Found]:
    """What these lines say with a label: «Đơn vị: Xã Một», «Đơn vị: Xã Một, huyện Hai», «Họ và tên», «Năm»."""
    said: dict[str, Found] = {}
    for row in rows:
        for column in range(grid.left, grid.width):
            if not (text := grid.text(row, column)):
                continue
            for role, found in _labelled(grid, row, column, text):
                if role == "name" and (both := _WITH_DISTRICT.fullmatch(str(found.value))):
                    said.setdefault("name", found._replace(value=both[1]))
                    said.setdefault("parent", found._replace(value=both[2]))
                elif role == "year" or re.search(r"\w", str(found.value)):  # «Đơn vị: ………» is a form not filled in
                    said.setdefault(role, found)
    return said


def _labelled(grid: Grid, row: int, column: int, text: str) -> Iterator[tuple[str, Found]]:
    """«Đơn vị: Xã Một» in one cell, or the label in one and the value in the next."""
    label = _LABELLED.match(text)
    role = headings.role(label[1]) if label else headings.role(text)
    if role not in ("name", "parent", "code", "year", "person", "kind"):
        return
    if role == "person" and _WRITER.search(vi.fold(text)):
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


def _by_place(grid: Grid, part: _Part, above: Iterable[int]) -> Found | None:
    """The commune that a sheet is named for, or that the lines above the table name."""
    if vi.split_kind(grid.sheet)[0] in vi.COMMUNE_KINDS:
        return Found(vi.clean(grid.sheet), grid.cell(min(part.rows), grid.left))
    return _by_lines(grid, above)


def _by_lines(grid: Grid, rows: Iterable[int]) -> Found | None:
    """The one commune that lines name: as the office whose paper it is, in its date, or in a title."""
    named: dict[str, Found] = {}
    titles: dict[str, Found] = {}
    for row in rows:
        for column in range(grid.left, grid.width):
            if not (text := _DATED.sub("", _OFFICE.sub("", grid.text(row, column)))):
                continue
            if vi.split_kind(text)[0] in vi.COMMUNE_KINDS and len(text) < 60:
                named.setdefault(vi.key(text), Found(text, grid.cell(row, column)))
            elif headings.is_title(text) and (found := _IN_TITLE.search(text)):
                titles.setdefault(vi.key(found[1]), Found(vi.clean(found[1]), grid.cell(row, column)))
    known = named or titles
    return next(iter(known.values())) if len(known) == 1 else None


def _letterhead(grid: Grid, rows: Iterable[int]) -> Found | None:
    """The district whose paper it is: «UBND HUYỆN …»."""
    named: dict[str, Found] = {}
    for row in rows:
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


def _left_over(grid: Grid, part: _Part, across: _Across, labels: Labels, named: Mapping[int, str]) -> Iterator[Finding]:
    """Points that no criterion claims: rows that name none, columns that say nothing that is known."""
    places = [*across.phases, *across.units]
    column = labels[min(part.rows)][0]
    rows = [
        row
        for row in range(part.heading.start if part.heading else min(part.rows), part.end)
        if row not in named and any(_is_score(grid.value(row, place)) for place in places)
        and not headings.is_numbering(grid, row)
        and not any(headings.is_no_unit(grid.text(row, place)) for place in range(grid.left, column + 1))
    ]  # fmt: skip
    if rows:
        yield _unknown_rows(grid, rows, column)
    if across.unknown:
        yield _unknown_columns(grid, _headed(grid, part, across.unknown), min(part.rows))


def _headed(grid: Grid, part: _Part, columns: Iterable[int]) -> dict[int, str]:
    return {place: " / ".join(_texts(grid, part.heading, place)) for place in columns}


def _unknown_rows(grid: Grid, rows: Sequence[int], column: int) -> Finding:
    words = "; ".join(f"{row + 1} «{vi.shown(_label(grid, row, column), 40)}»" for row in rows[:8])
    more = f"; … và {len(rows) - 8} hàng nữa" if len(rows) > 8 else ""
    cells = tuple(grid.cell(row, column) for row in rows)
    return our.CRITERION_UNKNOWN(
        sheet=grid.sheet, count=len(rows), rows=f"hàng {words}{more}", at=cells[0], related=cells[1:]
    )


def _unknown_columns(grid: Grid, headed: Mapping[int, str], row: int) -> Finding:
    cells = tuple(grid.cell(row, place) for place in headed)
    words = "; ".join(f"{column_letters(place)} «{vi.shown(text, 40)}»" for place, text in headed.items())
    return our.COLUMN_UNKNOWN(sheet=grid.sheet, count=len(headed), columns=words, at=cells[0], related=cells[1:])


def _label(grid: Grid, row: int, column: int) -> str:
    return grid.text(row, column) or next((t for c in range(grid.left, column) if (t := grid.text(row, c))), "")


def _other_maxima(
    grid: Grid, rows: Mapping[int, str], column: int | None, maxima: Mapping[str, Decimal]
) -> Iterator[Finding]:
    """The form's own maxima, where they are not the book's. A footnote's digit may be glued to them: 20⁷, 207."""
    if column is None:
        return
    for row, code in rows.items():
        value = grid.value(row, column)
        if code not in maxima or value is None or isinstance(value, bool):
            continue
        if stated := _maximum(value, maxima[code]):
            yield our.MAXIMUM_DIFFERS(
                sheet=grid.sheet, criterion=code, seen=stated, most=vi.number(maxima[code]),
                at=grid.cell(row, column), cell=grid.cell(row, column).address,
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


class _Columns(NamedTuple):
    """The heading of a long table."""

    row: int
    roles: Mapping[str, int]  # "name", "parent", "year" …
    phases: Mapping[int, str]  # column of points → its heading
    rounds: int | None  # where each row says which points it holds
    maximum: int | None
    unknown: Mapping[int, str]


def _long(
    grid: Grid, words: Words, maxima: Mapping[str, Decimal], labels: Mapping[int, tuple[str, ...]], column: int
) -> Spread | None:
    """A row for each unit and criterion: its heading has a unit, a criterion, and points."""
    heading = _long_heading(grid, labels, column)
    if heading is None:
        return None
    roles = [role for role in COLUMNS if role in heading.roles]
    whole, findings = _of_all(grid, range(grid.top, heading.row), roles)
    units: dict[tuple[str, ...], tuple[dict[str, Found], dict[tuple[str, str], Found], list[str], list[int]]] = {}
    heads: dict[tuple[str, str], tuple[Cell, Cell]] = {}
    twice: list[Cell] = []
    nameless: list[int] = []
    strange: list[int] = []
    stated: dict[tuple[str, Value], int] = {}
    known: dict[tuple[str, str], str] = {}
    above: dict[str, Found] = {}
    for row in range(heading.row + 1, grid.height):
        filled = any(_is_score(grid.value(row, place)) for place in heading.phases)
        text = grid.text(row, column)
        total = headings.role(text) == "total"
        if row not in labels and not total:
            if filled and not headings.is_numbering(grid, row) and not headings.is_no_unit(text):
                strange.append(row)
            continue
        line = {role: _seen(grid, row, heading.roles[role]) for role in roles}
        named = bool(headings.as_name(line["name"].value))
        if total and not named:
            continue  # the sum of everybody
        line = _filled_down(line, above)
        facts, values, path, rows = units.get(tuple(_same(line[role]) for role in roles), ({}, {}, [], []))
        code = "" if total else _one(words, labels[row], path, set(path))
        if not headings.as_name(line["name"].value) or (not named and code in path):
            if filled:
                nameless.append(row)
            continue
        if not facts:
            facts = line
            units[tuple(_same(line[role]) for role in roles)] = facts, values, path, rows
        above = line
        path.append(code)
        rows.append(row)
        said = "Tổng điểm" if total else known.get((text, code))
        said = said or known.setdefault((text, code), _heading(grid, words, row, column, code))
        if heading.maximum is not None and not total:
            stated.setdefault((code, grid.value(row, heading.maximum)), row)
        for place, phase in heading.phases.items():
            which = grid.text(row, heading.rounds) if heading.rounds is not None else ""
            key = said, which if headings.phase(which) else phase
            heads.setdefault(key, (grid.cell(row, column), grid.cell(heading.row, place)))
            twice += _put(values, key, _value(grid, row, place))
    every = {key: None for _, values, _, _ in units.values() for key in values}
    entries = []
    partly: list[int] = []
    for facts, values, _, rows in units.values():
        if "year" in facts and (year := headings.whole_year(facts["year"].value)):
            facts["year"] = Found(year, facts["year"].at)
        nothing = Found(None, facts["name"].at)
        hidden = [row for row in rows if row in grid.hidden_rows]
        partly += hidden if len(hidden) < len(rows) else []
        told = {key: values.get(key, nothing) for key in every}
        entries.append(Entry({**whole, **facts}, told, len(hidden) == len(rows)))
    if twice:
        findings.append(_told_twice(grid, twice))
    findings += (
        our.NAME_MISSING(sheet=grid.sheet, row=row + 1, at=grid.cell(row, heading.roles["name"])) for row in nameless
    )
    if strange:
        findings.append(_unknown_rows(grid, strange, column))
    if heading.unknown:
        findings.append(_unknown_columns(grid, heading.unknown, heading.row))
    for (code, _), row in stated.items():
        findings += _other_maxima(grid, {row: code}, heading.maximum, maxima)
    findings += _hidden(grid, partly, heading.phases)
    return Spread(LONG, entries, heads, findings)


def _long_heading(grid: Grid, labels: Mapping[int, tuple[str, ...]], column: int) -> _Columns | None:
    first = min(labels)
    for row in range(first - 1, max(grid.top, first - 6) - 1, -1):
        roles: dict[str, int] = {}
        phases: dict[int, str] = {}
        rounds = maximum = None
        unknown: dict[int, str] = {}
        for place in range(grid.left, grid.width):
            if place == column:
                continue
            text = grid.text(row, place)
            role = headings.role(text)
            inside = [grid.value(each, place) for each in labels]
            if _ROUNDS.fullmatch(vi.fold(text)) or any(
                headings.phase(each) for each in inside if isinstance(each, str)
            ):
                rounds = place if rounds is None else rounds
            elif text and headings.phase(text) is not None:
                phases[place] = text
            elif role in ("points", "total"):
                phases[place] = "Điểm"
            elif role == "max_points":
                maximum = place
            elif role:
                roles.setdefault(role, place)
            elif any(_is_points(value) for value in inside):
                unknown[place] = text
        if "name" not in roles and "person" in roles:
            roles["name"] = roles["person"]
        if "name" in roles and phases:
            return _Columns(row, roles, phases, rounds, maximum, unknown)
    return None


def _of_all(grid: Grid, above: range, roles: Sequence[str]) -> tuple[dict[str, Found], list[Finding]]:
    """The year and the district that the lines above a long table tell, where it has no columns of them."""
    whole: dict[str, Found] = {}
    findings: list[Finding] = []
    if "parent" not in roles and (office := _letterhead(grid, above)):
        whole["parent"] = office
    if "year" not in roles:
        year, findings = _year(grid, above, None)
        whole |= {"year": year} if year else {}
    return whole, findings


def _filled_down(line: dict[str, Found], above: Mapping[str, Found]) -> dict[str, Found]:
    """A blank name goes on from the row above, if nothing else tells another unit; a blank district or year with it."""
    if not above:
        return line
    if line["name"].value is None:
        same = all(found.value is None or _same(found) == _same(above[role]) for role, found in line.items())
    else:
        same = _same(line["name"]) == _same(above["name"])
    return {
        role: above[role] if found.value is None and (same or (role == "parent" and line["name"].value)) else found
        for role, found in line.items()
    }


def _same(found: Found) -> str:
    return vi.key(headings.as_name(found.value))


def _shown(value: Value) -> str:
    return headings.as_name(value).replace(".", ",") or str(value)


# ------------------------------------------------------------------------------------------------ as a person told


def _meant_for(placing: Placing, grid: Grid) -> list[SheetPlacing]:
    """What is told of this sheet: by its name, else of every sheet."""
    named = [each for each in placing.sheets if each.sheet and vi.key(each.sheet) == vi.key(grid.sheet)]
    return (named or [each for each in placing.sheets if not each.sheet]) if grid.rows else []


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
        who = {role: _at(grid, spot, row, _seen) for role, spot in spots.items() if spot}
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
        entries.append(Entry(who, values, not told.is_form and row in grid.hidden_rows))
    findings += _hidden(grid, [], [spot.column for spot in keys.values()])
    return Spread(FORM if told.is_form else TOLD, entries, heads, findings)


def _at(grid: Grid, spot: Spot, row: int, look: Callable[[Grid, int, int], Found] = _value) -> Found:
    return look(grid, row if spot.row is None else spot.row, spot.column)


def _corner(grid: Grid, spot: Spot, told: SheetPlacing) -> Cell:
    """The cell that stands for a criterion in what is told of the layout."""
    return grid.cell(spot.row if spot.row is not None else told.rows.start if told.rows else grid.top, spot.column)
