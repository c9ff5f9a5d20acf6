"""What a file is, by its content: the true type is named, whatever the name says."""

from __future__ import annotations

import io
import zipfile

import pytest

from read.handmade import cell, read_here, row
from xeploai.read import sniff

GOOD = row(cell("A1", "<v>1</v>"))
FLAT_ODS = b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(*streams):
    """The beginning of a compound file: a header and a directory of these streams."""
    entries = b"".join((name.encode("utf-16-le") + b"\0\0").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return OLE.ljust(512, b"\0") + entries.ljust(1024, b"\0")


def zip_of(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def found(tmp_path, content, name="diem.xlsx"):
    path = tmp_path / name
    path.write_bytes(content)
    source, findings = read_here(path)
    assert source is None
    assert len(findings) == 1
    return findings[0].code, findings[0].message


def test_a_spreadsheet_under_its_own_name_is_read_without_a_word(book):
    for name in ("a.xlsx", "A.XLSX", "mẫu.xltx"):
        source, findings = read_here(book(GOOD, name=name))
        assert source
        assert findings == []


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.xlsm", "a.csv", "a.zip", "khong-duoi"])
def test_a_spreadsheet_under_another_name_is_read_with_a_note(book, name):
    source, findings = read_here(book(GOOD, name=name))
    assert source.grids[0].rows == [[1.0]]
    assert [finding.code for finding in findings] == ["DL08"]
    assert findings[0].message == f"«{name}» có nội dung là bảng tính Excel (.xlsx); vẫn đọc bình thường."


@pytest.mark.parametrize("made_as", ["sheet", "template"])
def test_a_workbook_with_macros_is_read(book, made_as):
    kind = f"application/vnd.ms-excel.{made_as}.macroEnabled.main+xml"
    types = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    source, findings = read_here(book(GOOD, name="a.xlsm", parts={"[Content_Types].xml": types}))
    assert source.grids[0].rows == [[1.0]]
    assert findings == []
    assert [
        finding.code for finding in read_here(book(GOOD, name="a.xlsx", parts={"[Content_Types].xml": types}))[1]
    ] == ["DL08"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "tệp rỗng (0 byte)"),
        (b"%PDF-1.7\n", "tệp PDF"),
        (b"{\\rtf1 x}", "văn bản RTF"),
        (b"\x89PNG\r\n\x1a\n", "ảnh PNG"),
        (b"\xff\xd8\xff\xe0", "ảnh JPEG"),
        (b"Rar!\x1a\x07", "tệp nén RAR"),
        (b"<html><table><tr><td>1", "trang web (HTML)"),
        (b'\xef\xbb\xbf\r\n <!DOCTYPE HTML PUBLIC "-//W3C">', "trang web (HTML)"),
        (b"<meta charset=utf-8><table>", "trang web (HTML)"),
        ("<html>".encode("utf-16"), "trang web (HTML)"),
        (b'<?xml version="1.0"?><html xmlns="x">', "trang web (HTML)"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "trang web lưu một tệp (.mht)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "bảng tính XML 2003"),
        (FLAT_ODS, "bảng tính OpenDocument dạng XML (.fods)"),
        (b'<?xml version="1.0"?><a/>', "tệp XML"),
        ("Xã;Điểm\nXã A;9,5\n".encode(), "văn bản thuần (CSV)"),
        ("Xã\tĐiểm\nXã A\t9,5\n".encode("utf-16"), "văn bản thuần (CSV)"),
        ("Kính gửi".encode(), "văn bản thuần"),
        (b"\x09\x04\x06\x00\x00\x00", "bảng tính Excel 4.0, quá cũ"),
        (b"\x09\x02\x06\x00\x00\x00", "bảng tính Excel 3.0, quá cũ"),
        (b"\x09\x00\x04\x00\x02\x00", "bảng tính Excel 2.x, quá cũ"),
        (b"GIF89a\1\0", "ảnh GIF"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "tệp nén 7z"),
        (b"\x1f\x8b\x08\0", "tệp nén GZIP"),
        (b"\0\1\2\3" * 50, "loại tệp không nhận ra được"),
        (compound("WordDocument"), "văn bản Word (.doc)"),
        (compound("PowerPoint Document"), "bài trình chiếu PowerPoint (.ppt)"),
        (compound("Contents"), "tệp của một chương trình khác (loại OLE), không có bảng tính bên trong"),
        (zip_of(word__document_xml="<w/>"), "văn bản Word (.docx)"),
        (zip_of(ppt__presentation_xml="<p/>"), "bài trình chiếu PowerPoint (.pptx)"),
        (zip_of(mimetype="application/vnd.oasis.opendocument.text"), "văn bản OpenDocument (.odt)"),
        (zip_of(a_txt="a"), "tệp nén ZIP"),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_refused_by_its_true_type(tmp_path, content, kind):
    assert found(tmp_path, content, "điểm.xls") == (
        "DL02",
        f"«điểm.xls» không phải bảng tính Excel: nội dung là {kind}.",
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (compound("Workbook"), "xls"),
        (compound("Book"), "xls"),
        (zip_of(xl__workbook_bin=b"\x83\x01"), "xlsb"),
        (zip_of(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    ],
)
def test_a_spreadsheet_of_another_kind_is_known_under_any_name(content, kind):
    assert [sniff.kind(content, name) for name in ("diem.xlsx", "a.csv", "khong-duoi")] == [kind] * 3


def test_a_spreadsheet_that_no_reader_can_be_trusted_with_is_called_so(tmp_path):
    content = zip_of(xl__workbook_bin=b"\x83\x01")
    assert found(tmp_path, content) == (
        "DL06",
        "«diem.xlsx» là bảng tính Excel nhị phân (.xlsb): loại này không được đọc.",
    )


def test_a_text_table_is_one_only_under_its_own_name(tmp_path):
    for name in ("a.csv", "A.TSV", "điểm.txt"):
        assert sniff.kind("Xã,Điểm\nA,1\n".encode(), name) == "csv"
    assert found(tmp_path, "Xã,Điểm\nA,1\n".encode(), "a.xlsx")[0] == "DL02"


@pytest.mark.parametrize(
    "content",
    [
        compound("EncryptedPackage", "EncryptionInfo"),
        zip_of(
            mimetype="application/vnd.oasis.opendocument.spreadsheet",
            **{"META-INF__manifest_xml": "<manifest:encryption-data/>"},
        ),
    ],
)
def test_a_file_with_a_password_is_told_so(tmp_path, content):
    assert found(tmp_path, content) == ("DL04", "«diem.xlsx» được đặt mật khẩu nên không đọc được.")


def test_the_name_of_a_stream_inside_the_data_is_no_stream():
    text = b"\0" * 63 + "EncryptedPackage\0".encode("utf-16-le")
    assert sniff.kind(compound("Workbook") + text, "a.xls") == "xls"


def test_a_zip_whose_parts_have_a_password_is_told_so(book, tmp_path):
    data = bytearray(book(GOOD).read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of encryption, in the directory
    assert found(tmp_path, bytes(data))[0] == "DL04"


@pytest.mark.parametrize("kept", [30, 100, 0.5, -1, -30])
def test_a_truncated_workbook_is_damaged_and_not_another_type(book, tmp_path, kept):
    data = book(GOOD).read_bytes()
    cut = data[: int(len(data) * kept) if isinstance(kept, float) else kept]
    assert found(tmp_path, cut, "cat.xlsx")[0] == "DL03"


def test_a_workbook_with_a_broken_part_says_which(book, tmp_path):
    data = bytearray(book(GOOD, name="tot.xlsx").read_bytes())
    at = data.find(b"xl/worksheets/sheet1.xml") + 40
    data[at : at + 8] = b"\xff" * 8
    code, message = found(tmp_path, bytes(data))
    assert code == "DL03"
    assert "xl/worksheets/sheet1.xml" in message


def test_excels_lock_file_is_named_for_what_it_is(tmp_path):
    code, message = found(tmp_path, b"\x05admin" + b" " * 159, "~$diem.xlsx")
    assert code == "DL02"
    assert "tệp khoá tạm của Excel" in message


CUT = "Không đọc được «diem.xls»: tệp bị cắt ngang hoặc hỏng, thiếu danh mục bên trong."


def laid_out(*streams, table=0, directory=1, sectors=4):
    """A compound file of sectors of 512 bytes: its table of sectors, and its directory of these streams, stand there."""
    header = OLE.ljust(28, b"\0") + b"\xfe\xff\x09\0\x06\0" + b"\0" * 14 + directory.to_bytes(4, "little")
    header = header.ljust(76, b"\0") + table.to_bytes(4, "little")
    held = bytearray(header.ljust(512, b"\xff") + b"\0" * 512 * sectors)
    for place, name in enumerate(("Root Entry", *streams)):
        at = 512 * (directory + 1) + 128 * place
        held[at : at + 128] = (name.encode("utf-16-le") + b"\0\0").ljust(128, b"\0")
    return bytes(held[: 512 * (sectors + 1)])


def test_a_whole_compound_file_that_is_something_else_is_not_called_cut(tmp_path):
    assert found(tmp_path, laid_out("Contents", directory=3), "diem.xls")[0] == "DL02"


@pytest.mark.parametrize("left", [40, 512, 1536, 512 * 4 + 128])
def test_a_compound_file_without_its_directory_was_cut_short(tmp_path, left):
    """The directory stands in the fourth sector, the bytes from 2,048 to 2,560; its second entry begins at 2,176."""
    assert found(tmp_path, laid_out("Workbook", directory=3)[:left], "diem.xls") == ("DL03", CUT)


def test_a_compound_file_without_its_table_of_sectors_was_cut_short(tmp_path):
    assert found(tmp_path, laid_out("Contents", table=9), "diem.xls") == ("DL03", CUT)
