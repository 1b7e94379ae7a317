"""Says what to do next about a participant or a file: a sentence, and the command that does it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.commands import (
    accept_command,
    approve_command,
    check_command,
    choose_command,
    feedback_command,
    remind_command,
)
from pipeline.follow_up.cases import SETTLED_BY_US, Case, File, Turn
from questionnaire.messages import in_language, quoted, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import IN_PART, NO_RETURN, Verdict

_SAYS_ITSELF = "no_identity"
_GIVEN_BACK = (Verdict.TO_CORRECT, Verdict.TO_COMPLETE)


@dataclass(frozen=True)
class Step:
    """What to do, in the working language; `command` is "" where no command does it."""

    words: str
    command: str = ""


def next_steps(round_: Round, case: Case) -> Iterator[Step]:
    """What is to be done about a participant: what only the secretariat can settle comes first."""
    open_ = [file for file in case.files if file["verdict"] in SETTLED_BY_US]
    to_approve = [file for file in open_ if file["verdict"] == Verdict.TO_APPROVE]
    for file in open_:
        if file not in to_approve:
            yield settle(round_, file, case.respondent.code)
    if to_approve:
        # One approval covers all files of a participant.
        names = ", ".join(file["file"] for file in to_approve)
        yield settle(round_, {**to_approve[0], "file": names}, case.respondent.code)
    yield from _conflicts(round_, case)
    if not open_ and (case.turn is Turn.THEIRS or case.missing):
        yield _ask(round_, case)


def settle(round_: Round, file: File, respondent: str = "") -> Step:
    """What ends a verdict on a file that a person must end."""
    name, sha256, verdict = file["file"], file["sha256"], file["verdict"]
    if verdict == Verdict.UNVERIFIED:
        # What says itself which part it is need not be listed.
        part = file["slice"] if _SAYS_ITSELF in file["reason"].split() else ""
        return Step(_say(round_, "step_accept", file), accept_command(round_, name, sha256, respondent, part))
    if verdict == Verdict.TO_APPROVE:
        return Step(_say(round_, "step_approve", file), approve_command(round_, respondent or file["respondent"]))
    return Step(_say(round_, "step_compare", file), choose_command(round_, name, sha256))


def _conflicts(round_: Round, case: Case) -> Iterator[Step]:
    """Each question on which files contradict each other, with the command that takes the first answer."""
    by_question: dict[str, list[File]] = {}
    for row in case.conflicts:
        by_question.setdefault(row["question"], []).append(row)
    for question, rows in by_question.items():
        language = round_.working_language
        answers = ", ".join(f"{quoted(row['answer'], language)} ({row['file']})" for row in rows)
        words = say("desk", "step_resolve", language, question=question, answers=answers)
        yield Step(words, rows[0]["command"])


def _ask(round_: Round, case: Case) -> Step:
    """What the participant is to be asked for."""
    language, code = round_.working_language, case.respondent.code
    named = in_language(case.respondent.name, language)
    if case.owes == NO_RETURN:
        return Step(say("desk", "step_remind", language, respondent=named), remind_command(round_, code))
    if case.given_back:
        words = say("desk", f"step_{Verdict.TO_CORRECT}", language, respondent=named)
        return Step(words, feedback_command(round_, code))
    if case.owes == IN_PART:
        parts = ", ".join(case.missing)
        return Step(
            say("desk", "step_ask_parts", language, respondent=named, parts=parts), remind_command(round_, code)
        )
    words = say("desk", f"step_{case.owes}", language, respondent=named)
    if case.owes in _GIVEN_BACK:
        return Step(words, feedback_command(round_, code))
    file = case.counting or case.files[0]
    return Step(words, check_command(round_, file["container"] or file["file"]))


def _say(round_: Round, key: str, file: File) -> str:
    return say("desk", key, round_.working_language, file=file["file"])
