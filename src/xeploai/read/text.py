"""Text tables (.csv, .tsv, .txt) → one sheet of texts. The standard library's csv does the parsing; here stands the evidence.

    letters     UTF-8, with or without its mark; UTF-16 with its mark; else windows-1258, the code page of Vietnamese
                Windows. That one writes tone marks as letters of their own after the vowel: they are joined when texts
                are compared (NFC). A file that is UTF-8 but for a few bytes is damaged, not windows-1258.
    separator   what `sep=;` in the first line says; else tab, semicolon, | or comma by what the rows have in common. A
                comma also stands in 9,5 and in sentences, so a comma makes columns only where no other sign does, and
                where every row that has one comes to as many columns as the others. Otherwise nobody can know.
    values      every cell is the text that was typed, "9,5" and "1.234" too: what number it is, the same rules decide as
                for texts in a workbook. A text that begins with = is a text.

Rows are numbered as Excel numbers them when it opens the file: a line break inside quotes begins no row, and the line
`sep=;` is none.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, namedtuple
from io import StringIO
from itertools import islice

from xeploai.read import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xeploai.read.frames import Frame

ROWS = 2048
"""Rows in a frame."""
SAMPLE = 1000
"""Rows by which the separator is found. The others must then keep to it."""
LONGEST_LINE = 1 << 20
"""In characters."""
NAME = "Bảng"
"""Of the one sheet, which has none."""

_SEPARATORS = "\t;|,"  # where the evidence is the same for two, the first of them
_NAMED = re.compile(r'"?sep=([^\w\s"]|\t)"?[ ;,\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)

_Split = namedtuple("_Split", "separator rows width is_even")


def sheets(data: bytes, share: int = 0, of: int = 1) -> Iterator[Frame]:
    """The frames of the one sheet; `share` and `of` as other readers have them. Raises Refused."""
    if share % of:
        return
    text = _decoded(data)
    named = _NAMED.match(text)
    first_line = 1
    if named:
        text, first_line = text[named.end() :], 2
    _check(text, first_line)
    separator = named[1] if named else _separator(text)
    lines = _used(_table(text, separator, first_line, must_be_even=separator == "," and not named))
    while rows := list(islice(lines, ROWS)):
        yield ("rows", rows, [])
    facts = {"name": NAME, "visible": True, "top": 0, "left": 0, "marks": [], "merged": ()}
    yield ("sheet", facts | {"hidden_rows": [], "hidden_columns": []})


def _used(lines: Iterable[list[str | None]]) -> Iterator[list[str | None]]:
    """The rows up to the last cell of each, and up to the last row, in which something stands."""
    blank = height = width = 0
    for line in lines:
        while line and line[-1] is None:
            line.pop()
        if not line:
            blank += 1
            continue
        height, width = height + blank + 1, max(width, len(line))
        _check_box(height, width)
        for _ in range(blank):
            yield []
        yield line
        blank = 0


# ------------------------------------------------------------------------------------------------- letters


def _decoded(data: bytes) -> str:
    """The text, without a byte order mark and without the sign by which DOS ended files."""
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding).rstrip("\x1a")
            except UnicodeDecodeError as error:
                raise _unreadable(f"là chữ {name}", data[: error.start]) from error
    try:
        return data.decode("utf-8").rstrip("\x1a")
    except UnicodeDecodeError as error:
        if _is_nearly_utf8(data):
            raise _unreadable("là chữ UTF-8", data[: error.start]) from error
    try:
        return data.decode("cp1258").rstrip("\x1a")
    except UnicodeDecodeError as error:
        raise _unreadable("không phải chữ UTF-8, cũng không phải windows-1258", data[: error.start]) from error


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether more letters are good UTF-8 than are none: in another encoding hardly any is, by chance."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - wrong > wrong


def _unreadable(what: str, before: bytes) -> guard.Refused:
    line = guard.number(before.count(b"\n") + 1)
    return guard.damaged(f"tệp {what}, nhưng dòng {line} có chỗ không đọc được; lưu lại dạng CSV UTF-8 hoặc .xlsx")


def _check(text: str, first_line: int) -> None:
    """What no table has: a NUL, and a line without an end."""
    nul = text.find("\0")
    if nul >= 0:
        line = guard.number(_lines(text[:nul]) + first_line)
        raise guard.damaged(f"dòng {line} có ký tự NUL, không có trong văn bản")
    for number, line in enumerate(StringIO(text, newline=""), first_line):
        if len(line) > LONGEST_LINE:
            raise guard.damaged(
                f"dòng {guard.number(number)} dài {guard.number(len(line))} ký tự, "
                f"quá giới hạn {guard.number(LONGEST_LINE)}; kiểm tra xem tệp có đúng là bảng không"
            )


def _lines(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


# ----------------------------------------------------------------------------------------------- separator


def _separator(text: str) -> str:
    """The sign between columns, by the first rows; any will do where none of them has one."""
    splits = [_split(text, separator) for separator in _SEPARATORS]
    most = max(split.rows for split in splits)
    likely = [split for split in splits if split.is_even and 2 * split.rows >= most > 0]
    if not likely:
        # with the comma, the table then says which row is odd
        return "," if most else next((separator for separator in _SEPARATORS if separator in text), "\t")
    best, last = likely[0], likely[-1]
    if last.separator == "," and last.rows > best.rows and last.width > best.width:
        best = last  # the other sign stands in its texts
    return str(best.separator)


def _split(text: str, separator: str) -> _Split:
    """What this sign makes of the first rows: how many it divides, into how many columns mostly, and whether evenly."""
    widths: Counter[int] = Counter()
    try:
        for line in islice(csv.reader(StringIO(text, newline=""), delimiter=separator), SAMPLE):
            widths[_width(line)] += 1
    except csv.Error:
        pass  # the table will be read once more, and then with its reason
    divided = sorted(((count, width) for width, count in widths.items() if width > 1), reverse=True)
    is_even = len(divided) == 1 or separator != ","
    return _Split(separator, sum(count for count, _ in divided), divided[0][1] if divided else 1, is_even)


def _width(line: list[str]) -> int:
    """How many columns a row has; none, where nothing stands in it."""
    return len(line) if any(line) else 0


# --------------------------------------------------------------------------------------------------- table


def _table(text: str, separator: str, first_line: int, must_be_even: bool) -> Iterator[list[str | None]]:
    """The rows. With a comma that nobody has named, every divided row must have as many columns as the others."""
    usual = _split(text, separator).width if must_be_even else 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        before = reader.line_num
        try:
            line = next(reader, None)
        except csv.Error as error:
            raise _unquoted(before + first_line, reader.line_num + first_line - 1) from error
        if line is None:
            return
        if must_be_even and _width(line) not in (0, 1, usual):
            raise _uneven(before + first_line, len(line), usual)
        yield [cell.replace("\r\n", "\n") or None for cell in line]


def _unquoted(first: int, last: int) -> guard.Refused:
    begins = guard.number(first)
    if last > first:
        return guard.damaged(
            f'dấu ngoặc kép (") mở ở dòng {begins} không có dấu đóng; sửa dòng đó, hoặc lưu thành .xlsx'
        )
    return guard.damaged(
        f'dòng {begins} có ô mở bằng dấu ngoặc kép (") mà đóng không đúng chỗ, hoặc dài quá '
        f"{guard.number(csv.field_size_limit())} ký tự; sửa dòng đó, hoặc lưu thành .xlsx"
    )


def _uneven(line: int, width: int, usual: int) -> guard.Refused:
    return guard.damaged(
        f"dòng {guard.number(line)} có {width} cột, các dòng khác có {usual} cột: không biết dấu «,» nào ngăn cột, "
        "dấu nào nằm trong số như 9,5; lưu lại bảng với dấu «;» ngăn cột, hoặc lưu thành .xlsx"
    )


def _check_box(height: int, width: int) -> None:
    if height > guard.MOST_ROWS or width > guard.MOST_COLUMNS or height * width > guard.MOST_CELLS:
        raise guard.damaged(
            f"bảng có từ {guard.number(height)} hàng × {guard.number(width)} cột trở lên, quá giới hạn "
            f"{guard.number(guard.MOST_CELLS)} ô, hoặc nhiều hàng, cột hơn Excel cho phép; bỏ bớt hàng thừa rồi lưu lại"
        )
