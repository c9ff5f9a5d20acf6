"""What was entered → exact points; for everything that is no number of points a finding with its cell (expected.json).

A unit with a fault is unrated and never taken as 0; the others are rated as ever.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.model import CellError, Grid, Uncomputed, Value
from xeploai.pipeline import Outcome
from xeploai.steps.bind import bind
from xeploai.steps.validate import serial, validate

BOOK = a_book()
FLAGGED = a_book("""
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}
""")


def with_cell(value: Value, *, column: int = 2) -> Grid:
    """Three communes; the second has this value in the given column (C: TC1)."""
    rows: list[list[Value]] = [
        ["STT", "Đơn vị", "TC1", "TC2.1", "TC2.2"],
        [1.0, "Xã Ná", 18.0, 5.0, 5.0],
        [2.0, "Xã Nả", 18.0, 5.0, 5.0],
        [3.0, "Xã Nạ", 12.0, 4.0, 4.0],
    ]
    rows[2][column] = value
    return Grid("diem.xlsx", "Bảng điểm", rows)


def seen(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Findings on the cells: DL20 … DL36, without the note that the year is not known."""
    return [row for row in brief(outcome.findings) if row[0] != "DL41"]


def of_second(value: Value, book: object = BOOK) -> Outcome:
    outcome = run(book, with_cell(value))
    first, _, third = outcome.ratings
    assert [(str(r.points), r.status) for r in (first, third)] == [("28", "rated"), ("20", "rated")]
    return outcome


# ---------------------------------------------------------------------------------------- what is legal


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (0.0, "0"),
        (0, "0"),
        (-0.0, "0"),
        (20.0, "20"),
        (20, "20"),
        (9.25, "9.25"),
        (8.999999999999998, "9"),
        (9.000000000000002, "9"),
        (0.1 + 0.2, "0.3"),
        (1e-6, "0.000001"),
    ],
)
def test_a_number_from_0_to_the_maximum_is_a_score(value, points):
    outcome = of_second(value)
    assert outcome.sheet.points["TC1"][1] == Decimal(points)
    assert (outcome.ratings[1].status, seen(outcome)) == ("rated", [])


@pytest.mark.parametrize(
    ("value", "points"),
    [("9,5", "9.5"), ("9.5", "9.5"), (" 9,5 ", "9.5"), ("9", "9"), ("0", "0"), ("0,0", "0"), (".34", "0.34"), ("20", "20"),
     ("\u00a09,5", "9.5"), ("9,50", "9.5"), ("1,234", "1.234"), ("0.125", "0.125")],
)  # fmt: skip
def test_a_number_written_as_text_is_read_where_it_has_one_meaning(value, points):
    outcome = of_second(value)
    assert outcome.sheet.points["TC1"][1] == Decimal(points)
    assert (outcome.ratings[1].status, seen(outcome)) == ("rated", [("DL29", "", "C3")])


def test_numbers_as_text_are_one_note_for_the_sheet():
    grid = a_grid("| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | '9,5' | '5' | 5 |\n| Xã Nả | '8' | 5 | '5' |")
    note = next(finding for finding in run(BOOK, grid).findings if finding.code == "DL29")
    assert {cell.address for cell in note.cells} == {"B2", "B3", "C2", "D3"}


@pytest.mark.parametrize(("mark", "points"), [("phẩy", "1234"), ("chấm", "1.234")])
def test_the_book_may_say_what_the_point_means(mark, points):
    book = a_book(
        f"dấu thập phân: {mark}",
        criteria="""
        tiêu chí:
          - {mã: TC1, tên: Tiêu chí một, điểm tối đa: 2000}
          - {mã: TC2.1, tên: Phần thứ nhất, điểm tối đa: 12}
          - {mã: TC2.2, tên: Phần thứ hai, điểm tối đa: 8}
        """,
    )
    outcome = of_second("1.234", book)
    assert (outcome.sheet.points["TC1"][1], outcome.ratings[1].status) == (Decimal(points), "rated")


# --------------------------------------------------------------------------- one fault, one finding, one cell


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "DL20"),
        ("", "DL20"),
        (" \u00a0\n", "DL20"),
        ("x", "DL21"),
        ("-", "DL21"),
        ("9 điểm", "DL21"),
        ("9/20", "DL21"),
        ("9,5,1", "DL21"),
        ("90%", "DL21"),
        ("1e1", "DL21"),
        ("٩", "DL21"),  # a digit, but not one of ours
        ("1.234", "DL22"),
        ("12.345", "DL22"),
        (20.000001, "DL23"),
        (21.0, "DL23"),
        ("21", "DL23"),
        (1e300, "DL23"),
        (-0.5, "DL24"),
        (-1, "DL24"),
        ("-3", "DL24"),
        ("−3", "DL24"),
        (CellError("#REF!"), "DL25"),
        (CellError("#N/A"), "DL25"),
        (Uncomputed("=SUM(A1:A2)"), "DL26"),
        (True, "DL27"),
        (False, "DL27"),
        (datetime(1900, 1, 4, 7, 12), "DL28"),
        (date(2019, 5, 8), "DL28"),
        (datetime(1900, 1, 4, 8, 10), "DL28"),  # a fraction of a day that never ends
        (time(7, 12), "DL28"),
        (time(8, 10), "DL28"),
        (timedelta(hours=30), "DL28"),
        (1.8e-15, "DL33"),
        (-1.8e-15, "DL33"),
    ],
)
def test_every_fault_is_one_finding_with_its_cell_and_its_unit_is_unrated(value, code):
    outcome = of_second(value)
    rating = outcome.ratings[1]
    assert seen(outcome) == [(code, "Xã Nả", "C3")]
    assert (rating.status, rating.points, rating.band, rating.rank) == ("unrated", None, None, None)
    assert [r.rank for r in outcome.ratings] == [1, None, 2]
    assert any("C3" in reason for reason in rating.why)
    assert "C3" in outcome.errors[0].message
    assert "Xã Nả" in outcome.errors[0].message


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (CellError("#REF!"), "Xã Nả: TC1 là ô lỗi #REF! (ô C3)."),
        (CellError("#REF!", "=E3/#REF!"), "Xã Nả: TC1 là ô lỗi #REF!, công thức «=E3/#REF!» (ô C3)."),
        (CellError("#N/A", "=A\x1b[1m" + "B" * 60), f"Xã Nả: TC1 là ô lỗi #N/A, công thức «=A\\x1b[1m{'B' * 50}…» (ô C3)."),
        (Uncomputed(""), "Xã Nả: TC1 là công thức chưa được tính, tệp không chứa kết quả (ô C3)."),
        (Uncomputed("=E3/2"), "Xã Nả: TC1 là công thức «=E3/2» chưa được tính, tệp không chứa kết quả (ô C3)."),
    ],
)  # fmt: skip
def test_behind_an_error_stands_the_formula_where_there_is_one(value, said):
    (finding,) = of_second(value).errors
    assert finding.message == said


def test_true_is_not_1_even_where_1_stands_in_the_same_column():
    rows: list[list[Value]] = [["Đơn vị", "TC1", "TC2.1", "TC2.2"]]
    rows += [[f"Xã N{n}", value, 5.0, 5.0] for n, value in enumerate((1.0, True, 1, 0.0, False, 0))]
    outcome = run(BOOK, Grid("diem.xlsx", "Bảng điểm", rows))
    assert [rating.status for rating in outcome.ratings] == ["rated", "unrated", "rated", "rated", "unrated", "rated"]
    assert seen(outcome) == [("DL27", "Xã N1", "B3"), ("DL27", "Xã N4", "B6")]


def test_an_empty_cell_is_not_a_typed_zero_in_the_same_column():
    grid = a_grid("| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 1 | Xã Ná | 0 | 0 | 0 |\n| 2 | Xã Nả | | 0 | 0 |")
    outcome = run(BOOK, grid)
    assert [(r.status, r.points) for r in outcome.ratings] == [("rated", Decimal(0)), ("unrated", None)]
    assert seen(outcome) == [("DL20", "Xã Nả", "C3")]


def test_a_unit_with_several_faults_gets_a_finding_for_each():
    grid = a_grid("| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 1 | Xã Ná | x | | 9 |\n| 2 | Xã Nả | 1 | 1 | 1 |")
    outcome = run(BOOK, grid)
    assert seen(outcome) == [("DL21", "Xã Ná", "C2"), ("DL20", "Xã Ná", "D2"), ("DL23", "Xã Ná", "E2")]
    assert len(outcome.ratings[0].why) == 3


def test_a_unit_with_nothing_at_all_gets_one_finding_not_one_per_criterion():
    grid = a_grid("| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 1 | Xã Ná | | | |\n| 2 | Xã Nả | 1 | 1 | 1 |")
    outcome = run(BOOK, grid)
    assert seen(outcome) == [("DL36", "Xã Ná", "C2")]
    assert [cell.address for cell in outcome.errors[0].cells] == ["C2", "D2", "E2"]


def test_spaces_alone_are_nothing_entered_too():
    grid = a_grid("| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 1 | Xã Ná | ' ' | ' ' | |\n| 2 | Xã Nả | 1 | 1 | 1 |")
    assert run(BOOK, grid).ratings[0].status == "unrated"


def test_findings_come_in_the_order_of_the_cells():
    grid = a_grid("""
        | STT | Đơn vị | TC2.2 | TC1 | TC2.1 |
        | 1 | Xã Ná | 9 | 1 | x |
        | 2 | Xã Nả | | 21 | 1 |
        """)
    sheets, _, _ = bind(BOOK.book, [grid])
    _, findings = validate(BOOK.book, sheets[0])
    assert [cell for _, _, cell in brief(findings)] == ["C2", "E2", "C3", "D3"]


def test_a_row_cut_short_has_empty_cells():
    grid = Grid(
        "d.xlsx", "S", [["STT", "Đơn vị", "TC1", "TC2.1", "TC2.2"], [1.0, "Xã Ná", 18.0], [2.0, "Xã Nả", 1.0, 1.0, 1.0]]
    )
    assert seen(run(BOOK, grid)) == [("DL20", "Xã Ná", "D2"), ("DL20", "Xã Ná", "E2")]


# --------------------------------------------------------------------------------------- what remains


def test_a_flag_still_fires_on_the_valid_criteria_of_a_faulty_unit():
    # Design, readings: "the unit is unrated, but điểm thấp still fires on its valid criteria".
    grid = a_grid(
        "| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |\n| 1 | Xã Ná | x | 5 | 4 |\n| 2 | Xã Nả | 9 | | 1 |\n| 3 | Xã Nạ | 10 | | |"
    )
    outcome = run(FLAGGED, grid)
    assert brief(outcome.findings, "kiem-diem") == [("kiem-diem", "Xã Ná", "D2"), ("kiem-diem", "Xã Nả", "C3")]
    assert {rating.status for rating in outcome.ratings} == {"unrated"}


def test_the_total_of_a_faulty_unit_is_not_compared():
    grid = a_grid(
        "| STT | Đơn vị | TC1 | TC2.1 | TC2.2 | Tổng điểm |\n| 1 | Xã Ná | 18 | x | 5 | 23 |\n| 2 | Xã Nả | 1 | 1 | 1 | 3 |"
    )
    assert brief(run(BOOK, grid).findings, "DL30") == []


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (datetime(1900, 1, 4, 7, 12), "4.3"),  # 4.3 under a date format
        (datetime(1900, 1, 1), "1"),
        (datetime(1900, 2, 28), "59"),
        (datetime(1900, 3, 1), "61"),  # Excel has a 29 February 1900
        (date(2019, 5, 8), "43593"),
        (time(12, 0), "0.5"),
        (timedelta(days=1, hours=6), "1.25"),
        (time(8, 0), "0.333333"),
    ],
)
def test_the_number_under_a_date_is_the_one_that_excel_stores(value, number):
    assert serial(value) == Decimal(number)


# -------------------------------------------------------------------------------------- words that count


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (21.0, "Xã Nả: TC1 ghi 21 điểm, tối đa là 20 (ô C3)."),
        (None, "Xã Nả: TC1 để trống (ô C3); ô trống không phải là 0 điểm."),
        ("1.234", "Xã Nả: TC1 ghi dạng chữ «1.234», có thể là 1,234 hoặc 1234 (ô C3)."),
        (CellError("#REF!"), "Xã Nả: TC1 là ô lỗi #REF! (ô C3)."),
        (
            datetime(1900, 1, 4, 7, 12),
            "Xã Nả: TC1 là ngày giờ 04/01/1900 07:12 (ô C3); số nằm dưới định dạng ngày là 4,3.",
        ),
    ],
)
def test_the_sentence_says_who_what_and_where(value, message):
    assert of_second(value).errors[0].message == message


def test_a_length_of_time_is_told_in_vietnamese():
    message = of_second(timedelta(hours=30)).errors[0].message  # [h]:mm in Excel: 30:00
    assert "day" not in message
    assert "1,25" in message


def test_a_number_just_over_the_maximum_is_not_shown_as_the_maximum():
    # Design, section 4: the numbers in a sentence have their 15 digits. "Ghi 20 điểm, tối đa là 20" would help nobody.
    assert "20,00000004" in of_second(20.00000004).errors[0].message


def test_a_long_or_odd_text_is_cut_and_made_visible():
    message = of_second("x\x07" + "y" * 100).errors[0].message
    assert "\\x07" in message
    assert "…" in message
    assert len(message) < 200


def test_points_beyond_a_limit_name_the_line_of_the_book_that_sets_it():
    book = a_book("")
    rows = "| NĂM 2019 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 20 | 12.5 | -1 |"
    found = {finding.criterion: finding for finding in run(book, a_grid(rows)).findings}
    lines = {}
    for number, line in enumerate("\n".join(book.source.lines).splitlines(), 1):
        for code in ("TC2.1", "TC2.2"):
            if code in line:
                lines[code] = number
    assert sorted(found) == ["TC2.1", "TC2.2"]
    for code, finding in found.items():
        assert finding.basis.startswith(f"Bộ thử, {code}: bo-thu.yaml:{lines[code]}:"), finding.basis
