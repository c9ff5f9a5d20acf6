"""Many files: each is read or refused, and the two add up; a unit that two files speak of is told with both places."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

BOOK = """\
mã: thu
bộ tiêu chí: Bộ tiêu chí thử
tiêu chí:
  - {mã: TC1, tên: Tiếp công dân, điểm tối đa: 10}
  - {mã: TC2, tên: Giữ gìn trật tự, điểm tối đa: 10}
xếp loại:
  - {mức: đạt, ít nhất: 50%}
  - {mức: chưa đạt, ít nhất: 0%}
"""


def scores(path, *units):
    book = Workbook()
    book.active.append(["Đơn vị", "TC1. Tiếp công dân", "TC2. Giữ gìn trật tự"])
    for unit in units:
        book.active.append([unit, 5, 6])
    book.save(path)


@pytest.fixture
def run(tmp_path):
    (tmp_path / "bo.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "phieu").mkdir()

    def classify(*words):
        command = [
            sys.executable,
            "-m",
            "xeploai",
            "classify",
            *words,
            "--rules",
            "bo.yaml",
            "-o",
            "ra.xlsx",
            "--year",
            "2025",
        ]
        return subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60)

    return classify


def stated(path):
    return {row[0]: row[1] for row in load_workbook(path)["Thông tin"].iter_rows(values_only=True)}


def test_one_file_that_was_read_needs_no_count(run, tmp_path):
    scores(tmp_path / "phieu" / "a.xlsx", "Xã Vuổm Lẩm")
    done = run("phieu/a.xlsx")
    assert done.returncode == 0
    assert "tìm thấy" not in done.stderr
    assert "Tệp" not in stated(tmp_path / "ra.xlsx")


def test_found_is_read_and_refused_and_one_bad_file_stops_nothing(run, tmp_path):
    scores(tmp_path / "phieu" / "a.xlsx", "Xã Vuổm Lẩm")
    (tmp_path / "phieu" / "b.xlsx").write_bytes(b"%PDF-1.4")
    scores(tmp_path / "phieu" / "c.xlsx", "Xã Xoong Tợp")
    done = run("phieu")
    assert done.returncode == 1
    assert "Tệp: tìm thấy 3 = đọc được 2 + không đọc được 1\n" in done.stderr
    assert "DL02  «b.xlsx»" in done.stderr
    assert stated(tmp_path / "ra.xlsx")["Tệp"] == "tìm thấy 3 = đọc được 2 + không đọc được 1"
    assert stated(tmp_path / "ra.xlsx")["Đã xếp loại"] == "2"


def test_a_broken_link_and_a_pipe_are_counted_and_a_lock_is_noted(run, tmp_path):
    scores(tmp_path / "phieu" / "a.xlsx", "Xã Vuổm Lẩm")
    (tmp_path / "phieu" / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / "phieu" / "b.xlsx").symlink_to(tmp_path / "không có.xlsx")
    os.mkfifo(tmp_path / "phieu" / "c.xls")
    done = run("phieu")
    assert done.returncode == 1
    assert "Tệp: tìm thấy 3 = đọc được 1 + không đọc được 2\n" in done.stderr
    for told in ("DL01  Không mở được tệp «b.xlsx»", "DL01  Không mở được tệp «c.xls»", "DL37  «phieu/~$a.xlsx»"):
        assert told in done.stderr
    assert stated(tmp_path / "ra.xlsx")["Đã xếp loại"] == "1"


def test_a_unit_in_two_files_is_told_with_both_places(run, tmp_path):
    scores(tmp_path / "phieu" / "a.xlsx", "Xã Vuổm Lẩm", "Xã Xoong Tợp")
    scores(tmp_path / "phieu" / "b.xlsx", "Xã Truổng Vối", "Xã Đoong Khẻo", "Xã Vuổm Lẩm")
    done = run("phieu")
    assert done.returncode == 1
    rows = load_workbook(tmp_path / "ra.xlsx")["Cảnh báo"].iter_rows(values_only=True)
    told = next(row for row in rows if row[1] == "DL32")
    assert told[2] == "Xã Vuổm Lẩm"
    assert told[6] == "a.xlsx"
    assert told[8] == "A2, [b.xlsx]Sheet!A4"


def test_a_binary_workbook_alone_is_refused_with_the_way_out(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "phieu" / "a.xlsx", "w") as file:
        file.writestr("xl/workbook.bin", b"x")
    done = run("phieu")
    assert done.returncode == 2
    assert done.stderr == (
        "lỗi DL06  «a.xlsx» là bảng tính Excel nhị phân (.xlsb): loại này không được đọc.\n"
        "       → Mở bằng Excel, lưu lại thành .xlsx, rồi chạy lại với tệp mới.\n"
    )
