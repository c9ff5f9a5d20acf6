"""Outcome → the JSON contract ◆ (schema 1). Exact numbers are strings; fields may be added, never renamed."""

from __future__ import annotations

import json
import re
from typing import Any

from xeploai import __version__, vi
from xeploai.findings import Finding
from xeploai.model import TOTAL, Cell, Head, Rating
from xeploai.pipeline import Outcome
from xeploai.report import counts, tables

# What json leaves as it is, but a terminal obeys (C1 controls, bidi overrides), JavaScript ends a line at, or no encoding
# takes (half of a surrogate pair, in a file's name): they can stand in strings only, where "\u009b" says the same.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def dumps(outcome: Outcome) -> str:
    """The whole outcome as one JSON document, ending in a line break."""
    text = json.dumps(document(outcome), ensure_ascii=False, indent=1)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def document(outcome: Outcome) -> dict[str, Any]:
    """The document as plain values."""
    return {
        "schema": 1,
        "tool": {"name": "xeploai", "version": __version__},
        "rule_book": {
            "id": outcome.book.code,
            "title": outcome.book.title,
            "sha256": outcome.loaded.sha256,
            "illustrative": outcome.book.illustrative,
        },
        "inputs": [{"path": each.name, "sha256": each.sha256, "used_as": each.used_as} for each in outcome.inputs],
        "options": dict(outcome.options.words()),
        "year": outcome.year,
        "units": [_unit(outcome, position, rating) for position, rating in enumerate(outcome.ratings)],
        "findings": [_finding(finding) for finding in outcome.findings],
        "summary": _summary(outcome),
    }


def _unit(outcome: Outcome, position: int, rating: Rating) -> dict[str, Any]:
    unit = rating.unit
    criteria = {
        code: None if (points := column[position]) is None else vi.exact(points)
        for code, column in outcome.points.items()
        if code != TOTAL
    }
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "year": rating.year,
        "status": rating.status,
        "points": _exact(rating.points),
        "max_points": _exact(rating.max_points),
        "percent": _exact(rating.percent),
        "band": rating.band,
        "titles": list(rating.titles),
        "computed_band": rating.computed,
        "decision": _decision(rating),
        "rank": rating.rank,
        "group": rating.group,
        "group_rank": rating.group_rank,
        "gap": _exact(rating.gap),
        "percent_change": _exact(tables.percent_change(outcome, position)),
        "rank_change": tables.rank_change(outcome, position),
        "criteria": criteria,
        "why": list(rating.why),
        "not_applicable": [
            code
            for code, column in outcome.scores.maxima.items()
            if code != TOTAL and not column[position] and code in _applicable(outcome, position)
        ],
        "scored": {
            code: outcome.scores.words[position, code] for code in criteria if (position, code) in outcome.scores.words
        },
        "phases": _phases(outcome, position),
        "head": _head(rating.head) if rating.head else None,
        "others": [_head(each) for each in rating.others],
    }


def _applicable(outcome: Outcome, position: int) -> frozenset[str]:
    """The criteria that are meant for units of this kind."""
    kinds = outcome.sheet.kinds
    return outcome.book.applicable(kinds[position] if kinds and outcome.book.by_kind else "")


def _decision(rating: Rating) -> dict[str, Any] | None:
    decided = rating.decision
    if decided is None:
        return None
    return {"band": decided.band, "reason": decided.reason, "document": decided.document, "cell": _cell(decided.at)}


def _head(head: Head) -> dict[str, Any]:
    return {
        "name": head.name,
        "position": head.position,
        "deputy": head.deputy,
        "proposed": head.proposed,
        "band": head.band,
        "why": list(head.why),
    }


def _phases(outcome: Outcome, position: int) -> dict[str, dict[str, str | None]]:
    return {
        phase: {code: _exact(column[position]) for code, column in columns.items()}
        for phase, columns in outcome.sheet.phases.items()
    }


def _cell(cell: Cell) -> dict[str, str]:
    return {"file": cell.file, "sheet": cell.sheet, "cell": cell.address}


def _exact(value: vi.Exact | None) -> str | None:
    return None if value is None else vi.exact(value)


def _finding(finding: Finding) -> dict[str, Any]:
    streak = {"years": finding.streak.years, "from": finding.streak.since} if finding.streak else None
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "unit": finding.unit.name if finding.unit else None,
        "parent": finding.group or None,
        "year": finding.year,
        "criterion": finding.criterion or None,
        "streak": streak,
        "people": list(finding.people),
        "cells": [_cell(cell) for cell in finding.cells],
        "duty": finding.duty,
        "basis": finding.basis,
    }


def _summary(outcome: Outcome) -> dict[str, Any]:
    whole, previous = counts.count(outcome, outcome.ratings), counts.count_previous(outcome)
    return {
        "units": whole.units,
        "bands": whole.bands,
        "titles": whole.titles,
        "undetermined": whole.undetermined,
        "unrated": whole.unrated,
        "previous": None
        if previous is None
        else {
            "year": (outcome.year or 0) - 1,
            "units": previous.units,
            "bands": previous.bands,
            "titles": previous.titles,
        },
        "groups": [
            {"parent": group, "units": number.units, "bands": number.bands, "titles": number.titles}
            for group, ratings in counts.groups(outcome).items()
            for number in [counts.count(outcome, ratings)]
        ],
    }
