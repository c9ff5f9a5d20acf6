"""What stands in .xls: each kind of value in BIFF8 and BIFF5, records and files that no office program has written.

The files are made record by record here. Tokens of formulas, flags and stand-ins are those that LibreOffice and xlwt write.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from read.handmade import cell, only_grid, read_here, row
from xeploai.findings import Finding
from xeploai.model import CellError, Grid, Uncomputed
from xeploai.read import biff, guard, tokens, xls
from xeploai.steps.validate import serial

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
BIFF8, BIFF5 = 0x0600, 0x0500

# ------------------------------------------------------------------------------------------ record by record


def record(code: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def number(r: int, c: int, value: float, xf: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", r, c, xf, value))


def text(r: int, c: int, value: str, xf: int = 0) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", r, c, xf, len(value), 1) + value.encode("utf-16-le"))


def shared(r: int, c: int, place: int, xf: int = 0) -> bytes:
    return record(0x00FD, struct.pack("<HHHI", r, c, xf, place))


def truth(r: int, c: int, value: int, is_error: int = 0) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", r, c, 0, value, is_error))


def formula(r: int, c: int, result: bytes | float, tokens: bytes = b"", flags: int = 0, xf: int = 0) -> bytes:
    stored = struct.pack("<d", result) if isinstance(result, float) else result
    return record(0x0006, struct.pack("<HHH8sHIH", r, c, xf, stored, flags, 0, len(tokens)) + tokens)


def stored(kind: int, value: int = 0) -> bytes:
    """A result that is no number: 0 text, which follows, 1 truth, 2 error, 3 empty text."""
    return bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF])


def string(value: str) -> bytes:
    return record(0x0207, struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))


def strings(*values: str) -> bytes:
    table = b"".join(struct.pack("<HB", len(value), 1) + value.encode("utf-16-le") for value in values)
    return record(0x00FC, struct.pack("<II", len(values), len(values)) + table)


def named(value: str, version: int, wide: str = "B") -> bytes:
    if version == BIFF5:
        return struct.pack("<B", len(value)) + value.encode("cp1258")
    return struct.pack(f"<{wide}B", len(value), 1) + value.encode("utf-16-le")


def begin(kind: int, version: int) -> bytes:
    return record(0x0809, struct.pack("<HHHH", version, kind, 0x0DBB, 0x07CC) + bytes(8 if version == BIFF8 else 0))


def stream(
    *sheets: bytes,
    version: int = BIFF8,
    before: bytes = b"",
    date1904: bool = False,
    formats: Sequence[str] = (),
    fonts: Sequence[str] = (),
    names: Sequence[str] = (),
    states: Sequence[int] = (),
    kinds: Sequence[int] = (),
    offsets: Sequence[int] = (),
    codepage: int | None = None,
) -> bytes:
    """A workbook stream. Format 0 is general, 1, 2 … are `formats`, and after them one for each of `fonts`."""
    head = begin(5, version) + before
    if codepage != 0:
        head += record(0x0042, struct.pack("<H", codepage or (1200 if version == BIFF8 else 1258)))
    head += record(0x0022, struct.pack("<H", date1904))
    for name in ["Arial"] * 4 + list(fonts):
        head += record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + named(name, version))
    for place, form in enumerate(formats, 164):
        head += record(0x041E, struct.pack("<H", place) + named(form, version, "H"))
    xfs = [(0, 0), *((0, 164 + n) for n in range(len(formats))), *((5 + n, 0) for n in range(len(fonts)))]
    for font, form in xfs:
        head += record(0x00E0, struct.pack("<HH", font, form) + bytes(16 if version == BIFF8 else 12))
    bodies = [
        begin(0x0020 if kind == 2 else 0x0010, version) + sheet + record(0x000A)
        for sheet, kind in zip(sheets, [*kinds, *[0] * len(sheets)], strict=False)
    ]
    listed = [
        named(name, version) for name in [*names, *(f"Trang {n}" for n in range(len(names) + 1, len(sheets) + 1))]
    ]
    at = len(head) + sum(10 + len(name) for name in listed) + 4
    for place, (name, body) in enumerate(zip(listed, bodies, strict=True)):
        offset = offsets[place] if place < len(offsets) else at
        state, kind = ([*given, *[0] * len(sheets)][place] for given in (states, kinds))
        head += record(0x0085, struct.pack("<IBB", offset, state, kind) + name)
        at += len(body)
    return b"".join([head, record(0x000A), *bodies])


def entry(name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIII", wide, len(wide), kind, 1, FREE, right, child, start, size, 0)


def compound(content: bytes, shift: int = 9, name: str = "Workbook", more: bytes = b"") -> bytes:
    """A compound file: sector 0 is its table, 1 its directory, from 2 on the stream; large enough to need no mini stream."""
    size = 1 << shift
    content = content.ljust(4096, b"\0")
    count = -(-len(content) // size)
    assert count + 2 <= size // 4, "one sector of the table must do"
    table = [TABLE, END, *range(3, count + 2), END]
    table += [FREE] * (size // 4 - len(table))
    directory = entry("Root Entry", 5, END, 0, child=1) + entry(name, 2, 2, len(content)) + more
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, shift, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    sectors = [head, struct.pack(f"<{size // 4}I", *table), directory.ljust(size, b"\0"), content]
    return b"".join(sector.ljust(-(-len(sector) // size) * size, b"\0") for sector in sectors)


def small(content: bytes) -> bytes:
    """A compound file whose stream is under 4096 bytes and lies in the mini stream, in every other mini sector."""
    count = -(-len(content) // 64)
    assert count <= 60
    holder = b"".join(content[n * 64 : n * 64 + 64].ljust(128, b"\xee") for n in range(count))
    sectors = -(-len(holder) // 512)
    table = [TABLE, END, END, *range(4, sectors + 3), END]
    mini = [FREE] * 128
    for n in range(count):
        mini[2 * n] = 2 * n + 2 if n < count - 1 else END
    directory = entry("Root Entry", 5, 3, len(holder), child=1) + entry("Workbook", 2, 0, len(content))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    table += [FREE] * (128 - len(table))
    parts = [head, struct.pack("<128I", *table), directory, struct.pack("<128I", *mini), holder]
    return b"".join(part.ljust(-(-len(part) // 512) * 512, b"\0") for part in parts)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "bang.xls"
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def old(written) -> Callable[..., Grid]:
    """old(*sheets, …) is the first grid of such a workbook."""
    return lambda *sheets, **more: only_grid(written(compound(stream(*sheets, **more))))


@pytest.fixture
def refused(written) -> Callable[[bytes], Finding]:
    def refuse(content: bytes) -> Finding:
        source, findings = read_here(written(content))
        assert source is None
        assert len(findings) == 1
        return findings[0]

    return refuse


# ------------------------------------------------------------------------------------------- plain values


def test_a_workbook_of_empty_sheets_is_refused_as_empty(refused):
    blank = record(0x0201, struct.pack("<HHH", 3, 3, 0)) + record(0x00BE, struct.pack("<HHHHH", 4, 0, 0, 0, 1))
    assert refused(compound(stream(b"", blank))).code == "DL05"


@pytest.mark.parametrize("version", [BIFF8, BIFF5])
def test_numbers_truths_and_blanks_arrive_as_what_they_are(old, version):
    found = old(
        number(0, 0, 9.5)
        + record(0x027E, struct.pack("<HHHI", 0, 1, 0, 7 << 2 | 2))  # the integer 7
        + record(0x027E, struct.pack("<HHHI", 0, 2, 0, 875 << 2 | 3))  # 875 hundredths
        + record(0x00BD, struct.pack("<HHHIHIH", 0, 3, 0, 1 << 2 | 2, 0, (-2 << 2 | 2) & 0xFFFFFFFF, 4))
        + truth(0, 5, 1)
        + truth(0, 6, 0)
        + record(0x0201, struct.pack("<HHH", 0, 7, 0))
        + number(0, 8, 0.0),
        version=version,
    )
    assert found.rows == [[9.5, 7.0, 8.75, 1.0, -2.0, True, False, None, 0.0]]
    assert [type(value) for value in found.rows[0]] == [float] * 5 + [bool, bool, type(None), float]


def test_texts_arrive_whole_with_their_runs(old):
    rich = struct.pack("<HBH", 7, 8, 1) + b"Xa Binh" + struct.pack("<HH", 3, 0)  # one byte a letter, and a run
    table = record(
        0x00FC, struct.pack("<II", 2, 2) + rich + struct.pack("<HB", 6, 1) + "Xã Lũng".encode("utf-16-le")[:4]
    )
    table += record(0x003C, b"\x01" + "Lũng".encode("utf-16-le"))  # broken off in the middle of a text
    label = record(0x00D6, struct.pack("<HHHHB", 1, 0, 0, 2, 0) + b"ab" + struct.pack("<HHH", 1, 0, 0))
    found = old(shared(0, 0, 0) + shared(0, 1, 1) + text(0, 2, "Mường Lạn") + label, before=table)
    assert found.rows == [["Xa Binh", "XãLũng", "Mường Lạn"], ["ab"]]


def test_a_text_that_looks_like_a_number_stays_a_text_and_an_empty_one_is_a_blank(old):
    assert old(text(0, 0, "9,5") + text(0, 1, "") + text(0, 2, "1.234")).rows == [["9,5", None, "1.234"]]


def test_texts_of_codepage_1258_arrive_with_their_combining_marks(old):
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 5) + b"ngh\xcco")
    assert old(label, version=BIFF5).rows == [["ngh\u0300o"]]


def test_a_workbook_of_no_codepage_is_read_without_a_word(old, written):
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 2) + b"X\xc3")
    assert old(label, version=BIFF5, codepage=0).rows == [["XÃ"]]
    path = written(compound(stream(label, version=BIFF5, codepage=0)))
    code = f"from xeploai.read import worker; assert len(list(worker.replies({str(path).encode()!r}))) == 3"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # xlrd tells its stdout
    assert told.stdout == b""


def test_addresses_are_excels_own_when_data_start_at_b3(old):
    found = old(number(4, 2, 3.0) + number(2, 1, 1.0) + number(2, 3, 2.0))
    assert (found.top, found.left, found.height, found.width) == (2, 1, 5, 4)
    assert found.cell(4, 2).address == "C5"
    assert [found.value(2, 1), found.value(2, 3), found.value(4, 2), found.value(3, 1)] == [1.0, 2.0, 3.0, None]


def test_one_cell_in_the_last_corner_is_read_where_it_stands(old):
    found = old(number(65535, 255, 1.0))
    assert (found.top, found.left, found.rows) == (65535, 255, [[1.0]])


def test_a_cell_beyond_the_last_column_is_damage(refused):
    assert refused(compound(stream(number(0, 256, 1.0)))).code == "DL03"


def test_a_sheet_of_more_rows_than_a_frame_holds_arrives_whole(old):
    cells = [number(n, 0, float(n), 1) for n in range(2040, 2060)]
    found = old(number(0, 1, 5.0) + b"".join(cells), formats=["dd/mm/yyyy"])
    assert len(found.rows) == 2060
    assert [serial(line[0]) for line in found.rows[2040:]] == list(range(2040, 2060))


# ---------------------------------------------------------------------------------------------- errors

CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@pytest.mark.parametrize(("code", "shown"), CODES.items())
def test_an_error_cell_keeps_its_code_typed_or_computed(old, code, shown):
    found = old(number(0, 0, 1.0) + truth(0, 1, code, 1) + formula(0, 2, stored(2, code)))
    assert found.rows == [[1.0, CellError(shown), CellError(shown)]]


REF = stored(2, 0x17)
HERE = record(0x01AE, struct.pack("<H", 2) + b"\x01\x04")  # the sheets of this very file
THERE = record(0x01AE, struct.pack("<HHB", 1, 6, 0) + b"\x01b.xls" + struct.pack("<HB", 1, 0) + b"T")


def externsheet(*entries: tuple[int, int, int]) -> bytes:
    return record(0x0017, struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHH", *each) for each in entries))


def a_name(value: str) -> bytes:
    return record(0x0018, struct.pack("<HBBHHH4BB", 0, 0, len(value), 0, 0, 0, 0, 0, 0, 0, 0) + value.encode("latin-1"))


BEFORE = (
    HERE + THERE + externsheet((0, 1, 1), (0, 0xFFFF, 0xFFFF), (1, 0, 0), (0, 0, 1)) + a_name("Muc") + a_name("San")
)


@pytest.mark.parametrize(
    ("behind", "shown"),
    [
        ("44 0000 00C0 44 0000 01C0 06", "=A1/B1"),
        ("25 0000 0000 00C0 01C0 19 10 0000", "=SUM(A1:B1)"),
        ("1C 17", ""),  # =#REF!, as LibreOffice saves one that was typed
        ("1C 2A 1E 0100 03", "=#N/A+1"),
        ("2A 0000 0000 1E 0100 03", "=#REF!+1"),  # of a cell that was deleted
        ("2B 0000 0000 0000 0000 19 10 0000", "=SUM(#REF!)"),
        ("3C 0000 0000 0000 1E 0100 03", "=#REF!+1"),
        ("3D 0000 0000 0000 0000 0000 19 10 0000", "=SUM(#REF!)"),
        ("5A 0000 0100 00C0 1E 0100 03", "='Trang 2'!A2+1"),
        ("5A 0000 0100 0000", "='Trang 2'!$A$2"),
        ("3B 0000 0100 0800 01C0 02C0 19 10 0000", "=SUM('Trang 2'!B2:C9)"),
        ("3B 0000 0100 0800 0100 0200 19 10 0000", "=SUM('Trang 2'!$B$2:$C$9)"),
        ("3B 0000 0000 FFFF 0140 0240 19 10 0000", "=SUM('Trang 2'!B:C)"),
        ("5A 0100 0100 00C0", "=#REF!A2"),  # of a sheet that was deleted
        ("5A 0200 0100 00C0 1E 0200 05", "=[tệp khác]!A2*2"),
        ("3B 0200 0100 0800 01C0 02C0 19 10 0000", "=SUM([tệp khác]!B2:C9)"),
        ("3B 0300 0100 0800 01C0 02C0 19 10 0000", "=SUM('Trang 1:Trang 2'!B2:C9)"),
        ("43 0200 0000 1E 0200 05", "=San*2"),
        ("44 0000 00C0 44 0100 00C0 1E 6400 05 15 06", "=A1/(A2*100)"),  # parentheses stand among the tokens
        (
            "44 0000 00C0 17 04 00 23 4E 2F 41 0B 19 02 0700 1E 0100 19 08 0F00 1E 0000 19 08 0300 42 03 0100",
            '=IF(A1="#N/A",1,0)',
        ),
        ("26 00000000 1300 25 0000 0100 00C0 00C0 44 0200 00C0 10 15 19 10 0000", "=SUM((A1:A2,A3))"),  # tMemArea
        ("44 0000 00C0 2A 0000 0000 11 1E 0100 03", "=A1:#REF!+1"),
        ("1E 0100 1F 000000000000F83F 03 14 13 12", "=+-1+1.5%"),
        ("1F EDBC047E3AC51A44", "=1.23456789012346E+20"),
        ("17 02 00 22 41", '="""A"'),
        ("1D 01 16 42 02 0100", "=IF(TRUE,)"),
        ("42 09 0100", ""),  # more arguments than there are
        ("44 0000 00C0 44 0000 00C0", ""),  # two results
        ("20 00000000000000", ""),  # an array in braces: its values stand elsewhere
        ("41 F0FF", ""),  # no such function
        ("25 0000 FFFF 00C0 02C0 19 10 0000", "=SUM(A:C)"),
        ("25 0000 0200 0040 FF40 19 10 0000", "=SUM($1:$3)"),
        ("43 0900 0000", ""),  # a name that is not there
        ("5A 0900 0100 00C0", ""),  # a sheet that is not there
        ("", ""),
        ("44 00", ""),
        ("03", ""),
        ("FF", ""),
    ],
)
def test_the_formula_behind_an_error_is_told_as_it_is_typed(old, behind, shown):
    found = old(formula(0, 2, REF, bytes.fromhex(behind)) + number(0, 3, 1.0), number(0, 0, 1.0), before=BEFORE)
    assert found.rows == [[CellError("#REF!", shown), 1.0]]


def test_a_formula_names_the_sheets_of_the_file_also_where_a_chart_stands_before_them(written):
    sheet = formula(0, 2, REF, bytes.fromhex("5A 0000 0100 00C0"))
    content = stream(b"", sheet, number(0, 0, 1.0), kinds=(2, 0, 0), before=HERE + externsheet((0, 2, 2)))
    source, findings = read_here(written(compound(content)))
    assert [finding.code for finding in findings] == ["DL86"]
    assert source.grids[0].rows == [[CellError("#REF!", "='Trang 3'!A2")]]


def test_names_that_cannot_be_read_cost_the_formula_and_nothing_else(old):
    broken = HERE + record(0x0017, b"\xff\xff")
    tokens = [bytes.fromhex("5A 0000 0100 00C0"), bytes.fromhex("44 0000 00C0 44 0000 01C0 06")]
    found = old(b"".join(formula(0, c, REF, each) for c, each in enumerate(tokens)), before=broken)
    assert found.rows == [[CellError("#REF!"), CellError("#REF!", "=A1/B1")]]


def test_what_a_defined_name_stands_for_is_never_worked_out(old):
    hostile = record(0x0018, struct.pack("<HBBHHH4BB", 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0) + b"Muc" + b"\x7f\x7f\x7f\x7f")
    found = old(formula(0, 0, REF, bytes.fromhex("43 0100 0000")), before=HERE + hostile)
    assert found.rows == [[CellError("#REF!", "=Muc")]]


def test_names_that_cannot_be_read_are_tried_once(old, monkeypatch):
    tried = []
    monkeypatch.setattr(
        tokens.xlrd, "open_workbook", lambda open_=tokens.xlrd.open_workbook, **more: tried.append(1) or open_(**more)
    )
    broken = HERE + record(0x0017, b"\xff\xff")
    old(b"".join(formula(r, 0, REF, bytes.fromhex("5A 0000 0100 00C0")) for r in range(9)), before=broken)
    assert len(tried) == 2  # the values; the names


def test_a_shared_formula_is_told_as_it_reads_in_the_cell_itself(old):
    body = bytes.fromhex("4C 0000 FEC0 4C 0000 FFC0 06")  # two columns to the left, divided by one to the left
    points_to = b"\x01" + struct.pack("<HH", 0, 2)
    record_of_many = record(0x04BC, struct.pack("<HHBBBBH", 0, 2, 2, 2, 0, 3, len(body)) + body)
    found = old(
        formula(0, 2, REF, points_to, 8) + record_of_many + formula(1, 2, 5.0, points_to, 8) + formula(2, 2, REF, points_to, 8)
        + formula(3, 2, REF, b"\x01" + struct.pack("<HH", 9, 9), 8)
    )  # fmt: skip
    assert [value for (value,) in found.rows] == [
        CellError("#REF!", "=A1/B1"), 5.0, CellError("#REF!", "=A3/B3"), CellError("#REF!"),
    ]  # fmt: skip


def test_every_error_of_an_array_has_the_arrays_formula(old):
    body = bytes.fromhex("65 0000 0100 00C0 00C0 1E 0000 06")
    points_to = b"\x01" + struct.pack("<HH", 0, 2)
    array = record(0x0221, struct.pack("<HHBBHIH", 0, 1, 2, 2, 0, 0, len(body)) + body)
    found = old(formula(0, 2, REF, points_to) + array + formula(1, 2, REF, points_to))
    assert found.rows == [[CellError("#REF!", "=A1:A2/0")], [CellError("#REF!", "=A1:A2/0")]]


def test_of_errors_without_number_the_first_ones_have_their_formula(old, monkeypatch):
    monkeypatch.setattr(biff, "ERRORS", 3)
    found = old(b"".join(formula(r, 0, REF, A1_PLUS_B1) for r in range(5)))
    assert [bool(value.formula) for (value,) in found.rows] == [True] * 3 + [False] * 2


def test_a_formula_of_thousands_of_signs_costs_nothing(old):
    long = bytes.fromhex("44 0000 00C0") + b"\x14" * 8_000
    assert old(formula(0, 0, REF, long)).rows == [[CellError("#REF!")]]


def test_of_uncomputed_formulas_without_number_the_first_ones_are_told(old, monkeypatch):
    monkeypatch.setattr(tokens, "TOLD", 3)
    found = old(b"".join(formula(r, 0, stored(3), SUM_A1_B1) for r in range(5)))
    assert [value.formula for (value,) in found.rows] == ["=SUM(A1:B1)"] * 3 + [""] * 2


def test_of_excel_5_an_error_is_told_without_its_formula(old):
    assert old(formula(0, 0, REF, A1_PLUS_B1), version=BIFF5).rows == [[CellError("#REF!")]]


def test_an_error_of_no_known_code_is_still_an_error(old):
    assert isinstance(old(truth(0, 0, 0x99, 1)).rows[0][0], CellError)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_an_error_and_no_number(old, value):
    assert old(number(0, 0, value) + number(0, 1, 2.0)).rows == [[CellError("#NUM!"), 2.0]]


# -------------------------------------------------------------------------------------------- formulas

A1_PLUS_B1 = bytes.fromhex("44 0000 00C0 44 0000 01C0 03")
SUM_A1_B1 = bytes.fromhex("25 0000 0000 00C0 01C0 19 10 0000")
IF_A1 = bytes.fromhex("44 0000 00C0 17 00 00 0B 19 02 0700 17 00 00 19 08 0F00 44 0000 01C0 19 08 0300 42 03 0100")
"""=IF(A1="","",B1)"""


def test_results_are_what_they_are_whatever_the_kind_of_formula(old):
    found = old(
        formula(0, 0, 3.5, A1_PLUS_B1)
        + formula(0, 1, stored(0), IF_A1) + string("Đạt")
        + formula(0, 2, stored(1, 1)) + formula(0, 3, stored(3), IF_A1) + formula(0, 4, 0.0, A1_PLUS_B1)
        + formula(0, 5, stored(0)) + record(0x04BC, bytes(12)) + string("chung")  # a shared formula
        + formula(0, 6, stored(0)) + record(0x0221, bytes(14)) + string("mảng")  # an array
    )  # fmt: skip
    assert found.rows == [[3.5, "Đạt", True, None, 0.0, "chung", "mảng"]]


def test_a_long_text_result_goes_on_in_the_next_record(old):
    long = "ẩ" * 5000
    head = record(0x0207, struct.pack("<HB", 5000, 1) + long[:4000].encode("utf-16-le"))
    tail = record(0x003C, b"\x01" + long[4000:].encode("utf-16-le"))
    assert old(formula(0, 0, stored(0)) + head + tail + number(0, 1, 1.0)).rows == [[long, 1.0]]


def test_an_empty_text_of_a_formula_that_may_give_one_is_a_blank(old):
    plus = bytes.fromhex("44 0000 00C0 12")  # =+A1 leaves a text as it is
    join = bytes.fromhex("44 0000 00C0 44 0000 01C0 08")  # =A1&B1
    reference = bytes.fromhex("44 0000 00C0 15")  # =(A1)
    found = old(
        b"".join(formula(0, c, stored(3), tokens) for c, tokens in enumerate((plus, join, reference, IF_A1)))
        + number(0, 4, 1.0)
    )
    assert found.rows == [[None, None, None, None, 1.0]]


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        (A1_PLUS_B1, "=A1+B1"),
        (A1_PLUS_B1 + b"\x15", "=(A1+B1)"),
        (SUM_A1_B1, "=SUM(A1:B1)"),
        (bytes.fromhex("44 0000 00C0 1E 0200 06"), "=A1/2"),
        (bytes.fromhex("44 0000 00C0 1E 0000 0D"), "=A1>0"),
        (bytes.fromhex("25 0000 0000 00C0 01C0 42 01 0500"), "=AVERAGE(A1:B1)"),
        (bytes.fromhex("5A 0000 0000 00C0 1E 0100 03"), ""),  # =Trang2!A1+1: the name stands elsewhere
    ],
)
def test_an_empty_text_where_a_number_must_be_is_no_result(old, tokens, shown):
    found = old(number(0, 0, 1.0) + formula(0, 1, stored(3), tokens))
    assert found.rows == [[1.0, Uncomputed(shown)]]


def test_who_leaves_one_formula_uncomputed_leaves_them_all(written):
    source, _ = read_here(
        written(
            compound(stream(formula(0, 0, stored(3), IF_A1) + number(0, 1, 1.0), formula(1, 0, stored(3), SUM_A1_B1)))
        )
    )
    assert [grid.rows[0][0] for grid in source.grids] == [Uncomputed('=IF(A1="","",B1)'), Uncomputed("=SUM(A1:B1)")]


@pytest.mark.parametrize("flags", [0, 1, 8, 9])
def test_a_zero_that_is_computed_whenever_the_sheet_changes_is_a_zero(old, flags):
    assert old(formula(0, 0, 0.0, A1_PLUS_B1, flags)).rows == [[0.0]]


@pytest.mark.parametrize("flags", [2, 3])
def test_a_zero_that_waits_to_be_computed_on_loading_is_no_result(old, flags):
    found = old(formula(0, 0, 0.0, A1_PLUS_B1, flags) + number(0, 1, 1.0))
    assert found.rows == [[Uncomputed("=A1+B1"), 1.0]]


def test_a_formula_of_excel_5_is_not_told_by_the_tokens_of_excel_97(old):
    found = old(formula(0, 0, 0.0, bytes.fromhex("1E 0100 1E 0200 03"), 3), version=BIFF5)
    assert found.rows == [[Uncomputed("")]]


def test_an_empty_text_of_excel_5_is_a_blank(old):
    found = old(formula(0, 0, stored(3), SUM_A1_B1) + number(0, 1, 1.0), version=BIFF5)
    assert found.rows == [[None, 1.0]]


def test_zeros_of_who_computes_and_still_wants_it_done_again_are_zeros(old):
    found = old(formula(0, 0, 0.0, A1_PLUS_B1, 2) + formula(0, 1, 7.5, SUM_A1_B1, 2))
    assert found.rows == [[0.0, 7.5]]


# ----------------------------------------------------------------------------------------------- dates


def test_dates_and_times_arrive_typed(old):
    found = old(
        number(0, 0, 43000.0, 1) + number(0, 1, 80.5, 1) + number(0, 2, 0.5, 1) + number(0, 3, 1.5, 2)
        + number(0, 4, 60.0, 1) + number(0, 5, -1.0, 1) + number(0, 6, 59.0, 1) + number(0, 7, 61.0, 1)
        + number(0, 8, 2958466.0, 1) + number(0, 9, 1e12, 2) + number(0, 10, 43000.0) + formula(0, 11, 43000.0, xf=1),
        formats=["dd/mm/yyyy", "[h]:mm"],
    )  # fmt: skip
    assert found.rows == [
        [
            date(2017, 9, 22), datetime(1900, 3, 20, 12), time(12), timedelta(days=1.5),
            timedelta(days=60), timedelta(days=-1), date(1900, 2, 28), date(1900, 3, 1),
            2958466.0, 1e12, 43000.0, date(2017, 9, 22),
        ]
    ]  # fmt: skip
    assert type(found.rows[0][0]) is date


def test_the_1904_epoch_is_heeded(old):
    found = old(number(0, 0, 43000.0, 1) + number(0, 1, 8.5, 1), formats=["d/m/yy"], date1904=True)
    assert found.rows == [[date(2021, 9, 23), timedelta(days=8.5)]]


SERIALS = (
    -1000, -1, -0.5, 0, 0.0001, 0.25, 0.5, 0.999999999, 1, 1.5, 8.5, 59, 59.5, 60, 60.25, 61, 80.5, 1460, 1461, 1462,
    43000, 43000.123456789, 43000.9999999999, 2958465, 2958465.5, 2958466, 1e12,
)  # fmt: skip


@pytest.mark.parametrize("epoch", [0, 1])
@pytest.mark.parametrize(("xf", "form"), [(1, "m/d/yyyy"), (2, "[h]:mm")])
def test_a_date_is_what_it_would_be_in_xlsx(old, grid, epoch, xf, form):
    cells = b"".join(number(n, 0, float(value), 1) for n, value in enumerate(SERIALS))
    rows = "".join(row(cell(f"A{n}", f"<v>{v}</v>", f' s="{xf}"'), number=n) for n, v in enumerate(SERIALS, 1))
    new = grid(rows, settings=f'<workbookPr date1904="{epoch}"/>')
    found = old(cells, formats=[form], date1904=bool(epoch))
    for n, value in enumerate(SERIALS):
        here, there = found.value(n, 0), new.value(n, 0)
        if there == timedelta(0) or value == 0.999999999:  # some of these are rounded to the nearest millisecond
            assert abs(serial(here) - serial(there)) < Decimal("0.000001"), value
        else:
            assert (type(here), here) == (type(there), there), value


SHAPES = {
    "General": "", "0.00": "", "#,##0": "", '0.00" điểm"': "", "[Red]0.0": "", '[>=80]"Đạt"': "", "0.00E+00": "",
    "@": "", "": "", '"ngày" 0': "", "0\\d": "", "0_d": "", "*d0.0": "", "[$đ-42A] 0": "", '0;"%"': "", "0;0%": "",
    "0;d": "", "d;0": "date",
    "dd/mm/yyyy": "date", "h:mm AM/PM": "date", "AM/PM": "date", "mm:ss.0": "date", "[$-42A]d mmmm": "date", "yyyy": "date",
    '"%"d': "date", "[h]:mm:ss": "duration", "[mm]:ss": "duration", "[ss]": "duration", "[Red][hh]:mm": "duration",
    "0%": "percent", "0.00%": "percent", "0.0 %;[Red]-0.0 %": "percent", '"đạt" 0%': "percent", "0\\%": "", '0"%"': "",
}  # fmt: skip


@pytest.mark.parametrize(("form", "shape"), SHAPES.items())
def test_a_number_format_is_taken_for_what_it_shows(form, shape):
    assert xls.shape(form) == shape


def test_percents_are_known_by_their_place(old):
    found = old(
        number(2, 1, 0.5617, 1) + number(2, 2, 0.5617) + number(3, 1, 95.0, 2) + text(4, 1, "95%", 1)
        + formula(5, 1, 0.9, xf=1),
        formats=["0.00%", '0.00"%"'],
    )  # fmt: skip
    assert found.percents == {(2, 1), (5, 1)}
    assert found.value(2, 1) == 0.5617


# ---------------------------------------------------------------------------- hidden, merged, fonts, sheets


def test_rows_and_columns_that_only_have_a_height_or_width_are_not_hidden(old):
    found = old(
        record(0x007D, struct.pack("<HHHHHH", 0, 0, 1, 0, 0, 0))
        + record(0x0208, struct.pack("<HHHHHHHH", 0, 0, 1, 1, 0, 0, 0x0140, 0))
        + record(0x0208, struct.pack("<HHHHHHHH", 1, 0, 1, 0x8000, 0, 0, 0x0100, 0))
        + number(0, 0, 1.0) + number(1, 0, 1.0)
    )  # fmt: skip
    assert (found.hidden_rows, found.hidden_columns) == (frozenset(), frozenset())


def test_hidden_rows_and_columns_are_known_within_the_used_box(old):
    found = old(
        record(0x007D, struct.pack("<HHHHHH", 1, 2, 2000, 0, 1, 0))
        + record(0x007D, struct.pack("<HHHHHH", 4, 4, 0, 0, 0, 0))
        + record(0x007D, struct.pack("<HHHHHH", 6, 256, 2000, 0, 0x1001, 0))
        + record(0x0208, struct.pack("<HHHHHHHH", 1, 0, 1, 300, 0, 0, 0x0120, 0))
        + record(0x0208, struct.pack("<HHHHHHHH", 2, 0, 1, 0, 0, 0, 0x0100, 0))
        + record(0x0208, struct.pack("<HHHHHHHH", 9, 0, 1, 300, 0, 0, 0x0120, 0))
        + b"".join(number(n, 0, 1.0) for n in range(4)) + number(0, 7, 1.0)
    )  # fmt: skip
    assert found.hidden_rows == {1, 2}
    assert found.hidden_columns == {1, 2, 4, 6, 7}


def test_merged_ranges_are_known(old):
    ranges = record(0x00E5, struct.pack("<H12H", 3, 0, 1, 0, 1, 2, 2, 2, 2, 9, 9, 26, 27))
    assert old(number(0, 0, 1.0) + ranges).merged == ((0, 0, 1, 1), (9, 26, 9, 27))


def test_old_fonts_are_known_by_the_columns_whose_texts_they_set(old):
    rich = struct.pack("<HBH", 2, 8, 1) + b"ab" + struct.pack("<HH", 1, 7)
    found = old(
        text(0, 0, "X· Hßa B×nh", 1) + text(1, 0, "Xã", 0) + number(0, 1, 1.0, 1) + text(0, 2, "", 1)
        + text(0, 3, "Phöôøng", 2) + text(1, 3, "a", 1) + text(0, 4, "b", 3) + shared(0, 5, 0),
        before=record(0x00FC, struct.pack("<II", 1, 1) + rich),
        fonts=[".VnTime", "VNI-Times", "Times New Roman"],
    )  # fmt: skip
    assert found.rows[0][0] == "X· Hßa B×nh"
    assert dict(found.fonts) == {0: (".VnTime",), 3: (".VnTime", "VNI-Times")}


def test_the_old_font_of_a_piece_of_a_text_is_known(old):
    rich = struct.pack("<HBH", 2, 8, 1) + b"ab" + struct.pack("<HH", 1, 5)
    found = old(shared(0, 0, 0), before=record(0x00FC, struct.pack("<II", 1, 1) + rich), fonts=[".VnArial"])
    assert dict(found.fonts) == {0: (".VnArial",)}


def test_sheets_come_in_the_workbooks_order_with_their_names_and_states(written):
    sheets = [number(0, 0, float(n)) for n in range(4)]
    content = stream(*sheets, names=["Hai", "Điê\u0309m", "Ba", "Bốn"], states=[0, 1, 2, 0])
    source, findings = read_here(written(compound(content)))
    assert not findings
    assert [(grid.sheet, grid.visible, grid.rows) for grid in source.grids] == [
        ("Hai", True, [[0.0]]),
        ("Điểm", False, [[1.0]]),
        ("Ba", False, [[2.0]]),
        ("Bốn", True, [[3.0]]),
    ]


def test_cells_that_are_filled_twice_are_named():
    numbers = record(0x00BD, struct.pack("<HHHIHIH", 0, 3, 0, 1 << 2 | 2, 0, 2 << 2 | 2, 4))
    sheets = [
        numbers + number(0, 5, 1.0) + formula(1, 0, stored(0)) + string("a"),
        numbers + number(0, 4, 1.0) + formula(1, 0, stored(0)) + string("a") + text(1, 0, ""),
    ]
    facts = [frame[1] for frame in xls.sheets(compound(stream(*sheets))) if frame[0] == "sheet"]
    assert [sheet.get("doubled", []) for sheet in facts] == [[], [(0, 4), (1, 0)]]


@pytest.mark.parametrize("version", [BIFF5, BIFF8])
@pytest.mark.parametrize(("kind", "words"), [(1, "trang macro"), (2, "trang biểu đồ"), (6, "mã Visual Basic")])
def test_chart_macro_and_basic_sheets_are_passed_over_with_a_word(written, kind, words, version):
    content = stream(number(0, 0, 1.0), number(0, 0, 2.0), number(0, 0, 3.0), kinds=[0, kind, 0], version=version)
    source, findings = read_here(written(compound(content)))
    assert [grid.sheet for grid in source.grids] == ["Trang 1", "Trang 3"]
    assert [each.code for each in findings] == ["DL86"]
    assert findings[0].message.endswith(f"không được đọc: «Trang 2» ({words}).")


@pytest.mark.parametrize(
    ("kind", "words"), [(0x0006, "mã Visual Basic"), (0x0020, "trang biểu đồ"), (0x0040, "trang macro")]
)
def test_what_is_listed_as_a_worksheet_and_is_none_is_passed_over_with_a_word(written, kind, words):
    content = stream(number(0, 0, 1.0), number(0, 0, 2.0))
    second = content.rindex(begin(0x0010, BIFF8))
    content = content[:second] + begin(kind, BIFF8) + content[second + len(begin(kind, BIFF8)) :]
    source, findings = read_here(written(compound(content)))
    assert [grid.rows for grid in source.grids] == [[[1.0]]]
    assert [each.message.partition(": ")[2] for each in findings] == [f"«Trang 2» ({words})."]


def test_a_share_of_the_sheets_is_every_other_one():
    content = compound(stream(*(number(0, 0, float(n)) for n in range(5))))
    names = [[facts["name"] for word, facts, *_ in xls.sheets(content, n, 2) if word == "sheet"] for n in (0, 1)]
    assert names == [["Trang 1", "Trang 3", "Trang 5"], ["Trang 2", "Trang 4"]]


def test_a_chart_inside_a_sheet_costs_none_of_its_cells(old):
    chart = begin(0x0020, BIFF8) + number(7, 7, 7.0) + record(0x000A)
    assert old(number(0, 0, 1.0) + chart + number(0, 1, 2.0)).rows == [[1.0, 2.0]]


@pytest.mark.parametrize("code", [0x01B1, 0x01B8, 0x001C, 0x005D, 0x01B6, 0x00EC, 0x0092, 0x00A0, 0x00AB])
def test_a_faulty_record_that_holds_no_value_costs_nothing(old, code):
    assert old(record(code, b"\x01\x02\x03") + number(0, 0, 1.0), before=record(code, b"\x01")).rows == [[1.0]]


def test_what_continues_a_drawing_is_no_value_and_parts_no_text_from_its_formula(old):
    drawing = record(0x00EC, b"x") + record(0x003C, number(5, 5, 5.0))
    assert old(number(0, 0, 1.0) + drawing + formula(0, 1, stored(0)) + drawing + string("a")).rows == [[1.0, "a"]]


# --------------------------------------------------------------------------------------- the file around


def test_a_small_workbook_lies_in_the_mini_stream(written):
    assert only_grid(written(small(stream(number(0, 0, 1.0), names=["Nhỏ"])))).rows == [[1.0]]


def test_sectors_of_4096_bytes_are_read(written):
    assert only_grid(written(compound(stream(number(0, 0, 1.0)), shift=12))).rows == [[1.0]]


def test_a_stream_of_excel_5_is_read_under_its_own_name(written):
    content = compound(stream(number(0, 0, 1.0), version=BIFF5), name="Book")
    assert only_grid(written(content)).rows == [[1.0]]


def test_a_workbook_inside_an_embedded_object_is_not_the_workbook(refused):
    storage = entry("MBD0001", 1, 0, 0, child=2) + entry("Workbook", 2, 2, 4096)
    content = bytearray(compound(stream(number(0, 0, 1.0)), name="khác"))
    content[1024 + 128 : 1024 + 128 + 256] = storage
    assert refused(bytes(content)).code == "DL03"


def test_a_protected_sheet_is_read(old):
    protected = record(0x0012, b"\1\0") + record(0x0013, b"\x1a\xcc")  # what the password of a sheet comes to: no key
    assert old(protected + number(0, 0, 9.5), before=protected).rows == [[9.5]]


def test_a_password_is_told(refused):
    found = refused(compound(stream(number(0, 0, 1.0), before=record(0x002F, bytes(6)))))
    assert found.code == "DL04"


def spoilt(at: int, value: int, content: bytes | None = None) -> bytes:
    """A good file with this number at this place."""
    content = content or compound(stream(number(0, 0, 1.0)))
    return content[:at] + struct.pack("<I", value) + content[at + 4 :]


CHILD, RIGHT = 1024 + 76, 1024 + 128 + 72
SHEETS = (number(0, 0, 1.0), number(0, 0, 2.0))
DAMAGE = {
    "byte order": spoilt(28, 9 << 16),
    "sector size": spoilt(30, 6 << 16 | 31),
    "a chain that loops": spoilt(512 + 3 * 4, 2),
    "a chain that ends too early": spoilt(512 + 3 * 4, END),
    "a chain that leaves the file": spoilt(512 + 3 * 4, 100_000),
    "a directory that loops": spoilt(512 + 4, 1),
    "a directory that is nowhere": spoilt(48, 5000),
    "a directory entry that is its own neighbour": spoilt(RIGHT, 1),
    "a directory entry that is not there": spoilt(RIGHT, 400),
    "a table that loops": spoilt(68, 3, compound(b"\x03\0\0\0" * 1024)),
    "no stream": spoilt(CHILD, FREE),
    "a stream longer than the file": spoilt(1024 + 128 + 120, 0x7FFFFFFF),
    "cut in the middle": compound(stream(number(0, 0, 1.0)))[:2048],
    "no end of the sheet": compound(stream(number(0, 0, 1.0))[:-4] + number(0, 1, 2.0)),
    "a record longer than the stream": compound(stream(number(0, 0, 1.0) + struct.pack("<HH", 0x0203, 0xFFFF))),
    "a sheet that is none": compound(stream(number(0, 0, 1.0), offsets=[20])),
    "two sheets in one place": compound(stream(*SHEETS, offsets=[stream(*SHEETS).index(begin(0x0010, BIFF8))] * 2)),
    "a text that is not there": compound(stream(shared(0, 0, 7))),
    "a format that is not there": compound(stream(number(0, 0, 1.0, 99))),
    "a text result that does not follow": compound(stream(formula(0, 0, stored(0)) + number(0, 1, 1.0))),
    "half a surrogate": compound(stream(record(0x0204, struct.pack("<HHHHBH", 0, 0, 0, 1, 1, 0xD800)))),
    "Excel 2": compound(begin(5, 0x0200)),
    "nothing": compound(b""),
}


@pytest.mark.parametrize("content", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_told_and_is_no_fault_of_ours(refused, content):
    assert refused(content).code == "DL03"


def test_sheets_that_lie_in_each_other_are_damage(refused):
    """A thousand of them would take a thousand times the time."""
    nested = begin(0x0010, BIFF8) * 60 + number(0, 0, 1.0) + record(0x000A) * 60
    sheets = [nested, *[b""] * 30]
    first = stream(*sheets).index(begin(0x0010, BIFF8) * 2)
    size = len(begin(0x0010, BIFF8))
    content = stream(*sheets, offsets=[first + n * size for n in range(31)])
    assert refused(compound(content)).code == "DL03"


@pytest.mark.parametrize(
    "table",
    [
        struct.pack("<IIHBi", 1, 2**31 - 1, 0, 4, -7),
        struct.pack("<II", 1, 2**32 - 1) + b"\0" * 100,
        struct.pack("<IIHBi", 30, 30, 0, 4, -7) + b"\0" * 100,
    ],
)
def test_a_string_table_that_goes_backwards_or_on_for_ever_is_damage(refused, table):
    assert refused(compound(stream(number(0, 0, 1.0), before=record(0x00FC, table)))).code == "DL03"


def test_a_text_in_ever_so_many_cells_is_refused_before_it_is_sent(refused, monkeypatch, old):
    monkeypatch.setattr(guard, "MOST_TEXT", 30)
    cells = [shared(n, 0, 0) for n in range(4)]
    assert len(old(b"".join(cells[:3]), before=strings("mười chữ ạ")).rows) == 3
    found = refused(compound(stream(b"".join(cells), before=strings("mười chữ ạ"))))
    assert found.code == "DL03"
    assert "«Trang 1»" in found.message


def test_more_merged_areas_than_any_table_has_are_refused(refused, monkeypatch):
    monkeypatch.setattr(guard, "MOST_COVERED", 10)
    areas = record(0x00E5, struct.pack("<H8H", 2, 0, 2, 0, 1, 3, 5, 0, 1))
    assert refused(compound(stream(number(0, 0, 1.0) + areas))).code == "DL03"
