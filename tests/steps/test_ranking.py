"""Xếp hạng: over all and per group, ties by named criteria, the gap to the next, the change since last year."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from builders import a_book, a_grid, run
from xeploai.book.load import Loaded
from xeploai.pipeline import Outcome
from xeploai.report.json import document

TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50, khi không áp dụng: bỏ khỏi mẫu số}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""
EXTRAS = """
điểm thưởng: {tối đa: 3, để trống là 0: có, gồm: [{mã: B1, tên: Thưởng, điểm tối đa: 3}]}
điểm phạt: {tối đa: 3, để trống là 0: có, gồm: [{mã: P1, tên: Phạt, điểm tối đa: 3}]}
"""


def ranked(said: str, more: str = "", criteria: str = TWO) -> Loaded:
    return a_book(f"{more}\nxếp hạng: {{{said}}}", criteria=criteria)


def of(book: Loaded, *rows: str, head: str = "| Đơn vị | TC1 | TC2 |") -> Outcome:
    return run(book, a_grid("\n".join((head, *rows))))


def ranks(book: Loaded, *rows: str, head: str = "| Đơn vị | TC1 | TC2 |") -> list[int | None]:
    return [rating.rank for rating in of(book, *rows, head=head).ratings]


# ------------------------------------------------------------------------------------------------- ties

EQUAL = ("| Xã A | 40 | 40 |", "| Xã B | 45 | 35 |", "| Xã C | 35 | 45 |", "| Xã D | 30 | 30 |")


def test_without_a_chain_equals_share_their_rank():
    assert ranks(a_book(criteria=TWO), *EQUAL) == [1, 1, 1, 4]


def test_the_chain_of_named_criteria_decides_between_equals_only():
    assert ranks(ranked("khi bằng điểm: [TC1]"), *EQUAL) == [2, 1, 3, 4]
    assert ranks(ranked("khi bằng điểm: [TC2]"), *EQUAL) == [2, 3, 1, 4]
    assert ranks(ranked("khi bằng điểm: [TC1]"), "| Xã A | 50 | 29.99 |", "| Xã B | 30 | 50 |") == [2, 1]


def test_what_the_whole_chain_leaves_equal_shares_its_rank():
    rows = (*EQUAL, "| Xã E | 40 | 40 |")
    assert ranks(ranked("khi bằng điểm: [Tiêu chí một, TC2]"), *rows) == [2, 1, 4, 5, 2]


def test_the_second_of_the_chain_is_asked_where_the_first_is_equal():
    # Thanh Hóa's draft: total → bonus → a group (domain.md 1.4).
    book, head = ranked("khi bằng điểm: [điểm thưởng, TC2]", EXTRAS), "| Đơn vị | TC1 | TC2 | B1 | P1 |"
    rows = (
        "| Xã A | 40 | 39 | 1 | |",
        "| Xã B | 39 | 40 | 1 | |",
        "| Xã C | 38 | 40 | 2 | |",
        "| Xã D | 40 | 40 | | |",
    )
    assert ranks(book, *rows, head=head) == [3, 2, 1, 4]


def test_less_taken_off_is_better():
    book, head = ranked("khi bằng điểm: [điểm phạt]", EXTRAS), "| Đơn vị | TC1 | TC2 | B1 | P1 |"
    rows = (
        "| Xã A | 40 | 41 | 1 | 2 |",
        "| Xã B | 40 | 40 | 1 | 1 |",
        "| Xã C | 40 | 40 | | |",
        "| Xã D | 40 | 40 | 3 | 3 |",
    )
    assert ranks(book, *rows, head=head) == [3, 2, 1, 4]


def test_a_criterion_that_does_not_apply_wins_no_tie():
    # All 80 %: of 50, and of 100 twice.
    assert ranks(ranked("khi bằng điểm: [TC1]"), "| Xã A | kad | 40 |", "| Xã B | 35 | 45 |", "| Xã C | 45 | 35 |") == [
        3,
        2,
        1,
    ]


def test_thirds_tie_exactly_and_a_hair_does_not():
    criteria = """
    số liệu: [{mã: A, tên: Số giao}, {mã: B, tên: Số làm}]
    tiêu chí:
      - {mã: TC1, tên: Một, điểm tối đa: 10, cách chấm: {loại: tỷ lệ, tử số: B, mẫu số: A}}
      - {mã: TC2, tên: Hai, điểm tối đa: 90}
    """
    head = "| Đơn vị | Số giao | Số làm | TC2 |"
    rows = (
        "| Xã A | 3 | 1 | 80 |",
        "| Xã B | 9 | 3 | 80 |",
        "| Xã C | 1000000 | 333333 | 80 |",
        "| Xã D | 1000000 | 333334 | 80 |",
    )
    assert ranks(ranked("khi bằng điểm: [TC2]", criteria=criteria), *rows, head=head) == [2, 2, 4, 1]
    assert ranks(a_book(criteria=criteria), *rows, head=head) == [2, 2, 4, 1]


def test_the_order_of_the_rows_does_not_matter():
    book = ranked("khi bằng điểm: [TC2]")
    forwards = dict(zip("ABCD", ranks(book, *EQUAL), strict=True))
    assert forwards == dict(zip("DCBA", ranks(book, *reversed(EQUAL)), strict=True))


# ----------------------------------------------------------------------------------------------- groups


def test_ranks_within_the_district():
    head = "| Huyện | Đơn vị | TC1 | TC2 |"
    rows = (
        "| Một | Xã A | 40 | 40 |",
        "| Hai | Xã B | 30 | 30 |",
        "| Một | Xã C | 20 | 20 |",
        "| Hai | Xã D | 45 | 45 |",
        "| Hai | Xã E | 45 | |",
    )
    got = [
        (r.rank, r.of, r.group, r.group_rank, r.group_of)
        for r in of(ranked("theo nhóm: huyện"), *rows, head=head).ratings
    ]
    assert got[:4] == [(2, 4, "Một", 1, 2), (3, 4, "Hai", 2, 2), (4, 4, "Một", 2, 2), (1, 4, "Hai", 1, 2)]
    assert got[4][0] is None
    assert got[4][3] is None


def test_ranks_within_a_region_that_a_fact_tells():
    book = ranked("theo nhóm: Vùng", "số liệu: [{mã: V, tên: Vùng, kiểu: chữ, các giá trị: [I, II]}]")
    head = "| Huyện | Đơn vị | TC1 | TC2 | Vùng |"
    rows = ("| M | Xã A | 40 | 40 | I |", "| M | Xã B | 30 | 30 | II |", "| M | Xã C | 45 | 20 | ii |")
    assert [(r.group, r.group_rank, r.group_of) for r in of(book, *rows, head=head).ratings] == [
        ("I", 1, 1),
        ("II", 2, 2),
        ("II", 1, 2),
    ]


def test_ranks_within_the_class_of_unit():
    rows = ("| Xã A | 40 | 40 |", "| Phường B | 45 | 45 |", "| Xã C | 45 | 20 |")
    assert [r.group_rank for r in of(ranked("theo nhóm: loại đơn vị"), *rows).ratings] == [1, 1, 2]


def test_the_chain_decides_within_the_group_too():
    head = "| Huyện | Đơn vị | TC1 | TC2 |"
    rows = ("| M | Xã A | 40 | 40 |", "| M | Xã B | 41 | 39 |", "| H | Xã C | 50 | 30 |")
    got = of(ranked("theo nhóm: huyện, khi bằng điểm: [TC1]"), *rows, head=head).ratings
    assert [(r.rank, r.group_rank) for r in got] == [(3, 2), (2, 1), (1, 1)]


# ------------------------------------------------------------------------------- gap, caps, last year


def test_the_gap_to_the_next_above_is_in_percentage_points():
    gaps = [
        r.gap
        for r in of(
            ranked("khi bằng điểm: [TC1]"),
            "| Xã A | 40 | 40 |",
            "| Xã B | 45 | 45 |",
            "| Xã C | 40 | 39.5 |",
            "| Xã D | 10 | 9.5 |",
        ).ratings
    ]
    assert gaps == [10, None, Fraction(1, 2), 60]


def test_equals_have_the_same_gap():
    assert [r.gap for r in of(ranked("theo nhóm: huyện"), *EQUAL).ratings] == [None, None, None, 20]


def test_the_gap_is_0_where_only_the_chain_decided():
    assert [r.gap for r in of(ranked("khi bằng điểm: [TC1]"), "| Xã A | 40 | 40 |", "| Xã B | 45 | 35 |").ratings] == [
        0,
        None,
    ]


def test_caps_and_quotas_move_no_rank():
    book = a_book("""
        khống chế: [{mã: c, loại: điều kiện, khi: [{tiêu chí: TC1, ít nhất: 45 điểm}], xếp vào: yếu}]
        hạn mức: [{mã: q, mức: tốt, không quá: 1 đơn vị}]
    """, criteria=TWO)  # fmt: skip
    outcome = of(book, "| Xã A | 45 | 45 |", "| Xã B | 44 | 45 |", "| Xã C | 44 | 44 |")
    assert [(r.rank, r.band) for r in outcome.ratings] == [(1, "yếu"), (2, "tốt"), (3, "khá")]


def years(book: Loaded, before: str, now: str) -> list[dict[str, Any]]:
    outcome = run(
        book,
        a_grid(f"| Đơn vị | TC1 | TC2 |\n{before}", sheet="2023"),
        a_grid(f"| TC2 | TC1 | Đơn vị |\n{now}", sheet="2024"),
    )
    units: list[dict[str, Any]] = document(outcome)["units"]
    return units


def test_the_change_since_last_year():
    # A 80 % → 85,5 %, rank 2 → 1; B 90 % → 70 %, 1 → 2; C is new.
    units = years(
        a_book(criteria=TWO),
        "| Xã A | 40 | 40 |\n| Xã B | 45 | 45 |",
        "| 45.5 | 40 | Xã A |\n| 30 | 40 | Xã B |\n| 10 | 10 | Xã C |",
    )
    assert [(u["name"], u["rank"], u["percent_change"], u["rank_change"]) for u in units] == [
        ("Xã A", 1, "5.5", 1), ("Xã B", 2, "-20", -1), ("Xã C", 3, None, None)
    ]  # fmt: skip


def test_the_change_is_of_percents_where_maxima_differ():
    units = years(a_book(criteria=TWO), "| Xã A | kad | 40 |", "| 41 | 40 | Xã A |")
    assert units[0]["percent_change"] == "1"  # 80 % of 50, 81 % of 100


def test_an_unrated_year_is_no_year_to_compare_with():
    units = years(a_book(criteria=TWO), "| Xã A | | 40 |\n| Xã B | 40 | 40 |", "| 40 | 40 | Xã A |\n| 40 | | Xã B |")
    assert [(u["percent_change"], u["rank_change"]) for u in units] == [(None, None), (None, None)]
