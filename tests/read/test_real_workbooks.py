"""Workbooks that office programs made, cell by cell beside openpyxl."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from read.handmade import read_here
from xeploai.model import CellError, Uncomputed

WORKBOOKS = Path(__file__).parents[3] / "shared" / "workbooks"


@pytest.mark.parametrize("name", ["tong-hop-2019.xlsx", "loi.xlsx", "lich-su-2016-2018.xlsx", "PAPI_2011-2016.xlsx"])
def test_every_cell_is_what_openpyxl_says(name):
    path = WORKBOOKS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    source, findings = read_here(path)
    assert not findings
    compare(source, path)


def compare(source, path):
    stored, written = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    assert [grid.sheet for grid in source.grids] == stored.sheetnames
    for grid, sheet in zip(source.grids, stored.worksheets, strict=True):
        assert grid.visible == (sheet.sheet_state == "visible")
        assert set(grid.merged) == {
            (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
            for area in sheet.merged_cells.ranges
        }
        hidden = {number - 1 for number, line in sheet.row_dimensions.items() if line.hidden}
        assert grid.hidden_rows == {number for number in hidden if grid.top <= number < grid.height}
        formulas = written[sheet.title]
        for number in range(1, max(sheet.max_row, grid.height) + 1):
            for column in range(1, max(sheet.max_column, grid.width) + 1):
                ours = grid.value(number - 1, column - 1)
                check(ours, sheet.cell(number, column), formulas.cell(number, column))


def check(ours, stored, written):
    where = f"{stored.parent.title}!{stored.coordinate}: {ours!r} and {stored.value!r}"
    if isinstance(ours, CellError):
        assert (stored.data_type, stored.value) == ("e", ours.code), where
    elif isinstance(ours, Uncomputed):
        assert stored.value is None, where
        assert isinstance(written.value, ArrayFormula) or written.data_type == "f", where
    elif isinstance(ours, date | time | timedelta):
        assert stored.is_date, where
        assert stored.value in (ours, datetime(ours.year, ours.month, ours.day) if isinstance(ours, date) else ours), (
            where
        )
    elif ours is None:
        assert stored.value in (None, ""), where
        assert written.data_type != "f" or stored.data_type in ("s", "str", "n"), where
    else:
        assert stored.value == ours, where
        assert isinstance(stored.value, bool) == isinstance(ours, bool), where


def test_a_workbook_of_openpyxls_own_is_read_alike(tmp_path):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Bảng điểm"
    sheet["B3"] = "Xã A"
    sheet["C3"] = 9.5
    sheet["D3"] = "=C3*2"
    sheet["E3"] = datetime(2019, 5, 8, 10, 30)
    sheet["F3"] = date(2019, 5, 8)
    sheet["G3"] = time(12, 30)
    sheet["H3"] = True
    sheet["I3"] = "#N/A"
    sheet["J3"] = "'=1+1"
    sheet["K3"] = " hai  dấu cách "
    sheet["L3"] = ArrayFormula("L3:L5", "=C3:C5*2")
    sheet["M5"] = timedelta(hours=30)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet.merge_cells("B6:D7")
    made.create_sheet("Ẩn").sheet_state = "veryHidden"
    made["Ẩn"]["A1"] = 1
    made.create_chartsheet("Biểu đồ", 0)
    path = tmp_path / "a.xlsx"
    made.save(path)
    source, findings = read_here(path)
    assert [each.code for each in findings] == ["DL86"]  # the chart sheet
    assert [(grid.sheet, grid.visible) for grid in source.grids] == [("Bảng điểm", True), ("Ẩn", False)]
    grid = source.grids[0]
    assert (grid.top, grid.left) == (2, 1)
    assert grid.rows[0] == [
        "Xã A", 9.5, Uncomputed("=C3*2"), datetime(2019, 5, 8, 10, 30), date(2019, 5, 8), time(12, 30), True,
        CellError("#N/A"), "'=1+1", " hai  dấu cách ", Uncomputed("=C3:C5*2"), None,
    ][: len(grid.rows[0])]  # fmt: skip
    assert grid.value(4, 11) == Uncomputed("=C3:C5*2")
    assert grid.value(4, 12) == timedelta(hours=30)
    assert (grid.hidden_rows, grid.hidden_columns, grid.merged) == ({3}, {5}, ((5, 1, 6, 3),))
