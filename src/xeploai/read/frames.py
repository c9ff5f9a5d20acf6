"""What travels between the parent and its reading process: one marshalled message per frame, its length before it.

A message is a tuple; its first word says which:

    ("rows", rows, moments)     the next rows of a sheet; moments: (row, column, type, arguments) of its dates, counted
                                within these rows, because marshal cannot carry them
    ("again",)                  forget the rows since the last sheet: they come once more
    ("sheet", facts)            the sheet is complete; facts: name, visible, top, left (of its rows), marks, merged,
                                hidden_rows, hidden_columns (first, last), and, where there are any, percents (row, column)
                                and fonts {column: old-encoding font names}. All places count from 0 and from A1.
                                marks: (row, column, kind, content), kind one of error (its code), formula (its text,
                                no result), spilled, text (the value is this text), timedelta (its three arguments)
    ("note", code, words)       a finding beside the result
    ("done", sha256)            the file is complete                                                    ⎫
    ("refused", code, words)    the file cannot be read, and why                                        ⎬ the last one
    ("bug", text)               a fault of ours                                                         ⎭ of each file
"""

from __future__ import annotations

from marshal import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    Frame = tuple[Any, ...]

LAST = frozenset({"done", "refused", "bug"})
VERSION = 2  # of marshal: the last one that does not look for shared objects, which numbers never are
_LENGTH = 8


def send(stream: IO[bytes], message: Any) -> None:
    """Write one frame and flush it."""
    body = dumps(message, VERSION)
    stream.write(len(body).to_bytes(_LENGTH, "little"))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message, or None at the end of the stream, also where it ends inside a frame."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "little")
    body = stream.read(length)
    return loads(body) if len(body) == length else None  # noqa: S302  of our own process
