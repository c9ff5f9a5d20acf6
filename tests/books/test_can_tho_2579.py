"""Cần Thơ, Quyết định 2579/QĐ-UBND ngày 21/11/2025 (công tác dân vận): caps, edges, bonus and penalty, the award's places.

Điều 3: thưởng, phạt không quá 3 điểm. Điều 6: không tiêu chí nào 0 điểm ở hai mức cao nhất. Điều 9: tự chấm, thẩm định.
The other clauses are the decision's own, of which no article is known here. The sample's places are invented
(samples/make_can_tho.py); what is expected of it is written here by hand.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from builders import a_grid
from xeploai.book.load import load_book
from xeploai.examples import check_book
from xeploai.model import Rating
from xeploai.pipeline import Outcome, classify, classify_files

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "rules" / "can-tho-2579-2025.yaml"
SAMPLE = ROOT / "samples" / "can-tho-2579-2025.xlsx"
BEST, GOOD, DONE, FAILED = "hoàn thành xuất sắc", "hoàn thành tốt", "hoàn thành", "không hoàn thành"

HEAD = (
    "TT | Tên đơn vị | Nhóm đơn vị | N1 || N2 || DT || DP || SO0 | KL | TN | DKN | HS\n"
    "TT | Tên đơn vị | Nhóm đơn vị"
    " | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định"
    " | SO0 | KL | TN | DKN | HS\n"
)
ROW: dict[str, Any] = {
    "group": "'xã, phường'", "own 1": 10, "N1": 9, "own 2": 90, "N2": 87, "own DT": 0, "DT": 0, "own DP": "", "DP": 0,
    "SO0": 0, "KL": "không", "TN": "không", "DKN": "không", "HS": "không",
}  # fmt: skip
"""96 points and nothing against it: the best band, which every cap can be seen to take away."""


def outcome_of(**changes: Any) -> Outcome:
    names = {name.replace(" ", "_"): name for name in ROW}
    cells = {**ROW, **{names[name]: value for name, value in changes.items()}}
    grid = a_grid(
        HEAD + "1 | Xã Tìa Khoáng | " + " | ".join(map(str, cells.values())),
        sheet="Năm 2025",
        merged=tuple((0, c, 0, c + 1) for c in (3, 5, 7, 9)),
    )
    return classify(load_book(BOOK), [grid])


def rated(**changes: Any) -> Rating:
    (rating,) = outcome_of(**changes).ratings
    return rating


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return classify_files([SAMPLE], rules=BOOK)


def of(outcome: Outcome, name: str) -> Rating:
    return next(rating for rating in outcome.ratings if rating.unit.name == name)


# --- the book ---


def test_the_book_is_sound_and_its_examples_come_out():
    assert check_book(load_book(BOOK)) == []


def test_the_two_groups_stand_as_they_are_and_no_item_is_invented():
    book = load_book(BOOK).book
    assert [(node.code, node.max_points, node.parts) for node in book.criteria] == [("N1", 10, ()), ("N2", 90, ())]
    assert not book.illustrative  # nothing but what the decision says
    assert book.in_force(2025)
    assert not book.in_force(2024)


# --- edges: 95, 85, 75 ---


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ("85.99", GOOD),  # 94,99
        ("86", BEST),  # 95
        ("75.99", DONE),  # 84,99
        ("76", GOOD),  # 85
        ("65.99", FAILED),  # 74,99
        ("66", DONE),  # 75
    ],
)
def test_a_band_begins_at_its_number(points, band):
    rating = rated(N2=points)
    assert rating.points == Decimal(9) + Decimal(points)
    assert rating.band == band


# --- điểm thưởng, điểm phạt: Điều 3 ---


def test_bonus_and_penalty_count_beside_the_hundred():  # Điều 3: mỗi bên không quá 3 điểm
    assert (rated(N2=83, DT=3).points, rated(N2=83, DT=3).band) == (95, BEST)
    assert (rated(N2=83, DT=3, DP="0.01").points, rated(N2=83, DT=3, DP="0.01").band) == (Decimal("94.99"), GOOD)
    full = rated(N1=10, N2=90, DT=3)
    assert (full.points, full.max_points, full.percent) == (103, 100, Fraction(103))


@pytest.mark.parametrize("item", ["DT", "DP"])
def test_more_than_three_points_of_bonus_or_penalty_is_an_error(item):  # Điều 3
    assert "DL23" not in [finding.code for finding in outcome_of(**{item: 3}).findings]
    over = outcome_of(**{item: "3.01"})
    assert [finding.code for finding in over.errors] == ["DL23"]
    assert over.ratings[0].status == "unrated"


# --- a criterion of 0 points: Điều 6 ---


def test_without_a_zero_the_best_band_stays():
    assert rated().band == BEST
    assert not any("khống chế" in why for why in rated().why)


@pytest.mark.parametrize(("points", "band"), [(87, DONE), (77, DONE), (67, DONE), (60, FAILED)])
def test_a_criterion_of_zero_bars_the_two_highest_bands(points, band):  # Điều 6; 96, 86: barred; 76, 69: no change
    rating = rated(N2=points, SO0=1)
    assert rating.band == band
    assert any("«tieu-chi-0-diem»" in why and "Điều 6" in why for why in rating.why)


def test_a_whole_group_of_zero_bars_them_too():  # Điều 6
    rating = rated(N1=0, N2=90, SO0=0)
    assert (rating.points, rating.computed, rating.band) == (90, GOOD, DONE)
    assert any("«nhom-0-diem»" in why and "N1 0 điểm" in why and "Điều 6" in why for why in rating.why)
    assert rated(N1="0.01", N2=90).band == GOOD


def test_nobody_is_taken_to_have_no_zero_because_the_cell_is_blank():  # Điều 6: phải biết mới xếp được
    rating = rated(SO0="")
    assert (rating.status, rating.band) == ("undetermined", None)
    assert any("Số tiêu chí bị chấm 0 điểm" in why for why in rating.why)
    assert rated(N2=60, SO0="").band == FAILED  # here it cannot matter


# --- discipline ---


@pytest.mark.parametrize(
    ("discipline", "points", "band"),
    [
        ("không", 87, BEST),
        ("khiển trách", 87, GOOD),
        ("khiển trách", 76, GOOD),  # 85: no change
        ("khiển trách", 67, DONE),
        ("cảnh cáo", 87, DONE),
        ("cảnh cáo", 77, DONE),
        ("cảnh cáo", 60, FAILED),
        ("cách chức trở lên", 87, FAILED),
        ("cách chức trở lên", 67, FAILED),
    ],
)
def test_discipline_holds_the_band_down(discipline, points, band):  # khiển trách, cảnh cáo, cách chức trở lên
    assert rated(N2=points, KL=discipline).band == band


@pytest.mark.parametrize("fault", ["TN", "DKN", "HS"])
def test_corruption_disunity_or_a_criminal_case_is_the_lowest_band(fault):
    assert rated(**{fault: "không"}).band == BEST
    rating = rated(**{fault: "có"})
    assert (rating.computed, rating.band) == (BEST, FAILED)
    assert rated(**{fault: ""}).status == "undetermined"


# --- tự chấm, thẩm định: Điều 9 ---


def test_the_appraised_points_count_and_not_the_units_own():  # Điều 9: tự chấm rồi thẩm định
    assert rated(own_1=10, own_2=90, N1=9, N2=76).points == 85
    assert rated(own_1=0, own_2=0, N1=9, N2=86).points == 95


def test_a_unit_that_does_not_score_itself_is_the_lowest():  # hoàn toàn không tự chấm điểm
    assert rated(own_1="", own_2=90, own_DT="").band == BEST  # one of two was scored
    assert rated(own_1=0, own_2=0, own_DT="").band == BEST  # a 0 is a score
    rating = rated(own_1="", own_2="", own_DT="")
    assert (rating.points, rating.computed, rating.band) == (96, BEST, FAILED)
    assert any("«khong-tu-cham»" in why for why in rating.why)


def test_a_unit_that_nobody_scored_at_all_is_the_lowest():  # hoàn toàn không tự chấm điểm, và chưa thẩm định
    assert rated(own_1="", own_2="", own_DT="", N1="", N2="", DT="", DP="").band == FAILED


def test_a_blank_bonus_or_penalty_is_none():  # «để trống là 0: có»
    assert rated(own_DT="", DT="", DP="").band == BEST


# --- the sample ---

EXPECTED = {  # points, band by points, band in the end, place in its group
    "Xã Tìa Khoáng": ("95", BEST, BEST, 5),
    "Xã Pom Sưởng": ("94.99", GOOD, GOOD, 7),
    "Phường Tân Lềnh": ("95", BEST, BEST, 5),  # 93 + 3 - 1
    "Xã Hua Thọt": ("85", GOOD, GOOD, 13),
    "Xã Co Nhọt": ("84.99", DONE, DONE, 14),
    "Xã Sán Keng": ("75", DONE, DONE, 15),
    "Xã Bản Mịch": ("74.99", FAILED, FAILED, 16),
    "Xã Nậm Khúa": ("96", BEST, DONE, 3),  # Điều 6: có tiêu chí 0 điểm
    "Xã Lao Sáo": ("97", BEST, GOOD, 1),  # khiển trách
    "Xã Púng Tén": ("96.5", BEST, DONE, 2),  # cảnh cáo
    "Xã Háng Vặt": ("95.5", BEST, FAILED, 4),  # cách chức
    "Xã Chà Mốc": ("92", GOOD, FAILED, 8),  # tham nhũng
    "Xã Keo Phay": ("91", GOOD, FAILED, 9),  # mất đoàn kết
    "Xã Phiêng Ngoạng": ("90", GOOD, FAILED, 10),  # vụ án hình sự
    "Phường Nam Đoỏng": ("89", GOOD, FAILED, 11),  # không tự chấm
    "Xã Sín Khẩu": ("86", GOOD, GOOD, 12),  # 88 - 2
    "Sở Mẫu Một": ("103", BEST, BEST, 1),
    "Sở Mẫu Hai": ("92", GOOD, GOOD, 2),
    "Sở Mẫu Ba": ("86", GOOD, DONE, 3),  # Điều 6: cả nhóm 0 điểm
    "Sở Mẫu Bốn": ("73", FAILED, FAILED, 4),
}


def test_every_unit_of_the_sample(outcome):
    seen = {r.unit.name: (r.points, r.computed, r.band, r.group_rank) for r in outcome.ratings}
    assert seen == {name: (Decimal(points), *rest) for name, (points, *rest) in EXPECTED.items()}
    assert outcome.year == 2025
    assert outcome.findings == ()  # nothing is doubtful in this sheet


def test_the_award_goes_to_fifteen_communes_by_points(outcome):  # khen thưởng 15 xã, phường theo điểm
    communes = [rating for rating in outcome.ratings if rating.group == "xã, phường"]
    assert {rating.group_of for rating in communes} == {16}
    awarded = {rating.unit.name for rating in communes if rating.group_rank and rating.group_rank <= 15}
    assert len(awarded) == 15
    assert {rating.unit.name for rating in communes} - awarded == {"Xã Bản Mịch"}
    assert of(outcome, "Sở Mẫu Một").group_of == 4  # the departments are ranked by themselves


def test_equal_points_share_a_place(outcome):
    assert [of(outcome, name).group_rank for name in ("Xã Tìa Khoáng", "Phường Tân Lềnh", "Xã Pom Sưởng")] == [5, 5, 7]


def test_every_cap_says_why_and_where_it_stands(outcome):
    said = {rating.unit.name: [why for why in rating.why if why.startswith("khống chế")] for rating in outcome.ratings}
    assert {name for name, why in said.items() if why} == {
        name for name, (_, computed, band, _) in EXPECTED.items() if computed != band
    }
    assert all("Quyết định 2579/QĐ-UBND" in why for whys in said.values() for why in whys)
