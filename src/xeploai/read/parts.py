"""The parts of a zipped workbook: unpacked, checked, in UTF-8; and a workbook made of chosen parts."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import namedtuple
from io import BytesIO

from xeploai.read import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

Packed = namedtuple("Packed", "method crc size body")

_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError)
"""What zipfile and zlib raise over damaged files."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


class Parts:
    """The parts by name. As the format wants it, names are told apart neither by case nor by kind of slash."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _DAMAGE as error:
            raise guard.damaged("tệp bị cắt ngang hoặc hỏng, thiếu mục lục ở cuối tệp") from error
        entries = self._zip.infolist()
        guard.container(entries)
        self._entries = {_known(entry.filename): entry for entry in entries}
        if len(self._entries) < len(entries):
            twin = next(entry for entry in entries if self._entries[_known(entry.filename)] is not entry)
            raise guard.damaged(f"tệp có hai phần cùng tên «{twin.filename}» bên trong")
        self._unpacked = 0

    def __contains__(self, name: str) -> bool:
        return _known(name) in self._entries

    def raw(self, name: str) -> bytes:
        """The bytes of a part. Never more of them than the file says: zipfile would unpack them all, and then cut."""
        packed = self.packed(name)
        self._unpacked += packed.size
        guard.unpacked(self._unpacked)
        try:
            with self._zip.open(self._entry(name)):
                pass  # it looks at what stands before the part
            content = _unpacked(packed)
        except _DAMAGE as error:
            raise guard.damaged(f"phần «{name}» bên trong tệp bị hỏng") from error
        if len(content) != packed.size or zlib.crc32(content) != packed.crc:
            raise guard.damaged(f"phần «{name}» bên trong tệp bị hỏng")
        return content

    def xml(self, name: str) -> bytes:
        """The bytes of a part of XML, in UTF-8 and without a byte order mark."""
        return checked(name, self.raw(name))

    def packed(self, name: str) -> Packed:
        """A part as it lies in the file. Whoever unpacks it has what `raw` gave."""
        entry = self._entry(name)
        start = entry.header_offset + _LOCAL.size
        head = self._data[entry.header_offset : start]
        if len(head) < _LOCAL.size:
            raise guard.damaged(f"phần «{name}» bên trong tệp bị hỏng")
        start += sum(_LOCAL.unpack(head)[-2:])
        body = self._data[start : start + entry.compress_size]
        return Packed(entry.compress_type, entry.CRC, entry.file_size, body)

    def _entry(self, name: str) -> zipfile.ZipInfo:
        if name not in self:
            raise guard.damaged(f"thiếu phần «{name}» bên trong tệp")
        return self._entries[_known(name)]


def checked(name: str, raw: bytes) -> bytes:
    """The bytes of a part of XML, guarded and in UTF-8: the very same bytes where they are that already."""
    part = utf8(raw, name)
    guard.xml(name, part)
    return part


def stored(content: bytes) -> Packed:
    """A part of our own, not compressed."""
    return Packed(0, zlib.crc32(content), len(content), content)


def container(contents: Mapping[str, Packed]) -> bytes:
    """A zip file of these parts. Parts are taken over as they are packed, which zipfile cannot do."""
    pieces, directory, offset = [], [], 0
    for name, (method, crc, size, body) in contents.items():
        facts = (20, 0, method, 0, 0x21, crc, len(body), size, len(name), 0)  # version 2.0, 1 January 1980
        head = _LOCAL.pack(b"PK\3\4", *facts) + name.encode("ascii")
        directory.append(_CENTRAL.pack(b"PK\1\2", 20, *facts, 0, 0, 0, 0, offset) + name.encode("ascii"))
        pieces += [head, body]
        offset += len(head) + len(body)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), size, offset, 0)
    return b"".join([*pieces, *directory, end])


def utf8(part: bytes, name: str) -> bytes:
    """A part of XML in UTF-8, whatever it was written in."""
    encoding = next((encoding for mark, encoding in _MARKS if part.startswith(mark)), "")
    if encoding == "utf-8":
        return part[3:]
    declared = None if encoding else _DECLARED.match(part)
    if declared:
        encoding = declared[1].decode("ascii").lower()
    if encoding in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        return part
    try:
        text = part.decode(encoding).lstrip("\ufeff")
    except (LookupError, UnicodeError) as error:
        raise guard.damaged(f"phần «{name}» bên trong tệp ghi bằng bảng mã không đọc được") from error
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")


def _unpacked(packed: Packed) -> bytes:
    """What is packed, up to one byte more than it is said to be."""
    if packed.method == 0:
        return bytes(packed.body)
    return zlib.decompressobj(-15).decompress(packed.body, packed.size + 1)


def _known(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
