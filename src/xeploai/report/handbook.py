"""The tables of rules/README.md, printed from the docstrings and the fields of the book's own parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from xeploai.book.criteria import Criterion
from xeploai.book.parts import Band, Cap, Example, OldBand, Part, Rounding, Title
from xeploai.book.rulebook import RuleBook
from xeploai.flags import PAGES as FLAG_PAGES
from xeploai.flags import AnyFlag
from xeploai.flags.base import Flag
from xeploai.scoring import PAGES as SCORING_PAGES

SECTIONS: tuple[tuple[str, type[Part]], ...] = (
    ("Cả bộ", RuleBook),
    ("Mỗi tiêu chí (`tiêu chí`, `gồm`)", Criterion),
    ("Mỗi mức (`xếp loại`)", Band),
    ("Mỗi danh hiệu (`danh hiệu`)", Title),
    ("Làm tròn (`làm tròn`)", Rounding),
    ("Mỗi mức cũ (`thang cũ`)", OldBand),
    ("Mỗi khống chế (`khống chế`): mới có lược đồ", Cap),
    ("Mỗi ví dụ (`ví dụ`)", Example),
    ("Mỗi cảnh báo (`cảnh báo`): phần chung", Flag),
)


def handbook() -> str:
    """Markdown: every key of every part, then the page of every kind of flag and scoring."""
    return "\n".join([*_keys(), *_kinds("Các loại cảnh báo", FLAG_PAGES), *_kinds("Các cách chấm", SCORING_PAGES)])


def _keys() -> Iterator[str]:
    yield "## Từ khoá"
    for title, model in SECTIONS:
        yield from ("", f"### {title}", "", "| từ khoá | bắt buộc | ý nghĩa |", "|---|---|---|")
        yield from _rows(model)


def _rows(model: type[Part], without: frozenset[str] = frozenset()) -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name not in without:
            yield f"| `{info.alias}` | {'có' if info.is_required() else ''} | {info.description or ''} |"


def _kinds(title: str, pages: dict[str, str]) -> Iterator[str]:
    shared = frozenset(Flag.model_fields)
    models = {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(AnyFlag)}
    yield from ("", f"## {title}")
    for kind, page in pages.items():
        yield from ("", f"### `{kind}`", "", page.strip())
        if kind in models:
            yield from ("", "| từ khoá riêng | bắt buộc | ý nghĩa |", "|---|---|---|")
            yield from _rows(models[kind], shared)
