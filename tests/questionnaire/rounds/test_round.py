"""A round: its settings and its frame, and what is said when they are malformed."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.rounds.identity import short_fingerprint
from questionnaire.rounds.limits import ReadingLimits
from questionnaire.rounds.round import read_round
from questionnaire.tables import DeclarationError
from tests.given import DEMO, copy_of, replace_in


def test_read_round__the_demo__has_35_states_of_which_32_take_part() -> None:
    round_ = read_round(DEMO)
    assert len(round_.respondents) == 35
    absent = {respondent.code: respondent.reason for respondent in round_.respondents if not respondent.participates}
    assert sorted(absent) == ["CUB", "NIC", "VEN"]
    assert all(absent.values())
    assert len(round_.participants) == 32
    assert {respondent.language for respondent in round_.participants} == {"fr", "es", "en", "pt"}
    assert str(round_.period) == "2024–2025"
    assert round_.period.parameters == {"period_start": 2024, "period_end": 2025}
    assert round_.return_by == dt.date(2026, 4, 30)
    assert round_.correct_by == dt.date(2026, 6, 15)


def test_read_round__of_an_edition_that_the_instrument_keeps__is_read_with_it(tmp_path: Path) -> None:
    folder = copy_of(DEMO, tmp_path / "rounds" / "demo")
    replace_in(folder / "round.toml", 'edition = "2026.2"', 'edition = "2026.1"')
    replace_in(folder / "round.toml", 'older_editions = ["2026.1"]\n', "")
    instrument = read_round(folder).instrument
    assert instrument.edition == "2026.1"
    # What questionnaires that were sent out carry: as long as they come back, nothing there may change.
    assert short_fingerprint(instrument.structure) == "ad83df8e9357f8c4"


def test_outputs__wherever_it_runs__stand_beside_the_rounds(tmp_path: Path) -> None:
    folder = copy_of(DEMO, tmp_path / "rounds" / "demo")
    assert read_round(folder).outputs == tmp_path / "outputs" / "demo"


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "what"),
    [
        ("round.toml", 'edition = "2026.2"', 'edition = "2020.1"', "round.toml, key edition", "2020.1"),
        ("round.toml", 'instrument = "oas-trafficking"', 'instrument = "../x"', "key instrument", "../x"),
        ("round.toml", "start = 2024", "start = 2026", "key reference_period.end", "2025 is before 2026"),
        ("round.toml", "return_by = 2026-04-30", "return_by = 2026-14-30", "round.toml", "line"),
        ("round.toml", "final = 2026-06-15", "final = 2026-04-29", "key deadlines.final", "before return_by"),
        ("round.toml", 'working_language = "en"', 'working_language = "nl"', "key working_language", "nl"),
        ("round.toml", "[contact]", "[limits]\nseconds = 0\n[contact]", "key limits.seconds", "0 is too little"),
        (
            "round.toml",
            "[contact]",
            "[limits]\ndays = 1\n[contact]",
            "key limits.days",
            "Remove it, or use one of file_mb",
        ),
        ("round.toml", "[contact]", '[mail]\nhots = "a.example"\n[contact]', "key mail.hots", "Write host"),
        (
            "round.toml",
            "[contact]",
            '[mail]\npassword = "secret"\n[contact]',
            "key mail.password",
            "use one of host, port, security, user, from, per_minute; the password stands in the environment variable",
        ),
        (
            "round.toml",
            "[contact]",
            "[cover]\ncolour = 1\n[contact]",
            "key cover.colour",
            "Remove it, or use one of logo",
        ),
        (
            "round.toml",
            "[contact]",
            '[cover.letterhead]\nde = "Amt"\nen = "Office"\n[contact]',
            "key cover.letterhead",
            "there are no texts in de. Remove it, or use fr, es, en, pt",
        ),
        ("round.toml", "[title]", '[title]\nsp = "Tour"', "key title", "there are no texts in sp"),
        ("round.toml", "[contact]", "[limits]\nfile_mb = 1.5\n[contact]", "key limits.file_mb", "whole number"),
        ("round.toml", "[title]", "answered_at_least = 50\n[title]", "key answered_at_least", "50 is no share"),
        ("round.toml", "[title]", "answered_at_least = true\n[title]", "key answered_at_least", "a share such as 0.5"),
        ("round.toml", "[title]", "aproval = true\n[title]", "key aproval", "Write approval"),
        ("round.toml", "[title]", "[budget]\n[title]", "key budget", "Remove it, or use one of name, instrument"),
        ("round.toml", "return_by =", "finale = 2026-06-15\nreturn_by =", "key deadlines.finale", "Write final"),
        ("respondents.csv", "BRA,", "ARG,", "line 8, column respondent", "stands twice"),
        ("respondents.csv", ",pt,yes,", ",nl,yes,", "line 8, column language", "nl"),
        ("respondents.csv", ",pt,yes,", ",pt,si,", "line 8, column participates", "neither yes nor no"),
        ("respondents.csv", "BRA,", "../../BRA,", "line 8, column respondent", "is not a code"),
    ],
)
def test_read_round__malformed__names_where_and_what(
    tmp_path: Path, file: str, old: str, new: str, where: str, what: str
) -> None:
    folder = copy_of(DEMO, tmp_path / "rounds" / "demo")
    replace_in(folder / file, old, new)
    with pytest.raises(DeclarationError) as caught:
        read_round(folder)
    assert where in caught.value.where
    assert what in str(caught.value)


def test_read_round__no_round__says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no round.toml"):
        read_round(tmp_path)


@pytest.mark.parametrize("named", [".", "rounds", "rounds/none", "../project", "../project/rounds/"])
def test_read_round__a_folder_with_rounds_in_or_beside_it__names_them_as_they_are_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    above = "../project/" if named.startswith("..") else ""
    for name, said in (("b", f"Type {above}rounds/b in"), ("a", f"Type one of {above}rounds/a, {above}rounds/b in")):
        folder = tmp_path / "project" / "rounds" / name
        folder.mkdir(parents=True)
        (folder / "round.toml").touch()
        monkeypatch.chdir(tmp_path / "project")
        with pytest.raises(DeclarationError, match="no round.toml") as caught:
            read_round(Path(named))
        assert said in str(caught.value)


@pytest.mark.parametrize("named", ["rounds/b/round.toml", "rounds/b/returns"])
def test_read_round__something_in_the_folder_of_a_round__names_that_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (tmp_path / "rounds" / "b" / "returns").mkdir(parents=True)
    (tmp_path / "rounds" / "b" / "round.toml").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeclarationError, match="Type rounds/b in its place"):
        read_round(Path(named))


def test_limits__named_in_the_round__take_the_place_of_the_defaults(tmp_path: Path) -> None:
    folder = copy_of(DEMO, tmp_path / "rounds" / "demo")
    assert read_round(folder).limits == ReadingLimits()
    replace_in(folder / "round.toml", "# [limits]", "[limits]")
    replace_in(folder / "round.toml", "# seconds = 30", "seconds = 90")
    assert read_round(folder).limits == replace(ReadingLimits(), seconds=90)


def test_answered_at_least__half_unless_the_round_says_otherwise(tmp_path: Path) -> None:
    folder = copy_of(DEMO, tmp_path / "rounds" / "demo")
    assert read_round(folder).answered_at_least == 0.5
    for share in (0, 0.8, 1):
        target = copy_of(folder, tmp_path / f"at {share}" / "demo")
        replace_in(target / "round.toml", "# answered_at_least = 0.5", f"answered_at_least = {share}")
        assert read_round(target).answered_at_least == share
