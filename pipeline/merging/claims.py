"""Turns rows of the tidy table into claims: what one file, or one decision, says in answer to one question.

A question is answered as a whole, with its options, parts and currency; of a list, the lines about one indicator are;
of a table, each cell is a question of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.reading.computed import WORKED_OUT
from pipeline.reading.submission import PRINTED
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.declaration.form import Indicator, Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.question_names import cell_name
from questionnaire.rules.evaluate import DECIMALS

Unit = tuple[str, str]
"""A block and the code of a question; of a list, that of the indicator of its lines; of a table, `[place].field`."""

_NOTHING = tuple(map(str, EMPTY))
_NOBODYS = (*WORKED_OUT, PRINTED)
"""What nobody answers: it follows from the answers that count, whichever file they are from, or stands on the sheet."""

Said = tuple[tuple[object, ...], ...]

IDLE: Said = (("", str(AnswerStatus.SKIPPED)),)
"""What a file says of a question that another of its answers made idle: it only takes an older answer away."""


@dataclass(frozen=True)
class Claim:
    """What one source says about a unit: its rows, by their place in the table, and what they say, () for nothing.

    `slice` is the part of the questionnaire that the file is, "" for the whole and for a decision.
    """

    source: str
    slice: str
    rows: tuple[int, ...]
    says: Said
    lines: tuple[tuple[Said, tuple[int, ...]], ...] = ()
    """Of a list, what each line says, and its rows."""

    def rivals(self, other: "Claim", unit: Unit, instrument: Instrument) -> bool:
        """True if only one of the two can be right; lines that different ministries list add up."""
        in_list = is_of_list(instrument, unit)
        return self.says != other.says and not (in_list and self.slice != other.slice and self.slice and other.slice)


def is_of_list(instrument: Instrument, unit: Unit) -> bool:
    """True if a unit is lines of a list."""
    return not isinstance(instrument.blocks.get(unit[0]), Indicator | TableBlock)


def question_of(unit: Unit) -> str:
    """The question of a unit as commands name it."""
    block, code = unit
    return f"{block}{code}" if code.startswith("[") else f"{block}.{code}"


def claims_in(
    rows: pd.DataFrame, slices: Mapping[str, str], instrument: Instrument, owners: Mapping[str, str] | None = None
) -> dict[Unit, list[Claim]]:
    """The claims of one respondent's sources, unit by unit; `slices` has the part that each source is.

    What another answer of the same file made idle is a claim too, if the file answers its indicator at all. What a
    decision corrects in a line of a list is said by the file whose line it is: `owners` has that file by the decision.
    """
    owners = owners or {}
    by_unit: dict[tuple[Unit, str], list[dict[str, Any]]] = defaultdict(list)
    answered: set[tuple[str, str]] = set()
    for row in _records(rows):
        unit = unit_of(instrument, row)
        by_unit[unit, owners.get(row["submission"], row["submission"])].append(row)
        if row["status"] not in _NOTHING:
            answered.add((row["submission"], row["block"]))
    found: dict[Unit, list[Claim]] = defaultdict(list)
    for (unit, source), own in by_unit.items():
        lines = tuple(_lines(own)) if is_of_list(instrument, unit) else ()
        says = tuple(sorted(said for said, _ in lines if said)) if lines else _said(own, (source, unit[0]) in answered)
        found[unit].append(Claim(source, slices.get(source, ""), tuple(row["place"] for row in own), says, lines))
    return found


OF_UNIT = ("block", "field", "indicator", "line")
"""The columns of the tidy table from which the unit of a row follows."""


def unit_of(instrument: Instrument, row: Mapping[str, Any]) -> Unit:
    """The unit that a row of the tidy table is part of."""
    block, field = row["block"], row["field"]
    if block == row["indicator"]:
        return block, instrument.field(block, field).question
    if isinstance(instrument.blocks[block], TableBlock):
        return block, cell_name(instrument, block, row["line"], field)[len(block) :]
    return block, row["indicator"]


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
    given = tuple(
        sorted(_cell(row) for row in rows if row["status"] not in _NOTHING and row["parsed_by"] not in _NOBODYS)
    )
    idle = answers_block and all(row["status"] == str(AnswerStatus.SKIPPED) for row in rows)
    return given or (IDLE if idle else ())


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Said, tuple[int, ...]]]:
    """What each line says, without its number, as nobody fills them in the same order; and its rows."""
    by_line: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_line[row["line"]].append(row)
    for own in by_line.values():
        said = tuple(sorted(_cell(row) for row in own if row["status"] not in _NOTHING))
        yield said, tuple(row["place"] for row in own)


def _cell(row: Mapping[str, Any]) -> tuple[object, ...]:
    number = row["number"]
    value = next((str(row[name]) for name in ("code", "text", "date") if row[name] is not None), "")
    return row["field"], row["status"], value if number is None else repr(round(float(number), DECIMALS) + 0.0)
