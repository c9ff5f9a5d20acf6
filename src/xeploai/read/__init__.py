"""Any spreadsheet → Grid: a small house of its own, because it opens files that nobody vouches for.

    files    which files are meant: given ones, a folder's spreadsheets
    sources  the public line: paths in, a Source (or findings) out, one file after the other
    link     the parent's end of the reading process: starts it, takes its replies, outlives its death
    ─────────────────────────────────────────── pipe: one marshalled message per frame (frames) ──
    worker   the process: takes paths, sends sheets
    sniff    what a file is, by its content, never by its name
    guard    what is refused before any parser runs
    parts    the parts of a zipped workbook
    xlsx     .xlsx, .xlsm: values by python-calamine, the rest by the second look
    look     the second look: errors, formulas without a result, hidden rows, merged ranges
    plain    an unusual sheet part, written anew in the ordinary form

No file can kill, hang or starve the run: what parses it is a process that may die. Importing this package is cheap, so
that `ahead` can start that process before anything heavy is imported; the rest comes on first use.
"""

from __future__ import annotations

from xeploai.read.link import ahead

TYPE_CHECKING = False  # as typing has it; importing typing would cost more than all else here
if TYPE_CHECKING:
    from xeploai.read.files import gather
    from xeploai.read.sources import Source, read

__all__ = ["Source", "ahead", "gather", "read"]


def __getattr__(name: str) -> object:
    if name == "gather":
        from xeploai.read import files

        return files.gather
    if name in ("Source", "read"):
        from xeploai.read import sources

        return getattr(sources, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
