"""The empty score sheet: sure to bind, limits on every column, units filled in as the list has them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from builders import a_book
from xeploai.book.load import load_book, shipped_books
from xeploai.findings import Unusable
from xeploai.model import Grid, Unit
from xeploai.steps.bind import bind
from xeploai.write.template import template_bytes

BOOK = "cqcs-dien-bien"
BOOKS = [(code, load_book(code).book) for code in shipped_books()]
PLAIN = [code for code, book in BOOKS if book.plain and not book.facts]  # points are entered and summed, nothing else


def template(xeploai, tmp_path, *arguments, book=BOOK):
    done = xeploai("template", book, "-o", "bieu.xlsx", *arguments)
    assert done.returncode == 0, done.stderr
    return openpyxl.load_workbook(tmp_path / "bieu.xlsx")


def headings(sheet) -> tuple[int, dict[str, int]]:
    """The first row under the headings, and heading → column, merged areas and all."""
    numbered = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "(1)")
    found = {}
    for column in range(1, sheet.max_column + 1):
        texts = [str(sheet.cell(row, column).value) for row in range(4, numbered) if sheet.cell(row, column).value]
        found[texts[-1]] = column
    return numbered + 1, found


def fill(sheet, book, names=("Xã Ná", "Xã Nả")):
    top, found = headings(sheet)
    for place, name in enumerate(names):
        sheet.cell(top + place, found["Đơn vị"]).value = name
        if "Huyện" in found:
            sheet.cell(top + place, found["Huyện"]).value = "Huyện A"
        for leaf in book.leaves:
            sheet.cell(top + place, found[leaf.name]).value = float(leaf.max_points)


@pytest.mark.parametrize("code", shipped_books())
def test_every_template_binds_to_its_own_book_without_a_question(code):
    """With units but nothing filled in: every column is known, none is missing; only what must be filled in is."""
    book = load_book(code).book
    units = [Unit("Xã Ná", "Huyện A"), Unit("Xã Nả", "Huyện A")]
    content = template_bytes(book, book.to_year or book.from_year or 2026, units)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    if book.kinds:
        top, found = headings(sheet)
        for row in (top, top + 1):
            sheet.cell(row, found["Loại đơn vị"]).value = book.kinds[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    merged = tuple((r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1) for r in sheet.merged_cells.ranges)
    sheets, understood, findings = bind(book, [Grid("bieu.xlsx", sheet.title, rows, merged=merged)])
    assert [seen.units for seen in understood] == [2]
    assert [finding.message for finding in findings] == []
    (bound,) = sheets
    (block,) = bound.blocks
    assert set(block.leaves) == {leaf.code for root in book.roots for leaf in root.leaves}
    assert {fact.code for fact in book.facts} <= block.columns.keys()


@pytest.mark.parametrize("code", PLAIN)
def test_a_template_filled_with_the_maxima_is_100_percent(xeploai, tmp_path, code):
    book = load_book(code).book
    year = book.to_year or book.from_year or 2019
    workbook = template(xeploai, tmp_path, "--year", year, book=code)
    fill(workbook.worksheets[0], book)
    workbook.save(tmp_path / "da-cham.xlsx")
    done = xeploai("classify", "da-cham.xlsx", "--json", "-")  # the names choose the book by themselves
    document = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (document["rule_book"]["id"], document["year"]) == (code, year)
    assert [(unit["percent"], unit["status"]) for unit in document["units"]] == [("100", "rated")] * 2


@pytest.mark.parametrize("code", PLAIN)
def test_every_score_column_is_limited_from_0_to_its_maximum_and_explained(xeploai, tmp_path, code):
    book = load_book(code).book
    sheet = template(xeploai, tmp_path, book=code).worksheets[0]
    top, found = headings(sheet)
    limits = {
        str(rule.sqref).split(":")[0]: (rule.type, rule.operator, rule.formula1, Decimal(rule.formula2))
        for rule in sheet.data_validations.dataValidation
    }
    for leaf in book.leaves:
        column = found[leaf.name]
        assert limits[f"{openpyxl.utils.get_column_letter(column)}{top}"] == (
            "decimal", "between", "0", leaf.max_points,
        )  # fmt: skip
        notes = [sheet.cell(row, column).comment for row in range(4, top)]
        (note,) = [note.text for note in notes if note]
        assert leaf.code in note
        assert (leaf.basis or "") in note
    assert len(limits) == len(book.leaves)
    assert sheet.freeze_panes.endswith(str(top))


def test_an_unfilled_template_is_no_crash_and_nobody_is_rated(xeploai, tmp_path):
    template(xeploai, tmp_path)
    done = xeploai("classify", "bieu.xlsx", "--rules", BOOK)
    assert (done.returncode, done.stderr[:8]) == (2, "lỗi DL34")


def test_a_template_with_units_but_no_points_leaves_everyone_unrated(xeploai, tmp_path):
    a_list(tmp_path, ["STT", "Đơn vị"], [1, "Xã Ná"], [2, "Xã Nả"])
    template(xeploai, tmp_path, "--units", "ds.xlsx", "--year", "2019")
    done = xeploai("classify", "bieu.xlsx", "--json", "-")
    assert done.returncode == 1, done.stderr
    assert [(u["status"], u["points"]) for u in json.loads(done.stdout)["units"]] == [("unrated", None)] * 2


def test_the_year_stands_in_the_sheet_or_is_left_open(xeploai, tmp_path):
    assert template(xeploai, tmp_path, "--year", "2021").sheetnames[0] == "Bảng điểm 2021"
    sheet = template(xeploai, tmp_path, "--force").worksheets[0]
    assert (sheet.title, "……" in sheet["A1"].value) == ("Bảng điểm", True)


def test_an_existing_template_is_refused(xeploai, tmp_path):
    template(xeploai, tmp_path)
    before = (tmp_path / "bieu.xlsx").read_bytes()
    assert xeploai("template", BOOK, "-o", "bieu.xlsx").returncode == 2
    assert (tmp_path / "bieu.xlsx").read_bytes() == before


# ------------------------------------------------------------------------------------- the units filled in


def a_list(tmp_path, *rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
        for cell in workbook.active[workbook.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    workbook.save(tmp_path / "ds.xlsx")


def filled(sheet) -> list[dict[str, object]]:
    top, found = headings(sheet)
    words = [word for word in ("Mã đơn vị", "Huyện", "Đơn vị") if word in found]
    rows = [{word: sheet.cell(row, found[word]).value for word in words} for row in range(top, sheet.max_row + 1)]
    return [row for row in rows if row["Đơn vị"]]


def test_a_list_without_districts_gives_no_district_column(xeploai, tmp_path):
    a_list(tmp_path, ["STT", "Tên đơn vị"], [1, "Xã Ná"], [2, "Xã Nả"])
    sheet = template(xeploai, tmp_path, "--units", "ds.xlsx").worksheets[0]
    assert filled(sheet) == [{"Đơn vị": "Xã Ná"}, {"Đơn vị": "Xã Nả"}]


def test_districts_in_a_column_and_codes_with_zeros_stay(xeploai, tmp_path):
    a_list(
        tmp_path,
        ["STT", "Mã đơn vị", "Huyện", "Xã"],
        [1, "00010", "Huyện A", "Xã Ná"],
        [2, "00020", "Huyện B", "Xã Ná"],
    )
    sheet = template(xeploai, tmp_path, "--units", "ds.xlsx").worksheets[0]
    assert filled(sheet) == [
        {"Mã đơn vị": "00010", "Huyện": "Huyện A", "Đơn vị": "Xã Ná"},
        {"Mã đơn vị": "00020", "Huyện": "Huyện B", "Đơn vị": "Xã Ná"},
    ]


def test_districts_as_section_rows_become_the_district_of_their_units(xeploai, tmp_path):
    a_list(
        tmp_path, ["STT", "Đơn vị"], ["I", "Huyện A"], [1, "Xã Ná"], [2, "Xã Nả"], ["II", "Huyện B"], [1, "Xã Nạ"]
    )  # fmt: skip
    sheet = template(xeploai, tmp_path, "--units", "ds.xlsx").worksheets[0]
    assert [(row["Huyện"], row["Đơn vị"]) for row in filled(sheet)] == [
        ("Huyện A", "Xã Ná"), ("Huyện A", "Xã Nả"), ("Huyện B", "Xã Nạ"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+84", "[cũ]", "#N/A", "Xã _x0007_Ná", "Xã _x001B_[31mNá"])
def test_a_hostile_name_is_filled_in_as_text(xeploai, tmp_path, name):
    a_list(tmp_path, ["STT", "Đơn vị"], [1, name], [2, "Xã Nả"])
    workbook = template(xeploai, tmp_path, "--units", "ds.xlsx")
    for sheet in workbook.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(name[:3])]
        assert {cell.data_type for cell in cells} == {"s"}
        assert {cell.quotePrefix for cell in cells} == {name.startswith("=")}  # F2 and Enter make no formula of it


def odd_book(name: str, code: str = "TC1"):
    """A book whose title's basis, criterion and code are these; written as JSON, which is YAML too."""
    head = f"bộ tiêu chí: Bộ thử\nmã: bo-thu\ncăn cứ: {json.dumps(name)}\n"
    criteria = f"tiêu chí:\n  - {{mã: {json.dumps(code)}, tên: {json.dumps(name)}, điểm tối đa: 20}}\n"
    return a_book("", head=head, criteria=criteria).book


HOSTILE = ["=1+1", "#N/A", "http://a.b", "&A&P", "[cũ]", "_x0041_", "Tên \x1b[31mđỏ", "Tên \x07"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_of_a_book_or_a_unit_is_a_text_and_nothing_else(name):
    book_name = name if name.isprintable() else "Tên"  # a book with control characters is not even loaded
    content = template_bytes(odd_book(book_name), 2019, [Unit(name, name)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        words = "".join(archive.read(part).decode() for part in archive.namelist())
    formulas = re.findall(r"<f>([^<]*)</f>", words)
    assert len(formulas) == 1  # our own sum
    assert formulas[0].startswith("IF(COUNT(")
    assert not re.search(r"<hyperlink|[hH]eaderFooter|External", words)
    shown = name.replace("\x1b", "\\x1b").replace("\x07", "\\x07")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))  # it reads _x0041_ as Excel does
    for title in book.sheet_names:
        assert shown in [cell for row in book.get_sheet_by_name(title).to_python() for cell in row]


LONG = "ă" * 32_768


@pytest.mark.parametrize(
    ("name", "unit"),
    [(LONG, Unit("Xã Ná")), ("Tên", Unit(LONG)), ("Tên", Unit("Xã Ná", LONG)), ("Tên", Unit("Xã Ná", "", LONG))],
    ids=["criterion", "unit", "parent", "code"],
)
def test_a_text_that_no_cell_can_hold_is_refused_never_cut(name, unit):
    with pytest.raises(Unusable) as stopped:
        template_bytes(odd_book(name), 2019, [unit])
    (finding,) = stopped.value.findings
    assert (finding.code, "Excel chỉ chứa 32767" in finding.message) == ("DL91", True)


def test_a_heading_that_no_cell_can_hold_is_refused_never_cut():
    fact = f"số liệu: [{{mã: P, tên: {LONG}, kiểu: số}}]"
    with pytest.raises(Unusable) as stopped:
        template_bytes(a_book(fact).book, 2019, [])
    assert [finding.code for finding in stopped.value.findings] == ["DL91"]


def test_what_explains_a_column_is_the_text_itself():
    """Excel reads _x0041_ as A in a comment and in the words of a rule as it does in a cell."""
    content = template_bytes(odd_book("Tên", "_x0041_"), 2019, [])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    (comments,) = [words for part, words in parts.items() if "comment" in part and part.endswith(".xml")]
    assert "_x005F_x0041_" in comments
    assert not any("_x0041_" in words.replace("_x005F_x0041_", "") for words in parts.values())


def test_the_longest_text_that_a_cell_can_hold_is_written_whole():
    name = "ă" * 32_767
    sheet = openpyxl.load_workbook(io.BytesIO(template_bytes(odd_book("Tên"), 2019, [Unit(name)]))).worksheets[0]
    assert name in [cell.value for row in sheet for cell in row]


@pytest.mark.parametrize("length", [1, 32, 33, 200, 300])
def test_a_rule_of_a_column_says_no_more_than_excel_takes(length):
    """A title over 32 characters or words over 225 make Excel call the whole file damaged."""
    sheet = openpyxl.load_workbook(io.BytesIO(template_bytes(odd_book("Tên", "T" * length), 2019, []))).worksheets[0]
    (rule,) = sheet.data_validations.dataValidation
    assert len(rule.promptTitle or "") == (length if length <= 32 else 0)
    assert len(rule.errorTitle) <= 32
    assert len(rule.error) <= 225
    assert "ghi số từ 0 đến 20" in rule.error
    assert (("T" * length) in rule.error) == (length <= 200)


def test_the_sheets_are_named_by_us_alone():
    content = template_bytes(odd_book("[History]: *?/'"), 2019, [Unit("'Xã*?")])
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Bảng điểm 2019", "Phân công"]


def test_a_file_without_a_list_is_a_sentence_and_nothing_is_written(xeploai, tmp_path):
    a_list(tmp_path, ["Điện thoại", "Ghi chú"], ["0912", "x"])
    done = xeploai("template", BOOK, "-o", "bieu.xlsx", "--units", "ds.xlsx")
    assert (done.returncode, (tmp_path / "bieu.xlsx").exists()) == (2, False)
    assert "không có cột tên đơn vị" in done.stderr


def test_the_list_is_never_the_target(xeploai, tmp_path):
    a_list(tmp_path, ["STT", "Đơn vị"], [1, "Xã Ná"])
    before = (tmp_path / "ds.xlsx").read_bytes()
    done = xeploai("template", BOOK, "-o", "ds.xlsx", "--units", "ds.xlsx", "--force")
    assert (done.returncode, (tmp_path / "ds.xlsx").read_bytes() == before) == (2, True)


def test_the_same_question_gives_the_same_bytes(xeploai, tmp_path):
    template(xeploai, tmp_path)
    before = (tmp_path / "bieu.xlsx").read_bytes()
    template(xeploai, tmp_path, "--force")
    assert (tmp_path / "bieu.xlsx").read_bytes() == before
