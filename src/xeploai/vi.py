"""Vietnamese words and numbers: the ground floor, which every other room stands on.

Three ways of looking at a text, from the gentlest to the roughest:

    clean("Xã  Hoà Bình\\n")   → "Xã Hoà Bình"     what is shown: NFC, one kind of space
    key("Xã  Hoà Bình\\n")     → "xã hòa bình"     what is compared: also small letters, one placement of tone marks
    fold("Điểm tối đa")        → "diem toi da"     what is recognised: words of our own forms only, never a unit's name

Accents are never folded away to match a unit: Mường Lan and Mường Lạn are two places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, localcontext
from enum import Enum
from fractions import Fraction
from functools import lru_cache

Exact = Decimal | Fraction | int
"""A number that is what it says: no binary fraction comes further than the reader."""

EXACT = Context(prec=80, traps=[InvalidOperation, Inexact])
"""Sums and products of 15-digit numbers fit into 80 digits; anything that would not is a bug and must be heard."""

# ------------------------------------------------------------------------------------------------ text

_SPACES = re.compile(r"[\s\u00a0\u200b\u2000-\u200a\u202f\u3000\ufeff]+")
_UNSEEN = re.compile("[\u034f\u200c-\u200f\u2060-\u2064]")  # joiners and directions: no width, no meaning here
_FULL_WIDTH = {
    chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)
}  # ９, （, ％: typed with an East Asian keyboard
_LOOK_ALIKES = str.maketrans(
    _FULL_WIDTH
    | {
        "\u00d0": "\u0110",  # Ð (Icelandic eth) typed for Đ
        "\u00f0": "\u0111",
        "\u0189": "\u0110",  # Ɖ
        "\u0256": "\u0111",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
    }
)
_SOFT_HYPHEN = "\u00ad"
"""Left where it is shown, and in a number: unseen here, a dash there, and the letter ư of TCVN3 (steps.legacy)."""
# New placement of the tone mark → old placement, at the end of a syllable: hoà → hòa, thuý → thúy.
_TONES = dict(
    pair.split()
    for pair in (
        "oà òa", "oá óa", "oả ỏa", "oã õa", "oạ ọa",
        "oè òe", "oé óe", "oẻ ỏe", "oẽ õe", "oẹ ọe",
        "uỳ ùy", "uý úy", "uỷ ủy", "uỹ ũy", "uỵ ụy",
    )
)  # fmt: skip
_NEW_TONE = re.compile(rf"(?:{'|'.join(_TONES)})\b")


@lru_cache(maxsize=1 << 16)
def clean(text: str) -> str:
    """The text as it is shown: NFC, every run of spaces and line breaks one space, none at the ends, nothing unseen."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=1 << 16)
def key(text: str) -> str:
    """The text as it is compared: clean, small letters, look-alikes and tone-mark placement made one."""
    small = clean(text.translate(_LOOK_ALIKES).replace(_SOFT_HYPHEN, "")).lower()
    return _NEW_TONE.sub(lambda found: _TONES[found.group()], small)


@lru_cache(maxsize=1 << 14)
def letters(text: str) -> str:
    """The letters and digits of a heading, accents kept: "Kinh tế -\\nxã hội (*)" and "kinh tế, xã hội" are one."""
    return "".join(char for char in key(text) if char.isalnum())


@lru_cache(maxsize=1 << 14)
def code_key(text: str) -> str:
    """A code as it is compared: "TC 1.1." and "tc1.1" are one, "TC11" is another."""
    return key(text).replace(" ", "").replace("_", "").strip(".:)")


def bare_code(code: str) -> str:
    """A code of digits without the zeros in front, which Excel drops from a number: "05" and "5" may be one."""
    return code.lstrip("0") if code.isascii() and code.isdigit() else code


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """The bare words: small ASCII letters and digits, one space between. For the fixed words of forms and books."""
    spread = unicodedata.normalize("NFD", key(text)).replace("đ", "d")
    spread = "".join(char for char in spread if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spread).split())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None: first without accents, then by likeness."""
    from difflib import get_close_matches

    by_fold = {fold(each): each for each in known}
    close = get_close_matches(fold(word), list(by_fold), n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: "a", "a và b", "a, b và c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} và {last}" if most else last


def shown(text: str, limit: int = 60) -> str:
    """A raw text inside a message: control characters made visible, cut at `limit` with "…"."""
    safe = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in clean(text))
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


# -------------------------------------------------------------------------------------- names of units

KINDS = {
    "xã": "xã", "x": "xã",
    "phường": "phường", "p": "phường",
    "thị trấn": "thị trấn", "tt": "thị trấn",
    "đặc khu": "đặc khu",
    "huyện": "huyện", "h": "huyện",
    "quận": "quận", "q": "quận",
    "thị xã": "thị xã", "tx": "thị xã",
    "thành phố": "thành phố", "tp": "thành phố",
    "tỉnh": "tỉnh", "t": "tỉnh",
    "sở": "sở", "ban": "ban", "chi cục": "chi cục",
    "cụm": "cụm", "khối": "khối", "vùng": "vùng", "khu vực": "khu vực", "miền": "miền",
}  # fmt: skip
"""Every way of writing a kind of unit → the kind."""

DISTRICT_KINDS = frozenset({"huyện", "quận", "thị xã", "thành phố", "cụm", "khối", "vùng", "khu vực", "miền"})
COMMUNE_KINDS = frozenset({"xã", "phường", "thị trấn", "đặc khu"})

# A section of a sheet (Cụm 1, Vùng II, Miền núi, Khối thi đua số 3) or an agency (Ban Dân tộc); but Miền Đồi, Ban Công and
# Sở Dầu are communes, written without "xã". One syllable behind such a word makes a name, unless it numbers or describes.
_DOUBTFUL = ("sở", "ban", "cụm", "khối", "vùng", "miền")
_TELLING = r"(?=\s+(?:\S+\s+\S|\d|\w$|[ivx]+$|(?:núi|xuôi|biển|cao|thấp|bắc|trung|nam|đảng|xã|huyện)$))"
_SHORT = ("tt", "tx", "tp", "x", "p", "h", "q", "t")
_LONG = sorted((word for word in KINDS if word not in _SHORT), key=len, reverse=True)
_SURE = "|".join(word for word in _LONG if word not in _DOUBTFUL)
_KIND = re.compile(
    rf"^(?:(?:ubnd|ủy ban nhân dân)\s+)?(?:({_SURE}|(?:{'|'.join(_DOUBTFUL)}){_TELLING})\s+"
    rf"|({'|'.join(_SHORT)})(?:\.\s*|\s+(?=\D)))"
)


_FOOTNOTE = re.compile(r"\s*(?:\(\*+\)|\*+|[¹²³⁴⁵])$")  # "Xã A (*)": the mark of a remark is no part of the name


@lru_cache(maxsize=1 << 16)
def split_kind(name: str) -> tuple[str, str]:
    """("xã", "mường lan") of "Xã Mường Lan", "X. Mường Lan"; ("", name's key) where the name tells no kind."""
    whole = _FOOTNOTE.sub("", key(name))
    found = _KIND.match(whole)
    if not found or not whole[found.end() :]:
        return "", whole
    return KINDS[found.group(1) or found.group(2)], whole[found.end() :]


# ---------------------------------------------------------------------------------------------- numbers


class NoNumber(Enum):
    """Why a text is not taken for a number."""

    TEXT = "chữ"
    AMBIGUOUS = "mơ hồ"


_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ .,]\d{3})+")


def read_number(text: str, decimal_mark: str | None = None) -> Decimal | NoNumber:
    """The number that a person typed as text, or why there is none.

    "9,5" and "９，５" → 9.5 · "1.234,5" → 1234.5 · ".34" → 0.34 · "1.234" → AMBIGUOUS (1,234 or 1234: nobody may guess),
    unless `decimal_mark` (`phẩy` or `chấm`, from the book) decides. More than 15 digits are more than Excel holds: TEXT.
    """
    bare = clean(text.translate(_LOOK_ALIKES))
    sign, digits = ("-", bare[1:].strip()) if bare[:1] == "-" else ("", bare[1:] if bare[:1] == "+" else bare)
    if not digits or any(char not in "0123456789., " for char in digits) or sum(map(str.isdigit, digits)) > 15:
        return NoNumber.TEXT
    plain = _plain(digits, decimal_mark)
    return plain if isinstance(plain, NoNumber) else Decimal(sign + plain)


def _plain(digits: str, decimal_mark: str | None) -> str | NoNumber:
    comma, dot, space = digits.count(","), digits.count("."), " " in digits
    if decimal_mark:
        mark, other = (",", ".") if decimal_mark == "phẩy" else (".", ",")
    elif comma == 1 and dot != 1:
        mark, other = ",", "."
    elif comma == 1:
        mark, other = (",", ".") if digits.index(".") < digits.index(",") else (".", ",")
    elif dot == 1 and comma == 0:
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):
            return NoNumber.AMBIGUOUS
        mark, other = ".", ","
    else:
        mark, other = (".", ",") if comma > 1 else (",", ".")
    whole, _, part = digits.partition(mark)
    if mark in part or other in part or " " in part or (not part and mark in digits):
        return NoNumber.TEXT
    if other in whole or space:
        if not _GROUPED.fullmatch(whole) or len({char for char in whole if not char.isdigit()}) > 1:
            return NoNumber.TEXT
        whole = re.sub(r"\D", "", whole)
    if not (whole or part):
        return NoNumber.TEXT
    return f"{whole or '0'}.{part}" if part else whole


@lru_cache(maxsize=1 << 16)
def from_float(value: float) -> Decimal:
    """The number that Excel shows: the 15 digits that it holds itself, so a computed 8.999999999999998 is 9."""
    return Decimal(format(value, ".15g"))


def finite(value: Exact) -> Decimal | None:
    """The value as a decimal that ends, or None where it never ends (1/3), or only after more digits than `EXACT` has."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = value.numerator * 10**places // value.denominator
    if abs(digits) >= 10**EXACT.prec:
        return None
    with localcontext(EXACT):
        return Decimal(digits).scaleb(-places)


def fraction(value: Exact) -> Fraction:
    """The same number as a fraction."""
    return Fraction(value)


def ended(value: Exact) -> Exact:
    """The same number as a decimal where that ends, else as a fraction: Python adds no Decimal to a Fraction."""
    decimal = finite(value)
    return value if decimal is None else decimal


def added(values: Iterable[Exact]) -> Exact:
    """The exact sum of decimals and fractions."""
    return ended(sum((Fraction(value) for value in values), Fraction(0)))


def exact(value: Exact) -> str:
    """The exact number for programs: "83.5"; "2086/23" where a decimal would never end."""
    decimal = finite(value)
    return str(value) if decimal is None else _plainly(decimal)


@lru_cache(maxsize=1 << 16)
def number(value: Exact, places: int = 2) -> str:
    """The number as an official writes it: "9,5". Whole if it ends within 6 places, else rounded half up to `places`."""
    decimal = finite(value)
    if decimal is None or _places(decimal) > max(6, places):
        decimal = rounded(value, places)
    return _plainly(decimal).replace(".", ",")


def apart(*values: Exact) -> tuple[str, ...]:
    """The numbers of one sentence: each as `number` writes it, with more places where two that differ would look alike."""
    places = 2
    while True:
        words = tuple(number(value, places) for value in values)
        if len(set(words)) == len(set(values)) or places > 15:
            return words
        places += 1


@lru_cache(maxsize=1 << 16)
def percent(value: Exact) -> str:
    """ "56,17%": at most two places, half up."""
    return _plainly(rounded(value, 2)).replace(".", ",") + "%"


@lru_cache(maxsize=1 << 16)
def rounded(value: Exact, places: int) -> Decimal:
    """Rounded half up, away from zero, as people do on paper."""
    step = Decimal(1).scaleb(-places)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**places
        whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
        return Decimal(whole if value >= 0 else -whole).scaleb(-places)
    with localcontext(Context(prec=80)):
        return Decimal(value).quantize(step, rounding=ROUND_HALF_UP)


def _places(value: Decimal) -> int:
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plainly(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if value else "0"
