"""cap: a rating held down or set, for a reason that is no matter of points (khống chế). One rule, one unit, one reason."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from xeploai import vi
from xeploai.book.limits import Cap
from xeploai.book.rulebook import RuleBook
from xeploai.model import Scores, ScoreSheet
from xeploai.steps.facts import is_blank
from xeploai.steps.heads import is_deputy
from xeploai.steps.looks import Looks


class Capped(NamedTuple):
    """The band that is left, and why; `unrated`: the unit is not to be rated at all."""

    band: str | None
    words: str
    unrated: bool = False


class _Reason(NamedTuple):
    """Whether a cap's reason is there (None: cannot be known), in words."""

    there: bool | None
    words: str = ""


def judge(
    rule: Cap, book: RuleBook, sheet: ScoreSheet, scores: Scores, looks: Looks, position: int, band: str | None
) -> Capped | None:
    """What this cap makes of a unit's band; None where it says nothing of this unit.

    Where the reason cannot be known, for a fact is missing, and the cap would change the band, the band is not determined.
    """
    kind = sheet.kinds[position] if sheet.kinds else ""
    if rule.applies_to and vi.key(kind) not in map(vi.key, rule.applies_to):
        return None
    if rule.kind == "người đứng đầu":
        return _by_unit(rule, book, looks, position, band) if rule.unit_band else None
    reason = _reason(rule, book, sheet, scores, looks, position)
    if reason.there is False:
        return None
    left = _left(rule, book, band)
    effect = f"khống chế «{rule.code}»"
    basis = f" ({rule.basis})" if rule.basis else ""
    if reason.there is None:
        if left == band:
            return None
        return Capped(None, f"chưa xác định: chưa biết có bị {effect} không: {reason.words}{basis}")
    words = f"{effect}: {reason.words}: {_effect_words(rule)}{basis}"
    if rule.not_rated:
        return Capped(None, words, unrated=True)
    return Capped(left, words if left != band else f"{words}; mức không đổi")


def _reason(rule: Cap, book: RuleBook, sheet: ScoreSheet, scores: Scores, looks: Looks, position: int) -> _Reason:
    if rule.kind == "điều kiện":
        verdicts = [condition.judge(looks.at(position)) for condition in rule.when]
        if any(verdict.held is False for verdict in verdicts):
            return _Reason(False)
        open_ones = [verdict.words for verdict in verdicts if verdict.held is None]
        if open_ones:
            return _Reason(None, "; ".join(open_ones))
        return _Reason(True, "; ".join(verdict.plain or verdict.words for verdict in verdicts))
    if rule.kind == "điểm liệt":
        return _low_criteria(rule, book, scores, position)
    block = sheet.block_of(position)
    columns = block.phases.get("tự chấm", {})
    if not columns or any(not is_blank(block.value(position, code, "tự chấm")) for code in columns):
        return _Reason(False)  # something stands there, be it readable or not; or this table asks nobody
    return _Reason(True, "không tự chấm điểm")


def _low_criteria(rule: Cap, book: RuleBook, scores: Scores, position: int) -> _Reason:
    low = []
    for criterion in book.by_level.get(vi.key(rule.level or book.level), ()):
        got, maxima = scores.points[criterion.code][position], scores.maxima.get(criterion.code)
        most = criterion.max_points if maxima is None else maxima[position]
        if got is None or not most:
            continue
        limit = Fraction(0)
        if rule.points:
            limit = Fraction(rule.points.amount) * (Fraction(most) / 100 if rule.points.unit == "%" else 1)
        if Fraction(got) <= limit:
            low.append(f"{criterion.code} {vi.number(got)} điểm")
    return _Reason(bool(low), ", ".join(low))


def _left(rule: Cap, book: RuleBook, band: str | None) -> str | None:
    """The band after the cap. Without a band there is nothing to hold down, but a set band holds."""
    if rule.band:
        return book.bands[book.band_place(rule.band) or 0].name
    if band is None or rule.not_rated:
        return None
    place = book.band_place(band)
    assert place is not None
    if rule.band_at_most:
        return book.bands[max(place, book.band_place(rule.band_at_most) or 0)].name
    return book.bands[min(place + (rule.lower_by or 0), len(book.bands) - 1)].name


def _effect_words(rule: Cap) -> str:
    if rule.not_rated:
        return "không xếp loại"
    if rule.band:
        return f"xếp {rule.band}"
    return f"không quá {rule.band_at_most}" if rule.band_at_most else f"hạ {rule.lower_by} mức"


def _by_unit(rule: Cap, book: RuleBook, looks: Looks, position: int, band: str | None) -> Capped | None:
    """A person who is rated in a sheet of persons, held down by the band of the unit that the person heads."""
    assert rule.unit_band
    units, heads = book.scales(rule)
    own = looks.at(position).fact(rule.unit_band)
    basis = f" ({rule.basis})" if rule.basis else ""
    title = looks.at(position).fact(rule.position) if rule.position else None
    if band is None or (isinstance(title, str) and is_deputy(title) and not rule.deputies):
        return None
    if not isinstance(own, str):
        return Capped(
            None, f"chưa xác định: chưa biết mức của đơn vị («{rule.unit_band}»), phải xếp loại đơn vị trước{basis}"
        )
    limit = limit_of(rule, book, own, units, heads)
    if limit is None:
        return None
    place, most = heads.index(band), next(at for at, head in enumerate(heads) if vi.key(head) == vi.key(limit))
    if place >= most:
        return None
    return Capped(
        heads[most], f"khống chế «{rule.code}»: đơn vị xếp loại {own} nên người đứng đầu không quá {heads[most]}{basis}"
    )


def limit_of(rule: Cap, book: RuleBook, unit_band: str, units: tuple[str, ...], heads: tuple[str, ...]) -> str | None:
    """The highest band that a head may have when the unit has this one; None: this cap sets no limit then."""
    if rule.not_above_unit:
        return book.head_of(unit_band, heads)
    places = {vi.key(each): place for place, each in enumerate(units)}
    low = places.get(vi.key(unit_band), -1) >= places[vi.key(rule.when_unit_at_most or "")]
    return rule.head_at_most if low else None
