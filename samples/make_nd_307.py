"""Writes nd-307-2025-phan-loai.xlsx: the facts by which communes, wards and island zones are classified I, II or III.

Nghị định 307/2025/NĐ-CP classifies administrative units by size and conditions. A row here stands for a threshold of the
decree, or for one of its edges; the totals beside it are worked out by hand. `verify` reckons them again from the cells,
in fractions and without xeploai, before a file is written. All places are invented (see `province`; the city of
Khoang Hải, its wards and its two island zones are invented too).

    python samples/make_nd_307.py [OUT.xlsx]
"""

import sys
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from make import CENTRE, LEFT, Value, packed, page, put, put_row
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

YEAR = 2026
GROUPS = {  # heading above → headings below with the codes of the facts
    "Quy mô": {"DS": "Dân số", "DT": "Diện tích tự nhiên"},
    "Kinh tế - xã hội": {
        "TCD": "Tự cân đối thu chi ngân sách", "NS": "Tỷ lệ thu trên chi cân đối ngân sách",
        "CN": "Tỷ trọng công nghiệp, xây dựng, dịch vụ", "LD": "Tỷ lệ lao động phi nông nghiệp",
        "HN": "Tỷ lệ hộ nghèo đa chiều", "NC": "Tỷ lệ dùng nước sạch",
        "TT": "Tỷ lệ dịch vụ công trực tuyến toàn trình", "BQ": "Bình quân của tỉnh",
        "CL": "Chênh lệch so với bình quân của tỉnh", "KS": "Tỷ lệ văn bản ký số",
    },
    "Yếu tố đặc thù": {
        "DTTS": "Tỷ lệ dân số là người dân tộc thiểu số", "BG": "Có biên giới quốc gia trên đất liền",
        "TAM": "Tỷ lệ dân số tạm trú quy đổi", "PMN": "Phường miền núi",
        "DTQG": "Có di tích quốc gia đặc biệt, di sản UNESCO", "ATK": "An toàn khu",
    },
    "Ưu tiên": {
        "DSTC": "Tỷ lệ dân số so với tiêu chuẩn", "DTTC": "Tỷ lệ diện tích so với tiêu chuẩn",
        "VT": "Mức ưu tiên theo vị trí",
    },
    "Riêng đặc khu": {
        "D1": "Điểm dân số, diện tích, kinh tế - xã hội của đặc khu", "UT4": "Điểm ưu tiên của đặc khu",
    },
}  # fmt: skip
CODES = [code for below in GROUPS.values() for code in below]
KINDS = {"X": "xã", "M": "xã miền núi", "P": "phường thuộc tỉnh", "C": "phường thuộc thành phố", "K": "đặc khu"}
MEANS = {"Tỉnh Sơn Khoang": Decimal("62.4"), "Thành phố Khoang Hải": Decimal(80)}
# name: kind, facts that differ from the kind's plain ones below, total and class by hand, in the order of the sums
SIX = "CN 70 LD 70 HN 2.5 NC 90 CL 4 KS 90"  # six times 5 points for a xã
UNITS = {
    "Tỉnh Sơn Khoang": {
        "Xã Sín Khoang": ("X", "", "41", "III"),  # every fact at its threshold: 10 + 10 + 3 + 6 × 3
        "Xã Loọng Keng": ("X", "DS 16001", "41", "III"),  # 0,0005 more is rounded away
        "Xã Hua Ngoạng": ("X", "DS 17000 DSTC 106.25", "41.5", "III"),
        "Xã Co Sổm": ("X", "HN 3.5", "42", "III"),  # 3 + 1 for a whole percent less
        "Xã Tìa Sưởng": ("X", "DS 46000 DSTC 287.5 DT 69.9 DTTC 233", "59.99", "III"),  # 25 + 13,99 + 3 + 18
        "Xã Háng Phay": ("X", "DS 46000 DSTC 287.5 DT 70 DTTC 233.33", "60", "II"),  # 25 + 14 + 3 + 18
        "Xã Pá Nhọt": ("X", f"DS 46000 DSTC 287.5 DT 85 DTTC 283.33 NS 54.9 {SIX}", "74.99", "II"),  # … + 4,49 + 30
        "Xã Búng Tén": ("X", f"DS 46000 DSTC 287.5 DT 85 DTTC 283.33 NS 54.95 {SIX}", "75", "I"),  # 4,495 becomes 4,5
        # 25 of 32 + 10 + 10 + 5 + 5 + 4 + 5 + 5 + 5 + 2 = 76; 375 % gives 5 + 1,5 × 0,5 = 5,75, the place (5) is lower
        "Xã Lao Khúa": (
            "X", f"DS 60000 DSTC 375 DT 24 DTTC 80 TCD có NS - {SIX} HN 3.5 DTTS 15 DTQG có VT 5_điểm", "81.75", "I",
        ),
        # 12 + 16,6 + 3 + 18 = 49,6; the area gives 10, and the place (3) nothing more
        "Xã Keo Mịch": ("X", "DS 20000 DSTC 125 DT 96 DTTC 320 VT 3_điểm", "59.6", "III"),
        "Xã Pom Sưởng": ("M", "DTTS 92 BG có ATK có HN 18 CL -12.4", "49", "III"),  # 10 + 10 + 3 + 18 + 3 + 3 + 2
        "Xã Tênh Mảy": ("M", "DS 34500 DT 80 DTTS 40 BG có", "66.5", "II"),  # 25 + 15 + 3 + 18 + 2,5 + 3
        "Phường Him Luốt": ("P", "TAM 5", "41", "III"),
        "Phường Noong Sưa": (
            "P",
            "DS 44000 DSTC 209.5 DT 35.5 TCD có NS - CN 86 LD 80 HN 2 NC 90 CL 4 KS 100 TAM 40 PMN có DTQG có ATK có "
            "VT 10_điểm", "110", "I",
        ),  # 25 + 25 + 10 + 30 + 3 + 3 + 2 + 2 = 100, and 10 for the place
    },
    "Thành phố Khoang Hải": {
        "Phường Bản Lặc": ("C", "", "41", "III"),
        "Phường Đồi Sổm": ("C", "DS 22000", "41.5", "III"),
        # 17,5 + 25 (of 28,25) + 10 + 4 + 3 + 3,5 + 4,5 + 3,25 + 4 + 2,1 = 76,85, and 10 for 42 km²
        "Phường Hồng Khoáng": (
            "C", "DS 36000 DT 42 TCD có NS - CN 78 HN 3.5 NC 85 CL 0.5 KS 90 TAM 22 VT 3_điểm", "86.85", "I",
        ),
        "Đặc khu Hòn Khuông": ("K", "DS 999 DT 12.5 D1 75", "85", "III"),  # 75 + 10, but not a thousand people
        "Đặc khu Hòn Sổm": ("K", "DS 1000 DT 14.2 D1 75", "85", "I"),
    },
}  # fmt: skip
PLAIN = {
    "X": "DS 16000 DT 30 TCD không NS 40 CN 50 LD 50 HN 4.5 NC 70 CL 0 KS 70 DTTS 0 BG không DTQG không ATK không "
    "DSTC 100 DTTC 100 VT không",
    "P": "DS 14000 DT 5.5 TCD không NS 50 CN 70 LD 60 HN 4 NC 70 CL 0 KS 80 TAM 0 PMN không DTQG không ATK không "
    "DSTC 100 VT không",
    "K": "DSTC -",
}
PLAIN |= {"M": PLAIN["X"].replace("DS 16000", "DS 12000"), "C": PLAIN["P"].replace("DS 14000", "DS 21000")}
Facts = dict[str, str]


def main() -> None:
    verify()
    book = Workbook()
    book.remove(book.worksheets[0])
    for place in UNITS:
        write(book.create_sheet(place.replace("Thành phố", "TP")), place)
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("nd-307-2025-phan-loai.xlsx")
    out.write_bytes(packed(book))


def facts_of(place: str, name: str) -> Facts:
    kind, own, *_ = UNITS[place][name]
    words = f"{PLAIN[kind]} {own}".split()
    facts = {code: value.replace("_", " ") for code, value in zip(words[::2], words[1::2], strict=True)}
    facts = {code: value for code, value in facts.items() if value != "-"}
    if "CL" in facts:
        facts |= {"BQ": str(MEANS[place]), "TT": str(MEANS[place] + Decimal(facts["CL"]))}
    return facts


# --- the decree once more, by nothing but fractions ---


def step(value: str, threshold: str, base: str, interval: str, more: str, most: str, *, down: bool = False) -> Fraction:
    ahead = (Fraction(threshold) - Fraction(value)) if down else (Fraction(value) - Fraction(threshold))
    points = Fraction(base) + max(Fraction(0), ahead) / Fraction(interval) * Fraction(more)
    return Fraction((2 * min(points, Fraction(most)) * 100 + 1) // 2, 100)  # half up, two places


def total_of(kind: str, facts: Facts) -> Fraction:
    if kind == "K":
        return Fraction(facts["D1"]) + 10
    ward, said = kind in "PC", {code: value == "có" for code, value in facts.items()}
    people = {"X": ("16000", "1000"), "M": ("12000", "750"), "P": ("14000", "1000"), "C": ("21000", "1000")}[kind]
    points = [
        step(facts["DS"], people[0], "10", people[1], "0.5", "25"),
        step(facts["DT"], "5.5" if ward else "30", "10", "1" if ward else "5", "0.5", "25"),
        Fraction(10) if said["TCD"] else step(facts["NS"], "50" if ward else "40", "3", "5", "0.5", "8"),
        step(facts["CN"], *(("70", "3", "2", "0.25") if ward else ("50", "3", "5", "0.5")), "5"),
        step(facts["LD"], "60" if ward else "50", "3", "5", "0.5", "5"),
        step(facts["HN"], *(("4", "3", "0.5", "0.5") if ward else ("4.5", "3", "1", "1")), "5", down=True),
        step(facts["NC"], "70", "3", "5", "0.5", "5"),
        step(facts["CL"], "0", "3", "0.5", "0.25", "5"),
        step(facts["KS"], "80" if ward else "70", "3", "5", "0.5", "5"),
    ]
    share, least = (facts["TAM"], 10) if ward else (facts["DTTS"], 20)
    points.append(step(share, str(least + 10), "2", "5", "0.25", "3") if Fraction(share) >= least else Fraction(0))
    points += [Fraction(3 * said["PMN" if ward else "BG"]), Fraction(2 * said["DTQG"]), Fraction(2 * said["ATK"])]
    wide = Fraction(facts["DT"]) >= 42 if ward else Fraction(facts["DTTC"]) >= 300
    many = step(facts["DSTC"], "300", "5", "50", "0.5", "10") if Fraction(facts["DSTC"]) >= 300 else Fraction(0)
    where = Fraction(facts["VT"].removesuffix(" điểm").replace("không", "0"))
    return sum(points, Fraction(0)) + max(many, Fraction(10 * wide), where)


def verify() -> None:
    """Every total and class written beside a row, and that the rows stand where they are said to stand."""
    classes: dict[str, str] = {}
    for place, units in UNITS.items():
        for name, (kind, _, total, its_class) in units.items():
            facts = facts_of(place, name)
            assert facts.keys() <= set(CODES), name
            reckoned = total_of(kind, facts)
            assert reckoned == Fraction(total), (name, float(reckoned))
            by_points = "I" if reckoned >= 75 else "II" if reckoned >= 60 else "III"
            tiny = kind == "K" and int(facts["DS"]) < 1000
            assert its_class == ("III" if tiny else by_points), name
            classes[name] = its_class
    assert len(classes) == sum(map(len, UNITS.values())) == 19
    assert [list(classes.values()).count(each) for each in ("I", "II", "III")] == [5, 3, 11]
    totals = [total for units in UNITS.values() for *_, total, _ in units.values()]
    assert {"59.99", "60", "74.99", "75", "110"} <= set(totals)


# --- writing ---


def cell(text: str | None) -> Value:
    if text is None or not text.lstrip("-").replace(".", "").isdigit():
        return text
    return float(text) if "." in text else int(text)


def write(ws: Worksheet, place: str) -> None:
    last = get_column_letter(len(CODES) + 4)
    put(ws, "A1", f"UBND {place.upper()}", to="C1")
    put(ws, "A2", "SỞ NỘI VỤ", to="C2", bold=True)
    put(ws, "P1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to=f"{last}1", bold=True)
    put(ws, "P2", "Độc lập - Tự do - Hạnh phúc", to=f"{last}2", bold=True)
    title = f"BẢNG TỔNG HỢP SỐ LIỆU PHÂN LOẠI ĐƠN VỊ HÀNH CHÍNH CẤP XÃ NĂM {YEAR}"
    put(ws, "A4", title, to=f"{last}4", bold=True, size=14)
    put(ws, "A5", "(Đơn vị tính: dân số: người; diện tích: km²; tỷ lệ: %)", to=f"{last}5", italic=True)
    below = [heading for group in GROUPS.values() for heading in group.values()]
    put_row(ws, 7, ["TT", "Đơn vị", "Loại đơn vị", *[None] * len(CODES), "Ghi chú"], bold=True, text_at=())
    put_row(ws, 8, [None, None, None, *below, None], bold=True, text_at=())
    column = 4
    for name, group in GROUPS.items():
        end = column + len(group) - 1
        put(ws, f"{get_column_letter(column)}7", name, to=f"{get_column_letter(end)}7", bold=True)
        column = end + 1
    for letter in ("A", "B", "C", last):
        ws.merge_cells(f"{letter}7:{letter}8")
    put_row(ws, 9, [f"({n})" for n in range(1, len(CODES) + 5)], text_at=())
    rows: list[Sequence[Value]] = []
    for number, (name, (kind, *_)) in enumerate(UNITS[place].items(), start=1):
        facts = facts_of(place, name)
        rows.append([number, name, KINDS[kind], *(cell(facts.get(code)) for code in CODES), None])
    for row, values in enumerate(rows, start=10):
        put_row(ws, row, values, text_at=(2, 3))
    end = 10 + len(rows)
    facts = [facts_of(place, name) for name in UNITS[place]]
    sums = [str(sum(Decimal(each[code]) for each in facts)) for code in ("DS", "DT")]
    put_row(ws, end, [None, "Tổng cộng", None, *map(cell, sums), *[None] * (len(CODES) - 1)], bold=True)
    put(ws, f"B{end + 2}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{end + 3}", "- UBND cấp tỉnh (trình);", align=LEFT)
    put(ws, f"B{end + 4}", "- Lưu: VT.", align=LEFT)
    short = place.replace("Tỉnh ", "").replace("Thành phố ", "")
    put(ws, f"P{end + 2}", f"{short}, ngày 12 tháng 01 năm {YEAR}", to=f"{last}{end + 2}", italic=True)
    put(ws, f"P{end + 3}", "GIÁM ĐỐC", to=f"{last}{end + 3}", bold=True)
    put(ws, f"P{end + 4}", "(Ký, ghi rõ họ tên)", to=f"{last}{end + 4}", italic=True)
    put(ws, f"P{end + 8}", "Đỗ Lương Khoáng", to=f"{last}{end + 8}", bold=True)
    for at in range(1, len(CODES) + 5):
        ws.column_dimensions[get_column_letter(at)].width = {1: 5, 2: 24, 3: 22}.get(at, 12)
    ws.row_dimensions[8].height = 92
    ws[f"B{end}"].alignment = CENTRE
    page(ws, header_row=9, landscape=True)


if __name__ == "__main__":
    main()
