"""The long table (bảng dài): a row for each unit and criterion, and perhaps each year and each phase.

    Đơn vị │ Năm  │ Tiêu chí      │ Điểm tự chấm │ Điểm thẩm định
    Xã Ná  │ 2019 │ Tiêu chí một  │      19      │       18
           │      │ Phần thứ nhất │      11      │       10
    Xã Nả  │ 2019 │ Tiêu chí một  │      15      │       12

A unit that is written once goes on in the blank cells below it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
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
from xeploai.steps.whose import letterhead, names_writer, year_of
from xeploai.steps.wide import COLUMNS, LONG, Entry, Found, Spread, put, seen_at, value_at

_ROUNDS = re.compile(
    r"loai diem( .*)?|giai doan( .*)?|(lan|cap|vong|buoc|dot|ky) (cham|danh gia|tham dinh)( .*)?|vong|buoc|dot"
)


class _Columns(NamedTuple):
    """The heading of a long table."""

    row: int
    roles: Mapping[str, int]  # "name", "parent", "year" …
    phases: Mapping[int, str]  # column of points → its heading
    rounds: int | None  # where each row says which points it holds
    maximum: int | None
    unknown: Mapping[int, str]


def long(
    grid: Grid,
    words: Words,
    maxima: Mapping[str, Decimal],
    labels: Mapping[int, tuple[str, ...]],
    column: int,
    penalties: frozenset[str] = frozenset(),
) -> Spread | None:
    """A row for each unit and criterion: its heading has a unit, a criterion, and points.

    `penalties` are the criteria whose points are taken off.
    """
    heading = _long_heading(grid, labels, column)
    if heading is None:
        return None
    if not words.official and heading.rounds is None and not all(penalties.issuperset(c) for c in labels.values()):
        taken = {place: said for place, said in heading.phases.items() if headings.phase(said) == headings.DEDUCTED}
        if len(taken) == len(heading.phases):  # points taken off are no points
            return Spread(LONG, [], {}, [unknown_columns(grid, taken | dict(heading.unknown), heading.row)])
    roles = [role for role in COLUMNS if role in heading.roles]
    whole, findings = _of_all(grid, range(grid.top, heading.row), roles)
    units: dict[tuple[str, ...], tuple[dict[str, Found], dict[tuple[str, str], Found], dict[str, None], list[int]]] = {}
    heads: dict[tuple[str, str], tuple[Cell, Cell]] = {}
    twice: list[Cell] = []
    nameless: list[int] = []
    strange: list[int] = []
    stated: dict[tuple[str, Value], int] = {}
    known: dict[tuple[str, str], str] = {}
    above: dict[str, Found] = {}
    for row in range(heading.row + 1, grid.height):
        filled = any(is_score(grid.value(row, place)) for place in heading.phases)
        text = grid.text(row, column)
        total = headings.role(text) == "total"
        if row not in labels and not total:
            if filled and not headings.is_numbering(grid, row) and not headings.is_no_unit(text):
                strange.append(row)
            continue
        line = {role: seen_at(grid, row, heading.roles[role]) for role in roles}
        named = bool(headings.as_name(line["name"].value))
        if total and not named:
            continue  # the sum of everybody
        line = _filled_down(line, above)
        facts, values, path, rows = units.get(tuple(_same(line[role]) for role in roles), ({}, {}, {}, []))
        code = "" if total else meant_here(words, labels[row], path)
        if not headings.as_name(line["name"].value) or (not named and code in path):
            if filled:
                nameless.append(row)
            continue
        if not facts:
            facts = line
            units[tuple(_same(line[role]) for role in roles)] = facts, values, path, rows
        above = line
        name_last(path, code)
        rows.append(row)
        said = "Tổng điểm" if total else known.get((text, code))
        said = said or known.setdefault((text, code), heading_of(grid, words, row, column, code))
        if heading.maximum is not None and not total:
            stated.setdefault((code, grid.value(row, heading.maximum)), row)
        for place, phase in heading.phases.items():
            which = grid.text(row, heading.rounds) if heading.rounds is not None else ""
            key = said, which if headings.phase(which) else phase
            heads.setdefault(key, (grid.cell(row, column), grid.cell(heading.row, place)))
            twice += put(values, key, value_at(grid, row, place))
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
        findings.append(told_twice(grid, twice))
    findings += (
        our.NAME_MISSING(sheet=grid.sheet, row=row + 1, at=grid.cell(row, heading.roles["name"])) for row in nameless
    )
    if strange:
        findings.append(unknown_rows(grid, strange, column))
    if heading.unknown:
        findings.append(unknown_columns(grid, heading.unknown, heading.row))
    for (code, _), row in stated.items():
        findings += other_maxima(grid, {row: code}, heading.maximum, maxima)
    findings += hidden_points(grid, partly, heading.phases)
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
            elif role and not (role == "name" and names_writer(text)):
                roles.setdefault(role, place)
            elif any(is_points(value) for value in inside):
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
    if "parent" not in roles and (office := letterhead(grid, above)):
        whole["parent"] = office
    if "year" not in roles:
        year, findings = year_of(grid, above, None)
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
