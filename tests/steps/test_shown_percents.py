"""A number that its sheet shows as a percent: 0.95 is seen as 95 %. Under points nobody may guess; a percent is itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.pipeline import Outcome

DRAWING = """
    | STT | Đơn vị | TC1 | TC2.1 | TC2.2 | Tỷ lệ |
    | 1 | Xã Ná | {points} | 5 | 5 | {share} |
    | 2 | Xã Nả | 18 | 5 | 5 | 0.9 |
"""
C2, F2 = (1, 2), (1, 5)


def of(book: Loaded, *percents: tuple[int, int], points: str = "0.5617", share: str = "0.95") -> Outcome:
    return run(book, a_grid(DRAWING.format(points=points, share=share), percents=frozenset(percents)))


def faults(outcome: Outcome) -> list[tuple[str, str, str]]:
    return brief(outcome.errors)


# ------------------------------------------------------------------------------------------------ points


def test_a_small_number_that_is_shown_as_it_is_is_a_score():
    outcome = of(a_book())
    assert (faults(outcome), outcome.sheet.points["TC1"]) == ([], [Decimal("0.5617"), 18])


def test_zero_is_zero_however_it_is_shown():
    outcome = of(a_book(), C2, points="0")
    assert (faults(outcome), outcome.sheet.points["TC1"][0]) == ([], 0)


def test_a_percent_in_another_column_is_none_of_the_points():
    assert faults(of(a_book(), (1, 6), (0, 2), (9, 2), F2)) == []


def test_a_number_shown_as_a_percent_is_no_score_and_its_unit_is_unrated():
    outcome = of(a_book(), C2)
    assert faults(outcome) == [("DL77", "Xã Ná", "C2")]
    assert [rating.status for rating in outcome.ratings] == ["unrated", "rated"]
    assert outcome.errors[0].message == (
        "Xã Ná: TC1 hiện 56,17% (giá trị 0,5617), cột này ghi điểm (ô C2): có thể là 0,5617 hoặc 56,17 điểm."
    )
    assert any("C2" in reason for reason in outcome.ratings[0].why)


def test_the_rows_of_a_percent_count_from_where_the_used_cells_begin():
    grid = a_grid(DRAWING.format(points="0.5", share="1"), top=7, left=2, percents=frozenset({(8, 4)}))
    assert faults(run(a_book(), grid)) == [("DL77", "Xã Ná", "E9")]


def test_a_percent_in_one_phase_is_a_fault_of_its_own_cell():
    grid = a_grid("""
        | Đơn vị | TC1 | | TC2.1 | TC2.2 |
        | | Tự chấm | Thẩm định | | |
        | Xã Ná | 0.5 | 0.5 | 5 | 5 |
    """, merged=((0, 1, 0, 2),), percents=frozenset({(2, 1)}))  # fmt: skip
    outcome = run(a_book(), grid)
    assert faults(outcome) == []
    assert brief(outcome.findings, "DL55") == [("DL55", "Xã Ná", "B3")]


# ------------------------------------------------------------------------------------------------- facts


def with_fact(kind: str) -> Loaded:
    return a_book(f"số liệu: [{{mã: P, tên: Tỷ lệ, kiểu: {kind}}}]")


@pytest.mark.parametrize(
    "written", ["phần trăm", "phần trăm, phần trăm ghi là: 95", "phần trăm, phần trăm ghi là: '0,95'"]
)
def test_a_percent_shown_is_the_percent_entered_however_the_book_writes_percents(written):
    outcome = of(with_fact(written), F2, points="18")
    assert outcome.sheet.facts["P"][0] == 95
    assert ("DL69", "", "F2") not in brief(outcome.findings)
    assert ("DL51", "Xã Ná", "F2") not in brief(outcome.findings)


def test_a_percent_shown_is_exact():
    assert of(with_fact("phần trăm"), F2, share="0.5617", points="18").sheet.facts["P"][0] == Decimal("56.17")


def test_a_percent_of_one_is_a_hundred_and_beside_it_a_plain_1_stays_a_question():
    outcome = of(with_fact("phần trăm, phần trăm ghi là: 95"), F2, share="1", points="18")
    assert outcome.sheet.facts["P"] == [100, Decimal("0.9")]
    assert brief(outcome.findings, "DL69") == [("DL69", "", "F3")]


def test_half_a_percent_that_is_shown_so_is_no_question():
    outcome = of(with_fact("phần trăm, phần trăm ghi là: 95"), F2, share="0.005", points="18")
    assert outcome.sheet.facts["P"][0] == Decimal("0.5")
    assert brief(outcome.findings, "DL69") == [("DL69", "", "F3")]  # the plain 0.9 under it


def test_a_percent_shown_is_no_count():
    outcome = of(with_fact("số"), F2, points="18")
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL51"]
    assert "«95%»" in message
    assert "không phải phần trăm" in message
    assert outcome.sheet.facts["P"] == [None, Decimal("0.9")]


LARGE = "Trang «Bảng điểm»: 1 ô «Tỷ lệ» đọc là phần trăm rất lớn: F2 là 5617% hay 56,17%."


def said(outcome: Outcome) -> list[str]:
    return [finding.message for finding in outcome.findings if finding.code == "DL87"]


def test_a_share_far_above_all_of_it_is_told_with_both_readings():
    """56.17 was typed, then the cell was given the format 0.00 %: Excel shows 5617.00 %."""
    outcome = of(with_fact("phần trăm"), F2, share="56.17", points="18")
    assert outcome.sheet.facts["P"][0] == 5617
    assert said(outcome) == [LARGE]


@pytest.mark.parametrize("share", ["1.2", "2", "-2", "0.95"])
def test_a_ratio_somewhat_above_its_target_is_no_question(share):
    assert said(of(with_fact("phần trăm"), F2, share=share, points="18")) == []


def test_a_share_just_beyond_twice_the_whole_is_a_question():
    assert said(of(with_fact("phần trăm"), F2, share="2.01", points="18")) == [
        LARGE.replace("5617", "201").replace("56,17", "2,01")
    ]


def test_where_the_book_writes_shares_as_fractions_a_percent_is_far_too_large():
    assert said(of(with_fact("phần trăm, phần trăm ghi là: '0,95'"), share="56.17", points="18")) == [LARGE]


def test_a_large_share_beside_the_score_sheet_is_told_too():
    book = a_book("số liệu: [{mã: TL, tên: Tỷ lệ, kiểu: phần trăm}]")
    scores = a_grid("Đơn vị | TC1 | TC2\nXã Ná | 18 | 16")
    beside = a_grid("Đơn vị | Tỷ lệ\nXã Ná | 56.17", sheet="Số liệu", percents=frozenset({(1, 1)}))
    assert said(run(book, scores, beside)) == [LARGE.replace("Bảng điểm", "Số liệu").replace("F2", "B2")]


# ----------------------------------------------------------------------------------- a percent as a text


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("56,17 %", "; có thể là 56,17 hoặc 0,5617 điểm"),
        ("9,5 điểm", "; nếu là 9,5 điểm thì chỉ ghi số"),
        ("9đ", "; nếu là 9 điểm thì chỉ ghi số"),
        ("1.234 điểm", ""),  # ambiguous itself
        ("đạt", ""),
    ],
)
def test_a_text_with_a_number_in_it_is_an_error_that_tells_what_it_may_mean(typed, hint):
    outcome = of(a_book(), points=f"'{typed}'")
    assert faults(outcome) == [("DL21", "Xã Ná", "C2")]
    assert outcome.errors[0].message == f"Xã Ná: TC1 ghi «{typed}», không phải là số (ô C2){hint}."


def test_a_percent_of_a_table_beside_the_score_sheet_is_the_percent_that_is_seen() -> None:
    book = a_book("số liệu: [{mã: TL, tên: Tỷ lệ đúng hạn, kiểu: phần trăm}]")
    scores = a_grid("Đơn vị | TC1 | TC2\nXã Ná | 18 | 16\nXã Nả | 17 | 15")
    beside = a_grid("Đơn vị | Tỷ lệ đúng hạn\nXã Ná | 0.95\nXã Nả | 95", sheet="Số liệu", percents=frozenset({(1, 1)}))
    outcome = run(book, scores, beside)
    assert list(outcome.sheet.facts["TL"]) == [Decimal(95), Decimal(95)]
    assert brief(outcome.findings, "DL51", "DL69") == []
