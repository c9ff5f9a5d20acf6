"""Text tables: letters, separators, and what nobody can know. Every cell is the text that was typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from read.handmade import read_here
from xeploai.findings import Finding
from xeploai.model import Grid
from xeploai.read import guard, text

TABLE = "Đơn vị;TC1;TC2\nXã An Bình;9,5;8\nXã Lũng Vối;10;7,25\n"
ROWS = [["Đơn vị", "TC1", "TC2"], ["Xã An Bình", "9,5", "8"], ["Xã Lũng Vối", "10", "7,25"]]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Grid]:
    """table(content) is the grid of a text table that is read without a word."""

    def read(content: str | bytes, name: str = "bang.csv") -> Grid:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source, findings = read_here(path)
        assert source, findings
        assert not findings
        (grid,) = source.grids
        return grid

    return read


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., Finding]:
    """refusal(content) is the one finding with which a text table is refused."""

    def refuse(content: str | bytes) -> Finding:
        path = tmp_path / "bang.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source, findings = read_here(path)
        assert source is None
        assert len(findings) == 1
        return findings[0]

    return refuse


# ------------------------------------------------------------------------------------------------- values


def test_every_cell_is_the_text_that_was_typed(table):
    found = table('Mã;Điểm\n00123;9,5\n1.234;.34\n=1+1;"=SUM(A1)"\n-5; 8 \nTRUE;2019-05-01\n')
    assert found.rows == [
        ["Mã", "Điểm"], ["00123", "9,5"], ["1.234", ".34"], ["=1+1", "=SUM(A1)"], ["-5", " 8 "], ["TRUE", "2019-05-01"],
    ]  # fmt: skip
    assert (found.sheet, found.top, found.left, found.visible) == ("Bảng", 0, 0, True)


def test_what_is_empty_is_nothing(table):
    found = table('\n;;\nA;;B\n\n"";C;\n;;\n\n')
    assert found.rows == [[], [], ["A", None, "B"], [], [None, "C"]]
    assert found.cell(4, 1).address == "B5"


def test_a_line_break_inside_quotes_begins_no_row(table):
    found = table('"Đơn\r\nvị";TC1\r\n"Xã ""An""; Bình";9\r\n')
    assert found.rows == [["Đơn\nvị", "TC1"], ['Xã "An"; Bình', "9"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_lines_of_every_system_are_lines(table, end):
    assert table(TABLE.replace("\n", end)).rows == ROWS


def test_a_table_of_more_rows_than_a_frame_holds_arrives_whole(table):
    assert table("".join(f"Xã {n};{n}\n\n" for n in range(5000))).rows[::2] == [
        [f"Xã {n}", str(n)] for n in range(5000)
    ]


def test_a_table_of_nothing_is_refused_as_empty(refusal):
    assert refusal(";;\n\n;;\n").code == "DL05"


def test_one_column_is_a_table_too(table):
    assert table("Đơn vị\nXã A\n").rows == [["Đơn vị"], ["Xã A"]]


# ------------------------------------------------------------------------------------------------ letters


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_in_all_its_forms(table, encoding):
    assert table(TABLE.encode(encoding)).rows == ROWS


def test_utf_16_in_the_order_of_other_machines_is_read(table):
    assert table(b"\xfe\xff" + TABLE.encode("utf-16-be")).rows == ROWS


def test_windows_1258_is_read(table):
    found = table(b"\xd0\xf5n vi\xf2;TC1\nXa\xde Bi\xccnh;9\n")  # F2, DE, CC: the tone marks of vị, xã, bình
    assert found.rows == [["Đơn vi\u0323", "TC1"], ["Xa\u0303 Bi\u0300nh", "9"]]
    assert [found.text(0, 0), found.text(1, 0)] == ["Đơn vị", "Xã Bình"]


def test_utf_8_with_one_bad_byte_is_damaged_and_not_another_code_page(refusal):
    refused = refusal(TABLE.encode().replace(b"L\xc5\xa9ng", b"L\xc5ng"))
    assert refused.code == "DL03"
    assert "UTF-8, nhưng dòng 3" in refused.message


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfX\xe3;9\n", "Xã;9\n".encode("utf-16") + b"9", b"X\xe3;\x8a\n"])
def test_letters_that_nobody_can_read_are_refused(refusal, content):
    assert "chỗ không đọc được" in refusal(content).message


def test_the_end_mark_of_dos_is_no_cell(table):
    assert table("A;B\n\x1a").rows == [["A", "B"]]


# ---------------------------------------------------------------------------------------------- separator


@pytest.mark.parametrize("sign", ["\t", ";", "|"])
def test_a_decimal_comma_is_no_separator_where_another_sign_is(table, sign):
    assert table(TABLE.replace(";", sign)).rows == ROWS


def test_a_decimal_comma_in_every_row_is_no_separator_either(table):
    assert table("Đơn vị;Điểm\nXã A;9,5\nXã B;8,5\n").rows == [["Đơn vị", "Điểm"], ["Xã A", "9,5"], ["Xã B", "8,5"]]
    assert table("Tên, huyện;Điểm\nXã A;9,5\n").rows == [["Tên, huyện", "Điểm"], ["Xã A", "9,5"]]
    assert table("Đơn vị;Điểm\nXã A, huyện B;9,5\n").rows == [["Đơn vị", "Điểm"], ["Xã A, huyện B", "9,5"]]


@pytest.mark.parametrize("title", ["Căn cứ Quyết định 1, ngày 2", "Căn cứ Quyết định 1, ngày 2, tháng 3, năm 2019"])
def test_commas_in_the_lines_above_the_table_are_no_separators(table, title):
    found = table(f"{title}\n{title}\nĐơn vị;TC1;TC2\nXã A;9,5;8,5\n")
    assert found.rows == [[title], [title], ["Đơn vị", "TC1", "TC2"], ["Xã A", "9,5", "8,5"]]
    found = table(f"{title}\n{title}\nĐơn vị;Điểm\nXã A;9,5\n")
    assert found.rows[2:] == [["Đơn vị", "Điểm"], ["Xã A", "9,5"]]


def test_a_comma_separates_where_it_is_the_only_sign(table):
    found = table('BẢNG ĐIỂM\nĐơn vị,TC1,TC2\nXã A,"9,5",8\nXã B,10,\n,,\n,,,,,\n')
    assert found.rows == [["BẢNG ĐIỂM"], ["Đơn vị", "TC1", "TC2"], ["Xã A", "9,5", "8"], ["Xã B", "10"]]


def test_a_semicolon_in_remarks_is_no_separator_of_a_comma_table(table):
    found = table("Đơn vị,TC1,Ghi chú\nXã A,9,nộp muộn; thiếu\nXã B,8,x; y\n")
    assert found.rows[1:] == [["Xã A", "9", "nộp muộn; thiếu"], ["Xã B", "8", "x; y"]]


@pytest.mark.parametrize("content", ["Đơn vị,Điểm\nXã A,9\nXã B,9,5\n", "Đơn vị,TC1,TC2\nXã A,9,8\nXã B,9\n"])
def test_rows_that_a_comma_divides_unevenly_are_refused_with_the_way_out(refusal, content):
    refused = refusal(content)
    assert refused.code == "DL03"
    assert "dòng 3 có" in refused.message
    assert "«;»" in refused.message
    assert ".xlsx" in refused.message


def test_an_uneven_row_is_found_beyond_the_rows_that_showed_the_separator(refusal, table):
    even = "Đơn vị,Điểm\n" + "Xã A,9\n" * text.SAMPLE
    assert len(table(even).rows) == text.SAMPLE + 1
    assert "dòng 1.002 có 3 cột, các dòng khác có 2 cột" in refusal(even + "Xã B,9,5\n").message


def test_short_rows_are_no_doubt_where_the_sign_is_no_comma(table):
    assert table("A;B;C;Ghi chú\n1;2;3\n4;5;6\nCộng;7\n").rows[3] == ["Cộng", "7"]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r", "sep=;;;"])
def test_a_first_line_may_say_the_separator(table, line):
    assert table(f"{line}\nĐơn vị,x;Điểm\nXã A;9,5\n").rows == [["Đơn vị,x", "Điểm"], ["Xã A", "9,5"]]
    assert table("sep=,\nA,B\n1,2,3\n").rows == [["A", "B"], ["1", "2", "3"]]
    assert table("sep=\t\nA;B\tC\n").rows == [["A;B", "C"]]


def test_a_text_that_looks_like_that_line_is_a_row(table):
    assert table("sep=abc;x\nA;B\n").rows == [["sep=abc", "x"], ["A", "B"]]


# ------------------------------------------------------------------------------------------------ refused


def test_a_quote_inside_a_text_is_a_letter(table):
    assert table('Ống 5";9\n').rows == [['Ống 5"', "9"]]


@pytest.mark.parametrize(
    ("content", "line"),
    [('A;B\n1;"2\n3;4\n', 2), ('A;B\n1;2\n"x"y;4\n', 3), ('sep=;\nA;B\n1;"2\n', 3), ('"A;B\n\n\n1;2', 1)],
)
def test_quotes_that_do_not_close_are_damage_with_their_line(refusal, content, line):
    refused = refusal(content)
    assert refused.code == "DL03"
    assert "ngoặc kép" in refused.message
    assert f"dòng {line} " in refused.message


def test_a_nul_is_damage_with_its_line(refusal):
    lines = "A;B\n" * 3000
    assert "dòng 3.001 có ký tự NUL" in refusal(lines + "x\0;1\n").message


def test_a_line_without_an_end_is_refused_with_the_limit(refusal, table, monkeypatch):
    monkeypatch.setattr(text, "LONGEST_LINE", 10)
    assert table("A;B\n12345678\r\n").rows[1] == ["12345678"]
    refused = refusal("A;B\n12345678;\r\n")
    assert "dòng 2 dài 11 ký tự, quá giới hạn 10" in refused.message


def test_a_table_beyond_the_limit_of_cells_is_refused(refusal, table, monkeypatch):
    monkeypatch.setattr(guard, "MOST_CELLS", 6)
    assert len(table("1;2\n\n5;6\n;\n;\n").rows) == 3
    assert "4 hàng × 2 cột trở lên, quá giới hạn 6 ô" in refusal("1;2\n\n\n5;6\n").message


def test_a_table_of_more_rows_than_excel_has_is_refused(refusal, monkeypatch):
    monkeypatch.setattr(guard, "MOST_ROWS", 3)
    assert "4 hàng" in refusal("1;2\n" * 4).message


# ----------------------------------------------------------------------------------------------- the name


@pytest.mark.parametrize("name", ["bang.csv", "bang.TSV", "bang.txt"])
def test_text_tables_go_by_three_names(table, name):
    assert table(TABLE, name).rows == ROWS


@pytest.mark.parametrize("name", ["bang.xlsx", "bang.xls", "bang.ods", "bang"])
def test_under_any_other_name_a_text_table_is_refused_as_what_it_is(tmp_path, name):
    (tmp_path / name).write_text(TABLE, "utf-8")
    source, findings = read_here(tmp_path / name)
    assert source is None
    assert [finding.code for finding in findings] == ["DL02"]
    assert "văn bản thuần (CSV)" in findings[0].message
