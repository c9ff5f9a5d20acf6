"""Write in a process beside this one: it imports openpyxl while this one still reads and rates, then makes the bytes.

Only a head start. Without the process, or when it fails in any way, the same function runs here and the result is the same.
This file must stay cheap to import: it is the first thing that the command line loads.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xeploai.report.table import Page

CODE = "from xeploai.write.beside import serve; serve()"

_worker: subprocess.Popen[bytes] | None = None


def start() -> None:
    """Start the process; it waits for pages, and ends with this process."""
    global _worker  # noqa: PLW0603  one writer, started before there is anything to hand around
    with contextlib.suppress(OSError):  # no more processes here: this one writes
        _worker = subprocess.Popen(
            [sys.executable, "-P", "-c", CODE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def begin(pages: Sequence[Page]) -> Callable[[], bytes]:
    """Hand over the pages; the returned function waits for the bytes. Raises Unusable as `workbook_bytes` does."""
    global _worker
    worker, _worker = _worker, None
    if worker is not None:
        assert worker.stdin
        try:
            worker.stdin.write(_packed(pages))
            worker.stdin.close()
        except OSError:  # it is gone: write here
            worker = None

    def finish() -> bytes:
        if worker is not None:
            assert worker.stdout
            content = worker.stdout.read()
            if worker.wait() == 0 and content:
                return content
        from xeploai.write.workbook import workbook_bytes

        return workbook_bytes(pages)

    return finish


def serve() -> None:
    """The process itself: openpyxl first, then the pages from stdin, the workbook to stdout."""
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; this ends with its pipe
    gc.disable()  # one workbook and out: collecting would cost a tenth of the time
    from xeploai.write.workbook import workbook_bytes

    request = sys.stdin.buffer.read()
    if request:
        sys.stdout.buffer.write(workbook_bytes(_unpacked(request)))
        sys.stdout.flush()
    os._exit(0)


def _packed(pages: Sequence[Page]) -> bytes:
    import marshal
    from decimal import Decimal

    class Floats(dict[Decimal, float]):
        """Every number made a float once."""

        def __missing__(self, value: Decimal) -> float:
            number = self[value] = float(value)
            return number

    floats = Floats()

    def plain(row: Sequence[object]) -> list[object]:
        return [floats[value] if type(value) is Decimal else value for value in row]

    return marshal.dumps([
        (page.name, [
            ([(c.heading, c.kind, c.width) for c in table.columns], list(map(plain, table.rows)), table.above)
            for table in page.tables
        ])
        for page in pages
    ])  # fmt: skip


def _unpacked(request: bytes) -> list[Page]:
    import marshal

    from xeploai.report.table import Column, Page, Table

    return [
        Page(name, tuple(Table(tuple(Column(*c) for c in columns), rows, above) for columns, rows, above in tables))
        for name, tables in marshal.loads(request)  # noqa: S302  from our own parent's pipe
    ]
