"""Sát ngưỡng: đơn vị chỉ thiếu một chút là lên mức trên, hoặc chỉ hơn ngưỡng một chút.

Kết quả chính thức từng thay đổi vì 3,749986 so với 3,75: đơn vị sát ngưỡng đáng được xem lại từng ô điểm trước khi công bố,
và đáng được biết còn thiếu bao nhiêu. «cách ngưỡng không quá» tính bằng điểm, hoặc bằng % của tổng điểm tối đa; kể cả đúng số
đó. «phía: dưới» (mặc định) là thiếu một chút để lên mức kế trên; «trên» là chỉ hơn ngưỡng của mức mình một chút; «cả hai».
Mức ghi «trên 90 điểm» thì phải hơn 90 điểm. Không dùng được khi mức tính theo phần tư bảng xếp hạng.

    - mã: sat-nguong
      loại: sát ngưỡng
      mức độ: ghi chú
      cách ngưỡng không quá: 0,5 điểm

Ví dụ phát hiện: Xã A (Huyện B): 79,6/100 điểm, xếp loại khá, còn thiếu 0,4 điểm để lên mức tốt (ít nhất 80 điểm).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from pydantic import Field

from xeploai import vi
from xeploai.book.bands import Band
from xeploai.book.criteria import Criterion
from xeploai.book.parts import AnEdge, Edge
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, in_points, needs_points
from xeploai.vi import Exact


class Entry(NamedTuple):
    """Where a band begins: from so many points on, or only above them."""

    edge: Edge
    points: Fraction
    above: bool

    def admits(self, points: Fraction) -> bool:
        """Whether so many points are enough."""
        return points > self.points if self.above else points >= self.points


class NearEdge(Flag):
    """So close below the next band, or above the edge of its own. Source: design, section 3 (3,749986 against 3,75)."""

    kind: Literal["sát ngưỡng"] = Field(alias="loại")
    within: AnEdge = Field(alias="cách ngưỡng không quá", description="0,5 điểm, hoặc 1% của tổng điểm tối đa; ≤")
    side: Literal["dưới", "trên", "cả hai"] = Field(
        "dưới", alias="phía", description="dưới (thiếu một chút), trên (chỉ hơn một chút) hoặc cả hai"
    )

    def check(self, case: Case) -> Iterator[Finding]:
        for position, rating in enumerate(case.ratings):
            if rating.status != "rated" or rating.band is None or rating.points is None or not rating.max_points:
                continue
            cells = (case.sheet.block_of(position).total(position) or case.sheet.named(position),)
            got, most = Fraction(rating.points), rating.max_points
            for entry, words in self._near(case.bands, case.place(rating.band), got, most):
                shown = f"{vi.apart(got, entry.points)[0]}/{vi.number(most)} điểm"
                message = f"{rating.unit}: {shown}, xếp loại {rating.band}, {words}."
                yield self.found(message, unit=rating.unit, year=case.year, cells=cells)

    def _near(self, bands: tuple[Band, ...], place: int, got: Fraction, most: Exact) -> Iterator[tuple[Entry, str]]:
        """The edges that these points are near to, with what to say of them."""
        within = Fraction(in_points(self.within, most))
        upper = _entry(bands, place - 1, most) if self.side != "trên" else None
        # Where a cap, a quota or a condition holds the unit down, it lacks no points: then `got` has entered already.
        if upper and not upper.admits(got) and upper.points - got <= within:
            goal = bands[place - 1]
            more = "; mức đó còn điều kiện khác, ở đây chỉ nói về điểm" if goal.conditions else ""
            yield upper, f"{_missing(got, upper, goal.name)}{more}"
        own = _entry(bands, place, most) if self.side != "dưới" and place + 1 < len(bands) else None
        if own and own.admits(got) and got - own.points <= within:
            yield own, _spare(got, own, bands[place].name)

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        return f"{count} {names.unit} sát ngưỡng (cách không quá {self.within})"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        yield from needs_points(self.within, "cách ngưỡng không quá")
        if self.within.unit == "%" and self.within.amount > 100:
            yield "cách ngưỡng không quá", f"{self.within} lớn hơn 100%"
        if names.by_quarter:
            yield "loại", "bộ này xếp mức theo phần tư bảng xếp hạng: không có ngưỡng điểm để nói là sát"


def _entry(bands: tuple[Band, ...], place: int, maximum: Exact) -> Entry | None:
    """Where the band of this place begins; None: there is no such band."""
    if not 0 <= place < len(bands):
        return None
    edges = ((bands[place].at_least, False), (bands[place].above, True))
    entries = [Entry(edge, Fraction(in_points(edge, maximum)), above) for edge, above in edges if edge]
    return max(entries, key=lambda entry: (entry.points, entry.above), default=None)


def _limit(got: Fraction, entry: Entry) -> str:
    """ "ít nhất 80 điểm", "trên 90%, tức 36 điểm"."""
    points = f"{vi.apart(got, entry.points)[1]} điểm"
    shown = f"{entry.edge}, tức {points}" if entry.edge.unit == "%" else points
    return f"{'trên' if entry.above else 'ít nhất'} {shown}"


def _missing(got: Fraction, entry: Entry, goal: str) -> str:
    gap, _ = vi.apart(entry.points - got, Fraction(0))
    if not entry.above:
        return f"còn thiếu {gap} điểm để lên mức {goal} ({_limit(got, entry)})"
    if got == entry.points:
        return f"đúng bằng ngưỡng của mức {goal} nhưng phải {_limit(got, entry)}"
    return f"còn cách ngưỡng của mức {goal} {gap} điểm, phải {_limit(got, entry)}"


def _spare(got: Fraction, entry: Entry, band: str) -> str:
    if got == entry.points:
        return f"đúng bằng ngưỡng của mức {band} ({_limit(got, entry)})"
    return f"chỉ hơn ngưỡng của mức {band} {vi.apart(got - entry.points, Fraction(0))[0]} điểm ({_limit(got, entry)})"
