"""facts: what stands in a fact's cell → the fact, or why it is none. A blank is missing, never 0 and never "no"."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from xeploai import vi
from xeploai.model import CellError, Disputed, FactValue, Uncomputed, Value

if TYPE_CHECKING:
    from xeploai.book.facts import Fact

NOT_APPLICABLE = frozenset({"khong ap dung", "kad", "n a", "khong phat sinh", "khong duoc giao"})
"""The words by which a sheet says that a criterion does not apply to a unit."""

YES, NO = frozenset({"co", "x", "dung", "yes", "true"}), frozenset({"khong", "sai", "no", "false", "khong co"})
NEEDS = {
    "số": "một con số", "phần trăm": "một số phần trăm", "có/không": "«có» hoặc «không»", "chữ": "chữ", "mức": "mức xếp loại",
}  # fmt: skip


class Wrong(str):
    """What was seen where a fact of another kind is needed; `need` says which."""

    need: str = ""

    @classmethod
    def of(cls, seen: str, need: str) -> Wrong:
        """The complaint: seen, needed."""
        found = cls(seen)
        found.need = need
        return found


def is_not_applicable(value: Value) -> bool:
    """Whether a cell says that the criterion does not apply."""
    return isinstance(value, str) and vi.fold(value) in NOT_APPLICABLE


def is_blank(value: Value) -> bool:
    """Whether nothing stands there."""
    return value is None or (isinstance(value, str) and not vi.clean(value))


def fact_of(
    fact: Fact, value: Value, decimal_mark: str | None, bands: tuple[str, ...], *, as_percent: bool = False
) -> FactValue | Wrong:
    """The fact in a cell; None where there is none, or two places disagree; Wrong where it is of another kind.

    `as_percent`: the sheet shows the number as a percent, 0.95 as 95 %. Then 95 % is what was entered.
    """
    if isinstance(value, Disputed):
        return None
    if is_blank(value):
        if fact.blank is None:
            return None
        value = fact.blank
    if isinstance(value, CellError):
        return Wrong.of(f"ô lỗi {value}", NEEDS[fact.kind])
    if isinstance(value, Uncomputed):
        return Wrong.of(f"{value} chưa có kết quả", NEEDS[fact.kind])
    if isinstance(value, datetime | date | time | timedelta):
        return Wrong.of("ngày giờ", NEEDS[fact.kind])
    if as_percent and isinstance(value, float | int) and not isinstance(value, bool):
        return _percent(fact, vi.from_float(float(value)).scaleb(2), bands)
    if fact.kind == "có/không":
        return _yes(value)
    if fact.kind in ("chữ", "mức"):
        return _word(fact, value, bands)
    return _number(fact, value, decimal_mark)


def number_of(value: Value, decimal_mark: str | None) -> Decimal | None:
    """The exact number in a cell, typed as a number or as a text; None where there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float | int):
        return vi.from_float(float(value))
    found = vi.read_number(value, decimal_mark) if isinstance(value, str) else vi.NoNumber.TEXT
    return None if isinstance(found, vi.NoNumber) else found


def _readings(text: str) -> set[Decimal]:
    """What a number typed as text may be: a count of 12,345 people may be written in the English way, too."""
    read = (vi.read_number(text, mark) for mark in ("phẩy", "chấm"))
    return {number for number in read if not isinstance(number, vi.NoNumber)}


def _yes(value: Value) -> bool | Wrong:
    if isinstance(value, bool):
        return value
    folded = vi.fold(value) if isinstance(value, str) else "1" if value == 1 else "0" if value == 0 else ""
    if folded in YES or folded == "1":
        return True
    if folded in NO or folded == "0":
        return False
    return Wrong.of(_shown(value), NEEDS["có/không"])


def _word(fact: Fact, value: Value, bands: tuple[str, ...]) -> str | Wrong:
    if isinstance(value, bool):
        return Wrong.of(_shown(value), NEEDS[fact.kind])
    text = vi.clean(value) if isinstance(value, str) else _shown(value)
    allowed = fact.values or (bands if fact.kind == "mức" else ())
    if not allowed:
        return text
    known = {vi.key(word): word for word in allowed}
    if found := known.get(vi.key(text)):
        return found
    near = vi.nearest(text, allowed)
    hint = f"; có phải «{near}»?" if near else ""
    return Wrong.of(vi.shown(text), f"một trong: {', '.join(allowed)}{hint}")


def _number(fact: Fact, value: Value, decimal_mark: str | None) -> Decimal | Wrong:
    need = NEEDS[fact.kind]
    signed = isinstance(value, str) and vi.clean(value).endswith("%")
    bare = vi.clean(str(value)).rstrip("%").strip() if signed else value
    number = number_of(bare, decimal_mark)
    read = _readings(bare) if isinstance(bare, str) and not decimal_mark else set()
    if len(read) > 1 and ((fact.kind == "số" and not signed) or number is None):
        small, large = (vi.number(each) for each in sorted(read, key=abs))
        if fact.kind == "phần trăm":
            small, large = f"{small}%", f"{large}%"
        doubt = f"rõ ràng: có thể là {small} hoặc {large}; gõ lại thành số hoặc khai «dấu thập phân» trong bộ"
        return Wrong.of(_shown(value), doubt)
    if number is None:
        return Wrong.of(_shown(value), need)
    if fact.kind == "số":
        return Wrong.of(_shown(value), f"{need}, không phải phần trăm") if signed else number
    if signed or number == 0 or fact.written == "95":
        return number
    if fact.written == "0,95":
        return number.scaleb(2)
    if 0 < abs(number) <= 1:
        shown = vi.number(number)
        doubt = (
            f"rõ ràng: {shown} có thể là {shown}% hoặc {vi.number(number.scaleb(2))}%; khai «phần trăm ghi là» trong bộ"
        )
        return Wrong.of(_shown(value), doubt)
    return number


def _percent(fact: Fact, percent: Decimal, bands: tuple[str, ...]) -> FactValue | Wrong:
    shown = f"{vi.number(percent)}%"
    if fact.kind == "phần trăm":
        return percent
    if fact.kind in ("chữ", "mức"):
        return _word(fact, shown, bands)
    if not percent:
        return percent if fact.kind == "số" else False
    return Wrong.of(shown, f"{NEEDS[fact.kind]}, không phải phần trăm")


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return vi.number(vi.from_float(float(value)))
    return vi.shown(str(value))
