"""Describes a mail or an archive: an envelope and attachments, whose names are labels and never paths."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.receiving.formats import Format
from pipeline.safe_text import on_one_line

_LONGEST_LABEL = 120
_LONGEST_TEXT = 300


class ContainerError(Exception):
    """A mail or archive, or one attachment, that is not opened; `code` is that of the finding, `detail` in English."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Envelope:
    """Who sent a mail, when (UTC, ISO 8601) and about what, as the mail itself says; "" where it does not."""

    sender: str = ""
    date: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Attachment:
    """One file in a container.

    `label` is its name as the sender wrote it. `format` is None unless the container knows it better than the content
    tells. `decoration` marks pictures within a text and signatures. `fault` says why there is no content.
    """

    label: str
    content: bytes
    format: Format | None = None
    decoration: bool = False
    fault: ContainerError | None = None


@dataclass(frozen=True)
class Contents:
    """What a container holds. `attachments` are read one at a time, so that not all are in memory at once.

    `links` are the addresses in a mail's text at which a file may lie that was not sent along.
    """

    attachments: Iterator[Attachment]
    envelope: Envelope | None = None
    links: tuple[str, ...] = ()


def plain_text(text: str) -> str:
    """What somebody else wrote, as it can be shown on one line anywhere: nothing unseen, not endless."""
    seen = " ".join(on_one_line(text).split())
    return seen if len(seen) <= _LONGEST_TEXT else f"{seen[:_LONGEST_TEXT]}…"


def plain_label(label: str, number: int) -> str:
    """A label that can be printed anywhere: no path, no control or direction marks, not endless, never empty."""
    steps = [" ".join(step.split()) for step in on_one_line(label).replace("\\", "/").split("/")]
    kept = "/".join(step for step in steps if step.strip(". ") and not step.endswith(":"))
    if len(kept) > _LONGEST_LABEL:
        # The end says what it is, the beginning whose.
        kept = f"{kept[: _LONGEST_LABEL // 2]}…{kept[-_LONGEST_LABEL // 2 :]}"
    return kept or f"attachment-{number}"


def unlike(label: str, taken: set[str]) -> str:
    """The label, or the label with a number where it is taken already: two attachments often have one name."""
    stem, dot, extension = label.rpartition(".")
    found, number = label, 1
    while found in taken:
        number += 1
        found = f"{stem} ({number}){dot}{extension}" if stem else f"{label} ({number})"
    return found
