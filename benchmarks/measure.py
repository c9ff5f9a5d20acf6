"""One whole process, measured: wall time, processor time, peak memory. Linux only (wait4 and /proc).

    timed   perf_counter around start and end of the process. The peak is what the kernel says of the process, or of the
            largest of the children that it waited for: exact for a program of one process, and free.
    peak    a run of its own, because looking costs time: every 5 ms the resident memory of the process and of all its
            living descendants is summed. Pages that they share count once for each, so the sum is an upper bound.

The kernel's figure starts at the size of whoever starts the process: the harness that calls this must stay small, which
is why run.py imports no library and lets other processes make the inputs and read the results.
"""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LOOK_EVERY = 0.005
PAGE = os.sysconf("SC_PAGE_SIZE")


class Failed(Exception):
    """A measured program came back with an exit code that was not asked for; its last words are the message."""


@dataclass(frozen=True, slots=True)
class Took:
    seconds: float
    cpu_seconds: float  # user and system, with the children that were waited for
    peak_mb: float


def timed(command: list[str]) -> Took:
    with tempfile.TemporaryFile() as words:
        begun = time.perf_counter()
        process = start(command, words)
        return finish(process, begun, command, words)


def peak(command: list[str]) -> Took:
    """As timed, with the memory of the whole family. Its seconds include the looking: not for the table."""
    with tempfile.TemporaryFile() as words:
        begun = time.perf_counter()
        process = start(command, words)
        done, largest = threading.Event(), [0.0]
        watcher = threading.Thread(target=watch, args=(process.pid, done, largest), daemon=True)
        watcher.start()
        try:
            took = finish(process, begun, command, words)
        finally:
            done.set()
            watcher.join()
        return Took(took.seconds, took.cpu_seconds, max(took.peak_mb, largest[0]))


def start(command: list[str], words: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=words)


def finish(
    process: subprocess.Popen[bytes],
    begun: float,
    command: list[str],
    words: IO[bytes],
) -> Took:
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:  # Ctrl-C: leave nothing running behind
        process.kill()
        raise
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        words.seek(0)
        said = words.read().decode("utf-8", "replace").strip()
        raise Failed(f"exit code {process.returncode}: {' '.join(command)}\n{said[-2000:]}")
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def watch(pid: int, done: threading.Event, largest: list[float]) -> None:
    while not done.wait(LOOK_EVERY):
        largest[0] = max(largest[0], sum(map(resident_mb, family(pid))))


def family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from family(int(child))
    except OSError:  # it ended while we looked
        return


def resident_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20
    except OSError:
        return 0.0
