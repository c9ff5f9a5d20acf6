"""Fixtures: a workbook by its sheets, the grid that comes of it, or the finding with which it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from read.handmade import CONTENT_TYPES, STYLES, only_grid, read_here, relations, sheet_part, workbook_part, zipped
from xeploai.findings import Finding
from xeploai.model import CellError, Grid, Uncomputed
from xeploai.read import pool

Builder = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Builder:
    """book(*sheets) writes a workbook: a sheet is its rows, or a whole part; parts=… replaces or adds parts."""

    def build(
        *sheets: str | bytes,
        name: str = "bang.xlsx",
        strings: str | bytes = "",
        settings: str = "",
        states: Mapping[int, str] | None = None,
        kinds: Mapping[int, str] | None = None,
        parts: Mapping[str, str | bytes | None] | None = None,
    ) -> Path:
        numbers = range(1, len(sheets) + 1)
        listed = "".join(
            f'<sheet name="Trang {n}" sheetId="{n}" state="{(states or {}).get(n, "visible")}" r:id="r{n}"/>'
            for n in numbers
        )
        linked = [(f"r{n}", (kinds or {}).get(n, "worksheet"), f"worksheets/sheet{n}.xml") for n in numbers]
        content: dict[str, str | bytes | None] = {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": workbook_part(listed, settings),
            "xl/_rels/workbook.xml.rels": relations(
                *linked, ("rs", "sharedStrings", "sharedStrings.xml"), ("rt", "styles", "styles.xml")
            ),
            "xl/styles.xml": STYLES,
        }
        if strings:
            content["xl/sharedStrings.xml"] = strings
        for number, sheet in zip(numbers, sheets, strict=True):
            is_rows = isinstance(sheet, str) and (not sheet or sheet.startswith("<row"))
            content[f"xl/worksheets/sheet{number}.xml"] = sheet_part(str(sheet)) if is_rows else sheet
        content |= parts or {}
        return zipped(tmp_path / name, {part: text for part, text in content.items() if text is not None})

    return build


@pytest.fixture
def grid(book: Builder) -> Callable[..., Grid]:
    """grid(*sheets, …) is the first grid of such a workbook."""
    return lambda *sheets, **more: only_grid(book(*sheets, **more))


@pytest.fixture
def refusal(book: Builder) -> Callable[..., Finding]:
    """refusal(*sheets, …) is the one finding with which such a workbook is refused."""

    def refuse(*sheets: str | bytes, **more: object) -> Finding:
        source, findings = read_here(book(*sheets, **more))
        assert source is None
        assert len(findings) == 1
        return findings[0]

    return refuse


@pytest.fixture(autouse=True)
def _no_process_stays() -> Iterator[None]:
    yield
    pool._forget()


@pytest.fixture(autouse=True)
def _formulas_are_compared_too(monkeypatch):
    """Elsewhere an error is an error whatever stands behind it; whether its formula was read is asked in this folder."""
    for kind in (CellError, Uncomputed):
        monkeypatch.setattr(kind, "__eq__", lambda one, other: repr(one) == repr(other))
