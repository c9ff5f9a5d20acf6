"""Small builders: a book from a few lines, a grid from a drawing. Invented communes, invented people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from textwrap import dedent
from typing import Any

from xeploai.book.load import Loaded, loads
from xeploai.book.parts import Edge
from xeploai.findings import Finding
from xeploai.model import Cell, CellError, Grid, Uncomputed, Value
from xeploai.pipeline import Options, Outcome, classify

HEAD = """
bộ tiêu chí: Bộ thử
mã: bo-thu
"""
CRITERIA = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 20}
  - mã: TC2
    tên: Tiêu chí hai
    điểm tối đa: 20
    gồm:
      - {mã: TC2.1, tên: Phần thứ nhất, điểm tối đa: 12}
      - {mã: TC2.2, tên: Phần thứ hai, điểm tối đa: 8}
"""
BANDS = """
xếp loại:
  - {mức: tốt, ít nhất: 80%}
  - {mức: khá, ít nhất: 65%}
  - {mức: trung bình, ít nhất: 50%}
  - {mức: yếu, ít nhất: 0%}
"""


def a_book(more: str = "", *, head: str = HEAD, criteria: str = CRITERIA, bands: str = BANDS) -> Loaded:
    """The test book (TC1 20; TC2 20 = TC2.1 12 + TC2.2 8; four bands) with more sections, or with other parts."""
    return loads("\n".join(map(dedent, (head, criteria, bands, more))).encode(), "bo-thu.yaml")


def a_grid(
    drawing: str, *, sheet: str = "Bảng điểm", file: str = "diem.xlsx", top: int = 0, left: int = 0, **more: Any
) -> Grid:
    """A grid drawn with | between cells and a line for each row. Numbers are numbers; a cell in 'quotes' is text;
    #REF! an error; =… a formula without a result; TRUE and FALSE booleans; empty is nothing."""
    lines = dedent(drawing).strip("\n").splitlines()
    rows = [
        [_value(cell.strip()) for cell in line.strip().strip("|").split("|")] if line.strip() else [None]
        for line in lines
    ]
    return Grid(file, sheet, rows, top, left, **more)


def _value(text: str) -> Value:
    if not text:
        return None
    if text.startswith("'") and text.endswith("'"):
        return text[1:-1]
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if text.startswith("#"):
        return CellError(text)
    if text.startswith("="):
        return Uncomputed(text)
    try:
        return float(text)
    except ValueError:
        return text.replace("\\n", "\n")


def run(book: Loaded, *grids: Grid, history: Sequence[Grid] = (), **options: Any) -> Outcome:
    """The whole line over these grids."""
    return classify(book, grids, history=history, options=Options(**options))


def brief(findings: Sequence[Finding], *codes: str) -> list[tuple[str, str, str]]:
    """Findings as a small table: (code, unit, chief cell); only these codes, if any are named."""
    return [
        (
            finding.code,
            finding.unit.name if finding.unit else "",
            finding.at.address if isinstance(finding.at, Cell) else "",
        )
        for finding in findings
        if not codes or finding.code in codes
    ]


def against(edge: Edge, points: Decimal, maximum: Decimal) -> int:
    """−1, 0 or 1: these points against the edge in points, which is what every rule compares with."""
    limit = edge.of(maximum)
    return (points > limit) - (points < limit)
