"""Runs the cases of every way of scoring. The cases are YAML files in Vietnamese, made to be read and checked by an officer.

    entered.yaml        nhập điểm
    choice.yaml         lựa chọn
    tiers.yaml          bậc
    ratio.yaml          tỷ lệ
    steps.yaml          bước
    count.yaml          đếm
    deduct.yaml         trừ dần
    prerequisite.yaml   điều kiện tiên quyết

Of «nhập điểm» each case is one entry in a sheet, as a number of Excel, and the points that come of it, or the code of the
error. Of every other way it is `cách chấm` as a book writes it, `điểm tối đa`, the facts of one unit (`số liệu`) or what its
own cell says (`ghi`; «chữ 2,5» is a text), and one of

    được             the points, exactly: 9,4 or 10/3; `câu`: what the sentence says of them; `cha 0 điểm: có`
    không áp dụng    có
    lỗi              what the reason says; `thiếu`: the fact that is missing ('' is the own cell), else something is wrong
    bộ sai           what is said of the book itself, complaint by complaint; the facts it declares are in `khai báo`
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from builders import a_book, a_grid, brief, run
from xeploai import vi
from xeploai.book.facts import Fact
from xeploai.book.names import FactNames
from xeploai.book.rulebook import RuleBook
from xeploai.scoring import KINDS, PAGES, AnyScoring
from xeploai.scoring.base import Earned, Refused

FILES = {path.partition(":")[0].rpartition(".")[2]: word for word, path in KINDS.table.items()}
KEYS = {"ca", "cách chấm", "điểm tối đa"}
OUTCOMES = {
    "được": {"số liệu", "ghi", "câu", "cha 0 điểm"},
    "không áp dụng": {"số liệu", "ghi"},
    "lỗi": {"số liệu", "ghi", "thiếu"},
    "bộ sai": {"khai báo"},
}
WAY = TypeAdapter(AnyScoring)
Case = dict[str, Any]


def cases_of(name: str) -> list[Case]:
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    cases: list[Case] = yaml.load(text, Loader=yaml.BaseLoader)  # every scalar stays text
    return cases


def every_case(*outcomes: str, names=tuple(FILES)[1:]):
    return [
        pytest.param(case, id=f"{name}: {vi.fold(case['ca'])}")
        for name in names
        for case in cases_of(name)
        if any(outcome in case for outcome in outcomes)
    ]


def test_a_fact_that_may_be_below_0_falls_into_a_tier():
    class Signed(Sheet):
        def signed(self, word: str):
            return True

    way = WAY.validate_python(
        {"loại": "bậc", "theo": "Tăng dân số", "các bậc": [{"ít nhất": "0", "điểm": "2"}, {"điểm": "1"}]}
    )
    look = Signed({"Tăng dân số": "-5"})
    assert way.earn(look, None, Decimal(2)).points == 1
    assert isinstance(way.earn(Sheet({"Tăng dân số": "-5"}), None, Decimal(2)), Refused)


def most(case: Case) -> Decimal:
    return Decimal(case["điểm tối đa"].removesuffix(" điểm").replace(",", "."))


class Sheet:
    """One unit's facts, as a sheet would tell them: có and không, numbers, percents, words; empty is missing."""

    def __init__(self, facts: dict[str, str]) -> None:
        self.facts = {vi.key(word): read(text) for word, text in facts.items()}

    def fact(self, word: str):
        return self.facts.get(vi.key(word))

    def called(self, word: str):
        return word

    def points(self, word: str):
        raise AssertionError("a way of scoring looked at another criterion")

    def below(self):
        raise AssertionError("a way of scoring looked at other units")

    def signed(self, word: str):
        return False


def read(text: str):
    number = vi.read_number(text.removesuffix("%"))
    if isinstance(number, Decimal):
        return number
    return {"": None, "có": True, "không": False}.get(text, text.removeprefix("chữ "))


def earned(case: Case) -> Earned | Refused:
    way = WAY.validate_python(case["cách chấm"], by_alias=True, by_name=False)
    facts = case.get("số liệu", {})
    assert "ghi" in case or not way.reads_own, "the way reads the criterion's own cell"
    assert set(map(vi.key, facts)) <= set(map(vi.key, way.words())), "the way needs no such fact"
    with localcontext(vi.EXACT):
        return way.earn(Sheet(facts), read(case.get("ghi", "")), most(case))


def words(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


@pytest.mark.parametrize("case", every_case("được", "lỗi", names=["entered"]))
def test_the_entry_becomes_the_points_that_the_case_says(case: Case):
    criterion = {
        "mã": "TC1", "tên": "Tiêu chí một", "điểm tối đa": vi.number(most(case)), "cách chấm": case["cách chấm"],
    }  # fmt: skip
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


@pytest.mark.parametrize("case", every_case("được", "không áp dụng"))
def test_the_facts_earn_what_the_case_says(case: Case):
    result = earned(case)
    assert isinstance(result, Earned), result
    if "không áp dụng" in case:
        assert result.points is None
    else:
        expected = Fraction(case["được"].replace(",", "."))
        assert result.points is not None
        assert Fraction(result.points) == expected
        assert isinstance(result.points, Fraction if vi.finite(expected) is None else Decimal), (
            "a decimal where it ends"
        )
    assert result.empties_parent == ("cha 0 điểm" in case)
    for word in words(case.get("câu", [])):
        assert word in result.words


@pytest.mark.parametrize("case", every_case("lỗi"))
def test_what_cannot_be_scored_is_refused_with_its_reason(case: Case):
    result = earned(case)
    assert isinstance(result, Refused), result
    for word in words(case["lỗi"]):
        assert word in result.reason
    assert result.missing == ("thiếu" in case)
    assert not result.missing or result.word == case["thiếu"]


@pytest.mark.parametrize("case", every_case("bộ sai"))
def test_a_book_that_contradicts_itself_is_told(case: Case):
    declared = enumerate(case["khai báo"].items(), start=1)
    facts = FactNames(
        [Fact.model_validate({"mã": f"SL{n}", "tên": name, "kiểu": kind}) for n, (name, kind) in declared]
    )
    try:
        way = WAY.validate_python(case["cách chấm"], by_alias=True, by_name=False)
        with localcontext(vi.EXACT):
            complaints = [complaint for _, complaint in way.troubles(most(case), facts)]
    except ValidationError as error:
        complaints = [detail["msg"] for detail in error.errors()]
    assert len(complaints) == len(case["bộ sai"]), complaints
    for word, complaint in zip(case["bộ sai"], complaints, strict=True):
        assert word in complaint


def test_every_way_of_scoring_has_its_file_of_cases():
    assert set(FILES.values()) == set(PAGES)
    assert all(page.strip() for page in PAGES.values())


@pytest.mark.parametrize("name", FILES)
def test_every_case_is_spelled_with_the_known_words(name):
    for case in cases_of(name):
        (outcome,) = (word for word in OUTCOMES if word in case)
        assert KEYS | {outcome} <= set(case) <= KEYS | {outcome} | OUTCOMES[outcome], case["ca"]
        way = case["cách chấm"]
        assert (way if name == "entered" else way["loại"]) == FILES[name], case["ca"]


@pytest.mark.parametrize("kind", FILES.values())
def test_the_page_of_every_way_shows_a_piece_of_a_book_that_is_sound(kind):
    """What stands indented on the page is read as it stands; its facts are declared as the way needs them."""
    drawn = [line for line in PAGES[kind].splitlines() if line.startswith("    ")]
    for criterion in yaml.load("\n".join(drawn), Loader=yaml.BaseLoader):
        way = WAY.validate_python(criterion["cách chấm"], by_alias=True, by_name=False)
        assert way.kind == kind
        kinds = {"Tỷ lệ hộ nghèo": "phần trăm", "Kỷ luật người đứng đầu": "chữ"}
        facts = [{"mã": f"SL{n}", "tên": word, "kiểu": kinds.get(word, "số")} for n, word in enumerate(way.words())]
        troubles = way.troubles(most(criterion), FactNames(list(map(Fact.model_validate, facts))))
        assert list(troubles) == []


def test_a_way_inside_another_may_be_any_of_the_list():
    inner = {"loại": "đếm", "mỗi": "1", "theo": "Số việc"}
    way = WAY.validate_python(
        {"loại": "điều kiện tiên quyết", "khi": [{"số liệu": "A", "là": "có"}], "cách chấm": inner}
    )
    assert way.words() == ("A", "Số việc")
    assert not way.reads_own
    plain = WAY.validate_python({"loại": "điều kiện tiên quyết", "khi": [{"số liệu": "A", "là": "có"}]})
    assert plain.words() == ("A",)
    assert plain.reads_own
    assert plain.own == "điểm"


@pytest.mark.filterwarnings("error")
def test_the_schema_of_a_book_knows_every_way():
    def kinds(part):
        if isinstance(part, dict):
            if "const" in part.get("loại", {}) and isinstance(part["loại"], dict):
                yield part["loại"]["const"]
            for each in part.values():
                yield from kinds(each)
        elif isinstance(part, list):
            for each in part:
                yield from kinds(each)

    assert set(PAGES) <= set(kinds(RuleBook.model_json_schema()))


NUMBERS = ("0", "1", "16000", "999999999999999", "1e300", "1e-300", "0.000000000000001", "562949953421312", "7")


@pytest.mark.parametrize("first", NUMBERS)
@pytest.mark.parametrize("second", NUMBERS)
def test_no_number_that_a_cell_can_hold_is_too_much(first, second):
    sheet = Sheet({})
    sheet.facts = {"a": Decimal(first), "b": Decimal(second)}
    step = {"loại": "bước", "theo": "A", "ngưỡng": "7", "điểm ở ngưỡng": "1", "cứ thêm": "3", "được thêm": "0,5"}
    limits = [{"ít nhất": "80%", "điểm": "1"}, {"điểm": "0"}]
    for way in (
        {"loại": "tỷ lệ", "tử số": "A", "mẫu số": "B", "được vượt 100%": "có"},
        {"loại": "tỷ lệ", "tử số": "A", "mẫu số": "B", "làm tròn đến": "0,01"},
        {"loại": "bậc", "số liệu": "A", "trên tổng": "B", "các bậc": limits},
        {**step, "cách tính": "tuyến tính"},
        {**step, "cách tính": "tuyến tính", "chiều": "giảm"},
        {"loại": "đếm", "theo": "A", "mỗi": "0,5"},
        {"loại": "trừ dần", "theo": "A", "mỗi": "33%"},
    ):
        with localcontext(vi.EXACT):
            assert isinstance(WAY.validate_python(way).earn(sheet, None, Decimal("2.5")), Earned | Refused)
