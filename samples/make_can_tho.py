"""Writes can-tho-2579-2025.xlsx: the work of winning people (dân vận), scored as Cần Thơ's Quyết định 2579/QĐ-UBND has it.

Sixteen invented communes and four invented departments, each with its own points and the appraiser's. Every row is an
edge, a cap, or one of the fifteen communes of the award. `verify` works out totals, bands and places again without
xeploai before the file is written.

    python samples/make_can_tho.py [OUT.xlsx]
"""

import sys
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from make import packed, page, put, put_row
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

COMMUNE, OFFICE = "xã, phường", "sở"
AWARDED = 15
BANDS = ("hoàn thành xuất sắc", "hoàn thành tốt", "hoàn thành", "không hoàn thành")
BEST, GOOD, DONE, FAILED = BANDS


class Unit(NamedTuple):
    """A row: points of both groups by the unit itself and by the appraiser, then what else counts, and the outcome."""

    name: str
    own: tuple[str, str] | None  # None: no self-score at all
    seen: tuple[str, str]  # appraised: group 1 of 10, group 2 of 90
    bonus: str
    penalty: str
    zeros: int
    discipline: str
    faults: tuple[str, ...]
    total: str  # worked out by hand, as the band is
    band: str


NO, YES = "không", "có"


def plain(name: str, own: tuple[str, str], seen: tuple[str, str], total: str, band: str, *, bonus: str = "",
          penalty: str = "", zeros: int = 0, discipline: str = NO, faults: tuple[str, ...] = ()) -> Unit:  # fmt: skip
    return Unit(name, own, seen, bonus, penalty, zeros, discipline, faults, total, band)


CORRUPT, TORN, CRIMINAL = "Tham nhũng", "Mất đoàn kết nghiêm trọng", "Vụ án hình sự"
COMMUNES = [
    plain("Xã Tìa Khoáng", ("10", "87"), ("9.5", "85.5"), "95", BEST),
    plain("Xã Pom Sưởng", ("10", "87"), ("9.5", "85.49"), "94.99", GOOD),
    plain("Phường Tân Lềnh", ("9", "85"), ("9", "84"), "95", BEST, bonus="3", penalty="1"),
    plain("Xã Hua Thọt", ("9", "78"), ("8.5", "76.5"), "85", GOOD),
    plain("Xã Co Nhọt", ("9", "78"), ("8.5", "76.49"), "84.99", DONE),
    plain("Xã Sán Keng", ("8", "69"), ("7.5", "67.5"), "75", DONE),
    plain("Xã Bản Mịch", ("8", "69"), ("7.5", "67.49"), "74.99", FAILED),
    plain("Xã Nậm Khúa", ("10", "88"), ("9", "87"), "96", DONE, zeros=1),
    plain("Xã Lao Sáo", ("10", "88"), ("9", "88"), "97", GOOD, discipline="khiển trách"),
    plain("Xã Púng Tén", ("10", "88"), ("9", "87.5"), "96.5", DONE, discipline="cảnh cáo"),
    plain("Xã Háng Vặt", ("10", "88"), ("9", "86.5"), "95.5", FAILED, discipline="cách chức trở lên"),
    plain("Xã Chà Mốc", ("10", "85"), ("9", "83"), "92", FAILED, faults=(CORRUPT,)),
    plain("Xã Keo Phay", ("10", "84"), ("9", "82"), "91", FAILED, faults=(TORN,)),
    plain("Xã Phiêng Ngoạng", ("10", "83"), ("9", "81"), "90", FAILED, faults=(CRIMINAL,)),
    Unit("Phường Nam Đoỏng", None, ("9", "80"), "", "", 0, NO, (), "89", FAILED),
    plain("Xã Sín Khẩu", ("9", "82"), ("9", "79"), "86", GOOD, penalty="2"),
]
OFFICES = [
    plain("Sở Mẫu Một", ("10", "90"), ("10", "90"), "103", BEST, bonus="3"),
    plain("Sở Mẫu Hai", ("10", "84"), ("9.5", "82.5"), "92", GOOD),
    plain("Sở Mẫu Ba", ("8", "80"), ("0", "86"), "86", DONE, zeros=2),
    plain("Sở Mẫu Bốn", ("8", "70"), ("7", "69"), "73", FAILED, penalty="3"),
]
# Of the sixteen communes only the one of 74,99 points comes after the fifteenth.
PLACES = {"Xã Lao Sáo": 1, "Xã Púng Tén": 2, "Xã Nậm Khúa": 3, "Xã Háng Vặt": 4, "Xã Tìa Khoáng": 5, "Phường Tân Lềnh": 5,
          "Xã Pom Sưởng": 7, "Xã Chà Mốc": 8, "Xã Keo Phay": 9, "Xã Phiêng Ngoạng": 10, "Phường Nam Đoỏng": 11,
          "Xã Sín Khẩu": 12, "Xã Hua Thọt": 13, "Xã Co Nhọt": 14, "Xã Sán Keng": 15, "Xã Bản Mịch": 16}  # fmt: skip


def total_of(unit: Unit) -> Decimal:
    """The appraiser's points, with at most 3 more and at most 3 less."""
    bonus, penalty = (min(Decimal(text or 0), Decimal(3)) for text in (unit.bonus, unit.penalty))
    return sum(map(Decimal, unit.seen), Decimal(0)) + bonus - penalty


def band_of(unit: Unit) -> str:
    """By points, then held down or set: a zero, discipline, what may not happen at all."""
    total = total_of(unit)
    place = next((n for n, edge in enumerate((95, 85, 75)) if total >= edge), 3)
    if unit.zeros or Decimal(0) in map(Decimal, unit.seen):
        place = max(place, 2)
    place = max(place, {NO: 0, "khiển trách": 1, "cảnh cáo": 2, "cách chức trở lên": 3}[unit.discipline])
    return FAILED if unit.faults or unit.own is None else BANDS[place]


def verify() -> None:
    """Every total, band and place that is written beside a row, worked out again."""
    for unit in (*COMMUNES, *OFFICES):
        assert total_of(unit) == Decimal(unit.total), (unit.name, total_of(unit))
        assert band_of(unit) == unit.band, (unit.name, band_of(unit))
        for points in (unit.own, unit.seen):
            assert points is None or (0 <= Decimal(points[0]) <= 10 and 0 <= Decimal(points[1]) <= 90)
    totals = {unit.name: total_of(unit) for unit in COMMUNES}
    assert {name: 1 + sum(other > total for other in totals.values()) for name, total in totals.items()} == PLACES
    assert len(COMMUNES) == AWARDED + 1
    assert sum(place <= AWARDED for place in PLACES.values()) == AWARDED
    assert {unit.band for unit in COMMUNES} == set(BANDS)


# ------------------------------------------------------------------------------------------------- writing

GROUPS = ("Nhóm tiêu chí thứ nhất (tối đa 10)", "Nhóm tiêu chí thứ hai (tối đa 90)")
EXTRAS = ("Điểm thưởng (tối đa 3)", "Điểm phạt (tối đa 3)")
FACTS = ("Số tiêu chí bị chấm 0 điểm", "Kỷ luật người đứng đầu, cấp phó", CORRUPT, TORN, CRIMINAL)
LAST = "P"


def points(text: str) -> int | float | None:
    if not text:
        return None
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def write_scores(ws: Worksheet) -> None:
    put(ws, "A1", "ỦY BAN NHÂN DÂN THÀNH PHỐ", to="C1")
    put(ws, "A2", "SỞ NỘI VỤ", to="C2", bold=True)
    put(ws, "H1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to=f"{LAST}1", bold=True)
    put(ws, "H2", "Độc lập - Tự do - Hạnh phúc", to=f"{LAST}2", bold=True)
    title = "BẢNG TỔNG HỢP KẾT QUẢ CHẤM ĐIỂM CÔNG TÁC DÂN VẬN NĂM 2025"
    put(ws, "A4", title, to=f"{LAST}4", bold=True, size=14)
    put(ws, "A5", "(Đơn vị hư cấu; thẩm định từ ngày 16 đến ngày 31 tháng 12)", to=f"{LAST}5", italic=True)
    put_row(ws, 7, ["TT", "Tên đơn vị", "Nhóm đơn vị", GROUPS[0], None, GROUPS[1], None, EXTRAS[0], None, EXTRAS[1], None,
                    *FACTS], bold=True, text_at=())  # fmt: skip
    put_row(ws, 8, [None] * 3 + ["Tự chấm", "Thẩm định"] * 4 + [None] * 5, bold=True, text_at=())
    put_row(ws, 9, [f"({n})" for n in range(1, 17)], text_at=())
    for letter in "ABCLMNOP":
        ws.merge_cells(f"{letter}7:{letter}8")
    for pair in ("D7:E7", "F7:G7", "H7:I7", "J7:K7"):
        ws.merge_cells(pair)
    row = 10
    for roman, label, group, units in (
        ("I", "Ủy ban nhân dân xã, phường", COMMUNE, COMMUNES),
        ("II", "Các sở", OFFICE, OFFICES),
    ):
        put_row(ws, row, [roman, label, *[None] * 14], bold=True)
        for n, unit in enumerate(units, start=1):
            own = unit.own or ("", "")
            scored = [points(text) for pair in zip(own, unit.seen, strict=True) for text in pair]
            given = points(unit.bonus or "0")
            extras = [given if unit.own else None, given, None, points(unit.penalty or "0")]  # nobody penalises himself
            told = [
                unit.zeros,
                unit.discipline,
                *(YES if fault in unit.faults else NO for fault in (CORRUPT, TORN, CRIMINAL)),
            ]
            put_row(ws, row + n, [n, unit.name, group, *scored, *extras, *told], text_at=(2,))
        row += len(units) + 1
    put(ws, f"B{row + 1}", "NGƯỜI LẬP BIỂU", bold=True)
    put(ws, f"H{row + 1}", "Ngày 31 tháng 12 năm 2025", to=f"{LAST}{row + 1}", italic=True)
    put(ws, f"H{row + 2}", "GIÁM ĐỐC", to=f"{LAST}{row + 2}", bold=True)
    put(ws, f"H{row + 3}", "(Ký, ghi rõ họ tên)", to=f"{LAST}{row + 3}", italic=True)
    for letter, width in zip("ABCDEFGHIJKLMNOP", (5, 24, 13, *[10] * 8, 12, 18, 11, 13, 11), strict=True):
        ws.column_dimensions[letter].width = width
    ws.row_dimensions[7].height = 48
    page(ws, header_row=9, landscape=True)


def main() -> None:
    verify()
    book = Workbook()
    book.remove(book.worksheets[0])
    write_scores(book.create_sheet("Chấm điểm 2025"))
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("can-tho-2579-2025.xlsx")
    out.write_bytes(packed(book))


if __name__ == "__main__":
    main()
