"""Who is written to: the letter that fits what came, and no reminder to whoever owes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.follow_up.extend import extend
from pipeline.mail import outbox
from pipeline.mail.outbox import NotCurrentError, Outbox
from pipeline.publication.manifest import MANIFEST
from pipeline.publication.results import NotConsolidatedError, read_rows
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round, read_round
from questionnaire.tables import DeclarationError
from tests.given import MINI
from tests.pipeline.follow_up.test_cases import SLICES
from tests.pipeline.mail.letters import round_with

BEFORE, AFTER = dt.date(2026, 4, 20), dt.date(2026, 5, 2)
_ROW = {
    "file": "",
    "sha256": "",
    "container": "",
    "saved": "",
    "mail_date": "",
    "sender": "",
    "respondent": "",
    "slice": "",
    "verdict": "",
    "answers": 5,
}


def with_returns(root: Path, *rows: Mapping[str, str], slices: str = "", contradicted: str = "") -> Round:
    """A round whose last run found these returns; the files of `contradicted` contradict each other."""
    round_ = round_with(root)
    if slices:
        (round_.folder / "slices.csv").write_text(slices, encoding="utf-8")
        round_ = replace(read_round(round_.folder, MINI.parent), contacts=round_.contacts)
    round_.returns.mkdir()
    folder = round_.results(Access.RESTRICTED)
    folder.mkdir(parents=True)
    table = [{**_ROW, "sha256": f"{number}" * 64, "file": f"{number}.xlsx", **row} for number, row in enumerate(rows)]
    for row in table:
        (round_.returns / str(row["file"]).split("/")[0]).write_bytes(b"x")
    pd.DataFrame(table, columns=list(_ROW)).to_parquet(folder / "returns.parquet")
    columns = ["submission", "severity", "language", "message_to_respondent", "remedy_to_respondent"]
    found = [
        [table[-1]["sha256"] if table else "", severity, "en", *said]
        for severity, *said in (
            ("blocker", "It is a text.", "Send the workbook."),
            ("info", "It is short.", "Nothing."),
        )
    ]
    pd.DataFrame(found, columns=columns).to_parquet(folder / "findings.parquet")
    said = [[row["sha256"], "W01a", 1, "total", "answered", str(row["file"])] for row in table]
    answers = pd.DataFrame(said, columns=["submission", "block", "line", "field", "status", "raw"])
    others = ("indicator", "sheet", "cell", "change", "previous", "code", "number", "date", "text")
    answers.assign(**dict.fromkeys(others, "")).assign(code=answers["raw"]).to_parquet(folder / "answers.parquet")
    conflicts = pd.DataFrame({"respondent": [contradicted] if contradicted else []}, dtype="str")
    conflicts.to_parquet(folder / "conflicts.parquet")
    (folder / MANIFEST).write_text("{}")
    return round_


def letters(round_: Round, what: str, today: dt.date = BEFORE) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for message in Outbox(round_, today).messages(what):
        found.setdefault(message.respondent.code, []).append(message.kind)
    return found


def test_reminder__goes_to_who_owes_something_in_the_right_words(tmp_path: Path) -> None:
    round_ = with_returns(
        tmp_path, {"respondent": "AAA", "verdict": "accepted"}, {"respondent": "BBB", "verdict": "unverified"}
    )
    assert letters(round_, "reminder", BEFORE) == {"BBB": ["held"], "CCC": ["reminder"]}
    assert letters(round_, "reminder", AFTER) == {"BBB": ["held"], "CCC": ["overdue"]}
    (_, due) = Outbox(round_, BEFORE).messages("reminder")
    assert "by 30 April 2026, that is in 10 days" in due.letter.text
    (_, late) = Outbox(round_, AFTER).messages("reminder")
    assert "was due on 30 April 2026" in late.letter.text
    assert due.message_id != late.message_id
    assert due.message_id == Outbox(round_, BEFORE).messages("reminder")[1].message_id


def test_reminder__to_whom_a_later_day_was_granted__names_that_day_to_nobody_else(tmp_path: Path) -> None:
    round_ = with_returns(tmp_path)
    assert list(extend(round_, "CCC", dt.date(2026, 5, 5), "Elections.", dt.datetime(2026, 4, 20, tzinfo=dt.UTC)))
    assert letters(round_, "reminder", AFTER) == {"AAA": ["overdue"], "BBB": ["overdue"], "CCC": ["reminder"]}
    assert "by 5 May 2026, that is in 3 days" in Outbox(round_, AFTER).messages("reminder")[-1].letter.text


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [("not_usable", "unusable"), ("unreadable_in_part", "unreadable"), ("to_approve", "")],
)
def test_reminder__for_a_file_that_waits__is_about_that_file(verdict: str, kind: str, tmp_path: Path) -> None:
    round_ = with_returns(tmp_path, {"respondent": "AAA", "verdict": verdict})
    assert letters(round_, "reminder").get("AAA", []) == ([kind] if kind else [])


def test_reminder__where_a_part_is_missing__asks_for_it_and_gives_no_thanks(tmp_path: Path) -> None:
    forests = {"respondent": "AAA", "slice": "forests", "verdict": "accepted"}
    round_ = with_returns(tmp_path, forests, slices=SLICES)
    assert letters(round_, "reminder")["AAA"] == ["parts"]
    assert "What is missing: Water. Please send" in Outbox(round_, BEFORE).messages("reminder")[0].letter.text
    assert letters(round_, "thanks") == {}


def test_reminder__where_all_parts_came__asks_for_nothing_whatever_they_left_blank(tmp_path: Path) -> None:
    part = {"respondent": "AAA", "verdict": "accepted"}
    round_ = with_returns(tmp_path, part | {"slice": "forests"}, part | {"slice": "water"}, slices=SLICES)
    assert "AAA" not in letters(round_, "reminder")
    assert letters(round_, "thanks") == {"AAA": ["thanks"]}


def test_reminder__where_the_rest_waits_for_approval__asks_for_nothing(tmp_path: Path) -> None:
    forests, water = ({"respondent": "AAA", "slice": part} for part in ("forests", "water"))
    round_ = with_returns(tmp_path, forests | {"verdict": "accepted"}, water | {"verdict": "to_approve"}, slices=SLICES)
    assert "AAA" not in letters(round_, "reminder")
    assert letters(round_, "thanks") == {}


def test_thanks__while_another_file_is_to_be_corrected__wait(tmp_path: Path) -> None:
    sent = ({"respondent": "AAA", "verdict": verdict} for verdict in ("accepted", "to_correct"))
    assert letters(with_returns(tmp_path, *sent), "thanks") == {}


def test_thanks__while_files_contradict_each_other__wait(tmp_path: Path) -> None:
    round_ = with_returns(tmp_path, {"respondent": "AAA", "verdict": "accepted"}, contradicted="AAA")
    assert letters(round_, "thanks") == {}


def test_letter__about_an_unusable_file__says_why_and_names_no_folder_of_others(tmp_path: Path) -> None:
    round_ = with_returns(
        tmp_path,
        {
            "verdict": "not_usable",
            "sender": "Ana <ana@aaa.example>",
            "file": "CCC.eml/notes.txt",
            "container": "CCC.eml",
        },
    )
    (entry, *others) = round_.respondents
    round_ = replace(round_, respondents=(replace(entry, senders=("aaa.example",)), *others))
    (message,) = Outbox(round_, BEFORE).messages("receipt")
    assert (message.kind, message.respondent.code) == ("unusable", "AAA")
    assert "“notes.txt”" in message.letter.text
    assert "It is a text. Send the workbook." in message.letter.text
    assert "It is short." not in message.letter.text
    assert "CCC" not in message.letter.text


def test_letters__about_several_unusable_files__look_at_the_findings_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unusable = [{"verdict": "not_usable", "respondent": code, "file": f"{code}.txt"} for code in ("AAA", "BBB", "CCC")]
    round_ = with_returns(tmp_path, *unusable)
    read: list[str] = []

    def noted(of: Round, name: str, columns: Sequence[str]) -> Any:
        read.append(name)
        return read_rows(of, name, columns)

    monkeypatch.setattr(outbox, "read_rows", noted)
    messages = Outbox(round_, BEFORE).messages("receipt")
    assert [message.kind for message in messages] == ["unusable"] * 3
    assert read.count("findings") == 1


def test_receipts_and_thanks__go_to_who_sent_what(tmp_path: Path) -> None:
    round_ = with_returns(
        tmp_path,
        {"respondent": "AAA", "verdict": "superseded"},
        {"respondent": "AAA", "verdict": "accepted"},
        {"respondent": "BBB", "verdict": "duplicate"},
        {"respondent": "CCC", "verdict": "unverified"},
    )
    assert letters(round_, "receipt") == {"AAA": ["receipt"], "CCC": ["held"]}
    assert letters(round_, "thanks") == {"AAA": ["thanks"]}


def test_receipt__of_a_later_file__says_in_its_language_what_it_changed_and_names_no_folder(tmp_path: Path) -> None:
    first = {"respondent": "BBB", "container": "all.zip", "file": "all.zip/first.xlsx", "verdict": "accepted"}
    later = {"respondent": "BBB", "verdict": "accepted", "saved": "2026-04-02T08:00:00Z"}
    round_ = with_returns(tmp_path, first, later)
    before, after = (message.letter.text for message in Outbox(round_, BEFORE).messages("receipt"))
    assert "Changements depuis first.xlsx : 0 réponse ajoutée, 0 retirée, 1 modifiée." in after
    assert "Changements" not in before


def test_outbox__returns_that_no_run_has_seen__keep_letters_back(tmp_path: Path) -> None:
    round_ = with_returns(tmp_path, {"respondent": "AAA", "verdict": "accepted"})
    (round_.returns / "new.xlsx").write_bytes(b"x")
    with pytest.raises(NotCurrentError):
        Outbox(round_, BEFORE)


def test_outbox__before_any_run__knows_that_nothing_came_or_says_that_it_does_not_know(tmp_path: Path) -> None:
    round_ = round_with(tmp_path)
    assert letters(round_, "reminder") == {"AAA": ["reminder"], "BBB": ["reminder"], "CCC": ["reminder"]}
    round_.returns.mkdir()
    (round_.returns / "new.xlsx").write_bytes(b"x")
    with pytest.raises(NotConsolidatedError):
        Outbox(round_, BEFORE)


def test_invitation__in_the_language_of_each__has_its_questionnaire_only(tmp_path: Path) -> None:
    from pipeline.desk.questionnaires import folder

    round_ = round_with(tmp_path)
    folder(round_).mkdir(parents=True)
    (folder(round_) / "AAA_x.xlsx").write_bytes(b"PK")
    (folder(round_) / "index.csv").write_text("respondent,slice,file\nAAA,,AAA_x.xlsx\nBBB,,gone.xlsx\n")
    first, second, _ = Outbox(round_, BEFORE).messages("invitation")
    assert [path.name for path in first.attachments] == ["AAA_x.xlsx"]
    assert second.attachments == ()
    assert second.letter.subject == "Un petit tour : questionnaire (Bétalande)"
    assert second.letter.text.startswith("Madame, Monsieur,")


def test_outbox__round_without_an_address__says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="contact.email"):
        Outbox(replace(round_with(tmp_path), contact_email="me\nBcc: you@x.example"), BEFORE)
