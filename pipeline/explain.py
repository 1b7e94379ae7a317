"""Owns the explanation of a value: file, sheet, cell, text as typed, parsing rule, checks, and what superseded it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.results import UnknownError, read_results
from questionnaire.blanks import AnswerStatus
from questionnaire.messages import in_language, say
from questionnaire.rounds import Round

_UNTYPED = (str(AnswerStatus.BLANK), str(AnswerStatus.SKIPPED))


def explain_lines(round_: Round, respondent: str, indicator: str, field: str | None) -> Iterator[str]:
    """Where each answer of a respondent to an indicator comes from, submission by submission, the published one first.

    Raises UnknownError for a respondent, indicator or field there is not, NotConsolidatedError before a first run.
    """
    language = round_.working_language
    _check_known(round_, respondent, indicator, field)
    answers, findings, returns = (read_results(round_, name) for name in ("answers", "findings", "returns"))
    chosen = answers[(answers["respondent"] == respondent) & (answers["indicator"] == indicator)]
    if field:
        chosen = chosen[chosen["field"] == field]
    yield f"{respondent}  {indicator}  {in_language(round_.instrument.indicator(indicator).text, language)}"
    if chosen.empty:
        yield say("summary", "explain_nothing", language, respondent=respondent, indicator=indicator)
        return
    files = dict(zip(returns["sha256"], returns["file"], strict=True))
    taken_by = dict(zip(returns["sha256"], returns["superseded_by"], strict=True))
    for _, rows in sorted(chosen.groupby("submission", observed=True), key=lambda group: _rank(group[1])):
        yield ""
        first = rows.iloc[0]
        later = files.get(taken_by.get(first["submission"], ""), "")
        outcome = say("summary", f"outcome_{first['outcome']}", language)
        yield f"{first['file']}: {outcome}" + (f" ({later})" if later else "")
        wanted = rows if field else rows[~rows["status"].isin(_UNTYPED)]
        for row in wanted.to_dict("records"):
            yield from _explained(round_, row, findings, language)


def _check_known(round_: Round, respondent: str, indicator: str, field: str | None) -> None:
    language, instrument = round_.working_language, round_.instrument
    if round_.respondent(respondent) is None:
        raise UnknownError(say("summary", "unknown_respondent", language, respondent=respondent))
    codes = [entry.code for entry in instrument.indicators]
    if indicator not in codes:
        known = ", ".join(codes)
        raise UnknownError(say("summary", "unknown_indicator", language, indicator=indicator, known=known))
    fields = [entry.code for entry in instrument.indicator(indicator).fields]
    if field and field not in fields:
        known = ", ".join(fields)
        raise UnknownError(say("summary", "unknown_field", language, field=field, indicator=indicator, known=known))


def _rank(rows: pd.DataFrame) -> tuple[int, str]:
    outcomes = ("published", "rejected", "superseded")
    return outcomes.index(str(rows["outcome"].iloc[0])), str(rows["file"].iloc[0])


def _explained(round_: Round, row: Mapping[Any, Any], findings: pd.DataFrame, language: str) -> Iterator[str]:
    def label(key: str) -> str:
        return say("summary", key, language)

    asked = round_.instrument.fields[str(row["field"])]
    yield f"  {row['field']} = {_value(row, language)}    {in_language(asked.label, language)}"
    yield f"      {row['file']} · {row['sheet']} · {row['cell']}"
    typed = row["raw"] or row["if_none"]
    yield f"      {label('explain_typed')}: “{typed}”; {label('explain_read_by')} {row['parsed_by']}"
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
    rules = [rule.code for rule in round_.instrument.rules_for(str(row["indicator"]), str(row["field"]))]
    passed = [code for code in rules if code not in set(here["code"])]
    if passed:
        yield f"      {label('explain_passed')}: {', '.join(passed)}"


def _value(row: Mapping[Any, Any], language: str) -> str:
    for column in ("code", "text", "number", "date"):
        if not pd.isna(row[column]):
            value = row[column]
            return f"{value:g}" if column == "number" and float(value).is_integer() is False else _plain(value)
    return say("answer_kinds", str(row["status"]), language)


def _plain(value: object) -> str:
    if isinstance(value, float):
        return str(int(value))
    return str(value)
