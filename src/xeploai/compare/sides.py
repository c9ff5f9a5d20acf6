"""The two sides of a comparison: score sheets are classified, a result workbook of ours is read as it was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.book.load import Loaded
from xeploai.findings import Finding, Severity, Unusable
from xeploai.model import Grid, Rating, Unit
from xeploai.pipeline import Input, Options, Outcome, classify
from xeploai.sorting import RESULT_SHEETS
from xeploai.steps import lineage as lineages
from xeploai.steps import register as registers
from xeploai.steps.legacy import modern
from xeploai.steps.standings import Criterion, Mark, Side, Standing, published


class Told(NamedTuple):
    """What holds for both sides: the book, the register, the lineage."""

    loaded: Loaded | None = None
    units: Sequence[Grid] = ()
    lineage: Sequence[Grid] = ()
    register: registers.Register | None = None
    moves: lineages.Lineage | None = None

    @classmethod
    def of(cls, loaded: Loaded | None, units: Sequence[Grid], lineage: Sequence[Grid]) -> Told:
        register = registers.read(modern(units)[0]) if units else None
        return cls(loaded, units, lineage, register, lineages.read(modern(lineage)[0], register) if lineage else None)

    def side(self, grids: Sequence[Grid], files: Sequence[Input], findings: list[Finding]) -> Side:
        """One side: as published, or its newest year classified."""
        own = _own_results(grids)
        if own and all(grid.file in own for grid in grids):
            return self._published(own, files)
        return _classified(self._outcome(grids, files, findings, None), files)

    def two_years(self, grids: Sequence[Grid], files: Sequence[Input], findings: list[Finding]) -> tuple[Side, Side]:
        """The two newest years of one and the same input."""
        if _own_results(grids):
            raise Unusable(our.NOTHING_COMMON(what="Hai bên là cùng một tệp kết quả, chỉ có một năm"))
        newer = self._outcome(grids, files, findings, None)
        years = {year for seen in newer.understood for year in seen.years if year is not None}
        earlier = [year for year in years if newer.year is not None and year < newer.year]
        if not earlier:
            when = f"năm {newer.year}" if newer.year else "một năm không rõ"
            raise Unusable(our.NOTHING_COMMON(what=f"Hai bên là cùng một tệp, và tệp chỉ có điểm của {when}"))
        older = self._outcome(grids, files, findings, max(earlier))
        return _as_published(_classified(older, files), newer), _classified(newer, files)

    def _outcome(
        self, grids: Sequence[Grid], files: Sequence[Input], findings: list[Finding], year: int | None
    ) -> Outcome:
        if not grids:
            raise Unusable(
                *findings, *([] if findings else [our.NO_SHEETS(file=", ".join(each.name for each in files))])
            )
        try:
            return classify(
                self.loaded, grids, units=self.units, lineage=self.lineage, options=Options(year), inputs=files,
                found=findings,
            )  # fmt: skip
        except Unusable as trouble:
            said = (each if each in findings else _of_side(each, files) for each in trouble.findings)
            raise Unusable(*said) from None

    def _published(self, own: Mapping[str, list[Grid]], files: Sequence[Input]) -> Side:
        sides = {}
        for file, grids in own.items():
            named = tuple(_words(each) for each in files if each.name == file)
            side = published(grids, named)
            if side is None:
                reason = "không thấy hàng tiêu đề có cột Đơn vị và Xếp loại"
                raise Unusable(our.PAST_UNCLEAR(file=file, sheet="Kết quả", reason=reason))
            sides[file] = side
        newest = max(side.year or 0 for side in sides.values())
        meant = [file for file, side in sides.items() if (side.year or 0) == newest]
        if len(meant) > 1:
            raise Unusable(
                our.BAD_OPTION(what=f"Có {len(meant)} tệp kết quả cùng năm: {vi.listed(meant)}; chỉ rõ một tệp")
            )
        side = sides[meant[0]]
        if not self.register:
            return side
        coded = self.register.coded
        return side._replace(standings=tuple(s._replace(unit=coded(s.unit, side.year)) for s in side.standings))


def _own_results(grids: Sequence[Grid]) -> dict[str, list[Grid]]:
    """File → its sheets, of the files that are result workbooks of ours."""
    files: dict[str, list[Grid]] = defaultdict(list)
    for grid in grids:
        files[grid.file].append(grid)
    return {file: found for file, found in files.items() if {grid.sheet for grid in found} >= set(RESULT_SHEETS)}


def _of_side(finding: Finding, files: Sequence[Input]) -> Finding:
    """What stops one side, with the file that it is about: the other side may be well."""
    names = [each.name for each in files]
    if finding.at or not names or any(name in finding.message for name in names):
        return finding
    more = f" và {len(names) - 1} tệp nữa" if len(names) > 1 else ""
    return finding._replace(message=f"«{names[0]}»{more}: {finding.message}")


def _words(source: Input) -> str:
    return f"{source.name} · SHA-256 {source.sha256}"


def _classified(outcome: Outcome, files: Sequence[Input]) -> Side:
    """A classified year as a side, with what was found in its data."""
    book = outcome.book
    minus = {node.code for item in (book.penalty.items if book.penalty else ()) for _, node in item.walk()}
    criteria = tuple(
        Criterion(node.code, node.name, node.max_points, tuple(part.code for part in node.parts), node.code in minus)
        for node in book.nodes.values()
    )
    fired: dict[Unit, list[str]] = defaultdict(list)
    for finding in outcome.findings:
        if finding.unit and finding.code in book.own_codes and finding.code not in fired[finding.unit]:
            fired[finding.unit].append(finding.code)
    standings = tuple(
        _standing(outcome, position, rating, fired, criteria) for position, rating in enumerate(outcome.ratings)
    )
    kept = (
        each for each in outcome.findings
        if each.code not in book.own_codes and each.code != our.YEARS_LEFT_OUT.code
        and (each.severity is not Severity.NOTE or each.code == our.ILLUSTRATIVE.code)
    )  # fmt: skip
    return Side(
        outcome.year, book.title, book.code, book.names.bands, book.names.titles, criteria, standings,
        tuple(map(_words, files)), book.illustrative, book, tuple(kept), outcome.past.years,
        outcome.loaded.sha256,
    )  # fmt: skip


def _standing(
    outcome: Outcome, position: int, rating: Rating, fired: Mapping[Unit, list[str]], criteria: Sequence[Criterion]
) -> Standing:
    word = rating.band or ("chưa xếp loại" if rating.status == "unrated" else "chưa xác định")
    told = bool(rating.band or rating.titles)
    return Standing(
        rating.unit, word, rating.band, frozenset(rating.titles) if told else None, frozenset(rating.open_titles),
        rating.points, rating.max_points, rating.percent, rating.rank, rating.of, tuple(fired.get(rating.unit, ())),
        dict(_marks(outcome, position, criteria)), outcome.sheet.named(position),
    )  # fmt: skip


def _marks(outcome: Outcome, position: int, criteria: Sequence[Criterion]) -> Iterator[tuple[str, Mark]]:
    for criterion in criteria:
        code, maxima = criterion.code, outcome.scores.maxima.get(criterion.code)
        points, most = outcome.points[code][position], criterion.most if maxima is None else maxima[position]
        if points is not None and most:
            yield code, Mark(points, most)


def _as_published(older: Side, newer: Outcome) -> Side:
    """The earlier year of one input, with the bands that the input itself says were published: they win (LS02 tells it)."""
    positions = {unit: position for position, unit in enumerate(newer.sheet.units)}
    standings = []
    for standing in older.standings:
        position = positions.get(standing.unit)
        record = None if position is None else newer.past.of(position).get(older.year or 0)
        if record and record.band and not record.olds and standing.band and record.band != standing.band:
            standing = standing._replace(word=record.band, band=record.band)  # noqa: PLW2901
        standings.append(standing)
    return older._replace(standings=tuple(standings))
