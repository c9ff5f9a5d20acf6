"""What a table is: headings and rows. A room's smallest file, so that the process that writes need not know the rules.

A cell is text, a whole number, an exact Decimal, or None. Writers choose the looks, never the content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

Value = str | int | Decimal | None

EARLY = "Chi tiết"
"""The page that is begun first, whatever its place: it is the largest, and known before the units are rated."""
LETTERHEAD_ROWS = 4
"""What the national title takes above a page that is printed and signed."""


class Column(NamedTuple):
    """A heading and how its values look. `most`: what a bar is full at, what a shade is darkest at."""

    heading: str
    kind: Literal["text", "long", "count", "points", "percent", "band"] = "text"
    width: int = 12
    look: Literal["", "bar", "shade"] = ""
    most: float = 100


class Link(NamedTuple):
    """Where the cells of a column lead: a page, and for each row the row there (from 1), 0 for nowhere."""

    page: str
    rows: Sequence[int]


class Table(NamedTuple):
    """Headings and rows, with the words that stand above them.

    `links` by place of the column. A table of `prose` is one column of paragraphs over the whole width, without a heading.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    above: tuple[str, ...] = ()
    links: Mapping[int, Link] = {}
    prose: bool = False


class Chart(NamedTuple):
    """A native chart of numbers that stand in the page's first table: rows `first` to `last` (from 0), columns likewise.

    "stacked": a bar per row, a part per column; "beside": a group of columns per heading, one for each row.
    """

    kind: Literal["stacked", "beside"]
    title: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]


class Page(NamedTuple):
    """A named sheet: one table, or several below each other.

    `bands` (high to low) colour the cells that say one. `date`: the page has the national title above, with this date or
    places for it, and places for signatures below; None: it has neither.
    """

    name: str
    tables: tuple[Table, ...]
    bands: tuple[str, ...] = ()
    date: str | None = None
    charts: tuple[Chart, ...] = ()


def data_row(above: Sequence[str], *, signed: bool) -> int:
    """The row (from 1) of the first values of a page whose first table has these lines above."""
    return (LETTERHEAD_ROWS if signed else 0) + len(above) + bool(above) + 2
