"""quota: at most such a share of a declared base may have a band (hạn mức). Who stays, who is moved down, and why.

Nghị định 335/2025 counts 20 % of the units rated "tốt", and a unit that is moved down becomes one of these: the largest k with
k ≤ 20 % × (G + C − k) is ⌊(G + C)/6⌋. Where units are equal at the line, a person must choose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, Protocol

from xeploai import findings as our
from xeploai import vi
from xeploai.book.limits import Quota
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding
from xeploai.model import ScoreSheet


class Candidate(NamedTuple):
    """A unit that counts for a quota: where it stands, what it is compared by, its group, whether it is decided already."""

    position: int
    key: tuple[Fraction, ...]
    group: Callable[[str | None], str]
    decided: bool


class Open(Protocol):
    """A unit while it is rated: its band may still be moved, and every move leaves its reason."""

    band: str | None
    why: list[str]
    missing: str  # the fact for want of which it has no band


def apply(
    rule: Quota, book: RuleBook, sheet: ScoreSheet, everyone: Sequence[Candidate], rated: Mapping[int, Open]
) -> list[Finding]:
    """Move down what is beyond the quota, group by group; findings where a person must choose or nothing can be counted."""
    groups: dict[str, list[Candidate]] = {}
    for each in everyone:
        groups.setdefault(each.group(rule.group), []).append(each)
    findings: list[Finding] = []
    for name, members in groups.items():
        findings += _one_group(rule, book, sheet, name, members, rated, everyone)
    return findings


def _one_group(
    rule: Quota,
    book: RuleBook,
    sheet: ScoreSheet,
    name: str,
    members: Sequence[Candidate],
    rated: Mapping[int, Open],
    everybody: Sequence[Candidate],
) -> list[Finding]:
    top = book.bands[book.band_place(rule.band) or 0].name
    lower = (
        book.bands[book.band_place(rule.move_to) or 0] if rule.move_to else book.bands[(book.band_place(top) or 0) + 1]
    )
    with_band = [each for each in members if rated[each.position].band == top]
    if not with_band:
        return []
    if rule.group and not name and rule.group:
        units = vi.listed(str(sheet.units[each.position]) for each in with_band[:10])
        reason = f"Không rõ {units} thuộc nhóm nào theo «{rule.group}»"
        at = sheet.named(with_band[0].position)
        return [our.QUOTA_OPEN(code=rule.code, reason=reason, year=sheet.year, at=at)]
    label = name or "Tất cả các đơn vị"
    base = _Base(rule, book, sheet, members, rated, top, lower.name)
    if base.trouble:
        at = sheet.named(with_band[0].position)
        for each in with_band:
            if not each.decided:
                rated[each.position].band = None
                rated[each.position].why.append(f"chưa xác định: chưa tính được hạn mức «{rule.code}»: {base.trouble}")
        reason = f"{label}: {base.trouble}"
        return [our.QUOTA_OPEN(group=label, code=rule.code, reason=reason, year=sheet.year, at=at)]
    count = len(with_band)
    places = max((k for k in range(count + 1) if k <= base.limit(k, count)), default=0)
    words = base.words(places if places < count else base.limit(count, count), places, count) + (
        f"; {rule.basis}" if rule.basis else ""
    )
    free = [each for each in with_band if not each.decided]
    findings = []
    if count - len(free) > places:
        fixed = [each.position for each in with_band if each.decided]
        findings.append(
            our.QUOTA_EXCEEDED(
                group=label, count=len(fixed), band=top, code=rule.code, places=places, year=sheet.year,
                at=sheet.named(fixed[0]), related=tuple(sheet.named(position) for position in fixed[1:]),
            )
        )  # fmt: skip
    left = max(0, places - (count - len(free)))
    unsure = _unsure(
        free, left, [each for each in members if rated[each.position].band is None and rated[each.position].missing]
    )
    if unsure:
        for each in unsure[0]:
            rated[each.position].band = None
            rated[each.position].why.append(
                f"chưa xác định: hạn mức «{rule.code}» ({words}) còn tuỳ đơn vị thiếu số liệu"
            )
        findings.append(
            our.QUOTA_UNSURE(
                group=label, band=top, units=vi.listed(str(sheet.units[each.position]) for each in unsure[0]),
                open=vi.listed(str(sheet.units[each.position]) for each in unsure[1]), year=sheet.year,
                at=sheet.named(unsure[1][0].position), related=tuple(sheet.named(each.position) for each in unsure[0]),
            )
        )  # fmt: skip
        free = [each for each in free if each not in unsure[0]]
        left -= len(unsure[0])
    if len(free) <= left:
        for each in free:
            rated[each.position].why.append(f"trong hạn mức «{rule.code}»: {words}")
        return findings
    order = sorted(free, key=lambda each: each.key, reverse=True)
    line = order[left].key  # the best of those who are beyond
    above = [each for each in order if each.key > line]
    tied = [each for each in order if each.key == line] if len(above) < left else []
    for each in above:
        rated[each.position].why.append(f"trong hạn mức «{rule.code}»: {words}")
    for each in order:
        if each in above or each in tied:
            continue
        rated[each.position].why.append(f"vượt hạn mức «{rule.code}» ({words}): chuyển xuống {lower.name}")
        rated[each.position].band = lower.name
    if not tied:
        return findings
    for each in tied:
        rated[each.position].band = None
        rated[each.position].why.append(
            f"chưa xác định: {len(tied)} đơn vị bằng nhau ở vạch hạn mức «{rule.code}» ({words}), còn {left - len(above)} suất"
        )
    units = "; ".join(str(sheet.units[each.position]) for each in tied[:10])
    cells = tuple(sheet.named(each.position) for each in tied)
    return [
        *findings,
        our.QUOTA_TIE(
            group=label, left=left - len(above), band=top, count=len(tied), units=units, year=sheet.year, at=cells[0],
            related=cells[1:],
        ),
    ]  # fmt: skip


def _unsure(
    free: Sequence[Candidate], left: int, doubtful: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]] | None:
    """(who would stay but may be pushed out, by whom): units without a band for want of a fact, with points no lower."""
    order = sorted(free, key=lambda each: each.key, reverse=True)[:left]
    pushed = [
        each for place, each in enumerate(order) if place + sum(other.key >= each.key for other in doubtful) >= left
    ]
    if not pushed:
        return None
    return pushed, [other for other in doubtful if any(other.key >= each.key for each in pushed)]


class _Base:
    """What a quota is a share of, as the book says."""

    def __init__(
        self,
        rule: Quota,
        book: RuleBook,
        sheet: ScoreSheet,
        members: Sequence[Candidate],
        rated: Mapping[int, Open],
        top: str,
        lower: str,
    ) -> None:
        self.rule, self.top, self.lower, self.trouble = rule, top, lower, ""
        bands = [rated[each.position].band for each in members]
        self.open = sum(band is None for band in bands)
        self.named = [book.bands[book.band_place(band) or 0].name for band in rule.base_bands]
        self.others = Fraction(0)
        self.what = ""
        if rule.base_fact:
            fact = book.fact_names.find(rule.base_fact)
            assert fact
            seen = [sheet.facts[fact.code][each.position] for each in members]
            numbers = [Fraction(value) for value in seen if value is not None and not isinstance(value, str)]
            if len(numbers) < len(seen):
                self.trouble = f"thiếu số liệu «{fact.name}» của {len(seen) - len(numbers)} đơn vị"
            self.others, self.what = sum(numbers, Fraction(0)), f"tổng «{fact.name}»"
        elif self.named:
            self.others = Fraction(sum(band in self.named and band != top for band in bands))
            self.what = f"số đơn vị xếp {vi.listed(self.named)}"
        else:
            self.others, self.what = Fraction(len([band for band in bands if band])), "số đơn vị được đánh giá"

    def size(self, stay: int, count: int) -> Fraction:
        """The base when so many of the candidates stay."""
        size = self.others
        if self.top in self.named:
            size += stay if self.rule.moved_count else count
        if self.lower in self.named and self.rule.moved_count:
            size += count - stay
        return size

    def limit(self, stay: int, count: int) -> int:
        """How many may have the band when so many stay."""
        edge = self.rule.at_most
        if edge.unit != "%":
            return floor(edge.amount)
        exact = Fraction(edge.amount) * self.size(stay, count) / 100
        if self.rule.whole == "gần nhất":
            return floor(exact + Fraction(1, 2))
        return ceil(exact) if self.rule.whole == "lên" else floor(exact)

    def words(self, places: int, stay: int, count: int) -> str:
        """How many places there are, and how that was counted."""
        if self.rule.at_most.unit != "%":
            return f"nhiều nhất {self.rule.at_most}"
        moved = ""
        if self.named and self.lower in self.named:
            moved = ", kể cả đơn vị bị chuyển xuống" if self.rule.moved_count else ", không kể đơn vị bị chuyển xuống"
        later = f"; còn {self.open} đơn vị chưa xác định" if self.open else ""
        size = vi.number(self.size(stay, count))
        return f"{places} suất = {self.rule.at_most} của {size} ({self.what}{moved}), làm tròn {self.rule.whole}{later}"
