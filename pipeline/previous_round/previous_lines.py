"""Owns reading what the rosters of respondents said in the previous round: published lines, as lines of this one.

What has no place in this round is left out: a line for an indicator that is no longer asked, a column that is gone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.previous_round.previous_dataset import VALUES, answer_told, published
from pipeline.safe_text import harmless
from questionnaire.declaration.editions import Edition
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists import Roster
from questionnaire.list_layout import as_field
from questionnaire.rounds.previous_round import Line, Previous
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer

Lines = dict[str, dict[str, tuple[Line, ...]]]
"""By respondent and roster."""

_COLUMNS = ("respondent", "roster", "line", "column", *VALUES)


def previous_lines(previous: Previous, instrument: Instrument) -> Lines:
    """The lines of every respondent, in the order of their numbers.

    An older edition may have had no rosters. Raises DeclarationError where the table is missing otherwise, or is none.
    """
    edition = instrument.older_edition(previous.edition)
    if not instrument.rosters or (edition and not previous.roster_answers.exists()):
        return {}
    rosters = {roster.code: roster for roster in instrument.rosters}
    fields = {(code, column.code): as_field(column) for code, roster in rosters.items() for column in roster.columns}
    found: dict[tuple[str, str, int], dict[str, Answer]] = {}
    gone = set()
    for row in published(previous, previous.roster_answers, _COLUMNS):
        place = row["roster"], row["column"]
        if place not in fields:
            continue
        line = row["respondent"], row["roster"], row["line"]
        now = _today(row, rosters[row["roster"]], edition)
        if now is None:
            gone.add(line)
        elif (answer := answer_told(fields[place], now, instrument.missing)) is not None:
            found.setdefault(line, {})[row["column"]] = answer
    lines: Lines = {}
    for respondent, roster, number in sorted(found.keys() - gone):
        kept = lines.setdefault(respondent, {})
        kept[roster] = (*kept.get(roster, ()), found[respondent, roster, number])
    return lines


def shown_lines(round_: Round) -> Lines:
    """The lines as a workbook may hold them: no text that a program would obey.

    Raises DeclarationError where a respondent had more lines than a sheet has.
    """
    rosters = {roster.code: roster for roster in round_.instrument.rosters}
    for respondent, lists in round_.previous_lines.items():
        for code, lines in lists.items():
            if len(lines) > rosters[code].lines and round_.previous is not None:
                what = f"{respondent} has {len(lines)} lines in “{code}”, of which a sheet shows {rosters[code].lines}"
                raise round_.previous.fault(what, f"Give “{code}” more lines in the rosters.toml of the instrument")
    return {
        respondent: {code: tuple(_harmless(rosters[code], line) for line in lines) for code, lines in lists.items()}
        for respondent, lists in round_.previous_lines.items()
    }


def _today(row: Mapping[str, Any], roster: Roster, edition: Edition | None) -> Mapping[str, Any] | None:
    """The row of a cell with the code that an indicator has today; None where it is no longer asked."""
    if row["column"] != roster.indicator_column or not row["code"]:
        return row
    code = edition.indicators.get(row["code"]) if edition else row["code"]
    return {**row, "code": code} if code in roster.indicators else None


def _harmless(roster: Roster, line: Line) -> Line:
    return {
        code: replace(answer, value=harmless(str(answer.value)))
        if roster.column(code).type.traits.column == "text" and answer.value is not None
        else answer
        for code, answer in line.items()
    }
