"""xeploai: score sheets and a rule book go in; ratings that explain themselves, and findings with an address, come out.

    from xeploai import classify_files
    outcome = classify_files([Path("scores.xlsx")], rules="cqcs-dien-bien")

Everything is imported on first use, so that `xeploai --help` answers at once.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # as typing has it, which takes longer to import than all of this
if TYPE_CHECKING:
    from xeploai.book.load import load_book as load_book
    from xeploai.findings import Finding as Finding
    from xeploai.findings import Unusable as Unusable
    from xeploai.pipeline import Options as Options
    from xeploai.pipeline import Outcome as Outcome
    from xeploai.pipeline import classify as classify
    from xeploai.pipeline import classify_files as classify_files

_HOME = {
    "load_book": "xeploai.book.load",
    "Finding": "xeploai.findings",
    "Unusable": "xeploai.findings",
    "Options": "xeploai.pipeline",
    "Outcome": "xeploai.pipeline",
    "classify": "xeploai.pipeline",
    "classify_files": "xeploai.pipeline",
}

__all__ = ["Finding", "Options", "Outcome", "Unusable", "__version__", "classify", "classify_files", "load_book"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'xeploai' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
