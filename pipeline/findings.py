"""Declares the finding: what is noticed about a return, where it stands, and how it is said to a person."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from questionnaire.codelists import Wording
from questionnaire.messages import FindingTraits, filled, finding_traits, finding_wording, in_language
from questionnaire.rules.rule import Severity

_LONGEST = 32_000
"""Characters of a value: no cell of a spreadsheet holds more."""


@dataclass(frozen=True)
class Finding:
    """One thing noticed about a return.

    `submission` is the SHA-256 of the file; `cell` an address such as D12; `value` the text as typed.
    Message and remedy are texts in several languages whose {placeholders} `values` fill. `repeats` is the cell
    whose finding of the same sort this one follows from, "" for none: it is not reported besides.
    """

    code: str
    severity: Severity
    message: Wording
    remedy: Wording
    submission: str = ""
    file: str = ""
    respondent: str = ""
    indicator: str = ""
    field: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    explanation: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    repeats: str = ""

    @property
    def traits(self) -> FindingTraits:
        """What this sort of finding does to a return, whoever has it."""
        return finding_traits(self.code)

    def message_in(self, language: str) -> str:
        """What is wrong, in a language."""
        return filled(in_language(self.message, language), language, self.values)

    def remedy_in(self, language: str) -> str:
        """What to do, in a language."""
        return filled(in_language(self.remedy, language), language, self.values)


def finding(code: str, severity: Severity, values: Mapping[str, object] | None = None, **where: str) -> Finding:
    """A finding worded in `wordings/findings.toml`; `where` are the fields of Finding that say where it stands."""
    wording = finding_wording(code)
    return Finding(code, severity, wording.message, wording.remedy, values=values or {}, **where)


MANY = 10
"""From how many cells of one list or table on the same finding is said to have one cause."""

Alike = tuple[str, str, str, str]
"""What findings have in common that may have one cause: the file, the sheet, the list or table, and their code."""


def alike(found: Finding) -> Alike | None:
    """What a finding at a cell of a list or table has in common with others; None for any other finding."""
    block, dot, _ = found.field.partition(".")
    return (found.submission or found.file, found.sheet, block, found.code) if dot and found.cell else None


def many_alike(findings: Iterable[Finding]) -> dict[Alike, Finding]:
    """One note for each group of many findings that may have one cause: it names their cells."""
    groups: dict[Alike, list[Finding]] = defaultdict(list)
    for found in findings:
        if found.severity is not Severity.INFO and (group := alike(found)) is not None:
            groups[group].append(found)
    return {group: _together(some) for group, some in groups.items() if len({found.cell for found in some}) >= MANY}


def _together(some: Sequence[Finding]) -> Finding:
    first, cells = some[0], list(dict.fromkeys(found.cell for found in some))
    what = {language: first.message_in(language) for language in first.message}
    named = ", ".join(cells[:MANY]) + (", …" if len(cells) > MANY else "")
    values = {"sheet": first.sheet, "count": len(cells), "cells": named, "what": what}
    kept = {name: getattr(first, name) for name in ("indicator", "field", "submission", "file", "respondent", "sheet")}
    return finding("many_alike", Severity.INFO, values, cell=first.cell, value=", ".join(cells)[:_LONGEST], **kept)
