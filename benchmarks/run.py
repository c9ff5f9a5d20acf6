"""Prints the speed table of the README: xeploai beside the floor and beside a careful pandas script.

    python benchmarks/run.py [--sizes S,M,L] [--repeat N] [--keep DIR] [--json OUT]
                             [--python EXE] [--pandas-python EXE] [--no-pandas | --no-pandas-l]

What is run, each as a whole process from start to exit:

    xeploai   python -m xeploai classify INPUT --rules BOOK -o OUT --force
    floor     floor.py: reads the same file, writes the same cells, nothing between
    pandas    careful_pandas.py: what a careful person writes instead
    help      python -m xeploai --help, beside python -c "import typer"

Rounds are interleaved (xeploai, floor, pandas, xeploai, ...), so that a slow minute of the machine is shared by all.
The table shows the fastest of each, the quantity least disturbed by other work; --json keeps every run and the medians.
The first run of xeploai is not timed: it warms the disk, is watched for memory (measure.py says how), and makes the
cells that the floor writes. Never a test: a busy machine proves nothing. Nothing here is imported by the package.

Where numpy is installed openpyxl imports it, a tenth of a second that an officer's machine does not pay. So the fair
way is two environments: --python without pandas for xeploai and the floor, --pandas-python for the script.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from measure import Failed, Took, peak, timed

HERE = Path(__file__).resolve().parent
BOOKS = {"S": "S", "M": "M", "L": "M"}
WHAT = {"S": "130 × 30", "M": "3,321 × 100", "L": "33,210 × 100"}
REPEAT = {"S": 5, "M": 3, "L": 2, "help": 5}
# Ratios of one run on two cores: (at most × floor, pandas at least × xeploai, peak MB at most). The floor writes bare cells:
# S may take 1.8 × the 1.7 of a plain workbook (results.py has that ratio by itself), M and L with charts and formats 2 ×.
GOALS = {"S": (3.06, 1.0, None), "M": (2.0, 2.0, 400), "L": (2.0, None, 1228)}
HELP_GOAL = 2.0


@dataclass
class Measured:
    """All timed runs of one size, by program; the watched peak of xeploai; what the workbooks hold."""

    took: dict[str, list[Took]] = field(default_factory=dict)
    peak_mb: float = 0.0
    held: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)

    def best(self, program: str) -> float | None:
        return min((took.seconds for took in self.took.get(program, ())), default=None)


def main() -> None:
    options = parse()
    for switch in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):  # a user's machine keeps bytecode: so do the runs
        os.environ.pop(switch, None)
    with tempfile.TemporaryDirectory(prefix="xeploai-benchmark-") as folder:
        place = Path(options.keep or folder)
        say(f"inputs: {place}")
        subprocess.run([options.python, HERE / "inputs.py", place, *options.sizes], check=True)
        sizes = {size: measure(size, place, options) for size in options.sizes}
        start_up = interleaved(
            {
                "xeploai --help": [options.python, "-m", "xeploai", "--help"],
                "import typer": [options.python, "-c", "import typer"],
            },
            max(options.repeat or 0, REPEAT["help"]),
        )
        machine = describe(options.python, options.pandas_python)
    print(report(sizes, start_up, machine))
    if options.json:
        Path(options.json).write_text(as_json(sizes, start_up, machine), encoding="utf-8")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prints the speed table of the README.")
    parser.add_argument("--sizes", type=lambda text: text.upper().split(","), default=["S", "M", "L"], help="S,M,L")
    parser.add_argument("--repeat", type=int, help=f"timed rounds of every size (default: {REPEAT})")
    parser.add_argument("--keep", metavar="DIR", help="folder for inputs and results, reused by the next run")
    parser.add_argument("--json", metavar="OUT", help="every run, for a closer look")
    parser.add_argument("--python", default=os.environ.get("XEPLOAI_PYTHON", sys.executable), help="runs all programs")
    parser.add_argument("--pandas-python", metavar="EXE", help="runs the pandas script (default: as --python)")
    parser.add_argument("--no-pandas", action="store_true", help="leave the pandas script out")
    parser.add_argument("--no-pandas-l", action="store_true", help="leave it out for L (else one run)")
    options = parser.parse_args()
    options.pandas_python = options.pandas_python or options.python
    if unknown := set(options.sizes) - set(BOOKS):
        parser.error(f"no such size: {', '.join(sorted(unknown))}")
    return options


# ---- measuring --------------------------------------------------------------------------------------


def measure(size: str, place: Path, options: argparse.Namespace) -> Measured:
    scores, book, cells = place / f"{size}.xlsx", place / f"{BOOKS[size]}.yaml", place / f"{size}.marshal"
    results = {program: str(place / f"{size}-{program}.xlsx") for program in ("xeploai", "floor", "pandas")}
    python = options.python
    xeploai = [python, "-m", "xeploai", "classify", scores, "--rules", book, "-o", results["xeploai"], "--force"]
    floor = [python, HERE / "floor.py", scores, cells, results["floor"]]
    pandas = [options.pandas_python, HERE / "careful_pandas.py", scores, book.with_suffix(".csv"), results["pandas"]]
    programs = {"xeploai": [*map(str, xeploai)], "floor": [*map(str, floor)], "pandas": [*map(str, pandas)]}

    say(f"{size}: watching xeploai's memory")
    measured = Measured(peak_mb=peak(programs["xeploai"]).peak_mb)
    measured.held["xeploai"] = hold(python, results["xeploai"], cells)
    rounds = options.repeat or REPEAT[size]
    once = {}
    if options.no_pandas or (options.no_pandas_l and size == "L"):
        del programs["pandas"]
    elif size == "L":  # a minute or more, where a second tells nothing
        once["pandas"] = programs.pop("pandas")
    say(f"{size}: {rounds} rounds of {', '.join(programs)}" + "".join(f", one of {program}" for program in once))
    measured.took = interleaved(programs, rounds) | interleaved(once, 1)
    if "pandas" in measured.took:
        measured.held["pandas"] = hold(python, results["pandas"], place / f"{size}-pandas.marshal")
    return measured


def interleaved(programs: dict[str, list[str]], rounds: int) -> dict[str, list[Took]]:
    took: dict[str, list[Took]] = {program: [] for program in programs}
    for _ in range(rounds):
        for program, command in programs.items():
            took[program].append(timed(command))
    return took


def hold(python: str, result: str, cells: Path) -> dict[str, dict[str, int]]:
    counted = subprocess.run([python, HERE / "cells.py", result, cells], check=True, stdout=subprocess.PIPE)
    held: dict[str, dict[str, int]] = json.loads(counted.stdout)
    return held


def describe(python: str, pandas_python: str) -> str:
    ours = versions(python, "xeploai", "python-calamine", "openpyxl", "lxml", "pydantic", "typer", "numpy")
    theirs = versions(pandas_python, "pandas", "numpy")
    return f"{len(os.sched_getaffinity(0))} cores ({processor()}); {ours}; pandas under {theirs}"


def versions(python: str, *names: str) -> str:
    code = (
        "import importlib.metadata as m, platform, sys\n"
        "def v(n):\n"
        "    try: return f'{n} {m.version(n)}'\n"
        "    except m.PackageNotFoundError: return f'no {n}'\n"
        "print(f'Python {platform.python_version()}', *map(v, sys.argv[1:]), sep=', ')"
    )
    return subprocess.run([python, "-c", code, *names], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


# ---- telling ----------------------------------------------------------------------------------------


def report(sizes: dict[str, Measured], start_up: dict[str, list[Took]], machine: str) -> str:
    lines = [
        "| size | xeploai s | floor s | pandas s | xeploai ÷ floor | pandas ÷ xeploai | peak MB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [row(size, measured) for size, measured in sizes.items()]
    helps = {program: min(took.seconds for took in runs) for program, runs in start_up.items()}
    ours, typer = helps["xeploai --help"], helps["import typer"]
    verdicts = [verdict("--help ÷ import typer", ours / typer, at_most=HELP_GOAL)]
    lines += ["", f"`xeploai --help`: {ours:.3f} s, `import typer`: {typer:.3f} s, ratio {ours / typer:.2f}."]
    if "M" in sizes and "L" in sizes:
        growth = over(sizes["L"].best("xeploai"), sizes["M"].best("xeploai"))
        lines += [
            f"From M to L, ten times the cells: {shown(growth)} times the time (÷ 10: {shown(over(growth, 10))})."
        ]
    lines += ["", f"Fastest of interleaved runs of whole processes. {machine}."]
    for size, measured in sizes.items():
        verdicts += list(judged(size, measured))
    return "\n".join([*lines, "", "Goals:", *(f"- {line}" for line in verdicts), "", *compared(sizes)])


def row(size: str, measured: Measured) -> str:
    ours, floor, pandas = (measured.best(program) for program in ("xeploai", "floor", "pandas"))
    columns = [
        f"{size} ({WHAT[size]})",
        shown(ours),
        shown(floor),
        shown(pandas),
        shown(over(ours, floor)),
        shown(over(pandas, ours)),
        f"{measured.peak_mb:.0f}",
    ]
    return f"| {' | '.join(columns)} |"


def over(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below is not None else None


def shown(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}"


def judged(size: str, measured: Measured) -> list[str]:
    at_most, at_least, memory = GOALS[size]
    ours, floor, pandas = (measured.best(program) for program in ("xeploai", "floor", "pandas"))
    lines = [verdict(f"{size}: xeploai ÷ floor", over(ours, floor), at_most=at_most)]
    if at_least and pandas:
        lines += [verdict(f"{size}: pandas ÷ xeploai", over(pandas, ours), at_least=at_least)]
    if memory:
        lines += [verdict(f"{size}: peak MB", measured.peak_mb, at_most=memory)]
    return lines


def verdict(goal: str, got: float | None, *, at_most: float = math.inf, at_least: float = 0) -> str:
    if got is None:
        return f"{goal}: not measured"
    limit = f"≥ {at_least:g}" if at_least else f"≤ {at_most:g}"
    return f"{goal} {limit}: {got:.4g}, {'met' if at_least <= got <= at_most else 'missed'}"


def compared(sizes: dict[str, Measured]) -> list[str]:
    """Whether xeploai and pandas did the same work: cells in each sheet, and units in each band."""
    lines = []
    for size, measured in sizes.items():
        for program, held in measured.held.items():
            per_sheet = ", ".join(f"{sheet} {count}" for sheet, count in held["cells"].items())
            lines += [f"{size} {program}: {sum(held['cells'].values())} cells ({per_sheet}); {held['bands']}"]
        if "pandas" in measured.held and measured.held["pandas"]["bands"] != measured.held["xeploai"]["bands"]:
            lines += [f"{size}: THE BANDS DIFFER. Somebody is wrong; the times above prove nothing."]
    return lines


def as_json(sizes: dict[str, Measured], start_up: dict[str, list[Took]], machine: str) -> str:
    def runs(took: dict[str, list[Took]]) -> dict[str, object]:
        return {
            program: {
                "best": min(one.seconds for one in all_runs),
                "median": statistics.median(one.seconds for one in all_runs),
                "runs": [asdict(one) for one in all_runs],
            }
            for program, all_runs in took.items()
        }

    told = {
        "machine": machine,
        "sizes": {
            size: {"peak_mb": measured.peak_mb, "programs": runs(measured.took), "workbooks": measured.held}
            for size, measured in sizes.items()
        },
        "help": runs(start_up),
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
