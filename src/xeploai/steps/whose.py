"""Whose points a sheet holds, and of which year, where no column says so: the lines above a table tell it.

    UBND HUYỆN MỘT                       the letterhead: the district
    PHIẾU CHẤM ĐIỂM NĂM 2019             the title: the year
    Đơn vị: Xã Ná                        a label: the unit

Else the names of the sheet and of the file do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from xeploai import findings as our
from xeploai import vi
from xeploai.findings import Finding
from xeploai.model import Cell, Grid
from xeploai.steps import headings
from xeploai.steps.table import Words
from xeploai.steps.wide import Found

LABELLED = re.compile(r"^\s*([^:：]{1,60}?)\s*[:：]\s*(.*)$", re.DOTALL)
"""«Đơn vị: Xã Một»: a label, and what it says."""

_YEAR_BEHIND = re.compile(
    r"(.+?)(?:[\s,;_–-]+|\s*\(\s*)(?:năm(?: học| đánh giá| xếp loại)?\s*[\s:]\s*)?"
    r"((?:19|20)\d\d)(?:\s*[-–]\s*((?:19|20)\d\d))?\s*\)?[\s.]*",
    re.IGNORECASE | re.DOTALL,
)
_DAY = re.compile(r"\b(?:ngày|tháng|quý)\b|(?<!\d)\d{1,2}\s*[-–/.]\s*(?:19|20)\d\d", re.IGNORECASE)
_WRITERS = re.compile(
    r".*\b(cham|tham dinh|phuc tra|kiem tra|tong hop|chu quan|cap tren|quan ly|lap|danh gia|chu tri|phu trach|theo doi"
    r"|giam sat)( .*)?"
)
_WRITTEN_OF = re.compile(r"(ten )?(don vi|dia phuong|co quan) (duoc|bi|tu) .*")
_MEASURE = re.compile(r"diem|phan tram|((nghin|ngan|trieu|ty) )?dong|nguoi|ho")
_WITH_DISTRICT = re.compile(
    r"((?:(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)\s+)?(?:xã|phường|thị trấn|đặc khu|x\.|p\.|tt\.)\s.*?)"
    r"\s*[,;(–-]\s*((?:huyện|quận|thị xã|thành phố)\s[^,;()]*?)\)?",
    re.IGNORECASE,
)
_WRITER = re.compile(r"nguoi (lap|cham|tham dinh|danh gia|kiem tra|tong hop|phu trach|ky|nhap)")
_DATED = re.compile(r",\s*ngày.*", re.IGNORECASE | re.DOTALL)
_OFFICE = re.compile(r"^(?:ubnd|hđnd|ủy ban nhân dân|uỷ ban nhân dân|đảng ủy|đảng uỷ)\s+", re.IGNORECASE)
_IN_TITLE = re.compile(
    r"(?<!\w)(?<!cấp )(?<!các )((?:xã|phường|thị trấn|đặc khu)\s+"
    r"(?!(?:năm|huyện|quận|tỉnh|thành|trong|vững|đạt|và|hoặc|thuộc|trên|có|loại|thực|theo|của)\b)\w.*?)\s*(?:,|;|\(|[-–]|\bnăm\b|\bhuyện\b|\bquận\b|\btỉnh\b|$)",
    re.IGNORECASE,
)


def who_of(
    grid: Grid, above: Sequence[int], at: Cell, words: Words
) -> tuple[dict[str, Found], list[Finding], Sequence[Found]]:
    """Unit, district, code and year of a form: by their labels, else by the title, the sheet's name, the letterhead.

    `at` is the cell that stands for what the sheet's name says. The third: the units that the lines name, where they
    are several and nobody knows whose it is.
    """
    said, names = _said(grid, above)
    person = said.pop("person", None)
    several = names if _differ(names) and not (words.persons and person) else []
    if several:
        del said["name"]
    if words.persons and person:
        if "name" in said:
            said.setdefault("parent", said["name"])
        said["name"] = person
    elif "name" not in said and not several and (named := _by_place(grid, above, at) or person):
        said["name"] = named
    office = letterhead(grid, above)
    if office and "parent" not in said and office.at not in {found.at for found in said.values()}:
        said["parent"] = office
    year, findings = year_of(grid, above, said.pop("year", None))
    if year:
        said["year"] = year
    who = {key: found for key, found in said.items() if key in ("name", "parent", "code", "year", "kind")}
    return who, findings, several


def of_several(grid: Grid, names: Sequence[Found]) -> Finding | None:
    """The error of a form whose lines name several units."""
    if not names:
        return None
    shown = ", ".join(f"«{vi.shown(str(found.value), 40)}» (ô {found.at.address})" for found in names)
    words = f"phiếu chấm điểm ghi nhiều đơn vị, không rõ là của đơn vị nào: {shown}"
    nameless = our.FORM_NAMELESS(sheet=grid.sheet, file=grid.file, at=names[0].at)
    related = tuple(found.at for found in names[1:])
    return nameless._replace(message=f"«{grid.file}», trang «{grid.sheet}»: {words}.", related=related)


def apart_from_year(name: str) -> tuple[str, int | None]:
    """A name without the year behind it: «Xã Ná 2022», «Xã Ná, năm 2022», «Xã Ná (2022)»; «Phường 12» stays.

    The year is None where there is none, and where it is a period.
    """
    found = _YEAR_BEHIND.fullmatch(name)
    bare = vi.clean(found[1]).rstrip(" ,;(_–-") if found else ""
    if not found or not re.search(r"\w", bare) or headings.role(bare) or _DAY.search(name):
        return name, None
    return bare, None if found[3] else int(found[2])


def names_writer(label: str) -> bool:
    """Whether «Đơn vị chấm», «Đơn vị thẩm định» names who filled something in, and not whose it is."""
    folded = vi.fold(label)
    return _WRITERS.fullmatch(folded) is not None and _WRITTEN_OF.fullmatch(folded) is None


def _differ(names: Sequence[Found]) -> bool:
    """Whether these are names of different units; the kind may be left out in one of them."""
    split = {vi.split_kind(str(found.value)) for found in names}
    return len({name for _, name in split}) > 1 or len({kind for kind, _ in split if kind}) > 1


def named_in(grid: Grid, rows: range, words: Words) -> str:
    """The unit (or person) that these lines name, in the form in which names are compared; "" for none."""
    said, _ = _said(grid, rows)
    found = said.get("person" if words.persons else "name") or said.get("person") or _by_lines(grid, rows)
    return vi.split_kind(str(found.value))[1] if found else ""


def year_of(grid: Grid, above: Sequence[int], written: Found | None) -> tuple[Found | None, list[Finding]]:
    """The year: as a line «Năm» says, else the title, else the names of sheet and file; and what contradicts it."""
    titles: dict[int, Cell] = {}
    others: dict[int, Cell] = {}
    behind: dict[int, Cell] = {}  # a unit's name
    for row in above:
        for column in range(grid.left, grid.width):
            text = grid.text(row, column)
            if after := _behind_name(text):
                behind.setdefault(after, grid.cell(row, column))
            if year := headings.year_in_title(text):
                (titles if headings.is_title(text) else others).setdefault(year, grid.cell(row, column))
    stated = headings.whole_year(written.value) if written else None
    found = Found(stated, written.at) if written and stated else None
    known = titles or (others if len(others) == 1 else behind if len(behind) == 1 else {})
    if found is None and known:
        ((value, at), *_) = known.items()
        found = Found(value, at)
    if found is None and (by_name := _year_in_names(grid)):
        return Found(by_name, grid.cell(grid.top, grid.left)), []
    first, second = ("dòng «Năm»", "tiêu đề") if stated else ("tiêu đề", "một dòng tiêu đề khác")
    findings: list[Finding] = []
    for other, at in titles.items():
        if found and isinstance(found.value, int) and other != found.value:
            findings.append(
                our.YEARS_DISAGREE(sheet=grid.sheet, first=first, name=found.value, second=second, other=other, at=at)
            )
    for other, at in behind.items():
        if found and isinstance(found.value, int) and other not in (found.value, *titles):
            third = "dòng tên đơn vị"
            findings.append(
                our.YEARS_DISAGREE(sheet=grid.sheet, first=first, name=found.value, second=third, other=other, at=at)
            )
    return found, findings


def letterhead(grid: Grid, rows: Iterable[int]) -> Found | None:
    """The district whose paper it is: «UBND HUYỆN …»."""
    named: dict[str, Found] = {}
    for row in rows:
        for column in range(grid.left, grid.width):
            text = grid.text(row, column)
            bare = _OFFICE.sub("", text)
            if (
                vi.split_kind(bare)[0] in ("huyện", "quận", "thị xã", "thành phố")
                and len(bare) < 60
                and ":" not in bare
            ):
                named.setdefault(vi.key(bare), Found(bare, grid.cell(row, column)))
    return next(iter(named.values())) if len(named) == 1 else None


def _behind_name(text: str) -> int | None:
    """The year behind the name of a unit: «Đơn vị: Xã Ná 2022», «UBND XÃ NÁ, 2022», «PHIẾU CHẤM ĐIỂM XÃ NÁ 2022»."""
    label = LABELLED.match(text)
    name, year = apart_from_year(_OFFICE.sub("", vi.clean(label[2] if label else text)))
    named = (label and headings.role(label[1]) == "name") or vi.split_kind(name)[0]
    return year if year and (named or (headings.is_title(name) and _IN_TITLE.search(name))) else None


def _year_in_names(grid: Grid) -> int | None:
    return headings.year_in_name(grid.sheet) or headings.year_in_name(grid.file.rsplit("/", 1)[-1])


def _said(grid: Grid, rows: Iterable[int]) -> tuple[dict[str, Found], list[Found]]:
    """What these lines say with a label: «Đơn vị: Xã Một», «Đơn vị: Xã Một, huyện Hai», «Họ và tên», «Năm».

    The second: each name of a unit once. «Đơn vị được chấm» goes before every «Đơn vị».
    """
    said: dict[str, Found] = {}
    names: dict[str, dict[str, Found]] = {"judged": {}, "name": {}}
    for row in rows:
        for column in range(grid.left, grid.width):
            if not (text := grid.text(row, column)):
                continue
            for role, found in _labelled(grid, row, column, text):
                if role != "year" and not re.search(r"\w", str(found.value)):
                    continue  # «Đơn vị: ………» is a form not filled in
                named, _ = apart_from_year(str(found.value)) if role in (*names, "parent") else (found.value, None)
                both = _WITH_DISTRICT.fullmatch(str(named)) if role in names else None
                if both:
                    said.setdefault("parent", found._replace(value=both[2]))
                if role in names:
                    name = both[1] if both else str(named)
                    names[role].setdefault(vi.key(name), found._replace(value=name))
                else:
                    said.setdefault(role, found._replace(value=named))
    of_unit = list((names["judged"] or names["name"]).values())
    return ({"name": of_unit[0]} if of_unit else {}) | said, of_unit


def _labelled(grid: Grid, row: int, column: int, text: str) -> Iterator[tuple[str, Found]]:
    """«Đơn vị: Xã Một» in one cell, or the label in one and the value in the next."""
    label = LABELLED.match(text)
    said = vi.fold(label[1] if label else text)
    role = headings.role(label[1] if label else text)
    if _WRITTEN_OF.fullmatch(said) and (label or role == "name"):
        role = "judged"  # «Đơn vị được chấm», «Đơn vị được đánh giá»
    if role not in ("name", "judged", "parent", "code", "year", "person", "kind"):
        return
    if role == "person" and _WRITER.search(vi.fold(text)):
        return
    if role == "name" and (names_writer(said) or (label and _MEASURE.fullmatch(vi.fold(label[2])))):
        return  # who wrote the form; «Đơn vị: điểm»
    if label and label[2].strip():
        yield role, Found(vi.clean(label[2]), grid.cell(row, column))
        return
    for place in range(column + 1, grid.width):
        value = grid.value(row, place)
        if value is None:
            continue
        text = vi.clean(value) if isinstance(value, str) else ""
        if isinstance(value, str) and (not text or LABELLED.match(text) or (headings.role(text) and role != "kind")):
            return
        yield role, Found(headings.as_name(value) if role != "year" else value, grid.cell(row, place))
        return


def _by_place(grid: Grid, above: Iterable[int], at: Cell) -> Found | None:
    """The commune that a sheet is named for, or that the lines above the table name."""
    if vi.split_kind(grid.sheet)[0] in vi.COMMUNE_KINDS:
        return Found(apart_from_year(vi.clean(grid.sheet))[0], at)
    return _by_lines(grid, above)


def _by_lines(grid: Grid, rows: Iterable[int]) -> Found | None:
    """The one commune that lines name: as the office whose paper it is, in its date, or in a title."""
    named: dict[str, Found] = {}
    titles: dict[str, Found] = {}
    for row in rows:
        for column in range(grid.left, grid.width):
            if not (text := _DATED.sub("", _OFFICE.sub("", grid.text(row, column)))):
                continue
            text, _ = apart_from_year(text)
            if vi.split_kind(text)[0] in vi.COMMUNE_KINDS and len(text) < 60:
                named.setdefault(vi.key(text), Found(text, grid.cell(row, column)))
            elif headings.is_title(text) and (found := _IN_TITLE.search(text)):
                titles.setdefault(vi.key(found[1]), Found(vi.clean(found[1]), grid.cell(row, column)))
    known = named or titles
    return next(iter(known.values())) if len(known) == 1 else None
