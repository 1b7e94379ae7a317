"""Signed mails and files are opened without any key; encrypted and rights-protected ones say so in words of their own."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from pipeline.receiving.formats import Format, sniff
from pipeline.receiving.received import file_finding
from tests.pipeline.mails import (
    Tree,
    compound,
    forwarded,
    in_letters,
    mail,
    outlook,
    part,
    sealed,
    signed,
    signed_mail,
    zipped,
)
from tests.pipeline.receiving.test_opening import BRAZIL, MEXICO, opened, reported

DATA_SPACES: Tree = {
    "DataSpaceInfo": {"DRMEncryptedDataSpace": b"x"},
    "TransformInfo": {"DRMEncryptedTransform": {"x": b"x"}},
}
PROTECTED = compound({"EncryptedPackage": bytes(5000), "\x06DataSpaces": DATA_SPACES})
LOCKED = compound(
    {"EncryptedPackage": bytes(5000), "\x06DataSpaces": {"DataSpaceInfo": {"StrongEncryptionDataSpace": b"x"}}}
)
PROTECTED_XLS = compound({"Workbook": bytes(5000), "\x09DRMContent": bytes(5000), "Small": b"x"})
PGP = "-----BEGIN PGP MESSAGE-----\n\nhQIM\n-----END PGP MESSAGE-----\n"
PROTECTED_MAIL = b"\x76\xe8\x04\x60\xc4\x11\xe3\x86" + bytes(range(200))


@pytest.mark.parametrize(
    "data",
    [
        signed(BRAZIL),
        signed(BRAZIL, streamed=True),
        signed(BRAZIL, in_pieces=True),
        in_letters(signed(BRAZIL)),
        in_letters(signed(BRAZIL, streamed=True), "PKCS7"),
        in_letters(signed(BRAZIL), "CMS").replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + in_letters(signed(BRAZIL), "CMS"),
    ],
    ids=["der", "ber", "pieces", "base64", "pem", "pem_of_windows", "pem_of_an_editor"],
)
def test_signed_workbook__in_any_form__is_opened(tmp_path: Path, data: bytes) -> None:
    box, answer = opened(tmp_path, "x.xlsx.p7m", data)
    assert reported([box, answer]) == [("x.xlsx.p7m", "container_opened"), ("x.xlsx.p7m/x.xlsx", "")]
    assert answer.path.read_bytes() == BRAZIL


@pytest.mark.parametrize("streamed", [False, True])
def test_signed_mail__is_opened_and_keeps_its_sender(tmp_path: Path, streamed: bool) -> None:
    for name, content in {
        "one.eml": signed_mail(signed(part(BRAZIL, "a.xlsx"), streamed)),
        "several.eml": signed_mail(signed(mail([("a.xlsx", BRAZIL), ("b.xlsx", MEXICO)]), streamed)),
    }.items():
        box, shell, *answers = opened(tmp_path, name, content)
        assert reported([box, shell]) == [(name, "container_opened"), (f"{name}/smime.p7m", "container_opened")]
        assert answers[0].path.read_bytes() == BRAZIL
        assert {(file.sender, file.mail_date) for file in (box, shell, *answers)} == {
            ("Ana Souza <ana@mj.example>", "2026-03-02T12:30:00Z")
        }


def test_signed_mail__as_outlook_keeps_it__is_opened(tmp_path: Path) -> None:
    head = b'Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; boundary="b"\r\n\r\n--b\r\n'
    clear = head + part(BRAZIL, "a.xlsx") + b"\r\n--b--\r\n"
    for content in (clear, signed(part(BRAZIL, "a.xlsx"))):
        files = opened(tmp_path, "a.msg", outlook([("smime.p7m", content)], "Ana <ana@mj.example>", "x"))
        assert reported(files) == [
            ("a.msg", "container_opened"), ("a.msg/smime.p7m", "container_opened"), ("a.msg/smime.p7m/a.xlsx", ""),
        ]  # fmt: skip
        assert files[2].sender == '"Ana" <ana@mj.example>'


def test_signed__nested_packed_or_without_content__is_opened_as_far_as_it_goes(tmp_path: Path) -> None:
    assert reported(opened(tmp_path, "x.xlsx.p7m.p7m", signed(signed(BRAZIL)))) == [
        ("x.xlsx.p7m.p7m", "container_opened"),
        ("x.xlsx.p7m.p7m/x.xlsx.p7m", "container_opened"),
        ("x.xlsx.p7m.p7m/x.xlsx.p7m/x.xlsx", ""),
    ]
    deep = BRAZIL
    for _ in range(8):
        deep = signed(deep)
    assert reported(opened(tmp_path, "deep.p7m", deep))[-1][1] == "container_unsafe"
    assert reported(opened(tmp_path, "b.zip.p7m", signed(zipped({"a.xlsx": bytes(40 * 1024 * 1024)})))) == [
        ("b.zip.p7m", "container_without_workbook"), ("b.zip.p7m/b.zip", "container_unsafe"),
    ]  # fmt: skip
    beside = mail([("a.xlsx", BRAZIL), ("a.xlsx.p7s", signed(None))])
    assert reported(opened(tmp_path, "beside.eml", beside)) == [
        ("beside.eml", "container_opened"), ("beside.eml/a.xlsx", ""), ("beside.eml/a.xlsx.p7s", "container_opened"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        signed(BRAZIL)[:-300],
        signed(BRAZIL, streamed=True)[:700],
        signed(BRAZIL)[:15],
        in_letters(signed(BRAZIL), "PKCS7")[:3000],
        b"\x30\x80" + signed(b"")[2:13] + b"\xa0\x80" + b"\x24\x80" * 100_000,
    ],
    ids=["cut", "cut_stream", "head_only", "cut_pem", "endless"],
)
def test_signed__damaged_or_made_to_harm__is_one_row(tmp_path: Path, data: bytes) -> None:
    assert reported(opened(tmp_path, "x.p7m", data)) == [("x.p7m", "signed_damaged")]


def test_signed__large__takes_no_more_than_a_few_times_its_size(tmp_path: Path) -> None:
    data = signed(bytes(range(256)) * 4_000, streamed=True)
    tracemalloc.start()
    files = opened(tmp_path, "x.bin.p7m", data)
    assert tracemalloc.get_traced_memory()[1] < 12 * len(data)
    tracemalloc.stop()
    assert files[1].size == 256 * 4_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.eml", signed_mail(sealed(), "enveloped-data")),
        ("b.eml", forwarded(signed_mail(sealed(authenticated=True), "authEnveloped-data"))),
        ("c.msg", outlook([("smime.p7m", sealed())], "Ana <ana@mj.example>", "x")),
        ("e.p7m", sealed()),
        ("f.p7m", in_letters(sealed(), "PKCS7")),
    ],
)
def test_encrypted__mail_or_file__is_called_encrypted(tmp_path: Path, name: str, data: bytes) -> None:
    box, *inner = opened(tmp_path, name, data)
    found = file_finding(box)
    assert found is not None
    assert (found.code, found.severity) == ("file_encrypted", "blocker")
    assert "cifrado" in found.message_in("es")
    assert [file.refusal for file in inner if file.refusal != "container_opened"] == ["file_encrypted"] * bool(inner)


def pgp_mail() -> bytes:
    """A mail that PGP encrypted as a whole (RFC 3156)."""
    head = 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"'
    control = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
    content = f'--b\nContent-Type: application/octet-stream; name="encrypted.asc"\n\n{PGP}'
    return f"From: ana@mj.example\nTo: x@oas.example\n{head}\n\n{control}\n{content}\n--b--\n".encode()


def body(text: str, sort: str = "plain") -> bytes:
    return f"From: ana@mj.example\nTo: x@oas.example\nContent-Type: text/{sort}\n\n{text}".encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.eml", mail([("x.xlsx.asc", PGP.encode())])),
        ("b.eml", pgp_mail()),
        ("c.eml", body(f"Buenos días:\n\n{PGP}")),
        ("d.eml", body(f"<p>Hola</p><pre>{PGP}</pre>", "html")),
        ("e.msg", outlook([], "Ana <ana@mj.example>", "x", PGP)),
        ("f.eml", forwarded(body(PGP))),
        ("x.xlsx.asc", PGP.encode()),
    ],
)
def test_pgp__attached_around_or_within_the_mail__has_advice_of_its_own(tmp_path: Path, name: str, data: bytes) -> None:
    box, *inner = opened(tmp_path, name, data)
    found = file_finding(box)
    assert found is not None
    assert (found.code, found.severity) == ("pgp_encrypted", "blocker")
    assert all("PGP" in found.message_in(language) + found.remedy_in(language) for language in ("fr", "es", "en", "pt"))
    others = {"container_opened", "attachment_kept", "container_without_workbook"}
    assert [file.refusal for file in inner if file.refusal not in others] in ([], ["pgp_encrypted"])


def test_pgp__that_a_reply_quotes__is_of_no_account(tmp_path: Path) -> None:
    quoted = "".join(f"> {line}\n" for line in PGP.splitlines())
    assert reported(opened(tmp_path, "a.eml", body(quoted))) == [("a.eml", "container_without_workbook")]


def test_mail_of_apple__without_its_attachments__asks_to_save_them(tmp_path: Path) -> None:
    kept = part(BRAZIL, "a.xlsx")
    bare = kept[: kept.index(b"\r\n\r\n")] + b"\r\nX-Apple-Content-Length: 9000\r\n\r\n"
    whole = b"From: ana@mj.example\r\nTo: x@oas.example\r\n" + bare
    text = body("Va adjunto.")
    for name, data, inner in (
        ("1.emlx", b"%d\n" % len(whole) + whole, [("1.emlx/a.xlsx", "mail_partial")]),
        ("2.eml", whole, [("2.eml/a.xlsx", "mail_partial")]),
        ("3.partial.emlx", b"%d\n" % len(text) + text, []),
    ):
        files = opened(tmp_path, name, data)
        assert reported(files) == [(name, "mail_partial"), *inner]
        found = file_finding(files[0])
        assert found is not None
        assert "Save Attachments" in found.remedy_in("en")
    whole = whole.replace(bare, kept)
    assert [file.refusal for file in opened(tmp_path, "4.partial.emlx", b"%d\n" % len(whole) + whole)] == [
        "container_opened",
        "",
    ]


@pytest.mark.parametrize("data", [PROTECTED, PROTECTED_XLS, PROTECTED_MAIL, PROTECTED[:-600]])
def test_rights_protected__asks_to_remove_the_label__not_for_a_copy_without_password(
    tmp_path: Path, data: bytes
) -> None:
    assert sniff(data) is Format.RIGHTS_PROTECTED
    for box in (opened(tmp_path, "a.xlsx", data)[0], *opened(tmp_path, "a.eml", mail([("a.xlsx", data)]))):
        found = file_finding(box)
        assert found is not None
        assert (found.code, found.severity) == ("rights_protected", "blocker")
        assert "remove the sensitivity label" in found.remedy_in("en")
        assert "etiqueta de confidencialidad" in found.remedy_in("es")
        assert "password" not in found.remedy_in("en")


def test_locked_with_a_password__is_not_taken_for_rights_protected() -> None:
    assert sniff(LOCKED) is Format.ENCRYPTED
    holder = outlook([("a.xlsx", PROTECTED)], "Ana <ana@mj.example>", "x")
    assert sniff(holder) is Format.OUTLOOK
