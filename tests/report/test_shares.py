"""Counts → percents that a council can add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xeploai.report.shares import moved, shares


def told(*counts: int) -> list[str]:
    return [str(each) for each in shares(counts)]


def test_of_nothing_there_are_no_shares():
    assert shares([]) == []
    assert shares([0, 0]) == [None, None]


@pytest.mark.parametrize(
    ("counts", "percents"),
    [
        ([1], ["100.00"]),
        ([1, 1], ["50.00", "50.00"]),
        ([1, 1, 1], ["33.34", "33.33", "33.33"]),
        ([18, 105, 7, 0], ["13.85", "80.77", "5.38", "0.00"]),  # 13,846… + 80,769… + 5,384…
        ([1, 2], ["33.33", "66.67"]),
        ([1, 1, 1, 1, 1, 1], ["16.67", "16.67", "16.67", "16.67", "16.66", "16.66"]),
    ],
)
def test_what_rounding_loses_goes_to_those_that_lost_most(counts, percents):
    assert told(*counts) == percents


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_they_add_up_to_a_hundred_and_none_is_a_hundredth_off(counts):
    found = shares(counts)
    if not sum(counts):
        return
    assert sum(filter(None, found)) == 100
    for count, percent in zip(counts, found, strict=True):
        assert abs(percent - Decimal(100 * count) / sum(counts)) < Decimal("0.01")
        assert count or not percent


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ([0, 0], []),
        ([1, 1], []),
        ([1, 1, 1], [(0, "33.33")]),  # each 33,333…: the first takes the hundredth that is left
        ([28, 28, 4], [(2, "6.67")]),  # 6,666… stays 6,66: the two hundredths went to 46,666… and 46,666…
    ],
)
def test_what_is_not_the_share_rounded_by_itself_is_known(counts, places):
    assert [(place, str(alone)) for place, alone in moved(counts)] == places
