"""Damaged files and books: every one is read, or refused with a sentence; nothing crashes, hangs, or is a bug of ours.

    python -m pytest tests/fuzz                                5,000 mutations, seed 1
    python -m pytest tests/fuzz --mutations 50000 --fuzz-seed 7

A find is told with its seed and number and kept as a file under tests/fuzz/finds/; once mended, the file stays there and is
read again by every run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from builders import a_book
from fuzz.mutate import damaged, damaged_text
from xeploai.book.load import loads, shipped_books
from xeploai.findings import Finding, Unusable
from xeploai.model import Grid
from xeploai.pipeline import Options, classify
from xeploai.read import read

HERE = Path(__file__).parent
SEEDS = sorted((HERE / "seeds").iterdir())
FINDS = sorted((HERE / "finds").glob("*")) if (HERE / "finds").is_dir() else []
BATCH = 250
BOOK = a_book()


@pytest.fixture
def count(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("--mutations"))


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("--fuzz-seed"))


def batches(seed: int, count: int, folder: Path) -> Iterator[list[Path]]:
    """Files damaged one by one, each by its own number, so that any of them can be made again."""
    originals = {path: path.read_bytes() for path in SEEDS}
    for start in range(0, count, BATCH):
        paths = []
        for number in range(start, min(start + BATCH, count)):
            random = Random(f"{seed}-{number}")
            original = SEEDS[number % len(SEEDS)]
            path = folder / f"{seed}-{number}{original.suffix}"
            path.write_bytes(damaged(originals[original], random))
            paths.append(path)
        yield paths
        for path in paths:
            path.unlink()


def run_line(grids: tuple[Grid, ...]) -> str:
    """What the whole line says of these grids: how many units it has, or the code with which it gives up."""
    try:
        outcome = classify(BOOK, grids, options=Options(year=None))
    except Unusable as trouble:
        return trouble.findings[0].code
    return "rated" if any(rating.status == "rated" for rating in outcome.ratings) else "read"


def kept(path: Path) -> None:
    """A find stays: the museum of files that once went wrong."""
    (HERE / "finds").mkdir(exist_ok=True)
    (HERE / "finds" / path.name).write_bytes(path.read_bytes())


def test_every_damaged_file_is_read_or_refused_with_a_sentence(count: int, seed: int, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    told = 0
    for paths in batches(seed, count * 4 // 5, tmp_path):
        sources = read(paths)
        for path in paths:
            try:
                source, findings = next(sources)
                seen[run_line(source.grids) if source else findings[-1].code] += 1
            except Exception:
                kept(path)
                raise
            told += 1
            assert source is not None or findings, f"{path.name}: neither read nor refused"
            assert all(isinstance(each, Finding) and each.message and "{" not in each.message for each in findings)
    assert told == count * 4 // 5
    print(dict(seen.most_common()))
    assert min(seen["rated"], seen["DL03"]) > told // 50, "the mutations are too mild or too wild to prove anything"


def test_every_damaged_book_is_a_book_or_refused_with_a_line(count: int, seed: int) -> None:
    books = [path.read_text("utf-8") for path in shipped_books().values()]
    seen: Counter[str] = Counter()
    for number in range(count // 5):
        random = Random(f"{seed}-yaml-{number}")
        text = damaged_text(random.choice(books), books, random)
        try:
            loads(text.encode("utf-8", "surrogatepass"), "so.yaml")
            seen["loaded"] += 1
        except Unusable as trouble:
            seen[trouble.findings[0].code] += 1
        except Exception:
            kept_text = HERE / "finds" / f"{seed}-{number}.yaml"
            kept_text.parent.mkdir(exist_ok=True)
            kept_text.write_text(text, "utf-8")
            raise
    print(dict(seen.most_common()))
    assert min(seen["loaded"], seen["BTC01"], seen["BTC03"]) > 0, "the mutations are too mild or too wild"


@pytest.mark.parametrize("path", FINDS, ids=lambda path: path.name)
def test_what_once_went_wrong_does_not_again(path: Path) -> None:
    if path.suffix == ".yaml":
        with suppress(Unusable):
            loads(path.read_bytes(), "so.yaml")
        return
    ((source, findings),) = read([path])
    assert source is not None or findings
    if source:
        run_line(source.grids)
