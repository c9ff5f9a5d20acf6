"""Hạn mức: how many may have a band, who stays, who moves down, and where a person must choose."""

from __future__ import annotations

from math import floor

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.findings import QUOTA_EXCEEDED
from xeploai.model import Grid, Value
from xeploai.pipeline import Outcome

EXCEEDED = QUOTA_EXCEEDED.code
TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""
# Nghị định 335/2025, Điều 8: xuất sắc from 90, tốt from 70; Điều 8.5: at most 20 % of those rated tốt.
DECREE = """
xếp loại:
  - {mức: xuất sắc, ít nhất: 90%}
  - {mức: tốt, ít nhất: 70%, dưới: 90%}
  - {mức: hoàn thành, ít nhất: 50%, dưới: 70%}
  - {mức: không hoàn thành, ít nhất: 0%, dưới: 50%}
"""


def quota(said: str, more: str = "", **parts: str) -> Loaded:
    return a_book(f"{more}\nhạn mức:\n  - {{mã: hm, {said}}}", **{"criteria": TWO, "bands": DECREE, **parts})


def so_many(book: Loaded, excellent: int, good: int, rest: int = 0) -> Outcome:
    """So many units of 90 points and more (all different), of 70 and more, and of 50."""
    rows: list[list[Value]] = [["Đơn vị", "TC1", "TC2"]]
    scores = (
        [(50, 49.9 - n / 10) for n in range(excellent)] + [(40, 40 - n / 10) for n in range(good)] + [(25, 25)] * rest
    )
    rows += [[f"Xã N{n:03}", float(a), float(b)] for n, (a, b) in enumerate(scores)]
    return run(book, Grid("d.xlsx", "S", rows))


def excellent(outcome: Outcome) -> int:
    return sum(rating.band == "xuất sắc" for rating in outcome.ratings)


def bands(book: Loaded, *rows: str, head: str = "| Đơn vị | TC1 | TC2 |") -> list[str | None]:
    return [rating.band for rating in run(book, a_grid("\n".join((head, *rows)))).ratings]


SELF = quota("mức: xuất sắc, không quá: 20%, tính trên mức: tốt, kể cả đơn vị bị chuyển xuống: có")
PLAIN = quota("mức: xuất sắc, không quá: 20%, tính trên mức: tốt, kể cả đơn vị bị chuyển xuống: không")


# ---------------------------------------------------------------------------- the share of those rated tốt


def test_where_there_is_room_nobody_moves():
    for book in (SELF, PLAIN):
        assert excellent(so_many(book, 2, 10)) == 2
        assert excellent(so_many(book, 0, 10)) == 0


@pytest.mark.parametrize(
    ("candidates", "good"), [(1, 4), (1, 5), (6, 0), (5, 0), (3, 9), (3, 14), (3, 15), (10, 20), (7, 35), (12, 60)]
)
def test_who_is_moved_down_becomes_one_of_the_good(candidates, good):
    # k ≤ 20 % of (G + C − k): the largest k is ⌊(G + C) / 6⌋ (domain.md 1.2, gap 4).
    assert excellent(so_many(SELF, candidates, good, 3)) == min(candidates, floor((good + candidates) / 6))


@pytest.mark.parametrize(
    ("candidates", "good"), [(1, 4), (1, 5), (6, 0), (3, 9), (3, 14), (3, 15), (10, 24), (10, 25), (7, 35)]
)
def test_the_plain_reading_counts_those_who_were_good_before(candidates, good):
    assert excellent(so_many(PLAIN, candidates, good, 3)) == min(candidates, floor(good / 5))


@pytest.mark.parametrize(("candidates", "good"), [(3, 6), (3, 7), (4, 11), (6, 18)])
def test_a_quarter_by_reasoned_decision(candidates, good):
    # k ≤ 25 % of (G + C − k): ⌊(G + C) / 5⌋.
    book = quota("mức: xuất sắc, không quá: 25%, tính trên mức: tốt, kể cả đơn vị bị chuyển xuống: có")
    assert excellent(so_many(book, candidates, good)) == min(candidates, floor((good + candidates) / 5))


def test_the_best_stay_and_the_rest_move_down_each_with_its_reason():
    outcome = so_many(SELF, 3, 9)  # ⌊12 / 6⌋ = 2
    assert [rating.band for rating in outcome.ratings[:4]] == ["xuất sắc", "xuất sắc", "tốt", "tốt"]
    stays, moved = " ".join(outcome.ratings[0].why), " ".join(outcome.ratings[2].why)
    assert "trong hạn mức «hm»: 2 suất" in stays
    assert "vượt hạn mức «hm»" in moved
    assert "chuyển xuống tốt" in moved
    assert "20% của 10" in moved  # 9 tốt and the one that was moved
    assert [rating.computed for rating in outcome.ratings[:3]] == ["xuất sắc"] * 3
    assert [rating.rank for rating in outcome.ratings[:3]] == [1, 2, 3]


# ---------------------------------------------------------------------------------- other bases, rounding


@pytest.mark.parametrize(("said", "stay"), [("có", 2), ("không", 3)])
def test_a_base_that_holds_the_band_itself(said, stay):
    # Four candidates, two tốt, 50 %, the rest go to hoàn thành: k ≤ (2 + k)/2, so 2; or half of the six before, 3.
    how = f"tính trên mức: [xuất sắc, tốt], chuyển xuống: hoàn thành, kể cả đơn vị bị chuyển xuống: {said}"
    assert excellent(so_many(quota(f"mức: xuất sắc, không quá: 50%, {how}"), 4, 2, 5)) == stay


@pytest.mark.parametrize("said", ["có", "không"])
def test_a_base_of_both_bands_is_the_same_before_and_after(said):
    how = f"tính trên mức: [xuất sắc, tốt], kể cả đơn vị bị chuyển xuống: {said}"
    assert excellent(so_many(quota(f"mức: xuất sắc, không quá: 30%, {how}"), 4, 6, 9)) == 3  # 30 % of 10


def test_who_is_undetermined_is_not_in_the_base():
    asked = DECREE.replace("50%, dưới: 70%", "50%, dưới: 70%, điều kiện: [{số liệu: S, là: có}]")
    book = quota("mức: xuất sắc, không quá: 50%", "số liệu: [{mã: S, tên: Xong, kiểu: có/không}]", bands=asked)
    rows = ("| Xã A | 50 | 45 | |", "| Xã B | 50 | 44 | |", "| Xã C | 30 | 30 | có |", "| Xã D | 30 | 30 | không |")
    assert bands(book, *rows, head="| Đơn vị | TC1 | TC2 | Xong |") == [
        "xuất sắc",
        "tốt",
        "hoàn thành",
        None,
    ]  # 50 % of 3


@pytest.mark.parametrize(
    ("whole", "places"), [("xuống", [1, 2, 2, 2, 3]), ("lên", [2, 2, 3, 3, 3]), ("gần nhất", [2, 2, 2, 3, 3])]
)
def test_rounding_is_declared(whole, places):
    # 20 % of 9, 10, 12, 13, 15: 1,8 · 2 · 2,4 · 2,6 · 3.
    book = quota(f"mức: xuất sắc, không quá: 20%, lấy số nguyên: {whole}")
    assert [excellent(so_many(book, 5, 2, n - 7)) for n in (9, 10, 12, 13, 15)] == places


def test_half_a_place_is_rounded_up_to_the_nearest():
    book = quota("mức: xuất sắc, không quá: 25%, lấy số nguyên: gần nhất")
    assert [excellent(so_many(book, 5, 0, n - 5)) for n in (9, 10, 11)] == [2, 3, 3]  # 2,25 · 2,5 · 2,75


def test_who_is_not_rated_is_not_in_the_base():
    book = quota("mức: xuất sắc, không quá: 50%")
    rows = ("| Xã A | 50 | 45 |", "| Xã B | 50 | 44 |", "| Xã C | 20 | |", "| Xã D | 20 | 20 |")
    assert bands(book, *rows) == ["xuất sắc", "tốt", None, "không hoàn thành"]  # 50 % of 3


def test_a_number_of_units():
    book = quota("mức: xuất sắc, không quá: 2 đơn vị")
    assert [excellent(so_many(book, n, 0)) for n in (1, 2, 3, 9)] == [1, 2, 2, 2]


def test_a_share_of_a_fact():
    # 10 % of 19 persons is 1, of 20 it is 2.
    book = quota("mức: xuất sắc, không quá: 10%, tính trên số liệu: Số người", "số liệu: [{mã: N, tên: Số người}]")
    head = "| Đơn vị | TC1 | TC2 | Số người |"
    for persons, expected in ((8, ["xuất sắc", "tốt", "hoàn thành"]), (9, ["xuất sắc", "xuất sắc", "hoàn thành"])):
        assert (
            bands(
                book, "| Xã A | 50 | 45 | 5 |", "| Xã B | 50 | 44 | 6 |", f"| Xã C | 25 | 25 | {persons} |", head=head
            )
            == expected
        )


def test_a_share_of_a_fact_that_is_missing_is_not_guessed():
    book = quota("mức: xuất sắc, không quá: 10%, tính trên số liệu: N", "số liệu: [{mã: N, tên: Số người}]")
    outcome = run(book, a_grid("| Đơn vị | TC1 | TC2 | Số người |\n| Xã A | 50 | 45 | 9 |\n| Xã B | 25 | 25 | |"))
    assert len(brief(outcome.findings, "DL60")) == 1


def test_the_base_counts_bands_after_the_caps():
    # A cap makes one of the six candidates «tốt»: C 5, G 1, ⌊6/6⌋ = 1; without a place for it to take.
    more = (
        "số liệu: [{mã: KL, tên: Kỷ luật, kiểu: có/không, để trống là: không}]\n"
        "khống chế: [{mã: k, loại: điều kiện, khi: [{số liệu: KL, là: có}], xếp loại không quá: tốt}]"
    )
    book = quota("mức: xuất sắc, không quá: 1 đơn vị", more)
    rows = ("| Xã A | 50 | 49 | có |", "| Xã B | 50 | 45 | |", "| Xã C | 50 | 44 | |")
    assert bands(book, *rows, head="| Đơn vị | TC1 | TC2 | Kỷ luật |") == ["tốt", "xuất sắc", "tốt"]


def test_each_group_has_its_own():
    book = quota("mức: xuất sắc, không quá: 50%, theo nhóm: huyện")
    rows = (
        "| Một | Xã A | 50 | 45 |",
        "| Một | Xã B | 50 | 44 |",
        "| Hai | Xã C | 45 | 45 |",
        "| Hai | Xã D | 25 | 25 |",
        "| Ba | Xã E | 50 | 50 |",
    )
    assert bands(book, *rows, head="| Huyện | Đơn vị | TC1 | TC2 |") == [
        "xuất sắc",
        "tốt",
        "xuất sắc",
        "hoàn thành",
        "tốt",
    ]


def test_down_to_the_band_that_the_book_names():
    book = quota("mức: xuất sắc, không quá: 1 đơn vị, chuyển xuống: hoàn thành")
    assert bands(book, "| Xã A | 50 | 45 |", "| Xã B | 50 | 44 |") == ["xuất sắc", "hoàn thành"]


def test_one_quota_after_the_other():
    # Who is moved out of xuất sắc stands in the line for tốt.
    book = a_book("""
        hạn mức:
          - {mã: a, mức: xuất sắc, không quá: 1 đơn vị}
          - {mã: b, mức: tốt, không quá: 1 đơn vị}
    """, criteria=TWO, bands=DECREE)  # fmt: skip
    assert bands(book, "| Xã A | 50 | 45 |", "| Xã B | 50 | 44 |", "| Xã C | 40 | 40 |") == [
        "xuất sắc",
        "tốt",
        "hoàn thành",
    ]


def test_one_quota_after_the_other_also_where_one_goes_by_group():
    book = a_book("""
        hạn mức:
          - {mã: a, mức: xuất sắc, không quá: 1 đơn vị}
          - {mã: b, mức: tốt, không quá: 1 đơn vị, theo nhóm: huyện}
    """, criteria=TWO, bands=DECREE)  # fmt: skip
    rows = ("| M | Xã A | 50 | 45 |", "| M | Xã B | 50 | 44 |", "| M | Xã C | 40 | 40 |", "| H | Xã D | 40 | 40 |")
    assert bands(book, *rows, head="| Huyện | Đơn vị | TC1 | TC2 |") == ["xuất sắc", "tốt", "hoàn thành", "tốt"]


def test_titles_go_by_the_band_that_is_left():
    book = quota("mức: xuất sắc, không quá: 1 đơn vị", "danh hiệu: [{tên: Tiên tiến, xếp loại ít nhất: xuất sắc}]")
    outcome = run(book, a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 50 | 44 |"))
    assert [rating.titles for rating in outcome.ratings] == [("Tiên tiến",), ()]


# -------------------------------------------------------------------------------------------------- ties

ONE = "mức: xuất sắc, không quá: 1 đơn vị"


def test_equals_who_all_find_room_are_no_question():
    book = quota("mức: xuất sắc, không quá: 2 đơn vị")
    outcome = run(book, a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 45 | 50 |\n| Xã C | 50 | 42 |"))
    assert [rating.band for rating in outcome.ratings] == ["xuất sắc", "xuất sắc", "tốt"]
    assert brief(outcome.findings, "DL59") == []


def test_equals_who_all_find_none_are_no_question_either():
    outcome = run(
        quota(ONE), a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 50 |\n| Xã B | 45 | 50 |\n| Xã C | 50 | 45 |")
    )
    assert [rating.band for rating in outcome.ratings] == ["xuất sắc", "tốt", "tốt"]
    assert brief(outcome.findings, "DL59") == []


def test_equals_at_the_line_are_for_a_person_to_choose_and_nobody_is_picked():
    grid = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 45 | 50 |\n| Xã C | 50 | 42 |")
    outcome = run(quota(ONE), grid)
    assert [(rating.status, rating.band) for rating in outcome.ratings] == [
        ("undetermined", None),
        ("undetermined", None),
        ("rated", "tốt"),
    ]
    (tie,) = [finding for finding in outcome.findings if finding.code == "DL59"]
    assert [cell.address for cell in tie.cells] == ["A2", "A3"]
    assert "Xã A" in tie.message
    assert "Xã B" in tie.message


def test_a_hair_between_them_is_no_tie():
    assert bands(quota(ONE), "| Xã A | 50 | 45 |", "| Xã B | 45 | 50.00 |", "| Xã C | 50 | 45.000001 |") == [
        "tốt",
        "tốt",
        "xuất sắc",
    ]


def test_the_named_criteria_decide_in_their_order():
    chain = quota(ONE + ", khi bằng điểm: [TC2, TC1]")
    assert bands(chain, "| Xã A | 50 | 45 |", "| Xã B | 45 | 50 |") == ["tốt", "xuất sắc"]
    assert bands(chain, "| Xã A | 50 | 45 |", "| Xã B | 50 | 45 |") == [None, None]


def test_a_decision_chooses_between_equals():
    decided = a_grid(
        "| Đơn vị | Xếp loại | Lý do | Văn bản |\n| Xã B | xuất sắc | thành tích đột xuất | QĐ 12 |", sheet="Quyết định"
    )
    outcome = run(quota(ONE), a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 45 | 50 |"), decided)
    assert [rating.band for rating in outcome.ratings] == ["tốt", "xuất sắc"]


def test_who_was_decided_keeps_the_band_and_takes_a_place():
    decided = a_grid(
        "| Đơn vị | Xếp loại | Lý do | Văn bản |\n| Xã C | xuất sắc | đặc biệt | QĐ 12 |", sheet="Quyết định"
    )
    outcome = run(
        quota("mức: xuất sắc, không quá: 2 đơn vị"),
        a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 50 | 44 |\n| Xã C | 25 | 25 |"),
        decided,
    )
    assert [rating.band for rating in outcome.ratings] == ["xuất sắc", "tốt", "xuất sắc"]


def test_more_decisions_than_places_are_told_and_stand():
    decided = a_grid(
        "| Đơn vị | Xếp loại | Lý do | Văn bản |\n| Xã B | xuất sắc | a | QĐ 12 |\n| Xã C | xuất sắc | b | QĐ 13 |",
        sheet="Quyết định",
    )
    scores = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 25 | 25 |\n| Xã C | 25 | 25 |")
    for places, told in ((1, 1), (2, 0)):
        outcome = run(quota(f"mức: xuất sắc, không quá: {places} đơn vị"), scores, decided)
        assert [rating.band for rating in outcome.ratings] == ["tốt", "xuất sắc", "xuất sắc"]
        assert len(brief(outcome.findings, EXCEEDED)) == told


def test_the_order_of_the_rows_does_not_matter():
    rows = ["| Xã A | 50 | 45 |", "| Xã B | 45 | 50 |", "| Xã C | 50 | 42 |", "| Xã D | 50 | 49 |"]
    two = quota("mức: xuất sắc, không quá: 2 đơn vị")
    forwards = dict(zip("ABCD", bands(two, *rows), strict=True))
    backwards = dict(zip("DCBA", bands(two, *reversed(rows)), strict=True))
    assert forwards == backwards == {"A": None, "B": None, "C": "tốt", "D": "xuất sắc"}


# ------------------------------------------------------------------------------------------ found wrong


def test_a_decision_on_a_unit_without_points_takes_a_place_too():
    decided = a_grid(
        "| Đơn vị | Xếp loại | Lý do | Văn bản |\n| Xã C | xuất sắc | đặc biệt | QĐ 12 |", sheet="Quyết định"
    )
    outcome = run(
        quota("mức: xuất sắc, không quá: 1 đơn vị"),
        a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã C | 25 | |"),
        decided,
    )
    assert [rating.band for rating in outcome.ratings] == ["tốt", "xuất sắc"]


def test_a_quota_over_all_does_not_turn_on_who_belongs_to_whom():
    book = quota("mức: xuất sắc, không quá: 50%", criteria="loại đơn vị: [phòng, xã]" + TWO)
    rows = (
        "| {} | Phòng Một | phòng | 50 | 45 |",
        "| {} | Phòng Hai | phòng | 50 | 44 |",
        "| Huyện X | Xã Ná | xã | 50 | 43 |",
        "| Huyện X | Xã Nả | xã | 5 | 5 |",
    )
    head = "| Huyện | Đơn vị | Loại đơn vị | TC1 | TC2 |"
    apart, within = (bands(book, *(row.format(over) for row in rows), head=head) for over in ("Huyện X", "Xã Ná"))
    assert apart == ["xuất sắc", "xuất sắc", "tốt", "không hoàn thành"]  # 50 % of 4
    assert within == apart


def test_a_unit_whose_group_is_not_known_is_not_moved_down_in_silence():
    book = quota("mức: xuất sắc, không quá: 1 đơn vị, theo nhóm: Vùng", "số liệu: [{mã: V, tên: Vùng, kiểu: chữ}]")
    outcome = run(book, a_grid("""
        | Đơn vị | TC1 | TC2 | Vùng |
        | Xã A | 50 | 45 | I |
        | Xã B | 50 | 44 | |
        | Xã C | 50 | 43 | |
    """))  # fmt: skip
    said = [finding for finding in outcome.findings if finding.unit and finding.unit.name == "Xã C"] + brief(
        outcome.findings, "DL59", "DL60"
    )
    assert outcome.ratings[2].band is None or said


def test_a_quota_of_the_lowest_band_does_not_crash():
    from xeploai.findings import Unusable

    try:
        book = quota("mức: không hoàn thành, không quá: 20%")
    except Unusable:
        return
    so_many(book, 0, 0, 1)
    run(book, a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 5 | 4 |"))


KINDED = "| STT | Huyện | Đơn vị | Loại đơn vị | TC1 | TC2 | Ghi |"


def test_a_group_has_one_quota_whatever_kinds_are_in_it():
    book = quota(
        "mức: xuất sắc, không quá: 2 đơn vị, theo nhóm: Ghi",
        "số liệu: [{mã: G, tên: Ghi, kiểu: chữ}]",
        criteria="loại đơn vị: [phòng, xã]" + TWO,
    )
    rows = (
        "| 1 | | Xã A | xã | 50 | 45 | I |",
        "| 2 | | Xã B | xã | 50 | 44 | I |",
        "| 3 | Xã A | Phòng C | phòng | 50 | 43 | I |",
        "| 4 | Xã A | Phòng D | phòng | 50 | 42 | I |",
    )
    assert bands(book, *rows, head=KINDED) == ["xuất sắc", "xuất sắc", "tốt", "tốt"]


def test_a_quota_over_all_does_not_lower_anybody_twice():
    more = (
        "số liệu: [{mã: KL, tên: Ghi, kiểu: có/không, để trống là: không}]\n"
        "khống chế: [{mã: h, loại: điều kiện, khi: [{số liệu: KL, là: có}], hạ: 1}]"
    )
    book = quota("mức: xuất sắc, không quá: 1 đơn vị", more, criteria="loại đơn vị: [xã, tổ]" + TWO)
    rows = (
        "| 1 | | Xã A | xã | 50 | 45 | |",
        "| 2 | | Xã B | xã | 50 | 44 | |",
        "| 3 | Xã A | Tổ Một | tổ | 50 | 43 | có |",
        "| 4 | Xã B | Tổ Hai | tổ | 50 | 43 | có |",
    )
    assert bands(book, *rows, head=KINDED) == ["xuất sắc", "tốt", "tốt", "tốt"]


def test_the_reason_gives_the_number_of_places_and_not_of_candidates():
    outcome = run(
        quota("mức: xuất sắc, không quá: 50%"),
        a_grid(
            "| Đơn vị | TC1 | TC2 |\n| Xã A | 50 | 45 |\n| Xã B | 25 | 25 |\n| Xã C | 25 | 25 |\n| Xã D | 25 | 25 |"
        ),
    )
    why = " ".join(outcome.ratings[0].why)
    assert "1 suất = 50% của 4" not in why  # half of four is two


# ------------------------------------------------------------------------------- who lacks a fact may still come

LACKING = """
số liệu: [{mã: V, tên: Số vượt}]
hạn mức: [{mã: mot, mức: xuất sắc, không quá: 1 đơn vị}]
"""
NEEDS = """
xếp loại:
  - {mức: xuất sắc, ít nhất: 90%, điều kiện: [{số liệu: V, ít nhất: 3}]}
  - {mức: tốt, ít nhất: 0%}
"""


@pytest.mark.parametrize(
    ("open_points", "band", "codes"), [("49.99", "xuất sắc", []), ("50", None, ["DL70"]), ("50.01", None, ["DL70"])]
)
def test_a_unit_that_lacks_a_fact_may_still_take_the_place(open_points, band, codes):
    # One place; Xã A has 100 points, Xã D about as many and a blank fact: the place is A's only where D is lower.
    table = f"""
        | Đơn vị | TC1 | TC2 | Số vượt |
        | Xã A | 50 | 50 | 3 |
        | Xã D | {open_points} | 50 | |
        | Xã E | 5 | 5 | |
    """
    outcome = run(a_book(LACKING, criteria=TWO.replace("50}", "51}"), bands=NEEDS), a_grid(table))
    assert outcome.ratings[0].band == band
    assert [finding.code for finding in outcome.findings if finding.code == "DL70"] == codes
