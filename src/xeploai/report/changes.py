"""A comparison as people look at it: sentences and tables, which the workbook, the page and the screen all show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal, TextIO

from xeploai import __version__, vi
from xeploai.compare import (
    DOWN,
    FORMED,
    GONE,
    KINDS,
    MERGED,
    NEW,
    OPEN,
    SAME,
    UP,
    Comparison,
    Moved,
    Row,
)
from xeploai.findings import UNLIKE, Severity
from xeploai.model import Cell
from xeploai.report.table import Column, Page, Table, Value
from xeploai.steps.rate import rated_as
from xeploai.steps.standings import Criterion, Side, Standing

NAMED = 5
"""Units that a sentence names before it counts the rest."""

LARGEST, ON_SCREEN = 10, 5
"""Moves of either direction that the first sheet and the page show, and the screen."""

SUM = "Cộng"


# ------------------------------------------------------------------------------------------------- words


def title(comparison: Comparison) -> tuple[str, ...]:
    """The lines over everything: what is compared with what, by which books, and whether the numbers are confirmed."""
    old, new = comparison.old, comparison.new
    then, here = comparison.labels
    if then.startswith("bản"):
        then, here = (f"{name}{_files(side)}" for name, side in ((then, old), (here, new)))
    lines = [f"So {here} với {then}: {new.title}"]
    if old.code != new.code:
        lines.append(f"Bên cũ theo bộ khác: {old.title}")
    if old.illustrative or new.illustrative:
        lines.append("SỐ MINH HOẠ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận.")
    return tuple(lines)


def _files(side: Side) -> str:
    names = [f"«{file.partition(' · ')[0]}»" for file in side.files]
    year = f" năm {side.year}" if side.year else ""
    return f"{year} {names[0]}{f' và {len(names) - 1} tệp nữa' if len(names) > 1 else ''}" if names else year


def sentences(comparison: Comparison) -> list[str]:
    """A paragraph each: who is in both, the bands, who rose and fell, points, titles, flags, criteria, new and gone."""
    return [
        *_order(comparison), *_unlike(comparison), *_sums(comparison), *_bands(comparison), *_bands_moved(comparison),
        *_points(comparison), *_titles(comparison), *_flags(comparison), *_criteria(comparison), *_formed(comparison),
        *_listed(comparison),
    ]  # fmt: skip


def _order(comparison: Comparison) -> Iterator[str]:
    old, new = comparison.old.year, comparison.new.year
    if old is not None and new is not None and old > new:
        yield f"Lưu ý: bên cũ là năm {old}, muộn hơn bên mới (năm {new}); «tăng», «giảm» là từ năm {old} sang năm {new}."


def _unlike(comparison: Comparison) -> Iterator[str]:
    """What the two sides were not judged by alike: said before any number."""
    yield from (each.message for each in comparison.findings if each.code == UNLIKE.code)


def _sums(comparison: Comparison) -> Iterator[str]:
    """In both + gone = old, in both + new = new: nobody is lost on the way."""
    (then, here), noun = comparison.labels, comparison.noun
    both, kinds = len(comparison.both), comparison.kinds
    gone, merged = len(kinds[GONE]), len(kinds[MERGED])
    new, formed = len(kinds[NEW]), len(kinds[FORMED])
    if not (gone or merged or new or formed):
        yield f"Cả {both} {noun} có ở cả {then} và {here}."
        return
    into = f" (trong đó {merged} đã vào {noun} khác theo bảng sáp nhập)" if merged else ""
    out_of = f" (trong đó {formed} do sáp nhập)" if formed else ""
    yield _cap(
        f"{then} có {both + gone + merged} {noun} = {both} có ở cả hai bên + {gone + merged} không còn{into}; "
        f"{here} có {both + new + formed} {noun} = {both} có ở cả hai bên + {new + formed} mới{out_of}."
    )
    unsure = [row for row in comparison.rows if row.unsure]
    if unsure:
        sides = (sum(row.new is None for row in unsure), sum(row.old is None for row in unsure))
        yield (
            f"Trong đó {len(unsure)} {noun} ({sides[0]} của {then}, {sides[1]} của {here}) chưa ghép được vì tên khớp nhiều "
            "nơi: xem các dòng lỗi, cảnh báo."
        )


def _bands(comparison: Comparison) -> Iterator[str]:
    """ "Năm 2019: 18 đơn vị xếp loại tốt, giảm 3 so với năm 2018; 105 đơn vị khá, tăng 16 …"."""
    (then, here), noun, new = comparison.labels, comparison.noun, comparison.new
    now, before = _counts(new), _counts(comparison.old)
    if not new.bands or not now:
        return
    parts = []
    for place, band in enumerate(new.bands):
        count = now[vi.key(band)]
        counted = f"{count} {noun}" if count else f"không có {noun}"
        change = ""
        if comparison.same_scale:
            change = f", {_change(count - before[vi.key(band)])}" + (f" so với {then}" if place == 0 else "")
        parts.append(f"{counted} {rated_as(band) if place == 0 else band}{change}")
    yield _cap(f"{here}: {'; '.join(parts)}{_open(new)}.")


def _counts(side: Side) -> Counter[str]:
    return Counter(vi.key(each.band) for each in side.standings if each.band)


def _open(side: Side) -> str:
    """Who has no band, so that nobody reads the counts as complete."""
    words = Counter(each.word for each in side.standings if not each.band)
    return "".join(f"; {count} {word}" for word, count in words.items())


def _change(change: int) -> str:
    return f"tăng {change}" if change > 0 else f"giảm {-change}" if change < 0 else "không đổi"


def _bands_moved(comparison: Comparison) -> Iterator[str]:
    kinds, noun = comparison.kinds, comparison.noun
    if not (comparison.new.bands and comparison.old.bands):
        return
    up, down, same, unlike = (kinds[kind] for kind in (UP, DOWN, SAME, OPEN))
    whole = len(comparison.both)
    last = f", {len(unlike)} {noun} chưa so được mức" if unlike else ""
    yield (
        f"Trong {whole} {noun} có ở cả hai bên: {_counted(noun, up, 'lên mức')}, {_counted(noun, down, 'xuống mức')}, "
        f"{len(same)} {noun} giữ mức{last}."
    )


def _counted(noun: str, rows: Sequence[Row], words: str) -> str:
    return f"{len(rows)} {noun} {words}{_named(rows)}" if rows else f"không {noun} nào {words}"


def _named(rows: Sequence[Row]) -> str:
    """The names, where they are few: a sentence that lists a hundred of them says nothing."""
    return f" ({vi.listed(str(row.unit) for row in rows)})" if 0 < len(rows) <= NAMED else ""


def _points(comparison: Comparison) -> Iterator[str]:
    up, down = comparison.moves(up=True), comparison.moves(up=False)
    known = sum(comparison.measure(row) is not None for row in comparison.both)
    if not known:
        return
    what = "Tỷ lệ điểm" if comparison.in_percent else "Điểm"
    most = [f"{way} nhiều nhất{_most(comparison, rows)}" for way, rows in (("tăng", up), ("giảm", down)) if rows]
    tail = f"; {'; '.join(most)}" if most else ""
    lack = len(comparison.both) - known
    without = f" ({lack} {comparison.noun} không có điểm ở một bên)" if lack else ""
    yield (
        f"{what}: {len(up)} {comparison.noun} tăng, {len(down)} giảm, {known - len(up) - len(down)} không đổi{without}{tail}."
    )


def _most(comparison: Comparison, rows: Sequence[Row]) -> str:
    """Who moved most: nobody is picked out of several that moved by the same."""
    most = comparison.measure(rows[0])
    alike = [row for row in rows if comparison.measure(row) == most]
    if len(alike) == 1:
        return f" là {_told(comparison, rows[0])}"
    return f": {len(alike)} {comparison.noun} cùng {signed(most or 0)} {_unit(comparison)}{_named(alike)}"


def _unit(comparison: Comparison) -> str:
    return "điểm %" if comparison.in_percent else "điểm"


def _told(comparison: Comparison, row: Row) -> str:
    """ "Xã A (Huyện B): +12,5 điểm, từ 70 lên 82,5, hạng 80 → 12"."""
    assert row.old
    assert row.new
    measure = comparison.measure(row)
    assert measure is not None
    ranks = f", hạng {row.old.rank} → {row.new.rank}" if row.old.rank and row.new.rank else ""
    return f"{row.unit}: {signed(measure)} {_unit(comparison)} ({' → '.join(_both_words(comparison, row))}{ranks})"


def signed(value: vi.Exact) -> str:
    """ "+12,5", "−3", "0": a change as people write it."""
    words = vi.number(abs(value))
    return "0" if not value else f"+{words}" if value > 0 else f"−{words}"


def _titles(comparison: Comparison) -> Iterator[str]:
    then, here = comparison.labels
    for name, (gained, lost) in comparison.titles().items():
        now, before = (
            sum(vi.key(name) in map(vi.key, each.titles or ()) for each in side.standings)
            for side in (comparison.new, comparison.old)
        )
        said = f"{comparison.noun} đạt danh hiệu «{name}»"
        if vi.key(name) not in map(vi.key, comparison.old.titles) and not before:
            yield _cap(f"{here}: {now} {said}; {then} không xét danh hiệu này.")
            continue
        yield _cap(
            f"{here}: {now} {said}, {_change(now - before)} so với {then}; trong số có ở cả hai bên {len(gained)} được thêm"
            f"{_named(gained)}, {len(lost)} mất{_named(lost)}."
        )


def _flags(comparison: Comparison) -> Iterator[str]:
    found = comparison.flags()
    if found:
        parts = [f"«{code}» thêm {len(came)}, hết {len(went)}" for code, (came, went) in found.items()]
        blind = ""
        sides = comparison.old, comparison.new
        for name, side, other in zip(comparison.labels, sides, reversed(sides), strict=True):
            if other.remembers and not side.remembers:
                blind = f" {_cap(name)} không có số liệu các năm trước nên cảnh báo nhiều năm của bên đó có thể thiếu."
        yield f"Cảnh báo, tính theo {comparison.noun} có ở cả hai bên: {'; '.join(parts)}.{blind}"


def _criteria(comparison: Comparison) -> Iterator[str]:
    moved = comparison.moved_most()[:3]
    if moved:
        parts = [
            f"{each.new} {'tăng' if each.change > 0 else 'giảm'} bình quân {vi.number(abs(each.change))} điểm %"
            f" ({vi.percent(each.before)} → {vi.percent(each.after)} điểm tối đa)"
            for each in moved
        ]
        yield f"Tiêu chí chuyển động nhiều nhất: {'; '.join(parts)}."


def _formed(comparison: Comparison) -> Iterator[str]:
    rows = comparison.kinds[FORMED]
    if rows:
        parts = [f"{row.unit}{_rated(row.new)} từ {vi.listed(_olds(row))}" for row in rows[:NAMED]]
        yield f"Mới do sáp nhập: {'; '.join(parts)}{_others(len(rows))}."


def _olds(row: Row) -> list[str]:
    return [f"{'một phần ' if partial else ''}{each.unit}{_rated(each)}" for each, partial in row.olds]


def _rated(standing: Standing | None) -> str:
    return f" [{standing.word}]" if standing else ""


def _listed(comparison: Comparison) -> Iterator[str]:
    for kind, words in ((NEW, f"{comparison.noun} mới"), (GONE, f"{comparison.noun} không còn")):
        rows = comparison.kinds[kind]
        if rows:
            names = vi.listed(f"{row.unit}{_rated(row.new or row.old)}" for row in rows[:NAMED])
            yield f"{len(rows)} {words}: {names}{_others(len(rows))}."


def _others(count: int) -> str:
    return f" và {count - NAMED} nơi khác" if count > NAMED else ""


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


# ------------------------------------------------------------------------------------------------ tables


def matrix(comparison: Comparison, above: tuple[str, ...] = ()) -> Table | None:
    """Old band by new band, with sums; None where a side has no bands."""
    if not (comparison.old.bands and comparison.new.bands):
        return None
    then, here = comparison.labels
    across = comparison.words(comparison.new)
    columns = (
        Column(_cap(f"{then} ↓ · {here}\u00a0→"), "band", 26), *(Column(_cap(word), "count", 13) for word in across),
        Column(SUM, "count", 10),
    )  # fmt: skip
    rows: list[list[Value]] = [[word, *counts, sum(counts)] for word, counts in comparison.matrix()]
    sums = [sum(counts) for counts in zip(*(counts for _, counts in comparison.matrix()), strict=True)]
    return Table(columns, [*rows, [SUM, *sums, sum(sums)]], above)


def kinds(comparison: Comparison, above: tuple[str, ...] = ()) -> Table:
    """How many rows of the outer join are of each kind; kinds that nobody is of are left out."""
    rows: list[list[Value]] = [[_cap(kind), len(comparison.kinds[kind])] for kind in KINDS if comparison.kinds[kind]]
    return Table((Column("Thay đổi", width=26), Column(f"Số {comparison.noun}", "count", 13)), rows, above)


def largest(comparison: Comparison, *, up: bool, above: tuple[str, ...] = ()) -> Table | None:
    """The units that rose (fell) most, with points, ranks and bands of both sides."""
    rows = comparison.moves(up=up)[:LARGEST]
    if not rows:
        return None
    then, here = comparison.labels
    value, unit = ("Tỷ lệ (%)", "điểm %") if comparison.in_percent else ("Điểm", "điểm")
    kind: Literal["percent", "points"] = "percent" if comparison.in_percent else "points"
    columns = (
        Column(_cap(comparison.noun), "long", 26), Column("Nhóm (huyện)", width=24),
        Column(f"{value} {then}", kind, 13), Column(f"{value} {here}", kind, 13), Column(f"Tăng, giảm ({unit})", "count", 13),
        Column(f"Hạng {then}", "count", 10), Column(f"Hạng {here}", "count", 10), Column("Tăng, giảm hạng", "count", 10),
        *((Column(f"Mức {then}", "band", 14), Column(f"Mức {here}", "band", 14)) if comparison.new.bands else ()),
    )  # fmt: skip
    return Table(columns, [_largest_row(comparison, row) for row in rows], above)


def _largest_row(comparison: Comparison, row: Row) -> list[Value]:
    assert row.old
    assert row.new
    bands = [row.old.word, row.new.word] if comparison.new.bands else []
    values = [_shown(each.percent if comparison.in_percent else each.points) for each in (row.old, row.new)]
    return [
        row.unit.name, row.unit.parent, *values, signed(comparison.measure(row) or 0), row.old.rank, row.new.rank,
        "" if row.places is None else signed(row.places), *bands,
    ]  # fmt: skip


def largest_told(comparison: Comparison, *, up: bool, most: int = LARGEST) -> Table | None:
    """The same for reading: both sides of a thing in one cell."""
    rows = comparison.moves(up=up)[:most]
    if not rows:
        return None
    value, unit = ("Tỷ lệ", "điểm %") if comparison.in_percent else ("Điểm", "điểm")
    columns = (
        Column(_cap(comparison.noun), width=26), Column("Nhóm (huyện)", width=24), Column(value, "count", 16),
        Column(f"Tăng, giảm ({unit})", "count", 10), Column("Hạng", "count", 12), Column("Tăng, giảm hạng", "count", 10),
        *((Column("Mức", width=20),) if comparison.new.bands else ()),
    )  # fmt: skip
    return Table(columns, [_told_row(comparison, row) for row in rows])


def _told_row(comparison: Comparison, row: Row) -> list[Value]:
    assert row.old
    assert row.new
    ranks = f"{row.old.rank} → {row.new.rank}" if row.old.rank and row.new.rank else ""
    bands = f"{row.old.word} → {row.new.word}" if row.old.word != row.new.word else row.new.word
    return [
        row.unit.name, row.unit.parent, " → ".join(_both_words(comparison, row)), signed(comparison.measure(row) or 0), ranks,
        "" if row.places is None else signed(row.places), *([bands] if comparison.new.bands else []),
    ]  # fmt: skip


def _both_words(comparison: Comparison, row: Row) -> tuple[str, ...]:
    """Old and new points, or percents, told apart where rounding would make them look alike."""
    assert row.old
    assert row.new
    if comparison.in_percent:
        return tuple(f"{words}%" for words in vi.apart(row.old.percent or 0, row.new.percent or 0))
    return vi.apart(row.old.points or 0, row.new.points or 0)


def _shown(value: vi.Exact | None) -> Value:
    """A number for a cell: exact where it ends, else with 10 places."""
    if not isinstance(value, Fraction):
        return value
    return vi.finite(value) or vi.rounded(value, 10)


def units(comparison: Comparison, above: tuple[str, ...] = ()) -> Table:
    """A row per unit of the outer join."""
    then, here = comparison.labels
    coded = any(row.unit.code for row in comparison.rows)
    columns = [
        Column(_cap(comparison.noun), width=26), *((Column("Mã đơn vị", width=10),) if coded else ()),
        Column("Nhóm (huyện)", width=24), Column("Thay đổi", width=18),
    ]  # fmt: skip
    if comparison.new.bands or comparison.old.bands:
        columns += [Column(f"Mức {then}", "band", 14), Column(f"Mức {here}", "band", 14)]
    columns += [Column(f"Điểm {then}", "points", 10), Column(f"Điểm {here}", "points", 10)]
    if comparison.in_percent:
        columns += [Column(f"Tỷ lệ {then} (%)", "percent", 10), Column(f"Tỷ lệ {here} (%)", "percent", 10)]
    columns += [
        Column("Tăng, giảm (điểm %)", "percent", 10) if comparison.in_percent else Column("Tăng, giảm (điểm)", "points", 10),
        Column(f"Hạng {then}", "count", 9), Column(f"Hạng {here}", "count", 9), Column("Tăng, giảm hạng", "count", 9),
        Column("Thêm danh hiệu", width=20), Column("Mất danh hiệu", width=20), Column("Cảnh báo mới", width=22),
        Column("Cảnh báo đã hết", width=22), Column("Tiêu chí chuyển động nhiều nhất (điểm %)", width=32),
        Column("Ghi chú", "long", 40),
    ]  # fmt: skip
    return Table(tuple(columns), [_unit_row(comparison, row, coded=coded) for row in comparison.rows], above)


def _unit_row(comparison: Comparison, row: Row, *, coded: bool) -> list[Value]:
    old, new = row.old, row.new
    both = (old, new)
    bands = [each.word if each else "" for each in both] if comparison.new.bands or comparison.old.bands else []
    percents = [_shown(each.percent) if each else None for each in both] if comparison.in_percent else []
    return [
        row.unit.name, *((row.unit.code,) if coded else ()), row.unit.parent, _cap(row.kind), *bands,
        *(_shown(each.points) if each else None for each in both), *percents, _shown(comparison.measure(row)),
        *(each.rank if each else None for each in both), "" if row.places is None else signed(row.places),
        "; ".join(row.gained), "; ".join(row.lost), "; ".join(row.flags_new), "; ".join(row.flags_gone),
        "; ".join(f"{each.criterion.code} {signed(each.change)}" for each in row.most), _note(row),
    ]  # fmt: skip


def units_told(comparison: Comparison) -> Table:
    """The same for reading: both sides of a thing in one cell."""
    coded = any(row.unit.code for row in comparison.rows)
    banded = bool(comparison.new.bands or comparison.old.bands)
    value, unit = ("Tỷ lệ", "điểm %") if comparison.in_percent else ("Điểm", "điểm")
    columns = (
        Column(_cap(comparison.noun)), *((Column("Mã"),) if coded else ()), Column("Nhóm (huyện)"), Column("Thay đổi"),
        *((Column("Mức", "band"),) if banded else ()), Column(value), Column(f"Tăng, giảm ({unit})", "points"),
        Column("Hạng"), Column("Tăng, giảm hạng", "count"), Column("Danh hiệu"), Column("Cảnh báo"),
        Column("Tiêu chí chuyển động nhiều nhất (điểm %)", "long"), Column("Ghi chú", "long"),
    )  # fmt: skip
    rows: list[list[Value]] = []
    for row in comparison.rows:
        both = row.old, row.new
        values = [(each.percent if comparison.in_percent else each.points) if each else None for each in both]
        rows.append([
            row.unit.name, *((row.unit.code,) if coded else ()), row.unit.parent, _cap(row.kind),
            *((_arrow([each.word if each else None for each in both]),) if banded else ()),
            _arrow([None if each is None else vi.number(each) for each in values]), _shown(comparison.measure(row)),
            _arrow([str(each.rank) if each and each.rank else None for each in both]),
            "" if row.places is None else signed(row.places),
            _signed_words(row.gained, row.lost), _signed_words(row.flags_new, row.flags_gone),
            "; ".join(f"{each.criterion.code} {signed(each.change)}" for each in row.most), _note(row),
        ])  # fmt: skip
    return Table(columns, rows)


def _arrow(words: Sequence[str | None]) -> str:
    """ "khá → tốt"; "khá" where nothing changed; "– → tốt" where one side says nothing."""
    old, new = words
    return new or "" if old == new else f"{old or '–'} → {new or '–'}"


def _signed_words(came: Sequence[str], went: Sequence[str]) -> str:
    return "; ".join((*(f"+ {each}" for each in came), *(f"− {each}" for each in went)))


def _note(row: Row) -> str:
    """What the other columns cannot say: another name before, what it was formed from, where it went, why it is not joined."""
    words = []
    if row.renamed and row.old:
        words.append(f"trước là {row.old.unit}")
    if row.olds:
        words.append(f"từ {vi.listed(_olds(row))}")
    if row.into:
        words.append(f"vào {vi.listed(map(str, row.into))}")
    if row.unsure:
        words.append("tên khớp nhiều nơi, chưa ghép")
    return "; ".join(words)


def criteria(comparison: Comparison, above: tuple[str, ...] = ()) -> Table:
    """Every criterion in the book's order; then those that only one side has."""
    then, here = comparison.labels
    columns = (
        Column("Mã", width=9), Column("Tiêu chí", "long", 54), Column(f"Tối đa {then}", "points", 10),
        Column(f"Tối đa {here}", "points", 10), Column(f"Số {comparison.noun} so được", "count", 10),
        Column(f"Bình quân {then} (% tối đa)", "percent", 12), Column(f"Bình quân {here} (% tối đa)", "percent", 12),
        Column("Tăng, giảm (điểm %)", "percent", 10), Column("Số tăng", "count", 8), Column("Số giảm", "count", 8),
        Column("Không đổi", "count", 8), Column("Ghi chú", width=30),
    )  # fmt: skip
    rows: list[list[Value]] = [_criterion_row(each) for each in comparison.criteria]
    told = {id(criterion) for each in comparison.criteria for criterion in (each.old, each.new)}
    for side, where in ((comparison.old, then), (comparison.new, here)):
        rows += (_lone_row(each, where, newer=where is here) for each in side.criteria if id(each) not in told)
    return Table(columns, rows, above)


def _criterion_row(each: Moved) -> list[Value]:
    notes = ["điểm trừ: tăng là bị trừ thêm"] if each.new.penalty else []
    if each.old.code != each.new.code:
        notes.append(f"mã cũ {each.old.code}")
    return [
        each.new.code, each.new.name, _shown(each.old.most), _shown(each.new.most), each.units, _shown(each.before),
        _shown(each.after), _shown(each.change), each.up, each.down, each.units - each.up - each.down, "; ".join(notes),
    ]  # fmt: skip


def _lone_row(criterion: Criterion, where: str, *, newer: bool) -> list[Value]:
    most = _shown(criterion.most)
    maxima = [None, most] if newer else [most, None]
    note = f"chỉ so được ở {where}: bên kia không có tiêu chí này hoặc không có điểm"
    return [criterion.code, criterion.name, *maxima, 0, None, None, None, None, None, None, note]


def about(comparison: Comparison) -> list[tuple[str, str]]:
    """What was compared: the same question gives the same answer."""
    rows = [("Phần mềm", f"xeploai {__version__}")]
    for name, side in zip(comparison.labels, (comparison.old, comparison.new), strict=True):
        how = "xếp loại từ bảng điểm" if side.book else "đọc từ kết quả đã công bố, không xếp loại lại"
        book = f"{side.title} (bộ {side.code or 'không ghi mã'})"
        rows.append((_cap(name), f"{book}; {how}; {len(side.standings)} {comparison.noun}"))
        rows += ((f"Tệp, {name}", file) for file in side.files)
    return rows


# ---------------------------------------------------------------------------------------------- workbook


def pages(comparison: Comparison) -> list[Page]:
    """So sánh, Đơn vị, Tiêu chí: the sheets of the workbook."""
    lines = title(comparison)
    first = matrix(comparison, lines) or kinds(comparison, lines)
    prose = Table(
        (Column("Nhận xét", "long"),), [[words] for words in sentences(comparison)], ("", "Nhận xét"), prose=True
    )
    tables = [first, prose]
    for up, words in ((True, "Tăng nhiều nhất"), (False, "Giảm nhiều nhất")):
        if found := largest(comparison, up=up, above=("", words)):
            tables.append(found)
    if grave := _findings_prose(comparison):
        tables.append(grave)
    told = [[f"{name}: {words}"] for name, words in about(comparison)]
    tables.append(Table((Column("So từ đâu", "long"),), told, ("", "So từ đâu"), prose=True))
    bands = comparison.new.bands
    return [
        Page("So sánh", tuple(tables), bands),
        Page("Đơn vị", (units(comparison, lines),), bands),
        Page("Tiêu chí", (criteria(comparison, lines),)),
    ]


def _findings_prose(comparison: Comparison) -> Table | None:
    """What must be known to read the numbers: the errors and warnings."""
    grave = [each for each in comparison.findings if each.severity is not Severity.NOTE]
    rows = [[f"{_cap(each.severity.vi)} {each.code}: {each.message}{_where(each.at)}"] for each in grave]
    return Table((Column("Lưu ý", "long"),), rows, ("", "Lưu ý"), prose=True) if rows else None


def _where(at: Cell | None) -> str:
    return f" [{at.file} · {at.sheet} · {at.address}]" if at else ""


# ------------------------------------------------------------------------------------------------ screen


def show(comparison: Comparison, out_stream: TextIO, err_stream: TextIO) -> None:
    """The matrix, the largest moves, the counts; trouble on stderr."""
    from xeploai.report import console

    out = console.console(out_stream)
    for line in title(comparison):
        console.say(out, line, "bold")
    shown: list[tuple[str, Table | None]] = [
        ("", matrix(comparison)),
        ("Tăng nhiều nhất", largest_told(comparison, up=True, most=ON_SCREEN)),
        ("Giảm nhiều nhất", largest_told(comparison, up=False, most=ON_SCREEN)),
    ]
    for heading, table in shown:
        if table:
            if heading:
                console.say(out, heading, "bold")
            console.show_table(out, table)
    for words in sentences(comparison):
        console.say(out, words)
    console.show_trouble(comparison.findings, err_stream)


# -------------------------------------------------------------------------------------------------- page


def page(comparison: Comparison) -> str:
    """The comparison as one page. The same comparison gives the same text."""
    from xeploai.report.html import render

    lines = title(comparison)
    illustrative = [line for line in lines if line.startswith("SỐ MINH HOẠ")]
    present = [kind for kind in KINDS if comparison.kinds[kind]]
    groups = sorted({row.unit.parent for row in comparison.rows if row.unit.parent}, key=vi.key)
    moves = [(f"{word} nhiều nhất", largest_told(comparison, up=up)) for word, up in (("Tăng", True), ("Giảm", False))]
    return render(
        "compare.html.j2",
        scripts=["compare.js"],
        style="compare.css",
        heading=lines[0].partition(": ")[0],
        subject=lines[0].partition(": ")[2] or lines[0],
        others=[line for line in lines[1:] if line not in illustrative],
        illustrative=illustrative,
        noun=comparison.noun,
        tiles=[_tile(comparison, kind) for kind in present],
        sentences=sentences(comparison),
        matrix=_grid(comparison, table) if (table := matrix(comparison)) else None,
        moves=[(words, _grid(comparison, table)) for words, table in moves if table],
        criteria=_grid(comparison, criteria(comparison)),
        units=_grid(comparison, units_told(comparison)),
        kinds=[_cap(kind) for kind in present],
        of_rows=[(_cap(row.kind), row.unit.parent) for row in comparison.rows],
        groups=groups,
        findings=[(each, _where(each.at)) for each in comparison.findings],
        about=about(comparison),
    )


TONES = {UP: "up", DOWN: "down"}


def _tile(comparison: Comparison, kind: str) -> dict[str, str]:
    return {"label": _cap(kind), "number": str(len(comparison.kinds[kind])), "tone": TONES.get(kind, "")}


def _grid(comparison: Comparison, table: Table) -> dict[str, Any]:
    """A table as words and the class of each cell, for the template."""
    numbers = ("count", "points", "percent")
    keep = [
        place for place, column in enumerate(table.columns)
        if not table.rows or column.kind in ("count", "band") or any(row[place] not in (None, "") for row in table.rows)
    ]  # fmt: skip
    columns = [table.columns[place] for place in keep]
    return {
        "columns": [
            {
                "heading": column.heading,
                "kind": column.kind,
                "number": column.kind in numbers,
                "long": column.kind == "long",
            }
            for column in columns
        ],
        "rows": [
            [
                {
                    "word": _word(row[place], column),
                    "look": _look(comparison, row[place], column),
                    "kept": column.heading != SUM and vi.key(column.heading) == vi.key(str(row[0])),
                }
                for place, column in zip(keep, columns, strict=True)
            ]
            for row in table.rows
        ],
    }


def _word(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    words = vi.percent(value).rstrip("%") if column.kind == "percent" else vi.number(value)
    return f"{signed(value)}" if column.heading.startswith("Tăng, giảm") else words


def _look(comparison: Comparison, value: Value, column: Column) -> str:
    """The class of a cell: the colour of a band, up or down of a change."""
    if column.kind == "band" and isinstance(value, str) and value and value != SUM:
        return f"band {_tone(comparison, value.rpartition(' → ')[2])}"
    if column.heading.startswith("Tăng, giảm") and value:
        return "down" if str(value).startswith(("−", "-")) else "up" if str(value) != "0" else ""
    return "pair" if column.heading in ("Điểm", "Tỷ lệ", "Hạng") else ""


def _tone(comparison: Comparison, band: str) -> str:
    """The colour of a band, by its place on the new side's scale, else on the old one's."""
    from xeploai.report.embed import TONES as BY_COUNT

    for side in (comparison.new, comparison.old):
        place, many = side.place(band), len(side.bands)
        if place is not None:
            return f"t{BY_COUNT[many][place] if many in BY_COUNT else round(place * 4 / (many - 1))}"
    return ""
