"""What stands on the screen: the ratings on stdout, trouble on stderr. Names are text, never markup."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from typing import TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as RichTable
from rich.text import Text

from xeploai import vi
from xeploai.findings import Finding, Severity
from xeploai.model import Cell
from xeploai.pipeline import Outcome
from xeploai.report import tables
from xeploai.report.table import Column, Table, Value

MANY_UNITS = 40
WIDTH = 120  # of what is no terminal
WHOLE = ("Tất cả", "Tỷ lệ", "Năm ", "So với ")  # how the rows of the whole begin in the summary
MANY_FINDINGS = 30
ALL_FINDINGS = 1000
LONGEST_LINE = 10_000
FIRST = 24  # what the names in the first column of a table take before they are folded
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def console(stream: TextIO) -> Console:
    """A console that takes every text for what it is; no escape sequence where NO_COLOR asks for none."""
    return Console(
        file=stream, markup=False, highlight=False, emoji=False, width=_width(stream), soft_wrap=not stream.isatty(),
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )  # fmt: skip


def _width(stream: TextIO) -> int | None:
    """How wide the lines may be; None: what the terminal or COLUMNS says. COLUMNS=0 says nothing."""
    stated = os.environ.get("COLUMNS")
    if stated and not stated.strip("0"):
        return shutil.get_terminal_size((WIDTH, 24)).columns
    return None if stated is not None or stream.isatty() else WIDTH


def say(out: Console, text: str, style: str = "") -> None:
    """One line as it is: no markup, and no escape sequence of a file's name or a unit's reaches the terminal."""
    out.print(Text(vi.shown(text, LONGEST_LINE), style=style))


def worded(stream: TextIO, *shows: Callable[[Console], None]) -> str:
    """What these would show on this stream, as text: put into words while the workbook is being made, shown after it."""
    out = console(stream)
    with out.capture() as words:
        for show in shows:
            show(out)
    return words.get()


def show_outcome(outcome: Outcome, out: Console) -> None:
    """The counts, and the groups and units themselves where they fit on a screen or two."""
    for line in tables.title(outcome.book, outcome.year):
        say(out, line, "bold")
    for table in tables.summary(outcome).tables:
        if table.prose:
            for words, *_ in table.rows:
                say(out, str(words))
            continue
        if table.above and table.above[0] == "":
            say(out, table.above[1], "bold")
        many = len(table.rows) > MANY_UNITS
        rows = [row for row in table.rows[:5] if str(row[0]).startswith(WHOLE)] if many else table.rows
        show_table(out, without_idle(Table(table.columns, rows, table.above)))
        if many:
            say(out, f"… {len(table.rows) - len(rows)} nhóm: xem trang «Tổng hợp».")
    if len(outcome.ratings) <= MANY_UNITS:
        whole = tables.results(outcome).tables[0]
        keep = [
            place for place, column in enumerate(whole.columns) if column.heading not in ("TT", "Điểm tối đa", "Vì sao")
        ]
        show_table(out, Table(tuple(whole.columns[p] for p in keep), [[row[p] for p in keep] for row in whole.rows]))


def without_idle(table: Table) -> Table:
    """The table without «Chưa …» columns in which nothing stands: a screen is narrow."""
    keep = [
        place
        for place, column in enumerate(table.columns)
        if not column.heading.startswith("Chưa ") or any(row[place] for row in table.rows)
    ]
    return Table(tuple(table.columns[p] for p in keep), [[row[p] for p in keep] for row in table.rows], table.above)


def show_table(out: Console, table: Table) -> None:
    """The table, or, where the screen is too narrow for it, its rows line by line."""
    words = [[_word(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    names = max((cell_len(row[0]) for row in words), default=0)
    shown = RichTable(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for place, column in enumerate(table.columns):
        right = column.kind in ("count", "points", "percent")
        shown.add_column(
            Text(vi.shown(column.heading, 400)),
            justify="right" if right else "left",
            overflow="fold",
            min_width=min(FIRST, names) if place == 0 else None,
            no_wrap=place == 0 and names <= FIRST,
        )
    for row in words:
        shown.add_row(*map(Text, row))
    if _fits(out, shown):
        out.print(shown)
    else:
        _listed(out, [column.heading for column in table.columns], words)


def _fits(out: Console, shown: RichTable) -> bool:
    """Whether every word stands on this screen: rich squeezes columns to nothing, and cuts what reaches over the edge."""
    least = Measurement.get(out, out.options.update(width=10_000), shown).minimum
    drawn = "".join(segment.text for segment in out.render(shown))
    return max([least, *map(cell_len, drawn.splitlines())]) <= out.width


def _listed(out: Console, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """What stands in the rows, line by line: on a screen so narrow the columns would squeeze each other away."""
    for first, *others in rows:
        say(out, first, "bold")
        for heading, word in zip(headings[1:], others, strict=True):
            if word:
                say(out, f"- {heading}: {word}")


def _word(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return vi.shown(value, 400)
    if column.kind == "percent":
        return vi.percent(value).rstrip("%")
    return vi.number(value)


def show_findings(outcome: Outcome, err: Console) -> None:
    """Trouble in full, the book's flags by code; the sheet Cảnh báo holds every one."""
    own = outcome.book.own_codes
    trouble(err, [finding for finding in outcome.findings if finding.code not in own])
    several = len(outcome.sheet.blocks) > 1  # an address alone would not say which sheet
    files = len({file for block in outcome.sheet.blocks for file in block.grid.files}) > 1
    for code in own:
        fired = [finding for finding in outcome.findings if finding.code == code]
        if not fired:
            continue
        say(err, f"{code}: {len(fired)} phát hiện. {fired[0].duty}", "bold")
        for finding in fired[:5]:
            where = f" [{vi.shown(_place(finding.at, files), 400)}]" if (several or files) and finding.at else ""
            err.print(Text(f"  {vi.shown(finding.message, LONGEST_LINE)}{where}"))
        if len(fired) > 5:
            err.print(Text(f"  … và {len(fired) - 5} phát hiện nữa, xem trang «Cảnh báo»."))


def _place(at: Cell, files: bool) -> str:
    return f"{at.file} · {at.sheet}" if files else at.sheet


def show_trouble(findings: Sequence[Finding], stream: TextIO) -> None:
    """The findings, at once, where no workbook lists them: nearly all of a flood, and how many more there are."""
    trouble(console(stream), findings, ALL_FINDINGS, "; sửa những lỗi này rồi chạy lại")


def trouble(
    err: Console,
    findings: Sequence[Finding],
    most: int = MANY_FINDINGS,
    rest: str = ", xem trang «Cảnh báo» hoặc --json",
) -> None:
    """Findings of our own: severity, code, the sentence, where, and what to do (once for each code)."""
    told: set[str] = set()
    files = len({finding.at.file for finding in findings if finding.at}) > 1
    for place, finding in enumerate(findings):
        if place == most:
            err.print(Text(f"… và {len(findings) - place} dòng nữa{rest}."))
            break
        line = Text()
        line.append(f"{finding.severity.vi} {finding.code}", style=STYLES[finding.severity])
        line.append(f"  {vi.shown(finding.message, LONGEST_LINE)}")
        unsaid = finding.at and (
            finding.at.sheet not in finding.message or (files and finding.at.file not in finding.message)
        )
        if finding.at and finding.at.sheet and unsaid:
            line.append(f" [{vi.shown(f'{finding.at.file} · {finding.at.sheet}', 400)}]", style="dim")
        err.print(line)
        if finding.duty and finding.code not in told and finding.severity is not Severity.NOTE:
            err.print(Text(f"       → {vi.shown(finding.duty, LONGEST_LINE)}", style="dim"))
        told.add(finding.code)
