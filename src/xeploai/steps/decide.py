"""decide: the sheet «Quyết định» → what the authority decided on single units. It wins over the computed band.

Columns: unit, band (xếp loại), reason (lý do), document (văn bản); code, district and year where there are any. A decision
changes a result, so a row is used whole or not at all: without its reason and its document it is no decision.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xeploai import vi
from xeploai.book.parts import unknown
from xeploai.book.rulebook import RuleBook
from xeploai.findings import DECISION_UNKNOWN, SHEET_UNCLEAR, Finding
from xeploai.model import Cell, Decision, Grid, Unit, Value
from xeploai.steps import headings
from xeploai.steps.match import Matcher
from xeploai.steps.table import SEARCHED_ROWS

_BY_AUTHORITY = re.compile(
    r"(ket qua |muc )*(xep loai |phan loai |danh gia )*(theo |duoc |do |cua )?"
    r"(quyet dinh|phe duyet|duyet|cong nhan|chinh thuc|cap co tham quyen)( .*)?"
)
_BAND = re.compile(r"(ket qua |muc )*(xep loai|phan loai)( .*)?|muc")
_NOT_DECIDED = re.compile(r"\b(đề xuất|đề nghị|de xuat|de nghi|dự kiến|tự|tính|phần mềm|theo điểm|trước)\b")
_REASON = re.compile(r"ly do( .*)?|giai trinh( .*)?")
_DOCUMENT = re.compile(
    r"(so |ten |so hieu |so ngay )*(van ban|quyet dinh|qd|cong van|thong bao|nghi quyet|bien ban)( .*)?"
    r"|can cu( .*)?|so hieu|so ky hieu"
)
_DITTO = ("nt", "nhu tren")


def decide(
    book: RuleBook,
    units: Sequence[Unit],
    grids: Sequence[Grid],
    *,
    year: int | None = None,
    others: Collection[int] = (),
) -> tuple[dict[int, Decision], list[Finding]]:
    """Position → decision, and a finding for every row that is not used.

    Where `year` is given, rows of another year are not used; of the `others` nothing is said, they are read in their turn.
    """
    matcher = Matcher(units)
    said: dict[int, list[_Said]] = defaultdict(list)
    findings: list[Finding] = []
    for grid in grids:
        found = heading(grid, _say, ({"name", "code"}, {"band", "maybe band"}))
        if found is None:
            findings += unclear(grid, "không thấy cột đơn vị và cột xếp loại")
            continue
        data, columns = found
        if complaint := _wrong_columns(columns):
            at = grid.cell(data - 1, min(min(each) for each in columns.values()))
            findings.append(DECISION_UNKNOWN(sheet=grid.sheet, row=data, reason=complaint, at=at))
            continue
        band = next(iter(columns.get("band") or columns["maybe band"]))
        of_all = headings.year_in_name(grid.merged_text(data - 1, band)) or year_of(grid, data)
        for line in lines(grid, data, columns, matcher, lambda value: _band(book, value) is not None, band):
            its_year = headings.whole_year(line.values.get("year")) or of_all
            if year is not None and its_year in others:
                continue
            cell = grid.cell(line.row, band)
            reasons, documents = line.joined(columns, "reason"), line.joined(columns, "document")
            value = line.value(band)
            if blank(value) and not ((reasons or documents) and line.names):
                continue
            wrong = list(_wrong(book, matcher, line, value))
            if unread_year(line):
                wrong.append("cột năm không phải một năm")
            elif year is not None and its_year not in (None, year):
                wrong.append(f"thuộc năm {its_year}, đang xếp loại năm {year}")
            known = not wrong
            wrong += [f"không ghi {what}" for what, text in (("lý do", reasons), ("văn bản", documents)) if not text]
            if known:
                decision = Decision(_band(book, value) or "", reasons, documents, cell)
                said[line.found[0]].append(_Said(decision, whole=not wrong))
            if wrong:
                who = f"{line.unit}: " if line.names else ""
                findings.append(
                    DECISION_UNKNOWN(
                        sheet=grid.sheet, row=line.row + 1, reason=who + "; ".join(wrong), at=cell,
                        unit=units[line.found[0]] if len(line.found) == 1 else None, year=year,
                    )
                )  # fmt: skip
    decisions: dict[int, Decision] = {}
    for position, of_unit in sorted(said.items()):
        if len({each.decision.band for each in of_unit}) > 1:
            findings.append(_twice(units[position], [each.decision for each in of_unit], year))
        elif whole := [each.decision for each in of_unit if each.whole]:
            decisions[position] = _together(whole)
    return decisions, findings


class _Said(NamedTuple):
    """What one row says of a unit; `whole`: with its reason and document."""

    decision: Decision
    whole: bool


def _say(text: str) -> str | None:
    """What a heading of this sheet says about its column."""
    folded = vi.fold(text)
    if _REASON.fullmatch(folded):
        return "reason"
    if _BY_AUTHORITY.fullmatch(folded) and re.match(r"ket qua|muc|xep loai|phan loai", folded):
        return "band"
    if _DOCUMENT.fullmatch(folded):
        return "document"
    if _BAND.fullmatch(folded):
        return None if _NOT_DECIDED.search(vi.key(text)) else "maybe band"
    said = headings.role(text)
    return said if said in ("name", "parent", "code", "number", "year") else None


def _wrong_columns(columns: Mapping[str, Sequence[int]]) -> str:
    """Why this heading will not do: no column for a reason or a document, or several for the band."""
    lacking = [
        word for role, word in (("reason", "«Lý do»"), ("document", "«Văn bản»")) if role not in columns
    ]  # fmt: skip
    if lacking:
        return f"không thấy cột {vi.listed(lacking)}, không dòng nào của trang được dùng"
    bands = columns.get("band") or columns["maybe band"]
    if len(bands) > 1:
        return f"có {len(bands)} cột xếp loại, không rõ cột nào là mức được quyết định; không dòng nào được dùng"
    return ""


def _band(book: RuleBook, value: Value) -> str | None:
    """The band of this book, by its own name; an older scale says nothing of this year."""
    return named_band(value, book.names.bands)


def _wrong(book: RuleBook, matcher: Matcher, line: Line, value: Value) -> Iterator[str]:
    if complaint := line.stranger(matcher):
        yield complaint
    if blank(value):
        yield "chưa ghi mức xếp loại"
    elif not isinstance(value, str):
        yield "ô xếp loại không phải chữ"
    elif _band(book, value) is None:
        yield _asked(unknown(value, book.names.bands, "mức xếp loại") or "")


def _asked(complaint: str) -> str:
    """The complaint with its question in brackets, for more of the sentence follows."""
    return re.sub(r"; (có phải .*\?)$", r" (\1)", complaint)


def _twice(unit: Unit, decisions: Sequence[Decision], year: int | None) -> Finding:
    *before, last = decisions
    words = vi.listed(f"{each.band} ({_place(each.at, last.at)})" for each in decisions)
    return DECISION_UNKNOWN(
        sheet=last.at.sheet, row=last.at.row + 1, reason=f"{unit}: {len(decisions)} quyết định khác nhau: {words}", unit=unit,
        year=year, at=last.at, related=tuple(each.at for each in before),
    )  # fmt: skip


def _place(cell: Cell, beside: Cell) -> str:
    if (cell.file, cell.sheet) == (beside.file, beside.sheet):
        return f"ô {cell.address}"
    return f"{cell.file}, trang «{cell.sheet}», ô {cell.address}"


def _together(decisions: Sequence[Decision]) -> Decision:
    """One decision that several rows write down: every reason and document once."""
    first = decisions[0]
    reasons, documents = (
        "; ".join(dict.fromkeys(texts))
        for texts in ((each.reason for each in decisions), (each.document for each in decisions))
    )
    return Decision(first.band, reasons, documents, first.at)


# ------------------------------------------------- a plain list of units, as «Quyết định» and «Người đứng đầu» are

_CLOSERS = re.compile(
    r"noi nhan\b.*|(nguoi )?(lap|tong hop|kiem tra) (bieu|bang|phieu|danh sach)?.*|(kt|tm|tl|tuq) .*"
    r"|(pho )?(chu tich|giam doc|bi thu|truong (phong|ban)|chanh van phong|thu truong)\b.*|ky ten.*|ky ghi ro.*"
    r"|ghi chu\b.*|luu y\b.*|luu vt.*|chu thich\b.*|xac nhan cua .*|thu ky\b.*|da ky"
)
_DATED = re.compile(r"ngày\W*\d*\W*tháng\W*\d*\W*năm")


class Line(NamedTuple):
    """A row of such a list: what stands under each role and column, the unit that it names, and where that may be."""

    row: int
    values: Mapping[str, Value]
    by_column: Mapping[int, Value]
    unit: Unit
    found: tuple[int, ...]

    @property
    def names(self) -> bool:
        """Whether it names a unit at all."""
        return bool(self.unit.name or self.unit.code)

    def value(self, column: int) -> Value:
        """What a person sees in this column, also inside a merged area."""
        return self.by_column.get(column)

    def joined(self, columns: Mapping[str, Sequence[int]], role: str) -> str:
        """The texts of every column of this role: number and name of a document may stand apart."""
        texts = (headings.as_name(self.by_column.get(column)) for column in columns.get(role, ()))
        return ", ".join(text for text in texts if vi.fold(text))

    def stranger(self, matcher: Matcher) -> str:
        """Why this row is no unit's: none named, none of that name, or several; "" where it is one's."""
        if not self.names:
            return "không ghi đơn vị"
        if len(self.found) == 1:
            return ""
        if self.found:
            return f"tên này khớp {len(self.found)} đơn vị của biểu, cần ghi thêm mã hoặc huyện"
        near = matcher.near(self.unit)
        return "không có đơn vị này trong biểu" + (f" (có phải «{matcher.units[near]}»?)" if near is not None else "")


Columns = Mapping[str, Sequence[int]]
"""Role → the columns that say it, left to right."""


def heading(
    grid: Grid, say: Callable[[str], str | None], needed: Iterable[Collection[str]], *, before: int | None = None
) -> tuple[int, Columns] | None:
    """(first row under it, columns): the row with the most roles that has one of each of the needed.

    A merged heading is one column, its first. Rows from `before` on are not searched.
    """
    best: tuple[int, dict[str, list[int]]] | None = None
    last = min(grid.height, grid.top + SEARCHED_ROWS, before if before is not None else grid.height)
    wanted = tuple(needed)
    for row in range(grid.top, last):
        columns: dict[str, list[int]] = {}
        for column in range(grid.left, grid.width):
            beside = grid.spread.get((row, column), (row, column))[1] != column
            if not beside and (said := say(grid.merged_text(row, column))):
                columns.setdefault(said, []).append(column)
        if all(columns.keys() & set(each) for each in wanted) and (best is None or len(columns) > len(best[1])):
            best = row + 1, columns
    return best


def lines(
    grid: Grid, data: int, columns: Columns, matcher: Matcher, is_band: Callable[[Value], bool], band: int | None
) -> Iterator[Line]:
    """The rows under a heading that may say something of a unit; sums, numberings, sections and signatures do not.

    Below a signature only rows that name a unit of the sheet, or a band, are rows of the list.
    """
    section, closed = "", False
    places = {column for each in columns.values() for column in each}
    head = {column: vi.key(grid.merged_text(data - 1, column)) for column in places}
    above: dict[int, Value] = {}
    for row in range(data, grid.height):
        seen = {column: grid.value(*grid.spread.get((row, column), (row, column))) for column in places}
        filled = [value for value in grid.rows[row - grid.top] if value is not None]
        if not any(value is not None for value in seen.values()) and not filled:
            continue
        if headings.is_numbering(grid, row) or all(vi.key(grid.merged_text(row, c)) == head[c] for c in places):
            continue
        for column in (*columns.get("reason", ()), *columns.get("document", ())):
            if vi.fold(headings.as_name(seen[column])) in _DITTO:
                seen[column] = above.get(column)
        above = seen
        values = {role: seen[each[0]] for role, each in columns.items()}
        name, code = headings.as_name(values.get("name")), headings.as_name(values.get("code"))
        words = [text for value in filled if (text := headings.as_name(value)) and not _counts(text)]
        if len(words) == 1 and vi.split_kind(words[0])[0] in vi.DISTRICT_KINDS:
            section = words[0]
            continue
        if "parent" in columns:
            section = headings.as_name(values["parent"]) or section
        unit = Unit(name, section, code)
        found = tuple(matcher.find(unit)) if name or code else ()
        bound = bool(found) or (band is not None and is_band(seen[band]))
        if not bound and words and headings.is_no_unit(name or words[0]):
            continue
        closed = closed or (not bound and _closes(values, name, words))
        if bound or not closed:
            yield Line(row, values, seen, unit, found)


def _counts(text: str) -> bool:
    """Whether a text only numbers its row: 1, 2., IV."""
    return text.rstrip(".").isdigit() or headings.is_roman(text)


def _closes(values: Mapping[str, Value], name: str, words: Sequence[str]) -> bool:
    """Whether the list is over: a signature, a date, the receivers. A person with a position is no signature."""
    first = name or (words[0] if words else "")
    person = headings.as_name(values.get("person"))
    if not name and person and headings.as_name(values.get("position")) and not _CLOSERS.fullmatch(vi.fold(person)):
        return False
    return _CLOSERS.fullmatch(vi.fold(first)) is not None or _DATED.search(vi.key(first)) is not None


def unclear(grid: Grid, reason: str) -> Iterator[Finding]:
    """That a sheet was not understood; an empty one has nothing to understand."""
    if any(value is not None for line in grid.rows for value in line):
        yield SHEET_UNCLEAR(sheet=grid.sheet, reason=reason, at=grid.cell(grid.top, grid.left))


def unread_year(line: Line) -> bool:
    """Whether its column of years holds something that is no year."""
    stated = line.values.get("year")
    return not blank(stated) and headings.whole_year(stated) is None


def blank(value: Value) -> bool:
    """Whether a cell says nothing: empty, or a dash."""
    return value is None or (isinstance(value, str) and not vi.fold(value))


def named_band(value: Value, bands: Iterable[str]) -> str | None:
    """The band that a cell names: by its own name, with or without "xếp loại" before it; "TB" is trung bình."""
    if not isinstance(value, str):
        return None
    word = vi.key(value)
    bare = re.sub(r"^(?:xếp )?(?:loại|mức)\s*:?\s+", "", word)
    known = {vi.key(band): band for band in bands}
    return known.get(word) or known.get(bare) or (known.get("trung bình") if bare == "tb" else None)


def year_of(grid: Grid, data: int) -> int | None:
    """The year that such a sheet speaks of: in its name, in a line above the heading, or in the file's name."""
    above = (grid.text(row, column) for row in range(grid.top, data - 1) for column in range(grid.left, grid.width))
    titles = (year for text in above if text and (year := headings.year_in_title(text)))
    return (
        headings.year_in_name(grid.sheet) or next(titles, None) or headings.year_in_name(grid.file.rsplit("/", 1)[-1])
    )
