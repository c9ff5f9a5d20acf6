"""Grid → ScoreSheet: which column is which criterion, which row is a unit, of which district and year.

The layouts are those of real offices (domain 6.1, issue 2). What is lost here is lost for good, so nothing may go silently.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.findings import Severity, Unusable
from xeploai.model import Grid, Unit
from xeploai.pipeline import Outcome
from xeploai.steps.bind import bind

BOOK = a_book()
HEAD = "| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
THREE = HEAD + "| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 | Xã Nả | 12 | 4 | 4 |\n| 3 | Xã Nạ | 20 | 12 | 8 |"
POINTS = {"Xã Ná": "28", "Xã Nả": "20", "Xã Nạ": "40"}
TITLE = "| BẢNG ĐIỂM NĂM {} |\n|\n"


def units(outcome: Outcome) -> list[tuple[str, str]]:
    return [(unit.name, unit.parent) for unit in outcome.sheet.units]


def status(outcome: Outcome) -> dict[str, str]:
    return {rating.unit.name: rating.status for rating in outcome.ratings}


def points(outcome: Outcome) -> dict[str, str]:
    return {rating.unit.name: str(rating.points) for rating in outcome.ratings if rating.points is not None}


def table(rows: str, head: str = HEAD, **more: object) -> Grid:
    return a_grid(head + "\n".join(line.strip() for line in rows.strip().splitlines()), **more)


# ------------------------------------------------------------------------------- headings of criteria


@pytest.mark.parametrize(
    "heads",
    [
        ("Tiêu chí ba", "Phần thứ tư", "Phần thứ năm"),
        ("Số hộ", "Dân số", "Diện tích"),
        ("(1)", "(2)", "(3)"),
        ("Tiêu chi môt", "Phân thư nhât", "Phân thư hai"),  # accents are never folded away
    ],
)
def test_a_sheet_that_names_no_criterion_is_no_score_sheet(heads):
    with pytest.raises(Unusable) as stopped:
        run(BOOK, table("| 1 | Xã Ná | 18 | 5 | 5 |", f"| STT | Đơn vị | {' | '.join(heads)} |\n"))
    assert brief(stopped.value.findings) == [("DL10", "", "A1")]


@pytest.mark.parametrize(
    "heads",
    [
        ("TC1", "TC2.1", "TC2.2"),
        ("tc 1", "TC 2.1", "Tc2.2"),
        ("Tiêu chí một", "Phần thứ nhất", "Phần thứ hai"),
        ("TIÊU CHÍ MỘT", "PHẦN THỨ NHẤT", "PHẦN THỨ HAI"),
        ("Tiêu chí\\nmột", " Phần \\n thứ nhất", "Phần  thứ\\nhai"),
        ("Tiêu chí một (20 điểm)", "Phần thứ nhất\\n(12 điểm)", "Phần thứ hai (tối đa 8)"),
        ("TC1 (20)", "TC2.1 (12đ)", "TC2.2 [8 điểm]"),
        ("1. Tiêu chí một", "2.1. Phần thứ nhất", "2.2) Phần thứ hai"),
        ("I. Tiêu chí một", "a) Phần thứ nhất", "b) Phần thứ hai"),
        ("TC1: Tiêu chí một", "TC2.1. Phần thứ nhất", "TC2.2 - Phần thứ hai (8 điểm)"),
        ("TC1 – Tiêu chí một", "TC2.1 – Phần thứ nhất", "TC2.2 — Phần thứ hai"),
    ],
)
def test_criteria_are_known_by_code_or_by_name_however_they_are_decorated(heads):
    for form in ("NFC", "NFD"):
        drawn = unicodedata.normalize(form, f"| STT | Đơn vị | {' | '.join(heads)} |\n")
        outcome = run(BOOK, table("| 1 | Xã Ná | 18 | 5 | 4 |", drawn))
        assert {code: str(column[0]) for code, column in outcome.sheet.points.items()} == {
            "TC1": "18", "TC2.1": "5", "TC2.2": "4"
        }  # fmt: skip


@pytest.mark.parametrize(
    "heads",
    [
        ("TC1\\nTiêu chí một", "TC2.1\\nPhần thứ nhất", "TC2.2\\nPhần thứ hai"),
        ("TC1 Tiêu chí một", "TC2.1 Phần thứ nhất", "TC2.2 Phần thứ hai"),
        ("1 Tiêu chí một", "2.1 Phần thứ nhất", "2.2 Phần thứ hai"),
        ("Tiêu chí 1: Tiêu chí một", "Tiêu chí 2.1: Phần thứ nhất", "Tiêu chí 2.2: Phần thứ hai"),
    ],
)
def test_a_number_before_the_name_needs_no_stop_after_it(heads):
    # Written one under the other, or with a space alone: how most summary sheets put number and name into one cell.
    outcome = run(BOOK, table("| 1 | Xã Ná | 18 | 5 | 4 |", f"| STT | Đơn vị | {' | '.join(heads)} |\n"))
    assert points(outcome) == {"Xã Ná": "27"}


def test_an_en_dash_in_the_sheet_is_the_hyphen_of_the_book():
    book = a_book(
        criteria="""
        tiêu chí:
          - {mã: TC1, tên: Phát triển kinh tế - xã hội, điểm tối đa: 10}
          - {mã: TC2, tên: "Quốc phòng, an ninh", điểm tối đa: 10}
        """
    )
    grid = a_grid("""
        | STT | Đơn vị | Phát triển kinh tế – xã hội | Quốc phòng,\\nan ninh (*) |
        | 1 | Xã Ná | 8 | 7 |
        """)
    assert points(run(book, grid)) == {"Xã Ná": "15"}


@pytest.mark.parametrize(
    "merged", [(), ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5))], ids=["plain", "merged"]
)
def test_of_two_criteria_of_one_name_the_heading_above_decides(merged):
    part = "{{mã: {0}1, tên: Tuyên truyền, điểm tối đa: 10}}, {{mã: {0}2, tên: Kiểm tra, điểm tối đa: 10}}"
    node = "  - {{mã: {0}, tên: Lĩnh vực {0}, điểm tối đa: 20, gồm: [" + part + "]}}\n"
    book = a_book(criteria="tiêu chí:\n" + node.format("A") + node.format("B"))
    rows = "| | | Tuyên truyền | Kiểm tra | Tuyên truyền | Kiểm tra |\n| 1 | Xã Ná | 1 | 2 | 3 | 4 |"
    outcome = run(book, a_grid(f"| STT | Đơn vị | Lĩnh vực A | | Lĩnh vực B | |\n{rows}", merged=merged))
    assert {code: column[0] for code, column in outcome.sheet.points.items()} == {"A1": 1, "A2": 2, "B1": 3, "B2": 4}


def test_a_merged_heading_of_two_rows_and_a_row_of_numbers():
    grid = a_grid(
        """
        | STT | Đơn vị | Tiêu chí một | Tiêu chí hai | | Tổng điểm |
        | | | | Phần thứ nhất | Phần thứ hai | |
        | (1) | (2) | (3) | (4) | (5) | (6)=(3)+(4)+(5) |
        | 1 | Xã Ná | 18 | 5 | 4 | 27 |
        """,
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4), (0, 5, 1, 5)),
    )
    outcome = run(BOOK, grid)
    assert (points(outcome), brief(outcome.findings, "DL13", "DL16", "DL30")) == ({"Xã Ná": "27"}, [])


def test_a_heading_of_three_rows_under_one_cell_for_all_points():
    grid = a_grid(
        """
        | STT | Đơn vị | Điểm đánh giá các tiêu chí | | |
        | | | Tiêu chí một | Tiêu chí hai | |
        | | | | Phần thứ nhất | Phần thứ hai |
        | 1 | Xã Ná | 18 | 5 | 4 |
        """,
        merged=((0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 4), (1, 2, 2, 2), (1, 3, 1, 4)),
    )
    assert points(run(BOOK, grid)) == {"Xã Ná": "27"}


@pytest.mark.parametrize("word", ["Cộng", "Tổng", "Tổng số", "Điểm"])
def test_a_parent_with_a_column_for_its_own_sum_is_compared_not_counted(word):
    grid = a_grid(
        f"""
        | STT | Đơn vị | TC1 | TC2 | | |
        | | | | TC2.1 | TC2.2 | {word} |
        | 1 | Xã Ná | 18 | 5 | 5 | 10 |
        | 2 | Xã Nả | 18 | 5 | 5 | 11 |
        """,
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 5)),
    )
    outcome = run(BOOK, grid)
    assert points(outcome) == {"Xã Ná": "28", "Xã Nả": "28"}
    assert brief(outcome.findings, "DL30") == [("DL30", "Xã Nả", "F4")]


def test_the_total_compared_is_the_one_of_the_chosen_phase():
    grid = a_grid(
        """
        | STT | Đơn vị | TC1 | | TC2.1 | | TC2.2 | | Tổng điểm | |
        | | | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm | Thẩm định | Tự chấm |
        | 1 | Xã Ná | 18 | 20 | 5 | 6 | 5 | 6 | 28 | 32 |
        """,
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 0, 7), (0, 8, 0, 9)),
    )
    outcome = run(BOOK, grid)
    assert (points(outcome), brief(outcome.findings, "DL30")) == ({"Xã Ná": "28"}, [])


def test_the_total_of_another_year_is_not_compared():
    grid = a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 | Tổng điểm | Tổng điểm 2018 |\n| Xã Ná | 18 | 5 | 5 | 28 | 25 |")
    assert brief(run(BOOK, grid).findings, "DL30") == []


@pytest.mark.parametrize("label", ["Điểm tối đa", "Điểm chuẩn", "Thang điểm"])
def test_a_row_of_maxima_is_no_unit_and_is_named(label):
    outcome = run(BOOK, table(f"| | {label} | 20 | 12 | 8 |\n| 1 | Xã Ná | 18 | 5 | 5 |"))
    assert units(outcome) == [("Xã Ná", "")]
    assert brief(outcome.findings, "DL16") == [("DL16", "", "B2")]


@pytest.mark.parametrize(
    "label", ["Điểm tối đa theo quy định", "Tổng điểm tối đa", "Bình quân chung", "Trung bình cộng"]
)
def test_a_row_of_maxima_or_means_is_never_ranked(label):
    rows = "| 1 | Xã Ná | 18 | 5 | 5 |\n| | {} | 19 | 8 | 8 |"
    assert units(run(BOOK, table(rows.format(label)))) == [("Xã Ná", "")]


@pytest.mark.parametrize("merged", [(), ((0, 0, 1, 0), (0, 1, 1, 1))], ids=["plain", "merged heading"])
@pytest.mark.parametrize(
    "maxima", ["20 | 12 | 8", "20 điểm | 12 điểm | 8 điểm", "(20đ) | (12đ) | (8đ)", "'20' | '12' | '8'"]
)
def test_maxima_without_a_label_right_under_the_heading_are_part_of_it(maxima, merged):
    # They are the book's own maxima, number for number: neither a unit nor points without a name.
    outcome = run(BOOK, table(f"| | | {maxima} |\n| 1 | Xã Ná | 18 | 5 | 5 |", merged=merged))
    assert (points(outcome), outcome.errors) == ({"Xã Ná": "28"}, [])


@pytest.mark.parametrize("numbers", ["| 1 | 2 | 3 | 4 | 5", "| A | B | 1 | 2 | 3", "| (1) | (2) | (3) | (4) | (5)"])
def test_a_row_that_numbers_the_columns_is_no_unit(numbers):
    outcome = run(BOOK, table(f"{numbers}\n| 1 | Xã Ná | 18 | 5 | 5 |"))
    assert (units(outcome), brief(outcome.findings, "DL16", "DL17")) == ([("Xã Ná", "")], [])


def test_the_numbers_of_the_columns_are_not_the_codes_of_a_book_that_counts_its_criteria():
    book = a_book(
        criteria="tiêu chí:\n  - {mã: 3, tên: Việc ba, điểm tối đa: 20}\n  - {mã: 4, tên: Việc bốn, điểm tối đa: 20}\n"
    )
    grid = a_grid("| TT | Đơn vị | Việc bốn | Việc ba |\n| (1) | (2) | (3) | (4) |\n| 1 | Xã Ná | 5 | 18 |")
    outcome = run(book, grid)
    assert {code: column[0] for code, column in outcome.sheet.points.items()} == {"3": 18, "4": 5}


def test_columns_in_another_order():
    grid = a_grid("| TC2.2 | Ghi chú | TC1 | Đơn vị | TC2.1 | STT |\n| 4 | | 18 | Xã Ná | 5 | 1 |")
    assert points(run(BOOK, grid)) == {"Xã Ná": "27"}


def test_a_table_that_starts_elsewhere_keeps_excel_s_addresses():
    outcome = run(BOOK, table("| 1 | Xã Ná | | 5 | 5 |", top=6, left=2))
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Ná", "E8")]
    assert outcome.sheet.named(0).address == "D8"


def test_the_column_of_names_may_have_no_heading():
    assert points(run(BOOK, table(THREE.removeprefix(HEAD), "| STT | | TC1 | TC2.1 | TC2.2 |\n"))) == POINTS


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Họ và tên", ("Lò Thị Tám", "Vàng A Chín")),
        ("Xã đạt chuẩn nông thôn mới", ("Không đạt", "Đạt")),
        ("Đơn vị tự xếp loại", ("Trung bình", "Không xếp loại")),
        ("Chủ tịch UBND xã", ("Lò Thị Tám", "Vàng A Chín")),
    ],
)
@pytest.mark.parametrize("place", [2, 5], ids=["beside", "at the end"])
def test_another_column_of_words_never_gives_the_units_their_names(heading, values, place):
    lines: list[list[object]] = [
        ["STT", "Tên xã", "TC1", "TC2.1", "TC2.2"],
        [1.0, "Xã Na", 18.0, 5.0, 5.0],
        [2.0, "Xã Nam", 12.0, 4.0, 4.0],
    ]
    for line, word in zip(lines, (heading, *values), strict=True):
        line.insert(place, word)
    assert points(run(BOOK, Grid("diem.xlsx", "Bảng điểm", lines))) == {"Xã Na": "28", "Xã Nam": "20"}


def test_of_names_in_two_languages_the_vietnamese_ones_are_taken():
    grid = a_grid("| Unit | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Na Commune | Xã Ná | 18 | 5 | 5 |")
    assert points(run(BOOK, grid)) == {"Xã Ná": "28"}


def test_two_tables_side_by_side_are_never_read_as_one():
    # Domain 6.1, PCI and PAPI: blocks sorted independently side by side. Row 2 speaks of two communes.
    grid = a_grid("""
        | STT | Đơn vị | TC1 | | STT | Đơn vị | TC2.1 | TC2.2 |
        | 1 | Xã Ná | 18 | | 1 | Xã Nả | 12 | 8 |
        | 2 | Xã Nả | 10 | | 2 | Xã Ná | 1 | 1 |
        """)
    try:
        outcome = run(BOOK, grid)
    except Unusable:
        return
    assert points(outcome) in ({}, {"Xã Ná": "20", "Xã Nả": "30"}), "a commune was given the points of another"


# ------------------------------------------------------------------- columns too many, too few, twice


def test_a_column_of_words_that_no_rule_knows_is_nobody_s_points():
    outcome = run(BOOK, table("| 1 | Xã Ná | 18 | 5 | 5 | xem biên bản |", HEAD.rstrip() + " Minh hoạ thêm |\n"))
    assert (status(outcome), brief(outcome.findings, "DL13")) == ({"Xã Ná": "rated"}, [])


def test_a_column_of_numbers_that_no_rule_knows_is_named_once():
    outcome = run(
        BOOK, table("| 1 | Xã Ná | 18 | 5 | 5 | 7 |\n| 2 | Xã Nả | 18 | 5 | 5 | 7 |", HEAD.rstrip() + " TC9 |\n")
    )
    assert points(outcome) == {"Xã Ná": "28", "Xã Nả": "28"}
    assert brief(outcome.findings, "DL13") == [("DL13", "", "F1")]


def test_of_two_columns_for_one_criterion_neither_is_taken():
    grid = a_grid("| STT | Đơn vị | TC1 | Tiêu chí một | TC2.1 | TC2.2 |\n| 1 | Xã Ná | 18 | 19 | 5 | 5 |")
    outcome = run(BOOK, grid)
    assert status(outcome) == {"Xã Ná": "unrated"}
    assert ("DL12", "", "C1") in brief(outcome.findings)


def test_a_missing_column_leaves_every_unit_unrated_and_nothing_is_0():
    outcome = run(BOOK, a_grid("| STT | Đơn vị | TC1 | TC2.1 |\n| 1 | Xã Ná | 18 | 5 |\n| 2 | Xã Nả | 20 | 12 |"))
    assert set(status(outcome).values()) == {"unrated"}
    assert [(rating.points, rating.rank, rating.band) for rating in outcome.ratings] == [(None, None, None)] * 2
    assert brief(outcome.findings, "DL11") == [("DL11", "", "A1")]
    assert "TC2.2 «Phần thứ hai»" in next(f.message for f in outcome.findings if f.code == "DL11")


def test_a_sheet_with_only_the_parents_is_rated_by_them_with_a_note():
    outcome = run(BOOK, a_grid("| STT | Đơn vị | TC1 | TC2 |\n| 1 | Xã Ná | 18 | 15 |\n| 2 | Xã Nả | 20 | 20.5 |"))
    assert points(outcome) == {"Xã Ná": "33"}
    assert brief(outcome.findings, "DL18", "DL23") == [("DL23", "Xã Nả", "D3"), ("DL18", "", "D1")]


# -------------------------------------------------------------------------------------------- phases


def phased(*words: str, under: str = "") -> Grid:
    """TC1, TC2.1 and TC2.2, each with these phases; the points of phase k are 10 + k, 5 + k, 1 + k."""
    count = len(words)
    heads = " | ".join(f"{code}{' |' * (count - 1)}" for code in ("TC1", "TC2.1", "TC2.2"))
    values = " | ".join(str(base + k) for base in (10, 5, 1) for k in range(count))
    merged = tuple((0, 2 + count * k, 0, 1 + count * (k + 1)) for k in range(3)) if count > 1 else ()
    drawn = f"| STT | Đơn vị | {heads} |\n| | | {' | '.join(words * 3)} |\n| 1 | Xã Ná | {values} |"
    return a_grid(drawn, merged=((0, 0, 1, 0), (0, 1, 1, 1), *merged))


def test_one_phase_alone_needs_no_note():
    outcome = run(BOOK, phased("Thẩm định"))
    assert (points(outcome), brief(outcome.findings, "DL19")) == ({"Xã Ná": "16"}, [])


@pytest.mark.parametrize(
    ("words", "total"),
    [
        (("Tự chấm", "Thẩm định"), "19"),
        (("Thẩm định", "Tự chấm"), "16"),
        (("Tự chấm", "Thẩm định", "Thẩm định lần 2"), "22"),
        (("Thẩm định lần 2", "Thẩm định lần 1", "Tự chấm"), "16"),
        (("Tự chấm", "Điểm thẩm định", "Điểm chính thức"), "22"),
        (("TC", "TĐ"), "19"),
    ],
)
def test_of_several_phases_the_official_one_counts_and_a_note_names_it(words, total):
    outcome = run(BOOK, phased(*words))
    assert points(outcome) == {"Xã Ná": total}
    assert [code for code, _, _ in brief(outcome.findings, "DL19")] == ["DL19"]


def test_phases_without_merged_cells_over_them():
    grid = phased("Tự chấm", "Thẩm định")
    outcome = run(BOOK, Grid(grid.file, grid.sheet, grid.rows))
    assert points(outcome) == {"Xã Ná": "19"}


@pytest.mark.parametrize(
    "words",
    [("Xã tự chấm", "Huyện thẩm định"), ("Đơn vị tự chấm", "UBND huyện thẩm định"), ("Tự chấm", "Tổ thẩm định")],
)
def test_phases_that_say_who_scores(words):
    assert points(run(BOOK, phased(*words))) == {"Xã Ná": "19"}


def test_the_maximum_beside_the_phases_is_not_points_and_not_a_stranger():
    outcome = run(BOOK, phased("Điểm tối đa", "Tự chấm", "Thẩm định"))
    assert points(outcome) == {"Xã Ná": "22"}
    assert brief(outcome.findings, "DL13") == []


def test_phases_above_the_criteria_in_two_blocks():
    grid = a_grid(
        """
        | STT | Đơn vị | Điểm tự chấm | | | Điểm thẩm định | | |
        | | | TC1 | TC2.1 | TC2.2 | TC1 | TC2.1 | TC2.2 |
        | 1 | Xã Ná | 20 | 6 | 6 | 18 | 5 | 5 |
        """,
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 0, 7)),
    )
    assert points(run(BOOK, grid)) == {"Xã Ná": "28"}


def test_phases_in_rows_are_never_settled_in_silence():
    # The row of the official points has no name of its own: dropped, the unit would be rated by what it gave itself.
    grid = a_grid(
        """
        | STT | Đơn vị | Loại điểm | TC1 | TC2.1 | TC2.2 |
        | 1 | Xã Ná | Tự chấm | 18 | 6 | 6 |
        | | | Thẩm định | 15 | 5 | 5 |
        """,
        merged=((1, 0, 2, 0), (1, 1, 2, 1)),
    )
    outcome = run(BOOK, grid)
    assert points(outcome) == {"Xã Ná": "25"} or any(cell.row == 2 for f in outcome.errors for cell in f.cells)


# ------------------------------------------------------------------------------------------ districts

AT_HOME = [("Xã Ná", "Huyện Một"), ("Xã Nả", "Huyện Một"), ("Xã Ná", "Huyện Hai")]


def test_without_a_district_there_is_none():
    assert [parent for _, parent in units(run(BOOK, a_grid(THREE)))] == ["", "", ""]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        (
            "| 1 | Huyện Một | Xã Ná | 18 | 5 | 5\n| 2 | Huyện Một | Xã Nả | 18 | 5 | 5\n| 3 | Huyện Hai | Xã Ná | 18 | 5 | 5",
            (),
        ),
        ("| 1 | Huyện Một | Xã Ná | 18 | 5 | 5\n| 2 | | Xã Nả | 18 | 5 | 5\n| 3 | Huyện Hai | Xã Ná | 18 | 5 | 5", ()),
        (
            "| 1 | Huyện Một | Xã Ná | 18 | 5 | 5\n| 2 | | Xã Nả | 18 | 5 | 5\n| 3 | Huyện Hai | Xã Ná | 18 | 5 | 5",
            ((1, 1, 2, 1),),
        ),
        (
            "| I | Huyện Một | | | |\n| 1 | | Xã Ná | 18 | 5 | 5\n| 2 | | Xã Nả | 18 | 5 | 5\n"
            "| II | Huyện Hai | | | |\n| 1 | | Xã Ná | 18 | 5 | 5",
            (),
        ),
    ],
    ids=["every row", "first row", "merged", "a row of its own"],
)
def test_the_district_in_a_column(rows, merged):
    assert units(run(BOOK, table(rows, "| STT | Huyện | Xã | TC1 | TC2.1 | TC2.2 |\n", merged=merged))) == AT_HOME


@pytest.mark.parametrize(
    ("one", "two", "merged"),
    [
        ("| I | Huyện Một | | |", "| II | Huyện Hai | | |", ()),
        ("| I. | HUYỆN MỘT | | |", "| II. | HUYỆN HAI | | |", ()),
        ("| | Huyện Một | | |", "| | Huyện Hai | | |", ()),
        ("| A | Huyện Một | | |", "| B | Huyện Hai | | |", ()),
        ("| Huyện Một | | | |", "| Huyện Hai | | | |", ((1, 0, 1, 4), (4, 0, 4, 4))),
        ("| I | Huyện Một | 36 | 10 | 10", "| II | Huyện Hai | 18 | 5 | 5", ()),  # with sums
        ("| I | Huyện Một | 18 | 5 | 5", "| II | Huyện Hai | 18 | 5 | 5", ()),  # with means: they would pass for points
        ("| | Huyện Một | 18 | 5 | 5", "| | Huyện Hai | 18 | 5 | 5", ()),
        ("| | | | |\n| I | Huyện Một | | |", "| | | | |\n| II | Huyện Hai | | |", ()),
        ("| I. Huyện Một | | | |", "| II. Huyện Hai | | | |", ((1, 0, 1, 4), (4, 0, 4, 4))),
    ],
    ids=["roman", "capitals", "kind", "letter", "merged", "sums", "means", "unnumbered means", "blank row", "one cell"],
)  # fmt: skip
def test_the_district_as_a_row_of_its_own(one, two, merged):
    rows = f"{one}\n| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 | Xã Nả | 18 | 5 | 5 |\n{two}\n| 1 | Xã Ná | 18 | 5 | 5 |"
    outcome = run(BOOK, table(rows, merged=merged))
    assert [(name, _plain(parent)) for name, parent in units(outcome)] == [(n, _plain(p)) for n, p in AT_HOME]
    assert set(status(outcome).values()) == {"rated"}


def _plain(parent: str) -> str:
    return parent.lower()


@pytest.mark.parametrize(
    ("one", "two", "merged"),
    [
        ("| I | Tà Lùng | | |", "| II | Tà Chải | | |", ()),
        ("| I | Tà Lùng | 18 | 5 | 5", "| II | Tà Chải | 18 | 5 | 5", ()),
        ("| | Tà Lùng | | |", "| | Tà Chải | | |", ((1, 1, 1, 4), (4, 1, 4, 4))),
        ("| Tà Lùng | | | |", "| Tà Chải | | | |", ((1, 0, 1, 4), (4, 0, 4, 4))),
    ],
    ids=["roman", "roman with means", "merged in B", "merged from A"],
)
def test_a_district_that_does_not_say_its_kind(one, two, merged):
    rows = f"{one}\n| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 | Xã Nả | 18 | 5 | 5 |\n{two}\n| 1 | Xã Ná | 18 | 5 | 5 |"
    for counted_on in (
        rows,
        rows.replace("| 1 | Xã Ná | 18 | 5 | 5 |", "| 7 | Xã Ná | 18 | 5 | 5 |").replace("| 2 |", "| 8 |"),
    ):
        assert units(run(BOOK, table(counted_on, merged=merged))) == [
            ("Xã Ná", "Tà Lùng"), ("Xã Nả", "Tà Lùng"), ("Xã Ná", "Tà Chải")
        ]  # fmt: skip


@pytest.mark.parametrize("other", ["Khu vực", "Vùng", "Cụm thi đua"])
def test_the_district_is_the_district_beside_any_other_grouping(other):
    grid = a_grid(f"| {other} | Xã | Huyện | TC1 | TC2.1 | TC2.2 |\n| III | Xã Ná | Huyện Một | 18 | 5 | 5 |")
    assert units(run(BOOK, grid)) == [("Xã Ná", "Huyện Một")]


@pytest.mark.parametrize("second", ["1.1", "a", "-", "'1.1.'"])
def test_districts_may_be_numbered_and_their_communes_below_them(second):
    rows = f"""
        | 1 | Huyện Một | | |
        | {second} | Xã Ná | 18 | 5 | 5 |
        | 2 | Huyện Hai | | |
        | {second} | Xã Ná | 12 | 4 | 4 |
        """
    outcome = run(BOOK, table(rows))
    assert (units(outcome), outcome.errors) == ([("Xã Ná", "Huyện Một"), ("Xã Ná", "Huyện Hai")], [])


@pytest.mark.parametrize("sheet", ["Bảng điểm", "Tổng hợp", "Sheet1", "Xã", "T Hợp", "Khu vực"])
def test_a_sheet_that_is_not_named_for_a_district(sheet):
    assert units(run(BOOK, a_grid(THREE, sheet=sheet)))[0] == ("Xã Ná", "")


@pytest.mark.parametrize("sheet", ["Huyện Tà Lùng", "H. Tà Lùng", "Thị xã Tà Chải", "TP. Tà Lùng"])
def test_a_sheet_named_for_a_district_holds_its_communes(sheet):
    assert units(run(BOOK, a_grid(THREE, sheet=sheet)))[0] == ("Xã Ná", sheet)


def test_the_first_of_several_stacked_tables_keeps_its_title_too():
    # Domain 6.1: several rounds stacked in one sheet, the header repeated.
    grid = a_grid(
        f"| | Huyện Một |\n{HEAD}| 1 | Xã Ná | 18 | 5 | 5 |\n|\n| | Huyện Hai |\n{HEAD}| 1 | Xã Ná | 18 | 5 | 5 |"
    )
    assert units(run(BOOK, grid)) == [("Xã Ná", "Huyện Một"), ("Xã Ná", "Huyện Hai")]


def test_districts_themselves_may_be_rated():
    rows = "| {} | Huyện Một | 18 | 5 | 5 |\n| {} | Thành phố Hai | 12 | 4 | 4 |"
    for first, second in (("1", "2"), ("I", "II"), ("", "")):
        for unit in ("Đơn vị", "Huyện, thị xã, thành phố"):
            outcome = run(BOOK, table(rows.format(first, second), HEAD.replace("Đơn vị", unit)))
            assert units(outcome) == [("Huyện Một", ""), ("Thành phố Hai", "")]


def test_a_district_without_points_is_not_the_parent_of_the_next_district():
    grid = a_grid("""
        | Đơn vị | TC1 | TC2.1 | TC2.2 |
        | Huyện Một | 18 | 5 | 5 |
        | Huyện Hai | | | |
        | Huyện Ba | 18 | 5 | 5 |
        """)
    outcome = run(BOOK, grid)
    assert units(outcome) == [("Huyện Một", ""), ("Huyện Hai", ""), ("Huyện Ba", "")]
    assert status(outcome)["Huyện Hai"] == "unrated"


# ----------------------------------------------------------------------------------- which row is a unit


def test_names_without_a_kind_are_units_and_sums_are_not():
    rows = """
        | 1 | Cộng Hòa | 18 | 5 | 5 |
        | 2 | Tổng Cọt | 18 | 5 | 5 |
        | | Cộng | 36 | 10 | 10 |
        | 3 | Xã Trung Bình | 18 | 5 | 5 |
        | | Tổng cộng | 54 | 15 | 15 |
        """
    outcome = run(BOOK, table(rows))
    assert [name for name, _ in units(outcome)] == ["Cộng Hòa", "Tổng Cọt", "Xã Trung Bình"]
    assert set(status(outcome).values()) == {"rated"}


AMONG = ["| 1 | Xã Ná | 18 | 5 | 5 |", "| 2 | Xã Nả | 18 | 5 | 5 |"]


@pytest.mark.parametrize("place", [1, 2], ids=["among", "last"])
@pytest.mark.parametrize(
    "row",
    [
        "| 3 | Xã Nạ | | |",
        "| 3 | Nạ | | |",
        "| '03' | Nạ | | |",
        "| 3. | Nạ | | |",
        "| | Xã Nạ | | |",
        "| 3 | Nạ | chưa nộp | | |",
        "| | Nạ | 5 | | |",
        "| | Nạ | | | #REF! |",
    ],
)
def test_a_unit_without_its_points_is_a_unit(row, place):
    outcome = run(BOOK, table("\n".join([*AMONG[:place], row, *AMONG[place:]])))
    name = row.split("|")[2].strip()
    assert status(outcome) == {"Xã Ná": "rated", "Xã Nả": "rated", name: "unrated"}
    assert {finding.unit.name for finding in outcome.errors if finding.unit} == {name}


@pytest.mark.parametrize("place", [1, 2], ids=["among", "last"])
@pytest.mark.parametrize(
    "row",
    ["| | Nạ | | |", "| | Nạ | vắng | vắng | vắng", "| | Nạ | không chấm | | |", "| 2.3 | Nạ | | |", "| 3) | Nạ | | |"],
)
def test_a_name_without_number_kind_or_points_is_never_lost(row, place):
    # It may be a unit or a question, but an officer must hear of it: the row stands among the units.
    outcome = run(BOOK, table("\n".join([*AMONG[:place], row, *AMONG[place:]])))
    assert any("Nạ" in finding.message and finding.severity != "note" for finding in outcome.findings)


@pytest.mark.parametrize(
    "rows",
    [
        "| | (*) Xã mới thành lập |\n| 2 | Xã Nả | | | |\n| 3 | Nạ | | | |",
        "| | Ghi chú: điểm đã làm tròn |\n| 2 | Xã Nả | | | |\n| 3 | Nạ | | | |",
        "| 2 | Xã Nả | | | | Chưa nộp báo cáo ngày 10 tháng 01 năm 2020 |\n| 3 | Nạ | | | |",
        "| 2 | Xã Nả | | | | Lãnh đạo mới nhận việc |\n| 3 | Nạ | | | |",
        "| 2 | Lưu Nả | | | |\n| 3 | Nạ | | | |",
        "| 2 | Ký Nả | | | |\n| 3 | Nạ | | | |",
    ],
    ids=["star", "remark", "date in a note", "word in a note", "Lưu …", "Ký …"],
)
def test_nothing_in_or_between_the_rows_closes_a_table_whose_numbers_go_on(rows):
    head = HEAD.rstrip() + " Ghi chú |\n"
    outcome = run(BOOK, table(f"| 1 | Xã Ná | 18 | 5 | 5 |\n{rows}\n| 4 | Xã Nà | 18 | 5 | 5 |", head))
    assert [rating.status for rating in outcome.ratings] == ["rated", "unrated", "unrated", "rated"]


@pytest.mark.parametrize("name", ["Thị xã Nả", "Huyện Nả"])
def test_a_numbered_row_with_points_is_never_taken_for_a_district_in_silence(name):
    # "Thị xã" typed for "Thị trấn" must not make a commune vanish.
    outcome = run(BOOK, table(f"| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 | {name} | 18 | 5 | 5 |\n| 3 | Xã Nạ | 18 | 5 | 5 |"))
    assert name in status(outcome) or any(name in f.message and f.severity != "note" for f in outcome.findings)


@pytest.mark.parametrize("row", ["| III | Nạ | | | |", "| III | Nạ |", "| C | Nạ | | | |"])
def test_a_section_that_holds_nobody_is_spoken_of(row):
    outcome = run(BOOK, table(f"| I | Ná | 18 | 5 | 5 |\n| II | Nả | 18 | 5 | 5 |\n{row}"))
    assert any("Nạ" in finding.message and finding.severity != "note" for finding in outcome.findings)


@pytest.mark.parametrize(
    "row", ["| 3221 | Xã Nạ | | |", "| 3221 | Nạ | | |", "| | Xã Nạ | | |", "|\n| 3221 | Nạ | | |"]
)
def test_a_unit_with_a_code_and_no_points_is_never_lost(row):
    rows = f"| 3219 | Xã Ná | 18 | 5 | 5 |\n{row}\n| 3222 | Xã Nả | 18 | 5 | 5 |"
    outcome = run(BOOK, table(rows, "| Mã xã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"))
    assert list(status(outcome).values()) == ["rated", "unrated", "rated"]
    assert [code for code, _, _ in brief(outcome.findings, "DL36")] == ["DL36"]


def test_a_table_without_numbers_keeps_its_empty_units():
    outcome = run(
        BOOK, a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Ná | 18 | 5 | 5 |\n| Nả | | |\n| Nạ | 18 | 5 | 5 |")
    )
    assert status(outcome) == {"Ná": "rated", "Nả": "unrated", "Nạ": "rated"}


@pytest.mark.parametrize(
    ("head", "row", "cell"),
    [
        (HEAD, "| 2 | | 18 | 5 | 5 |", "B3"),
        (HEAD, "| | | 18 | 5 | 5 |", "B3"),
        ("| STT | Huyện | Xã | TC1 | TC2.1 | TC2.2 |\n", "| 2 | Huyện Một | | 18 | 5 | 5 |", "C3"),
    ],
    ids=["with a number", "with nothing", "with a district"],
)
def test_points_without_a_name_are_an_error(head, row, cell):
    first = "| 1 | Huyện Một | Xã Ná | 18 | 5 | 5 |" if "Huyện" in head else "| 1 | Xã Ná | 18 | 5 | 5 |"
    outcome = run(BOOK, table(f"{first}\n{row}", head))
    assert (len(outcome.ratings), brief(outcome.findings, "DL17")) == (1, [("DL17", "", cell)])


FOUR = a_book(
    "", criteria="tiêu chí:\n" + "".join(f"  - {{mã: M{n}, tên: Mục {n}, điểm tối đa: 10}}\n" for n in range(1, 5))
)


def test_of_a_criterion_that_two_columns_claim_only_the_claim_is_told():
    outcome = run(FOUR, a_grid("| Đơn vị | M1 | M2 | M3 | Mục 3 | M4 |\n| Xã Ná | 9 | 9 | 9 | 8 | 9 |"))
    assert brief(outcome.errors) == [("DL12", "", "D1")]
    assert outcome.ratings[0].why == ("Chưa xếp loại: biểu có hai cột cho M3",)


def test_a_criterion_without_a_column_is_told_beside_one_that_two_claim():
    outcome = run(FOUR, a_grid("| Đơn vị | M1 | M2 | M3 | Mục 3 |\n| Xã Ná | 9 | 9 | 9 | 8 |"))
    (lacking,) = [each.message for each in outcome.errors if each.code == "DL11"]
    assert "không có cột cho M4 «Mục 4»:" in lacking
    assert status(outcome) == {"Xã Ná": "unrated"}


@pytest.mark.parametrize("columns", ["Có mặt | Có mặt | Phải có", "Có mặt | Phải có | Phải có"])
def test_of_a_criterion_whose_figures_two_columns_claim_only_the_claim_is_told(columns):
    way = "cách chấm: {loại: tỷ lệ, tử số: Có mặt, mẫu số: Phải có}"
    book = a_book(
        "số liệu:\n  - {mã: S1, tên: Có mặt}\n  - {mã: S2, tên: Phải có}",
        criteria="tiêu chí:\n" + "".join(f"  - {{mã: M{n}, tên: Mục {n}, điểm tối đa: 10}}\n" for n in range(1, 4))
        + f"  - {{mã: M4, tên: Mục 4, điểm tối đa: 10, {way}}}\n",
    )  # fmt: skip
    outcome = run(book, a_grid(f"| Đơn vị | M1 | M2 | M3 | {columns} |\n| Xã Ná | 9 | 9 | 9 | 8 | 8 | 9 |"))
    assert [each.code for each in outcome.errors] == ["DL12"]
    assert status(outcome) == {"Xã Ná": "unrated"}


def test_a_prepared_row_with_a_number_alone_is_not_worth_a_word():
    outcome = run(BOOK, table("| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 |\n| 3 |"))
    assert (len(outcome.ratings), outcome.errors) == (1, [])


def test_the_count_starts_again_in_each_district():
    rows = (
        "| I | Huyện Một |\n| 1 | Xã Ná | 1 | 1 | 1 |\n| II | Huyện Hai |\n| 1 | Xã Nả | 1 | 1 | 1 |\n| 2 | Xã Nạ | | |"
    )
    assert units(run(BOOK, table(rows))) == [("Xã Ná", "Huyện Một"), ("Xã Nả", "Huyện Hai"), ("Xã Nạ", "Huyện Hai")]


SIGNED = """
| | Người lập biểu | | | Chủ tịch |
| | (Ký, ghi rõ họ tên) | | | (Ký, đóng dấu) |
| | Lò Thị Tám | | | Vàng A Chín |
"""


@pytest.mark.parametrize("blank", ["", "|\n", "|\n|\n|\n"], ids=["at once", "after a blank row", "after three"])
@pytest.mark.parametrize(
    "block",
    [
        SIGNED.strip(),
        "| | Tà Lùng, ngày 10 tháng 01 năm 2020 |\n" + SIGNED.strip(),
        "| | | | Tà Lùng, ngày … tháng … năm … |\n| | | | TM. ỦY BAN NHÂN DÂN |\n| | | | CHỦ TỊCH |",
        "| | Xã Nậm, ngày 10 tháng 01 năm 2020 |\n" + SIGNED.strip(),
        "| | Huyện Một, ngày 10 tháng 01 năm 2020 |\n" + SIGNED.strip(),
        "| Nơi nhận: |\n| - Như trên; |\n| - Lưu: VT. |",
        "| | KT. CHỦ TỊCH |\n| | PHÓ CHỦ TỊCH |\n| | Lò Thị Tám |",
        "| | Ghi chú: điểm đã làm tròn. |",
        "| | * Xã chưa nộp hồ sơ không có trong biểu. |",
    ],
    ids=[
        "signed",
        "dated",
        "left blank",
        "dated by a commune",
        "dated by a district",
        "copies",
        "deputy",
        "remark",
        "star",
    ],
)
@pytest.mark.parametrize(("head", "first"), [("STT", "1"), ("Mã xã", "3219"), ("Huyện", "Huyện Ba")])
def test_a_signature_below_the_table_is_no_unit(head, first, blank, block):
    rows = f"| {first} | Xã Ná | 18 | 5 | 5 |\n{blank}{block}"
    outcome = run(BOOK, table(rows, HEAD.replace("STT", head)))
    assert ([name for name, _ in units(outcome)], outcome.errors) == (["Xã Ná"], [])


@pytest.mark.parametrize("label", ["Số xã đạt", "Tỷ lệ (%)", "Độ lệch"])
def test_a_footer_of_figures_is_never_rated_in_silence(label):
    # Every commune has its number and its kind, this row under the sum has neither: it may be a question, not a result.
    rows = f"| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 | Xã Nả | 18 | 5 | 5 |\n| | Tổng cộng | 36 | 10 | 10 |\n| | {label} | 2 | 1 | 1 |"
    outcome = run(BOOK, table(rows))
    rated = [name for name, kind in status(outcome).items() if kind == "rated"]
    assert label not in rated or any(label in finding.message for finding in outcome.findings)


def test_several_footers_under_a_small_district_are_never_rated_in_silence():
    # Two communes and three footers: "most rows are numbered" is not true of the table, only of its units.
    rows = """
        | 1 | Xã Ná | 18 | 5 | 5 |
        | 2 | Xã Nả | 18 | 5 | 5 |
        | | Tổng cộng | 36 | 10 | 10 |
        | | Tỷ lệ | 2 | 1 | 1 |
        | | Số xã đạt | 2 | 1 | 1 |
        | | Số xã chưa đạt | 0 | 1 | 1 |
        """
    outcome = run(BOOK, table(rows))
    rated = {name for name, kind in status(outcome).items() if kind == "rated"} - {"Xã Ná", "Xã Nả"}
    assert all(any(name in finding.message for finding in outcome.findings) for name in rated)


def test_a_table_of_counts_below_is_never_rated():
    rows = """
        | 1 | Xã Ná | 18 | 6 | 6 |
        | 2 | Xã Nả | 15 | 5 | 5 |
        |
        | | Xếp loại | Số xã | Tỷ lệ |
        | | Tốt | 0 | 0 | |
        | | Khá | 2 | 10 | 3 |
        """
    assert {name for name, kind in status(run(BOOK, table(rows))).items() if kind == "rated"} == {"Xã Ná", "Xã Nả"}


def test_the_heading_again_in_the_middle_is_no_unit():
    rows = f"| 1 | Xã Ná | 18 | 5 | 5 |\n|\n{HEAD}| (1) | (2) | (3) | (4) | (5) |\n| 2 | Xã Nả | | 5 | 5 |"
    outcome = run(BOOK, table(rows))
    assert [name for name, _ in units(outcome)] == ["Xã Ná", "Xã Nả"]
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Nả", "C6")]


def test_the_heading_again_after_a_signature_opens_the_table_again():
    head = "| Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    outcome = run(
        BOOK,
        a_grid(
            f"{head}| Ná | 18 | 5 | 5 |\n| Người lập biểu |\n| Lò Thị Tám |\n|\n{head}| Nả | | | |\n| Nạ | 1 | 1 | 1 |"
        ),
    )
    assert status(outcome) == {"Ná": "rated", "Nả": "unrated", "Nạ": "rated"}


def test_the_words_above_the_table_are_no_heading():
    grid = a_grid(
        """
        | UBND TỈNH MẪU | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
        | SỞ NỘI VỤ | | | Độc lập - Tự do - Hạnh phúc |
        |
        | BẢNG TỔNG HỢP ĐIỂM NĂM 2019 |
        | (Kèm theo Báo cáo số 12/BC-SNV ngày 10 tháng 01 năm 2020) |
        | STT | Đơn vị | TC1 | TC2.1 | TC2.2 |
        | 1 | Xã Ná | 18 | 5 | 5 |
        """,
        merged=((0, 0, 0, 2), (0, 3, 0, 4), (3, 0, 3, 4), (4, 0, 4, 4)),
    )
    outcome = run(BOOK, grid)
    assert (outcome.year, units(outcome), outcome.errors) == (2019, [("Xã Ná", "")], [])


@pytest.mark.parametrize("rows", ["", "| 1 |\n| 2 |"], ids=["no rows", "numbers alone"])
def test_a_form_that_nobody_filled_in_is_said_to_be_empty(rows):
    with pytest.raises(Unusable) as stopped:
        run(BOOK, table(rows))
    message = stopped.value.findings[0].message
    assert "không thấy hàng tiêu đề" not in message, "the heading is there; it is the units that are not"


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ("| 1 | Xã Ná | 18 | 5 | 5 |\n| 2 | Xã Nả | | |", (2, 0, 0)),
        ("| I | Huyện Một |\n| 1 | Xã Ná | 1 | 1 | 1 |\n| | Cộng | 1 | 1 | 1 |\n|\n| | Người lập |", (1, 1, 2)),
        ("| 1 | Xã Ná | 1 | 1 | 1 |\n| 2 | | 1 | 1 | 1 |\n| | Điểm cao nhất | 1 | 1 | 1 |", (1, 0, 1)),
    ],
)
def test_every_row_is_a_unit_a_section_or_is_accounted_for(rows, counts):
    grid = table(rows)
    sheets, understood, findings = bind(BOOK.book, [grid])
    nameless = [finding for finding in findings if finding.code == "DL17"]
    expected_units, sections, others = counts
    assert sum(len(sheet.units) for sheet in sheets) == understood[0].units == expected_units
    assert len(understood[0].left_out) == others
    written = sum(any(value is not None for value in row) for row in grid.rows[1:])
    assert written == expected_units + sections + others + len(nameless)


# --------------------------------------------------------------------------------------- the same unit


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Xã Lũng Vối", "Xã Lủng Vối"),
        ("Xã Mường Lay", "Thị trấn Mường Lay"),
        ("Mường Lan", "Mường Lạn"),
        ("Phường 1", "Phường 10"),
        ("Xã Tân", "Xã Tân Tân"),
    ],
)
def test_two_names_that_differ_are_two_units(one, two):
    outcome = run(BOOK, table(f"| 1 | {one} | 18 | 5 | 5 |\n| 2 | {two} | 12 | 5 | 5 |"))
    assert (status(outcome), outcome.errors) == ({one: "rated", two: "rated"}, [])


def test_one_name_in_two_districts_is_two_units():
    rows = "| I | Huyện Một |\n| 1 | Xã Ná | 18 | 5 | 5 |\n| II | Huyện Hai |\n| 1 | Xã Ná | 18 | 5 | 5 |"
    outcome = run(BOOK, table(rows))
    assert ([rating.status for rating in outcome.ratings], outcome.errors) == (["rated", "rated"], [])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Xã Ná", "Xã Ná"),
        ("Xã Ná", "XÃ  NÁ"),
        ("Xã Na Ư", "Xã Na\u00a0 Ư"),
        ("Xã Ná", unicodedata.normalize("NFD", "Xã Ná")),
        ("Xã Ná", "X. Ná"),
        ("Xã Ná", "Ná"),
        ("Thị trấn Ná", "TT Ná"),
        ("Thị trấn Ná", "TT. Ná"),
        ("Xã Hoà Bình", "Xã Hòa Bình"),
        ("Xã Đông Hà", "Xã Ðông Hà"),  # U+0110 and U+00D0
        ("Xã Ná", "UBND xã Ná"),
        ("Xã Ná", "Ủy ban nhân dân xã Ná"),
    ],
)
def test_the_same_unit_twice_is_an_error_and_neither_row_is_rated(one, two):
    outcome = run(BOOK, table(f"| 1 | {one} | 18 | 5 | 5 |\n| 2 | Xã Khác | 12 | 5 | 5 |\n| 3 | {two} | 20 | 5 | 5 |"))
    assert [rating.status for rating in outcome.ratings] == ["unrated", "rated", "unrated"]
    twice = next(finding for finding in outcome.findings if finding.code == "DL32")
    assert [cell.address for cell in twice.cells] == ["B2", "B4"]
    assert next(rating.rank for rating in outcome.ratings if rating.status == "rated") == 1


def test_a_unit_that_is_written_twice_gets_no_flag_from_either_row():
    book = a_book("cảnh báo:\n  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm}")
    once = run(book, table("| 1 | Xã Ná | 8 | 5 | 5 |\n| 2 | Xã Khác | 8 | 5 | 5 |"))
    assert [str(each.unit) for each in once.findings if each.code == "kiem-diem"] == ["Xã Ná", "Xã Khác"]
    twice = run(book, table("| 1 | Xã Ná | 8 | 5 | 5 |\n| 2 | Xã Khác | 8 | 5 | 5 |\n| 3 | Xã Ná | 20 | 5 | 5 |"))
    assert [str(each.unit) for each in twice.findings if each.code == "kiem-diem"] == ["Xã Khác"]


def test_the_same_unit_in_two_sheets_and_in_two_files():
    for other in ({"sheet": "Biểu 2"}, {"file": "them.xlsx"}):
        outcome = run(BOOK, a_grid(THREE), table("| 1 | Xã Nả | 18 | 5 | 5 |", **other))
        assert status(outcome) == {"Xã Ná": "rated", "Xã Nả": "unrated", "Xã Nạ": "rated"}
        twice = next(finding for finding in outcome.findings if finding.code == "DL32")
        assert [(cell.file, cell.sheet, cell.address) for cell in twice.cells] == [
            ("diem.xlsx", "Bảng điểm", "B3"), (other.get("file", "diem.xlsx"), other.get("sheet", "Bảng điểm"), "B2")
        ]  # fmt: skip


def test_codes_decide_where_there_are_any():
    head = "| Mã xã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    apart = run(BOOK, table("| 3219 | Xã Ná | 18 | 5 | 5 |\n| 3220 | Xã Ná | 18 | 5 | 5 |", head))
    assert [rating.status for rating in apart.ratings] == ["rated", "rated"]
    same = run(BOOK, table("| 3219 | Xã Ná | 18 | 5 | 5 |\n| '3219' | Xã Nả | 18 | 5 | 5 |", head))
    assert [rating.status for rating in same.ratings] == ["unrated", "unrated"]


def test_a_unit_with_a_code_and_its_namesake_without_one_are_the_same():
    rows = "| 3219 | Xã Ná | 18 | 5 | 5 |\n| | Xã Ná | 12 | 5 | 5 |"
    outcome = run(BOOK, table(rows, "| Mã xã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"))
    assert [rating.status for rating in outcome.ratings] == ["unrated", "unrated"]


WRITTEN = [
    ("Xã Tân-Lập", "Xã Tân Lập"), ("Xã Lý Nhơn", "Xã Lí Nhơn"), ("1. Xã Sín", "Xã Sín"), ("Phường 1", "Phường 01"),
    ("Xã Quý Hòa", "X. Quí Hoà"), ("Xã Ea H'leo", "Xã Ea Hleo"), ("2) Sín", "Xã Sín"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), WRITTEN)
def test_names_of_one_district_that_are_only_written_differently_are_asked_and_rated(one, other):
    head = "| Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    rows = (
        f"| Huyện Một | {one} | 18 | 5 | 5 |\n| H. Một | {other} | 12 | 5 | 5 |\n| Huyện Hai | {other} | 12 | 5 | 5 |"
    )
    outcome = run(BOOK, table(rows, head))
    assert [rating.status for rating in outcome.ratings] == ["rated"] * 3
    (asked,) = (each for each in outcome.findings if each.code == "DL38")
    assert (asked.severity, [cell.address for cell in asked.cells]) == (Severity.WARNING, ["B2", "B3"])
    first, second = outcome.sheet.units[:2]
    assert asked.message == (
        f"{first} (ô B2) và {second} (ô B3) chỉ khác cách viết: có phải một đơn vị? Vẫn xếp loại riêng từng hàng."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xã Tân Lập", "Phường Tân-Lập"),  # two kinds
        ("Xã Mường Lan", "Xã Mường Lạn"),  # two places
        ("Xã Tây Sơn", "Xã Tâi Sơn"),  # after a vowel, i and y are two sounds
        ("Phường 1", "Phường 10"),
        ("Phường 12", "Phường 1-2"),
        ("Xã Tân Lập 1", "Xã Tân Lập 2"),
        ("Xã " + "1" * 5000, "Xã " + "1" * 5001),
    ],
)
def test_names_that_may_well_be_two_units_are_not_asked_about(one, other):
    outcome = run(BOOK, table(f"| 1 | {one} | 18 | 5 | 5 |\n| 2 | {other} | 12 | 5 | 5 |"))
    assert brief(outcome.findings, "DL38") == []


def test_two_codes_are_two_units_however_their_names_are_written():
    head = "| Mã xã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    rows = "| 11 | Xã Lý Nhơn | 18 | 5 | 5 |\n| {} | Xã Lí Nhơn | 12 | 5 | 5 |"
    assert brief(run(BOOK, table(rows.format(12), head)).findings, "DL38") == []
    assert brief(run(BOOK, table(rows.format(""), head)).findings, "DL38") == [("DL38", "Xã Lý Nhơn", "B2")]


# ------------------------------------------------------------------------------------------- hidden


def test_hidden_rows_are_read_and_named():
    outcome = run(BOOK, a_grid(THREE, hidden_rows=frozenset({2})))
    assert points(outcome) == POINTS
    assert brief(outcome.findings, "DL15") == [("DL15", "", "B3")]


def test_hidden_rows_may_be_left_out_and_are_named_too():
    outcome = run(BOOK, a_grid(THREE, hidden_rows=frozenset({2})), skip_hidden=True)
    assert points(outcome) == {"Xã Ná": "28", "Xã Nạ": "40"}
    assert brief(outcome.findings, "DL15") == [("DL15", "", "B3")]


def test_hidden_rows_outside_the_table_are_not_worth_a_word():
    grid = a_grid(TITLE.format(2019) + THREE + "\n|\n| | Người lập |", hidden_rows=frozenset({1, 7}))
    assert brief(run(BOOK, grid).findings, "DL15") == []


@pytest.mark.parametrize("skip", [False, True])
def test_a_hidden_column_of_points_is_read_and_named(skip):
    outcome = run(BOOK, a_grid(THREE, hidden_columns=frozenset({3})), skip_hidden=skip)
    assert points(outcome) == POINTS
    assert brief(outcome.findings, "DL15") == [("DL15", "", "D1")]


@pytest.mark.parametrize("skip", [False, True])
def test_hidden_columns_of_who_it_is_are_read_and_named(skip):
    grid = a_grid(
        "| STT | Mã | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 1 | 11 | Huyện Một | Xã Ná | 10 | 5 | 5 |",
        hidden_columns=frozenset({0, 1, 2, 3}),
    )
    outcome = run(BOOK, grid, skip_hidden=skip)
    assert outcome.sheet.units == (Unit("Xã Ná", "Huyện Một", "11"),)
    assert outcome.ratings[0].status == "rated"
    (told,) = (each for each in outcome.findings if each.code == "DL15")
    assert [cell.address for cell in told.cells] == ["B1", "C1", "D1"]
    assert told.message == (
        "Trang «Bảng điểm» có 3 cột bị ẩn trong bảng: cột B (Mã), C (Huyện), D (Đơn vị). "
        "Cột cho biết đơn vị, năm luôn được đọc."
    )


@pytest.mark.parametrize("skip", [False, True])
def test_a_hidden_row_of_the_heading_is_read_and_named(skip):
    grid = a_grid(TITLE.format(2019) + THREE, hidden_rows=frozenset({0, 1, 2}))
    outcome = run(BOOK, grid, skip_hidden=skip)
    assert points(outcome) == POINTS
    (told,) = (each for each in outcome.findings if each.code == "DL15")
    assert [cell.address for cell in told.cells] == ["B3"]
    assert told.message == ("Trang «Bảng điểm» có 1 hàng tiêu đề bị ẩn trong bảng: hàng 3. Tiêu đề luôn được đọc.")


def test_a_hidden_column_beside_the_points_is_not_worth_a_word():
    assert brief(run(BOOK, a_grid(THREE, hidden_columns=frozenset({0, 9}))).findings, "DL15") == []


def test_a_hidden_sheet_is_left_out_and_named_where_a_visible_one_fits():
    hidden = table("| 1 | Xã Cũ | 1 | 1 | 1 |", sheet="Cũ", visible=False)
    outcome = run(BOOK, a_grid(THREE), hidden)
    assert points(outcome) == POINTS
    assert brief(outcome.findings, "DL14", "DL46") == [("DL14", "", "A1")]


def test_a_hidden_sheet_is_read_where_it_is_the_only_one():
    hidden = a_grid(THREE, sheet="Điểm", visible=False)
    for grids in ([hidden], [hidden, a_grid("| Hướng dẫn chấm điểm |", sheet="Hướng dẫn")]):
        outcome = run(BOOK, *grids)
        assert points(outcome) == POINTS
        assert brief(outcome.findings, "DL14", "DL46") == [("DL46", "", "A1")]


def test_a_hidden_sheet_that_has_nothing_to_do_with_it_is_not_worth_a_word():
    lists = a_grid("| Danh mục |\n| Xã Ná |", sheet="Danh mục", visible=False)
    assert brief(run(BOOK, lists, a_grid(THREE, visible=False, sheet="Điểm")).findings, "DL14") == []


# --------------------------------------------------------------------------------------------- years


def dated(year: object, one: int = 18, **more: object) -> Grid:
    return a_grid(f"{TITLE.format(year)}{HEAD}| 1 | Xã Ná | {one} | 5 | 5 |\n| 2 | Xã Nả | 12 | 4 | 4 |", **more)


def test_a_sheet_that_tells_no_year_has_none_and_a_note_says_so():
    outcome = run(BOOK, a_grid(THREE))
    assert (outcome.year, [code for code, _, _ in brief(outcome.findings, "DL41")]) == (None, ["DL41"])


@pytest.mark.parametrize(
    "grid",
    [
        dated(2019),
        dated("2019 (ngày 10 tháng 01 năm 2020)"),
        a_grid(THREE, sheet="Năm 2019"),
        a_grid(THREE, sheet="2019_tong_hop"),
        a_grid(THREE, file="bang_diem_2019.xlsx"),
        a_grid(THREE, file="tong-hop-2019.xlsx"),
        a_grid("| Tà Lùng, ngày 10 tháng 01 năm 2020 |\n" + TITLE.format(2019) + THREE),
        a_grid("| | | | Tà Lùng, ngày      tháng      năm 2020 |\n" + TITLE.format(2019) + THREE),
    ],
    ids=["title", "title with a date", "sheet", "sheet_", "file_", "file-", "under a date", "under a date left blank"],
)
def test_the_year_is_in_the_title_the_sheet_s_name_or_the_file_s(grid):
    outcome = run(BOOK, grid)
    assert (outcome.year, brief(outcome.findings, "DL40", "DL41")) == (2019, [])


def test_a_date_alone_is_no_year():
    assert run(BOOK, a_grid("| Tà Lùng, ngày      tháng      năm 2020 |\n" + THREE)).year is None


def test_the_option_gives_a_year_to_a_sheet_that_tells_none():
    outcome = run(BOOK, a_grid(THREE), year=2018)
    assert (outcome.year, points(outcome), brief(outcome.findings, "DL41")) == (2018, POINTS, [])


def test_the_name_of_the_sheet_wins_over_the_title_with_a_warning():
    outcome = run(BOOK, dated(2018, sheet="Năm 2019"))
    assert (outcome.year, brief(outcome.findings, "DL40")) == (2019, [("DL40", "", "A1")])


def test_the_title_wins_over_the_name_of_the_file():
    outcome = run(BOOK, dated(2018, file="diem 2019.xlsx"))
    assert (outcome.year, brief(outcome.findings, "DL40")) == (2018, [])


def test_two_titles_of_two_years_are_not_decided_in_silence():
    outcome = run(BOOK, a_grid("| Thực hiện Kế hoạch công tác năm 2020 |\n" + TITLE.format(2019) + THREE))
    assert outcome.year == 2019 or outcome.year is None or brief(outcome.findings, "DL40")


def test_of_several_years_the_newest_is_classified():
    outcome = run(BOOK, dated(2018, 1), dated(2019, 18, sheet="S2"), dated(2017, 2, sheet="S3"))
    assert (outcome.year, points(outcome)) == (2019, {"Xã Ná": "28", "Xã Nả": "20"})
    assert outcome.past.years == (2017, 2018)
    assert brief(outcome.findings, "DL42") == []


def test_an_older_year_may_be_asked_for_and_later_ones_are_left_out_aloud():
    outcome = run(BOOK, dated(2018, 1), dated(2019, 18, sheet="S2"), dated(2017, 2, sheet="S3"), year=2018)
    assert (outcome.year, points(outcome), outcome.past.years) == (2018, {"Xã Ná": "11", "Xã Nả": "20"}, (2017,))
    assert brief(outcome.findings, "DL42") == [("DL42", "", "")]


def test_a_year_that_is_not_there_stops_the_run():
    with pytest.raises(Unusable) as stopped:
        run(BOOK, dated(2018), year=2017)
    assert [finding.code for finding in stopped.value.findings] == ["DL43"]


def test_a_sheet_without_a_year_beside_others_is_an_error_and_is_not_used():
    outcome = run(BOOK, dated(2018), dated(2019, sheet="S2"), a_grid(THREE, sheet="S3"))
    assert points(outcome) == {"Xã Ná": "28", "Xã Nả": "20"}
    assert brief(outcome.findings, "DL47") == [("DL47", "", "A1")]
    assert "S3" in next(finding.message for finding in outcome.findings if finding.code == "DL47")


def test_a_column_of_years():
    grid = a_grid("""
        | Năm | Đơn vị | TC1 | TC2.1 | TC2.2 |
        | 2018 | Xã Ná | 10 | 5 | 5 |
        | 2019 | Xã Ná | 18 | 5 | 5 |
        | Năm 2019 | Xã Nả | 12 | 4 | 4 |
        """)
    outcome = run(BOOK, grid)
    assert (outcome.year, points(outcome), outcome.past.years) == (2019, {"Xã Ná": "28", "Xã Nả": "20"}, (2018,))
    assert outcome.sheet.named(0).address == "B3"
    assert [str(record.points) for record in outcome.past.of(0).values()] == ["20"]


def test_a_merged_year_is_the_year_of_every_row_beside_it():
    grid = a_grid(
        """
        | Năm | Đơn vị | TC1 | TC2.1 | TC2.2 |
        | 2018 | Xã Ná | 10 | 5 | 5 |
        | | Xã Nả | 10 | 5 | 5 |
        | 2019 | Xã Ná | 18 | 5 | 5 |
        | | Xã Nả | 12 | 4 | 4 |
        """,
        merged=((1, 0, 2, 0), (3, 0, 4, 0)),
    )
    outcome = run(BOOK, grid)
    assert (outcome.year, points(outcome), outcome.errors) == (2019, {"Xã Ná": "28", "Xã Nả": "20"}, [])


@pytest.mark.parametrize("value", ["x", "2016-2018", "TRUE", "#REF!"])
def test_a_row_whose_year_cannot_be_read_is_named(value):
    grid = a_grid(
        f"| Năm | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 2019 | Xã Ná | 18 | 5 | 5 |\n| {value} | Xã Nả | 12 | 4 | 4 |"
    )
    outcome = run(BOOK, grid)
    assert points(outcome) == {"Xã Ná": "28"}
    about = [f for f in outcome.errors if any(cell.row == 2 for cell in f.cells)]
    assert about, "the error must lead to row 3, not to the sheet"


def test_several_sheets_of_one_year_are_one_score_sheet():
    outcome = run(
        BOOK, dated(2019, sheet="Huyện Một"), dated(2019, 20, sheet="Huyện Hai"), dated(2019, 1, file="b.xlsx")
    )
    assert units(outcome) == [
        ("Xã Ná", "Huyện Một"), ("Xã Nả", "Huyện Một"), ("Xã Ná", "Huyện Hai"), ("Xã Nả", "Huyện Hai"),
        ("Xã Ná", ""), ("Xã Nả", ""),
    ]  # fmt: skip
    assert [rating.rank for rating in outcome.ratings] == [2, 3, 1, 3, 6, 3]
    assert [str(outcome.sheet.named(position)) for position in (0, 3, 4)] == [
        "diem.xlsx · Huyện Một · B4", "diem.xlsx · Huyện Hai · B5", "b.xlsx · Bảng điểm · B4"
    ]  # fmt: skip


def test_sheets_of_one_year_may_have_their_columns_in_another_order_and_place():
    other = a_grid("| Đơn vị | TC2.2 | TC2.1 | TC1 |\n| Xã Xa | 8 | 12 | 21 |", top=4, left=3, sheet="S2")
    outcome = run(BOOK, a_grid(THREE), other)
    assert points(outcome) == POINTS
    assert brief(outcome.findings, "DL23") == [("DL23", "Xã Xa", "G6")]


def test_a_sheet_beside_that_lacks_a_criterion_touches_only_its_own_units():
    other = a_grid("| Đơn vị | TC1 | TC2.1 |\n| Xã Xa | 20 | 12 |", sheet="S2")
    outcome = run(BOOK, a_grid(THREE), other)
    assert points(outcome) == POINTS
    assert status(outcome)["Xã Xa"] == "unrated"
    only_parents = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Xa | 20 | 19 |", sheet="S2")
    assert points(run(BOOK, a_grid(THREE), only_parents)) == {**POINTS, "Xã Xa": "39"}


def test_the_points_are_exact():
    outcome = run(BOOK, table("| 1 | Xã Ná | 8.999999999999998 | 0.1 | 0.2 |"))
    assert outcome.ratings[0].points == Decimal("9.3")


@pytest.mark.parametrize("label", ["Số xã đạt", "Tỷ lệ (%)", "Độ lệch"])
def test_a_footer_of_figures_in_a_table_without_numbers_is_a_question(label):
    head = "| Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    outcome = run(BOOK, a_grid(f"{head}| Xã Ná | 18 | 5 | 5 |\n| Xã Nả | 18 | 5 | 5 |\n| {label} | 2 | 1 | 1 |"))
    assert status(outcome) == {"Xã Ná": "rated", "Xã Nả": "rated"}
    assert any(label in finding.message for finding in outcome.findings if finding.code == "DL49")


def test_names_without_a_kind_in_a_table_without_numbers_stay_units():
    head = "| Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
    outcome = run(BOOK, a_grid(f"{head}| Ná | 18 | 5 | 5 |\n| Nả | 18 | 5 | 5 |\n| Nạ | 2 | 1 | 1 |"))
    assert set(status(outcome).values()) == {"rated"}
    assert len(outcome.ratings) == 3


@pytest.mark.parametrize(
    ("first", "second", "doubled"),
    [("05", "6", False), ("05", "50", False), ("A05", "A5", False), ("05", "5", True), ("005", "05", True)],
)
def test_codes_of_one_name_that_differ_by_zeros_in_front_are_one_unit_written_twice(first, second, doubled):
    rows = f"| '{first}' | Xã Ná | 18 | 11 | 7 |\n| '{second}' | Xã Ná | 18 | 11 | 7 |"
    outcome = run(a_book(), a_grid("| Mã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n" + rows))
    assert [finding.code for finding in outcome.findings if finding.code == "DL32"] == ["DL32"] * doubled
    assert [rating.band is None for rating in outcome.ratings] == [doubled] * 2
