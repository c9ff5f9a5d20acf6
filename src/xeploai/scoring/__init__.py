"""How points arise (cách chấm): one file each, and this list of them.

A new way is one file (its docstring in Vietnamese is the officer's page), one word here, and its cases in tests/scoring.
"""

from __future__ import annotations

from typing import Annotated

from xeploai.book.parts import Kinds
from xeploai.scoring.base import Scoring

KINDS = Kinds(
    "cách chấm",
    {
        "nhập điểm": "xeploai.scoring.entered:Entered",
        "lựa chọn": "xeploai.scoring.choice:Choice",
        "bậc": "xeploai.scoring.tiers:Tiers",
        "tỷ lệ": "xeploai.scoring.ratio:Ratio",
        "bước": "xeploai.scoring.steps:Steps",
        "đếm": "xeploai.scoring.count:Count",
        "trừ dần": "xeploai.scoring.deduct:Deduct",
        "điều kiện tiên quyết": "xeploai.scoring.prerequisite:Prerequisite",
    },
    bare=True,
)
"""The word that a book uses → the way, loaded when a book first uses it."""

AnyScoring = Annotated[Scoring, KINDS]

PAGES = KINDS.pages
"""The word that a book uses → the officer's page about it."""
