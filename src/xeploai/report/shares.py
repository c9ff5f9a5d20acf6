"""Counts → percents that add up to 100: what is lost by rounding goes to those that lost most of it (largest remainder).

A council adds the column up. 1/3, 1/3, 1/3 are 33,34 %, 33,33 %, 33,33 %, not three times 33,33 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from xeploai import vi

PLACES = 2


def shares(counts: Sequence[int]) -> list[Decimal | None]:
    """Percents with two places that add up to exactly 100, equal counts as equal as can be; None where there is nothing."""
    whole = sum(counts)
    if not whole:
        return [None] * len(counts)
    unit = 100 * 10**PLACES
    parts = [divmod(count * unit, whole) for count in counts]
    missing = unit - sum(floor for floor, _ in parts)
    first = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:missing]
    return [Decimal(floor + (place in first)).scaleb(-PLACES) for place, (floor, _) in enumerate(parts)]


def moved(counts: Sequence[int]) -> list[tuple[int, Decimal]]:
    """(place, what its share rounded by itself would be) of every share that is another one, so that all add up."""
    whole = sum(counts)
    return [
        (place, alone)
        for place, (count, share) in enumerate(zip(counts, shares(counts), strict=True))
        if share is not None and share != (alone := vi.rounded(Fraction(100 * count, whole), PLACES))
    ]
