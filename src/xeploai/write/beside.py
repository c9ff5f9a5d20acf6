"""Write in a process beside this one: it imports openpyxl while this one still reads and rates, then makes the bytes.

Only a head start. Without the process, or when it fails in any way, the same function runs here and the result is the same.
This file must stay cheap to import: the command line loads it before the rest.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

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


def early(page: Page) -> None:
    """Hand over a page that is known before the others, so that it is written while these are still worked out."""
    if _worker is not None:
        _sent.append(page.name)
        _send(_worker, [page], None)


def begin(pages: Sequence[Page]) -> Callable[[], bytes]:
    """Hand over the pages; the returned function waits for the bytes. Raises Unusable as `workbook_bytes` does."""
    global _worker
    worker, _worker = _worker, None
    if worker is not None:
        from xeploai.report.table import EARLY

        coming = sorted((page for page in pages if page.name not in _sent), key=lambda page: page.name != EARLY)
        _send(worker, coming, [page.name for page in pages])
        _sent.clear()

    def finish() -> bytes:
        if worker is not None:
            assert worker.stdout
            content = worker.stdout.read()
            if worker.wait() == 0 and content:
                return content
        from xeploai.write.workbook import workbook_bytes

        return workbook_bytes(pages)

    return finish


_sent: list[str] = []
_sender: list[threading.Thread] = []  # the last one: pages go out one after the other


def _send(worker: subprocess.Popen[bytes], pages: Sequence[Page], order: Sequence[str] | None) -> None:
    """Send from a thread of its own: the process reads the next pages only when it has written the last."""
    before = _sender[-1] if _sender else None

    def send() -> None:
        assert worker.stdin
        if before:
            before.join()
        with contextlib.suppress(OSError, ValueError):  # it is gone: `finish` writes here
            for page in pages:
                worker.stdin.write(_packed(page))
            if order is not None:
                worker.stdin.write(_packed(None, order))
                worker.stdin.close()
            else:
                worker.stdin.flush()

    _sender[:] = [threading.Thread(target=send, daemon=True)]
    _sender[-1].start()


def serve() -> None:
    """The process itself: openpyxl first, then the pages from stdin as they come, the workbook to stdout."""
    import gc
    import marshal
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; this ends with its pipe
    gc.disable()  # one workbook and out: collecting would cost a tenth of the time
    from openpyxl import Workbook

    from xeploai.write.workbook import add, fits, in_house_style, package

    book = in_house_style(Workbook(write_only=True))
    order: list[str] | None = None
    with contextlib.suppress(EOFError):  # the parent stopped before the end: nothing is wanted any more
        while order is None:
            packed, order = marshal.load(sys.stdin.buffer)  # noqa: S302  from our own parent's pipe
            if packed is not None:
                page = _unpacked(packed)
                fits([page])
                add(book, page)
        sys.stdout.buffer.write(package(book, order))
        sys.stdout.flush()
    os._exit(0)


def _packed(page: Page | None, order: Sequence[str] | None = None) -> bytes:
    """A page for the pipe, every exact number as the float that a cell can hold; or, at the end, the order of the sheets."""
    import marshal
    from decimal import Decimal

    if page is None:
        return marshal.dumps((None, list(order or ())))

    class Floats(dict[Decimal, float]):
        """Every number made a float once."""

        def __missing__(self, value: Decimal) -> float:
            number = self[value] = float(value)
            return number

    floats = Floats()

    def plain(row: Sequence[object]) -> list[object]:
        return [floats[value] if type(value) is Decimal else value for value in row]

    tables = [
        (
            [(*c[:4], float(c.most)) for c in table.columns],
            list(map(plain, table.rows)),
            tuple(table.above),
            {place: (link.page, list(link.rows)) for place, link in table.links.items()},
            table.prose,
        )
        for table in page.tables
    ]
    return marshal.dumps(
        ((page.name, tables, tuple(page.bands), page.date, [tuple(chart) for chart in page.charts]), None)
    )


def _unpacked(packed: tuple[Any, ...]) -> Page:
    from xeploai.report.table import Chart, Column, Link, Page, Table

    name, tables, bands, date, charts = packed
    return Page(
        name,
        tuple(
            Table(
                tuple(Column(*c) for c in columns), rows, above, {at: Link(*link) for at, link in links.items()}, prose
            )
            for columns, rows, above, links, prose in tables
        ),
        bands,
        date,
        tuple(Chart(*chart) for chart in charts),
    )
