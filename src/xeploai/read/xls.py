""".xls (Excel 5.0 to 2003) → sheets: bulk values by xlrd, what it hides by a walk over the records.

xlrd never sees the file: it is given a small clean stream of the very records that were looked at (`biff`), out of the
workbook stream alone (`compound`). Number formats mean here what calamine takes them for in .xlsx, and a date of either
format is the same value.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO

import xlrd

from xeploai.read import biff, compound, guard
from xeploai.read.plain import LAST_DATE
from xeploai.read.sniff import other_sheets
from xeploai.read.styles import is_old, is_percent
from xeploai.read.tokens import GAVE_UP, Texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from xeploai.read.frames import Frame

ROWS = 2048
"""Rows in a frame."""

_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(6)


def sheets(data: bytes, share: int = 0, of: int = 1) -> Iterator[Frame]:
    """The frames of every worksheet, in the workbook's order; of every `of`-th from `share` on. Raises Refused."""
    book = biff.Book(compound.workbook(data))
    yield from other_sheets(book.passed_over)
    wanted = book.sheets[share::of]
    with _xlrd():
        reader = xlrd.open_workbook(
            file_contents=book.clean(wanted), logfile=StringIO(), on_demand=True, formatting_info=True, ragged_rows=True
        )
    formats = _Formats(reader)
    for place, listed in enumerate(wanted):
        with _xlrd():
            sheet = reader.sheet_by_index(place)
        values = _Values(sheet, formats, book.date1904)
        _guarded(sheet.name, values, listed)
        yield from values.frames()
        texts = Texts(reader.biff_version >= 80, book.names, listed.for_many)
        marks = [*_with_formulas(values.marks, listed, texts)] + [
            (formula.row, formula.column, "formula", texts.of(formula)) for formula in book.unworked(listed)
        ]
        facts: dict[str, Any] = {
            "name": sheet.name,
            "visible": listed.visible,
            "top": values.top,
            "left": values.left,
            "marks": marks,
            "merged": tuple(listed.merged),
            "hidden_rows": listed.hidden_rows,
            "hidden_columns": listed.hidden_columns,
        }
        if values.percents:
            facts["percents"] = values.percents
        if values.filled < listed.filled:
            facts["doubled"] = book.doubled(listed)
        if values.fonts:
            facts["fonts"] = {column: tuple(sorted(names)) for column, names in values.fonts.items()}
        yield ("sheet", facts)
        reader.unload_sheet(place)


def _guarded(name: str, values: _Values, listed: biff.Sheet) -> None:
    """A text that stands in a thousand cells is sent a thousand times; a merged area may be a column, or every cell."""
    guard.merged(name, listed.merged)
    if values.characters > guard.MOST_TEXT:
        size, most = guard.number(values.characters >> 20), guard.number(guard.MOST_TEXT >> 20)
        raise guard.damaged(f"chữ trong các ô của trang «{name}» bung ra {size} MB, quá giới hạn {most} MB")


@contextmanager
def _xlrd() -> Iterator[None]:
    """Around every call of xlrd that parses."""
    try:
        yield
    except GAVE_UP as error:
        raise guard.damaged("các bản ghi bên trong tệp bị hỏng") from error


def _with_formulas(marks: Sequence[tuple[Any, ...]], listed: biff.Sheet, texts: Texts) -> Iterator[tuple[Any, ...]]:
    """The marks of a sheet, of which each error has its formula."""
    behind = {(formula.row, formula.column): formula for formula in listed.errors} if marks else {}
    for row, column, kind, *content in marks:
        formula = behind.get((row, column)) if kind == "error" else None
        yield row, column, kind, *content, *([texts.of(formula) if formula else ""] if kind == "error" else [])


# -------------------------------------------------------------------------------------------------- values


class _Values:
    """The cells of a sheet, ready to be sent: from its first filled row and column on."""

    def __init__(self, sheet: xlrd.sheet.Sheet, formats: _Formats, date1904: bool) -> None:
        self._sheet = sheet
        self._formats = formats
        self._date1904 = date1904
        self._moments: dict[int, list[tuple[int, int, str, tuple[int, ...]]]] = {}  # by frame
        self.marks: list[tuple[Any, ...]] = []
        self.percents: list[tuple[int, int]] = []
        self.fonts: dict[int, set[str]] = {}
        self.characters = 0
        kinds = [sheet.row_types(row) for row in range(sheet.nrows)]
        filled = [row for row, types in enumerate(kinds) if any(types)]
        self.filled = sum(len(kinds[row]) - kinds[row].count(_EMPTY) for row in filled)
        self.top, bottom = (filled[0], filled[-1]) if filled else (0, -1)
        self.left = min((_empty(kinds[row]) for row in filled), default=0)
        self._rows = [self._row(row, kinds[row]) for row in range(self.top, bottom + 1)]

    def frames(self) -> Iterator[Frame]:
        """The rows, and the moments that belong to them."""
        for start in range(0, len(self._rows), ROWS):
            yield ("rows", self._rows[start : start + ROWS], self._moments.get(start // ROWS, []))

    def _row(self, row: int, kinds: array[int]) -> list[Any]:
        values: list[Any] = self._sheet.row_values(row, self.left)
        plain = not self._formats.shapes
        for j, kind in enumerate(kinds[self.left :]):
            value = values[j]
            if kind in (_NUMBER, _DATE):
                if not (plain and math.isfinite(value)):
                    values[j] = self._number(row, self.left + j, value)
            elif kind == _TEXT:
                values[j] = value or None
                self.characters += len(value)
                if value and self._formats.has_fonts:
                    self._font(row, self.left + j)
            elif kind == _BOOLEAN:
                values[j] = bool(value)
            else:
                values[j] = None
                if kind == _ERROR:
                    self.marks.append((row, self.left + j, "error", xlrd.error_text_from_code.get(value, f"#{value}?")))
        return values

    def _number(self, row: int, column: int, value: float) -> float | None:
        """The number where it is one; a date is put beside."""
        if not math.isfinite(value):
            self.marks.append((row, column, "error", "#NUM!"))
            return None
        shape = self._formats.shapes.get(self._sheet.cell_xf_index(row, column))
        if shape == "percent":
            self.percents.append((row, column))
        elif shape:
            stated = _moment(value, shape, self._date1904)
            if stated:
                frame, place = divmod(row - self.top, ROWS)
                self._moments.setdefault(frame, []).append((place, column - self.left, *stated))
                return None
        return value

    def _font(self, row: int, column: int) -> None:
        """Take down an old font in which a text, or a piece of it, is set."""
        runs = self._sheet.rich_text_runlist_map.get((row, column), ())
        names = self._formats.fonts(self._sheet.cell_xf_index(row, column), runs)
        if names:
            self.fonts.setdefault(column, set()).update(names)


def _empty(kinds: array[int]) -> int:
    """How many cells stand empty before the first filled one."""
    return len(kinds) - len(kinds.tobytes().lstrip(b"\0"))


class _Formats:
    """What the formats of a workbook say of a cell, by the number of its format; only what is no ordinary number or font."""

    def __init__(self, reader: xlrd.Book) -> None:
        strings = {key: found.format_str or "" for key, found in reader.format_map.items()}
        shapes = (shape(strings.get(xf.format_key, "")) for xf in reader.xf_list)
        self.shapes = {number: found for number, found in enumerate(shapes) if found}
        names = ((number, font.name) for number, font in enumerate(reader.font_list))
        self._fonts = {number: name for number, name in names if is_old(name)}
        self._font = [xf.font_index for xf in reader.xf_list]
        self.has_fonts = bool(self._fonts)

    def fonts(self, xf: int, runs: Iterable[tuple[int, int]]) -> set[str]:
        """The old fonts of a text of this format, and of its pieces."""
        numbers = [*self._font[xf : xf + 1], *(font for _, font in runs)]
        return {self._fonts[number] for number in numbers if number in self._fonts}


def shape(form: str) -> str:
    """What a number format makes of a number: "date", "duration", "percent", or "" for a plain number.

    By its first section alone, as calamine has it.
    """
    quoted = escaped = elapsed = meridiem = False
    brackets = 0
    before = ""
    for letter in form.lower():
        if escaped:
            escaped = False
        elif letter in "_\\*" and not quoted:
            escaped = True
        elif quoted or letter == '"':
            quoted = quoted != (letter == '"')
        elif letter == ";":
            break
        elif letter == "[":
            brackets += 1
            elapsed = False
        elif letter == "]":
            if elapsed:
                return "duration"
            brackets = max(brackets - 1, 0)
        elif brackets:
            elapsed = letter in "hms" and before in ("[", letter)
        elif letter in ("pm/" if meridiem else "dmhys"):
            return "date"
        elif letter == "a":
            meridiem = True
        before = letter
    return "percent" if is_percent(form) else ""


def _moment(number: float, shape: str, date1904: bool) -> tuple[str, tuple[int, ...]] | None:
    """The date or time that a number stands for, as type and arguments; None where no calendar reaches.

    A number under a date format of which the calendar has no day (negative; 60, Excel's 29 February 1900), or another
    than it says (the first four years of the 1904 epoch), is the time since day 0: the number itself, and still no score.
    """
    if not abs(number) <= LAST_DATE:
        return None
    since = timedelta(milliseconds=math.floor(number * 86_400_000 + 0.5))
    if shape == "duration" or number < 0 or (number < 1461 if date1904 else 60 <= number < 61):
        return "timedelta", (since.days, since.seconds, since.microseconds)
    try:
        moment = (datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 31 if number < 60 else 30)) + since
    except OverflowError:
        return None
    if number < 1:
        return "time", (moment.hour, moment.minute, moment.second, moment.microsecond)
    if number == int(number):
        return "date", (moment.year, moment.month, moment.day)
    return "datetime", (*moment.timetuple()[:6], moment.microsecond)
