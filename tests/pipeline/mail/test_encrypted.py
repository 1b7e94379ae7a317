"""Letters go out over an encrypted connection, with a password that is asked for and right."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.mail.server import NoServerError
from questionnaire.rounds.mail_settings import PASSWORD, MailSettings
from tests.pipeline.mail.letters import round_with
from tests.pipeline.mail.test_sending import Postbox, _AnyPort, sent


def authenticated(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", b"right")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate of this computer that nobody has signed but itself, and that we know."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def serving(**options: Any) -> Iterator[tuple[Postbox, int]]:
    """A server, its letters and its port."""
    box = Postbox()
    controller = _AnyPort(box, hostname="127.0.0.1", port=0, authenticator=authenticated, **options)
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


@pytest.fixture
def encrypted(certificate: ssl.SSLContext) -> Iterator[tuple[Postbox, int]]:
    """A server that takes letters after STARTTLS and a password only."""
    with serving(tls_context=certificate, require_starttls=True, auth_required=True) as server:
        yield server


@pytest.fixture
def encrypted_from_the_start(certificate: ssl.SSLContext) -> Iterator[tuple[Postbox, int]]:
    """A server that speaks TLS from the first byte, as on port 465, and asks for a password.

    That library knows of STARTTLS only when it is to insist on encryption.
    """
    with serving(ssl_context=certificate, auth_required=True, auth_require_tls=False) as server:
        yield server


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_send__to_a_server_encrypted_from_the_start__is_let_in_by_the_right_password(
    encrypted_from_the_start: tuple[Postbox, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = encrypted_from_the_start
    round_ = replace(
        round_with(tmp_path), mail=MailSettings("localhost", port, "tls", "me", "letters@example.org", 60_000)
    )
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(NoServerError, match="535"):
        sent(round_)
    assert box.taken == []
    monkeypatch.setenv(PASSWORD, "right")
    assert set(sent(round_).values()) == {"sent"}
    assert len(box.taken) == 3
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NoServerError, match="certificate"):
        sent(replace(round_with(tmp_path / "other"), mail=round_.mail))
    assert len(box.taken) == 3


def test_send__to_a_server_that_asks_for_encryption_and_a_password__is_let_in_by_the_right_one(
    encrypted: tuple[Postbox, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = encrypted
    mail = MailSettings("localhost", port, "starttls", "me", "letters@example.org", 60_000)
    round_ = replace(round_with(tmp_path), mail=mail)
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(NoServerError, match="535"):
        sent(round_)
    assert box.taken == []
    monkeypatch.setenv(PASSWORD, "right")
    assert set(sent(round_).values()) == {"sent"}
    assert len(box.taken) == 3


def test_send__to_a_server_whose_certificate_nobody_knows__sends_neither_password_nor_letter(
    encrypted: tuple[Postbox, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = encrypted
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv(PASSWORD, "right")
    mail = MailSettings("localhost", port, "starttls", "me", "letters@example.org", 60_000)
    with pytest.raises(NoServerError, match="certificate"):
        sent(replace(round_with(tmp_path), mail=mail))
    assert box.taken == []
