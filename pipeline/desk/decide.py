"""Records what a person decides about answers: corrections, settled conflicts, approvals; refuses what cannot be.

It changes no file and publishes nothing; the next consolidation takes the decision into account.
"""

import datetime as dt
import getpass
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pipeline.commands import correct_command
from pipeline.desk.naming import UnknownError, question_named, respondent_named
from pipeline.findings import Finding
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
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.blanks import AnswerStatus
from questionnaire.layout import Layout
from questionnaire.messages import say
from questionnaire.question_names import cell_name, split_name
from questionnaire.rounds.naming import nearest
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome, Verdict
from questionnaire.rules.rule import Severity
from schemas.answers_table import answers_frame

_SHORTEST_HASH = 8
_REVIEWED = (Verdict.ACCEPTED, Verdict.TO_APPROVE)


class NotDecidedError(Exception):
    """There is nothing to decide, or what was decided cannot be; the text is the sentence for the user."""


def correct(
    round_: Round, respondent: str, given: Sequence[tuple[str, str]], *,
    by: str, why: str, at: dt.datetime, file: str = "",
) -> str:  # fmt: skip
    """Record the answers that somebody gave otherwise than by a file, "" for none; returns the sentences that say so.

    `given` has questions with their answers: what belongs together is judged together, and recorded whole or not at
    all. A line of a list is that of one file; where several have one of that number, `file` says of which.
    Raises UnknownError, NotConsolidatedError, or NotDecidedError for an answer that cannot be read or breaks a rule.
    """
    code = respondent_named(round_, respondent).code
    answers = read_results(round_, "answers")
    own = answers[answers["respondent"] == code]
    entries: list[Decision] = []
    done = []
    for question, value in given:
        named = question_named(round_.instrument, question, round_.working_language)
        before, sha256 = _answer_there(round_, own, named, file)
        who, time = getpass.getuser(), register.time_text(at)
        entry = Decision(Kind.CORRECT, code, who, time, why, sha256, named, value, by)
        if entry.about in {other.about for other in entries}:
            raise NotDecidedError(_say(round_, "decide_twice", question=named))
        entries.append(entry)
        values = {"question": named, "value": value or "–", "before": before or "–", "by": by}
        done.append(_say(round_, "correct_done", respondent=code, **values))
    _check_answers(round_, entries, answers)
    register.decide(round_, *entries)
    return "\n".join([*done, _say(round_, "decide_recorded")])


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
        _check_answers(round_, [entry], read_results(round_, "answers"))
    left = _left_open(round_, code, unit, claims) - set(said_by(round_.instrument, entry)) if not take else set()
    register.decide(round_, entry)
    done = _say(round_, "resolve_done", respondent=code, question=unit, taken=take or value)
    if not left:
        return done
    block, _ = unit_of(round_.instrument, named)
    fields = ", ".join(f"{block}.{field}" for field in sorted(left))
    return f"{done}\n{_say(round_, 'resolve_left', respondent=code, fields=fields)}"


def undo(round_: Round, kind: Kind, respondent: str, *questions: str, why: str, at: dt.datetime) -> str:
    """Record that corrections or resolutions are taken back; returns the sentences that say so."""
    code = respondent_named(round_, respondent).code
    found = [entry for entry in register.decisions(round_).of(kind) if entry.respondent == code]
    known = {entry.question: entry for entry in found}
    undone = []
    for question in questions:
        typed = _as_typed(round_, question)
        named = question if question in known else next((one for one in known if _as_typed(round_, one) == typed), "")
        if not named:
            values = {"question": question, "known": ", ".join(nearest(question, known)) or "–"}
            raise NotDecidedError(_say(round_, "decide_nothing_to_undo", respondent=code, **values))
        who, time = getpass.getuser(), register.time_text(at)
        file = known[named].sha256 if kind is Kind.CORRECT else ""
        undone.append(Decision(kind, code, who, time, why, file, named, undo=True))
    register.decide(round_, *undone)
    said = [_say(round_, "decide_undone", respondent=code, question=entry.question) for entry in undone]
    return "\n".join([*said, _say(round_, "decide_recorded")])


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


def _check_answers(round_: Round, entries: Sequence[Decision], answers: pd.DataFrame) -> None:
    """Refuse answers that cannot be read, or after which a rule is broken that was not before, wherever it stands."""
    round_ = with_previous_answers(round_)
    instrument, layout = round_.instrument, Layout.of(round_)
    own = answers[(answers["respondent"] == entries[0].respondent) & (answers["outcome"] == Outcome.PUBLISHED)]
    own = own.assign(**{OWNER: _owners(round_, own["submission"])})
    replaced = pd.Series(data=False, index=own.index)
    for entry in entries:
        said = said_by(instrument, entry)
        if any(parsed.status is AnswerStatus.UNREADABLE for parsed in said.values()):
            raise NotDecidedError(_say(round_, "decide_unreadable", question=entry.question, value=entry.value))
        block, line, _ = asked_in(instrument, entry.question)
        same = (own["block"] == block) & (own["line"] == line) & own["field"].isin(list(said))
        replaced |= (same & (own[OWNER] == entry.sha256)) if entry.sha256 else same
    after = len(register.decisions(round_).rows)
    numbered = [replace(entry, number=after + place) for place, entry in enumerate(entries, 1)]
    lines = lines_of_files(instrument, answers, entries)
    decided = answers_frame(decided_rows(instrument, numbered, lines)).astype(object)
    owners = {source_of(entry): entry.sha256 for entry in numbered if entry.sha256}
    decided[OWNER] = decided["submission"].replace(owners)
    kept = own[[*COLUMN_NAMES, OWNER]]
    together = pd.concat([kept[~replaced], decided], ignore_index=True)
    if found := _errors(round_, layout, together):
        known = {_place(broken) for broken in _errors(round_, layout, kept)}
        if new := [broken for broken in found if _place(broken) not in known]:
            raise NotDecidedError(_breaks(round_, entries, new, together))


def _errors(round_: Round, layout: Layout, rows: pd.DataFrame) -> list[Finding]:
    """The rules that must hold and that answers break, taken as one submission."""
    if rows.empty:
        return []
    rows = rows.reset_index(drop=True).astype({"number": "float64"})
    rows["date"] = pd.to_datetime(rows["date"])
    whole = derive(round_, layout, as_one(round_.instrument, rows, rows.index))
    broken = broken_rules(round_, layout, whole, {})
    # What an older edition did not ask has no cell, and is not missed there.
    return [found for found in broken if found.severity is Severity.ERROR and found.cell]


def _place(found: Finding) -> tuple[str, ...]:
    return found.code, found.indicator, found.field, found.file, found.sheet, found.cell


def _breaks(round_: Round, entries: Sequence[Decision], broken: Sequence[Finding], rows: pd.DataFrame) -> str:
    """The sentences that say which rules would be broken, in which cells, and how to correct these too."""
    # Of a multiple choice that a decision answers, the first row is that of the question.
    at = rows[::-1][["file", "sheet", "cell"]]
    cells = dict(zip(at.itertuples(index=False, name=None), at.index, strict=True))
    language = round_.working_language
    said, more = [], dict[str, str]()
    for found in broken:
        row = rows.loc[cells[found.file, found.sheet, found.cell]]
        name = cell_name(round_.instrument, str(row["block"]), int(row["line"]), str(row["field"]))
        where = "" if found.file == register.REGISTER else f", {found.sheet} {found.cell}"
        message = f"{found.message_in(language)} {found.remedy_in(language)}"
        values = {"question": name, "value": found.value or "–", "where": where, "rule": found.code}
        said.append(_say(round_, "decide_broken", message=message, **values))
        more[name] = "…"
    given = {entry.question: entry.value for entry in entries}
    command = correct_command(round_, entries[0].respondent, {**more, **given})
    questions = ", ".join(given)
    return "\n".join(
        [_say(round_, "decide_breaks", question=questions), *said, _say(round_, "decide_together", command=command)]
    )


def _owners(round_: Round, submissions: "pd.Series[str]") -> "pd.Series[str]":
    """The file whose line each row is part of: that of the line which a decision corrects, else its own."""
    decided = {source_of(entry): entry.sha256 for entry in register.decisions(round_).rows if amends_a_line(entry)}
    return submissions.replace(decided)


def _say(round_: Round, key: str, **values: object) -> str:
    return say("summary", key, round_.working_language, folder=round_.folder, **values)
