"""Lays the answers that count side by side as one submission per respondent, and validates it as one.

What follows from other answers is worked out anew: totals of tables, what is computed, what another answer made idle.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.findings import Finding
from pipeline.reading.computed import PARSED_BY, WORKED_OUT, total, without_answers
from pipeline.reading.skipping import skipped
from pipeline.validation.validate import OWN_LINE, validate
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Evaluator, Line, Responses

OWNER = "owner"
"""The column with the file whose line a row is part of: what a decision corrects there is part of it too."""

_NOTHING = tuple(map(str, EMPTY))


def as_one(instrument: Instrument, answers: pd.DataFrame, places: Collection[int]) -> pd.DataFrame:
    """Some rows of the tidy table as if each respondent had sent one file: lines of lists are numbered anew.

    A line is that of the file in the column OWNER, without it that of the submission. Those of tables are given.
    """
    chosen = answers.loc[sorted(places)]
    chosen = chosen.assign(**{OWNER: chosen[OWNER if OWNER in chosen else "submission"].astype("str")})
    columns: dict[str, Any] = {"submission": chosen["respondent"], OWN_LINE: chosen["line"]}
    keys = ["respondent", "block", OWNER, "line"]
    open_lists = [block.code for block in instrument.lists if not isinstance(block, TableBlock)]
    lines = chosen[chosen["block"].isin(open_lists) & (chosen["submission"].astype("str") == chosen[OWNER])]
    lines = lines[[*keys, "file", "sheet"]].astype({"line": "int64"})
    lines = lines.sort_values(["respondent", "block", "file", "sheet", "line"]).drop_duplicates(keys)
    lines["number"] = lines.groupby(["respondent", "block"], observed=True).cumcount() + 1
    numbers = dict(zip(lines[keys].astype("str").itertuples(index=False, name=None), lines["number"], strict=True))
    of_rows = chosen[keys].astype("str").itertuples(index=False, name=None)
    columns["line"] = [numbers.get(key, int(key[-1])) for key in of_rows]
    return chosen.drop(columns=OWNER).assign(**columns).astype({"line": chosen["line"].dtype})


def derive(round_: Round, layout: Layout, whole: pd.DataFrame) -> pd.DataFrame:
    """The rows with what follows from other answers worked out over all of a respondent's files."""
    changed = whole.copy()
    for column in ("status", "parsed_by"):
        changed[column] = changed[column].astype(object)
    for respondent, rows in changed.groupby(changed["respondent"].astype("str"), sort=False):
        for place, values in _derived(round_, layout, str(respondent), rows).items():
            for column, value in values.items():
                changed.at[place, column] = value
    return changed


def _derived(round_: Round, layout: Layout, respondent: str, rows: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """What changes in which row of one respondent."""
    answers: dict[tuple[str, str], Answer] = {}
    lines: dict[str, dict[int, Line]] = {block.code: {} for block in layout.instrument.lists}
    places: dict[tuple[str, str], int] = {}
    in_lines: dict[tuple[str, int, str], int] = {}
    plain = rows.astype(object).where(rows.notna(), None)
    for place, row in zip(rows.index, plain.to_dict("records"), strict=True):
        value = next((row[name] for name in ("code", "text", "number", "date") if row[name] is not None), None)
        answer = Answer(value.date() if isinstance(value, pd.Timestamp) else value, AnswerStatus(row["status"]))
        if row["block"] in lines:
            lines[row["block"]][row["line"]] = {**lines[row["block"]].get(row["line"], {}), row["field"]: answer}
            if row["status"] in _NOTHING or row["parsed_by"] in WORKED_OUT:
                in_lines[row["block"], row["line"], row["field"]] = place
            continue
        places[row["block"], row["field"]] = place
        if row["status"] not in _NOTHING and row["parsed_by"] != PARSED_BY:
            answers[row["block"], row["field"]] = answer
    found = _totals(layout.instrument, lines, in_lines)
    sent = without_answers(layout.instrument, round_.period.parameters, respondent)
    found |= _columns(sent, layout.instrument, lines, in_lines)
    evaluator = Evaluator(layout.instrument, Responses(answers, lines, respondent), round_.period.parameters)
    for key in layout.instrument.computed:
        if key in places and key not in answers:
            computed = evaluator.computed(*key)
            found[places[key]] = _worked_out(computed)
            if computed.value is not None:
                answers[key] = computed
    idle = skipped(layout, answers, round_)
    for key, place in places.items():
        if key not in answers:
            status = AnswerStatus.SKIPPED if key in idle else AnswerStatus.BLANK
            found.setdefault(place, {})["status"] = str(status)
    return found


def _worked_out(answer: Answer) -> dict[str, Any]:
    """What the row of a computed answer has."""
    number = float(answer.value) if isinstance(answer.value, int | float) else None
    return {"status": str(answer.status), "number": number, "parsed_by": "blank" if number is None else PARSED_BY}


def _columns(
    sent: Evaluator,
    instrument: Instrument,
    lines: dict[str, dict[int, Line]],
    places: Mapping[tuple[str, int, str], int],
) -> dict[int, dict[str, Any]]:
    """What the computed columns of lists and tables are, by their rows; `lines` has them from here on."""
    found: dict[int, dict[str, Any]] = {}
    for block in dict.fromkeys(block for block, _ in instrument.computed_columns):
        own = instrument.blocks[block].computed_questions
        for line, said in lines[block].items():
            due = {code: place for code in own if (place := places.get((block, line, code))) is not None}
            computed = sent.computed_columns(block, {code: said[code] for code in said if code not in due})
            lines[block][line] = {**said, **computed}
            found |= {due[code]: _worked_out(answer) for code, answer in computed.items() if code in due}
    return found


def _totals(
    instrument: Instrument, lines: dict[str, dict[int, Line]], places: Mapping[tuple[str, int, str], int]
) -> dict[int, dict[str, Any]]:
    """What the totals are that nobody typed, by their rows; `lines` has them from here on."""
    found: dict[int, dict[str, Any]] = {}
    for block in instrument.lists:
        own, computed = lines[block.code], block.computed if isinstance(block, TableBlock) else {}
        given = {(line, field): answer.value for line, said in own.items() for field, answer in said.items()}
        for (line, field), parts in computed.items():
            place = places.get((block.code, line, field))
            if place is None or not isinstance(block, TableBlock):
                continue
            known = (given.get(part) for part in parts)
            number, parsed_by = total(block, [value if isinstance(value, int | float) else None for value in known])
            status = AnswerStatus.BLANK if number is None else AnswerStatus.ANSWERED
            found[place] = {"status": str(status), "number": number, "parsed_by": parsed_by}
            own[line] = {**own[line], field: Answer(number, status)}
    return found


def broken_rules(
    round_: Round, layout: Layout, whole: pd.DataFrame, waiting: Mapping[str, set[tuple[str, str]]]
) -> list[Finding]:
    """What the rules find in submissions of several files; the submission of a finding is its respondent.

    `waiting` has the answers of each respondent that contradict each other: a rule that looks at one is not asked.
    """
    groups: dict[frozenset[str], list[str]] = {}
    for respondent, rows in whole.groupby(whole["respondent"].astype("str"), sort=False):
        groups.setdefault(frozenset(rows["indicator"].astype("str")) - {""}, []).append(str(respondent))
    found: list[Finding] = []
    every = frozenset(indicator.code for indicator in round_.instrument.indicators)
    for indicators, respondents in groups.items():
        instrument = round_.instrument if indicators >= every else layout.part(indicators).instrument
        chosen = whole[whole["respondent"].astype("str").isin(respondents)]
        if not chosen.empty:
            found += validate(chosen, instrument, round_.period.parameters, round_.previous_answers)
    return [entry for entry in found if not _looks_at(round_, entry, waiting.get(entry.respondent, set()))]


def _looks_at(round_: Round, found: Finding, waiting: Iterable[tuple[str, str]]) -> bool:
    if not waiting or found.indicator not in round_.instrument.blocks:
        return False
    rules = [rule for rule in round_.instrument.rules_for(found.indicator, found.field) if rule.code == found.code]
    looked = {(ref.indicator or found.indicator, ref.field) for rule in rules for ref in rule.refs}
    return not looked.isdisjoint(waiting)
