"""What is refused before any parser runs, with the reason in the officer's words.

Limits stand here and nowhere else. The guard turns a bomb into a sentence; it does not replace the process that may die.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from zipfile import ZipInfo

MOST_PARTS = 10_000
MOST_BYTES = 512 << 20
"""Of one part, unpacked."""
MOST_CELLS = 20_000_000
"""From the first used cell of a sheet to its last, empty ones counted: what a reader has to hold."""
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""Of a sheet, by Excel itself."""

_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_COUNT = re.compile(rb"<(?:\w+:)?sst\b[^>]*?\suniqueCount\s*=\s*[\"'](\d+)")
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
    """The list of parts. What a part holds once unpacked is never more than it says here: zipfile stops there."""
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
    count = _COUNT.search(part, 0, 4096)
    if count and (len(count[1]) > 10 or int(count[1]) > len(part)):
        raise damaged(f"phần «{name}» khai {count[1][:20].decode()} chuỗi, nhiều hơn dung lượng của nó")


def box(sheet: str, part: bytes, last_row: int) -> None:
    """The used box of a sheet part in the ordinary form. `last_row` is what its rows say."""
    widest = MOST_CELLS // max(last_row, 1)
    if len(part) > _SMALL and (widest >= MOST_COLUMNS or not _beyond(widest).search(part)):
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
