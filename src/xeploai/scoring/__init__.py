"""How points arise (cách chấm): one file each, and this list of them.

A new way is one file (its docstring in Vietnamese is the officer's page), one word here, and its cases in tests/scoring.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from xeploai.scoring import entered
from xeploai.scoring.entered import Entered


def _by_name(given: object) -> object:
    return {"loại": given} if isinstance(given, str) else given


AnyScoring = Annotated[Entered, BeforeValidator(_by_name, json_schema_input_type=Literal["nhập điểm"] | Entered)]

PAGES = {"nhập điểm": entered.__doc__ or ""}
"""The word that a book uses → the officer's page about it."""
