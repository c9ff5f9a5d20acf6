"""The letters of the time before Unicode: TCVN3 (ABC, the .Vn… fonts) and VNI-Windows, as Excel hands them on today.

The bytes of those fonts arrive as if they were Western letters: «Xã Hòa Bình» is «X· Hßa B×nh» in TCVN3 and «Xaõ Hoøa Bình»
in VNI. TCVN3 has one byte for each letter; the letter ư is U+00AD, which cleaners take for a soft hyphen: convert first.
VNI writes a mark behind its vowel.

    X · _ H ß a        X ã _ H ò a         a õ → ã,  ô ø → ờ,  ñ → đ

Through files of the code page 1258 (Excel 95) some bytes become other letters first (0xCC is a combining grave);
`western` takes that back. Tables: TCVN 5712:1993 (VN3) as glibc's TCVN5712-1 has it, and VNI-Windows.
"""

from __future__ import annotations

import re
import unicodedata

TCVN3 = dict(
    zip(
        map(chr, range(0xA1, 0x100)),
        "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ",
        strict=True,
    )
)
"""What stands in the file → the letter; five are bare marks (huyền, hỏi, ngã, sắc, nặng)."""

_TCVN3_BACK = {letter: code for code, letter in TCVN3.items()}
_MARKS = "°±²³´"  # the five bare marks: no keyboard gave them, and «km²» has one, so they stay what they look like
_FROM_TCVN3 = str.maketrans({code: letter for code, letter in TCVN3.items() if code not in _MARKS})
_TO_TCVN3 = str.maketrans({letter: code for letter, code in _TCVN3_BACK.items() if code not in _MARKS})

_VNI = {
    "a": "ùáøàûảõãïạââáấàầåẩãẫäậêăéắèằúẳüẵëặ",
    "e": "ùéøèûẻõẽïẹâêáếàềåểãễäệ",
    "o": "ùóøòûỏõõïọâôáốàồåổãỗäộ",
    "ô": "ùớøờûởõỡïợ",
    "u": "ùúøùûủõũïụ",
    "ö": "ùứøừûửõữïự",
    "y": "ùýøỳûỷõỹ",
}
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
VNI = _ALONE | {vowel + marks[at]: marks[at + 1] for vowel, marks in _VNI.items() for at in range(0, len(marks), 2)}
"""Small letters: a vowel with its mark, or one alone → the letter."""

_IN_VNI = re.compile("|".join(sorted(VNI, key=len, reverse=True)), re.IGNORECASE)

# What the code page 1258 makes of a byte → what the Western page makes of it.
_WESTERN = str.maketrans(
    {letter: chr(code) for code in range(0xA1, 0x100) if (letter := bytes([code]).decode("cp1258")) != chr(code)}
)


def western(text: str) -> str:
    """The same bytes, read by the Western code page instead of 1258."""
    return text.translate(_WESTERN)


def from_tcvn3(text: str) -> str:
    """Every TCVN3 letter as the Unicode letter; one for one."""
    return text.translate(_FROM_TCVN3)


def to_tcvn3(text: str) -> str:
    """The way back; what TCVN3 does not have stays."""
    return unicodedata.normalize("NFC", text).translate(_TO_TCVN3)


def from_vni(text: str) -> str:
    """Every VNI letter as the Unicode letter; its case is the vowel's."""
    return _IN_VNI.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    letter = VNI[found[0].lower()]
    return letter.upper() if found[0][0].isupper() else letter
