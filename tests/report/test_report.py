"""What people and programs read: the console, JSON ◆, the pages of `explain`."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal

import pytest

from builders import a_book, a_grid, run
from xeploai.book.load import load_book, shipped_books
from xeploai.findings import CATALOGUE, POINTS_MISSING
from xeploai.model import Cell, Unit
from xeploai.report import console, explain, tables
from xeploai.report.json import dumps

FLAGS = """
danh hiệu:
  - {tên: Vững mạnh, xếp loại ít nhất: khá}
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm, phải làm: Kiểm điểm, căn cứ: Điều 1}
  - {mã: chan-chinh, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}
"""
HEAD = "| Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
HOSTILE = ["[red]Xã[/red]", "[/cũ]", "Xã \x1b[31mNá", "Xã :smile:", "\x1b]0;tên\x07Xã", "[link=x]Xã"]


def two_years(name="Xã Ná", last="8 | 6 | 7.5"):
    return run(
        a_book(FLAGS),
        a_grid(
            f"| NĂM 2018 |\n{HEAD}| Huyện A | {name} | 9 | 6 | 7 |\n| Huyện A | Xã Nả | 18 | 12 | 8 |", sheet="2018"
        ),
        a_grid(f"| NĂM 2019 |\n{HEAD}| Huyện A | {name} | {last} |\n| Huyện A | Xã Nả | x | 12 | 8 |", sheet="2019"),
    )


def printed(outcome) -> str:
    return console.worded(
        io.StringIO(), lambda out: console.show_outcome(outcome, out), lambda out: console.show_findings(outcome, out)
    )


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"COLUMNS": "20"}, {"COLUMNS": "400"}])
def test_a_name_is_text_and_no_escape_sequence_of_it_reaches_the_terminal(name, environment, monkeypatch):
    for word, value in environment.items():
        monkeypatch.setenv(word, value)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    for last in ("8 | 6 | 7.5", "99 | 6 | 7.5"):  # in the table and a flag; in an error
        text = printed(two_years(name, last))
        assert "\x1b" not in text
        assert "\x07" not in text
        if environment.get("COLUMNS") != "20":
            assert name.replace("\x1b", r"\x1b").replace("\x07", r"\x07") in text


@pytest.mark.parametrize("word", ["[/cũ]", "[red]cũ[/red]"])
def test_a_word_of_the_book_is_text_in_a_heading_too(word):
    bands = f"xếp loại:\n  - {{mức: '{word}', ít nhất: 80%}}\n  - {{mức: yếu, ít nhất: 0%}}"
    text = printed(run(a_book(bands=bands), a_grid(f"{HEAD}| Huyện A | Xã Ná | 18 | 12 | 8 |")))
    (heading,) = [line for line in text.splitlines() if "Số đơn vị" in line]
    assert word in heading


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_with_colours_gets_none_within_a_sentence_and_no_picture(monkeypatch):
    """What rich would colour by itself in data: numbers, addresses of the web, words in brackets; and :smile: is a face."""
    for word in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(word, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "400")
    stream, name = Terminal(), "Xã :smile: [red]12[/red] http://a.b"
    outcome = two_years(name, "99.5 | 6 | 7.5")
    console.show_outcome(outcome, console.console(stream))
    console.show_trouble(outcome.findings, stream)
    text = stream.getvalue()
    assert "\x1b[1;31mlỗi DL23" in text
    assert f"  {name} (Huyện A): TC1 ghi 99,5 điểm, tối đa là 20 (ô C3)." in text
    assert text.count(name) >= 2  # in the table too


def test_trouble_names_its_file_and_sheet_unless_the_sentence_does():
    text = printed(two_years(last="99 | 6 | 7.5"))
    assert "TC1 ghi 99 điểm, tối đa là 20 (ô C3). [diem.xlsx · 2019]\n" in text
    alone = printed(run(a_book(), a_grid(f"{HEAD}| Huyện A | Xã Ná | 18 | '9,5' | 8 |")))
    assert "Trang «Bảng điểm»: 1 ô ghi số dạng chữ, đã đọc là số: D2.\n" in alone


@pytest.mark.parametrize(("count", "last"), [(20, "A20"), (21, "A20 … (+1)"), (2365, "A20 … (+2345)")])
def test_of_many_cells_the_workbook_names_twenty_and_how_many_more(count, last):
    words = tables.addresses([Cell("diem.xlsx", "2019", row, 0) for row in range(count)])
    assert words.split(", ")[19:] == [last]


def of_so_many(units: int, points: str):
    rows = "".join(f"| Huyện A | Xã Thứ {place} | {points} | 6 | 7 |\n" for place in range(units))
    return run(a_book(FLAGS), a_grid(f"| NĂM 2019 |\n{HEAD}{rows}| Huyện A | Xã Nả | 18 | 12 | 8 |"))


@pytest.mark.parametrize(("faults", "more"), [(30, ""), (31, "… và 1 dòng nữa"), (2345, "… và 2315 dòng nữa")])
def test_a_flood_of_findings_is_cut_on_the_screen_only_and_says_so(faults, more):
    outcome = of_so_many(faults, "x")
    text = printed(outcome)
    assert text.count("DL21") == min(faults, 30)
    assert (more in text, "dòng nữa" in text) == (True, bool(more))
    (table,) = tables.warnings(outcome).tables
    assert [row[1] for row in table.rows].count("DL21") == faults
    assert [each["code"] for each in json.loads(dumps(outcome))["findings"]].count("DL21") == faults


@pytest.mark.parametrize(("fired", "more"), [(5, ""), (6, "… và 1 phát hiện nữa")])
def test_of_a_flag_the_screen_tells_five_and_how_many_more(fired, more):
    text = printed(of_so_many(fired, "9"))
    assert f"kiem-diem: {fired} phát hiện" in text
    assert text.count("  Xã Thứ ") == 5
    assert (more in text, "phát hiện nữa" in text) == (True, bool(more))


def counted(outcome) -> dict[str, list]:
    """The rows of «Tổng hợp» by their labels."""
    return {str(row[0]): list(row[1:]) for row in tables.summary(outcome).tables[0].rows}


def test_a_share_of_units_rated_and_one_of_all_units_do_not_stand_under_one_label():
    """3 units, 2 of them rated: bands in 2, the title in 3."""
    rows = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n| Huyện A | Xã Nê | 9 | 8 | 6 |\n| Huyện A | Xã Nô | x | 8 | 8 |"
    found = counted(run(a_book(FLAGS), a_grid(f"| NĂM 2019 |\n{HEAD}{rows}")))
    bands = found["Tỷ lệ (%) trong 2 đơn vị đã xếp loại"]
    assert (bands[0], sum(bands[1:5]), bands[5:]) == (None, 100, [None, None, None])
    assert found["Tỷ lệ (%) đạt danh hiệu trong 3 đơn vị"][-1] == Decimal("33.33")
    assert not any(each is not None for each in found["Tỷ lệ (%) đạt danh hiệu trong 3 đơn vị"][:-1])


def test_where_all_units_are_rated_one_row_of_shares_holds_both():
    rows = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n| Huyện A | Xã Nê | 9 | 8 | 6 |"
    found = counted(run(a_book(FLAGS), a_grid(f"| NĂM 2019 |\n{HEAD}{rows}")))
    assert found["Tỷ lệ (%)"][-1] == 50
    assert [label for label in found if label.startswith("Tỷ lệ")] == ["Tỷ lệ (%)"]


def test_the_year_before_is_said_to_be_of_this_years_units_where_it_had_others():
    found = counted(two_years())  # Xã Nả is rated in 2018 only
    assert found["Năm 2018 (chỉ đơn vị của biểu năm nay)"][0] == 2
    # how many units there were is no change: units that are gone are not counted
    assert found["So với năm 2018 (1 đơn vị có kết quả cả hai năm)"][:2] == [None, "−1"]


def test_the_year_before_of_the_same_units_needs_no_words():
    rows = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n| Huyện A | Xã Nê | 9 | 8 | 6 |"
    years = [a_grid(f"| NĂM {year} |\n{HEAD}{rows}", sheet=str(year)) for year in (2018, 2019)]
    assert {"Năm 2018", "So với năm 2018"} <= counted(run(a_book(FLAGS), *years)).keys()


def test_the_chart_of_two_years_shows_the_two_years():
    page = tables.summary(two_years())
    beside = next(chart for chart in page.charts if chart.kind == "beside")
    labels = [str(page.tables[0].rows[place][0]) for place in beside.rows]
    assert labels == ["Tất cả, năm 2019", "Năm 2018 (chỉ đơn vị của biểu năm nay)"]


def test_of_many_groups_the_screen_still_shows_every_row_of_the_whole():
    rows = (
        "".join(f"| Huyện {place} | Xã Ná | 18 | 12 | 8 |\n" for place in range(41))
        + "| Huyện 41 | Xã Nả | x | 6 | 7 |"
    )
    years = [a_grid(f"| NĂM {year} |\n{HEAD}{rows}", sheet=str(year)) for year in (2018, 2019)]
    text = printed(run(a_book(FLAGS), *years))
    for label in ("Tất cả, năm 2019", "Tỷ lệ (%) trong 41", "Tỷ lệ (%) đạt danh hiệu", "Năm 2018", "So với năm 2018"):
        assert re.search(rf"^ {re.escape(label[:20])}", text, re.MULTILINE), label
    assert "… 42 nhóm" in text


# --------------------------------------------------------------------------------------------- JSON ◆

TEXT, WHOLE, LIST = str, int, list
SHAPE = {
    "schema": WHOLE, "tool": {"name": TEXT, "version": TEXT}, "rule_book": {"id": TEXT, "title": TEXT, "sha256": TEXT},
    "inputs": LIST, "year": WHOLE, "units": LIST, "findings": LIST,
    "summary": {
        "units": WHOLE, "bands": dict, "titles": dict, "previous": {"year": WHOLE, "bands": dict, "titles": dict},
        "groups": LIST,
    },
}  # fmt: skip
UNIT = {
    "code": TEXT, "name": TEXT, "kind": TEXT, "parent": TEXT, "year": WHOLE, "status": TEXT, "points": TEXT,
    "max_points": TEXT, "percent": TEXT, "band": TEXT, "titles": LIST, "rank": WHOLE, "criteria": dict, "why": LIST,
}  # fmt: skip
FINDING = {
    "code": TEXT, "severity": TEXT, "message": TEXT, "unit": TEXT, "parent": TEXT, "year": WHOLE, "criterion": TEXT,
    "people": LIST, "cells": LIST, "duty": TEXT, "basis": TEXT,
}  # fmt: skip


def has(value, shape, where="") -> None:
    if isinstance(shape, dict):
        for name, inner in shape.items():
            assert name in value, f"{where}.{name}"
            has(value[name], inner, f"{where}.{name}")
    else:
        assert isinstance(value, shape), f"{where}: {value!r}"


def test_every_field_of_the_contract_is_there_with_its_type():
    document = json.loads(dumps(two_years()))
    has(document, SHAPE)
    rated, unrated = document["units"]
    has(rated, UNIT)
    assert set(UNIT) <= set(unrated)
    has(next(f for f in document["findings"] if f["code"] == "kiem-diem"), FINDING)
    has(document["summary"]["groups"][0], {"parent": TEXT, "units": WHOLE, "bands": dict, "titles": dict})


def test_exact_numbers_are_strings_and_every_node_of_the_tree_is_there():
    rated, unrated = json.loads(dumps(two_years()))["units"]
    assert (rated["points"], rated["max_points"], rated["percent"]) == ("21.5", "40", "53.75")
    assert rated["criteria"] == {"TC1": "8", "TC2": "13.5", "TC2.1": "6", "TC2.2": "7.5"}
    assert (unrated["status"], unrated["points"], unrated["band"], unrated["rank"]) == ("unrated", None, None, None)
    assert unrated["criteria"]["TC1"] is None


def test_a_percent_that_does_not_end_is_the_exact_fraction():
    criteria = "tiêu chí: [{mã: A, tên: Việc, điểm tối đa: 23}]"
    outcome = run(a_book(criteria=criteria), a_grid("| Đơn vị | A |\n| Xã Ná | 20.86 |"))
    assert json.loads(dumps(outcome))["units"][0]["percent"] == "2086/23"


def test_findings_say_severity_streak_and_cells():
    findings = json.loads(dumps(two_years()))["findings"]
    assert {finding["severity"] for finding in findings} <= {"error", "warning", "note"}
    low = next(finding for finding in findings if finding["code"] == "kiem-diem")
    assert low["cells"][0] == {"file": "diem.xlsx", "sheet": "2019", "cell": "C3"}
    assert (low["unit"], low["parent"], low["duty"], low["basis"]) == ("Xã Ná", "Huyện A", "Kiểm điểm", "Điều 1")
    run_of_years = next(finding for finding in findings if finding["code"] == "chan-chinh")
    assert run_of_years["streak"] == {"years": 2, "from": 2018}
    assert all(finding["streak"] is None for finding in findings if finding["code"] != "chan-chinh")


def test_the_previous_year_counts_only_units_of_this_run():
    summary = json.loads(dumps(two_years()))["summary"]
    assert (summary["units"], summary["bands"]["trung bình"]) == (2, 1)
    assert summary["previous"]["bands"] == {"tốt": 1, "khá": 0, "trung bình": 1, "yếu": 0}
    assert summary["previous"]["titles"] == {"Vững mạnh": 1}


def test_the_same_question_gives_the_same_document_in_vietnamese_letters():
    assert dumps(two_years()) == dumps(two_years())
    assert "Xã Ná" in dumps(two_years())


# -------------------------------------------------------------------------------------------- explain


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_of_ours_has_a_page_without_raw_blanks(code):
    text = explain.page(code.lower())
    assert text is not None
    assert text.startswith(f"{code} · {CATALOGUE[code].title}")
    assert "‹…›" not in text, "a blank without a word of its own"
    assert "{{" not in text
    assert "}}" not in text
    assert not re.search(r"\{\w+\}", text)


FLAGS_SHIPPED = [(book, flag.code) for book in shipped_books() for flag in load_book(book).book.flags]


@pytest.mark.parametrize(("book", "code"), FLAGS_SHIPPED)
def test_every_flag_of_every_shipped_book_has_a_page_with_its_duty(book, code):
    flag = next(each for each in load_book(book).book.flags if each.code == code)
    text = explain.page(code, book)
    assert text is not None
    assert " ".join(flag.duty.split()) in " ".join(text.split())
    assert not re.search(r"\{\w*\}|\bNone\b|\bTrue\b|Decimal|Fraction", text)


def test_a_code_of_nobody_has_no_page():
    assert explain.page("DL999") is None


def flood(count: int):
    return [POINTS_MISSING(unit=Unit(f"Xã Thứ {place}"), criterion="TC1", cell="D4") for place in range(count)]


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(31, 31, ""), (1000, 1000, ""), (1001, 1000, "… và 1 dòng nữa; sửa")]
)
def test_where_no_workbook_lists_them_a_thousand_findings_are_printed_and_the_rest_is_counted(count, shown, more):
    stream = io.StringIO()
    console.show_trouble(flood(count), stream)
    text = stream.getvalue()
    assert text.count(f"lỗi {POINTS_MISSING.code}") == shown
    assert (more in text, "dòng nữa" in text, "Cảnh báo" in text) == (True, bool(more), False)
