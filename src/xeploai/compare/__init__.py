"""Two years or two runs side by side: who is in both, who is new, who is gone, and what changed.

    old ─┐                    ┌ in both: band, points, rank, titles, flags, criteria
         ├ full outer join ───┼ new (formed from these, where a lineage tells)
    new ─┘                    └ gone (into that one, where a lineage tells)

A side is score sheets, which are classified, or a result workbook of ours, which is read as it was published. Units are
joined by code, else by name within their group; what may be several is asked about, never joined.

    sides  what is on either side
    whose  which unit is which
    join   the outer join, and what changed
"""

from xeploai.compare.join import (
    DOWN,
    FORMED,
    GONE,
    KINDS,
    MERGED,
    NEW,
    OPEN,
    SAME,
    UP,
    Comparison,
    Moved,
    Row,
    Shift,
    compare_files,
)

__all__ = [
    "DOWN", "FORMED", "GONE", "KINDS", "MERGED", "NEW", "OPEN", "SAME", "UP", "Comparison", "Moved", "Row", "Shift",
    "compare_files",
]  # fmt: skip
