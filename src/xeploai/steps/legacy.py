"""Text of the time before Unicode: TCVN3 (.VnTime) becomes Unicode where that is sure; VNI is refused with the way out.

    column B   Xã, Thị trấn │ X· Hßa B×nh, X· Mü §×nh    the head is Unicode, the data TCVN3: only the data change

A step, not a reader: pure, and the same for every format. It runs before anything looks at the texts, because both the
matching of headings and `vi.clean` would take the letters for something else (ư is a soft hyphen there). `read` tells the
fonts, but not what to believe: a font is left behind when a column is converted, and says nothing of what was pasted.

Decided per column, where a column's head, data and foot may differ and a title over several columns is its own. The
evidence is words: one that is no Vietnamese syllable as it stands and is one when decoded is *old*; a letter that no old
encoding has (ă, ế, a combining mark) makes a text *new*, and new texts are never touched. «Lê» may be either, and goes with
its column. Ordinary Unicode sheets cost one look for the signs that no Vietnamese letter has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from xeploai import findings as our
from xeploai import vi
from xeploai.findings import Finding, Rule
from xeploai.model import Cell, Grid, Value, column_letters

ENOUGH, LETTERS = 3, 4
"""Different old words, and old letters in them, by which a sheet is sure of its letters without a font."""

# Signs that old letters look like and that no Vietnamese word has in Unicode; an old word has one, or a capital within
# (chÊm, PHè). Without it «tôt» would be one: it is tốt mistyped, not tụt.
_SIGNS = "¡-¬\u00ad®-¿Ä-ÇËÎ-ÑÖ-ØÜÞßä-çëî-ñö-øûüþÿ"
_SIGN = re.compile(f"[{_SIGNS}\u0300-\u0323]")
_TELLING = re.compile(f"[{_SIGNS}]|(?<=[a-z])[À-Ý]|(?<=[A-Z][A-Z])[à-ý]")
_WORD = re.compile("[A-Za-z\u00a1-\u024f\u0300-\u036f\u1e00-\u1eff\u20ab]+")
_NEW = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u036f\u1ea0-\u1ef9]")
_ETH = str.maketrans("Ðð", "Đđ")  # typed for each other in real Unicode, too
_EVERYDAY = frozenset("«»·°±²³¹µ½¼¾×÷©®§¶")  # stand in Unicode sheets too: «mới», km², 2 × 3, Xã A¹
_LONE = re.compile("(?<![A-Za-z¡-ÿ])([»·±¹µ½¼¾×÷©¬])(?![A-Za-z¡-ÿ])")  # no letter beside it: a sign
_UNMISTAKEN = frozenset({"xã", "công", "nông", "thôn", "có", "không", "tên", "trên", "tân", "sông"})
"""Read as TCVN3 these would be xó, cụng, nụng …: no words of a form."""
_COMPOSED = re.compile("[\u1ea0-\u1ef9]")

_OLD, _NEITHER, _IS_NEW, _MIXED = "old", "", "new", "mixed"


def modern(grids: Sequence[Grid], font: str = "auto") -> tuple[list[Grid], list[Finding]]:
    """The grids with Unicode texts, without those in VNI. `font` "tcvn3": what looks like TCVN3 is, as the user says."""
    kept: list[Grid] = []
    findings: list[Finding] = []
    for grid in grids:
        if not (grid.fonts or font == "tcvn3" or _has_signs(grid)):
            kept.append(grid)
            continue
        sheet = _Sheet(grid)
        if sheet.is_vni:
            findings.append(sheet.refused())
            continue
        changed, said = sheet.converted(told=font == "tcvn3")
        kept.append(changed)
        findings += said
    return kept, findings


def _has_signs(grid: Grid) -> bool:
    texts = "\n".join([value for row in grid.rows for value in row if type(value) is str])
    return not texts.isascii() and _SIGN.search(texts) is not None


class _Text(NamedTuple):
    """One text: where it stands, what it holds, as which letters its words speak, and its old words."""

    row: int
    column: int
    text: str
    says: str
    old: frozenset[str]


class _Part(NamedTuple):
    """Texts that are decided together: a column's head, data or foot; a merged title; a column that is a mixture."""

    texts: Sequence[_Text]
    says: str
    fonts: tuple[str, ...] = ()

    @property
    def old(self) -> frozenset[str]:
        return frozenset().union(*(text.old for text in self.texts))


class _Sheet:
    """One grid while its letters are looked at."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.raw = [
            (row, column, value)
            for row, line in enumerate(grid.rows, grid.top)
            for column, value in enumerate(line, grid.left)
            if isinstance(value, str) and not value.isascii()
        ]
        words = {word for _, _, text in self.raw for word in _words(text)}
        self.through_1258 = _is_through_1258(words)
        self.vni = frozenset(word for word in words if _is_vni(word))
        self.parts = list(self._parts())
        self.old = frozenset().union(*(part.old for part in self.parts))
        """Every different old word of the sheet."""

    @property
    def is_vni(self) -> bool:
        named = any(_is_vni_font(font) for fonts in self.grid.fonts.values() for font in fonts)
        return len(self.vni) >= (1 if named else ENOUGH) and len(self.vni) > len(self.old)

    # ------------------------------------------------------------------------------------------ parts of a sheet

    def _parts(self) -> Iterator[_Part]:
        titles = {(top, left) for top, left, _, right in self.grid.merged if right > left}
        columns: dict[tuple[int, int], list[_Text]] = {}
        for row, column, value in self.raw:
            key = (row, column) if (row, column) in titles else (-1, column)
            columns.setdefault(key, []).append(self._text(row, column, value))
        for (_, column), texts in columns.items():
            fonts = tuple(font for font in self.grid.fonts.get(column, ()) if not _is_vni_font(font))
            yield from (_Part(each.texts, each.says, fonts) for each in _runs(texts))

    def _text(self, row: int, column: int, text: str) -> _Text:
        kinds = {word: _kind(word, through_1258=self.through_1258) for word in _words(text)}
        old = frozenset(word for word, kind in kinds.items() if kind == _OLD)
        new = [word for word, kind in kinds.items() if kind == _IS_NEW]
        if not new or (old and not any(map(_NEW.search, new))):  # «X· Có»: beside an old word «có» is none of ours
            return _Text(row, column, text, _OLD if old else _NEITHER, old)
        return _Text(row, column, text, _MIXED if len(old) > 1 else _IS_NEW, old if len(old) > 1 else frozenset())

    # ------------------------------------------------------------------------------------------ what is done

    def converted(self, *, told: bool) -> tuple[Grid, list[Finding]]:
        """The grid with the sure parts in Unicode, and what is to be said; nothing else changes."""
        sure: list[tuple[_Text, _Part]] = []
        unsure: list[_Text] = []
        for part in self.parts:
            yes, open_ = self._decided(part, told=told)
            sure += ((text, part) for text in yes)
            unsure += open_
        said = []
        if sure:
            by = "tuỳ chọn --font tcvn3" if told else self._evidence({part.fonts for _, part in sure})
            said.append(self._said(our.OLD_LETTERS, [text for text, _ in sure], evidence=by))
        if unsure:
            said.append(self._said(our.OLD_LETTERS_UNSURE, unsure))
        return self._with({(text.row, text.column): self._decoded(text.text, part.fonts) for text, part in sure}), said

    def _decided(self, part: _Part, *, told: bool) -> tuple[Sequence[_Text], Sequence[_Text]]:
        """(the texts of this part that are TCVN3 for sure, those that may be)."""
        whole_sheet = _enough(self.old)
        no_new = not any(each.says in (_IS_NEW, _MIXED) for each in self.parts)
        if part.says == _MIXED:
            old = [text for text in part.texts if text.says == _OLD or (text.says == _MIXED and text.old)]
            if told:
                return [text for text in old if text.says == _OLD], [text for text in old if text.says == _MIXED]
            return [], old if whole_sheet or _strong(part.old) else []
        if part.says == _IS_NEW:
            return [], []
        if part.says == _OLD:
            if told or part.fonts or whole_sheet:
                return part.texts, []
            return [], part.texts if _strong(self.old) else []
        if no_new and (told or whole_sheet):
            return part.texts, []
        stale = any(each.fonts and each.says in (_IS_NEW, _MIXED) for each in self.parts)
        return [], part.texts if part.fonts and not stale else []

    def _decoded(self, text: str, fonts: Sequence[str] = ()) -> str:
        from xeploai.steps.old_letters import from_tcvn3, western

        letters = western(text) if self.through_1258 else text
        pieces = _LONE.split(letters)
        pieces[::2] = map(from_tcvn3, pieces[::2])
        whole = unicodedata.normalize("NFC", "".join(pieces))
        if fonts and all(font.rstrip().endswith(("H", "h")) for font in fonts):  # .VnTimeH shows all as capitals
            return whole.upper()
        return _WORD.sub(lambda found: found[0].upper() if _in_capitals(found[0]) else found[0], whole)

    def _with(self, texts: dict[tuple[int, int], str]) -> Grid:
        if not texts:
            return self.grid
        top, left = self.grid.top, self.grid.left
        rows: list[list[Value]] = list(self.grid.rows)
        for row, cells in groupby(sorted(texts), key=lambda place: place[0]):
            line = rows[row - top] = list(rows[row - top])
            for place in cells:
                line[place[1] - left] = texts[place]
        return replace(self.grid, rows=rows)

    # ------------------------------------------------------------------------------------------ what is said

    def _evidence(self, fonts: Iterable[tuple[str, ...]]) -> str:
        names = sorted({font for each in fonts for font in each})
        by_font = f"phông {', '.join(names)}" if names else ""
        by_words = f"{len(self.old)} từ chỉ đọc được theo bảng mã đó" if self.old else ""
        return vi.listed(filter(None, (by_font, by_words)))

    def _said(self, rule: Rule, texts: Sequence[_Text], evidence: str = "") -> Finding:
        telling = sorted(texts, key=lambda text: (not text.old, text.row, text.column))
        shown = {text.text: None for text in telling[:40]}
        examples = "; ".join(f"«{_seen(text)}» → «{vi.shown(self._decoded(text))}»" for text in list(shown)[:3])
        columns = sorted({text.column for text in texts})
        where = ", ".join(map(column_letters, columns[:12])) + (" …" if len(columns) > 12 else "")
        first, *others = (self.grid.cell(text.row, text.column) for text in telling[:12])
        return rule(
            sheet=self.grid.sheet, count=len(texts), columns=where, examples=examples, evidence=evidence, at=first,
            related=tuple(others),
        )  # fmt: skip

    def refused(self) -> Finding:
        """The finding that says: this sheet is in VNI."""
        from xeploai.steps.old_letters import from_vni, western

        found = [
            (self.grid.cell(row, column), text)
            for row, column, text in self.raw
            if any(word in self.vni for word in _words(text))
        ]
        cells: tuple[Cell, ...] = tuple(cell for cell, _ in found)
        words = ", ".join(cell.address for cell in cells[:12]) + (" …" if len(cells) > 12 else "")
        texts = list(dict.fromkeys(text for _, text in found))[:3]
        examples = "; ".join(f"«{_seen(text)}» có lẽ là «{vi.shown(from_vni(western(text)))}»" for text in texts)
        return our.VNI_LETTERS(
            file=self.grid.file, sheet=self.grid.sheet, count=len(cells), cells=words, examples=examples, at=cells[0],
            related=cells[1:12],
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------- words


def _words(text: str) -> list[str]:
    """The words that letters outside ASCII are part of; quotation marks around one are none of it."""
    found = (word[1:-1] if word[0] == "«" and word[-1] == "»" else word for word in _WORD.findall(text))
    return [word for word in found if not word.isascii() and any(map(str.isascii, word))]


@lru_cache(maxsize=1 << 14)
def _kind(word: str, *, through_1258: bool = False) -> str:
    """What a word speaks for: old letters, new ones, or (readable both ways, or neither way) nothing."""
    from xeploai.steps.old_letters import from_tcvn3, western
    from xeploai.steps.syllables import is_syllable

    old = from_tcvn3(western(word) if through_1258 else word)
    as_new = is_syllable(word.translate(_ETH)) and (word.isupper() or word[1:].islower())
    as_old = is_syllable(old) and _is_sensible(old)
    if (not through_1258 and _NEW.search(word)) or word.lower() in _UNMISTAKEN:
        return _IS_NEW
    if as_new == as_old:
        return _IS_NEW if not as_new and _NEW.search(word) else _NEITHER
    if as_new:
        return _IS_NEW
    return _OLD if _TELLING.search(western(word) if through_1258 else word) else _NEITHER


@lru_cache(maxsize=1 << 14)
def _is_vni(word: str) -> bool:
    from xeploai.steps.old_letters import from_vni, western
    from xeploai.steps.syllables import is_syllable

    if _COMPOSED.search(word) or is_syllable(word):
        return False
    decoded = from_vni(western(word))
    return decoded != word and is_syllable(decoded)


def _is_through_1258(words: Iterable[str]) -> bool:
    """Whether the letters came through the code page 1258, which turns some of their bytes into Unicode's own."""
    with_new = [word for word in words if _NEW.search(word)]
    if not with_new or any(map(_COMPOSED.search, with_new)):
        return False
    kinds = [_kind(word, through_1258=True) for word in with_new]
    return kinds.count(_OLD) > kinds.count(_IS_NEW)


def _is_sensible(decoded: str) -> bool:
    """A capital letter inside a small word is a wrong reading. (HòA is none: TCVN3 has only small letters with tones.)"""
    return decoded.isupper() or _in_capitals(decoded) or not any(char.isupper() for char in decoded[1:])


def _in_capitals(word: str) -> bool:
    """HßA, decoded HòA: the plain letters are capitals, and more than one."""
    plain = [char for char in word if char.isascii()]
    return len(plain) > 1 and all(map(str.isupper, plain))


def _enough(old: frozenset[str]) -> bool:
    """Old words that leave no doubt."""
    return len(old) >= ENOUGH and len({char for word in old for char in word if not char.isascii()}) >= LETTERS


def _strong(old: frozenset[str]) -> bool:
    """Old words that deserve a question: two, or one with two old letters; not by everyday signs alone."""
    letters = [char for word in old for char in word if not char.isascii()]
    return len(letters) > 1 and not _EVERYDAY.issuperset(letters)


def _is_vni_font(font: str) -> bool:
    return font.strip().upper().startswith("VNI")


def _seen(text: str) -> str:
    """The text as the sheet holds it; the letter ư, a soft hyphen, shown as such."""
    return vi.shown(text.replace("\u00ad", "-"))


# --------------------------------------------------------------------------------------------- a column's parts


def _runs(texts: Sequence[_Text]) -> list[_Part]:
    """Head, data and foot of a column, by what their texts say; more changes than that are a mixture."""
    spoken = [(place, text.says) for place, text in enumerate(texts) if text.says]
    runs = [(says, [place for place, _ in run]) for says, run in groupby(spoken, key=itemgetter(1))]
    if not runs:
        return [_Part(texts, _NEITHER)]
    if len(runs) > 3 or any(says == _MIXED for says, _ in runs):
        return [_Part(texts, _MIXED)]
    # What may be either goes with the part around it; between two parts, with the larger one.
    between = [after[0] if len(before) >= len(after) else before[-1] + 1 for (_, before), (_, after) in pairwise(runs)]
    slices = pairwise((0, *between, len(texts)))
    return [_Part(texts[first:last], says) for (says, _), (first, last) in zip(runs, slices, strict=True)]
