"""Which texts lack a translation: none in what is shipped, and whoever adds one is told which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from questionnaire import messages
from questionnaire.codelists import Codelist
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.round import read_round
from questionnaire.workbook.texts.texts import Texts
from tests.given import DEMO, MINI, copy_of, mini, replace_in

CATALOGUES = sorted(path.stem for path in (Path(messages.__file__).parent / "wordings").glob("*.toml"))


def missing(declared: object, languages: tuple[str, ...], where: str = "") -> Iterator[str]:
    """Every text below an object that has a wording in some languages and not in all: where it is, and in which."""
    if isinstance(declared, Codelist):
        for code in declared:
            yield from missing(code, languages, f"{where} {code.code}")
    elif is_dataclass(declared):
        name = str(getattr(declared, "code", ""))
        for item in fields(declared):
            yield from missing(getattr(declared, item.name), languages, f"{where} {name} {item.name}".strip())
    elif isinstance(declared, Mapping):
        if declared and all(isinstance(key, str) and len(key) == 2 and key.islower() for key in declared):
            lacking = [language for language in languages if not declared.get(language)]
            if lacking and any(declared.values()):
                yield f"{where}: {', '.join(lacking)}"
        else:
            for key, item in declared.items():
                yield from missing(item, languages, f"{where} {key}".strip())
    elif isinstance(declared, tuple):
        for item in declared:
            yield from missing(item, languages, where)


@pytest.mark.parametrize("name", ["oas-trafficking", "criminal-justice"])
def test_shipped_instrument__every_text__is_there_in_every_language(name: str) -> None:
    instrument = read_instrument(INSTRUMENTS / name)
    lacking = sorted(set(missing(instrument, instrument.languages)))
    assert not lacking, f"translations are missing: {lacking}"


def test_demo_round__every_text__is_there_in_every_language() -> None:
    round_ = read_round(DEMO)
    assert sorted(set(missing(round_.title, round_.languages, "title"))) == []
    assert sorted(set(missing(round_.respondents, round_.languages))) == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_catalogues__every_sentence__is_there_in_every_language(catalogue: str) -> None:
    lacking = sorted(set(missing(messages._table(catalogue), LANGUAGES, catalogue)))
    assert not lacking, f"translations are missing: {lacking}"


@pytest.mark.parametrize(
    ("file", "old", "expected"),
    [
        ("questions.csv", "Combien en tout ?", "total label: fr"),
        ("codelists.csv", "Ouest?", "WEST label: fr"),
        ("indicator_types.csv", "Comptage", "COUNT label: fr"),
        ("indicators.csv", "Comptez les foyers et non les personnes.", "W01a help: fr"),
        ("rules.toml", "Une région est rarement quittée.", "regions_left reason: fr"),
        ("rules.toml", "Plus d’arbres que de foyers.", "fewer_trees message: fr"),
    ],
)
def test_missing__a_text_without_its_translation__is_listed(tmp_path: Path, file: str, old: str, expected: str) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    replace_in(folder / file, old, "")
    lacking = set(missing(read_instrument(folder), ("en", "fr"))) - set(missing(mini(), ("en", "fr")))
    assert lacking
    assert all(entry.endswith(expected) for entry in lacking), lacking


def test_texts__a_translation_is_missing__the_official_one_is_marked_with_its_language() -> None:
    texts = Texts(("en", "fr", "es"), "en", "fr")
    assert texts.add({"en": "Water", "fr": "Eau"}).every == ("Water", "Eau", "[en] Water")
    assert texts.add({"en": "Water", "es": "Agua"}).cached == "[en] Water"
