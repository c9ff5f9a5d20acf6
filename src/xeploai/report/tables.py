"""Outcome → headings and rows: the one truth that the workbook, the console and later writers show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from math import ceil
from typing import Any

from xeploai import __version__, vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding, Severity
from xeploai.model import TOTAL, Cell, Rating, Record, Scores, ScoreSheet, Unit, column_letters
from xeploai.pipeline import Outcome
from xeploai.report.counts import Count, count, count_previous, groups
from xeploai.report.paragraph import paragraphs, sides
from xeploai.report.shares import shares
from xeploai.report.table import Chart, Column, Link, Page, Table, Value, data_row
from xeploai.steps.bind import Understood
from xeploai.steps.table import Table as TableSeen


def pages(outcome: Outcome) -> list[Page]:
    """The six sheets of the result workbook ◆, and those that only some books need."""
    return [
        summary(outcome),
        results(outcome),
        warnings(outcome),
        details(outcome.book, outcome.sheet, outcome.scores),
        history(outcome),
        about(outcome),
        *more(outcome),
    ]


def more(outcome: Outcome) -> list[Page]:
    """The sheets that only some books need: phases side by side, how facts became points, heads of units."""
    found = (compared(outcome), scored(outcome), heads(outcome))
    return [page for page in found if page is not None]


def title(book: RuleBook, year: int | None) -> tuple[str, ...]:
    """The lines over a page: what it is of, by which book, and whether its numbers are confirmed."""
    lines = [f"Kết quả xếp loại{f' năm {year}' if year else ''}: {book.title}"]
    if book.illustrative:
        lines.append("SỐ MINH HOẠ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận.")
    return tuple(lines)


# ------------------------------------------------------------------------------------------------ Tổng hợp


def summary(outcome: Outcome) -> Page:
    """Tổng hợp: counts by band and title, in all and per group, the change on last year, the targets."""
    names = [band.name for band in outcome.book.bands]
    titles = [each.name for each in outcome.book.titles]
    whole, previous = count(outcome, outcome.ratings), count_previous(outcome)
    columns = (
        Column("Nhóm (huyện)", width=34), Column("Số đơn vị", "count", 10), *(Column(_cap(n), "count", 13) for n in names),
        Column("Chưa xác định", "count", 10), Column("Chưa xếp loại", "count", 10),
        *(Column(name, "count", max(14, min(28, len(name) + 2))) for name in titles),
    )  # fmt: skip

    def row(label: str, number: Count) -> list[Value]:
        return [label, number.units, *(number.bands[n] for n in names), number.undetermined, number.unrated,
                *(number.titles.get(t) for t in titles)]  # fmt: skip

    rows: list[list[Value]] = [row(f"Tất cả, năm {outcome.year}" if outcome.year else "Tất cả", whole)]
    rated = sum(whole.bands.values())
    held = [vi.rounded(Fraction(100 * whole.titles[t], whole.units), 2) if whole.units else None for t in titles]
    bands, noun = shares(list(whole.bands.values())), outcome.book.noun
    if rated == whole.units:
        rows.append([SHARE, None, *bands, None, None, *held])
    else:  # bands are shares of those that have one, titles of all: one label would be false for one of them
        rows.append([f"{SHARE} trong {rated} {noun} đã xếp loại", None, *bands, None, None, *(None for _ in titles)])
        if titles:
            nothing = [None for _ in names]
            rows.append([f"{SHARE} đạt danh hiệu trong {whole.units} {noun}", None, *nothing, None, None, *held])
    before, apart, year = len(rows), sides(outcome), (outcome.year or 0) - 1
    if previous:
        rows.append(row(f"Năm {year}" + (f" (chỉ {noun} của biểu năm nay)" if apart else ""), previous))
    if previous and rated:
        both = f" ({apart.of_both})" if apart else ""
        # no change in how many units there are: those that are gone are not counted
        change: list[Value] = [f"So với năm {year}{both}", None]
        change += [signed(whole.bands[n] - previous.bands[n]) for n in names]
        change += [
            None,
            None,
            *(signed(whole.titles[t] - previous.titles[t]) if t in previous.titles else None for t in titles),
        ]
        rows.append(change)
    whole_rows = len(rows)
    rows += [row(group or "(không ghi nhóm)", count(outcome, ratings)) for group, ratings in groups(outcome).items()]
    tables = [Table(columns, rows, title(outcome.book, outcome.year))]
    if outcome.targets:
        headings = (Column("Chỉ tiêu", width=34), Column("Nhóm", width=20), Column("Kết quả", width=60))
        tables.append(Table(headings, [list(row) for row in outcome.targets], ("", "Chỉ tiêu")))
    prose = [[words] for words in paragraphs(outcome)]
    tables.append(Table((Column("Nhận xét", "long"),), prose, ("", "Nhận xét"), prose=True))
    charts = _charts(outcome, names, before if previous else None, list(range(whole_rows, len(rows))))
    return Page("Tổng hợp", tuple(tables), _band_names(outcome.book), outcome.options.date, charts)


SHARE = "Tỷ lệ (%)"
MOST_BARS, PER_CHART = 70, 20
"""More groups than that make no picture; more in one chart do not fit on a page."""


def _charts(outcome: Outcome, names: Sequence[str], before: int | None, grouped: Sequence[int]) -> tuple[Chart, ...]:
    """Bands of this year against last year (its row is `before`); bands by group, in parts where a page cannot show all."""
    columns = tuple(range(2, 2 + len(names)))
    found = []
    if before is not None:
        year = outcome.year or 0
        words = f"Số {outcome.book.noun} theo mức: năm {year} và năm {year - 1}"
        found.append(Chart("beside", words, (0, before), columns))
    if 1 < len(grouped) <= MOST_BARS:
        parts = ceil(len(grouped) / PER_CHART)
        for part in range(parts):
            rows = grouped[len(grouped) * part // parts : len(grouped) * (part + 1) // parts]
            of = f" (phần {part + 1}/{parts})" if parts > 1 else ""
            found.append(Chart("stacked", f"Số {outcome.book.noun} theo mức, từng nhóm{of}", tuple(rows), columns))
    return tuple(found)


def _band_names(book: RuleBook) -> tuple[str, ...]:
    return tuple(band.name for band in book.bands)


def signed(number: int) -> str:
    """ "+16", "−13", "0": a change as people write it."""
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _cap(name: str) -> str:
    return name[:1].upper() + name[1:]


# ------------------------------------------------------------------------------------------------- Kết quả


def flags_by_unit(outcome: Outcome) -> dict[Unit, list[str]]:
    """Unit → the codes of the book's flags and checks that fired for it, each once."""
    own = outcome.book.own_codes
    found: dict[Unit, list[str]] = defaultdict(list)
    for finding in outcome.findings:
        if finding.unit and finding.code in own and finding.code not in found[finding.unit]:
            found[finding.unit].append(finding.code)
    return found


def criteria_by_unit(outcome: Outcome) -> dict[Unit, list[str]]:
    """Unit → the criteria that the book's flags spoke of, each once."""
    own = {flag.code for flag in outcome.book.flags}
    found: dict[Unit, list[str]] = defaultdict(list)
    for finding in outcome.findings:
        if finding.unit and finding.criterion and finding.code in own and finding.criterion not in found[finding.unit]:
            found[finding.unit].append(finding.criterion)
    return found


def band_word(rating: Rating) -> str:
    """The band, or why there is none."""
    return rating.band or {"unrated": "chưa xếp loại", "undetermined": "chưa xác định"}[rating.status]


def results(outcome: Outcome) -> Page:
    """Kết quả: a row per unit, in the sheet's order."""
    flagged = flags_by_unit(outcome)
    coded = any(unit.code for unit in outcome.sheet.units)
    further = _further(outcome)
    columns = (
        Column("TT", "count", 6), Column("Đơn vị", width=26), *((Column("Mã đơn vị", width=10),) if coded else ()),
        Column("Nhóm (huyện)", width=22), Column("Xếp loại", "band", 15), Column("Danh hiệu", width=18),
        Column("Điểm", "points", 9, "bar", float(outcome.book.max_points)), Column("Điểm tối đa", "points", 8),
        Column("Tỷ lệ (%)", "percent", 8), Column("Xếp hạng", "count", 8), Column("Hạng trong nhóm", "count", 8),
        Column("Cảnh báo", width=32), *(column for column, _ in further), Column("Vì sao", "long", 58),
    )  # fmt: skip
    rows: list[list[Value]] = []
    for place, rating in enumerate(outcome.ratings, 1):
        unit = rating.unit
        percent = None if rating.percent is None else vi.finite(rating.percent) or vi.rounded(rating.percent, 10)
        rows.append([
            place, unit.name, *((unit.code,) if coded else ()), unit.parent, band_word(rating), "; ".join(rating.titles),
            shown_number(rating.points), shown_number(rating.max_points), percent, rating.rank, rating.group_rank,
            "; ".join(flagged.get(unit, ())), *(value(place - 1) for _, value in further), "; ".join(rating.why),
        ])  # fmt: skip
    above = title(outcome.book, outcome.year)
    band = [column.heading for column in columns].index("Xếp loại")  # a short word: LibreOffice wraps no linked cell
    links = {1: _to_details(outcome), band: Link("Cảnh báo", _first_warnings(outcome, above))}
    table = Table(columns, rows, above, links)
    return Page("Kết quả", (table,), _band_names(outcome.book), outcome.options.date)


def _to_details(outcome: Outcome) -> Link:
    """Each unit's row in «Chi tiết»."""
    first = data_row(title(outcome.book, outcome.year), signed=False)
    return Link("Chi tiết", range(first, first + len(outcome.ratings)))


def _to_results(book: RuleBook, year: int | None, count: int) -> Link:
    """Each unit's row in «Kết quả»."""
    first = data_row(title(book, year), signed=True)
    return Link("Kết quả", range(first, first + count))


def _first_warnings(outcome: Outcome, above: Sequence[str]) -> list[int]:
    """Each unit's first row in «Cảnh báo»; 0 where it has none."""
    first = data_row(above, signed=False)
    rows: dict[Unit, int] = {}
    for row, finding in enumerate(outcome.findings, first):
        if finding.unit:
            rows.setdefault(finding.unit, row)
    return [rows.get(rating.unit, 0) for rating in outcome.ratings]


Told = tuple[Column, Callable[[int], Value]]


def _further(outcome: Outcome) -> list[Told]:
    """The columns that only some outcomes have something to say in: another computed band, ranks compared, heads."""
    ratings, found = outcome.ratings, list[Told]()

    def column(heading: str, kind: Any, width: int, value: Callable[[int], Value]) -> None:
        found.append((Column(heading, kind, width), value))

    if any(rating.computed != rating.band for rating in ratings if rating.percent is not None):
        column("Mức tính theo điểm", "text", 15, lambda p: computed_word(ratings[p]))
    if any(rating.decision for rating in ratings):
        column("Quyết định", "text", 24, lambda p: d.document if (d := ratings[p].decision) else "")
    if outcome.book.ranking:
        if outcome.book.ranking.group:
            column("Nhóm xếp hạng", "text", 16, lambda p: ratings[p].group)
        column("Cách đơn vị trên (điểm %)", "percent", 10, lambda p: _percents(ratings[p].gap))
        if outcome.year is not None and any(outcome.past.in_year(outcome.year - 1)):
            column("Tỷ lệ năm trước (%)", "percent", 10, lambda p: _percents(percent_before(outcome, p)))
            column("Tăng, giảm (điểm %)", "percent", 10, lambda p: _percents(percent_change(outcome, p)))
            column("Hạng năm trước", "count", 9, lambda p: r.rank if (r := _before(outcome, p)) else None)
            column(
                "Tăng, giảm hạng", "count", 9, lambda p: None if (c := rank_change(outcome, p)) is None else signed(c)
            )
    if any(rating.head for rating in ratings):
        column("Người đứng đầu", "text", 24, lambda p: h.name if (h := ratings[p].head) else "")
        column("Mức đề xuất", "text", 15, lambda p: h.proposed or "" if (h := ratings[p].head) else "")
        column("Mức người đứng đầu", "text", 15, lambda p: h.band or "" if (h := ratings[p].head) else "")
    return found


def computed_word(rating: Rating) -> str:
    """The band by points and conditions alone."""
    return rating.computed or ("" if rating.percent is None else "chưa xác định")


def _percents(value: Fraction | None) -> Value:
    return None if value is None else vi.finite(value) or vi.rounded(value, 10)


def _before(outcome: Outcome, position: int) -> Record | None:
    """The record of the year before."""
    return outcome.past.of(position).get((outcome.year or 0) - 1)


def percent_before(outcome: Outcome, position: int) -> Fraction | None:
    """Percent of the year before, exact; None where its points are not known."""
    record = _before(outcome, position)
    if record is None or record.points is None or not record.max_points:
        return None
    return 100 * Fraction(record.points) / Fraction(record.max_points)


def percent_change(outcome: Outcome, position: int) -> Fraction | None:
    """The change on the year before in percentage points."""
    now, before = outcome.ratings[position].percent, percent_before(outcome, position)
    return None if now is None or before is None else now - before


def rank_change(outcome: Outcome, position: int) -> int | None:
    """How many places higher than the year before; below 0: lower."""
    record, rank = _before(outcome, position), outcome.ratings[position].rank
    return None if record is None or record.rank is None or rank is None else record.rank - rank


# ------------------------------------------------------------------------------------------------ Cảnh báo


def warnings(outcome: Outcome) -> Page:
    """Cảnh báo: a row per finding, with its place in words, who must act, what to do, and the basis."""
    columns = (
        Column("Mức độ", width=9), Column("Mã", width=14), Column("Đơn vị", width=22), Column("Nhóm (huyện)", width=16),
        Column("Tiêu chí", width=8), Column("Nội dung", "long", 46), Column("Tệp", width=14), Column("Trang", width=11),
        Column("Ô", "long", 14), Column("Người chịu trách nhiệm", "long", 20), Column("Phải làm", "long", 30),
        Column("Căn cứ", "long", 22), Column("Năm", "count", 6),
    )  # fmt: skip
    places = {rating.unit: place for place, rating in enumerate(outcome.ratings)}
    target = _to_results(outcome.book, outcome.year, len(outcome.ratings)).rows
    rows = [target[places[each.unit]] if each.unit in places else 0 for each in outcome.findings]
    above = title(outcome.book, outcome.year)
    return Page(
        "Cảnh báo",
        (Table(columns, [_finding_row(each) for each in outcome.findings], above, {2: Link("Kết quả", rows)}),),
    )


def _finding_row(finding: Finding) -> list[Value]:
    at = finding.at
    return [
        finding.severity.vi, finding.code, finding.unit.name if finding.unit else "", finding.group, finding.criterion,
        finding.message, at.file if at else "", at.sheet if at else "", addresses(finding.cells),
        "; ".join(finding.people), finding.duty, finding.basis, finding.year,
    ]  # fmt: skip


def addresses(cells: Sequence[Cell], most: int = 20) -> str:
    """ "F12, G12; Lịch sử!D4": sheet and file are repeated only where they differ from the first."""
    words = []
    for cell in cells[:most]:
        same_file = cell.file == cells[0].file
        same = same_file and cell.sheet == cells[0].sheet
        words.append(
            cell.address
            if same
            else f"{cell.sheet}!{cell.address}"
            if same_file
            else f"[{cell.file}]{cell.sheet}!{cell.address}"
        )
    more = f" … (+{len(cells) - most})" if len(cells) > most else ""
    return ", ".join(words) + more


# ------------------------------------------------------------------------------------------------ Chi tiết


NOT_APPLICABLE, OF_OTHERS = "không áp dụng", "–"


def details(book: RuleBook, sheet: ScoreSheet, scores: Scores) -> Page:
    """Chi tiết: the points of every criterion at every level, a row per unit."""
    nodes = list(book.nodes.values())
    columns = (
        Column("Nhóm (huyện)", width=22), Column("Đơn vị", width=24),
        *(Column(f"{node.code}. {node.name} ({vi.number(node.max_points)})", "points", 13, "shade", float(node.max_points))
          for node in nodes),
        Column(f"Tổng điểm ({vi.number(book.max_points)})", "points", 10, "bar", float(book.max_points)),
    )  # fmt: skip
    shown = [_column(book, sheet, scores, code) for code in (*(node.code for node in nodes), TOTAL)]
    rows = [[unit.parent, unit.name, *row] for unit, row in zip(sheet.units, zip(*shown, strict=True), strict=True)]
    links = {1: _to_results(book, sheet.year, len(sheet.units))}
    return Page("Chi tiết", (Table(columns, rows, title(book, sheet.year), links),))


def _column(book: RuleBook, sheet: ScoreSheet, scores: Scores, code: str) -> Sequence[Value]:
    """The points under one criterion as they are shown; words where it does not apply, a dash for other kinds of units."""
    points, maxima = scores.points[code], scores.maxima.get(code)
    if scores.plain or (maxima is None and not any(isinstance(value, Fraction) for value in points)):
        return points  # type: ignore[return-value]  # no fraction is among them
    most = maxima or [1] * len(points)
    absent = [NOT_APPLICABLE] * len(points)
    if book.by_kind and code:
        absent = [NOT_APPLICABLE if code in book.applicable(kind) else OF_OTHERS for kind in sheet.kinds]
    return [word if not m else shown_number(value) for value, m, word in zip(points, most, absent, strict=True)]


def shown_number(value: vi.Exact | None) -> Decimal | int | None:
    """A number for a cell: exact where it ends, else with 10 places."""
    return vi.rounded(value, 10) if isinstance(value, Fraction) else value


# ------------------------------------------------------------- the sheets that only some books need


def compared(outcome: Outcome) -> Page | None:
    """So sánh điểm: self-score, appraisal … side by side, with the gap, by unit and criterion."""
    sheet, book = outcome.sheet, outcome.book
    phases = [
        phase for phase in sheet.phases if any(any(v is not None for v in c) for c in sheet.phases[phase].values())
    ]
    if len(phases) < 2:
        return None
    own = "tự chấm" if "tự chấm" in phases else ""
    checked = max((phase for phase in phases if phase.startswith("thẩm định")), default="")
    columns = (
        Column("Nhóm (huyện)", width=22), Column("Đơn vị", width=24), Column("Tiêu chí", width=9),
        Column("Tên tiêu chí", "long", 44), *(Column(_cap(phase or "điểm"), "points", 11) for phase in phases),
        Column("Điểm xếp loại", "points", 11),
        *((Column(f"{'Thẩm định' if checked else 'Xếp loại'} trừ tự chấm", "points", 11),) if own else ()),
    )  # fmt: skip
    codes = [code for code in book.nodes if any(code in sheet.phases[phase] for phase in phases)]
    rows: list[list[Value]] = []
    for position, unit in enumerate(sheet.units):
        for code in (*codes, TOTAL):
            seen = [_in_phase(outcome, phase, code, position) for phase in phases]
            official = outcome.points[code][position]
            if all(value is None for value in seen):
                continue
            name = book.nodes[code].name if code else "Tổng điểm"
            row: list[Value] = [unit.parent, unit.name, code, name, *map(shown_number, seen), shown_number(official)]
            if own:
                mine = seen[phases.index(own)]
                other = seen[phases.index(checked)] if checked else official
                gap = None if mine is None or other is None else vi.added((other, -mine))
                row.append(shown_number(gap))
            rows.append(row)
    return Page("So sánh điểm", (Table(columns, rows, title(book, outcome.year)),))


def _in_phase(outcome: Outcome, phase: str, code: str, position: int) -> vi.Exact | None:
    """One phase's points; of the whole only where every criterion of that phase has them."""
    columns = outcome.sheet.phases[phase]
    if code:
        return columns[code][position] if code in columns else None
    book, kinds = outcome.book, outcome.sheet.kinds
    meant = book.applicable(kinds[position] if kinds and book.by_kind else "")
    leaves = meant.intersection(outcome.sheet.block_of(position).leaves)  # a parent's own column is a sum of these
    signs = {leaf.code: sign for extra, sign in ((book.bonus, 1), (book.penalty, -1)) if extra
             for item in extra.items for leaf in item.leaves}  # fmt: skip
    base = [column[position] for code, column in columns.items() if code in leaves and code not in signs]
    extras = [
        signs[code] * value for code in signs if code in columns and (value := columns[code][position]) is not None
    ]
    if not base or any(value is None for value in base):
        return None
    return vi.added((*(value for value in base if value is not None), *extras))


def scored(outcome: Outcome) -> Page | None:
    """Cách chấm: how each unit's facts became points, criterion by criterion."""
    words = outcome.scores.words
    if not words:
        return None
    columns = (
        Column("Nhóm (huyện)", width=22), Column("Đơn vị", width=24), Column("Tiêu chí", width=9),
        Column("Tên tiêu chí", "long", 44), Column("Số liệu → điểm", "long", 70), Column("Điểm", "points", 9),
    )  # fmt: skip
    rows: list[list[Value]] = []
    for position, unit in enumerate(outcome.sheet.units):
        for code, column in outcome.points.items():
            if said := words.get((position, code)):
                name = outcome.book.nodes[code].name if code else "Cả bộ"
                rows.append([unit.parent, unit.name, code, name, said, shown_number(column[position])])
    return Page("Cách chấm", (Table(columns, rows, title(outcome.book, outcome.year)),))


def heads(outcome: Outcome) -> Page | None:
    """Người đứng đầu: heads and deputies, what was proposed, what the unit's band leaves of it, and why."""
    if not any(rating.head or rating.others for rating in outcome.ratings):
        return None
    columns = (
        Column("Nhóm (huyện)", width=22), Column("Đơn vị", width=24), Column("Xếp loại đơn vị", "band", 15),
        Column("Họ và tên", width=24), Column("Chức vụ", width=24), Column("Mức đề xuất", width=18),
        Column("Mức được xếp", width=18), Column("Vì sao", "long", 58),
    )  # fmt: skip
    rows: list[list[Value]] = [
        [rating.unit.parent, rating.unit.name, band_word(rating), each.name, each.position, each.proposed or "",
         each.band or "", "; ".join(each.why)]
        for rating in outcome.ratings
        for each in (*((rating.head,) if rating.head else ()), *rating.others)
    ]  # fmt: skip
    return Page("Người đứng đầu", (Table(columns, rows, title(outcome.book, outcome.year)),), _band_names(outcome.book))


# ------------------------------------------------------------------------------------------------- Lịch sử

UNKNOWN_TITLES, NO_TITLE = "", "không"


def history(outcome: Outcome) -> Page:
    """Lịch sử: every known year of every unit, in the shape that `recall` reads next year."""
    columns = (
        Column("Năm", "count", 7), Column("Đơn vị", width=26), Column("Mã đơn vị", width=10),
        Column("Nhóm (huyện)", width=24), Column("Điểm", "points", 9), Column("Điểm tối đa", "points", 9),
        Column("Xếp loại", "band", 14), Column("Danh hiệu", width=26), Column("Xếp hạng", "count", 9),
        Column("Trên tổng số đơn vị", "count", 10), Column("Cảnh báo", width=26), Column("Bộ tiêu chí", width=20),
        Column("Tiêu chí bị nêu", width=20),
    )  # fmt: skip
    flagged, low = flags_by_unit(outcome), criteria_by_unit(outcome)
    rows: list[list[Value]] = []
    for position, rating in enumerate(outcome.ratings):
        for record in outcome.past.of(position).values():
            if not record.olds:  # else it stands under the old units
                rows.append(_record_row(rating.unit, record))
        if outcome.year is not None:
            rows.append([
                outcome.year, rating.unit.name, rating.unit.code, rating.unit.parent, shown_number(rating.points),
                shown_number(rating.max_points),
                band_word(rating), _titles_then(rating.titles, rating.open_titles, known=bool(rating.band)), rating.rank,
                rating.of, "; ".join(flagged.get(rating.unit, ())), outcome.book.code, "; ".join(low.get(rating.unit, ())),
            ])  # fmt: skip
    rows += [_record_row(unit, record) for unit, record in outcome.past.others]
    return Page("Lịch sử", (Table(columns, rows),), _band_names(outcome.book))


def _titles_then(held: Sequence[str], unsure: Sequence[str], *, known: bool) -> str:
    """The titles of a year as history keeps them: those held, those of which nobody knows, or that there were none."""
    words = "; ".join((*held, *(f"chưa rõ «{name}»" for name in unsure)))
    return words or (NO_TITLE if known else UNKNOWN_TITLES)


def _record_row(unit: Unit, record: Record) -> list[Value]:
    titles = _titles_then(sorted(record.titles or ()), sorted(record.open_titles), known=record.titles is not None)
    return [
        record.year, record.name or unit.name, unit.code, unit.parent, shown_number(record.points),
        shown_number(record.max_points),
        record.band or "chưa xếp loại",
        titles, record.rank, record.of, "; ".join(record.flags), record.book, "; ".join(sorted(record.low)),
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------- Thông tin


USED_AS = {"history": "lịch sử", "units": "danh mục đơn vị", "lineage": "sáp nhập, đổi tên", "map": "bố trí"}


def about(outcome: Outcome) -> Page:
    """Thông tin: what was run on what, what was understood, and units in = units out."""
    book = outcome.book
    rows: list[list[Value]] = [
        ["Phần mềm", f"xeploai {__version__}"],
        ["Bộ tiêu chí", book.title],
        ["Mã bộ", book.code],
        ["Căn cứ", book.basis or ""],
        ["Áp dụng", book.years],
        ["SHA-256 của bộ", outcome.loaded.sha256],
        ["Số minh hoạ", "có: chưa có văn bản xác nhận" if book.illustrative else "không"],
        ["Năm xếp loại", str(outcome.year or "không rõ")],
    ]
    rows += [[name, value] for name, value in outcome.options.words()]
    rows += [["Tệp", words]] if (words := files_words(outcome)) else []
    for source in outcome.inputs:
        used = USED_AS.get(source.used_as, "bảng điểm")
        rows.append([f"Tệp đầu vào ({used})", f"{source.name} · SHA-256 {source.sha256}"])
    for seen in outcome.understood:
        rows += understood_rows(seen)
    whole = count(outcome, outcome.ratings)
    graded = Counter(finding.severity for finding in outcome.findings)
    rows += [
        ["Đơn vị đọc được", str(whole.units)],
        ["Đã xếp loại", str(sum(whole.bands.values()))],
        ["Chưa xác định", str(whole.undetermined)],
        ["Chưa xếp loại", str(whole.unrated)],
    ]
    rows += [[f"Phát hiện: {severity.vi}", str(graded[severity])] for severity in Severity]
    return Page("Thông tin", (Table((Column("Mục", width=30), Column("Nội dung", "long", 110)), rows),))


def files_words(outcome: Outcome) -> str:
    """Files found = read + refused; nothing of one that was read."""
    found, refused = outcome.files
    return f"tìm thấy {found} = đọc được {found - refused} + không đọc được {refused}" if found > 1 or refused else ""


def _phase_words(found: TableSeen) -> str:
    """The columns of every phase, where a sheet has several."""
    words = [
        f"{phase or 'điểm'}: {', '.join(column_letters(column) for column in sorted(columns.values()))}"
        for phase, columns in found.phases.items()
    ]
    return f"; các loại điểm: {'; '.join(words)}" if words else ""


def _unfolded_rows(seen: Understood) -> list[list[Value]]:
    """The same of a sheet with criteria as rows, or of many forms of one shape: where each criterion and phase stands."""
    found, grid = seen.table, seen.grid
    files = sorted(grid.files)
    of = f" trong {len(files)} tệp ({files[0]} … {files[-1]})" if len(files) > 1 else ""
    labels = ", ".join(
        f"{grid.cell(found.data - 1, column).address} = {code}"
        for code, column in sorted({**found.points, **found.facts}.items(), key=lambda x: x[1])
    )
    phases = {
        phase or "điểm": column_letters(grid.cell(found.first, min(columns.values())).column)
        for phase, columns in found.phases.items()
        if columns
    }
    words = ", ".join(f"{phase} ở cột {column}" for phase, column in phases.items() if grid.layout == "phiếu")
    passed = ", ".join(f"«{phase}»" for phase in phases if phase != (found.phase or "điểm"))
    taken = bool({*found.phases.get(found.phase, {}).values()} & {*found.points.values()})
    choice = f"; lấy «{found.phase or 'điểm'}»" + (f", không lấy {passed}" if passed else "")
    years = ", ".join(str(year) if year else "không rõ" for year in seen.years)
    return [[
        f"Trang «{grid.sheet}»",
        f"{grid.layout}{of}: {seen.units} đơn vị{_who(seen)}, năm {years}; tiêu chí ở ô {labels}"
        + (f"; {words}" if words else "") + (choice if taken or found.phase else ""),
    ]]  # fmt: skip


def _who(seen: Understood) -> str:
    """The first three of the units that were read, each with its cell: «Xã Ná» (ô A3)."""
    grid, roles = seen.grid, seen.table.roles
    if "name" not in roles:
        return ""
    units: dict[tuple[str, str], Cell] = {}
    for row in range(seen.table.data, grid.height):
        if name := grid.text(row, roles["name"]):
            parent = grid.text(row, roles["parent"]) if "parent" in roles else ""
            units.setdefault((name, parent), grid.cell(row, roles["name"]))
    files, sheets = {cell.file for cell in units.values()}, {cell.sheet for cell in units.values()}
    shown = [
        f"«{vi.shown(name, 40)}» ({f'{cell.file}, ' if len(files) > 1 else ''}"
        f"{f'trang «{cell.sheet}», ' if len(sheets) > 1 else ''}ô {cell.address})"
        for (name, _), cell in islice(units.items(), 3)
    ]
    more = f" … và {len(units) - 3} đơn vị nữa" if len(units) > 3 else ""
    return f": {', '.join(shown)}{more}" if shown else ""


def understood_rows(seen: Understood) -> list[list[Value]]:
    """What was understood of one sheet, in words."""
    found, grid = seen.table, seen.grid
    if grid.layout:
        return _unfolded_rows(seen)
    rows = f"{found.first + 1}" if found.data - found.first == 1 else f"{found.first + 1}–{found.data}"
    columns = ", ".join(
        f"{column_letters(column)} = {code}"
        for code, column in sorted({**found.points, **found.facts}.items(), key=lambda x: x[1])
    )
    words = {
        "name": "đơn vị",
        "parent": "huyện, nhóm",
        "code": "mã",
        "year": "năm",
        "total": "tổng điểm",
        "kind": "loại đơn vị",
    }
    others = ", ".join(
        f"{column_letters(found.roles[role])} = {word}" for role, word in words.items() if role in found.roles
    )
    years = ", ".join(str(year) if year else "không rõ" for year in seen.years)
    lines: list[list[Value]] = [[
        f"Trang «{grid.sheet}»",
        f"tiêu đề ở hàng {rows}; năm {years}; {seen.units} đơn vị; {others}; {columns}"
        + (f"; lấy «{found.phase}»" if found.phase else "") + _phase_words(found),
    ]]  # fmt: skip
    if seen.doubtful:
        rows_seen = "; ".join(f"{row + 1} «{vi.shown(label, 30)}»" for row, label in seen.doubtful[:30])
        lines.append([f"Trang «{grid.sheet}»: hàng không rõ là gì", f"hàng {rows_seen}"])
    if seen.left_out:
        out = "; ".join(f"{row + 1} «{vi.shown(label, 30)}»" for row, label in seen.left_out[:30])
        more = f"; … và {len(seen.left_out) - 30} hàng nữa" if len(seen.left_out) > 30 else ""
        lines.append([f"Trang «{grid.sheet}»: hàng không phải đơn vị", f"hàng {out}{more}"])
    return lines
