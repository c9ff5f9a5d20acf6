"""Nghị định 307/2025/NĐ-CP: administrative units as loại I, II, III. Not the quality of a government.

The numbers are those of the decree as the portal xaydungchinhsach.chinhphu.vn printed it on 29/11/2025 (xã; phường), and
of the questions and answers on it; the articles of single criteria were not seen, so the row of the table is named
instead. What is expected is worked out by hand, here or beside the rows of samples/make_nd_307.py.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from builders import brief, run
from xeploai.book.load import Loaded, load_book, loads
from xeploai.examples import check_book
from xeploai.model import Grid
from xeploai.pipeline import Outcome, classify_files

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "rules" / "nd-307-2025-phan-loai.yaml"
SAMPLE = ROOT / "samples" / "nd-307-2025-phan-loai.xlsx"
Fact = str | float | None

XA, MOUNTAIN, WARD, CITY_WARD, ZONE = "xã", "xã miền núi", "phường thuộc tỉnh", "phường thuộc thành phố", "đặc khu"
PLACE: dict[str, Fact] = {
    "DTQG": "không",
    "ATK": "không",
    "DSTC": 100,
    "VT": "không",
    "CL": 0,
    "TCD": "không",
    "NC": 70,
}
COMMUNE = PLACE | {
    "DS": 16000,
    "DT": 30,
    "NS": 40,
    "CN": 50,
    "LD": 50,
    "HN": 4.5,
    "KS": 70,
    "DTTS": 0,
    "BG": "không",
    "DTTC": 100,
}
OF_WARD = PLACE | {"DS": 14000, "DT": 5.5, "NS": 50, "CN": 70, "LD": 60, "HN": 4, "KS": 80, "TAM": 0, "PMN": "không"}
PLAIN = {  # every fact at its threshold: 10 + 10 + 3 + 6 × 3 = 41 points
    XA: COMMUNE, MOUNTAIN: COMMUNE | {"DS": 12000}, WARD: OF_WARD, CITY_WARD: OF_WARD | {"DS": 21000},
    ZONE: {"DS": 5000, "D1": 60},
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Loaded:
    return load_book(BOOK)


@pytest.fixture(scope="module")
def sample() -> Outcome:
    return classify_files([SAMPLE], rules=BOOK)


def rated(book: Loaded, kind: str, *, named: str = "", column: str | None = None, **facts: Fact) -> Outcome:
    """One unit of this kind, with these facts instead of the plain ones."""
    here = PLAIN[kind] | facts
    called = {fact.code: fact.name for fact in book.book.facts} | {c: n.name for c, n in book.book.nodes.items()}
    name = named or {"đ": "Đặc khu", "p": "Phường", "x": "Xã"}[kind[0]] + " Sín Khoang"
    headings = ["TT", "Đơn vị", "Loại đơn vị", *(called[code] for code in here)]
    values = [float(each) if isinstance(each, int | float) else each for each in here.values()]
    return run(
        book, Grid("so-lieu.xlsx", "Năm 2026", [headings, [1.0, name, kind if column is None else column, *values]])
    )


def points(outcome: Outcome, code: str) -> Decimal | None:
    found = outcome.points[code][0]
    return None if found is None else Decimal(str(found))


def result(outcome: Outcome) -> tuple[str, str | None]:
    rating = outcome.ratings[0]
    return str(rating.points), rating.band


# --- what this book is, and that its numbers add up ---


def test_the_title_says_that_this_is_no_rating_of_quality(book):
    assert "đơn vị hành chính" in book.book.title
    assert "không phải xếp loại chất lượng" in book.book.title
    assert [band.name for band in book.book.bands] == ["loại I", "loại II", "loại III"]


def test_the_examples_come_out_and_the_maxima_of_every_kind_make_100(book):
    assert check_book(book) == []
    assert {kind: book.book.max_of_kind(kind) for kind in book.book.kinds} == dict.fromkeys(PLAIN, 100)


@pytest.mark.parametrize("kind", [XA, MOUNTAIN, WARD, CITY_WARD])
def test_every_fact_at_its_threshold_makes_41(book, kind):
    assert result(rated(book, kind)) == ("41", "loại III")


# --- each row of the table: at the threshold, one step on, at the maximum, beyond it ---


@pytest.mark.parametrize(
    ("kind", "code", "fact", "pairs"),
    [
        # xã: ≤ 16.000 → 10; +0,5 per 1.000; 25. 16.001 is 10,0005, rounded to two places
        (XA, "X1a", "DS", {500: "10", 15999: "10", 16000: "10", 16001: "10", 16020: "10.01", 17000: "10.5", 45999: "25",
                           46000: "25", 46001: "25", 300000: "25"}),
        # xã miền núi: 75 % of the levels: 12.000 and 750
        (MOUNTAIN, "X1b", "DS", {11999: "10", 12000: "10", 12750: "10.5", 16000: "12.67", 34500: "25", 34501: "25"}),
        (WARD, "P1a", "DS", {13999: "10", 14000: "10", 15000: "10.5", 44000: "25", 44001: "25"}),  # phường of a tỉnh
        (CITY_WARD, "P1b", "DS", {14000: "10", 21000: "10", 22000: "10.5", 51000: "25", 60000: "25"}),  # of a city
        # diện tích: ≤ 30 km² → 10; +0,5 per 5 km²; 25. Phường: ≤ 5,5; per 1 km²
        (XA, "X2", "DT", {29.9: "10", 30: "10", 30.1: "10.01", 35: "10.5", 179.9: "24.99", 180: "25", 900: "25"}),
        (WARD, "P2", "DT", {5.4: "10", 5.5: "10", 6.5: "10.5", 35.5: "25", 35.6: "25"}),
        # ngân sách, not self-balanced: ≤ 40 % → 3; +0,5 per 5 %; 8. Phường: ≤ 50 %
        (XA, "X3.1", "NS", {39: "3", 40: "3", 45: "3.5", 90: "8", 99: "8"}),
        (WARD, "P3.1", "NS", {50: "3", 55: "3.5", 100: "8"}),
        # công nghiệp, xây dựng, dịch vụ: ≤ 50 % → 3; +0,5 per 5 %. Phường: ≤ 70 %; +0,25 per 2 %
        (XA, "X3.2", "CN", {50: "3", 55: "3.5", 70: "5", 90: "5"}),
        (WARD, "P3.2", "CN", {70: "3", 72: "3.25", 86: "5", 100: "5"}),
        # lao động phi nông nghiệp: ≤ 50 % → 3; phường ≤ 60 %; +0,5 per 5 %
        (XA, "X3.3", "LD", {50: "3", 55: "3.5", 70: "5", 71: "5"}),
        (WARD, "P3.3", "LD", {50: "3", 60: "3", 65: "3.5", 80: "5"}),
        # hộ nghèo đa chiều, falling: ≥ 4,5 % → 3; +1 per −1 %. Phường: ≥ 4 %; +0,5 per −0,5 %
        (XA, "X3.4", "HN", {30: "3", 4.6: "3", 4.5: "3", 4.4: "3.1", 3.5: "4", 2.5: "5", 2.4: "5", 0: "5"}),
        (WARD, "P3.4", "HN", {4.5: "3", 4: "3", 3.5: "3.5", 2: "5", 0: "5"}),
        (XA, "X3.5", "NC", {69: "3", 70: "3", 75: "3.5", 90: "5", 100: "5"}),  # nước sạch: ≤ 70 % → 3; +0,5 per 5 %
        (CITY_WARD, "P3.5", "NC", {70: "3", 75: "3.5", 90: "5"}),
        # dịch vụ công trực tuyến: ≤ the province's mean → 3; +0,25 per 0,5 %; 5
        (XA, "X3.6", "CL", {-12.4: "3", 0: "3", 0.5: "3.25", 4: "5", 9: "5"}),
        (WARD, "P3.6", "CL", {-0.1: "3", 0: "3", 0.5: "3.25", 4: "5"}),
        (XA, "X3.7", "KS", {70: "3", 75: "3.5", 90: "5", 100: "5"}),  # văn bản ký số: ≤ 70 %; phường ≤ 80 %
        (WARD, "P3.7", "KS", {70: "3", 80: "3", 85: "3.5", 100: "5"}),
        # đặc thù: DTTS 20–30 % → 2, +0,25 per 5 %, 3; phường: tạm trú quy đổi 10–20 %
        (XA, "X4.1", "DTTS", {0: "0", 19.99: "0", 20: "2", 30: "2", 35: "2.25", 50: "3", 98: "3"}),
        (WARD, "P4.1", "TAM", {9.99: "0", 10: "2", 20: "2", 25: "2.25", 40: "3", 80: "3"}),
    ],
)  # fmt: skip
def test_each_criterion_at_its_edges(book, kind, code, fact, pairs):
    seen = {value: points(rated(book, kind, **{fact: value}), code) for value in pairs}
    assert seen == {value: Decimal(wanted) for value, wanted in pairs.items()}


@pytest.mark.parametrize(
    ("kind", "code", "fact", "worth"),
    [
        (XA, "X4.2", "BG", 3), (XA, "X4.3", "DTQG", 2), (XA, "X4.4", "ATK", 2),  # biên giới 3, di tích 2, ATK 2
        (WARD, "P4.2", "PMN", 3), (WARD, "P4.3", "DTQG", 2), (WARD, "P4.4", "ATK", 2),  # phường: miền núi 3
    ],
)  # fmt: skip
def test_a_special_feature_is_there_or_not(book, kind, code, fact, worth):
    assert [points(rated(book, kind, **{fact: word}), code) for word in ("không", "có")] == [0, worth]


@pytest.mark.parametrize(("kind", "facts"), [
    (XA, {"DTTS": 90, "BG": "có", "DTQG": "có", "ATK": "có"}), (WARD, {"TAM": 90, "PMN": "có", "DTQG": "có", "ATK": "có"}),
])  # fmt: skip
def test_all_special_features_together_are_10(book, kind, facts):
    assert points(rated(book, kind, **facts), {XA: "X4", WARD: "P4"}[kind]) == 10


def test_a_self_balanced_budget_is_10_and_asks_for_no_share(book):
    assert points(rated(book, XA, TCD="không", NS=100), "X3.1") == 8  # never more without it
    assert points(rated(book, XA, TCD="có", NS=None), "X3.1") == 10
    assert points(rated(book, WARD, TCD="có", NS=20), "P3.1") == 10


# --- the total: I ≥ 75, II 60 – < 75, III < 60 ---


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"DT": 69.9}, ("59.99", "loại III")),  # 25 + 13,99 + 3 + 18
        ({"DT": 70}, ("60", "loại II")),  # 25 + 14 + 3 + 18
        ({"DT": 85, "NS": 54.9, "CN": 70, "LD": 70, "HN": 2.5, "NC": 90, "CL": 4, "KS": 90}, ("74.99", "loại II")),
        # each criterion is rounded to two places: 3 + 2,99 × 0,5 = 4,495 becomes 4,5, and 25 + 15,5 + 4,5 + 30 = 75
        ({"DT": 85, "NS": 54.95, "CN": 70, "LD": 70, "HN": 2.5, "NC": 90, "CL": 4, "KS": 90}, ("75", "loại I")),
    ],
)
def test_the_classes_begin_at_60_and_at_75(book, facts, outcome):
    assert result(rated(book, XA, DS=46000, DSTC=287.5, **facts)) == outcome


# --- priority: only the highest one counts, and it may lead beyond 100 ---


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        ({}, "0"),
        ({"DSTC": 299.99}, "0"),
        ({"DSTC": 300}, "5"),  # population ≥ 300 % → 5
        ({"DSTC": 350}, "5.5"),  # +0,5 per 50 %
        ({"DSTC": 800}, "10"),
        ({"DSTC": 2000}, "10"),
        ({"DTTC": 299.99}, "0"),
        ({"DTTC": 300}, "10"),  # area ≥ 300 % → 10
        ({"VT": "3 điểm"}, "3"),
        ({"VT": "5 điểm"}, "5"),
        ({"VT": "10 điểm"}, "10"),
        ({"DSTC": 299.99, "VT": "5 điểm"}, "5"),
        ({"DSTC": 300, "VT": "3 điểm"}, "5"),
        ({"DSTC": 300, "VT": "5 điểm"}, "5"),  # a tie is one of them
        ({"DSTC": 350, "VT": "5 điểm"}, "5.5"),
        ({"DSTC": 350, "VT": "10 điểm"}, "10"),
        ({"DSTC": 350, "DTTC": 300}, "10"),
        ({"DTTC": 300, "VT": "5 điểm"}, "10"),
        ({"DSTC": 900, "DTTC": 900, "VT": "10 điểm"}, "10"),
    ],
)
def test_of_the_priorities_only_the_highest_counts(book, facts, more):
    assert Decimal(result(rated(book, XA, **facts))[0]) == 41 + Decimal(more)


def test_a_ward_has_priority_for_its_area_from_42_square_kilometres(book):
    assert [result(rated(book, WARD, DT=area))[0] for area in (41.99, 42)] == ["56", "66"]  # 41 + 15, and 10 more


def test_priority_may_lead_beyond_100(sample):
    assert of(sample)["Phường Noong Sưa"] == ("110", "loại I")  # 100 + 10 for the place


# --- đặc khu: 10 for its special features; fewer than 1.000 residents are loại III ---


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"DS": 1000, "D1": 49.99}, ("59.99", "loại III")),
        ({"DS": 1000, "D1": 50}, ("60", "loại II")),
        ({"DS": 1000, "D1": 75}, ("85", "loại I")),
        ({"DS": 999, "D1": 75}, ("85", "loại III")),
        ({"DS": 999, "D1": 40}, ("50", "loại III")),
        ({"DS": 1000, "D1": 70, "UT4": 10}, ("90", "loại I")),
    ],
)
def test_an_island_zone_of_fewer_than_1000_people_is_class_three(book, facts, outcome):
    seen = rated(book, ZONE, **facts)
    assert result(seen) == outcome
    assert points(seen, "D4") == 10
    assert any("dac-khu-duoi-1000-nguoi" in why for why in seen.ratings[0].why) == (facts["DS"] == 999)


def test_a_small_commune_is_not_judged_by_the_thousand(book):
    seen = rated(book, XA, DS=900, DT=180, DTTC=600, TCD="có", CN=70)  # 10 + 25 + 10 + 5 + 15, and 10 for the area
    assert result(seen) == ("75", "loại I")


# --- what the book leaves open, and the setting that switches it ---


def test_whole_intervals_only_is_one_word_away():
    text = BOOK.read_text("utf-8").split("\nví dụ:")[0]
    assert text.count("cách tính: tuyến tính,") == 23  # every stepped criterion says it
    floor = loads(text.replace("cách tính: tuyến tính,", "cách tính: từng bậc,").encode(), "b.yaml")
    exact = loads(text.encode(), "b.yaml")
    people = {each: (points(rated(exact, XA, DS=each), "X1a"), points(rated(floor, XA, DS=each), "X1a"))
              for each in (16000, 16001, 17000, 17999, 18250)}  # fmt: skip
    ten, half = Decimal(10), Decimal("10.5")
    assert people == {16000: (ten, ten), 16001: (ten, ten), 17000: (half, half), 17999: (Decimal(11), half),
                      18250: (Decimal("11.13"), Decimal(11))}  # fmt: skip


def test_75_percent_of_the_threshold_alone_is_one_number_away():
    text = BOOK.read_text("utf-8").split("\nví dụ:")[0]
    assert text.count("cứ thêm: 750,") == 1
    only = loads(text.replace("cứ thêm: 750,", "cứ thêm: 1000,").encode(), "b.yaml")
    assert points(rated(only, MOUNTAIN, DS=13000), "X1b") == Decimal("10.5")


def test_the_special_class_is_for_a_person_to_consider(book):
    """Điều 2 khoản 4: phường and đặc khu may be loại đặc biệt; from 90 points, as newspapers tell it."""
    full = {"DS": 44000, "DT": 35.5, "TCD": "có", "CN": 86, "LD": 80, "HN": 2, "NC": 90, "CL": 4, "KS": 100}  # 90
    code = "xet-loai-dac-biet-phuong"
    assert brief(rated(book, WARD, **full | {"KS": 99.9, "VT": "10 điểm"}).findings, code) == []  # 89,99 without it
    assert [each[0] for each in brief(rated(book, WARD, **full).findings, code)] == [code]
    commune = {"DS": 46000, "DT": 180, "TCD": "có", "CN": 70, "LD": 70, "HN": 2, "NC": 90, "CL": 4, "KS": 90}
    assert result(rated(book, XA, **commune)) == ("90", "loại I")
    assert brief(rated(book, XA, **commune).findings, code) == []  # khoản 3: a xã has three classes
    zone = "xet-loai-dac-biet-dac-khu"
    seen = [rated(book, ZONE, DS=people, D1=80) for people in (999, 1000)]
    assert [len(brief(each.findings, zone)) for each in seen] == [0, 1]


# --- what is missing is never 0, and a kind is never guessed ---


@pytest.mark.parametrize("fact", ["DS", "HN", "CL", "BG", "NS", "DSTC", "VT"])
def test_a_missing_fact_leaves_the_unit_unclassified(book, fact):
    seen = rated(book, XA, **{fact: None})
    assert seen.ratings[0].status == "unrated"
    assert seen.errors


def test_the_facts_of_another_kind_are_not_missed(book):
    assert rated(book, WARD).errors == []  # no ethnic share, no border
    assert rated(book, ZONE).errors == []


def test_a_ward_must_say_whose_ward_it_is(book):
    assert rated(book, WARD, column="").ratings[0].status == "unrated"
    assert result(rated(book, XA, column="")) == ("41", "loại III")  # «Xã …» is a plain one


# --- the sample: every row beside its reckoning by hand ---

EXPECTED = {
    "Xã Sín Khoang": ("41", "loại III"),  # 10 + 10 + 3 + 6 × 3
    "Xã Loọng Keng": ("41", "loại III"),  # 16.001
    "Xã Hua Ngoạng": ("41.5", "loại III"),  # 17.000
    "Xã Co Sổm": ("42", "loại III"),  # hộ nghèo 3,5 %
    "Xã Tìa Sưởng": ("59.99", "loại III"),
    "Xã Háng Phay": ("60", "loại II"),
    "Xã Pá Nhọt": ("74.99", "loại II"),
    "Xã Búng Tén": ("75", "loại I"),
    "Xã Lao Khúa": ("81.75", "loại I"),  # 76 + 5,75 for 375 %; the place (5) does not count beside it
    "Xã Keo Mịch": ("59.6", "loại III"),  # 49,6 + 10 for the area; the place (3) does not count beside it
    "Xã Pom Sưởng": ("49", "loại III"),  # miền núi: 10 + 10 + 3 + 18 + 3 + 3 + 2
    "Xã Tênh Mảy": ("66.5", "loại II"),  # miền núi: 25 + 15 + 3 + 18 + 2,5 + 3
    "Phường Him Luốt": ("41", "loại III"),
    "Phường Noong Sưa": ("110", "loại I"),
    "Phường Bản Lặc": ("41", "loại III"),  # 21.000, in a city
    "Phường Đồi Sổm": ("41.5", "loại III"),  # 22.000
    "Phường Hồng Khoáng": ("86.85", "loại I"),
    "Đặc khu Hòn Khuông": ("85", "loại III"),  # 999 residents
    "Đặc khu Hòn Sổm": ("85", "loại I"),  # 1.000
}


def of(outcome: Outcome) -> dict[str, tuple[str, str | None]]:
    return {rating.unit.name: (str(rating.points), rating.band) for rating in outcome.ratings}


def test_the_sample_comes_out_as_reckoned_by_hand(sample):
    assert of(sample) == EXPECTED
    assert sample.year == 2026
    assert brief(sample.findings) == [
        ("DL69", "", "N12"),
        ("BTC13", "", ""),
        ("xet-loai-dac-biet-phuong", "Phường Noong Sưa", ""),
    ]


# --- kiểm tra số liệu ---


def test_a_difference_that_is_none_is_reported(book):
    code = "kt-chenh-lech"
    assert brief(rated(book, XA, TT=66.4, BQ=62.4, CL=4).findings, code) == []
    wrong = rated(book, XA, TT=66.4, BQ=62.4, CL=5)  # 66,4 − 62,4 = 4
    assert brief(wrong.findings, code) == [(code, "Xã Sín Khoang", "H2")]
    assert result(wrong) == ("43", "loại III")  # what stands in the sheet counts until a person corrects it


def test_a_printed_total_that_is_none_is_reported(book):
    names = {fact.code: fact.name for fact in book.book.facts}
    headings = ["TT", "Đơn vị", "Loại đơn vị", *(names[code] for code in COMMUNE)]
    cells = [float(each) if isinstance(each, int | float) else each for each in COMMUNE.values()]

    def said(total: float) -> list[str]:
        sums: list[Fact] = [total if code == "DS" else None for code in COMMUNE]
        rows = [[1.0, "Xã Sín Khoang", XA, *cells], [2.0, "Xã Co Sổm", XA, *cells], [None, "Tổng cộng", None, *sums]]
        return [
            code
            for code, *_ in brief(run(book, Grid("a.xlsx", "Năm 2026", [headings, *rows])).findings, "kt-tong-cong")
        ]

    assert said(32000) == []
    assert said(32001) == ["kt-tong-cong"]
