"""A file appears whole or not at all, and never over what somebody gave us."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from xeploai.findings import Unusable
from xeploai.write.whole import may_write, write_whole


def refused(call, *arguments, **more) -> tuple[str, str]:
    with pytest.raises(Unusable) as stopped:
        call(*arguments, **more)
    (finding,) = stopped.value.findings
    return finding.code, finding.message


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "kết quả.xlsx"
    path.write_bytes(b"old")
    return path


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(old, monkeypatch, step):
    monkeypatch.setattr(os, step, full)
    code, message = refused(write_whole, old, b"new")
    assert (code, "đĩa đã đầy" in message) == ("DL91", True)
    assert (old.read_bytes(), os.listdir(old.parent)) == (b"old", [old.name])


def test_a_disk_that_fills_up_while_writing_leaves_the_old_file_and_nothing_else(old, monkeypatch):
    opened = os.fdopen

    def short(handle, mode):
        file = opened(handle, mode)

        class Full:
            __enter__ = lambda self: self  # noqa: E731
            __exit__ = lambda self, *_: file.close()  # noqa: E731
            write = full

        return Full()

    monkeypatch.setattr(os, "fdopen", short)
    assert refused(write_whole, old, b"new")[0] == "DL91"
    assert (old.read_bytes(), os.listdir(old.parent)) == (b"old", [old.name])


def test_an_interrupt_while_writing_leaves_nothing_behind(old, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(old, b"new")
    assert (old.read_bytes(), os.listdir(old.parent)) == (b"old", [old.name])


def test_a_missing_folder_is_named_and_not_made(tmp_path):
    target = tmp_path / "không có" / "r.xlsx"
    code, message = refused(may_write, target, inputs=[], force=False)
    assert (code, "không có" in message) == ("DL91", True)
    assert refused(write_whole, target, b"new")[0] == "DL91"
    assert os.listdir(tmp_path) == []


def test_a_folder_without_permission_is_refused_before_the_work(tmp_path):
    folder = tmp_path / "chỉ đọc"
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("permissions are not enforced for this user (root)")
    assert refused(may_write, folder / "r.xlsx", inputs=[], force=False)[0] == "DL91"


def test_a_folder_is_no_target(tmp_path):
    assert refused(may_write, tmp_path, inputs=[], force=True)[0] == "DL91"
    assert refused(write_whole, tmp_path, b"new")[0] == "DL91"
    assert os.listdir(tmp_path) == []


def test_an_existing_result_is_refused_and_force_allows_it(old):
    assert refused(may_write, old, inputs=[], force=False)[0] == "DL90"
    may_write(old, inputs=[], force=True)


@pytest.mark.parametrize("link", ["same", "symlink", "hard"])
def test_an_input_is_never_the_target_by_any_name_even_with_force(old, tmp_path, link):
    target = old if link == "same" else tmp_path / "khac.xlsx"
    if link == "symlink":
        target.symlink_to(old)
    elif link == "hard":
        target.hardlink_to(old)
    assert refused(may_write, target, inputs=[tmp_path / "absent.xlsx", old], force=True)[0] == "DL92"
    assert old.read_bytes() == b"old"


def test_a_new_file_is_allowed(tmp_path):
    may_write(tmp_path / "r.xlsx", inputs=[tmp_path / "diem.xlsx"], force=False)


def test_a_symbolic_link_stays_a_link_and_its_file_is_replaced(old, tmp_path):
    link = tmp_path / "moi nhat.xlsx"
    link.symlink_to(old)
    write_whole(link, b"new")
    assert (link.is_symlink(), old.read_bytes()) == (True, b"new")


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "r.xlsx", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "r.xlsx").stat().st_mode & 0o777 == mode


def test_an_existing_file_keeps_its_permissions(old):
    old.chmod(0o640)
    write_whole(old, b"new")
    assert (old.stat().st_mode & 0o777, old.read_bytes()) == (0o640, b"new")


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from xeploai.write.whole import write_whole
target = Path(sys.argv[1])
print("ready", flush=True)
while True:
    write_whole(target, b"a" * 3_000_000)
    write_whole(target, b"b" * 3_000_000)
"""


def test_a_process_killed_while_writing_leaves_the_old_or_the_new_file_whole(tmp_path):
    target = tmp_path / "r.xlsx"
    chance = random.Random(2026)
    for _ in range(8):
        child = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(target)], stdout=subprocess.PIPE)
        assert child.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.01, 0.08))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if target.exists():
            content = target.read_bytes()
            assert (len(content), len(set(content))) == (3_000_000, 1)
    assert target.exists()
