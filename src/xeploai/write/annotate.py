"""The annotated copy (--annotate): the user's own workbook, as it was, with the result beside every unit.

    where a unit has a row of its own      rating, rank, titles and warnings in columns to the right of all that is there
    where it has none (a form, criteria    a note on the unit's name
    as rows, a column for each unit)
    on every faulty cell of the file       a note: what was found, what to do, on what basis

Nothing else changes (`inplace`): formulas keep their results; drawings, filters, frozen panes and the print area stay as
they are, so what is added is seen on the screen first and printed when the print area is widened. Headings are such that
the copy, read again, gives the same ratings, and as history tells of them. Texts of units are texts.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from xeploai import vi
from xeploai.findings import BAD_OPTION, CATALOGUE, Finding, Severity, Unusable
from xeploai.model import Block, Cell, Rating
from xeploai.pipeline import Outcome
from xeploai.report.tables import band_word
from xeploai.steps import headings
from xeploai.write.inplace import LAST_COLUMN, Book, Look, Sheet
from xeploai.write.notes import Runs

MOST_IN_A_NOTE = 25_000
"""Characters; Excel holds 32,767. What is left out is counted in the note, and stands in the result workbook."""


class _Column(NamedTuple):
    """An added column: its heading, its width in characters at most, and what it says of the unit at each position."""

    heading: str
    most: int
    horizontal: str
    values: Sequence[str | int | None]

    @property
    def width(self) -> int:
        """What its longest line needs, and the longest word of its heading."""
        lines = (line for value in self.values for line in str(value or "").split("\n"))
        needed = max(*map(len, self.heading.split()), max(map(len, lines), default=0))
        return min(max(needed + 3, 11), self.most)


class _Place(NamedTuple):
    """A block in its sheet: first and last row of its heading, its right-most column, row → the unit's position."""

    first: int
    last: int
    right: int
    units: Mapping[int, int]


def annotated(outcome: Outcome, files: Sequence[Path], target: Path | None = None) -> bytes:
    """The annotated copy of the one file that holds the classified year's scores. `target` is where it will be written:
    Excel opens a workbook with macros under the name .xlsm only, and no other under it. Raises Unusable."""
    file, path = _the_file(outcome, files)
    data = _unchanged(outcome, file, path)
    book = Book(data, file)
    _fits_name(book, file, target)
    columns = _columns(outcome)
    beside: dict[str, list[_Place]] = defaultdict(list)
    for block in outcome.sheet.blocks:
        if block.grid.places:
            _note_units(outcome, book, block)
        else:
            beside[block.grid.sheet].append(_place(outcome, block))
    for name, places in beside.items():
        _add_columns(outcome, book.sheet(name), columns, places)
    for cell, findings in _by_cell(outcome, file).items():
        book.sheet(cell.sheet).note(cell.row, cell.column, _words_of(findings))
    return book.content()


# ------------------------------------------------------------------------------------------ which file


def _the_file(outcome: Outcome, files: Sequence[Path]) -> tuple[str, Path]:
    """The file with the classified year's scores: its name in the findings, and where it lies."""
    names = sorted({outcome.sheet.named(position).file for position in range(len(outcome.sheet.units))})
    if len(names) != 1:
        shown = f"«{'», «'.join(names[:5])}»" + (" …" if len(names) > 5 else "")
        what = f"--annotate ghi bản sao của một tệp, mà điểm năm xếp loại nằm ở {len(names)} tệp: {shown}"
        raise Unusable(BAD_OPTION(what=f"{what}; chạy riêng với từng tệp, hoặc bỏ --annotate"))
    folders = [path for path in files if path.is_dir()]
    if folders:
        what = f"--annotate ghi bản sao của một tệp, mà «{folders[0]}» là thư mục"
        raise Unusable(BAD_OPTION(what=f"{what}; ghi rõ tên tệp «{names[0]}»"))
    for path in files:
        if names[0] in (unicodedata.normalize("NFC", path.name), unicodedata.normalize("NFC", str(path))):
            return names[0], path
    raise Unusable(BAD_OPTION(what=f"--annotate không tìm thấy tệp «{names[0]}» trong các tệp đã ghi"))


def _unchanged(outcome: Outcome, file: str, path: Path) -> bytes:
    """The bytes that were read and rated; never those of a file that was saved anew since."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unusable(BAD_OPTION(what=f"--annotate không đọc lại được «{file}»: {error.strerror}")) from None
    digests = {source.sha256 for source in outcome.inputs if source.name == file and source.used_as == "scores"}
    if digests and hashlib.sha256(data).hexdigest() not in digests:
        raise Unusable(
            BAD_OPTION(what=f"«{file}» đã được lưu lại trong lúc đang xếp loại, nên không ghi bản sao; chạy lại")
        )
    return data


def _fits_name(book: Book, file: str, target: Path | None) -> None:
    suffix = ".xlsm" if book.macros else ".xlsx"
    if target is None and book.macros:
        raise book.unfit("tệp có macro; lưu thành .xlsx trước")
    if target is not None and target.suffix.lower() != suffix:
        kind = "có macro" if book.macros else "không có macro"
        what = f"«{file}» {kind}, nên bản sao phải mang đuôi {suffix}: --annotate {target.with_suffix(suffix)}"
        raise Unusable(BAD_OPTION(what=what))


# ----------------------------------------------------------------------------------- rows of their own


def _columns(outcome: Outcome) -> list[_Column]:
    """What is said beside every unit."""
    mark = ", số minh hoạ" if outcome.book.illustrative else ""
    ratings, warned = outcome.ratings, _warnings(outcome)
    found = [
        _Column(f"Xếp loại (xeploai{mark})", 32, "center", [band_word(each) for each in ratings]),
        _Column("Xếp hạng (xeploai)", 10, "center", [each.rank for each in ratings]),
    ]
    if outcome.book.titles:
        found.append(_Column("Danh hiệu (xeploai)", 32, "left", [_titles(each) for each in ratings]))
    found.append(_Column("Cảnh báo (xeploai)", 62, "left", [warned[place] for place in range(len(ratings))]))
    return found


def _titles(rating: Rating) -> str:
    return "; ".join((*rating.titles, *(f"chưa rõ «{name}»" for name in rating.open_titles)))


def _warnings(outcome: Outcome) -> list[str]:
    """For every unit what was found, a line for each code, with its cells; why it has no band, where no finding says so."""
    found: dict[object, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    book = outcome.book
    kinds = {each.code: each.kind for each in book.flags} | {each.code: each.kind for each in book.checks}
    own = {unit: outcome.sheet.named(position) for position, unit in enumerate(outcome.sheet.units)}
    for each in outcome.findings:
        if each.unit is None or each.severity is Severity.NOTE:
            continue
        code = each.code
        words = rule.title if (rule := CATALOGUE.get(code)) else kinds.get(code, "")
        label = f"{words[:1].upper()}{words[1:]} ({code})" if words else code
        where = _where(each.at, own.get(each.unit)) if each.at else ""
        found[each.unit][label].append(
            f"{each.criterion} ({where})" if each.criterion and where else each.criterion or where
        )
    lines: list[str] = []
    for rating in outcome.ratings:
        said = [
            f"{label}: {', '.join(filter(None, dict.fromkeys(places)))}" if any(places) else label
            for label, places in found[rating.unit].items()
        ]
        if rating.status != "rated" and not said and rating.why:
            said = [rating.why[-1]]
        lines.append("\n".join(said))
    return lines


def _where(cell: Cell, own: Cell | None) -> str:
    """Where it stands, as seen from the unit's own row: "ô F12", "ô Người đứng đầu!E14"."""
    if own is None or (cell.file, cell.sheet) == (own.file, own.sheet):
        return f"ô {cell.address}"
    return f"ô {cell.sheet}!{cell.address}" if cell.file == own.file else f"ô [{cell.file}]{cell.sheet}!{cell.address}"


def _place(outcome: Outcome, block: Block) -> _Place:
    """Where the heading of a block stands, as it was understood."""
    found = next(seen.table for seen in outcome.understood if seen.grid is block.grid)
    rows = [row for row in range(found.first, found.data) if not headings.is_numbering(block.grid, row)]
    right = max((*found.heading, *block.columns.values(), block.name_column))
    units = {line: block.first + place for place, line in enumerate(block.lines)}
    return _Place(rows[0] if rows else found.first, rows[-1] if rows else found.first, right, units)


def _add_columns(outcome: Outcome, sheet: Sheet, columns: Sequence[_Column], places: Sequence[_Place]) -> None:
    """The columns of one sheet, which are the same ones for every table on it."""
    ends = [sheet.bordered_until(max(place.units), place.right) for place in places]
    start = sheet.free_column(min(place.first for place in places), max(ends))
    if start + len(columns) - 1 > LAST_COLUMN:
        raise sheet.book.unfit(f"trang «{sheet.name}» không còn cột trống bên phải; xoá các cột thừa rồi lưu lại")
    widths = [column.width for column in columns]
    sheet.widen(start, widths)
    for place, end in zip(places, ends, strict=True):
        for column, (told, width) in enumerate(zip(columns, widths, strict=True), start):
            _add_column(sheet, column, told, width, place, end)
        sheet.note(place.first, start, _about(outcome))


def _add_column(sheet: Sheet, column: int, told: _Column, width: int, place: _Place, end: int) -> None:
    """Heading, the units' rows, and the lines around the rows between them, as the table has them."""
    beside = sheet.style(*sheet.first_of(place.first, place.right))
    for row in range(place.first, place.last + 1):
        sheet.put(row, column, told.heading if row == place.first else None, Look(beside, "center", "center"))
    sheet.merge(place.first, place.last, column)
    for row in range(place.last + 1, end + 1):
        value = told.values[place.units[row]] if row in place.units else None
        look = Look(sheet.style(row, place.right), told.horizontal, text=not isinstance(value, int))
        sheet.put(row, column, value, look)
        if isinstance(value, str):
            sheet.fit_height(row, sum(math.ceil(len(line) / (1.1 * width)) or 1 for line in value.split("\n")))


def _about(outcome: Outcome) -> Runs:
    """What the added columns are, by which rule book."""
    book = outcome.book
    basis = f"\nCăn cứ: {book.basis}" if book.basis else ""
    confirmed = "\nSỐ MINH HOẠ: số của bộ này chưa có văn bản xác nhận." if book.illustrative else ""
    year = f" năm {outcome.year}" if outcome.year else ""
    text = f"\nXếp loại{year} theo bộ tiêu chí: {book.title}.{basis}{confirmed}"
    return (("Cột do xeploai ghi thêm", True), (text, False))


# --------------------------------------------------------------------------------- no rows of their own


def _note_units(outcome: Outcome, book: Book, block: Block) -> None:
    """A note on the name of every unit of a form, or of a table with criteria as rows."""
    columns = _columns(outcome)
    for place in range(len(block.lines)):
        position = block.first + place
        cell, rating = block.named(position), outcome.ratings[position]
        lines = [f"{each.heading}: {value}" for each in columns if (value := each.values[position]) not in (None, "")]
        if rating.points is not None and rating.max_points is not None:
            lines.insert(1, f"Điểm: {vi.number(rating.points)}/{vi.number(rating.max_points)}")
        book.sheet(cell.sheet).note(cell.row, cell.column, ((str(rating.unit), True), ("\n" + "\n".join(lines), False)))


# ---------------------------------------------------------------------------------------- faulty cells


def _by_cell(outcome: Outcome, file: str) -> dict[Cell, list[Finding]]:
    """Cell of this file → what was found there. An error is told at every cell that it names, the rest at the chief one."""
    found: dict[Cell, list[Finding]] = defaultdict(list)
    for finding in outcome.findings:
        cells = finding.cells if finding.severity is Severity.ERROR else finding.cells[:1]
        for cell in dict.fromkeys(cells):
            if cell.file == file:
                found[cell].append(finding)
    return found


def _words_of(findings: Iterable[Finding]) -> Runs:
    """The note of one cell."""
    told = [_words(finding) for finding in findings]
    kept, length = 0, 0
    while kept < len(told) and (length := length + sum(len(words) for words, _ in told[kept])) <= MOST_IN_A_NOTE:
        kept += 1
    runs = [run for place, each in enumerate(told[:kept]) for run in ((*_GAP, *each) if place else each)]
    if kept < len(told):
        runs.append((f"\n\n… và {len(told) - kept} phát hiện nữa, xem trang «Cảnh báo» của tệp kết quả.", False))
    return tuple(runs)


_GAP: Runs = (("\n\n", False),)


def _words(finding: Finding) -> Runs:
    severity = finding.severity.vi
    lines = [finding.message]
    lines += [f"Phải làm: {finding.duty}"] if finding.duty else []
    lines += [f"Căn cứ: {finding.basis}"] if finding.basis else []
    return ((f"{severity[:1].upper()}{severity[1:]} · {finding.code}", True), ("\n" + "\n".join(lines), False))
