"""A new round made from another one, and what is refused before it is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.new_round import new_round
from questionnaire.rounds.leftovers import leftovers
from questionnaire.rounds.round import Round, read_round
from questionnaire.tables import DeclarationError
from tests.given import DEMO, copy_of, replace_in
from tests.pipeline.starting.test_start import started

DAY = dt.date(2027, 1, 10)


def complete(settings: Path) -> None:
    """Write what a new round leaves to be written."""
    for language, title in (("fr", "Suivi"), ("es", "Seguimiento"), ("en", "Monitoring"), ("pt", "Acompanhamento")):
        replace_in(settings, f'{language} = ""', f'{language} = "{title} 2024-2025"')
    replace_in(settings, 'name = ""', 'name = "The secretariat"')
    replace_in(settings, 'email = ""', 'email = "secretariat@office.int"')
    replace_in(settings, "# reference_period = ", "reference_period = ")
    replace_in(settings, "# questionnaire_sent = 2026-02-02", "questionnaire_sent = 2099-02-02")
    replace_in(settings, "# return_by = 2026-04-30", "return_by = 2099-04-30")
    replace_in(settings, "# final = 2026-06-15", "final = 2099-06-15")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return new_round("2026", copy_of(DEMO, tmp_path / "rounds" / "demo"))


def test_new_round__completed__has_no_leftovers(made: Path) -> None:
    with pytest.raises(DeclarationError, match=r"key reference_period.*\{ start = 2024, end = 2025 \}"):
        read_round(made)
    complete(made / "round.toml")
    round_ = read_round(made)
    assert (round_.name, len(round_.participants), round_.slices != ()) == ("2026", 32, True)
    assert leftovers(round_, DAY) == ()
    assert "demonstration" not in (made / "round.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["2026", "", "../x", "A b"])
def test_new_round__name_taken_or_none__is_refused(made: Path, name: str) -> None:
    with pytest.raises(DeclarationError):
        new_round(name, made.parent / "demo")


def _changed(round_: Round, change: str) -> Round:
    title, respondent = round_.title, round_.participants[0]
    changes: dict[str, Round] = {
        "demonstration": replace(round_, title={**title, "es": "Seguimiento (demostración)"}),
        "no title": replace(round_, title={**title, "pt": ""}),
        "years": replace(round_, title={**title, "en": "Monitoring 2020-2021"}),
        "period": replace(round_, title={**title, "en": "Monitoring 2025–2026"}),
        "words": replace(round_, contact_name="Acopio secretariat"),
        "example": replace(round_, contact_email="acopio@example.org"),
        "past": replace(round_, return_by=dt.date(2027, 1, 9)),
        "name": replace(round_, name="2031"),
        "nameless": replace(
            round_, respondents=(replace(respondent, name={**respondent.name, respondent.language: ""}),)
        ),
    }
    return changes[change]


@pytest.mark.parametrize(
    ("change", "key", "where"),
    [
        ("demonstration", "leftover_demonstration", "round.toml, title.es"),
        ("no title", "leftover_missing", "round.toml, title.pt"),
        ("years", "leftover_years", "round.toml, title.en"),
        ("period", "leftover_years", "round.toml, title.en"),
        ("words", "leftover_demonstration", "round.toml, contact.name"),
        ("example", "leftover_example", "round.toml, contact.email"),
        ("past", "leftover_past", "round.toml, deadlines.return_by"),
        ("name", "leftover_years", "round.toml, reference_period"),
        ("nameless", "leftover_missing", "respondents.csv, name_en"),
    ],
)
def test_leftovers__each__is_found_at_its_place(made: Path, change: str, key: str, where: str) -> None:
    complete(made / "round.toml")
    [found] = leftovers(_changed(read_round(made), change), DAY)
    assert (found.key, found.where) == (key, where)


def test_questionnaires__with_leftovers__are_not_written(made: Path) -> None:
    complete(made / "round.toml")
    replace_in(made / "round.toml", "secretariat@office.int", "acopio@example.org")
    done = CliRunner().invoke(main, ["questionnaires", str(made)])
    assert done.exit_code == 1
    assert "round.toml, contact.email" in done.output
    assert not read_round(made).outputs.exists()


@pytest.mark.parametrize("folder", [DEMO, DEMO.parent / "demo-tables"], ids=["indicators", "tables"])
def test_leftovers__of_a_demonstration__are_none(folder: Path) -> None:
    assert leftovers(read_round(folder), DAY) == ()


def test_new_round__of_a_new_instrument__has_its_targets_and_no_title_and_names_the_newer_edition(
    tmp_path: Path,
) -> None:
    table = "Indicator;Target\nNumber of wells;30\n"
    source = started(tmp_path, table, respondents=["BOL", "PER"]).round.folder
    references = source / "reference.csv"
    of_all = references.read_text(encoding="utf-8")
    assert of_all.splitlines()[1].startswith(",")
    references.write_text(f"{of_all}BOL{of_all.splitlines()[1]}\n", encoding="utf-8")
    for _ in range(2):
        CliRunner().invoke(main, ["design", str(tmp_path), "--edition", "2"])
    done = CliRunner().invoke(main, ["new-round", "water-2026", "--from", str(source)])
    assert done.exit_code == 0, done.output
    made = source.parent / "water-2026"
    assert (made / "reference.csv").read_text(encoding="utf-8") == of_all
    assert 'title = { en = "" }' in (made / "round.toml").read_text(encoding="utf-8")
    assert "The instrument is edition 2 by now; this round still asks edition 1." in done.output
    assert "What reference.csv says of single respondents was left out" in done.output


def test_new_round__of_the_edition_there_is__says_nothing_of_it(tmp_path: Path) -> None:
    source = started(tmp_path, "Indicator\nNumber of wells\n", respondents=["BOL"]).round.folder
    done = CliRunner().invoke(main, ["new-round", "water-2026", "--from", str(source)])
    assert done.output.count("\n") == 1
    assert not (source.parent / "water-2026" / "reference.csv").exists()
