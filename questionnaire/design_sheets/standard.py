"""Adds to the rows of a design what they name of the standard types, questions and lists, and have no line for."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from questionnaire.declaration.lists.series import PERIOD
from questionnaire.design_sheets.plan import INDICATORS, LISTS, QUESTIONS, TABLES, TYPES, stem_of
from questionnaire.design_sheets.rows import DesignRow, DesignRows

STANDARD = Path(__file__).parents[1] / "standard"
"""The folder of the standard questions, code lists, indicator types and rules, in the form that instruments have."""
_FILES = {TYPES: "indicator_types.csv", QUESTIONS: "questions.csv", LISTS: "codelists.csv"}
_KEYS = {TYPES: "indicator_type", QUESTIONS: "question", LISTS: "codelist"}


@dataclass(frozen=True)
class Completed:
    """The rows with what was added, and its names by sheet."""

    rows: DesignRows
    added: dict[str, tuple[str, ...]]


def completed(rows: DesignRows) -> Completed:
    """The rows with the standard lines that they name; of texts, those in the languages that they have."""
    added: dict[str, tuple[str, ...]] = {}
    for sheet in (TYPES, QUESTIONS, LISTS):
        own = {row.get(_KEYS[sheet]) for row in rows.sheets[sheet]}
        wanted = [name for name in dict.fromkeys(_named(rows, sheet)) if name not in own]
        lines = [row for name in wanted for row in standard_rows(sheet) if row.get(_KEYS[sheet]) == name]
        if lines:
            added[sheet] = tuple(dict.fromkeys(row.get(_KEYS[sheet]) for row in lines))
            spoken = [_spoken(row, rows.languages) for row in lines]
            rows = replace(rows, sheets={**rows.sheets, sheet: [*rows.sheets[sheet], *spoken]})
    return Completed(rows, added)


def standard_names(sheet: str) -> tuple[str, ...]:
    """The codes of the standard types, questions or lists; that of the years of a round has no lines."""
    found = dict.fromkeys(row.get(_KEYS[sheet]) for row in standard_rows(sheet))
    return (*found, *((PERIOD,) if sheet == LISTS else ()))


@cache
def standard_rows(sheet: str) -> tuple[DesignRow, ...]:
    """The standard lines of a sheet, with their texts in all languages."""
    with (STANDARD / _FILES[sheet]).open(encoding="utf-8", newline="") as file:
        return tuple(DesignRow({name: text for name, text in row.items() if text}) for row in csv.DictReader(file))


def _named(rows: DesignRows, sheet: str) -> Iterator[str]:
    """What the rows name that stands on a sheet."""
    match sheet:
        case "Types":
            yield from (row.get("indicator_type") for row in rows.sheets[INDICATORS])
        case "Questions":
            yield from rows.settings.get("core_questions").split()
            for row in (*rows.sheets[TYPES], *rows.sheets[INDICATORS]):
                yield from row.get("questions").split()
        case _:
            yield from (row.get("codelist") for row in (*rows.sheets[QUESTIONS], *rows.sheets[TABLES]))


def _spoken(row: DesignRow, languages: Sequence[str]) -> DesignRow:
    """A line without the languages that the instrument does not have."""
    kept = {name: text for name, text in row.cells.items() if stem_of(name) == name or name[-2:] in languages}
    return DesignRow(kept)
