"""What the scripts of the page draw heat map, years and cards from: words and whole numbers, never a binary fraction.

The points of a country are 332,100 values: each criterion lists the few that differ, and a unit names their places.

criteria   code, name, depth, maximum, seen: [[points, percent, maximum where it is another, remark]]
means      by name of the group: [[mean, percent of the maximum]], a pair for each criterion
layouts    where the criteria stand: [[file, sheet, column] or null]; a unit names its layout and its row
units      place of the band, points, and what a card says
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from xeploai import vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Cell, Record, column_letters
from xeploai.pipeline import Outcome
from xeploai.report import tables
from xeploai.report.card import Card, Cards, Line

TONES = {1: (0,), 2: (0, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3)}
"""How many bands there are → their colours, from the best to the worst; t0 … t4 in style.css."""


def tone(book: RuleBook, band: str | None) -> str:
    """The colour of a band of this book, as a class of the style; "" where the book does not know the band."""
    place = book.band_place(band) if band else None
    if place is None:
        return ""
    many = len(book.bands)
    return f"t{TONES[many][place] if many in TONES else round(place * 4 / (many - 1))}"


def short(name: str, others: Sequence[str] = ()) -> str:
    """A band in a small cell: «tốt», «TB», «HTXSNV»; whole where that would not tell it from the others."""
    initials = "".join(word[0] for word in name.split()).upper()
    same = [each for each in others if each != name and "".join(word[0] for word in each.split()).upper() == initials]
    return name if len(name) <= 4 or same else initials


def embed(outcome: Outcome, findings: Mapping[Finding, int]) -> dict[str, Any]:
    """The whole as plain values; `findings` gives the number under which the page shows each."""
    drawn = _Drawn(outcome, findings)
    units = [drawn.unit(card) for card in map(drawn.cards.__getitem__, range(len(drawn.cards)))]
    book = outcome.book
    names = [band.name for band in book.bands]
    return {
        "noun": book.noun,
        "year": outcome.year,
        "levels": list(book.levels),
        "bands": [[name, short(name, names), tone(book, name)] for name in names],
        "criteria": drawn.criteria(),
        "means": drawn.means,
        "layouts": drawn.layouts,
        "years": known_years(outcome),
        "illustrative": tables.title(book, outcome.year)[1] if book.illustrative else "",
        "units": units,
    }


def known_years(outcome: Outcome) -> list[int]:
    """Every year from the first known one to this, the gaps too; none where there is no earlier one."""
    known = [year for records in outcome.past.records.values() for year in records]
    if outcome.year is None or not known:
        return []
    return list(range(min(known), max(outcome.year, *known) + 1))


class _Drawn:
    """The values as they gather, unit by unit."""

    def __init__(self, outcome: Outcome, findings: Mapping[Finding, int]) -> None:
        self.outcome, self.findings = outcome, findings
        self.cards = Cards(outcome)
        self.lines: tuple[Line, ...] = ()
        self.seen: list[dict[tuple[object, ...], int]] = []
        self.means: dict[str, list[list[str | int] | None]] = {}
        self.layouts: list[list[list[str] | None]] = []
        self._layouts: dict[tuple[object, ...], int] = {}

    def criteria(self) -> list[dict[str, Any]]:
        return [
            {"code": line.code, "name": line.name, "depth": line.depth,
             "most": vi.number(self.outcome.book.nodes[line.code].max_points),
             "seen": [self._words(key) for key in seen]}
            for line, seen in zip(self.lines, self.seen, strict=True)
        ]  # fmt: skip

    def _words(self, key: tuple[Any, ...]) -> list[str | int | None]:
        code, points, most, meant = key
        line = Line(code, "", 0, points, most, None, None, meant=meant)
        return [
            "" if points is None else vi.number(points), _whole(line.percent) if meant else None,
            vi.number(most) if most != self.outcome.book.nodes[code].max_points else "", line.remark,
        ]  # fmt: skip

    def unit(self, card: Card) -> dict[str, Any]:
        if not self.lines:
            self.lines, self.seen = card.lines, [{} for _ in card.lines]
        rating, book = card.rating, self.outcome.book
        if card.group not in self.means:
            self.means[card.group] = [_mean(line, book) for line in card.lines]
        drawn: dict[str, Any] = {
            "place": book.band_place(rating.band) if rating.band else None,
            "band": tables.band_word(rating),
            "group": card.group,
            "points": " ".join(
                str(seen.setdefault((line.code, line.points, line.most, line.meant), len(seen)))
                for line, seen in zip(card.lines, self.seen, strict=True)
            ),
            "total": _total(card),
            "mean": "" if card.total.mean is None else vi.number(card.total.mean),
            "rank": f"{rating.rank}/{rating.of}" if rating.rank else "",
            "groupRank": f"{rating.group_rank}/{rating.group_of}" if rating.group_rank else "",
            "next": card.next_band,
            "distance": card.distance,
            "titles": [[each.name, each.held, [list(term) for term in each.terms]] for each in card.titles],
            "why": list(rating.why),
            "years": {str(record.year): self._record(record) for record in card.years},
            "found": [self.findings[finding] for finding in card.findings],
            **self._cells(card.lines),
        }
        if said := {str(place): line.words for place, line in enumerate(card.lines) if line.words}:
            drawn["said"] = said
        if people := [_head(each) for each in (rating.head, *rating.others) if each]:
            drawn["people"] = people
        if decided := rating.decision:
            drawn["decision"] = [decided.band, decided.reason, decided.document, where((decided.at,))]
        return drawn

    def _cells(self, lines: Sequence[Line]) -> dict[str, Any]:
        """Where the points stand: a shared layout and a row, or each cell on its own."""
        cells = [line.at for line in lines]
        rows = {cell.row for cell in cells if cell}
        if not rows:
            return {}
        if len(rows) > 1:
            return {"cells": [cell and [cell.file, cell.sheet, cell.address] for cell in cells]}
        key = tuple(cell and (cell.file, cell.sheet, cell.column) for cell in cells)
        if key not in self._layouts:
            self._layouts[key] = len(self.layouts)
            self.layouts.append([cell and [cell.file, cell.sheet, column_letters(cell.column)] for cell in cells])
        return {"layout": self._layouts[key], "row": rows.pop() + 1}

    def _record(self, record: Record) -> list[Any]:
        """place of the band, the word, titles (null: not known), points, rank, flags, where it is written, old units."""
        place = self.outcome.book.band_place(record.band) if record.band else None
        return [
            place, record.band or "chưa xếp loại",
            None if record.titles is None else sorted(record.titles),
            _of(record.points, record.max_points), f"{record.rank}/{record.of}" if record.rank and record.of else "",
            list(record.flags), where(record.cells[:4]), "; ".join(map(str, record.olds)),
        ]  # fmt: skip


def where(cells: Sequence[Cell], *, files: bool = True) -> str:
    """ "ô F12, G12 · trang Năm 2019 · tệp diem.xlsx"; `files`: whether the file needs naming."""
    if not cells:
        return ""
    at = cells[0]
    words = (f"ô {tables.addresses(cells)}", f"trang {at.sheet}" if at.sheet else "", f"tệp {at.file}" if files else "")
    return " · ".join(filter(None, words))


def _mean(line: Line, book: RuleBook) -> list[str | int] | None:
    if line.mean is None:
        return None
    most = book.nodes[line.code].max_points
    return [vi.number(line.mean), _whole(100 * line.mean / vi.fraction(most)) or 0] if most else None


def _total(card: Card) -> str:
    """ "69,65/100 điểm (69,65%)"."""
    rating = card.rating
    if rating.points is None:
        return ""
    percent = "" if rating.percent is None else f" ({vi.percent(rating.percent)})"
    return f"{_of(rating.points, rating.max_points)} điểm{percent}"


def _of(points: vi.Exact | None, most: vi.Exact | None) -> str:
    if points is None:
        return ""
    return vi.number(points) if most is None else f"{vi.number(points)}/{vi.number(most)}"


def _head(head: Any) -> list[Any]:
    return [head.name, head.position, head.proposed or "", head.band or "", "; ".join(head.why)]


@lru_cache(maxsize=1 << 16)
def _whole(value: vi.Exact | None) -> int | None:
    """A percent without places, half up."""
    return None if value is None else int(vi.rounded(value, 0))
