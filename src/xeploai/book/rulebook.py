"""The whole rule book (bộ tiêu chí), and what must hold between its parts.

pydantic checks each part by itself; `troubles` checks what only the whole can know: sums, order, names that exist.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from xeploai import vi
from xeploai.book.bands import Band, OldBand, Title
from xeploai.book.check_kinds import AnyCheck
from xeploai.book.criteria import Criterion
from xeploai.book.names import PHASES, FactNames
from xeploai.book.parts import (
    Edge,
    Example,
    Later,
    Part,
    Range,
    Rounding,
    Section,
    Text,
    Texts,
    Year,
    YesNo,
    unknown,
)
from xeploai.flags import AnyFlag
from xeploai.flags.base import Flag, Names

if TYPE_CHECKING:
    from xeploai.book.checks import Check
    from xeploai.book.extras import Extra
    from xeploai.book.facts import Condition, Fact
    from xeploai.book.limits import Cap, Equivalent, Official, Quota, Ranking
else:
    Cap = Equivalent = Official = Quota = Ranking = Extra = Fact = Part

AFact = Annotated[Fact, Later("xeploai.book.facts:Fact")]
ACap = Annotated[Cap, Later("xeploai.book.limits:Cap")]
AnEquivalent = Annotated[Equivalent, Later("xeploai.book.limits:Equivalent")]
AQuota = Annotated[Quota, Later("xeploai.book.limits:Quota")]
ARanking = Annotated[Ranking, Later("xeploai.book.limits:Ranking")]
AnOfficial = Annotated[Official, Later("xeploai.book.limits:Official")]
AnExtra = Annotated[Extra, Later("xeploai.book.extras:Extra")]

PREFERRED_LEVEL = "tiêu chí"
UNDETERMINED = "chưa xác định"
BY_PARENT, BY_KIND = ("huyện", "nhóm", "cụm", "khối", "vùng"), "loại đơn vị"
EXTRAS = (("điểm thưởng", "bonus"), ("điểm phạt", "penalty"))
_FACT = {"mã": "code", "tên": "name"}
_NEVER_KNOWN = frozenset({"theo", "tử số", "mẫu số", "số liệu", "trên tổng", "khi có", "thì được", "khi", "cách chấm"})
"""What is wrong with the names in a way of scoring is the book's own mistake, and no contradiction of the official text."""
DEFAULT_LEVELS = {
    1: ("tiêu chí",),
    2: ("tiêu chí", "tiêu chí thành phần"),
    3: ("lĩnh vực", "tiêu chí", "tiêu chí thành phần"),
}


Cut = tuple[Decimal, bool]
"""A place between two numbers of points: (9, False) just below 9, (9, True) just above it. «ít nhất 9» begins and
«dưới 9» ends at the first; «trên 9» begins and «không quá 9» ends at the second. So two bands meet where cuts are equal."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong in the book, and where: a path of keys and numbers into the YAML tree."""

    path: tuple[str | int, ...]
    message: str
    kind: Literal["lỗi", "cảnh báo", "ghi chú"] = "lỗi"


class RuleBook(Part):
    """The law, as read from one YAML file: what an officer can read and edit."""

    title: Text = Field(alias="bộ tiêu chí", description="Tên bộ tiêu chí")
    code: Text = Field(alias="mã", description="Mã ngắn, không dấu: cqcs-dien-bien", pattern=r"^[a-z0-9][a-z0-9-]*$")
    basis: Text | None = Field(None, alias="căn cứ", description="Quyết định ban hành: số, ngày, cơ quan")
    applies_to: Texts = Field((), alias="áp dụng cho", description="Loại đơn vị: xã, phường, thị trấn")
    illustrative: YesNo = Field(False, alias="minh hoạ", description="có: số chưa có văn bản xác nhận")
    from_year: Year | None = Field(None, alias="áp dụng từ năm", description="Năm đầu tiên áp dụng")
    to_year: Year | None = Field(None, alias="đến năm", description="Năm cuối cùng áp dụng")
    level_names: Texts = Field((), alias="các cấp", description="Tên các cấp, từ trên xuống")
    decimal_mark: Literal["phẩy", "chấm"] | None = Field(None, alias="dấu thập phân", description="Cho số ghi dạng chữ")
    kinds: Texts = Field(
        (), alias="loại đơn vị", description="Các loại đơn vị mà bộ chấm khác nhau, theo thứ tự xếp: cấp dưới trước"
    )
    facts: Section[AFact] = Field((), alias="số liệu", description="Các cột của biểu không phải là điểm")
    criteria: Section[Criterion] = Field(alias="tiêu chí", min_length=1, description="Các tiêu chí, theo thứ tự")
    official: Annotated[AnOfficial | None, BeforeValidator(lambda given: given or None)] = Field(
        None,
        alias="điểm chính thức",
        description="Loại điểm nào làm nên điểm xếp loại; bỏ trống: phần mềm chọn và ghi chú",
    )
    bonus: Annotated[AnExtra | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="điểm thưởng", description="Cộng ngoài điểm tối đa"
    )
    penalty: Annotated[AnExtra | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="điểm phạt", description="Trừ vào tổng điểm"
    )
    clamp: Annotated[Range | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="giới hạn tổng điểm", description="ít nhất, không quá: tổng điểm sau thưởng, phạt nằm trong đó"
    )
    rounding: Annotated[Rounding | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="làm tròn", description="Bỏ trống: so số đúng, không làm tròn"
    )
    bands: Section[Band] = Field(alias="xếp loại", min_length=1, description="Các mức, từ cao xuống thấp")
    old_bands: Section[OldBand] = Field((), alias="thang cũ", description="Mức của các năm trước → mức của bộ này")
    head_bands: Texts = Field(
        (), alias="thang người đứng đầu", description="Các mức của người đứng đầu, từ cao xuống thấp"
    )
    caps: Section[ACap] = Field((), alias="khống chế", description="Áp dụng theo thứ tự, mỗi dòng để lại lý do")
    equivalents: Section[AnEquivalent] = Field(
        (), alias="tương đương", description="Mức của đơn vị → mức của người đứng đầu, khi hai thang khác nhau"
    )
    quotas: Section[AQuota] = Field((), alias="hạn mức", description="Số lượng nhiều nhất của một mức")
    ranking: Annotated[ARanking | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="xếp hạng", description="Theo nhóm nào, bằng điểm thì so gì"
    )
    titles: Section[Title] = Field((), alias="danh hiệu", description="Trục riêng, cạnh mức xếp loại")
    flags: Section[AnyFlag] = Field((), alias="cảnh báo", description="Các quy tắc cảnh báo")
    checks: Section[AnyCheck] = Field(
        (), alias="kiểm tra số liệu", description="Các con số phải khớp nhau; lệch thì báo, không tự sửa"
    )
    examples: Section[Example] = Field((), alias="ví dụ", description="Ví dụ có đáp số; «rules check» chạy chúng")

    # ------------------------------------------------------------------------------ what others ask of it

    @cached_property
    def nodes(self) -> dict[str, Criterion]:
        """Code → criterion, every node of the tree in the book's order, then bonus and penalty."""
        return {node.code: node for root in self.roots for _, node in root.walk()}

    @cached_property
    def roots(self) -> tuple[Criterion, ...]:
        """The criteria of the first level, then the items of bonus and penalty."""
        return (*self.criteria, *(item for extra in self.extras for item in extra.items))

    @property
    def extras(self) -> tuple[Extra, ...]:
        """Bonus and penalty, where there are any."""
        return tuple(extra for extra in (self.bonus, self.penalty) if extra)

    @cached_property
    def own_codes(self) -> Mapping[str, str]:
        """Code of every flag and check of this book → what must be done."""
        parts: tuple[Flag | Check, ...] = (*self.flags, *self.checks)
        return {part.code: part.duty for part in parts}

    @cached_property
    def fact_names(self) -> FactNames:
        """The facts, by name or code."""
        return FactNames(self.facts)

    @cached_property
    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Leaf → the columns that it is scored from: its own code, or the codes of its facts."""
        return {leaf.code: self._inputs(leaf) for root in self.roots for leaf in root.leaves}

    def _inputs(self, leaf: Criterion) -> tuple[str, ...]:
        named = tuple(fact.code for word in leaf.scoring.words() if (fact := self.fact_names.find(word)))
        return (*((leaf.code,) if leaf.scoring.reads_own else ()), *dict.fromkeys(named))

    @cached_property
    def plain(self) -> bool:
        """Whether points are entered and summed, and nothing else: what most books are, and quick to work out."""
        simple = all(leaf.scoring.kind == "nhập điểm" for root in self.roots for leaf in root.leaves)
        fixed = not any(n.applies_to or n.when_absent or n.rescaled_to or n.phases for n in self.nodes.values())
        return simple and fixed and not (self.extras or self.clamp or self.official)

    def criterion(self, word: str) -> Criterion | None:
        """The criterion of this code or this name."""
        return self._by_word.get(vi.key(word))

    @cached_property
    def _by_word(self) -> dict[str, Criterion]:
        nodes = list(self.nodes.values())
        return {vi.key(node.name): node for node in reversed(nodes)} | {vi.key(node.code): node for node in nodes}

    def absence_rule(self, code: str) -> str | None:
        """What happens to a criterion that does not apply: its own rule, else its parent's «quy đổi»; None: no rule."""
        node, over = self.nodes[code], self._parents.get(code)
        return node.when_absent or ("quy đổi" if over and over.rescaled_to else None)

    @cached_property
    def _parents(self) -> dict[str, Criterion]:
        return {part.code: node for node in self.nodes.values() for part in node.parts}

    @cached_property
    def blank_is_zero(self) -> frozenset[str]:
        """The items of bonus and penalty whose blank cell means none."""
        return frozenset(
            leaf.code for extra in self.extras if extra.blank_is_zero for item in extra.items for leaf in item.leaves
        )

    def applicable(self, kind: str) -> frozenset[str]:
        """The codes of the criteria that apply to units of this kind; all of them where kinds make no difference."""
        if kind not in self._applicable:
            found: set[str] = set()

            def walk(nodes: tuple[Criterion, ...]) -> None:
                for node in nodes:
                    if not kind or node.applies(kind):
                        found.add(node.code)
                        walk(node.parts)

            walk(self.roots)
            self._applicable[kind] = frozenset(found)
        return self._applicable[kind]

    @cached_property
    def _applicable(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def rates_persons(self) -> bool:
        """Whether the units of this book are persons, who belong to a unit."""
        words = ("nguoi dung dau", "can bo", "cong chuc", "vien chuc", "ca nhan", "lanh dao", "chu tich", "giam doc")
        return any(cap.unit_band for cap in self.caps) or any(
            vi.fold(word).startswith(words) for word in self.applies_to
        )

    @cached_property
    def by_kind(self) -> bool:
        """Whether what counts depends on the kind of the unit."""
        return bool(self.kinds) and any(node.applies_to for node in self.nodes.values())

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """The criteria at which points are entered."""
        return tuple(leaf for root in self.criteria for leaf in root.leaves)

    @cached_property
    def max_points(self) -> Decimal:
        """The maximum of the whole book, in points; of the kind of unit that has the most, where kinds differ."""
        return max(map(self.max_of_kind, self.kinds or ("",)))

    def max_of_kind(self, kind: str) -> Decimal:
        """The maximum for units of this kind, in points."""
        return sum((root.max_points for root in self.criteria if not kind or root.applies(kind)), Decimal(0))

    @cached_property
    def depth(self) -> int:
        """How many levels the tree has."""
        return 1 + max(depth for root in self.criteria for depth, _ in root.walk())

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The names of the levels, from the top."""
        return self.level_names or DEFAULT_LEVELS.get(self.depth, ())

    @cached_property
    def level(self) -> str:
        """The level that "mọi tiêu chí" speaks of: the one named tiêu chí, else the first."""
        return (
            PREFERRED_LEVEL if PREFERRED_LEVEL in map(vi.key, self.levels) else (self.levels or (PREFERRED_LEVEL,))[0]
        )

    @cached_property
    def by_level(self) -> Mapping[str, tuple[Criterion, ...]]:
        """Level (its key) → the criteria that stand at it."""
        found: dict[str, list[Criterion]] = {vi.key(level): [] for level in self.levels}
        for root in self.criteria:
            for depth, node in root.walk():
                if depth < len(self.levels):
                    found[vi.key(self.levels[depth])].append(node)
        return {level: tuple(nodes) for level, nodes in found.items()}

    @cached_property
    def names(self) -> Names:
        """The names that flags and titles may refer to."""
        criteria = tuple(word for node in self.nodes.values() for word in (node.name, node.code))
        flags = tuple(flag.code for flag in self.flags)
        bands, titles = tuple(band.name for band in self.bands), tuple(title.name for title in self.titles)
        return Names(bands, titles, self.levels, self.fact_names, criteria, flags, self.by_quarter)

    @property
    def by_quarter(self) -> bool:
        """Whether the bands go by quarter of the ranking."""
        return any(band.quarter is not None for band in self.bands)

    def band_place(self, name: str) -> int | None:
        """The place of a band of this book or its older scale: 0 is the highest; None: unknown."""
        return self._places.get(vi.key(name))

    @cached_property
    def _places(self) -> dict[str, int]:
        own = {vi.key(band.name): place for place, band in enumerate(self.bands)}
        old = {vi.key(o.name): own[vi.key(o.counts_as)] for o in self.old_bands if vi.key(o.counts_as) in own}
        short = {"tb": own["trung bình"]} if "trung bình" in own else {}
        return {**short, **old, **own}

    def in_force(self, year: int | None) -> bool:
        """Whether this book is in force in that year; a sheet that tells no year is nobody's objection."""
        return year is None or (self.from_year or year) <= year <= (self.to_year or year)

    @property
    def years(self) -> str:
        """ "2011–2023", "từ 2026"; "" where the book does not say."""
        if self.from_year and self.to_year:
            return f"{self.from_year}–{self.to_year}"
        return f"từ {self.from_year}" if self.from_year else f"đến {self.to_year}" if self.to_year else ""

    # -------------------------------------------------------------------------------- what must hold

    def troubles(self) -> Iterator[Trouble]:
        """Everything that is wrong between the parts, and what is known to be wrong in the official text itself."""
        said = []
        for trouble in self._troubles():
            said.append(trouble.message)
            yield trouble
        for path, part in self._known():
            if not any(str(part.known_discrepancy) in message for message in said):
                yield Trouble((*path, "sai lệch đã biết"), f"sai lệch đã biết: {part.known_discrepancy}", "ghi chú")

    def _known(self) -> Iterator[tuple[tuple[str | int, ...], Criterion | Band | Extra]]:
        """The parts that name a contradiction of the official text."""
        parts: list[tuple[tuple[str | int, ...], Criterion | Band | Extra]] = list(self._every_node())
        parts += ((("xếp loại", place), band) for place, band in enumerate(self.bands))
        parts += (
            ((name,), extra) for name, extra in (("điểm thưởng", self.bonus), ("điểm phạt", self.penalty)) if extra
        )
        yield from ((path, part) for path, part in parts if part.known_discrepancy)

    def _troubles(self) -> Iterator[Trouble]:
        if self.from_year and self.to_year and self.from_year > self.to_year:
            yield Trouble(("đến năm",), f"đến năm {self.to_year} sớm hơn áp dụng từ năm {self.from_year}")
        yield from self._wrong_levels()
        yield from self._wrong_codes()
        yield from self._wrong_facts()
        for path, node in self._every_node():
            yield from self._wrong_node(path, node)
        yield from self._wrong_kinds()
        yield from self._wrong_official()
        yield from self._wrong_extras()
        yield from self._wrong_bands()
        yield from self._wrong_titles()
        for place, flag in enumerate(self.flags):
            for key, message in flag.troubles(self.names, self.by_level):
                yield Trouble(("cảnh báo", place, key), message)
            yield from self._idle_limits(place)
        for place, old in enumerate(self.old_bands):
            if wrong := unknown(old.counts_as, self.names.bands, "mức xếp loại"):
                yield Trouble(("thang cũ", place, "coi như"), wrong)
        yield from self._wrong_caps()
        yield from self._wrong_heads()
        yield from self._wrong_quotas()
        yield from self._wrong_checks()
        yield from self._wrong_examples()

    def _wrong_checks(self) -> Iterator[Trouble]:
        if not self.checks:
            return
        from xeploai.book.checks import troubles

        for place, key, message in troubles(self.checks, self.fact_names, self.names.criteria):
            yield Trouble(("kiểm tra số liệu", place, key), message)

    def _wrong_levels(self) -> Iterator[Trouble]:
        if len(self.levels) < self.depth:
            yield Trouble(("các cấp",), f"bộ có {self.depth} cấp tiêu chí nhưng chỉ nêu tên {len(self.levels)} cấp")
        for name, times in Counter(map(vi.key, self.level_names)).items():
            if times > 1:
                yield Trouble(("các cấp",), f"cấp «{name}» nêu {times} lần")

    def _wrong_codes(self) -> Iterator[Trouble]:
        seen: dict[str, Criterion] = {}
        for path, node in self._every_node():
            if (other := seen.setdefault(vi.code_key(node.code), node)) is not node:
                yield Trouble((*path, "mã"), f"mã «{node.code}» đã dùng cho một tiêu chí khác ({other.name})")
        for place, fact in enumerate(self.facts):
            if taken := seen.get(vi.code_key(fact.code)):
                yield Trouble(("số liệu", place, "mã"), f"mã «{fact.code}» đã dùng cho tiêu chí «{taken.name}»")
        seen_codes: dict[str, set[str]] = defaultdict(set)
        groups: tuple[tuple[str, Sequence[Flag | Check | Cap | Quota], str], ...] = (
            ("cảnh báo", self.flags, "own"), ("kiểm tra số liệu", self.checks, "own"), ("khống chế", self.caps, "cap"),
            ("hạn mức", self.quotas, "quota"),
        )  # fmt: skip
        for name, parts, owner in groups:
            codes = seen_codes[owner]
            for place, part in enumerate(parts):
                if part.code in codes:
                    yield Trouble((name, place, "mã"), f"mã «{part.code}» đã dùng ở một {name} khác")
                if re.fullmatch(r"(?:btc|dl|ls)\d+", vi.code_key(part.code)):
                    message = f"mã «{part.code}» giống mã của phần mềm (BTC…, DL…, LS…): chọn mã khác, ví dụ kiem-diem"
                    yield Trouble((name, place, "mã"), message)
                codes.add(part.code)

    def _wrong_bands(self) -> Iterator[Trouble]:
        for name, times in Counter(vi.key(band.name) for band in self.bands).items():
            if times > 1:
                yield Trouble(("xếp loại",), f"mức «{name}» nêu {times} lần")
        if self.by_quarter:
            quarters = [band.quarter for band in self.bands]
            if quarters != [1, 2, 3, 4] or any(any(band.edges()) for band in self.bands):
                yield Trouble(("xếp loại",), "xếp theo phần tư thì cần đúng bốn mức, «phần tư: 1» đến «phần tư: 4»")
            return
        yield from self._wrong_edges()

    def _wrong_edges(self) -> Iterator[Trouble]:
        """Each band must begin where it says, below the one above it, and end exactly where that one begins."""
        above: tuple[Edge, Cut] | None = None  # where the band above begins; None for the highest one
        for place, band in enumerate(self.bands):
            path = ("xếp loại", place)
            kind: Literal["lỗi", "ghi chú"] = "ghi chú" if band.known_discrepancy else "lỗi"
            said = f" (sai lệch đã biết: {band.known_discrepancy})" if band.known_discrepancy else ""
            yield from self._wrong_conditions((*path, "điều kiện"), band.conditions)
            lower, word = (band.at_least, "ít nhất") if band.at_least else (band.above, "trên")
            if band.at_least and band.above:
                yield Trouble((*path, "trên"), f"mức «{band.name}» có cả «ít nhất» và «trên»: giữ một")
            for alias, edge in band.edges():
                if edge.unit == "đơn vị":
                    yield Trouble((*path, alias), "ngưỡng xếp loại tính bằng «%» hoặc «điểm»")
                elif edge.of(self.max_points) > self.max_points:
                    yield Trouble((*path, alias), f"ngưỡng {edge} vượt điểm tối đa {vi.number(self.max_points)}")
            if lower is None:
                example = "50%" if place < len(self.bands) - 1 else "0%"
                yield Trouble((*path, "mức"), f"mức «{band.name}» chưa có ngưỡng dưới: thêm «ít nhất: {example}»")
                above = None
                continue
            start = self._cut(word, lower)
            end, ends = min(
                ((self._cut(alias, edge), alias) for alias, edge in band.edges() if alias in ("không quá", "dưới")),
                default=(None, ""),
            )
            if above and start >= above[1]:
                message = f"mức «{band.name}» ({word} {lower}) không thấp hơn mức trên nó ({above[0]})"
                yield Trouble((*path, word), f"{message}: xếp các mức từ cao xuống thấp{said}", kind)
            elif above and end and end != above[1]:
                gap = "hở" if end < above[1] else "chồng"
                need = f"{'không quá' if above[1][1] else 'dưới'} {above[0]}"
                message = f"giữa mức «{band.name}» và mức trên nó có khoảng {gap}; cần «{need}»"
                yield Trouble((*path, ends), message + said, kind)
            elif place == 0 and end and end < (self.max_points, True):
                message = f"mức cao nhất «{band.name}» không được có cận trên thấp hơn điểm tối đa"
                yield Trouble((*path, ends), message)
            above = lower, start
        if above and above[1] > (Decimal(0), False):
            message = f"mức thấp nhất «{self.bands[-1].name}» phải xuống đến 0: viết «ít nhất: 0%»"
            yield Trouble(("xếp loại", len(self.bands) - 1, word), message)

    def _cut(self, word: str, edge: Edge) -> Cut:
        """Where this comparison cuts the line of points."""
        return edge.of(self.max_points), word in ("trên", "không quá")

    # ------------------------------------------------------------------------ criteria, facts, kinds

    def _every_node(self) -> Iterator[tuple[tuple[str | int, ...], Criterion]]:
        yield from _paths(self.criteria, ("tiêu chí",))
        for name, extra in (("điểm thưởng", self.bonus), ("điểm phạt", self.penalty)):
            yield from _paths(extra.items if extra else (), (name, "gồm"))

    def _wrong_facts(self) -> Iterator[Trouble]:
        codes, names = set[str](), {vi.letters(node.name): node for node in self.nodes.values()}
        for place, fact in enumerate(self.facts):
            for key, word in (("mã", vi.code_key(fact.code)), ("tên", vi.letters(fact.name))):
                if word in codes:
                    yield Trouble(
                        ("số liệu", place, key), f"{key} «{getattr(fact, _FACT[key])}» đã dùng cho số liệu khác"
                    )
                codes.add(word)
            if node := self._by_word.get(vi.key(fact.name)):
                message = f"tên «{fact.name}» trùng mã hoặc tên tiêu chí {node.code}"
                yield Trouble(("số liệu", place, "tên"), message)
            elif same := names.get(vi.letters(fact.name)):
                message = f"tên «{fact.name}» trùng tên tiêu chí {same.code}: cột trong biểu không biết là cái nào"
                yield Trouble(("số liệu", place, "tên"), message)
            if fact.values and fact.kind not in ("chữ", "mức"):
                yield Trouble(("số liệu", place, "các giá trị"), f"kiểu «{fact.kind}» không có các giá trị")
            allowed = ("có", "không") if fact.kind == "có/không" else fact.values
            if fact.kind == "mức" and not allowed:
                allowed = self.names.bands
            if fact.blank and allowed and (wrong := unknown(fact.blank, allowed, "giá trị")):
                yield Trouble(("số liệu", place, "để trống là"), wrong)
            if fact.blank and fact.kind in ("số", "phần trăm") and isinstance(vi.read_number(fact.blank), vi.NoNumber):
                yield Trouble(("số liệu", place, "để trống là"), f"«{fact.blank}» không phải là số")

    def _wrong_node(self, path: tuple[str | int, ...], node: Criterion) -> Iterator[Trouble]:
        known = node.known_discrepancy
        kind: Literal["lỗi", "ghi chú"] = "ghi chú" if known else "lỗi"
        said = f" (sai lệch đã biết: {known})" if known else ""
        if node.max_points == 0:
            yield Trouble((*path, "điểm tối đa"), f"điểm tối đa của {node.code} là 0")
        if node.parts:
            yield from self._wrong_sum(path, node, kind, said)
            if node.scoring.kind != "nhập điểm":
                yield Trouble(
                    (*path, "cách chấm"), f"{node.code} có các phần nên điểm là tổng của chúng: bỏ «cách chấm»"
                )
            numbers = Counter(vi.code_key(part.number) for part in node.parts if part.number)
            yield from _numbered_twice(node.parts, (*path, "gồm"), numbers)
        for key, message in node.scoring.troubles(node.max_points, self.fact_names):
            if key in _NEVER_KNOWN:
                yield Trouble((*path, "cách chấm", key), f"{node.code}: {message}")
            else:
                yield Trouble((*path, "cách chấm", key), f"{node.code}: {message}{said}", kind)
        if node.phases:
            total = sum((share.max_points for share in node.phases), Decimal(0))
            if total != node.max_points:
                message = (
                    f"các loại điểm của {node.code} cộng lại được {vi.number(total)}, "
                    f"khác điểm tối đa {vi.number(node.max_points)}"
                )
                yield Trouble((*path, "theo giai đoạn"), message + said, kind)
            for place, share in enumerate(node.phases):
                if wrong := unknown(share.phase, PHASES, "loại điểm"):
                    yield Trouble((*path, "theo giai đoạn", place, "giai đoạn"), wrong)
                elif self.official is None or vi.key(share.phase) not in map(vi.key, self.official.plus):
                    message = f"«{share.phase}» không nằm trong «cộng» của «điểm chính thức»: {node.code} không đạt được tối đa"
                    yield Trouble((*path, "theo giai đoạn", place, "giai đoạn"), message)
        for name in node.applies_to:
            if wrong := unknown(name, self.kinds, "loại đơn vị"):
                yield Trouble((*path, "áp dụng cho"), wrong)

    def _wrong_sum(
        self, path: tuple[str | int, ...], node: Criterion, kind: Literal["lỗi", "ghi chú"], said: str
    ) -> Iterator[Trouble]:
        """Children ≠ parent; where parts are meant for different kinds of units, for each kind."""
        kinds = self.kinds if any(part.applies_to for part in node.parts) else ("",)
        for each in kinds:
            if each and not node.applies(each):
                continue
            total = sum((p.max_points for p in node.parts if not each or p.applies(each)), Decimal(0))
            if total != node.max_points:
                message = (
                    f"các phần của {node.code}{f' cho {each}' if each else ''} cộng lại được {vi.number(total)} điểm, "
                    f"khác điểm tối đa {vi.number(node.max_points)}"
                )
                yield Trouble((*path, "điểm tối đa"), message + said, kind)

    def _wrong_kinds(self) -> Iterator[Trouble]:
        numbers = Counter(vi.code_key(root.number) for root in self.criteria if root.number)
        yield from _numbered_twice(self.criteria, ("tiêu chí",), numbers)
        for name, times in Counter(map(vi.key, self.kinds)).items():
            if times > 1:
                yield Trouble(("loại đơn vị",), f"loại đơn vị «{name}» nêu {times} lần")
        for kind in self.kinds:
            if not any(root.applies(kind) for root in self.criteria):
                yield Trouble(("loại đơn vị",), f"không tiêu chí nào áp dụng cho «{kind}»")

    def _wrong_official(self) -> Iterator[Trouble]:
        if self.official is None:
            return
        for key, phases in (
            ("cộng", self.official.plus), ("trừ", self.official.minus), ("được để trống", self.official.may_be_blank),
        ):  # fmt: skip
            for phase in phases:
                if wrong := unknown(phase, PHASES, "loại điểm"):
                    yield Trouble(("điểm chính thức", key), wrong)
                elif key == "được để trống" and vi.key(phase) not in map(vi.key, self.official.phases):
                    yield Trouble(("điểm chính thức", key), f"«{phase}» không nằm trong «cộng» hay «trừ»")

    def _wrong_extras(self) -> Iterator[Trouble]:
        for name, extra in (("điểm thưởng", self.bonus), ("điểm phạt", self.penalty)):
            if extra is None or extra.at_most is None:
                continue
            for place, item in enumerate(extra.items):
                if item.max_points > extra.at_most:
                    known = item.known_discrepancy or extra.known_discrepancy
                    message = (
                        f"{item.code} tối đa {vi.number(item.max_points)} điểm, vượt mức tối đa "
                        f"{vi.number(extra.at_most)} của cả «{name}»"
                    ) + (f" (sai lệch đã biết: {known})" if known else "")
                    yield Trouble((name, "gồm", place, "điểm tối đa"), message, "ghi chú" if known else "lỗi")
        if self.clamp:
            yield from self._wrong_clamp()
            for alias, edge in self.clamp.edges():
                if edge.unit == "đơn vị":
                    yield Trouble(("giới hạn tổng điểm", alias), "viết «110 điểm» hoặc «100%»")
                if alias in ("trên", "dưới"):
                    yield Trouble(("giới hạn tổng điểm", alias), "ở đây dùng «ít nhất» và «không quá»")

    def _wrong_clamp(self) -> Iterator[Trouble]:
        assert self.clamp
        least, most = (edge.of(self.max_points) if edge else None for edge in (self.clamp.at_least, self.clamp.at_most))
        if least is not None and most is not None and least > most:
            yield Trouble(("giới hạn tổng điểm", "ít nhất"), f"{self.clamp.at_least} lớn hơn {self.clamp.at_most}")
        for place, band in enumerate(self.bands):
            lower = band.at_least or band.above
            if most is not None and lower and self._cut("trên" if band.above else "ít nhất", lower) > (most, False):
                message = f"mức «{band.name}» không bao giờ đạt: tổng điểm không quá {self.clamp.at_most}"
                yield Trouble(("xếp loại", place, "mức"), message)

    # ----------------------------------------------------------------------------- caps, quotas, heads

    def _wrong_conditions(self, path: tuple[str | int, ...], conditions: tuple[Condition, ...]) -> Iterator[Trouble]:
        for place, condition in enumerate(conditions):
            for key, message in condition.troubles(self.fact_names, self.names.criteria, self.names.bands):
                yield Trouble((*path, place, key), message)
            node = self.criterion(condition.criterion) if condition.criterion else None
            for word, limit in condition.limits() if node else ():
                most = Decimal(100) if limit.unit == "%" else node.max_points if node else Decimal(0)
                if limit.amount > most:
                    yield Trouble((*path, place, word), f"{limit} vượt điểm tối đa của {condition.criterion}")

    def _wrong_caps(self) -> Iterator[Trouble]:
        for place, cap in enumerate(self.caps):
            path = ("khống chế", place)
            yield from self._wrong_conditions((*path, "khi"), cap.when)
            for alias, name in (("xếp loại không quá", cap.band_at_most), ("xếp vào", cap.band)):
                if name and (message := unknown(name, self.names.bands, "mức xếp loại")):
                    yield Trouble((*path, alias), message)
            if cap.level and (message := unknown(cap.level, self.levels, "cấp")):
                yield Trouble((*path, "cấp"), message)
            for kind in cap.applies_to:
                if message := unknown(kind, self.kinds, "loại đơn vị"):
                    yield Trouble((*path, "áp dụng cho"), message)
            effects = [cap.band_at_most, cap.band, cap.lower_by, cap.not_rated or None]
            if cap.kind == "người đứng đầu":
                if any(effects) or cap.when:
                    yield Trouble((*path, "loại"), "loại này không dùng «khi», «xếp loại không quá», «xếp vào», «hạ»")
                continue
            if sum(each is not None for each in effects) != 1:
                yield Trouble((*path, "loại"), "cần đúng một hậu quả: xếp loại không quá, xếp vào, hạ, không xếp loại")
            if (cap.kind == "điều kiện") != bool(cap.when):
                need = "cần «khi»" if cap.kind == "điều kiện" else f"loại «{cap.kind}» không dùng «khi»"
                yield Trouble((*path, "khi"), need)

    def _wrong_heads(self) -> Iterator[Trouble]:
        for place, cap in enumerate(self.caps):
            if cap.kind != "người đứng đầu":
                continue
            path = ("khống chế", place)
            fact = self.fact_names.find(cap.unit_band) if cap.unit_band else None
            if cap.position and self.fact_names.find(cap.position) is None:
                yield Trouble((*path, "chức vụ"), self.fact_names.complain(cap.position))
            if cap.unit_band and (fact is None or fact.kind != "mức"):
                wrong = (
                    self.fact_names.complain(cap.unit_band) if fact is None else f"«{cap.unit_band}» phải có kiểu «mức»"
                )
                yield Trouble((*path, "xếp loại đơn vị"), wrong)
                continue
            units, heads = self.scales(cap)
            if not heads:
                yield Trouble(
                    (*path, "loại"), "cần «thang người đứng đầu»: các mức của người đứng đầu, từ cao xuống thấp"
                )
                continue
            pair = (cap.when_unit_at_most is not None) + (cap.head_at_most is not None)
            if pair == 1 or (pair == 0) == (not cap.not_above_unit):
                message = "cần cả «khi đơn vị không quá» và «người đứng đầu không quá», hoặc «không cao hơn đơn vị: có»"
                yield Trouble((*path, "loại"), message)
            for alias, name, known, what in (
                ("khi đơn vị không quá", cap.when_unit_at_most, units, "mức xếp loại"),
                ("người đứng đầu không quá", cap.head_at_most, heads, "mức người đứng đầu"),
            ):
                if name and (unheard := unknown(name, known, what)):
                    yield Trouble((*path, alias), unheard)
            if cap.not_above_unit:
                open_ones = [band for band in units if self.head_of(band, heads) is None]
                if open_ones:
                    message = f"chưa biết mức «{open_ones[0]}» của đơn vị ngang mức nào của người đứng đầu: thêm «tương đương»"
                    yield Trouble((*path, "không cao hơn đơn vị"), message)
        every = {*map(vi.key, self.names.bands), *(vi.key(v) for f in self.facts if f.kind == "mức" for v in f.values)}
        for place, pair_ in enumerate(self.equivalents):
            if vi.key(pair_.unit) not in every:
                yield Trouble(("tương đương", place, "đơn vị"), unknown(pair_.unit, every, "mức của đơn vị") or "")
            if lacking := unknown(pair_.head, self.head_bands or self.names.bands, "mức người đứng đầu"):
                yield Trouble(("tương đương", place, "người đứng đầu"), lacking)

    def scales(self, cap: Cap) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(bands of units, bands of heads), both high to low, of a cap on heads.

        Where the sheet rates persons (`xếp loại đơn vị`), the book's bands are the persons' and the fact tells the units'.
        """
        if cap.unit_band:
            fact = self.fact_names.find(cap.unit_band)
            return (fact.values if fact and fact.values else self.names.bands), self.names.bands
        return self.names.bands, self.head_bands

    def head_of(self, unit_band: str, heads: tuple[str, ...]) -> str | None:
        """The head's band that a unit's band stands for: by `tương đương`, else the one of the same name."""
        own = {vi.key(each.unit): each.head for each in self.equivalents}
        wanted = vi.key(own.get(vi.key(unit_band), unit_band))
        return next((head for head in heads if vi.key(head) == wanted), None)

    def _wrong_quotas(self) -> Iterator[Trouble]:
        for place, quota in enumerate(self.quotas):
            path = ("hạn mức", place)
            for alias, names in (
                ("mức", (quota.band,)), ("tính trên mức", quota.base_bands), ("chuyển xuống", filter(None, (quota.move_to,))),
            ):  # fmt: skip
                for name in names:
                    if message := unknown(name, self.names.bands, "mức xếp loại"):
                        yield Trouble((*path, alias), message)
            if not quota.move_to and self.band_place(quota.band) == len(self.bands) - 1:
                yield Trouble((*path, "mức"), f"«{quota.band}» là mức thấp nhất: không có mức nào để chuyển xuống")
            if quota.at_most.unit == "điểm" or (quota.at_most.unit == "%" and quota.at_most.amount > 100):
                yield Trouble((*path, "không quá"), "hạn mức tính bằng «%» (không quá 100%) hoặc «đơn vị»")
            if quota.base_fact and quota.base_bands:
                yield Trouble((*path, "tính trên số liệu"), "chọn một: «tính trên mức» hoặc «tính trên số liệu»")
            if quota.base_fact:
                fact = self.fact_names.find(quota.base_fact)
                if fact is None or fact.kind != "số":
                    lack = self.fact_names.complain(quota.base_fact) if fact is None else "cần số liệu kiểu «số»"
                    yield Trouble((*path, "tính trên số liệu"), lack)
            if (
                quota.move_to
                and self.band_place(quota.move_to) is not None
                and (self.band_place(quota.move_to) or 0) <= (self.band_place(quota.band) or 0)
            ):
                yield Trouble((*path, "chuyển xuống"), f"«{quota.move_to}» không thấp hơn «{quota.band}»")
            yield from self._wrong_group(quota.group, (*path, "theo nhóm"))
            yield from self._wrong_ties(quota.ties, (*path, "khi bằng điểm"))
        if self.ranking:
            yield from self._wrong_group(self.ranking.group, ("xếp hạng", "theo nhóm"))
            yield from self._wrong_ties(self.ranking.ties, ("xếp hạng", "khi bằng điểm"))

    def _wrong_group(self, group: str | None, path: tuple[str | int, ...]) -> Iterator[Trouble]:
        words = [*BY_PARENT, BY_KIND, *(fact.name for fact in self.facts), *(fact.code for fact in self.facts)]
        if group and (message := unknown(group, words, "cách chia nhóm")):
            yield Trouble(path, message)

    def _wrong_ties(self, ties: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Trouble]:
        words = [*self.names.criteria, *(name for name, extra in EXTRAS if getattr(self, extra))]
        for tie in ties:
            if message := unknown(tie, words, "tiêu chí"):
                yield Trouble(path, message)

    def _wrong_titles(self) -> Iterator[Trouble]:
        for name, times in Counter(vi.key(title.name) for title in self.titles).items():
            if times > 1:
                yield Trouble(("danh hiệu",), f"danh hiệu «{name}» nêu {times} lần")
        for place, title in enumerate(self.titles):
            path = ("danh hiệu", place)
            yield from self._wrong_conditions((*path, "điều kiện"), title.conditions)
            if title.band_at_least and (message := unknown(title.band_at_least, self.names.bands, "mức xếp loại")):
                yield Trouble((*path, "xếp loại ít nhất"), message)
            if title.level and (message := unknown(title.level, self.levels, "cấp")):
                yield Trouble((*path, "cấp"), message)
            for alias, edge in (
                ("mọi tiêu chí trên", title.every_above),
                ("mọi tiêu chí ít nhất", title.every_at_least),
            ):
                if edge and edge.unit == "đơn vị":
                    yield Trouble((*path, alias), "viết «9 điểm» hoặc «50%»")
                elif edge:
                    yield from self._idle(edge, title.level, (*path, alias), strict=alias.endswith("trên"))

    def _idle_limits(self, place: int) -> Iterator[Trouble]:
        flag: Any = self.flags[place]
        if flag.kind != "điểm thấp":
            return
        for alias, edge in (("không quá", flag.at_most), ("dưới", flag.below)):
            if edge and edge.unit == "đơn vị":
                yield Trouble(("cảnh báo", place, alias), "viết «9 điểm» hoặc «50%»")
            elif edge:
                yield from self._idle(edge, flag.level, ("cảnh báo", place, alias), strict=alias == "không quá")

    def _idle(self, edge: Edge, level: str | None, path: tuple[str | int, ...], *, strict: bool) -> Iterator[Trouble]:
        """A limit at or above a criterion's maximum speaks of every unit: surely not meant."""
        for criterion in self.by_level.get(vi.key(level or self.level), ()):
            limit = edge.of(criterion.max_points)
            if limit > criterion.max_points or (strict and limit == criterion.max_points):
                most = vi.number(criterion.max_points)
                yield Trouble(path, f"{edge} không thấp hơn điểm tối đa của {criterion.code} ({most} điểm)", "cảnh báo")

    def _wrong_examples(self) -> Iterator[Trouble]:
        for place, example in enumerate(self.examples):
            path = ("ví dụ", place)
            if example.band and self.by_quarter:
                why = "mức theo phần tư tuỳ thứ hạng giữa các đơn vị, một ví dụ không thể nói trước: bỏ «xếp loại»"
                yield Trouble((*path, "xếp loại"), why)
            elif example.band and (message := unknown(example.band, (*self.names.bands, UNDETERMINED), "mức xếp loại")):
                yield Trouble((*path, "xếp loại"), message)
            for title in example.titles or ():
                if message := unknown(title, self.names.titles, "danh hiệu"):
                    yield Trouble((*path, "danh hiệu"), message)
            for code in example.flags:
                if message := unknown(code, [flag.code for flag in self.flags], "cảnh báo"):
                    yield Trouble((*path, "cảnh báo"), message)


def _paths(
    nodes: tuple[Criterion, ...], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Criterion]]:
    for place, node in enumerate(nodes):
        yield (*path, place), node
        yield from _paths(node.parts, (*path, place, "gồm"))


def _numbered_twice(
    nodes: tuple[Criterion, ...], path: tuple[str | int, ...], numbers: Counter[str]
) -> Iterator[Trouble]:
    """The same printed number twice among siblings, as official texts have it: "II.2" and again "II.2"."""
    for place, node in enumerate(nodes):
        if node.number and numbers[vi.code_key(node.number)] > 1:
            known = node.known_discrepancy
            message = f"số thứ tự «{node.number}» dùng {numbers[vi.code_key(node.number)]} lần trong cùng một mục"
            said = f" (sai lệch đã biết: {known})" if known else ""
            twins = [twin for twin in nodes if twin.number and vi.code_key(twin.number) == vi.code_key(node.number)]
            kind: Literal["lỗi", "ghi chú"] = "ghi chú" if any(twin.known_discrepancy for twin in twins) else "lỗi"
            if node is twins[-1]:
                yield Trouble((*path, place, "số thứ tự"), message + said, kind)
