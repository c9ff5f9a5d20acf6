"""Killed, interrupted or failed at any moment: the old result is whole, or the new one is; never anything between."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from builders import BANDS, CRITERIA, HEAD
from xeploai import cli

KILLS, STOPS = (int(os.environ.get("XEPLOAI_KILLS", number)) for number in (20, 10))
BOOK = HEAD + CRITERIA + BANDS
HEADINGS = ["STT", "Huyện", "Đơn vị", "TC1", "TC2.1", "TC2.2"]
RESULTS = ("r.xlsx", "r.json")
ARGUMENTS = ["classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "r.xlsx", "--json", "r.json", "--force"]
START = "import sys; print('go', flush=True); from xeploai.__main__ import main; sys.argv[0] = 'xeploai'; main()"


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    (folder / "bo.yaml").write_text(BOOK, "utf-8")
    book = Workbook()
    book.active.append(["BẢNG ĐIỂM NĂM 2019"])
    book.active.append(HEADINGS)
    for place in range(1, 301):
        book.active.append([place, "Huyện A", f"Xã số {place}", 18, 11, 7])
    book.save(folder / "diem.xlsx")
    return folder


def start(folder: Path) -> subprocess.Popen[bytes]:
    """The command in a process group of its own, as a terminal starts it; returns when Python itself is up."""
    child = subprocess.Popen(
        [sys.executable, "-c", START, *ARGUMENTS],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert child.stdout
    assert child.stdout.readline() == b"go\n"
    return child


@pytest.fixture(scope="module")
def fresh(office) -> tuple[dict[str, bytes], float]:
    """What a run that is left alone writes, and how long it takes."""
    child, began = start(office), time.monotonic()
    child.communicate()
    lasted = time.monotonic() - began
    assert child.returncode == 0
    return {name: (office / name).read_bytes() for name in RESULTS}, lasted


def lay_out(folder: Path) -> None:
    """Old results of known content; nothing else but the inputs."""
    for name in RESULTS:
        (folder / name).write_bytes(f"kết quả cũ {name}".encode())


def look(folder: Path, new: dict[str, bytes]) -> list[str]:
    """Every result is the old or the new one, whole. Returns which; the workbook is put in place before the JSON."""
    seen = []
    for name in RESULTS:
        content = (folder / name).read_bytes()
        if content == new[name]:
            seen.append("new")
        else:
            assert content == f"kết quả cũ {name}".encode(), f"{name} is neither"
            seen.append("old")
    assert seen != ["old", "new"]
    return seen


def strays(folder: Path) -> list[str]:
    return sorted(set(os.listdir(folder)) - {"diem.xlsx", "bo.yaml", *RESULTS})


def gone(group: int) -> bool:
    """Whether no process of this group is left, a moment after its leader died."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_run_killed_at_any_moment_leaves_whole_files_and_no_process(office, fresh):
    new, lasted = fresh
    chance = random.Random(20261122)
    for _ in range(KILLS):
        lay_out(office)
        child = start(office)
        time.sleep(chance.uniform(0, lasted * 1.05))
        child.kill()  # this process alone: the reader and the writer must notice by themselves
        child.communicate()
        look(office, new)
        for name in strays(office):
            assert name.startswith(".xeploai-")
            assert name.endswith(".tmp")
            (office / name).unlink()
        assert gone(child.pid)


def test_ctrl_c_at_any_moment_is_130_a_sentence_and_nothing_left_over(office, fresh):
    new, lasted = fresh
    chance = random.Random(22112026)
    codes = []
    for _ in range(STOPS):
        lay_out(office)
        child = start(office)
        time.sleep(0.01 + chance.uniform(0, lasted))
        os.killpg(child.pid, signal.SIGINT)
        _, err = child.communicate(timeout=60)
        assert strays(office) == []
        seen = look(office, new)
        codes.append(child.returncode)
        if child.returncode == 130:
            assert err.decode().count("Đã dừng theo yêu cầu; không có tệp nào ghi dở.") == 1
        else:
            assert (child.returncode, seen) == (0, ["new", "new"])  # it was through before the signal came
        assert b"Traceback" not in err, err
        assert gone(child.pid)
    assert 130 in codes


ON_THE_WAY = """
import os, signal, sys
sys.argv = ['xeploai', *{arguments!r}]
import xeploai.__main__ as door, xeploai.cli as cli
def translated(*_, **__):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt as stop:
        raise ValueError('SchemaError') from stop
cli.commands._classified = translated
door.main()
"""


def test_ctrl_c_that_a_library_makes_an_error_of_its_own_is_still_ctrl_c(office):
    """Measured: pydantic, stopped while it builds a class, raises a SchemaError that says KeyboardInterrupt."""
    lay_out(office)
    code = ON_THE_WAY.format(arguments=ARGUMENTS)
    done = subprocess.run([sys.executable, "-c", code], cwd=office, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "Đã dừng theo yêu cầu; không có tệp nào ghi dở."


# ------------------------------------------------------------------------------- the Nth call that fails


class Faults:
    """Of the calls that put a result on the disk, the Nth fails."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int, error: int) -> None:
        self.left, self.error = number, error
        for name in ("open", "fsync", "replace"):
            patch.setattr(os, name, self.around(getattr(os, name), name))
        patch.setattr(time, "sleep", lambda _: None)

    def around(self, call, name):
        def faulty(first, *arguments, **more):
            ours = name != "open" or ".xeploai-" in os.fspath(first)
            if ours:
                self.left -= 1
                if self.left == -1:
                    raise OSError(self.error, os.strerror(self.error))
            return call(first, *arguments, **more)

        return faulty


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
def test_whichever_write_fails_the_run_is_2_with_one_sentence_and_whole_files(
    office, fresh, monkeypatch, capsys, error
):
    new, _ = fresh
    monkeypatch.chdir(office)
    outcomes = []
    for number in range(20):
        lay_out(office)
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(patch, number, error)
            code = cli.run([*ARGUMENTS, "--quiet"])
        said = capsys.readouterr().err
        seen = look(office, new)
        assert strays(office) == []
        outcomes.append((code, *seen))
        if code:
            assert code == 2
            assert said.count("DL91") == 1
            assert "hệ thống báo" not in said
            assert not said.isascii()
        else:
            assert (seen, said) == (["new", "new"], "")
        if faults.left >= 0:
            break
    # open, fsync, replace of the workbook; its folder's fsync may fail unheard; then the same for the JSON
    assert outcomes == [*[(2, "old", "old")] * 3, (0, "new", "new"), *[(2, "new", "old")] * 3, *[(0, "new", "new")] * 2]
