"""The reading process: it may die, and takes nobody with it."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from read.handmade import cell, read_here, row
from xeploai import read
from xeploai.read import frames, link, pool, worker

ROOT = Path(read.__file__).parents[2]

# How the process is started in these tests: the true one, but a file named "chet…" makes it die as its name says.
DEADLY = """\
import os, signal, sys
from xeploai.read import worker
whole = worker._bytes
def deadly(path):
    name = os.path.basename(path).decode()
    if name.startswith("chet-abort"):
        os.abort()
    if name.startswith("chet-kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("chet-exit"):
        os.write(2, b"thread panicked")
        os._exit(7)
    if name.startswith("chet-giua"):
        sys.stdout.buffer.write(b"\\xff\\0\\0\\0\\0\\0\\0\\0half a frame")
        sys.stdout.buffer.flush()
        os._exit(0)
    if name.startswith("hoang"):
        raise type("PanicException", (BaseException,), {})("index out of bounds")
    if name.startswith("het-bo-nho"):
        raise MemoryError
    if name.startswith("loi-cua-ta"):
        raise ZeroDivisionError
    return whole(path)
worker._bytes = deadly
"""


@pytest.fixture
def deadly(monkeypatch):
    boot = link._BOOT.replace("from xeploai.read.worker import main", DEADLY + "from xeploai.read.worker import main")
    monkeypatch.setattr(link, "_BOOT", boot)


@pytest.fixture
def good(book):
    return [book(row(cell("A1", f"<v>{n}</v>")), name=f"tot-{n}.xlsx") for n in range(3)]


def bad(folder, name):
    path = folder / f"{name}.xlsx"
    path.write_bytes(b"PK")
    return path


def first_values(results):
    return [source.grids[0].rows[0][0] if source else [finding.code for finding in said] for source, said in results]


def test_files_come_in_the_given_order_with_their_hash(good):
    results = list(read.read([good[2], good[0], good[2]]))
    assert first_values(results) == [2.0, 0.0, 2.0]
    source, said = results[1]
    assert said == []
    assert (source.name, source.path) == ("tot-0.xlsx", good[0])
    assert source.sha256 == hashlib.sha256(good[0].read_bytes()).hexdigest()
    assert source.grids[0].file == "tot-0.xlsx"


def test_no_files_need_no_process(monkeypatch):
    monkeypatch.setattr(link, "command", lambda: pytest.fail("a process was started"))
    assert list(read.read([])) == []


def test_the_process_says_what_this_process_would_say(good, tmp_path):
    paths = [*good, bad(tmp_path, "hong"), tmp_path / "khong-co.xlsx"]
    for path, (source, said) in zip(paths, read.read(paths), strict=True):
        here, said_here = read_here(path)
        assert said == said_here
        assert (source and source.grids[0].rows) == (here and here.grids[0].rows)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("chet-abort", "tín hiệu SIGABRT, thường vì quá 1.024 MB bộ nhớ (nâng bằng XEPLOAI_READ_MB)"),
        ("chet-kill", "tín hiệu SIGKILL"),
        ("chet-exit", "mã thoát 7"),
        ("chet-giua", "mã thoát 0"),
        ("hoang", "bộ giải mã gặp chỗ không xử lý được"),
        ("het-bo-nho", "quá 1.024 MB bộ nhớ (nâng bằng XEPLOAI_READ_MB)"),
    ],
)
def test_a_file_that_kills_the_process_costs_only_itself(deadly, good, tmp_path, capfd, name, reason):
    deaths = [bad(tmp_path, name), bad(tmp_path, name + "-2")]
    results = list(read.read([good[0], deaths[0], good[1], deaths[1], good[2]]))
    assert first_values(results) == [0.0, ["DL07"], 1.0, ["DL07"], 2.0]
    assert reason in results[1][1][0].message
    assert f"«{name}.xlsx»" in results[1][1][0].message
    assert capfd.readouterr() == ("", "")


def test_a_fault_of_ours_is_no_finding_about_the_file(deadly, tmp_path):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(read.read([bad(tmp_path, "loi-cua-ta")]))


def test_a_process_that_cannot_start_is_told_of_every_file(good, monkeypatch):
    monkeypatch.setattr(link, "command", lambda: ["/khong/co/python"])
    results = list(read.read(good))
    assert first_values(results) == [["DL07"]] * 3
    assert "không khởi động được" in results[0][1][0].message


def test_a_process_that_dies_at_once_is_told_of_every_file(good, monkeypatch):
    monkeypatch.setattr(link, "command", lambda: [sys.executable, "-c", "raise SystemExit(3)"])
    results = list(read.read(good))
    assert first_values(results) == [["DL07"]] * 3
    assert "mã thoát 3" in results[2][1][0].message


# ------------------------------------------------------------------------------------------- ahead


@pytest.fixture
def started(monkeypatch):
    """Every reading process that a test starts."""
    processes = []
    usual = subprocess.Popen

    def start(*arguments, **more):
        processes.append(usual(*arguments, **more))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


def assert_all_ended(processes):
    assert processes
    assert all(process.returncode is not None for process in processes)  # and waited for: none is a zombie


def test_reading_ahead_changes_no_result(good, started, tmp_path):
    paths = [*good, bad(tmp_path, "hong")]
    without = list(read.read(paths))
    read.ahead(paths)
    ahead = list(read.read(paths))
    assert first_values(ahead) == first_values(without) == [0.0, 1.0, 2.0, ["DL02"]]
    assert [said for _, said in ahead] == [said for _, said in without]
    assert_all_ended(started)


def test_what_was_read_ahead_is_taken_in_any_order_and_part(good, started, tmp_path):
    read.ahead([good[0], good[1], tmp_path / "khong-co.xlsx", "--rules"])
    assert first_values(read.read([good[2], good[1]])) == [2.0, 1.0]
    assert first_values(read.read([good[0]])) == [0.0]
    assert len(started) <= 3  # what was passed over is kept; on a busy machine one process more may be needed
    assert first_values(read.read([good[0], good[0]])) == [0.0, 0.0]
    assert_all_ended(started)


def test_a_folder_can_be_read_ahead(good):
    read.ahead([good[0].parent])
    paths, _ = read.gather([good[0].parent])
    assert first_values(read.read(paths)) == [0.0, 1.0, 2.0]
    assert pool._early == []


def test_a_death_while_reading_ahead_costs_only_its_file(deadly, good, tmp_path):
    paths = [good[0], bad(tmp_path, "chet-abort"), good[1]]
    read.ahead(paths)
    assert first_values(read.read(paths)) == [0.0, ["DL07"], 1.0]


def test_nothing_is_started_for_what_is_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(link, "command", lambda: pytest.fail("a process was started"))
    os.mkfifo(tmp_path / "ong.xlsx")
    read.ahead(["classify", tmp_path / "ong.xlsx", tmp_path / "a\0b", tmp_path / "khong-co.xlsx", tmp_path])


def test_a_reading_that_is_given_up_leaves_no_process(good, started):
    read.ahead(good[:2])
    reading = read.read(good)
    next(reading)
    reading.close()
    pool._forget()
    assert_all_ended(started)


def test_what_was_read_ahead_and_never_asked_for_ends_with_the_program(large):
    script = f"from xeploai.read import ahead, pool; ahead([{str(large)!r}]); print(pool._early[0].processes[0])"
    done = run(script)
    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_half_a_file_is_never_taken_for_the_next_one(good, large):
    readers = pool.Pool([str(large), str(good[1])])
    replies = readers.replies(str(large))
    assert next(replies)[0] == "rows"
    replies.close()
    taken = list(readers.replies(str(good[1])))
    readers.close()
    assert [frame[0] for frame in taken] == ["rows", "sheet", "done"]
    assert taken[0][1] == [[1.0]]


def run(script, path=str(ROOT), folder=None):
    """What another Python says to this script, with nothing but `path` in PYTHONPATH."""
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=folder, timeout=60)


def gone(pid):
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(200):
        try:
            os.kill(pid, 0)
            if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return  # dead, though nobody here buries orphans
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.05)
    pytest.fail("the reading process lives on")


@pytest.fixture
def large(book):
    """A workbook that fills the pipe, so that the reading process waits for its reader."""
    rows = "".join(
        row(*(cell(f"{'ABCDEFGH'[c]}{n}", f"<v>{n}.5</v>") for c in range(8)), number=n) for n in range(1, 8001)
    )
    return book(rows, rows, name="lon.xlsx")


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)"])
def test_the_process_ends_when_its_parent_is_gone(large, end):
    script = (
        "import os, signal, time\nfrom xeploai.read import ahead, pool\n"
        f"ahead([{str(large)!r}])\nprint(pool._early[0].processes[0], flush=True)\ntime.sleep(0.5)\n{end}"
    )
    gone(int(run(script).stdout))


def test_ctrl_c_reaches_the_parent_alone_and_leaves_nothing(large):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom xeploai import read\nfrom xeploai.read import pool\n"
        f"path = Path({str(large)!r})\nread.ahead([path])\nprint(pool._early[0].processes[0], flush=True)\n"
        "try:\n    time.sleep(20)\nexcept KeyboardInterrupt:\n"
        "    source, said = next(read.read([path]))\n    print(len(source.grids), flush=True)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    pid = int(parent.stdout.readline())
    time.sleep(1)
    os.killpg(parent.pid, signal.SIGINT)  # as a terminal does: to both
    said, wrong = parent.communicate(timeout=60)
    assert (said, wrong) == ("2\n", "")
    gone(pid)


def test_importing_the_front_imports_nothing_heavy():
    script = (
        "import sys, xeploai\nbefore = set(sys.modules)\nimport xeploai.read\n"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('xeploai.read')))"
    )
    assert run(script).stdout == "[]\n"


def test_the_process_finds_its_code_where_the_parent_does(good):
    """Without site-packages of its own: in a venv, an editable install, or with PYTHONPATH, it has the parent's path."""
    script = (
        f"import sys; sys.path.append({str(ROOT)!r})\nfrom pathlib import Path\nfrom xeploai import read\n"
        f"print([source.grids[0].rows for source, _ in read.read([Path({str(good[1])!r})])])"
    )
    done = run(script, path="", folder="/")
    assert done.stdout.strip() == "[[[1.0]]]"


def test_a_file_that_the_system_will_not_open_is_told(good, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(worker, "open", refuse, raising=False)
    source, (told,) = read_here(good[0])
    assert (source, told.code) == (None, "DL01")
    assert "hệ thống báo «Permission denied»" in told.message


def test_a_name_that_is_no_utf8_is_read(good, tmp_path):
    name = os.fsdecode(b"di\xeam.xlsx")
    path = tmp_path / name
    try:
        path.write_bytes(good[1].read_bytes())
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    assert first_values(read.read([path])) == [1.0]


# ---------------------------------------------------------------------------------------- a large workbook


@pytest.fixture
def many_sheets(tmp_path):
    """A workbook of five sheets, each with its own number in A1."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for number in range(5):
        book.create_sheet(f"S{number}")["A1"] = number
    book.save(tmp_path / "nhieu.xlsx")
    return tmp_path / "nhieu.xlsx"


def sheets_of(path):
    ((source, findings),) = list(read.read([path]))
    return source and [(grid.sheet, grid.rows) for grid in source.grids], findings, source and source.sha256


def test_two_halves_are_what_one_process_reads(many_sheets, monkeypatch):
    alone = sheets_of(many_sheets)
    monkeypatch.setattr(pool, "LARGE", 1)
    assert sheets_of(many_sheets) == alone
    assert [name for name, _ in alone[0]] == ["S0", "S1", "S2", "S3", "S4"]


def test_the_name_of_a_misnamed_large_file_is_spoken_of_once(many_sheets, monkeypatch):
    monkeypatch.setattr(pool, "LARGE", 1)
    wrong = many_sheets.rename(many_sheets.with_suffix(".xls"))
    assert [finding.code for finding in sheets_of(wrong)[1]] == ["DL08"]


def test_a_damaged_large_file_is_refused_once(many_sheets, monkeypatch):
    monkeypatch.setattr(pool, "LARGE", 1)
    many_sheets.write_bytes(many_sheets.read_bytes()[:-200])
    sheets, findings, _ = sheets_of(many_sheets)
    assert sheets is None
    assert [finding.code for finding in findings] == ["DL03"]


# ------------------------------------------------------------------------------------- a small file in one frame


def sent(monkeypatch, *messages, share=0, of=1):
    """The words of the frames that leave for these messages on a file."""
    monkeypatch.setattr(worker, "replies", lambda *_: iter(messages))
    out = io.BytesIO()
    worker._answer(out, b"x.xlsx", share, of)
    out.seek(0)
    found = []
    while (message := frames.receive(out)) is not None:
        found.append(("whole", *map(frames.unpacked, message[1:])) if message[0] == "whole" else message[0])
    return found


ROWS, SHEET, NOTE, DONE = ("rows", [[1.0]] * 100, []), ("sheet", {}), ("note", "DL08", {}), ("done", "ab")


def test_a_small_file_leaves_in_one_frame_with_its_notes_after_the_sheets(monkeypatch):
    assert sent(monkeypatch, NOTE, ROWS, SHEET, ROWS, SHEET, DONE) == [("whole", ROWS, SHEET, ROWS, SHEET, NOTE, DONE)]


@pytest.mark.parametrize(
    "messages",
    [
        (NOTE, ROWS, SHEET, ("refused", "DL03", {})),  # whose sheets must not be seen before its end
        (ROWS, ("rows", [["x" * 70_000]], []), SHEET, DONE),  # more than 64 KB
        (*(SHEET,) * 16, DONE),
    ],
)
def test_any_other_file_leaves_frame_by_frame(monkeypatch, messages):
    assert sent(monkeypatch, *messages) == [message[0] for message in messages]


@pytest.mark.parametrize(("length", "word"), [(1 << 20, "done"), ((1 << 20) + 1, "refused")])
def test_a_text_longer_than_any_office_program_writes_is_refused(monkeypatch, length, word):
    """200 KB of .xlsx hold a text of 200 MB, at which the parent worked for minutes."""
    assert sent(monkeypatch, ("rows", [["Xã Ná", "x" * length]], []), SHEET, DONE)[-1] == word


def test_a_share_of_a_file_leaves_frame_by_frame(monkeypatch):
    assert sent(monkeypatch, ROWS, SHEET, DONE, of=2) == ["rows", "sheet", "done"]


def test_the_pool_hands_a_small_file_on_message_by_message(good):
    readers = pool.Pool(map(str, good))
    assert [[message[0] for message in readers.replies(str(path))] for path in good] == [["rows", "sheet", "done"]] * 3
    readers.close()
