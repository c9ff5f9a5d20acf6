"""The article on the city of Lào Cai, as a run of the sample: six criteria, 17 units, the target, the five years.

Article: "Nỗ lực xây dựng chính quyền cơ sở trong sạch, vững mạnh", laocaitv.vn, 18/9/2019. Its paragraphs (đoạn) are counted
from the one that opens with "Laocaitv.vn", the captions of the photographs left out:

    đoạn 1  by 2020 at least 80 % of the local governments with the title
    đoạn 2  six criteria; a ward's Party committee with a title of its own five years on end, and commended
    đoạn 4  17 wards and communes
    đoạn 5  in 2019 more than 80 % have the title: the target is passed

The sample's places and scores are invented (samples/make_lao_cai.py): Phường Tân Luốt stands for the ward of đoạn 2. Who
must have which title is worked out here from the cells, with openpyxl and Decimal, never by the package.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import a_grid, run
from xeploai.book.load import load_book
from xeploai.findings import Finding, Severity
from xeploai.model import Rating
from xeploai.pipeline import Options, Outcome, classify_files

SAMPLE = Path(__file__).parents[2] / "samples" / "trong-sach-vung-manh-2015-2019.xlsx"
BOOK = "trong-sach-vung-manh-lao-cai"
TITLE, PARTY = "Trong sạch, vững mạnh", "Đảng bộ trong sạch, vững mạnh"
MAXIMA = (20, 20, 15, 15, 15, 15)  # as the headings of the sample say
YEARS = range(2015, 2020)
WARD = "Phường Tân Luốt"


@pytest.fixture(scope="module")
def classified() -> Callable[[int], Outcome]:
    """The outcome of one year; each year runs once."""
    return cache(lambda year: classify_files([SAMPLE], rules=BOOK, options=Options(year=year)))


@pytest.fixture(scope="module")
def by_hand() -> dict[int, dict[str, tuple[list[Decimal], bool]]]:
    """Year → unit → the points of the six criteria, and whether the Party column says «Có»."""
    book = load_workbook(SAMPLE)
    return {
        year: {
            str(name): ([Decimal(repr(p)) for p in points], party == "Có")
            for _, name, *points, _, party, _ in book[f"Năm {year}"].iter_rows(min_row=10, max_row=26, values_only=True)
        }
        for year in YEARS
    }


def has_title(points: list[Decimal]) -> bool:
    """The illustrative conditions: 65 points, and every criterion from 60 % of its maximum on."""
    return sum(points) >= 65 and all(100 * p >= 60 * most for p, most in zip(points, MAXIMA, strict=True))


def rated(outcome: Outcome, name: str) -> Rating:
    return next(rating for rating in outcome.ratings if rating.unit.name == name)


def found(outcome: Outcome, code: str) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.code == code]


# --- đoạn 2 and 4: what is rated, and by what ---


def test_there_are_six_criteria_and_17_wards_and_communes(classified):
    assert len(load_book(BOOK).book.criteria) == 6  # đoạn 2: có 06 tiêu chí cơ bản
    for year in YEARS:
        outcome = classified(year)
        assert len(outcome.ratings) == 17  # đoạn 4: 17 xã, phường tại thành phố
        assert not outcome.errors
    assert {unit.kind for unit in classified(2019).sheet.units} == {"xã", "phường"}


def test_both_titles_of_every_unit_and_year_are_as_worked_out_by_hand(classified, by_hand):
    for year in YEARS:
        for name, (points, party) in by_hand[year].items():
            rating = rated(classified(year), name)
            assert rating.points == sum(points)
            assert (TITLE in rating.titles, PARTY in rating.titles) == (has_title(points), party), (year, name)


def test_a_ward_may_hold_the_party_title_alone(classified, by_hand):
    points, party = by_hand[2019]["Phường Phố Thoảng"]
    assert party
    assert not has_title(points)
    assert rated(classified(2019), "Phường Phố Thoảng").titles == (PARTY,)


@pytest.mark.parametrize(
    ("unit", "band", "held"),
    [
        ("Phường Xuân Đoỏng", "khá", True),  # 65 points, two criteria at 9 of 15: both limits exactly
        ("Xã Hợp Khuông", "trung bình", False),  # 64,99 points
        ("Phường Kim Khuông", "khá", False),  # 70,85 points, but 8,95 of 15 is 59,67 %
    ],
)
def test_the_edges_of_the_title(classified, unit, band, held):
    rating = rated(classified(2019), unit)
    assert (rating.band, TITLE in rating.titles) == (band, held)


def test_the_reason_names_what_is_missing(classified):
    why = " ".join(rated(classified(2019), "Phường Kim Khuông").why)
    assert "Không đạt «Trong sạch, vững mạnh»: TC3 8,95 điểm, cần ít nhất 60%" in why


# --- đoạn 1 and 5: the target ---


def test_14_of_17_pass_the_target_of_2020_in_2019(classified, by_hand):
    assert sum(has_title(points) for points, _ in by_hand[2019].values()) == 14  # 82,35 %
    assert sum(TITLE in rating.titles for rating in classified(2019).ratings) == 14
    assert not found(classified(2019), "chi-tieu-80")  # đoạn 5: vượt mục tiêu, có trên 80% xã, phường đạt danh hiệu


def test_13_of_17_do_not_and_one_more_is_needed(classified, by_hand):
    assert sum(has_title(points) for points, _ in by_hand[2018].values()) == 13
    (finding,) = found(classified(2018), "chi-tieu-80")  # đoạn 1: 80% trở lên
    assert "13/17 đơn vị đạt danh hiệu «Trong sạch, vững mạnh» (76,47%)" in finding.message
    assert "chỉ tiêu ít nhất 80%: còn thiếu 1 đơn vị" in finding.message
    assert finding.severity is Severity.WARNING
    assert "năm 2020" in finding.basis


def communes(*titled: bool) -> Outcome:
    """Communes of 80 points each; those without the title have one criterion at 8 of 15."""
    names = " | ".join(node.name for node in load_book(BOOK).book.criteria)
    rows = "".join(
        f"| {n} | Xã {n} | 16 | 16 | {12 if held else 8} | 12 | 12 | {12 if held else 15} | Không |\n"
        for n, held in enumerate(titled, 1)
    )
    return run(load_book(BOOK), a_grid(f"| TT | Đơn vị | {names} | {PARTY} |\n{rows}", sheet="Năm 2019"))


def test_80_percent_exactly_is_enough():
    assert not found(communes(True, True, True, True, False), "chi-tieu-80")  # 4 of 5


def test_just_under_80_percent_is_not():
    (finding,) = found(communes(True, True, True, False), "chi-tieu-80")  # 3 of 4: 75 %
    assert "3/4" in finding.message
    assert "còn thiếu 1 đơn vị" in finding.message


# --- đoạn 2: five years on end ---


def test_four_years_in_five_or_a_gap_are_no_commendation(classified, by_hand):
    years = {name: [by_hand[year][name][1] for year in YEARS] for name in by_hand[2019]}
    assert years["Phường Hồng Sổm"] == [False, True, True, True, True]
    assert years["Phường Noong Nhọt"] == [True, True, False, True, True]
    assert years["Phường Him Khoang"] == [True, True, True, True, False]
    assert [name for name, held in years.items() if all(held)] == [WARD]
    assert [f.unit.name for f in found(classified(2019), "khen-5-nam")] == [WARD]


def test_the_fifth_year_is_commended_as_a_note(classified):
    assert not found(classified(2018), "khen-5-nam")  # four years known by then
    (finding,) = found(classified(2019), "khen-5-nam")
    assert (finding.streak.years, finding.streak.since) == (5, 2015)  # đoạn 2: Trong sạch vững mạnh 05 năm liền
    assert f"{PARTY}» ít nhất 5 năm liên tiếp (2015–2019" in finding.message
    assert finding.severity is Severity.NOTE  # praise is no warning
    assert "khen thưởng" in finding.duty  # đoạn 2: được nhận Bằng khen
    assert [cell.sheet for cell in (finding.at, *finding.related)] == [f"Năm {year}" for year in reversed(YEARS)]


@pytest.mark.parametrize("says", [None, "Không"])
def test_a_year_that_says_no_or_nothing_ends_the_run(tmp_path, says):
    book = load_workbook(SAMPLE)
    assert (book["Năm 2017"]["B10"].value, book["Năm 2017"]["J10"].value) == (WARD, "Có")
    book["Năm 2017"]["J10"] = says
    book.save(tmp_path / SAMPLE.name)
    assert not found(classify_files([tmp_path / SAMPLE.name], rules=BOOK), "khen-5-nam")


def test_nobody_holds_the_party_title_by_a_blank_cell(tmp_path):
    book = load_workbook(SAMPLE)
    book["Năm 2019"]["J10"] = None
    book.save(tmp_path / SAMPLE.name)
    outcome = classify_files([tmp_path / SAMPLE.name], rules=BOOK)
    assert rated(outcome, WARD).titles == (TITLE,)
    assert f"thiếu số liệu «{PARTY}»" in " ".join(rated(outcome, WARD).why)
