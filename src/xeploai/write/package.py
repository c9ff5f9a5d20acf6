"""The parts of a zipped workbook, to be added to: which refers to which, and what may not be touched at all."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO

from lxml import etree

from xeploai.findings import CANNOT_ANNOTATE, Unusable
from xeploai.write.workbook import MOST_BYTES, visible

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, strip_cdata=False)
"""The bytes were guarded and read before (`_unchanged` of `annotate`): nothing comes here that the reader refused."""

Element = etree._Element


def main(name: str) -> str:
    """The name of an element of SpreadsheetML."""
    return f"{{{MAIN}}}{name}"


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def spell(element: Element, words: str) -> None:
    """Give an element this text, every space of it, with what XML forbids written out."""
    element.text = visible(words)
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


class Package:
    """The parts of a file by name. Raises Unusable where adding anything would spoil what is there."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self._changed: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(BytesIO(data)) as package:
                if (size := sum(entry.file_size for entry in package.infolist())) > MOST_BYTES:
                    words = f"tệp bung ra {size >> 20} MB, quá giới hạn {MOST_BYTES >> 20} MB"
                    raise self.unfit(f"{words}; bỏ bớt hình ảnh, trang tính không dùng")
                self._parts = {entry.filename: package.read(entry) for entry in package.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError):
            raise self.unfit("không phải bảng tính .xlsx; mở bằng Excel, lưu thành .xlsx trước") from None
        self._names = {_known(name): name for name in self._parts}
        if any(name.startswith("_xmlsignatures/") for name in self._names):
            raise self.unfit("tệp có chữ ký số, ghi thêm thì chữ ký hết giá trị; dùng bản chưa ký")

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._names.values())

    def __contains__(self, name: str) -> bool:
        return _known(name) in self._names

    def unfit(self, reason: str) -> Unusable:
        """This workbook cannot be added to, and why."""
        return Unusable(CANNOT_ANNOTATE(file=self.file, reason=reason))

    def part(self, name: str) -> bytes:
        """The bytes of a part as they are now."""
        real = self._names[_known(name)]
        return self._changed.get(real, self._parts.get(real, b""))

    def put(self, name: str, content: bytes) -> None:
        """Give a part these bytes; a new one comes last."""
        self._changed[self._names.setdefault(_known(name), name)] = content

    def xml(self, name: str) -> Element:
        """A part as XML."""
        try:
            return etree.fromstring(self.part(name), _PARSER)
        except (etree.XMLSyntaxError, KeyError):
            raise self.unfit(f"phần «{name}» bên trong tệp bị hỏng; mở bằng Excel, lưu lại") from None

    def write(self, name: str, root: Element) -> None:
        """Give a part this XML."""
        tree = root.getroottree()
        self.put(name, etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Id → (kind, part) of everything inside the package that a part refers to."""
        name = _relations_of(part)
        if name not in self:
            return {}
        folder = posixpath.dirname(part)
        return {
            each.get("Id", ""): (each.get("Type", "").rsplit("/", 1)[-1], _target(folder, each.get("Target", "")))
            for each in self.xml(name)
            if each.get("TargetMode") != "External" and each.get("Target")
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another one; the new id."""
        name, ids = _relations_of(part), self.related(part)
        root = self.xml(name) if name in self else etree.fromstring(f'<Relationships xmlns="{_RELATIONS}"/>')
        taken = {each.get("Id", "") for each in root} | set(ids)
        new = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=new, Type=f"{OFFICE}/{kind}", Target=f"/{target}")
        self.write(name, root)
        return new

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Put in a new part under a free name; the name."""
        name = next(name for n in range(1, len(self._names) + 2) if (name := pattern.format(n)) not in self)
        self.put(name, content)
        types = self.xml("[Content_Types].xml")
        extension = name.rpartition(".")[2]
        kinds = {each.get("Extension", "").lower(): each.get("ContentType") for each in types}
        if extension != "xml" and kinds.setdefault(extension, None) is None:
            types.insert(0, types.makeelement(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type))
        elif kinds.get(extension) != content_type:
            etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)
        self.write("[Content_Types].xml", types)
        return name

    def zipped(self) -> bytes:
        """The package with everything that was added: what was not touched as it was, the same bytes on every run."""
        held = BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
            for name in dict.fromkeys((*self._parts, *self._changed)):
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                package.writestr(entry, self._changed.get(name, self._parts.get(name, b"")))
        return held.getvalue()


def _known(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
