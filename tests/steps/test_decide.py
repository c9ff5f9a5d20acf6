"""The sheet Quyết định → what the authority decided; a row is used whole or not at all, and never in silence."""

from __future__ import annotations

import pytest

from builders import a_book, a_grid, brief
from xeploai.findings import Finding
from xeploai.model import Decision, Unit
from xeploai.steps.decide import decide
from xeploai.steps.headings import is_decision

BOOK = a_book("thang cũ: [{mức: kém, coi như: yếu}]").book
UNITS = (
    Unit("Xã Lũng Vối", "Huyện Một", "101"),
    Unit("Xã Lủng Vối", "Huyện Một", "102"),
    Unit("Xã Lũng Vối", "Huyện Hai", "201"),
    Unit("Thị trấn Ná", "Huyện Hai", "202"),
)
HEAD = "| TT | Đơn vị | Huyện | Xếp loại | Lý do | Văn bản |\n"
NA = "| 1 | Thị trấn Ná | Huyện Hai | khá | Đã khắc phục | QĐ 12/QĐ-UBND |"


def decided(rows: str, head: str = HEAD, **more: object) -> tuple[dict[int, str], list[Finding]]:
    """Position → band, and the findings."""
    found, findings = decisions(rows, head, **more)
    return {position: decision.band for position, decision in found.items()}, findings


def decisions(rows: str, head: str = HEAD, **more: object) -> tuple[dict[int, Decision], list[Finding]]:
    year = more.pop("year", None)
    assert year is None or isinstance(year, int)
    return decide(BOOK, UNITS, [a_grid(head + rows, **{"sheet": "Quyết định", **more})], year=year)  # type: ignore[arg-type]


def refused(rows: str, head: str = HEAD, **more: object) -> str:
    """The one sentence about rows of which none is used."""
    found, findings = decided(rows, head, **more)
    assert (found, [f.code for f in findings]) == ({}, ["DL58"])
    return findings[0].message


@pytest.mark.parametrize(
    ("name", "yes"),
    [("Quyết định", True), ("QUYẾT ĐỊNH 2019", True), ("quyet dinh", True), ("Các quyết định", False), ("Điểm", False)],
)
def test_the_name_of_the_sheet(name, yes):
    assert is_decision(a_grid("| x |", sheet=name)) is yes


# --------------------------------------------------------------------------------- what says nothing


def test_no_sheet_and_an_empty_sheet_decide_nothing():
    assert decide(BOOK, UNITS, []) == ({}, [])
    assert decided("", "|\n") == ({}, [])
    assert decided("") == ({}, [])


@pytest.mark.parametrize(
    "row",
    [
        "|",
        "| 2 | Xã Lủng Vối | Huyện Một | | | |",  # a list of all units: nothing was decided on this one
        "| 2 | Xã Lủng Vối | Huyện Một | - | | |",
        "| (1) | (2) | (3) | (4) | (5) | (6) |",
        "| TT | Đơn vị | Huyện | Xếp loại | Lý do | Văn bản |",
        "| | Cộng | | 1 | | |",
        "| | Người lập biểu | | Chủ tịch | | |\n| | (ký tên) | | (đã ký) | | |\n| | Lò A | | Vàng B | | |",
        "| | | | | | CHỦ TỊCH |\n| | | | | | (ký, ghi rõ họ tên) |\n| | Lò A | | | | Vàng B |",
        "| | Điện Biên, ngày 5 tháng 1 năm 2020 | | | | |\n| | NGƯỜI LẬP BIỂU | | CHỦ TỊCH | | |\n| | Lò A | | Lò B | | |",
        "| | Nơi nhận: | | | | |\n| | - Sở Nội vụ; | | | Lưu VT | |",
    ],
)
def test_blank_rows_sums_and_signatures_are_no_rows(row):
    assert decided(NA + "\n" + row) == ({3: "khá"}, [])


def test_a_commune_whose_name_looks_like_a_signature_is_a_row():
    assert "Xã Kỳ Lạ" in refused("| 1 | Xã Kỳ Lạ | Huyện Hai | khá | Vì thế | QĐ 1 |")
    assert "Cộng Hòa" in refused("| 1 | Xã Cộng Hòa | Huyện Hai | khá | Vì thế | QĐ 1 |")


def test_a_row_below_the_signature_that_names_a_unit_is_still_read():
    assert decided("| | Người lập biểu | | | | |\n" + NA) == ({3: "khá"}, [])


# ------------------------------------------------------------------------------ what is not used, aloud


def test_without_its_document_or_its_reason_a_decision_is_not_used():
    assert refused("| 1 | Thị trấn Ná | Huyện Hai | khá | Đã khắc phục | |") == (
        "Trang «Quyết định», hàng 2: Thị trấn Ná (Huyện Hai): không ghi văn bản; kết quả tính không đổi."
    )
    assert "không ghi lý do" in refused("| 1 | Thị trấn Ná | Huyện Hai | khá | | QĐ 12 |")
    assert "không ghi lý do; không ghi văn bản" in refused("| 1 | Thị trấn Ná | Huyện Hai | khá | - | … |")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("| 1 | Xã Lạ | Huyện Hai | khá | Vì thế | QĐ 1 |", "không có đơn vị này trong biểu"),
        ("| 1 | Thị trấn Nà | Huyện Hai | khá | Vì thế | QĐ 1 |", "có phải «Thị trấn Ná (Huyện Hai)»?"),
        ("| 1 | Xã Lũng Vối | | khá | Vì thế | QĐ 1 |", "khớp 2 đơn vị"),
        ("| 1 | Xã Ná | Huyện Hai | khá | Vì thế | QĐ 1 |", "không có đơn vị này trong biểu"),
        ("| 1 | | | khá | Vì thế | QĐ 1 |", "không ghi đơn vị"),
        ("| 1 | Thị trấn Ná | Huyện Hai | kha | Vì thế | QĐ 1 |", "không có mức xếp loại «kha» (có phải «khá»?)"),
        ("| 1 | Thị trấn Ná | Huyện Hai | kém | Vì thế | QĐ 1 |", "không có mức xếp loại «kém»"),  # of the older scale
        ("| 1 | Thị trấn Ná | Huyện Hai | 2 | Vì thế | QĐ 1 |", "ô xếp loại không phải chữ"),
        ("| 1 | Thị trấn Ná | Huyện Hai | #REF! | Vì thế | QĐ 1 |", "ô xếp loại không phải chữ"),
        ("| 1 | Thị trấn Ná | Huyện Hai | | Vì thế | QĐ 1 |", "chưa ghi mức xếp loại"),
    ],
)  # fmt: skip
def test_a_row_that_fits_nothing_is_an_error_with_its_cell(row, words):
    found, findings = decided("|\n" + row)
    assert (found, [(code, cell) for code, _, cell in brief(findings)]) == ({}, [("DL58", "D3")])
    assert words in findings[0].message
    assert findings[0].message.startswith("Trang «Quyết định», hàng 3: ")


def test_a_unit_decided_twice_differently_is_not_used_and_names_both_cells():
    rows = NA + "\n| 2 | Thị trấn Ná | Huyện Hai | tốt | Vì thế | QĐ 13 |"
    found, findings = decided(rows)
    assert (found, brief(findings)) == ({}, [("DL58", "Thị trấn Ná", "D3")])
    assert [cell.address for cell in findings[0].cells] == ["D3", "D2"]
    assert "2 quyết định khác nhau: khá (ô D2) và tốt (ô D3)" in findings[0].message
    assert decided(rows + "\n" + NA)[0] == {}  # said a third time it is no clearer


def test_a_row_without_its_document_still_speaks_against_the_other():
    found, findings = decided(NA + "\n| 2 | Thị trấn Ná | Huyện Hai | tốt | Vì thế | |")
    assert (found, [f.code for f in findings]) == ({}, ["DL58", "DL58"])


def test_twice_the_same_is_one_decision_with_every_document():
    found, findings = decisions(NA + "\n| 2 | Thị trấn Ná | Huyện Hai | KHÁ | Đã khắc phục | QĐ 13 |")
    assert findings == []
    assert (found[3].band, found[3].reason, found[3].document) == ("khá", "Đã khắc phục", "QĐ 12/QĐ-UBND; QĐ 13")


def test_a_sheet_of_words_is_unclear_and_one_without_its_columns_is_an_error():
    found, findings = decided("| Điều 1. Công nhận kết quả xếp loại |", "| QUYẾT ĐỊNH |\n")
    assert (found, brief(findings)) == ({}, [("DL45", "", "A1")])
    assert "không thấy cột «Văn bản»" in refused("| Thị trấn Ná | khá | Vì thế |", "| Đơn vị | Xếp loại | Lý do |\n")
    words = refused("| Thị trấn Ná | khá |", "| Đơn vị | Xếp loại |\n")
    assert "không thấy cột «Lý do» và «Văn bản»" in words


def test_two_columns_of_bands_are_a_question_unless_one_is_the_authority_s():
    rows = "| Thị trấn Ná | yếu | khá | Vì thế | QĐ 1 |"
    assert "có 2 cột xếp loại" in refused(rows, "| Đơn vị | Xếp loại xã | Xếp loại huyện | Lý do | Văn bản |\n")
    for first, second in (
        ("Xếp loại", "Xếp loại theo quyết định"),
        ("Xếp loại", "Mức quyết định"),
        ("Xếp loại đề nghị", "Xếp loại"),
        ("Kết quả tính", "Kết quả xếp loại"),
        ("Mức đề xuất", "Mức"),
    ):
        assert decided(rows, f"| Đơn vị | {first} | {second} | Lý do | Văn bản |\n") == ({3: "khá"}, [])


def test_a_proposal_alone_is_no_decision():
    _, findings = decided("| Thị trấn Ná | khá | Vì thế | QĐ 1 |", "| Đơn vị | Xếp loại đề nghị | Lý do | Văn bản |\n")
    assert brief(findings) == [("DL45", "", "A1")]


# ----------------------------------------------------------------------------------------- the years


def test_a_decision_of_another_year_is_not_this_year_s():
    assert "thuộc năm 2018, đang xếp loại năm 2019" in refused(NA, sheet="Quyết định 2018", year=2019)
    assert decided(NA, sheet="Quyết định 2019", year=2019) == ({3: "khá"}, [])
    assert decided(NA, year=2019) == ({3: "khá"}, [])
    rows = NA[:-1] + "| 2019 |\n| 2 | Xã Lủng Vối | Huyện Một | tốt | Vì thế | QĐ 1 | 2018 |"
    found, findings = decided(rows, HEAD[:-2] + "| Năm |\n", year=2019)
    assert (found, brief(findings)) == ({3: "khá"}, [("DL58", "Xã Lủng Vối", "D3")])


def test_a_year_that_cannot_be_read_is_no_year():
    assert "cột năm không phải một năm" in refused(NA[:-1] + "| năm ngoái |", HEAD[:-2] + "| Năm |\n", year=2019)


def test_of_a_year_that_is_read_in_its_turn_nothing_is_said():
    grid = a_grid(HEAD + NA, sheet="Quyết định 2018")
    assert decide(BOOK, UNITS, [grid], year=2019, others={2018}) == ({}, [])
    assert list(decide(BOOK, UNITS, [grid], year=2018, others={2019})[0]) == [3]


# -------------------------------------------------------------------------------------- the ordinary


def test_unit_band_reason_document_and_where_it_is_written():
    found, findings = decisions("| QUYẾT ĐỊNH CỦA UBND TỈNH |\n" + HEAD + NA, "|\n")
    assert findings == []
    (decision,) = found.values()
    assert (decision.band, decision.reason, decision.document) == ("khá", "Đã khắc phục", "QĐ 12/QĐ-UBND")
    assert str(decision.at) == "diem.xlsx · Quyết định · D4"


@pytest.mark.parametrize("band", ["khá", "Khá", "LOẠI KHÁ", "Xếp loại khá", " khá ", "Mức: khá"])
def test_ways_to_write_a_band(band):
    assert decided(NA.replace("khá", band)) == ({3: "khá"}, [])


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Mã đơn vị | Xếp loại | Lý do | Số quyết định |\n", "| 201 | khá | Vì thế | 12/QĐ-UBND |"),
        ("| Mã | Tên đơn vị | Mức | Lý do điều chỉnh | Căn cứ |\n", "| 201 | Tên khác | khá | Vì thế | QĐ 12 |"),
        ("| Huyện | Xã | Mức xếp loại | Lý do | Quyết định số |\n", "| Hai | Lũng Vối | khá | Vì thế | 12 |"),
    ],
)
def test_ways_to_name_the_unit_and_the_columns(head, row):
    assert decided(row, head) == ({2: "khá"}, [])


def test_a_document_in_two_columns_is_both():
    head = "| Mã | Xếp loại | Lý do | Số quyết định | Căn cứ |\n"
    found, _ = decisions("| 201 | khá | Vì thế | 12/QĐ-UBND | Điều 8 |", head)
    assert found[2].document == "12/QĐ-UBND, Điều 8"


def test_merged_documents_and_ditto_marks():
    rows = NA + "\n| 2 | Xã Lủng Vối | Huyện Một | tốt | nt | |"
    found, findings = decisions(rows, merged=((1, 5, 2, 5),))
    assert findings == []
    assert (found[1].reason, found[1].document) == ("Đã khắc phục", "QĐ 12/QĐ-UBND")


def test_a_merged_heading_of_two_rows():
    head = "| Đơn vị | Theo quyết định | | |\n| | Xếp loại | Lý do | Văn bản |\n"
    merged = ((0, 0, 1, 0), (0, 1, 0, 3))
    assert decided("| Thị trấn Ná | khá | Vì thế | QĐ 1 |", head, merged=merged) == ({3: "khá"}, [])


def test_a_heading_merged_over_two_columns_is_one_column():
    head = "| Đơn vị | Xếp loại | | Lý do | Văn bản |\n"
    merged = ((0, 1, 0, 2), (1, 1, 1, 2))
    assert decided("| Thị trấn Ná | khá | | Vì thế | QĐ 1 |", head, merged=merged) == ({3: "khá"}, [])


def test_a_section_is_the_district_of_the_rows_under_it():
    rows = "| I | Huyện Hai | | | |\n| 1 | Xã Lũng Vối | khá | Vì thế | QĐ 1 |"
    head = "| TT | Đơn vị | Xếp loại | Lý do | Văn bản |\n"
    assert decided(rows, head) == ({2: "khá"}, [])
    assert "không có đơn vị này" in refused(rows.replace("Hai", "Ba"), head)


def test_two_sheets_in_two_files_and_their_quarrel():
    one, two = (
        a_grid(HEAD + NA.replace("khá", band), sheet="Quyết định", file=f"{band}.xlsx") for band in ("khá", "tốt")
    )
    assert decide(BOOK, UNITS, [one, one])[1] == []
    found, findings = decide(BOOK, UNITS, [one, two])
    assert found == {}
    assert "khá (khá.xlsx, trang «Quyết định», ô D2)" in findings[0].message
