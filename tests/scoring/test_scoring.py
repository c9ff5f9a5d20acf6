"""Runs the cases of every way of scoring. The cases are YAML files in Vietnamese, made to be read and checked by an officer.

    entered.yaml   nhập điểm

Each case is one entry in a sheet, as a number of Excel, and the points that come of it, or the error.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from builders import a_book, a_grid, brief, run
from xeploai import vi
from xeploai.scoring import PAGES

FILES = {"entered": "nhập điểm"}
KEYS = {"ca", "cách chấm", "điểm tối đa", "ghi"}
Case = dict[str, Any]


def cases_of(name: str) -> list[Case]:
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    cases: list[Case] = yaml.load(text, Loader=yaml.BaseLoader)  # every scalar stays text
    return cases


def every_case():
    return [pytest.param(case, id=f"{name}: {vi.fold(case['ca'])}") for name in FILES for case in cases_of(name)]


@pytest.mark.parametrize("case", every_case())
def test_the_entry_becomes_the_points_that_the_case_says(case: Case):
    most = case["điểm tối đa"].removesuffix(" điểm")
    criterion = {"mã": "TC1", "tên": "Tiêu chí một", "điểm tối đa": most, "cách chấm": case["cách chấm"]}
    book = a_book(criteria=yaml.safe_dump({"tiêu chí": [criterion]}, allow_unicode=True))
    grid = a_grid(f"TT | Đơn vị | TC1\n1 | Xã Hoa Ban | {case['ghi'].replace(',', '.')}")
    outcome = run(book, grid)
    (rating,) = outcome.ratings
    if "lỗi" in case:
        assert rating.points is None
        assert brief(outcome.errors) == [(case["lỗi"], "Xã Hoa Ban", "C2")]
    else:
        assert outcome.errors == []
        assert rating.points == Decimal(case["được"].replace(",", "."))


def test_every_way_of_scoring_has_its_file_of_cases():
    assert set(FILES.values()) == set(PAGES)


@pytest.mark.parametrize("name", FILES)
def test_every_case_is_spelled_with_the_known_words(name):
    for case in cases_of(name):
        assert set(case) in (KEYS | {"được"}, KEYS | {"lỗi"}), case["ca"]
        assert case["cách chấm"] == FILES[name], case["ca"]
