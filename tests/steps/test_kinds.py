"""Loại đơn vị: different criteria for different kinds in one run, and the lower level before the higher."""

from __future__ import annotations

from fractions import Fraction

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.pipeline import Outcome
from xeploai.report.json import document

CRITERIA = """
loại đơn vị: [xã, phường]
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50, áp dụng cho: [xã]}
  - {mã: TC3, tên: Tiêu chí ba, điểm tối đa: 30, áp dụng cho: [phường]}
"""
BOOK = a_book(criteria=CRITERIA)
HEAD = "| Đơn vị | Loại đơn vị | TC1 | TC2 | TC3 |"


def of(book: Loaded, *rows: str, head: str = HEAD, sheet: str = "Bảng điểm") -> Outcome:
    return run(book, a_grid("\n".join((head, *rows)), sheet=sheet))


# ---------------------------------------------------------------------------------- each by its own


def test_what_is_not_meant_for_a_kind_is_not_missed():
    outcome = of(BOOK, "| Xã Ná | | 45 | 45 | |", "| Phường Nả | | 40 | | 24 |")
    assert [(r.points, r.max_points, r.percent, r.band) for r in outcome.ratings] == [
        (90, 100, 90, "tốt"),
        (64, 80, 80, "tốt"),
    ]
    assert outcome.errors == []


def test_what_is_meant_for_a_kind_is_missed():
    outcome = of(BOOK, "| Xã Ná | | 45 | | 30 |", "| Phường Nả | | 40 | 50 | |")
    assert [r.status for r in outcome.ratings] == ["unrated", "unrated"]
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "D2"), ("DL20", "Phường Nả", "E3")]


def test_points_under_another_kind_s_criterion_do_not_count_and_are_named():
    outcome = of(BOOK, "| Xã Ná | | 45 | 45 | 3 |", "| Phường Nả | | 40 | không áp dụng | 24 |")
    assert [r.percent for r in outcome.ratings] == [90, 80]
    assert brief(outcome.findings, "DL66") == [("DL66", "", "E2")]


def test_of_a_unit_whose_kind_nobody_knows_no_column_is_said_to_be_another_kind_s():
    outcome = of(BOOK, "| Xã Ná | | 45 | 45 | 3 |", "| Nả | | 40 | 30 | 24 |")
    assert brief(outcome.findings, "DL50", "DL66") == [("DL50", "Nả", "B3"), ("DL66", "", "E2")]


def test_the_column_says_the_kind_else_the_name_else_the_sheet():
    rows = ("| Ná | xã | 45 | 45 | |", "| Xã Nả | Phường | 40 | | 24 |", "| Nã | | 40 | | 24 |")
    assert [r.max_points for r in of(BOOK, *rows, sheet="Phường").ratings] == [100, 80, 80]


def test_a_kind_that_the_book_does_not_know_is_an_error_and_nothing_is_guessed():
    outcome = of(BOOK, "| Xã Ná | đặc khu | 45 | 45 | |", "| Thị trấn Nả | | 45 | 45 | |", "| Xã Nã | | 45 | 45 | |")
    assert [r.status for r in outcome.ratings] == ["unrated", "unrated", "rated"]
    assert brief(outcome.findings, "DL50") == [("DL50", "Xã Ná", "B2"), ("DL50", "Thị trấn Nả", "B3")]


def test_of_an_unknown_kind_nothing_is_missed_and_nothing_flagged_that_may_not_apply():
    book = a_book("cảnh báo: [{mã: thap, loại: điểm thấp, không quá: 9 điểm}]", criteria=CRITERIA)
    outcome = of(book, "| Đặc khu Ná | | 45 | 3 | |", "| Xã Nả | | 45 | 45 | |")
    assert brief(outcome.findings, "thap", "DL20") == []


def test_a_column_that_one_kind_alone_lacks_leaves_the_others_rated():
    outcome = of(BOOK, "| Xã Ná | 45 | 45 |", "| Phường Nả | 45 | |", head="| Đơn vị | TC1 | TC2 |")
    assert [r.band for r in outcome.ratings] == ["tốt", None]
    assert len(brief(outcome.findings, "DL11")) == 1


def test_of_an_unknown_kind_no_column_is_missed():
    outcome = of(BOOK, "| Xã Ná | 45 | 45 |", "| Đặc khu Nả | 45 | 45 |", head="| Đơn vị | TC1 | TC2 |")
    assert brief(outcome.findings, "DL11", "DL50") == [("DL50", "Đặc khu Nả", "A3")]


def test_a_column_that_nobody_here_needs_is_not_missed():
    outcome = of(BOOK, "| Xã Ná | 45 | 45 |", head="| Đơn vị | TC1 | TC2 |")
    assert (outcome.ratings[0].band, brief(outcome.findings, "DL11")) == ("tốt", [])


def test_parts_for_different_kinds():
    book = a_book(criteria="""
        loại đơn vị: [xã, phường]
        tiêu chí:
          - {mã: TC1, tên: Một, điểm tối đa: 70}
          - mã: TC2
            tên: Hai
            điểm tối đa: 30
            gồm:
              - {mã: TC2.1, tên: Chung, điểm tối đa: 10}
              - {mã: TC2.2, tên: Của xã, điểm tối đa: 20, áp dụng cho: [xã]}
              - {mã: TC2.3, tên: Của phường, điểm tối đa: 20, áp dụng cho: [phường], khi không áp dụng: chia đều}
    """)  # fmt: skip
    outcome = of(book, "| Xã A | 60 | 10 | 15 | |", "| Phường B | 60 | 10 | | 15 |", "| Phường C | 60 | 9 | | kad |",
                 head="| Đơn vị | TC1 | TC2.1 | TC2.2 | TC2.3 |")  # fmt: skip
    assert [(r.points, r.max_points) for r in outcome.ratings] == [(85, 100), (85, 100), (87, 100)]  # 9/10 of 30
    assert document(outcome)["units"][1]["not_applicable"] == []
    assert document(outcome)["units"][2]["not_applicable"] == ["TC2.3"]


def test_the_group_is_the_kind_that_the_sheet_states():
    outcome = of(
        a_book("xếp hạng: {theo nhóm: loại đơn vị}", criteria=CRITERIA),
        "| Xã A | phường | 45 | | 30 |",
        "| B | phường | 40 | | 30 |",
    )
    assert [(r.group, r.group_rank) for r in outcome.ratings] == [("phường", 1), ("phường", 2)]


ROWS = ("| Xã A | | 45 | 45 | |", "| Phường B | | 45 | | 30 |", "| Xã C | | 50 | 50 | |", "| Phường D | | 2 | | 30 |")


def test_kinds_are_ranked_together_by_percent():
    outcome = of(BOOK, *ROWS)
    assert [(r.percent, r.rank, r.of) for r in outcome.ratings] == [
        (90, 3, 4), (Fraction("93.75"), 2, 4), (100, 1, 4), (40, 4, 4)
    ]  # fmt: skip


def test_where_the_book_ranks_by_kind_each_kind_has_a_ranking_of_its_own():
    outcome = of(a_book("xếp hạng: {theo nhóm: loại đơn vị}", criteria=CRITERIA), *ROWS)
    assert [(r.group, r.group_rank, r.group_of) for r in outcome.ratings] == [
        ("xã", 2, 2),
        ("phường", 1, 2),
        ("xã", 1, 2),
        ("phường", 2, 2),
    ]


def test_other_kinds_fire_no_flag_and_hold_no_title_back():
    book = a_book("""
        cảnh báo: [{mã: thap, loại: điểm thấp, không quá: 9 điểm}, {mã: nhat, loại: thấp nhất, số lĩnh vực ít nhất: 1}]
        danh hiệu: [{tên: Vững mạnh, mọi tiêu chí trên: 9 điểm}]
    """, criteria=CRITERIA)  # fmt: skip
    outcome = of(book, "| Xã A | | 45 | 45 | |", "| Phường B | | 45 | 3 | 9.01 |", "| Phường C | | 45 | | 9 |")
    assert brief(outcome.findings, "thap") == [("thap", "Phường C", "E4")]
    assert [r.titles for r in outcome.ratings] == [("Vững mạnh",), ("Vững mạnh",), ()]


# -------------------------------------------------------------------- lower level before higher level

# Nghị định 335/2025, Điều 8 and 9: no direct sub-unit «không hoàn thành»; the lower level is rated first.
LEVELS = a_book(
    criteria="loại đơn vị: [phòng, xã]\ntiêu chí:\n  - {mã: TC1, tên: Một, điểm tối đa: 50}\n"
    "  - {mã: TC2, tên: Hai, điểm tối đa: 50}",
    bands="""
    xếp loại:
      - {mức: tốt, ít nhất: 80%, điều kiện: [{không đơn vị trực thuộc nào: [yếu]}]}
      - {mức: khá, ít nhất: 50%}
      - {mức: yếu, ít nhất: 0%}
    """,
)
OVER = "| Huyện | Đơn vị | Loại đơn vị | TC1 | TC2 |"


def over(*below: str, book: Loaded = LEVELS) -> Outcome:
    return of(book, "| | Xã Ná | xã | 45 | 45 |", *below, head=OVER)


def test_no_unit_below_is_lowest():
    rating = over("| Xã Ná | Phòng Một | phòng | 25 | 25 |", "| Xã Ná | Phòng Hai | phòng | 39 | 40 |").ratings[0]
    assert rating.band == "tốt"


def test_one_unit_below_that_is_lowest_is_named():
    rating = over("| Xã Ná | Phòng Một | phòng | 25 | 24.99 |", "| Xã Ná | Phòng Hai | phòng | 39 | 40 |").ratings[0]
    assert (rating.status, rating.computed) == ("undetermined", None)
    assert "Phòng Một" in rating.why[-1]
    assert "yếu" in rating.why[-1]


def test_a_unit_below_another_does_not_count():
    rows = (
        "| Xã Ná | Phòng Một | phòng | 25 | 25 |",
        "| | Xã Nả | xã | 20 | 45 |",
        "| Xã Nả | Phòng Hai | phòng | 5 | 5 |",
    )
    assert [r.band for r in over(*rows).ratings] == ["tốt", "khá", "khá", "yếu"]


def test_without_any_unit_below_it_is_not_known():
    outcome = over()
    assert outcome.ratings[0].status == "undetermined"
    assert "chưa có kết quả của đơn vị trực thuộc nào" in outcome.ratings[0].why[-1]


def test_a_unit_of_the_lowest_level_has_nobody_below_who_could_fail():
    outcome = of(LEVELS, "| | Phòng Một | phòng | 45 | 45 |", "| | Xã Ná | xã | 45 | 45 |", head=OVER)
    assert [r.band for r in outcome.ratings] == ["tốt", None]  # the commune should have some, and none was given
    assert "không có đơn vị trực thuộc" in " ".join(outcome.ratings[0].why)


def test_where_something_belongs_to_a_unit_of_the_lowest_level_it_counts():
    rows = ("| | Phòng Một | phòng | 45 | 45 |", "| Phòng Một | Phòng Hai | phòng | 5 | 5 |")
    assert of(LEVELS, *rows, head=OVER).ratings[0].band is None


def test_a_book_that_names_no_levels_does_not_know_who_is_lowest():
    book = a_book(
        criteria="tiêu chí: [{mã: TC1, tên: Một, điểm tối đa: 50}, {mã: TC2, tên: Hai, điểm tối đa: 50}]",
        bands="""
        xếp loại:
          - {mức: tốt, ít nhất: 80%, điều kiện: [{không đơn vị trực thuộc nào: [yếu]}]}
          - {mức: yếu, ít nhất: 0%}
        """,
    )
    outcome = of(book, "| | Xã Ná | 45 | 45 |", head="| Huyện | Đơn vị | TC1 | TC2 |")
    assert outcome.ratings[0].band is None


def test_the_band_that_a_cap_leaves_below_counts():
    capped = a_book(
        "số liệu: [{mã: KL, tên: Kỷ luật, kiểu: có/không, để trống là: không}]\n"
        "khống chế: [{mã: k, loại: điều kiện, khi: [{số liệu: KL, là: có}], xếp vào: yếu}]",
        criteria="loại đơn vị: [phòng, xã]\ntiêu chí:\n  - {mã: TC1, tên: Một, điểm tối đa: 50}\n"
        "  - {mã: TC2, tên: Hai, điểm tối đa: 50}",
        bands="""
        xếp loại:
          - {mức: tốt, ít nhất: 80%, điều kiện: [{không đơn vị trực thuộc nào: [yếu]}]}
          - {mức: khá, ít nhất: 50%}
          - {mức: yếu, ít nhất: 0%}
        """,
    )
    rows = (
        "| | Xã Ná | xã | 45 | 45 | |",
        "| Xã Ná | Phòng Một | phòng | 30 | 30 | có |",
        "| | Xã Nả | xã | 45 | 45 | |",
        "| Xã Nả | Phòng Hai | phòng | 30 | 30 | |",
    )
    outcome = of(capped, *rows, head=OVER + " Kỷ luật |")
    assert [r.band for r in outcome.ratings] == [None, "yếu", "tốt", "khá"]


def test_a_band_that_is_not_written_is_that_of_the_unit_above():
    book = a_book(
        "số liệu: [{mã: XL, tên: Mức của xã, kiểu: mức}]\n"
        "khống chế: [{mã: k, loại: điều kiện, áp dụng cho: [tổ], khi: [{số liệu: XL, là: [khá, yếu]}], hạ: 1}]",
        criteria="loại đơn vị: [xã, tổ]\ntiêu chí:\n  - {mã: TC1, tên: Một, điểm tối đa: 50}\n"
        "  - {mã: TC2, tên: Hai, điểm tối đa: 50}",
        bands="xếp loại:\n  - {mức: tốt, ít nhất: 80%}\n  - {mức: khá, ít nhất: 50%}\n  - {mức: yếu, ít nhất: 0%}",
    )
    rows = (
        "| 1 | Xã Nả | Tổ Một | tổ | 45 | 45 | |",
        "| 2 | Xã Nả | Tổ Hai | tổ | 45 | 45 | tốt |",
        "| 3 | Xã Ná | Tổ Ba | tổ | 45 | 45 | |",
        "| 4 | | Xã Nả | xã | 30 | 30 | |",
        "| 5 | | Xã Ná | xã | 40 | 40 | |",
    )
    outcome = of(book, *rows, head="| STT | Huyện | Đơn vị | Loại đơn vị | TC1 | TC2 | Mức của xã |")
    assert [r.band for r in outcome.ratings] == ["khá", "tốt", "tốt", "khá", "tốt"]


def test_a_unit_below_without_a_result_leaves_it_open():
    outcome = over("| Xã Ná | Phòng Một | phòng | 30 | 30 |", "| Xã Ná | Phòng Hai | phòng | 30 | |")
    assert outcome.ratings[0].band is None
    assert "Phòng Hai" in outcome.ratings[0].why[-1]


def test_the_only_unit_below_without_a_result_leaves_it_open():
    assert over("| Xã Ná | Phòng Hai | phòng | 30 | |").ratings[0].band is None


def test_the_last_row_that_states_its_kind_is_a_unit():
    book = a_book(criteria=CRITERIA.replace("[xã, phường]", "[xã, phường, tổ]"))
    outcome = of(book, "| Xã Ná | xã | 45 | 45 | |", "| Xã Nả | xã | 45 | 45 | |", "| Tổ Một | tổ | 40 | 5 | 5 |")
    assert [r.unit.name for r in outcome.ratings] == ["Xã Ná", "Xã Nả", "Tổ Một"]
