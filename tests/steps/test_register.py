"""The register: who is who in a year, whom the sheet lacks, and what is asked and never joined."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from time import process_time

import pytest

from builders import a_book, a_grid
from xeploai.findings import Severity, Unusable
from xeploai.model import Grid, Unit
from xeploai.pipeline import Outcome, classify
from xeploai.steps import register
from xeploai.steps.match import Matcher

BOOK = a_book()
HEAD = "| Mã xã | Tên đơn vị | Loại | Cấp trên | Từ ngày | Đến ngày |\n"
LISTED = """
| '00011' | Lũng Vối | xã | Huyện Một | | |
| '00012' | Lủng Vối | xã | Huyện Một | | |
| '00013' | Lũng Vối | thị trấn | Huyện Một | | |
| '00021' | Lũng Vối | xã | Huyện Hai | | |
"""


def checked(units: str, listed: str = LISTED, year: int = 2019, history: str = "") -> Outcome:
    """Rows "code | district | name" against this register."""
    rows = "\n".join(f"| {line.strip()} | 10 | 5 | 5 |" for line in units.strip().splitlines())
    drawn = f"| BẢNG ĐIỂM NĂM {year} |\n| Mã xã | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n{rows}"
    grid = a_grid(HEAD + listed.strip(), sheet="Danh mục", file="don-vi.xlsx")
    past = [a_grid(history, sheet="Lịch sử", file="lich-su.xlsx")] if history else []
    return classify(BOOK, [a_grid(drawn, sheet=str(year))], units=[grid], history=past)


ALL = "| Huyện Một | Xã Lũng Vối\n| Huyện Một | Xã Lủng Vối\n| Huyện Một | Thị trấn Lũng Vối\n| Huyện Hai | Xã Lũng Vối"


def codes(outcome: Outcome) -> list[str]:
    return [unit.code for unit in outcome.sheet.units]


def said(outcome: Outcome) -> list[tuple[str, Severity, str]]:
    return [(f.code, f.severity, f.message) for f in outcome.findings if f.code in ("DL78", "DL79", "DL85")]


def warned(outcome: Outcome) -> list[tuple[str, list[str]]]:
    return [(f.code, [str(cell) for cell in f.cells]) for f in outcome.findings if f.code in ("DL78", "DL79")]


# ---------------------------------------------------------------------------------------------- who is who


def test_a_sheet_with_the_registers_codes_gives_no_word():
    outcome = checked("'00011' | Huyện Một | Xã Lũng Vối\n'00012' | Huyện Một | Xã Lủng Vối\n"
                      "'00013' | Huyện Một | TT. Lũng Vối\n'00021' | Huyện Hai | Xã Lũng Vối")  # fmt: skip
    assert (codes(outcome), said(outcome)) == (["00011", "00012", "00013", "00021"], [])


def test_codes_are_filled_in_by_parent_and_name():
    outcome = checked(ALL)
    assert codes(outcome) == ["00011", "00012", "00013", "00021"]
    (told,) = said(outcome)
    assert told[:2] == ("DL85", Severity.NOTE)
    assert told[2].startswith("4 đơn vị được điền mã theo danh mục (khớp tên và cấp trên): ")
    assert "Xã Lũng Vối (Huyện Một), mã 00011 (ô C3); Xã Lủng Vối (Huyện Một), mã 00012 (ô C4); " in told[2]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_neither_normal_form_nor_tone_mark_nor_prefix_makes_two_of_one_place(form):
    listed = "| 7 | Xã Hoà Thuỷ | | Huyện Một | | |"
    assert codes(checked(unicodedata.normalize(form, "| H. Một | UBND xã Hòa Thủy"), listed)) == ["7"]


def test_zeros_that_excel_dropped_are_the_registers_zeros():
    outcome = checked("11 | Huyện Một | Xã Lũng Vối\n" + "\n".join(ALL.splitlines()[1:]))
    assert codes(outcome)[0] == "00011"
    assert said(outcome)[0] == (
        "DL85", Severity.NOTE, "1 mã viết thiếu số 0 ở đầu, hiểu theo danh mục: 11 là 00011 (Xã Lũng Vối, ô C3).",
    )  # fmt: skip
    # Zeros are no licence: 110 is not 0011, and letters are no digits.
    assert codes(checked("110 | Huyện Một | Xã Lũng Vối")) == ["110"]


def test_history_of_a_unit_without_a_code_is_found_by_the_registers():
    history = (
        "| Năm | Mã đơn vị | Đơn vị | Huyện | Xếp loại |\n| 2018 | 11 | Lũng Vối xưa | | khá |\n"
        "| 2017 | | Xã Lũng Vối | Huyện Hai | yếu |"
    )
    outcome = checked(ALL, history=history)
    assert [{y: r.band for y, r in outcome.past.of(place).items()} for place in range(4)] == [
        {2018: "khá"}, {}, {}, {2017: "yếu"},
    ]  # fmt: skip


def test_a_unit_that_the_register_says_is_newer_takes_no_history_of_a_reused_code():
    # 00100 was Xã Ná until 30/06/2025 and is Xã Pản since: without a lineage its history stops, aloud.
    history = (
        "| Năm | Mã đơn vị | Đơn vị | Huyện | Xếp loại |\n| 2024 | {} | Xã Ná | Huyện Một | yếu |\n"
        "| 2025 | 100 | Xã Pản | | khá |"
    )
    for code in ("00100", ""):
        outcome = checked("100 | Tỉnh Mẫu | Xã Pản", MERGED, 2026, history.format(code))
        assert {year: record.band for year, record in outcome.past.of(0).items()} == {2025: "khá"}
        assert [f.code for f in outcome.findings if f.code.startswith("LS")] == ["LS04"]


# ------------------------------------------------------------------------- two that are one by the register


@pytest.mark.parametrize(
    "units",
    [
        "'00011' | Huyện Một | Xã Lũng Vối\n1 | Huyện Hai | Xã Khác\n11 | Huyện Một | Xã Đổi Tên",
        "'00011' | Huyện Một | Xã Lũng Vối\n1 | Huyện Hai | Xã Khác\n| H. Một | UBND xã Lũng Vối",
        "11 | | Xã Nào Đó\n1 | Huyện Hai | Xã Khác\n'011' | Huyện Hai | Xã Nào Khác",
    ],
)
def test_two_rows_that_are_one_unit_by_its_code_in_the_register_are_not_rated(units):
    outcome = checked(units)
    assert codes(outcome) == ["00011", "1", "00011"]
    assert [rating.status for rating in outcome.ratings] == ["unrated", "rated", "unrated"]
    assert outcome.sheet.twice == {0, 2}
    (twice,) = (each for each in outcome.findings if each.code == "DL32")
    assert ([cell.address for cell in twice.cells], twice.year) == (["C3", "C5"], 2019)
    assert twice.message.endswith("xuất hiện 2 lần (ô C3, C5): không hàng nào được xếp loại.")
    assert all(outcome.ratings[place].why == ("Chưa xếp loại: ghi 2 lần (ô C3, C5)",) for place in (0, 2))


def test_what_was_double_without_the_register_is_told_once():
    outcome = checked("'00011' | Huyện Một | Xã Lũng Vối\n'00011' | Huyện Một | Xã Lũng Vối")
    assert [each.code for each in outcome.findings if each.severity is Severity.ERROR] == ["DL32"]
    assert outcome.ratings[0].why == ("Chưa xếp loại: ghi 2 lần (ô C3, C4)",)


def test_a_third_row_of_a_unit_written_twice_is_told_too():
    outcome = checked("'00011' | Huyện Một | Xã Lũng Vối\n'00011' | Huyện Một | Xã Khác\n11 | Huyện Một | Xã Nữa")
    told = [[cell.address for cell in each.cells] for each in outcome.findings if each.code == "DL32"]
    assert told == [["C3", "C4"], ["C3", "C4", "C5"]]
    assert {rating.status for rating in outcome.ratings} == {"unrated"}


def test_an_earlier_year_of_a_unit_that_is_two_rows_by_the_register_is_not_known():
    heading = "| BẢNG ĐIỂM NĂM {} |\n| Mã xã | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    one = "| '00011' | Huyện Một | Xã Lũng Vối | 10 | 5 | 5 |"
    now = a_grid(heading.format(2019) + one, sheet="2019")
    before = a_grid(heading.format(2018) + one + "\n| 11 | Huyện Một | Xã Nữa | 20 | 12 | 8 |", sheet="2018")
    outcome = classify(BOOK, [now, before], units=[a_grid(HEAD + LISTED.strip(), sheet="Danh mục", file="dm.xlsx")])
    assert [(each.code, each.year) for each in outcome.findings if each.code == "DL32"] == [("DL32", 2018)]
    assert (outcome.ratings[0].status, outcome.past.of(0)) == ("rated", {})


# -------------------------------------------------------------------------------------- asked, never joined


@pytest.mark.parametrize("name", ["Xã Lung Vối", "Xã Lùng Vối", "Xã Lủng Vồi"])
def test_a_name_that_differs_by_a_mark_is_asked_with_both_cells(name):
    outcome = checked(f"{ALL}\n| Huyện Một | {name}")
    assert codes(outcome)[4] == ""
    assert warned(outcome) == [("DL78", ["diem.xlsx · 2019 · C7", "don-vi.xlsx · Danh mục · B2"])]
    assert (
        f"{name} (Huyện Một) (ô C7): không có trong danh mục năm 2019; có «Xã Lũng Vối (Huyện Một)»"
        in said(outcome)[0][2]
    )


def test_a_name_that_differs_by_a_letter_is_asked():
    outcome = checked("| Huyện Một | Xã Tân Thàn", "| 1 | Xã Tân Thành | | Huyện Một | | |")
    assert (codes(outcome), warned(outcome)) == (
        [""], [("DL78", ["diem.xlsx · 2019 · C3", "don-vi.xlsx · Danh mục · B2"])],
    )  # fmt: skip


def test_a_code_that_the_register_does_not_know_is_not_joined_by_name():
    outcome = checked("999 | Huyện Một | Xã Lũng Vối")
    assert codes(outcome) == ["999"]
    assert "danh mục năm 2019 không có mã 999; có «Xã Lũng Vối (Huyện Một)» mã 00011" in said(outcome)[0][2]


def test_a_code_wins_over_a_name_aloud():
    outcome = checked(
        "'00012' | Huyện Một | Xã Lũng Vối\n| Huyện Một | Xã Lũng Vối\n| Huyện Hai | Xã Lũng Vối\n| Huyện Một | TT Lũng Vối"
    )
    assert codes(outcome)[:2] == ["00012", "00011"]
    assert (
        "mã 00012 trong danh mục là «Xã Lủng Vối (Huyện Một)» (don-vi.xlsx, ô B3); lấy theo mã" in said(outcome)[0][2]
    )


def test_a_name_of_two_units_in_force_is_a_question():
    outcome = checked("| | Xã Lũng Vối")
    assert codes(outcome) == [""]
    assert "danh mục năm 2019 có 2 đơn vị như vậy" in said(outcome)[0][2]
    assert warned(outcome)[0][1] == [
        "diem.xlsx · 2019 · C3",
        "don-vi.xlsx · Danh mục · B2",
        "don-vi.xlsx · Danh mục · B5",
    ]


def test_strangers_are_one_finding():
    outcome = checked("\n".join([ALL, *(f"| Huyện Ba | Xã Lạ {n}" for n in range(15))]))
    assert [code for code, _ in warned(outcome)] == ["DL78"]
    assert "15 đơn vị của biểu không có trong danh mục năm 2019: Xã Lạ 0 (Huyện Ba) (ô C7)" in said(outcome)[0][2]
    assert said(outcome)[0][2].endswith("; … và 5 nữa.")


def test_one_code_for_two_units_is_said():
    outcome = checked(ALL, LISTED + "| '00021' | Xã Khác | | Huyện Hai | | |")
    assert "Danh mục năm 2019 ghi mã 00021 cho 2 đơn vị" in " ".join(text for _, _, text in said(outcome))


# ----------------------------------------------------------------------------------------- through the years


MERGED = """
| '00100' | Xã Ná | | Huyện Một | | 30/06/2025 |
| '00101' | Xã Lồng | | Huyện Một | | 30/06/2025 |
| '00100' | Xã Pản | | Tỉnh Mẫu | 01/07/2025 | |
"""


def test_a_unit_is_looked_up_among_those_of_its_year():
    assert said(checked("100 | Huyện Một | Xã Ná\n101 | Huyện Một | Xã Lồng", MERGED, 2024))[0][1] is Severity.NOTE
    gone = checked("| Tỉnh Mẫu | Xã Pản\n| Huyện Một | Xã Ná", MERGED, 2026)
    assert codes(gone) == ["00100", ""]
    assert "danh mục chỉ có «Xã Ná (Huyện Một)» đến 30/06/2025" in said(gone)[0][2]


def test_a_code_given_anew_within_the_year_is_the_new_units():
    outcome = checked("100 | Tỉnh Mẫu | Xã Pản", MERGED, 2025)
    assert (codes(outcome), warned(outcome)) == (["00100"], [])


def test_units_of_the_register_that_the_sheet_lacks_are_named():
    outcome = checked("\n".join(ALL.splitlines()[:2]))
    assert warned(outcome) == [("DL79", ["don-vi.xlsx · Danh mục · B4", "don-vi.xlsx · Danh mục · B5"])]
    assert said(outcome)[0][2] == (
        "Danh mục năm 2019 có 2 đơn vị mà bảng điểm không có: Thị trấn Lũng Vối (Huyện Một); "
        "không có đơn vị nào của Huyện Hai: 1."
    )


def test_units_of_another_level_or_another_time_are_not_lacking():
    more = (
        "| '001' | Huyện Một | | Tỉnh Mẫu | | |\n| '00099' | Xã Đã Nhập | | Huyện Một | | 01/03/2019 |\n"
        "| '00098' | Xã Sắp Lập | | Huyện Một | 2020 | |"
    )
    assert warned(checked(ALL, LISTED + more)) == []


# -------------------------------------------------------------------------------------------- how it is read


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        (2025.0, date(2025, 1, 1), date(2025, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("Năm 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("1/7/2025", date(2025, 7, 1), date(2025, 7, 1)),
        ("01-07-2025", date(2025, 7, 1), date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1), date(2025, 7, 1)),
        ("ngày 01 tháng 7 năm 2025", date(2025, 7, 1), date(2025, 7, 1)),
        (datetime(2025, 7, 1, 8), date(2025, 7, 1), date(2025, 7, 1)),
        ("31/02/2025", None, None),
        ("sau Tết", None, None),
        (45839.0, None, None),  # a day of Excel without its format: not a year, and not guessed
        (None, None, None),
    ],
)
def test_dates(value, first, last):
    assert (register.as_date(value), register.as_date(value, end=True)) == (first, last)


def test_a_date_that_cannot_be_read_is_said():
    outcome = checked(ALL, LISTED.replace("Huyện Hai | | |", "Huyện Hai | sau Tết | |"))
    assert "Danh mục: «Xã Lũng Vối (Huyện Hai)» ghi ngày không đọc được (ô E5)" in said(outcome)[0][2]


def test_a_code_without_a_name_is_said():
    outcome = checked(ALL, LISTED + "| '00031' | #REF! | xã | Huyện Một | | |")
    assert "Danh mục: mã 00031 không có tên đọc được (ô B6)" in said(outcome)[0][2]


def test_sums_and_numbering_are_no_units():
    grid = a_grid(
        "| (1) | (2) | (3) |\n| Mã | Tên | Huyện |\n| (1) | (2) | (3) |\n| 1 | Xã Ná | Huyện Một |\n| | Cộng | |"
    )
    assert [each.unit for each in register.read([grid]).listed] == [Unit("Xã Ná", "Huyện Một", "1")]


@pytest.mark.parametrize("drawing", ["| Tên | Tuổi |\n| Ông A | 50 |", "| |"])
def test_a_sheet_that_lists_no_units_is_refused(drawing):
    with pytest.raises(Unusable, match="--units"):
        register.read([a_grid(drawing)])


def test_hidden_sheets_are_left_out():
    grid = Grid("a.xlsx", "Ẩn", [["Mã", "Tên"], ["1", "Xã Ná"]], visible=False)
    with pytest.raises(Unusable):
        register.read([grid])


# -------------------------------------------------------------------------------------------- near names


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Xã Tân Thành", "Xã Tân Thàn", True),
        ("Xã Tân Thành", "Xã Tân Thánhh", True),
        ("Xã Tân Thành", "Xã Tna Thành", True),  # neighbours swapped
        ("Xã Tân Thành", "Xã Tân Bình", False),
        ("Xã Tân Thành", "Phường Tân Thàn", False),
        ("Phường 11", "Phường 12", False),
        ("Xã Ea Nam", "Xã Ea Pam", True),
        ("Xã Ea Na", "Xã Ea Pa", False),
        ("Xã Nà Ơ", "Xã Nà Ư", False),  # too short for a letter to mean anything
        ("Xã Tân Thành", "Xã Tân Thành", False),
    ],
)
def test_one_letter_off(one, other, near):
    assert Matcher([Unit(one)]).one_letter_off(Unit(other)) == [0] * near


def test_a_near_name_of_another_district_is_not_near():
    matcher = Matcher([Unit("Xã Tân Thành", "Huyện Một")])
    assert matcher.one_letter_off(Unit("Xã Tân Thàn", "Huyện Hai")) == []
    assert matcher.one_letter_off(Unit("Xã Tân Thàn", "")) == [0]


def test_ten_thousand_of_one_name_are_found_without_a_search_through_all():
    # Measured: 0,4 s. A search through all names for each would be 100 million comparisons, a minute and more.
    units = [Unit("Xã Tân Thành", f"Huyện {n}") for n in range(10_000)]
    matcher, begun = Matcher(units), process_time()
    assert [matcher.find(unit) for unit in units] == [[n] for n in range(10_000)]
    strange = [Unit(name, f"Huyện {n} khác") for n in range(10_000) for name in ("Xã Tân Thánh", "Xã Tân Thàn")]
    assert not any(matcher.near(unit) is not None or matcher.one_letter_off(unit) for unit in strange)
    assert process_time() - begun < 10
