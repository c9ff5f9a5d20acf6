"""What every way of scoring shares: facts in the sheet become points, with the words that say how.

A way that names no facts reads the criterion's own column: `own` says as what. Points are exact; what cannot be scored is
refused with its reason, and is never 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Part, unknown
from xeploai.model import FactValue
from xeploai.vi import Exact

Own = Literal["điểm", "số", "chữ", "có/không"]


class Earned(NamedTuple):
    """What a criterion earned: points (None: it does not apply), how in words, and whether it takes its parent to 0."""

    points: Exact | None
    words: str = ""
    empties_parent: bool = False


class Refused(NamedTuple):
    """Why no points can come of it: the reason in words, and the fact that it is about ("" is the criterion's own cell)."""

    reason: str
    word: str = ""
    missing: bool = False  # nothing stands there; else what stands there is wrong


class Scoring(Part):
    """A way in which points arise (cách chấm)."""

    kind: str = Field(alias="loại", description="Một trong các cách chấm ở dưới")

    @property
    def own(self) -> Own:
        """What stands in the criterion's own column where the way reads it: points, a number, words, yes or no.

        Of «chữ» it gets a number too, as a Decimal, where the cell holds one: `choice` knows options by their points.
        """
        return "số"

    def words(self) -> tuple[str, ...]:
        """The facts that it needs, by name or code as the book says them."""
        return ()

    @property
    def reads_own(self) -> bool:
        """Whether it reads the criterion's own column, beside the facts that it names."""
        return not self.words()

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        """What these facts earn; `own` is the criterion's own cell, as `own` says it is read. max_points in points."""
        raise NotImplementedError

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        """What is wrong with it in this book: (key, complaint). Calls `super().troubles` for the facts' names."""
        yield from ()

    def wrong_fact(self, key: str, word: str, facts: FactNames, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The complaint about a fact that does not exist or is of another kind than the way can use."""
        if trouble := unknown(word, [name for fact in facts.facts for name in (fact.name, fact.code)], "số liệu"):
            yield key, trouble
        elif (fact := facts.find(word)) and fact.kind not in kinds:
            yield key, f"«{word}» có kiểu «{fact.kind}», cần kiểu {' hoặc '.join(kinds)}"
