"""Writes down the cells of a result workbook, for the floor to write again, and counts what two results must agree on.

    python benchmarks/cells.py RESULT.xlsx CELLS.marshal      the counts go to stdout as JSON

A process of its own, so that the harness stays small (measure.py says why). Whole numbers become int again: calamine
gives every number as a float, and "3.0" is not the cell that "3" was.
"""

import json
import marshal
import sys
from collections import Counter
from itertools import zip_longest
from pathlib import Path

from python_calamine import CalamineWorkbook

Value = int | float | bool | str | None
BANDS = ("tốt", "khá", "trung bình", "yếu")


def main(result: str, cells: str) -> None:
    book = CalamineWorkbook.from_path(result)
    # skip_empty_area=False: an empty first column or row is part of the picture too
    sheets = {
        name: [[plain(value) for value in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }
    Path(cells).write_bytes(marshal.dumps(sheets))
    print(json.dumps({"cells": filled(sheets), "bands": bands(sheets.get("Kết quả", []))}, ensure_ascii=False))


def plain(value: object) -> Value:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (int, float, bool)):
        return value
    return str(value) or None


def filled(sheets: dict[str, list[list[Value]]]) -> dict[str, int]:
    return {name: sum(value is not None for row in rows for value in row) for name, rows in sheets.items()}


def bands(results: list[list[Value]]) -> dict[str, int]:
    """How often each band stands in the first column of bands in the sheet of results, whatever its layout."""
    for column in zip_longest(*results):
        seen = Counter(value.casefold() for value in column if isinstance(value, str))
        if any(seen[band] for band in BANDS):
            return {band: seen[band] for band in BANDS}
    return {}


if __name__ == "__main__":
    main(*sys.argv[1:])
