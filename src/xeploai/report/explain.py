"""Pages for people who ask: what a code means and what to do; how a book was understood."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from xeploai import vi
from xeploai.book.check_kinds import PAGES as CHECK_PAGES
from xeploai.book.checks import Check
from xeploai.book.limits import Cap, Quota
from xeploai.book.load import load_book, shipped_books
from xeploai.book.parts import Part
from xeploai.book.rulebook import RuleBook
from xeploai.findings import CATALOGUE, Unusable
from xeploai.flags import PAGES as FLAG_PAGES
from xeploai.flags.base import Flag
from xeploai.scoring import PAGES as SCORING_PAGES

WIDTH = 100


def page(code: str, rules: str | None = None) -> str | None:
    """The page of one of our codes, of a flag of this (or any shipped) book, or of a kind of flag; None: nobody's code."""
    if rule := CATALOGUE.get(code.strip().upper()):
        return "\n".join([
            f"{rule.code} · {rule.title} ({rule.severity.vi})", "",
            *_paragraph(rule.meaning), "", "Câu báo:", *_paragraph(_spoken(rule.pattern), "    "), "", "Cách xử lý:",
            *_paragraph(_spoken(rule.remedy), "    "),
        ])  # fmt: skip
    found = [
        _flag_page(book, each) for book in _books(rules) for each in _own(book) if vi.fold(each.code) == vi.fold(code)
    ]
    found += (
        _limit_page(book, what, each)
        for book in _books(rules)
        for what, limits in (("khống chế", book.caps), ("hạn mức", book.quotas))
        for each in limits
        if vi.fold(each.code) == vi.fold(code)
    )
    if found:
        return "\n\n".join(found)
    pages = (*FLAG_PAGES.items(), *SCORING_PAGES.items(), *CHECK_PAGES.items())
    texts = [text.strip() for kind, text in pages if vi.fold(kind) == vi.fold(code)]
    return "\n\n".join(texts) or None


def _own(book: RuleBook) -> tuple[Flag | Check, ...]:
    return (*book.flags, *book.checks)


def _limit_page(book: RuleBook, what: str, part: Cap | Quota) -> str:
    lines = [f"{part.code} · {what}, bộ «{book.title}» ({book.code})", ""]
    lines += _paragraph(f"Quy tắc: {part_words(part, ('mã', 'căn cứ'))}.")
    return "\n".join(
        [*lines, "", *_paragraph(f"Căn cứ: {part.basis or book.basis or 'bộ tiêu chí không ghi'}.".replace("..", "."))]
    )


def codes(rules: str | None = None) -> list[str]:
    """The codes of the flags, checks, caps and quotas of this (or any shipped) book."""
    found: list[str] = []
    for book in _books(rules):
        found += (*book.own_codes, *(cap.code for cap in book.caps), *(quota.code for quota in book.quotas))
    return found


_PLACES = {
    "unit": "đơn vị", "criterion": "tiêu chí", "seen": "giá trị", "cell": "ô", "sheet": "trang", "file": "tệp", "count": "số",
    "most": "điểm tối đa", "year": "năm", "reason": "lý do", "book": "bộ", "place": "dòng", "message": "nội dung",
    "cells": "các ô", "units": "các đơn vị", "what": "cái gì", "code": "mã bộ", "sum": "tổng", "name": "tên",
    "kind": "loại tệp", "found": "đã thấy gì", "criteria": "các tiêu chí", "first": "cái thứ nhất", "second": "cái thứ hai",
    "columns": "các cột", "places": "các chỗ", "done": "đã làm gì", "rows": "các hàng", "row": "hàng",
    "phases": "các loại điểm", "phase": "loại điểm", "sheets": "các trang",
    "small": "số nhỏ", "large": "số lớn", "serial": "số", "exact": "số đúng", "band": "mức",
    "rounded": "số làm tròn", "other": "cái kia", "later": "năm sau", "years": "các năm", "codes": "các mã",
    "kinds": "các loại", "need": "cần gì", "where": "", "open": "đơn vị thiếu số liệu",
    "items": "các khoản", "taken": "lấy gì", "group": "nhóm",
    "left": "số suất", "head": "người", "proposed": "mức đề xuất", "part": "số liệu", "document": "văn bản",
    "evidence": "dấu hiệu", "examples": "ví dụ", "value": "giá trị ghi trong ô",
    "fields": "các trường", "known": "các trường dùng được",
    "hint": "gợi ý", "published": "mức công bố", "computed": "mức tính lại",
}  # fmt: skip


def _spoken(pattern: str) -> str:
    """The pattern of a sentence with its blanks in words: "‹đơn vị›: ‹tiêu chí› để trống (ô ‹ô›)"."""
    spoken = re.sub(r"(?<!\{)\{(\w+)\}(?!\})", lambda found: f"‹{_PLACES.get(found[1], '…')}›", pattern)
    return spoken.replace("{{", "{").replace("}}", "}")


def _books(rules: str | None) -> Iterable[RuleBook]:
    if rules:
        yield load_book(rules).book
        return
    for code in shipped_books():
        try:
            yield load_book(code).book
        except Unusable:
            continue  # a broken shipped book is `rules check`'s business


def _flag_page(book: RuleBook, flag: Flag | Check) -> str:
    lines = [f"{flag.code} · {flag.kind} ({flag.level_of_concern}), bộ «{book.title}» ({book.code})", ""]
    lines += _paragraph(f"Quy tắc: {rule_words(flag)}.")
    if flag.duty:
        lines += ["", *_paragraph(f"Phải làm: {flag.duty}.".replace("..", "."))]
    lines += ["", *_paragraph(f"Căn cứ: {flag.basis or book.basis or 'bộ tiêu chí không ghi'}.".replace("..", "."))]
    if book.illustrative:
        lines += ["", "Bộ này dùng số minh hoạ: chưa có văn bản xác nhận."]
    page_of_kind = (FLAG_PAGES if isinstance(flag, Flag) else CHECK_PAGES)[flag.kind]
    return "\n".join([*lines, "", f"Về loại «{flag.kind}»:", "", page_of_kind.strip()])


def rule_words(flag: Flag | Check) -> str:
    """The flag's own fields as they stand in the book: "cấp tiêu chí, không quá 9 điểm"."""
    shared = [info.alias or "" for info in (Flag if isinstance(flag, Flag) else Check).model_fields.values()]
    return part_words(flag, shared) or "không có tham số"


def _paragraph(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def book_page(book: RuleBook) -> str:
    """The book as understood, for a person to compare with the decision."""
    lines = [book.title, f"mã {book.code}" + (f" · {book.years}" if book.years else "")]
    if book.basis:
        lines.append(f"căn cứ: {book.basis}")
    if book.illustrative:
        lines.append("SỐ MINH HOẠ: chưa có văn bản xác nhận")
    lines += ["", f"Tiêu chí (tổng {vi.number(book.max_points)} điểm; «mọi tiêu chí» nói về cấp «{book.level}»)"]
    for root in book.criteria:
        for depth, node in root.walk():
            lines.append(f"  {'   ' * depth}{node.code}  {node.name}: {vi.number(node.max_points)}")
    lines += ["", "Xếp loại"]
    for band in book.bands:
        rule = f"phần tư thứ {band.quarter} của bảng xếp hạng" if band.quarter else str(band)
        lines.append(f"  {band.name}: {rule}")
    if book.titles:
        lines += ["", "Danh hiệu"]
        for title in book.titles:
            conditions = [f"xếp loại {title.band_at_least} trở lên"] if title.band_at_least else []
            if any(title.every.edges()):
                conditions.append(f"mọi {title.level or book.level} {title.every}")
            lines.append(f"  {title.name}: {'; '.join(conditions) or 'không có điều kiện'}")
    if book.flags:
        lines += ["", "Cảnh báo"]
        for flag in book.flags:
            lines.append(f"  {flag.code} ({flag.kind}): {rule_words(flag)}")
            if flag.duty:
                lines.append(f"      phải làm: {flag.duty}")
    for heading, lines_of in (("Khống chế, theo thứ tự", _cap_lines), ("Hạn mức", _quota_lines)):
        if found := list(lines_of(book)):
            lines += ["", heading, *found]
    return "\n".join(lines)


def _cap_lines(book: RuleBook) -> Iterator[str]:
    for cap in book.caps:
        yield f"  {cap.code} ({cap.kind}): {part_words(cap, ('mã', 'loại', 'căn cứ'))}"


def _quota_lines(book: RuleBook) -> Iterator[str]:
    for quota in book.quotas:
        yield f"  {quota.code}: {part_words(quota, ('mã', 'căn cứ'))}"


def part_words(part: Part, without: Sequence[str] = ()) -> str:
    """A part's own fields as they stand in the book, but for some."""
    words = []
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        if info.alias not in without and value not in (None, False, "", ()):
            words.append(f"{info.alias} {_shown(value)}")
    return ", ".join(words)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value))
    if isinstance(value, Part):
        return part_words(value)
    return "có" if value is True else vi.number(value) if isinstance(value, Decimal) else str(value)
