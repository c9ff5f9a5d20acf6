""".xlsx and .xlsm → sheets: bulk values by python-calamine, what it hides by the second look.

Calamine never sees the file. It is given a small clean workbook of the very parts that were guarded and looked at, each
as it is packed in the file, so that nothing can mean one thing to the guard and another to the reader; a part that had to
be written anew takes the place of the old one.
"""

from __future__ import annotations

import math
import posixpath
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import compress, count, islice, repeat
from operator import is_, is_not
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from xeploai.read import guard
from xeploai.read.look import Look, doubled, fonts, is_astray, look, percents, values, without_errors
from xeploai.read.parts import Packed, Parts, checked, container, stored
from xeploai.read.plain import LAST_DATE, OURS, plain
from xeploai.read.sniff import other_sheets
from xeploai.read.styles import Styles, old_runs, styles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from xeploai.read.formulas import Place
    from xeploai.read.frames import Frame

    Moment = datetime | date | time | timedelta

ROWS = 2048
"""Rows in a frame."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""The codes that calamine knows; over any other it gives up the sheet."""


def sheets(data: bytes, share: int = 0, of: int = 1) -> Iterator[Frame]:
    """The frames of every worksheet, in the workbook's order; of every `of`-th from `share` on. Raises Refused."""
    book = _Book(Parts(data))
    yield from other_sheets(book.passed_over)
    yield from book.frames(share, of)


class _Sheet:
    """A worksheet as the workbook lists it."""

    def __init__(self, name: str, visible: bool, part: str) -> None:
        self.name = name
        self.visible = visible
        self.part = part


class _Book:
    """The workbook's own part: which sheets there are, and where their parts lie."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.date1904 = False
        self.sheets: list[_Sheet] = []
        self.passed_over: list[tuple[str, str]] = []
        self._listed: list[dict[str, str]] = []
        part = "xl/workbook.xml"
        if "_rels/.rels" in parts:
            roots = _relations(parts, "_rels/.rels", "")
            part = next((target for kind, target in roots.values() if kind == "officeDocument"), part)
        folder, name = posixpath.split(part)
        relations = _relations(parts, f"{folder}/_rels/{name}.rels".lstrip("/"), folder)
        _walk(parts, part, self._take)
        for facts in self._listed:
            identity = next((value for key, value in facts.items() if key.endswith("/relationships id")), "")
            kind, target = relations.get(identity, ("", ""))
            if kind == "worksheet":
                self.sheets.append(_Sheet(facts.get("name", ""), facts.get("state", "visible") == "visible", target))
            elif kind:
                self.passed_over.append((facts.get("name", ""), kind))
            else:
                raise guard.damaged(f"không tìm thấy phần chứa trang «{facts.get('name', '')}» bên trong tệp")
        if len({sheet.part.lower() for sheet in self.sheets}) < len(self.sheets):
            raise guard.damaged("hai trang tính cùng chỉ vào một phần bên trong tệp")
        self._strings, self._styles = (
            next((target for kind, target in relations.values() if kind == wanted and target in parts), "")
            for wanted in ("sharedStrings", "styles")
        )
        texts = parts.xml(self._strings) if self._strings else b""
        self._texts = guard.Texts(self._strings, texts)
        self._runs = old_runs(texts, lambda take: _walk(parts, self._strings, take))
        self._looks = styles(lambda take: _walk(parts, self._styles, take)) if self._styles else Styles()

    def frames(self, share: int, of: int) -> Iterator[Frame]:
        """The frames of every sheet of this share, one after the other."""
        whole: CalamineWorkbook | None = None
        for place, sheet in list(enumerate(self.sheets))[share::of]:
            raw = self.parts.raw(sheet.part)
            part, seen = self._prepared(sheet, checked(sheet.part, raw))
            try:
                if part is raw:
                    del part, raw  # a hundred megabytes, perhaps, while calamine needs room
                    whole = whole or self._reader(*(self.parts.packed(each.part) for each in self.sheets))
                    yield from self._rows(whole.get_sheet_by_index(place), sheet, seen)
                else:
                    yield from self._rows(self._reader(stored(part)).get_sheet_by_index(0), sheet, seen, part)
            except BaseException as error:
                if not _gave_up(error):
                    raise
                yield ("again",)
                yield from self._retold(sheet)

    def _retold(self, sheet: _Sheet) -> Iterator[Frame]:
        """A sheet over which calamine gave up: once more, from a part without what calamine cannot bear."""
        part, seen = self._prepared(sheet, _plain(sheet.part, self.parts.xml(sheet.part)), harmless=frozenset())
        try:
            yield from self._rows(self._reader(stored(part)).get_sheet_by_index(0), sheet, seen, part)
        except BaseException as error:
            if not _gave_up(error):
                raise
            raise guard.damaged(f"phần «{sheet.part}» bên trong tệp bị hỏng") from error

    def _prepared(self, sheet: _Sheet, part: bytes, harmless: frozenset[str] = _KNOWN_ERRORS) -> tuple[bytes, Look]:
        """The part as calamine is to have it, the very same one if it will do; and what it says beside its values."""
        seen = self._look(part)
        if seen is None:
            part = _plain(sheet.part, part)
            seen = self._look(part)
        if seen is None:
            raise guard.damaged(f"phần «{sheet.part}» bên trong tệp có ô ghi sai địa chỉ hoặc chỉ vào chữ không có")
        guard.box(sheet.name, part, seen.last_row)
        guard.merged(sheet.name, seen.merged)
        self._texts.spread(sheet.name, part)
        seen.percents = percents(part, self._looks.percents)
        seen.fonts = fonts(part, self._looks.fonts, self._runs)
        if any(kind == "error" and content[0] not in harmless for kind, *content in seen.marks.values()):
            part = without_errors(part, seen)
        return part, seen

    def _reader(self, *sheets: Packed) -> CalamineWorkbook:
        """Calamine on a workbook of these sheet parts alone."""
        names = [f"s{place}" for place in range(len(sheets))]
        relations = [("worksheet", f"/xl/{name}.xml", name) for name in names]
        contents = {f"xl/{name}.xml": part for name, part in zip(names, sheets, strict=True)}
        for kind, part in (("sharedStrings", self._strings), ("styles", self._styles)):
            if part:
                relations.append((kind, f"/xl/{kind}.xml", kind))
                contents[f"xl/{kind}.xml"] = stored(
                    self._texts.listed if part == self._strings else self.parts.xml(part)
                )
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="{name}"/>' for n, name in enumerate(names, 1))
        epoch = f'<workbookPr date1904="{int(self.date1904)}"/>'
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{epoch}<sheets>{listed}</sheets></workbook>'
        contents["xl/workbook.xml"] = stored(book.encode())
        contents["xl/_rels/workbook.xml.rels"] = _relations_part(relations)
        contents["_rels/.rels"] = _relations_part([("officeDocument", "xl/workbook.xml", "r1")])
        try:
            return CalamineWorkbook.from_filelike(BytesIO(container(contents)))
        except CalamineError as error:
            for part in filter(None, (self._strings, self._styles)):
                _walk(self.parts, part, lambda *_: None)  # names the part that is no XML
            raise guard.damaged(f"phần «{self._strings or self._styles}» bên trong tệp bị hỏng") from error

    def _look(self, part: bytes) -> Look | None:
        return None if self._strings and is_astray(part) else look(part)

    def _rows(self, sheet: CalamineSheet, listed: _Sheet, seen: Look, part: bytes | None = None) -> Iterator[Frame]:
        top, left = sheet.start or (0, 0)
        odd: dict[Place, Moment | float] = {}
        lines = islice(sheet.iter_rows(), top, None)  # which pads at the top, though not at the left
        row, filled = top, 0
        while rows := list(islice(lines, ROWS)):
            moments, held = _settled(rows, row, left, odd, self.date1904)
            filled += held
            yield ("rows", rows, moments)
            row += len(rows)
        filled += len([kind for kind, *_ in seen.marks.values() if kind != "spilled"])
        marks: dict[Place, tuple[object, ...]] = {**seen.marks}
        if odd:
            texts = values(part or self.parts.xml(listed.part), odd)
            marks.update(_restated(odd, texts, self.date1904))
        facts = {
            "name": listed.name,
            "visible": listed.visible,
            "top": top,
            "left": left,
            "marks": [(*place, *mark) for place, mark in marks.items()],
            "merged": seen.merged,
            "hidden_rows": seen.hidden_rows,
            "hidden_columns": seen.hidden_columns,
            "percents": seen.percents,
            "fonts": seen.fonts,
            "doubled": doubled(part or self.parts.xml(listed.part)) if filled < seen.filled else [],
        }
        yield ("sheet", facts)

    def _take(self, element: str, facts: dict[str, str]) -> None:
        namespace, _, element = element.rpartition(" ")
        if namespace not in OURS:
            return
        if element == "workbookPr":
            self.date1904 = facts.get("date1904") in ("1", "true")
        elif element == "sheet":
            self._listed.append(facts)


# ------------------------------------------------------------------------------------------- one sheet part


def _gave_up(error: BaseException) -> bool:
    """Whether calamine could not bear a sheet: it says so, or a moment is too long for Python, or its Rust half panics."""
    return isinstance(error, CalamineError | OverflowError) or type(error).__name__ == "PanicException"


def _plain(name: str, part: bytes) -> bytes:
    try:
        return plain(part)
    except expat.ExpatError as error:
        raise guard.damaged(f"phần «{name}» bên trong tệp bị hỏng") from error


# -------------------------------------------------------------------------------------------------- values


_FLOATS = repeat(float)


def _settled(
    rows: list[list[Any]], top: int, left: int, odd: dict[Place, Moment | float], date1904: bool
) -> tuple[list[tuple[int, int, str, tuple[int, ...]]], int]:
    """Make rows fit for marshal: empty texts become None, dates are taken out and returned, with their places; and how
    many cells hold something.

    `odd` gets the cells whose stored text must be asked for: numbers that are not finite (they would compare false with
    every threshold), and dates that calamine may have made of another number.
    """
    moments = []
    filled = sum(map(len, rows))
    for i, row in enumerate(rows):
        kinds = list(map(type, row))  # from here on without a step of Python per number: they are nearly all there is
        if not math.isfinite(sum(compress(row, map(is_, kinds, _FLOATS)))):
            for j, value in enumerate(row):
                if isinstance(value, float) and not math.isfinite(value):
                    odd[top + i, left + j] = value
                    row[j] = None
        for j in compress(count(), map(is_not, kinds, _FLOATS)):
            value, kind = row[j], kinds[j]
            if kind is str:
                if not value:
                    row[j] = None
                    filled -= 1
            elif isinstance(value, date | time | timedelta):
                row[j] = None
                moments.append((i, j, kind.__name__, _arguments(value)))
                if _is_doubtful(value, date1904):
                    odd[top + i, left + j] = value
    return moments, filled


def _arguments(value: Moment) -> tuple[int, ...]:
    """What the type is to be called with, to have the value again."""
    if isinstance(value, datetime):
        return (*value.timetuple()[:6], value.microsecond)
    if isinstance(value, date):
        return value.timetuple()[:3]
    if isinstance(value, time):
        return value.hour, value.minute, value.second, value.microsecond
    return value.days, value.seconds, value.microseconds


def _is_doubtful(value: Moment, date1904: bool) -> bool:
    """Whether several numbers give this date in calamine: -0.5 and 0.5, 59 and 60, 0 and NaN; and the epoch of 1904."""
    if isinstance(value, date):
        day = (value.year, value.month, value.day)
        return value.year < 1908 if date1904 else day in ((1900, 2, 28), (1899, 12, 30))
    return isinstance(value, time) or not value


def _restated(
    odd: Mapping[Place, Moment | float], stated: Mapping[Place, str], date1904: bool
) -> Iterable[tuple[Place, tuple[object, ...]]]:
    """Odd cells by the text that is stored in them.

    What is no finite number is the text that stands there. A number under a date format of which the calendar has no
    day (negative; 60, Excel's 29 February 1900), or another than it says (the first four years of the 1904 epoch), is
    the time since day 0: the number itself, and still no score.
    """
    for place, value in odd.items():
        try:
            number = float(stated[place])
        except (KeyError, ValueError):
            if isinstance(value, float):
                yield place, ("error", "#NUM!", "")
            continue
        if not abs(number) <= LAST_DATE:
            yield place, ("text", stated[place])
        elif number < 0 or (number < 1462 if date1904 else 60 <= number < 61):
            since = timedelta(days=number)
            yield place, ("timedelta", since.days, since.seconds, since.microseconds)


# --------------------------------------------------------------------------------------------- small parts


def _walk(parts: Parts, name: str, take: Callable[[str, dict[str, str]], object]) -> None:
    """Show every element of a part, as "namespace name", and its attributes."""
    depth = 0

    def start(element: str, facts: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        guard.depth(name, depth)
        take(element, facts)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(parts.xml(name), True)
    except expat.ExpatError as error:
        raise guard.damaged(f"phần «{name}» bên trong tệp bị hỏng") from error


def _relations(parts: Parts, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Identity → (kind, part) of what a part refers to inside the file."""
    found: dict[str, tuple[str, str]] = {}

    def take(_: str, facts: dict[str, str]) -> None:
        if "Target" in facts and facts.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, facts["Target"]))
            found[facts.get("Id", "")] = facts.get("Type", "").rpartition("/")[2], target.lstrip("/")

    _walk(parts, name, take)
    return found


def _relations_part(relations: Iterable[tuple[str, str, str]]) -> Packed:
    listed = "".join(
        f'<Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for kind, target, identity in relations
    )
    return stored(f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'.encode())
