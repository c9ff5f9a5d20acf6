"""Thấp nhất: đơn vị có tỷ lệ điểm thấp nhất ở nhiều lĩnh vực.

Báo Điện Biên Phủ (19/9/2021): huyện đứng cuối có 6/8 lĩnh vực cải cách hành chính tỷ lệ điểm thấp nhất tỉnh. Ở mỗi lĩnh vực
(mỗi tiêu chí của «cấp»), so tỷ lệ điểm của mọi đơn vị, trong toàn tỉnh hay trong từng huyện («tính theo»). Bằng nhau thì
cùng thấp nhất; mọi đơn vị bằng nhau, hay chỉ một đơn vị có điểm, thì không ai thấp nhất. Đơn vị không áp dụng lĩnh vực nào
thì không đem so ở lĩnh vực đó.

    - mã: thap-nhat-tinh
      loại: thấp nhất
      cấp: lĩnh vực
      tính theo: toàn tỉnh
      số lĩnh vực ít nhất: 3

Ví dụ phát hiện: Huyện A: tỷ lệ điểm thấp nhất toàn tỉnh ở 6/8 lĩnh vực: LV1 «Chỉ đạo điều hành» 53,47%; LV5 «Cải cách tài
chính công» 18,25% …
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Text, Whole, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, groups_by, percents, unknown_group


class Bottom(NamedTuple):
    """A criterion at which nobody of the group is lower, and how many others are as low."""

    criterion: Criterion
    percent: Fraction
    others: int


class Lowest(Flag):
    """The criteria at which a unit's percent is the lowest of all, ties included. Source: seed article 004."""

    kind: Literal["thấp nhất"] = Field(alias="loại")
    level: Text | None = Field(None, alias="cấp", description="So ở các tiêu chí của cấp nào; bỏ trống: cấp đầu tiên")
    by: Text = Field("toàn tỉnh", alias="tính theo", description="huyện (so trong từng huyện) hoặc toàn tỉnh")
    count: Whole = Field(
        1, alias="số lĩnh vực ít nhất", ge=1, description="Báo khi thấp nhất ở từ bấy nhiêu lĩnh vực (tiêu chí của cấp)"
    )

    def check(self, case: Case) -> Iterator[Finding]:
        level = self.level or case.first_level
        bottoms: dict[int, list[Bottom]] = defaultdict(list)
        scope: dict[int, str] = {}
        for group, members in groups_by(case, self.by).items():
            for criterion in case.criteria_at(level):
                for position, bottom in _bottoms(case, criterion, members):
                    bottoms[position].append(bottom)
                    scope[position] = group
        for position, found in sorted(bottoms.items()):
            if len(found) < self.count:
                continue
            unit = case.unit(position)
            of = sum(bool(case.max_of(position, criterion)) for criterion in case.criteria_at(level))
            group = scope[position]
            among = f"trong {group or 'nhóm'}" if group == unit.parent else group
            shown = percents(*(bottom.percent for bottom in found))
            fields = "; ".join(map(_words, found, shown))
            yield self.found(
                f"{unit}: tỷ lệ điểm thấp nhất {among} ở {len(found)}/{of} {vi.key(level)}: {fields}.",
                unit=unit, criterion=found[0].criterion.code if len(found) == 1 else "", year=case.year,
                cells=tuple(dict.fromkeys(cell for each in found for cell in case.cells(position, each.criterion))),
                people=case.people_of(position, (each.criterion for each in found)),
            )  # fmt: skip

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        return f"{count} {names.unit} có tỷ lệ điểm thấp nhất ở {self.count} {self.level or 'lĩnh vực'} trở lên"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        if self.level and (trouble := unknown(self.level, names.levels, "cấp")):
            yield "cấp", trouble
            return
        if trouble := unknown_group(self.by):
            yield "tính theo", trouble
        level = self.level or next(iter(names.levels), "")
        there = len(criteria.get(vi.key(level), ()))
        if there and self.count > there:
            yield "số lĩnh vực ít nhất", f"cấp «{level}» chỉ có {there} mục, không thể thấp nhất ở {self.count}"


def _bottoms(case: Case, criterion: Criterion, members: Iterable[int]) -> Iterator[tuple[int, Bottom]]:
    """The units of this group below which nobody is; none where all tie or there is only one."""
    known = {at: percent for at in members if (percent := case.percent_of(at, criterion)) is not None}
    if not known:
        return
    lowest = min(known.values())
    holders = [position for position, percent in known.items() if percent == lowest]
    if len(holders) < len(known):
        yield from ((position, Bottom(criterion, lowest, len(holders) - 1)) for position in holders)


def _words(bottom: Bottom, percent: str) -> str:
    tie = f" (cùng thấp nhất với {bottom.others} đơn vị khác)" if bottom.others else ""
    return f"{bottom.criterion.code} «{bottom.criterion.name}» {percent}{tie}"
