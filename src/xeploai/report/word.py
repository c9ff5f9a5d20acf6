"""A letter's template that an office edits in Word, and filling it: fields, repetitions and conditions, nothing else.

docxtpl knows how Word tears a typed field apart and how a tag takes its row or paragraph away with it. A template is
opened, mended and compiled once; a letter is then one rendering of its text parts, the other parts are carried over as they
are: 3 ms instead of 60 (2026-11). What stands in a template is text to be filled, never a program: whatever
is no field, no repetition and no condition is refused.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx.opc.exceptions import OpcError
from docx.opc.oxml import parse_xml
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xeploai import vi
from xeploai.findings import TEMPLATE_FIELD, TEMPLATE_UNUSABLE, Finding

Values = Mapping[str, object]
Fields = Mapping[str, Sequence[str]]
"""Every field that a template may use → the fields of its rows, where it is a list."""

MOST_BYTES = 100 << 20
"""Of a template once unpacked."""
SPOKEN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Const,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
)  # fmt: skip
"""What a template may be made of: fields, repetitions, conditions."""
OWN = {"loop"}
_COLUMNS = re.compile(r"\{%\s*(?:tc|colspan|hm)\b")
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/'
    'package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
    "<dc:creator>xeploai</dc:creator></cp:coreProperties>"
)


class Unfit(NamedTuple):
    """A template that no letter can be made of, and why."""

    finding: Finding


class _UnknownField(StrictUndefined):
    """A field that is not there; its message is its name."""

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


class Form:
    """A template, opened once: `filled(values)` is a letter."""

    def __init__(self, name: str, fields: Fields, package: Mapping[str, bytes], parts: Mapping[str, _Part]) -> None:
        self.name = name
        self.fields = fields
        self._package = package
        self._parts = parts

    def filled(self, values: Values, title: str) -> bytes | Unfit:
        """The letter as the bytes of a .docx: the same for the same values."""
        try:
            text = {name: part.filled(values) for name, part in self._parts.items()}
        except UndefinedError as error:
            return _unknown(self.name, [str(error)], self.fields)
        except (TypeError, SyntaxError):
            reason = "lặp, điều kiện hay danh sách đặt sai chỗ, điền xong thì tài liệu không còn đúng cấu trúc"
            return Unfit(TEMPLATE_UNUSABLE(file=self.name, reason=reason))
        text["docProps/core.xml"] = _CORE.format(title=escape(_text(title))).encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in self._package.items():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                file.writestr(entry, text.get(name, content))
        return out.getvalue()


def opened(path: Path, fields: Fields) -> Form | Unfit:
    """The template in this file, if it uses these fields and no others."""
    name = unicodedata.normalize("NFC", path.name)
    try:
        content = path.read_bytes()
        package = _unpacked(content)
        parts = dict(_compiled(DocxTemplate(io.BytesIO(content))))
    except FileNotFoundError:
        return Unfit(TEMPLATE_UNUSABLE(file=str(path), reason="không có tệp này"))
    except _Foreign as found:
        return Unfit(TEMPLATE_UNUSABLE(file=name, reason=str(found)))
    except TemplateSyntaxError:
        reason = "có trường, lặp hay điều kiện viết dở (thiếu ngoặc, thiếu endfor hay endif)"
        return Unfit(TEMPLATE_UNUSABLE(file=name, reason=reason))
    except OSError as error:
        return Unfit(TEMPLATE_UNUSABLE(file=str(path), reason=f"hệ thống báo «{error.strerror or error}»"))
    except (OpcError, KeyError, ValueError, SyntaxError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return Unfit(TEMPLATE_UNUSABLE(file=name, reason="không phải tài liệu Word .docx, hoặc tệp hỏng"))
    strange = [word for part in parts.values() for word in _strange(part.tree, fields)]
    if strange:
        return _unknown(name, list(dict.fromkeys(strange)), fields)
    return Form(name, fields, package, parts)


class _Part(NamedTuple):
    """A part that holds text: a document, a header, a footer."""

    template: Template
    tree: nodes.Template
    columns: DocxTemplate | None  # mends the grids of tables whose columns are repeated; None: there are none

    def filled(self, values: Values) -> bytes:
        xml = self.template.render(values)
        parse_xml(xml)  # raises SyntaxError where a tag has torn it
        return (self.columns.xml_to_string(self.columns.fix_tables(xml)) if self.columns else xml).encode()


class _Foreign(Exception):
    """What a template must not hold; caught in `opened`."""


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if sum(entry.file_size for entry in file.infolist()) > MOST_BYTES:
            raise _Foreign(f"mở ra lớn hơn {MOST_BYTES >> 20} MB")
        return {entry.filename: file.read(entry) for entry in file.infolist() if not entry.is_dir()}


def _compiled(document: DocxTemplate) -> Iterator[tuple[str, _Part]]:
    """The parts that hold text, with what Word tore apart mended, compiled."""
    machine = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=_UnknownField, finalize=_text, keep_trailing_newline=True
    )
    main = document.get_docx().part
    parts = {str(main.partname): document.xml_to_string(main.element)}
    for rel in main.rels.values():
        if rel.reltype.rpartition("/")[2] in ("header", "footer", "footnotes", "endnotes"):
            parts[str(rel.target_part.partname)] = document.get_part_xml(rel.target_part)
    for name, xml in parts.items():
        source = document.patch_xml(unicodedata.normalize("NFC", xml))
        tree = machine.parse(source)
        if odd := next((node for node in _nodes(tree) if not isinstance(node, SPOKEN)), None):
            raise _Foreign(f"chỉ được có trường, lặp (for) và điều kiện (if); thấy «{type(odd).__name__}»")
        columns = document if _COLUMNS.search(re.sub("<[^>]*>", "", xml)) else None
        yield name.lstrip("/"), _Part(machine.from_string(source), tree, columns)


def _nodes(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _nodes(child)


def _strange(tree: nodes.Template, fields: Fields) -> Iterator[str]:
    """The fields that nobody knows, in every branch, taken or not."""
    yield from sorted(find_undeclared_variables(tree) - fields.keys() - OWN)
    of_rows = _of_rows(fields)
    for found in tree.find_all(nodes.Getattr):
        owner = found.node.name if isinstance(found.node, nodes.Name) else "…"
        if owner not in OWN and found.attr not in of_rows:
            yield f"{owner}.{found.attr}"


def _unknown(name: str, words: Sequence[str], fields: Fields) -> Unfit:
    shown = []
    for word in words:
        owner, dot, _ = word.partition(".")
        meant = vi.nearest(word, [f"{owner}.{each}" for each in _of_rows(fields)] if dot else fields)
        shown.append(f"«{vi.shown(word)}»" + (f" (có phải «{meant}»?)" if meant else ""))
    known = [f"{field} ({', '.join(rows)})" if rows else field for field, rows in fields.items()]
    return Unfit(TEMPLATE_FIELD(file=name, fields=vi.listed(shown), known=", ".join(known)))


def _of_rows(fields: Fields) -> list[str]:
    return list(dict.fromkeys(each for rows in fields.values() for each in rows))


def _text(value: Any) -> Any:
    """What a field becomes: text on one line; what nobody sees, what turns a line round, what XML cannot hold is spelled.

    Raises TypeError where something else than a text or a number stands in the place of a field: a list, a condition.
    """
    if isinstance(value, str):
        return vi.shown(value, 1_000_000)
    if isinstance(value, bool) or not isinstance(value, int | StrictUndefined):
        raise TypeError(type(value))
    return value
