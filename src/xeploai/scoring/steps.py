"""Bước: tới ngưỡng thì được điểm khởi đầu, cứ thêm một khoảng thì được thêm điểm, đến điểm tối đa.

Nghị định 307/2025/NĐ-CP (phân loại đơn vị hành chính): xã có dân số từ 16.000 người trở xuống được 10 điểm, cứ thêm 1.000 người
được thêm 0,5 điểm, tối đa 25 điểm; hộ nghèo từ 4,5% trở lên được 3 điểm, cứ giảm 1% được thêm 1 điểm, tối đa 5 điểm.

    - mã: I.1
      tên: Quy mô dân số
      điểm tối đa: 25
      cách chấm: {loại: bước, theo: Dân số, ngưỡng: 16000, điểm ở ngưỡng: 10, cứ thêm: 1000, được thêm: "0,5"}
    - mã: III.5
      tên: Hộ nghèo đa chiều
      điểm tối đa: 5
      cách chấm:
        {loại: bước, theo: Tỷ lệ hộ nghèo, chiều: giảm, ngưỡng: "4,5%", điểm ở ngưỡng: 3, cứ thêm: 1%, được thêm: 1}

«cách tính: từng bậc» chỉ tính khoảng tròn (17.999 người là 1 khoảng); «tuyến tính» tính cả phần lẻ. Nghị định không nói rõ
cách nào, nên bộ phải chọn. «chiều: giảm»: số càng nhỏ càng nhiều điểm. «nhiều nhất» chặn điểm thấp hơn điểm tối đa.
«khi có» một số liệu có/không thì được ngay «thì được» điểm (xã tự cân đối ngân sách: 10 điểm; chưa thì theo bước, nhiều nhất
8). «ít nhất: 20%»: dưới số ấy là 0 điểm (dân tộc thiểu số 20% đến 30% được 2 điểm, rồi mới cộng thêm). «điểm chưa tới
ngưỡng»: số chưa tới ngưỡng thì được chừng này, thay cho điểm ở ngưỡng.

Ví dụ: 16.000 người → 10 điểm; 16.001 → 10 điểm; 17.000 → 10,5 điểm; 18.250 → 10 + 2 × 0,5 = 11 điểm.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.facts import ALimit, Limit
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Amount, Text
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Refused
from xeploai.scoring.by_fact import ByFact, Interval, Step, named, result, within
from xeploai.vi import Exact


class Steps(ByFact):
    """Base points at a threshold, and more for every interval beyond it. Source: Nghị định 307/2025/NĐ-CP."""

    kind: Literal["bước"] = Field(alias="loại", description="bước")
    threshold: ALimit = Field(alias="ngưỡng", description="Từ số này mới bắt đầu tính thêm: 16000, 40%")
    base: Amount = Field(alias="điểm ở ngưỡng", description="Điểm khi vừa ở ngưỡng (và khi chưa tới ngưỡng)")
    interval: Interval = Field(alias="cứ thêm", description="Một khoảng; với «chiều: giảm» là cứ bớt chừng này")
    increment: Amount = Field(alias="được thêm", description="Điểm được thêm cho mỗi khoảng")
    manner: Literal["từng bậc", "tuyến tính"] = Field(
        "từng bậc", alias="cách tính", description="từng bậc: chỉ khoảng tròn; tuyến tính: cả phần lẻ của khoảng"
    )
    direction: Literal["tăng", "giảm"] = Field(
        "tăng", alias="chiều", description="tăng: số càng lớn càng nhiều điểm; giảm: càng nhỏ càng nhiều điểm"
    )
    most: Amount | None = Field(None, alias="nhiều nhất", description="Điểm nhiều nhất; bỏ trống: điểm tối đa")
    short: Amount | None = Field(
        None, alias="điểm chưa tới ngưỡng", description="Điểm khi chưa tới ngưỡng; bỏ trống: như điểm ở ngưỡng"
    )
    at_least: ALimit | None = Field(None, alias="ít nhất", description="Dưới số này được 0 điểm")
    step: Step | None = Field(None, alias="làm tròn đến", description="Làm tròn điểm nửa lên: 0,01; bỏ trống: số đúng")
    when: Text | None = Field(None, alias="khi có", description="Số liệu có/không: có thì được ngay «thì được» điểm")
    then: Amount | None = Field(None, alias="thì được", description="Điểm khi số liệu ở «khi có» là có")

    def words(self) -> tuple[str, ...]:
        return tuple(word for word in (self.when, self.by) if word)

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        if self.when and self.then is not None:
            seen = look.fact(self.when)
            if not isinstance(seen, bool):
                why = f"thiếu số liệu «{self.when}»" if seen is None else f"«{self.when}» không phải có hoặc không"
                return Refused(why, self.when, missing=seen is None)
            if seen:
                points, words = within(self.then, max_points)
                return Earned(points, f"«{self.when}»: có, được {words}")
        value = self.number(look, own)
        if isinstance(value, Refused):
            return value
        if value < 0 and self.threshold.unit != "%":
            return Refused(f"{named(self.by, value)} là số âm", self.by or "")
        points, words = self._points(value, min(max_points, max_points if self.most is None else self.most))
        return Earned(points, words)

    def _points(self, value: Fraction, most: Decimal) -> tuple[Exact, str]:
        seen = named(self.by, value, "%" if self.threshold.unit == "%" else "")
        ahead = (value - Fraction(self.threshold.amount)) * (1 if self.direction == "tăng" else -1)
        if self.at_least and value < Fraction(self.at_least.amount):
            return Decimal(0), f"{seen}, dưới {self.at_least}: 0 điểm"
        if ahead < 0 and self.short is not None:
            points, words = within(self.short, most)
            return points, f"{seen}, chưa tới ngưỡng {self.threshold}: {words}"
        if ahead <= 0:
            points, words = within(self.base, most)
            side = "không quá" if self.direction == "tăng" else "ít nhất"
            return points, f"{seen}, {side} {self.threshold}: {words}"
        times = ahead / Fraction(self.interval.amount)
        if self.manner == "từng bậc":
            times = Fraction(times // 1)
        points, end = result(Fraction(self.base) + times * Fraction(self.increment), most, self.step)
        more = f"{vi.number(times)} bậc × {vi.number(self.increment)}"
        return points, f"{seen}: {vi.number(self.base)} + {more} {end}"

    # -------------------------------------------------------------------------------- what must hold

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        yield from self._wrong_limits(facts)
        most = max_points if self.most is None else self.most
        if most > max_points:
            yield "nhiều nhất", f"nhiều nhất {vi.number(most)} điểm, hơn điểm tối đa {vi.number(max_points)}"
        for key, points in (("điểm ở ngưỡng", self.base), ("điểm chưa tới ngưỡng", self.short)):
            if points is not None and points > most:
                yield key, f"{vi.number(points)} điểm, hơn số điểm nhiều nhất {vi.number(most)}"
        if self.increment == 0:
            yield "được thêm", "thêm 0 điểm thì các khoảng không có tác dụng"
        if (self.when is None) != (self.then is None):
            yield "khi có" if self.when else "thì được", "«khi có» và «thì được» đi cùng nhau"
        if self.when:
            yield from self.wrong_fact("khi có", self.when, facts, ("có/không",))
        if self.then is not None and self.then > max_points:
            yield "thì được", f"{vi.number(self.then)} điểm, hơn điểm tối đa {vi.number(max_points)}"
        if max(self._best(most), self.then or 0) < max_points:
            yield "nhiều nhất", f"không cách nào đạt điểm tối đa {vi.number(max_points)}"

    def _best(self, most: Decimal) -> Decimal:
        """The most that the steps can give; a falling number ends at 0."""
        if self.direction == "tăng":
            return most
        times = Fraction(self.threshold.amount) / Fraction(self.interval.amount)
        times = Fraction(times // 1) if self.manner == "từng bậc" else times
        best, _ = result(Fraction(self.base) + times * Fraction(self.increment), most, self.step)
        return vi.rounded(best, 10)

    def _wrong_limits(self, facts: FactNames) -> Iterator[tuple[str, str]]:
        limits: list[Limit] = [self.threshold, self.interval, *([self.at_least] if self.at_least else [])]
        if len({vi.key(limit.unit) for limit in limits}) > 1:
            yield "cứ thêm", f"ngưỡng và khoảng phải cùng đơn vị: {', '.join(map(str, limits))}"
        else:
            yield from self.wrong_percents("ngưỡng", limits, facts)
        if self.at_least and self.direction == "giảm":
            yield "ít nhất", "«ít nhất» chỉ dùng với «chiều: tăng»"
        elif self.at_least and self.at_least.amount > self.threshold.amount:
            yield "ít nhất", f"«ít nhất: {self.at_least}» cao hơn ngưỡng {self.threshold}"
