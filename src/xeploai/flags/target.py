"""Chỉ tiêu: tỷ lệ đơn vị đạt một kết quả trong mỗi nhóm (huyện, cụm) hoặc toàn tỉnh.

Báo Lào Cai: phấn đấu ít nhất 80% số xã, phường đạt danh hiệu. Cảnh báo khi chưa đạt, mỗi nhóm một lần, và nói còn
thiếu bao nhiêu đơn vị. Đơn vị chưa xếp loại vẫn nằm trong mẫu số; khi các đơn vị đó có thể làm đổi kết luận, câu báo
nói rõ. Tỷ lệ so bằng số nguyên: 8 trên 10 là đúng 80%.

    - mã: chi-tieu-80
      loại: chỉ tiêu
      danh hiệu: Trong sạch, vững mạnh
      ít nhất: 80%
      tính theo: huyện

Ví dụ phát hiện: Huyện B: 11/14 đơn vị đạt danh hiệu «Trong sạch, vững mạnh» (78,57%), chỉ tiêu ít nhất 80%: còn thiếu
1 đơn vị.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import ClassVar, Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import AnEdge, Edge, Text, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, groups_by, unknown_group
from xeploai.model import Rating


class Target(Flag):
    """A share of units that a group must reach (`ít nhất`) or must not pass (`không quá`). Source: seed article 003."""

    kind: Literal["chỉ tiêu"] = Field(alias="loại")
    title: Text | None = Field(None, alias="danh hiệu", description="Đếm đơn vị có danh hiệu này")
    band_at_least: Text | None = Field(None, alias="xếp loại ít nhất", description="Đếm đơn vị từ mức này trở lên")
    band_at_most: Text | None = Field(None, alias="xếp loại không quá", description="Đếm đơn vị từ mức này trở xuống")
    at_least: AnEdge | None = Field(None, alias="ít nhất", description="Chỉ tiêu: 80% hoặc 10 đơn vị")
    at_most: AnEdge | None = Field(None, alias="không quá", description="Giới hạn: 5% hoặc 2 đơn vị")
    by: Text = Field("toàn tỉnh", alias="tính theo", description="huyện (mỗi nhóm một lần) hoặc toàn tỉnh")

    on_groups: ClassVar[bool] = True

    def check(self, case: Case) -> Iterator[Finding]:
        for group, missing, sentence in self._groups(case):
            if missing > 0:
                yield self.found(sentence, group=group, year=case.year)

    def standing(self, case: Case) -> Iterator[tuple[str, str]]:
        yield from ((group, sentence) for group, _, sentence in self._groups(case))

    def _groups(self, case: Case) -> Iterator[tuple[str, int, str]]:
        """(group, how many are missing, sentence) of every group."""
        for group, members in groups_by(case, self.by).items():
            ratings = [case.ratings[position] for position in members]
            reached = sum(self._counts(case, rating) for rating in ratings)
            open_ones = sum(rating.status != "rated" for rating in ratings)
            missing = self._missing(reached, len(ratings))
            name = group[:1].upper() + group[1:] if group else "Các đơn vị không ghi nhóm"
            yield group, missing, self._sentence(name, reached, len(ratings), missing, open_ones)

    def _counts(self, case: Case, rating: Rating) -> bool:
        if self.title:
            return vi.key(self.title) in map(vi.key, rating.titles)
        if rating.band is None:
            return False
        if self.band_at_least:
            return case.place(rating.band) <= case.place(self.band_at_least)
        return case.place(rating.band) >= case.place(self.band_at_most or "")

    def _missing(self, reached: int, of: int) -> int:
        """How many more units are needed, or how many are too many; 0 or less: the target is met."""
        if self.at_least:
            return ceil(self._units(self.at_least, of)) - reached
        assert self.at_most
        return reached - floor(self._units(self.at_most, of))

    @staticmethod
    def _units(edge: Edge, of: int) -> Fraction:
        return Fraction(edge.amount) * of / 100 if edge.unit == "%" else Fraction(edge.amount)

    def _sentence(self, group: str, reached: int, of: int, missing: int, open_ones: int) -> str:
        what = (
            f"đạt danh hiệu «{self.title}»"
            if self.title
            else f"xếp loại {self.band_at_least} trở lên"
            if self.band_at_least
            else f"xếp loại {self.band_at_most} trở xuống"
        )
        goal, lack = (
            (f"chỉ tiêu ít nhất {self.at_least}", f"còn thiếu {missing} đơn vị")
            if self.at_least
            else (f"giới hạn không quá {self.at_most}", f"vượt {missing} đơn vị")
        )
        lack = lack if missing > 0 else "đạt"
        share = vi.percent(Fraction(100 * reached, of)) if of else "0%"
        turn = ""
        if open_ones and self.at_least and open_ones >= missing > 0:
            turn = f" Còn {open_ones} đơn vị chưa xếp loại: có kết quả rồi thì kết luận này có thể đổi."
        return f"{group}: {reached}/{of} đơn vị {what} ({share}), {goal}: {lack}.{turn}"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        if sum(map(bool, (self.title, self.band_at_least, self.band_at_most))) != 1:
            yield "loại", "cần đúng một trong: danh hiệu, xếp loại ít nhất, xếp loại không quá"
        if (self.at_least is None) == (self.at_most is None):
            yield "loại", "cần đúng một trong «ít nhất» và «không quá», ví dụ «ít nhất: 80%»"
        if trouble := unknown_group(self.by):
            yield "tính theo", trouble
        for alias, edge in (("ít nhất", self.at_least), ("không quá", self.at_most)):
            if edge and edge.unit == "điểm":
                yield alias, "chỉ tiêu tính bằng «%» hoặc «đơn vị», không phải «điểm»"
            elif edge and edge.unit == "%" and edge.amount > Decimal(100):
                yield alias, f"{edge} lớn hơn 100%"
        if self.title and (trouble := unknown(self.title, names.titles, "danh hiệu")):
            yield "danh hiệu", trouble
        for alias, word in (("xếp loại ít nhất", self.band_at_least), ("xếp loại không quá", self.band_at_most)):
            if word and (trouble := unknown(word, names.bands, "mức xếp loại")):
                yield alias, trouble
