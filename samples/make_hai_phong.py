"""Writes the three workbooks of Hải Phòng's Quyết định 212/2025: one for each annex, with invented persons and communes.

Every row is a case of the decision: an edge, a condition, a trigger, or something that was not assigned. `verify` works
out each total and band again, in fractions and without xeploai, and compares them with what is written beside the row.

    python samples/make_hai_phong.py [FOLDER]
"""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from make import packed, page, put, put_row
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None
Cells = Mapping[str, Value]
NONE = "không áp dụng"
UNASSIGNED = "Không được giao"
GROUPS = ("Chính trị tư tưởng", "Đạo đức, lối sống", "Tác phong, lề lối", "Ý thức tổ chức kỷ luật")


class Column(NamedTuple):
    """A column of the form: the code that the book knows it by, its heading, and what stands above that."""

    code: str
    heading: str
    block: str
    part: str


class Person(NamedTuple):
    """A row: who, what differs from a year without a fault, and the outcome worked out by hand."""

    name: str
    position: str
    changes: Cells
    total: str  # hand-made; "" where nobody may be scored
    band: str


# ---------------------------------------------------------------------------------------------- the forms

MARKS, RESULT, FACTS = (
    "I. TIÊU CHÍ CHUNG (20 điểm)",
    "II. KẾT QUẢ THỰC HIỆN NHIỆM VỤ (80 điểm)",
    "SỐ LIỆU XÉT MỨC XẾP LOẠI",
)
GENERAL = [
    Column(f"I.{n}.{letter}", f"{name}: ý {letter} (1,25)", MARKS, f"{n}. {name} (5 điểm)")
    for n, name in enumerate(GROUPS, start=1)
    for letter in "abcd"
]
ABILITIES = [
    Column(f"II.{n}.{letter}", f"{name}: ý {letter} (1)", RESULT, f"{n}. {name} (5 điểm)")
    for n, name in enumerate(("Năng lực lãnh đạo, quản lý", "Năng lực tập hợp, đoàn kết"), start=1)
    for letter in "abcde"
]
OWN = "3. Nhiệm vụ trong Chương trình công tác (20 điểm)"
CITY = "4. Nhiệm vụ thành phố giao thêm (30 điểm)"
OTHER = "5. Tiêu chí khác (20 điểm)"
TASKS = [
    *(
        Column(f"CT{n}", f"Nhiệm vụ chương trình công tác {word}", RESULT, OWN)
        for n, word in enumerate(("được giao", "hoàn thành", "đạt yêu cầu", "đạt tiến độ"), start=1)
    ),
    *(
        Column(f"TP{n}", f"Nhiệm vụ thành phố giao{word}", RESULT, CITY)
        for n, word in enumerate(("", " đã hoàn thành", " đạt yêu cầu", " đạt tiến độ"), start=1)
    ),
]
CHOICES = [
    Column(code, name, RESULT, OTHER)
    for code, name in (
        ("II.5.1.a", "Chỉ số cải cách hành chính (PAR INDEX)"),
        ("II.5.1.b", "Chỉ số DDCI"),
        ("II.5.1.c", "Chỉ tiêu kinh tế - xã hội"),
        ("II.5.2.a", "Giải phóng mặt bằng"),
        ("II.5.2.b", "Giải ngân vốn đầu tư công"),
        ("II.5.2.c", "Thu nội địa"),
        ("II.5.2.d", "Quản lý đất đai"),
        ("II.5.2.e", "Quy hoạch, xây dựng"),
        ("II.5.2.g", "Chuyển đổi số"),
    )
]
CONDITIONS = [
    Column(f"DK{n}", name, FACTS, "")
    for n, name in enumerate(
        (
            "Tiêu chí nhiệm vụ được giao", "Tiêu chí nhiệm vụ đúng tiến độ", "Tiêu chí nhiệm vụ vượt mức",
            "Tiêu chí nhiệm vụ chậm tiến độ", "Chỉ tiêu được giao", "Chỉ tiêu đạt", "Đơn vị thuộc quyền quản lý",
            "Đơn vị hoàn thành nhiệm vụ trở lên", "Đơn vị hoàn thành tốt trở lên", "Số tháng công tác trong năm",
            "Số tháng nghỉ trong năm", "Bị kỷ luật trong năm", "Đơn vị có tham nhũng",
        ),
        start=1,
    )
]  # fmt: skip
WORK = [
    Column(f"NV{n}", name, RESULT, "Kết quả nhiệm vụ (tỷ lệ × điểm tối đa)")
    for n, name in enumerate(
        ("Nhiệm vụ được giao", "Nhiệm vụ đã hoàn thành", "Nhiệm vụ đạt yêu cầu", "Nhiệm vụ đạt tiến độ"), 1
    )
]
FORMS = {
    1: [*GENERAL, *ABILITIES, *TASKS, *CHOICES, *CONDITIONS],
    2: [
        *GENERAL,
        Column("II.1", "Năng lực lãnh đạo, quản lý (5)", RESULT, ""),
        Column("II.2", "Năng lực tập hợp, đoàn kết (5)", RESULT, ""),
        *WORK,
        *CONDITIONS,
    ],
    3: [
        *(Column(f"I.{n}", f"{name} (4)", MARKS, "") for n, name in enumerate(GROUPS[:3], start=1)),
        Column("I.4.a", "Ý thức tổ chức kỷ luật: các ý khác (3)", MARKS, "4. Ý thức tổ chức kỷ luật (4 điểm)"),
        Column("I.4.b", "Kê khai tài sản, thu nhập (1)", MARKS, "4. Ý thức tổ chức kỷ luật (4 điểm)"),
        Column("I.5", "Phục vụ nhân dân (4)", MARKS, ""),
        *WORK,
        *(column for column in CONDITIONS if column.code in ("DK10", "DK11", "DK12")),
    ],
}

# --------------------------------------------------------------------------- a year without a fault, and the cases

PASSED = {
    "II.5.1.a": "Bằng hoặc cao hơn bình quân", "II.5.1.b": "Bằng hoặc cao hơn bình quân", "II.5.1.c": "Đạt",
    "II.5.2.a": "Từ 95% trở lên", "II.5.2.b": "Đạt", "II.5.2.c": "Đạt", "II.5.2.d": "Không vi phạm", "II.5.2.e": "Đạt",
    "II.5.2.g": "Đúng tiến độ",
}  # fmt: skip
GOOD_YEAR = dict(
    zip((f"DK{n}" for n in range(1, 14)), (20, 20, 10, 0, 10, 10, 10, 10, 7, 12, 0, "không", "không"), strict=True)
)
FULL: dict[int, dict[str, Value]] = {
    1: {c.code: 1.25 for c in GENERAL}
    | {c.code: 1 for c in ABILITIES}
    | {c.code: 20 if c.code.startswith("CT") else 10 for c in TASKS}
    | PASSED
    | GOOD_YEAR,
    2: {c.code: 1.25 for c in GENERAL} | {"II.1": 5, "II.2": 5} | {c.code: 20 for c in WORK} | GOOD_YEAR,
    3: {"I.1": 4, "I.2": 4, "I.3": 4, "I.4.a": 3, "I.4.b": 1, "I.5": 4}
    | {c.code: 20 for c in WORK}
    | {code: GOOD_YEAR[code] for code in ("DK10", "DK11", "DK12")},
}
POOR = {"CT3": 18, "TP3": 5}  # quality: 9 of 10 and 5 of 10, so 6 points less
# 4 + 8 + 4 of twenty, 8 + 5 + 8 of thirty: 13 points less
WEAK = {"CT2": 16, "CT3": 16, "CT4": 16, "TP2": 8, "TP3": 5, "TP4": 8, "DK2": 16, "DK4": 4}
HALF: dict[str, Value] = {"CT2": 10, "CT3": 10, "CT4": 16, "TP2": 3, "TP3": 2, "TP4": 8, "DK2": 16, "DK4": 4, "II.5.1.a":
        "Thấp hơn bình quân", "II.5.2.e": "Không đạt"}  # fmt: skip
# 2,5 + 5 + 4, then 3 + 2 + 8, then 19 - 2 - 2,5: 39 of 70; no ability at all; 8,75 less of the twenty: 50,25 before I.2.d
LOW = HALF | {c.code: 0 for c in ABILITIES} | {c.code: 0 for c in GENERAL if c.code.startswith(("I.1", "I.2"))}
UNASSIGNED_THREE = {"II.5.1.c": UNASSIGNED, "II.5.2.c": UNASSIGNED, "II.5.2.g": UNASSIGNED, "II.5.2.e": "Không đạt"}
CASES: dict[int, list[Person]] = {
    1: [
        Person("Lò Khoáng Sưa", "Chủ tịch UBND xã Tìa Nhọt", {}, "99", "xuất sắc"),
        Person("Vàng Thọt Minh", "Chủ tịch UBND xã Pom Lềnh", UNASSIGNED_THREE, "95", "xuất sắc"),
        Person("Đỗ Lương Khúa", "Chủ tịch UBND phường Tân Sưởng", {**POOR, "I.1.a": 0, "I.2.a": 0, "I.3.a": 0.75}, "90", "tốt"),
        Person("Sùng Thị Ngoạng", "Chủ tịch UBND xã Hua Mốc", {**POOR, "I.1.a": 0, "I.2.a": 0, "I.3.a": 0.76}, "90.01",
               "xuất sắc"),
        Person("Quàng Văn Đoỏng", "Chủ tịch UBND xã Co Tén", {**WEAK, "II.1.a": 0, "II.1.b": 0, "II.1.c": 0, "II.1.d": 0,
               "II.2.a": 0, "II.2.b": 0}, "80", "hoàn thành"),
        Person("Hoàng Keng Sổm", "Chủ tịch UBND xã Sán Phay", {**WEAK, "II.1.a": 0.01, "II.1.b": 0, "II.1.c": 0, "II.1.d": 0,
               "II.2.a": 0, "II.2.b": 0}, "80.01", "tốt"),
        Person("Lường Thị Mịch", "Giám đốc Sở Mẫu Một", {**LOW, "I.2.d": 1}, "50", "hoàn thành"),
        Person("Cà Nhíp Khẩu", "Giám đốc Sở Mẫu Hai", {**LOW, "I.2.d": 0.99}, "49.99", "không hoàn thành"),
        Person("Giàng Vặt Sáo", "Chủ tịch UBND xã Bản Keng", {"DK3": 9}, "99", "chưa xác định"),
        Person("Tòng Thị Lặc", "Chủ tịch UBND xã Nậm Phay", {"DK10": 9, "DK11": 3}, "99", "hoàn thành"),
        Person("Bùi Xổm Tràng", "Chủ tịch UBND đặc khu Hòn Khoang", {"DK12": "có"}, "99", "không hoàn thành"),
        Person("Điêu Thị Luốt", "Chủ tịch UBND xã Lao Khuông", {"DK13": "có"}, "99", "không hoàn thành"),
        Person("Ngải Khuông Sưởng", "Chủ tịch UBND xã Púng Lặc", {"DK10": 5}, "99", "chưa xếp loại"),
    ],
    2: [
        Person("Lê Khoang Sưởng", "Phó Giám đốc Sở Mẫu Một", {}, "100", "xuất sắc"),
        Person("Tạ Thị Nhọt", "Trưởng phòng Mẫu Một", {"NV3": 15, "I.1.a": 0, "I.2.a": 0}, "90", "tốt"),
        Person("Mùa A Thọt", "Phó Chủ tịch UBND xã Tìa Nhọt", {"NV3": 15, "I.1.a": 0, "I.2.a": 0.01}, "90.01", "xuất sắc"),
        Person("Khoàng Thị Sổm", "Phó Chủ tịch UBND xã Hua Mốc", {"NV2": 17, "NV3": 16, "NV4": 17, "DK2": 17, "DK4": 3,
               "II.1": 4, "II.2": 4}, "86", "tốt"),
        Person("Phìn Lặc Mảy", "Trưởng phòng Mẫu Hai", {"NV2": 17, "NV3": 16, "NV4": 15, "DK2": 15, "DK4": 5}, "86",
               "chưa xác định"),
        Person("Lù Thị Khuyến", "Trưởng phòng Mẫu Ba", {"DK7": 0, "DK8": 0, "DK9": 0}, "100", "xuất sắc"),
        Person("Cháng Sổm Nhíp", "Trưởng phòng Mẫu Bốn", {"NV2": 14, "NV3": 14, "NV4": 14, "DK2": 17, "DK4": 3, "DK5": 0,
               "DK6": 0, "DK7": 0, "DK8": 0, "DK9": 0}, "79", "hoàn thành"),
    ],
    3: [
        Person("Nguyễn Khoáng Lềnh", "Chuyên viên, Phòng Mẫu Một", {}, "100", "xuất sắc"),
        Person("Trần Thị Sáo", "Chuyên viên, Trung tâm Phục vụ hành chính công", {"I.2": 3.5, "I.3": 3, "I.4.a": 2.6,
               "NV3": 16, "NV4": 18}, "89.6", "tốt"),
        Person("Phạm Tén Keng", "Chuyên viên, Phòng Mẫu Hai", {"I.2": 3.5, "I.3": 3, "I.4.a": 2.6, "I.4.b": NONE, "I.5": NONE,
               "NV3": 16, "NV4": 18}, "89.125", "tốt"),
        Person("Hà Thị Khiết", "Văn thư, Văn phòng", {"I.4.b": NONE, "NV2": 16, "NV4": 16, "NV3": 16, "I.1": 3, "I.2": 3,
               "I.3": 2}, "80", "hoàn thành"),
        Person("Vi Sông Nhíp", "Chuyên viên, Phòng Mẫu Ba", {"DK10": 8, "DK11": 4}, "100", "hoàn thành"),
        Person("Lại Thị Phình", "Kế toán, Văn phòng", {"DK12": "có"}, "100", "không hoàn thành"),
    ],
}  # fmt: skip


# ------------------------------------------------------------------------------------ worked out a second time


def number(value: Value) -> Fraction:
    """The decimal that was typed, exactly."""
    assert isinstance(value, int | float)
    return Fraction(str(value))


def total_of(annex: int, cells: Cells) -> Fraction:
    """The points of a row, as the annex says."""

    def ratio(part: str, whole: str, most: int) -> Fraction:
        return most * number(cells[part]) / number(cells[whole])

    def added(*starts: str) -> Fraction:
        return sum((number(v) for code, v in cells.items() if code.startswith(starts)), Fraction(0))

    if annex == 1:
        tasks = sum(ratio(f"CT{n}", "CT1", most) for n, most in ((2, 5), (3, 10), (4, 5)))
        tasks += sum(ratio(f"TP{n}", "TP1", 10) for n in (2, 3, 4))
        return added("I.", "II.1.", "II.2.") + tasks + _others(cells)
    work = (20, 30, 20) if annex == 2 else (25, 30, 25)
    tasks = sum(ratio(f"NV{n}", "NV1", most) for n, most in zip((2, 3, 4), work, strict=True))
    if annex == 2:
        return added("I.", "II.") + tasks
    groups = [number(cells[f"I.{n}"]) for n in (1, 2, 3)]
    groups.append(number(cells["I.4.a"]) + (1 if cells["I.4.b"] == NONE else number(cells["I.4.b"])))
    if cells["I.5"] == NONE:  # the four points of the fifth group: one more for each of the others
        return sum(points * 5 / 4 for points in groups) + tasks
    return sum(groups) + number(cells["I.5"]) + tasks


def _others(cells: Cells) -> Fraction:
    """II.5 of annex 1: what was assigned, brought to 20 where something was not."""
    most = dict.fromkeys(PASSED, Fraction(5, 2)) | {
        "II.5.1.a": Fraction(2),
        "II.5.1.b": Fraction(2),
        "II.5.1.c": Fraction(1),
    }
    gives = most | {"II.5.1.b": Fraction(1)}  # one point of two: so the annex has it
    assigned = [code for code in PASSED if cells[code] != UNASSIGNED]
    got = sum(gives[code] for code in assigned if cells[code] == PASSED[code])
    return got if len(assigned) == len(PASSED) else 20 * got / sum(most[code] for code in assigned)


def band_of(annex: int, cells: Cells, total: Fraction) -> str:
    """The band by points, conditions and triggers; of no units none falls short, and of no targets none is missed."""
    if number(cells["DK10"]) < 6:
        return "chưa xếp loại"
    if cells["DK12"] == "có" or cells.get("DK13") == "có":
        return "không hoàn thành"
    conditions = {"xuất sắc": True, "tốt": True, "hoàn thành": True, "không hoàn thành": True}
    if annex < 3:
        tasks, timely, beyond, late, targets, met, units, done, well = (number(cells[f"DK{n}"]) for n in range(1, 10))
        if late > tasks / 2 or met < targets / 2:
            return "không hoàn thành"
        conditions |= {
            "xuất sắc": timely == tasks and 2 * beyond >= tasks and done == units and 10 * well >= 7 * units,
            "tốt": 5 * timely >= 4 * tasks and done == units,
            "hoàn thành": 5 * late <= tasks and (10 * met > 7 * targets or targets == 0) and 10 * done >= 7 * units,
        }
    by_points = (
        "xuất sắc" if total > 90 else "tốt" if total > 80 else "hoàn thành" if total >= 50 else "không hoàn thành"
    )
    band = by_points if conditions[by_points] else "chưa xác định"
    return "hoàn thành" if 3 <= number(cells["DK11"]) < 6 and band in ("xuất sắc", "tốt") else band


def verify() -> None:
    """Every total and band that is written beside a case, worked out again."""
    for annex, people in CASES.items():
        names = [person.name for person in people]
        assert len(set(names)) == len(names)
        columns = [column.code for column in FORMS[annex]]
        assert columns == list(dict.fromkeys(columns))
        assert set(columns) == set(FULL[annex])
        for person in people:
            assert set(person.changes) <= set(columns), person.name
            cells = {**FULL[annex], **person.changes}
            total = total_of(annex, cells)
            assert total == Fraction(person.total), (person.name, total)
            assert band_of(annex, cells, total) == person.band, (person.name, band_of(annex, cells, total))
    bands = [person.band for person in CASES[1]]
    assert {"xuất sắc", "tốt", "hoàn thành", "không hoàn thành", "chưa xác định", "chưa xếp loại"} == set(bands)


# ------------------------------------------------------------------------------------------------- writing

TITLES = {
    1: "người đứng đầu sở, ban, ngành, Chủ tịch Ủy ban nhân dân xã, phường, đặc khu",
    2: "công chức giữ chức vụ lãnh đạo, quản lý",
    3: "công chức không giữ chức vụ lãnh đạo, quản lý",
}


def write_form(ws: Worksheet, annex: int) -> None:
    columns, last = FORMS[annex], len(FORMS[annex]) + 5
    right = get_column_letter(last)
    put(ws, "A1", "ỦY BAN NHÂN DÂN THÀNH PHỐ", to="C1")
    put(ws, "A2", "SỞ NỘI VỤ", to="C2", bold=True)
    put(ws, "E1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to="N1", bold=True)
    put(ws, "E2", "Độc lập - Tự do - Hạnh phúc", to="N2", bold=True)
    put(ws, "A4", "BẢNG TỔNG HỢP ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG NĂM 2025", to=f"{right}4", bold=True, size=14)
    put(
        ws, "A5", f"(Theo Phụ lục {annex}: {TITLES[annex]}; tên người và tên xã là hư cấu)", to=f"{right}5", italic=True
    )
    head = ["TT", "Họ và tên", "Chức vụ", *(c.block for c in columns), "Tổng điểm", "Ghi chú"]
    put_row(ws, 7, head, bold=True, text_at=())
    put_row(ws, 8, [None] * 3 + [c.part or c.heading for c in columns] + [None] * 2, bold=True, text_at=())
    put_row(ws, 9, [None] * 3 + [c.heading if c.part else None for c in columns] + [None] * 2, text_at=())
    put_row(ws, 10, [f"({n})" for n in range(1, last + 1)], text_at=())
    for letter in ("A", "B", "C", get_column_letter(last - 1), right):
        ws.merge_cells(f"{letter}7:{letter}9")
    for at, column in enumerate(columns, start=4):
        if not column.part:
            ws.merge_cells(start_row=8, end_row=9, start_column=at, end_column=at)
    for row, words in ((7, [c.block for c in columns]), (8, [c.part for c in columns])):
        merge_alike(ws, row, words)
    for n, person in enumerate(CASES[annex], start=1):
        cells = {**FULL[annex], **person.changes}
        total = float(Decimal(person.total))
        typed = [cells[c.code] for c in columns]
        put_row(ws, 10 + n, [n, person.name, person.position, *typed, total, None], text_at=(2, 3))
    row = 11 + len(CASES[annex])
    put_row(ws, row, ["Tổng cộng", None, f"{len(CASES[annex])} người", *[None] * (len(columns) + 2)], bold=True)
    ws.merge_cells(f"A{row}:B{row}")
    put(ws, f"B{row + 2}", "NGƯỜI LẬP BIỂU", bold=True)
    put(ws, f"E{row + 2}", "Ngày 20 tháng 12 năm 2025", to=f"N{row + 2}", italic=True)
    put(ws, f"E{row + 3}", "GIÁM ĐỐC", to=f"N{row + 3}", bold=True)
    put(ws, f"E{row + 4}", "(Ký, ghi rõ họ tên)", to=f"N{row + 4}", italic=True)
    for at, width in enumerate((5, 22, 34, *(12 for _ in columns), 10, 10), start=1):
        ws.column_dimensions[get_column_letter(at)].width = width
    for at, height in ((7, 24), (8, 48), (9, 84)):
        ws.row_dimensions[at].height = height
    page(ws, header_row=10, landscape=True)


def merge_alike(ws: Worksheet, row: int, words: Sequence[str]) -> None:
    """One merged cell over neighbours of the same heading; "" stands alone."""
    first = 0
    for place in range(1, len(words) + 1):
        if place < len(words) and words[place] == words[first]:
            continue
        if words[first] and place - first > 1:
            for at in range(first + 1, place):
                ws.cell(row, at + 4).value = None
            ws.merge_cells(start_row=row, end_row=row, start_column=first + 4, end_column=place + 3)
        first = place


def main() -> None:
    verify()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for annex in FORMS:
        book = Workbook()
        book.remove(book.worksheets[0])
        write_form(book.create_sheet(f"Phụ lục {annex}"), annex)
        (folder / f"hai-phong-212-2025-phu-luc-{annex}.xlsx").write_bytes(packed(book))


if __name__ == "__main__":
    main()
