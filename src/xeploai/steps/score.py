"""score: points at every node of the tree. A parent is the sum of its parts; a sum with a missing part is missing.

Totals that the sheet states itself are compared, never used where the parts are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xeploai import findings as our
from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Cell, ScoreSheet, Value

NOISE = Decimal("1e-9")
"""A stored sum of binary fractions may differ from the exact one in the last digits; nobody types a billionth."""

ZERO = Decimal(0)

TOTAL = ""
"""The code under which the whole book's total stands among the points of the nodes."""


def score(book: RuleBook, sheet: ScoreSheet) -> tuple[dict[str, list[Decimal | None]], list[Finding]]:
    """Points of every node by code, and of the whole under `TOTAL`; findings on typed totals that are not the sum."""
    nodes: dict[str, list[Decimal | None]] = {}
    for root in book.criteria:
        _node(root, sheet, nodes)
    nodes[TOTAL] = _sums([nodes[root.code] for root in book.criteria], len(sheet.units))
    return nodes, _typed(book, sheet, nodes)


def _node(node: Criterion, sheet: ScoreSheet, nodes: dict[str, list[Decimal | None]]) -> None:
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


def _sums(columns: Sequence[Sequence[Decimal | None]], count: int) -> list[Decimal | None]:
    if not columns:
        return [None] * count
    try:
        return [sum(row, ZERO) for row in zip(*columns, strict=True)]
    except TypeError:
        return [None if None in row else sum(row, ZERO) for row in zip(*columns, strict=True)]


# ------------------------------------------------------------------------------------------ typed totals


def _typed(book: RuleBook, sheet: ScoreSheet, nodes: Mapping[str, Sequence[Decimal | None]]) -> list[Finding]:
    findings: list[Finding] = []
    for block in sheet.blocks:
        unread: list[Cell] = []
        parents = [code for code in block.columns if book.nodes[code].parts and code not in block.whole]
        for position in range(block.first, block.first + len(block.lines)):
            stated: list[tuple[str, Value, Cell | None]] = [
                (code, sheet.entered[code][position], block.cell(position, code)) for code in parents
            ]
            if block.total_column is not None:
                stated.append((TOTAL, sheet.totals[position], block.total(position)))
            for code, value, cell in stated:
                typed, exact = _number(value, book.decimal_mark), nodes[code][position]
                if value is None or cell is None or exact is None:
                    continue
                if typed is None:
                    unread.append(cell)
                elif abs(typed - exact) > NOISE:
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


def _number(value: Value, decimal_mark: str | None) -> Decimal | None:
    if isinstance(value, str):
        number = vi.read_number(value, decimal_mark)
        return None if isinstance(number, vi.NoNumber) else number
    if isinstance(value, float | int) and not isinstance(value, bool):
        return vi.from_float(float(value))
    return None


def _leaves(book: RuleBook, code: str, entered: tuple[str, ...]) -> tuple[str, ...]:
    below = {leaf.code for leaf in book.nodes[code].leaves} if code else set(entered)
    return tuple(leaf for leaf in entered if leaf in below)
