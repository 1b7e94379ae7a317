"""Owns the damage report: of the findings of a round, those about what each file went through, kind by kind."""

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.findings import Finding, finding
from questionnaire.messages import finding_codes
from questionnaire.rules.rule import Severity

SAVED_BY = "saved_by"
"""The kind of the row that names the program; no finding: every file was saved by one."""

COLUMNS = ("file", "respondent", "kind", "severity", "count", "sheet", "cell", "text", "meaning", "submission")


def damage_table(
    programs: Iterable[tuple[str, str, str, str]], findings: Iterable[Finding], language: str
) -> pd.DataFrame:
    """One row per return and kind of damage, and one for the program that saved it; `meaning` is in a language.

    `programs` are (file, submission, respondent, program) of each return read.
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for found in (*map(_saved_by, programs), *(found for found in findings if found.traits.damage)):
        kinds.setdefault((found.file, found.code), []).append(found)
    order = {kind: place for place, kind in enumerate(finding_codes())} | {SAVED_BY: -1}
    rows = [_row(kinds[key], language) for key in sorted(kinds, key=lambda key: (key[0], order[key[1]]))]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"count": "int64"})


def _saved_by(saved: tuple[str, str, str, str]) -> Finding:
    file, submission, respondent, program = saved
    where = {"file": file, "submission": submission, "respondent": respondent, "value": program}
    return finding(SAVED_BY, Severity.INFO, {"program": program or "?"}, **where)


def _row(found: Sequence[Finding], language: str) -> tuple[object, ...]:
    first = found[0]
    return (
        first.file,
        first.respondent,
        first.code,
        str(min((entry.severity for entry in found), key=list(Severity).index)),
        sum(_count(entry) for entry in found),
        "; ".join(dict.fromkeys(entry.sheet for entry in found if entry.sheet)),
        first.cell,
        " | ".join(entry.value for entry in found if entry.value),
        first.message_in(language),
        first.submission,
    )


def _count(found: Finding) -> int:
    count = found.values.get("count", 1)
    return count if isinstance(count, int) else 1
