"""score: points at every node of the tree. A parent is the sum of its parts; a sum with a missing part is missing.

Most books are entered and summed, column by column. Where facts make points, criteria do not apply, or bonuses count, every
unit is worked out by itself. Totals that the sheet states are compared, never used where the parts are known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import TOTAL, Block, Cell, Scores, ScoreSheet, Value
from xeploai.scoring.base import Refused
from xeploai.steps.facts import is_blank, is_not_applicable, number_of
from xeploai.steps.looks import Looks
from xeploai.vi import Exact

NOISE = Decimal("1e-9")
"""A stored sum of binary fractions may differ from the exact one in the last digits; nobody types a billionth."""

ZERO = Decimal(0)

_ABSENT = {
    "bỏ khỏi mẫu số": "bỏ khỏi mẫu số",
    "chia đều": "chia đều cho các phần còn lại",
    "quy đổi": "quy đổi các phần còn lại",
    "tính đủ điểm": "tính đủ điểm",
}

Points = Mapping[str, Sequence[Exact | None]]


def score(book: RuleBook, sheet: ScoreSheet) -> tuple[ScoreSheet, Scores, list[Finding]]:
    """The points of every node and of the whole; findings on what could not be scored and on totals that are not the sum.

    The sheet comes back with the units that could not be scored among its faulty ones.
    """
    if book.plain and not any(sheet.absent.values()):
        nodes: dict[str, list[Exact | None]] = {}
        for root in book.criteria:
            _node(root, sheet, nodes)
        nodes[TOTAL] = _sums([nodes[root.code] for root in book.criteria], len(sheet.units))
        return sheet, Scores(nodes, plain=True), _typed(book, sheet, nodes)
    work = _Work(book, sheet)
    scores = work.run()
    faulty = {p: (*sheet.faulty.get(p, ()), *work.faulty.get(p, ())) for p in sorted({*sheet.faulty, *work.faulty})}
    return sheet._replace(faulty=faulty), scores, [*work.findings, *_typed(book, sheet, scores.points)]


# ------------------------------------------------------------------------------------- entered and summed


def _node(node: Criterion, sheet: ScoreSheet, nodes: dict[str, list[Exact | None]]) -> None:
    count = len(sheet.units)
    if not node.parts:
        nodes[node.code] = list(sheet.points.get(node.code, [None] * count))
        return
    for part in node.parts:
        _node(part, sheet, nodes)
    column = _sums([nodes[part.code] for part in node.parts], count)
    for block in sheet.blocks:  # where a sheet has only the criterion itself, its own points count
        if node.code in block.whole:
            here = slice(block.first, block.first + len(block.lines))
            column[here] = sheet.points[node.code][here]
    nodes[node.code] = column


def _sums(columns: Sequence[Sequence[Exact | None]], count: int) -> list[Exact | None]:
    if not columns:
        return [None] * count
    try:
        return [sum(row, ZERO) for row in zip(*columns, strict=True)]
    except TypeError:
        return [None if None in row else sum(row, ZERO) for row in zip(*columns, strict=True)]


# ----------------------------------------------------------------------------------- unit by unit, exactly


class _Got(NamedTuple):
    """What one unit has at one node: points (None: missing), the applicable maximum, whether it applies at all."""

    points: Exact | None
    most: Exact
    applies: bool = True
    for_kind: bool = True  # False: a criterion of another kind of unit, which nobody misses
    empties_parent: bool = False


class _Work:
    """One sheet while it is scored."""

    def __init__(self, book: RuleBook, sheet: ScoreSheet) -> None:
        self.book, self.sheet, self.looks = book, sheet, Looks(book, sheet)
        self.findings: list[Finding] = []
        self.faulty: dict[int, list[str]] = defaultdict(list)
        self.words: dict[tuple[int, str], str] = {}
        self.notes: dict[int, list[str]] = defaultdict(list)
        self.points: dict[str, list[Exact | None]] = {code: [] for code in book.nodes}
        self.maxima: dict[str, list[Exact]] = {code: [] for code in book.nodes}
        self.extra = {node.code for extra in book.extras for item in extra.items for _, node in item.walk()}
        self.bonus: dict[int, Exact] = {}
        self.penalty: dict[int, Exact] = {}

    def run(self) -> Scores:
        """Every unit, in the sheet's order."""
        totals: list[Exact | None] = []
        wholes: list[Exact] = []
        for block in self.sheet.blocks:
            leaves = frozenset(block.leaves)
            for position in range(block.first, block.first + len(block.lines)):
                got = self._book(block, leaves, position)
                totals.append(got.points)
                wholes.append(got.most)
        same = {root.code: root.max_points for root in self.book.nodes.values()}
        varying = {code: column for code, column in self.maxima.items() if any(most != same[code] for most in column)}
        if any(most != self.book.max_points for most in wholes):
            varying[TOTAL] = wholes
        return Scores(
            {**self.points, TOTAL: totals}, varying, self.words, {p: tuple(notes) for p, notes in self.notes.items()},
            self.bonus, self.penalty,
        )  # fmt: skip

    def _book(self, block: Block, leaves: frozenset[str], position: int) -> _Got:
        book = self.book
        kind = self.sheet.kinds[position] if self.sheet.kinds else ""
        applicable = (book.applicable(kind) if kind else book.for_every_kind) if book.by_kind else None
        parts = [self._settled(root, block, leaves, applicable, position) for root in book.criteria]
        whole = book.max_of_kind(kind) if book.by_kind else book.max_points
        got = self._sum(list(zip(book.criteria, parts, strict=True)), whole, None, position)
        points = got.points
        if not got.applies or not got.most:
            self._nothing_applies(block, position)
        for extra, sign, into, word in (
            (book.bonus, 1, self.bonus, "thưởng"),
            (book.penalty, -1, self.penalty, "phạt"),
        ):
            if extra is None:
                continue
            items = [self._settled(item, block, leaves, applicable, position) for item in extra.items]
            known = [item.points for item in items if item.applies and item.points is not None]
            lost = any(item.applies and item.points is None for item in items) and self._at_fault(position)
            total = max(known, key=vi.fraction, default=ZERO) if extra.highest_only else vi.added(known)
            if extra.highest_only and sum(map(bool, known)) > 1:
                self.notes[position].append(f"điểm {word}: chỉ lấy khoản cao nhất, {vi.number(total)}")
            if extra.at_most is not None and Fraction(total) > extra.at_most:
                self.notes[position].append(
                    f"điểm {word} {vi.number(total)}, chỉ tính tối đa {vi.number(extra.at_most)}"
                )
                total = extra.at_most
            elif total:
                self.notes[position].append(f"điểm {word} {vi.number(total)}")
            into[position] = total
            points = None if points is None or lost else vi.added((points, sign * total))
        if points is not None and book.clamp:
            points = self._clamped(points, got.most, position)
        return got._replace(points=points)

    def _nothing_applies(self, block: Block, position: int) -> None:
        if self._at_fault(position):
            return
        reason = "không tiêu chí nào áp dụng, nên không có điểm tối đa để tính"
        self.faulty[position].append(reason)
        self.findings.append(
            our.NOT_SCORED(
                unit=self.sheet.units[position], criterion="cả bộ", reason=reason, where="", year=self.sheet.year,
                at=block.named(position),
            )
        )  # fmt: skip

    def _at_fault(self, position: int) -> bool:
        return position in self.sheet.faulty or position in self.faulty

    def _clamped(self, points: Exact, most: Exact, position: int) -> Exact:
        assert self.book.clamp
        for alias, edge in self.book.clamp.edges():
            limit = vi.ended(Fraction(edge.amount) * (Fraction(most) / 100 if edge.unit == "%" else 1))
            beyond = Fraction(points) < limit if alias in ("ít nhất", "trên") else Fraction(points) > limit
            if beyond:
                self.notes[position].append(
                    f"tổng {vi.number(points)} điểm, {alias} {vi.number(limit)} nên tính {vi.number(limit)}"
                )
                points = limit
        return points

    def _settled(
        self, node: Criterion, block: Block, leaves: frozenset[str], applicable: frozenset[str] | None, position: int
    ) -> _Got:
        """This node for this unit, kept among the points of all."""
        if applicable is not None and node.code not in applicable:
            for _, each in node.walk():
                self.points[each.code].append(None)
                self.maxima[each.code].append(ZERO)
            return _Got(None, ZERO, applies=False, for_kind=False)
        if node.parts and node.code not in block.whole:
            parts = [(part, self._settled(part, block, leaves, applicable, position)) for part in node.parts]
            got = self._sum(parts, node.max_points, node, position)
        else:
            for _, each in node.walk():
                if each is not node:
                    self.points[each.code].append(None)
                    self.maxima[each.code].append(each.max_points)
            if node.code in leaves:
                got = self._leaf(node, block, position)
            else:  # an item of bonus or penalty that the sheet has no column for is none
                got = _Got(ZERO if node.code in self.extra else None, node.max_points)
            if not got.applies and node.when_absent == "tính đủ điểm":
                self.words[position, node.code] = f"không áp dụng, tính đủ {vi.number(node.max_points)} điểm"
                got = _Got(node.max_points, node.max_points)
        self.points[node.code].append(got.points)
        self.maxima[node.code].append(got.most)
        return got

    def _leaf(self, node: Criterion, block: Block, position: int) -> _Got:
        code, sheet = node.code, self.sheet
        if position in sheet.absent.get(code, ()):
            return _Got(None, ZERO, applies=False)
        most = node.max_points - sheet.lacking.get(code, {}).get(position, ZERO)
        if code in block.whole or node.scoring.own == "điểm":
            entered: Exact | None = sheet.points[code][position]
            if node.scoring.kind == "nhập điểm" or code in block.whole:
                if entered is None and code in self.book.blank_is_zero and position not in sheet.faulty:
                    entered = ZERO
                return _Got(entered, most)
            own: object = entered
        else:
            own = sheet.facts.get(code, [None] * len(sheet.units))[position]
        earned = node.scoring.earn(self.looks.at(position), own, node.max_points)  # type: ignore[arg-type]
        if isinstance(earned, Refused):
            self._refused(node, block, position, earned._replace(reason=self._named(node, earned.reason)))
            return _Got(None, most)
        if earned.words:
            self.words[position, code] = self._named(node, earned.words)
        if earned.points is None:
            return _Got(None, ZERO, applies=False)
        return _Got(earned.points, most, empties_parent=earned.empties_parent)

    def _named(self, node: Criterion, words: str) -> str:
        """The sentence with the names of facts where the book refers to them by code."""
        for word in node.scoring.words():
            fact = self.book.fact_names.find(word)
            words = words.replace(f"«{word}»", f"«{fact.name}»") if fact else words
        return words

    def _refused(self, node: Criterion, block: Block, position: int, refused: Refused) -> None:
        fact = self.book.fact_names.find(refused.word) if refused.word else None
        code = fact.code if fact else node.code
        cell = self.sheet.cell(position, code)
        reason = f"{node.code}: {refused.reason}"
        self.faulty[position].append(reason + (f" (ô {cell.address})" if cell else ""))
        raw: Value = self.sheet.entered[code][position] if code in self.sheet.entered else None
        told = refused.missing and not is_blank(raw) and not is_not_applicable(raw)  # it is wrong, which has been said
        empty = any("chưa có điểm nào" in why for why in self.sheet.faulty.get(position, ()))
        if not told and not empty:
            rule = our.FACT_MISSING if refused.missing else our.NOT_SCORED
            where = f" (ô {cell.address})" if cell else ""
            self.findings.append(
                rule(
                    unit=self.sheet.units[position], criterion=node.code, reason=refused.reason, where=where,
                    year=self.sheet.year, at=cell or block.named(position),
                )
            )  # fmt: skip

    def _sum(
        self, parts: Sequence[tuple[Criterion, _Got]], whole: Decimal, node: Criterion | None, position: int
    ) -> _Got:
        """Points and maximum of a node from its parts, with the rules for parts that do not apply."""
        own = [(part, got) for part, got in parts if got.for_kind]
        there = [(part, got) for part, got in own if got.applies]
        if not there:
            return _Got(None, ZERO, applies=False)
        gone = [part for part, got in own if not got.applies]
        points: list[Exact | None] = [got.points for _, got in there]
        maxima: list[Exact] = [got.most for _, got in there]
        shared = vi.added(part.max_points for part in gone if self.book.absence_rule(part.code) == "chia đều")
        if shared:
            share = Fraction(shared) / len(there)
            points = [
                None if p is None or not m else vi.ended(Fraction(p) * (Fraction(m) + share) / Fraction(m))
                for p, m in zip(points, maxima, strict=True)
            ]
            maxima = [vi.ended(Fraction(m) + share) for m in maxima]
        lost = vi.added((*(part.max_points for part, _ in there), *(part.max_points for part in gone)))
        most = vi.added((whole, -lost, *maxima))
        total = None if any(p is None for p in points) else vi.added(p for p in points if p is not None)
        if any(got.empties_parent for _, got in there) and node:
            culprit = next(part.code for part, got in there if got.empties_parent)
            self.words[position, node.code] = f"{culprit} làm cả {node.code} thành 0 điểm"
            total = ZERO if total is not None else None
        if any(self.book.absence_rule(part.code) == "quy đổi" for part in gone):
            target = node.rescaled_to if node and node.rescaled_to is not None else whole
            base = vi.added(maxima)
            if total is not None and base:
                whole_points = vi.ended(Fraction(total) / Fraction(base) * Fraction(target))
                name = node.code if node else "cả bộ"
                self.words[position, node.code if node else TOTAL] = (
                    f"{name}: {vi.number(total)}/{vi.number(base)} điểm của phần được giao, quy về {vi.number(target)}: "
                    f"{vi.number(whole_points)} điểm"
                )
                total = whole_points
            most = target
        if gone:
            for said in dict.fromkeys(self.book.absence_rule(part.code) or "bỏ khỏi mẫu số" for part in gone):
                codes = [part.code for part in gone if (self.book.absence_rule(part.code) or "bỏ khỏi mẫu số") == said]
                self.notes[position].append(f"không áp dụng {', '.join(codes)} ({_ABSENT[said]})")
        return _Got(total, most)


# ------------------------------------------------------------------------------------------ typed totals


def _typed(book: RuleBook, sheet: ScoreSheet, nodes: Points) -> list[Finding]:
    findings: list[Finding] = []
    for block in sheet.blocks:
        unread: list[Cell] = []
        parents = [code for code in block.columns if code in book.nodes and _is_derived(book, block, code)]
        for position in range(block.first, block.first + len(block.lines)):
            stated: list[tuple[str, Value, Cell | None]] = [
                (code, sheet.entered[code][position], block.cell(position, code)) for code in parents
            ]
            if block.total_column is not None:
                stated.append((TOTAL, sheet.totals[position], block.total(position)))
            for code, value, cell in stated:
                typed, exact = number_of(value, book.decimal_mark), nodes[code][position]
                if value is None or cell is None or exact is None:
                    continue
                if typed is None:
                    unread.append(cell)
                elif not _is_same(typed, exact):
                    what = f"tổng của {code}" if code else "tổng điểm"
                    seen, total = vi.apart(typed, exact)
                    findings.append(
                        our.TOTAL_DIFFERS(
                            unit=sheet.units[position], criterion=code, what=what, seen=seen,
                            cell=cell.address, sum=total, year=sheet.year, at=cell,
                            related=tuple(c for leaf in _leaves(book, code, block.leaves) if (c := block.cell(position, leaf))),
                        )
                    )  # fmt: skip
        if unread:
            words = ", ".join(cell.address for cell in unread[:12]) + (" …" if len(unread) > 12 else "")
            findings.append(
                our.TOTAL_UNREADABLE(
                    sheet=block.grid.sheet, count=len(unread), cells=words, at=unread[0], related=tuple(unread[1:])
                )
            )
    return findings


def _is_derived(book: RuleBook, block: Block, code: str) -> bool:
    """Whether this column states points that are worked out from others here: a parent's, or those that facts make."""
    if code in block.whole or (book.official and block.phases):
        return False
    node = book.nodes[code]
    return bool(node.parts) or (code in block.leaves and code not in book.inputs[code])


def _is_same(typed: Decimal, exact: Exact) -> bool:
    """Equal but for the noise of binary fractions; a number that never ends may be typed rounded, from 2 places on."""
    if typed and typed.adjusted() < -40:  # a decimal sum beside 1e-90 has more digits than anybody can hold
        return abs(Fraction(typed) - Fraction(exact)) <= Fraction(NOISE)
    if isinstance(exact, Decimal):
        return abs(typed - exact) <= NOISE
    exponent = typed.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return vi.rounded(exact, places) == typed or abs(Fraction(typed) - Fraction(exact)) <= Fraction(NOISE)


def _leaves(book: RuleBook, code: str, entered: tuple[str, ...]) -> tuple[str, ...]:
    below = {leaf.code for leaf in book.nodes[code].leaves} if code else set(entered)
    return tuple(leaf for leaf in entered if leaf in below)
