"""Trừ dần: bắt đầu từ điểm tối đa, mỗi lần trừ một số điểm, không xuống dưới 0.

    - mã: TC3.2
      tên: Chế độ báo cáo
      điểm tối đa: 5
      cách chấm: {loại: trừ dần, mỗi: "0,5", theo: Số báo cáo chậm}

Nghị định 335/2025/NĐ-CP trừ 25% số điểm cho mỗi lần không bảo đảm chất lượng hoặc chậm tiến độ: «mỗi: 25%» là phần của
điểm tối đa. Số lần phải là số nguyên từ 0 trở lên; ô trống không phải là 0 lần. Không ghi «theo» thì đọc cột của chính
tiêu chí.

Ví dụ: 3 báo cáo chậm → 5 - 3 × 0,5 = 3,5 điểm; 11 báo cáo chậm → 0 điểm.
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
from xeploai.scoring.by_fact import Counted, result


class Deduct(Counted):
    """The maximum − n × each, down to 0. Source: Nghị định 335/2025/NĐ-CP (25 % for every failure or delay)."""

    kind: Literal["trừ dần"] = Field(alias="loại", description="trừ dần")

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        times = self.times(look, own)
        if isinstance(times, Refused):
            return times
        each = self.worth(max_points)
        points, end = result(Fraction(max_points) - times * Fraction(each), max_points)
        seen = f"«{self.by}» {vi.number(times)}: " if self.by else ""
        return Earned(points, f"{seen}{vi.number(max_points)} - {vi.number(times)} × {vi.number(each)} {end}")
