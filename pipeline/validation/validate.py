"""Validates the answers of a batch: one schema over one table for all of it, each failure named with its cell.

It decides nothing: types, domains and rules come from the declaration through `schemas.pandera_schema`.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.findings import Finding
from pipeline.validation.desk_findings import ROW, Broken, broken_rule, with_repeats
from questionnaire.declaration.form import INDICATORS, Instrument
from schemas.frame import wide_frames
from schemas.pandera_schema import AnswersSchema
from schemas.previous_round import PreviousAnswers, with_previous_answers

_KEY = ["submission", "block", "line", "field"]

OWN_LINE = "own_line"
"""The column with the number of a line in its own file, where lines of several files have new numbers."""


def validate(
    answers: pd.DataFrame, instrument: Instrument, parameters: Mapping[str, int], previous: PreviousAnswers
) -> list[Finding]:
    """What the rules of an instrument find in a batch, in the order of its answers, then of the rules.

    `answers` is the tidy table of any number of submissions; `parameters` are the years the round sets, `previous` the
    answers of the previous round. A finding names the cell of its rule's target. A warning whose row has a comment is
    explained: it only informs.
    """
    schema = AnswersSchema(instrument, parameters)
    frames = wide_frames(answers, instrument)
    frames[INDICATORS] = with_previous_answers(frames[INDICATORS], instrument, previous)
    failures = schema.failures(frames)
    return [] if failures.empty else list(_findings(failures, answers, schema, previous))


def _findings(
    failures: pd.DataFrame, answers: pd.DataFrame, schema: AnswersSchema, previous: PreviousAnswers
) -> Iterator[Finding]:
    keys = pd.MultiIndex.from_frame(answers[_KEY].astype("str"))
    places = keys.get_indexer(pd.MultiIndex.from_frame(failures[_KEY].astype("str")))
    failures = failures.assign(place=places).sort_values("place", kind="stable")
    own = answers[OWN_LINE] if OWN_LINE in answers else answers["line"]
    rows = answers.assign(line=own)[list(ROW)].astype("str").iloc[failures["place"]].to_dict("records")
    columns = (failures[name] for name in ("table", "check", "lines"))
    found = [
        Broken(table, row, schema.rule(table, check), lines)
        for table, check, lines, row in zip(*columns, rows, strict=True)
    ]
    for broken in with_repeats(found, schema.instrument):
        then = previous.get(broken.row["respondent"], {})
        yield broken_rule(broken, schema.instrument, schema.parameters, then)
