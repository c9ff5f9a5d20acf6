"""What comes out of points: bands and titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from xeploai.book.parts import AnEdge, Later, Part, Range, Section, Text, Whole

if TYPE_CHECKING:
    from xeploai.book.facts import Condition
else:
    Condition = Part

LaterCondition = Annotated[Condition, Later("xeploai.book.facts:Condition")]


class Band(Range):
    """A band (mức xếp loại): by points, by percent, or by quarter of the ranking."""

    name: Text = Field(alias="mức", description="Tên mức: tốt, khá, trung bình, yếu")
    quarter: Whole | None = Field(None, alias="phần tư", ge=1, le=4, description="1 là phần tư đứng đầu bảng xếp hạng")
    conditions: Section[LaterCondition] = Field(
        (), alias="điều kiện", description="Ngoài điểm, mọi điều kiện đều phải đạt"
    )
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")
    known_discrepancy: Text | None = Field(None, alias="sai lệch đã biết", description="Điều, khoản tự mâu thuẫn")


class Title(Part):
    """A title (danh hiệu): an axis of its own beside the band; every condition that is given must hold."""

    name: Text = Field(alias="tên", description="Tên danh hiệu")
    band_at_least: Text | None = Field(
        None, alias="xếp loại ít nhất", description="Mức xếp loại thấp nhất còn được xét"
    )
    every_above: AnEdge | None = Field(None, alias="mọi tiêu chí trên", description="Mọi tiêu chí phải trên số này")
    every_at_least: AnEdge | None = Field(None, alias="mọi tiêu chí ít nhất", description="Mọi tiêu chí phải từ số này")
    level: Text | None = Field(None, alias="cấp", description="«Mọi tiêu chí» nói về cấp nào; bỏ trống: cấp tiêu chí")
    conditions: Section[LaterCondition] = Field(
        (), alias="điều kiện", description="Mọi điều kiện về số liệu đều phải đạt"
    )
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")

    @property
    def every(self) -> Range:
        """What every criterion of the level must satisfy."""
        return Range(at_least=self.every_at_least, above=self.every_above)


class OldBand(Part):
    """A band of an older scale, as found in history."""

    name: Text = Field(alias="mức", description="Tên mức trong số liệu cũ")
    counts_as: Text = Field(alias="coi như", description="Mức của bộ này")
