"""Điểm thấp: một tiêu chí có điểm từ mức nào đó trở xuống.

Báo Điện Biên Phủ (19/8/2020): lãnh đạo phụ trách và công chức của lĩnh vực có điểm tiêu chí từ 9 điểm trở xuống phải
làm biên bản kiểm điểm. «Không quá» kể cả chính số đó: 9 điểm là có, 9,01 thì không. Mỗi phát hiện nêu hai người chịu
trách nhiệm nếu trong tệp có bảng «Phân công» (đơn vị, tiêu chí, lãnh đạo phụ trách, công chức phụ trách).

    - mã: kiem-diem
      loại: điểm thấp
      cấp: tiêu chí
      không quá: 9 điểm
      phải làm: Lãnh đạo phụ trách và công chức lĩnh vực làm biên bản kiểm điểm

Ví dụ phát hiện: Xã A (Huyện B): TC3 «Phát triển kinh tế - xã hội» đạt 9 điểm, thuộc diện từ 9 điểm trở
xuống (ô F12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import AnEdge, Range, Text, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, limit_words, where


class LowScore(Flag):
    """A criterion with few points: `không quá` includes the limit, `dưới` does not. Source: seed article 000."""

    kind: Literal["điểm thấp"] = Field(alias="loại")
    level: Text | None = Field(None, alias="cấp", description="Cấp tiêu chí được xét; bỏ trống: cấp tiêu chí")
    at_most: AnEdge | None = Field(None, alias="không quá", description="≤")
    below: AnEdge | None = Field(None, alias="dưới", description="<")

    def check(self, case: Case) -> Iterator[Finding]:
        edge = self.at_most or self.below
        assert edge
        for position, criterion, points in case.meeting(Range(at_most=self.at_most, below=self.below), self.level):
            unit, cells = case.unit(position), case.cells(position, criterion)
            maximum = case.max_of(position, criterion)
            got, reason = limit_words(points, edge, maximum, "không quá" if self.at_most else "dưới")
            yield self.found(
                f"{unit}: {criterion.code} «{criterion.name}» đạt {got} điểm, thuộc diện {reason} ({where(cells)}).",
                unit=unit, criterion=criterion.code, year=case.year, cells=cells,
                people=case.people.get((position, criterion.code), ()),
            )  # fmt: skip

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        limit = f"không quá {self.at_most}" if self.at_most else f"dưới {self.below}"
        level = vi.key(self.level) if self.level else "tiêu chí"
        return f"{len(findings)} lượt {level} đạt {limit} ở {count} {names.unit}"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        if (self.at_most is None) == (self.below is None):
            yield "không quá", "cần đúng một trong «không quá» và «dưới», ví dụ «không quá: 9 điểm»"
        if self.level and (trouble := unknown(self.level, names.levels, "cấp")):
            yield "cấp", trouble
