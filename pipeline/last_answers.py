"""Owns reading what respondents answered in the round before: its published answers, as the questions of this round.

What has no place in this round is left out: an answer to what is no longer asked, or that could not be given any more.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.safe_text import harmless
from pipeline.verdicts import Outcome
from questionnaire.answers import CODED, Date, Mark, Selection, WholeNumber, Year
from questionnaire.blanks import DECLARED, AnswerStatus, is_blank
from questionnaire.codelists import Codelist
from questionnaire.evaluate import Answer, Answers
from questionnaire.form import Field, Instrument
from questionnaire.previous import Previous
from questionnaire.rounds import Round
from questionnaire.workbook.last_round import listed
from questionnaire.workbook.readings import is_text
from schemas.answers_table import value_column

_TYPES = {"number": pa.float64(), "date": pa.date32()}
_COLUMNS = pa.schema(
    [
        (name, _TYPES.get(name, pa.string()))
        for name in ("respondent", "indicator", "field", "status", "code", "number", "text", "date", "outcome")
    ]
)
_EARLIEST = dt.date(1900, 3, 1)  # before that, programs do not agree on the number of a day

Given = dict[tuple[str, str], Answer]


def with_last_answers(round_: Round) -> Round:
    """The round with what its respondents answered in the one before; itself where it names none.

    Raises DeclarationError where the dataset is not there, is none, or answers nothing that this round asks.
    """
    if round_.previous is None or round_.last:
        return round_
    last = _last_answers(round_.previous, round_.instrument)
    if not last:
        what = f"no published answer in it is to a question of edition {round_.previous.edition}"
        raise round_.previous.fault(what, "Name the answers.parquet of the round before, and its edition")
    return replace(round_, last=last)


def with_shown_answers(round_: Round) -> Round:
    """The same with the answers as a workbook may hold them: no text that a program would obey."""
    round_ = with_last_answers(round_)
    texts = {code for code, field in round_.instrument.fields.items() if is_text(field.type)}
    last = {
        respondent: {
            key: replace(answer, value=harmless(str(answer.value))) if key[1] in texts and answer.value else answer
            for key, answer in answers.items()
        }
        for respondent, answers in round_.last.items()
    }
    return replace(round_, last=last)


def _last_answers(previous: Previous, instrument: Instrument) -> dict[str, Answers]:
    edition = instrument.older_edition(previous.edition)
    asked = {(indicator.code, field.code): field for indicator in instrument.indicators for field in indicator.fields}
    found: dict[str, Given] = {}
    for row in _published(previous):
        then = row["indicator"], row["field"]
        now = edition.now(*then) if edition else then
        if now in asked and (answer := _answer(asked[now], row, instrument.missing)) is not None:
            found.setdefault(row["respondent"], {})[now] = answer
    whole = {respondent: _whole(given, instrument) for respondent, given in found.items()}
    return {respondent: given for respondent, given in whole.items() if given}


def _published(previous: Previous) -> Iterator[Mapping[str, Any]]:
    remedy = "Name the answers.parquet of that round"
    try:
        present = pq.read_schema(previous.answers).names
        if missing := [column for column in _COLUMNS.names if column not in present]:
            raise previous.fault(f"it has no column {', '.join(missing)}", remedy)
        table = pq.read_table(previous.answers, columns=_COLUMNS.names).select(_COLUMNS.names).cast(_COLUMNS)
    except FileNotFoundError:
        raise previous.fault("there is no such file", "Consolidate that round, or correct the path") from None
    except (pa.ArrowException, OSError) as error:
        raise previous.fault(f"it cannot be read ({str(error).splitlines()[0]})", remedy) from None
    for batch in table.to_batches():
        yield from (row for row in batch.to_pylist() if row["outcome"] == Outcome.PUBLISHED)


def _answer(field: Field, row: Mapping[str, Any], missing: Codelist) -> Answer | None:
    """What was answered, None for nothing that could be answered today."""
    if row["status"] in DECLARED:
        answer = Answer(None, AnswerStatus(row["status"]))
        says_so = field.is_first and listed(field, answer, missing) is not None
        return answer if says_so else None
    value = row[value_column(field.type)]
    if row["status"] != AnswerStatus.ANSWERED or value is None or is_blank(value):
        return None
    return Answer(value) if _fits(field, value) else None


def _fits(field: Field, value: Any) -> bool:
    """True for a value that the type of the field can have; its limits are a matter of rules."""
    match field.type:
        case Mark():
            return bool(value == "Y")
        case WholeNumber():
            return float(value).is_integer()
        case Year():
            return float(value).is_integer() and 1000 <= value <= 9999
        case Date():
            return bool(value >= _EARLIEST)
        case scalar if isinstance(scalar, CODED):
            return value in scalar.codelist.value_codes
        case _:
            return True


def _whole(given: Given, instrument: Instrument) -> Given:
    """The answers whose question has one at its head; of a multiple choice, with the options that are still there."""
    kept = Given()
    for indicator in instrument.indicators:
        for question in indicator.questions:
            head, *parts = ((indicator.code, field.code) for field in question.fields)
            answer = given.get(head)
            if answer is None:
                continue
            if isinstance(question.fields[0].type, Selection) and answer.status is AnswerStatus.ANSWERED:
                marked = [field.rpartition(".")[2] for _, field in parts if (indicator.code, field) in given]
                answer = Answer(";".join(marked))
                if not marked:
                    continue
            kept |= {head: answer} | {key: given[key] for key in parts if key in given}
    return kept
