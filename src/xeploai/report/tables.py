"""Outcome → headings and rows: the one truth that the workbook, the console and later writers show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xeploai import __version__, vi
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding, Severity
from xeploai.flags.target import Target
from xeploai.model import Cell, Rating, Record, ScoreSheet, Unit, column_letters
from xeploai.pipeline import Outcome, Points
from xeploai.report.table import Column, Page, Table, Value
from xeploai.steps.bind import Understood
from xeploai.steps.score import TOTAL


def pages(outcome: Outcome) -> list[Page]:
    """The six sheets of the result workbook ◆."""
    return [
        summary(outcome),
        results(outcome),
        warnings(outcome),
        details(outcome.book, outcome.sheet, outcome.points),
        history(outcome),
        about(outcome),
    ]


def title(book: RuleBook, year: int | None) -> tuple[str, ...]:
    """The lines over a page: what it is of, by which book, and whether its numbers are confirmed."""
    lines = [f"Kết quả xếp loại{f' năm {year}' if year else ''}: {book.title}"]
    if book.illustrative:
        lines.append("SỐ MINH HOẠ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận.")
    return tuple(lines)


# ------------------------------------------------------------------------------------------------ Tổng hợp


@dataclass(frozen=True, slots=True)
class Count:
    """How a set of units came out."""

    units: int
    bands: dict[str, int]
    titles: dict[str, int]
    undetermined: int = 0
    unrated: int = 0


def count(outcome: Outcome, ratings: Iterable[Rating]) -> Count:
    """Bands and titles of these ratings, every band of the book named, zero too."""
    ratings = list(ratings)
    bands = Counter(rating.band for rating in ratings)
    titles = Counter(name for rating in ratings for name in rating.titles)
    status = Counter(rating.status for rating in ratings)
    return Count(
        len(ratings), {band.name: bands[band.name] for band in outcome.book.bands},
        {each.name: titles[each.name] for each in outcome.book.titles}, status["undetermined"], status["unrated"],
    )  # fmt: skip


def count_previous(outcome: Outcome) -> Count | None:
    """The year before, of the units of this run that have a band in it; None where nothing is known of that year."""
    if outcome.year is None:
        return None
    records = [record for record in outcome.past.in_year(outcome.year - 1) if record.band]
    if not records:
        return None
    bands = Counter(record.band for record in records)
    titles = Counter(name for record in records for name in record.titles or ())
    told = any(record.titles is not None for record in records)
    return Count(
        len(records), {band.name: bands[band.name] for band in outcome.book.bands},
        {each.name: titles[each.name] for each in outcome.book.titles} if told else {},
    )  # fmt: skip


def groups(outcome: Outcome) -> dict[str, list[Rating]]:
    """Parent → its ratings, in the sheet's order; empty where no unit has a parent."""
    found: dict[str, list[Rating]] = defaultdict(list)
    for rating in outcome.ratings:
        found[rating.unit.parent].append(rating)
    return {} if set(found) == {""} else dict(found)


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
    if previous:
        rows.append(row(f"Năm {(outcome.year or 0) - 1}", previous))
        change: list[Value] = [
            f"So với năm {(outcome.year or 0) - 1}",
            signed(whole.units - previous.units),
        ]
        change += [signed(whole.bands[n] - previous.bands[n]) for n in names]
        change += [
            None,
            None,
            *(signed(whole.titles[t] - previous.titles[t]) if t in previous.titles else None for t in titles),
        ]
        rows.append(change)
    rows += [row(group or "(không ghi nhóm)", count(outcome, ratings)) for group, ratings in groups(outcome).items()]
    tables = [Table(columns, rows, title(outcome.book, outcome.year))]
    goals = [flag.code for flag in outcome.book.flags if isinstance(flag, Target)]
    if goals:
        missed = [f for f in outcome.findings if f.code in goals]
        lines = [[finding.code, finding.group, finding.message] for finding in missed]
        met = [
            [flag.code, "", "Mọi nhóm đều đạt chỉ tiêu."]
            for flag in outcome.book.flags
            if flag.code in goals and flag.code not in {f.code for f in missed}
        ]
        tables.append(Table((Column("Chỉ tiêu"), Column("Nhóm"), Column("Kết quả")), lines + met, ("", "Chỉ tiêu")))
    return Page("Tổng hợp", tuple(tables))


def signed(number: int) -> str:
    """ "+16", "−13", "0": a change as people write it."""
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _cap(name: str) -> str:
    return name[:1].upper() + name[1:]


# ------------------------------------------------------------------------------------------------- Kết quả


def flags_by_unit(outcome: Outcome) -> dict[Unit, list[str]]:
    """Unit → the codes of the book's flags that fired for it, each once."""
    own = {flag.code for flag in outcome.book.flags}
    found: dict[Unit, list[str]] = defaultdict(list)
    for finding in outcome.findings:
        if finding.unit and finding.code in own and finding.code not in found[finding.unit]:
            found[finding.unit].append(finding.code)
    return found


def band_word(rating: Rating) -> str:
    """The band, or why there is none."""
    return rating.band or {"unrated": "chưa xếp loại", "undetermined": "chưa xác định"}[rating.status]


def results(outcome: Outcome) -> Page:
    """Kết quả: a row per unit, in the sheet's order."""
    flagged = flags_by_unit(outcome)
    coded = any(unit.code for unit in outcome.sheet.units)
    columns = (
        Column("TT", "count", 6), Column("Đơn vị", width=26), *((Column("Mã đơn vị", width=10),) if coded else ()),
        Column("Nhóm (huyện)", width=26), Column("Xếp loại", width=15), Column("Danh hiệu", width=25),
        Column("Điểm", "points", 9), Column("Điểm tối đa", "points", 9), Column("Tỷ lệ (%)", "percent", 9),
        Column("Xếp hạng", "count", 9), Column("Hạng trong nhóm", "count", 9), Column("Cảnh báo", width=24),
        Column("Vì sao", "long", 70),
    )  # fmt: skip
    rows: list[list[Value]] = []
    for place, rating in enumerate(outcome.ratings, 1):
        unit = rating.unit
        percent = None if rating.percent is None else vi.finite(rating.percent) or vi.rounded(rating.percent, 10)
        rows.append([
            place, unit.name, *((unit.code,) if coded else ()), unit.parent, band_word(rating), "; ".join(rating.titles),
            rating.points, rating.max_points, percent, rating.rank, rating.group_rank,
            "; ".join(flagged.get(unit, ())), "; ".join(rating.why),
        ])  # fmt: skip
    return Page("Kết quả", (Table(columns, rows, title(outcome.book, outcome.year)),))


# ------------------------------------------------------------------------------------------------ Cảnh báo


def warnings(outcome: Outcome) -> Page:
    """Cảnh báo: a row per finding, with its place in words, who must act, what to do, and the basis."""
    columns = (
        Column("Mức độ", width=10), Column("Mã", width=18), Column("Đơn vị", width=24), Column("Nhóm (huyện)", width=22),
        Column("Tiêu chí", width=9), Column("Nội dung", "long", 70), Column("Tệp", width=22), Column("Trang", width=16),
        Column("Ô", "long", 16), Column("Người chịu trách nhiệm", "long", 28), Column("Phải làm", "long", 46),
        Column("Căn cứ", "long", 30), Column("Năm", "count", 7),
    )  # fmt: skip
    return Page(
        "Cảnh báo",
        (Table(columns, [_finding_row(finding) for finding in outcome.findings], title(outcome.book, outcome.year)),),
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


def details(book: RuleBook, sheet: ScoreSheet, points: Points) -> Page:
    """Chi tiết: the points of every criterion at every level, a row per unit."""
    nodes = list(book.nodes.values())
    columns = (
        Column("Nhóm (huyện)", width=22), Column("Đơn vị", width=24),
        *(Column(f"{node.code}. {node.name} ({vi.number(node.max_points)})", "points", 12) for node in nodes),
        Column(f"Tổng điểm ({vi.number(book.max_points)})", "points", 10),
    )  # fmt: skip
    scores = zip(*(points[node.code] for node in nodes), points[TOTAL], strict=True)
    rows = [[unit.parent, unit.name, *row] for unit, row in zip(sheet.units, scores, strict=True)]
    return Page("Chi tiết", (Table(columns, rows, title(book, sheet.year)),))


# ------------------------------------------------------------------------------------------------- Lịch sử

UNKNOWN_TITLES, NO_TITLE = "", "không"


def history(outcome: Outcome) -> Page:
    """Lịch sử: every known year of every unit, in the shape that `recall` reads next year."""
    columns = (
        Column("Năm", "count", 7), Column("Đơn vị", width=26), Column("Mã đơn vị", width=10),
        Column("Nhóm (huyện)", width=24), Column("Điểm", "points", 9), Column("Điểm tối đa", "points", 9),
        Column("Xếp loại", width=14), Column("Danh hiệu", width=26), Column("Xếp hạng", "count", 9),
        Column("Trên tổng số đơn vị", "count", 10), Column("Cảnh báo", width=26), Column("Bộ tiêu chí", width=20),
    )  # fmt: skip
    flagged = flags_by_unit(outcome)
    rows: list[list[Value]] = []
    for position, rating in enumerate(outcome.ratings):
        for record in outcome.past.of(position).values():
            rows.append(_record_row(rating.unit, record))
        if outcome.year is not None:
            rows.append([
                outcome.year, rating.unit.name, rating.unit.code, rating.unit.parent, rating.points, rating.max_points,
                band_word(rating), "; ".join(rating.titles) or (NO_TITLE if rating.band else UNKNOWN_TITLES), rating.rank,
                rating.of, "; ".join(flagged.get(rating.unit, ())), outcome.book.code,
            ])  # fmt: skip
    rows += [_record_row(unit, record) for unit, record in outcome.past.others]
    return Page("Lịch sử", (Table(columns, rows),))


def _record_row(unit: Unit, record: Record) -> list[Value]:
    titles = UNKNOWN_TITLES if record.titles is None else "; ".join(sorted(record.titles)) or NO_TITLE
    return [
        record.year, unit.name, unit.code, unit.parent, record.points, record.max_points, record.band or "chưa xếp loại",
        titles, record.rank, record.of, "; ".join(record.flags), record.book,
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------- Thông tin


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
    for source in outcome.inputs:
        used = "lịch sử" if source.used_as == "history" else "bảng điểm"
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


def understood_rows(seen: Understood) -> list[list[Value]]:
    """What was understood of one sheet, in words."""
    found, grid = seen.table, seen.grid
    rows = f"{found.first + 1}" if found.data - found.first == 1 else f"{found.first + 1}–{found.data}"
    columns = ", ".join(
        f"{column_letters(column)} = {code}" for code, column in sorted(found.points.items(), key=lambda x: x[1])
    )
    words = {"name": "đơn vị", "parent": "huyện, nhóm", "code": "mã", "year": "năm", "total": "tổng điểm"}
    others = ", ".join(
        f"{column_letters(found.roles[role])} = {word}" for role, word in words.items() if role in found.roles
    )
    years = ", ".join(str(year) if year else "không rõ" for year in seen.years)
    lines: list[list[Value]] = [[
        f"Trang «{grid.sheet}»",
        f"tiêu đề ở hàng {rows}; năm {years}; {seen.units} đơn vị; {others}; {columns}"
        + (f"; lấy «{found.phase}»" if found.phase else ""),
    ]]  # fmt: skip
    if seen.doubtful:
        rows_seen = "; ".join(f"{row + 1} «{vi.shown(label, 30)}»" for row, label in seen.doubtful[:30])
        lines.append([f"Trang «{grid.sheet}»: hàng không rõ là gì", f"hàng {rows_seen}"])
    if seen.left_out:
        out = "; ".join(f"{row + 1} «{vi.shown(label, 30)}»" for row, label in seen.left_out[:30])
        more = f"; … và {len(seen.left_out) - 30} hàng nữa" if len(seen.left_out) > 30 else ""
        lines.append([f"Trang «{grid.sheet}»: hàng không phải đơn vị", f"hàng {out}{more}"])
    return lines
