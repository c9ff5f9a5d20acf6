"""The sheet Phân công → the two people who answer for each criterion of each unit."""

from __future__ import annotations

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.pipeline import Outcome

BOOK = a_book("""
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}
""")
SCORES = """
| Mã xã | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |
| 3219 | Huyện Một | Xã Ná | 9 | 4 | 5 |
| 3220 | Huyện Một | Xã Nả | 9 | 4 | 5 |
| 3221 | Huyện Hai | Xã Ná | 9 | 4 | 5 |
"""
HEAD = "| Huyện | Đơn vị | Tiêu chí | Lãnh đạo phụ trách | Công chức phụ trách |\n"
BOTH = ("Lò A", "Vàng B")


def assigned(drawing: str, **more: object) -> Outcome:
    return run(BOOK, a_grid(SCORES), a_grid(drawing, **{"sheet": "Phân công", **more}))


def people(outcome: Outcome) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """District, commune, criterion → who must act, of the findings that name anybody."""
    reviews = [finding for finding in outcome.findings if finding.code == "kiem-diem"]
    assert len(reviews) == 6  # 9 points in TC1 and 9 in TC2, three communes
    return {(f.unit.parent, f.unit.name, f.criterion): f.people for f in reviews if f.unit and f.people}


def test_without_the_sheet_nobody_is_named():
    assert people(run(BOOK, a_grid(SCORES))) == {}


def test_the_leader_in_charge_and_the_official_of_the_field():
    outcome = assigned(
        HEAD + "| Huyện Một | Xã Ná | Tiêu chí một | Lò A | Vàng B |\n| Huyện Một | Xã Ná | TC2 | Lò C | Vàng D |"
    )
    assert people(outcome) == {
        ("Huyện Một", "Xã Ná", "TC1"): BOTH, ("Huyện Một", "Xã Ná", "TC2"): ("Lò C", "Vàng D")
    }  # fmt: skip
    assert brief(outcome.findings, "DL44", "DL45") == []


@pytest.mark.parametrize(
    "criterion", ["TC1", "tc 1", "Tiêu chí một", "TIÊU CHÍ\\nMỘT", "1. Tiêu chí một", "TC1: Tiêu chí một (20 điểm)"]
)
def test_the_criterion_by_code_or_by_name(criterion):
    assert list(people(assigned(HEAD + f"| Huyện Một | Xã Ná | {criterion} | Lò A | Vàng B |"))) == [
        ("Huyện Một", "Xã Ná", "TC1")
    ]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Mã xã | Tiêu chí | Lãnh đạo | Công chức |\n", "| 3221 | TC1 | Lò A | Vàng B |"),
        ("| Mã xã | Đơn vị | Tiêu chí | Lãnh đạo | Công chức |\n", "| 3221 | Tên khác | TC1 | Lò A | Vàng B |"),
        ("| Huyện | Đơn vị | Tiêu chí | Lãnh đạo | Công chức |\n", "| Hai | Ná | TC1 | Lò A | Vàng B |"),
        (
            "| STT | Đơn vị cấp huyện | Tên xã | Nội dung | Họ và tên lãnh đạo | Họ tên công chức |\n",
            "| 1 | Huyện Hai | X. Ná | TC1 | Lò A | Vàng B |",
        ),
    ],
)  # fmt: skip
def test_the_unit_by_code_or_by_district_and_name(head, row):
    assert people(assigned(head + row)) == {("Huyện Hai", "Xã Ná", "TC1"): BOTH}


def test_one_of_the_two_is_enough():
    head = "| Đơn vị | Tiêu chí | Lãnh đạo phụ trách |\n"
    assert people(assigned(head + "| Xã Nả | TC1 | Lò A |")) == {("Huyện Một", "Xã Nả", "TC1"): ("Lò A",)}
    assert people(assigned(HEAD + "| | Xã Nả | TC1 | | Vàng B |")) == {("Huyện Một", "Xã Nả", "TC1"): ("Vàng B",)}


def test_a_row_without_a_unit_speaks_of_every_unit():
    outcome = assigned("| Tiêu chí | Lãnh đạo | Công chức |\n| TC1 | Lò A | Vàng B |")
    assert people(outcome) == {
        ("Huyện Một", "Xã Ná", "TC1"): BOTH, ("Huyện Một", "Xã Nả", "TC1"): BOTH, ("Huyện Hai", "Xã Ná", "TC1"): BOTH
    }  # fmt: skip


def test_a_row_of_its_own_wins_over_the_row_for_all_whichever_comes_first():
    rows = ["| | | TC1 | Lò A | Vàng B |", "| Huyện Một | Xã Nả | TC1 | Lò C | Vàng D |"]
    for order in (rows, rows[::-1]):
        found = people(assigned(HEAD + "\n".join(order)))
        assert found["Huyện Một", "Xã Nả", "TC1"] == ("Lò C", "Vàng D")
        assert found["Huyện Một", "Xã Ná", "TC1"] == BOTH


def test_a_row_with_a_district_alone_speaks_of_that_district_or_is_reported():
    outcome = assigned(HEAD + "| Huyện Hai | | TC1 | Lò A | Vàng B |")
    elsewhere = [key for key in people(outcome) if key[0] != "Huyện Hai"]
    assert elsewhere == [], "a leader of Huyện Hai was made to answer for communes of Huyện Một"


def test_merged_cells_of_units_and_districts():
    rows = "| Huyện Một | Xã Ná | TC1 | Lò A | Vàng B |\n| | | TC2 | Lò C | Vàng D |\n| | Xã Nả | TC1 | Lò A | Vàng B |"
    outcome = assigned(HEAD + rows, merged=((1, 0, 3, 0), (1, 1, 2, 1)))
    assert people(outcome) == {
        ("Huyện Một", "Xã Ná", "TC1"): BOTH,
        ("Huyện Một", "Xã Ná", "TC2"): ("Lò C", "Vàng D"),
        ("Huyện Một", "Xã Nả", "TC1"): BOTH,
    }


def test_a_unit_written_once_above_its_criteria_is_not_every_unit():
    # The same sheet without merged cells: the second row is Xã Ná's too, or a question; never everybody's.
    rows = "| Huyện Một | Xã Ná | TC1 | Lò A | Vàng B |\n| | | TC2 | Lò C | Vàng D |"
    outcome = assigned(HEAD + rows)
    others = [key for key in people(outcome) if key[:2] != ("Huyện Một", "Xã Ná")]
    assert others == [], "officials of one commune were named for the criteria of others"


def test_what_stands_under_a_unit_that_is_not_there_is_not_everybody_s():
    rows = "| Huyện Một | Xã Lạ | TC1 | Lò A | Vàng B |\n| | | TC2 | Lò C | Vàng D |"
    outcome = assigned(HEAD + rows)
    assert people(outcome) == {}
    finding = next(finding for finding in outcome.findings if finding.code == "DL44")
    assert {cell.row for cell in finding.cells} == {1, 2}


def test_what_stands_under_another_district_is_not_the_last_unit_s():
    rows = "| Huyện Một | Xã Ná | TC1 | Lò A | Vàng B |\n| Huyện Hai | | TC2 | Lò C | Vàng D |"
    assert people(assigned(HEAD + rows)) == {
        ("Huyện Một", "Xã Ná", "TC1"): BOTH,
        ("Huyện Hai", "Xã Ná", "TC2"): ("Lò C", "Vàng D"),
    }


def test_a_merged_leader_is_the_leader_of_each_row():
    rows = "| Huyện Một | Xã Ná | TC1 | Lò A | Vàng B |\n| Huyện Một | Xã Ná | TC2 | | Vàng D |"
    assert people(assigned(HEAD + rows, merged=((1, 3, 2, 3),)))["Huyện Một", "Xã Ná", "TC2"] == ("Lò A", "Vàng D")


def test_two_sheets_and_a_title_above():
    one = a_grid(
        "| PHÂN CÔNG NHIỆM VỤ |\n|\n" + HEAD + "| Huyện Một | Xã Ná | TC1 | Lò A | Vàng B |", sheet="Phân công"
    )
    two = a_grid(HEAD + "| Huyện Hai | Xã Ná | TC1 | Lò C | Vàng D |", sheet="PHÂN CÔNG huyện Hai")
    assert len(people(run(BOOK, a_grid(SCORES), one, two))) == 2


@pytest.mark.parametrize(
    "row",
    [
        "| Huyện Một | Xã Lạ | TC1 | Lò A | Vàng B |",
        "| Huyện Ba | Xã Ná | TC1 | Lò A | Vàng B |",
        "| | Xã Ná | TC1 | Lò A | Vàng B |",  # of which district?
        "| Huyện Một | Xã Na | TC1 | Lò A | Vàng B |",
        "| Huyện Một | Xã Ná | TC9 | Lò A | Vàng B |",
        "| Huyện Một | Xã Ná | Tiêu chí lạ | Lò A | Vàng B |",
    ],
)
def test_a_row_that_fits_nobody_is_reported_not_guessed(row):
    outcome = assigned(HEAD + "| Huyện Một | Xã Nả | TC1 | Lò A | Vàng B |\n" + row)
    assert list(people(outcome)) == [("Huyện Một", "Xã Nả", "TC1")]
    assert [(code, cell[1:]) for code, _, cell in brief(outcome.findings, "DL44")] == [("DL44", "3")]


def test_a_criterion_whose_name_stands_twice_in_the_book_is_reported_not_guessed():
    part = "{{mã: {0}1, tên: Tuyên truyền, điểm tối đa: 10}}, {{mã: {0}2, tên: Kiểm tra {0}, điểm tối đa: 10}}"
    node = "  - {{mã: {0}, tên: Lĩnh vực {0}, điểm tối đa: 20, gồm: [" + part + "]}}\n"
    flag = "cảnh báo:\n  - {mã: thap, loại: điểm thấp, cấp: tiêu chí thành phần, không quá: 5 điểm}"
    book = a_book(flag, criteria="tiêu chí:\n" + node.format("A") + node.format("B"))
    scores = a_grid("| Đơn vị | A1 | A2 | B1 | B2 |\n| Xã Ná | 1 | 1 | 1 | 1 |")
    rows = "| Xã Ná | Tuyên truyền | Lò A | Vàng B |\n| Xã Ná | Kiểm tra A | Lò C | Vàng D |"
    outcome = run(book, scores, a_grid("| Đơn vị | Tiêu chí | Lãnh đạo | Công chức |\n" + rows, sheet="Phân công"))
    assert [(f.criterion, f.people) for f in outcome.findings if f.people] == [("A2", ("Lò C", "Vàng D"))]
    assert brief(outcome.findings, "DL44") == [("DL44", "", "B2")]


def test_rows_that_fit_nobody_are_one_finding_for_the_sheet():
    rows = "\n".join(f"| Huyện Một | Xã Lạ {n} | TC1 | Lò A | Vàng B |" for n in range(3))
    finding = next(finding for finding in assigned(HEAD + rows).findings if finding.code == "DL44")
    assert [cell.address for cell in finding.cells] == ["B2", "B3", "B4"]
    assert "3 dòng" in finding.message


def test_a_row_without_people_or_without_a_criterion_is_not_worth_a_word():
    outcome = assigned(
        HEAD + "| Huyện Một | Xã Lạ | TC1 | | |\n| Huyện Một | Xã Lạ | | Lò A | |\n|\n| | | | Người lập |"
    )
    assert (people(outcome), brief(outcome.findings, "DL44")) == ({}, [])


@pytest.mark.parametrize(
    "drawing", ["| abc |", "| Đơn vị | Tiêu chí |\n| Xã Ná | TC1 |", "| Đơn vị | Lãnh đạo |\n| Xã Ná | Lò A |"]
)
def test_a_sheet_without_its_headings_is_a_warning_and_the_rest_goes_on(drawing):
    outcome = assigned(drawing)
    assert (people(outcome), brief(outcome.findings, "DL45")) == ({}, [("DL45", "", "A1")])
    assert {rating.status for rating in outcome.ratings} == {"rated"}
