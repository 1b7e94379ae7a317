"""contacts.csv: whom letters go to, and who writes for a respondent."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.attribution.senders import sent_by
from questionnaire.rounds.contacts import Role, recipients, salutation_of
from questionnaire.rounds.round import read_round
from questionnaire.tables import DeclarationError
from tests.given import MINI, mini_round

HEAD = "respondent,name,email,role,salutation,writes_for\n"


def write(root: Path, text: str) -> Path:
    folder = mini_round(root).folder
    (folder / "contacts.csv").write_text(text, encoding="utf-8")
    return folder


def test_contacts__of_a_round__receive_write_and_are_greeted(tmp_path: Path) -> None:
    lines = 'AAA,Ana,ANA@aaa.example,to,"Dear Ana,",\nAAA,,copy@aaa.example,cc,,\nAAA,,aaa.example,,,\nBBB,Both,both@mail.example,to,,AAA; BBB\n'
    round_ = read_round(write(tmp_path, HEAD + lines), MINI.parent)
    assert [entry.email for entry in recipients(round_.contacts, "AAA", Role.TO)] == ["ana@aaa.example"]
    assert [entry.email for entry in recipients(round_.contacts, "AAA", Role.COPY)] == ["copy@aaa.example"]
    assert (salutation_of(round_.contacts, "AAA"), salutation_of(round_.contacts, "BBB")) == ("Dear Ana,", "")
    assert sent_by("Someone <x@aaa.example>", round_.respondents) == ("AAA",)
    assert sent_by("both@mail.example", round_.respondents) == ("AAA", "BBB")
    assert sent_by("other@mail.example", round_.respondents) == ()


def test_contacts__of_one_respondent__are_its_lines_in_order(tmp_path: Path) -> None:
    lines = "AAA,,a@a.example,to,,\nBBB,,b@b.example,to,,\nAAA,,c@a.example,cc,,\n"
    round_ = read_round(write(tmp_path, HEAD + lines), MINI.parent)
    assert [entry.email for entry in round_.contacts_of("AAA")] == ["a@a.example", "c@a.example"]
    assert round_.contacts_of("CCC") == ()


def test_contacts__without_an_address__write_for_nobody(tmp_path: Path) -> None:
    lines = "AAA,Ana,,to,,\nAAA,,a@a.example,to,,AAA; AAA\nBBB,,a@a.example,to,,AAA\n"
    round_ = read_round(write(tmp_path, HEAD + lines), MINI.parent)
    assert [one.senders for one in round_.respondents[:2]] == [("a@a.example",), ()]


def test_contacts__none__the_column_senders_is_still_read(tmp_path: Path) -> None:
    folder = mini_round(tmp_path).folder
    frame = folder / "respondents.csv"
    frame.write_text(
        frame.read_text().replace("aliases\n", "aliases,senders\n").replace(",Alpha\n", ",Alpha,a@a.example\n")
    )
    round_ = read_round(folder, MINI.parent)
    assert (round_.contacts, round_.respondents[0].senders) == ((), ("a@a.example",))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("ZZZ,,a@a.example,to,,", "respondent"),
        ("AAA,,a@a.example,to,,ZZZ", "writes_for"),
        ("AAA,,a@a.example,bcc,,", "role"),
        ("AAA,,not an address,to,,", "email"),
        ("AAA,,a.example,to,,", "email"),
        ("AAA,,a@a.example>,to,,", "email"),
        ('AAA,,"a@a.example\nBcc: b@b.example",to,,', "email"),
        ("AAA,,a@localhost,to,,", "email"),
        ('AAA,"Ana\nBcc: b@b.example",a@a.example,to,,', "name"),
    ],
)
def test_contacts__that_cannot_be__name_line_and_column(line: str, column: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=f"contacts.csv, line 2, column {column}"):
        read_round(write(tmp_path, HEAD + line + "\n"), MINI.parent)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[mail]\nhost = "mx.example"\npassword = "x"', "ACOPIO_SMTP_PASSWORD"),
        ('[mail]\nhost = "mx.example"\nsecurity = "none"', "could be read on the way"),
        ('[mail]\nhost = "mx.example"\nfrom = "x"', "is no address"),
        ('[mail]\nhost = "mx.example"\nper_minute = 0', "letters a minute"),
        ('[mail]\nhost = "mx.example"\nsecurity = "ssl"', "is unknown"),
    ],
)
def test_mail_settings__that_cannot_be__are_refused(table: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=said):
        read_round(mini_round(tmp_path, more="\n" + table).folder, MINI.parent)


def test_mail_settings__with_a_host_alone__are_encrypted(tmp_path: Path) -> None:
    mail = read_round(mini_round(tmp_path, more='\n[mail]\nhost = "mx.example"').folder, MINI.parent).mail
    assert mail is not None
    assert (mail.port, mail.security, mail.sender) == (587, "starttls", "secretariat@example.org")
