"""Turns rows of the tidy table into claims: what one file, or one decision, says in answer to one question.

A question is answered as a whole, with its options, parts and currency; of a list, the lines about one indicator are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.reading.computed import PARSED_BY
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.rules.evaluate import DECIMALS

Unit = tuple[str, str]
"""A block and the code of a question or, of a list, of the indicator that lines are about."""

_NOTHING = tuple(map(str, EMPTY))
_IDLE: "Said" = (("", str(AnswerStatus.SKIPPED)),)

Said = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Claim:
    """What one source says about a unit: its rows, by their place in the table, and what they say, () for nothing.

    `slice` is the part of the questionnaire that the file is, "" for the whole and for a decision.
    """

    source: str
    slice: str
    rows: tuple[int, ...]
    says: Said

    def rivals(self, other: "Claim", unit: Unit, instrument: Instrument) -> bool:
        """True if only one of the two can be right; lines that different ministries list add up."""
        in_list = unit[0] not in {indicator.code for indicator in instrument.indicators}
        return self.says != other.says and not (in_list and self.slice != other.slice and self.slice and other.slice)


def claims_in(rows: pd.DataFrame, slices: Mapping[str, str], instrument: Instrument) -> dict[Unit, list[Claim]]:
    """The claims of one respondent's sources, unit by unit; `slices` has the part that each source is.

    What another answer of the same file made idle is a claim too, if the file answers its indicator at all.
    """
    by_unit: dict[tuple[Unit, str], list[dict[str, Any]]] = defaultdict(list)
    answered: set[tuple[str, str]] = set()
    for row in _records(rows):
        in_list = row["block"] != row["indicator"]
        unit = (row["block"], row["indicator"] if in_list else instrument.field(row["block"], row["field"]).question)
        by_unit[unit, row["submission"]].append(row)
        if row["status"] not in _NOTHING:
            answered.add((row["submission"], row["block"]))
    found: dict[Unit, list[Claim]] = defaultdict(list)
    for (unit, source), own in by_unit.items():
        says = _lines_said(own) if unit[0] != own[0]["indicator"] else _said(own, (source, unit[0]) in answered)
        found[unit].append(Claim(source, slices.get(source, ""), tuple(row["place"] for row in own), says))
    return found


_COLUMNS = (
    "parsed_by",
    "submission",
    "block",
    "line",
    "indicator",
    "field",
    "status",
    "code",
    "number",
    "text",
    "date",
)


def _records(rows: pd.DataFrame) -> Iterable[dict[str, Any]]:
    plain = rows[list(_COLUMNS)].astype(object)
    plain = plain.where(plain.notna(), None)
    for place, values in zip(rows.index, plain.itertuples(index=False, name=None), strict=True):
        yield dict(zip(_COLUMNS, values, strict=True)) | {"place": place}


def _said(rows: Sequence[Mapping[str, Any]], answers_block: bool) -> Said:
    # What is computed follows from the answers that count, whichever file they are from.
    given = tuple(sorted(_cell(row) for row in rows if row["status"] not in _NOTHING and row["parsed_by"] != PARSED_BY))
    idle = answers_block and all(row["status"] == str(AnswerStatus.SKIPPED) for row in rows)
    return given or (_IDLE if idle else ())


def _lines_said(rows: Iterable[Mapping[str, Any]]) -> Said:
    """The lines without their numbers: nobody fills them in the same order."""
    return tuple(sorted(lines_of(rows).values()))


def lines_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, tuple[object, ...]]:
    """What each line says, by its number."""
    lines: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        if row["status"] not in _NOTHING:
            lines[row["line"]].append(_cell(row))
    return {line: tuple(sorted(cells)) for line, cells in lines.items()}


def _cell(row: Mapping[str, Any]) -> tuple[object, ...]:
    number = row["number"]
    value = next((str(row[name]) for name in ("code", "text", "date") if row[name] is not None), "")
    return row["field"], row["status"], value if number is None else repr(round(float(number), DECIMALS) + 0.0)
