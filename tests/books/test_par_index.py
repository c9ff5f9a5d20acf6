"""The article on the PAR index of Mường Nhé, as a run of the sample: every number in it that can be computed comes out.

Article: "Mường Nhé nhiều năm “đội sổ” xếp hạng cải cách hành chính", Báo Điện Biên Phủ, 19/9/2021. Its paragraphs (đoạn)
are counted from the one that opens with "ĐBP", the caption of the photograph left out:

    đoạn 1  place 10 of 10 in 2020
    đoạn 2  56,17 % (trung bình; the other nine khá), 49,29 % in 2019, the ninth 71,2 %
    đoạn 4  6 of 8 fields the lowest; chỉ đạo, điều hành 53,47 %; tài chính công 18,25 %, 11 of 16 at 0
    đoạn 5  last four years running, 2017–2020; go through criteria and fields

The sample's places and scores are invented (samples/make_par_index.py): Huyện Sín Nhọt has the numbers of Mường Nhé, Huyện
Keo Luốt those of the ninth. What is expected of single fields is worked out here from the cells, never by the package.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from builders import a_grid, run
from xeploai import vi
from xeploai.book.load import load_book
from xeploai.findings import Finding, Severity
from xeploai.model import Cell, Rating
from xeploai.pipeline import Options, Outcome, classify_files

SAMPLE = Path(__file__).parents[2] / "samples" / "par-index-huyen-2017-2020.xlsx"
LAST, NINTH = "Huyện Sín Nhọt", "Huyện Keo Luốt"
MAXIMA = (15, 10, 16, 10, 12, 12, 15, 10)  # as the headings of the sample say
FIELDS = tuple(f"LV{n}" for n in range(1, 9))


@pytest.fixture(scope="module")
def classified() -> Callable[[int], Outcome]:
    """The outcome of one year; each year runs once."""
    return cache(lambda year: classify_files([SAMPLE], rules="par-index-huyen", options=Options(year=year)))


@pytest.fixture(scope="module")
def by_hand() -> dict[str, dict[str, list[Decimal]]]:
    """District → field → the official points of its leaves in 2020: Thẩm định + ĐTXHH − Bị trừ."""
    return {name: {field: list(leaves.values()) for field, leaves in row.items()} for name, row in official(sheet())}


def sheet() -> Worksheet:
    return load_workbook(SAMPLE)["Năm 2020"]


def official(ws: Worksheet) -> Iterator[tuple[str, dict[str, dict[str, Decimal]]]]:
    """From the cells alone. Rows 7 to 10 are field, criterion, leaf, phase; merged headings speak for what is right of them."""
    signs = {"Thẩm định": 1, "ĐTXHH": 1, "Bị trừ": -1, "Tự chấm": 0}
    columns, field, leaf, fields = [], "", "", 0
    for column in range(3, ws.max_column - 1):
        if ws.cell(7, column).value:
            fields += 1
            field = f"LV{fields}"
        leaf = str(ws.cell(9, column).value or leaf)
        columns.append((column, field, leaf, signs[ws.cell(10, column).value]))
    for row in range(12, 22):
        found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for column, field, leaf, sign in columns:
            value = ws.cell(row, column).value
            found[field][leaf] += sign * Decimal(repr(value)) if value is not None else 0
        yield str(ws.cell(row, 2).value), found


def rated(outcome: Outcome, name: str) -> Rating:
    return next(rating for rating in outcome.ratings if rating.unit.name == name)


def found(outcome: Outcome, code: str) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.code == code]


def values(cells: Sequence[Cell]) -> list[Any]:
    book = load_workbook(SAMPLE)
    return [book[cell.sheet][cell.address].value for cell in cells]


# --- what must not fire ---


def test_nine_districts_of_ten_have_no_finding(classified):
    warned = {f.unit.name for f in classified(2020).findings if f.unit and f.severity is not Severity.NOTE}
    assert warned == {LAST}


def test_a_single_zero_is_no_finding(classified, by_hand):
    assert [leaves.count(0) for leaves in by_hand["Huyện Nậm Sưởng"].values()] == [0, 0, 0, 0, 0, 1, 0, 0]
    assert {f.unit.name for f in found(classified(2020), "khong-diem")} == {LAST}


def test_the_first_year_known_is_no_streak(classified):
    assert not found(classified(2017), "cuoi-bang-nhieu-nam")
    assert len(found(classified(2017), "cuoi-bang")) == 1  # last that year, all the same


def test_who_lacks_at_most_3_points_is_noted(classified):
    # 80 − 77,03 = 2,97; the next, 75,49, lacks 4,51; 56,17 lacks 8,83 of 65
    (note,) = found(classified(2020), "sat-nguong")
    assert (note.unit.name, note.severity, note.at.address) == ("Huyện Nậm Sưởng", Severity.NOTE, "FJ21")
    assert "còn thiếu 2,97 điểm để lên mức tốt" in note.message


def test_nothing_in_the_sample_is_faulty(classified):
    outcome = classified(2020)
    assert not outcome.errors
    assert {rating.status for rating in outcome.ratings} == {"rated"}


# --- đoạn 1 and 2: place, percent, band ---


def test_the_official_score_is_appraisal_and_survey_less_deductions(classified, by_hand):
    outcome = classified(2020)
    for position, unit in enumerate(outcome.sheet.units):
        assert [outcome.points[field][position] for field in FIELDS] == [sum(by_hand[unit.name][f]) for f in FIELDS]
        assert rated(outcome, unit.name).points == sum(sum(leaves) for leaves in by_hand[unit.name].values())


def test_the_district_is_tenth_of_ten_with_56_17_percent(classified):
    last = rated(classified(2020), LAST)
    assert (last.rank, last.of) == (10, 10)  # đoạn 1: vị trí thứ 10/10
    assert last.percent == Fraction("56.17")  # đoạn 2: chỉ đạt 56,17%


def test_it_alone_is_average_and_the_other_nine_are_fair(classified):
    bands = Counter(rating.band for rating in classified(2020).ratings)
    assert bands == {"khá": 9, "trung bình": 1}  # đoạn 2: 9/10 đơn vị cấp huyện khác đạt loại khá
    assert rated(classified(2020), LAST).band == "trung bình"  # đoạn 2: huyện duy nhất đạt mức trung bình


def test_the_ninth_has_71_2_percent_and_the_gap_is_15_03_points(classified):
    ninth, last = (rated(classified(2020), name) for name in (NINTH, LAST))
    assert (ninth.rank, ninth.percent) == (9, Fraction("71.2"))  # đoạn 2: huyện thứ 9 đạt 71,2%
    assert last.gap == Fraction("15.03")  # 71,2 − 56,17


def test_it_rose_by_6_88_percentage_points_and_no_place(classified):
    outcome = classified(2020)
    position = [unit.name for unit in outcome.sheet.units].index(LAST)
    before, now = outcome.past.of(position)[2019], rated(outcome, LAST)
    percent = 100 * Fraction(before.points) / Fraction(before.max_points)
    assert percent == Fraction("49.29")  # đoạn 2: so với năm 2019 (49,29%)
    assert now.percent - percent == Fraction("6.88")
    assert (before.rank, before.of, now.rank) == (10, 10, 10)  # đoạn 2: không làm thay đổi được vị trí


# --- đoạn 4: fields and zeros ---


def test_six_fields_of_eight_are_the_lowest_in_the_province(classified, by_hand):
    share = {
        name: [100 * sum(row[field]) / most for field, most in zip(FIELDS, MAXIMA, strict=True)]
        for name, row in by_hand.items()
    }
    lowest = [f for n, f in enumerate(FIELDS) if share[LAST][n] < min(s[n] for d, s in share.items() if d != LAST)]
    assert len(lowest) == 6  # đoạn 4: có đến 6/8 lĩnh vực có tỷ lệ điểm thấp nhất tỉnh
    (finding,) = found(classified(2020), "thap-nhat-tinh")
    assert "thấp nhất toàn tỉnh ở 6/8 lĩnh vực" in finding.message
    assert [field for field in FIELDS if f"{field} «" in finding.message] == lowest
    for name in (  # đoạn 4, in its order
        "chỉ đạo, điều hành", "xây dựng và tổ chức thực hiện văn bản quy phạm pháp luật", "cải cách thủ tục hành chính",
        "cải cách tổ chức bộ máy hành chính", "cải cách tài chính công",
        "tác động của cải cách hành chính đến người dân, tổ chức và phát triển kinh tế - xã hội",
    ):  # fmt: skip
        assert name in vi.key(finding.message)


def test_direction_has_53_47_percent_and_its_three_zeros_are_named(classified, by_hand):
    assert sum(by_hand[LAST]["LV1"]) == Decimal("8.02")  # of 15: 53,4667 %
    finding = found(classified(2020), "khong-diem")[0]
    assert finding.criterion == "LV1"
    assert "đạt 53,47%, có 3/9 tiêu chí đạt 0 điểm" in finding.message  # đoạn 4: chỉ đạt 53,47%
    for name in (  # đoạn 4: một số chỉ tiêu đạt 0 điểm, như …
        "Gắn kết quả cải cách hành chính với đánh giá, xếp loại hằng năm người đứng đầu, cấp phó và cán bộ, công chức",
        "Mức độ đa dạng trong tuyên truyền cải cách hành chính",
        "Thực hiện nhiệm vụ được UBND tỉnh, Chủ tịch UBND tỉnh giao trong năm",
    ):
        assert f"«{name}»" in finding.message
    assert [cell.address for cell in (finding.at, *finding.related)] == ["V14", "Y14", "AB14"]
    assert values((finding.at, *finding.related)) == [0, 0, 0]


def test_public_finance_has_18_25_percent_and_11_of_16_at_zero(classified, by_hand):
    leaves = by_hand[LAST]["LV6"]
    assert (len(leaves), leaves.count(0), sum(leaves)) == (16, 11, Decimal("2.19"))  # of 12: 18,25 % exactly
    finding = found(classified(2020), "khong-diem")[1]
    assert finding.criterion == "LV6"
    assert "«Cải cách tài chính công» đạt 18,25%, có 11/16 tiêu chí đạt 0 điểm" in finding.message  # đoạn 4
    assert len((finding.at, *finding.related)) == 11


def test_points_that_were_all_deducted_are_a_zero_too(classified):
    """TP6.3.1 was appraised at 0,5 and 0,5 was deducted: official 0."""
    seen = values((found(classified(2020), "khong-diem")[1].at, *found(classified(2020), "khong-diem")[1].related))
    assert Counter(seen) == {0: 10, 0.5: 1}


# --- đoạn 5: last four years running, and what it would take ---


@pytest.mark.parametrize(("year", "years"), [(2018, 2), (2019, 3), (2020, 4)])
def test_it_is_last_year_after_year(classified, year, years):
    (finding,) = found(classified(year), "cuoi-bang-nhieu-nam")
    assert finding.unit.name == LAST
    assert (finding.streak.years, finding.streak.since) == (years, 2017)


def test_the_streak_says_four_years_and_where_each_is_written(classified):
    (finding,) = found(classified(2020), "cuoi-bang-nhieu-nam")
    assert "4 năm liên tiếp (2017–2020" in finding.message  # đoạn 5: liên tiếp 4 năm gần đây (từ 2017 - 2020)
    cells = (finding.at, *finding.related)
    assert [cell.sheet for cell in cells] == ["Năm 2020", "Năm 2019", "Năm 2018", "Năm 2017"]
    assert values(cells) == [LAST] * 4


def test_what_it_would_take_to_leave_the_last_place(classified, by_hand):
    (finding,) = found(classified(2020), "cuoi-bang")
    assert f"kém {NINTH} ở hạng 9 (71,2%) 15,03 điểm phần trăm: phải thêm hơn 15,03 điểm" in finding.message
    lost = {field: most - sum(by_hand[LAST][field]) for field, most in zip(FIELDS, MAXIMA, strict=True)}
    worst = sorted(lost, key=lost.__getitem__, reverse=True)[:3]
    assert worst == ["LV6", "LV1", "LV3"]  # 9,81; 6,98; 6,15
    words = [f"{field} «" for field in worst]
    assert sorted(words, key=finding.message.index) == words
    for field in worst:
        assert f"mất {vi.number(lost[field])} điểm" in finding.message


# --- the clauses, on small sheets ---


def districts(*totals: float) -> Outcome:
    """Districts that differ in the first field only: 15 points at most, and 60 in the seven others."""
    rows = "".join(f"| {n} | Huyện {n} | {total - 60} |8|12|8|9|9|9|5|\n" for n, total in enumerate(totals, 1))
    names = " | ".join(load_book("par-index-huyen").book.nodes[field].name for field in FIELDS)
    return run(load_book("par-index-huyen"), a_grid(f"| STT | Đơn vị | {names} |\n{rows}", sheet="Năm 2020"))


def test_as_many_points_as_the_next_is_still_the_last_place():
    outcome = districts(75, 71.2, 71.2)
    assert [finding.unit.name for finding in found(outcome, "cuoi-bang")] == ["Huyện 2", "Huyện 3"]
    assert "Huyện 2 cùng Huyện 3 đứng cuối bảng" in found(outcome, "cuoi-bang")[0].message


def test_a_hundredth_more_leaves_it():
    assert [finding.unit.name for finding in found(districts(75, 71.2, 71.21), "cuoi-bang")] == ["Huyện 2"]


def test_where_all_are_equal_nobody_is_last():
    assert not found(districts(71.2, 71.2, 71.2), "cuoi-bang")


@pytest.mark.parametrize(("total", "band"), [(64.99, "trung bình"), (65, "khá"), (71.2, "khá")])
def test_fair_begins_at_the_illustrative_65_percent(total, band):
    assert districts(total, 75).ratings[0].band == band


def test_lowest_in_one_field_alone_is_no_finding():
    assert not found(districts(65, 71.2, 75), "thap-nhat-tinh")


# --- the phases, on the sample with one cell changed ---


def changed(tmp_path: Path, **cells: float | str | None) -> Outcome:
    book = load_workbook(SAMPLE)
    for address, value in cells.items():
        book["Năm 2020"][address] = value
    book.save(tmp_path / SAMPLE.name)
    return classify_files([tmp_path / SAMPLE.name], rules="par-index-huyen")


def column(leaf: str, phase: str) -> str:
    """The cell of the last district in this phase of this leaf."""
    ws = sheet()
    start = next(c for c in range(3, ws.max_column) if str(ws.cell(9, c).value).startswith(leaf))
    place = next(c for c in range(start, start + 4) if ws.cell(10, c).value == phase)
    return str(ws.cell(14, place).coordinate)


def test_a_self_score_changes_nothing(tmp_path):
    cell = column("Ban hành kế hoạch", "Tự chấm")
    assert rated(changed(tmp_path, **{cell: 0}), LAST).points == Decimal("56.17")


@pytest.mark.parametrize("leaf", ["Ban hành kế hoạch", "Chấp hành kỷ luật"])
def test_a_blank_appraisal_is_missing_even_beside_a_survey(tmp_path, leaf):
    outcome = changed(tmp_path, **{column(leaf, "Thẩm định"): None})
    assert rated(outcome, LAST).status == "unrated"
    assert [finding.unit.name for finding in outcome.errors] == [LAST]


def test_a_survey_that_was_not_held_leaves_the_maximum(tmp_path):
    """The survey of TP5.2.2 gives 1 point of the 100; blank, nobody could earn it."""
    cell = column("Chấp hành kỷ luật", "ĐTXHH")
    rating = rated(changed(tmp_path, **{cell: None}), LAST)
    assert rating.max_points == 99
    assert rating.points == Decimal("56.17") - Decimal(repr(sheet()[cell].value))


def test_a_deduction_is_taken_off(tmp_path):
    cell = column("Mức độ hoàn thành kế hoạch", "Bị trừ")
    had = Decimal(repr(sheet()[cell].value or 0))
    assert rated(changed(tmp_path, **{cell: float(had) + 0.25}), LAST).points == Decimal("55.92")  # 56,17 − 0,25


def test_each_phase_has_its_own_maximum(tmp_path):
    """«Chấp hành kỷ luật, kỷ cương hành chính» is 1 point by appraisal and 1 by survey: 1,01 is too much for either."""
    for phase in ("Thẩm định", "ĐTXHH"):
        outcome = changed(tmp_path, **{column("Chấp hành kỷ luật", phase): 1.01})
        assert [(finding.unit.name, finding.criterion) for finding in outcome.errors] == [(LAST, "TP5.2.2")]
        assert not changed(tmp_path, **{column("Chấp hành kỷ luật", phase): 1}).errors
