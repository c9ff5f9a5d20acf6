"""Files in, sources out: what the reading process sends becomes grids, what it refuses becomes findings."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xeploai.findings import CATALOGUE, NO_SHEETS, Finding
from xeploai.model import NOTHING, CellError, Grid, Uncomputed, Value
from xeploai.read.layers import covered, rewritten
from xeploai.read.pool import Reading

if TYPE_CHECKING:
    from xeploai.read.frames import Frame

_MOMENTS = {kind.__name__: kind for kind in (datetime, date, time, timedelta)}

_TYPED = re.compile(r"(?:=#[\w/]+[!?]?)?")
"""No formula; or an error alone, as LibreOffice saves one that was typed."""


class Source(NamedTuple):
    """One file that was read: the name by which it is shown, what it is, and its sheets in the workbook's order."""

    name: str
    path: Path
    sha256: str
    grids: tuple[Grid, ...]


def read(paths: Sequence[Path]) -> Iterator[tuple[Source | None, list[Finding]]]:
    """Every file in the given order, each as soon as it is there. One that cannot be read is None and says why."""
    with Reading(paths) as reading:
        for path, name in zip(paths, shown_names(paths), strict=True):
            yield _source(path, name, reading.replies(path))


def shown_names(paths: Sequence[Path]) -> list[str]:
    """The base name of each; where two files share one, the path as given."""
    distinct = {os.path.abspath(path): path for path in paths}
    shared = Counter(_nfc(path.name) for path in distinct.values())
    return [_nfc(path.name) if shared[_nfc(path.name)] == 1 else _nfc(str(path)) for path in paths]


def _source(path: Path, name: str, replies: Iterable[Frame]) -> tuple[Source | None, list[Finding]]:
    findings: list[Finding] = []
    grids: list[Grid] = []
    rows: list[list[Value]] = []
    for word, *content in replies:
        if word == "rows":
            more, moments = content
            for row, column, kind, arguments in moments:
                more[row][column] = _MOMENTS[kind](*arguments)
            rows += more
        elif word == "again":
            rows = []
        elif word == "sheet":
            grids.append(grid := _grid(name, rows, content[0]))
            findings += [*rewritten(grid, content[0].get("doubled", ())), *covered(grid)]
            rows = []
        elif word == "done":
            if any(grid.rows for grid in grids):
                return Source(name, path, content[0], tuple(grids)), findings
            return None, [*findings, NO_SHEETS(file=name)]
        elif word == "bug":
            raise RuntimeError(f"the reader failed on {path}:\n{content[0]}")
        else:
            code, words = content
            shown: dict[str, Any] = {key: _nfc(word) for key, word in words.items()}
            findings.append(CATALOGUE[code](file=name, **shown))
    return None, findings


def _grid(file: str, rows: list[list[Value]], facts: dict[str, Any]) -> Grid:
    top, left = _mark(rows, facts["top"], facts["left"], facts["marks"])
    bottom, right = top + len(rows), left + max(map(len, rows), default=0)
    return Grid(
        file=file,
        sheet=_nfc(facts["name"]),
        rows=rows,
        top=top,
        left=left,
        merged=facts["merged"],
        hidden_rows=frozenset(row for row in facts["hidden_rows"] if top <= row < bottom),
        hidden_columns=frozenset(
            column
            for first, last in facts["hidden_columns"]
            for column in range(max(first, left), min(last + 1, right))
        ),
        visible=facts["visible"],
        percents=frozenset(facts.get("percents", ())),
        fonts=facts.get("fonts", NOTHING),
    )


def _mark(rows: list[list[Value]], top: int, left: int, marks: list[tuple[Any, ...]]) -> tuple[int, int]:
    """Put into the rows what the values do not show, also outside their box; the new (top, left) of the box."""
    if not marks:
        return top, left
    if not rows:
        top, left = marks[0][:2]
    above = top - min(top, *(row for row, *_ in marks))
    before = left - min(left, *(column for _, column, *_ in marks))
    rows[:0] = [[] for _ in range(above)]
    top -= above
    if before:
        left -= before
        for line in rows:
            line[:0] = [None] * before
    for row, column, kind, *content in marks:
        while len(rows) <= row - top:
            rows.append([])
        line = rows[row - top]
        line += [None] * (column - left + 1 - len(line))
        if kind != "spilled" or line[column - left] is None:
            line[column - left] = _marked(kind, *content)
    return top, left


def _marked(kind: str, *content: Any) -> Value:
    if kind == "error":
        code, formula = content
        return CellError(code, "" if _TYPED.fullmatch(formula) else formula)
    if kind == "timedelta":
        return timedelta(*content)
    return str(*content) if kind == "text" else Uncomputed(*content)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
