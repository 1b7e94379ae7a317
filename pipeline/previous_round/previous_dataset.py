"""Owns opening what the previous round published: its rows, and the answer of today that one of them tells, if any.

Where it has its place in this round, others know.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, assert_never

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.consolidation.verdicts import Outcome
from questionnaire.blanks import DECLARED, AnswerStatus, is_blank
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Coded, Date, Mark, Numeric, Selection, Written, Year
from questionnaire.declaration.form import Field
from questionnaire.rounds.previous_round import Previous
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.prefill.previous_answers import listed

VALUES = ("status", "code", "number", "text", "date")
"""The columns of a row that tell an answer."""

_TYPES = {"number": pa.float64(), "date": pa.date32(), "line": pa.int32()}
_EARLIEST = dt.date(1900, 3, 1)  # before that, programs do not agree on the number of a day


def published(previous: Previous, path: Path, columns: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The published rows of a table of that round, each as what stands in some of its columns.

    Raises DeclarationError where there is no such table, or where it is another one.
    """
    names = (*columns, "outcome")
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in names])
    remedy = f"Name the {previous.answers.name} of that round; what was published with it belongs beside it"
    try:
        present = pq.read_schema(path).names
        if missing := [name for name in names if name not in present]:
            raise previous.fault(f"it has no column {', '.join(missing)}", remedy, path)
        table = pq.read_table(path, columns=list(names)).select(names).cast(schema)
    except FileNotFoundError:
        remedy = "Consolidate that round, or correct the path"
        raise previous.fault("there is no such file", remedy, path) from None
    except (pa.ArrowException, OSError) as error:
        raise previous.fault(f"it cannot be read ({str(error).splitlines()[0]})", remedy, path) from None
    for batch in table.to_batches():
        yield from (row for row in batch.to_pylist() if row["outcome"] == Outcome.PUBLISHED)


def answer_told(field: Field, row: Mapping[str, Any], missing: Codelist) -> Answer | None:
    """What was answered, None for nothing that could be answered today."""
    if row["status"] in DECLARED:
        answer = Answer(None, AnswerStatus(row["status"]))
        says_so = field.is_first and listed(field, answer, missing) is not None
        return answer if says_so else None
    value = row[field.type.traits.column]
    if row["status"] != AnswerStatus.ANSWERED or value is None or is_blank(value):
        return None
    return Answer(value) if _fits(field, value) else None


def _fits(field: Field, value: Any) -> bool:
    """True for a value that the type of the field can have; its limits are a matter of rules."""
    scalar = field.type
    match scalar:
        case Mark():
            return bool(value == "Y")
        case Coded(codelist):
            return value in codelist.value_codes
        case Year():
            return float(value).is_integer() and 1000 <= value <= 9999
        case Numeric():
            return not scalar.traits.whole or float(value).is_integer()
        case Date():
            return bool(value >= _EARLIEST)
        case Selection() | Written():
            return True
        case _:
            assert_never(scalar)
