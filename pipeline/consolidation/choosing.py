"""Reports what people have decided about files and answers, and decisions that a newer answer has replaced."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from pipeline.commands import approve_command, undo_choice_command, undo_correction_command
from pipeline.findings import Finding, finding
from pipeline.merging.merge import Merged
from pipeline.merging.verdicts import Judged, Judgement
from pipeline.receiving.decision import DECISION, Decision
from pipeline.receiving.register import History
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity


def choice_findings(
    round_: Round, judged: Sequence[Judged], judgements: Mapping[str, Judgement], history: History
) -> Iterator[Finding]:
    """A note at each file that a person has chosen, or that nobody has approved yet; both name the command."""
    choices = {choice.sha256: choice for choice in history.choices}
    for entry in judged:
        where = {"submission": entry.submission, "file": entry.file, "respondent": entry.respondent}
        if judgements[entry.submission].verdict is Verdict.TO_APPROVE:
            values = {"command": approve_command(round_, entry.respondent)}
            yield finding("not_approved", Severity.INFO, values, **where)
        if choice := choices.get(entry.submission):
            values = {
                "who": choice.who, "when": choice.when[:10], "why": choice.why,
                "command": undo_choice_command(round_, entry.file, entry.submission),
            }  # fmt: skip
            yield finding("chosen_by_hand", Severity.INFO, values, explanation=choice.why, **where)


def outranked_findings(
    round_: Round, merged: Mapping[str, Merged], decided: Mapping[str, Decision], answers: pd.DataFrame
) -> Iterator[Finding]:
    """A warning at each newer answer of a state that differs from what a person had decided before."""
    for respondent in sorted(merged):
        for source, claim in merged[respondent].outranked:
            decision = decided.get(source)
            if decision is None or claim.source.startswith(DECISION):
                continue
            row = {str(name): value for name, value in answers.loc[claim.rows[0]].items()}
            values = {
                "value": decision.value or "–", "who": decision.source or decision.who, "when": decision.at[:10],
                "command": undo_correction_command(round_, respondent, decision.question),
            }  # fmt: skip
            yield finding(
                "correction_outranked", Severity.WARNING, values,
                submission=str(row["submission"]), file=str(row["file"]), respondent=respondent,
                indicator=str(row["indicator"]), field=_field(row), sheet=str(row["sheet"]),
                cell=str(row["cell"]), value=str(row["raw"] or row["if_none"]),
            )  # fmt: skip


def _field(row: Mapping[str, object]) -> str:
    """The field as findings name it: in a list or table with its name before it."""
    return str(row["field"]) if row["block"] == row["indicator"] else f"{row['block']}.{row['field']}"


def edited_findings(
    round_: Round, judged: Sequence[Judged], history: History, there: Collection[str]
) -> Iterator[Finding]:
    """A warning at each file that stands where another content of the same name was received before.

    `there` are the contents of all files that there are today.
    """
    for entry in judged:
        earlier = [sha256 for sha256 in history.names.get(entry.file, ()) if sha256 != entry.submission]
        if earlier and earlier[-1] not in there:
            values = {"earlier": earlier[-1][:12], "store": f"{round_.folder.name}/{round_.store.name}"}
            where = {"submission": entry.submission, "file": entry.file, "respondent": entry.respondent}
            yield finding("edited_after_receipt", Severity.WARNING, values, **where)
