"""Validates the answers of a batch: one schema over one table for all of it, each failure named with its cell.

It decides nothing: types, domains and rules come from the declaration through `schemas.pandera_schema`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.findings import Finding, finding
from pipeline.reading.confirming import previous_text
from questionnaire.blanks import is_blank
from questionnaire.codelists import Wording
from questionnaire.declaration.bounds import bounds
from questionnaire.declaration.form import INDICATORS, Instrument
from questionnaire.layout import ListSheet
from questionnaire.rules.answer_cells import listed
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Rule, Severity
from schemas.frame import wide_frames
from schemas.pandera_schema import DOMAIN, AnswersSchema
from schemas.previous_round import PreviousAnswers, with_previous_answers

_KEY = ["submission", "block", "line", "field"]
_ROW = (
    "submission", "file", "respondent", "block", "line", "indicator", "field", "sheet", "cell", "raw", "if_none",
    "comment",
)  # fmt: skip

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
    rows = answers.assign(line=own)[list(_ROW)].astype("str").iloc[failures["place"]].to_dict("records")
    labels = {block.code: block.label for block in schema.instrument.lists}
    for table, check, lines, row in zip(failures["table"], failures["check"], failures["lines"], rows, strict=True):
        rule = schema.rule(table, check)
        where, values = _where(row, table)
        if rule is None:
            yield finding(DOMAIN, Severity.ERROR, values, **where)
        else:
            values |= bounds(rule.limits, schema.parameters)
            if rule.lines is not None:
                values |= {"list": labels[rule.lines.block], "lines": int(lines)}
            if rule.quotes_previous:
                answer = previous.get(row["respondent"], {}).get((row["block"], rule.target))
                values["previous"] = _quoted(schema.instrument, rule.target, answer)
            yield _finding(rule, where, row["comment"], values)


def _where(row: Mapping[Any, str], table: str) -> tuple[dict[str, str], dict[str, object]]:
    """Where a finding stands, and what its sentence may name of the place: in a list, the line."""
    where = {name: row[name] for name in ("submission", "file", "respondent", "indicator", "sheet", "cell")}
    where["value"] = row["raw"] or row["if_none"]
    if table == INDICATORS:
        return where | {"field": row["field"]}, {}
    named = {"line": ListSheet.number(int(row["line"])), "sheet": row["sheet"]}
    return where | {"field": f"{table}.{row['field']}"}, dict(named)


def _finding(rule: Rule, where: Mapping[str, str], comment: str, values: Mapping[str, object]) -> Finding:
    explained = rule.severity is Severity.WARNING and not is_blank(comment)
    return Finding(
        rule.code,
        Severity.INFO if explained else rule.severity,
        rule.message,
        rule.remedy,
        explanation=comment if explained else "",
        values=values,
        **where,
    )


def _quoted(instrument: Instrument, field: str, answer: Answer | None) -> Wording | str:
    """A previous answer as the workbook shows it: a choice by its label."""
    found = listed(instrument.fields[field], answer, instrument.missing) if answer is not None else None
    return found[1].label if found is not None else previous_text(answer)
