"""Native charts of numbers that stand on the same sheet. They hold references only: no text of the data is copied into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont

from xeploai.report.table import Chart, Table
from xeploai.write.looks import band_colours

WIDTH, HEIGHT, PER_BAR = 24.0, 6.8, 0.55  # centimetres
_SOLID = ("4F9D69", "6FA0CF", "E3B23C", "C75146")
"""The colours of bands as they fill a bar: those of the cells are too pale for one."""
_THIS_YEAR, _LAST_YEAR = "2F5D8A", "B9C7D6"


def chart(sheet: Any, spec: Chart, table: Table, data: int, bands: Sequence[str]) -> Any:
    """The chart of this table, whose first values stand in row `data` of the sheet."""
    made: Any = BarChart()
    made.title = spec.title
    made.title.tx.rich.p[0].pPr = ParagraphProperties(
        defRPr=CharacterProperties(sz=1300, b=True, latin=DrawingFont(typeface="Times New Roman"))
    )
    for run in made.title.tx.rich.p[0].r:
        run.rPr = CharacterProperties(sz=1300, b=True, latin=DrawingFont(typeface="Times New Roman"))
    made.style = 10
    made.gapWidth = 60
    made.x_axis.delete = made.y_axis.delete = False
    made.y_axis.majorGridlines.spPr = GraphicalProperties(ln=None)
    made.y_axis.majorGridlines.spPr.ln = _line("D9DEE4")
    made.y_axis.number_format = "0"
    made.legend.position = "b"
    if spec.kind == "stacked":
        _stacked(made, sheet, spec, data, bands)
    else:
        _beside(made, sheet, spec, data)
    return made


def _line(colour: str) -> Any:
    from openpyxl.drawing.line import LineProperties

    return LineProperties(solidFill=colour, w=6350)


def _stacked(made: Any, sheet: Any, spec: Chart, data: int, bands: Sequence[str]) -> None:
    made.type, made.grouping, made.overlap = "bar", "stacked", 100
    made.x_axis.scaling.orientation = "maxMin"  # the first row on top
    made.y_axis.crosses = "max"
    first, last = data + spec.rows[0], data + spec.rows[-1]
    colours = _solid(len(bands))
    for place, column in enumerate(spec.columns):
        values = Reference(sheet, min_col=column + 1, min_row=first, max_row=last)
        made.series.append(_series(values, sheet, column + 1, data - 1, colours[place]))
    made.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    made.width, made.height = WIDTH, max(HEIGHT, 3.0 + PER_BAR * len(spec.rows))


def _beside(made: Any, sheet: Any, spec: Chart, data: int) -> None:
    made.type, made.grouping = "col", "clustered"
    first, last = min(spec.columns) + 1, max(spec.columns) + 1
    for row, colour in zip(spec.rows, (_THIS_YEAR, _LAST_YEAR), strict=False):
        values = Reference(sheet, min_col=first, max_col=last, min_row=data + row, max_row=data + row)
        series = _series(values, sheet, 1, data + row, colour)
        series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
        made.series.append(series)
    made.set_categories(Reference(sheet, min_col=first, max_col=last, min_row=data - 1, max_row=data - 1))
    made.width, made.height = WIDTH, HEIGHT


def _series(values: Reference, sheet: Any, title_column: int, title_row: int, colour: str) -> Series:
    from openpyxl.chart.data_source import StrRef
    from openpyxl.chart.series import SeriesLabel
    from openpyxl.chart.series_factory import SeriesFactory

    series: Series = SeriesFactory(values)
    title = Reference(sheet, min_col=title_column, min_row=title_row, max_col=title_column, max_row=title_row)
    series.tx = SeriesLabel(strRef=StrRef(str(title)))
    series.graphicalProperties.solidFill = colour
    series.graphicalProperties.line.noFill = True
    return series


def _solid(count: int) -> list[str]:
    pale = band_colours([""] * 4)
    return [_SOLID[pale.index(each)] for each in band_colours([""] * count)]
