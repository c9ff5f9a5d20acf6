"""What a heading says: the name of a criterion, also with a number before it, a footnote's mark, or its translation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.steps.table import Words

WORDS = Words.of(
    a_book(
        criteria="""
        tiêu chí:
          - {mã: TC1, tên: Tính minh bạch, điểm tối đa: 10}
          - {mã: TC2, tên: Cải cách hành chính của lãnh đạo, điểm tối đa: 10}
          - {mã: TC3, tên: Dân số, điểm tối đa: 10}
          - {mã: TC4, tên: Nhóm A, điểm tối đa: 10}
          - {mã: TC5, tên: Y tế, điểm tối đa: 10}
          - {mã: TC6, tên: Văn hóa thông tin, điểm tối đa: 10}
        """
    ).book
)


@pytest.mark.parametrize(
    "text",
    [
        "Dân số Nam",
        "Dân số nam nữ",
        "Dân số 2019",
        "Nhóm A1",
        "TC12",
        "TC10",
        "Transparency",
        "Y tế thôn bản",
        "Minh bạch",
    ],
)
def test_what_is_another_thing_is_no_criterion(text: str) -> None:
    assert WORDS.named(text) == ((), False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tính minh bạch", "TC1"),
        ("1. Tính minh bạch", "TC1"),
        ("Tính minh bạch (10 điểm)", "TC1"),
        ("Tính minh bạch⁷", "TC1"),
        ("Tính minh bạch *", "TC1"),
        ("Cải cách hành chính của lãnh đạo1", "TC2"),
        ("Tính minh bạch Transparency", "TC1"),
        ("Tính minh bạch / Transparency", "TC1"),
        ("Transparency - Tính minh bạch", "TC1"),
        ("2. Y tế (Health care)", "TC5"),
        ("Văn hóa thông tin Culture and information", "TC6"),
    ],
)
def test_a_name_is_known_with_what_stands_around_it(text: str, code: str) -> None:
    assert WORDS.named(text) == ((code,), True)


def test_a_wide_table_whose_numbers_are_all_texts_is_read_like_any_other() -> None:
    drawing = """
        'STT' | Đơn vị | TC1    | TC2.1  | TC2.2
        '1'   | Xã Ná  | '17'   | '10,5' | '6'
        '2'   | Xã Nả  | '12,5' | '8'    | '4'
    """
    outcome = run(a_book(), a_grid(drawing))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [
        ("Xã Ná", Decimal("33.5")),
        ("Xã Nả", Decimal("24.5")),
    ]


def test_a_row_of_maxima_typed_as_text_is_no_unit() -> None:
    drawing = """
        'STT' | Đơn vị | TC1    | TC2.1  | TC2.2
        |     |        | '20'   | '12'   | '8'
        '1'   | Xã Ná  | '17'   | '10,5' | '6'
    """
    outcome = run(a_book(), a_grid(drawing))
    assert [(rating.unit.name, rating.points) for rating in outcome.ratings] == [("Xã Ná", Decimal("33.5"))]
    assert brief(outcome.errors) == []
