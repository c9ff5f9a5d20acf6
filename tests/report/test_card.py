"""One unit's derivation: means, distances, conditions, each by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from builders import a_book, a_grid, run
from xeploai.report.card import Cards

HEAD = "| NĂM 2019 |\n| Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
ROWS = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n| Huyện A | Xã Nê | 9 | 8 | 8 |\n| Huyện B | Xã Nô | 10 | 12 | x |\n"
TITLE = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}\n"


def cards(more: str = "", rows: str = ROWS, **book: str) -> Cards:
    return Cards(run(a_book(more, **book), a_grid(HEAD + rows)))


def test_the_mean_is_that_of_the_group_and_of_all_where_a_unit_is_alone_in_its_group():
    seen = cards()
    first, alone = seen[0], seen[2]
    assert (first.group, alone.group) == ("Huyện A", "tất cả đơn vị")
    assert [line.mean for line in first.lines] == [Fraction(27, 2), 18, 10, 8]
    assert [line.mean for line in alone.lines] == [
        Fraction(37, 3),
        18,
        Fraction(32, 3),
        8,
    ]  # nobody's x is counted as 0
    assert (first.total.mean, alone.total.mean) == (Fraction(63, 2), Fraction(63, 2))


def test_points_that_are_missing_say_so_and_have_no_percent():
    (line,) = [line for line in cards()[2].lines if line.code == "TC2.2"]
    assert (line.points, line.percent, line.remark) == (None, None, "chưa có điểm")
    assert line.at is not None
    assert line.at.address == "E5"


@pytest.mark.parametrize(
    ("points", "next_band", "distance"),
    [
        ("| 20 | 12 | 8 |", "", "đã ở mức cao nhất"),
        ("| 18 | 6 | 8 |", "", "đã ở mức cao nhất"),  # 32 of 40 is 80 %
        ("| 17.99 | 6 | 8 |", "tốt", "còn thiếu 0,01 điểm (ít nhất 80%)"),
        ("| 9 | 8 | 8 |", "khá", "còn thiếu 1 điểm (ít nhất 65%)"),  # 26 less 25
    ],
)
def test_the_distance_to_the_next_band_is_exact(points, next_band, distance):
    card = cards(rows=f"| Huyện A | Xã Ná {points}\n")[0]
    assert (card.next_band, card.distance) == (next_band, distance)


def test_an_edge_that_is_not_enough_needs_more_than_the_difference():
    bands = "xếp loại:\n  - {mức: tốt, trên: 32 điểm}\n  - {mức: khá, ít nhất: 0 điểm}\n"
    assert cards(rows="| A | Xã Ná | 18 | 6 | 8 |\n", bands=bands)[0].distance == "còn thiếu hơn 0 điểm (trên 32 điểm)"
    assert cards(rows="| A | Xã Ná | 18 | 6 | 7 |\n", bands=bands)[0].distance == "còn thiếu hơn 1 điểm (trên 32 điểm)"


def test_by_quarters_the_place_that_is_needed_is_named():
    bands = "xếp loại:\n" + "".join(f"  - {{mức: m{place}, phần tư: {place}}}\n" for place in (1, 2, 3, 4))
    rows = "".join(f"| A | Xã Thứ {place} | {place} | 6 | 8 |\n" for place in range(8, 0, -1))
    seen = cards(rows=rows, bands=bands)
    assert seen[0].distance == "đã ở mức cao nhất"
    assert seen[2].distance == "xếp theo thứ hạng: cần hạng 2 trở lên, đang hạng 3"


def test_a_quota_on_the_next_band_is_said_beside_the_points():
    quota = "hạn mức:\n  - {mã: it, mức: tốt, không quá: 50%}\n"
    rows = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n| Huyện A | Xã Nê | 18 | 5 | 5 |\n| Huyện A | Xã Nô | 9 | 8 | 8 |\n"
    seen = cards(quota, rows=rows)
    assert seen[1].distance == "còn thiếu 4 điểm (ít nhất 80%); mức này còn hạn mức"  # 32 less 28
    assert seen[2].distance == "còn thiếu 1 điểm (ít nhất 65%)"  # khá has no quota


def test_a_unit_without_a_band_has_no_distance():
    assert (cards()[2].next_band, cards()[2].distance) == ("", "")


@pytest.mark.parametrize(
    ("row", "held", "terms"),
    [
        ("| 9.01 | 10 | 8 |", True, [("xếp loại khá, cần khá trở lên", True), ("mọi tiêu chí trên 9 điểm", True)]),
        ("| 9 | 10 | 8 |", False, [("xếp loại khá, cần khá trở lên", True), ("TC1 9 điểm, cần trên 9 điểm", False)]),
        (
            "| 9 | 8 | 8 |",
            False,
            [("xếp loại trung bình, cần khá trở lên", False), ("TC1 9 điểm, cần trên 9 điểm", False)],
        ),
    ],
)
def test_every_condition_of_a_title_is_told_met_or_not(row, held, terms):
    (title,) = cards(TITLE, f"| Huyện A | Xã Ná {row}\n")[0].titles
    assert (title.held, [(term.words, term.held) for term in title.terms]) == (held, terms)


def test_the_findings_of_a_unit_are_its_own():
    flags = "cảnh báo:\n  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm}\n"
    seen = cards(flags)
    assert [[finding.code for finding in seen[place].findings] for place in range(3)] == [[], ["kiem-diem"], ["DL21"]]


def test_a_line_knows_its_share_of_the_maximum():
    line = cards()[0].lines[0]
    assert (line.code, line.points, line.most, line.percent) == ("TC1", Decimal(18), Decimal(20), 90)


def test_a_penalty_is_all_loss_and_nobody_loses_a_bonus():
    extras = """
điểm thưởng: {tối đa: 3, gồm: [{mã: DT, tên: Điểm thưởng, điểm tối đa: 3}]}
điểm phạt: {tối đa: 5, gồm: [{mã: DP, tên: Điểm phạt, điểm tối đa: 5}]}
"""
    grid = a_grid("| NĂM 2019 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 | DT | DP |\n| Xã Ná | 18 | 12 | 8 | 1 | 2 |")
    lines = {line.code: line for line in Cards(run(a_book(extras), grid))[0].lines}
    assert [(lines[code].lost, lines[code].percent) for code in ("TC1", "DT", "DP")] == [
        (2, 90),
        (None, None),
        (2, None),
    ]


@pytest.mark.parametrize(("row", "held"), [("9 | 12 | x", False), ("18 | 12 | x", None)])
def test_of_a_unit_without_a_band_a_title_is_unknown_unless_a_condition_has_failed(row, held):
    (title,) = cards(TITLE, f"| Huyện A | Xã Ná | {row} |\n")[0].titles
    assert (title.held, title.terms[0].held) == (held, None)
