"""Workbooks made part by part: what no office program would write, and what some do."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from xeploai.findings import Finding
from xeploai.model import Grid
from xeploai.read import sources, worker

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

CONTENT_TYPES = (
    f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>'
)
"""Style 0 is general, 1 a date, 2 hours, 3 a percentage."""


def sheet_part(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet part around these rows."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook_part(sheets: str, settings: str = "") -> str:
    """The workbook part that lists these sheets."""
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}<sheets>{sheets}</sheets></workbook>'


def relations(*listed: tuple[str, str, str]) -> str:
    """A part of relationships: (identity, kind, target)."""
    inside = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in listed)
    return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A zip file of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def cell(address: str, inside: str = "", attributes: str = "") -> str:
    """One cell; `attributes` begin with a space."""
    return f'<c r="{address}"{attributes}>{inside}</c>'


def row(*cells: str, number: int = 1, attributes: str = "") -> str:
    """One row of cells."""
    return f'<row r="{number}"{attributes}>{"".join(cells)}</row>'


def read_here(path: Path) -> tuple[sources.Source | None, list[Finding]]:
    """Read one file in this very process, as the reading process does."""
    return sources._source(path, path.name, worker.replies(str(path).encode()))


def only_grid(path: Path) -> Grid:
    """The first sheet of a file that must be readable without a word, but for cells that hold more than is seen."""
    source, findings = read_here(path)
    assert source, findings
    assert {finding.code for finding in findings} <= {"DL72", "DL73"}
    return source.grids[0]
