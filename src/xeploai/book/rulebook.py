"""The whole rule book (bộ tiêu chí), and what must hold between its parts.

pydantic checks each part by itself; `troubles` checks what only the whole can know: sums, order, names that exist.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import (
    Band,
    Cap,
    Edge,
    Example,
    OldBand,
    Part,
    Rounding,
    Section,
    Text,
    Texts,
    Title,
    Year,
    YesNo,
    unknown,
)
from xeploai.flags import AnyFlag
from xeploai.flags.base import Names

PREFERRED_LEVEL = "tiêu chí"
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
    criteria: Section[Criterion] = Field(alias="tiêu chí", min_length=1, description="Các tiêu chí, theo thứ tự")
    rounding: Annotated[Rounding | None, BeforeValidator(lambda given: given or None)] = Field(
        None, alias="làm tròn", description="Bỏ trống: so số đúng, không làm tròn"
    )
    bands: Section[Band] = Field(alias="xếp loại", min_length=1, description="Các mức, từ cao xuống thấp")
    old_bands: Section[OldBand] = Field((), alias="thang cũ", description="Mức của các năm trước → mức của bộ này")
    head_bands: Texts = Field(
        (), alias="thang người đứng đầu", description="Các mức của người đứng đầu, từ cao xuống thấp"
    )
    caps: Section[Cap] = Field((), alias="khống chế", description="Áp dụng theo thứ tự, mỗi dòng để lại lý do")
    titles: Section[Title] = Field((), alias="danh hiệu", description="Trục riêng, cạnh mức xếp loại")
    flags: Section[Annotated[AnyFlag, Discriminator("kind")]] = Field(
        (), alias="cảnh báo", description="Các quy tắc cảnh báo"
    )
    examples: Section[Example] = Field((), alias="ví dụ", description="Ví dụ có đáp số; «rules check» chạy chúng")

    # ------------------------------------------------------------------------------ what others ask of it

    @cached_property
    def nodes(self) -> dict[str, Criterion]:
        """Code → criterion, every node of the tree in the book's order."""
        return {node.code: node for root in self.criteria for _, node in root.walk()}

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """The criteria at which points are entered."""
        return tuple(leaf for root in self.criteria for leaf in root.leaves)

    @cached_property
    def max_points(self) -> Decimal:
        """The maximum of the whole book, in points."""
        return sum((root.max_points for root in self.criteria), Decimal(0))

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
        return Names(tuple(b.name for b in self.bands), tuple(t.name for t in self.titles), self.levels)

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
        """Everything that is wrong between the parts; empty for a sound book."""
        if self.from_year and self.to_year and self.from_year > self.to_year:
            yield Trouble(("đến năm",), f"đến năm {self.to_year} sớm hơn áp dụng từ năm {self.from_year}")
        yield from self._wrong_levels()
        yield from self._wrong_codes()
        for place, root in enumerate(self.criteria):
            yield from _wrong_sums(root, ("tiêu chí", place))
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
        yield from self._wrong_examples()

    def _wrong_levels(self) -> Iterator[Trouble]:
        if len(self.levels) < self.depth:
            yield Trouble(("các cấp",), f"bộ có {self.depth} cấp tiêu chí nhưng chỉ nêu tên {len(self.levels)} cấp")
        for name, times in Counter(map(vi.key, self.level_names)).items():
            if times > 1:
                yield Trouble(("các cấp",), f"cấp «{name}» nêu {times} lần")

    def _wrong_codes(self) -> Iterator[Trouble]:
        seen: dict[str, Criterion] = {}
        for path, node in _paths(self.criteria, ("tiêu chí",)):
            if (other := seen.setdefault(vi.code_key(node.code), node)) is not node:
                yield Trouble((*path, "mã"), f"mã «{node.code}» đã dùng cho một tiêu chí khác ({other.name})")
        for name, parts in (("cảnh báo", self.flags), ("khống chế", self.caps)):
            codes: set[str] = set()
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

    def _wrong_caps(self) -> Iterator[Trouble]:
        for place, cap in enumerate(self.caps):
            for alias, name, known, what in (
                ("khi đơn vị không quá", cap.when_unit_at_most, self.names.bands, "mức xếp loại"),
                ("người đứng đầu không quá", cap.head_at_most, self.head_bands, "mức người đứng đầu"),
            ):
                if name and (message := unknown(name, known, what)):
                    yield Trouble(("khống chế", place, alias), message)

    def _wrong_titles(self) -> Iterator[Trouble]:
        for name, times in Counter(vi.key(title.name) for title in self.titles).items():
            if times > 1:
                yield Trouble(("danh hiệu",), f"danh hiệu «{name}» nêu {times} lần")
        for place, title in enumerate(self.titles):
            path = ("danh hiệu", place)
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
        flag = self.flags[place]
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
            elif example.band and (message := unknown(example.band, self.names.bands, "mức xếp loại")):
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


def _wrong_sums(node: Criterion, path: tuple[str | int, ...]) -> Iterator[Trouble]:
    if node.max_points == 0:
        yield Trouble((*path, "điểm tối đa"), f"điểm tối đa của {node.code} là 0")
    if node.parts:
        total = sum((part.max_points for part in node.parts), Decimal(0))
        if total != node.max_points:
            message = (
                f"các phần của {node.code} cộng lại được {vi.number(total)} điểm, "
                f"khác điểm tối đa {vi.number(node.max_points)}"
            )
            known = node.known_discrepancy
            kind: Literal["lỗi", "ghi chú"] = "ghi chú" if known else "lỗi"
            yield Trouble((*path, "điểm tối đa"), message + (f" (sai lệch đã biết: {known})" if known else ""), kind)
    for place, part in enumerate(node.parts):
        yield from _wrong_sums(part, (*path, "gồm", place))
