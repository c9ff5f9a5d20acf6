"""validate: what was entered → exact points, and a finding with its cell for everything that is no number of points.

Worked by column: the few different numbers of a column are looked at once each. A unit with a fault is not rated, and is
never taken as 0; its other points stay, so that flags on them still fire.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xeploai import findings as our
from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Block, Cell, CellError, ScoreSheet, Uncomputed, Unit, Value

DUST = Decimal("1e-9")
"""No office gives a billionth of a point: smaller numbers are what a subtraction of fractions leaves behind."""


def validate(book: RuleBook, sheet: ScoreSheet) -> tuple[ScoreSheet, list[Finding]]:
    """The sheet with its exact points, its faulty units named; findings in the order of the cells."""
    findings: list[Finding] = []
    faulty: dict[int, list[str]] = defaultdict(list, {p: list(why) for p, why in sheet.faulty.items()})
    points: dict[str, list[Decimal | None]] = {code: [None] * len(sheet.units) for code in sheet.entered}
    for block in sheet.blocks:
        here = range(block.first, block.first + len(block.lines))
        empty = _empty_units(sheet, block, here)
        for position in empty:
            cells = [cell for code in block.leaves if (cell := block.cell(position, code))]
            where = cells[0].address + (f"–{cells[-1].address}" if len(cells) > 1 else "")
            unit = sheet.units[position]
            findings.append(
                our.NOTHING_ENTERED(unit=unit, cells=where, year=sheet.year, at=cells[0], related=tuple(cells[1:]))
            )
            faulty[position].append("chưa có điểm nào")
        text_numbers: list[Cell] = []
        for code in block.leaves:
            column = sheet.entered[code][here.start : here.stop]
            exact = _all_numbers(column, book.nodes[code])
            if exact is None:
                exact, said = _one_by_one(book, sheet, block, code, column, empty, text_numbers)
                findings += said
                for finding, position in zip(said, _positions(block, said), strict=True):
                    faulty[position].append(
                        f"{code}: {_reason(finding)} (ô {finding.at.address if finding.at else '?'})"
                    )
            points[code][here.start : here.stop] = exact
        findings += _said_of_text(block, text_numbers)
    findings.sort(
        key=lambda finding: (
            (finding.at.file, finding.at.sheet, finding.at.row, finding.at.column) if finding.at else ("", "", 0, 0)
        )
    )
    return replace(sheet, points=points, faulty={p: tuple(why) for p, why in sorted(faulty.items())}), findings


def _all_numbers(column: Sequence[Value], criterion: Criterion) -> list[Decimal | None] | None:
    """The column's points where every cell is a sound number; None: look at the cells one by one.

    Types first: True == 1.0, and a dictionary would take one for the other.
    """
    if not set(map(type, column)) <= {float, int}:
        return None
    exact: dict[object, Decimal] = {}
    for value in set(column):
        assert isinstance(value, float | int)
        number = vi.from_float(float(value))
        scored = criterion.scoring.points(number, criterion.max_points)
        if scored is None or (number and abs(number) < DUST):
            return None
        exact[value] = scored
    return [exact[value] for value in column]


def _one_by_one(
    book: RuleBook,
    sheet: ScoreSheet,
    block: Block,
    code: str,
    column: Sequence[Value],
    empty: set[int],
    texts: list[Cell],
) -> tuple[list[Decimal | None], list[Finding]]:
    exact: list[Decimal | None] = []
    findings: list[Finding] = []
    for position, value in enumerate(column, block.first):
        cell = block.cell(position, code)
        assert cell is not None
        seen = _look(book, sheet.units[position], code, value, cell, sheet.year)
        if isinstance(seen, Finding):
            exact.append(None)
            if position not in empty:
                findings.append(seen)
        else:
            exact.append(seen)
            if isinstance(value, str):
                texts.append(cell)
    return exact, findings


def _look(book: RuleBook, unit: Unit, code: str, value: Value, cell: Cell, year: int | None) -> Decimal | Finding:
    """The points in one cell, or the finding that says why there are none."""

    def say(rule: our.Rule, **seen: Any) -> Finding:
        return rule(unit=unit, criterion=code, year=year, at=cell, cell=cell.address, **seen)

    if isinstance(value, str) and not vi.clean(value):
        value = None
    if value is None:
        return say(our.POINTS_MISSING)
    if isinstance(value, bool):
        return say(our.CELL_BOOLEAN, seen="TRUE" if value else "FALSE")
    if isinstance(value, CellError):
        return say(our.CELL_ERROR, seen=value.code)
    if isinstance(value, Uncomputed):
        return say(our.CELL_UNCOMPUTED)
    if isinstance(value, datetime | date | time | timedelta):
        return say(our.CELL_DATE, seen=_moment(value), serial=vi.number(serial(value)))
    if isinstance(value, str):
        number = vi.read_number(value, book.decimal_mark)
        if number is vi.NoNumber.AMBIGUOUS:
            digits = vi.clean(value)
            small, large = digits.replace(".", ","), digits.replace(".", "")
            return say(our.POINTS_AMBIGUOUS, seen=vi.shown(digits), small=small, large=large)
        if isinstance(number, vi.NoNumber):
            return say(our.POINTS_TEXT, seen=vi.shown(value))
    else:
        number = vi.from_float(float(value))
    if number and abs(number) < DUST:
        return say(our.POINTS_DUST, seen=f"{number:.2e}".replace(".", ","))
    criterion = book.nodes[code]
    scored = criterion.scoring.points(number, criterion.max_points)
    if scored is not None:
        return scored
    if number < 0:
        return say(our.POINTS_NEGATIVE, seen=vi.number(number))
    seen, most = vi.apart(number, criterion.max_points)
    return say(our.POINTS_TOO_HIGH, seen=seen, most=most)


def serial(value: datetime | date | time | timedelta) -> Decimal:
    """The number that Excel stores under a date format: 4.3 under a date is 04/01/1900 07:12."""
    if isinstance(value, time):
        whole = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    elif isinstance(value, timedelta):
        whole = value
    else:
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        whole = moment.replace(tzinfo=None) - datetime(1899, 12, 30)
        if whole < timedelta(days=61):  # Excel believes in 29 February 1900
            whole -= timedelta(days=1)
    seconds = Fraction(whole.days * 86400 + whole.seconds) + Fraction(whole.microseconds, 1_000_000)
    return vi.rounded(seconds / 86400, 6)


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M") if value.time() != time() else value.strftime("%d/%m/%Y")
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else value.strftime("%H:%M")


def _empty_units(sheet: ScoreSheet, block: Block, here: range) -> set[int]:
    """Units whose every score cell is empty: one finding for the row, not one for each criterion."""
    columns = [sheet.entered[code] for code in block.leaves]
    if len(columns) < 2:
        return set()
    first = columns[0]
    return {p for p in here if first[p] is None and all(column[p] is None for column in columns)}


def _positions(block: Block, findings: Sequence[Finding]) -> list[int]:
    by_line = {line: position for position, line in enumerate(block.lines, block.first)}
    return [by_line[finding.at.row] for finding in findings if finding.at]


def _reason(finding: Finding) -> str:
    title = our.CATALOGUE[finding.code].title
    return title[0].lower() + title[1:]


def _said_of_text(block: Block, cells: list[Cell]) -> list[Finding]:
    if not cells:
        return []
    words = ", ".join(cell.address for cell in cells[:12]) + (" …" if len(cells) > 12 else "")
    return [
        our.TEXT_NUMBERS(sheet=block.grid.sheet, count=len(cells), cells=words, at=cells[0], related=tuple(cells[1:]))
    ]
