"""Formulas of .xls: their tokens, and the text that Excel shows for them.

xlrd writes the text of a formula. What many cells share, what areas of other sheets are, and the names of sheets, files and
defined names stand in other records than the formula; here they are brought together.
"""

from __future__ import annotations

import re
import struct
from functools import cached_property
from io import StringIO

import xlrd
from xlrd.formula import FMLA_TYPE_ARRAY, FMLA_TYPE_CELL, FMLA_TYPE_SHARED, FormulaError, decompile_formula

from xeploai.read.formulas import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GAVE_UP = (
    xlrd.XLRDError,
    FormulaError,
    AssertionError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)
"""What xlrd raises over records that no office program has written."""

_STRINGS = re.compile(r'"(?:[^"]|"")*"')
_WHOLE = re.compile(r"\b(\d+)\.0\b")
_ERROR = re.compile(r'"(#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A))"')
_SHEET = r"(?:'(?:[^']|'')*'|<<external>>|[^\s'!\"(),;:+*/^&<>={}-]+)"
_AS_EXCEL = (
    (re.compile(r"!(\$?[A-Z]+\$?\d+):\1(?![\w$])"), r"!\1"),  # T!A1:A1, one cell
    (re.compile(rf"({_SHEET}(?::{_SHEET})?!)(\$?[A-Z]+\$?\d+):\1"), r"\1\2:"),
    (re.compile(r"(?<![\w$])(\$?[A-Z]+)\$1:(\$?[A-Z]+)\$65536\b"), r"\1:\2"),  # whole columns
    (re.compile(r"'internal; deleted sheet'!"), "#REF!"),
    (re.compile(r"<<external>>!"), "[tệp khác]!"),
)
"""What xlrd writes otherwise than Excel shows it; and T!A1:T!B2, as `_bearable` has it."""

_SIZES = dict.fromkeys(range(0x03, 0x17), 1) | {
    0x01: 5, 0x02: 5, 0x1C: 2, 0x1D: 2, 0x1E: 3, 0x1F: 9, 0x20: 8, 0x21: 3, 0x22: 4, 0x23: 5, 0x24: 5, 0x25: 9,
    0x26: 7, 0x27: 7, 0x28: 7, 0x29: 3, 0x2A: 5, 0x2B: 9, 0x2C: 5, 0x2D: 9, 0x39: 7, 0x3A: 7, 0x3B: 11, 0x3C: 7,
    0x3D: 11,
}  # fmt: skip
"""Bytes of each token of BIFF8, itself counted; texts and jumps are longer by what they hold."""
_ELSEWHERE = frozenset({0x01, 0x02, 0x23, 0x39, 0x3A, 0x3B})  # what they mean stands in another record
_DELETED = frozenset({0x2A, 0x2B, 0x3C, 0x3D})
_PARENTHESES, _TEXT, _SPECIAL, _AREA_3D = 0x15, 0x17, 0x19, 0x3B
_NUMBERS = frozenset({*range(0x03, 0x08), *range(0x09, 0x0F), 0x13, 0x14, 0x1D, 0x1E, 0x1F})
"""+ - × ÷ ^, comparisons, −x, x%, constants. Not +x, which leaves a text as it is."""
_COUNTING = frozenset(
    {0, 4, 5, 6, 7, 24, 25, 27, 36, 37, 38, 169, 183, 212, 213, 216, 228, 325, 326, 344, 345, 346, 347}
)
"""COUNT SUM AVERAGE MIN MAX ABS INT ROUND AND OR NOT COUNTA PRODUCT ROUNDUP ROUNDDOWN RANK SUMPRODUCT LARGE SMALL SUBTOTAL
SUMIF COUNTIF COUNTBLANK"""


class Formula:
    """A formula whose result may be a stand-in, or is an error."""

    __slots__ = ("column", "row", "tokens")

    def __init__(self, row: int, column: int, tokens: bytes) -> None:
        self.row = row
        self.column = column
        self.tokens = tokens


class Texts:
    """The formulas of a sheet as they are typed."""

    def __init__(
        self, reader: xlrd.Book, names: Callable[[], bytes], for_many: Mapping[tuple[int, int], tuple[bool, bytes]]
    ) -> None:
        """`names`: the stream of what formulas call by name; `for_many`: of the first cell of a shared or array formula,
        whether it is a shared one, and its tokens."""
        self._reader = reader
        self._stream = names
        self._for_many = for_many

    def of(self, formula: Formula) -> str:
        """ "=A7/B7"; "" where it cannot be told."""
        kind, tokens = FMLA_TYPE_CELL, formula.tokens
        if first := elsewhere(tokens):
            is_shared, tokens = self._for_many.get(first, (False, b""))
            kind = FMLA_TYPE_SHARED if is_shared else FMLA_TYPE_ARRAY
        found = parsed(tokens)
        if self._reader.biff_version < 80 or not found:
            return ""
        try:
            tokens = b"".join(_bearable(token, content) for token, content in found)
            reader = self._reader if _ELSEWHERE.isdisjoint(token for token, _ in found) else self._names
            text = reader and decompile_formula(reader, tokens, len(tokens), kind, formula.row, formula.column)
        except GAVE_UP:
            return ""  # it is shown beside the address, and only there
        if not text or "?" in _STRINGS.sub("", text):  # what xlrd does not know
            return ""
        text = _ERROR.sub(r"\1", text)
        if '"' not in text:
            text = _WHOLE.sub(r"\1", text)  # xlrd writes A1/2 as A1/2.0
        for theirs, excels in _AS_EXCEL:
            text = theirs.sub(excels, text)
        return told(text)

    @cached_property
    def _names(self) -> xlrd.Book | None:
        """A reader of the names alone: most sheets need none of them, and xlrd does not bear every record."""
        try:
            return xlrd.open_workbook(file_contents=self._stream(), logfile=StringIO(), on_demand=True)
        except GAVE_UP:
            return None


def gives_number(tokens: bytes) -> bool:
    """Whether a formula of BIFF8 can only give a number, a truth value or an error: its last token decides."""
    for token, content in reversed(parsed(tokens)):
        if token == _PARENTHESES or (token == _SPECIAL and not content[1] & 0x10):  # spaces, jumps
            continue
        if token in (0x21, 0x22):
            return int.from_bytes(content[-2:], "little") in _COUNTING
        return token in _NUMBERS or token == _SPECIAL  # SUM of one argument
    return False


def elsewhere(tokens: bytes) -> tuple[int, int] | None:
    """The first cell of the shared or array formula that stands for these tokens: row and column; None: they are it."""
    return struct.unpack_from("<HH", tokens, 1) if tokens[:1] == b"\x01" and len(tokens) >= 5 else None


def _bearable(token: int, content: bytes) -> bytes:
    """A token as xlrd bears it: an area of another sheet as its two corners and the colon, a deleted cell as #REF!."""
    if token in _DELETED:
        return b"\x1c\x17"
    if token != _AREA_3D:
        return content
    sheet, top, bottom, left, right = content[1:3], content[3:5], content[5:7], content[7:9], content[9:11]
    return b"\x5a" + sheet + top + left + b"\x5a" + sheet + bottom + right + b"\x11"


def parsed(tokens: bytes) -> list[tuple[int, bytes]]:
    """The tokens of a formula of BIFF8, without their class; none where one is unknown or cut short."""
    found = []
    at = 0
    while at < len(tokens):
        token = tokens[at] & 0x1F | (0x20 if tokens[at] & 0x60 else 0)
        size = _size(token, tokens[at : at + 4])
        if not size or at + size > len(tokens):
            return []
        found.append((token, tokens[at : at + size]))
        at += size
    return found


def _size(token: int, head: bytes) -> int:
    if token == _TEXT and len(head) > 2:
        return 3 + (head[1] << (head[2] & 1))
    if token == _SPECIAL and len(head) > 3:
        return 4 + (2 * int.from_bytes(head[2:], "little") + 2 if head[1] & 4 else 0)
    return _SIZES.get(token, 0)
