"""Points → percent, band, titles, rank; exact to the last digit, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.model import Grid, Rating, Value
from xeploai.pipeline import Outcome
from xeploai.steps.rate import last_places, quarter_of, ranked


def one_criterion(maximum: str, bands: str, more: str = "") -> Loaded:
    criteria = f'tiêu chí:\n  - {{mã: TC1, tên: Tiêu chí một, điểm tối đa: "{maximum}"}}\n'
    return a_book(more, criteria=criteria, bands=f"xếp loại:\n{bands}")


FOUR = """
  - {mức: tốt, ít nhất: 80%}
  - {mức: khá, ít nhất: 65%}
  - {mức: trung bình, ít nhất: 50%}
  - {mức: yếu, ít nhất: 0%}
"""
QUARTERS = "\n".join(f"  - {{mức: {name}, phần tư: {k}}}" for k, name in enumerate(("A", "B", "C", "D"), 1))


def scored(book: Loaded, *points: Value, parents: Sequence[str] = ()) -> Outcome:
    """One unit for each number of points, in one criterion; with a column of districts, if given."""
    rows: list[list[Value]] = [["Huyện", "Đơn vị", "TC1"]]
    rows += [[parents[n] if parents else None, f"Xã N{n}", value] for n, value in enumerate(points)]
    return run(book, Grid("diem.xlsx", "Bảng điểm", rows))


def bands(book: Loaded, *points: Value) -> list[str | None]:
    return [rating.band for rating in scored(book, *points).ratings]


def ranks(outcome: Outcome) -> list[int | None]:
    return [rating.rank for rating in outcome.ratings]


# -------------------------------------------------------------------------------- percents and bands


def test_a_hair_below_the_edge_is_the_lower_band():
    book = one_criterion("100", FOUR)
    assert bands(book, 79.99999, 64.99, 49.9999999999, 0) == ["khá", "trung bình", "yếu", "yếu"]


def test_exactly_the_edge_is_the_higher_band():
    book = one_criterion("100", FOUR)
    assert bands(book, 80, 65, 50, 100) == ["tốt", "khá", "trung bình", "tốt"]


@pytest.mark.parametrize(
    ("maximum", "points", "percent"),
    [("11,5", 9.2, 80), ("331", 297.9, 90), ("0,3", 0.24, 80), ("3", 2.4, 80), ("7", 4.55, 65), ("1,1", 0.55, 50)],
)
def test_a_percent_on_which_floats_fail_is_exact(maximum, points, percent):
    rating = scored(one_criterion(maximum, FOUR), points).ratings[0]
    assert rating.percent == percent
    assert rating.band == {80: "tốt", 90: "tốt", 65: "khá", 50: "trung bình"}[percent]


def test_a_sum_of_binary_fractions_stands_exactly_on_the_edge():
    # 33.3 + 20.2 + 26.5 is 79.99999999999999 or 80.00000000000001 in floats, by the order.
    criteria = "tiêu chí:\n" + "\n".join(
        f"  - {{mã: TC{n}, tên: Việc {n}, điểm tối đa: {m}}}" for n, m in ((1, 40), (2, 30), (3, 30))
    )
    grid = a_grid("| Đơn vị | TC1 | TC2 | TC3 |\n| Xã Ná | 33.3 | 20.2 | 26.5 |\n| Xã Nả | 33.3 | 20.2 | 26.49 |")
    outcome = run(a_book(criteria=criteria), grid)
    assert [(rating.points, rating.band) for rating in outcome.ratings] == [
        (Decimal(80), "tốt"),
        (Decimal("79.99"), "khá"),
    ]


def test_a_percent_that_never_ends_is_a_fraction():
    rating = scored(one_criterion("23", FOUR), 20.86).ratings[0]
    assert (rating.percent, rating.band) == (Fraction(2086, 23), "tốt")  # 90.69…


def test_bands_in_points():
    book = one_criterion(
        "40", "  - {mức: cao, trên: 30 điểm}\n  - {mức: vừa, ít nhất: 20 điểm}\n  - {mức: thấp, ít nhất: 0 điểm}"
    )
    assert bands(book, 30, 30.01, 20, 19.99, 40) == ["vừa", "cao", "vừa", "thấp", "cao"]


def test_bands_with_both_edges_as_decrees_write_them():
    book = one_criterion(
        "100",
        "  - {mức: xuất sắc, ít nhất: 90%}\n  - {mức: tốt, ít nhất: 70%, dưới: 90%}\n"
        "  - {mức: hoàn thành, ít nhất: 50%, dưới: 70%}\n  - {mức: không, ít nhất: 0%, dưới: 50%}",
    )
    assert bands(book, 90, 89.999, 70, 69.999, 50, 49.999) == [
        "xuất sắc",
        "tốt",
        "tốt",
        "hoàn thành",
        "hoàn thành",
        "không",
    ]


def test_above_and_at_most_as_the_leaders_grades_have_them():
    # "trên 80", "từ trên 50 đến 80": the edge itself belongs below.
    book = one_criterion(
        "100",
        "  - {mức: A, trên: 80%}\n  - {mức: B, trên: 50%, không quá: 80%}\n  - {mức: C, ít nhất: 0%, không quá: 50%}",
    )
    assert bands(book, 80, 80.001, 50, 50.001, 0) == ["B", "A", "C", "B", "C"]


GAP = "  - {mức: A, ít nhất: 70%}\n  - {mức: B, ít nhất: 0%, dưới: 50%, sai lệch đã biết: Điều 20}"


def test_between_two_bands_the_rating_is_undetermined_with_its_reason():
    # Design, section 3: some cases have no answer. Never a guess.
    outcome = scored(one_criterion("100", GAP), 69.99, 50, 49.99, 70)
    assert [(rating.status, rating.band) for rating in outcome.ratings] == [
        ("undetermined", None), ("undetermined", None), ("rated", "B"), ("rated", "A")
    ]  # fmt: skip
    assert "chưa xác định" in outcome.ratings[0].why[0]
    assert "69,99" in outcome.ratings[0].why[0]
    assert ranks(outcome) == [2, 3, 4, 1]  # the rank goes by points, whatever the band


def test_an_undetermined_unit_holds_no_title():
    title = "danh hiệu:\n  - {tên: Vững mạnh, mọi tiêu chí trên: 9 điểm}"
    assert [rating.titles for rating in scored(one_criterion("100", GAP, title), 60, 80).ratings] == [
        (),
        ("Vững mạnh",),
    ]


# ------------------------------------------------------------------------------------------- rounding

ROUNDED = "làm tròn: {{số chữ số thập phân: {}, cách: {}, trước khi xếp loại: {}}}"


def test_rounding_that_is_not_before_rating_changes_no_band():
    book = one_criterion("100", FOUR, ROUNDED.format(0, "nửa lên", "không"))
    assert bands(book, 79.5, 79.9) == ["khá", "khá"]


@pytest.mark.parametrize(
    ("places", "manner", "points", "band"),
    [
        (2, "nửa lên", 79.994, "khá"),
        (2, "nửa lên", 79.995, "tốt"),
        (1, "nửa lên", 79.94999, "khá"),
        (0, "nửa lên", 79.5, "tốt"),
        (0, "nửa chẵn", 64.5, "trung bình"),
        (0, "nửa chẵn", 79.5, "tốt"),
        (0, "cắt bỏ", 79.999, "khá"),
    ],
)
def test_rounding_declared_before_rating_counts(places, manner, points, band):
    book = one_criterion("100", FOUR, ROUNDED.format(places, manner, "có"))
    outcome = scored(book, points)
    assert outcome.ratings[0].band == band
    assert outcome.ratings[0].points == Decimal(str(points))  # the points themselves stay
    assert "làm tròn" in outcome.ratings[0].why[0]


def test_rounding_does_not_make_equal_ranks():
    book = one_criterion("100", FOUR, ROUNDED.format(0, "nửa lên", "có"))
    assert ranks(scored(book, 79.6, 79.7, 80)) == [3, 2, 1]


def test_of_a_percent_that_never_ends_the_percent_is_rounded():
    book = one_criterion("3", FOUR, ROUNDED.format(0, "nửa lên", "có"))
    assert bands(book, 1.949, 1.935, 1.934) == ["khá", "khá", "trung bình"]  # 64.97 → 65; 64.5 → 65; 64.47 → 64


def test_a_shown_number_of_the_same_band_needs_no_note():
    outcome = scored(one_criterion("3", FOUR), 2, 2.4, 1.949)
    assert brief(outcome.findings, "DL35") == []


def test_a_note_where_rounding_for_display_would_change_the_band():
    outcome = scored(one_criterion("100", FOUR), 79.996, 79.994, 64.995)
    assert [rating.band for rating in outcome.ratings] == ["khá", "khá", "trung bình"]
    assert brief(outcome.findings, "DL35") == [("DL35", "Xã N0", "B2"), ("DL35", "Xã N2", "B4")]
    assert outcome.findings[0].severity == "note"
    message = next(finding.message for finding in outcome.findings if finding.code == "DL35")
    assert "79,996" in message  # both numbers are shown
    assert "80%" in message


def test_no_such_note_where_rounding_is_the_rule_or_the_ranking_decides():
    for book in (one_criterion("100", FOUR, ROUNDED.format(2, "nửa lên", "có")), one_criterion("100", QUARTERS)):
        assert brief(scored(book, 79.996, 20).findings, "DL35") == []


# ------------------------------------------------------------------------------ quarters of the ranking


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(4, (1, 1, 1, 1)), (8, (2, 2, 2, 2)), (63, (16, 16, 16, 15)), (61, (16, 15, 15, 15)), (62, (16, 15, 16, 15)),
     (3, (1, 1, 1, 0)), (2, (1, 0, 1, 0)), (1, (1, 0, 0, 0)), (5, (2, 1, 1, 1))],
)  # fmt: skip
def test_quarters_of_the_ranking_where_the_number_is_not_divisible(count, sizes):
    # Quarter k while 4·(rank − 1) < k·n: of 63, rank 16 has 60 < 63 and rank 17 has 64.
    by_hand = [next(k for k in (1, 2, 3, 4) if 4 * (rank - 1) < k * count) for rank in range(1, count + 1)]
    assert [by_hand.count(k) for k in (1, 2, 3, 4)] == list(sizes)
    assert [quarter_of(rank, count) for rank in range(1, count + 1)] == by_hand


def test_bands_by_quarter_and_ties_take_the_better():
    book = one_criterion("100", QUARTERS)
    assert bands(book, 10, 40, 30, 20) == ["D", "A", "B", "C"]
    assert bands(book, 40, 30, 30, 10) == ["A", "B", "B", "D"]  # ranks 1, 2, 2, 4
    assert bands(book, 40, 40, 40, 10) == ["A", "A", "A", "D"]
    assert bands(book, 5, 5, 5, 5) == ["A", "A", "A", "A"]


def test_the_unrated_are_not_counted_in_the_quarters():
    book = one_criterion("100", QUARTERS)
    assert bands(book, 40, "x", 30, None, 20, 10) == ["A", None, "B", None, "C", "D"]


# ----------------------------------------------------------------------------------------------- ranks


def test_ties_share_a_rank_and_the_next_is_counted():
    assert ranked([Decimal(v) for v in (5, 9, 7, 7)]) == [4, 1, 2, 2]
    assert ranked([Decimal("7"), Decimal("7.0"), Decimal("7.00")]) == [1, 1, 1]
    assert ranked([]) == []


def test_who_has_no_points_has_no_rank_and_pushes_nobody():
    assert ranked([None, Decimal(3), None, Decimal(5)]) == [None, 2, None, 1]
    outcome = scored(one_criterion("100", FOUR), 50, "x", 60, None, 0)
    assert ranks(outcome) == [2, None, 1, None, 3]
    assert {rating.of for rating in outcome.ratings if rating.rank} == {3}


def test_the_rank_compares_exact_points():
    outcome = scored(one_criterion("100", FOUR), 79.999999, 79.999998, 79.999999)
    assert ranks(outcome) == [1, 3, 1]


def test_ranks_in_the_district_and_in_all():
    outcome = scored(one_criterion("100", FOUR), 50, 60, 60, 70, "x", parents=["Một", "Hai", "Hai", "Một", "Một"])
    got = [(rating.rank, rating.of, rating.group_rank, rating.group_of) for rating in outcome.ratings]
    assert got == [(4, 4, 2, 2), (2, 4, 1, 2), (2, 4, 1, 2), (1, 4, 1, 2), (None, None, None, None)]


def at_rank(*places: int | None) -> list[Rating]:
    from xeploai.model import Unit

    return [
        Rating(Unit(f"Xã N{n}"), 2019, "rated" if place else "unrated", rank=place) for n, place in enumerate(places)
    ]


@pytest.mark.parametrize(
    ("places", "last"),
    [((1,), {0: False}), ((1, 1, 1), {0: False, 1: False, 2: False}), ((), {}), ((None, None), {})],
)
def test_nobody_is_last_alone_or_where_all_tie(places, last):
    assert last_places(at_rank(*places)) == last


def test_the_last_are_all_who_have_nobody_below():
    assert last_places(at_rank(1, 2)) == {0: False, 1: True}
    assert last_places(at_rank(3, 1, None, 3, 2)) == {0: True, 1: False, 3: True, 4: False}


# ---------------------------------------------------------------------------------------------- titles

TITLED = a_book(
    """
    danh hiệu:
      - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}
      - {tên: Đủ nửa, mọi tiêu chí ít nhất: 50%}
    """
)


def titled(*points: float) -> Rating:
    return run(TITLED, Grid("d.xlsx", "S", [["Đơn vị", "TC1", "TC2.1", "TC2.2"], ["Xã Ná", *points]])).ratings[0]


def test_exactly_9_is_not_above_9():
    rating = titled(20, 5, 4)
    assert rating.band == "khá"
    assert "Vững mạnh" not in rating.titles
    assert "Không đạt «Vững mạnh»: TC2 9 điểm, cần trên 9 điểm" in rating.why


def test_9_01_is_above_9():
    rating = titled(20, 5, 4.01)
    assert "Vững mạnh" in rating.titles
    assert "Đạt «Vững mạnh»: đủ mọi điều kiện" in rating.why


def test_a_sum_that_floats_put_above_9_is_9():
    # 4.1 + 4.9 in parts; 9.000000000000002 as a formula stores it.
    for points in ((20, 4.1, 4.9), (9.000000000000002, 12, 8)):
        assert "Vững mạnh" not in titled(*points).titles


def test_the_title_looks_at_the_criteria_not_at_their_parts():
    assert "Vững mạnh" in titled(18, 8, 6).titles  # TC2 14, though each part is at or below 9


def test_every_failed_condition_is_listed():
    rating = titled(9, 5, 3)  # 17 of 40: yếu
    assert rating.titles == ()
    assert rating.why[1:] == (
        "Không đạt «Vững mạnh»: xếp loại yếu, cần khá trở lên; TC1 9 điểm, cần trên 9 điểm; TC2 8 điểm, cần trên 9 điểm",
        "Không đạt «Đủ nửa»: TC1 9 điểm, cần ít nhất 50%; TC2 8 điểm, cần ít nhất 50%",
    )


def test_a_share_is_of_each_criterion_s_own_maximum():
    assert titled(10, 6, 4).titles == ("Đủ nửa",)
    assert titled(10, 5.99, 4).titles == ()


def test_a_title_may_speak_of_another_level():
    book = a_book("danh hiệu:\n  - {tên: Đều, mọi tiêu chí ít nhất: 50%, cấp: tiêu chí thành phần}")
    rows: list[list[Value]] = [
        ["Đơn vị", "TC1", "TC2.1", "TC2.2"],
        ["Xã Ná", 0.0, 6.0, 4.0],
        ["Xã Nả", 20.0, 12.0, 3.99],
    ]
    outcome = run(book, Grid("d.xlsx", "S", rows))
    assert [rating.titles for rating in outcome.ratings] == [("Đều",), ()]


def test_the_unrated_hold_no_title_and_say_why():
    rating = run(TITLED, a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 20 | 12 | x |")).ratings[0]
    assert (rating.titles, rating.band, rating.status) == ((), None, "unrated")
    assert rating.why == ("Chưa xếp loại: TC2.2: chữ thay cho điểm (ô D2)",)


# ------------------------------------------------------------------------------------------ the reasons


def test_the_reason_names_points_percent_band_and_edge():
    why = scored(one_criterion("40", FOUR), 32, 31.99).ratings
    assert why[0].why == ("32/40 điểm (80%): xếp loại tốt (ít nhất 80%)",)
    assert why[1].why[0].startswith("31,99/40 điểm")


def test_the_reason_of_a_quarter_names_the_rank():
    rating = scored(one_criterion("100", QUARTERS), 40, 30, 20, 10).ratings[2]
    assert rating.why == ("20/100 điểm (20%), hạng 3/4: phần tư thứ 3, xếp loại C",)
