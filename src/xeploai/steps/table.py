"""Find the table in a grid: which rows are its heading, which column is which criterion, unit, district, year.

    row 7   TT │ Đơn vị │ Cải cách hành chính  (merged)      │ … │ Tổng điểm │ Ghi chú
    row 8      │        │ Hồ sơ đúng hạn │ Kỷ luật, kỷ cương │
    row 9   (1)│  (2)   │      (3)       │       (4)         │

A column is what the lowest heading text that names a criterion says; a text under it may say which phase.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.rulebook import RuleBook
from xeploai.findings import COLUMN_TWICE, PHASE_CHOSEN, Finding
from xeploai.model import Grid
from xeploai.steps import headings

SEARCHED_ROWS = 80
"""A heading stands in the first rows; below these nobody looks for one."""

_TAIL = re.compile(
    r"\s*[(\[][^()\[\]]*(?:điểm|tối đa|đ|%|max|\d)[^()\[\]]*[)\]]\s*$"
    r"|\s*[-–,;:]\s*(?:điểm\s+)?tối đa\s*:?\s*\d+(?:[.,]\d+)?\s*(?:điểm|đ)?\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^(?:[ivxlc]+|\d+(?:\.\d+)*|[a-zđ])(?:\s*[.):/\-]\s*|\s+)"
    r"|^(?:tiêu chí|lĩnh vực|nội dung|chỉ tiêu)\s+(?:số\s+)?\d+(?:\.\d+)*\s*[.:\-]\s*",
    re.IGNORECASE,
)

_FOOTNOTE = re.compile(r"\s*(?:[⁰¹²³⁴-⁹]+|\*+|(?<=[^\W\d_]{3})\d)$")
"""A footnote's mark, glued to the last word: «lãnh đạo⁷», «lãnh đạo1»."""
_SYLLABLE = re.compile(
    r"(ngh?|nh|n|gh?|gi|kh?|ch?|th?|tr|ph|qu|d|đ|b|h|l|m|r|s|v|x|p)?[aeiouy]{1,3}(ch|ng|nh|[cmnpt])?|[/|()\[\]–-]*"
)
"""The shape of a Vietnamese syllable typed without accents; or no word at all."""


class Words(NamedTuple):
    """How the criteria of a book may be called in a heading: by name, or by code."""

    by_name: Mapping[str, tuple[str, ...]]
    by_code: Mapping[str, str]
    above: Mapping[str, tuple[str, ...]]  # code → the codes above it
    asked: dict[str, tuple[tuple[str, ...], bool]]  # what was asked before: one heading comes in five hundred forms
    facts: frozenset[str] = frozenset()  # the codes of the facts
    scored: frozenset[str] = frozenset()  # those of them that points are made of
    official: tuple[str, ...] = ()  # the phases that make the official score, where the book says so
    plus: tuple[str, ...] = ()  # those of them that are added
    persons: bool = False  # the units of this book are persons: «Đơn vị» is what they belong to

    @classmethod
    def of(cls, book: RuleBook) -> Words:
        """The words of this book."""
        names: dict[str, list[str]] = defaultdict(list)
        above: dict[str, tuple[str, ...]] = {}

        def walk(nodes: Sequence[Criterion], over: tuple[str, ...]) -> None:
            for node in nodes:
                names[vi.letters(node.name)].append(node.code)
                above[node.code] = over
                walk(node.parts, (*over, node.code))

        walk(book.roots, ())
        for fact in book.facts:
            names[vi.letters(fact.name)].append(fact.code)
            above[fact.code] = ()
        codes = {vi.code_key(code): code for code in above}
        facts = frozenset(fact.code for fact in book.facts)
        scored = facts & {code for codes in book.inputs.values() for code in codes} if facts else facts
        official = book.official.phases if book.official else ()
        by_name = {name: tuple(found) for name, found in names.items()}
        plus = book.official.plus if book.official else ()
        return cls(by_name, codes, above, {}, facts, scored, official, plus, book.rates_persons)

    def named(self, text: str) -> tuple[tuple[str, ...], bool]:
        """The criteria that a heading may mean, and whether it says so by name."""
        found = self.asked.get(text)
        if found is None:
            found = self.asked[text] = self._named(text)
        return found

    def _named(self, text: str) -> tuple[tuple[str, ...], bool]:
        for variant in _readings(text):
            if found := self.by_name.get(vi.letters(variant)):
                return found, True
        if re.fullmatch(r"\(.*\)", text):
            return (), False  # (1) (2) (3) number the columns
        if headings.role(text) == "number":
            return (), False  # TT numbers the rows, whatever a book calls «TT»
        for variant in _variants(text):
            if code := self.by_code.get(vi.code_key(variant)):
                return (code,), False
        head = re.match(r"(\w(?:[\w.]*\w)?)(\s*[:.\-)]\s*|\s+)(\S.*)", text, re.DOTALL)
        if head and (code := self.by_code.get(vi.code_key(head[1]))):
            meant = {name for variant in _variants(head[3]) for name in self.by_name.get(vi.letters(variant), ())}
            if code in meant or head[2].strip():
                return (code,), code in meant
        return (), False


def _variants(text: str) -> Iterator[str]:
    yield text
    bare = _TAIL.sub("", text)
    if bare != text:
        yield bare
    plain = _NUMBER.sub("", bare, count=1)
    if plain != bare:
        yield plain


def _readings(text: str) -> Iterator[str]:
    """What a heading may say by name: also without a footnote's mark, and without its translation. A code has neither."""
    plain = text
    for plain in _variants(text):
        yield plain
    if (marked := _FOOTNOTE.sub("", plain)) != plain:
        yield marked
    yield from _of_two_languages(marked)


def _of_two_languages(text: str) -> Iterator[str]:
    """The Vietnamese of «Tính minh bạch / Transparency»: what is left without words that are no Vietnamese syllables."""
    words = text.split()
    foreign = [word.isascii() and _SYLLABLE.fullmatch(word.strip("/|()[]-–,.:;").lower()) is None for word in words]
    if not any(foreign) or all(word.isascii() for word in words):
        return
    for cut in range(len(words) - 1, 0, -1):
        for kept, other in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            strange = foreign[cut:] if other == words[cut:] else foreign[:cut]
            letters = all(word.isascii() and not any(map(str.isdigit, word)) for word in other)
            if letters and 2 * sum(strange) >= len(other):
                yield " ".join(kept).strip("/|()[]-–,.:; ")


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """What was understood of a grid's heading. Columns are the sheet's own, counted from 0."""

    grid: Grid
    first: int  # first heading row
    data: int  # first row under the heading
    points: Mapping[str, int]  # criterion → the column of its official points; a fact that points are made of → its own
    names: frozenset[str]  # criteria recognised by name, not merely by code
    roles: Mapping[str, int]  # "name", "parent", "code", "number", "year", "total" → column
    unknown: tuple[tuple[int, str], ...]  # columns that no rule and no fixed word knows
    phase: str = ""
    findings: tuple[Finding, ...] = ()
    heading: Mapping[int, str] = field(default_factory=dict)  # column → the text that decided
    phases: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # phase → criterion → column
    facts: Mapping[str, int] = field(default_factory=dict)  # the other facts → their columns

    @cached_property
    def left(self) -> int:
        """The first column that holds points: labels stand left of it."""
        return min(self.points.values(), default=self.grid.width)


def find(grid: Grid, words: Words) -> Table | None:
    """The score table of this grid, or None where no heading names a criterion of the book."""
    matches: dict[int, dict[int, tuple[tuple[str, ...], bool]]] = {}
    last = min(grid.height, grid.top + SEARCHED_ROWS)
    for row in range(grid.top, last):
        found = {}
        for column, value in enumerate(grid.rows[row - grid.top], grid.left):
            if isinstance(value, str) and (text := vi.clean(value)):
                codes, by_name = words.named(text)
                if codes:
                    found[column] = (codes, by_name)
        if found:
            matches[row] = found
    if not matches:
        return None
    anchor = max(matches, key=lambda row: (len({codes for codes, _ in matches[row].values()}), -row))
    first, after = _heading_rows(grid, anchor, matches)
    return _columns(grid, words, first, after)


def find_roles(grid: Grid, needed: tuple[str, ...]) -> tuple[int, dict[str, int]] | None:
    """The heading of a plain sheet (history, assignments, a list): (first row under it, role → column).

    Of the rows that have all the needed roles the one with the most roles is the heading, the first of equals.
    """
    best: tuple[int, dict[str, int]] | None = None
    for row in range(grid.top, min(grid.height, grid.top + SEARCHED_ROWS)):
        roles: dict[str, int] = {}
        for column in range(grid.left, grid.width):
            if said := headings.role(grid.merged_text(row, column)):
                roles.setdefault(said, column)
        if all(role in roles for role in needed) and (best is None or len(roles) > len(best[1])):
            best = row + 1, roles
    return best


def _heading_rows(grid: Grid, anchor: int, matches: Mapping[int, Collection[int]]) -> tuple[int, int]:
    """The first row of the heading and the first row under it."""
    first = anchor
    while first - 1 >= grid.top and anchor - first < 4 and (first - 1 in matches or _is_heading(grid, first - 1)):
        first -= 1
    after = anchor + 1
    while after < grid.height and after - anchor < 5:
        under_merge = any((after, column) in grid.spread for column in range(grid.left, grid.width))
        more_words = _says_phases(grid, after) or (under_merge and _covered(grid, after, anchor))
        filled = any(
            type(grid.value(after, column)) is float for column in matches[anchor]
        )  # a unit, a legend beside it
        named = (after in matches and not filled) or headings.is_numbering(grid, after)
        if not (named or (more_words and not has_numbers(grid, after))):
            break
        after += 1
    return first, after


def _is_heading(grid: Grid, row: int) -> bool:
    said = [headings.role(grid.text(row, column)) for column in range(grid.left, grid.width)]
    return sum(role is not None for role in said) >= 2 and not has_numbers(grid, row)


def has_numbers(grid: Grid, row: int) -> bool:
    """Whether a row holds numbers, also typed as text: then it is no heading, but somebody's points."""
    return any(
        isinstance(value, float | int) or (isinstance(value, str) and vi.read_number(value) is not vi.NoNumber.TEXT)
        for value in grid.rows[row - grid.top]
    )


def _says_phases(grid: Grid, row: int) -> bool:
    texts = [grid.text(row, column) for column in range(grid.left, grid.width)]
    return sum(headings.phase(text) is not None for text in texts if text) >= 2


def _covered(grid: Grid, row: int, anchor: int) -> bool:
    """Whether a merged heading cell reaches down into this row."""
    return any(
        (row, column) in grid.spread and grid.spread[row, column][0] <= anchor
        for column in range(grid.left, grid.width)
    )


def _columns(grid: Grid, words: Words, first: int, after: int) -> Table:
    rows = [row for row in range(after - 1, first - 1, -1) if not headings.is_numbering(grid, row)]
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))  # criterion → phase → columns
    facts: dict[str, list[int]] = defaultdict(list)
    roles: dict[str, list[int]] = defaultdict(list)
    unknown: list[tuple[int, str]] = []
    decided: dict[int, str] = {}
    named: set[str] = set()
    totals: dict[int, str] = {}  # column → the phase that it totals
    beyond = False
    for column in range(grid.left, grid.width):
        texts = _down_to_up(grid, rows, column)
        if not texts:
            continue
        if beyond:
            if headings.role(texts[0]) not in ("max_points", "note"):
                unknown.append((column, " / ".join(reversed(texts))))
            continue
        codes, by_name, said = _criterion(words, texts)
        if codes is None:
            codes, by_name, said = _spread(words, texts), True, ""
        if codes in words.facts:
            facts[codes].append(column)
            if by_name:
                named.add(codes)
            decided[column] = texts[0]
            continue
        if not codes:
            roles_here = [role for role in map(headings.role, texts) if role]
            again = roles_here and roles_here[0] in ("name", "number") and roles.get(roles_here[0])
            apart = column > grid.left and not any(grid.merged_text(row, column - 1) for row in rows)
            legend = apart and roles_here and roles_here[0] in ("code", "criterion")
            if found and (again or legend):
                beyond = True  # a second table begins beside the first: its columns are nobody's here
                unknown.append((column, texts[0]))
            elif roles_here:
                roles[roles_here[0]].append(column)
                decided[column] = texts[0]
                if roles_here[0] == "total":
                    totals[column] = next((said for text in texts if (said := headings.phase(text))), "")
            else:
                unknown.append((column, " / ".join(reversed(texts))))
            continue
        if said is None:
            if headings.role(texts[0]) not in ("max_points", "note"):
                unknown.append((column, " / ".join(reversed(texts))))
            continue
        found[codes][said].append(column)
        decided[column] = texts[0]
        if by_name:
            named.add(codes)
    return _settled(grid, words, first, after, found, facts, roles, unknown, named, decided, totals)


def _spread(words: Words, texts: list[str]) -> str | None:
    """The fact whose name is spread over two heading rows: "Nhiệm vụ được giao" over "Hoàn thành đúng hạn"."""
    for upper in texts[1:]:
        for joined in (f"{upper} {texts[0]}", f"{texts[0]} {upper}"):
            found = [code for code in words.by_name.get(vi.letters(joined), ()) if code in words.facts]
            if found:
                return found[0]
    return None


def _down_to_up(grid: Grid, rows: list[int], column: int) -> list[str]:
    """The heading texts over a column, the lowest first, each once."""
    texts: list[str] = []
    for row in rows:
        text = grid.merged_text(row, column)
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    if len(texts) == 1 and headings.phase(texts[0]) and len(rows) > 1:
        # "Tự chấm | Thẩm định" under a heading that was written over the first of them only, without merging.
        upper = rows[-1]
        if grid.value(upper, column) is None and (upper, column) not in grid.spread:
            left = next((grid.text(upper, c) for c in range(column, grid.left - 1, -1) if grid.text(upper, c)), "")
            texts += [left] if left else []
    return texts


def _criterion(words: Words, texts: list[str]) -> tuple[str | None, bool, str | None]:
    """(criterion, whether by name, phase) that a column means; phase None: something about the criterion, no points."""
    for place, text in enumerate(texts):
        codes, by_name = words.named(text)
        if not codes:
            continue
        if len(codes) > 1:  # one name at two places of the tree: what stands above it decides
            over = {code for upper in texts[place + 1 :] for code in words.named(upper)[0]}
            codes = tuple(code for code in codes if over & set(words.above[code])) or codes
        if len(codes) > 1:
            return None, False, None
        if codes[0] in words.facts:
            return (codes[0], by_name, "") if place == 0 else (None, False, None)
        below = texts[:place]
        if not below:  # a phase may also stand above: a block «Tự chấm», a block «Thẩm định»
            above = (said for text in texts[place + 1 :] if (said := headings.phase(text)))
            return codes[0], by_name, next(above, "")
        said = headings.phase(below[-1])
        if said is None and headings.role(below[-1]) in ("total", "points"):
            said = ""
        return codes[0], by_name, said
    return None, False, None


def _settled(
    grid: Grid,
    words: Words,
    first: int,
    after: int,
    found: Mapping[str, Mapping[str, list[int]]],
    facts: Mapping[str, list[int]],
    roles: Mapping[str, list[int]],
    unknown: list[tuple[int, str]],
    named: set[str],
    decided: Mapping[int, str],
    totals: Mapping[int, str],
) -> Table:
    """One official phase for the whole table, one column for each criterion, phase and fact."""
    findings: list[Finding] = []
    phases: dict[str, dict[str, int]] = defaultdict(dict)

    def single(code: str, columns: Sequence[int]) -> int | None:
        if len(columns) > 1:
            cells = tuple(grid.cell(after - 1, column) for column in columns)
            findings.append(
                COLUMN_TWICE(sheet=grid.sheet, criterion=code, first=cells[0].address, second=cells[1].address,
                             at=cells[0], related=cells[1:])
            )  # fmt: skip
        return columns[0] if len(columns) == 1 else None

    for code, by_phase in found.items():
        for said, columns in by_phase.items():
            if (column := single(code, columns)) is not None:
                phases[said][code] = column
    seen = Counter(said for by_phase in found.values() for said in by_phase)
    making, phase = _official(words, set(seen))
    rounds = [each for word in words.official for each in _rounds(word, set(seen))] if making else []
    if len(seen) > 1 and not making:
        shown = ", ".join(each or "điểm" for each in sorted(seen))
        findings.append(
            PHASE_CHOSEN(sheet=grid.sheet, phases=shown, phase=phase or "điểm", at=grid.cell(first, grid.left))
        )
    points: dict[str, int] = {}
    for code, by_phase in found.items():
        chosen = next((each for each in rounds or (phase,) if each in by_phase), None)
        if chosen is None and len(by_phase) == 1:
            chosen = "" if "" in by_phase else None
        if chosen is not None and code in phases[chosen]:
            points[code] = phases[chosen][code]
    others: dict[str, int] = {}
    for code, columns in facts.items():
        if (column := single(code, columns)) is not None:
            (points if code in words.scored else others)[code] = column
    singles = _single_roles(grid, first, after, roles, points, {**points, **others}, persons=words.persons,
                           strange=[column for column, _ in unknown])  # fmt: skip
    singles |= _total(totals, making[0] if len(making) == 1 else phase, several=len(seen) > 1)
    kept = {said: dict(columns) for said, columns in phases.items()} if len(seen) > 1 or making else {}
    return Table(
        grid, first, after, points, frozenset(named & {*points, *others}), singles, tuple(unknown), phase, tuple(findings),
        dict(decided), kept, others,
    )  # fmt: skip


def _official(words: Words, seen: set[str]) -> tuple[tuple[str, ...], str]:
    """(the phases that make the official score in this table, the phase that its total is of)."""
    chosen = headings.official(seen)
    made = tuple(dict.fromkeys(found[0] for each in words.official if (found := _rounds(each, seen))))
    if not any(_rounds(each, seen) for each in words.plus):
        return (), chosen  # points taken off are no points
    return made, ""


def _rounds(phase: str, seen: Collection[str]) -> list[str]:
    """The phases of a table that the book means by this word, the one that counts first: of "thẩm định" the last round."""
    wanted = vi.key(phase)
    if wanted == "thẩm định":
        return sorted((each for each in seen if each.startswith(wanted)), reverse=True)
    return [each for each in seen if each == wanted]


def _total(totals: Mapping[int, str], phase: str, *, several: bool) -> dict[str, int]:
    """The column of the total of the chosen phase; none where several phases leave it open which one it totals."""
    own = [column for column, of in totals.items() if of == phase] or ([] if several else list(totals))
    return {"total": own[-1]} if own else {}


def _single_roles(
    grid: Grid,
    first: int,
    after: int,
    roles: Mapping[str, list[int]],
    points: Mapping[str, int],
    known: Mapping[str, int],
    *,
    persons: bool,
    strange: Collection[int],
) -> dict[str, int]:
    """One column for each role. Of several name columns the first one written with Vietnamese letters wins."""
    single = {role: columns[0] for role, columns in roles.items() if columns and role != "total"}
    if persons and "person" in single:
        if "name" in single and "parent" not in single:
            single["parent"] = single["name"]
        single["name"] = single["person"]
        return single
    if len(names := roles.get("name", [])) > 1:
        accents = {column: _accents(grid, after, column) for column in names}
        single["name"] = next(column for column in names if 2 * accents[column] >= max(accents.values()))
    if len(parents := roles.get("parent", [])) > 1:  # the district, beside a region or a cluster
        single["parent"] = min(parents, key=lambda column: (not _is_district(grid, first, after, column), column))
    if "name" not in single and "parent" in single:
        single["name"] = single.pop("parent")  # districts themselves are rated
    if (
        "name" not in single
        and "person" in single
        and _likely_name(grid, after, grid.width, {*single.values(), *known.values(), *strange}) is None
    ):
        single["name"] = single["person"]
    if "name" not in single:
        left = min(points.values(), default=grid.width)
        guess = _likely_name(grid, after, left, {*single.values(), *known.values()})
        if guess is not None:
            single["name"] = guess
    return single


def _is_district(grid: Grid, first: int, after: int, column: int) -> bool:
    """Whether a heading of groups says district (huyện, thị xã, thành phố), not region or cluster."""
    words = " ".join(vi.fold(grid.merged_text(row, column)) for row in range(first, after))
    return any(word in words for word in ("huyen", "quan", "thi xa", "thanh pho"))


def _accents(grid: Grid, after: int, column: int) -> int:
    return sum(
        not char.isascii() for row in range(after, min(after + 50, grid.height)) for char in grid.text(row, column)
    )


def _likely_name(grid: Grid, after: int, left: int, taken: set[int]) -> int | None:
    """The column left of the points that holds the most different texts: names without a heading of their own."""
    best: tuple[int, int] | None = None
    for column in range(grid.left, left):
        if column in taken:
            continue
        texts = {grid.text(row, column) for row in range(after, min(after + 200, grid.height))} - {""}
        if len(texts) >= 1 and (best is None or len(texts) > best[0]):
            best = (len(texts), column)
    return best[1] if best else None
