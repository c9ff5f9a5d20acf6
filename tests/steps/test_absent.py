"""Không áp dụng: out of the denominator, counted in full, shared out, or rescaled. A blank is missing, and 0 is a score."""

from __future__ import annotations

import io
from decimal import Decimal
from fractions import Fraction

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.model import Rating
from xeploai.pipeline import Outcome
from xeploai.report import tables
from xeploai.report.json import document

TWO = """
tiêu chí:
  - {{mã: TC1, tên: Tiêu chí một, điểm tối đa: 50{0}}}
  - {{mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50{0}}}
"""
FOUR = "tiêu chí:\n" + "\n".join(
    f"  - {{mã: TC{n}, tên: Tiêu chí {n}, điểm tối đa: {10 * n}, khi không áp dụng: chia đều}}" for n in (1, 2, 3, 4)
)
PARTS = """
tiêu chí:
  - {{mã: TC1, tên: Tiêu chí một, điểm tối đa: 20}}
  - mã: TC2
    tên: Tiêu chí hai
    điểm tối đa: 20
    {0}
    gồm:
      - {{mã: TC2.1, tên: Phần thứ nhất, điểm tối đa: 12}}
      - {{mã: TC2.2, tên: Phần thứ hai, điểm tối đa: 8{1}}}
"""


def book(way: str, more: str = "") -> Loaded:
    return a_book(more, criteria=TWO.format(f", khi không áp dụng: {way}" if way else ""))


def two(loaded: Loaded, *rows: str) -> Outcome:
    return run(loaded, a_grid("| Đơn vị | TC1 | TC2 |\n" + "\n".join(rows)))


def made(outcome: Outcome) -> list[tuple[object, object, object]]:
    return [(rating.points, rating.max_points, rating.band) for rating in outcome.ratings]


# --------------------------------------------------------------------------------- what it is not


def test_a_blank_is_not_a_criterion_that_does_not_apply():
    outcome = two(book("bỏ khỏi mẫu số"), "| Xã Ná | | 45 |")
    assert outcome.ratings[0].status == "unrated"
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "B2")]


def test_a_0_is_a_score():
    assert made(two(book("bỏ khỏi mẫu số"), "| Xã Ná | 0 | 45 |")) == [(45, 100, "yếu")]


def test_where_the_book_has_no_rule_for_it_the_unit_is_not_rated():
    outcome = two(book(""), "| Xã Ná | Không áp dụng | 45 |", "| Xã Nả | 40 | 45 |")
    assert made(outcome) == [(None, None, None), (85, 100, "tốt")]
    assert brief(outcome.findings, "DL54") == [("DL54", "Xã Ná", "B2")]


# ----------------------------------------------------------------------------------- the four ways


@pytest.mark.parametrize("word", ["Không áp dụng", "KHÔNG ÁP DỤNG", "kad", "N/A", "Không phát sinh", "không được giao"])
def test_it_leaves_the_denominator(word):
    assert made(two(book("bỏ khỏi mẫu số"), f"| Xã Ná | {word} | 40 |", "| Xã Nả | 40 | 39.99 |")) == [
        (40, 50, "tốt"), (Decimal("79.99"), 100, "khá")
    ]  # fmt: skip


def test_it_counts_in_full():
    # 50 of 50 and 29,99: 79,99 %; and 30: 80 %.
    outcome = two(book("tính đủ điểm"), "| Xã Ná | Không áp dụng | 29.99 |", "| Xã Nả | Không áp dụng | 30 |")
    assert made(outcome) == [(Decimal("79.99"), 100, "khá"), (80, 100, "tốt")]
    assert [dict(outcome.points)["TC1"][n] for n in (0, 1)] == [50, 50]


def test_its_points_are_shared_out_among_its_siblings():
    # TC1's 10 to three siblings: 19/20 × 70/3 + 29/30 × 100/3 + 37/40 × 130/3 = 3401/36, by hand.
    outcome = run(a_book(criteria=FOUR), a_grid("""
        | Đơn vị | TC1 | TC2 | TC3 | TC4 |
        | Xã Ná | Không áp dụng | 19 | 29 | 37 |
        | Xã Nả | Không áp dụng | 20 | 30 | 40 |
        | Xã Nã | Không áp dụng | Không áp dụng | 15 | 20 |
        | Xã Na | Không áp dụng | Không áp dụng | Không áp dụng | 10 |
    """))  # fmt: skip
    assert [(rating.points, rating.max_points) for rating in outcome.ratings] == [
        (Fraction(3401, 36), 100), (100, 100), (50, 100), (25, 100)
    ]  # fmt: skip
    assert [rating.rank for rating in outcome.ratings] == [2, 1, 3, 4]


def test_the_rest_is_rescaled_to_the_whole_of_the_parent():
    # 9 of 12 for 20: 15; with TC1 17 it is 32 of 40, exactly 80 %.
    rescaled = a_book(criteria=PARTS.format("", ", khi không áp dụng: quy đổi"))
    outcome = run(rescaled, a_grid("""
        | Đơn vị | TC1 | TC2.1 | TC2.2 |
        | Xã Ná | 17 | 9 | Không áp dụng |
        | Xã Nả | 16.99 | 9 | Không áp dụng |
        | Xã Nã | 17 | 9 | 6 |
    """))  # fmt: skip
    assert made(outcome) == [(32, 40, "tốt"), (Decimal("31.99"), 40, "khá"), (32, 40, "tốt")]
    assert outcome.points["TC2"][0] == 15


def test_a_parent_says_to_how_many_points_the_rest_is_rescaled():
    # 9 of 12 for 16: 12; the whole is then 36.
    declared = a_book(criteria=PARTS.format("quy đổi về: 16", ""))
    rating = run(declared, a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 15 | 9 | Không áp dụng |")).ratings[0]
    assert (rating.points, rating.max_points, rating.percent) == (27, 36, 75)


def test_at_the_first_level_the_rest_is_rescaled_to_the_whole_book():
    # 10 of 30 for 100: 100/3.
    thirds = (
        "tiêu chí:\n  - {mã: TC1, tên: Một, điểm tối đa: 70, khi không áp dụng: quy đổi}\n"
        "  - {mã: TC2, tên: Hai, điểm tối đa: 30}"
    )
    rating = two(a_book(criteria=thirds), "| Xã Ná | Không áp dụng | 10 |").ratings[0]
    assert (rating.points, rating.max_points, rating.percent) == (Fraction(100, 3), 100, Fraction(100, 3))


def test_a_part_leaves_the_denominator_of_its_parent_and_of_the_whole():
    dropped = a_book(criteria=PARTS.format("", ", khi không áp dụng: bỏ khỏi mẫu số"))
    outcome = run(dropped, a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 17 | 9 | Không áp dụng |"))
    assert made(outcome) == [(26, 32, "tốt")]  # 81,25 %
    assert outcome.scores.maxima["TC2"][0] == 12


def test_where_every_part_is_absent_the_parent_is():
    both = PARTS.format("", ", khi không áp dụng: bỏ khỏi mẫu số").replace(
        "12}", "12, khi không áp dụng: bỏ khỏi mẫu số}"
    )
    outcome = run(a_book(criteria=both), a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 17 | kad | kad |"))
    assert made(outcome) == [(17, 20, "tốt")]


def test_a_parent_with_a_missing_part_is_missing_and_fires_nothing():
    low = "cảnh báo: [{mã: thap, loại: điểm thấp, không quá: 9 điểm}]"
    dropped = a_book(low, criteria=PARTS.format("", ", khi không áp dụng: bỏ khỏi mẫu số"))
    outcome = run(dropped, a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 17 | 5 | |\n| Xã Nả | 17 | 5 | kad |"))
    assert outcome.points["TC2"] == [None, 5]
    assert brief(outcome.findings, "thap") == [("thap", "Xã Nả", "C3")]


def test_the_reason_names_what_does_not_apply():
    why = " ".join(two(book("bỏ khỏi mẫu số"), "| Xã Ná | Không áp dụng | 40 |").ratings[0].why)
    assert "40/50" in why
    assert "không áp dụng TC1" in why


# ------------------------------------------------------------------------- what others make of it

JUDGED = """
danh hiệu:
  - {tên: Vững mạnh, mọi tiêu chí trên: 9 điểm}
cảnh báo:
  - {mã: thap, loại: điểm thấp, không quá: 9 điểm}
  - {mã: khong, loại: không điểm, số tiêu chí ít nhất: 1}
  - {mã: nhat, loại: thấp nhất, số lĩnh vực ít nhất: 1}
khống chế:
  - {mã: liet, loại: điểm liệt, xếp vào: yếu}
"""


def test_what_does_not_apply_fires_nothing_and_stands_in_nobody_s_way():
    outcome = two(book("bỏ khỏi mẫu số", JUDGED), "| Xã Ná | Không áp dụng | 45 |", "| Xã Nả | 46 | 46 |")
    assert brief(outcome.findings, "thap", "khong") == []
    assert [(rating.band, rating.titles) for rating in outcome.ratings] == [("tốt", ("Vững mạnh",))] * 2


def test_a_real_0_fires_them_all():
    outcome = two(book("bỏ khỏi mẫu số", JUDGED), "| Xã Ná | 0 | 45 |", "| Xã Nả | 46 | 46 |")
    assert brief(outcome.findings, "thap", "khong") == [("thap", "Xã Ná", "B2"), ("khong", "Xã Ná", "B2")]
    assert [(rating.band, rating.titles) for rating in outcome.ratings] == [("yếu", ()), ("tốt", ("Vững mạnh",))]


def test_9_of_a_criterion_that_applies_fires_and_9_01_does_not():
    outcome = two(book("bỏ khỏi mẫu số", JUDGED), "| Xã Ná | 9 | kad |", "| Xã Nả | 9.01 | kad |")
    assert brief(outcome.findings, "thap") == [("thap", "Xã Ná", "B2")]
    assert [rating.titles for rating in outcome.ratings] == [(), ("Vững mạnh",)]


def test_a_band_that_asks_for_points_of_it_is_undetermined_and_names_it():
    bands = """
    xếp loại:
      - {mức: tốt, ít nhất: 80%, điều kiện: [{tiêu chí: TC1, ít nhất: 25 điểm}]}
      - {mức: yếu, ít nhất: 0%}
    """
    asked = a_book(criteria=TWO.format(", khi không áp dụng: bỏ khỏi mẫu số"), bands=bands)
    outcome = two(asked, "| Xã Ná | kad | 45 |", "| Xã Nả | 40 | 45 |")
    assert [rating.band for rating in outcome.ratings] == [None, "tốt"]
    assert "Tiêu chí một" in " ".join(outcome.ratings[0].why)


def test_units_are_ranked_by_percent_where_maxima_differ():
    outcome = two(book("bỏ khỏi mẫu số"), "| Xã Ná | kad | 45 |", "| Xã Nả | 45 | 44.99 |", "| Xã Nã | 45 | 45 |")
    assert [rating.rank for rating in outcome.ratings] == [1, 3, 1]


def test_json_names_it_and_gives_no_points():
    unit = document(two(book("bỏ khỏi mẫu số"), "| Xã Ná | kad | 40 |"))["units"][0]
    assert (unit["criteria"]["TC1"], unit["not_applicable"], unit["max_points"]) == (None, ["TC1"], "50")


def test_thirds_go_through_every_writer():
    from openpyxl import load_workbook

    from xeploai.write.workbook import workbook_bytes

    more = """
    danh hiệu: [{tên: Đều, mọi tiêu chí ít nhất: 33%}]
    cảnh báo: [{mã: thap, loại: điểm thấp, dưới: 34%}, {mã: sat, loại: sát ngưỡng, cách ngưỡng không quá: 5 điểm}]
    hạn mức: [{mã: q, mức: tốt, không quá: 50%, khi bằng điểm: [TC2]}]
    xếp hạng: {khi bằng điểm: [TC3]}
    """
    outcome = run(a_book(more, criteria=FOUR), a_grid("""
        | Đơn vị | TC1 | TC2 | TC3 | TC4 | Tổng điểm |
        | Xã Ná | kad | 19 | 29 | 37 | 94.47 |
        | Xã Nả | kad | 19 | 29 | 37 | 94.48 |
        | Xã Nã | 9 | 19 | 29 | 37 | 94 |
    """))  # fmt: skip
    assert [unit["points"] for unit in document(outcome)["units"]] == ["3401/36", "3401/36", "94"]
    assert brief(outcome.findings, "DL30") == [("DL30", "Xã Nả", "F3")]  # 94,47 is 3401/36 rounded, 94,48 is not
    sheet = load_workbook(io.BytesIO(workbook_bytes(tables.pages(outcome))))["Kết quả"]
    numbers = [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, float)]
    assert any(abs(number - 94.4722222222) < 1e-9 for number in numbers)


# ------------------------------------------------------------------------------------------ found wrong


def a_word(row: str) -> tuple[Rating, Outcome]:
    criteria = """
    số liệu:
      - {mã: KQ, tên: Kết quả giao, kiểu: chữ, các giá trị: [Đạt, Không đạt, Không được giao]}
    tiêu chí:
      - mã: TC1
        tên: Tiêu chí một
        điểm tối đa: 50
        khi không áp dụng: bỏ khỏi mẫu số
        cách chấm:
          loại: lựa chọn
          theo: Kết quả giao
          các lựa chọn:
            - {chọn: Đạt, điểm: 50}
            - {chọn: Không đạt, điểm: 0}
            - {chọn: Không được giao, không áp dụng: có}
      - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
    """
    outcome = run(a_book(criteria=criteria), a_grid(f"| Đơn vị | Kết quả giao | TC2 |\n{row}"))
    return outcome.ratings[0], outcome


def test_a_fact_that_the_book_lists_is_scored_by_its_word():
    assert a_word("| Xã Ná | Không đạt | 45 |")[0].points == 45
    assert a_word("| Xã Ná | Đạt | 45 |")[0].points == 95


def test_a_fact_may_be_the_word_that_says_so():
    rating = a_word("| Xã Ná | Không được giao | 45 |")[0]
    assert (rating.points, rating.max_points) == (45, 50)


def test_a_unit_that_cannot_be_scored_has_an_error_finding():
    criteria = """
    số liệu: [{mã: A, tên: Số việc được giao}, {mã: B, tên: Số việc đã làm}]
    tiêu chí:
      - {mã: TC1, tên: Một, điểm tối đa: 50, cách chấm: {loại: tỷ lệ, tử số: B, mẫu số: A}}
      - {mã: TC2, tên: Hai, điểm tối đa: 50}
    """
    outcome = run(a_book(criteria=criteria), a_grid("""
        | Đơn vị | Số việc được giao | Số việc đã làm | TC2 |
        | Xã Ná | Không áp dụng | 3 | 45 |
    """))  # fmt: skip
    assert outcome.ratings[0].status == "unrated"
    assert [finding.unit.name for finding in outcome.errors if finding.unit] == ["Xã Ná"]


def test_where_nothing_applies_there_is_an_error_finding():
    outcome = two(book("bỏ khỏi mẫu số"), "| Xã Ná | Không áp dụng | Không áp dụng |")
    assert outcome.ratings[0].status == "unrated"
    assert [finding.unit.name for finding in outcome.errors if finding.unit] == ["Xã Ná"]


def test_a_denominator_of_0_that_the_book_does_not_speak_of_is_an_error():
    criteria = """
    số liệu: [{mã: A, tên: Số việc được giao}, {mã: B, tên: Số việc đã làm}]
    tiêu chí:
      - {mã: TC1, tên: Một, điểm tối đa: 50, cách chấm: {loại: tỷ lệ, tử số: B, mẫu số: A}}
      - {mã: TC2, tên: Hai, điểm tối đa: 50}
    """
    outcome = run(a_book(criteria=criteria), a_grid("""
        | Đơn vị | Số việc được giao | Số việc đã làm | TC2 |
        | Xã Ná | 0 | 0 | 45 |
        | Xã Nả | | 0 | 45 |
        | Xã Nã | 3 | 1 | 45 |
    """))  # fmt: skip
    assert [(rating.status, rating.points) for rating in outcome.ratings] == [
        ("unrated", None), ("unrated", None), ("rated", Fraction(185, 3))
    ]  # fmt: skip
    assert brief(outcome.findings, "DL53", "DL52") == [("DL53", "Xã Ná", "B2"), ("DL52", "Xã Nả", "B3")]
