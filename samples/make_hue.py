"""Writes co-so-thua-thien-hue-2015-2017.xlsx: a province of which every number of the article on Thừa Thiên Huế is true.

The article (Báo Thừa Thiên Huế) prints totals only. The totals here are the ones it prints, among them 3.355 cán bộ, công
chức though the two parts make 3.356. Every district and commune is invented, and so are its own numbers: they add up to
the printed totals, and the printed shares come out of them. Of 2015 and 2016 the article has the share of poor households
only, so the sheets of those years hold nothing else; no number of households was made up.

`verify` counts what the article says from the cells alone, exactly and without xeploai, before a file is written.

    python samples/make_hue.py [OUT.xlsx]
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain, product
from math import ceil, floor
from pathlib import Path
from random import Random

from make import CENTRE, LEFT, ROMAN, packed, page, put, put_row
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

RNG = Random()
PROVINCE = "Tỉnh Mẫu"
# District → how many phường, thị trấn, xã: 39, 8 and 105 in all.
DISTRICTS = {
    "Thành phố Khoang Sưa": (27, 0, 5), "Thị xã Noong Lềnh": (6, 0, 6), "Thị xã Him Khoáng": (6, 0, 8),
    "Huyện Co Mốc": (0, 2, 14), "Huyện Háng Tén": (0, 1, 14), "Huyện Pú Tén": (0, 1, 15),
    "Huyện Loọng Mịch": (0, 2, 14), "Huyện Sán Keng": (0, 1, 15), "Huyện Tìa Keng": (0, 1, 14),
}  # fmt: skip
FIRST = "Sín Loọng Hua Co Tìa Háng Pá Búng Lao Keo Pom Tênh Noong Phiêng Nong Phình Pú Nậm Mùn Chà Huổi Sán Púng Hồng"
SECOND = "Nhọt Ngoạng Sổm Sưởng Phay Khúa Nhíp Mảy Thọt Đoỏng Khuông Khẩu Luốt Vặt"

# Facts of a commune: code → heading. A share stands right of its count.
STAFF = {
    "CB": "Cán bộ", "CBDH": "Cán bộ có trình độ đại học", "CBCD": "Cán bộ có trình độ cao đẳng",
    "CBLL": "Cán bộ có trung cấp lý luận chính trị trở lên", "CC": "Công chức",
    "CCDH": "Công chức có trình độ đại học", "CCCD": "Công chức có trình độ cao đẳng",
    "CCLL": "Công chức có trung cấp lý luận chính trị trở lên",
}  # fmt: skip
SHARED = [code for code in STAFF if len(code) > 2]
GROUPS = (  # heading above, codes below
    ("Tổ chức tự quản", ("THON", "TDP", "TQ", "KCT")),
    ("", ("CBCC",)),
    ("Cán bộ cấp xã", ("CB", "CBDH", "%CBDH", "CBCD", "%CBCD", "CBLL", "%CBLL")),
    ("Công chức cấp xã", ("CC", "CCDH", "%CCDH", "CCCD", "%CCCD", "CCLL", "%CCLL")),
)
OF_PROVINCE = (
    ("Đơn vị hành chính", ("DV", "X", "P", "TTR")),
    *GROUPS,
    ("Giảm nghèo", ("HN", "%HN", "CN", "%CN", "TAI", "PS", "%GIAM", "HOGIAM")),
)
ONLY_SHARE = (("Giảm nghèo", ("%HN",)),)
HEADINGS = {
    "DV": "Đơn vị hành chính cấp xã", "X": "Số xã", "P": "Số phường", "TTR": "Số thị trấn", "THON": "Số thôn",
    "TDP": "Số tổ dân phố", "TQ": "Thôn, tổ dân phố", "KCT": "Người hoạt động không chuyên trách",
    "CBCC": "Cán bộ, công chức", **STAFF,
    **{f"%{code}": "Tỷ lệ " + STAFF[code][:1].lower() + STAFF[code][1:] + " (%)" for code in SHARED},
    "HN": "Hộ nghèo", "%HN": "Tỷ lệ hộ nghèo (%)", "CN": "Hộ cận nghèo", "%CN": "Tỷ lệ hộ cận nghèo (%)",
    "TAI": "Hộ tái nghèo", "PS": "Hộ nghèo phát sinh",
    "%GIAM": "Tỷ lệ hộ nghèo giảm so với năm 2015 (điểm phần trăm)", "HOGIAM": "Số hộ giảm nghèo so với năm 2015",
}  # fmt: skip

# What the article prints; shares in tenths (staff) or hundredths (poverty) of a percent.
PRINTED = {
    "X": 105, "P": 39, "TTR": 8, "THON": 724, "TDP": 553, "KCT": 10570, "CBCC": 3355, "CB": 1597, "CC": 1759,
    "HN": 17662, "CN": 15429, "TAI": 338, "PS": 1993, "HOGIAM": 6000,
}  # fmt: skip
TENTHS = {"CBDH": 591, "CBCD": 22, "CBLL": 835, "CCDH": 675, "CCCD": 68, "CCLL": 426}
POOR = {2015: 836, 2016: 719, 2017: 598}
NEAR_POOR, LESS = 522, 238
# People whose share is the printed one; where two counts round to it (CBLL, CCDH, CCCD, CCLL), the nearer.
PEOPLE = {"CBDH": 944, "CBCD": 35, "CBLL": 1333, "CCDH": 1187, "CCCD": 120, "CCLL": 749}
Row = dict[str, int]
Unit = tuple[str, str]


def main() -> None:
    RNG.seed(3355)
    rows = draw()
    verify(rows)
    book = Workbook()
    book.remove(book.worksheets[0])
    write_communes(book.create_sheet("Cấp xã 2017"), rows)
    for year in reversed(POOR):
        write_province(book.create_sheet(f"Toàn tỉnh {year}"), year)
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("co-so-thua-thien-hue-2015-2017.xlsx")
    out.write_bytes(packed(book))


# --- drawing ---


def units() -> list[Unit]:
    """Districts with their communes; no two communes of the province have one name."""
    names = [f"{first} {second}" for first, second in product(FIRST.split(), SECOND.split())]
    RNG.shuffle(names)
    fresh = iter(names)
    kinds = ("Phường", "Thị trấn", "Xã")
    return [
        (district, f"{kind} {next(fresh)}")
        for district, counts in DISTRICTS.items()
        for kind, count in zip(kinds, counts, strict=True)
        for _ in range(count)
    ]


def shared_out(total: int, most: Sequence[int]) -> list[int]:
    """Whole numbers from 0 to `most` that add up to the total, each near its part of it."""
    whole = sum(most)
    drawn = [min(each, floor(each * total / whole * RNG.uniform(0.6, 1.4) + 0.5)) for each in most]
    while gap := total - sum(drawn):
        place, step = RNG.randrange(len(most)), 1 if gap > 0 else -1
        if 0 <= drawn[place] + step <= most[place]:
            drawn[place] += step
    return drawn


def draw() -> dict[Unit, Row]:
    """The communes' own numbers, column by column."""
    every = units()
    rural = [name.startswith("Xã ") for _, name in every]

    def column(total: int, low: Sequence[int], more: Sequence[int]) -> list[int]:
        return [a + b for a, b in zip(low, shared_out(total - sum(low), more), strict=True)]

    def flat(low: int, more: int) -> tuple[list[int], list[int]]:
        return [low] * len(every), [more] * len(every)

    columns = {
        "THON": column(724, [4 * it for it in rural], [6 * it for it in rural]),
        "TDP": column(553, [8 * (not it) for it in rural], [8 * (not it) for it in rural]),
        "KCT": column(10570, *flat(50, 40)),
        "CB": column(1597, *flat(9, 3)),
        "CC": column(1759, *flat(10, 3)),
    }
    for kind in ("CB", "CC"):
        nobody = [0] * len(every)
        columns[f"{kind}DH"] = column(PEOPLE[f"{kind}DH"], nobody, columns[kind])
        rest = [min(2, whole - high) for whole, high in zip(columns[kind], columns[f"{kind}DH"], strict=True)]
        columns[f"{kind}CD"] = column(PEOPLE[f"{kind}CD"], nobody, rest)
        columns[f"{kind}LL"] = column(PEOPLE[f"{kind}LL"], nobody, columns[kind])
    columns["TQ"] = [a + b for a, b in zip(columns["THON"], columns["TDP"], strict=True)]
    columns["CBCC"] = [a + b for a, b in zip(columns["CB"], columns["CC"], strict=True)]
    return {unit: {code: columns[code][place] for code in columns} for place, unit in enumerate(every)}


# --- the article once more, by nothing but whole numbers ---


def rounded(part: int, whole: int, parts: int) -> int:
    """100 × part / whole, half up, in tenths (parts 10) or hundredths (100) of a percent."""
    return (2 * 100 * parts * part + whole) // (2 * whole)


def admitted(count: int, hundredths: int) -> range:
    """The totals of which this count is this share, rounded half up: share − 0,005 ≤ 100 × count / total < share + 0,005."""
    low, high = Fraction(2 * hundredths - 1, 20000), Fraction(2 * hundredths + 1, 20000)
    return range(floor(count / high) + 1, floor(count / low) + 1)


def verify(rows: Mapping[Unit, Row]) -> None:
    """Every number of the article, and that a commune's own numbers can be."""
    sums = {code: sum(row[code] for row in rows.values()) for code in next(iter(rows.values()))}
    kinds = Counter(name.rsplit(" ", 2)[0] for _, name in rows)
    assert kinds == {"Xã": PRINTED["X"], "Phường": PRINTED["P"], "Thị trấn": PRINTED["TTR"]}
    assert len(rows) == len({name for _, name in rows}) == 105 + 39 + 8 == 152
    assert {code: sums[code] for code in ("THON", "TDP", "KCT", "CB", "CC")} == {
        "THON": 724, "TDP": 553, "KCT": 10570, "CB": 1597, "CC": 1759,
    }  # fmt: skip
    assert (PRINTED["CBCC"], sums["CBCC"], sums["TQ"]) == (3355, 3356, 1277)  # printed one less than its parts
    for code, tenths in TENTHS.items():
        assert sums[code] == PEOPLE[code]
        whole = sums[code[:2]]
        fitting = [people for people in range(whole + 1) if rounded(people, whole, 10) == tenths]
        nearest = min(fitting, key=lambda people: abs(Fraction(1000 * people, whole) - tenths))
        assert PEOPLE[code] == nearest, (code, fitting)
    for row in rows.values():
        assert all(number >= 0 for number in row.values())
        for kind in ("CB", "CC"):
            assert row[f"{kind}DH"] + row[f"{kind}CD"] <= row[kind] >= row[f"{kind}LL"]
    assert POOR[2015] - POOR[2017] == LESS == 238
    assert POOR[2015] > POOR[2016] > POOR[2017]
    both = [each for each in admitted(PRINTED["HN"], POOR[2017]) if each in admitted(PRINTED["CN"], NEAR_POOR)]
    assert (both[0], both[-1], len(both)) == (295292, 295598, 307)
    assert all(rounded(PRINTED["HN"], each, 100) == 598 and rounded(PRINTED["CN"], each, 100) == 522 for each in both)
    assert not all(rounded(PRINTED["CN"], each, 100) == 522 and rounded(PRINTED["HN"], each, 100) == 598
                   for each in (both[0] - 1, both[-1] + 1))  # fmt: skip
    fewer = [Fraction(LESS, 10000) * each for each in (both[0], both[-1])]
    assert [ceil(each - Fraction(1, 2)) for each in fewer] == [7028, 7035]
    assert PRINTED["HOGIAM"] < Fraction(95, 100) * fewer[0]  # more than 5 % off, and so worth a question


# --- writing ---


def share_cell(count: int, whole: int) -> float:
    return rounded(count, whole, 10) / 10


def with_shares(row: Mapping[str, int]) -> dict[str, int | float]:
    return row | {f"%{code}": share_cell(row[code], row[code[:2]]) for code in SHARED}


def write_communes(ws: Worksheet, rows: Mapping[Unit, Row]) -> None:
    codes = list(chain(*(below for _, below in GROUPS)))
    head(ws, "SỞ NỘI VỤ", "BIỂU TỔNG HỢP ĐỘI NGŨ CÁN BỘ, CÔNG CHỨC CẤP XÃ NĂM 2017", GROUPS)
    row, number = 10, 0
    for roman, district in zip(ROMAN, DISTRICTS, strict=False):
        put_row(ws, row, [roman, district, *[None] * (len(codes) + 1)], bold=True)
        for (_, name), facts in ((unit, facts) for unit, facts in rows.items() if unit[0] == district):
            row, number = row + 1, number + 1
            known = with_shares(facts)
            put_row(ws, row, [number, name, *(known[code] for code in codes), None])
        row += 1
    sums = {code: sum(facts[code] for facts in rows.values()) for code in next(iter(rows.values()))}
    total = with_shares(sums) | {"CBCC": PRINTED["CBCC"]}
    put_row(ws, row, ["Tổng cộng", None, *(total[code] for code in codes), f"{len(rows)} đơn vị"], bold=True)
    ws.merge_cells(f"A{row}:B{row}")
    shown(ws, row, codes)
    foot(ws, row, 2018, len(codes) + 3)


def write_province(ws: Worksheet, year: int) -> None:
    groups = OF_PROVINCE if year == 2017 else ONLY_SHARE
    codes = list(chain(*(below for _, below in groups)))
    head(ws, "UBND TỈNH", f"BIỂU TỔNG HỢP SỐ LIỆU CƠ SỞ CỦA TỈNH NĂM {year}", groups)
    facts: dict[str, int | float] = {**with_shares(PRINTED | PEOPLE)} if year == 2017 else {}
    facts |= {"DV": 152, "TQ": 1277, "%CN": NEAR_POOR / 100, "%GIAM": LESS / 100, "%HN": POOR[year] / 100}
    note = "Báo cáo ghi gần 6.000 hộ giảm nghèo" if year == 2017 else None
    put_row(ws, 10, [1, PROVINCE, *(facts[code] for code in codes), note])
    ws.row_dimensions[10].height = 34
    shown(ws, 10, codes)
    foot(ws, 10, year + 1, len(codes) + 3)


def shown(ws: Worksheet, last: int, codes: Sequence[str]) -> None:
    """Shares with their decimals, counts by thousands."""
    for column, code in enumerate(codes, start=3):
        for row in range(10, last + 1):
            places = "0.0" if code[1:] in SHARED else "0.00"
            ws.cell(row, column).number_format = places if code.startswith("%") else "#,##0"


def head(ws: Worksheet, office: str, title: str, groups: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Names of state and office, title, and three rows of heading."""
    codes = list(chain(*(below for _, below in groups)))
    width = len(codes) + 3
    last, right = get_column_letter(width), get_column_letter(max(3, width - 8))
    put(ws, "A1", PROVINCE.upper(), to="B1")
    put(ws, "A2", office, to="B2", bold=True)
    put(ws, f"{right}1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to=f"{last}1", bold=True)
    put(ws, f"{right}2", "Độc lập - Tự do - Hạnh phúc", to=f"{last}2", bold=True)
    put(ws, "A4", title, to=f"{last}4", bold=True, size=14)
    put(ws, "A5", "(Tỉnh, huyện, xã và số của từng xã là ví dụ; các tổng là số một bài báo đã nêu)", to=f"{last}5",
        italic=True)  # fmt: skip
    put_row(ws, 7, ["TT", "Đơn vị", *[None] * len(codes), "Ghi chú"], bold=True, text_at=())
    put_row(ws, 8, [None, None, *(HEADINGS[code] for code in codes), None], bold=True, text_at=())
    column = 3
    for name, below in groups:
        first, end = get_column_letter(column), get_column_letter(column + len(below) - 1)
        if name:
            put(ws, f"{first}7", name, to=f"{end}7" if end != first else "", bold=True)
        else:
            put(ws, f"{first}7", HEADINGS[below[0]], to=f"{end}8", bold=True)
        column += len(below)
    for letter in ("A", "B", last):
        ws.merge_cells(f"{letter}7:{letter}8")
    put_row(ws, 9, [f"({n})" for n in range(1, width + 1)], text_at=())
    for at in range(1, width + 1):
        ws.column_dimensions[get_column_letter(at)].width = {1: 6, 2: 26, width: 20}.get(at, 12 if width > 9 else 26)
    ws.row_dimensions[8].height = 96 if width > 9 else 34
    page(ws, header_row=9, landscape=True)
    if width > 25:
        ws.print_title_cols = "A:B"
        ws.page_setup.fitToWidth = 3


def foot(ws: Worksheet, row: int, year: int, width: int) -> None:
    """Where the copies go, date and signature."""
    left, last = get_column_letter(max(3, width - 5)), get_column_letter(width)
    put(ws, f"B{row + 2}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{row + 3}", "- Tỉnh ủy, UBND tỉnh (báo cáo);", align=LEFT)
    put(ws, f"B{row + 4}", "- Lưu: VT.", align=LEFT)
    for at, text, bold in (
        (2, f"Ngày 20 tháng 3 năm {year}", False), (3, "THỦ TRƯỞNG ĐƠN VỊ", True), (4, "(Ký, ghi rõ họ tên)", False),
        (8, "Đỗ Lương Khoáng", True),
    ):  # fmt: skip
        put(ws, f"{left}{row + at}", text, to=f"{last}{row + at}", bold=bold, italic=not bold, align=CENTRE)


if __name__ == "__main__":
    main()
