"""Reports which files wait until a person chooses among them, and which a person has chosen."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.commands import choose_command, undo_choice_command
from pipeline.consolidation.verdicts import Judged, Judgement
from pipeline.findings import Finding, finding
from pipeline.receiving.register import History
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity


def choice_findings(
    round_: Round, judged: Sequence[Judged], judgements: Mapping[str, Judgement], history: History
) -> Iterator[Finding]:
    """A warning at each file that waits for a choice, and a note at each that was chosen; both name the command."""
    names = {entry.submission: entry.file for entry in judged}
    choices = {choice.sha256: choice for choice in history.choices}
    for entry in judged:
        where = {"submission": entry.submission, "file": entry.file, "respondent": entry.respondent}
        found = judgements[entry.submission]
        if found.verdict is Verdict.TO_CHOOSE:
            others = ", ".join(sorted(names[other] for other in found.others))
            command = choose_command(round_, entry.file, entry.submission)
            yield finding(found.reason, Severity.WARNING, {"others": others, "command": command}, **where)
        if choice := choices.get(entry.submission):
            values = {
                "who": choice.who, "when": choice.when[:10], "why": choice.why,
                "command": undo_choice_command(round_, entry.file, entry.submission),
            }  # fmt: skip
            yield finding("chosen_by_hand", Severity.INFO, values, explanation=choice.why, **where)
