"""The words of office tables: what a heading says of its column, and what a label says of its row."""

from __future__ import annotations

import unicodedata

import pytest

from builders import a_grid
from xeploai.steps import headings

# --- labels of rows that are no unit ---


@pytest.mark.parametrize(
    "commune",
    [
        "Cộng Hòa", "Cộng Hoà", "CỘNG HÒA", "Xã Cộng Hòa", "Tổng Cọt", "Xã Tổng Cọt", "Xã Cộng Lạc", "Xã Trung Bình",
        "Thị trấn Trung Bình", "Tổng Phượng", "Xã Bình Quân", "Xã Cao Nhất", "Cộng Lạc", "Bình Quân Hạ", "Trung Bình Thượng",
        "Phường Tối Đa", "Xã Toàn Huyện", "",
    ],
)  # fmt: skip
def test_a_commune_is_never_taken_for_a_sum(commune):
    assert not headings.is_no_unit(commune)


@pytest.mark.parametrize(
    "label",
    [
        "Cộng", "CỘNG:", "Tổng", "Tổng số", "Tổng cộng", "TỔNG CỘNG", "Cộng huyện Tà Lùng", "Tổng cộng toàn tỉnh", "Toàn tỉnh",
        "Điểm cao nhất", "Điểm thấp nhất", "Cao nhất", "Thấp nhất", "Bình quân", "Bình quân toàn huyện", "Trung bình",
        "Điểm trung bình", "Điểm bình quân", "Trung vị", "Điểm tối đa", "Điểm chuẩn", "Thang điểm",
    ],
)  # fmt: skip
def test_sums_means_and_maxima_are_no_units(label):
    assert headings.is_no_unit(label)
    assert headings.is_no_unit(unicodedata.normalize("NFD", label))


@pytest.mark.parametrize(
    "label",
    [
        "Bình quân chung", "Trung bình chung", "Trung bình cộng", "Điểm trung bình chung", "Điểm bình quân toàn tỉnh",
        "Điểm TB", "Tổng điểm", "Tổng cộng (I+II)", "Cộng (I)", "Điểm tối đa theo quy định", "Tổng điểm tối đa",
        "Số điểm tối đa", "Cả tỉnh",
    ],
)  # fmt: skip
def test_a_longer_word_for_a_mean_or_a_maximum_is_no_unit_either(label):
    # Within 0 and the maximum such a row would be rated, and would move the rank of every commune.
    assert headings.is_no_unit(label)


# --- headings of columns ---


@pytest.mark.parametrize(
    "heading", ["Cải cách hành chính", "Đơn vị tính", "Tổ chức bộ máy", "Số điện thoại", "(1)", ""]
)
def test_a_heading_of_no_fixed_meaning_has_no_role(heading):
    assert headings.role(heading) is None


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("STT", "number"), ("TT", "number"), ("Số TT", "number"),
        ("Đơn vị", "name"), ("TÊN ĐƠN VỊ", "name"), ("Xã, phường, thị trấn", "name"), ("Tên xã/phường", "name"),
        ("Đơn vị\n(xã)", "name"), ("Địa phương", "name"),
        ("Tên đơn vị (xã, phường, thị trấn)", "name"), ("Đơn vị xã, phường, thị trấn", "name"), ("Tỉnh/TP", "name"),
        ("UBND các xã, phường, thị trấn", "name"), ("Đơn vị hành chính cấp xã", "name"), ("Đơn vị, địa phương", "name"),
        ("Huyện", "parent"), ("Huyện, thị xã, thành phố", "parent"), ("Đơn vị cấp huyện", "parent"), ("Thuộc huyện", "parent"),
        ("Cụm thi đua", "parent"), ("Nhóm (huyện)", "parent"),
        ("Mã xã", "code"), ("Mã ĐVHC", "code"), ("Mã đơn vị", "code"),
        ("Năm", "year"), ("Năm đánh giá", "year"),
        ("Tổng điểm", "total"), ("TỔNG CỘNG", "total"), ("Cộng", "total"), ("Tổng điểm đạt được", "total"),
        ("Ghi chú", "note"), ("Xếp loại", "band"), ("Kết quả xếp loại", "band"), ("Danh hiệu", "titles"), ("Xếp hạng", "rank"),
        ("Lãnh đạo phụ trách", "leader"), ("Công chức phụ trách", "official"), ("Tiêu chí", "criterion"),
    ],
)  # fmt: skip
def test_a_heading_says_what_its_column_holds(heading, role):
    assert headings.role(heading) == role
    assert headings.role(unicodedata.normalize("NFD", heading)) == role


# --- phases ---


@pytest.mark.parametrize("heading", ["Điểm tối đa", "Điểm chuẩn", "Ghi chú", "Tiêu chí một", "TC1", ""])
def test_a_heading_that_means_no_points_has_no_phase(heading):
    assert headings.phase(heading) is None


@pytest.mark.parametrize(
    ("heading", "phase"),
    [
        ("Điểm", ""), ("Điểm đạt", ""), ("Số điểm", ""),
        ("Tự chấm", "tự chấm"), ("Điểm tự chấm", "tự chấm"), ("Tự đánh giá", "tự chấm"), ("TC", "tự chấm"),
        ("Thẩm định", "thẩm định"), ("Điểm thẩm định", "thẩm định"), ("TĐ", "thẩm định"),
        ("Thẩm định lần 1", "thẩm định"), ("Thẩm định lần 2", "thẩm định 2"), ("Thẩm định (lần 2)", "thẩm định 2"),
        ("Điểm chính thức", "chính thức"), ("Điểm XHH", "điều tra xã hội học"), ("Điểm trừ", "điểm trừ"),
    ],
)  # fmt: skip
def test_a_heading_under_a_criterion_says_which_points(heading, phase):
    assert headings.phase(heading) == phase


@pytest.mark.parametrize(
    ("heading", "phase"),
    [
        ("Xã tự chấm", "tự chấm"), ("Đơn vị tự chấm", "tự chấm"), ("Điểm do đơn vị tự chấm", "tự chấm"),
        ("Huyện thẩm định", "thẩm định"), ("UBND huyện thẩm định", "thẩm định"),  # domain 6.1, District PAR 2019
        ("Thẩm định lần II", "thẩm định 2"),
    ],
)  # fmt: skip
def test_a_phase_may_say_who_scores(heading, phase):
    assert headings.phase(heading) == phase


@pytest.mark.parametrize(
    ("phases", "official"),
    [
        ({"tự chấm"}, "tự chấm"),
        ({""}, ""),
        ({"", "tự chấm"}, ""),
        ({"tự chấm", "thẩm định"}, "thẩm định"),
        ({"tự chấm", "thẩm định", "thẩm định 2"}, "thẩm định 2"),
        ({"tự chấm", "thẩm định", "thẩm định 2", "chính thức"}, "chính thức"),
        ({"tự chấm", "điểm trừ"}, "tự chấm"),
    ],
)
def test_the_official_phase_is_the_last_one_checked(phases, official):
    # Design, readings: chính thức, else the last thẩm định, else tự chấm.
    assert headings.official(phases) == official


# --- roman numbers, rows that number the columns ---


@pytest.mark.parametrize("value", [None, 1.0, True, "", "1", "1.1", "A", "Xã", "IIII", "VX", "IXX", "I.1", "Ib"])
def test_what_is_no_roman_number(value):
    assert not headings.is_roman(value)


@pytest.mark.parametrize(
    "value", ["I", "II", "III", "IV", "V", "VI", "IX", "X", "XIV", "XIX", "XX", "XL", " I ", "I.", "II)", "iv"]
)
def test_roman_numbers(value):
    assert headings.is_roman(value)


@pytest.mark.parametrize(
    "row",
    [
        "| 1 | Xã A | 18 | 5 | 5",
        "| 1 | Xã A | 2 | 3 | 4",  # points that happen to count up
        "| STT | Đơn vị | TC1 | TC2",
        "| | Điểm tối đa | 20 | 12 | 8",
        "| (1) | (2)",  # too few to tell
        "|",
    ],
)
def test_a_row_that_does_not_number_the_columns(row):
    assert not headings.is_numbering(a_grid(row), 0)


@pytest.mark.parametrize(
    "row",
    [
        "| (1) | (2) | (3) | (4) | (5)",
        "| 1 | 2 | 3 | 4 | 5",
        "| A | B | 1 | 2 | 3",
        "| A | B | (1) | (2) | (3)",
        "| (1) | (2) | (3) | (4) | (5)=(3)+(4)",
        "| '1' | '2' | '3'",
    ],
)
def test_a_row_that_numbers_the_columns(row):
    assert headings.is_numbering(a_grid(row, top=4), 4)


# --- years ---


@pytest.mark.parametrize(
    "title",
    [
        "Tà Lùng, ngày 10 tháng 01 năm 2020",
        "ngày 10 tháng 01\nnăm 2020",
        "Tà Lùng, ngày … tháng … năm 2020",
        "Tà Lùng, ngày      tháng      năm 2020",  # left blank for the pen: still a date
        "(Kèm theo Quyết định số 34/QĐ-UBND ngày 10/01/2020)",
        "Quyết định số 2019/QĐ-UBND",
        "GIAI ĐOẠN 2016-2018",
        "KẾT QUẢ CÁC NĂM 2016-2018",
        "KẾT QUẢ CÁC NĂM 2016 – 2018",
        "Năm 2019 so với năm 2018",
        "năm",
    ],
)
def test_a_date_a_period_or_a_number_of_a_document_is_no_year_of_a_title(title):
    assert headings.year_in_title(title) is None


@pytest.mark.parametrize(
    "title",
    [
        "NĂM 2019",
        "BẢNG TỔNG HỢP ĐIỂM NĂM 2019",
        "Kết quả năm 2019 (Kèm theo Quyết định ngày 10 tháng 01 năm 2020)",
        unicodedata.normalize("NFD", "BẢNG ĐIỂM NĂM 2019"),
        "BẢNG ĐIỂM\nNĂM\n2019",
    ],
)
def test_the_year_of_a_title(title):
    assert headings.year_in_title(title) == 2019


@pytest.mark.parametrize(
    "name", ["Bảng điểm", "10/01/2020", "2016-2018", "2016 – 2018", "12019", "20190", "2018 và 2019"]
)
def test_a_name_that_tells_no_year_or_several(name):
    assert headings.year_in_name(name) is None


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2011_PAPI", 2011), ("Năm 2019", 2019), ("2019", 2019), ("NĂM 2019 ", 2019), ("2019 (2)", 2019),
        ("tong_hop_2019.xlsx", 2019), ("tong-hop-2019.xlsx", 2019), ("Biểu - 2019.xlsx", 2019), ("2019-tong-hop.xlsx", 2019),
    ],
)  # fmt: skip
def test_the_year_in_the_name_of_a_sheet_or_a_file(name, year):
    assert headings.year_in_name(name) == year


@pytest.mark.parametrize("value", [None, True, 2019.5, 19.0, 1899, 2201, 20190, "", "x", "2016-2018", "10/01/2020"])
def test_what_is_no_year_in_a_cell(value):
    assert headings.whole_year(value) is None


@pytest.mark.parametrize("value", [2019, 2019.0, "2019", "Năm 2019", "NĂM 2019 "])
def test_the_year_in_a_cell(value):
    assert headings.whole_year(value) == 2019
