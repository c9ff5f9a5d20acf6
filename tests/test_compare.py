"""compare: the outer join of two years or two runs, and what the workbook, the page and the screen say of it.

The sheets are drawn here; every expected number is worked out by hand from them.
TC1 20 + TC2.1 12 + TC2.2 8 = 40 points; tốt from 32, khá from 26, trung bình from 20.
"""

import hashlib
import io
import re
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from builders import BANDS, CRITERIA, HEAD
from xeploai.compare import DOWN, FORMED, GONE, MERGED, NEW, OPEN, SAME, UP, Comparison, compare_files
from xeploai.findings import Unusable
from xeploai.pipeline import classify_files
from xeploai.report import changes, tables
from xeploai.write.workbook import workbook_bytes

HEADS = ("Đơn vị", "Huyện", "TC1", "TC2.1", "TC2.2")
FLAG = """
danh hiệu:
  - {tên: Trong sạch, xếp loại ít nhất: khá, mọi tiêu chí trên: 50%}
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm}
"""
LINEAGE_HEADS = ("tên cũ", "cấp trên cũ", "tên mới", "cấp trên mới", "từ ngày", "ghi chú")
Rows = list[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def _a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bo.yaml").write_text(HEAD + CRITERIA + BANDS + FLAG, "utf-8")


def sheets(name: str, heads: tuple[str, ...] = HEADS, **years: Rows) -> Path:
    """A workbook with a sheet for each year: nam_2018=[("Xã A", "Huyện B", 18, 5, 5)]."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for year, rows in years.items():
        sheet = book.create_sheet(year.replace("nam_", "Năm ").replace("_", " "))
        for row in (heads, *rows):
            sheet.append(row)
        for row in sheet.iter_rows():
            for cell in row:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type  # "=1+1" is a name here
    book.save(name)
    return Path(name)


def compared(old: Rows, new: Rows, **told: Any) -> Comparison:
    """Năm 2018 and Năm 2019 of these units."""
    before, after = sheets("cu.xlsx", nam_2018=old), sheets("moi.xlsx", nam_2019=new)
    return compare_files(before, after, rules=told.pop("rules", "bo.yaml"), **told)


def kinds(comparison: Comparison) -> dict[str, list[str]]:
    return {kind: [row.unit.name for row in rows] for kind, rows in comparison.kinds.items() if rows}


def codes(comparison: Comparison) -> list[str]:
    return [finding.code for finding in comparison.findings]


A = ("Xã A", "Huyện B")
B = ("Xã B", "Huyện B")


# ------------------------------------------------------------------------------------------ what changed


def test_the_same_sheet_twice_changes_nothing():
    rows = [(*A, 18, 5, 5), (*B, 12, 6, 4)]
    comparison = compared(rows, rows)
    assert kinds(comparison) == {SAME: ["Xã A", "Xã B"]}
    for row in comparison.rows:
        assert (row.points, row.percent, row.places) == (0, 0, 0)
        assert (row.gained, row.lost, row.flags_new, row.flags_gone, row.most) == ((), (), (), (), ())
    assert comparison.moved_most() == []
    assert comparison.findings == ()


def test_bands_points_ranks_titles_and_flags_are_told_of_each_unit():
    # A 18+5+5 = 28 khá → 20+10+8 = 38 tốt; B 19+8+8 = 35 tốt → 9+9+3 = 21 trung bình, low in TC1 (9)
    comparison = compared([(*A, 18, 5, 5), (*B, 19, 8, 8)], [(*A, 20, 10, 8), (*B, 9, 9, 3)])
    up, down = comparison.rows
    assert (up.kind, up.points, up.percent, up.places) == (UP, 10, 25, 1)
    assert (down.kind, down.points, down.percent, down.places) == (DOWN, -14, -35, -1)
    # the title wants more than 50 % of every criterion: A had 10 of 20 in TC2, and has 18; B falls below khá
    assert (up.gained, up.lost, down.gained, down.lost) == (("Trong sạch",), (), (), ("Trong sạch",))
    assert (down.flags_new, down.flags_gone) == (("kiem-diem",), ())
    # of B: TC1 19 → 9 of 20 = −50; TC2.2 8 → 3 of 8 = −62,5; TC2.1 8 → 9 of 12 = +8⅓
    assert [(each.criterion.code, each.change) for each in down.most] == [
        ("TC2.2", Fraction("-62.5")),
        ("TC1", -50),
        ("TC2.1", Fraction(25, 3)),
    ]
    assert comparison.matrix() == [
        ("tốt", [0, 0, 1, 0]),
        ("khá", [1, 0, 0, 0]),
        ("trung bình", [0, 0, 0, 0]),
        ("yếu", [0, 0, 0, 0]),
    ]


def test_a_title_that_both_or_neither_year_gave_is_neither_gained_nor_lost():
    comparison = compared([(*A, 19, 8, 8), (*B, 9, 9, 9 - 1)], [(*A, 18, 8, 8), (*B, 9, 9, 8)])
    assert all(row.gained == row.lost == () for row in comparison.rows)


def test_the_means_of_a_criterion_are_over_the_units_that_are_in_both():
    # TC1 of A 10 → 15 of 20: 50 % → 75 %; of B 20 → 20: 100 % → 100 %; C is new and counts for nothing
    comparison = compared(
        [(*A, 10, 12, 8), (*B, 20, 12, 8)], [(*A, 15, 12, 8), (*B, 20, 12, 8), ("Xã C", "Huyện B", 1, 12, 8)]
    )
    (first, *_) = comparison.criteria
    assert (first.new.code, first.units, first.before, first.after, first.up, first.down) == (
        "TC1",
        2,
        75,
        Fraction("87.5"),
        1,
        0,
    )
    assert [each.new.code for each in comparison.moved_most()] == ["TC1"]  # TC2 and its parts did not move


def test_a_unit_without_a_band_on_one_side_rose_and_fell_nowhere():
    comparison = compared([(*A, 18, 5, 5), (*B, 18, 5, 5)], [(*A, "vắng", 5, 5), (*B, 18, 5, 5)])
    assert kinds(comparison) == {OPEN: ["Xã A"], SAME: ["Xã B"]}
    assert comparison.rows[0].points is None
    assert comparison.words(comparison.new) == ["tốt", "khá", "trung bình", "yếu", "chưa xếp loại"]
    assert any(finding.severity.value == "error" for finding in comparison.findings)  # exit code 1: see test_cli


# ------------------------------------------------------------------------------------------- who is whom


def test_counts_add_up_in_both_plus_gone_is_old_in_both_plus_new_is_new():
    comparison = compared(
        [(*A, 18, 5, 5), (*B, 18, 5, 5), ("Xã Bỏ", "Huyện B", 18, 5, 5)],
        [("Xã Mới Toanh", "Huyện B", 18, 5, 5), (*B, 18, 5, 5), (*A, 18, 5, 5), ("Xã Thêm", "Huyện C", 9, 9, 9)][:3],
    )
    assert kinds(comparison) == {SAME: ["Xã B", "Xã A"], NEW: ["Xã Mới Toanh"], GONE: ["Xã Bỏ"]}
    assert (
        "Năm 2018 có 3 đơn vị = 2 có ở cả hai bên + 1 không còn; năm 2019 có 3 đơn vị = 2 có ở cả hai bên + 1 mới."
        in changes.sentences(comparison)
    )
    assert len(comparison.rows) == 4


def test_accents_make_another_unit_that_is_asked_about_and_never_joined():
    comparison = compared(
        [("Xã Mường Lan", "H", 18, 5, 5), (*A, 1, 1, 1)], [("Xã Mường Lạn", "H", 18, 5, 5), (*A, 1, 1, 1)]
    )
    assert kinds(comparison) == {SAME: ["Xã A"], NEW: ["Xã Mường Lạn"], GONE: ["Xã Mường Lan"]}
    (asked,) = comparison.findings
    assert (asked.code, asked.at and asked.at.address, [cell.address for cell in asked.related]) == (
        "LS09",
        "A2",
        ["A2"],
    )
    assert asked.message == (
        "Năm 2018 ghi «Xã Mường Lan (H)» (ô A2), năm 2019 ghi «Xã Mường Lạn (H)» (ô A2): có phải một đơn vị? Chưa ghép."
    )


def test_of_two_near_names_that_both_years_have_nothing_is_asked():
    rows = [("Xã Mường Lan", "H", 18, 5, 5), ("Xã Mường Lạn", "H", 18, 5, 5)]
    assert compared(rows, rows).findings == ()


def test_the_same_name_in_another_district_is_asked_about():
    comparison = compared([(*A, 18, 5, 5), (*B, 1, 1, 1)], [("Xã A", "Huyện Khác", 18, 5, 5), (*B, 1, 1, 1)])
    assert kinds(comparison) == {SAME: ["Xã B"], NEW: ["Xã A"], GONE: ["Xã A"]}
    assert codes(comparison) == ["LS09"]


def test_a_name_that_fits_two_units_is_asked_about_and_joined_with_neither():
    comparison = compared(
        [("A", "Huyện B", 18, 5, 5), (*B, 1, 1, 1)], [(*A, 18, 5, 5), ("Phường A", "Huyện B", 18, 5, 5), (*B, 1, 1, 1)]
    )
    assert kinds(comparison) == {SAME: ["Xã B"], NEW: ["Xã A", "Phường A"], GONE: ["A"]}
    assert codes(comparison) == ["LS05"]
    assert comparison.findings[0].message == (
        "Năm 2018 ghi «A (Huyện B)» (ô A2), khớp 2 đơn vị của năm 2019: Xã A (Huyện B) (ô A2) và Phường A (Huyện B) (ô A3); "
        "chưa ghép."
    )
    assert [row.unsure for row in comparison.rows] == [True, True, False, True]


def test_units_of_one_name_whose_codes_differ_are_asked_about_with_their_codes():
    heads = ("Mã đơn vị", *HEADS)
    before = sheets("cu.xlsx", heads, nam_2018=[("00042", *A, 18, 5, 5), ("00043", *B, 18, 5, 5)])
    after = sheets("moi.xlsx", heads, nam_2019=[("42", *A, 18, 5, 5), ("00043", *B, 18, 5, 5)])
    (asked,) = compare_files(before, after, rules="bo.yaml").findings
    assert (asked.code, asked.message) == (
        "LS09",
        f"Năm 2018 ghi «{A[0]} ({A[1]}), mã 00042» (ô B2), năm 2019 ghi «{A[0]} ({A[1]}), mã 42» (ô B2): có phải một đơn vị? "
        "Chưa ghép.",
    )


def test_two_old_units_never_share_one_new_unit():
    comparison = compared(
        [(*A, 18, 5, 5), ("Phường A", "Huyện B", 18, 5, 5), (*B, 1, 1, 1)], [("A", "Huyện B", 18, 5, 5), (*B, 1, 1, 1)]
    )
    assert kinds(comparison) == {SAME: ["Xã B"], NEW: ["A"], GONE: ["Xã A", "Phường A"]}
    assert codes(comparison) == ["LS05"]


def test_codes_win_over_names_and_say_so():
    heads = ("Mã đơn vị", *HEADS)
    old = sheets("cu.xlsx", heads, nam_2018=[("001", *A, 18, 5, 5), ("002", *B, 18, 5, 5)])
    new = sheets("moi.xlsx", heads, nam_2019=[("001", "Xã Z", "Huyện B", 18, 5, 5), ("003", *B, 18, 5, 5)])
    comparison = compare_files(old, new, rules="bo.yaml")
    assert [(row.kind, row.unit.code, row.renamed) for row in comparison.rows] == [
        (SAME, "001", True),
        (NEW, "003", False),
        (GONE, "002", False),
    ]
    assert [finding.code for finding in comparison.findings] == ["LS12", "LS09"]


# --------------------------------------------------------------------------------------------- lineage


def lineage(*rows: tuple[str, ...]) -> Path:
    return sheets("sap-nhap.xlsx", LINEAGE_HEADS, Sap_nhap=[(*row, *[""] * (6 - len(row))) for row in rows])


ONE, TWO, THREE = (("Xã Một", "Huyện B"), ("Xã Hai", "Huyện B"), ("Xã Ba", "Huyện B"))


def test_a_merged_unit_is_nobodys_successor_even_where_it_keeps_a_name():
    table = lineage((*ONE, *ONE, "01/07/2019"), (*TWO, *ONE, "01/07/2019"))
    comparison = compared(
        [(*ONE, 18, 5, 5), (*TWO, 18, 5, 5), (*A, 1, 1, 1)], [(*ONE, 18, 5, 5), (*A, 1, 1, 1)], lineage=table
    )
    assert kinds(comparison) == {SAME: ["Xã A"], FORMED: ["Xã Một"], MERGED: ["Xã Một", "Xã Hai"]}
    formed = comparison.kinds[FORMED][0]
    assert [(old.unit.name, partial) for old, partial in formed.olds] == [("Xã Một", False), ("Xã Hai", False)]
    assert [[unit.name for unit in row.into] for row in comparison.kinds[MERGED]] == [["Xã Một"], ["Xã Một"]]
    assert changes.sentences(comparison)[0] == (
        "Năm 2018 có 3 đơn vị = 1 có ở cả hai bên + 2 không còn (trong đó 2 đã vào đơn vị khác theo bảng sáp nhập); "
        "năm 2019 có 2 đơn vị = 1 có ở cả hai bên + 1 mới (trong đó 1 do sáp nhập)."
    )


def test_a_change_of_name_goes_on_as_one_unit():
    table = lineage((*ONE, *TWO, "01/07/2019"))
    comparison = compared([(*ONE, 18, 5, 5)], [(*TWO, 20, 12, 8)], lineage=table)
    assert kinds(comparison) == {UP: ["Xã Hai"]}
    assert comparison.rows[0].renamed
    assert comparison.rows[0].points == 12


@pytest.mark.parametrize(
    ("day", "kind"), [("31/12/2018", SAME), ("01/01/2019", FORMED), ("31/12/2019", FORMED), ("01/01/2020", SAME)]
)
def test_the_year_of_a_change_is_the_new_units_so_only_later_years_than_the_old_one_count(day: str, kind: str):
    table = lineage((*ONE, *ONE, day), (*TWO, *ONE, day))
    comparison = compared([(*ONE, 18, 5, 5), (*A, 18, 5, 5)], [(*ONE, 18, 5, 5), (*A, 18, 5, 5)], lineage=table)
    assert [row.kind for row in comparison.rows if row.new] == [kind, SAME]


def test_a_part_that_was_given_away_leaves_the_giver_in_both():
    table = lineage((*ONE, *THREE, "01/07/2019", "một phần"), (*TWO, *THREE, "01/07/2019"))
    comparison = compared([(*ONE, 18, 5, 5), (*TWO, 18, 5, 5)], [(*ONE, 18, 5, 5), (*THREE, 18, 5, 5)], lineage=table)
    assert kinds(comparison) == {SAME: ["Xã Một"], FORMED: ["Xã Ba"], MERGED: ["Xã Hai"]}
    assert [(old.unit.name, partial) for old, partial in comparison.kinds[FORMED][0].olds] == [
        ("Xã Một", True),
        ("Xã Hai", False),
    ]


def test_two_changes_one_after_the_other_are_followed_to_the_end():
    # 2016 → 2017: One and Two become Three; 2018: Three is called Xã A
    old, new = (
        sheets("cu.xlsx", nam_2016=[(*ONE, 18, 5, 5), (*TWO, 18, 5, 5), (*B, 1, 1, 1)]),
        sheets("moi.xlsx", nam_2019=[(*A, 18, 5, 5), (*B, 1, 1, 1)]),
    )
    table = lineage((*ONE, *THREE, "01/07/2017"), (*TWO, *THREE, "01/07/2017"), (*THREE, *A, "01/07/2018"))
    comparison = compare_files(old, new, rules="bo.yaml", lineage=table)
    assert kinds(comparison) == {SAME: ["Xã B"], FORMED: ["Xã A"], MERGED: ["Xã Một", "Xã Hai"]}
    assert [[unit.name for unit in row.into] for row in comparison.kinds[MERGED]] == [["Xã A"], ["Xã A"]]


def test_a_new_unit_of_an_old_name_of_which_the_table_says_nothing_is_asked_about():
    table = lineage((*TWO, *ONE, "01/07/2019"))
    comparison = compared(
        [(*ONE, 18, 5, 5), (*TWO, 18, 5, 5), (*A, 1, 1, 1)], [(*ONE, 18, 5, 5), (*A, 1, 1, 1)], lineage=table
    )
    assert kinds(comparison) == {SAME: ["Xã A"], FORMED: ["Xã Một"], GONE: ["Xã Một"], MERGED: ["Xã Hai"]}
    assert "bảng không nói vào đâu; chưa ghép" in " ".join(finding.message for finding in comparison.findings)


# ------------------------------------------------------------------------------------- what may be a side


def test_of_several_years_the_newest_and_of_one_file_the_two_newest():
    years = {"nam_2017": [(*A, 1, 1, 1)], "nam_2018": [(*A, 18, 5, 5)], "nam_2019": [(*A, 20, 5, 5)]}
    whole, other = sheets("ca.xlsx", **years), sheets("moi.xlsx", nam_2020=[(*A, 20, 12, 8)])
    comparison = compare_files(whole, whole, rules="bo.yaml")
    assert (comparison.old.year, comparison.new.year, comparison.rows[0].points) == (2018, 2019, 2)
    comparison = compare_files(whole, other, rules="bo.yaml")
    assert (comparison.old.year, comparison.new.year, comparison.rows[0].points) == (2019, 2020, 10)


def test_one_file_with_one_year_is_nothing_to_compare():
    one = sheets("mot.xlsx", nam_2019=[(*A, 18, 5, 5)])
    with pytest.raises(Unusable) as told:
        compare_files(one, one, rules="bo.yaml")
    assert [finding.code for finding in told.value.findings] == ["SS01"]


def test_nobody_in_common_is_nothing_to_compare():
    with pytest.raises(Unusable) as told:
        compared([(*A, 18, 5, 5)], [("Xã Khác", "Huyện C", 18, 5, 5)])
    assert [finding.code for finding in told.value.findings] == ["SS01"]
    assert "--lineage" in told.value.findings[0].message


def published(source: Path, name: str) -> Path:
    Path(name).write_bytes(workbook_bytes(tables.pages(classify_files([source], rules="bo.yaml"))))
    return Path(name)


OLD = [(*A, 18, 5, 5), (*B, 19, 8.3, 8), ("Xã Vắng", "Huyện B", "vắng", 1, 1), ("=1+1", "Huyện B", 9, 9, 8)]
FRESH = [(*A, 20, 10, 8), (*B, 9, 9.7, 3), ("Xã Vắng", "Huyện B", 19, 10, 8), ("=1+1", "Huyện B", 9, 9, 8)]


def told(comparison: Comparison) -> list[tuple[object, ...]]:
    return [
        (row.kind, row.unit, row.points, row.percent, row.places, row.gained, row.lost, row.flags_new, row.flags_gone,
         [(each.criterion.code, each.change) for each in row.most])
        for row in comparison.rows
    ]  # fmt: skip


def test_a_published_result_compares_as_its_own_score_sheet_does():
    by_sheets = compared(OLD, FRESH)
    old, new = Path("cu.xlsx"), Path("moi.xlsx")
    before, after = published(old, "cu-ket-qua.xlsx"), published(new, "moi-ket-qua.xlsx")
    for pair in ((before, after), (before, new), (old, after)):
        comparison = compare_files(*pair, rules="bo.yaml")
        assert told(comparison) == told(by_sheets)
        assert (comparison.old.bands, comparison.old.titles, comparison.old.year) == (
            by_sheets.old.bands,
            ("Trong sạch",),
            2018,
        )
        assert [each.change for each in comparison.criteria] == [each.change for each in by_sheets.criteria]


def test_two_versions_of_one_book_are_told_apart_by_what_the_results_say_of_it():
    """Nobody's points changed: who fell, fell because «tốt» is 85 % in the second version."""
    source = sheets("diem.xlsx", nam_2019=[(*A, 17, 9, 7), (*B, 16, 9, 8)])
    before = published(source, "truoc.xlsx")
    first = hashlib.sha256(Path("bo.yaml").read_bytes()).hexdigest()[:8]
    Path("bo.yaml").write_text(Path("bo.yaml").read_text("utf-8").replace("80%", "85%"), "utf-8")
    second = hashlib.sha256(Path("bo.yaml").read_bytes()).hexdigest()[:8]
    comparison = compare_files(before, published(source, "sau.xlsx"))
    assert [row.kind for row in comparison.rows] == [DOWN, DOWN]
    (said,) = comparison.findings
    assert (said.code, said.message) == (
        "SS02",
        f"Hai bên xếp loại theo hai bản khác nhau của bộ «bo-thu» (SHA-256 {first}… và {second}…): mức khác đi có thể do bộ đã "
        "sửa, không phải do điểm; điểm tối đa như nhau nên so bằng điểm.",
    )


def test_one_version_of_a_book_is_not_spoken_of():
    source = sheets("diem.xlsx", nam_2019=[(*A, 17, 9, 7)])
    assert compare_files(published(source, "truoc.xlsx"), published(source, "sau.xlsx")).findings == ()


@pytest.mark.parametrize("name", ["hai-phong-212-2025-phu-luc-1", "nd-335-2025-mau-01-2026", "can-tho-2579-2025"])
def test_a_published_sample_differs_from_its_own_score_sheet_in_nothing(name: str):
    """Facts, kinds, extras, conditions, fractions, units without a band: all of it is read back as it was."""
    sample = Path(__file__).parents[1] / "samples" / f"{name}.xlsx"
    Path("ket-qua.xlsx").write_bytes(workbook_bytes(tables.pages(classify_files([sample]))))
    comparison = compare_files(Path("ket-qua.xlsx"), sample)
    assert len(comparison.both) == len(comparison.rows) == len(comparison.new.standings)
    assert {row.kind for row in comparison.rows} <= {SAME, OPEN}
    for row in comparison.rows:
        assert {row.points, row.percent, row.places} <= {0, None}, row.unit
        assert (row.gained, row.lost, row.flags_new, row.flags_gone, row.most) == ((), (), (), (), ()), row.unit
    assert len(comparison.criteria) == sum(
        any(each.code in row.marks for row in comparison.new.standings) for each in comparison.new.criteria
    )


def test_a_published_result_is_not_rated_again_and_may_have_been_sorted():
    compared(OLD, FRESH)
    old = published(Path("cu.xlsx"), "cu-ket-qua.xlsx")
    book = load_workbook(old)
    sheet = book["Kết quả"]
    heading = next(row for row in sheet.iter_rows() if "Xếp loại" in [cell.value for cell in row])
    column = {cell.value: cell.column for cell in heading}
    first = heading[0].row + 1
    sheet.cell(first, column["Xếp loại"]).value = "yếu"  # by its 28 points Xã A would be khá
    for place in range(1, sheet.max_column + 1):  # Xã A and Xã B change places; Chi tiết stays as it was
        one, other = sheet.cell(first, place), sheet.cell(first + 1, place)
        one.value, other.value = other.value, one.value
    book.save(old)
    comparison = compare_files(old, Path("moi.xlsx"), rules="bo.yaml")
    by_name = {row.unit.name: row for row in comparison.rows}
    assert by_name["Xã A"].old is not None
    assert by_name["Xã A"].old.band == "yếu"
    assert next((each.criterion.code, each.change) for each in by_name["Xã A"].most) == ("TC2.1", Fraction(125, 3))
    assert comparison.matrix()[3] == ("yếu", [1, 0, 0, 0])


def test_a_folder_is_a_side():
    Path("truoc").mkdir()
    sheets("truoc/a.xlsx", nam_2018=[(*A, 18, 5, 5)])
    new = sheets("moi.xlsx", nam_2019=[(*A, 18, 5, 5)])
    assert kinds(compare_files(Path("truoc"), new, rules="bo.yaml")) == {SAME: ["Xã A"]}


def test_the_published_band_of_the_earlier_year_wins_in_one_file():
    whole = sheets("ca.xlsx", nam_2018=[(*A, 18, 5, 5)], nam_2019=[(*A, 18, 5, 5)])
    book = load_workbook(whole)
    sheet = book.create_sheet("Lịch sử")
    for row in (("Đơn vị", "Huyện", 2018), (*A, "tốt")):
        sheet.append(row)
    book.save(whole)
    comparison = compare_files(whole, whole, rules="bo.yaml")
    assert kinds(comparison) == {DOWN: ["Xã A"]}  # published tốt; the sheets alone say khá and khá
    assert codes(comparison) == ["LS02"]


# ---------------------------------------------------------------------------------- sides that are unlike


HALF = HEAD.replace("bo-thu", "bo-khac").replace("Bộ thử", "Bộ khác") + CRITERIA.replace("20", "10").replace(
    "12", "6"
).replace("8}", "4}")


def unlike() -> Comparison:
    """Year 2018 by another book, of 20 points with one band more; published, and compared with a year of 40 points."""
    more = BANDS.replace("xếp loại:\n", "xếp loại:\n  - {mức: xuất sắc, ít nhất: 95%}\n")
    Path("khac.yaml").write_text(HALF + more, "utf-8")
    old = sheets("cu.xlsx", nam_2018=[(*A, 9, 3, 2), (*B, 10, 6, 4)])  # 14/20 = 70 %, 100 %
    result = workbook_bytes(tables.pages(classify_files([old], rules="khac.yaml")))
    Path("cu-ket-qua.xlsx").write_bytes(result)
    new = sheets("moi.xlsx", nam_2019=[(*A, 18, 6, 6), (*B, 20, 12, 8)])  # 30/40 = 75 %, 100 %
    return compare_files(Path("cu-ket-qua.xlsx"), new, rules="bo.yaml")


def test_different_maxima_are_compared_in_percent_and_it_is_said():
    comparison = unlike()
    assert comparison.in_percent
    assert [(row.points, row.percent, row.kind) for row in comparison.rows] == [(None, 5, SAME), (None, 0, OPEN)]
    assert all(row.gained == () for row in comparison.rows)  # the other book does not ask for the title
    (said,) = comparison.findings
    assert said.code == "SS02"
    assert said.message == (
        "Hai bên xếp loại theo hai bộ khác nhau (bộ «bo-khac» và bộ «bo-thu»): mức so theo tên, tiêu chí so theo tên; điểm tối "
        "đa khác nhau ở 2 đơn vị (như Xã A (Huyện B): 20 và 40) nên so theo tỷ lệ phần trăm; mức xuất sắc không có trong thang "
        "mới nên không tính là lên hay xuống."
    )
    assert comparison.matrix()[0] == ("xuất sắc", [1, 0, 0, 0])
    # TC1 9/10 → 18/20 and 10/10 → 20/20 did not move; TC2.1 3/6 → 6/12 neither; TC2.2 2/4 → 6/8: of A +25, of both +12,5
    assert [(each.new.code, each.change) for each in comparison.moved_most()] == [("TC2.2", Decimal("12.5"))]


def test_two_runs_of_one_year_are_called_old_and_new():
    sheets("cu.xlsx", nam_2019=[(*A, 18, 5, 5)])
    sheets("moi.xlsx", nam_2019=[(*A, 20, 5, 5)])
    comparison = compare_files(Path("cu.xlsx"), Path("moi.xlsx"), rules="bo.yaml")
    assert comparison.labels == ("bản cũ", "bản mới")
    assert changes.title(comparison)[0] == "So bản mới năm 2019 «moi.xlsx» với bản cũ năm 2019 «cu.xlsx»: Bộ thử"


def test_a_side_that_remembers_no_year_says_that_its_warnings_may_be_fewer():
    before = sheets("cu.xlsx", nam_2018=[(*A, 18, 5, 5), (*B, 9, 5, 5)])
    after = sheets("moi.xlsx", nam_2018=[(*A, 18, 5, 5), (*B, 9, 5, 5)], nam_2019=[(*A, 9, 5, 5), (*B, 18, 5, 5)])
    text = " ".join(changes.sentences(compare_files(before, after, rules="bo.yaml")))
    assert "«kiem-diem» thêm 1, hết 1. Năm 2018 không có số liệu các năm trước" in text
    text = " ".join(
        changes.sentences(compare_files(before, sheets("mot.xlsx", nam_2019=[(*A, 9, 5, 5)]), rules="bo.yaml"))
    )
    assert "«kiem-diem» thêm 1, hết 0." in text
    assert "không có số liệu các năm trước" not in text


def test_what_stops_one_side_names_its_file():
    sheets("cu.xlsx", nam_2018=[(*A, 18, 5, 5)])
    sheets("la.xlsx", ("Đơn vị", "Cột lạ"), nam_2019=[("Xã A", 18)])
    with pytest.raises(Unusable) as told:
        compare_files(Path("cu.xlsx"), Path("la.xlsx"), rules="bo.yaml")
    assert all("la.xlsx" in finding.message for finding in told.value.findings)
    with pytest.raises(Unusable) as told:
        compare_files(Path("cu.xlsx"), Path("la.xlsx"))
    assert all("cu.xlsx" in finding.message for finding in told.value.findings)  # bare codes choose no book


def test_a_refused_file_is_named_once_and_not_under_another_files_name():
    sheets("cu.xlsx", nam_2018=[(*A, 18, 5, 5)])
    Path("moi").mkdir()
    sheets("moi/la.xlsx", ("Đơn vị", "Cột lạ"), nam_2019=[("Xã A", 18)])
    Path("moi/hong.xlsx").write_bytes(b"<html></html>")
    with pytest.raises(Unusable) as told:
        compare_files(Path("cu.xlsx"), Path("moi"), rules="bo.yaml")
    (refused,) = [finding.message for finding in told.value.findings if finding.code == "DL02"]
    assert refused.startswith("«hong.xlsx» ")


def test_a_refused_file_beside_a_published_result_is_told():
    compared(OLD, FRESH)
    Path("truoc").mkdir()
    published(Path("cu.xlsx"), "truoc/cu-ket-qua.xlsx")
    Path("truoc/hong.xlsx").write_bytes(b"<html></html>")
    comparison = compare_files(Path("truoc"), Path("moi.xlsx"), rules="bo.yaml")
    assert comparison.old.book is None
    assert "DL02" in codes(comparison)


def test_the_command_writes_what_it_is_asked_for_and_says_so(xeploai: Any, tmp_path: Path):
    compared([(*A, 18, 5, 5)], [(*A, 20, 10, 8)])
    Path("ra").mkdir()
    done = xeploai("compare", "cu.xlsx", "moi.xlsx", "--rules", "bo.yaml", "-o", "ra", "--html", "ra/trang.html")
    assert (done.returncode, sorted(path.name for path in Path("ra").iterdir())) == (
        0,
        ["moi-so-sanh.xlsx", "trang.html"],
    )
    assert done.stderr.splitlines() == ["Đã ghi ra/moi-so-sanh.xlsx", "Đã ghi ra/trang.html"]
    assert "28 → 38" in done.stdout
    again = xeploai("compare", "cu.xlsx", "moi.xlsx", "--rules", "bo.yaml", "-o", "ra")
    assert (again.returncode, again.stdout) == (2, "")


def test_an_error_on_either_side_is_exit_1(xeploai: Any):
    good, bad = [(*A, 18, 5, 5), (*B, 18, 5, 5)], [(*A, "vắng", 5, 5), (*B, 18, 5, 5)]
    for old, new, code in ((good, good, 0), (bad, good, 1), (good, bad, 1)):
        sheets("cu.xlsx", nam_2018=old)
        sheets("moi.xlsx", nam_2019=new)
        assert xeploai("compare", "cu.xlsx", "moi.xlsx", "--rules", "bo.yaml").returncode == code


# ------------------------------------------------------------------------------------------ what is shown


HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "[bold]x[/bold]",
    "{{ 7*7 }}",
    "a\x1b[31mb",
    "a\u202eb",
    "Xã " + "Rất Dài " * 36,
)


def hostile() -> Comparison:
    rows = [(name, "Huyện B", 18, 5, 5) for name in HOSTILE if "\x1b" not in name]  # no workbook can hold that one
    return compared([*rows, (*A, 20, 10, 8)], [(*A, 18, 5, 5), *rows])


def test_a_hostile_name_is_text_on_the_page_the_screen_and_in_the_workbook():
    comparison = hostile()
    page = changes.page(comparison)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    out, err = io.StringIO(), io.StringIO()
    changes.show(comparison, out, err)
    assert "\u202e" not in out.getvalue()
    book = load_workbook(io.BytesIO(workbook_bytes(changes.pages(comparison))))
    column = [cell for row in book["Đơn vị"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in column] == ["s"]


def test_the_workbook_has_its_three_sheets_and_a_row_for_every_unit():
    comparison = compared([(*A, 18, 5, 5), (*B, 19, 8, 8)], [(*A, 20, 10, 8), ("Xã Mới Toanh", "Huyện B", 9, 9, 3)])
    book = load_workbook(io.BytesIO(workbook_bytes(changes.pages(comparison))))
    assert book.sheetnames == ["So sánh", "Đơn vị", "Tiêu chí"]
    rows = [[cell.value for cell in row] for row in book["Đơn vị"].iter_rows()]
    heading = next(row for row in rows if "Thay đổi" in row)
    told = {row[0]: dict(zip(heading, row, strict=True)) for row in rows[rows.index(heading) + 1 :]}
    assert {name: row["Thay đổi"] for name, row in told.items()} == {
        "Xã A": "Lên mức",
        "Xã Mới Toanh": "Mới",
        "Xã B": "Không còn",
    }
    assert (told["Xã A"]["Điểm năm 2018"], told["Xã A"]["Tăng, giảm (điểm)"], told["Xã A"]["Tăng, giảm hạng"]) == (
        28,
        10,
        "+1",
    )
    assert told["Xã B"]["Điểm năm 2019"] is None


def test_the_screen_shows_the_matrix_the_moves_and_the_sentences():
    comparison = compared([(*A, 18, 5, 5), (*B, 19, 8, 8)], [(*A, 20, 10, 8), (*B, 9, 9, 3)])
    out, err = io.StringIO(), io.StringIO()
    changes.show(comparison, out, err)
    text = re.sub(r" +", " ", out.getvalue())
    assert "khá 1 0 0 0 1" in text
    assert "Xã A Huyện B 28 → 38 +10 2 → 1 +1 khá → tốt" in text
    assert (
        "Trong 2 đơn vị có ở cả hai bên: 1 đơn vị lên mức (Xã A (Huyện B)), 1 đơn vị xuống mức (Xã B (Huyện B)), 0 đơn vị "
        "giữ mức." in text
    )
    assert (
        "Năm 2019: 1 đơn vị xếp loại tốt, không đổi so với năm 2018; không có đơn vị khá, giảm 1; 1 đơn vị trung bình, tăng 1; "
        "không có đơn vị yếu, không đổi." in text
    )
    assert err.getvalue() == ""


def test_the_sentences_count_as_the_article_does():
    """Điện Biên, 2019: "105 đơn vị khá, tăng 16 so với năm 2018"; the sample draws the numbers of the article."""
    sample = Path(__file__).parents[1] / "samples" / "tinh-mau-2016-2019.xlsx"
    text = " ".join(changes.sentences(compare_files(sample, sample)))
    assert (
        "18 đơn vị xếp loại tốt, giảm 3 so với năm 2018; 105 đơn vị khá, tăng 16; 7 đơn vị trung bình, giảm 13" in text
    )
    assert "75 đơn vị đạt danh hiệu «Trong sạch, vững mạnh», tăng 11 so với năm 2018" in text


def test_nobody_is_named_as_the_one_that_moved_most_where_several_moved_by_the_same():
    one = compared([(*A, 18, 5, 5), (*B, 18, 6, 5)], [(*A, 17, 5, 5), (*B, 18, 4, 5)])
    assert "giảm nhiều nhất là Xã B (Huyện B): −2 điểm (29 → 27" in " ".join(changes.sentences(one))
    both = compared([(*A, 18, 5, 5), (*B, 18, 6, 5)], [(*A, 16, 5, 5), (*B, 18, 4, 5)])
    text = " ".join(changes.sentences(both))
    assert "giảm nhiều nhất: 2 đơn vị cùng −2 điểm (Xã A (Huyện B) và Xã B (Huyện B))." in text


def test_numbers_that_nobody_confirmed_are_marked_in_every_output():
    Path("bo.yaml").write_text((HEAD + CRITERIA + BANDS).replace("mã: bo-thu", "mã: bo-thu\nminh hoạ: có"), "utf-8")
    compared([(*A, 18, 5, 5)], [(*A, 18, 5, 5)])
    sides = [Path("cu.xlsx"), published(Path("cu.xlsx"), "cu-ket-qua.xlsx")]
    for old in sides:
        comparison = compare_files(old, published(Path("moi.xlsx"), "moi-ket-qua.xlsx"), rules="bo.yaml")
        out = io.StringIO()
        changes.show(comparison, out, io.StringIO())
        sheets_words = [" ".join(table.above) for page in changes.pages(comparison) for table in page.tables[:1]]
        assert all("MINH HOẠ" in words for words in (out.getvalue(), changes.page(comparison), *sheets_words))


def test_the_same_comparison_gives_the_same_bytes():
    first = compared(OLD, FRESH)
    second = compare_files(Path("cu.xlsx"), Path("moi.xlsx"), rules="bo.yaml")
    assert changes.page(first) == changes.page(second)
    assert workbook_bytes(changes.pages(first)) == workbook_bytes(changes.pages(second))


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="chromium is not here: install Debian's chromium to run this test")
def test_in_a_browser_the_page_filters_by_kind_of_change_and_sorts(tmp_path: Path):
    api = pytest.importorskip("playwright.sync_api")
    comparison = compared(
        [(*A, 18, 5, 5), (*B, 19, 8, 8), ("Xã Bỏ", "Huyện C", 9, 9, 3)],
        [(*A, 20, 10, 8), (*B, 9, 9, 3), ("Xã <b>Đậm</b>", "Huyện C", 9, 9, 3)],
    )
    (tmp_path / "trang.html").write_text(changes.page(comparison), "utf-8")
    troubles: list[str] = []
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda said: troubles.append(said.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto((tmp_path / "trang.html").as_uri())

        def seen() -> list[str]:
            return [row.inner_text() for row in page.query_selector_all("#units tbody tr:not([hidden]) th")]

        assert seen() == ["Xã A", "Xã B", "Xã <b>Đậm</b>", "Xã Bỏ"]
        page.select_option("[name=change]", "Xuống mức")
        assert seen() == ["Xã B"]
        page.select_option("[name=change]", "")
        page.fill("[name=text]", "xa bo")
        assert seen() == ["Xã Bỏ"]
        page.click("text=Xoá lọc")
        page.wait_for_function("document.querySelectorAll('#units tbody tr[hidden]').length === 0")
        page.click("#units thead button:has-text('Tăng, giảm (điểm)')")
        assert seen()[:2] == ["Xã B", "Xã A"]  # −14, +10; those without a change come last
        page.click("#units thead button:has-text('Tăng, giảm (điểm)')")
        assert seen()[:2] == ["Xã A", "Xã B"]
        browser.close()
    assert troubles == []
