"""What must hold between the parts of a book, the books that are shipped, their examples, and the JSON Schema.

Expectations come from the design, section 5: loading refuses children ≠ parent, bands out of order, gaps and overlaps, a
lowest band that does not reach 0, names that do not exist; `rules check` also runs the examples.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from builders import BANDS, CRITERIA, HEAD, a_book, a_grid, against, run
from xeploai.book.load import Loaded, load_book
from xeploai.book.parts import Edge
from xeploai.book.rulebook import RuleBook
from xeploai.examples import check_book
from xeploai.findings import Finding, Severity, Unusable
from xeploai.vi import EXACT

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "rules").glob("*.yaml"))
TITLE = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}\n"
FLAGS = """
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm}
  - {mã: chan-chinh, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}
  - {mã: chi-tieu, loại: chỉ tiêu, danh hiệu: Vững mạnh, ít nhất: 80%}
"""


def said(more: str = "", **parts: str) -> tuple[Finding, ...]:
    """Every complaint about this book, whether it loads or not."""
    try:
        return a_book(more, **parts).findings
    except Unusable as trouble:
        return trouble.findings


def codes(findings: tuple[Finding, ...] | list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def bands(*lines: str) -> str:
    return "xếp loại:\n" + "".join(f"  - {{mức: {line}}}\n" for line in lines)


def criteria(*lines: str) -> str:
    return "tiêu chí:\n" + "".join(f"  {line}\n" for line in lines)


# --------------------------------------------------------------------------------------------- the tree


def test_parts_that_add_up_exactly_are_no_trouble():
    # 0,1 + 0,2 = 0,3 on paper, though not among binary fractions
    tree = criteria(
        "- mã: TC1", "  tên: A", "  điểm tối đa: 0.3", "  gồm:",
        "    - {mã: TC1.1, tên: B, điểm tối đa: 0.1}", "    - {mã: TC1.2, tên: C, điểm tối đa: 0.2}",
    )  # fmt: skip
    assert said(criteria=tree) == ()


@pytest.mark.parametrize(("second", "sum_"), [("7,99", "19,99"), ("8,01", "20,01"), ("7", "19")])
def test_parts_that_do_not_add_up_are_refused_with_both_numbers(second, sum_):
    (finding,) = said(criteria=CRITERIA.replace("điểm tối đa: 8}", f"điểm tối đa: '{second}'}}"))
    assert finding.code == "BTC05"
    assert f"{sum_} điểm" in finding.message
    assert "20" in finding.message
    assert "TC2" in finding.message


def test_parts_of_parts_are_added_too():
    tree = criteria(
        "- mã: I", "  tên: A", "  điểm tối đa: 20", "  gồm:",
        "    - mã: I.1", "      tên: B", "      điểm tối đa: 20", "      gồm:",
        "        - {mã: I.1.1, tên: C, điểm tối đa: 19}",
    )  # fmt: skip
    (finding,) = said(criteria=tree)
    assert finding.code == "BTC05"
    assert "I.1 " in finding.message


def test_a_known_discrepancy_is_a_note_and_names_the_clause():
    tree = CRITERIA.replace("điểm tối đa: 8}", "điểm tối đa: 7}").replace(
        "    tên: Tiêu chí hai\n", "    tên: Tiêu chí hai\n    sai lệch đã biết: 'Phụ lục 2, mục II'\n"
    )
    (finding,) = said(criteria=tree)
    assert (finding.code, finding.severity) == ("BTC07", Severity.NOTE)
    assert "Phụ lục 2, mục II" in finding.message
    assert "19" in finding.message


def test_a_criterion_of_no_points_is_refused():
    (finding,) = said(criteria=CRITERIA + "  - {mã: TC3, tên: C, điểm tối đa: 0}\n")
    assert finding.code == "BTC05"


def test_codes_that_differ_by_a_dot_are_two_codes():
    # A book of eleven criteria, the first of which has parts, is quite ordinary.
    tree = criteria(
        "- mã: TC1", "  tên: A", "  điểm tối đa: 20", "  gồm:",
        "    - {mã: TC1.1, tên: B, điểm tối đa: 20}", "- {mã: TC11, tên: D, điểm tối đa: 20}",
    )  # fmt: skip
    assert said(criteria=tree) == ()


@pytest.mark.parametrize("code", ["TC1", "tc1", "TC 1", "TC2.1"])
def test_a_code_that_is_used_twice_is_refused(code):
    (finding,) = said(criteria=CRITERIA + f"  - {{mã: {code}, tên: C, điểm tối đa: 5}}\n")
    assert finding.code == "BTC05"
    assert f"«{code}»" in finding.message


def test_as_many_levels_as_the_tree_has_must_be_named():
    assert said("các cấp: [tiêu chí, tiêu chí thành phần]") == ()
    (finding,) = said("các cấp: [tiêu chí]")
    assert finding.code == "BTC05"
    assert "2 cấp" in finding.message


def test_a_level_that_is_named_twice_is_refused():
    assert codes(said("các cấp: [tiêu chí, Tiêu chí]")) == ["BTC05"]


@pytest.mark.parametrize(
    ("names", "level"),
    [
        ("", "tiêu chí"),
        ("các cấp: [tiêu chí, tiêu chí thành phần]", "tiêu chí"),
        ("các cấp: [lĩnh vực, tiêu chí]", "tiêu chí"),
        ("các cấp: [nội dung, chỉ số]", "nội dung"),  # none is named tiêu chí: the first
    ],
)
def test_every_criterion_speaks_of_the_level_named_tieu_chi_else_of_the_first(names, level):
    assert a_book(names).book.level == level


# ---------------------------------------------------------------------------------------------- the bands

SOUND_BANDS = {
    "lower edges only": ("tốt, ít nhất: 80%", "khá, ít nhất: 50%", "yếu, ít nhất: 0%"),
    "both edges, as decrees write them": ("tốt, ít nhất: 90%", "khá, ít nhất: 70%, dưới: 90%", "yếu, ít nhất: 0%, dưới: 70%"),
    "edges on the other side (Hải Phòng 212/2025)": (
        "tốt, trên: 90%", "khá, trên: 80%, không quá: 90%", "trung bình, ít nhất: 50%, không quá: 80%",
        "yếu, ít nhất: 0%, dưới: 50%",
    ),
    "above, then at least, at one number": ("tốt, trên: 90%", "khá, ít nhất: 90%", "yếu, ít nhất: 0%"),
    "points and percent": ("tốt, ít nhất: 32 điểm", "khá, ít nhất: 65%, dưới: 80%", "yếu, ít nhất: 0 điểm, dưới: 26 điểm"),
    "one band": ("đạt, ít nhất: 0%",),
    "the highest up to the very maximum": (
        "tốt, ít nhất: 36 điểm, không quá: 40 điểm", "khá, ít nhất: 50%, dưới: 90%", "yếu, ít nhất: 0%, dưới: 50%",
    ),
    "full marks": ("tốt, ít nhất: 100%", "yếu, ít nhất: 0%"),
    "quarters": ("a, phần tư: 1", "b, phần tư: 2", "c, phần tư: 3", "d, phần tư: 4"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND_BANDS)
def test_bands_without_gap_or_overlap_are_no_trouble(name):
    assert said(bands=bands(*SOUND_BANDS[name])) == ()


WRONG_BANDS = {
    "out of order": (("tốt, ít nhất: 50%", "khá, ít nhất: 80%", "yếu, ít nhất: 0%"), ["«khá»", "80%", "50%"]),
    "two of one number": (("tốt, ít nhất: 50%", "khá, ít nhất: 50%", "yếu, ít nhất: 0%"), ["«khá»"]),
    "at least, then above, at one number": (("tốt, ít nhất: 50%", "khá, trên: 50%", "yếu, ít nhất: 0%"), ["«khá»"]),
    "mixed units out of order": (("tốt, ít nhất: 32 điểm", "khá, ít nhất: 85%", "yếu, ít nhất: 0%"), ["«khá»"]),
    "a gap": (("tốt, ít nhất: 90%", "khá, ít nhất: 70%, dưới: 85%", "yếu, ít nhất: 0%"),
              ["từ 85% đến dưới 90% không thuộc mức nào", "«dưới 90%»"]),
    "an overlap": (("tốt, ít nhất: 90%", "khá, ít nhất: 70%, dưới: 95%", "yếu, ít nhất: 0%"),
                   ["từ 90% đến dưới 95% thuộc cả hai mức", "«dưới 90%»"]),
    "a gap of one number": (("tốt, trên: 90%", "khá, ít nhất: 70%, dưới: 90%", "yếu, ít nhất: 0%"),
                            ["đúng 90% không thuộc mức nào", "«không quá 90%»"]),
    "lowest does not reach 0": (("tốt, ít nhất: 50%", "yếu, ít nhất: 10%"), ["«yếu»", "0%"]),
    "lowest begins above 0": (("tốt, ít nhất: 50%", "yếu, trên: 0%"), ["«yếu»", "0%"]),
    "two upper edges, the tighter one leaves a gap": (
        ("tốt, ít nhất: 90%", "khá, ít nhất: 70%, không quá: 90%, dưới: 85%", "yếu, ít nhất: 0%"),
        ["«khá» ghi dưới 85%", "từ 85% đến dưới 90% không thuộc mức nào", "«dưới 90%»"],
    ),
    "the highest ends below full marks": (("tốt, ít nhất: 80%, dưới: 100%", "yếu, ít nhất: 0%"), ["«tốt»", "cận trên"]),
    "no edge": (("tốt", "yếu, ít nhất: 0%"), ["«tốt»", "ngưỡng"]),
    "two lower edges": (("tốt, ít nhất: 80%, trên: 70%", "yếu, ít nhất: 0%"), ["giữ một"]),
    "beyond the maximum": (("tốt, ít nhất: 40,01 điểm", "yếu, ít nhất: 0%"), ["40"]),
    "beyond 100 %": (("tốt, ít nhất: 101%", "yếu, ít nhất: 0%"), ["101%"]),
    "counted in units": (("tốt, ít nhất: 2 đơn vị", "yếu, ít nhất: 0%"), ["«%» hoặc «điểm»"]),
    "one name twice": (("tốt, ít nhất: 80%", "Tốt, ít nhất: 0%"), ["«tốt»", "2 lần"]),
    "quarters out of order": (("a, phần tư: 2", "b, phần tư: 1", "c, phần tư: 3", "d, phần tư: 4"), ["phần tư"]),
    "three quarters": (("a, phần tư: 1", "b, phần tư: 2", "c, phần tư: 3"), ["phần tư"]),
    "a quarter with an edge": (("a, phần tư: 1, ít nhất: 80%", "b, phần tư: 2", "c, phần tư: 3", "d, phần tư: 4"), ["phần tư"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_BANDS)
def test_bands_that_contradict_each_other_are_refused(name):
    lines, words = WRONG_BANDS[name]
    (finding,) = said(bands=bands(*(line.replace("40,01 điểm", "'40,01 điểm'") for line in lines)))
    assert finding.code == "BTC05"
    assert all(word in finding.message for word in words), finding.message


def test_an_overlap_of_one_number_is_called_an_overlap():
    (finding,) = said(bands=bands("tốt, ít nhất: 90%", "khá, ít nhất: 70%, không quá: 90%", "yếu, ít nhất: 0%"))
    assert "đúng 90% thuộc cả hai mức; cần «dưới 90%»" in finding.message


def test_a_gap_behind_a_second_upper_edge_is_refused():
    lines = ("tốt, trên: 90%", "khá, ít nhất: 70%, không quá: 90%, dưới: 85%", "yếu, ít nhất: 0%")
    assert codes(said(bands=bands(*lines))) == ["BTC05"]


def test_a_lowest_band_with_an_upper_edge_alone_gets_one_hint_that_helps():
    (finding,) = said(bands=bands("tốt, ít nhất: 50%", "yếu, dưới: 50%"))
    assert "«ít nhất: 0%»" in finding.message


def test_a_known_discrepancy_between_bands_is_a_note():
    lines = ("tốt, ít nhất: 90%", "khá, ít nhất: 70%, dưới: 85%, sai lệch đã biết: 'Điều 8'", "yếu, ít nhất: 0%")
    (finding,) = said(bands=bands(*lines))
    assert (finding.code, finding.severity) == ("BTC07", Severity.NOTE)
    assert "Điều 8" in finding.message


def test_in_a_known_gap_a_unit_is_undetermined_and_in_no_band():
    lines = (
        "tốt, ít nhất: 90%",
        "khá, ít nhất: 70%, dưới: 85%, sai lệch đã biết: 'Điều 8'",
        "yếu, ít nhất: 0%, dưới: 70%",
    )
    book = a_book(bands=bands(*lines))
    # of 40 points: 84,975 % · 85 % · 89,975 % · 90 %
    grid = a_grid("Đơn vị | TC1 | TC2\nXã Một | 20 | 13.99\nXã Hai | 20 | 14\nXã Ba | 20 | 15.99\nXã Bốn | 20 | 16")
    assert [rating.band for rating in run(book, grid).ratings] == ["khá", None, None, "tốt"]
    assert [rating.status for rating in run(book, grid).ratings] == ["rated", "undetermined", "undetermined", "rated"]


def test_edges_mean_what_their_words_say():
    book = a_book(bands=bands(*SOUND_BANDS["edges on the other side (Hải Phòng 212/2025)"]))
    rows = [36.01, 36, 32.01, 32, 20, 19.99]  # of 40 points: 90 % is 36, 80 % is 32, 50 % is 20
    grid = a_grid(
        "\n".join(
            [
                "Đơn vị | TC1 | TC2",
                *(f"Xã Thử {i} | {min(row, 20)} | {max(row - 20, 0):.2f}" for i, row in enumerate(rows)),
            ]
        )
    )
    expected = ["tốt", "khá", "khá", "trung bình", "trung bình", "yếu"]
    assert [rating.band for rating in run(book, grid).ratings] == expected


def test_an_edge_is_exact_whatever_precision_stands_around_it():
    edge, maximum = Edge(Decimal("99.9999999999999"), "%"), Decimal("123456789.012345")
    points = edge.of(maximum)  # 30 digits, where Python's own arithmetic keeps 28
    assert Fraction(points) * 100 == Fraction(edge.amount) * Fraction(maximum)
    step = Decimal("1E-25")
    assert [against(edge, EXACT.add(points, by), maximum) for by in (-step, Decimal(0), step)] == [-1, 0, 1]


def test_points_and_percent_may_stand_beside_each_other():
    book = a_book(bands=bands(*SOUND_BANDS["points and percent"]))
    grid = a_grid("Đơn vị | TC1 | TC2\nXã Một | 20 | 12\nXã Hai | 20 | 11.99\nXã Ba | 20 | 6\nXã Bốn | 20 | 5.99")
    assert [rating.band for rating in run(book, grid).ratings] == ["tốt", "khá", "khá", "yếu"]


def test_points_and_percent_may_stand_in_one_band_also_where_rounding_comes_first():
    lines = ("tốt, ít nhất: 32 điểm", "khá, ít nhất: 50%, dưới: 32 điểm", "yếu, ít nhất: 0%")
    book = a_book("làm tròn: {số chữ số thập phân: 2, trước khi xếp loại: có}", bands=bands(*lines))
    grid = a_grid("Đơn vị | TC1 | TC2\nXã Một | 14 | 10")  # 24 of 40 points: 60 %
    assert [rating.band for rating in run(book, grid).ratings] == ["khá"]


# ------------------------------------------------------------------------------------- names that must exist

NAMES = {
    "a title's band": ("danh hiệu", "tên: T, xếp loại ít nhất: trung bnh", "có phải «trung bình»?"),
    "a title's level": ("danh hiệu", "tên: T, cấp: tiêu chi thành phân", "có phải «tiêu chí thành phần»?"),
    "an old band's new name": ("thang cũ", "mức: xuất sắc, coi như: tot", "có phải «tốt»?"),
    "a low score's level": (
        "cảnh báo",
        "mã: a, loại: điểm thấp, không quá: 5 điểm, cấp: lĩnh vực",
        "bộ này có: tiêu chí,",
    ),
    "a streak's band": ("cảnh báo", "mã: a, loại: liên tiếp, xếp loại không quá: yêu, số năm: 2", "có phải «yếu»?"),
    "a streak's title": ("cảnh báo", "mã: a, loại: liên tiếp, danh hiệu: vung manh, số năm: 2", "có phải «Vững mạnh»?"),
    "a target's title": ("cảnh báo", "mã: a, loại: chỉ tiêu, danh hiệu: Văn hóa, ít nhất: 80%", "bộ này có: Vững mạnh"),
    "a target's band": ("cảnh báo", "mã: a, loại: chỉ tiêu, xếp loại ít nhất: kha, ít nhất: 80%", "có phải «khá»?"),
    "an example's band": ("ví dụ", "tên: x, điểm: TC1 9, xếp loại: kha", "có phải «khá»?"),
    "an example's title": ("ví dụ", "tên: x, điểm: TC1 9, danh hiệu: vững mạch", "có phải «Vững mạnh»?"),
    "an example's warning": ("ví dụ", "tên: x, điểm: TC1 9, cảnh báo: [kiem diem]", "có phải «kiem-diem»?"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_the_book_does_not_have_gets_the_nearest_one(name):
    section, part, hint = NAMES[name]
    more = "" if section == "danh hiệu" else TITLE
    more += FLAGS if section == "ví dụ" else ""
    (finding,) = said(f"{more}{section}:\n  - {{{part}}}\n")
    assert finding.code == "BTC05"
    assert hint in finding.message, finding.message


@pytest.mark.parametrize("typed", ["Trung Bình", "trung  bình", "TRUNG BÌNH"])
def test_a_name_is_known_in_any_case(typed):
    assert said(f"cảnh báo:\n  - {{mã: a, loại: liên tiếp, xếp loại: {typed}, số năm: 2}}\n") == ()


@pytest.mark.parametrize("typed", ["toàn tình", "toàn tin", "tỉnh toàn"])
def test_a_misspelled_whole_province_is_not_silently_counted_by_district(typed):
    more = f"cảnh báo:\n  - {{mã: a, loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 80%, tính theo: {typed}}}\n"
    assert codes(said(more)) == ["BTC05"]


def test_a_whole_city_is_one_group():
    book = a_book(
        "cảnh báo:\n  - {mã: a, loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 100%, tính theo: toàn thành phố}\n"
    )
    grid = a_grid("Quận | Đơn vị | TC1 | TC2\nQuận 1 | Phường Một | 1 | 1\nQuận 2 | Phường Hai | 1 | 1")
    assert [finding.code for finding in run(book, grid).findings if finding.code == "a"] == ["a"]


@pytest.mark.parametrize(
    "more",
    [
        "khi đơn vị không quá: trung bìn, người đứng đầu không quá: tốt",
        "khi đơn vị không quá: khá, người đứng đầu không quá: tốt lắm",
    ],
)
def test_a_cap_that_speaks_of_an_unknown_band_is_refused(more):
    caps = f"thang người đứng đầu: [xuất sắc, tốt]\nkhống chế:\n  - {{mã: a, loại: người đứng đầu, {more}}}\n"
    assert codes(said(caps)) == ["BTC05"]


def test_caps_are_accepted_as_the_design_writes_them():
    loaded = a_book("""
        thang người đứng đầu: [xuất sắc, tốt, hoàn thành, không hoàn thành]
        khống chế:
          - mã: nguoi-dung-dau
            loại: người đứng đầu
            khi đơn vị không quá: trung bình
            người đứng đầu không quá: tốt
    """)
    assert loaded.findings == ()
    (cap,) = loaded.book.caps
    assert (cap.code, cap.when_unit_at_most, cap.head_at_most) == ("nguoi-dung-dau", "trung bình", "tốt")


FLAG_TROUBLES = {
    "low score without a limit": "loại: điểm thấp",
    "low score counted in units": "loại: điểm thấp, không quá: 2 đơn vị",
    "streak without a condition": "loại: liên tiếp, số năm: 2",
    "streak with two conditions": "loại: liên tiếp, số năm: 2, xếp loại: khá, cuối bảng: có",
    "target without a count": "loại: chỉ tiêu, ít nhất: 80%",
    "target with two counts": "loại: chỉ tiêu, ít nhất: 80%, xếp loại ít nhất: khá, xếp loại không quá: khá",
    "target without a goal": "loại: chỉ tiêu, xếp loại ít nhất: khá",
    "target with two goals": "loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 80%, không quá: 90%",
    "target in points": "loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 80 điểm",
    "target beyond 100 %": "loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 101%",
}


@pytest.mark.parametrize("name", FLAG_TROUBLES)
def test_a_rule_that_says_too_little_or_too_much_is_refused(name):
    assert codes(said(f"cảnh báo:\n  - {{mã: a, {FLAG_TROUBLES[name]}}}\n")) == ["BTC05"]


def test_two_warnings_of_one_code_are_refused():
    one = "{mã: a, loại: điểm thấp, không quá: 5 điểm}"
    assert codes(said(f"cảnh báo:\n  - {one}\n  - {one}\n")) == ["BTC05"]


@pytest.mark.parametrize("code", ["DL05", "btc01", "LS3", "vb02"])
def test_a_warning_cannot_bear_a_code_of_ours(code):
    assert codes(said(f"cảnh báo:\n  - {{mã: {code}, loại: điểm thấp, không quá: 5 điểm}}\n")) == ["BTC05"]


@pytest.mark.parametrize("by", ["huyện", "Cụm", "thi xa", "toàn huyện", "tất cả", "TOAN TINH"])
def test_a_target_goes_by_a_known_word(by):
    assert (
        said(f"cảnh báo:\n  - {{mã: a, loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 80%, tính theo: {by}}}\n") == ()
    )


def test_two_titles_of_one_name_are_refused():
    assert codes(said("danh hiệu:\n  - {tên: T}\n  - {tên: t}\n")) == ["BTC05"]


def test_years_must_run_forwards():
    assert said("áp dụng từ năm: 2019\nđến năm: 2019") == ()
    assert codes(said("áp dụng từ năm: 2020\nđến năm: 2019")) == ["BTC05"]


def test_all_contradictions_come_at_once():
    findings = said(
        TITLE.replace("khá", "kha") + FLAGS.replace("số năm: 2", "xếp loại: kém, số năm: 2"),
        criteria=CRITERIA.replace("điểm tối đa: 8}", "điểm tối đa: 7}"),
        bands=BANDS.replace("ít nhất: 0%", "ít nhất: 5%"),
    )
    # parts of TC2 · lowest band · title's band · two conditions and an unknown band of chan-chinh
    assert codes(findings) == ["BTC05"] * 5


# ----------------------------------------------------------------------------- limits that speak of everybody


@pytest.mark.parametrize(
    "limit", ["không quá: 19 điểm", "'không quá': '19,99 điểm'", "dưới: 20 điểm", "không quá: 99%"]
)
def test_a_limit_below_the_maximum_is_no_trouble(limit):
    assert said(f"cảnh báo:\n  - {{mã: a, loại: điểm thấp, {limit}}}\n") == ()


@pytest.mark.parametrize("limit", ["không quá: 20 điểm", "không quá: 21 điểm", "dưới: 21 điểm", "không quá: 100%"])
def test_a_limit_that_every_unit_meets_is_a_warning_and_the_book_loads(limit):
    findings = a_book(f"cảnh báo:\n  - {{mã: a, loại: điểm thấp, {limit}}}\n").findings
    assert {(finding.code, finding.severity) for finding in findings} == {("BTC06", Severity.WARNING)}
    assert ["TC1" in finding.message for finding in findings] == [True, False]  # one for each criterion of the level


def test_the_limit_is_measured_at_the_level_that_is_named():
    low = "cảnh báo:\n  - {mã: a, loại: điểm thấp, không quá: 9 điểm}\n"
    assert said(low) == ()
    (finding,) = said(low.replace("loại:", "cấp: tiêu chí thành phần, loại:"))  # TC2.2 has 8 points
    assert finding.code == "BTC06"
    assert "TC2.2" in finding.message


@pytest.mark.parametrize(
    ("limit", "idle"), [("trên: 19 điểm", 0), ("trên: 20 điểm", 2), ("ít nhất: 20 điểm", 0), ("ít nhất: 21 điểm", 2)]
)
def test_a_title_that_nobody_can_reach_is_a_warning(limit, idle):
    assert codes(said(f"danh hiệu:\n  - {{tên: T, mọi tiêu chí {limit}}}\n")) == ["BTC06"] * idle


# ---------------------------------------------------------------------------------------------- examples


def checked(example: str, more: str = TITLE + FLAGS) -> list[Finding]:
    return check_book(a_book(f"{more}\nví dụ:\n  - {{tên: thử, {example}}}\n"))


EXAMPLES = {
    # TC1 9 + TC2 20 = 29 of 40: 72,5 %, khá; TC1 is not above 9: no title, a review
    "nine points": "điểm: TC1 9; TC2.1 12; TC2.2 8, xếp loại: khá, danh hiệu: [], cảnh báo: [kiem-diem]",
    # 9,01 + 20 = 29,01
    "a little more than nine": "điểm: TC1 9.01; TC2.1 12; TC2.2 8, xếp loại: khá, danh hiệu: Vững mạnh, cảnh báo: []",
    "a comma": "điểm: 'TC1 9,01; TC2.1 12; TC2.2 8', xếp loại: khá",
    "a criterion at its own level": "điểm: TC1 19; TC2 20, xếp loại: tốt",
    "any order, any case": "điểm: tc2.2 8; TC 1 19; tc2.1 12, xếp loại: Tốt",
    "with a past": "điểm: TC1 10; TC2 10, lịch sử: 2018 trung bình, xếp loại: trung bình, cảnh báo: [chan-chinh]",
    "with a good past": "điểm: TC1 10; TC2 10, lịch sử: 2018 khá, xếp loại: trung bình, cảnh báo: []",
    "outcome left open": "điểm: TC1 19; TC2 20",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_that_comes_out_right_is_no_trouble(name):
    assert checked(EXAMPLES[name]) == []


WRONG_EXAMPLES = {
    "band": ("điểm: TC1 9.01; TC2 20, xếp loại: tốt", ["khá", "tốt"]),
    "title expected": ("điểm: TC1 9; TC2 20, danh hiệu: Vững mạnh, cảnh báo: [kiem-diem]", ["danh hiệu", "không có"]),
    "title not expected": ("điểm: TC1 9.01; TC2 20, danh hiệu: []", ["Vững mạnh"]),
    "warning expected": ("điểm: TC1 9.01; TC2 20, cảnh báo: [kiem-diem]", ["cảnh báo", "kiem-diem"]),
    "warning not expected": ("điểm: TC1 9; TC2 20, cảnh báo: []", ["cảnh báo", "kiem-diem"]),
    "warnings are all of them": ("điểm: TC1 9; TC2 20", ["kiem-diem"]),
    "unknown criterion": ("điểm: TC1 9; TC3 20", ["TC3 20"]),
    "no number": ("điểm: TC1 chín; TC2 20", ["TC1 chín"]),
    "missing points": ("điểm: TC1 19; TC2.1 12", ["TC2.2"]),
    "no points at all": ("điểm: ';'", ["TC1"]),
    "a sum beside its parts": ("điểm: TC1 19; TC2 20; TC2.1 12; TC2.2 8", ["TC2"]),
    "more than the maximum": ("điểm: TC1 20.01; TC2 20", ["TC1", "20,01", "20"]),
    "below zero": ("điểm: TC1 -1; TC2 20", ["TC1", "-1"]),
    "a past that says nothing": ("điểm: TC1 19; TC2 20, lịch sử: 2018 xuất sắc", ["2018 xuất sắc"]),
}


@pytest.mark.parametrize("name", WRONG_EXAMPLES)
def test_an_example_that_comes_out_wrong_is_said_with_both_outcomes(name):
    example, words = WRONG_EXAMPLES[name]
    (finding,) = checked(example)
    assert (finding.code, finding.severity) == ("BTC08", Severity.ERROR)
    assert "«thử»" in finding.message
    assert all(word in finding.message for word in words), finding.message


def test_every_difference_of_an_example_is_said():
    findings = checked("điểm: TC1 9; TC2 20, xếp loại: tốt, danh hiệu: Vững mạnh, cảnh báo: []")
    assert codes(findings) == ["BTC08", "BTC08", "BTC08"]


def test_the_place_of_an_example_is_its_line():
    before = f"{HEAD}\n{CRITERIA}\n{BANDS}\n{TITLE}\nví dụ:\n".count("\n")
    (finding,) = check_book(a_book(TITLE + "\nví dụ:\n  - {tên: thử, điểm: TC1 9; TC2 20, xếp loại: tốt}\n"))
    assert finding.message.startswith(f"bo-thu.yaml:{before + 1}:5: ")


def test_an_example_beyond_the_maximum_speaks_of_no_cell():
    (finding,) = checked("điểm: TC1 20.01; TC2 20")
    assert "ô A1" not in finding.message
    assert ".." not in finding.message


def test_an_example_that_gives_one_criterion_twice_is_refused():
    (finding,) = checked("điểm: TC1 9; TC1 19; TC2 20, xếp loại: tốt")
    assert "TC1" in finding.message


def test_an_example_cannot_tell_a_band_that_goes_by_quarter():
    example = "ví dụ:\n  - {tên: thử, điểm: TC1 0; TC2 0, xếp loại: a}\n"
    (finding,) = said(example, bands=bands(*SOUND_BANDS["quarters"]))
    assert (finding.code, "phần tư" in finding.message) == ("BTC05", True)
    assert said(example.replace(", xếp loại: a", ""), bands=bands(*SOUND_BANDS["quarters"])) == ()


def test_a_note_that_nothing_can_be_concluded_is_no_warning_of_an_example():
    rule = "mã: a, loại: liên tiếp, xếp loại: trung bình, số năm: 3, năm thiếu: phải đủ"
    example = "điểm: TC1 10; TC2 10, lịch sử: 2016 trung bình; 2018 trung bình, cảnh báo: []"
    assert checked(example, more=f"cảnh báo:\n  - {{{rule}}}\n") == []


def test_what_loading_said_is_said_again_by_the_check():
    more = "cảnh báo:\n  - {mã: a, loại: điểm thấp, cấp: tiêu chí thành phần, không quá: 9 điểm}\n"
    assert codes(check_book(a_book(more))) == ["BTC06"]


# -------------------------------------------------------------------------------------- the shipped books


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_shipped_book_loads_passes_its_check_and_is_named_for_its_code(path: Path):
    loaded = load_book(path)
    assert [finding.message for finding in loaded.findings if finding.code != "BTC07"] == []
    assert [finding.message for finding in check_book(loaded) if finding.code != "BTC07"] == []
    assert loaded.book.code == path.stem


def test_books_are_shipped():
    assert {path.stem for path in RULES} >= {"cqcs-dien-bien", "papi"}


def test_the_book_of_the_acceptance_workbooks_loads_unchanged(shared: Path):
    loaded = load_book(shared / "workbooks" / "cqcs-mau.yaml")
    assert check_book(loaded) == []
    book = loaded.book
    assert (book.code, book.years, book.max_points, book.illustrative) == (
        "cqcs-mau",
        "năm 2011–2024",
        Decimal(100),
        True,
    )
    assert [leaf.code for leaf in book.leaves] == [
        "TC1",
        "TC2.1",
        "TC2.2",
        "TC3",
        "TC4.1",
        "TC4.2",
        "TC4.3",
        "TC5",
        "TC6",
    ]
    assert [band.name for band in book.bands] == ["tốt", "khá", "trung bình", "yếu"]
    assert [(flag.code, flag.kind) for flag in book.flags] == [
        ("kiem-diem", "điểm thấp"), ("chan-chinh", "liên tiếp"), ("chi-tieu-80", "chỉ tiêu"),
    ]  # fmt: skip


@pytest.mark.parametrize(("year", "holds"), [(2010, False), (2011, True), (2024, True), (2025, False), (None, True)])
def test_a_book_is_in_force_in_its_years(year, holds):
    book = a_book("áp dụng từ năm: 2011\nđến năm: 2024").book
    assert book.in_force(year) is holds
    assert a_book("").book.in_force(year)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("áp dụng từ năm: 2026", "từ năm 2026"),
        ("đến năm: 2018", "đến năm 2018"),
        ("áp dụng từ năm: 2025\nđến năm: 2025", "năm 2025"),
        ("áp dụng từ năm: 2011\nđến năm: 2024", "năm 2011–2024"),
    ],
)
def test_a_book_says_its_years(text, words):
    assert a_book(text).book.years == words


# ------------------------------------------------------------------------------------------ the JSON Schema

SCHEMA = RuleBook.model_json_schema()


BARE = {"khi", "theo"}  # Vietnamese words that have no accents


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "RuleBook", SCHEMA
    yield from SCHEMA["$defs"].items()


def misfits(node: object, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Why this tree of texts does not fit the schema: as much of JSON Schema as ours uses."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    ways = schema.get("oneOf") or schema.get("anyOf")
    if ways:
        tried = [list(misfits(node, way, path)) for way in ways]
        yield from [] if [] in tried else min(tried, key=len)
    elif schema.get("type") == "object":
        if not isinstance(node, dict):
            yield f"{path}: not a group"
            return
        yield from (f"{path}: {key} is missing" for key in schema.get("required", []) if key not in node)
        for key, value in node.items():
            if key in schema["properties"]:
                yield from misfits(value, schema["properties"][key], f"{path}/{key}")
            else:
                yield f"{path}: {key} is not described"
    elif schema.get("type") == "array":
        if not isinstance(node, list):
            yield f"{path}: not a list"
            return
        for place, item in enumerate(node):
            yield from misfits(item, schema["items"], f"{path}/{place}")
    elif schema.get("type") != "null" and not isinstance(node, str):
        yield f"{path}: not a text"
    elif schema.get("type") == "null" or node not in (schema.get("enum") or [schema.get("const", node)]):
        yield f"{path}: {node} is not among the choices"


def tree(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)  # every scalar stays text


@pytest.mark.parametrize(("name", "schema"), list(objects()), ids=lambda each: each if isinstance(each, str) else "")
def test_every_key_of_the_schema_is_vietnamese(name, schema):
    assert schema["additionalProperties"] is False, "a misspelled key would pass"
    assert [key for key in schema["properties"] if key.isascii()] == [
        key for key in schema["properties"] if key in BARE
    ]
    assert all(not key.isascii() or key in BARE for key in schema.get("required", []))


def test_the_schema_knows_a_misfit_when_it_sees_one():
    book = tree(HEAD + CRITERIA + BANDS)
    assert list(misfits(book, SCHEMA)) == []
    del book["mã"]
    book["tieu chi"] = []
    book["xếp loại"] = "tốt"
    assert sorted(misfits(book, SCHEMA)) == ["/xếp loại: not a list", ": mã is missing", ": tieu chi is not described"]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_the_schema_describes_every_shipped_book(path: Path):
    assert list(misfits(tree(path.read_text("utf-8")), SCHEMA)) == []


def test_the_schema_describes_the_book_of_the_acceptance_workbooks(shared: Path):
    assert list(misfits(tree((shared / "workbooks" / "cqcs-mau.yaml").read_text("utf-8")), SCHEMA)) == []


WRITTEN_BY_HAND = {
    "a cap": (
        "thang người đứng đầu: [tốt]\n"
        "khống chế:\n  - {mã: a, loại: người đứng đầu, khi đơn vị không quá: khá, người đứng đầu không quá: tốt, căn cứ: c}\n"
    ),
    "the design's rounding": "làm tròn: {số chữ số thập phân: '2', cách: nửa lên, trước khi xếp loại: có}\n",
    "every flag": TITLE + FLAGS,
    "a title alone in an example": TITLE + "ví dụ:\n  - {tên: thử, điểm: TC1 9; TC2 20, danh hiệu: [Vững mạnh]}\n",
}


@pytest.mark.parametrize("name", WRITTEN_BY_HAND)
def test_what_loads_fits_the_schema(name):
    text = HEAD + CRITERIA + BANDS + WRITTEN_BY_HAND[name]
    assert isinstance(a_book(WRITTEN_BY_HAND[name]), Loaded)
    assert list(misfits(tree(text), SCHEMA)) == []


def test_a_way_of_scoring_by_its_plain_word_fits_the_schema():
    text = (HEAD + CRITERIA + BANDS).replace("điểm tối đa: 8}", "điểm tối đa: 8, cách chấm: nhập điểm}")
    assert list(misfits(tree(text), SCHEMA)) == []


def test_one_word_in_place_of_a_list_fits_the_schema():
    assert a_book("áp dụng cho: xã").book.applies_to == ("xã",)
    assert list(misfits(tree(HEAD + CRITERIA + BANDS + "áp dụng cho: xã\n"), SCHEMA)) == []


def test_a_book_names_its_own_templates_of_letters():
    assert a_book().book.templates is None
    assert a_book("mẫu văn bản:").book.templates is None  # only the name of the section was left
    more = "mẫu văn bản: {tờ trình: mau/to-trinh.docx, biên bản kiểm điểm: kiem-diem.docx}\n"
    named = a_book(more).book.templates
    assert named is not None
    assert (named.submission, named.inspection, named.notice, named.request) == (
        "mau/to-trinh.docx", "kiem-diem.docx", None, None,
    )  # fmt: skip
    assert list(misfits(tree(HEAD + CRITERIA + BANDS + more), SCHEMA)) == []


def test_a_letter_that_nobody_writes_has_no_template():
    (finding,) = said("mẫu văn bản: {quyết định: x.docx}\n")
    assert finding.code == "BTC03"
    assert "quyết định" in finding.message
