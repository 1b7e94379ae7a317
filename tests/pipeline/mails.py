"""Mails and archives for tests, as honest and hostile senders make them."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

XLSX_TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def mail(
    attached: Sequence[tuple[str, bytes]] = (),
    sender: str = "Ana Souza <ana@mj.example>",
    subject: str = "Cuestionario",
    date: str = "Mon, 02 Mar 2026 09:30:00 -0300",
    logo: bool = False,
) -> bytes:
    """A mail as a mail program sends it."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"], message["Date"] = sender, "desk@acopio.example", subject, date
    message.set_content("Please find attached.")
    message.add_alternative("<p>Please find attached.</p>", subtype="html")
    for name, content in attached:
        message.add_attachment(content, *XLSX_TYPE, filename=name)
    if logo:
        message.add_attachment(PNG, "image", "png", filename="image001.png", disposition="inline", cid="<logo>")
    return message.as_bytes()


def forwarded(inner: bytes, **changes: str) -> bytes:
    """A mail with another mail attached."""
    outer = EmailMessage(policy=SMTP)
    for name, value in {"From": "desk@acopio.example", "Subject": "Fwd", "Date": "", **changes}.items():
        outer[name] = value
    outer.set_content("See below.")
    outer.add_attachment(message_from_bytes(inner, policy=default))
    return outer.as_bytes()


def mailbox(*mails: bytes) -> bytes:
    start = b"From ana@mj.example Mon Mar  2 09:30:00 2026\n"
    return b"\n\n".join(start + mail.replace(b"\r\n", b"\n") for mail in mails)


def zipped(parts: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def locked(archive: bytes) -> bytes:
    """A zip archive that says of every file that it is locked with a password."""
    changed = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(signature)
        while start >= 0:
            changed[start + offset] |= 1
            start = changed.find(signature, start + 4)
    return bytes(changed)


# --- what is signed or encrypted (.p7m), as RFC 5652 says ------------------------------------------------------

_SIGNED_DATA, _DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")
_AUTH_ENVELOPED = bytes.fromhex("060b2a864886f70d0109100117")


def _der(tag: int, body: bytes) -> bytes:
    size = len(body).to_bytes(4, "big").lstrip(b"\0")
    return bytes([tag, len(body)] if len(body) < 128 else [tag, 0x80 | len(size), *size]) + body


def _pieces(content: bytes) -> bytes:
    return b"".join(_der(0x04, content[start : start + 1000]) for start in range(0, len(content), 1000))


def _ber(tag: int, body: bytes) -> bytes:
    """Of no stated length, as programs write that sign while they send; octets in pieces."""
    if tag == 0x04:
        tag, body = 0x24, _pieces(body)
    return bytes([tag, 0x80]) + body + b"\0\0"


def signed(content: bytes | None, streamed: bool = False, in_pieces: bool = False) -> bytes:
    """Some bytes in the envelope of a signature, which nobody verifies; None for the signature of another file."""
    put = _ber if streamed else _der
    octets = b"" if content is None else _der(0x24, _pieces(content)) if in_pieces else put(0x04, content)
    encapsulated = put(0x30, _DATA + (put(0xA0, octets) if octets else b""))
    inner = put(0x30, _der(0x02, b"\1") + _der(0x31, b"") + encapsulated + _der(0x31, b""))
    return put(0x30, _SIGNED_DATA + put(0xA0, inner))


def sealed(authenticated: bool = False) -> bytes:
    """What is encrypted for somebody."""
    return _der(0x30, (_AUTH_ENVELOPED if authenticated else _ENVELOPED) + _der(0xA0, _der(0x30, bytes(300))))


def in_letters(data: bytes, word: str = "") -> bytes:
    """Bytes as lines of base64, between the lines of PEM if a word is given."""
    lines = base64.encodebytes(data)
    return f"-----BEGIN {word}-----\n".encode() + lines + f"-----END {word}-----\n".encode() if word else lines


def signed_mail(inner: bytes, sort: str = "signed-data", sender: str = "Ana Souza <ana@mj.example>") -> bytes:
    """A mail that is one signed or encrypted part, smime.p7m."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"], message["Date"] = sender, "Re: firmado", "Mon, 02 Mar 2026 09:30:00 -0300"
    message.set_content(inner, "application", "pkcs7-mime", filename="smime.p7m", params={"smime-type": sort})
    return message.as_bytes()


def part(content: bytes, name: str) -> bytes:
    """What a mail program signs: a part of a mail with its own head, and no sender or date."""
    message = EmailMessage(policy=SMTP)
    message.set_content(content, *XLSX_TYPE, filename=name)
    del message["MIME-Version"]
    return message.as_bytes()


# --- Outlook's .msg: a compound file with one stream for each text, written as [MS-CFB] and [MS-OXMSG] say -----

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


def outlook(attached: Sequence[tuple[str, bytes]], sender: str, subject: str, text: str = "") -> bytes:
    """A mail as Outlook saves it."""
    name, _, address = sender.rstrip(">").partition(" <")
    texts = {0x0037: subject, 0x0C1A: name, 0x0C1F: address, 0x1000: text}
    tree: dict[str, bytes | Tree] = {"__nameid_version1.0": {}, **_texts(texts)}
    sent = struct.pack("<HHIQ", 0x0040, 0x0039, 6, _filetime())
    head = struct.pack("<8x4I8x", 0, len(attached), 0, len(attached))
    tree["__properties_version1.0"] = head + sent + b"".join(_property(pid, text) for pid, text in texts.items())
    for number, (name, content) in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            **_texts({0x3707: name}),
            "__substg1.0_37010102": content,
            "__properties_version1.0": bytes(8)
            + _property(0x3707, name)
            + struct.pack("<HHIII", 0x0102, 0x3701, 6, len(content), 0)
            + struct.pack("<HHIII", 0x0003, 0x3705, 6, 1, 0),
        }
    return compound(tree)


def _texts(texts: Mapping[int, str]) -> dict[str, bytes]:
    return {f"__substg1.0_{pid:04X}001F": text.encode("utf-16-le") for pid, text in texts.items()}


def _property(pid: int, text: str) -> bytes:
    return struct.pack("<HHIII", 0x001F, pid, 6, len(text.encode("utf-16-le")) + 2, 0)


def _filetime() -> int:
    """2 March 2026, 12:30 UTC, in steps of 100 nanoseconds since 1601."""
    return (1772454600 + 11644473600) * 10_000_000


def compound(tree: Tree) -> bytes:
    """A compound file, its small streams in the mini stream as the format wants it."""
    entries = _entries(tree)
    small, mini_fat = _chained([entry.content for entry in entries if 0 < len(entry.content) < 4096], 64)
    large, fat = _chained([entry.content for entry in entries if len(entry.content) >= 4096], 512)
    small_starts, large_starts = iter(small.starts), iter(large.starts)
    sectors = large.data

    def store(content: bytes) -> int:
        start = len(fat)
        count = -(-len(content) // 512)
        fat.extend([*range(start + 1, start + count), _END])
        nonlocal sectors
        sectors += content.ljust(count * 512, b"\0")
        return start

    mini_start = store(small.data)
    mini_table = store(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(512, b"\xff"))
    rows = b""
    for entry in entries:
        size = len(entry.content)
        start = _END if not size else next(small_starts if size < 4096 else large_starts)
        if entry.kind == 5:
            start, size = mini_start, len(small.data)
        text = entry.name.encode("utf-16-le")
        rows += text.ljust(64, b"\0") + struct.pack(
            "<HBBIII16xI16xIQ", len(text) + 2, entry.kind, 1, _FREE, entry.following, entry.child, 0, start, size
        )
    directory = store(rows)
    table = len(fat)
    count = -(-(table + 1) // 127)
    fat += [_FAT] * count
    fat += [_FREE] * (count * 128 - len(fat))
    difat = [*range(table, table + count)] + [_FREE] * (109 - count)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory, 0, 4096, mini_table, 1, _END, 0, difat[0],
    )  # fmt: skip
    return header + struct.pack("<108I", *difat[1:]) + sectors + struct.pack(f"<{len(fat)}I", *fat)


@dataclass
class _Entry:
    """A line of the directory; `child` and `following` are numbers of others."""

    name: str
    kind: int
    content: bytes = b""
    child: int = _FREE
    following: int = _FREE


@dataclass(frozen=True)
class _Stored:
    data: bytes
    starts: list[int]


def _entries(tree: Tree) -> list[_Entry]:
    entries = [_Entry("Root Entry", 5)]

    def add(parent: int, inner: Tree) -> None:
        before = None
        for name, body in inner.items():
            index = len(entries)
            if before is None:
                entries[parent].child = index
            else:
                entries[before].following = index
            before = index
            if isinstance(body, bytes):
                entries.append(_Entry(name, 2, body))
            else:
                entries.append(_Entry(name, 1))
                add(index, body)

    add(0, tree)
    return entries


def _chained(contents: list[bytes], size: int) -> tuple[_Stored, list[int]]:
    """Contents cut into sectors, where each begins, and the table of which sector follows which."""
    data, starts, table = b"", list[int](), list[int]()
    for content in contents:
        start, count = len(table), -(-len(content) // size)
        starts.append(start)
        table += [*range(start + 1, start + count), _END]
        data += content.ljust(count * size, b"\0")
    return _Stored(data, starts), table
