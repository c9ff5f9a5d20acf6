"""Help in Vietnamese: Typer speaks English, and answers before anything heavy is imported."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

_WORDS = (
    ("Usage:", "Cách dùng:"),
    ("Options:", "Tuỳ chọn:"),
    ("Commands:", "Các lệnh:"),
    ("Arguments:", "Tham số:"),
    ("Show this message and exit.", "Xem hướng dẫn này."),
    ("[OPTIONS]", "[TUỲ CHỌN]"),
    ("COMMAND [ARGS]...", "LỆNH …"),
    ("[required]", "[bắt buộc]"),
    ("[default:", "[mặc định:"),
    ("x>=", "≥ "),
)


def _translated(text: str) -> str:
    for english, vietnamese in _WORDS:
        text = text.replace(english, vietnamese)
    text = re.sub(r"\{([\w|]+)\}(\.\.\.)?|(?<= )(\w+)\.\.\.(?=\n)", _metavar, text)  # «{TỆP}...» of the usage line
    text = re.sub(r"\[(\d+)<=x<=(\d+)\]", r"[từ \1 đến \2]", text)
    return re.sub(r"^(  [\w|]+)( <[\w\[\]]+>)", lambda found: found[1] + " " * len(found[2]), text, flags=re.M)


def _metavar(found: re.Match[str]) -> str:
    return f"{found[1] or found[3]}{' …' if found[2] or found[3] else ''}"


class Command(TyperCommand):
    """A command whose help is in Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help is in Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))
