"""Persons rated by their unit's band: Sơn La's cap and the decree's, deputies, and what cannot be told.

Sơn La, Quyết định 319-QĐ/TU (seed 002): a unit that is "trung bình" → its head is not "xuất sắc"; everything else is allowed.
Nghị định 335/2025/NĐ-CP Đ20.6: the head is never above the unit; deputies are not in the clause.
"""

from __future__ import annotations

import pytest

from builders import a_book, a_grid, brief, run
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import Block, Head, Rating, ScoreSheet, Unit
from xeploai.steps.headings import is_heads
from xeploai.steps.heads import heads

SCALE = "thang người đứng đầu: [xuất sắc, tốt, hoàn thành, không hoàn thành]\n"
SON_LA = a_book(
    SCALE
    + """
khống chế:
  - mã: dung-dau
    loại: người đứng đầu
    khi đơn vị không quá: trung bình
    người đứng đầu không quá: tốt
    căn cứ: QĐ 319-QĐ/TU
"""
).book
CAP_335 = "- {mã: nd335, loại: người đứng đầu, không cao hơn đơn vị: có, căn cứ: 'Đ20.6 NĐ 335/2025'%s}\n"
EQUAL = """
tương đương:
  - {đơn vị: tốt, người đứng đầu: xuất sắc}
  - {đơn vị: khá, người đứng đầu: tốt}
  - {đơn vị: trung bình, người đứng đầu: hoàn thành}
  - {đơn vị: yếu, người đứng đầu: không hoàn thành}
"""
DECREE = a_book(f"{SCALE}khống chế:\n  {CAP_335 % ''}{EQUAL}").book
WITH_DEPUTIES = a_book(f"{SCALE}khống chế:\n  {CAP_335 % ', cả cấp phó: có'}{EQUAL}").book
TASKS = "Hoàn thành {} nhiệm vụ"
SAME_SCALE = a_book(
    f"thang người đứng đầu: [hoàn thành xuất sắc, hoàn thành tốt, hoàn thành, không hoàn thành]\nkhống chế:\n  {CAP_335 % ''}",
    bands="""
xếp loại:
  - {mức: hoàn thành xuất sắc, ít nhất: 90%}
  - {mức: hoàn thành tốt, ít nhất: 70%}
  - {mức: hoàn thành, ít nhất: 50%}
  - {mức: không hoàn thành, ít nhất: 0%}
""",
).book
FREE = a_book(SCALE).book

UNITS = (
    Unit("Xã Ná", "Huyện Một", "101"),
    Unit("Xã Nả", "Huyện Một", "102"),
    Unit("Xã Ná", "Huyện Hai", "201"),
)
HEAD = "| TT | Họ và tên | Chức vụ | Đơn vị | Huyện | Mức đề xuất |\n"


def rated(*bands: str | None) -> list[Rating]:
    """The three units with these bands; None is unrated."""
    given = (*bands, *("khá",) * (3 - len(bands)))
    return [
        Rating(unit, 2019, "rated" if band else "unrated", band=band) for unit, band in zip(UNITS, given, strict=True)
    ]


def put(
    book: RuleBook, rows: str, *bands: str | None, head: str = HEAD, **more: object
) -> tuple[list[Rating], list[Finding]]:
    """The ratings of the three units after this sheet of persons."""
    grid = a_grid(head + rows, **{"sheet": "Người đứng đầu", "file": "diem.xlsx", **more})  # type: ignore[arg-type]
    return heads(book, ScoreSheet(2019, UNITS, (), {}), rated(*bands), [grid])


def one(book: RuleBook, unit_band: str | None, proposed: str, position: str = "Chủ tịch") -> tuple[Head, list[Finding]]:
    """What becomes of the one person of Xã Nả."""
    row = f"| 1 | Lò Văn A | {position} | Xã Nả | Huyện Một | {proposed} |"
    ratings, findings = put(book, row, "khá", unit_band)
    rating = ratings[1]
    assert (ratings[0].head, ratings[2].head) == (None, None)
    found = [head for head in (rating.head, *rating.others) if head]
    assert len(found) == 1
    return found[0], findings


@pytest.mark.parametrize(
    ("name", "yes"),
    [("Người đứng đầu", True), ("CÁN BỘ", True), ("Lãnh đạo xã", True), ("Danh sách cán bộ", False), ("2019", False)],
)
def test_the_name_of_the_sheet(name, yes):
    assert is_heads(a_grid("| x |", sheet=name)) is yes


# ------------------------------------------------------------------------------------ what must not fire


def test_without_persons_nothing_changes():
    ratings = rated()
    assert heads(SON_LA, ScoreSheet(2019, UNITS, (), {}), ratings, []) == (ratings, [])
    assert put(SON_LA, "") == (ratings, [])
    assert put(SON_LA, "", head="|\n") == (ratings, [])


def test_a_book_without_a_scale_for_heads_says_so():
    ratings, findings = put(a_book().book, "| 1 | Lò A | Chủ tịch | Xã Nả | | tốt |")
    assert (ratings, brief(findings)) == (rated(), [("DL45", "", "A1")])


def test_a_book_without_caps_leaves_what_was_proposed():
    head, findings = one(FREE, "yếu", "xuất sắc")
    assert (head.band, head.why, findings) == ("xuất sắc", (), [])


@pytest.mark.parametrize(
    ("unit_band", "proposed"),
    [("tốt", "xuất sắc"), ("khá", "xuất sắc"), ("trung bình", "tốt"), ("trung bình", "hoàn thành"), ("yếu", "tốt")],
)
def test_son_la_allows(unit_band, proposed):
    head, findings = one(SON_LA, unit_band, proposed)
    assert (head.proposed, head.band, head.why, findings) == (proposed, proposed, (), [])


@pytest.mark.parametrize(
    ("unit_band", "proposed"),
    [
        ("tốt", "xuất sắc"),
        ("khá", "tốt"),
        ("khá", "hoàn thành"),
        ("trung bình", "hoàn thành"),
        ("yếu", "không hoàn thành"),
    ],
)
def test_the_decree_allows_what_is_level_with_the_unit_or_lower(unit_band, proposed):
    head, findings = one(DECREE, unit_band, proposed)
    assert (head.band, head.why, findings) == (proposed, (), [])


def test_a_deputy_is_not_held_down_where_the_book_does_not_say_so():
    for book in (SON_LA, DECREE):
        head, findings = one(book, "yếu", "xuất sắc", "Phó Chủ tịch")
        assert (head.deputy, head.band, head.why, findings) == (True, "xuất sắc", (), [])


def test_a_cap_of_persons_who_are_rated_as_units_is_not_ours():
    book = a_book(
        SCALE + "số liệu: [{mã: DV, tên: Mức của đơn vị, kiểu: mức}]\n"
        "khống chế:\n  - {mã: x, loại: người đứng đầu, không cao hơn đơn vị: có, xếp loại đơn vị: Mức của đơn vị}"
    ).book
    head, findings = one(book, "yếu", "xuất sắc")
    assert (head.band, findings) == ("xuất sắc", [])


@pytest.mark.parametrize(
    "row",
    [
        "|",
        "| (1) | (2) | (3) | (4) | (5) | (6) |",
        "| TT | Họ và tên | Chức vụ | Đơn vị | Huyện | Mức đề xuất |",
        "| I | Huyện Hai | | | | |",
        "| 2 | | | Xã Ná | Huyện Hai | |",
        "| | Người lập biểu | | | | CHỦ TỊCH |\n| | (ký tên) | | | | |\n| | Lò Văn X | | | | Vàng Y |",
        "| | | | | | CHỦ TỊCH |\n| | | | | | Vàng Thị Y |",
        "| | | CHỦ TỊCH | | | |\n| | Vàng Thị Y | | | | |",
    ],
)
def test_blank_rows_and_signatures_are_nobody(row):
    ratings, findings = put(DECREE, "| 1 | Lò A | Chủ tịch | Xã Nả | Huyện Một | tốt |\n" + row)
    assert findings == []
    assert [rating.head.name if rating.head else "" for rating in ratings] == ["", "Lò A", ""]
    assert not any(rating.others for rating in ratings)


# --------------------------------------------------------------------------------------- held down


def test_son_la_the_head_of_an_average_unit_is_not_excellent():
    for unit_band in ("trung bình", "yếu"):
        head, findings = one(SON_LA, unit_band, "xuất sắc")
        assert (head.proposed, head.band) == ("xuất sắc", "tốt")
        assert head.why == (f"đơn vị xếp {unit_band} nên chỉ được nhiều nhất tốt (khống chế «dung-dau»; QĐ 319-QĐ/TU)",)
        assert brief(findings) == [("DL62", "Xã Nả", "F2")]
        assert findings[0].message == (
            "Xã Nả (Huyện Một): Lò Văn A được đề xuất xuất sắc (ô F2), chỉ được xếp nhiều nhất tốt: "
            f"đơn vị xếp {unit_band} (khống chế «dung-dau»; QĐ 319-QĐ/TU)."
        )
        assert findings[0].basis == "QĐ 319-QĐ/TU"


@pytest.mark.parametrize(
    ("unit_band", "proposed", "band"),
    [
        ("khá", "xuất sắc", "tốt"),
        ("trung bình", "xuất sắc", "hoàn thành"),
        ("trung bình", "tốt", "hoàn thành"),
        ("yếu", "hoàn thành", "không hoàn thành"),
    ],
)
def test_the_decree_holds_the_head_to_the_unit_s_equivalent(unit_band, proposed, band):
    head, findings = one(DECREE, unit_band, proposed)
    assert (head.band, [f.code for f in findings]) == (band, ["DL62"])


@pytest.mark.parametrize(
    ("unit_band", "proposed", "band"),
    [
        ("hoàn thành tốt", "hoàn thành tốt", "hoàn thành tốt"),
        ("hoàn thành tốt", "hoàn thành xuất sắc", "hoàn thành tốt"),
        ("không hoàn thành", "hoàn thành", "không hoàn thành"),
        ("hoàn thành xuất sắc", "hoàn thành xuất sắc", "hoàn thành xuất sắc"),
    ],
)
def test_two_scales_of_the_same_names_need_no_equivalents(unit_band, proposed, band):
    ratings, findings = put(
        SAME_SCALE, f"| 1 | Lò A | Chủ tịch | Xã Nả | | {proposed} |", "hoàn thành", unit_band, "hoàn thành"
    )
    assert ratings[1].head is not None
    assert ratings[1].head.band == band
    assert len(findings) == (proposed != band)


def test_a_deputy_is_held_down_where_the_book_says_so():
    head, findings = one(WITH_DEPUTIES, "trung bình", "tốt", "Phó Chủ tịch")
    assert (head.deputy, head.band, [f.code for f in findings]) == (True, "hoàn thành", ["DL62"])


def test_caps_apply_in_the_book_s_order_and_each_that_changes_leaves_its_reason():
    caps = (
        "  - {mã: mot, loại: người đứng đầu, khi đơn vị không quá: khá, người đứng đầu không quá: tốt}\n"
        "  - {mã: hai, loại: người đứng đầu, khi đơn vị không quá: yếu, người đứng đầu không quá: hoàn thành}\n"
        "  - {mã: ba, loại: người đứng đầu, khi đơn vị không quá: yếu, người đứng đầu không quá: tốt}\n"
    )
    book = a_book(f"{SCALE}khống chế:\n{caps}").book
    head, findings = one(book, "yếu", "xuất sắc")
    assert head.band == "hoàn thành"
    assert [each.split("«")[1].split("»")[0] for each in head.why] == ["mot", "hai"]
    assert len(findings) == 1
    assert one(book, "trung bình", "xuất sắc")[0].band == "tốt"


def test_a_cap_for_some_kinds_of_units_only():
    text = (
        "{mã: x, loại: người đứng đầu, khi đơn vị không quá: yếu, người đứng đầu không quá: tốt, áp dụng cho: [phường]}"
    )
    book = a_book(f"loại đơn vị: [xã, phường]\n{SCALE}khống chế:\n  - {text}").book
    assert one(book, "yếu", "xuất sắc")[0].band == "xuất sắc"
    sheet = ScoreSheet(2019, UNITS, (), {}, kinds=("xã", "phường", "xã"))
    grid = a_grid(HEAD + "| 1 | Lò A | Chủ tịch | Xã Nả | | xuất sắc |", sheet="Người đứng đầu")
    ratings, _ = heads(book, sheet, rated("khá", "yếu"), [grid])
    assert ratings[1].head is not None
    assert ratings[1].head.band == "tốt"


# ------------------------------------------------------------------- nothing proposed, nothing known


@pytest.mark.parametrize(("unit_band", "most"), [("trung bình", "tốt"), ("khá", "xuất sắc")])
def test_where_nothing_is_proposed_the_highest_allowed_is_told(unit_band, most):
    for proposed in ("", "-", "chưa đề xuất"):
        head, findings = one(SON_LA, unit_band, proposed)
        assert (head.proposed, head.band, findings) == (None, None, [])
        assert head.why[0] == f"chưa có mức đề xuất; nhiều nhất {most}"


def test_a_sheet_without_a_column_of_proposals():
    head = "| Họ tên | Chức danh | Đơn vị |\n"
    ratings, findings = put(DECREE, "| Lò A | Chủ tịch | Xã Nả |", "khá", "trung bình", head=head)
    assert findings == []
    assert ratings[1].head is not None
    assert ratings[1].head.why[0] == "chưa có mức đề xuất; nhiều nhất hoàn thành"


def test_a_unit_without_a_result_comes_first():
    for proposed in ("tốt", ""):
        head, findings = one(DECREE, None, proposed)
        assert (head.band, findings) == (None, [])
        assert head.why == ("đơn vị chưa có kết quả, xếp loại đơn vị trước (cấp dưới trước, cấp trên sau)",)
    sheet = ScoreSheet(2019, UNITS, (), {})
    ratings = [rating._replace(status="undetermined", band=None) for rating in rated()]
    grid = a_grid(HEAD + "| 1 | Lò A | Chủ tịch | Xã Nả | | tốt |", sheet="Người đứng đầu")
    found = heads(DECREE, sheet, ratings, [grid])[0][1].head
    assert found is not None
    assert found.band is None


# ---------------------------------------------------------------------------------- what fits nothing


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (
            "| 1 | Lò A | Chủ tịch | Xã Lạ | Huyện Một | tốt |",
            "B3",
            "Lò A; Xã Lạ (Huyện Một): không có đơn vị này trong biểu",
        ),
        ("| 1 | Lò A | Chủ tịch | Xã Ná | | tốt |", "B3", "khớp 2 đơn vị"),
        ("| 1 | Lò A | Chủ tịch | | | tốt |", "B3", "Lò A: không ghi đơn vị"),
        ("| 1 | Lò A | Chủ tịch | | | |", "B3", "Lò A: không ghi đơn vị"),
        ("| 1 | | Chủ tịch | Xã Nả | | tốt |", "B3", "không ghi họ tên"),
        ("| 1 | tốt | Chủ tịch | Xã Nả | | |", "B3", "cột họ tên ghi một mức xếp loại"),
    ],
)
def test_a_person_of_no_unit_is_told_and_not_used(row, cell, words):
    ratings, findings = put(DECREE, "|\n" + row)
    assert ratings == rated()
    assert [(code, at) for code, _, at in brief(findings)] == [("DL61", cell)]
    assert words in findings[0].message


def test_a_chairman_without_a_unit_is_no_signature():
    head = "| Chức vụ | Họ và tên | Đơn vị |\n"
    _, findings = put(DECREE, "| Chủ tịch | Lò A | |\n| Chủ tịch | Lò B | Xã Lạ |", head=head)
    assert [cell for _, _, cell in brief(findings)] == ["B2", "B3"]


@pytest.mark.parametrize(
    ("proposed", "words"),
    [
        ("xuât sắc", "có phải «xuất sắc»? Không dùng mức đề xuất."),
        ("giỏi", "không có mức người đứng đầu «giỏi»"),
        ("3", "không phải chữ"),
        ("khá", "không có mức người đứng đầu «khá»"),  # a unit's band
    ],
)
def test_an_unknown_proposal_is_told_and_not_used(proposed, words):
    head, findings = one(DECREE, "khá", proposed)
    assert (head.proposed, head.band, head.why[0]) == (None, None, "chưa có mức đề xuất; nhiều nhất tốt")
    assert brief(findings) == [("DL61", "Xã Nả", "F2")]
    assert words in findings[0].message


def test_two_heads_of_one_unit_are_a_question_and_neither_is_rated():
    rows = (
        "| 1 | Lò A | Chủ tịch | Xã Nả | | tốt |\n| 2 | Lò B | Bí thư | Xã Nả | | tốt |\n"
        "| 3 | Lò C | Phó Chủ tịch | Xã Nả | | tốt |"
    )
    ratings, findings = put(DECREE, rows)
    assert (ratings[1].head, [head.name for head in ratings[1].others]) == (None, ["Lò C"])
    assert brief(findings) == [("DL61", "Xã Nả", "B3")]
    assert [cell.address for cell in findings[0].cells] == ["B3", "B2"]
    assert "2 người đứng đầu: Lò A và Lò B" in findings[0].message


def test_one_person_written_twice_is_one_person_but_two_proposals_are_none():
    row = "| 1 | Lò A | Chủ tịch | Xã Nả | | {} |\n"
    ratings, findings = put(DECREE, row.format("tốt") + row.format("") + row.format("TỐT"))
    assert findings == []
    assert ratings[1].head is not None
    assert ratings[1].head.band == "tốt"
    ratings, findings = put(DECREE, row.format("tốt") + row.format("hoàn thành") + row.format("tốt"))
    assert ratings[1].head is not None
    assert (ratings[1].head.proposed, [f.code for f in findings]) == (None, ["DL61"])


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Họ tên |\n", "| Lò A |"),
        ("| Họ tên | Đơn vị | Mức đề xuất | Mức đề nghị |\n", "| Lò A | Xã Nả | tốt | tốt |"),
        ("| Họ tên | Đơn vị | Đề xuất xếp loại đơn vị |\n", "| Lò A | Xã Nả | tốt |"),
    ],
)
def test_a_sheet_that_cannot_be_told_is_a_warning(head, row):
    ratings, findings = put(DECREE, row, head=head)
    assert (ratings, brief(findings)) == (rated(), [("DL45", "", "A1")])


def test_a_sheet_or_a_row_of_another_year_is_not_used():
    row = "| 1 | Lò A | Chủ tịch | Xã Nả | | tốt |"
    ratings, findings = put(DECREE, row, sheet="Người đứng đầu 2018")
    assert (ratings, [f.code for f in findings]) == (rated(), ["DL45"])
    for stated in ("2018", "năm ngoái"):
        ratings, findings = put(DECREE, row[:-1] + f"| {stated} |", head=HEAD[:-1] + " Năm |\n")
        assert (ratings, [f.code for f in findings]) == (rated(), ["DL61"])
    assert put(DECREE, row[:-1] + "| 2019 |", head=HEAD[:-1] + " Năm |\n")[1] == []


# ------------------------------------------------------------------------------- ways to write them


@pytest.mark.parametrize(
    ("position", "deputy"),
    [
        ("", False),
        ("Chủ tịch UBND xã", False),
        ("Phó Chủ tịch UBND xã", True),
        ("PHÓ CHỦ TỊCH", True),
        ("Pho chu tich", True),
        ("PCT UBND", True),
        ("P. Chủ tịch", True),
        ("P.CT", True),
        ("Cấp phó", True),
        ("Cấp phó của người đứng đầu", True),
        ("Phó Trưởng phòng", True),
        ("Phó Bí thư, Chủ tịch UBND xã", False),  # the usual title of a chairman
        ("Phó Bí thư Đảng ủy\\nChủ tịch UBND", False),
        ("Phó Chủ tịch, Trưởng Công an", True),
        ("Phó Chủ tịch UBND - Chủ tịch Hội Chữ thập đỏ", True),
        ("Phó Bí thư Thường trực", True),
        ("Chủ tịch UBND thị trấn Phố Lu", False),
    ],
)
def test_who_is_a_deputy(position, deputy):
    assert one(FREE, "khá", "tốt", position)[0].deputy is deputy


@pytest.mark.parametrize("proposed", ["tốt", "TỐT", "Loại tốt", "Xếp loại: tốt", "Mức tốt"])
def test_ways_to_write_a_band(proposed):
    assert one(DECREE, "khá", proposed)[0].proposed == "tốt"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Mã đơn vị | Người đứng đầu | Đề xuất |\n", "| 102 | Lò A | tốt |"),
        (
            "| STT | Đơn vị công tác | Họ tên Chủ tịch | Đề xuất xếp loại người đứng đầu |\n",
            "| 1 | Xã Nả | Lò A | tốt |",
        ),
        ("| Huyện | Xã | Họ và tên cán bộ | Mức xếp loại đề nghị |\n", "| Một | Nả | Lò A | tốt |"),
        ("| Đơn vị | Cán bộ | Xếp loại đơn vị | Dự kiến xếp loại |\n", "| Xã Nả | Lò A | khá | tốt |"),
        ("| Họ và tên | Đơn vị | Xếp loại cán bộ |\n", "| Lò A | Xã Nả | tốt |"),
        (
            "| Họ và tên | Đơn vị | Xếp loại | Mức đề xuất | Đề xuất giải pháp |\n",
            "| Lò A | Xã Nả | hoàn thành | tốt | Học |",
        ),
    ],
)
def test_ways_to_head_the_columns(head, row):
    ratings, findings = put(DECREE, row, head=head)
    assert findings == []
    assert ratings[1].head is not None
    assert (ratings[1].head.name, ratings[1].head.proposed, ratings[1].head.band) == ("Lò A", "tốt", "tốt")


def test_a_merged_unit_and_a_section_of_a_district():
    rows = "| I | Huyện Hai | | | |\n| 1 | Lò A | Chủ tịch | Xã Ná | tốt |\n| 2 | Lò B | Phó Chủ tịch | | tốt |"
    head = "| TT | Họ và tên | Chức vụ | Đơn vị | Mức đề xuất |\n"
    ratings, findings = put(DECREE, rows, head=head, merged=((2, 3, 3, 3),))
    assert findings == []
    assert ratings[2].head is not None
    assert (ratings[2].head.name, [each.name for each in ratings[2].others]) == ("Lò A", ["Lò B"])
    assert ratings[0].head is None


# ----------------------------------------------------------------------------- in the score sheet itself


def beside(
    book: RuleBook, drawing: str, *bands: str | None, first: int = 1, **columns: int
) -> tuple[list[Rating], list[Finding]]:
    """Persons beside the points: names in column A, points where `columns` says."""
    grid = a_grid(drawing)
    block = Block(grid, 0, (first, first + 1, first + 2), 0, columns)
    return heads(book, ScoreSheet(2019, UNITS, (block,), {}), rated(*bands), [])


def test_columns_of_points_of_officials_and_of_the_unit_s_own_proposal_are_no_heads():
    drawing = """
| Đơn vị | Người đứng đầu | Lãnh đạo phụ trách | Họ và tên người chấm | Đề xuất xếp loại |
| Xã Ná | 5 | Lò A | Lò B | tốt |
| Xã Nả | 5 | Lò A | Lò B | tốt |
| Xã Ná | 5 | Lò A | Lò B | tốt |
"""
    assert beside(DECREE, drawing, TC1=1) == (rated(), [])
    assert beside(FREE, drawing) == (rated(), [])
    assert beside(DECREE, drawing.replace("| 5 |", "| Có |"), TC1=1) == (rated(), [])


def test_the_head_and_the_proposal_in_the_row_of_the_unit():
    drawing = """
| Đơn vị | TC1 | Họ tên Chủ tịch | Chức vụ | Mức đề xuất |
| Xã Ná | 20 | Lò A | Chủ tịch | xuất sắc |
| Xã Nả | 5 | Lò B | Phó Chủ tịch | xuất sắc |
| Xã Ná | 20 | | | |
"""
    ratings, findings = beside(DECREE, drawing, "khá", "yếu", TC1=1)
    first = ratings[0].head
    assert first is not None
    assert (first.name, first.proposed, first.band) == ("Lò A", "xuất sắc", "tốt")
    assert (ratings[1].head, [head.band for head in ratings[1].others], ratings[2].head) == (None, ["xuất sắc"], None)
    assert brief(findings) == [("DL62", "Xã Ná", "E2")]


def test_a_proposal_for_the_head_without_a_name_and_a_heading_of_two_rows():
    drawing = """
| Đơn vị | TC1 | Người đứng đầu | |
| | | Họ tên | Đề xuất xếp loại |
| Xã Ná | 20 | | xuất sắc |
| Xã Nả | 5 | Lò B | giỏi |
| Xã Ná | 20 | tốt | |
"""
    grid = a_grid(drawing, merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)))
    block = Block(grid, 0, (2, 3, 4), 0, {"TC1": 1})
    ratings, findings = heads(DECREE, ScoreSheet(2019, UNITS, (block,), {}), rated(), [])
    assert [rating.head.name if rating.head else None for rating in ratings] == ["", "Lò B", None]
    assert ratings[0].head is not None
    assert ratings[0].head.band == "tốt"
    assert brief(findings) == [("DL61", "Xã Nả", "D4"), ("DL61", "Xã Ná", "C5"), ("DL62", "Xã Ná", "D3")]
    assert "người đứng đầu được đề xuất xuất sắc" in findings[2].message


def test_a_score_sheet_as_the_line_reads_it():
    drawing = """
| BẢNG ĐIỂM NĂM 2019 |
| TT | Đơn vị | TC1 | TC2.1 | TC2.2 | Tổng điểm | Người đứng đầu | Mức đề xuất | Ghi chú |
| (1) | (2) | (3) | (4) | (5) | (6) | (7) | (8) | (9) |
| 1 | Xã Ná | 14 | 7 | 7 | 28 | Lò A | xuất sắc | Đã họp |
| 2 | Xã Nả | 20 | 10 | 8 | 38 | Lò B | xuất sắc | |
"""
    outcome = run(a_book(f"{SCALE}khống chế:\n  {CAP_335 % ''}{EQUAL}"), a_grid(drawing))
    assert [rating.band for rating in outcome.ratings] == ["khá", "tốt"]  # 28/40 = 70 %, 38/40 = 95 %
    plain = [rating._replace(head=None, others=()) for rating in outcome.ratings]
    ratings, findings = heads(DECREE, outcome.sheet, plain, [])
    assert [(rating.head.name, rating.head.band) for rating in ratings if rating.head] == [
        ("Lò A", "tốt"),
        ("Lò B", "xuất sắc"),
    ]
    assert brief(findings) == [("DL62", "Xã Ná", "H4")]


def test_the_sheet_and_the_score_sheet_speak_of_one_head():
    drawing = """
| Đơn vị | TC1 | Người đứng đầu |
| Xã Ná | 20 | Lò A |
| Xã Nả | 5 | LÒ B |
| Xã Ná | 20 | |
"""
    block = Block(a_grid(drawing), 0, (1, 2, 3), 0, {"TC1": 1})
    rows = "| 1 | Lò A | Chủ tịch | Xã Ná | Huyện Một | tốt |\n| 2 | Lò C | Chủ tịch | Xã Nả | | tốt |"
    grid = a_grid(HEAD + rows, sheet="Người đứng đầu")
    ratings, findings = heads(DECREE, ScoreSheet(2019, UNITS, (block,), {}), rated(), [grid])
    assert ratings[0].head is not None
    assert (ratings[0].head.band, ratings[1].head) == ("tốt", None)
    assert brief(findings) == [("DL61", "Xã Nả", "C3")]
