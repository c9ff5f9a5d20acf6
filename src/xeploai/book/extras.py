"""Points beside the hundred: bonus and penalty. Loaded where a book has any."""

from __future__ import annotations

from pydantic import Field

from xeploai.book.criteria import Criterion
from xeploai.book.parts import Amount, Part, Section, Text, YesNo


class Extra(Part):
    """Points beside the hundred: a bonus (điểm thưởng) or a penalty (điểm phạt), up to a cap."""

    at_most: Amount | None = Field(None, alias="tối đa", description="Tổng điểm thưởng (phạt) không quá số này")
    items: Section[Criterion] = Field(alias="gồm", min_length=1, description="Các khoản thưởng (phạt)")
    highest_only: YesNo = Field(
        False, alias="chỉ lấy khoản cao nhất", description="có: không cộng các khoản, chỉ tính khoản cao nhất"
    )
    blank_is_zero: YesNo = Field(False, alias="để trống là 0", description="có: ô trống nghĩa là không có khoản đó")
    basis: Text | None = Field(None, alias="căn cứ", description="Văn bản, điều, khoản")
    known_discrepancy: Text | None = Field(None, alias="sai lệch đã biết", description="Điều, khoản tự mâu thuẫn")
