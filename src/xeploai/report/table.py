"""What a table is: headings and rows. A room's smallest file, so that the process that writes need not know the rules.

A cell is text, a whole number, an exact Decimal, or None. Writers choose the looks, never the content.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

Value = str | int | Decimal | None


class Column(NamedTuple):
    """A heading and how its values look."""

    heading: str
    kind: Literal["text", "long", "count", "points", "percent"] = "text"
    width: int = 12


class Table(NamedTuple):
    """Headings and rows, with the words that stand above them."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    above: tuple[str, ...] = ()


class Page(NamedTuple):
    """A named sheet: one table, or several below each other."""

    name: str
    tables: tuple[Table, ...]
