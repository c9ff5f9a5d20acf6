"""How points arise (cách chấm): one file each, and this list of them.

A new way is one file (its docstring in Vietnamese is the officer's page), one word here, and its cases in tests/scoring.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator

from xeploai.scoring import choice, count, deduct, entered, prerequisite, ratio, steps, tiers
from xeploai.scoring.choice import Choice
from xeploai.scoring.count import Count
from xeploai.scoring.deduct import Deduct
from xeploai.scoring.entered import Entered
from xeploai.scoring.prerequisite import Prerequisite
from xeploai.scoring.ratio import Ratio
from xeploai.scoring.steps import Steps
from xeploai.scoring.tiers import Tiers


def _by_name(given: object) -> object:
    return {"loại": given} if isinstance(given, str) else given


_Any = Entered | Choice | Tiers | Ratio | Steps | Count | Deduct | Prerequisite

AnyScoring = Annotated[
    _Any, Discriminator("kind"), BeforeValidator(_by_name, json_schema_input_type=Literal["nhập điểm"] | _Any)
]

PAGES = {
    "nhập điểm": entered.__doc__ or "",
    "lựa chọn": choice.__doc__ or "",
    "bậc": tiers.__doc__ or "",
    "tỷ lệ": ratio.__doc__ or "",
    "bước": steps.__doc__ or "",
    "đếm": count.__doc__ or "",
    "trừ dần": deduct.__doc__ or "",
    "điều kiện tiên quyết": prerequisite.__doc__ or "",
}
"""The word that a book uses → the officer's page about it."""

# A prerequisite holds another way, which may be any of the list that it stands in: pydantic looks the name up there.
vars(prerequisite)["AnyScoring"] = AnyScoring
