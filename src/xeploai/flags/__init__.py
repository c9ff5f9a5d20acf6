"""Kinds of flags: one file each, and this list of them.

A new kind is one file (its docstring in Vietnamese is the officer's page), one word here, and its cases in tests/flags.
"""

from __future__ import annotations

from xeploai.flags import (
    causes,
    explain,
    fact,
    last_place,
    low_score,
    lowest,
    near_edge,
    no_improvement,
    streak,
    target,
    zeros,
)
from xeploai.flags.causes import Causes
from xeploai.flags.explain import Explain
from xeploai.flags.fact import FactFlag
from xeploai.flags.last_place import LastPlace
from xeploai.flags.low_score import LowScore
from xeploai.flags.lowest import Lowest
from xeploai.flags.near_edge import NearEdge
from xeploai.flags.no_improvement import NoImprovement
from xeploai.flags.streak import StreakFlag
from xeploai.flags.target import Target
from xeploai.flags.zeros import Zeros

AnyFlag = (
    LowScore | StreakFlag | Target | NoImprovement | Causes | Explain | FactFlag | LastPlace | Lowest | Zeros | NearEdge
)

PAGES = {
    "điểm thấp": low_score.__doc__ or "",
    "liên tiếp": streak.__doc__ or "",
    "chỉ tiêu": target.__doc__ or "",
    "không chuyển biến": no_improvement.__doc__ or "",
    "nguyên nhân": causes.__doc__ or "",
    "giải trình": explain.__doc__ or "",
    "số liệu": fact.__doc__ or "",
    "cuối bảng": last_place.__doc__ or "",
    "thấp nhất": lowest.__doc__ or "",
    "không điểm": zeros.__doc__ or "",
    "sát ngưỡng": near_edge.__doc__ or "",
}
"""The word that a book uses → the officer's page about it."""
