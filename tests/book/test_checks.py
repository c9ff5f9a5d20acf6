"""The form of the checks: every page's example is a check, and what cannot be checked is refused in the officer's words."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from xeploai.book.check_kinds import KINDS as CHECKS
from xeploai.book.check_kinds import PAGES as CHECK_PAGES
from xeploai.book.check_kinds import AnyCheck
from xeploai.book.checks import Check, troubles
from xeploai.book.facts import Fact
from xeploai.book.names import FactNames

ANY: TypeAdapter[Check] = TypeAdapter(AnyCheck)
FACTS = FactNames(
    [
        Fact.model_validate({"mã": code, "tên": name, "kiểu": kind})
        for code, name, kind in (
            ("A", "Hộ nghèo", "số"),
            ("B", "Tổng hộ", "số"),
            ("C", "Hộ cận nghèo", "số"),
            ("P", "Tỷ lệ nghèo", "phần trăm"),
            ("Q", "Tỷ lệ cận nghèo", "phần trăm"),
            ("T", "Trưởng thôn", "chữ"),
            ("Y", "Có nhà văn hóa", "có/không"),
        )
    ]
)
CRITERIA = ("TC1", "Kinh tế")
PAIRS = [{"số lượng": "A", "tỷ lệ": "P"}, {"số lượng": "C", "tỷ lệ": "Q"}]
SOUND: dict[str, dict[str, Any]] = {
    "cộng cột": {"kết quả": "Tổng hộ", "gồm": ["Hộ nghèo"], "trừ": "C"},
    "cộng hàng": {"số liệu": ["Hộ nghèo", "TC1"]},
    "tỷ lệ": {"tử số": "A", "mẫu số": "B", "kết quả": "P"},
    "chung mẫu số": {"gồm": PAIRS, "mẫu số": "B", "sai số": "5%"},
    "chuyển năm": {"số liệu": "A", "số liệu năm trước": "C"},
    "thay đổi": {"số liệu": "P", "từ năm": "2015", "tính trên": "B", "so với": "A", "sai số": "5%"},
    "không quá": {"số liệu": "A", "số liệu khác": "B"},
    "giữa các trang": {"số liệu": "A", "bằng số liệu": "B"},
}


def a_check(kind: str, without: tuple[str, ...] = (), **more: Any) -> Check:
    fields = {"mã": "kt", "loại": kind, **SOUND[kind], **{key.replace("_", " "): value for key, value in more.items()}}
    return ANY.validate_python({key: value for key, value in fields.items() if key not in without})


def wrong(check: Check) -> list[tuple[str, str]]:
    return list(check.troubles(FACTS, CRITERIA, ("kt-tong",)))


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_check_has_no_trouble(kind):
    check = a_check(kind)
    assert (type(check), wrong(check)) == (CHECKS[kind], [])


def test_every_kind_has_its_case_and_its_word():
    assert set(SOUND) == set(CHECKS) == set(CHECK_PAGES)


@pytest.mark.parametrize("kind", CHECKS)
def test_the_example_of_every_page_is_a_check_and_its_page_shows_a_finding(kind):
    example = "\n".join(re.findall(r"^    (.*)$", CHECK_PAGES[kind], re.MULTILINE))
    checks = yaml.load(example, Loader=yaml.BaseLoader)
    assert [type(ANY.validate_python(check)) for check in checks] == [CHECKS[kind]] * len(checks)
    assert "Ví dụ phát hiện: " in CHECK_PAGES[kind]


@pytest.mark.parametrize(
    ("check", "complaints"),
    [
        (a_check("cộng cột", gồm=["Hộ nghéo"]), [("gồm", "không có số liệu «Hộ nghéo»; có phải «Hộ nghèo»?")]),
        (
            a_check("cộng cột", gồm=["P"], trừ=[]),
            [("gồm", "«Tổng hộ» là số lượng, «P» là tỷ lệ phần trăm: không so được")],
        ),
        (a_check("cộng cột", kết_quả="T"), [("kết quả", "«T» có kiểu «chữ», ở đây cần kiểu số hoặc phần trăm")]),
        (a_check("cộng cột", gồm=["B"]), [("gồm", "«B» nêu hai lần")]),
        (a_check("cộng cột", gồm=["A", "Hộ nghèo"]), [("gồm", "«Hộ nghèo» nêu hai lần")]),
        (
            a_check("cộng cột", kết_quả="P", gồm=["Q"], trừ=[], sai_số="1%"),
            [("sai số", "«P» đã là phần trăm: viết «sai số: 1» (điểm phần trăm), không có dấu %")],
        ),
        (a_check("cộng hàng", số_liệu=["P"]), [("số liệu", "«P» có kiểu «phần trăm», ở đây cần kiểu số")]),
        (a_check("cộng hàng", số_liệu=["A", "a"]), [("số liệu", "«a» nêu hai lần")]),
        (a_check("tỷ lệ", tử_số="P"), [("tử số", "«P» có kiểu «phần trăm», ở đây cần kiểu số")]),
        (a_check("tỷ lệ", mẫu_số="Y"), [("mẫu số", "«Y» có kiểu «có/không», ở đây cần kiểu số")]),
        (a_check("tỷ lệ", kết_quả="A"), [("kết quả", "«A» có kiểu «số», ở đây cần kiểu phần trăm")]),
        (
            a_check("tỷ lệ", sai_số="0,1%"),
            [("sai số", "«P» đã là phần trăm: viết «sai số: 0,1» (điểm phần trăm), không có dấu %")],
        ),
        (
            a_check("chung mẫu số", without=("mẫu số", "sai số"), gồm=PAIRS[:1]),
            [("gồm", "cần ít nhất hai cặp, hoặc một cặp và «mẫu số»")],
        ),
        (
            a_check("chung mẫu số", without=("mẫu số",)),
            [("sai số", "«sai số» chỉ dùng cho «mẫu số» ghi trong biểu; khoảng của tổng đã tính cả phần làm tròn")],
        ),
        (
            a_check("chung mẫu số", gồm=[{"số lượng": "P", "tỷ lệ": "A"}]),
            [
                ("gồm", "«P» có kiểu «phần trăm», ở đây cần kiểu số"),
                ("gồm", "«A» có kiểu «số», ở đây cần kiểu phần trăm"),
            ],
        ),
        (
            a_check("chuyển năm", số_liệu_năm_trước="P"),
            [("số liệu năm trước", "«A» là số lượng, «P» là tỷ lệ phần trăm: không so được")],
        ),
        (a_check("thay đổi", số_liệu="A"), [("số liệu", "«A» có kiểu «số», ở đây cần kiểu phần trăm")]),
        (a_check("thay đổi", từ_số_liệu="Q"), [("từ số liệu", "giữ một trong hai: «từ năm» hoặc «từ số liệu»")]),
        (a_check("thay đổi", so_với="Q"), [("so với", "«Q» có kiểu «phần trăm», ở đây cần kiểu số")]),
        (
            a_check("thay đổi", without=("tính trên", "sai số"), so_với="A"),
            [("so với", "«P» là tỷ lệ phần trăm, «A» là số lượng: không so được")],
        ),
        (
            a_check("không quá", số_liệu_khác="Q"),
            [("số liệu khác", "«A» là số lượng, «Q» là tỷ lệ phần trăm: không so được")],
        ),
        (a_check("không quá", số_liệu_khác="Hộ nghèo"), [("số liệu khác", "«Hộ nghèo» nêu hai lần")]),
        (
            a_check("giữa các trang", bằng_số_liệu="T"),
            [("bằng số liệu", "«A» có kiểu «số», «T» có kiểu «chữ»: không so được")],
        ),
        (
            a_check("giữa các trang", without=("bằng số liệu",), số_liệu="T", sai_số="1"),
            [("sai số", "«T» không phải là số, không có sai số")],
        ),
    ],
)
def test_what_cannot_be_checked_is_refused(check, complaints):
    assert wrong(check) == complaints


def test_the_total_of_a_change_may_be_the_code_of_a_shared_total():
    assert wrong(a_check("thay đổi", tính_trên="kt-tong")) == []
    ((key, complaint),) = wrong(a_check("thay đổi", tính_trên="kt-tonh"))
    assert (key, complaint.startswith("không có số liệu «kt-tonh»")) == ("tính trên", True)


def test_points_of_a_criterion_are_a_number_but_no_percent():
    assert wrong(a_check("không quá", số_liệu="Kinh tế", số_liệu_khác="TC1")) == []  # TC1 is not known to be Kinh tế
    assert wrong(a_check("tỷ lệ", kết_quả="TC1"))


def test_all_checks_of_a_book_together():
    checks = [
        a_check("thay đổi", mã="kt-giam", tính_trên="kt-tong"),
        a_check("chung mẫu số", mã="kt-tong", mẫu_số="Hộ"),
        a_check("không quá", mã="KT-giam"),
    ]
    found = list(troubles(checks, FACTS, CRITERIA))
    assert [(place, key) for place, key, _ in found] == [(1, "mẫu số"), (2, "mã")]
    assert found[1][2] == "mã «KT-giam» đã dùng ở một phép kiểm tra khác"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("cộng cột", {"gồm": []}),
        ("cộng cột", {"gồm": ""}),
        ("cộng hàng", {"số liệu": []}),
        ("chung mẫu số", {"gồm": []}),
        ("tỷ lệ", {"số chữ số thập phân": "11"}),
        ("thay đổi", {"từ năm": "năm ngoái"}),
        ("không quá", {"sai số": "-1"}),
        ("không quá", {"sai số": "ít"}),
        ("không quá", {"mức độ": "lỗi"}),
        ("không quá", {"gồm": ["A"]}),
        ("không quá", {"mã": ""}),
    ],
)
def test_a_check_of_another_form_does_not_load(kind, fields):
    with pytest.raises(ValidationError):
        a_check(kind, **{key.replace(" ", "_"): value for key, value in fields.items()})


def test_a_tolerance_says_its_unit():
    assert [str(a_check("không quá", sai_số=typed).tolerance) for typed in ("1", "2,5%", "5 hộ")] == [
        "1",
        "2,5%",
        "5 hộ",
    ]


def test_the_schema_of_the_checks_can_be_printed():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(ANY.json_schema(by_alias=True)["anyOf"]) == len(CHECKS)
