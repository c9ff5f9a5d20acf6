"""The second look at a sheet part: what python-calamine hides.

An error cell and a formula that was never worked out come from calamine as empty cells; hidden rows and columns do not
come at all. All of it stands in the part's XML. A part of twelve million bytes is not parsed again for that: whatever is
sought needs certain bytes ("#" in an error, "f" in a formula), so most parts are done after asking whether these occur
at all, and the rest is found by patterns that visit only the tags in question.

The patterns hold for XML as every office program writes it: UTF-8, no prefixes on the elements, double quotes, no
comments or CDATA, an address in each cell. `look` returns None for anything else; `plain` then writes the part anew.
"""

from __future__ import annotations

import re

from xeploai.read.formulas import Formulas, area, place, places, text
from xeploai.read.guard import column_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from xeploai.read.formulas import Place

    Mark = tuple[str, ...]
    """("error", "#REF!", "=A1+B1"), ("formula", "=A1+B1"), and ("spilled", "=…") where an array's result would stand."""

NAMESPACES = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",  # the strict variant
)

_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<worksheet(\s[^>]*)>")
_DEFAULT = re.compile(rb'\sxmlns\s*=\s*"(?:%s)"' % rb"|".join(map(re.escape, NAMESPACES)))
_SINGLE_QUOTES = re.compile(rb"<[^<>]*='")
_ATTRIBUTE = re.compile(rb'([\w:.-]+)\s*=\s*"([^"]*)"')
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_ROW = re.compile(rb'ow(?<=<row)(?=[\s/>])(?:\s+r\s*=\s*"(\d{1,7})")?([^>]*)>')
"""Sought by its rarer letters, which is faster: nearly every tag of a sheet has an r."""
_HIDDEN = re.compile(rb'\shidden\s*=\s*"(?:1|true)"|\sht\s*=\s*"0*\.?0*"')
_MERGED = re.compile(rb'<mergeCell\s[^>]*?\bref\s*=\s*"([^"]*)"')
_CELL = re.compile(rb"<c(?:\s([^>]*))?>")
_RESULT = re.compile(rb"<v(?:\s[^>]*)?(?<!/)>([^<]*)</v")
_FORMULA = re.compile(rb"<f(?:\s([^>]*))?(?:/>|>([^<]*)</f\s*>)")
_UNCOMPUTED = re.compile(rb"<f(?:\s([^>]*))?(?:/>|>([^<]*)</f\s*>)(?!\s*<v(?:\s[^>]*)?(?<!/)>[^<])")
_VALUE = re.compile(
    rb'<c\s[^>]*?\br\s*=\s*"([A-Za-z]+\d+)"[^>]*>(?:\s*<f[^>]*(?:/>|>[^<]*</f\s*>))?\s*<v(?:\s[^>]*)?>([^<]*)<'
)
_TYPED = rb'(?=[^>]*?\st\s*=\s*"(?:%s)")'
_AT = rb'<c(?=\s)(?=[^>]*?\sr\s*=\s*"([A-Za-z]{1,3})([1-9]\d{0,6})")'
_STYLE = rb'(?:[^>]*?\ss\s*=\s*"(\d+)")?'
_IN = rb"[^>]*(?<!/)>(?:\s*<f[^>]*(?:/>|>[^<]*</f\s*>))?\s*<v(?:\s[^>]*)?>\s*"
_FILLED = re.compile(_AT + rb"[^>]*(?<!/)>(?!\s*</c)")
_TEXT = re.compile(
    _AT.replace(rb"([1-9]\d{0,6})", rb"\d") + _TYPED % b"s|str|inlineStr" + _STYLE + rb"[^>]*(?<!/)>(?!\s*</c)"
)
_SHARED = re.compile(_AT.replace(rb"([1-9]\d{0,6})", rb"\d") + _TYPED % b"s" + _IN + rb"(\d+)")
_NO_NUMBER = rb'(?![^>]*?\st\s*=\s*"(?!n"))'
_SPACED = re.compile(rb"\ss\s+=|\ss=\s")
_ASTRAY = re.compile(rb'"s"[^<>]*(?<!/)>(?:\s*<f[^>]*(?:/>|>[^<]*</f\s*>))?\s*<v(?:\s[^>]*)?(?<!/)>(?!\d{1,9}</v|</v)')
"""1.0, -1, x, a number among spaces."""


class Look:
    """What a sheet part says beside its values. Positions count from 0."""

    __slots__ = (
        "errors",
        "filled",
        "fonts",
        "hidden_columns",
        "hidden_rows",
        "last_row",
        "marks",
        "merged",
        "percents",
    )

    def __init__(self) -> None:
        self.marks: dict[Place, Mark] = {}
        self.errors: list[tuple[int, int]] = []
        """Where in the part each error cell begins and ends."""
        self.merged: tuple[tuple[int, int, int, int], ...] = ()
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.last_row = 0
        """As rows are numbered, from 1; empty ones count."""
        self.filled = 0
        """Cells that are written with something inside."""
        self.percents: list[Place] = []
        """The numbers that are shown as percents."""
        self.fonts: dict[int, tuple[str, ...]] = {}
        """Of each column, the fonts of an old encoding in which its texts are set."""


class _Unusual(Exception):
    """A cell that was sought is written in a way that the patterns do not know."""


def look(part: bytes) -> Look | None:
    """What the part says beside its values, or None where it is not in the ordinary form."""
    root = _ROOT.match(part)
    if root is None or not _DEFAULT.search(root[1]) or not _is_ordinary(part, root.end()):
        return None
    start, end = _rows_of(part, root.end())
    seen = Look()
    seen.filled = part.count(b"</c>", start, end)
    seen.hidden_columns = [
        pair for found in _COLUMN.findall(part, root.end(), start) for pair in _hidden_columns(found)
    ]
    seen.merged = tuple(_merged(part, end))
    _rows(part, start, end, seen)
    formulas = Formulas(part, start, end)
    try:
        if part.find(b"#", start, end) >= 0:
            _errors(part, start, end, seen, formulas)
        if part.find(b"f", start, end) >= 0:
            _uncomputed(part, start, end, seen, formulas)
    except _Unusual:
        return None
    return seen


def is_astray(part: bytes) -> bool:
    """Whether a part has references to shared texts that calamine would take for the first text of all."""
    return _ASTRAY.search(part, *_rows_of(part)) is not None


def values(part: bytes, wanted: Collection[Place]) -> dict[Place, str]:
    """The text of the value that stands in these cells of a part in the ordinary form."""
    found = ((place(address), value) for address, value in _VALUE.findall(part))
    return {at: text(value) for at, value in found if at and at in wanted}


def without_errors(part: bytes, seen: Look) -> bytes:
    """The part with its error cells taken out: calamine gives up a whole sheet over a code that it does not know."""
    pieces, done = [], 0
    for start, end in seen.errors:
        pieces.append(part[done:start])
        done = end
    return b"".join([*pieces, part[done:]])


def percents(part: bytes, styles: Collection[int]) -> list[Place]:
    """Where a part in the ordinary form has numbers in these styles. A part that uses none of them costs next to nothing."""
    start, end = _rows_of(part)
    listed = b"|".join(b"%d" % style for style in styles)
    if not styles or not (0 in styles or _uses(part, start, end, listed)):
        return []
    named = rb'(?=[^>]*?\ss\s*=\s*"(?:%s)")' % listed
    style = rb"(?:%s|(?![^>]*?\ss\s*=))" % named if 0 in styles else named
    found = re.compile(_AT + style + _NO_NUMBER + _IN + rb"[-+.\d]").findall(part, start, end)
    columns = {letters: column_number(letters) - 1 for letters, _ in found}
    return [(int(digits) - 1, columns[letters]) for letters, digits in found]


def fonts(part: bytes, styles: Mapping[int, str], runs: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """The fonts of these styles, and of these shared strings' pieces, in which the texts of a column are set."""
    start, end = _rows_of(part)
    found: dict[int, set[str]] = {}
    if styles:
        for letters, style in set(_TEXT.findall(part, start, end)):
            if font := styles.get(int(style or 0)):
                found.setdefault(column_number(letters) - 1, set()).add(font)
    if runs:
        for letters, place in set(_SHARED.findall(part, start, end)):
            if names := runs.get(int(place)):
                found.setdefault(column_number(letters) - 1, set()).update(names)
    return {column: tuple(sorted(names)) for column, names in sorted(found.items())}


def doubled(part: bytes) -> list[Place]:
    """The cells that are written more than once, each time with something inside."""
    once: set[tuple[bytes, bytes]] = set()
    twice: set[Place] = set()
    for address in _FILLED.findall(part, *_rows_of(part)):
        if address in once:
            twice.add((int(address[1]) - 1, column_number(address[0]) - 1))
        once.add(address)
    return sorted(twice)


def _rows_of(part: bytes, root: int = 0) -> tuple[int, int]:
    """From where to where the part has its rows."""
    start = part.find(b"<sheetData", root)
    end = part.rfind(b"</sheetData")
    if start < 0 or end < start:  # no data at all, or <sheetData/>
        start = end = max(start, root)
    return start, end


def _uses(part: bytes, start: int, end: int, styles: bytes) -> bool:
    """Whether a cell is in one of these styles. How the first cells are written tells how to ask."""
    if _SPACED.search(part, start, min(end, start + 65_536)):
        return True
    return re.compile(rb's="(?:%s)"' % styles).search(part, start, end) is not None


def _is_ordinary(part: bytes, start: int) -> bool:
    """Whether the patterns hold. A byte that never occurs is asked for first: that costs next to nothing."""
    if sum(map(part.count, NAMESPACES)) != 1:  # bound to a prefix as well
        return False
    if part.find(b"!", start) >= 0 and part.find(b"<!", start) >= 0:
        return False
    if part.find(b"?", start) >= 0 and part.find(b"<?", start) >= 0:
        return False
    return not (b"'" in part and b"='" in part and _SINGLE_QUOTES.search(part))


def _hidden_columns(attributes: bytes) -> Iterator[tuple[int, int]]:
    facts = dict(_ATTRIBUTE.findall(attributes))
    first, last = facts.get(b"min", b""), facts.get(b"max", b"")
    hidden = facts.get(b"hidden") in (b"1", b"true") or not facts.get(b"width", b"1").strip(b"0.")
    if first.isdigit() and last.isdigit() and hidden:
        yield int(first) - 1, int(last) - 1


def _merged(part: bytes, start: int) -> Iterator[tuple[int, int, int, int]]:
    for reference in _MERGED.findall(part, start):
        found = area(reference)
        if found and found[:2] != found[2:]:
            yield found


def _rows(part: bytes, start: int, end: int, seen: Look) -> None:
    row = 0
    for first, attributes in _ROW.findall(part, start, end):
        number = first or dict(_ATTRIBUTE.findall(attributes)).get(b"r", b"")
        row = int(number) if number.isdigit() else row + 1
        if attributes and _HIDDEN.search(attributes):
            seen.hidden_rows.append(row - 1)
        seen.last_row = max(seen.last_row, row)


def _errors(part: bytes, start: int, end: int, seen: Look, formulas: Formulas) -> None:
    at = start
    while (at := part.find(b'"e"', at, end)) >= 0:
        begin, at = part.rfind(b"<", start, at), at + 1
        tag = _CELL.match(part, begin)
        if not tag or dict(_ATTRIBUTE.findall(tag[1])).get(b"t") != b"e":
            continue  # a text that looks so
        close = tag.end() if part[tag.end() - 2 : tag.end()] == b"/>" else part.find(b"</c", tag.end(), end)
        result = _RESULT.search(part, tag.end(), close)
        if not result or not result[1].strip():
            continue  # a formula without a result, or nothing
        at_cell, formula = _address(tag), _FORMULA.search(part, tag.end(), close)
        seen.marks[at_cell] = ("error", text(result[1]).strip(), formulas.shown(at_cell, formula))
        seen.errors.append((begin, part.find(b">", close) + 1))


def _uncomputed(part: bytes, start: int, end: int, seen: Look, formulas: Formulas) -> None:
    for found in _UNCOMPUTED.finditer(part, start, end):
        begin = part.rfind(b"<c", start, found.start())
        tag = _CELL.match(part, begin)
        if not tag:
            raise _Unusual
        rest = part[tag.end() : part.find(b"</c", found.end(), end)]
        if b"<is" in rest:
            continue  # a text is its result
        if any(map(bytes.strip, _RESULT.findall(rest))):
            raise _Unusual  # the result stands before the formula, where calamine does not see it
        if b"<v" in rest and dict(_ATTRIBUTE.findall(tag[1] or b"")).get(b"t") == b"str":
            continue  # ="" : a stored empty text is a blank, not a formula without a result
        shown = formulas.shown(at_cell := _address(tag), found)
        seen.marks[at_cell] = ("formula", shown)
        facts = dict(_ATTRIBUTE.findall(found[1] or b""))
        if facts.get(b"t") in (b"array", b"dataTable"):
            for each in places(facts.get(b"ref", b"")):
                seen.marks.setdefault(each, ("spilled", shown))


def _address(tag: re.Match[bytes]) -> Place:
    found = place(dict(_ATTRIBUTE.findall(tag[1] or b"")).get(b"r", b""))
    if found is None:
        raise _Unusual
    return found
