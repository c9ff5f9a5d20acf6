"""Tables → .xlsx: texts stay texts, numbers stay numbers, the same tables give the same bytes."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import html
import io
import os
import re
import subprocess
import sys
import tempfile
import tracemalloc
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from builders import a_book, a_grid, run
from xeploai import read
from xeploai.findings import Unusable
from xeploai.report import tables
from xeploai.report.table import Column, Link, Page, Table
from xeploai.write import beside, workbook
from xeploai.write.workbook import workbook_bytes

SIX = ["Tổng hợp", "Kết quả", "Cảnh báo", "Chi tiết", "Lịch sử", "Thông tin"]
HOSTILE = [
    "=1+1", "=cmd|'/c calc'!A1", "==", "=", "+84", "-5", "@SUM(A1)", "#N/A", "#REF!", "＝1+1", " đầu và cuối ", "[cũ]",
    "[red]Xã[/red]", "'nháy", "5", "0010", "8/5", "TRUE", "1E5", "<b>&amp;</b>",
]  # fmt: skip
SCORES = """
| BẢNG ĐIỂM NĂM 2019 |
| STT | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |
| 1 | Huyện A | Xã Ná | 18.5 | 11 | 7 |
| 2 | Huyện A | Xã Nả | 9 | 8 | 8 |
| 3 | Huyện B | Xã Nạ | x | 8 | 8 |
"""


def a_page(*values: object, kind: str = "text") -> list[Page]:
    return [Page("Trang", (Table((Column("Tên", kind),), [[value] for value in values]),))]  # type: ignore[arg-type, list-item]


def outcome():
    return run(a_book("cảnh báo:\n  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm}"), a_grid(SCORES))


@pytest.mark.parametrize("kind", ["text", "long", "count", "points", "percent"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_never_a_formula_an_error_or_a_number(text, kind):
    content = workbook_bytes(a_page(text, kind=kind))
    cell = openpyxl.load_workbook(io.BytesIO(content))["Trang"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Trang").to_python()[1] == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_heading_and_a_line_above_are_texts_too(text):
    page = Page("Trang", (Table((Column(text),), [["x"]], ("Tiêu đề",)),))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([page])))["Trang"]
    assert [(cell.value, cell.data_type) for cell in (sheet["A1"], sheet["A3"])] == [("Tiêu đề", "s"), (text, "s")]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_line_above_is_a_text(text):
    page = Page("Trang", (Table((Column("Tên"),), [["x"]], (text,)),))
    cell = openpyxl.load_workbook(io.BytesIO(workbook_bytes([page])))["Trang"]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(("text", "marked"), [("Xã Ná", False), ("-5", False), ("=1+1", True), ("#N/A", True)])
def test_what_looks_like_a_formula_is_still_a_text_when_somebody_edits_its_cell(text, marked):
    """F2 and Enter let Excel read a cell anew, unless it is marked as a text (what an apostrophe before it does)."""
    page = Page("Trang", (Table((Column(text), Column("Ghi chú", "long")), [[text, text]], (text,)),))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([page])))["Trang"]
    cells = [sheet[at] for at in ("A1", "A3", "A4", "B4")]
    assert [(cell.value, cell.quotePrefix) for cell in cells] == [(text, marked)] * 4


@pytest.mark.parametrize("text", ["\t=1+1", "\n=1+1", "\t+84"])
def test_a_formula_behind_a_tab_or_a_line_break_is_a_text(text):
    cell = openpyxl.load_workbook(io.BytesIO(workbook_bytes(a_page(text))))["Trang"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x1f", "\ud800", "\ufffe"])
def test_a_control_character_becomes_visible_in_every_place(char):
    page = Page("Trang", (Table((Column(f"Cột{char}"),), [[f"Xã{char}Ná"]], (f"Tên{char}bộ",)),))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([page])))["Trang"]
    seen = f"\\x{ord(char):02x}"
    assert [sheet[at].value for at in ("A1", "A3", "A4")] == [f"Tên{seen}bộ", f"Cột{seen}", f"Xã{seen}Ná"]


def test_a_text_of_32767_characters_is_written_whole_and_one_more_is_refused_never_cut():
    most = "ă" * 32_767
    assert openpyxl.load_workbook(io.BytesIO(workbook_bytes(a_page(most))))["Trang"]["A2"].value == most
    with pytest.raises(Unusable) as stopped:
        workbook_bytes(a_page(most + "ă"))
    assert [finding.code for finding in stopped.value.findings] == ["DL91"]


@pytest.mark.parametrize("kind", ["text", "long", "count", "points", "percent"])
def test_numbers_are_numbers_and_nothing_is_nothing(kind):
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(a_page(Decimal("83.55"), 3, 0, None, "", kind=kind))))[
        "Trang"
    ]
    found = [(sheet.cell(row, 1).value, sheet.cell(row, 1).data_type) for row in range(2, 7)]
    assert found == [(83.55, "n"), (3, "n"), (0, "n"), (None, "n"), (None, "n")]


@pytest.mark.parametrize("text", ["_x0041_", "Xã _x000D_Ná", "_x005F_x0041_", "_X0041_", "_x41_", "a_x0041_b_x0042_"])
def test_what_excel_would_read_as_a_code_of_a_character_is_protected(text):
    """Excel shows _x0041_ as A: the underscore itself is written as its code. calamine reads as Excel does."""
    page = Page("Trang", (Table((Column(text),), [[text]], (text,)),))
    content = workbook_bytes([page])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Trang").to_python()
    assert [row[0] for row in rows if row[0]] == [text] * 3


@pytest.mark.parametrize("place", ["heading", "above", "row"])
def test_a_text_that_is_too_long_is_refused_wherever_it_stands(place):
    long = "ă" * 32_768
    page = Page("Trang", (Table((Column(long if place == "heading" else "Tên"),), [[long if place == "row" else "x"]],
                                (long,) if place == "above" else ()),))  # fmt: skip
    with pytest.raises(Unusable) as stopped:
        workbook_bytes([page])
    (finding,) = stopped.value.findings
    assert (finding.code, "32768 ký tự" in finding.message) == ("DL91", True)


def test_a_text_that_grows_too_long_when_its_characters_are_written_out_is_refused():
    with pytest.raises(Unusable):
        workbook_bytes(a_page("\x07" * 8192))
    workbook_bytes(a_page("\x07" * 8191))  # 4 × 8,191 = 32,764


ODD = [
    "=1+1",
    "http://a.b/c",
    "mailto:a@b.c",
    "&A&P",
    "&[File]",
    "[/x]",
    "\x1b[31mĐỏ",
    "\x9b31m",
    "\u202eNgược",
    "<i>x</i>",
]


OWN_LINK = re.compile(r"""<hyperlink ref="[A-Z]+\d+" location="'(Kết quả|Chi tiết|Cảnh báo)'!A\d+"/>""")


def test_nothing_of_the_data_is_a_formula_a_link_a_header_or_a_part_of_its_own():
    """The parts of a result are the same ones whatever stands in its cells. Its XML knows no formula, no link but our own
    ones within the workbook, no text in a header and the number of the page in a footer."""
    tame = workbook_bytes(tables.pages(named(["Xã Ná", "Xã Nả"])))
    wild = workbook_bytes(tables.pages(named(ODD)))
    parts = {name: set(zipfile.ZipFile(io.BytesIO(content)).namelist()) for name, content in (("t", tame), ("w", wild))}
    assert parts["w"] == parts["t"]
    with zipfile.ZipFile(io.BytesIO(wild)) as archive:
        links = 0
        for name in archive.namelist():
            words = html.unescape(archive.read(name).decode())
            for element in ("<f>", "<f ", "<r>", 'Target="http:', "External", "<oddHeader>&"):
                assert element not in words, (name, element)
            assert words.count("<hyperlink ") == len(OWN_LINK.findall(words))
            assert words.count("<oddFooter>") == words.count("<oddFooter>&C&P/&N</oddFooter>")
            links += words.count("<hyperlink ")
        assert links == 2 * len(ODD)  # from the result to its details and back; none has a finding
    book = openpyxl.load_workbook(io.BytesIO(wild))
    cells = {
        cell.value: cell.data_type for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)
    }
    shown = [name.replace("\x1b", "\\x1b") for name in ODD]
    assert {name: cells.get(name) for name in shown} == dict.fromkeys(shown, "s")


def named(names):
    rows = "\n".join(f"| {place} | Huyện A | '{name}' | 18 | 11 | 7 |" for place, name in enumerate(names, 1))
    return run(a_book(), a_grid(SCORES.partition("| 1 |")[0] + rows))


def test_sheets_are_named_by_us_alone_and_by_names_that_excel_takes():
    """31 characters, none of / \\ ? * [ ] :, no apostrophe at an end, not «History», and no two alike in NFC."""
    book = a_book("", head="bộ tiêu chí: '[History]: *?/'\nmã: bo-thu\n")
    made = run(book, a_grid(SCORES, sheet="'Biểu [1]*?'"))
    names = [page.name for page in tables.pages(made)]
    assert names == SIX
    for name in (*names, "So sánh điểm", "Cách chấm", "Người đứng đầu"):
        assert len(name) <= 31
        assert not set(name) & set("/\\?*[]:")
        assert name.strip("'") == name == unicodedata.normalize("NFC", name)
        assert name != "History"


def test_a_workbook_is_made_without_a_temporary_file(monkeypatch):
    """Names and points of people stay in memory; a full or closed temporary folder stops nothing."""

    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setattr(tempfile, "_mkstemp_inner", refuse)
    assert workbook_bytes(tables.pages(outcome()))[:2] == b"PK"


# ------------------------------------------------------------------------------------------- the result


def test_the_six_sheets_stand_in_their_order():
    content = workbook_bytes(tables.pages(outcome()))
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == SIX


def test_points_stand_as_numbers_and_an_unrated_unit_has_none():
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(tables.pages(outcome()))))
    rows = list(book["Kết quả"].iter_rows(values_only=True))
    head = next(row for row in rows if "Đơn vị" in row)
    by_name = {row[head.index("Đơn vị")]: dict(zip(head, row, strict=True)) for row in rows[rows.index(head) + 1 :]}
    assert by_name["Xã Ná"]["Điểm"] == 36.5
    assert by_name["Xã Ná"]["Tỷ lệ (%)"] == 91.25
    assert (by_name["Xã Nạ"]["Điểm"], by_name["Xã Nạ"]["Tỷ lệ (%)"]) == (None, None)
    assert by_name["Xã Nạ"]["Xếp loại"] == "chưa xếp loại"


def test_headings_are_bold_frozen_and_filtered():
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(tables.pages(outcome()))))
    sheet = book["Kết quả"]
    heading = next(row for row in sheet.iter_rows() if row[0].value == "TT")
    assert all(cell.font.b for cell in heading)
    assert sheet.freeze_panes == f"C{heading[0].row + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{heading[0].row}:")
    assert not any(cell.font.b for cell in sheet[heading[0].row + 1])


def test_the_result_is_read_back_as_history(tmp_path):
    path = tmp_path / "ket-qua.xlsx"
    path.write_bytes(workbook_bytes(tables.pages(outcome())))
    grids = [grid for source, _ in read.read([path]) if source for grid in source.grids]
    this_year = run(a_book(), a_grid(SCORES.replace("2019", "2020")), history=grids)
    assert this_year.past.of(0)[2019].band == "tốt"
    assert this_year.past.of(0)[2019].points == Decimal("36.5")
    assert this_year.past.of(1)[2019].band == "trung bình"
    assert this_year.past.of(2).get(2019) is None or this_year.past.of(2)[2019].band is None


def opened(outcome):
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(tables.pages(outcome))))


def by_unit(sheet):
    """Unit → the row of a page that is the unit's first one."""
    heading = next(row for row in sheet.iter_rows() if "Đơn vị" in [cell.value for cell in row])
    column = [cell.value for cell in heading].index("Đơn vị")
    found = {}
    for row in sheet.iter_rows(min_row=heading[0].row + 1):
        if row[column].value:
            found.setdefault(row[column].value, row[column].row)
    return found


@pytest.mark.parametrize(("units", "fits"), [(7, True), (8, False)])
def test_a_page_that_is_longer_than_a_sheet_is_refused_before_it_is_written(monkeypatch, units, fits):
    """A title, an empty row, the heading, the units."""
    monkeypatch.setattr(workbook, "HIGHEST", 10)
    monkeypatch.setattr(workbook, "package", lambda *_: b"written")
    page = Page("Chi tiết", (Table((Column("Đơn vị"),), [["Xã Ná"]] * units, ("CHI TIẾT",)),))
    if fits:
        assert workbook_bytes([page]) == b"written"
        return
    with pytest.raises(Unusable) as stopped:
        workbook_bytes([page])
    assert "trang «Chi tiết» cần 11 hàng, Excel chỉ chứa 10" in stopped.value.findings[0].message


def test_the_sheets_of_a_result_take_no_more_memory_than_a_bound(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_BYTES", 1 << 20)
    page = Page("Trang", (Table((Column("Đơn vị"), Column("Điểm", "points")), [["Xã Ná", Decimal(9)]] * 200_000),))
    small = Page("Nhỏ", (Table((Column("Đơn vị"),), [["Xã Ná"]] * 100),))
    assert workbook_bytes([small])
    tracemalloc.start()
    with pytest.raises(Unusable) as stopped:
        workbook_bytes([small, page])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (
        "các trang của kết quả lớn hơn 1 MB; chia bảng điểm thành nhiều lần chạy" in stopped.value.findings[0].message
    )
    assert peak < 10 << 20, peak


def test_a_result_that_is_stopped_half_way_leaves_no_complaint_behind(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_BYTES", 1 << 16)
    page = Page("Trang", (Table((Column("Đơn vị"), Column("Điểm", "points")), [["Xã Ná", Decimal(9)]] * 20_000),))
    gc.collect()  # what other tests left
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    with contextlib.suppress(Unusable):
        workbook_bytes([page])
    gc.collect()
    assert heard == []


def test_a_sheet_has_no_more_links_than_excel_bears(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_LINKS", 5)
    rows = [["Xã Ná", "Xã Nả"]] * 4
    links = {0: Link("Nhỏ", [2, 2, None, 2]), 1: Link("Nhỏ", [2] * 4)}
    pages = [Page("Trang", (Table((Column("A"), Column("B")), rows, links=links),)), *a_page("x")]
    pages[1] = Page("Nhỏ", pages[1].tables)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(pages)))["Trang"]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.hyperlink] == [
        "A2",
        "B2",
        "A3",
        "B3",
        "A5",
    ]


@pytest.mark.parametrize("book", ["", "minh hoạ: có\n"])
def test_links_lead_from_a_units_row_to_its_rows_on_the_other_pages(book):
    """Also where a line more stands above the tables."""
    flags = "cảnh báo:\n  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm}"
    made = opened(run(a_book(flags, head=f"bộ tiêu chí: Bộ thử\nmã: bo-thu\n{book}"), a_grid(SCORES)))
    rows = {name: by_unit(made[name]) for name in ("Kết quả", "Chi tiết", "Cảnh báo")}
    assert all(len(found) >= 2 for found in rows.values())
    seen = set()
    for name in rows:
        names = by_column(made[name]).index("Đơn vị") + 1
        for link in (cell.hyperlink for row in made[name].iter_rows() for cell in row if cell.hyperlink):
            unit = made[name].cell(made[name][link.ref].row, names).value
            page, _, row = link.location.partition("!A")
            assert rows[page.strip("'")][unit] == int(row), (name, link.ref)
            seen.add((name, page.strip("'")))
    assert seen == {("Kết quả", "Chi tiết"), ("Kết quả", "Cảnh báo"), ("Chi tiết", "Kết quả"), ("Cảnh báo", "Kết quả")}


def by_column(sheet):
    return next([cell.value for cell in row] for row in sheet.iter_rows() if "Đơn vị" in [cell.value for cell in row])


def formats(sheet):
    """Area → (kind, formula or limits) of its conditional formats."""
    return {str(area.sqref): list(area.rules) for area in sheet.conditional_formatting}


def test_bands_are_coloured_by_their_word_and_points_have_bars_and_shades():
    made = opened(outcome())
    (band,) = [rules for area, rules in formats(made["Kết quả"]).items() if any(r.type == "cellIs" for r in rules)]
    words = [rule.formula[0] for rule in band if rule.type == "cellIs"]
    assert words == ['"tốt"', '"khá"', '"trung bình"', '"yếu"', '"chưa xếp loại"', '"chưa xác định"']
    assert len({rule.dxf.fill.bgColor.rgb for rule in band if rule.type == "cellIs"}) == 5  # the last two are one grey
    bars = [r.dataBar for rules in formats(made["Kết quả"]).values() for r in rules if r.type == "dataBar"]
    assert [[limit.val for limit in bar.cfvo] for bar in bars] == [[0, 40]]
    shades = [r.colorScale for rules in formats(made["Chi tiết"]).values() for r in rules if r.type == "colorScale"]
    assert [shade.cfvo[-1].val for shade in shades] == [20, 20, 12, 8]
    assert not any(cell.fill.fill_type for row in made["Chi tiết"].iter_rows(min_row=4) for cell in row)  # not painted


def test_a_band_whose_name_has_a_quotation_mark_is_a_text_in_its_rule():
    made = opened(run(a_book(bands="xếp loại:\n  - {mức: 'loại \"A\"', ít nhất: 0%}\n"), a_grid(SCORES)))
    words = [r.formula[0] for rules in formats(made["Kết quả"]).values() for r in rules if r.type == "cellIs"]
    assert words[0] == '"loại ""A"""'


def test_a_page_for_the_council_is_a4_across_with_the_national_title_and_places_to_sign():
    made = opened(outcome())
    for name in ("Tổng hợp", "Kết quả"):
        sheet = made[name]
        texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert texts[:6] == [
            "TÊN CƠ QUAN CHỦ QUẢN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TÊN CƠ QUAN", "Độc lập - Tự do - Hạnh phúc",
            "Số: ……/……", "…………, ngày …… tháng …… năm …………",
        ]  # fmt: skip
        assert texts[-4:-2] == ["NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG CƠ QUAN"]
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize), setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
        assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"Times New Roman"}
    assert (
        made["Kết quả"].print_title_rows == "$7:$7"
    )  # three lines and a blank one, a title and a blank one, the heading
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" not in [c.value for row in made["Chi tiết"].iter_rows() for c in row]


def test_numbers_without_a_form_of_their_own_have_a_decimal_comma():
    made = opened(outcome())
    row = by_unit(made["Chi tiết"])["Xã Ná"]
    assert {made["Chi tiết"].cell(row, column).number_format for column in range(3, 8)} == {"[$-42A]General"}


YEARS = [a_grid(SCORES, sheet="Năm 2019"), a_grid(SCORES.replace("2019", "2018"), sheet="Năm 2018")]


@pytest.mark.parametrize(("years", "charts"), [(1, ["stacked"]), (2, ["clustered", "stacked"])])
def test_charts_show_bands_by_district_and_against_last_year(years, charts):
    sheet = opened(run(a_book(), *YEARS[:years]))["Tổng hợp"]
    assert [chart.grouping for chart in sheet._charts] == charts
    stacked = sheet._charts[-1]
    assert len(stacked.series) == 4  # a part for each band
    areas = [series.val.numRef.f for series in stacked.series]
    first = by_first(sheet, "Huyện A")
    assert areas == [f"'Tổng hợp'!${letter}${first}:${letter}${first + 1}" for letter in "CDEF"]
    if years == 2:
        assert [series.val.numRef.f for series in sheet._charts[0].series] == [
            f"'Tổng hợp'!$C${row}:$F${row}"
            for row in (by_first(sheet, "Tất cả, năm 2019"), by_first(sheet, "Năm 2018"))
        ]


@pytest.mark.parametrize(("groups", "parts"), [(20, [20]), (21, [10, 11]), (70, [17, 18, 17, 18]), (71, [])])
def test_many_districts_are_drawn_part_by_part_on_pages_of_their_own(groups, parts):
    """20 bars are a chart of 14 cm; two of them never share a page of A4 across, and none lies over the next."""
    sheet = opened(districts(groups))["Tổng hợp"]
    made = sheet._charts
    assert [len_of(chart.series[0].val.numRef.f) for chart in made] == parts
    starts = [chart.anchor._from.row + 1 for chart in made]  # from 1
    written = max(row[0].row for row in sheet.iter_rows() if any(cell.value for cell in row))
    breaks = [each.id for each in sheet.row_breaks.brk]
    assert breaks == [start - 2 for start in starts]  # the row after the break is free: a frame has a page of its own
    assert all(written <= each for each in breaks)
    for chart, start, following in zip(made, starts, starts[1:], strict=False):
        assert (following - start) * 15 / 72 * 2.54 > chart.anchor.ext.height / 360_000  # rows of 15 points; EMU


def districts(count):
    heading = SCORES.partition("| 1 |")[0]
    rows = [f"| {n} | Huyện {chr(65 + n % 26)}{chr(65 + n // 26)} | Xã Ná | 18 | 11 | 7 |" for n in range(count)]
    return run(a_book(), a_grid(heading + "\n".join(rows)))


def len_of(area):
    first, last = (int(each) for each in re.findall(r"\$(\d+)", area))
    return last - first + 1


def test_the_first_chart_begins_a_page_and_a_small_second_one_shares_it():
    sheet = opened(run(a_book(), *YEARS))["Tổng hợp"]
    first, second = (chart.anchor._from.row + 1 for chart in sheet._charts)
    assert [each.id for each in sheet.row_breaks.brk] == [first - 2]
    assert (second - first) * 15 / 72 * 2.54 > 6.8  # the height of the first


@pytest.mark.parametrize(("columns", "across"), [(12, 12), (13, 7), (26, 8)])
def test_a_title_is_centred_over_what_the_first_sheet_of_paper_shows(columns, across):
    """18 digits a column. Up to 232 digits stand on one sheet; 13 columns are 234 on two, in full size: 130 each;
    26 are 468 on three: 156 each."""
    table = Table(tuple(Column(f"TC{n}", "points", 18) for n in range(columns)), [[1] * columns], ("Kết quả",))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([Page("Trang", (table,))])))["Trang"]
    assert [(area.min_col, area.max_col) for area in sheet.merged_cells.ranges if area.min_row == 1] == [(1, across)]


@pytest.mark.parametrize(("date", "widths"), [(None, [100, 100, 58]), ("", [100, 100, 36])])
def test_long_texts_give_way_where_a_signed_page_would_be_printed_too_small(date, widths):
    """232 digits across are printed in 7 points: 26 too many; the long texts keep 36."""
    columns = (Column("TC1", "points", 100), Column("TC2", "points", 100), Column("Vì sao", "long", 58))
    page = Page("Trang", (Table(columns, [[1, 2, "x"]]),), date=date)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([page])))["Trang"]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == widths


def test_the_lines_to_sign_stay_together_below_rows_of_many_lines():
    columns = (Column("Đơn vị"), Column("Vì sao", "long", 20))
    page = Page("Trang", (Table(columns, [["Xã Ná", "vì " * 100]] * 3),), date="")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes([page])))["Trang"]
    assert sheet.sheet_format.defaultRowHeight > 200
    (signer,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "NGƯỜI LẬP BIỂU"]
    assert [sheet.row_dimensions[row].height for row in (4, signer - 1, signer, signer + 1)] == [16, 19, 19, 19]


def by_first(sheet, word):
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == word)


# -------------------------------------------------------------------------------------------- the bytes


def test_the_same_tables_give_the_same_bytes():
    assert workbook_bytes(tables.pages(outcome())) == workbook_bytes(tables.pages(outcome()))


MAKE = """
import hashlib, sys
sys.path.insert(0, {tests!r})
sys.path.insert(0, {here!r})
from test_workbook import outcome
from xeploai.report import tables
from xeploai.write.workbook import workbook_bytes
print(hashlib.sha256(workbook_bytes(tables.pages(outcome()))).hexdigest())
"""


@pytest.mark.parametrize(("seed", "zone"), [("0", "UTC"), ("12345", "Asia/Ho_Chi_Minh"), ("7", "America/Lima")])
def test_neither_hash_order_nor_the_time_zone_changes_a_byte(seed, zone):
    here = Path(__file__).parent
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    code = MAKE.format(tests=str(here.parent), here=str(here))
    printed = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == hashlib.sha256(workbook_bytes(tables.pages(outcome()))).hexdigest()


@pytest.fixture
def no_writer_left():
    yield
    if beside._worker is not None:
        beside._worker.kill()
        beside._worker.wait()
        beside._worker = None


def pages():
    return [*tables.pages(outcome()), *a_page("=1+1", "#N/A", "\x07", Decimal("0.1"), None, 5)]


@pytest.mark.usefixtures("no_writer_left")
def test_the_writer_that_was_never_started_gives_the_same_bytes():
    assert beside.begin(pages())() == workbook_bytes(pages())


@pytest.mark.usefixtures("no_writer_left")
def test_the_writer_in_a_process_of_its_own_gives_the_same_bytes():
    beside.start()
    worker = beside._worker
    assert beside.begin(pages())() == workbook_bytes(pages())
    assert worker.returncode == 0  # it was the process that wrote


@pytest.mark.usefixtures("no_writer_left")
def test_the_writer_that_died_gives_the_same_bytes():
    beside.start()
    beside._worker.kill()
    beside._worker.wait()
    assert beside.begin(pages())() == workbook_bytes(pages())


@pytest.mark.usefixtures("no_writer_left")
def test_the_writer_that_dies_half_way_gives_the_same_bytes():
    beside.start()
    worker = beside._worker
    finish = beside.begin(pages())
    worker.kill()
    assert finish() == workbook_bytes(pages())


@pytest.mark.usefixtures("no_writer_left")
def test_where_no_process_can_be_started_this_one_writes(monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    beside.start()
    assert beside.begin(pages())() == workbook_bytes(pages())


@pytest.mark.usefixtures("no_writer_left")
def test_a_text_that_does_not_fit_is_refused_through_the_process_too():
    beside.start()
    with pytest.raises(Unusable):
        beside.begin(a_page("ă" * 32_768))()
