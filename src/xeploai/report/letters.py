"""The letters that follow a ranking, as Word files: who must be told what, with its reasons; which words stand where is the
templates' business (rules/mau, or the book's own), how one is filled is `word`'s.

    1 Tờ trình               one: the result in words and tables, for whoever approves it
    2 Thông báo kết quả      to every unit: what it came to, and why; one without a band is told why it has none
    3 Yêu cầu giải trình     to a unit of which a flag says something that it must answer for (`asks`)
    4 Biên bản kiểm điểm     for every criterion with too few points (flags «điểm thấp»): the two people who answer for it
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xeploai import vi
from xeploai.book.load import find, shipped
from xeploai.findings import NO_PEOPLE, Finding, Severity, Unusable
from xeploai.flags.base import Flag
from xeploai.flags.low_score import LowScore
from xeploai.flags.no_improvement import NoImprovement
from xeploai.flags.streak import StreakFlag
from xeploai.model import Rating, Unit
from xeploai.pipeline import Outcome
from xeploai.report import tables
from xeploai.report.card import Card, Cards, Line
from xeploai.report.counts import Count, count, count_previous, groups
from xeploai.report.paragraph import paragraphs
from xeploai.report.shares import shares
from xeploai.report.word import Unfit, Values, opened

DOTS = "……………………………"
NONE = "–"
MOST_CHARACTERS, MOST_BYTES = 110, 190
"""Of a file's name before its number and its ending: 120 characters in all, and what every file system takes."""
LOW = "điểm thấp"
ANSWERED = (
    "liên tiếp",
    "không chuyển biến",
    "giải trình",
    "số liệu",
    "cuối bảng",
    "thấp nhất",
    "không điểm",
    "nguyên nhân",
)
"""The kinds of flags whose findings a unit must answer for in writing. Not «điểm thấp»: that is what the biên bản is for; not
«sát ngưỡng»: it is for those who check the points; not «chỉ tiêu»: it speaks of a group."""


class Letter(NamedTuple):
    """A file of the folder: its name, safe on every system, and its bytes."""

    name: str
    content: bytes


class _Draft(NamedTuple):
    """A letter before it is filled: of which unit, the end of its name, what goes into it."""

    unit: str
    tail: str
    values: Values


def letters(outcome: Outcome) -> tuple[list[Letter], list[Finding]]:
    """Every letter of this outcome, by name, and what must be said of them: a template that cannot be used stops its own."""
    desk = _Desk(outcome)
    made: list[Letter] = []
    findings: list[Finding] = []
    taken: set[str] = set()
    for kind in KINDS:
        drafts = list(kind.drafts(desk))
        if not drafts:
            continue
        form = opened(_template(outcome, kind), {**COMMON, **kind.fields})
        if isinstance(form, Unfit):
            findings.append(form.finding)
            continue
        of_kind: list[Letter] = []
        for draft in drafts:
            name = _named(kind.name, draft, taken)
            content = form.filled(draft.values, _title(outcome, name))
            if isinstance(content, Unfit):
                findings.append(content.finding)
                break
            of_kind.append(Letter(name, content))
        else:
            made += of_kind
    return sorted(made), findings + desk.nobody_named()


def asks(flag: Flag) -> bool:
    """Whether its findings ask a unit for an answer: kinds that do, unless it is a note, or a streak of good years."""
    good = isinstance(flag, StreakFlag) and bool(flag.band_at_least or flag.title)
    return flag.kind in ANSWERED and flag.level_of_concern == "cảnh báo" and not good


# ------------------------------------------------------------------------------------- templates, names


def _template(outcome: Outcome, kind: _Kind) -> Path:
    """The book's own template, told from the book's file; else the shipped one."""
    own: str | None = getattr(outcome.book.templates, kind.key) if outcome.book.templates else None
    if not own:
        return shipped() / "mau" / kind.template
    try:
        return find(outcome.loaded.path).parent / own
    except Unusable:  # a book that came from no file
        return Path(own)


def _named(kind: str, draft: _Draft, taken: set[str]) -> str:
    """A file name that every system takes, and that no other letter has, also where case makes no difference."""
    safe = [re.sub(r'[<>:"/\\|?*]', "-", vi.shown(part, 1_000)).strip(" .") for part in (draft.unit, draft.tail)]
    unit, tail = safe[0], f" - {safe[1]}" if safe[1] else ""
    stem = start = f"{kind} - {unit}{tail}" if unit else kind
    while len(stem) > MOST_CHARACTERS or len(stem.encode()) > MOST_BYTES:
        unit = unit[:-1]
        stem = start = f"{kind} - {unit}…{tail[:40]}"
    count = 1
    while stem.casefold() in taken:
        count += 1
        stem = f"{start} ({count})"
    taken.add(stem.casefold())
    return f"{stem}.docx"


def _title(outcome: Outcome, name: str) -> str:
    return name.removesuffix(".docx").partition(" ")[2] + (" (số minh hoạ)" if outcome.book.illustrative else "")


# ------------------------------------------------------------------------------------- what they say


class _Desk:
    """Where the letters of one outcome are drafted: what several of them say is worked out once."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._flags = {flag.code: flag for flag in outcome.book.flags}

    @cached_property
    def _cards(self) -> list[Card]:
        cards = Cards(self.outcome)
        return [cards[position] for position in range(len(cards))]

    @cached_property
    def _common(self) -> dict[str, object]:
        outcome, book = self.outcome, self.outcome.book
        unconfirmed = "Số liệu minh hoạ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận"
        return {
            "năm": str(outcome.year or "………"), "ngày": dated(outcome.options.date), "bộ_tiêu_chí": book.title,
            "căn_cứ": book.basis or "", "minh_hoạ": unconfirmed if book.illustrative else "",
        }  # fmt: skip

    def _draft(self, unit: str, tail: str, **values: object) -> _Draft:
        return _Draft(unit, tail, {**self._common, **values})

    # -------------------------------------------------------------------------------------- tờ trình

    def submission(self) -> Iterator[_Draft]:
        """The one tờ trình, where there is a result at all."""
        outcome = self.outcome
        whole, before = count(outcome, outcome.ratings), count_previous(outcome)
        counts = list(whole.bands.values())
        rated = sum(counts)
        held = [
            {"số": str(number), "tên": _called(rating.unit.name), "nhóm": _called(rating.unit.parent),
             "xếp_loại": _word(rating), "danh_hiệu": "; ".join(rating.titles), "điểm": _number(rating.points)}
            for number, rating in enumerate((rating for rating in outcome.ratings if rating.titles), 1)
        ]  # fmt: skip
        warned: dict[Unit, list[Finding]] = {}
        for finding in outcome.findings:
            if finding.unit and self._warns(finding):
                warned.setdefault(finding.unit, []).append(finding)
        yield self._draft(
            "", "",
            đoạn_văn=[{"câu": said} for said in paragraphs(outcome)],
            các_mức=[
                {"tên": _capital(name), "số": str(units), "tỷ_lệ": NONE if share is None else vi.number(share),
                 "năm_trước": str(before.bands[name]) if before else NONE,
                 "tăng_giảm": tables.signed(units - before.bands[name]) if before and rated else NONE}
                for (name, units), share in zip(whole.bands.items(), shares(counts), strict=True)
            ],
            tổng_số=str(whole.units), đã_xếp_loại=str(rated), tỷ_lệ_cộng="100" if rated else NONE,
            năm_trước_cộng=str(before.units) if before else NONE,
            tăng_giảm_cộng=tables.signed(rated - before.units) if before and rated else NONE,
            **self._by_group(whole),
            số_chưa_xếp_loại=str(whole.units - rated) if rated < whole.units else "",
            đạt_danh_hiệu=held,
            bị_nêu=[
                {"số": str(number), "tên": _shown(unit), "nhóm": _called(unit.parent), "các_điều": self._each_told(raised)}
                for number, (unit, raised) in enumerate(warned.items(), 1)
            ],
            danh_sách_kèm_theo="; ".join(
                f"{len(of)} {outcome.book.noun} {words}"
                for of, words in ((held, "đạt danh hiệu"), (warned, "được nêu để nhắc nhở, chấn chỉnh, kiểm điểm")) if of
            ),
        )  # fmt: skip

    def _by_group(self, whole: Count) -> dict[str, object]:
        """The counts of every group, where there are several: bands, those without one if there are any, titles."""
        of_group = groups(self.outcome)
        if len(of_group) < 2:
            return {"các_cột": [], "các_nhóm": []}

        def cells(of: Count) -> list[tuple[str, int]]:
            open_ = [("Chưa xác định", of.undetermined)] if whole.undetermined else []
            open_ += [("Chưa xếp loại", of.unrated)] if whole.unrated else []
            bands = [(_capital(name), units) for name, units in of.bands.items()]
            return [*bands, *open_, *((f"«{name}»", units) for name, units in of.titles.items())]

        counts = {group: count(self.outcome, ratings) for group, ratings in of_group.items()}
        return {
            "các_cột": [{"tên": name} for name, _ in cells(whole)],
            "các_nhóm": [
                {"tên": group or "(không ghi nhóm)", "số": str(of.units), "các_ô": [{"số": str(n)} for _, n in cells(of)]}
                for group, of in counts.items()
            ],
        }  # fmt: skip

    def _told(self, finding: Finding, *, ours: bool = False) -> dict[str, str]:
        """A finding as a letter tells it; what the program advises whoever runs it (`ours`) is not for the unit."""
        duty = "" if ours else finding.duty.rstrip(".")
        said = _said(finding)
        if isinstance(self._flags.get(finding.code), NoImprovement):  # it names last year's flags by their codes
            said = self._last_year.sub(lambda seen: self._codes.sub(self._with_words, seen[0]), said, count=1)
        return {"nội_dung": said, "phải_làm": duty, "căn_cứ": finding.basis.rstrip(".")}

    def _each_told(self, findings: Iterable[Finding], *, own: Container[str] | None = None) -> list[dict[str, str]]:
        """The findings, a sentence that several say once: with all that must be done, and every basis."""
        told: dict[str, list[dict[str, str]]] = {}
        for finding in findings:
            each = self._told(finding, ours=own is not None and finding.code not in own)
            told.setdefault(each["nội_dung"], []).append(each)

        def all_of(alike: Sequence[dict[str, str]], key: str, between: str) -> str:
            return between.join(dict.fromkeys(each[key] for each in alike if each[key]))

        return [
            {"nội_dung": said, "phải_làm": all_of(alike, "phải_làm", ". "), "căn_cứ": all_of(alike, "căn_cứ", "; ")}
            for said, alike in told.items()
        ]

    def _name(self, unit: Unit) -> str:
        return str(unit) if self.outcome.book.rates_persons else _shown(unit)

    def _with_words(self, code: re.Match[str]) -> str:
        """ "chan-chinh («Nhắc nhở, yêu cầu chấn chỉnh»)": nobody who gets a letter knows the codes of the book."""
        flag = self._flags[code[0]]
        return f"{flag.code} («{(flag.duty or flag.kind).rstrip('.')}»)"

    @cached_property
    def _codes(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(code) for code in sorted(self._flags, key=len, reverse=True)))

    @cached_property
    def _last_year(self) -> re.Pattern[str]:
        code = f"(?:{self._codes.pattern})"
        return re.compile(rf"(?<=có cảnh báo ){code}(?:, {code})*(?![\w-])")

    def _warns(self, finding: Finding) -> bool:
        flag = self._flags.get(finding.code)
        return flag is not None and finding.severity is not Severity.NOTE and (flag.kind == LOW or asks(flag))

    # ------------------------------------------------------------------------------ thông báo kết quả

    def notices(self) -> Iterator[_Draft]:
        """One to every unit."""
        own = self.outcome.book.own_codes
        for card in self._cards:
            rating = card.rating
            told = [each for each in card.findings if each.code in own or each.severity is Severity.ERROR]
            yield self._draft(
                str(rating.unit), "",
                đơn_vị=self._name(rating.unit), nơi_nhận=addressed(rating.unit, person=self.outcome.book.rates_persons),
                xếp_loại=_capital(_word(rating)), danh_hiệu=_titles(card), điểm=_points(rating),
                hạng=f"{rating.rank}/{rating.of}" if rating.rank else "",
                hạng_trong_nhóm=_rank_in_group(rating), mức_kế_trên=_next(card),
                những_người=[
                    {"tên": head.name, "chức_vụ": head.position or "Người đứng đầu",
                     "kết_quả": "; ".join(filter(None, (head.proposed and f"đề xuất {head.proposed}",
                                                         f"được xếp {head.band}" if head.band else "chưa xếp")))}
                    for head in (*((rating.head,) if rating.head else ()), *rating.others)
                ],
                vì_sao=[{"câu": why.rstrip(".")} for why in rating.why],
                điều_kiện=[
                    {"danh_hiệu": "" if place else title.name, "điều_kiện": _capital(term.words), "kết_quả": _met(term.held)}
                    for title in card.titles for place, term in enumerate(title.terms)
                ],
                các_tiêu_chí=[_criterion(each) for each in (*card.lines, card.total) if each.meant],
                nhóm_so_sánh=card.group,
                phát_hiện=self._each_told(told, own=own),
            )  # fmt: skip

    # ----------------------------------------------------------------------------- yêu cầu giải trình

    def requests(self) -> Iterator[_Draft]:
        """One to every unit of which something was raised that it must answer for."""
        for card in self._cards:
            flagged = [(self._flags[each.code], each) for each in card.findings if each.code in self._flags]
            asked = [each for flag, each in flagged if asks(flag)]
            if not asked:
                continue
            rating = card.rating
            yield self._draft(
                str(rating.unit), "",
                đơn_vị=self._name(rating.unit), kính_gửi=addressed(rating.unit, person=self.outcome.book.rates_persons),
                kết_quả=f"{_points(rating)}, {_word(rating) if not rating.band else f'xếp loại {rating.band}'}",
                phát_hiện=self._each_told(asked),
                mất_điểm=[
                    {"nội_dung": _said(each)} for flag, each in flagged if flag.kind == "nguyên nhân" and each not in asked
                ],
            )  # fmt: skip

    # ----------------------------------------------------------------------------- biên bản kiểm điểm

    @cached_property
    def _low(self) -> list[Finding]:
        return [
            each for each in self.outcome.findings
            if each.unit and each.criterion and isinstance(self._flags.get(each.code), LowScore)
        ]  # fmt: skip

    def inspections(self) -> Iterator[_Draft]:
        """One for every criterion with too few points."""
        for finding in self._low:
            card, flag, unit = self._card_of(finding), self._flags[finding.code], finding.unit
            assert unit
            assert isinstance(flag, LowScore)
            its = next(each for each in card.lines if each.code == finding.criterion)
            leader, official = finding.people if len(finding.people) == 2 else (DOTS, DOTS)
            upper, agency = _agency(unit)
            yield self._draft(
                str(unit), its.code,
                cơ_quan_trên=upper, cơ_quan=agency, đơn_vị=self._name(unit), mã_tiêu_chí=its.code, tiêu_chí=its.name,
                điểm=_number(its.points), điểm_tối_đa=vi.number(its.most),
                giới_hạn=f"không quá {flag.at_most}" if flag.at_most else f"dưới {flag.below}",
                bình_quân=_mean(its), nhóm_so_sánh=card.group,
                nơi_ghi=_where(finding), phát_hiện=_said(finding), phải_làm=finding.duty or NONE,
                căn_cứ_cảnh_báo=finding.basis or self.outcome.book.basis or NONE,
                người_kiểm_điểm=self._answerable(finding), lãnh_đạo=leader, công_chức=official,
            )  # fmt: skip

    def _answerable(self, finding: Finding) -> list[dict[str, str]]:
        """The two people; where the sheet names only one, nobody knows which of the two that is."""
        if len(finding.people) == 1:
            return [
                {"vai": "Người được phân công", "tên": finding.people[0]},
                {"vai": "Người cùng chịu trách nhiệm", "tên": DOTS},
            ]
        names = finding.people or (DOTS, DOTS)
        return [
            {"vai": role, "tên": name}
            for role, name in zip(("Lãnh đạo phụ trách lĩnh vực", "Công chức lĩnh vực"), names, strict=True)
        ]

    def _card_of(self, finding: Finding) -> Card:
        """The unit's card; of a unit that stands in several rows, the one of the row that is meant."""
        cards = self._cards_of[finding.unit] if finding.unit else []
        if len(cards) > 1 and (at := finding.at):
            for card in cards:
                named = self.outcome.sheet.named(card.position)
                if (named.file, named.sheet, named.row) == (at.file, at.sheet, at.row):
                    return card
        return cards[0]

    @cached_property
    def _cards_of(self) -> dict[Unit, list[Card]]:
        found: dict[Unit, list[Card]] = {}
        for card in self._cards:
            found.setdefault(card.rating.unit, []).append(card)
        return found

    def nobody_named(self) -> list[Finding]:
        """VB03, once: the criteria whose two people are not both known."""
        lacking = [each for each in self._low if len(each.people) != 2]
        if not lacking:
            return []
        codes = list(dict.fromkeys(each.criterion for each in lacking))
        more = f" và {len(codes) - 10} tiêu chí khác" if len(codes) > 10 else ""
        what = f"{len(codes)} tiêu chí: {', '.join(codes[:10])}{more}"
        return [NO_PEOPLE(count=len(lacking), what=what)]


# -------------------------------------------------------------------------------------------- the kinds


class _Kind(NamedTuple):
    """A kind of letters: how its files begin, its template, its key in the book, who gets one, what its template may say."""

    name: str
    template: str
    key: str
    drafts: Callable[[_Desk], Iterator[_Draft]]
    fields: Mapping[str, Sequence[str]]


FINDING = ("nội_dung", "phải_làm", "căn_cứ")
COMMON: Mapping[str, Sequence[str]] = dict.fromkeys(("năm", "ngày", "bộ_tiêu_chí", "căn_cứ", "minh_hoạ"), ())
KINDS = (
    _Kind("1 Tờ trình", "to-trinh.docx", "submission", _Desk.submission, {
        "đoạn_văn": ("câu",),
        "các_mức": ("tên", "số", "tỷ_lệ", "năm_trước", "tăng_giảm"),
        **dict.fromkeys(("tổng_số", "đã_xếp_loại", "tỷ_lệ_cộng", "năm_trước_cộng", "tăng_giảm_cộng"), ()),
        "các_cột": ("tên",),
        "các_nhóm": ("tên", "số", "các_ô"),
        "đạt_danh_hiệu": ("số", "tên", "nhóm", "xếp_loại", "danh_hiệu", "điểm"),
        "bị_nêu": ("số", "tên", "nhóm", "các_điều", *FINDING),
        **dict.fromkeys(("số_chưa_xếp_loại", "danh_sách_kèm_theo"), ()),
    }),
    _Kind("2 Thông báo kết quả", "thong-bao-ket-qua.docx", "notice", _Desk.notices, {
        **dict.fromkeys(("đơn_vị", "nơi_nhận", "xếp_loại", "danh_hiệu", "điểm", "hạng", "hạng_trong_nhóm"), ()),
        **dict.fromkeys(("mức_kế_trên", "nhóm_so_sánh"), ()),
        "những_người": ("tên", "chức_vụ", "kết_quả"),
        "vì_sao": ("câu",),
        "điều_kiện": ("danh_hiệu", "điều_kiện", "kết_quả"),
        "các_tiêu_chí": ("mã", "tên", "tối_đa", "đạt", "bình_quân", "cấp_đầu"),
        "phát_hiện": FINDING,
    }),
    _Kind("3 Yêu cầu giải trình", "yeu-cau-giai-trinh.docx", "request", _Desk.requests, {
        **dict.fromkeys(("đơn_vị", "kính_gửi", "kết_quả"), ()),
        "phát_hiện": FINDING,
        "mất_điểm": ("nội_dung",),
    }),
    _Kind("4 Biên bản kiểm điểm", "bien-ban-kiem-diem.docx", "inspection", _Desk.inspections, {
        **dict.fromkeys(("cơ_quan_trên", "cơ_quan", "đơn_vị", "mã_tiêu_chí", "tiêu_chí", "điểm", "điểm_tối_đa"), ()),
        **dict.fromkeys(("giới_hạn", "bình_quân", "nhóm_so_sánh", "nơi_ghi", "phát_hiện", "phải_làm"), ()),
        **dict.fromkeys(("căn_cứ_cảnh_báo", "lãnh_đạo", "công_chức"), ()),
        "người_kiểm_điểm": ("vai", "tên"),
    }),
)  # fmt: skip


# ------------------------------------------------------------------------------------- words of letters


def dated(given: str) -> str:
    """ "ngày 05 tháng 02 năm 2020" of 5/2/2020 or 2020-02-05; as it was given where it is no such date; dotted without one."""
    if not given:
        return "ngày …… tháng …… năm ………"
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", given.strip()):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", given.strip()):
        year, month, day = map(int, found.groups())
    else:
        return given
    if not _in_calendar(year, month, day):
        return given
    # Nghị định 30/2020, Phụ lục I: days below 10 and months below 3 are written with a 0.
    return f"ngày {day:02} tháng {f'{month:02}' if month < 3 else month} năm {year}"


def _in_calendar(year: int, month: int, day: int) -> bool:
    """Whether there is such a day: not 31 February."""
    with suppress(ValueError):
        return bool(date(year, month, day))
    return False


GOVERNED = ("xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh")
"""The kinds of units that have a people's committee."""


def addressed(unit: Unit, *, person: bool = False) -> str:
    """Whom a letter is for: "Ủy ban nhân dân xã A, Huyện B"; "Ông (bà) …"; else as it is called."""
    if person:
        return f"Ông (bà) {unit}"
    name = _called(unit.name)
    if unit.kind not in GOVERNED or _names_agency(name):
        return name
    if vi.key(name).startswith(unit.kind):
        name = name[:1].lower() + name[1:]
    return f"Ủy ban nhân dân {name}" + (f", {_called(unit.parent)}" if Unit(unit.parent).kind in GOVERNED else "")


def _called(name: str) -> str:
    """A unit of the land as Nghị định 30/2020 (Phụ lục II) writes it: "xã sín phổng" is "Xã Sín Phổng". Only first letters
    become capitals: of the kind, of the name, and of its syllables where none of them has a capital; no other name changes."""
    kind, own = vi.split_kind(name)
    words = name.split()
    place = len(words) - len(own.split())
    if kind not in GOVERNED or not place or vi.key(" ".join(words[place:])) != own:
        return name
    proper = words[place:]
    proper = [_capital(proper[0]), *proper[1:]] if any(map(_has_capital, proper)) else list(map(_capital, proper))
    return _capital(" ".join((*words[:place], *proper)))


def _has_capital(word: str) -> bool:
    return word != word.lower()


def _shown(unit: Unit) -> str:
    return str(unit._replace(name=_called(unit.name), parent=_called(unit.parent)))


def _agency(unit: Unit) -> tuple[str, str]:
    """The two lines of the letterhead of a unit: "UBND HUYỆN B", "UBND XÃ A"; dots for what the names do not tell."""
    parent = Unit(unit.parent)
    upper = _committee(parent) if parent.kind in GOVERNED else DOTS
    return upper.upper(), (_committee(unit) if unit.kind in GOVERNED else unit.name).upper()


def _committee(unit: Unit) -> str:
    return unit.name if _names_agency(unit.name) else f"UBND {unit.name}"


def _names_agency(name: str) -> bool:
    return vi.fold(name).startswith(("ubnd", "uy ban"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(points: vi.Exact | None) -> str:
    return "chưa có" if points is None else vi.number(points)


def _word(rating: Rating) -> str:
    return tables.band_word(rating)


def _points(rating: Rating) -> str:
    if rating.points is None or rating.max_points is None:
        return "chưa có tổng điểm"
    percent = f" ({vi.percent(rating.percent)})" if rating.percent is not None else ""
    return f"{vi.number(rating.points)}/{vi.number(rating.max_points)} điểm{percent}"


def _rank_in_group(rating: Rating) -> str:
    if not rating.group_rank or (rating.group_rank, rating.group_of) == (rating.rank, rating.of):
        return ""
    return f"{rating.group_rank}/{rating.group_of}" + (f" ({rating.group})" if rating.group else "")


def _next(card: Card) -> str:
    return ": ".join(filter(None, (card.next_band, card.distance)))


def _titles(card: Card) -> str:
    """The titles held, those of which nobody knows; "không đạt" only where something is known to fail, as on the card."""
    words = [
        title.name if title.held else f"chưa rõ «{title.name}»" for title in card.titles if title.held is not False
    ]
    return "; ".join(words) or ("không đạt" if card.titles else "")


def _met(held: bool | None) -> str:
    return "chưa rõ" if held is None else "đạt" if held else "không đạt"


def _criterion(line: Line) -> dict[str, object]:
    return {
        "mã": line.code, "tên": line.name, "tối_đa": vi.number(line.most) if line.most else NONE,
        "đạt": line.remark or _number(line.points), "bình_quân": _mean(line),
        "cấp_đầu": line.depth == 0,
    }  # fmt: skip


def _mean(line: Line) -> str:
    return NONE if line.mean is None else vi.number(vi.rounded(line.mean, 2))


def _said(finding: Finding) -> str:
    """The sentence of a finding in a letter that speaks of its unit anyway."""
    return _capital(finding.message.removeprefix(f"{finding.unit}: "))


def _where(finding: Finding) -> str:
    if not finding.at:
        return NONE
    return f"ô {tables.addresses(finding.cells)}, trang «{finding.at.sheet}», tệp {finding.at.file}"
