"""What is refused before any parser runs, with the reason in the officer's words.

Limits stand here and nowhere else. The guard turns a bomb into a sentence; it does not replace the process that may die.
"""

from __future__ import annotations

import re
from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from zipfile import ZipInfo

MOST_PARTS = 10_000
MOST_BYTES = 512 << 20
"""Of one part, unpacked."""
MOST_UNPACKED = 2 << 30
"""Of all parts that are read of a file; one that is read twice counts twice."""
MOST_DEPTH = 1000
"""Of elements within elements."""
MOST_STRINGS = 5_000_000
MOST_TEXT = 256 << 20
"""Bytes of the texts of a sheet, once each cell has its own copy of the text to which it refers."""
MOST_MERGED = 200_000
MOST_COVERED = 1_000_000
"""Cells in all merged areas of ordinary size. A larger one, a whole column, is never looked at cell by cell."""
ORDINARY_AREA = 10_000
MOST_CELLS = 20_000_000
"""From the first used cell of a sheet to its last, empty ones counted: what a reader has to hold."""
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""Of a sheet, by Excel itself."""

_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_COUNT = re.compile(rb"<(?:\w+:)?sst\b[^>]*?\suniqueCount\s*=\s*[\"'](\d+)")
_STRING = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_REFERRED = re.compile(
    rb"<c(?=\s)(?=[^>]*?\st\s*=\s*\"s\")[^>]*(?<!/)>(?:\s*<f[^>]*(?:/>|>[^<]*</f\s*>))?\s*<v[^>]*>\s*(\d{1,9})\b"
)
_LEAST_CELL = len(b'<c t="s"><v>0</v></c>')
_FILLED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>(?!\s*</)")
_SMALL = 1 << 20  # a part of this size is looked through cell by cell, in any case


class Refused(Exception):
    """This file cannot be read: a code of ours and its words. Caught once, where the process answers."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


def damaged(reason: str) -> Refused:
    """The file is broken, or no office program has made it so."""
    return Refused("DL03", reason=reason)


def container(entries: Sequence[ZipInfo]) -> None:
    """The list of parts. What a part holds once unpacked is never more than it says here: `Parts` stops there."""
    if len(entries) > MOST_PARTS:
        raise damaged(f"tệp có {number(len(entries))} phần bên trong, quá giới hạn {number(MOST_PARTS)}")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("DL04")
        if entry.compress_type not in (0, 8):  # stored, deflated: Excel knows no other
            raise damaged(f"phần «{entry.filename}» nén bằng cách mà Excel không dùng")
        if entry.file_size > MOST_BYTES:
            size, most = number(entry.file_size >> 20), number(MOST_BYTES >> 20)
            raise damaged(f"phần «{entry.filename}» bung ra {size} MB, quá giới hạn {most} MB")


def xml(name: str, part: bytes) -> None:
    """A part of XML: no document type, which only attacks declare; no count that its size belies."""
    prolog = _PROLOG.match(part)
    if prolog and part[prolog.end() : prolog.end() + 9].upper() == b"<!DOCTYPE":
        raise damaged(f"phần «{name}» có khai báo DOCTYPE, bảng tính thật không có")
    root = prolog.end() if prolog else 0
    count = _COUNT.search(part, root, root + 4096)
    if count and (len(count[1]) > 10 or int(count[1]) > len(part)):
        raise damaged(f"phần «{name}» khai {count[1][:20].decode()} chuỗi, nhiều hơn dung lượng của nó")


def unpacked(size: int) -> None:
    """What was unpacked of a file until now."""
    if size > MOST_UNPACKED:
        raise damaged(f"các phần bên trong tệp bung ra hơn {number(MOST_UNPACKED >> 20)} MB")


def depth(name: str, levels: int) -> None:
    """How deep a part goes. Excel needs a dozen levels."""
    if levels > MOST_DEPTH:
        raise damaged(f"phần «{name}» có hơn {number(MOST_DEPTH)} lớp lồng nhau, bảng tính thật không có")


class Texts:
    """The list of texts to which cells refer. Every cell that does so gets a copy of its own, and that may be a bomb."""

    def __init__(self, name: str, listed: bytes) -> None:
        self.listed = listed
        self._longest = -1
        if listed.count(b"<si") + listed.count(b":si") <= MOST_STRINGS:
            return
        if (count := sum(1 for _ in _STRING.finditer(listed))) > MOST_STRINGS:
            raise damaged(f"phần «{name}» có {number(count)} chuỗi, quá giới hạn {number(MOST_STRINGS)}")

    def spread(self, sheet: str, part: bytes) -> None:
        """What the texts of a sheet come to. Nearly always a glance tells that it is not too much."""
        if len(part) // _LEAST_CELL * len(self.listed) <= MOST_TEXT:
            return
        if self._longest < 0:  # not less than the longest text is
            self._longest = max(map(len, self.listed.split(b"si>")))
        if len(part) // _LEAST_CELL * self._longest <= MOST_TEXT or part.count(b'"s"') * self._longest <= MOST_TEXT:
            return
        starts = [found.start() for found in _STRING.finditer(self.listed)]
        lengths = [after - start for start, after in zip(starts, [*starts[1:], len(self.listed)], strict=True)]
        references = Counter(map(int, _REFERRED.findall(part)))
        total = sum(lengths[place] * times for place, times in references.items() if place < len(lengths))
        if total > MOST_TEXT:
            size, most = number(total >> 20), number(MOST_TEXT >> 20)
            raise damaged(f"chữ trong các ô của trang «{sheet}» bung ra {size} MB, quá giới hạn {most} MB")


def merged(sheet: str, areas: Sequence[tuple[int, int, int, int]]) -> None:
    """The merged areas of a sheet: (first row, first column, last row, last column)."""
    if len(areas) > MOST_MERGED:
        raise damaged(f"trang «{sheet}» có {number(len(areas))} vùng ô gộp, quá giới hạn {number(MOST_MERGED)}")
    sizes = ((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in areas)
    covered = sum(size for size in sizes if size <= ORDINARY_AREA)
    if covered > MOST_COVERED:
        raise damaged(
            f"trang «{sheet}» có {number(covered)} ô nằm trong các vùng gộp, quá giới hạn {number(MOST_COVERED)} ô; "
            "bỏ gộp những ô thừa rồi lưu lại"
        )


def box(sheet: str, part: bytes, last_row: int) -> None:
    """The used box of a sheet part in the ordinary form. `last_row` is what its rows say."""
    widest = min(MOST_CELLS // max(last_row, 1), MOST_COLUMNS)
    if len(part) > _SMALL and last_row <= MOST_ROWS and not _beyond(widest).search(part):
        return
    left, right, top, bottom = MOST_COLUMNS, 0, MOST_ROWS, 0
    for letters, digits in set(_FILLED.findall(part)):
        column, row = column_number(letters), int(digits) if len(digits) < 9 else 0
        if not (0 < row <= MOST_ROWS and 0 < column <= MOST_COLUMNS):
            address = (letters + digits).decode()[:20]
            raise damaged(f"trang «{sheet}» có ô {address}, ngoài giới hạn của Excel")
        left, right, top, bottom = min(left, column), max(right, column), min(top, row), max(bottom, row)
    if right and (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        raise damaged(
            f"trang «{sheet}» trải trên {number(bottom - top + 1)} hàng × {number(right - left + 1)} cột, "
            f"quá giới hạn {number(MOST_CELLS)} ô; xoá hàng và cột thừa (Ctrl+End cho thấy ô cuối) rồi lưu lại"
        )


def column_number(letters: bytes) -> int:
    """b"A" → 1, b"AA" → 27; more than three letters are beyond every sheet."""
    column = 0
    for letter in letters.upper()[:4]:
        column = column * 26 + letter - 64
    return column


def number(count: int) -> str:
    """1.048.576"""
    return f"{count:,}".replace(",", ".")


def _beyond(column: int) -> re.Pattern[bytes]:
    """A pattern that any cell to the right of this column has (in capitals, as every program writes it)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    if len(letters) == 3:  # hardly a sheet has so many columns: the simple question is the fast one
        return re.compile(rb'r="[A-Z]{3}')
    choices = [f"[A-Z]{{{len(letters) + 1},}}"]
    for place, letter in enumerate(letters):
        if letter < "Z":
            choices.append(f"{letters[:place]}[{chr(ord(letter) + 1)}-Z][A-Z]{{{len(letters) - place - 1}}}")
    return re.compile(rf'r="(?:{"|".join(choices)})\d'.encode())
