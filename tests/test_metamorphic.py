"""The same sheet in another dress: other letters, another format, other places, another name, and the same outcome.

Each test changes a workbook in a way that no official would call a change, and asks for the same units, points, bands,
titles and findings. What may differ is said where it does: the addresses move as the cells did, a sheet of a text table
has another name, and a wrong ending is noted (DL08).

    samples   what is shipped: four tables of scores, history and people; facts; a sheet of decisions
    trouble   a sheet made here in which much is wrong: what is found there must be found in every dress
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import normalize

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from builders import BANDS, CRITERIA, HEAD
from xeploai.findings import Finding
from xeploai.pipeline import classify_files
from xeploai.report import json

ROOT = Path(__file__).parents[1]
SAMPLES = {
    "tinh-mau-2016-2019": "cqcs-dien-bien",
    "trong-sach-vung-manh-2015-2019": "trong-sach-vung-manh-lao-cai",
    "nd-335-2025-ubnd-xa-2026": "nd-335-2025-ubnd-xa",
    "nd-307-2025-phan-loai": "nd-307-2025-phan-loai",
}
CASES = (*SAMPLES, "trouble")
DRESSES = ("xlsx", "xls", "ods")

Place = tuple[int, int]  # row and column, counted from 1 as openpyxl does
Move = Callable[[str, int, int], Place]

BOOK = HEAD + CRITERIA + BANDS + (
    "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}\n"
    "cảnh báo:\n  - {mã: kd, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm}\n"
)  # fmt: skip
TROUBLE: list[list[Any]] = [
    ["BẢNG TỔNG HỢP ĐIỂM NĂM 2019"],
    [],
    ["STT", "Huyện", "Đơn vị", "Tiêu chí một", "Phần thứ nhất", "Phần thứ hai", "Tổng điểm", "Ghi chú"],
    [1, "Huyện Đông", "Xã Ná", 18, 11.25, 7, 36.25, "đã kiểm tra"],
    [2, "Huyện Đông", "Xã Nả", 9, 8, 8, 25, None],  # exactly 9: kd
    [3, "Huyện Đông", "Xã Nạ", "#REF!", 2.5, 1, 3.5, None],
    [4, "Huyện Đông", "Xã Nà", None, 8, 8, 16, None],
    [5, "Huyện Đông", "Xã Nã", 18, "vắng", 7, 25, None],
    [6, "Huyện Tây", "Xã Lá", 21, 8, 8, 37, None],  # over the maximum
    [7, "Huyện Tây", "Xã Lả", "1.234", 8, 8, 17, None],  # nobody knows what number this is
    [8, "Huyện Tây", "Xã Lạ", True, 8, 8, 17, None],
    [9, "Huyện Tây", "Xã Là", 9.5, 8, 8, 26.5, None],  # a typed total that is not its parts'
    [10, "Huyện Tây", "Xã Lã", 12, 8, "#N/A", 20, None],
    [11, "Huyện Tây", "Xã Hòa", 12, 8, 8, 28, None],
    [12, "Huyện Tây", "Xã Hoà", 12, 8, 8, 28, None],  # the same commune twice
    [13, "Huyện Tây", "Xã Mòn", 19.99, 11.99, 7.99, 39.97, None],
]
HIDDEN_ROW = 14  # Xã Hòa


def trouble(path: Path) -> None:
    """The sheet in which much is wrong, a forgotten filter, and a hidden sheet beside it."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Bảng điểm"
    for row in TROUBLE:
        sheet.append(row)
    sheet.row_dimensions[HIDDEN_ROW].hidden = True
    draft = book.create_sheet("Bản nháp")
    for row in TROUBLE[:5]:
        draft.append(row)
    draft.sheet_state = "hidden"
    book.save(path)


# ------------------------------------------------------------------------------------------- the comparison


def same(there: dict[str, Any], here: dict[str, Any], *, more: tuple[str, ...] = ()) -> None:
    """Fail with the first things that are told differently. Findings of the codes `more` may come on top."""
    there = {**there, "findings": [each for each in there["findings"] if each[0] not in more]}
    for name in here:
        for one, other in zip_longest(
            *(told[name] if isinstance(told[name], list) else [told[name]] for told in (there, here))
        ):
            assert one == other, name


def unmoved(sheet: str, row: int, column: int) -> Place:
    return row, column


def told(path: Path, rules: str | Path, move: Move | None = None, sheet: str = "") -> dict[str, Any]:
    """What an official is told of this file, but for the file's name and hash.

    With `move` the cells are named where that puts them, and sentences without their addresses; with `sheet` every sheet
    is called so.
    """
    outcome = classify_files([path], rules=rules)
    return {
        "year": outcome.year,
        "units": [_unit(each, move) for each in json.document(outcome)["units"]],
        "summary": json.document(outcome)["summary"],
        "findings": sorted(
            (_finding(each, path, move, sheet) for each in outcome.findings if each.code != "DL08"), key=repr
        ),
    }


_ADDRESS = re.compile(r"(?<![\w.])[A-Z]{1,3}[1-9]\d*(?!\w|\.\d)|\b(hàng|cột|dòng) \w+")


def _words(text: str, move: Move | None) -> str:
    return _ADDRESS.sub("‹ô›", text) if move else text


def _unit(unit: dict[str, Any], move: Move | None) -> dict[str, Any]:
    decided = unit["decision"] and {name: value for name, value in unit["decision"].items() if name != "cell"}
    return {**unit, "decision": decided, "why": [_words(why, move) for why in unit["why"]]}


def _finding(finding: Finding, path: Path, move: Move | None, sheet: str) -> tuple[object, ...]:
    put = move or unmoved
    cells = [(sheet or cell.sheet, *put(cell.sheet, cell.row + 1, cell.column + 1)) for cell in finding.cells]
    message = _words(finding.message.replace(path.name, "‹tệp›"), move)
    for cell in finding.cells if sheet else ():
        message = message.replace(cell.sheet, sheet)
    cells[1:] = sorted(cells[1:])  # related ones come in the order of the columns
    return (finding.code, str(finding.unit), message, finding.criterion, finding.year, tuple(cells), finding.severity,
            finding.group, finding.people, finding.duty, finding.basis, finding.streak)  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[str, Path]:
    """Each case's workbook under its own name, in a folder without any other file but its book."""
    folder = tmp_path_factory.mktemp("nguyên bản")
    (folder / "bo.yaml").write_text(BOOK, "utf-8")
    trouble(folder / "trouble.xlsx")
    for sample in SAMPLES:
        shutil.copy(ROOT / "samples" / f"{sample}.xlsx", folder)
    return {case: folder / f"{case}.xlsx" for case in CASES}


def rules_of(case: str, sources: dict[str, Path]) -> str | Path:
    return SAMPLES.get(case) or sources[case].with_name("bo.yaml")


@pytest.fixture(scope="module")
def plain(sources) -> dict[str, dict[str, Any]]:
    """What is told of every case as it stands. The question is worth asking: there is something to be told."""
    found = {case: told(sources[case], rules_of(case, sources)) for case in CASES}
    assert {case: len(each["units"]) for case, each in found.items()} == {
        "tinh-mau-2016-2019": 130, "trong-sach-vung-manh-2015-2019": 17, "nd-335-2025-ubnd-xa-2026": 45,
        "nd-307-2025-phan-loai": 19, "trouble": 13,
    }  # fmt: skip
    assert {finding[0] for finding in found["trouble"]["findings"]} == {
        "DL14", "DL15", "DL20", "DL21", "DL22", "DL23", "DL25", "DL27", "DL30", "DL32", "kd",
    }  # fmt: skip
    return found


# --------------------------------------------------------------------------------- changes made cell by cell


def redressed(
    source: Path,
    target: Path,
    *,
    move: Move = unmoved,
    value: Callable[[Cell], Any] = lambda cell: cell.value,
    title: Callable[[str], str] = str,
) -> Path:
    """The workbook written anew: its values, number formats, merged areas, and what is hidden."""
    new = Workbook()
    new.remove(new.active)
    for sheet in load_workbook(source):
        twin = new.create_sheet(title(sheet.title))
        twin.sheet_state = sheet.sheet_state
        corners: dict[Place, Place] = {}  # where the first cell of a merged area goes: columns may change sides
        for area in sheet.merged_cells.ranges:
            top, left = move(sheet.title, area.min_row, area.min_col)
            bottom, right = move(sheet.title, area.max_row, area.max_col)
            corners[area.min_row, area.min_col] = top, min(left, right)
            twin.merge_cells(None, top, min(left, right), bottom, max(left, right))
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            here = cell.row, cell.column
            there = twin.cell(*corners.get(here, move(sheet.title, *here)), value(cell))
            there.number_format = cell.number_format
        for row, facts in sheet.row_dimensions.items():
            twin.row_dimensions[move(sheet.title, row, 1)[0]].hidden = facts.hidden
    new.save(target)
    return target


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_texts_may_be_composed_or_not(case, form, sources, plain, tmp_path):
    def typed(cell: Cell) -> Any:
        return normalize(form, cell.value) if isinstance(cell.value, str) else cell.value

    twin = redressed(sources[case], tmp_path / f"{case}.xlsx", value=typed, title=lambda name: normalize(form, name))
    same(told(twin, rules_of(case, sources)), plain[case])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, 1), (7, 3), (40, 30)])
def test_blank_rows_and_columns_before_the_table_only_move_the_addresses(case, down, right, sources, tmp_path):
    def move(sheet: str, row: int, column: int) -> Place:
        return row + down, column + right

    twin = redressed(sources[case], tmp_path / f"{case}.xlsx", move=move)
    rules = rules_of(case, sources)
    same(told(twin, rules, unmoved), told(sources[case], rules, move))


TABLES = {  # the first row of the headings and the last row of the table, sheet by sheet, as a person sees them
    "tinh-mau-2016-2019": {f"Năm {year}": (7, 160) for year in range(2016, 2020)} | {"Lịch sử": (3, 133)},
    "trong-sach-vung-manh-2015-2019": {f"Năm {year}": (7, 27) for year in range(2015, 2020)},
    "nd-335-2025-ubnd-xa-2026": {"Năm 2026": (7, 55), "Người đứng đầu": (3, 93), "Quyết định": (3, 5)},
    "trouble": {"Bảng điểm": (3, 16)},
}


def blocks(sheet: Worksheet, first: int, last: int) -> list[list[int]]:
    """The columns of a table, those that a merged cell holds together in one block."""
    owner = {column: column for column in range(1, sheet.max_column + 1)}
    for area in sorted(sheet.merged_cells.ranges, key=lambda area: area.min_col):
        if first <= area.min_row <= last:
            owner.update((column, owner[area.min_col]) for column in range(area.min_col, area.max_col + 1))
    together: dict[int, list[int]] = {}
    for column, block in owner.items():
        together.setdefault(block, []).append(column)
    return list(together.values())


def turned(blocks: list[list[int]]) -> list[list[int]]:
    """From right to left, under a common heading too."""
    return [block[::-1] for block in blocks[::-1]]


def shuffled(blocks: list[list[int]]) -> list[list[int]]:
    """Any order, the same at every run."""
    chance = Random(19)
    return [chance.sample(block, len(block)) for block in chance.sample(blocks, len(blocks))]


@pytest.mark.parametrize("case", TABLES)
@pytest.mark.parametrize("order", [turned, shuffled])
def test_the_columns_may_stand_in_any_order(case, order, sources, tmp_path):
    places: dict[str, dict[int, int]] = {}
    for sheet in load_workbook(sources[case]):
        if sheet.title in TABLES[case]:
            wanted = [column for block in order(blocks(sheet, *TABLES[case][sheet.title])) for column in block]
            assert wanted != sorted(wanted)
            places[sheet.title] = {column: place for place, column in enumerate(wanted, 1)}

    def move(sheet: str, row: int, column: int) -> Place:
        first, last = TABLES[case].get(sheet, (1, 0))
        return row, places[sheet][column] if first <= row <= last else column

    twin = redressed(sources[case], tmp_path / f"{case}.xlsx", move=move)
    rules = rules_of(case, sources)
    same(told(twin, rules, unmoved), told(sources[case], rules, move))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("which", ["all", "every other"])
def test_a_number_may_be_a_text_as_an_official_types_it(case, which, sources, plain, tmp_path):
    def typed(cell: Cell) -> Any:
        if not isinstance(cell.value, int | float) or isinstance(cell.value, bool) or "%" in cell.number_format:
            return cell.value
        return str(cell.value).replace(".", ",") if which == "all" or (cell.row + cell.column) % 2 else cell.value

    twin = told(redressed(sources[case], tmp_path / f"{case}.xlsx", value=typed), rules_of(case, sources))
    same(twin, plain[case], more=("DL29",))
    assert "DL29" in {code for code, *_ in twin["findings"]}  # and it is said that texts were read as numbers


# ------------------------------------------------------------------------------------- another name, a text table


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsm", ".xlsb", ".XLSX"])
def test_a_wrong_ending_is_noted_and_changes_nothing(case, ending, sources, plain, tmp_path):
    twin = Path(shutil.copy(sources[case], tmp_path / f"{case}{ending}"))
    check_the_note(twin, rules_of(case, sources), plain[case], is_wrong=ending != ".XLSX")


def check_the_note(file: Path, rules: str | Path, plain: dict[str, Any], *, is_wrong: bool) -> None:
    """Whether nothing but the ending is spoken of, once and as a note."""
    same(told(file, rules), plain)
    notes = [each for each in classify_files([file], rules=rules).findings if each.code == "DL08"]
    assert [(each.severity, file.name in each.message) for each in notes] == ([("note", True)] if is_wrong else [])


ONE_SHEET = {
    "can-tho-2579-2025": "can-tho-2579-2025",
    "hai-phong-212-2025-phu-luc-3": "hai-phong-212-2025-phu-luc-3",
    "nd-335-2025-mau-01-2026": "nd-335-2025-mau-01",
}


def typed_anew(source: Path, target: Path, *, separator: str, encoding: str) -> Path:
    """The one sheet of this workbook as a text table, as Excel in Vietnam saves it: a decimal comma, no merged cells."""
    (sheet,) = (each for each in load_workbook(source) if each.sheet_state == "visible")
    with target.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
        for row in sheet.iter_rows(values_only=True):
            writer.writerow(str(v).replace(".", ",") if isinstance(v, float) else "" if v is None else v for v in row)
    return target


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")])
@pytest.mark.parametrize("case", ONE_SHEET)
def test_one_sheet_may_be_a_text_table(case, separator, encoding, tmp_path):
    source, rules = ROOT / "samples" / f"{case}.xlsx", ONE_SHEET[case]
    (name,) = {each.grid.sheet for each in classify_files([source], rules=rules).understood}
    twin = typed_anew(source, tmp_path / f"{name}.csv", separator=separator, encoding=encoding)
    same(told(twin, rules, sheet="Bảng"), told(source, rules, sheet="Bảng"), more=("DL29",))


def test_trouble_is_the_same_in_a_text_table(sources, tmp_path):
    """What a text table cannot hold is out of it first: error cells, a truth value, a hidden row, a hidden sheet."""

    def typable(cell: Cell) -> Any:
        return "hoãn" if isinstance(cell.value, bool) or cell.data_type == "e" else cell.value

    source, rules = (
        redressed(sources["trouble"], tmp_path / "trouble.xlsx", value=typable),
        rules_of("trouble", sources),
    )
    expected = told(source, rules, sheet="Bảng")
    hidden = [each for each in expected["findings"] if each[0] in ("DL14", "DL15")]
    seen = [each for each in expected["findings"] if each not in hidden]
    assert len(hidden) == 2
    twin = typed_anew(source, tmp_path / "trouble.csv", separator=";", encoding="utf-8-sig")
    same(told(twin, rules, sheet="Bảng"), {**expected, "findings": seen}, more=("DL29",))


# -------------------------------------------------------------------------------------- saved by LibreOffice


def by_libreoffice(files: Iterable[Path], dress: str, folder: Path, profile: Path) -> dict[str, Path]:
    """These files opened and saved anew in another format; by their names without ending."""
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
         "--convert-to", dress, "--outdir", folder, *files],
        capture_output=True, encoding="utf-8", errors="replace", timeout=300, check=False,
    )  # fmt: skip
    saved = {file.stem: folder / f"{file.stem}.{dress}" for file in files}
    assert all(path.exists() for path in saved.values()), done.stdout + done.stderr
    return saved


def calculated(cell: Cell) -> Any:
    """A formula in the place of a typed value, so that its result is all that there is."""
    value = cell.value
    if isinstance(value, bool) or value == "#N/A":
        return "=NA()" if value == "#N/A" else f"={str(value).upper()}()"
    if cell.row > 3 and isinstance(value, int | float):
        return (
            f"=SUM(D{cell.row}:F{cell.row})+{value}-SUM(D{cell.row}:F{cell.row})" if cell.column == 1 else f"={value}+0"
        )
    return f'="{value}"' if cell.row > 3 and isinstance(value, str) and not value.startswith("#") else value


@pytest.fixture(scope="module")
def profile(tmp_path_factory) -> Path:
    """LibreOffice's settings: a folder of our own, so that a running one does not matter."""
    return tmp_path_factory.mktemp("libreoffice")


@pytest.fixture(scope="module", params=DRESSES)
def saved(request, sources, profile, tmp_path_factory) -> dict[str, Path]:
    """Every case as LibreOffice saves it, and the trouble made of formulas."""
    folder = tmp_path_factory.mktemp(request.param)
    formulas = redressed(sources["trouble"], sources["trouble"].with_name("formulas.xlsx"), value=calculated)
    return by_libreoffice([*sources.values(), formulas], request.param, folder, profile)


@pytest.mark.libreoffice
@pytest.mark.parametrize("case", CASES)
def test_saved_by_libreoffice_it_says_the_same(case, saved, sources, plain):
    same(told(saved[case], rules_of(case, sources)), plain[case])


@pytest.mark.libreoffice
def test_what_libreoffice_calculates_is_what_was_typed(saved, sources, plain):
    """Beside an error stands what was calculated; of one that was typed there is nothing to tell."""
    computed = told(saved["formulas"], rules_of("trouble", sources))
    behind = ", công thức «=NA()»"
    assert [each[0] for each in computed["findings"] if behind in each[2]] == ["DL25"]
    computed["findings"] = [(*each[:2], each[2].replace(behind, ""), *each[3:]) for each in computed["findings"]]
    same(computed, plain["trouble"])


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_a_wrong_ending_is_noted_in_every_format(ending, saved, sources, plain, tmp_path):
    file = saved["trouble"]
    twin = Path(shutil.copy(file, tmp_path / f"trouble{ending}"))
    check_the_note(twin, rules_of("trouble", sources), plain["trouble"], is_wrong=ending != file.suffix)
