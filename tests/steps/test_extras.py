"""Bonus and penalty: beside the hundred, each up to its cap, and the whole within its clamp."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.pipeline import Outcome

TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50, khi không áp dụng: bỏ khỏi mẫu số}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""
# Cần Thơ 2579: at most 3 points more and at most 3 less, on a base of 100 (domain.md 1.4).
EXTRAS = """
điểm thưởng:
  tối đa: 3
  {0}
  gồm: [{{mã: B1, tên: Thưởng một, điểm tối đa: 2}}, {{mã: B2, tên: Thưởng hai, điểm tối đa: 2}}]
điểm phạt:
  tối đa: 3
  {0}
  gồm: [{{mã: P1, tên: Phạt một, điểm tối đa: 3}}, {{mã: P2, tên: Phạt hai, điểm tối đa: 3}}]
"""
STRICT = a_book(EXTRAS.format(""), criteria=TWO)
EASY = EXTRAS.format("để trống là 0: có")
BOOK = a_book(EASY, criteria=TWO)
CLAMPED = a_book(EASY + "giới hạn tổng điểm: {ít nhất: 0 điểm, không quá: 101 điểm}", criteria=TWO)


def of(book: Loaded, *rows: str) -> Outcome:
    return run(book, a_grid("| Đơn vị | TC1 | TC2 | B1 | B2 | P1 | P2 |\n" + "\n".join(rows)))


def points(book: Loaded, *rows: str) -> list[object]:
    return [rating.points for rating in of(book, *rows).ratings]


# -------------------------------------------------------------------------------------- blank or none


def test_a_blank_is_missing_where_the_book_does_not_say_otherwise():
    outcome = of(STRICT, "| Xã Ná | 40 | 40 | 1 | | 0 | 0 |", "| Xã Nả | 40 | 40 | 1 | 0 | 0 | 0 |")
    assert [rating.points for rating in outcome.ratings] == [None, 81]
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "E2")]


def test_a_blank_is_none_where_the_book_says_so():
    assert points(BOOK, "| Xã Ná | 40 | 40 | | | | |", "| Xã Nả | 40 | 40 | 1 | | | 0.5 |") == [80, Decimal("80.5")]


def test_a_blank_that_is_none_is_0_points_of_that_item():
    outcome = of(BOOK, "| Xã Ná | 40 | 40 | | 1 | | |")
    assert [outcome.points[code][0] for code in ("B1", "B2", "P1", "P2")] == [0, 1, 0, 0]


def test_a_blank_criterion_is_missing_all_the_same():
    outcome = of(BOOK, "| Xã Ná | 40 | | 1 | | | |")
    assert outcome.ratings[0].status == "unrated"
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "C2")]


@pytest.mark.parametrize(
    ("cell", "code"), [("x", "DL21"), ("-1", "DL24"), ("2.01", "DL23"), ("#REF!", "DL26"), ("TRUE", None)]
)
def test_a_fault_in_a_bonus_is_not_taken_for_none(cell, code):
    outcome = of(BOOK, f"| Xã Ná | 40 | 40 | {cell} | | | |")
    assert outcome.ratings[0].status == "unrated"
    assert [finding.at.address for finding in outcome.errors if finding.at] == ["D2"]


def test_a_sheet_without_a_column_for_them_has_none_and_a_note_says_so():
    outcome = run(BOOK, a_grid("| Đơn vị | TC1 | TC2 | B1 | P1 |\n| Xã Ná | 40 | 40 | 1 | 2 |"))
    assert outcome.ratings[0].points == 79
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL57"]
    assert "B2" in message
    assert "P2" in message


# --------------------------------------------------------------------------------------------- the caps


def test_up_to_the_cap_and_no_further():
    rows = ("| Xã Ná | 40 | 40 | 1 | 1.99 | | |", "| Xã Nả | 40 | 40 | 1 | 2 | | |", "| Xã Nã | 40 | 40 | 2 | 2 | | |")
    assert points(BOOK, *rows) == [Decimal("82.99"), 83, 83]


def test_no_more_is_taken_off_than_the_cap():
    rows = ("| Xã Ná | 40 | 40 | | | 1 | 1.99 |", "| Xã Nả | 40 | 40 | | | 3 | |", "| Xã Nã | 40 | 40 | | | 3 | 3 |")
    assert points(BOOK, *rows) == [Decimal("77.01"), 77, 77]


def test_the_reason_says_what_was_given_and_what_counts():
    why = " ".join(of(BOOK, "| Xã Ná | 40 | 40 | 2 | 2 | | |").ratings[0].why)
    assert "thưởng 4" in why
    assert "tối đa 3" in why


def test_both_at_once_decide_the_band():
    # 80 + 3 − 3 = 80 %; 80 + 2,99 − 3: 79,99 %.
    outcome = of(BOOK, "| Xã Ná | 40 | 40 | 2 | 2 | 3 | |", "| Xã Nả | 40 | 40 | 1 | 1.99 | 3 | |")
    assert [rating.band for rating in outcome.ratings] == ["tốt", "khá"]


# -------------------------------------------------------------------------------------------- the whole


def test_a_bonus_raises_points_only_and_not_the_maximum():
    rating = of(BOOK, "| Xã Ná | 50 | 50 | 2 | | | |").ratings[0]
    assert (rating.points, rating.max_points, rating.percent, rating.band) == (102, 100, 102, "tốt")


def test_the_whole_stays_within_its_clamp():
    rows = (
        "| Xã Ná | 50 | 50 | 1 | | | |",
        "| Xã Nả | 50 | 50 | 1.01 | | | |",
        "| Xã Nã | 1 | 0.5 | | | 3 | |",
        "| Xã Na | 2 | 1 | | | 3 | |",
    )
    outcome = of(CLAMPED, *rows)
    assert [rating.points for rating in outcome.ratings] == [101, 101, 0, 0]
    assert [rating.band for rating in outcome.ratings] == ["tốt", "tốt", "yếu", "yếu"]
    assert "101,01" in " ".join(outcome.ratings[1].why)
    assert "101,01" not in " ".join(outcome.ratings[0].why)


def test_a_clamp_in_percent_is_of_the_maximum_that_applies():
    # 110 % of 50 is 55; of 100 it is 110.
    most = a_book(EXTRAS.format("để trống là 0: có").replace("tối đa: 3\n", "tối đa: 30\n").replace("tối đa: 2}", "tối đa: 20}")
                  + "giới hạn tổng điểm: {không quá: 110%}", criteria=TWO)  # fmt: skip
    outcome = of(
        most, "| Xã Ná | kad | 50 | 6 | | | |", "| Xã Nả | 50 | 50 | 9 | | | |", "| Xã Nã | 50 | 50 | 6 | 5 | | |"
    )
    assert [(rating.points, rating.max_points) for rating in outcome.ratings] == [(55, 50), (109, 100), (110, 100)]


def test_ranks_count_the_bonus():
    outcome = of(
        BOOK, "| Xã Ná | 50 | 50 | | | 1 | |", "| Xã Nả | 50 | 49 | 1 | | | |", "| Xã Nã | 49 | 49 | 1 | 0.99 | | |"
    )
    assert [rating.rank for rating in outcome.ratings] == [3, 1, 2]  # 99 · 100 · 99,99


def test_a_third_of_a_point_is_added_exactly():
    thirds = a_book("""
        số liệu: [{mã: A, tên: Số giao}, {mã: B, tên: Số làm}]
        điểm thưởng:
          tối đa: 1
          gồm: [{mã: B1, tên: Thưởng một, điểm tối đa: 1, cách chấm: {loại: tỷ lệ, tử số: B, mẫu số: A}}]
        giới hạn tổng điểm: {không quá: 100%}
    """, criteria=TWO)  # fmt: skip
    outcome = run(thirds, a_grid("""
        | Đơn vị | TC1 | TC2 | Số giao | Số làm |
        | Xã Ná | 40 | 40 | 3 | 1 |
        | Xã Nả | 50 | 50 | 3 | 1 |
    """))  # fmt: skip
    assert [rating.points for rating in outcome.ratings] == [Fraction(241, 3), 100]


# ------------------------------------------------------------------------------------------ found wrong


def test_a_bonus_with_parts_counts_the_parts_that_are_there():
    parts = a_book("""
        điểm thưởng:
          tối đa: 5
          để trống là 0: có
          gồm:
            - mã: B1
              tên: Thưởng một
              điểm tối đa: 3
              gồm: [{mã: B1.1, tên: Sáng kiến, điểm tối đa: 2}, {mã: B1.2, tên: Giải thưởng, điểm tối đa: 1}]
    """, criteria=TWO)  # fmt: skip
    outcome = run(parts, a_grid("| Đơn vị | TC1 | TC2 | B1.1 |\n| Xã Ná | 40 | 39 | 2 |"))
    assert outcome.ratings[0].points == 81  # the note says that there is no B1.2, and of B1.1 nothing


UPPER = """
xếp loại:
  - {mức: tốt, ít nhất: 80%, không quá: 100%}
  - {mức: khá, ít nhất: 50%}
  - {mức: yếu, ít nhất: 0%}
"""


def test_below_100_a_top_band_with_an_upper_edge_holds():
    assert [r.band for r in of(a_book(EASY, criteria=TWO, bands=UPPER), "| Xã Ná | 50 | 50 | | | | |").ratings] == [
        "tốt"
    ]


def test_a_bonus_never_makes_the_best_unit_worse():
    outcome = of(
        a_book(EASY, criteria=TWO, bands=UPPER), "| Xã Ná | 50 | 50 | 2 | | | |", "| Xã Nả | 45 | 45 | | | | |"
    )
    assert outcome.ratings[1].band == "tốt"
    assert outcome.ratings[0].band != "khá"


def test_a_total_of_exactly_the_cap_says_nothing_of_a_cap():
    why = " ".join(of(BOOK, "| Xã Ná | 40 | 40 | 1 | 2 | | |").ratings[0].why)
    assert "thưởng 3" in why
    assert "tối đa 3" not in why


def test_a_bonus_a_little_over_the_cap_counts_as_the_cap():
    assert points(BOOK, "| Xã Ná | 40 | 40 | 1.01 | 2 | | |", "| Xã Nả | 40 | 40 | | | 2 | 1.01 |") == [83, 77]
