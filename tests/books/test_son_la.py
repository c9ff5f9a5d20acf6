"""The article on Sơn La, as runs of the samples: every number in it that can be computed comes out.

Article: "Sơn La đánh giá thực chất vai trò người đứng đầu cơ quan, đơn vị" (2017). Its paragraphs (đoạn) are counted from the
one that opens with "Quá trình quán triệt", headings left out:

    đoạn 4   three directors and four chairmen must explain two matters
    đoạn 5   a unit that is trung bình has no head who is xuất sắc; before, quotas by percent whatever the unit was rated;
             2016: 103 of 233 xuất sắc (40 fewer than 2015), of 40 members of the committee 27 (nine fewer)
    đoạn 6   criteria of their own for each of five kinds of organisation
    đoạn 10  PAR index 2016: place 33 of 63, 6 of 15 in the northern mountains, nine places up on 2015

Places, people and scores of the samples are invented (samples/make_son_la.py). What is expected of single heads is worked out
here from the cells, with openpyxl and Decimal, never by the package. Nghị định 335/2025/NĐ-CP: "NĐ 335".
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import a_grid, brief, run
from xeploai import findings as our
from xeploai.book.load import Loaded, load_book, loads
from xeploai.findings import Unusable
from xeploai.model import Grid, Rating
from xeploai.pipeline import Outcome, classify_files
from xeploai.report import tables

ROOT = Path(__file__).parents[2]
HEADS, PROVINCES = (
    ROOT / "samples" / name for name in ("nguoi-dung-dau-2015-2016.xlsx", "par-index-tinh-2015-2016.xlsx")
)
BOOK = ROOT / "rules" / "nguoi-dung-dau-son-la.yaml"
BEST, GOOD, DONE, FAILED = (
    "hoàn thành xuất sắc nhiệm vụ", "hoàn thành tốt nhiệm vụ", "hoàn thành nhiệm vụ", "không hoàn thành nhiệm vụ",
)  # fmt: skip
CAP = "don-vi-trung-binh"
OWN = {  # đoạn 6: the five kinds → the letters of their own criteria in the book, how many heads the sample has
    "cơ quan tham mưu, giúp việc tỉnh ủy": ("TM", 7),
    "huyện ủy, thành ủy": ("HU", 120),
    "đảng ủy trực thuộc": ("DU", 77),
    "mặt trận tổ quốc và đoàn thể": ("DT", 22),
    "đơn vị sự nghiệp thuộc tỉnh ủy": ("SN", 7),
}


@dataclass(frozen=True)
class Row:
    """A head as the cells of the sample tell."""

    office: str
    kind: str
    member: bool
    unit_band: str
    points: Decimal
    matters: tuple[str, ...]


@pytest.fixture(scope="module")
def heads() -> Outcome:
    return classify_files([HEADS], rules="nguoi-dung-dau-son-la")


@pytest.fixture(scope="module")
def cells() -> dict[str, Row]:
    """Name → what stands in the row: columns B to G, six criteria in H to M, the matters in O and P."""
    found = {}
    for sheet in load_workbook(HEADS).worksheets:
        for row in sheet.iter_rows(min_row=10, values_only=True):
            if not isinstance(row[0], int) or not sheet.title.startswith("Biểu"):
                continue
            points = sum((Decimal(repr(value)) for value in row[7:13]), Decimal(0))
            matters = tuple(sheet.cell(8, column).value for column in (15, 16) if row[column - 1] == "x")
            found[row[1]] = Row(row[2], row[4], row[5] == "x", row[6], points, matters)
    return found


@pytest.fixture(scope="module")
def provinces() -> Outcome:
    return classify_files([PROVINCES], rules="par-index-tinh")


def by_name(outcome: Outcome) -> dict[str, Rating]:
    return {rating.unit.name: rating for rating in outcome.ratings}


def before(outcome: Outcome) -> dict[str, str | None]:
    """Name → the band of 2015, as the sheet «Lịch sử» tells."""
    return {unit.name: outcome.past.of(position)[2015].band for position, unit in enumerate(outcome.sheet.units)}


def test_the_samples_are_what_the_generator_writes(tmp_path):
    command = [sys.executable, "make_son_la.py", tmp_path]
    subprocess.run(command, cwd=ROOT / "samples", check=True)
    for sample in (HEADS, PROVINCES):
        assert (tmp_path / sample.name).read_bytes() == sample.read_bytes()


# --- đoạn 5: 233 heads ---


def test_103_of_233_heads_are_excellent_in_2016_which_is_40_fewer_than_in_2015(heads):
    assert heads.year == 2016
    assert not heads.errors
    counted, previous = tables.count(heads, heads.ratings), tables.count_previous(heads)
    assert previous
    assert (counted.units, counted.bands[BEST]) == (233, 103)  # đoạn 5: 233 đồng chí, 103 xuất sắc
    assert counted.undetermined == counted.unrated == 0
    assert (previous.units, previous.bands[BEST]) == (233, 103 + 40)  # đoạn 5: giảm 40 so với năm 2015
    table = tables.summary(heads).tables[0]
    column = [each.heading for each in table.columns].index("Hoàn thành xuất sắc nhiệm vụ")
    shown = {str(row[0]): row[column] for row in table.rows}
    assert [shown[name] for name in ("Tất cả, năm 2016", "Năm 2015", "So với năm 2015")] == [103, 143, "−40"]


def test_of_40_members_of_the_committee_27_are_excellent_which_is_nine_fewer(heads, cells):
    members = {name for name, row in cells.items() if row.member}
    assert len(members) == 40  # đoạn 5: 40 Ủy viên Ban Chấp hành
    then, now = before(heads), by_name(heads)
    assert sum(now[name].band == BEST for name in members) == 27  # đoạn 5: 27 xuất sắc
    assert sum(then[name] == BEST for name in members) == 27 + 9  # đoạn 5: giảm chín
    assert [heads.sheet.facts["UV"][p] for p in range(233)] == [cells[u.name].member for u in heads.sheet.units]


def test_a_title_on_the_fact_lets_the_summary_count_the_members(tmp_path):
    """The book counts no subgroup; who wants the number 27 in the summary adds a title."""
    title = """
danh hiệu:
  - tên: Ủy viên Ban Chấp hành xuất sắc
    xếp loại ít nhất: hoàn thành xuất sắc nhiệm vụ
    điều kiện: [{số liệu: Ủy viên Ban Chấp hành, là: có}]
"""
    path = tmp_path / "sua.yaml"
    path.write_text(edited(("\ncảnh báo:", f"{title}\ncảnh báo:")), "utf-8")
    outcome = classify_files([HEADS], rules=path)
    assert tables.count(outcome, outcome.ratings).titles == {"Ủy viên Ban Chấp hành xuất sắc": 27}


def edited(*changes: tuple[str, str]) -> str:
    """The shipped book with these changes, each found exactly once; without its examples, which are of the shipped one."""
    text = BOOK.read_text("utf-8").split("\nví dụ:")[0]
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# --- đoạn 5: a unit that is trung bình has no excellent head ---


def test_the_cap_takes_the_best_band_from_21_heads_and_from_nobody_else(heads, cells):
    ratings = by_name(heads)
    held = {name for name, row in cells.items() if row.points >= 90 and row.unit_band in ("Trung bình", "Yếu")}
    assert len(held) == 21
    assert {cells[name].unit_band for name in held} == {"Trung bình", "Yếu"}
    for name, rating in ratings.items():
        capped = [words for words in rating.why if CAP in words]
        if name not in held:
            assert not capped
            assert rating.band == rating.computed
            continue
        assert (rating.computed, rating.band) == (BEST, GOOD)
        assert capped == [
            f"khống chế «{CAP}»: đơn vị xếp loại {cells[name].unit_band.lower()} nên người đứng đầu không quá {GOOD} "
            "(Cách làm của Tỉnh ủy Sơn La từ năm 2016, theo bài báo)"
        ]


def test_no_excellent_head_has_a_unit_below_fair(heads, cells):
    assert {cells[name].unit_band for name, rating in by_name(heads).items() if rating.band == BEST} == {"Tốt", "Khá"}


def test_the_bands_of_all_233_are_those_of_a_calculation_by_hand(heads, cells):
    def expected(row: Row) -> str:
        own = BEST if row.points >= 90 else GOOD if row.points >= 70 else DONE if row.points >= 50 else FAILED
        return GOOD if own == BEST and row.unit_band in ("Trung bình", "Yếu") else own

    assert {name: rating.band for name, rating in by_name(heads).items()} == {
        name: expected(row) for name, row in cells.items()
    }
    edges = {row.points: expected(row) for row in cells.values() if row.points == Decimal("89.99") or row.points == 70}
    assert edges == {Decimal("89.99"): GOOD, Decimal(70): GOOD}


PLAIN = "TT | Đơn vị, cá nhân | Chức vụ | Loại hình tổ chức | Xếp loại đơn vị"
DISTRICT = (
    "Tư tưởng chính trị, đạo đức, lối sống | Đổi mới tác phong, lề lối làm việc | Nêu gương, tự soi, tự sửa"
    " | Kết quả kinh tế - xã hội trên địa bàn | Đối thoại với nhân dân | Giải quyết vụ việc phức tạp, kéo dài"
)
POINTS = {95: "19 | 14 | 14 | 20 | 14 | 14", 90: "18 | 13.5 | 13.5 | 18 | 13.5 | 13.5",
          75: "15 | 11 | 11 | 16 | 11 | 11", 60: "12 | 9 | 9 | 12 | 9 | 9", 45: "9 | 7 | 7 | 8 | 7 | 7"}  # fmt: skip


def districts(*rows: tuple[str, str, int], year: int = 2016) -> Grid:
    """Heads of district bodies: name, band of the body, points."""
    lines = [
        f"{n} | {name} | Bí thư | Huyện ủy, thành ủy | {unit} | {POINTS[points]}"
        for n, (name, unit, points) in enumerate(rows, start=1)
    ]
    return a_grid("\n".join([f"{PLAIN} | {DISTRICT}", *lines]), sheet=f"Năm {year}")


def bands(outcome: Outcome) -> list[str | None]:
    return [rating.band for rating in outcome.ratings]


def test_the_cap_of_son_la_begins_at_trung_binh_and_takes_only_the_best_band():
    grid = districts(
        ("Lò Một", "Tốt", 95), ("Lò Hai", "Khá", 95), ("Lò Ba", "Trung bình", 95), ("Lò Bốn", "Yếu", 95),
        ("Lò Năm", "Trung bình", 90), ("Lò Sáu", "Trung bình", 75), ("Lò Bảy", "Yếu", 60), ("Lò Tám", "Tốt", 45),
    )  # fmt: skip
    outcome = run(load_book(BOOK), grid)
    assert bands(outcome) == [BEST, BEST, GOOD, GOOD, GOOD, GOOD, DONE, FAILED]
    assert [any(CAP in words for words in rating.why) for rating in outcome.ratings] == [
        False, False, True, True, True, False, False, False,
    ]  # fmt: skip


def test_without_the_band_of_the_unit_the_head_is_not_determined_and_nothing_is_guessed():
    outcome = run(load_book(BOOK), districts(("Lò Một", "", 95), ("Lò Hai", "Khá", 95)))
    assert bands(outcome) == [None, BEST]
    assert outcome.ratings[0].status == "undetermined"
    assert "chưa biết mức của đơn vị («Xếp loại đơn vị»)" in outcome.ratings[0].why[-1]
    assert brief(outcome.findings, our.UNDETERMINED.code) == [(our.UNDETERMINED.code, "Lò Một", "B2")]


def test_the_scale_of_units_is_not_the_scale_of_heads():
    """«Hoàn thành tốt nhiệm vụ» is a band of heads; in the column of units it is a mistake, and it is said."""
    outcome = run(load_book(BOOK), districts(("Lò Một", "Hoàn thành tốt nhiệm vụ", 95), ("Lò Hai", "Khá", 95)))
    assert bands(outcome) == [None, BEST]
    assert any("E2" in finding.message and finding.unit == outcome.sheet.units[0] for finding in outcome.findings)


# --- the other mode: NĐ 335, Điều 20 khoản 6 ---

STRICT = (
    "    khi đơn vị không quá: trung bình\n    người đứng đầu không quá: hoàn thành tốt nhiệm vụ\n",
    "    không cao hơn đơn vị: có\n",
)
SAME = f"""
tương đương:
  - {{đơn vị: tốt, người đứng đầu: {BEST}}}
  - {{đơn vị: khá, người đứng đầu: {GOOD}}}
  - {{đơn vị: trung bình, người đứng đầu: {DONE}}}
  - {{đơn vị: yếu, người đứng đầu: {FAILED}}}
"""


def in_law(*changes: tuple[str, str]) -> Loaded:
    return loads(edited(*changes).encode(), "sua.yaml")


def test_under_decree_335_no_head_is_above_the_unit():
    grid = districts(
        ("Lò Một", "Tốt", 95), ("Lò Hai", "Khá", 95), ("Lò Ba", "Trung bình", 95), ("Lò Bốn", "Yếu", 95),
        ("Lò Năm", "Trung bình", 75), ("Lò Sáu", "Tốt", 60), ("Lò Bảy", "Khá", 75),
    )  # fmt: skip
    outcome = run(in_law(STRICT, ("\nxếp hạng:", f"{SAME}\nxếp hạng:")), grid)
    # NĐ 335 Đ20.6: not above the unit; a head who has earned less keeps it (60 points: hoàn thành, in a unit that is tốt)
    assert bands(outcome) == [BEST, GOOD, DONE, FAILED, DONE, DONE, GOOD]
    assert "đơn vị xếp loại khá nên người đứng đầu không quá hoàn thành tốt nhiệm vụ" in outcome.ratings[1].why[-1]


def test_two_scales_without_the_table_between_them_are_refused():
    with pytest.raises(Unusable) as wrong:
        in_law(STRICT)
    assert any("«tốt» của đơn vị" in f.message and "tương đương" in f.message for f in wrong.value.findings)


# --- đoạn 5: before 2016, a share of the heads whatever the unit was rated ---


def test_the_bands_of_2015_are_60_percent_of_each_kind_rounded_up(heads, cells):
    of_kind: dict[str, list[str]] = defaultdict(list)
    for name, row in cells.items():
        of_kind[row.kind.lower()].append(name)
    assert {kind: len(names) for kind, names in of_kind.items()} == {kind: size for kind, (_, size) in OWN.items()}
    then = before(heads)
    best = {OWN[kind][0]: sum(then[name] == BEST for name in names) for kind, names in of_kind.items()}
    # 60 %: of 7 4,2 → 5; of 120 72; of 77 46,2 → 47; of 22 13,2 → 14; of 7 5: together the 143 of đoạn 5
    assert best == {"TM": 5, "HU": 72, "DU": 47, "DT": 14, "SN": 5}
    assert sum(best.values()) == 143


def of_2015(share: str) -> Loaded:
    """A book of the old manner: a share of each kind, and no cap."""
    text = edited(("áp dụng từ năm: 2016  ", "đến năm: 2015  "))
    upper, lower = text[: text.index("\nkhống chế:")], text[text.index("\nxếp hạng:") :]
    quota = f"{{mã: ty-le, mức: {BEST}, không quá: {share}, lấy số nguyên: lên, theo nhóm: loại đơn vị}}"
    return loads(f"{upper}\nhạn mức:\n  - {quota}{lower}".encode(), "cu.yaml")


def test_a_quota_by_percent_asks_nobody_how_the_unit_did():
    grid = districts(
        ("Lò Một", "Yếu", 95), ("Lò Hai", "Tốt", 90), ("Lò Ba", "Tốt", 75), ("Lò Bốn", "Tốt", 60), year=2015
    )  # fmt: skip
    outcome = run(of_2015("60%"), grid)  # 60 % of 4 = 2,4: three places for two
    assert bands(outcome) == [BEST, BEST, GOOD, DONE]  # the head of the weak unit is excellent, as it was before 2016
    assert not brief(outcome.findings, our.NOT_IN_FORCE.code)
    outcome = run(of_2015("25%"), grid)  # 25 % of 4 = 1 place, and only points decide who has it
    assert bands(outcome) == [BEST, GOOD, GOOD, DONE]


def test_the_book_says_that_it_was_not_in_force_in_2015():
    outcome = run(load_book(BOOK), districts(("Lò Một", "Khá", 95), ("Lò Hai", "Khá", 75), year=2015))
    assert brief(outcome.findings, our.NOT_IN_FORCE.code) == [(our.NOT_IN_FORCE.code, "", "")]


# --- đoạn 6: criteria of their own for each of the five kinds ---


def test_each_of_the_five_kinds_is_rated_by_three_common_criteria_and_three_of_its_own(heads):
    seen = Counter()
    for position, rating in enumerate(heads.ratings):
        kind = heads.sheet.kinds[position]
        own, _ = OWN[kind.lower()]
        codes = {code for code in heads.book.nodes if heads.points[code][position] is not None}
        assert codes == {"C1", "C2", "C3", f"{own}1", f"{own}2", f"{own}3"}
        assert rating.max_points == 100
        assert rating.group == kind
        seen[kind.lower()] += 1
    assert seen == {kind: size for kind, (_, size) in OWN.items()}


def test_points_under_a_criterion_of_another_kind_do_not_count():
    heading = f"{PLAIN} | {DISTRICT} | Giám sát và phản biện xã hội"
    row = f"1 | Lò Một | Bí thư | Huyện ủy, thành ủy | Khá | {POINTS[75]} | 15"
    outcome = run(load_book(BOOK), a_grid(f"{heading}\n{row}", sheet="Năm 2016"))
    assert (outcome.ratings[0].points, outcome.ratings[0].max_points) == (75, 100)
    assert outcome.ratings[0].band == GOOD
    assert any("L2" in str(finding.at.address if finding.at else "") for finding in outcome.findings)


def test_a_kind_that_the_book_does_not_have_is_an_error_and_not_a_rating():
    row = f"1 | Lò Một | Giám đốc | Doanh nghiệp | Khá | {POINTS[75]}"
    other = f"2 | Lò Hai | Bí thư | Huyện ủy, thành ủy | Khá | {POINTS[75]}"
    outcome = run(load_book(BOOK), a_grid(f"{PLAIN} | {DISTRICT}\n{row}\n{other}", sheet="Năm 2016"))
    assert bands(outcome) == [None, GOOD]
    assert brief(outcome.findings, our.KIND_UNKNOWN.code) == [(our.KIND_UNKNOWN.code, "Lò Một", "D2")]


# --- đoạn 4: seven must explain ---


def test_three_directors_and_four_chairmen_must_explain_and_each_is_named_with_the_office(heads, cells):
    told = [finding for finding in heads.findings if finding.code == "giai-trinh"]
    expected = {name: row for name, row in cells.items() if row.matters}
    assert {finding.unit.name for finding in told if finding.unit} == expected.keys()
    assert len(told) == len(expected) == 7
    offices = Counter(
        row.office.rsplit(" ", 2)[0] if "huyện" in row.office else "Giám đốc Sở" for row in expected.values()
    )
    assert offices == {"Giám đốc Sở": 3, "Chủ tịch UBND huyện": 4}  # đoạn 4: ba giám đốc sở, bốn chủ tịch UBND huyện
    assert all(row.office.startswith("Giám đốc Sở ") for row in expected.values() if "huyện" not in row.office)
    for finding in told:
        row = expected[finding.unit.name]
        matters = "; ".join(matter[0].lower() + matter[1:] for matter in row.matters)
        where = ", ".join(cell.address for cell in finding.cells)
        assert finding.message == f"{finding.unit.name} ({row.office}) phải giải trình về: {matters} (ô {where})."
        assert len(finding.cells) == len(row.matters)
        assert finding.duty == "Báo cáo giải trình, kiểm điểm trách nhiệm cá nhân trước Ban Thường vụ Tỉnh ủy"
    assert {matter for row in expected.values() for matter in row.matters} == {
        "Cải cách hành chính chậm trễ", "Quy hoạch khu di tích",
    }  # fmt: skip


def test_nobody_must_explain_for_a_blank_or_a_no():
    rows = [
        f"{n} | Lò {name} | Bí thư | Huyện ủy, thành ủy | Khá | {POINTS[75]} | {late} | {site}"
        for n, (name, late, site) in enumerate((("Một", "", ""), ("Hai", "không", ""), ("Ba", "x", "Có")), start=1)
    ]
    heading = f"{PLAIN} | {DISTRICT} | Cải cách hành chính chậm trễ | Quy hoạch khu di tích"
    outcome = run(load_book(BOOK), a_grid("\n".join([heading, *rows]), sheet="Năm 2016"))
    assert brief(outcome.findings, "giai-trinh") == [("giai-trinh", "Lò Ba", "L4")]


# --- đoạn 10: the PAR index ---


def test_the_province_is_33rd_of_63_and_sixth_of_15_in_its_region_nine_places_up(provinces):
    assert provinces.year == 2016
    assert not provinces.errors
    position = next(p for p, unit in enumerate(provinces.sheet.units) if unit.name == "Sơn Khoang")
    rating = provinces.ratings[position]
    assert (rating.rank, rating.of) == (33, 63)  # đoạn 10: hạng 33 trong số 63 tỉnh, thành phố
    assert (rating.group, rating.group_rank, rating.group_of) == ("Miền núi phía Bắc", 6, 15)  # thứ 6 trong số 15 tỉnh
    assert provinces.past.of(position)[2015].rank == 33 + 9  # tăng chín bậc so với năm 2015
    assert tables.rank_change(provinces, position) == 9


def test_every_rank_is_that_of_a_count_by_hand(provinces):
    totals: dict[str, Decimal] = {}
    regions: dict[str, str] = {}
    for row in load_workbook(PROVINCES)["Năm 2016"].iter_rows(min_row=10, values_only=True):
        if isinstance(row[0], int):
            totals[row[1]] = sum((Decimal(repr(value)) for value in row[3:11]), Decimal(0))
            regions[row[1]] = row[2]
    assert len(totals) == 63
    for name, rating in by_name(provinces).items():
        above = [other for other, total in totals.items() if total > totals[name]]
        assert rating.rank == 1 + len(above)
        assert rating.group_rank == 1 + sum(regions[other] == regions[name] for other in above)


def test_provinces_that_look_alike_are_ranked_by_what_is_not_shown_and_true_equals_share_a_place(provinces):
    """A published SIPAS table has 84,94 at rank 4 and at rank 5 (domain facts 2.6): ranks go by the exact numbers."""
    by_rank = sorted((rating.rank, rating.percent) for rating in provinces.ratings)
    assert [(rank, round(percent, 2)) for rank, percent in by_rank[3:5]] == [
        (4, Decimal("86.94")),
        (5, Decimal("86.94")),
    ]
    assert [rank for rank, _ in by_rank[18:23]] == [19, 20, 20, 22, 23]
