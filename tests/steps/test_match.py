"""Which unit a person means."""

from __future__ import annotations

import pytest

from xeploai.findings import Unusable
from xeploai.model import Unit
from xeploai.steps.match import the_one

NA, NE, TWIN = Unit("Xã Ná", "Huyện A", "1"), Unit("Xã Né", "Huyện A", "2"), Unit("Xã Ná", "Huyện B", "3")


@pytest.mark.parametrize(("name", "place"), [("Xã Né", 1), ("né", 1), ("3", 2), ("Xã Ná (Huyện B)", 2)])
def test_a_unit_is_found_by_name_code_or_district(name, place):
    assert the_one([NA, NE, TWIN], name) == place


@pytest.mark.parametrize(
    ("units", "name", "said"),
    [
        (
            [NA, NE, TWIN],
            "Xã Ná",
            "là 2 đơn vị: «Xã Ná (Huyện A)» mã 1; «Xã Ná (Huyện B)» mã 3; ghi cả huyện trong ngoặc, hoặc mã",
        ),
        (
            [NA, NE, NA],
            "Xã Ná",
            "«Xã Ná (Huyện A)» ghi 2 lần trong bảng điểm nên không hàng nào được xếp loại: sửa lỗi DL32 trước",
        ),
        ([NA, NE, NA], "1", "ghi 2 lần trong bảng điểm"),
        ([NA, NE], "Xã Nes", "có phải «Xã Né»?"),
        ([], "Xã Ná", "Không có đơn vị «Xã Ná»"),
    ],
)
def test_who_is_nobody_or_several_is_told(units, name, said):
    with pytest.raises(Unusable) as stopped:
        the_one(units, name)
    assert said in stopped.value.findings[0].message
