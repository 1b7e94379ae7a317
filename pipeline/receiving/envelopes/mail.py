"""Opens e-mails: .eml, .emlx, .mbox, Outlook's .msg, and what is signed; nothing in them is followed, shown or run.

Mails are hostile: headers of a megabyte, thousands of nested parts, names that are paths. What is honest is far from
every limit here.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any, cast

from oxmsg import Message as OutlookMessage
from oxmsg.domain import constants as outlook
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from pipeline.receiving.envelopes.containers import Attachment, ContainerError, Contents, Envelope
from pipeline.receiving.envelopes.links import shared_files
from pipeline.receiving.envelopes.sealed import UnsealedError, signed_content
from pipeline.receiving.formats import Format, is_mail_part, sniff
from questionnaire.rounds.limits import ReadingLimits

_DEEPEST = 20
_LONGEST_HEADERS = 256 * 1024
_LONGEST_CONTENT_HEADER = 8192
_LONGEST_TEXT = 1000

_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_REPORTS = frozenset({"message/delivery-status", "message/disposition-notification", "message/external-body"})

# Apple Mail keeps the attachments of some mails beside them, and of each in the mail the length.
_KEPT_BESIDE = "x-apple-content-length"
# At the start of a line or behind a tag: not what somebody quotes.
_PGP = re.compile(r"(?:^|(?<=[\w\"/]>))-----BEGIN PGP MESSAGE-----.*", re.MULTILINE | re.DOTALL)

_MBOX_START = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\n]*\d\d:\d\d[^\n]*\n(?=[\w-]+:)")

# The properties of a message in a message stand behind a shorter head than those of the outer one.
_OUTER_HEAD, _INNER_HEAD = 32, 24
_INNER_MESSAGE = f"__substg1.0_{outlook.PID_ATTACH_DATA_BINARY:04X}000D"
_DISPLAY_NAME, _LONG_PATH = 0x3001, 0x370D


def open_mail(data: bytes, limits: ReadingLimits) -> Contents:
    """What an e-mail as sent over the internet holds (.eml)."""
    if len(re.split(rb"\r?\n\r?\n", data[: _LONGEST_HEADERS + 1], maxsplit=1)[0]) > _LONGEST_HEADERS:
        raise ContainerError("mail_unsafe", f"headers of more than {_LONGEST_HEADERS} bytes")
    message = message_from_bytes(data)
    envelope = Envelope(_header(message, "from"), _date(_header(message, "date")), _header(message, "subject"))
    held = chain(_attachments(message, limits), _encrypted_text(_texts(message, limits)))
    return Contents(held, envelope, shared_files(_texts(message, limits)))


def open_apple_mail(data: bytes, limits: ReadingLimits) -> Contents:
    """What an e-mail as Apple Mail keeps it holds (.emlx): the number of its bytes, itself, and a list about it."""
    count, _, rest = data.lstrip().partition(b"\n")
    mail, after = rest[: int(count)], rest[int(count) :]
    # A number that is wrong would cut the mail.
    return open_mail(mail if after.lstrip().startswith(b"<?xml") else rest, limits)


def open_signed(data: bytes, label: str, limits: ReadingLimits) -> Contents:
    """What was signed, in a mail (smime.p7m) or by itself (x.xlsx.p7m); of a mere signature nothing."""
    try:
        content = signed_content(data)
    except UnsealedError as error:
        raise ContainerError("signed_damaged", str(error)) from error
    if is_mail_part(content):
        # Sender and date stand in the mail around it.
        return replace(open_mail(content, limits), envelope=None)
    name = label.rpartition("/")[2]
    inner = [Attachment(name.rpartition(".")[0] or name, content)] if content else []
    return Contents(iter(inner))


def open_mailbox(data: bytes, limits: ReadingLimits) -> Contents:
    """The e-mails in a mailbox file (.mbox), each an attachment."""
    starts = list(_MBOX_START.finditer(data))
    if len(starts) > limits.attachments:
        raise ContainerError("container_unsafe", f"{len(starts)} messages")
    ends = [start.start() for start in starts[1:]] + [len(data)]
    mails = (data[start.end() : end] for start, end in zip(starts, ends, strict=True))
    return Contents(Attachment(f"message-{number}.eml", mail, Format.MAIL) for number, mail in enumerate(mails, 1))


def open_outlook(data: bytes) -> Contents:
    """What an e-mail saved by Outlook holds (.msg)."""
    try:
        message = OutlookMessage.load(data)
        sent, sender, subject = message.sent_date, message.sender or "", message.subject
        attachments = list(_outlook_attachments(cast("Storage", message._storage), 0))
        attachments += _encrypted_text(_outlook_texts(message))
        links = shared_files(_outlook_texts(message))
    except Exception as error:
        # The library tells a damaged file by whatever its arithmetic stumbles over.
        raise ContainerError("mail_damaged", f"{type(error).__name__}: {error}") from error
    return Contents(iter(attachments), Envelope(_decoded(sender), _utc(sent), _decoded(subject)), links)


# --- parts of an e-mail --------------------------------------------------------------------------------------


def _attachments(message: "Message[Any, Any]", limits: ReadingLimits) -> Iterator[Attachment]:
    for part in _leaves(message, limits):
        try:
            found = _attachment(part)
        except RecursionError:
            raise
        except Exception as error:
            # Python's own library stumbles over damaged parts in ways that nobody can list.
            found = Attachment("", b"", fault=ContainerError("mail_damaged", f"{type(error).__name__}: {error}"))
        if found is not None:
            yield found


def _attachment(part: "Message[Any, Any]") -> Attachment | None:
    """The file that a part holds, None for what somebody wrote in the mail itself."""
    kind, disposition = part.get_content_type(), part.get_content_disposition()
    label = _decoded(part.get_filename() or "")
    if kind in _REPORTS or _is_text(part):
        return None
    if kind == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return Attachment(label or "message.eml", inner[0].as_bytes(), Format.MAIL)
        return None
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    if not content and _KEPT_BESIDE in part:
        return Attachment(label, b"", fault=ContainerError("mail_partial", label))
    within = disposition == "inline" or "content-id" in part
    return Attachment(label, content, decoration=kind in _SIGNATURES or (within and sniff(content) is Format.IMAGE))


def _is_text(part: "Message[Any, Any]") -> bool:
    """True for what somebody wrote in the mail itself."""
    return (
        part.get_content_maintype() == "text"
        and not part.get_filename()
        and part.get_content_disposition() != "attachment"
    )


def _texts(message: "Message[Any, Any]", limits: ReadingLimits) -> Iterator[str]:
    """What somebody wrote in the mail itself, plain or as HTML."""
    for part in _leaves(message, limits):
        # A text that cannot be read shows no address; that the part is damaged, its attachment says.
        with suppress(Exception):
            if _is_text(part) and isinstance(content := part.get_payload(decode=True), bytes):
                yield content.decode("utf-8", "replace")


def _encrypted_text(texts: Iterable[str]) -> Iterator[Attachment]:
    """What PGP encrypted within the text of a mail, as a file of its own; the same text may stand there as HTML too."""
    found = next((found for text in texts if (found := _PGP.search(text))), None)
    if found is not None:
        yield Attachment("message.asc", found[0].encode(), Format.PGP)


def _leaves(message: "Message[Any, Any]", limits: ReadingLimits) -> Iterator["Message[Any, Any]"]:
    """The parts that hold no others, in their order."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > 2 * limits.attachments or depth > _DEEPEST:
            raise ContainerError("mail_unsafe", f"{seen} parts, {depth} within each other")
        lengths = {name.lower(): len(str(value)) for name, value in part.raw_items()}
        if sum(lengths.values()) > _LONGEST_HEADERS:
            raise ContainerError("mail_unsafe", f"headers of {sum(lengths.values())} bytes")
        if max((n for name, n in lengths.items() if name.startswith("content-")), default=0) > _LONGEST_CONTENT_HEADER:
            raise ContainerError("mail_unsafe", f"a header of more than {_LONGEST_CONTENT_HEADER} bytes")
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [(inner, depth + 1) for inner in reversed(payload) if isinstance(inner, Message)]
        else:
            yield part


def _header(message: "Message[Any, Any]", name: str) -> str:
    value = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return _decoded(str(value))


def _decoded(text: str) -> str:
    """A header's text as its reader sees it, on one line; what cannot be decoded stays as it is."""
    raw = text[:_LONGEST_TEXT].encode("utf-8", "surrogateescape")
    try:
        unfolded = " ".join(raw.decode().split())
    except UnicodeDecodeError:
        unfolded = " ".join(raw.decode("cp1252", "replace").split())
    try:
        # What is not encoded comes back as text, or as bytes in which Python has escaped it.
        pieces = [
            piece if isinstance(piece, str) else piece.decode(charset or "raw-unicode-escape", "replace")
            for piece, charset in decode_header(unfolded)
        ]
    except (ValueError, LookupError):
        return unfolded
    return " ".join("".join(pieces).split())


def _date(text: str) -> str:
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""


def _utc(time: dt.datetime | None) -> str:
    """The time in UTC; one without a zone is taken as UTC, since nothing tells where it was written."""
    if time is None:
        return ""
    aware = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
    try:
        return aware.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""


# --- storages of an Outlook file -----------------------------------------------------------------------------


def _outlook_attachments(message: Storage, depth: int) -> Iterator[Attachment]:
    if depth > _DEEPEST:
        raise ContainerError("mail_unsafe", f"messages {depth} within each other")
    for storage in message.iter_attachment_storages():
        properties = Properties(storage, properties_header_offset=8)
        inner = next((entry for entry in storage.storages if entry.name == _INNER_MESSAGE), None)
        if inner is not None:
            yield from _outlook_attachments(inner, depth + 1)
            continue
        content = properties.binary_prop_value(outlook.PID_ATTACH_DATA_BINARY)
        if content is None:
            continue
        names = (outlook.PID_ATTACH_LONG_FILENAME, outlook.PID_ATTACH_FILENAME, _DISPLAY_NAME)
        label = next((name for pid in names if (name := properties.str_prop_value(pid))), "")
        within = bool(properties.str_prop_value(outlook.PID_ATTACH_CONTENT_ID))
        yield Attachment(label, content, decoration=within and sniff(content) is Format.IMAGE)


def _outlook_texts(message: OutlookMessage) -> Iterator[str]:
    """What somebody wrote in a message, and where the attachments lie of which it holds the address only."""
    # A text in an unknown encoding is no reason to lose the attachments.
    for name in ("body", "html_body"):
        with suppress(Exception):
            yield getattr(message, name) or ""
    for storage in cast("Storage", message._storage).iter_attachment_storages():
        yield Properties(storage, properties_header_offset=8).str_prop_value(_LONG_PATH) or ""
