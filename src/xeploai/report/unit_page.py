"""explain --unit: the whole derivation of one unit on one screen, for the question "why are we trung bình?"."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from xeploai import vi
from xeploai.model import Rating, Record
from xeploai.pipeline import Outcome
from xeploai.report import tables
from xeploai.report.card import Card, Cards, Line
from xeploai.report.console import say, show_table
from xeploai.report.table import Column, Table, Value

MARKS = {True: "đạt", False: "không đạt", None: "chưa rõ"}


def show_unit(outcome: Outcome, position: int, out: Console) -> None:
    """Result, reasons, distance, criteria with their cells, titles, findings with their clauses, the years before."""
    card = Cards(outcome)[position]
    for line in tables.title(outcome.book, outcome.year):
        say(out, line)
    say(out, "")
    say(out, " · ".join(_headline(card.rating)), "bold")
    for why in card.rating.why:
        say(out, f"- {why}")
    if card.next_band:
        say(out, f"- Mức trên, {card.next_band}: {card.distance}")
    elif card.distance:
        say(out, f"- {card.distance[:1].upper()}{card.distance[1:]}")
    show_table(out, _criteria(outcome, card))
    for line in (*_titles(card), *_findings(card), *_years(card)):
        say(out, line)


def _headline(rating: Rating) -> Iterator[str]:
    yield str(rating.unit) + (f", mã {rating.unit.code}" if rating.unit.code else "")
    yield tables.band_word(rating)
    yield from (f"«{title}»" for title in rating.titles)
    if rating.points is not None and rating.max_points:
        shown = f" ({vi.percent(rating.percent)})" if rating.percent is not None else ""
        yield f"{vi.number(rating.points)}/{vi.number(rating.max_points)} điểm{shown}"
    if rating.rank:
        yield f"hạng {rating.rank}/{rating.of}"
    if rating.group_rank and (rating.group or rating.unit.parent):
        yield f"hạng {rating.group_rank}/{rating.group_of} trong {rating.group or rating.unit.parent}"


def _criteria(outcome: Outcome, card: Card) -> Table:
    """A row per criterion, and the whole: points, maximum, what is lost, the group's mean, the cell, how it was scored."""
    lines = (*(line for line in card.lines if line.meant), card.total)
    scored = any(line.words for line in lines)
    columns = (
        Column("Tiêu chí", width=44), Column("Điểm", "points", 8), Column("Tối đa", "points", 8), Column("Mất", "points", 8),
        Column("Tỷ lệ (%)", "percent", 9), Column(f"Trung bình, {card.group}", "points", 12), Column("Ô", width=10),
        *((Column("Cách chấm", width=50),) if scored else ()),
    )  # fmt: skip
    several = len({(line.at.file, line.at.sheet) for line in lines if line.at}) > 1
    return Table(columns, [_row(line, several=several, scored=scored) for line in lines])


def _row(line: Line, *, several: bool, scored: bool) -> list[Value]:
    name = f"{'  ' * line.depth}{line.code} {line.name}".rstrip() if line.code else line.name.upper()
    where = "" if line.at is None else f"{line.at.sheet}!{line.at.address}" if several else line.at.address
    return [
        f"{name}{f' ({line.remark})' if line.remark else ''}", tables.shown_number(line.points),
        tables.shown_number(line.most) or None, tables.shown_number(line.lost),
        None if line.percent is None else vi.rounded(line.percent, 2),
        None if line.mean is None else vi.rounded(line.mean, 2), where, *((line.words,) if scored else ()),
    ]  # fmt: skip


def _titles(card: Card) -> Iterator[str]:
    for title in card.titles:
        yield f"Danh hiệu «{title.name}»: {MARKS[title.held]}"
        yield from (f"- {MARKS[term.held]}: {term.words}" for term in title.terms)


def _findings(card: Card) -> Iterator[str]:
    for finding in card.findings:
        yield f"{finding.severity.vi[:1].upper()}{finding.severity.vi[1:]} {finding.code}: {finding.message}"
        if finding.people:
            yield f"- Người chịu trách nhiệm: {'; '.join(finding.people)}"
        if finding.duty:
            yield f"- Phải làm: {finding.duty}"
        if finding.basis:
            yield f"- Căn cứ: {finding.basis}"


def _years(card: Card) -> Iterator[str]:
    if card.years:
        yield "Các năm trước: " + "; ".join(map(_year, card.years))


def _year(record: Record) -> str:
    words = [record.band or "chưa xếp loại", *(f"«{title}»" for title in sorted(record.titles or ()))]
    if record.points is not None:
        words.append(f"{vi.number(record.points)} điểm")
    if record.rank:
        words.append(f"hạng {record.rank}/{record.of}" if record.of else f"hạng {record.rank}")
    return f"{record.year} {', '.join(words)}"
