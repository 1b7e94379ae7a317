"""Opens what the previous round published: its rows, and the answer of today that each of them gives, if any.

Where it has its place in this round, others know.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, assert_never

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from questionnaire.blanks import DECLARED, AnswerStatus, is_blank
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Coded, Date, Derived, Mark, Numeric, Selection, Written, Year
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.access import Access
from questionnaire.rounds.previous_round import Previous
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.answer_cells import listed
from questionnaire.rules.evaluate import Answer

VALUES = ("status", "code", "number", "text", "date")
"""The columns of a row that hold an answer."""

_OF_LISTS = "roster_answers.parquet"
"""What the lines of lists were published in, beside the answers, before they stood among them."""

SUPPRESSED = "suppressed"
"""True for a number that everybody did not see; a dataset of an earlier version of this software does not say it."""

LAST_SEEN = "last_seen"
"""Beside it: the number that everybody had seen there before."""

_TYPES = {
    "number": pa.float64(),
    "date": pa.date32(),
    "line": pa.int32(),
    SUPPRESSED: pa.bool_(),
    LAST_SEEN: pa.float64(),
}
_ROWS_AT_A_TIME = 10_000
_EARLIEST = dt.date(1900, 3, 1)  # before that, programs do not agree on the number of a day


def published_rows(previous: Previous, instrument: Instrument) -> Iterator[Mapping[str, Any]]:
    """Every published row of that round: respondent, block, line, field, and what says an answer.

    A dataset of an earlier version of this software, whose lists stand in a table of their own, is read alike. Raises
    DeclarationError where there is no such dataset, or where it is something else.
    """
    if "block" in _names(previous, previous.answers):
        yield from _published(previous, previous.answers, ("respondent", "block", "line", "field"))
        return
    for row in _published(previous, previous.answers, ("respondent", "indicator", "field")):
        yield {**row, "block": row["indicator"], "line": 1}
    of_lists = previous.answers.with_name(_OF_LISTS)
    # An older edition may have had no lists.
    if instrument.lists and (of_lists.exists() or instrument.older_edition(previous.edition) is None):
        for row in _published(previous, of_lists, ("respondent", "roster", "line", "column")):
            yield {**row, "block": row["roster"], "field": row["column"]}


def _names(previous: Previous, path: Path) -> list[str]:
    """The columns of a table; DeclarationError where it is none."""
    remedy = f"Name the {previous.answers.name} of that round; what was published with it belongs beside it"
    try:
        return list(pq.read_schema(path).names)
    except FileNotFoundError:
        if (moved := path.parent / Access.RESTRICTED / path.name).exists():
            raise previous.fault("there is no such file any more", f"Write {moved}", path) from None
        raise previous.fault("there is no such file", "Consolidate that round, or correct the path", path) from None
    except (pa.ArrowException, OSError) as error:
        raise previous.fault(f"it cannot be read ({str(error).splitlines()[0]})", remedy, path) from None


def _published(previous: Previous, path: Path, columns: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The published rows of a table of that round, each as what stands in some of its columns.

    Raises DeclarationError where there is no such table, or where it is another one.
    """
    remedy = f"Name the {previous.answers.name} of that round; what was published with it belongs beside it"
    present = _names(previous, path)
    names = (*columns, *VALUES, "outcome", *(name for name in (SUPPRESSED, LAST_SEEN) if name in present))
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in names])
    if missing := [name for name in names if name not in present]:
        raise previous.fault(f"it has no column {', '.join(missing)}", remedy, path)
    try:
        for batch in pq.ParquetFile(path).iter_batches(_ROWS_AT_A_TIME, columns=list(names)):
            rows = pa.Table.from_batches([batch]).select(names).cast(schema)
            yield from rows.filter(pc.equal(rows["outcome"], Outcome.PUBLISHED)).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise previous.fault(f"it cannot be read ({str(error).splitlines()[0]})", remedy, path) from None


def answer_published(field: Field, row: Mapping[str, Any], missing: Codelist) -> Answer | None:
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
        case Numeric() | Derived():
            return not scalar.traits.whole or float(value).is_integer()
        case Date():
            return bool(value >= _EARLIEST)
        case Selection() | Written():
            return True
        case _:
            assert_never(scalar)
