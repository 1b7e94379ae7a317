"""Finds who is written to: to each respondent the letter that fits what came of its returns, with what goes along."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.desk import questionnaires
from pipeline.desk.deadlines import corrections_after, extensions
from pipeline.feedback.feedback import Feedback, age, due, write_feedback
from pipeline.follow_up.cases import missing_parts, owed
from pipeline.follow_up.differences import Comparison, change_line, newest_changes
from pipeline.letters.letter import Letter
from pipeline.letters.wording import Letters
from pipeline.mail.message import Message
from pipeline.publication.results import NotConsolidatedError, read_results, read_rows
from pipeline.reading.attribution.senders import sent_by
from pipeline.receiving.receive import files_in, printable
from questionnaire.messages import in_language, say
from questionnaire.rounds.contacts import Role, is_address, recipients
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.standings import IN_PART, NO_RETURN, PUBLISHED, Verdict
from questionnaire.rules.rule import Severity
from questionnaire.tables import DeclarationError

WHAT = ("invitation", "reminder", "receipt", "feedback", "thanks")

_INSTEAD = {
    str(Verdict.UNVERIFIED): "held",
    str(Verdict.NOT_USABLE): "unusable",
    str(Verdict.UNREADABLE_IN_PART): "unreadable",
}
"""The letter about a file that cannot be taken as it is; no reminder goes to who sent one."""

_GIVEN_BACK = (str(Verdict.TO_CORRECT), str(Verdict.TO_COMPLETE))
_BLOCKER = ("submission", "severity", "language", "message_to_respondent", "remedy_to_respondent")
_NO_RECEIPT = (str(Verdict.NOT_A_RETURN), str(Verdict.DUPLICATE), str(Verdict.SUPERSEDED))

Row = Mapping[str, Any]


class NotCurrentError(Exception):
    """There are returns that the last consolidation has not seen: who owes what is not known."""


class Outbox:
    """The letters of a round as it stands on a day."""

    def __init__(self, round_: Round, today: dt.date) -> None:
        """Raises NotConsolidatedError or NotCurrentError where it is not known what came."""
        _check_sender(round_)
        self._round, self._today, self._letters = round_, today, Letters(round_)
        self._returns, self._chosen = _returns(round_), frozenset(entry.code for entry in round_.participants)

    def messages(self, what: str, respondents: Collection[str] = ()) -> list[Message]:
        """The messages of one of WHAT, to some respondents or to all, in the order of the frame."""
        write = {
            "invitation": self._invitation,
            "reminder": self._reminder,
            "receipt": self._receipts,
            "feedback": self._feedback,
            "thanks": self._thanks,
        }[what]
        if respondents:
            self._chosen = frozenset(respondents)
        chosen = [entry for entry in self._round.participants if entry.code in self._chosen]
        return [message for respondent in chosen for message in write(respondent)]

    # --- one letter each ------------------------------------------------------------------------------------

    def _invitation(self, respondent: Respondent) -> Iterator[Message]:
        about = self._round.instrument.fingerprint[:16]
        yield self._message("invitation", respondent, about, attachments=self._questionnaires(respondent))

    def _reminder(self, respondent: Respondent) -> Iterator[Message]:
        """What is owed: a questionnaire, the rest of it, corrections, or a file that can be taken."""
        own = self._of(respondent)
        owes = self._standing(respondent)
        deadline = self._deadline(respondent)
        parts = missing_parts(self._round, respondent.code, own)
        if owes in _INSTEAD:
            yield self._about_file(_INSTEAD[owes], respondent, _last(own, owes))
        elif owes in _GIVEN_BACK or (owes in PUBLISHED and self._is_given_back(respondent)):
            yield from self._feedback(respondent, f" {self._today}")
        elif owes == NO_RETURN or (owes == IN_PART and parts):
            days = (deadline - self._today).days
            kind = "parts" if owes != NO_RETURN else "reminder" if days >= 0 else "overdue"
            sent = self._questionnaires(respondent) if owes == NO_RETURN else ()
            said = {"deadline": deadline, "days": max(days, 0), "parts": self._titles(respondent, parts)}
            yield self._message(kind, respondent, f"{deadline} {self._today}", sent, **said)

    def _receipts(self, respondent: Respondent) -> Iterator[Message]:
        for row in self._of(respondent):
            if row["verdict"] not in _NO_RECEIPT:
                yield self._about_file(_INSTEAD.get(str(row["verdict"]), "receipt"), respondent, row)

    def _feedback(self, respondent: Respondent, day: str = "") -> Iterator[Message]:
        for entry in self._given_back.get(respondent.code, ()):
            yield self._addressed("feedback", respondent, entry.due.sha256 + day, entry.letter, (entry.workbook,))

    def _thanks(self, respondent: Respondent) -> Iterator[Message]:
        """Once all is there and nothing is left to ask."""
        is_settled = respondent.code not in self._contradicted and not self._is_given_back(respondent)
        if self._standing(respondent) == Verdict.ACCEPTED and is_settled:
            yield self._about_file("thanks", respondent, _last(self._of(respondent), str(Verdict.ACCEPTED)))

    def _is_given_back(self, respondent: Respondent) -> bool:
        return any(row["verdict"] in _GIVEN_BACK for row in self._of(respondent))

    def _standing(self, respondent: Respondent) -> str:
        return owed(self._round, respondent.code, self._of(respondent))

    @cached_property
    def _contradicted(self) -> frozenset[str]:
        """The respondents whose files contradict each other."""
        return frozenset(str(row["respondent"]) for row in read_rows(self._round, "conflicts", ("respondent",)))

    @cached_property
    def _changes(self) -> Mapping[str, Comparison]:
        return newest_changes(self._round)

    def _titles(self, respondent: Respondent, parts: Collection[str]) -> str:
        language = self._letters.language(respondent)
        return ", ".join(
            in_language(part.title, language) or part.code
            for part in self._round.slices_of(respondent.code)
            if part.code in parts
        )

    @cached_property
    def _given_back(self) -> Mapping[str, list[Feedback]]:
        """What is written to be corrected, by respondent; all at once, when the first is asked for."""
        by_code: dict[str, list[Feedback]] = defaultdict(list)
        for entry in write_feedback(self._round, due(self._round, self._chosen)):
            by_code[entry.due.respondent.code].append(entry)
        return by_code

    # --- what they have in common ---------------------------------------------------------------------------

    def _about_file(self, kind: str, respondent: Respondent, row: Row) -> Message:
        sent = self._questionnaires(respondent) if kind == "unusable" else ()
        # The folders of a name are those of mails and archives, whosever they are.
        file = str(row["file"]).rpartition("/")[2]
        said = {"file": file, "answers": int(row["answers"]), "points": self._said(row, respondent)}
        if kind == "receipt":
            said["changes"] = self._changed(row, respondent)
        return self._message(kind, respondent, str(row["sha256"]), sent, **said)

    def _said(self, row: Row, respondent: Respondent) -> str:
        """What was found in a file that cannot be used, in the words of the respondent."""
        if row["verdict"] != Verdict.NOT_USABLE:
            return ""
        language = self._letters.language(respondent)
        return "\n".join(
            f"    {found['message_to_respondent']} {found['remedy_to_respondent']}"
            for found in self._blockers.get(row["sha256"], ())
            if found["language"] == language
        )

    @cached_property
    def _blockers(self) -> Mapping[str, list[Row]]:
        """What makes files unusable, by their hashes."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in read_rows(self._round, "findings", _BLOCKER):
            if row["severity"] == str(Severity.BLOCKER):
                found[row["submission"]].append(row)
        return found

    def _changed(self, row: Row, respondent: Respondent) -> str:
        """What a file changed since the one before, in the words of the respondent; "" for a first one."""
        compared = self._changes.get(respondent.code)
        if compared is None or compared.later != row["file"]:
            return ""
        language = self._letters.language(respondent)
        line = change_line(self._round, replace(compared, earlier=compared.earlier.rpartition("/")[2]), language)
        return f" {say('letters', 'changed_since', language, line=line)}"

    def _message(
        self, kind: str, respondent: Respondent, about: str, attachments: tuple[Path, ...] = (), **values: object
    ) -> Message:
        deadline = self._deadline(respondent)
        known = {"deadline": deadline, "correct_by": corrections_after(self._round, deadline), **values}
        return self._addressed(kind, respondent, about, self._letters.write(kind, respondent, **known), attachments)

    def _addressed(
        self, kind: str, respondent: Respondent, about: str, letter: Letter, attachments: tuple[Path, ...]
    ) -> Message:
        own = self._round.contacts_of(respondent.code)
        to, copies = (recipients(own, respondent.code, role) for role in (Role.TO, Role.COPY))
        return Message(self._round, kind, respondent, about, letter, to, copies, attachments)

    def _deadline(self, respondent: Respondent) -> dt.date:
        return self._extensions.get(respondent.code, self._round.return_by)

    @cached_property
    def _extensions(self) -> Mapping[str, dt.date]:
        return extensions(self._round)

    def _of(self, respondent: Respondent) -> list[Row]:
        """The files of a respondent, and those of nobody that came from an address of its own; newest last."""
        return self._by_respondent.get(respondent.code, [])

    @cached_property
    def _by_respondent(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._returns:
            found[self._whose(row)].append(row)
        return found

    def _whose(self, row: Row) -> str:
        if row["respondent"]:
            return str(row["respondent"])
        senders = sent_by(str(row["sender"]), self._round.participants) if row["sender"] else ()
        return senders[0] if len(senders) == 1 else ""

    def _questionnaires(self, respondent: Respondent) -> tuple[Path, ...]:
        """The questionnaires written for a respondent, the whole and its parts."""
        return tuple(path for path in self._written.get(respondent.code, ()) if path.is_file())

    @cached_property
    def _written(self) -> Mapping[str, list[Path]]:
        folder = questionnaires.folder(self._round)
        found: dict[str, list[Path]] = defaultdict(list)
        for row in questionnaires.written(self._round):
            found[row["respondent"]].append(folder / Path(row["file"]).name)
        return found


def _check_sender(round_: Round) -> None:
    if not is_address(round_.contact_email):
        what = f"“{round_.contact_email}” is no address that letters can come from"
        raise DeclarationError("round.toml, key contact.email", what, "Write one such as name@example.org")


def _returns(round_: Round) -> list[Row]:
    there = {printable(path.relative_to(round_.returns).as_posix()) for path in files_in(round_.returns)}
    try:
        rows: list[Row] = [*read_results(round_, "returns").to_dict("records")]  # type: ignore[list-item]
    except NotConsolidatedError:
        if there:
            raise
        return []
    known = {str(row["file"]) for row in rows} | {str(row["container"]) for row in rows}
    if there - known:
        raise NotCurrentError
    return sorted(rows, key=age)


def _last(rows: list[Row], verdict: str) -> Row:
    return next(row for row in reversed(rows) if row["verdict"] == verdict)
