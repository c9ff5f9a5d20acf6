"""The floor: a bare process that reads the same file and writes the same cells, and does nothing between.

    python benchmarks/floor.py SCORES.xlsx CELLS.marshal RESULT.xlsx

Every sheet of the scores is read with python-calamine; every cell of the result is written with openpyxl (write-only),
as plain values without styles. The cells come from the workbook that xeploai made of the same scores just before
(cells.py wrote them down); loading them stands in for having worked them out. Nobody who reads and writes with these
two libraries, one after the other, is faster than this.
"""

import marshal
import sys
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook


def main(scores: str, cells: str, result: str) -> None:
    source = CalamineWorkbook.from_path(scores)
    for name in source.sheet_names:
        source.get_sheet_by_name(name).to_python()

    target = Workbook(write_only=True)
    for title, rows in marshal.loads(Path(cells).read_bytes()).items():  # our own file, made a moment ago
        sheet = target.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target.save(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
