"""Bậc: số liệu rơi vào bậc nào thì được điểm của bậc ấy.

    - mã: II.5.2.a
      tên: Giải phóng mặt bằng
      điểm tối đa: "2,5"
      cách chấm:
        loại: bậc
        số liệu: Dự án bàn giao đúng hạn
        trên tổng: Dự án phải bàn giao
        các bậc:
          - {ít nhất: 95%, điểm: "2,5"}
          - {ít nhất: 80%, dưới: 95%, điểm: 1}
          - {dưới: 80%, điểm: 0}

So một số: «theo» một số liệu, hoặc cột của chính tiêu chí khi không ghi gì; so một tỷ lệ: «số liệu» và «trên tổng», khi ấy
ngưỡng có dấu %. Xét từ trên xuống, lấy bậc đầu tiên đúng; bậc cuối không ghi ngưỡng là «còn lại». Các bậc phải khít:
«88 đến 90» rồi «90 đến 95» là chồng nhau ở 90, «không quá 90» rồi «ít nhất 91» là hở. Số không thuộc bậc nào là lỗi, không phải
0 điểm. Mẫu số bằng 0 thì theo «mẫu số bằng 0», như cách chấm tỷ lệ. Số âm là ghi sai, trừ số phần trăm và số liệu
khai «có thể âm: có».

Ví dụ: 19 dự án trên 20 là 95% → 2,5 điểm; 94,9% → 1 điểm; 79,9% → 0 điểm.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.facts import Limit, Limits
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Amount, Section, Text
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Refused
from xeploai.scoring.by_fact import ByFact, IfZero, named, share_of, within

Cut = tuple[Decimal, bool]
"""A place between two numbers: (9, False) just below 9, (9, True) just above it. A tier runs from one to another."""
BOTTOM, TOP = (Decimal("-Infinity"), False), (Decimal("Infinity"), True)


class Tier(Limits):
    """A tier: its limits and the points within them; without limits it is the rest."""

    points: Amount = Field(alias="điểm", description="Điểm của bậc này")

    @property
    def start(self) -> Cut:
        """Where it begins."""
        starts = ((self.at_least, False), (self.above, True))
        return max(((limit.amount, after) for limit, after in starts if limit), default=BOTTOM)

    @property
    def end(self) -> Cut:
        """Where it ends."""
        ends = ((self.below, False), (self.at_most, True))
        return min(((limit.amount, after) for limit, after in ends if limit), default=TOP)

    def meets(self, earlier: Tier) -> bool:
        """Whether both would hold for some number, though each says where it ends.

        «ít nhất 95» and then «ít nhất 80» is read from the top and is no overlap; a tier without limits is the rest.
        """
        both = max(self.start, earlier.start) < min(self.end, earlier.end)
        downwards, upwards = self.end == earlier.end == TOP, self.start == earlier.start == BOTTOM
        return both and not (downwards or upwards or (self.start, self.end) == (BOTTOM, TOP))

    def __str__(self) -> str:
        return ", ".join(f"{word} {limit}" for word, limit in self.limits()) or "còn lại"


class Tiers(ByFact):
    """The points of the first tier that holds."""

    kind: Literal["bậc"] = Field(alias="loại", description="bậc")
    fact: Text | None = Field(None, alias="số liệu", description="So tỷ lệ (%) của số liệu này trên «trên tổng»")
    out_of: Text | None = Field(None, alias="trên tổng", description="Số liệu làm mẫu số của tỷ lệ")
    tiers: Section[Tier] = Field(alias="các bậc", min_length=1, description="Xét từ trên xuống, lấy bậc đầu tiên đúng")
    if_zero: IfZero | None = Field(
        None, alias="mẫu số bằng 0", description="không áp dụng, tính đủ điểm hoặc 0 điểm; không ghi: chưa chấm được"
    )

    def words(self) -> tuple[str, ...]:
        return tuple(word for word in (self.by, self.fact, self.out_of) if word)

    @property
    def reads_own(self) -> bool:
        return not self.words()

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        if not (self.fact and self.out_of):
            value = self.number(look, own)
            if isinstance(value, Refused):
                return value
            if value < 0 and not self._unit and not (self.by and look.signed(self.by)):
                return Refused(f"{named(self.by, value)} là số âm", self.by or "")
            return self._earn(value, "", max_points)
        found = share_of(look, self.fact, self.out_of, self.if_zero, max_points)
        if isinstance(found, Earned | Refused):
            return found
        part, whole = found
        shares = f" ({vi.number(part)}/{vi.number(whole)}, «{self.fact}» trên «{self.out_of}»)"
        return self._earn(100 * part / whole, shares, max_points)

    def _earn(self, value: Fraction, shares: str, max_points: Decimal) -> Earned | Refused:
        shown = vi.apart(value, *{Fraction(limit.amount) for limit in self._limits()})[0]
        seen = f"{f'«{self.by}» ' if self.by else ''}{shown}{self._unit}{shares}"
        tier = next((tier for tier in self.tiers if tier.admits(value)), None)
        if tier is None:
            return Refused(f"{seen} không thuộc bậc nào: {'; '.join(map(str, self.tiers))}", self.by or self.fact or "")
        points, words = within(tier.points, max_points)
        return Earned(points, f"{seen}, thuộc bậc {tier}: {words}")

    @property
    def _unit(self) -> str:
        return "%" if self.out_of or any(limit.unit == "%" for limit in self._limits()) else ""

    def _limits(self) -> list[Limit]:
        return [limit for tier in self.tiers for _, limit in tier.limits()]

    # -------------------------------------------------------------------------------- what must hold

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        yield from self._wrong_subject(facts)
        for complaint in (*self._wrong_points(max_points), *self._wrong_cuts()):
            yield "các bậc", complaint

    def _wrong_subject(self, facts: FactNames) -> Iterator[tuple[str, str]]:
        if (self.fact is None) != (self.out_of is None):
            yield "trên tổng", "«số liệu» và «trên tổng» đi cùng nhau; so một số liệu thì dùng «theo»"
        elif self.fact and self.out_of:
            if self.by:
                yield "theo", "cần một trong hai: «theo», hoặc «số liệu» và «trên tổng»"
            yield from self.wrong_fact("số liệu", self.fact, facts, ("số",))
            yield from self.wrong_fact("trên tổng", self.out_of, facts, ("số",))
            if any(limit.unit != "%" for limit in self._limits()):
                yield "các bậc", "so bằng tỷ lệ: viết ngưỡng có dấu %, ví dụ «ít nhất: 95%»"
        else:
            yield from self.wrong_percents("các bậc", self._limits(), facts)
            if self.if_zero:
                yield "mẫu số bằng 0", "chỉ dùng khi so một tỷ lệ («số liệu» và «trên tổng»)"

    def _wrong_points(self, max_points: Decimal) -> Iterator[str]:
        most = vi.number(max_points)
        for tier in self.tiers:
            if tier.points > max_points:
                yield f"bậc «{tier}» được {vi.number(tier.points)} điểm, hơn điểm tối đa {most}"
        best = max(tier.points for tier in self.tiers)
        if best < max_points:
            yield f"không bậc nào đạt điểm tối đa {most}; cao nhất là {vi.number(best)} điểm"

    def _wrong_cuts(self) -> Iterator[str]:
        for place, tier in enumerate(self.tiers):
            earlier = self.tiers[:place]
            if tier.start >= tier.end or not _holes(earlier, tier.start, tier.end):
                yield f"bậc «{tier}» không bao giờ đến lượt"
            elif other := next((other for other in earlier if tier.meets(other)), None):
                yield f"bậc «{tier}» chồng lên bậc «{other}»"
        most = (Decimal(100), True) if self._unit else TOP
        for start, end in _holes(self.tiers, (Decimal(0), False), most):
            yield f"các bậc hở: chưa nói {_between(start, end)} được bao nhiêu điểm"


def _holes(tiers: tuple[Tier, ...], start: Cut, end: Cut) -> list[tuple[Cut, Cut]]:
    """What of the numbers from `start` to `end` no tier holds for."""
    holes = []
    for tier in sorted(tiers, key=lambda tier: tier.start):
        if tier.start >= tier.end:
            continue
        if start < min(tier.start, end):
            holes.append((start, min(tier.start, end)))
        start = max(start, tier.end)
    return [*holes, (start, end)] if start < end else holes


def _between(start: Cut, end: Cut) -> str:
    if start[0] == end[0]:
        return f"số {vi.number(start[0])}"
    low = f"{'trên' if start[1] else 'từ'} {vi.number(start[0])}"
    return low if end == TOP else f"{low} đến {'hết' if end[1] else 'dưới'} {vi.number(end[0])}"
