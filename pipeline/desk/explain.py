"""Writes the explanation of a value: file, sheet, cell, text as typed, parsing rule, checks, and what superseded it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.desk.naming import field_named, indicator_named, respondent_named
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.results import read_results
from pipeline.reading.confirming import PARSED_BY as CONFIRMED
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.answer_cells import CONFIRM_MARK
from questionnaire.rules.evaluate import Answer, AnswerValue, Evaluator, Responses

_UNTYPED = (str(AnswerStatus.BLANK), str(AnswerStatus.SKIPPED))


def explain_lines(round_: Round, respondent: str, indicator: str, field: str | None) -> Iterator[str]:
    """Where each answer of a respondent to an indicator comes from, submission by submission, the published one first.

    Raises UnknownError for a respondent, indicator or field there is not, NotConsolidatedError before a first run.
    """
    language = round_.working_language
    respondent = respondent_named(round_, respondent).code
    indicator = indicator_named(round_.instrument, indicator, language)
    field = field_named(round_.instrument, indicator, field, language) if field else None
    round_ = with_previous_answers(round_)
    answers, findings, returns = (read_results(round_, name) for name in ("answers", "findings", "returns"))
    chosen = answers[(answers["respondent"] == respondent) & (answers["block"] == indicator)]
    if field:
        chosen = chosen[chosen["field"] == field]
    yield f"{respondent}  {indicator}  {in_language(round_.instrument.indicator(indicator).text, language)}"
    if chosen.empty:
        yield say("summary", "explain_nothing", language, respondent=respondent, indicator=indicator)
        return
    files = dict(zip(returns["sha256"], returns["file"], strict=True))
    taken_by = dict(zip(returns["sha256"], returns["superseded_by"], strict=True))
    decided = {str(entry.number): entry for entry in register.decisions(round_).rows}
    for _, rows in sorted(chosen.groupby("submission", observed=True), key=lambda group: _rank(group[1])):
        yield ""
        first = rows.iloc[0]
        later = files.get(taken_by.get(first["submission"], ""), "")
        found = sorted({str(one) for one in rows["outcome"]}, key=lambda one: list(Outcome).index(Outcome(one)))
        outcome = ", ".join(say("summary", f"outcome_{one}", language) for one in found)
        yield f"{first['file']}: {outcome}" + (f" ({later})" if later else "")
        evaluator = _evaluator(round_, answers[answers["submission"] == first["submission"]], respondent)
        wanted = rows if field else rows[~rows["status"].isin(_UNTYPED)]
        for row in wanted.to_dict("records"):
            kept = [
                rule.code
                for rule in round_.instrument.rules_for(indicator, str(row["field"]))
                if evaluator.decides(rule, indicator)
            ]
            yield from _explained(round_, row, kept, findings, language)
            yield from _decided_by(row, decided, language)


def _rank(rows: pd.DataFrame) -> tuple[int, str]:
    return min(list(Outcome).index(Outcome(str(one))) for one in rows["outcome"]), str(rows["file"].iloc[0])


def _decided_by(row: Mapping[Any, Any], decided: Mapping[str, Decision], language: str) -> Iterator[str]:
    """Who decided that a value counts, when and why, where a person did."""
    entry = decided.get(str(row["cell"])) if row["file"] == register.REGISTER else None
    entry = entry or next(
        (
            one
            for one in reversed(list(decided.values()))
            if row["value_source"] == "resolution"
            and (one.sha256, one.respondent) == (row["submission"], row["respondent"])
            and one.kind is Kind.RESOLVE
        ),
        None,
    )
    if entry is not None and row["value_source"] in ("correction", "resolution"):
        values = {"by": entry.source or entry.who, "when": entry.at[:10], "why": entry.why}
        key = f"value_source_{row['value_source']}"
        yield f"      {say('summary', key, language, **values)}"


def _explained(
    round_: Round, row: Mapping[Any, Any], decided: Sequence[str], findings: pd.DataFrame, language: str
) -> Iterator[str]:
    def label(key: str) -> str:
        return say("summary", key, language)

    asked = round_.instrument.fields[str(row["field"])]
    yield f"  {row['field']} = {_value(row, language)}    {in_language(asked.label, language)}"
    yield f"      {row['file']} · {row['sheet']} · {row['cell']}"
    typed = CONFIRM_MARK if row["parsed_by"] == CONFIRMED else row["raw"] or row["if_none"]
    yield f"      {label('explain_typed')}: “{typed}”; {label('explain_read_by')} {row['parsed_by']}"
    if row["change"]:
        yield f"      {_compared(round_, row, language)}"
    if row["comment"]:
        yield f"      {label('explain_comment')}: “{row['comment']}”"
    here = findings[
        (findings["submission"] == row["submission"])
        & (findings["indicator"] == row["indicator"])
        & (findings["field"] == row["field"])
    ]
    for entry in here.to_dict("records"):
        severity = label(f"severity_{entry['severity']}")
        yield f"      {label('explain_failed')}: {entry['code']} [{severity}] {entry['message']} {entry['remedy']}"
    failed = set(here["code"])
    passed = [code for code in decided if code not in failed]
    if passed:
        yield f"      {label('explain_passed')}: {', '.join(passed)}"


def _compared(round_: Round, row: Mapping[Any, Any], language: str) -> str:
    """How the answer compares to the one of the previous round."""
    compared = say("summary", f"change_{row['change']}", language)
    if not row["previous"] or round_.previous is None:
        return compared
    statuses = {str(status) for status in DECLARED}
    previous = say("answer_kinds", row["previous"], language) if row["previous"] in statuses else row["previous"]
    return f"{compared}; " + say(
        "summary", "explain_previous", language, period=round_.previous.period, previous=previous
    )


def _evaluator(round_: Round, answers: pd.DataFrame, respondent: str) -> Evaluator:
    """What decides which rules had something to say about a submission: most ask only when an answer gives cause."""
    given: dict[tuple[str, str], Answer] = {}
    lines: dict[str, dict[int, dict[str, Answer]]] = {block.code: {} for block in round_.instrument.lists}
    for row in answers.to_dict("records"):
        answer = Answer(_typed(row), AnswerStatus(str(row["status"])))
        if row["block"] in lines:
            lines[row["block"]].setdefault(int(row["line"]), {})[str(row["field"])] = answer
        else:
            given[str(row["block"]), str(row["field"])] = answer
    responses = Responses(given, lines, respondent)
    previous = round_.previous_answers.get(respondent, {})
    return Evaluator(round_.instrument, responses, round_.period.parameters, previous)


def _typed(row: Mapping[Any, Any]) -> AnswerValue | None:
    """The one value of an answer's row, as the declaration knows it."""
    found = next((row[column] for column in ("code", "text", "number", "date") if not pd.isna(row[column])), None)
    return pd.Timestamp(found).date() if isinstance(found, dt.date) else found


def _value(row: Mapping[Any, Any], language: str) -> str:
    value = _typed(row)
    if value is None:
        return say("answer_kinds", str(row["status"]), language)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
