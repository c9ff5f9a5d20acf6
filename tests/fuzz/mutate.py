"""How the fuzzer damages things. Everything comes from one random generator: the same seed damages in the same way."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
WORDS = (
    b"", b"NaN", b"1E400", b"-1", b"0", b"#REF!", b"=1+1", b"9,5", b"1.234", b"TRUE", b"e", b"s", b"str", b"inlineStr", b"b",
    b"A0", b"XFD1048576", b"ZZZZ1", b"A1:XFD1048576", b"4000000000", b"99999999999999999999", b"&#0;", b"&amp;", b"]]>",
    b"<!--", b"<![CDATA[", b"\xff\xfe", b"\xcc\x81", b"\x00", "Xã Ná".encode(), "Tiêu chí một".encode(), b"0.00%", b"2019",
)  # fmt: skip
LINES = (
    "", "  ", "\t- x: 1", "tiêu chí:", "  - {mã: TC1, tên: Một, điểm tối đa: 20}", "&a [*a]", "<<: *a", "!!python/object:x",
    "? x", "'", '"', "{", "[", "---", "...", "xếp loại:", "  - {mức: tốt, ít nhất: 80%}", "  - {mức: yếu, ít nhất: 0%}",
    "cảnh báo:", "  - {mã: x, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}", "danh hiệu:", "khống chế:", "số liệu:",
    "ví dụ:", "x" * 3000, "\u00a0a: 1", "a: \x07", "- " * 60,
)  # fmt: skip


def damaged(data: bytes, random: Random) -> bytes:
    """A file with one to several faults: in the bytes, or, of a zipped one, in a part that is packed again."""
    if data.startswith(b"PK") and random.random() < 0.85:
        return _repacked(data, random)
    return _bytes(data, random)


def damaged_text(text: str, others: list[str], random: Random) -> str:
    """A YAML text with a few lines taken away, doubled, moved, indented or put in from elsewhere."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 2, 3))):
        place = random.randrange(len(lines))
        kind = random.randrange(7)
        if kind == 0 and len(lines) > 1:
            del lines[place]
        elif kind == 1:
            lines.insert(place, lines[random.randrange(len(lines))])
        elif kind == 2:
            lines.insert(place, random.choice(LINES))
        elif kind == 3:
            lines[place] = " " * random.randint(0, 6) + lines[place].lstrip()
        elif kind == 4:
            other = random.choice(others).split("\n")
            start = random.randrange(len(other))
            lines[place:place] = other[start : start + random.randint(1, 6)]
        else:
            words = re.split(r"(\W+)", lines[place])
            words[random.randrange(len(words))] = random.choice(
                ["", "0", "-1", "101%", "9,5", "1.234", "TC1", "có", "khá", "x"]
            )
            lines[place] = "".join(words)
    return "\n".join(lines)


def _repacked(data: bytes, random: Random) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        names = [name for name in source.namelist() if name.endswith((".xml", ".rels")) and "thumb" not in name.lower()]
        heavy = [
            name for name in names if "sheet" in name or name == "content.xml" or "workbook" in name or "shared" in name
        ]
        chosen = {random.choice(heavy or names) if random.random() < 0.8 else random.choice(names)}
        for name in source.namelist():
            part = source.read(name)
            if name in chosen:
                part = (_xml if random.random() < 0.8 else _bytes)(part, random)
            if not (name in chosen and random.random() < 0.02):
                archive.writestr(name, part)
    return target.getvalue()


def _xml(part: bytes, random: Random) -> bytes:
    """An attribute, a text or a whole element changed, doubled or taken away: XML that is mostly still XML."""
    for _ in range(random.randint(1, 3)):
        pattern = random.choice((rb'="[^"]*"', rb">[^<]+<", rb"<[^>]+/>", rb"<(\w+)[^>]*>[^<]*</\1>", rb"<[^>]+>"))
        found = list(re.finditer(pattern, part))
        if not found:
            continue
        one = random.choice(found)
        start, end = one.span()
        if pattern == rb'="[^"]*"':
            new = b'="' + random.choice(WORDS) + b'"'
        elif pattern == rb">[^<]+<":
            new = b">" + random.choice(WORDS) + b"<"
        else:
            new = random.choice((b"", one[0] * 2, random.choice(found)[0], one[0] * random.choice((3, 200))))
        part = part[:start] + new + part[end:]
    return part


def _bytes(data: bytes, random: Random) -> bytes:
    """Bytes flipped, cut, doubled, or set to numbers that counts and lengths do not expect."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4, 12))):
        place, kind = random.randrange(max(len(changed), 1)), random.randrange(6)
        if kind == 0 and changed:
            changed[place] ^= 1 << random.randrange(8)
        elif kind == 1 and changed:
            changed[place] = random.randrange(256)
        elif kind == 2:
            size = random.choice((1, 2, 4))
            changed[place : place + size] = (random.choice(NUMBERS) & (1 << 8 * size) - 1).to_bytes(size, "little")
        elif kind == 3:
            del changed[place : place + random.choice((1, 2, 8, 128, 512))]
        elif kind == 4:
            other = random.randrange(max(len(changed), 1))
            changed[place:place] = changed[other : other + random.choice((1, 4, 32, 512))]
        elif random.random() < 0.2:
            del changed[place:]
    return bytes(changed)
