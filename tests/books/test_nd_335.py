"""Nghị định 335/2025/NĐ-CP: the classes of UBND cấp xã (Điều 8), their gaps, the quota, the heads (Điều 20.6).

What is expected is the decree's or worked out by hand. A grid has rows of 40 tasks, so that 12 are 30 %, 8 are 20 % and 28 are
70 %. The sample's communes stand in samples/make_nd_335.py, each with what it is there for. Mẫu 01: test_nd_335_mau_01.py.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import brief, run
from xeploai.book.load import Loaded, load_book, loads
from xeploai.examples import check_book
from xeploai.findings import Finding, Severity
from xeploai.model import Grid, Rating, Value
from xeploai.pipeline import Outcome, classify_files

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "rules" / "nd-335-2025-ubnd-xa.yaml"
SAMPLE = ROOT / "samples" / "nd-335-2025-ubnd-xa-2026.xlsx"
BEST, GOOD, DONE, FAILED = CLASSES = (
    "Hoàn thành xuất sắc nhiệm vụ", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ",
)  # fmt: skip
QUOTA_TIE, HEAD_ABOVE, DECIDED, UNDETERMINED = "DL59", "DL62", "DL64", "DL65"
Row = dict[str, Value]

# All of the tasks done, on time, with quality; 30 % exceeded; nothing to remedy: what every class asks for.
WHOLE: Row = {
    "NV": 40.0, "HT": 40.0, "DH": 40.0, "CH": 0.0, "CL": 40.0, "VM": 12.0, "TT": 0.0, "HC": 0.0, "KP": 0.0, "SP": "không",
    "BKK": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Loaded:
    return load_book(BOOK)


@pytest.fixture(scope="module")
def sample() -> Outcome:
    return classify_files([SAMPLE], rules=BOOK)


def edited(*changes: tuple[str, str]) -> Loaded:
    """The book after an officer has changed these words in it."""
    text = BOOK.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return loads(text.encode(), BOOK.name)


def a_row(points: float, **facts: Value) -> Row:
    """A commune with so many points, 30 of them for the common criteria, and these facts instead of the whole ones."""
    common = min(30.0, points)
    return {"TCC": common, "KQ": round(points - common, 2), **WHOLE, **facts}


def rated(book: Loaded, *rows: Row, beside: tuple[Grid, ...] = ()) -> Outcome:
    """Communes «Xã 1», «Xã 2» … with these rows."""
    called = {fact.code: fact.name for fact in book.book.facts} | {c: n.name for c, n in book.book.nodes.items()}
    heading = ["TT", "Đơn vị", *(called[code] for code in rows[0])]
    table = [[float(n), f"Xã {n}", *row.values()] for n, row in enumerate(rows, 1)]
    return run(book, Grid("bieu.xlsx", "Năm 2026", [heading, *table]), *beside)


def computed(book: Loaded, points: float, **facts: Value) -> str | None:
    """The class by points and conditions alone, before caps and quota."""
    return rated(book, a_row(points, **facts)).ratings[0].computed


def band_of(book: Loaded, points: float, **facts: Value) -> tuple[str, str | None]:
    rating = rated(book, a_row(points, **facts)).ratings[0]
    return rating.status, rating.band


def why(rating: Rating) -> str:
    return "; ".join(rating.why)


def found(outcome: Outcome, code: str) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.code == code]


def named(outcome: Outcome, name: str) -> Rating:
    return next(rating for rating in outcome.ratings if rating.unit.name == name)


def in_class(outcome: Outcome, band: str | None) -> set[str]:
    return {rating.unit.name for rating in outcome.ratings if rating.band == band}


# --- the book ---


def test_the_examples_come_out_and_nothing_is_illustrative(book):
    assert check_book(book) == []
    assert not book.book.illustrative
    assert not book.book.in_force(2025)  # in force from 01/01/2026
    assert book.book.in_force(2026)


def test_30_and_70_points_and_no_number_that_the_decree_does_not_give(book):
    assert [(node.code, node.max_points) for node in book.book.criteria] == [("TCC", 30), ("KQ", 70)]  # Đ6, Đ7
    assert all(not node.parts for node in book.book.criteria)  # Đ7.2: the province specifies them
    assert BOOK.read_text(encoding="utf-8").count("# [TỈNH]") == 2


def test_every_class_cap_and_quota_names_its_article(book):
    parts = (*book.book.bands, *book.book.caps, *book.book.quotas, *book.book.criteria)
    assert all(part.basis and part.basis.startswith("Nghị định 335/2025/NĐ-CP, Điều ") for part in parts)


# --- Điều 8: four classes, by points and conditions ---


@pytest.mark.parametrize(
    ("points", "band"),
    [(100, BEST), (90, BEST), (89.99, GOOD), (70, GOOD), (69.99, DONE), (50, DONE), (49.99, FAILED), (0, FAILED)],
)
def test_the_edges_in_points(book, points, band):  # ≥ 90 · 70 – < 90 · 50 – < 70 · < 50
    assert computed(book, points) == band


@pytest.mark.parametrize(("exceeded", "band"), [(11, None), (12, BEST), (13, BEST)])
def test_30_percent_exceeded_exactly_is_enough(book, exceeded, band):
    assert computed(book, 95, VM=float(exceeded)) == band


@pytest.mark.parametrize(("late", "band"), [(9, None), (8, DONE), (1, DONE), (0, DONE)])
def test_20_percent_late_exactly_is_allowed(book, late, band):
    assert computed(book, 60, CH=float(late), DH=40.0 - late) == band


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"TT": 1.0}, "số phòng, đơn vị trực thuộc không hoàn thành nhiệm vụ 1, cần không quá 0 đơn vị"),
        ({"HC": 3.0, "KP": 2.0}, "hạn chế, khuyết điểm đã khắc phục 66,67% (2/3), cần ít nhất 100%"),
        ({"CL": 39.0}, "nhiệm vụ bảo đảm chất lượng 97,5% (39/40), cần ít nhất 100%"),
    ],
)
def test_each_other_condition_of_the_highest_class(book, facts, words):
    rating = rated(book, a_row(95, **facts)).ratings[0]
    assert (rating.status, rating.band) == ("undetermined", None)
    assert words in why(rating)


def test_the_second_class_asks_for_less(book):
    assert computed(book, 80, VM=0.0, TT=2.0, HC=3.0, KP=0.0) == GOOD  # none of these is a condition of "tốt"


def test_the_third_class_asks_for_no_quality(book):
    assert computed(book, 60, CL=10.0, VM=0.0) == DONE


def test_all_shortcomings_remedied_or_none_there(book):
    assert computed(book, 95, HC=3.0, KP=3.0) == BEST
    assert computed(book, 95, HC=0.0, KP=0.0) == BEST


# --- the three gaps: no class has both the points and the conditions ---


@pytest.mark.parametrize(
    ("points", "facts", "words"),
    [
        # 1. ≥ 90 points, less than 30 % exceeded: "tốt" says 70 – < 90
        (92, {"VM": 11.0},
         f"đủ điểm của mức {BEST} nhưng không đạt điều kiện: nhiệm vụ vượt mức 27,5% (11/40), cần ít nhất 30%"),
        # 2. 70 – < 90 points, not all on time: "hoàn thành" says 50 – < 70
        (75, {"DH": 39.0, "CH": 1.0},
         f"đủ điểm của mức {GOOD} nhưng không đạt điều kiện: nhiệm vụ đúng tiến độ 97,5% (39/40), cần ít nhất 100%"),
        # 3. 70 % ≤ done < 100 %, ≥ 50 points: "hoàn thành" needs 100 %, "không hoàn thành" less than 70 %
        (60, {"HT": 30.0, "DH": 30.0, "CL": 30.0, "VM": 0.0},
         f"đủ điểm của mức {DONE} nhưng không đạt điều kiện: nhiệm vụ hoàn thành 75% (30/40), cần ít nhất 100%"),
    ],
)  # fmt: skip
def test_a_gap_of_the_decree_is_undetermined_and_says_which_condition_failed(book, points, facts, words):
    outcome = rated(book, a_row(points, **facts))
    rating = outcome.ratings[0]
    assert (rating.status, rating.band, rating.computed) == ("undetermined", None, None)
    assert f"chưa xác định: {words}" in why(rating)
    assert "vượt mức" not in why(rating) or points == 92  # only what failed is named
    (finding,) = found(outcome, UNDETERMINED)
    assert words in finding.message
    assert (finding.severity, finding.at.address) == (Severity.WARNING, "B2")
    assert "«Quyết định»" in finding.duty


def test_the_authority_closes_a_gap(book):
    decision = decisions(("Xã 1", GOOD))
    outcome = rated(book, a_row(92, VM=11.0), beside=(decision,))
    rating = outcome.ratings[0]
    assert (rating.band, rating.computed) == (GOOD, None)
    assert not found(outcome, UNDETERMINED)
    (note,) = found(outcome, DECIDED)
    assert "phần mềm tính ra chưa xác định" in note.message
    assert "Quyết định số 1/QĐ-UBND" in note.message


# --- a missing fact is not a no ---


@pytest.mark.parametrize("code", ["NV", "HT", "DH", "CL", "VM", "TT", "HC", "KP"])
def test_without_a_fact_the_class_is_undetermined_and_the_fact_is_named(book, code):
    rating = rated(book, a_row(95, **{code: None})).ratings[0]
    assert (rating.status, rating.band) == ("undetermined", None)
    assert f"thiếu số liệu «{book.book.fact_names.find(code).name}»" in why(rating)


def test_a_fact_that_the_class_does_not_ask_for_may_be_missing(book):
    assert band_of(book, 80, VM=None, TT=None, HC=None, KP=None, CH=None) == ("rated", GOOD)


def test_no_tasks_make_no_share(book):
    rating = rated(book, a_row(95, NV=0.0, HT=0.0, DH=0.0, CL=0.0, VM=0.0)).ratings[0]
    assert rating.band is None
    assert "«Nhiệm vụ được giao» bằng 0" in why(rating)


def test_nobody_is_cleared_of_wrongdoing_by_a_blank_cell(book):
    rating = rated(book, a_row(80, SP=None)).ratings[0]
    assert (rating.status, rating.band, rating.computed) == ("undetermined", None, GOOD)
    assert "chưa biết có bị khống chế «ket-luan-sai-pham» không: thiếu số liệu «Kết luận sai phạm»" in why(rating)
    assert band_of(book, 40, SP=None) == ("rated", FAILED)  # it could change nothing here


# --- "không hoàn thành", whatever the points ---


@pytest.mark.parametrize("said", ["công tác cán bộ", "mất đoàn kết nội bộ", "bè phái, cục bộ", "chạy chức, chạy quyền"])
def test_concluded_wrongdoing_sets_the_lowest_class(book, said):
    rating = rated(book, a_row(88, SP=said)).ratings[0]
    assert (rating.status, rating.band, rating.computed) == ("rated", FAILED, GOOD)
    assert f"Kết luận sai phạm: {said}: xếp {FAILED} (Nghị định 335/2025/NĐ-CP, Điều 8)" in why(rating)


@pytest.mark.parametrize(
    ("done", "band"),
    [(28, None), (27, FAILED), (0, FAILED)],  # 70 % exactly is not less than 70 %: gap 3
)
def test_less_than_70_percent_of_the_tasks_done(book, done, band):
    facts = dict.fromkeys(("HT", "DH", "CL"), float(done))
    rating = rated(book, a_row(95, **facts)).ratings[0]
    assert rating.band == band
    assert ("khống chế «duoi-70-nhiem-vu»" in why(rating)) == (band == FAILED)


def test_force_majeure_is_left_to_the_authority(book):
    facts = dict.fromkeys(("HT", "DH", "CL"), 27.0)
    assert band_of(book, 60, **facts, BKK="không") == ("rated", FAILED)
    assert band_of(book, 60, **facts, BKK="có") == ("undetermined", None)
    assert band_of(book, 40, **facts, BKK="có") == ("rated", FAILED)  # < 50 points


# --- Điều 8.5: at most 20 % (25 %) of those rated "tốt" ---

PLAIN = ("kể cả đơn vị bị chuyển xuống: có\n", "kể cả đơn vị bị chuyển xuống: không\n")
QUARTER = ("không quá: 20%               # có quyết định", "không quá: 25%               # có quyết định")


def province(book: Loaded, good: int, *best: float, beside: tuple[Grid, ...] = ()) -> Outcome:
    """So many communes rated "tốt", after the candidates with these points: Xã 1, Xã 2 …"""
    return rated(book, *(a_row(points) for points in best), *(a_row(75) for _ in range(good)), beside=beside)


@pytest.mark.parametrize(
    ("good", "candidates", "at_20", "plain_20", "at_25", "plain_25"),
    [  # ⌊(G+C)/6⌋ · ⌊0,2·G⌋ · ⌊(G+C)/5⌋ · ⌊0,25·G⌋
        (4, 1, 0, 0, 1, 1), (5, 1, 1, 1, 1, 1), (4, 2, 1, 0, 1, 1), (0, 6, 1, 0, 1, 0), (10, 8, 3, 2, 3, 2),
        (18, 8, 4, 3, 5, 4),
    ],
)  # fmt: skip
def test_how_many_may_be_excellent(good, candidates, at_20, plain_20, at_25, plain_25):
    points = [99.0 - n for n in range(candidates)]
    for changes, places in (
        ((), at_20), ((PLAIN,), plain_20), ((QUARTER,), at_25), ((QUARTER, PLAIN), plain_25),
    ):  # fmt: skip
        outcome = province(edited(*changes), good, *points)
        assert in_class(outcome, BEST) == {f"Xã {n + 1}" for n in range(places)}, changes
        assert len(in_class(outcome, GOOD)) == good + candidates - places  # the rest move down one class
        assert all(rating.computed == BEST for rating in outcome.ratings[:candidates])


def test_the_trace_says_how_the_places_were_counted():
    (stays, *_, leaves) = province(edited(), 18, *range(99, 91, -1)).ratings[:8]
    assert "trong hạn mức «xuat-sac»: 4 suất = 20% của 22" in why(stays)  # 18 + 4 that move down
    assert "kể cả đơn vị bị chuyển xuống" in why(stays)
    assert "vượt hạn mức «xuat-sac»" in why(leaves)
    assert f"chuyển xuống {GOOD}" in why(leaves)
    (stays, *_) = province(edited(PLAIN), 18, *range(99, 91, -1)).ratings
    assert "3 suất = 20% của 18" in why(stays)
    assert "không kể đơn vị bị chuyển xuống" in why(stays)


def test_all_who_fit_stay_even_when_they_are_equal(book):
    outcome = province(book, 10, 95.0, 95.0)  # ⌊12/6⌋ = 2
    assert in_class(outcome, BEST) == {"Xã 1", "Xã 2"}
    assert not found(outcome, QUOTA_TIE)


def test_of_equals_at_the_line_nobody_is_picked(book):
    outcome = province(book, 4, 95.0, 95.0)  # ⌊6/6⌋ = 1
    assert [(rating.status, rating.band) for rating in outcome.ratings[:2]] == [("undetermined", None)] * 2
    (finding,) = found(outcome, QUOTA_TIE)
    assert "còn 1 suất «Hoàn thành xuất sắc nhiệm vụ» nhưng 2 đơn vị bằng nhau: Xã 1; Xã 2" in finding.message
    assert (finding.severity, [cell.address for cell in finding.cells]) == (Severity.WARNING, ["B2", "B3"])


def test_better_ones_stay_and_worse_ones_go_while_equals_wait(book):
    outcome = province(book, 8, 97.0, 95.0, 95.0, 92.0)  # ⌊12/6⌋ = 2: one, and one of two
    assert [rating.band for rating in outcome.ratings[:4]] == [BEST, None, None, GOOD]


def decisions(*rows: tuple[str, str]) -> Grid:
    heading = ["TT", "Đơn vị", "Xếp loại", "Lý do", "Văn bản"]
    table = [
        [float(n), unit, band, "Có sản phẩm nổi bật hơn", f"Quyết định số {n}/QĐ-UBND"]
        for n, (unit, band) in enumerate(rows, 1)
    ]
    return Grid("bieu.xlsx", "Quyết định", [heading, *table])


def test_a_decision_settles_the_tie(book):
    outcome = province(book, 4, 95.0, 95.0, beside=(decisions(("Xã 2", BEST)),))
    assert [rating.band for rating in outcome.ratings[:2]] == [GOOD, BEST]
    assert not found(outcome, QUOTA_TIE)
    assert "cấp có thẩm quyền quyết định" in why(outcome.ratings[1])


def test_a_tie_break_in_the_book_settles_the_tie():
    rows = [a_row(95, TCC=26.0, KQ=69.0), a_row(95, TCC=25.5, KQ=69.5), *(a_row(75) for _ in range(4))]
    assert found(rated(edited(), *rows), QUOTA_TIE)
    outcome = rated(edited(("# khi bằng điểm: [KQ]", "khi bằng điểm: [KQ]")), *rows)
    assert [rating.band for rating in outcome.ratings[:2]] == [GOOD, BEST]
    assert not found(outcome, QUOTA_TIE)


# --- Điều 20.6: the head is never above the unit; Điều 9: lower level before higher ---


def persons(*rows: tuple[str, str, str, str]) -> Grid:
    heading = ["TT", "Họ và tên", "Chức vụ", "Đơn vị", "Mức đề xuất"]
    return Grid("bieu.xlsx", "Người đứng đầu", [heading, *([float(n), *row] for n, row in enumerate(rows, 1))])


CHIEF, DEPUTY = "Chủ tịch UBND xã", "Phó Chủ tịch UBND xã"


@pytest.mark.parametrize(
    ("points", "proposed", "band"),
    [
        (75, FAILED, FAILED), (75, DONE, DONE), (75, GOOD, GOOD), (75, BEST, GOOD),  # at most "tốt", and never lifted
        (60, GOOD, DONE), (40, BEST, FAILED),
    ],
)  # fmt: skip
def test_the_head_is_never_above_the_unit(book, points, proposed, band):
    outcome = rated(book, a_row(points), beside=(persons(("Lò Khải Rạng", CHIEF, "Xã 1", proposed)),))
    head = outcome.ratings[0].head
    assert (head.proposed, head.band) == (proposed, band)
    above = found(outcome, HEAD_ABOVE)
    assert bool(above) == (proposed != band)
    if above:
        assert above[0].basis == "Nghị định 335/2025/NĐ-CP, Điều 20 khoản 6"
        assert above[0].at.address == "E2"


def test_the_clause_says_nothing_of_deputies(book):
    outcome = rated(book, a_row(75), beside=(persons(("Cà Nhã Vời", DEPUTY, "Xã 1", BEST)),))
    (deputy,) = outcome.ratings[0].others
    assert (deputy.deputy, deputy.band) == (True, BEST)
    assert not found(outcome, HEAD_ABOVE)


def test_a_unit_that_the_quota_moves_down_takes_its_head_along(book):
    outcome = province(book, 4, 95.0, beside=(persons(("Lò Khải Rạng", CHIEF, "Xã 1", BEST)),))  # ⌊5/6⌋ = 0
    assert outcome.ratings[0].head.band == GOOD


def test_the_head_waits_for_the_unit(book):
    people = persons(("Lò Khải Rạng", CHIEF, "Xã 1", DONE), ("Cà Nhã Vời", DEPUTY, "Xã 1", DONE))
    outcome = rated(book, a_row(92, VM=11.0), beside=(people,))
    head = outcome.ratings[0].head
    assert (head.proposed, head.band) == (DONE, None)
    assert "xếp loại đơn vị trước (cấp dưới trước, cấp trên sau)" in head.why[0]
    assert not found(outcome, HEAD_ABOVE)
    decided = rated(book, a_row(92, VM=11.0), beside=(people, decisions(("Xã 1", GOOD))))
    assert decided.ratings[0].head.band == DONE


# --- the sample: 45 communes ---


def test_42_communes_and_3_wards_and_the_book_is_found_by_itself(sample):
    assert Counter(rating.unit.kind for rating in sample.ratings) == {"xã": 42, "phường": 3}
    assert classify_files([SAMPLE]).book.code == "nd-335-2025-ubnd-xa"
    assert not sample.errors


def test_the_classes_before_and_after_quota_and_decisions(sample):
    before = Counter(rating.computed for rating in sample.ratings)
    # Chiềng Phay (sai phạm) is "tốt" by points, Lao Lềnh (55/80 done) in no class, before the caps
    assert before == {BEST: 8, GOOD: 18, DONE: 10, FAILED: 1, None: 8}
    assert Counter(rating.band for rating in sample.ratings) == {BEST: 3, GOOD: 21, DONE: 11, FAILED: 3, None: 7}
    assert in_class(sample, FAILED) == {"Xã Noong Đoỏng", "Xã Chiềng Phay", "Xã Lao Lềnh"}


@pytest.mark.parametrize(
    ("unit", "band"),
    [
        ("Xã Pá Nhọt", GOOD),  # 89,99
        ("Xã Búng Tén", GOOD),  # 70
        ("Xã Pom Sưởng", DONE),  # 69,99
        ("Xã Sín Sổm", DONE),  # 50
        ("Xã Co Thọt", DONE),  # 18/90 late: 20 %
        ("Xã Noong Đoỏng", FAILED),  # 49,99
    ],
)
def test_the_edges_in_the_sample(sample, unit, band):
    assert named(sample, unit).band == band


def test_90_points_and_30_percent_exactly_are_a_candidate_whom_the_quota_moves(sample):
    rating = named(sample, "Xã Hua Ngoạng")
    assert (rating.computed, rating.band) == (BEST, GOOD)
    assert "nhiệm vụ vượt mức 30% (24/80), đạt ít nhất 30%" in why(rating)


def test_the_gaps_and_the_missing_fact_of_the_sample(sample):
    words = {
        "Phường Tân Khoang": "thiếu số liệu «Nhiệm vụ hoàn thành vượt mức»",
        "Xã Tìa Sưởng": "nhiệm vụ vượt mức 28,75% (23/80), cần ít nhất 30%",
        "Xã Lao Khúa": "nhiệm vụ đúng tiến độ 97% (97/100), cần ít nhất 100%",
        "Xã Keo Mịch": "nhiệm vụ bảo đảm chất lượng 98,72% (77/78), cần ít nhất 100%",
        "Xã Tả Nhíp": "nhiệm vụ hoàn thành 90% (72/80), cần ít nhất 100%",
    }
    tied = {"Xã Co Sổm", "Xã Phiêng Khuông"}
    said = {finding.unit.name: finding.message for finding in found(sample, UNDETERMINED)}
    assert said.keys() == in_class(sample, None) == words.keys() | tied
    assert all(words[unit] in said[unit] for unit in words)


FIRST = {"Phường Him Luốt", "Xã Loọng Keng", "Phường Nà Khiết"}  # 97,5 · 96 · 95,25
TIED = {"Xã Co Sổm", "Xã Phiêng Khuông"}  # 93,5


@pytest.mark.parametrize(
    ("changes", "best", "tie"),
    [
        ((), FIRST, True),  # ⌊26/6⌋ = 4, the fourth place is a tie
        ((PLAIN,), FIRST, False),  # ⌊0,2 × 18⌋ = 3
        ((QUARTER,), FIRST | TIED, False),  # ⌊26/5⌋ = 5
        ((QUARTER, PLAIN), FIRST, True),  # ⌊0,25 × 18⌋ = 4
    ],
)
def test_the_quota_of_the_sample_in_each_reading(tmp_path, changes, best, tie):
    rules = tmp_path / BOOK.name
    text = BOOK.read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    rules.write_text(text, encoding="utf-8")
    outcome = classify_files([SAMPLE], rules=rules)
    assert in_class(outcome, BEST) == best
    assert bool(found(outcome, QUOTA_TIE)) == tie
    assert in_class(outcome, None).issuperset(TIED) == tie


def test_the_tie_of_the_sample_is_a_finding_with_both_cells(sample):
    (finding,) = found(sample, QUOTA_TIE)
    assert "còn 1 suất" in finding.message
    assert [cell.address for cell in finding.cells] == ["B16", "B31"]


def test_one_line_more_in_the_sheet_of_decisions_settles_the_tie(tmp_path):
    workbook = load_workbook(SAMPLE)
    workbook["Quyết định"].append([3, "Xã Phiêng Khuông", BEST, "Bỏ phiếu của hội đồng", "Quyết định số 1918/QĐ-UBND"])
    workbook.save(tmp_path / SAMPLE.name)
    outcome = classify_files([tmp_path / SAMPLE.name], rules=BOOK)
    assert in_class(outcome, BEST) == FIRST | {"Xã Phiêng Khuông"}
    assert named(outcome, "Xã Co Sổm").band == GOOD
    assert not found(outcome, QUOTA_TIE)


def test_two_decisions_and_what_they_were_before(sample):
    notes = {finding.unit.name: finding for finding in found(sample, DECIDED)}
    assert notes.keys() == {"Xã Háng Phay", "Xã Chà Ngoạng"}
    assert named(sample, "Xã Háng Phay").band == GOOD  # 91 points, 20/88 exceeded
    assert named(sample, "Xã Chà Ngoạng").band == DONE  # 64/100 done, force majeure
    assert "1917/QĐ-UBND" in notes["Xã Chà Ngoạng"].message
    assert all(finding.severity is Severity.NOTE for finding in notes.values())
    assert named(sample, "Xã Lao Lềnh").band == FAILED  # 68,75 % done, and nobody says force majeure


def test_eight_heads_are_proposed_above_their_units_and_seven_wait(sample):
    assert {finding.unit.name for finding in found(sample, HEAD_ABOVE)} == {
        "Xã Tênh Mảy", "Xã Pú Keng", "Xã Hua Ngoạng",  # moved down by the quota
        "Xã Pá Nhọt", "Xã Pom Sưởng", "Xã Sín Sổm", "Xã Lao Lềnh", "Xã Chà Ngoạng",
    }  # fmt: skip
    heads = [rating.head for rating in sample.ratings]
    assert all(heads)
    for rating in sample.ratings:
        if rating.band is None:
            assert rating.head.band is None
        else:
            assert CLASSES.index(rating.head.band) >= CLASSES.index(rating.band)
    assert sum(head.band is None for head in heads) == 7


def test_deputies_of_the_sample_keep_what_was_proposed(sample):
    deputies = {rating.unit.name: rating.others[0] for rating in sample.ratings}
    assert len(deputies) == 45
    assert all(deputy.band == deputy.proposed for deputy in deputies.values())
    assert (named(sample, "Xã Tênh Mảy").band, deputies["Xã Tênh Mảy"].band) == (GOOD, BEST)
    assert (named(sample, "Xã Co Thọt").band, deputies["Xã Co Thọt"].band) == (DONE, GOOD)


def test_the_figures_of_the_sample_agree_and_a_wrong_one_is_told(sample, tmp_path):
    assert not [finding for finding in sample.findings if finding.code.startswith("kt-")]
    workbook = load_workbook(SAMPLE)
    sheet = workbook["Năm 2026"]
    assert (sheet["B13"].value, sheet["H13"].value + sheet["I13"].value) == ("Xã Sín Nhọt", sheet["G13"].value)
    sheet["I13"] = sheet["I13"].value + 1
    workbook.save(tmp_path / SAMPLE.name)
    outcome = classify_files([tmp_path / SAMPLE.name], rules=BOOK)
    told = [finding for finding in outcome.findings if finding.code.startswith("kt-")]
    assert sorted(finding.code for finding in told) == ["kt-tien-do", "kt-tong-cong"]
    assert brief(told, "kt-tien-do")[0][1] == "Xã Sín Nhọt"
