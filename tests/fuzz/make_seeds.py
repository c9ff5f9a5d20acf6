"""Makes the small workbooks that the fuzzer damages: python tests/fuzz/make_seeds.py (needs openpyxl and LibreOffice).

Invented communes. The .xlsx comes from openpyxl, the others are LibreOffice's versions of it; the result is kept in git, so
that a seed number means the same everywhere.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

SEEDS = Path(__file__).parent / "seeds"
SHARED = '<c r="D{0}" t="e"><f t="shared"{1} si="0">{2}</f><v>#DIV/0!</v></c>'
"""openpyxl writes no results, and neither it nor LibreOffice shares formulas in .xlsx."""


def main() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Năm 2019"
    sheet.append(["BẢNG ĐIỂM NĂM 2019"])
    sheet.append(["TT", "Đơn vị", "Tiêu chí một", "Tiêu chí hai", None, "Ghi chú"])
    sheet.append([None, None, None, "Phần thứ nhất", "Phần thứ hai"])
    sheet.append(["I", "Huyện Một"])
    sheet.append([1, "Xã Ná", 18, 10.5, "=3+3"])
    sheet.append([2, "Xã Nả", "9,5", "#N/A", True, "=A1&B1"])
    sheet.append([3, "Xã Nã", 0.5617, datetime.datetime(2019, 5, 8), "1.234"])
    sheet.append([None, "Cộng", "=SUM(C5:C7)"])
    sheet["C7"].number_format = "0.00%"
    sheet["B7"].font = Font(name=".VnTime")
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("D2:E2")
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["F"].hidden = True
    form: Any = book.create_sheet("Phiếu")
    for row in (
        ["Đơn vị: Xã Nạ"], ["Năm 2019"], ["TT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Điểm thẩm định"],
        [1, "Tiêu chí một", 20, 19, 18], ["2.1", "Phần thứ nhất", 12, 11, 10], ["2.2", "Phần thứ hai", 8, 7, 6],
    ):  # fmt: skip
        form.append(row)
    SEEDS.mkdir(exist_ok=True)
    book.save(SEEDS / "bieu.xlsx")
    for kind, name in (("ods", "bieu.ods"), ("xls:MS Excel 97", "bieu.xls")):
        work = SEEDS / "x"
        subprocess.run(
            ["soffice", "--headless", "--convert-to", kind, "--outdir", str(work), str(SEEDS / "bieu.xlsx")], check=True
        )
        (work / f"bieu.{kind[:3]}").rename(SEEDS / name)
        work.rmdir()
    with_errors()
    (SEEDS / "bieu.csv").write_text("TT;Đơn vị;Tiêu chí một;Tiêu chí hai\n1;Xã Ná;18;16,5\n2;Xã Nả;9,5;=1+1\n", "utf-8")


def with_errors() -> None:
    """Errors of formulas: plain, shared, of an array, of another sheet, of a name."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Năm 2019"
    sheet.append(["TT", "Đơn vị", "Tiêu chí một", "Tiêu chí hai"])
    for row, name in enumerate(("Xã Ná", "Xã Nả", "Xã Nã"), 2):
        sheet.append([row - 1, name, f"=VLOOKUP(B{row},'Trang hai'!$A$1:B9,2,FALSE)", f"=A{row}/$F$1"])
    sheet["E2"] = ArrayFormula("E2:E4", "=A2:A4/F2:F4")
    sheet["G2"] = "=SUM('Trang hai'!B:B)/Muc"
    book.create_sheet("Trang hai").append(["Xã Ná", 18])
    book.defined_names["Muc"] = DefinedName("Muc", attr_text="'Trang hai'!$C$1")
    book.save(SEEDS / "loi.xlsx")
    for kind in ("ods", "xls:MS Excel 97", "xlsx"):
        work = SEEDS / "x"
        subprocess.run(
            ["soffice", "--headless", "--convert-to", kind, "--outdir", str(work), str(SEEDS / "loi.xlsx")], check=True
        )
        (work / f"loi.{kind[:4].strip(':')}").rename(SEEDS / f"loi.{kind[:4].strip(':')}")
        work.rmdir()
    with zipfile.ZipFile(SEEDS / "loi.xlsx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    found = parts[name].decode()
    for row in (2, 3, 4):
        shared = SHARED.format(row, ' ref="D2:D4"' if row == 2 else "", "A2/$F$1" if row == 2 else "")
        found, times = re.subn(rf'<c r="D{row}".*?</c>', shared, found)
        assert times == 1
    parts[name] = found.encode()
    with zipfile.ZipFile(SEEDS / "loi.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
