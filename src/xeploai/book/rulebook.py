"""The whole rule book (bộ tiêu chí) and what others ask of it; what must hold between its parts stands in `book.soundness`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from xeploai import vi
from xeploai.book.bands import Band, OldBand, Title
from xeploai.book.check_kinds import AnyCheck
from xeploai.book.criteria import Criterion
from xeploai.book.names import FactNames
from xeploai.book.parts import (
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
)
from xeploai.flags import AnyFlag
from xeploai.flags.base import Flag, Names

if TYPE_CHECKING:
    from xeploai.book.checks import Check
    from xeploai.book.extras import Extra
    from xeploai.book.facts import Fact
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
DEFAULT_LEVELS = {
    1: ("tiêu chí",),
    2: ("tiêu chí", "tiêu chí thành phần"),
    3: ("lĩnh vực", "tiêu chí", "tiêu chí thành phần"),
}


class Templates(Part):
    """Letters for which a book has a template of its own: a .docx, its path told from the book's file."""

    inspection: Text | None = Field(None, alias="biên bản kiểm điểm", description="Tệp .docx, đường dẫn tính từ tệp bộ")
    notice: Text | None = Field(None, alias="thông báo kết quả", description="Như trên")
    request: Text | None = Field(None, alias="yêu cầu giải trình", description="Như trên")
    submission: Text | None = Field(None, alias="tờ trình", description="Như trên")


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
    across_merger: Literal["dừng", "thấp nhất", "bất kỳ", "tất cả"] | None = Field(
        None,
        alias="qua sáp nhập",
        description="Lịch sử của các đơn vị cũ sau sáp nhập: dừng (mặc định), thấp nhất, bất kỳ hoặc tất cả",
    )
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
    templates: Annotated[Templates | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="mẫu văn bản", description="Mẫu Word riêng của bộ; không ghi thì dùng mẫu có sẵn (rules/mau)"
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
        return self.by_word.get(vi.key(word))

    @cached_property
    def by_word(self) -> dict[str, Criterion]:
        """Key of a name or code → criterion."""
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
    def for_every_kind(self) -> frozenset[str]:
        """The codes of the criteria that every kind of unit has: all that is known of a unit whose kind is not."""
        return frozenset.intersection(*(self.applicable(kind) for kind in self.kinds or ("",)))

    @cached_property
    def _applicable(self) -> dict[str, frozenset[str]]:
        return {}

    @property
    def noun(self) -> str:
        """What it rates, as it is counted in a sentence."""
        return "người" if self.rates_persons else "đơn vị"

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
        return Names(bands, titles, self.levels, self.fact_names, criteria, flags, self.by_quarter, self.noun)

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
        """ "năm 2011–2023", "năm 2025", "từ năm 2026", "đến năm 2018"; "" where the book does not say."""
        if self.from_year and self.to_year:
            return f"năm {self.from_year}" + (f"–{self.to_year}" if self.to_year > self.from_year else "")
        return f"từ năm {self.from_year}" if self.from_year else f"đến năm {self.to_year}" if self.to_year else ""

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
