"""The commands of the secretariat's correspondence: feedback, letters by e-mail, returns from a mailbox."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pipeline.cli.speaking import ROUND, fail, open_round, progress, shown_path
from pipeline.safe_text import on_one_line
from questionnaire.messages import say
from questionnaire.rounds.contacts import CONTACTS
from questionnaire.rounds.round import Round

if TYPE_CHECKING:
    from pipeline.mail.message import Message
    from pipeline.mail.sending import Sent

CATALOGUE = "correspondence"


@contextmanager
def _consolidated(round_: Round) -> Iterator[None]:
    """End the command with its sentence where nothing was consolidated yet."""
    from pipeline.publication.results import NotConsolidatedError

    try:
        yield
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))


@click.command()
@ROUND
@click.argument("respondents", metavar="[RESPONDENT]...", nargs=-1)
def feedback(round_folder: Path, respondents: tuple[str, ...]) -> None:
    """Give returns of ROUND back that are to be corrected or completed: a workbook and a letter for each.

    They go to outputs/<round>/feedback. Each workbook is today's questionnaire in the respondent's language with its
    own answers in place; its first sheet lists every point with a link to the cell, which stays coloured as long as it
    says the same. It is signed, so that it can come straight back. The letter, as text and as a page, says the same.

    RESPONDENT, a code or a name, limits it to some. What stood there before is replaced.
    """
    from pipeline.feedback import feedback as giving_back

    round_ = open_round(round_folder)
    with _consolidated(round_):
        due = giving_back.due(round_, _codes(round_, respondents))
        written = giving_back.write_feedback(round_, due)
    for entry in written:
        of = {"respondent": entry.due.respondent.code, "file": entry.due.file["file"]}
        _say(round_, "feedback_line", **of, points=entry.points)
        if entry.without_room:
            _say(round_, "feedback_without_room", **of, count=entry.without_room)
    if written:
        _say(round_, "feedback_written", count=len(written), folder=shown_path(giving_back.folder(round_)))
    else:
        _say(round_, "feedback_none")


def _say(round_: Round, key: str, **values: object) -> None:
    click.echo(on_one_line(say(CATALOGUE, key, round_.working_language, **values)))


def _codes(round_: Round, names: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of respondents named by code, name or alias; the command ends for one that does not take part."""
    from pipeline.desk.naming import UnknownError, respondent_named

    codes = []
    for name in names:
        try:
            found = respondent_named(round_, name)
        except UnknownError as error:
            fail(str(error), 2)
        if not found.participates:
            fail(say(CATALOGUE, "respondent_not_asked", round_.working_language, name=on_one_line(name)), 2)
        codes.append(found.code)
    return tuple(dict.fromkeys(codes))


@click.command()
@ROUND
@click.argument("respondents", metavar="[RESPONDENT]...", nargs=-1)
@click.option(
    "--what",
    type=click.Choice(["invitation", "reminder", "receipt", "feedback", "thanks"]),
    required=True,
    help="Which letters.",
)
@click.option("--send", is_flag=True, help="Send them by the server that [mail] of round.toml names.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written or sent, and to whom.")
@click.option("--again", is_flag=True, help="With --send: also what may have left, as nobody knows.")
def mail(round_folder: Path, respondents: tuple[str, ...], what: str, send: bool, dry_run: bool, again: bool) -> None:
    """Write letters to the respondents of ROUND as drafts, or send them.

    The drafts go to outputs/<round>/letters/<what>: an .eml file each, which every mail program opens, with what is
    attached; letters.csv lists them for a mail merge. Addresses and salutations stand in ROUND/contacts.csv, the server
    in [mail] of ROUND/round.toml, its password in the environment variable ACOPIO_SMTP_PASSWORD alone. Letters of your
    own stand in ROUND/letters/<letter>.<language>.txt.

    invitation: the questionnaire. reminder: to those who owe something; before the deadline and after it in other
    words; who sent a file that is held, cannot be used or read, or is to be corrected gets a letter about that.
    receipt: for each file that came. feedback: the workbook to correct. thanks: to whose return is accepted.

    With --send, each letter goes out once: a reminder once a day, all others once for the file that they are about.
    What became of it stands in ROUND/register.sqlite; the same command goes on where it was stopped. RESPONDENT,
    a code or a name, limits it to some.

    Exit code 1 if a letter has no address, was refused, or may or may not have left.
    """
    from pipeline.mail import drafts
    from pipeline.mail.outbox import NotCurrentError, Outbox

    round_ = open_round(round_folder)
    codes = _codes(round_, respondents)
    with _consolidated(round_):
        try:
            messages = Outbox(round_, dt.datetime.now().astimezone().date()).messages(what, codes)
        except NotCurrentError:
            fail(say("summary", "returns_changed", round_.working_language))
    if not messages:
        _say(round_, "mail_nobody")
        return
    if without := [entry.respondent.code for entry in messages if what == "invitation" and not entry.attachments]:
        _no_questionnaires(round_, without)
    if send:
        _send(round_, messages, again, dry_run)
        return
    for message in messages:
        if not message.to:
            _no_address(round_, message)
    if dry_run:
        for message in messages:
            if message.to:
                _line(round_, message, "would_send")
        return
    drafts.write_drafts(round_, what, messages, whole=not codes)
    folder = shown_path(drafts.folder(round_, what))
    _say(round_, "mail_drafted", count=len(messages), folder=folder, table=drafts.TABLE)
    raise SystemExit(0 if all(message.to for message in messages) else 1)


def _line(round_: Round, message: "Message", state: str) -> None:
    said = say(CATALOGUE, f"mail_state_{state}", round_.working_language)
    of = {"respondent": message.respondent.code, "subject": message.letter.subject}
    _say(round_, "mail_line", state=said, **of, addresses=", ".join(message.addresses))


def _no_questionnaires(round_: Round, without: "Sequence[str]") -> NoReturn:
    """End the command: an invitation without its questionnaire invites to nothing."""
    values = {"respondents": " ".join(without), "folder": shown_path(round_.folder)}
    fail(say(CATALOGUE, "mail_no_questionnaires", round_.working_language, **values))


def _no_address(round_: Round, message: "Message") -> None:
    file = shown_path(round_.folder / CONTACTS)
    _say(round_, "mail_no_address", respondent=message.respondent.code, file=file)


def _send(round_: Round, messages: "Sequence[Message]", again: bool, dry_run: bool) -> NoReturn:
    from pipeline.mail import sending
    from pipeline.mail.message_log import states
    from pipeline.mail.server import NoServerError
    from questionnaire.rounds.mail_settings import PASSWORD

    if round_.mail is None:
        fail(
            say(CATALOGUE, "mail_no_settings", round_.working_language, file=shown_path(round_.folder / "round.toml")),
            2,
        )
    done: list[sending.Sent] = []
    try:
        if dry_run:
            known = states(round_)
            standing = [(entry, sending.standing_of(entry, known.get, again) or "would_send") for entry in messages]
            for entry, state in standing:
                _became(round_, sending.Sent(entry, state))
            raise SystemExit(0)
        for sent in sending.send(messages, round_.mail, again):
            done.append(sent)
            _became(round_, sent)
    except sending.NoPasswordError:
        fail(say(CATALOGUE, "mail_no_password", round_.working_language, variable=PASSWORD), 2)
    except sending.BusyError:
        fail(say(CATALOGUE, "mail_busy", round_.working_language))
    except NoServerError as error:
        _say(round_, "mail_no_server", server=round_.mail.host, detail=str(error))
    counted = sending.counted(done)
    left = len(messages) - len(done)
    numbers = {name: counted[name] for name in ("sent", "already", "refused", "unclear", "without")}
    _say(round_, "mail_sent", **numbers, unsent=counted["unsent"] + left)
    if counted["unclear"]:
        _say(round_, "mail_unclear", count=counted["unclear"])
    raise SystemExit(0 if counted["sent"] + counted["already"] == len(messages) else 1)


def _became(round_: Round, sent: "Sent") -> None:
    if sent.state == "without":
        _no_address(round_, sent.message)
        return
    _line(round_, sent.message, sent.state)
    if sent.detail:
        click.echo(on_one_line(f"    {sent.detail}"))


@click.command()
@ROUND
@click.option(
    "--from",
    "source",
    required=True,
    metavar="MAILBOX",
    help="maildir:FOLDER, mbox:FILE, or imaps://USER@SERVER/FOLDER.",
)
def fetch(round_folder: Path, source: str) -> None:
    """Bring the messages of a mailbox into ROUND/returns, each once, as .eml files.

    Nothing is changed in the mailbox: no message is deleted, moved, or marked as read. Messages that were brought
    before do not come again, also if they were taken out of ROUND/returns since; ROUND/register.sqlite knows them.
    Give the folder that returns are moved to: all that is in it is brought.

    The password of an IMAP mailbox stands in the environment variable ACOPIO_IMAP_PASSWORD alone.

    Exit code 1 if a message could not be brought, 2 if there is no such mailbox.
    """
    from pipeline.fetching import fetch as fetching
    from pipeline.fetching.mailboxes import NoMailboxError, opened

    round_ = open_round(round_folder)
    try:
        with closing(opened(source)) as mailbox:
            done = fetching.fetch(round_, mailbox, dt.datetime.now(dt.UTC), progress("messages"))
    except NoMailboxError as error:
        fail(say(CATALOGUE, "fetch_no_source", round_.working_language, source=source, detail=str(error)), 2)
    for place, size in done.too_large:
        _say(round_, "fetch_too_large", place=place, size=size, most=round_.limits.file_mb)
    for place, why in done.unread:
        _say(round_, "fetch_unread", place=place, detail=why)
    _say(round_, "fetched", count=len(done.brought), known=done.known, folder=shown_path(round_.returns))
    raise SystemExit(1 if done.too_large or done.unread else 0)
