"""What a file is, by its content, never by its name; and what its sheets are that are no worksheets."""

from __future__ import annotations

import re
from collections import namedtuple

from xeploai.read import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xeploai.read.frames import Frame

Kind = namedtuple("Kind", "words suffixes")  # typing.NamedTuple would cost the process half its start

SPREADSHEETS = {
    "xlsx": Kind("bảng tính Excel (.xlsx)", (".xlsx", ".xltx")),
    "xlsm": Kind("bảng tính Excel có macro (.xlsm)", (".xlsm", ".xltm")),
    "xlsb": Kind("bảng tính Excel nhị phân (.xlsb)", (".xlsb",)),
    "xls": Kind("bảng tính Excel 97–2003 (.xls)", (".xls", ".xlt", ".et")),
    "ods": Kind("bảng tính OpenDocument (.ods)", (".ods", ".ots")),
    "csv": Kind("bảng dạng văn bản (.csv, .tsv, .txt)", (".csv", ".tsv", ".txt")),
}
"""What may carry a score sheet, and the names it goes by. The worker knows which of them it can read."""

OTHER_SHEETS = {
    "chartsheet": "trang biểu đồ",
    "dialogsheet": "trang hộp thoại",
    "xlMacrosheet": "trang macro",
    "xlIntlMacrosheet": "trang macro",
    "module": "mã Visual Basic",
}
"""Sheets of a workbook that hold no table, by the names that Office Open XML has for them."""

_TEXT_NAMES = SPREADSHEETS["csv"].suffixes
_MAGIC = (
    (b"%PDF", "tệp PDF"),
    (b"{\\rtf", "văn bản RTF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén GZIP"),
    (b"\x09\x00\x04\x00", "bảng tính Excel 2.x, quá cũ"),
    (b"\x09\x02\x06\x00", "bảng tính Excel 3.0, quá cũ"),
    (b"\x09\x04\x06\x00", "bảng tính Excel 4.0, quá cũ"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEADER = 512
_NO_SECTOR = 0xFFFFFFFA  # numbers from here on mean something else
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "văn bản Word (.doc)"),
    ("PowerPoint Document", "bài trình chiếu PowerPoint (.ppt)"),
)
_ZIP_PARTS = (
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "văn bản Word (.docx)"),
    ("ppt/presentation.xml", "bài trình chiếu PowerPoint (.pptx)"),
    ("xl/workbook.xml", "xlsx"),
)
_MIME_TYPES = (
    ("opendocument.spreadsheet", "ods"),
    ("opendocument.text", "văn bản OpenDocument (.odt)"),
    ("opendocument", "tệp OpenDocument không phải bảng tính"),
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|meta|table|body|style|script)\b", re.IGNORECASE)


def other_sheets(passed_over: Iterable[tuple[str, str]]) -> Iterator[Frame]:
    """The note on the sheets (name, kind) that are not read, where there are any."""
    words = [f"«{name}» ({OTHER_SHEETS.get(kind, 'loại lạ')})" for name, kind in passed_over]
    if words:
        yield ("note", "DL86", {"sheets": ", ".join(words)})


def kind(data: bytes, name: str) -> str:
    """The kind of spreadsheet that this is: a word of SPREADSHEETS. Raises Refused for anything else."""
    if name.startswith("~$") and len(data) < 1024:
        raise _foreign("tệp khoá tạm của Excel, sinh ra khi bảng tính đang mở")
    if not data:
        raise _foreign("tệp rỗng (0 byte)")
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        found = _zipped(data)
    elif data.startswith(_OLE):
        found = _compound(data)
    else:
        found = next((words for magic, words in _MAGIC if data.startswith(magic)), "") or _text(data, name)
    if found == "encrypted":
        raise guard.Refused("DL04")
    if found not in SPREADSHEETS:
        raise _foreign(found)
    return found


def misnamed(kind: str, name: str) -> bool:
    """Whether this name promises something else than this kind."""
    return not name.lower().endswith(SPREADSHEETS[kind].suffixes)


def _foreign(kind: str) -> guard.Refused:
    return guard.Refused("DL02", kind=kind)


def _zipped(data: bytes) -> str:
    from xeploai.read.parts import Parts

    parts = Parts(data)
    if "mimetype" in parts:
        mime = parts.raw("mimetype")[:200].decode("ascii", "replace")
        if any(word in mime for word, _ in _MIME_TYPES):
            if b"manifest:encryption-data" in (
                parts.raw("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts else b""
            ):
                return "encrypted"
            return next(found for word, found in _MIME_TYPES if word in mime)
    found = next((found for name, found in _ZIP_PARTS if name in parts), "")
    if found in ("", "xlsx") and "[content_types].xml" in parts:
        types = parts.raw("[Content_Types].xml")
        if b"sheet.macroEnabled.main" in types or b"template.macroEnabled.main" in types:
            return "xlsm"
        if b"spreadsheetml.sheet.main" in types or b"spreadsheetml.template.main" in types:
            return "xlsx"
    return found or "tệp nén ZIP"


def _compound(data: bytes) -> str:
    """By the names in the directory of a compound file: entries of 128 bytes, each beginning with its name."""
    for stream, found in _OLE_STREAMS:
        wanted = stream.encode("utf-16-le") + b"\0\0"
        at = data.find(wanted, 512)
        while at >= 0:
            if at % 128 == 0:
                return found
            at = data.find(wanted, at + 1)
    if _cut_short(data):
        raise guard.damaged("tệp bị cắt ngang hoặc hỏng, thiếu danh mục bên trong")
    return "tệp của một chương trình khác (loại OLE), không có bảng tính bên trong"


def _cut_short(data: bytes) -> bool:
    """Whether a compound file ends before its directory does, or before a table of sectors that the header names."""
    if len(data) < _OLE_HEADER:
        return True
    shift, *sectors = (
        int.from_bytes(data[at : at + size], "little")
        for at, size in ((30, 2), (48, 4), *((n, 4) for n in range(76, 512, 4)))
    )
    known = shift in (9, 12)  # of any other header nothing can be told
    return known and any((sector + 2) << shift > len(data) for sector in sectors if sector < _NO_SECTOR)


def _text(data: bytes, name: str) -> str:
    head = data[:8192]
    text = _decoded(head)
    if text is None:
        return "loại tệp không nhận ra được"
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<?xml") or start.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in text or 'progid="Excel.Sheet"' in text:
            return "bảng tính XML 2003"
        if "opendocument" in text and "office:document" in text:
            return "bảng tính OpenDocument dạng XML (.fods)"
        if _HTML.search(text):
            return "trang web (HTML)"
        if start.startswith("<?xml"):
            return "tệp XML"
    if start[:200].lower().startswith(("mime-version:", "from: <saved by")):
        return "trang web lưu một tệp (.mht)"
    if name.lower().endswith(_TEXT_NAMES):
        return "csv"
    separators = max(("\t", ";", ","), key=text.count)
    return "văn bản thuần (CSV)" if text.count(separators) >= 2 else "văn bản thuần"


def _decoded(head: bytes) -> str | None:
    """The beginning as text, or None where it is none."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(encoding, "replace")
    if b"\0" in head:
        return None
    odd = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a" for byte in head)
    return head.decode("utf-8", "replace") if odd <= len(head) // 200 else None
