"""The words of office tables: what a heading says about its column, and what a row's label says about its row.

Every sheet of the line (scores, history, assignments) is read with these words; criteria are recognised in `bind`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from xeploai import vi
from xeploai.model import Grid, Value

_ROLES = {
    # Order matters: "Đơn vị cấp huyện" is the parent, "Đơn vị" the unit.
    "parent": r"(ten |thuoc )?(don vi )?(cap )?(huyen|quan|thi xa|thanh pho thuoc tinh|cum|khoi|vung|khu vuc|nhom)"
    r"( thi xa| thanh pho| quan| huyen| thi dua| tx| tp| t x| t p)*",
    "kind": r"loai (hinh|don vi|to chuc|co quan)( .*)?",
    "code": r"(ma( so)?( don vi| dvhc| xa| phuong| dinh danh| hanh chinh)*|code|(\w+ ?)?id|ma tinh)",
    "number": r"(stt|tt|so tt|so thu tu|no|s t t|t t)",
    "year": r"nam( danh gia| xep loai| cham diem| xet)?",
    "total": r"(tong( so)?( diem| cong)?( dat duoc| dat| cham| chung| tu cham| tham dinh)*|cong( diem)?"
    r"|diem tong( cong)?)( \d{1,3})?( diem)?",
    "note": r"(ghi chu|ly do|minh chung|giai trinh)( .*)?",
    "band": r"(ket qua )?(muc )?(xep loai|phan loai)( .*)?",
    "titles": r"(dat )?danh hieu( .*)?",
    "rank": r"(xep hang|thu hang|hang|vi thu|thu tu xep hang)( chung| toan tinh| xeploai)?",
    "of": r"(tren )?tong so don vi( xep hang)?|so don vi xep hang",
    "points": r"(tong )?diem( dat| so| dat duoc)?|so diem",
    "max_points": r"(tong )?diem (toi da|chuan)|thang diem|toi da",
    "flags": r"canh bao",
    "low": r"tieu chi bi neu",
    "book": r"bo tieu chi",
    "leader": r"(ho ten |ho va ten )?lanh dao( .*)?|nguoi phu trach",
    "official": r"(ho ten |ho va ten )?cong chuc( .*)?|can bo( .*)?",
    "criterion": r"(ma |ten )?(tieu chi|linh vuc|noi dung)( .*)?",
    "person": r"ho (va )?ten( .*)?|(ten )?chu tich( .*)?|nguoi dung dau( .*)?",
    "name": r"(ten |danh sach )?(cac )?(don vi(?! tinh| tu\b)(?!.*(xep loai|diem|dat\b))( .*)?|dia phuong|co quan( don vi)?"
    r"|so( ban)? nganh( .*)?|chinh quyen co so|(ubnd )?(cac |cap )*(xa|phuong|thi tran|dac khu)"
    r"( (xa|phuong|thi tran|dac khu|tt|tx|tp|va|hoac|cap xa))*|tinh( tp| thanh pho.*)?)|tentinh.*",
}  # fmt: skip
_PATTERNS = [(role, re.compile(pattern)) for role, pattern in _ROLES.items()]

_WHO = (
    r"(diem )?((do |cua )?(xa|phuong|don vi|co so|huyen|tinh|ubnd|uy ban|so|so noi vu|to|doan|ban|cap tren"
    r"|cap co tham quyen|ca nhan|cong chuc|vien chuc|can bo|lanh dao|truong phong|tp) ?)*"
)
_AGAIN = r"( lan (?P<round>\d|i{1,3}))?( .*)?"
DEDUCTED = "điểm trừ"
_PHASES = {
    "chính thức": _WHO + r"(chinh thuc|cuoi cung|phe duyet|duyet|hoi dong|cong nhan|ket luan)( .*)?"
    r"|(diem )?(do )?(cap|co quan|nguoi|tap the) co tham quyen",
    "thẩm định": _WHO + r"(tham dinh|phuc tra|kiem tra|cham lai)" + _AGAIN + r"|(diem )?td( (?P<again>\d))?"
    r"|(diem )?(do )?(nguoi quan ly|cap tren|lanh dao) truc tiep( .*)?",
    "tự chấm": _WHO + r"(tu cham|tu danh gia)( .*)?|(diem )?tc",
    "điều tra xã hội học": _WHO + r"(dieu tra|khao sat|xhh|dtxhh)( .*)?",
    DEDUCTED: r"(diem )?(bi )?tru( .*)?|bt",
}
_PHASE_PATTERNS = [(phase, re.compile(pattern)) for phase, pattern in _PHASES.items()]
_PLAIN_POINTS = re.compile(r"(so )?diem( dat| cham| dat duoc| danh gia)?|(diem )?(toi da )?\d+( \d+)?( ?(diem|d))?")
_ENGLISH = re.compile(
    r"\b(?:self|scor(?:e|es|ing)|marks?|points?|apprais\w*|assess\w*|evaluat\w*|review\w*)\b", re.IGNORECASE
)
_ROUNDS = {"i": "1", "ii": "2", "iii": "3"}

_OF = (
    r"( (chung|cong|toan|ca|tinh|huyen|thi xa|thanh pho|cum|khoi|vung|quan|theo|cac|quy dinh|diem|dat|so|i|ii|iii|iv|v|x)"
    r"\b.*)?"
)
_NO_UNIT = re.compile(
    r"(cong|tong|tong cong|tong so|tong diem|tong so diem|cong diem)"
    + _OF
    + r"|(diem |so diem |tong diem |tong so diem |muc )?(binh quan|trung binh|trung vi|tb|toi da|chuan|cao nhat|thap nhat)"
    + _OF
    + r"|cong (trang|don)( .*)?|luy ke( .*)?|(mang|chuyen) sang( .*)?|thang diem( .*)?"
    + r"|(toan|ca) (tinh|huyen|quoc|nuoc|thanh pho|thi xa|cum|khoi|vung)"
    r"|min|max|median|mean|average|highest|lowest"
)
_NUMBERING = re.compile(r"\(?\s*(\d{1,3}|[^\W\d_])\s*\)?(\s*=.*)?")
_ROMAN = re.compile(r"(?=[IVXLC])(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})[.)]?", re.IGNORECASE)

_YEAR = re.compile(r"(?<!\d)(?<!\d[-/.])((?:19|20)\d\d)(?!\d)(?![-/.]\d)")
_PERIOD = re.compile(r"\b\d{4}\s*[-–]\s*\d{4}\b")
_YEAR_WORDS = re.compile(
    r"(?P<month>tháng[\W_]*\d*[\W_]*)?\bnăm\s+(?P<year>(?:19|20)\d\d)\b(?P<more>\s*(?:[-–/]|đến|và)\s*(?:năm\s*)?\d+)?"
)


@lru_cache(maxsize=4096)
def role(text: str) -> str | None:
    """What a heading of a fixed meaning says: "name", "parent", "total" …; None for any other heading."""
    folded = vi.fold(text)
    return next((role for role, pattern in _PATTERNS if pattern.fullmatch(folded)), None) if folded else None


@lru_cache(maxsize=4096)
def phase(text: str) -> str | None:
    """Which points a heading under a criterion means: "tự chấm", "thẩm định", "thẩm định 2"; "" for plain "Điểm".

    Of a heading in two languages («Self-score/Tự chấm») the Vietnamese half tells.
    """
    folded = vi.fold(text)
    for name, pattern in _PHASE_PATTERNS:
        if found := pattern.fullmatch(folded):
            groups = found.groupdict()
            again = _ROUNDS.get(found_round := groups.get("round") or groups.get("again") or "", found_round)
            return f"{name} {again}" if again and again != "1" else name
    if _PLAIN_POINTS.fullmatch(folded):
        return ""
    pieces = re.split(r"\s*[/|\n]\s*", text.strip())
    ours = [piece for piece in pieces if not _ENGLISH.search(piece)]
    return phase(ours[0]) if len(ours) == 1 < len(pieces) else None


def official(phases: set[str]) -> str:
    """The phase that counts where the book is silent: chính thức, else the last thẩm định, else plain, else tự chấm."""
    checked = sorted(phase for phase in phases if phase.startswith("thẩm định"))
    return next((p for p in ("chính thức", *reversed(checked), "", "tự chấm") if p in phases), min(phases, default=""))


def is_decision(grid: Grid) -> bool:
    """Whether this sheet is called Quyết định."""
    return vi.fold(grid.sheet).startswith("quyet dinh")


def is_heads(grid: Grid) -> bool:
    """Whether this sheet is called Người đứng đầu, Cán bộ or Lãnh đạo."""
    return vi.fold(grid.sheet).startswith(("nguoi dung dau", "can bo", "lanh dao"))


def is_no_unit(label: str) -> bool:
    """Whether a row of this label is a sum, a mean, a maximum … "Cộng Hòa" and "Tổng Cọt" are communes."""
    folded = vi.fold(label)
    if not folded or _NO_UNIT.fullmatch(folded) is None or vi.split_kind(label)[0]:
        return False
    first = vi.key(label).partition(" ")[0].strip(".:*")  # Tống Công Minh, Tòng Toàn: names of persons
    return folded.partition(" ")[0] not in ("tong", "cong") or first in ("tổng", "cộng", "tong", "cong")


def is_roman(value: Value) -> bool:
    """Whether a row number is roman, as sections are numbered."""
    return isinstance(value, str) and bool(value.strip()) and _ROMAN.fullmatch(value.strip()) is not None


def is_numbering(grid: Grid, row: int) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), 1 2 3 …, A B 1 2."""
    seen = [value for value in grid.rows[row - grid.top] if value is not None] if grid.top <= row < grid.height else []
    if len(seen) < 3:
        return False
    if all(isinstance(value, str) for value in seen):
        return all(_NUMBERING.fullmatch(vi.clean(str(value))) for value in seen)
    counts = [value for value in seen if isinstance(value, float | int) and not isinstance(value, bool)]
    texts = [value for value in seen if isinstance(value, str)]
    steps = all(b - a == 1 for a, b in pairwise(counts))
    return (
        len(counts) + len(texts) == len(seen)
        and steps
        and len(counts) >= 3
        and counts[0] in (1, 2, 3)
        and all(_NUMBERING.fullmatch(vi.clean(text)) for text in texts)
    )


def year_in_name(text: str) -> int | None:
    """The one year in a sheet's name: "2011_PAPI", "Năm 2019"; None for none or several."""
    found = set(_YEAR.findall(_PERIOD.sub(" ", vi.clean(text).replace("_", " "))))
    return int(found.pop()) if len(found) == 1 else None


def year_in_title(text: str) -> int | None:
    """The year that a title speaks of: "… NĂM 2019", not the date of a letter ("ngày 10 tháng 01 năm 2020")."""
    found = {each["year"] for each in _YEAR_WORDS.finditer(vi.key(text)) if not (each["month"] or each["more"])}
    return int(found.pop()) if len(found) == 1 else None


def is_title(text: str) -> bool:
    """Whether a line above a table is its title, and not a remark or the issuing office."""
    words = vi.fold(text)
    return any(
        word in words for word in ("xep loai", "cham diem", "bang diem", "phieu", "tong hop", "ket qua", "danh gia")
    )


def whole_year(value: Value) -> int | None:
    """The year in a cell of a year column: 2019, "2019", "Năm 2019"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float | int):
        return int(value) if value == int(value) and 1900 <= value <= 2200 else None
    return year_in_name(value) if isinstance(value, str) else None


def as_name(value: Value) -> str:
    """A name or code as it stands: text cleaned; a number as its digits; "" for anything else."""
    if isinstance(value, str):
        return vi.clean(value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return vi.exact(vi.from_float(float(value)))
    return ""
