"""heads: the persons who are rated by their unit's band, and what the caps leave of what was proposed for them.

Two ways to hold a head down: «khi đơn vị không quá … người đứng đầu không quá …» (Sơn La, Quyết định 319-QĐ/TU: the head of a
unit that is "trung bình" cannot be "xuất sắc") and «không cao hơn đơn vị» (Nghị định 335/2025/NĐ-CP, Đ20.6). Deputies only
where the book says «cả cấp phó»: neither clause speaks of them.

Persons stand in a sheet of their own («Người đứng đầu», «Cán bộ», «Lãnh đạo»), or in columns of the score sheet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from xeploai import vi
from xeploai.book.limits import Cap
from xeploai.book.parts import unknown
from xeploai.book.rulebook import RuleBook
from xeploai.findings import HEAD_ABOVE, HEAD_UNKNOWN, Finding
from xeploai.model import Block, Cell, Grid, Head, Rating, ScoreSheet, Value
from xeploai.steps import headings
from xeploai.steps.decide import Columns, blank, heading, lines, named_band, unclear, unread_year, year_of
from xeploai.steps.match import Matcher

KIND = "người đứng đầu"
UNIT_FIRST = "đơn vị chưa có kết quả, xếp loại đơn vị trước (cấp dưới trước, cấp trên sau)"

_HEAD = r"(nguoi dung dau|chu tich|giam doc|thu truong)"
_WHO = rf"({_HEAD}|ca nhan|can bo|lanh dao)"
_WORD = r"(muc|ket qua|xep loai|phan loai|danh gia)"
_ASK = r"(de xuat|de nghi|du kien)"
_OF_HEAD = re.compile(rf"\b{_HEAD}\b")
_OF_PERSON = re.compile(rf"\b{_WHO}\b")
_OF_UNIT = re.compile(r"\b(don vi|tap the|co quan|to chuc)\b")
_PROPOSED = re.compile(rf"{_ASK}( (cho |doi voi )?{_WHO})?|{_ASK} (.* )?{_WORD}( .*)?|{_WORD} (.* )?{_ASK}( .*)?")
_PLAIN_BAND = re.compile(rf"({_WORD} ?)+((cho |cua |doi voi )?{_WHO})?")
_NAME_OF_HEAD = re.compile(
    rf"(ho (va )?ten |ten )?(cua )?{_HEAD}( (cua|don vi|co quan|to chuc|tap the|ubnd|uy ban nhan dan|cap|xa|phuong"
    r"|thi tran|dac khu|huyen|thi xa|thanh pho|so|nganh))*"
)
_POSITION = re.compile(r"chuc (vu|danh)( .*)?")
_SAID_SO = re.compile(r"(chua|khong) (de xuat|de nghi|xep loai|danh gia)")

_OFFICE = (
    r"(chu tich|ct|giam doc|gd|thu truong|nguoi dung dau|chanh van phong|chanh thanh tra|cuc truong|chi cuc truong)"
)
_SHORT_DEPUTY = re.compile(r"\bp\.?\s*(?=(?:ct|gđ|chủ tịch|giám đốc|bí thư|trưởng)\b)")


def heads(
    book: RuleBook, sheet: ScoreSheet, ratings: Sequence[Rating], grids: Sequence[Grid]
) -> tuple[list[Rating], list[Finding]]:
    """The ratings with their heads and deputies, and findings on persons that fit no unit or are proposed too high."""
    if not book.head_bands:
        reason = "bộ tiêu chí không có «thang người đứng đầu»"
        return list(ratings), [finding for grid in grids for finding in unclear(grid, reason)]
    persons: list[_Person] = []
    findings: list[Finding] = []
    for grid in grids:
        found, said = _listed(book, sheet, grid)
        persons += found
        findings += said
    for block in sheet.blocks:
        found, said = _beside_scores(book, sheet, block)
        persons += found
        findings += said
    of_unit: dict[int, list[_Person]] = defaultdict(list)
    for person in persons:
        of_unit[person.position].append(person)
    rated = list(ratings)
    for position, known in sorted(of_unit.items()):
        settled, said = _settled(sheet, known)
        findings += said
        caps = [cap for cap in book.caps if cap.kind == KIND and not cap.unit_band and _applies(cap, sheet, position)]
        held = [_held(book, caps, ratings[position], person) for person in settled]
        findings += (finding for _, finding in held if finding)
        chief = next((head for head, _ in held if not head.deputy), None)
        rated[position] = rated[position]._replace(
            head=chief, others=tuple(head for head, _ in held if head is not chief)
        )
    return rated, findings


class _Person(NamedTuple):
    """A person as a row tells: of which unit, and where the proposal stands."""

    position: int  # of the unit, in the score sheet
    head: Head
    at: Cell  # the name, or what stands for it


def is_deputy(position: str) -> bool:
    """Whether a position is a deputy's. «Phó Bí thư, Chủ tịch UBND xã» is the head: only a deputy of the office itself."""
    told = _SHORT_DEPUTY.sub("phó ", vi.key(position))
    words = vi.fold(re.sub(r"\bph[óo]\b(?:\s+của\b)?", "capdeputy ", told))
    below = set(re.findall(rf"capdeputy {_OFFICE}\b", words))
    plain = set(re.findall(rf"(?<!capdeputy )\b{_OFFICE}\b", words))
    return "capdeputy" in words and not plain - below


def _applies(cap: Cap, sheet: ScoreSheet, position: int) -> bool:
    if not cap.applies_to:
        return True
    kind = sheet.kinds[position] if position < len(sheet.kinds) else ""
    return vi.key(kind or sheet.units[position].kind) in map(vi.key, cap.applies_to)


# ------------------------------------------------------------------------------------- what the caps leave


def _held(book: RuleBook, caps: Sequence[Cap], rating: Rating, person: _Person) -> tuple[Head, Finding | None]:
    """The person with the band that is left, each cap that changed it in `why`; a finding where more was proposed."""
    head, scale = person.head, book.head_bands
    caps = [cap for cap in caps if cap.deputies or not head.deputy]
    if caps and rating.band is None:
        return head._replace(why=(UNIT_FIRST,)), None
    band = head.proposed or scale[0]
    why: list[str] = []
    changed: list[Cap] = []
    for cap in caps:
        limit = _limit(book, cap, rating.band or "")
        if limit is None or scale.index(limit) <= scale.index(band):
            continue
        band = limit
        why.append(f"đơn vị xếp {rating.band} nên chỉ được nhiều nhất {limit} ({_named(cap)})")
        changed.append(cap)
    if head.proposed is None:
        said = why or ["không bị khống chế theo mức của đơn vị"]
        return head._replace(why=(f"chưa có mức đề xuất; nhiều nhất {band}", *said)), None
    settled = head._replace(band=band, why=tuple(why))
    if band == head.proposed or head.at is None:
        return settled, None
    finding = HEAD_ABOVE(
        unit=rating.unit, year=rating.year, head=_called(head), proposed=head.proposed, cell=head.at.address, band=band,
        reason=f"đơn vị xếp {rating.band} ({'; '.join(map(_named, changed))})", at=head.at,
    )  # fmt: skip
    return settled, finding._replace(basis="; ".join(dict.fromkeys(cap.basis for cap in changed if cap.basis)))


def _limit(book: RuleBook, cap: Cap, unit_band: str) -> str | None:
    """The highest band that this cap leaves to the head of a unit of that band; None where it does not speak of it."""
    units, scale = book.scales(cap)
    if cap.not_above_unit:
        return book.head_of(unit_band, scale)
    places = {vi.key(each): place for place, each in enumerate(units)}
    from_here, here = places.get(vi.key(cap.when_unit_at_most or "")), places.get(vi.key(unit_band))
    if from_here is None or here is None or here < from_here:
        return None
    return named_band(cap.head_at_most, scale)


def _named(cap: Cap) -> str:
    return f"khống chế «{cap.code}»" + (f"; {cap.basis}" if cap.basis else "")


def _called(head: Head) -> str:
    return head.name or ("cấp phó" if head.deputy else "người đứng đầu")


# ------------------------------------------------------------------------------------- the sheet of persons


def _say(text: str) -> str | None:
    """What a heading of this sheet says about its column."""
    folded = vi.fold(text)
    if _POSITION.fullmatch(folded):
        return "position"
    if _PROPOSED.fullmatch(folded):
        return "unsure" if _OF_UNIT.search(folded) and not _OF_PERSON.search(folded) else "proposed"
    if _PLAIN_BAND.fullmatch(folded):
        return "band"
    said = headings.role(text)
    if said in ("person", "leader", "official"):
        return "name of person" if folded.startswith("ho ") else "person"
    return said if said in ("name", "parent", "code", "number", "year") else None


def _listed(book: RuleBook, sheet: ScoreSheet, grid: Grid) -> tuple[list[_Person], list[Finding]]:
    found = heading(grid, _say, ({"person", "name of person"}, {"name", "code"}))
    if found is None:
        return [], list(unclear(grid, "không thấy cột họ tên và cột đơn vị"))
    data, said = found
    columns = _chosen(said)
    if complaint := _wrong_sheet(grid, data, columns, sheet.year):
        return [], list(unclear(grid, complaint))
    proposed = next(iter(columns.get("proposed", ())), None)
    matcher = Matcher(sheet.units)
    persons: list[_Person] = []
    findings: list[Finding] = []
    for line in lines(
        grid, data, columns, matcher, lambda value: named_band(value, book.head_bands) is not None, proposed
    ):
        name, position = headings.as_name(line.values.get("person")), headings.as_name(line.values.get("position"))
        given = line.value(proposed) if proposed is not None else None
        if not name and blank(given):
            continue
        at = grid.cell(line.row, columns["person"][0])
        if wrong := (
            _no_name(book, name)
            or line.stranger(matcher)
            or ("cột năm không phải một năm" if unread_year(line) else "")
            or _other_year(headings.whole_year(line.values.get("year")), sheet.year)
        ):
            who = "; ".join(text for text in (name, str(line.unit) if line.names else "") if text)
            findings.append(_unfit(grid, at, f"{who}: {wrong}" if who else wrong))
            continue
        cell = grid.cell(line.row, proposed) if proposed is not None and not blank(given) else at
        band, complaint = _proposal(book, given)
        if complaint:
            finding = _unfit(grid, cell, f"{name}: {complaint}")
            findings.append(finding._replace(unit=sheet.units[line.found[0]], year=sheet.year))
        persons.append(_Person(line.found[0], Head(name, position, is_deputy(position), band, at=cell), at))
    return persons, findings


def _wrong_sheet(grid: Grid, data: int, columns: Columns, year: int | None) -> str:
    """Why this sheet of persons is not used: columns that nobody can tell apart, or another year."""
    for role, word in (("person", "họ tên"), ("proposed", "mức đề xuất")):
        if len(columns.get(role, ())) > 1:
            return f"có nhiều cột {word}, không rõ dùng cột nào"
    if "unsure" in columns and "proposed" not in columns:
        text = grid.merged_text(data - 1, columns["unsure"][0])
        return f"cột «{vi.shown(text)}» không rõ là mức đề xuất cho người hay cho đơn vị"
    other = _other_year(year_of(grid, data), year)
    return f"trang {other}" if other else ""


def _other_year(stated: int | None, year: int | None) -> str:
    return f"thuộc năm {stated}, đang xếp loại năm {year}" if year and stated not in (None, year) else ""


def _no_name(book: RuleBook, name: str) -> str:
    """Why the cell of a name holds none: a band or a number may stand in its place."""
    if named_band(name, book.head_bands):
        return "cột họ tên ghi một mức xếp loại; mức ghi ở cột «Mức đề xuất»"
    return "" if any(char.isalpha() for char in name) else "có mức đề xuất nhưng không ghi họ tên"


def _chosen(said: Columns) -> dict[str, Sequence[int]]:
    """One column of names (a plain «Họ và tên» before any other), one of proposals (those that say so before a band)."""
    columns = dict(said)
    if own := columns.pop("name of person", None):
        columns["person"] = own
    plain = columns.pop("band", None)
    if plain and "proposed" not in columns:
        columns["proposed"] = plain
    return columns


def _proposal(book: RuleBook, value: Value) -> tuple[str | None, str]:
    """The proposed band of the heads' scale, or why the cell is none."""
    if blank(value) or (isinstance(value, str) and _SAID_SO.fullmatch(vi.fold(value))):
        return None, ""
    if not isinstance(value, str):
        return None, "ô mức đề xuất không phải chữ, không dùng mức đề xuất"
    if band := named_band(value, book.head_bands):
        return band, ""
    complaint = unknown(value, book.head_bands, "mức người đứng đầu") or ""
    return None, f"{complaint.rstrip('?')}{'? K' if complaint.endswith('?') else '; k'}hông dùng mức đề xuất"


def _unfit(grid: Grid, at: Cell, reason: str) -> Finding:
    return HEAD_UNKNOWN(sheet=grid.sheet, row=at.row + 1, reason=reason, at=at)


# ------------------------------------------------------------------------------- columns of the score sheet


def _beside_scores(book: RuleBook, sheet: ScoreSheet, block: Block) -> tuple[list[_Person], list[Finding]]:
    """The heads that stand in the rows of their units.

    A proposal is a head's where its heading says so, or where it stands right of the person: else it may be the unit's own.
    """
    grid = block.grid
    if not block.lines or not any(cap.kind == KIND and not cap.unit_band for cap in book.caps):
        return [], []
    taken = {block.name_column, block.total_column, *block.columns.values()}
    taken |= {column for each in block.phases.values() for column in each.values()}
    found = heading(grid, _say, ({"person", "name of person", "proposed"},), before=min(block.lines))
    if found is None:
        return [], []
    data, said = found

    def told(column: int) -> str:
        return " ".join(vi.fold(grid.merged_text(row, column)) for row in (data - 2, data - 1))

    free = {role: [column for column in each if column not in taken] for role, each in said.items()}
    people = [
        column
        for column in (*free.get("name of person", ()), *free.get("person", ()))
        if _NAME_OF_HEAD.fullmatch(vi.fold(grid.merged_text(data - 1, column)))
        or (column in free.get("name of person", ()) and _OF_HEAD.search(told(column)))
    ]
    person = people[0] if len(people) == 1 else None
    position = next((each for each in free.get("position", ()) if person is not None and each == person + 1), None)
    beside = None if person is None else (person if position is None else position) + 1
    proposals = [
        column for column in free.get("proposed", ()) if column == beside or _OF_HEAD.search(told(column))
    ]  # fmt: skip
    if len(people) > 1 or len(proposals) > 1:
        return [], list(unclear(grid, "có nhiều cột người đứng đầu hoặc mức đề xuất, không rõ dùng cột nào"))
    proposed = proposals[0] if proposals else None
    persons: list[_Person] = []
    findings: list[Finding] = []
    for place, row in enumerate(block.lines, block.first):
        name, given = _text(grid, row, person), _shown(grid, row, proposed)
        if not name and blank(given):
            continue
        at = grid.cell(row, person if person is not None else proposed or 0)
        if name and (wrong := _no_name(book, name)):
            findings.append(_unfit(grid, at, wrong)._replace(unit=sheet.units[place], year=sheet.year))
            continue
        cell = grid.cell(row, proposed) if proposed is not None and not blank(given) else at
        band, complaint = _proposal(book, given)
        if complaint:
            finding = _unfit(grid, cell, f"{name or 'người đứng đầu'}: {complaint}")
            findings.append(finding._replace(unit=sheet.units[place], year=sheet.year))
        title = _text(grid, row, position)
        persons.append(_Person(place, Head(name, title, is_deputy(title), band, at=cell), at))
    return persons, findings


def _shown(grid: Grid, row: int, column: int | None) -> Value:
    return None if column is None else grid.value(*grid.spread.get((row, column), (row, column)))


def _text(grid: Grid, row: int, column: int | None) -> str:
    value = _shown(grid, row, column)
    return vi.clean(value) if isinstance(value, str) and vi.fold(value) else ""


# ------------------------------------------------------------------------------------ several of one unit


def _settled(sheet: ScoreSheet, persons: Sequence[_Person]) -> tuple[list[_Person], list[Finding]]:
    """The persons of one unit, each once; two heads are a question, and neither is rated."""
    unit = sheet.units[persons[0].position]
    groups: list[list[_Person]] = []
    for person in persons:
        own = next((group for group in groups if any(_same(each.head, person.head) for each in group)), None)
        if own is None:
            groups.append([person])
        else:
            own.append(person)
    kept: list[_Person] = []
    findings: list[Finding] = []
    for group in groups:
        proposals = list(dict.fromkeys(each.head.proposed for each in group if each.head.proposed))
        first = next((each for each in group if each.head.proposed), group[0])
        name = next((each.head.name for each in group if each.head.name), "")
        title = next((each.head.position for each in group if each.head.position), "")
        head = first.head._replace(name=name, position=title)
        if len(proposals) > 1:
            *before, last = group
            words = f"được đề xuất khác nhau ({vi.listed(proposals)}), không dùng mức đề xuất nào"
            findings.append(_about(sheet, last, before, f"{unit}: {_called(head)} {words}"))
            head = head._replace(proposed=None)
        kept.append(first._replace(head=head))
    chiefs = [person for person in kept if not person.head.deputy]
    if len(chiefs) > 1:
        *before, last = chiefs
        names = vi.listed(_called(each.head) for each in chiefs)
        reason = f"{unit} có {len(chiefs)} người đứng đầu: {names}; chưa xếp loại người nào, cần ghi rõ chức vụ"
        findings.append(_about(sheet, last, before, reason))
        kept = [person for person in kept if person.head.deputy]
    return kept, findings


def _same(one: Head, other: Head) -> bool:
    """Whether two rows speak of one person; a head without a name is the head of that unit."""
    if one.deputy != other.deputy:
        return False
    return vi.key(one.name) == vi.key(other.name) or (not one.deputy and not (one.name and other.name))


def _about(sheet: ScoreSheet, person: _Person, others: Sequence[_Person], reason: str) -> Finding:
    at = person.at
    return HEAD_UNKNOWN(
        sheet=at.sheet, row=at.row + 1, reason=reason, unit=sheet.units[person.position], year=sheet.year, at=at,
        related=tuple(each.at for each in others),
    )  # fmt: skip
