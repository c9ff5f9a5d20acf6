"""The whole line: which book, which year, which sheet is for what; and that the same question gets the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book import load
from xeploai.findings import Unusable
from xeploai.model import Grid, Value
from xeploai.pipeline import Options, Outcome, classify
from xeploai.report import tables

BY_NAME = "| STT | Đơn vị | Tiêu chí một | Tiêu chí hai |\n"
BY_CODE = "| STT | Đơn vị | TC1 | TC2 |\n"
ROWS = "| 1 | Xã Ná | 8 | 7 |\n| 2 | Xã Nả | 5 | 4 |"

A_BOOK = """
bộ tiêu chí: Bộ {code}
mã: {code}
{years}
tiêu chí:
  - {{mã: TC1, tên: {first}, điểm tối đa: 10}}
  - {{mã: TC2, tên: Tiêu chí hai, điểm tối đa: 10}}
xếp loại:
  - {{mức: tốt, ít nhất: {edge}%}}
  - {{mức: khá, ít nhất: 0%}}
"""


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Ship these books alone: ship("bo-a", since=2015, until=2018, edge=60, first="Tiêu chí một")."""
    monkeypatch.setattr(load, "shipped", lambda: tmp_path)

    def add(code: str, since: int = 0, until: int = 0, edge: int = 60, first: str = "Tiêu chí một") -> None:
        years = (f"áp dụng từ năm: {since}\n" if since else "") + (f"đến năm: {until}" if until else "")
        text = A_BOOK.format(code=code, years=years, edge=edge, first=first)
        (tmp_path / f"{code}.yaml").write_text(text, "utf-8")
        load.shipped_books.cache_clear()

    load.shipped_books.cache_clear()
    yield add
    load.shipped_books.cache_clear()


def sheet(year: int | None = 2019, head: str = BY_NAME, rows: str = ROWS, **more: object) -> Grid:
    title = f"| BẢNG ĐIỂM NĂM {year} |\n" if year else ""
    return a_grid(title + head + rows, **{"sheet": f"Biểu {year or ''}", **more})


def chosen(*grids: Grid, **options: object) -> Outcome:
    return classify(None, grids, options=Options(**options))  # type: ignore[arg-type]


def refused(*grids: Grid, **options: object) -> str:
    with pytest.raises(Unusable) as stopped:
        chosen(*grids, **options)
    assert [finding.code for finding in stopped.value.findings] == ["BTC10"]
    return stopped.value.findings[0].message


# ----------------------------------------------------------------------------------- which rule book


def test_bare_codes_never_choose_a_book(ship):
    ship("bo-a")
    assert "bo-a" in refused(sheet(head=BY_CODE))


def test_names_for_some_and_codes_for_others_do_not_choose_a_book_either(ship):
    ship("bo-a")
    assert "bo-a" in refused(sheet(head="| STT | Đơn vị | Tiêu chí một | TC2 |\n"))


def test_a_criterion_that_is_missing_is_not_found_by_name(ship):
    ship("bo-a")
    assert "bo-a" in refused(sheet(head="| STT | Đơn vị | Tiêu chí một | Tiêu chí khác |\n"))


def test_a_sheet_that_speaks_of_no_shipped_book_names_those_there_are(ship):
    ship("bo-a")
    ship("bo-b")
    message = refused(sheet(head="| STT | Đơn vị | Việc một | Việc hai |\n"))
    assert "bo-a, bo-b" in message


def test_a_book_that_is_not_in_force_in_that_year_is_not_chosen(ship):
    ship("bo-cu", since=2011, until=2018)
    message = refused(sheet(2019))
    assert "bo-cu" in message
    assert "2011–2018" in message


def test_two_books_that_fit_are_named_and_none_is_taken(ship):
    ship("bo-a")
    ship("bo-b", since=2015)
    message = refused(sheet())
    assert "bo-a" in message
    assert "bo-b" in message


def test_without_a_year_two_books_of_two_times_both_fit(ship):
    ship("bo-cu", until=2018)
    ship("bo-moi", since=2019)
    message = refused(sheet(None))
    assert "bo-cu" in message
    assert "bo-moi" in message


def test_the_book_whose_criteria_are_all_found_by_name_is_taken(ship):
    ship("bo-a")
    ship("bo-khac", first="Tiêu chí khác")
    assert chosen(sheet()).book.code == "bo-a"
    assert (
        chosen(sheet(head="| STT | Đơn vị | 1. Tiêu chí một\\n(10 điểm) | TC2: Tiêu chí hai |\n")).book.code == "bo-a"
    )


def test_of_two_books_the_one_in_force_in_the_sheet_s_year_is_taken(ship):
    ship("bo-cu", until=2018, edge=90)
    ship("bo-moi", since=2019)
    assert chosen(sheet(2018)).book.code == "bo-cu"
    assert chosen(sheet(2019)).book.code == "bo-moi"
    assert chosen(sheet(None), year=2018).book.code == "bo-cu"
    assert chosen(sheet(2018), sheet(2019)).book.code == "bo-moi"
    assert chosen(sheet(2018), sheet(2019), year=2018).book.code == "bo-cu"


def test_a_book_that_is_named_is_taken_even_by_codes_and_out_of_its_years():
    book = a_book("đến năm: 2018")
    outcome = run(book, a_grid("| NĂM 2019 |\n| Đơn vị | TC1 | TC2 |\n| Xã Ná | 18 | 15 |"))
    assert [rating.status for rating in outcome.ratings] == ["rated"]
    assert brief(outcome.findings, "BTC09") == [("BTC09", "", "")]


# -------------------------------------------------------------------------------------- earlier years


def test_an_earlier_year_is_rated_by_the_book_in_force_then(ship):
    ship("bo-cu", until=2018, edge=90)
    ship("bo-moi", since=2019, edge=60)
    outcome = chosen(sheet(2018), sheet(2019))
    assert [rating.band for rating in outcome.ratings] == ["tốt", "khá"]  # 75 % is tốt from 60 % on
    record = outcome.past.of(0)[2018]
    assert (record.band, record.book, record.points) == ("khá", "bo-cu", Decimal(15))  # but khá below 90 %


def test_an_earlier_year_without_a_book_is_a_missing_year_aloud(ship):
    ship("bo-moi", since=2019)
    outcome = chosen(sheet(2018), sheet(2019))
    assert (outcome.past.of(0), [code for code, _, _ in brief(outcome.findings, "LS08")]) == ({}, ["LS08"])


def test_an_earlier_year_of_two_candidates_is_a_missing_year_aloud(ship):
    ship("bo-a", until=2018)
    ship("bo-b", until=2018)
    ship("bo-moi", since=2019)
    outcome = chosen(sheet(2018), sheet(2019))
    assert (outcome.past.of(0), [code for code, _, _ in brief(outcome.findings, "LS08")]) == ({}, ["LS08"])


def test_the_faults_of_an_earlier_year_are_errors_of_that_year(ship):
    ship("bo-a")
    outcome = chosen(sheet(2018, rows=ROWS.replace("8 | 7", "8 | x")), sheet(2019))
    assert {rating.status for rating in outcome.ratings} == {"rated"}
    assert [(f.code, f.year, f.at and f.at.sheet) for f in outcome.errors] == [("DL21", 2018, "Biểu 2018")]
    assert (outcome.past.of(0), outcome.past.of(1)[2018].band) == ({}, "khá")


# -------------------------------------------------------------------------------- which sheet for what


def as_workbook(outcome: Outcome, file: str = "ket-qua.xlsx") -> list[Grid]:
    """Our own result as it is read back."""

    def stored(value: object) -> Value:
        if isinstance(value, Decimal):
            return float(value)
        return value or None if isinstance(value, str) else value  # type: ignore[return-value]

    grids = []
    for page in tables.pages(outcome):
        rows: list[list[Value]] = []
        for table in page.tables:
            rows += [[line] for line in table.above]
            rows.append([column.heading for column in table.columns])
            rows += [[stored(value) for value in row] for row in table.rows]
        grids.append(Grid(file, page.name, rows))
    return grids


def test_our_own_result_is_no_score_sheet_but_its_history_is_read():
    book = a_book()
    scores = a_grid("| NĂM 2019 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 18 | 5 | 5 |")
    before = run(book, a_grid("| NĂM 2018 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 1 | 1 | 1 |"))
    outcome = run(book, *as_workbook(before), scores)
    assert (outcome.year, len(outcome.ratings)) == (2019, 1)
    assert outcome.past.of(0)[2018].band == "yếu"
    assert brief(outcome.findings, "DL09", "DL10") == [("DL09", "", "")]


def test_our_own_result_alone_is_nothing_to_classify():
    before = run(a_book(), a_grid("| NĂM 2018 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 1 | 1 | 1 |"))
    with pytest.raises(Unusable) as stopped:
        run(a_book(), *as_workbook(before))
    assert "DL09" in {finding.code for finding in stopped.value.findings}


def test_a_score_sheet_among_the_sheets_of_a_result_s_names_is_not_skipped():
    grid = a_grid("| NĂM 2018 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 1 | 1 | 1 |", sheet="Kết quả")
    outcome = run(a_book(), grid)
    assert (len(outcome.ratings), brief(outcome.findings, "DL09")) == (1, [])


def test_a_file_without_a_score_table_is_an_error_beside_the_others():
    good = a_grid("| NĂM 2019 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 18 | 5 | 5 |")
    outcome = run(a_book(), good, a_grid("| Danh bạ |\n| Xã Nả | 0912 |", file="khac.xlsx"))
    assert [rating.status for rating in outcome.ratings] == ["rated"]
    assert [(f.code, f.at and f.at.file) for f in outcome.errors] == [("DL10", "khac.xlsx")]


def test_a_sheet_of_another_matter_beside_a_score_table_is_not_worth_a_word():
    good = a_grid("| NĂM 2019 |\n| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 18 | 5 | 5 |")
    assert run(a_book(), good, a_grid("| Hướng dẫn |", sheet="HD")).errors == []


def test_a_sheet_that_nothing_can_be_made_of_stops_the_run():
    with pytest.raises(Unusable) as stopped:
        run(a_book(), a_grid("| Danh bạ |"))
    assert [finding.code for finding in stopped.value.findings] == ["DL10"]


# -------------------------------------------------------------------------------------------- the answer

TROUBLED = """
| BẢNG ĐIỂM NĂM 2019 |
| STT | Đơn vị | TC1 | TC2.1 | TC2.2 | Tổng điểm | TC9 |
| 1 | Xã Ná | 18 | 5 | x | 28 | 7 |
| 2 | Xã Nả | '9,5' | 5 | 5 | 30 | 7 |
| 3 | Xã Nạ | | 5 | 5 | 30 | 7 |
| 4 | Xã Nà | 1 | 1 | 1 | 3 | 7 |
"""
FLAGGED = """
minh hoạ: có
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}
  - {mã: chi-tieu, loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 80%}
"""


def test_findings_come_errors_first_then_by_place_and_flags_last():
    outcome = run(a_book(FLAGGED), a_grid(TROUBLED))
    rows = [(f.severity.value, f.code, f.at.address if f.at else "") for f in outcome.findings]
    assert rows == [
        ("error", "DL21", "E3"), ("error", "DL20", "C5"),
        ("warning", "DL13", "G2"), ("warning", "DL30", "F4"),  # row by row, as one reads
        ("note", "BTC13", ""), ("note", "DL29", "C4"),
        ("warning", "kiem-diem", "C6"), ("warning", "kiem-diem", "D6"), ("warning", "chi-tieu", ""),
    ]  # fmt: skip


def test_the_same_question_gets_the_same_answer():
    def answer() -> tuple[object, ...]:
        outcome = run(a_book(FLAGGED), a_grid(TROUBLED), a_grid(TROUBLED.replace("2019", "2018"), sheet="S2"))
        return outcome.ratings, outcome.findings, outcome.past, tables.pages(outcome)

    assert answer() == answer()


def test_every_finding_is_said_once():
    grid = a_grid("| NĂM 2019 |\n" + TROUBLED.strip().split("\n", 1)[1])
    findings = run(a_book(FLAGGED), grid).findings
    assert len(findings) == len(set(findings))


def test_the_numbers_of_a_book_without_a_document_are_said_to_be_illustrative():
    outcome = run(a_book("minh hoạ: có"), a_grid(TROUBLED))
    assert brief(outcome.findings, "BTC13") == [("BTC13", "", "")]
    assert brief(run(a_book(), a_grid(TROUBLED)).findings, "BTC13") == []


def test_nothing_that_was_given_is_changed():
    grid = a_grid(TROUBLED)
    before = [list(row) for row in grid.rows]
    run(a_book(FLAGGED), grid)
    assert grid.rows == before
