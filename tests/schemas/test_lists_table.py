"""The tables of lists: types of columns, one row per line, and none at all."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from questionnaire.declaration.answer_types import Date
from questionnaire.declaration.blocks import ListBlock, Question
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import Always
from questionnaire.rules.evaluate import Answer, AnswerValue, Responses
from schemas.lists_table import lines_frame, lines_schema
from tests.schemas.tidy_rows import tidy_frame
from tests.with_list import instrument

LIST: ListBlock = instrument().lists[0]


def answers(*lines: dict[str, AnswerValue], of: Instrument = instrument()) -> pd.DataFrame:  # noqa: B008  cached
    """The tidy table of these lines, the second line first."""
    said = {number: {code: Answer(value) for code, value in line.items()} for number, line in enumerate(lines, 1)}
    return tidy_frame(of, {"aaa": Responses({}, {"projects": dict(reversed(said.items()))})})


def test_lines__of_a_list__are_rows_in_order() -> None:
    frame = lines_frame(answers({"indicator": "F01", "partner": "BBB"}, {"indicator": "W01a", "begun": 2001.0}), LIST)
    assert list(frame.columns) == lines_schema(LIST).names
    assert list(frame["indicator"]) == ["F01", "W01a"]
    assert frame["begun"].tolist()[1] == 2001
    assert frame["begun"].isna().tolist() == [True, False]
    assert list(frame["row"]) == [7, 8]
    assert set(frame["respondent"]) == {"AAA"}


def test_lines__none__are_an_empty_table_of_the_same_columns() -> None:
    frame = lines_frame(answers(), LIST)
    assert (len(frame), list(frame.columns)) == (0, lines_schema(LIST).names)
    table = pa.Table.from_pandas(frame, schema=lines_schema(LIST), preserve_index=False)
    assert table.schema.equals(lines_schema(LIST))


def test_lines__with_a_day__keep_it() -> None:
    signed = Question("signed", Date(), {"en": "Signed"}, {}, Always(), None, reason_beside=False)
    dated = replace(LIST, questions=(*LIST.questions, signed))
    frame = lines_frame(answers({"signed": dt.date(2001, 2, 3)}, of=replace(instrument(), lists=(dated,))), dated)
    assert str(frame["signed"].iloc[0]).startswith("2001-02-03")
