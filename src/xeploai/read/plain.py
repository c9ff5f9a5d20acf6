"""An unusual sheet part, written anew in the ordinary form by a true XML parser: slow, and right.

Prefixes, single quotes, CDATA, comments, cells without an address go; what stays is what the second look and calamine
understand alike. Cells over which calamine would give up the whole sheet (a number that is none, an unknown type, a date
that no calendar reaches) come out as the text or the plain number that stands there. `part` may be any XML that expat
reads; the guard has refused a document type before.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from xeploai.read.formulas import letters
from xeploai.read.guard import column_number
from xeploai.read.look import NAMESPACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = frozenset({"", *(namespace.decode() for namespace in NAMESPACES)})
_SPACE = "http://www.w3.org/XML/1998/namespace space"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")
_ESCAPES = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("\r"): "&#13;",
    ord("\n"): "&#10;",
    ord("\t"): "&#9;",
}
LAST_DATE = 2_958_465.999_99
"""31 December 9999 as Excel counts days."""


def plain(part: bytes) -> bytes:
    """The part in the ordinary form. Raises expat.ExpatError where it is no XML."""
    return _Writer().write(part)


class _Writer:
    """What expat tells, element by element, and what is written of it."""

    def __init__(self) -> None:
        self._columns: list[str] = []
        self._merged: list[str] = []
        self._cells: list[str] = []
        self._foreign = 0  # depth inside elements that are not ours
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None
        self._formula: Mapping[str, str] = {}
        self._pieces: dict[str, list[str]] = {}
        self._text: list[str] | None = None  # where characters go
        self._keeps_space = self._in_phonetic = False

    def write(self, part: bytes) -> bytes:
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(part, True)
        columns = f"<cols>{''.join(self._columns)}</cols>" if self._columns else ""
        merged = f"<mergeCells>{''.join(self._merged)}</mergeCells>" if self._merged else ""
        head = f'<worksheet xmlns="{NAMESPACES[0].decode()}">{columns}<sheetData>'
        return "".join([head, *self._cells, f"</sheetData>{merged}</worksheet>"]).encode("utf-8", "replace")

    def _start(self, name: str, facts: dict[str, str]) -> None:
        namespace, _, element = name.rpartition(" ")
        if self._foreign or namespace not in OURS:
            self._foreign += 1
        elif element == "c":
            self._open_cell(facts)
        elif element == "row":
            self._open_row(facts)
        elif element == "col":
            self._columns.append(f"<col{_written(facts, 'min', 'max', 'width', 'hidden')}/>")
        elif element == "mergeCell":
            self._merged.append(f"<mergeCell{_written(facts, 'ref')}/>")
        elif self._cell is not None:
            if element == "rPh":
                self._in_phonetic = True
            elif element in ("f", "v", "t") and not self._in_phonetic:
                if element == "f":
                    self._formula = facts
                self._keeps_space = facts.get(_SPACE) == "preserve"
                self._text = []
                self._pieces.setdefault(element, [])

    def _end(self, name: str) -> None:
        if self._foreign:
            self._foreign -= 1
            return
        element = name.rpartition(" ")[2]
        if element == "c" and self._cell is not None:
            self._close_cell()
        elif element == "row":
            self._cells.append("</row>")
        elif element == "rPh":
            self._in_phonetic = False
        elif element in self._pieces and self._text is not None:
            text = "".join(self._text)
            # without xml:space the spaces at both ends of a piece of text are not part of it, as calamine has it
            self._pieces[element].append(text if element != "t" or self._keeps_space else text.strip(" \t\r\n"))
            self._text = None

    def _characters(self, characters: str) -> None:
        if self._text is not None and not self._foreign:
            self._text.append(characters)

    def _open_row(self, facts: Mapping[str, str]) -> None:
        number = facts.get("r", "")
        self._row = int(number) if number.isdigit() else self._row + 1
        self._column = 0
        self._cells.append(f'<row r="{self._row}"{_written(facts, "ht", "hidden")}>')

    def _open_cell(self, facts: Mapping[str, str]) -> None:
        found = _ADDRESS.fullmatch(facts.get("r", ""))
        self._column = column_number(found[1].encode()) if found else self._column + 1
        address = found[0].upper() if found else facts.get("r") or f"{letters(self._column - 1)}{self._row}"
        self._cell = {**facts, "r": address}
        self._formula, self._pieces = {}, {}

    def _close_cell(self) -> None:
        assert self._cell is not None
        facts, pieces, self._cell = self._cell, {name: "".join(held) for name, held in self._pieces.items()}, None
        formula = ""
        if "f" in pieces:
            formula = f"<f{_written(self._formula, 't', 'ref', 'si')}>{_escaped(pieces['f'])}</f>"
        kind, value = facts.get("t", "n"), pieces.get("v")
        if kind == "inlineStr" or ("t" in pieces and value is None):
            kind, content = "inlineStr", f'<is><t xml:space="preserve">{_escaped(pieces.get("t", ""))}</t></is>'
        elif value is None or (not value and kind != "str"):
            kind, content = "n", ""
        else:
            kind = _kind(kind, value)
            content = f"<v>{_escaped(value.strip() if kind == 's' else value)}</v>"
        style = _written(facts, "s") if _is_dated(kind, value) else ""
        type_ = "" if kind == "n" else f' t="{kind}"'
        self._cells.append(f'<c r="{_escaped(facts["r"])}"{style}{type_}>{formula}{content}</c>')


def _kind(kind: str, value: str) -> str:
    """The type under which calamine will take this value."""
    if kind == "n":
        return "n" if _NUMBER.fullmatch(value) else "str"
    if kind == "b":
        return "b" if value in ("0", "1", "true", "false") else "str"
    return kind if kind in ("e", "d", "s") else "str"


def _is_dated(kind: str, value: str | None) -> bool:
    """Whether a date format may stay: not on a number that no calendar reaches."""
    return kind != "n" or not value or abs(float(value)) <= LAST_DATE


def _written(facts: Mapping[str, str], *names: str) -> str:
    return "".join(f' {name}="{_escaped(facts[name])}"' for name in names if name in facts)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
