"""Reads which values of an older edition are answers to other questions today, such as a 99 that stood for life."""

from collections.abc import Iterable, Iterator, Mapping

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import AnswerType, Coded, InUnits, Numeric, ScalarType, parts
from questionnaire.tables import Row

VALUE = "value"
"""The kind, in editions.csv, of a line about a value: penalty_max=99 of then is penalty_life=Y today."""

ANY = "*"
"""Stands for whatever number was given: median_months=* of then was in months, median_time.unit=MONTH today."""

Moved = Mapping[tuple[str, str], Mapping[str, str | float]]
"""(question of today, value of then) -> what it says today, by question: a code, a number, a reason for none."""


def read_moved(
    rows: Iterable[Row], then: Mapping[str, str], today: Mapping[str, AnswerType], missing: Codelist
) -> Moved:
    """What values of an edition became; `then` gives its questions' codes of today, `today` what is asked now.

    Raises DeclarationError (file, line, column, remedy).
    """
    moved: dict[tuple[str, str], dict[str, str | float]] = {}
    fields: dict[str, AnswerType | ScalarType] = {**today, **dict(_units(today))}
    for row in rows:
        asked, value = _parts(row, "code_then")
        question, text = _parts(row, "code")
        if asked not in then:
            what = f"no question {asked} of then is asked today"
            raise row.fault("code_then", what, "Use its code of then: only what is still asked has values that move")
        if value == ANY and not isinstance(today[then[asked]], InUnits):
            what = f"{then[asked]} has no unit that is chosen today"
            raise row.fault("code_then", what, f"Write one value in the place of {ANY}")
        if question not in fields:
            raise row.fault("code", f"there is no question {question}", "Use a code of questions.csv")
        becomes = moved.setdefault((then[asked], value), {})
        if question in becomes:
            raise row.fault("code", f"{row['code_then']} answers {question} twice", "Remove one of the two lines")
        becomes[question] = _said(row, fields[question], text, missing)
    return moved


def _units(today: Mapping[str, AnswerType]) -> Iterator[tuple[str, ScalarType]]:
    """The fields in which a unit is chosen beside a number."""
    for question, asked in today.items():
        if isinstance(asked, InUnits):
            yield from ((f"{question}.{suffix}", scalar) for suffix, scalar in parts(asked) if suffix)


def _parts(row: Row, column: str) -> tuple[str, str]:
    """The question and the value of a cell such as penalty_max=99."""
    question, sign, value = (part.strip() for part in row[column].partition("="))
    if not (question and sign and value):
        what = f"“{row[column]}” is no question with a value"
        raise row.fault(column, what, "Write both, with = between them: penalty_max=99")
    return question, value


def _said(row: Row, asked: AnswerType | ScalarType, text: str, missing: Codelist) -> str | float:
    """What a text says as the answer to a question: an AnswerStatus where it is a reason for having none."""
    if isinstance(asked, Coded) and text in asked.codelist.value_codes:
        return text
    if text in missing and (status := missing[text].missing):
        return AnswerStatus(status)
    try:
        if isinstance(asked, Numeric):
            return float(text)
    except ValueError:
        pass
    what = f"“{text}” is no answer to {row['code'].partition('=')[0].strip()}"
    raise row.fault("code", what, "Write a code of its list, a number, or a code of the list missing")
