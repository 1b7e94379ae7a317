"""Reads from `editions.csv` of an instrument's folder what its older editions called the things it still asks.

It knows no answers and no cells: answers and returns of an older edition are read by others, by way of `Edition.now`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import AnswerType
from questionnaire.declaration.earlier.moved_values import VALUE, Moved, read_moved
from questionnaire.declared_files import required_columns
from questionnaire.tables import Row, read_rows

EDITIONS = "editions.csv"
"""The file of an instrument's folder that maps older editions to it; it may be absent."""

NO_LONGER = ""
"""Stands in the column `code` for what is no longer asked."""

_KINDS = ("indicator", "question")


@dataclass(frozen=True)
class Edition:
    """An older edition: its codes of indicators and questions, each with the code of today.

    What is no longer asked is in neither; what the file does not list has kept its code. `moved` are the values of then
    that are answers to other questions today.
    """

    name: str
    indicators: Mapping[str, str]
    questions: Mapping[str, str]
    moved: Moved = field(default_factory=dict)

    def now(self, indicator: str, field: str) -> tuple[str, str] | None:
        """The indicator and field of today for those of then, None where they are no longer asked.

        Whether the indicator asks that field today, the instrument knows.
        """
        question, dot, part = field.partition(".")
        if indicator not in self.indicators or question not in self.questions:
            return None
        return self.indicators[indicator], self.questions[question] + dot + part


def read_editions(
    folder: Path, edition: str, indicators: Collection[str], questions: Mapping[str, AnswerType], missing: Codelist
) -> tuple[Edition, ...]:
    """The older editions that the instrument of a folder maps, in the order of the file; none if there is no such file.

    `edition`, `indicators`, `questions` and `missing` are those of today. Raises DeclarationError (file, line, column,
    remedy).
    """
    path = folder / EDITIONS
    if not path.exists():
        return ()
    today: dict[str, Collection[str]] = dict(zip(_KINDS, (indicators, questions), strict=True))
    listed: dict[str, dict[str, dict[str, str]]] = {}
    values: dict[str, list[Row]] = {}
    for row in read_rows(path, required_columns(EDITIONS)):
        _check(row, edition, today)
        codes = listed.setdefault(row["edition"], {kind: {} for kind in _KINDS})
        if row["kind"] == VALUE:
            values.setdefault(row["edition"], []).append(row)
            continue
        _check_once(row, codes[row["kind"]])
        codes[row["kind"]][row["code_then"]] = row["code"]
    editions: list[Edition] = []
    for name, codes in listed.items():
        known = {kind: _completed(codes[kind], today[kind]) for kind in _KINDS}
        moved = read_moved(values.get(name, ()), known["question"], questions, missing)
        editions.append(Edition(name, known["indicator"], known["question"], moved))
    return tuple(editions)


def _completed(listed: Mapping[str, str], today: Collection[str]) -> dict[str, str]:
    """What is listed, and the codes of today that the list names on neither side: they were the same then."""
    taken = listed.keys() | set(listed.values())
    kept = {code: code for code in today if code not in taken}
    return {then: code for then, code in listed.items() if code != NO_LONGER} | kept


def _check(row: Row, edition: str, today: Mapping[str, Collection[str]]) -> None:
    if not row["edition"] or row["edition"] == edition:
        what = f"“{row['edition']}” is not an older edition"
        raise row.fault("edition", what, f"Write the older one, as in its instrument.toml; today’s is {edition}")
    if row["kind"] not in (*today, VALUE):
        raise row.fault("kind", f"“{row['kind']}” is none of these", f"Write {', '.join(today)} or {VALUE}")
    if not row["code_then"]:
        what = f"the code of the {row['kind']} in edition {row['edition']} is missing"
        raise row.fault("code_then", what, "Write it: what is new today needs no line")
    if row["kind"] in today and row["code"] != NO_LONGER and row["code"] not in today[row["kind"]]:
        what = f"there is no {row['kind']} {row['code']}"
        raise row.fault("code", what, f"Use a code of {row['kind']}s.csv, or leave it empty: no longer asked")


def _check_once(row: Row, codes: Mapping[str, str]) -> None:
    """One code of then has one of today, and the other way round: two answers cannot share a place."""
    if row["code_then"] in codes:
        what = f"{row['code_then']} stands twice for edition {row['edition']}"
        raise row.fault("code_then", what, "Remove one of the two lines")
    if row["code"] != NO_LONGER and row["code"] in codes.values():
        what = f"two codes of edition {row['edition']} become {row['code']}"
        raise row.fault("code", what, "Keep the one that asked the same, and leave the other’s empty")
