"""A file appears whole or not at all, and never over what somebody gave us."""

from __future__ import annotations

import builtins
import errno
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from xeploai.findings import Unusable
from xeploai.write import whole
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


def test_a_file_that_may_grow_no_further_leaves_the_old_one_and_nothing_else(old):
    """The kernel itself refuses the bytes, at several places of the file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (0, 1, 4096, 99_999):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            code, message = refused(write_whole, old, b"n" * 100_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert (code, "tệp lớn quá mức" in message) == ("DL91", True)
        assert (old.read_bytes(), os.listdir(old.parent)) == (b"old", [old.name])


def test_a_disk_that_is_really_full_leaves_the_old_file_and_nothing_else(tmp_path):
    disk = tmp_path / "đĩa"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a small disk")
    try:
        old = disk / "r.xlsx"
        old.write_bytes(b"o" * 100_000)
        code, message = refused(write_whole, old, b"n" * 150_000)
        assert (code, "đĩa đã đầy" in message) == ("DL91", True)
        assert (old.read_bytes(), os.listdir(disk)) == (b"o" * 100_000, ["r.xlsx"])
        write_whole(old, b"n" * 50_000)
        assert old.read_bytes() == b"n" * 50_000
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_result_is_on_the_disk_before_its_name_and_its_name_before_the_run_goes_on(old, monkeypatch):
    """A power cut must not leave the new name on a file whose bytes were never written, nor bring the old name back."""
    told = []
    fsync, replace = os.fsync, os.replace

    def synced(handle):
        told.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else f"file of {os.fstat(handle).st_size}")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", lambda *names: (told.append("replace"), replace(*names)))
    write_whole(old, b"new!")
    assert told == ["file of 4", "replace", "folder"]


# ------------------------------------------------------------------------------------- every call may fail


class Faults:
    """The calls that write, of which the Nth fails, once or from then on."""

    CALLS = ("open", "fsync", "chmod", "replace", "close", "unlink", "scandir")

    def __init__(self, monkeypatch, number, error, *, lasting):
        self.number, self.error, self.lasting, self.seen = number, error, lasting, []
        for name in self.CALLS:
            monkeypatch.setattr(os, name, self.around(getattr(os, name), name))
        monkeypatch.setattr(whole, "open", self.opened, raising=False)
        monkeypatch.setattr(time, "sleep", lambda _: None)

    def strike(self, name):
        self.seen.append(name)
        place = len(self.seen) - 1
        if place == self.number or (self.lasting and place > self.number):
            raise OSError(self.error, os.strerror(self.error))

    @property
    def struck(self):
        return len(self.seen) > self.number

    def around(self, call, name):
        def faulty(*arguments, **more):
            self.strike(name)
            return call(*arguments, **more)

        return faulty

    def opened(self, path, mode, opener=None):
        file = builtins.open(path, mode, opener=opener)  # noqa: SIM115  the pen closes it
        faults = self

        class Pen:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()
                faults.strike("close file")

            def write(self, content):
                file.write(content[: len(content) // 2])
                faults.strike("write")
                file.write(content[len(content) // 2 :])

            def flush(self):
                faults.strike("flush")
                file.flush()

            def fileno(self):
                return file.fileno()

        return Pen()


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EBUSY, errno.EINVAL])
def test_whatever_call_fails_the_file_is_the_old_or_the_new_one_whole(tmp_path, error, lasting):
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        old = folder / "r.xlsx"
        old.write_bytes(b"old")
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(patch, number, error, lasting=lasting)
            try:
                write_whole(old, b"new" * 1000)
                said = None
            except Unusable as stopped:
                (said,) = stopped.findings
        others = [name for name in os.listdir(folder) if name != "r.xlsx"]
        if said is None:
            assert old.read_bytes() == b"new" * 1000
        else:
            assert (said.code, old.read_bytes()) == ("DL91", b"old")
        if not lasting and others:  # where nothing works any more, nothing can be taken away either
            assert others == ["r-moi.xlsx"]
            assert (folder / "r-moi.xlsx").read_bytes() == b"new" * 1000
        if not faults.struck:
            assert said is None
            assert number >= 6
            break
    else:
        pytest.fail("the calls never end")


# --------------------------------------------------------------------------- a target that somebody holds


@pytest.fixture
def held(monkeypatch):
    """os.replace as Windows has it while Excel holds the file: refused, for so many tries; what was waited in seconds."""
    waited = []

    def hold(times, path):
        replace, left = os.replace, iter(range(times))

        def refuse(source, target):
            if os.fspath(target) == os.fspath(path) and next(left, None) is not None:
                raise PermissionError(errno.EACCES, "Access is denied")
            replace(source, target)

        monkeypatch.setattr(os, "replace", refuse)
        monkeypatch.setattr(time, "sleep", waited.append)
        return waited

    return hold


def test_a_target_held_for_a_moment_is_waited_for(old, held):
    waited = held(3, old)
    write_whole(old, b"new")
    assert (old.read_bytes(), os.listdir(old.parent), len(waited)) == (b"new", [old.name], 3)


def test_a_target_that_stays_held_keeps_its_content_and_the_result_stands_beside_it(old, held):
    waited = held(10_000, old)
    code, message = refused(write_whole, old, b"new")
    assert code == "DL91"
    assert "đang mở ở chương trình khác" in message
    assert f"«{old.with_name('kết quả-moi.xlsx')}»" in message
    assert 1 <= sum(waited) <= 3
    assert sorted(os.listdir(old.parent)) == ["kết quả-moi.xlsx", "kết quả.xlsx"]
    assert (old.read_bytes(), (old.parent / "kết quả-moi.xlsx").read_bytes()) == (b"old", b"new")


def test_a_result_kept_beside_never_takes_the_place_of_another(old, held):
    held(10_000, old)
    (old.parent / "kết quả-moi.xlsx").write_bytes(b"mine")
    assert "«" + str(old.with_name("kết quả-moi2.xlsx")) in refused(write_whole, old, b"new")[1]
    names = ["kết quả-moi.xlsx", "kết quả-moi2.xlsx", "kết quả.xlsx"]
    assert [(old.parent / name).read_bytes() for name in names] == [b"mine", b"new", b"old"]


def test_where_the_result_can_stand_nowhere_no_empty_file_is_left(old, monkeypatch):
    def refuse(_, target):
        raise OSError(errno.EACCES if os.fspath(target) == os.fspath(old) else errno.EIO, "refused")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    assert "ổ đĩa báo lỗi" in refused(write_whole, old, b"new")[1]
    assert (old.read_bytes(), os.listdir(old.parent)) == (b"old", [old.name])


def test_another_failure_is_not_waited_for(old, monkeypatch):
    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("waited"))
    assert "đĩa đã đầy" in refused(write_whole, old, b"new")[1]


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
    assert (code, f"không có thư mục «{target.parent}»" in message) == ("DL91", True)
    assert refused(write_whole, target, b"new")[0] == "DL91"
    assert os.listdir(tmp_path) == []


@pytest.fixture
def nobody():
    """A folder that everybody may enter; root becomes nobody, for whom permissions hold."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        root = os.geteuid() == 0

        def become():
            if root:
                os.setresuid(65534, 65534, 0)

        yield Path(name), become
        if root:
            os.setresuid(0, 0, 0)


def test_a_folder_without_permission_is_refused_before_the_work_and_at_its_end(nobody):
    place, become = nobody
    folder = place / "chỉ đọc"
    folder.mkdir(mode=0o755)
    (folder / "r.xlsx").write_bytes(b"old")
    (folder / "r.xlsx").chmod(0o666)  # permission on the file is not permission on its folder
    folder.chmod(0o555)
    become()
    for name in ("moi.xlsx", "r.xlsx"):
        code, message = refused(may_write, folder / name, inputs=[], force=True)
        assert (code, "không có quyền ghi vào thư mục" in message) == ("DL91", True)
        code, message = refused(write_whole, folder / name, b"new")
        assert (code, "không có quyền ghi" in message) == ("DL91", True)
    assert (os.listdir(folder), (folder / "r.xlsx").read_bytes()) == (["r.xlsx"], b"old")


def test_a_folder_that_may_not_be_entered_is_a_sentence(nobody):
    place, become = nobody
    (place / "kín").mkdir(mode=0o700)
    become()
    assert refused(may_write, place / "kín" / "r.xlsx", inputs=[], force=False)[0] == "DL91"
    assert refused(write_whole, place / "kín" / "r.xlsx", b"new")[0] == "DL91"


def test_a_file_that_somebody_protected_is_not_replaced_even_with_force(old):
    old.chmod(0o444)
    code, message = refused(may_write, old, inputs=[], force=True)
    assert (code, "chỉ cho đọc" in message) == ("DL91", True)


def test_a_pipe_or_a_device_is_no_target_even_with_force(tmp_path):
    os.mkfifo(tmp_path / "ống")
    (tmp_path / "link").symlink_to("/dev/null")
    for target in (tmp_path / "ống", tmp_path / "link", Path("/dev/null"), Path("/dev/full")):
        for force in (False, True):
            code, message = refused(may_write, target, inputs=[], force=force)
            assert (code, "đường ống hoặc thiết bị" in message) == ("DL91", True)


@pytest.mark.parametrize(("name", "word"), [("a" * 300, "tên tệp quá dài"), ("vòng", "liên kết đi vòng")])
def test_a_name_that_the_disk_cannot_hold_is_a_sentence(tmp_path, name, word):
    (tmp_path / "vòng").symlink_to("vòng")
    code, message = refused(may_write, tmp_path / name, inputs=[], force=True)
    assert (code, word in message) == ("DL91", True)
    assert refused(write_whole, tmp_path / ("a" * 300), b"new")[0] == "DL91"


def test_a_folder_that_is_a_file_is_no_folder(old):
    assert refused(may_write, old / "r.xlsx", inputs=[], force=False)[0] == "DL91"
    assert refused(write_whole, old / "r.xlsx", b"new")[0] == "DL91"
    assert old.read_bytes() == b"old"


def test_a_folder_is_no_target(tmp_path):
    code, message = refused(may_write, tmp_path, inputs=[], force=True)
    assert (code, "đó là một thư mục" in message) == ("DL91", True)
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


def test_a_link_to_a_file_that_is_not_there_yet_makes_that_file(tmp_path):
    (tmp_path / "kho").mkdir()
    link = tmp_path / "moi nhat.xlsx"
    link.symlink_to("kho/2019.xlsx")
    may_write(link, inputs=[], force=False)
    write_whole(link, b"new")
    assert (link.is_symlink(), (tmp_path / "kho" / "2019.xlsx").read_bytes()) == (True, b"new")


def test_a_link_into_a_folder_that_is_not_there_is_refused_and_names_that_folder(tmp_path):
    link = tmp_path / "moi nhat.xlsx"
    link.symlink_to("khong-co/2019.xlsx")
    code, message = refused(may_write, link, inputs=[], force=False)
    assert (code, "khong-co" in message) == ("DL91", True)


def test_another_name_of_the_old_file_keeps_the_old_content(old, tmp_path):
    """A hard link is a copy that somebody kept: replacing one name leaves what the other shows."""
    (tmp_path / "ban luu.xlsx").hardlink_to(old)
    write_whole(old, b"new")
    assert (old.read_bytes(), (tmp_path / "ban luu.xlsx").read_bytes()) == (b"new", b"old")


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "r.xlsx", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "r.xlsx").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o666])
def test_an_existing_file_keeps_its_permissions_whatever_the_umask(old, mode):
    old.chmod(mode)
    before = os.umask(0o027)
    try:
        write_whole(old, b"new")
    finally:
        os.umask(before)
    assert (old.stat().st_mode & 0o777, old.read_bytes()) == (mode, b"new")


def test_the_umask_of_the_process_is_left_alone(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "r.xlsx", b"new")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


def test_a_private_file_is_private_while_it_is_made(old, monkeypatch):
    old.chmod(0o600)
    seen, fsync = [], os.fsync

    def look(handle):
        seen.append(os.fstat(handle).st_mode & 0o777)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(old, b"new")
    assert seen[0] == 0o600


def test_a_disk_that_knows_no_permissions_is_no_hindrance(old, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chmod", refuse)
    write_whole(old, b"new")
    assert old.read_bytes() == b"new"


# ---------------------------------------------------------------------- what runs that were killed left behind


DAY = 24 * 60 * 60


def left(folder, name, age):
    path = folder / name
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return name


def test_only_our_own_temporary_files_of_another_day_are_swept(tmp_path):
    gone = [left(tmp_path, name, 2 * DAY) for name in (".xeploai-0123456789abcdef.tmp", ".xeploai-ab_c9xyz.tmp")]
    stay = [left(tmp_path, ".xeploai-fedcba9876543210.tmp", DAY - 600)]  # a run may still be at it
    for name in (
        ".xeploai-.tmp",
        ".xeploai-ghi-chu.tmp",
        "x.xeploai-0123456789abcdef.tmp",
        ".xeploai-0123456789abcdef.tmp2",
    ):
        stay.append(left(tmp_path, name, 9 * DAY))
    (tmp_path / ".xeploai-aaaaaaaaaaaaaaaa.tmp").symlink_to(left(tmp_path, "cua-toi.xlsx", 9 * DAY))
    os.utime(tmp_path / ".xeploai-aaaaaaaaaaaaaaaa.tmp", (0, 0), follow_symlinks=False)
    (tmp_path / ".xeploai-bbbbbbbbbbbbbbbb.tmp").mkdir()
    write_whole(tmp_path / "r.xlsx", b"new")
    now = set(os.listdir(tmp_path))
    assert not now & set(gone)
    more = {"cua-toi.xlsx", ".xeploai-aaaaaaaaaaaaaaaa.tmp", ".xeploai-bbbbbbbbbbbbbbbb.tmp", "r.xlsx"}
    assert now == {*stay, *more}


def test_a_stale_file_that_cannot_be_removed_is_no_failure(tmp_path, monkeypatch):
    left(tmp_path, ".xeploai-0123456789abcdef.tmp", 2 * DAY)

    def refuse(*_, **__):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "unlink", refuse)
    write_whole(tmp_path / "r.xlsx", b"new")
    assert (tmp_path / "r.xlsx").read_bytes() == b"new"


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
