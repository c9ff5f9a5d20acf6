"""Whatever listens (an old code page, a pipe, a narrow or dumb terminal, nobody): the same exit code and no word lost."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import Workbook
from rich.console import Console

from builders import BANDS, CRITERIA, HEAD, a_grid, run
from xeploai.book.load import loads
from xeploai.pipeline import Outcome
from xeploai.report.console import show_outcome

BOOK = HEAD + CRITERIA + BANDS + "cảnh báo:\n  - {mã: kd, loại: điểm thấp, không quá: 9 điểm, phải làm: Kiểm điểm}\n"
HEADINGS = ["STT", "Huyện", "Đơn vị", "TC1", "TC2.1", "TC2.2"]
UNITS = ["Xã Mường Ná", "Phường Đồng Nả", "Xã Nạ"]
CLASSIFY = ("classify", "diem.xlsx", "--rules", "bo.yaml", "--force")
XEPLOAI = [sys.executable, "-m", "xeploai"]


def scores(path: Path, units=UNITS) -> Path:
    """Points of these units; the last has none for TC1, so that there is something to complain about."""
    book = Workbook()
    book.active.append(["BẢNG ĐIỂM NĂM 2019"])
    book.active.append(HEADINGS)
    for place, name in enumerate(units, 1):
        points = [None if place == len(units) else 9 if place % 2 else 18, 11, 7]
        book.active.append([place, "Huyện Ắ", name, *points])
    book.save(path)
    return path


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "bo.yaml").write_text(BOOK, "utf-8")
    scores(folder / "diem.xlsx")
    return folder


class Heard(NamedTuple):
    """What a run said, and its exit code."""

    code: int
    out: bytes
    err: bytes = b""


def environment(**more):
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHONIO", "PYTHONUTF8", "LC_"))
    }
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        plain.pop(name, None)
    return {**plain, "PYTHONUTF8": "0", **more}


def piped(folder, *arguments, **env) -> Heard:
    done = subprocess.run(
        [*XEPLOAI, *arguments],
        cwd=folder,
        env=environment(**env),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Heard(done.returncode, done.stdout, done.stderr)


def on_terminal(folder, *arguments, **env) -> Heard:
    """Both streams on one terminal, as an officer has them."""
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [*XEPLOAI, *arguments], cwd=folder, env=environment(**env), stdout=follower, stderr=follower
    )
    os.close(follower)
    told = b""
    try:
        while part := os.read(leader, 65536):
            told += part
    except OSError:  # Linux says it so when the last writer is gone
        pass
    os.close(leader)
    return Heard(child.wait(), told.replace(b"\r\n", b"\n"))


def in_shell(folder, line) -> Heard:
    line = line.replace("xeploai", " ".join(XEPLOAI))
    done = subprocess.run(["bash", "-c", line], cwd=folder, env=environment(), capture_output=True, check=False)
    return Heard(done.returncode, done.stdout, done.stderr)


def words(told: bytes, encoding: str) -> str:
    """The text as a person would make it out: what the encoding cannot show stands there as \\u1ea1."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", told.decode(encoding))
    return re.sub(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})", lambda found: chr(int(found[1] or found[2], 16)), text)


def no_bug(heard: Heard) -> None:
    said = heard.out + heard.err
    assert b"Traceback" not in said, said
    assert b"xeploai-loi-" not in said, said


# ------------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize("encoding", ["cp1258", "cp437", "ascii"])
def test_a_terminal_of_any_encoding_shows_every_name(office, encoding):
    heard = on_terminal(office, *CLASSIFY, PYTHONIOENCODING=encoding, COLUMNS="200", TERM="xterm")
    no_bug(heard)
    assert heard.code == 1
    text = words(said(heard), encoding)
    for name in (*UNITS, "Huyện Ắ", "DL20", "Kiểm điểm", "khá", "tốt", "Đã ghi diem-ket-qua.xlsx"):
        assert name in text, (name, text)


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "cp1252:strict"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}], ids=str
)
def test_a_pipe_gets_utf_8_whatever_the_environment_says(office, env):
    heard = piped(office, *CLASSIFY, **env)
    no_bug(heard)
    assert heard.code == 1
    for name in UNITS:
        assert name in heard.out.decode("utf-8")
    assert "Xã Nạ (Huyện Ắ): TC1 để trống" in heard.err.decode("utf-8")


def test_a_file_with_a_vietnamese_name_is_read_and_told_where_the_system_knows_only_ascii(tmp_path):
    (tmp_path / "bo.yaml").write_text(BOOK, "utf-8")
    scores(tmp_path / "Bảng điểm.xlsx")
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    heard = piped(tmp_path, "classify", "Bảng điểm.xlsx", "--rules", "bo.yaml", "--json", "-", **plain)
    no_bug(heard)
    assert heard.code == 1
    assert [unit["name"] for unit in json.loads(heard.out)["units"]] == UNITS
    assert (tmp_path / "Bảng điểm-ket-qua.xlsx").is_file()


def test_a_file_name_that_is_no_text_at_all_is_read_and_told(tmp_path):
    (tmp_path / "bo.yaml").write_text(BOOK, "utf-8")
    name = os.fsdecode(b"di\xffem.xlsx")
    scores(tmp_path / "x.xlsx").rename(tmp_path / name)
    heard = piped(tmp_path, "classify", name, "--rules", "bo.yaml", "--json", "r.json")
    no_bug(heard)
    assert heard.code == 1
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["inputs"][0]["path"].startswith("di")


# ----------------------------------------------------------------------------------- the same everywhere

COMMANDS = {
    ("check", "diem.xlsx", "--rules", "bo.yaml"): (1, "Mường Ná"),
    ("rules", "list"): (0, "cqcs-dien-bien"),
    ("explain", "DL05"): (0, "DL05"),
    ("classify", "diem.xlsx", "--nam", "2019"): (2, "--nam"),
    ("classify", "khong-co.xlsx"): (2, "khong-co.xlsx"),
}
MANNERS = {
    "a pipe in ascii": lambda folder, line: piped(folder, *line, PYTHONIOENCODING="ascii"),
    "a dumb narrow terminal": lambda folder, line: on_terminal(
        folder, *line, PYTHONIOENCODING="cp1258", TERM="dumb", COLUMNS="20"
    ),
    "nobody": lambda folder, line: in_shell(folder, f"xeploai {' '.join(line)} <&- >&- 2>&-"),
}


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
def test_every_command_ends_with_the_same_code_in_every_manner(office, line, manner):
    code, word = COMMANDS[line]
    heard = MANNERS[manner](office, line)
    no_bug(heard)
    assert heard.code == code, heard
    if manner != "nobody" and line[0] != "check":
        assert word in (heard.out + heard.err).decode("cp1258" if "terminal" in manner else "utf-8").replace("\n", "")


LINES = {
    "closed": "xeploai {} >&-",
    "all three closed": "xeploai {} <&- >&- 2>&-",
    "a reader of one line": "xeploai {} | head -1; exit ${{PIPESTATUS[0]}}",
    "a reader of one line of both": "xeploai {} 2>&1 | head -1; exit ${{PIPESTATUS[0]}}",
}


@pytest.mark.parametrize("how", LINES)
def test_who_stops_listening_changes_neither_the_code_nor_the_result(office, how):
    target = office / f"{how}.xlsx"
    heard = in_shell(office, LINES[how].format(f"{' '.join(CLASSIFY)} --json - -o '{target.name}'"))
    no_bug(heard)
    assert heard.code == 1
    assert zipfile.ZipFile(target).testzip() is None
    if how in ("closed", "a reader of one line"):  # whoever stops reading stdout still hears the trouble
        assert b"DL20" in heard.err
        assert b"kd: 1" in heard.err


def test_the_trouble_is_heard_though_nobody_reads_a_long_table(tmp_path):
    """More than a pipe and a buffer hold: the write itself meets the reader that went."""
    (tmp_path / "bo.yaml").write_text(BOOK, "utf-8")
    scores(tmp_path / "diem.xlsx", [f"Xã Mường Thứ {place}" for place in range(600)])
    heard = in_shell(tmp_path, f"xeploai {' '.join(CLASSIFY)} --json - | head -1; exit ${{PIPESTATUS[0]}}")
    no_bug(heard)
    assert (heard.code, heard.out) == (1, b"{\n")
    assert b"DL20" in heard.err
    assert "Đã ghi".encode() in heard.err


def test_a_pipe_that_is_set_not_to_wait_gets_every_byte(tmp_path):
    (tmp_path / "bo.yaml").write_text(BOOK, "utf-8")
    scores(tmp_path / "diem.xlsx", [f"Xã Mường Thứ {place}" for place in range(600)])
    expected = piped(tmp_path, *CLASSIFY, "--json", "-")
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    child = subprocess.Popen(
        [*XEPLOAI, *CLASSIFY, "--json", "-"], cwd=tmp_path, env=environment(), stdout=writer, stderr=subprocess.DEVNULL
    )
    os.close(writer)
    time.sleep(0.5)  # let it fill
    with open(reader, "rb") as pipe:
        told = pipe.read()
    assert len(told) > 65536
    assert (child.wait(), told) == (1, expected.out)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("line", ["classify diem.xlsx --rules bo.yaml -o day.xlsx --force", "explain DL05"])
def test_a_full_disk_under_the_output_is_2_and_a_sentence(office, line):
    heard = in_shell(office, f"xeploai {line} > /dev/full")
    no_bug(heard)
    assert heard.code == 2
    assert "Không in được kết quả: đĩa đã đầy" in heard.err.decode()
    assert in_shell(office, f"xeploai {line} > /dev/full 2>&1").code == 2


# --------------------------------------------------------------------------------------------- looks


@pytest.mark.parametrize("how", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_without_colours_gets_no_escape_sequence(office, how):
    heard = on_terminal(office, *CLASSIFY, COLUMNS="100", **how)
    assert heard.code == 1
    assert b"\x1b" not in heard.out


def test_a_terminal_with_colours_gets_them(office):
    assert b"\x1b[" in on_terminal(office, *CLASSIFY, COLUMNS="100", TERM="xterm", NO_COLOR="").out


def test_a_pipe_gets_no_escape_sequence_unless_it_is_wanted(office):
    heard = piped(office, *CLASSIFY)
    assert b"\x1b" not in heard.out + heard.err
    forced = piped(office, *CLASSIFY, FORCE_COLOR="1")
    assert forced.code == 1
    assert b"\x1b[" in forced.err
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", forced.err) == heard.err


def letters(told: bytes) -> Counter[str]:
    return Counter(char for char in words(told, "utf-8") if char.isalnum())


EMPTY = Counter(
    "ĐơnvịNhómhuyệnDanhhiệuCảnhbáo"
)  # headings of the first column and of empty ones are not said in a list


@pytest.mark.parametrize("columns", ["0", "00"])
def test_a_width_of_nothing_is_no_width(office, columns):
    plain, none = piped(office, *CLASSIFY), piped(office, *CLASSIFY, COLUMNS=columns)
    assert none == plain
    there = on_terminal(office, *CLASSIFY, COLUMNS=columns, TERM="dumb", PYTHONUTF8="1")
    no_bug(there)
    assert there.code == 1
    assert not letters(plain.out) - letters(there.out) - EMPTY


@pytest.mark.parametrize("columns", ["10", "80"])
def test_a_narrow_terminal_loses_no_letter(office, columns):
    wide = on_terminal(office, *CLASSIFY, COLUMNS="400", PYTHONUTF8="1", TERM="dumb")
    narrow = on_terminal(office, *CLASSIFY, COLUMNS=columns, PYTHONUTF8="1", TERM="dumb")
    no_bug(narrow)
    assert narrow.code == wide.code == 1
    assert not letters(said(wide)) - letters(said(narrow)) - EMPTY, narrow.out.decode()


@pytest.mark.parametrize(
    "names", [UNITS, ["Xã Á", "Xã Mường Đồng Nà Khoang Nặm Lúc Thượng", "Xã Nạ"]], ids=["short", "long"]
)
def test_no_width_at_all_loses_a_letter_or_reaches_over_the_edge(names):
    rows = "\n".join(f"| {place} | Huyện Ắ | {name} | 18 | 11 | 7 |" for place, name in enumerate(names, 1))
    outcome = run(loads(BOOK.encode(), "bo.yaml"), a_grid(f"| NĂM 2019 |\n| {' | '.join(HEADINGS)} |\n{rows}"))
    wide = shown(outcome, 400)
    assert all(name in wide for name in names)
    for width in range(5, 130):
        narrow = shown(outcome, width)
        assert not letters(wide.encode()) - letters(narrow.encode()) - EMPTY, (width, narrow)
        assert max(map(len, narrow.splitlines())) <= width, (width, narrow)


def shown(outcome: Outcome, width: int) -> str:
    stream = io.StringIO()
    show_outcome(outcome, Console(file=stream, width=width, markup=False, highlight=False))
    return stream.getvalue()


def said(heard: Heard) -> bytes:
    """Without the line that tells what is being done and vanishes: a narrow terminal has less room for it."""
    return re.sub(rb"\r[^\r\n]*\r", b"", heard.out)


# ------------------------------------------------------------------------------------- hostile words

ESCAPES = {
    "colour": "Xã _x001B_[38;5;201mĐỏ",
    "title": "Xã _x001B_]0;hỏng_x0007_Tên",
    "c1": "Xã \x9b38;5;201mHai",
    "c1 title": "Xã \x9d0;hỏng\x9cBa",
    "delete": "Xã \x7f\x7fBốn",
    "backspace": "Xã _x0008__x0008_Năm",
    "bidi": "Xã \u202eSáu\u202c",
    "isolate": "Xã \u2067Bảy\u2069",
    "line": "Xã\nTám",
    "return": "Xã _x000D_Chín",
    "markup": "Xã [cũ] [red]Mười[/red] [/x]",
    "emoji": "Xã :smile: Một",
    "link": "Xã [link=http://a.b]Không[/link]",
}
SHOWN = [
    r"\x1b[38;5;201mĐỏ", r"\x1b]0;hỏng\x07Tên", r"\x9b38;5;201mHai", r"\x9d0;hỏng\x9cBa", r"\x7f\x7fBốn", r"\x08\x08Năm",
    "202eSáu", "2067Bảy", "Xã Tám", "Chín", "[cũ] [red]Mười[/red] [/x]", ":smile: Một", "[link=http://a.b]Không[/link]",
]  # fmt: skip
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Names that would repaint, retitle or reorder a terminal; and a file of such a name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "bo.yaml").write_text(BOOK, "utf-8")
    scores(folder / "diem.xlsx", [*ESCAPES.values(), "Xã \x9b2J\u202eTrắng"])
    scores(folder / "d\x1b[38;5;201m\x9bi\u202e.xlsx", [*ESCAPES.values()][:2])
    return folder


def test_no_name_of_the_data_is_obeyed_by_a_terminal_and_none_is_lost(hostile):
    heard = on_terminal(hostile, *CLASSIFY, COLUMNS="400", TERM="xterm-256color", PYTHONUTF8="1")
    no_bug(heard)
    text = re.sub(r"\x1b\[[0-9;]*m", "", heard.out.decode())  # our own colours
    assert b"\x1b[38;5;201m" not in heard.out
    assert not OBEYED.search(text), repr(OBEYED.search(text))
    for name in SHOWN:
        assert name in text, (name, text)
    assert r"\x9b2J" in text  # the finding's sentence, too


@pytest.mark.parametrize("where", [("--json", "-"), ("--json", "r.json")], ids=str)
def test_json_says_every_name_exactly_and_nothing_that_a_terminal_obeys(hostile, where):
    heard = piped(hostile, *CLASSIFY, *where)
    text = heard.out.decode() if where[1] == "-" else (hostile / "r.json").read_text("utf-8")
    assert not OBEYED.search(text)
    names = [unit["name"] for unit in json.loads(text)["units"]]
    assert "Xã \x9b38;5;201mHai" in names
    assert "Xã \u202eSáu\u202c" in names


HOSTILE_LINES = {
    "the input": ["classify", "d\x1b[38;5;201m\x9bi\u202e.xlsx", "--rules", "bo.yaml", "--force"],
    "a check": ["check", "d\x1b[38;5;201m\x9bi\u202e.xlsx", "--rules", "bo.yaml"],
    "a missing file": ["check", "k\x1b[38;5;201m\x9b\u202e.xlsx"],
    "the output": ["classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "r\x1b[38;5;201m\x9b\u202e.xlsx", "--force"],
    "an output in no folder": ["classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "x\x1b[38;5;201m\x9b/r.xlsx"],
    "a book": ["check", "diem.xlsx", "--rules", "b\x1b[38;5;201m\x9b\u202e"],
    "a code": ["explain", "b\x1b[38;5;201m\x9b\u202e"],
    "a command": ["b\x1b[38;5;201m\x9b\u202e"],
    "an option": ["check", "--b\x1b[38;5;201m\x9b\u202e"],
    "a word": ["check", "diem.xlsx", "--hidden", "b\x1b[38;5;201m\x9b\u202e"],
    "one word too many": ["explain", "a", "b\x1b[38;5;201m\x9b\u202e"],
    "a template": ["template", "cqcs-dien-bien", "-o", "t\x1b[38;5;201m\x9b\u202e.xlsx", "--force"],
}


STILL_RAW: set[str] = set()
"""What cli.py writes by itself, without the console: the line of progress, a wrong command line, «Đã ghi …» of a template."""


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=[pytest.mark.xfail(strict=True)] if what in STILL_RAW else []) for what in HOSTILE_LINES],
)
def test_no_word_of_the_command_line_is_obeyed_by_a_terminal(hostile, what):
    heard = on_terminal(hostile, *HOSTILE_LINES[what], COLUMNS="400", TERM="dumb", PYTHONUTF8="1")
    no_bug(heard)
    assert heard.code in (0, 1, 2)
    found = OBEYED.search(heard.out.decode())
    assert not found, (repr(found), heard.out)
