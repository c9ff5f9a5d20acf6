"""YAML → RuleBook: every complaint with its line, all of them, and none of YAML's surprises.

Measured traps (why this is not `yaml.safe_load`): duplicate keys overwrite silently, `010` becomes 8, `no` becomes False,
12:30 becomes 750, 451 bytes of merge keys take 39 seconds, 60 KB of `[` crash the C composer. So the tree is built here
from the parser's events, which are flat: every scalar stays text, anchors, aliases, tags and merge keys are refused,
depth and size are bounded, and each node remembers its line and column.
"""

from __future__ import annotations

import hashlib
import re
import types
import unicodedata
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from decimal import localcontext
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from xeploai import vi
from xeploai.book.criteria import Criterion
from xeploai.book.parts import Kinds, Later, Part
from xeploai.book.rulebook import RuleBook
from xeploai.book.soundness import Trouble, troubles
from xeploai.findings import (
    BOOK_CONTRADICTION,
    BOOK_IDLE_LIMIT,
    BOOK_KEY,
    BOOK_KNOWN,
    BOOK_MISSING,
    BOOK_SYNTAX,
    BOOK_UNSAFE,
    BOOK_VALUE,
    FILE_MISSING,
    Finding,
    Rule,
    Severity,
    Unusable,
)
from xeploai.model import Cell, Grid, Value

MOST_BYTES = 1 << 20
MOST_BYTES_OF_A_TABLE = 8 << 20
MOST_DEPTH = 50
MOST_COMPLAINTS = 100

Path_ = tuple[str | int, ...]
Tree = dict[str, Any] | list[Any] | str | None
NOWHERE = -1
"""Stands in a path for a key that is refused: what hangs there is read, and forgotten."""


class Loaded(NamedTuple):
    """A book as loaded: the rules, what must be said of them, and the file that they came from."""

    book: RuleBook
    findings: tuple[Finding, ...]
    sha256: str
    path: str
    source: Source

    def at(self, *path: str | int) -> str:
        """ "so-mau.yaml:12:5": where this part of the book stands."""
        return self.source.place(path)

    def of(self, criterion: str) -> str:
        """ "so-mau.yaml:12:5": where the criterion of this code stands."""
        parts: list[tuple[tuple[str | int, ...], Sequence[Criterion]]] = [(("tieu chi",), self.book.criteria)]
        parts += [(("diem thuong", "gom"), self.book.bonus.items)] if self.book.bonus else []
        parts += [(("diem phat", "gom"), self.book.penalty.items)] if self.book.penalty else []
        found = (self.at(*path) for part in parts for path, node in _criteria(*part) if node.code == criterion)
        return next(found, self.source.name)


def _criteria(
    path: tuple[str | int, ...], nodes: Sequence[Criterion]
) -> Iterator[tuple[tuple[str | int, ...], Criterion]]:
    """Every criterion under this key of the book, with its path."""
    for place, node in enumerate(nodes):
        yield (*path, place), node
        yield from _criteria((*path, place, "gom"), node.parts)


@dataclass(eq=False, repr=False)
class Source:
    """The text of a book as a tree of texts, with the place of every key and value.

    Keys are folded (`diem toi da`), in the tree and in the paths; `typed` tells how a person wrote them. The tree is None
    where the text could not be read to its end; what stands at a `refused` path is complained of already.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    tree: Tree = None
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    typed: dict[Path_, str] = field(default_factory=dict)
    refused: set[Path_] = field(default_factory=set)
    instead: dict[Path_, str] = field(default_factory=dict)  # of what was changed after reading: how that is called
    findings: list[Finding] = field(default_factory=list)

    def place(self, path: Sequence[str | int]) -> str:
        """The nearest known place of this path: "so-mau.yaml:12:5"."""
        path = folded(path)
        for length in range(len(path), -1, -1):
            if said := self.instead.get(tuple(path[:length])):
                return said
            if found := self.places.get(tuple(path[:length])):
                return f"{self.name}:{found[0]}:{found[1]}"
        return self.name

    def complain(self, rule: Rule, path: Sequence[str | int], message: str) -> None:
        """One more finding about this place."""
        self.findings.append(rule(place=self.place(path), message=message))


def folded(path: Sequence[str | int]) -> Path_:
    """The path with its keys folded, as the tree has them."""
    return tuple(vi.fold(step) if isinstance(step, str) else step for step in path)


def load_book(given: str | Path) -> Loaded:
    """The book in this file, or the shipped book of this code.

    Raises Unusable with every complaint (BTC..) where the book cannot be used; warnings and notes are in `findings`.
    """
    path = find(given)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(BOOK_MISSING(book=str(given), hint=f": {error.strerror or error}")) from None
    return loads(content, path.name, str(given))


def loads(content: bytes, name: str, path: str = "") -> Loaded:
    """The book in these bytes; `name` stands before line and column in every complaint."""
    source = parse(content, name)
    if source.tree is None:
        raise _unusable(source)
    return _judged(source, hashlib.sha256(content).hexdigest(), path or name)


class Edit(NamedTuple):
    """Another text at one place of a book, and what a complaint about it is called by."""

    path: Path_  # keys folded
    text: str
    name: str


def changed(loaded: Loaded, edits: Sequence[Edit]) -> Loaded:
    """The book with other texts at these places, judged like any other; the file stays as it is. Raises Unusable.

    The examples are left out: what they expect is the result of the book as it stands.
    """
    source = replace(loaded.source, tree=deepcopy(loaded.source.tree), instead={}, findings=[])
    assert isinstance(source.tree, dict)
    source.tree.pop("vi du", None)
    for path, text, name in edits:
        inner: Any = source.tree
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = text
        source.instead[path] = name
    told = "\n".join((loaded.sha256, *(f"{each.path} = {each.text}" for each in edits)))
    return _judged(source, hashlib.sha256(told.encode()).hexdigest(), loaded.path)


def _judged(source: Source, sha256: str, path: str) -> Loaded:
    """The book of a tree that was read to its end. Raises Unusable with every complaint."""
    book, wrong = _validated(source.tree)
    for detail in wrong:
        _explain(source, detail)
    rest = book or _validated(_without(source.tree, [folded(detail["loc"]) for detail in wrong]))[0]
    if rest:
        with localcontext(vi.EXACT):
            for trouble in troubles(rest):
                source.complain(_rule_of(trouble), trouble.path, trouble.message)
    if book is None or any(finding.severity is Severity.ERROR for finding in source.findings):
        raise _unusable(source)
    return Loaded(book, tuple(_by_line(source.findings)), sha256, path, source)


P = TypeVar("P", bound=Part)


def load_as(model: type[P], path: Path) -> tuple[P, str]:
    """Another file that people type in the manner of a book, as this model, and its SHA-256. Raises Unusable (DL01, BTC..)."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(FILE_MISSING(file=str(path), reason=f"hệ thống báo «{error.strerror or error}»")) from None
    source = parse(content, path.name)
    if source.tree is not None:
        try:
            read = model.model_validate(source.tree, by_alias=True, by_name=False)
            if not source.findings:
                return read, hashlib.sha256(content).hexdigest()
        except ValidationError as error:
            for detail in error.errors():
                _explain(source, dict(detail), model)
    raise _unusable(source)


def _validated(tree: Tree) -> tuple[RuleBook | None, list[dict[str, Any]]]:
    """The book of this tree, or what pydantic has against it."""
    try:
        return RuleBook.model_validate(tree, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, [dict(detail) for detail in error.errors()]


LEANS_ON = {
    "danh hieu": ("canh bao", "vi du"),
    "canh bao": ("vi du",),
    "thang nguoi dung dau": ("khong che", "tuong duong"),
    "tuong duong": ("khong che",),
}
"""Section → the sections that name something of it, and cannot be judged without it."""


def _without(tree: Tree, wrong: Sequence[Path_]) -> Tree:
    """The book without its wrong sections, so that one wrong word does not hide the contradictions of all the rest."""
    heads = {path[0] for path in wrong if path}
    if not isinstance(tree, dict) or heads & {"cac cap", "so lieu", "loai don vi"}:
        return None  # without the levels, the facts, the kinds nothing of the tree can be judged
    gone = heads.union(*(LEANS_ON.get(str(head), ()) for head in heads))
    # Nothing leans on the name and the code of a book: any other will do.
    return {key: value for key, value in tree.items() if key not in gone} | {
        key: "x" for key in ("bo tieu chi", "ma") if key in heads
    }


def shipped() -> Path:
    """The folder of the books that come with xeploai: inside the package once installed, beside `src` before."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "rules"
    return inside if inside.is_dir() else package.parents[1] / "rules"


@cache
def shipped_books() -> dict[str, Path]:
    """Code → file of every shipped book. The file is named for the code."""
    return {file.stem: file for file in sorted(shipped().glob("*.yaml"))}


def find(given: str | Path) -> Path:
    """The file that is meant: a path as it is, or the code of a shipped book. Raises Unusable (BTC12)."""
    path = Path(given)
    if path.is_file():
        return path
    books = shipped_books()
    if found := books.get(str(given)):
        return found
    near = vi.nearest(path.stem or str(given), books)
    hint = f"; có phải «{near}»?" if near else f"; các bộ có sẵn: {', '.join(books)}" if books else ""
    raise Unusable(BOOK_MISSING(book=str(given), hint=hint))


# ------------------------------------------------------------------------- YAML that is no book: trees, tables


def is_yaml(path: Path) -> bool:
    """Whether a file of a list is written as YAML: said by its name, for YAML has no mark of its own."""
    return path.suffix.lower() in (".yaml", ".yml")


def read_tree(path: Path, most: int = MOST_BYTES) -> tuple[Source, str]:
    """The tree of texts in this file, keys folded, and its SHA-256. Raises Unusable with every complaint about the YAML."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unusable(FILE_MISSING(file=str(path), reason=f"hệ thống báo «{error.strerror or error}»")) from None
    source = parse(content, unicodedata.normalize("NFC", path.name), most)
    if source.tree is None or any(finding.severity is Severity.ERROR for finding in source.findings):
        raise _unusable(source)
    return source, hashlib.sha256(content).hexdigest()


def read_table(path: Path) -> tuple[Grid, str]:
    """A list of records as a grid, keys as its heading, and the SHA-256; each cell's address is its line: "dòng 12".

    The list may stand alone, or under one key: `sáp nhập: [{mã cũ: 03235, …}, …]`.
    """
    source, sha256 = read_tree(path, MOST_BYTES_OF_A_TABLE)
    tree, over = source.tree, tuple[str | int, ...]()
    if isinstance(tree, dict) and len(tree) == 1:
        (key, tree), *_ = tree.items()
        over = (key,)
    if not isinstance(tree, list) or not all(isinstance(record, dict) for record in tree):
        source.complain(BOOK_VALUE, over, "cần một danh sách, mỗi mục là các cặp khoá: giá trị")
        raise _unusable(source)
    columns: dict[str, int] = {}
    words: list[str] = []
    for place, record in enumerate(tree):
        for key, value in record.items():
            if not isinstance(value, str):
                source.complain(BOOK_VALUE, (*over, place, key), f"«{key}» cần một giá trị, không phải một nhóm")
            elif key not in columns:
                columns[key] = len(words)
                words.append(source.typed[(*over, place, key)])
    if source.findings:
        raise _unusable(source)
    rows: list[list[Value]] = [list(words), *([record.get(key) or None for key in columns] for record in tree)]
    places = {
        (place + 1, column): Cell(source.name, "dòng", source.places[(*over, place, key)][0] - 1, -1)
        for place, record in enumerate(tree)
        for key, column in columns.items()
        if key in record
    }
    return Grid(source.name, "dòng", rows, places=places), sha256


# --------------------------------------------------------------------------------------- events → tree


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_ODD_SPACE = re.compile("""^\\s*\u00a0|^[^#"']*?(?::|^\\s*-)\u00a0""")
"""A no-break space, as copied from Word or the web, where YAML needs an ordinary one: as indent, after a colon or dash."""


def parse(content: bytes, name: str, most: int = MOST_BYTES) -> Source:
    """The tree of texts, with every complaint about the YAML itself. Never raises for anything in the bytes."""
    source = Source(name)
    if len(content) > most:
        source.complain(BOOK_UNSAFE, (), f"tệp lớn {len(content) // 1024} KB, nhiều nhất {most // 1024} KB")
        return source
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        source.places[()] = (content[: error.start].count(b"\n") + 1, 1)
        source.complain(BOOK_SYNTAX, (), "tệp không phải chữ Unicode UTF-8; lưu lại bằng mã UTF-8")
        return source
    source.lines = text.splitlines()
    if found := _CONTROL.search(text):
        before = text[: found.start()]
        source.places[()] = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        source.complain(BOOK_SYNTAX, (), "có ký tự điều khiển không nhìn thấy; xoá đi và gõ lại dòng này")
        return source
    if printed := _PRINTED.search(text):
        source.places[()] = (1, 1)
        said = BOOK_SYNTAX(
            place=source.place(()), message="đây là bản in của «xeploai rules show», không phải tệp bộ tiêu chí"
        )
        copy = f"Lấy chính tệp của bộ: xeploai rules show {printed[1]} --yaml > bo-cua-tinh.yaml"
        source.findings.append(said._replace(duty=copy))
        return source
    try:
        _Builder(source).build(text)
    except _Enough:
        source.tree = None
    except yaml.YAMLError as error:
        source.tree, source.findings = None, []  # what was half read is not worth a complaint
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        first = getattr(getattr(error, "context_mark", None), "line", None)
        line, column = (mark.line, mark.column) if mark else (0, 0)
        odd = [at for at in range(line if first is None else first, line + 1) if _odd_space(source, at)]
        source.places[()] = (odd[0] + 1, 1) if odd else (line + 1, column + 1)
        source.complain(BOOK_SYNTAX, (), ODD_SPACE if odd else _syntax(error, source, line, column, first))
    return source


_PRINTED = re.compile(r"\A.+\nmã ([a-z0-9-]+)(?: · .*)?\n(?:.*\n){0,9}?Tiêu chí \(tổng ")
"""How the page begins that `rules show` prints: redirected into a file, it is taken for the book."""
ODD_SPACE = "có dấu cách đặc biệt (không ngắt dòng); xoá đi và gõ lại dấu cách thường"


def _odd_space(source: Source, line: int) -> bool:
    return line < len(source.lines) and bool(_ODD_SPACE.search(source.lines[line]))


def _syntax(error: yaml.YAMLError, source: Source, line: int, column: int, first: int | None) -> str:
    """What is wrong at this line and column, of something that YAML began to read on the `first` line."""
    seen = source.lines[line] if line < len(source.lines) else ""
    problem = str(getattr(error, "problem", "") or getattr(error, "reason", "") or error)
    if "\t" in seen:
        return "có phím Tab; YAML thụt đầu dòng bằng dấu cách"
    if re.search(r":\s*[>%@`&*!|]", seen):
        return (
            "giá trị bắt đầu bằng một ký tự riêng của YAML (>, %, @, &, *, !, |): đặt trong ngoặc kép; "
            "so sánh viết bằng chữ: ít nhất, trên, không quá, dưới"
        )
    if twice := _two_colons(seen, column):
        return (
            f"«{vi.shown(twice)}» có hai dấu hai chấm: chữ có dấu hai chấm ở trong phải đặt trong ngoặc kép; nếu là hai mục "
            "thì thiếu dấu phẩy hoặc xuống dòng ở giữa"
        )
    if "could not find expected ':'" in problem and first is not None and first < line:
        begun = vi.clean(source.lines[first])
        if not re.search(r"[:\"'{\[]", begun):
            return f"dòng {first + 1} («{vi.shown(begun)}») thiếu dấu hai chấm"
    if "expected <block end>" in problem or "did not find expected" in problem or "mapping values" in problem:
        return "dòng này hoặc dòng trên nó thụt đầu dòng lệch, hoặc thiếu dấu ngoặc, dấu phẩy, dấu hai chấm"
    if "found unexpected end of stream" in problem or "could not find expected ':'" in problem:
        return "thiếu dấu đóng ngoặc, ngoặc kép hoặc dấu hai chấm"
    return f"YAML không đọc được ({problem})"


def _two_colons(seen: str, column: int) -> str:
    """ "tên: Văn hóa: xã hội": what stands around this column of a line, where it is the second colon; else ""."""
    if seen[column : column + 1] != ":":
        return ""
    before, after = seen[:column], seen[column:]
    if "{" in before or "[" in before:
        before, after = re.split(r"[{\[,]", before)[-1], re.split(r"[}\],]", after)[0]
    entry = before.strip().removeprefix("- ").strip()
    return entry + after.rstrip() if re.search(r":\s", entry) else ""


class _Enough(Exception):
    """The rest of this text is not worth reading: too deep, or a list where a key is due. Said already."""


class _Builder:
    """Events → tree. Keeps its own stack, so depth is a number and not a crash."""

    def __init__(self, source: Source) -> None:
        self.source = source
        # One open collection: the value itself, its path, the key that waits for a value.
        self.stack: list[tuple[dict[str, Any] | list[Any], Path_, list[str | int]]] = []
        self.documents = 0

    def build(self, text: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._refuse(event, "tệp có nhiều tài liệu (---); mỗi tệp một bộ tiêu chí")
                    return
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(event, f"bí danh *{event.anchor} không được dùng; viết thẳng giá trị")
                self._add(None, event)
            elif isinstance(event, yaml.ScalarEvent):
                self._unsafe(event)
                self._add(event.value.strip() if event.style in ("|", ">") else vi.clean(event.value), event)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._unsafe(event)
                if len(self.stack) >= MOST_DEPTH:
                    self._refuse(event, f"lồng nhau quá {MOST_DEPTH} tầng")
                    raise _Enough
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.stack.pop()
        if not self.source.tree and not isinstance(self.source.tree, (dict, list)) and not self.source.findings:
            self.source.tree = None
            self.source.complain(BOOK_SYNTAX, (), "tệp trống")

    def _unsafe(self, event: Any) -> None:
        if event.anchor:
            self._refuse(event, f"dấu neo &{event.anchor} không được dùng; viết thẳng giá trị")
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(event, f"thẻ {vi.shown(tag)} không được dùng")

    def _refuse(self, event: Any, message: str) -> None:
        mark = event.start_mark
        place = f"{self.source.name}:{mark.line + 1}:{mark.column + 1}"
        self.source.findings.append(BOOK_UNSAFE(place=place, message=message))

    def _key_is_due(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], dict) and not self.stack[-1][2]

    def _open(self, collection: dict[str, Any] | list[Any], event: Any) -> None:
        if self._key_is_due():
            self._refuse(event, "khoá phải là chữ, không phải danh sách")
            raise _Enough
        path = self._place_of_next(event)
        self._put(collection)
        self.stack.append((collection, path, []))

    def _add(self, text: str | None, event: Any) -> None:
        """A scalar: a key where one is due, else a value. None is a value, or a key, that was refused already."""
        if self._key_is_due():
            self._key(text, event)
            return
        path = self._place_of_next(event)
        if text is not None and not vi.clean(text).isprintable():
            self._refuse(event, f"«{vi.shown(text)}» có ký tự điều khiển không nhìn thấy; xoá đi và gõ lại")
            text = None
        if text is None:
            self.source.refused.add(path)
        self._put(text or "")

    def _key(self, text: str | None, event: Any) -> None:
        collection, path, waiting = self.stack[-1]
        assert isinstance(collection, dict)
        if text is None:
            waiting.append(NOWHERE)
            return
        key = vi.fold(text) or text
        if text == "<<":
            self._refuse(event, "khoá trộn << không được dùng; viết thẳng giá trị")
            waiting.append(NOWHERE)
        elif key in collection:
            first = self.source.places[(*path, key)][0]
            self._refuse(event, f"khoá «{vi.shown(text)}» ghi hai lần (lần đầu ở dòng {first})")
            waiting.append(NOWHERE)
        else:
            self.source.places[(*path, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)
            self.source.typed[(*path, key)] = text
            waiting.append(key)

    def _place_of_next(self, event: Any) -> Path_:
        """The path of the value that begins with this event."""
        if not self.stack:
            self.source.places[()] = (event.start_mark.line + 1, event.start_mark.column + 1)
            return ()
        collection, path, waiting = self.stack[-1]
        if isinstance(collection, dict):
            return (*path, waiting[-1])
        own: Path_ = (*path, len(collection))
        self.source.places[own] = (event.start_mark.line + 1, event.start_mark.column + 1)
        return own

    def _put(self, value: Tree) -> None:
        if not self.stack:
            self.source.tree = value
            return
        collection, _, waiting = self.stack[-1]
        if isinstance(collection, list):
            collection.append(value)
        elif isinstance(key := waiting.pop(), str):
            collection[key] = value


# --------------------------------------------------------------------------------- the words of the form


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation speaks of, inside tuples, unions and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif later := next((each for each in getattr(annotation, "__metadata__", ()) if isinstance(each, Later)), None):
        yield later.model
    elif get_origin(annotation) in (Annotated, tuple, Union, types.UnionType):
        for part in get_args(annotation):
            yield from _inside(part)


def _model_at(path: Sequence[str | int], tree: Tree, top: type[BaseModel] = RuleBook) -> type[BaseModel] | None:
    """The model that describes this place of the tree."""
    model: type[BaseModel] | None = top
    inner: list[type[BaseModel]] = []
    kinds: Kinds | None = None
    for step in path:
        if isinstance(step, int):
            tree = tree[step] if isinstance(tree, list) and step < len(tree) else None
        else:
            fields = model.model_fields.values() if model else ()
            info = next((info for info in fields if info.alias and vi.fold(info.alias) == vi.fold(step)), None)
            annotation = (
                Annotated[info.annotation, *info.metadata] if info and info.metadata else info and info.annotation
            )
            inner, kinds = list(_inside(annotation)), next(_kinds_in(annotation), None)
            tree = tree.get(vi.fold(step)) if isinstance(tree, dict) else None
        if kinds:
            kind = kinds.kind_of(tree)
            model = kinds[kind] if kind else None
        else:
            model = inner[0] if inner else None
    return model


def _kinds_in(annotation: Any) -> Iterator[Kinds]:
    """The list of kinds that an annotation speaks of."""
    if get_origin(annotation) is Annotated:
        yield from (each for each in annotation.__metadata__ if isinstance(each, Kinds))
    for part in get_args(annotation):
        yield from _kinds_in(part)


# ------------------------------------------------------------------------------ complaints of pydantic


def _explain(source: Source, detail: dict[str, Any], top: type[BaseModel] = RuleBook) -> None:
    """One complaint of pydantic in the officer's words, at its line."""
    kind, context = detail["type"], detail.get("ctx") or {}
    path = tuple(detail["loc"])
    last = path[-1] if path else ""
    if folded(path) in source.refused or (kind == "too_short" and detail["input"]):
        return  # said already: of the value, or of every item of this list
    model = _model_at(path[:-1] if kind == "extra_forbidden" else path, source.tree, top)
    if kind == "extra_forbidden":
        known = [info.alias for info in model.model_fields.values() if info.alias] if model else []
        typed = source.typed.get(folded(path), str(last))
        hint = _run_together(typed, known) if detail["input"] == "" and not _has_colon(source, path) else ""
        hint = hint or _hint(source, path, known)
        source.complain(BOOK_KEY, path, f"không có từ khoá «{vi.shown(typed)}» ở đây{hint}")
    elif kind == "missing":
        source.complain(BOOK_KEY, path[:-1], f"thiếu từ khoá «{last}»")
    elif kind == "kind_missing":
        source.complain(BOOK_KEY, path, f"thiếu từ khoá «loại»; các loại có: {context['known']}")
    elif kind == "kind":
        near = vi.nearest(context["said"], context["known"].split(", "))
        hint = f"; có phải «{near}»?" if near else f"; các loại có: {context['known']}"
        source.complain(
            BOOK_VALUE, (*path, "loại"), f"không có loại {context['what']} «{vi.shown(context['said'])}»{hint}"
        )
    else:
        where = f"mục {last + 1} của «{path[-2]}»" if isinstance(last, int) else f"«{last}»" if path else "tệp này"
        source.complain(BOOK_VALUE, path, f"{where}: {_reason(kind, context, detail, model)}")


def _has_colon(source: Source, path: Path_) -> bool:
    """Whether a colon stands after this key, where nothing stands after it that would be its value."""
    line, column = source.places.get(folded(path), (0, 0))
    typed = source.lines[line - 1][column - 1 :] if line else ""
    return typed.strip("\"'").startswith(f"{source.typed.get(folded(path), '')}:")


def _run_together(typed: str, known: Sequence[str]) -> str:
    """What is missing in a key without a value that is a key and its value: "ít nhất 80%", "ít nhất:80%"; "" of another."""
    words = typed.split()
    for count in range(len(words) - 1, 0, -1):
        key, value = " ".join(words[:count]), " ".join(words[count:])
        if any(vi.fold(key) == vi.fold(alias) for alias in known):
            return f"; thiếu dấu hai chấm: «{vi.shown(f'{key}: {value}')}»"
    key, colon, value = typed.partition(":")
    if colon and any(vi.fold(key) == vi.fold(alias) for alias in known):
        return f"; thiếu dấu cách sau dấu hai chấm: «{vi.shown(f'{key}: {value}')}»"
    return ""


def _hint(source: Source, path: Path_, known: Sequence[str]) -> str:
    """What was probably meant by the unknown key at the end of this path."""
    word, line = source.typed.get(folded(path), str(path[-1])), source.places.get(folded(path), (0, 0))[0]
    if line and _odd_space(source, line - 1):
        return f": dòng này {ODD_SPACE}"
    if re.match(r"\d", word):
        return '; số lẻ có dấu phẩy ở trong { } phải đặt trong ngoặc kép, ví dụ "12,5"'
    near = vi.nearest(word, known)
    return f"; có phải «{near}»?" if near else f"; ở đây nhận: {', '.join(known)}"


def _reason(kind: str, context: dict[str, Any], detail: dict[str, Any], model: type[BaseModel] | None) -> str:
    if kind == "sai":
        return str(context["message"])
    given = detail.get("input")
    if given in (None, "") or kind in ("string_too_short", "too_short"):
        return "không được để trống"
    if isinstance(given, (dict, list)):
        seen = "một nhóm từ khoá" if isinstance(given, dict) else "một danh sách"
    else:
        seen = f"«{vi.shown(str(given))}»"
    if kind == "literal_error":
        words = re.findall("'([^']*)'", str(context["expected"]))
        return f"{seen} không dùng được ở đây; chọn một trong: {', '.join(f'«{word}»' for word in words)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        side, bound = ("nhỏ hơn", context.get("ge")) if kind.startswith("g") else ("lớn hơn", context.get("le"))
        return f"{seen} {side} {bound}"
    if kind == "string_pattern_mismatch":
        return f"{seen} chỉ được gồm chữ thường không dấu, số và dấu gạch ngang, ví dụ cqcs-dien-bien"
    if kind in ("tuple_type", "list_type"):
        return f"cần một danh sách (mỗi dòng bắt đầu bằng dấu gạch ngang), đang là {seen}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        keys = [info.alias for info in model.model_fields.values() if info.is_required()] if model else []
        return f"cần một nhóm từ khoá ({', '.join(f'{key}: …' for key in keys)}), đang là {seen}"
    if kind == "string_type":
        return f"cần chữ, đang là {seen}"
    return f"{seen} không dùng được ({detail.get('msg', kind)})"


def _rule_of(trouble: Trouble) -> Rule:
    return {"lỗi": BOOK_CONTRADICTION, "cảnh báo": BOOK_IDLE_LIMIT, "ghi chú": BOOK_KNOWN}[trouble.kind]


def _by_line(findings: Sequence[Finding]) -> list[Finding]:
    def line(finding: Finding) -> tuple[int, int]:
        found = re.search(r":(\d+):(\d+): ", finding.message)
        return (int(found.group(1)), int(found.group(2))) if found else (0, 0)

    return sorted(findings, key=line)


def _unusable(source: Source) -> Unusable:
    """Every complaint in the order of the lines; of a flood only the first, and how many more."""
    said = _by_line(source.findings)
    if len(said) > MOST_COMPLAINTS:
        more = f"Còn {len(said) - MOST_COMPLAINTS} chỗ khác; sửa các chỗ trên rồi chạy lại."
        said[MOST_COMPLAINTS:] = [said[MOST_COMPLAINTS]._replace(message=more)]
    return Unusable(*said)
