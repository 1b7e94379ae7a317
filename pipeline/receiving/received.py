"""Declares the entry of one file received, and what keeps it from being read as a return of its own."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.findings import Finding, finding
from pipeline.receiving.acceptance import Acceptance
from pipeline.receiving.formats import CONTAINERS, READABLE, Format
from questionnaire.rules.rule import Severity

# What is reported about a file that is no workbook: format -> code of the finding.
_NO_WORKBOOK = {
    Format.EMPTY: "file_empty",
    Format.FLAT: "file_is_flat",
    Format.HTML: "file_is_html",
    Format.CSV: "file_is_csv",
    Format.TEXT: "file_is_text",
    Format.NUMBERS: "file_is_numbers",
    Format.PDF: "file_is_pdf",
    Format.DOCUMENT: "file_is_document",
    Format.IMAGE: "file_is_image",
    Format.ARCHIVE: "file_is_archive",
    Format.OUTLOOK_PARCEL: "file_is_winmail",
    Format.SEALED: "file_encrypted",
    Format.PGP: "pgp_encrypted",
    Format.RIGHTS_PROTECTED: "rights_protected",
    Format.GOOGLE_FILE: "file_is_google",
    Format.SHORTCUT: "file_is_shortcut",
    Format.OTHER: "not_a_workbook",
}
POINTERS = frozenset({Format.GOOGLE_FILE, Format.SHORTCUT})
"""What says only where a file lies."""
CLOSED = POINTERS | {Format.ARCHIVE, Format.OUTLOOK_PARCEL, Format.SEALED, Format.PGP, Format.RIGHTS_PROTECTED}
"""An attachment of these kinds may stand for a return that we cannot get at; any other is only kept."""
_ASIDE = frozenset({"lock_file", "container_opened", "attachment_kept"})


@dataclass(frozen=True)
class Arrival:
    """How a content came: under which name, and in whose mail, "" for none."""

    name: str
    sender: str = ""


@dataclass(frozen=True)
class ReceivedFile:
    """One file of the folder `returns`.

    `name` is its path below the folder, with slashes; `path` is where its bytes are kept. `sha256` is "" where the
    content was not read. `refusal` is the code of the finding that says why it is not read any further, "" for a
    workbook, and `values` fill that finding's sentence. `same_as` is the name of the first file with the same
    content, "" for the first one itself, which has the others in `copies`. `container` is the name of the mail or
    archive that held it; `sender`, `mail_date` (UTC, ISO 8601) and `subject` are what the mail itself says, ""
    where there is none. `accepted` is what somebody has stated about whose it is.
    """

    name: str
    path: Path
    sha256: str
    size: int
    modified: dt.datetime
    format: Format = Format.OTHER
    refusal: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    same_as: str = ""
    copies: tuple[Arrival, ...] = ()
    container: str = ""
    sender: str = ""
    mail_date: str = ""
    subject: str = ""
    accepted: Acceptance | None = None

    @property
    def is_received(self) -> bool:
        """True for what somebody sent: not for what could not be opened, nor for Excel's own lock files."""
        return bool(self.sha256) and self.refusal != "lock_file"

    @property
    def is_return(self) -> bool:
        """True for a workbook to be read: neither refused nor a copy of another file."""
        return not self.refusal and not self.same_as

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """All ways in which its content came, its own first."""
        return (Arrival(self.name, self.sender), *self.copies)

    @property
    def is_aside(self) -> bool:
        """True for what is no return and was never taken for one."""
        return self.refusal in _ASIDE

    def of_format(self, format_: Format) -> "ReceivedFile":
        """The file once it is known what it is; what is neither a workbook nor to be opened is refused."""
        refusal = "" if format_ in READABLE or format_ in CONTAINERS else _NO_WORKBOOK[format_]
        if refusal and self.container and format_ not in CLOSED:
            refusal = "attachment_kept"
        return replace(self, format=format_, refusal=self.refusal or refusal)

    def refused(self, code: str, **values: object) -> "ReceivedFile":
        """The file with the reason why it is not read any further."""
        return replace(self, refusal=code, values=values)


def with_copies(files: list[ReceivedFile]) -> list[ReceivedFile]:
    """The files, each later one with a content seen before marked as a copy of the first."""
    groups: dict[str, list[ReceivedFile]] = {}
    for file in files:
        if file.sha256:
            groups.setdefault(file.sha256, []).append(file)
    marked = []
    for file in files:
        # Copies are named after their original: “x (1).xlsx”, “x - Copy.xlsx”.
        first, *others = sorted(groups.get(file.sha256, [file]), key=lambda entry: (len(entry.name), entry.name))
        is_first = first.name == file.name
        copies = tuple(Arrival(entry.name, entry.sender) for entry in others)
        marked.append(replace(file, copies=copies) if is_first else replace(file, same_as=first.name))
    return marked


def file_finding(file: ReceivedFile) -> Finding | None:
    """What keeps a file from being read as a return of its own; None for a workbook to be read."""
    where = {"file": file.name, "submission": file.sha256}
    if file.refusal:
        severity = Severity.INFO if file.is_aside else Severity.BLOCKER
        return finding(file.refusal, severity, file.values, **where)
    if file.same_as:
        return finding("duplicate_file", Severity.INFO, {"other": file.same_as}, **where)
    return None
