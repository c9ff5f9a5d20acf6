"""Facts (số liệu): what a sheet tells beside points, and the conditions that books set on them.

    số liệu:
      - {mã: SL1, tên: Số nhiệm vụ được giao}
      - {mã: SL2, tên: Số nhiệm vụ đúng hạn}
      - {mã: KL, tên: Kỷ luật người đứng đầu, kiểu: chữ, các giá trị: [không, khiển trách, cảnh cáo], để trống là: không}

    điều kiện:
      - {số liệu: SL2, trên tổng: SL1, ít nhất: 100%}
      - {số liệu: Kỷ luật người đứng đầu, là: không}

A condition that cannot be judged, for a fact is missing, says so and is neither held nor failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from xeploai import vi
from xeploai.book.names import FactNames, Look, Verdict
from xeploai.book.parts import Part, Text, Texts, YesNo, amount, filled, unknown
from xeploai.model import FactValue
from xeploai.vi import Exact

Kind = Literal["số", "phần trăm", "có/không", "chữ", "mức"]


class Fact(Part):
    """A fact (số liệu): a column of the sheet that holds no points."""

    code: Text = Field(alias="mã", description="Mã ngắn, không trùng với mã nào khác trong bộ: SL1")
    name: Text = Field(alias="tên", description="Tên đúng như tiêu đề cột trong biểu")
    kind: Kind = Field("số", alias="kiểu", description="số, phần trăm, có/không, chữ hoặc mức (mức xếp loại)")
    values: Texts = Field((), alias="các giá trị", description="Kiểu chữ: chỉ nhận các chữ này")
    blank: Text | None = Field(
        None, alias="để trống là", description="Ô trống nghĩa là gì; không ghi thì trống là thiếu"
    )
    written: Literal["95", "0,95"] | None = Field(
        None, alias="phần trăm ghi là", description="95 hoặc 0,95: cách ghi 95% thành số trong ô"
    )
    signed: YesNo = Field(
        False, alias="có thể âm", description="có: số tăng giảm, chênh lệch; không ghi: số âm là ghi sai, không so được"
    )
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on a fact: `30%`, `16000`, `5 điểm`. Percents are said; any other word after the number is for the reader."""

    amount: Decimal
    unit: str = ""

    def __str__(self) -> str:
        return vi.number(self.amount) + ("%" if self.unit == "%" else f" {self.unit}" if self.unit else "")


def _limit(given: object) -> object:
    if isinstance(given, Limit):
        return given
    text = vi.clean(filled(given, "viết một số, ví dụ «30%» hoặc «16000»"))
    number = text.rstrip("%").strip() if text.endswith("%") else text
    unit = "%" if text.endswith("%") else ""
    if not unit and " " in text and not text[-1].isdecimal() and any(map(str.isalpha, text)):
        place = next(place for place, char in enumerate(text) if char.isalpha())
        number, unit = text[:place].strip(), text[place:]
    return Limit(amount(number), unit)


ALimit = Annotated[
    Limit, BeforeValidator(_limit), WithJsonSchema({"type": ["number", "string"], "examples": ["30%", "16000"]})
]


class Limits(Part):
    """The four comparison words on a plain number: ít nhất ≥ · trên > · không quá ≤ · dưới <."""

    at_least: ALimit | None = Field(None, alias="ít nhất", description="≥")
    above: ALimit | None = Field(None, alias="trên", description=">")
    at_most: ALimit | None = Field(None, alias="không quá", description="≤")
    below: ALimit | None = Field(None, alias="dưới", description="<")

    def limits(self) -> Iterator[tuple[str, Limit]]:
        """The comparison words that are used, each with its limit."""
        pairs = (("ít nhất", self.at_least), ("trên", self.above), ("không quá", self.at_most), ("dưới", self.below))
        yield from ((word, limit) for word, limit in pairs if limit is not None)

    def admits(self, value: Exact) -> bool:
        """Whether every limit holds for this number."""
        seen = Fraction(value)
        return all(_COMPARE[word](seen, Fraction(limit.amount)) for word, limit in self.limits())


_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "ít nhất": lambda seen, limit: seen >= limit,
    "trên": lambda seen, limit: seen > limit,
    "không quá": lambda seen, limit: seen <= limit,
    "dưới": lambda seen, limit: seen < limit,
}


class Condition(Limits):
    """A condition on a fact, on the share of two facts, on a criterion's points, or on the units below."""

    fact: Text | None = Field(None, alias="số liệu", description="Tên hoặc mã số liệu")
    out_of: Text | None = Field(None, alias="trên tổng", description="So tỷ lệ (%) của số liệu trên số liệu này")
    criterion: Text | None = Field(None, alias="tiêu chí", description="Tên hoặc mã tiêu chí: so điểm hoặc tỷ lệ điểm")
    none_below: Texts = Field(
        (), alias="không đơn vị trực thuộc nào", description="Không đơn vị trực thuộc nào xếp các mức này"
    )
    equals: Texts = Field((), alias="là", description="Số liệu là một trong các chữ này: có, khiển trách")
    differs: Texts = Field((), alias="không là", description="Số liệu không là chữ nào trong đó")
    if_zero: Literal["đạt", "không đạt"] | None = Field(
        None, alias="khi tổng bằng 0", description="Không có gì để tính tỷ lệ thì coi là đạt hay không đạt"
    )
    name: Text | None = Field(None, alias="nêu", description="Gọi điều kiện này là gì trong câu giải thích")

    def judge(self, look: Look) -> Verdict:
        """Held, failed, or not to be judged; with the words for `why`."""
        if self.none_below:
            return self._judge_below(look)
        if self.criterion:
            return self._judge_points(look)
        assert self.fact
        seen, called = look.fact(self.fact), self.name or look.called(self.fact)
        if seen is None:
            return Verdict(None, f"thiếu số liệu «{look.called(self.fact)}»", self.fact)
        if self.equals or self.differs:
            return self._judge_word(seen, called)
        assert not isinstance(seen, str)
        if self.out_of is None:
            sign = "%" if any(limit.unit == "%" for _, limit in self.limits()) else ""
            if seen < 0 and not sign and not look.signed(self.fact):
                return Verdict(
                    None, f"«{look.called(self.fact)}» là số âm ({vi.number(seen)}), không so được", self.fact
                )
            return self._verdict(Fraction(seen), called, f"{vi.number(seen)}{sign}")
        whole = look.fact(self.out_of)
        if whole is None:
            return Verdict(None, f"thiếu số liệu «{look.called(self.out_of)}»", self.out_of)
        assert not isinstance(whole, str)
        if seen < 0 or whole < 0:
            wrong_one = self.fact if seen < 0 else self.out_of
            return Verdict(None, f"«{look.called(wrong_one)}» là số âm, không tính được tỷ lệ", wrong_one)
        if whole == 0:
            held = None if self.if_zero is None else self.if_zero == "đạt"
            end = f"không tính được tỷ lệ «{called}»" if held is None else f"«{called}» coi là {self.if_zero}"
            return Verdict(held, f"«{look.called(self.out_of)}» bằng 0, {end}", self.out_of)
        share = 100 * Fraction(seen) / Fraction(whole)
        return self._verdict(share, called, f"{vi.percent(share)} ({vi.number(seen)}/{vi.number(whole)})")

    def _verdict(self, value: Fraction, called: str, shown: str) -> Verdict:
        held = self.admits(value)
        need = ", ".join(f"{word} {limit}" for word, limit in self.limits())
        words = f"{called} {shown}, {'đạt' if held else 'cần'} {need}"
        return Verdict(held, words, self.fact or "", f"{called} {shown}, ngưỡng {need}")

    def _judge_word(self, seen: FactValue, called: str) -> Verdict:
        word = "có" if seen is True else "không" if seen is False else vi.key(str(seen))
        if isinstance(seen, Decimal | Fraction):
            same = [each for each in (*self.equals, *self.differs) if vi.read_number(each) == seen]
            word = vi.key(same[0]) if same else ""
        shown = word if isinstance(seen, bool) else str(seen) if isinstance(seen, str) else vi.number(seen or 0)
        held = (not self.equals or word in map(vi.key, self.equals)) and word not in map(vi.key, self.differs)
        need = f"là {' hoặc '.join(self.equals)}" if self.equals else f"không là {' hoặc '.join(self.differs)}"
        return Verdict(held, f"{called}: {shown}" + ("" if held else f", cần {need}"), self.fact or "")

    def _judge_points(self, look: Look) -> Verdict:
        assert self.criterion
        got, most = look.points(self.criterion)
        called = self.name or look.called(self.criterion)
        if got is None:
            return Verdict(None, f"chưa có điểm của «{called}»")
        if any(limit.unit == "%" for _, limit in self.limits()):
            share = 100 * Fraction(got) / Fraction(most) if most else Fraction(0)
            return self._verdict(share, called, vi.percent(share))
        return self._verdict(Fraction(got), called, f"{vi.number(got)} điểm")

    def _judge_below(self, look: Look) -> Verdict:
        below = look.below()
        if below is None:
            return Verdict(None, "chưa có kết quả của đơn vị trực thuộc nào")
        if not below:
            return Verdict(True, "không có đơn vị trực thuộc")
        bad = [name for name, band in below if band and vi.key(band) in map(vi.key, self.none_below)]
        words = " hoặc ".join(self.none_below)
        if bad:
            return Verdict(False, f"{', '.join(bad)} (trực thuộc) xếp {words}")
        if open_ones := [name for name, band in below if band is None]:
            return Verdict(None, f"chưa có kết quả của {', '.join(open_ones)} (trực thuộc)")
        return Verdict(True, f"không đơn vị trực thuộc nào xếp {words}")

    def troubles(self, facts: FactNames, criteria: Sequence[str], bands: Sequence[str]) -> Iterator[tuple[str, str]]:
        """What is wrong with it in this book: (key, complaint)."""
        subjects = [alias for alias, given in (
            ("số liệu", self.fact), ("tiêu chí", self.criterion), ("không đơn vị trực thuộc nào", self.none_below),
        ) if given]  # fmt: skip
        if len(subjects) != 1:
            yield "số liệu", "điều kiện cần đúng một trong: số liệu, tiêu chí, không đơn vị trực thuộc nào"
            return
        for band in self.none_below:
            if trouble := unknown(band, bands, "mức xếp loại"):
                yield "không đơn vị trực thuộc nào", trouble
        if self.criterion and (trouble := unknown(self.criterion, criteria, "tiêu chí")):
            yield "tiêu chí", trouble
        if self.fact:
            yield from self._wrong_fact(self.fact, facts)
        says_too = "là" if self.equals else "không là" if self.differs else ""
        if says_too and (self.criterion or self.out_of):
            yield says_too, "điểm và tỷ lệ so bằng số: dùng ít nhất, trên, không quá, dưới"
        if self.criterion and self.out_of:
            yield "trên tổng", "«trên tổng» đi với số liệu, không đi với tiêu chí"
        yield from self._never()
        compares, says = any(True for _ in self.limits()), bool(self.equals or self.differs)
        if not self.none_below and compares == says:
            yield subjects[0], "cần một so sánh (ít nhất, trên, không quá, dưới) hoặc «là», «không là»"

    def _never(self) -> Iterator[tuple[str, str]]:
        """Two limits that no number satisfies."""
        lower, upper = self.at_least or self.above, self.at_most or self.below
        if not (lower and upper):
            return
        both = self.at_least is not None and self.at_most is not None
        if lower.amount > upper.amount or (lower.amount == upper.amount and not both):
            yield "số liệu" if self.fact else "tiêu chí", f"không số nào vừa từ {lower} vừa tới {upper}"

    def _wrong_fact(self, word: str, facts: FactNames) -> Iterator[tuple[str, str]]:
        for alias, given in (("số liệu", word), ("trên tổng", self.out_of)):
            if given and facts.find(given) is None:
                yield alias, facts.complain(given)
        fact = facts.find(word)
        if fact is None:
            return
        percents = [limit.unit == "%" for _, limit in self.limits()]
        if (self.out_of or fact.kind == "phần trăm") and not all(percents):
            yield "số liệu", f"«{word}» so bằng tỷ lệ: viết ngưỡng có dấu %, ví dụ «ít nhất: 30%»"
        if not self.out_of and fact.kind != "phần trăm" and any(percents):
            yield "số liệu", f"«{word}» không phải số phần trăm: bỏ dấu %, hoặc thêm «trên tổng»"
        whole = facts.find(self.out_of) if self.out_of else None
        if whole and whole.kind not in ("số", "phần trăm"):
            yield "trên tổng", f"«{self.out_of}» có kiểu «{whole.kind}», không chia được"
        if (self.equals or self.differs) and fact.kind == "phần trăm":
            yield "là", f"«{word}» là số phần trăm: so bằng ít nhất, trên, không quá, dưới"
        if fact.kind == "số":
            for each in (*self.equals, *self.differs):
                if isinstance(vi.read_number(each), vi.NoNumber):
                    yield "là", f"«{word}» là số, «{vi.shown(each)}» không phải là số"
        if percents and fact.kind not in ("số", "phần trăm"):
            yield "số liệu", f"«{word}» có kiểu «{fact.kind}», không so sánh lớn nhỏ được: dùng «là»"
        allowed = ("có", "không") if fact.kind == "có/không" else fact.values
        for alias, words in (("là", self.equals), ("không là", self.differs)):
            for each in words if allowed else ():
                if trouble := unknown(each, allowed, f"giá trị của «{word}»"):
                    yield alias, trouble
