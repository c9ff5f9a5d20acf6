"""What the styles of a workbook tell of its cells: numbers shown as percents, texts in fonts of an old encoding.

A cell names its style by a number; the style names a number format and a font. The value alone does not say that 0.5617
is read by everybody as 56,17 %, nor that «X· Hßa B×nh» set in .VnTime is read as Xã Hòa Bình.
A format with several sections is judged by the first, which positive numbers take. What a format shows instead of the
number (`[>=80]"Đạt"`) is not told: the value counts, whatever is shown.
"""

from __future__ import annotations

import re

from xeploai.read.look import NAMESPACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Walk = Callable[[Callable[[str, dict[str, str]], object]], object]
    """Shows every element of a part, as "namespace name", and its attributes."""

_OURS = frozenset({"", *(namespace.decode() for namespace in NAMESPACES)})
_BUILT_IN = {"9": "0%", "10": "0.00%"}
_SILENT = re.compile(r'"[^"]*"?|\\.?|_.?|\*.?|\[[^\]]*\]?', re.DOTALL)
"""What a number format shows as it stands, or not at all: quoted, escaped, the width of a letter, a filling, [Red]."""
_OLD = re.compile(r"\.vn|vni-|(?-i:Vn[A-Z])", re.IGNORECASE)
_OLD_RUN = re.compile(rb"rFont\s[^>]*?val\s*=\s*[\"'](?:\.[Vv][Nn]|[Vv][Nn])")


class Styles:
    """By the number that a cell gives: which styles show percents, and the font of those that an old encoding needs."""

    __slots__ = ("fonts", "percents")

    def __init__(self, percents: frozenset[int] = frozenset(), fonts: Mapping[int, str] | None = None) -> None:
        self.percents = percents
        self.fonts = fonts or {}


def styles(walk: Walk) -> Styles:
    """The styles of a styles part."""
    formats, fonts = dict(_BUILT_IN), [""][:0]
    cells: list[tuple[str, str]] = []
    within = ""

    def take(name: str, facts: dict[str, str]) -> None:
        nonlocal within
        namespace, _, element = name.rpartition(" ")
        if namespace not in _OURS:
            return
        if element in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
            within = element
        elif element == "numFmt" and within != "dxfs":
            formats[facts.get("numFmtId", "")] = facts.get("formatCode", "")
        elif element == "font" and within == "fonts":
            fonts.append("")
        elif element == "name" and within == "fonts" and fonts:
            fonts[-1] = facts.get("val", "")
        elif element == "xf" and within == "cellXfs":
            cells.append((facts.get("numFmtId", "0"), facts.get("fontId", "0")))

    walk(take)
    percent = {key for key, code in formats.items() if is_percent(code)}
    old = {str(place): name for place, name in enumerate(fonts) if is_old(name)}
    return Styles(
        frozenset(style for style, (format_, _) in enumerate(cells) if format_ in percent),
        {style: old[font] for style, (_, font) in enumerate(cells) if font in old},
    )


def old_runs(part: bytes, walk: Walk) -> dict[int, tuple[str, ...]]:
    """The shared strings of which a piece is set in a font of an old encoding: place in the list → names of the fonts."""
    if b"rFont" not in part or not _OLD_RUN.search(part):
        return {}
    found: dict[int, tuple[str, ...]] = {}
    place = -1

    def take(name: str, facts: dict[str, str]) -> None:
        nonlocal place
        element = name.rpartition(" ")[2]
        if element == "si":
            place += 1
        elif element == "rFont" and is_old(facts.get("val", "")):
            found[place] = (*found.get(place, ()), facts["val"])

    walk(take)
    return found


def is_percent(code: str) -> bool:
    """Whether a number format shows a positive number as a percent."""
    return "%" in _SILENT.sub("", code).partition(";")[0]


def is_old(font: str) -> bool:
    """Whether texts in this font are written in TCVN3 (.VnTime, VnTime) or VNI (VNI-Times)."""
    return _OLD.match(font) is not None
