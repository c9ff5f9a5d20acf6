"""Bands with conditions: score and facts, edges on either side; where none holds the rating is chưa xác định, with its reason.

The bands are those of Nghị định 335/2025, Điều 8 (domain.md 1.2), for organisations.
"""

from __future__ import annotations

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.findings import Unusable
from xeploai.model import Rating
from xeploai.pipeline import Outcome

TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50, khi không áp dụng: bỏ khỏi mẫu số}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""
DECREE = a_book(
    """
    số liệu:
      - {mã: GIAO, tên: Nhiệm vụ được giao}
      - {mã: XONG, tên: Nhiệm vụ hoàn thành}
      - {mã: DUNG, tên: Nhiệm vụ đúng hạn}
      - {mã: VUOT, tên: Nhiệm vụ vượt}
      - {mã: SP, tên: Kết luận sai phạm, kiểu: có/không, để trống là: không}
    khống chế:
      - {mã: sai-pham, loại: điều kiện, khi: [{số liệu: SP, là: có}], xếp vào: không hoàn thành}
      - {mã: duoi-70, loại: điều kiện, khi: [{số liệu: XONG, trên tổng: GIAO, dưới: 70%}], xếp vào: không hoàn thành}
    """,
    criteria=TWO,
    bands="""
    xếp loại:
      - mức: xuất sắc
        ít nhất: 90%
        điều kiện:
          - {số liệu: XONG, trên tổng: GIAO, ít nhất: 100%}
          - {số liệu: DUNG, trên tổng: GIAO, ít nhất: 100%}
          - {số liệu: VUOT, trên tổng: GIAO, ít nhất: 30%, nêu: hoàn thành vượt mức}
      - mức: tốt
        ít nhất: 70%
        dưới: 90%
        điều kiện: [{số liệu: XONG, trên tổng: GIAO, ít nhất: 100%}, {số liệu: DUNG, trên tổng: GIAO, ít nhất: 100%}]
      - mức: hoàn thành
        ít nhất: 50%
        dưới: 70%
        điều kiện: [{số liệu: XONG, trên tổng: GIAO, ít nhất: 100%}, {số liệu: DUNG, trên tổng: GIAO, ít nhất: 80%}]
      - {mức: không hoàn thành, ít nhất: 0%, dưới: 50%}
    """,
)
HEAD = "| Đơn vị | TC1 | TC2 | GIAO | XONG | DUNG | VUOT | SP |"


def of(*rows: str) -> Outcome:
    return run(DECREE, a_grid("\n".join((HEAD, *rows))))


def one(row: str) -> Rating:
    return of(f"| Xã Ná | {row} |").ratings[0]


# ------------------------------------------------------------------------------- score and conditions


@pytest.mark.parametrize(
    ("row", "band"),
    [
        ("50 | 39.99 | 10 | 10 | 10 | 3 |", "tốt"),  # 89,99: below the edge
        ("50 | 40 | 10 | 10 | 10 | 3 |", "xuất sắc"),  # 90 and exactly 30 %
        ("50 | 45 | 10 | 10 | 10 | 10 |", "xuất sắc"),
        ("35 | 34.99 | 10 | 10 | 10 | 0 |", "hoàn thành"),
        ("35 | 35 | 10 | 10 | 10 | 0 |", "tốt"),
        ("30 | 30 | 10 | 10 | 8 | 0 |", "hoàn thành"),  # late tasks exactly 20 %
        ("25 | 24.99 | 10 | 10 | 10 | 9 |", "không hoàn thành"),
        ("25 | 24.99 | 10 | 8 | 0 | 0 |", "không hoàn thành"),  # the lowest band asks for nothing
        ("50 | 45 | 10 | 10 | 10 | 4 | có", "không hoàn thành"),
        ("50 | 45 | 100 | 69 | 69 | 0 |", "không hoàn thành"),  # fewer than 70 % done
    ],
)
def test_each_grade_of_the_decree(row, band):
    assert one(row).band == band


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("50 | 45 | 1000 | 1000 | 1000 | 299 |", "hoàn thành vượt mức 29,9%"),  # gap 1 of domain.md 1.2
        ("40 | 40 | 10 | 10 | 9 | 0 |", "Nhiệm vụ đúng hạn 90%"),  # gap 2
        ("40 | 40 | 10 | 7 | 7 | 0 |", "Nhiệm vụ hoàn thành 70%"),  # gap 3: not fewer than 70 %
        ("30 | 30 | 1000 | 1000 | 799 | 0 |", "Nhiệm vụ đúng hạn 79,9%"),
    ],
)
def test_in_the_gaps_of_the_decree_nobody_guesses(row, named):
    rating = one(row)
    assert (rating.status, rating.band) == ("undetermined", None)
    assert named in " ".join(rating.why)


def test_every_failed_condition_is_named():
    why = " ".join(one("50 | 45 | 10 | 9 | 8 | 1 |").why)
    assert all(
        word in why
        for word in ("Nhiệm vụ hoàn thành 90% (9/10)", "Nhiệm vụ đúng hạn 80% (8/10)", "vượt mức 10% (1/10)")
    )


def test_who_is_undetermined_is_told_once_with_the_reason_and_keeps_its_rank():
    outcome = of("| Xã Ná | 50 | 45 | 10 | 10 | 9 | 3 | |", "| Xã Nả | 40 | 40 | 10 | 10 | 10 | 3 | |")
    assert [finding[:2] for finding in brief(outcome.findings, "DL65")] == [("DL65", "Xã Ná")]
    assert [r.rank for r in outcome.ratings] == [1, 2]
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL65"]
    assert "Nhiệm vụ đúng hạn" in message


def test_the_reason_of_a_band_that_holds_names_its_conditions():
    why = " ".join(one("50 | 45 | 3 | 3 | 3 | 1 |").why)
    assert "33,33% (1/3)" in why


# ------------------------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("50 | 45 | | 10 | 10 | 3 |", "«Nhiệm vụ được giao»"),
        ("50 | 45 | 10 | 10 | 10 | |", "«Nhiệm vụ vượt»"),
        ("50 | 45 | 10 | nhiều | 10 | 3 |", "«Nhiệm vụ hoàn thành»"),
    ],
)
def test_a_missing_fact_leaves_the_band_open_and_is_named(row, named):
    rating = one(row)
    assert rating.status == "undetermined"
    assert named in " ".join(rating.why)


def test_a_fact_that_no_condition_of_this_band_needs_may_be_missing():
    assert one("40 | 40 | 10 | 10 | 10 | |").band == "tốt"


def test_a_failed_condition_is_told_before_a_missing_fact():
    why = " ".join(one("50 | 45 | 10 | 10 | 9 | |").why)
    assert "không đạt điều kiện: Nhiệm vụ đúng hạn 90%" in why


def test_nothing_given_is_no_hundred_percent():
    assert one("50 | 45 | 0 | 0 | 0 | 0 |").status == "undetermined"


@pytest.mark.parametrize(("word", "band"), [("đạt", "tốt"), ("không đạt", None)])
def test_the_book_may_say_what_nothing_given_means(word, band):
    book = a_book(
        "số liệu: [{mã: A, tên: Số giao}, {mã: B, tên: Số làm}]",
        criteria=TWO,
        bands=f"""
        xếp loại:
          - mức: tốt
            ít nhất: 80%
            điều kiện: [{{số liệu: B, trên tổng: A, ít nhất: 100%, khi tổng bằng 0: {word}}}]
          - {{mức: yếu, ít nhất: 0%}}
        """,
    )
    outcome = run(
        book, a_grid("| Đơn vị | TC1 | TC2 | A | B |\n| Xã Ná | 45 | 45 | 0 | 0 |\n| Xã Nả | 45 | 45 | | 0 |")
    )
    assert [r.band for r in outcome.ratings] == [band, None]


# -------------------------------------------------------------------------------- kinds of conditions


def asks(condition: str, facts: str = "{mã: S, tên: Số vụ}") -> Loaded:
    return a_book(
        f"số liệu: [{facts}]",
        criteria=TWO,
        bands=f"xếp loại:\n  - {{mức: tốt, ít nhất: 80%, điều kiện: [{{{condition}}}]}}\n  - {{mức: yếu, ít nhất: 0%}}",
    )


def held(book: Loaded, cell: str, points: str = "45 | 45") -> bool | None:
    rating = run(book, a_grid(f"| Đơn vị | TC1 | TC2 | S |\n| Xã Ná | {points} | {cell} |")).ratings[0]
    return True if rating.band == "tốt" else None if "chưa biết" in rating.why[-1] else False


@pytest.mark.parametrize(
    ("condition", "cells"),
    [
        ("ít nhất: 9", {"8.99": False, "9": True, "9.01": True}), ("trên: 9", {"8.99": False, "9": False, "9.01": True}),
        ("không quá: 9", {"8.99": True, "9": True, "9.01": False}), ("dưới: 9", {"8.99": True, "9": False, "9.01": False}),
        ("ít nhất: 3, dưới: 9", {"2.99": False, "3": True, "8.99": True, "9": False}),
        ("ít nhất: 9 vụ", {"8": False, "9": True}),
    ],
)  # fmt: skip
def test_the_four_comparisons(condition, cells):
    book = asks(f"số liệu: S, {condition}")
    assert {cell: held(book, cell) for cell in cells} == cells
    assert held(book, "") is None


@pytest.mark.parametrize("condition", ["không quá: 0", "không quá: 0 vụ", "dưới: 1"])
def test_a_count_below_0_is_none_at_all_and_never_holds(condition):
    book = asks(f"số liệu: S, {condition}")
    assert {cell: held(book, cell) for cell in ("-1", "-0.5", "0", "1")} == {
        "-1": None,
        "-0.5": None,
        "0": True,
        "1": False,
    }
    assert held(asks("số liệu: S, ít nhất: 1"), "-1") is None  # nor does it fail: nobody knows what was meant


def test_a_count_below_0_is_told_with_its_number_and_its_cell():
    outcome = run(asks("số liệu: S, không quá: 0 vụ"), a_grid("| Đơn vị | TC1 | TC2 | S |\n| Xã Ná | 45 | 45 | -1 |"))
    (found,) = [finding for finding in outcome.findings if finding.code == "DL65"]
    assert "«Số vụ» là số âm (-1), không so được" in found.message
    assert found.at.address == "D2"


def test_a_number_that_may_be_below_0_is_compared_as_it_is():
    book = asks("số liệu: S, không quá: 0", "{mã: S, tên: Tăng so với năm trước, có thể âm: có}")
    assert {cell: held(book, cell) for cell in ("-1", "0", "0.01")} == {"-1": True, "0": True, "0.01": False}


def test_a_percent_may_be_below_0():
    book = asks("số liệu: S, ít nhất: 5%", "{mã: S, tên: Tăng trưởng, kiểu: phần trăm, phần trăm ghi là: 95}")
    assert {cell: held(book, cell) for cell in ("-2", "5")} == {"-2": False, "5": True}


def test_a_cap_that_hangs_on_a_count_below_0_leaves_the_band_open():
    book = a_book("""
        số liệu: [{mã: S, tên: Số tháng nghỉ}]
        khống chế: [{mã: nghi, loại: điều kiện, khi: [{số liệu: S, ít nhất: 3 tháng}], xếp loại không quá: yếu}]
    """, criteria=TWO)  # fmt: skip
    rows = "\n".join(f"| Xã {n} | 45 | 45 | {n} |" for n in (-1, 2, 3))
    outcome = run(book, a_grid(f"| Đơn vị | TC1 | TC2 | S |\n{rows}"))
    assert [r.band for r in outcome.ratings] == [None, "tốt", "yếu"]
    assert "«Số tháng nghỉ» là số âm (-1)" in outcome.ratings[0].why[-1]


@pytest.mark.parametrize(
    ("kind", "condition", "cells"),
    [
        ("kiểu: có/không", "là: có", {"có": True, "không": False, "x": True, "": None}),
        ("kiểu: có/không", "không là: có", {"có": False, "không": True, "": None}),
        (
            "'kiểu': chữ, các giá trị: [nhẹ, vừa, nặng]",
            "là: [nhẹ, vừa]",
            {"Nhẹ": True, "VỪA": True, "nặng": False, "rất nặng": None},
        ),
        ("kiểu: chữ", "không là: [nặng]", {"nhẹ": True, "Nặng": False, "": None}),
        ("kiểu: mức", "là: [tốt]", {"Tốt": True, "yếu": False, "": None}),
        ("kiểu: phần trăm", "ít nhất: 95%", {"'94,9%'": False, "95": True, "'95%'": True, "0.95": None}),
    ],
)
def test_words_bands_and_percents(kind, condition, cells):
    book = asks(f"số liệu: S, {condition}", f"{{mã: S, tên: Số vụ, {kind}}}")
    assert {cell: held(book, cell) for cell in cells} == cells


@pytest.mark.parametrize(("condition", "edge"), [("ít nhất: 45 điểm", 45), ("ít nhất: 90%", 45), ("ít nhất: 45", 45)])
def test_points_of_a_criterion(condition, edge):
    book = asks(f"tiêu chí: TC2, {condition}")
    assert held(book, "", f"50 | {edge}") is True
    assert held(book, "", f"50 | {edge - 0.01}") is False


def test_a_criterion_that_does_not_apply_has_no_points_to_compare():
    assert held(asks("tiêu chí: TC1, ít nhất: 10 điểm"), "", "kad | 45") is None


def test_a_share_of_a_criterion_is_of_what_applies():
    # 9 of 12 where the other part does not apply: 75 %, though 9 of 20 is 45 %.
    criteria = """
    tiêu chí:
      - {mã: TC1, tên: Một, điểm tối đa: 20}
      - mã: TC2
        tên: Hai
        điểm tối đa: 20
        gồm:
          - {mã: TC2.1, tên: Phần một, điểm tối đa: 12}
          - {mã: TC2.2, tên: Phần hai, điểm tối đa: 8, khi không áp dụng: bỏ khỏi mẫu số}
    """
    for limit, band in (("75%", "tốt"), ("75,01%", None)):
        bands = f"""
        xếp loại:
          - {{mức: tốt, ít nhất: 50%, điều kiện: [{{tiêu chí: TC2, ít nhất: "{limit}"}}]}}
          - {{mức: yếu, ít nhất: 0%}}
        """
        outcome = run(
            a_book(criteria=criteria, bands=bands), a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 20 | 9 | kad |")
        )
        assert outcome.ratings[0].band == band


# ---------------------------------------------------------------------------------------------- titles


def test_a_title_may_ask_for_facts():
    book = a_book("""
        số liệu: [{mã: S, tên: Số vụ}]
        danh hiệu: [{tên: Bình yên, xếp loại ít nhất: khá, điều kiện: [{số liệu: S, không quá: 0}]}]
    """, criteria=TWO)  # fmt: skip
    outcome = run(
        book,
        a_grid(
            "| Đơn vị | TC1 | TC2 | S |\n| Xã A | 45 | 45 | 1 |\n| Xã B | 45 | 45 | 0 |\n"
            "| Xã C | 45 | 45 | |\n| Xã D | 25 | 25 | 0 |"
        ),
    )
    assert [r.titles for r in outcome.ratings] == [(), ("Bình yên",), (), ()]
    assert "«Số vụ»" in " ".join(outcome.ratings[2].why)


# ------------------------------------------------------------------------------------------ found wrong

GAP = """
xếp loại:
  - {mức: tốt, ít nhất: 80%}
  - {mức: khá, ít nhất: 60%, dưới: 70%, sai lệch đã biết: Điều 8 hở từ 70% đến 80%}
  - {mức: yếu, ít nhất: 0%}
"""


def test_in_a_known_gap_more_points_give_no_lower_band():
    outcome = run(
        a_book(criteria=TWO, bands=GAP), a_grid("| Đơn vị | TC1 | TC2 |\n| Xã A | 40 | 35 |\n| Xã B | 35 | 30 |")
    )
    assert outcome.ratings[1].band == "khá"
    assert outcome.ratings[0].band is None


@pytest.mark.parametrize(
    ("facts", "condition"),
    [
        ("{mã: S, tên: Số vụ}", "tiêu chí: TC1, là: có"),
        ("{mã: S, tên: Số vụ}, {mã: C, tên: Chữ, kiểu: chữ}", "số liệu: S, trên tổng: C, ít nhất: 50%"),
        ("{mã: S, tên: Số vụ, kiểu: phần trăm}", "số liệu: S, là: 100%"),
        ("{mã: S, tên: Số vụ}, {mã: C, tên: Tổng số}", "số liệu: S, trên tổng: C, là: 3"),
        ("{mã: S, tên: Số vụ}", "số liệu: S, ít nhất: 5, dưới: 5"),
        ("{mã: S, tên: Số vụ}", "tiêu chí: TC1, ít nhất: 60 điểm"),
        ("{mã: S, tên: Số vụ}", "tiêu chí: TC1, trên tổng: S, ít nhất: 50%"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_mean_anything_does_not_load(facts, condition):
    with pytest.raises(Unusable):
        asks(condition, facts)


@pytest.mark.parametrize(
    "more",
    [
        "danh hiệu: [{tên: Vững mạnh, điều kiện: [{số liệu: H, trên tổng: G, ít nhất: 90%<>}]}]",
        "khống chế: [{mã: k, loại: điều kiện, khi: [{số liệu: H, trên tổng: G, dưới: 70%<>}], xếp vào: yếu}]",
        "cảnh báo: [{mã: c, loại: số liệu, khi: [{số liệu: H, trên tổng: G, dưới: 70%<>}], nêu: chậm}]",
    ],
    ids=["title", "cap", "flag"],
)
@pytest.mark.parametrize(("word", "codes"), [(", khi tổng bằng 0: đạt", []), ("", ["DL71"])])
def test_a_denominator_of_0_is_an_error_unless_the_book_has_a_word_for_it(more, word, codes):
    facts = "số liệu: [{mã: G, tên: Được giao}, {mã: H, tên: Hoàn thành}]\n"
    head = "| Đơn vị | TC1 | TC2.1 | TC2.2 | Được giao | Hoàn thành |"
    grid = a_grid(f"{head}\n| Xã A | 20 | 12 | 8 | 40 | 40 |\n| Xã B | 20 | 12 | 8 | 0 | 0 |")
    outcome = run(a_book(facts + more.replace("<>", word)), grid)
    assert [(f.code, f.unit.name, f.at.address) for f in outcome.errors] == [(code, "Xã B", "E3") for code in codes]
