"""Kinds of flags: one file each, and this list of them.

A new kind is one file (its docstring in Vietnamese is the officer's page), one word here, and its cases in tests/flags.
"""

from __future__ import annotations

from xeploai.flags import low_score, streak, target
from xeploai.flags.low_score import LowScore
from xeploai.flags.streak import StreakFlag
from xeploai.flags.target import Target

AnyFlag = LowScore | StreakFlag | Target

PAGES = {
    "điểm thấp": low_score.__doc__ or "",
    "liên tiếp": streak.__doc__ or "",
    "chỉ tiêu": target.__doc__ or "",
}
"""The word that a book uses → the officer's page about it."""
