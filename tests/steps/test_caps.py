"""Khống chế: a rating held down or set for a reason that is no matter of points, in the book's order, each with its reason."""

from __future__ import annotations

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.pipeline import Outcome

TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50, khi không áp dụng: bỏ khỏi mẫu số}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""
# Cần Thơ 2579/QĐ-UBND, Điều 6 (domain.md 1.4): discipline of the head, a criterion of 0 points.
DISCIPLINE = """
số liệu:
  - {mã: KL, tên: Kỷ luật, kiểu: chữ, các giá trị: [không, khiển trách, cảnh cáo, cách chức]}
khống chế:
  - {mã: khien-trach, loại: điều kiện, khi: [{số liệu: KL, là: khiển trách}], xếp loại không quá: khá, căn cứ: Điều 6}
  - {mã: canh-cao, loại: điều kiện, khi: [{số liệu: KL, là: cảnh cáo}], xếp loại không quá: trung bình}
  - {mã: cach-chuc, loại: điều kiện, khi: [{số liệu: KL, là: cách chức}], xếp vào: yếu}
  - {mã: diem-0, loại: điểm liệt, xếp loại không quá: trung bình}
"""
BOOK = a_book(DISCIPLINE, criteria=TWO)


def capped(more: str, **parts: str) -> Loaded:
    return a_book(f"khống chế:\n{more}", **{"criteria": TWO, **parts})


def of(book: Loaded, *rows: str, head: str = "| Đơn vị | TC1 | TC2 | Kỷ luật |") -> Outcome:
    return run(book, a_grid("\n".join((head, *rows))))


def bands(book: Loaded, *rows: str, head: str = "| Đơn vị | TC1 | TC2 | Kỷ luật |") -> list[str | None]:
    return [rating.band for rating in of(book, *rows, head=head).ratings]


# ------------------------------------------------------------------------------------------ discipline


def test_without_discipline_nothing_is_held_down():
    rating = of(BOOK, "| Xã Ná | 45 | 45 | không |").ratings[0]
    assert (rating.band, len(rating.why)) == ("tốt", 1)


def test_each_measure_has_its_band():
    rows = [
        f"| Xã N{n} | 45 | 45 | {said} |"
        for n, said in enumerate(("khiển trách", "cảnh cáo", "cách chức", "CẢNH  CÁO"))
    ]
    assert bands(BOOK, *rows) == ["khá", "trung bình", "yếu", "trung bình"]


def test_a_cap_lifts_nobody():
    assert bands(BOOK, "| Xã Ná | 20 | 20 | khiển trách |", "| Xã Nả | 30 | 25 | khiển trách |") == [
        "yếu",
        "trung bình",
    ]


def test_the_reason_names_the_rule_the_fact_and_the_article():
    why = of(BOOK, "| Xã Ná | 45 | 45 | khiển trách |").ratings[0].why[-1]
    assert all(word in why for word in ("khien-trach", "Kỷ luật: khiển trách", "không quá khá", "Điều 6"))


def test_the_band_by_points_and_the_rank_stay_beside():
    outcome = of(BOOK, "| Xã Ná | 45 | 45 | cách chức |", "| Xã Nả | 44 | 45 | không |")
    assert [(rating.band, rating.computed, rating.rank) for rating in outcome.ratings] == [
        ("yếu", "tốt", 1),
        ("tốt", "tốt", 2),
    ]


# ------------------------------------------------------------------------------- what cannot be known


def test_a_missing_fact_that_could_hold_the_band_down_leaves_it_open_and_is_named():
    outcome = of(BOOK, "| Xã Ná | 45 | 45 | |")
    assert outcome.ratings[0].status == "undetermined"
    assert "«Kỷ luật»" in " ".join(outcome.ratings[0].why)
    assert brief(outcome.findings, "DL65") == [("DL65", "Xã Ná", "A2")]


def test_a_missing_fact_that_could_change_nothing_leaves_the_band():
    assert bands(BOOK, "| Xã Ná | 20 | 20 | |") == ["yếu"]


def test_a_word_that_the_book_does_not_know_is_an_error_at_its_cell_and_no_answer():
    outcome = of(BOOK, "| Xã Ná | 45 | 45 | phê bình |")
    assert outcome.ratings[0].band is None
    assert brief(outcome.findings, "DL51") == [("DL51", "Xã Ná", "D2")]


def test_a_blank_is_what_the_book_says_it_is():
    said = DISCIPLINE.replace("cách chức]}", "cách chức], để trống là: không}", 1)
    assert bands(a_book(said, criteria=TWO), "| Xã Ná | 45 | 45 | |") == ["tốt"]


def test_all_conditions_of_a_cap_must_hold():
    book = a_book("""
        số liệu: [{mã: A, tên: Số vụ}, {mã: B, tên: Khắc phục, kiểu: có/không}]
        khống chế:
          - {mã: vu, loại: điều kiện, khi: [{số liệu: A, ít nhất: 3}, {số liệu: B, là: không}], xếp vào: yếu}
    """, criteria=TWO)  # fmt: skip
    head = "| Đơn vị | TC1 | TC2 | Số vụ | Khắc phục |"
    rows = ("| Xã A | 45 | 45 | 2 | không |", "| Xã B | 45 | 45 | 3 | có |", "| Xã C | 45 | 45 | 3 | không |",
            "| Xã D | 45 | 45 | 2 | |", "| Xã E | 45 | 45 | 3 | |")  # fmt: skip
    assert bands(book, *rows, head=head) == ["tốt", "tốt", "yếu", "tốt", None]


# --------------------------------------------------------------------------------- a criterion of 0 points


def test_a_hundredth_is_no_0():
    assert bands(BOOK, "| Xã Ná | 50 | 0.01 | không |", "| Xã Nả | 50 | 40 | không |") == ["trung bình", "tốt"]
    assert len(of(BOOK, "| Xã Ná | 50 | 0.01 | không |").ratings[0].why) == 1


def test_a_0_keeps_out_of_the_two_highest_bands_and_is_named():
    hundred = TWO.replace("tối đa: 50}", "tối đa: 10}")
    rating = of(a_book(DISCIPLINE, criteria=hundred), "| Xã Ná | 50 | 0 | không |").ratings[0]
    assert (rating.computed, rating.band) == ("tốt", "trung bình")  # 50 of 60
    assert "TC2 0 điểm" in rating.why[-1]


@pytest.mark.parametrize(("points", "band"), [("25.01", "khá"), ("25", "yếu"), ("24.99", "yếu")])
def test_the_limit_of_a_low_criterion_is_inclusive(points, band):
    for limit in ("25 điểm", "50%"):
        low = capped(f"  - {{mã: l, loại: điểm liệt, tiêu chí không quá: {limit}, xếp vào: yếu}}")
        assert bands(low, f"| Xã Ná | 49 | {points} |", head="| Đơn vị | TC1 | TC2 |") == [band]


def test_a_criterion_that_does_not_apply_has_no_0_points():
    assert bands(BOOK, "| Xã Ná | không áp dụng | 45 | không |") == ["tốt"]


def test_a_missing_score_is_no_0_and_the_unit_stays_unrated():
    outcome = of(BOOK, "| Xã Ná | | 45 | cách chức |")
    assert [(rating.status, rating.band) for rating in outcome.ratings] == [("unrated", None)]


def test_another_level_may_be_looked_at():
    low = a_book("khống chế: [{mã: l, loại: điểm liệt, cấp: tiêu chí thành phần, xếp vào: yếu}]")
    head = "| Đơn vị | TC1 | TC2.1 | TC2.2 |"
    assert bands(low, "| Xã Ná | 20 | 12 | 0 |", "| Xã Nả | 0 | 12 | 8 |", "| Xã Nã | 20 | 12 | 8 |", head=head) == [
        "yếu",
        "trung bình",
        "tốt",
    ]


# --------------------------------------------------------------------------------------------- effects


@pytest.mark.parametrize(("points", "band"), [("45", "khá"), ("35", "trung bình"), ("26", "yếu"), ("5", "yếu")])
def test_down_one_band_and_from_the_lowest_no_further(points, band):
    down = capped("  - {mã: h, loại: điều kiện, khi: [{tiêu chí: TC1, trên: 0}], hạ: 1}")
    assert bands(down, f"| Xã Ná | {points} | {points} |", head="| Đơn vị | TC1 | TC2 |") == [band]


def test_the_order_of_the_book_decides():
    when = "loại: điều kiện, khi: [{tiêu chí: TC1, trên: 0}]"
    at_most, down = f"  - {{mã: a, {when}, xếp loại không quá: khá}}\n", f"  - {{mã: b, {when}, hạ: 1}}\n"
    row, head = "| Xã Ná | 45 | 45 |", "| Đơn vị | TC1 | TC2 |"
    assert bands(capped(down + at_most), row, head=head) == ["khá"]  # tốt → khá; khá is not above khá
    assert bands(capped(at_most + down), row, head=head) == ["trung bình"]
    why = of(capped(at_most + down), row, head=head).ratings[0].why
    assert ["«a»" in why[1], "«b»" in why[2]] == [True, True]


def test_what_is_forced_holds_also_where_no_band_did():
    gap = """
    xếp loại:
      - {mức: tốt, ít nhất: 80%}
      - {mức: khá, ít nhất: 60%, dưới: 70%, sai lệch đã biết: Điều 8}
      - {mức: yếu, ít nhất: 0%, dưới: 60%}
    """
    forced = "  - {{mã: a, loại: điểm liệt, {}}}"
    row, head = "| Xã Ná | 0 | 75 |", "| Đơn vị | TC1 | TC2 |"
    criteria = TWO.replace("điểm tối đa: 50}", "điểm tối đa: 80}").replace("điểm tối đa: 50,", "điểm tối đa: 20,")
    assert [bands(capped(forced.format(effect), criteria=criteria, bands=gap), row, head=head) for effect in (
        "xếp loại không quá: khá", "hạ: 1", "xếp vào: yếu"
    )] == [[None], [None], ["yếu"]]  # fmt: skip


def test_a_cap_does_not_give_a_band_to_an_undetermined_unit_but_a_set_band_does():
    more = """
    số liệu: [{mã: V, tên: Vượt, kiểu: có/không}, {mã: KL, tên: Kỷ luật, kiểu: có/không}]
    khống chế:
      - {mã: n, loại: điều kiện, khi: [{số liệu: V, là: không}], xếp loại không quá: khá}
      - {mã: h, loại: điều kiện, khi: [{số liệu: V, là: không}], hạ: 1}
      - {mã: x, loại: điều kiện, khi: [{số liệu: KL, là: có}], xếp vào: yếu}
    """
    asked = """
    xếp loại:
      - {mức: tốt, ít nhất: 80%, điều kiện: [{số liệu: V, là: có}]}
      - {mức: khá, ít nhất: 50%}
      - {mức: yếu, ít nhất: 0%}
    """
    book, head = a_book(more, criteria=TWO, bands=asked), "| Đơn vị | TC1 | TC2 | Vượt | Kỷ luật |"
    rows = (
        "| Xã Ná | 45 | 45 | không | không |",
        "| Xã Nả | 45 | 45 | không | có |",
        "| Xã Nã | 45 | 45 | có | không |",
    )
    assert bands(book, *rows, head=head) == [None, "yếu", "tốt"]


def test_a_cap_for_one_kind_of_unit_leaves_the_others():
    only = a_book("khống chế: [{mã: h, loại: điều kiện, áp dụng cho: [phường], khi: [{tiêu chí: TC1, trên: 0}], hạ: 1}]",
                  criteria="loại đơn vị: [xã, phường]" + TWO)  # fmt: skip
    assert bands(only, "| Xã Ná | 45 | 45 |", "| Phường Nả | 45 | 45 |", head="| Đơn vị | TC1 | TC2 |") == [
        "tốt",
        "khá",
    ]


# --------------------------------------------------------------------------------------- no self-score

NO_SELF = a_book(
    "điểm chính thức: {cộng: [thẩm định]}\nkhống chế: [{mã: tu-cham, loại: không tự chấm, xếp vào: yếu}]", criteria=TWO
)
PHASED = """
| Đơn vị | TC1 | | TC2 | |
| | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
"""


def test_one_self_score_even_of_0_is_a_self_score():
    grid = a_grid(PHASED + "| Xã Ná | 0 | 45 | | 45 |\n| Xã Nả | 45 | 45 | 45 | 45 |")
    assert [rating.band for rating in run(NO_SELF, grid).ratings] == ["tốt", "tốt"]


def test_who_did_not_score_itself_at_all_is_lowest():
    rating = run(NO_SELF, a_grid(PHASED + "| Xã Ná | | 45 | | 45 |")).ratings[0]
    assert (rating.computed, rating.band) == ("tốt", "yếu")
    assert "không tự chấm" in rating.why[-1]


def test_a_sheet_that_has_no_self_scores_says_nothing_of_anybody():
    assert [r.band for r in run(NO_SELF, a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 45 | 45 |")).ratings] == ["tốt"]


def test_a_sheet_that_has_no_self_scores_says_nothing_beside_one_that_has_them():
    first = a_grid(PHASED + "| Xã Ná | 45 | 45 | 45 | 45 |", sheet="A")
    second = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Nả | 45 | 45 |", sheet="B")
    assert [rating.band for rating in run(NO_SELF, first, second).ratings] == ["tốt", "tốt"]


def test_a_self_score_that_cannot_be_read_is_not_none():
    outcome = run(NO_SELF, a_grid(PHASED + "| Xã Ná | 45đ | 45 | 45đ | 45 |"))
    assert outcome.ratings[0].band != "yếu"
