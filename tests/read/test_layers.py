"""Values that nobody sees: under merged cells, and written over one another."""

from __future__ import annotations

import pytest

from read.handmade import MAIN, cell, read_here, row, sheet_part
from xeploai.model import CellError, Grid, Uncomputed
from xeploai.read import worker, xlsx
from xeploai.read.layers import SHOWN, covered, rewritten


def grid_of(rows, *merged, top=0, left=0):
    return Grid("a.xlsx", "Bảng", rows, top, left, merged)


def doubled(path):
    return next(frame[1]["doubled"] for frame in worker.replies(str(path).encode()) if frame[0] == "sheet")


# ------------------------------------------------------------------------------------- under merged cells


@pytest.mark.parametrize(
    "grid",
    [
        grid_of([["Xã A", 1.0], [None, 2.0]]),
        grid_of([["Xã A", 1.0], [None, 2.0]], (0, 0, 1, 0)),
        grid_of([["Xã A", 1.0], ["Xã A", 2.0]], (0, 0, 1, 0)),  # an export that repeats what is seen
        grid_of([["Xã A"]], (0, 0, 1048575, 16383)),
        grid_of([["Xã A"], [1.0]], (5, 0, 9, 3), (0, 5, 1, 6)),
        grid_of([], (0, 0, 1, 1)),
    ],
)
def test_nothing_stands_under_a_merged_cell(grid):
    assert list(covered(grid)) == []


def test_a_value_under_a_merged_cell_is_named_and_stays():
    grid = grid_of([["Xã A", 8.0], ["Xã B", CellError("#N/A")], [None, 9.0]], (2, 3, 4, 3), (2, 4, 3, 4), top=2, left=3)
    (found,) = covered(grid)
    assert found.message == (
        "Trang «Bảng»: 2 ô bị ô gộp che vẫn còn giá trị khác với ô nhìn thấy: "
        "D4 («Xã B»; ô nhìn thấy D3 là «Xã A»), E4 (#N/A; ô nhìn thấy E3 là 8)."
    )
    assert [str(at.address) for at in found.cells] == ["D4", "E4"]
    assert grid.rows[1] == ["Xã B", CellError("#N/A")]


def test_a_value_under_an_empty_merged_cell_is_named():
    (found,) = covered(grid_of([[None, 1.0]], (0, 0, 0, 1)))
    assert found.code == "DL73"
    assert found.message.endswith("B1 (1; ô nhìn thấy A1 để trống).")
    assert found.at.address == "B1"


def test_many_values_under_one_merge_are_counted_and_all_carried():
    (found,) = covered(grid_of([[float(n)] for n in range(13)], (0, 0, 1048575, 0)))
    assert "12 ô bị ô gộp che" in found.message
    assert found.message.endswith("A11 (10; ô nhìn thấy A1 là 0) và 2 ô khác.")
    assert len(found.cells) == 12


def test_merges_over_merges_cost_no_more_than_the_sheet(monkeypatch):
    looked = []
    monkeypatch.setattr(Grid, "value", lambda self, *_: looked.append(1))
    list(covered(grid_of([[1.0] * 100 for _ in range(100)], *[(0, 0, 99, 99)] * 100_000)))
    assert len(looked) <= 3 + 2 * SHOWN


# ----------------------------------------------------------------------------------- written more than once


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("A1", "<v>1</v>"), cell("B1", "<v>2</v>")),
        row(cell("A1", "<v>1</v>"), cell("A1", "", ' s="1"'), cell("B1", "<v>2</v>")),
        row(cell("A1", '<f>""</f><v></v>', ' t="str"'), cell("B1", "<v>2</v>")),
        row(cell("A1", "<f>1</f>"), cell("B1", "<v>#N/A</v>", ' t="e"'), cell("C1", "<v>NaN</v>")),
        row(cell("A1", "<v>60</v>", ' s="1"'), cell("B1", "<v>0.5</v>", ' s="2"'), cell("C1", "<v>#SPILL!</v>", ' t="e"')),
    ],
)  # fmt: skip
def test_each_cell_is_written_once(book, rows):
    assert doubled(book(rows)) == []


def test_no_cell_is_looked_at_where_every_value_arrived(book, monkeypatch):
    monkeypatch.setattr(xlsx, "doubled", lambda *_: pytest.fail("looked"))
    rows = row(
        cell("A1", "<f>1</f>"), cell("B1", "<v>#N/A</v>", ' t="e"'), cell("C1", "<v>NaN</v>"), cell("D1", "<v>5</v>", ' s="1"'),
        cell("E1", "<is><t>a</t></is>", ' t="inlineStr"'), cell("F1", "<v>1</v>", ' t="b"'), '<c r="G1" s="1"/>',
    )  # fmt: skip
    assert read_here(book(rows))[0]


@pytest.mark.parametrize("way", ["", "<!-- by the parser -->"])
def test_a_cell_that_is_written_twice_has_the_later_value_and_is_named(book, way):
    rows = (
        row(cell("A1", "<v>1</v>"), cell("B1", "<v>2</v>"), cell("B1", "<v>3</v>"))
        + row(cell("C7", "<v>a</v>", ' t="str"'), number=7)
        + row(cell("C7", "<v>b</v>", ' t="str"'), number=7)
    )
    path = book(sheet_part(rows, before=way))
    assert doubled(path) == [(0, 1), (6, 2)]
    source, _ = read_here(path)
    assert (source.grids[0].value(0, 1), source.grids[0].value(6, 2)) == (3.0, "b")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("odd", "found"), [("<v>#REF!</v>", CellError("#REF!")), ("<f>B1</f>", Uncomputed("=B1"))])
def test_an_error_among_the_values_of_one_cell_stays_an_error(grid, order, odd, found):
    cells = [cell("A1", odd, ' t="e"' if "#" in odd else ""), cell("A1", "<v>3</v>")]
    assert grid(row(*cells[::order])).rows == [[found]]


def test_cells_that_are_written_twice_make_one_finding():
    assert list(rewritten(grid_of([[1.0]]), [])) == []
    (found,) = rewritten(grid_of([[1.0, 2.0]]), [(0, 0), (0, 1)])
    assert found.message == "Trang «Bảng»: 2 ô có hai giá trị trong tệp, lấy giá trị ghi sau: A1, B1."
    assert [at.address for at in found.cells] == ["A1", "B1"]


def test_texts_of_the_list_are_counted_like_any_other(book, monkeypatch):
    monkeypatch.setattr(xlsx, "doubled", lambda *_: pytest.fail("looked"))
    strings = f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>'
    assert read_here(book(row(cell("A1", "<v>0</v>", ' t="s"')), strings=strings))[0]
