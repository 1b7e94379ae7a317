"""Says what to do next about a participant or a file: a sentence, and the command that does it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.commands import accept_command, check_command, choose_command
from pipeline.follow_up.cases import SETTLED_BY_US, Case, File, Turn
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import NO_RETURN, Verdict

_SAYS_ITSELF = "no_identity"


@dataclass(frozen=True)
class Step:
    """What to do, in the working language; `command` is "" where no command does it."""

    words: str
    command: str = ""


def next_steps(round_: Round, case: Case) -> Iterator[Step]:
    """What is to be done about a participant: what only the secretariat can settle comes first."""
    open_ = [file for file in case.files if file["verdict"] in SETTLED_BY_US]
    for file in open_:
        yield settle(round_, file, case.respondent.code)
    if any(file["verdict"] == Verdict.TO_CHOOSE for file in open_) and case.owes == Verdict.ACCEPTED:
        yield from (settle(round_, file, case.respondent.code) for file in case.files if file is case.counting)
    if not open_ and case.turn is Turn.THEIRS:
        yield _ask(round_, case)


def settle(round_: Round, file: File, respondent: str = "") -> Step:
    """What ends a verdict on a file that a person must end; of what counts meanwhile, how it is confirmed."""
    name, sha256, verdict = file["file"], file["sha256"], file["verdict"]
    if verdict == Verdict.UNVERIFIED:
        # What says itself which part it is need not be listed.
        part = file["slice"] if _SAYS_ITSELF in file["reason"].split() else ""
        return Step(_say(round_, "step_accept", file), accept_command(round_, name, sha256, respondent, part))
    key = {Verdict.TO_CHOOSE: "step_choose", Verdict.UNREADABLE_IN_PART: "step_compare"}.get(verdict, "step_keep")
    return Step(_say(round_, key, file), choose_command(round_, name, sha256))


def _ask(round_: Round, case: Case) -> Step:
    """What the participant is to be asked for."""
    language = round_.working_language
    named = in_language(case.respondent.name, language)
    if case.owes == NO_RETURN:
        return Step(say("desk", "step_remind", language, respondent=named))
    if case.missing:
        return Step(say("desk", "step_ask_parts", language, respondent=named, parts=", ".join(case.missing)))
    file = case.counting or case.files[0]
    words = say("desk", f"step_{case.owes}", language, respondent=named)
    return Step(words, check_command(round_, file["container"] or file["file"]))


def _say(round_: Round, key: str, file: File) -> str:
    unknown = say("desk", "unknown_time", round_.working_language)
    times = {"saved": file["saved"][:16] or unknown, "mailed": file["mail_date"][:16] or unknown}
    return say("desk", key, round_.working_language, file=file["file"], reason=file["reason"], **times)
