"""The museum of errors: for every code of ours the smallest thing that provokes it, and the exact words that come of it.

    files.yaml    the file itself          facts.yaml      figures, kinds, quotas, decisions, heads
    layout.yaml   what stands where        letters.yaml    old letters, percents, what nobody sees
    cells.yaml    what a cell holds        units.yaml      the register of units; forms and criteria as rows
    years.yaml    years, other sheets      history.yaml    earlier years, mergers
    output.yaml   the result, the options  books.yaml      the rule book
    documents.yaml  the letters and their templates

An exhibit is a code (`mã`), what is wrong in one sentence (`khi`), what is given, and what is said (`nói`): every finding of
this code, by severity, with its cells and what to do. Codes that come along with it are listed (`kèm`); no other may come.
There is no list of exceptions: what no test can provoke no officer will ever see, and should not be a code.
The test book is builders.a_book (TC1 20; TC2 20 = TC2.1 12 + TC2.2 8; tốt 80 %, khá 65 %, trung bình 50 %, yếu), with other
parts (`tiêu chí`, `các mức`) or more of them (`bộ thêm`). What is given is one of these:

    trang          the sheets of diem.xlsx, drawn; also `lịch sử`, `danh mục`, `sáp nhập`, `bố trí`, `tuỳ chọn`; with `văn bản`
                   the letters are written too, by these templates (name: text) where the book names them
    tệp            small files, drawn, or made by a word of MADE; with `lệnh` the command that is given, else they are read
    bộ tiêu chí    the text of a rule book, which is loaded and checked
    các bộ có sẵn  the shipped books, in place of ours: nobody names one, or the command does

In a drawing 9,5 is a number, 56,17% a number that is shown as a percent, 08/05/2019 a date.
"""

from __future__ import annotations

import io
import re
import shlex
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from builders import BANDS, CRITERIA, HEAD, a_book, a_grid
from xeploai import cli, read, vi
from xeploai.book import load
from xeploai.book.placing import Placing
from xeploai.examples import check_book
from xeploai.findings import CATALOGUE, Finding, Severity, Unusable
from xeploai.model import Grid, Value
from xeploai.pipeline import Options, Outcome, classify
from xeploai.read import limits, link, pool
from xeploai.report import console
from xeploai.report.letters import letters

HERE = Path(__file__).parent
Exhibit = dict[str, Any]

KEYS = {"mã", "khi", "trang", "lịch sử", "danh mục", "sáp nhập", "bố trí", "tuỳ chọn", "bộ thêm", "tiêu chí", "các mức"}
KEYS |= {"các bộ có sẵn", "văn bản", "bộ tiêu chí", "tệp", "lệnh", "trình đọc", "kèm", "nói"}
SAID = {"ô", "phải làm", *(severity.vi for severity in Severity)}


def exhibits_of(path: Path) -> list[Exhibit]:
    exhibits: list[Exhibit] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # every scalar stays text
    return exhibits


EXHIBITS = [exhibit for path in sorted(HERE.glob("*.yaml")) for exhibit in exhibits_of(path)]


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files have short names, limits are the usual ones, and nothing of one exhibit is left for the next."""
    monkeypatch.chdir(tmp_path)
    for name in (limits.MEGABYTES, limits.SECONDS):
        monkeypatch.delenv(name, raising=False)
    yield
    pool._forget()
    load.shipped_books.cache_clear()


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: f"{exhibit['mã']}: {vi.fold(exhibit['khi'])}")
def test_these_are_the_words(exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    found = provoked(exhibit, monkeypatch)
    assert [as_written(finding) for finding in found if finding.code == exhibit["mã"]] == exhibit["nói"]
    others = [finding.code for finding in found if finding.code != exhibit["mã"]]
    assert Counter(others) == Counter(exhibit.get("kèm", []))


def as_written(finding: Finding) -> dict[str, object]:
    """A finding as an exhibit shows it."""
    cells = [f"{cell.file} · {cell.sheet} · {cell.address}" for cell in finding.cells]
    short = [cell.removeprefix("diem.xlsx · ") for cell in cells]
    return {finding.severity.vi: finding.message, **({"ô": short} if short else {}), "phải làm": finding.duty}


def provoked(exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """Everything that is found in what this exhibit gives."""
    try:
        return list(_found(exhibit, monkeypatch))
    except Unusable as trouble:
        return list(trouble.findings)


def _found(exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> Iterable[Finding]:
    if "bộ tiêu chí" in exhibit:
        return check_book(load.loads(exhibit["bộ tiêu chí"].encode(), "bo.yaml"))
    if "trình đọc" in exhibit:
        start = "from xeploai.read.worker import main"
        monkeypatch.setattr(link, "_BOOT", link._BOOT.replace(start, READERS[exhibit["trình đọc"]] + start))
    if "các bộ có sẵn" in exhibit:
        _ship(exhibit["các bộ có sẵn"], monkeypatch)
    if "tệp" not in exhibit:
        return _classified(exhibit)
    for name, content in exhibit["tệp"].items():
        made = MADE.get(content) if isinstance(content, str) else None
        made(Path(name)) if made else _workbook(Path(name), content)
    if "lệnh" not in exhibit:
        return _read(list(map(Path, exhibit["tệp"])))
    Path("bo-thu.yaml").write_text(HEAD + CRITERIA + BANDS, "utf-8")
    heard: list[Finding] = []
    monkeypatch.setattr(console, "trouble", lambda err, findings, *_: heard.extend(findings))
    typer.main.get_command(cli.app).main(shlex.split(exhibit["lệnh"]), prog_name="xeploai", standalone_mode=False)
    assert heard, "the command was not refused, and said nothing"
    return heard


def _read(paths: list[Path]) -> Iterator[Finding]:
    paths, findings = read.gather(paths)
    yield from findings
    for _, said in read.read(paths):
        yield from said


def _ship(books: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path("rules").resolve()
    folder.mkdir()
    for code, text in books.items():
        (folder / f"{code}.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(load, "shipped", lambda: folder)
    load.shipped_books.cache_clear()


# ------------------------------------------------------------------------------------------ what is drawn


def _classified(exhibit: Exhibit) -> Iterable[Finding]:
    """Book and grids of an exhibit, through the whole line."""
    given = exhibit.get("tuỳ chọn", {})
    options = Options(
        int(given["năm"]) if "năm" in given else None, given.get("hàng ẩn") == "bỏ", merger=given.get("sáp nhập", "")
    )
    if "bố trí" in exhibit:
        place = Path("bo-tri.yaml")
        place.write_text(exhibit["bố trí"], "utf-8")
        options = options._replace(placing=load.load_as(Placing, place)[0])
    criteria = _section("tiêu chí", exhibit["tiêu chí"]) if "tiêu chí" in exhibit else CRITERIA
    bands = _section("xếp loại", exhibit["các mức"]) if "các mức" in exhibit else BANDS
    more = "".join(_section(name, part) for name, part in exhibit.get("bộ thêm", {}).items())
    book = None if "các bộ có sẵn" in exhibit else a_book(more, criteria=criteria, bands=bands)
    beside = [
        [drawn(exhibit[key], name, f"{vi.fold(key).replace(' ', '-')}.xlsx")] if key in exhibit else []
        for key, name in (("lịch sử", "Lịch sử"), ("danh mục", "Danh mục"), ("sáp nhập", "Sáp nhập"))
    ]
    sheets = [drawn(given, name, "diem.xlsx") for name, given in exhibit["trang"].items()]
    outcome = classify(book, sheets, history=beside[0], units=beside[1], lineage=beside[2], options=options)
    return (*outcome.findings, *(_of_letters(outcome, exhibit["văn bản"]) if "văn bản" in exhibit else ()))


def _of_letters(outcome: Outcome, templates: dict[str, str]) -> list[Finding]:
    """What is said of the letters, made by these templates."""
    for name, text in templates.items():
        document = Document()
        document.add_paragraph(text)
        document.save(name)
    return letters(outcome)[1]


def _section(name: str, given: object) -> str:
    return yaml.safe_dump({name: given}, allow_unicode=True, sort_keys=False)


def drawn(given: str | dict[str, Any], sheet: str, file: str) -> Grid:
    """A sheet from its drawing, with what else is told of it."""
    told: dict[str, Any] = {"vẽ": given} if isinstance(given, str) else given
    assert set(told) <= {"vẽ", "tệp", "gộp", "hàng ẩn", "cột ẩn", "ẩn", "phông"}, set(told)
    text = re.sub(r"(?:(?<=\|)|^)([ ]*-?\d+),(\d+[ ]*)(?=\||$)", r"\1.\2", told["vẽ"], flags=re.M)
    plain = a_grid(text, sheet=sheet)
    percents = set()
    for row, line in enumerate(plain.rows):
        for column, value in enumerate(line):
            line[column] = seen = _shown(value)
            if seen is not value and isinstance(seen, float):
                percents.add((row, column))
    return Grid(
        told.get("tệp", file), sheet, plain.rows,
        merged=tuple(_area(area) for area in told.get("gộp", [])),
        hidden_rows=frozenset(int(row) - 1 for row in told.get("hàng ẩn", [])),
        hidden_columns=frozenset(_column(letter) for letter in told.get("cột ẩn", [])),
        visible=told.get("ẩn") != "có",
        percents=frozenset(percents),
        fonts={_column(letter): (font,) for letter, font in told.get("phông", {}).items()},
    )  # fmt: skip


def _shown(value: Value) -> Value:
    """What a drawn text stands for."""
    if isinstance(value, str) and re.fullmatch(r"\d+(,\d+)?%", value):
        return float(value[:-1].replace(",", ".")) / 100
    if isinstance(value, str) and re.fullmatch(r"\d\d/\d\d/\d{4}", value):
        return datetime.strptime(value, "%d/%m/%Y")
    return value


def _area(area: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(area)
    return int(top) - 1, int(left) - 1, int(bottom) - 1, int(right) - 1


def _column(letter: str) -> int:
    return _area(f"{letter}1:{letter}1")[1]


# ------------------------------------------------------------------------------------------ what is a file


def _workbook(path: Path, given: str | dict[str, Any]) -> None:
    """A workbook with one sheet, Năm 2019, that holds what is drawn."""
    grid = drawn(given, "Năm 2019", path.name)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = grid.sheet
    for row, line in enumerate(grid.rows, 1):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column, value)
    for top, left, bottom, right in grid.merged:  # sheet.merge_cells would empty what it covers
        sheet.merged_cells.add(f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}")
    book.save(path)


SCORES = "| Đơn vị | TC1 | TC2.1 | TC2.2 |\n| Xã Ná | 18 | 5 | 5 |"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _cut_short(path: Path) -> None:
    _workbook(path, SCORES)
    path.write_bytes(path.read_bytes()[:2000])


def _damaged_within(path: Path) -> None:
    _workbook(path, SCORES)
    content = path.read_bytes()
    at = content.find(b"xl/worksheets/sheet1.xml") + 40
    path.write_bytes(content[:at] + b"\xff" * 8 + content[at + 8 :])


def _with_a_chart_sheet(path: Path) -> None:
    _workbook(path, SCORES)
    book = load_workbook(path)
    book.create_chartsheet("Biểu đồ")
    book.save(path)


def _written_twice(path: Path) -> None:
    """A cell B2 that is there twice, as no office program would write it: first 16, then 18."""
    _workbook(path, SCORES)
    parts = {name: file.read(name) for file in [zipfile.ZipFile(path)] for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<c r="B2"', b'<c r="B2"><v>16</v></c><c r="B2"', 1)
    path.write_bytes(_zip(parts))


def _signed(path: Path) -> None:
    """As Excel signs it, but for the signature itself, which nobody here checks."""
    _workbook(path, SCORES)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("_xmlsignatures/origin.sigs", b"")


def _zip(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def _holding(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


MADE: dict[str, Callable[[Path], object]] = {
    "không có": lambda path: None,
    "rỗng": _holding(b""),
    "thư mục trống": Path.mkdir,
    "bảng điểm": lambda path: _workbook(path, SCORES),
    "bảng điểm ghi hai giá trị ở ô B2": _written_twice,
    "bảng điểm có trang biểu đồ": _with_a_chart_sheet,
    "bảng điểm bị cắt ngang": _cut_short,
    "bảng điểm hỏng một phần": _damaged_within,
    "bảng điểm có chữ ký số": _signed,
    "bảng tính trống": lambda path: Workbook().save(path),
    "bảng tính có mật khẩu": _holding(OLE.ljust(512, b"\0") + "EncryptedPackage\0".encode("utf-16-le").ljust(512, b"\0")),
    "bảng tính nhị phân": _holding(_zip({"xl/workbook.bin": b"\x83\x01"})),
    "trang web": _holding("<html><table><tr><td>Xã Ná</td></tr></table></html>".encode()),
}  # fmt: skip
"""The words for what no drawing can show."""

READERS = {
    "hết bộ nhớ": "from xeploai.read import worker\ndef full(path):\n    raise MemoryError\nworker._bytes = full\n",
}
"""What befalls the reading process, as it is started."""


# -------------------------------------------------------------------------------------- the museum itself


def test_every_code_has_its_exhibit() -> None:
    assert sorted({exhibit["mã"] for exhibit in EXHIBITS}) == sorted(CATALOGUE)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: f"{exhibit['mã']}: {vi.fold(exhibit['khi'])}")
def test_an_exhibit_is_spelled_with_the_known_words(exhibit: Exhibit) -> None:
    assert set(exhibit) <= KEYS
    assert len({"trang", "tệp", "bộ tiêu chí"} & set(exhibit)) == 1, "one thing is given"
    assert exhibit["nói"], "it says nothing"
    assert all(set(finding) <= SAID for finding in exhibit["nói"])
    assert "tệp" in exhibit or not {"lệnh", "trình đọc"} & set(exhibit)
    for content in exhibit.get("tệp", {}).values():
        assert content in MADE if isinstance(content, str) and "|" not in content else "|" in content or "vẽ" in content


def test_no_two_exhibits_show_the_same() -> None:
    told = Counter((exhibit["mã"], exhibit["khi"]) for exhibit in EXHIBITS)
    assert [pair for pair, times in told.items() if times > 1] == []
