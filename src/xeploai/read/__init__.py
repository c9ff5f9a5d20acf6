"""Any spreadsheet → Grid: a small house of its own, because it opens files that nobody vouches for.

    files    which files are meant: given ones, a folder's spreadsheets
    sources  the public line: paths in, a Source (or findings) out, one file after the other
    pool     the files, shared out to as many reading processes as there are processors; in order, bounded, outliving deaths
    link     the parent's end of one reading process
    limits   how much memory and time a file may cost, and who sees to it
    ─────────────────────────────────────────── pipe: one marshalled message per frame (frames) ──
    worker   the process: takes paths, sends sheets
    sniff    what a file is, by its content, never by its name
    guard    what is refused before any parser runs
    parts    the parts of a zipped workbook
    xlsx     .xlsx, .xlsm: values by python-calamine, the rest by the second look
    look     the second look: errors, formulas without a result, hidden rows, merged ranges
    formulas the formula behind a cell, also where it is written in another cell for many
    styles   what the styles tell: percents, fonts of old encodings
    plain    an unusual sheet part, written anew in the ordinary form
    xls      .xls: values by xlrd, the rest by a walk over the records (biff) of the stream taken out by compound
    tokens   formulas of .xls: what they give, how they read
    ods      .ods: the content, element by element
    text     .csv, .tsv, .txt: every cell as it was typed
    ─────────────────────────────────────────── back in the parent ──
    layers   cells that hold more than a person sees

No file can kill, hang or starve the run: what parses it is a process that may die. Importing this package is cheap, so
that `ahead` can start that process before anything heavy is imported; the rest comes on first use.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it; importing typing would cost more than all else here
if TYPE_CHECKING:
    from xeploai.read.files import gather
    from xeploai.read.pool import ahead
    from xeploai.read.sources import Source, read

__all__ = ["Source", "ahead", "gather", "read"]


def __getattr__(name: str) -> object:
    if name == "ahead":
        from xeploai.read import pool

        return pool.ahead
    if name == "gather":
        from xeploai.read import files

        return files.gather
    if name in ("Source", "read"):
        from xeploai.read import sources

        return getattr(sources, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
