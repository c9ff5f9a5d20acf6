"""Wide tables below each other in one sheet, each under a heading and a title of its own: years, or rounds of points.

    BẢNG ĐIỂM NĂM 2018          ⎫
    TT │ Đơn vị │ Tiêu chí …    ⎬ two years: two sheets
    BẢNG ĐIỂM NĂM 2019          ⎪
    TT │ Đơn vị │ Tiêu chí …    ⎭
    ĐIỂM TỰ CHẤM                ⎫
    ĐIỂM THẨM ĐỊNH LẦN 2        ⎬ two phases: one table, the phases side by side
                                ⎭
A heading that only comes again (a new page, the next district) is left to `rows`, which passes over it. Where the titles
tell something else apart («Đợt 1», «Đợt 2») nobody knows what counts: the units then stand twice, which is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Cell, Grid
from xeploai.steps import headings
from xeploai.steps.bind import rows_of, told_of
from xeploai.steps.table import Table, Words, find, has_numbers
from xeploai.steps.wide import STACKED, Entry, Found, Spread, value_at

LEAST = 2
"""Criteria that a row must name to be a heading."""

_PHASES = (
    ("chính thức", re.compile(r"chinh thuc|cuoi cung|phe duyet")),
    ("thẩm định", re.compile(r"tham dinh(?: lan (?P<again>\d|i{1,3})\b)?")),
    ("thẩm định", re.compile(r"phuc tra(?: lan (?P<again>\d|i{1,3})\b)?")),
    ("tự chấm", re.compile(r"tu cham|tu danh gia")),
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3"}


def stacked(book: RuleBook, words: Words, grid: Grid) -> list[Grid] | Spread | None:
    """The tables of a sheet as sheets of their own, by year; or as one table with phases; None for any other sheet."""
    blocks = _blocks(words, grid)
    if len(blocks) < 2:
        return None
    titles = [_titles(block, words) for block in blocks]
    years = [_year(lines) for lines in titles]
    if None not in years and len(set(years)) == len(years):
        return blocks
    phases = [_phase(lines) for lines in titles]
    if all(phases) and len(set(phases)) == len(phases) and len({*years} - {None}) < 2:
        return _side_by_side(book, words, blocks, phases)
    return None


def _blocks(words: Words, grid: Grid) -> list[Grid]:
    """The sheet cut before the lines over each heading. Headings are rows that name the same criteria."""
    named: dict[int, frozenset[str]] = {}
    known: dict[str, tuple[str, ...]] = {}
    for row, line in enumerate(grid.rows, grid.top):
        texts = [value for value in line if isinstance(value, str) and value]
        if len(texts) < LEAST or any(isinstance(value, float) for value in line):
            continue
        for text in texts:
            if text not in known:
                known[text] = words.named(vi.clean(text))[0]
        codes = frozenset(code for text in texts for code in known[text])
        if len(codes) >= LEAST:
            named[row] = codes
    if not named:
        return []
    chief = max(named.values(), key=len)
    heads = [row for row, codes in named.items() if codes == chief]
    starts = [grid.top]
    for before, head in pairwise(heads):
        start = head
        while start - 1 > before and not has_numbers(grid, start - 1):
            start -= 1
        starts.append(start)
    blocks = [_rows_of(grid, start, end) for start, end in pairwise([*starts, grid.height])]
    said = [bool(_year(lines) or _phase(lines)) for lines in (_titles(block, words) for block in blocks)]
    begins = [start for start, told in zip(starts[1:], said[1:], strict=True) if told]  # else it is only a new page
    return [_rows_of(grid, start, end) for start, end in pairwise([grid.top, *begins, grid.height])]


def _rows_of(grid: Grid, start: int, end: int) -> Grid:
    merged = tuple(area for area in grid.merged if start <= area[0] and area[2] < end)
    return replace(grid, rows=grid.rows[start - grid.top : end - grid.top], top=start, merged=merged)


def _titles(block: Grid, words: Words) -> list[str]:
    """The lines over the heading of a block."""
    found = find(block, words)
    last = found.first if found else block.top
    texts = (block.text(row, column) for row in range(block.top, last) for column in range(block.left, block.width))
    return [text for text in texts if text]


def _year(lines: Sequence[str]) -> int | None:
    years = {year for text in lines if (year := headings.year_in_title(text))}
    return years.pop() if len(years) == 1 else None


def _phase(lines: Sequence[str]) -> str:
    """The phase that the title of a block tells; the nearest line first."""
    for text in reversed(lines):
        for phase, pattern in _PHASES:
            if found := pattern.search(vi.fold(text)):
                again = found.groupdict().get("again") or ""
                again = _ROMAN.get(again, again)
                return f"{phase} lần {again}" if again and again != "1" else phase
    return ""


# ------------------------------------------------------------------------------------------ phases side by side


def _side_by_side(book: RuleBook, words: Words, blocks: Sequence[Grid], phases: Sequence[str]) -> Spread | None:
    """Every unit once, with its points of each block under that block's phase. None where a unit stands twice in a block."""
    who: dict[tuple[str, str], dict[str, Found]] = {}
    values: dict[tuple[str, str], dict[tuple[str, str], Found]] = {}
    hidden: dict[tuple[str, str], list[bool]] = {}
    heads: dict[tuple[str, str], tuple[Cell, Cell]] = {}
    findings: list[Finding] = []
    for block, phase in zip(blocks, phases, strict=True):
        table = find(block, words)
        if table is None or "name" not in table.roles or table.phases:
            return None
        findings += [*table.findings, *told_of(book, table)]
        columns = {table.heading.get(column, code): column for code, column in {**table.points, **table.facts}.items()}
        if "total" in table.roles:
            columns["Tổng điểm"] = table.roles["total"]
        seen: set[tuple[str, str]] = set()
        for row, told in _units(book, block, table):
            name, parent = str(told["name"].value), str(told["parent"].value) if "parent" in told else ""
            unit = (" ".join(vi.split_kind(name)), vi.split_kind(parent)[1])
            if unit in seen:
                return None
            seen.add(unit)
            who.setdefault(unit, told)
            hidden.setdefault(unit, []).append(row in block.hidden_rows)
            for heading, column in columns.items():
                key = (heading, f"Điểm {phase}")
                heads.setdefault(key, (block.cell(table.first, column), block.cell(table.first, column)))
                values.setdefault(unit, {})[key] = value_at(block, row, column)
    year = next((year for block in blocks if (year := _year(_titles(block, words)))), None)
    entries = []
    for unit, told in who.items():
        nothing = Found(None, told["name"].at)
        if year:
            told["year"] = Found(year, told["name"].at)
        entries.append(Entry(told, {key: values[unit].get(key, nothing) for key in heads}, any(hidden[unit])))
    return Spread(STACKED, entries, heads, findings) if entries else None


def _units(book: RuleBook, block: Grid, table: Table) -> Iterator[tuple[int, dict[str, Found]]]:
    """The rows of the units of a block, with what is told of each."""
    found, _, _ = rows_of(book, table)
    for group in found.values():
        for unit, row, kind in zip(group.units, group.lines, group.kinds, strict=True):
            at = block.cell(row, table.roles["name"])
            said = {"name": unit.name, "parent": unit.parent, "code": unit.code, "kind": kind}
            yield row, {role: Found(text, at) for role, text in said.items() if text}
