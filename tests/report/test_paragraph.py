"""The result in words: every number by hand, and nothing that the outcome does not say."""

from __future__ import annotations

import pytest

from builders import a_book, a_grid, run
from xeploai.report.paragraph import paragraphs

HEAD = "| NĂM {year} |\n| Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
GOOD, FAIR, POOR = "18 | 11 | 7", "12 | 10 | 6", "9 | 8 | 6"  # 36, 28 and 23 of 40: tốt, khá, trung bình


def year(number: int, *rows: str):
    drawn = "".join(f"| Huyện {row.split(':')[0]} | {row.split(':')[1]} | {row.split(':')[2]} |\n" for row in rows)
    return a_grid(HEAD.format(year=number) + drawn, sheet=f"Năm {number}")


def said(book: str, *grids) -> list[str]:
    return paragraphs(run(a_book(book), *grids))


NOW = year(2019, f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", f"B:Xã Nô:{FAIR}")
BEFORE = year(2018, f"A:Xã Ná:{FAIR}", f"A:Xã Nê:{POOR}", f"B:Xã Nô:{GOOD}")


def test_bands_are_counted_in_percents_that_add_up_and_nothing_is_said_of_a_year_that_nobody_knows():
    assert said("", NOW) == [
        "Theo kết quả đánh giá năm 2019, 3/3 đơn vị được xếp loại: 1 đơn vị xếp loại tốt (33,34%), "
        "1 đơn vị xếp loại khá (33,33%), 1 đơn vị xếp loại trung bình (33,33%) và không có đơn vị xếp loại yếu. "
        "Tỷ lệ được làm tròn sao cho cộng lại đúng 100%: tốt ghi 33,34% thay cho 33,33%."
    ]


def test_of_percents_that_add_up_by_themselves_nothing_is_said():
    (alone,) = said("", year(2019, f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}"))
    assert alone.endswith(" và không có đơn vị xếp loại yếu.")


def test_last_year_stands_beside_and_who_moved_is_named():
    first, moves = said("", NOW, BEFORE)
    assert "so với năm 2018: 1 đơn vị xếp loại tốt (33,34%; không đổi)" in first
    assert moves == ("So với năm 2018, 1 đơn vị lên mức (Xã Ná (Huyện A)); 1 đơn vị xuống mức (Xã Nô (Huyện B)).")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", f"B:Xã Nô:{FAIR}"], ":"),
        (
            [f"A:Xã Ná:{GOOD}"],
            " (chỉ tính 1 đơn vị của biểu năm nay có kết quả năm đó):",
        ),
        (  # as many as this year, but one of them is not in this year's sheet
            [f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", f"B:Xã Xa:{FAIR}"],
            " (chỉ tính 2 đơn vị của biểu năm nay có kết quả năm đó):",
        ),
        (  # all of this year's, and one more
            [f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", f"B:Xã Nô:{FAIR}", f"B:Xã Xa:{FAIR}"],
            " (chỉ tính 3 đơn vị của biểu năm nay có kết quả năm đó):",
        ),
    ],
)
def test_whose_results_are_compared_is_said_unless_both_years_have_the_same_units(before, words):
    first, *_ = said("", NOW, year(2018, *before))
    assert f"so với năm 2018{words} " in first


def test_as_many_units_of_which_one_is_rated_only_now_and_one_only_then_are_not_the_same_units():
    now = year(2019, f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", "B:Xã Nô:x | 10 | 6")
    before = year(2018, f"A:Xã Ná:{GOOD}", "A:Xã Nê:x | 8 | 6", f"B:Xã Nô:{FAIR}")
    first, *_ = said("", now, before)
    assert "(chỉ tính 2 đơn vị của biểu năm nay có kết quả năm đó; 1 đơn vị có kết quả cả hai năm)" in first


def test_where_nothing_is_rated_no_change_is_told():
    book = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá}\n"
    sentences = said(book, year(2019, "A:Xã Ná:x | 10 | 6"), year(2018, f"A:Xã Ná:{GOOD}"))
    assert sentences[:2] == ["Năm 2019: chưa đơn vị nào được xếp loại.", "0/1 đơn vị đạt danh hiệu «Vững mạnh»."]


def test_a_title_is_counted_with_its_change_and_the_best_group():
    book = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá}\n"
    now = year(2019, f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", f"B:Xã Nô:{FAIR}", f"B:Xã Nu:{FAIR}")
    before = year(2018, f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{POOR}", f"B:Xã Nô:{POOR}", f"B:Xã Nu:{POOR}")
    assert said(book, now, before)[1] == (
        "3/4 đơn vị đạt danh hiệu «Vững mạnh» (tăng 2 so với năm 2018); tỷ lệ cao nhất là Huyện B với 2/2."
    )


def test_two_groups_that_share_the_best_place_are_none_of_them_named():
    book = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá}\n"
    assert said(book, year(2019, f"A:Xã Ná:{GOOD}", f"B:Xã Nô:{FAIR}"))[1] == "2/2 đơn vị đạt danh hiệu «Vững mạnh»."


FLAGS = """cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm, phải làm: Làm biên bản}
  - {mã: hai-nam, loại: liên tiếp, xếp loại không quá: trung bình, số năm: 2}
"""


def test_flags_are_gathered_with_the_units_the_duty_and_the_longest_streak_first():
    low, streak = said(FLAGS, NOW, BEFORE)[-2:]
    assert (
        low
        == "Có 1 lượt tiêu chí đạt không quá 9 điểm ở 1 đơn vị: Xã Nê (Huyện A). Phải làm: làm Biên bản.".replace(
            "làm Biên", "làm biên"
        )
    )
    assert streak == "Có 1 đơn vị xếp loại trung bình trở xuống 2 năm liên tiếp: Xã Nê (Huyện A) 2 năm."


@pytest.mark.parametrize(
    ("count", "words"),
    [(8, ": Xã Thứ 0 (Huyện A); "), (9, " ở 9 đơn vị, nhiều nhất ở Huyện A (8).")],
)
def test_of_many_units_the_place_with_most_of_them_is_told_instead_of_names(count, words):
    rows = [f"{'A' if place < 8 else 'B'}:Xã Thứ {place}:9 | 12 | 8" for place in range(count)]
    (sentence,) = [each for each in said(FLAGS, year(2019, *rows)) if "lượt tiêu chí" in each]
    assert words in sentence


@pytest.mark.parametrize(("row", "open_"), [(GOOD, False), ("x | 8 | 6", True)])
def test_who_has_no_band_is_said(row, open_):
    last = said("", year(2019, f"A:Xã Ná:{GOOD}", f"A:Xã Nê:{row}"))[-1]
    assert (last == "Còn 1 đơn vị chưa xếp loại: Xã Nê (Huyện A).") is open_


def test_a_target_is_told_and_illustrative_numbers_are_marked():
    target = "cảnh báo:\n  - {mã: ct, loại: chỉ tiêu, xếp loại ít nhất: khá, ít nhất: 80%, tính theo: toàn tỉnh}\n"
    book = a_book(target, head="bộ tiêu chí: Bộ thử\nmã: bo-thu\nminh hoạ: có\n")
    sentences = paragraphs(run(book, NOW))
    assert [each for each in sentences if each.startswith("Chỉ tiêu")] == [
        "Chỉ tiêu: toàn tỉnh: 2/3 đơn vị xếp loại khá trở lên (66,67%), chỉ tiêu ít nhất 80%: còn thiếu 1 đơn vị."
    ]
    assert sentences[-1].startswith("Số liệu minh hoạ")
