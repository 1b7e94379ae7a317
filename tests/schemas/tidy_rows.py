"""Makes a tidy table of answers for tests; the program itself makes it of returned workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import INDICATORS, Indicator, Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import Column, Layout, ListSheet, Slot
from questionnaire.rounds.round import Period, Respondent, Round
from questionnaire.rules.evaluate import BLANK, Answer, Answers, Evaluator, Line, Responses
from schemas.answers_table import ANSWERS, answers_frame
from schemas.frame import wide_frames

PARAMETERS = {"period_start": 2024, "period_end": 2025}


@cache
def mini() -> Instrument:
    return read_instrument(Path(__file__).parents[1] / "instruments/mini")


@cache
def mini_round() -> Round:
    """A round of the small instrument: A and B take part, C does not."""
    languages = {"A": "en", "B": "fr", "C": "en"}
    return Round(
        name="test",
        folder=Path("rounds/test"),
        title={"en": "A test"},
        instrument=mini(),
        period=Period(2024, 2025),
        languages=("en", "fr"),
        working_language="en",
        sent_on=dt.date(2026, 2, 2),
        return_by=dt.date(2026, 4, 30),
        contact_name="Secretariat",
        contact_email="acopio@example.org",
        respondents=tuple(
            Respondent(code, {"en": f"State {code}"}, language, code != "C", "" if code != "C" else "no", ())
            for code, language in languages.items()
        ),
    )


def tidy_frame(
    instrument: Instrument,
    submissions: Mapping[str, Answers | Responses],
    comments: Mapping[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    """Every field of every submission, in the order of the workbook, computed ones too; `comments` are those beside (indicator, field)."""
    layout, rows = Layout(instrument), []
    for submission, given in submissions.items():
        responses = given if isinstance(given, Responses) else Responses(given)
        computed = {key: Evaluator(instrument, responses, PARAMETERS).computed(*key) for key in instrument.computed}
        answers = {**computed, **responses.answers}
        rows += [
            _row(
                submission,
                slot,
                slot.block.code,
                answers.get((slot.block.code, slot.field.code), BLANK),
                comments or {},
            )
            for slot in layout.slots
        ]
        rows += [
            _row(submission, slot, _counted_for(line, listed), line.get(slot.field.code, BLANK), {})
            for listed in layout.lists
            for number, line in responses.lines.get(listed.block.code, {}).items()
            for slot in listed.slots(number)
        ]
    return answers_frame({name: [row[name] for row in rows] for name in ANSWERS.names})


def wide_frame(answers: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """The wide frame of all indicators."""
    return wide_frames(answers, instrument)[INDICATORS]


def _counted_for(line: Line, listed: ListSheet) -> str:
    return str(line.get(listed.block.indicator_field, BLANK).value or "")


def asked(instrument: Instrument) -> Iterator[tuple[Indicator, Field]]:
    return ((indicator, field) for indicator in instrument.indicators for field in indicator.fields)


def with_heads(instrument: Instrument, answers: Answers) -> dict[tuple[str, str], Answer]:
    """The answers, the head of each multiple choice answered where an option is marked."""
    complete = dict(answers)
    for indicator in instrument.indicators:
        for question in indicator.questions:
            head, *options = question.fields
            marked = [
                option.code.partition(".")[2]
                for option in options
                if isinstance(option.type, Mark) and answers.get((indicator.code, option.code), BLANK).value
            ]
            if isinstance(head.type, Selection) and marked:
                complete[indicator.code, head.code] = Answer(";".join(marked))
    return complete


def _row(
    submission: str, slot: Slot, indicator: str, answer: Answer, comments: Mapping[tuple[str, str], str]
) -> dict[str, object]:
    return {
        **dict.fromkeys(("code", "number", "text", "date")),
        slot.field.type.traits.column: answer.value,
        "submission": submission,
        "file": f"{submission}.xlsx",
        "respondent": submission.upper(),
        "block": slot.block.code,
        "line": slot.line,
        "indicator": indicator,
        "field": slot.field.code,
        "status": str(answer.status),
        "raw": "" if answer.value is None else str(answer.value),
        "if_none": "",
        "comment": comments.get((slot.block.code, slot.field.code), ""),
        "sheet": slot.sheet,
        "cell": slot.cell(Column.ANSWER),
        "parsed_by": "test",
        "change": "",
        "previous": "",
    }
