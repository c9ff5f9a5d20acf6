"""Every sample's whole outcome as text (never .xlsx bytes, which differ between versions of the libraries).

Made anew with `pytest tests/test_golden.py --update`, and then read in the diff: every changed line must be answered for.
"""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from xeploai import vi
from xeploai.pipeline import Outcome, classify_files
from xeploai.report import table, tables
from xeploai.report.unit_page import show_unit

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {
    "tinh-mau-2016-2019": "cqcs-dien-bien",
    "trong-sach-vung-manh-2015-2019": "trong-sach-vung-manh-lao-cai",
    "par-index-huyen-2017-2020": "par-index-huyen",
    "par-index-tinh-2015-2016": "par-index-tinh",
    "nguoi-dung-dau-2015-2016": "nguoi-dung-dau-son-la",
    "co-so-thua-thien-hue-2015-2017": "co-so-thua-thien-hue",
    "nd-335-2025-ubnd-xa-2026": "nd-335-2025-ubnd-xa",
    "nd-335-2025-mau-01-2026": "nd-335-2025-mau-01",
    "nd-307-2025-phan-loai": "nd-307-2025-phan-loai",
    "hai-phong-212-2025-phu-luc-1": "hai-phong-212-2025-phu-luc-1",
    "hai-phong-212-2025-phu-luc-2": "hai-phong-212-2025-phu-luc-2",
    "hai-phong-212-2025-phu-luc-3": "hai-phong-212-2025-phu-luc-3",
    "can-tho-2579-2025": "can-tho-2579-2025",
}


def as_text(outcome: Outcome) -> str:
    lines: list[str] = []
    for page in tables.pages(outcome):
        lines.append(f"=== {page.name}")
        for each in page.tables:
            lines += each.above
            lines.append(" | ".join(column.heading for column in each.columns))
            lines += (" | ".join(_word(value) for value in row).rstrip(" |") for row in each.rows)
    return re.sub(r"[0-9a-f]{64}", "‹sha256›", "\n".join(lines)) + "\n"


def _word(value: table.Value) -> str:
    return "" if value is None else value if isinstance(value, str) else vi.number(value, 4)


def test_every_sample_has_a_golden_text():
    assert {
        path.stem for path in (ROOT / "samples").glob("*.xlsx") if not path.stem.endswith("-ket-qua")
    } == SAMPLES.keys()


@pytest.mark.parametrize(("sample", "book"), SAMPLES.items())
def test_the_whole_outcome_of_a_sample(sample, book, pytestconfig):
    text = as_text(classify_files([ROOT / "samples" / f"{sample}.xlsx"], rules=book))
    golden = GOLDEN / f"{sample}.txt"
    if pytestconfig.getoption("--update"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def cards_as_text(outcome: Outcome) -> str:
    """The first unit, the last in rank, and the first without a band, as `explain --unit` shows them."""
    ranked = [place for place, rating in enumerate(outcome.ratings) if rating.rank]
    without = [place for place, rating in enumerate(outcome.ratings) if not rating.band]
    last = max(ranked, key=lambda place: outcome.ratings[place].rank or 0, default=0)
    shown = io.StringIO()
    out = Console(file=shown, width=200, markup=False, highlight=False, emoji=False, soft_wrap=True)
    for place in dict.fromkeys((0, last, *without[:1])):
        show_unit(outcome, place, out)
    return "\n".join(line.rstrip() for line in shown.getvalue().splitlines()) + "\n"


@pytest.mark.parametrize(("sample", "book"), SAMPLES.items())
def test_the_cards_of_a_sample(sample, book, pytestconfig):
    text = cards_as_text(classify_files([ROOT / "samples" / f"{sample}.xlsx"], rules=book))
    golden = GOLDEN / f"phieu-{sample}.txt"
    if pytestconfig.getoption("--update"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
