"""Writes tinh-mau-2016-2019.xlsx: a province of which every number of the article on Điện Biên is true.

The article is Báo Điện Biên Phủ, 19/8/2020; `province` invents the communes and draws the scores. `verify` counts them
again under the edges of rules/cqcs-dien-bien.yaml, exactly and without xeploai, before a file is written: what the
package later says of the file is compared with numbers that it had no part in. Dates are fixed and the zip is packed
anew, so that the same openpyxl and zlib give the same bytes each time.

    python samples/make.py [OUT.xlsx]
"""

import re
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from province import (
    CRITERIA,
    PROVINCE,
    REVIEW,
    SCORED,
    YEARS,
    Scores,
    Unit,
    band,
    bare,
    by_criterion,
    draw_province,
    every_unit,
    groups,
    holds_title,
)

Value = str | int | float | None
WORDS = {"t": "Tốt", "k": "Khá", "b": "Trung bình", "y": "Yếu", "-": None}  # "-": not yet founded


def main() -> None:
    early, sheets, people = draw_province()
    verify(early, sheets, people)
    book = Workbook()
    book.remove(book.worksheets[0])
    for year, scores in sheets.items():
        write_scores(book.create_sheet(f"Năm {year}"), year, scores)
    write_list(
        book.create_sheet("Lịch sử"),
        f"KẾT QUẢ XẾP LOẠI CHÍNH QUYỀN CƠ SỞ CÁC NĂM {YEARS[0]} - {SCORED[0] - 1}",
        {"TT": 6, "Huyện": 26, "Xã, phường, thị trấn": 26} | {f"Năm {year}": 13 for year in range(YEARS[0], SCORED[0])},
        [[n, *unit, *map(WORDS.get, history)] for n, (unit, history) in enumerate(early.items(), start=1)],
    )
    write_list(
        book.create_sheet("Phân công"),
        "PHÂN CÔNG LÃNH ĐẠO VÀ CÔNG CHỨC PHỤ TRÁCH TIÊU CHÍ",
        {"Huyện": 26, "Đơn vị": 24, "Tiêu chí": 50, "Lãnh đạo phụ trách": 23, "Công chức phụ trách": 23},
        people,
    )
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("tinh-mau-2016-2019.xlsx")
    out.write_bytes(packed(book))


def verify(early: dict[Unit, str], sheets: dict[int, Scores], people: list[list[str]]) -> None:
    """The article's numbers, and the edges, from nothing but what will stand in the cells."""
    letters = {unit: early[unit] + "".join(band(sheets[year][unit]) for year in SCORED) for unit in early}

    def counted(year: int, district: str = "") -> tuple[int, ...]:
        """Tốt, khá, trung bình, yếu, and holders of the title."""
        rows = [leaves for unit, leaves in sheets[year].items() if district in unit[0]]
        return *(sum(band(leaves) == letter for leaves in rows) for letter in "tkby"), sum(map(holds_title, rows))

    def without_title(year: int, district: str) -> Counter[str]:
        return Counter(band(p) for unit, p in sheets[year].items() if district in unit[0] and not holds_title(p))

    def streaks(year: int, at_least: int, district: str = "") -> list[tuple[str, str, int]]:
        """Years of trung bình or worse on end, up to that year."""
        known = {unit: letters[unit][: year - YEARS[0] + 1] for unit in letters if district in unit[0]}
        years = {unit: len(history) - len(history.rstrip("by")) for unit, history in known.items()}
        return [(bare(unit[0]), bare(unit[1]), n) for unit, n in years.items() if n >= at_least]

    assert [len(members) for members in groups().values()] == [9, 3, 11, 12, 12, 19, 25, 14, 10, 15]
    maxima = [100 * most for _, parts, _ in CRITERIA for most in parts]
    for scores in sheets.values():
        assert list(scores) == every_unit()
        assert all(0 <= p <= most for leaves in scores.values() for p, most in zip(leaves, maxima, strict=True))

    assert counted(2018) == (21, 89, 20, 0, 64)
    assert counted(2019) == (18, 105, 7, 0, 75)
    assert counted(2019, "Keo Luốt")[-1] == 9
    assert without_title(2019, "Keo Luốt") == {"k": 4, "b": 1}
    assert counted(2017, "Keo Luốt")[2] == 10
    reminded = ["Chà Sưởng", "Hua Sưa", "Phiêng Đoỏng", "Co Nhíp", "Púng Sổm"]
    assert streaks(2016, 2, "Keo Luốt") == [("Keo Luốt", name, 2) for name in reminded]
    assert counted(2019, "Sín Nhọt")[-1] == 8
    assert without_title(2019, "Sín Nhọt") == {"k": 3}
    tenh_doong = [("Tênh Đoỏng", "Keo Thọt", 9), ("Tênh Đoỏng", "Pom Ngoạng", 6)]
    assert streaks(2019, 3) == [("Chà Ngoạng", "Háng Khẩu", 4), *tenh_doong, ("Nậm Sưởng", "Co Vặt", 3)]

    rows = list(sheets[2019].values())
    totals = [sum(leaves) for leaves in rows]
    assert all(totals.count(edge) == 1 for edge in (8000, 7999, 6500, 6499))
    binary = [sum(p / 100 for p in leaves) for leaves in rows]
    assert binary[totals.index(8000)] < 80  # a program that adds floats loses a tốt and a khá here
    assert binary[totals.index(6500)] < 65
    assert sum(band(leaves) == "t" and not holds_title(leaves) for leaves in rows) == 1
    criteria = [points for leaves in rows for points in by_criterion(leaves)]
    assert sum(points <= REVIEW for points in criteria) == 68
    assert [criteria.count(points) for points in (0, 900, 901)] == [1, 2, 1]
    assert len(people) == 130 * len(CRITERIA)
    assert all(leader != official for *_, leader, official in people)


# --- writing ---

THIN = Side(style="thin")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)


def put(ws: Worksheet, at: str, value: Value, *, to: str = "", bold: bool = False, italic: bool = False, size: int = 11,
        align: Alignment = CENTRE) -> None:  # fmt: skip
    ws[at] = value
    ws[at].font = Font(name="Times New Roman", size=size, bold=bold, italic=italic)
    ws[at].alignment = align
    if to:
        ws.merge_cells(f"{at}:{to}")


def put_row(
    ws: Worksheet, row: int, values: Sequence[Value], *, bold: bool = False, text_at: tuple[int, ...] = (2,)
) -> None:
    for column, value in enumerate(values, start=1):
        put(ws, f"{get_column_letter(column)}{row}", value, bold=bold, align=LEFT if column in text_at else CENTRE)
        ws.cell(row, column).border = GRID


def points_of(hundredths: int) -> int | float:
    return float(Decimal(hundredths) / 100) if hundredths % 100 else hundredths // 100


def write_scores(ws: Worksheet, year: int, scores: Scores) -> None:
    put(ws, "A1", f"UBND TỈNH {PROVINCE.upper()}", to="D1")
    put(ws, "A2", "SỞ NỘI VỤ", to="D2", bold=True)
    put(ws, "G1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", to="M1", bold=True)
    put(ws, "G2", "Độc lập - Tự do - Hạnh phúc", to="M2", bold=True)
    put(ws, "A4", f"BẢNG TỔNG HỢP ĐIỂM CHẤM CHÍNH QUYỀN CƠ SỞ NĂM {year}", to="M4", bold=True, size=14)
    put(ws, "A5", f"(Kèm theo Báo cáo số 12/BC-SNV ngày 15/01/{year + 1} của Sở Nội vụ)", to="M5", italic=True)
    put_row(ws, 7, ["TT", "Đơn vị", *[None] * 9, "Tổng điểm", "Ghi chú"], bold=True, text_at=())
    put_row(ws, 8, [None] * 13, bold=True)
    column = 3
    for name, maxima, parts in CRITERIA:
        first, after = get_column_letter(column), column + len(maxima)
        put(ws, f"{first}7", name, to=f"{get_column_letter(after - 1)}{7 if parts else 8}", bold=True)
        for at, part in enumerate(parts, start=column):
            put(ws, f"{get_column_letter(at)}8", part)
        column = after
    for letter in "ABLM":
        ws.merge_cells(f"{letter}7:{letter}8")
    put_row(ws, 9, [f"({n})" for n in range(1, 14)], text_at=())
    row = 10

    def summed(members: list[Unit]) -> list[Value]:
        sums = [sum(column) for column in zip(*(scores[unit] for unit in members), strict=True)]
        return [*map(points_of, sums), points_of(sum(sums)), f"{len(members)} đơn vị"]

    for roman, (district, members) in zip(ROMAN, groups().items(), strict=True):
        put_row(ws, row, [roman, district, *[None] * 11], bold=True)
        for n, unit in enumerate(members, start=1):
            leaves = scores[unit]
            put_row(ws, row + n, [n, unit[1], *map(points_of, leaves), points_of(sum(leaves)), None])
        row += len(members) + 2
        put_row(ws, row - 1, [None, "Cộng", *summed(members)], bold=True)
    put_row(ws, row, ["Tổng cộng", None, *summed(every_unit())], bold=True)
    ws.merge_cells(f"A{row}:B{row}")
    for cells in ws.iter_rows(min_row=10, max_row=row, min_col=12, max_col=12):
        cells[0].number_format = "0.00"
    put(ws, f"B{row + 2}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{row + 3}", "- UBND tỉnh (báo cáo);", align=LEFT)
    put(ws, f"B{row + 4}", "- Lưu: VT.", align=LEFT)
    put(ws, f"H{row + 2}", f"{PROVINCE}, ngày 15 tháng 01 năm {year + 1}", to=f"M{row + 2}", italic=True)
    put(ws, f"H{row + 3}", "GIÁM ĐỐC", to=f"M{row + 3}", bold=True)
    put(ws, f"H{row + 4}", "(Ký, ghi rõ họ tên)", to=f"M{row + 4}", italic=True)
    put(ws, f"H{row + 8}", "Đỗ Lương Khoáng", to=f"M{row + 8}", bold=True)
    for letter, width in zip("ABCDEFGHIJKLM", (5, 24, 13, 13, 14, 13, 10, 9, 13, 13, 14, 10, 12), strict=True):
        ws.column_dimensions[letter].width = width
    ws.row_dimensions[7].height = 46
    ws.row_dimensions[8].height = 62
    page(ws, header_row=9, landscape=True)


def write_list(ws: Worksheet, title: str, columns: dict[str, int], rows: Sequence[Sequence[Value]]) -> None:
    put(ws, "A1", title, to=f"{get_column_letter(len(columns))}1", bold=True, size=13)
    put_row(ws, 3, list(columns), bold=True, text_at=())
    for row, values in enumerate(rows, start=4):
        put_row(ws, row, values, text_at=tuple(n for n, width in enumerate(columns.values(), start=1) if width > 20))
    for column, width in enumerate(columns.values(), start=1):
        ws.column_dimensions[get_column_letter(column)].width = width
    page(ws, header_row=3, landscape=len(columns) > 7 or sum(columns.values()) > 100)


def page(ws: Worksheet, header_row: int, landscape: bool) -> None:
    ws.freeze_panes = f"C{header_row + 1}"
    ws.print_title_rows = f"{header_row if header_row == 3 else 7}:{header_row}"
    ws.page_setup.orientation = "landscape" if landscape else "portrait"
    ws.page_setup.paperSize = ws.PAPERSIZE_A4
    ws.page_setup.fitToHeight = 0
    ws.page_margins = PageMargins(left=0.5, right=0.4, top=0.5, bottom=0.5)
    ws.print_options.horizontalCentered = True
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def packed(book: Workbook) -> bytes:
    """The workbook's bytes with every date fixed: openpyxl writes the time of day into the zip and into core.xml."""
    book.properties.creator = "xeploai"
    raw, out = BytesIO(), BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-01-15T08:00:00Z", part)
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 15, 8, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return out.getvalue()


if __name__ == "__main__":
    main()
