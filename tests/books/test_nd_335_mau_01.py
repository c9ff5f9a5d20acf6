"""Nghị định 335/2025/NĐ-CP, Phụ lục II, Mẫu 01: 30 points of common criteria and 70 × K, for each civil servant.

K is the mean of three ratios, a leader's of six (Điều 15 khoản 3); no leader may be averaged over three, and none of the staff
needs d, đ, e. What is expected is the decree's or worked out by hand; the sample's people stand in samples/make_mau_01.py.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from builders import run
from xeploai.book.load import Loaded, load_book, loads
from xeploai.examples import check_book
from xeploai.findings import Finding, Severity
from xeploai.model import Grid, Value
from xeploai.pipeline import Outcome, classify_files

ROOT = Path(__file__).parents[2]
FORM = ROOT / "rules" / "nd-335-2025-mau-01.yaml"
SAMPLE = ROOT / "samples" / "nd-335-2025-mau-01-2026.xlsx"
BEST, GOOD, DONE, FAILED = (
    "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ",
)  # fmt: skip
STAFF, LEADER, HEAD = "công chức", "công chức lãnh đạo", "người đứng đầu"
MISSING, MISSING_COLUMN, TIE, OPEN = "DL52", "DL11", "DL59", "DL65"
Row = dict[str, Value]

ITEMS = {"I.1": 5.0, "I.2": 5.0} | {f"{part}.{n}": 2.5 for part in ("II", "III") for n in range(1, 5)}
# Full common criteria, all in one group, every ratio 100 %: three of staff, six of a leader.
OF_STAFF: Row = {
    **ITEMS, "NHOM": "tham mưu", "TYA": 1.0, "TYB": 1.0, "TYC": 1.0, "TYD": None, "TYDD": None, "TYE": None, "TONG": 3.0,
    "TONGLD": None, "SO": 3.0, "SP": "không", "XLDV": None,
}  # fmt: skip
OF_LEADER: Row = {**OF_STAFF, "TYD": 1.0, "TYDD": 1.0, "TYE": 1.0, "TONG": None, "TONGLD": 6.0, "SO": 6.0}


@pytest.fixture(scope="module")
def form() -> Loaded:
    return load_book(FORM)


@pytest.fixture(scope="module")
def sample() -> Outcome:
    return classify_files([SAMPLE], rules=FORM)


def scored(form: Loaded, *people: Row, without: tuple[str, ...] = ()) -> Outcome:
    """Civil servants, staff unless `kind` says otherwise, with these cells instead; a sheet without these columns."""
    called = {fact.code: fact.name for fact in form.book.facts} | {c: n.name for c, n in form.book.nodes.items()}
    codes = [code for code in OF_STAFF if code not in without]
    table: list[list[Value]] = []
    for n, person in enumerate(people, 1):
        kind = person.get("kind", STAFF)
        cells = {**(OF_STAFF if kind == STAFF else OF_LEADER), **person}
        table.append([float(n), f"Lường Nhã {chr(64 + n)}", kind, *(cells[code] for code in codes)])
    heading = ["TT", "Đơn vị, cá nhân", "Loại hình công chức", *(called[code] for code in codes)]
    return run(form, Grid("mau-01.xlsx", "Năm 2026", [heading, *table]))


def ratios(a: float, b: float, c: float) -> Row:
    return {"TYA": a, "TYB": b, "TYC": c, "TONG": round(a + b + c, 4)}


def six(a: float, b: float, c: float, d: float | None, dd: float | None, e: float | None, **more: Value) -> Row:
    """A leader's ratios and the sum of those that are there."""
    total = round(sum(each or 0 for each in (a, b, c, d, dd, e)), 4)
    return {"kind": LEADER, "TYA": a, "TYB": b, "TYC": c, "TYD": d, "TYDD": dd, "TYE": e, "TONGLD": total, **more}


def found(outcome: Outcome, code: str) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.code == code]


# --- the book ---


def test_the_ten_items_make_30(form):
    assert check_book(form) == []
    nodes = form.book.nodes
    assert {code: float(nodes[code].max_points) for code in ITEMS} == ITEMS
    assert [nodes[code].max_points for code in ("I", "II", "III", "TCC", "KQ", "KQLD")] == [10, 10, 10, 30, 70, 70]


def test_everybody_has_100_points_to_win(form):  # staff and leaders by one of the two ways, never by both
    assert [form.book.max_of_kind(kind) for kind in form.book.kinds] == [100, 100, 100]


# --- staff: three ratios ---


@pytest.mark.parametrize(
    ("cells", "points", "band"),
    [
        (ratios(1, 1, 1), 100, BEST),
        (ratios(0.9, 0.85, 0.95) | {"I.1": 4.0, "I.2": 4.0, "II.1": 1.5}, 90, BEST),  # 27 + 70 × 0,9
        (ratios(0.9, 0.85, 0.95) | {"I.1": 4.0, "I.2": 4.0, "II.1": 1.49}, 89.99, GOOD),
        (ratios(0.6, 0.6, 0.6) | {"I.1": 3.0}, 70, GOOD),  # 28 + 42
        (ratios(0.6, 0.6, 0.6) | {"I.1": 2.99}, 69.99, DONE),
        (ratios(0.3, 0.3, 0.3) | {"I.1": 4.0}, 50, DONE),  # 29 + 21
        (ratios(0.3, 0.3, 0.3) | {"I.1": 3.99}, 49.99, FAILED),
        (ratios(1.4, 1, 1), 100, BEST),  # Đ18.1.d may lead over 100 %: held at 70
    ],
)
def test_the_points_and_classes_of_a_civil_servant(form, cells, points, band):
    rating = scored(form, cells).ratings[0]
    assert (float(rating.points), rating.computed) == (points, band)


def test_a_third_of_the_ratios_is_exact(form):
    # 70 × 2,5/3 does not end: a K that was divided before, of fifteen digits, would come to less
    rating = scored(form, ratios(1, 0.8, 0.7) | {"I.1": 1.0, "II.1": 0.5}).ratings[0]  # 24 + 70 × 2,5/3
    assert rating.points * 3 == 247  # 82⅓ × 3


def test_over_100_percent_counts_where_the_book_says_so():
    text = FORM.read_text(encoding="utf-8")
    assert text.count("được vượt 100%: không}") == 2
    loose = loads(text.replace("được vượt 100%: không}", "được vượt 100%: có}").encode(), FORM.name)
    assert scored(loose, ratios(1.3, 1, 1) | {"I.1": 0.0}).ratings[0].points == 102  # 25 + 70 × 3,3/3
    assert scored(loose, six(1.6, 1, 1, 1, 1, 1)).ratings[0].points == 107  # 30 + 70 × 6,6/6


def test_staff_with_blanks_in_d_dd_and_e_are_judged_by_three(form):
    outcome = scored(form, ratios(0.9, 0.9, 0.9))
    assert outcome.ratings[0].points == 93  # 30 + 63; over six it would be 61,5
    assert not outcome.errors


def test_a_sheet_of_staff_alone_needs_no_column_of_leaders(form):
    outcome = scored(form, ratios(0.9, 0.9, 0.9), without=("TYD", "TYDD", "TYE", "TONGLD", "XLDV"))
    assert (outcome.ratings[0].points, outcome.errors) == (93, [])


@pytest.mark.parametrize(("count", "band"), [(3.0, GOOD), (6.0, None), (4.0, None)])
def test_staff_are_averaged_over_three_or_not_at_all(form, count, band):
    rating = scored(form, ratios(0.8, 0.8, 0.8) | {"SO": count}).ratings[0]
    assert (rating.status, rating.band) == ("rated" if band else "unrated", band)
    assert any("khống chế «cong-chuc-chia-3»" in why for why in rating.why) == (band is None)


# --- leaders: six ratios (Điều 15 khoản 3) ---


def test_a_leader_is_rated_by_six_ratios(form):
    assert scored(form, six(1, 0.9, 0.8, 0.5, 1, 0.6)).ratings[0].points == 86  # 30 + 70 × 4,8/6


def test_what_six_ratios_change(form):
    # 25,5 + 70 × 5,5/6 = 89,67; the mean of a, b, c alone is 1: 95,5
    cells = {"III.4": 0.0, "III.3": 0.5}
    leader = scored(form, six(1, 1, 1, 0.5, 1, 1, **cells)).ratings[0]
    assert (leader.points, leader.computed) == (Fraction(269, 3), GOOD)
    assert scored(form, ratios(1, 1, 1) | cells).ratings[0].computed == BEST


@pytest.mark.parametrize(
    ("cells", "name", "address"),
    [
        (six(1, 1, 1, None, 1, 1), "Tỷ lệ d của lãnh đạo", "R2"),
        (six(1, 1, 1, 1, None, 1), "Tỷ lệ đ của lãnh đạo", "S2"),
        (six(1, 1, 1, 1, 1, None), "Tỷ lệ e của lãnh đạo", "T2"),
        # all three are lacking, and the sheet has summed and counted as for staff
        ({**six(1, 1, 1, None, None, None), "TONG": 3.0, "SO": 3.0}, "Tỷ lệ d của lãnh đạo", "R2"),
        ({**six(1, 1, 1, None, None, None), "TONG": 3.0, "TONGLD": None, "SO": 3.0}, "Tỷ lệ d của lãnh đạo", "R2"),
    ],
)
@pytest.mark.parametrize("kind", [LEADER, HEAD])
def test_a_leader_who_lacks_one_of_the_six_is_not_averaged_over_fewer(form, kind, cells, name, address):
    outcome = scored(form, {**cells, "kind": kind, "XLDV": GOOD})
    assert (outcome.ratings[0].status, outcome.ratings[0].points) == ("unrated", None)
    (error,) = found(outcome, MISSING)
    assert f"thiếu số liệu «{name}»" in error.message
    assert error.at.address == address


def test_a_sheet_without_the_columns_of_leaders_rates_staff_only(form):
    outcome = scored(form, {}, {"kind": LEADER, "TONG": 3.0, "SO": 3.0}, without=("TYD", "TYDD", "TYE", "TONGLD"))
    assert [rating.status for rating in outcome.ratings] == ["rated", "unrated"]
    (error,) = found(outcome, MISSING_COLUMN)
    assert "«Tỷ lệ d của lãnh đạo»" in error.message


def test_a_leader_with_six_ratios_is_not_divided_by_three(form):
    outcome = scored(form, six(1, 1, 1, 0.5, 0.5, 0.5, SO=3.0))  # 4,5/3 is 150 %
    rating = outcome.ratings[0]
    assert (rating.status, rating.band) == ("unrated", None)
    assert "khống chế «lanh-dao-chia-6»" in rating.why[-1]
    (warning,) = found(outcome, "lanh-dao-chia-3")
    assert warning.at.address == "W2"
    assert not found(
        scored(form, six(1, 1, 1, 0.5, 0.5, 0.5), {}), "lanh-dao-chia-3"
    )  # six of a leader, three of staff


@pytest.mark.parametrize(("letter", "code"), [("d", "TYD"), ("đ", "TYDD"), ("e", "TYE")])
def test_d_dd_and_e_are_never_below_50_percent(form, letter, code):  # từng tháng 100% hoặc 50%
    flag = f"ty-le-{letter}-duoi-50"
    assert not found(scored(form, six(1, 1, 1, 0.5, 0.5, 0.5), {}), flag)
    (warning,) = found(scored(form, {**six(1, 1, 1, 1, 1, 1), code: 0.49}), flag)
    assert "từ 50% đến 100%" in warning.message


# --- discipline, quota, heads ---


def test_discipline_sets_the_lowest_class(form):
    rating = scored(form, {"SP": "có"}).ratings[0]
    assert (rating.computed, rating.band) == (BEST, FAILED)


def test_the_quota_goes_by_group(form):
    good = ratios(0.8, 0.8, 0.8)  # 86 points
    people = [{}, *[good] * 5, {"NHOM": "kế toán"}, *[{**good, "NHOM": "kế toán"}] * 4]
    outcome = scored(form, *people)
    assert outcome.ratings[0].band == BEST  # ⌊(5+1)/6⌋ = 1
    assert outcome.ratings[6].band == GOOD  # ⌊(4+1)/6⌋ = 0, though ⌊(9+2)/6⌋ over both groups is 1


@pytest.mark.parametrize(
    ("kind", "of_unit", "band"),
    [
        (HEAD, DONE, DONE),
        (HEAD, GOOD, GOOD),
        (LEADER, DONE, GOOD),  # a deputy: not in the clause
        (HEAD, None, None),  # the organisation first
    ],
)
def test_only_the_head_is_held_to_the_class_of_the_organisation(form, kind, of_unit, band):
    person = six(0.8, 0.8, 0.8, 0.8, 0.8, 0.8) | {"kind": kind, "XLDV": of_unit}
    assert scored(form, person).ratings[0].band == band


# --- the figures of the sheet ---


def test_the_sum_of_the_ratios_is_checked(form):
    assert not found(scored(form, ratios(0.9, 0.8, 0.7)), "kt-cong-ty-le")
    assert found(scored(form, {**ratios(0.9, 0.8, 0.7), "TONG": 2.5}), "kt-cong-ty-le")


def test_the_sum_of_a_leaders_six_ratios_is_checked(form):
    right = six(0.9, 0.8, 0.7, 1, 1, 0.5)
    assert not found(scored(form, right), "kt-cong-sau-ty-le")
    assert found(scored(form, {**right, "TONGLD": 2.4}), "kt-cong-sau-ty-le")  # a, b, c alone


def test_three_or_six_ratios(form):
    assert not found(scored(form, {}), "ty-le-lanh-dao")
    assert found(scored(form, {"SO": 4.0}), "ty-le-lanh-dao")


# --- the sample: 26 people of one commune ---

COMES_TO: dict[str, tuple[str, str | None]] = {  # points, class
    "Bạc Thuần Khuông": ("100", BEST),  # ⌊(5 + 2)/6⌋ = 1 place of two
    "Cà Nhã Lịm": ("90", GOOD),  # 27 + 70 × 2,7/3
    "Đỗ Trực Rạng": ("89.99", GOOD),
    "Giàng Mẫn Thoan": ("70", GOOD),  # 28 + 42
    "Hạng Diệp Vời": ("247/3", GOOD),  # 24 + 70 × 2,5/3
    "Lò Kỳ Sảng": ("82", GOOD),
    "Lường Thừa Tỏa": ("69.99", DONE),
    "Mùa Lương Dìu": ("89", GOOD),  # 19 + 70: 3,3/3 is held at 100 %
    "Nguyễn Thế Nhiêu": ("95", None),  # equal at the line …
    "Phạm Khải Thướng": ("95", None),  # … of ⌊(4 + 2)/6⌋ = 1 place
    "Quàng Thuần Nghĩnh": ("82", GOOD),
    "Sùng Nhã Khuyến": ("83", GOOD),
    "Thào Trực Mịch": ("88", GOOD),
    "Tòng Mẫn Sưởng": ("76", GOOD),
    "Trần Diệp Thoảng": ("50", DONE),
    "Vàng Kỳ Nhuận": ("49.99", FAILED),
    "Vũ Thừa Khoáng": ("86", FAILED),  # kỷ luật
    "Bùi Lương Sổm": ("", None),  # no c
    "Cà Thế Khuông": ("84", GOOD),  # 28 + 70 × 4,8/6
    "Lò Khải Mịch": ("100", GOOD),  # ⌊(2 + 1)/6⌋ = 0
    "Đỗ Thuần Vời": ("269/3", GOOD),  # 25,5 + 70 × 5,5/6
    "Hạng Nhã Rạng": ("", None),  # no đ
    "Mùa Trực Sảng": ("100", None),  # six ratios, divided by three
    "Lường Mẫn Tỏa": ("95.25", GOOD),  # 27 + 70 × 5,85/6; the organisation is "tốt"
    "Quàng Diệp Dìu": ("88", DONE),  # the organisation is "hoàn thành"
    "Sùng Kỳ Nhiêu": ("82", None),  # the organisation is not rated yet
}


def test_every_person_of_the_sample(sample):
    seen = {
        rating.unit.name: ("" if rating.points is None else str(Fraction(rating.points)), rating.band)
        for rating in sample.ratings
    }
    assert seen == {name: (str(Fraction(points)) if points else "", band) for name, (points, band) in COMES_TO.items()}


def test_what_the_sample_says_of_those_without_a_class(sample):
    assert {(f.unit.name, f.at.address) for f in found(sample, MISSING)} == {
        ("Bùi Lương Sổm", "V27"), ("Hạng Nhã Rạng", "T31"),
    }  # fmt: skip
    assert [f.unit.name for f in found(sample, "lanh-dao-chia-3")] == ["Mùa Trực Sảng"]
    assert {f.unit.name for f in found(sample, OPEN)} == {"Nguyễn Thế Nhiêu", "Phạm Khải Thướng", "Sùng Kỳ Nhiêu"}
    assert [cell.address for cell in found(sample, TIE)[0].cells] == ["B18", "B19"]
    assert len([f for f in sample.findings if f.severity is not Severity.NOTE]) == 2 + 1 + 3 + 1


def test_the_book_is_found_by_itself(sample):
    assert classify_files([SAMPLE]).book.code == sample.book.code == "nd-335-2025-mau-01"
