"""The parent's end of one reading process: starts it, gives it files, takes its frames, and says how it ended.

The process is a plain `python -c` with the parent's own module path, so it finds the same code in a wheel, a venv or an
editable install; it skips `site` and the fronts of our packages, which a reader does not need. This module imports next to
nothing, because the first process is started before anything heavy is imported.
"""

from __future__ import annotations

import os
import sys
from time import monotonic

from xeploai.read import frames, limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_BOOT = """\
import marshal, sys
sys.path[:], folder = marshal.load(sys.stdin.buffer)
for name, path in (("xeploai", folder), ("xeploai.read", folder + "/read")):
    sys.modules[name] = type(sys)(name)
    sys.modules[name].__path__ = [path]
from xeploai.read.worker import main
main()
"""

_PIPE = 1 << 20
"""How much a process may say before the parent listens, where pipes can be made larger. 64 KB are half a millisecond."""


def command() -> list[str]:
    """How a reading process is started."""
    return [sys.executable, "-S", "-c", _BOOT]


class Process:
    """One reading process. Raises OSError where none can be started."""

    def __init__(self) -> None:
        from contextlib import suppress
        from marshal import dump
        from subprocess import DEVNULL, PIPE, Popen

        hidden = getattr(sys.modules["subprocess"], "CREATE_NO_WINDOW", 0)  # no console pops up on Windows
        self._process = Popen(command(), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, creationflags=hidden)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self.pid = self._process.pid
        self.has_come_up = False
        self.has_finished_a_file = False
        self.ended_because = ""
        self._waited = 0.0
        self._waits_since = 0.0
        self._worked = 0
        self._worked_at = 0.0
        _widen(self._stdout.fileno())
        modules = [entry for entry in sys.path if isinstance(entry, str)]
        with suppress(OSError):  # it is dead already: its first frame does not come
            dump((modules, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), self._stdin)
            self._stdin.flush()

    def give(self, tasks: Iterable[tuple[str, int, int]]) -> None:
        """More files to read (path, share, of how many), after those that it has."""
        from contextlib import suppress

        with suppress(OSError):
            for path, share, of in tasks:
                frames.send(self._stdin, ("read", os.fsencode(path), share, of))
            self._stdin.flush()

    def head(self) -> tuple[str, int] | None:
        """Word and length of the next frame; None where no whole one comes any more."""
        return frames.headed(self.read(frames.HEAD))

    def read(self, length: int) -> bytes:
        """So much of the frame's body; less at the end."""
        self._waits_since = monotonic()
        try:
            return self._stdout.read(length)
        finally:
            self._waited += monotonic() - self._waits_since
            self._waits_since = 0.0

    def has_answered(self) -> None:
        """A file is done: the patience for the next one is whole again."""
        self._waited = 0.0

    def look(self) -> None:
        """End the process if it lets the parent wait too long, or takes too much memory."""
        now = monotonic()
        worked, self._worked = self._worked, limits.processor_time(self.pid)
        if worked != self._worked:  # no idler; how long it may work, the kernel sees to
            self._worked_at = now
        since = self._waits_since
        waited = self._waited + (now - since if since else 0)
        if min(waited, now - self._worked_at) > limits.seconds() * limits.PATIENCE:
            self.end(limits.too_silent() if limits.PATIENCE > 1 else limits.too_long())
        if limits.is_too_large(self.pid):
            self.end(limits.too_much_memory())

    def end(self, reason: str) -> None:
        """Kill it; whoever waits for it hears the end of its output."""
        self.ended_because = self.ended_because or reason
        self._process.kill()

    def bury(self) -> int:
        """Wait for the end, which is near once no more files can come, and close what is open."""
        from contextlib import suppress

        with suppress(OSError):  # what was still unsent has no reader
            self._stdin.close()
        self._waits_since = monotonic()  # one that closes its output and lives on is ended by `look`
        code = self._process.wait()
        self._waits_since = 0.0
        self._stdout.close()
        return code


def told(code: int) -> str:
    """A process's end in words."""
    if code >= 0:
        return f"mã thoát {code}" if code < 256 else f"mã thoát {code:#x}"
    from signal import Signals

    try:
        name = Signals(-code).name
    except ValueError:
        return f"tín hiệu {-code}"
    if name == "SIGPROF":  # the alarm of its own clock
        return limits.too_long()
    if name == "SIGABRT":  # so ends a Rust program that is refused memory; it can say so on stderr only
        return f"tín hiệu SIGABRT, thường vì {limits.too_much_memory()}"
    return f"tín hiệu {name}"


def _widen(pipe: int) -> None:
    from contextlib import suppress

    with suppress(ImportError, AttributeError, OSError):  # no such thing here, or too many pipes are wide already
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
