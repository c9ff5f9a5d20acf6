"""Before and after: the same files under the book as it is and under another, and what that turns for each unit.

Only the classified year is tried. The years before keep the results that they had: nobody rates them again because a
threshold is thought over now, and a streak is counted over what was published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xeploai import vi
from xeploai.book.bands import Band
from xeploai.book.load import load_book
from xeploai.book.parts import Range
from xeploai.findings import BAD_OPTION, Finding, Unusable
from xeploai.model import Rating, Unit
from xeploai.pipeline import Options, Outcome, read_files
from xeploai.what_if.edits import Change, with_changes

NO_BAND = {"unrated": "chưa xếp loại", "undetermined": "chưa xác định"}


class Turn(NamedTuple):
    """One unit whose result is another: the two ratings, the flags that go and come, and by which number."""

    before: Rating
    after: Rating
    gone: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def lost(self) -> tuple[str, ...]:
        """The titles that it had."""
        return _without(self.before.titles, self.after.titles)

    @property
    def gained(self) -> tuple[str, ...]:
        """The titles that it would have."""
        return _without(self.after.titles, self.before.titles)

    @property
    def changes_band(self) -> bool:
        """Whether the band, or that there is none, is another."""
        return vi.key(band_word(self.before)) != vi.key(band_word(self.after))


class Trial:
    """Two outcomes of the same files, and what is different."""

    def __init__(self, before: Outcome, after: Outcome, changes: tuple[Change, ...] = ()) -> None:
        self.before, self.after, self.changes = before, after, changes

    @cached_property
    def _pairs(self) -> tuple[list[tuple[int, int]], tuple[Unit, ...], tuple[Unit, ...]]:
        """The places of every unit before and after; who is only before, who only after."""
        places = {key: place for place, key in enumerate(_numbered(self.after.sheet.units))}
        pairs, gone = [], []
        for place, key in enumerate(_numbered(self.before.sheet.units)):
            if key in places:
                pairs.append((place, places.pop(key)))
            else:
                gone.append(key[0])
        return pairs, tuple(gone), tuple(unit for unit, _ in places)

    @property
    def only_before(self) -> tuple[Unit, ...]:
        """Units that the second book finds no scores of."""
        return self._pairs[1]

    @property
    def only_after(self) -> tuple[Unit, ...]:
        """Units that only the second book finds scores of."""
        return self._pairs[2]

    @property
    def count(self) -> int:
        """How many units both have."""
        return len(self._pairs[0])

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Whose result is another: falls first, then rises, then who keeps the band; in each the most points first."""
        before, after = _by_unit(self.before), _by_unit(self.after)
        found = []
        for place, other in self._pairs[0]:
            was, becomes = self.before.ratings[place], self.after.ratings[other]
            old, new = before.get(was.unit, {}), after.get(becomes.unit, {})
            turn = Turn(
                was, becomes, tuple(old[key] for key in old if key not in new), tuple(new[key] for key in new if key not in old)
            )  # fmt: skip
            if turn.changes_band or turn.lost or turn.gained or turn.gone or turn.new:
                found.append(turn._replace(why=tuple(self._why(turn))))
        return tuple(sorted(found, key=self._order))

    def _order(self, turn: Turn) -> tuple[int, int, int, object, str, str]:
        way = self.way(turn)
        place = self.after.book.band_place(turn.after.band or "")
        return (
            0 if way < 0 else 1 if way > 0 else 2 if turn.changes_band else 3, not (turn.lost or turn.gained),
            len(self.after.book.bands) if place is None else place, -(turn.after.percent or 0),
            vi.key(turn.after.unit.parent), vi.key(turn.after.unit.name),
        )  # fmt: skip

    def way(self, turn: Turn) -> int:
        """1: a better band, -1: a worse one, 0: the same, or the two cannot be compared (none, or no scale has both)."""
        bands = turn.before.band, turn.after.band
        for book in (self.after.book, self.before.book):
            was, becomes = (book.band_place(band) if band else None for band in bands)
            if was is not None and becomes is not None:
                return (was > becomes) - (was < becomes)
        return 0

    def _why(self, turn: Turn) -> Iterator[str]:
        """The number that decides: the points against the old edge and the new one, else the reasons that are new."""
        was, becomes = turn.before, turn.after
        if turn.changes_band:
            edges = list(self._edges(turn))
            yield from edges
            if not edges:
                told = [line for line in becomes.why if line not in was.why and not _of_title(line)]
                yield from told or [line for line in becomes.why[-1:] if not _of_title(line)]
        for title in turn.lost:
            yield from (line for line in becomes.why if line.startswith(f"Không đạt «{title}»"))
        for title in turn.gained:
            old = next((line for line in was.why if line.startswith(f"Không đạt «{title}»")), "")
            yield f"Đạt «{title}»" + (f"; trước: {old[0].lower()}{old[1:]}" if old else "")

    def _edges(self, turn: Turn) -> Iterator[str]:
        """ "tốt: ít nhất 80% → ít nhất 85%": the edges between its two bands, where they moved; nothing where none did."""
        if turn.before.band != turn.before.computed or turn.after.band != turn.after.computed:
            return  # a cap, a quota or a decision has the last word
        books, band = (self.before.book, self.after.book), (turn.before.band or "", turn.after.band or "")
        if [vi.key(each.name) for each in books[0].bands] != [vi.key(each.name) for each in books[1].bands]:
            yield from self._edges_of_two_scales(band)
            return
        first, last = sorted(book.band_place(name) or 0 for book, name in zip(books, band, strict=True))
        for was, becomes in zip(books[0].bands[first:last], books[1].bands[first:last], strict=True):
            if _begins(was) != _begins(becomes):
                yield f"{was.name}: {_begins(was)} → {_begins(becomes)}"

    def _edges_of_two_scales(self, names: tuple[str, str]) -> Iterator[str]:
        """The one of the two bands that both books have and begin elsewhere; else each band as its own book has it."""
        scales = [{vi.key(b.name): b for b in outcome.book.bands} for outcome in (self.before, self.after)]
        for key in map(vi.key, names):
            was, becomes = scales[0].get(key), scales[1].get(key)
            if was and becomes and _begins(was) != _begins(becomes):
                yield f"{was.name}: {_begins(was)} → {_begins(becomes)}"
                return
        was, becomes = scales[0].get(vi.key(names[0])), scales[1].get(vi.key(names[1]))
        if was and becomes and not (was.quarter or becomes.quarter):
            yield f"{was.name} ({was}) → {becomes.name} ({becomes})"

    # ------------------------------------------------------------------------------------------ counts

    def counts(self) -> list[tuple[str, int, int]]:
        """(word, before, after): bands of both books high to low, without a band, titles, flags by the units that have them."""
        bands = [Counter(map(band_word, outcome.ratings)) for outcome in (self.before, self.after)]
        books = self.before.book, self.after.book
        words = dict.fromkeys([*(band.name for book in books for band in book.bands), *NO_BAND.values()])
        rows = [(word, bands[0][word], bands[1][word]) for word in words]
        rows = [row for row in rows if row[0] not in NO_BAND.values() or row[1] or row[2]]
        titles = [
            Counter(title for r in outcome.ratings for title in r.titles) for outcome in (self.before, self.after)
        ]
        named = dict.fromkeys(title.name for book in books for title in book.titles)
        rows += ((f"Danh hiệu «{name}»", titles[0][name], titles[1][name]) for name in named)
        fired = [_units_by_code(outcome) for outcome in (self.before, self.after)]
        codes = dict.fromkeys(flag.code for book in books for flag in book.flags if not flag.on_groups)
        rows += (
            (f"Cảnh báo {code}", fired[0][code], fired[1][code]) for code in codes if fired[0][code] or fired[1][code]
        )
        return rows

    def targets(self) -> list[tuple[str, str]]:
        """The sentences of targets that read otherwise after: (before, after); "" where one book has none."""
        was, becomes = (
            {(code, group): words for code, group, words in outcome.targets} for outcome in (self.before, self.after)
        )
        return [
            (was.get(key, ""), becomes.get(key, ""))
            for key in dict.fromkeys([*was, *becomes])
            if was.get(key) != becomes.get(key)
        ]


def what_if_files(
    files: Sequence[Path],
    *,
    rules: str | Path | None = None,
    history: Sequence[Path] = (),
    units: Path | None = None,
    lineage: Path | None = None,
    placing: Path | None = None,
    against: str | Path | None = None,
    changes: Sequence[str] = (),
    options: Options | None = None,
    tell: Callable[..., None] = lambda *_: None,
) -> Trial:
    """These files by the book that fits (or `rules`), and by `against`, or the same book, with `changes`. Raises Unusable."""
    if not against and not changes:
        what = "what-if cần --against BỘ hoặc --set CHỖ=GIÁ TRỊ để thử, hoặc --unit ĐƠN VỊ để tìm đường lên"
        raise Unusable(BAD_OPTION(what=what))
    loaded = load_book(rules) if rules else None
    other = load_book(against) if against else loaded
    made = tuple[Change, ...]()
    if other and changes:  # a wrong place is said before the files are read
        other, made = with_changes(other, changes)
    question = read_files(
        files, history=history, units=units, lineage=lineage, placing=placing, options=options, tell=tell
    )
    tell("Đang xếp loại …")
    before = question.answered(loaded)
    if other is None:
        other, made = with_changes(before.loaded, changes)
    tell("Đang xếp loại lại, theo bộ thử …")
    return Trial(before, question.answered(other, before=before.loaded), made)


def band_word(rating: Rating) -> str:
    """The band, or that there is none."""
    return rating.band or NO_BAND.get(rating.status, "chưa xác định")


def _begins(band: Band) -> Range:
    """Where a band begins."""
    return Range(at_least=band.at_least, above=band.above)


def _of_title(line: str) -> bool:
    return line.startswith(("Đạt «", "Không đạt «"))


def _without(titles: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(map(vi.key, others))
    return tuple(title for title in titles if vi.key(title) not in known)


def _numbered(units: Sequence[Unit]) -> list[tuple[Unit, int]]:
    """Every unit, and which of those of this name it is: one that stands in the sheet twice is two."""
    seen = Counter[Unit]()
    found = []
    for unit in units:
        found.append((unit, seen[unit]))
        seen[unit] += 1
    return found


def _by_unit(outcome: Outcome) -> dict[Unit, dict[tuple[str, str], Finding]]:
    """Unit → (flag, criterion) → what the flag found."""
    own = {flag.code for flag in outcome.book.flags}
    found: dict[Unit, dict[tuple[str, str], Finding]] = {}
    for finding in outcome.findings:
        if finding.unit and finding.code in own:
            found.setdefault(finding.unit, {})[finding.code, finding.criterion] = finding
    return found


def _units_by_code(outcome: Outcome) -> Counter[str]:
    return Counter(code for found in _by_unit(outcome).values() for code in {code for code, _ in found})
