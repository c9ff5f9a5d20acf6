"""The rule language of the systems as a whole: what does not load; years in force; the commands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest

from builders import BANDS, a_book, a_grid, brief
from builders import HEAD as HEADER
from xeploai import pipeline, sorting
from xeploai.book.load import Loaded, loads
from xeploai.examples import check_book
from xeploai.findings import Unusable

TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""


def complaints(more: str = "", **parts: str) -> list[str]:
    """Why a book is refused; empty where it loads."""
    try:
        a_book(more, **{"criteria": TWO, **parts})
    except Unusable as refused:
        return [finding.message for finding in refused.findings]
    return []


# ------------------------------------------------------------------------------- names that do not exist

UNKNOWN = {
    "a fact in a cap": ( "số liệu: [{mã: KL, tên: Kỷ luật, kiểu: có/không}]\n"
        "khống chế: [{mã: a, loại: điều kiện, khi: [{số liệu: Kỉ luật cũ, là: có}], hạ: 1}]", "Kỷ luật"),
    "a criterion in a cap": ("khống chế: [{mã: a, loại: điều kiện, khi: [{tiêu chí: TC9, ít nhất: 5}], hạ: 1}]", "TC2"),
    "a band in a cap": ("khống chế: [{mã: a, loại: điểm liệt, xếp vào: yêu}]", "yếu"),
    "a level in a cap": ("khống chế: [{mã: a, loại: điểm liệt, cấp: tiêu chi, hạ: 1}]", "tiêu chí"),
    "a phase": ("điểm chính thức: {cộng: [thẩm địn]}", "thẩm định"),
    "a phase that may be blank": ("điểm chính thức: {cộng: [thẩm định], được để trống: [điểm trừ]}", "điểm trừ"),
    "a band in a quota": ("hạn mức: [{mã: q, mức: tot, không quá: 20%}]", "tốt"),
    "a band of the base": ("hạn mức: [{mã: q, mức: tốt, không quá: 20%, tính trên mức: [kha]}]", "khá"),
    "a fact of the base": ( "số liệu: [{mã: N, tên: Số người}]\n"
        "hạn mức: [{mã: q, mức: tốt, không quá: 20%, tính trên số liệu: Số ngừơi}]", "Số người"),
    "a band to move to": ("hạn mức: [{mã: q, mức: tốt, không quá: 20%, chuyển xuống: yeu}]", "yếu"),
    "a tie-break of a quota": ("hạn mức: [{mã: q, mức: tốt, không quá: 20%, khi bằng điểm: [TC3]}]", "TC2"),
    "a tie-break of the ranking": ("xếp hạng: {khi bằng điểm: [Tiêu chí ha]}", "Tiêu chí hai"),
    "a bonus that the book has not": ("xếp hạng: {khi bằng điểm: [điểm thưởng]}", "điểm thưởng"),
    "a group": ("xếp hạng: {theo nhóm: huyên}", "huyện"),
    "a band of the old scale": ("thang cũ: [{mức: xuất sắc, coi như: tôt}]", "tốt"),
    "a fact of a title": ( "số liệu: [{mã: S, tên: Số vụ}]\n"
        "danh hiệu: [{tên: A, điều kiện: [{số liệu: Số vu, ít nhất: 1}]}]", "Số vụ"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_that_the_book_does_not_have_is_refused_with_its_line_and_the_nearest(name):
    more, near = UNKNOWN[name]
    message, *_ = complaints(more)
    line = "\n".join((HEADER, TWO, BANDS, more)).count("\n") + 1  # it is always the last line
    assert re.match(rf"bo-thu\.yaml:{line}:\d+: ", message), message
    assert f"«{near}»" in message


def test_a_kind_that_the_book_does_not_have():
    (message,) = complaints(
        criteria="loại đơn vị: [xã, phường]\n" + TWO.replace("50}", "50, áp dụng cho: [phừơng]}", 1)
    )
    assert "«phường»" in message
    assert complaints(criteria=TWO.replace("50}", "50, áp dụng cho: [xã]}", 1)) != []  # a book without kinds has none


def test_a_band_that_no_unit_below_may_have():
    bands = BANDS.replace("80%}", "80%, điều kiện: [{không đơn vị trực thuộc nào: [kém]}]}")
    (message,) = complaints(bands=bands)
    assert "«kém»" in message


# -------------------------------------------------------------------------------------- contradictions

CONTRADICTS = {
    "children that are not the parent": {"criteria": "tiêu chí:\n  - mã: A\n    tên: A\n    điểm tối đa: 50\n"
        "    gồm: [{mã: A1, tên: A1, điểm tối đa: 20}, {mã: A2, tên: A2, điểm tối đa: 29}]"},
    "an option above its maximum": {"criteria": TWO.replace("50}",
        "50, cách chấm: {loại: lựa chọn, các lựa chọn: "
        "[{chọn: a, điểm: 51}, {chọn: b, điểm: 0}]}}", 1)},
    "bands that overlap": {"bands": BANDS.replace("khá, ít nhất: 65%", "khá, ít nhất: 65%, không quá: 80%")},
    "bands with a gap": {"bands": BANDS.replace("khá, ít nhất: 65%", "khá, ít nhất: 65%, dưới: 79%")},
    "a band that nobody reaches": {"bands": BANDS.replace("khá, ít nhất: 65%", "khá, ít nhất: 80%")},
    "tiers 88–90 and 90–95": {"criteria": TWO.replace("50}",
        "50, cách chấm: {loại: bậc, các bậc: [{ít nhất: 90, không "
        "quá: 95, điểm: 50}, {ít nhất: 88, không quá: 90, điểm: 20}, {dưới: 88, điểm: 0}, {trên: 95, điểm: 50}]}}", 1)},
    "a bonus above its cap": {"more": "điểm thưởng: {tối đa: 3, gồm: [{mã: B, tên: Thưởng, điểm tối đa: 3.5}]}"},
    "one number twice": {"criteria": TWO.replace("50}", "50, số thứ tự: II.2}")},
    "phases that are not the whole": {"criteria": TWO.replace("50}",
        "50, theo giai đoạn: [{giai đoạn: thẩm định, điểm "
        "tối đa: 30}, {giai đoạn: điều tra xã hội học, điểm tối đa: 19}]}", 1)},
    "a kind without any criterion": {"criteria": "loại đơn vị: [xã, phường]\n" + TWO.replace("50}", "50, áp dụng cho: [xã]}")},
    "more than all": {"more": "hạn mức: [{mã: q, mức: tốt, không quá: 101%}]"},
    "up instead of down": {"more": "hạn mức: [{mã: q, mức: khá, không quá: 20%, chuyển xuống: tốt}]"},
    "a quota of the lowest band": {"more": "hạn mức: [{mã: q, mức: yếu, không quá: 20%}]"},
    "a cap without effect": {"more": "khống chế: [{mã: a, loại: điểm liệt}]"},
    "a cap with two": {"more": "khống chế: [{mã: a, loại: điểm liệt, hạ: 1, xếp vào: yếu}]"},
    "a cap that asks nothing": {"more": "khống chế: [{mã: a, loại: điều kiện, hạ: 1}]"},
    "a fact of words compared": {"more": "số liệu: [{mã: S, tên: Số, kiểu: chữ}]\n"
        "khống chế: [{mã: a, loại: điều kiện, khi: [{số liệu: S, ít nhất: 1}], hạ: 1}]"},
    "a share that is not in percent": {"more": "số liệu: [{mã: S, tên: Số}, {mã: T, tên: Tổng số}]\n"
        "khống chế: [{mã: a, loại: điều kiện, khi: [{số liệu: S, trên tổng: T, ít nhất: 1}], hạ: 1}]"},
    "a word that a fact never has": {"more": "số liệu: [{mã: S, tên: Số, kiểu: chữ, các giá trị: [nhẹ]}]\n"
        "khống chế: [{mã: a, loại: điều kiện, khi: [{số liệu: S, là: nặng}], hạ: 1}]"},
    "a blank that a fact never has": {"more": "số liệu: [{mã: S, tên: Số, để trống là: nhiều}]"},
    "a fact named as a criterion": {"more": "số liệu: [{mã: S, tên: Tiêu chí một}]"},
    "two facts of one name": {"more": "số liệu: [{mã: S, tên: Số vụ}, {mã: T, tên: Số  vụ}]"},
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTS)
def test_a_book_that_contradicts_itself_is_refused_at_its_line(name):
    said = complaints(**CONTRADICTS[name])
    assert said
    assert all(re.match(r"bo-thu\.yaml:\d+:\d+: ", message) for message in said)


CHILDREN = CONTRADICTS["children that are not the parent"]["criteria"]
SOUND = {
    "children that are the parent": {"criteria": CHILDREN.replace("29", "30")},
    "an option at its maximum": {"criteria": CONTRADICTS["an option above its maximum"]["criteria"].replace("51", "50")},
    "a bonus at its cap": {"more": CONTRADICTS["a bonus above its cap"]["more"].replace("3.5", "3")},
    "bands that meet": {"bands": BANDS.replace("khá, ít nhất: 65%", "khá, ít nhất: 65%, dưới: 80%")},
    "two numbers": {"criteria": TWO.replace("50}", "50, số thứ tự: II.2}", 1).replace("50}", "50, số thứ tự: II.3}", 1)},
    "all of them": {"more": "hạn mức: [{mã: q, mức: tốt, không quá: 100%}]"},
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_the_same_book_without_the_contradiction_loads(name):
    assert complaints(**SOUND[name]) == []


KNOWN = {
    "children": ({"criteria": CHILDREN.replace("tên: A\n", "tên: A\n    sai lệch đã biết: Phụ lục 1\n")}, "Phụ lục 1"),
    "one number twice": ({"criteria": TWO.replace("50}", "50, số thứ tự: II.2}", 1).replace("50}",
        "50, số thứ tự: II.2, sai lệch "
        "đã biết: Phụ lục 1}", 1)}, "Phụ lục 1"),
    "bands": ({"bands": BANDS.replace("khá, ít nhất: 65%", "khá, ít nhất: 65%, dưới: 79%, "
        "sai lệch đã biết: Điều 8")}, "Điều 8"),
    "bonus": ({"more": "điểm thưởng: {tối đa: 3, gồm: [{mã: B, tên: Thưởng, "
        "điểm tối đa: 4, sai lệch đã biết: Điều 3}]}"}, "Điều 3"),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_contradiction_of_the_official_text_is_a_note(name):
    parts, clause = KNOWN[name]
    loaded = a_book(**{"criteria": TWO, **parts})
    (note,) = loaded.findings
    assert (note.code, note.severity.name) == ("BTC07", "NOTE")
    assert clause in note.message


# -------------------------------------------------------------------------------------- years in force

YEARS = """
bộ tiêu chí: Bộ {0}
mã: {0}
{1}
tiêu chí:
  - {{mã: TC1, tên: Kinh tế xã hội, điểm tối đa: 50}}
  - {{mã: TC2, tên: Cải cách hành chính, điểm tối đa: 50}}
xếp loại:
  - {{mức: tốt, ít nhất: {2}%}}
  - {{mức: yếu, ít nhất: 0%}}
{3}
"""
HEAD = "| Đơn vị | Kinh tế xã hội | Cải cách hành chính |\n"


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, Loaded]:
    """Two books of the same criteria, the old one to 2023 (tốt from 70 %), the new one from 2024 (from 90 %)."""
    old = YEARS.format("cu", "áp dụng từ năm: 2020\nđến năm: 2023", 70, "")
    new = YEARS.format(
        "moi",
        "áp dụng từ năm: 2024",
        90,
        "thang cũ: [{mức: xuất sắc, coi như: tốt}]\ncảnh báo: [{mã: lt, loại: liên tiếp, xếp loại ít nhất: tốt, số năm: 2}]",
    )
    books = {"cu": loads(old.encode(), "cu.yaml"), "moi": loads(new.encode(), "moi.yaml")}
    monkeypatch.setattr(sorting, "shipped_books", lambda: list(books))
    monkeypatch.setattr(sorting, "load_book", books.__getitem__)
    return books


@pytest.mark.parametrize(
    ("year", "code", "band"), [(2020, "cu", "tốt"), (2023, "cu", "tốt"), (2024, "moi", "yếu"), (2031, "moi", "yếu")]
)
def test_the_book_in_force_in_the_sheet_s_year_is_taken(shelf, year, code, band):
    outcome = pipeline.classify(None, [a_grid(HEAD + "| Xã Ná | 40 | 40 |", sheet=str(year))])
    assert (outcome.book.code, outcome.ratings[0].band) == (code, band)


def test_before_the_first_book_nobody_is_classified(shelf):
    with pytest.raises(Unusable, match="2019"):
        pipeline.classify(None, [a_grid(HEAD + "| Xã Ná | 40 | 40 |", sheet="2019")])


def test_an_earlier_year_is_rated_by_the_book_of_then(shelf):
    grids = [a_grid(HEAD + "| Xã Ná | 40 | 40 |", sheet="2023"), a_grid(HEAD + "| Xã Ná | 45 | 45 |", sheet="2024")]
    outcome = pipeline.classify(None, grids)
    assert outcome.past.of(0)[2023].band == "tốt"  # 80 %: by the new book it would be yếu
    assert brief(outcome.findings, "lt") == [("lt", "Xã Ná", "A2")]


def test_an_old_year_comes_out_as_it_did_whatever_has_come_since(shelf):
    old = a_grid(HEAD + "| Xã Ná | 40 | 40 |\n| Xã Nả | 30 | 39.99 |", sheet="2023")
    new = a_grid(HEAD + "| Xã Ná | 45 | 45 |", sheet="2024")
    then = pipeline.classify(None, [old])
    again = pipeline.classify(None, [old, new], options=pipeline.Options(year=2023))
    assert (then.book.code, again.book.code) == ("cu", "cu")
    assert then.ratings == again.ratings
    assert [r.band for r in again.ratings] == ["tốt", "yếu"]


def test_bands_of_an_older_scale_count_as_the_book_says(shelf):
    published = a_grid(
        "| Đơn vị | 2022 | 2023 |\n| Xã Ná | Xuất sắc | tốt |\n| Xã Nả | Xuất sắc | giỏi |", sheet="Lịch sử"
    )
    outcome = pipeline.classify(
        shelf["moi"], [a_grid(HEAD + "| Xã Ná | 45 | 45 |\n| Xã Nả | 45 | 45 |", sheet="2024")], history=[published]
    )
    assert brief(outcome.findings, "lt") == [("lt", "Xã Ná", "A2")]
    assert outcome.past.of(0)[2022].band == "tốt"
    assert len(brief(outcome.findings, "LS01")) == 1  # «giỏi» is no band of either scale


def test_a_book_that_is_named_is_used_out_of_its_years_aloud(shelf):
    outcome = pipeline.classify(shelf["cu"], [a_grid(HEAD + "| Xã Ná | 40 | 40 |", sheet="2025")])
    assert outcome.ratings[0].band == "tốt"
    assert len(brief(outcome.findings, "BTC09")) == 1


# ----------------------------------------------------------------------------- the commands on such a book

SYSTEM = """
bộ tiêu chí: Bộ của hệ thống
mã: he-thong
loại đơn vị: [phường, xã]
số liệu:
  - {mã: SL1, tên: Số việc được giao}
  - {mã: SL2, tên: Số việc đúng hạn}
  - {mã: KL, tên: Ghi chú, kiểu: chữ, các giá trị: [không, khiển trách], để trống là: không}
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50, khi không áp dụng: chia đều}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50, áp dụng cho: [xã], khi không áp dụng: chia đều}
  - mã: TC3
    tên: Tiêu chí ba
    điểm tối đa: 30
    cách chấm: {loại: tỷ lệ, tử số: SL2, mẫu số: SL1}
xếp loại:
  - {mức: tốt, ít nhất: 80%, điều kiện: [{số liệu: SL2, trên tổng: SL1, ít nhất: 50%}]}
  - {mức: khá, ít nhất: 65%}
  - {mức: yếu, ít nhất: 0%}
điểm chính thức: {cộng: [thẩm định], trừ: [điểm trừ], được để trống: [điểm trừ]}
điểm thưởng: {tối đa: 3, để trống là 0: có, gồm: [{mã: B1, tên: Thưởng, điểm tối đa: 3}]}
giới hạn tổng điểm: {ít nhất: 0 điểm, không quá: 110%}
khống chế:
  - {mã: khien-trach, loại: điều kiện, khi: [{số liệu: KL, là: khiển trách}], xếp loại không quá: khá}
hạn mức: [{mã: hm, mức: tốt, không quá: 50%, lấy số nguyên: lên, theo nhóm: loại đơn vị}]
xếp hạng: {theo nhóm: loại đơn vị, khi bằng điểm: [TC1, điểm thưởng]}
ví dụ:
  - {tên: hai phần ba, điểm: TC1 50; TC2 50, số liệu: [SL1 = 3, SL2 = 2], loại đơn vị: xã, tổng điểm: 120, xếp loại: tốt}
  - {tên: chưa đủ một nửa, điểm: TC1 50; TC2 50, số liệu: [SL1 = 10, SL2 = 4], loại đơn vị: xã, xếp loại: chưa xác định}
  - {tên: khiển trách, điểm: TC1 50, số liệu: [SL1 = 3, SL2 = 3, Ghi chú = khiển trách], loại đơn vị: phường, xếp loại: khá}
"""


def test_its_examples_come_out_as_they_say():
    assert check_book(loads(SYSTEM.encode(), "he-thong.yaml")) == []


def test_a_wrong_example_is_told():
    (finding,) = check_book(loads(SYSTEM.replace("tổng điểm: 120", "tổng điểm: 121").encode(), "he-thong.yaml"))
    assert all(word in finding.message for word in ("hai phần ba", "120", "121"))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "bo.yaml").write_text(dedent(SYSTEM), "utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bảng điểm 2024"
    for row in (
        ["Ghi chú", "Đơn vị", "Loại đơn vị", "TC1", None, None, "TC2", None, "Số việc được giao", "Số việc đúng hạn", "Thưởng"],
        [None, None, None, "Tự chấm", "Thẩm định", "Điểm trừ", "Tự chấm", "Thẩm định", None, None, None],
        [None, "Ná", "xã", 50, 40, None, 50, 40, 3, 2, 1],  # 100 + 1 of 130
        [None, "Nả", "xã", 50, "Không áp dụng", None, 50, 40, 3, 2, None],  # 40 × 75/50 + 20 × 55/30 = 290/3 of 130
        ["khiển trách", "Nã", "phường", 50, 45, 1, None, None, 3, 3, None],  # 74 of 80
        [None, "Nạ", "phường", 50, 45, None, None, None, 3, None, None],
    ):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "diem.xlsx")
    return tmp_path


def test_classify_gives_the_hand_worked_numbers(office, xeploai):
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "ra.xlsx", "--json", "ra.json")
    assert done.returncode == 1, done.stderr  # one unit cannot be judged
    units = json.loads((office / "ra.json").read_text("utf-8"))["units"]
    assert [(u["name"], u["points"], u["max_points"], u["band"], u["computed_band"]) for u in units] == [
        ("Ná", "101", "130", "khá", "khá"), ("Nả", "290/3", "130", "khá", "khá"), ("Nã", "74", "80", "khá", "tốt"),
        ("Nạ", None, None, None, None)
    ]  # fmt: skip
    sheets = openpyxl.load_workbook(office / "ra.xlsx").sheetnames
    assert {"Kết quả", "So sánh điểm", "Cách chấm"} <= set(sheets)
    assert "DL52" in done.stderr


def test_check_says_what_was_understood_and_writes_nothing(office, xeploai):
    before = sorted(path.name for path in office.iterdir())
    done = xeploai("check", "diem.xlsx", "--rules", "bo.yaml")
    assert done.returncode == 1
    assert all(word in done.stdout for word in ("thẩm định", "tự chấm", "điểm trừ", "SL1"))
    assert sorted(path.name for path in office.iterdir()) == before


def test_the_same_input_gives_the_same_json(office, xeploai):
    first, second = (
        xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--json", "-", "-o", name).stdout
        for name in ("a.xlsx", "b.xlsx")
    )
    assert first == second


def test_the_template_binds_and_its_columns_are_all_there(office, xeploai):
    assert xeploai("template", "bo.yaml", "-o", "bieu.xlsx").returncode == 0
    book = openpyxl.load_workbook(office / "bieu.xlsx")
    sheet = book.worksheets[0]
    top = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "(1)") + 1
    heads = {}
    for column in range(1, sheet.max_column + 1):
        name = next((sheet.cell(top - 3, c).value for c in range(column, 0, -1) if sheet.cell(top - 3, c).value), None)
        heads[name, sheet.cell(top - 2, column).value] = column
    for (name, phase), value in {
        ("Đơn vị", None): "Xã Ná", ("Loại đơn vị", None): "xã", ("Số việc được giao", None): 3, ("Số việc đúng hạn", None): 2,
        ("Tiêu chí một", "Thẩm định"): 50, ("Tiêu chí hai", "Thẩm định"): 40, ("Thưởng", "Thẩm định"): 1,
    }.items():  # fmt: skip
        sheet.cell(top, heads[name, phase], value)
    book.save(office / "bieu.xlsx")
    done = xeploai("classify", "bieu.xlsx", "--rules", "bo.yaml", "--json", "-", "-o", "ra.xlsx")
    (unit,) = json.loads(done.stdout)["units"]
    assert (unit["points"], unit["max_points"], unit["band"]) == ("111", "130", "tốt")


# ------------------------------------------------------------------------------------------ found wrong

IDLE = {
    "a clamp that ends before it begins": {"more": "giới hạn tổng điểm: {ít nhất: 50 điểm, không quá: 40 điểm}"},
    "a clamp under the highest band": {"more": "giới hạn tổng điểm: {không quá: 70 điểm}"},
    "a phase that makes no official point": {"criteria": TWO.replace("50}",
        "50, theo giai đoạn: [{giai đoạn: thẩm định, điểm tối đa: "
        "30}, {giai đoạn: điều tra xã hội học, điểm tối đa: 20}]}", 1) + "điểm chính thức: {cộng: [thẩm định]}"},
    "a fact named as the code of a criterion": {"more": "số liệu: [{mã: S, tên: TC1}]"},
    "a blank that is no band": {"more": "số liệu: [{mã: S, tên: Mức cũ, kiểu: mức, để trống là: gì}]"},
}  # fmt: skip


@pytest.mark.parametrize("name", IDLE)
def test_what_can_never_be_meant_is_told(name):
    try:
        loaded = a_book(**{"criteria": TWO, **IDLE[name]})
    except Unusable:
        return
    assert loaded.findings
