"""flag: every rule of the book looks at the case, in the book's order."""

from __future__ import annotations

from collections.abc import Sequence

from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag


def flag(flags: Sequence[Flag], case: Case) -> list[Finding]:
    """The findings of these flags in this case; none of a unit that is written twice, for nobody knows which row holds."""
    twice = {case.sheet.units[position] for position in case.sheet.twice}
    return [finding for rule in flags for finding in rule.check(case) if finding.unit not in twice]
