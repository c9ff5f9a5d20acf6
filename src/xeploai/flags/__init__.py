"""Kinds of flags: one file each, and this list of them.

A new kind is one file (its docstring in Vietnamese is the officer's page), one word here, and its cases in tests/flags.
"""

from __future__ import annotations

from typing import Annotated

from xeploai.book.parts import Kinds
from xeploai.flags.base import Flag

KINDS = Kinds(
    "cảnh báo",
    {
        "điểm thấp": "xeploai.flags.low_score:LowScore",
        "liên tiếp": "xeploai.flags.streak:StreakFlag",
        "chỉ tiêu": "xeploai.flags.target:Target",
        "không chuyển biến": "xeploai.flags.no_improvement:NoImprovement",
        "nguyên nhân": "xeploai.flags.causes:Causes",
        "giải trình": "xeploai.flags.explain:Explain",
        "số liệu": "xeploai.flags.fact:FactFlag",
        "cuối bảng": "xeploai.flags.last_place:LastPlace",
        "thấp nhất": "xeploai.flags.lowest:Lowest",
        "không điểm": "xeploai.flags.zeros:Zeros",
        "sát ngưỡng": "xeploai.flags.near_edge:NearEdge",
    },
)
"""The word that a book uses → the kind, loaded when a book first uses it."""

AnyFlag = Annotated[Flag, KINDS]

PAGES = KINDS.pages
"""The word that a book uses → the officer's page about it."""
