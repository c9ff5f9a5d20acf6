"""Is this a Vietnamese syllable? What tells a text that was decoded rightly from one that was not.

    Nghèo = ng(h) + eo + huyền     a syllable: onset, rhyme, at most one tone
    Bỡnh  = b + ơnh + ngã          none: there is no rhyme «ơnh»
    Hôc   = h + ôc, no tone        none: before c, ch, p, t stands sắc or nặng

The shape only, no dictionary. A little wider than the school's: names of the highlands (Krông, Đắk, Pleiku's Pl-) count.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền sắc ngã hỏi nặng
_ONSETS = "ngh|ng|nh|n|gh|gi|g|kh|kr|kl|k|ch|c|th|tr|t|ph|pl|pr|p|qu|bl|br|b|dr|d|đr|đ|h|l|m|r|s|v|x|"  # the last: none
# Vowel → what may end it; a list that begins with a blank: also nothing.
_RHYMES = {
    "a": " c ch i k m n ng nh o p t u y",
    "ă": "c k m n ng p t",
    "â": "c m n ng p t u y",
    "e": " c k m n ng o p t",
    "ê": " ch k m n ng nh p t u",
    "i": " a ch k m n nh p t u",
    "iê": "c k m n ng p t u",
    "o": " c i k m n ng p t",
    "oa": " c ch i m n ng nh o p t y",
    "oă": "c m n ng t",
    "oe": " n o t",
    "oo": "c ng",
    "ô": " c i k m n ng p t",
    "ơ": " i m n p t",
    "u": " a c i k m n ng p t",
    "uâ": "n ng t y",
    "uê": " ch n nh",
    "uô": "c i m n ng t",
    "uơ": "",
    "uy": " a ch n nh p t u",
    "uyê": "n t",
    "ư": " a c i k m n ng t u",
    "ươ": "c i m n ng p t u",
    "y": " ",
    "yê": "m n ng t u",
}
_CLOSED = ("c", "ch", "p", "t")
_RHYME = frozenset(vowel + end for vowel, ends in _RHYMES.items() for end in ends.split(" "))
_TONED = re.compile(f"[aeiouy][\u0302\u0306\u031b]*[{_TONES}]")  # a vowel (â ă ơ …) and its tone, NFD
_SPLIT = re.compile(rf"({_ONSETS})(.+)")


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Whether a word has the shape of one Vietnamese syllable, in small or capital letters, NFC or NFD."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in apart if char in _TONES]
    if len(tones) > 1 or len(tones) != len(_TONED.findall(apart)):
        return False
    bare = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES))
    return any(_fits(onset, rhyme, *tones) for onset, rhyme in _cuts(bare))


def _cuts(bare: str) -> list[tuple[str, str]]:
    """Every way to cut a word into onset and rhyme: «gìn» is g-in, «giêng» is gi-êng."""
    found = _SPLIT.fullmatch(bare)
    if not found:
        return [("g", "i")] if bare == "gi" else []
    onset, rhyme = found.groups()
    cuts = [(onset, rhyme)]
    if onset == "gi":
        cuts.append(("g", "i" + rhyme))
    elif onset == "qu":
        cuts = [("q", "u" + rhyme), ("qu", rhyme)]
    return cuts


def _fits(onset: str, rhyme: str, tone: str = "") -> bool:
    if rhyme not in _RHYME or (rhyme.endswith(_CLOSED) and tone not in ("\u0301", "\u0323")):
        return False
    narrow = rhyme[0] in "eêiy"
    if onset in ("k", "gh", "ngh"):
        return narrow or onset == "k"  # Kon, Ka: names of the highlands
    if onset in ("c", "ng"):
        return not narrow
    if onset == "g":
        return not narrow or rhyme[0] == "i"
    return True
