"""Phases side by side: self-score, appraisal (twice), survey, points taken off. The book says which make the official score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.model import Rating
from xeploai.pipeline import Outcome
from xeploai.report import tables
from xeploai.report.json import document

CRITERIA = """
tiêu chí:
  - mã: TC1
    tên: Tiêu chí một
    điểm tối đa: 10
    theo giai đoạn: [{giai đoạn: thẩm định, điểm tối đa: 6}, {giai đoạn: điều tra xã hội học, điểm tối đa: 4}]
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 10}
"""
TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""
OFFICIAL = "điểm chính thức: {{cộng: [thẩm định, điều tra xã hội học], trừ: [điểm trừ], được để trống: [{}]}}"
MUST = a_book(OFFICIAL.format("điểm trừ"), criteria=CRITERIA)
OPTIONAL = a_book(OFFICIAL.format("điểm trừ, điều tra xã hội học"), criteria=CRITERIA)
APPRAISED_BY = "điểm chính thức: {cộng: [thẩm định]}"
APPRAISED = a_book(APPRAISED_BY, criteria=TWO)

WIDE = """
| Đơn vị | TC1 | | | | TC2 | | |
| | Tự chấm | Thẩm định | Điều tra XHH | Điểm trừ | Tự chấm | Thẩm định | Bị trừ |
"""


def wide(book: Loaded, *rows: str) -> Outcome:
    return run(book, a_grid(WIDE + "\n".join(rows)))


def one(book: Loaded, row: str) -> Rating:
    return wide(book, row).ratings[0]


# ---------------------------------------------------------------------------------- what makes the score


def test_a_self_score_makes_no_official_point():
    assert one(MUST, "| Xã Ná | 10 | 0 | 0 | | 10 | 0 | |").points == 0


def test_appraisal_and_survey_less_what_is_taken_off():
    # 6 + 3 − 1 and 8 − 0,5: 15,5 of 20, 77,5 %.
    rating = one(MUST, "| Xã Ná | 10 | 6 | 3 | 1 | 10 | 8 | 0.5 |")
    assert (rating.points, rating.max_points, rating.percent) == (Decimal("15.5"), 20, Fraction("77.5"))
    assert rating.band == "khá"


def test_nothing_taken_off_may_be_left_blank_where_the_book_says_so():
    assert one(MUST, "| Xã Ná | | 6 | 4 | | | 6 | |").points == 16


def test_a_blank_that_the_book_does_not_allow_is_missing_and_names_its_cell():
    outcome = wide(MUST, "| Xã Ná | 10 | 6 | | | 10 | 8 | |", "| Xã Nả | 10 | | 3 | | 10 | 8 | |")
    assert [rating.status for rating in outcome.ratings] == ["unrated", "unrated"]
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "D3"), ("DL20", "Xã Nả", "C4")]


def test_points_taken_off_down_to_0_but_not_below():
    outcome = wide(MUST, "| Xã Ná | | 1 | 0 | 1 | | 0 | |", "| Xã Nả | | 1 | 0 | 1.01 | | 0 | |")
    assert [(rating.points, rating.band) for rating in outcome.ratings] == [(0, "yếu"), (None, None)]
    assert [finding[:2] for finding in brief(outcome.findings, "DL53")] == [("DL53", "Xã Nả")]


def test_a_phase_gives_at_most_its_own_share():
    outcome = wide(
        MUST, "| Xã Ná | | 6 | 4 | | | 0 | |", "| Xã Nả | | 6.01 | 4 | | | 0 | |", "| Xã Nã | | 6 | 4.01 | | | 0 | |"
    )
    assert [rating.points for rating in outcome.ratings] == [10, None, None]
    assert brief(outcome.findings, "DL23") == [("DL23", "Xã Nả", "C4"), ("DL23", "Xã Nã", "D5")]


def test_the_second_appraisal_counts_and_the_first_stays():
    grid = a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Thẩm định lần 1 | Thẩm định lần 2 | Thẩm định lần 1 | Thẩm định lần 2 |
        | Xã Ná | 10 | 40 | 20 | 45 |
    """)
    outcome = run(APPRAISED, grid)
    assert outcome.ratings[0].points == 85
    kept = {
        phase: {code: list(column) for code, column in each.items()} for phase, each in outcome.sheet.phases.items()
    }
    assert kept == {
        "thẩm định": {"TC1": [10], "TC2": [20]}, "thẩm định 2": {"TC1": [40], "TC2": [45]}
    }  # fmt: skip


def test_a_finding_points_to_the_round_that_counts():
    book = a_book(
        "điểm chính thức: {cộng: [thẩm định]}\ncảnh báo: [{mã: thap, loại: điểm thấp, không quá: 9 điểm}]", criteria=TWO
    )
    grid = a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Thẩm định lần 1 | Thẩm định lần 2 | Thẩm định lần 1 | Thẩm định lần 2 |
        | Xã Ná | 9 | 9.01 | 9.01 | 9 |
        | Xã Nả | 40 | 40 | 40 | |
    """)
    assert brief(run(book, grid).findings, "thap", "DL20") == [("DL20", "Xã Nả", "E4"), ("thap", "Xã Ná", "E3")]


def test_where_no_appraisal_was_given_points_taken_off_are_no_score():
    book = a_book(
        "điểm chính thức: {cộng: [thẩm định], trừ: [điểm trừ], được để trống: [thẩm định, điểm trừ]}", criteria=TWO
    )
    outcome = run(book, a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Thẩm định | Điểm trừ | Thẩm định | Điểm trừ |
        | Xã Ná | 45 | 1 | | 0 |
        | Xã Nả | 45 | 1 | 1 | 0 |
    """))  # fmt: skip
    assert [rating.points for rating in outcome.ratings] == [None, 45]


def test_what_applies_in_no_phase_leaves_the_denominator_or_is_an_error():
    grid = a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Thẩm định | Điều tra XHH | Thẩm định | Điều tra XHH |
        | Xã Ná | kad | kad | 30 | 10 |
        | Xã Nả | 30 | 10 | 20 | 20 |
    """)
    said = "điểm chính thức: {cộng: [thẩm định, điều tra xã hội học]}"
    rule = a_book(said, criteria=TWO.replace("50}", "50, khi không áp dụng: bỏ khỏi mẫu số}"))
    assert [(r.points, r.max_points) for r in run(rule, grid).ratings] == [(40, 50), (80, 100)]
    outcome = run(a_book(said, criteria=TWO), grid)
    assert [r.points for r in outcome.ratings] == [None, 80]
    assert [finding[:2] for finding in brief(outcome.findings, "DL54")] == [("DL54", "Xã Ná")]


def test_where_the_book_is_silent_the_appraisal_counts_and_a_note_says_so():
    outcome = run(a_book(criteria=TWO), a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Xã Ná | 50 | 40 | 50 | 41 |
    """))  # fmt: skip
    assert outcome.ratings[0].points == 81
    assert [finding.severity.name for finding in outcome.findings if finding.code == "DL19"] == ["NOTE"]


def test_a_sheet_without_phases_is_taken_as_it_is_and_that_is_said():
    outcome = run(APPRAISED, a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 40 | 41 |"))
    assert outcome.ratings[0].points == 81
    assert len(brief(outcome.findings, "DL56")) == 1


# ------------------------------------------------------------------- without a survey (Hà Nội's framework)


def test_a_survey_of_0_points_is_a_survey():
    assert one(OPTIONAL, "| Xã Ná | | 6 | 0 | | | 8 | |").percent == 70  # 14 of 20


def test_without_a_survey_the_appraisal_alone_is_the_hundred():
    # domain.md 2.2: without a survey the appraisal alone is normalised. 6 + 8 of 6 + 10; 5,4 + 9 of 16.
    outcome = wide(
        OPTIONAL, "| Xã Ná | | 6 | | | | 8 | |", "| Xã Nả | | 5.4 | | | | 9 | |", "| Xã Nã | | 6 | 3 | | | 8 | |"
    )
    assert [(rating.points, rating.max_points, rating.percent) for rating in outcome.ratings] == [
        (14, 16, Fraction("87.5")), (Decimal("14.4"), 16, 90), (17, 20, 85)
    ]  # fmt: skip
    assert [rating.rank for rating in outcome.ratings] == [2, 1, 3]  # by percent, not by points


def test_no_column_for_the_survey_is_as_a_column_of_blanks():
    bare = a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Xã Ná | 10 | 6 | 10 | 8 |
    """)
    assert run(OPTIONAL, bare).ratings[0].percent == Fraction("87.5")
    assert run(MUST, bare).ratings[0].status == "unrated"


def test_a_missing_appraisal_is_missing_whatever_the_survey_says():
    outcome = wide(OPTIONAL, "| Xã Ná | | | 3 | | | 9 | |")
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "C3")]
    assert outcome.ratings[0].status == "unrated"


SURVEYED = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 10}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 10}
  - mã: TC3
    tên: Tiêu chí ba
    điểm tối đa: 10
    theo giai đoạn: [{giai đoạn: điều tra xã hội học, điểm tối đa: 10}]
điểm chính thức: {cộng: [thẩm định, điều tra xã hội học], được để trống: [điều tra xã hội học]}
"""


def test_a_criterion_of_the_survey_alone_leaves_the_denominator_where_it_is_blank():
    outcome = run(a_book(criteria=SURVEYED), a_grid("""
        | Đơn vị | TC1 | TC2 | TC3 |
        | | Thẩm định | Thẩm định | Điều tra XHH |
        | Xã Ná | 9 | 7 | |
        | Xã Nả | 9 | 7 | 0 |
    """))  # fmt: skip
    assert [(rating.points, rating.max_points) for rating in outcome.ratings] == [(16, 20), (16, 30)]


def test_a_criterion_of_the_survey_alone_leaves_the_denominator_where_it_has_no_column():
    outcome = run(a_book(criteria=SURVEYED), a_grid("""
        | Đơn vị | TC1 | TC2 |
        | | Thẩm định | Thẩm định |
        | Xã Ná | 9 | 7 |
    """))  # fmt: skip
    assert [(rating.points, rating.max_points) for rating in outcome.ratings] == [(16, 20)]


# ------------------------------------------------------------------------------------- kept side by side


def test_every_phase_is_kept_beside_the_official_score():
    outcome = wide(MUST, "| Xã Ná | 10 | 6 | 3 | 1 | 9 | 8 | |")
    unit: dict[str, Any] = document(outcome)["units"][0]
    assert unit["phases"] == {
        "tự chấm": {"TC1": "10", "TC2": "9"}, "thẩm định": {"TC1": "6", "TC2": "8"},
        "điều tra xã hội học": {"TC1": "3"}, "điểm trừ": {"TC1": "1", "TC2": None},
    }  # fmt: skip
    assert unit["criteria"] == {"TC1": "8", "TC2": "8"}


def test_a_fault_in_the_self_score_is_told_and_does_no_harm():
    outcome = wide(MUST, "| Xã Ná | 11 | 6 | 3 | | mười | 8 | |")
    assert outcome.ratings[0].points == 17
    assert brief(outcome.findings, "DL55") == [("DL55", "Xã Ná", "B3"), ("DL55", "Xã Ná", "F3")]


def test_a_self_score_that_does_not_apply_is_no_fault():
    outcome = wide(MUST, "| Xã Ná | Không áp dụng | 6 | 3 | | | 8 | |")
    assert (outcome.ratings[0].points, brief(outcome.findings, "DL55")) == (17, [])


def compared(outcome: Outcome) -> list[list[object]]:
    page = tables.compared(outcome)
    assert page
    return [row for table in page.tables for row in table.rows]


def test_self_score_against_appraisal_with_the_gap():
    outcome = run(APPRAISED, a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Xã Ná | 45 | 41.5 | 40 | 42 |
        | Xã Nả | | 41.5 | 40 | 42 |
    """))  # fmt: skip
    assert [row[1:3] + row[4:] for row in compared(outcome)] == [
        ["Xã Ná", "TC1", 45, Decimal("41.5"), Decimal("41.5"), Decimal("-3.5")],
        ["Xã Ná", "TC2", 40, 42, 42, 2],
        ["Xã Ná", "", 85, Decimal("83.5"), Decimal("83.5"), Decimal("-1.5")],
        ["Xã Nả", "TC1", None, Decimal("41.5"), Decimal("41.5"), None],
        ["Xã Nả", "TC2", 40, 42, 42, 2],
        ["Xã Nả", "", None, Decimal("83.5"), Decimal("83.5"), None],  # a sum with a missing part is missing
    ]


PARTS = """
| Đơn vị | TC1 | | TC2 | | TC2.1 | | TC2.2 | |
| | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
| Xã Ná | 20 | 19 | 20 | 18 | 12 | 11 | 8 | 7 |
"""


def test_the_total_of_a_phase_does_not_count_a_parent_beside_its_parts():
    rows = compared(run(a_book("điểm chính thức: {cộng: [thẩm định]}"), a_grid(PARTS)))
    assert [row[-4:] for row in rows if row[2] == ""] == [[40, 37, 37, -3]]


def test_a_parent_s_own_column_makes_no_point_beside_its_parts():
    rating = run(a_book("điểm chính thức: {cộng: [thẩm định]}"), a_grid(PARTS)).ratings[0]
    assert (rating.points, rating.max_points) == (37, 40)


# ------------------------------------------------------------------------------------------ found wrong


def test_a_second_appraisal_of_one_criterion_leaves_the_first_of_the_others():
    book = a_book(
        "điểm chính thức: {cộng: [thẩm định]}",
        criteria=TWO.replace("50}", "50}") + "  - {mã: TC3, tên: Ba, điểm tối đa: 10}",
    )
    outcome = run(book, a_grid("""
        | Đơn vị | TC1 | TC2 | | TC3 |
        | | Thẩm định | Thẩm định | Thẩm định lần 2 | Thẩm định |
        | Xã Ná | 40 | 20 | 45 | 9 |
    """))  # fmt: skip
    assert outcome.ratings[0].points == 94


def test_no_survey_for_a_unit_does_not_take_its_appraised_points():
    book = a_book(
        OFFICIAL.format("điểm trừ, điều tra xã hội học"),
        criteria=CRITERIA.replace("10\n", "10\n    khi không áp dụng: bỏ khỏi mẫu số\n", 1),
    )
    rating = one(book, "| Xã Ná | | 6 | Không áp dụng | | | 8 | |")
    assert (rating.points, rating.max_points) == (14, 16)


def test_plain_points_beside_points_taken_off():
    book = a_book("điểm chính thức: {cộng: [thẩm định], trừ: [điểm trừ], được để trống: [điểm trừ]}", criteria=TWO)
    outcome = run(book, a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Điểm | Điểm trừ | Điểm | Điểm trừ |
        | Xã Ná | 45 | 1 | 45 | |
    """))  # fmt: skip
    assert brief(outcome.findings, "DL20", "DL36") == []  # the points are there: «để trống» is not true


def test_hidden_columns_of_phases_are_named():
    book = a_book("điểm chính thức: {cộng: [thẩm định, điều tra xã hội học]}", criteria=TWO)
    outcome = run(book, a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Thẩm định | Điều tra XHH | Thẩm định | Điều tra XHH |
        | Xã Ná | 24 | 10 | 40 | 2 |
    """, hidden_columns=frozenset({2, 4})))  # fmt: skip
    assert len(brief(outcome.findings, "DL15")) == 1


def test_a_typed_total_of_the_official_phase_is_compared():
    outcome = run(APPRAISED, a_grid("""
        | Đơn vị | TC1 | | TC2 | | Tổng điểm | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Xã Ná | 45 | 40 | 45 | 41 | 90 | 81 |
        | Xã Nả | 45 | 40 | 45 | 41 | 90 | 82 |
    """))  # fmt: skip
    assert brief(outcome.findings, "DL30") == [("DL30", "Xã Nả", "G4")]


EXTRA = """
điểm thưởng: {tối đa: 5, gồm: [{mã: B1, tên: Thưởng, điểm tối đa: 5}], để trống là 0: có}
điểm phạt: {tối đa: 5, gồm: [{mã: P1, tên: Phạt, điểm tối đa: 5}], để trống là 0: có}
điểm chính thức: {cộng: [thẩm định]}
"""


def test_a_penalty_is_taken_off_the_total_of_a_phase():
    outcome = run(a_book(EXTRA, criteria=TWO), a_grid("""
        | Đơn vị | TC1 | | TC2 | | Thưởng | | Phạt | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Xã Ná | 40 | 40 | 45 | 45 | 3 | 2 | 1 | 1 |
    """))  # fmt: skip
    assert outcome.ratings[0].points == 86
    assert compared(outcome)[-1][4:] == [87, 86, 86, -1]


def test_the_total_of_a_phase_is_of_what_applies():
    criteria = "loại đơn vị: [xã, phường]" + TWO.replace(
        "hai, điểm tối đa: 50", "hai, điểm tối đa: 50, áp dụng cho: [xã]"
    )
    book = a_book(APPRAISED_BY, criteria=criteria)
    outcome = run(book, a_grid("""
        | Đơn vị | TC1 | | TC2 | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Phường Ná | 40 | 39 | | |
        | Phường Nả | 40 | 39 | 3 | 3 |
    """))  # fmt: skip
    assert [row[4:] for row in compared(outcome) if row[2] == ""] == [[40, 39, 39, -1]] * 2


def test_a_penalty_of_the_official_phase_alone_counts():
    outcome = run(a_book(EXTRA, criteria=TWO), a_grid("""
        | Đơn vị | TC1 | | TC2 | | Phạt | |
        | | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định |
        | Xã Ná | 40 | 40 | 45 | 45 | 5 | 1 |
        | Xã Nả | 40 | 40 | 45 | 45 | 5 | |
    """))  # fmt: skip
    assert [rating.points for rating in outcome.ratings] == [84, 85]
