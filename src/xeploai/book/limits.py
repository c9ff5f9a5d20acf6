"""What holds results down, and how they are put together: caps, quotas, ranks, heads, phases. Loaded where a book has any."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from xeploai.book.facts import Condition
from xeploai.book.parts import Amount, AnEdge, Part, Section, Text, Texts, Whole, YesNo


class Equivalent(Part):
    """Which band of a head a unit's band stands for, where the two scales differ."""

    unit: Text = Field(alias="đơn vị", description="Mức của đơn vị")
    head: Text = Field(alias="người đứng đầu", description="Mức của người đứng đầu được coi là ngang với mức đó")


CapKind = Literal["điều kiện", "điểm liệt", "không tự chấm", "người đứng đầu"]


class Cap(Part):
    """A cap (khống chế): a rating held down or set, for a reason that is no matter of points. Applied in the book's order."""

    code: Text = Field(alias="mã", description="Mã ngắn")
    kind: CapKind = Field(alias="loại", description="điều kiện, điểm liệt, không tự chấm hoặc người đứng đầu")
    when: Section[Condition] = Field(
        (), alias="khi", description="Loại «điều kiện»: áp dụng khi mọi điều kiện này đúng"
    )
    level: Text | None = Field(None, alias="cấp", description="Loại «điểm liệt»: xét tiêu chí của cấp nào")
    points: AnEdge | None = Field(
        None,
        alias="tiêu chí không quá",
        description="Loại «điểm liệt»: có tiêu chí từ mức này trở xuống; mặc định 0 điểm",
    )
    applies_to: Texts = Field((), alias="áp dụng cho", description="Chỉ các loại đơn vị này; bỏ trống: mọi đơn vị")
    band_at_most: Text | None = Field(None, alias="xếp loại không quá", description="Hậu quả: không cao hơn mức này")
    band: Text | None = Field(None, alias="xếp vào", description="Hậu quả: xếp thẳng vào mức này")
    lower_by: Whole | None = Field(None, alias="hạ", ge=1, description="Hậu quả: hạ bấy nhiêu mức")
    not_rated: YesNo = Field(False, alias="không xếp loại", description="Hậu quả: có: không thuộc diện xếp loại")
    when_unit_at_most: Text | None = Field(
        None, alias="khi đơn vị không quá", description="Người đứng đầu: khi đơn vị xếp mức này trở xuống"
    )
    head_at_most: Text | None = Field(
        None, alias="người đứng đầu không quá", description="Mức cao nhất của người đứng đầu khi đó"
    )
    not_above_unit: YesNo = Field(
        False, alias="không cao hơn đơn vị", description="Người đứng đầu không bao giờ xếp cao hơn đơn vị"
    )
    unit_band: Text | None = Field(
        None, alias="xếp loại đơn vị", description="Khi biểu chấm từng người: số liệu kiểu «mức» ghi mức của đơn vị"
    )
    deputies: YesNo = Field(False, alias="cả cấp phó", description="có: áp dụng cho cả cấp phó của người đứng đầu")
    position: Text | None = Field(
        None, alias="chức vụ", description="Khi biểu chấm từng người: số liệu ghi chức vụ, để biết ai là cấp phó"
    )
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")


class Quota(Part):
    """A quota (hạn mức): at most such a share of a declared base may have this band; the rest move down."""

    code: Text = Field(alias="mã", description="Mã ngắn")
    band: Text = Field(alias="mức", description="Mức bị hạn chế số lượng")
    at_most: AnEdge = Field(alias="không quá", description="20% hoặc 5 đơn vị")
    base_bands: Texts = Field(
        (), alias="tính trên mức", description="Tính trên số đơn vị xếp các mức này; bỏ trống: mọi đơn vị được đánh giá"
    )
    base_fact: Text | None = Field(
        None, alias="tính trên số liệu", description="Tính trên tổng số liệu này (ví dụ số người)"
    )
    moved_count: YesNo = Field(
        True, alias="kể cả đơn vị bị chuyển xuống", description="có: đơn vị bị chuyển xuống cũng nằm trong số làm gốc"
    )
    whole: Literal["xuống", "lên", "gần nhất"] = Field(
        "xuống", alias="lấy số nguyên", description="xuống, lên hoặc gần nhất (nửa lên)"
    )
    group: Text | None = Field(
        None, alias="theo nhóm", description="huyện, loại đơn vị hoặc tên số liệu; bỏ trống: tính chung"
    )
    ties: Texts = Field(
        (), alias="khi bằng điểm", description="So lần lượt các tiêu chí này; rồi vẫn bằng thì hỏi người"
    )
    move_to: Text | None = Field(None, alias="chuyển xuống", description="Mức của đơn vị vượt hạn mức; mặc định mức kế")
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")


class Ranking(Part):
    """How units are ranked (xếp hạng): in which groups, and what decides between equals."""

    group: Text | None = Field(None, alias="theo nhóm", description="huyện, loại đơn vị hoặc tên số liệu (vùng, khối)")
    ties: Texts = Field((), alias="khi bằng điểm", description="So lần lượt các tiêu chí này; vẫn bằng thì đồng hạng")
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")


class PhaseShare(Part):
    """The part of a criterion's maximum that one phase gives."""

    phase: Text = Field(alias="giai đoạn", description="thẩm định, điều tra xã hội học …")
    max_points: Amount = Field(alias="điểm tối đa", description="Điểm tối đa của loại điểm đó trong tiêu chí này")


class Official(Part):
    """Which phases make the official score: sum of some, less others."""

    plus: Texts = Field(
        alias="cộng", min_length=1, description="Các loại điểm cộng lại: thẩm định, điều tra xã hội học"
    )
    minus: Texts = Field((), alias="trừ", description="Các loại điểm trừ đi: điểm trừ")
    may_be_blank: Texts = Field(
        (), alias="được để trống", description="Loại điểm mà ô trống là không có: không cộng, không trừ, không là thiếu"
    )
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")

    @property
    def phases(self) -> tuple[str, ...]:
        """Every phase that it speaks of."""
        return (*self.plus, *self.minus)
