"""Accepts a return that was held: finds the file, refuses what cannot be accepted, and has the register note it.

It changes no file and publishes nothing; the next consolidation takes the acceptance into account.
"""

import datetime as dt
import getpass
from collections.abc import Sequence
from dataclasses import replace

from pipeline.desk.naming import UnknownError, respondent_named
from pipeline.merging.verdicts import own_judgement
from pipeline.receiving import register
from pipeline.receiving.decision import Decision, Kind
from pipeline.receiving.receive import receive
from pipeline.receiving.received import ReceivedFile
from pipeline.validation.batch import read_batch
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict

_SHORTEST_HASH = 8


class UnknownFileError(UnknownError):
    """A file that the round does not have; the text is the sentence for the user."""


class NotAcceptedError(Exception):
    """There is nothing to accept or to take back; the text is the sentence for the user."""


def accept(round_: Round, file: str, respondent: str, why: str, at: dt.datetime, slice_: str = "") -> str:
    """Record that a held file is a respondent's; returns the sentence that says so.

    `file` is its name, its path, or the beginning of its SHA-256; `slice_` is the part of the questionnaire that it is,
    "" for the whole or where the file says so itself. Raises UnknownError or NotAcceptedError.
    """
    entry = respondent_named(round_, respondent)
    named = f"{in_language(entry.name, round_.working_language)} ({entry.code})"
    if not entry.participates:
        raise NotAcceptedError(_say(round_, "accept_not_participating", respondent=named))
    if slice_ and round_.slice_of(entry.code, slice_) is None:
        known = ", ".join(part.code for part in round_.slices_of(entry.code)) or "—"
        raise UnknownFileError(_say(round_, "accept_no_slice", slice=slice_, respondent=named, known=known))
    files = receive(round_)
    found = _find(round_, files, file)
    _check_held(round_, found, slice_)
    _record(round_, files, Decision(Kind.ACCEPT, entry.code, "", "", why, found.sha256, value=slice_), at)
    return _say(
        round_, "accept_done_slice" if slice_ else "accept_done", file=found.name, respondent=named, slice=slice_
    )


def undo(round_: Round, file: str, why: str, at: dt.datetime) -> str:
    """Record that an acceptance is taken back; returns the sentence that says so. Raises as `accept` does."""
    files = receive(round_)
    found = _find(round_, files, file)
    before = register.acceptances(round_).get(found.sha256)
    if before is None:
        raise NotAcceptedError(_say(round_, "accept_nothing_to_undo", file=found.name))
    _record(round_, files, Decision(Kind.ACCEPT, before.respondent, "", "", why, found.sha256, undo=True), at)
    return _say(round_, "accept_undone", file=found.name, respondent=before.respondent)


def _record(round_: Round, files: Sequence[ReceivedFile], entry: Decision, at: dt.datetime) -> None:
    register.record(round_, files, at)
    register.decide(round_, replace(entry, who=getpass.getuser(), at=register.time_text(at)))


def _find(round_: Round, files: Sequence[ReceivedFile], wanted: str) -> ReceivedFile:
    """The one file of that name, of that path in the folder of returns, or of a content whose hash begins so."""
    named = [file for file in files if file.name == wanted]
    named = named or [file for file in files if _is_at(round_, file, wanted)]
    hashed = [file for file in files if len(wanted) >= _SHORTEST_HASH and file.sha256.startswith(wanted.lower())]
    found = {file.sha256: file for file in named or hashed if file.sha256}
    if not found:
        raise UnknownFileError(_say(round_, "accept_no_file", file=wanted))
    if len(found) > 1:
        names = ", ".join(sorted(file.name for file in found.values()))
        raise UnknownFileError(_say(round_, "accept_several_files", file=wanted, found=names))
    return next(iter(found.values()))


def _is_at(round_: Round, file: ReceivedFile, wanted: str) -> bool:
    folder = round_.returns
    return wanted in (str(folder / file.name), str(folder.resolve() / file.name), file.name.rpartition("/")[2])


def _check_held(round_: Round, file: ReceivedFile, slice_: str) -> None:
    """Refuse a file that is not held, or says itself that it is another part than `slice_`.

    One accepted before may be accepted again, as another's.
    """
    single = replace(file, same_as="", accepted=None)
    batch = read_batch(round_, [single])
    own = [found for found in batch.findings if found.submission == single.sha256]
    judgement = own_judgement(own)
    if single.sha256 not in batch.submissions or judgement.verdict is Verdict.NOT_USABLE:
        decisive = file.refusal or judgement.reason
        words = next(found.message_in(round_.working_language) for found in own if found.code in decisive.split())
        raise NotAcceptedError(_say(round_, "accept_not_usable", file=file.name, reason=words))
    read = batch.submissions[single.sha256]
    if judgement.verdict is not Verdict.UNVERIFIED:
        raise NotAcceptedError(_say(round_, "accept_not_held", file=file.name))
    if slice_ and read.identity is not None and read.identity.slice != slice_:
        raise NotAcceptedError(_say(round_, "accept_other_slice", file=file.name, slice=read.identity.slice or "—"))


def _say(round_: Round, key: str, **values: object) -> str:
    places = {"folder": round_.folder, "returns": round_.returns}
    return say("summary", key, round_.working_language, **places, **values)
