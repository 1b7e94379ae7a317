"""A letter as an e-mail: nothing that anybody wrote becomes a header, a path or markup."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from pipeline.letters.letter import Letter
from pipeline.mail import drafts
from pipeline.mail.message import Message
from tests.pipeline.mail.letters import contact, round_with, thanks

HOSTILE = "Evil\r\nBcc: all@victim.example\r\n\r\n<script>alert(1)</script>\u202e\x00=cmd|../../x"


def hostile(root: Path) -> Message:
    first = thanks(round_with(root, contact("AAA", "a@aaa.example", name=HOSTILE)))[0]
    respondent = replace(first.respondent, name={"en": HOSTILE})
    return replace(first, respondent=respondent, letter=Letter.of("en", HOSTILE, f"Dear {HOSTILE},\n\n{HOSTILE}"))


@pytest.mark.parametrize("form", ["draft", "dated"])
def test_message__hostile_texts__are_one_line_of_text(form: str, tmp_path: Path) -> None:
    import datetime as dt

    message = hostile(tmp_path)
    data = message.draft() if form == "draft" else message.dated(dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    head = data.partition(b"\r\n\r\n")[0]
    names = {line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    assert names <= {
        b"From",
        b"Reply-To",
        b"To",
        b"Subject",
        b"MIME-Version",
        b"Content-Type",
        b"X-Unsent",
        b"Date",
        b"Message-ID",
    }
    mail = message_from_bytes(data, policy=default)
    assert [str(address.addr_spec) for address in mail["To"].addresses] == ["a@aaa.example"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()
    assert "\u202e" not in html.get_content()


def test_drafts__names_and_table__are_made_of_codes_and_harmless(tmp_path: Path) -> None:
    message = hostile(tmp_path)
    drafts.write_drafts(message.round, "thanks", [message], whole=True)
    target = drafts.folder(message.round, "thanks")
    assert sorted(path.name for path in target.iterdir()) == [drafts.name(message), drafts.TABLE]
    assert drafts.name(message) == f"AAA_thanks_{message.digest[:8]}.eml"
    assert target.stat().st_mode & 0o077 == 0
    (target / "AAA_thanks_old.eml").write_text("old")
    drafts.write_drafts(message.round, "thanks", [message], whole=False)
    assert (target / "AAA_thanks_old.eml").exists()
    drafts.write_drafts(message.round, "thanks", [message], whole=True)
    assert not (target / "AAA_thanks_old.eml").exists()
    table = (target / drafts.TABLE).read_bytes().decode("utf-8-sig")
    assert table.startswith("respondent,name,letter,language,to,cc,subject,text,attachments,draft\r\nAAA,")


def test_draft__the_same_twice__is_the_same_bytes_and_has_no_day(tmp_path: Path) -> None:
    message = thanks(round_with(tmp_path))[0]
    assert message.draft() == message.draft()
    assert message_from_bytes(message.draft())["Date"] is None
    assert message_from_bytes(message.draft())["X-Unsent"] == "1"
