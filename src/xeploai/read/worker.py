"""The reading process: takes paths from its standard input, sends frames to its standard output, until either closes.

It imports what its files need and nothing else, shares no memory with the parent, and may die at any time. Ctrl-C is the
parent's business. What it prints (a panic of the reader's Rust half does) goes nowhere.
"""

from __future__ import annotations

import os
import sys

from xeploai.read import frames, guard, limits, sniff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from xeploai.read.frames import Frame

READERS = {"xlsx": "xlsx:sheets", "xlsm": "xlsx:sheets", "xls": "xls:sheets", "ods": "ods:sheets", "csv": "text:sheets"}
"""Which kinds of spreadsheet this version reads, and by what: "module:function", imported when the first such file comes."""


FEW, SMALL = 16, 64 << 10
"""Frames and bytes of a file that is sent whole: each frame costs the parent as much as reading ten rows."""

LONGEST = 1 << 20
"""Characters of a text in a cell."""


def main() -> None:
    """Answer until the parent has no more files, or is gone."""
    from signal import SIG_IGN, SIGINT, signal

    signal(SIGINT, SIG_IGN)
    limits.confine()
    try:
        frames.send(sys.stdout.buffer, ("ready",))
        while (message := frames.receive(sys.stdin.buffer)) is not None:
            _, path, share, of = message
            limits.start_clock()
            _answer(sys.stdout.buffer, path, share, of)
            if limits.is_worn():
                break
    except OSError:
        pass  # the parent is gone
    os._exit(0)  # nothing is left to tidy, and tidying hundreds of megabytes takes time


def _answer(stream: IO[bytes], path: bytes, share: int, of: int) -> None:
    held: list[tuple[str, bytes]] = []
    is_small = of == 1
    try:
        for frame in replies(path, share, of):
            body = frames.packed(frame)
            if frame[0] == "rows" and len(body) > LONGEST and _is_bomb(frame[1]):
                refusal = guard.damaged(
                    f"có ô chứa hơn {guard.number(LONGEST)} ký tự (Excel chỉ chứa 32.767); xoá chữ thừa trong ô đó rồi lưu lại"
                )
                frame = ("refused", refusal.code, refusal.words)  # noqa: PLW2901
                body = frames.packed(frame)
            held.append((frame[0], body))
            is_small = is_small and len(held) <= FEW and sum(len(body) for _, body in held) <= SMALL
            word = held[-1][0]
            if is_small and word == "done":
                held.sort(key=lambda each: (each[0] == "done", each[0] == "note"))
                held = [("whole", frames.packed(("whole", *(body for _, body in held))))]
            elif is_small and word not in frames.LAST:
                continue
            while held:
                frames.send_packed(stream, *held.pop(0))
            if word in frames.LAST:
                return
    except MemoryError:  # a frame too many: it is packed before anything of it is sent
        frames.send(stream, _no_memory())


def replies(path: bytes, share: int = 0, of: int = 1) -> Iterator[Frame]:
    """Every frame on one file, or on a share of its sheets. Nothing that a file can do comes further than this."""
    try:
        yield from _replies(path, share, of)
    except guard.Refused as refusal:
        yield ("refused", refusal.code, refusal.words)
    except MemoryError:
        yield _no_memory()
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Rust's; it cannot be imported
            yield ("refused", "DL07", {"reason": "bộ giải mã gặp chỗ không xử lý được"})
        elif isinstance(error, Exception):
            import traceback

            yield ("bug", traceback.format_exc())
        else:
            raise


def _is_bomb(rows: Sequence[Sequence[object]]) -> bool:
    """Whether a text is longer than any office program writes: the parent would turn it over for minutes."""
    return any(value.__class__ is str and len(value) > LONGEST for row in rows for value in row)


def _no_memory() -> Frame:
    return ("refused", "DL07", {"reason": limits.too_much_memory()})


def _replies(path: bytes, share: int, of: int) -> Iterator[Frame]:
    name = os.path.basename(os.fsdecode(path))
    data = _bytes(path)
    kind = sniff.kind(data, name)
    if kind not in READERS:
        raise guard.Refused("DL06", kind=sniff.SPREADSHEETS[kind].words)
    if sniff.misnamed(kind, name):
        yield ("note", "DL08", {"kind": sniff.SPREADSHEETS[kind].words})
    yield from _reader(kind)(data, share, of)
    from hashlib import sha256

    yield ("done", sha256(data).hexdigest())


def _reader(kind: str) -> Callable[[bytes, int, int], Iterator[Frame]]:
    """What reads this kind: imported now, because whoever reads one kind should not wait for the others."""
    module, _, name = READERS[kind].partition(":")
    reader: Callable[[bytes, int, int], Iterator[Frame]] = getattr(
        __import__(f"xeploai.read.{module}", fromlist=[name]), name
    )
    return reader


def _bytes(path: bytes) -> bytes:
    from xeploai.read.files import is_regular

    if not is_regular(os.fsdecode(path)):
        raise guard.Refused("DL01", reason="không có tệp này, hoặc không phải tệp thường")
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise guard.Refused("DL01", reason=f"hệ thống báo «{error.strerror}»") from error
