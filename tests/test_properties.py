"""Laws that hold for every sheet (design, section 7). Few examples, small sheets: the whole file runs in seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from builders import a_book, run
from xeploai import vi
from xeploai.book.load import Loaded, loads, shipped_books
from xeploai.findings import Unusable
from xeploai.model import CellError, Grid, Uncomputed, Value
from xeploai.pipeline import Outcome
from xeploai.read import read
from xeploai.report import json, tables

settings.register_profile(
    "fast", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("fast")

ROOT = Path(__file__).parents[1]

FLAGS = """
danh hiệu:
  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}
  - {mã: hai-nam, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}
  - {mã: cuoi-bang, loại: liên tiếp, cuối bảng: có, số năm: 2}
  - {mã: khong-danh-hieu, loại: liên tiếp, không đạt danh hiệu: Vững mạnh, số năm: 2, năm thiếu: bỏ qua}
  - {mã: chi-tieu, loại: chỉ tiêu, danh hiệu: Vững mạnh, ít nhất: 80%, tính theo: huyện}
"""
BOOK = a_book(FLAGS)
QUARTERS = a_book(
    FLAGS.replace("xếp loại ít nhất: khá, ", "").replace("xếp loại không quá: trung bình", "xếp loại: D"),
    bands="xếp loại:\n" + "".join(f"  - {{mức: {name}, phần tư: {k}}}\n" for k, name in enumerate("ABCD", 1)),
)
BOOKS = {"percent": BOOK, "quarters": QUARTERS}
MAXIMA = (20, 12, 8)
HEAD: list[Value] = ["STT", "Huyện", "Đơn vị", "TC1", "TC2.1", "TC2.2", "Tổng điểm"]

hundredths = [st.integers(0, 100 * most).map(lambda n: n / 100) for most in MAXIMA]
scores = st.tuples(*hundredths)
sheets = st.lists(scores, min_size=1, max_size=9)


def name(n: int) -> tuple[str, str]:
    return f"Huyện {['Một', 'Hai'][n % 2]}", f"Xã Số {n}"


def grid(units: Sequence[tuple[int, Sequence[Value]]], year: int = 2019) -> Grid:
    """A sheet of these units, (number, points) in this order."""
    rows: list[list[Value]] = [[f"BẢNG ĐIỂM NĂM {year}"], HEAD]
    rows += [[float(place), *name(n), *points] for place, (n, points) in enumerate(units, 1)]
    return Grid("diem.xlsx", str(year), rows)


def numbered(points: Sequence[Sequence[Value]]) -> list[tuple[int, Sequence[Value]]]:
    return list(enumerate(points))


def results(outcome: Outcome) -> dict[str, tuple[object, ...]]:
    """Everything about each unit but its place in the sheet."""
    return {
        str(r.unit): (r.status, r.points, r.percent, r.band, r.titles, r.rank, r.of, r.group_rank, r.group_of, r.why)
        for r in outcome.ratings
    }


# ---------------------------------------------------------------------------------------------- the order


@given(sheets, st.randoms(use_true_random=False))
@pytest.mark.parametrize("bands_by", BOOKS)
def test_the_order_of_the_rows_does_not_matter(bands_by, points, random):
    book = BOOKS[bands_by]
    units = numbered(points)
    shuffled = list(units)
    random.shuffle(shuffled)
    one, other = run(book, grid(units)), run(book, grid(shuffled))
    assert results(one) == results(other)
    said = sorted((f.code, str(f.unit), f.group, f.criterion, f.streak is None) for f in one.findings)
    assert said == sorted((f.code, str(f.unit), f.group, f.criterion, f.streak is None) for f in other.findings)


@given(sheets, st.permutations(range(3)))
def test_the_order_of_the_columns_does_not_matter(points, order):
    plain = Grid(
        "d.xlsx", "2019", [["Đơn vị", "TC1", "TC2.1", "TC2.2"], *([name(n)[1], *row] for n, row in enumerate(points))]
    )
    codes = [("TC1", "TC2.1", "TC2.2")[place] for place in order]
    turned = [[name(n)[1], *(row[place] for place in order)] for n, row in enumerate(points)]
    assert results(run(BOOK, plain)) == results(run(BOOK, Grid("d.xlsx", "2019", [["Đơn vị", *codes], *turned])))


# --------------------------------------------------------------------------------------------- the points


@given(sheets, st.integers(0, 8), st.integers(0, 2), st.integers(1, 500))
@pytest.mark.parametrize("bands_by", BOOKS)
def test_more_points_never_lower_the_rank_nor_the_band(bands_by, points, who, which, more):
    book = BOOKS[bands_by]
    who %= len(points)
    raised = [list(row) for row in points]
    raised[who][which] = min(MAXIMA[which], (round(raised[who][which] * 100) + more) / 100)
    before, after = (run(book, grid(numbered(each))).ratings for each in (points, raised))
    mine, now = before[who], after[who]
    assert now.rank <= mine.rank
    assert now.group_rank <= mine.group_rank
    places = {band.name: place for place, band in enumerate(book.book.bands)}
    assert places[now.band] <= places[mine.band]
    if book is BOOK:  # bands by percent alone: nobody else's band moves
        assert [r.band for n, r in enumerate(after) if n != who] == [r.band for n, r in enumerate(before) if n != who]


@given(sheets)
def test_totals_are_exact_and_ranks_count_those_above(points):
    outcome = run(BOOK, grid(numbered(points)))
    totals = [sum(Decimal(f"{value:.2f}") for value in row) for row in points]
    assert [rating.points for rating in outcome.ratings] == totals
    assert [rating.percent for rating in outcome.ratings] == [100 * Fraction(total) / 40 for total in totals]
    assert [rating.rank for rating in outcome.ratings] == [
        1 + sum(other > total for other in totals) for total in totals
    ]


SCALED = """
tiêu chí:
  - {{mã: TC1, tên: Tiêu chí một, điểm tối đa: {}}}
  - mã: TC2
    tên: Tiêu chí hai
    điểm tối đa: {}
    gồm:
      - {{mã: TC2.1, tên: Phần thứ nhất, điểm tối đa: {}}}
      - {{mã: TC2.2, tên: Phần thứ hai, điểm tối đa: {}}}
"""


def scaled_book(factor: int) -> Loaded:
    return a_book(criteria=SCALED.format(20 * factor, 20 * factor, 12 * factor, 8 * factor))


@given(sheets, st.sampled_from([2, 3, 7, 10, 1000]))
def test_scaling_every_score_and_maximum_changes_no_band_by_percent(points, factor):
    bigger = [[round(value * 100) * factor / 100 for value in row] for row in points]
    one, other = run(BOOK, grid(numbered(points))), run(scaled_book(factor), grid(numbered(bigger)))
    assert [(r.percent, r.band, r.rank) for r in one.ratings] == [(r.percent, r.band, r.rank) for r in other.ratings]


# ---------------------------------------------------------------------------------------------- the years

PAST = Grid("ls.xlsx", "Lịch sử", [["Huyện", "Đơn vị", 2015.0, 2016.0, 2017.0, 2018.0]])
known_bands = st.sampled_from([None, "tốt", "khá", "trung bình", "yếu"])


def wide(rows: Sequence[Sequence[Value]], first: int = 2015) -> Grid:
    years: list[Value] = [float(first + k) for k in range(max(map(len, rows), default=1))]
    return Grid(
        "ls.xlsx", "Lịch sử", [["Huyện", "Đơn vị", *years], *([*name(n), *bands] for n, bands in enumerate(rows))]
    )


def as_grid(outcome: Outcome) -> Grid:
    """Lịch sử as a workbook gives it back: numbers as floats, empty texts as nothing."""
    (table,) = tables.history(outcome).tables
    lines = [[column.heading for column in table.columns], *table.rows]
    stored = [[float(v) if isinstance(v, Decimal | int) else v or None for v in line] for line in lines]
    return Grid("nam-truoc.xlsx", "Lịch sử", stored)  # type: ignore[arg-type]


def told(outcome: Outcome) -> dict[tuple[str, int], tuple[object, ...]]:
    """What is known of every unit and year before the classified one."""
    units = [(unit, each) for p, unit in enumerate(outcome.sheet.units) for each in outcome.past.of(p).values()]
    return {
        (str(unit), each.year): (
            each.band,
            each.titles,
            each.rank,
            each.of,
            each.points,
            each.max_points,
            each.flags,
            each.book,
        )
        for unit, each in (*units, *outcome.past.others)
    }


@given(sheets, st.lists(st.lists(known_bands, min_size=4, max_size=4), max_size=12))
def test_write_then_read_gives_the_same_history(points, bands):
    now = run(BOOK, grid(numbered(points)), history=[wide(bands)])
    full: list[Sequence[Value]] = [MAXIMA] * len(points)
    later = run(BOOK, grid(numbered(full), 2020), history=[as_grid(now)])
    before, after = told(now), told(later)
    assert {key: value for key, value in after.items() if key[1] < 2019} == before
    own = {str(rating.unit): rating for rating in now.ratings}
    for (unit, year), known in after.items():
        if year == 2019:
            rating = own[unit]
            assert known[:6] == (
                rating.band,
                {*rating.titles},
                rating.rank,
                rating.of,
                rating.points,
                rating.max_points,
            )


@given(st.lists(known_bands, min_size=1, max_size=6), st.tuples(*hundredths), st.tuples(*hundredths))
def test_a_streak_of_n_is_one_of_n_plus_1_if_the_new_year_is_as_bad(bands, points, more):
    assume(sum(round(v * 100) for v in points) < 2600)
    assume(sum(round(v * 100) for v in more) < 2600)  # below 65 %: trung bình or yếu, both years

    def streak(outcome: Outcome) -> int:
        return next((f.streak.years for f in outcome.findings if f.code == "hai-nam" and f.streak), 1)

    now = run(BOOK, grid(numbered([points])), history=[wide([bands], 2019 - len(bands))])
    by_hand = 1
    for band in reversed(bands):
        if band not in ("trung bình", "yếu"):
            break
        by_hand += 1
    assert streak(now) == by_hand
    assert streak(run(BOOK, grid(numbered([more]), 2020), history=[as_grid(now)])) == by_hand + 1


# ------------------------------------------------------------------------------------- anything at all

anything: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),  # the room `read` lets no others pass
    st.integers(-(10**18), 10**18),
    st.floats(0, 20),
    st.text(max_size=12),
    st.sampled_from([
        "", " ", "9,5", "1.234", "-", "x", "Cộng", "Tổng cộng", "Xã Ná", "Huyện Ba", "I", "II.", "(1)", "Năm 2018",
        "2018", "TC1", "STT", "Đơn vị", "trung bình", "TB", "không", "Điểm tối đa", "NĂM 2017", "Tự chấm", "Thẩm định",
        "Người lập", "٣", "²", "½",
    ]),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.dates(date(1900, 1, 1)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=10**5)),
    st.sampled_from([CellError("#REF!"), CellError("#N/A"), Uncomputed("=SUM(A1)"), time(0), -0.0, 1e-300]),
)  # fmt: skip
cells = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 7), anything), max_size=12)
merges = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6), st.integers(0, 3), st.integers(0, 3)), max_size=3)


def disturbed(
    plain: Grid, changes: Sequence[tuple[int, int, Value]], areas: Sequence[tuple[int, int, int, int]] = ()
) -> Grid:
    rows = [list(row) for row in plain.rows]
    for place, column, value in changes:
        row = rows[place % len(rows)]
        row += [None] * (column + 1 - len(row))
        row[column] = value
    merged = tuple((top, left, top + down, left + right) for top, left, down, right in areas if down or right)
    return Grid(plain.file, plain.sheet, rows, plain.top, plain.left, merged=plain.merged + merged)


@settings(max_examples=60)
@given(cells, cells, cells, merges)
@pytest.mark.parametrize("bands_by", BOOKS)
def test_no_value_in_any_cell_makes_a_step_crash(bands_by, changes, of_history, of_people, areas):
    book = BOOKS[bands_by]
    plain = grid(numbered([(18.0, 5.0, 5.0, 28.0), (9.0, 4.0, 5.0, 18.0), (20.0, 12.0, 8.0, 40.0)]))
    band = book.book.bands[-1].name
    history = Grid(
        "ls.xlsx",
        "Lịch sử",
        [["Năm", "Đơn vị", "Xếp loại", "Danh hiệu", "Xếp hạng", "Điểm"], [2018.0, "Xã Số 0", band]],
    )
    people = Grid(
        "diem.xlsx",
        "Phân công",
        [["Đơn vị", "Tiêu chí", "Lãnh đạo", "Công chức"], ["Xã Số 0", "TC1", "Lò A", "Vàng B"]],
    )
    given_grids = [disturbed(plain, changes, areas), disturbed(people, of_people)]
    try:
        outcome = run(book, *given_grids, history=[disturbed(history, of_history), disturbed(PAST, of_history)])
    except Unusable:
        return
    for page in tables.pages(outcome):  # and the result can be put into words
        for table in page.tables:
            assert all(len(row) == len(table.columns) for row in table.rows)
    assert all(rating.points is not None for rating in outcome.ratings if rating.status == "rated")
    assert all(rating.rank is None for rating in outcome.ratings if rating.status == "unrated")
    assert all(0 <= rating.percent <= 100 for rating in outcome.ratings if rating.percent is not None)


@given(cells)
def test_a_disturbed_cell_touches_only_its_own_row_or_is_spoken_of(changes):
    """Nothing is lost in silence: a rated unit that vanishes or becomes unrated is named by a finding or its row is."""
    plain = grid(numbered([(18.0, 5.0, 5.0), (9.0, 4.0, 5.0), (20.0, 12.0, 8.0)]))
    only_points = [(2 + row % 3, 3 + column % 3, value) for row, column, value in changes]
    outcome = run(BOOK, disturbed(plain, only_points))
    assert [str(rating.unit) for rating in outcome.ratings] == [
        "Xã Số 0 (Huyện Một)",
        "Xã Số 1 (Huyện Hai)",
        "Xã Số 2 (Huyện Một)",
    ]
    named = {cell.row for finding in outcome.errors for cell in finding.cells}
    for place, rating in enumerate(outcome.ratings):
        touched = any(row == 2 + place for row, _, _ in only_points)
        assert (rating.status == "unrated") == (2 + place in named)
        assert rating.status == "rated" or touched


# ------------------------------------------------------------------------------------ any book that loads

SAMPLES = {  # the shipped books, each with its sample
    "cqcs-dien-bien": "tinh-mau-2016-2019",
    "trong-sach-vung-manh-lao-cai": "trong-sach-vung-manh-2015-2019",
    "par-index-huyen": "par-index-huyen-2017-2020",
    "par-index-tinh": "par-index-tinh-2015-2016",
    "nguoi-dung-dau-son-la": "nguoi-dung-dau-2015-2016",
    "co-so-thua-thien-hue": "co-so-thua-thien-hue-2015-2017",
    "nd-335-2025-ubnd-xa": "nd-335-2025-ubnd-xa-2026",
    "nd-335-2025-mau-01": "nd-335-2025-mau-01-2026",
    "nd-307-2025-phan-loai": "nd-307-2025-phan-loai",
    "hai-phong-212-2025-phu-luc-1": "hai-phong-212-2025-phu-luc-1",
    "hai-phong-212-2025-phu-luc-2": "hai-phong-212-2025-phu-luc-2",
    "hai-phong-212-2025-phu-luc-3": "hai-phong-212-2025-phu-luc-3",
    "can-tho-2579-2025": "can-tho-2579-2025",
}
ENOUGH = 30
"""Rows of each sheet: every kind of row is among them, and a run takes a tenth of a second."""
WORDS = (
    ("ít nhất", "trên", "không quá", "dưới"),
    ("dừng", "bỏ qua", "phải đủ"),
    ("điểm thấp", "liên tiếp", "chỉ tiêu", "không chuyển biến", "nguyên nhân", "cuối bảng", "thấp nhất", "sát ngưỡng"),
    ("nhập điểm", "tỷ lệ", "đếm", "trừ dần"),
    ("có", "không"),
    ("%", " điểm"),
)


@cache
def sample(code: str) -> tuple[Grid, ...]:
    """The sheets of this book's sample, down to ENOUGH rows."""
    ((source, _),) = read([ROOT / "samples" / f"{SAMPLES[code]}.xlsx"])
    assert source
    return tuple(Grid(g.file, g.sheet, g.rows[:ENOUGH], g.top, g.left, merged=g.merged) for g in source.grids)


def rewritten(text: str, changes: Sequence[tuple[str, int, int]]) -> str:
    """A book in which lines are left out, doubled, exchanged, and numbers and words are others."""
    lines = text.splitlines()
    for what, place, other in changes:
        here, there = place % len(lines), other % len(lines)
        if what == "leave out":
            del lines[here : here + 1 + other % 3]
        elif what == "double":
            lines.insert(there, lines[here])
        elif what == "exchange":
            lines[here], lines[there] = lines[there], lines[here]
        elif what == "number":
            numbers = [n for n, line in enumerate(lines) if re.search(r"\d", line)]
            here = numbers[place % len(numbers)] if numbers else here
            lines[here] = re.sub(r"\d+(?:,\d+)?", str(other % 120), lines[here], count=1)
        else:
            words = WORDS[other % len(WORDS)]
            old, new = words[place % len(words)], words[other // len(WORDS) % len(words)]
            spots = [n for n, line in enumerate(lines) if old in line]
            here = spots[place % len(spots)] if spots else here
            lines[here] = lines[here].replace(old, new, 1)
        lines = lines or [""]
    return "\n".join(lines)


places = st.integers(0, 10**4)
edits = st.tuples(
    st.sampled_from(["leave out", "double", "exchange", "number", "number", "word", "word"]), places, places
)
anywhere = st.lists(st.tuples(st.integers(0, ENOUGH), st.integers(0, 40), anything), max_size=6)


@pytest.mark.parametrize("code", SAMPLES)
def test_no_book_that_loads_makes_a_step_crash(code):
    text = shipped_books()[code].read_text("utf-8")
    loaded = []

    @settings(max_examples=40, database=None)
    @given(st.lists(edits, max_size=2), anywhere)
    def law(changes, disturbances):
        try:
            book = loads(rewritten(text, changes).encode(), "bo.yaml")
        except Unusable:
            return
        loaded.append(changes)
        try:
            outcome = run(book, *(disturbed(each, disturbances) for each in sample(code)))
        except Unusable:
            return
        assert all(len(row) == len(t.columns) for page in tables.pages(outcome) for t in page.tables for row in t.rows)
        json.dumps(outcome)

    law()
    assert sum(bool(changes) for changes in loaded) >= 4  # books that nobody wrote


KINDS = ("Xã ", "Phường ", "Thị trấn ", "")
BETWEEN: list[list[Value]] = [
    [None],
    [None, "Cộng", 20.0, 5.0, 5.0],
    [None, "Tổng cộng", 90.0, 30.0, 20.0],
    ["I", "Huyện Ba", None],
    [None, "Huyện Tư", 18.0, 5.0, 5.0],
    [None, "(*) Điểm đã làm tròn", None],
    ["STT", "Đơn vị", "TC1", "TC2.1", "TC2.2"],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
]
some_points = st.sampled_from(
    [(18.0, 5.0, 5.0), (0.0, 0.0, 0.0), (None, None, None), (9.0, None, None), ("vắng", "x", None)]
)
units_of_a_table = st.lists(
    st.tuples(st.sampled_from(KINDS), some_points, st.sampled_from([None, *BETWEEN])), min_size=1, max_size=8
)


@given(units_of_a_table, st.booleans(), st.booleans())
def test_no_unit_is_lost_whatever_stands_between_the_rows(units, numbered, signed):
    """Every name is a unit, or a finding that is more than a note speaks of it."""
    rows: list[list[Value]] = [["STT", "Đơn vị", "TC1", "TC2.1", "TC2.2"]]
    for n, (kind, points, before) in enumerate(units, 1):
        rows += [before] if before else []
        rows.append([float(n) if numbered else None, f"{kind}Nậm {'ABCDEFGH'[n - 1]}", *points])
    rows += [[None], [None, "Người lập biểu", None, "Chủ tịch"], [None, "Lò Thị Tám"]] if signed else []
    try:
        outcome = run(BOOK, Grid("diem.xlsx", "2019", rows))
        found, said = {unit.name for unit in outcome.sheet.units}, outcome.findings
    except Unusable as stopped:
        found, said = set(), stopped.findings
    spoken = " ".join(finding.message for finding in said if finding.severity != "note")
    for n, (kind, _, _) in enumerate(units):
        name = f"{kind}Nậm {'ABCDEFGH'[n]}"
        assert name in found or name in spoken
    assert "Lò Thị Tám" not in found
    assert not found & {"Cộng", "Tổng cộng"}


# --------------------------------------------------------------------------------------------- the words


@given(st.text(max_size=30))
def test_cleaning_comparing_and_folding_twice_is_doing_it_once(text):
    for change in (vi.clean, vi.key, vi.fold):
        assert change(change(text)) == change(text)


@given(st.decimals(0, 10**6, places=3))
def test_a_number_written_by_an_official_is_read_as_that_number(value):
    assert vi.read_number(vi.number(value), "phẩy") == value


@given(st.integers(0, 10**14), st.integers(0, 6))
def test_a_number_in_a_float_is_the_one_that_was_typed(digits, places):
    typed = Decimal(digits).scaleb(-places)
    assert vi.from_float(float(typed)) == typed
