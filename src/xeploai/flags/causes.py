"""Nguyên nhân: đơn vị xếp loại không cao phải làm rõ mất điểm ở đâu, ai phụ trách.

Báo Điện Biên Phủ (19/8/2020), huyện Mường Nhé: các xã xếp loại từ khá trở xuống phải làm rõ nguyên nhân khách quan, chủ
quan, trách nhiệm của lãnh đạo, cán bộ phụ trách lĩnh vực. Phát hiện nêu các tiêu chí mất nhiều điểm nhất (điểm tối đa được
áp dụng trừ điểm đạt), nhiều nhất trước; người chịu trách nhiệm lấy từ bảng «Phân công» nếu có.

    - mã: nguyen-nhan
      loại: nguyên nhân
      xếp loại không quá: khá
      nhiều nhất: 3
      phải làm: Làm rõ nguyên nhân, trách nhiệm cá nhân

Ví dụ phát hiện: Xã A (Huyện B): xếp loại khá, cần làm rõ nguyên nhân mất điểm ở: TC3 «Cải cách hành chính» mất 6 điểm (đạt
9/15) (ô F12); TC1 «Phát triển kinh tế - xã hội» mất 4 điểm (đạt 16/20) (ô D12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Text, Whole, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, where
from xeploai.model import Cell
from xeploai.vi import Exact


class Loss(NamedTuple):
    """The points that a unit lost at a criterion."""

    criterion: Criterion
    points: Exact
    most: Exact
    lost: Fraction

    def __str__(self) -> str:
        lost, got, most, _ = vi.apart(self.lost, self.points, self.most, Fraction(0))
        return f"{self.criterion.code} «{self.criterion.name}» mất {lost} điểm (đạt {got}/{most})"


class Causes(Flag):
    """Where the points were lost, and by whom. Source: seed article 000 (khá and below must make the causes clear)."""

    kind: Literal["nguyên nhân"] = Field(alias="loại")
    band_at_most: Text = Field(alias="xếp loại không quá", description="Đơn vị xếp mức này trở xuống")
    level: Text | None = Field(None, alias="cấp", description="Nêu tiêu chí của cấp nào; bỏ trống: cấp tiêu chí")
    most: Whole = Field(3, alias="nhiều nhất", ge=1, description="Nêu nhiều nhất bấy nhiêu tiêu chí")

    def check(self, case: Case) -> Iterator[Finding]:
        for position, rating in enumerate(case.ratings):
            low = rating.band is not None and case.place(rating.band) >= case.place(self.band_at_most)
            if rating.status != "rated" or not low:
                continue
            lost = losses(case, position, self.level or case.level)
            named = lost[: self.most]
            yield self.found(
                f"{rating.unit}: xếp loại {rating.band}, {_causes(case, position, lost, named)}.",
                unit=rating.unit, criterion=named[0].criterion.code if len(named) == 1 else "", year=case.year,
                cells=loss_cells(case, position, named) or (case.sheet.named(position),),
                people=case.people_of(position, (loss.criterion for loss in named)),
            )  # fmt: skip

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        return f"{count} {names.unit} xếp loại {self.band_at_most} trở xuống phải làm rõ nguyên nhân mất điểm"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        if trouble := unknown(self.band_at_most, names.bands, "mức xếp loại"):
            yield "xếp loại không quá", trouble
        if self.level and (trouble := unknown(self.level, names.levels, "cấp")):
            yield "cấp", trouble


def losses(case: Case, position: int, level: str) -> list[Loss]:
    """Where this unit lost points, most first; equals in the book's order. Nothing where the points are not known."""
    found = []
    for criterion in case.criteria_at(level):
        points, most = case.points[criterion.code][position], case.max_of(position, criterion)
        if points is not None and (lost := Fraction(most) - Fraction(points)) > 0:
            found.append(Loss(criterion, points, most, lost))
    return sorted(found, key=lambda loss: -loss.lost)


def loss_cells(case: Case, position: int, found: Sequence[Loss]) -> tuple[Cell, ...]:
    """The cells of these criteria, each once."""
    return tuple(dict.fromkeys(cell for loss in found for cell in case.cells(position, loss.criterion)))


def _causes(case: Case, position: int, lost: Sequence[Loss], named: Sequence[Loss]) -> str:
    if not named:
        return "không mất điểm ở tiêu chí nào: xem lý do xếp loại"
    words = "; ".join(f"{loss} ({where(case.cells(position, loss.criterion))})" for loss in named)
    as_much = [loss.criterion.code for loss in lost[len(named) :] if loss.lost == named[-1].lost]
    more = f"; cũng mất {vi.number(named[-1].lost)} điểm: {', '.join(as_much)}" if as_much else ""
    return f"cần làm rõ nguyên nhân mất điểm ở: {words}{more}"
