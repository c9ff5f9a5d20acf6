"""Cuối bảng: đơn vị đứng cuối bảng xếp hạng còn cách đơn vị trên bao xa, cần thêm bao nhiêu điểm và có thể thêm ở đâu.

Báo Điện Biên Phủ (19/9/2021): huyện Mường Nhé đứng thứ 10/10 với 56,17%, còn cách xa huyện thứ 9 (71,2%); huyện cần rà soát
kết quả từ tiêu chí, lĩnh vực, tìm ra nguyên nhân cụ thể, tránh chung chung. Phát hiện nêu khoảng cách (điểm phần trăm và
điểm), và những lĩnh vực còn mất nhiều điểm nhất. Bằng điểm nhau ở cuối bảng là cùng cuối bảng; mọi đơn vị bằng nhau thì không
ai cuối bảng. Bằng đơn vị trên thì vẫn là cùng cuối bảng, nên phải hơn.

    - mã: cuoi-bang
      loại: cuối bảng
      cấp: lĩnh vực
      nhiều nhất: 3

Ví dụ phát hiện: Huyện A đứng cuối bảng (hạng 10/10) với 56,17%, kém Huyện B ở hạng 9 (71,2%) 15,03 điểm phần trăm: phải
thêm hơn 15,03 điểm mới vượt qua. Có thể thêm nhiều nhất ở: LV5 «Cải cách tài chính công» mất 9,81 điểm (đạt 2,19/12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Text, Whole, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, percents
from xeploai.flags.causes import loss_cells, losses
from xeploai.model import Rating

NAMED = 3
"""So many units are called by name in a sentence; more are counted."""


class LastPlace(Flag):
    """What it would take to leave the last place. Source: seed article 004 (56,17 % against 71,2 %)."""

    kind: Literal["cuối bảng"] = Field(alias="loại")
    level: Text | None = Field(None, alias="cấp", description="Nêu lĩnh vực của cấp nào; bỏ trống: cấp đầu tiên")
    most: Whole = Field(3, alias="nhiều nhất", ge=1, description="Nêu nhiều nhất bấy nhiêu lĩnh vực")

    def check(self, case: Case) -> Iterator[Finding]:
        for position, rating in enumerate(case.ratings):
            if not case.last.get(position) or rating.rank is None or rating.percent is None:
                continue
            above = _above(case, rating.rank)
            if not above:
                continue
            named = losses(case, position, self.level or case.first_level)[: self.most]
            fields = f" Có thể thêm nhiều nhất ở: {'; '.join(map(str, named))}." if named else ""
            total = case.sheet.block_of(position).total(position) or case.sheet.named(position)
            yield self.found(
                f"{_gap(case, rating, above)}.{fields}",
                unit=rating.unit, year=case.year, cells=tuple(dict.fromkeys((total, *loss_cells(case, position, named)))),
                people=case.people_of(position, (loss.criterion for loss in named)),
            )  # fmt: skip

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        return f"{count} {names.unit} đứng cuối bảng xếp hạng"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        if self.level and (trouble := unknown(self.level, names.levels, "cấp")):
            yield "cấp", trouble


def _above(case: Case, rank: int) -> list[Rating]:
    """The units of the next higher place."""
    ranks = [rating.rank for rating in case.ratings if rating.rank is not None and rating.rank < rank]
    return [rating for rating in case.ratings if ranks and rating.rank == max(ranks)]


def _gap(case: Case, rating: Rating, above: list[Rating]) -> str:
    """Who is last, with whom, and what is missing to the place above."""
    own, next_up = rating.percent, above[0].percent
    assert own is not None
    assert next_up is not None
    beside = [each for each in case.ratings if each.rank == rating.rank and each is not rating]
    who = f"{rating.unit} cùng {_units(beside)}" if beside else str(rating.unit)
    shown, shown_up = percents(own, next_up)
    place = f"{who} đứng cuối bảng (hạng {rating.rank}/{rating.of}) với {shown}"
    if own == next_up:
        return (
            f"{place}, bằng {_units(above)} ở hạng {above[0].rank} nhưng xếp sau theo tiêu chí so khi bằng điểm: "
            "thêm điểm là vượt qua"
        )
    apart, _ = vi.apart(next_up - own, Fraction(0))
    missing, _ = vi.apart((next_up - own) * Fraction(rating.max_points or 0) / 100, Fraction(0))
    return (
        f"{place}, kém {_units(above)} ở hạng {above[0].rank} ({shown_up}) {apart} điểm phần trăm: "
        f"phải thêm hơn {missing} điểm mới vượt qua"
    )


def _units(ratings: list[Rating]) -> str:
    names = [str(rating.unit) for rating in ratings]
    return vi.listed(names if len(names) <= NAMED else [*names[:NAMED], f"{len(names) - NAMED} đơn vị khác"])
