"""Returns come from a real IMAP server, Dovecot, over TLS: each once, and nothing on it changes."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.fetching.mailboxes import PASSWORD, NoMailboxError, opened
from tests.given import mini_round
from tests.pipeline.fetching.test_fetch import brought, maildir, message, tree

_CONFIGURATION = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
mail_location = maildir:{mail}
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
"""

pytestmark = pytest.mark.dovecot


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _certificate(root: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", root / "key.pem", "-out", root / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def _accounts() -> dict[str, object]:
    """As whom the server runs: a superuser leaves the mail to nobody, anybody else runs all of it."""
    if os.getuid():
        me, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        return {"internal": me, "group": group, "login": me, "uid": os.getuid(), "gid": os.getgid()}
    nobody = pwd.getpwnam("nobody")
    return {"internal": "dovecot", "group": "dovecot", "login": "dovenull", "uid": nobody.pw_uid, "gid": nobody.pw_gid}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """The address of a mailbox with 40 messages, two of them hostile, and where they lie."""
    made = Path("/tmp") / f"acopio-imap-{os.getpid()}"  # a socket's path must be short, and others must get there
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o755)
    hostile = (b"Subject: " + b"a" * 900_000 + b"\n\n", b")\r\n* BYE\r\nA1 OK\r\n{5}\r\n\x00\xff")
    mail = maildir(made, *map(message, range(38)), *hostile)
    port, accounts = _free_port(), _accounts()
    _certificate(made)
    (made / "home").mkdir()
    for path in (mail, *mail.rglob("*"), made / "home"):
        os.chown(path, int(str(accounts["uid"])), int(str(accounts["gid"])))
    configuration = made / "dovecot.conf"
    configuration.write_text(_CONFIGURATION.format(root=made, mail=mail, port=port, **accounts), encoding="utf-8")
    found = shutil.which("dovecot") or "/usr/sbin/dovecot"
    running = subprocess.Popen([found, "-F", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    monkeypatch.setenv("SSL_CERT_FILE", str(made / "cert.pem"))
    monkeypatch.setenv(PASSWORD, "secret")
    try:
        _wait_for(port, running)
        yield f"imaps://ana@localhost:{port}/INBOX", mail
    finally:
        running.terminate()
        running.communicate()
        shutil.rmtree(made, ignore_errors=True)


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        if running.poll() is not None:
            break
        time.sleep(0.05)
    running.kill()
    pytest.fail(f"Dovecot did not start: {running.communicate()[1].decode()}")


def _mails(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {name: content for name, content in tree(folder).items() if name.startswith(("cur/", "new/"))}


def test_fetch__from_an_imap_folder__brings_each_message_once_and_marks_none_as_read(
    server: tuple[str, Path], tmp_path: Path
) -> None:
    source, mail = server
    round_, before = mini_round(tmp_path), _mails(mail)
    done = brought(round_, source)
    assert (len(done.brought), done.unread) == (40, [])
    assert _mails(mail) == before
    done = brought(round_, source)
    assert (len(done.brought), done.known) == (0, 40)
    # The same messages from a copy of the mailbox are known too, but for one whose bytes no server hands out as they are.
    assert len(brought(round_, f"maildir:{mail}").brought) == 1


def test_fetch__wrong_password_or_folder__is_said(server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    source, _ = server
    with pytest.raises(NoMailboxError, match="nowhere|exist"):
        opened(source.replace("INBOX", "nowhere"))
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(NoMailboxError, match="(?i)authentication failed"):
        opened(source)


def test_fetch__certificate_of_nobody_we_trust__is_refused(
    server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NoMailboxError, match="(?i)certificate"):
        opened(server[0])
