"""History sheets and earlier score sheets → what each unit was rated before; nothing joined by a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.model import Grid, Record, Value
from xeploai.pipeline import Outcome
from xeploai.report import tables

MORE = """
danh hiệu:
  - {tên: Vững mạnh, xếp loại ít nhất: khá}
  - {tên: Trong sạch, xếp loại ít nhất: tốt}
thang cũ:
  - {mức: kém, coi như: yếu}
  - {mức: xuất sắc, coi như: tốt}
cảnh báo:
  - {mã: hai-nam, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}
  - {mã: khong-danh-hieu, loại: liên tiếp, không đạt danh hiệu: Vững mạnh, số năm: 2}
  - {mã: cuoi-bang, loại: liên tiếp, cuối bảng: có, số năm: 2}
"""
BOOK = a_book(MORE)
WIDE = "| Huyện | Đơn vị | 2016 | 2017 | 2018 |\n"
LONG = "| Năm | Đơn vị | Mã đơn vị | Huyện | Xếp loại | Danh hiệu | Xếp hạng | Trên tổng số đơn vị |\n"
THIS = """
| 1 | Huyện Một | Xã Lũng Vối | 18 | 5 | 5 |
| 2 | Huyện Một | Xã Lủng Vối | 10 | 5 | 5 |
| 3 | Huyện Hai | Xã Lũng Vối | 10 | 4 | 5 |
| 4 | Huyện Hai | Thị trấn Lũng Vối | 20 | 12 | 8 |
"""
HEAD = "| STT | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"


def score_sheet(year: int = 2019, rows: str = THIS, head: str = HEAD, **more: object) -> Grid:
    return a_grid(f"| BẢNG ĐIỂM NĂM {year} |\n{head}{rows.strip()}", **{"sheet": str(year), **more})


def recalled(history: str | Grid, *more: Grid, **options: object) -> Outcome:
    """The score sheet of 2019 with this history, and further history grids."""
    grid = history if isinstance(history, Grid) else a_grid(history, sheet="Lịch sử", file="lich-su.xlsx")
    return run(BOOK, score_sheet(), history=[grid, *more], **options)


def past(outcome: Outcome, position: int) -> dict[int, str | None]:
    return {year: record.band for year, record in outcome.past.of(position).items()}


def record(outcome: Outcome, position: int, year: int = 2018) -> Record:
    return outcome.past.of(position)[year]


def history_codes(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [row for row in brief(outcome.findings) if row[0].startswith("LS")]


# -------------------------------------------------------------------------------------- the wide table


def test_without_history_there_is_no_past():
    outcome = run(BOOK, score_sheet())
    assert (dict(outcome.past.records), outcome.past.years, outcome.past.others) == ({}, (), ())


def test_a_row_per_unit_and_a_column_per_year():
    outcome = recalled(
        WIDE + "| Huyện Một | Xã Lũng Vối | tốt | Khá | TRUNG BÌNH |\n| Huyện Hai | Xã Lũng Vối | yếu | | khá |"
    )
    assert past(outcome, 0) == {2016: "tốt", 2017: "khá", 2018: "trung bình"}
    assert past(outcome, 2) == {2016: "yếu", 2018: "khá"}  # an empty cell is no year
    assert outcome.past.years == (2016, 2017, 2018)
    assert str(record(outcome, 2).at) == "lich-su.xlsx · Lịch sử · E3"
    assert history_codes(outcome) == []


@pytest.mark.parametrize(
    ("head", "merged"),
    [
        ("| Huyện | Đơn vị | Năm 2016 | Năm 2017 | Năm 2018 |\n", ()),
        ("| Huyện | Đơn vị | Xếp loại năm 2016 | Xếp loại năm 2017 | Xếp loại năm 2018 |\n", ()),
        (
            "| Huyện | Đơn vị | Kết quả xếp loại | | |\n| | | 2016 | 2017 | 2018 |\n",
            ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)),
        ),
        ("| LỊCH SỬ XẾP LOẠI CÁC NĂM 2016 - 2018 |\n|\n" + WIDE, ()),
        (WIDE + "| (1) | (2) | (3) | (4) | (5) |\n", ()),
    ],
    ids=["năm", "xếp loại năm", "merged", "under a title", "numbered"],
)
def test_the_years_of_a_wide_table_are_in_its_heading(head, merged):
    grid = a_grid(head + "| Huyện Một | Xã Lũng Vối | tốt | khá | yếu |", sheet="Lịch sử", merged=merged)
    outcome = recalled(grid)
    assert (past(outcome, 0), history_codes(outcome)) == ({2016: "tốt", 2017: "khá", 2018: "yếu"}, [])


@pytest.mark.parametrize(
    "heading", ["Tên đơn vị (xã, phường, thị trấn)", "UBND các xã, phường", "Danh sách các xã", "Chính quyền cơ sở"]
)
def test_a_heading_that_nobody_foresaw_does_not_make_the_districts_units(heading):
    outcome = recalled(WIDE.replace("Đơn vị", heading) + "| Huyện Một | Xã Lũng Vối | tốt | khá | yếu |")
    assert past(outcome, 0) == {2016: "tốt", 2017: "khá", 2018: "yếu"} or [c for c, _, _ in history_codes(outcome)] == [
        "LS06"
    ]


def test_points_and_band_side_by_side_under_each_year():
    grid = a_grid(
        """
        | Huyện | Đơn vị | Năm 2017 | | Năm 2018 | |
        | | | Điểm | Xếp loại | Điểm | Xếp loại |
        | Huyện Một | Xã Lũng Vối | 70 | khá | 55 | trung bình |
        """,
        sheet="Lịch sử",
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)),
    )
    outcome = recalled(grid)
    assert (past(outcome, 0), history_codes(outcome)) == ({2017: "khá", 2018: "trung bình"}, [])


def test_districts_as_rows_of_their_own():
    rows = "| I | Huyện Một |\n| 1 | Xã Lũng Vối | khá |\n| II | Huyện Hai |\n| 1 | Xã Lũng Vối | yếu |\n| | Cộng | 2 |"
    outcome = recalled("| STT | Đơn vị | 2018 |\n" + rows)
    assert (past(outcome, 0), past(outcome, 2), history_codes(outcome)) == ({2018: "khá"}, {2018: "yếu"}, [])


@pytest.mark.parametrize("merged", [(), ((1, 0, 2, 0), (3, 0, 4, 0))], ids=["blank", "merged"])
def test_a_district_written_once_speaks_of_the_rows_under_it(merged):
    rows = "| Huyện Một | Xã Lủng Vối | khá |\n| | Xã Lũng Vối | khá |\n| Huyện Hai | Xã Khác | yếu |\n| | Xã Lũng Vối | yếu |"
    outcome = recalled(a_grid("| Huyện | Đơn vị | 2018 |\n" + rows, sheet="Lịch sử", merged=merged))
    assert (past(outcome, 0), past(outcome, 2)) == ({2018: "khá"}, {2018: "yếu"})


# -------------------------------------------------------------------------------------- the long table


def test_a_row_per_unit_and_year():
    outcome = recalled(
        LONG
        + "| 2018 | Xã Lũng Vối | | Huyện Một | khá | Vững mạnh | 2 | 4 |\n| 2017 | Xã Lũng Vối | | Huyện Một | yếu |"
    )
    assert past(outcome, 0) == {2017: "yếu", 2018: "khá"}
    assert (record(outcome, 0).titles, record(outcome, 0).rank, record(outcome, 0).of) == (
        frozenset({"Vững mạnh"}),
        2,
        4,
    )
    assert list(outcome.past.of(0)) == [2017, 2018]  # newest known last


@pytest.mark.parametrize(
    ("cell", "titles"),
    [
        ("", None),
        ("không", frozenset()),
        ("Vững mạnh", {"Vững mạnh"}),
        ("Vững mạnh; Trong sạch", {"Vững mạnh", "Trong sạch"}),
    ],
)
def test_no_word_on_titles_is_not_the_word_that_there_was_none(cell, titles):
    outcome = recalled(LONG + f"| 2018 | Xã Lủng Vối | | Huyện Một | trung bình | {cell} |")
    assert record(outcome, 1).titles == titles
    fired = brief(outcome.findings, "khong-danh-hieu")
    assert fired == ([("khong-danh-hieu", "Xã Lủng Vối", "C4")] if titles == frozenset() else [])


def test_a_table_without_a_column_of_titles_knows_nothing_of_titles():
    outcome = recalled(WIDE + "| Huyện Một | Xã Lủng Vối | yếu | yếu | yếu |")
    assert record(outcome, 1).titles is None


# ------------------------------------------------------------------------------- what is no known band


@pytest.mark.parametrize("cell", ["", " ", "chưa xếp loại", "Không xếp loại", "chưa xác định"])
def test_a_year_without_a_band_is_a_missing_year_and_not_worth_a_word(cell):
    outcome = recalled(WIDE + f"| Huyện Một | Xã Lũng Vối | tốt | '{cell}' | khá |")
    assert (past(outcome, 0), history_codes(outcome)) == ({2016: "tốt", 2018: "khá"}, [])


@pytest.mark.parametrize(
    ("cell", "band"), [("TB", "trung bình"), ("tb", "trung bình"), ("Kém", "yếu"), ("Xuất sắc", "tốt"), ("Khá ", "khá")]
)
def test_bands_of_an_older_scale_and_the_usual_short_word(cell, band):
    assert past(recalled(WIDE + f"| Huyện Một | Xã Lũng Vối | | | {cell} |"), 0) == {2018: band}


@pytest.mark.parametrize("cell", ["giỏi", "K", "trung bình khá", "đạt"])
def test_an_unknown_band_is_a_warning_and_a_missing_year(cell):
    outcome = recalled(WIDE + f"| Huyện Một | Xã Lũng Vối | | tốt | {cell} |")
    assert past(outcome, 0) == {2017: "tốt"}
    assert history_codes(outcome) == [("LS01", "Xã Lũng Vối", "E2")]
    assert next(finding.severity for finding in outcome.findings if finding.code == "LS01") == "warning"


@pytest.mark.parametrize("cell", ["#REF!", "=A1", "3", "TRUE"])
def test_a_cell_that_holds_no_words_is_a_warning_and_a_missing_year(cell):
    outcome = recalled(WIDE + f"| Huyện Một | Xã Lũng Vối | | tốt | {cell} |")
    assert (past(outcome, 0), history_codes(outcome)) == ({2017: "tốt"}, [("LS10", "Xã Lũng Vối", "E2")])


@pytest.mark.parametrize(
    "drawing", ["| abc |", "| Đơn vị | Xếp loại |\n| Xã Lũng Vối | khá |", "| 2016 | 2017 |\n| khá | khá |"]
)
def test_a_sheet_that_is_no_history_is_an_error(drawing):
    assert history_codes(recalled(drawing)) == [("LS06", "", "A1")]


# ---------------------------------------------------------------------------------- two sources, one year


def test_two_published_bands_that_agree_are_one():
    outcome = recalled(
        LONG + "| 2018 | Xã Lũng Vối | | Huyện Một | khá |\n| 2018 | Lũng Vối | | Huyện Một | Khá | Vững mạnh | 2 |"
    )
    assert (past(outcome, 0), history_codes(outcome)) == ({2018: "khá"}, [])
    assert (record(outcome, 0).titles, record(outcome, 0).rank) == ({"Vững mạnh"}, 2)


def test_two_published_bands_that_differ_are_an_error_and_a_missing_year():
    other = a_grid("| Huyện | Đơn vị | 2018 |\n| Huyện Một | Xã Lũng Vối | yếu |", sheet="Lịch sử", file="khac.xlsx")
    outcome = recalled(WIDE + "| Huyện Một | Xã Lũng Vối | | tốt | khá |", other)
    assert past(outcome, 0) == {2017: "tốt"}
    assert history_codes(outcome) == [("LS03", "Xã Lũng Vối", "E2")]
    finding = next(finding for finding in outcome.findings if finding.code == "LS03")
    assert finding.severity == "error"
    assert [(cell.file, cell.address) for cell in finding.cells] == [("lich-su.xlsx", "E2"), ("khac.xlsx", "C2")]


@pytest.mark.parametrize("bands", [("khá", "yếu", "khá"), ("khá", "yếu", "yếu"), ("khá", "yếu", "tốt")])
def test_a_third_source_does_not_bring_a_disputed_year_back(bands):
    rows = "\n".join(f"| 2018 | Xã Lũng Vối | | Huyện Một | {band} |" for band in bands)
    assert past(recalled(LONG + rows), 0) == {}


def earlier(rows: str, year: int = 2018) -> Grid:
    return score_sheet(year, rows)


def test_an_earlier_score_sheet_is_rated_and_becomes_the_past():
    outcome = run(
        BOOK,
        score_sheet(),
        earlier("| 1 | Huyện Một | Xã Lũng Vối | 10 | 5 | 5 |\n| 2 | Huyện Một | Xã Lủng Vối | 10 | 4 | 5 |"),
    )
    assert (past(outcome, 0), past(outcome, 1)) == ({2018: "trung bình"}, {2018: "yếu"})
    assert record(outcome, 0) == Record(
        2018, "trung bình", frozenset(), 1, 2, False, Decimal(20), Decimal(40), book="bo-thu", at=record(outcome, 0).at
    )
    assert record(outcome, 1).last is True


def test_an_unrated_year_is_a_missing_year():
    outcome = run(
        BOOK,
        score_sheet(),
        earlier("| 1 | Huyện Một | Xã Lũng Vối | x | 5 | 5 |\n| 2 | Huyện Một | Xã Lủng Vối | 1 | 1 | 1 |"),
    )
    assert (past(outcome, 0), past(outcome, 1)) == ({}, {2018: "yếu"})
    assert ("DL21", "Xã Lũng Vối", "D3") in brief(outcome.findings)


def test_a_published_band_wins_over_a_recomputed_one_with_a_warning():
    history = a_grid(WIDE + "| Huyện Một | Xã Lũng Vối | | | khá |", sheet="Lịch sử")
    outcome = run(BOOK, score_sheet(), earlier("| 1 | Huyện Một | Xã Lũng Vối | 1 | 1 | 1 |"), history=[history])
    assert (past(outcome, 0), history_codes(outcome)) == ({2018: "khá"}, [("LS02", "Xã Lũng Vối", "E2")])
    assert record(outcome, 0).points is None  # those points speak of another band


def test_where_they_agree_the_points_and_the_rank_come_from_the_recomputed_one():
    history = a_grid(WIDE + "| Huyện Một | Xã Lũng Vối | | | yếu |", sheet="Lịch sử")
    outcome = run(BOOK, score_sheet(), earlier("| 1 | Huyện Một | Xã Lũng Vối | 1 | 1 | 1 |"), history=[history])
    assert history_codes(outcome) == []
    assert (record(outcome, 0).points, record(outcome, 0).rank, record(outcome, 0).titles) == (3, 1, frozenset())


def test_a_disputed_publication_is_not_settled_by_recomputing():
    rows = "| 2018 | Xã Lũng Vối | | Huyện Một | khá |\n| 2018 | Xã Lũng Vối | | Huyện Một | yếu |"
    history = a_grid(LONG + rows, sheet="Lịch sử")
    outcome = run(BOOK, score_sheet(), earlier("| 1 | Huyện Một | Xã Lũng Vối | 1 | 1 | 1 |"), history=[history])
    assert past(outcome, 0) == {}


def test_the_classified_year_and_later_ones_are_never_counted_from_history():
    rows = "| {} | Xã Lủng Vối | | Huyện Một | {} |\n"
    outcome = recalled(LONG + rows.format(2018, "khá") + rows.format(2019, "yếu") + rows.format(2020, "yếu"))
    assert (past(outcome, 1), outcome.past.years) == ({2018: "khá"}, (2018,))
    assert history_codes(outcome) == [("LS07", "", "E3")]
    assert brief(outcome.findings, "hai-nam") == []


def test_a_history_sheet_in_the_workbook_itself_is_history():
    outcome = run(BOOK, score_sheet(), a_grid(WIDE + "| Huyện Một | Xã Lũng Vối | | | khá |", sheet="Lịch sử xếp loại"))
    assert past(outcome, 0) == {2018: "khá"}


# ----------------------------------------------------------------------------------- whose history it is


@pytest.mark.parametrize(
    ("parent", "name", "position"),
    [
        ("Huyện Một", "Xã Lũng Vối", 0),
        ("Huyện Một", "XÃ LŨNG VỐI", 0),
        ("huyện một", "X. Lũng Vối", 0),
        ("Một", "Lũng Vối", 0),
        ("Huyện Một", "Xã Lủng Vối", 1),
        ("", "Xã Lủng Vối", 1),
        ("", "Lủng Vối", 1),
        ("H. Hai", "TT. Lũng Vối", 3),
        ("", "Thị trấn Lũng Vối", 3),
        ("Huyện Hai", "UBND xã Lũng Vối", 2),
    ],
)
def test_a_kind_or_a_district_is_ignored_only_where_one_side_lacks_it(parent, name, position):
    outcome = recalled(f"| Huyện | Đơn vị | 2018 |\n| {parent} | {name} | khá |")
    assert [place for place in range(4) if past(outcome, place)] == [position]
    assert history_codes(outcome) == []


@pytest.mark.parametrize("name", ["Ban Nậm", "Miền Nọi", "Sở Lùng", "Khối Trài"])
def test_a_name_may_begin_with_a_word_that_is_a_kind_elsewhere(name):
    # As Xã Ban … and Xã Miền … do: without "Xã" they are the same communes, not offices or regions.
    sheet = score_sheet(rows=f"| 1 | Huyện Một | Xã {name} | 18 | 5 | 5 |")
    history = a_grid(f"| Huyện | Đơn vị | 2018 |\n| Huyện Một | {name} | khá |", sheet="Lịch sử")
    assert past(run(BOOK, sheet, history=[history]), 0) == {2018: "khá"}


@pytest.mark.parametrize("parent_and_name", ["Huyện Hai | Lũng Vối", " | Xã Lũng Vối", " | Lũng Vối"])
def test_a_name_that_fits_several_units_is_a_question(parent_and_name):
    outcome = recalled(f"| Huyện | Đơn vị | 2018 |\n| {parent_and_name} | khá |")
    assert [past(outcome, place) for place in range(4)] == [{}, {}, {}, {}]
    assert history_codes(outcome) == [("LS05", "", "C2")]


@pytest.mark.parametrize("name", ["Xã Lùng Vối", "Xã Lưng Vồi", "Lụng Vối"])
def test_a_name_that_differs_by_an_accent_is_asked_never_joined(name):
    outcome = recalled(f"| Huyện | Đơn vị | 2018 |\n| Huyện Một | {name} | khá |")
    assert [past(outcome, place) for place in range(4)] == [{}, {}, {}, {}]
    assert history_codes(outcome) == [("LS09", "Xã Lũng Vối", "C2")]


@pytest.mark.parametrize(
    ("parent", "name"),
    [
        ("Huyện Ba", "Xã Lũng Vối"),
        ("Thị xã Một", "Xã Lũng Vối"),
        ("Huyện Một", "Xã Xa Lạ"),
        ("Huyện Một", "Phường Lũng Vối"),
    ],
)
def test_a_stranger_stays_in_the_history_and_is_named(parent, name):
    outcome = recalled(f"| Huyện | Đơn vị | 2018 |\n| {parent} | {name} | khá |")
    assert [(str(unit), record.band) for unit, record in outcome.past.others] == [(f"{name} ({parent})", "khá")]
    assert [code for code, _, _ in history_codes(outcome)] in (["LS04"], ["LS09"])
    kept = [row for row in tables.history(outcome).tables[0].rows if row[1] == name and row[3] == parent]
    assert [(row[0], row[6]) for row in kept] == [(2018, "khá")]


def test_strangers_are_one_finding():
    rows = "\n".join(f"| Huyện Ba | Xã Lạ {n} | khá |" for n in range(15))
    outcome = recalled("| Huyện | Đơn vị | 2018 |\n" + rows)
    assert [code for code, _, _ in history_codes(outcome)] == ["LS04"]
    assert "15 đơn vị" in next(finding.message for finding in outcome.findings if finding.code == "LS04")


CODED = "| Mã xã | Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"


def test_a_code_wins_over_a_name():
    rows = "| 3219 | Huyện Một | Xã Mới | 18 | 5 | 5 |\n| 3220 | Huyện Một | Xã Cũ | 18 | 5 | 5 |"
    history = a_grid(
        LONG + "| 2018 | Xã Cũ | 3219 | Huyện Một | khá |\n| 2018 | Xã Cũ | 9999 | Huyện Một | yếu |", sheet="Lịch sử"
    )
    outcome = run(BOOK, score_sheet(rows=rows, head=CODED), history=[history])
    assert (past(outcome, 0), past(outcome, 1)) == ({2018: "khá"}, {})
    assert [str(unit) for unit, _ in outcome.past.others] == ["Xã Cũ (Huyện Một)"]


def test_a_code_on_one_side_only_leaves_the_name_to_decide():
    coded = run(
        BOOK,
        score_sheet(rows="| 3219 | Huyện Một | Xã Cũ | 18 | 5 | 5 |", head=CODED),
        history=[a_grid("| Huyện | Đơn vị | 2018 |\n| Huyện Một | Xã Cũ | khá |", sheet="Lịch sử")],
    )
    assert past(coded, 0) == {2018: "khá"}
    assert past(recalled(LONG + "| 2018 | Xã Lủng Vối | 3219 | Huyện Một | khá |"), 1) == {2018: "khá"}


def test_a_unit_written_twice_this_year_takes_no_history_and_needs_no_second_error():
    rows = THIS.strip() + "\n| 5 | Huyện Một | Xã Lủng Vối | 1 | 1 | 1 |"
    history = a_grid("| Huyện | Đơn vị | 2018 |\n| Huyện Một | Xã Lủng Vối | khá |", sheet="Lịch sử")
    outcome = run(BOOK, score_sheet(rows=rows), history=[history])
    assert [code for code, _, _ in brief(outcome.errors)] == ["DL32"]
    assert history_codes(outcome) == []


def test_the_history_of_a_unit_that_is_written_twice_or_may_be_several_is_kept_for_next_year():
    """Whose it is cannot be told this year; what was published is not lost for that."""
    rows = THIS.strip() + "\n| 5 | Huyện Một | Xã Lủng Vối | 1 | 1 | 1 |"
    known = a_grid("| Huyện | Đơn vị | 2017 | 2018 |\n| Huyện Một | Xã Lủng Vối | tốt | khá |", sheet="Lịch sử")
    vague = a_grid("| Đơn vị | 2017 |\n| Xã Lũng Vối | yếu |", sheet="Lịch sử cũ")
    now = run(BOOK, score_sheet(rows=rows), history=[known, vague])
    kept = [tuple(row[place] for place in (0, 1, 3, 6)) for row in tables.history(now).tables[0].rows if row[0] < 2019]
    assert kept == [
        (2017, "Xã Lủng Vối", "Huyện Một", "tốt"), (2018, "Xã Lủng Vối", "Huyện Một", "khá"),
        (2017, "Xã Lũng Vối", "", "yếu"),
    ]  # fmt: skip
    assert [code for code, _, _ in history_codes(now)] == ["LS05"]
    mended = run(BOOK, score_sheet(2020), history=[as_grid(now)])
    assert {year: band for year, band in past(mended, 1).items() if year < 2019} == {2017: "tốt", 2018: "khá"}


def test_a_year_keeps_the_name_of_its_own_and_a_slip_of_this_year_does_not_rewrite_it():
    history = LONG + "| 2017 | Xã Tủm | 34 | Huyện Một | khá |\n| 2018 | Xã Tủm | 34 | Huyện Một | tốt |"
    slip = run(BOOK, score_sheet(rows="| 34 | Huyện Một | Xã Sấy | 18 | 5 | 5 |", head=CODED),
               history=[a_grid(history, sheet="Lịch sử")])  # fmt: skip
    assert [(row[0], row[1]) for row in tables.history(slip).tables[0].rows] == [
        (2017, "Xã Tủm"), (2018, "Xã Tủm"), (2019, "Xã Sấy"),
    ]  # fmt: skip
    (asked,) = [finding for finding in slip.findings if finding.code == "LS12"]
    assert "mã 34 trước là «Xã Tủm» (năm 2018), nay là «Xã Sấy»" in asked.message
    later = run(BOOK, score_sheet(2020, "| 34 | Huyện Một | Xã Tủm | 18 | 5 | 5 |", CODED), history=[as_grid(slip)])
    (asked,) = [finding for finding in later.findings if finding.code == "LS12"]
    assert "mã 34 trước là «Xã Sấy» (năm 2019), nay là «Xã Tủm»" in asked.message  # so it was published
    last = run(BOOK, score_sheet(2021, "| 34 | Huyện Một | Xã Tủm | 18 | 5 | 5 |", CODED), history=[as_grid(later)])
    assert [finding.code for finding in last.findings if finding.code == "LS12"] == []
    assert past(last, 0) == {2017: "khá", 2018: "tốt", 2019: "khá", 2020: "khá"}


# ---------------------------------------------------------------------------------------- who was last


def ranked_in_2018(*places: tuple[int | None, int | None]) -> Outcome:
    names = [
        "Huyện Một | Xã Lũng Vối",
        "Huyện Một | Xã Lủng Vối",
        "Huyện Hai | Xã Lũng Vối",
        "Huyện Hai | Thị trấn Lũng Vối",
    ]
    rows = "\n".join(
        "| 2018 | {1} | | {0} | khá | | {2} | {3} |".format(*name.split(" | "), rank or "", of or "")
        for name, (rank, of) in zip(names, places, strict=False)
    )
    return recalled(LONG + rows)


def lasts(outcome: Outcome) -> list[bool | None]:
    return [record(outcome, place).last for place in range(4) if 2018 in outcome.past.of(place)]


def test_without_ranks_nobody_is_known_to_have_been_last():
    assert lasts(ranked_in_2018((None, None), (None, None))) == [None, None]


def test_of_a_whole_ranking_the_last_are_known_ties_included():
    assert lasts(ranked_in_2018((1, 4), (2, 4), (3, 4), (3, 4))) == [False, False, True, True]
    assert lasts(ranked_in_2018((1, 4), (2, 4), (3, 4), (4, 4))) == [False, False, False, True]
    assert lasts(ranked_in_2018((1, 4), (1, 4), (1, 4), (1, 4))) == [False, False, False, False]


def test_of_a_partial_ranking_only_the_very_last_place_speaks_for_itself():
    assert lasts(ranked_in_2018((1, 130), (2, 130))) == [None, None]
    assert lasts(ranked_in_2018((1, 130), (130, 130))) == [None, True]


def test_the_best_of_a_partial_ranking_was_not_last():
    # Rank 1 of 130 with somebody known below: not last, whatever the rest.
    assert lasts(ranked_in_2018((1, 130), (2, 130)))[0] is not True


# --------------------------------------------------------------------- our own result is next year's input


def as_grid(outcome: Outcome) -> Grid:
    """The sheet Lịch sử as a workbook gives it back: exact numbers as floats, empty texts as nothing."""

    def stored(value: object) -> Value:
        if isinstance(value, Decimal):
            return float(value)
        return value or None if isinstance(value, str) else value  # type: ignore[return-value]

    page = tables.history(outcome)
    (table,) = page.tables
    lines = [[column.heading for column in table.columns], *table.rows]
    return Grid("nam-truoc.xlsx", page.name, [[stored(value) for value in line] for line in lines])


def told(outcome: Outcome) -> dict[tuple[str, int], tuple[object, ...]]:
    """Everything that is known of every unit and year up to the classified one."""
    known: dict[tuple[str, int], tuple[object, ...]] = {}
    for position, unit in enumerate(outcome.sheet.units):
        for each in outcome.past.of(position).values():
            known[str(unit), each.year] = (
                each.band,
                each.titles,
                each.rank,
                each.of,
                each.points,
                each.max_points,
                each.flags,
                each.book,
            )
    for unit, each in outcome.past.others:
        known[str(unit), each.year] = (
            each.band,
            each.titles,
            each.rank,
            each.of,
            each.points,
            each.max_points,
            each.flags,
            each.book,
        )
    return known


def next_year(outcome: Outcome) -> Outcome:
    """The same units a year later, with the result of the year before as history."""
    rows = "\n".join(
        f"| {n} | {unit.parent} | {unit.name} | 20 | 12 | 8 |" for n, unit in enumerate(outcome.sheet.units, 1)
    )
    return run(BOOK, score_sheet((outcome.year or 0) + 1, rows), history=[as_grid(outcome)])


def test_what_was_written_is_what_is_read_next_year():
    history = WIDE + "| Huyện Một | Xã Lũng Vối | tốt | TB | khá |\n| Huyện Ba | Xã Đã Mất | khá | kém | |"
    now = recalled(history)
    later = next_year(now)
    assert [code for code, _, _ in history_codes(later)] == ["LS04"]
    before, after = told(now), told(later)
    assert {key: value for key, value in after.items() if key[1] < 2019} == before
    assert after["Xã Lũng Vối (Huyện Một)", 2019] == (
        "khá", {"Vững mạnh"}, 2, 4, Decimal(28), Decimal(40), (), "bo-thu"
    )  # fmt: skip
    assert after["Xã Lũng Vối (Huyện Hai)", 2019] == ("yếu", frozenset(), 4, 4, Decimal(19), Decimal(40), (), "bo-thu")


def test_titles_nobody_spoke_of_are_still_unknown_two_years_later():
    now = recalled(WIDE + "| Huyện Một | Xã Lũng Vối | tốt | TB | khá |")
    assert record(next_year(next_year(now)), 0, 2016).titles is None


def test_an_unrated_year_stays_a_missing_year():
    rows = THIS.replace("18 | 5 | 5", "x | 5 | 5")
    later = next_year(run(BOOK, score_sheet(rows=rows)))
    assert past(later, 0) == {}
    assert past(later, 3) == {2019: "tốt"}
    assert history_codes(later) == []


def test_who_was_last_is_known_next_year():
    later = next_year(run(BOOK, score_sheet()))
    assert [record(later, place, 2019).last for place in range(4)] == [False, False, True, False]


def test_a_commune_that_has_a_name_in_two_districts_keeps_two_histories():
    later = next_year(run(BOOK, score_sheet()))
    assert [record(later, place, 2019).band for place in (0, 2)] == ["khá", "yếu"]


def test_a_code_that_lost_its_zero_is_asked_about_with_both_cells_and_never_joined():
    def year(number, code, other):
        rows = f"| '{code}' | Xã Ná | 18 | 11 | 7 |\n| '{other}' | Xã Nê | 18 | 11 | 7 |"
        return a_grid(f"| Năm {number} |\n| Mã | Đơn vị | TC1 | TC2.1 | TC2.2 |\n{rows}", sheet=f"Năm {number}")

    outcome = run(a_book(), year(2019, "05", "06"), year(2018, "5", "06"))
    (asked,) = [finding for finding in outcome.findings if finding.code.startswith("LS")]
    assert (asked.code, [cell.sheet for cell in asked.cells]) == ("LS09", ["Năm 2018", "Năm 2019"])
    assert "«Xã Ná, mã 5»" in asked.message
    assert "«Xã Ná, mã 05»" in asked.message
    assert asked.unit == outcome.ratings[0].unit
    assert [sorted(outcome.past.of(position)) for position in (0, 1)] == [[], [2018]]
