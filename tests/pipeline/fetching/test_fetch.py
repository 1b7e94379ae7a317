"""Messages come from a mailbox into the folder of returns, each once; the mailbox stays as it was."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.fetching.fetch import Fetched, fetch
from pipeline.fetching.mailboxes import PASSWORD, Imap, NoMailboxError, _quoted, opened
from pipeline.receiving.receive import receive
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import Round
from tests.given import mini_round

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def message(number: int, body: str = "See the annex.", **headers: str) -> bytes:
    named = {
        "Message-ID": f"<{number}@aaa.example>",
        "From": "ana@aaa.example",
        "Subject": f"Return {number}",
        **headers,
    }
    return ("".join(f"{name}: {text}\n" for name, text in named.items()) + f"\n{body} {number}\n").encode()


def maildir(root: Path, *messages: bytes) -> Path:
    folder = root / "Maildir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(messages):
        place = folder / "cur" / f"{number}.host:2,S" if number % 2 else folder / "new" / f"{number}.host"
        place.write_bytes(content)
    return folder


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def brought(round_: Round, source: str) -> Fetched:
    with closing(opened(source)) as mailbox:
        return fetch(round_, mailbox, AT)


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    return mini_round(tmp_path)


def test_fetch__from_a_maildir__brings_each_message_once_and_changes_nothing(round_: Round, tmp_path: Path) -> None:
    folder = maildir(tmp_path, *map(message, range(4)))
    before = tree(folder)
    done = brought(round_, f"maildir:{folder}")
    assert (len(done.brought), done.known) == (4, 0)
    assert tree(folder) == before
    (folder / "new" / "0.host").rename(folder / "cur" / "0.host:2,RS")
    (folder / "new" / "9.host").write_bytes(message(9))
    # What was brought is known by its place, and not even read again.
    (folder / "cur" / "1.host:2,S").write_bytes(b"unreadable now")
    done = brought(round_, f"maildir:{folder}")
    assert (len(done.brought), done.known) == (1, 4)
    files = receive(round_)
    assert {file.sender for file in files if file.name in done.brought} <= {"ana@aaa.example", ""}
    assert len(files) == 5


def test_fetch__what_was_taken_out_of_the_returns__does_not_come_back(round_: Round, tmp_path: Path) -> None:
    folder = maildir(tmp_path, message(1))
    (name,) = brought(round_, f"maildir:{folder}").brought
    (round_.returns / name).unlink()
    assert brought(round_, f"maildir:{folder}").known == 1
    assert not (round_.returns / name).exists()


def test_fetch__killed_between_file_and_register__brings_the_same_file_again(round_: Round, tmp_path: Path) -> None:
    folder = maildir(tmp_path, message(1))
    (name,) = brought(round_, f"maildir:{folder}").brought
    (round_.folder / "register.sqlite").unlink()
    assert brought(round_, f"maildir:{folder}").brought == [name]
    assert [path.name for path in round_.returns.iterdir()] == [name]


def test_fetch__the_same_message_by_two_ways__is_one(round_: Round, tmp_path: Path) -> None:
    first = message(1)
    relayed = (b"Received: from mx.example\n" + first).replace(b"\n", b"\r\n")
    assert len(brought(round_, f"maildir:{maildir(tmp_path, first, relayed)}").brought) == 1


def test_fetch__another_message_with_a_forged_message_id__is_not_lost(round_: Round, tmp_path: Path) -> None:
    forged = message(1, body="These are the right answers.")
    assert len(brought(round_, f"maildir:{maildir(tmp_path, message(1), forged)}").brought) == 2


def test_fetch__from_an_mbox__brings_each_message(round_: Round, tmp_path: Path) -> None:
    box = tmp_path / "returns.mbox"
    parts = [
        b"From a@b Sun Mar  1 00:00:00 2026\n" + message(number, "x" * 100_000 + "\nFrom here") for number in range(3)
    ]
    box.write_bytes(b"\n".join(parts))
    before = (box.read_bytes(), box.stat().st_mtime_ns)
    done = brought(round_, f"mbox:{box}")
    assert len(done.brought) == 3
    assert brought(round_, f"mbox:{box}").known == 3
    assert (box.read_bytes(), box.stat().st_mtime_ns) == before
    assert {(round_.returns / name).read_bytes().rstrip(b"\n") for name in done.brought} == {
        message(number, "x" * 100_000 + "\nFrom here").rstrip(b"\n") for number in range(3)
    }


def test_fetch__hostile_messages__are_bytes_like_any_and_names_are_ours(round_: Round, tmp_path: Path) -> None:
    folder = maildir(tmp_path)
    hostile = {
        "-..:2,S": b"",
        "a\nb": b"\x00" * 1000,
        "x" * 200: b"Message-ID: <../../../etc/passwd>\nSubject: " + b"a" * 1_000_000 + b"\n\n",
        "nested": b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5000,
    }
    for name, content in hostile.items():
        (folder / "new" / name).write_bytes(content)
    (tmp_path / "secret").write_bytes(b"From: me\n\nsecret")
    (folder / "new" / "link").symlink_to(tmp_path / "secret")
    (folder / "new" / ".hidden").write_bytes(b"no")
    done = brought(round_, f"maildir:{folder}")
    assert len(done.brought) == len(hostile)
    assert all(name == f"mail-{name[5:21]}.eml" for name in done.brought)
    assert b"secret" not in b"".join(path.read_bytes() for path in round_.returns.iterdir())
    assert len(receive(round_)) == len(hostile)


def test_fetch__a_message_too_large__stays_there_and_is_reported(round_: Round, tmp_path: Path) -> None:
    small = replace(round_, limits=replace(ReadingLimits(), file_mb=1))
    folder = maildir(tmp_path, message(1, "x" * 2_000_000), message(2))
    done = brought(small, f"maildir:{folder}")
    assert (len(done.brought), done.too_large) == (1, [("maildir:0.host", 1)])


@pytest.mark.parametrize(
    "source",
    [
        "",
        "maildir:",
        "maildir:/nowhere",
        "mbox:/nowhere",
        "imap://a@b/c",
        "imaps://b/c",
        "imaps://a:secret@b/c",
        "pop3:x",
    ],
)
def test_fetch__no_mailbox__is_said(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, "secret")
    with pytest.raises(NoMailboxError):
        opened(source)


def test_fetch__imap_without_password__connects_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(NoMailboxError, match=PASSWORD):
        Imap("imaps://ana@mail.example/INBOX")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("Réponses & plus", '"R&AOk-ponses &- plus"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\r\nb", '"a&AA0ACg-b"'),
    ],
)
def test_folder__of_any_name__is_written_as_imap_has_it(name: str, written: str) -> None:
    assert _quoted(name) == written


@pytest.mark.wide
def test_fetch__five_thousand_messages__are_brought_once(round_: Round, tmp_path: Path) -> None:
    folder = maildir(tmp_path, *map(message, range(5000)))
    assert len(brought(round_, f"maildir:{folder}").brought) == 5000
    assert brought(round_, f"maildir:{folder}").known == 5000
