"""History across mergers, splits and changes of name: whose it is, what each policy makes of it, what is never joined."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from builders import a_book, a_grid, brief
from xeploai.book.load import Loaded, read_table
from xeploai.findings import Severity, Unusable
from xeploai.model import Grid
from xeploai.pipeline import Options, Outcome, classify
from xeploai.report import tables
from xeploai.steps import lineage

FLAGS = """
danh hiệu:
  - {tên: Vững mạnh, xếp loại ít nhất: khá}
cảnh báo:
  - {mã: kem, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}
  - {mã: tot, loại: liên tiếp, xếp loại ít nhất: khá, số năm: 2}
  - {mã: dung-tb, loại: liên tiếp, xếp loại: trung bình, số năm: 2}
  - {mã: co-dh, loại: liên tiếp, danh hiệu: Vững mạnh, số năm: 2}
  - {mã: khong-dh, loại: liên tiếp, không đạt danh hiệu: Vững mạnh, số năm: 2}
"""
BOOK = a_book(FLAGS)
POINTS = {"tốt": "20 | 12 | 8", "khá": "18 | 5 | 5", "trung bình": "10 | 5 | 5", "yếu": "5 | 5 | 5"}
LONG = "| Năm | Đơn vị | Mã đơn vị | Huyện | Xếp loại | Danh hiệu |\n"
MOVES = "| Mã cũ | Tên cũ | Cấp trên cũ | Mã mới | Tên mới | Cấp trên mới | Từ ngày | Ghi chú |\n"
MERGER = """
| 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
| 102 | Xã Lồng | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
"""


def classified(
    units: str, history: str, moves: str | Grid = MERGER, policy: str = "", year: int = 2026, book: Loaded = BOOK
) -> Outcome:
    """Units as "code name: band" lines, with this history and lineage."""
    rows = []
    for line in units.strip().splitlines():
        name, _, band = line.strip().partition(":")
        code, _, name = name.partition(" ")
        rows.append(f"| {code.strip('-')} | Tỉnh Mẫu | {name} | {POINTS[band.strip()]} |")
    drawn = f"| BẢNG ĐIỂM NĂM {year} |\n| Mã xã | Cụm | Đơn vị | TC1 | TC2.1 | TC2.2 |\n" + "\n".join(rows)
    grid = moves if isinstance(moves, Grid) else a_grid(MOVES + moves.strip(), sheet="Sáp nhập", file="sap-nhap.xlsx")
    past = a_grid(LONG + history.strip(), sheet="Lịch sử", file="lich-su.xlsx")
    return classify(
        book, [a_grid(drawn, sheet=str(year))], history=[past], lineage=[grid], options=Options(merger=policy)
    )


def bands(outcome: Outcome, position: int = 0) -> dict[int, str | None]:
    return {year: record.band for year, record in outcome.past.of(position).items()}


def told(outcome: Outcome, *codes: str) -> list[tuple[str, str]]:
    found = [(finding.code, finding.message) for finding in outcome.findings]
    return [pair for pair in found if pair[0] in codes or (not codes and pair[0].startswith("LS"))]


def fired(outcome: Outcome) -> set[str]:
    own = {flag.code for flag in outcome.book.flags}
    return {finding.code for finding in outcome.findings if finding.code in own and finding.streak}


def message(outcome: Outcome, code: str) -> str:
    return next(finding.message for finding in outcome.findings if finding.code == code)


TB_AND_KHA = "| 2024 | Xã Ná | 101 | Huyện Một | trung bình | |\n| 2024 | Xã Lồng | 102 | Huyện Một | khá | Vững mạnh |"
NEW_YEAR = "\n| 2025 | Xã Pản | 201 | Tỉnh Mẫu | trung bình | |"

# ----------------------------------------------------------------------------------------- a merger stops


def test_history_stops_at_a_merger_aloud():
    outcome = classified("201 Xã Pản: trung bình", TB_AND_KHA + NEW_YEAR)
    assert bands(outcome) == {2025: "trung bình"}
    assert told(outcome) == [(
        "LS11",
        "Lịch sử của 1 đơn vị dừng ở ngày thành lập, các năm trước không tính (bộ tiêu chí và dòng lệnh chưa chọn chính sách "
        "qua sáp nhập): Xã Pản (Tỉnh Mẫu) (thành lập ngày 01/07/2025 từ Xã Ná (Huyện Một) và Xã Lồng (Huyện Một)).",
    )]  # fmt: skip
    (stop,) = (each for each in outcome.findings if each.code == "LS11")
    assert (stop.severity, [str(cell) for cell in stop.cells]) == (
        Severity.WARNING, ["sap-nhap.xlsx · Sáp nhập · B2", "sap-nhap.xlsx · Sáp nhập · B3"],
    )  # fmt: skip
    assert (
        "Thành lập ngày 01/07/2025 từ Xã Ná (Huyện Một) và Xã Lồng (Huyện Một); lịch sử trước đó không tính"
        in (outcome.ratings[0].why[-1])
    )


def test_the_streak_says_where_it_stopped():
    assert "2 năm liên tiếp (2025–2026; thành lập ngày 01/07/2025 từ Xã Ná (Huyện Một) và Xã Lồng (Huyện Một), " in (
        message(classified("201 Xã Pản: trung bình", TB_AND_KHA + NEW_YEAR), "kem")
    )


def test_a_chosen_stop_is_only_a_note():
    by_user = classified("201 Xã Pản: trung bình", TB_AND_KHA, policy="dừng")
    by_book = classified("201 Xã Pản: trung bình", TB_AND_KHA, book=a_book("qua sáp nhập: dừng\n" + FLAGS))
    for outcome in (by_user, by_book):
        assert [f.severity for f in outcome.findings if f.code == "LS11"] == [Severity.NOTE]
        assert bands(outcome) == {}


def test_where_nothing_is_lost_nothing_is_said():
    assert told(classified("201 Xã Pản: trung bình", NEW_YEAR)) == []


def test_the_old_units_stay_in_the_history_and_next_year_finds_them_again():
    outcome = classified("201 Xã Pản: trung bình", TB_AND_KHA, policy="thấp nhất")
    rows = [(row[0], row[1], row[2], row[6]) for row in tables.history(outcome).tables[0].rows]
    assert rows == [
        (2026, "Xã Pản", "201", "trung bình"), (2024, "Xã Ná", "101", "trung bình"), (2024, "Xã Lồng", "102", "khá"),
    ]  # fmt: skip


# -------------------------------------------------------------------------------------------- the policies


@pytest.mark.parametrize(
    ("policy", "band", "flags"),
    [
        ("thấp nhất", "trung bình", {"kem", "dung-tb", "khong-dh"}),
        ("bất kỳ", None, {"kem", "dung-tb", "khong-dh"}),
        ("tất cả", None, set()),
    ],
)
def test_one_old_unit_was_bad(policy, band, flags):
    outcome = classified(
        "201 Xã Pản: trung bình", TB_AND_KHA.replace("trung bình | |", "trung bình | không |") + NEW_YEAR, policy=policy
    )
    year = outcome.past.of(0)[2024]
    assert year.band == band
    assert (year.rank, year.points) == (None, None)
    # 2025 and 2026 were bad themselves; what the policy decides is whether 2024 counts too.
    lengths = {f.code: f.streak.years for f in outcome.findings if f.streak}
    assert {code for code, years in lengths.items() if years == 3} == (flags - {"khong-dh"})


@pytest.mark.parametrize(
    ("policy", "flags"),
    [("dừng", set()), ("thấp nhất", set()), ("bất kỳ", {"tot", "co-dh"}), ("tất cả", set())],
)
def test_one_old_unit_was_good(policy, flags):
    history = TB_AND_KHA.replace("2024", "2025").replace("trung bình | |", "trung bình | không |")
    assert fired(classified("201 Xã Pản: khá", history, MERGER.replace("2025", "2026"), policy)) == flags


@pytest.mark.parametrize(("policy", "fires"), [("thấp nhất", False), ("bất kỳ", True), ("tất cả", False)])
def test_the_lowest_of_two_bands_is_one_band(policy, fires):
    # Of trung bình and yếu the lowest is yếu: a run of trung bình, exactly, ends there.
    history = TB_AND_KHA.replace("2024", "2025").replace("khá", "yếu")
    outcome = classified("201 Xã Pản: trung bình", history, MERGER.replace("2025", "2026"), policy)
    assert ("dung-tb" in fired(outcome)) is fires


@pytest.mark.parametrize("policy", ["thấp nhất", "bất kỳ", "tất cả"])
def test_all_old_units_alike(policy):
    history = (
        TB_AND_KHA.replace("2024", "2025").replace("khá | Vững mạnh", "trung bình | không").replace("| |", "| không |")
    )
    outcome = classified("201 Xã Pản: trung bình", history, MERGER.replace("2025", "2026"), policy)
    assert fired(outcome) == {"kem", "dung-tb", "khong-dh"}
    assert bands(outcome) == {2025: "trung bình"}


def test_the_streak_names_the_old_units_and_their_cells():
    outcome = classified("201 Xã Pản: trung bình", TB_AND_KHA + NEW_YEAR, policy="thấp nhất")
    (found,) = (each for each in outcome.findings if each.code == "kem")
    assert found.message == (
        "Xã Pản (Tỉnh Mẫu): xếp loại trung bình trở xuống ít nhất 3 năm liên tiếp (2024–2026; trước ngày 01/07/2025 tính mức "
        "thấp nhất của Xã Ná (Huyện Một) và Xã Lồng (Huyện Một); chưa có số liệu trước 2024)."
    )
    assert [str(cell) for cell in found.cells] == [
        "diem.xlsx · 2026 · C3", "lich-su.xlsx · Lịch sử · E4", "lich-su.xlsx · Lịch sử · E2", "lich-su.xlsx · Lịch sử · E3",
    ]  # fmt: skip
    assert [code for code, _ in told(outcome)] == ["LS13"]


@pytest.mark.parametrize(
    ("policy", "known", "counts"),
    [
        ("thấp nhất", "trung bình", True),  # whatever the other was, the lowest is no better
        ("thấp nhất", "khá", None),
        ("bất kỳ", "trung bình", True),
        ("bất kỳ", "khá", None),
        ("tất cả", "trung bình", None),
        ("tất cả", "khá", False),
    ],
)
def test_a_year_of_which_only_some_old_units_have_a_record(policy, known, counts):
    history = f"| 2024 | Xã Ná | 101 | Huyện Một | {known} | |" + NEW_YEAR
    outcome = classified("201 Xã Pản: trung bình", history, policy=policy)
    found = next(each for each in outcome.findings if each.code == "kem")
    assert found.streak.years == (3 if counts else 2)
    lacking = "chưa có số liệu 2024 của Xã Lồng (Huyện Một)"
    assert (lacking in found.message) == (counts is None)


def test_the_lowest_band_is_sure_even_where_another_record_is_missing():
    history = "| 2024 | Xã Ná | 101 | Huyện Một | {} | |"
    assert bands(classified("201 Xã Pản: khá", history.format("trung bình"), policy="thấp nhất")) == {2024: None}
    assert bands(classified("201 Xã Pản: khá", history.format("yếu"), policy="thấp nhất")) == {2024: "yếu"}


def test_a_year_of_which_no_old_unit_has_a_record_is_no_year():
    assert bands(classified("201 Xã Pản: khá", NEW_YEAR, policy="thấp nhất")) == {2025: "trung bình"}


def test_the_year_of_the_merger_belongs_to_the_new_unit():
    history = "| 2025 | Xã Ná | 101 | Huyện Một | yếu | |\n| 2024 | Xã Ná | 101 | Huyện Một | yếu | |"
    outcome = classified("201 Xã Pản: khá", history, policy="thấp nhất")
    assert bands(outcome) == {2024: "yếu"}
    assert [code for code, _ in told(outcome)] == ["LS04", "LS13"]  # Xã Ná of 2025 is left out, aloud


@pytest.mark.parametrize("policy", ["", "dừng", "thấp nhất"])
def test_a_record_of_an_old_unit_in_the_year_of_the_merger_is_told_as_what_it_is(policy):
    history = TB_AND_KHA + "\n| 2025 | Xã Ná | 101 | Huyện Một | yếu | |\n| 2025 | Xã Lồng | 102 | Huyện Một | khá | |"
    outcome = classified("201 Xã Pản: khá", history, policy=policy)
    (late,) = (each for each in outcome.findings if each.code == "LS04")
    assert [cell.address for cell in late.cells] == ["E4", "E5"]  # the rows of 2025, not those of 2024
    assert late.message == (
        "2 đơn vị có trong lịch sử nhưng không có trong bảng điểm năm 2026: Xã Ná (Huyện Một): năm 2025 (ô E4) đã thuộc về "
        "Xã Pản (Tỉnh Mẫu) từ ngày 01/07/2025, không dùng; Xã Lồng (Huyện Một): năm 2025 (ô E5) đã thuộc về Xã Pản "
        "(Tỉnh Mẫu) từ ngày 01/07/2025, không dùng."
    )
    assert late.duty.startswith("Năm có sáp nhập, đổi tên thuộc về đơn vị mới")
    assert 2025 not in bands(outcome)
    kept = {(unit.name, record.year, record.band) for unit, record in outcome.past.others}
    assert {("Xã Ná", 2025, "yếu"), ("Xã Lồng", 2025, "khá")} <= kept


def test_where_only_the_year_of_the_merger_is_known_no_history_stops():
    outcome = classified("201 Xã Pản: khá", "| 2025 | Xã Ná | 101 | Huyện Một | yếu | |")
    assert [code for code, _ in told(outcome)] == ["LS04"]


def test_a_stranger_beside_a_late_record_is_told_by_itself():
    history = "| 2025 | Xã Ná | 101 | Huyện Một | yếu | |\n| 2025 | Xã Nào | | Huyện Một | yếu | |"
    outcome = classified("201 Xã Pản: khá", history)
    assert [[cell.address for cell in f.cells] for f in outcome.findings if f.code == "LS04"] == [["E2"], ["E3"]]


def test_a_merger_after_the_classified_year_changes_nothing():
    outcome = classified(
        "101 Xã Ná: trung bình\n102 Xã Lồng: khá", TB_AND_KHA, year=2024 + 1, moves=MERGER.replace("2025", "2027")
    )
    assert (bands(outcome), bands(outcome, 1)) == ({2024: "trung bình"}, {2024: "khá"})
    assert told(outcome) == []


def test_the_year_before_is_not_counted_for_units_that_were_not_there():
    outcome = classified(
        "201 Xã Pản: trung bình", TB_AND_KHA.replace("2024", "2025"), MERGER.replace("2025", "2026"), "thấp nhất"
    )
    assert bands(outcome) == {2025: "trung bình"}
    assert tables.count_previous(outcome) is None


# ---------------------------------------------------------------------- names and codes that are given anew


REUSED = """
| 301 | Xã Sàm | Huyện Một | 300 | Xã Thanh Lũng | Tỉnh Mẫu | '01/07/2025' | |
| 300 | Xã Thanh | Huyện Một | 300 | Xã Thanh Lũng | Tỉnh Mẫu | '01/07/2025' | |
| 302 | Xã Pọm | Huyện Một | 303 | Xã Sàm | Tỉnh Mẫu | '01/07/2025' | |
| 303 | Xã Nưa | Huyện Một | 303 | Xã Sàm | Tỉnh Mẫu | '01/07/2025' | |
"""
OF_REUSED = """
| 2024 | Xã Sàm | {} | Huyện Một | yếu | |
| 2024 | Xã Pọm | {} | Huyện Một | tốt | |
| 2024 | Xã Nưa | {} | Huyện Một | khá | |
| 2024 | Xã Thanh | {} | Huyện Một | trung bình | |
"""


@pytest.mark.parametrize("codes", [("301", "302", "303", "300"), ("", "", "", "")], ids=["codes", "names"])
@pytest.mark.parametrize("coded", [True, False])
def test_a_name_that_is_reused_for_other_territory_takes_no_history_of_the_old_one(codes, coded):
    units = "303 Xã Sàm: khá\n300 Xã Thanh Lũng: khá" if coded else "- Xã Sàm: khá\n- Xã Thanh Lũng: khá"
    outcome = classified(units, OF_REUSED.format(*codes), REUSED, "thấp nhất")
    assert (bands(outcome), bands(outcome, 1)) == ({2024: "khá"}, {2024: "yếu"})


def test_a_record_of_before_is_refused_where_the_table_does_not_say_what_became_of_its_unit():
    history = "| 2024 | Xã Pản | | | yếu | |\n" + TB_AND_KHA
    for policy in ("dừng", "thấp nhất"):
        outcome = classified("201 Xã Pản: khá", history, policy=policy)
        assert bands(outcome) == {}
        assert [(f.code, f.severity, f.at.address) for f in outcome.findings if f.code == "LS12"] == [
            ("LS12", Severity.WARNING, "E2")
        ]
    assert "không phải là đơn vị đó và bảng không nói đơn vị ấy vào đâu" in message(outcome, "LS12")


def test_what_the_lineage_asks_about_is_asked_once_and_other_near_names_still_are():
    history = "| 2024 | Xã Pản | | | yếu | |\n| 2024 | Xã Sảm | | Tỉnh Mẫu | khá | |"
    outcome = classified("201 Xã Pản: khá\n- Xã Sàm: khá", history, policy="dừng")
    asked = told(outcome, "LS04", "LS09", "LS12")
    assert [code for code, _ in asked] == ["LS12", "LS09"]
    assert "«Xã Sảm (Tỉnh Mẫu)»" in asked[1][1]


def test_without_a_lineage_names_alone_decide_and_vanished_ones_are_named():
    drawn = "| BẢNG ĐIỂM NĂM 2026 |\n| Cụm | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Tỉnh Mẫu | Xã Pản | 10 | 5 | 5 |"
    outcome = classify(BOOK, [a_grid(drawn)], history=[a_grid(LONG + TB_AND_KHA, sheet="Lịch sử")])
    assert [code for code, _ in told(outcome)] == ["LS04"]


def test_a_code_that_changed_its_name_is_joined_aloud():
    drawn = (
        "| BẢNG ĐIỂM NĂM 2026 |\n| Mã xã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| '101' | Xã Pản | 10 | 5 | 5 |\n"
        "| '102' | X. Lồng | 10 | 5 | 5 |"
    )
    outcome = classify(BOOK, [a_grid(drawn)], history=[a_grid(LONG + TB_AND_KHA, sheet="Lịch sử", file="lich-su.xlsx")])
    assert (bands(outcome), bands(outcome, 1)) == ({2024: "trung bình"}, {2024: "khá"})
    (found,) = (each for each in outcome.findings if each.code.startswith("LS"))
    assert (found.code, [cell.address for cell in found.cells]) == ("LS12", ["E2", "B3"])
    assert "mã 101 trước là «Xã Ná» (năm 2024), nay là «Xã Pản»" in found.message


def test_a_code_and_a_name_that_speak_of_two_old_units_are_asked_about():
    outcome = classified("201 Xã Pản: khá", "| 2024 | Xã Lồng | 101 | Huyện Một | yếu | |", policy="bất kỳ")
    assert bands(outcome) == {}
    assert [code for code, _ in told(outcome)] == ["LS12"]
    assert "Xã Ná (Huyện Một) (mã 101) và Xã Lồng (Huyện Một) (mã 102)" in message(outcome, "LS12")


def test_one_name_in_two_districts_is_asked_about_where_the_district_is_not_said():
    moves = MERGER.replace("Xã Lồng | Huyện Một", "Xã Ná | Huyện Hai")
    history = "| 2024 | Xã Ná | | {} | yếu | |"
    assert [code for code, _ in told(classified("201 Xã Pản: khá", history.format(""), moves, "bất kỳ"))] == ["LS12"]
    outcome = classified("201 Xã Pản: khá", history.format("Huyện Hai"), moves, "bất kỳ")
    assert [str(old.unit) for old in outcome.past.of(0)[2024].olds if old.record] == ["Xã Ná (Huyện Hai)"]


# --------------------------------------------------------------------------- renames, splits, parts, chains


def test_a_change_of_name_one_to_one_keeps_its_history():
    moves = "| 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |"
    outcome = classified("201 Xã Pản: trung bình", "| 2025 | Xã Pản | 201 | | trung bình | |\n" + TB_AND_KHA, moves)
    assert bands(outcome) == {2024: "trung bình", 2025: "trung bình"}
    assert ["trước ngày 01/07/2025 là Xã Ná (Huyện Một)" in text for code, text in told(outcome, "LS13", "kem")] == [
        True,
        True,
    ]
    assert tables.history(outcome).tables[0].rows[1][:3] == [2026, "Xã Pản", "201"]  # 2024 stays under its own name
    assert [row[1] for row in tables.history(outcome).tables[0].rows if row[0] == 2024] == ["Xã Ná", "Xã Lồng"]


def test_what_stays_as_it_was_needs_no_word():
    moves = MERGER + "| 105 | Xã Yên | Tỉnh Mẫu | 105 | Xã Yên | Tỉnh Mẫu | '01/07/2025' | |"
    outcome = classified("105 Xã Yên: khá", "| 2024 | Xã Yên | 105 | Tỉnh Mẫu | yếu | |", moves)
    assert (bands(outcome), told(outcome), dict(outcome.past.formed)) == ({2024: "yếu"}, [], {})


def test_a_unit_that_only_gave_away_a_part_goes_on():
    moves = """
    | 101 | Xã Ná | Huyện Một | 101 | Xã Ná | Huyện Một | '01/07/2025' | một phần |
    | 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | một phần |
    | 102 | Xã Lồng | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
    """
    outcome = classified("101 Xã Ná: khá\n201 Xã Pản: khá", TB_AND_KHA, moves, "thấp nhất")
    assert (bands(outcome), bands(outcome, 1)) == ({2024: "trung bình"}, {2024: "trung bình"})
    assert [str(old) for old in outcome.past.of(1)[2024].olds] == [
        "Xã Ná (Huyện Một) (một phần)",
        "Xã Lồng (Huyện Một)",
    ]
    # Without the row "Xã Ná → Xã Ná" as well: a part went away, the unit is still in the sheet.
    short = "\n".join(moves.strip().splitlines()[1:])
    assert bands(classified("101 Xã Ná: khá\n201 Xã Pản: khá", TB_AND_KHA, short, "thấp nhất"), 1) == {
        2024: "trung bình"
    }


@pytest.mark.parametrize(
    ("policy", "past"), [("dừng", {}), ("thấp nhất", {2024: "trung bình"}), ("tất cả", {2024: "trung bình"})]
)
def test_a_split_is_no_change_of_name(policy, past):
    moves = """
    | 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | một phần |
    | 101 | Xã Ná | Huyện Một | 202 | Xã Pùa | Tỉnh Mẫu | '01/07/2025' | phần còn lại |
    """
    outcome = classified("201 Xã Pản: khá\n202 Xã Pùa: khá", TB_AND_KHA, moves, policy)
    assert (bands(outcome), bands(outcome, 1)) == (past, past)


def test_neither_a_part_alone_nor_a_split_without_the_word_is_a_change_of_name():
    part = "| 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | một phần |"
    split = """
    | 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
    | 101 | Xã Ná | Huyện Một | 202 | Xã Pùa | Tỉnh Mẫu | '01/07/2025' | |
    """
    for moves in (part, split):
        outcome = classified("201 Xã Pản: khá", TB_AND_KHA, moves, "dừng")
        assert (bands(outcome), outcome.past.formed[0].policy) == ({}, "dừng")


CHAIN = """
| 101 | Xã Ná | Huyện Một | 102 | Xã Lồng | Huyện Một | '01/01/2020' | |
| 103 | Xã Tưng | Huyện Một | 102 | Xã Lồng | Huyện Một | '01/01/2020' | |
| 102 | Xã Lồng | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
| 104 | Xã Hua | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
"""
OF_CHAIN = """
| 2019 | Xã Ná | 101 | Huyện Một | tốt | |
| 2019 | Xã Tưng | 103 | Huyện Một | yếu | |
| 2019 | Xã Hua | 104 | Huyện Một | khá | |
| 2020 | Xã Lồng | 102 | Huyện Một | trung bình | |
| 2020 | Xã Hua | 104 | Huyện Một | khá | |
"""


def test_a_unit_that_was_merged_twice_goes_back_through_both():
    outcome = classified("201 Xã Pản: khá", OF_CHAIN, CHAIN, "thấp nhất")
    assert bands(outcome) == {2019: "yếu", 2020: "trung bình"}
    assert [cell.address for cell in outcome.past.of(0)[2019].cells] == ["E2", "E3", "E4"]


def test_a_name_of_before_the_first_merger_is_not_the_unit_between_the_two():
    outcome = classified(
        "201 Xã Pản: khá", OF_CHAIN + "| 2018 | Xã Lồng | 102 | Huyện Một | yếu | |", CHAIN, "thấp nhất"
    )
    assert 2018 not in bands(outcome)
    assert [code for code, _ in told(outcome)] == ["LS04", "LS13"]  # Xã Lồng of 2018 is nobody that the table knows


def test_a_rename_after_a_merger_stops_where_the_merger_was():
    moves = MERGER + "| 201 | Xã Pản | Tỉnh Mẫu | 202 | Xã Pùa | Tỉnh Mẫu | '01/01/2026' | |"
    outcome = classified("202 Xã Pùa: khá", TB_AND_KHA + NEW_YEAR, moves, "dừng")
    assert bands(outcome) == {2025: "trung bình"}
    carried = classified("202 Xã Pùa: khá", TB_AND_KHA + NEW_YEAR, moves, "thấp nhất")
    assert bands(carried) == {2024: "trung bình", 2025: "trung bình"}


def test_a_table_that_turns_in_a_circle_ends():
    moves = """
    | 101 | Xã Ná | Huyện Một | 102 | Xã Lồng | Huyện Một | '01/01/2020' | |
    | 102 | Xã Lồng | Huyện Một | 101 | Xã Ná | Huyện Một | '01/01/2020' | |
    """
    outcome = classified("101 Xã Ná: khá", "| 2019 | Xã Lồng | 102 | Huyện Một | yếu | |", moves, "bất kỳ")
    assert bands(outcome) == {2019: "yếu"}  # two names were exchanged


# ------------------------------------------------------------------------------- what the table leaves open


def test_a_row_without_a_date_or_a_unit_is_said_and_lets_nothing_through():
    moves = "| 101 | Xã Ná | Huyện Một | 201 | Xã Pản | Tỉnh Mẫu | | |\n| 102 | Xã Lồng | Huyện Một | | | | '01/07/2025' | |"
    outcome = classified(
        "201 Xã Pản: khá", TB_AND_KHA + "\n| 2024 | Xã Pản | 201 | Tỉnh Mẫu | tốt | |", moves, "bất kỳ"
    )
    assert bands(outcome) == {}
    text = " ".join(text for _, text in told(outcome, "LS12"))
    assert "dòng chưa dùng được, ô B2: «Xã Ná (Huyện Một)» vào «Xã Pản (Tỉnh Mẫu)» không ghi ngày" in text
    assert "dòng chưa dùng được, ô B3: «Xã Lồng (Huyện Một)» không ghi đơn vị mới" in text


def test_a_unit_that_the_table_says_is_gone_and_the_sheet_still_has():
    outcome = classified("101 Xã Ná: khá\n201 Xã Pản: khá", TB_AND_KHA)
    assert "Xã Ná (Tỉnh Mẫu) (ô C3) còn trong biểu năm 2026, nhưng bảng ghi đã vào Xã Pản (Tỉnh Mẫu)" in message(
        outcome, "LS12"
    )


def test_two_new_units_of_one_name_are_not_guessed_for_a_sheet_without_codes():
    moves = MERGER + "| 901 | Xã Xa | Huyện Ba | 902 | Xã Pản | Tỉnh Khác | '01/07/2025' | |"
    drawn = "| BẢNG ĐIỂM NĂM 2026 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Pản | 10 | 5 | 5 |"
    outcome = classify(
        BOOK, [a_grid(drawn)], history=[a_grid(LONG + TB_AND_KHA, sheet="Lịch sử")],
        lineage=[a_grid(MOVES + moves.strip())], options=Options(merger="bất kỳ"),
    )  # fmt: skip
    assert bands(outcome) == {}
    assert "chưa rõ là đơn vị nào của biểu" in message(outcome, "LS12")


def test_very_many_questions_are_one_finding():
    moves = "\n".join(
        f"| {n} | Xã Cũ {n} | Huyện Một | {n + 100} | Xã Mới {n} | Tỉnh Mẫu | '01/07/2025' | |" for n in range(101, 113)
    )
    units = "\n".join(f"{n} Xã Cũ {n}: khá" for n in range(101, 113))
    (found,) = (
        each for each in classified(units, "| 2024 | Xã Xa | 999 | | khá | |", moves).findings if each.code == "LS12"
    )
    assert found.message.startswith("12 chỗ chưa rõ: Xã Cũ 101 (Tỉnh Mẫu) (ô C3) còn trong biểu năm 2026")
    assert found.message.endswith("; … và 2 chỗ nữa.")
    assert len(found.cells) == 24


def test_a_book_that_rates_persons_says_that_units_play_no_part():
    book = a_book("", head="bộ tiêu chí: Bộ thử\nmã: bo-thu\náp dụng cho: [cán bộ]")
    drawn = "| BẢNG ĐIỂM NĂM 2026 |\n| Họ và tên | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Ông Ná | Xã Pản | 10 | 5 | 5 |"
    outcome = classify(book, [a_grid(drawn)], lineage=[a_grid(MOVES + MERGER.strip())])
    assert "không phải đơn vị, nên --units và --lineage không được dùng" in message(outcome, "LS12")


def test_a_table_that_speaks_of_nobody_here_is_said():
    assert "không nói về đơn vị nào của biểu" in message(classified("777 Xã Khác: khá", TB_AND_KHA), "LS12")


def test_a_sheet_that_is_no_lineage_is_refused():
    with pytest.raises(Unusable, match="--lineage"):
        classified("201 Xã Pản: khá", TB_AND_KHA, a_grid("| Tên | Tuổi |\n| A | 1 |"))


# ------------------------------------------------------------------------------------ how tables are written


def read(drawing: str, **more: object) -> list[tuple[str, str, str, bool]]:
    table = lineage.read([a_grid(drawing, sheet="Sáp nhập", **more)])
    return [(str(each.old), str(each.new), f"{each.since}", each.partial) for each in table.moves]


@pytest.mark.parametrize(
    "head",
    [
        "| TT | Đơn vị cũ | Huyện cũ | Đơn vị mới | Tỉnh mới | Ngày hiệu lực | Phạm vi |",
        "| TT | Tên đơn vị trước sáp nhập | Cấp trên trước sáp nhập | Tên đơn vị sau sáp nhập | Thuộc tỉnh sau sáp nhập "
        "| Từ ngày | Toàn bộ/một phần |",
        "| TT | Xã cũ | Huyện cũ | Xã mới | Tỉnh mới | Hiệu lực từ | Một phần |",
    ],
)
def test_headings_are_recognised(head):
    rows = (
        "\n| 1 | Xã Ná | Huyện Một | Xã Pản | Tỉnh Mẫu | '1/7/2025' | một phần |\n"
        "| 2 | Xã Lồng | Huyện Một | Xã Pản | Tỉnh Mẫu | 2025 | |"
    )
    assert read(head + rows) == [
        ("Xã Ná (Huyện Một)", "Xã Pản (Tỉnh Mẫu)", "2025-07-01", True),
        ("Xã Lồng (Huyện Một)", "Xã Pản (Tỉnh Mẫu)", "2025-01-01", False),
    ]


def test_old_and_new_may_stand_above_and_the_new_unit_once_for_its_rows():
    drawing = """
    | Đơn vị cũ | | Đơn vị mới | | Từ ngày |
    | Mã | Tên | Mã | Tên | |
    | '0101' | Xã Ná | '0201' | Xã Pản | '01/07/2025' |
    | '0102' | Xã Lồng | | | |
    """
    merged = ((0, 0, 0, 1), (0, 2, 0, 3), (0, 4, 1, 4), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 3, 4))
    assert read(drawing, merged=merged) == [
        ("Xã Ná", "Xã Pản", "2025-07-01", False), ("Xã Lồng", "Xã Pản", "2025-07-01", False),
    ]  # fmt: skip


def test_a_date_may_be_a_date_of_excel():
    grid = a_grid(MOVES + MERGER.strip())
    grid.rows[1][6] = datetime(2025, 7, 1)
    assert f"{lineage.read([grid]).moves[0].since}" == "2025-07-01"


def test_yaml_keeps_zeros_and_tells_the_line(tmp_path):
    file = tmp_path / "sap-nhap.yaml"
    file.write_text(
        "sáp nhập:\n  - {mã cũ: 00101, tên cũ: Xã Ná, mã mới: 010, tên mới: Xã Pản, từ ngày: 01/07/2025}\n"
        "  - {mã cũ: 00102, tên cũ: Xã Lồng, mã mới: 010, tên mới: Xã Pản, từ ngày: 2025-07-01, ghi chú: một phần}\n",
        "utf-8",
    )
    table = lineage.read([read_table(file)[0]])
    assert [(m.old.code, m.new.code, m.partial, str(m.since), str(m.at)) for m in table.moves] == [
        ("00101", "010", False, "2025-07-01", "sap-nhap.yaml · dòng · 2"),
        ("00102", "010", True, "2025-07-01", "sap-nhap.yaml · dòng · 3"),
    ]


@pytest.mark.parametrize("text", ["- [1, 2]", "a: 1", "- {mã cũ: [1]}", "- {a: &x 1}", ""])
def test_yaml_that_is_no_list_of_records_is_refused(tmp_path, text):
    file = tmp_path / "sap-nhap.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(Unusable):
        read_table(file)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_two_places_that_differ_by_a_mark_stay_two_in_any_form(form):
    moves = """
    | | Xã Mường Lạn | Huyện Một | | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |
    | | Xã Mường Lan | Huyện Một | | Xã Pùa | Tỉnh Mẫu | '01/07/2025' | |
    """
    history = "| 2024 | Xã Mường Lan | | Huyện Một | tốt | |\n| 2024 | Xã Mường Lạn | | Huyện Một | yếu | |"
    outcome = classified("- Xã Pản: khá\n- Xã Pùa: khá", unicodedata.normalize(form, history), moves)
    assert (bands(outcome), bands(outcome, 1)) == ({2024: "yếu"}, {2024: "tốt"})
    assert [brief([f])[0][0] for f in outcome.findings if f.code.startswith("LS")] == ["LS13"]


def test_the_placement_of_a_tone_mark_does_not_part_an_old_unit():
    moves = "| | Xã Hoà Thuỷ | Huyện Một | | Xã Pản | Tỉnh Mẫu | '01/07/2025' | |"
    assert bands(classified("- Xã Pản: khá", "| 2024 | Xã Hòa Thủy | | Huyện Một | yếu | |", moves)) == {2024: "yếu"}


# -------------------------------------------------------------------------------------- flags beside streaks


@pytest.mark.parametrize(
    ("policy", "fires"), [("dừng", False), ("thấp nhất", False), ("bất kỳ", True), ("tất cả", False)]
)
def test_no_improvement_looks_at_the_old_units_by_the_policy(policy, fires):
    # Xã Ná was yếu and khá is better; Xã Lồng was khá and criticised for it: only "any of them" says that nothing improved.
    book = a_book("cảnh báo:\n  - {mã: khong-cb, loại: không chuyển biến, xếp loại năm trước không quá: khá}")
    history = TB_AND_KHA.replace("2024", "2025").replace("trung bình", "yếu")
    outcome = classified("201 Xã Pản: khá", history, MERGER.replace("2025", "2026"), policy, book=book)
    assert [f.code for f in outcome.findings if f.code == "khong-cb"] == ["khong-cb"] * fires
    if fires:
        text = message(outcome, "khong-cb")
        assert "các đơn vị cũ xếp loại: Xã Ná (Huyện Một) yếu, Xã Lồng (Huyện Một) khá" in text


# ----------------------------------------------------------------------------------------- by command line


SAMPLES = Path(__file__).parents[2] / "samples"


def workbook(path: Path, title: str, rows: list[list[object]]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A score sheet of 2026 and a history by name, of the units of the two sample tables."""
    (tmp_path / "bo.yaml").write_text(
        "bộ tiêu chí: Bộ thử\nmã: bo-thu\ntiêu chí:\n  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 20}\n"
        "xếp loại:\n  - {mức: khá, ít nhất: 65%}\n  - {mức: trung bình, ít nhất: 50%}\n  - {mức: yếu, ít nhất: 0%}\n"
        "cảnh báo:\n  - {mã: kem, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}\n",
        "utf-8",
    )
    names = ["Xã Pản Hua", "Xã Nà Lồng", "Phường Chăn Pùa"]
    rows = [["Mã", "Huyện", "Đơn vị", "TC1"], *([None, "Tỉnh Mẫu", name, 10] for name in names)]
    workbook(tmp_path / "diem-2026.xlsx", "2026", rows)
    then = [
        ("Huyện Mẫu Một", "Xã Nà Lồng", "yếu"), ("Huyện Mẫu Một", "Xã Hua Tưng", "khá"),
        ("Huyện Mẫu Hai", "Xã Lũng Vối", "khá"), ("Huyện Mẫu Hai", "Xã Nà Sổm", "khá"),
        ("Huyện Mẫu Hai", "Thị trấn Chăn Pùa", "trung bình"),
    ]  # fmt: skip
    rows = [["Huyện", "Đơn vị", 2025], *map(list, then)]
    workbook(tmp_path / "lich-su.xlsx", "Lịch sử", rows)
    moved = (SAMPLES / "sap-nhap-mau.yaml").read_text("utf-8").replace("/2025", "/2026").replace("01/07", "01/01")
    (tmp_path / "sap-nhap.yaml").write_text(moved, "utf-8")
    listed = (
        (SAMPLES / "don-vi-mau.yaml")
        .read_text("utf-8")
        .replace("30/06/2025", "31/12/2025")
        .replace("01/07/2025", "2026")
    )
    (tmp_path / "don-vi.yaml").write_text(listed, "utf-8")
    return tmp_path


def test_classify_with_a_register_and_a_lineage(samples, xeploai):
    call = ["classify", "diem-2026.xlsx", "--rules", "bo.yaml", "--history", "lich-su.xlsx", "--units", "don-vi.yaml"]
    done = xeploai(*call, "--lineage", "sap-nhap.yaml", "--merger", "bat ky", "--json", "-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [unit["code"] for unit in told["units"]] == ["00101", "00104", "00105"]
    # By hand: Pản Hua from Nà Lồng (yếu), Hua Tưng (khá), a part of Lũng Vối (khá): any of them was bad. The new Nà Lồng
    # from Lũng Vối and Nà Sổm, both khá: none was. Chăn Pùa changed its name only: trung bình.
    assert [(f["unit"], f["streak"]["from"]) for f in told["findings"] if f["code"] == "kem"] == [
        ("Xã Pản Hua", 2025), ("Phường Chăn Pùa", 2025),
    ]  # fmt: skip
    assert {"--merger": "bất kỳ"}.items() <= told["options"].items()
    assert [(each["path"], each["used_as"]) for each in told["inputs"]] == [
        ("don-vi.yaml", "units"), ("sap-nhap.yaml", "lineage"), ("diem-2026.xlsx", "scores"), ("lich-su.xlsx", "history"),
    ]  # fmt: skip


def test_a_wrong_policy_and_an_unreadable_table_are_refused_and_no_input_is_overwritten(samples, xeploai):
    call = ["classify", "diem-2026.xlsx", "--rules", "bo.yaml", "--history", "lich-su.xlsx"]
    assert "--merger nhận «dừng», «thấp nhất»" in xeploai(*call, "--merger", "tốt nhất").stderr
    for option in ("--units", "--lineage"):
        for file in ("bo.yaml", "khong-co.xlsx", "khong-co.yaml", *(["lich-su.xlsx"] if option == "--lineage" else [])):
            done = xeploai(*call, option, file)
            assert (done.returncode, "lỗi" in done.stderr) == (2, True), (option, file)
    done = xeploai(*call, "--lineage", "sap-nhap.yaml", "-o", "sap-nhap.yaml", "--force")
    assert (done.returncode, "DL92" in done.stderr) == (2, True)


def test_check_takes_the_same_options(samples, xeploai):
    done = xeploai(
        "check", "diem-2026.xlsx", "--rules", "bo.yaml", "--units", "don-vi.yaml", "--lineage", "sap-nhap.yaml"
    )
    assert done.returncode == 0, done.stderr
