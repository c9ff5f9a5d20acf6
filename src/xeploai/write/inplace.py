"""A workbook as it is, with cells and notes added: its package is edited part by part, and only what is added to changes.

openpyxl would lose what it does not know of a workbook that it saves again. Measured with openpyxl 3.1.5 (22.11.2026): the
stored result of every formula, text boxes and buttons, pictures (without Pillow), pictures in headers, sparklines, data bars
of Excel 2010, ignored errors, dynamic arrays, custom XML. Here every part that nothing is added to keeps its bytes, and a
sheet keeps every element that it has.

    sheet     cells as inline text, widths, merged headings          xl/worksheets/sheet1.xml
    looks     those of the cells beside, copied                      xl/styles.xml
    notes     `notes`: texts, and the boxes in which they are shown  xl/comments1.xml, xl/drawings/vmlDrawing1.vml
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from xeploai.findings import Unusable
from xeploai.model import column_letters
from xeploai.write.notes import Place, Runs, add_notes
from xeploai.write.package import MAIN, OFFICE, Element, Package, local, main, spell

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_SPARKLINE = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}sparkline"
_ORDER = re.findall(
    r"\w+",
    """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations
    hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches
    ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls AlternateContent
    webPublishItems tableParts extLst""",
)
"""The children of a worksheet, as CT_Worksheet of ISO/IEC 29500 puts them: Excel takes no other order."""

LAST_COLUMN = (1 << 14) - 1
_LINE_HEIGHT = 16.0  # points, for letters of 11 or 12


class Look(NamedTuple):
    """What a look is to be: that of the cell beside it, aligned so, its content kept as text or as a number."""

    beside: int
    horizontal: str
    vertical: str = ""
    text: bool = True


class Book(Package):
    """A workbook: its sheets by name, and its looks."""

    def __init__(self, data: bytes, file: str) -> None:
        super().__init__(data, file)
        self._sheets: dict[str, Sheet] = {}
        self._made: dict[Look, int] = {}
        roots = dict(self.related("").values())
        self._book = roots.get("officeDocument", "xl/workbook.xml")
        if self._book not in self or local(root := self.xml(self._book)) != "workbook":
            raise self.unfit("không phải bảng tính .xlsx; mở bằng Excel, lưu thành .xlsx trước")
        if etree.QName(root).namespace != MAIN:
            raise self.unfit("tệp ở dạng Strict Open XML; trong Excel, lưu lại thành Excel Workbook (.xlsx) thường")
        if b".template." in self.part("[Content_Types].xml"):
            raise self.unfit("tệp là mẫu bảng tính (.xltx); mở bằng Excel, lưu thành .xlsx trước")
        relations = self.related(self._book)
        if any(kind == "revisionHeaders" for kind, _ in relations.values()):
            raise self.unfit("tệp đang dùng chung có theo dõi thay đổi (Share Workbook); thôi dùng chung rồi lưu lại")
        self._listed = [
            (unicodedata.normalize("NFC", each.get("name", "")), relations.get(each.get(f"{{{OFFICE}}}id", "")))
            for each in root.iter(main("sheet"))
        ]
        self._styles = next((target for kind, target in relations.values() if kind == "styles" and target in self), "")

    @property
    def macros(self) -> bool:
        """Whether it is a workbook with macros (.xlsm)."""
        return b"macroEnabled" in self.part("[Content_Types].xml")

    def sheet(self, name: str) -> Sheet:
        """The worksheet of this name (NFC)."""
        if name not in self._sheets:
            found = [relation for listed, relation in self._listed if listed == name]
            if len(found) != 1 or not found[0] or found[0][1] not in self:
                raise self.unfit(f"không tìm thấy đúng một trang «{name}»; đổi tên các trang trùng nhau rồi lưu lại")
            self._sheets[name] = Sheet(self, name, found[0][1])
        return self._sheets[name]

    # ---------------------------------------------------------------------------------------- looks

    @cached_property
    def _look_list(self) -> tuple[Element, Element] | None:
        """The root of the styles and the list that cells refer to."""
        root = self.xml(self._styles) if self._styles else None
        listed = None if root is None else root.find(main("cellXfs"))
        return None if root is None or listed is None or not len(listed) else (root, listed)

    def look(self, look: Look) -> int | None:
        """The number of this look: font, border and fill of the one beside it, with our own alignment."""
        if self._look_list is None:
            return None
        _, listed = self._look_list
        if look not in self._made:
            new = deepcopy(listed[look.beside] if look.beside < len(listed) else listed[0])
            new.set("numFmtId", "49" if look.text else "0")  # as text: edited it stays text, "=1+1" and "3/12" too
            new.set("applyNumberFormat", "1")
            new.set("applyAlignment", "1")
            new.attrib.pop("quotePrefix", "")
            vertical = look.vertical
            for old in new.findall(main("alignment")):
                vertical = vertical or old.get("vertical", "")
                new.remove(old)
            aligned = new.makeelement(main("alignment"), horizontal=look.horizontal, wrapText="1")
            if vertical:
                aligned.set("vertical", vertical)
            if look.horizontal == "left":
                aligned.set("indent", "1")  # so that the text does not touch the line
            new.insert(0, aligned)
            listed.append(new)
            listed.set("count", str(len(listed)))
            self._made[look] = len(listed) - 1
        return self._made[look]

    def has_border(self, style: int) -> bool:
        """Whether cells of this style have lines around them."""
        if self._look_list is None or style >= len(self._look_list[1]):
            return False
        return self._look_list[1][style].get("borderId", "0") != "0"

    def content(self) -> bytes:
        """The bytes of the whole workbook."""
        for sheet in self._sheets.values():
            sheet.finish()
        if self._look_list and self._made:
            self.write(self._styles, self._look_list[0])
        return self.zipped()


class Sheet:
    """One worksheet. Rows and columns count from 0."""

    def __init__(self, book: Book, name: str, part: str) -> None:
        self.book, self.name, self.part = book, name, part
        self._notes: dict[Place, Runs] = {}
        self._held: dict[int, list[tuple[int, Element]]] = {}
        self._touched = False

    @cached_property
    def root(self) -> Element:
        return self.book.xml(self.part)

    @cached_property
    def _rows(self) -> dict[int, Element]:
        found, before = dict[int, Element](), -1
        listed = self.root.find(main("sheetData"))
        for row in () if listed is None else listed.iterchildren(main("row")):
            number = int(row.get("r") or before + 2) - 1
            if number <= before:
                raise self.strange()
            row.set("r", str(number + 1))
            found[number] = row
            before = number
        return found

    def strange(self) -> Unusable:
        """This sheet is written as no office program writes one."""
        return self.book.unfit(f"trang «{self.name}» ghi theo cách Excel không ghi; mở bằng Excel, lưu lại")

    def _cells(self, row: int) -> list[tuple[int, Element]]:
        """The cells of a row with their columns, from left to right."""
        if row in self._held:
            return self._held[row]
        found, before = self._held.setdefault(row, []), -1
        for cell in self._rows[row].iterchildren(main("c")) if row in self._rows else ():
            column = _column(cell.get("r", "")) if cell.get("r") else before + 1
            if column <= before:
                raise self.strange()
            cell.set("r", f"{column_letters(column)}{row + 1}")
            found.append((column, cell))
            before = column
        return found

    @cached_property
    def merged(self) -> list[tuple[int, int, int, int]]:
        """The merged areas: first row, first column, last row, last column."""
        return [_area(each.get("ref", "")) for each in self.root.iter(main("mergeCell"))]

    def first_of(self, row: int, column: int) -> Place:
        """The cell that a person sees here: of a merged area its first."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column

    def free_column(self, first: int, last: int) -> int:
        """The first column that nothing reaches in these rows: no content, no merged area, no drawing."""
        reached = [column for row in range(first, last + 1) for column, cell in self._cells(row) if len(cell)]
        reached += [right for top, _, bottom, right in self.merged if top <= last and bottom >= first]
        reached += (right for top, bottom, right in self._drawings() if top <= last and bottom >= first)
        for each in self.root.iter(_SPARKLINE):
            reached += (_area(place.text or "")[3] for place in each if local(place) == "sqref")
        return max(reached, default=-1) + 1

    def _drawings(self) -> Iterator[tuple[int, int, int]]:
        """First row, last row and last column of every drawing on the sheet."""
        for kind, part in self.book.related(self.part).values():
            if kind != "drawing" or part not in self.book:
                continue
            for anchor in self.book.xml(part):
                ends = [
                    (int(at.findtext(f"{_DRAWING}row", "0")), int(at.findtext(f"{_DRAWING}col", "0")))
                    for at in (anchor.find(f"{_DRAWING}from"), anchor.find(f"{_DRAWING}to"))
                    if at is not None
                ]
                if len(ends) == 1 and (size := anchor.find(f"{_DRAWING}ext")) is not None:  # as large as told, in EMU
                    right, down = (int(size.get(key, "0")) // 9525 for key in ("cx", "cy"))
                    ends.append((ends[0][0] + down // 20 + 1, ends[0][1] + right // 64 + 1))
                if ends:
                    yield min(ends)[0], max(ends)[0], max(column for _, column in ends)

    def style(self, row: int, column: int) -> int:
        """The style of the cell here, or of the nearest one to its left; 0 where there is none."""
        before = (cell.get("s", "0") for place, cell in reversed(self._cells(row)) if place <= column)
        return int(next(before, "0"))

    def bordered_until(self, row: int, column: int) -> int:
        """The last row of those from `row` on whose cell in this column has lines around it, as a sum below units has."""
        while any(place == column and self._has_border(cell) for place, cell in self._cells(row + 1)):
            row += 1
        return row

    def _has_border(self, cell: Element) -> bool:
        return self.book.has_border(int(cell.get("s", "0")))

    # ------------------------------------------------------------------------------------ what is added

    def put(self, row: int, column: int, value: str | int | None, look: Look) -> None:
        """Write a cell. A text is a text, whatever it looks like; the style of an empty cell is all there is to it."""
        listed = self._rows.get(row)
        if listed is None:
            return
        self._touched = True
        cell = listed.makeelement(main("c"), r=f"{column_letters(column)}{row + 1}")
        if (style := self.book.look(look)) is not None:
            cell.set("s", str(style))
        if isinstance(value, int):
            etree.SubElement(cell, main("v")).text = str(value)
        elif value:
            cell.set("t", "inlineStr")
            spell(etree.SubElement(etree.SubElement(cell, main("is")), main("t")), value)
        held = self._cells(row)
        at = sum(place < column for place, _ in held)
        if at < len(held) and held[at][0] == column:  # empty: only `free_column` says where we write
            listed.remove(held.pop(at)[1])
        listed.insert(listed.index(held[at - 1][1]) + 1 if at else 0, cell)
        held.insert(at, (column, cell))
        if spans := re.fullmatch(r"(\d+):(\d+)", listed.get("spans", "")):
            listed.set("spans", f"{spans[1]}:{max(int(spans[2]), column + 1)}")

    def fit_height(self, row: int, lines: int) -> None:
        """Let a row grow with its text, for not every program does so by itself; a height that a person set stays."""
        listed = self._rows.get(row)
        if listed is None or lines < 2 or listed.get("customHeight", "0") in ("1", "true"):
            return
        listed.set("ht", str(max(lines * _LINE_HEIGHT, float(listed.get("ht", "0")))))

    def merge(self, top: int, bottom: int, column: int) -> None:
        """Make these cells of a column one."""
        if top == bottom:
            return
        listed = self.root.find(main("mergeCells"))
        if listed is None:
            listed = self.insert("mergeCells")
        letters = column_letters(column)
        etree.SubElement(listed, main("mergeCell"), ref=f"{letters}{top + 1}:{letters}{bottom + 1}")
        listed.set("count", str(len(listed)))

    def widen(self, first: int, widths: Sequence[int]) -> None:
        """Give the columns from `first` on these widths, whatever was said of them before."""
        self._touched = True
        listed = self.root.find(main("cols"))
        if listed is None:
            listed = self.insert("cols")
        last = first + len(widths) - 1
        for old in list(listed.iterchildren(main("col"))):
            left, right = int(old.get("min", "1")) - 1, int(old.get("max", "1")) - 1
            if right < first or left > last:
                continue
            for part in ((left, first - 1), (last + 1, right)):
                if part[0] <= part[1]:
                    rest = deepcopy(old)
                    rest.set("min", str(part[0] + 1))
                    rest.set("max", str(part[1] + 1))
                    old.addprevious(rest)
            listed.remove(old)
        for column, width in enumerate(widths, first + 1):
            etree.SubElement(listed, main("col"), min=str(column), max=str(column), width=str(width), customWidth="1")
        listed[:] = sorted(listed, key=lambda col: int(col.get("min", "1")))
        self._span(last)

    def note(self, row: int, column: int, runs: Runs) -> None:
        """Add this note to the cell."""
        place = self.first_of(row, column)
        self._notes[place] = (*self._notes.get(place, ()), *runs)

    def _span(self, last: int) -> None:
        """Let the stated dimension hold the new columns too."""
        stated = self.root.find(main("dimension"))
        if stated is not None and (stated.get("ref")):
            top, left, bottom, right = _area(stated.get("ref", ""))
            corner = f"{column_letters(max(right, last))}{bottom + 1}"
            stated.set("ref", f"{column_letters(left)}{top + 1}:{corner}")

    def insert(self, name: str) -> Element:
        """A new child of the worksheet, where the order of these wants it."""
        new = self.root.makeelement(main(name))
        later = set(_ORDER[_ORDER.index(name) + 1 :])
        place = (n for n, each in enumerate(self.root) if isinstance(each.tag, str) and local(each) in later)
        self.root.insert(next(place, len(self.root)), new)
        return new

    def finish(self) -> None:
        """Write what was added into the package."""
        if self._notes:
            add_notes(self, self._notes)
        if self._touched or self._notes:
            self.book.write(self.part, self.root)

    def width(self, column: int) -> int:
        """The width of a column in pixels; 0 where it is hidden."""
        listed = self.root.find(main("cols"))
        for each in () if listed is None else listed:
            if int(each.get("min", "0")) <= column + 1 <= int(each.get("max", "0")):
                return 0 if each.get("hidden") in ("1", "true") else int(float(each.get("width", "9")) * 7 + 5)
        return 64

    def height(self, row: int) -> int:
        """The height of a row in pixels; 0 where it is hidden."""
        listed = self._rows.get(row)
        if listed is None:
            return 20
        return 0 if listed.get("hidden") in ("1", "true") else int(float(listed.get("ht", "15")) * 4 / 3)


def _column(address: str) -> int:
    column = 0
    for letter in re.match(r"[A-Za-z]*", address)[0].upper():  # type: ignore[index]  # it always matches
        column = column * 26 + ord(letter) - 64
    return column - 1


def _area(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.replace("$", "").partition(":")
    ends = [(int(re.sub(r"\D", "", each) or "1") - 1, _column(each)) for each in (first, last or first)]
    return (*ends[0], *ends[1])
