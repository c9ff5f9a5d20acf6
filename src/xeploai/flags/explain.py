"""Giải trình: ai phải giải trình, và về những việc gì.

Sơn La (Quyết định 319-QĐ/TU; bài báo về Nghị quyết Trung ương 4): chọn những vấn đề bức xúc để yêu cầu giải trình; lần đầu
có ba giám đốc sở, bốn chủ tịch UBND huyện phải giải trình việc cải cách hành chính chậm trễ và quy hoạch khu di tích. Mỗi
việc ở «các việc» là một số liệu kiểu có/không của biểu: ghi «có» là phải giải trình việc đó. «tiêu chí không quá» thêm mọi
tiêu chí có điểm từ mức đó trở xuống. Mỗi đơn vị (hay mỗi người, nếu biểu chấm từng người) một phát hiện, gồm mọi việc.
«chức vụ» là số liệu kiểu chữ, viết sau tên. Ô trống không phải là «có»: không ai phải giải trình vì một ô trống.

    - mã: giai-trinh
      loại: giải trình
      các việc: [cải cách hành chính chậm trễ, quy hoạch khu di tích]
      chức vụ: Chức vụ
      phải làm: Báo cáo giải trình trước Ban Thường vụ

Ví dụ phát hiện: Ông A (Giám đốc Sở B) phải giải trình về: cải cách hành chính chậm trễ; quy hoạch khu di tích (ô D5, E5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import AnEdge, Range, Text, Texts, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, limit_words, needs_points, where
from xeploai.vi import Exact


class Explain(Flag):
    """Who must explain, and for what. Source: seed article 002."""

    kind: Literal["giải trình"] = Field(alias="loại")
    matters: Texts = Field(
        (), alias="các việc", description="Tên hoặc mã số liệu kiểu có/không; «có» là phải giải trình"
    )
    low: AnEdge | None = Field(
        None, alias="tiêu chí không quá", description="Tiêu chí có điểm từ mức này trở xuống cũng phải giải trình"
    )
    level: Text | None = Field(None, alias="cấp", description="Cấp của tiêu chí đó; bỏ trống: cấp tiêu chí")
    office: Text | None = Field(None, alias="chức vụ", description="Tên hoặc mã số liệu kiểu chữ, viết sau tên")

    def check(self, case: Case) -> Iterator[Finding]:
        low: dict[int, list[tuple[Criterion, Exact]]] = {}
        if self.low:
            for position, criterion, points in case.meeting(Range(at_most=self.low), self.level):
                low.setdefault(position, []).append((criterion, points))
        for position, unit in enumerate(case.sheet.units):
            stated = [word for word in self.matters if case.fact(position, word) is True]
            scored = low.get(position, [])
            if not stated and not scored:
                continue
            matters = [self._called(case, word) for word in stated]
            matters += [self._low_words(case, position, criterion, points) for criterion, points in scored]
            cells = tuple(dict.fromkeys((
                *(cell for word in stated for cell in case.fact_cells(position, word)),
                *(cell for criterion, _ in scored for cell in case.cells(position, criterion)),
            )))  # fmt: skip
            yield self.found(
                f"{self._who(case, position)} phải giải trình về: {'; '.join(matters)} ({where(cells)}).",
                unit=unit, criterion=scored[0][0].code if len(scored) == 1 and not stated else "", year=case.year,
                cells=cells,
                people=(*case.head_of(position), *case.people_of(position, (criterion for criterion, _ in scored))),
            )  # fmt: skip

    def _called(self, case: Case, word: str) -> str:
        """The matter as the book says it; by name where it says only the code."""
        fact = case.names.facts.find(word)
        return fact.name if fact and vi.key(word) == vi.key(fact.code) else word

    def _low_words(self, case: Case, position: int, criterion: Criterion, points: Exact) -> str:
        assert self.low
        got, reason = limit_words(points, self.low, case.max_of(position, criterion), "không quá")
        return f"{criterion.code} «{criterion.name}» đạt {got} điểm, thuộc diện {reason}"

    def _who(self, case: Case, position: int) -> str:
        """ "Ông A (Giám đốc Sở B, Khối C)"; without an office the unit as it is called everywhere."""
        unit = case.unit(position)
        office = case.fact(position, self.office) if self.office else None
        if not isinstance(office, str) or not office:
            return str(unit)
        return f"{unit.name} ({', '.join(filter(None, (office, unit.parent)))})"

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        return f"{count} {names.unit} phải giải trình"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        if not self.matters and self.low is None:
            yield "loại", "cần «các việc» hoặc «tiêu chí không quá», ví dụ «các việc: [cải cách hành chính chậm trễ]»"
        for word in self.matters:
            yield from _wrong_fact(names, "các việc", word, "có/không")
        if self.office:
            yield from _wrong_fact(names, "chức vụ", self.office, "chữ")
        yield from needs_points(self.low, "tiêu chí không quá")
        if self.level and self.low is None:
            yield "cấp", "«cấp» chỉ dùng cùng với «tiêu chí không quá»"
        if self.level and (trouble := unknown(self.level, names.levels, "cấp")):
            yield "cấp", trouble


def _wrong_fact(names: Names, alias: str, word: str, kind: str) -> Iterator[tuple[str, str]]:
    fact = names.facts.find(word)
    if fact is None:
        yield alias, names.facts.complain(word)
    elif fact.kind != kind:
        yield alias, f"«{vi.shown(word)}» có kiểu «{fact.kind}», ở đây cần kiểu «{kind}»"
