"""Đếm: mỗi lần được một số điểm, cộng đến điểm tối đa.

    - mã: TC5.1
      tên: Sáng kiến được công nhận
      điểm tối đa: 2
      cách chấm: {loại: đếm, mỗi: "0,5", theo: Số sáng kiến}

Số lần phải là số nguyên từ 0 trở lên; ô trống không phải là 0. Không ghi «theo» thì đọc cột của chính tiêu chí. «mỗi: 25%»
là một phần tư điểm tối đa.

Ví dụ: 3 sáng kiến → 3 × 0,5 = 1,5 điểm; 5 sáng kiến → 2,5, tính 2 điểm.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.names import Look
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Refused
from xeploai.scoring.by_fact import Counted, named, result


class Count(Counted):
    """n × each, up to the maximum."""

    kind: Literal["đếm"] = Field(alias="loại", description="đếm")

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        times = self.times(look, own)
        if isinstance(times, Refused):
            return times
        each = self.worth(max_points)
        points, end = result(times * Fraction(each), max_points)
        return Earned(points, f"{named(self.by, times)} × {vi.number(each)} {end}")
