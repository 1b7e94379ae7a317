"""Looks into one file received, in a child process: what it is, and what it holds if it is a mail or archive."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pipeline.receiving.envelopes.archives import open_compressed, open_zip
from pipeline.receiving.envelopes.containers import Attachment, ContainerError, Contents, plain_label, unlike
from pipeline.receiving.envelopes.links import target
from pipeline.receiving.envelopes.mail import open_apple_mail, open_mail, open_mailbox, open_outlook, open_signed
from pipeline.receiving.formats import CONTAINERS, Format, sniff
from pipeline.receiving.received import CLOSED, POINTERS, ReceivedFile
from pipeline.receiving.store import ChangedError, Store, read_unchanged
from questionnaire.rounds.limits import ReadingLimits

_DEEPEST = 5
# How much all attachments of one file may unpack to, in files of the largest size.
_LARGEST_FILES = 4
_MOST_NAMED = 8
_PARTIAL = ".partial.emlx"

_OPENERS: Mapping[Format, Callable[[bytes, str, ReadingLimits], Contents]] = {
    Format.MAIL: lambda data, _, limits: open_mail(data, limits),
    Format.APPLE_MAIL: lambda data, _, limits: open_apple_mail(data, limits),
    Format.SIGNED: open_signed,
    Format.MAILBOX: lambda data, _, limits: open_mailbox(data, limits),
    Format.OUTLOOK: lambda data, _, __: open_outlook(data),
    Format.ZIP: lambda data, _, limits: open_zip(data, limits),
    Format.COMPRESSED: open_compressed,
}


def open_file(shared: tuple[Store, ReadingLimits], file: ReceivedFile) -> tuple[ReceivedFile, ...]:
    """The file with its format; behind a mail or archive all that it holds, each kept in the store."""
    try:
        data = read_unchanged(file.path, file.sha256)
    except ChangedError as error:
        return (file.refused("file_changed", detail=str(error)),)
    return tuple(_Opening(*shared).opened(file.of_format(sniff(data)), data))


class _Opening:
    """One file being opened, with what its attachments may still take."""

    def __init__(self, store: Store, limits: ReadingLimits) -> None:
        self._store, self._limits = store, limits
        self._files = limits.attachments
        self._bytes = limits.file_mb * 1024 * 1024 * _LARGEST_FILES

    def opened(self, file: ReceivedFile, data: bytes, depth: int = 0) -> Iterator[ReceivedFile]:
        if file.format not in CONTAINERS:
            yield replace(file, values={"link": target(data) or "—"}) if file.format in POINTERS else file
            return
        try:
            if depth > _DEEPEST:
                raise ContainerError("container_unsafe", f"{depth} archives within each other")
            contents = _OPENERS[file.format](data, file.name, self._limits)
            sent = contents.envelope
            if sent and (sent.sender or sent.date or sent.subject):
                file = replace(file, sender=sent.sender, mail_date=sent.date, subject=sent.subject)
            inner, decorations = self._held(file, contents, depth)
        except ContainerError as fault:
            yield file.refused(fault.code, detail=fault.detail)
            return
        except RecursionError:
            yield file.refused("mail_unsafe", detail="parts within each other without end")
            return
        yield _reported(file, inner, decorations, contents.links, depth)
        yield from inner

    def _held(self, file: ReceivedFile, contents: Contents, depth: int) -> tuple[list[ReceivedFile], int]:
        """What a container holds, and how many pictures and signatures are of no account."""
        found: list[ReceivedFile] = []
        labels: set[str] = set()
        decorations = 0
        for number, attachment in enumerate(contents.attachments, 1):
            if attachment.decoration:
                decorations += 1
                continue
            label = unlike(plain_label(attachment.label, number), labels)
            labels.add(label)
            found += self._attached(file, label, attachment, depth)
        return found, decorations

    def _attached(self, file: ReceivedFile, label: str, attachment: Attachment, depth: int) -> Iterator[ReceivedFile]:
        self._files -= 1
        self._bytes -= len(attachment.content)
        if self._files < 0 or self._bytes < 0:
            raise ContainerError("container_unsafe", "too many files, or too large when unpacked")
        name, size = f"{file.name}/{label}", len(attachment.content)
        bare = replace(file, name=name, container=file.name, size=size, sha256="", format=Format.OTHER)
        if attachment.fault is not None:
            yield bare.refused(attachment.fault.code, detail=attachment.fault.detail)
            return
        sha256 = self._store.put(attachment.content)
        kept = replace(bare, sha256=sha256, path=self._store.path(sha256))
        format_ = attachment.format or sniff(attachment.content)
        # A mailbox is but a shelf: each of its mails stands for itself.
        below = depth if file.format is Format.MAILBOX else depth + 1
        yield from self.opened(kept.of_format(format_), attachment.content, below)


def _reported(
    file: ReceivedFile, inner: list[ReceivedFile], decorations: int, links: tuple[str, ...], depth: int
) -> ReceivedFile:
    """The container with what is reported about it: what it holds, or what to ask for if no workbook is among it."""
    returns = sum(found.is_return for found in inner)
    named = [found.name.removeprefix(f"{file.name}/") for found in inner if found.container == file.name]
    held = ", ".join(named[:_MOST_NAMED]) + (" …" if len(named) > _MOST_NAMED else "")
    links += tuple(link for found in inner for link in str(found.values.get("links", "")).split())
    closed = next((found for found in inner if found.format in CLOSED), None)
    if returns or depth or file.format is Format.MAILBOX:
        code = "container_opened"
    elif closed is not None:
        return file.refused(closed.refusal, **closed.values)
    elif file.name.casefold().endswith(_PARTIAL) or any(found.refusal == "mail_partial" for found in inner):
        return file.refused("mail_partial")
    else:
        code = "mail_with_link" if links else "container_without_workbook"
    shown = " ".join(dict.fromkeys(links))
    return file.refused(code, returns=returns, held=held or "—", pictures=decorations, links=shown)
