"""Writes nd-335-2025-ubnd-xa-2026.xlsx: 45 invented communes under Nghị định 335/2025/NĐ-CP, their heads, two decisions.

Every class of the decree, its edges, its three gaps, both triggers and a tie at the line of the quota have a commune (TOLD);
the rest is drawn. `verify` judges all of them again by the letter of Điều 8 and Điều 20.6, in fractions and without xeploai,
before a file is written. Places and people are invented (see `province`).

    python samples/make_nd_335.py [OUT.xlsx]
"""

import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

from make import LEFT, Value, packed, page, points_of, put, put_row, write_list
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from province import FAMILY, GIVEN, MIDDLE, PROVINCE

RNG = Random()
YEAR = 2026
BEST, GOOD, DONE, FAILED = CLASSES = (
    "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ",
)  # fmt: skip
FACTS = {
    "NV": "Nhiệm vụ được giao", "HT": "Nhiệm vụ đã hoàn thành", "DH": "Nhiệm vụ hoàn thành đúng tiến độ",
    "CH": "Nhiệm vụ hoàn thành chậm tiến độ", "CL": "Nhiệm vụ bảo đảm chất lượng", "VM": "Nhiệm vụ hoàn thành vượt mức",
    "TT": "Số phòng, đơn vị trực thuộc không hoàn thành nhiệm vụ", "HC": "Hạn chế, khuyết điểm phải khắc phục",
    "KP": "Hạn chế, khuyết điểm đã khắc phục", "SP": "Kết luận sai phạm", "BKK": "Bất khả kháng",
}  # fmt: skip
Facts = dict[str, int | str | None]
Row = tuple[int, Facts]  # hundredths of a point, facts

# fmt: off
WARDS = "Him Luốt, Nà Khiết, Tân Khoang"
COMMUNES = (
    "Sín Nhọt, Loọng Keng, Hua Ngoạng, Co Sổm, Tìa Sưởng, Háng Phay, Pá Nhọt, Búng Tén, Lao Khúa, Keo Mịch, Tả Nhíp, "
    "Chà Ngoạng, Pom Sưởng, Tênh Mảy, Co Thọt, Sín Sổm, Noong Đoỏng, Chiềng Phay, Phiêng Khuông, Lao Lềnh, Háng Khẩu, "
    "Búng Luốt, Tênh Đoỏng, Nong Sưởng, Keo Thọt, Phình Luốt, Pú Keng, Nậm Thọt, Mùn Sổm, Chà Khúa, Pom Ngoạng, Púng Sưa, "
    "Huổi Nhọt, Sán Vặt, Tìa Thọt, Nà Xổm, Noong Tén, Pa Tôm, Xuân Khoáng, Nậm Sưởng, Co Vặt, Sán Thọt"
)
# What a commune stands for: what it comes to (G1, G2, G3: the gaps; BKK: force majeure; ?: a missing fact), its points, and the
# facts that differ from "every task done, on time, with quality, nothing exceeded".
TOLD = {
    "Phường Him Luốt": ("XS", "97.5", "NV 120 VM 54 HC 2"),
    "Xã Loọng Keng": ("XS", "96", "NV 84 VM 30"),
    "Phường Nà Khiết": ("XS", "95.25", "NV 110 VM 41 HC 3"),
    "Xã Co Sổm": ("XS", "93.5", "NV 90 VM 33"),  # equal at the line …
    "Xã Phiêng Khuông": ("XS", "93.5", "NV 76 VM 25 HC 1"),  # … of the quota: one place for two
    "Xã Tênh Mảy": ("XS", "92", "NV 95 VM 31"),
    "Xã Pú Keng": ("XS", "91.25", "NV 72 VM 24"),
    "Xã Hua Ngoạng": ("XS", "90", "NV 80 VM 24 HC 1"),  # 90 points and 24/80 = 30 %: both exactly
    "Xã Tìa Sưởng": ("G1", "94.5", "NV 80 VM 23"),  # 28,75 % exceeded
    "Xã Háng Phay": ("G1", "91", "NV 88 VM 20"),  # decided: tốt
    "Phường Tân Khoang": ("G1?", "92.75", "NV 130 VM -"),  # nobody wrote how many were exceeded
    "Xã Pá Nhọt": ("T", "89.99", "NV 92 VM 40"),
    "Xã Búng Tén": ("T", "70", "NV 66"),
    "Xã Lao Khúa": ("G2", "78.5", "NV 100 DH 97 CH 3"),
    "Xã Keo Mịch": ("G2", "84.25", "NV 78 CL 77 VM 30"),
    "Xã Tả Nhíp": ("G3", "66.5", "NV 80 HT 72 DH 70 CH 2 CL 72"),  # 90 % done
    "Xã Chà Ngoạng": ("BKK", "71", "NV 100 HT 64 DH 64 CL 64 BKK có"),  # decided: hoàn thành
    "Xã Pom Sưởng": ("H", "69.99", "NV 85 DH 80 CH 5"),
    "Xã Co Thọt": ("H", "61.5", "NV 90 DH 72 CH 18 CL 86"),  # 18/90 = 20 % late exactly
    "Xã Sín Sổm": ("H", "50", "NV 64 DH 58 CH 6 CL 60 TT 1 HC 3 KP 1"),
    "Xã Noong Đoỏng": ("K", "49.99", "NV 70 DH 60 CH 10 CL 61"),
    "Xã Chiềng Phay": ("K", "81.5", "NV 82 VM 10 SP mất_đoàn_kết_nội_bộ"),
    "Xã Lao Lềnh": ("K", "72", "NV 80 HT 55 DH 50 CH 5 CL 55"),  # 68,75 % done
}
DRAWN = {"T": 15, "H": 7}  # how many more of these
DECISIONS = {  # unit → class, reason, document
    "Xã Háng Phay": (GOOD, "Đủ điểm và đủ điều kiện của mức tốt; chưa đủ 30% nhiệm vụ vượt mức để xếp xuất sắc",
                     "Quyết định số 1916/QĐ-UBND ngày 09/12/2026"),
    "Xã Chà Ngoạng": (DONE, "Mưa lũ tháng 8 làm dừng 36 nhiệm vụ, đã có xác nhận bất khả kháng",
                      "Quyết định số 1917/QĐ-UBND ngày 09/12/2026"),
}
PROPOSED = {  # of the heads; every other as the unit, "tốt" at most and where it has no class
    "XS": BEST, "Xã Pá Nhọt": BEST, "Xã Búng Tén": DONE, "Xã Pom Sưởng": GOOD, "Xã Sín Sổm": GOOD, "Xã Lao Lềnh": DONE,
}
DEPUTIES = {"Xã Tênh Mảy": BEST, "Xã Co Thọt": GOOD}  # above their units, and no clause speaks of deputies
# fmt: on


def main() -> None:
    RNG.seed(335_2025)
    rows = draw()
    people = draw_people(rows)
    verify(rows, people)
    book = Workbook()
    book.remove(book.worksheets[0])
    write(book.create_sheet(f"Năm {YEAR}"), rows)
    write_list(
        book.create_sheet("Người đứng đầu"),
        f"ĐỀ XUẤT XẾP LOẠI CHỦ TỊCH, PHÓ CHỦ TỊCH UBND CẤP XÃ NĂM {YEAR}",
        {"TT": 6, "Họ và tên": 26, "Chức vụ": 26, "Đơn vị": 26, "Mức đề xuất": 32},
        [[n, name, office, unit, band] for n, (name, office, unit, band) in enumerate(people, start=1)],
    )
    write_list(
        book.create_sheet("Quyết định"),
        f"QUYẾT ĐỊNH CỦA CHỦ TỊCH UBND TỈNH VỀ XẾP LOẠI MỘT SỐ ĐƠN VỊ NĂM {YEAR}",
        {"TT": 6, "Đơn vị": 24, "Xếp loại": 30, "Lý do": 60, "Văn bản": 44},
        [[n, unit, *decision] for n, (unit, decision) in enumerate(DECISIONS.items(), start=1)],
    )
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("nd-335-2025-ubnd-xa-2026.xlsx")
    out.write_bytes(packed(book))


# --- drawing ---


def every_unit() -> list[str]:
    return [f"Phường {name}" for name in WARDS.split(", ")] + [f"Xã {name}" for name in COMMUNES.split(", ")]


def facts_of(text: str) -> Facts:
    """The facts as told; what is not told follows from the tasks: done, on time, with quality."""
    words = text.split()
    own = {
        code: int(value) if value.isdigit() else None if value == "-" else value.replace("_", " ")
        for code, value in zip(words[::2], words[1::2], strict=True)
    }
    facts: Facts = dict.fromkeys(FACTS) | {"CH": 0, "VM": 0, "TT": 0, "HC": 0, "SP": "không"} | own
    for code, source in {"HT": "NV", "DH": "HT", "CL": "HT", "KP": "HC"}.items():
        facts[code] = own.get(code, facts[source])
    return facts


def draw() -> dict[str, Row]:
    rows = {unit: (int(100 * Fraction(points)), facts_of(text)) for unit, (_, points, text) in TOLD.items()}
    kinds = [kind for kind, count in DRAWN.items() for _ in range(count)]
    RNG.shuffle(kinds)
    for unit, kind in zip([unit for unit in every_unit() if unit not in TOLD], kinds, strict=True):
        tasks, low = RNG.randrange(56, 132, 2), RNG.randrange(0, 4)
        text = f"NV {tasks} HC {low} KP {max(0, low - RNG.choice((0, 0, 1)))} "
        if kind == "T":
            rows[unit] = 25 * RNG.randrange(287, 356), facts_of(f"{text} VM {RNG.randrange(0, tasks // 3)}")
        else:
            late = RNG.randrange(1, tasks // 6)
            text += f"DH {tasks - late} CH {late} CL {tasks - RNG.randrange(0, 5)}"
            rows[unit] = 25 * RNG.randrange(209, 277), facts_of(text)
    return {unit: rows[unit] for unit in every_unit()}


def split(hundredths: int) -> tuple[int, int]:
    """Points of the common criteria (30) and of the results (70); the last hundredths stand with the results."""
    common = min(3000, round(hundredths * 0.31 / 50) * 50)
    return common, hundredths - common


def draw_people(rows: dict[str, Row]) -> list[tuple[str, str, str, str]]:
    names = [" ".join(name) for name in product(FAMILY.split(), MIDDLE.split(), GIVEN.split())]
    RNG.shuffle(names)
    people = []
    for unit, row in rows.items():
        usual = {BEST: GOOD}.get(own := judged(row), own) or GOOD
        told = TOLD[unit][0] if unit in TOLD else ""
        place = f"UBND {unit[0].lower()}{unit[1:]}"
        people.append((names.pop(), f"Chủ tịch {place}", unit, PROPOSED.get(unit) or PROPOSED.get(told) or usual))
        people.append((names.pop(), f"Phó Chủ tịch {place}", unit, DEPUTIES.get(unit, usual)))
    return people


# --- the decree once more, by its letter ---


def judged(row: Row) -> str | None:
    """The class of Điều 8 before any quota; None where no class has both its points and its conditions."""
    hundredths, facts = row
    points = Fraction(hundredths, 100)

    def share(code: str, of: str = "NV") -> Fraction | None:
        part, whole = facts[code], facts[of]
        return Fraction(part, whole) if isinstance(part, int) and isinstance(whole, int) and whole else None

    done, late = share("HT"), share("CH")
    assert done is not None
    assert late is not None
    if points < 50 or facts["SP"] != "không" or (done < Fraction(7, 10) and facts["BKK"] != "có"):
        return FAILED
    whole = done == share("DH") == share("CL") == 1
    if points >= 90:
        exceeded = share("VM")
        ample = exceeded is not None and exceeded >= Fraction(3, 10)
        return BEST if whole and ample and facts["TT"] == 0 and facts["KP"] == facts["HC"] else None
    if points >= 70:
        return GOOD if whole else None
    return DONE if done == 1 and late <= Fraction(1, 5) else None


def verify(rows: dict[str, Row], people: list[tuple[str, str, str, str]]) -> None:
    """That every class, edge and gap is where it is told to be, and what the quota and the clause on heads come to."""
    assert list(rows) == every_unit()
    assert Counter(unit.split()[0] for unit in rows) == {"Xã": 42, "Phường": 3}
    for hundredths, facts in rows.values():
        common, results = split(hundredths)
        assert 0 <= common <= 3000
        assert 0 <= results <= 7000
        assert facts["HT"] == facts["DH"] + facts["CH"]
        assert all(facts[code] is None or facts[code] <= facts["HT"] <= facts["NV"] for code in ("CL", "VM"))
    words = {"XS": BEST, "T": GOOD, "H": DONE, "K": FAILED}
    bands = {unit: judged(row) for unit, row in rows.items()}
    for unit, (kind, *_) in TOLD.items():
        assert bands[unit] == words.get(kind), unit
    assert Counter(bands.values()) == {BEST: 8, GOOD: 17, DONE: 10, FAILED: 3, None: 7}

    decided = bands | {unit: band for unit, (band, *_) in DECISIONS.items()}
    assert all(bands[unit] is None for unit in DECISIONS)
    assert Counter(decided.values()) == {BEST: 8, GOOD: 18, DONE: 11, FAILED: 3, None: 5}
    places = {reading: max(k for k in range(9) if Fraction(k) <= limit(k)) for reading, limit in {
        "20": lambda k: Fraction(18 + 8 - k, 5), "20 of the plain": lambda _: Fraction(18, 5),
        "25": lambda k: Fraction(18 + 8 - k, 4), "25 of the plain": lambda _: Fraction(18, 4),
    }.items()}  # fmt: skip
    assert places == {"20": 26 // 6, "20 of the plain": 3, "25": 26 // 5, "25 of the plain": 4}
    best = sorted((rows[unit][0] for unit, band in bands.items() if band == BEST), reverse=True)
    assert best == [9750, 9600, 9525, 9350, 9350, 9200, 9125, 9000]  # the fourth place of four is a tie

    final = dict(decided)
    for unit, band in bands.items():
        if band == BEST:
            final[unit] = BEST if rows[unit][0] > 9350 else None if rows[unit][0] == 9350 else GOOD
    assert Counter(final.values()) == {BEST: 3, GOOD: 21, DONE: 11, FAILED: 3, None: 7}
    heads = {unit: band for _, office, unit, band in people if not office.startswith("Phó")}
    assert heads.keys() == rows.keys()
    above = [unit for unit, band in heads.items() if final[unit] and CLASSES.index(band) < CLASSES.index(final[unit])]
    assert set(above) == {
        "Xã Tênh Mảy", "Xã Pú Keng", "Xã Hua Ngoạng", "Xã Pá Nhọt", "Xã Pom Sưởng", "Xã Sín Sổm", "Xã Lao Lềnh",
        "Xã Chà Ngoạng",
    }  # fmt: skip
    assert len(people) == len({name for name, *_ in people}) == 90


# --- writing ---


def write(ws: Worksheet, rows: dict[str, Row]) -> None:
    put(ws, "A1", f"UBND TỈNH {PROVINCE.upper()}", to="D1")
    put(ws, "A2", "SỞ NỘI VỤ", to="D2", bold=True)
    put(ws, "J1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to="Q1", bold=True)
    put(ws, "J2", "Độc lập - Tự do - Hạnh phúc", to="Q2", bold=True)
    put(ws, "A4", f"BẢNG TỔNG HỢP ĐÁNH GIÁ, XẾP LOẠI CHẤT LƯỢNG UBND CẤP XÃ NĂM {YEAR}", to="Q4", bold=True, size=14)
    put(ws, "A5", "(Kèm theo Tờ trình của Sở Nội vụ, theo Nghị định 335/2025/NĐ-CP)", to="Q5", italic=True)
    put_row(ws, 7, ["TT", "Đơn vị", *[None] * 14, "Ghi chú"], bold=True, text_at=())
    below = ["Tiêu chí chung (30 điểm)", "Kết quả thực hiện nhiệm vụ (70 điểm)", "Tổng điểm", *FACTS.values()]
    put_row(ws, 8, [None, None, *below, None], bold=True, text_at=())
    for first, last, text in (
        ("C", "E", "Điểm"), ("F", "K", "Nhiệm vụ trong năm"), ("L", "N", "Đơn vị trực thuộc và việc khắc phục"),
        ("O", "P", "Trường hợp riêng"),
    ):  # fmt: skip
        put(ws, f"{first}7", text, to=f"{last}7", bold=True)
    for letter in "ABQ":
        ws.merge_cells(f"{letter}7:{letter}8")
    put_row(ws, 9, [f"({n})" for n in range(1, 18)], text_at=())
    table: list[Sequence[Value]] = [
        [n, unit, *map(points_of, (*split(points), points)), *facts.values(), None]
        for n, (unit, (points, facts)) in enumerate(rows.items(), start=1)
    ]
    for row, values in enumerate(table, start=10):
        put_row(ws, row, values, text_at=(2, 15))
    end = 10 + len(table)
    sums = [sum(facts[code] or 0 for _, facts in rows.values()) for code in list(FACTS)[:9]]
    put_row(ws, end, ["Tổng cộng", None, None, None, None, *sums, None, None, None], bold=True)
    ws.merge_cells(f"A{end}:B{end}")
    for cells in ws.iter_rows(min_row=10, max_row=end, min_col=3, max_col=5):
        for cell in cells:
            cell.number_format = "0.00"
    put(ws, f"B{end + 2}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{end + 3}", "- Chủ tịch UBND tỉnh (trình);", align=LEFT)
    put(ws, f"B{end + 4}", "- Lưu: VT.", align=LEFT)
    put(ws, f"K{end + 2}", f"{PROVINCE}, ngày 10 tháng 12 năm {YEAR}", to=f"Q{end + 2}", italic=True)
    put(ws, f"K{end + 3}", "GIÁM ĐỐC", to=f"Q{end + 3}", bold=True)
    put(ws, f"K{end + 4}", "(Ký, ghi rõ họ tên)", to=f"Q{end + 4}", italic=True)
    put(ws, f"K{end + 8}", "Tòng Diệp Nghĩnh", to=f"Q{end + 8}", bold=True)
    for column, width in enumerate((5, 22, 10, 12, 9, 9, 11, 12, 12, 12, 12, 15, 11, 11, 18, 9, 10), start=1):
        ws.column_dimensions[get_column_letter(column)].width = width
    ws.row_dimensions[7].height = 34
    ws.row_dimensions[8].height = 92
    page(ws, header_row=9, landscape=True)


if __name__ == "__main__":
    main()
