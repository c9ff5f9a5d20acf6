"""A trial as people look at it: what was changed, the counts before and after, who changes and by which number; and for one
unit its ways up. The same sentences and tables stand on the screen and in the workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

from xeploai import vi
from xeploai.findings import Finding, Severity
from xeploai.model import Unit
from xeploai.report.console import console, say, show_table, trouble
from xeploai.report.table import Column, Page, Table, Value
from xeploai.report.tables import shown_number
from xeploai.what_if import Goal, Raise, Trial, Turn, Ways
from xeploai.what_if.trial import band_word

ON_SCREEN = 40
"""Units that the screen lists; the workbook holds all."""
ALONE = 8
"""Criteria that are named as enough by themselves; more are counted."""
NAMED = 8
ACROSS = 96
"""The width that makes the first sheet of the workbook as wide as the paper."""
ILLUSTRATIVE = "SỐ MINH HOẠ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận."


# --------------------------------------------------------------------------------------------- the trial


def title(trial: Trial) -> list[str]:
    """What is tried on what."""
    before, after = trial.before.book, trial.after.book
    year = f" năm {trial.before.year}" if trial.before.year else ""
    noun = before.noun
    lines = [f"Thử{year}, {trial.count} {noun}: {before.title} ({before.code})"]
    if before.code != after.code:
        lines.append(f"Nếu theo bộ khác: {after.title} ({after.code})")
    lines += [ILLUSTRATIVE] if before.illustrative or after.illustrative else []
    return lines


def changed(trial: Trial) -> list[str]:
    """The places of the book, and that nothing but this year was tried."""
    lines = [f"Đổi {change}" for change in trial.changes]
    if trial.before.past.years:
        lines.append("Chỉ thử năm này; các năm trước giữ kết quả cũ.")
    return [*lines, "Tệp bộ tiêu chí không bị sửa."] if trial.changes else lines


def sentences(trial: Trial) -> list[str]:
    """How many change, which way; who gains and loses a title or a flag; the units that only one book knows."""
    turns, noun = trial.turns, trial.before.book.noun
    if not turns:
        lines = [f"Không {noun} nào đổi mức, danh hiệu hay cảnh báo."]
    else:
        ways = [trial.way(turn) for turn in turns]
        other = sum(turn.changes_band for turn in turns) - sum(map(bool, ways))
        parts = [f"{ways.count(-1)} xuống", f"{ways.count(1)} lên", *([f"{other} đổi khác"] if other else [])]
        moved = sum(turn.changes_band for turn in turns)
        lines = [
            f"{moved}/{trial.count} {noun} đổi mức: {', '.join(parts)}." if moved else f"Không {noun} nào đổi mức."
        ]
    lines += _titles(trial)
    lines += _flags(trial)
    for was, becomes in trial.targets():
        lines.append(f"Chỉ tiêu trước: {was or 'bộ không có'} Nay: {becomes or 'bộ không có'}")
    for units, words in (
        (trial.only_before, "chỉ có khi theo bộ đang dùng"),
        (trial.only_after, "chỉ có khi theo bộ thử"),
    ):
        if units:
            lines.append(f"{len(units)} {noun} {words}: {_named(units)}.")
    return lines


def _titles(trial: Trial) -> Iterator[str]:
    names = [title.name for book in (trial.before.book, trial.after.book) for title in book.titles]
    for name in dict.fromkeys(names):
        lost = [turn.after.unit for turn in trial.turns if name in turn.lost]
        gained = [turn.after.unit for turn in trial.turns if name in turn.gained]
        if lost:
            yield f"«{name}»: {len(lost)} thôi đạt: {_named(lost)}."
        if gained:
            yield f"«{name}»: {len(gained)} đạt thêm: {_named(gained)}."


def _flags(trial: Trial) -> Iterator[str]:
    found: dict[tuple[str, str], list[Unit]] = {}
    for turn in trial.turns:
        for word, findings in (("thôi", turn.gone), ("thêm", turn.new)):
            for code in dict.fromkeys(finding.code for finding in findings):
                found.setdefault((code, word), []).append(turn.after.unit)
    for (code, word), units in sorted(found.items()):
        yield f"Cảnh báo {code}: {word} {len(units)} {trial.before.book.noun}: {_named(units)}."


def _named(units: Sequence[Unit]) -> str:
    names = [vi.shown(str(unit)) for unit in units]
    return "; ".join(names[:NAMED]) + (f"; và {len(names) - NAMED} nữa" if len(names) > NAMED else "")


def counts(trial: Trial, width: int = 44) -> Table:
    """Bands, titles, flags: how many have them, before and after."""
    columns = (
        Column("Mức, danh hiệu, cảnh báo", "long" if width == ACROSS else "text", width),
        Column("Hiện nay", "count", 10), Column("Nếu đổi", "count", 10),
        Column("Tăng, giảm", "count", 10),
    )  # fmt: skip
    rows: list[list[Value]] = [[word, was, becomes, _signed(becomes - was)] for word, was, becomes in trial.counts()]
    return Table(columns, rows)


def _signed(change: int) -> str:
    return f"+{change}" if change > 0 else f"−{-change}" if change else "0"


def units(trial: Trial, most: int | None = None) -> Table:
    """Who changes: falls, rises, then titles and flags alone; points, before, after, and why."""
    turns = trial.turns[:most]
    parents = any(turn.after.unit.parent for turn in turns)
    columns = (
        Column("Đơn vị", width=26), *([Column("Cấp trên", width=22)] if parents else []), Column("Điểm", "points", 10),
        Column("Tỷ lệ (%)", "percent", 10), Column("Hiện nay", "band", 16), Column("Nếu đổi", "band", 16),
        Column("Vì sao", "long", 60),
    )  # fmt: skip
    return Table(columns, [_unit_row(turn, parents=parents) for turn in turns])


def _unit_row(turn: Turn, *, parents: bool) -> list[Value]:
    unit, after = turn.after.unit, turn.after
    why = [
        *turn.why,
        *(f"thêm cảnh báo {_flag(f)}" for f in turn.new),
        *(f"thôi cảnh báo {_flag(f)}" for f in turn.gone),
    ]
    return [
        unit.name, *([unit.parent] if parents else []), shown_number(after.points), shown_number(after.percent),
        band_word(turn.before), band_word(after), "; ".join(why),
    ]  # fmt: skip


def _flag(finding: Finding) -> str:
    return f"{finding.code} ở {finding.criterion}" if finding.criterion else finding.code


def show(trial: Trial, out_stream: TextIO, err_stream: TextIO) -> None:
    """The trial on the screen; trouble with the data on the other stream."""
    out = console(out_stream)
    for line in title(trial):
        say(out, line, "bold")
    for line in changed(trial):
        say(out, line)
    show_table(out, counts(trial))
    for line in sentences(trial):
        say(out, line)
    if trial.turns:
        show_table(out, units(trial, ON_SCREEN))
        if len(trial.turns) > ON_SCREEN:
            say(out, f"… và {len(trial.turns) - ON_SCREEN} {trial.before.book.noun} nữa: xem đủ bằng -o TỆP.xlsx.")
    err = console(err_stream)
    told, untold = _trouble(trial)
    trouble(err, told)
    if untold:
        say(err, f"{untold} cảnh báo, ghi chú về dữ liệu như trước khi thử: xem bằng xeploai check.", "dim")


def _trouble(trial: Trial) -> tuple[list[Finding], int]:
    """Our own findings that matter here: errors, and what only the trial raises; and how many are as before."""
    own = {**trial.before.book.own_codes, **trial.after.book.own_codes}
    known = dict.fromkeys(finding for finding in trial.before.findings if finding.code not in own)
    every = dict.fromkeys([*known, *(finding for finding in trial.after.findings if finding.code not in own)])
    told = [finding for finding in every if finding.severity is Severity.ERROR or finding not in known]
    return told, len(known) - sum(finding in known for finding in told)


def pages(trial: Trial) -> list[Page]:
    """The trial as a workbook: the counts and what was tried, then every unit that changes."""
    bands = tuple(dict.fromkeys(band.name for each in (trial.before, trial.after) for band in each.book.bands))
    tables = [counts(trial, ACROSS)._replace(above=tuple(title(trial)))]
    tables += [_prose("Đã thử gì", changed(trial))] if changed(trial) else []
    found = [Page("Thử", (*tables, _prose("Nhận xét", sentences(trial))), bands)]
    if trial.turns:
        found.append(Page("Đơn vị thay đổi", (units(trial)._replace(above=tuple(title(trial))),), bands))
    return found


def _prose(heading: str, lines: Sequence[str]) -> Table:
    return Table((Column(heading, "long"),), [[line] for line in lines], ("", heading), prose=True)


# ----------------------------------------------------------------------------------------------- one unit


def show_ways(ways: Ways, out_stream: TextIO, trial: Trial | None = None) -> None:
    """One unit's goals on the screen, each with its ways; under the rules of a trial where there is one."""
    out = console(out_stream)
    for line in changed(trial) if trial else ():
        say(out, line)
    rating, book = ways.rating, ways.outcome.book
    year = f", năm {rating.year}" if rating.year else ""
    say(out, f"{rating.unit}{year}: {book.title}", "bold")
    if book.illustrative:
        say(out, ILLUSTRATIVE, "bold")
    if rating.points is not None and rating.max_points:
        got = f"{vi.number(rating.points)}/{vi.number(rating.max_points)} điểm ({vi.percent(rating.percent or 0)})"
        titles = "".join(f", đạt «{name}»" for name in rating.titles)
        say(out, f"Hiện nay: {got}, {band_word(rating) if rating.band is None else f'xếp loại {rating.band}'}{titles}")
    else:
        say(out, "Chưa xếp loại nên chưa tìm được đường lên; sửa số liệu trước:")
    for goal in ways.goals:
        say(out, "")
        _show_goal(out, goal)
    if not ways.goals and rating.points is not None:
        say(out, "Đã ở mức cao nhất, đủ mọi danh hiệu, không có cảnh báo nào phải khắc phục.")
    say(out, "")
    for remark in ways.remarks:
        say(out, f"{remark}.".replace("..", "."), "dim")


def _show_goal(out: Console, goal: Goal) -> None:
    name = f"{goal.what[:1].upper()}{goal.what[1:]}"
    best = goal.best
    if best is None:
        say(out, f"{name}: chỉ thêm điểm thì không được", "bold")
        for reason in goal.barred:
            _inside(out, f"- {reason}")
        return
    points = f"{vi.number(best.added, 4)} điểm"
    least = f"ít nhất {points}" if goal.proven else f"{points} là đủ (một cách ít điểm, có thể còn cách ít hơn)"
    say(out, f"{name}: thêm {least}", "bold")
    if goal.alone:
        _inside(out, "một trong các tiêu chí sau là đủ:" if len(goal.alone) > 1 else "tiêu chí này một mình là đủ:")
        for way in goal.alone[:ALONE]:
            _inside(out, f"- {_raised(way.raises[0])}")
        if len(goal.alone) > ALONE:
            last = goal.alone[-1].added
            _inside(out, f"… và {len(goal.alone) - ALONE} tiêu chí nữa, nhiều nhất +{vi.number(last, 4)} điểm")
    if goal.together:
        _inside(out, f"{_together(goal)}:")
        for each in goal.together.raises:
            _inside(out, f"- {_raised(each)}")
    _inside(out, f"→ khi đó: {goal.then}")
    for other in goal.others:
        _inside(out, f"→ kéo theo {other}")


def _inside(out: Console, text: str) -> None:
    """A line that belongs to the one above it."""
    out.print(Text(f"  {vi.shown(text, 10_000)}"))


def _together(goal: Goal) -> str:
    assert goal.together
    count = len(goal.together.raises)
    if goal.alone:
        return f"ít điểm hơn nữa, cộng {count} tiêu chí lại"
    return f"không tiêu chí nào một mình đủ; cùng lúc {count} tiêu chí" if count > 1 else "cần"


def _raised(each: Raise) -> str:
    """ "+0,5 điểm ở TC2 «…» (9 → 9,5; tối đa 20)"."""
    was, becomes = vi.apart(each.was, each.becomes)
    full = " là tối đa" if each.becomes == each.most else f"; tối đa {vi.number(each.most)}"
    return f"+{vi.number(each.added, 4)} điểm ở {each.code} «{each.name}» ({was} → {becomes}{full})"
