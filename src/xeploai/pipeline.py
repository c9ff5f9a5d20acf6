"""The whole line on one page: book and grids in, an Outcome out.

    bind → validate → score → rate → recall → flag

Nothing here opens a file or prints; `classify_files` is the one function that also reads.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import localcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xeploai import findings as our
from xeploai import sorting, vi
from xeploai.book.load import Loaded, is_yaml, load_as, load_book, read_table
from xeploai.book.rulebook import RuleBook
from xeploai.findings import Finding, Severity, Unusable
from xeploai.flags.base import Case, Flag
from xeploai.model import NOTHING, Decision, Grid, Past, Rating, Scores, ScoreSheet
from xeploai.steps.assign import assign
from xeploai.steps.bind import Understood, alike, bind, doubled
from xeploai.steps.flag import flag
from xeploai.steps.legacy import modern
from xeploai.steps.looks import Looks
from xeploai.steps.rate import last_places, rate
from xeploai.steps.recall import Recomputed, recall
from xeploai.steps.score import score
from xeploai.steps.unfold import unfold
from xeploai.steps.validate import validate
from xeploai.vi import Exact

if TYPE_CHECKING:
    from xeploai.book.placing import Placing
    from xeploai.steps.lineage import Times

Points = Mapping[str, Sequence[Exact | None]]


class Input(NamedTuple):
    """A file of the question: its name, SHA-256, and what it was read for ("scores" or "history")."""

    name: str
    sha256: str
    used_as: str = "scores"


class Options(NamedTuple):
    """The options that change the result. Output paths are none of them."""

    year: int | None = None
    skip_hidden: bool = False
    date: str = ""
    font: str = "auto"
    merger: str = ""  # the policy for history across a merger; "" leaves it to the book
    placing: Placing | None = None  # where things stand in sheets whose layout no rule can find (--map)

    def words(self) -> list[tuple[str, str]]:
        """Option and value, as the result states them."""
        given = [("--year", str(self.year)) if self.year else None, ("--hidden", "bỏ") if self.skip_hidden else None]
        given += [("--date", self.date) if self.date else None, ("--font", self.font) if self.font != "auto" else None]
        given += [("--merger", self.merger) if self.merger else None]
        return [pair for pair in given if pair]


class Outcome(NamedTuple):
    """What the line hands to every writer: book, ratings, findings, past, and the question that was asked."""

    loaded: Loaded
    year: int | None
    sheet: ScoreSheet
    scores: Scores
    ratings: tuple[Rating, ...]
    findings: tuple[Finding, ...]
    past: Past = Past()
    inputs: tuple[Input, ...] = ()
    options: Options = Options()
    understood: tuple[Understood, ...] = ()
    last: Mapping[int, bool] = NOTHING
    targets: tuple[tuple[str, str, str], ...] = ()  # code, group, how it stands, met or not
    files: tuple[int, int] = (0, 0)  # found, and of these refused

    @property
    def book(self) -> RuleBook:
        """The rule book of the classified year."""
        return self.loaded.book

    @property
    def points(self) -> Points:
        """Criterion → the points of every unit; the whole under `TOTAL`."""
        return self.scores.points

    @property
    def errors(self) -> list[Finding]:
        """The findings that say: this could not be judged."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def classify(
    loaded: Loaded | None,
    scores: Sequence[Grid],
    *,
    history: Sequence[Grid] = (),
    units: Sequence[Grid] = (),
    lineage: Sequence[Grid] = (),
    options: Options | None = None,
    inputs: Sequence[Input] = (),
    found: Iterable[Finding] = (),
    scored: Callable[[RuleBook, ScoreSheet, Scores], None] = lambda *_: None,
    before: Loaded | None = None,
) -> Outcome:
    """Classify the newest year (or `options.year`) of these grids. `loaded` None: the one shipped book that fits.

    `before` rates the earlier years in place of `loaded`: a trial of other rules leaves the past as it is.
    Raises Unusable where nothing can be classified; everything else is a finding of the outcome.
    """
    options = options or Options()
    scores, said = modern(scores, options.font)
    history, of_history = modern(history, options.font)
    found = [*found, *said, *of_history]
    if said and not scores:
        raise Unusable(*found)
    with localcontext(vi.EXACT):
        sheets = sorting.sort_out(scores, history)
        explicit = loaded is not None
        try:
            loaded = loaded or sorting.choose((*sheets.scores, *sheets.heads), options.year, options.placing)
        except Unusable as none:  # what was found before may be why
            raise Unusable(*found, *none.findings) from None
        book = loaded.book
        sheets = sorting.with_score_sheets(book, sheets)
        usable, hidden_said = sorting.usable(book, sheets.scores, options.placing)
        if options.placing:
            sorting.check_placing(book, options.placing, usable)
        tables, unfolded = unfold(book, usable, options.placing)
        by_year, understood, bound = bind(book, tables, year=options.year, skip_hidden=options.skip_hidden)
        bound = [*unfolded, *bound]
        if understood and not any(seen.units for seen in understood):
            raise Unusable(*found, *map(partial(sorting.no_units, book), understood), *bound)
        if not by_year:
            told = {each.at.file for each in bound if each.at}
            lost = [grid for grid in sheets.scores if grid.file not in told]
            raise Unusable(
                *found, *bound, *(sorting.no_table(book, grid) for grid in lost[:5]), *sorting.nothing(sheets)
            )
        sheet, earlier_sheets, chosen = _this_year(by_year, options)
        findings = [
            *found,
            *loaded.findings,
            *sheets.findings,
            *hidden_said,
            *chosen,
            *sorting.not_bound(book, sheets, understood, unfolded),
        ]
        findings += (each for each in bound if each.year in (None, sheet.year) or each.severity is not Severity.NOTE)
        findings += _about_book(book, sheet, explicit=explicit)
        times, sheet, earlier_sheets, said = _times(book, options, units, lineage, sheet, earlier_sheets)
        findings += [*said, *alike(sheet)]

        sheet, said = validate(book, sheet)
        findings += _with_lines(loaded, said)
        sheet, marks, said = score(book, sheet)
        findings += said
        scored(book, sheet, marks)
        others = [each.year for each in by_year if each.year is not None and each.year != sheet.year]
        decisions, said = _decisions(book, sheet, sheets.decisions, others)
        findings += said
        ratings, said = rate(book, sheet, marks, decisions)
        findings += said
        if book.head_bands or sheets.heads:
            from xeploai.steps.heads import heads

            ratings, said = heads(book, sheet, ratings, sheets.heads)
            findings += said

        earlier, rebound, said = _earlier(
            loaded, earlier_sheets, usable, sheets, options, sheet.year, times, before or loaded
        )
        findings = [
            each for each in findings if each.year is None or each.year not in rebound or each not in bound
        ] + said
        past, said = recall(book, sheet, sheets.history, earlier, times)
        findings += said
        for position, formed in past.formed.items():
            ratings[position] = ratings[position]._replace(why=(*ratings[position].why, str(formed)))
        unequal = _unequal(book, sheet, earlier, understood, {place: each.year for place, each in past.formed.items()})
        people, said = assign(book, sheet.units, sheets.assignments)
        findings += said

        last = last_places(ratings)
        case = case_of(book, sheet, marks, ratings, past, people)
        targets = tuple((each.code, *stands) for each in book.flags for stands in each.standing(case))
        order = {unit: place for place, unit in reversed(list(enumerate(sheet.units)))}
        flagged = sorted(
            flag(book.flags, case),
            key=lambda each: order.get(each.unit, len(order)) if each.unit else len(order),
        )
        return Outcome(
            loaded, sheet.year, sheet, marks, tuple(ratings), (*_sorted(findings), *unequal, *flagged), past, tuple(inputs),
            options, tuple(understood), last, targets,
        )  # fmt: skip


def _with_lines(loaded: Loaded, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those of points beyond a limit with the line of the book that sets it."""
    for each in findings:
        if each.code in (our.POINTS_TOO_HIGH.code, our.POINTS_NEGATIVE.code) and not each.basis:
            each = each._replace(basis=f"{loaded.book.title}, {each.criterion}: {loaded.of(each.criterion)}")  # noqa: PLW2901
        yield each


# What few books need is loaded when one needs it: a run over a plain sheet starts sooner without.


def _decisions(
    book: RuleBook, sheet: ScoreSheet, grids: Sequence[Grid], others: Sequence[int]
) -> tuple[dict[int, Decision], list[Finding]]:
    """The authority's own decisions of this year; `others` are the other years of this run."""
    if not grids:
        return {}, []
    from xeploai.steps.decide import decide

    return decide(book, sheet.units, grids, year=sheet.year, others=others)


def _unequal(
    book: RuleBook,
    sheet: ScoreSheet,
    earlier: Sequence[Recomputed],
    understood: Sequence[Understood],
    first_years: Mapping[int, int],
) -> list[Finding]:
    """The figures that do not agree with each other, by the book's checks."""
    if not book.checks:
        return []
    from xeploai.steps.reconcile import reconcile

    left_out = [(seen.grid, row, label) for seen in understood for row, label in seen.left_out]
    criteria = {word: code for code, node in book.nodes.items() for word in (code, node.name)}
    return reconcile(
        book.checks, book.fact_names, sheet, [year.sheet for year in earlier], left_out, criteria=criteria,
        decimal_mark=book.decimal_mark, first_years=first_years,
    )  # fmt: skip


def _times(
    book: RuleBook,
    options: Options,
    units: Sequence[Grid],
    lineage: Sequence[Grid],
    sheet: ScoreSheet,
    earlier: list[ScoreSheet],
) -> tuple[Times | None, ScoreSheet, list[ScoreSheet], list[Finding]]:
    """What is known of units through time, and the sheets with the codes that the register gives their units."""
    if not (units or lineage):
        return None, sheet, earlier, []
    if book.rates_persons:
        what = f"Bộ «{book.code}» xếp loại từng người, không phải đơn vị, nên --units và --lineage không được dùng"
        return None, sheet, earlier, [our.LINEAGE_UNCLEAR(what=what)]
    from xeploai.steps import lineage as lineages
    from xeploai.steps import register as registers

    units, letters = modern(units, options.font)
    lineage, more = modern(lineage, options.font)
    register = registers.read(units) if units else None
    said = list[Finding]()
    if register:
        sheet, said = registers.check(register, sheet)
        coded = [doubled(each) for each in (sheet, *map(register.coded_sheet, earlier))]  # two may be one by its codes
        sheet, *earlier = (each for each, _ in coded)
        said += (finding for _, twice in coded for finding in twice)
    table = lineages.read(lineage, register) if lineage else None
    times = lineages.Times(register, table, options.merger or book.across_merger or "")
    return times, sheet, earlier, [*letters, *more, *said]


class Judged(NamedTuple):
    """What `judge` makes of a sheet."""

    scores: Scores
    ratings: list[Rating]
    findings: list[Finding]


def judge(
    book: RuleBook, sheet: ScoreSheet, past: Past, flags: Sequence[Flag], *, scores: Scores | None = None,
    decisions: Mapping[int, Decision] = NOTHING, explain: bool = True,
) -> Judged:  # fmt: skip
    """A bound and validated sheet from its points on, as the line does it: score → rate → flag; the past is known.

    `scores` are the sheet's, where they are known already.
    """
    with localcontext(vi.EXACT):
        if scores is None:
            sheet, scores, _ = score(book, sheet)
        ratings, _ = rate(book, sheet, scores, decisions, explain=explain)
        return Judged(scores, ratings, flag(flags, case_of(book, sheet, scores, ratings, past)))


def case_of(
    book: RuleBook,
    sheet: ScoreSheet,
    scores: Scores,
    ratings: Sequence[Rating],
    past: Past,
    people: Mapping[tuple[int, str], tuple[str, ...]] | None = None,
) -> Case:
    """What the flags may see."""
    looks = Looks(book, sheet, scores)
    looks.bands.update((position, rating.band) for position, rating in enumerate(ratings))
    return Case(
        sheet.year, sheet, book.names, book.level, book.by_level, scores.points, ratings, past, people or {},
        last_places(ratings), book.bands, scores.maxima, sheet.facts, looks.at,
    )  # fmt: skip


def classify_files(
    files: Sequence[Path],
    *,
    rules: str | Path | None = None,
    history: Sequence[Path] = (),
    units: Path | None = None,
    lineage: Path | None = None,
    placing: Path | None = None,
    options: Options | None = None,
    tell: Callable[..., None] = lambda *_: None,
    scored: Callable[[RuleBook, ScoreSheet, Scores], None] = lambda *_: None,
) -> Outcome:
    """Read these files (a folder is the spreadsheets in it) and classify them. Raises Unusable.

    `tell` hears what is being done, and of long work how much of how much; `scored` gets the points as soon as they are
    known, while the rest goes on.
    """
    loaded = load_book(rules) if rules else None
    question = read_files(
        files, history=history, units=units, lineage=lineage, placing=placing, options=options, tell=tell
    )
    tell("Đang xếp loại …")
    return question.answered(loaded, scored=scored)


class Question(NamedTuple):
    """What was read, ready to be classified: once, or by several books."""

    grids: Mapping[str, list[Grid]]  # by what they are for
    inputs: tuple[Input, ...]
    findings: tuple[Finding, ...]
    options: Options
    files: tuple[int, int]  # found, and of these refused

    def answered(
        self,
        loaded: Loaded | None,
        *,
        before: Loaded | None = None,
        scored: Callable[[RuleBook, ScoreSheet, Scores], None] = lambda *_: None,
    ) -> Outcome:
        """The outcome by this book, the earlier years by `before`. Raises Unusable."""
        outcome = classify(
            loaded, self.grids["scores"], history=self.grids["history"], units=self.grids["units"],
            lineage=self.grids["lineage"], options=self.options, inputs=self.inputs, found=self.findings, scored=scored,
            before=before,
        )  # fmt: skip
        return outcome._replace(files=self.files)


def read_files(
    files: Sequence[Path],
    *,
    history: Sequence[Path] = (),
    units: Path | None = None,
    lineage: Path | None = None,
    placing: Path | None = None,
    options: Options | None = None,
    tell: Callable[..., None] = lambda *_: None,
) -> Question:
    """Read these files (a folder is the spreadsheets in it), each for its use. Raises Unusable."""
    from xeploai import read

    paths, found = read.gather(files)
    past_paths, said = read.gather(history)
    findings = [*found, *said]
    inputs: list[Input] = []
    for path in (placing, units, lineage):
        if path and (path is placing or is_yaml(path)):
            _check_file(path)
    if placing:
        told, sha256 = load_as(_placing(), placing)
        inputs.append(Input(placing.name, sha256, "map"))
        options = (options or Options())._replace(placing=told)
    uses = ["scores"] * len(paths) + ["history"] * len(past_paths)
    paths = [*paths, *past_paths]
    grids: dict[str, list[Grid]] = {"scores": [], "history": [], "units": [], "lineage": []}
    for use, path in (("units", units), ("lineage", lineage)):
        if path and is_yaml(path):
            grid, sha256 = read_table(path)
            inputs.append(Input(grid.file, sha256, use))
            grids[use].append(grid)
        elif path:
            more, said = read.gather([path])
            paths, uses, findings = [*paths, *more], [*uses, *[use] * len(more)], [*findings, *said]
    count, refused = len(paths), 0
    tell(f"Đang đọc {count} tệp …")
    for place, (source, said) in enumerate(read.read(paths)):
        findings += said
        if source is None:
            refused += 1
            continue
        tell(f"Đã đọc {place + 1}/{count}: {source.name}", place + 1, count)
        inputs.append(Input(source.name, source.sha256, uses[place]))
        grids[uses[place]].extend(source.grids)
    if not grids["scores"]:
        raise Unusable(*findings, *([] if findings else [our.NO_SHEETS(file=", ".join(map(str, files)))]))
    if any(given and not grids[use] for use, given in (("history", history), ("units", units), ("lineage", lineage))):
        raise Unusable(*findings)
    return Question(grids, tuple(inputs), tuple(findings), options or Options(), (count, refused))


def _check_file(path: Path) -> None:
    """Raise Unusable where this is no file to be read; a pipe would be waited for, for ever."""
    from xeploai.read.files import why_not

    if reason := why_not(path) or ("đây là một thư mục" if path.is_dir() else ""):
        raise Unusable(our.FILE_MISSING(file=unicodedata.normalize("NFC", str(path)), reason=reason))


def _placing() -> type[Placing]:
    from xeploai.book.placing import Placing

    return Placing


# ------------------------------------------------------------------------------------------ which year


def _this_year(by_year: Sequence[ScoreSheet], options: Options) -> tuple[ScoreSheet, list[ScoreSheet], list[Finding]]:
    """The sheet to classify, the earlier ones, and what is left out, aloud."""
    known = [sheet for sheet in by_year if sheet.year is not None]
    findings: list[Finding] = []
    if not known:
        sheet = by_year[0]
        return (
            sheet,
            [],
            [our.YEAR_UNKNOWN(sheet=sheet.blocks[0].grid.sheet, at=sheet.named(0) if sheet.units else None)],
        )
    for sheet in by_year:
        if sheet.year is None:
            findings += (
                our.YEAR_MISSING(sheet=b.grid.sheet, at=b.grid.cell(b.grid.top, b.grid.left)) for b in sheet.blocks
            )
    years = [sheet.year or 0 for sheet in known]
    year = options.year or max(years)
    if year not in years:
        raise Unusable(our.YEAR_ABSENT(year=year, found=", ".join(map(str, years))))
    later = [str(each) for each in years if each > year]
    if later:
        findings.append(our.YEARS_LEFT_OUT(year=year, later=", ".join(later)))
    this = known[years.index(year)]
    return this, [sheet for sheet in known if (sheet.year or 0) < year], findings


def _earlier(
    loaded: Loaded,
    sheets: Sequence[ScoreSheet],
    grids: Sequence[Grid],
    all_sheets: sorting.Sheets,
    options: Options,
    classified: int | None,
    times: Times | None,
    then: Loaded,
) -> tuple[list[Recomputed], set[int], list[Finding]]:
    """The earlier years of the input, each rated by the book in force then; the years that another book rated.

    That is `then`, where it was in force; the sheets are bound to `loaded`.
    """
    others_books = set[int]()
    rated: list[Recomputed] = []
    findings: list[Finding] = []
    asks_back = any(flag.kind == "không chuyển biến" for flag in loaded.book.flags)
    for sheet in sheets:
        of_then, past_sheet = then, sheet
        if not then.book.in_force(sheet.year):
            try:
                of_then = sorting.choose(grids, sheet.year, options.placing)
            except Unusable:
                reason = f"bộ «{then.book.code}» không áp dụng cho năm đó và không có bộ nào khác khớp"
                findings.append(our.PAST_NOT_RATED(year=sheet.year, reason=reason))
                continue
        if of_then is not loaded:
            tables, _ = unfold(of_then.book, grids, options.placing)
            rebound, _, said = bind(of_then.book, tables, year=sheet.year, skip_hidden=options.skip_hidden)
            bound = next((each for each in rebound if each.year == sheet.year), None)
            if bound is None:  # of a trial: the tried book knows this sheet, the one of then does not
                reason = f"bộ «{of_then.book.code}» không khớp biểu của năm đó"
                findings.append(our.PAST_NOT_RATED(year=sheet.year, reason=reason))
                continue
            past_sheet, twice = doubled(times.coded_sheet(bound) if times else bound)
            said += twice
            findings += (each for each in said if each.year == sheet.year and each.severity is not Severity.NOTE)
            others_books.add(sheet.year or 0)
        book = of_then.book
        checked, said = validate(book, past_sheet)
        findings += (
            finding._replace(message=f"Năm {sheet.year}: {finding.message}")
            for finding in said
            if finding.severity is Severity.ERROR
        )
        checked, scores, _ = score(book, checked)
        others = [year for year in (classified, *(each.year for each in sheets)) if year and year != sheet.year]
        decided, _ = _decisions(book, checked, all_sheets.decisions, others)
        ratings, _ = rate(book, checked, scores, decided, explain=False)
        flagged = {}
        if asks_back and sheet is sheets[-1]:
            before, _ = recall(book, checked, all_sheets.history, rated, times)
            flagged = _flagged_then(book, checked, scores, ratings, before)
        rated.append(Recomputed(checked, ratings, last_places(ratings), book.code, flagged))
    return rated, others_books, findings


def _flagged_then(
    book: RuleBook, sheet: ScoreSheet, scores: Scores, ratings: Sequence[Rating], past: Past
) -> dict[int, tuple[tuple[str, ...], frozenset[str]]]:
    """Position → the flags that fired in an earlier year, and the criteria that they spoke of."""
    case = case_of(book, sheet, scores, ratings, past)
    places = {unit: position for position, unit in enumerate(sheet.units)}
    found: dict[int, tuple[tuple[str, ...], frozenset[str]]] = {}
    for finding in flag([each for each in book.flags if not each.on_groups], case):
        if finding.unit is None or finding.severity is Severity.NOTE:
            continue
        codes, criteria = found.get(places[finding.unit], ((), frozenset()))
        criteria |= {finding.criterion} - {""}
        found[places[finding.unit]] = (tuple(dict.fromkeys((*codes, finding.code))), criteria)
    return found


def _about_book(book: RuleBook, sheet: ScoreSheet, *, explicit: bool) -> list[Finding]:
    findings = []
    if explicit and not book.in_force(sheet.year):
        findings.append(our.NOT_IN_FORCE(book=book.code, years=book.years, year=sheet.year))
    if book.illustrative:
        findings.append(our.ILLUSTRATIVE(book=book.code))
    return findings


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then by place: file, sheet, row, column; each said once."""
    grave = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}

    def place(finding: Finding) -> tuple[int, str, str, int, int, str]:
        at = finding.at
        return (
            grave[finding.severity],
            *((at.file, at.sheet, at.row, at.column) if at else ("", "", -1, -1)),
            finding.code,
        )

    return sorted(dict.fromkeys(findings), key=place)
