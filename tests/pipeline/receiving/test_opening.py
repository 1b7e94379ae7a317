"""Mails and archives: each workbook in them is a return of its own, and nothing in them is a path or a danger."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.receiving.envelopes.containers import plain_label, unlike
from pipeline.receiving.formats import Format
from pipeline.receiving.opening import open_file
from pipeline.receiving.receive import receive, receive_file
from pipeline.receiving.received import ReceivedFile, file_finding
from pipeline.receiving.store import Store
from pipeline.validation.batch import read_batch
from questionnaire.rounds.limits import ReadingLimits
from tests.pipeline.consolidated import consolidate
from tests.pipeline.mails import forwarded, locked, mail, mailbox, outlook, zipped
from tests.pipeline.returned import SOME, book, identity, mini_round, write

BRAZIL = write(book(SOME))
MEXICO = write(book(SOME, identity(respondent="MEX")))
PDF = b"%PDF-1.7 a law"


def opened(tmp_path: Path, name: str, data: bytes, **limits: int) -> list[ReceivedFile]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(open_file((Store(tmp_path / "store"), ReadingLimits(**limits)), receive_file(path)))


def reported(files: list[ReceivedFile]) -> list[tuple[str, str]]:
    """Name and, for what is no return, the code of the finding."""
    return [(file.name, file.refusal) for file in files]


def test_mail__each_workbook_is_a_return_with_sender_date_and_subject(tmp_path: Path) -> None:
    data = mail([("Réponse.xlsx", BRAZIL), ("loi.pdf", PDF)], subject="Réponse du Brésil", logo=True)
    box, answer, law = opened(tmp_path, "a.eml", data)
    assert reported([box, answer, law]) == [
        ("a.eml", "container_opened"), ("a.eml/Réponse.xlsx", ""), ("a.eml/loi.pdf", "attachment_kept"),
    ]  # fmt: skip
    for file in (box, answer, law):
        assert (file.sender, file.mail_date, file.subject) == (
            "Ana Souza <ana@mj.example>", "2026-03-02T12:30:00Z", "Réponse du Brésil",
        )  # fmt: skip
    assert (box.container, answer.container, answer.format, answer.size) == ("", "a.eml", Format.XLSX, len(BRAZIL))
    assert answer.path == tmp_path / "store" / answer.sha256[:2] / answer.sha256
    assert answer.path.read_bytes() == BRAZIL
    assert law.path.read_bytes() == PDF
    found = file_finding(box)
    assert found is not None
    assert found.severity == "info"
    assert found.message_in("en") == (
        "An e-mail or an archive, opened: 1 workbook to read. It holds: Réponse.xlsx, loi.pdf."
    )


@pytest.mark.parametrize(
    ("attached", "held", "pictures"), [([("scan.pdf", PDF)], "scan.pdf", 0), ([], "—", 1)], ids=["pdf", "text_only"]
)
def test_mail__without_workbook__says_what_came_and_what_to_ask_for(
    tmp_path: Path, attached: list[tuple[str, bytes]], held: str, pictures: int
) -> None:
    box, *others = opened(tmp_path, "a.eml", mail(attached, logo=bool(pictures)))
    found = file_finding(box)
    assert found is not None
    assert (found.code, found.severity, box.is_aside) == ("container_without_workbook", "blocker", False)
    assert "Contiene" not in found.message_in("es")
    assert f"Contenido: {held}; imágenes en el texto: {pictures}." in found.message_in("es")
    assert [file.is_aside for file in others] == [True] * len(attached)


def test_outlook__is_opened_like_any_mail(tmp_path: Path) -> None:
    data = outlook([("réponse.xlsx", BRAZIL), ("", MEXICO)], "Ana Souza <ana@mj.example>", "Cuestionário")
    box, first, second = opened(tmp_path, "a.msg", data)
    assert reported([box, first, second]) == [
        ("a.msg", "container_opened"), ("a.msg/réponse.xlsx", ""), ("a.msg/attachment-2", ""),
    ]  # fmt: skip
    assert (first.path.read_bytes(), second.path.read_bytes()) == (BRAZIL, MEXICO)
    assert (box.sender, box.mail_date, box.subject) == (
        '"Ana Souza" <ana@mj.example>', "2026-03-02T12:30:00Z", "Cuestionário",
    )  # fmt: skip


def test_mailbox__each_mail_stands_for_itself(tmp_path: Path) -> None:
    data = mailbox(mail([("a.xlsx", BRAZIL)]), mail(subject="Sorry"), mail([("a.xlsx", MEXICO)]))
    assert reported(opened(tmp_path, "in.mbox", data)) == [
        ("in.mbox", "container_opened"),
        ("in.mbox/message-1.eml", "container_opened"),
        ("in.mbox/message-1.eml/a.xlsx", ""),
        ("in.mbox/message-2.eml", "container_without_workbook"),
        ("in.mbox/message-3.eml", "container_opened"),
        ("in.mbox/message-3.eml/a.xlsx", ""),
    ]


def test_mail__forwarded_and_packed__is_opened_to_the_workbook_with_its_own_sender(tmp_path: Path) -> None:
    inner = mail([("forms.zip", zipped({"Brasil/a.xlsx": BRAZIL, "__MACOSX/._a": b"x", "b.txt": b"x"}))])
    files = opened(tmp_path, "fwd.eml", forwarded(inner))
    assert reported(files) == [
        ("fwd.eml", "container_opened"),
        ("fwd.eml/message.eml", "container_opened"),
        ("fwd.eml/message.eml/forms.zip", "container_opened"),
        ("fwd.eml/message.eml/forms.zip/Brasil/a.xlsx", ""),
        ("fwd.eml/message.eml/forms.zip/b.txt", "attachment_kept"),
    ]
    assert [file.sender.partition(" ")[0] for file in files] == ["desk@acopio.example", *["Ana"] * 4]
    assert files[3].container == "fwd.eml/message.eml/forms.zip"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed__one_workbook__is_unpacked(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    assert reported(opened(tmp_path, "a.xlsx.gz", pack(BRAZIL))) == [
        ("a.xlsx.gz", "container_opened"), ("a.xlsx.gz/a.xlsx", ""),
    ]  # fmt: skip
    assert reported(opened(tmp_path, "b.gz", pack(BRAZIL)[:-20])) == [("b.gz", "archive_damaged")]
    assert reported(opened(tmp_path, "c.gz", pack(bytes(2_000_000)), file_mb=1)) == [("c.gz", "container_unsafe")]


def test_names__of_attachments__are_labels_never_paths(tmp_path: Path) -> None:
    names = ("../../etc/passwd", "C:\\Users\\ana\\a.xlsx", "/abs/a.xlsx", "a\u202exslx.exe", "n" * 300 + ".xlsx", "..")
    outside = set(tmp_path.rglob("*"))
    data = zipped([(name, BRAZIL + bytes([number])) for number, name in enumerate(names)])
    labels = [file.name.removeprefix("a.zip/") for file in opened(tmp_path, "a.zip", data)[1:]]
    twice = opened(tmp_path, "a.eml", mail([("x.xlsx", BRAZIL), ("x.xlsx", MEXICO)]))
    assert [file.name for file in twice[1:]] == ["a.eml/x.xlsx", "a.eml/x (2).xlsx"]
    assert labels == [
        "etc/passwd", "Users/ana/a.xlsx", "abs/a.xlsx", "axslx.exe", "n" * 60 + "…" + "n" * 55 + ".xlsx", "attachment-6",
    ]  # fmt: skip
    written = (
        {path for path in tmp_path.rglob("*") if path.is_file()} - outside - {tmp_path / "a.zip", tmp_path / "a.eml"}
    )
    assert all(path.parent.parent == tmp_path / "store" and len(path.name) == 64 for path in written)


@given(st.lists(st.text(st.characters(codec="utf-16", exclude_categories=()), max_size=200), max_size=6))
def test_labels__whatever_the_sender_wrote__are_printable_distinct_and_no_path(names: list[str]) -> None:
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        label = unlike(plain_label(name, number), taken)
        assert label not in taken
        assert 0 < len(label) < 140
        assert not {"", ".", ".."} & set(label.split("/"))
        assert label.encode()
        assert not any(sign in label for sign in "\0\n\r\t\x1b\u202e\\")
        taken.add(label)


def test_archive__locked_damaged_or_too_much__costs_what_it_concerns_alone(tmp_path: Path) -> None:
    good, bad = zipped({"good.xlsx": BRAZIL}), zipped({"locked.xlsx": BRAZIL})
    spoiled = bytearray(zipped([("a.xlsx", BRAZIL), ("b.xlsx", MEXICO)]))
    spoiled[60:80] = bytes(20)
    assert reported(
        opened(tmp_path, "a.zip", zipped({"1.zip": locked(bad), "2.zip": good, "3.rar": b"Rar!\x1a\x07"}))
    ) == [
        ("a.zip", "container_opened"),
        ("a.zip/1.zip", "container_opened"),
        ("a.zip/1.zip/locked.xlsx", "archive_encrypted"),
        ("a.zip/2.zip", "container_opened"),
        ("a.zip/2.zip/good.xlsx", ""),
        ("a.zip/3.rar", "file_is_archive"),
    ]
    assert reported(opened(tmp_path, "b.zip", bytes(spoiled))) == [
        ("b.zip", "container_opened"), ("b.zip/a.xlsx", "archive_damaged"), ("b.zip/b.xlsx", ""),
    ]  # fmt: skip
    assert reported(opened(tmp_path, "c.zip", locked(bad)))[0] == ("c.zip", "container_without_workbook")
    assert reported(opened(tmp_path, "d.zip", good[:200])) == [("d.zip", "archive_damaged")]


def test_archive__within_archives_too_deep_or_too_many__is_refused(tmp_path: Path) -> None:
    deep = BRAZIL
    for _ in range(8):
        deep = zipped({"a.zip": deep})
    *shells, last = opened(tmp_path, "deep.zip", deep)
    assert (len(shells), last.refusal) == (6, "container_unsafe")
    many = zipped({f"{number}.txt": b"x" for number in range(11)})
    assert reported(opened(tmp_path, "many.zip", many, attachments=10)) == [("many.zip", "container_unsafe")]
    nested = zipped({f"{number}.zip": zipped({"1": b"", "2": b""}) for number in range(5)})
    assert reported(opened(tmp_path, "nested.zip", nested, attachments=11)) == [("nested.zip", "container_unsafe")]
    assert len(opened(tmp_path, "nested.zip", nested, attachments=15)) == 16
    bomb = zipped({"a.xlsx": bytes(40 * 1024 * 1024)})
    assert reported(opened(tmp_path, "bomb.zip", bomb)) == [("bomb.zip", "container_unsafe")]


HEAD = b"From: a@b.example\nDate: x\nSubject: y\n"


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"X: " + b"=?utf-8?q?x?= " * 80_000 + b"\n\nbody",
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: x"
        + b";" * 900_000
        + b"\n\n--b--",
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: text/plain\n\nx\n" * 5000
        + b"--b--",
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1200)),
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(60)),
        HEAD + b"Content-Type: message/rfc822\n\n" * 1200,
    ],
    ids=["long_header", "long_parameters", "many_parts", "endless_nesting", "deep_nesting", "mails_in_mails"],
)
def test_mail__made_to_exhaust__is_one_row(tmp_path: Path, data: bytes) -> None:
    assert reported(opened(tmp_path, "a.eml", data)) == [("a.eml", "mail_unsafe")]


def test_mail__a_part_that_cannot_be_read__costs_itself_alone(tmp_path: Path) -> None:
    inner = b"\n\n--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=\xff\n\n--\xff\n\nx\n--\xff--\n"
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b" + inner + b"\n--b\nContent-Type: a/b\n\nx\n--b--"
    assert reported(opened(tmp_path, "a.eml", data)) == [
        ("a.eml", "container_without_workbook"),
        ("a.eml/attachment-1", "mail_damaged"),
        ("a.eml/attachment-2", "attachment_kept"),
    ]


def test_mail__odd_headers__are_kept_as_they_are(tmp_path: Path) -> None:
    data = (
        b"From: =?x-unknown?q?Ana?= <a@b.example>\nSubject: R\xe9ponse =?utf-8?b?8J+YgA==?=\n\tet fin\nDate: soon\n\nx"
    )
    [box] = opened(tmp_path, "a.eml", data)
    assert (box.sender, box.mail_date, box.subject) == (
        "=?x-unknown?q?Ana?= <a@b.example>",
        "",
        "Réponse 😀 et fin",
    )


def test_same_bytes__loose_and_attached__are_one_submission_in_the_register(tmp_path: Path) -> None:
    (tmp_path / "returns").mkdir()
    (tmp_path / "returns" / "brazil.xlsx").write_bytes(BRAZIL)
    (tmp_path / "returns" / "m.eml").write_bytes(
        mail([("brazil.xlsx", BRAZIL), ("mexico.xlsx", MEXICO)], subject="=1+1")
    )
    round_ = mini_round(tmp_path)
    register = consolidate(round_, read_batch(round_, receive(round_))).returns
    assert register[["file", "container", "verdict", "reason"]].to_numpy().tolist() == [
        ["brazil.xlsx", "", "unverified", "key_missing"],
        ["m.eml", "", "not_a_return", "container_opened"],
        ["m.eml/brazil.xlsx", "m.eml", "duplicate", "same content as brazil.xlsx"],
        ["m.eml/mexico.xlsx", "m.eml", "unverified", "key_missing"],
    ]
    assert register["subject"].tolist() == ["", "=1+1", "=1+1", "=1+1"]
    assert sorted(path.name for path in (tmp_path / "store").rglob("*") if path.is_file()) == sorted(
        set(register["sha256"])
    )
