"""unfold: sheets in which the criteria stand as rows → the wide table that `bind` knows, a row per unit.

    phiếu        one unit: criteria down, phases across; unit and year in the lines above; several in one sheet (`forms`)
    bảng dọc     criteria down, a column (or a column per phase) for each unit (`forms`)
    bảng dài     a row for each unit, criterion and perhaps year (`long`)
    xếp chồng    wide tables below each other (`stacked`)
    --map        as a mapping file says (`placed`)

Here it is decided which of these a sheet is, and what was found in them becomes tables; each layout is read in its own file.
Nothing is judged, and nothing is lost: every value keeps its address (`Grid.places`), a row with points that names no
criterion is told. Forms of one shape become one table, whether they lie in one workbook or in five hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from xeploai import findings as our
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Grid
from xeploai.steps.bind import speaks_of
from xeploai.steps.labels import labels_of
from xeploai.steps.stacked import stacked
from xeploai.steps.table import Words, find
from xeploai.steps.wide import FORM, Entry, Spread, wide

if TYPE_CHECKING:
    from xeploai.book.placing import Placing

LOOKED_AT = 400
"""Rows of a sheet that fits as a wide table and is yet looked at for a form: none is longer."""


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
        spread = _spread(book, words, maxima, grid, placing)
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


def _spread(
    book: RuleBook, words: Words, maxima: Mapping[str, Decimal], grid: Grid, placing: Placing | None
) -> Spread | list[Grid] | None:
    """What a sheet with criteria as rows, or with tables below each other, holds; None for any other sheet."""
    if placing:
        from xeploai.steps.placed import placed

        if told := placed(book, placing, grid):
            return told
    found = find(grid, words) if grid.rows else None
    fits = found is not None and speaks_of(book, found)
    if not grid.rows or (fits and len(grid.rows) > LOOKED_AT):
        return None
    if fits and (several := stacked(book, words, grid)):
        return several
    across = len(found.points) + len(found.facts) if found else 0
    if fits and across >= sum(1 for root in book.roots for _ in root.leaves):
        return None  # a column for everything: what else stands there is no form
    labels = labels_of(grid, words)
    column, count = max(
        ((c, len(set(codes.values()))) for c, codes in labels.items()), key=lambda x: x[1], default=(0, 0)
    )
    if not count or (count <= across and fits) or 2 * count < _enough(book):
        return None
    from xeploai.steps.forms import forms  # few workbooks have criteria as rows
    from xeploai.steps.long import long

    spread = long(grid, words, maxima, labels[column], column, _penalties(book))
    spread = spread or forms(grid, words, maxima, labels, column, _penalties(book))
    if spread and {each.code for each in spread.findings} == {our.COLUMN_UNKNOWN.code} and not spread.entries:
        seen = "; có các tiêu chí theo hàng, nhưng không cột nào nói là điểm gì (Điểm tự chấm, Điểm thẩm định …)"
        at = grid.cell(min(labels[column]), column)
        lost = our.NO_TABLE(file=grid.file, sheet=grid.sheet, book=book.title, code=book.code, found=seen, at=at)
        return spread._replace(findings=[lost, *spread.findings])
    return spread


def _penalties(book: RuleBook) -> frozenset[str]:
    """The criteria whose points are taken off."""
    items = book.penalty.items if book.penalty else ()
    return frozenset(node.code for item in items for _, node in item.walk())


def _enough(book: RuleBook) -> int:
    """The least number of criteria that any way of filling this book needs."""
    return min(len(book.roots), sum(1 for root in book.roots for _ in root.leaves))
