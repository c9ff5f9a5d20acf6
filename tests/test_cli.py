"""The command line as an officer meets it: exit codes, files written or not, words in Vietnamese."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from builders import BANDS, CRITERIA, HEAD
from xeploai.book.load import find
from xeploai.cli.options import options_of

BOOK = HEAD + CRITERIA + BANDS
HEADINGS = ["STT", "Huyện", "Đơn vị", "TC1", "TC2.1", "TC2.2"]
GOOD = [[1, "Huyện A", "Xã Ná", 18, 11, 7], [2, "Huyện A", "Xã Nả", 9, 8, 8]]
ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Arguments|Show this|Error|Missing|Invalid|required|default|Try|No such|Got unexpected"
    r"|Path|str|int|TEXT|INTEGER|argument|option|value|Traceback)\b"
)
COMMANDS = [
    "classify",
    "check",
    "template",
    "explain",
    "rules",
    "rules list",
    "rules show",
    "rules check",
    "rules schema",
]


def scores(path: Path, rows=GOOD, headings=HEADINGS, year=2019, sheet="Biểu") -> Path:
    book = Workbook()
    book.active.title = sheet
    book.active.append([f"BẢNG ĐIỂM NĂM {year}" if year else "BẢNG ĐIỂM"])
    for row in (headings, *rows):
        book.active.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a rule book and a good score sheet of two units."""
    (tmp_path / "bo.yaml").write_text(BOOK, "utf-8")
    scores(tmp_path / "diem.xlsx")
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# ---------------------------------------------------------------------------------------- exit codes ◆


def test_all_well_is_0_and_the_workbook_stands_beside_the_input(office, xeploai):
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml")
    assert done.returncode == 0, done.stderr
    assert (office / "diem-ket-qua.xlsx").is_file()
    assert "Xã Ná" in done.stdout


def test_a_flag_that_fires_is_no_failure_even_when_strict(office, xeploai):
    (office / "bo.yaml").write_text(BOOK + "cảnh báo:\n  - {mã: kd, loại: điểm thấp, không quá: 9 điểm}\n", "utf-8")
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--strict")
    assert (done.returncode, "kd" in done.stderr) == (0, True)


def test_a_fault_in_the_data_is_1_and_the_others_are_rated(office, xeploai):
    scores(office / "diem.xlsx", [*GOOD, [3, "Huyện A", "Xã Nạ", None, 8, 8]])
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--json", "-")
    assert done.returncode == 1
    assert [unit["status"] for unit in json.loads(done.stdout)["units"]] == ["rated", "rated", "unrated"]
    assert (office / "diem-ket-qua.xlsx").is_file()


def test_a_warning_about_data_is_0_and_1_when_strict(office, xeploai):
    scores(office / "diem.xlsx", [[*row, 99] for row in GOOD], [*HEADINGS, "Tổng điểm"])
    assert xeploai("classify", "diem.xlsx", "--rules", "bo.yaml").returncode == 0
    assert xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--strict", "--force").returncode == 1
    assert xeploai("check", "diem.xlsx", "--rules", "bo.yaml").returncode == 0
    assert xeploai("check", "diem.xlsx", "--rules", "bo.yaml", "--strict").returncode == 1


CANNOT = {
    "no such file": (["khong-co.xlsx", "--rules", "bo.yaml"], "DL01"),
    "a missing folder of the input, not of the output": (["sai/diem.xlsx", "--rules", "bo.yaml"], "DL01"),
    "a web page under a spreadsheet's name": (["web.xls", "--rules", "bo.yaml"], "DL02"),
    "an empty file": (["rong.xlsx", "--rules", "bo.yaml"], None),
    "a folder without spreadsheets": (["trong", "--rules", "bo.yaml"], "DL01"),
    "the root of the disk": (["/", "--rules", "bo.yaml"], "DL01"),
    "no heading that fits": (["danh-ba.xlsx", "--rules", "bo.yaml"], "DL10"),
    "no such book": (["diem.xlsx", "--rules", "khong-co-bo"], "BTC12"),
    "no book that fits": (["diem.xlsx"], "BTC10"),
    "a book that is no book": (["diem.xlsx", "--rules", "sai.yaml"], None),
    "a spreadsheet given as the book": (["diem.xlsx", "--rules", "diem.xlsx"], None),
    "a year that is not there": (["diem.xlsx", "--rules", "bo.yaml", "--year", "2005"], "DL43"),
    "no such history": (["diem.xlsx", "--rules", "bo.yaml", "--history", "xx.xlsx"], "DL01"),
    "no such mapping": (["diem.xlsx", "--rules", "bo.yaml", "--map", "xx.yaml"], "DL01"),
    "a folder as mapping": (["diem.xlsx", "--rules", "bo.yaml", "--map", "trong"], "DL01"),
    "no such register": (["diem.xlsx", "--rules", "bo.yaml", "--units", "xx.yaml"], "DL01"),
    "no such lineage": (["diem.xlsx", "--rules", "bo.yaml", "--lineage", "xx.xlsx"], "DL01"),
    "a wrong word": (["diem.xlsx", "--rules", "bo.yaml", "--hidden", "giấu"], "DL93"),
    "a day that no calendar has": (["diem.xlsx", "--rules", "bo.yaml", "--date", "31/02/2021"], "DL93"),
    "a day that is none": (["diem.xlsx", "--rules", "bo.yaml", "--date", "ngày hôm nay"], "DL93"),
    "a folder for an output": (["diem.xlsx", "--rules", "bo.yaml", "--json", "trong"], "DL91"),
    "a folder for an output, with force": (["diem.xlsx", "--rules", "bo.yaml", "--html", "trong", "--force"], "DL91"),
    "an output in no folder": (["diem.xlsx", "--rules", "bo.yaml", "-o", "x/y.xlsx"], "DL91"),
    "the input as output": (["diem.xlsx", "--rules", "bo.yaml", "-o", "diem.xlsx", "--force"], "DL92"),
    "the book as output": (["diem.xlsx", "--rules", "bo.yaml", "-o", "bo.yaml", "--force"], "DL92"),
    "the input as JSON": (["diem.xlsx", "--rules", "bo.yaml", "--json", "./diem.xlsx", "--force"], "DL92"),
    "one name for both outputs": (["diem.xlsx", "--rules", "bo.yaml", "-o", "r", "--json", "./r"], "DL93"),
    "an existing result": (["diem.xlsx", "--rules", "bo.yaml", "-o", "cu.xlsx"], "DL90"),
    "an existing JSON": (["diem.xlsx", "--rules", "bo.yaml", "--json", "cu.xlsx"], "DL90"),
}  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("option", ["--map", "--units", "--lineage", "--history"])
def test_a_pipe_is_refused_and_never_waited_for(office, xeploai, option):
    os.mkfifo(office / "ong.yaml")
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", option, "ong.yaml")
    assert (done.returncode, "DL01" in done.stderr) == (2, True), done.stderr


DAYS = {
    "5/2/2020": "ngày 05 tháng 02 năm 2020",
    "2020-12-15": "ngày 15 tháng 12 năm 2020",
    "09/03/2020": "ngày 09 tháng 3 năm 2020",
    "Ngày 5 tháng 2 năm 2020": "ngày 05 tháng 02 năm 2020",
    "15 tháng 12 năm 2020": "ngày 15 tháng 12 năm 2020",
    " ": "",
}


@pytest.mark.parametrize("typed", DAYS)
def test_a_day_is_worded_in_one_way_however_it_is_typed(typed):
    """Nghị định 30/2020, Phụ lục I: days below 10 and months below 3 are written with a 0."""
    assert options_of(None, "đọc", typed, "auto", "").date == DAYS[typed]


def test_the_day_stands_in_the_letterhead_of_the_workbook(office, xeploai):
    assert xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--date", "5/2/2020").returncode == 0
    result = load_workbook(office / "diem-ket-qua.xlsx")
    places = [cell.value for row in result["Kết quả"].iter_rows() for cell in row if str(cell.value).startswith("……")]
    assert places == ["…………, ngày 05 tháng 02 năm 2020"]


@pytest.mark.parametrize("what", CANNOT)
def test_what_cannot_go_on_is_2_with_a_sentence_and_nothing_written(office, xeploai, what):
    arguments, code = CANNOT[what]
    (office / "web.xls").write_text("<html><body><table><tr><td>Xã Ná</td></tr></table></body></html>")
    (office / "rong.xlsx").touch()
    (office / "sai.yaml").write_text("bộ tiêu chí: [", "utf-8")
    (office / "cu.xlsx").write_bytes(b"published")
    (office / "trong").mkdir()
    scores(office / "danh-ba.xlsx", [["An", "0912"]], ["Người", "Máy"])
    before = everything(office)
    done = xeploai("classify", *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(f"lỗi {code or ''}")
    assert not ENGLISH.search(done.stderr), done.stderr
    assert everything(office) == before


def test_a_bug_is_3_and_says_sorry_with_a_report_file_and_no_traceback(office):
    code = (
        "import sys, xeploai.cli as cli, xeploai.__main__ as door\n"
        "def broken(*_, **__): raise TypeError('a bug')\n"
        "cli.commands._classified = broken\n"
        "sys.argv = ['xeploai', 'classify', 'diem.xlsx', '--rules', 'bo.yaml']\n"
        "door.main()\n"
    )
    env = {**os.environ, "TMPDIR": str(office / "tam"), "PYTHONUTF8": "1"}
    (office / "tam").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=office, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert not ENGLISH.search(done.stderr), done.stderr
    (report,) = (office / "tam").glob("xeploai-loi-*.txt")
    assert str(report) in done.stderr
    assert "TypeError: a bug" in report.read_text("utf-8")
    assert not (office / "diem-ket-qua.xlsx").exists()


def test_ctrl_c_is_130_and_leaves_no_half_file(office):
    many = [[place, "Huyện A", f"Xã số {place}", 18, 11, 7] for place in range(1, 12_001)]
    scores(office / "lon.xlsx", many)
    before = set(os.listdir(office))
    child = subprocess.Popen(
        [sys.executable, "-m", "xeploai", "classify", "lon.xlsx", "--rules", "bo.yaml"],
        cwd=office, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    time.sleep(0.35)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to the whole group
    out, err = child.communicate(timeout=60)
    assert child.returncode == 130, (out, err)
    assert "Đã dừng" in err
    assert not ENGLISH.search(err), err
    assert set(os.listdir(office)) == before


# ------------------------------------------------------------------------------------ what is said where


def test_json_on_stdout_is_the_json_alone(office, xeploai):
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--json", "-")
    document = json.loads(done.stdout)
    assert document["summary"]["units"] == 2
    assert "Đã ghi" in done.stderr


def test_json_into_a_file_is_the_same_json_and_the_tables_stay_on_stdout(office, xeploai):
    first = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--json", "a.json")
    second = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--json", "-", "--force")
    assert (office / "a.json").read_text("utf-8") == second.stdout
    assert "Xã Ná" in first.stdout


def test_quiet_says_nothing_when_all_is_well_and_still_the_errors(office, xeploai):
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    scores(office / "diem.xlsx", [[1, "Huyện A", "Xã Ná", "x", 1, 1]])
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--quiet", "--force")
    assert (done.returncode, done.stdout) == (1, "")
    assert "DL21" in done.stderr


def test_the_same_question_gives_the_same_bytes_wherever_the_result_goes(office, xeploai):
    for name, seed in (("r1.xlsx", "1"), ("r2.xlsx", "2")):
        xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "-o", name, env={"PYTHONHASHSEED": seed})
    assert (office / "r1.xlsx").read_bytes() == (office / "r2.xlsx").read_bytes()


def test_check_writes_nothing_and_says_what_was_understood(office, xeploai):
    before = everything(office)
    done = xeploai("check", "diem.xlsx", "--rules", "bo.yaml")
    assert done.returncode == 0, done.stderr
    assert everything(office) == before
    assert "D = TC1" in done.stdout
    assert "2019" in done.stdout


def test_check_of_a_folder_names_the_file_of_each_sheet_and_counts_the_files(office, xeploai):
    scores(office / "huyện" / "a.xlsx", GOOD[:1])
    scores(office / "huyện" / "b.xlsx", GOOD[1:])
    (office / "huyện" / "c.xlsx").write_text("không phải bảng tính")
    done = xeploai("check", "huyện", "--rules", "bo.yaml")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines[3:5]] == ["a.xlsx · Trang «Biểu»", "b.xlsx · Trang «Biểu»"]
    assert lines[2] == "Tệp: tìm thấy 3 = đọc được 2 + không đọc được 1"


def test_the_input_is_never_changed(office, xeploai):
    before = (office / "diem.xlsx").read_bytes(), (office / "diem.xlsx").stat().st_mtime_ns
    xeploai("classify", "diem.xlsx", "--rules", "bo.yaml")
    assert ((office / "diem.xlsx").read_bytes(), (office / "diem.xlsx").stat().st_mtime_ns) == before


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp1258", "cp437"])
def test_a_narrow_encoding_never_stops_the_work(office, xeploai, encoding):
    done = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert "Xã Ná" in done.stdout


def test_a_closed_stdout_is_no_bug(office):
    line = f"{sys.executable} -m xeploai classify diem.xlsx --rules bo.yaml >&-"
    done = subprocess.run(["sh", "-c", line], cwd=office, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (office / "diem-ket-qua.xlsx").is_file()


def test_a_reader_that_had_enough_is_no_bug(office):
    line = f"{sys.executable} -m xeploai rules schema | head -1"
    done = subprocess.run(
        ["bash", "-c", line + "; exit ${PIPESTATUS[0]}"], cwd=office, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


# ------------------------------------------------------------------------------------------- the files


def test_several_files_are_one_question_and_the_first_names_the_result(office, xeploai):
    scores(office / "hai.xlsx", [[1, "Huyện B", "Xã Nà", 18, 11, 7]])
    done = xeploai("classify", "hai.xlsx", "diem.xlsx", "--rules", "bo.yaml", "--json", "-")
    assert json.loads(done.stdout)["summary"]["units"] == 3
    assert (office / "hai-ket-qua.xlsx").is_file()


def test_a_folder_is_its_spreadsheets_and_the_result_stands_beside_it(office, xeploai):
    scores(office / "nop" / "a.xlsx")
    scores(office / "nop" / "b.xlsx", [[1, "Huyện B", "Xã Nà", 18, 11, 7]])
    (office / "nop" / "~$a.xlsx").write_bytes(b"lock")
    done = xeploai("classify", "nop", "--rules", "bo.yaml", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["units"] == 3
    assert (office / "nop-ket-qua.xlsx").is_file()


def test_an_unreadable_file_among_several_is_1_and_the_rest_is_done(office, xeploai):
    (office / "hong.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = xeploai("classify", "diem.xlsx", "hong.xlsx", "--rules", "bo.yaml", "--json", "-")
    assert (done.returncode, json.loads(done.stdout)["summary"]["units"]) == (1, 2)


def test_our_own_result_in_the_folder_is_no_score_sheet_and_said_to_be_skipped(office, xeploai):
    scores(office / "nop" / "a.xlsx", year=2018)
    xeploai("classify", "nop/a.xlsx", "--rules", "bo.yaml")
    scores(office / "nop" / "b.xlsx")
    done = xeploai("classify", "nop", "--rules", "bo.yaml", "--json", "-")
    document = json.loads(done.stdout)
    assert (document["year"], document["summary"]["units"]) == (2019, 2)
    assert [(f["code"], f["severity"]) for f in document["findings"] if f["code"] == "DL09"] == [("DL09", "note")]


def test_the_result_is_the_history_of_next_year(office, xeploai):
    xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "2019.xlsx")
    scores(office / "moi.xlsx", year=2020)
    done = xeploai("classify", "moi.xlsx", "--rules", "bo.yaml", "--history", "2019.xlsx", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["previous"]["bands"] == {"tốt": 1, "khá": 0, "trung bình": 1, "yếu": 0}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_path_with_vietnamese_letters_and_spaces_works_in_either_form(office, xeploai, form):
    name = unicodedata.normalize(form, "Bảng điểm xã Mường Nhé")
    scores(office / name / f"{name}.xlsx")
    done = xeploai("classify", f"{name}/{name}.xlsx", "--rules", "bo.yaml", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert (office / name / f"{name}-ket-qua.xlsx").is_file()


def test_an_escape_sequence_of_a_file_s_name_reaches_no_terminal(office, xeploai):
    scores(office / "di\x1b[31mem.xlsx")
    for arguments in (["classify", "di\x1b[31mem.xlsx"], ["check", "di\x1b[31mem.xlsx"], ["check", "k\x1b[31m.xlsx"]):
        done = xeploai(*arguments, "--rules", "bo.yaml")
        assert "\x1b" not in done.stdout + done.stderr
    for arguments in (["check", "diem.xlsx", "--rules", "b\x1b[31m"], ["explain", "b\x1b[31m"], ["b\x1b[31m"]):
        done = xeploai(*arguments)
        assert (done.returncode, "\x1b" in done.stdout + done.stderr) == (2, False)


# ------------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_vietnamese_without_an_english_word(xeploai, command):
    done = xeploai(*command.split(), "--help")
    assert done.returncode == 0
    assert "Cách dùng:" in done.stdout
    assert not ENGLISH.search(done.stdout), done.stdout
    assert not re.search(r"[<{}]", done.stdout), done.stdout


WRONG = {
    "clasify x": "classify", "rules lst": "list", "classify x --yaer 3": "--year", "classify": "TỆP", "check": "TỆP",
    "template": "BỘ", "explain": "MÃ", "rules show": "BỘ", "rules check": "BỘ", "classify x --year": "--year",
    "classify x --year abc": "năm", "classify x --year 1800": "năm", "classify x --quiet=1": "--quiet",
    "explain a b": "b", "rules list thua": "thua", "-x": "-x", "classify x -x": "-x", "classify x -o": "-o",
    "explain DL999": "DL99", "explain kiem-dim": "kiem-diem", "template cqcs-dien": "cqcs-dien-bien",
    "rules show pappi": "papi", "rules check khong-co": "khong-co", "template papi --year nay": "năm",
    "template papi --units khong-co.xlsx": "khong-co.xlsx",
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_is_2_in_vietnamese_with_a_hint(xeploai, tmp_path, line):
    done = xeploai(*line.split())
    assert (done.returncode, done.stdout) == (2, "")
    if line != "explain DL999":
        assert WRONG[line] in done.stderr
    assert not ENGLISH.search(done.stderr), done.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", ["", "rules"])
def test_a_bare_group_shows_its_help(xeploai, command):
    done = xeploai(*command.split())
    assert "Cách dùng:" in done.stdout + done.stderr
    assert not ENGLISH.search(done.stdout + done.stderr)


def test_the_version_is_printed(xeploai):
    done = xeploai("--version")
    assert (done.returncode, bool(re.fullmatch(r"xeploai \d+\.\d+\S*\n", done.stdout))) == (0, True)


def test_the_shipped_books_are_listed_shown_and_check_themselves(xeploai):
    listed = xeploai("rules", "list")
    for code in ("cqcs-dien-bien", "papi"):
        assert code in listed.stdout
        assert xeploai("rules", "show", code).returncode == 0
    assert xeploai("rules", "check", "cqcs-dien-bien", "papi").returncode == 0


def test_the_file_of_a_book_is_handed_out_as_it_is_with_its_comments(xeploai, office):
    shown = xeploai("rules", "show", "cqcs-dien-bien", "--yaml").stdout
    assert shown.encode() == find("cqcs-dien-bien").read_bytes()
    (office / "bo-cua-tinh.yaml").write_text(shown, "utf-8")
    assert "ra đúng đáp số" in xeploai("rules", "check", "bo-cua-tinh.yaml").stdout
    assert xeploai("rules", "show", "bo.yaml", "--yaml").stdout == BOOK
    assert (xeploai("rules", "show", "diem.xlsx", "--yaml").returncode) == 2


REGISTER = """đơn vị:
  - {mã: 00101, tên: Xã Ná, cấp trên: Huyện A, đến: 30/06/2025}
  - {mã: 00102, tên: Xã Nả, cấp trên: Huyện A}
  - {mã: 00103, tên: Xã Nạ, cấp trên: Huyện A, từ: 01/07/2025}
"""


@pytest.mark.parametrize(
    ("year", "names"),
    [(["--year", "2024"], ["Xã Ná", "Xã Nả"]), (["--year", "2025"], ["Xã Nả", "Xã Nạ"]), ([], ["Xã Nả", "Xã Nạ"])],
)
def test_an_empty_sheet_takes_the_units_of_a_register_in_yaml(office, xeploai, year, names):
    (office / "danh-muc.yaml").write_text(REGISTER, "utf-8")
    done = xeploai("template", "bo.yaml", "--units", "danh-muc.yaml", "-o", "bieu.xlsx", *year)
    assert done.returncode == 0, done.stderr
    cells = [cell.value for sheet in load_workbook(office / "bieu.xlsx") for row in sheet.iter_rows() for cell in row]
    assert [name for name in ("Xã Ná", "Xã Nả", "Xã Nạ") if name in cells] == names
    assert "00102" in cells


def test_the_schema_is_json(xeploai):
    assert json.loads(xeploai("rules", "schema").stdout)["$schema"].startswith("https://json-schema.org/")


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['xeploai', '--help']\nimport os\nos._exit = sys.exit\n"
        "from xeploai.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'openpyxl', 'rich', 'pydantic', 'yaml', 'python_calamine', 'lxml'} & set(sys.modules)\n"
        "sys.stderr.write(repr(sorted(heavy)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]"
    assert "classify" in done.stdout


def test_on_a_terminal_without_a_size_the_run_says_what_it_does(tmp_path, shared):
    """A terminal may tell a width of 0 (a recorder, a new window): one line of words, no crash."""
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "xeploai", "check", str(shared / "workbooks" / "tong-hop-2019.xlsx")]
    rules = ["--rules", str(shared / "workbooks" / "cqcs-mau.yaml")]
    done = subprocess.run([*command, *rules], stdout=subprocess.PIPE, stderr=follower, cwd=tmp_path, check=False)
    os.close(follower)
    told = os.read(leader, 65536).decode()
    os.close(leader)
    assert done.returncode == 0
    assert "Đang đọc 1 tệp" in told
    assert "lỗi của chính nó" not in told
