"""The report as one page: a single file that needs no network and works from a USB stick (`--html`).

Python gives every word and number; the templates and scripts under pages/ lay them out. The ranking, the paragraphs and
the findings are in the page itself and show without scripts; heat map, years and cards are drawn from the JSON in it.
All text is text: Jinja2 escapes it, the scripts put it in by textContent, and the page's own policy runs nothing else.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from xeploai import __version__, vi
from xeploai.book.checks import Check
from xeploai.findings import CATALOGUE, Finding, Severity
from xeploai.flags.base import Flag
from xeploai.model import Rating, Record
from xeploai.pipeline import Outcome
from xeploai.report import counts, tables
from xeploai.report.embed import embed, known_years, short, tone, where
from xeploai.report.explain import rule_words
from xeploai.report.paragraph import paragraphs, sides
from xeploai.report.shares import shares
from xeploai.report.table import Column, Value

PAGES = Path(__file__).with_name("pages")

# What would turn a line round, obey a terminal, or fit no encoding: shown as \x202e, as on the screen (vi.shown).
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def environment() -> Environment:
    """The templates under pages/, for this page and others: autoescape on, a missing value is a bug."""
    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, finalize=_seen,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def render(template: str, *, scripts: Sequence[str] = (), style: str = "", **values: object) -> str:
    """A page from a template that extends base.html.j2, with the shared style and script, and these of its own (names of
    files under pages/). Its policy allows exactly these scripts and this style, and no connection."""
    css = _file("style.css") + (_file(style) if style else "")
    code = [_file(name) for name in ("base.js", *scripts)]
    policy = (
        f"default-src 'none'; style-src {_digest(css)}; script-src {' '.join(map(_digest, code))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return environment().get_template(template).render(
        style=Markup(css), scripts=list(map(Markup, code)),  # noqa: S704  # our own files
        policy=policy, tool=f"xeploai {__version__}", **values
    ) + "\n"  # fmt: skip


def embedded(values: Any) -> Markup:
    """Plain values as JSON that may stand inside a script element, whatever the texts in it are."""
    text = json.dumps(_shown(values), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_IN_SCRIPT))  # noqa: S704  # no sign of markup is left in it


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return _seen(value)
    if isinstance(value, dict):
        return {_seen(key): _shown(each) for key, each in value.items()}
    return [_shown(each) for each in value] if isinstance(value, list | tuple) else value


def _seen(value: Any) -> Any:
    """A text with nothing in it that cannot be seen but acts."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _UNSEEN.sub(lambda found: f"\\x{ord(found.group()):02x}", value)


def _file(name: str) -> str:
    return (PAGES / name).read_text("utf-8")


def _digest(code: str) -> str:
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


# -------------------------------------------------------------------------------------------- the report


def page(outcome: Outcome) -> str:
    """The whole report. The same outcome gives the same text."""
    book, lines = outcome.book, tables.title(outcome.book, outcome.year)
    numbers = {finding: number for number, finding in enumerate(outcome.findings)}
    columns, rows = _ranking(outcome)
    flagged = tables.flags_by_unit(outcome)
    names = [band.name for band in book.bands]
    return render(
        "report.html.j2",
        scripts=["report.js"],
        style="report.css",
        heading=f"Kết quả xếp loại{f' năm {outcome.year}' if outcome.year else ''}",
        illustrative=lines[1] if book.illustrative else "",
        book=book,
        noun=book.noun,
        year=outcome.year,
        tiles=_tiles(outcome),
        bars=_bars(outcome),
        paragraphs=paragraphs(outcome),
        targets=outcome.targets,
        changes=_changes(outcome),
        groups=_groups(outcome),
        group_names=list(counts.groups(outcome)),
        band_words=[word for word in (*names, *UNRATED) if any(tables.band_word(r) == word for r in outcome.ratings)],
        titles=[title.name for title in book.titles],
        flag_codes=sorted({code for codes in flagged.values() for code in codes}, key=list(book.own_codes).index),
        ranking={"columns": columns, "rows": rows, "caption": _ranking_caption(outcome)},
        years=known_years(outcome),
        legend=[{"name": name, "short": short(name, names), "tone": tone(book, name)} for name in names],
        severities=_severities(outcome),
        found=_found(outcome),
        about=tables.about(outcome).tables[0].rows,
        report=embedded(embed(outcome, numbers)),
    )


UNRATED = ("chưa xác định", "chưa xếp loại")


def _tiles(outcome: Outcome) -> list[dict[str, str]]:
    """The headline numbers: units, every band, every title, what was found."""
    whole, noun = counts.count(outcome, outcome.ratings), outcome.book.noun
    rated = sum(whole.bands.values())
    # a tile has no room to say whose results are compared: the section «So với năm trước» tells it
    previous = None if sides(outcome) or not rated else counts.count_previous(outcome)
    tiles = [_tile(f"{_cap(noun)}", whole.units, f"{rated} đã xếp loại" if rated != whole.units else "đều đã xếp loại")]
    for (name, number), percent in zip(whole.bands.items(), shares(list(whole.bands.values())), strict=True):
        change = "" if previous is None else _change(number - previous.bands[name])
        beside = "; ".join(filter(None, ("" if percent is None else vi.percent(percent), change)))
        tiles.append(_tile(_cap(name), number, beside, tone(outcome.book, name) or "none"))
    for name, number in zip(UNRATED, (whole.undetermined, whole.unrated), strict=True):
        if number:
            tiles.append(_tile(_cap(name), number, f"trên {whole.units} {noun}", "none"))
    for name, number in whole.titles.items():
        before = previous.titles.get(name) if previous else None
        change = "" if before is None else f"; {_change(number - before)}"
        tiles.append(_tile(f"Đạt «{name}»", number, f"trên {whole.units} {noun}{change}"))
    return tiles


def _tile(label: str, number: int, beside: str, tone: str = "") -> dict[str, str]:
    return {"label": label, "number": str(number), "beside": beside, "tone": tone}


def _change(change: int) -> str:
    return f"tăng {change}" if change > 0 else f"giảm {-change}" if change < 0 else "không đổi"


def _bars(outcome: Outcome) -> list[dict[str, Any]]:
    """The bands of this year and of the one before, as parts of a whole."""
    whole, previous = counts.count(outcome, outcome.ratings), counts.count_previous(outcome)
    bars = [(f"Năm {outcome.year}" if outcome.year else "Các mức", whole)]
    bars += [(f"Năm {(outcome.year or 0) - 1}", previous)] if previous else []
    return [{"label": label, "parts": _parts(outcome, number)} for label, number in bars if any(number.bands.values())]


def _parts(outcome: Outcome, number: counts.Count) -> list[dict[str, str]]:
    """The bands with units in them, side by side: where each begins, how wide it is, what it is."""
    parts, start = [], Decimal(0)
    for (name, count), percent in zip(number.bands.items(), shares(list(number.bands.values())), strict=True):
        if not count or percent is None:
            continue
        words = f"{_cap(name)}: {count} {outcome.book.noun} ({vi.percent(percent)})"
        parts.append(
            {"tone": tone(outcome.book, name) or "none", "start": str(start), "percent": str(percent), "words": words}
        )
        start += percent
    return parts


def _changes(outcome: Outcome) -> dict[str, Any] | None:
    """This year against the one before; None where nothing is known of that."""
    whole, previous = counts.count(outcome, outcome.ratings), counts.count_previous(outcome)
    if previous is None or outcome.year is None:
        return None
    rated = any(whole.bands.values())
    rows = [
        _row(
            name, tone(outcome.book, name) or "none", (previous.bands[name], then), (whole.bands[name], now), told=rated
        )
        for name, then, now in zip(
            whole.bands, shares(list(previous.bands.values())), shares(list(whole.bands.values())), strict=True
        )
    ]
    rows += [
        _row(f"Đạt «{name}»", "", (previous.titles.get(name), None), (number, None), told=rated)
        for name, number in whole.titles.items()
    ]
    apart = sides(outcome)
    of_others = apart and not apart.then == apart.now == apart.both
    why = ": số lượng tăng, giảm một phần là do đó" if of_others else ""
    return {
        "year": outcome.year - 1,
        "rows": rows,
        "fewer": f"Năm {apart.year} {apart.of_then}{why}." if apart else "",
        "ways": _ways(outcome),
    }


def _row(
    label: str, tone: str, then: tuple[int | None, Decimal | None], now: tuple[int, Decimal | None], *, told: bool
) -> dict[str, str]:
    return {
        "label": _cap(label), "tone": tone, "before": "" if then[0] is None else str(then[0]), "now": str(now[0]),
        "before_percent": "" if then[1] is None else vi.percent(then[1]),
        "now_percent": "" if now[1] is None else vi.percent(now[1]),
        "change": "" if then[0] is None or not told else tables.signed(now[0] - then[0]),
    }  # fmt: skip


Moved = list[dict[str, Any]]


def _ways(outcome: Outcome) -> list[dict[str, Any]]:
    """Who rose, who fell, who won and who lost a title on the year before."""
    known = [
        (position, rating, record)
        for position, rating in enumerate(outcome.ratings)
        if (record := outcome.past.of(position).get((outcome.year or 0) - 1)) and rating.band
    ]
    rose, fell = _moved(outcome, known)
    ways = [("Lên mức", "up", rose), ("Xuống mức", "down", fell)]
    for title in outcome.book.titles if any(record.titles is not None for _, _, record in known) else ():
        won, lost = _exchanged(title.name, known)
        ways += [(f"Thêm danh hiệu «{title.name}»", "up", won), (f"Mất danh hiệu «{title.name}»", "down", lost)]
    return [{"heading": f"{heading}: {len(units)}", "tone": tone, "units": units} for heading, tone, units in ways]


def _moved(outcome: Outcome, known: Sequence[tuple[int, Rating, Record]]) -> tuple[Moved, Moved]:
    """The units whose band is better than the year before, and those whose band is worse."""
    rose, fell = Moved(), Moved()
    for position, rating, record in known:
        now, then = (outcome.book.band_place(band or "") for band in (rating.band, record.band))
        if now is None or then is None or now == then:
            continue
        unit = {"position": position, "name": str(rating.unit), "before": record.band, "now": rating.band}
        (rose if now < then else fell).append(unit)
    return rose, fell


def _exchanged(title: str, known: Sequence[tuple[int, Rating, Record]]) -> tuple[Moved, Moved]:
    """The units that have this title and had it not, and those that had it; where both years are known."""
    won, lost = Moved(), Moved()
    for position, rating, record in known:
        if record.titles is None or title in record.open_titles or title in rating.open_titles:
            continue
        if (title in rating.titles) != (title in record.titles):
            (won if title in rating.titles else lost).append({"position": position, "name": str(rating.unit)})
    return won, lost


def _groups(outcome: Outcome) -> dict[str, Any] | None:
    """Counts by group, with the whole above; None where the units have no groups."""
    ratings = counts.groups(outcome)
    if not ratings:
        return None
    whole = counts.count(outcome, outcome.ratings)
    numbers = {f"Tất cả{f', năm {outcome.year}' if outcome.year else ''}": whole}
    numbers |= {group or "(không ghi nhóm)": counts.count(outcome, each) for group, each in ratings.items()}
    idle = [word for word, number in zip(UNRATED, (whole.undetermined, whole.unrated), strict=True) if not number]
    headings = ["Số " + outcome.book.noun, *whole.bands, *UNRATED, *whole.titles]
    kept = [place for place, heading in enumerate(headings) if heading not in idle]
    rows = []
    for label, number in numbers.items():
        told = (number.units, *number.bands.values(), number.undetermined, number.unrated, *number.titles.values())
        rows.append({"label": label, "words": [str(told[place]) for place in kept], "parts": _parts(outcome, number),
                     "whole": number is whole})  # fmt: skip
    return {"headings": ["Nhóm", *(_cap(headings[place]) for place in kept)], "rows": rows}


LOOKS = {"Đơn vị": "name", "Xếp loại": "rating", "Nhóm (huyện)": "group", "Danh hiệu": "title", "Cảnh báo": "flags"}
FIRST_COLUMNS = ("Xếp hạng", "Đơn vị", "Xếp loại", "Điểm", "Tỷ lệ (%)")
LEFT_OUT = ("TT", "Vì sao")


def _ranking(outcome: Outcome) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The sheet Kết quả in the order of ranks, without what stands on the cards and what says nothing here."""
    table = tables.results(outcome).tables[0]
    values = list(zip(*table.rows, strict=True))
    by_heading = {column.heading: (column, values[place]) for place, column in enumerate(table.columns)}
    ranks = by_heading["Xếp hạng"][1]
    same = {
        "Điểm tối đa": len(set(by_heading["Điểm tối đa"][1])) < 2,
        "Tỷ lệ (%)": by_heading["Tỷ lệ (%)"][1] == by_heading["Điểm"][1],  # the maximum is 100
        "Hạng trong nhóm": by_heading["Hạng trong nhóm"][1] == ranks,
    }
    kept = [
        (column, told)
        for heading, (column, told) in sorted(by_heading.items(), key=lambda pair: _order(pair[0]))
        if heading in FIRST_COLUMNS[:2]
        or (heading not in LEFT_OUT and not same.get(heading) and any(v not in (None, "") for v in told))
    ]
    columns = [
        {"heading": column.heading, "kind": column.kind, "look": LOOKS.get(column.heading) or _number_look(column)}
        for column, _ in kept
    ]
    order = sorted(range(len(ranks)), key=lambda place: (ranks[place] is None, ranks[place] or 0, place))
    rows = []
    for position in order:
        rating = outcome.ratings[position]
        cells = [
            {"word": _word(told[position], column.kind), "look": looks["look"]}
            for (column, told), looks in zip(kept, columns, strict=True)
        ]
        rows.append({"position": position, "cells": cells,
                     "tone": tone(outcome.book, rating.band) or "none"})  # fmt: skip
    return columns, rows


def _order(heading: str) -> tuple[int, int]:
    """The columns of the sheet in its order, but the result first and the flags last."""
    if heading in FIRST_COLUMNS:
        return 0, FIRST_COLUMNS.index(heading)
    return (2, 0) if heading == "Cảnh báo" else (1, 0)


def _number_look(column: Column) -> str:
    return "number" if column.kind in ("count", "points", "percent") else ""


def _ranking_caption(outcome: Outcome) -> str:
    most = {rating.max_points for rating in outcome.ratings if rating.max_points is not None}
    words = f" Điểm tối đa: {vi.number(most.pop())}." if len(most) == 1 else ""
    return f"{len(outcome.ratings)} {outcome.book.noun}, xếp theo tỷ lệ điểm; bằng nhau thì cùng hạng.{words}"


def _word(value: Value, kind: str) -> str:
    """A value of a table as an official writes it."""
    if value is None or isinstance(value, str):
        return value or ""
    return vi.percent(value).rstrip("%") if kind == "percent" else vi.number(value)


def _severities(outcome: Outcome) -> list[dict[str, Any]]:
    graded = Counter(finding.severity for finding in outcome.findings)
    return [{"key": each.value, "word": each.vi, "count": graded[each]} for each in Severity if graded[each]]


def _found(outcome: Outcome) -> list[dict[str, Any]]:
    """The findings by severity and code; what all of one code share is said once, above them."""
    positions = {unit: position for position, unit in reversed(list(enumerate(outcome.sheet.units)))}
    of_code: dict[tuple[Severity, str], list[tuple[int, Finding]]] = defaultdict(list)
    for number, finding in enumerate(outcome.findings):
        of_code[finding.severity, finding.code].append((number, finding))
    files = len({*(each.name for each in outcome.inputs), *(c.file for f in outcome.findings for c in f.cells)}) > 1
    found = []
    for (severity, code), numbered in sorted(of_code.items(), key=lambda pair: list(Severity).index(pair[0][0])):
        duties, bases = {each.duty for _, each in numbered}, {each.basis for _, each in numbered}
        duty, basis = (each.pop() if len(each) == 1 else "" for each in (duties, bases))
        rows = [
            {"number": number, "who": _who(finding), "group": finding.unit.parent if finding.unit else "",
             "message": _message(finding), "people": "; ".join(finding.people),
             "position": positions.get(finding.unit) if finding.unit else None,
             "duty": "" if duty else finding.duty, "basis": "" if basis else finding.basis,
             "at": where(finding.cells, files=files)}
            for number, finding in numbered
        ]  # fmt: skip
        found.append(
            {
                "severity": severity,
                "code": code,
                "rule": _rule(outcome, code),
                "duty": duty,
                "basis": basis,
                "rows": rows,
            }
        )
    return found


def _who(finding: Finding) -> str:
    return finding.unit.name if finding.unit else finding.group or "chung"


def _message(finding: Finding) -> str:
    """The sentence without the name that stands beside it already."""
    return finding.message.removeprefix(f"{finding.unit}: ") if finding.unit else finding.message


def _rule(outcome: Outcome, code: str) -> str:
    """What a code stands for: the title of one of ours, the book's rule as it stands in the book."""
    if code in CATALOGUE:
        return CATALOGUE[code].title
    parts: tuple[Flag | Check, ...] = (*outcome.book.flags, *outcome.book.checks)
    own = next((each for each in parts if each.code == code), None)
    return f"{own.kind}: {rule_words(own)}" if own else ""


def _cap(name: str) -> str:
    return name[:1].upper() + name[1:]
