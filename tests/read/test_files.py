"""Which files are meant, and by what name each is shown."""

from __future__ import annotations

import os
import threading
import unicodedata
from pathlib import Path

import pytest

from xeploai import read
from xeploai.read.sources import shown_names


def touch(*paths):
    for path in paths:
        path.write_bytes(b"x")


def test_given_files_stay_in_their_order_whatever_their_suffix(tmp_path):
    paths = [tmp_path / name for name in ("b.xlsx", "a.dat", "c")]
    touch(*paths)
    assert read.gather(paths) == (paths, [])


def test_nothing_that_an_office_program_left_behind_is_read_from_a_folder(tmp_path):
    left = (
        "~$a.xlsx",
        "~$b.docx",
        "._a.xlsx",
        ".~lock.a.XLSX#",
        ".xeploai-1.tmp",
        ".xeploai-1.xlsx",
        "a.txt",
        "a.docx",
    )
    touch(*(tmp_path / name for name in left))
    (tmp_path / "thư mục.xlsx").mkdir()
    paths, findings = read.gather([tmp_path])
    assert paths == []
    assert [finding.code for finding in findings] == ["DL37", "DL37", "DL01"]  # somebody has a.xlsx open
    assert f"«{tmp_path}/.~lock.a.XLSX#»" in findings[0].message
    assert f"«{tmp_path}/~$a.xlsx»" in findings[1].message
    assert findings[2].message.endswith("thư mục không có bảng tính nào.")


def test_what_is_called_a_spreadsheet_in_a_folder_and_is_none_is_found_and_refused(tmp_path):
    (tmp_path / "a.xlsx").symlink_to(tmp_path / "không có.xlsx")
    os.mkfifo(tmp_path / "b.xls")
    (tmp_path / "c.ods").symlink_to(tmp_path / "c.ods")
    paths, findings = read.gather([tmp_path])
    assert ([path.name for path in paths], findings) == (["a.xlsx", "b.xls", "c.ods"], [])
    assert [(source, [each.code for each in said]) for source, said in read.read(paths)] == [(None, ["DL01"])] * 3


def test_a_folder_is_looked_through_once(tmp_path, monkeypatch):
    touch(tmp_path / "a.xlsx", tmp_path / "~$a.xlsx")
    scandir, asked = os.scandir, []
    monkeypatch.setattr(os, "scandir", lambda path: asked.append(path) or scandir(path))
    paths, findings = read.gather([tmp_path])
    assert (len(paths), len(findings), len(asked)) == (1, 1, 1)


def test_a_folder_is_its_own_spreadsheets_sorted_by_name(tmp_path):
    names = ["c.ods", "a.XLSX", "b.xlsm", unicodedata.normalize("NFD", "ă.xls"), "ă2.xlsb"]
    touch(*(tmp_path / name for name in names))
    (tmp_path / "trong").mkdir()
    touch(tmp_path / "trong" / "d.xlsx")
    paths, findings = read.gather([tmp_path])
    assert [unicodedata.normalize("NFC", path.name) for path in paths] == [
        "a.XLSX",
        "b.xlsm",
        "c.ods",
        "ă.xls",
        "ă2.xlsb",
    ]
    assert findings == []


def test_a_file_given_twice_is_read_once(tmp_path):
    touch(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    (tmp_path / "c.xlsx").symlink_to(tmp_path / "a.xlsx")
    paths, _ = read.gather([tmp_path / "b.xlsx", tmp_path])
    assert [path.name for path in paths] == ["b.xlsx", "a.xlsx"]


def test_a_missing_file_is_told_with_the_name_that_was_meant(tmp_path):
    touch(tmp_path / "tong-hop-2019.xlsx", tmp_path / "khac.xlsx")
    paths, findings = read.gather([tmp_path / "tong-hop-2018.xlsx", tmp_path / "khac.xlsx"])
    assert [path.name for path in paths] == ["khac.xlsx"]
    assert findings[0].code == "DL01"
    assert findings[0].message.endswith("không có tệp này; có phải «tong-hop-2019.xlsx»?")


@pytest.mark.parametrize("name", ["zzz.xlsx", "khong/co.xlsx", "a.xlsx/b.xlsx", "a\0.xlsx", "x" * 300 + ".xlsx"])
def test_a_path_that_leads_nowhere_is_told(tmp_path, name):
    touch(tmp_path / "a.xlsx")
    paths, findings = read.gather([tmp_path / name])
    assert paths == []
    assert [finding.code for finding in findings] == ["DL01"]


def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")
    paths, findings = read.gather([tmp_path / "a.xlsx"])
    assert paths == []
    assert "đường ống hoặc thiết bị" in findings[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path):
    touch(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").chmod(0)
    assert "không có quyền đọc" in read.gather([tmp_path / "a.xlsx"])[1][0].message


def test_a_file_without_permission_is_told_whoever_runs_the_tests(tmp_path, monkeypatch):
    touch(tmp_path / "a.xlsx")
    monkeypatch.setattr(os, "access", lambda *_: False)
    paths, findings = read.gather([tmp_path / "a.xlsx"])
    assert (paths, [finding.code for finding in findings]) == ([], ["DL01"])
    assert "không có quyền đọc" in findings[0].message


def test_a_pipe_given_to_read_itself_does_not_hang_either(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")
    told = []
    thread = threading.Thread(target=lambda: told.extend(read.read([tmp_path / "a.xlsx"])), daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert told[0][0] is None
    assert [finding.code for finding in told[0][1]] == ["DL01"]


def test_files_are_shown_by_their_base_names():
    assert shown_names([Path("x/a.xlsx"), Path("y/b.xlsx")]) == ["a.xlsx", "b.xlsx"]
    assert shown_names([Path("x/a.xlsx"), Path("x/a.xlsx")]) == ["a.xlsx", "a.xlsx"]


def test_a_name_in_decomposed_letters_is_told_composed_and_opened_as_it_is(tmp_path):
    decomposed, composed = (unicodedata.normalize(form, "bảng điểm.xlsx") for form in ("NFD", "NFC"))
    touch(tmp_path / decomposed)
    assert shown_names([tmp_path / decomposed]) == [composed]
    (path,), findings = read.gather([tmp_path / decomposed, tmp_path / "x" / decomposed])
    assert path.name == decomposed
    assert f"x/{composed}»" in findings[0].message


def test_files_that_share_a_base_name_are_shown_as_given():
    nfd = unicodedata.normalize("NFD", "điểm.xlsx")
    paths = [Path("x/a.xlsx"), Path("y") / nfd, Path("y/a.xlsx"), Path("z/điểm.xlsx"), Path("b.xlsx")]
    assert shown_names(paths) == ["x/a.xlsx", "y/điểm.xlsx", "y/a.xlsx", "z/điểm.xlsx", "b.xlsx"]


@pytest.mark.parametrize("name", ["~$a.xlsx", "._a.xlsx", ".~lock.a.xlsx#", ".xeploai-1.xlsx"])
def test_a_lock_file_that_a_shell_named_is_passed_over_with_a_note(tmp_path, name):
    (tmp_path / name).write_bytes(b"lock")
    paths, findings = read.gather([tmp_path / name])
    assert (paths, [(finding.code, finding.severity) for finding in findings]) == ([], [("DL37", "note")])


@pytest.mark.parametrize(
    ("typed", "meant"), [("khong.xlsx", ""), ("dien.xlsx", "diem.xlsx"), ("diem.xls", "diem.xlsx")]
)
def test_a_name_that_is_alike_by_its_ending_alone_is_not_proposed(tmp_path, typed, meant):
    for name in ("z.xlsx", "diem.xlsx"):
        (tmp_path / name).write_bytes(b"PK")
    _, (finding,) = read.gather([tmp_path / typed])
    assert ("có phải «" in finding.message, f"«{meant}»?" in finding.message) == (bool(meant), bool(meant))
