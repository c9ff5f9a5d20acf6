"""What the rows of a sheet are about, where the criteria stand as rows: which criterion or fact the label of each row names.

Forms and the long table are read by these labels; how a text names a criterion is known to `table.Words`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from xeploai.model import Grid, Value
from xeploai.steps import headings
from xeploai.steps.table import Words


def labels_of(grid: Grid, words: Words) -> dict[int, dict[int, tuple[str, ...]]]:
    """Column → row → the criteria or facts that the text there may mean."""
    known: dict[str, tuple[str, ...]] = {}
    labels: dict[int, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for row, line in enumerate(grid.rows, grid.top):
        for column, value in enumerate(line, grid.left):
            if not isinstance(value, str) or not value:
                continue
            codes = known.get(value)
            if codes is None:
                codes = known[value] = _meant(grid, words, row, column)
            elif not codes and column > grid.left:
                codes = _meant(grid, words, row, column) if numbered(grid, row, column) else ()
            if codes:
                labels[column][row] = codes
    return labels


def _meant(grid: Grid, words: Words, row: int, column: int) -> tuple[str, ...]:
    """What a label means, by itself or with the number that stands left of it."""
    text = grid.text(row, column)
    codes, _ = words.named(text)
    if codes or headings.role(text) or not (number := numbered(grid, row, column)):
        return codes
    return words.named(f"{number}. {text}")[0]


def numbered(grid: Grid, row: int, column: int) -> str:
    """The number of a row, left of its label."""
    if column <= grid.left:
        return ""
    return headings.as_name(grid.value(row, column - 1)).rstrip(".)")


def meant_here(words: Words, codes: Sequence[str], named: dict[str, None]) -> str:
    """The criterion that a name at several places of the tree means here: below what was `named` last, not named yet."""
    if len(codes) == 1:
        return codes[0]
    for upper in reversed(named):
        below = [code for code in codes if upper in words.above[code] and code not in named]
        if below:
            return below[0]
    return next((code for code in codes if code not in named), codes[0])


def name_last(named: dict[str, None], code: str) -> None:
    """One more criterion was named: each stands once, for a damaged sheet names one in each of its million rows."""
    named.pop(code, None)
    named[code] = None


def heading_of(grid: Grid, words: Words, row: int, column: int, code: str) -> str:
    """How the criterion is called in the wide table: as the sheet calls it, with what is needed to know it again."""
    text, number = grid.text(row, column), numbered(grid, row, column)
    for said in (text, f"{number}. {text}" if number else ""):
        if said and words.named(said)[0] == (code,):
            return said
    return f"{code}: {text}"


def is_points(value: Value) -> bool:
    """Whether a number stands there. One typed as text does not count, as it does in `is_score`: so are many row numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)
