"""What must hold between the parts of a book: sums, order, names that exist, limits that can be met.

pydantic checks each part by itself; `troubles` checks what only the whole can know. An official text that contradicts itself
is kept, and said, where the book names the clause (`sai lệch đã biết`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from xeploai import vi
from xeploai.book.bands import Band
from xeploai.book.criteria import Criterion
from xeploai.book.names import PHASES
from xeploai.book.parts import Edge, unknown
from xeploai.book.rulebook import RuleBook
from xeploai.flags.base import Flag

if TYPE_CHECKING:
    from xeploai.book.checks import Check
    from xeploai.book.extras import Extra
    from xeploai.book.facts import Condition
    from xeploai.book.limits import Cap, Quota

UNDETERMINED = "chưa xác định"
BY_PARENT, BY_KIND = ("huyện", "nhóm", "cụm", "khối", "vùng"), "loại đơn vị"
EXTRAS = (("điểm thưởng", "bonus"), ("điểm phạt", "penalty"))
_FACT = {"mã": "code", "tên": "name"}
_NEVER_KNOWN = frozenset({"theo", "tử số", "mẫu số", "số liệu", "trên tổng", "khi có", "thì được", "khi", "cách chấm"})
"""What is wrong with the names in a way of scoring is the book's own mistake, and no contradiction of the official text."""

Cut = tuple[Decimal, bool]
"""A place between two numbers of points: (9, False) just below 9, (9, True) just above it. «ít nhất 9» begins and
«dưới 9» ends at the first; «trên 9» begins and «không quá 9» ends at the second. So two bands meet where cuts are equal."""


class Trouble(NamedTuple):
    """Something wrong in the book, and where: a path of keys and numbers into the YAML tree."""

    path: tuple[str | int, ...]
    message: str
    kind: Literal["lỗi", "cảnh báo", "ghi chú"] = "lỗi"


# -------------------------------------------------------------------------------- what must hold


def troubles(book: RuleBook) -> Iterator[Trouble]:
    """Everything that is wrong between the parts, and what is known to be wrong in the official text itself."""
    said = []
    for trouble in _troubles(book):
        said.append(trouble.message)
        yield trouble
    for path, part in _known(book):
        if not any(str(part.known_discrepancy) in message for message in said):
            yield Trouble((*path, "sai lệch đã biết"), f"sai lệch đã biết: {part.known_discrepancy}", "ghi chú")


def _known(book: RuleBook) -> Iterator[tuple[tuple[str | int, ...], Criterion | Band | Extra]]:
    """The parts that name a contradiction of the official text."""
    parts: list[tuple[tuple[str | int, ...], Criterion | Band | Extra]] = list(_every_node(book))
    parts += ((("xếp loại", place), band) for place, band in enumerate(book.bands))
    parts += (((name,), extra) for name, extra in (("điểm thưởng", book.bonus), ("điểm phạt", book.penalty)) if extra)
    yield from ((path, part) for path, part in parts if part.known_discrepancy)


def _troubles(book: RuleBook) -> Iterator[Trouble]:
    if book.from_year and book.to_year and book.from_year > book.to_year:
        yield Trouble(("đến năm",), f"đến năm {book.to_year} sớm hơn áp dụng từ năm {book.from_year}")
    yield from _wrong_levels(book)
    yield from _wrong_codes(book)
    yield from _wrong_facts(book)
    for path, node in _every_node(book):
        yield from _wrong_node(book, path, node)
    yield from _wrong_kinds(book)
    yield from _wrong_official(book)
    yield from _wrong_extras(book)
    yield from _wrong_bands(book)
    yield from _wrong_titles(book)
    for place, flag in enumerate(book.flags):
        for key, message in flag.troubles(book.names, book.by_level):
            yield Trouble(("cảnh báo", place, key), message)
        yield from _idle_limits(book, place)
    for place, old in enumerate(book.old_bands):
        if wrong := unknown(old.counts_as, book.names.bands, "mức xếp loại"):
            yield Trouble(("thang cũ", place, "coi như"), wrong)
    yield from _wrong_caps(book)
    yield from _wrong_heads(book)
    yield from _wrong_quotas(book)
    yield from _wrong_checks(book)
    yield from _wrong_examples(book)


def _wrong_checks(book: RuleBook) -> Iterator[Trouble]:
    if not book.checks:
        return
    from xeploai.book.checks import troubles

    for place, key, message in troubles(book.checks, book.fact_names, book.names.criteria):
        yield Trouble(("kiểm tra số liệu", place, key), message)


def _wrong_levels(book: RuleBook) -> Iterator[Trouble]:
    if len(book.levels) < book.depth:
        yield Trouble(("các cấp",), f"bộ có {book.depth} cấp tiêu chí nhưng chỉ nêu tên {len(book.levels)} cấp")
    for name, times in Counter(map(vi.key, book.level_names)).items():
        if times > 1:
            yield Trouble(("các cấp",), f"cấp «{name}» nêu {times} lần")


def _wrong_codes(book: RuleBook) -> Iterator[Trouble]:
    seen: dict[str, Criterion] = {}
    for path, node in _every_node(book):
        if (other := seen.setdefault(vi.code_key(node.code), node)) is not node:
            yield Trouble((*path, "mã"), f"mã «{node.code}» đã dùng cho một tiêu chí khác ({other.name})")
    for place, fact in enumerate(book.facts):
        if taken := seen.get(vi.code_key(fact.code)):
            yield Trouble(("số liệu", place, "mã"), f"mã «{fact.code}» đã dùng cho tiêu chí «{taken.name}»")
    seen_codes: dict[str, set[str]] = defaultdict(set)
    groups: tuple[tuple[str, Sequence[Flag | Check | Cap | Quota], str], ...] = (
        ("cảnh báo", book.flags, "own"), ("kiểm tra số liệu", book.checks, "own"), ("khống chế", book.caps, "cap"),
        ("hạn mức", book.quotas, "quota"),
    )  # fmt: skip
    for name, parts, owner in groups:
        codes = seen_codes[owner]
        for place, part in enumerate(parts):
            if part.code in codes:
                yield Trouble((name, place, "mã"), f"mã «{part.code}» đã dùng ở một {name} khác")
            if re.fullmatch(r"(?:btc|dl|ls|ss|vb)\d+", vi.code_key(part.code)):
                message = (
                    f"mã «{part.code}» giống mã của phần mềm (BTC…, DL…, LS…, SS…, VB…): chọn mã khác, như kiem-diem"
                )
                yield Trouble((name, place, "mã"), message)
            codes.add(part.code)


def _wrong_bands(book: RuleBook) -> Iterator[Trouble]:
    for name, times in Counter(vi.key(band.name) for band in book.bands).items():
        if times > 1:
            yield Trouble(("xếp loại",), f"mức «{name}» nêu {times} lần")
    if book.by_quarter:
        quarters = [band.quarter for band in book.bands]
        if quarters != [1, 2, 3, 4] or any(any(band.edges()) for band in book.bands):
            yield Trouble(("xếp loại",), "xếp theo phần tư thì cần đúng bốn mức, «phần tư: 1» đến «phần tư: 4»")
        return
    yield from _wrong_edges(book)


def _wrong_edges(book: RuleBook) -> Iterator[Trouble]:
    """Each band must begin where it says, below the one above it, and end exactly where that one begins."""
    above: tuple[Edge, Cut] | None = None  # where the band above begins; None for the highest one
    for place, band in enumerate(book.bands):
        path = ("xếp loại", place)
        kind: Literal["lỗi", "ghi chú"] = "ghi chú" if band.known_discrepancy else "lỗi"
        said = f" (sai lệch đã biết: {band.known_discrepancy})" if band.known_discrepancy else ""
        yield from _wrong_conditions(book, (*path, "điều kiện"), band.conditions)
        lower, word = (band.at_least, "ít nhất") if band.at_least else (band.above, "trên")
        if band.at_least and band.above:
            yield Trouble((*path, "trên"), f"mức «{band.name}» có cả «ít nhất» và «trên»: giữ một")
        for alias, edge in band.edges():
            if edge.unit == "đơn vị":
                yield Trouble((*path, alias), "ngưỡng xếp loại tính bằng «%» hoặc «điểm»")
            elif edge.of(book.max_points) > book.max_points:
                yield Trouble((*path, alias), f"ngưỡng {edge} vượt điểm tối đa {vi.number(book.max_points)}")
        if lower is None:
            example = "50%" if place < len(book.bands) - 1 else "0%"
            yield Trouble((*path, "mức"), f"mức «{band.name}» chưa có ngưỡng dưới: thêm «ít nhất: {example}»")
            above = None
            continue
        start = _cut(book, word, lower)
        uppers = [(alias, edge) for alias, edge in band.edges() if alias in ("không quá", "dưới")]
        end, ends, edge = min(((_cut(book, *upper), *upper) for upper in uppers), default=(None, "", lower))
        if above and start >= above[1]:
            message = f"mức «{band.name}» ({word} {lower}) không thấp hơn mức trên nó ({above[0]})"
            yield Trouble((*path, word), f"{message}: xếp các mức từ cao xuống thấp{said}", kind)
        elif above and end and end != above[1]:
            message = _unfitting(band.name, (ends, edge, end), book.bands[place - 1].name, above)
            yield Trouble((*path, ends), message + said, kind)
        elif place == 0 and end and end < (book.max_points, True):
            message = f"mức cao nhất «{band.name}» không được có cận trên thấp hơn điểm tối đa"
            yield Trouble((*path, ends), message)
        above = lower, start
    if above and above[1] > (Decimal(0), False):
        message = f"mức thấp nhất «{book.bands[-1].name}» phải xuống đến 0: viết «ít nhất: 0%»"
        yield Trouble(("xếp loại", len(book.bands) - 1, word), message)


def _unfitting(name: str, upper: tuple[str, Edge, Cut], other: str, above: tuple[Edge, Cut]) -> str:
    """What two neighbouring bands leave out, or both take: where this one ends, where the one above it begins."""
    (ends, edge, end), (begin, start) = upper, above
    (first, low), (last, high) = sorted([(end, edge), (start, begin)], key=lambda each: each[0])
    between = f"khoảng {'trên' if first[1] else 'từ'} {low} đến {'hết' if last[1] else 'dưới'} {high}"
    if end[0] == start[0]:
        between = f"đúng {begin}"
    said = f"mức «{name}» ghi {ends} {edge}, mức «{other}» bắt đầu {'trên' if start[1] else 'từ'} {begin}"
    whose = "không thuộc mức nào" if end < start else "thuộc cả hai mức"
    return f"{said}: {between} {whose}; cần «{'không quá' if start[1] else 'dưới'} {begin}»"


def _cut(book: RuleBook, word: str, edge: Edge) -> Cut:
    """Where this comparison cuts the line of points."""
    return edge.of(book.max_points), word in ("trên", "không quá")


# ------------------------------------------------------------------------ criteria, facts, kinds


def _every_node(book: RuleBook) -> Iterator[tuple[tuple[str | int, ...], Criterion]]:
    yield from _paths(book.criteria, ("tiêu chí",))
    for name, extra in (("điểm thưởng", book.bonus), ("điểm phạt", book.penalty)):
        yield from _paths(extra.items if extra else (), (name, "gồm"))


def _wrong_facts(book: RuleBook) -> Iterator[Trouble]:
    codes, names = set[str](), {vi.letters(node.name): node for node in book.nodes.values()}
    for place, fact in enumerate(book.facts):
        for key, word in (("mã", vi.code_key(fact.code)), ("tên", vi.letters(fact.name))):
            if word in codes:
                yield Trouble(("số liệu", place, key), f"{key} «{getattr(fact, _FACT[key])}» đã dùng cho số liệu khác")
            codes.add(word)
        if node := book.by_word.get(vi.key(fact.name)):
            message = f"tên «{fact.name}» trùng mã hoặc tên tiêu chí {node.code}"
            yield Trouble(("số liệu", place, "tên"), message)
        elif same := names.get(vi.letters(fact.name)):
            message = f"tên «{fact.name}» trùng tên tiêu chí {same.code}: cột trong biểu không biết là cái nào"
            yield Trouble(("số liệu", place, "tên"), message)
        if fact.values and fact.kind not in ("chữ", "mức"):
            yield Trouble(("số liệu", place, "các giá trị"), f"kiểu «{fact.kind}» không có các giá trị")
        allowed = ("có", "không") if fact.kind == "có/không" else fact.values
        if fact.kind == "mức" and not allowed:
            allowed = book.names.bands
        if fact.blank and allowed and (wrong := unknown(fact.blank, allowed, "giá trị")):
            yield Trouble(("số liệu", place, "để trống là"), wrong)
        if fact.blank and fact.kind in ("số", "phần trăm") and isinstance(vi.read_number(fact.blank), vi.NoNumber):
            yield Trouble(("số liệu", place, "để trống là"), f"«{fact.blank}» không phải là số")


def _wrong_node(book: RuleBook, path: tuple[str | int, ...], node: Criterion) -> Iterator[Trouble]:
    known = node.known_discrepancy
    kind: Literal["lỗi", "ghi chú"] = "ghi chú" if known else "lỗi"
    said = f" (sai lệch đã biết: {known})" if known else ""
    if node.max_points == 0:
        yield Trouble((*path, "điểm tối đa"), f"điểm tối đa của {node.code} là 0")
    if node.parts:
        yield from _wrong_sum(book, path, node, kind, said)
        if node.scoring.kind != "nhập điểm":
            yield Trouble((*path, "cách chấm"), f"{node.code} có các phần nên điểm là tổng của chúng: bỏ «cách chấm»")
        numbers = Counter(vi.code_key(part.number or part.code) for part in node.parts)
        yield from _numbered_twice(node.parts, (*path, "gồm"), numbers)
    for key, message in node.scoring.troubles(node.max_points, book.fact_names):
        if key in _NEVER_KNOWN:
            yield Trouble((*path, "cách chấm", key), f"{node.code}: {message}")
        else:
            yield Trouble((*path, "cách chấm", key), f"{node.code}: {message}{said}", kind)
    if node.phases:
        total = sum((share.max_points for share in node.phases), Decimal(0))
        if total != node.max_points:
            message = (
                f"các loại điểm của {node.code} cộng lại được {vi.number(total)}, "
                f"khác điểm tối đa {vi.number(node.max_points)}"
            )
            yield Trouble((*path, "theo giai đoạn"), message + said, kind)
        for place, share in enumerate(node.phases):
            if wrong := unknown(share.phase, PHASES, "loại điểm"):
                yield Trouble((*path, "theo giai đoạn", place, "giai đoạn"), wrong)
            elif book.official is None or vi.key(share.phase) not in map(vi.key, book.official.plus):
                message = (
                    f"«{share.phase}» không nằm trong «cộng» của «điểm chính thức»: {node.code} không đạt được tối đa"
                )
                yield Trouble((*path, "theo giai đoạn", place, "giai đoạn"), message)
    for name in node.applies_to:
        if wrong := unknown(name, book.kinds, "loại đơn vị"):
            yield Trouble((*path, "áp dụng cho"), wrong)


def _wrong_sum(
    book: RuleBook, path: tuple[str | int, ...], node: Criterion, kind: Literal["lỗi", "ghi chú"], said: str
) -> Iterator[Trouble]:
    """Children ≠ parent; where parts are meant for different kinds of units, for each kind."""
    kinds = book.kinds if any(part.applies_to for part in node.parts) else ("",)
    for each in kinds:
        if each and not node.applies(each):
            continue
        total = sum((p.max_points for p in node.parts if not each or p.applies(each)), Decimal(0))
        if total != node.max_points:
            message = (
                f"các phần của {node.code}{f' cho {each}' if each else ''} cộng lại được {vi.number(total)} điểm, "
                f"khác điểm tối đa {vi.number(node.max_points)}"
            )
            yield Trouble((*path, "điểm tối đa"), message + said, kind)


def _wrong_kinds(book: RuleBook) -> Iterator[Trouble]:
    numbers = Counter(vi.code_key(root.number or root.code) for root in book.criteria)
    yield from _numbered_twice(book.criteria, ("tiêu chí",), numbers)
    for name, times in Counter(map(vi.key, book.kinds)).items():
        if times > 1:
            yield Trouble(("loại đơn vị",), f"loại đơn vị «{name}» nêu {times} lần")
    for kind in book.kinds:
        if not any(root.applies(kind) for root in book.criteria):
            yield Trouble(("loại đơn vị",), f"không tiêu chí nào áp dụng cho «{kind}»")


def _wrong_official(book: RuleBook) -> Iterator[Trouble]:
    if book.official is None:
        return
    for key, phases in (
        ("cộng", book.official.plus), ("trừ", book.official.minus), ("được để trống", book.official.may_be_blank),
    ):  # fmt: skip
        for phase in phases:
            if wrong := unknown(phase, PHASES, "loại điểm"):
                yield Trouble(("điểm chính thức", key), wrong)
            elif key == "được để trống" and vi.key(phase) not in map(vi.key, book.official.phases):
                yield Trouble(("điểm chính thức", key), f"«{phase}» không nằm trong «cộng» hay «trừ»")


def _wrong_extras(book: RuleBook) -> Iterator[Trouble]:
    for name, extra in (("điểm thưởng", book.bonus), ("điểm phạt", book.penalty)):
        if extra is None or extra.at_most is None:
            continue
        for place, item in enumerate(extra.items):
            if item.max_points > extra.at_most:
                known = item.known_discrepancy or extra.known_discrepancy
                message = (
                    f"{item.code} tối đa {vi.number(item.max_points)} điểm, vượt mức tối đa "
                    f"{vi.number(extra.at_most)} của cả «{name}»"
                ) + (f" (sai lệch đã biết: {known})" if known else "")
                yield Trouble((name, "gồm", place, "điểm tối đa"), message, "ghi chú" if known else "lỗi")
    if book.clamp:
        yield from _wrong_clamp(book)
        for alias, edge in book.clamp.edges():
            if edge.unit == "đơn vị":
                yield Trouble(("giới hạn tổng điểm", alias), "viết «110 điểm» hoặc «100%»")
            if alias in ("trên", "dưới"):
                yield Trouble(("giới hạn tổng điểm", alias), "ở đây dùng «ít nhất» và «không quá»")


def _wrong_clamp(book: RuleBook) -> Iterator[Trouble]:
    assert book.clamp
    least, most = (edge.of(book.max_points) if edge else None for edge in (book.clamp.at_least, book.clamp.at_most))
    if least is not None and most is not None and least > most:
        yield Trouble(("giới hạn tổng điểm", "ít nhất"), f"{book.clamp.at_least} lớn hơn {book.clamp.at_most}")
    for place, band in enumerate(book.bands):
        lower = band.at_least or band.above
        if most is not None and lower and _cut(book, "trên" if band.above else "ít nhất", lower) > (most, False):
            message = f"mức «{band.name}» không bao giờ đạt: tổng điểm không quá {book.clamp.at_most}"
            yield Trouble(("xếp loại", place, "mức"), message)


# ----------------------------------------------------------------------------- caps, quotas, heads


def _wrong_conditions(
    book: RuleBook, path: tuple[str | int, ...], conditions: tuple[Condition, ...]
) -> Iterator[Trouble]:
    for place, condition in enumerate(conditions):
        for key, message in condition.troubles(book.fact_names, book.names.criteria, book.names.bands):
            yield Trouble((*path, place, key), message)
        node = book.criterion(condition.criterion) if condition.criterion else None
        for word, limit in condition.limits() if node else ():
            most = Decimal(100) if limit.unit == "%" else node.max_points if node else Decimal(0)
            if limit.amount > most:
                yield Trouble((*path, place, word), f"{limit} vượt điểm tối đa của {condition.criterion}")


def _wrong_caps(book: RuleBook) -> Iterator[Trouble]:
    for place, cap in enumerate(book.caps):
        path = ("khống chế", place)
        yield from _wrong_conditions(book, (*path, "khi"), cap.when)
        for alias, name in (("xếp loại không quá", cap.band_at_most), ("xếp vào", cap.band)):
            if name and (message := unknown(name, book.names.bands, "mức xếp loại")):
                yield Trouble((*path, alias), message)
        if cap.level and (message := unknown(cap.level, book.levels, "cấp")):
            yield Trouble((*path, "cấp"), message)
        for kind in cap.applies_to:
            if message := unknown(kind, book.kinds, "loại đơn vị"):
                yield Trouble((*path, "áp dụng cho"), message)
        effects = [cap.band_at_most, cap.band, cap.lower_by, cap.not_rated or None]
        if cap.kind == "người đứng đầu":
            if any(effects) or cap.when:
                yield Trouble((*path, "loại"), "loại này không dùng «khi», «xếp loại không quá», «xếp vào», «hạ»")
            continue
        if sum(each is not None for each in effects) != 1:
            yield Trouble((*path, "loại"), "cần đúng một hậu quả: xếp loại không quá, xếp vào, hạ, không xếp loại")
        if (cap.kind == "điều kiện") != bool(cap.when):
            need = "cần «khi»" if cap.kind == "điều kiện" else f"loại «{cap.kind}» không dùng «khi»"
            yield Trouble((*path, "khi"), need)


def _wrong_heads(book: RuleBook) -> Iterator[Trouble]:
    for place, cap in enumerate(book.caps):
        if cap.kind != "người đứng đầu":
            continue
        path = ("khống chế", place)
        fact = book.fact_names.find(cap.unit_band) if cap.unit_band else None
        if cap.position and book.fact_names.find(cap.position) is None:
            yield Trouble((*path, "chức vụ"), book.fact_names.complain(cap.position))
        if cap.unit_band and (fact is None or fact.kind != "mức"):
            wrong = book.fact_names.complain(cap.unit_band) if fact is None else f"«{cap.unit_band}» phải có kiểu «mức»"
            yield Trouble((*path, "xếp loại đơn vị"), wrong)
            continue
        units, heads = book.scales(cap)
        if not heads:
            yield Trouble((*path, "loại"), "cần «thang người đứng đầu»: các mức của người đứng đầu, từ cao xuống thấp")
            continue
        pair = (cap.when_unit_at_most is not None) + (cap.head_at_most is not None)
        if pair == 1 or (pair == 0) == (not cap.not_above_unit):
            message = "cần cả «khi đơn vị không quá» và «người đứng đầu không quá», hoặc «không cao hơn đơn vị: có»"
            yield Trouble((*path, "loại"), message)
        for alias, name, known, what in (
            ("khi đơn vị không quá", cap.when_unit_at_most, units, "mức xếp loại"),
            ("người đứng đầu không quá", cap.head_at_most, heads, "mức người đứng đầu"),
        ):
            if name and (unheard := unknown(name, known, what)):
                yield Trouble((*path, alias), unheard)
        if cap.not_above_unit:
            open_ones = [band for band in units if book.head_of(band, heads) is None]
            if open_ones:
                message = (
                    f"chưa biết mức «{open_ones[0]}» của đơn vị ngang mức nào của người đứng đầu: thêm «tương đương»"
                )
                yield Trouble((*path, "không cao hơn đơn vị"), message)
    every = {*map(vi.key, book.names.bands), *(vi.key(v) for f in book.facts if f.kind == "mức" for v in f.values)}
    for place, pair_ in enumerate(book.equivalents):
        if vi.key(pair_.unit) not in every:
            yield Trouble(("tương đương", place, "đơn vị"), unknown(pair_.unit, every, "mức của đơn vị") or "")
        if lacking := unknown(pair_.head, book.head_bands or book.names.bands, "mức người đứng đầu"):
            yield Trouble(("tương đương", place, "người đứng đầu"), lacking)


def _wrong_quotas(book: RuleBook) -> Iterator[Trouble]:
    for place, quota in enumerate(book.quotas):
        path = ("hạn mức", place)
        for alias, names in (
            ("mức", (quota.band,)), ("tính trên mức", quota.base_bands), ("chuyển xuống", filter(None, (quota.move_to,))),
        ):  # fmt: skip
            for name in names:
                if message := unknown(name, book.names.bands, "mức xếp loại"):
                    yield Trouble((*path, alias), message)
        if not quota.move_to and book.band_place(quota.band) == len(book.bands) - 1:
            yield Trouble((*path, "mức"), f"«{quota.band}» là mức thấp nhất: không có mức nào để chuyển xuống")
        if quota.at_most.unit == "điểm" or (quota.at_most.unit == "%" and quota.at_most.amount > 100):
            yield Trouble((*path, "không quá"), "hạn mức tính bằng «%» (không quá 100%) hoặc «đơn vị»")
        if quota.base_fact and quota.base_bands:
            yield Trouble((*path, "tính trên số liệu"), "chọn một: «tính trên mức» hoặc «tính trên số liệu»")
        if quota.base_fact:
            fact = book.fact_names.find(quota.base_fact)
            if fact is None or fact.kind != "số":
                lack = book.fact_names.complain(quota.base_fact) if fact is None else "cần số liệu kiểu «số»"
                yield Trouble((*path, "tính trên số liệu"), lack)
        if (
            quota.move_to
            and book.band_place(quota.move_to) is not None
            and (book.band_place(quota.move_to) or 0) <= (book.band_place(quota.band) or 0)
        ):
            yield Trouble((*path, "chuyển xuống"), f"«{quota.move_to}» không thấp hơn «{quota.band}»")
        yield from _wrong_group(book, quota.group, (*path, "theo nhóm"))
        yield from _wrong_ties(book, quota.ties, (*path, "khi bằng điểm"))
    if book.ranking:
        yield from _wrong_group(book, book.ranking.group, ("xếp hạng", "theo nhóm"))
        yield from _wrong_ties(book, book.ranking.ties, ("xếp hạng", "khi bằng điểm"))


def _wrong_group(book: RuleBook, group: str | None, path: tuple[str | int, ...]) -> Iterator[Trouble]:
    words = [*BY_PARENT, BY_KIND, *(fact.name for fact in book.facts), *(fact.code for fact in book.facts)]
    if group and (message := unknown(group, words, "cách chia nhóm")):
        yield Trouble(path, message)


def _wrong_ties(book: RuleBook, ties: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Trouble]:
    words = [*book.names.criteria, *(name for name, extra in EXTRAS if getattr(book, extra))]
    for tie in ties:
        if message := unknown(tie, words, "tiêu chí"):
            yield Trouble(path, message)


def _wrong_titles(book: RuleBook) -> Iterator[Trouble]:
    for name, times in Counter(vi.key(title.name) for title in book.titles).items():
        if times > 1:
            yield Trouble(("danh hiệu",), f"danh hiệu «{name}» nêu {times} lần")
    for place, title in enumerate(book.titles):
        path = ("danh hiệu", place)
        yield from _wrong_conditions(book, (*path, "điều kiện"), title.conditions)
        if title.band_at_least and (message := unknown(title.band_at_least, book.names.bands, "mức xếp loại")):
            yield Trouble((*path, "xếp loại ít nhất"), message)
        if title.level and (message := unknown(title.level, book.levels, "cấp")):
            yield Trouble((*path, "cấp"), message)
        for alias, edge in (
            ("mọi tiêu chí trên", title.every_above),
            ("mọi tiêu chí ít nhất", title.every_at_least),
        ):
            if edge and edge.unit == "đơn vị":
                yield Trouble((*path, alias), "viết «9 điểm» hoặc «50%»")
            elif edge:
                whose = f"danh hiệu «{title.name}»"
                yield from _idle(book, whose, edge, title.level, (*path, alias), strict=alias.endswith("trên"))


def _idle_limits(book: RuleBook, place: int) -> Iterator[Trouble]:
    flag: Any = book.flags[place]
    if flag.kind != "điểm thấp":
        return
    for alias, edge in (("không quá", flag.at_most), ("dưới", flag.below)):
        if edge and edge.unit == "đơn vị":
            yield Trouble(("cảnh báo", place, alias), "viết «9 điểm» hoặc «50%»")
        elif edge:
            path = ("cảnh báo", place, alias)
            yield from _idle(book, f"cảnh báo «{flag.code}»", edge, flag.level, path, strict=alias == "không quá")


def _idle(
    book: RuleBook, whose: str, edge: Edge, level: str | None, path: tuple[str | int, ...], *, strict: bool
) -> Iterator[Trouble]:
    """A limit at or above a criterion's maximum speaks of every unit: surely not meant."""
    said = f"{whose} ghi «{path[-1]}: {edge}»"
    for criterion in book.by_level.get(vi.key(level or book.level), ()):
        limit = edge.of(criterion.max_points)
        if limit > criterion.max_points or (strict and limit == criterion.max_points):
            most = vi.number(criterion.max_points)
            yield Trouble(path, f"{said}, không thấp hơn điểm tối đa của {criterion.code} ({most} điểm)", "cảnh báo")


def _wrong_examples(book: RuleBook) -> Iterator[Trouble]:
    for place, example in enumerate(book.examples):
        path = ("ví dụ", place)
        if example.band and book.by_quarter:
            why = "mức theo phần tư tuỳ thứ hạng giữa các đơn vị, một ví dụ không thể nói trước: bỏ «xếp loại»"
            yield Trouble((*path, "xếp loại"), why)
        elif example.band and (message := unknown(example.band, (*book.names.bands, UNDETERMINED), "mức xếp loại")):
            yield Trouble((*path, "xếp loại"), message)
        for title in example.titles or ():
            if message := unknown(title, book.names.titles, "danh hiệu"):
                yield Trouble((*path, "danh hiệu"), message)
        for code in example.flags:
            if message := unknown(code, [flag.code for flag in book.flags], "cảnh báo"):
                yield Trouble((*path, "cảnh báo"), message)


def _paths(
    nodes: tuple[Criterion, ...], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Criterion]]:
    for place, node in enumerate(nodes):
        yield (*path, place), node
        yield from _paths(node.parts, (*path, place, "gồm"))


def _numbered_twice(
    nodes: tuple[Criterion, ...], path: tuple[str | int, ...], numbers: Counter[str]
) -> Iterator[Trouble]:
    """The same printed number twice among siblings, as official texts have it: "II.2" and again "II.2"."""
    for place, node in enumerate(nodes):
        printed = node.number or node.code
        twins = [twin for twin in nodes if vi.code_key(twin.number or twin.code) == vi.code_key(printed)]
        if len(twins) > 1 and any(twin.number for twin in twins):  # the same code twice is said elsewhere
            known = node.known_discrepancy
            message = f"số thứ tự «{printed}» dùng {numbers[vi.code_key(printed)]} lần trong cùng một mục"
            said = f" (sai lệch đã biết: {known})" if known else ""
            kind: Literal["lỗi", "ghi chú"] = "ghi chú" if any(twin.known_discrepancy for twin in twins) else "lỗi"
            if node is twins[-1]:
                yield Trouble((*path, place, "số thứ tự"), message + said, kind)
