"""A book's own examples: worked out by the same line as any score sheet, and compared with what the book says."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import localcontext
from fractions import Fraction

from xeploai import findings as our
from xeploai import vi
from xeploai.book.load import Loaded
from xeploai.book.parts import Example
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding, Severity
from xeploai.model import TOTAL, Block, Grid, Past, Rating, Record, ScoreSheet, Unit, Value
from xeploai.pipeline import case_of
from xeploai.steps.bind import effective_leaves
from xeploai.steps.rate import rate
from xeploai.steps.score import score
from xeploai.steps.validate import validate
from xeploai.vi import Exact


def check_book(loaded: Loaded) -> list[Finding]:
    """Run the book's own examples: a finding for each whose outcome is not what it says, and what loading said."""
    findings = list(loaded.findings)
    with localcontext(vi.EXACT):
        for place, example in enumerate(loaded.book.examples):
            for message in _example_fails(loaded.book, example):
                at = loaded.at("ví dụ", place)
                findings.append(our.EXAMPLE_FAILS(place=at, name=example.name, message=message))
    return findings


def _example_fails(book: RuleBook, example: Example) -> list[str]:
    entered, wrong = _example_cells(book, example)
    if wrong:
        return [wrong]
    kind = next((kind for kind in book.kinds if vi.key(kind) == vi.key(example.kind or "")), "")
    if book.by_kind and not kind:
        return [f"ghi thêm «loại đơn vị»: {', '.join(book.kinds)}"]
    applicable = book.applicable(kind)
    leaves, missing, above = effective_leaves(book, entered)
    if missing := tuple(code for code in missing if code in applicable):
        return [f"thiếu điểm của {', '.join(missing)}"]
    used = {each for leaf in leaves for each in ((leaf,) if leaf in above else book.inputs[leaf])}
    if extra := [code for code in entered if code in book.nodes and code not in used]:
        return [f"{', '.join(extra)} được tính từ các phần, không ghi điểm riêng"]
    records: dict[int, Record] = {}
    for pair in filter(None, map(str.strip, (example.history or "").split(";"))):
        text, _, band = pair.partition(" ")
        known = book.band_place(band)
        if known is None or not text.isdigit():
            return [f"không hiểu «{pair}»; viết năm rồi mức: 2018 trung bình"]
        records[int(text)] = Record(int(text), book.bands[known].name)
    year = max(records, default=(book.to_year or book.from_year or 2000) - 1) + 1
    grid = Grid("ví dụ", "", [list(entered.values())])
    columns = {code: place for place, code in enumerate(entered)}
    block = Block(grid, 0, (0,), 0, columns, None, leaves, frozenset(above))
    sheet = ScoreSheet(
        year,
        (Unit(example.name),),
        (block,),
        {code: [value] for code, value in entered.items()},
        (None,),
        kinds=(kind,),
    )
    sheet, said = validate(book, sheet)
    sheet, scores, more = score(book, sheet)
    if wrong := "; ".join(finding.message for finding in (*said, *more) if finding.severity is Severity.ERROR):
        return [wrong]
    ratings, _ = rate(book, sheet, scores)
    past = Past({0: records}, tuple(sorted(records)))
    case = case_of(book, sheet, scores, ratings, past)
    flags = {each.code for each in book.flags if not each.on_groups and each.fires(case)}
    return list(_differences(example, ratings[0], scores.points[TOTAL][0], flags))


def _example_cells(book: RuleBook, example: Example) -> tuple[dict[str, Value], str]:
    """(column → what stands there, complaint): points as numbers, facts as the texts that they were typed as."""
    entered: dict[str, Value] = {}
    for pair in filter(None, map(str.strip, (example.points or "").split(";"))):
        code, _, text = pair.rpartition(" ")
        number = vi.read_number(text, book.decimal_mark)
        node = next((node for node in book.nodes.values() if vi.code_key(node.code) == vi.code_key(code)), None)
        if node is None or isinstance(number, vi.NoNumber):
            return entered, f"không hiểu «{pair}»; viết mã tiêu chí rồi số điểm: TC1 9"
        if node.code in entered:
            return entered, f"ghi điểm của {node.code} hai lần"
        if node.scoring.own == "điểm" and not 0 <= number <= node.max_points:
            most = vi.number(node.max_points)
            return entered, f"{node.code} ghi {vi.number(number)} điểm, phải từ 0 đến {most}"
        entered[node.code] = float(number)
    for pair in example.facts:
        word, sign, text = pair.partition("=")
        fact, node = book.fact_names.find(word.strip()), book.criterion(word.strip())
        if not sign or (fact is None and node is None):
            return entered, f"không hiểu «{pair}»; viết tên số liệu, dấu = rồi giá trị: Số nhiệm vụ được giao = 100"
        code = fact.code if fact else node.code if node else ""
        if code in entered:
            return entered, f"ghi «{word.strip()}» hai lần"
        entered[code] = text.strip() or None
    return entered, ""


def _differences(example: Example, rating: Rating, total: Exact | None, flags: set[str]) -> Iterable[str]:
    if example.total is not None and (total is None or Fraction(total) != Fraction(example.total)):
        yield f"tổng điểm ra {'chưa có' if total is None else vi.exact(total)}, ví dụ ghi {vi.exact(example.total)}"
    if example.band is not None and vi.key(example.band) != vi.key(rating.band or "chưa xác định"):
        yield f"xếp loại ra {rating.band or 'chưa xác định'}, ví dụ ghi {example.band}; cách tính: {'; '.join(rating.why)}"
    if example.titles is not None and set(map(vi.key, example.titles)) != set(map(vi.key, rating.titles)):
        yield f"danh hiệu ra {', '.join(rating.titles) or 'không có'}, ví dụ ghi {', '.join(example.titles) or 'không có'}"
    if set(example.flags) != flags:
        yield f"cảnh báo ra {', '.join(sorted(flags)) or 'không có'}, ví dụ ghi {', '.join(example.flags) or 'không có'}"
