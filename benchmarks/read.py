"""Prints the reading table of the README: what guard, worker and second look cost, and what a second worker saves.

    python benchmarks/read.py [--repeat N] [--keep DIR] [--python EXE]

Each is a whole process from start to exit:

    careful   xeploai's reader on M.xlsx: guard, reading process, calamine, second look, grids in the parent
    calamine  python-calamine alone on M.xlsx: every sheet with to_python()
    two       xeploai's reader on a folder of 500 single-unit forms, two reading processes
    one       the same with one reading process
    alone     a process that only counts
    both      two of them at once: what the machine itself makes of two processes

Interleaved rounds, the fastest of each, as in run.py; the forms, which are quick, in three times as many. The forms are one
recipe with invented communes: heading lines, criteria as rows, two phases as columns, a total, a block of signatures.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Failed, timed
from run import describe, interleaved, say, verdict

HERE = Path(__file__).resolve().parent
FORMS = 500
REPEAT = 7
CAREFUL_GOAL, POOL_GOAL = 2.0, 0.65

CAREFUL = """\
import sys
from xeploai.read import ahead, pool
pool.processors = lambda: int(sys.argv[2])
ahead(sys.argv[1:2])  # as the command line does: the rest is imported while the first files are read
from pathlib import Path
from xeploai.read import gather, read
paths, _ = gather([Path(sys.argv[1])])
for source, findings in read(paths):
    if source is None or findings:
        sys.exit(f"not read: {findings}")
"""
CALAMINE = """\
import sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name).to_python()
"""
COUNT = "n = 0\nfor i in range(4_000_000):\n    n += i * i % 7"
BOTH = """\
import subprocess, sys
for process in [subprocess.Popen([sys.executable, "-c", sys.argv[1]]) for _ in range(2)]:
    process.wait()
"""


def main() -> None:
    options = parse()
    for switch in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(switch, None)
    with tempfile.TemporaryDirectory(prefix="xeploai-benchmark-") as folder:
        place = Path(options.keep or folder)
        say(f"inputs: {place}")
        subprocess.run([options.python, HERE / "inputs.py", place, "M"], check=True)
        subprocess.run([options.python, __file__, "--make", place / "forms"], check=True)
        python, table, forms = options.python, str(place / "M.xlsx"), str(place / "forms")
        programs = {
            "careful": [python, "-c", CAREFUL, table, "2"],
            "calamine": [python, "-c", CALAMINE, table],
        }
        pool = {
            "two": [python, "-c", CAREFUL, forms, "2"],
            "one": [python, "-c", CAREFUL, forms, "1"],
            "alone": [python, "-c", COUNT],
            "both": [python, "-c", BOTH, COUNT],
        }
        for command in [*programs.values(), *pool.values()]:  # not counted: warms the disk
            timed(command)
        say(f"{options.repeat} rounds of {', '.join(programs)}; {3 * options.repeat} of {', '.join(pool)}")
        took = interleaved(programs, options.repeat) | interleaved(pool, 3 * options.repeat)
    best = {program: min(one.seconds for one in runs) for program, runs in took.items()}
    print(report(best, describe(options.python, options.python)))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prints the reading table of the README.")
    parser.add_argument("--repeat", type=int, default=REPEAT, help="timed rounds")
    parser.add_argument("--keep", metavar="DIR", help="folder for the inputs, reused by the next run")
    parser.add_argument("--python", default=os.environ.get("XEPLOAI_PYTHON", sys.executable), help="runs all programs")
    parser.add_argument("--make", metavar="DIR", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make)
        sys.exit()
    return options


def report(best: dict[str, float], machine: str) -> str:
    careful, pool = best["careful"] / best["calamine"], best["two"] / best["one"]
    return "\n".join(
        [
            "| reading | s | beside | s | ratio |",
            "|---|--:|---|--:|--:|",
            f"| M, guarded | {best['careful']:.2f} | python-calamine | {best['calamine']:.2f} | {careful:.2f} |",
            f"| {FORMS} forms, two workers | {best['two']:.2f} | one worker | {best['one']:.2f} | {pool:.2f} |",
            "",
            f"Two processes that only count, at once, take {best['both'] / best['alone'] / 2:.2f} of the time of one after "
            "the other: less than that no second worker can save on this machine.",
            "",
            f"Fastest of interleaved runs of whole processes. {machine}.",
            "",
            "Goals:",
            f"- {verdict('M: guarded ÷ python-calamine', careful, at_most=CAREFUL_GOAL)}",
            f"- {verdict(f'{FORMS} forms: two workers ÷ one', pool, at_most=POOL_GOAL)}",
        ]
    )


# ---- the forms --------------------------------------------------------------------------------------


def make(folder: Path) -> None:
    """Make what is missing. A run broken off leaves no half form behind."""
    from inputs import communes

    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(500)
    for number, (district, name) in enumerate(communes(FORMS), 1):
        target = folder / f"{number:03}.xlsx"
        shares = [rng.uniform(0.5, 1) for _ in CRITERIA]
        if not target.exists():
            form(folder / "form.part", district, name, shares)
            (folder / "form.part").replace(target)


CRITERIA = (
    ("1", "Xây dựng tổ chức bộ máy và đội ngũ cán bộ, công chức", 20),
    ("2.1", "Giải quyết hồ sơ một cửa đúng hạn", 12),
    ("2.2", "Kỷ luật, kỷ cương hành chính", 8),
    ("3", "Phát triển kinh tế - xã hội và thu ngân sách trên địa bàn", 15),
    ("4.1", "Công tác quân sự, quốc phòng địa phương", 5),
    ("4.2", "Giữ gìn an ninh chính trị", 5),
    ("4.3", "Phòng, chống tội phạm và tệ nạn xã hội", 5),
    ("5", "Thực hiện Quy chế dân chủ ở cơ sở", 15),
    ("6", "Tiếp công dân, giải quyết khiếu nại, tố cáo; phòng, chống tham nhũng", 15),
)


def form(path: Path, district: str, name: str, shares: list[float]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Phiếu chấm điểm"
    for line in (
        [f"UBND {district}".upper(), None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        [f"UBND {name}".upper(), None, "Độc lập - Tự do - Hạnh phúc"],
        [],
        ["PHIẾU CHẤM ĐIỂM, XẾP LOẠI CHÍNH QUYỀN CƠ SỞ NĂM 2019 (SỐ LIỆU GIẢ ĐỊNH)"],
        [],
        [f"Đơn vị: {name}"],
        [f"Huyện: {district}"],
        ["Năm: 2019"],
        [],
        ["TT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Điểm thẩm định", "Ghi chú"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    ):
        sheet.append(line)
    own = [round(share * maximum, 1) for share, (_, _, maximum) in zip(shares, CRITERIA, strict=True)]
    for (code, words, maximum), points in zip(CRITERIA, own, strict=True):
        sheet.append([code, words, maximum, points, max(round(points - 0.5, 1), 0)])
    sheet.append(["Tổng cộng", None, 100, round(sum(own), 1)])
    sheet.append([])
    sheet.append([None, "NGƯỜI LẬP PHIẾU", None, None, "CHỦ TỊCH"])
    for merged in ("A1:B1", "C1:F1", "A2:B2", "C2:F2", "A4:F4"):
        sheet.merge_cells(merged)
    line = Side(style="thin")
    for cells in sheet["A10:F21"]:
        for cell in cells:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.font = Font(name="Times New Roman", size=13, bold=cell.row == 10)
    workbook.save(path)


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
