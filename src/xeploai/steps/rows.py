"""rows: what each row under a heading is: a unit, a district, a sum, a signature, or a question for a person.

One look over all rows first, for the table itself tells how its units look: are they numbered, do they say that they are
communes? Then each row is judged by that.

    │ I │ Huyện Một        │    │    │   section
    │ 1 │ Xã Ná            │ 18 │  5 │   unit
    │ 2 │ Xã Nả            │    │    │   unit (without points: an error later, never lost)
    │   │ Cộng             │ 36 │ 10 │   sum
    │   │ Độ lệch          │  2 │  1 │   doubtful: units are numbered, this row is not
    │   │ Người lập biểu   │    │    │   closing, and all that follows without points
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from xeploai import vi
from xeploai.model import Value
from xeploai.steps import headings
from xeploai.steps.table import Table

What = Literal["unit", "section", "nameless", "sum", "doubtful", "closing"]
Number = Literal["count", "sub", "roman", ""]

_DATED = re.compile(r"ngày\W*\d*\W*tháng\W*\d*\W*năm")
_CLOSERS = re.compile(
    r"(noi nhan|nguoi (lap|tong hop|kiem tra)|(pho )?chu tich|(pho )?giam doc|(pho )?truong (phong|ban)|thu truong"
    r"|tm |kt |tl |tuq |lanh dao|dai dien|ky |xac nhan|ghi chu|luu y|luu |chu thich)"
)
_LEAD = re.compile(r"^(?:[ivxlc]+|[a-zđ])[.)]\s+", re.IGNORECASE)


class Row(NamedTuple):
    """A row of the sheet, what it is, and the name or label that it goes by."""

    row: int
    what: What
    name: str


@dataclass(slots=True, eq=False, repr=False)
class _Seen:
    """What a row shows at a glance."""

    row: int
    name: str
    label: str
    number: Number
    counted: float
    kind: str
    line: Sequence[Value]
    scored: bool
    after_blank: bool


def rows(found: Table, *, bands: Collection[str], maxima: Mapping[str, Decimal]) -> list[Row]:
    """Every row under the heading that is not blank. `bands` are the keys of the book's band names."""
    return _without_idle_sections(list(_rows(found, bands, maxima)))


def _rows(found: Table, bands: Collection[str], maxima: Mapping[str, Decimal]) -> Iterator[Row]:
    seen = list(_glances(found))
    has_parents = "parent" in found.roles
    scored = [each for each in seen if each.scored and each.name and not _is_sum(each, bands)]
    communes = any(each.kind in vi.COMMUNE_KINDS for each in scored)
    known = [each for each in scored if each.number or each.kind]
    numbered = 2 * sum(each.number in ("count", "sub") for each in known) > len(known)
    unit_kinds = frozenset(each.kind for each in scored if each.number == "count" or not numbered)
    last = _last_units(found, seen)
    kinded = 2 * sum(each.kind in vi.COMMUNE_KINDS for each in scored) > len(scored)
    alike = (
        place
        for place, each in enumerate(seen)
        if each.name and (each.number or (kinded and each.kind in vi.COMMUNE_KINDS))
    )  # the rows that look like this table's units: numbered, or saying that they are communes
    last_alike = max(alike, default=len(seen)) if numbered or kinded else len(seen)
    started = closing = ended = after_sum = False
    for place, each in enumerate(seen):
        following = seen[place + 1] if place + 1 < len(seen) else None
        ended = ended or (each.after_blank and started)
        if _is_heading(found, each):
            ended = closing = False
            continue
        if _is_sum(each, bands) or _is_maxima(each, found, maxima, started=started):
            yield Row(each.row, "sum", each.name or each.label)
            after_sum = started
            continue
        closing = closing or (started and place > last[place] and not each.scored and _closes(found, each))
        what = _judged(
            found, each, following, communes=communes, numbered=numbered, beyond=place > last_alike,
            has_parents=has_parents, after_sum=after_sum, closing=closing, ended=ended, unit_kinds=unit_kinds,
        )  # fmt: skip
        if what == "unit":
            started = True
        if what in ("unit", "section"):
            ended = after_sum = False
        if what:
            yield Row(each.row, what, _plain_name(each, what))


def _without_idle_sections(rows: list[Row]) -> list[Row]:
    """A section that holds nobody is a question: it may be a unit that forgot to say so."""
    kept = list(rows)
    for place, row in enumerate(rows):
        if row.what != "section":
            continue
        below = [each.what for each in rows[place + 1 :] if each.what in ("unit", "section", "nameless")][:1]
        if not below:
            kept[place] = row._replace(what="doubtful")
    return kept


def _judged(
    found: Table,
    each: _Seen,
    following: _Seen | None,
    *,
    communes: bool,
    beyond: bool,
    after_sum: bool,
    numbered: bool,
    has_parents: bool,
    closing: bool,
    ended: bool,
    unit_kinds: frozenset[str],
) -> What | None:
    """What one row is; None for a row with nothing to say (a prepared number, words beside the table)."""
    district = each.kind in vi.DISTRICT_KINDS
    above_units = district and (communes or not (each.kind in unit_kinds or unit_kinds & vi.DISTRICT_KINDS))
    if each.scored:
        if not has_parents and above_units and each.number == "count" and _counts_on(each, following):
            return "doubtful"  # «Thị xã» typed for «Thị trấn»: numbered like its neighbours, no sum of a district
        begins = following is not None and following.number == "count" and following.counted == 1
        if not has_parents and (
            above_units or (each.number == "roman" and numbered) or (district and begins and each.number != "count")
        ):
            return "section"
        if not each.name:
            return "nameless"
        said = _coded(found, each.row) or _kinded(found, each.row)
        strange = each.kind not in vi.COMMUNE_KINDS and not each.number and not said
        if strange and beyond and _complete(found, each):
            return "doubtful"  # figures under the last unit: a share, a mean, a difference
        return "doubtful" if strange and (numbered or "" not in unit_kinds) and (after_sum or ended) else "unit"
    if not (each.name or each.label):
        return None
    if closing:
        return "closing"
    if above_units or (each.number == "roman" and each.kind not in vi.COMMUNE_KINDS):
        return "section"
    if each.name and (each.number == "count" or _coded(found, each.row) or each.kind in vi.COMMUNE_KINDS or district):
        return "unit"
    opens = following is not None and following.number == "count" and following.counted == 1
    if not each.number and (_is_merged_across(found, each.row) or opens) and not (has_parents and each.name):
        return "section"
    if not each.name:
        return None
    if each.number == "sub":
        return "doubtful" if numbered and not opens else "unit"
    return "unit" if "number" not in found.roles and not ended else "closing" if ended else "doubtful"


def _complete(found: Table, each: _Seen) -> bool:
    """Whether a number stands under every criterion."""
    places = [column - found.grid.left for column in found.points.values()]
    return all(place < len(each.line) and isinstance(each.line[place], float | int) for place in places)


def _last_units(found: Table, seen: Sequence[_Seen]) -> list[int]:
    """For every row the place of the last sure unit before the heading comes again: no remark above it ends the table."""
    last, found_here = [-1] * len(seen), -1
    for place in range(len(seen) - 1, -1, -1):
        if _is_heading(found, seen[place]):
            found_here = -1
        elif found_here < 0 and _surely_unit(seen[place]):
            found_here = place
        last[place] = found_here
    return last


def _surely_unit(each: _Seen) -> bool:
    """A row before which no table is over: numbered, with points, or a commune that is not the place of a date."""
    if each.number == "count" or each.scored:
        return bool(each.name)
    return each.kind in vi.COMMUNE_KINDS and not _DATED.search(vi.key(each.name))


def _counts_on(each: _Seen, following: _Seen | None) -> bool:
    """Whether the next row goes on counting from this one; under a district it would begin anew, or not count at all."""
    return following is not None and following.number == "count" and following.counted == each.counted + 1


def _plain_name(each: _Seen, what: What) -> str:
    name = each.name or each.label
    return _LEAD.sub("", name) if what == "section" else name


# ------------------------------------------------------------------------------------------- at a glance


def _glances(found: Table) -> Iterator[_Seen]:
    grid = found.grid
    name_column, number_column = found.roles.get("name"), found.roles.get("number")
    places = [column - grid.left for column in sorted(found.points.values())]
    width = found.left - grid.left
    blank = False
    for row, line in enumerate(grid.rows[found.data - grid.top :], found.data):
        if all(value is None for value in line):
            blank = True
            continue
        scored = any(is_score(line[place]) for place in places if place < len(line))
        name = headings.as_name(grid.value(row, name_column)) if name_column is not None else ""
        number, counted = _number(grid.value(row, number_column) if number_column is not None else None)
        texts = (
            value
            for column, value in enumerate(line[:width], grid.left)
            if isinstance(value, str) and not (number and column == number_column)
        )
        label = next((text for value in texts if (text := vi.clean(value))), "")
        kind = vi.split_kind(name or _LEAD.sub("", label))[0]
        yield _Seen(row, name, label, number, counted, kind, line, scored, blank)
        blank = False


def _number(value: Value) -> tuple[Number, float]:
    """How a row is numbered: 1, "1.", "03" count; "1.1", "a", "-" number what is below something; I, II number districts."""
    if isinstance(value, bool) or value is None:
        return "", 0
    if isinstance(value, float | int):
        return ("count", value) if value == int(value) else ("sub", 0)
    text = vi.clean(value).rstrip(".)") if isinstance(value, str) else ""
    if not text or len(text) > 8:
        return "", 0
    if text.isdigit():
        return "count", float(text)
    if headings.is_roman(text) or re.fullmatch(r"[A-ZĐ]", text):
        return "roman", 0
    return ("sub", 0) if re.fullmatch(r"[-+•*–]|[a-zđ]|\d+(?:\.\d+)+", text) else ("", 0)


def is_score(value: Value) -> bool:
    """Whether this was meant as points. Words are not: under a table stand names and «(Ký, ghi rõ họ tên)»."""
    if type(value) is float:
        return True
    return vi.read_number(value) is not vi.NoNumber.TEXT if isinstance(value, str) else value is not None


def _kinded(found: Table, row: int) -> bool:
    """Whether the row says what kind of unit it is in a column of its own."""
    return "kind" in found.roles and bool(found.grid.text(row, found.roles["kind"]))


def _coded(found: Table, row: int) -> bool:
    return "code" in found.roles and bool(
        re.search(r"\d", headings.as_name(found.grid.value(row, found.roles["code"])))
    )


# ----------------------------------------------------------------------------------------- no unit at all


def _is_heading(found: Table, each: _Seen) -> bool:
    """The heading once more (a new page), or a row that numbers the columns."""
    grid = found.grid
    if len(each.name) < 8 and headings.is_numbering(grid, each.row):
        return True
    if not isinstance(grid.value(each.row, found.left), str):
        return False
    same = sum(grid.text(each.row, column) == text for column, text in found.heading.items() if text)
    return same >= 3 and 2 * same >= len(found.heading)


def _is_sum(each: _Seen, bands: Collection[str]) -> bool:
    if headings.is_no_unit(each.label) or headings.is_no_unit(each.name):
        return True
    return not each.number and (
        vi.key(each.name) in bands or (headings.role(each.name) in ("band", "rank") and not each.kind)
    )


def _is_maxima(each: _Seen, found: Table, maxima: Mapping[str, Decimal], *, started: bool) -> bool:
    """The book's own maxima, number for number, in a row without a name above the first unit."""
    if started or each.name:
        return False
    wanted = {column - found.grid.left: maxima[code] for code, column in found.points.items() if code in maxima}
    return len(wanted) > 1 and all(
        place < len(each.line) and _maximum(each.line[place]) == most for place, most in wanted.items()
    )


def _maximum(value: Value) -> Decimal | None:
    """20, "20", "20 điểm", "(20đ)" → 20."""
    if isinstance(value, str):
        bare = re.sub(r"^\(|\)$|\s*(?:điểm|đ)\)?$", "", vi.key(value)).strip()
        number = vi.read_number(bare)
        return None if isinstance(number, vi.NoNumber) else number
    return vi.from_float(float(value)) if isinstance(value, float | int) and not isinstance(value, bool) else None


def _closes(found: Table, each: _Seen) -> bool:
    """A date line, a signer's office, a list of recipients, a remark: the table is over."""
    line: Sequence[Value] = found.grid.rows[each.row - found.grid.top]
    for value in line:
        if not isinstance(value, str) or not (text := vi.clean(value)):
            continue
        if _DATED.search(vi.key(text)) or _CLOSERS.match(vi.fold(text) + " "):
            return True
    first = each.name or each.label
    return first.startswith(("-", "(", "*", "+")) and not each.number


def _is_merged_across(found: Table, row: int) -> bool:
    return any((row, column) in found.grid.spread for column in found.points.values())
