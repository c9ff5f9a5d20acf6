"""How a set of units came out: counts by band and title, of this year, of the year before, of every group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from xeploai.model import Rating
from xeploai.pipeline import Outcome


class Count(NamedTuple):
    """How a set of units came out."""

    units: int
    bands: dict[str, int]
    titles: dict[str, int]
    undetermined: int = 0
    unrated: int = 0


def count(outcome: Outcome, ratings: Iterable[Rating]) -> Count:
    """Bands and titles of these ratings, every band of the book named, zero too."""
    ratings = list(ratings)
    bands = Counter(rating.band for rating in ratings)
    titles = Counter(name for rating in ratings for name in rating.titles)
    status = Counter(rating.status for rating in ratings)
    return Count(
        len(ratings), {band.name: bands[band.name] for band in outcome.book.bands},
        {each.name: titles[each.name] for each in outcome.book.titles}, status["undetermined"], status["unrated"],
    )  # fmt: skip


def count_previous(outcome: Outcome) -> Count | None:
    """The year before, of the units of this run that have a band in it; None where nothing is known of that year."""
    if outcome.year is None:
        return None
    records = [record for record in outcome.past.in_year(outcome.year - 1) if record.band]
    if not records:
        return None
    bands = Counter(record.band for record in records)
    titles = Counter(name for record in records for name in record.titles or ())
    told = any(record.titles is not None for record in records)
    return Count(
        len(records), {band.name: bands[band.name] for band in outcome.book.bands},
        {each.name: titles[each.name] for each in outcome.book.titles} if told else {},
    )  # fmt: skip


def groups(outcome: Outcome) -> dict[str, list[Rating]]:
    """Parent → its ratings, in the sheet's order; empty where no unit has a parent."""
    found: dict[str, list[Rating]] = defaultdict(list)
    for rating in outcome.ratings:
        found[rating.unit.parent].append(rating)
    return {} if set(found) == {""} else dict(found)
