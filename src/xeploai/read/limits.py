"""How much one file may cost the machine: memory and time, and who enforces them.

    memory  XEPLOAI_READ_MB, 1,024: where the system limits address space, the reading process limits itself, and an
            allocation beyond it fails at once. Elsewhere (macOS, Windows) the parent looks at the resident size ten times
            a second and ends the process; where nobody tells that size either, nothing holds.
    time    XEPLOAI_READ_SECONDS, 20: seconds of processor time, not of the clock. A file does not become unreadable
            because ten other programs are busy, nor because the parent is slow in taking what was read (the process then
            waits on its pipe, which costs no processor time). The kernel counts and kills (ITIMER_PROF under its default
            action), so no loop in C or Rust holds it up, and no parent is needed.
    silence what processor time does not see (a dead network drive; on Windows, anything): the parent adds up how long it
            has waited for answers on one file, and ends the process after PATIENCE times the limit. Where it can see that
            the process works (Linux), it goes on waiting: the kernel counts.

A workbook that is read in two halves has both limits for each half. The process inherits the variables, so both ends
speak of the same limits.
"""

from __future__ import annotations

import os
import sys

MEGABYTES, SECONDS = "XEPLOAI_READ_MB", "XEPLOAI_READ_SECONDS"
_USUAL = {MEGABYTES: 1024, SECONDS: 20}

SYSTEM_LIMITS_MEMORY = sys.platform.startswith(("linux", "freebsd"))
"""Whether the system refuses address space beyond a limit. macOS takes the limit and does not keep it."""

PATIENCE = 1 if sys.platform == "win32" else 3
"""Waited seconds per second of the limit: where processor time is counted, the clock is for those who do nothing at all."""

_LEAST = {MEGABYTES: 64, SECONDS: 1}  # below, not even the process itself comes up

_MOST = 9_999_999


def megabytes() -> int:
    """The memory that a reading process may take."""
    return _set(MEGABYTES)


def seconds() -> int:
    """The processor time that one file may take."""
    return _set(SECONDS)


def mistaken() -> str:
    """What is wrong with the variables, as the beginning of a sentence; "" where nothing is."""
    for name, usual in _USUAL.items():
        given = os.environ.get(name, "")
        if given and not _is_good(name, given):
            whole = f"số nguyên từ {_LEAST[name]} đến {_MOST}"
            return f"{name} phải là {whole}, đang là «{given[:40]}»; bỏ đi thì là {usual}"
    return ""


def too_much_memory() -> str:
    """Why a process that wanted more memory was ended."""
    most = f"{megabytes():,}".replace(",", ".")
    return f"quá {most} MB bộ nhớ (nâng bằng {MEGABYTES})"


def too_long() -> str:
    """Why a process that took more time was ended."""
    return f"quá {seconds()} giây (nâng bằng {SECONDS})"


def too_silent() -> str:
    """Why a process that said nothing was ended."""
    return f"không trả lời trong {seconds() * PATIENCE} giây (nâng bằng {SECONDS})"


# ---------------------------------------------------------------------------- in the reading process itself


def confine() -> None:
    """Limit this process's memory, where the system can."""
    if not SYSTEM_LIMITS_MEMORY or sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = megabytes() << 20
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def start_clock() -> None:
    """From here on this process may take so much processor time, and is killed beyond it; said anew for each file."""
    if sys.platform == "win32":
        return
    import signal

    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # the parent's parent may have told it to be ignored
    signal.setitimer(signal.ITIMER_PROF, seconds())


def is_worn() -> bool:
    """Whether this process once took half of its memory: a fresh one serves the next file as any other."""
    if sys.platform == "win32":
        return False
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> (20 if sys.platform == "darwin" else 10) > megabytes() // 2


# ------------------------------------------------------------------------------------------- in the parent


def is_too_large(process: int) -> bool:
    """Whether this process takes more memory than it may, where the system itself does not see to that."""
    return not SYSTEM_LIMITS_MEMORY and resident(process) > megabytes() << 20


def resident(process: int) -> int:
    """The resident size of a process in bytes; 0 where nobody tells it."""
    if sys.platform == "win32":
        return _resident_on_windows(process)
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _resident_by_ps(process)


def processor_time(process: int) -> int:
    """The processor time of a process so far, in ticks; always 0 where nobody tells it cheaply."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            told = file.read().rpartition(b")")[2].split()
        return int(told[11]) + int(told[12])
    except (OSError, ValueError, IndexError):
        return 0


def _resident_by_ps(process: int) -> int:
    from subprocess import DEVNULL, run

    try:
        command = ["/bin/ps", "-o", "rss=", "-p", str(process)]
        told = run(command, check=False, capture_output=True, stdin=DEVNULL).stdout
        return int(told) << 10
    except (OSError, ValueError):
        return 0


if sys.platform == "win32":

    def _resident_on_windows(process: int) -> int:
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            """PROCESS_MEMORY_COUNTERS."""

            _fields_ = (
                ("cb", wintypes.DWORD), ("PageFaultCount", wintypes.DWORD),
                *((name, ctypes.c_size_t) for name in (
                    "PeakWorkingSetSize", "WorkingSetSize", "QuotaPeakPagedPoolUsage", "QuotaPagedPoolUsage",
                    "QuotaPeakNonPagedPoolUsage", "QuotaNonPagedPoolUsage", "PagefileUsage", "PeakPagefileUsage",
                )),
            )  # fmt: skip

        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        handle = kernel.OpenProcess(0x1010, False, process)  # query information, read memory
        counters = Counters(cb=ctypes.sizeof(Counters))
        try:
            told = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb) if handle else 0
            return int(counters.WorkingSetSize) if told else 0
        finally:
            if handle:
                kernel.CloseHandle(handle)


def _set(name: str) -> int:
    given = os.environ.get(name, "")
    return int(given) if _is_good(name, given) else _USUAL[name]


def _is_good(name: str, given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) < 20 and _LEAST[name] <= int(given) <= _MOST
