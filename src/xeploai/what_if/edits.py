"""A change of the book in the officer's own words: "xếp loại.tốt=85%" → the place in the YAML tree, and the book so changed.

A place is read as the file is: keys from the top, items of lists by their mã, mức or tên. An edge that two bands share is one
edge: where one side moves, the other moves with it, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from xeploai import vi
from xeploai.book.load import Edit, Loaded, Path_, changed
from xeploai.book.rulebook import RuleBook
from xeploai.findings import BAD_OPTION, Unusable

LABELS = ("ma", "muc", "ten", "so lieu", "tieu chi", "tu", "don vi")
"""The keys whose text an item of a list is called by; conditions and the like have no name but what they speak of."""
LOWER, UPPER = ("it nhat", "tren"), ("khong qua", "duoi")
TREES = ("tieu chi", "gom")
"""The lists whose items hold lists of the same kind: an item is found at any depth."""
BANDS = "xep loai"
OPPOSITE = {"it nhat": ("duoi", 1), "tren": ("khong qua", 1), "duoi": ("it nhat", -1), "khong qua": ("tren", -1)}
"""Comparison → the one that the neighbour's touching edge has, and where that neighbour stands: 1 is the next lower band."""
FIELDS = {"it nhat": "at_least", "tren": "above", "khong qua": "at_most", "duoi": "below"}


class Change(NamedTuple):
    """One place of the book, what stood there and what is tried. `because`: it moves along with another."""

    place: str
    was: str
    becomes: str
    because: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.was} → {self.becomes}" + (f" ({self.because})" if self.because else "")


def with_changes(loaded: Loaded, typed: Sequence[str]) -> tuple[Loaded, tuple[Change, ...]]:
    """The book with these changes, and what they are. Raises Unusable where a place or the changed book is unsound."""
    edits = [_edit(loaded, each) for each in typed]
    paths = [edit.path for edit in edits]
    for place, path in enumerate(paths):
        if path in paths[:place]:
            raise Unusable(BAD_OPTION(what=f"{edits[place].name}: chỗ này đã đổi ở một --set khác"))
    asked = [Change(_words(loaded, edit.path), _text(loaded, edit.path), edit.text) for edit in edits]
    moved = [
        (Edit(other, edit.text, edit.name), f"chung ngưỡng với {change.place}, nên đổi theo")
        for edit, change in zip(edits, asked, strict=True)
        if (other := _touching(loaded, edit.path)) and other not in paths
    ]
    along = [Change(_words(loaded, e.path), _text(loaded, e.path), e.text, why) for e, why in moved]
    try:
        return changed(loaded, [*edits, *(edit for edit, _ in moved)]), (*asked, *along)
    except Unusable as refused:
        named = vi.listed(edit.name for edit in edits)
        what = f"Không thử được {named}: bộ «{loaded.book.code}» đổi như vậy thì không dùng được"
        raise Unusable(BAD_OPTION(what=what), *refused.findings) from None


def _edit(loaded: Loaded, typed: str) -> Edit:
    place, sign, text = (vi.clean(part) for part in typed.rpartition("="))
    name = f"--set «{vi.shown(typed, 200)}»"
    if not sign or not place:
        raise Unusable(BAD_OPTION(what=f"{name}: viết chỗ cần đổi, dấu = rồi giá trị mới, ví dụ «xếp loại.tốt=85%»"))
    if not text.isprintable():
        raise Unusable(BAD_OPTION(what=f"{name}: giá trị có ký tự điều khiển không nhìn thấy; gõ lại"))
    return Edit(_Search(loaded, name).find(place), text, name)


# ------------------------------------------------------------------------------------------ places of the tree


class _Search:
    """The way from the top of the tree to the place that is meant; every wrong turn says what there is."""

    def __init__(self, loaded: Loaded, name: str) -> None:
        self.loaded, self.name = loaded, name

    def find(self, place: str) -> Path_:
        path, rest = Path_(), place
        while rest:
            node = _at(self.loaded, path)
            if isinstance(node, dict):
                choices = [(self._typed((*path, key)), (*path, key)) for key in node]
            elif isinstance(node, list):
                choices = list(_items(node, path))
            else:
                self._refuse(f"{self._where(path)} là một giá trị, bên trong không có «{vi.shown(rest)}»")
            path, rest = self._step(path, rest, choices)
        return self._scalar(path)

    def _step(self, path: Path_, rest: str, choices: Sequence[tuple[str, Path_]]) -> tuple[Path_, str]:
        """One label further: the longest that fits, as written, else without accents."""
        cuts = [(rest, ""), *((rest[:at], rest[at + 1 :]) for at in range(len(rest) - 1, 0, -1) if rest[at] == ".")]
        for same in (vi.key, vi.fold):
            for head, tail in cuts:
                found = dict.fromkeys(path for label, path in choices if same(label) == same(head) != "")
                if len(found) == 1:
                    return next(iter(found)), tail.strip()
                if found:
                    self._refuse(f"«{vi.shown(head)}» là {len(found)} mục của {self._where(path)}; không rõ mục nào")
        self._unknown(path, cuts[-1][0], choices)
        raise AssertionError

    def _scalar(self, path: Path_) -> Path_:
        """The text that is meant: itself, or of a group its one edge; of a band where it begins."""
        node = _at(self.loaded, path)
        if isinstance(node, str):
            return path
        if isinstance(node, list):
            self._refuse(f"{self._where(path)} là một danh sách; ghi thêm một trong: {self._known(_items(node, path))}")
        edges = [key for key in (LOWER if path[0] == BANDS else (*LOWER, *UPPER)) if key in node]
        if len(edges) != 1:
            inside = [(self._typed((*path, key)), (*path, key)) for key in node]
            self._refuse(f"{self._where(path)} có nhiều chỗ; ghi thêm một trong: {self._known(inside)}")
        return (*path, edges[0])

    def _unknown(self, path: Path_, word: str, choices: Sequence[tuple[str, Path_]]) -> None:
        near = vi.nearest(word, [label for label, _ in choices])
        hint = f"; có phải «{vi.shown(near)}»? Ở" if near else "; ở"
        self._refuse(f"{self._where(path)} không có «{vi.shown(word)}»{hint} đây có: {self._known(choices)}")

    def _known(self, choices: Sequence[tuple[str, Path_]] | Iterator[tuple[str, Path_]]) -> str:
        """The labels, one for each place: the first that it is called by."""
        first: dict[Path_, str] = {}
        for label, path in choices:
            first.setdefault(path, label)
        return ", ".join(vi.shown(label) for label in first.values()) or "không có gì"

    def _where(self, path: Path_) -> str:
        return f"«{_words(self.loaded, path)}»" if path else f"bộ «{self.loaded.book.code}»"

    def _typed(self, path: Path_) -> str:
        return self.loaded.source.typed.get(path, str(path[-1]))

    def _refuse(self, what: str) -> None:
        raise Unusable(BAD_OPTION(what=f"{self.name}: {what}"))


def _items(node: list[Any], path: Path_) -> Iterator[tuple[str, Path_]]:
    """(what an item is called by, its path), each of its names; in a tree the items below too."""
    for place, item in enumerate(node):
        if not isinstance(item, dict):
            continue
        own = (*path, place)
        yield from ((item[key], own) for key in LABELS if isinstance(item.get(key), str) and item[key])
        if path[-1] in TREES and isinstance(item.get("gom"), list):
            yield from _items(item["gom"], (*own, "gom"))


def _at(loaded: Loaded, path: Path_) -> Any:
    node: Any = loaded.source.tree
    for step in path:
        node = node[step]
    return node


def _text(loaded: Loaded, path: Path_) -> str:
    return str(_at(loaded, path))


def _words(loaded: Loaded, path: Path_) -> str:
    """The place as an officer reads it in the file: "xếp loại.tốt.ít nhất"; what a tree is inside of goes unsaid."""
    words: list[str] = []
    for length in range(1, len(path) + 1):
        step = path[length - 1]
        if isinstance(step, str):
            words.append(loaded.source.typed.get(path[:length], step))
            continue
        item = _at(loaded, path[:length])
        label = next((item[key] for key in LABELS if isinstance(item.get(key), str)), f"mục {step + 1}")
        if length > 3 and path[length - 2] == "gom":
            words[-2:] = [label]  # "tiêu chí.TC2.gồm.TC2.1" is "tiêu chí.TC2.1"
        else:
            words.append(label)
    return ".".join(words)


# ------------------------------------------------------------------------------------------ shared edges


def _touching(loaded: Loaded, path: Path_) -> Path_ | None:
    """The neighbour's edge that this edge of a band is the other side of; None: the book says it only once."""
    match path:
        case (str(section), int(place), str(word)) if section == BANDS and word in OPPOSITE:
            other, step = OPPOSITE[word]
        case _:
            return None
    book: RuleBook = loaded.book
    if not 0 <= place + step < len(book.bands):
        return None
    own = getattr(book.bands[place], FIELDS[word])
    its = getattr(book.bands[place + step], FIELDS[other])
    if not own or not its or own.of(book.max_points) != its.of(book.max_points):
        return None
    return (BANDS, place + step, other)
