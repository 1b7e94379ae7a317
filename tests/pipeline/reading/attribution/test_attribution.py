"""Whose return a file is: what proves it, what holds it, and what an acceptance changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.merging.verdicts import own_judgement
from pipeline.reading.attribution.senders import sent_by
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.acceptance import Acceptance
from pipeline.receiving.received import Arrival
from questionnaire.layout import Column
from questionnaire.messages import LANGUAGES, Effect, finding_codes, finding_traits, finding_wording
from questionnaire.rounds.identity import Identity, signed
from questionnaire.rounds.round import Round
from questionnaire.rounds.slices import Slice
from tests.pipeline.returned import (
    COVER,
    Book,
    answer_of,
    book,
    codes,
    identity,
    key,
    layout,
    mini_round,
    received,
    without_values_only,
    write,
)

COMMAND = 'acopio accept rounds/test {} --as {} --why "..."'


def read(sheets: Book, name: str = "return.xlsx", round_: Round | None = None, **known: Any) -> Submission:
    data = write(sheets)
    return without_values_only(tidy(replace(received(data, name), **known), data, round_ or mini_round(), layout()))


def said(submission: Submission, code: str) -> str:
    """Message and remedy of the one finding with that code."""
    [found] = [entry for entry in submission.findings if entry.code == code]
    return f"{found.message_in('en')} {found.remedy_in('en')}"


def verdict(submission: Submission) -> tuple[str, str]:
    judgement = own_judgement(submission.findings)
    return str(judgement.verdict), judgement.reason


def without_identity() -> Book:
    sheets = book()
    del sheets["_acopio"], sheets[COVER]
    for name in "WF":
        sheets[name][2] = [""] * len(Column)
    return sheets


def mixed() -> Book:
    """Brazil's questionnaire with one sheet of Mexico's."""
    return {**book(), "F": book(who=identity(respondent="MEX"))["F"]}


def with_senders(**senders: str) -> Round:
    round_ = mini_round()
    frame = tuple(replace(entry, senders=tuple(senders.get(entry.code, "").split())) for entry in round_.respondents)
    return replace(round_, respondents=frame)


BRAZIL = identity()
UNSIGNED = replace(BRAZIL, token="")
RETYPED = replace(BRAZIL, respondent="MEX")
GUESSED = replace(BRAZIL, token="A" * 20)
OF_ANOTHER_KEY = signed(BRAZIL, b"another" * 5)


@pytest.mark.parametrize(
    ("who", "code", "respondent"),
    [
        (UNSIGNED, "token_missing", "BRA"),
        (RETYPED, "token_wrong", "MEX"),
        (GUESSED, "token_wrong", "BRA"),
        (OF_ANOTHER_KEY, "token_wrong", "BRA"),
        (identity(respondent="XYZ"), "respondent_unknown", ""),
    ],
)
def test_identity__not_proved__is_read_and_held(who: Identity, code: str, respondent: str) -> None:
    submission = read(book(who=who))
    assert codes(submission) == [code]
    assert (submission.respondent, submission.blocker) == (respondent, "")
    assert verdict(submission) == ("unverified", code)
    assert answer_of(submission, "W01a", "total")["number"] == 12
    assert said(submission, code).endswith(COMMAND.format("return.xlsx", respondent or "CODE"))


def test_identity__not_proved_on_one_sheet_only__is_found_there() -> None:
    sheets = {**book(), "F": book(who=UNSIGNED)["F"]}
    [found] = read(sheets).findings
    assert (found.code, found.sheet, found.cell) == ("token_missing", "F", "A3")


def test_identity__gone__is_read_held_and_nobodys() -> None:
    submission = read(without_identity(), "Brazil final.xlsx")
    assert codes(submission) == ["no_identity"]
    assert (submission.respondent, submission.identity) == ("", None)
    assert answer_of(submission, "W01a", "total")["number"] == 12
    assert "Brazil (BRA)" in said(submission, "no_identity")
    assert said(submission, "no_identity").endswith(COMMAND.format("'Brazil final.xlsx'", "BRA"))
    assert said(read(without_identity()), "no_identity").endswith(COMMAND.format("return.xlsx", "CODE"))


def test_key__not_there__holds_everything_and_says_how_to_get_it(tmp_path: Path) -> None:
    elsewhere = mini_round(tmp_path / "rounds" / "test")
    submission = read(book(), round_=elsewhere)
    assert verdict(submission) == ("unverified", "key_missing")
    assert "Ask whoever sent the questionnaires for that file" in said(submission, "key_missing")
    assert key().hex() not in said(submission, "key_missing")


def test_two_respondents__in_one_file__are_held_as_nobodys() -> None:
    submission = read(mixed())
    assert (verdict(submission), submission.respondent) == (("unverified", "two_respondents"), "")
    assert "(sheet Cover)" in said(submission, "two_respondents")


@pytest.mark.parametrize(
    ("sender", "found"),
    [
        ("", []),
        ("someone@example.org", ["sender_unknown"]),
        ("Ana <ana@justica.gov.br>", []),
        ("ana@MJ.justica.gov.br", []),
        ("Pedro <pedro@segob.gob.mx>", ["sender_disagrees"]),
        ("consul@justica.gov.br", ["sender_disagrees"]),
        ("vice.consul@justica.gov.br", []),
        ("pedro@notsegob.gob.mx", ["sender_unknown"]),
    ],
)
def test_sender__of_another_respondent__holds_the_return(sender: str, found: list[str]) -> None:
    round_ = with_senders(BRA="justica.gov.br", MEX="segob.gob.mx consul@justica.gov.br")
    submission = read(book(), round_=round_, sender=sender)
    assert codes(submission) == found
    if found == ["sender_unknown"]:
        assert verdict(submission)[0] == "accepted"
        assert submission.findings[0].severity == "info"
        assert sender in said(submission, "sender_unknown")
    elif found:
        assert verdict(submission) == ("unverified", "sender_disagrees")
        assert "an address of Mexico (MEX)" in said(submission, "sender_disagrees")


def test_sender__listed_for_nobody__is_noted_of_a_proved_return_only() -> None:
    unproved = read(book(who=UNSIGNED), sender="someone@example.org")
    assert codes(unproved) == ["token_missing"]
    assert codes(read(book(), sender="someone@example.org")) == ["sender_unknown"]


def test_sender__listed_for_several__speaks_for_each() -> None:
    frame = with_senders(BRA="oas.example", MEX="oas.example").respondents
    assert sent_by("a@oas.example", frame) == ("BRA", "MEX")


@pytest.mark.parametrize(
    ("senders", "found", "judged"),
    [
        (("", "pedro@segob.gob.mx"), {"sender_disagrees": "blocker"}, "unverified"),
        (("ana@justica.gov.br", "pedro@segob.gob.mx"), {"copy_sent_by_other": "warning"}, "accepted"),
        (("pedro@segob.gob.mx", "", "ana@justica.gov.br"), {"copy_sent_by_other": "warning"}, "accepted"),
        (("", "someone@example.org"), {"copy_from_stranger": "info"}, "accepted"),
        (("someone@example.org", "ana@justica.gov.br"), {"copy_from_stranger": "info"}, "accepted"),
        (("ana@justica.gov.br", "eva@justica.gov.br", ""), {}, "accepted"),
    ],
)
def test_sender__of_each_copy__is_held_against_the_respondent(
    senders: tuple[str, ...], found: dict[str, str], judged: str
) -> None:
    round_ = with_senders(BRA="justica.gov.br", MEX="segob.gob.mx")
    first, *others = senders
    copies = tuple(Arrival(f"mail {number}.eml/a.xlsx", text) for number, text in enumerate(others, 2))
    submission = read(book(), round_=round_, sender=first, copies=copies)
    assert {entry.code: str(entry.severity) for entry in submission.findings} == found
    assert verdict(submission)[0] == judged
    for entry in submission.findings:
        assert entry.value in senders
        assert entry.code == "sender_disagrees" or "a.xlsx" in entry.message_in("en") or entry.value == first


def test_name__of_a_copy__that_says_another_respondent__counts_like_the_first() -> None:
    copy = Arrival("MEX final/answers.xlsx")
    assert verdict(read(book(), "a.xlsx", copies=(copy,))) == ("unverified", "respondent_unclear")
    warned = read(book(), "BRA.xlsx", copies=(copy,))
    assert [(f.code, f.severity, f.value) for f in warned.findings] == [("file_name_disagrees", "warning", copy.name)]


def accepted(respondent: str) -> Acceptance:
    return Acceptance("", respondent, "ana", "2026-03-04T09:30:00Z", "telephone call")


@pytest.mark.parametrize("who", [UNSIGNED, RETYPED, GUESSED, identity(respondent="XYZ")])
def test_accepted__a_held_return__counts_as_that_respondents_with_a_note(who: Identity) -> None:
    submission = read(book(who=who), accepted=accepted("USA"))
    assert codes(submission) == ["accepted_by_hand"]
    assert (submission.respondent, verdict(submission)) == ("USA", ("accepted", ""))
    assert set(submission.rows["respondent"]) == {"USA"}
    [note] = submission.findings
    assert (note.severity, note.explanation) == ("info", "telephone call")
    assert "United States (USA): ana accepted it on 2026-03-04 (telephone call)" in note.message_in("en")
    assert note.remedy_in("en").endswith('acopio accept rounds/test return.xlsx --undo --why "..."')


def test_names_of_respondents__in_a_finding__are_in_the_language_of_its_reader() -> None:
    round_ = mini_round()
    frame = tuple(replace(one, name={"en": "United States", "fr": "États-Unis"}) for one in round_.respondents)
    submission = read(book(who=UNSIGNED), round_=replace(round_, respondents=frame), accepted=accepted("USA"))
    [note] = submission.findings
    assert "United States (USA)" in note.message_in("en")
    assert "États-Unis (USA)" in note.message_in("fr")


def test_accepted__what_it_was_held_for__stays_in_the_note() -> None:
    held = {"no_identity": without_identity(), "two_respondents": mixed(), "token_missing": book(who=UNSIGNED)}
    for code, sheets in held.items():
        [note] = read(sheets, accepted=accepted("BRA")).findings
        assert note.value == code
    [note] = read(book(), "MEX.xlsx", accepted=accepted("BRA")).findings
    assert note.value == "respondent_unclear"


def test_accepted__what_was_never_in_doubt__says_nothing() -> None:
    assert codes(read(book(), accepted=accepted("BRA"))) == []


def test_accepted__as_another_than_it_says__is_noted_though_nothing_held_it() -> None:
    submission = read(book(), accepted=accepted("USA"))
    assert (codes(submission), submission.respondent) == (["accepted_by_hand"], "USA")


def test_part__of_a_file_without_identity__is_taken_where_one_slice_alone_fits() -> None:
    sheets = without_identity()
    del sheets["W"]
    forests, woods = (Slice(code, "*", {"en": code}, frozenset({"F01"})) for code in ("forests", "woods"))
    assert read(sheets, round_=mini_round(slices=(forests,))).part == forests
    assert read(sheets, round_=mini_round(slices=(forests, woods))).part is None


@pytest.mark.parametrize(
    ("who", "respondent", "code"),
    [
        (identity(round="2019"), "BRA", "other_round"),
        (identity(instrument="maxi"), "BRA", "other_instrument"),
        (identity(fingerprint="0" * 16), "BRA", "other_fingerprint"),
        (UNSIGNED, "CUB", "respondent_not_participating"),
    ],
)
def test_accepted__what_is_not_usable_for_another_reason__stays_so(who: Identity, respondent: str, code: str) -> None:
    submission = read(book(who=who), accepted=accepted(respondent))
    assert verdict(submission) == ("not_usable", code)


def test_accepted__as_one_whom_the_frame_no_longer_has__is_held_as_before() -> None:
    submission = read(book(who=UNSIGNED), accepted=accepted("ZZZ"))
    assert verdict(submission) == ("unverified", "token_missing")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("a b'c.xlsx", "'a b'\"'\"'c.xlsx'"),
        ("$(reboot).xlsx", "'$(reboot).xlsx'"),
        ("--help.xlsx", None),
        ("two\nlines.xlsx", None),
        ("\u202egpj.xlsx", None),
    ],
)
def test_command__for_any_name__is_safe_to_paste(name: str, typed: str | None) -> None:
    submission = read(book(who=UNSIGNED), name)
    expected = typed or submission.submission[:12]
    assert said(submission, "token_missing").endswith(COMMAND.format(expected, "BRA"))


def test_held__whatever_for__ends_with_the_command_in_every_language() -> None:
    for code in (code for code in finding_codes() if finding_traits(code).effect is Effect.HOLDS):
        for language in LANGUAGES:
            assert finding_wording(code).remedy[language].endswith(": {command}"), (code, language)
