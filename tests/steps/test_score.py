"""Points at every node: a parent is the exact sum of its parts, and what the sheet itself totals is only compared."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.model import Grid
from xeploai.pipeline import Outcome
from xeploai.steps.score import TOTAL

BOOK = a_book()
HEAD = "| STT | Đơn vị | TC1 | TC2.1 | TC2.2 |"
TOTALLED = f"{HEAD} Tổng điểm |\n"


def scored(row: str, head: str = HEAD + "\n", **more: object) -> Outcome:
    return run(BOOK, a_grid(f"{head}| 1 | Xã Ná | {row} |\n| 2 | Xã Nả | 20 | 12 | 8 |", **more))


def nodes(outcome: Outcome, position: int = 0) -> dict[str, Decimal | None]:
    return {code: column[position] for code, column in outcome.points.items()}


# --- sums ---


def test_a_sum_with_a_missing_part_is_missing():
    outcome = scored("18 | | 5")
    assert nodes(outcome) == {"TC1": 18, "TC2.1": None, "TC2.2": 5, "TC2": None, TOTAL: None}


def test_a_sum_of_zeros_is_zero_and_not_missing():
    assert set(nodes(scored("0 | 0 | 0")).values()) == {Decimal(0)}


def test_sums_are_exact():
    # 79.99999999999999 in binary; 4.1 + 4.2 + 0.7 is 9.000000000000002 there.
    assert nodes(scored("8.999999999999998 | 0.1 | 0.2")) == {
        "TC1": 9, "TC2.1": Decimal("0.1"), "TC2.2": Decimal("0.2"), "TC2": Decimal("0.3"), TOTAL: Decimal("9.3")
    }  # fmt: skip


def test_ten_tenths_are_one():
    criteria = "tiêu chí:\n" + "\n".join(f"  - {{mã: T{n}, tên: Việc {n}, điểm tối đa: 1}}" for n in range(10))
    book = a_book(criteria=criteria)
    grid = a_grid(
        f"| Đơn vị | {' | '.join(f'T{n}' for n in range(10))} |\n| Xã Ná {'| 0.1 ' * 10}|\n| Xã Nả {'| 1 ' * 10}|"
    )
    assert run(book, grid).points[TOTAL] == [Decimal(1), Decimal(10)]


def test_a_tree_of_three_levels():
    book = a_book(
        criteria="""
        tiêu chí:
          - mã: A
            tên: Lĩnh vực A
            điểm tối đa: 10
            gồm:
              - {mã: A1, tên: Việc A1, điểm tối đa: 4}
              - mã: A2
                tên: Việc A2
                điểm tối đa: 6
                gồm:
                  - {mã: A2a, tên: Phần a, điểm tối đa: 3}
                  - {mã: A2b, tên: Phần b, điểm tối đa: 3}
        """
    )
    outcome = run(book, a_grid("| Đơn vị | A1 | A2a | A2b |\n| Xã Ná | 3.5 | 2.25 | 3 |\n| Xã Nả | 0 | 0 | 0.5 |"))
    assert nodes(outcome) == {
        "A": Decimal("8.75"), "A1": Decimal("3.5"), "A2": Decimal("5.25"), "A2a": Decimal("2.25"), "A2b": 3,
        TOTAL: Decimal("8.75"),
    }  # fmt: skip


def test_where_the_parts_are_there_the_parent_s_own_column_is_not_used():
    grid = a_grid("| Đơn vị | TC1 | TC2 | TC2.1 | TC2.2 |\n| Xã Ná | 18 | 20 | 5 | 5 |\n| Xã Nả | 18 | x | 5 | 5 |")
    outcome = run(BOOK, grid)
    assert outcome.points[TOTAL] == [28, 28]
    assert brief(outcome.findings, "DL30") == [("DL30", "Xã Ná", "C2")]


def test_a_parent_without_columns_of_its_parts_counts_itself():
    outcome = run(BOOK, a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 18 | 10.5 |\n| Xã Nả | 18 | |"))
    assert outcome.points[TOTAL] == [Decimal("28.5"), None]
    assert brief(outcome.findings, "DL20") == [("DL20", "Xã Nả", "C3")]


def test_a_parent_with_columns_of_some_parts_lacks_the_others():
    outcome = run(BOOK, a_grid("| Đơn vị | TC1 | TC2 | TC2.1 |\n| Xã Ná | 18 | 10.5 | 5 |\n| Xã Nả | 18 | 5 | 5 |"))
    assert [rating.status for rating in outcome.ratings] == ["unrated", "unrated"]


# --- typed totals ---


@pytest.mark.parametrize("total", ["28.3", "28.300000000000004", "28.29999999999999", "28.3000000000002", "'28,3'", ""])
def test_a_total_equal_up_to_the_noise_of_a_float_is_not_worth_a_word(total):
    outcome = scored(f"18 | 5.1 | 5.2 | {total}", TOTALLED)
    assert brief(outcome.findings, "DL30", "DL31") == []


@pytest.mark.parametrize("total", ["28.31", "28.301", "28.3000001", "28", "0", "'28,4'", "-28.3"])
def test_a_total_that_differs_is_a_warning_and_the_parts_decide(total):
    outcome = scored(f"18 | 5.1 | 5.2 | {total}", TOTALLED)
    assert brief(outcome.findings, "DL30", "DL31") == [("DL30", "Xã Ná", "F2")]
    assert (outcome.ratings[0].points, outcome.ratings[0].status) == (Decimal("28.3"), "rated")


def test_the_warning_shows_both_numbers_and_leads_to_the_parts():
    outcome = scored("18 | 5.1 | 5.2 | 30", TOTALLED)
    finding = next(finding for finding in outcome.findings if finding.code == "DL30")
    assert finding.message == "Xã Ná: tổng điểm ghi 30 (ô F2), các phần cộng lại được 28,3; xếp loại theo các phần."
    assert [cell.address for cell in finding.related] == ["C2", "D2", "E2"]


def test_two_numbers_in_the_sentence_are_never_shown_alike():
    # "ghi 28,3, cộng lại được 28,3" would help nobody.
    outcome = scored("18 | 5.1 | 5.2 | 28.30000001", TOTALLED)
    message = next(finding.message for finding in outcome.findings if finding.code == "DL30")
    assert "ghi 28,3 " not in message


@pytest.mark.parametrize("total", ["#REF!", "=SUM(C2:E2)", "x", "TRUE"])
def test_a_total_that_is_no_number_is_a_note_and_the_unit_is_rated(total):
    outcome = scored(f"18 | 5.1 | 5.2 | {total}", TOTALLED)
    assert brief(outcome.findings, "DL30", "DL31") == [("DL31", "", "F2")]
    assert outcome.ratings[0].points == Decimal("28.3")


def test_totals_without_a_number_are_one_note_for_the_sheet():
    head = f"{TOTALLED}| 1 | Xã Ná | 18 | 5 | 5 | =1 |\n| 2 | Xã Nả | 18 | 5 | 5 | #N/A |\n| 3 | Xã Nạ | 1 | 1 | 1 | 3"
    assert brief(run(BOOK, a_grid(head)).findings, "DL31") == [("DL31", "", "F2")]


def test_the_sum_of_a_parent_is_compared_too_and_its_cells_are_its_leaves():
    head = "| STT | Đơn vị | TC1 | TC2 | TC2.1 | TC2.2 |\n"
    outcome = run(BOOK, a_grid(f"{head}| 1 | Xã Ná | 18 | 11 | 5 | 5 |\n| 2 | Xã Nả | 18 | 10 | 5 | 5 |"))
    finding = next(finding for finding in outcome.findings if finding.code == "DL30")
    assert (finding.unit and finding.unit.name, finding.criterion) == ("Xã Ná", "TC2")
    assert [cell.address for cell in finding.cells] == ["D2", "E2", "F2"]


def test_a_sheet_without_totals_is_compared_with_nothing():
    assert brief(scored("18 | 5.1 | 5.2").findings, "DL30", "DL31") == []


def test_of_two_sheets_each_keeps_its_own_columns():
    whole = a_grid("| Đơn vị | TC1 | TC2 |\n| Xã Ná | 18 | 19 |", sheet="S1")
    parts = Grid(
        "diem.xlsx", "S2", [["TC2.2", "TC2.1", "TC1", "Đơn vị", "Tổng điểm"], [8.0, 12.0, 20.0, "Xã Nả", 41.0]]
    )
    outcome = run(BOOK, whole, parts)
    assert outcome.points["TC2"] == [19, 20]
    assert outcome.points[TOTAL] == [37, 40]
    assert brief(outcome.findings, "DL30") == [("DL30", "Xã Nả", "E2")]


def test_a_typed_total_next_to_nothing_is_compared_like_any_other() -> None:
    rows = [["Đơn vị", "TC1", "TC2.1", "TC2.2", "Tổng điểm"], ["Xã Ná", 18.0, 5.0, 5.0, 1e-90]]
    outcome = run(a_book(), Grid("d.xlsx", "2019", rows))
    assert brief(outcome.findings, "DL30") == [("DL30", "Xã Ná", "E2")]
    assert [rating.points for rating in outcome.ratings] == [28]
