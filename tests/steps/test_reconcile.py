"""Identities between figures: what agrees is silent, what does not is told with both cells, what is missing is not judged.

Numbers of the seed article 001 (Thừa Thiên Huế) where a test says so; invented units carry them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from builders import a_grid, brief
from xeploai import vi
from xeploai.book.check_kinds import AnyCheck
from xeploai.book.checks import Check
from xeploai.book.facts import Fact
from xeploai.book.names import FactNames
from xeploai.findings import Finding, Severity
from xeploai.model import Block, FactValue, Grid, ScoreSheet, Unit
from xeploai.steps.headings import is_no_unit
from xeploai.steps.reconcile import grouped, reconcile, total_of

PERCENTS = ("Tỷ lệ nghèo", "Tỷ lệ cận nghèo", "Tỷ lệ năm cũ")
TEXTS = ("Trưởng thôn",)
COUNTS = (
    "Cán bộ, công chức", "Cán bộ", "Công chức", "DTTS", "Hộ nghèo", "Hộ cận nghèo", "Tổng hộ", "Giảm nghèo",
    "Đầu năm", "Cuối năm", "Thoát", "Tái", "Phát sinh", "Tổng hộ (biểu 2)", "Tăng",
    *(f"Cột {n}" for n in range(1, 9)),
)  # fmt: skip
NAMES = FactNames(
    [
        Fact.model_validate({"mã": f"S{place}", "tên": name, "kiểu": kind})
        for place, (name, kind) in enumerate(
            [*((n, "số") for n in COUNTS), *((n, "phần trăm") for n in PERCENTS), *((n, "chữ") for n in TEXTS)]
        )
    ]
)
ANY: TypeAdapter[Check] = TypeAdapter(AnyCheck)


def a_check(kind: str, **fields: object) -> Check:
    """A check as a book writes it: every scalar a text, underscores for spaces."""
    return ANY.validate_python(
        {"mã": "kt", "loại": kind, **{key.replace("_", " "): value for key, value in fields.items()}}
    )


def a_sheet(*drawings: str | Grid, year: int | None = 2017) -> ScoreSheet:
    """A score sheet of facts: heading names in the first row, units are the rows that say xã, phường or tỉnh."""
    units: list[Unit] = []
    blocks: list[Block] = []
    facts: dict[str, list[FactValue]] = {}
    for place, drawing in enumerate(drawings):
        grid = (
            drawing
            if isinstance(drawing, Grid)
            else a_grid(drawing, sheet="Biểu" if not place else f"Biểu {place + 1}")
        )
        heading = {grid.text(0, column): column for column in range(grid.width)}
        columns = {
            fact.code if (fact := NAMES.find(name)) else name: column
            for name, column in heading.items()
            if name not in ("Đơn vị", "Huyện")
        }
        lines = [
            row
            for row in range(1, grid.height)
            if vi.split_kind(grid.text(row, 0))[0] in ("xã", "phường", "tỉnh") and not is_no_unit(grid.text(row, 0))
        ]
        blocks.append(Block(grid, len(units), tuple(lines), 0, columns))
        for row in lines:
            parent = grid.text(row, heading["Huyện"]) if "Huyện" in heading else ""
            for code in [*facts, *columns]:
                facts.setdefault(code, [])
                if len(facts[code]) <= len(units):
                    facts[code] += [None] * (len(units) - len(facts[code]))
                    facts[code].append(_typed(grid.value(row, columns[code])) if code in columns else None)
            units.append(Unit(grid.text(row, 0), parent))
    for column in facts.values():
        column.extend([None] * (len(units) - len(column)))
    return ScoreSheet(year, tuple(units), tuple(blocks), {}, facts=facts)


def _typed(value: object) -> FactValue:
    return vi.from_float(value) if isinstance(value, float) else value if isinstance(value, str) else None


def sums(sheet: ScoreSheet) -> list[tuple[Grid, int, str]]:
    return [
        (block.grid, row, block.grid.text(row, 0))
        for block in sheet.blocks
        for row in range(1, block.grid.height)
        if is_no_unit(block.grid.text(row, 0))
    ]


def judged(check: Check | Sequence[Check], sheet: ScoreSheet, *earlier: ScoreSheet, **more: object) -> list[Finding]:
    checks = [check] if isinstance(check, Check) else check
    return reconcile(checks, NAMES, sheet, earlier, sums(sheet), **more)  # type: ignore[arg-type]


def words(check: Check | Sequence[Check], sheet: ScoreSheet, *earlier: ScoreSheet, **more: object) -> list[str]:
    return [finding.message for finding in judged(check, sheet, *earlier, **more)]


# ------------------------------------------------------------------------------------------------ cộng cột

STAFF = {"kết_quả": "Cán bộ, công chức", "gồm": ["Cán bộ", "Công chức"]}


def staff(row: str) -> ScoreSheet:
    return a_sheet(f"| Đơn vị | Cán bộ, công chức | Cán bộ | Công chức |\n| Tỉnh Mẫu | {row} |")


def test_a_sum_that_agrees_is_silent():
    assert words(a_check("cộng cột", **STAFF), staff("3356 | 1597 | 1759")) == []


def test_the_published_staff_of_thua_thien_hue_are_one_short():
    # Seed 001: 3.355 cán bộ, công chức; cán bộ 1.597, công chức 1.759.
    (finding,) = judged(a_check("cộng cột", **STAFF), staff("3355 | 1597 | 1759"))
    assert finding.message == (
        "Tỉnh Mẫu: «Cán bộ, công chức» ghi 3.355 (ô B2), cán bộ 1.597 + công chức 1.759 = 3.356 (ô C2, D2): lệch 1."
    )
    assert (finding.code, finding.severity, finding.year) == ("kt", Severity.WARNING, 2017)
    assert [cell.address for cell in finding.cells] == ["B2", "C2", "D2"]
    assert "không tự sửa" in finding.duty


@pytest.mark.parametrize(("tolerance", "count"), [("1", 0), ("0,99", 1), ("0", 1), ("0,03%", 0), ("0,029%", 1)])
def test_a_gap_equal_to_the_tolerance_still_agrees(tolerance, count):
    # 1 of 3.356 is 0,0298 %.
    check = a_check("cộng cột", **STAFF, sai_số=tolerance)
    assert len(judged(check, staff("3355 | 1597 | 1759"))) == count


@pytest.mark.parametrize("row", [" | 1597 | 1759", "3355 | | 1759", "3355 | 1597 | ", "không rõ | 1597 | 1759"])
def test_a_missing_number_is_not_a_zero(row):
    assert words(a_check("cộng cột", **STAFF), staff(row)) == []


def test_a_real_zero_is_a_number():
    assert len(judged(a_check("cộng cột", **STAFF), staff("3355 | 0 | 0"))) == 1


def test_what_left_is_taken_off():
    check = a_check("cộng cột", kết_quả="Cuối năm", gồm=["Đầu năm", "Tái", "Phát sinh"], trừ=["Thoát"])
    head = "| Đơn vị | Cuối năm | Đầu năm | Tái | Phát sinh | Thoát |\n| Xã A "
    assert words(check, a_sheet(f"{head}| 86 | 100 | 1 | 5 | 20 |")) == []
    assert words(check, a_sheet(f"{head}| 87 | 100 | 1 | 5 | 20 |")) == [
        "Xã A: «Cuối năm» ghi 87 (ô B2), đầu năm 100 + tái 1 + phát sinh 5 − thoát 20 = 86 (ô C2, D2, E2, F2): lệch 1."
    ]


def test_without_what_left_the_sum_is_not_known():
    check = a_check("cộng cột", kết_quả="Cuối năm", gồm=["Đầu năm"], trừ=["Thoát"])
    assert words(check, a_sheet("| Đơn vị | Cuối năm | Đầu năm | Thoát |\n| Xã A | 87 | 100 | |")) == []


def test_percents_differ_by_points():
    check = a_check("cộng cột", kết_quả="Tỷ lệ năm cũ", gồm=["Tỷ lệ nghèo", "Tỷ lệ cận nghèo"])
    sheet = a_sheet("| Đơn vị | Tỷ lệ năm cũ | Tỷ lệ nghèo | Tỷ lệ cận nghèo |\n| Xã A | 11.5 | 5.98 | 5.22 |")
    assert words(check, sheet) == [
        "Xã A: «Tỷ lệ năm cũ» ghi 11,5% (ô B2), tỷ lệ nghèo 5,98% + tỷ lệ cận nghèo 5,22% = 11,2% (ô C2, D2): "
        "lệch 0,3 điểm phần trăm."
    ]


def test_the_noise_of_stored_fractions_is_no_gap_and_a_fraction_is_compared_exactly():
    sheet = staff("0.3 | 0.1 | 0.2")
    assert words(a_check("cộng cột", **STAFF), sheet) == []
    thirds = ScoreSheet(2017, sheet.units, sheet.blocks, {}, facts=dict(zip(
        ("S0", "S1", "S2"), ([Decimal(1)], [Fraction(1, 3)], [Fraction(2, 3)]), strict=True
    )))  # fmt: skip
    assert words(a_check("cộng cột", **STAFF), thirds) == []


def test_the_last_of_fifteen_digits_is_noise_but_a_single_dong_in_a_thousand_billions_is_not():
    head = "| Đơn vị | Cán bộ, công chức | Cán bộ | Công chức |\n| Xã A "
    check = a_check("cộng cột", **STAFF)
    assert words(check, a_sheet(f"{head}| 123456789.120001 | 123456789 | 0.12 |")) == []
    assert words(check, a_sheet(f"{head}| 9.00000000000001 | 4.1 | 4.9 |")) == []
    (message,) = words(check, a_sheet(f"{head}| 1234567890124 | 1234567890000 | 123 |"))
    assert "ghi 1.234.567.890.124 (ô B2)" in message


def test_two_numbers_of_one_sentence_never_look_alike():
    (message,) = words(a_check("cộng cột", **STAFF), staff("1.0000001 | 0.5 | 0.5"))
    assert "ghi 1,0000001" in message
    assert message.endswith("lệch 0,0000001.")


def test_a_long_sum_is_told_by_its_length():
    head = "| Đơn vị | Cuối năm | " + " | ".join(f"Cột {n}" for n in range(1, 9)) + " |\n"
    check = a_check("cộng cột", kết_quả="Cuối năm", gồm=[f"Cột {n}" for n in range(1, 8)], trừ=["Cột 8"])
    (message,) = words(check, a_sheet(head + "| Xã A | 7 " + "| 1 " * 8 + "|"))
    assert message.startswith("Xã A: «Cuối năm» ghi 7 (ô B2), cộng 7 cột, trừ 1 cột được 6 (ô C2, D2, ")


def test_the_book_says_who_must_do_what_how_gravely_and_why():
    check = a_check("cộng cột", **STAFF, phải_làm="Phòng Nội vụ rà soát", căn_cứ="Công văn 1", mức_độ="ghi chú")
    (finding,) = judged(check, staff("3355 | 1597 | 1759"))
    assert (finding.duty, finding.basis, finding.severity) == ("Phòng Nội vụ rà soát", "Công văn 1", Severity.NOTE)


# ----------------------------------------------------------------------------------------------- cộng hàng

ROWS = a_check("cộng hàng", số_liệu=["Hộ nghèo"])


def poor(*rows: str) -> ScoreSheet:
    return a_sheet("| Đơn vị | Huyện | Hộ nghèo |\n" + "\n".join(f"| {row} |" for row in rows))


def test_a_total_row_that_agrees_is_silent():
    assert words(ROWS, poor("Xã A | | 10", "Xã B | | 20", "Tổng cộng | | 30")) == []


@pytest.mark.parametrize("label", ["Tổng cộng", "Cộng", "Tổng số", "Toàn tỉnh", "CỘNG:", "Tổng cộng toàn tỉnh"])
def test_a_printed_total_that_is_not_the_sum_of_the_units(label):
    (finding,) = judged(ROWS, poor("Xã A | | 10", "Xã B | | 20", f"{label} | | 31"))
    assert finding.message == (
        f"Trang «Biểu», hàng «{label}»: «Hộ nghèo» ghi 31 (ô C4), cộng 2 đơn vị được 30 (ô C2, C3): lệch 1."
    )
    assert finding.unit is None
    assert [cell.address for cell in finding.cells] == ["C4", "C2", "C3"]


@pytest.mark.parametrize(("tolerance", "count"), [("1", 0), ("0,5", 1)])
def test_a_total_row_within_its_tolerance_agrees(tolerance, count):
    check = a_check("cộng hàng", số_liệu=["Hộ nghèo"], sai_số=tolerance)
    assert len(judged(check, poor("Xã A | | 10", "Xã B | | 20", "Cộng | | 31"))) == count


@pytest.mark.parametrize("label", ["Bình quân", "Trung bình", "Tổng điểm tối đa", "Cộng trang 1", "Điểm tối đa"])
def test_a_row_that_is_no_total_is_not_compared(label):
    assert words(ROWS, poor("Xã A | | 10", "Xã B | | 20", f"{label} | | 15")) == []


def test_with_a_unit_missing_nobody_knows_the_sum():
    assert words(ROWS, poor("Xã A | | 10", "Xã B | | ", "Tổng cộng | | 31")) == []


@pytest.mark.parametrize("total", ["", "=SUM(C2:C3)", "#REF!", "nhiều"])
def test_a_total_row_without_a_number_is_not_compared(total):
    assert words(ROWS, poor("Xã A | | 10", "Xã B | | 20", f"Tổng cộng | | {total}")) == []


def test_a_total_typed_as_text_is_read():
    assert len(words(ROWS, poor("Xã A | | 10", "Xã B | | 20", "Tổng cộng | | '31,5'"))) == 1
    rows = poor("Xã A | | 1000", "Xã B | | 234", "Tổng cộng | | '1.235'")
    assert words(ROWS, rows) == []  # 1,235 or 1.235: nobody guesses
    assert len(words(ROWS, rows, decimal_mark="phẩy")) == 1


def test_a_total_row_above_the_units_sums_them_too():
    assert len(words(ROWS, poor("Toàn tỉnh | | 31", "Xã A | | 10", "Xã B | | 20"))) == 1
    assert words(ROWS, poor("Tổng số | | 30", "Xã A | | 10", "Xã B | | 20")) == []


DISTRICTS = ("Xã A | Huyện Một | 10", "Xã B | Huyện Một | 20", "Xã C | Huyện Hai | 5", "Xã D | Huyện Hai | 6")


def test_a_total_row_that_names_a_district_sums_that_district():
    one, two = DISTRICTS[:2], DISTRICTS[2:]
    assert words(ROWS, poor(*one, "Cộng Huyện Một | | 30", *two, "Cộng huyện Hai | | 11", "Tổng cộng | | 41")) == []
    (finding,) = judged(ROWS, poor(*one, "Cộng Huyện Một | | 31", *two, "Cộng Huyện Hai | | 11", "Tổng cộng | | 41"))
    assert (finding.group, [cell.address for cell in finding.cells]) == ("Huyện Một", ["C4", "C2", "C3"])
    short = "Xã E | H. Ba | 7", "Xã F | H. Bốn | 8"
    assert len(words(ROWS, poor(*short, "Cộng huyện Ba | | 8", *one, "Tổng cộng | | 45"))) == 1


def test_a_plain_total_row_sums_the_district_that_ends_at_it_and_the_last_one_everything():
    one, two = DISTRICTS[:2], DISTRICTS[2:]
    assert words(ROWS, poor(*one, "Cộng | | 30", *two, "Cộng | | 11", "Tổng cộng | | 41")) == []
    assert words(ROWS, poor(*one, "Cộng | | 30", *two, "Cộng | | 11")) == []  # the last one is a district's as well
    found = judged(ROWS, poor(*one, "Cộng | | 30", *two, "Cộng | | 12", "Tổng cộng | | 42"))
    assert [(finding.group, finding.at and finding.at.address) for finding in found] == [
        ("Huyện Hai", "C7"),
        ("", "C8"),
    ]


def test_a_total_row_of_which_nobody_knows_what_it_sums_is_not_compared():
    a, b, c, d = DISTRICTS
    assert words(ROWS, poor(a, "Cộng | | 99", b, c, d, "Tổng cộng | | 41")) == []  # half a district
    assert words(ROWS, poor(a, b, c, "Cộng | | 99", d)) == []  # units below the last total
    # A total above the units of each district: whose it is cannot be told from the place.
    assert words(ROWS, poor("Cộng | | 30", a, b, "Cộng | | 11", c, d)) == []


def test_the_district_s_own_row_with_its_figures_is_no_stranger_but_another_row_is():
    a, b, c, d = DISTRICTS
    assert len(words(ROWS, poor(a, b, "II. Huyện Hai | | 11", c, d, "Tổng cộng | | 42"))) == 1
    assert words(ROWS, poor(a, b, "Trại giống | | 7", c, d, "Tổng cộng | | 48")) == []
    assert len(words(ROWS, poor(a, b, "1 | 2 | 3", c, d, "Tổng cộng | | 42"))) == 1  # the numbers of the columns


def test_each_table_is_summed_by_itself():
    head = "| Đơn vị | Hộ nghèo |\n"
    sheet = a_sheet(f"{head}| Xã A | 10 |\n| Tổng cộng | 10 |", f"{head}| Xã B | 20 |\n| Tổng cộng | 21 |")
    assert words(ROWS, sheet) == [
        "Trang «Biểu 2», hàng «Tổng cộng»: «Hộ nghèo» ghi 21 (ô B3), cộng 1 đơn vị được 20 (ô B2): lệch 1."
    ]


def test_units_that_stand_together_are_told_as_a_range():
    (message,) = words(ROWS, poor("Xã A | | 1", "Xã B | | 2", "Xã C | | 3", "Tổng cộng | | 7"))
    assert "cộng 3 đơn vị được 6 (ô C2–C4)" in message


def test_a_column_of_points_may_be_summed():
    sheet = a_sheet("| Đơn vị | TC1 |\n| Xã A | 8 |\n| Xã B | 9 |\n| Tổng cộng | 18 |")
    sheet = ScoreSheet(2017, sheet.units, sheet.blocks, {}, points={"TC1": [Decimal(8), Decimal(9)]})
    check = a_check("cộng hàng", số_liệu=["Kinh tế"])
    assert words(check, sheet) == []
    (message,) = words(check, sheet, criteria={"Kinh tế": "TC1", "TC1": "TC1"})
    assert "«Kinh tế» ghi 18 (ô B4), cộng 2 đơn vị được 17 (ô B2, B3): lệch 1" in message


# --------------------------------------------------------------------------------------------------- tỷ lệ

SHARE = {"tử_số": "Hộ nghèo", "mẫu_số": "Tổng hộ", "kết_quả": "Tỷ lệ nghèo"}


def share(row: str) -> ScoreSheet:
    return a_sheet(f"| Đơn vị | Tỷ lệ nghèo | Hộ nghèo | Tổng hộ |\n| Xã A | {row} |")


@pytest.mark.parametrize(
    "row",
    [
        "5.98 | 17662 | 295400",  # 5,97901…
        "5.98 | 598 | 10000",
        "0.63 | 1 | 160",  # 0,625 exactly: half up
        "33.33 | 1 | 3",
        "33.3333333333333 | 1 | 3",  # a formula: both sides are rounded
        "0 | 0 | 10",
        "| 1 | 3",
        "| 0 | 0",  # nothing to divide, and no share was printed
        "7 | 5 |",  # a missing number is no 0
        "5 | | 3",
        "5 | 1 |",
    ],
)
def test_a_share_that_agrees_or_cannot_be_judged_is_silent(row):
    assert words(a_check("tỷ lệ", **SHARE), share(row)) == []


def test_a_printed_share_that_is_not_the_share():
    assert words(a_check("tỷ lệ", **SHARE), share("6 | 17662 | 295400")) == [
        "Xã A: «Tỷ lệ nghèo» ghi 6% (ô B2), hộ nghèo 17.662 : tổng hộ 295.400 = 5,98% (ô C2, D2): "
        "lệch 0,02 điểm phần trăm."
    ]
    assert len(words(a_check("tỷ lệ", **SHARE), share("0.62 | 1 | 160"))) == 1


@pytest.mark.parametrize(
    ("row", "printed"),
    [("7 | 5 | 0", "7%"), ("0 | 0 | 0", "0%"), ("7 | | 0", "7%")],
)
def test_a_printed_share_of_nothing_is_told_with_both_cells(row, printed):
    (found,) = judged(a_check("tỷ lệ", **SHARE), share(row))
    said = f"Xã A: «Tỷ lệ nghèo» ghi {printed} (ô B2), nhưng «Tổng hộ» ghi 0 (ô D2): chia cho 0, không có tỷ lệ."
    assert (found.code, found.severity, found.message) == ("kt", Severity.WARNING, said)
    assert [cell.address for cell in found.cells] == ["B2", "D2"]


@pytest.mark.parametrize(("tolerance", "count"), [("0,02", 0), ("0,019", 1), ("0,02 điểm phần trăm", 0)])
def test_a_share_within_its_tolerance(tolerance, count):
    check = a_check("tỷ lệ", **SHARE, sai_số=tolerance)
    found = words(check, share("6 | 17662 | 295400"))
    assert len(found) == count
    assert all(message.endswith("lệch 0,02 điểm phần trăm (quá sai số 0,019).") for message in found)


def test_the_book_says_to_how_many_places():
    # 59,1 % of 1.597: 944 of 1.597 is 59,11 %.
    check = a_check("tỷ lệ", **SHARE, số_chữ_số_thập_phân="1")
    assert words(check, share("59.1 | 944 | 1597")) == []
    assert len(words(a_check("tỷ lệ", **SHARE), share("59.1 | 944 | 1597"))) == 1


# ------------------------------------------------------------------------------------------- chung mẫu số

PAIRS = [
    {"số lượng": "Hộ nghèo", "tỷ lệ": "Tỷ lệ nghèo"},
    {"số lượng": "Hộ cận nghèo", "tỷ lệ": "Tỷ lệ cận nghèo"},
]


def pairs(row: str) -> ScoreSheet:
    return a_sheet(
        f"| Đơn vị | Hộ nghèo | Tỷ lệ nghèo | Hộ cận nghèo | Tỷ lệ cận nghèo | Tổng hộ |\n| Tỉnh Mẫu | {row} |"
    )


ARTICLE = "17662 | 5.98 | 15429 | 5.22"


@pytest.mark.parametrize(
    ("count", "percent", "places", "low", "high"),
    [
        ("17662", "5.98", 2, 295105, 295598),
        ("15429", "5.22", 2, 295292, 295858),
        ("1", "50", 0, 2, 2),  # 100/H from 49,5 up to, not with, 50,5
        ("1", "1", 0, 67, 200),  # 100/200 is 0,5 and rounds up to 1; 100/67 is 1,49…, 100/66 is 1,51…
        ("0", "0", 2, 1, None),
        ("3", "0", 0, 601, None),  # below 0,5 %: more than 600, and no end
    ],
)
def test_the_totals_that_a_printed_share_admits(count, percent, places, low, high):
    found = total_of(Fraction(count), Fraction(percent), places)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("count", "percent"), [(17662, "5.98"), (15429, "5.22"), (7, "14.29"), (1, "100"), (2, "0.01"), (5, "62.5")]
)
def test_every_total_of_the_range_rounds_to_the_share_and_the_next_ones_do_not(count, percent):
    found = total_of(Fraction(count), Fraction(percent), 2)
    for total in filter(None, (found.low - 1, found.low, found.high, found.high + 1)):
        fits = vi.rounded(Fraction(100 * count, total), 2) == Decimal(percent)
        assert fits == (found.low <= total <= found.high), total


@given(total=st.integers(1, 10**6), part=st.floats(0, 1), places=st.integers(0, 4))
def test_a_share_rounded_from_a_total_admits_that_total(total, part, places):
    count = round(part * total)
    found = total_of(Fraction(count), Fraction(vi.rounded(Fraction(100 * count, total), places)), places)
    assert found is not None
    assert found.gap(Fraction(total)) == 0


def test_a_count_of_which_no_total_gives_the_share():
    assert total_of(Fraction(0), Fraction(3), 2) is None
    assert total_of(Fraction(1), Fraction(70), 0) is None  # 1 of 1 is 100 %, 1 of 2 is 50 %


def test_shares_that_admit_one_total_are_silent_unless_the_book_wants_the_range():
    assert words(a_check("chung mẫu số", gồm=PAIRS), pairs(f"{ARTICLE} |")) == []


def test_the_households_of_thua_thien_hue():
    # Seed 001: 17.662 hộ nghèo (5,98%) và 15.429 hộ cận nghèo (5,22%).
    (finding,) = judged(a_check("chung mẫu số", gồm=PAIRS, nêu_khoảng="có", phải_làm="Rà soát"), pairs(f"{ARTICLE} |"))
    assert finding.message == (
        "Tỉnh Mẫu: 17.662 (5,98%) và 15.429 (5,22%) cùng khớp khi tổng từ 295.292 đến 295.598 (ô B2, C2, D2, E2)."
    )
    assert (finding.severity, finding.duty) == (Severity.NOTE, "")


def test_shares_that_admit_no_common_total():
    # 15.429 at 5,30 % needs 290.839–291.388: 1542900 : 5,305 = 290.838,8 and 1542900 : 5,295 = 291.388,1.
    (finding,) = judged(a_check("chung mẫu số", gồm=PAIRS, nêu_khoảng="có"), pairs("17662 | 5.98 | 15429 | 5.3 |"))
    assert finding.message == (
        "Tỉnh Mẫu: không có tổng nào khớp mọi tỷ lệ (ô B2, C2, D2, E2): 17.662 (5,98%) cần tổng từ 295.105 đến 295.598; "
        "15.429 (5,30%) cần tổng từ 290.839 đến 291.388."
    )
    assert (finding.severity, "đối chiếu" in finding.duty.lower()) == (Severity.WARNING, True)


def test_a_pair_that_no_total_fits_at_all():
    (message,) = words(a_check("chung mẫu số", gồm=PAIRS), pairs("0 | 5.98 | 15429 | 5.22 |"))
    assert "0 (5,98%) không khớp tổng nào" in message


@pytest.mark.parametrize(("total", "count"), [(295292, 0), (295598, 0), (295291, 1), (295599, 1), ("", 0)])
def test_a_stated_total_must_lie_in_the_range(total, count):
    check = a_check("chung mẫu số", gồm=PAIRS, mẫu_số="Tổng hộ")
    assert len(words(check, pairs(f"{ARTICLE} | {total}"))) == count


def test_a_stated_total_outside_the_range():
    check = a_check("chung mẫu số", gồm=PAIRS, mẫu_số="Tổng hộ", nêu_khoảng="có")
    (finding,) = judged(check, pairs(f"{ARTICLE} | 300000"))
    assert finding.message == (
        "Tỉnh Mẫu: «Tổng hộ» ghi 300.000 (ô F2), nhưng 17.662 (5,98%) và 15.429 (5,22%) cùng khớp khi tổng từ 295.292 đến "
        "295.598 (ô B2, C2, D2, E2): lệch 4.402."
    )
    assert [cell.address for cell in finding.cells] == ["F2", "B2", "C2", "D2", "E2"]
    wide = a_check("chung mẫu số", gồm=PAIRS, mẫu_số="Tổng hộ", sai_số="4402")
    assert words(wide, pairs(f"{ARTICLE} | 300000")) == []


@pytest.mark.parametrize("row", ["| 5.98 | 15429 | 5.22 |", "17662 | | 15429 | 5.3 |", "-1 | 5.98 | 15429 | 5.3 |"])
def test_pairs_with_a_missing_or_negative_number_are_not_judged(row):
    assert words(a_check("chung mẫu số", gồm=PAIRS, nêu_khoảng="có"), pairs(row)) == []


# ---------------------------------------------------------------------------------------------- chuyển năm

CARRIED = a_check("chuyển năm", số_liệu="Đầu năm", số_liệu_năm_trước="Cuối năm")


def opening(*rows: str, year: int | None = 2018) -> ScoreSheet:
    drawing = "| Đơn vị | Huyện | Đầu năm |\n" + "\n".join(f"| {row} |" for row in rows)
    return a_sheet(a_grid(drawing, sheet=f"Năm {year}"), year=year)


def closing(*rows: str, year: int = 2017, file: str = "diem.xlsx") -> ScoreSheet:
    drawing = "| Đơn vị | Huyện | Cuối năm |\n" + "\n".join(f"| {row} |" for row in rows)
    return a_sheet(a_grid(drawing, sheet=f"Năm {year}", file=file), year=year)


def test_what_is_carried_over_unchanged_is_silent():
    assert words(CARRIED, opening("Xã A | Huyện Một | 125"), closing("Xã A | Huyện Một | 125")) == []


def test_what_changed_between_december_and_january():
    (finding,) = judged(CARRIED, opening("Xã A | | 120"), closing("Xã B | | 1", "Xã A | | 125"))
    assert finding.message == (
        "Xã A: «Đầu năm» năm 2018 ghi 120 (ô C2), «Cuối năm» năm 2017 ghi 125 (ô Năm 2017!C3): lệch 5."
    )
    assert [str(cell) for cell in finding.cells] == ["diem.xlsx · Năm 2018 · C2", "diem.xlsx · Năm 2017 · C3"]
    (message,) = words(CARRIED, opening("Xã A | | 120"), closing("Xã A | | 125", file="cu.xlsx"))
    assert "(ô [cu.xlsx]Năm 2017!C2)" in message


@pytest.mark.parametrize(("tolerance", "count"), [("5", 0), ("4,9", 1), ("4%", 0), ("3,9%", 1)])
def test_a_carry_over_within_its_tolerance(tolerance, count):
    # 5 of 125 is 4 %.
    check = a_check("chuyển năm", số_liệu="Đầu năm", số_liệu_năm_trước="Cuối năm", sai_số=tolerance)
    assert len(words(check, opening("Xã A | | 120"), closing("Xã A | | 125"))) == count


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (opening("Xã A | | 120"), closing("Xã A | | 125", year=2016)),  # not the year before
        (opening("Xã A | | 120", year=None), closing("Xã A | | 125")),
        (opening("Xã A | | 120"), closing("Xã Á | | 125")),  # another place
        (opening("Xã A | | 120"), closing("Phường A | | 125")),
        (opening("Xã A | Huyện Một | 120"), closing("Xã A | Huyện Hai | 125")),
        (opening("Xã A | | 120"), closing("Xã A | Huyện Một | 125", "Xã A | Huyện Hai | 125")),  # which?
        (opening("Xã A | Huyện Một | 120", "Xã A | Huyện Hai | 120"), closing("Xã A | | 125")),
        (opening("Xã A | | 120"), closing("Xã A | | ")),
        (opening("Xã A | | "), closing("Xã A | | 125")),
    ],
)
def test_without_the_same_unit_and_both_numbers_nothing_is_judged(now, then):
    assert words(CARRIED, now, then) == []


# ------------------------------------------------------------------------------------------------ thay đổi


def year_of(year: int, percent: str, more: str = "") -> ScoreSheet:
    head = "| Đơn vị | Tỷ lệ nghèo | Tổng hộ | Giảm nghèo | Hộ nghèo | Hộ cận nghèo | Tỷ lệ cận nghèo |\n"
    return a_sheet(a_grid(f"{head}| Tỉnh Mẫu | {percent} | {more} |", sheet=f"Năm {year}"), year=year)


FELL = {"số_liệu": "Tỷ lệ nghèo", "từ_năm": "2015", "tính_trên": "Tổng hộ", "so_với": "Giảm nghèo"}


@pytest.mark.parametrize("stated", [7031, Decimal("7030.52"), ""])
def test_a_change_that_agrees_is_silent(stated):
    # 2,38 % of 295.400 is 7.030,52.
    check = a_check("thay đổi", **FELL, sai_số="1")
    assert words(check, year_of(2017, "5.98", f"295400 | {stated}"), year_of(2015, "8.36")) == []


def test_nearly_six_thousand_households_of_thua_thien_hue():
    # Seed 001: "giảm từ 8,36% cuối năm 2015 … 5,98% vào cuối năm 2017, tương ứng với giảm 2,38% với gần 6.000 hộ".
    (finding,) = judged(
        a_check("thay đổi", **FELL, sai_số="5%"), year_of(2017, "5.98", "295400 | 6000"), year_of(2016, "7.19"),
        year_of(2015, "8.36"),
    )  # fmt: skip
    assert finding.message == (
        "Tỉnh Mẫu: «Tỷ lệ nghèo» từ 8,36% (năm 2015, ô Năm 2015!B2) còn 5,98% (ô B2): giảm 2,38 điểm phần trăm, "
        "tính trên 295.400 là 7.031 (ô C2); «Giảm nghèo» ghi 6.000 (ô D2): lệch 1.031 (quá sai số 5%), đáng hỏi lại."
    )
    assert [cell.address for cell in finding.cells] == ["D2", "B2", "B2", "C2"]


def test_the_total_may_be_what_the_printed_shares_admit():
    # 2,38 % of 295.292–295.598 is 7.027,95–7.035,23.
    shared = a_check("chung mẫu số", mã="kt-tong", gồm=PAIRS)
    change = a_check("thay đổi", **FELL | {"tính_trên": "kt-tong"}, sai_số="5%")
    this_year = year_of(2017, "5.98", "| 6000 | 17662 | 15429 | 5.22")
    (message,) = words([shared, change], this_year, year_of(2015, "8.36"))
    assert ", tính trên 295.292–295.598 là 7.028–7.035 (ô E2, B2, F2, G2); «Giảm nghèo» ghi 6.000" in message
    assert message.endswith("lệch 1.028 (quá sai số 5%), đáng hỏi lại.")
    exact = a_check("thay đổi", **FELL | {"tính_trên": "kt-tong"})
    for stated, count in (("7030", 0), ("7027.9", 1), ("7036", 1)):
        seen = words(
            [shared, exact], year_of(2017, "5.98", f"| {stated} | 17662 | 15429 | 5.22"), year_of(2015, "8.36")
        )
        assert len(seen) == count, stated


@pytest.mark.parametrize(("tolerance", "count"), [("5%", 0), ("4,99%", 1), ("100", 0), ("99,9", 1)])
def test_a_change_within_its_tolerance(tolerance, count):
    # 2 % of 100.000 is 2.000; 1.900 is 100 or 5 % away.
    check = a_check("thay đổi", **FELL, sai_số=tolerance)
    assert len(words(check, year_of(2017, "6", "100000 | 1900"), year_of(2015, "8"))) == count


def test_without_the_old_year_the_total_or_the_unit_nothing_is_judged():
    check = a_check("thay đổi", **FELL)
    now = year_of(2017, "5.98", "295400 | 6000")
    assert words(check, now) == []
    assert words(check, now, year_of(2016, "8.36")) == []
    assert words(check, now, year_of(2015, "")) == []
    assert words(check, year_of(2017, "5.98", "| 6000"), year_of(2015, "8.36")) == []


def test_a_stated_decrease_may_carry_its_sign():
    check = a_check("thay đổi", **FELL)
    assert words(check, year_of(2017, "6", "100000 | -2000"), year_of(2015, "8")) == []
    (message,) = words(check, year_of(2017, "8", "100000 | -2000"), year_of(2015, "6"))
    assert "lên 8% (ô B2): tăng 2 điểm phần trăm" in message


def test_without_a_total_the_change_itself_is_compared_with_the_year_before():
    # Seed 000: khá 105 (+16 so với 2018): 89 in 2018.
    check = a_check("thay đổi", số_liệu="Hộ nghèo", so_với="Tăng")
    then = a_sheet(a_grid("| Đơn vị | Hộ nghèo |\n| Tỉnh Mẫu | 89 |", sheet="Năm 2018"), year=2018)
    head = "| Đơn vị | Hộ nghèo | Tăng |\n| Tỉnh Mẫu "
    assert words(check, a_sheet(f"{head}| 105 | 16 |", year=2019), then) == []
    assert words(check, a_sheet(f"{head}| 105 | 17 |", year=2019), then) == [
        "Tỉnh Mẫu: «Hộ nghèo» từ 89 (năm 2018, ô Năm 2018!B2) lên 105 (ô B2): tăng 16; «Tăng» ghi 17 (ô C2): lệch 1, "
        "đáng hỏi lại."
    ]


def test_the_old_number_may_stand_in_a_column_beside():
    check = a_check("thay đổi", số_liệu="Tỷ lệ nghèo", từ_số_liệu="Tỷ lệ năm cũ", tính_trên="Tổng hộ", so_với="Tăng")
    sheet = a_sheet("| Đơn vị | Tỷ lệ nghèo | Tỷ lệ năm cũ | Tổng hộ | Tăng |\n| Xã A | 5 | 5 | 100 | 3 |")
    assert words(check, sheet) == [
        "Xã A: «Tỷ lệ nghèo» từ 5% (ô C2) đến 5% (ô B2): không đổi, tính trên 100 là 0 (ô D2); «Tăng» ghi 3 (ô E2): "
        "lệch 3, đáng hỏi lại."
    ]


# ----------------------------------------------------------------------------------------------- không quá

PART = a_check("không quá", số_liệu="DTTS", số_liệu_khác="Hộ nghèo")


@pytest.mark.parametrize("row", ["99 | 100", "100 | 100", "| 100", "120 | "])
def test_a_part_that_is_not_more_than_the_whole_is_silent(row):
    assert words(PART, a_sheet(f"| Đơn vị | DTTS | Hộ nghèo |\n| Xã A | {row} |")) == []


def test_a_part_that_is_more_than_the_whole():
    sheet = a_sheet("| Đơn vị | DTTS | Hộ nghèo |\n| Xã A | 12000 | 10000 |\n| Xã B | 1 | 2 |")
    assert words(PART, sheet) == ["Xã A: «DTTS» ghi 12.000 (ô B2), lớn hơn «Hộ nghèo» 10.000 (ô C2): vượt 2.000."]


@pytest.mark.parametrize(("tolerance", "count"), [("20", 0), ("19,9", 1), ("20%", 0), ("19,9%", 1)])
def test_a_part_within_its_tolerance(tolerance, count):
    check = a_check("không quá", số_liệu="DTTS", số_liệu_khác="Hộ nghèo", sai_số=tolerance)
    assert len(words(check, a_sheet("| Đơn vị | DTTS | Hộ nghèo |\n| Xã A | 120 | 100 |"))) == count


# ----------------------------------------------------------------------------------------- giữa các trang

TWICE = a_check("giữa các trang", số_liệu="Tổng hộ")


def two(here: str, there: str, *, first: str = "Tổng hộ", second: str = "Tổng hộ") -> ScoreSheet:
    return a_sheet(
        f"| Đơn vị | Huyện | {first} |\n" + here, f"| Đơn vị | Huyện | {second} |\n| Xã Z | Huyện Z | 7 |\n" + there
    )


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("| Xã A | Huyện Một | 1200 |", "| Xã A | Huyện Một | 1200 |"),
        ("| Xã A | Huyện Một | 1200 |", "| Xã A | Huyện Hai | 1210 |"),
        ("| Xã A | Huyện Một | 1200 |", "| Phường A | Huyện Một | 1210 |"),
        ("| Xã A | Huyện Một | 1200 |\n| Xã A | Huyện Hai | 9 |", "| Xã A | | 1210 |"),  # which of the two?
        ("| Xã A | Huyện Một | 1200 |", "| Xã A | Huyện Một | |"),
        ("| Xã A | Huyện Một | 1200 |\n| Xã A | Huyện Một | 1210 |", ""),  # twice in one table: another finding's
    ],
)
def test_what_agrees_or_is_not_surely_one_unit_is_silent(here, there):
    assert words(TWICE, two(here, there)) == []


def test_the_same_fact_of_the_same_unit_in_two_sheets():
    (finding,) = judged(TWICE, two("| Xã A | Huyện Một | 1200 |", "| Xã A | | 1210 |"))
    assert finding.message == (
        "Xã A (Huyện Một): «Tổng hộ» ghi 1.200 (ô C2), «Tổng hộ» ghi 1.210 (ô Biểu 2!C3): lệch 10."
    )
    assert [cell.address for cell in finding.cells] == ["C2", "C3"]


@pytest.mark.parametrize(("tolerance", "count"), [("10", 0), ("9,9", 1)])
def test_two_sheets_within_the_tolerance(tolerance, count):
    check = a_check("giữa các trang", số_liệu="Tổng hộ", sai_số=tolerance)
    assert len(words(check, two("| Xã A | | 1200 |", "| Xã A | | 1210 |"))) == count


def test_two_facts_that_must_be_equal_in_one_row_or_across_sheets():
    check = a_check("giữa các trang", số_liệu="Tổng hộ", bằng_số_liệu="Tổng hộ (biểu 2)")
    head = "| Đơn vị | Tổng hộ | Tổng hộ (biểu 2) |\n"
    assert words(check, a_sheet(f"{head}| Xã A | 5 | 5 |\n| Xã B | | 6 |")) == []
    assert words(check, a_sheet(f"{head}| Xã A | 5 | 6 |")) == [
        "Xã A: «Tổng hộ» ghi 5 (ô B2), «Tổng hộ (biểu 2)» ghi 6 (ô C2): lệch 1."
    ]
    assert brief(judged(check, two("| Xã A | | 5 |", "| Xã A | | 6 |", second="Tổng hộ (biểu 2)"))) == [
        ("kt", "Xã A", "C2")
    ]


def test_words_are_compared_as_words():
    check = a_check("giữa các trang", số_liệu="Trưởng thôn")
    columns = {"first": "Trưởng thôn", "second": "Trưởng thôn"}
    assert words(check, two("| Xã A | | Vàng A  Mẫu |", "| Xã A | | vàng a mẫu |", **columns)) == []
    assert words(check, two("| Xã A | | Vàng A Mẫu |", "| Xã A | | Vàng A Mầu |", **columns)) == [
        "Xã A: «Trưởng thôn» ghi «Vàng A Mẫu» (ô C2), «Trưởng thôn» ghi «Vàng A Mầu» (ô Biểu 2!C3): không giống nhau."
    ]


# ------------------------------------------------------------------------------------------- all together


def test_findings_come_check_by_check_and_unit_by_unit():
    sheet = a_sheet("| Đơn vị | DTTS | Hộ nghèo | Tổng hộ |\n| Xã A | 3 | 2 | 1 |\n| Xã B | 3 | 2 | 1 |")
    checks = [
        a_check("không quá", mã="k2", số_liệu="Hộ nghèo", số_liệu_khác="Tổng hộ"),
        a_check("không quá", mã="k1", số_liệu="DTTS", số_liệu_khác="S4"),  # a code is as good as a name
    ]
    assert brief(judged(checks, sheet)) == [
        ("k2", "Xã A", "C2"), ("k2", "Xã B", "C3"), ("k1", "Xã A", "B2"), ("k1", "Xã B", "B3"),
    ]  # fmt: skip


def test_a_fact_that_the_sheet_does_not_have_is_not_judged():
    everything: Mapping[str, Mapping[str, object]] = {
        "cộng cột": STAFF, "cộng hàng": {"số_liệu": ["Hộ nghèo"]}, "tỷ lệ": SHARE, "chung mẫu số": {"gồm": PAIRS},
        "chuyển năm": {"số_liệu": "Đầu năm", "số_liệu_năm_trước": "Cuối năm"}, "thay đổi": FELL,
        "không quá": {"số_liệu": "DTTS", "số_liệu_khác": "Hộ nghèo"}, "giữa các trang": {"số_liệu": "Tổng hộ"},
    }  # fmt: skip
    sheet = a_sheet("| Đơn vị | Tăng |\n| Xã A | 1 |\n| Tổng cộng | 2 |")
    empty = ScoreSheet(2017, (), (), {})
    for kind, fields in everything.items():
        assert judged(a_check(kind, **fields), sheet) == []
        assert judged(a_check(kind, **fields), empty) == []


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("999", "999"),
        ("1000", "1.000"),
        ("17662", "17.662"),
        ("1234567,25", "1.234.567,25"),
        ("-1500", "-1.500"),
        ("0,12345", "0,12345"),
    ],
)
def test_large_counts_are_grouped(number, shown):
    assert grouped(number) == shown
