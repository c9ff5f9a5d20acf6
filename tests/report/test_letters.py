"""The letters: who gets one, what it says, what a template may do, what the files are called."""

import importlib.util
import io
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from builders import HEAD, a_book, a_grid, run
from xeploai.model import Unit
from xeploai.pipeline import classify_files
from xeploai.report import letters as module
from xeploai.report.letters import KINDS, dated, letters

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
TEMPLATES = ROOT / "rules" / "mau"

LOW = """
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm, phải làm: Kiểm điểm., căn cứ: Điều 5}
"""
SHEET = "| Đơn vị | Huyện | TC1 | TC2.1 | TC2.2 |\n"
PEOPLE = a_grid("| Tiêu chí | Lãnh đạo phụ trách | Công chức |\n| TC1 | Lò Văn Tửng | Mùa Thị Dợ |", sheet="Phân công")


def text_of(content: bytes) -> list[str]:
    """Every line that a reader sees, cells of a row parted by |."""
    lines = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines += [
                " | ".join(" / ".join(p.text for p in cell.paragraphs) for cell in row.cells) for row in block.rows
            ]
    return [line for line in lines if line.strip(" |/")]


def made(more="", rows="| Xã Ná | Huyện Keo | 18 | 10 | 6 |", *grids, **options):
    """Name → lines of every letter, and the findings, of a small sheet."""
    written, findings = letters(run(a_book(more), a_grid(SHEET + rows), *grids, **options))
    return {letter.name: text_of(letter.content) for letter in written}, findings


def brief(findings):
    return [(finding.code, finding.message) for finding in findings]


# ------------------------------------------------------------------------------------------- words, not codes

AGAIN = """
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm, phải làm: Kiểm điểm trách nhiệm.}
  - {mã: kem, loại: liên tiếp, xếp loại không quá: khá, số năm: 2}
  - {mã: khong-khac, loại: không chuyển biến, cảnh báo năm trước: [kiem-diem, kem], phải làm: Giải trình}
"""


def test_last_years_flags_are_told_in_words_not_by_code_alone():
    rows = "| Xã Ná | Huyện Keo | 8 | 10 | 6 |"
    years = [a_grid(SHEET + rows, sheet=f"Năm {year}") for year in (2017, 2018, 2019)]
    outcome = run(a_book(AGAIN), *years)
    [finding] = [each for each in outcome.findings if each.code == "khong-khac"]
    assert "có cảnh báo kiem-diem, kem;" in finding.message
    for letter in letters(outcome)[0]:
        text = "\n".join(text_of(letter.content))
        if "có cảnh báo" in text:
            assert "có cảnh báo kiem-diem («Kiểm điểm trách nhiệm»), kem («liên tiếp»);" in text
    assert "có cảnh báo" in text_of_kind(outcome, "3 ")


def text_of_kind(outcome, start):
    return "\n".join(
        line for each in letters(outcome)[0] if each.name.startswith(start) for line in text_of(each.content)
    )


# -------------------------------------------------------------------------------------- who gets a letter


def test_without_flags_there_is_a_notice_to_each_unit_and_one_submission():
    found, findings = made(rows="| Xã Ná | Huyện Keo | 18 | 10 | 6 |\n| Xã Pu | Huyện Keo | 12 | 8 | 5 |")
    assert list(found) == [
        "1 Tờ trình.docx",
        "2 Thông báo kết quả - Xã Ná (Huyện Keo).docx",
        "2 Thông báo kết quả - Xã Pu (Huyện Keo).docx",
    ]
    assert findings == []


@pytest.mark.parametrize(("points", "inspected"), [("9.01", []), ("9", ["TC1"]), ("8.5", ["TC1"])])
def test_the_minutes_are_for_criteria_of_9_points_or_less(points, inspected):
    found, _ = made(LOW, f"| Xã Ná | Huyện Keo | {points} | 10 | 6 |", PEOPLE)
    assert [name for name in found if name.startswith("4")] == [
        f"4 Biên bản kiểm điểm - Xã Ná (Huyện Keo) - {code}.docx" for code in inspected
    ]


def test_the_minutes_name_the_two_people_and_what_they_answer_for():
    found, findings = made(LOW, "| Xã Ná | Huyện Keo | 8.5 | 10 | 6 |", PEOPLE, year=2019)
    lines = found["4 Biên bản kiểm điểm - Xã Ná (Huyện Keo) - TC1.docx"]
    assert (
        lines[0]
        == "UBND HUYỆN KEO / UBND XÃ NÁ /  | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM / Độc lập - Tự do - Hạnh phúc / "
    )
    for wanted in (
        "Kiểm điểm trách nhiệm về tiêu chí TC1 «Tiêu chí một» năm 2019",
        "- Lãnh đạo phụ trách lĩnh vực: Lò Văn Tửng",
        "- Công chức lĩnh vực: Mùa Thị Dợ",
        "Điểm đạt | 8,5 trên tối đa 20 điểm; giới hạn phải kiểm điểm: không quá 9 điểm",
        "Nơi ghi điểm | ô C2, trang «Bảng điểm», tệp diem.xlsx",
        "Phải làm | Kiểm điểm.",
        "Căn cứ | Điều 5",
        "Nguyên nhân khách quan",
        "Nguyên nhân chủ quan",
        "Trách nhiệm của từng người",
        "Biện pháp khắc phục",
        "Thời hạn khắc phục",
    ):
        assert wanted in lines
    assert findings == []


def test_without_assignments_the_names_are_dotted_and_one_warning_counts_them():
    rows = "| Xã Ná | Huyện Keo | 8.5 | 5 | 4 |\n| Xã Pu | Huyện Keo | 7 | 10 | 6 |"
    found, findings = made(LOW, rows)
    assert brief(findings) == [
        ("VB03", "3 biên bản kiểm điểm chưa có đủ tên hai người (2 tiêu chí: TC1, TC2): để dòng chấm.")
    ]
    assert (
        f"- Lãnh đạo phụ trách lĩnh vực: {module.DOTS}" in found["4 Biên bản kiểm điểm - Xã Ná (Huyện Keo) - TC2.docx"]
    )


def test_one_person_alone_is_given_neither_of_the_two_roles():
    alone = a_grid("| Tiêu chí | Lãnh đạo phụ trách |\n| TC1 | Lò Văn Tửng |", sheet="Phân công")
    found, findings = made(LOW, "| Xã Ná | Huyện Keo | 8.5 | 10 | 6 |", alone)
    lines = found["4 Biên bản kiểm điểm - Xã Ná (Huyện Keo) - TC1.docx"]
    assert "- Người được phân công: Lò Văn Tửng" in lines
    assert not any(line.startswith("- Lãnh đạo") for line in lines)
    assert [code for code, _ in brief(findings)] == ["VB03"]


FIRST = "| Xã Ná | Huyện Keo | 11 | 6 | 4 |"  # 21/40 = 52,5 %: trung bình
PAST = a_grid("| Đơn vị | Huyện | Năm 2018 |\n| Xã Ná | Huyện Keo | trung bình |", sheet="Lịch sử", file="ls.xlsx")


@pytest.mark.parametrize(
    ("flag", "asked"),
    [
        ("loại: sát ngưỡng, cách ngưỡng không quá: 40 điểm", False),  # for those who check the points
        ("loại: nguyên nhân, xếp loại không quá: khá, mức độ: ghi chú", False),  # a note asks nobody
        ("loại: nguyên nhân, xếp loại không quá: khá", True),
        ("loại: liên tiếp, xếp loại ít nhất: trung bình, số năm: 2", False),  # years that were good
        ("loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2", True),
        ("loại: không chuyển biến, xếp loại năm trước không quá: trung bình", True),
        ("loại: điểm thấp, không quá: 15 điểm", False),  # has minutes instead
    ],
)
def test_a_request_goes_to_units_that_must_answer(flag, asked):
    outcome = run(a_book(f"cảnh báo:\n  - {{mã: x, {flag}}}"), a_grid(SHEET + FIRST), history=[PAST], year=2019)
    assert [each.code for each in outcome.findings if each.code == "x"], "the flag must fire"
    names = [letter.name for letter in letters(outcome)[0] if letter.name.startswith("3")]
    assert names == (["3 Yêu cầu giải trình - Xã Ná (Huyện Keo).docx"] if asked else [])


def test_a_request_carries_the_causes_that_are_only_notes():
    more = """
    cảnh báo:
      - {mã: hai-nam, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2, phải làm: Chấn chỉnh, căn cứ: Điều 7}
      - {mã: vi-sao, loại: nguyên nhân, mức độ: ghi chú, xếp loại không quá: khá, nhiều nhất: 1}
    """
    outcome = run(a_book(more), a_grid(SHEET + FIRST), history=[PAST], year=2019)
    (request,) = [text_of(letter.content) for letter in letters(outcome)[0] if letter.name.startswith("3")]
    assert "Kính gửi: Ủy ban nhân dân xã Ná, Huyện Keo" in request
    (raised,) = [line for line in request if line.startswith("1. ")]
    assert raised.startswith("1. Xếp loại trung bình trở xuống")
    assert raised.endswith("Phải làm: Chấn chỉnh. Căn cứ: Điều 7.")
    assert any(line.startswith("- Xếp loại trung bình, cần làm rõ nguyên nhân mất điểm ở: TC2") for line in request)


# ------------------------------------------------------------------------------------------- what they say


def test_a_unit_without_a_band_is_told_why():
    found, _ = made(rows="| Xã Ná | Huyện Keo | 21 | 10 | 6 |")
    lines = found["2 Thông báo kết quả - Xã Ná (Huyện Keo).docx"]
    assert "Xếp loại | Chưa xếp loại" in lines
    assert any("21" in line and "20" in line and "C2" in line for line in lines)


def test_the_percents_of_the_submission_add_up_to_100():
    rows = "\n".join(
        f"| Xã {name} | Huyện Keo | {points} | 10 | 6 |" for name, points in (("Ná", 18), ("Pu", 12), ("Xa", 6))
    )
    found, _ = made(rows=rows)
    lines = found["1 Tờ trình.docx"]
    # 34/40 = 85 %: tốt; 28/40 = 70 %: khá; 22/40 = 55 %: trung bình; thirds: the first takes what rounding lost.
    for line in (
        "Tốt | 1 | 33,34 | – | –",
        "Khá | 1 | 33,33 | – | –",
        "Trung bình | 1 | 33,33 | – | –",
        "Yếu | 0 | 0 | – | –",
    ):
        assert line in lines
    assert "Cộng số đã xếp loại | 3 | 100 | – | –" in lines


def test_units_without_a_band_stand_below_the_sum():
    found, _ = made(rows="| Xã Ná | Huyện Keo | 18 | 10 | 6 |\n| Xã Pu | Huyện Keo | | 10 | 6 |")
    lines = found["1 Tờ trình.docx"]
    assert (
        lines.index("Chưa xếp loại, chưa xác định | 1 |  |  | ")
        == lines.index("Cộng số đã xếp loại | 1 | 100 | – | –") + 1
    )
    assert not any(line.startswith("Danh sách kèm theo") for line in lines)


def test_the_submission_lists_titles_groups_and_those_who_are_warned():
    more = LOW + "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}\n"
    rows = "| Xã Ná | Huyện Keo | 18 | 10 | 6 |\n| Xã Pu | Huyện Lo | 8 | 10 | 6 |\n| Xã Xa | Huyện Lo | | 10 | 6 |"
    found, _ = made(more, rows, PEOPLE)
    lines = found["1 Tờ trình.docx"]
    assert "Nhóm | Số | Tốt | Khá | Trung bình | Yếu | Chưa xếp loại | «Vững mạnh»" in lines
    assert "Huyện Keo | 1 | 1 | 0 | 0 | 0 | 0 | 1" in lines
    assert "Huyện Lo | 2 | 0 | 0 | 1 | 0 | 1 | 0" in lines
    assert "Danh sách kèm theo: 1 đơn vị đạt danh hiệu; 1 đơn vị được nêu để nhắc nhở, chấn chỉnh, kiểm điểm." in lines
    assert "1 | Xã Ná | Huyện Keo | tốt | Vững mạnh" in lines
    assert "1 | Xã Pu (Huyện Lo) | - TC1 «Tiêu chí một» đạt 8 điểm, thuộc diện từ 9 điểm trở xuống (ô C3)." in lines


def test_a_table_has_a_grid_for_every_column_that_is_repeated():
    rows = "| Xã Ná | Huyện Keo | 18 | 10 | 6 |\n| Xã Pu | Huyện Lo | 8 | 10 | 6 |"
    written, _ = letters(run(a_book(), a_grid(SHEET + rows)))
    for table in Document(io.BytesIO(written[0].content)).tables:
        assert {len(row._tr.tc_lst) for row in table.rows} == {len(table._tbl.tblGrid.gridCol_lst)}


def test_illustrative_numbers_are_marked_and_others_are_not():
    plain, _ = made(LOW, "| Xã Ná | Huyện Keo | 8 | 10 | 6 |", PEOPLE)
    book = a_book(LOW, head=HEAD + "minh hoạ: có\n")
    marked, _ = letters(run(book, a_grid(SHEET + "| Xã Ná | Huyện Keo | 8 | 10 | 6 |"), PEOPLE))
    assert not any("minh hoạ" in line for lines in plain.values() for line in lines)
    assert {letter.name[0] for letter in marked} == {"1", "2", "4"}
    for letter in marked:
        assert any("minh hoạ" in line for line in text_of(letter.content)), letter.name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "ngày …… tháng …… năm ………"),
        ("5/2/2020", "ngày 05 tháng 02 năm 2020"),
        ("2020-11-15", "ngày 15 tháng 11 năm 2020"),
        ("05.03.2020", "ngày 05 tháng 3 năm 2020"),
        ("29/2/2020", "ngày 29 tháng 02 năm 2020"),
        ("29/2/2019", "29/2/2019"),
        ("2020-13-01", "2020-13-01"),
        ("đầu tháng 2 năm 2020", "đầu tháng 2 năm 2020"),
    ],
)
def test_the_date_of_a_letter_is_the_one_that_was_given(given, said):
    assert dated(given) == said


def test_the_date_stands_in_the_letter():
    found, _ = made(date="5/2/2020")
    assert any("ngày 05 tháng 02 năm 2020" in line for line in found["1 Tờ trình.docx"])


# ------------------------------------------------------------------------------------ the same, hostile or not


def test_the_same_result_gives_the_same_bytes_and_no_clock():
    outcome = run(a_book(LOW), a_grid(SHEET + "| Xã Ná | Huyện Keo | 8 | 10 | 6 |"), PEOPLE)
    first, second = letters(outcome)[0], letters(outcome)[0]
    assert first == second
    for letter in first:
        with zipfile.ZipFile(io.BytesIO(letter.content)) as file:
            assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = file.read("docProps/core.xml").decode()
        assert "created" not in core
        assert "modified" not in core


HOSTILE = [
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("=1+1", "=1+1"),
    ("{{ 7*7 }}", "{{ 7*7 }}"),
    ("{% for x in y %}", "{% for x in y %}"),
    ("{_{ a }_}", "{_{ a }_}"),  # docxtpl's own way to write braces
    ("[x](y) & \"z\" 'w'", "[x](y) & \"z\" 'w'"),
    ("\x1b[31mđỏ", "\\x1b[31mđỏ"),
    ("a\u202eb", "a\\x202eb"),
    ("\ufffea", "\\xfffea"),
    ("Ná " * 100, ("Ná " * 100).strip()),
    ("ế" * 300, "ế" * 300),  # three bytes each: 120 of them are more than a file system takes
]


@pytest.mark.parametrize(("name", "shown"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_text(name, shown):
    grid = a_grid(SHEET + "| ? | Huyện Keo | 8 | 10 | 6 |")
    grid.rows[1][0] = name
    outcome = run(a_book(LOW), grid, PEOPLE)
    (unit,) = outcome.sheet.units
    written, findings = letters(outcome)
    assert findings == []
    assert len(written) == 3
    for letter in written:
        assert len(letter.name) <= 120
        assert len(letter.name.encode()) <= 250
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', letter.name)
    assert any(shown in line for line in text_of(written[1].content)), unit


def test_names_that_a_file_system_takes_for_one_get_a_number():
    rows = "| Xã A/B | Huyện Keo | 18 | 10 | 6 |\n| Xã A:B | Huyện Keo | 18 | 10 | 6 |\n| XÃ A?B | Huyện Keo | 18 | 10 | 6 |"
    names = [name for name in made(rows=rows)[0] if name.startswith("2")]
    assert sorted(names) == names
    assert set(names) == {
        "2 Thông báo kết quả - Xã A-B (Huyện Keo).docx",
        "2 Thông báo kết quả - Xã A-B (Huyện Keo) (2).docx",
        "2 Thông báo kết quả - XÃ A-B (Huyện Keo) (3).docx",
    }


def test_two_long_names_that_begin_alike_are_two_files_and_keep_their_criterion():
    long = "Xã " + "rất dài " * 30
    rows = f"| {long} một | Huyện Keo | 8 | 5 | 4 |\n| {long} hai | Huyện Keo | 8 | 10 | 6 |"
    names = [name for name in made(LOW, rows, PEOPLE)[0] if name.startswith("4")]
    assert len(set(names)) == len(names) == 3
    assert all(re.search(r"… - TC\d( \(2\))?\.docx$", name) and len(name) <= 120 for name in names)


# --------------------------------------------------------------------------------------------- templates


def a_template(path: Path, *lines: str) -> None:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(path)


def with_template(folder: Path, *lines: str, key: str = "tờ trình", content: bytes | None = None):
    """Names and findings of letters where the book has a template of its own beside it."""
    if content is not None:
        (folder / "rieng.docx").write_bytes(content)
    elif lines:
        a_template(folder / "rieng.docx", *lines)
    book = folder / "bo.yaml"
    outcome = run(a_book(f"mẫu văn bản: {{{key}: rieng.docx}}"), a_grid(SHEET + "| Xã Ná | Huyện Keo | 18 | 10 | 6 |"))
    book.write_text("x", "utf-8")
    return letters(outcome._replace(loaded=outcome.loaded._replace(path=str(book))))


def test_a_book_has_its_own_template_beside_it(tmp_path):
    written, findings = with_template(tmp_path, "Năm {{ năm }}: {{ tổng_số }} đơn vị, {{đã_xếp_loại}} đã xếp loại.")
    assert findings == []
    assert text_of(written[0].content) == ["Năm ………: 1 đơn vị, 1 đã xếp loại."]
    assert len(written) == 2


def test_a_field_that_word_tore_apart_is_one_field(tmp_path):
    document = Document()
    paragraph = document.add_paragraph()
    for part in ("{", "{ tổng", "_số }", "} xã"):
        paragraph.add_run(part).bold = part != "_số }"
    document.save(tmp_path / "rieng.docx")
    written, findings = with_template(tmp_path)
    assert findings == []
    assert text_of(written[0].content) == ["1 xã"]


def test_a_field_may_be_typed_with_marks_that_stand_apart(tmp_path):
    written, _ = with_template(tmp_path, unicodedata.normalize("NFD", "{{ tổng_số }} xã"))
    assert text_of(written[0].content) == ["1 xã"]


def test_fields_at_the_head_and_at_the_foot_of_the_page_are_filled(tmp_path):
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Năm {{ năm }}"
    document.sections[0].footer.paragraphs[0].text = "{{ bộ_tiêu_chí }}"
    document.save(tmp_path / "rieng.docx")
    written, findings = with_template(tmp_path)
    assert findings == []
    (section,) = Document(io.BytesIO(written[0].content)).sections
    assert [part.paragraphs[0].text for part in (section.header, section.footer)] == ["Năm ………", "Bộ thử"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{{ tong_so }}", "«tong_so» (có phải «tổng_số»?)"),
        ("{% if minh_hoạ %}{{ người_ký }}{% endif %}", "«người_ký»"),  # a branch that nobody takes
        ("{% for m in các_mức %}{{ m.màu }}{% endfor %}", "«m.màu»"),
        ("{% for m in các_mức %}{{ m.nhóm }}{% endfor %}", "«nhóm»"),  # a field of other rows
        ("{{ năm.__class__ }}", "«năm.__class__»"),
    ],
)
def test_an_unknown_field_is_named_and_the_other_letters_are_written(tmp_path, line, field):
    written, findings = with_template(tmp_path, line)
    ((code, message),) = brief(findings)
    assert code == "VB01"
    assert message.startswith(f"Mẫu «rieng.docx» có trường không biết: {field}")
    assert "tổng_số" in findings[0].duty
    assert [letter.name for letter in written] == ["2 Thông báo kết quả - Xã Ná (Huyện Keo).docx"]


def test_a_template_that_fails_for_one_unit_makes_no_letter_at_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    a_template(tmp_path / "rieng.docx", "{{ đơn_vị }}{% for điều in phát_hiện %}{{ điều.câu }}{% endfor %}")
    rows = "| Xã Ná | Huyện Keo | 18 | 10 | 6 |\n| Xã Pu | Huyện Keo | 8 | 10 | 6 |"
    found, findings = made(LOW + "mẫu văn bản: {thông báo kết quả: rieng.docx}", rows, PEOPLE)
    assert [finding.code for finding in findings] == ["VB01"]
    assert [name[0] for name in found] == ["1", "4"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{{ 1 + 1 }}", "chỉ được có trường, lặp (for) và điều kiện (if); thấy «Add»"),
        ("{{ năm.upper() }}", "thấy «Call»"),
        ("{% set a = 1 %}", "thấy «Assign»"),
        ("{{ năm|e }}", "thấy «Filter»"),
        ("{{ năm", "viết dở"),
        ("{% for m in các_mức %}{{ m.tên }}", "viết dở"),
        ("{% for m in năm.năm %}{% endfor %}", ""),
    ],
)
def test_a_template_is_no_program(tmp_path, line, reason):
    _, findings = with_template(tmp_path, line)
    assert [finding.code for finding in findings] in (["VB02"], ["VB01"])
    assert reason in findings[0].message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "không có tệp này"),
        (b"", "không phải tài liệu Word .docx, hoặc tệp hỏng"),
        (b"<html>", "không phải tài liệu Word .docx, hoặc tệp hỏng"),
        ((TEMPLATES / "to-trinh.docx").read_bytes()[:5000], "không phải tài liệu Word .docx, hoặc tệp hỏng"),
        ((ROOT / "samples" / "can-tho-2579-2025.xlsx").read_bytes(), "không phải tài liệu Word .docx, hoặc tệp hỏng"),
    ],
    ids=["missing", "empty", "html", "cut short", "a workbook"],
)
def test_what_is_no_template_is_named(tmp_path, content, reason):
    written, findings = with_template(tmp_path, content=content)
    assert [finding.code for finding in findings] == ["VB02"]
    assert reason in findings[0].message
    assert len(written) == 1


def test_a_repetition_that_tears_a_row_is_told_and_not_written(tmp_path):
    document = Document()
    document.add_paragraph("{%p for m in các_mức %}")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "{%p endfor %}"
    document.save(tmp_path / "rieng.docx")
    written, findings = with_template(tmp_path)
    assert [finding.code for finding in findings] == ["VB02"]
    assert "không còn đúng cấu trúc" in findings[0].message
    assert len(written) == 1


@pytest.mark.parametrize("line", ["{{ các_mức }}", "{% for m in các_mức %}{{ loop }}{% endfor %}", "{{ loop.first }}"])
def test_a_list_is_no_text(tmp_path, line):
    written, findings = with_template(tmp_path, line)
    assert [finding.code for finding in findings] in (["VB02"], ["VB01"])
    assert len(written) == 1


@pytest.mark.parametrize(
    ("unit", "addressee", "heads"),
    [
        (Unit("Xã A", "Huyện B"), "Ủy ban nhân dân xã A, Huyện B", ("UBND HUYỆN B", "UBND XÃ A")),
        (Unit("TT. A", "TP B"), "Ủy ban nhân dân TT. A, TP B", ("UBND TP B", "UBND TT. A")),
        (Unit("UBND xã A", "Ủy ban nhân dân xã, phường"), "UBND xã A", (module.DOTS, "UBND XÃ A")),
        (Unit("Sở Y tế", "Các sở"), "Sở Y tế", (module.DOTS, "SỞ Y TẾ")),
        (
            Unit("xã sín phổng", "huyện keo"),
            "Ủy ban nhân dân xã Sín Phổng, Huyện Keo",
            ("UBND HUYỆN KEO", "UBND XÃ SÍN PHỔNG"),
        ),
        (Unit("Huyện B"), "Ủy ban nhân dân huyện B", (module.DOTS, "UBND HUYỆN B")),
    ],
)
def test_whom_a_letter_is_for(unit, addressee, heads):
    assert module.addressed(unit) == addressee
    assert module._agency(unit) == heads


def test_a_person_is_addressed_as_one():
    assert module.addressed(Unit("Lò Văn Tửng"), person=True) == "Ông (bà) Lò Văn Tửng"


@pytest.mark.parametrize(
    ("rows", "line", "whose"),
    [
        ("| Xã Ná | Huyện Keo | 18 | 10 | 6 |", "Tốt | 1 | 100 | 0 | +1", ""),
        (
            "| Xã Ná | Huyện Keo | 18 | 10 | 6 |\n| Xã Pu | Huyện Keo | 18 | 10 | 6 |",
            "Tốt | 2 | 100 | 0 | +2",
            "(chỉ tính 1 đơn vị của biểu năm nay có kết quả năm đó)",
        ),
        ("| Xã Ná | Huyện Keo | x | 10 | 6 |", "Tốt | 0 | – | 0 | –", ""),  # nothing is rated: nothing has changed
    ],
)
def test_the_submission_tells_the_same_change_in_words_and_in_its_table(rows, line, whose):
    before = a_grid("| Đơn vị | Huyện | Năm 2018 |\n| Xã Ná | Huyện Keo | khá |", sheet="Lịch sử", file="ls.xlsx")
    lines = text_of(letters(run(a_book(), a_grid(SHEET + rows), history=[before], year=2019))[0][0].content)
    assert line in lines
    first = next(each for each in lines if "được xếp loại" in each)
    assert ("(100%; tăng" in first) is ("| +" in line)
    assert ("chỉ tính" in first) is bool(whose)
    assert whose in first


TITLE = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}\n"


@pytest.mark.parametrize(
    ("row", "titles"),
    [
        ("18 | 10 | 6", "Vững mạnh"),
        ("9 | 8 | 6", "không đạt"),
        ("x | 10 | 6", "chưa rõ «Vững mạnh»"),  # without a band nobody knows
        ("9 | x | 6", "không đạt"),  # a criterion has too few points, whatever the other turns out to be
    ],
)
def test_a_title_is_not_reached_only_where_a_condition_is_known_to_fail(row, titles):
    outcome = run(a_book(TITLE), a_grid(SHEET + f"| Xã Ná | Huyện Keo | {row} |"))
    lines = text_of_kind(outcome, "2 ").splitlines()
    assert f"Danh hiệu | {titles}" in lines
    met = {line.rpartition(" | ")[2] for line in lines if line.startswith(("Vững mạnh | ", " | TC"))}
    assert ("không đạt" in met) is (titles == "không đạt")  # what the table of conditions says, further down


def test_a_sentence_that_two_flags_say_is_said_once_with_what_follows_from_both():
    more = """
    cảnh báo:
      - {mã: hai-nam, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2, phải làm: Chấn chỉnh, căn cứ: Điều 7}
      - {mã: nhieu, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2, phải làm: Kiểm điểm., căn cứ: Điều 7}
    """
    outcome = run(a_book(more), a_grid(SHEET + FIRST), history=[PAST], year=2019)
    assert len([each for each in outcome.findings if each.unit and each.code in ("hai-nam", "nhieu")]) == 2
    for kind in ("1 ", "2 ", "3 "):
        assert text_of_kind(outcome, kind).count("Xếp loại trung bình trở xuống") == 1
    (raised,) = [line for line in text_of_kind(outcome, "3 ").splitlines() if "Xếp loại trung bình trở xuống" in line]
    assert raised.endswith("Phải làm: Chấn chỉnh. Kiểm điểm. Căn cứ: Điều 7.")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("xã sín phổng", "Xã Sín Phổng"),
        ("xã Ea H'leo", "Xã Ea H'leo"),
        ("Xã đắk R'moan", "Xã Đắk R'moan"),
        ("XÃ NÁ", "XÃ NÁ"),
        ("phường 5", "Phường 5"),
        ("thị trấn mường chà", "Thị trấn Mường Chà"),
        ("x. sín phổng", "X. Sín Phổng"),
        ("UBND xã sín phổng", "UBND xã Sín Phổng"),
        ("sở y tế", "sở y tế"),  # no unit of the land: its words are no name
        ("sín phổng", "sín phổng"),
        ("Xã tủm (cũ)", "Xã Tủm (cũ)"),
    ],
)
def test_a_unit_of_the_land_is_called_with_capitals(name, written):
    assert module._called(name) == written


def test_every_field_that_is_declared_is_filled_and_no_other():
    outcome = classify_files([ROOT / "samples" / "tinh-mau-2016-2019.xlsx"])
    desk = module._Desk(outcome)
    for kind in KINDS:
        for draft in list(kind.drafts(desk))[:20]:
            assert set(draft.values) == {*module.COMMON, *kind.fields}
            for field, value in draft.values.items():
                rows = value if isinstance(value, list) else []
                assert all(set(row) <= set({**module.COMMON, **kind.fields}[field]) for row in rows), field


# ------------------------------------------------------------------------------------------------ the form


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_the_shipped_templates_have_the_form_of_decree_30(path):
    document = Document(path)
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm, 1) <= 25
    assert 20 <= round(section.bottom_margin.mm, 1) <= 25
    assert 30 <= round(section.left_margin.mm, 1) <= 35
    assert 15 <= round(section.right_margin.mm, 1) <= 20
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    number = section.header.paragraphs[0]
    assert "PAGE" in number._p.xml
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert section.header_distance < section.top_margin
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(13))
    bodies = [
        p for p in document.paragraphs if p.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY and not p.text.startswith("{%")
    ]
    assert bodies
    assert all(p.paragraph_format.space_after >= Pt(6) for p in bodies if p.text)


def test_the_templates_are_those_that_the_script_makes(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # rules/ is shipped as it lies
    spec = importlib.util.spec_from_file_location("make_templates", TEMPLATES / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    monkeypatch.setattr(make, "HERE", tmp_path)
    for each in (make.inspection, make.notice, make.request, make.submission):
        each()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kind.template for kind in KINDS)
    for path in tmp_path.iterdir():
        for part in ("word/document.xml", "word/header1.xml", "word/numbering.xml"):
            fresh, kept = (zipfile.ZipFile(file).read(part) for file in (path, TEMPLATES / path.name))
            assert fresh == kept, "run: python rules/mau/make.py"


def test_the_libraries_load_only_with_the_letters():
    heavy = "[name for name in ('docx', 'docxtpl', 'jinja2') if name in sys.modules]"
    code = f"import sys, xeploai.cli, xeploai.report.card, xeploai.report.tables; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------------------------------------- golden texts

SHOWN = {
    "tinh-mau-2016-2019": ("Háng Khẩu", "Tờ trình"),
    "par-index-huyen-2017-2020": ("Sín Nhọt",),
    "nguoi-dung-dau-2015-2016": ("Tòng Diệp Khuyến",),
    "nd-335-2025-ubnd-xa-2026": ("Phường Tân Khoang", "Xã Hua Ngoạng"),
}


@pytest.mark.parametrize(("sample", "names"), SHOWN.items())
def test_the_letters_of_a_sample(sample, names, pytestconfig):
    written, findings = letters(classify_files([ROOT / "samples" / f"{sample}.xlsx"]))
    lines = [f"{finding.code} {finding.message}" for finding in findings]
    for letter in written:
        if any(name in letter.name for name in names):
            lines += [f"=== {letter.name}", *text_of(letter.content)]
    golden, text = GOLDEN / f"letters-{sample}.txt", "\n".join(lines) + "\n"
    if pytestconfig.getoption("--update"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
