"""Formulas of .xls: their tokens, and the text that Excel shows for them.

A formula is stored as tokens in the order in which they are worked out, parentheses among them. What many cells share, and
the names of sheets, files and defined names stand in other records; xlrd reads these. Its own text of a formula loses
parentheses, so the text is written here. Whatever is not known makes the whole formula untold: a wrong one is worse than none.
"""

from __future__ import annotations

import re
import struct
from functools import cached_property
from io import StringIO

import xlrd
from xlrd.formula import FormulaError, func_defs, get_externsheet_local_range

from xeploai.read.formulas import letters, told

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

TOLD = 10_000
"""Formulas of a sheet that are told, each in some twenty microseconds."""
_MOST = 2_000
"""Bytes of tokens of a formula that is told: a message shows sixty characters."""

_BINARY = dict(enumerate(("+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"), 0x03))
_BARE = re.compile(r"[^\W\d]\w*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]\d*(?:[Cc]\d*)?")
_LAST_ROW, _LAST_COLUMN = 0xFFFF, 0xFF
_OTHER_FILE = "[tệp khác]!"

_SIZES = dict.fromkeys(range(0x03, 0x17), 1) | {
    0x01: 5, 0x02: 5, 0x1C: 2, 0x1D: 2, 0x1E: 3, 0x1F: 9, 0x20: 8, 0x21: 3, 0x22: 4, 0x23: 5, 0x24: 5, 0x25: 9,
    0x26: 7, 0x27: 7, 0x28: 7, 0x29: 3, 0x2A: 5, 0x2B: 9, 0x2C: 5, 0x2D: 9, 0x39: 7, 0x3A: 7, 0x3B: 11, 0x3C: 7,
    0x3D: 11,
}  # fmt: skip
"""Bytes of each token of BIFF8, itself counted; texts and jumps are longer by what they hold."""
_DELETED = frozenset({0x2A, 0x2B, 0x3C, 0x3D})
_MEMORY = frozenset({0x26, 0x27, 0x28, 0x29})
"""What Excel remembers of the references that follow: they say all."""
_PARENTHESES, _TEXT, _SPECIAL = 0x15, 0x17, 0x19
_BY_NAME = 255
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


class _Unknown(Exception):
    """A token that is not known, or that calls something by a name which is not there."""


class Texts:
    """The formulas of a sheet as they are typed."""

    def __init__(
        self, biff8: bool, names: Callable[[], bytes], for_many: Mapping[tuple[int, int], tuple[bool, bytes]]
    ) -> None:
        """`names`: the stream of what formulas call by name; `for_many`: of the first cell of a shared or array formula,
        whether it is a shared one, and its tokens."""
        self._is_biff8 = biff8
        self._stream = names
        self._for_many = for_many
        self._left = TOLD

    def of(self, formula: Formula) -> str:
        """ "=A7/B7"; "" where it cannot be told."""
        tokens = formula.tokens
        if first := elsewhere(tokens):
            _, tokens = self._for_many.get(first, (False, b""))
        self._left -= 1
        if not self._is_biff8 or len(tokens) > _MOST or self._left < 0:
            return ""
        try:
            return told(self._text(parsed(tokens), formula.row, formula.column))
        except (_Unknown, *GAVE_UP):
            return ""  # it is shown beside the address, and only there

    def _text(self, tokens: list[tuple[int, bytes]], row: int, column: int) -> str:
        """What stands on the stack in the end. Raises _Unknown, LookupError."""
        stack: list[str] = []
        for token, content in tokens:
            if token in _BINARY:
                last = stack.pop()
                stack[-1] += _BINARY[token] + last
            elif token in (0x12, 0x13):
                stack[-1] = ("+" if token == 0x12 else "-") + stack[-1]
            elif token == 0x14:
                stack[-1] += "%"
            elif token == _PARENTHESES:
                stack[-1] = f"({stack[-1]})"
            elif token == _SPECIAL:
                if content[1] & 0x10:
                    stack[-1] = f"SUM({stack[-1]})"
            elif token in (0x21, 0x22):
                self._call(stack, token, content)
            elif token not in _MEMORY:
                stack.append(self._operand(token, content, row, column))
        if len(stack) != 1:
            raise _Unknown
        return stack[0]

    @staticmethod
    def _call(stack: list[str], token: int, content: bytes) -> None:
        if token == 0x21:
            number, count = int.from_bytes(content[1:3], "little"), -1
        else:
            number, count = int.from_bytes(content[2:4], "little") & 0x7FFF, content[1] & 0x7F
        if number == _BY_NAME:  # the name is the first argument
            if not 1 <= count <= len(stack):
                raise _Unknown
            name, *arguments = stack[-count:]
        else:
            name, least, *_ = func_defs[number]
            count = least if count < 0 else count
            arguments = stack[-count:] if count else []
        if count > len(stack):
            raise _Unknown
        del stack[len(stack) - count :]
        stack.append(f"{name}({','.join(arguments)})")

    def _operand(self, token: int, content: bytes, row: int, column: int) -> str:
        if token in _DELETED:
            return "#REF!"
        if token in (0x24, 0x25):
            return _area(_corners(content[1:]))
        if token in (0x2C, 0x2D):
            return _area([_moved(corner, row, column) for corner in _corners(content[1:])])
        if token in (0x3A, 0x3B):
            return self._sheets(int.from_bytes(content[1:3], "little")) + _area(_corners(content[3:]))
        if token == 0x23:
            return self._name(int.from_bytes(content[1:3], "little"))
        if token == 0x39:
            return self._name_elsewhere(*struct.unpack_from("<HH", content, 1))
        return _constant(token, content)

    def _sheets(self, reference: int) -> str:
        """ "Năm!", "'Trang 1'!", "S1:S3!" """
        names = self._names
        first, last = get_externsheet_local_range(names, reference)
        if first == -2:
            return "#REF!"
        if first == -4:
            return _OTHER_FILE
        return self._called(first, last)

    def _called(self, first: int, last: int) -> str:
        known = self._names.sheet_names()
        if not 0 <= first <= last < len(known):
            raise _Unknown
        spelled = [known[first]] if first == last else [known[first], known[last]]
        whole = ":".join(spelled)
        if all(_BARE.fullmatch(each) and not _LIKE_A_CELL.fullmatch(each) for each in spelled):
            return f"{whole}!"
        return "'" + whole.replace("'", "''") + "'!"

    def _name(self, number: int) -> str:
        known = self._names.name_obj_list[number - 1]
        if number < 1 or known.scope < -1 or known.builtin:
            raise _Unknown
        return f"{self._called(known.scope, known.scope) if known.scope >= 0 else ''}{known.name}"

    def _name_elsewhere(self, reference: int, number: int) -> str:
        """A function of an add-in, as which .xls keeps those that came after 2003; of other files nothing is known."""
        names = self._names
        book, *_ = names._externsheet_info[reference]
        if book == names._supbook_locals_inx:
            return self._name(number)
        if book != names._supbook_addins_inx or number < 1:
            raise _Unknown
        return str(names.addin_func_names[number - 1])

    @cached_property
    def _found(self) -> xlrd.Book | None:
        try:
            return xlrd.open_workbook(file_contents=self._stream(), logfile=StringIO(), on_demand=True)
        except GAVE_UP:
            return None

    @property
    def _names(self) -> xlrd.Book:
        """A reader of the names alone: most sheets need none of them, and xlrd does not bear every record."""
        if self._found is None:
            raise _Unknown
        return self._found


Corner = tuple[int, int, bool, bool]
"""Row and column, and which of them move with the formula."""


def _corners(places: bytes) -> list[Corner]:
    """One place, or the two corners of an area: the rows, then the columns with their flags."""
    numbers = struct.unpack_from(f"<{len(places) // 2}H", places)
    half = len(numbers) // 2
    return [
        (row, flags & 0xFF, bool(flags & 0x8000), bool(flags & 0x4000))
        for row, flags in zip(numbers[:half], numbers[half:], strict=True)
    ]


def _moved(corner: Corner, row: int, column: int) -> Corner:
    """A place of a shared formula, counted from the cell that uses it."""
    down, right, row_moves, column_moves = corner
    return (
        (row + down) & _LAST_ROW if row_moves else down,
        (column + right) & _LAST_COLUMN if column_moves else right,
        row_moves,
        column_moves,
    )


def _area(corners: list[Corner]) -> str:
    rows, columns = [corner[0] for corner in corners], [corner[1] for corner in corners]
    numbers = ["" if corner[2] else "$" for corner in corners]
    names = ["" if corner[3] else "$" for corner in corners]
    if len(corners) == 2 and rows == [0, _LAST_ROW]:
        return ":".join(f"{mark}{letters(column)}" for mark, column in zip(names, columns, strict=True))
    if len(corners) == 2 and columns == [0, _LAST_COLUMN]:
        return ":".join(f"{mark}{row + 1}" for mark, row in zip(numbers, rows, strict=True))
    return ":".join(
        f"{name}{letters(column)}{number}{row + 1}"
        for name, column, number, row in zip(names, columns, numbers, rows, strict=True)
    )


def _constant(token: int, content: bytes) -> str:
    if token == 0x16:
        return ""  # an argument that was left out
    if token == _TEXT:
        text = content[3:].decode("utf-16-le" if content[2] & 1 else "latin-1", "replace")
        return '"' + text.replace('"', '""') + '"'
    if token == 0x1C:
        return str(xlrd.error_text_from_code[content[1]])
    if token == 0x1D:
        return "TRUE" if content[1] else "FALSE"
    if token == 0x1E:
        return str(int.from_bytes(content[1:3], "little"))
    if token == 0x1F:
        return f"{struct.unpack_from('<d', content, 1)[0]:.15G}"
    raise _Unknown


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
