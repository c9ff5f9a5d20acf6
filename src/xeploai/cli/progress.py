"""The line on a terminal that says what is being done."""

from __future__ import annotations

import shutil
import sys
from time import monotonic


def progress(words: str, done: int = 0, of: int = 0) -> None:
    """One line on a terminal that says what is being done, and of long work how long it may take; it vanishes when that is
    over. Nothing in a pipe."""
    if sys.stderr.isatty():
        width = max(shutil.get_terminal_size().columns - 1, 1)
        from xeploai import vi

        left = estimate(done, of, monotonic())
        sys.stderr.write(f"\r{vi.shown(words, max(width - len(left), 1)) + left:<{width}}\r")
        sys.stderr.flush()


_WORTH_TELLING = 3  # seconds of work before anything can be said of the rest
_work: dict[int, float] = {}  # how much there is to do → when it began


def estimate(done: int, of: int, now: float) -> str:
    """ " · còn khoảng 40 giây", once enough was done to judge by; "" before, and for short work."""
    if not of:
        _work.clear()
        return ""
    took = now - _work.setdefault(of, now)
    if took < _WORTH_TELLING or not 0 < done < of:
        return ""
    left = took / done * (of - done)
    return f" · còn khoảng {left / 60:.0f} phút" if left >= 90 else f" · còn khoảng {left:.0f} giây"
