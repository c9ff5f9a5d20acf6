"""validate: what was entered → exact points, and a finding with its cell for everything that is no number of points.

Worked by column: the few different numbers of a column are looked at once each. A unit with a fault is not rated, and is
never taken as 0; its other points stay, so that flags on them still fire.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xeploai import findings as our
from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Block, Cell, CellError, Disputed, FactValue, ScoreSheet, Uncomputed, Unit, Value
from xeploai.steps import headings
from xeploai.steps.facts import Wrong, fact_of, is_blank, is_not_applicable

if TYPE_CHECKING:
    from xeploai.book.facts import Fact

DUST = Decimal("1e-9")
"""No office gives a billionth of a point: smaller numbers are what a subtraction of fractions leaves behind."""

FAR_ABOVE = 200
"""Percent. A target may be met one and a half times; a share above this was rather typed before its cell was formatted."""

_WITH_UNIT = re.compile(r"(.*?)\s*(điểm|đ|%)\.?")  # «9,5 điểm», «56,17 %»: no number, but one stands in it


def validate(book: RuleBook, sheet: ScoreSheet) -> tuple[ScoreSheet, list[Finding]]:
    """The sheet with its exact points and facts, its faulty units named; findings in the order of the cells."""
    work = _Work(book, sheet)
    for block in sheet.blocks:
        work.block(block)
    for (_, name), cells in work.beside.items():
        work.findings += _said_of_text(name, cells)
    work.findings.sort(
        key=lambda finding: (
            (finding.at.file, finding.at.sheet, finding.at.row, finding.at.column) if finding.at else ("", "", 0, 0)
        )
    )
    checked = sheet._replace(
        points=work.points, faulty={p: tuple(why) for p, why in sorted(work.faulty.items())}, facts=work.facts,
        phases=work.phases, absent={code: frozenset(found) for code, found in work.absent.items()}, lacking=work.lacking,
    )  # fmt: skip
    return checked, work.findings


class _Work:
    """One sheet while it is looked at, block by block."""

    def __init__(self, book: RuleBook, sheet: ScoreSheet) -> None:
        self.book, self.sheet = book, sheet
        self.findings: list[Finding] = []
        self.faulty: dict[int, list[str]] = defaultdict(list, {p: list(why) for p, why in sheet.faulty.items()})
        codes = {code for block in sheet.blocks for code in block.leaves} | (sheet.entered.keys() & book.nodes.keys())
        count = len(sheet.units)
        self.points: dict[str, list[Decimal | None]] = {code: [None] * count for code in codes}
        read = {code for block in sheet.blocks for leaf in block.leaves for code in book.inputs.get(leaf, ())}
        own = {code for code in read if code in book.nodes and book.nodes[code].scoring.own != "điểm"}
        self.facts: dict[str, list[FactValue]] = {
            code: [None] * count for code in (*(fact.code for fact in book.facts), *sorted(own))
        }
        phases = dict.fromkeys(phase for block in sheet.blocks for phase in block.phases)
        self.phases: dict[str, dict[str, list[Decimal | None]]] = {
            phase: {code: [None] * count for block in sheet.blocks for code in block.phases.get(phase, ())}
            for phase in phases
        }
        self.absent: dict[str, set[int]] = defaultdict(set)
        self.lacking: dict[str, dict[int, Decimal]] = defaultdict(dict)
        self.beside: dict[tuple[str, str], list[Cell]] = defaultdict(list)  # texts in tables beside the score sheet
        self.idle: dict[str, set[int]] = {}
        if book.by_kind:
            for code in codes:
                every = book.for_every_kind
                self.idle[code] = {
                    p for p, kind in enumerate(sheet.kinds) if code not in (book.applicable(kind) if kind else every)
                }

    def block(self, block: Block) -> None:
        """Every column of this block."""
        book, sheet = self.book, self.sheet
        here = range(block.first, block.first + len(block.lines))
        empty = _empty_units(book, sheet, block, here)
        for position in empty:
            codes = [code for leaf in block.leaves for code in _columns_of(book, block, leaf)]
            cells = [cell for code in codes if (cell := sheet.cell(position, code))] or [block.named(position)]
            where = cells[0].address + (f"–{cells[-1].address}" if len(cells) > 1 else "")
            unit = sheet.units[position]
            self.findings.append(
                our.NOTHING_ENTERED(unit=unit, cells=where, year=sheet.year, at=cells[0], related=tuple(cells[1:]))
            )
            self.faulty[position].append("chưa có điểm nào")
        texts: list[Cell] = []
        phased = _making(book, block)
        for code in block.leaves:
            criterion, made = book.nodes[code], _making(book, block, code) if phased else []
            if criterion.phases and code not in sheet.entered:
                self.absent[code].update(here)  # nobody was asked: no phase that gives it has a column
                continue
            if code not in block.whole and criterion.scoring.own != "điểm" and code not in book.inputs[code]:
                continue  # scored from facts alone, which are read below
            if code not in block.whole and criterion.scoring.own != "điểm":
                self._own_column(block, criterion, empty, texts)
                continue
            if made and any(code in block.phases.get(phase, ()) for phase, _ in made):
                self._from_phases(block, criterion, made, empty)
                continue
            column = sheet.entered[code][here.start : here.stop]
            plain = code not in self.idle and not _has_percents(block, code)
            exact = _all_numbers(column, criterion) if plain else None
            if exact is None:
                exact = self._one_by_one(block, criterion, column, empty, texts)
            self.points[code][here.start : here.stop] = exact
        for fact in book.facts:
            if fact.code in block.columns or fact.code in sheet.joined:
                self._fact_column(block, fact, texts)
            elif fact.blank is not None:  # no such column, and the book says what a blank means
                blank = fact_of(fact, None, book.decimal_mark, book.names.bands)
                if not isinstance(blank, Wrong):
                    self.facts[fact.code][here.start : here.stop] = [blank] * len(here)
        self.findings += _said_of_text(block.grid.sheet, texts)
        if block.phases:
            self._other_phases(block)
        if book.official and not phased:
            self._without_phases(block)
        if book.extras:
            self._without_extras(block)

    # ------------------------------------------------------------------------------------ one cell after the other

    def _one_by_one(
        self, block: Block, criterion: Criterion, column: Sequence[Value], empty: set[int], texts: list[Cell]
    ) -> list[Decimal | None]:
        exact: list[Decimal | None] = []
        code, idle = criterion.code, self.idle.get(criterion.code, set())
        ignored: list[Cell] = []
        for position, value in enumerate(column, block.first):
            cell = block.cell(position, code)
            assert cell is not None
            if position in idle:
                exact.append(None)
                if self.sheet.kinds[position] and not is_blank(value) and not is_not_applicable(value):
                    ignored.append(cell)
                continue
            if self._is_absent(criterion, position, value, cell) or self._is_no_extra(criterion, value):
                exact.append(None)
                continue
            if isinstance(value, Disputed):
                exact.append(None)
                self.faulty[position].append(f"{code}: ghi hai nơi khác nhau (ô {cell.address})")
                continue
            percent = _is_percent(block, position, block.columns.get(code))
            seen = _look(
                self.book, self.sheet.units[position], criterion, value, cell, self.sheet.year, as_percent=percent
            )
            if isinstance(seen, Finding):
                exact.append(None)
                if position not in empty:
                    self._fault(position, seen)
            else:
                exact.append(seen)
                if isinstance(value, str):
                    texts.append(cell)
        self._ignored(block, criterion, ignored)
        return exact

    def _fault(self, position: int, finding: Finding) -> None:
        self.findings.append(finding)
        where = f" (ô {finding.at.address})" if finding.at else ""
        self.faulty[position].append(f"{finding.criterion}: {_reason(finding)}{where}")

    def _ignored(self, block: Block, criterion: Criterion, cells: Sequence[Cell]) -> None:
        if cells:
            words = ", ".join(cell.address for cell in cells[:12]) + (" …" if len(cells) > 12 else "")
            self.findings.append(
                our.NOT_FOR_KIND(
                    sheet=block.grid.sheet, count=len(cells), criterion=criterion.code, cells=words, at=cells[0],
                    related=tuple(cells[1:]),
                )
            )  # fmt: skip

    def _is_absent(self, criterion: Criterion, position: int, value: Value, cell: Cell) -> bool:
        """Whether the cell says that the criterion does not apply; a fault where the book has no rule for that."""
        if not is_not_applicable(value):
            return False
        if self.book.absence_rule(criterion.code) is None:
            self._fault(position, our.NOT_APPLICABLE_UNKNOWN(
                unit=self.sheet.units[position], criterion=criterion.code, seen=vi.shown(str(value)), cell=cell.address,
                year=self.sheet.year, at=cell,
            ))  # fmt: skip
        self.absent[criterion.code].add(position)
        return True

    def _is_no_extra(self, criterion: Criterion, value: Value) -> bool:
        """A blank under bonus or penalty, where the book says that a blank is none."""
        return is_blank(value) and criterion.code in self.book.blank_is_zero

    # ------------------------------------------------------------------------------------------------- facts

    def _own_column(self, block: Block, criterion: Criterion, empty: set[int], texts: list[Cell]) -> None:
        """The criterion's own cells, where a way of scoring reads them as a number, as words, as yes or no."""
        from xeploai.book.facts import Fact

        own, idle = criterion.scoring.own, self.idle.get(criterion.code, set())
        kind: Any = "chữ" if own == "chữ" else own
        fact = Fact.model_construct(
            code=criterion.code, name=criterion.name, kind=kind, values=(), blank=None, written=None, basis=None
        )
        ignored: list[Cell] = []
        large: list[tuple[Cell, Decimal]] = []
        for position in range(block.first, block.first + len(block.lines)):
            value, cell = self.sheet.entered[criterion.code][position], block.cell(position, criterion.code)
            assert cell is not None
            if position in idle:
                if self.sheet.kinds[position] and not is_blank(value) and not is_not_applicable(value):
                    ignored.append(cell)
                continue
            if own != "chữ" and self._is_absent(criterion, position, value, cell):
                continue
            percent = _is_percent(block, position, block.columns.get(criterion.code))
            if own == "chữ" and isinstance(value, float | int) and not isinstance(value, bool) and not percent:
                self.facts[criterion.code][position] = vi.from_float(float(value))
                continue
            seen = fact_of(fact, value, self.book.decimal_mark, (), as_percent=percent)
            if isinstance(seen, Wrong):
                if position not in empty:
                    self._fault(position, our.FACT_WRONG(
                        unit=self.sheet.units[position], criterion=criterion.code, name=criterion.name, seen=seen,
                        need=seen.need, cell=cell.address, year=self.sheet.year, at=cell,
                    ))  # fmt: skip
            else:
                self.facts[criterion.code][position] = seen
                if isinstance(seen, Decimal):
                    texts += [cell] if isinstance(value, str) else []
                    large += [(cell, seen)] if percent and abs(seen) > FAR_ABOVE else []
        self._ignored(block, criterion, ignored)
        self._far_above(criterion.name, large)

    def _fact_column(self, block: Block, fact: Fact, texts: list[Cell]) -> None:
        small: list[Cell] = []
        large: list[tuple[Cell, Decimal]] = []
        for position in range(block.first, block.first + len(block.lines)):
            value, cell = self.sheet.entered[fact.code][position], self.sheet.cell(position, fact.code)
            joined = position in self.sheet.joined.get(fact.code, ())
            percent = not joined and _is_percent(block, position, block.columns.get(fact.code))
            seen = fact_of(fact, value, self.book.decimal_mark, self.book.names.bands, as_percent=percent)
            if isinstance(seen, Wrong) and is_not_applicable(value):
                continue
            if isinstance(seen, Wrong):
                assert cell is not None
                self.findings.append(our.FACT_WRONG(
                    unit=self.sheet.units[position], criterion=fact.code, name=fact.name, seen=seen, need=seen.need,
                    cell=cell.address, year=self.sheet.year, at=cell,
                ))  # fmt: skip
            else:
                self.facts[fact.code][position] = seen
                if not isinstance(seen, Decimal) or is_blank(value) or not cell:
                    continue
                signed = isinstance(value, str) and value.strip().endswith("%")
                if isinstance(value, str) and not (joined and signed):  # there a number shown as a percent is told so
                    (self.beside[cell.file, cell.sheet] if joined else texts).append(cell)
                if fact.kind != "phần trăm":
                    continue
                typed = not percent and not signed
                if typed and fact.written == "95" and 0 < abs(seen) <= 1:
                    small.append(cell)
                if abs(seen) > FAR_ABOVE and (percent or (joined and signed) or (typed and fact.written == "0,95")):
                    large.append((cell, seen))
        if small:
            words = ", ".join(cell.address for cell in small[:12]) + (" …" if len(small) > 12 else "")
            self.findings.append(our.PERCENT_SMALL(
                sheet=small[0].sheet, name=fact.name, count=len(small), cells=words, at=small[0], related=tuple(small[1:]),
            ))  # fmt: skip
        self._far_above(fact.name, large)

    def _far_above(self, name: str, shares: Sequence[tuple[Cell, Decimal]]) -> None:
        """A warning with both readings: 56.17 that was typed before its cell was formatted as a percent is 5617 %."""
        if not shares:
            return
        words = "; ".join(
            f"{cell.address} là {vi.number(share)}% hay {vi.number(share.scaleb(-2))}%" for cell, share in shares[:12]
        )
        at, *related = (cell for cell, _ in shares)
        self.findings.append(our.PERCENT_LARGE(
            sheet=at.sheet, name=name, count=len(shares), cells=words + ("; …" if len(shares) > 12 else ""), at=at,
            related=tuple(related),
        ))  # fmt: skip

    # ------------------------------------------------------------------------------------------------ phases

    def _from_phases(
        self, block: Block, criterion: Criterion, made: Sequence[tuple[str, int]], empty: set[int]
    ) -> None:
        """The official points of a criterion: the sum of some phases less others, as the book says."""
        official, sheet, code = self.book.official, self.sheet, criterion.code
        assert official
        blank = frozenset(map(vi.key, official.may_be_blank))
        shares = {vi.key(share.phase): share.max_points for share in criterion.phases}
        for position in range(block.first, block.first + len(block.lines)):
            if position in self.idle.get(code, set()):
                continue
            total, any_plus, fine, unasked = Decimal(0), False, True, False
            for phase, sign in made:
                cell = block.in_phase(position, phase, code)
                word = re.sub(r" \d+$", "", phase)
                value = block.value(position, code, phase)
                most = shares.get(word, criterion.max_points)
                if is_not_applicable(value):
                    unasked = True
                    if sign > 0 and word in shares:
                        lacking = self.lacking[code]
                        lacking[position] = lacking.get(position, Decimal(0)) + shares[word]
                    continue
                if is_blank(value):
                    if code in self.book.blank_is_zero:
                        continue
                    if word in blank or phase in blank:
                        if sign > 0 and word in shares:
                            lacking = self.lacking[code]
                            lacking[position] = lacking.get(position, Decimal(0)) + shares[word]
                        continue
                    if word not in shares and (cell is None or shares):
                        continue  # this criterion has no such phase
                fine = fine and self._add_phase(block, criterion, position, phase, value, most, cell, empty)
                got = (
                    self.phases[phase].get(code, [None] * len(sheet.units))[position] if phase in self.phases else None
                )
                if got is not None:
                    total += sign * got
                    any_plus = any_plus or sign > 0
            if not fine:
                continue
            if not any_plus and code in self.book.blank_is_zero:
                continue
            if not any_plus and unasked:
                own = block.cell(position, code) or block.named(position)
                self._is_absent(criterion, position, block.value(position, code), own)
                continue
            if not any_plus:
                if position in self.lacking.get(code, {}) and self.lacking[code][position] >= criterion.max_points:
                    self.absent[code].add(position)  # nothing of it could be scored in any phase
                elif position not in empty:
                    at = block.cell(position, code)
                    assert at
                    self._fault(position, our.POINTS_MISSING(
                        unit=sheet.units[position], criterion=code, cell=at.address, year=sheet.year, at=at))  # fmt: skip
                continue
            self._settle_phases(block, criterion, position, total)

    def _add_phase(
        self,
        block: Block,
        criterion: Criterion,
        position: int,
        phase: str,
        value: Value,
        most: Decimal,
        cell: Cell | None,
        empty: set[int],
    ) -> bool:
        """Read one phase's points of one unit; False, with a fault, where there are none."""
        unit, year = self.sheet.units[position], self.sheet.year
        at = cell or block.named(position)
        if cell is None:
            reason = f"biểu không có cột {phase}"
            self._fault(
                position,
                our.FACT_MISSING(unit=unit, criterion=criterion.code, reason=reason, where="", year=year, at=at),
            )
            return False
        percent = _is_percent(block, position, block.phases.get(phase, {}).get(criterion.code))
        seen = _look(self.book, unit, criterion, value, cell, year, most, as_percent=percent)
        if isinstance(seen, Finding):
            if position not in empty:
                self._fault(position, seen)
            return False
        self.phases[phase][criterion.code][position] = seen
        return True

    def _settle_phases(self, block: Block, criterion: Criterion, position: int, total: Decimal) -> None:
        most = criterion.max_points - self.lacking.get(criterion.code, {}).get(position, Decimal(0))
        at = block.cell(position, criterion.code)
        if 0 <= total <= most:
            self.points[criterion.code][position] = total
            return
        reason = f"cộng trừ các loại điểm được {vi.number(total)}, phải từ 0 đến {vi.number(most)}"
        self._fault(position, our.NOT_SCORED(
            unit=self.sheet.units[position], criterion=criterion.code, reason=reason,
            where=f" (ô {at.address})" if at else "", year=self.sheet.year, at=at,
        ))  # fmt: skip

    def _other_phases(self, block: Block) -> None:
        """The phases that do not make the official score: kept beside it, faults are told but do no harm."""
        for phase, columns in block.phases.items():
            for code in columns:
                if code in block.leaves and phase in {each for each, _ in _making(self.book, block, code)}:
                    continue
                criterion = self.book.nodes[code]
                for position in range(block.first, block.first + len(block.lines)):
                    cell = block.in_phase(position, phase, code)
                    assert cell
                    value = block.value(position, code, phase)
                    if is_blank(value) or is_not_applicable(value):
                        continue
                    percent = _is_percent(block, position, columns[code])
                    seen = _look(
                        self.book,
                        self.sheet.units[position],
                        criterion,
                        value,
                        cell,
                        self.sheet.year,
                        as_percent=percent,
                    )
                    if not isinstance(seen, Finding):
                        self.phases[phase][code][position] = seen
                    elif block.columns.get(code) != columns[code]:
                        self.findings.append(our.PHASE_WRONG(
                            unit=self.sheet.units[position], criterion=code, phase=phase or "chung",
                            reason=_seen_there(seen), year=self.sheet.year, at=cell,
                        ))  # fmt: skip

    def _without_phases(self, block: Block) -> None:
        assert self.book.official
        phases = ", ".join(self.book.official.phases)
        at = block.grid.cell(block.grid.top, block.grid.left)
        taken = headings.official(set(block.phases)) if block.phases else ""
        words = f"điểm {taken}" if taken else "cột điểm"
        self.findings.append(our.PHASE_INSTEAD(sheet=block.grid.sheet, phases=phases, taken=words, at=at))

    def _without_extras(self, block: Block) -> None:
        items = [leaf for extra in self.book.extras for item in extra.items for leaf in item.leaves]
        here = range(block.first, block.first + len(block.lines))
        kinds = {self.sheet.kinds[p] for p in here} if self.book.by_kind else {""}
        meant = frozenset[str]().union(*(self.book.applicable(kind) for kind in kinds))
        absent = [leaf for leaf in items if leaf.code not in block.leaves and leaf.code in meant]
        if absent:
            words = vi.listed(f"{leaf.code} «{leaf.name}»" for leaf in absent)
            at = block.grid.cell(block.grid.top, block.grid.left)
            self.findings.append(our.EXTRA_ABSENT(sheet=block.grid.sheet, items=words, at=at))


def _making(book: RuleBook, block: Block, code: str | None = None) -> list[tuple[str, int]]:
    """(phase, +1 or −1) of every phase that makes the official score of this criterion, of the last round that it has.

    Without a criterion: of the block. Empty where the book is silent, or where the block has no phase that is added.
    """
    if book.official is None or not block.phases:
        return []
    here = [phase for phase, columns in block.phases.items() if code is None or code in columns]
    shares = [vi.key(share.phase) for share in book.nodes[code].phases] if code else []
    made: dict[str, int] = {}
    added = False
    for phases, sign in ((book.official.plus, 1), (book.official.minus, -1)):
        for word in map(vi.key, phases):
            seen = sorted(each for each in here if each == word or (word == "thẩm định" and each.startswith(word)))
            if seen:
                made[seen[-1]] = sign
                added = added or sign > 0
            elif sign > 0 and word in shares:
                made[word] = sign
    return list(made.items()) if added or (made and code and any(word in made for word in shares)) else []


def _is_percent(block: Block, position: int, place: int | None) -> bool:
    """Whether the sheet shows what stands in this column for this unit as a percent."""
    percents = block.grid.percents
    return bool(percents) and place is not None and (block.lines[position - block.first], place) in percents


def _has_percents(block: Block, code: str) -> bool:
    """Whether any unit's number under a criterion is shown as a percent."""
    here = range(block.first, block.first + len(block.lines))
    return bool(block.grid.percents) and any(_is_percent(block, each, block.columns.get(code)) for each in here)


def _columns_of(book: RuleBook, block: Block, code: str) -> tuple[str, ...]:
    """The columns that a criterion of this block is scored from."""
    return (code,) if code in block.whole else book.inputs[code]


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
        if not 0 <= number <= criterion.max_points or (number and abs(number) < DUST):
            return None
        exact[value] = number
    return [exact[value] for value in column]


def _look(
    book: RuleBook,
    unit: Unit,
    criterion: Criterion,
    value: Value,
    cell: Cell,
    year: int | None,
    most: Decimal | None = None,
    *,
    as_percent: bool = False,
) -> Decimal | Finding:
    """The points in one cell, or the finding that says why there are none. `most`: the maximum of one phase."""

    def say(rule: our.Rule, **seen: Any) -> Finding:
        return rule(unit=unit, criterion=criterion.code, year=year, at=cell, cell=cell.address, **seen)

    if isinstance(value, Disputed) or (isinstance(value, str) and not vi.clean(value)):
        value = None
    if value is None:
        return say(our.POINTS_MISSING)
    if isinstance(value, bool):
        return say(our.CELL_BOOLEAN, seen="TRUE" if value else "FALSE")
    if isinstance(value, CellError):
        return say(our.CELL_ERROR, seen=str(value))
    if isinstance(value, Uncomputed):
        return say(our.CELL_UNCOMPUTED, seen=str(value))
    if isinstance(value, datetime | date | time | timedelta):
        return say(our.CELL_DATE, seen=_moment(value), serial=vi.number(serial(value)))
    if isinstance(value, str):
        number = vi.read_number(value, book.decimal_mark)
        if number is vi.NoNumber.AMBIGUOUS:
            digits = vi.clean(value)
            small, large = digits.replace(".", ","), digits.replace(".", "")
            return say(our.POINTS_AMBIGUOUS, seen=vi.shown(digits), small=small, large=large)
        if isinstance(number, vi.NoNumber):
            return say(our.POINTS_TEXT, seen=vi.shown(value), hint=_meant(value, book.decimal_mark))
    else:
        number = vi.from_float(float(value))
        if as_percent and number:
            small, large = vi.number(number), vi.number(number.scaleb(2))
            return say(our.POINTS_PERCENT, seen=f"{large}%", value=small, small=small, large=large)
    if number and abs(number) < DUST:
        return say(our.POINTS_DUST, seen=_dust(number))
    limit = criterion.max_points if most is None else most
    if 0 <= number <= limit:
        return number
    if number < 0:
        return say(our.POINTS_NEGATIVE, seen=vi.number(number))
    seen, shown = vi.apart(number, limit)
    return say(our.POINTS_TOO_HIGH, seen=seen, most=shown)


def _dust(number: Decimal) -> str:
    """A number next to 0, with its first two digits and without an exponent."""
    if abs(number) < (least := Decimal("1e-18")):
        return f"số nhỏ hơn {vi.exact(least).replace('.', ',')}"
    return vi.exact(Decimal(f"{number:.1e}")).replace(".", ",")


def _seen_there(finding: Finding) -> str:
    """What a finding says of a cell, without its subject: «ghi «cao», không phải là số (ô B3)»."""
    return finding.message.removeprefix(f"{finding.unit}: {finding.criterion} ").removesuffix(".")


def _meant(text: str, decimal_mark: str | None) -> str:
    """What a text with a number in it may mean: nobody may guess, but the question is easily answered."""
    found = _WITH_UNIT.fullmatch(vi.key(text))
    number = vi.read_number(found[1], decimal_mark) if found else vi.NoNumber.TEXT
    if not found or isinstance(number, vi.NoNumber):
        return ""
    if found[2] == "%":
        return f"; có thể là {vi.number(number)} hoặc {vi.number(number.scaleb(-2))} điểm"
    return f"; nếu là {vi.number(number)} điểm thì chỉ ghi số"


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


def _empty_units(book: RuleBook, sheet: ScoreSheet, block: Block, here: range) -> set[int]:
    """Units whose every score cell is empty: one finding for the row, not one for each criterion."""
    codes = dict.fromkeys(code for leaf in block.leaves for code in _columns_of(book, block, leaf))
    columns = [sheet.entered[code] for code in codes if code in sheet.entered]
    if len(columns) < 2:
        return set()
    first = columns[0]
    return {p for p in here if first[p] is None and all(column[p] is None for column in columns)}


def _reason(finding: Finding) -> str:
    title = our.CATALOGUE[finding.code].title
    return title[0].lower() + title[1:]


def _said_of_text(sheet: str, cells: list[Cell]) -> list[Finding]:
    if not cells:
        return []
    words = ", ".join(cell.address for cell in cells[:12]) + (" …" if len(cells) > 12 else "")
    return [our.TEXT_NUMBERS(sheet=sheet, count=len(cells), cells=words, at=cells[0], related=tuple(cells[1:]))]
