"""The parent's end of the reading process: starts it, takes its replies, and outlives its death.

`ahead` is called before anything heavy is imported, so this module imports next to nothing. The process is a plain
`python -c` with the parent's own module path, so it finds the same code in a wheel, a venv or an editable install; it
skips `site` and the fronts of our packages, which a reader does not need.

What a pool needs is here already: a worker takes its files as messages, tells the end of each, and is replaced when it
dies; a time limit is a `kill` from a timer, which is then told like any other death.
"""

from __future__ import annotations

import atexit
import os
import sys

from xeploai.read import frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from xeploai.read.frames import Frame

_BOOT = """\
import marshal, sys
sys.path[:], folder = marshal.load(sys.stdin.buffer)
for name, path in (("xeploai", folder), ("xeploai.read", folder + "/read")):
    sys.modules[name] = type(sys)(name)
    sys.modules[name].__path__ = [path]
from xeploai.read.worker import main
main()
"""


def ahead(paths: Iterable[str | os.PathLike[str]]) -> None:
    """Start reading these files (a folder is the spreadsheets in it) and return at once.

    A later `read` of the same paths takes what the process has. Only a head start: it can never change a result, so
    whatever is no regular file is passed over in silence here, and told there.
    """
    from contextlib import suppress

    from xeploai.read.files import is_regular, spreadsheets

    found: list[str] = []
    for path in paths:
        with suppress(OSError):
            found += spreadsheets(path) if os.path.isdir(path) else [os.fspath(path)]
    regular = [os.path.abspath(path) for path in found if is_regular(path)]
    if not regular:
        return
    if not _early:
        atexit.register(_forget)
    _early.extend(_readers(regular))


_early: list[Worker | Team] = []

LARGE = 2 << 20
"""Bytes from which a workbook's sheets are shared out among the processors: below, a second start costs more."""


def _readers(paths: Iterable[str]) -> list[Worker | Team]:
    """Who reads these files: one process for the small ones, a team for each large one."""
    small: list[str] = []
    readers: list[Worker | Team] = []
    for path in paths:
        try:
            large = os.path.getsize(path) >= LARGE and (os.cpu_count() or 1) > 1
        except OSError:
            large = False  # it is gone: the reader says so
        if large:
            readers.append(Team(path))
        else:
            small.append(path)
    return ([Worker(small)] if small else []) + readers


def _forget() -> None:
    for worker in _early:
        worker.close()
    _early.clear()


class Reading:
    """The replies on a list of files, each by whichever process has it. Used in a `with`, which leaves no process."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        self._early = list(_early)
        late = [path for path in map(os.path.abspath, paths) if not any(worker.has(path) for worker in self._early)]
        self._late = _readers(late)

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._late + [early for early in self._early if not early.busy]:
            worker.close()
        _early[:] = [worker for worker in _early if worker.busy]

    def replies(self, path: str | os.PathLike[str]) -> Iterator[Frame]:
        """Every frame on this file, up to the last one."""
        whole = os.path.abspath(path)
        for worker in self._early + self._late:
            if worker.has(whole):
                return worker.replies(whole)
        self._late += _readers([whole])  # read ahead once, asked for twice
        return self._late[-1].replies(whole)


class Team:
    """Two processes for one large workbook: each reads every other sheet, and the sheets come back in their order."""

    SIZE = 2

    def __init__(self, path: str) -> None:
        self._workers = [Worker([path], share, self.SIZE) for share in range(self.SIZE)]

    @property
    def busy(self) -> bool:
        """Whether nobody has asked for the file yet."""
        return self._workers[0].busy

    def has(self, path: str) -> bool:
        """Whether the replies on this file are still to be had."""
        return self._workers[0].has(path)

    def replies(self, path: str) -> Iterator[Frame]:
        """Every frame on the file, up to the last one, as one process would send them."""
        streams = [worker.replies(path) for worker in self._workers]
        ended: Frame | None = None
        turn = 0
        while ended is None:
            for frame in streams[turn]:
                if frame[0] in frames.LAST:
                    ended = frame
                elif frame[0] != "note" or turn == 0:
                    yield frame
                if frame[0] == "sheet":
                    break
            turn = (turn + 1) % self.SIZE
        for stream in streams if ended[0] == "done" else ():
            for frame in stream:  # the others have no sheet left, but may yet have died
                ended = frame if frame[0] in frames.LAST and frame[0] != "done" else ended
        self.close()
        yield ended

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for worker in self._workers:
            worker.close()


class Worker:
    """One reading process after the other, and the files that were given to it, in order; or a share of their sheets."""

    def __init__(self, paths: Iterable[str], share: int = 0, of: int = 1) -> None:
        self._coming = list(paths)
        self._share = (share, of)
        self._held: list[tuple[str, list[Frame]]] = []  # of files that were passed over
        self._failure = ""
        self._start()

    @property
    def busy(self) -> bool:
        """Whether there is a file that nobody has asked for yet."""
        return bool(self._coming or self._held)

    def has(self, path: str) -> bool:
        """Whether the replies on this file are still to be had."""
        return path in self._coming or any(path == held for held, _ in self._held)

    def replies(self, path: str) -> Iterator[Frame]:
        """Every frame on this file, up to the last one. The death of the process is one more way of refusing."""
        for held in self._held:
            if held[0] == path:
                self._held.remove(held)
                yield from held[1]
                return
        while self._coming[0] != path:
            passed = self._coming[0]
            self._held.append((passed, list(self._next())))
        yield from self._next()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._coming.clear()
        self._held.clear()
        if self._process:
            self._process.kill()
            self._bury()

    def _next(self) -> Iterator[Frame]:
        """The replies on the first of the files that are still to come."""
        complete = False
        try:
            while not complete:
                frame = frames.receive(self._stdout) if self._process else None
                complete = frame is None or frame[0] in frames.LAST
                if complete:
                    del self._coming[0]
                if frame is None:
                    reason = self._bury()
                    if self._coming:
                        self._start()
                    yield ("refused", "DL07", {"reason": reason})
                else:
                    if complete and not self._coming:
                        self._stdin.close()  # which ends it, while the parent goes on
                    yield frame
        finally:
            if not complete:  # half a file was taken: what follows has no beginning
                self.close()

    def _start(self) -> None:
        from contextlib import suppress
        from marshal import dump
        from subprocess import DEVNULL, PIPE, Popen

        hidden = getattr(sys.modules["subprocess"], "CREATE_NO_WINDOW", 0)  # no console pops up on Windows
        self._process: Popen[bytes] | None = None
        try:
            self._process = Popen(command(), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, creationflags=hidden)
        except OSError as error:
            self._failure = f"không khởi động được tiến trình đọc: {error.strerror}"
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        with suppress(OSError):  # it is dead already; whoever asks for the first file is told
            modules = [entry for entry in sys.path if isinstance(entry, str)]
            dump((modules, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), self._stdin)
            frames.send(self._stdin, [(os.fsencode(path), *self._share) for path in self._coming])

    def _bury(self) -> str:
        """Wait for the end of the process, close its pipes, and say how it ended."""
        from contextlib import suppress

        if not self._process:
            return self._failure
        from subprocess import TimeoutExpired

        try:
            code = self._process.wait(timeout=5)
        except TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._stdout.close()
        with suppress(OSError):  # what was still unsent has no reader
            self._stdin.close()
        self._process = None
        return _told(code)


def command() -> list[str]:
    """How a reading process is started."""
    return [sys.executable, "-S", "-c", _BOOT]


def _told(code: int) -> str:
    """A process's end in words."""
    if code >= 0:
        return f"mã thoát {code}" if code < 256 else f"mã thoát {code:#x}"
    from signal import Signals

    try:
        return f"tín hiệu {Signals(-code).name}"
    except ValueError:
        return f"tín hiệu {-code}"
