""".ods → sheets, from content.xml by expat, in one walk from its first tag to its last.

One truth is better than two: python-calamine is not asked at all. It takes an error cell for an empty text, or for the 0
that OpenOffice and Excel store behind one, and it knows no merged areas, percents, hidden rows or fonts, so that a second
look would have to read everything again. styles.xml is read first, for the styles that cells of content.xml build upon; no
other part is looked at. What a person sees decides where the stored value belies it: a number that is shown as #REF! is
that error, a number that is shown as TRUE is a boolean.

Rows and cells may say that they stand there n times. Of an empty one that is nothing, whatever n; a filled one counts
against the limits as often as it stands.
"""

from __future__ import annotations

import re
from collections import namedtuple
from datetime import date, timedelta
from itertools import islice
from xml.parsers import expat

from xeploai.read import guard
from xeploai.read.formulas import LONGEST, MOST, MOVING, SPREAD, told
from xeploai.read.parts import Parts
from xeploai.read.plain import LAST_DATE
from xeploai.read.styles import is_old

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from xeploai.read.frames import Frame

    Value = None | float | str | bool
    Handlers = tuple[Any, Any, Any]

ROWS = 2048
"""Rows in a frame."""
MARK = 64
"""What a mark, a date or a percent costs, in characters, where it is told of each place by itself."""

_CHUNK = 1 << 20
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = f"{_ODF}table:1.0 ", f"{_ODF}office:1.0 ", f"{_ODF}text:1.0 "
_STYLE, _NUMBER, _FO, _SVG = (
    f"{_ODF}{name}:1.0 " for name in ("style", "datastyle", "xsl-fo-compatible", "svg-compatible")
)
_CALCEXT_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

_SHEET, _ROW, _COLUMN, _CELL = (f"{_TABLE}{name}" for name in ("table", "table-row", "table-column", "table-cell"))
_COVERED = f"{_TABLE}covered-table-cell"
_ROW_GROUP, _COLUMN_GROUP = f"{_TABLE}table-row-group", f"{_TABLE}table-column-group"
_PARAGRAPH, _SPAN, _SPACES = f"{_TEXT}p", f"{_TEXT}span", f"{_TEXT}s"
_NAME, _STYLE_NAME, _DEFAULT_STYLE = f"{_TABLE}name", f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_ROWS_REPEATED, _COLUMNS_REPEATED = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_ROWS_SPANNED, _COLUMNS_SPANNED = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_ROWS_FILLED, _COLUMNS_FILLED = f"{_TABLE}number-matrix-rows-spanned", f"{_TABLE}number-matrix-columns-spanned"
_VISIBILITY, _DISPLAY, _FORMULA = f"{_TABLE}visibility", f"{_TABLE}display", f"{_TABLE}formula"
_TYPE, _VALUE = f"{_OFFICE}value-type", f"{_OFFICE}value"

_AROUND_SHEETS = frozenset(
    f"{_OFFICE}{name}"
    for name in ("document-content", "document-styles", "font-face-decls", "styles", "body", "spreadsheet")
)
_AUTOMATIC = f"{_OFFICE}automatic-styles"
_AROUND_ROWS = frozenset(
    f"{_TABLE}{name}" for name in ("table-rows", "table-header-rows", "table-columns", "table-header-columns")
)
_UNSEEN_IN_TEXT = (f"{_OFFICE}", f"{_ODF}drawing:1.0 ", f"{_TEXT}note", f"{_TEXT}ruby-text", _PARAGRAPH)
"""How elements begin whose text does not stand in the cell: comments, shapes, notes, the reading beside a word."""
_WRITTEN = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}

_FINITE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FILLED = (_ROWS_FILLED, _COLUMNS_FILLED)
_COUNT = re.compile(r"0*([1-9]\d{0,9})", re.ASCII)
_BREAKS = re.compile(r"[ \t\r\n]*[\t\r\n][ \t\r\n]*")
_ERROR = re.compile(r"#[^\W\d_]+(?:/[^\W\d_]*0?)?[!?]?|(?:Err|Lỗi) ?:\d{3}")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?Z?", re.ASCII)
_TIME = re.compile(r"(-?)P(?:(\d{1,7})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d+))?S)?)?", re.ASCII)
_PIECE = re.compile(r'"(?:[^"]|"")*"|\[((?:\'(?:[^\']|\'\')*\'|[^\[\]\'])*)\]')
_IN_SHEET = r"(?:\$?('(?:[^']|'')*'|[^.:'$\[\]#]+))?"
_PLACE = r"(\$?[A-Z]{1,3}\$?\d+|\$?[A-Z]{1,3}|\$?\d+|[$A-Z]*#REF![$\d]*)"
_AREA = re.compile(rf"(?:('(?:[^']|'')*')#)?{_IN_SHEET}\.{_PLACE}(?::{_IN_SHEET}\.{_PLACE})?")

_EXCELS = {
    "Err:503": "#NUM!",
    "Err:519": "#VALUE!",
    "Err:524": "#REF!",
    "Err:525": "#NAME?",
    "Err:532": "#DIV/0!",
}
"""The numbers of OpenOffice for which Excel has a word of its own."""
_DAY_0 = date(1899, 12, 30)
_DAY = 86_400_000_000

_Style = namedtuple("_Style", "parent format font hidden")
_Looks = namedtuple("_Looks", "percent elapsed font")
_PLAIN = _Looks(False, False, "")


def sheets(data: bytes, share: int = 0, of: int = 1) -> Iterator[Frame]:
    """The frames of every sheet, in the workbook's order; of every `of`-th from `share` on. Raises Refused."""
    parts = Parts(data)
    styles = _Styles()
    if "styles.xml" in parts:
        for _ in _Walk(styles, share, of).frames("styles.xml", parts.xml("styles.xml")):
            raise guard.damaged("phần «styles.xml» bên trong tệp có bảng tính, lẽ ra chỉ có kiểu chữ")
    yield from _Walk(styles, share, of).frames("content.xml", parts.xml("content.xml"))


# -------------------------------------------------------------------------------------------------- styles


class _Styles:
    """What the styles say of a cell that is more than beauty: percents, hours beyond a day, the font."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._faces: dict[str, str] = {}
        self._percents: set[str] = set()
        self._elapsed: set[str] = set()
        self._looks: dict[tuple[str, str], _Looks] = {}
        self._open: tuple[str, str] = ("", "")

    def take(self, name: str, facts: dict[str, str]) -> None:
        """An element that stands among the styles."""
        own = facts.get(f"{_STYLE}name", "")
        if name in (f"{_STYLE}style", f"{_STYLE}default-style"):
            self._open = facts.get(f"{_STYLE}family", ""), own
            self._styles[self._open] = _Style(
                facts.get(f"{_STYLE}parent-style-name", ""), facts.get(f"{_STYLE}data-style-name", ""), "", False
            )
            self._looks.clear()
        elif name == f"{_STYLE}text-properties" and self._open in self._styles:
            face = facts.get(f"{_STYLE}font-name", "")
            font = facts.get(f"{_FO}font-family", "").strip("'\"") or self._faces.get(face, face)
            self._styles[self._open] = self._styles[self._open]._replace(font=font)
        elif name in (f"{_STYLE}table-properties", f"{_STYLE}table-row-properties", f"{_STYLE}table-column-properties"):
            size = facts.get(f"{_STYLE}row-height") or facts.get(f"{_STYLE}column-width") or "1"
            if (facts.get(_DISPLAY) == "false" or not re.search("[1-9]", size)) and self._open in self._styles:
                self._styles[self._open] = self._styles[self._open]._replace(hidden=True)
        elif name == f"{_STYLE}font-face":
            self._faces[own] = facts.get(f"{_SVG}font-family", own).strip("'\"")
        elif name.startswith(_NUMBER):
            self._open = "", ""  # text properties that follow are the colour of a number
            self._take_format(name, facts, own)

    def _take_format(self, name: str, facts: dict[str, str], own: str) -> None:
        if name == f"{_NUMBER}percentage-style":
            self._percents.add(own)
        elif name == f"{_NUMBER}time-style" and facts.get(f"{_NUMBER}truncate-on-overflow") == "false":
            self._elapsed.add(own)

    def hides(self, family: str, name: str) -> bool:
        """Whether what has this style is not shown: a sheet, or a row or column without any size."""
        return bool(name) and (family, name) in self._styles and self._styles[family, name].hidden

    def looks(self, family: str, name: str) -> _Looks:
        """What a cell or a piece of text of this style is shown as."""
        if (family, name) not in self._looks:
            self._looks[family, name] = self._looked_up(family, name)
        return self._looks[family, name]

    def _looked_up(self, family: str, name: str) -> _Looks:
        format_ = font = ""
        seen = set()
        while name not in seen:
            seen.add(name)
            style = self._styles.get((family, name))
            if style:
                format_, font = format_ or style.format, font or style.font
                name = style.parent
            else:
                name = ""
        return _Looks(format_ in self._percents, format_ in self._elapsed, font if is_old(font) else "")


# ---------------------------------------------------------------------------------------------------- walk


class _Sheet:
    """What was gathered of one sheet. Positions count from 0."""

    def __init__(self, name: str, visible: bool) -> None:
        self.name = name
        self.visible = visible
        self.rows: list[tuple[int, int, int, list[Value], list[tuple[int, str, tuple[int, ...]]]]] = []
        """Filled rows: where, how often, the first filled column, the values from there, the dates among them."""
        self.top = self.left = self.bottom = self.right = -1
        self.marks: list[tuple[Any, ...]] = []
        self._left = MOST
        self.spread: dict[tuple[int, int], str] = {}
        """The formula of the array to which a cell belongs, of the cells beside its first."""
        self.percents: list[tuple[int, int]] = []
        self.fonts: dict[int, set[str]] = {}
        self.merged: list[tuple[int, int, int, int, int]] = []
        """Where, how often downwards, and how many rows and columns."""
        self.hidden_rows: list[tuple[int, int]] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.column_styles: list[tuple[int, int, _Looks]] = []
        self.row = self.column = 0

    def frames(self) -> Iterator[Frame]:
        """The sheet as it is sent."""
        width = self.right - self.left + 1
        rows: list[list[Value]] = []
        moments: list[tuple[Any, ...]] = []
        row = self.top
        for at, repeated, first, values, dated in self.rows:
            line = [None] * (first - self.left) + values
            line += [None] * (width - len(line))
            for number in range(row, at + repeated):
                moments += [(len(rows), column - self.left, *moment) for column, *moment in dated if number >= at]
                rows.append(line[:] if number >= at else [None] * width)
                if len(rows) == ROWS:
                    yield ("rows", rows, moments)
                    rows, moments = [], []
            row = at + repeated
        if rows:
            yield ("rows", rows, moments)
        merged = tuple(islice(self._merged(), guard.MOST_MERGED + 1))
        guard.merged(self.name, merged)
        facts = {
            "name": self.name,
            "visible": self.visible,
            "top": max(self.top, 0),
            "left": max(self.left, 0),
            "marks": [*self._marks()],
            "merged": merged,
            "hidden_rows": [
                row for first, last in self.hidden_rows for row in range(first, min(last, self.bottom) + 1)
            ],
            "hidden_columns": self.hidden_columns,
        }
        if self.percents:
            facts["percents"] = self.percents
        if self.fonts:
            facts["fonts"] = {column: tuple(sorted(names)) for column, names in sorted(self.fonts.items())}
        yield ("sheet", facts)

    def told(self, stored: str) -> str:
        """A formula as it is typed, as long as not too much was told of this sheet."""
        self._left -= min(len(stored), 4 * LONGEST) + MOVING
        return _shown(stored) if self._left > 0 else ""

    def _marks(self) -> Iterator[tuple[Any, ...]]:
        for row, column, kind, *content in self.marks:
            if kind == "error" and not content[1]:
                content[1] = self.spread.get((row, column), "")
            yield row, column, kind, *content

    def _merged(self) -> Iterator[tuple[int, int, int, int]]:
        for row, repeated, column, rows, columns in self.merged:
            for each in range(row, min(row + repeated, max(self.bottom, row) + 1)):
                yield each, column, each + rows - 1, column + columns - 1


class _Walk:
    """What expat tells of a part: a few handlers at each place, and whatever they do not know is passed over whole."""

    def __init__(self, styles: _Styles, share: int, of: int) -> None:
        self._styles = styles
        self._share, self._of = share, of
        self._count = 0  # of sheets
        self._copied = 0
        self._done: list[_Sheet] = []
        self._outside: list[Handlers] = []  # the handlers of the places around this one
        self._passed = 0  # depth inside what is passed over
        self._is_content = True
        self._groups: list[bool] = []  # whether each group around is folded
        self._sheet = _Sheet("", True)
        self._line: list[Value] = []
        self._first = 0
        self._moments: list[tuple[int, str, tuple[int, ...]]] = []
        self._repeated = 1
        self._row_style = ""
        self._cell: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._text: list[str] = []
        self._fonts: set[str] = set()
        # the handlers of the places that are entered and left for each cell: held, not made anew each time
        self._in_sheet = self._start_row, self._end_row
        self._in_cell = self._start_paragraph, self._end_cell
        self._in_text = self._start_piece, self._end_piece

    def frames(self, name: str, part: bytes) -> Iterator[Frame]:
        """The frames of the sheets in this part, each sheet as soon as it ends."""
        self._is_content = name == "content.xml"
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._hand(self._start, self._end, None)
        try:
            for at in range(0, len(part), _CHUNK):
                self._parser.Parse(part[at : at + _CHUNK], False)
                while self._done:
                    yield from self._done.pop(0).frames()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise guard.damaged(f"phần «{name}» bên trong tệp bị hỏng") from error

    # -------------------------------------------------------------------------------- where the walk is

    def _hand(self, start: Any, end: Any, characters: Any) -> None:
        parser = self._parser
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = characters

    def _enter(self, start: Any, end: Any) -> None:
        parser = self._parser
        self._outside.append((parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler))
        self._hand(start, end, None)

    def _leave(self) -> None:
        self._hand(*self._outside.pop())

    def _pass_over(self) -> None:
        """The element that has just begun, with all that is in it."""
        self._passed = 1
        self._enter(self._deeper, self._higher)

    def _deeper(self, _: str, __: dict[str, str]) -> None:
        self._passed += 1

    def _higher(self, _: str) -> None:
        self._passed -= 1
        if not self._passed:
            self._leave()

    # ------------------------------------------------------------------------------------ around sheets

    def _start(self, name: str, facts: dict[str, str]) -> None:
        if name == _SHEET:
            self._open_sheet(facts)
        elif name.startswith((_STYLE, _NUMBER)):
            self._styles.take(name, facts)
        elif name not in _AROUND_SHEETS and not (name == _AUTOMATIC and self._is_content):
            self._pass_over()  # automatic styles of styles.xml are those of its page headers

    def _end(self, name: str) -> None:
        pass

    def _open_sheet(self, facts: dict[str, str]) -> None:
        name = facts.get(_NAME, "")
        if name.startswith("'") and "'#" in name:  # what LibreOffice remembers of another file that formulas ask
            self._pass_over()
            return
        self._count += 1
        if (self._count - 1) % self._of != self._share:
            self._pass_over()
            return
        self._sheet = _Sheet(name, not self._styles.hides("table", facts.get(_STYLE_NAME, "")))
        self._groups = []
        self._enter(*self._in_sheet)

    # ------------------------------------------------------------------------------------ inside a sheet

    def _start_row(self, name: str, facts: dict[str, str]) -> None:
        if name in (_CELL, _COVERED):
            self._cell, self._paragraphs, self._fonts = facts, [], set()
            self._parser.StartElementHandler, self._parser.EndElementHandler = self._in_cell
        elif name == _ROW:
            self._repeated = self._times(facts, _ROWS_REPEATED)
            self._row_style = facts.get(_DEFAULT_STYLE, "")
            if self._is_hidden(facts, "table-row"):
                self._sheet.hidden_rows.append((self._sheet.row, self._sheet.row + self._repeated - 1))
            self._sheet.column = 0
            self._line, self._moments = [], []
        elif name == _COLUMN:
            self._take_column(facts)
        elif name in (_ROW_GROUP, _COLUMN_GROUP):
            self._groups.append(facts.get(_DISPLAY) == "false")
        elif name not in _AROUND_ROWS:
            self._pass_over()

    def _end_row(self, name: str) -> None:
        if name == _ROW:
            self._close_row()
        elif name == _SHEET:
            self._done.append(self._sheet)
            self._leave()
        elif name in (_ROW_GROUP, _COLUMN_GROUP):
            self._groups.pop()

    def _take_column(self, facts: dict[str, str]) -> None:
        sheet, first = self._sheet, self._sheet.column
        sheet.column += self._times(facts, _COLUMNS_REPEATED)
        if self._is_hidden(facts, "table-column"):
            sheet.hidden_columns.append((first, sheet.column - 1))
        looks = self._styles.looks("table-cell", facts.get(_DEFAULT_STYLE, ""))
        if looks != _PLAIN:
            sheet.column_styles.append((first, sheet.column - 1, looks))

    def _is_hidden(self, facts: dict[str, str], family: str) -> bool:
        return (
            facts.get(_VISIBILITY, "visible") != "visible"
            or any(self._groups)
            or self._styles.hides(family, facts.get(_STYLE_NAME, ""))
        )

    def _close_row(self) -> None:
        sheet, row = self._sheet, self._sheet.row
        sheet.row += self._repeated
        if not self._line:
            return
        last = self._first + len(self._line) - 1
        if not sheet.rows:
            sheet.top, sheet.left, sheet.right = row, self._first, last
        sheet.left, sheet.right = min(sheet.left, self._first), max(sheet.right, last)
        sheet.bottom = sheet.row - 1
        self._check_box(last)
        sheet.rows.append((row, self._repeated, self._first, self._line, self._moments))
        self._line, self._moments = [], []

    def _check_box(self, last: int) -> None:
        sheet = self._sheet
        if sheet.bottom >= guard.MOST_ROWS or last >= guard.MOST_COLUMNS:
            raise guard.damaged(
                f"trang «{sheet.name}» có ô ở hàng {guard.number(sheet.bottom + 1)}, cột {guard.number(last + 1)}, "
                "ngoài giới hạn của Excel"
            )
        high, wide = sheet.bottom - sheet.top + 1, sheet.right - sheet.left + 1
        if high * wide > guard.MOST_CELLS:
            raise guard.damaged(
                f"trang «{sheet.name}» trải trên {guard.number(high)} hàng × {guard.number(wide)} cột, "
                f"quá giới hạn {guard.number(guard.MOST_CELLS)} ô; xoá hàng và cột thừa (Ctrl+End cho thấy ô cuối) rồi lưu lại"
            )

    def _times(self, facts: dict[str, str], name: str) -> int:
        if name not in facts:
            return 1
        found = _COUNT.fullmatch(facts[name].strip())
        if not found:
            raise guard.damaged(f"trang «{self._sheet.name}» có hàng hay ô ghi sai số lần lặp lại hoặc số ô gộp")
        return int(found[1])

    # ------------------------------------------------------------------------------------- inside a cell

    def _start_paragraph(self, name: str, _: dict[str, str]) -> None:
        if name == _PARAGRAPH:
            self._text = []
            self._parser.StartElementHandler, self._parser.EndElementHandler = self._in_text
            self._parser.CharacterDataHandler = self._characters
        else:
            self._pass_over()

    def _start_piece(self, name: str, facts: dict[str, str]) -> None:
        if name == _SPACES:
            spaces = self._times(facts, f"{_TEXT}c")
            self._count_copies(spaces)
            self._text.append(" " * spaces)
        elif name in _WRITTEN:
            self._text.append(_WRITTEN[name])
        elif name == _SPAN:
            self._fonts.add(self._styles.looks("text", facts.get(f"{_TEXT}style-name", "")).font)
        elif name.startswith(_UNSEEN_IN_TEXT):
            self._pass_over()

    def _end_piece(self, name: str) -> None:
        if name == _PARAGRAPH:
            self._paragraphs.append("".join(self._text))
            self._parser.CharacterDataHandler = None
            self._parser.StartElementHandler, self._parser.EndElementHandler = self._in_cell

    def _characters(self, characters: str) -> None:
        if "\n" in characters or "\t" in characters or "\r" in characters:
            characters = _BREAKS.sub(" ", characters)  # of the XML, not of the text
        self._text.append(characters)

    def _end_cell(self, name: str) -> None:
        if name not in (_CELL, _COVERED):
            return
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._in_sheet
        facts, sheet = self._cell, self._sheet
        column = sheet.column
        repeated = self._times(facts, _COLUMNS_REPEATED) if _COLUMNS_REPEATED in facts else 1
        sheet.column += repeated
        if _COLUMNS_SPANNED in facts or _ROWS_SPANNED in facts:
            rows, columns = self._times(facts, _ROWS_SPANNED), self._times(facts, _COLUMNS_SPANNED)
            if rows > 1 or columns > 1:
                sheet.merged.append((sheet.row, self._repeated, column, rows, columns))
        if self._paragraphs or len(facts) > (_STYLE_NAME in facts) + (_COLUMNS_REPEATED in facts):
            word, *content = _understood(facts, self._paragraphs)
            if word:
                self._fill(column, repeated, word, *content)
            if _ROWS_FILLED in facts and _FORMULA in facts:
                self._spread(column, word)

    def _fill(self, column: int, repeated: int, word: str, *content: Any) -> None:
        """Put a "value" into so many cells of this row, or what a mark or a "date" or "time" is about."""
        sheet = self._sheet
        copies = repeated * self._repeated
        value = content[0] if word == "value" else None
        if column + repeated > guard.MOST_COLUMNS or sheet.row + self._repeated > guard.MOST_ROWS:
            sheet.bottom = sheet.row + self._repeated - 1
            self._check_box(column + repeated - 1)
        if copies > 1:
            self._count_copies(
                (copies - 1) * (len(value) if isinstance(value, str) else 1 if word == "value" else MARK)
            )
        if not self._line:
            self._first = column
        self._line += [None] * (column - self._first - len(self._line))
        self._line += [value] * repeated
        columns = range(column, column + repeated)
        if word != "value":
            self._place(columns, word, *content)
        elif isinstance(value, str):
            for each in columns:
                if fonts := self._text_fonts(each):
                    sheet.fonts.setdefault(each, set()).update(fonts)
        elif value.__class__ is float and (percents := self._percents(columns)):
            self._count_copies((copies - 1) * MARK)
            sheet.percents += self._places(percents)

    def _place(self, columns: range, word: str, *content: Any) -> None:
        """What is told of each place by itself: a moment, a mark."""
        if word in ("date", "time"):
            elapsed = (word == "time" and self._styled(each).elapsed for each in columns)
            self._moments += [
                (each, *_moment(content[0], counts)) for each, counts in zip(columns, elapsed, strict=True)
            ]
            return
        if content[-1] and word in ("error", "formula"):
            content = (*content[:-1], self._sheet.told(content[-1]))
        self._sheet.marks += [(*place, word, *content) for place in self._places(columns)]

    def _places(self, columns: Iterable[int]) -> list[tuple[int, int]]:
        first = self._sheet.row
        return [(row, column) for row in range(first, first + self._repeated) for column in columns]

    def _spread(self, column: int, word: str) -> None:
        """The other places at which the results of an array formula stand, or would stand."""
        sheet = self._sheet
        if word != "formula" and not all(_COUNT.fullmatch(self._cell.get(name, "1")) for name in _FILLED):
            return  # its results are there
        rows, columns = (self._times(self._cell, name) for name in _FILLED)
        if not 1 < rows * columns <= SPREAD - (len(sheet.marks) if word == "formula" else len(sheet.spread)):
            return
        formula = sheet.told(self._cell[_FORMULA])
        _, *others = ((sheet.row + i, column + j) for i in range(rows) for j in range(columns))
        if word == "formula":
            sheet.marks += [(*place, "spilled", formula) for place in others]
        else:
            sheet.spread.update(dict.fromkeys(others, formula))

    def _count_copies(self, characters: int) -> None:
        self._copied += characters
        if self._copied > guard.MOST_TEXT:
            raise guard.damaged(
                f"nội dung lặp lại trong trang «{self._sheet.name}» bung ra hơn {guard.number(guard.MOST_TEXT >> 20)} MB; "
                "xoá hàng và cột thừa (Ctrl+End cho thấy ô cuối) rồi lưu lại"
            )

    # -------------------------------------------------------------------------------- how a cell is shown

    def _styled(self, column: int) -> _Looks:
        name = self._cell.get(_STYLE_NAME) or self._row_style
        if name:
            return self._styles.looks("table-cell", name)
        styles = self._sheet.column_styles
        return next((looks for first, last, looks in styles if first <= column <= last), _PLAIN)

    def _percents(self, columns: range) -> Iterable[int]:
        """Those of these columns in which a number of this cell is shown as a percent."""
        kind = self._cell.get(_TYPE)
        if kind != "float":
            return columns if kind == "percentage" else ()
        if self._cell.get(_STYLE_NAME) or self._row_style or len(columns) == 1:
            return columns if self._styled(columns[0]).percent else ()
        return [each for each in columns if self._styled(each).percent]

    def _text_fonts(self, column: int) -> set[str]:
        return {font for font in (*self._fonts, self._styled(column).font) if font}


# --------------------------------------------------------------------------------------------------- value


def _understood(facts: dict[str, str], paragraphs: list[str]) -> tuple[Any, ...]:
    """("value", a number, text or boolean), ("date" or "time", microseconds), a mark's word and content, or ("", …)."""
    kind, shown = facts.get(_TYPE, ""), "\n".join(paragraphs) if paragraphs else ""
    if kind == "string" or not kind:
        return _text(facts, paragraphs, shown)
    if kind == "error" or facts.get(_CALCEXT_TYPE) == "error" or (shown[:1] in ("#", "E", "L") and _is_error(shown)):
        return _error(facts, shown)
    if kind in ("float", "percentage", "currency"):
        return _number(facts, shown)
    stated = facts.get(f"{_OFFICE}{kind}-value", "").strip()
    if kind == "boolean" and stated in ("true", "false"):
        return "value", stated == "true"
    micros = _since_day_0(stated) if kind == "date" else _duration(stated) if kind == "time" else None
    if micros is not None and abs(micros) <= LAST_DATE * _DAY:
        return kind, micros
    return _stated(facts, stated or shown)


def _is_error(shown: str) -> bool:
    return bool(_ERROR.fullmatch(shown.strip()))


def _error(facts: dict[str, str], shown: str) -> tuple[str, str, str]:
    code = shown.strip() or facts.get(f"{_OFFICE}string-value", "").strip() or "#VALUE!"
    return "error", _EXCELS.get(code, code), facts.get(_FORMULA, "")


def _text(facts: dict[str, str], paragraphs: list[str], shown: str) -> tuple[Any, ...]:
    calcext = facts.get(_CALCEXT_TYPE)
    if calcext == "error" or (calcext is None and _FORMULA in facts and _is_error(shown)):
        return _error(facts, shown)
    text = facts.get(f"{_OFFICE}string-value") or shown
    if not text and (paragraphs or facts.get(_TYPE)):
        return "", None  # ="" : an empty text is a blank, not a formula without a result
    return _stated(facts, text)


def _stated(facts: dict[str, str], text: str) -> tuple[str, Any]:
    """The text that stands there, whatever it was meant to be; without one, a formula waits for its result."""
    if text:
        return "value", text
    return ("formula", facts[_FORMULA]) if _FORMULA in facts else ("", None)


def _number(facts: dict[str, str], shown: str) -> tuple[str, Any]:
    stated = facts.get(_VALUE, "").strip()
    if not _FINITE.fullmatch(stated):
        return _stated(facts, stated or shown)
    number = float(stated)
    if number in (float("inf"), float("-inf")):
        return "value", stated
    if number in (0, 1) and (shown in ("TRUE", "FALSE") or facts.get(_FORMULA, "").endswith(("=TRUE()", "=FALSE()"))):
        return "value", number == 1  # as LibreOffice saves what it opened as .xlsx
    return "value", number


def _since_day_0(stated: str) -> int | None:
    """Microseconds from Excel's day 0 to this date, which a person meant by the number of days; None where it is none."""
    found = _DATE.fullmatch(stated)
    if not found:
        return None
    hours, minutes, seconds = (int(piece or 0) for piece in found.groups()[3:6])
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    try:
        days = (date(int(found[1]), int(found[2]), int(found[3])) - _DAY_0).days
    except ValueError:
        return None
    return days * _DAY + (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + _micros(found[7])


def _duration(stated: str) -> int | None:
    """Microseconds of PT09H30M00S; None where it says no such thing."""
    found = _TIME.fullmatch(stated)
    if not found or stated.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(piece or 0) for piece in found.groups()[1:5])
    micros = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000 + _micros(found[6])
    return -micros if found[1] else micros


def _micros(fraction: str | None) -> int:
    return int((fraction or "")[:6].ljust(6, "0"))


def _moment(micros: int, elapsed: bool) -> tuple[str, tuple[int, ...]]:
    """What .xlsx gives for the same number under a format of dates or times: the reading that later steps know.

    The calendars differ before 1 March 1900, for Excel believes in a 29 February of that year: what LibreOffice writes
    as 03/01/1900 is 4 days, and in Excel the fourth of January. The days count, which may be a score under a wrong format.
    """
    days, rest = divmod(micros, _DAY)
    seconds, micros = divmod(rest, 1_000_000)
    if elapsed or days < 0 or days == 60:
        return "timedelta", (days, seconds, micros)
    clock = seconds // 3600, seconds // 60 % 60, seconds % 60, micros
    if not days:
        return "time", clock
    day = (_DAY_0 + timedelta(days + (days < 60))).timetuple()[:3]
    return ("datetime", (*day, *clock)) if rest else ("date", day)


def _shown(stored: str) -> str:
    """of:=[.A1]+SUM([$'Trang 1'.B2:.B9]) → =A1+SUM('Trang 1'!B2:B9); "" where a reference is of no known form."""
    language, _, formula = stored[: 4 * LONGEST].partition("=")
    if language.startswith("msoxl"):  # as Excel writes it
        return told(formula)
    try:
        return told(_PIECE.sub(_reference, formula))
    except ValueError:
        return ""  # it is shown beside the address, and only there


def _reference(found: re.Match[str]) -> str:
    """[.A1:.B2] → A1:B2, [$T.A1] → T!A1, [$S1.A1:$S3.B2] → S1:S3!A1:B2, ['file:///x.ods'#$T.A1] → [tệp khác]T!A1"""
    if found[1] is None:
        return found[0]
    area = _AREA.fullmatch(found[1])
    if not area:
        raise ValueError(found[1])
    file, sheet, first, last_sheet, last = area.groups()
    cells = f"{first}:{last}" if last else first
    if "#REF!" in cells:
        return "#REF!"
    sheets = f"{sheet}:{last_sheet}" if last_sheet and last_sheet != sheet else sheet or ""
    other = "[tệp khác]" if file else ""
    if other and sheets.startswith("'"):
        return f"'{other}{sheets[1:]}!{cells}"
    return f"{other}{sheets}!{cells}" if other or sheets else cells
