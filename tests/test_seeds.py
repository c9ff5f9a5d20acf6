"""The article on Điện Biên, as a run of the command: every number in it that can be computed comes out of the sample.

Article: "Nỗ lực xây dựng chính quyền trong sạch vững mạnh", Báo Điện Biên Phủ, 19/8/2020. Its paragraphs (đoạn) are
counted from the one that opens with "ĐBP", the caption of the photograph left out:

    đoạn 3  the district of 14 (here Huyện Keo Luốt)
    đoạn 4  the district of 11 (here Huyện Sín Nhọt)
    đoạn 5  the whole province, and the four communes of 3 to 9 years
    đoạn 6  what UBND tỉnh asks for: the review from 9 points down

The sample's places, people and scores are invented (samples/make.py); only the counts are the article's. What is
expected of single communes is worked out here from the cells, with openpyxl and Decimal, never by the package.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "tinh-mau-2016-2019.xlsx"
BOOK = ROOT / "rules" / "cqcs-dien-bien.yaml"
TITLE = "Trong sạch, vững mạnh"
OF_14, OF_11 = "Huyện Keo Luốt", "Huyện Sín Nhọt"
COLUMNS = {"TC1": "CD", "TC2": "E", "TC3": "F", "TC4": "GHI", "TC5": "J", "TC6": "K"}
Outcome = dict[str, Any]
Unit = tuple[str, str]  # district, commune: the sample has two communes named Co Luốt


@pytest.fixture(scope="module")
def classified(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Outcome]:
    """The JSON of one year; each year runs once."""

    @cache
    def run(year: int) -> Outcome:
        out = tmp_path_factory.mktemp(f"nam-{year}") / "out.xlsx"
        options = ["--rules", BOOK, "--year", str(year), "--json", "-", "-o", out]
        command = [sys.executable, "-m", "xeploai", "classify", SAMPLE, *options]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="module")
def cells() -> Worksheet:
    return load_workbook(SAMPLE)["Năm 2019"]


@pytest.fixture(scope="module")
def in_charge() -> dict[tuple[str, str, str], set[str]]:
    """Sheet Phân công: the leader and the official by district, commune and name of the criterion."""
    rows = load_workbook(SAMPLE)["Phân công"].iter_rows(min_row=4, values_only=True)
    return {(district, unit, criterion): {leader, official} for district, unit, criterion, leader, official in rows}


# --- reading the outcome, and reading the sheet by hand ---


def bands(summary: Outcome) -> tuple[int, ...]:
    return tuple(summary["bands"].get(band, 0) for band in ("tốt", "khá", "trung bình", "yếu"))


def group(outcome: Outcome, parent: str) -> Outcome:
    return next(row for row in outcome["summary"]["groups"] if row["parent"] == parent)


def without_title(outcome: Outcome, parent: str) -> Counter[str]:
    return Counter(u["band"] for u in outcome["units"] if u["parent"] == parent and TITLE not in u["titles"])


def found(outcome: Outcome, code: str, parent: str = "") -> list[Outcome]:
    return [f for f in outcome["findings"] if f["code"] == code and parent in ("", f["parent"])]


def streaks(findings: list[Outcome]) -> dict[Unit, int]:
    return {(f["parent"], f["unit"]): f["streak"]["years"] for f in findings}


def communes(sheet: Worksheet) -> Iterator[tuple[Unit, int]]:
    """District rows carry a roman number in column A, communes a number that starts again in each district."""
    district = ""
    for row in range(10, sheet.max_row + 1):
        number, name = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        if isinstance(number, int):
            yield (district, str(name)), row
        elif number and set(str(number)) <= set("IVX"):
            district = str(name)


def points(sheet: Worksheet, columns: str, row: int) -> Decimal:
    return sum((Decimal(repr(sheet[f"{column}{row}"].value)) for column in columns), Decimal(0))


# --- đoạn 5: the province ---


def test_the_province_of_2019_has_18_good_105_fair_7_average_and_none_weak(classified):
    summary = classified(2019)["summary"]
    assert summary["units"] == 130  # đoạn 5: 130 xã, phường, thị trấn
    assert bands(summary) == (18, 105, 7, 0)  # đoạn 5: 18 tốt, 105 khá, 7 trung bình, không có yếu


def test_75_of_130_hold_the_title(classified):
    outcome = classified(2019)
    assert outcome["summary"]["titles"] == {TITLE: 75}  # đoạn 5: 75/130 đạt danh hiệu
    holders = Counter(u["band"] for u in outcome["units"] if TITLE in u["titles"])
    assert holders["khá"] >= 75 - 18  # 75 holders and 18 tốt: the title is not the band


def test_the_change_on_2018_is_16_more_fair_13_fewer_average_and_11_more_titles(classified):
    now, before = classified(2019)["summary"], classified(2019)["summary"]["previous"]
    assert before["year"] == 2018
    assert now["bands"]["khá"] - before["bands"]["khá"] == 16  # đoạn 5: khá tăng 16 xã so với năm 2018
    assert now["bands"]["trung bình"] - before["bands"]["trung bình"] == -13  # đoạn 5: trung bình giảm 13 xã
    assert now["titles"][TITLE] - before["titles"][TITLE] == 11  # đoạn 5: danh hiệu tăng 11 xã
    assert bands(before) == (21, 89, 20, 0)  # follows from the three, if 2018 too had 130 units and none weak


def test_2018_classified_by_itself_is_what_2019_calls_the_year_before(classified):
    itself, before = classified(2018)["summary"], classified(2019)["summary"]["previous"]
    assert bands(itself) == bands(before)
    assert itself["titles"] == before["titles"] == {TITLE: 64}  # 75 less 11


def test_four_communes_of_three_districts_are_average_for_3_to_9_years_on_end(classified):
    many_years = found(classified(2019), "trung-binh-nhieu-nam")
    # đoạn 5: hai xã của một huyện, một xã của huyện thứ hai, một xã của huyện thứ ba; từ 3 đến 9 năm liên tục
    assert streaks(many_years) == {
        ("Huyện Tênh Đoỏng", "Xã Keo Thọt"): 9,
        ("Huyện Tênh Đoỏng", "Xã Pom Ngoạng"): 6,
        ("Huyện Chà Ngoạng", "Xã Háng Khẩu"): 4,
        ("Huyện Nậm Sưởng", "Xã Co Vặt"): 3,
    }
    assert {f["unit"]: f["streak"]["from"] for f in many_years}["Xã Keo Thọt"] == 2011
    assert all(f["duty"] and f["basis"] for f in many_years)  # đoạn 6: rà soát, đánh giá nguyên nhân, kiểm điểm


def test_two_years_on_end_are_not_yet_three(classified):
    outcome = classified(2019)
    reminded = streaks(found(outcome, "chan-chinh"))
    assert reminded["Huyện Mường Khoáng", "Xã Tả Phay"] == 2  # trung bình in 2016, 2018 and 2019, khá in 2017
    assert reminded["Huyện Keo Luốt", "Xã Bản Thọt"] == 2
    assert ("Huyện Púng Sưa", "Xã Sín Khúa") not in reminded  # trung bình in 2019 alone
    assert len(reminded) == 6  # these two, and the four of the test above


# --- đoạn 3: the district of 14 ---


def test_the_district_of_14_has_9_titles_4_fair_without_it_and_1_average(classified):
    outcome = classified(2019)
    row = group(outcome, OF_14)
    assert row["units"] == 14
    assert row["titles"] == {TITLE: 9}  # đoạn 3: 9/14 xã, thị trấn đạt danh hiệu
    assert without_title(outcome, OF_14) == {"khá": 4, "trung bình": 1}  # đoạn 3: 4 khá và 1 trung bình


def test_in_2017_ten_of_the_district_of_14_were_average(classified):
    row = group(classified(2017), OF_14)
    assert row["bands"]["trung bình"] == 10  # đoạn 3: năm 2017 có 10/14 trung bình
    assert row["units"] == 14


def test_in_2016_five_of_the_district_of_14_were_reminded_for_two_average_years(classified):
    reminded = found(classified(2016), "chan-chinh", OF_14)
    names = ["Xã Chà Sưởng", "Xã Hua Sưa", "Xã Phiêng Đoỏng", "Xã Co Nhíp", "Xã Púng Sổm"]
    assert streaks(reminded) == {(OF_14, name): 2 for name in names}  # đoạn 3: 5 xã, trung bình 2 năm liên tiếp
    assert {f["streak"]["from"] for f in reminded} == {2015}
    assert all("chấn chỉnh" in f["duty"] for f in reminded)  # đoạn 3: nhắc nhở và yêu cầu chấn chỉnh


# --- đoạn 4: the district of 11 ---


def test_the_district_of_11_has_8_titles_3_fair_without_it_and_none_average(classified):
    outcome = classified(2019)
    row = group(outcome, OF_11)
    assert row["units"] == 11
    assert row["titles"] == {TITLE: 8}  # đoạn 4: 8/11 xã đạt danh hiệu
    assert without_title(outcome, OF_11) == {"khá": 3}  # đoạn 4: 3 xã khá, không có trung bình, yếu kém


# --- đoạn 6: the review of every criterion from 9 points down ---


def test_9_01_points_are_not_reviewed(classified, cells):
    unit = ("Huyện Nậm Sưởng", "Xã Sán Thọt")
    assert points(cells, COLUMNS["TC3"], dict(communes(cells))[unit]) == Decimal("9.01")
    outcome = classified(2019)
    assert unit not in {(f["parent"], f["unit"]) for f in found(outcome, "kiem-diem")}  # đoạn 6: từ 9 điểm trở xuống
    rating = next(u for u in outcome["units"] if (u["parent"], u["name"]) == unit)
    assert (rating["band"], rating["titles"]) == ("khá", [TITLE])


@pytest.mark.parametrize(
    ("unit", "criterion", "value"),
    [
        (("Huyện Chà Ngoạng", "Xã Tênh Mảy"), "TC3", "9"),  # as it was typed
        (("Huyện Mường Khoáng", "Xã Nà Sáo"), "TC4", "9"),  # 3,3 + 2,9 + 2,8
        (("Huyện Púng Sưa", "Xã Nà Xổm"), "TC4", "8.9"),  # 3,1 + 2,9 + 2,9
        (("Huyện Nậm Sưởng", "Xã Hua Nhíp"), "TC6", "0"),  # a 0 is a score
    ],
)
def test_9_points_and_less_are_reviewed(classified, cells, unit, criterion, value):
    assert points(cells, COLUMNS[criterion], dict(communes(cells))[unit]) == Decimal(value)
    outcome = classified(2019)
    reviewed = [f["criterion"] for f in found(outcome, "kiem-diem") if (f["parent"], f["unit"]) == unit]
    assert reviewed == [criterion]  # đoạn 6: từ 9 điểm trở xuống, tính cả 9
    rating = next(u for u in outcome["units"] if (u["parent"], u["name"]) == unit)
    assert (rating["band"], rating["titles"]) == ("khá", [])


def test_the_review_list_is_every_criterion_of_9_points_or_less(classified, cells):
    low = {
        (*unit, criterion)
        for unit, row in communes(cells)
        for criterion, columns in COLUMNS.items()
        if points(cells, columns, row) <= 9
    }
    listed = [(f["parent"], f["unit"], f["criterion"]) for f in found(classified(2019), "kiem-diem")]
    assert len(low) == 68
    assert Counter(listed) == Counter(low)  # đoạn 6: mỗi tiêu chí từ 9 điểm trở xuống, một lần


def test_each_review_names_the_leader_in_charge_and_the_official_of_the_field(classified, in_charge):
    reviews = found(classified(2019), "kiem-diem")
    names = {f"TC{n}": name for n, name in enumerate(dict.fromkeys(name for _, _, name in in_charge), start=1)}
    for finding in reviews:
        assert len(finding["people"]) == 2  # đoạn 6: lãnh đạo xã phụ trách lĩnh vực và công chức lĩnh vực
        assert set(finding["people"]) == in_charge[finding["parent"], finding["unit"], names[finding["criterion"]]]
        assert "biên bản kiểm điểm" in finding["duty"]  # đoạn 6: phải làm biên bản kiểm điểm
    assert reviews


def test_each_review_leads_back_to_its_cell(classified, cells):
    rows = dict(communes(cells))
    for finding in found(classified(2019), "kiem-diem"):
        row, columns = rows[finding["parent"], finding["unit"]], COLUMNS[finding["criterion"]]
        assert finding["cells"]
        assert {cell["sheet"] for cell in finding["cells"]} == {"Năm 2019"}
        if len(columns) == 1:  # a criterion with parts has no cell of its own
            assert finding["cells"][0]["cell"] == f"{columns}{row}"


# --- the edges, which the article leaves to exact arithmetic ---


@pytest.mark.parametrize(
    ("name", "total", "band", "titles"),
    [
        ("Xã Phìn Khuông", "80", "tốt", [TITLE]),  # its cells add up to 79.99999999999999 in binary
        ("Xã Nậm Luốt", "79.99", "khá", [TITLE]),
        ("Xã Na Đoỏng", "65", "khá", [TITLE]),  # 64.99999999999999 in binary
        ("Xã Sín Khúa", "64.99", "trung bình", []),  # no criterion from 9 points down, yet no title: not khá
        ("Xã Ẳng Lềnh", "82.45", "tốt", []),  # 8,75 in one criterion
    ],
)
def test_bands_go_by_exact_points(classified, name, total, band, titles):
    rating = next(u for u in classified(2019)["units"] if u["name"] == name)
    assert (Decimal(rating["points"]), rating["band"], rating["titles"]) == (Decimal(total), band, titles)


def test_every_total_is_the_sum_of_its_cells_and_every_rank_counts_those_above(classified, cells):
    totals = {unit: points(cells, "CDEFGHIJK", row) for unit, row in communes(cells)}
    outcome = classified(2019)
    assert {(u["parent"], u["name"]): Decimal(u["points"]) for u in outcome["units"]} == totals
    ranks = {unit: 1 + sum(other > total for other in totals.values()) for unit, total in totals.items()}
    assert {(u["parent"], u["name"]): u["rank"] for u in outcome["units"]} == ranks


# --- đoạn 4 and 6: what happens when nothing gets better ---


def low_criteria(sheet: Worksheet) -> set[tuple[str, str, str]]:
    return {
        (*unit, criterion)
        for unit, row in communes(sheet)
        for criterion, columns in COLUMNS.items()
        if points(sheet, columns, row) <= 9
    }


def test_nobody_is_criticised_where_the_sheet_says_nothing_of_it(classified):
    assert found(classified(2019), "phe-binh") == []


def test_whom_the_year_before_reminded_and_who_is_no_better_is_not_proposed_again(classified):
    # đoạn 6: năm 2020 không chuyển biến tốt thì không cơ cấu, quy hoạch, giới thiệu tái cử. Average in 2017 and 2018 is a
    # reminder in 2018; the four communes of đoạn 5 are the ones that are average in 2019 again.
    unchanged = found(classified(2019), "khong-chuyen-bien")
    assert {(f["parent"], f["unit"]) for f in unchanged} == set(
        streaks(found(classified(2019), "trung-binh-nhieu-nam"))
    )
    assert all("tái cử" in f["duty"] for f in unchanged)


def test_the_same_criterion_low_two_years_running_is_not_remedied(classified, cells):
    # đoạn 4: năm sau không khắc phục được thì cán bộ, lãnh đạo có liên quan chịu trách nhiệm
    both = low_criteria(cells) & low_criteria(load_workbook(SAMPLE)["Năm 2018"])
    listed = found(classified(2019), "chua-khac-phuc")
    assert both
    assert {(f["parent"], f["unit"]) for f in listed} == {(parent, unit) for parent, unit, _ in both}


def test_communes_at_fair_or_below_make_the_causes_clear(classified):
    outcome = classified(2019)  # đoạn 4: các xã đánh giá từ mức khá trở xuống; 105 khá and 7 trung bình
    asked = {(f["parent"], f["unit"]) for f in found(outcome, "lam-ro-nguyen-nhan")}
    assert asked == {(u["parent"], u["name"]) for u in outcome["units"] if u["band"] != "tốt"}
    assert len(asked) == 105 + 7
