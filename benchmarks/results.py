"""Prints the results table of the README: what the looks of the workbook, the page, the letters and the copy cost.

    python benchmarks/results.py [--repeat N] [--keep DIR] [--python EXE]

Each is a whole process from start to exit, on S (130 units × 30 criteria, several years):

    full      python -m xeploai classify: the workbook as it is
    plain     the same run, whose writer leaves out conditional formats, links, charts, signatures and wrapped cells
    page      full, with --html
    letters   full, with --letters into an empty folder
    copy      full, with --annotate

Interleaved rounds, the fastest of each, as in run.py; beside that how many letters were written.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Failed, timed
from run import describe, say, verdict

HERE = Path(__file__).resolve().parent
REPEAT = 9
FULL_GOAL, PAGE_GOAL, LETTERS_GOAL = 1.8, 0.3, 8.0

PLAIN = """\
import sys
from xeploai.write import beside
beside.CODE = '''
from xeploai.write import beside, workbook
for name in ("_rules", "_links", "_charts", "_signatures"):
    setattr(workbook, name, lambda *_: None)
workbook._wrapping = lambda *_: []
beside.serve()
'''
from xeploai.__main__ import main
main()
"""


def main() -> None:
    options = parse()
    for switch in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(switch, None)
    with tempfile.TemporaryDirectory(prefix="xeploai-benchmark-") as folder:
        place = Path(options.keep or folder)
        say(f"inputs: {place}")
        subprocess.run([options.python, HERE / "inputs.py", place, "S"], check=True)
        job = ["classify", place / "S.xlsx", "--rules", place / "S.yaml", "-o", place / "S-out.xlsx", "--force"]
        letters = place / "letters"
        more = {
            "full": [],
            "plain": [],
            "page": ["--html", place / "S.html"],
            "letters": ["--letters", letters],
            "copy": ["--annotate", place / "S-copy.xlsx"],
        }
        best: dict[str, float] = {}
        say(f"{options.repeat} rounds of {', '.join(more)}")
        for number in range(options.repeat + 1):  # the first is not counted: it warms the disk
            for name, asked in more.items():
                shutil.rmtree(letters, ignore_errors=True)
                start = [options.python, "-c", PLAIN] if name == "plain" else [options.python, "-m", "xeploai"]
                took = timed([*map(str, (*start, *job, *asked))]).seconds
                if number:
                    best[name] = min(took, best.get(name, took))
                if name == "letters":
                    written = len(list(letters.iterdir()))
        print(report(best, written, describe(options.python, options.python)))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prints the results table of the README.")
    parser.add_argument("--repeat", type=int, default=REPEAT, help="timed rounds")
    parser.add_argument("--keep", metavar="DIR", help="folder for the inputs, reused by the next run")
    parser.add_argument("--python", default=os.environ.get("XEPLOAI_PYTHON", sys.executable), help="runs all programs")
    return parser.parse_args()


def report(best: dict[str, float], letters: int, machine: str) -> str:
    full, page = best["full"] / best["plain"], best["page"] - best["full"]
    words = best["letters"] - best["full"]
    return "\n".join(
        [
            "| S, 130 units | s | beside | s | |",
            "|---|--:|---|--:|--:|",
            f"| the full workbook | {best['full']:.2f} | the plain one | {best['plain']:.2f} | × {full:.2f} |",
            f"| with `--html` | {best['page']:.2f} | without | {best['full']:.2f} | + {page:.2f} s |",
            f"| with `--letters`: {letters} | {best['letters']:.2f} | without | {best['full']:.2f} | + {words:.2f} s |",
            f"| with `--annotate` | {best['copy']:.2f} | without | {best['full']:.2f} "
            f"| + {best['copy'] - best['full']:.2f} s |",
            "",
            f"Fastest of interleaved runs of whole processes. {machine}.",
            "",
            "Goals:",
            f"- {verdict('S: full ÷ plain workbook', full, at_most=FULL_GOAL)}",
            f"- {verdict('the page, seconds more', page, at_most=PAGE_GOAL)}",
            f"- {verdict(f'{letters} letters, seconds more', words, at_most=LETTERS_GOAL)}",
        ]
    )


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
