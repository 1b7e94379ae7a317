"""Records what a person decides about answers: corrections, settled conflicts, approvals; refuses what cannot be.

It changes no file and publishes nothing; the next consolidation takes the decision into account.
"""

import datetime as dt
import getpass
from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from pipeline.consolidation.rulings import decided_rows, said_by, unit_of
from pipeline.consolidation.whole import as_one, broken_rules, derive
from pipeline.desk.naming import UnknownError, field_named, indicator_named, respondent_named
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.results import read_results
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.layout import Layout
from questionnaire.messages import say
from questionnaire.rounds.naming import nearest
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome, Verdict
from questionnaire.rules.rule import Severity
from schemas.answers_table import answers_frame

_SHORTEST_HASH = 8
_REVIEWED = (Verdict.ACCEPTED, Verdict.TO_APPROVE)


class NotDecidedError(Exception):
    """There is nothing to decide, or what was decided cannot be; the text is the sentence for the user."""


def correct(round_: Round, respondent: str, question: str, value: str, *, by: str, why: str, at: dt.datetime) -> str:
    """Record the answer that somebody gave otherwise than by a file, "" for none; returns the sentence that says so.

    Raises UnknownError, NotConsolidatedError, or NotDecidedError for an answer that cannot be read or breaks a rule.
    """
    code = respondent_named(round_, respondent).code
    named = question_named(round_.instrument, question, round_.working_language)
    entry = Decision(Kind.CORRECT, code, getpass.getuser(), register.time_text(at), why, "", named, value, by)
    _check_answer(round_, entry)
    register.decide(round_, entry)
    return _say(round_, "correct_done", respondent=code, question=named, value=value or "–", by=by)


def resolve(
    round_: Round, respondent: str, question: str, *, take: str, value: str, why: str, at: dt.datetime
) -> str:  # fmt: skip
    """Record which of several answers counts, that of the file `take` or else `value`; returns the sentence.

    Raises UnknownError, NotConsolidatedError, or NotDecidedError where nothing contradicts.
    """
    code, language = respondent_named(round_, respondent).code, round_.working_language
    conflicts = read_results(round_, "conflicts")
    own = conflicts[conflicts["respondent"] == code]
    named = question if question in set(own["question"]) else question_named(round_.instrument, question, language)
    unit = ".".join(unit_of(round_.instrument, named))
    claims = own[own["question"] == unit]
    if claims.empty:
        known = ", ".join(nearest(unit, dict.fromkeys(own["question"]))) or "–"
        raise NotDecidedError(_say(round_, "resolve_no_conflict", respondent=code, question=unit, known=known))
    sha256 = _taken(round_, claims, take) if take else ""
    who, time = getpass.getuser(), register.time_text(at)
    entry = Decision(Kind.RESOLVE, code, who, time, why, sha256, unit if take else named, "" if take else value)
    if not take:
        _check_answer(round_, entry)
    left = _left_open(round_, code, unit, claims) - set(said_by(round_.instrument, entry)) if not take else set()
    register.decide(round_, entry)
    done = _say(round_, "resolve_done", respondent=code, question=unit, taken=take or value)
    if not left:
        return done
    fields = ", ".join(f"{unit.partition('.')[0]}.{field}" for field in sorted(left))
    return f"{done}\n{_say(round_, 'resolve_left', respondent=code, fields=fields)}"


def undo(round_: Round, kind: Kind, respondent: str, question: str, *, why: str, at: dt.datetime) -> str:
    """Record that a correction or resolution is taken back; returns the sentence that says so."""
    code = respondent_named(round_, respondent).code
    found = [entry for entry in register.decisions(round_).of(kind) if entry.respondent == code]
    known = {entry.question: entry for entry in found}
    if question not in known:
        question = next((one for one in known if one.casefold() == question.replace(" ", ".", 1).casefold()), question)
    if question not in known:
        listed = ", ".join(nearest(question, known)) or "–"
        raise NotDecidedError(_say(round_, "decide_nothing_to_undo", respondent=code, question=question, known=listed))
    who, time = getpass.getuser(), register.time_text(at)
    register.decide(round_, Decision(kind, code, who, time, why, question=question, undo=True))
    return _say(round_, "decide_undone", respondent=code, question=question)


def approve(round_: Round, respondent: str, *, why: str, at: dt.datetime) -> str:
    """Record that what a respondent has sent may be published; returns the sentence that says so."""
    code = respondent_named(round_, respondent).code
    returns = read_results(round_, "returns")
    own = returns[(returns["respondent"] == code) & returns["verdict"].isin(_REVIEWED)].sort_values("file")
    if own.empty:
        raise NotDecidedError(_say(round_, "approve_nothing", respondent=code))
    value = " ".join(sorted(own["sha256"]))
    who, time = getpass.getuser(), register.time_text(at)
    register.decide(round_, Decision(Kind.APPROVE, code, who, time, why, value=value))
    return _say(round_, "approve_done", respondent=code, files=", ".join(own["file"]))


def reopen(round_: Round, respondent: str, *, why: str, at: dt.datetime) -> str:
    """Record that what a respondent has sent is not to be published until it is approved again."""
    code = respondent_named(round_, respondent).code
    register.decide(round_, Decision(Kind.REOPEN, code, getpass.getuser(), register.time_text(at), why))
    return _say(round_, "reopen_done", respondent=code)


def question_named(instrument: Instrument, question: str, language: str) -> str:
    """A question as the register has it, `W01a.total`; without a field, the first of its indicator.

    Raises UnknownError with what there is, the nearest first.
    """
    named, _, field = question.replace(" ", ".", 1).partition(".")
    block = indicator_named(instrument, named, language)
    if block in {listed.code for listed in instrument.lists}:
        raise UnknownError(say("summary", "decide_list", language, question=question))
    found = field_named(instrument, block, field, language) if field else instrument.blocks[block].fields[0].code
    return f"{block}.{found}"


def _left_open(round_: Round, respondent: str, unit: str, claims: pd.DataFrame) -> set[str]:
    """The fields of a question in which the files of a conflict differ, and which no decision has settled yet."""
    block, _, code = unit.partition(".")
    asked = {field.code for field in round_.instrument.blocks[block].fields if field.question == code}
    answers = read_results(round_, "answers")
    own = answers[answers["submission"].isin(set(claims["submission"])) & (answers["block"] == block)]
    said: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in own[own["field"].isin(asked)].to_dict("records"):
        said[row["field"]].add(tuple(str(row[name]) for name in ("status", "code", "number", "text", "date")))
    settled = {
        entry.question.partition(".")[2]
        for entry in register.decisions(round_).of(Kind.RESOLVE)
        if entry.respondent == respondent and not entry.sha256 and entry.question.partition(".")[0] == block
    }
    return {field for field, answers_given in said.items() if len(answers_given) > 1} - settled


def _taken(round_: Round, claims: pd.DataFrame, take: str) -> str:
    """The content of the one file of a conflict of that name, or whose hash begins so."""
    is_named = (claims["file"] == take) | (claims["file"].str.rpartition("/")[2] == take)
    if len(take) >= _SHORTEST_HASH:
        is_named |= claims["submission"].str.startswith(take.lower())
    found: Sequence[str] = claims.loc[is_named, "submission"].unique().tolist()
    if len(found) != 1:
        known = ", ".join(nearest(take, claims["file"]))
        raise UnknownError(_say(round_, "resolve_no_file", file=take, known=known))
    return found[0]


def _check_answer(round_: Round, entry: Decision) -> None:
    """Refuse an answer that cannot be read, or that breaks a rule together with the others of its respondent."""
    round_ = with_previous_answers(round_)
    said = said_by(round_.instrument, entry)
    if any(parsed.status is AnswerStatus.UNREADABLE for parsed in said.values()):
        raise NotDecidedError(_say(round_, "decide_unreadable", question=entry.question, value=entry.value))
    answers = read_results(round_, "answers")
    block = entry.question.partition(".")[0]
    own = (answers["respondent"] == entry.respondent) & (answers["outcome"] == Outcome.PUBLISHED)
    replaced = (answers["block"] == block) & answers["field"].isin(list(said))
    before = answers.loc[own & ~replaced, list(COLUMN_NAMES)]
    decided = answers_frame(decided_rows(round_.instrument, [entry]))
    together = pd.concat([before, decided.astype(object)], ignore_index=True).astype({"number": "float64"})
    together["date"] = pd.to_datetime(together["date"])
    layout = Layout.of(round_)
    whole = derive(round_, layout, as_one(together, together.index))
    for found in broken_rules(round_, layout, whole, {}):
        if found.severity is Severity.ERROR and found.file == register.REGISTER:
            language = round_.working_language
            message = f"{found.message_in(language)} {found.remedy_in(language)}"
            raise NotDecidedError(_say(round_, "decide_breaks", question=entry.question, message=message))


def _say(round_: Round, key: str, **values: object) -> str:
    return say("summary", key, round_.working_language, folder=round_.folder, **values)
