"""One year's scores of a whole province, laid out in every way that offices do: the same ratings, whatever the layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from test_golden import SAMPLES
from xeploai.model import Grid, Value
from xeploai.pipeline import Options, Outcome, classify, classify_files

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "tinh-mau-2016-2019.xlsx"
FEW = 12
"""Units of the layouts that take a sheet for each."""


def told(outcome: Outcome) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (rating.unit.parent, rating.unit.name): (rating.year, rating.points, rating.band, rating.titles)
        for rating in outcome.ratings
    }


@cache
def wide() -> Outcome:
    return classify_files([SAMPLE], rules="cqcs-dien-bien")


def units() -> Iterator[tuple[str, str, dict[str, float]]]:
    """Name, district and points by criterion of everybody in 2019, as the wide sample has them."""
    sheet = wide().sheet
    for place, unit in enumerate(sheet.units):
        yield unit.name, unit.parent, {code: float(points[place] or 0) for code, points in sheet.points.items()}


def lines(points: dict[str, float], bump: float = 0.0) -> Iterator[list[Any]]:
    """The rows of a form: TT, criterion, maximum, self-score, appraised score."""
    for node in wide().book.criteria:
        mine = sum((points[leaf.code] for leaf in node.leaves), 0.0)
        most = float(node.max_points)
        yield [node.code[2:], node.name, most, min(round(mine + bump, 2), most), round(mine, 2)]
        for leaf in node.parts:
            most = float(leaf.max_points)
            yield [
                leaf.code[2:],
                leaf.name,
                most,
                min(round(points[leaf.code] + bump / 2, 2), most),
                points[leaf.code],
            ]


HEADING = ["TT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Điểm thẩm định"]


def form(sheet: Any, name: str, parent: str, points: dict[str, float], left: int = 0) -> None:
    """A form of one unit, below what stands on the sheet already."""
    pad = [None] * left
    sheet.append([*pad, f"UBND {parent.upper()}"])
    sheet.append([*pad, "PHIẾU CHẤM ĐIỂM CHÍNH QUYỀN CƠ SỞ NĂM 2019"])
    sheet.append([*pad, "Đơn vị:", name])
    sheet.append([*pad, f"Huyện: {parent}"])
    sheet.append([*pad, *HEADING])
    sheet.append([*pad, "(1)", "(2)", "(3)", "(4)", "(5)"])
    for line in lines(points, bump=0.5):
        sheet.append([*pad, *line])
    total = round(sum(points.values()), 2)
    sheet.append([*pad, None, "Tổng cộng", 100, None, total])
    sheet.append([*pad, None, "NGƯỜI LẬP BIỂU", None, None, "CHỦ TỊCH"])
    sheet.append([])


def forms_in_sheets(folder: Path) -> list[Path]:
    book = Workbook()
    for place, (name, parent, points) in enumerate(few()):
        form(book.create_sheet(f"P{place}"), name, parent, points)
    del book["Sheet"]
    return saved(book, folder)


def forms_in_files(folder: Path) -> list[Path]:
    for place, (name, parent, points) in enumerate(few()):
        book = Workbook()
        form(book.active, name, parent, points, left=place % 3)
        book.save(folder / f"{place:03}.xlsx")
    return [folder]


def forms_below_each_other(folder: Path) -> list[Path]:
    book = Workbook()
    for name, parent, points in few():
        form(book.active, name, parent, points)
    return saved(book, folder)


def a_column_for_each_unit(folder: Path) -> list[Path]:
    book, everybody = Workbook(), list(units())
    sheet: Any = book.active
    sheet.append(["BẢNG TỔNG HỢP KẾT QUẢ THẨM ĐỊNH NĂM 2019"])
    sheet.append([])
    sheet.append(["TT", "Nội dung", "Điểm tối đa", *(parent for _, parent, _ in everybody)])
    sheet.append([None, None, None, *(name for name, _, _ in everybody)])
    columns = [list(lines(points)) for _, _, points in everybody]
    for row in zip(*columns, strict=True):
        sheet.append([*row[0][:3], *(line[4] for line in row)])
    sheet.append([None, "Tổng điểm", 100, *(round(sum(points.values()), 2) for _, _, points in everybody)])
    for column in (1, 2, 3):
        sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    return saved(book, folder)


def a_row_for_each_criterion(folder: Path) -> list[Path]:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Năm", "Huyện", "Đơn vị", "Tiêu chí", "Điểm"])
    for name, parent, points in units():
        for code, value in points.items():
            sheet.append([2019, parent, name, wide().book.nodes[code].name, value])
    return saved(book, folder)


def few() -> list[tuple[str, str, dict[str, float]]]:
    return list(units())[::11][:FEW]


def saved(book: Workbook, folder: Path) -> list[Path]:
    book.save(folder / "bieu.xlsx")
    return [folder / "bieu.xlsx"]


@pytest.mark.parametrize(
    "laid_out",
    [forms_in_sheets, forms_in_files, forms_below_each_other, a_column_for_each_unit, a_row_for_each_criterion],
)
def test_the_same_scores_in_another_layout_are_rated_the_same(
    laid_out: Callable[[Path], list[Path]], tmp_path: Path
) -> None:
    folder = tmp_path / "phieu"
    folder.mkdir()
    outcome = classify_files(laid_out(folder), rules="cqcs-dien-bien")
    assert [finding.message for finding in outcome.errors] == []
    expected = told(wide())
    assert told(outcome) == {who: expected[who] for who in told(outcome)}
    assert len(outcome.ratings) == (len(few()) if "forms" in laid_out.__name__ else 130)


# --------------------------------------------------------------- every shipped sample as forms, one for each unit


def as_forms(outcome: Outcome) -> list[Grid]:
    """Some units of an outcome, each as a form: the criteria and facts of the book down, the phases across."""
    book, sheet = outcome.book, outcome.sheet
    facts = [fact.code for fact in book.facts]
    grids = []
    for place in some(outcome):
        unit, block = sheet.units[place], sheet.block_of(place)
        phases = [phase for phase in block.phases if phase]
        rows: list[list[Value]] = [[f"PHIẾU CHẤM ĐIỂM NĂM {outcome.year}"]]
        rows.append(["Họ và tên:" if book.rates_persons else "Đơn vị:", unit.name])
        if unit.parent:
            rows.append(["Đơn vị:" if book.rates_persons else "Huyện:", unit.parent])
        if unit.code:
            rows.append(["Mã đơn vị:", unit.code])
        if sheet.kinds[place]:
            rows.append(["Loại hình:", sheet.kinds[place]])
        rows.append(
            ["TT", "Nội dung", "Điểm tối đa", *(f"Điểm {phase.removeprefix('điểm ')}" for phase in phases or ["đạt"])]
        )
        for code in [*book.nodes, *facts]:
            node, fact = book.nodes.get(code), book.fact_names.find(code)
            if code not in sheet.entered:
                continue
            if node and phases:
                values: list[Value] = [block.value(place, code, phase) for phase in phases]
            else:
                values = [sheet.entered[code][place]]
            name = node.name if node else fact.name if fact else ""
            rows.append([code, name, float(node.max_points) if node else None, *values])
        grids.append(Grid(f"{place}.xlsx", "Phiếu", rows))
    return grids


def some(outcome: Outcome) -> range:
    return range(0, len(outcome.sheet.units), max(1, len(outcome.sheet.units) // 6))


@pytest.mark.parametrize(("sample", "book"), SAMPLES.items())
def test_a_form_for_each_unit_gives_what_the_wide_table_gives(sample: str, book: str) -> None:
    wide = classify_files([SAMPLE.with_name(f"{sample}.xlsx")], rules=book)
    outcome = classify(wide.loaded, as_forms(wide), options=Options(year=wide.year))
    units = wide.sheet.units
    want = {(units[p].parent, units[p].name): (wide.ratings[p].points, wide.ratings[p].computed) for p in some(wide)}
    assert {(r.unit.parent, r.unit.name): (r.points, r.computed) for r in outcome.ratings} == want
