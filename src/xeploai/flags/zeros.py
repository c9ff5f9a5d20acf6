"""Không điểm: một lĩnh vực có nhiều tiêu chí đạt 0 điểm.

Báo Điện Biên Phủ (19/9/2021): lĩnh vực cải cách tài chính công chỉ đạt 18,25% do có 11/16 tiêu chí đạt 0 điểm. Ở mỗi lĩnh
vực (mỗi tiêu chí của «cấp»), đếm các tiêu chí ở dưới có đúng 0 điểm: những tiêu chí nhỏ nhất, được chấm điểm trực tiếp, hay
các tiêu chí của «đếm cấp». Ô trống không phải là 0 điểm, tiêu chí không áp dụng không đếm. Mỗi lĩnh vực một phát hiện.

    - mã: khong-diem
      loại: không điểm
      cấp: lĩnh vực
      số tiêu chí ít nhất: 2

Ví dụ phát hiện: Huyện A: LV5 «Cải cách tài chính công» đạt 18,25%, có 11/16 tiêu chí đạt 0 điểm: TC5.1 «Lập dự toán» (ô K7);
TC5.2 «Giao dự toán» (ô L7) …
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Text, Whole, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, where


class Zeros(Flag):
    """The zeros under every criterion of a level. Source: seed article 004 (11 of 16)."""

    kind: Literal["không điểm"] = Field(alias="loại")
    level: Text | None = Field(None, alias="cấp", description="Xét từng tiêu chí của cấp nào; bỏ trống: cấp đầu tiên")
    counted: Text | None = Field(
        None, alias="đếm cấp", description="Đếm tiêu chí của cấp này; bỏ trống: tiêu chí được chấm điểm trực tiếp"
    )
    count: Whole = Field(1, alias="số tiêu chí ít nhất", ge=1, description="Báo khi có từ bấy nhiêu tiêu chí 0 điểm")

    def check(self, case: Case) -> Iterator[Finding]:
        fields = [(each, self._counted(case, each)) for each in case.criteria_at(self.level or case.first_level)]
        for position in range(len(case.sheet.units)):
            for field, nodes in fields:
                zeros = [
                    node for node in nodes if case.points[node.code][position] == 0 and case.max_of(position, node)
                ]
                if len(zeros) >= self.count:
                    yield self._finding(case, position, field, nodes, zeros)

    def _counted(self, case: Case, field: Criterion) -> tuple[Criterion, ...]:
        if not self.counted:
            return field.leaves
        below = {node.code for _, node in field.walk()}
        return tuple(node for node in case.criteria_at(self.counted) if node.code in below)

    def _finding(
        self, case: Case, position: int, field: Criterion, nodes: tuple[Criterion, ...], zeros: list[Criterion]
    ) -> Finding:
        unit, percent = case.unit(position), case.percent_of(position, field)
        cells = [case.cells(position, node) for node in zeros]
        named = "; ".join(f"{node.code} «{node.name}» ({where(own)})" for node, own in zip(zeros, cells, strict=True))
        applied = [node for node in nodes if case.max_of(position, node)]
        got = f"đạt {vi.percent(percent)}" if percent is not None else "chưa đủ điểm để tính tỷ lệ"
        said = (
            f"đạt 0 điểm ({where(cells[0])})"
            if nodes == (field,)
            else f"{got}, có {len(zeros)}/{len(applied)} {vi.key(self.counted or 'tiêu chí')} đạt 0 điểm: {named}"
        )
        return self.found(
            f"{unit}: {field.code} «{field.name}» {said}.",
            unit=unit, criterion=field.code, year=case.year, cells=tuple(dict.fromkeys(c for own in cells for c in own)),
            people=case.people_of(position, (field, *zeros)),
        )  # fmt: skip

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        level = vi.key(self.level) if self.level else "lĩnh vực"
        return f"{len(findings)} lượt {level} có nhiều tiêu chí đạt 0 điểm, ở {count} {names.unit}"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        levels = [vi.key(level) for level in names.levels]
        for alias, level in (("cấp", self.level), ("đếm cấp", self.counted)):
            if level and (trouble := unknown(level, names.levels, "cấp")):
                yield alias, trouble
                return
        field = vi.key(self.level) if self.level else next(iter(levels), "")
        if self.counted and levels.index(vi.key(self.counted)) < levels.index(field):
            yield "đếm cấp", f"cấp «{self.counted}» ở trên cấp «{field}»: đếm các tiêu chí ở dưới"
