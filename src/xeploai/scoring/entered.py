"""Nhập điểm: người chấm ghi thẳng số điểm vào biểu.

Đây là cách chấm mặc định. Điểm phải từ 0 đến điểm tối đa của tiêu chí; ô trống không phải là 0.

    - {mã: TC1, tên: Phát triển kinh tế - xã hội, điểm tối đa: 20, cách chấm: nhập điểm}

Ví dụ: tối đa 20, biểu ghi 18,5 → 18,5 điểm; ghi 21 → lỗi, đơn vị chưa xếp loại được.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from xeploai.scoring.base import Scoring


class Entered(Scoring):
    """The entry is the points: 0 … max_points, else None."""

    kind: Literal["nhập điểm"] = Field("nhập điểm", alias="loại")

    def points(self, entry: Decimal, max_points: Decimal) -> Decimal | None:
        return entry if 0 <= entry <= max_points else None
