"""Writes the explanation of a value: file, sheet, cell, text as typed, parsing rule, checks, and what superseded it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.desk.naming import UnknownError, field_named, indicator_named, respondent_named
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.results import read_results
from pipeline.reading.confirming import PARSED_BY as CONFIRMED
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import in_language, quoted, say, with_colon
from questionnaire.question_names import cell_name, line_number
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.answer_cells import CONFIRM_MARK
from questionnaire.rules.evaluate import Answer, AnswerValue, Evaluator, Responses

MEASURE = "measure"
"""Under this name stands the column that is asked for, among the dimensions; no dimension is called so."""

_UNTYPED = (str(AnswerStatus.BLANK), str(AnswerStatus.SKIPPED))


def explain_cells(round_: Round, respondent: str, table: str, wanted: Sequence[str]) -> Iterator[str]:
    """Where the cells of a table come from; `wanted` are a column, and codes such as sex=F that lines or columns have,
    or their labels in any language.

    Raises UnknownError for a dimension, code or column there is not, NotConsolidatedError before a first run.
    """
    language, block = round_.working_language, round_.instrument.blocks[table]
    assert isinstance(block, TableBlock), f"{table} is a table"
    respondent = respondent_named(round_, respondent).code
    at = _coordinates(round_, block, wanted)
    cells = {
        (line, column)
        for line in range(1, block.most_lines + 1)
        for column in block.cells(line)
        if at.items() <= {**block.coordinates(line, column), MEASURE: column}.items()
    }

    def wanted_rows(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[[key in cells for key in zip(rows["line"], rows["field"], strict=True)]]

    yield from _block_lines(round_, respondent, block.code, in_language(block.label, language), wanted_rows, True)


def _coordinates(round_: Round, block: TableBlock, wanted: Sequence[str]) -> dict[str, str]:
    """What was asked for, by dimension; the column under MEASURE."""
    language = round_.working_language
    known, at = block.every_dimension, dict[str, str]()
    for text in wanted:
        name, _, said = text.partition("=")
        if text in block.measured:
            at[MEASURE] = text
        elif name in known and (code := known[name].codelist.find(said)) is not None:
            at[name] = code.code
        else:
            dimensions = (f"{key}={'|'.join(dimension.codes)}" for key, dimension in known.items())
            there = "; ".join((", ".join(block.measured), *dimensions))
            raise UnknownError(say("summary", "unknown_coordinate", language, said=text, table=block.code, known=there))
    return at


def explain_list(round_: Round, respondent: str, code: str, place: str, field: str) -> Iterator[str]:
    """Where the lines of a list come from, all of them or the one that `place` numbers, all columns or one.

    Raises UnknownError for a line or column there is not, NotConsolidatedError before a first run.
    """
    language, instrument, block = round_.working_language, round_.instrument, round_.instrument.blocks[code]
    assert isinstance(block, ListBlock), f"{code} is a list"
    respondent = respondent_named(round_, respondent).code
    line = line_number(instrument, code, place)
    if place and not line:
        raise UnknownError(say("summary", "unknown_line", language, line=place, block=code, example=f"{code}[1]"))
    column = field_named(instrument, code, field, language) if field else ""

    def wanted_rows(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[((rows["line"] == line) | (not line)) & ((rows["field"] == column) | (not column))]

    yield from _block_lines(round_, respondent, code, in_language(block.label, language), wanted_rows, bool(column))


def explain_lines(round_: Round, respondent: str, indicator: str, field: str | None) -> Iterator[str]:
    """Where each answer of a respondent to an indicator comes from, submission by submission, the published one first.

    Raises UnknownError for a respondent, indicator or field there is not, NotConsolidatedError before a first run.
    """
    language = round_.working_language
    respondent = respondent_named(round_, respondent).code
    indicator = indicator_named(round_.instrument, indicator, language)
    field = field_named(round_.instrument, indicator, field, language) if field else None
    text = in_language(round_.instrument.indicator(indicator).text, language)

    def wanted_rows(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[(rows["field"] == field) | (not field)]

    yield from _block_lines(round_, respondent, indicator, text, wanted_rows, field is not None)


def _block_lines(
    round_: Round, respondent: str, block: str, label: str, wanted_rows: Callable[[pd.DataFrame], pd.DataFrame],
    everything: bool,
) -> Iterator[str]:  # fmt: skip
    """Whose answers to which block, then where those wanted come from."""
    round_ = with_previous_answers(round_)
    answers, findings, returns = (read_results(round_, name) for name in ("answers", "findings", "returns"))
    chosen = wanted_rows(answers[(answers["respondent"] == respondent) & (answers["block"] == block)])
    yield f"{respondent}  {block}  {label}"
    if chosen.empty:
        yield say("summary", "explain_nothing", round_.working_language, respondent=respondent, indicator=block)
        return
    yield from _submissions(round_, chosen, (answers, findings, returns), everything)


def _submissions(
    round_: Round, chosen: pd.DataFrame, results: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame], everything: bool
) -> Iterator[str]:
    """What some answers are by what became of them, file by file, those published first; blank ones if `everything`."""
    (answers, findings, returns), language = results, round_.working_language
    files = dict(zip(returns["sha256"], returns["file"], strict=True))
    taken_by = dict(zip(returns["sha256"], returns["superseded_by"], strict=True))
    decided = {str(entry.number): entry for entry in register.decisions(round_).rows}
    for _, rows in sorted(chosen.groupby(["submission", "outcome"], observed=True), key=lambda group: _rank(group[1])):
        yield ""
        first = rows.iloc[0]
        later = files.get(taken_by.get(first["submission"], ""), "")
        outcome = say("summary", f"outcome_{first['outcome']}", language)
        yield with_colon(first["file"], outcome, language) + (f" ({later})" if later else "")
        of_file = answers[answers["submission"] == first["submission"]]
        evaluator = _evaluator(round_, of_file, str(first["respondent"]))
        said = everything or first["file"] == register.REGISTER
        wanted = rows if said else rows[~rows["status"].isin(_UNTYPED)]
        for row in wanted.to_dict("records"):
            kept = [
                rule.code
                for rule in round_.instrument.rules_for(str(row["block"]), str(row["field"]))
                if evaluator.decides(rule, str(row["block"]), int(row["line"]))
            ]
            yield from _explained(round_, row, kept, findings, language)
            yield from _decided_by(row, decided, language)


def _rank(rows: pd.DataFrame) -> tuple[int, str]:
    return list(Outcome).index(Outcome(str(rows["outcome"].iloc[0]))), str(rows["file"].iloc[0])


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

    block = round_.instrument.blocks[str(row["block"])]
    asked, named, in_list = block.field(str(row["field"])), str(row["field"]), isinstance(block, ListBlock)
    if in_list and not isinstance(block, TableBlock):
        named = cell_name(round_.instrument, block.code, int(row["line"]), named)
    if isinstance(block, TableBlock):
        at = block.coordinates(int(row["line"]), named)
        named = f"{named} ({', '.join(f'{name}={code}' for name, code in at.items())})"
    yield f"  {named} = {_value(row, language)}    {in_language(asked.label, language)}"
    yield f"      {row['file']} · {row['sheet']} · {row['cell']}"
    typed = CONFIRM_MARK if row["parsed_by"] == CONFIRMED else row["raw"] or row["if_none"]
    said = f"{quoted(typed, language)}; {label('explain_read_by')} {row['parsed_by']}"
    yield "      " + with_colon(label("explain_typed"), said, language)
    if row["change"]:
        yield f"      {_compared(round_, row, language)}"
    if row["comment"]:
        yield "      " + with_colon(label("explain_comment"), quoted(row["comment"], language), language)
    here = findings[
        (findings["submission"] == row["submission"])
        & (findings["indicator"] == row["indicator"])
        & (findings["field"] == (f"{block.code}.{row['field']}" if in_list else row["field"]))
        & ((findings["cell"] == row["cell"]) | (not in_list))
    ]
    for entry in here.to_dict("records"):
        severity = label(f"severity_{entry['severity']}")
        said = f"{entry['code']} [{severity}] {entry['message']} {entry['remedy']}"
        yield "      " + with_colon(label("explain_failed"), said, language)
    failed = set(here["code"])
    passed = [code for code in dict.fromkeys(decided) if code not in failed]
    if passed:
        yield "      " + with_colon(label("explain_passed"), ", ".join(passed), language)


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
