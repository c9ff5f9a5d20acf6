"""Nhập điểm: người chấm ghi thẳng số điểm vào biểu.

Đây là cách chấm mặc định. Điểm phải từ 0 đến điểm tối đa của tiêu chí; ô trống không phải là 0.

    - {mã: TC1, tên: Phát triển kinh tế - xã hội, điểm tối đa: 20, cách chấm: nhập điểm}

Ví dụ: tối đa 20, biểu ghi 18,5 → 18,5 điểm; ghi 21 → lỗi, đơn vị chưa xếp loại được.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from xeploai.book.names import Look
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Own, Refused, Scoring


class Entered(Scoring):
    """The entry is the points: 0 … max_points, else none."""

    kind: Literal["nhập điểm"] = Field("nhập điểm", alias="loại", description="nhập điểm")

    @property
    def own(self) -> Own:
        return "điểm"

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        if not isinstance(own, Decimal):
            return Refused("để trống", missing=True)
        if not 0 <= own <= max_points:
            return Refused("không phải điểm từ 0 đến điểm tối đa")
        return Earned(own)
