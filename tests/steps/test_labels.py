"""Which row names which criterion: what was named is kept once, however long a damaged sheet is."""

from __future__ import annotations

from builders import a_book
from xeploai.steps.labels import meant_here, name_last
from xeploai.steps.table import Words


def test_what_is_named_in_a_million_rows_is_kept_once():
    named: dict[str, None] = {}
    for code in ["TC1", "TC2"] * 1000 + ["TC1"]:
        name_last(named, code)
    assert list(named) == ["TC2", "TC1"]


def test_a_name_at_several_places_is_the_one_below_what_was_named_last():
    criteria = """tiêu chí:
  - {mã: A, tên: Một, điểm tối đa: 20, gồm: [{mã: A1, tên: Chung, điểm tối đa: 20}]}
  - {mã: B, tên: Hai, điểm tối đa: 20, gồm: [{mã: B1, tên: Chung, điểm tối đa: 20}]}
"""
    words, codes = Words.of(a_book(criteria=criteria).book), ("A1", "B1")
    assert meant_here(words, codes, {}) == "A1"
    assert meant_here(words, codes, {"A": None, "B": None}) == "B1"
    assert meant_here(words, codes, {"B": None, "A": None}) == "A1"
    assert meant_here(words, codes, {"A": None, "A1": None}) == "B1"
    assert meant_here(words, codes, {"A": None, "A1": None, "B": None, "B1": None}) == "A1"
