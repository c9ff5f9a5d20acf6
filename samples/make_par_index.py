"""Writes par-index-huyen-2017-2020.xlsx: ten districts of which every number of the article on Mường Nhé is true.

The article is Báo Điện Biên Phủ, 19/9/2021: Huyện Sín Nhọt has its numbers here, Huyện Keo Luốt those of the ninth
district. The province is the invented one of `province`; maxima and all other scores are invented too. The sheet of 2020
has the phases side by side, as the PAR software exports them (TC, TĐ, ĐTXHH, BT); the years before are published by field.
`verify` counts what the article says from the cells alone, exactly and without xeploai, before a file is written.

    python samples/make_par_index.py [OUT.xlsx]
"""

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

from make import CENTRE, LEFT, packed, page, points_of, put, put_row
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from province import DISTRICTS, PROVINCE

Leaf = tuple[str, int, str]  # name, maximum in hundredths, how it is scored: TĐ, XHH or both
Phases = tuple[int | None, int | None, int | None, int | None]  # tự chấm, thẩm định, điều tra, bị trừ
RNG = Random()
YEARS = (2017, 2018, 2019, 2020)
LAST, NINTH = "Huyện Sín Nhọt", "Huyện Keo Luốt"
TITLE = "CHỈ SỐ CẢI CÁCH HÀNH CHÍNH CỦA UBND CÁC HUYỆN, THỊ XÃ, THÀNH PHỐ NĂM"
BOTH = {  # maxima of appraisal and survey, of the leaves that have both
    "Giải quyết thủ tục hành chính tại Bộ phận Một cửa cấp huyện": (200, 100),
    "Chấp hành kỷ luật, kỷ cương hành chính": (100, 100),
}
TREE = """
Công tác chỉ đạo, điều hành
  Kế hoạch cải cách hành chính năm
    150 Ban hành kế hoạch cải cách hành chính kịp thời
    350 Mức độ hoàn thành kế hoạch cải cách hành chính
  Báo cáo và kiểm tra cải cách hành chính
    150 Chế độ báo cáo cải cách hành chính định kỳ
    150 Kiểm tra cải cách hành chính tại các cơ quan, đơn vị
    150 Xử lý vấn đề phát hiện qua kiểm tra
  Tuyên truyền cải cách hành chính
    100 Thực hiện kế hoạch tuyên truyền
    100 Mức độ đa dạng trong tuyên truyền cải cách hành chính
  Trách nhiệm trong chỉ đạo, điều hành
    150 Gắn kết quả cải cách hành chính với đánh giá, xếp loại hằng năm người đứng đầu, cấp phó và cán bộ, công chức
    200 Thực hiện nhiệm vụ được UBND tỉnh, Chủ tịch UBND tỉnh giao trong năm
Xây dựng và tổ chức thực hiện văn bản quy phạm pháp luật
  Xây dựng văn bản
    200 Thực hiện kế hoạch xây dựng văn bản
    200 Thực hiện quy trình xây dựng văn bản
  Tổ chức thực hiện văn bản
    200 Theo dõi tình hình thi hành pháp luật
    200 Rà soát, hệ thống hóa văn bản
    200 Kiểm tra và xử lý văn bản trái quy định
Cải cách thủ tục hành chính
  Kiểm soát thủ tục hành chính
    250 Rà soát, đánh giá thủ tục hành chính
    250 Công khai thủ tục hành chính
  Cơ chế một cửa, một cửa liên thông
    300 Giải quyết thủ tục hành chính tại Bộ phận Một cửa cấp huyện
    200 Giải quyết thủ tục hành chính tại Bộ phận Một cửa cấp xã
  Kết quả giải quyết hồ sơ
    300 Hồ sơ của cấp huyện giải quyết đúng hạn
    200 Hồ sơ của cấp xã giải quyết đúng hạn
    100 Tiếp nhận, xử lý phản ánh, kiến nghị về thủ tục hành chính
Cải cách tổ chức bộ máy hành chính
  Sắp xếp tổ chức bộ máy
    300 Thực hiện quy định về tổ chức bộ máy
    300 Thực hiện quy định về số lượng cấp phó
  Phân cấp quản lý
    200 Thực hiện các quy định về phân cấp
    200 Kiểm tra việc thực hiện nhiệm vụ đã phân cấp
Xây dựng và nâng cao chất lượng đội ngũ cán bộ, công chức, viên chức
  Quản lý cán bộ, công chức, viên chức
    300 Bố trí công chức theo vị trí việc làm
    300 Tuyển dụng, bổ nhiệm đúng quy định
    200 Đánh giá, phân loại công chức, viên chức
  Đào tạo và kỷ luật hành chính
    200 Thực hiện kế hoạch đào tạo, bồi dưỡng
    200 Chấp hành kỷ luật, kỷ cương hành chính
Cải cách tài chính công
  Lập, phân bổ và giao dự toán ngân sách
    100 Lập dự toán đúng thời hạn
    75 Phân bổ dự toán cho các đơn vị, các xã
    75 Giao dự toán đúng thời hạn
    50 Điều chỉnh dự toán đúng quy định
  Báo cáo tình hình thực hiện dự toán
    100 Báo cáo thực hiện dự toán kịp thời
    75 Độ chính xác của số liệu báo cáo dự toán
    75 Quyết toán ngân sách đúng hạn
    50 Công khai ngân sách
  Thực hiện cơ chế tự chủ
    100 Tự chủ về kinh phí tại cơ quan hành chính
    75 Tự chủ tại đơn vị sự nghiệp công lập
    75 Ban hành quy chế chi tiêu nội bộ
    50 Tiết kiệm chi thường xuyên
  Quản lý tài sản công và đầu tư công
    100 Giải ngân vốn đầu tư công
    75 Ban hành quy chế quản lý, sử dụng tài sản công
    75 Kiểm kê, báo cáo tài sản công
    50 Thực hiện kết luận thanh tra, kiểm toán về tài chính
Hiện đại hóa hành chính
  Ứng dụng công nghệ thông tin
    300 Trao đổi văn bản điện tử
    400 Cung cấp dịch vụ công trực tuyến
    200 Tiếp nhận, trả kết quả qua bưu chính công ích
  Áp dụng hệ thống quản lý chất lượng
    300 Công bố hệ thống quản lý chất lượng
    300 Duy trì, cải tiến hệ thống quản lý chất lượng
Tác động của cải cách hành chính đến người dân, tổ chức và phát triển kinh tế - xã hội
  Đánh giá của người dân, tổ chức và cán bộ
    300 XHH Mức độ hài lòng của người dân, tổ chức
    300 XHH Đánh giá của cán bộ, công chức về cải cách hành chính
  Phát triển kinh tế - xã hội
    200 Thu ngân sách trên địa bàn
    200 Giảm tỷ lệ hộ nghèo
"""
# Hundredths of a point, by field; what the article does not say of the last district is invented.
LAST_2020 = (802, 595, 985, 635, 871, 219, 955, 555)
ZEROS = {  # places of the leaves at 0: the three of the article, and 11 of 16
    0: (6, 7, 8),
    5: (1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 14),
}
DEDUCTED_TO_ZERO = (5, 8)  # appraised at half a point, and all of it deducted: also 0 điểm
TOTALS = {  # in the order of DISTRICTS
    2017: (7412, 7038, 4562, 6577, 6915, 6190, 6844, 6231, 6702, 5874),
    2018: (7520, 7105, 4785, 6410, 6988, 6335, 7014, 6120, 6856, 5967),
    2019: (7466, 7231, 4929, 6638, 6720, 6512, 7188, 6305, 6941, 6044),
    2020: (7549, 7310, 5617, 7244, 7188, 7365, 7486, 7120, 7420, 7703),
}


def tree() -> list[tuple[str, list[tuple[str, list[Leaf]]]]]:
    """Fields, their criteria, their leaves."""
    fields: list[tuple[str, list[tuple[str, list[Leaf]]]]] = []
    for line in TREE.strip().splitlines():
        text = line.strip()
        if not line.startswith(" "):
            fields.append((text, []))
        elif not line.startswith("    "):
            fields[-1][1].append((text, []))
        else:
            most, name = text.split(" ", 1)
            how = "XHH" if name.startswith("XHH ") else "cả hai" if name in BOTH else "TĐ"
            fields[-1][1][-1][1].append((name.removeprefix("XHH "), int(most), how))
    return fields


FIELDS = tree()
LEAVES = [[leaf for _, leaves in criteria for leaf in leaves] for _, criteria in FIELDS]
MAXIMA = [sum(most for _, most, _ in leaves) for leaves in LEAVES]


def main() -> None:
    RNG.seed(2020_17)
    by_field = {year: {name: draw_fields(year, name) for name in DISTRICTS} for year in YEARS}
    cells = {
        name: [draw_leaves(name, at, total) for at, total in enumerate(by_field[2020][name])] for name in DISTRICTS
    }
    verify(by_field, cells)
    book = Workbook()
    book.remove(book.worksheets[0])
    write_phases(book.create_sheet("Năm 2020"), cells)
    for year in reversed(YEARS[:-1]):
        write_fields(book.create_sheet(f"Năm {year}"), year, by_field[year])
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("par-index-huyen-2017-2020.xlsx")
    out.write_bytes(packed(book))


# --- drawing ---


def draw_fields(year: int, name: str) -> tuple[int, ...]:
    """Points by field that add up to the total of this district and year."""
    total = TOTALS[year][list(DISTRICTS).index(name)]
    if (year, name) == (2020, LAST):
        return LAST_2020
    low = {6: 870} if (year, name) == (2020, NINTH) else {}  # modernisation: somebody is below the last district
    drawn = [low.get(at) or round(most * total / 10000 * RNG.uniform(0.95, 1.05)) for at, most in enumerate(MAXIMA)]
    firm = [at for at in range(len(MAXIMA)) if at not in low]
    while gap := total - sum(drawn):
        at = RNG.choice(firm)
        drawn[at] = max(0, min(MAXIMA[at], drawn[at] + max(-9, min(9, gap))))
    return tuple(drawn)


def draw_leaves(name: str, at: int, total: int) -> list[Phases]:
    """The leaves of one field: official points that add up to its total, then the phases that make them."""
    leaves = LEAVES[at]
    zeros = ZEROS.get(at, ()) if name == LAST else (11,) if (name, at) == ("Huyện Nậm Sưởng", 5) else ()
    firm = [place for place in range(len(leaves)) if place not in zeros]
    share = total / sum(leaves[place][1] for place in firm)
    drawn = [0] * len(leaves)
    for place in firm:
        most = leaves[place][1]
        drawn[place] = min(most, max(5, round(most * share * RNG.uniform(0.85, 1.15) / 5) * 5))
    while gap := total - sum(drawn):
        place = RNG.choice(firm)
        drawn[place] = min(leaves[place][1], max(5, drawn[place] + max(-10, min(10, gap))))
    return [
        draw_phases(leaf, points, to_zero=name == LAST and (at, place) == DEDUCTED_TO_ZERO)
        for place, (leaf, points) in enumerate(zip(leaves, drawn, strict=True))
    ]


def draw_phases(leaf: Leaf, points: int, *, to_zero: bool) -> Phases:
    """Self-scores are seldom below the appraisal; a deduction is rare; what was never deducted stays blank."""
    name, most, how = leaf
    if how == "XHH":
        return None, None, points, None
    most, most_of_survey = BOTH.get(name, (most, 0))
    survey = min(most_of_survey, max(points - most, round(points * most_of_survey / (most + most_of_survey))))
    left = points - survey
    room = min(25, most - left)
    deducted = 50 if to_zero else RNG.choice((0, 0, 0, 0, 0, 0, 0, 0, room - room % 5)) if left else 0
    appraised = left + deducted
    own = min(most, appraised + RNG.choice((0, 0, 25, 25, 50)) if appraised else RNG.choice((25, 50)))
    return own, appraised, survey if how == "cả hai" else None, deducted or None


# --- what the article says, from nothing but what will stand in the cells ---


def official(phases: Phases) -> int:
    _, appraised, survey, deducted = phases
    return (appraised or 0) + (survey or 0) - (deducted or 0)


def by_leaf(fields: list[list[Phases]]) -> list[tuple[Leaf, Phases]]:
    """Every leaf with what one district has under it."""
    return [pair for leaves, phases in zip(LEAVES, fields, strict=True) for pair in zip(leaves, phases, strict=True)]


def verify(by_field: dict[int, dict[str, tuple[int, ...]]], cells: dict[str, list[list[Phases]]]) -> None:
    assert len(DISTRICTS) == 10
    assert len(FIELDS) == 8
    assert sum(MAXIMA) == 10000
    for name, fields in cells.items():
        assert [sum(map(official, leaves)) for leaves in fields] == list(by_field[2020][name])
        for (_, most, _), phases in by_leaf(fields):
            assert 0 <= official(phases) <= most
            assert all(0 <= each <= most for each in phases if each is not None)
    totals = {year: {name: sum(fields) for name, fields in by_field[year].items()} for year in YEARS}
    assert all(total == dict(zip(DISTRICTS, TOTALS[year], strict=True)) for year, total in totals.items())
    for year in YEARS:  # last four years running, and never together with another
        assert sorted(totals[year], key=totals[year].__getitem__)[0] == LAST
        assert len(set(totals[year].values())) == 10
    assert (totals[2020][LAST], totals[2019][LAST], totals[2020][NINTH]) == (5617, 4929, 7120)
    assert sorted(totals[2020].values())[1] == 7120
    assert totals[2020][LAST] - totals[2019][LAST] == 688
    assert totals[2020][NINTH] - totals[2020][LAST] == 1503
    assert sum(6500 <= total < 8000 for total in totals[2020].values()) == 9
    lowest = [
        at for at in range(8) if all(by_field[2020][LAST][at] < row[at] for name, row in by_field[2020].items() if name != LAST)
    ]  # fmt: skip
    assert lowest == [0, 1, 2, 3, 5, 7]
    percents = [round(Decimal(100 * points) / most, 2) for points, most in zip(LAST_2020, MAXIMA, strict=True)]
    assert (percents[0], percents[5]) == (Decimal("53.47"), Decimal("18.25"))
    zeros = {
        name: [leaf for (leaf, _, _), phases in by_leaf(fields) if not official(phases)]
        for name, fields in cells.items()
    }
    in_field = [sum(leaf in zeros[LAST] for leaf, _, _ in leaves) for leaves in LEAVES]
    assert in_field == [3, 0, 0, 0, 0, 11, 0, 0]
    assert len(LEAVES[5]) == 16
    assert [leaf[:18] for leaf in zeros[LAST][:3]] == ["Mức độ đa dạng tro", "Gắn kết quả cải cá", "Thực hiện nhiệm vụ"]
    assert {name: len(leaves) for name, leaves in zeros.items() if leaves} == {LAST: 14, "Huyện Nậm Sưởng": 1}
    assert any(p[3] and official(p) == 0 for p in cells[LAST][5])


# --- writing ---


def ranks(totals: Sequence[int]) -> list[int]:
    return [1 + sum(other > total for other in totals) for total in totals]


def head(ws: Worksheet, year: int, last: int) -> None:
    middle, end = get_column_letter(min(last, 18) // 2), get_column_letter(min(last, 18))
    put(ws, "A1", f"UBND TỈNH {PROVINCE.upper()}", to="C1")
    put(ws, "A2", "SỞ NỘI VỤ", to="C2", bold=True)
    put(ws, f"{middle}1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to=f"{end}1", bold=True)
    put(ws, f"{middle}2", "Độc lập - Tự do - Hạnh phúc", to=f"{end}2", bold=True)
    put(ws, "A4", f"BẢNG TỔNG HỢP KẾT QUẢ {TITLE} {year}", to=f"{end}4", bold=True, size=14)
    put(ws, "A5", f"(Kèm theo Quyết định công bố ngày 15/6/{year + 1} của UBND tỉnh)", to=f"{end}5", italic=True)


def foot(ws: Worksheet, row: int, year: int) -> None:
    put(ws, f"B{row}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{row + 1}", "- UBND tỉnh (báo cáo);", align=LEFT)
    put(ws, f"B{row + 2}", "- Lưu: VT.", align=LEFT)
    put(ws, f"F{row}", f"{PROVINCE}, ngày 15 tháng 6 năm {year + 1}", to=f"L{row}", italic=True)
    put(ws, f"F{row + 1}", "GIÁM ĐỐC", to=f"L{row + 1}", bold=True)
    put(ws, f"F{row + 2}", "(Ký, ghi rõ họ tên)", to=f"L{row + 2}", italic=True)
    put(ws, f"F{row + 6}", "Đỗ Lương Khoáng", to=f"L{row + 6}", bold=True)


def heading(ws: Worksheet, at: tuple[int, int], to: tuple[int, int], text: str, *, bold: bool = False) -> None:
    put(ws, f"{get_column_letter(at[1])}{at[0]}", text, bold=bold, align=CENTRE)
    if at != to:
        ws.merge_cells(start_row=at[0], start_column=at[1], end_row=to[0], end_column=to[1])


def of_most(name: str, most: int) -> str:
    return f"{name} ({str(points_of(most)).replace('.', ',')} điểm)"


def columns_of(leaf: Leaf) -> list[tuple[str, int]]:
    """The phases that a leaf has a column for, and their places among Phases."""
    phases = [("Tự chấm", 0), ("Thẩm định", 1), ("ĐTXHH", 2), ("Bị trừ", 3)]
    return [phases[2]] if leaf[2] == "XHH" else phases if leaf[2] == "cả hai" else [phases[0], phases[1], phases[3]]


def write_phases(ws: Worksheet, cells: dict[str, list[list[Phases]]]) -> None:
    """Four heading rows (field, criterion, leaf, phase), then a row for each district."""
    last = 4 + sum(len(columns_of(leaf)) for leaves in LEAVES for leaf in leaves)
    head(ws, 2020, last)
    for row in range(7, 11):
        put_row(ws, row, [None] * last, text_at=())
    for column, text in ((1, "STT"), (2, "Đơn vị"), (last - 1, "Tổng điểm"), (last, "Xếp hạng")):
        heading(ws, (7, column), (10, column), text, bold=True)
    column = 3
    for roman, (field, criteria) in zip(("I", "II", "III", "IV", "V", "VI", "VII", "VIII"), FIELDS, strict=True):
        start_of_field = column
        for number, (criterion, leaves) in enumerate(criteria, start=1):
            start = column
            for leaf in leaves:
                wide = columns_of(leaf)
                heading(ws, (9, column), (9, column + len(wide) - 1), of_most(leaf[0], leaf[1]))
                for place, (phase, _) in enumerate(wide):
                    heading(ws, (10, column + place), (10, column + place), phase)
                column += len(wide)
            heading(ws, (8, start), (8, column - 1), f"{number}. {criterion}", bold=True)
        heading(ws, (7, start_of_field), (7, column - 1), f"{roman}. {field}", bold=True)
    put_row(ws, 11, [f"({n})" for n in range(1, last + 1)], text_at=())
    totals = [sum(official(p) for leaves in fields for p in leaves) for fields in cells.values()]
    for n, ((name, fields), total, rank) in enumerate(zip(cells.items(), totals, ranks(totals), strict=True), start=1):
        values: list[int | float | None] = [
            None if phases[place] is None else points_of(phases[place] or 0)
            for leaf, phases in by_leaf(fields)
            for _, place in columns_of(leaf)
        ]
        put_row(ws, 11 + n, [n, name, *values, points_of(total), rank])
    foot(ws, 24, 2020)
    for at in range(1, last + 1):
        ws.column_dimensions[get_column_letter(at)].width = 26 if at == 2 else 5 if at == 1 else 8
    ws.row_dimensions[8].height = 34
    ws.row_dimensions[9].height = 108
    page(ws, header_row=11, landscape=True)
    ws.print_title_cols = "A:B"
    ws.page_setup.fitToWidth = 8


def write_fields(ws: Worksheet, year: int, rows: dict[str, tuple[int, ...]]) -> None:
    """One heading row, points by field only: what is published of earlier years."""
    last = 4 + len(FIELDS)
    head(ws, year, last)
    names = [of_most(field, most) for (field, _), most in zip(FIELDS, MAXIMA, strict=True)]
    put_row(ws, 7, ["STT", "Đơn vị", *names, "Tổng điểm", "Xếp hạng"], bold=True, text_at=())
    put_row(ws, 8, [f"({n})" for n in range(1, last + 1)], text_at=())
    totals = [sum(fields) for fields in rows.values()]
    for n, ((name, fields), total, rank) in enumerate(zip(rows.items(), totals, ranks(totals), strict=True), start=1):
        put_row(ws, 8 + n, [n, name, *map(points_of, fields), points_of(total), rank])
    foot(ws, 21, year)
    for at in range(1, last + 1):
        ws.column_dimensions[get_column_letter(at)].width = 26 if at == 2 else 5 if at == 1 else 14
    ws.row_dimensions[7].height = 110
    page(ws, header_row=8, landscape=True)


if __name__ == "__main__":
    main()
