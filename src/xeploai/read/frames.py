"""What travels between the parent and its reading process: one marshalled message per frame, its word and length before it.

A message is a tuple; its first word says which. The parent sends ("read", path, share, of), and hears

    ("ready",)                  the process has come up
    ("rows", rows, moments)     the next rows of a sheet; moments: (row, column, type, arguments) of its dates, counted
                                within these rows, because marshal cannot carry them
    ("again",)                  forget the rows since the last sheet: they come once more
    ("sheet", facts)            the sheet is complete; facts: name, visible, top, left (of its rows), marks, merged,
                                hidden_rows, hidden_columns (first, last), and, where there are any, percents (row, column),
                                fonts {column: old-encoding font names} and doubled (row, column): cells for which the
                                file has several values, of which the last is taken. All places count from 0 and from A1.
                                marks: (row, column, kind, *content), kind one of error (its code, its formula),
                                formula (its text, no result), spilled (the same), text (the value is this text),
                                timedelta (its three arguments). A formula that cannot be told is ""
    ("note", code, words)       a finding beside the result
    ("done", sha256)            the file is complete                                                    ⎫
    ("whole", *bodies)          all that there is on a small file: sheets, notes, "done", each packed   ⎪ the last one
    ("refused", code, words)    the file cannot be read, and why                                        ⎬ of each file
    ("bug", text)               a fault of ours                                                         ⎭

A frame is the number of its word (one byte), the length of the rest (seven, the lowest first), the whole message. So the
parent can put frames aside without unpacking them.
"""

from __future__ import annotations

from marshal import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    Frame = tuple[Any, ...]

WORDS = ("read", "ready", "rows", "again", "sheet", "note", "done", "refused", "bug", "whole")
LAST = frozenset({"done", "refused", "bug", "whole"})
HEAD = 8
VERSION = 2  # of marshal: the last one that does not look for shared objects, which numbers never are


def packed(message: Frame) -> bytes:
    """The body of a frame."""
    return dumps(message, VERSION)


def unpacked(body: bytes) -> Frame:
    """The message of a body."""
    message: Frame = loads(body)  # noqa: S302  of our own process
    return message


def headed(head: bytes) -> tuple[str, int] | None:
    """The word and the length that this head announces; None where it is none, as at the end of a stream."""
    if len(head) < HEAD or head[0] >= len(WORDS):
        return None
    return WORDS[head[0]], int.from_bytes(head[1:], "little")


def send(stream: IO[bytes], message: Frame) -> None:
    """Write one frame. A worker's leaves at once if the parent may be waiting for no more than this one."""
    send_packed(stream, message[0], packed(message))


def send_packed(stream: IO[bytes], word: str, body: bytes) -> None:
    """Write one frame whose body is packed already."""
    stream.write(bytes((WORDS.index(word),)) + len(body).to_bytes(HEAD - 1, "little"))
    stream.write(body)
    if word in LAST or word == "ready":
        stream.flush()


def receive(stream: IO[bytes]) -> Frame | None:
    """The next message, or None at the end of the stream, also where it ends inside a frame."""
    heading = headed(stream.read(HEAD))
    if heading is None:
        return None
    body = stream.read(heading[1])
    return unpacked(body) if len(body) == heading[1] else None
