"""The criterion: one recursive type at every level; the book names the levels (lĩnh vực, tiêu chí, tiêu chí thành phần)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.parts import Amount, Later, Part, Section, Text, Texts
from xeploai.scoring import AnyScoring
from xeploai.scoring.entered import Entered

if TYPE_CHECKING:
    from xeploai.book.limits import PhaseShare
else:
    PhaseShare = Part

LaterShare = Annotated[PhaseShare, Later("xeploai.book.limits:PhaseShare")]
WhenAbsent = Literal["bỏ khỏi mẫu số", "tính đủ điểm", "chia đều", "quy đổi"]


class Criterion(Part):
    """A criterion (lĩnh vực, tiêu chí, tiêu chí thành phần …): one type at every level; what has parts is their sum."""

    code: Text = Field(alias="mã", description="Mã ngắn, không trùng trong bộ: TC1, TC2.1")
    name: Text = Field(alias="tên", description="Tên đúng như tiêu đề cột trong biểu chấm điểm")
    max_points: Amount = Field(alias="điểm tối đa", description="Điểm tối đa; bằng tổng điểm tối đa của các phần")
    parts: Section[Criterion] = Field((), alias="gồm", description="Các tiêu chí thành phần")
    scoring: AnyScoring = Field(default_factory=Entered, alias="cách chấm", description="Điểm có được bằng cách nào")
    number: Text | None = Field(None, alias="số thứ tự", description="Số in trong văn bản, nếu khác mã: II.2")
    applies_to: Texts = Field((), alias="áp dụng cho", description="Chỉ các loại đơn vị này; bỏ trống: mọi đơn vị")
    when_absent: WhenAbsent | None = Field(
        None,
        alias="khi không áp dụng",
        description="bỏ khỏi mẫu số; tính đủ điểm; chia đều (cho các phần còn lại); quy đổi (các phần còn lại lên cả mục)",
    )
    rescaled_to: Amount | None = Field(
        None, alias="quy đổi về", description="Khi có phần không áp dụng: quy các phần còn lại về số điểm này"
    )
    phases: Section[LaterShare] = Field((), alias="theo giai đoạn", description="Điểm tối đa của từng loại điểm")
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")
    known_discrepancy: Text | None = Field(
        None,
        alias="sai lệch đã biết",
        description="Điều, khoản của văn bản tự mâu thuẫn: thành ghi chú, không thành lỗi",
    )

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Criterion]]:
        """This node and everything below it, in the book's order, each with its depth."""
        yield depth, self
        for part in self.parts:
            yield from part.walk(depth + 1)

    def applies(self, kind: str) -> bool:
        """Whether it is meant for units of this kind."""
        return not self.applies_to or vi.key(kind) in map(vi.key, self.applies_to)

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """The criteria at which points are entered; the criterion itself where it has no parts."""
        return tuple(node for _, node in self.walk() if not node.parts)
