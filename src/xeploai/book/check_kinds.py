"""Kinds of checks (kiểm tra số liệu): the list of them. The kinds themselves are loaded when a book first uses one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from xeploai.book.parts import Kinds, Part

if TYPE_CHECKING:
    from xeploai.book.checks import Check
else:
    Check = Part

KINDS = Kinds(
    "kiểm tra",
    {
        "cộng cột": "xeploai.book.checks:ColumnSum",
        "cộng hàng": "xeploai.book.checks:RowSum",
        "tỷ lệ": "xeploai.book.checks:Share",
        "chung mẫu số": "xeploai.book.checks:SharedTotal",
        "chuyển năm": "xeploai.book.checks:CarriedOver",
        "thay đổi": "xeploai.book.checks:Change",
        "không quá": "xeploai.book.checks:AtMost",
        "giữa các trang": "xeploai.book.checks:AcrossSheets",
    },
)
"""The word that a book uses → the kind."""

AnyCheck = Annotated[Check, KINDS]

PAGES = KINDS.pages
"""The word that a book uses → the officer's page about it."""
