"""The result in words, the way a report or a newspaper tells it: so many of so many, up so many on last year, who stands out.

Made of numbers alone. The same sentences stand in the workbook, on the page, in the tờ trình and on the screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xeploai import vi
from xeploai.findings import Finding
from xeploai.model import Unit
from xeploai.pipeline import Outcome
from xeploai.report.counts import Count, count, count_previous, groups
from xeploai.report.shares import moved, shares
from xeploai.steps.rate import rated_as

NAMED = 8
"""Units that a sentence names before it counts the rest."""


def paragraphs(outcome: Outcome) -> list[str]:
    """Sentences, a paragraph each: bands, titles, moves, targets, every flag of the book, what is still open."""
    said = [_bands(outcome), *_titles(outcome), *_moves(outcome), *_targets(outcome), *_flags(outcome), *_open(outcome)]
    if outcome.book.illustrative:
        said.append("Số liệu minh hoạ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận.")
    return said


class Sides(NamedTuple):
    """Whose results stand side by side where the year before is not of the same units as this one: how many of this year's
    sheet have a result then, how many have one now, how many both times.

    One rule wherever a change is told, in words, in a table or on a tile: it is told of what history holds of this year's
    units, and where those are not all the units of both years it never stands without the words that say so.
    """

    year: int
    noun: str
    then: int
    now: int
    both: int

    @property
    def of_then(self) -> str:
        """ "chỉ tính 57 đơn vị của biểu năm nay có kết quả năm đó; 48 đơn vị có kết quả cả hai năm"."""
        also = f"; {self.of_both}" if self.both < self.then else ""
        return f"chỉ tính {self.then} {self.noun} của biểu năm nay có kết quả năm đó{also}"

    @property
    def of_both(self) -> str:
        return f"{self.both} {self.noun} có kết quả cả hai năm"


def sides(outcome: Outcome) -> Sides | None:
    """The two sides of a comparison with the year before; None where both years are of the same units, or one has none."""
    year = (outcome.year or 0) - 1
    records = ((position, outcome.past.of(position).get(year)) for position in range(len(outcome.ratings)))
    then = {position for position, record in records if record and record.band and not record.policy}
    now = {position for position, rating in enumerate(outcome.ratings) if rating.band}
    gone = any(record.year == year and record.band for _, record in outcome.past.others)
    if not then or not now or (then == now and not gone):
        return None
    return Sides(year, outcome.book.noun, len(then), len(now), len(then & now))


def _bands(outcome: Outcome) -> str:
    """ "Theo kết quả đánh giá, xếp loại năm 2019: 18/130 đơn vị xếp loại tốt (13,85%; tăng 3 …), …"."""
    whole, previous = count(outcome, outcome.ratings), count_previous(outcome)
    noun, rated = outcome.book.noun, sum(whole.bands.values())
    year = f" năm {outcome.year}" if outcome.year else ""
    if not rated:
        return (
            f"Năm {outcome.year}: chưa {noun} nào được xếp loại." if outcome.year else f"Chưa {noun} nào được xếp loại."
        )
    parts = []
    for (name, here), percent in zip(whole.bands.items(), shares(list(whole.bands.values())), strict=True):
        change = None if previous is None else here - previous.bands[name]
        notes = [vi.percent(percent)] if here and percent is not None else []
        notes += [_change(change)] if change is not None else []
        counted = f"{here} {noun}" if here else f"không có {noun}"
        parts.append(f"{counted} {rated_as(name)}" + (f" ({'; '.join(notes)})" if notes else ""))
    others = f" ({found.of_then})" if (found := sides(outcome)) else ""
    beside = f", so với năm {(outcome.year or 0) - 1}{others}" if previous else ""
    return (
        f"Theo kết quả đánh giá{year}, {rated}/{whole.units} {noun} được xếp loại{beside}: {vi.listed(parts)}."
        f"{_added_up(whole)}"
    )


def _added_up(whole: Count) -> str:
    """Which percents are not the ones that a calculator shows, where there are such."""
    percents, names = shares(list(whole.bands.values())), list(whole.bands)
    told = [
        f"{names[place]} ghi {vi.percent(percent)} thay cho {vi.percent(alone)}"
        for place, alone in moved(list(whole.bands.values()))
        if (percent := percents[place]) is not None
    ]
    return f" Tỷ lệ được làm tròn sao cho cộng lại đúng 100%: {'; '.join(told)}." if told else ""


def _change(change: int) -> str:
    return f"tăng {change}" if change > 0 else f"giảm {-change}" if change < 0 else "không đổi"


def _titles(outcome: Outcome) -> Iterator[str]:
    whole, previous = count(outcome, outcome.ratings), count_previous(outcome)
    for name, held in whole.titles.items():
        before = previous.titles.get(name) if previous and any(whole.bands.values()) else None
        change = "" if before is None else f" ({_change(held - before)} so với năm {(outcome.year or 0) - 1})"
        best = _fullest(outcome, name)
        yield f"{held}/{whole.units} {outcome.book.noun} đạt danh hiệu «{name}»{change}{best}."


def _fullest(outcome: Outcome, title: str) -> str:
    """The group with the highest share of a title, where one stands alone."""
    by_group = {
        group: (sum(title in rating.titles for rating in ratings), len(ratings))
        for group, ratings in groups(outcome).items()
        if group
    }
    if len(by_group) < 2:
        return ""
    most = max(held * 1_000_000 // of for held, of in by_group.values())
    first = [group for group, (held, of) in by_group.items() if held * 1_000_000 // of == most]
    if not most or len(first) != 1:
        return ""
    held, of = by_group[first[0]]
    return f"; tỷ lệ cao nhất là {first[0]} với {held}/{of}"


def _moves(outcome: Outcome) -> Iterator[str]:
    """Who rose and who fell on the year before, by band."""
    book, year = outcome.book, (outcome.year or 0) - 1
    up: list[Unit] = []
    down: list[Unit] = []
    for position, rating in enumerate(outcome.ratings):
        record = outcome.past.of(position).get(year)
        now = book.band_place(rating.band) if rating.band else None
        then = book.band_place(record.band) if record and record.band else None
        if now is not None and then is not None and now != then:
            (up if now < then else down).append(rating.unit)
    if up or down:
        words = [
            f"{_counted(book.noun, units)} {way} mức{_named(units)}" for units, way in ((up, "lên"), (down, "xuống"))
        ]
        yield f"So với năm {year}, {'; '.join(words)}."


def _counted(noun: str, units: Sequence[Unit]) -> str:
    return f"{len(units)} {noun}" if units else f"không có {noun}"


def _named(units: Sequence[Unit]) -> str:
    """The names, where they are few: a report that lists a hundred of them says nothing."""
    return f" ({vi.listed(map(str, units))})" if 0 < len(units) <= NAMED else ""


def _targets(outcome: Outcome) -> Iterator[str]:
    for code in dict.fromkeys(code for code, _, _ in outcome.targets):
        stands = [words for of, _, words in outcome.targets if of == code]
        if len(stands) == 1:
            yield f"Chỉ tiêu: {stands[0][:1].lower()}{stands[0][1:].rstrip('.')}."
            continue
        missed = [finding.group for finding in outcome.findings if finding.code == code and finding.group]
        names = f"; chưa đạt: {vi.listed(missed[:NAMED])}{_others(len(missed))}" if missed else ""
        yield f"Chỉ tiêu «{code}»: {len(stands) - len(missed)}/{len(stands)} nhóm đạt{names}."


def _flags(outcome: Outcome) -> Iterator[str]:
    for flag in outcome.book.flags:
        found = [finding for finding in outcome.findings if finding.code == flag.code and finding.unit]
        if not found:
            continue
        units = list(dict.fromkeys(finding.unit for finding in found if finding.unit))
        said = flag.gathered(len(units), found, outcome.book.names)
        duty = f" Phải làm: {flag.duty[:1].lower()}{flag.duty[1:].rstrip('.')}." if flag.duty else ""
        yield f"Có {said}{_listed(found)}.{duty}"


def _listed(findings: Sequence[Finding]) -> str:
    """The units, those with the longest streak first, and how long that is; of many without one, where most of them are."""
    years = {finding.unit: finding.streak.years for finding in findings if finding.unit and finding.streak}
    units = list(dict.fromkeys(finding.unit for finding in findings if finding.unit))
    if len(units) > NAMED and not years:
        return _where_most(units)
    units.sort(key=lambda unit: -years.get(unit, 0))
    shown = [f"{unit}{f' {years[unit]} năm' if unit in years else ''}" for unit in units[:NAMED]]
    return f": {'; '.join(shown)}{_others(len(units))}"


def _where_most(units: Sequence[Unit]) -> str:
    parents = Counter(unit.parent for unit in units if unit.parent)
    if len(parents) < 2:
        return ""
    most = max(parents.values())
    first = [parent for parent, times in parents.items() if times == most]
    return f", nhiều nhất ở {vi.listed(first[:3])} ({most}{' mỗi nơi' if len(first) > 1 else ''})"


def _others(count: int) -> str:
    return f" và {count - NAMED} nơi khác" if count > NAMED else ""


def _open(outcome: Outcome) -> Iterator[str]:
    """Who has no band, so that nobody reads the counts as complete."""
    for status, words in (("undetermined", "chưa xác định được mức"), ("unrated", "chưa xếp loại")):
        units = [rating.unit for rating in outcome.ratings if rating.status == status]
        if units:
            yield f"Còn {len(units)} {outcome.book.noun} {words}: {vi.listed(map(str, units[:NAMED]))}{_others(len(units))}."
