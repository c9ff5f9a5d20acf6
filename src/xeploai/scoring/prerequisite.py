"""Điều kiện tiên quyết: có đủ điều kiện thì mới chấm, không đủ thì 0 điểm.

    - mã: TC4.1
      tên: Cải cách hành chính
      điểm tối đa: 5
      cách chấm:
        loại: điều kiện tiên quyết
        khi:
          - {số liệu: Hồ sơ đúng hạn, trên tổng: Hồ sơ đã giải quyết, ít nhất: 95%}
          - {số liệu: Kỷ luật người đứng đầu, là: không}
        cách chấm: nhập điểm

Mọi điều kiện ở «khi» đều phải đạt; một điều kiện không đạt là 0 điểm, kèm lý do. Đạt cả thì chấm theo «cách chấm» bên trong;
không ghi là nhập điểm. Không điều kiện nào trượt nhưng có điều kiện thiếu số liệu thì chưa chấm được, không phải 0 điểm.
Điều kiện ở đây chỉ xét số liệu, không xét điểm của tiêu chí khác.

Ví dụ: đúng hạn 96%, không kỷ luật, biểu ghi 4,5 → 4,5 điểm; đúng hạn 94,9% → 0 điểm, dù biểu ghi 4,5.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from xeploai.book.facts import Condition
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Section
from xeploai.model import FactValue
from xeploai.scoring import AnyScoring
from xeploai.scoring.base import Earned, Own, Refused, Scoring
from xeploai.scoring.entered import Entered


class Prerequisite(Scoring):
    """Conditions that must all hold, else 0 points; where they hold, another way decides."""

    kind: Literal["điều kiện tiên quyết"] = Field(alias="loại", description="điều kiện tiên quyết")
    conditions: Section[Condition] = Field(alias="khi", min_length=1, description="Mọi điều kiện đều phải đạt")
    scoring: AnyScoring = Field(
        default_factory=Entered, alias="cách chấm", description="Chấm thế nào khi đủ điều kiện; bỏ trống: nhập điểm"
    )

    @property
    def own(self) -> Own:
        return self.scoring.own

    def words(self) -> tuple[str, ...]:
        needed = (word for each in self.conditions for word in (each.fact, each.out_of) if word)
        return tuple(dict.fromkeys((*needed, *self.scoring.words())))

    @property
    def reads_own(self) -> bool:
        return self.scoring.reads_own

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        verdicts = [(condition, condition.judge(look)) for condition in self.conditions]
        if failed := [verdict.words for _, verdict in verdicts if verdict.held is False]:
            return Earned(Decimal(0), f"không đạt điều kiện tiên quyết ({'; '.join(failed)}): 0 điểm")
        for condition, verdict in verdicts:
            if verdict.held is None:
                named = (condition.fact or "", condition.out_of or "")
                absent = next((word for word in named if word and look.fact(word) is None), "")
                return Refused(verdict.words, absent or named[1] or named[0], missing=bool(absent))
        return self.scoring.earn(look, own, max_points)

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        for condition in self.conditions:
            if condition.criterion or condition.none_below:
                yield "khi", "điều kiện tiên quyết chỉ xét số liệu: dùng «số liệu», không dùng tiêu chí hay đơn vị khác"
                continue
            for _, complaint in condition.troubles(facts, (), ()):
                yield "khi", complaint
        for _, complaint in self.scoring.troubles(max_points, facts):
            yield "cách chấm", complaint
