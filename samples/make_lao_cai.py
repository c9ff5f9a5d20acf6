"""Writes trong-sach-vung-manh-2015-2019.xlsx: a city of 17 wards and communes of which the article on Lào Cai is true.

The article is Đài Phát thanh - Truyền hình Lào Cai (laocaitv.vn), 18/9/2019: six criteria; by 2020 at least 80 % of the
wards and communes with the title, already passed in 2019; a ward whose Party committee held a title of its own five years
on end (here Phường Tân Luốt). It tells no score and no name of a criterion: city, wards, criteria and points are invented.
`verify` counts what it says from the cells alone, exactly and without xeploai, before a file is written.

    python samples/make_lao_cai.py [OUT.xlsx]
"""

import sys
from fractions import Fraction
from pathlib import Path
from random import Random

from make import CENTRE, LEFT, packed, page, points_of, put, put_row
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Leaves = tuple[int, ...]  # hundredths of a point, one for each criterion
RNG = Random()
CITY = "Thành phố Luốt Khoang"
YEARS = range(2015, 2020)
CRITERIA = {
    "Hoạt động của Hội đồng nhân dân, Ủy ban nhân dân xã, phường": 2000,
    "Kinh tế, quản lý đô thị và xây dựng nông thôn mới": 2000,
    "Văn hóa, giáo dục, y tế và giảm nghèo ở cơ sở": 1500,
    "Quốc phòng, an ninh và trật tự trên địa bàn": 1500,
    "Thực hiện dân chủ và giải quyết công việc của người dân": 1500,
    "Đội ngũ cán bộ, công chức xã, phường": 1500,
}
PARTY = "Đảng bộ trong sạch, vững mạnh"
KHA, SHARE = 6500, 60  # the title of the government: 65 points, and no criterion below 60 % of its maximum
# fmt: off
UNITS = {  # t: the title of the government, by year; x: the title of the Party committee
    "Phường Tân Luốt": ("ttttt", "xxxxx"),  # the ward of the article: five years on end
    "Phường Hồng Sổm": ("ttttt", "-xxxx"),  # four years
    "Phường Noong Nhọt": ("-tttt", "xx-xx"),  # four of five, but not on end
    "Phường Him Khoang": ("ttttt", "xxxx-"),  # over in 2019
    "Phường Đồi Khoáng": ("tt-tt", "--x-x"),
    "Phường Cốc Sổm": ("t-ttt", "-x--x"),
    "Phường Nam Luốt": ("--ttt", "---xx"),
    "Phường Bắc Luốt": ("-tt-t", "x----"),
    "Phường Bản Nghĩnh": ("t-ttt", "--xx-"),
    "Phường Kim Khuông": ("---t-", "-----"),
    "Phường Phố Thoảng": ("tttt-", "xx--x"),  # the Party committee's without the government's: two titles
    "Phường Xuân Đoỏng": ("-tttt", "----x"),
    "Xã Tả Sổm": ("----t", "-----"),
    "Xã Cam Nhíp": ("t-ttt", "--x--"),
    "Xã Hợp Khuông": ("-ttt-", "-x---"),
    "Xã Đồng Nghĩnh": ("t---t", "-----"),
    "Xã Vạn Thoảng": ("-t--t", "x-x--"),
}
EDGES = {  # of 2019
    "Phường Xuân Đoỏng": (1300, 1350, 900, 1050, 1000, 900),  # 65 points, two criteria at 60 % exactly: the title
    "Phường Kim Khuông": (1500, 1425, 895, 1150, 1075, 1040),  # 8,95 of 15 is 59,67 %: khá without the title
    "Xã Hợp Khuông": (1300, 1350, 900, 1050, 999, 900),  # 64,99 points: trung bình
}
# fmt: on


def main() -> None:
    RNG.seed(2019_17)
    sheets = {year: {name: draw(name, year) for name in UNITS} for year in YEARS}
    party = {year: {name: held[year - YEARS[0]] == "x" for name, (_, held) in UNITS.items()} for year in YEARS}
    verify(sheets, party)
    book = Workbook()
    book.remove(book.worksheets[0])
    for year in reversed(YEARS):
        write(book.create_sheet(f"Năm {year}"), year, sheets[year], party[year])
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("trong-sach-vung-manh-2015-2019.xlsx")
    out.write_bytes(packed(book))


def draw(name: str, year: int) -> Leaves:
    """A believable row with the title or without it: without, one or two criteria are weak."""
    if year == YEARS[-1] and name in EDGES:
        return EDGES[name]
    titled = UNITS[name][0][year - YEARS[0]] == "t"
    while True:
        weak = set() if titled else set(RNG.sample(range(len(CRITERIA)), RNG.choice((1, 2))))
        leaves = tuple(
            round(most * (RNG.uniform(0.45, 0.58) if at in weak else RNG.uniform(0.64, 0.93)) / 25) * 25
            for at, most in enumerate(CRITERIA.values())
        )
        if holds_title(leaves) == titled:
            return leaves


def holds_title(leaves: Leaves) -> bool:
    return sum(leaves) >= KHA and all(
        100 * p >= SHARE * most for p, most in zip(leaves, CRITERIA.values(), strict=True)
    )


def verify(sheets: dict[int, dict[str, Leaves]], party: dict[int, dict[str, bool]]) -> None:
    """What the article says, and the edges, from nothing but what will stand in the cells."""
    assert len(CRITERIA) == 6
    assert sum(CRITERIA.values()) == 10000
    assert [name.split()[0] for name in UNITS].count("Phường") == 12
    for rows in sheets.values():
        assert len(rows) == 17
        assert all(0 <= p <= m for row in rows.values() for p, m in zip(row, CRITERIA.values(), strict=True))
    titled = {year: sum(map(holds_title, rows.values())) for year, rows in sheets.items()}
    assert (titled[2018], titled[2019]) == (13, 14)
    assert Fraction(13, 17) < Fraction(80, 100) < Fraction(14, 17)
    assert all(count < 13 for year, count in titled.items() if year < 2018)
    runs = {name: [party[year][name] for year in YEARS] for name in UNITS}
    assert [name for name, held in runs.items() if all(held)] == ["Phường Tân Luốt"]
    assert [name for name, held in runs.items() if sum(held) == 4] == [*list(UNITS)[1:4]]
    newest = sheets[2019]
    assert [name for name in UNITS if party[2019][name] and not holds_title(newest[name])] == ["Phường Phố Thoảng"]
    assert sum(newest["Phường Xuân Đoỏng"]) == 6500
    assert holds_title(newest["Phường Xuân Đoỏng"])
    assert sum(newest["Xã Hợp Khuông"]) == 6499
    assert sum(newest["Phường Kim Khuông"]) >= KHA


def write(ws: Worksheet, year: int, rows: dict[str, Leaves], party: dict[str, bool]) -> None:
    last = 5 + len(CRITERIA)
    end = get_column_letter(last)
    put(ws, "A1", f"UBND {CITY}", to="C1")
    put(ws, "A2", "PHÒNG NỘI VỤ", to="C2", bold=True)
    put(ws, "F1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to=f"{end}1", bold=True)
    put(ws, "F2", "Độc lập - Tự do - Hạnh phúc", to=f"{end}2", bold=True)
    title = f"BẢNG TỔNG HỢP ĐIỂM ĐÁNH GIÁ TỔ CHỨC CHÍNH QUYỀN CƠ SỞ TRONG SẠCH, VỮNG MẠNH NĂM {year}"
    put(ws, "A4", title, to=f"{end}4", bold=True, size=14)
    put(ws, "A5", f"(Kèm theo Báo cáo ngày 10/9/{year} của Phòng Nội vụ)", to=f"{end}5", italic=True)
    for row in (7, 8):
        put_row(ws, row, [None] * last, bold=True, text_at=())
    for column, text in ((1, "TT"), (2, "Xã, phường"), (last - 2, "Tổng điểm"), (last - 1, PARTY), (last, "Ghi chú")):
        letter = get_column_letter(column)
        put(ws, f"{letter}7", text, to=f"{letter}8", bold=True)
    put(ws, "C7", "Điểm các tiêu chí", to=f"{get_column_letter(2 + len(CRITERIA))}7", bold=True)
    for column, (name, most) in enumerate(CRITERIA.items(), start=3):
        put(ws, f"{get_column_letter(column)}8", f"{name} ({points_of(most)} điểm)", align=CENTRE)
    put_row(ws, 9, [f"({n})" for n in range(1, last + 1)], text_at=())
    for n, (name, leaves) in enumerate(rows.items(), start=1):
        held = "Có" if party[name] else "Không"
        put_row(ws, 9 + n, [n, name, *map(points_of, leaves), points_of(sum(leaves)), held, None])
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    row = 10 + len(rows)
    values = [None, "Cộng", *map(points_of, sums), points_of(sum(sums)), None, f"{len(rows)} đơn vị"]
    put_row(ws, row, values, bold=True)
    put(ws, f"B{row + 2}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{row + 3}", "- UBND thành phố (báo cáo);", align=LEFT)
    put(ws, f"B{row + 4}", "- Lưu: VT.", align=LEFT)
    put(ws, f"G{row + 2}", f"Luốt Khoang, ngày 10 tháng 9 năm {year}", to=f"{end}{row + 2}", italic=True)
    put(ws, f"G{row + 3}", "TRƯỞNG PHÒNG", to=f"{end}{row + 3}", bold=True)
    put(ws, f"G{row + 4}", "(Ký, ghi rõ họ tên)", to=f"{end}{row + 4}", italic=True)
    put(ws, f"G{row + 8}", "Bạc Nhã Khuông", to=f"{end}{row + 8}", bold=True)
    for letter, width in zip("ABCDEFGHIJK", (5, 24, 15, 15, 15, 15, 15, 15, 10, 14, 12), strict=True):
        ws.column_dimensions[letter].width = width
    ws.row_dimensions[8].height = 92
    page(ws, header_row=9, landscape=True)


if __name__ == "__main__":
    main()
