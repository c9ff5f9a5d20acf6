"""A mapping file (`--map`): where things stand in sheets whose layout no rule can find. Typed by people, checked as a book is.

bố trí:
  - trang: Sheet1              # bỏ trống: mọi trang
    hàng: 8-40                 # các hàng có đơn vị; với phiếu của một đơn vị thì không ghi
    đơn vị: B                  # cột tên đơn vị; với phiếu: ô ghi tên, ví dụ C6
    huyện: C
    năm: 2019                  # số, hoặc cột, hoặc ô
    tiêu chí:
      - {mã: TC1, ở: E}        # cột; với phiếu: ô, ví dụ E12
      - {mã: TC2, ở: F, loại điểm: thẩm định}
"""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from xeploai.book.parts import Part, Section, Text, filled, wrong

_SPOT = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})?")
_ROWS = re.compile(r"([1-9]\d{0,6})\s*(?:-|–|đến)\s*([1-9]\d{0,6})")


class Spot(NamedTuple):
    """A column, or a cell where `row` is told. Both count from 0."""

    column: int
    row: int | None = None


def _spot(given: object) -> object:
    if isinstance(given, Spot):
        return given
    found = _SPOT.fullmatch(filled(given, "viết tên cột (B) hoặc ô (B6)").strip())
    if not found:
        raise wrong(f"«{given}» không phải tên cột (B) hay ô (B6)")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return Spot(column - 1, int(found[2]) - 1 if found[2] else None)


def _year(given: object) -> object:
    if isinstance(given, str) and re.fullmatch(r"(19|20|21)\d\d", given.strip()):
        return int(given)
    return _spot(given)


def _rows(given: object) -> object:
    if isinstance(given, range):
        return given
    found = _ROWS.fullmatch(filled(given, "viết hàng đầu và hàng cuối, ví dụ 8-40").strip())
    if not found or int(found[1]) > int(found[2]):
        raise wrong(f"«{given}» không phải là khoảng hàng, ví dụ 8-40")
    return range(int(found[1]) - 1, int(found[2]))


_TEXT = WithJsonSchema({"type": "string"})
At = Annotated[Spot, BeforeValidator(_spot), _TEXT]
YearAt = Annotated[Spot | int, BeforeValidator(_year), _TEXT]
Rows = Annotated[range, BeforeValidator(_rows), _TEXT]


class Placed(Part, arbitrary_types_allowed=True):
    """Where the points of one criterion stand."""

    code: Text = Field(alias="mã", description="Mã tiêu chí trong bộ tiêu chí")
    at: At = Field(alias="ở", description="Cột (E), hoặc ô (E12) với phiếu của một đơn vị")
    phase: str = Field("", alias="loại điểm", description="tự chấm, thẩm định …; bỏ trống: điểm chính thức")


class SheetPlacing(Part, arbitrary_types_allowed=True):
    """How one sheet (or every sheet) is laid out."""

    sheet: str = Field("", alias="trang", description="Tên trang tính; bỏ trống: mọi trang")
    rows: Rows | None = Field(None, alias="hàng", description="Các hàng có đơn vị, ví dụ 8-40")
    unit: At = Field(alias="đơn vị", description="Cột hoặc ô ghi tên đơn vị")
    parent: At | None = Field(None, alias="huyện", description="Cột hoặc ô ghi huyện, nhóm")
    unit_code: At | None = Field(None, alias="mã đơn vị", description="Cột hoặc ô ghi mã đơn vị")
    year: YearAt | None = Field(None, alias="năm", description="Năm, hoặc cột hay ô ghi năm")
    criteria: Section[Placed] = Field(alias="tiêu chí", min_length=1, description="Nơi ghi điểm từng tiêu chí")

    @property
    def is_form(self) -> bool:
        """Whether the sheet is of one unit: cells are told, not columns."""
        return self.unit.row is not None

    @model_validator(mode="after")
    def _of_one_kind(self) -> SheetPlacing:
        spots = [self.parent, self.unit_code, *(each.at for each in self.criteria)]
        if any(spot is not None and (spot.row is not None) != self.is_form for spot in spots):
            raise wrong("«đơn vị» và mọi chỗ khác phải cùng là cột (B) hoặc cùng là ô (B6)")
        if not self.is_form and self.rows is None:
            raise wrong("thiếu «hàng» (ví dụ 8-40): các hàng có đơn vị")
        told = [(each.code, each.phase) for each in self.criteria]
        if twice := next((code for code, phase in told if told.count((code, phase)) > 1), None):
            raise wrong(f"«{twice}» ghi hai chỗ cho cùng một loại điểm")
        return self


class Placing(Part):
    """The whole mapping file."""

    sheets: Section[SheetPlacing] = Field(alias="bố trí", min_length=1, description="Mỗi mục một cách trình bày")
