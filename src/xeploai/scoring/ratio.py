"""Tỷ lệ: điểm bằng tỷ lệ hai số liệu nhân với điểm tối đa.

Quyết định 212/2025/QĐ-UBND của Hải Phòng, Phụ lục 1, mục II.3 và II.4: số lượng (hoàn thành trên được giao), chất lượng
(đạt yêu cầu trên được giao), tiến độ (đúng tiến độ trên được giao), mỗi tỷ lệ nhân với điểm tối đa của mục.

    - mã: II.3.b
      tên: Chất lượng thực hiện nhiệm vụ
      điểm tối đa: 10
      cách chấm: {loại: tỷ lệ, tử số: Nhiệm vụ đạt chất lượng, mẫu số: Nhiệm vụ được giao, mẫu số bằng 0: không áp dụng}

Vượt 100% thì tính 100%, trừ khi bộ ghi «được vượt 100%: có» (Nghị định 335/2025/NĐ-CP, Điều 18: việc đột xuất có thể làm
số hoàn thành lớn hơn số được giao). Mẫu số bằng 0 mà bộ không nói gì thì chưa chấm được: không tự coi là 0 điểm hay đủ
điểm. «làm tròn đến: 0,01» làm tròn nửa lên; không ghi thì giữ số đúng.

Ví dụ: 47 nhiệm vụ đạt trên 50 được giao, tối đa 10 → 94% × 10 = 9,4 điểm; 60 trên 50 → 120%, tính 100% → 10 điểm.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Text, YesNo
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Refused, Scoring
from xeploai.scoring.by_fact import IfZero, Step, equals, result, share_of


class Ratio(Scoring):
    """part / whole × the maximum. Source: Hải Phòng 212/2025, annex 1, II.3 and II.4."""

    kind: Literal["tỷ lệ"] = Field(alias="loại", description="tỷ lệ")
    part: Text = Field(alias="tử số", description="Tên hoặc mã số liệu: số đã làm được")
    whole: Text = Field(alias="mẫu số", description="Tên hoặc mã số liệu: số phải làm")
    if_zero: IfZero | None = Field(
        None, alias="mẫu số bằng 0", description="không áp dụng, tính đủ điểm hoặc 0 điểm; không ghi: chưa chấm được"
    )
    may_exceed: YesNo = Field(False, alias="được vượt 100%", description="có: tỷ lệ hơn 100% thì điểm hơn điểm tối đa")
    step: Step | None = Field(None, alias="làm tròn đến", description="Làm tròn điểm nửa lên: 0,01; bỏ trống: số đúng")

    def words(self) -> tuple[str, ...]:
        return self.part, self.whole

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        found = share_of(look, self.part, self.whole, self.if_zero, max_points)
        if isinstance(found, Earned | Refused):
            return found
        part, whole = found
        share = part / whole
        seen = f"{vi.number(part)}/{vi.number(whole)} («{self.part}» trên «{self.whole}») {equals(100 * share, '%')}"
        if share > 1 and not self.may_exceed:
            share, seen = Fraction(1), f"{seen}, tính 100%"
        most = None if self.may_exceed else max_points
        points, end = result(share * Fraction(max_points), most, self.step)
        return Earned(points, f"{seen} × {vi.number(max_points)} điểm {end}")

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        yield from self.wrong_fact("tử số", self.part, facts, ("số", "phần trăm"))
        yield from self.wrong_fact("mẫu số", self.whole, facts, ("số", "phần trăm"))
        part, whole = facts.find(self.part), facts.find(self.whole)
        if part and whole and part is whole:
            yield "mẫu số", f"tử số và mẫu số đều là «{self.whole}»: tỷ lệ luôn là 100%"
        elif part and whole and part.kind != whole.kind:
            yield "mẫu số", f"«{self.part}» có kiểu «{part.kind}», «{self.whole}» có kiểu «{whole.kind}»: cần cùng kiểu"
