"""Notes on cells: the texts, and the boxes in which Excel shows them, added to those that a sheet has.

A note has two halves: its text among the sheet's comments, and a box in an old-fashioned drawing (VML), which holds buttons
and check boxes too. That drawing is not always XML that a parser takes, so boxes are put into it as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

from lxml import etree

from xeploai.model import column_letters
from xeploai.write.package import MAIN, OFFICE, Element, Package, local, main, spell

if TYPE_CHECKING:
    from xeploai.write.inplace import Sheet

Place = tuple[int, int]
"""Row and column, from 0."""
Runs = tuple[tuple[str, bool], ...]
"""A note: its pieces, and whether each is bold."""
Relations = Mapping[str, tuple[str, str]]

_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BOXES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACES = {"v": "urn:schemas-microsoft-com:vml", "o": "urn:schemas-microsoft-com:office:office",
           "x": "urn:schemas-microsoft-com:office:excel"}  # fmt: skip

_BLOCK = 1024  # ids of boxes come in blocks of so many; the first of each is no box
_BOX_WIDTH, _LINE, _CHARACTER = 380, 15, 6.2  # pixels: of a note's box, of a line in it, of a letter


def add_notes(sheet: Sheet, notes: Mapping[Place, Runs]) -> None:
    """Add these notes to the cells of a sheet. Raises Unusable where nobody would see them."""
    relations = sheet.book.related(sheet.part)
    _refuse_threads(sheet, notes, relations)
    lines, new = _write_texts(sheet, notes, relations)
    _write_boxes(sheet, lines, new, relations)


def _refuse_threads(sheet: Sheet, notes: Mapping[Place, Runs], relations: Relations) -> None:
    """A thread is shown in place of the note that stands beside it: what is added there nobody would see."""
    for kind, part in relations.values():
        if kind == "threadedComment" and part in sheet.book:
            cells = {each.get("ref", "") for each in sheet.book.xml(part)}
            held = [address for place in sorted(notes) if (address := _address(place)) in cells]
            if held:
                where = f"ô {', '.join(held[:10])} của trang «{sheet.name}»"
                reason = f"{where} có chuỗi bình luận (Comments), ghi thêm chú thích vào thì không ai thấy"
                raise sheet.book.unfit(
                    f"{reason}; đổi bình luận ở các ô đó thành ghi chú (Notes) hoặc xoá đi, rồi lưu lại"
                )


def _write_texts(
    sheet: Sheet, notes: Mapping[Place, Runs], relations: Relations
) -> tuple[dict[Place, int], set[Place]]:
    """Add the texts; how many lines each note has now, and which of them are new."""
    part = next((part for kind, part in relations.values() if kind == "comments" and part in sheet.book), "")
    empty = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
    root = sheet.book.xml(part) if part else etree.fromstring(empty)
    authors, listed = root.find(main("authors")), root.find(main("commentList"))
    if authors is None or listed is None:
        raise sheet.strange()
    old = {each.get("ref", ""): each for each in listed}
    author, lines = len(authors), dict[Place, int]()
    etree.SubElement(authors, main("author")).text = "xeploai"
    for place, runs in sorted(notes.items()):
        address = _address(place)
        kept = old[address].find(main("text")) if address in old else _new_text(listed, address, author)
        if kept is None:
            raise sheet.strange()
        _add_runs(kept, ((_GAP, *runs) if len(kept) else runs))
        lines[place] = _lines("".join(each.text or "" for each in kept.iter(main("t"))))
    if part:
        sheet.book.write(part, root)
    else:
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        sheet.book.relate(sheet.part, "comments", sheet.book.add("xl/comments{}.xml", content, _NOTES_TYPE))
    return lines, {place for place in lines if _address(place) not in old}


def _new_text(listed: Element, address: str, author: int) -> Element:
    each = etree.SubElement(listed, main("comment"), ref=address, authorId=str(author))
    return etree.SubElement(each, main("text"))


def _write_boxes(sheet: Sheet, lines: Mapping[Place, int], new: set[Place], relations: Relations) -> None:
    """A box for every new note, hidden until the pointer rests on the cell; those of old notes grow with their text."""
    drawing = sheet.root.find(main("legacyDrawing"))
    part = "" if drawing is None else relations.get(drawing.get(f"{{{OFFICE}}}id", ""), ("", ""))[1]
    ids = dict(zip(sorted(new), _free_ids(sheet.book), strict=False))
    boxes = "".join(
        _BOX.format(id=number, row=place[0], column=place[1], anchor=_anchor(sheet, place, lines[place]))
        for place, number in ids.items()
    )
    blocks = ",".join(map(str, sorted({number // _BLOCK for number in ids.values()})))
    if drawing is None:
        content = _BOXES.format(blocks=blocks, kind=_BOX_KIND, boxes=boxes).encode()
        name = sheet.book.add("xl/drawings/vmlDrawing{}.vml", content, _BOXES_TYPE)
        sheet.insert("legacyDrawing").set(f"{{{OFFICE}}}id", sheet.book.relate(sheet.part, "vmlDrawing", name))
        return
    old = sheet.book.part(part) if part in sheet.book else b""
    if b"</xml>" not in old:
        raise sheet.strange()
    whole = _with_boxes(old, boxes, blocks)
    for place in sorted(lines.keys() - new):
        whole = _grown(whole, place, _anchor(sheet, place, lines[place]))
    sheet.book.put(part, whole)


def _free_ids(package: Package) -> Iterator[int]:
    """Ids for boxes, in blocks that no drawing of this workbook uses."""
    used = [0]
    for name in package.names:
        if name.lower().endswith(".vml"):
            content = package.part(name)
            used += (int(each) // _BLOCK for each in re.findall(rb"_x0000_s(\d{1,9})", content))
            for listed in re.findall(rb"<\w+:idmap\b[^>]*?data=[\"']([\d,\s]*)", content):
                used += map(int, listed.decode().replace(",", " ").split())
    return (number for number in count((max(used) + 1) * _BLOCK) if number % _BLOCK)


def _with_boxes(drawing: bytes, boxes: str, blocks: str) -> bytes:
    """The drawing with these boxes behind those that it has."""
    end = drawing.rfind(b"</xml>")
    added = boxes if b'id="_x0000_t202"' in drawing else _BOX_KIND + boxes
    if not all(f'xmlns:{key}="{space}"'.encode() in drawing[:500] for key, space in _SPACES.items()):
        added = re.sub(r"<v:shape(?:type)?(?= )", rf"\g<0> {_DECLARED}", added)  # as openpyxl declares them: one by one
    whole = drawing[:end] + added.encode() + drawing[end:]
    if not blocks:
        return whole
    return re.sub(rb"(<\w+:idmap\b[^>]*?data=[\"'][\d,]*)", rb"\g<1>," + blocks.encode(), whole, count=1)


def _anchor(sheet: Sheet, place: Place, lines: int) -> str:
    """Where the box of a note stands: to the right of its cell, as wide as ours are, high enough for its lines."""
    row, column = max(place[0] - 1, 0), place[1] + 1
    right, right_pixels = _reach(sheet, column, 15 + _BOX_WIDTH)
    bottom, bottom_pixels = row, 10 + min(lines + 1, 40) * _LINE
    while bottom_pixels > (height := sheet.height(bottom)):
        bottom, bottom_pixels = bottom + 1, bottom_pixels - height
    return f"{column}, 15, {row}, 10, {right}, {right_pixels}, {bottom}, {bottom_pixels}"


def _reach(sheet: Sheet, column: int, pixels: int) -> Place:
    """The column that lies so far to the right of this one's left side, or the last visible one, and the rest."""
    visible_end = (column, sheet.width(column))
    for place in range(column, column + 100):
        width = sheet.width(place)
        if pixels <= width:
            return place, pixels
        if width:
            visible_end = (place, width)
        pixels -= width
    return visible_end


_GAP = ("\n\n", False)


def _add_runs(text: Element, runs: Runs) -> None:
    """Put these pieces behind what a note says, before what only tells how to read it aloud."""
    before = [place for place, each in enumerate(text, 1) if local(each) in ("t", "r")]
    place = max(before, default=0)
    for words, bold in runs:
        run = text.makeelement(main("r"))
        look = etree.SubElement(run, main("rPr"))
        if bold:
            etree.SubElement(look, main("b"))
        etree.SubElement(look, main("sz"), val="9")
        etree.SubElement(look, main("color"), indexed="81")
        etree.SubElement(look, main("rFont"), val="Tahoma")
        etree.SubElement(look, main("family"), val="2")
        spell(etree.SubElement(run, main("t")), words)
        text.insert(place, run)
        place += 1
    plain = text.find(main("t"))
    if plain is not None:  # text without pieces becomes the first piece: a note has the one or the others
        run = text.makeelement(main("r"))
        run.append(plain)
        text.insert(0, run)


def _lines(text: str) -> int:
    """How many lines a text takes in a box of ours."""
    room = int(_BOX_WIDTH / _CHARACTER)
    return sum(-(-max(len(line), 1) // room) for line in text.split("\n"))


def _grown(content: bytes, place: Place, anchor: str) -> bytes:
    """The drawing with the box of this cell's note made large enough."""
    row, column = (rf"<\w+:{name}>\s*{at}\s*<".encode() for name, at in zip(("Row", "Column"), place, strict=True))

    def larger(found: re.Match[bytes]) -> bytes:
        shape = found[0]
        if not re.search(row, shape) or not re.search(column, shape):
            return shape
        shape = re.sub(rb"<(\w+):Anchor>[^<]*</\w+:Anchor>", b"", shape)
        return re.sub(rb"<(\w+):Row>", rb"<\1:Anchor>" + anchor.encode() + rb"</\1:Anchor>\g<0>", shape)

    return re.sub(rb"<(\w+):shape\b.*?</\1:shape>", larger, content, flags=re.DOTALL)


def _address(place: Place) -> str:
    return f"{column_letters(place[1])}{place[0] + 1}"


_BOX_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:1.5pt;'
    'width:285pt;height:60pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_DECLARED = " ".join(f'xmlns:{key}="{space}"' for key, space in _SPACES.items())
_BOXES = (
    f"<xml {_DECLARED}>"
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>{kind}{boxes}</xml>'
)
