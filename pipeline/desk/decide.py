"""Records what a person decides about answers: corrections, settled conflicts, approvals; refuses what cannot be.

It changes no file and publishes nothing; the next consolidation takes the decision into account.
"""

import datetime as dt
import getpass
from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from pipeline.desk.naming import UnknownError, question_named, respondent_named
from pipeline.merging.claims import is_of_list, question_of
from pipeline.merging.rulings import (
    amends_a_line,
    asked_in,
    decided_rows,
    lines_of_files,
    said_by,
    source_of,
    unit_of,
)
from pipeline.merging.whole import OWNER, as_one, broken_rules, derive
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.publication.results import read_results
from pipeline.reading.computed import WORKED_OUT
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Layout
from questionnaire.messages import say
from questionnaire.question_names import split_name
from questionnaire.rounds.naming import nearest
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome, Verdict
from questionnaire.rules.rule import Severity
from schemas.answers_table import answers_frame

_SHORTEST_HASH = 8
_REVIEWED = (Verdict.ACCEPTED, Verdict.TO_APPROVE)


class NotDecidedError(Exception):
    """There is nothing to decide, or what was decided cannot be; the text is the sentence for the user."""


def correct(  # noqa: PLR0913  one per option
    round_: Round, respondent: str, question: str, value: str, *, by: str, why: str, at: dt.datetime, file: str = ""
) -> str:
    """Record the answer that somebody gave otherwise than by a file, "" for none; returns the sentence that says so.

    A line of a list is that of one file; where several have one of that number, `file` says of which.
    Raises UnknownError, NotConsolidatedError, or NotDecidedError for an answer that cannot be read or breaks a rule.
    """
    code = respondent_named(round_, respondent).code
    named = question_named(round_.instrument, question, round_.working_language)
    answers = read_results(round_, "answers")
    before, sha256 = _answer_there(round_, answers[answers["respondent"] == code], named, file)
    entry = Decision(Kind.CORRECT, code, getpass.getuser(), register.time_text(at), why, sha256, named, value, by)
    _check_answer(round_, entry, answers)
    register.decide(round_, entry)
    values = {"question": named, "value": value or "–", "before": before or "–", "by": by}
    return _say(round_, "correct_done", respondent=code, **values)


def _answer_there(round_: Round, own: pd.DataFrame, named: str, file: str) -> tuple[str, str]:
    """What was answered so far, as typed, and of a line of a list also the file that has it, by its SHA-256."""
    block, line, field = asked_in(round_.instrument, named)
    in_list = is_of_list(round_.instrument, (block, field))
    sha256 = _file_of_line(round_, own, named, file) if in_list else ""
    there = own[(own["block"] == block) & (own["line"] == line) & (own["field"] == field)]
    if sha256:
        there = there[_owners(round_, there["submission"]) == sha256]
    counts = there[there["outcome"] == Outcome.PUBLISHED]
    typed = (there if counts.empty else counts)[["raw", "if_none"]].to_numpy().tolist()
    return (str(typed[0][0] or typed[0][1]) if typed else ""), sha256


def _file_of_line(round_: Round, own: pd.DataFrame, named: str, file: str) -> str:
    """The file that a line of a list is of: the one whose line counts, else the only one that has it.

    Raises UnknownError where no file has the line, or several have and none of them is named, and for the indicator.
    """
    block, line, field = asked_in(round_.instrument, named)
    indicator = next(listed.indicator_field for listed in round_.instrument.lists if listed.code == block)
    if field == indicator:
        raise UnknownError(_say(round_, "correct_no_indicator", question=named))
    every = own[(own["block"] == block) & (own["field"] == indicator)]
    lines = every[every["line"] == line]
    if file:
        lines = lines[(lines["file"] == file) | (lines["file"].str.rpartition("/")[2] == file)]
    counts = lines[lines["outcome"] == Outcome.PUBLISHED]
    found: list[str] = (lines if counts.empty else counts)["submission"].unique().tolist()
    if len(found) != 1:
        known = ", ".join(sorted(f"{block}[{row['line']}] {row['file']}" for row in every.to_dict("records"))) or "–"
        raise UnknownError(_say(round_, "correct_which_line", question=named, known=known))
    return found[0]


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
    unit = question_of(unit_of(round_.instrument, named))
    claims = own[own["question"] == unit]
    if claims.empty:
        known = ", ".join(nearest(unit, dict.fromkeys(own["question"]))) or "–"
        raise NotDecidedError(_say(round_, "resolve_no_conflict", respondent=code, question=unit, known=known))
    if not take and is_of_list(round_.instrument, unit_of(round_.instrument, named)):
        raise NotDecidedError(_say(round_, "resolve_list", question=unit))
    sha256 = _taken(round_, claims, take) if take else ""
    who, time = getpass.getuser(), register.time_text(at)
    entry = Decision(Kind.RESOLVE, code, who, time, why, sha256, unit if take else named, "" if take else value)
    if not take:
        _check_answer(round_, entry, read_results(round_, "answers"))
    left = _left_open(round_, code, unit, claims) - set(said_by(round_.instrument, entry)) if not take else set()
    register.decide(round_, entry)
    done = _say(round_, "resolve_done", respondent=code, question=unit, taken=take or value)
    if not left:
        return done
    block, _ = unit_of(round_.instrument, named)
    fields = ", ".join(f"{block}.{field}" for field in sorted(left))
    return f"{done}\n{_say(round_, 'resolve_left', respondent=code, fields=fields)}"


def undo(round_: Round, kind: Kind, respondent: str, question: str, *, why: str, at: dt.datetime) -> str:
    """Record that a correction or resolution is taken back; returns the sentence that says so."""
    code = respondent_named(round_, respondent).code
    found = [entry for entry in register.decisions(round_).of(kind) if entry.respondent == code]
    known = {entry.question: entry for entry in found}
    if question not in known:
        typed = _as_typed(round_, question)
        question = next((one for one in known if _as_typed(round_, one) == typed), question)
    if question not in known:
        listed = ", ".join(nearest(question, known)) or "–"
        raise NotDecidedError(_say(round_, "decide_nothing_to_undo", respondent=code, question=question, known=listed))
    who, time = getpass.getuser(), register.time_text(at)
    file = known[question].sha256 if kind is Kind.CORRECT else ""
    register.decide(round_, Decision(kind, code, who, time, why, file, question, undo=True))
    return _say(round_, "decide_undone", respondent=code, question=question)


def _as_typed(round_: Round, question: str) -> str:
    """A question without what people may leave out or write otherwise."""
    return str(split_name(question, round_.instrument.blocks) or question).casefold()


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


def _left_open(round_: Round, respondent: str, unit: str, claims: pd.DataFrame) -> set[str]:
    """The fields of a question in which the files of a conflict differ, and which no decision has settled yet."""
    name = split_name(unit, round_.instrument.blocks)
    if name is None or name.place:
        return set()  # a cell of a table is one field
    block, code = name.block, name.field
    asked = {field.code for field in round_.instrument.blocks[block].fields if field.question == code}
    answers = read_results(round_, "answers")
    own = answers[answers["submission"].isin(set(claims["submission"])) & (answers["block"] == block)]
    said: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in own[own["field"].isin(asked)].to_dict("records"):
        said[row["field"]].add(tuple(str(row[name]) for name in ("status", "code", "number", "text", "date")))
    decided = (
        split_name(entry.question, round_.instrument.blocks)
        for entry in register.decisions(round_).of(Kind.RESOLVE)
        if entry.respondent == respondent and not entry.sha256
    )
    settled = {found.field for found in decided if found is not None and found.block == block}
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


def _check_answer(round_: Round, entry: Decision, answers: pd.DataFrame) -> None:
    """Refuse an answer that cannot be read, or that breaks a rule together with the others of its respondent."""
    round_ = with_previous_answers(round_)
    said = said_by(round_.instrument, entry)
    if any(parsed.status is AnswerStatus.UNREADABLE for parsed in said.values()):
        raise NotDecidedError(_say(round_, "decide_unreadable", question=entry.question, value=entry.value))
    instrument = round_.instrument
    block, line, _ = asked_in(instrument, entry.question)
    own = answers[(answers["respondent"] == entry.respondent) & (answers["outcome"] == Outcome.PUBLISHED)]
    own = own.assign(**{OWNER: _owners(round_, own["submission"])})
    replaced = (own["block"] == block) & (own["line"] == line) & own["field"].isin(list(said))
    if entry.sha256:
        replaced &= own[OWNER] == entry.sha256
    before = own.loc[~replaced, [*COLUMN_NAMES, OWNER]]
    lines = lines_of_files(instrument, answers, [entry])
    decided = answers_frame(decided_rows(instrument, [entry], lines)).astype(object)
    decided[OWNER] = entry.sha256 or decided["submission"]
    together = pd.concat([before, decided], ignore_index=True).astype({"number": "float64"})
    together["date"] = pd.to_datetime(together["date"])
    layout = Layout.of(round_)
    whole = derive(round_, layout, as_one(instrument, together, together.index))
    follows = whole[whole["parsed_by"].astype("str").isin(WORKED_OUT)]
    worked_out = set(zip(follows["sheet"].astype("str"), follows["cell"].astype("str"), strict=True))
    for found in broken_rules(round_, layout, whole, {}):
        is_ours = found.file == register.REGISTER or (found.sheet, found.cell) in worked_out
        if found.severity is Severity.ERROR and is_ours:
            language = round_.working_language
            message = f"{found.message_in(language)} {found.remedy_in(language)}"
            raise NotDecidedError(_say(round_, "decide_breaks", question=entry.question, message=message))


def _owners(round_: Round, submissions: "pd.Series[str]") -> "pd.Series[str]":
    """The file whose line each row is part of: that of the line which a decision corrects, else its own."""
    decided = {source_of(entry): entry.sha256 for entry in register.decisions(round_).rows if amends_a_line(entry)}
    return submissions.replace(decided)


def _say(round_: Round, key: str, **values: object) -> str:
    return say("summary", key, round_.working_language, folder=round_.folder, **values)
