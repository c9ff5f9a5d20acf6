"""Không chuyển biến: năm trước đã bị nhắc nhở, phê bình mà năm nay vẫn không khá hơn.

Báo Điện Biên Phủ (19/8/2020): xã bị phê bình, nhắc nhở hoặc có tiêu chí đạt điểm thấp phải làm rõ nguyên nhân; năm sau
không chuyển biến thì người đứng đầu không được giới thiệu tái cử, ứng cử chức vụ cao hơn. «Năm trước đã bị nêu» hiểu theo
hai cách, có một là đủ: «cảnh báo năm trước» (lịch sử có cảnh báo mang một trong các mã này), «xếp loại năm trước không
quá»; bỏ trống cả hai thì mọi cảnh báo đều tính. «Không khá hơn» là xếp loại năm nay bằng hoặc kém năm trước; đang ở mức
cao nhất thì không có gì để khá hơn nên không báo. Với «cùng tiêu chí: có», quy tắc xét riêng những tiêu chí đã bị nêu năm
trước: tiêu chí nào năm nay vẫn không quá (hoặc dưới) ngưỡng thì báo. Năm trước không có số liệu hoặc năm nay chưa xếp loại
thì không báo. Phát hiện nêu tên người đứng đầu nếu trong tệp có.

    - mã: khong-chuyen-bien
      loại: không chuyển biến
      cảnh báo năm trước: [chan-chinh, kiem-diem]
      phải làm: Không giới thiệu người đứng đầu tái cử

    - mã: van-diem-thap
      loại: không chuyển biến
      cùng tiêu chí: có
      không quá: 9 điểm

Ví dụ phát hiện: Xã A (Huyện B): năm 2019 xếp loại trung bình (52/100 điểm), có cảnh báo chan-chinh; năm 2020 vẫn xếp loại
trung bình (55/100 điểm), không chuyển biến.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import AnEdge, Range, Text, Texts, YesNo, unknown
from xeploai.findings import Finding
from xeploai.flags.base import Case, Flag, Names, limit_words, needs_points, told, where
from xeploai.model import Record
from xeploai.vi import Exact

Low = tuple[Criterion, Exact]


class NoImprovement(Flag):
    """Criticised last year and no better this year. Source: seed article 000."""

    kind: Literal["không chuyển biến"] = Field(alias="loại")
    flags_before: Texts = Field(
        (), alias="cảnh báo năm trước", description="Mã các cảnh báo của năm trước; bỏ trống: mọi cảnh báo"
    )
    band_before: Text | None = Field(
        None, alias="xếp loại năm trước không quá", description="Năm trước xếp mức này trở xuống cũng tính"
    )
    same_criteria: YesNo = Field(
        False, alias="cùng tiêu chí", description="có: xét tiêu chí bị nêu năm trước, theo «không quá» hoặc «dưới»"
    )
    level: Text | None = Field(None, alias="cấp", description="Cấp của tiêu chí đó; bỏ trống: cấp tiêu chí")
    at_most: AnEdge | None = Field(None, alias="không quá", description="Tiêu chí năm nay vẫn ≤")
    below: AnEdge | None = Field(None, alias="dưới", description="Tiêu chí năm nay vẫn <")

    def check(self, case: Case) -> Iterator[Finding]:
        if case.year is None:
            return
        low: dict[int, list[Low]] = {}
        if self.same_criteria:
            for position, criterion, points in case.meeting(self._limit, self.level):
                low.setdefault(position, []).append((criterion, points))
        for position, unit in enumerate(case.sheet.units):
            before, now = case.past.of(position).get(case.year - 1), case.this_year(position)
            if before is None or now is None or not self._still_as_bad(case, before, now):
                continue
            told = set(map(vi.code_key, before.low))
            again = [(each, points) for each, points in low.get(position, ()) if vi.code_key(each.code) in told]
            if self.same_criteria and not again:
                continue
            cells = tuple(cell for each, _ in again for cell in case.cells(position, each))
            then, today = self._years(case, position, before, now)
            yield self.found(
                f"{unit}: {then}; {today}{self._again(case, position, again)}.",
                unit=unit, criterion=again[0][0].code if len(again) == 1 else "", year=case.year,
                cells=(*cells, *(() if cells else (case.sheet.named(position),)), *before.cells),
                people=(*case.head_of(position), *case.people_of(position, (each for each, _ in again))),
            )  # fmt: skip

    def _still_as_bad(self, case: Case, before: Record, now: Record) -> bool:
        """Whether last year was criticised and this year is no better; of several old units the policy says whose year."""

        def so(each: Record) -> bool:
            return self._criticised(case, each) and (self.same_criteria or _no_better(case, each, now))

        return bool(so(before) if before.policy == "thấp nhất" else told(before, so))

    @property
    def _limit(self) -> Range:
        return Range(at_most=self.at_most, below=self.below)

    def _flags(self, before: Record) -> tuple[str, ...]:
        """The flags of last year that count."""
        wanted = set(map(vi.key, self.flags_before))
        return tuple(code for code in before.flags if not wanted or vi.key(code) in wanted)

    def _criticised(self, case: Case, before: Record) -> bool:
        if self.band_before and before.band is not None and case.place(before.band) >= case.place(self.band_before):
            return True
        if self.flags_before or self.band_before:
            return bool(self.flags_before and self._flags(before))
        return self.same_criteria or bool(before.flags)  # of the criteria themselves the record tells

    def _years(self, case: Case, position: int, before: Record, now: Record) -> tuple[str, str]:
        """ "năm 2019 xếp loại trung bình (52/100 điểm), có cảnh báo chan-chinh", "năm 2020 vẫn xếp loại trung bình …"."""
        rating = case.ratings[position]
        known = [points for points in (before.points, rating.points) if points is not None]
        shown = dict(zip(known, vi.apart(*known), strict=True))
        then, today = (
            f" ({shown[points]}{f'/{vi.number(most)}' if most is not None else ''} điểm)" if points is not None else ""
            for points, most in ((before.points, before.max_points), (rating.points, rating.max_points))
        )
        flags = self._flags(before)
        said = [f"xếp loại {before.band}{then}"] if before.band else []
        if before.policy:  # several units were this one: each is told
            each = (
                f"{old} {old.record.band or 'chưa xếp loại' if old.record else 'chưa có số liệu'}"
                for old in before.olds
            )
            said = [f"các đơn vị cũ xếp loại: {', '.join(each)}"]
        said += [f"có cảnh báo {', '.join(flags)}"] if flags else []
        told = set(map(vi.code_key, before.low))
        named = [each.code for level in case.criteria.values() for each in level if vi.code_key(each.code) in told]
        said += [f"bị nêu ở {', '.join(named)}"] if self.same_criteria else []
        same = before.band is not None and now.band is not None and case.place(before.band) == case.place(now.band)
        worse = before.band is not None and now.band is not None and case.place(before.band) < case.place(now.band)
        manner = "vẫn xếp loại" if same else "xuống" if worse else "xếp loại"
        return f"năm {before.year} {', '.join(said)}", f"năm {now.year} {manner} {now.band}{today}"

    def _again(self, case: Case, position: int, again: list[Low]) -> str:
        """ ", TC3 «…» vẫn đạt 8 điểm, thuộc diện từ 9 điểm trở xuống (ô F12)"."""
        if not self.same_criteria:
            return ", không chuyển biến"
        edge, parts = self.at_most or self.below, []
        assert edge
        for criterion, points in again:
            side: Literal["không quá", "dưới"] = "không quá" if self.at_most else "dưới"
            got, reason = limit_words(points, edge, case.max_of(position, criterion), side)
            cells = where(case.cells(position, criterion))
            parts.append(f"{criterion.code} «{criterion.name}» vẫn đạt {got} điểm, thuộc diện {reason} ({cells})")
        return f", {'; '.join(parts)}"

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        if self.same_criteria:
            return f"{count} {names.unit} có tiêu chí bị nêu năm trước, năm nay vẫn thấp"
        return f"{count} {names.unit} bị nêu năm trước, năm nay không khá hơn"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        limits = (self.at_most is not None) + (self.below is not None)
        if self.same_criteria and limits != 1:
            yield "cùng tiêu chí", "cần đúng một trong «không quá» và «dưới», ví dụ «không quá: 9 điểm»"
        if not self.same_criteria and (limits or self.level):
            alias = "không quá" if self.at_most else "dưới" if self.below else "cấp"
            yield alias, f"«{alias}» chỉ dùng cùng với «cùng tiêu chí: có»"
        yield from needs_points(self.at_most, "không quá")
        yield from needs_points(self.below, "dưới")
        for code in self.flags_before:
            if trouble := unknown(code, names.flags, "cảnh báo"):
                yield "cảnh báo năm trước", trouble
        if self.band_before and (trouble := unknown(self.band_before, names.bands, "mức xếp loại")):
            yield "xếp loại năm trước không quá", trouble
        if self.level and (trouble := unknown(self.level, names.levels, "cấp")):
            yield "cấp", trouble


def _no_better(case: Case, before: Record, now: Record) -> bool:
    """Whether this year's band is the same or worse; the highest band has nothing better above it."""
    if before.band is None or now.band is None:
        return False
    return case.place(now.band) >= max(case.place(before.band), 1)
