"""Hải Phòng, Quyết định 212/2025/QĐ-UBND ngày 18/11/2025: three annexes, and where the text contradicts itself.

Phụ lục 1 (người đứng đầu), mục I 20, II 80; mục II.5 with chú thích 7. Phụ lục 2 (lãnh đạo khác), mục II. Phụ lục 3 (công
chức). Mức: trên 90 · trên 80 đến 90 · 50 đến 80 · dưới 50. Annex and item stand beside each assertion; every expected number
was worked out by hand, as the comments show. The samples' people are invented (samples/make_hai_phong.py).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from xeploai.book.load import Loaded, load_book, loads
from xeploai.examples import check_book
from xeploai.findings import Severity
from xeploai.model import Grid, Rating
from xeploai.pipeline import Outcome, classify, classify_files

ROOT = Path(__file__).parents[2]
BEST, GOOD, DONE, FAILED = "xuất sắc", "tốt", "hoàn thành", "không hoàn thành"

OTHERS = {  # II.5 of annex 1: what earns the most of each
    "II.5.1.a": "Bằng hoặc cao hơn bình quân", "II.5.1.b": "Bằng hoặc cao hơn bình quân", "II.5.1.c": "Đạt",
    "II.5.2.a": "Từ 95% trở lên", "II.5.2.b": "Đạt", "II.5.2.c": "Đạt", "II.5.2.d": "Không vi phạm", "II.5.2.e": "Đạt",
    "II.5.2.g": "Đúng tiến độ",
}  # fmt: skip
FACTS = {
    "Tiêu chí nhiệm vụ được giao": 20, "Tiêu chí nhiệm vụ đúng tiến độ": 20, "Tiêu chí nhiệm vụ vượt mức": 10,
    "Tiêu chí nhiệm vụ chậm tiến độ": 0, "Chỉ tiêu được giao": 20, "Chỉ tiêu đạt": 20, "Đơn vị thuộc quyền quản lý": 20,
    "Đơn vị hoàn thành nhiệm vụ trở lên": 20, "Đơn vị hoàn thành tốt trở lên": 14, "Số tháng công tác trong năm": 12,
    "Số tháng nghỉ trong năm": 0, "Bị kỷ luật trong năm": "không", "Đơn vị có tham nhũng": "không",
}  # fmt: skip
PERSONAL = ("Số tháng công tác trong năm", "Số tháng nghỉ trong năm", "Bị kỷ luật trong năm")
WORK = {"NV1": 20, "NV2": 20, "NV3": 20, "NV4": 20}
GENERAL = {f"I.{n}.{letter}": 1.25 for n in range(1, 5) for letter in "abcd"}
YEAR: dict[int, dict[str, Any]] = {
    1: GENERAL
    | {f"II.{n}.{letter}": 1 for n in (1, 2) for letter in "abcde"}
    | {f"CT{n}": 20 for n in range(1, 5)}
    | {f"TP{n}": 20 for n in range(1, 5)}
    | OTHERS
    | FACTS,
    2: GENERAL | {"II.1": 5, "II.2": 5} | WORK | FACTS,
    3: {"I.1": 4, "I.2": 4, "I.3": 4, "I.4.a": 3, "I.4.b": 1, "I.5": 4}
    | WORK
    | {name: FACTS[name] for name in PERSONAL},
}
"""A year without a fault, by annex: what a person has in every column."""


@cache
def the_book(annex: int) -> Loaded:
    return load_book(ROOT / "rules" / f"hai-phong-212-2025-phu-luc-{annex}.yaml")


@cache
def sample(annex: int) -> Outcome:
    path = ROOT / "samples" / f"hai-phong-212-2025-phu-luc-{annex}.xlsx"
    return classify_files([path], rules=ROOT / "rules" / f"hai-phong-212-2025-phu-luc-{annex}.yaml")


def outcome_of(annex: int, changes: dict[str, Any], book: Loaded | None = None) -> Outcome:
    cells = {**YEAR[annex], **changes}
    assert cells.keys() == YEAR[annex].keys()
    values = [float(each) if isinstance(each, Decimal) else each for each in cells.values()]
    grid = Grid("phieu.xlsx", "Năm 2025", [["TT", "Đơn vị", *cells], [1.0, "Chủ tịch UBND xã Pom Lềnh", *values]])
    return classify(book or the_book(annex), [grid])


def rated(annex: int, book: Loaded | None = None, /, **changes: Any) -> Rating:
    return by_words(annex, {name.replace("_", "."): value for name, value in changes.items()}, book)


def by_words(annex: int, changes: dict[str, Any], book: Loaded | None = None) -> Rating:
    (rating,) = outcome_of(annex, changes, book).ratings
    return rating


def points_of(annex: int, criterion: str, changes: dict[str, Any], book: Loaded | None = None) -> Any:
    return outcome_of(annex, changes, book).points[criterion][0]


def less(points: str) -> dict[str, Any]:
    """So many points less than the hundred of annex 2, taken from the sixteen items of I and from II.1, II.2."""
    left, cells = Decimal(points), dict[str, Any]()
    for code in ("II.1", "II.2", *GENERAL):
        taken = min(left, Decimal(str(YEAR[2][code])))
        cells[code], left = Decimal(str(YEAR[2][code])) - taken, left - taken
    assert left == 0
    return cells


# --- the books ---


@pytest.mark.parametrize("annex", [1, 2, 3])
def test_the_book_is_sound_and_its_examples_come_out(annex):
    assert {finding.code for finding in check_book(the_book(annex))} <= {"BTC07"}  # the text's own contradictions


@pytest.mark.parametrize("annex", [1, 2, 3])
def test_the_book_was_in_force_for_one_year_only(annex):
    book = the_book(annex).book  # từ 01/12/2025; từ 01/01/2026 theo Nghị định 335/2025/NĐ-CP
    assert [book.in_force(year) for year in (2024, 2025, 2026)] == [False, True, False]
    assert book.max_points == 100


def test_only_the_annex_whose_bands_are_not_told_is_illustrative():
    assert [the_book(annex).book.illustrative for annex in (1, 2, 3)] == [False, False, True]


def test_the_tree_of_annex_1():  # Phụ lục 1
    nodes = the_book(1).book.nodes
    maxima = {code: nodes[code].max_points for code in nodes}
    assert [maxima[f"I.{n}"] for n in range(1, 5)] == [5] * 4
    assert {maxima[code] for code in GENERAL} == {Decimal("1.25")}  # mục I: bốn nhóm, mỗi nhóm bốn ý 1,25
    assert [maxima[f"II.{n}"] for n in range(1, 6)] == [5, 5, 20, 30, 20]
    assert [maxima[f"II.3.{c}"] for c in "abc"] == [5, 10, 5]
    assert [maxima[f"II.4.{c}"] for c in "abc"] == [10, 10, 10]
    assert [maxima[code] for code in OTHERS] == [2, 2, 1, *[Decimal("2.5")] * 6]
    assert "II.5.2.đ" not in nodes  # a) b) c) d) e) g): no đ and no f here


def test_the_tree_of_annexes_2_and_3():  # Phụ lục 2, mục II; Phụ lục 3, mục I và II
    nodes = the_book(2).book.nodes
    assert [nodes[code].max_points for code in ("II.1", "II.2", "II.3", "II.3.a", "II.3.b", "II.3.c")] == [
        5,
        5,
        70,
        20,
        30,
        20,
    ]
    nodes = the_book(3).book.nodes
    assert [nodes[f"I.{n}"].max_points for n in range(1, 6)] == [4] * 5
    assert [nodes[f"II.{n}"].max_points for n in range(1, 4)] == [25, 30, 25]


# --- where the official text contradicts itself: notes with their clause, never errors ---


def notes(annex: int) -> list[str]:
    found = [each for each in check_book(the_book(annex)) if each.code == "BTC07"]
    assert all(each.severity is Severity.NOTE for each in found)
    return [each.message for each in found]


def test_the_option_that_gives_1_where_the_maximum_is_2():  # Phụ lục 1, mục II.5.1.b
    (note,) = [each for each in notes(1) if "II.5.1.b: không lựa chọn nào đạt điểm tối đa 2" in each]
    assert "cao nhất là 1 điểm" in note
    assert "Phụ lục 1, mục II.5.1.b" in note
    assert points_of(1, "II.5.1.b", {}) == 1
    assert points_of(1, "II.5.1.b", {"II.5.1.b": "Thấp hơn bình quân"}) == 0
    assert rated(1).points == 99  # so nobody can have 100: 20 + 10 + 20 + 30 + 19


def test_the_number_that_is_printed_twice():  # Phụ lục 2, mục II: «II.2» hai lần
    (note,) = [each for each in notes(2) if "số thứ tự «II.2» dùng 2 lần" in each]
    assert "Phụ lục 2, mục II" in note
    nodes = the_book(2).book.nodes
    assert [nodes[code].number for code in ("II.2", "II.3")] == ["II.2", "II.2"]


def test_the_book_tells_the_clause_of_every_contradiction():
    known = the_book(1).book.nodes["II.5"].known_discrepancy or ""
    assert "Phụ lục 1, chú thích 7" in known  # quy về 10, trong khi II.5 là 20 điểm
    best = the_book(2).book.bands[0]
    assert "Quyết định 212/2025/QĐ-UBND" in (best.known_discrepancy or "")  # «trên 90 điểm trở lên»
    assert "trên 90 điểm trở lên" in (best.known_discrepancy or "")


def test_a_contradiction_that_the_book_has_settled_is_a_note_too():
    assert any("chú thích 7" in each for each in notes(1))
    assert any("trên 90 điểm trở lên" in each for each in notes(2))


@pytest.mark.parametrize(
    ("annex", "line", "code"),
    [
        (1, "            sai lệch đã biết: >-\n              Phụ lục 1, mục II.5.1.b", "BTC05"),
        (2, "        sai lệch đã biết: 'Phụ lục 2, mục II", "BTC05"),
    ],
)
def test_without_the_word_of_the_author_a_contradiction_is_an_error(annex, line, code):
    path = ROOT / "rules" / f"hai-phong-212-2025-phu-luc-{annex}.yaml"
    text = path.read_text("utf-8")
    assert text.count(line) == 1
    with pytest.raises(Exception) as raised:
        loads(text.replace(line, line.replace("sai lệch đã biết", "căn cứ")).encode(), path.name)
    assert code in {finding.code for finding in raised.value.findings}


# --- edges: on the other side than elsewhere ---


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ("100", BEST),
        ("90.01", BEST),
        ("90", GOOD),  # «trên 90»: 90 itself is tốt
        ("80.01", GOOD),
        ("80", DONE),  # «trên 80 đến 90»
        ("79.99", DONE),
    ],
)
def test_the_upper_edges_of_annex_2(points, band):  # các mức: trên 90; trên 80 đến 90; 50 đến 80
    rating = by_words(2, less(str(100 - Decimal(points))))
    assert (rating.points, rating.band) == (Decimal(points), band)


@pytest.mark.parametrize(("points", "band"), [("50.01", DONE), ("50", DONE), ("49.99", FAILED), ("42.5", FAILED)])
def test_the_lower_edge_of_annex_2(points, band):  # 50 đến 80; dưới 50
    # số lượng 5/20 × 20 = 5, chất lượng 5/20 × 30 = 7,5, tiến độ 20/20 × 20 = 20: 37,5 less than the hundred
    rest = less(str(Decimal("62.5") - Decimal(points)))
    rating = by_words(2, {**rest, "NV2": 5, "NV3": 5})
    assert (rating.points, rating.band) == (Decimal(points), band)


def test_the_edges_of_annex_3():  # the same numbers, taken as illustration
    # chất lượng 16/20 × 30 = 24 (−6), I.1 to I.4.a −4 and −4,01: 90 and 89,99; −3,99: 90,01
    assert (rated(3, NV3=16, I_1=0).points, rated(3, NV3=16, I_1=0).band) == (90, GOOD)
    assert rated(3, NV3=16, I_1=Decimal("0.01")).band == BEST
    assert (rated(3, NV3=16, NV4=12, I_1=0).points, rated(3, NV3=16, NV4=12, I_1=0).band) == (
        80,
        DONE,
    )  # 12/20 × 25 = 15


# --- ratios: số lượng, chất lượng, tiến độ ---


def test_ratios_of_annex_1():  # Phụ lục 1, mục II.3 (5/10/5) và II.4 (10/10/10)
    done = {"CT2": 19, "CT3": 18, "CT4": 15, "TP1": 8, "TP2": 8, "TP3": 7, "TP4": 5}
    seen = outcome_of(1, done).points
    assert [seen[f"II.3.{c}"][0] for c in "abc"] == [Decimal("4.75"), 9, Decimal("3.75")]  # 19/20·5, 18/20·10, 15/20·5
    assert [seen[f"II.4.{c}"][0] for c in "abc"] == [10, Decimal("8.75"), Decimal("6.25")]  # 8/8, 7/8, 5/8 of 10
    assert (seen["II.3"][0], seen["II.4"][0]) == (Decimal("17.5"), 25)


def test_ratios_of_annexes_2_and_3():  # Phụ lục 2: 20/30/20; Phụ lục 3: 25/30/25
    done = {"NV1": 16, "NV2": 15, "NV3": 12, "NV4": 10}
    assert points_of(2, "II.3", done) == Decimal("53.75")  # 18,75 + 22,5 + 12,5
    assert points_of(3, "II", done) == Fraction("61.5625")  # 23,4375 + 22,5 + 15,625


def test_a_third_is_kept_whole():  # 1/3 of 10, never 3,33
    assert points_of(1, "II.4.a", {"TP1": 3, "TP2": 1, "TP3": 3, "TP4": 3}) == Fraction(10, 3)


def test_where_nothing_was_assigned_nobody_is_scored():  # the annex does not say, so nor does the book
    outcome = outcome_of(1, {"TP1": 0, "TP2": 0, "TP3": 0, "TP4": 0})
    assert outcome.ratings[0].status == "unrated"
    assert any("Nhiệm vụ thành phố giao» bằng 0" in finding.message for finding in outcome.errors)


# --- II.5 of annex 1: what was not assigned (chú thích 7) ---

NOT = "Không được giao"
THREE = {"II.5.1.c": NOT, "II.5.2.c": NOT, "II.5.2.g": NOT, "II.5.2.e": "Không đạt"}


def at_10() -> Loaded:
    """The book with the number that the footnote has."""
    path = ROOT / "rules" / "hai-phong-212-2025-phu-luc-1.yaml"
    text = path.read_text("utf-8")
    assert text.count("quy đổi về: 20") == 1
    return loads(text.replace("quy đổi về: 20", "quy đổi về: 10").encode(), path.name)


def test_where_everything_is_assigned_nothing_is_brought_to_anything():  # Phụ lục 1, mục II.5
    assert points_of(1, "II.5", {}) == 19
    assert points_of(1, "II.5", {}, at_10()) == 19


def test_what_was_assigned_is_brought_to_20():  # Phụ lục 1, mục II.5, chú thích 7
    # assigned: 2 + 2 + 4 × 2,5 = 14; earned: 2 + 1 + 3 × 2,5 = 10,5; 10,5/14 × 20 = 15
    rating = by_words(1, THREE)
    assert points_of(1, "II.5", THREE) == 15
    assert (rating.points, rating.max_points, rating.band) == (95, 100, BEST)
    assert "không áp dụng II.5.1.c, II.5.2.c, II.5.2.g (quy đổi các phần còn lại)" in rating.why


def test_what_was_assigned_is_brought_to_10_where_the_book_says_so():  # chú thích 7 as it is printed
    # 10,5/14 × 10 = 7,5: 20 + 10 + 20 + 30 + 7,5 = 87,5 of 90
    rating = by_words(1, THREE, at_10())
    assert points_of(1, "II.5", THREE, at_10()) == Decimal("7.5")
    assert (rating.points, rating.max_points, rating.band) == (Decimal("87.5"), 90, GOOD)


def test_why_20_is_shipped_and_not_10():  # with 10 nobody to whom one thing was not assigned could ever pass 90
    one = {"II.5.2.c": NOT}
    # all the rest is won: 16,5 of 17,5 (II.5.1.b gives 1 of 2): 330/17,5 = 132/7, or half of it
    assert points_of(1, "II.5", one) == Fraction(132, 7)
    assert (by_words(1, one).points, by_words(1, one).band) == (80 + Fraction(132, 7), BEST)
    assert (by_words(1, one, at_10()).points, by_words(1, one, at_10()).band) == (80 + Fraction(66, 7), GOOD)


def test_not_assigned_is_not_zero():  # 0 điểm là không đạt; không được giao là không tính
    assert points_of(1, "II.5", {"II.5.2.b": "Không đạt"}) == Decimal("16.5")
    assert points_of(1, "II.5", {"II.5.2.b": NOT}) == Fraction(132, 7)


@pytest.mark.parametrize("code", ["II.5.1.a", "II.5.1.b"])
def test_what_everybody_has_cannot_be_unassigned(code):  # Phụ lục 1, mục II.5.1.a, b: không có lựa chọn ấy
    outcome = outcome_of(1, {code: NOT})
    assert outcome.ratings[0].status == "unrated"
    assert any(finding.criterion == code for finding in outcome.errors)


# --- I of annex 3: the fifth group, and the declaration of assets ---


def test_the_fifth_group_is_shared_out_equally():  # Phụ lục 3, mục I: không tiếp xúc với người dân
    told = {"I.1": 4, "I.2": Decimal("3.5"), "I.3": 3, "I.4.a": Decimal("2.6"), "I.4.b": 1}
    assert points_of(3, "I", {**told, "I.5": 4}) == Decimal("18.1")  # 4 + 3,5 + 3 + 3,6 + 4
    # one point more for each of the four: 4 · 5/4 + 3,5 · 5/4 + 3 · 5/4 + 3,6 · 5/4 = 14,1 · 5/4
    away = {**told, "I.5": "không áp dụng"}
    assert points_of(3, "I", away) == Decimal("17.625")
    rating = by_words(3, away)
    assert (rating.points, rating.max_points) == (Decimal("97.625"), 100)


def test_a_zero_in_the_fifth_group_is_not_shared_out():
    assert points_of(3, "I", {"I.5": 0}) == 16
    assert points_of(3, "I", {"I.5": "không áp dụng"}) == 20


def test_nobody_who_need_not_declare_assets_loses_by_it():  # Phụ lục 3, mục I: không phải kê khai thì đủ điểm
    assert points_of(3, "I.4", {"I.4.a": 2, "I.4.b": 0}) == 2
    assert points_of(3, "I.4", {"I.4.a": 2, "I.4.b": "không áp dụng"}) == 3
    both = {"I.4.a": 2, "I.4.b": "không áp dụng", "I.5": "không áp dụng"}
    assert points_of(3, "I", both) == Decimal("18.75")  # (4 + 4 + 4 + 3) · 5/4


def test_a_blank_is_neither_not_applicable_nor_zero():
    assert rated(3, I_5=None).status == "unrated"
    assert rated(3, I_4_b=None).status == "unrated"


# --- conditions of the bands (annexes 1 and 2) ---

LATE, ON_TIME, BEYOND = "Tiêu chí nhiệm vụ chậm tiến độ", "Tiêu chí nhiệm vụ đúng tiến độ", "Tiêu chí nhiệm vụ vượt mức"
MET, UNITS, WELL = "Chỉ tiêu đạt", "Đơn vị hoàn thành nhiệm vụ trở lên", "Đơn vị hoàn thành tốt trở lên"
AT_85, AT_70 = less("15"), less("30")


@pytest.mark.parametrize(
    ("points", "band", "fact", "holds", "fails"),
    [
        ({}, BEST, ON_TIME, 20, 19),  # trên 90: 100% đúng tiến độ
        ({}, BEST, BEYOND, 10, 9),  # … ít nhất 50% vượt mức
        ({}, BEST, UNITS, 20, 19),  # … 100% đơn vị hoàn thành
        ({}, BEST, WELL, 14, 13),  # … ít nhất 70% tốt trở lên
        (AT_85, GOOD, ON_TIME, 16, 15),  # trên 80 đến 90: ít nhất 80% đúng tiến độ
        (AT_85, GOOD, UNITS, 20, 19),  # … 100% đơn vị hoàn thành
        (AT_70, DONE, LATE, 4, 5),  # 50 đến 80: không quá 20% chậm
        (AT_70, DONE, MET, 15, 14),  # … trên 70% chỉ tiêu: 14/20 is 70% and not above it
        (AT_70, DONE, UNITS, 14, 13),  # … ít nhất 70% đơn vị hoàn thành
    ],
)
def test_points_without_the_condition_give_no_band(points, band, fact, holds, fails):
    assert by_words(2, {**points, fact: holds}).band == band
    rating = by_words(2, {**points, fact: fails})
    assert (rating.status, rating.band) == ("undetermined", None)
    assert any("không đạt điều kiện" in why and fact in why for why in rating.why)


def test_a_missing_number_is_said_and_never_guessed():
    rating = by_words(2, {BEYOND: None})
    assert rating.status == "undetermined"
    assert any(f"thiếu số liệu «{BEYOND}»" in why for why in rating.why)


# --- triggers, leave, service ---


@pytest.mark.parametrize("annex", [1, 2])
@pytest.mark.parametrize(
    ("fact", "harmless", "fatal"),
    [
        ("Bị kỷ luật trong năm", "không", "có"),
        ("Đơn vị có tham nhũng", "không", "có"),
        (LATE, 10, 11),  # trên 50% chậm: 10/20 is 50% and not above it
        (MET, 10, 9),  # dưới 50% chỉ tiêu
    ],
)
def test_a_trigger_is_the_lowest_band_whatever_the_points(annex, fact, harmless, fatal):
    assert by_words(annex, {fact: harmless}).band == BEST
    rating = by_words(annex, {fact: fatal})
    assert (rating.computed, rating.band) == (BEST, FAILED)
    assert any("khống chế" in why and "Quyết định 212/2025/QĐ-UBND" in why for why in rating.why)


@pytest.mark.parametrize("annex", [1, 2, 3])
@pytest.mark.parametrize(("months", "band"), [(2, BEST), (3, DONE), (5, DONE), (6, BEST)])
def test_leave_of_3_to_under_6_months(annex, months, band):  # nghỉ từ 3 đến dưới 6 tháng: không quá hoàn thành
    # 6 months of leave leave 6 of service; the clause speaks of less than 6
    rating = by_words(annex, {"Số tháng nghỉ trong năm": months, "Số tháng công tác trong năm": 12 - months})
    assert (rating.computed, rating.band) == (BEST, band)


@pytest.mark.parametrize("annex", [1, 2, 3])
def test_less_than_6_months_of_service_is_not_rated(annex):
    assert by_words(annex, {"Số tháng công tác trong năm": 6}).band == BEST
    for more in ({}, {"Bị kỷ luật trong năm": "có"}):
        rating = by_words(annex, {"Số tháng công tác trong năm": 5, **more})
        assert (rating.status, rating.band) == ("unrated", None)
        assert "Số tháng công tác trong năm 5, ngưỡng dưới 6 tháng: không xếp loại" in rating.why[-1]


@pytest.mark.parametrize("annex", [1, 2, 3])
def test_who_is_not_rated_is_nobodys_open_case(annex):
    codes = {finding.code for finding in outcome_of(annex, {"Số tháng công tác trong năm": 5}).findings}
    assert "DL65" not in codes


@pytest.mark.parametrize("annex", [1, 2, 3])
@pytest.mark.parametrize("more", [{}, {"Bị kỷ luật trong năm": "có"}])
def test_without_the_months_of_service_nothing_is_determined(annex, more):
    outcome = outcome_of(annex, {"Số tháng công tác trong năm": None, **more})
    (rating,) = outcome.ratings
    assert (rating.status, rating.band) == ("undetermined", None)
    assert "thiếu số liệu «Số tháng công tác trong năm»" in rating.why[-1]
    assert [finding.code for finding in outcome.findings if finding.severity is Severity.WARNING] == ["DL65"]


# --- a share of nothing: no units, no targets ---

NO_UNITS = dict.fromkeys(("Đơn vị thuộc quyền quản lý", UNITS, WELL), 0)
NO_TARGETS = dict.fromkeys(("Chỉ tiêu được giao", MET), 0)


@pytest.mark.parametrize(
    ("points", "band"),
    [({}, BEST), (AT_85, GOOD), (AT_70, DONE), ({**less("30"), "NV2": 5, "NV3": 5}, FAILED)],
)
def test_of_no_units_none_falls_short_and_of_no_targets_none_is_missed(points, band):
    # the last: 100 − 30 − 15 − 22,5 = 32,5 points
    outcome = outcome_of(2, {**points, **NO_UNITS, **NO_TARGETS})
    assert outcome.ratings[0].band == band
    assert not outcome.errors


def test_no_targets_are_not_under_half_of_them():
    assert by_words(2, {**NO_TARGETS}).band == BEST
    assert by_words(2, {"Chỉ tiêu được giao": 20, MET: 0}).band == FAILED  # 0/20 is


def test_no_tasks_at_all_are_an_error():  # the annex does not say
    outcome = outcome_of(2, {"Tiêu chí nhiệm vụ được giao": 0, ON_TIME: 0, BEYOND: 0})
    assert [finding.code for finding in outcome.errors] == ["DL71"]
    assert outcome.ratings[0].band is None


# --- the samples, row by row ---

PEOPLE: dict[int, list[tuple[str, str, str | None]]] = {  # name, points, band
    1: [
        ("Lò Khoáng Sưa", "99", BEST),
        ("Vàng Thọt Minh", "95", BEST),  # 10,5/14 × 20 = 15
        ("Đỗ Lương Khúa", "90", GOOD),
        ("Sùng Thị Ngoạng", "90.01", BEST),
        ("Quàng Văn Đoỏng", "80", DONE),
        ("Hoàng Keng Sổm", "80.01", GOOD),
        ("Lường Thị Mịch", "50", DONE),
        ("Cà Nhíp Khẩu", "49.99", FAILED),
        ("Giàng Vặt Sáo", "99", None),  # 9/20 vượt mức
        ("Tòng Thị Lặc", "99", DONE),  # nghỉ 3 tháng
        ("Bùi Xổm Tràng", "99", FAILED),  # kỷ luật
        ("Điêu Thị Luốt", "99", FAILED),  # tham nhũng
        ("Ngải Khuông Sưởng", "99", None),  # công tác 5 tháng: không xếp loại
    ],
    2: [
        ("Lê Khoang Sưởng", "100", BEST),
        ("Tạ Thị Nhọt", "90", GOOD),
        ("Mùa A Thọt", "90.01", BEST),
        ("Khoàng Thị Sổm", "86", GOOD),  # 17/20 đúng tiến độ
        ("Phìn Lặc Mảy", "86", None),  # 15/20
        ("Lù Thị Khuyến", "100", BEST),  # không quản lý đơn vị nào
        ("Cháng Sổm Nhíp", "79", DONE),  # 30 + 70 × 14/20; không đơn vị, không chỉ tiêu
    ],
    3: [
        ("Nguyễn Khoáng Lềnh", "100", BEST),
        ("Trần Thị Sáo", "89.6", GOOD),
        ("Phạm Tén Keng", "89.125", GOOD),  # 14,1 × 5/4 + 25 + 24 + 22,5
        ("Hà Thị Khiết", "80", DONE),
        ("Vi Sông Nhíp", "100", DONE),  # nghỉ 4 tháng
        ("Lại Thị Phình", "100", FAILED),  # kỷ luật
    ],
}


@pytest.mark.parametrize("annex", [1, 2, 3])
def test_every_person_of_the_sample(annex):  # by name, not by the position that many may hold
    outcome = sample(annex)
    expected = [(name, Decimal(points), band) for name, points, band in PEOPLE[annex]]
    assert [(rating.unit.name, rating.points, rating.band) for rating in outcome.ratings] == expected
    assert outcome.year == 2025


@pytest.mark.parametrize("annex", [1, 2, 3])
def test_nothing_of_the_sample_is_an_error(annex):
    outcome = sample(annex)
    open_ones = [rating.status for rating in outcome.ratings].count("undetermined")
    assert open_ones == {1: 1, 2: 1, 3: 0}[annex]  # who was not 6 months in service is not rated, and not open
    assert outcome.errors == []
    assert [each.code for each in outcome.findings if each.severity is Severity.WARNING] == ["DL65"] * open_ones
