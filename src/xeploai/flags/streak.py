"""Liên tiếp: một kết quả lặp lại nhiều năm liền, tính ngược từ năm đang xét.

Báo Điện Biên Phủ (19/8/2020): năm 2016 có 5 xã bị nhắc nhở vì 2 năm liên tiếp xếp loại trung bình; có xã trung bình
liên tục 3–9 năm. Đếm ngược cho đến năm không còn đúng; câu báo nói rõ đã thấy những năm nào. Chọn một trong các điều
kiện: «xếp loại không quá» (mức đó trở xuống), «xếp loại ít nhất», «xếp loại» (đúng mức đó), «danh hiệu», «không đạt
danh hiệu», «cuối bảng: có». Năm không có số liệu: «dừng» (mặc định: chuỗi hết ở đó), «bỏ qua» (bắc cầu qua) hoặc
«phải đủ» (thiếu thì không kết luận).

    - mã: chan-chinh
      loại: liên tiếp
      xếp loại không quá: trung bình
      số năm: 2
      năm thiếu: dừng
      phải làm: Nhắc nhở, yêu cầu chấn chỉnh

Ví dụ phát hiện: Xã A (Huyện B): xếp loại trung bình trở xuống 3 năm liên tiếp (2018–2020; chưa có số liệu 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Text, Whole, YesNo, unknown
from xeploai.findings import Finding, Severity, Streak
from xeploai.flags.base import Case, Flag, Names, old_units, told
from xeploai.model import Record

CONDITIONS = {
    "band_at_most": "xếp loại không quá",
    "band_at_least": "xếp loại ít nhất",
    "band": "xếp loại",
    "title": "danh hiệu",
    "without_title": "không đạt danh hiệu",
    "last_place": "cuối bảng",
}


ACROSS = {
    "": "trước ngày {since} là {olds}",
    "thấp nhất": "trước ngày {since} tính mức thấp nhất của {olds}",
    "bất kỳ": "trước ngày {since} tính nếu bất kỳ đơn vị cũ nào như vậy: {olds}",
    "tất cả": "trước ngày {since} tính nếu tất cả đơn vị cũ đều như vậy: {olds}",
}
"""How a run went on before its unit was formed."""

STOPS = ("dừng", "chưa rõ")


class StreakFlag(Flag):
    """The same outcome several years running, counted back from the classified year. Source: seed articles 000, 004."""

    kind: Literal["liên tiếp"] = Field(alias="loại")
    band_at_most: Text | None = Field(None, alias="xếp loại không quá", description="Mức này trở xuống")
    band_at_least: Text | None = Field(None, alias="xếp loại ít nhất", description="Mức này trở lên")
    band: Text | None = Field(None, alias="xếp loại", description="Đúng mức này")
    title: Text | None = Field(None, alias="danh hiệu", description="Giữ danh hiệu này")
    without_title: Text | None = Field(None, alias="không đạt danh hiệu", description="Không có danh hiệu này")
    last_place: YesNo = Field(False, alias="cuối bảng", description="Không ai thấp hơn, kể cả đồng hạng")
    years: Whole = Field(alias="số năm", ge=2, description="Từ bao nhiêu năm thì cảnh báo")
    missing: Literal["dừng", "bỏ qua", "phải đủ"] = Field(
        "dừng", alias="năm thiếu", description="dừng, bỏ qua hoặc phải đủ"
    )

    def check(self, case: Case) -> Iterator[Finding]:
        if case.year is None:
            return
        for position, unit in enumerate(case.sheet.units):
            now = case.this_year(position)
            if now is None or self._holds(case, now) is not True:
                continue
            run, missing = self._run(case, position, now)
            enough = len(run) >= self.years
            if not enough and not (self.missing == "phải đủ" and missing):
                continue
            cells = tuple(dict.fromkeys(cell for record in run for cell in record.cells))
            if enough:
                yield self.found(
                    f"{unit}: {self._words(case.names)} {self._span(case, run, missing, position)}.",
                    unit=unit, year=case.year, cells=cells, streak=Streak(len(run), run[-1].year),
                )  # fmt: skip
            else:
                # The rule has not fired: worth knowing, but nobody has to act on it.
                open_question = self.found(
                    f"{unit}: chưa kết luận được về {self.years} năm liên tiếp {self._words(case.names)}: "
                    f"thiếu số liệu năm {missing[0]}.",
                    unit=unit, year=case.year, cells=cells,
                )  # fmt: skip
                yield open_question._replace(severity=Severity.NOTE, duty="")

    def gathered(self, count: int, findings: Sequence[Finding], names: Names) -> str:
        years = sorted({finding.streak.years for finding in findings if finding.streak})
        if not years:
            return f"{count} {names.unit} chưa kết luận được về {self.years} năm liên tiếp {self._words(names)}"
        span = f"{years[0]} năm liên tiếp" if len(years) == 1 else f"liên tiếp từ {years[0]} đến {years[-1]} năm"
        return f"{count} {names.unit} {self._words(names)} {span}"

    def fires(self, case: Case) -> bool:
        """A run that is long enough; not the note that nothing can be concluded."""
        return any(finding.streak for finding in self.check(case))

    def _run(self, case: Case, position: int, now: Record) -> tuple[list[Record], list[int]]:
        """The records of the run and the missing years that it met, both newest first."""
        past = case.past.of(position)
        run, missing, first = [now], list[int](), min(past, default=now.year)
        for year in range(now.year - 1, first - 2, -1):
            record = past.get(year)
            holds = self._holds(case, record) if record else None
            if holds is None:
                missing.append(year)
                if self.missing != "bỏ qua":
                    break
            elif holds:
                run.append(record)  # type: ignore[arg-type]  # a record that holds is there
            else:
                break
        return run, missing

    def _holds(self, case: Case, record: Record) -> bool | None:
        """Whether the condition holds in this year; None where its record does not tell: a missing year."""
        if self.band and record.policy == "thấp nhất":  # the lowest of the old units' bands is this one band
            return self._holds_in(case, record)
        good = bool(self.band_at_least or self.title)
        return told(record, lambda one: self._holds_in(case, one), good=good)

    def _holds_in(self, case: Case, record: Record) -> bool | None:
        if self.last_place:
            return record.last
        if self.title or self.without_title:
            wanted = vi.key(self.title or self.without_title or "")
            if record.titles is None or wanted in map(vi.key, record.open_titles):
                return None
            held = wanted in map(vi.key, record.titles)
            return held is (self.title is not None)
        if record.band is None:
            return None
        place = case.place(record.band)
        if self.band_at_most:
            return place >= case.place(self.band_at_most)
        return place <= case.place(self.band_at_least) if self.band_at_least else place == case.place(self.band or "")

    def _words(self, names: Names) -> str:
        if self.last_place:
            return "đứng cuối bảng xếp hạng"
        if self.title or self.without_title:
            return f"đạt danh hiệu «{self.title}»" if self.title else f"không đạt danh hiệu «{self.without_title}»"
        if self.band:
            return f"xếp loại {self.band}"
        limit, lowest = self.band_at_most or self.band_at_least or "", names.bands[-1]
        side = "" if vi.key(limit) == vi.key(lowest) else " trở xuống" if self.band_at_most else " trở lên"
        return f"xếp loại {limit}{side}"

    def _span(self, case: Case, run: Sequence[Record], missing: Sequence[int], position: int) -> str:
        """ "3 năm liên tiếp (2018–2020; chưa có số liệu 2017)"; "ít nhất 4 năm" where nothing is known before it."""
        since, until, past = run[-1].year, run[0].year, case.past.of(position)
        formed = case.past.formed.get(position)
        bridged = [year for year in reversed(missing) if year > since]
        before = next((year for year in missing if year < since), None)
        known = any(year < since for year in case.past.years)
        notes = [", ".join(str(record.year) for record in reversed(run)) if bridged else f"{since}–{until}"]
        if bridged:
            notes.append(f"bỏ qua {', '.join(map(str, bridged))} chưa có số liệu")
        if formed and (olds := old_units(record for record in run if record.olds)):
            notes.append(ACROSS[formed.policy].format(since=formed.since, olds=olds))
        if formed and before and before < formed.year and formed.policy in STOPS:
            notes.append(f"{formed.words}, lịch sử trước đó không tính")
        elif before:
            lacking = [old for old in past[before].olds if not old.record] if before in past else []
            of = f" của {vi.listed(map(str, lacking))}" if lacking else ""
            notes.append(f"chưa có số liệu {before}{of}" if known else f"chưa có số liệu trước {since}")
        if self.last_place and (others := case.sharing_rank(position)):
            notes.append(f"năm {until} cùng thấp nhất với {others} đơn vị khác")
        least = "ít nhất " if before and not known else ""
        return f"{least}{len(run)} năm liên tiếp ({'; '.join(notes)})"

    def troubles(self, names: Names, criteria: Mapping[str, tuple[Criterion, ...]]) -> Iterator[tuple[str, str]]:
        used = [alias for name, alias in CONDITIONS.items() if getattr(self, name)]
        if len(used) != 1:
            yield (
                "loại",
                f"cần đúng một điều kiện trong: {', '.join(CONDITIONS.values())}"
                + (f"; đang có: {', '.join(used)}" if used else ""),
            )
        for name in ("band_at_most", "band_at_least", "band"):
            word = getattr(self, name)
            if word and (trouble := unknown(word, names.bands, "mức xếp loại")):
                yield CONDITIONS[name], trouble
        for name in ("title", "without_title"):
            word = getattr(self, name)
            if word and (trouble := unknown(word, names.titles, "danh hiệu")):
                yield CONDITIONS[name], trouble
