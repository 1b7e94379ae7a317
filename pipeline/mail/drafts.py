"""Writes letters as drafts: an `.eml` file each, and a table of all of them for a mail merge."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.files import write_whole
from pipeline.mail.message import Message, written
from pipeline.safe_text import harmless
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round

TABLE = "letters.csv"

_COLUMNS = (
    "respondent", "name", "letter", "language", "to", "cc", "subject", "text", "attachments", "draft"
)  # fmt: skip


def folder(round_: Round, what: str) -> Path:
    """Where the drafts of one sort are written."""
    return round_.outputs / "letters" / what


def write_drafts(round_: Round, what: str, messages: Sequence[Message], whole: bool) -> None:
    """Write the drafts and their table; where they are the `whole` of this sort, earlier ones are removed."""
    target = folder(round_, what)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    if whole:
        kept = {name(message) for message in messages}
        for path in target.glob("*.eml"):
            if path.name not in kept:
                path.unlink()
    for message in messages:
        write_whole(target / name(message), message.draft())
    write_whole(target / TABLE, _table(messages).encode("utf-8-sig"))


def name(message: Message) -> str:
    """The name of a draft, of codes alone: nothing that somebody wrote is in it."""
    return f"{message.respondent.code}_{message.kind}_{message.digest[:8]}.eml"


def _table(messages: Iterable[Message]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for message in messages:
        letter, respondent = message.letter, message.respondent
        cells = (
            respondent.code, in_language(respondent.name, letter.language), message.kind, letter.language,
            written(message.to), written(message.copies), letter.subject, letter.text,
            "; ".join(path.name for path in message.attachments), name(message),
        )  # fmt: skip
        writer.writerow(dict(zip(_COLUMNS, map(harmless, cells), strict=True)))
    return text.getvalue()
