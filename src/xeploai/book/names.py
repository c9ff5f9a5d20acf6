"""What rules look at and answer with: a unit's facts by name, and verdicts on them. Light: most books have no facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from xeploai import vi
from xeploai.book.parts import unknown
from xeploai.model import FactValue
from xeploai.vi import Exact

PHASES = ("tự chấm", "thẩm định", "thẩm định 2", "thẩm định 3", "điều tra xã hội học", "điểm trừ", "chính thức")
"""The phases that a heading can say; "thẩm định" in a book means the last round that the sheet has."""


class Look(Protocol):
    """What a condition or a scoring may look at: one unit's facts and points."""

    def fact(self, word: str) -> FactValue:
        """The fact of this name or code; None: missing."""

    def called(self, word: str) -> str:
        """The name of the fact or criterion of this name or code: what a sentence calls it."""

    def points(self, word: str) -> tuple[Exact | None, Exact]:
        """Points and applicable maximum of the criterion of this name or code."""

    def below(self) -> Sequence[tuple[str, str | None]] | None:
        """The units under this one in the same run: (name, band or None). None where it should have some and none is
        known; empty where its kind has no lower level."""

    def signed(self, word: str) -> bool:
        """Whether the fact of this name or code may be below 0."""


class Verdict(NamedTuple):
    """Whether a condition holds (None: cannot be judged), and what was seen against which limit.

    `about` is the fact that is missing or was looked at; `plain` says what was seen without calling it met or lacking.
    """

    held: bool | None
    words: str
    about: str = ""
    plain: str = ""


class Told(Protocol):
    """What may be asked of a fact by whoever only refers to it."""

    @property
    def code(self) -> str:
        """Mã."""

    @property
    def name(self) -> str:
        """Tên."""

    @property
    def kind(self) -> str:
        """Kiểu: số, phần trăm, có/không, chữ, mức."""

    @property
    def values(self) -> tuple[str, ...]:
        """The words that it may be, where the book lists them."""

    @property
    def signed(self) -> bool:
        """Có thể âm."""


class FactNames:
    """The facts of a book, found by name or by code."""

    def __init__(self, facts: Sequence[Told]) -> None:
        self.facts = tuple(facts)
        self._by_word = {vi.key(fact.name): fact for fact in facts} | {vi.key(fact.code): fact for fact in facts}

    def find(self, word: str) -> Told | None:
        """The fact that this word means, or None."""
        return self._by_word.get(vi.key(word))

    def complain(self, word: str) -> str:
        """The complaint about a word that means no fact, with the nearest right one."""
        return unknown(word, [fact.name for fact in self.facts], "số liệu") or ""
