"""What was not sent but only pointed to: the address is shown as text and never followed."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path

import pytest

from pipeline.receiving.envelopes.links import shared_files, target
from pipeline.receiving.formats import Format, sniff
from pipeline.receiving.received import file_finding
from tests.pipeline.mails import forwarded, mail, mailbox, outlook
from tests.pipeline.receiving.test_opening import BRAZIL, opened, reported

LINK = "https://canada-my.sharepoint.example/:x:/g/personal/CAN_Canada_demo_en.xlsx"
HEAD = "From: a@b.example\nDate: Mon, 20 Apr 2026 10:00:00 -0400\nContent-Type: {}\n\n{}\n"
EMLX = b"\n<?xml version='1.0'?>\n<plist version='1.0'><dict/></plist>\n"


def written(text: str, sort: str = "text/plain") -> bytes:
    return HEAD.format(sort, text).encode()


@pytest.mark.parametrize(
    "text",
    [
        f"It is here: {LINK}.",
        f"<p><img src='https://cdn.sharepoint.example/i.png'><a href='{LINK}'>open</a>",
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fcanada-my.sharepoint.example%2F%3Ax%3A%2Fg"
        "%2Fpersonal%2FCAN_Canada_demo_en.xlsx&data=05%7C01",
        f"see https://www.mj.example/contact and {LINK}, thanks",
    ],
    ids=["plain", "html", "rewritten", "among_others"],
)
def test_mail__with_the_address_of_a_file_instead_of_it__shows_the_address(tmp_path: Path, text: str) -> None:
    data = written(text, "text/html" if text.startswith("<") else "text/plain")
    for name, mailed in {"a.eml": data, "b.eml": forwarded(data)}.items():
        found = file_finding(opened(tmp_path, name, mailed)[0])
        assert found is not None
        assert (found.code, found.severity) == ("mail_with_link", "blocker")
        for language, word in {"fr": "joint", "es": "adjunto", "en": "attachment", "pt": "anexo"}.items():
            assert found.message_in(language).endswith(f": {LINK}")
            assert word in found.remedy_in(language)


def test_mail__of_outlook_or_in_a_mailbox__shows_the_address_of_its_own_text(tmp_path: Path) -> None:
    [box] = opened(tmp_path, "a.msg", outlook([], "Ana <ana@mj.example>", "x", f"Here: {LINK}"))
    assert (box.refusal, box.values["links"]) == ("mail_with_link", LINK)
    shelf = opened(tmp_path, "in.mbox", mailbox(written(LINK), mail([("a.xlsx", BRAZIL)]), mail()))
    assert [file.refusal for file in shelf] == [
        "container_opened", "mail_with_link", "container_opened", "", "container_without_workbook",
    ]  # fmt: skip


def test_mail__with_a_workbook_or_other_addresses__is_read_as_before(tmp_path: Path) -> None:
    text = "Ministry of Justice, https://www.mj.example/ and https://www.linkedin.com/in/ana"
    assert reported(opened(tmp_path, "a.eml", written(text))) == [("a.eml", "container_without_workbook")]
    data = mail([("a.xlsx", BRAZIL)]).replace(b"Please find attached.", LINK.encode(), 1)
    assert [file.refusal for file in opened(tmp_path, "b.eml", data)] == ["container_opened", ""]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://1drv.ms/x/s!Ab12", True),
        ("https://onedrive.live.com/edit.aspx?resid=1", True),
        ("https://drive.google.com/file/d/1abc/view?usp=sharing", True),
        ("https://docs.google.com/spreadsheets/d/1abc/edit", True),
        ("https://www.dropbox.com/scl/fi/1/x.xlsx?dl=0", True),
        ("https://we.tl/t-AbCdEf", True),
        ("https://wetransfer.com/downloads/1", True),
        ("https://nextcloud.mj.example/s/AbC", True),
        ("https://www.mj.example/files/x.xlsx", True),
        ("https://urldefense.com/v3/__https://drive.google.com/file/d/1/view__;!!x", True),
        ("https://mj.example/?via=dropbox.com", False),
        ("https://cloudflare.example/", False),
        ("https://drive.google.com@mj.example/x", False),
        ("https://ana@app.box.com:443/x", True),
        ("https://inbox.community.example/", False),
    ],
)
def test_address__of_a_service_that_hands_over_files__is_told_from_any_other(address: str, is_one: bool) -> None:
    assert bool(shared_files([address])) is is_one


def test_addresses__hostile_or_many__are_shown_short_and_printable() -> None:
    found = shared_files([f"https://x.dropbox.com/{'a' * 1900} https://dropbox.com/\u202excod\x1b[2J "])
    assert (len(found[0]), found[1]) == (301, "https://dropbox.com/xcod[2J")
    assert shared_files([LINK, f"{LINK}."]) == (LINK,)
    assert len(shared_files([" ".join(f"https://dropbox.com/s/{n}" for n in range(5000))])) == 3


@pytest.mark.parametrize(
    ("name", "data", "code", "link"),
    [
        ("x.url", b"[InternetShortcut]\r\nURL=" + LINK.encode() + b"\r\n", "file_is_shortcut", LINK),
        ("x.url", b"[{000214A0}]\nProp3=19,11\n[internetshortcut]\nIDList=\nurl = file:///etc/passwd", "file_is_shortcut",
         "file:///etc/passwd"),
        ("x.url", f"[InternetShortcut]\r\nURL={LINK}\r\n".encode("utf-16"), "file_is_shortcut", LINK),
        ("x.desktop", b"[Desktop Entry]\nType=Link\nURL=" + LINK.encode(), "file_is_shortcut", LINK),
        ("x.webloc", plistlib.dumps({"URL": LINK}), "file_is_shortcut", LINK),
        ("x.webloc", plistlib.dumps({"URL": LINK}, fmt=plistlib.FMT_BINARY), "file_is_shortcut", LINK),
        ("x.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(68) + b"C:\\Users\\ana\\x.xlsx\0", "file_is_shortcut",
         "C:\\Users\\ana\\x.xlsx"),
        ("x.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(69) + "\\\\srv\\s\\x.xlsx".encode("utf-16-le"), "file_is_shortcut",
         "\\\\srv\\s\\x.xlsx"),
        ("x.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(90), "file_is_shortcut", "—"),
        ("x.gsheet", json.dumps({"url": "https://docs.google.com/open?id=1", "doc_id": "1"}).encode(), "file_is_google",
         "https://docs.google.com/open?id=1"),
        ("x.gsheet", json.dumps({"": "WARNING! DO NOT EDIT", "doc_id": "1-a_B", "email": "a@b"}).encode(), "file_is_google",
         "https://docs.google.com/spreadsheets/d/1-a_B"),
    ],
)  # fmt: skip
def test_pointer__alone_or_in_a_mail__says_where_to_and_what_to_ask_for(
    tmp_path: Path, name: str, data: bytes, code: str, link: str
) -> None:
    for file in (*opened(tmp_path, name, data), *opened(tmp_path, "a.eml", mail([(name, data)]))):
        found = file_finding(file)
        assert found is not None
        assert (found.code, found.severity) == (code, "blocker")
        assert found.message_in("pt").endswith(f": {link}")
        assert ("Baixar" in found.remedy_in("pt") or "download" in found.remedy_in("pt")) is (code == "file_is_google")


def test_pointer__damaged__points_nowhere() -> None:
    assert target(b"bplist00\xff URL") == ""
    assert sniff(b"[Notes]\nURL=x") is Format.TEXT


@pytest.mark.parametrize("count", [None, 0, 7, 10**11])
def test_mail_of_apple__is_opened_whatever_number_stands_before_it(tmp_path: Path, count: int | None) -> None:
    inner = mail([("a.xlsx", BRAZIL)]).replace(b"\r\n", b"\n")
    data = b"%d   \n" % (len(inner) if count is None else count) + inner + EMLX
    files = opened(tmp_path, "1234.emlx", data)
    assert reported(files) == [("1234.emlx", "container_opened"), ("1234.emlx/a.xlsx", "")]
    assert files[1].path.read_bytes() == BRAZIL
    assert files[1].sender == "Ana Souza <ana@mj.example>"


def test_mail_of_apple__of_one_part__is_cut_where_it_ends(tmp_path: Path) -> None:
    inner = b"From: a@b.example\nDate: x\nContent-Type: a/b; name=a.xlsx\n\n" + BRAZIL
    files = opened(tmp_path, "1.emlx", b"%d\n" % len(inner) + inner + EMLX)
    assert files[1].path.read_bytes() == BRAZIL
