"""bind: Grid → ScoreSheet. Which rows are units, under which district, in which year; what was left out, and why.

Nothing disappears silently: every row under the heading is a unit, a section, a row that says what it is (sum, maximum,
signature), or a finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import (
    COLUMN_MISSING,
    COLUMN_TWICE,
    COLUMN_UNKNOWN,
    FACT_TWICE,
    FACTS_OF_NOBODY,
    KIND_UNKNOWN,
    NAME_MISSING,
    NAMES_ALIKE,
    PARTS_ABSENT,
    ROWS_DOUBTFUL,
    ROWS_HIDDEN,
    ROWS_LEFT_OUT,
    UNIT_TWICE,
    YEAR_UNREADABLE,
    YEARS_DISAGREE,
    Finding,
)
from xeploai.model import Block, Cell, CellError, Disputed, Grid, ScoreSheet, Uncomputed, Unit, Value, column_letters
from xeploai.steps import headings, table
from xeploai.steps.match import Matcher
from xeploai.steps.rows import Row
from xeploai.steps.rows import rows as look
from xeploai.steps.table import Table

_WHO = frozenset({"name", "parent", "code", "kind", "year"})
"""What a column may say that tells whose the points are; the row's number and the sheet's own total do not."""

ENOUGH = 2
"""A sheet speaks of the book when it has at least half of the criteria, and this many unless the book has fewer."""


class Understood(NamedTuple):
    """What was understood of one grid, for `check` and the sheet Thông tin."""

    grid: Grid
    table: Table
    units: int
    years: tuple[int | None, ...]
    left_out: tuple[tuple[int, str], ...]  # (row, its label)
    doubtful: tuple[tuple[int, str], ...] = ()


@dataclass(eq=False, repr=False)
class _Rows:
    """The rows of one grid and one year, while they are gathered."""

    units: list[Unit] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    faulty: dict[int, str] = field(default_factory=dict)  # place among them → why it cannot be judged


def bind(
    book: RuleBook, grids: Sequence[Grid], *, year: int | None = None, skip_hidden: bool = False
) -> tuple[list[ScoreSheet], list[Understood], list[Finding]]:
    """Score sheets by year (oldest first), what was understood of each grid, and the findings.

    `year` is taken for sheets that tell none. Grids without a table of this book are passed over: `choose` speaks of them.
    """
    words = table.Words.of(book)
    findings: list[Finding] = []
    understood: list[Understood] = []
    parts: dict[int | None, list[tuple[Table, _Rows]]] = defaultdict(list)
    unused: dict[tuple[str, tuple[str, ...]], list[Table]] = defaultdict(list)
    lost: dict[tuple[str, tuple[tuple[int, str], ...]], list[Understood]] = defaultdict(list)
    beside: dict[int | None, list[tuple[Table, _Rows]]] = defaultdict(list)
    for grid in grids:
        found = table.find(grid, words)
        if found is None or not speaks_of(book, found):
            if found and _only_facts(found, words):
                for its_year, rows in rows_of(book, found, year, skip_hidden=skip_hidden)[0].items():
                    beside[its_year].append((found, rows))
            continue
        findings += found.findings
        found_parts, seen, said = rows_of(book, found, year, skip_hidden=skip_hidden)
        for its_year, rows in found_parts.items():
            parts[its_year].append((found, rows))
        understood.append(seen)
        findings += said
        lost[grid.file, tuple(_left_out(seen))].append(seen)
        unused[grid.file, tuple(text for _, text in _numeric_unknown(found))].append(found)
        findings += _hidden_columns(found)
    findings += (_rows_left_out(same) for (_, rows), same in lost.items() if rows)
    findings += (_unused_columns(tables) for (_, texts), tables in unused.items() if texts)
    sheets = []
    for its_year, tables in sorted(parts.items(), key=lambda item: (item[0] is not None, item[0] or 0)):
        facts = [each for known in {its_year, None} for each in beside.get(known, ())]
        sheet, said = _assemble(book, its_year, tables, facts)
        sheets.append(sheet)
        findings += said
    return sheets, understood, findings


def _only_facts(found: Table, words: table.Words) -> bool:
    """Whether a table tells facts of units, and no points: it stands beside the score sheet and joins it by unit."""
    codes = found.points.keys() | found.facts.keys()
    return bool(codes) and codes <= words.facts and "name" in found.roles and not found.phases


def speaks_of(book: RuleBook, found: Table) -> bool:
    """Whether a table is about this book at all: half of its leaves (or of its first level), and not by one word.

    Where kinds of units are judged by criteria of their own, half of what one kind is judged by is enough.
    """
    columns = found.points.keys()
    for kind in book.kinds if book.by_kind else ("",):
        codes = book.applicable(kind)
        leaves = [leaf.code for root in book.criteria for leaf in root.leaves if leaf.code in codes]
        tops = [root.code for root in book.criteria if root.code in codes]
        for wanted in (leaves, tops):
            has = sum(code in columns or _fed(book, code, columns) for code in wanted)
            if has and has >= min(ENOUGH, len(wanted)) and 2 * has >= len(wanted):
                return True
    return False


def _fed(book: RuleBook, code: str, columns: Collection[str]) -> bool:
    """Whether there is a column for everything that this criterion is scored from."""
    return code in book.inputs and all(each in columns for each in book.inputs[code])


# ---------------------------------------------------------------------------------------------- the rows


def told_of(book: RuleBook, found: Table) -> Iterator[Finding]:
    """What must be told of a table that goes on as a part of another: what of it is not read."""
    _, seen, findings = rows_of(book, found)
    yield from (each for each in findings if each.code not in (ROWS_HIDDEN.code, YEARS_DISAGREE.code))
    if _left_out(seen):
        yield _rows_left_out([seen])
    if _numeric_unknown(found):
        yield _unused_columns([found])
    yield from _hidden_columns(found)


def rows_of(
    book: RuleBook, found: Table, given_year: int | None = None, *, skip_hidden: bool = False
) -> tuple[dict[int | None, _Rows], Understood, list[Finding]]:
    """The units of a table by year, what was understood of it, and what must be told of its rows."""
    grid, findings = found.grid, list[Finding]()
    sheet_year, said = _year_of(grid, found)
    findings += said
    rows: dict[int | None, _Rows] = defaultdict(_Rows)
    left_out: list[tuple[int, str]] = []
    doubtful: list[tuple[int, str]] = []
    hidden: list[int] = []
    roles = found.roles
    section, parent_seen = _section_of(grid, found), ""
    bands = frozenset(
        vi.key(name) for name in (*(band.name for band in book.bands), *(n.name for n in book.nodes.values()))
    )
    for row in look(found, bands=bands, maxima={code: node.max_points for code, node in book.nodes.items()}):
        if row.what == "section":
            section, parent_seen = row.name, ""
        elif row.what == "nameless":
            at = grid.cell(row.row, roles.get("name", found.left))
            findings.append(NAME_MISSING(sheet=grid.sheet, row=at.row + 1, at=at))
            above = _holder(grid, row.row, roles.get("name", grid.left))[0]
            for group in rows.values():  # one name over several rows of points: nobody knows which row counts
                if above != row.row and group.lines and group.lines[-1] == above:
                    group.faulty[len(group.lines) - 1] = (
                        f"tên gộp trên nhiều hàng điểm (hàng {above + 1}, {row.row + 1})"
                    )
        elif row.what == "doubtful":
            doubtful.append((row.row, row.name))
        elif row.what != "unit":
            left_out.append((row.row, row.name))
        else:
            if row.row in grid.hidden_rows:
                hidden.append(row.row)
                if skip_hidden:
                    continue
            if "parent" in roles:
                parent_seen = _beside(grid, row.row, roles["parent"]) or parent_seen
            year = given_year if sheet_year is None else sheet_year
            if "year" in roles:
                stated = grid.value(*_holder(grid, row.row, roles["year"]))
                year = headings.whole_year(stated) or (year if stated is None else None)
                if year is None and stated is not None:
                    findings.append(_year_unreadable(grid, row, roles["year"], stated))
                    continue
            code = _beside(grid, row.row, roles["code"]) if "code" in roles else ""
            rows[year].units.append(Unit(row.name, parent_seen or section, code))
            rows[year].lines.append(row.row)
            rows[year].kinds.append(_beside(grid, row.row, roles["kind"]) if "kind" in roles else "")
    if doubtful:
        findings.append(_doubtful(found, doubtful))
    if hidden:
        findings.append(_hidden_rows(found, hidden, skip_hidden))
    count = sum(len(group.units) for group in rows.values())
    return rows, Understood(grid, found, count, tuple(rows), tuple(left_out), tuple(doubtful)), findings


def _holder(grid: Grid, row: int, column: int) -> tuple[int, int]:
    """The cell whose value a person sees here: the first of a merged area."""
    return grid.spread.get((row, column), (row, column))


def _beside(grid: Grid, row: int, column: int) -> str:
    return headings.as_name(grid.value(*_holder(grid, row, column)))


def _year_unreadable(grid: Grid, row: Row, column: int, stated: Value) -> Finding:
    seen = "TRUE" if stated is True else vi.shown(str(stated))
    if not isinstance(stated, CellError | Uncomputed):
        seen = f"«{seen}»"
    return YEAR_UNREADABLE(
        sheet=grid.sheet, row=_line(grid, row.row, column), name=row.name, seen=seen, at=grid.cell(row.row, column)
    )


def _line(grid: Grid, row: int, column: int) -> int:
    """The number of a row, where its values stand."""
    return grid.cell(row, column).row + 1


def _doubtful(found: Table, rows: Sequence[tuple[int, str]]) -> Finding:
    grid, column = found.grid, found.roles.get("name", found.grid.left)
    words = "; ".join(f"{_line(grid, row, column)} «{vi.shown(name)}»" for row, name in rows[:10])
    more = f"; … và {len(rows) - 10} hàng nữa" if len(rows) > 10 else ""
    cells = tuple(grid.cell(row, column) for row, _ in rows)
    return ROWS_DOUBTFUL(sheet=grid.sheet, count=len(rows), rows=f"hàng {words}{more}", at=cells[0], related=cells[1:])


def _section_of(grid: Grid, found: Table) -> str:
    """The district of a whole sheet: the sheet is named for it, or a line above the heading says nothing else."""
    if vi.split_kind(grid.sheet)[0] in vi.DISTRICT_KINDS:
        return vi.clean(grid.sheet)
    above = (grid.text(row, column) for row in range(grid.top, found.first) for column in range(grid.left, grid.width))
    named = {
        text for text in above if len(text) < 40 and vi.split_kind(text)[0] in vi.DISTRICT_KINDS and "," not in text
    }
    return re.sub(r"^ubnd\s+", "", named.pop(), flags=re.IGNORECASE) if len(named) == 1 else ""


def _year_of(grid: Grid, found: Table) -> tuple[int | None, list[Finding]]:
    """The year of a sheet: its name, else the title above the heading, else the file's name."""
    by_name = headings.year_in_name(grid.sheet)
    titles: dict[int, Cell] = {}
    others: dict[int, Cell] = {}
    for row in range(grid.top, found.first):
        for column in range(grid.left, grid.width):
            if (text := grid.text(row, column)) and (year := headings.year_in_title(text)):
                (titles if headings.is_title(text) else others).setdefault(year, grid.cell(row, column))
    above = titles or others
    if by_name:
        if above and by_name not in {**titles, **others}:
            (other, cell), *_ = above.items()
            words = YEARS_DISAGREE(
                sheet=grid.sheet, first="tên trang", name=by_name, second="tiêu đề", other=other, at=cell
            )
            return by_name, [words]
        return by_name, []
    if above:
        (year, _), *more = above.items()
        return year, [
            YEARS_DISAGREE(
                sheet=grid.sheet, first="tiêu đề", name=year, second="một dòng tiêu đề khác", other=other, at=cell
            )
            for other, cell in more
        ]
    return headings.year_in_name(grid.file.rsplit("/", 1)[-1]), []


# ------------------------------------------------------------------------------- what is said of a grid


def _left_out(seen: Understood) -> list[tuple[int, str]]:
    """The rows worth a word: those with numbers under the criteria that are no plain sum. Signatures and notes are not."""
    grid = seen.grid
    return [
        (row, label)
        for row, label in seen.left_out
        if any(isinstance(grid.value(row, c), float | int) for c in seen.table.points.values())
        and vi.fold(label) not in ("cong", "tong", "tong cong", "tong so")
    ]


def _rows_left_out(seen: Sequence[Understood]) -> Finding:
    """One finding for the same rows in every sheet of a file."""
    cells = tuple(
        each.grid.cell(row, each.table.roles.get("name", each.grid.left)) for each in seen for row, _ in _left_out(each)
    )
    rows = _left_out(seen[0])
    words = "; ".join(f"{row + 1} «{vi.shown(label)}»" for row, label in rows[:10])
    more = f"; … và {len(rows) - 10} hàng nữa" if len(rows) > 10 else ""
    sheets = "», «".join(each.grid.sheet for each in seen)
    return ROWS_LEFT_OUT(sheet=sheets, count=len(rows), rows=f"hàng {words}{more}", at=cells[0], related=cells[1:])


def _hidden_rows(found: Table, hidden: list[int], skipped: bool) -> Finding:
    grid, column = found.grid, found.roles.get("name", found.grid.left)
    cells = tuple(grid.cell(row, column) for row in hidden)
    of_rows = [f"{cell.address if grid.places else row + 1}" for row, cell in zip(hidden, cells, strict=True)]
    places = ", ".join(f"{of} ({grid.text(row, column)})" for of, row in zip(of_rows[:20], hidden[:20], strict=True))
    more = f" … và {len(hidden) - 20} hàng nữa" if len(hidden) > 20 else ""
    return ROWS_HIDDEN(
        sheet=grid.sheet, what=f"{len(hidden)} hàng", places=f"{'ô' if grid.places else 'hàng'} {places}{more}",
        done="Đã bỏ ra theo --hidden bỏ." if skipped else "Vẫn đọc và xếp loại.", at=cells[0], related=cells[1:],
    )  # fmt: skip


def _hidden_columns(found: Table) -> Iterator[Finding]:
    """What is hidden of a table but its units: columns of points, of who it is, rows of the heading. All of it is read."""
    grid = found.grid
    columns = {
        *found.points.values(),
        *found.facts.values(),
        *(c for each in found.phases.values() for c in each.values()),
    }
    if hidden := sorted(columns & grid.hidden_columns):
        names = ", ".join(f"{column_letters(column)} ({found.heading.get(column, '')})" for column in hidden)
        done = "Cột điểm luôn được đọc: thiếu một tiêu chí thì không xếp loại được."
        cells = [grid.cell(found.data - 1, column) for column in hidden]
        yield _hidden(grid, f"{len(hidden)} cột điểm", f"cột {names}", done, cells)
    others = {found.roles[role] for role in _WHO & found.roles.keys()} - columns
    if hidden := sorted(others & grid.hidden_columns):
        cells = [_heading_cell(found, column) for column in hidden]
        names = ", ".join(
            f"{column_letters(column)} ({grid.merged_text(cell.row, column)})"
            for column, cell in zip(hidden, cells, strict=True)
        )
        done = "Cột cho biết đơn vị, năm luôn được đọc."
        yield _hidden(grid, f"{len(hidden)} cột", f"cột {names}", done, cells)
    if hidden := [row for row in range(found.first, found.data) if row in grid.hidden_rows]:
        cells = [grid.cell(row, found.roles.get("name", found.left)) for row in hidden]
        numbers = ", ".join(str(cell.row + 1) for cell in cells)
        yield _hidden(grid, f"{len(hidden)} hàng tiêu đề", f"hàng {numbers}", "Tiêu đề luôn được đọc.", cells)


def _hidden(grid: Grid, what: str, places: str, done: str, cells: Sequence[Cell]) -> Finding:
    at, *related = cells
    return ROWS_HIDDEN(sheet=grid.sheet, what=what, places=places, done=done, at=at, related=tuple(related))


def _numeric_unknown(found: Table) -> list[tuple[int, str]]:
    """Columns with numbers that no rule knows. A column of words (phone, reason) is nobody's points."""
    grid = found.grid
    last = min(grid.height, found.data + 500)
    return [
        (column, text)
        for column, text in found.unknown
        if any(type(grid.value(row, column)) in (float, int) for row in range(found.data, last))
    ]


def _unused_columns(tables: Sequence[Table]) -> Finding:
    """One finding for the same unknown columns in every sheet of a file."""
    found, unknown = tables[0], _numeric_unknown(tables[0])
    cells = tuple(_heading_cell(found, column) for column, _ in unknown)
    words = "; ".join(f"{column_letters(column)} «{vi.shown(text, 40)}»" for column, text in unknown[:8])
    more = f"; … và {len(unknown) - 8} cột nữa" if len(unknown) > 8 else ""
    sheets = "», «".join(each.grid.sheet for each in tables)
    return COLUMN_UNKNOWN(sheet=sheets, count=len(unknown), columns=words + more, at=cells[0], related=cells[1:])


def _heading_cell(found: Table, column: int) -> Cell:
    grid = found.grid
    row = next((row for row in range(found.first, found.data) if grid.text(row, column)), found.first)
    return grid.cell(row, column)


# ----------------------------------------------------------------------------------------- one year's sheet


def _assemble(
    book: RuleBook,
    year: int | None,
    tables: Sequence[tuple[Table, _Rows]],
    facts: Sequence[tuple[Table, _Rows]] = (),
) -> tuple[ScoreSheet, list[Finding]]:
    findings: list[Finding] = []
    told = {code for found, _ in facts for code in (*found.points, *found.facts)}
    whole: dict[tuple[str, tuple[str, ...]], list[Table]] = defaultdict(list)
    units: list[Unit] = []
    blocks: list[Block] = []
    kinds: list[str] = []
    entered: dict[str, list[Value]] = {code: [] for found, _ in tables for code in (*found.points, *found.facts)}
    entered |= {code: [] for code in sorted(told - entered.keys())}
    totals: list[Value] = []
    faulty: dict[int, list[str]] = defaultdict(list)
    for found, rows in tables:
        grid, first = found.grid, len(units)
        columns = {**found.points, **found.facts}
        leaves, missing, above = effective_leaves(book, found.points.keys() | told)
        column = _columns(grid, rows.lines)
        own_kinds, said = _kinds(book, found, rows)
        for place, reason in rows.faulty.items():
            faulty[first + place].append(reason)
        units += rows.units
        kinds += own_kinds
        findings += said
        for code, values in entered.items():
            values.extend(column(columns.get(code)))
        totals += column(found.roles.get("total"))
        blocks.append(
            Block(
                grid, first, tuple(rows.lines), found.roles.get("name", grid.left), columns,
                found.roles.get("total"), leaves, frozenset(above), found.phases,
            )
        )  # fmt: skip
        if above:
            whole[grid.file, above].append(found)
        findings += _missing(book, found, missing, own_kinds, first, faulty, year)
    for (_, codes), same in whole.items():
        cells = tuple(each.grid.cell(each.first, each.points[code]) for each in same for code in codes)
        sheets = "», «".join(each.grid.sheet for each in same)
        findings.append(
            PARTS_ABSENT(
                sheet=sheets, criterion=", ".join(codes), year=year if len(tables) == len(same) else None, at=cells[0],
                related=cells[1:],
            )
        )  # fmt: skip
    sheet = ScoreSheet(
        year, tuple(units), tuple(blocks), entered, tuple(totals),
        faulty={position: tuple(reasons) for position, reasons in faulty.items()}, kinds=tuple(kinds),
    )  # fmt: skip
    sheet, said = doubled(sheet)
    findings += said
    if facts:
        sheet, said = _joined(book, sheet, facts)
        findings += said
    return sheet, findings


def _joined(
    book: RuleBook, sheet: ScoreSheet, tables: Sequence[tuple[Table, _Rows]]
) -> tuple[ScoreSheet, list[Finding]]:
    """The facts of tables beside the score sheet, joined by unit; two places that tell different things tell nothing."""
    matcher = Matcher(sheet.units)
    cells: dict[str, dict[int, Cell]] = defaultdict(dict)
    findings: list[Finding] = []
    strangers: dict[tuple[str, str], list[tuple[Unit, Cell]]] = defaultdict(list)
    for found, rows in tables:
        grid = found.grid
        for unit, line in zip(rows.units, rows.lines, strict=True):
            places = matcher.find(unit)
            if len(places) != 1:
                strangers[grid.file, grid.sheet].append((unit, grid.cell(line, found.roles["name"])))
                continue
            (position,) = places
            for code, column in {**found.points, **found.facts}.items():
                value, cell = grid.value(line, column), grid.cell(line, column)
                before, at = sheet.entered[code][position], cells[code].get(position) or sheet.cell(position, code)
                if value is None or isinstance(before, Disputed):
                    continue
                if (line, column) in grid.percents and isinstance(value, float | int):
                    value = f"{vi.exact(vi.from_float(float(value)) * 100)}%"  # as it is seen; the table itself stays behind
                if before is not None and before != value and at:
                    fact, (first, second) = book.fact_names.find(code), _addresses((at, cell))
                    findings.append(
                        FACT_TWICE(
                            unit=sheet.units[position], name=fact.name if fact else code, first=_told(before),
                            second=_told(value), cell=first, other=second, year=sheet.year,
                            at=at, related=(cell,),
                        )
                    )  # fmt: skip
                    sheet.entered[code][position] = Disputed()
                elif before is None:
                    sheet.entered[code][position] = value
                    cells[code][position] = cell
    for (_, name), unknown in strangers.items():
        words = "; ".join(f"hàng {cell.row + 1} «{unit}» (ô {cell.address})" for unit, cell in unknown[:10])
        more = f"; … và {len(unknown) - 10} hàng nữa" if len(unknown) > 10 else ""
        at, *related = (cell for _, cell in unknown)
        findings.append(
            FACTS_OF_NOBODY(sheet=name, count=len(unknown), rows=words + more, at=at, related=tuple(related))
        )
    return sheet._replace(joined=cells), findings


def _told(value: Value) -> str:
    return headings.as_name(value).replace(".", ",") if type(value) in (int, float) else f"«{vi.shown(str(value))}»"


def _missing(
    book: RuleBook,
    found: Table,
    missing: Sequence[str],
    kinds: Sequence[str],
    first: int,
    faulty: Mapping[int, list[str]],
    year: int | None,
) -> Iterator[Finding]:
    """A finding for the criteria that have no column, where they apply to a unit of this table at all.

    Of those that two columns claim it has been said: their units are unrated, and nothing more is told.
    """
    lacking: dict[str, None] = {}
    twice = {each.criterion for each in found.findings if each.code == COLUMN_TWICE.code}
    claimed = {code for code in missing if _is_claimed(book, found, code, twice)}
    for position, kind in enumerate(kinds, first):
        if book.by_kind and not kind:
            continue  # which criteria it would need is not known; that has been said
        applicable = book.applicable(kind)
        own = [code for code in missing if code in applicable and code not in claimed]
        lacking |= dict.fromkeys(own)
        if own:
            faulty[position].append(f"biểu thiếu cột {', '.join(own)}")
        if unclear := [code for code in missing if code in applicable and code in claimed]:
            faulty[position].append(f"biểu có hai cột cho {', '.join(unclear)}")
    if not kinds:
        lacking = dict.fromkeys(code for code in missing if code not in claimed)
    if lacking:
        grid = found.grid
        names = vi.listed(f"{code} «{book.nodes[code].name}»" + _fed_by(book, found, code) for code in lacking)
        yield COLUMN_MISSING(sheet=grid.sheet, criteria=names, year=year, at=grid.cell(found.first, grid.left))


def _is_claimed(book: RuleBook, found: Table, code: str, twice: Collection[str]) -> bool:
    """Whether a criterion lacks its points only for want of what two columns claim: itself, one above it, its facts."""
    if any(code in (leaf.code for leaf in book.nodes[each].leaves) for each in twice if each in book.nodes):
        return True
    lack = _lacks(book, found, code)
    return bool(lack) and all(each in twice for each in lack)


def _lacks(book: RuleBook, found: Table, code: str) -> list[str]:
    return [each for each in book.inputs.get(code, ()) if each != code and each not in found.points]


def _fed_by(book: RuleBook, found: Table, code: str) -> str:
    """The facts that a criterion is scored from and that have no column here."""
    lack = _lacks(book, found, code)
    names = [fact.name for each in lack if (fact := book.fact_names.find(each))]
    return f" (số liệu {vi.listed(f'«{name}»' for name in names)})" if names else ""


def _kinds(book: RuleBook, found: Table, rows: _Rows) -> tuple[list[str], list[Finding]]:
    """The kind of each unit in the book's words: as its column says, else its name, its district's line or the sheet."""
    if not book.kinds:
        return [""] * len(rows.units), []
    known, findings, kinds = {vi.key(kind): kind for kind in book.kinds}, list[Finding](), list[str]()
    for place, (unit, line, said) in enumerate(zip(rows.units, rows.lines, rows.kinds, strict=True)):
        words = [said] if said else [unit.kind, unit.parent, found.grid.sheet]
        kind = next((known[vi.key(word)] for word in words if vi.key(word) in known), "")
        kinds.append(kind)
        if not kind and (said or book.by_kind):
            column = found.roles.get("kind", found.roles.get("name", found.grid.left))
            at = found.grid.cell(line, column)
            findings.append(
                KIND_UNKNOWN(
                    unit=unit, seen=f"ghi «{vi.shown(said)}», không phải" if said else "không ghi", cell=at.address,
                    kinds=", ".join(book.kinds), at=at,
                )
            )  # fmt: skip
            if book.by_kind:
                rows.faulty[place] = f"không rõ loại đơn vị (ô {at.address})"
    return kinds, findings


def _addresses(cells: Sequence[Cell]) -> list[str]:
    """The addresses, each with its sheet, and its file, where these differ: B4, S2!B4, [b.xlsx]S2!B4."""
    if len({cell.file for cell in cells}) > 1:
        return [f"[{cell.file}]{cell.sheet}!{cell.address}" for cell in cells]
    if len({cell.sheet for cell in cells}) > 1:
        return [f"{cell.sheet}!{cell.address}" for cell in cells]
    return [cell.address for cell in cells]


def _columns(grid: Grid, lines: Sequence[int]) -> Callable[[int | None], list[Value]]:
    """What gives the values of a column in these rows; turned over once, for a sheet may have a hundred columns."""
    nothing: list[Value] = [None] * len(lines)
    rows = [grid.rows[row - grid.top] for row in lines]
    turned = list(zip_longest(*rows)) if rows else []

    def column(place: int | None) -> list[Value]:
        if place is None or not 0 <= place - grid.left < len(turned):
            return list(nothing)
        return list(turned[place - grid.left])

    return column


def effective_leaves(
    book: RuleBook, columns: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """(criteria whose points arise here, leaves that have no column, criteria entered at their own level without parts).

    A leaf that is scored from facts and has no column for these, but one of its own, is entered there. Items of bonus and
    penalty are never missing.
    """
    have = set(columns)
    entered: list[str] = []
    missing: list[str] = []
    above: list[str] = []

    def walk(nodes: Sequence[Criterion], *, needed: bool) -> None:
        for node in nodes:
            if not node.parts and _fed(book, node.code, have):
                entered.append(node.code)
            elif node.code in have and not any(_seen(part) for _, part in node.walk() if part is not node):
                entered.append(node.code)
                above.append(node.code)
            elif not node.parts:
                if needed:
                    (entered if _may_lack(book, node) else missing).append(node.code)
            else:
                walk(node.parts, needed=needed)

    def _seen(node: Criterion) -> bool:
        return node.code in have or (not node.parts and _fed(book, node.code, have))

    walk(book.criteria, needed=True)
    for extra in book.extras:
        walk(extra.items, needed=False)
    return tuple(entered), tuple(missing), tuple(above)


def _may_lack(book: RuleBook, node: Criterion) -> bool:
    """Whether all of a criterion comes from phases that may be left blank: without a column nobody was asked."""
    if not (book.official and node.phases):
        return False
    return all(vi.key(share.phase) in map(vi.key, book.official.may_be_blank) for share in node.phases)


def doubled(sheet: ScoreSheet) -> tuple[ScoreSheet, list[Finding]]:
    """The sheet with no row of a unit that is written twice to be judged, and these units, but for those told before.

    Called again where units got other codes: two that looked apart may be one now, never the other way round.
    """
    unfolded = [p for b in sheet.blocks if b.grid.layout for p in range(b.first, b.first + len(b.lines))]
    doubles = [each for each in _doubles(sheet.units, unfolded) if not sheet.twice.issuperset(each)]
    findings, faulty = list[Finding](), dict(sheet.faulty)
    for double in doubles:
        at, *related = cells = [sheet.named(position) for position in double]
        where, unit = ", ".join(_addresses(cells)), sheet.units[double[0]]
        findings.append(
            UNIT_TWICE(unit=unit, count=len(double), cells=where, year=sheet.year, at=at, related=tuple(related))
        )
        for position in double:
            faulty[position] = (*faulty.get(position, ()), f"ghi {len(double)} lần (ô {where})")
    return sheet._replace(faulty=faulty, twice=sheet.twice.union(*doubles)), findings


_IN_FRONT = re.compile(r"^\d{1,4}\s*[.)]\s*(?=[^\W\d])")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_Y = re.compile("qu([\u0300-\u036f]?)y|(?<![aeiou\u0300-\u036f])y")
"""A y that is read as an i, marks apart: the only vowel of its syllable, or after qu («qúy» is how a key has «quý»)."""


def alike(sheet: ScoreSheet) -> list[Finding]:
    """The units of one district whose names are only written differently: asked about, rated each for itself.

    «Tân-Lập» and «Tân Lập», «Lý Nhơn» and «Lí Nhơn», «1. Xã Sín» and «Xã Sín», «Phường 1» and «Phường 01». Two codes are
    two units.
    """
    written: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, unit in enumerate(sheet.units):
        written[vi.split_kind(unit.parent)[1], _as_read(unit.name)].append(position)
    findings = []
    for (_, read), positions in written.items():
        units = [sheet.units[position] for position in positions]
        kinds = {kind for unit in units if (kind := vi.split_kind(_IN_FRONT.sub("", unit.name))[0])}
        codes = [vi.bare_code(unit.code) for unit in units if unit.code]
        several = len(kinds) > 1 or len(set(codes)) == len(units)
        if len(positions) < 2 or not read or several or sheet.twice.issuperset(positions):
            continue
        at, *related = cells = [sheet.named(position) for position in positions]
        names = vi.listed(f"{u} (ô {where})" for u, where in list(zip(units, _addresses(cells), strict=True))[:10])
        more = f" … và {len(units) - 10} hàng nữa" if len(units) > 10 else ""
        asked = NAMES_ALIKE(units=f"{names}{more}", year=sheet.year, at=at, related=tuple(related))
        findings.append(asked._replace(unit=units[0]))
    return findings


def _as_read(name: str) -> str:
    """The name as it is read aloud, for all that stands in front of it and between its words."""
    words = _WORDS.findall(unicodedata.normalize("NFC", vi.split_kind(_IN_FRONT.sub("", vi.clean(name)))[1]))
    joined = "".join(f" {word.lstrip('0')} " if word.isdecimal() else word for word in words)
    apart = unicodedata.normalize("NFD", joined)
    return _Y.sub(lambda found: "i" if found[1] is None else f"qui{found[1]}", apart)


def _doubles(units: Sequence[Unit], unfolded: Collection[int] = ()) -> list[list[int]]:
    """Positions of the same unit: the same code, or the same parent and name where one side lacks a code or a kind, or where
    the codes differ by zeros in front, which Excel drops from a number.

    Where a form is one of them and one side tells no parent, the name alone decides: it may be any unit of that name.
    """
    doubles: list[list[int]] = []
    by_code: dict[str, list[int]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, unit in enumerate(units):
        if unit.code:
            by_code[unit.code].append(position)
        by_name[vi.split_kind(unit.parent)[1], vi.split_kind(unit.name)[1]].append(position)
    of_forms = {vi.split_kind(units[position].name)[1] for position in unfolded}
    for parent, name in [*by_name]:
        if parent and name in of_forms and ("", name) in by_name:
            by_name["", name] += by_name.pop((parent, name))
    doubles += [positions for positions in by_code.values() if len(positions) > 1]
    for positions in by_name.values():
        if len(positions) == 1:
            continue
        if all(units[position].code for position in positions):
            bare: dict[str, list[int]] = defaultdict(list)
            for position in positions:
                bare[vi.bare_code(units[position].code)].append(position)
            doubles += [group for group in bare.values() if len(group) > 1 and group not in doubles]
            continue
        kinds: dict[str, list[int]] = defaultdict(list)
        for position in positions:
            kinds[units[position].kind].append(position)
        same = [positions] if "" in kinds else list(kinds.values())
        doubles += [group for group in same if len(group) > 1 and group not in doubles]
    return doubles
