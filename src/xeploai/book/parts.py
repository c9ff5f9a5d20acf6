"""What rule books are made of: texts and numbers with their unit, comparisons, rounding.

A book is typed by people, so everything here is checked by pydantic; keys are the Vietnamese words of the form (the
aliases). Scalars arrive as text (see `book.load`) and become numbers here, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from importlib import import_module
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Literal, TypeVar, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from xeploai import vi
from xeploai.vi import EXACT, Exact


def wrong(message: str) -> PydanticCustomError:
    """A complaint in the officer's language, for validators of this room's types."""
    return PydanticCustomError("sai", "{message}", {"message": message})


def _text(given: object) -> object:
    return vi.clean(given) if isinstance(given, str) else given


def unknown(word: str, known: Iterable[str], what: str) -> str | None:
    """The complaint about a name that the book does not know, with the nearest right word; None if it knows it."""
    known = list(known)
    if vi.key(word) in map(vi.key, known):
        return None
    near = vi.nearest(word, known)
    hint = f"; có phải «{near}»?" if near else f"; bộ này có: {', '.join(known)}" if known else ""
    return f"không có {what} «{vi.shown(word)}»{hint}"


def filled(given: object, need: str) -> str:
    """The text that was typed; a complaint where there is none, or a group or list stands in its place."""
    if isinstance(given, str) and given:
        return given
    raise wrong(f"không được để trống, {need}" if given in (None, "") else need)


def amount(given: object) -> Decimal:
    """The exact number that was typed, from 0 on; a complaint in the officer's words where it is none."""
    if isinstance(given, Decimal):
        return given
    given = filled(given, "cần một số")
    found = vi.read_number(given)
    if found is vi.NoNumber.AMBIGUOUS:
        raise wrong(f"«{given}» có thể là 1.234 hoặc 1,234: viết lại không có dấu chấm, hoặc dùng dấu phẩy cho phần lẻ")
    if isinstance(found, vi.NoNumber):
        raise wrong(f"«{vi.shown(given)}» không phải là số")
    if found < 0:
        raise wrong(f"«{vi.shown(given)}» là số âm; cần số từ 0 trở lên")
    return found


def _whole(given: object) -> object:
    if isinstance(given, int):
        return given
    given = filled(given, "cần một số nguyên")
    if given.isascii() and given.isdigit() and len(given) <= 9:
        return int(given)
    raise wrong(f"«{vi.shown(given)}» không phải là số nguyên")


def _yes(given: object) -> object:
    if isinstance(given, bool):
        return given
    word = vi.fold(given) if isinstance(given, str) else ""
    if word not in ("co", "khong"):
        raise wrong("trả lời bằng «có» hoặc «không»")
    return word == "co"


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) and given else _emptied(given)


def _emptied(given: object) -> object:
    """A section of which only the name was left ("danh hiệu:") is an empty one."""
    return () if given == "" else given


T = TypeVar("T")

Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Amount = Annotated[Decimal, BeforeValidator(amount), WithJsonSchema({"type": ["number", "string"]})]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": ["integer", "string"]})]
Year = Annotated[int, BeforeValidator(_whole), Field(ge=1900, le=2200), WithJsonSchema({"type": ["integer", "string"]})]
YesNo = Annotated[bool, BeforeValidator(_yes), WithJsonSchema({"type": "string", "enum": ["có", "không"]})]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...])]
Section = Annotated[tuple[T, ...], BeforeValidator(_emptied)]


class Part(BaseModel):
    """A part of a rule book. Keys that no field knows are refused; nothing changes after loading.

    Keys and fixed words are known however they are typed: `Điểm tối đa`, `điểm_tối_đa` and `diem toi da` are one.
    """

    # defer_build: one schema for the whole book when the first is loaded, not one for each part at import.
    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, populate_by_name=True, ignored_types=(cached_property,)
    )

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        keys, words = form(cls)
        renamed = (
            (keys.get(vi.fold(key), key) if isinstance(key, str) else key, value) for key, value in given.items()
        )
        return {
            key: words[key].get(vi.fold(value), value) if key in words and isinstance(value, str) else value
            for key, value in renamed
        }


@cache
def form(model: type[BaseModel]) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, str]]]:
    """Of one part: folded key → key, and key → folded word → word for the fields that choose from fixed words."""
    aliases = {info.alias: info.annotation for info in model.model_fields.values() if info.alias}
    words = {
        alias: {vi.fold(word): word for word in _choices(of) if isinstance(word, str)} for alias, of in aliases.items()
    }
    return {vi.fold(alias): alias for alias in aliases}, {alias: of for alias, of in words.items() if of}


def _choices(annotation: object) -> Iterator[object]:
    """The values of the Literals that an annotation speaks of."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in (Annotated, Union, UnionType):
        for part in get_args(annotation):
            yield from _choices(part)


class Kinds(Mapping[str, type[Part]]):
    """The kinds of one sort of part (flags, ways of scoring, checks): word → class, loaded when a book first says the word.

    Stands in an annotation: pydantic hands it what the book says, and it hands that to the class of the kind.
    """

    def __init__(self, what: str, table: Mapping[str, str], *, bare: bool = False) -> None:
        self.what, self.table, self.bare = what, table, bare  # bare: the word alone is enough
        self._by_fold = {vi.fold(word): word for word in table}
        self._describing: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, word: str) -> type[Part]:
        module, _, name = self.table[word].partition(":")
        found: type[Part] = getattr(import_module(module), name)
        return found

    def page(self, word: str) -> str:
        """The officer's page about a kind: the docstring of its file, or of its class where a file holds several."""
        module = self.table[word].partition(":")[0]
        alone = sum(path.partition(":")[0] == module for path in self.table.values()) == 1
        return cleandoc((import_module(module) if alone else self[word]).__doc__ or "")

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Word → page, each read when it is asked for."""
        return _Pages(self)

    def kind_of(self, given: object) -> str | None:
        """The kind that is meant, in the words of this list; None where none is, or a strange one."""
        said = given if isinstance(given, str) and self.bare else _said(given)
        return self._by_fold.get(vi.fold(said)) if said else None

    def read(self, given: object) -> Part:
        """The part that a book describes. Raises pydantic's errors, with the path inside."""
        if isinstance(given, Part):
            return given
        if not isinstance(given, dict) and not (self.bare and isinstance(given, str)):
            raise PydanticKnownError("model_type", {"class_name": self.what})
        said, kind = given if isinstance(given, str) else _said(given), self.kind_of(given)
        if kind is None:
            known = ", ".join(self.table)
            raise PydanticCustomError(
                "kind" if said else "kind_missing", "{what}", {"what": self.what, "said": said or "", "known": known}
            )
        return self[kind].model_validate(
            {"loại": kind} if isinstance(given, str) else given, by_alias=True, by_name=False
        )

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        every = []
        for word in self:
            if word not in self._describing:  # a way of scoring inside itself is not described again
                self._describing.add(word)
                self[word].model_rebuild()
                every.append(handler(self[word].__pydantic_core_schema__))
                self._describing.remove(word)
        bare = [{"const": word, "type": "string"} for word in self if self.bare and not _required(self[word])]
        return {"anyOf": [*bare, *every]}


class Later:
    """A part whose class is loaded when a book first has one. Stands in an annotation, as `Kinds` does."""

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def model(self) -> type[Part]:
        """The class itself."""
        module, _, name = self.path.partition(":")
        found: type[Part] = getattr(import_module(module), name)
        return found

    def read(self, given: object) -> Part:
        """The part that a book describes. Raises pydantic's errors, with the path inside."""
        return given if isinstance(given, Part) else self.model.model_validate(given, by_alias=True, by_name=False)

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        self.model.model_rebuild()
        return handler(self.model.__pydantic_core_schema__)


class _Pages(Mapping[str, str]):
    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __len__(self) -> int:
        return len(self.kinds)

    def __getitem__(self, word: str) -> str:
        return self.kinds.page(word)


def _said(given: object) -> str:
    """What stands under «loại»."""
    pairs = given.items() if isinstance(given, dict) else ()
    said = next((value for key, value in pairs if isinstance(key, str) and vi.fold(key) == "loai"), "")
    return said if isinstance(said, str) else ""


def _required(model: type[Part]) -> bool:
    return any(info.is_required() for info in model.model_fields.values())


@dataclass(frozen=True, slots=True)
class Edge:
    """A threshold that says its own unit: `9 điểm`, `50%`, `10 đơn vị`."""

    amount: Decimal
    unit: Literal["điểm", "%", "đơn vị"]

    def __str__(self) -> str:
        return vi.number(self.amount) + ("%" if self.unit == "%" else f" {self.unit}")

    def of(self, maximum: Decimal) -> Decimal:
        """The edge in points, for a maximum of so many points; exact, for a division by 100 always ends."""
        return EXACT.multiply(self.amount, maximum).scaleb(-2, EXACT) if self.unit == "%" else self.amount


def _edge(given: object) -> object:
    if isinstance(given, Edge):
        return given
    text = vi.clean(filled(given, "viết «9 điểm» hoặc «50%»"))
    for unit in ("điểm", "%", "đơn vị"):
        if vi.key(text).endswith(unit):
            return Edge(amount(text[: -len(unit)].strip()), unit)
    raise wrong(f"«{vi.shown(text)}» chưa ghi đơn vị: viết «9 điểm» hoặc «50%»")


AnEdge = Annotated[Edge, BeforeValidator(_edge), WithJsonSchema({"type": "string", "examples": ["9 điểm", "50%"]})]


class Range(Part):
    """The four comparison words, the only ones anywhere: ít nhất ≥ · trên > · không quá ≤ · dưới <."""

    at_least: AnEdge | None = Field(None, alias="ít nhất", description="≥")
    above: AnEdge | None = Field(None, alias="trên", description=">")
    at_most: AnEdge | None = Field(None, alias="không quá", description="≤")
    below: AnEdge | None = Field(None, alias="dưới", description="<")

    def edges(self) -> Iterator[tuple[str, Edge]]:
        """The comparison words that are used, each with its edge."""
        for name in ("at_least", "above", "at_most", "below"):
            edge = getattr(self, name)
            if edge is not None:
                yield _alias(Range, name), edge

    def holds(self, points: Exact, maximum: Exact) -> bool:
        """Whether every edge holds for these points of this maximum."""
        return self.test(maximum)(points)

    def test(self, maximum: Exact) -> Callable[[Exact], bool]:
        """`holds` for one maximum, worked out once for thousands of points."""
        if isinstance(maximum, Fraction):
            return self._fractions(maximum)
        least, most = self._points(self.at_least, maximum), self._points(self.at_most, maximum)
        above, below = self._points(self.above, maximum), self._points(self.below, maximum)

        def holds(points: Exact) -> bool:
            if type(points) is Fraction:
                return self._fractions(maximum)(points)
            return (
                (least is None or points >= least)
                and (above is None or points > above)
                and (most is None or points <= most)
                and (below is None or points < below)
            )

        return holds

    def _fractions(self, maximum: Exact) -> Callable[[Exact], bool]:
        """The same where a division did not end: Python compares no Decimal with a Fraction."""
        least, above, most, below = (
            None if edge is None else Fraction(edge.amount) * (Fraction(maximum) / 100 if edge.unit == "%" else 1)
            for edge in (self.at_least, self.above, self.at_most, self.below)
        )
        return lambda points: (
            (least is None or Fraction(points) >= least)
            and (above is None or Fraction(points) > above)
            and (most is None or Fraction(points) <= most)
            and (below is None or Fraction(points) < below)
        )

    @staticmethod
    def _points(edge: Edge | None, maximum: Decimal | int) -> Decimal | None:
        return None if edge is None else edge.of(Decimal(maximum))

    def __str__(self) -> str:
        return ", ".join(f"{word} {edge}" for word, edge in self.edges())


def _alias(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name


class Rounding(Part):
    """Rounding as a declared rule, once; without it the exact numbers are compared."""

    places: Whole = Field(alias="số chữ số thập phân", le=10, description="Từ 0 đến 10")
    manner: Literal["nửa lên", "nửa chẵn", "cắt bỏ"] = Field(
        "nửa lên", alias="cách", description="nửa lên, nửa chẵn hoặc cắt bỏ"
    )
    before_rating: YesNo = Field(alias="trước khi xếp loại", description="có: so ngưỡng bằng số đã làm tròn")

    def __call__(self, value: vi.Exact) -> Decimal:
        """The rounded number."""
        from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP

        manner = {"nửa lên": ROUND_HALF_UP, "nửa chẵn": ROUND_HALF_EVEN, "cắt bỏ": ROUND_DOWN}[self.manner]
        scaled = Fraction(value) * 10**self.places
        # Numerator and denominator as one exact decimal quotient would not end: compare the remainder instead.
        whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
        twice = 2 * rest - scaled.denominator
        up = manner != ROUND_DOWN and (twice > 0 or (twice == 0 and (manner == ROUND_HALF_UP or whole % 2 == 1)))
        return Decimal((whole + up) * (-1 if scaled < 0 else 1)).scaleb(-self.places)


class Example(Part):
    """An example with its outcome: the book's own test, run by `rules check`."""

    name: Text = Field(alias="tên", description="Ví dụ nói điều gì")
    points: Text | None = Field(None, alias="điểm", description="Điểm từng tiêu chí: TC1 9; TC2.1 12")
    facts: Texts = Field((), alias="số liệu", description="Mỗi mục một số liệu hay ô: Số nhiệm vụ được giao = 100")
    kind: Text | None = Field(None, alias="loại đơn vị", description="Loại đơn vị, khi bộ chấm mỗi loại một khác")
    history: Text | None = Field(None, alias="lịch sử", description="Các năm trước: 2017 trung bình; 2018 khá")
    total: Amount | None = Field(None, alias="tổng điểm", description="Tổng điểm phải ra")
    band: Text | None = Field(None, alias="xếp loại", description="Mức phải ra; «chưa xác định» khi không mức nào đạt")
    titles: Texts | None = Field(None, alias="danh hiệu", description="Các danh hiệu phải ra; [] là không có")
    flags: Texts = Field((), alias="cảnh báo", description="Mọi cảnh báo của đơn vị này, theo mã")
