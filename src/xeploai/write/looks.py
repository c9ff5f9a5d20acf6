"""How a result looks: fonts of Nghị định 30/2020, and colours that never speak alone.

Bands, shades and bars are conditional formats: they follow the cell when somebody sorts or corrects it. A band is a word
first; the colours differ in lightness too, so that they can be told apart in black and white and by the colour-blind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.formatting.rule import ColorScaleRule, DataBarRule, Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from xeploai.report.table import Column

BODY = Font(name="Times New Roman", size=12)
TITLE = Font(name="Times New Roman", size=14, bold=True)
STRONG = Font(name="Times New Roman", size=13, bold=True)
PLACES = Font(name="Times New Roman", size=13, italic=True)
NOTE = Font(name="Times New Roman", size=12, italic=True)
HEADING = Font(name="Times New Roman", size=12, bold=True)
LINKED = Font(name="Times New Roman", size=12, color="1F3F66")
SHADE = PatternFill("solid", fgColor="DDE6F0")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
CENTRED_LINE = Alignment(horizontal="center", vertical="center")
WRAPPED = Alignment(vertical="center", wrap_text=True)
MIDDLE = Alignment(vertical="center")
RIGHT = Alignment(horizontal="right", vertical="center")
GENERAL, TWO_PLACES = "[$-42A]General", "[$-42A]0.00"
"""Decimal comma where the program leaves the choice to the cell; else that of the country that it is set to."""

_HIGH_TO_LOW = (("CFE8D5", "1B5E20"), ("E1EDF8", "174A7C"), ("FFF1C9", "7A5200"), ("F6CBC6", "8C1D18"))
"""Fill and letters of bands: green, blue, amber, red."""
_NONE = ("ECECEC", "444444")
WITHOUT = ("chưa xếp loại", "chưa xác định")
LOW, MIDDLING, HIGH = "E9A36B", "FFFFFF", "6FA8D6"
"""Shades from nothing to the maximum: orange, white, blue, which the colour-blind can tell apart."""
BAR = "9DB8D9"
_THIN = Side(style="thin", color="A6B1BD")
LINES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
UNDER = Border(bottom=Side(style="thin", color="000000"))


def band_colours(bands: Sequence[str]) -> list[tuple[str, str]]:
    """(fill, letters) for each band, high to low, spread over the palette; few bands take its ends."""
    last = max(len(bands) - 1, 1)
    steps = len(_HIGH_TO_LOW) - 1
    return [_HIGH_TO_LOW[(place * steps * 2 + last) // (2 * last)] for place in range(len(bands))]


def rules(column: Column, bands: Sequence[str]) -> Iterator[Any]:
    """The conditional formats of a column, the one that wins first. Lines are one too: no style for each of 400,000 cells."""
    if column.kind == "band":
        named = [*zip(bands, band_colours(bands), strict=True), *((word, _NONE) for word in WITHOUT)]
        for name, (fill, letters) in named:
            look = DifferentialStyle(font=Font(color=letters), fill=PatternFill(bgColor=fill), border=LINES)
            quoted = name.replace('"', '""')
            yield Rule(type="cellIs", operator="equal", formula=[f'"{quoted}"'], dxf=look)
    if column.look == "bar":
        yield DataBarRule(  # type: ignore[no-untyped-call]
            start_type="num", start_value=0, end_type="num", end_value=column.most, color=BAR
        )  # fmt: skip
    elif column.look == "shade":
        yield ColorScaleRule(  # type: ignore[no-untyped-call]
            start_type="num", start_value=0, start_color=LOW, mid_type="num", mid_value=column.most * 0.65,
            mid_color=MIDDLING, end_type="num", end_value=column.most, end_color=HIGH,
        )  # fmt: skip
    yield Rule(type="expression", formula=["TRUE"], dxf=DifferentialStyle(border=LINES))
