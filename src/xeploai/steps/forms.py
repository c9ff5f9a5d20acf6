"""Criteria down: forms of one unit (phiếu), and tables in which each unit has a column (bảng dọc).

    Đơn vị: Xã Ná                                         │ Tiêu chí      │ Xã Ná │ Xã Nả
    TT  │ Tiêu chí      │ Điểm tự chấm │ Điểm thẩm định   │ Tiêu chí một  │  18   │  12
    1   │ Tiêu chí một  │      19      │       18         │ Phần thứ nhất │  10   │   6
    2.1 │ Phần thứ nhất │      11      │       10         │

A sheet may hold several, beside each other and below each other; one may go on over several pages. Where a form begins, what
its columns are, and what of it no criterion claims is found out here; whose it is, in `whose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.findings import Finding
from xeploai.model import Cell, Grid, Value
from xeploai.steps import headings
from xeploai.steps.labels import heading_of, is_points, meant_here, name_last
from xeploai.steps.remarks import hidden_points, other_maxima, told_twice, unknown_columns, unknown_rows
from xeploai.steps.rows import is_score
from xeploai.steps.table import Words
from xeploai.steps.whose import LABELLED, apart_from_year, named_in, of_several, who_of
from xeploai.steps.wide import DOWN, FORM, Entry, Found, Spread, put, together, value_at

KINDS = vi.COMMUNE_KINDS | vi.DISTRICT_KINDS

_BARE = re.compile(r"(so )?diem")
_SCORE = re.compile(r"ket qua( (dat duoc|cuoi cung|chung))?")
_NO_POINTS = ("name", "parent", "leader", "official", "person")
"""What a heading over points may seem to say: «Đơn vị chấm», «Lãnh đạo» name no phase that is known."""

_RESULT = re.compile(r"(so lieu|ket qua( dat duoc| thuc hien)?|gia tri|thuc hien)( .*)?")

Labels = Mapping[int, tuple[int, tuple[str, ...]]]
"""Row → the column of its label, and the criteria that it may mean."""


def forms(
    grid: Grid,
    words: Words,
    maxima: Mapping[str, Decimal],
    labels: Mapping[int, Mapping[int, tuple[str, ...]]],
    column: int,
    penalties: frozenset[str] = frozenset(),
) -> Spread | None:
    """What the forms of a sheet hold, beside each other and below each other; `column` is the one of most labels.

    `penalties` are the criteria whose points are taken off: theirs may stand under «Điểm trừ».
    """
    cuts = [grid.left, *_cuts(grid, labels, column), grid.width]
    spreads = []
    for start, end in pairwise(cuts):
        inside = {c: codes for c, codes in labels.items() if start <= c < end}
        if inside:
            spreads.append(_down(_between(grid, start, end), words, maxima, _spelled(grid, inside), penalties))
    return together([each for each in spreads if each])


class _Part(NamedTuple):
    """A stretch of a sheet under one heading: rows above the heading, the heading, the rows with a criterion."""

    above: range
    heading: range
    rows: Mapping[int, str]  # row → criterion
    end: int
    goes_on: bool  # the form above goes on, on a new page


class _Across(NamedTuple):
    """What the columns right of the criteria are."""

    phases: dict[int, str]  # column → its heading, of a form
    units: dict[int, tuple[str, str, str]]  # column → (unit, district, phase heading), where each unit has its own
    maximum: int | None
    result: int | None  # where facts stand
    unknown: list[int]


def _down(
    grid: Grid, words: Words, maxima: Mapping[str, Decimal], labels: Labels, penalties: frozenset[str]
) -> Spread | None:
    """The forms below each other, or the table with a column for each unit."""
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
        above = [row for each in form for row in each.above]
        who, said, several = who_of(grid, above, grid.cell(min(form[0].rows), grid.left), words)
        if part.heading:
            across = _across(grid, words, part, column, maxima, penalties)
            if across.units and ("name" in who or several):
                across = _of_one_unit(across)
        if not (across.phases or across.units):
            if across.unknown and len(part.rows) > 1:
                findings.append(unknown_columns(grid, _headed(grid, part, across.unknown), min(part.rows)))
            continue
        named = {
            row: called.setdefault(code, heading_of(grid, words, row, labels[row][0], code))
            for row, code in part.rows.items()
        }
        total = _total_row(grid, part, column)
        if total is not None:
            named[total] = "Tổng điểm"
        layout = DOWN if across.units else layout
        findings += said
        for group, (unit, parent, columns) in enumerate(_groups(across)):
            own = _of_column(grid, part, who, min(columns), unit, parent) if unit else who
            if "name" not in own:
                at = grid.cell(min(part.rows), labels[min(part.rows)][0])
                nameless = our.FORM_NAMELESS(sheet=grid.sheet, file=grid.file, at=at)
                findings.append(of_several(grid, several) or nameless)
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
                    twice += put(values, (heading, phase), value_at(grid, row, place))
                if code in penalties and (deducted := _deducted(grid, row, words, places)):
                    phase, place = deducted
                    twice += put(values, (heading, phase), value_at(grid, row, place))
            of_form[key] = Entry(own, values, bool(unit) and grid.hidden_columns >= set(columns))
        findings += _left_over(grid, part, across, labels, named)
        findings += other_maxima(grid, part.rows, across.maximum, maxima)
        whole = {c for _, _, columns in _groups(across) if grid.hidden_columns >= set(columns) for c in columns}
        findings += hidden_points(grid, named, {*across.phases, *(across.units.keys() - whole)})
    entries += of_form.values()
    if twice:
        findings.append(told_twice(grid, twice))
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


def _fact_column(grid: Grid, row: int, columns: Mapping[int, str], across: _Across) -> dict[int, str]:
    """The one column in which a fact stands: the one for results, else the last filled one of the points."""
    if across.result is not None and across.phases:
        return {across.result: ""}
    filled = [place for place in columns if grid.value(row, place) is not None]
    return {(filled or list(columns))[-1]: ""}


def _said_in(grid: Grid, heading: range, column: int, text: str) -> int:
    """The row of the heading in which a text stands over a column."""
    return next((row for row in heading if grid.merged_text(row, column) == text), heading.start)


# ----------------------------------------------------------------------- where a form begins, and where it ends


def _cuts(grid: Grid, labels: Mapping[int, Mapping[int, tuple[str, ...]]], column: int) -> list[int]:
    """Where a form ends and another begins beside it: again a column of criteria, with points between the two."""
    count, cuts, before = len(set(labels[column].values())), list[int](), -1
    for place in sorted(labels):
        codes = labels[place]
        if 2 * len(set(codes.values())) < count or count < 2:
            continue
        points = any(is_score(grid.value(row, c)) for row in codes for c in range(before + 1, place))
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


def _spelled(grid: Grid, labels: Mapping[int, Mapping[int, tuple[str, ...]]]) -> Labels:
    """The label of each row: in the column of most labels, or left of the points, where that cell is empty.

    «I. Phẩm chất chính trị» may span the column of numbers and that of names, while the items stand in the latter.
    """
    chief = max(labels, key=lambda c: len(set(labels[c].values())))
    points = (c for row in labels[chief] for c in range(chief + 1, grid.width) if is_points(grid.value(row, c)))
    first = min(points, default=chief + 1)
    spelled = {row: (chief, codes) for row, codes in labels[chief].items()}
    for column in sorted(c for c in labels if c < first and c != chief):
        for row, codes in labels[column].items():
            if column > chief or grid.value(row, chief) is None:
                spelled.setdefault(row, (column, codes))
    return dict(sorted(spelled.items()))


def _parts(grid: Grid, words: Words, labels: Labels) -> Iterator[_Part]:
    """The sheet cut where another unit is named, and where a heading comes again.

    After a heading a form goes on, unless its criteria begin anew or the lines above the heading name somebody else.
    """
    rows = list(labels)
    goes_on: dict[int, bool] = {}  # the first row of a part → whether the form above goes on
    codes: dict[int, str] = {}
    named: dict[str, None] = {}
    name, first_code, before = "", "", grid.top - 1
    for row in rows:
        code = meant_here(words, labels[row][1], named)
        other = named_in(grid, range(before + 1, row), words) if row - before > 1 or not named else ""
        again = any(_is_heading(grid, each) for each in range(before + 1, row))
        same = bool(named) and other in ("", name) and not ((again or other) and code == first_code)
        if not same:
            name, named = other or vi.split_kind(apart_from_year(grid.sheet)[0])[1], {}
            first_code = code = meant_here(words, labels[row][1], named)
        if again or not same:
            goes_on[row] = same
        name_last(named, code)
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


def _is_heading(grid: Grid, row: int) -> bool:
    """Whether a row names columns of a form: TT, Tiêu chí, Điểm tối đa, Tự chấm …"""
    texts = {grid.text(row, column) for column in range(grid.left, grid.width)} - {""}
    said = [text for text in texts if headings.role(text) or headings.phase(text)]
    return len(said) >= 2 and not any(LABELLED.match(text) for text in said)


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


def _total_row(grid: Grid, part: _Part, column: int) -> int | None:
    """The row that sums the criteria: «Tổng cộng» under the last of them, in their column or left of it."""
    for row in range(part.end - 1, max(part.rows), -1):
        texts = [grid.text(row, place) for place in range(grid.left, column + 1)]
        if any(headings.role(text) == "total" for text in texts if text):
            return row
    return None


# -------------------------------------------------------------------------------------- what its columns are


def _across(
    grid: Grid,
    words: Words,
    part: _Part,
    column: int,
    maxima: Mapping[str, Decimal],
    penalties: frozenset[str],
) -> _Across:
    phases: dict[int, str] = {}
    plain: dict[int, str] = {}  # «Điểm», «Điểm đạt»: points of a form
    sums: dict[int, str] = {}  # «Tổng điểm»: of a form that has nothing else; the sums beside the units' columns
    units: dict[int, tuple[str, str, str]] = {}
    blank: dict[int, tuple[str, str, str]] = {}  # a unit that has sent nothing, where the columns are units'
    unknown: list[int] = []
    maximum = result = None
    for place in range(column + 1, grid.width):
        texts = _texts(grid, part.heading, place)
        role = next((role for role in map(headings.role, texts) if role), None)
        said = next((text for text in texts if headings.phase(text)), "")
        other = [text for text in texts if _is_unit(words, text)]
        filled = any(is_score(grid.value(row, place)) for row in part.rows)
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
        elif role == "points" or any(headings.phase(text) == "" for text in texts):
            plain[place] = "Điểm"
        elif role == "total":
            sums[place] = "Điểm"
        elif filled and (not role or role in _NO_POINTS):
            unknown.append(place)
    scored = [place for place, said in phases.items() if headings.phase(said) != headings.DEDUCTED]
    if maximum is None and (top := _unsaid_maximum(grid, part, plain, scored)) is not None:
        maximum = top
        del plain[top]
    if result is not None and scored and not plain and _tells_points(grid, words, part, result):
        if _is_outcome(grid, words, part, result, scored, maxima):
            plain[result], result = "Điểm", None
        else:
            unknown.append(result)
    if scored:
        unknown += [place for place in sums if _has_points(grid, part, place)]
    elif not plain:
        plain = sums
    named = [place for place, (unit, *_) in units.items() if vi.split_kind(unit)[0] in KINDS]
    if not scored and not words.official and (named or not plain):  # points taken off are no points
        deducted, phases = phases, {}
        if not named and penalties >= set(part.rows.values()):
            plain = dict.fromkeys(deducted, "Điểm")
        else:
            unknown += [place for place in deducted if _has_points(grid, part, place)]
    if phases or (plain and not named):
        unknown += [place for place in units if _has_points(grid, part, place)]
        return _Across(dict(sorted({**phases, **plain}.items())), {}, maximum, result, sorted(unknown))
    if not units and result is not None:
        phases[result] = "Điểm"
    if units:
        units = dict(sorted({**blank, **units}.items()))
    return _Across(phases, units, maximum, result, sorted(unknown))


def _has_points(grid: Grid, part: _Part, column: int) -> bool:
    return any(is_score(grid.value(row, column)) for row in part.rows)


def _unsaid_maximum(grid: Grid, part: _Part, plain: Iterable[int], scored: Sequence[int]) -> int | None:
    """«Điểm │ Điểm tự chấm»: where no column says «Điểm tối đa», the one before the points that they never exceed."""
    for place in plain:
        texts = _texts(grid, part.heading, place)
        if not scored or place > min(scored) or not _BARE.fullmatch(vi.fold(texts[0])):
            continue
        most = {row: _number(grid.value(row, place)) for row in part.rows}
        given = [(row, number) for row in part.rows for each in scored if (number := _number(grid.value(row, each)))]
        if all((top := most[row]) is not None and number <= top for row, number in given):
            return place
    return None


def _tells_points(grid: Grid, words: Words, part: _Part, column: int) -> bool:
    """Whether a column «Kết quả» holds numbers at criteria, and not only facts."""
    if not any(_SCORE.fullmatch(vi.fold(text)) for text in _texts(grid, part.heading, column)[:1]):
        return False
    return any(is_score(grid.value(row, column)) for row, code in part.rows.items() if code not in words.facts)


def _is_outcome(
    grid: Grid, words: Words, part: _Part, column: int, scored: Sequence[int], maxima: Mapping[str, Decimal]
) -> bool:
    """Whether a column «Kết quả» is what came of the points left of it: one for each of them, none above its maximum."""
    if column < max(scored) or any(code in words.facts for code in part.rows.values()):
        return False
    asked = [row for row in part.rows if any(is_score(grid.value(row, place)) for place in scored)]
    numbers = [(part.rows[row], _number(grid.value(row, column))) for row in asked]
    return all(number is not None and number <= maxima.get(code, number) for code, number in numbers)


def _deducted(grid: Grid, row: int, words: Words, phases: Mapping[int, str]) -> tuple[str, int] | None:
    """(phase that counts, column) of points to be taken off that stand under «Điểm trừ», not where other points do."""
    said = {headings.phase(phase) or "": (phase, place) for place, phase in phases.items() if phase}
    if words.official or headings.DEDUCTED not in said or len(said) < 2:
        return None
    phase, own = said[headings.official(said.keys() - {headings.DEDUCTED})]
    _, place = said[headings.DEDUCTED]
    nothing = grid.value(row, own) is not None and not _number(grid.value(row, place))
    return None if nothing or grid.value(row, place) is None else (phase, place)


def _number(value: Value) -> Decimal | None:
    if isinstance(value, str):
        number = vi.read_number(vi.clean(value))
        return None if isinstance(number, vi.NoNumber) else number
    return vi.from_float(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


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


# ------------------------------------------------------------------------------- points that nobody claims


def _left_over(grid: Grid, part: _Part, across: _Across, labels: Labels, named: Mapping[int, str]) -> Iterator[Finding]:
    """Points that no criterion claims: rows that name none, columns that say nothing that is known."""
    places = [*across.phases, *across.units]
    column = labels[min(part.rows)][0]
    rows = [
        row
        for row in range(part.heading.start if part.heading else min(part.rows), part.end)
        if row not in named and any(is_score(grid.value(row, place)) for place in places)
        and not headings.is_numbering(grid, row)
        and not any(headings.is_no_unit(grid.text(row, place)) for place in range(grid.left, column + 1))
    ]  # fmt: skip
    if rows:
        yield unknown_rows(grid, rows, column)
    if across.unknown:
        yield unknown_columns(grid, _headed(grid, part, across.unknown), min(part.rows))


def _headed(grid: Grid, part: _Part, columns: Iterable[int]) -> dict[int, str]:
    return {place: " / ".join(_texts(grid, part.heading, place)) for place in columns}
