"""Letters go out through a real SMTP server, each once, whatever the server does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.mail.sending import BusyError, NoPasswordError, Sent, _alone, send
from pipeline.mail.server import NoServerError
from pipeline.receiving import register
from questionnaire.rounds.contacts import Role
from questionnaire.rounds.mail_settings import PASSWORD
from questionnaire.rounds.round import Round
from tests.pipeline.mail.letters import contact, round_with, thanks


class Postbox:
    """What a server took, and what it does when something goes wrong: at which moment, with whom."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refused: dict[str, str] = {}
        self.drop_at: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.drop_at.get(address) == "rcpt":
            del self.drop_at[address]
            _hang_up(server)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.drop_at.get(envelope.rcpt_tos[0]) == "before":
            del self.drop_at[envelope.rcpt_tos[0]]
            _hang_up(server)
            await asyncio.sleep(0)
            return "250 OK"
        self.taken.append(envelope)
        if self.drop_at.get(envelope.rcpt_tos[0]) == "after":
            del self.drop_at[envelope.rcpt_tos[0]]
            _hang_up(server)
        return "250 OK"

    def content(self, number: int) -> bytes:
        content = self.taken[number].content
        assert isinstance(content, bytes)
        return content

    @property
    def addresses(self) -> list[list[str]]:
        return [envelope.rcpt_tos for envelope in self.taken]


def _hang_up(server: SMTP) -> None:
    transport = server.transport
    assert isinstance(transport, asyncio.Transport)
    transport.abort()


class _AnyPort(Controller):
    """A server on whichever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    controller = _AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


def sent(round_: Round, again: bool = False) -> dict[str, str]:
    assert round_.mail is not None
    done: list[Sent] = list(send(thanks(round_), round_.mail, again, sleep=lambda _: None))
    return {entry.message.respondent.code: entry.state for entry in done}


def test_send__to_all__each_gets_its_letter_once(postbox: tuple[Postbox, int], tmp_path: Path) -> None:
    box, port = postbox
    round_ = round_with(tmp_path, port=port)
    assert sent(round_) == {"AAA": "sent", "BBB": "sent", "CCC": "sent"}
    assert sent(round_) == {"AAA": "already", "BBB": "already", "CCC": "already"}
    assert box.addresses == [["ana@aaa.example", "copy@aaa.example"], ["bea@bbb.example"], ["cec@ccc.example"]]
    mail = message_from_bytes(box.content(0), policy=default)
    assert (mail["To"], mail["Cc"], mail["Reply-To"]) == (
        "Ana <ana@aaa.example>", "copy@aaa.example", "Secretariat <secretariat@example.org>"
    )  # fmt: skip
    assert mail["Message-ID"] == thanks(round_)[0].message_id
    rows = register.entries(round_, "messages", "respondent", "state", "message_id")
    assert [row[:2] for row in rows[:2]] == [("AAA", "begun"), ("AAA", "sent")]
    assert rows[0][2] == mail["Message-ID"]


def test_send__at_a_rate__waits_between_letters_and_not_before_the_first(
    postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    round_ = round_with(tmp_path, port=postbox[1])
    assert round_.mail is not None
    waited: list[float] = []
    list(send(thanks(round_), replace(round_.mail, per_minute=20), sleep=waited.append))
    assert waited == [3, 3]


def test_send__recipient_refused__the_others_get_theirs_and_it_is_tried_again(
    postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    box, port = postbox
    round_ = round_with(tmp_path, port=port)
    box.refused = {"bea@bbb.example": "550 no such user", "copy@aaa.example": "550 gone"}
    assert sent(round_) == {"AAA": "sent", "BBB": "refused", "CCC": "sent"}
    (detail,) = [row[1] for row in register.entries(round_, "messages", "state", "detail") if row[0] == "refused"]
    assert detail == "bea@bbb.example: 550 no such user"
    box.refused = {}
    assert sent(round_) == {"AAA": "already", "BBB": "sent", "CCC": "already"}
    assert box.addresses == [["ana@aaa.example"], ["cec@ccc.example"], ["bea@bbb.example"]]


def test_send__greylisted__is_sent_the_next_time(postbox: tuple[Postbox, int], tmp_path: Path) -> None:
    box, port = postbox
    round_ = round_with(tmp_path, port=port)
    box.refused = {"bea@bbb.example": "451 try later"}
    assert sent(round_)["BBB"] == "unsent"
    box.refused = {}
    assert sent(round_)["BBB"] == "sent"


def test_send__connection_drops_before_the_text__goes_on_and_the_next_run_sends_it(
    postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    box, port = postbox
    round_ = round_with(tmp_path, port=port)
    box.drop_at = {"bea@bbb.example": "rcpt"}
    assert sent(round_) == {"AAA": "sent", "BBB": "unsent", "CCC": "sent"}
    assert sent(round_) == {"AAA": "already", "BBB": "sent", "CCC": "already"}
    assert len(box.taken) == 3


@pytest.mark.parametrize("moment", ["before", "after"])
def test_send__connection_drops_behind_the_text__is_unclear_and_not_sent_twice(
    moment: str, postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    box, port = postbox
    round_ = round_with(tmp_path, port=port)
    box.drop_at = {"bea@bbb.example": moment}
    assert sent(round_) == {"AAA": "sent", "BBB": "unclear", "CCC": "sent"}
    assert sent(round_) == {"AAA": "already", "BBB": "unclear", "CCC": "already"}
    assert box.addresses.count(["bea@bbb.example"]) == (moment == "after")
    assert sent(round_, again=True)["BBB"] == "sent"
    assert sent(round_, again=True)["BBB"] == "already"


def test_send__contact_without_address__the_run_goes_on(postbox: tuple[Postbox, int], tmp_path: Path) -> None:
    box, port = postbox
    round_ = round_with(
        tmp_path,
        contact("AAA", ""),
        contact("BBB", "cc@bbb.example", Role.COPY),
        contact("CCC", "c@ccc.example"),
        port=port,
    )
    assert sent(round_) == {"AAA": "without", "BBB": "without", "CCC": "sent"}
    assert box.addresses == [["c@ccc.example"]]


def test_send__no_server__says_so_and_nothing_is_begun(tmp_path: Path) -> None:
    round_ = round_with(tmp_path, port=1)
    with pytest.raises(NoServerError):
        sent(round_)
    assert register.entries(round_, "messages", "state") == []


def test_send__user_without_password__is_refused_before_any_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD, raising=False)
    round_ = round_with(tmp_path)
    assert round_.mail is not None
    with pytest.raises(NoPasswordError):
        sent(replace(round_, mail=replace(round_.mail, user="me", security="tls")))


def test_send__while_another_run_sends__waits_for_no_chance(tmp_path: Path) -> None:
    round_ = round_with(tmp_path)
    with _alone(round_), pytest.raises(BusyError):
        sent(round_)


_KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.mail import server
from tests.pipeline.mail.letters import round_with, thanks
from pipeline.mail.sending import send
from questionnaire.rounds.round import read_round
import dataclasses
from tests.given import MINI
from tests.pipeline.mail.letters import CONTACTS
from questionnaire.rounds.mail_settings import MailSettings

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

server.Server._answered = die
round_ = read_round(Path(sys.argv[1]), MINI.parent)
mail = MailSettings("127.0.0.1", int(sys.argv[2]), "none", "", "letters@example.org", 60_000)
round_ = dataclasses.replace(round_, contacts=CONTACTS, mail=mail)
list(send(thanks(round_), mail))
"""


def test_send__killed_behind_the_text__the_next_run_does_not_send_it_twice(
    postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    box, port = postbox
    round_ = round_with(tmp_path, port=port)
    root = Path(__file__).parents[3]
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(round_.folder), str(port)],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False, capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert sent(round_) == {"AAA": "unclear", "BBB": "sent", "CCC": "sent"}
    assert sum("ana@aaa.example" in addresses for addresses in box.addresses) <= 1
