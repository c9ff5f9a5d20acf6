"""Checks of the figures (kiểm tra số liệu): what must hold between columns, rows, sheets and years, as a book says it.

    kiểm tra số liệu:
      - {mã: kt-cbcc, loại: cộng cột, kết quả: "Cán bộ, công chức", gồm: [Cán bộ, Công chức]}
      - {mã: kt-ty-le, loại: tỷ lệ, tử số: Hộ nghèo, mẫu số: Tổng số hộ, kết quả: Tỷ lệ hộ nghèo}

Only the form is here; `steps.reconcile` does the arithmetic. A discrepancy is told with both cells, and never repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.facts import ALimit
from xeploai.book.names import FactNames
from xeploai.book.parts import Part, Text, Texts, Whole, Year, YesNo, unknown
from xeploai.findings import Finding, Severity
from xeploai.model import Cell, Unit

NUMBERS = ("số", "phần trăm")
REMEDY = "Đối chiếu các ô này với biểu gốc rồi sửa ô sai; phần mềm không tự sửa số nào."


class Check(Part):
    """An identity between figures (kiểm tra số liệu)."""

    code: Text = Field(alias="mã", description="Mã ngắn của phép kiểm tra, không trùng: kt-ho-ngheo")
    kind: str = Field(alias="loại", description="Một trong các loại ở dưới")
    tolerance: ALimit | None = Field(
        None, alias="sai số", description="Lệch đến mức này vẫn coi là khớp: 1 hoặc 5%; bỏ trống: phải khớp hẳn"
    )
    duty: Text = Field(REMEDY, alias="phải làm", description="Ai phải làm gì khi số liệu không khớp")
    basis: Text = Field("", alias="căn cứ", description="Văn bản, điều, khoản")
    level_of_concern: Literal["cảnh báo", "ghi chú"] = Field(
        "cảnh báo", alias="mức độ", description="cảnh báo: phải có người làm; ghi chú: chỉ để biết"
    )

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """What is wrong with it in this book: (key, complaint).

        `criteria` are names and codes; `totals` the codes of the book's checks of the kind chung mẫu số.
        """
        yield from ()

    def found(
        self,
        message: str,
        *,
        unit: Unit | None = None,
        group: str = "",
        year: int | None = None,
        cells: Sequence[Cell | None] = (),
        note: bool = False,
    ) -> Finding:
        """A finding that carries this check's code, duty and basis; a mere note asks nobody to do anything."""
        known = [cell for cell in cells if cell]
        return Finding(
            self.code, Severity.NOTE if note or self.level_of_concern == "ghi chú" else Severity.WARNING, message,
            unit, group or (unit.parent if unit else ""), "", year, known[0] if known else None, tuple(known[1:]),
            duty="" if note else self.duty, basis=self.basis,
        )  # fmt: skip

    def _wrong(
        self,
        key: str,
        words: Sequence[str],
        facts: FactNames,
        criteria: Sequence[str] = (),
        kinds: Sequence[str] = NUMBERS,
    ) -> Iterator[tuple[str, str]]:
        """Words that mean no column, or one of a kind that this check cannot use. Criteria are points: numbers."""
        for word in words:
            fact = facts.find(word)
            if fact is None and (trouble := unknown(word, [*_words(facts), *criteria], "số liệu")):
                yield key, trouble
            elif kind_of(word, facts) not in kinds:
                need = " hoặc ".join(kinds)
                yield key, f"«{word}» có kiểu «{kind_of(word, facts)}», ở đây cần kiểu {need}"

    def _mixed(self, key: str, words: Sequence[str], facts: FactNames) -> Iterator[tuple[str, str]]:
        """Percents beside counts."""
        kinds = {word: kind_of(word, facts) for word in words}
        other = next((word for word in words if kinds[word] != kinds[words[0]]), None)
        if other is not None and {kinds[other], kinds[words[0]]} == set(NUMBERS):
            yield (
                key,
                f"«{words[0]}» là {_unit_of(kinds[words[0]])}, «{other}» là {_unit_of(kinds[other])}: không so được",
            )

    def _vague(self, word: str, facts: FactNames) -> Iterator[tuple[str, str]]:
        """A tolerance in % of what is a percent itself could be two things."""
        if self.tolerance and self.tolerance.unit == "%" and kind_of(word, facts) == "phần trăm":
            amount = vi.number(self.tolerance.amount)
            yield "sai số", f"«{word}» đã là phần trăm: viết «sai số: {amount}» (điểm phần trăm), không có dấu %"

    def _twice(self, key: str, words: Sequence[str], facts: FactNames) -> Iterator[tuple[str, str]]:
        """One column named twice in one identity."""
        seen: set[str] = set()
        for word in words:
            fact = facts.find(word)
            column = vi.key(fact.code if fact else word)
            if column in seen:
                yield key, f"«{word}» nêu hai lần"
            seen.add(column)


class ColumnSum(Check):
    """Cộng cột: trong một hàng, một cột bằng tổng các cột khác (có thể trừ đi một số cột).

    Báo Thừa Thiên Huế: «3.355 cán bộ, công chức», trong đó cán bộ 1.597 và công chức 1.759, cộng lại là 3.356. Số công bố
    lệch 1: báo cả ba ô, không sửa số nào. Thiếu một số thì không xét hàng đó.

        - {mã: kt-cbcc, loại: cộng cột, kết quả: "Cán bộ, công chức", gồm: [Cán bộ, Công chức]}
        - mã: kt-ho-ngheo
          loại: cộng cột
          kết quả: Hộ nghèo cuối năm
          gồm: [Hộ nghèo đầu năm, Hộ tái nghèo, Hộ nghèo phát sinh]
          trừ: [Hộ thoát nghèo]

    Ví dụ phát hiện: Tỉnh Mẫu: «Cán bộ, công chức» ghi 3.355 (ô D5), cán bộ 1.597 + công chức 1.759 = 3.356 (ô B5, C5):
    lệch 1.
    """

    kind: Literal["cộng cột"] = Field(alias="loại")
    result: Text = Field(alias="kết quả", description="Số liệu phải bằng tổng")
    plus: Texts = Field(alias="gồm", min_length=1, description="Các số liệu cộng vào")
    minus: Texts = Field((), alias="trừ", description="Các số liệu trừ ra")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        for key, words in (("kết quả", (self.result,)), ("gồm", self.plus), ("trừ", self.minus)):
            yield from self._wrong(key, words, facts, criteria)
        everything = (self.result, *self.plus, *self.minus)
        yield from self._twice("gồm", everything, facts)
        yield from self._mixed("gồm", everything, facts)
        yield from self._vague(self.result, facts)


class RowSum(Check):
    """Cộng hàng: số in ở hàng «Tổng cộng», «Cộng», «Toàn tỉnh» bằng tổng số của các đơn vị trong bảng đó.

    Hàng «Cộng Huyện A» chỉ cộng các đơn vị của Huyện A. Một hàng «Cộng» giữa bảng chỉ được xét khi các đơn vị ngay trên nó
    đúng là mọi đơn vị của một huyện; không chắc thì không xét. Một đơn vị thiếu số, hoặc giữa bảng có hàng có số mà không
    phải đơn vị, thì cột đó không xét. Tỷ lệ phần trăm không cộng được.

        - {mã: kt-tong, loại: cộng hàng, số liệu: [Tổng số hộ, Hộ nghèo]}

    Ví dụ phát hiện: Trang «Hộ nghèo», hàng «Tổng cộng»: «Hộ nghèo» ghi 1.250 (ô D20), cộng 14 đơn vị được 1.249
    (ô D5–D18): lệch 1.
    """

    kind: Literal["cộng hàng"] = Field(alias="loại")
    columns: Texts = Field(alias="số liệu", min_length=1, description="Các số liệu hoặc tiêu chí có hàng tổng")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        yield from self._wrong("số liệu", self.columns, facts, criteria, kinds=("số",))
        yield from self._twice("số liệu", self.columns, facts)


class Share(Check):
    """Tỷ lệ: tỷ lệ phần trăm in trong biểu bằng 100 × tử số : mẫu số, làm tròn nửa lên.

    Hai bên được làm tròn đến cùng số chữ số (bỏ trống: 2) rồi mới so. Mẫu số ghi 0 mà vẫn in một tỷ lệ, kể cả 0%, thì báo:
    không chia cho 0 được; ô tỷ lệ để trống thì không xét. Chênh lệch giữa hai tỷ lệ gọi là điểm phần trăm.

        - mã: kt-ty-le
          loại: tỷ lệ
          tử số: Hộ nghèo
          mẫu số: Tổng số hộ
          kết quả: Tỷ lệ hộ nghèo
          số chữ số thập phân: 2

    Ví dụ phát hiện: Xã A: «Tỷ lệ hộ nghèo» ghi 6,98% (ô D5), hộ nghèo 598 : tổng số hộ 10.000 = 5,98% (ô B5, C5): lệch
    1 điểm phần trăm.
    """

    kind: Literal["tỷ lệ"] = Field(alias="loại")
    part: Text = Field(alias="tử số", description="Số liệu ở tử số")
    whole: Text = Field(alias="mẫu số", description="Số liệu ở mẫu số")
    result: Text = Field(alias="kết quả", description="Số liệu kiểu phần trăm in trong biểu")
    places: Whole = Field(2, alias="số chữ số thập phân", le=10, description="Tỷ lệ in mấy chữ số lẻ; bỏ trống: 2")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        yield from self._wrong("tử số", (self.part,), facts, criteria, kinds=("số",))
        yield from self._wrong("mẫu số", (self.whole,), facts, criteria, kinds=("số",))
        yield from self._wrong("kết quả", (self.result,), facts, kinds=("phần trăm",))
        yield from self._vague(self.result, facts)


class Pair(Part):
    """A count with the percent that was printed beside it."""

    count: Text = Field(alias="số lượng", description="Số liệu đếm: Hộ nghèo")
    share: Text = Field(alias="tỷ lệ", description="Số liệu kiểu phần trăm in cạnh nó: Tỷ lệ hộ nghèo")


class SharedTotal(Check):
    """Chung mẫu số: các số lượng và tỷ lệ in cạnh nhau phải cùng tính trên một tổng.

    Báo Thừa Thiên Huế: 17.662 hộ nghèo là 5,98% và 15.429 hộ cận nghèo là 5,22%. Tỷ lệ làm tròn 2 chữ số thì cả hai chỉ
    khớp khi tổng số hộ từ 295.292 đến 295.598. Không có tổng nào khớp, hoặc tổng ghi trong biểu nằm ngoài khoảng đó, thì
    báo. «nêu khoảng: có» thì ghi chú khoảng của tổng cả khi số liệu khớp. «sai số» ở đây nói về tổng ghi trong biểu.

        - mã: kt-tong-ho
          loại: chung mẫu số
          gồm:
            - {số lượng: Hộ nghèo, tỷ lệ: Tỷ lệ hộ nghèo}
            - {số lượng: Hộ cận nghèo, tỷ lệ: Tỷ lệ hộ cận nghèo}
          nêu khoảng: có

    Ví dụ phát hiện: Tỉnh Mẫu: 17.662 (5,98%) và 15.429 (5,22%) cùng khớp khi tổng từ 295.292 đến 295.598 (ô B5, C5, D5,
    E5).
    """

    kind: Literal["chung mẫu số"] = Field(alias="loại")
    pairs: tuple[Pair, ...] = Field(alias="gồm", min_length=1, description="Mỗi cặp: số lượng và tỷ lệ của nó")
    places: Whole = Field(2, alias="số chữ số thập phân", le=10, description="Tỷ lệ in mấy chữ số lẻ; bỏ trống: 2")
    total: Text | None = Field(None, alias="mẫu số", description="Số liệu ghi tổng đó, nếu biểu có")
    tells: YesNo = Field(False, alias="nêu khoảng", description="có: ghi chú khoảng của tổng cả khi khớp")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        for pair in self.pairs:
            yield from self._wrong("gồm", (pair.count,), facts, criteria, kinds=("số",))
            yield from self._wrong("gồm", (pair.share,), facts, kinds=("phần trăm",))
        yield from self._twice("gồm", [word for pair in self.pairs for word in (pair.count, pair.share)], facts)
        if self.total:
            yield from self._wrong("mẫu số", (self.total,), facts, criteria, kinds=("số",))
        elif len(self.pairs) < 2:
            yield "gồm", "cần ít nhất hai cặp, hoặc một cặp và «mẫu số»"
        if self.tolerance and not self.total:
            yield "sai số", "«sai số» chỉ dùng cho «mẫu số» ghi trong biểu; khoảng của tổng đã tính cả phần làm tròn"


class CarriedOver(Check):
    """Chuyển năm: số đầu năm nay bằng số cuối năm trước của cùng đơn vị.

    Năm trước là đúng năm liền trước. Không có biểu năm đó, không tìm được đúng một đơn vị cùng tên (hoặc cùng mã), hoặc
    thiếu một trong hai số thì không xét.

        - {mã: kt-dau-nam, loại: chuyển năm, số liệu: Hộ nghèo đầu năm, số liệu năm trước: Hộ nghèo cuối năm}

    Ví dụ phát hiện: Xã A: «Hộ nghèo đầu năm» năm 2018 ghi 120 (ô B5), «Hộ nghèo cuối năm» năm 2017 ghi 125
    (ô Năm 2017!F5): lệch 5.
    """

    kind: Literal["chuyển năm"] = Field(alias="loại")
    now: Text = Field(alias="số liệu", description="Số đầu năm, trong biểu năm nay")
    before: Text = Field(alias="số liệu năm trước", description="Số cuối năm, trong biểu năm liền trước")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        yield from self._wrong("số liệu", (self.now,), facts, criteria)
        yield from self._wrong("số liệu năm trước", (self.before,), facts, criteria)
        yield from self._mixed("số liệu năm trước", (self.now, self.before), facts)
        yield from self._vague(self.now, facts)


class Change(Check):
    """Thay đổi: mức tăng giảm so với năm cũ khớp với con số được nêu.

    Báo Thừa Thiên Huế: tỷ lệ hộ nghèo từ 8,36% (2015) còn 5,98% (2017), «giảm 2,38%» với «gần 6.000 hộ giảm nghèo». Từ
    8,36% còn 5,98% là giảm 2,38 điểm phần trăm; tính trên 295.292–295.598 hộ là 7.028–7.035 hộ, không phải gần 6.000:
    đáng hỏi lại.

    Năm cũ là «từ năm», hoặc một cột trong chính biểu này («từ số liệu»); không ghi gì là năm liền trước. «tính trên» là số
    liệu ghi tổng, hoặc mã của một phép kiểm tra «chung mẫu số»; không ghi thì so chính mức tăng giảm (năm nay 105, năm
    trước 89: tăng 16). Con số được nêu không âm thì chỉ so độ lớn.

        - mã: kt-giam-ngheo
          loại: thay đổi
          số liệu: Tỷ lệ hộ nghèo
          từ năm: 2015
          tính trên: Tổng số hộ
          so với: Số hộ giảm nghèo
          sai số: 5%

    Ví dụ phát hiện: Tỉnh Mẫu: «Tỷ lệ hộ nghèo» từ 8,36% (năm 2015, ô Năm 2015!C5) còn 5,98% (ô C5): giảm 2,38 điểm phần
    trăm, tính trên 295.400 là 7.031 (ô D5); «Số hộ giảm nghèo» ghi 6.000 (ô E5): lệch 1.031, đáng hỏi lại.
    """

    kind: Literal["thay đổi"] = Field(alias="loại")
    now: Text = Field(alias="số liệu", description="Số liệu năm nay")
    since: Year | None = Field(None, alias="từ năm", description="So với năm này; bỏ trống: năm liền trước")
    before: Text | None = Field(
        None, alias="từ số liệu", description="So với cột này của chính biểu, thay cho «từ năm»"
    )
    of: Text | None = Field(None, alias="tính trên", description="Tổng, hoặc mã của một «chung mẫu số»")
    stated: Text = Field(alias="so với", description="Số liệu ghi mức tăng giảm")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        yield from self._wrong("số liệu", (self.now,), facts, criteria, ("phần trăm",) if self.of else NUMBERS)
        if self.before:
            yield from self._wrong("từ số liệu", (self.before,), facts, criteria)
            yield from self._mixed("từ số liệu", (self.now, self.before), facts)
            if self.since:
                yield "từ số liệu", "giữ một trong hai: «từ năm» hoặc «từ số liệu»"
        if self.of and vi.key(self.of) not in map(vi.key, totals):
            yield from self._wrong("tính trên", (self.of,), facts, criteria, kinds=("số",))
        yield from self._wrong("so với", (self.stated,), facts, criteria, ("số",) if self.of else NUMBERS)
        if not self.of:
            yield from self._mixed("so với", (self.now, self.stated), facts)
            yield from self._vague(self.stated, facts)


class AtMost(Check):
    """Không quá: trong một hàng, số này không lớn hơn số kia (hộ nghèo dân tộc thiểu số không quá số hộ nghèo).

        - {mã: kt-dtts, loại: không quá, số liệu: Hộ nghèo DTTS, số liệu khác: Hộ nghèo}

    Ví dụ phát hiện: Xã A: «Hộ nghèo DTTS» ghi 120 (ô C5), lớn hơn «Hộ nghèo» 100 (ô B5): vượt 20.
    """

    kind: Literal["không quá"] = Field(alias="loại")
    less: Text = Field(alias="số liệu", description="Số liệu không được lớn hơn")
    more: Text = Field(alias="số liệu khác", description="Số liệu làm giới hạn")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        yield from self._wrong("số liệu", (self.less,), facts, criteria)
        yield from self._wrong("số liệu khác", (self.more,), facts, criteria)
        yield from self._twice("số liệu khác", (self.less, self.more), facts)
        yield from self._mixed("số liệu khác", (self.less, self.more), facts)
        yield from self._vague(self.less, facts)


class AcrossSheets(Check):
    """Giữa các trang: một số liệu của cùng đơn vị ghi ở nhiều trang, hoặc ở hai cột, phải giống nhau.

    Đơn vị ở hai trang được coi là một khi cùng mã, hoặc cùng tên, cùng huyện, và không còn đơn vị nào khác có thể là nó.

        - {mã: kt-tong-ho, loại: giữa các trang, số liệu: Tổng số hộ}
        - {mã: kt-ho-ngheo, loại: giữa các trang, số liệu: Hộ nghèo, bằng số liệu: Hộ nghèo (biểu 2)}

    Ví dụ phát hiện: Xã A: «Tổng số hộ» ghi 1.200 (ô C5), «Tổng số hộ» ghi 1.210 (ô Biểu 2!D7): lệch 10.
    """

    kind: Literal["giữa các trang"] = Field(alias="loại")
    fact: Text = Field(alias="số liệu", description="Số liệu ghi ở nhiều trang")
    same_as: Text | None = Field(None, alias="bằng số liệu", description="Số liệu khác phải bằng nó")

    def troubles(
        self, facts: FactNames, criteria: Sequence[str] = (), totals: Sequence[str] = ()
    ) -> Iterator[tuple[str, str]]:
        every = ("số", "phần trăm", "có/không", "chữ", "mức")
        yield from self._wrong("số liệu", (self.fact,), facts, criteria, every)
        if self.same_as:
            yield from self._wrong("bằng số liệu", (self.same_as,), facts, criteria, every)
            yield from self._twice("bằng số liệu", (self.fact, self.same_as), facts)
            kind, other = kind_of(self.fact, facts), kind_of(self.same_as, facts)
            if kind != other:
                yield (
                    "bằng số liệu",
                    f"«{self.fact}» có kiểu «{kind}», «{self.same_as}» có kiểu «{other}»: không so được",
                )
        if self.tolerance and kind_of(self.fact, facts) not in NUMBERS:
            yield "sai số", f"«{self.fact}» không phải là số, không có sai số"
        yield from self._vague(self.fact, facts)


def troubles(checks: Sequence[Check], facts: FactNames, criteria: Sequence[str] = ()) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the checks of a book: (place, key, complaint). `criteria` are names and codes."""
    totals = [check.code for check in checks if isinstance(check, SharedTotal)]
    seen: set[str] = set()
    for place, check in enumerate(checks):
        if vi.code_key(check.code) in seen:
            yield place, "mã", f"mã «{check.code}» đã dùng ở một phép kiểm tra khác"
        seen.add(vi.code_key(check.code))
        for key, complaint in check.troubles(facts, criteria, totals):
            yield place, key, complaint


def kind_of(word: str, facts: FactNames) -> str:
    """The kind of the fact of this word; what is no fact is a criterion: points are a number."""
    fact = facts.find(word)
    return fact.kind if fact else "số"


def _unit_of(kind: str) -> str:
    return "tỷ lệ phần trăm" if kind == "phần trăm" else "số lượng"


def _words(facts: FactNames) -> list[str]:
    return [word for fact in facts.facts for word in (fact.name, fact.code)]
