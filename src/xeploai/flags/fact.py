"""Số liệu: cảnh báo theo các cột không phải là điểm (số hộ tái nghèo, số nhiệm vụ quá hạn, bị phê bình hay không).

Nhiều điều phải nhắc nhở không nằm trong điểm: báo Điện Biên Phủ (19/8/2020) nói các xã «bị phê bình», báo Thừa Thiên Huế
nêu số hộ tái nghèo, phát sinh nghèo mới dù tỷ lệ hộ nghèo giảm. Khi mọi điều kiện ở «khi» đều đúng thì báo; «nêu» là điều
rút ra, viết bằng lời. Điều kiện viết như mọi điều kiện của bộ tiêu chí: «số liệu» với ít nhất, trên, không quá, dưới, là,
không là; «trên tổng» để so tỷ lệ; «tiêu chí» để so điểm. Thiếu số liệu để xét thì không báo.

    - mã: giam-ngheo
      loại: số liệu
      khi:
        - {số liệu: Số hộ tái nghèo, trên tổng: Số hộ thoát nghèo, ít nhất: 10%}
      nêu: giảm nghèo chưa bền vững

Ví dụ phát hiện: Xã A (Huyện B): giảm nghèo chưa bền vững: Số hộ tái nghèo 12,5% (5/40), ngưỡng ít nhất 10% (ô H7, G7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from xeploai.book.criteria import Criterion
from xeploai.book.facts import Condition
from xeploai.book.parts import Section, Text
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, where
from xeploai.model import Cell


class FactFlag(Flag):
    """Conditions on facts that together mean something. Source: seed articles 000 (criticised), 001 (poverty)."""

    kind: Literal["số liệu"] = Field(alias="loại")
    when: Section[Condition] = Field(alias="khi", min_length=1, description="Báo khi mọi điều kiện này đều đúng")
    meaning: Text = Field(alias="nêu", description="Điều rút ra, viết bằng lời: giảm nghèo chưa bền vững")

    def check(self, case: Case) -> Iterator[Finding]:
        if case.look is None:
            return
        for position, unit in enumerate(case.sheet.units):
            look = case.look(position)
            verdicts = [condition.judge(look) for condition in self.when]
            if not all(verdict.held for verdict in verdicts):
                continue
            cells = tuple(dict.fromkeys(cell for each in self.when for cell in _cells(case, position, each)))
            words = "; ".join(verdict.plain or verdict.words for verdict in verdicts)
            yield self.found(
                f"{unit}: {self.meaning}: {words} ({where(cells)}).", unit=unit, year=case.year, cells=cells
            )

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        return f"{count} {names.unit} {self.meaning}"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        for place, condition in enumerate(self.when, 1):
            which = f"điều kiện thứ {place}: " if len(self.when) > 1 else ""
            for _, message in condition.troubles(names.facts, names.criteria, names.bands):
                yield "khi", f"{which}{message}"


def _cells(case: Case, position: int, condition: Condition) -> Iterator[Cell]:
    for word in (condition.fact, condition.out_of):
        if word:
            yield from case.fact_cells(position, word)
    if condition.criterion and (criterion := case.criterion(condition.criterion)):
        yield from case.cells(position, criterion)
