"""Writes nd-335-2025-mau-01-2026.xlsx: 26 invented civil servants of one invented commune under Nghị định 335/2025, Mẫu 01.

Every person is a case of the decree: an edge, six ratios or three, one of the six missing, a tie at the line of the quota, a
head above the organisation. `verify` works all of them out again by the letter of Điều 15 and Điều 20, in fractions and
without xeploai, and compares them with what is written beside each row.

    python samples/make_mau_01.py [OUT.xlsx]
"""

import sys
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from make import LEFT, Value, packed, page, put, put_row
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

YEAR, PLACE = 2026, "Chà Ngoạng"
BEST, GOOD, DONE, FAILED = CLASSES = (
    "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ",
)  # fmt: skip
OPEN, UNRATED = "chưa xác định", "chưa xếp loại"
ITEMS = {  # Mẫu 01: the common criteria, 30 points
    "I.1": ("Phẩm chất chính trị, phẩm chất đạo đức, văn hóa thực thi công vụ", "5"),
    "I.2": ("Ý thức kỷ luật, kỷ cương", "5"),
    "II.1": ("Năng lực chuyên môn", "2.5"), "II.2": ("Khả năng đáp ứng nhiệm vụ", "2.5"),
    "II.3": ("Tinh thần trách nhiệm", "2.5"), "II.4": ("Thái độ phục vụ, phối hợp", "2.5"),
    "III.1": ("Sản phẩm, giải pháp đột phá", "2.5"), "III.2": ("Nhiệm vụ đột xuất, phức tạp", "2.5"),
    "III.3": ("Dám chịu trách nhiệm", "2.5"), "III.4": ("Chủ động quyết định", "2.5"),
}  # fmt: skip
RATIOS = {
    "a": "Tỷ lệ về số lượng (a)", "b": "Tỷ lệ về chất lượng (b)", "c": "Tỷ lệ về tiến độ (c)", "d": "Tỷ lệ d của lãnh đạo",
    "đ": "Tỷ lệ đ của lãnh đạo", "e": "Tỷ lệ e của lãnh đạo",
}  # fmt: skip
STAFF, LEADER, HEAD = "công chức", "công chức lãnh đạo", "người đứng đầu"
ADVICE, COUNTER, LEADERS, HEADS = "Tham mưu, tổng hợp", "Một cửa", "Lãnh đạo", "Đứng đầu"


class Person(NamedTuple):
    """A row, and what it comes to, worked out by hand."""

    name: str
    office: str
    kind: str
    group: str
    common: str  # what differs from the most: "III.4 0; II.1 1,5"
    ratios: str  # a b c, of leaders d đ e too; "-" is a blank cell
    more: Mapping[str, Value]  # SO, SP, XLDV where they differ from the ordinary
    points: str  # "" where nobody can be scored
    before: str  # the class by points, caps and the organisation, before the quota
    final: str


# fmt: off
LOST_3, LOST_4, LOST_5 = "III.4 0; III.3 2", "III.4 0; III.3 1", "III.4 0; III.3 0"
PEOPLE = [
    # two may be excellent by points, five are good: ⌊(5 + 2)/6⌋ = 1 place
    Person("Bạc Thuần Khuông", "Chuyên viên", STAFF, ADVICE, "", "1 1 1", {}, "100", BEST, BEST),
    Person("Cà Nhã Lịm", "Chuyên viên", STAFF, ADVICE, LOST_3, "0.9 0.85 0.95", {}, "90", BEST, GOOD),  # 27 + 70 × 2,7/3
    Person("Đỗ Trực Rạng", "Chuyên viên", STAFF, ADVICE, "III.4 0; III.3 1.99", "0.9 0.85 0.95", {}, "89.99", GOOD, GOOD),
    Person("Giàng Mẫn Thoan", "Chuyên viên", STAFF, ADVICE, "III.4 0.5", "0.6 0.6 0.6", {}, "70", GOOD, GOOD),  # 28 + 42
    Person("Hạng Diệp Vời", "Chuyên viên", STAFF, ADVICE, "III.4 0; III.3 0; III.2 1.5", "1 0.8 0.7", {}, "247/3", GOOD, GOOD),
    Person("Lò Kỳ Sảng", "Kế toán", STAFF, ADVICE, LOST_4, "0.8 0.8 0.8", {}, "82", GOOD, GOOD),  # 26 + 56
    Person("Lường Thừa Tỏa", "Văn thư", STAFF, ADVICE, "III.4 0.49", "0.6 0.6 0.6", {}, "69.99", DONE, DONE),
    # over 100 %: held at 70 points, 19 + 70; 19 + 77 would be excellent
    Person("Mùa Lương Dìu", "Chuyên viên", STAFF, ADVICE, "III.4 0; III.3 0; III.2 0; III.1 0; II.1 1.5",
           "1.4 1 0.9", {}, "89", GOOD, GOOD),
    # two equal ones for one place: ⌊(4 + 2)/6⌋
    Person("Nguyễn Thế Nhiêu", "Chuyên viên", STAFF, COUNTER, LOST_5, "1 1 1", {}, "95", BEST, OPEN),
    Person("Phạm Khải Thướng", "Chuyên viên", STAFF, COUNTER, "I.1 0", "1 1 1", {}, "95", BEST, OPEN),
    Person("Quàng Thuần Nghĩnh", "Chuyên viên", STAFF, COUNTER, LOST_4, "0.9 0.8 0.7", {}, "82", GOOD, GOOD),
    Person("Sùng Nhã Khuyến", "Chuyên viên", STAFF, COUNTER, LOST_3, "0.8 0.8 0.8", {}, "83", GOOD, GOOD),
    Person("Thào Trực Mịch", "Chuyên viên", STAFF, COUNTER, LOST_5, "0.9 0.9 0.9", {}, "88", GOOD, GOOD),
    Person("Tòng Mẫn Sưởng", "Chuyên viên", STAFF, COUNTER, LOST_3, "0.7 0.7 0.7", {}, "76", GOOD, GOOD),
    Person("Trần Diệp Thoảng", "Chuyên viên", STAFF, COUNTER, "III.4 1.5", "0.3 0.3 0.3", {}, "50", DONE, DONE),  # 29 + 21
    Person("Vàng Kỳ Nhuận", "Chuyên viên", STAFF, COUNTER, "III.4 1.49", "0.3 0.3 0.3", {}, "49.99", FAILED, FAILED),
    Person("Vũ Thừa Khoáng", "Chuyên viên", STAFF, COUNTER, "", "0.8 0.8 0.8", {"SP": "có"}, "86", FAILED, FAILED),
    Person("Bùi Lương Sổm", "Chuyên viên", STAFF, COUNTER, "", "1 1 -", {}, "", UNRATED, UNRATED),  # nobody wrote c
    # leaders: six ratios. One is excellent by points, two are good: ⌊(2 + 1)/6⌋ = 0 places
    Person("Cà Thế Khuông", "Phó Chủ tịch UBND xã", LEADER, LEADERS, "III.4 0.5", "1 0.9 0.8 0.5 1 0.6", {}, "84", GOOD, GOOD),
    Person("Lò Khải Mịch", "Phó Chủ tịch UBND xã", LEADER, LEADERS, "", "1 1 1 1 1 1", {}, "100", BEST, GOOD),
    # 25,5 + 70 × 5,5/6; by three ratios it would be 95,5 and excellent
    Person("Đỗ Thuần Vời", "Phó Trưởng phòng Kinh tế", LEADER, LEADERS, "III.4 0; III.3 0.5", "1 1 1 0.5 1 1", {}, "269/3",
           GOOD, GOOD),
    # without đ nobody may take the mean of the other five, nor of a, b, c
    Person("Hạng Nhã Rạng", "Phó Trưởng phòng Văn hóa - Xã hội", LEADER, LEADERS, "", "1 1 1 1 - 1", {}, "", UNRATED, UNRATED),
    Person("Mùa Trực Sảng", "Phó Chánh Văn phòng", LEADER, LEADERS, "", "1 1 1 0.5 0.5 0.5", {"SO": 3}, "100", UNRATED,
           UNRATED),
    # heads: never above the organisation, and not before it is rated
    Person("Lường Mẫn Tỏa", "Chủ tịch UBND xã", HEAD, HEADS, LOST_3, "1 0.95 0.9 1 1 1", {"XLDV": GOOD}, "95.25", GOOD, GOOD),
    Person("Quàng Diệp Dìu", "Giám đốc Trung tâm Phục vụ hành chính công", HEAD, HEADS, LOST_5, "0.9 0.9 0.9 0.9 0.9 0.9",
           {"XLDV": DONE}, "88", DONE, DONE),
    Person("Sùng Kỳ Nhiêu", "Trưởng phòng Kinh tế", HEAD, HEADS, LOST_4, "0.8 0.8 0.8 0.8 0.8 0.8", {}, "82", OPEN, OPEN),
]
# fmt: on


def main() -> None:
    verify()
    book = Workbook()
    book.remove(book.worksheets[0])
    write(book.create_sheet(f"Năm {YEAR}"))
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("nd-335-2025-mau-01-2026.xlsx")
    out.write_bytes(packed(book))


# --- the decree once more, by its letter ---


def items_of(person: Person) -> dict[str, Fraction]:
    own = {code: Fraction(points) for code, points in (each.split() for each in person.common.split("; ") if each)}
    assert own.keys() <= ITEMS.keys()
    found = {code: own.get(code, Fraction(most)) for code, (_, most) in ITEMS.items()}
    assert all(0 <= points <= Fraction(ITEMS[code][1]) for code, points in found.items())
    return found


def ratios_of(person: Person) -> dict[str, Fraction | None]:
    words = person.ratios.split()
    assert len(words) == (3 if person.kind == STAFF else 6), person.name
    return {letter: None if word == "-" else Fraction(word) for letter, word in zip(RATIOS, words, strict=False)}


def points_of(person: Person) -> Fraction | None:
    """30 of the common criteria and 70 × K, K the mean of three ratios, of a leader's six (Điều 15 khoản 3)."""
    seen = list(ratios_of(person).values())
    known = [ratio for ratio in seen if ratio is not None]
    if len(known) < len(seen):
        return None
    divisor = Fraction(str(person.more.get("SO", len(seen))))
    return sum(items_of(person).values()) + min(Fraction(70), 70 * sum(known) / divisor)


def judged(person: Person) -> str:
    """The class before any quota: points, discipline, the class of the organisation (Điều 20)."""
    points = points_of(person)
    if points is None or person.more.get("SO", len(ratios_of(person))) != len(ratios_of(person)):
        return UNRATED
    if person.more.get("SP") == "có":
        return FAILED
    own = BEST if points >= 90 else GOOD if points >= 70 else DONE if points >= 50 else FAILED
    if person.kind != HEAD:
        return own
    organisation = person.more.get("XLDV")
    return CLASSES[max(CLASSES.index(own), CLASSES.index(str(organisation)))] if organisation else OPEN


def after_quota(people: list[Person]) -> dict[str, str]:
    """At most 20 % of those rated "tốt", they who move down among them, in each group; equals at the line wait."""
    final = {person.name: judged(person) for person in people}
    for group in (ADVICE, COUNTER, LEADERS, HEADS):
        best = [person for person in people if person.group == group and final[person.name] == BEST]
        good = sum(person.group == group and final[person.name] == GOOD for person in people)
        places = (good + len(best)) // 6
        for person in best:
            points = points_of(person)
            above = sum(points_of(each) > points for each in best)
            equal = sum(points_of(each) == points for each in best)
            final[person.name] = BEST if above + equal <= places else GOOD if above >= places else OPEN
    return final


def verify() -> None:
    """That every person comes to what is written beside the row."""
    assert sum(Fraction(most) for _, most in ITEMS.values()) == 30
    assert len({person.name for person in PEOPLE}) == len(PEOPLE) == 26
    assert Counter(person.kind for person in PEOPLE) == {STAFF: 18, LEADER: 5, HEAD: 3}
    final = after_quota(PEOPLE)
    for person in PEOPLE:
        points = points_of(person)
        assert points == (Fraction(person.points) if person.points else None), (person.name, points)
        assert judged(person) == person.before, (person.name, judged(person))
        assert final[person.name] == person.final, (person.name, final[person.name])
    assert Counter(final.values()) == {BEST: 1, GOOD: 14, DONE: 3, FAILED: 2, OPEN: 3, UNRATED: 3}


# --- writing ---


def row_of(n: int, person: Person) -> list[Value]:
    def cell(number: Fraction | None) -> Value:
        return None if number is None else float(Decimal(number.numerator) / number.denominator)

    ratios = ratios_of(person)
    total = sum(ratio for ratio in ratios.values() if ratio is not None)
    whole = None not in ratios.values()
    points = points_of(person)
    return [
        n, person.name, person.office, person.kind, person.group, *map(cell, items_of(person).values()),
        *(cell(ratios.get(letter)) for letter in RATIOS),
        cell(total) if person.kind == STAFF and whole else None, cell(total) if person.kind != STAFF else None,
        person.more.get("SO", len(ratios)), person.more.get("SP", "không"), person.more.get("XLDV"),
        None if points is None else float(round(Decimal(points.numerator) / points.denominator, 2)),
    ]  # fmt: skip


def write(ws: Worksheet) -> None:
    heads = [
        *(f"{name} ({most.replace('.', ',')})" for name, most in ITEMS.values()), *RATIOS.values(), "Cộng ba tỷ lệ a, b, c",
        "Cộng sáu tỷ lệ của lãnh đạo", "Số tỷ lệ được tính", "Suy thoái, kỷ luật hoặc đơn vị có tham nhũng",
        "Xếp loại tổ chức",
    ]  # fmt: skip
    first = ["TT", "Họ và tên", "Chức vụ", "Loại hình công chức", "Nhóm nhiệm vụ"]
    last = len(first) + len(heads) + 1
    right = get_column_letter(last)
    put(ws, "A1", f"ỦY BAN NHÂN DÂN XÃ {PLACE.upper()}", to="D1", bold=True)
    put(ws, "H1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to="S1", bold=True)
    put(ws, "H2", "Độc lập - Tự do - Hạnh phúc", to="S2", bold=True)
    put(ws, "A4", f"TỔNG HỢP ĐIỂM VÀ XẾP LOẠI CHẤT LƯỢNG CÔNG CHỨC NĂM {YEAR}", to=f"{right}4", bold=True, size=14)
    put(ws, "A5", "(Theo Mẫu 01; tên người và tên xã là hư cấu)", to=f"{right}5", italic=True)
    put_row(ws, 7, [*first, *[None] * len(heads), "Tổng điểm"], bold=True, text_at=())
    put_row(ws, 8, [*[None] * len(first), *heads, None], bold=True, text_at=())
    for start, end, text in (
        (6, 15, "Tiêu chí chung (30 điểm)"), (16, 24, "Kết quả thực hiện nhiệm vụ (70 × K)"), (25, 26, "Trường hợp riêng"),
    ):  # fmt: skip
        put(ws, f"{get_column_letter(start)}7", text, to=f"{get_column_letter(end)}7", bold=True)
    for at in (*range(1, 6), last):
        ws.merge_cells(start_row=7, end_row=8, start_column=at, end_column=at)
    put_row(ws, 9, [f"({n})" for n in range(1, last + 1)], text_at=())
    for n, person in enumerate(PEOPLE, start=1):
        put_row(ws, 9 + n, row_of(n, person), text_at=(2, 3, 4, 5))
    end = 9 + len(PEOPLE)
    put(ws, f"B{end + 2}", "NGƯỜI LẬP BIỂU", bold=True, align=LEFT)
    put(ws, f"H{end + 2}", f"{PLACE}, ngày 10 tháng 12 năm {YEAR}", to=f"S{end + 2}", italic=True)
    put(ws, f"H{end + 3}", "CHỦ TỊCH", to=f"S{end + 3}", bold=True)
    for at, width in enumerate((5, 22, 26, 18, 18, *(11 for _ in heads), 10), start=1):
        ws.column_dimensions[get_column_letter(at)].width = width
    ws.row_dimensions[7].height, ws.row_dimensions[8].height = 24, 110
    page(ws, header_row=9, landscape=True)


if __name__ == "__main__":
    main()
