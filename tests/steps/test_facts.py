"""Số liệu: what a sheet tells beside points: found by name, read as the book says, missing where blank."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.load import Loaded
from xeploai.pipeline import Outcome

TWO = """
tiêu chí:
  - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 50}
  - {mã: TC2, tên: Tiêu chí hai, điểm tối đa: 50}
"""


def told(*facts: str) -> Loaded:
    lines = "\n".join(f"  - {{{fact}}}" for fact in facts)
    return a_book(f"số liệu:\n{lines}", criteria=TWO)


def of(book: Loaded, drawing: str, **more: object) -> Outcome:
    return run(book, a_grid(drawing, **more))


def seen(fact: str, cell: str) -> tuple[object, list[tuple[str, str, str]]]:
    """The fact that the book describes so, of a cell that holds this; and the findings about it."""
    outcome = of(
        told(f"mã: S, tên: Số liệu, {fact}"), f"| Đơn vị | Số liệu | TC1 | TC2 |\n| Xã Ná | {cell} | 45 | 45 |"
    )
    assert outcome.ratings[0].band == "tốt"  # no condition needs it: it does no harm
    return outcome.sheet.facts["S"][0], brief(outcome.findings, "DL51")


# ------------------------------------------------------------------------------------- what a cell holds


@pytest.mark.parametrize("fact", ["kiểu: số", "kiểu: phần trăm", "kiểu: có/không", "kiểu: chữ", "kiểu: mức"])
@pytest.mark.parametrize("cell", ["", "'  '"])
def test_a_blank_is_missing_and_never_0_or_no(fact, cell):
    assert seen(fact, cell) == (None, [])


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("kiểu: số, để trống là: 0", 0),
        ("kiểu: có/không, để trống là: không", False),
        ("kiểu: chữ, các giá trị: [không, nhẹ], để trống là: không", "không"),
    ],
)
def test_a_blank_is_what_the_book_says(fact, value):
    assert seen(fact, "") == (value, [])


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("kiểu: số", "0", 0), ("kiểu: số", "-3", -3),
        ("kiểu: số", "12.5", Decimal("12.5")), ("kiểu: số", "'12,5'", Decimal("12.5")),
        ("kiểu: số", "'1.234.567'", 1234567),
        ("kiểu: phần trăm", "95", 95), ("kiểu: phần trăm", "'95%'", 95),
        ("kiểu: phần trăm", "'0,5 %'", Decimal("0.5")), ("kiểu: phần trăm", "0", 0),
        ("kiểu: phần trăm, phần trăm ghi là: 95", "0.95", Decimal("0.95")),
        ("kiểu: phần trăm, phần trăm ghi là: '0,95'", "0.95", 95),
        ("kiểu: phần trăm, phần trăm ghi là: '0,95'", "1", 100), ("kiểu: phần trăm, phần trăm ghi là: '0,95'", "'95%'", 95),
        ("kiểu: có/không", "Có", True), ("kiểu: có/không", "x", True),
        ("kiểu: có/không", "1", True), ("kiểu: có/không", "TRUE", True),
        ("kiểu: có/không", "KHÔNG", False), ("kiểu: có/không", "0", False), ("kiểu: có/không", "FALSE", False),
        ("kiểu: chữ", "tuỳ ý", "tuỳ ý"), ("kiểu: chữ, các giá trị: [Nhẹ, Nặng]", "NẶNG", "Nặng"), ("kiểu: mức", "Tốt", "tốt"),
    ],
)  # fmt: skip
def test_what_stands_there_is_read_as_the_book_says(fact, cell, value):
    assert seen(fact, cell) == (value, [])


@pytest.mark.parametrize(
    ("fact", "cell"),
    [
        ("kiểu: số", "nhiều"), ("kiểu: số", "'95%'"),
        ("kiểu: số", "TRUE"), ("kiểu: số", "#REF!"),
        ("kiểu: số", "=A1"), ("kiểu: số", "'1.234'"),
        ("kiểu: phần trăm", "0.95"), ("kiểu: phần trăm", "1"), ("kiểu: phần trăm", "cao"),
        ("kiểu: có/không", "2"), ("kiểu: có/không", "chưa rõ"),
        ("kiểu: chữ, các giá trị: [nhẹ, nặng]", "vừa"), ("kiểu: chữ", "TRUE"),
        ("kiểu: mức", "rất tốt"),
    ],
)  # fmt: skip
def test_what_is_of_another_kind_is_an_error_at_its_cell_and_no_fact(fact, cell):
    assert seen(fact, cell) == (None, [("DL51", "Xã Ná", "B2")])


def test_a_fact_of_the_wrong_kind_says_what_was_seen_and_what_is_needed():
    outcome = of(told("mã: S, tên: Số vụ"), "| Đơn vị | Số vụ | TC1 | TC2 |\n| Xã Ná | nhiều | 45 | 45 |")
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL51"]
    assert all(word in message for word in ("Xã Ná", "«Số vụ»", "«nhiều»", "con số", "B2"))


@pytest.mark.parametrize(
    ("cell", "word"), [("=A1", "công thức"), ("#REF!", "#REF!"), ("TRUE", "TRUE"), ("'95%'", "phần trăm")]
)
def test_the_error_says_what_stands_there(cell, word):
    outcome = of(told("mã: S, tên: Số vụ"), f"| Đơn vị | Số vụ | TC1 | TC2 |\n| Xã Ná | {cell} | 45 | 45 |")
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL51"]
    assert word in message


@pytest.mark.parametrize(
    ("cell", "small", "large"),
    [
        ("'12,345'", "12,345", "12345"),
        ("'8.000'", "8", "8000"),
        ("'-1,200'", "-1,2", "-1200"),
        ("'１２，３４５'", "12,345", "12345"),
    ],
)
def test_a_count_as_text_that_may_be_two_numbers_shows_both(cell, small, large):
    outcome = of(told("mã: S, tên: Dân số"), f"| Đơn vị | Dân số | TC1 | TC2 |\n| Xã Ná | {cell} | 45 | 45 |")
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL51"]
    assert f"có thể là {small} hoặc {large}" in message
    assert "«dấu thập phân»" in message
    assert outcome.sheet.facts["S"] == [None]


@pytest.mark.parametrize(
    ("mark", "cell", "value"),
    [
        ("phẩy", "'12,345'", Decimal("12.345")),
        ("chấm", "'12,345'", 12345),
        ("phẩy", "'8.000'", 8000),
        ("chấm", "'8.000'", 8),
    ],
)
def test_the_books_decimal_mark_decides_what_a_count_is(mark, cell, value):
    book = a_book(f"dấu thập phân: {mark}\nsố liệu: [{{mã: S, tên: Dân số}}]", criteria=TWO)
    outcome = of(book, f"| Đơn vị | Dân số | TC1 | TC2 |\n| Xã Ná | {cell} | 45 | 45 |")
    assert outcome.sheet.facts["S"] == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'12,34'", Decimal("12.34")), ("'0,345'", Decimal("0.345")), ("'12 345'", 12345), ("'1,234,567'", 1234567),
        ("'1.234,567'", Decimal("1234.567")), ("'1234,567'", Decimal("1234.567")), ("'12345'", 12345),
    ],
)  # fmt: skip
def test_a_count_as_text_that_can_be_one_number_only_is_that(cell, value):
    assert seen("kiểu: số", cell) == (value, [])


def test_a_percent_as_text_has_a_decimal_comma_and_a_dot_before_three_digits_is_a_question():
    assert seen("kiểu: phần trăm", "'56,175'") == (Decimal("56.175"), [])
    assert seen("kiểu: phần trăm", "'56,175 %'") == (Decimal("56.175"), [])
    book = told("mã: S, tên: Tỷ lệ, kiểu: phần trăm")
    outcome = of(book, "| Đơn vị | Tỷ lệ | TC1 | TC2 |\n| Xã Ná | '56.175%' | 45 | 45 |")
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL51"]
    assert "có thể là 56,175% hoặc 56175%" in message


def test_facts_that_were_typed_as_text_are_said_as_points_are():
    book = told("mã: S, tên: Dân số", "mã: P, tên: Tỷ lệ, kiểu: phần trăm", "mã: W, tên: Việc, kiểu: chữ")
    outcome = of(book, """
        | Đơn vị | Dân số  | Tỷ lệ | Việc | TC1  | TC2 |
        | Xã Ná  | '12 345' | '95'  | '7'  | '45' | 45  |
        | Xã Nả  | 12345    | 95    | 7    | 45   | 45  |
        | Xã Nà  | nhiều    | ' '   | x    | 45   | 45  |
    """)  # fmt: skip
    assert [f.message for f in outcome.findings if f.code == "DL29"] == [
        "Trang «Bảng điểm»: 3 ô ghi số dạng chữ, đã đọc là số: E2, B2, C2."
    ]


def test_facts_typed_as_text_beside_the_score_sheet_are_said_of_their_own_sheet():
    scores = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 45 | 45 |")
    beside = a_grid("| Đơn vị | Dân số |\n| Xã Ná | '12 345' |", sheet="Số liệu")
    outcome = run(told("mã: S, tên: Dân số"), scores, beside)
    assert [f.message for f in outcome.findings if f.code == "DL29"] == [
        "Trang «Số liệu»: 1 ô ghi số dạng chữ, đã đọc là số: B2."
    ]


def test_a_percent_shown_beside_the_score_sheet_is_no_text():
    scores = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 45 | 45 |")
    beside = a_grid("| Đơn vị | Tỷ lệ |\n| Xã Ná | 0.95 |", sheet="Số liệu", percents=frozenset({(1, 1)}))
    outcome = run(told("mã: P, tên: Tỷ lệ, kiểu: phần trăm"), scores, beside)
    assert (outcome.sheet.facts["P"], brief(outcome.findings, "DL29")) == ([95], [])


# ------------------------------------------------------------------------------------ where they stand

FACTS = told("mã: SL1, tên: Số việc được giao", "mã: SL2, tên: Số việc đúng hạn")


def facts(outcome: Outcome) -> list[tuple[object, object]]:
    return list(zip(outcome.sheet.facts["SL1"], outcome.sheet.facts["SL2"], strict=True))


def test_left_of_the_name_which_has_no_heading():
    outcome = of(
        FACTS,
        "| Số việc được giao | Số việc đúng hạn | | TC1 | TC2 |\n| 10 | 9 | Xã Ná | 45 | 45 |\n| 8 | 8 | Xã Nả | 45 | 45 |",
    )
    assert (facts(outcome), [unit.name for unit in outcome.sheet.units]) == ([(10, 9), (8, 8)], ["Xã Ná", "Xã Nả"])


def test_between_and_right_of_the_points_by_code_or_name():
    assert facts(of(FACTS, "| TC1 | SL2 | Đơn vị | TC2 | Số việc được giao |\n| 45 | 9 | Xã Ná | 45 | 10 |")) == [
        (10, 9)
    ]


def test_a_heading_spread_over_two_rows():
    outcome = of(FACTS, """
        | Đơn vị | TC1 | TC2 | Số việc | |
        | | | | được giao | đúng hạn |
        | Xã Ná | 45 | 45 | 10 | 9 |
    """, merged=((0, 3, 0, 4), (0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2)))  # fmt: skip
    assert facts(outcome) == [(10, 9)]


def test_names_that_forms_use_for_other_things():
    book = told("mã: GC, tên: Ghi chú, kiểu: chữ", "mã: XL, tên: Xếp loại đơn vị, kiểu: mức", "mã: N, tên: Năm",
                "mã: LD, tên: Lãnh đạo, kiểu: có/không",
                "mã: TD, tên: Tổng điểm", "mã: H, tên: Hạng")  # fmt: skip
    outcome = of(book, """
        | Ghi chú | Xếp loại đơn vị | Đơn vị | TC1 | TC2 | Năm | Lãnh đạo | Tổng điểm | Hạng |
        | vùng I | tốt | Xã Ná | 45 | 45 | 3 | x | 7 | 2 |
        | | | Xã Nả | 45 | 44 | | | | |
    """)  # fmt: skip
    assert {code: column[0] for code, column in outcome.sheet.facts.items()} == {
        "GC": "vùng I", "XL": "tốt", "N": 3, "LD": True, "TD": 7, "H": 2
    }  # fmt: skip
    assert [(r.rank, r.band, r.year) for r in outcome.ratings] == [(1, "tốt", None), (2, "tốt", None)]
    assert brief(outcome.findings, "DL30") == []


def test_a_fact_column_makes_no_points_and_a_row_of_facts_alone_is_no_score():
    outcome = of(
        FACTS,
        "| Đơn vị | TC1 | TC2 | Số việc được giao | Số việc đúng hạn |\n| Xã Ná | | | 10 | 10 |\n| Xã Nả | 5 | 5 | 99 | 99 |",
    )
    assert [(r.status, r.points) for r in outcome.ratings] == [("unrated", None), ("rated", 10)]
    assert brief(outcome.findings, "DL36") == [("DL36", "Xã Ná", "B2")]


def test_a_hidden_column_of_facts_is_read_and_named():
    drawing = "| Đơn vị | TC1 | TC2 | SL1 | SL2 |\n| Xã Ná | 45 | 45 | 8 | 7 |"
    outcome = of(FACTS, drawing, hidden_columns=frozenset({4}))
    assert facts(outcome) == [(8, 7)]
    (message,) = [finding.message for finding in outcome.findings if finding.code == "DL15"]
    assert "E (SL2)" in message


def test_a_table_of_facts_beside_the_score_sheet():
    scores = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 45 | 45 |\n| Xã Nả | 45 | 45 |")
    beside = a_grid(
        "| Đơn vị | Số việc được giao | Số việc đúng hạn |\n| Xã Nả | 8 | 7 |\n| Xã Lạ | 1 | 1 |", sheet="Số liệu"
    )
    outcome = run(FACTS, scores, beside)
    assert facts(outcome) == [(None, None), (8, 7)]
    assert brief(outcome.findings, "DL67") == [("DL67", "", "A3")]


def test_two_places_that_differ_tell_nothing():
    scores = a_grid("| Đơn vị | TC1 | TC2 | Số việc được giao | Số việc đúng hạn |\n| Xã Ná | 45 | 45 | 8 | 8 |")
    beside = a_grid("| Đơn vị | Số việc được giao | Số việc đúng hạn |\n| Xã Ná | 8 | 7 |", sheet="Số liệu")
    outcome = run(FACTS, scores, beside)
    assert facts(outcome) == [(8, None)]
    assert brief(outcome.errors) == [("DL63", "Xã Ná", "E2")]


@pytest.mark.parametrize(("one", "other"), [("có", "không"), ("không", "có"), ("không", "x")])
def test_two_places_that_differ_are_no_blank(one, other):
    """What a blank means holds for blanks: else the cap would be off where one of two places says that it is on."""
    book = a_book("""
        số liệu:
          - {mã: SP, tên: Kết luận sai phạm, kiểu: có/không, để trống là: không}
        khống chế:
          - {mã: sai-pham, loại: điều kiện, khi: [{số liệu: SP, là: có}], xếp vào: yếu}
        """)
    scores = a_grid(f"| Đơn vị | TC1 | TC2.1 | TC2.2 | SP |\n| Xã Ná | 18 | 10 | 7 | {one} |")
    beside = a_grid(f"| Đơn vị | SP |\n| Xã Ná | {other} |", sheet="Số liệu")
    third = a_grid("| Đơn vị | SP |\n| Xã Ná | có |", sheet="Số liệu 2")
    for tables in ((beside,), (beside, third)):
        outcome = run(book, scores, *tables)
        assert [(rating.status, rating.band) for rating in outcome.ratings] == [("undetermined", None)]
        assert [code for code, *_ in brief(outcome.errors)] == ["DL63"]
    assert run(book, scores, a_grid("| Đơn vị | SP |\n| Xã Ná | |", sheet="Số liệu")).ratings[0].band is not None


def test_two_sheets_of_one_year_with_other_columns():
    outcome = run(
        FACTS,
        a_grid("| Đơn vị | TC1 | TC2 | Số việc được giao |\n| Xã Ná | 45 | 45 | 8 |", sheet="A"),
        a_grid("| SL2 | TC2 | TC1 | Đơn vị |\n| 7 | 40 | 41 | Xã Nả |", sheet="B"),
    )
    assert facts(outcome) == [(8, None), (None, 7)]
    assert [r.points for r in outcome.ratings] == [90, 81]


def test_years_with_other_columns():
    outcome = run(
        FACTS,
        a_grid(
            "| Đơn vị | TC1 | TC2 | Số việc được giao | Số việc đúng hạn |\n| Xã Ná | 45 | 45 | 8 | 8 |", sheet="2023"
        ),
        a_grid("| SL2 | TC2 | TC1 | Đơn vị | SL1 |\n| 7 | 40 | 41 | Xã Ná | 9 |", sheet="2024"),
    )
    assert (outcome.year, facts(outcome), outcome.ratings[0].points) == (2024, [(9, 7)], 81)


# ---------------------------------------------------------------------------- rows made of words alone

WORDS = """
tiêu chí:
  - mã: TC1
    tên: Tiêu chí một
    điểm tối đa: 50
    cách chấm: {loại: lựa chọn, các lựa chọn: [{chọn: Đạt, điểm: 50}, {chọn: Không đạt, điểm: 0}]}
  - mã: TC2
    tên: Tiêu chí hai
    điểm tối đa: 50
    cách chấm: {loại: lựa chọn, các lựa chọn: [{chọn: Đạt, điểm: 50}, {chọn: Không đạt, điểm: 0}]}
"""


def test_units_whose_row_holds_words_alone_are_not_lost():
    outcome = of(a_book(criteria=WORDS), """
        | STT | Đơn vị | TC1 | TC2 |
        | 1 | Ná | Đạt | Đạt |
        | 2 | Nả | Đạt | Không đạt |
        | 3 | Nã | | Đạt |
        | 4 | Na | Đạtt | Đạt |
        | | Người lập biểu | | Chủ tịch |
    """)  # fmt: skip
    assert [(r.unit.name, r.points) for r in outcome.ratings] == [("Ná", 100), ("Nả", 50), ("Nã", None), ("Na", None)]
    assert brief(outcome.findings, "DL52", "DL53") == [("DL52", "Nã", "C4"), ("DL53", "Na", "C5")]


def test_a_row_of_words_that_is_not_surely_a_unit_is_asked_about():
    outcome = of(a_book(criteria=WORDS), "| STT | Đơn vị | TC1 | TC2 |\n| 1 | Ná | Đạt | Đạt |\n| | Nả | Đạt | Đạt |")
    names = [r.unit.name for r in outcome.ratings]
    assert "Nả" in names or len(brief(outcome.findings, "DL49")) == 1


def test_the_same_unit_twice_is_rated_in_neither_row():
    outcome = of(
        FACTS,
        "| Đơn vị | TC1 | TC2 | SL1 | SL2 |\n| Xã Ná | 45 | 45 | 8 | 8 |\n"
        "| Xã Ná | 40 | 40 | 8 | 8 |\n| Xã Nả | 40 | 40 | 8 | 8 |",
    )
    assert [r.status for r in outcome.ratings] == ["unrated", "unrated", "rated"]
    assert brief(outcome.findings, "DL32") == [("DL32", "Xã Ná", "A2")]


def test_a_share_of_a_negative_count_is_not_known():
    book = a_book(
        "số liệu: [{mã: G, tên: Được giao}, {mã: H, tên: Hoàn thành}]\n"
        "khống chế: [{mã: k, loại: điều kiện, khi: [{số liệu: H, trên tổng: G, dưới: 70%}], xếp vào: yếu}]"
    )
    head = "| Đơn vị | TC1 | TC2.1 | TC2.2 | Được giao | Hoàn thành |"
    outcome = run(book, a_grid(f"{head}\n| Xã A | 20 | 12 | 8 | 40 | 28 |\n| Xã B | 20 | 12 | 8 | -40 | 40 |"))
    assert [rating.band for rating in outcome.ratings] == ["tốt", None]  # 28/40 is 70 % and not below; −40 is no whole
    assert "«Được giao» là số âm" in outcome.ratings[1].why[-1]


@pytest.mark.parametrize(
    ("typed", "codes"), [("1.01", []), ("1", ["DL69"]), ("0.95", ["DL69"]), ("0", []), ("'0,5%'", [])]
)
def test_a_small_percent_where_95_is_written_is_a_question(typed, codes):
    book = a_book("số liệu: [{mã: P, tên: Tỷ lệ, kiểu: phần trăm, phần trăm ghi là: 95}]")
    outcome = run(book, a_grid(f"| Đơn vị | TC1 | TC2.1 | TC2.2 | Tỷ lệ |\n| Xã A | 20 | 12 | 8 | {typed} |"))
    assert [finding.code for finding in outcome.findings if finding.code == "DL69"] == codes
