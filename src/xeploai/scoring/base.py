"""What every way of scoring shares: an entry in the sheet becomes points."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from xeploai.book.parts import Part


class Scoring(Part):
    """A way in which points arise (cách chấm)."""

    kind: str = Field(alias="loại")

    def points(self, entry: Decimal, max_points: Decimal) -> Decimal | None:
        """The points of this entry, in points; None where no points can come of it."""
        raise NotImplementedError
