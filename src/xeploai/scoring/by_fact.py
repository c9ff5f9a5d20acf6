"""What the ways that look at facts share: one value, or a share of two, made into points and words.

Scoring            entered · ratio · prerequisite
  ByFact           one value, of the fact that `theo` names or of the own column: choice · tiers · steps
    Counted        … which is a whole number of times: count · deduct
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from xeploai import vi
from xeploai.book.facts import ALimit, Limit
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Amount, Text, wrong
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Refused, Scoring
from xeploai.vi import Exact


class ByFact(Scoring):
    """A way that looks at one value: of the fact that `theo` names, else of the criterion's own column."""

    by: Text | None = Field(
        None, alias="theo", description="Tên hoặc mã số liệu; bỏ trống: cột của chính tiêu chí trong biểu"
    )

    def words(self) -> tuple[str, ...]:
        return (self.by,) if self.by else ()

    @property
    def reads_own(self) -> bool:
        return self.by is None

    def value(self, look: Look, own: FactValue) -> FactValue:
        """What stands there; None: nothing."""
        return look.fact(self.by) if self.by else own

    def number(self, look: Look, own: FactValue) -> Fraction | Refused:
        """The number that stands there, or why there is none."""
        return number_of(self.value(look, own), self.by or "")

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        if self.by:
            yield from self.wrong_fact("theo", self.by, facts, self.kinds)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of facts that `theo` may name."""
        return ("số", "phần trăm")

    def wrong_percents(self, key: str, limits: Sequence[Limit], facts: FactNames) -> Iterator[tuple[str, str]]:
        """A percent is compared with percents, and any other number with none: 0,95 and 95 are never taken for another."""
        fact = facts.find(self.by) if self.by else None
        said = [limit.unit == "%" for limit in limits]
        if self.by is None and any(said):
            yield key, "cột của tiêu chí được đọc là số: ngưỡng có dấu % cần «theo» một số liệu kiểu phần trăm"
        elif fact and fact.kind == "phần trăm" and not all(said):
            yield key, f"«{self.by}» là số phần trăm: viết ngưỡng có dấu %, ví dụ «95%»"
        elif fact and fact.kind == "số" and any(said):
            yield key, f"«{self.by}» không phải số phần trăm: bỏ dấu %"


class Counted(ByFact):
    """A way that counts times: `mỗi` is in points, or in percent of the criterion's maximum."""

    each: ALimit = Field(alias="mỗi", description="Điểm cho mỗi lần: 0,5; hoặc phần của điểm tối đa: 25%")

    def times(self, look: Look, own: FactValue) -> Fraction | Refused:
        """How many times: a whole number from 0 on."""
        found = self.number(look, own)
        if isinstance(found, Refused) or (found >= 0 and found.denominator == 1):
            return found
        return Refused(f"{named(self.by, found)} không phải số nguyên từ 0 trở lên", self.by or "")

    def worth(self, max_points: Decimal) -> Exact:
        """The points of one time."""
        share = Fraction(max_points) / 100 if self.each.unit == "%" else 1
        return vi.ended(Fraction(self.each.amount) * share)

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("số",)

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        if vi.key(self.each.unit) not in ("", "%", "điểm"):
            yield "mỗi", f"«{self.each}» không phải điểm: viết «0,5» hoặc «25%»"
        elif self.each.amount == 0:
            yield "mỗi", "mỗi lần 0 điểm thì đếm không có tác dụng"
        elif self.worth(max_points) > max_points:
            yield "mỗi", f"mỗi lần {vi.number(self.worth(max_points))} điểm, hơn điểm tối đa {vi.number(max_points)}"


# ------------------------------------------------------------------------------------- parts of the form

T = TypeVar("T", Decimal, Limit)


def _above_zero(given: T) -> T:
    if not (given.amount if isinstance(given, Limit) else given):
        raise wrong("cần một số lớn hơn 0")
    return given


Interval = Annotated[ALimit, AfterValidator(_above_zero)]
"""What is divided by: never 0."""
Step = Annotated[Amount, AfterValidator(_above_zero)]
"""What points are rounded to."""
IfZero = Literal["không áp dụng", "tính đủ điểm", "0 điểm"]


# ---------------------------------------------------------------------------------------- exact numbers


def stepped(value: Exact, step: Decimal | None) -> Exact:
    """The value rounded half up to the nearest multiple of `step`; as it is where there is none."""
    if not step:
        return value
    whole = (2 * Fraction(value) / Fraction(step) + 1) // 2
    return Fraction(whole) * Fraction(step)


LEAST, MOST = Fraction(1, 10**9), Fraction(10**18)
"""No fact of a commune is nearer to 0, and none is larger: such numbers are what a formula left behind."""


def number_of(seen: FactValue, word: str = "") -> Fraction | Refused:
    """The number that was seen, or why there is none; `word` is the fact, "" the criterion's own cell."""
    if seen is None:
        return Refused(f"thiếu số liệu «{word}»" if word else "để trống", word, missing=True)
    if isinstance(seen, bool | str):
        shown = vi.shown(seen) if isinstance(seen, str) else "có" if seen else "không"
        return Refused(f"{f'«{word}» ghi ' if word else ''}«{shown}» không phải là số", word)
    number = Fraction(seen)
    if number and not LEAST <= abs(number) <= MOST:
        size = "lớn" if abs(number) > 1 else "nhỏ"
        return Refused(f"{f'«{word}» ' if word else ''}{size} khác thường, có lẽ là phần dư của phép tính", word)
    return number


def share_of(
    look: Look, part: str, whole: str, if_zero: IfZero | None, max_points: Decimal
) -> tuple[Fraction, Fraction] | Earned | Refused:
    """(part, whole) where a share can be made of them; what the book gives, or why there is nothing, where it cannot."""
    below = number_of(look.fact(whole), whole)
    if isinstance(below, Refused):
        return below
    if below == 0:
        return _of_nothing(part, whole, if_zero, max_points)
    above = number_of(look.fact(part), part)
    if isinstance(above, Refused):
        return above
    for word, seen in ((whole, below), (part, above)):
        if seen < 0:
            return Refused(f"{named(word, seen)} là số âm", word)
    return above, below


def _of_nothing(part: str, whole: str, if_zero: IfZero | None, max_points: Decimal) -> Earned | Refused:
    if if_zero is None:
        why = f"«{whole}» bằng 0, không tính được tỷ lệ «{part}» trên «{whole}»"
        return Refused(f"{why}; bộ tiêu chí chưa nói «mẫu số bằng 0» thì tính thế nào", whole)
    points = {"không áp dụng": None, "tính đủ điểm": max_points, "0 điểm": Decimal(0)}[if_zero]
    full = f" ({vi.number(max_points)} điểm)" if if_zero == "tính đủ điểm" else ""
    return Earned(points, f"«{whole}» bằng 0: {if_zero}{full}")


# -------------------------------------------------------------------------------------------- sentences


def named(word: str | None, value: Exact, unit: str = "") -> str:
    """ "«Dân số» 18250"; the number alone where it stands in the criterion's own column."""
    shown = vi.number(value) + unit
    return f"«{word}» {shown}" if word else shown


def equals(value: Exact, unit: str = "") -> str:
    """ "= 9,4"; "≈ 3,33" where the number that is shown is not the whole one."""
    shown = vi.number(value)
    return f"{'=' if Fraction(shown.replace(',', '.')) == Fraction(value) else '≈'} {shown}{unit}"


def result(raw: Fraction, most: Decimal | None = None, step: Decimal | None = None) -> tuple[Exact, str]:
    """The points of a computed number, and the end of its sentence.

    Rounded to `step`, then held between 0 and `most`: "= 9,4 điểm" · "= 11,125, làm tròn 11,13 điểm" · "= 26, tính 25 điểm".
    """
    near = Fraction(stepped(raw, step))
    held = max(Fraction(0), near if most is None else min(near, Fraction(most)))
    words = equals(raw)
    if near != raw and vi.number(near) != vi.number(raw):
        words += f", làm tròn {vi.number(near)}"
    if held != near:
        words += f", tính {vi.number(held)}"
    return vi.ended(held), f"{words} điểm"


def within(points: Decimal, max_points: Decimal) -> tuple[Exact, str]:
    """The points that a line of the book names, never more than the criterion's maximum; with the words for it."""
    if points <= max_points:
        return points, f"{vi.number(points)} điểm"
    return max_points, f"{vi.number(points)} điểm, tính {vi.number(max_points)} điểm (điểm tối đa của tiêu chí)"
