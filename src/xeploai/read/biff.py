"""The records of a workbook stream (BIFF5, BIFF8): the second look at .xls, and what xlrd is given of it.

xlrd gives values, and checks by assertion a hundred kinds of record that hold none (comments, links, drawings, conditional
formats); it hides which cells are formulas, and believes the counts of a string table. So the stream is walked here once.
What stands beside the values is taken down; the records that hold values go into a small clean stream, which alone xlrd
sees:

    BOF  CODEPAGE DATEMODE FONT… FORMAT… XF… BOUNDSHEET… SST CONTINUE…  EOF     as they are, offsets made anew
    BOF  NUMBER RK MULRK LABEL LABELSST RSTRING BOOLERR FORMULA STRING…  EOF     for each worksheet

No record of the format says that a formula was never worked out. Who does not calculate writes a stand-in, and that can
be told in two ways:

  · an empty text, where the formula can only give a number or a truth value (xlwt, measured);
  · a zero, and the wish to be calculated on loading (Apache POI, PEAR, PhpSpreadsheet without calculation, by their
    sources), where no formula of the book that wishes so has another result (PhpSpreadsheet with calculation).

Once one formula of a book is found out by its empty text, an empty text is no result in any of its formulas. LibreOffice
computes, and never writes the wish (measured); in Excel's files its bit is zero by [MS-XLS] 2.4.127. So nothing of theirs is
suspected, and an empty text that the formula may well have given stays a blank.
"""

from __future__ import annotations

import struct

from xeploai.read.guard import Refused, damaged
from xeploai.read.tokens import Formula, gives_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_FILEPASS, _BOUNDSHEET, _SST, _DATEMODE = 0x002F, 0x0085, 0x00FC, 0x0022
_ROW, _COLINFO, _MERGEDCELLS = 0x0208, 0x007D, 0x00E5
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_BEGINNINGS = frozenset({0x0009, 0x0209, 0x0409, _BOF})
_OF_BOOK = frozenset({0x0042, _DATEMODE, 0x0031, 0x041E, 0x00E0})  # CODEPAGE, FONT, FORMAT, XF
_MULRK, _STRING = 0x00BD, 0x0207
_OF_CELL = _FORMULAS | {0x0203, 0x027E, _MULRK, 0x0204, 0x00FD, 0x00D6, 0x0205}
"""FORMULA NUMBER RK MULRK LABEL LABELSST RSTRING BOOLERR"""
_OF_SHEET = _OF_CELL | {_STRING}
_SHRFMLA, _ARRAY = 0x04BC, 0x0221
_OF_NAMES, _NAME = frozenset({0x0042, _BOUNDSHEET, 0x01AE, 0x0023, 0x0017}), 0x0018
"""CODEPAGE BOUNDSHEET SUPBOOK EXTERNNAME EXTERNSHEET"""
_WORKSHEET = b"\x10\0"
_LISTED_AS = {1: "xlMacrosheet", 2: "chartsheet", 6: "module"}
_BEGINS_AS = {b"\x20\0": "chartsheet", b"\x40\0": "xlMacrosheet", b"\x06\0": "module"}

_head = struct.Struct("<HH").unpack_from


ERRORS = 10_000
"""Formulas of a sheet with an error that are told, a twentieth of a millisecond each."""


class Sheet:
    """A worksheet: its records for xlrd, and what stands beside its values. Positions count from 0."""

    __slots__ = (
        "blank", "errors", "filled", "for_many", "hidden_columns", "hidden_rows", "listed", "merged", "pieces", "visible",
        "zero",
    )  # fmt: skip

    def __init__(self, listed: bytes) -> None:
        self.listed = listed
        """Its BOUNDSHEET record."""
        self.visible = not listed[4] & 3
        self.pieces: list[bytes] = []
        self.filled = 0
        """How many cells its records fill, each time that they do."""
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.blank: list[Formula] = []
        self.zero: list[Formula] = []
        self.errors: list[Formula] = []
        """Those whose result is an error, as many as are told."""
        self.for_many: dict[tuple[int, int], tuple[bool, bytes]] = {}
        """Of the first cell of a shared or array formula: whether it is a shared one, and its tokens."""


class Book:
    """A workbook stream. Raises Refused over anything that is none."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._beginning = b""
        self._globals: list[bytes] = []
        self.date1904 = False
        self.sheets: list[Sheet] = []
        self.passed_over: list[tuple[str, str]] = []
        """Name and kind of the sheets that are no worksheets."""
        self._calculates = self._never_calculates = False
        try:
            self._look()
        except (struct.error, IndexError) as error:
            raise damaged("tệp bị cụt, hoặc bản ghi bên trong bị hỏng") from error

    def unworked(self, sheet: Sheet) -> list[Formula]:
        """The formulas of a sheet that were never worked out."""
        return ([] if self._calculates else sheet.zero) + (sheet.blank if self._never_calculates else [])

    def clean(self, sheets: Sequence[Sheet]) -> bytes:
        """The stream that xlrd is given: the book, and of its sheets these."""
        end = struct.pack("<HH", _EOF, 0)
        bodies = [b"".join([self._sheet_beginning(), *sheet.pieces, end]) for sheet in sheets]
        size = len(self._beginning) + sum(map(len, self._globals)) + sum(4 + len(s.listed) for s in sheets) + len(end)
        listed = []
        for sheet, body in zip(sheets, bodies, strict=True):
            listed.append(struct.pack("<HHI", _BOUNDSHEET, len(sheet.listed), size) + b"\0\0" + sheet.listed[6:])
            size += len(body)
        return b"".join([self._beginning, *self._globals, *listed, end, *bodies])

    def names(self) -> bytes:
        """A stream of what formulas call by name: sheets, other files, defined names, these without what they stand for.
        It has no sheet in it."""
        stream, pieces = self._stream, [self._beginning]
        for code, at, end in self._records(0):
            if code == _NAME:
                pieces += stream[at : at + 8], b"\0\0", stream[at + 10 : end]  # a formula of no length
            elif code in _OF_NAMES:
                pieces.append(stream[at:end])
        return b"".join([*pieces, struct.pack("<HH", _EOF, 0)])

    def _sheet_beginning(self) -> bytes:
        return self._beginning[:6] + _WORKSHEET + self._beginning[8:]

    @staticmethod
    def doubled(sheet: Sheet) -> list[tuple[int, int]]:
        """The cells of a sheet that are filled more than once."""
        once: set[tuple[int, int]] = set()
        twice: set[tuple[int, int]] = set()
        for piece in sheet.pieces:
            at = 0
            while at < len(piece):
                code, length, row, column = struct.unpack_from("<HHHH", piece, at)
                if code in _OF_CELL:
                    for place in range(column, column + ((length - 6) // 6 if code == _MULRK else 1)):
                        (twice if (row, place) in once else once).add((row, place))
                at += 4 + length
        return sorted(twice)

    # --------------------------------------------------------------------------------------------- the walk

    def _look(self) -> None:
        offsets: dict[int, Sheet] = {}
        for code, at, end in self._records(0):
            if code == _FILEPASS:
                raise Refused("DL04")
            if code == _BOUNDSHEET:
                listed = self._stream[at + 4 : end]
                offset = struct.unpack_from("<I", listed)[0]
                if listed[5]:
                    self.passed_over.append((_name(listed), _LISTED_AS.get(listed[5], "")))
                    continue
                if offset in offsets:
                    raise damaged("hai trang tính chỉ vào cùng một chỗ trong tệp")
                offsets[offset] = Sheet(listed)
            elif code == _SST:
                self._globals += self._strings(at)
            elif code in _OF_BOOK:
                self._globals.append(self._stream[at:end])
                if code == _DATEMODE:
                    self.date1904 = self._stream[at + 4] == 1
        left = len(self._stream)
        for offset, sheet in offsets.items():
            kind = self._stream[offset + 6 : offset + 8]
            if kind in _BEGINS_AS:
                self.passed_over.append((_name(sheet.listed), _BEGINS_AS[kind]))
                continue
            if kind != _WORKSHEET:
                raise damaged("không tìm thấy phần đầu của một trang tính bên trong tệp")
            left -= self._walk(offset, sheet)
            if left < 0:
                raise damaged("các trang tính bên trong tệp chồng lên nhau")
            self.sheets.append(sheet)
        is_biff8 = self._beginning[4:6] == b"\x00\x06"
        self._never_calculates = is_biff8 and any(gives_number(f.tokens) for sheet in self.sheets for f in sheet.blank)

    def _records(self, at: int) -> Iterator[tuple[int, int, int]]:
        """(code, where it begins, where it ends) of the records from the BOF here up to its EOF, not of nested ones."""
        stream = self._stream
        code, length = _head(stream, at)
        if code not in _BEGINNINGS or not 8 <= length <= 16:
            raise damaged("không tìm thấy phần đầu của bảng tính hay trang tính bên trong tệp")
        end = at + 4 + length
        if not at:
            self._beginning = stream[:end]
            if code != _BOF or stream[4:6] not in (b"\x00\x05", b"\x00\x06"):
                raise damaged("bảng tính bên trong tệp thuộc phiên bản Excel quá cũ")
        depth = 1
        while True:
            at = end
            code, length = _head(stream, at)
            end = at + 4 + length
            if code == _EOF:
                depth -= 1
                if not depth:
                    yield code, at, end
                    return
            elif code in _BEGINNINGS:
                depth += 1
            elif depth == 1:
                yield code, at, end

    def _walk(self, offset: int, sheet: Sheet) -> int:
        """Take down one worksheet; the number of bytes that it lies in."""
        stream, kept = self._stream, sheet.pieces
        formula = offset  # the last one
        begin = last = end = offset  # begin, last: of the run of records to be kept
        for code, at, end in self._records(offset):
            if code in _OF_SHEET or (code == _CONTINUE and at == last):
                if at != last:
                    kept.append(stream[begin:last])
                    begin = at
                last = end
                if code in _FORMULAS:
                    self._formula(sheet, formula := at)
                if code in _OF_CELL:
                    sheet.filled += (end - at - 10) // 6 if code == _MULRK else 1
            elif code == _ROW:
                row, height, flags = struct.unpack_from("<H4xH4xH", stream, at + 4)
                if flags & 0x20 or not height:
                    sheet.hidden_rows.append(row)
            elif code == _COLINFO:
                first, final, width, flags = struct.unpack_from("<HHH2xH", stream, at + 4)
                if (flags & 1 or not width) and first <= min(final, 255):
                    sheet.hidden_columns.append((first, min(final, 255)))
            elif code in (_SHRFMLA, _ARRAY):
                self._for_many(sheet, code, stream[at + 4 : end], formula)
            elif code == _MERGEDCELLS:
                sheet.merged += _merged(stream[at + 4 : end])
        kept.append(stream[begin:last])
        return end - offset

    def _formula(self, sheet: Sheet, at: int) -> None:
        row, column, result, flags, length = struct.unpack_from("<HH2x8sH4xH", self._stream, at + 4)
        if result[6:] == b"\xff\xff" and result[0] == 3:
            sheet.blank.append(Formula(row, column, self._stream[at + 26 : at + 26 + length]))
        elif result[6:] == b"\xff\xff" and result[0] == 2:
            if len(sheet.errors) < ERRORS:
                sheet.errors.append(Formula(row, column, self._stream[at + 26 : at + 26 + length]))
        elif flags & 2:
            if any(result):
                self._calculates = True
            else:
                sheet.zero.append(Formula(row, column, self._stream[at + 26 : at + 26 + length]))

    def _for_many(self, sheet: Sheet, code: int, body: bytes, at: int) -> None:
        """Take down a formula that many cells use. They name its first cell: the first of its area, or where it stands."""
        head = struct.Struct("<HHBBHH" if code == _SHRFMLA else "<HHBBHIH")
        if len(body) < head.size:
            return
        row, _, column, *_, length = head.unpack_from(body)
        tokens = body[head.size : head.size + length]
        for place in ((row, column), struct.unpack_from("<HH", self._stream, at + 4)):
            sheet.for_many[place] = code == _SHRFMLA, tokens

    def _strings(self, at: int) -> list[bytes]:
        """The records of the string table that begins here."""
        records = []
        code = _CONTINUE
        while code == _CONTINUE:
            end = at + 4 + _head(self._stream, at)[1]
            records.append(self._stream[at:end])
            at = end
            code = _head(self._stream, at)[0]
        _check([record[4:] for record in records])
        return records


def _check(table: Sequence[bytes]) -> None:
    """Go through a string table as xlrd does, so that it will not go backwards in it, or on for ever."""
    place, body, at = 0, table[0], 8
    (count,) = struct.unpack_from("<I", body, 4)
    for n in range(count):
        characters, options = struct.unpack_from("<HB", body, at)
        at += 3
        runs = phonetic = 0
        if options & 8:
            (runs,) = struct.unpack_from("<H", body, at)
            at += 2
        if options & 4:
            (phonetic,) = struct.unpack_from("<i", body, at)
            at += 4
        if phonetic < 0:
            raise damaged("bảng chuỗi bên trong tệp lặp vòng")
        while True:
            width = options & 1
            here = min((len(body) - at) >> width, characters)
            at += here << width
            characters -= here
            if not characters:
                break
            place, at = place + 1, 1
            body = table[place]
            options = body[0]
        while runs:
            here = min((len(body) - at) // 4, runs)
            at += here * 4
            runs -= here
            if runs:
                place, at = place + 1, 0
                body = table[place]
        at += phonetic
        if at >= len(body) and n < count - 1:
            at -= len(body)
            place += 1
            body = table[place]


def _merged(body: bytes) -> Iterator[tuple[int, int, int, int]]:
    count = min(struct.unpack_from("<H", body)[0], (len(body) - 2) // 8)
    for top, bottom, left, right in struct.iter_unpack("<4H", body[2 : 2 + count * 8]):
        if top <= bottom and left <= right <= 255 and (top, left) != (bottom, right):
            yield top, left, bottom, right


def _name(listed: bytes) -> str:
    """The name in a BOUNDSHEET record. One of Excel 5.0 says nowhere which letters it has: Western ones, mostly."""
    length, rest = listed[6], listed[7:]
    if len(rest) == length:
        return rest.decode("cp1252", "replace")
    return rest[1:].decode("utf-16-le" if rest[:1] == b"\1" else "latin-1", "replace")
