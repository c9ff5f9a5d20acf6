"""Makes the four templates of letters beside it. Run by hand (python rules/mau/make.py); the .docx are committed.

The form is that of Nghị định 30/2020/NĐ-CP, Phụ lục I: A4, margins 20/20/30/20 mm, Times New Roman 13, quốc hiệu and tiêu ngữ
with their line, the page number in the top margin from page 2 on. What no program knows (agency, number, place, signer) is
dotted: an office writes it into a copy of the template once. {{ … }} is a field, {% … %} a repetition or a condition;
`{%p`, `{%tr`, `{%tc` take the whole paragraph, row or cell away with them.
"""

from __future__ import annotations

import copy
import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

HERE = Path(__file__).parent
CENTRE, LEFT, RIGHT, BOTH = (getattr(WD_ALIGN_PARAGRAPH, name) for name in ("CENTER", "LEFT", "RIGHT", "JUSTIFY"))
WIDTH = 160  # mm of text: 210 less the margins
DOTS = "……………………………"
FONT = "Times New Roman"


# ------------------------------------------------------------------------------------------------ paper


def a_letter(title: str) -> Any:
    """An empty A4 sheet with the styles of an official letter and the number of the page from page 2 on."""
    doc = Document()
    section = doc.sections[0]
    section.page_width, section.page_height, section.orientation = Mm(210), Mm(297), WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin, section.header_distance, section.footer_distance = Mm(30), Mm(10), Mm(10)
    section.different_first_page_header_footer = True
    normal = doc.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "cs", "hAnsi"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = normal.element.get_or_add_rPr().find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        normal.element.rPr.append(language)
    language.set(qn("w:val"), "vi-VN")
    normal.paragraph_format.space_after, normal.paragraph_format.space_before = Pt(0), Pt(0)
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    for tag, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = number.add_run()
        part = OxmlElement("w:fldChar" if tag else "w:instrText")
        if tag:
            part.set(qn("w:fldCharType"), tag)
        else:
            part.text = text
        run._r.append(part)
    _bare(doc)
    doc.core_properties.title, doc.core_properties.author = title, "xeploai"
    doc.core_properties.comments = ""
    doc.core_properties.created = doc.core_properties.modified = datetime.datetime(2026, 1, 1)
    _numbering(doc)
    return doc


USED = ("Normal", "Header", "DefaultParagraphFont", "TableNormal", "TableGrid", "NoList")


def _bare(doc: Any) -> None:
    """Without what python-docx brings along and no letter uses: a picture of the page, 160 styles, their effects."""
    for rels in (doc.part.package.rels, doc.part.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rpartition("/")[2] in ("thumbnail", "stylesWithEffects", "customXml", "webSettings"):
                del rels[key]
    styles = doc.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in USED:
            styles.remove(style)
        for link in style.findall(qn("w:link")):
            style.remove(link)


def _numbering(doc: Any) -> None:
    """A list of headings that Word numbers itself, so that one that is left out leaves no gap."""
    root = doc.part.numbering_part.element
    for child in list(root):
        root.remove(child)
    root.append(parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="1"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:tabs><w:tab w:val="num" w:pos="964"/></w:tabs><w:ind w:left="0" w:firstLine="567"/></w:pPr>'
        "<w:rPr><w:b/></w:rPr></w:lvl></w:abstractNum>"
    ))  # fmt: skip
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="1"><w:abstractNumId w:val="1"/></w:num>'))


def line(
    place: Any, text: str = "", align: Any = BOTH, *, size: float | None = None, bold: bool = False,
    italic: bool = False, after: float = 0, before: float = 0, keep: bool = False, first: bool = False,
) -> Any:  # fmt: skip
    """A paragraph; into the empty first one of a cell where there is one. **…** in the text is bold."""
    if first:
        paragraph = place.paragraphs[0]
    else:
        paragraph = place.add_paragraph()
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.space_after, shape.space_before, shape.keep_with_next = Pt(after), Pt(before), keep
    for number, part in enumerate(text.split("**")):
        run = paragraph.add_run(part)
        run.bold, run.italic = bold or number % 2 == 1 or None, italic or None
        if size:
            run.font.size = Pt(size)
    if size and not text:  # an empty line is as high as its mark
        mark_of = OxmlElement("w:rPr")
        for tag in ("w:sz", "w:szCs"):
            height = OxmlElement(tag)
            height.set(qn("w:val"), str(round(size * 2)))
            mark_of.append(height)
        paragraph._p.get_or_add_pPr().insert_element_before(mark_of, "w:sectPr", "w:pPrChange")
    return paragraph


def body(doc: Any, text: str, *, align: Any = BOTH, keep: bool = False, italic: bool = False) -> Any:
    """A paragraph of the letter: justified (but for one with dots to write on), its first line 10 mm in, 6 pt below it."""
    paragraph = line(doc, text, align, after=6, keep=keep, italic=italic)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.line_spacing = 1.1
    return paragraph


def heading(doc: Any, text: str) -> Any:
    """A bold heading that Word numbers, and that stays with what follows."""
    paragraph = line(doc, text, align=LEFT, bold=True, after=6, before=4, keep=True)
    numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = 0, 1
    return paragraph


def mark(doc: Any, tag: str) -> None:
    """A paragraph that holds only a repetition or a condition, and goes away with it."""
    line(doc, tag)


def rule(place: Any, width: float, within: float, *, after: float = 0) -> None:
    """A thin line, `width` mm long, in the middle of `within` mm: under the agency, the motto, the subject."""
    paragraph = line(place, size=1, after=after)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm((within - width) / 2)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    above = parse_xml(f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>')
    paragraph._p.get_or_add_pPr().insert_element_before(above, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def dotted(doc: Any, text: str = "", *, lines: int = 1) -> None:
    """Room to write by hand: the text, then dots up to the margin; its lines stay together."""
    for number in range(lines):
        paragraph = line(doc, f"{text if number == 0 else ''}\t", align=LEFT, after=6, keep=number < lines - 1)
        paragraph.paragraph_format.line_spacing = 1.1
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if text and number == 0:
            paragraph.paragraph_format.first_line_indent = Mm(10)


# ----------------------------------------------------------------------------------------------- tables


def table(doc: Any, widths: Sequence[float], *, bordered: bool = True) -> Any:
    """A table of no rows with columns of these widths (mm)."""
    made = doc.add_table(0, len(widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if bordered:
        made.style = "Table Grid"
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    properties = made._tbl.tblPr
    total = properties.find(qn("w:tblW"))
    total.set(qn("w:type"), "dxa")
    total.set(qn("w:w"), str(round(sum(widths) * 56.6929)))
    side = "0" if not bordered else "70"
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
    )
    properties.insert_element_before(margins, "w:tblLook")
    return made


def row(
    made: Any, texts: Sequence[str], aligns: Sequence[Any] | Any = CENTRE, *, bold: bool = False, size: float = 12,
    head: bool = False, keep: bool = False,
) -> Any:  # fmt: skip
    """A row of texts that no page break cuts; `head`: repeated on every page."""
    new = made.add_row()
    properties = new._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    for place, (cell, text) in enumerate(zip(new.cells, texts, strict=True)):
        cell.width = made.columns[place].width
        cell.vertical_alignment = 1 if head else None
        align = aligns[place] if isinstance(aligns, Sequence) else aligns
        line(cell, text, align, size=size, bold=bold, after=2, before=2, first=True, keep=keep or head)
    return new


def tag_row(made: Any, tag: str) -> None:
    """A row that holds only a repetition or a condition, and goes away with it."""
    row(made, [tag, *[""] * (len(made.columns) - 1)], LEFT)


def plain_cells(made: Any, rows: Sequence[Callable[[Any], None] | None]) -> list[Any]:
    """A row of cells without borders, each written by a function."""
    new = made.add_row()
    new._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, (cell, write) in enumerate(zip(new.cells, rows, strict=True)):
        cell.width = made.columns[place].width
        if write:
            write(cell)
            first = cell.paragraphs[0]
            first._p.getparent().remove(first._p)
    return list(new.cells)


# ------------------------------------------------------------------------------------ parts of a letter


def letterhead(
    doc: Any, upper: str, agency: str, number: str, *, subject: str = "", dated: bool = True, line_of: float = 24
) -> None:
    """Agency and number on the left, the name of the state and the motto on the right, each with its line."""
    left, right = 68, 92
    head = table(doc, (left, right), bordered=False)

    def who(cell: Any) -> None:
        for each in (line(cell, upper, CENTRE, size=12), line(cell, agency, CENTRE, size=12, bold=True)):
            each.paragraph_format.right_indent = Mm(1)
        rule(cell, line_of, left)

    def state(cell: Any) -> None:
        line(cell, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", CENTRE, size=12, bold=True)
        line(cell, "Độc lập - Tự do - Hạnh phúc", CENTRE, size=13, bold=True)
        rule(cell, MOTTO, right)

    def numbered(cell: Any) -> None:
        line(cell, number, CENTRE, before=6)
        if subject:
            line(cell, subject, CENTRE, size=12)

    def when(cell: Any) -> None:
        line(cell, "………………, {{ ngày }}" if dated else "", CENTRE, italic=True, before=6)

    plain_cells(head, (who, state))
    plain_cells(head, (numbered, when))
    line(doc, size=6)


MOTTO = 57.5  # mm: how long the motto is in Times New Roman bold 13


def title(doc: Any, name: str, subject: str) -> None:
    """The kind of the letter, what it is about, a line, and whether its numbers are confirmed."""
    line(doc, name, CENTRE, bold=True, size=14, before=8)
    line(doc, subject, CENTRE, bold=True)
    rule(doc, 36, WIDTH, after=6)
    unconfirmed(doc)


def unconfirmed(doc: Any) -> None:
    """The mark of numbers that no document confirms."""
    mark(doc, "{%p if minh_hoạ %}")
    line(doc, "({{ minh_hoạ }})", CENTRE, italic=True, size=12, after=8)
    mark(doc, "{%p endif %}")


def signed(doc: Any, receivers: Sequence[str]) -> None:
    """Receivers on the left, the place of the signature on the right; one block that no page break cuts."""
    line(doc, size=6, keep=True)
    end = table(doc, (80, 80), bordered=False)

    def to(cell: Any) -> None:
        line(cell, "Nơi nhận:", LEFT, size=12, bold=True, italic=True)
        for each in receivers:
            line(cell, f"- {each};" if each is not receivers[-1] else f"- {each}.", LEFT, size=11)

    def sign(cell: Any) -> None:
        line(cell, DOTS, CENTRE, bold=True)
        line(cell, "(Chức vụ, chữ ký, dấu)", CENTRE, italic=True, size=12)
        for _ in range(3):
            line(cell, "", CENTRE)
        line(cell, DOTS, CENTRE, bold=True)

    plain_cells(end, (to, sign))
    line(doc, size=1)  # Word wants a paragraph after a table: one that makes no page of its own


def saved(doc: Any, name: str) -> None:
    """The template on the disk, without a clock, so that it only changes when it changes."""
    held, out = io.BytesIO(), io.BytesIO()
    doc.save(held)
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(entry.filename))
    (HERE / name).write_bytes(out.getvalue())


# -------------------------------------------------------------------------------------------- the four


def inspection() -> None:
    """Biên bản kiểm điểm: one criterion, two people, room to write."""
    doc = a_letter("Biên bản kiểm điểm")
    letterhead(doc, "{{ cơ_quan_trên }}", "{{ cơ_quan }}", "Số: ……/BB-……", dated=False)
    title(doc, "BIÊN BẢN", "Kiểm điểm trách nhiệm về tiêu chí {{ mã_tiêu_chí }} «{{ tiêu_chí }}» năm {{ năm }}")
    dotted(doc, "Thời gian bắt đầu: ")
    dotted(doc, "Địa điểm: ")
    dotted(doc, "Thành phần tham dự: ", lines=2)
    dotted(doc, "Chủ tọa: ")
    dotted(doc, "Thư ký: ")
    heading(doc, "Người phải kiểm điểm")
    mark(doc, "{%p for người in người_kiểm_điểm %}")
    body(doc, "- {{ người.vai }}: {{ người.tên }}")
    mark(doc, "{%p endfor %}")
    heading(doc, "Nội dung phải kiểm điểm")
    grid = table(doc, (50, 110))
    for label, value in (
        ("Đơn vị", "{{ đơn_vị }}"),
        ("Tiêu chí", "{{ mã_tiêu_chí }}. {{ tiêu_chí }}"),
        ("Điểm đạt", "**{{ điểm }}** trên tối đa {{ điểm_tối_đa }} điểm; giới hạn phải kiểm điểm: {{ giới_hạn }}"),
        ("Bình quân", "{{ bình_quân }} điểm ({{ nhóm_so_sánh }})"),
        ("Nơi ghi điểm", "{{ nơi_ghi }}"),
        ("Phải làm", "{{ phải_làm }}"),
        ("Căn cứ", "{{ căn_cứ_cảnh_báo }}"),
    ):
        row(grid, (label, value), (LEFT, LEFT))
    line(doc, size=6)
    heading(doc, "Nguyên nhân khách quan")
    dotted(doc, lines=3)
    heading(doc, "Nguyên nhân chủ quan")
    dotted(doc, lines=3)
    heading(doc, "Trách nhiệm của từng người")
    dotted(doc, "{{ lãnh_đạo }}: ", lines=2)
    dotted(doc, "{{ công_chức }}: ", lines=2)
    heading(doc, "Biện pháp khắc phục")
    dotted(doc, lines=3)
    heading(doc, "Thời hạn khắc phục")
    dotted(doc)
    heading(doc, "Ý kiến của người dự họp và kết luận của chủ tọa")
    dotted(doc, lines=2)
    body(doc, "Cuộc họp kết thúc vào …… giờ …… ngày …… tháng …… năm ………; biên bản đã được đọc lại cho mọi người "
         "dự họp cùng nghe./.", keep=True)  # fmt: skip
    line(doc, size=6, keep=True)
    end = table(doc, (80, 80), bordered=False)
    signer = [
        ("LÃNH ĐẠO PHỤ TRÁCH LĨNH VỰC", "{{ lãnh_đạo }}"), ("CÔNG CHỨC LĨNH VỰC", "{{ công_chức }}"),
        ("THƯ KÝ", DOTS), ("CHỦ TỌA", DOTS),
    ]  # fmt: skip

    def written(role: str, name: str, *, last: bool) -> Callable[[Any], None]:
        def write(cell: Any) -> None:
            line(cell, role, CENTRE, bold=True, size=12, keep=True)
            line(cell, "(Ký, ghi rõ họ tên)", CENTRE, italic=True, size=12, keep=True)
            for _ in range(3):
                line(cell, "", CENTRE, keep=True)
            line(cell, name, CENTRE, bold=True, after=18, keep=not last)

        return write

    for first, second in ((0, 1), (2, 3)):
        plain_cells(end, [written(*signer[place], last=first == 2) for place in (first, second)])
    line(doc, "**Nơi nhận:** ………………………; Lưu: VT, hồ sơ.", LEFT, size=11)
    saved(doc, "bien-ban-kiem-diem.docx")


def notice() -> None:
    """Thông báo kết quả: what a unit came to, why, and what follows from it."""
    doc = a_letter("Thông báo kết quả")
    letterhead(doc, DOTS, DOTS, "Số: ……/TB-……")
    title(doc, "THÔNG BÁO", "Kết quả đánh giá, xếp loại năm {{ năm }} của {{ đơn_vị }}")
    mark(doc, "{%p if căn_cứ %}")
    body(doc, "Căn cứ {{ căn_cứ }};", italic=True)
    mark(doc, "{%p endif %}")
    body(doc, "Theo bộ tiêu chí «{{ bộ_tiêu_chí }}», kết quả của {{ đơn_vị }} như sau:")
    heading(doc, "Kết quả")
    grid = table(doc, (50, 110))
    row(grid, ("Xếp loại", "**{{ xếp_loại }}**"), (LEFT, LEFT))
    for label, field in (
        ("Danh hiệu", "danh_hiệu"), ("Tổng điểm", "điểm"), ("Xếp hạng", "hạng"), ("Hạng trong nhóm", "hạng_trong_nhóm"),
        ("Mức kế trên", "mức_kế_trên"),
    ):  # fmt: skip
        tag_row(grid, f"{{%tr if {field} %}}")
        row(grid, (label, f"{{{{ {field} }}}}"), (LEFT, LEFT))
        tag_row(grid, "{%tr endif %}")
    tag_row(grid, "{%tr for người in những_người %}")
    row(grid, ("{{ người.chức_vụ }}", "{{ người.tên }}: {{ người.kết_quả }}"), (LEFT, LEFT))
    tag_row(grid, "{%tr endfor %}")
    line(doc, size=6)
    mark(doc, "{%p if vì_sao %}")
    heading(doc, "Vì sao")
    mark(doc, "{%p for câu in vì_sao %}")
    body(doc, "- {{ câu.câu }}{% if loop.last %}.{% else %};{% endif %}")
    mark(doc, "{%p endfor %}")
    mark(doc, "{%p endif %}")
    mark(doc, "{%p if điều_kiện %}")
    heading(doc, "Điều kiện của danh hiệu")
    terms = table(doc, (52, 80, 28))
    row(terms, ("Danh hiệu", "Điều kiện", "Kết quả"), bold=True, head=True)
    tag_row(terms, "{%tr for dòng in điều_kiện %}")
    row(terms, ("{{ dòng.danh_hiệu }}", "{{ dòng.điều_kiện }}", "{{ dòng.kết_quả }}"), (LEFT, LEFT, CENTRE))
    tag_row(terms, "{%tr endfor %}")
    line(doc, size=6)
    mark(doc, "{%p endif %}")
    heading(doc, "Điểm từng tiêu chí")
    points = table(doc, (18, 76, 20, 23, 23))
    row(points, ("Mã", "Tiêu chí", "Điểm tối đa", "Điểm đạt", "Bình quân"), bold=True, head=True)
    aligns = (LEFT, LEFT, CENTRE, CENTRE, CENTRE)
    fields = ("{{ dòng.mã }}", "{{ dòng.tên }}", "{{ dòng.tối_đa }}", "{{ dòng.đạt }}", "{{ dòng.bình_quân }}")
    tag_row(points, "{%tr for dòng in các_tiêu_chí %}")
    tag_row(points, "{%tr if dòng.cấp_đầu %}")
    row(points, fields, aligns, bold=True)
    tag_row(points, "{%tr else %}")
    row(points, fields, aligns)
    tag_row(points, "{%tr endif %}")
    tag_row(points, "{%tr endfor %}")
    line(doc, "Cột Bình quân: điểm bình quân của {{ nhóm_so_sánh }}.", LEFT, italic=True, size=11, before=2, after=6)
    mark(doc, "{%p if phát_hiện %}")
    heading(doc, "Những việc được nêu, phải làm")
    mark(doc, "{%p for điều in phát_hiện %}")
    body(doc, "- {{ điều.nội_dung }}{% if điều.phải_làm %} **Phải làm:** {{ điều.phải_làm }}.{% endif %}"
         "{% if điều.căn_cứ %} Căn cứ: {{ điều.căn_cứ }}.{% endif %}")  # fmt: skip
    mark(doc, "{%p endfor %}")
    mark(doc, "{%p endif %}")
    body(doc, "Nếu có ý kiến về kết quả này, đề nghị gửi bằng văn bản về ……………………………… trước ngày ………………./.",
         align=LEFT, keep=True)  # fmt: skip
    signed(doc, ("{{ nơi_nhận }}", "………………………………", "Lưu: VT, ………"))
    saved(doc, "thong-bao-ket-qua.docx")


def request() -> None:
    """Công văn yêu cầu giải trình: what was raised about the unit, and what it must write."""
    doc = a_letter("Yêu cầu giải trình")
    letterhead(doc, DOTS, DOTS, "Số: ……/……-……", subject="V/v giải trình kết quả đánh giá, xếp loại năm {{ năm }}")
    line(doc, "Kính gửi: {{ kính_gửi }}", CENTRE, before=10, after=10)
    unconfirmed(doc)
    body(doc, "Theo kết quả đánh giá, xếp loại năm {{ năm }} (bộ tiêu chí «{{ bộ_tiêu_chí }}»), {{ đơn_vị }}: "
         "{{ kết_quả }}. Qua rà soát, có những việc sau phải giải trình:")  # fmt: skip
    mark(doc, "{%p for điều in phát_hiện %}")
    body(doc, "**{{ loop.index }}.** {{ điều.nội_dung }}{% if điều.phải_làm %} **Phải làm:** {{ điều.phải_làm }}.{% endif %}"
         "{% if điều.căn_cứ %} Căn cứ: {{ điều.căn_cứ }}.{% endif %}")  # fmt: skip
    mark(doc, "{%p endfor %}")
    mark(doc, "{%p if mất_điểm %}")
    body(doc, "Những chỗ mất điểm cần làm rõ:", keep=True)
    mark(doc, "{%p for chỗ in mất_điểm %}")
    body(doc, "- {{ chỗ.nội_dung }}")
    mark(doc, "{%p endfor %}")
    mark(doc, "{%p endif %}")
    body(doc, "Đề nghị {{ đơn_vị }} báo cáo giải trình bằng văn bản, nêu rõ:", keep=True)
    for point in (
        "Nguyên nhân khách quan, nguyên nhân chủ quan của từng việc nêu trên;",
        "Trách nhiệm của tập thể, của người đứng đầu và của từng cá nhân liên quan;",
        "Biện pháp khắc phục, người thực hiện và thời hạn hoàn thành.",
    ):
        body(doc, f"- {point}")
    body(doc, "Văn bản giải trình gửi về ……………………………………… trước ngày ………………./.", align=LEFT, keep=True)
    signed(doc, ("Như trên", "………………………………", "Lưu: VT, ………"))
    saved(doc, "yeu-cau-giai-trinh.docx")


def submission() -> None:
    """Tờ trình: the result in words and tables, for whoever approves it."""
    doc = a_letter("Tờ trình")
    letterhead(doc, DOTS, DOTS, "Số: ……/TTr-……")
    title(doc, "TỜ TRÌNH", "Về việc phê duyệt kết quả đánh giá, xếp loại năm {{ năm }}")
    line(doc, "Kính gửi: ………………………………………………", CENTRE, after=8)
    mark(doc, "{%p if căn_cứ %}")
    body(doc, "Căn cứ {{ căn_cứ }};", italic=True)
    mark(doc, "{%p endif %}")
    body(doc, "……………………………… trình phê duyệt kết quả đánh giá, xếp loại năm {{ năm }} theo bộ tiêu chí «{{ bộ_tiêu_chí }}» "
         "như sau:")  # fmt: skip
    heading(doc, "Kết quả chung")
    mark(doc, "{%p for đoạn in đoạn_văn %}")
    body(doc, "{{ đoạn.câu }}")
    mark(doc, "{%p endfor %}")
    heading(doc, "Số lượng theo mức xếp loại")
    bands = table(doc, (64, 24, 24, 24, 24))
    row(bands, ("Mức xếp loại", "Số lượng", "Tỷ lệ (%)", "Năm trước", "Tăng, giảm"), bold=True, head=True)
    tag_row(bands, "{%tr for mức in các_mức %}")
    row(bands, ("{{ mức.tên }}", "{{ mức.số }}", "{{ mức.tỷ_lệ }}", "{{ mức.năm_trước }}", "{{ mức.tăng_giảm }}"),
        (LEFT, CENTRE, CENTRE, CENTRE, CENTRE), keep=True)  # fmt: skip
    tag_row(bands, "{%tr endfor %}")
    row(bands, ("Cộng số đã xếp loại", "{{ đã_xếp_loại }}", "{{ tỷ_lệ_cộng }}", "{{ năm_trước_cộng }}", "{{ tăng_giảm_cộng }}"),
        (LEFT, CENTRE, CENTRE, CENTRE, CENTRE), bold=True)  # fmt: skip
    tag_row(bands, "{%tr if số_chưa_xếp_loại %}")
    row(bands, ("Chưa xếp loại, chưa xác định", "{{ số_chưa_xếp_loại }}", "", "", ""), (LEFT, *[CENTRE] * 4))
    tag_row(bands, "{%tr endif %}")
    line(doc, size=6)
    mark(doc, "{%p if các_nhóm %}")
    heading(doc, "Kết quả theo nhóm")
    groups = table(doc, (95, 25, 40))
    row(groups, ("Nhóm", "Số", "{%tc for tên in các_cột %}"), bold=True, size=11, head=True)
    cells_of(groups.rows[-1], "{{ tên.tên }}", "{%tc endfor %}")
    tag_row(groups, "{%tr for nhóm in các_nhóm %}")
    row(groups, ("{{ nhóm.tên }}", "{{ nhóm.số }}", "{%tc for ô in nhóm.các_ô %}"), (LEFT, CENTRE, CENTRE), size=11)
    cells_of(groups.rows[-1], "{{ ô.số }}", "{%tc endfor %}")
    tag_row(groups, "{%tr endfor %}")
    line(doc, size=6)
    mark(doc, "{%p endif %}")
    mark(doc, "{%p if danh_sách_kèm_theo %}")
    body(doc, "Danh sách kèm theo: {{ danh_sách_kèm_theo }}.", keep=True)
    mark(doc, "{%p endif %}")
    body(doc, "Kính trình xem xét, quyết định./.", keep=True)
    signed(doc, ("Như trên", "………………………………", "Lưu: VT, ………"))
    annex(doc, "đạt_danh_hiệu", "DANH SÁCH ĐẠT DANH HIỆU NĂM {{ năm }}", (12, 40, 45, 20, 43),
          ("TT", "Tên", "Nhóm", "Xếp loại", "Danh hiệu"),
          ("{{ dòng.số }}", "{{ dòng.tên }}", "{{ dòng.nhóm }}", "{{ dòng.xếp_loại }}", "{{ dòng.danh_hiệu }}"))  # fmt: skip
    mark(doc, "{%p endif %}")
    warned = "DANH SÁCH ĐƯỢC NÊU ĐỂ NHẮC NHỞ, CHẤN CHỈNH, KIỂM ĐIỂM NĂM {{ năm }}"
    cells = ("{{ dòng.số }}", "{{ dòng.tên }}", "{%p for điều in dòng.các_điều %}")
    listed = annex(doc, "bị_nêu", warned, (12, 44, 104), ("TT", "Tên", "Nội dung"), cells)
    content = listed.rows[-2].cells[-1]
    for text in ("- {{ điều.nội_dung }}", "{%p endfor %}"):
        line(content, text, LEFT, size=11, after=2)
    mark(doc, "{%p endif %}")
    saved(doc, "to-trinh.docx")


def cells_of(last: Any, field: str, end: str) -> None:
    """Two more cells after a {%tc for %}: the field, and the end; their widths are left to the grid."""
    opening = last._tr.findall(qn("w:tc"))[-1]
    for text in (end, field):
        cell = copy.deepcopy(opening)
        cell.find(".//" + qn("w:t")).text = text
        opening.addnext(cell)
    for cell in last._tr.findall(qn("w:tc")):
        width = cell.tcPr.find(qn("w:tcW"))
        width.set(qn("w:type"), "auto")
        width.set(qn("w:w"), "0")


def annex(
    doc: Any, field: str, name: str, widths: Sequence[float], headings: Sequence[str], cells: Sequence[str]
) -> Any:
    """A list on pages of its own, where there is anything to list: the condition is open until its {%p endif %}."""
    mark(doc, f"{{%p if {field} %}}")
    heads = line(doc, name, CENTRE, bold=True, after=4, keep=True)
    heads.paragraph_format.page_break_before = True
    of_what = "(Kèm theo Tờ trình số ……/TTr-…… ngày …… tháng …… năm ………)"
    line(doc, of_what, CENTRE, italic=True, size=12, after=4, keep=True)
    unconfirmed(doc)
    made = table(doc, widths)
    row(made, headings, bold=True, head=True)
    tag_row(made, f"{{%tr for dòng in {field} %}}")
    row(made, cells, (CENTRE, *[LEFT] * (len(cells) - 1)), size=11)
    tag_row(made, "{%tr endfor %}")
    return made


if __name__ == "__main__":
    for make in (inspection, notice, request, submission):
        make()
