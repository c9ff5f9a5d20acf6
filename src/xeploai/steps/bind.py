"""bind: Grid → ScoreSheet. Which rows are units, under which district, in which year; what was left out, and why.

Nothing disappears silently: every row under the heading is a unit, a section, a row that says what it is (sum, maximum,
signature), or a finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import (
    COLUMN_MISSING,
    COLUMN_UNKNOWN,
    NAME_MISSING,
    PARTS_ABSENT,
    ROWS_HIDDEN,
    ROWS_LEFT_OUT,
    UNIT_TWICE,
    YEARS_DISAGREE,
    Finding,
)
from xeploai.model import Block, Cell, Grid, ScoreSheet, Unit, Value, column_letters
from xeploai.steps import headings, table
from xeploai.steps.table import Table

ENOUGH = 2
"""A sheet speaks of the book when it has at least half of the criteria, and this many unless the book has fewer."""


@dataclass(frozen=True)
class Understood:
    """What was understood of one grid, for `check` and the sheet Thông tin."""

    grid: Grid
    table: Table
    units: int
    years: tuple[int | None, ...]
    left_out: tuple[tuple[int, str], ...]  # (row, its label)


@dataclass
class _Rows:
    """The rows of one grid and one year, while they are gathered."""

    units: list[Unit] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


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
    for grid in grids:
        found = table.find(grid, words)
        if found is None or not speaks_of(book, found):
            continue
        findings += found.findings
        found_parts, seen, said = _rows(found, year, skip_hidden)
        for its_year, rows in found_parts.items():
            parts[its_year].append((found, rows))
        understood.append(seen)
        findings += said
        lost[grid.file, tuple(_left_out(seen))].append(seen)
        unused[grid.file, tuple(text for _, text in _numeric_unknown(found))].append(found)
        findings += _hidden_columns(found, skip_hidden)
    findings += (_rows_left_out(same) for (_, rows), same in lost.items() if rows)
    findings += (_unused_columns(tables) for (_, texts), tables in unused.items() if texts)
    sheets = []
    for its_year, tables in sorted(parts.items(), key=lambda item: (item[0] is not None, item[0] or 0)):
        sheet, said = _assemble(book, its_year, tables)
        sheets.append(sheet)
        findings += said
    return sheets, understood, findings


def speaks_of(book: RuleBook, found: Table) -> bool:
    """Whether a table is about this book at all: half of its leaves (or of its first level), and not by one word."""
    columns = found.points.keys()
    leaves = [leaf.code for leaf in book.leaves]
    tops = [root.code for root in book.criteria]
    for codes in (leaves, tops):
        has = sum(code in columns for code in codes)
        if has and has >= min(ENOUGH, len(codes)) and 2 * has >= len(codes):
            return True
    return False


# ---------------------------------------------------------------------------------------------- the rows


def _rows(
    found: Table, given_year: int | None, skip_hidden: bool
) -> tuple[dict[int | None, _Rows], Understood, list[Finding]]:
    grid, findings = found.grid, list[Finding]()
    sheet_year, said = _year_of(grid, found)
    findings += said
    rows: dict[int | None, _Rows] = defaultdict(_Rows)
    left_out: list[tuple[int, str]] = []
    hidden: list[int] = []
    name_column, year_column = found.roles.get("name"), found.roles.get("year")
    parent_column, code_column = found.roles.get("parent"), found.roles.get("code")
    score_places = [column - grid.left for column in sorted(found.points.values())]
    section, parent_seen, ended = _section_of(grid), "", False
    for row, line in enumerate(grid.rows[found.data - grid.top :], found.data):
        if all(value is None for value in line):
            ended = ended or bool(rows)
            continue
        scored = any(_is_score(line[place]) for place in score_places if place < len(line))
        name = headings.as_name(grid.value(row, name_column)) if name_column is not None else ""
        kind = _kind_of_row(found, row, name, scored=scored, ended=ended, has_parents=parent_column is not None)
        if kind == "unit":
            if row in grid.hidden_rows:
                hidden.append(row)
                if skip_hidden:
                    continue
            parent = section
            if parent_column is not None:
                parent_seen = _filled_down(grid, row, parent_column) or parent_seen
                parent = parent_seen
            its_year = headings.whole_year(grid.value(row, year_column)) if year_column is not None else None
            code = headings.as_name(grid.value(row, code_column)) if code_column is not None else ""
            group = rows[its_year or sheet_year or given_year]
            group.units.append(Unit(name, parent, code))
            group.lines.append(row)
        elif kind == "section":
            section = name or _label(found, row)
        elif kind == "nameless":
            findings.append(NAME_MISSING(sheet=grid.sheet, row=row + 1, at=grid.cell(row, found.left)))
        elif kind == "other":
            left_out.append((row, name or _label(found, row)))
    if hidden:
        findings.append(_hidden_rows(found, hidden, skip_hidden))
    seen = Understood(grid, found, sum(len(group.units) for group in rows.values()), tuple(rows), tuple(left_out))
    return rows, seen, findings


def _kind_of_row(found: Table, row: int, name: str, *, scored: bool, ended: bool, has_parents: bool) -> str:
    """unit · section · nameless (points without a name) · other (a sum, a maximum, a heading again, a signature)."""
    grid = found.grid
    label = _label(found, row)
    if (len(name) < 8 and headings.is_numbering(grid, row)) or _repeats_heading(found, row):
        return "other"
    if label and (headings.is_no_unit(label) or (name and headings.is_no_unit(name))):
        return "other"
    number_column = found.roles.get("number")
    number = grid.value(row, number_column) if number_column is not None else None
    counted = isinstance(number, float | int) or (isinstance(number, str) and vi.clean(number).rstrip(".").isdigit())
    kind = vi.split_kind(name or label)[0]
    if scored:
        roman_section = headings.is_roman(number) and kind in vi.DISTRICT_KINDS and not has_parents
        if roman_section:
            return "section"
        return "unit" if name else "nameless"
    if not (name or label):
        return "other"
    coded = "code" in found.roles and grid.value(row, found.roles["code"]) is not None
    if name and (counted or coded or kind in vi.COMMUNE_KINDS):
        return "unit"
    if not has_parents and not ended_for_good(ended, kind) and (kind in vi.DISTRICT_KINDS or headings.is_roman(number)):
        return "section"
    if ended or number_column is not None or not name or _is_signature(name):
        return "other"
    if not has_parents and _is_merged_across(found, row):
        return "section"
    return "unit"


def _is_score(value: Value) -> bool:
    """Whether this was meant as points. Words are not: under a table stand names and «(Ký, ghi rõ họ tên)»."""
    if isinstance(value, str):
        return vi.read_number(value) is not vi.NoNumber.TEXT
    return value is not None


def ended_for_good(ended: bool, kind: str) -> bool:
    """After a blank row only a row that says it is a district opens a new section."""
    return ended and kind not in vi.DISTRICT_KINDS


def _is_signature(name: str) -> bool:
    folded = vi.fold(name)
    return name.startswith(("-", "(", "*")) or folded.startswith(
        ("noi nhan", "nguoi lap", "chu tich", "giam doc", "tm ", "kt ", "ghi chu", "luu ", "thu truong")
    )


def _is_merged_across(found: Table, row: int) -> bool:
    return any((row, column) in found.grid.spread for column in found.points.values())


def _label(found: Table, row: int) -> str:
    """The first text left of the points."""
    line = found.grid.rows[row - found.grid.top]
    for value in line[: found.left - found.grid.left]:
        if isinstance(value, str) and (text := vi.clean(value)):
            return text
    return ""


def _repeats_heading(found: Table, row: int) -> bool:
    if not isinstance(found.grid.value(row, found.left), str):
        return False
    same = sum(found.grid.text(row, column) == text for column, text in found.heading.items() if text)
    return same >= 3 and 2 * same >= len(found.heading)


def _filled_down(grid: Grid, row: int, column: int) -> str:
    return headings.as_name(grid.value(*grid.spread.get((row, column), (row, column))))


def _section_of(grid: Grid) -> str:
    """A sheet named for a district holds that district's communes."""
    return vi.clean(grid.sheet) if vi.split_kind(grid.sheet)[0] in vi.DISTRICT_KINDS - {"khu vực"} else ""


def _year_of(grid: Grid, found: Table) -> tuple[int | None, list[Finding]]:
    """The year of a sheet: its name, else the title above the heading, else the file's name."""
    by_name = headings.year_in_name(grid.sheet)
    titles: list[tuple[int, Cell]] = []
    for row in range(grid.top, found.first):
        for column in range(grid.left, grid.width):
            if (text := grid.text(row, column)) and (year := headings.year_in_title(text)):
                titles.append((year, grid.cell(row, column)))
    by_title = titles[0] if titles else None
    if by_name and by_title and by_name != by_title[0] and by_name not in {year for year, _ in titles}:
        return by_name, [YEARS_DISAGREE(sheet=grid.sheet, name=by_name, title=by_title[0], at=by_title[1])]
    if by_name or by_title:
        return by_name or (by_title[0] if by_title else None), []
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
    places = ", ".join(f"{row + 1} ({grid.text(row, column)})" for row in hidden[:20])
    more = f" … và {len(hidden) - 20} hàng nữa" if len(hidden) > 20 else ""
    return ROWS_HIDDEN(
        sheet=grid.sheet, what=f"{len(hidden)} hàng", places=f"hàng {places}{more}",
        done="Đã bỏ ra theo --hidden bỏ." if skipped else "Vẫn đọc và xếp loại.", at=cells[0], related=cells[1:],
    )  # fmt: skip


def _hidden_columns(found: Table, skipped: bool) -> Iterator[Finding]:
    grid = found.grid
    hidden = sorted(column for column in found.points.values() if column in grid.hidden_columns)
    if hidden:
        cells = tuple(grid.cell(found.data - 1, column) for column in hidden)
        names = ", ".join(f"{column_letters(column)} ({found.heading.get(column, '')})" for column in hidden)
        yield ROWS_HIDDEN(
            sheet=grid.sheet, what=f"{len(hidden)} cột điểm", places=f"cột {names}",
            done="Cột điểm luôn được đọc: thiếu một tiêu chí thì không xếp loại được.", at=cells[0], related=cells[1:],
        )  # fmt: skip


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
    book: RuleBook, year: int | None, tables: Sequence[tuple[Table, _Rows]]
) -> tuple[ScoreSheet, list[Finding]]:
    findings: list[Finding] = []
    units: list[Unit] = []
    blocks: list[Block] = []
    entered: dict[str, list[Value]] = {code: [] for found, _ in tables for code in found.points}
    totals: list[Value] = []
    faulty: dict[int, list[str]] = defaultdict(list)
    for found, rows in tables:
        grid, first = found.grid, len(units)
        leaves, missing, above = effective_leaves(book, found.points.keys())
        column = _columns(grid, rows.lines)
        units += rows.units
        for code, values in entered.items():
            values.extend(column(found.points.get(code)))
        totals += column(found.roles.get("total"))
        blocks.append(
            Block(
                grid, first, tuple(rows.lines), found.roles.get("name", grid.left), dict(found.points),
                found.roles.get("total"), leaves, frozenset(above),
            )
        )  # fmt: skip
        for code in above:
            findings.append(
                PARTS_ABSENT(sheet=grid.sheet, criterion=code, at=grid.cell(found.first, found.points[code]))
            )
        if missing:
            names = vi.listed(f"{code} «{book.nodes[code].name}»" for code in missing)
            findings.append(
                COLUMN_MISSING(sheet=grid.sheet, criteria=names, year=year, at=grid.cell(found.first, grid.left))
            )
            for position in range(first, len(units)):
                faulty[position].append(f"biểu thiếu cột {', '.join(missing)}")
    for double in _doubles(units):
        sheet = ScoreSheet(year, tuple(units), tuple(blocks), entered)
        cells = tuple(sheet.named(position) for position in double)
        where = ", ".join(_address(cell, cells[0]) for cell in cells)
        findings.append(
            UNIT_TWICE(unit=units[double[0]], count=len(double), cells=where, year=year, at=cells[0], related=cells[1:])
        )  # fmt: skip
        for position in double:
            faulty[position].append(f"ghi {len(double)} lần (ô {where})")
    sheet = ScoreSheet(
        year, tuple(units), tuple(blocks), entered, tuple(totals),
        faulty={position: tuple(reasons) for position, reasons in faulty.items()},
    )  # fmt: skip
    return sheet, findings


def _address(cell: Cell, first: Cell) -> str:
    """The address, with sheet and file where they differ from the first one's."""
    if (cell.file, cell.sheet) == (first.file, first.sheet):
        return cell.address
    return f"{cell.sheet}!{cell.address}" if cell.file == first.file else f"{cell.file}, {cell.sheet}!{cell.address}"


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
    """(criteria that are entered, leaves that have no column, criteria entered at their own level without parts)."""
    have = set(columns)
    entered: list[str] = []
    missing: list[str] = []
    above: list[str] = []

    def walk(nodes: Sequence[Criterion]) -> None:
        for node in nodes:
            if not node.parts:
                (entered if node.code in have else missing).append(node.code)
            elif node.code in have and not any(part.code in have for _, part in node.walk() if part is not node):
                entered.append(node.code)
                above.append(node.code)
            else:
                walk(node.parts)

    walk(book.criteria)
    return tuple(entered), tuple(missing), tuple(above)


def _doubles(units: Sequence[Unit]) -> list[list[int]]:
    """Positions of the same unit: the same code, else the same parent and name; a kind that one side lacks is ignored."""
    groups: dict[object, list[int]] = defaultdict(list)
    for position, unit in enumerate(units):
        if unit.code:
            groups[unit.code].append(position)
        else:
            groups[vi.split_kind(unit.parent)[1], vi.split_kind(unit.name)[1]].append(position)
    doubles = []
    for positions in groups.values():
        if len(positions) == 1:
            continue
        if units[positions[0]].code:
            doubles.append(positions)
            continue
        kinds: dict[str, list[int]] = defaultdict(list)
        for position in positions:
            kinds[units[position].kind].append(position)
        if "" in kinds:
            doubles.append(positions)
        else:
            doubles += [same for same in kinds.values() if len(same) > 1]
    return doubles
