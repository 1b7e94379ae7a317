"""Lists the answers that contradict each other: one row per file and question, until a person resolves it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.commands import resolve_command
from pipeline.findings import Finding, finding
from pipeline.merging.claims import Claim, Unit, question_of
from pipeline.merging.merge import Conflict, Merged
from pipeline.reading.submission import Submission
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import in_language, say, with_colon
from questionnaire.question_names import line_number, split_name
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity

COLUMNS = (
    "respondent", "question", "indicator_text", "question_text", "answer", "file", "sheet", "cell", "slice",
    "signed_off_by", "signed_off_on", "saved", "command", "submission",
)  # fmt: skip


_Row = Mapping[str, Any]


def conflicts_table(
    round_: Round, merged: Mapping[str, Merged], answers: pd.DataFrame, submissions: Mapping[str, Submission],
    language: str = "",
) -> pd.DataFrame:  # fmt: skip
    """One row per file of each conflict, by question as the sheets have them; the texts are in a language.

    Without it they are in that of the round.
    """
    of_claim = _rows(merged, answers)
    rows = [
        _row(round_, conflict, of_claim[claim], submissions, claim.slice, language or round_.working_language)
        for respondent in sorted(merged)
        for conflict in sorted(merged[respondent].conflicts, key=lambda one: _place(round_.instrument, one.unit))
        for claim in sorted(conflict.claims, key=lambda one: (str(of_claim[one][0]["file"]), one.source))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def conflict_findings(round_: Round, merged: Mapping[str, Merged], answers: pd.DataFrame) -> Iterator[Finding]:
    """A warning at each answer that waits since another file answers otherwise, with the command that settles it."""
    of_claim = _rows(merged, answers)
    for respondent in sorted(merged):
        for conflict in merged[respondent].conflicts:
            heads = [_head(conflict, of_claim[claim]) for claim in conflict.claims]
            for head in heads:
                others = ", ".join(str(other["file"]) for other in heads if other is not head)
                command = resolve_command(
                    round_, respondent, question_of(conflict.unit), str(head["file"]), str(head["submission"])
                )
                yield finding(
                    "answers_conflict", Severity.WARNING, {"others": others, "command": command},
                    submission=str(head["submission"]), file=str(head["file"]), respondent=respondent,
                    indicator=str(head["indicator"]), field=_field(head), sheet=str(head["sheet"]),
                    cell=str(head["cell"]), value=str(head["raw"] or head["if_none"]),
                )  # fmt: skip


def _place(instrument: Instrument, unit: Unit) -> tuple[int, int, int]:
    """Where a question stands among all that is asked: its block, its line in a table, and its place there."""
    block, code = unit
    number, asked = list(instrument.blocks).index(block), instrument.blocks[block]
    name = split_name(question_of(unit), instrument.blocks)
    if isinstance(asked, TableBlock) and name is not None:
        return number, line_number(instrument, block, name.place), list(asked.measured).index(name.field)
    codes = asked.indicators if isinstance(asked, ListBlock) else [field.code for field in asked.fields]
    return number, 0, list(codes).index(code)


def _rows(merged: Mapping[str, Merged], answers: pd.DataFrame) -> dict[Claim, list[_Row]]:
    """The rows of each claim; they are taken out of the table once, since that costs the same for one and for all."""
    claims = [claim for one in merged.values() for conflict in one.conflicts for claim in conflict.claims]
    found = iter(answers.loc[[row for claim in claims for row in claim.rows]].to_dict("records"))
    return {claim: [{str(name): value for name, value in next(found).items()} for _ in claim.rows] for claim in claims}


def _head(conflict: Conflict, rows: Sequence[_Row]) -> _Row:
    """The row that stands for an answer: that of the question itself, else the first that says something."""
    given = [row for row in rows if str(row["status"]) not in (AnswerStatus.BLANK, AnswerStatus.SKIPPED)]
    heads = [row for row in given if str(row["field"]) == conflict.unit[1]]
    return next(some for some in (heads, given, rows) if some)[0]


def _field(head: Mapping[str, Any]) -> str:
    return str(head["field"]) if head["block"] == head["indicator"] else f"{head['block']}.{head['field']}"


def _row(
    round_: Round, conflict: Conflict, rows: Sequence[_Row], submissions: Mapping[str, Submission], part: str,
    language: str,
) -> dict[str, str]:  # fmt: skip
    head = _head(conflict, rows)
    read = submissions.get(str(head["submission"]))
    signed = read.cover.entries if read is not None and read.cover else {}
    named = {entry.code: entry.text for entry in round_.instrument.indicators}
    return {
        "respondent": str(head["respondent"]),
        "question": question_of(conflict.unit),
        "indicator_text": in_language(named.get(str(head["indicator"]), {}), language),
        "question_text": _asked(round_.instrument, conflict.unit, head, language),
        "answer": _answer(rows, language),
        "slice": part,
        **{name: str(head[name]) for name in ("file", "sheet", "cell", "submission")},
        **{name: signed.get(name, "") for name in ("signed_off_by", "signed_off_on")},
        "saved": read.saved if read is not None else "",
        "command": resolve_command(
            round_, str(head["respondent"]), question_of(conflict.unit), str(head["file"]), str(head["submission"])
        ),
    }


def _asked(instrument: Instrument, unit: Unit, head: Mapping[str, Any], language: str) -> str:
    """What is asked: a question, all of a list, or a cell of a table with the codes of its line."""
    block, code = unit
    asked = instrument.blocks[block]
    if isinstance(asked, TableBlock):
        codes = asked.coordinates(int(head["line"])).items()
        at = [in_language(instrument.codelists[name][value].label, language) for name, value in codes]
        column = in_language(asked.field(str(head["field"])).label, language)
        return with_colon(in_language(asked.label, language), ", ".join((*at, column)), language)
    return in_language(asked.label if isinstance(asked, ListBlock) else asked.field(code).label, language)


def _answer(rows: Sequence[_Row], language: str) -> str:
    """What a file answers, as it was typed; that another answer makes it idle, or why there is no value."""
    typed = [text for row in rows if (text := str(row["raw"] or row["if_none"] or ""))]
    if typed:
        return "; ".join(typed)
    statuses = [str(row["status"]) for row in rows]
    return say("answer_kinds", next((one for one in statuses if one != "blank"), "blank"), language)
