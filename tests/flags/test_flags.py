"""Runs the cases of every kind of flag. The cases are YAML files in Vietnamese, made to be read and checked by an officer.

    low_score.yaml       điểm thấp            no_improvement.yaml  không chuyển biến   fact.yaml     số liệu
    streak.yaml          liên tiếp            causes.yaml          nguyên nhân         explain.yaml  giải trình
    target.yaml          chỉ tiêu             last_place.yaml      cuối bảng           zeros.yaml    không điểm
    near_edge.yaml       sát ngưỡng           lowest.yaml          thấp nhất

Each case is a rule as a book writes it, the score sheet of a year or several, what is known of earlier years, and every
finding that must come out, in order; [] is none. What a case leaves unsaid must be absent: no unit, no criterion, no
people, no streak, severity cảnh báo. The test book is conftest's (TC1 20; TC2 20 = TC2.1 12 + TC2.2 8; tốt 80 %, khá 65 %,
trung bình 50 %, yếu) with the title «Vững mạnh»: khá or better, every criterion above 9. A case may have other criteria
(`tiêu chí`), other bands (`các mức`), other rules beside its own (`quy tắc khác`) and more sections (`bộ thêm`).
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from builders import BANDS, CRITERIA, a_book, a_grid, run
from xeploai import vi
from xeploai.findings import Finding
from xeploai.flags import KINDS, PAGES

FILES = {path.partition(":")[0].rpartition(".")[2]: word for word, path in KINDS.table.items()}
TITLES = [{"tên": "Vững mạnh", "xếp loại ít nhất": "khá", "mọi tiêu chí trên": "9 điểm"}]
KEYS = {"ca", "theo", "quy tắc", "tiêu chí", "biểu", "phân công", "lịch sử", "xếp loại", "phải ra", "đang hỏng"}
KEYS |= {"bộ thêm", "quy tắc khác", "các mức"}
EXPECTED = {"đơn vị", "nhóm", "tiêu chí", "năm liên tiếp", "từ năm", "người", "ô", "mức độ", "phải làm", "căn cứ"}
SENTENCE = {"câu có", "câu không có"}
Case = dict[str, Any]


def cases_of(name: str) -> list[Case]:
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    cases: list[Case] = yaml.load(text, Loader=yaml.BaseLoader)  # every scalar stays text
    return cases


def every_case():
    for name in FILES:
        for case in cases_of(name):
            marks = [pytest.mark.xfail(strict=True, reason=case["đang hỏng"])] if "đang hỏng" in case else []
            yield pytest.param(case, id=f"{name}: {vi.fold(case['ca'])}", marks=marks)


def section(name: str, given: object) -> str:
    return yaml.safe_dump({name: given}, allow_unicode=True, sort_keys=False)


def drawn(table: str, sheet: str):
    """Points as officials write them (9,01) become numbers."""
    return a_grid(re.sub(r"(?<=\d),(?=\d)", ".", table), sheet=sheet)


@pytest.mark.parametrize("case", list(every_case()))
def test_the_rule_finds_what_the_case_says(case: Case):
    rule = {"mã": "thu", **case["quy tắc"]}
    criteria = section("tiêu chí", case["tiêu chí"]) if "tiêu chí" in case else CRITERIA
    bands = section("xếp loại", case["các mức"]) if "các mức" in case else BANDS
    more = {"danh hiệu": TITLES, **case.get("bộ thêm", {}), "cảnh báo": [rule, *case.get("quy tắc khác", [])]}
    book = a_book("".join(section(name, given) for name, given in more.items()), criteria=criteria, bands=bands)
    grids = [drawn(table, f"Năm {year}") for year, table in case["biểu"].items()]
    if "phân công" in case:
        grids.append(drawn(case["phân công"], "Phân công"))
    history = [drawn(case["lịch sử"], "Lịch sử")] if "lịch sử" in case else []

    outcome = run(book, *grids, history=history)

    bands = {rating.unit.name: rating.band or "chưa xếp loại" for rating in outcome.ratings}
    assert {unit: bands[unit] for unit in case.get("xếp loại", {})} == case.get("xếp loại", {}), "premise"
    found = [finding for finding in outcome.findings if finding.code == "thu"]
    assert [as_written(finding, want) for finding, want in zip(found, case["phải ra"], strict=False)] == [
        {key: value for key, value in want.items() if key not in SENTENCE} for want in case["phải ra"]
    ]
    assert len(found) == len(case["phải ra"]), [finding.message for finding in found]
    for finding, want in zip(found, case["phải ra"], strict=True):
        for words in listed(want.get("câu có", [])):
            assert words in finding.message
        for words in listed(want.get("câu không có", [])):
            assert words not in finding.message


def as_written(finding: Finding, want: Case) -> Case:
    """The finding in the words of the case; what is empty is left out, cells, duty and basis unless they are asked for."""
    said = {
        "đơn vị": finding.unit.name if finding.unit else "",
        "nhóm": finding.group if finding.unit is None or "nhóm" in want else "",
        "tiêu chí": finding.criterion,
        "năm liên tiếp": str(finding.streak.years) if finding.streak else "",
        "từ năm": str(finding.streak.since) if finding.streak else "",
        "người": list(finding.people),
        "mức độ": "" if finding.severity.vi == "cảnh báo" else finding.severity.vi,
        "ô": [f"{cell.sheet}!{cell.address}" for cell in finding.cells] if "ô" in want else "",
        "phải làm": finding.duty if "phải làm" in want else "",
        "căn cứ": finding.basis if "căn cứ" in want else "",
    }
    return {key: value for key, value in said.items() if value or want.get(key) == value}


def listed(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words


# ------------------------------------------------------------------------------------- the files themselves


def test_every_kind_of_flag_has_its_file_of_cases():
    assert set(FILES.values()) == set(PAGES)


@pytest.mark.parametrize("name", FILES)
def test_every_case_is_spelled_with_the_known_words(name):
    for case in cases_of(name):
        assert set(case) <= KEYS, case["ca"]
        assert {"ca", "theo", "quy tắc", "biểu", "phải ra"} <= set(case), case["ca"]
        assert case["quy tắc"]["loại"] == FILES[name], case["ca"]
        assert all(set(want) <= EXPECTED | SENTENCE for want in case["phải ra"]), case["ca"]


@pytest.mark.parametrize("name", FILES)
def test_the_first_case_is_one_that_must_not_fire(name):
    assert cases_of(name)[0]["phải ra"] == []
