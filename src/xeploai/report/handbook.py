"""The tables of rules/README.md, printed from the docstrings and the fields of the book's own parts."""

from __future__ import annotations

from collections.abc import Iterator

from xeploai.book.bands import Band, OldBand, Title
from xeploai.book.check_kinds import KINDS as CHECKS
from xeploai.book.checks import Check
from xeploai.book.criteria import Criterion
from xeploai.book.extras import Extra
from xeploai.book.facts import Condition, Fact
from xeploai.book.limits import Cap, Equivalent, Official, PhaseShare, Quota, Ranking
from xeploai.book.parts import Example, Kinds, Part, Rounding
from xeploai.book.rulebook import RuleBook, Templates
from xeploai.flags import KINDS as FLAGS
from xeploai.flags.base import Flag
from xeploai.scoring import KINDS as SCORINGS

SECTIONS: tuple[tuple[str, type[Part]], ...] = (
    ("Cả bộ", RuleBook),
    ("Mỗi số liệu (`số liệu`)", Fact),
    ("Mỗi tiêu chí (`tiêu chí`, `gồm`)", Criterion),
    ("Điểm tối đa từng loại điểm (`theo giai đoạn`)", PhaseShare),
    ("Điểm chính thức (`điểm chính thức`)", Official),
    ("Thưởng, phạt (`điểm thưởng`, `điểm phạt`)", Extra),
    ("Mỗi điều kiện (`điều kiện`, `khi`)", Condition),
    ("Mỗi mức (`xếp loại`)", Band),
    ("Mỗi danh hiệu (`danh hiệu`)", Title),
    ("Làm tròn (`làm tròn`)", Rounding),
    ("Mỗi mức cũ (`thang cũ`)", OldBand),
    ("Mỗi khống chế (`khống chế`)", Cap),
    ("Hai thang tương đương (`tương đương`)", Equivalent),
    ("Mỗi hạn mức (`hạn mức`)", Quota),
    ("Xếp hạng (`xếp hạng`)", Ranking),
    ("Mẫu văn bản (`mẫu văn bản`)", Templates),
    ("Mỗi ví dụ (`ví dụ`)", Example),
    ("Mỗi cảnh báo (`cảnh báo`): phần chung", Flag),
    ("Mỗi kiểm tra (`kiểm tra số liệu`): phần chung", Check),
)


def handbook() -> str:
    """Markdown: every key of every part, then the page of every kind of flag, scoring and check."""
    return "\n".join([
        *_keys(),
        *_kinds("Các loại cảnh báo", FLAGS),
        *_kinds("Các cách chấm", SCORINGS),
        *_kinds("Các loại kiểm tra số liệu", CHECKS),
    ])  # fmt: skip


def _keys() -> Iterator[str]:
    yield "## Từ khoá"
    for title, model in SECTIONS:
        yield from ("", f"### {title}", "", "| từ khoá | bắt buộc | ý nghĩa |", "|---|---|---|")
        yield from _rows(model)


def _rows(model: type[Part], without: frozenset[str] = frozenset()) -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name not in without:
            yield f"| `{info.alias}` | {'có' if info.is_required() else ''} | {info.description or ''} |"


def _kinds(title: str, kinds: Kinds) -> Iterator[str]:
    shared = frozenset({*Flag.model_fields, *Check.model_fields, "kind"})
    yield from ("", f"## {title}")
    for kind, page in kinds.pages.items():
        yield from ("", f"### `{kind}`", "", page.strip())
        rows = list(_rows(kinds[kind], shared))
        if rows:
            yield from ("", "| từ khoá riêng | bắt buộc | ý nghĩa |", "|---|---|---|", *rows)
