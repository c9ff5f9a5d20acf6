"""The commands. Each collects its options, calls one function, hands the outcome to writers, and says how it went.

The only room that knows Typer and exit codes: 0 all well · 1 an error in the data · 2 cannot go on (◆).
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xeploai import __version__
from xeploai.cli.help import Command, Group
from xeploai.cli.options import (
    Files,
    Font,
    Force,
    Hidden,
    History,
    Lineage,
    Mapped,
    Merger,
    Output,
    Register,
    Rules,
    Strict,
    Year,
    files_read,
    options_of,
)  # fmt: skip
from xeploai.cli.progress import progress
from xeploai.cli.slips import proposals, say_command, usage
from xeploai.cli.targets import check_targets, default_output, in_folder
from xeploai.findings import (
    BAD_OPTION,
    CATALOGUE,
    NOT_IN_FORCE,
    OUTPUT_EXISTS,
    UNIT_UNLISTED,
    Finding,
    Severity,
    Unusable,
)

if TYPE_CHECKING:
    from xeploai.book.rulebook import RuleBook
    from xeploai.model import Grid, Scores, ScoreSheet, Unit
    from xeploai.pipeline import Options, Outcome
    from xeploai.report.letters import Letter

COMPLETE = "_XEPLOAI_COMPLETE"
"""Where a shell says that it asks for completions."""

_PLAIN: dict[str, Any] = {"rich_markup_mode": None, "add_completion": False, "no_args_is_help": True, "cls": Group}
app = typer.Typer(
    **_PLAIN, help="Xếp loại đơn vị từ bảng điểm Excel theo một bộ tiêu chí; mỗi kết quả chỉ rõ ô và căn cứ."
)
rules_app = typer.Typer(**_PLAIN, help="Bộ tiêu chí: liệt kê, xem, kiểm tra, lược đồ JSON.")
app.add_typer(rules_app, name="rules")


# ------------------------------------------------------------------------------------------- the commands


@app.command(
    cls=Command,
    short_help="Xếp loại và ghi kết quả ra Excel.",
    help="Xếp loại: đọc bảng điểm, xếp loại, cảnh báo, ghi kết quả ra Excel.",
)
def classify(
    files: Files,
    rules: Rules = None,
    year: Year = None,
    history: History = None,
    units: Register = None,
    lineage: Lineage = None,
    merger: Merger = "",
    placing: Mapped = None,
    hidden: Hidden = "đọc",
    font: Font = "auto",
    output: Output = None,
    json_to: Annotated[
        str | None, typer.Option("--json", metavar="TỆP|-", help="Ghi thêm JSON; «-» là ra màn hình, thay cho bảng.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="TỆP", help="Ghi thêm trang xem bằng trình duyệt (.html).")
    ] = None,
    annotate: Annotated[
        Path | None, typer.Option("--annotate", metavar="TỆP", help="Ghi thêm bản sao bảng điểm, có kết quả bên cạnh.")
    ] = None,
    letters: Annotated[
        Path | None, typer.Option("--letters", metavar="THƯ MỤC", help="Ghi thêm văn bản Word: biên bản, thông báo …")
    ] = None,
    date: Annotated[
        str,
        typer.Option(
            "--date", metavar="NGÀY", help="Ngày ghi trong kết quả, ví dụ 15/12/2020. Bỏ trống: để chấm chấm."
        ),
    ] = "",
    force: Force = False,
    strict: Strict = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Không in bảng và ghi chú; lỗi vẫn in.")] = False,
) -> int:
    """Classify, write the workbook (and JSON), print the ratings."""
    from xeploai.write.whole import may_fill, write_whole

    read_too = files_read(files, history, rules, units, lineage, placing)
    target = default_output(files) if output is None else in_folder(output, files)
    json_file = Path(json_to) if json_to and json_to != "-" else None
    named = {"-o": target, "--json": json_file, "--html": html, "--annotate": annotate}
    check_targets(named, read_too, force=force, folder=letters)
    if letters:
        may_fill(letters)
    options = options_of(year, hidden, date, font, merger)
    outcome = _classified(files, rules, history, options, units, lineage, placing, scored=_details_early)

    from xeploai.report import tables
    from xeploai.write import beside

    progress("Đang ghi kết quả …")
    annotations = _annotated(outcome, files, annotate)  # first: where it cannot be made, nothing is written
    finish = beside.begin(tables.pages(outcome))
    out, err = _worded(outcome, target, quiet=quiet, on_screen=json_to != "-")
    page = _page(outcome) if html else b""
    drafted, about = _drafted(outcome, letters, force=force) if letters else ([], [])
    write_whole(target, finish())
    if annotate:
        write_whole(annotate, annotations)
    if html:
        write_whole(html, page)
    findings = list(outcome.findings)
    if letters:
        err += _letters(drafted, about, letters, force=force, quiet=quiet)
        findings += about
    progress("")
    if json_to:
        from xeploai.report.json import dumps

        text = dumps(outcome)
        if json_file:
            write_whole(json_file, text.encode())
        else:
            sys.stdout.write(text)
    sys.stdout.write(out)
    sys.stderr.write(err)
    return exit_code(findings, strict=strict)


@app.command(
    cls=Command,
    short_help="Đọc thử, nói đã hiểu thế nào; không ghi gì.",
    help="Kiểm tra: đọc bảng điểm và nói đã hiểu thế nào, có lỗi gì; không ghi tệp nào.",
)
def check(
    files: Files,
    rules: Rules = None,
    year: Year = None,
    history: History = None,
    units: Register = None,
    lineage: Lineage = None,
    merger: Merger = "",
    placing: Mapped = None,
    hidden: Hidden = "đọc",
    font: Font = "auto",
    strict: Strict = False,
) -> int:
    """Read, bind, validate; say what was understood; write nothing."""
    outcome = _classified(files, rules, history, options_of(year, hidden, "", font, merger), units, lineage, placing)
    from xeploai.report import tables
    from xeploai.report.console import console, say, show_trouble

    out = console(sys.stdout)
    say(out, f"Bộ tiêu chí: {outcome.book.title} ({outcome.book.code})")
    say(out, f"Năm: {outcome.year or 'không rõ'} · đơn vị: {len(outcome.ratings)}")
    if words := tables.files_words(outcome):
        say(out, f"Tệp: {words}")
    several = len({seen.grid.file for seen in outcome.understood}) > 1
    for seen in outcome.understood:
        for name, value in tables.understood_rows(seen):
            say(out, f"{seen.grid.file} · {name}: {value}" if several else f"{name}: {value}")
    own = {flag.code for flag in outcome.book.flags}
    ours = [finding for finding in outcome.findings if finding.code not in own]
    show_trouble(ours, sys.stderr)
    errors = sum(finding.severity is Severity.ERROR for finding in ours)
    say(
        out,
        f"{errors} lỗi, {sum(f.severity is Severity.WARNING for f in ours)} cảnh báo về dữ liệu."
        if ours
        else "Không có lỗi.",
    )
    return exit_code(outcome.findings, strict=strict)


@app.command(
    cls=Command,
    short_help="So hai kỳ: hai năm, hay hai lần chạy.",
    help="So hai kỳ: bảng điểm (hay kết quả) cũ và mới cạnh nhau; ai lên, ai xuống, đơn vị mới, đơn vị thôi có.",
)
def compare(
    old: Annotated[Path, typer.Argument(metavar="CŨ", help="Bảng điểm hoặc kết quả cũ: tệp hay thư mục.")],
    new: Annotated[Path, typer.Argument(metavar="MỚI", help="Bảng điểm hoặc kết quả mới.")],
    rules: Rules = None,
    units: Register = None,
    lineage: Lineage = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="TỆP", help="Ghi bảng so sánh (.xlsx), hay thư mục để ghi vào."),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="TỆP", help="Ghi trang so sánh (.html).")] = None,
    force: Force = False,
) -> int:
    """Two years or two runs, side by side."""
    if output and output.is_dir():
        output /= f"{new.resolve().stem}-so-sanh.xlsx"
    check_targets({"-o": output, "--html": html}, files_read([old, new], None, rules, units, lineage), force=force)
    from xeploai.compare import compare_files
    from xeploai.report import changes, console
    from xeploai.write.whole import write_whole

    try:
        comparison = compare_files(old, new, rules=rules, units=units, lineage=lineage, tell=progress)
    finally:
        progress("")
    if output:
        from xeploai.write.workbook import workbook_bytes

        write_whole(output, workbook_bytes(changes.pages(comparison)))
    if html:
        write_whole(html, changes.page(comparison).encode())
    changes.show(comparison, sys.stdout, sys.stderr)
    for written in filter(None, (output, html)):
        console.say(console.console(sys.stderr), f"Đã ghi {written}")
    return exit_code(comparison.findings, strict=False)


@app.command(
    name="what-if",
    cls=Command,
    short_help="Nếu đổi bộ hay ngưỡng: ai đổi mức.",
    help="Thử: cùng bảng điểm dưới một bộ khác hay ngưỡng khác; ai đổi mức, ai được hay mất danh hiệu.",
)
def what_if(
    files: Files,
    rules: Rules = None,
    year: Year = None,
    history: History = None,
    units: Register = None,
    lineage: Lineage = None,
    merger: Merger = "",
    placing: Mapped = None,
    hidden: Hidden = "đọc",
    font: Font = "auto",
    against: Annotated[
        str | None, typer.Option("--against", metavar="BỘ", help="Bộ tiêu chí khác, để so với --rules.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="CHỖ=GIÁ TRỊ", help="Đổi một chỗ của bộ: «xếp loại.tốt=85%» (nhắc lại được)."),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="ĐƠN VỊ", help="Đường ngắn nhất để đơn vị này lên mức, hết cảnh báo."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="TỆP", help="Ghi kết quả thử (.xlsx), hay thư mục để ghi vào."),
    ] = None,
    force: Force = False,
) -> int:
    """The same scores under another book or other edges; the cheapest ways up for one unit."""
    options = options_of(year, hidden, "", font, merger)
    read_too = files_read(files, history, rules, units, lineage, placing, Path(against) if against else None)
    if output and output.is_dir():
        output /= f"{files[0].resolve().stem}-thu.xlsx"
    check_targets({"-o": output}, read_too, force=force)
    from xeploai.report import trials
    from xeploai.what_if import ways_up, what_if_files

    if unit is not None and not (against or changes):
        if output:
            raise Unusable(
                BAD_OPTION(what="-o ghi kết quả thử của --set hay --against; --unit một mình chỉ in ra màn hình")
            )
        outcome, trial = _classified(files, rules, history, options, units, lineage, placing), None
    else:
        try:
            trial = what_if_files(
                files, rules=rules, history=history or (), units=units, lineage=lineage, placing=placing,
                against=against, changes=changes or (), options=options, tell=progress,
            )  # fmt: skip
        finally:
            progress("")
        outcome = trial.after
    ways = ways_up(outcome, unit, progress) if unit is not None else None
    progress("")
    if output and trial:
        from xeploai.write.whole import write_whole
        from xeploai.write.workbook import workbook_bytes

        write_whole(output, workbook_bytes(trials.pages(trial)))
    if ways:
        trials.show_ways(ways, sys.stdout, trial)
        return _errors_beside(outcome, ways.rating.unit, own=True)
    assert trial
    trials.show(trial, sys.stdout, sys.stderr)
    return exit_code(outcome.findings, strict=False)


@app.command(
    cls=Command,
    short_help="Tạo biểu chấm điểm trống.",
    help="Tạo biểu chấm điểm trống, đúng mẫu của một bộ tiêu chí.",
)
def template(
    book: Annotated[str, typer.Argument(metavar="BỘ", help="Tệp YAML, hoặc mã một bộ có sẵn.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="TỆP", help="Tệp ghi ra. Bỏ trống: bieu-‹mã bộ›.xlsx.")
    ] = None,
    units: Annotated[
        Path | None, typer.Option("--units", metavar="TỆP", help="Danh sách đơn vị (Excel hoặc YAML), để điền sẵn.")
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="NĂM", min=1900, max=2200, help="Năm ghi trên biểu. Bỏ trống: để chấm chấm."),
    ] = None,
    force: Force = False,
) -> int:
    """Write an empty score sheet that is sure to bind."""
    from xeploai.book.load import load_book
    from xeploai.write.whole import may_write, write_whole

    rules = load_book(book).book
    target = output or Path(f"bieu-{rules.code}.xlsx")
    may_write(target, inputs=[units] if units else [], force=force)
    listed = _units(units, year) if units else []
    from xeploai.write.template import template_bytes

    write_whole(target, template_bytes(rules, year, listed))
    held = f"{len(listed)} đơn vị" if listed else "hàng trống để ghi đơn vị (--units để điền sẵn)"
    from xeploai import vi

    typer.echo(vi.shown(f"Đã ghi {target}: {len(rules.leaves)} cột điểm, {held}.", 10_000))
    line = f"xeploai check {shlex.quote(str(target))} --rules {shlex.quote(book)}"
    typer.echo(f"Ghi điểm xong, chạy: {vi.shown(line, 10_000)}")
    if not rules.in_force(year):
        _show([NOT_IN_FORCE(book=rules.code, years=rules.years, year=year)])
    return 0


@app.command(
    cls=Command,
    short_help="Giải thích một mã, hay kết quả của một đơn vị.",
    help="Giải thích một mã: lỗi của phần mềm (DL05), cảnh báo của bộ tiêu chí (kiem-diem), loại cảnh báo. "
    "Với --unit: vì sao một đơn vị có kết quả như vậy, từng ô điểm và từng điều khoản.",
)
def explain(
    words: Annotated[
        list[str], typer.Argument(metavar="MÃ|TỆP", help="Một mã (DL20, LS01, kiem-diem …); với --unit: bảng điểm.")
    ],
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="ĐƠN VỊ", help="Tên hoặc mã đơn vị cần giải thích kết quả.")
    ] = None,
    rules: Rules = None,
    year: Year = None,
    history: History = None,
    units: Register = None,
    lineage: Lineage = None,
    merger: Merger = "",
    placing: Mapped = None,
    hidden: Hidden = "đọc",
    font: Font = "auto",
) -> int:
    """Say what a code means and what to do; or how one unit's result came about."""
    if unit is None:
        return _explain_code(words, rules)
    options = options_of(year, hidden, "", font, merger)
    outcome = _classified([Path(word) for word in words], rules, history, options, units, lineage, placing)
    from xeploai.report.console import console
    from xeploai.report.unit_page import show_unit
    from xeploai.steps.match import the_one

    position = the_one(outcome.sheet.units, unit)
    show_unit(outcome, position, console(sys.stdout))
    return _errors_beside(outcome, outcome.sheet.units[position], own=False)


def _explain_code(words: Sequence[str], rules: str | None) -> int:
    from xeploai.report.explain import codes, page

    code = " ".join(words)
    text = page(code, rules)
    if text is None:
        from xeploai import vi

        if any(Path(word).exists() for word in words):
            line = f'xeploai explain --unit "‹tên đơn vị›" {shlex.join(words)}'
            raise Unusable(BAD_OPTION(what=f"Muốn biết kết quả của một đơn vị, chạy: {line}"))
        full = re.sub(r"^(\D+)(\d)$", r"\g<1>0\2", code.upper())  # «dl5» is DL05
        near = full if full in CATALOGUE else vi.nearest(code, [*CATALOGUE, *codes(rules)])
        raise Unusable(
            BAD_OPTION(
                what=f"Không có mã «{code}»"
                + (
                    f"; có phải «{near}»?"
                    if near
                    else "; xem các mã: DL.., BTC.., LS.., hoặc mã cảnh báo trong bộ tiêu chí (thêm --rules)"
                )
            )
        )
    typer.echo(text)
    return 0


@app.command(
    cls=Command,
    short_help="Gợi ý lệnh bằng phím Tab.",
    help='In đoạn mã cho phím Tab. bash: eval "$(xeploai completion bash)" (ghi vào ~/.bashrc để dùng mãi).',
)
def completion(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish|powershell|pwsh", help="Loại dòng lệnh.")],
) -> int:
    """Print what a shell needs to complete our commands, options and rule books."""
    from typer._completion_shared import get_completion_script

    known = ("bash", "zsh", "fish", "powershell", "pwsh")
    if shell not in known:
        raise Unusable(BAD_OPTION(what=f"Không biết loại dòng lệnh «{shell}»; nhận: {', '.join(known)}"))
    sys.stdout.write(get_completion_script(prog_name="xeploai", complete_var=COMPLETE, shell=shell) + "\n")
    return 0


@rules_app.command("list", cls=Command, help="Các bộ tiêu chí có sẵn.")
def rules_list() -> int:
    """Code, years, title of every shipped book."""
    from xeploai.book.load import load_book, shipped_books

    for code in shipped_books():
        book = load_book(code).book
        mark = " · số minh hoạ" if book.illustrative else ""
        size = f"{len(book.leaves)} tiêu chí nhập điểm · tối đa {book.max_points} điểm"
        typer.echo(f"{code}\n    {book.title}\n    {book.years or 'không ghi năm'} · {size}{mark}")
    return 0


@rules_app.command("show", cls=Command, help="Xem một bộ tiêu chí đã hiểu thế nào; với --yaml: chính tệp của bộ.")
def rules_show(
    book: Annotated[str, typer.Argument(metavar="BỘ")],
    as_file: Annotated[
        bool, typer.Option("--yaml", help="In chính tệp của bộ, cả ghi chú, để chép: --yaml > bo-cua-tinh.yaml.")
    ] = False,
) -> int:
    """The book as understood: tree, bands, titles, flags; or the file itself, to make another of it."""
    from xeploai.book.load import find, load_book

    loaded = load_book(book)
    if as_file:
        typer.echo(find(book).read_bytes(), nl=False)
        return 0
    from xeploai.report.explain import book_page

    typer.echo(book_page(loaded.book))
    return 0


@rules_app.command("check", cls=Command, help="Kiểm tra bộ tiêu chí: cú pháp, mâu thuẫn, và chạy các ví dụ trong bộ.")
def rules_check(books: Annotated[list[str], typer.Argument(metavar="BỘ")]) -> int:
    """Load each book and run its examples; exit 2 where one cannot be used or an example fails."""
    from xeploai.book.load import load_book
    from xeploai.examples import check_book
    from xeploai.report.console import show_trouble

    bad = 0
    for name in books:
        try:
            loaded = load_book(name)
            findings = check_book(loaded)
        except Unusable as trouble:
            show_trouble(trouble.findings, sys.stderr)
            bad += 1
            continue
        show_trouble(findings, sys.stderr)
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        bad += bool(errors)
        count = len(loaded.book.examples)
        if not errors:
            typer.echo(
                f"{name}: dùng được; {count} ví dụ ra đúng đáp số."
                if count
                else f"{name}: dùng được; chưa có ví dụ nào."
            )
    return 2 if bad else 0


@rules_app.command("schema", cls=Command, help="Lược đồ JSON của bộ tiêu chí, cho trình soạn thảo.")
def rules_schema() -> int:
    """JSON Schema of the rule book."""
    import json

    from xeploai.book.rulebook import RuleBook

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **RuleBook.model_json_schema()}
    typer.echo(json.dumps(schema, ensure_ascii=False, indent=1))
    return 0


@app.callback(invoke_without_command=True)
def _main(
    ctx: typer.Context, version: Annotated[bool, typer.Option("--version", help="Số phiên bản.")] = False
) -> None:
    if version:
        typer.echo(f"xeploai {__version__}")
        raise typer.Exit


# ------------------------------------------------------------------------------------------- around them


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code. Bugs and Ctrl-C pass through to the caller."""
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]  # Typer brings its own click; this is its UsageError
    command = typer.main.get_command(app)
    if COMPLETE in os.environ:
        from typer._completion_classes import completion_init

        completion_init()
    try:
        code = command.main(list(arguments), prog_name="xeploai", standalone_mode=False)
        if code == 130:  # how this Typer hands on Ctrl-C
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except typer.Exit as done:
        return int(done.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Unusable as trouble:
        in_the_way = [finding for finding in trouble.findings if finding.code == OUTPUT_EXISTS.code]
        proposed = proposals(arguments, [each.message for each in trouble.findings if each not in in_the_way])
        helped = (BAD_OPTION.code,) if proposed else ()  # a command to run is better advice than the help
        _show([each._replace(duty="") if each.code in helped else each for each in trouble.findings])
        for line in proposed:
            say_command(line)
        if in_the_way:
            say_command([*arguments, "--force"])
        return 2
    except usage_error as error:
        return usage(error, arguments)


def exit_code(findings: Sequence[Finding], *, strict: bool) -> int:
    """◆ 1 if any error; with --strict also for a warning about data or history. A flag that fires changes nothing."""
    if any(finding.severity is Severity.ERROR for finding in findings):
        return 1
    about_data = (f for f in findings if f.code.startswith(("DL", "LS", "VB", "SS")) and f.code in CATALOGUE)
    return int(strict and any(finding.severity is Severity.WARNING for finding in about_data))


def _annotated(outcome: Outcome, files: Sequence[Path], target: Path | None) -> bytes:
    if target is None:
        return b""
    from xeploai.write.annotate import annotated

    return annotated(outcome, files, target)


def _page(outcome: Outcome) -> bytes:
    from xeploai.report.html import page

    return page(outcome).encode()


def _drafted(outcome: Outcome, folder: Path, *, force: bool) -> tuple[list[Letter], list[Finding]]:
    """The letters, and what was found in making them. Raises Unusable, before anything is written, where one is there."""
    from xeploai.report.letters import letters
    from xeploai.write.whole import may_fill

    made, findings = letters(outcome)
    may_fill(folder, (letter.name for letter in made), force=force)
    return made, findings


def _letters(made: Sequence[Letter], findings: Sequence[Finding], folder: Path, *, force: bool, quiet: bool) -> str:
    """Write the letters; what stderr says of them."""
    from xeploai.report import console
    from xeploai.write.whole import fill

    fill(folder, [(letter.name, letter.content) for letter in made], force=force)
    said = f"Đã ghi {len(made)} văn bản vào {folder}"
    return console.worded(
        sys.stderr,
        lambda err: console.trouble(err, findings),
        *(() if quiet else (partial(console.say, text=said),)),
    )


def _classified(
    files: Sequence[Path],
    rules: str | None,
    history: Sequence[Path] | None,
    options: Options,
    units: Path | None = None,
    lineage: Path | None = None,
    placing: Path | None = None,
    scored: Callable[[RuleBook, ScoreSheet, Scores], None] = lambda *_: None,
) -> Outcome:
    from xeploai.pipeline import classify_files

    try:
        return classify_files(
            files, rules=rules, history=history or (), units=units, lineage=lineage, placing=placing,
            options=options, tell=progress, scored=scored,
        )  # fmt: skip
    finally:
        progress("")


def _details_early(book: RuleBook, sheet: ScoreSheet, scores: Scores) -> None:
    """The largest page is written while the units are still being rated."""
    from xeploai.report.tables import details
    from xeploai.write import beside

    beside.early(details(book, sheet, scores))


def _units(path: Path, year: int | None) -> list[Unit]:
    """The units of this list: every unit that a sheet names; of a register in YAML who is there at the end of the year."""
    from xeploai.book.load import is_yaml, read_table
    from xeploai.steps import register

    if is_yaml(path):
        known = register.read([read_table(path)[0]])
        _show([UNIT_UNLISTED(what=f"Danh mục: {words}", at=cell) for words, cell in known.troubles])
        there = [each.unit for each in known.listed if each.at_end_of(year)]
        if not there:
            raise Unusable(BAD_OPTION(what=f"«{path}» không có đơn vị nào của năm {year or 'nay'}"))
        return there
    from xeploai import read
    from xeploai.steps.legacy import modern
    from xeploai.steps.roster import roster

    paths, found = read.gather([path])
    grids: list[Grid] = []
    for source, said in read.read(paths):
        found = [*found, *said]
        grids += source.grids if source else ()
    grids, letters = modern(grids)
    found = [*found, *letters]
    units = roster(grids)
    if not units:
        raise Unusable(*found, BAD_OPTION(what=f"«{path}» không có cột tên đơn vị nào đọc được"))
    _show(found)
    return units


def _worded(outcome: Outcome, target: Path, *, quiet: bool, on_screen: bool) -> tuple[str, str]:
    """What stdout and stderr will say once the workbook is there: made ready while another process makes it."""
    from xeploai.report import console, tables

    if quiet:
        return "", console.worded(sys.stderr, lambda err: console.trouble(err, outcome.errors))
    unrated = sum(rating.status != "rated" for rating in outcome.ratings)
    tail = f" · {unrated} đơn vị chưa xếp loại" if unrated else ""
    through = f" (liên kết tới {os.path.realpath(target)})" if target.is_symlink() else ""
    written = f"Đã ghi {target}{through} · {len(outcome.ratings)} đơn vị{tail}"
    lines = [f"Tệp: {words}"] if (words := tables.files_words(outcome)) else []
    out = console.worded(sys.stdout, lambda out: console.show_outcome(outcome, out)) if on_screen else ""
    err = console.worded(
        sys.stderr,
        lambda err: console.show_findings(outcome, err),
        *(partial(console.say, text=line) for line in (*lines, written)),
    )
    return out, err


def _errors_beside(outcome: Outcome, unit: Unit, *, own: bool) -> int:
    """What a page about one unit does not say: errors in the data that are nobody's, its `own` where the page has no place
    for them, how many are of other units; and the exit code that comes of all."""
    near = [error for error in outcome.errors if error.unit is None or (own and error.unit == unit)]
    others = sum(error.unit not in (None, unit) for error in outcome.errors)
    if near or others:
        from xeploai.report.console import console, say, trouble

        err = console(sys.stderr)
        trouble(err, near, rest=", xem bằng xeploai check")
        if others:
            say(err, f"… và {others} lỗi của đơn vị khác, xem bằng xeploai check.")
    return exit_code(outcome.findings, strict=False)


def _show(findings: Sequence[Finding]) -> None:
    if findings:
        from xeploai.report.console import show_trouble

        show_trouble(findings, sys.stderr)
