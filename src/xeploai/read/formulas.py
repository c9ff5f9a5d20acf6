"""The formula behind a cell of a sheet part, as Excel shows it when the cell is selected.

A formula that was filled down a column is written once; the cells below only say that they share it. The cells of an array
formula beside its first say nothing at all. Who looks for the cause of a #REF! wants to see the formula of that very cell.
"""

from __future__ import annotations

import re

from xeploai.read.guard import column_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[int, int]  # row and column, from 0

_ADDRESS = re.compile(rb"([A-Za-z]{1,3})([1-9]\d{0,6})")
_RANGE = re.compile(rb"([A-Za-z]{1,3})([1-9]\d{0,6})(?::([A-Za-z]{1,3})([1-9]\d{0,6}))?")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_FOR_MANY = re.compile(rb'<f\s(?=[^>]*?\bt\s*=\s*"(shared|array)")([^>]*)>([^<]+)</f')
_PREFIX = re.compile(r"_xlfn\.(?:_xlws\.)?")
"""What Excel keeps, and does not show, of functions that came later."""
_OTHER_FILE = re.compile(r"(?<![\w.\]])\[\d+\](?=[^\s,;()]*'?!|[^']*'!)")
_CELL_LIKE = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_MOVABLE = re.compile(
    rf"(?:(?:'(?:[^']|'')*'|[^\s'!:\[\]]+)!)?(?:{_CELL_LIKE}(?::{_CELL_LIKE})?|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}|\$?\d+:\$?\d+)"
)
_NAME = re.compile(r"[^\W\d][\w.]*")
_CORNER = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ATTRIBUTE = re.compile(rb'([\w:.-]+)\s*=\s*"([^"]*)"')
_CELL = re.compile(rb'<c\s[^>]*?\br\s*=\s*"([^"]*)"')

SPREAD = 100_000
"""Cells of an array formula: more than that is no score sheet."""
LONGEST = 500
"""Characters of a formula that are told: a message shows fewer."""
MOST = 2_000_000
"""Characters of all formulas of a sheet that are told; one that has to be moved costs `MOVING` more."""
MOVING = 100


class Formulas:
    """The formulas of the rows that lie from `start` to `end` in a sheet part of the ordinary form."""

    def __init__(self, part: bytes, start: int, end: int) -> None:
        self._lies = part, start, end
        self._shared: dict[bytes, tuple[str, str]] | None = None
        self._spread: dict[Place, str] = {}
        self._left = MOST

    def shown(self, at: Place, element: re.Match[bytes] | None) -> str:
        """The formula of the cell at this place, "=A7/B7", from its <f> (attributes, text), if it has one.

        "" where the cell has none, or none that can be told.
        """
        if self._left < 0:
            return ""
        attributes, own = element.groups() if element else (b"", b"")
        formula = (
            told(text(own[: 6 * LONGEST])) if own else self._of_many(at, dict(_ATTRIBUTE.findall(attributes or b"")))
        )
        self._left -= len(formula)
        return formula

    def _of_many(self, at: Place, facts: dict[bytes, bytes]) -> str:
        """The formula of a cell in which none is written, by the facts of its <f>, if it has one."""
        if self._shared is None:
            self._shared = {}
            self._look(self._shared)
        if facts.get(b"t") != b"shared":
            return self._spread.get(at, "")
        if facts.get(b"si", b"") not in self._shared:
            return ""
        self._left -= MOVING
        return _moved(*self._shared[facts.get(b"si", b"")], at)

    def _look(self, shared: dict[bytes, tuple[str, str]]) -> None:
        """Take down the formulas that are written in one cell for many."""
        part, start, end = self._lies
        left_over = SPREAD
        for found in _FOR_MANY.finditer(part, start, end):
            facts, formula = dict(_ATTRIBUTE.findall(found[2])), text(found[3][: 6 * LONGEST])
            if found[1] == b"array":
                box = area(facts.get(b"ref", b""))
                left_over -= (box[2] - box[0] + 1) * (box[3] - box[1] + 1) if box else 0
                if left_over > 0:
                    self._spread.update(dict.fromkeys(places(facts.get(b"ref", b"")), told(formula)))
            elif cell := _CELL.match(part, part.rfind(b"<c", start, found.start())):
                shared.setdefault(facts.get(b"si", b""), (cell[1].decode("ascii", "replace"), formula))


def told(formula: str) -> str:
    """A formula, however long it is, as it is told."""
    if "_xlfn" in formula or "[" in formula:
        formula = '"'.join(_shown(piece) if place % 2 == 0 else piece for place, piece in enumerate(formula.split('"')))
    return f"={formula}" if len(formula) < LONGEST else f"={formula[: LONGEST - 2]}…"


def _shown(piece: str) -> str:
    """A piece outside of quotation marks: of another file the number is told, which nobody knows."""
    return _OTHER_FILE.sub("[tệp khác]", _PREFIX.sub("", piece))


def _moved(origin: str, formula: str, at: Place) -> str:
    """A formula as it reads in another cell than the one for which it was written; "" where openpyxl would move it wrongly."""
    if len(formula) >= LONGEST:
        return ""  # it may be cut
    from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    try:
        for token in Tokenizer(f"={formula}").items:
            if token.type == Token.FUNC and ":" in token.value:  # A1:INDEX(
                return ""
            if token.type == Token.OPERAND and token.subtype == Token.RANGE and not _is_movable(token.value):
                return ""
        moved: str = Translator(f"={formula}", origin).translate_formula(f"{letters(at[1])}{at[0] + 1}")
        if any(token.subtype == Token.RANGE and not _is_movable(token.value) for token in Tokenizer(moved).items):
            return ""  # beyond the last row or column
    except (TokenizerError, TranslatorError, ValueError, LookupError):
        return ""  # it is shown beside the address, and only there
    return told(moved[1:])


def _is_movable(reference: str) -> bool:
    """Whether openpyxl knows what moves in it: cells and areas that there are; a name of which nothing moves."""
    if not _MOVABLE.fullmatch(reference):
        return bool(_NAME.fullmatch(reference)) and not _CORNER.fullmatch(reference)
    corners = _CORNER.findall(reference.rpartition("!")[2])
    return all(column_number(name.encode()) <= 16_384 and 1 <= int(row) <= 1_048_576 for name, row in corners)


# ---------------------------------------------------------------------------------- texts, addresses, areas


def text(raw: bytes) -> str:
    """XML text without its entities."""
    plain = raw.decode("utf-8", "replace")
    return _ENTITY.sub(_entity, plain) if "&" in plain else plain


def _entity(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _ENTITIES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def letters(column: int) -> str:
    """0 → A, 26 → AA"""
    spelled = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        spelled = chr(65 + rest) + spelled
    return spelled


def place(address: bytes) -> Place | None:
    """B7 → (6, 1)"""
    found = _ADDRESS.fullmatch(address)
    return (int(found[2]) - 1, column_number(found[1]) - 1) if found else None


def area(reference: bytes) -> tuple[int, int, int, int] | None:
    """B7:C9 → (6, 1, 8, 2)"""
    found = _RANGE.fullmatch(reference)
    if not found:
        return None
    rows = sorted((int(found[2]) - 1, int(found[4] or found[2]) - 1))
    columns = sorted((column_number(found[1]) - 1, column_number(found[3] or found[1]) - 1))
    return rows[0], columns[0], rows[1], columns[1]


def places(reference: bytes) -> Iterator[Place]:
    """Every cell of an area; none where there are too many."""
    box = area(reference)
    if box and (box[2] - box[0] + 1) * (box[3] - box[1] + 1) <= SPREAD:
        for row in range(box[0], box[2] + 1):
            for column in range(box[1], box[3] + 1):
                yield row, column
