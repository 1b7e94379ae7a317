"""Owns the damage report: of the findings of a round, those that tell what each file went through, kind by kind."""

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.findings import Finding, finding
from questionnaire.rules.rule import Severity

SAVED_BY = "saved_by"
"""The kind of the row that tells the program; no finding: every file was saved by one."""

DAMAGE = (
    "rows_sorted", "rows_moved", "rows_inserted", "rows_marked_less", "rows_hidden", "rows_copied", "row_repeated",
    "row_missing", "indicator_missing", "section_missing", "roster_missing", "roster_copied", "roster_rows_removed",
    "roster_moved", "columns_moved", "columns_disagree", "header_lost", "keys_lost", "numbers_lost", "answer_moved",
    "names_disagree", "answers_merged", "answers_calculated", "formula_without_result", "error_value",
    "answer_in_comment", "unreadable_in_part", "cell_comment", "unplaced", "texts_overwritten", "struck_out",
    "hidden_value", "footnote_mark", "text_box", "checkbox_ticked", "checkbox_empty", "pictures_found",
    "picture_in_cell", "link_behind", "sheet_added", "sheet_renamed", "sheets_removed", "sheet_name_repeated",
    "only_values", "names_lost", "validations_lost", "formats_lost", "protection_removed", "pasted_over",
    "macros_found", "external_links",
)  # fmt: skip
"""The findings that tell of damage, in the order of the report."""

COLUMNS = ("file", "respondent", "kind", "severity", "count", "sheet", "cell", "text", "meaning", "submission")


def damage_table(
    programs: Iterable[tuple[str, str, str, str]], findings: Iterable[Finding], language: str
) -> pd.DataFrame:
    """One row per return and kind of damage, and one for the program that saved it; `meaning` is in a language.

    `programs` are (file, submission, respondent, program) of each return read.
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for found in (*map(_saved_by, programs), *(found for found in findings if found.code in DAMAGE)):
        kinds.setdefault((found.file, found.code), []).append(found)
    order = {kind: place for place, kind in enumerate((SAVED_BY, *DAMAGE))}
    rows = [_row(kinds[key], language) for key in sorted(kinds, key=lambda key: (key[0], order[key[1]]))]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"count": "int64"})


def _saved_by(told: tuple[str, str, str, str]) -> Finding:
    file, submission, respondent, program = told
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
