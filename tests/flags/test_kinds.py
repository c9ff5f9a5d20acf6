"""What the cases of an officer do not show: complaints about a rule, numbers that do not end, maxima of one's own."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
import yaml

from builders import a_book
from xeploai.findings import Unusable
from xeploai.flags.base import Case, Names, percents, where
from xeploai.flags.near_edge import NearEdge
from xeploai.model import Block, Cell, Grid, Head, Past, Rating, Record, ScoreSheet, Unit

FACTS = [
    {"mã": "SL1", "tên": "Số hộ tái nghèo"},
    {"mã": "PB", "tên": "Bị phê bình", "kiểu": "có/không", "để trống là": "không"},
    {"mã": "CV", "tên": "Chức vụ", "kiểu": "chữ"},
]
OTHER = {"mã": "chan-chinh", "loại": "liên tiếp", "xếp loại không quá": "trung bình", "số năm": "2"}


def book_with(rule):
    sections = {"số liệu": FACTS, "cảnh báo": [{"mã": "thu", **rule}, OTHER]}
    return a_book(yaml.safe_dump(sections, allow_unicode=True, sort_keys=False)).book


# --------------------------------------------------------------------------------------------- complaints

WRONG = [
    ({"loại": "không chuyển biến", "cảnh báo năm trước": ["chan-chin"]}, "có phải «chan-chinh»?"),
    ({"loại": "không chuyển biến", "xếp loại năm trước không quá": "trung bìn"}, "có phải «trung bình»?"),
    ({"loại": "không chuyển biến", "cùng tiêu chí": "có"}, "cần đúng một trong «không quá» và «dưới»"),
    ({"loại": "không chuyển biến", "cùng tiêu chí": "có", "dưới": "9 đơn vị"}, "không phải «đơn vị»"),
    (
        {"loại": "không chuyển biến", "cùng tiêu chí": "có", "dưới": "9 điểm", "cấp": "tiêu chi thành phần"},
        "có phải «tiêu chí thành phần»?",
    ),
    ({"loại": "không chuyển biến", "không quá": "9 điểm"}, "chỉ dùng cùng với «cùng tiêu chí: có»"),
    ({"loại": "nguyên nhân", "xếp loại không quá": "kha"}, "có phải «khá»?"),
    ({"loại": "nguyên nhân", "xếp loại không quá": "khá", "cấp": "lĩnh vực"}, "không có cấp «lĩnh vực»"),
    ({"loại": "giải trình"}, "cần «các việc» hoặc «tiêu chí không quá»"),
    ({"loại": "giải trình", "các việc": ["bị phê bin"]}, "có phải «Bị phê bình»?"),
    ({"loại": "giải trình", "các việc": ["Số hộ tái nghèo"]}, "có kiểu «số», ở đây cần kiểu «có/không»"),
    ({"loại": "giải trình", "các việc": ["PB"], "chức vụ": "Chức vu"}, "có phải «Chức vụ»?"),
    ({"loại": "giải trình", "các việc": ["PB"], "chức vụ": "PB"}, "ở đây cần kiểu «chữ»"),
    ({"loại": "giải trình", "các việc": ["PB"], "cấp": "tiêu chí"}, "chỉ dùng cùng với «tiêu chí không quá»"),
    ({"loại": "giải trình", "tiêu chí không quá": "9 đơn vị"}, "không phải «đơn vị»"),
    ({"loại": "số liệu", "nêu": "x", "khi": []}, "«khi»"),
    (
        {"loại": "số liệu", "nêu": "x", "khi": [{"số liệu": "Tái nghèo", "ít nhất": "5"}]},
        "không có số liệu «Tái nghèo»",
    ),
    (
        {"loại": "số liệu", "nêu": "x", "khi": [{"số liệu": "PB", "là": "có"}, {"tiêu chí": "TC9", "dưới": "9 điểm"}]},
        "điều kiện thứ 2: không có tiêu chí «TC9»",
    ),
    ({"loại": "cuối bảng", "cấp": "tiêu trí"}, "có phải «tiêu chí»?"),
    ({"loại": "thấp nhất", "cấp": "tiêu trí"}, "có phải «tiêu chí»?"),
    ({"loại": "thấp nhất", "tính theo": "huyên"}, "có phải «huyện»?"),
    ({"loại": "thấp nhất", "số lĩnh vực ít nhất": "3"}, "chỉ có 2 mục"),
    ({"loại": "thấp nhất", "số lĩnh vực ít nhất": "0"}, "«số lĩnh vực ít nhất»"),
    ({"loại": "không điểm", "cấp": "tiêu trí"}, "có phải «tiêu chí»?"),
    ({"loại": "không điểm", "cấp": "tiêu chí thành phần", "đếm cấp": "tiêu chí"}, "ở trên cấp «tiêu chí thành phần»"),
    ({"loại": "sát ngưỡng", "cách ngưỡng không quá": "2 đơn vị"}, "không phải «đơn vị»"),
    ({"loại": "sát ngưỡng", "cách ngưỡng không quá": "120%"}, "lớn hơn 100%"),
    ({"loại": "sát ngưỡng"}, "thiếu từ khoá «cách ngưỡng không quá»"),
]


@pytest.mark.parametrize(("rule", "words"), WRONG, ids=lambda each: str(each)[:60])
def test_a_wrong_word_in_a_rule_is_named_with_the_right_one(rule, words):
    with pytest.raises(Unusable) as caught:
        book_with(rule)
    assert words in str(caught.value)


def test_bands_by_quarter_have_no_edge_to_be_near_to():
    flag = NearEdge.model_validate({"loại": "sát ngưỡng", "mã": "x", "cách ngưỡng không quá": "1%"})
    names = Names(("một", "hai"), (), ("tiêu chí",))
    assert list(flag.troubles(names, {})) == []
    assert ["phần tư" in words for _, words in flag.troubles(names._replace(by_quarter=True), {})] == [True]


# ------------------------------------------------------------------------- numbers that do not end, maxima


def a_case(rule, points, *, maxima=None, past=None):
    """A case of the test book (TC1 20; TC2 20) from the points of both criteria, unit by unit."""
    book = book_with(rule)
    units = tuple(Unit(f"Xã {place}") for place in range(len(points)))
    columns = {"TC1": 1, "TC2": 2, "TC2.1": 3, "TC2.2": 4}
    block = Block(Grid("diem.xlsx", "Bảng điểm", []), 0, tuple(range(1, len(units) + 1)), 0, columns)
    most = [40] * len(units)
    if maxima:
        most = [sum(column) for column in zip(*(maxima.get(c, [20] * len(units)) for c in ("TC1", "TC2")), strict=True)]
    ratings = [
        Rating(
            unit, 2019, "rated", sum(map(Fraction, pair)), maximum, 100 * sum(map(Fraction, pair)) / Fraction(maximum),
            "khá", rank=1 + place, of=len(units),
        )
        for place, (unit, pair, maximum) in enumerate(zip(units, points, most, strict=True))
    ]  # fmt: skip
    by_code = {"TC1": [pair[0] for pair in points], "TC2": [pair[1] for pair in points]}
    by_code |= {"TC2.1": [None] * len(units), "TC2.2": [None] * len(units)}
    return book.flags[0], Case(
        2019, ScoreSheet(2019, units, (block,), {}), book.names, book.level, book.by_level, by_code, ratings,
        past or Past(), last={len(units) - 1: True}, bands=tuple(book.bands), maxima=maxima or {},
    )  # fmt: skip


def said(rule, points, **more):
    flag, case = a_case(rule, points, **more)
    return [(finding.unit.name, finding.message) for finding in flag.check(case)]


THIRD = Fraction(1, 3)


def test_decimals_and_fractions_are_compared_with_each_other():
    points = [(Decimal("9.5"), 10 + THIRD), (10 + THIRD, Decimal("10.5"))]
    lowest = said({"loại": "thấp nhất"}, points)
    assert [unit for unit, _ in lowest] == ["Xã 0"]
    assert "TC1 «Tiêu chí một» 47,5%; TC2 «Tiêu chí hai» 51,67%" in lowest[0][1]
    assert len(said({"loại": "nguyên nhân", "xếp loại không quá": "khá"}, points)) == 2
    last = said({"loại": "cuối bảng"}, [(20, 10 + THIRD), (20, Decimal(10))])
    assert "với 75%, kém Xã 0 ở hạng 1 (75,83%) 0,83 điểm phần trăm: phải thêm hơn 0,33 điểm" in last[0][1]


def test_a_limit_in_percent_goes_by_the_maximum_that_applies_to_the_unit():
    # 5 of 20 is 25 %, 5 of 10 is 50 %
    rule = {"loại": "điểm thấp", "dưới": "50%"}
    maxima = {"TC1": [Decimal(20), Decimal(10), Fraction(31, 3)]}
    found = said(rule, [(Decimal(5), 20), (Decimal(5), 20), (Decimal(5), 20)], maxima=maxima)
    assert [unit for unit, _ in found] == ["Xã 0", "Xã 2"]


def test_a_criterion_that_does_not_apply_is_neither_compared_nor_counted_nor_lost():
    maxima = {"TC1": [Decimal(20), Decimal(20), Decimal(0)]}
    points = [(Decimal(3), Decimal(10)), (Decimal(4), Decimal(11)), (Decimal(0), Decimal(12))]
    assert "ở 2/2 tiêu chí" in said({"loại": "thấp nhất"}, points, maxima=maxima)[0][1]
    assert said({"loại": "không điểm"}, points, maxima=maxima) == []
    under = {"TC2.1": [Decimal(12)] * 3, "TC2.2": [Decimal(0), Decimal(8), Decimal(8)]}
    flag, case = a_case({"loại": "không điểm"}, points, maxima=maxima | under)
    case = replace(case, points={**case.points, "TC2.1": [Decimal(0)] * 3, "TC2.2": [Decimal(0)] * 3})
    assert ["có 1/1 tiêu chí" in each.message for each in flag.check(case)] == [True, False, False]
    causes = dict(said({"loại": "nguyên nhân", "xếp loại không quá": "khá"}, points, maxima=maxima))
    assert "TC1" not in causes["Xã 2"]
    first = [(Decimal(5), Decimal(10)), (Decimal(4), Decimal(11)), (Decimal(0), Decimal(9))]
    assert "ở 1/1 tiêu chí: TC2" in dict(said({"loại": "thấp nhất"}, first, maxima=maxima))["Xã 2"]


def test_the_edge_of_a_band_goes_by_the_maximum_that_applies_to_the_unit():
    # 80 % of 30 is 24 points; of 31/3 + 20 it is 24 4/15
    rule = {"loại": "sát ngưỡng", "cách ngưỡng không quá": "0,5 điểm"}
    maxima = {"TC1": [Decimal(10), Fraction(31, 3)]}
    found = dict(said(rule, [(Decimal(4), Decimal("19.5")), (Decimal(4), Decimal(20))], maxima=maxima))
    assert "còn thiếu 0,5 điểm để lên mức tốt (ít nhất 80%, tức 24 điểm)" in found["Xã 0"]
    assert "24/30,33 điểm, xếp loại khá, còn thiếu 0,27 điểm" in found["Xã 1"]


def test_a_band_held_down_by_a_cap_lacks_no_points():
    rule = {"loại": "sát ngưỡng", "cách ngưỡng không quá": "40 điểm"}
    # 32 points and more are worth a tốt, the rating says khá
    assert said(rule, [(Decimal(20), Decimal(12)), (Decimal(20), Decimal(13))]) == []
    assert len(said(rule, [(Decimal(20), Decimal("11.99"))])) == 1


def test_a_band_lifted_by_rounding_has_no_points_to_spare():
    rule = {"loại": "sát ngưỡng", "cách ngưỡng không quá": "0,5 điểm", "phía": "trên"}
    found = said(rule, [(Decimal(13), Decimal("12.999")), (Decimal(13), Decimal(13))])  # khá from 26 points
    assert [unit for unit, _ in found] == ["Xã 1"]


def test_the_head_of_the_unit_is_named():
    before = Record(2018, "khá", flags=("kiem-diem",))
    for rule in ({"loại": "không chuyển biến"}, {"loại": "giải trình", "tiêu chí không quá": "9 điểm"}):
        flag, case = a_case(rule, [(Decimal(9), Decimal(17))], past=Past({0: {2018: before}}, (2018,)))
        headed = replace(case, ratings=[case.ratings[0]._replace(head=Head("Ông Một"))])
        assert [finding.people for each in (case, headed) for finding in flag.check(each)] == [(), ("Ông Một",)]


def test_equal_percents_behind_a_tie_break_lack_no_points_either():
    points = [(Decimal(10), Decimal(10)), (Decimal(11), Decimal(9))]
    assert (
        "bằng Xã 0 ở hạng 1 nhưng xếp sau theo tiêu chí so khi bằng điểm" in said({"loại": "cuối bảng"}, points)[0][1]
    )


def test_a_record_that_tells_only_the_rank_is_no_band_to_compare_with():
    past = Past({0: {2018: Record(2018, None, rank=9, flags=("kiem-diem",))}}, (2018,))
    assert said({"loại": "không chuyển biến"}, [(Decimal(13), Decimal(13))], past=past) == []


def test_last_years_points_do_not_look_like_this_years_where_they_differ():
    before = Record(2018, "khá", points=Decimal("26.0000001"), max_points=Decimal(40), flags=("kiem-diem",))
    found = said({"loại": "không chuyển biến"}, [(Decimal(13), Decimal(13))], past=Past({0: {2018: before}}, (2018,)))
    assert "khá (26,0000001/40 điểm)" in found[0][1]
    assert "khá (26/40 điểm)" in found[0][1]


# ---------------------------------------------------------------------------------------------- the words


def test_cells_of_another_sheet_say_their_sheet():
    here, beside, there = (Cell("a.xlsx", "Điểm", 1, 5), Cell("a.xlsx", "Điểm", 1, 6), Cell("a.xlsx", "Lịch sử", 2, 1))
    assert where(()) == "không có ô"
    assert where((here, beside, here)) == "ô F2, G2"
    assert where((here, there)) == "ô F2; trang «Lịch sử» ô B3"


def test_percents_that_differ_do_not_look_alike():
    assert percents(Fraction(50), Decimal("56.174")) == ("50%", "56,17%")
    assert percents(Decimal("56.174"), Fraction(56173, 1000)) == ("56,174%", "56,173%")
    assert percents(THIRD, THIRD) == ("0,33%", "0,33%")
