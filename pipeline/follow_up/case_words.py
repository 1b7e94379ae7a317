"""Says in words what a participant owes and how it stands to its deadline."""

from collections.abc import Mapping

from pipeline.follow_up.cases import Case, Timing
from questionnaire.messages import say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict

_OWED = (Verdict.TO_CORRECT, Verdict.TO_COMPLETE)


def case_words(round_: Round, case: Case) -> Mapping[str, str]:
    """What a participant owes and how it stands to its deadline, in the working language."""
    language = round_.working_language
    counts = {"answered": case.answered, "asked": case.asked, "errors": case.errors}
    owes = say("desk", f"owes_{case.owes}", language, **counts)
    if case.missing:
        owes = say("desk", "owes_parts", language, owes=owes, parts=", ".join(case.missing))
    if case.given_back:
        owes = say("desk", "owes_files", language, owes=owes, files=", ".join(case.given_back))
    if count := len({row["question"] for row in case.conflicts}):
        owes = say("desk", "owes_conflicts", language, owes=owes, count=count)
    timing = say("desk", f"timing_{case.timing}", language, days=abs(case.days))
    if case.owes in _OWED:
        left = Timing.DUE if case.days >= 0 else Timing.OVERDUE
        timing += f"; {say('desk', f'timing_{left}', language, days=abs(case.days))}"
    return {"owes": owes, "timing": timing}
