"""Fonts of old Vietnamese encodings: known per column, by the styles of its texts and the pieces of its shared strings."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.styles import Font

from read.handmade import MAIN, cell, only_grid, row, sheet_part
from xeploai.read.styles import is_old


def styled(*fonts):
    """A styles part: style 0 is set in Arial, style n in the nth font."""
    listed = "".join(f'<font><b/><sz val="12"/><name val="{font}"/></font>' for font in ("Arial", *fonts))
    formats = "".join(f'<xf numFmtId="0" fontId="{n}"/>' for n in range(len(fonts) + 1))
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts>{listed}</fonts><cellStyleXfs><xf fontId="1"/></cellStyleXfs>'
        f'<cellXfs>{formats}</cellXfs><cellStyles><cellStyle name=".VnTime" xfId="0"/></cellStyles>'
        '<dxfs><dxf><font><name val=".VnTime"/></font></dxf></dxfs></styleSheet>'
    )


@pytest.mark.parametrize(
    "name", ["Times New Roman", "Arial", "Vni", "Vnu Times", "VN", "Vndemo", "", "A.VnTime", "VNF-Futura"]
)
def test_another_font_is_not_old(name):
    assert not is_old(name)


@pytest.mark.parametrize(
    "name", [".VnTime", ".VnArialH", ".vntime", ".VNTIME", "VnTime", "VnTimeH", "VNI-Times", "Vni-Helve"]
)
def test_an_old_font_is_known_by_its_name(name):
    assert is_old(name)


def test_texts_in_other_fonts_and_numbers_in_old_ones_tell_nothing(grid):
    rows = row(
        cell("A1", "<is><t>Xã A</t></is>", ' t="inlineStr"'),
        cell("B1", "<v>1</v>", ' s="1"'),
        cell("C1", "<v>1</v>", ' s="1" t="b"'),
        cell("D1", "", ' s="1" t="s"'),
        cell("E1", "<is><t>Xã A</t></is>", ' s="2" t="inlineStr"'),
    )
    assert dict(grid(rows, parts={"xl/styles.xml": styled(".VnTime", "Tahoma")}).fonts) == {}


def test_the_fonts_of_the_texts_of_each_column_are_known(grid):
    strings = f'<sst xmlns="{MAIN}"><si><t>X· A</t></si></sst>'
    rows = row(
        cell("B1", "<v>0</v>", ' s="1" t="s"'),
        cell("D1", "<is><t>X· B</t></is>", ' t="inlineStr" s="2"'),
    ) + row(
        cell("B2", "<f>B1</f><v>X· C</v>", ' s="2" t="str"'),
        cell("C2", "<v>0</v>", ' s="0" t="s"'),
        cell("AA2", "<v>0</v>", ' s="1" t="s"'),
        number=2,
    )
    found = grid(rows, strings=strings, parts={"xl/styles.xml": styled(".VnTime", "VNI-Times")})
    assert dict(found.fonts) == {1: (".VnTime", "VNI-Times"), 3: ("VNI-Times",), 26: (".VnTime",)}


def test_an_old_default_font_counts_for_texts_without_a_style(grid):
    styles = styled().replace("Arial", ".VnTime")
    found = grid(row(cell("A1", "<v>a</v>", ' t="str"'), cell("B1", "<v>1</v>")), parts={"xl/styles.xml": styles})
    assert dict(found.fonts) == {0: (".VnTime",)}


def test_a_piece_of_a_shared_string_in_an_old_font_is_known(grid):
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>Tên</t></si><si><r><rPr><rFont val="Arial"/></rPr><t>a</t></r></si>'
        '<si><r><t>X· </t></r><r><rPr><b/><rFont val=".VnTime"/></rPr><t>B×nh</t></r></si></sst>'
    )
    rows = row(*(cell(f"{'ABC'[n]}1", f"<v>{n}</v>", ' t="s"') for n in range(3)), cell("D1", "<v>2</v>"))
    assert dict(grid(rows, strings=strings).fonts) == {2: (".VnTime",)}


@pytest.mark.parametrize("way", ["<!-- by the parser -->", ""])
def test_the_way_the_xml_is_written_changes_no_font(grid, way):
    part = sheet_part(row(cell("A1", "<is><t>a</t></is>", ' s="1" t="inlineStr"')), before=way)
    assert dict(grid(part, parts={"xl/styles.xml": styled(".VnTime")}).fonts) == {0: (".VnTime",)}


def test_fonts_of_openpyxl_are_known(tmp_path):
    made = openpyxl.Workbook()
    made.active["B2"] = "X· Hßa B×nh"
    made.active["B2"].font = Font(name=".VnTime")
    made.active["C2"] = "Xã Hoà Bình"
    made.save(tmp_path / "a.xlsx")
    assert dict(only_grid(tmp_path / "a.xlsx").fonts) == {1: (".VnTime",)}
