"""Files for as many reading processes as there are processors; what they say, in whatever order it is asked for.

    Reading ── asks ──▶ Pool ── a hand per process ──▶ Process ══ pipe ══ worker
                          │        (a thread)
                          └─ a stream of frames per task: a file, or a half of the sheets of a large one

A hand gives its process the next task when it is free, keeps its frames as the bytes that came, and starts a new process
when one dies. Only the consumer unpacks frames. Three things stay bounded:

    ahead    frames of files that nobody has asked for yet: KEPT bytes in memory, then the hands wait
    asked    frames of the file that is being taken: KEPT bytes more, what is beyond lies in a temporary file
    unpacked a file that is refused late must not have filled the parent: the first EAGER bytes are handed on as they come,
             the rest only when all of the file is there and nothing is wrong with it

Nothing depends on who was faster: a large file is always read in two halves, its refusal is that of the first sheet in the
workbook's order, its notes come in that order too.

2026-11: threads, because a pipe of Windows cannot be waited for together with others. They hold bytes, never objects.
"""

from __future__ import annotations

import atexit
import os
from collections import deque

from xeploai.read import frames, limits
from xeploai.read.link import Process, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import IO

    from xeploai.read.frames import Frame

MOST = 8
"""Processes, however many processors there are: the parent alone cannot take the frames of more."""
WORTH = 192 << 10
"""Bytes of files that are worth one more process: a start costs as much as reading these."""
LARGE = 2 << 20
"""Bytes from which a workbook is read in HALVES: below, starting twice costs more."""
HALVES = 2
BATCH, DEPTH = 256 << 10, 8
"""Bytes and files that a process has waiting for it, so that it need not wait for the parent between small ones. It gets
more when half of them are done, and fewer towards the end, so that all are done at once. Their paths must fit into a pipe:
whoever waits there does not listen."""
STARTS = 3
"""How often in a row a process may fail to come up before it is told of the files."""
KEPT = 32 << 20
EAGER = 12 << 20
"""Bytes of frames. An empty cell is one byte in a frame and eight in a grid: unpacked, this is 100 MB at most."""
WAKING = 4 << 10
"""Bytes of a frame for which the consumer is woken before the file is complete: waking costs as much as taking these."""
CHUNK = 1 << 20
LOOK_EVERY = 0.1


def processors() -> int:
    """How many this program may use."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# ------------------------------------------------------------------------------------- the head start


def ahead(paths: Iterable[str | os.PathLike[str]]) -> None:
    """Start reading these files (a folder is the spreadsheets in it) and return at once.

    A later `Reading` of the same paths takes what is there. Only a head start: it can never change a result, so whatever
    is no regular file is passed over in silence here, and told there.
    """
    from contextlib import suppress

    from xeploai.read.files import is_regular, spreadsheets

    found: list[str] = []
    for path in paths:
        with suppress(OSError, ValueError):
            if os.path.isdir(path):
                found += filter(is_regular, spreadsheets(path))
            elif is_regular(path):
                found.append(os.fspath(path))
    if found:
        _early.append(Pool(map(os.path.abspath, found)))


_early: list[Pool] = []


def _forget() -> None:
    for pool in _early:
        pool.close()
    _early.clear()


class Reading:
    """The frames on a list of files, from whichever pool has them. Used in a `with`, which leaves no process."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        if wrong := limits.mistaken():
            from xeploai.findings import BAD_OPTION, Unusable

            raise Unusable(BAD_OPTION(what=wrong))
        self._early = list(_early)
        missing = [path for path in map(os.path.abspath, paths) if not any(pool.has(path) for pool in self._early)]
        self._late = [Pool(missing)] if missing else []

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._late + [early for early in self._early if not early.busy]:
            pool.close()
        _early[:] = [pool for pool in _early if pool.busy]

    def replies(self, path: str | os.PathLike[str]) -> Iterator[Frame]:
        """Every frame on this file, up to the last one."""
        whole = os.path.abspath(path)
        for pool in self._early + self._late:
            if pool.has(whole):
                return pool.replies(whole)
        self._late.append(Pool([whole]))  # read ahead once, asked for twice
        return self._late[-1].replies(whole)


# ------------------------------------------------------------------------------- what is read, and so far


class File:
    """A file that is being read: one stream for each share of its sheets."""

    def __init__(self, path: str) -> None:
        try:
            self.size = os.path.getsize(path)
        except OSError:
            self.size = 0  # it is gone: the reader says so
        self.path = path
        shares = HALVES if self.size >= LARGE else 1
        self.streams = [Stream(self, share, shares) for share in range(shares)]

    @property
    def is_large(self) -> bool:
        """Whether it is read in shares."""
        return len(self.streams) > 1

    @property
    def is_complete(self) -> bool:
        """Whether the last word of every share is there."""
        return all(stream.last for stream in self.streams)

    def verdict(self) -> tuple[str, bytes]:
        """The last frame, as one process would say it: the first trouble in the order of the sheets. b"": it was taken."""
        ended = [stream.last for stream in self.streams if stream.last]
        trouble = [last for last in ended if last[1] != "done"]
        return min(trouble or ended)[1:]

    def notes(self) -> Iterator[bytes]:
        """The notes in the order of the sheets, each once."""
        yield from dict.fromkeys(note for _, note in sorted(note for stream in self.streams for note in stream.notes))


class Stream:
    """The frames on one share of a file, as they came."""

    def __init__(self, file: File, share: int, shares: int) -> None:
        self.file, self.share, self.shares = file, share, shares
        self.packets: deque[tuple[str, bytes | tuple[int, int]]] = deque()  # in memory; or in the spill: from, length
        self.notes: list[tuple[int, bytes]] = []
        self.last: tuple[int, str, bytes] | None = None
        self.has_begun = False
        self.is_dropped = False
        self._sheets = 0
        self._spill: Spill | None = None

    @property
    def place(self) -> int:
        """Which sheet of the workbook is being read."""
        return self._sheets * self.shares + self.share

    def add(self, word: str, body: bytes | tuple[int, int]) -> bool:
        """One more frame; whether it waits here to be taken."""
        if self.is_dropped:  # and what lay on the disk is gone
            return False
        if word == "whole":
            self.last = self.place, "done", b""  # which stands in the frame itself
        elif word in frames.LAST or word == "note":
            content = body if isinstance(body, bytes) else self.spill.read(*body)
            if word == "note":
                self.notes.append((self.place, content))
            else:
                self.last = self.place, word, content
            return False
        self.packets.append((word, body))
        self._sheets += word == "sheet"
        return True

    @property
    def spill(self) -> Spill:
        """Where frames lie that memory should not hold."""
        self._spill = self._spill or Spill()
        return self._spill

    def drop(self) -> int:
        """Forget all; how many bytes of memory this gives back."""
        held = sum(len(body) for _, body in self.packets if isinstance(body, bytes))
        self.is_dropped = True
        self.packets.clear()
        if self._spill:
            self._spill.close()
        return held


class Spill:
    """A temporary file without a name, written by a hand and read by the consumer."""

    def __init__(self) -> None:
        from tempfile import TemporaryFile
        from threading import Lock

        self._file: IO[bytes] = TemporaryFile(prefix="xeploai-")  # noqa: SIM115  closed with its stream
        self._lock = Lock()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Add to the end. Nothing is kept of what comes after the file was dropped."""
        with self._lock:
            if not self._file.closed:
                self._file.seek(self.size)
                self._file.write(content)
                self.size += len(content)

    def read(self, start: int, length: int) -> bytes:
        """What was written there."""
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)

    def close(self) -> None:
        """And with it the file is gone."""
        from contextlib import suppress

        with self._lock, suppress(OSError):  # a full disk, said once more
            self._file.close()


# ------------------------------------------------------------------------------------------------ the pool


class Pool:
    """Reading processes, the files that they are given in order, and what was heard of them so far."""

    def __init__(self, paths: Iterable[str]) -> None:
        from threading import Condition, Event, Thread

        self._files = {path: File(path) for path in dict.fromkeys(paths)}
        self._coming = deque(stream for file in self._files.values() for stream in file.streams)
        self._changed = Condition()
        self._held = 0  # bytes of frames in memory
        self._wanted: File | None = None
        self._bug: BaseException | None = None
        self._is_closed = Event()
        size = sum(file.size for file in self._files.values())
        count = min(processors(), MOST, len(self._coming), 1 + size // WORTH)
        self._hands = [Hand(self) for _ in range(max(count, 1))]
        self._alive = len(self._hands)
        for hand in self._hands:  # here and now: a thread would wait for its turn while this one imports
            hand.take_up()
        self._threads = [Thread(target=hand.run, daemon=True) for hand in self._hands]
        self._threads.append(Thread(target=self._watch, daemon=True))
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    @property
    def busy(self) -> bool:
        """Whether there is a file that nobody has asked for yet."""
        return bool(self._files)

    @property
    def processes(self) -> list[int]:
        """The processes that live."""
        return [hand.process.pid for hand in self._hands if hand.process]

    def has(self, path: str) -> bool:
        """Whether the frames on this file are still to be had."""
        return path in self._files

    def replies(self, path: str) -> Iterator[Frame]:
        """Every frame on this file, up to the last one. The death of its process is one more way of refusing."""
        file = self._files.pop(path)
        with self._changed:
            self._wanted = file
            self._changed.notify_all()
        try:
            yield from self._sheets(file)
            yield from map(frames.unpacked, file.notes())
            if last := file.verdict()[1]:
                yield frames.unpacked(last)
        finally:
            with self._changed:
                self._wanted = None
                self._held -= sum(stream.drop() for stream in file.streams)
                self._changed.notify_all()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        atexit.unregister(self.close)
        with self._changed:
            self._is_closed.set()
            self._changed.notify_all()
        for hand in self._hands:
            hand.drop()
        for thread in self._threads:
            thread.join(5)
        self._held -= sum(stream.drop() for file in self._files.values() for stream in file.streams)
        self._files.clear()

    # ------------------------------------------------------------------- the consumer's side

    def _sheets(self, file: File) -> Iterator[Frame]:
        """The frames of the sheets in the workbook's order, which the shares have in turn."""
        taken = 0
        open_shares = list(file.streams)
        while open_shares:
            stream = open_shares.pop(0)
            while packet := self._next(stream, taken):
                word, body = packet
                content = body if isinstance(body, bytes) else stream.spill.read(*body)
                taken += len(content)
                if word == "whole":
                    yield from map(frames.unpacked, frames.unpacked(content)[1:])
                    return
                yield frames.unpacked(content)
                if word == "sheet":
                    open_shares.append(stream)
                    break

    def _next(self, stream: Stream, taken: int) -> tuple[str, bytes | tuple[int, int]] | None:
        """The next frame of this share; None where it has no more, or where none of the file is of use any more."""
        file = stream.file
        with self._changed:
            while True:
                if self._bug:
                    raise self._bug
                if self.is_closed:
                    raise RuntimeError("the pool was closed while a file was being taken")
                if file.is_complete and file.verdict()[0] != "done":
                    return None
                if stream.packets:
                    _, body = stream.packets[0]
                    size = len(body) if isinstance(body, bytes) else body[1]
                    if file.is_complete or taken + size <= EAGER:
                        self._held -= size if isinstance(body, bytes) else 0
                        self._changed.notify_all()
                        return stream.packets.popleft()
                elif stream.last and (file.is_complete or stream.last[1] == "done"):
                    return None
                self._changed.wait(1)  # not for ever: Windows hears no Ctrl-C then

    # ----------------------------------------------------------------------- the hands' side

    def more(self, given: deque[Stream]) -> bool:
        """Give this hand the tasks that are its turn; whether it has any. A hand without is done."""
        with self._changed:
            most = min(DEPTH, 1 + len(self._coming) // (2 * max(self._alive, 1)))
            most = len(given) if 2 * len(given) > most else most
            while self._coming and not self.is_closed:
                following = self._coming[0].file
                if given and (following.is_large or len(given) >= most):
                    break
                if given and sum(stream.file.size for stream in given) + following.size > BATCH:
                    break
                given.append(self._coming.popleft())
            self._alive -= not given
            return bool(given)

    def give_up(self, given: deque[Stream], reason: str) -> None:
        """A hand gets no process: others take its tasks, or, where there are none, every file is refused."""
        with self._changed:
            self._alive -= 1
            self._coming.extendleft(reversed(given))
            given.clear()
            while self._coming and not self._alive:
                self.refuse(self._coming, reason)

    def refuse(self, given: deque[Stream], reason: str) -> None:
        """The last word on the first of these, of which its process has none."""
        with self._changed:
            given.popleft().add("refused", frames.packed(("refused", "DL07", {"reason": reason})))
            self._changed.notify_all()

    def room(self, stream: Stream, size: int) -> str:
        """Where so many bytes may go, as soon as they may: "memory", "disk"; "" when they are of no use any more."""
        with self._changed:
            while not self.is_closed:
                is_wanted = stream.file is self._wanted
                if self._held + size <= KEPT * (1 + is_wanted):
                    self._held += size
                    return "memory"
                if is_wanted or not self._is_under_way():
                    return "disk"
                self._changed.wait(1)
        return ""

    def put(self, given: deque[Stream], word: str, body: bytes | tuple[int, int]) -> bool:
        """A frame on the first of these has come; whether it is its last."""
        with self._changed:
            is_last = word in frames.LAST
            stream = given.popleft() if is_last else given[0]
            is_kept = stream.add(word, body)
            self._held -= 0 if is_kept or not isinstance(body, bytes) else len(body)
            is_worth_it = is_last or not isinstance(body, bytes) or len(body) >= WAKING
            if stream.file is self._wanted and is_worth_it:  # whoever waits for another sleeps on
                self._changed.notify_all()
            return is_last

    def give_back(self, size: int) -> None:
        """So many bytes did not come."""
        with self._changed:
            self._held -= size
            self._changed.notify_all()

    def fail(self, bug: BaseException) -> None:
        """A fault of ours in a thread: whoever takes files hears of it, instead of waiting for ever."""
        with self._changed:
            self._bug = self._bug or bug
            self._changed.notify_all()

    def _is_under_way(self) -> bool:
        """Whether what the consumer waits for is being read: if not, nobody may wait for the consumer."""
        return self._wanted is None or any(hand.given and hand.given[0].file is self._wanted for hand in self._hands)

    @property
    def is_closed(self) -> bool:
        """Whether nobody wants anything any more."""
        return self._is_closed.is_set()

    def _watch(self) -> None:
        """Look at the processes until nothing is to be read."""
        while self._alive and not self._is_closed.wait(LOOK_EVERY):
            for hand in self._hands:
                process = hand.process
                if process:
                    process.look()


class Hand:
    """Serves one process after the other: gives it files, puts its frames where they belong, buries it."""

    def __init__(self, pool: Pool) -> None:
        self.given: deque[Stream] = deque()
        self.process: Process | None = None
        self._pool = pool
        self._told = 0  # of those given, the process knows so many
        self._failures = 0
        self._failure = ""

    def take_up(self) -> None:
        """Take the first tasks, and a process for them."""
        if self._pool.more(self.given) and self._has_process():
            self._tell()

    def run(self) -> None:
        """Until there are no more files."""
        try:
            while self.given and not self._pool.is_closed:
                if self._failures >= STARTS:
                    self._pool.give_up(self.given, self._failure)
                elif self._has_process():
                    self._tell()
                    if self._listen():
                        self._pool.more(self.given)
        except BaseException as bug:  # told to the consumer, in whose thread it is raised
            self._pool.fail(bug)
        finally:
            self.drop()
            if self.process:
                self.process.bury()
                self.process = None

    def drop(self) -> None:
        """End the process, whatever it is doing."""
        process = self.process
        if process:
            process.end("")

    def _has_process(self) -> bool:
        """Whether there is one, or one could be started."""
        if not self.process:
            self._told = 0
            try:
                self.process = Process()
            except OSError as error:
                self._has_failed(f"hệ thống báo «{error.strerror}»")
        return bool(self.process)

    def _has_failed(self, reason: str) -> None:
        self._failures += 1
        self._failure = f"tiến trình đọc không khởi động được, đã thử {self._failures} lần: {reason}"

    def _tell(self) -> None:
        """Give the process what it does not know yet."""
        assert self.process
        if len(self.given) > self._told:
            news = list(self.given)[self._told :]
            self.process.give((stream.file.path, stream.share, stream.shares) for stream in news)
            self._told += len(news)

    def _listen(self) -> bool:
        """Take one frame; whether a file has ended with it."""
        process, stream = self.process, self.given[0]
        assert process
        heading = None if stream.is_dropped else process.head()
        if not heading:
            return self._has_died(process)
        word, length = heading
        if word == "ready":
            process.has_come_up = len(process.read(length)) == length
            self._failures = 0
            return False
        stream.has_begun = True
        where = self._pool.room(stream, length)
        body = self._spilled(process, stream, length) if where == "disk" else process.read(length) if where else None
        if body is None or (isinstance(body, bytes) and len(body) < length):
            self._pool.give_back(length if where == "memory" else 0)
            return self._has_died(process)
        has_ended = self._pool.put(self.given, word, body)
        if has_ended:
            self._told -= 1
            process.has_finished_a_file = True
            process.has_answered()
        return has_ended

    def _spilled(self, process: Process, stream: Stream, length: int) -> tuple[int, int] | None:
        """A frame that memory should not hold, and that may be larger than memory: piece by piece onto the disk."""
        start = stream.spill.size
        left = length
        while left:
            piece = process.read(min(left, CHUNK))
            if not piece:
                return None
            try:
                stream.spill.write(piece)
            except OSError as error:
                process.end(f"không ghi được tệp tạm: hệ thống báo «{error.strerror}»")
                return None
            left -= len(piece)
        return start, length

    def _has_died(self, process: Process) -> bool:
        """Bury it, and tell its file, if that is to blame; whether it is."""
        if self.given[0].is_dropped:
            process.end("không ai cần tệp này nữa")
        code = process.bury()
        reason = process.ended_because or told(code)
        self.process = None
        if not process.has_come_up and not self.given[0].is_dropped:
            self._has_failed(reason)
            if process.ended_because:  # silent for so long: not once more
                self._failures = STARTS
            return False
        if code == 0 and process.has_finished_a_file and not self.given[0].has_begun:
            return False  # it has stepped down by itself: see worker
        self._pool.refuse(self.given, reason)
        return True
