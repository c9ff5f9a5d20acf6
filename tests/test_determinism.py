"""The same question, the same bytes: no hash order, clock, time zone, language, folder or neighbour can be seen in a result.

What may differ, and why: the paths in `inputs` and in cells' addresses are the paths as given; the order of the given files
is the order of the units and of the findings, and with -o left out the first file names the result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from builders import BANDS, CRITERIA, HEAD

BOOK = (
    HEAD + CRITERIA + BANDS + "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá}\n"
    "cảnh báo:\n  - {mã: kd, loại: điểm thấp, không quá: 9 điểm}\n"
    "  - {mã: lt, loại: liên tiếp, xếp loại không quá: yếu, số năm: 2}\n"
)  # fmt: skip
HEADINGS = ["STT", "Huyện", "Đơn vị", "TC1", "TC2.1", "TC2.2"]
EAST = [["Huyện Đông", "Xã Ná", 18, 11, 7], ["Huyện Đông", "Xã Nả", 9, 8, 8], ["Huyện Đông", "Xã Nạ", 5, 2.5, 1],
        ["Huyện Đông", "Xã Nà", None, 8, 8], ["Huyện Đông", "Xã Nã", 18, 11, 7]]  # fmt: skip
WEST = [["Huyện Tây", "Xã Ná", 18, 11, 7], ["Huyện Tây", "Xã Lả", 21, 8, 8], ["Huyện Tây", "Xã Lạ", 9.5, 8, 8]]
RESULT = ("r.xlsx", "r.json")


def scores(path: Path, rows, year=2019) -> None:
    book = Workbook()
    book.active.append([f"BẢNG ĐIỂM NĂM {year}"])
    book.active.append(HEADINGS)
    for place, row in enumerate(rows, 1):
        book.active.append([place, *row])
    book.save(path)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """Two districts' sheets, a history and a book: ties, faults in both files, flags, a name that both have."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "bo.yaml").write_text(BOOK, "utf-8")
    scores(folder / "đông.xlsx", EAST)
    scores(folder / "tây.xlsx", WEST)
    scores(folder / "cũ.xlsx", [*EAST, *WEST], 2018)
    done = ask(folder, ["cũ.xlsx"], history=())
    assert done == 1
    (folder / "r.xlsx").rename(folder / "2018.xlsx")
    return folder


def ask(folder: Path, files, *, history=("--history", "2018.xlsx"), prefix=(), **env: str) -> int:
    plain = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHASHSEED", "TZ", "LANG", "LC_ALL")
    }
    return subprocess.run(
        [sys.executable, "-m", "xeploai", "classify", *files, "--rules", "bo.yaml", *history, *prefix,
         "-o", "r.xlsx", "--json", "r.json", "--force", "--quiet"],
        cwd=folder, env={**plain, **env}, capture_output=True, check=False,
    ).returncode  # fmt: skip


def results(folder: Path) -> tuple[bytes, ...]:
    return tuple((folder / name).read_bytes() for name in RESULT)


@pytest.fixture(scope="module")
def expected(office) -> tuple[bytes, ...]:
    assert ask(office, ["đông.xlsx", "tây.xlsx"], PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8") == 1
    made = results(office)
    document = json.loads(made[1])
    assert document["summary"]["units"] == 8  # the question is worth asking: ranks, ties, faults, flags, history
    assert {finding["code"] for finding in document["findings"]} >= {"DL20", "DL23", "kd", "lt"}
    return made


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "vi_VN.UTF-8"},
        {"PYTHONHASHSEED": "4294967295", "TZ": "America/New_York", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "random", "LANG": "C.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "20", "NO_COLOR": "1"},
        {"PYTHONHASHSEED": "random", "TZ": "Pacific/Kiritimati", "PYTHONOPTIMIZE": "1", "SOURCE_DATE_EPOCH": "1"},
    ],
    ids=str,
)
def test_no_surroundings_change_a_byte(office, expected, env):
    assert ask(office, ["đông.xlsx", "tây.xlsx"], **env) == 1
    assert results(office) == expected


def test_neither_the_folder_nor_the_age_of_the_files_changes_a_byte(office, expected, tmp_path):
    other = tmp_path / "nơi khác" / "Ổ đĩa"
    other.mkdir(parents=True)
    for name in ("tây.xlsx", "2018.xlsx", "đông.xlsx", "bo.yaml"):  # another order on the disk
        (other / name).write_bytes((office / name).read_bytes())
        os.utime(other / name, (1_000_000_000, 1_000_000_000))
    assert ask(other, ["đông.xlsx", "tây.xlsx"]) == 1
    assert results(other) == expected


def test_a_process_alone_and_one_among_busy_ones_give_the_same_bytes(office, expected, tmp_path):
    """Six runs at once on few processors: whoever is ready first, the reader, the writer or this process."""
    folders = []
    for place in range(6):
        folder = tmp_path / str(place)
        folder.mkdir()
        for name in ("tây.xlsx", "2018.xlsx", "đông.xlsx", "bo.yaml"):
            (folder / name).hardlink_to(office / name)
        folders.append(folder)
    command = [sys.executable, "-m", "xeploai", "classify", "đông.xlsx", "tây.xlsx", "--rules", "bo.yaml",
               "--history", "2018.xlsx", "-o", "r.xlsx", "--json", "r.json", "--quiet"]  # fmt: skip
    runs = [subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) for folder in folders]
    assert [run.wait() for run in runs] == [1] * 6
    assert {results(folder) for folder in folders} == {expected}


def sorted_units(document: dict[str, Any]) -> list[str]:
    return sorted(json.dumps(unit, ensure_ascii=False, sort_keys=True) for unit in document["units"])


def sorted_findings(document: dict[str, Any]) -> list[str]:
    return sorted(json.dumps(finding, ensure_ascii=False, sort_keys=True) for finding in document["findings"])


def test_the_order_of_the_files_orders_the_units_and_changes_nothing_else(office, expected):
    assert ask(office, ["tây.xlsx", "đông.xlsx"]) == 1
    here, there = json.loads(expected[1]), json.loads(results(office)[1])
    assert [unit["parent"] for unit in there["units"]] == ["Huyện Tây"] * 3 + ["Huyện Đông"] * 5
    assert sorted_units(there) == sorted_units(here)
    assert sorted_findings(there) == sorted_findings(here)
    assert {name for name in here if here[name] != there[name]} <= {"inputs", "units", "findings", "summary"}
    groups = [sorted(map(str, each["summary"].pop("groups"))) for each in (here, there)]
    assert groups[0] == groups[1]
    assert here["summary"] == there["summary"]


def test_a_file_given_twice_and_a_folder_give_what_the_files_give(office, expected, tmp_path):
    assert ask(office, ["đông.xlsx", "tây.xlsx", "đông.xlsx", "./tây.xlsx"]) == 1
    assert results(office) == expected
    folder = tmp_path / "nop"
    folder.mkdir()
    for name in ("tây.xlsx", "đông.xlsx"):
        (folder / name).write_bytes((office / name).read_bytes())
    for name in ("2018.xlsx", "bo.yaml"):
        (tmp_path / name).write_bytes((office / name).read_bytes())
    assert ask(tmp_path, ["nop"]) == 1
    here, there = json.loads(expected[1]), json.loads(results(tmp_path)[1])
    assert sorted_units(there) == sorted_units(here)


WITH_WORKERS = """
import sys
from xeploai.read import pool

count, worth, large = map(int, sys.argv.pop(1).split(","))
pool.processors, pool.WORTH, pool.LARGE, pool.DEPTH = (lambda: count), worth, large, 1
begin = pool.Process

def counted():
    with open("workers", "a") as file:
        file.write("1")
    return begin()

pool.Process = counted
from xeploai.__main__ import main
main()
"""
"""The command line on a machine of so many processors, on which so few bytes are worth a process, or two shares."""


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """A folder of twelve files of three years each; one is damaged, two have five units in common."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "bo.yaml").write_text(BOOK, "utf-8")
    (folder / "nop").mkdir()
    for number in range(11):
        rows = [[f"Huyện {number // 3}", f"Xã Số {10 * number + place}", *row[2:]] for place, row in enumerate(EAST)]
        scores(folder / "nop" / f"{number:02}.xlsx", rows if number < 10 else [*rows, *EAST])
    scores(folder / "nop" / "12.xlsx", EAST)
    for path in (folder / "nop").iterdir():
        book = load_workbook(path)
        for year in (2018, 2017):
            book.copy_worksheet(book.active)["A1"] = f"BẢNG ĐIỂM NĂM {year}"
        book.save(path)
    whole = (folder / "nop" / "03.xlsx").read_bytes()
    (folder / "nop" / "03.xlsx").write_bytes(whole[: len(whole) // 2])
    return folder


def with_workers(
    folder: Path, processors: int, *, worth: int = 1, large: int = 1 << 21
) -> tuple[int, tuple[bytes, ...]]:
    """How many reading processes were started, and the result."""
    (folder / "workers").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", WITH_WORKERS, f"{processors},{worth},{large}", "classify", "nop", "--rules", "bo.yaml",
         "-o", "r.xlsx", "--json", "r.json", "--force", "--quiet"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr.decode()
    return len((folder / "workers").read_text()), results(folder)


def test_the_number_of_reading_processes_changes_no_byte(many):
    started, alone = with_workers(many, 1)
    document = json.loads(alone[1])
    assert started == 1
    assert (
        document["summary"]["units"] == 60
    )  # 10 whole files of 5 units, and in two files 5 more, named in each of them
    assert {"DL03", "DL32", "lt"} <= {
        finding["code"] for finding in document["findings"]
    }  # damage, a unit twice, a streak
    for processors in (2, 3, 5, 8, 64):
        started, several = with_workers(many, processors)
        assert started == min(processors, 8)
        assert several == alone


def test_two_shares_of_each_file_change_no_byte(many):
    """Files are read in two halves from a size on; whether they are must not be seen in a result."""
    _, whole = with_workers(many, 1)
    for processors in (1, 4):
        assert with_workers(many, processors, large=1)[1] == whole


def test_what_the_system_allows_is_the_number_of_processors():
    """No more than the processors that this process may use, were the machine ever so large."""
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system binds no process to a processor")
    ask = "import os; os.sched_setaffinity(0, {%d}); from xeploai.read import pool; print(pool.processors())"
    only = min(os.sched_getaffinity(0))
    assert subprocess.check_output([sys.executable, "-c", ask % only]) == b"1\n"


def test_no_clock_stands_in_a_result(office, expected):
    """Two runs in different seconds are compared above by chance; here the bytes themselves are looked at."""
    import datetime
    import io
    import re
    import zipfile

    this_year = str(datetime.date.today().year)
    with zipfile.ZipFile(io.BytesIO(expected[0])) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (2000, 1, 1, 0, 0, 0)
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}
    assert this_year not in core
