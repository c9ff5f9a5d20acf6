"""The table of rooms (design, section 2) as code: who may import whom, and where each third-party library lives."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "xeploai"

# A room may import itself and the rooms named here, all nearer the ground. `__init__` and `__main__` are doors, not rooms.
GROUND = ["vi", "model", "findings"]
BOOK = [
    *GROUND,
    "book.parts",
    "book.names",
    "book.facts",
    "book.bands",
    "book.limits",
    "book.checks",
    "book.check_kinds",
    "scoring",
    "book.criteria",
    "book.extras",
    "flags",
    "book.rulebook",
    "book.soundness",
    "book.placing",
    "book.load",
]
PARTS = ["book.parts", "book.names", "book.facts"]
MAY_IMPORT = {
    "vi": [],
    "model": ["vi"],
    "findings": ["model"],
    "read": GROUND,
    "book": [],
    "book.parts": GROUND,
    "book.names": [*GROUND, "book.parts"],
    "book.facts": [*GROUND, "book.parts", "book.names"],
    "book.bands": [*GROUND, *PARTS],
    "book.limits": [*GROUND, *PARTS],
    "book.checks": [*GROUND, *PARTS],
    "book.check_kinds": ["book.parts", "book.checks"],
    "scoring": [*GROUND, *PARTS],
    "book.criteria": [*GROUND, *PARTS, "book.limits", "scoring"],
    "book.extras": [*GROUND, *PARTS, "book.criteria"],
    "flags": [*GROUND, *PARTS, "book.bands", "book.criteria"],
    "book.rulebook": BOOK[: BOOK.index("book.rulebook")],
    "book.soundness": BOOK[: BOOK.index("book.soundness")],
    "book.placing": ["book.parts"],
    "book.load": [*GROUND, "book.parts", "book.criteria", "book.rulebook", "book.soundness", "flags", "scoring"],
    "steps": BOOK[:-1],
    "sorting": [*BOOK, "steps"],
    "pipeline": [*BOOK, "read", "steps", "sorting"],
    "examples": [*BOOK, "steps", "pipeline"],
    "compare": [*BOOK, "read", "steps", "sorting", "pipeline"],
    "what_if": [*BOOK, "steps", "pipeline", "compare"],
    "report": [*BOOK, "steps", "pipeline", "compare", "what_if"],
    "write": [*BOOK, "steps", "pipeline", "compare", "what_if", "report"],
    "cli": [*BOOK, "read", "steps", "pipeline", "examples", "compare", "what_if", "report", "write"],
}
HOMES = {
    "pydantic": {"book", "scoring", "flags"},
    "pydantic_core": {"book"},
    "yaml": {"book"},
    "python_calamine": {"read"},
    "xlrd": {"read"},
    "lxml": {"read", "write"},
    "rich": {"report"},
    "jinja2": {"report"},
    "markupsafe": {"report"},
    "docxtpl": {"report"},
    "docx": {"report"},
    "openpyxl": {"write", "read"},  # in read only what moves a formula to another cell
    "typer": {"cli"},
}
DOORS = {"__init__.py", "__main__.py"}


def modules() -> list[Path]:
    return sorted(path for path in SRC.rglob("*.py") if not (path.parent == SRC and path.name in DOORS))


def room_of(dotted: str) -> str:
    """ "book.load" of "book.load", "flags" of "flags.streak": the longest name that the table knows."""
    parts = dotted.split(".")
    return next(name for length in range(len(parts), 0, -1) if (name := ".".join(parts[:length])) in MAY_IMPORT)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_a_room_imports_only_from_rooms_nearer_the_ground(path):
    own = room_of(".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__"))
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "xeploai" and rest and rest != "__version__":
            other = room_of(rest)
            assert other == own or other in MAY_IMPORT[own], f"{own} imports {other}"
        elif top in HOMES:
            assert own.partition(".")[0] in HOMES[top], f"{top} has no home in {own}"


def test_every_room_of_the_table_exists():
    for room in MAY_IMPORT:
        path = SRC.joinpath(*room.split("."))
        assert path.is_dir() or path.with_suffix(".py").is_file(), room


def test_nothing_imports_upwards_even_indirectly():
    for room, others in MAY_IMPORT.items():
        for other in others:
            assert room not in MAY_IMPORT[other], f"{room} and {other} import each other"
