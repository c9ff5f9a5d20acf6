"""Lựa chọn: biểu ghi một trong các kết quả của bộ, mỗi kết quả có số điểm định sẵn.

Quyết định 212/2025/QĐ-UBND của Hải Phòng, Phụ lục 1, mục II.5: đạt thì được trọn điểm, không đạt thì 0 điểm, không được
giao thì không áp dụng.

    - mã: II.5.2.a
      tên: Giải phóng mặt bằng
      điểm tối đa: "2,5"
      cách chấm:
        loại: lựa chọn
        các lựa chọn:
          - {chọn: Đạt, điểm: "2,5"}
          - {chọn: Không đạt, điểm: 0}
          - {chọn: Không được giao, không áp dụng: có}
          - {chọn: Vi phạm nghiêm trọng, điểm: 0, cả tiêu chí cha 0 điểm: có}

Mỗi lựa chọn có đúng một trong: «điểm», «không áp dụng: có», «tính đủ: có». Ô ghi chữ của lựa chọn, không kể chữ hoa, chữ
thường; ô ghi số thì số ấy phải là điểm của đúng một lựa chọn. Chữ khác là lỗi, không phải 0 điểm. «theo» đọc một số liệu
kiểu chữ, có/không hoặc mức thay cho cột của tiêu chí.

Ví dụ: ghi «Đạt» → 2,5 điểm; ghi «Không được giao» → không áp dụng; ghi 0 → lỗi, vì hai lựa chọn cùng có 0 điểm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from xeploai import vi
from xeploai.book.names import FactNames, Look
from xeploai.book.parts import Amount, Part, Section, Text, YesNo, unknown
from xeploai.model import FactValue
from xeploai.scoring.base import Earned, Own, Refused
from xeploai.scoring.by_fact import ByFact, within


class Option(Part):
    """One of the outcomes that may be chosen."""

    word: Text = Field(alias="chọn", description="Chữ ghi trong ô: Đạt, Không đạt")
    points: Amount | None = Field(None, alias="điểm", description="Điểm của lựa chọn này")
    not_applicable: YesNo = Field(False, alias="không áp dụng", description="có: tiêu chí không áp dụng cho đơn vị")
    in_full: YesNo = Field(False, alias="tính đủ", description="có: được điểm tối đa của tiêu chí")
    empties_parent: YesNo = Field(False, alias="cả tiêu chí cha 0 điểm", description="có: cả tiêu chí cha là 0 điểm")

    def earned(self, max_points: Decimal) -> Earned | Refused:
        """What this option earns."""
        if self.not_applicable:
            return Earned(None, f"«{self.word}»: không áp dụng")
        if self.in_full:
            return Earned(max_points, f"«{self.word}»: tính đủ {vi.number(max_points)} điểm")
        if self.points is None:
            return Refused(f"bộ tiêu chí chưa nói lựa chọn «{self.word}» được bao nhiêu điểm")
        points, words = within(self.points, max_points)
        more = ", cả tiêu chí cha 0 điểm" if self.empties_parent else ""
        return Earned(points, f"«{self.word}»: {words}{more}", self.empties_parent)


class Choice(ByFact):
    """One of the outcomes that the book lists, each with its points. Source: Hải Phòng 212/2025, annex 1, II.5."""

    kind: Literal["lựa chọn"] = Field(alias="loại", description="lựa chọn")
    options: Section[Option] = Field(alias="các lựa chọn", min_length=1, description="Các kết quả có thể ghi trong ô")

    @property
    def own(self) -> Own:
        return "chữ"

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("chữ", "có/không", "mức")

    def earn(self, look: Look, own: FactValue, max_points: Decimal) -> Earned | Refused:
        seen = self.value(look, own)
        if seen is None or seen == "":
            return Refused(f"thiếu số liệu «{self.by}»" if self.by else "để trống", self.by or "", missing=True)
        shown = ("có" if seen else "không") if isinstance(seen, bool) else seen if isinstance(seen, str) else ""
        shown = shown or vi.number(seen)
        chosen = [option for option in self.options if vi.key(option.word) == vi.key(shown)]
        number = vi.read_number(seen) if isinstance(seen, str) else seen
        if not chosen and not isinstance(number, bool | vi.NoNumber):
            chosen = [option for option in self.options if option.points is not None and option.points == number]
        if len(chosen) == 1:
            return chosen[0].earned(max_points)
        return Refused(self._why(vi.shown(shown), [f"«{option.word}»" for option in chosen]), self.by or "")

    def _why(self, shown: str, several: list[str]) -> str:
        where = f"«{self.by}» ghi " if self.by else ""
        if several:
            return f"{where}«{shown}» có thể là {vi.listed(several)}: ghi rõ chữ của lựa chọn"
        words = [option.word for option in self.options]
        near = vi.nearest(shown, words)
        hint = f"; có phải «{near}»? Bộ" if near else "; bộ"
        return f"{where}«{shown}» không có trong các lựa chọn{hint} này nhận: {', '.join(words)}"

    def troubles(self, max_points: Decimal, facts: FactNames) -> Iterator[tuple[str, str]]:
        yield from super().troubles(max_points, facts)
        for complaint in (*self._wrong_options(max_points), *self._wrong_words(facts)):
            yield "các lựa chọn", complaint

    def _wrong_options(self, max_points: Decimal) -> Iterator[str]:
        most = vi.number(max_points)
        for option in self.options:
            says = [option.points is not None, option.not_applicable, option.in_full]
            if says.count(True) != 1:
                yield f"lựa chọn «{option.word}» cần đúng một trong: điểm, không áp dụng, tính đủ"
            elif option.empties_parent and option.points != 0:
                yield f"lựa chọn «{option.word}» làm cả tiêu chí cha 0 điểm thì phải ghi «điểm: 0»"
            elif option.points is not None and option.points > max_points:
                yield f"lựa chọn «{option.word}» được {vi.number(option.points)} điểm, hơn điểm tối đa {most}"
        best = max((option.points for option in self.options if option.points is not None), default=Decimal(0))
        if best < max_points and not any(option.in_full for option in self.options):
            yield f"không lựa chọn nào đạt điểm tối đa {most}; cao nhất là {vi.number(best)} điểm"

    def _wrong_words(self, facts: FactNames) -> Iterator[str]:
        words = [option.word for option in self.options]
        for word, times in Counter(map(vi.key, words)).items():
            if times > 1:
                yield f"lựa chọn «{word}» nêu {times} lần"
        fact = facts.find(self.by) if self.by else None
        known = ("có", "không") if fact and fact.kind == "có/không" else fact.values if fact else ()
        for word in words if known else ():
            if trouble := unknown(word, known, f"giá trị của «{self.by}»"):
                yield trouble
        for value in known:
            if vi.key(value) not in map(vi.key, words):
                yield f"«{self.by}» có thể là «{value}» nhưng không có lựa chọn «{value}»"
