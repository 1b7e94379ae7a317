"""Every sentence that a person reads keeps the typographic rules of its language, in whichever file it stands."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from questionnaire.codelists import choice_key
from questionnaire.declaration.instrument import INSTRUMENTS
from questionnaire.messages import LANGUAGES
from questionnaire.typography import unbroken
from questionnaire.workbook.texts.texts import Texts
from tests.given import SEED

_WORDINGS = sorted((INSTRUMENTS.parent / "wordings").glob("*.toml"))
_OF_INSTRUMENTS = [
    path
    for folder in (SEED, INSTRUMENTS / "criminal-justice", INSTRUMENTS.parent / "standard")
    for path in sorted(folder.iterdir())
    if path.suffix in (".toml", ".csv")
]
_NOT_SENTENCES = ("table_heads.toml", "wordings_before.csv")
"""What people type, and how texts once were."""

_SPACE = "[ \u00a0\u202f]"
_RULES = {
    "*": {
        "two spaces": r"(?<=\S)  +(?=\S)",
        "a space at an end": r"^\s|\s$",
        "a straight quotation mark": r"\"",
        "a straight apostrophe": r"\w'\w",
        "three full stops": r"\.\.\.",
        "a space before a comma or full stop": rf"{_SPACE}[,.](?![\w.])",
    },
    "fr": {
        "no space before a mark": rf"(?<!{_SPACE})(?<![A-Z]{{3}})[;?!»](?!\w)|(?<!{_SPACE}):(?={_SPACE}|$)",
        "no space after «": rf"«(?!{_SPACE})",
        "foreign quotation marks": "[“”„]",
        "no space before %": r"[\d}]%",
        "first of the month": r"\b1er\b",
        "another word for a sheet or a workbook": r"(?i)\bonglets?\b|\bcahiers?\b",
    },
    "es": {
        "a space before a mark": rf"{_SPACE}[:;?!»]",
        "a space after «": rf"«{_SPACE}",
        "foreign quotation marks": "[“”„]",
        "another word for a sheet or a workbook": r"(?i)\b(planillas?|pestañas?|solapas?)\b",
        "no opening mark": r"^[^¿]*\?|^[^¡]*!",
        "no space before %": r"[\d}]%",
    },
    "en": {
        "a space before a mark": rf"{_SPACE}[:;?!]|[\d}}]{_SPACE}%",
        "foreign quotation marks": "[«»„]",
        "another word for a sheet": r"\b[Tt]abs?\b",
        "British spelling": r"(?i)\b(colour|organis|recognis|programme\b|centre\b|labour|analyse|harbour|offence|defence|"
        r"summaris|normalis|authoris|catalogue\b|favour|behaviour|honour|judgement|cancelled|travelling)",
    },
    "pt": {
        "a space before a mark": rf"{_SPACE}[:;?!]|[\d}}]{_SPACE}%",
        "foreign quotation marks": "[«»„]",
        "another word for a sheet or a workbook": r"(?i)\b(folhas?|abas?|guias?|livros?)\b",
    },
}


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """(where, language, text) of every sentence."""
    found: list[tuple[str, str, str]] = []
    for path in (*_WORDINGS, *_OF_INSTRUMENTS):
        if path.name in _NOT_SENTENCES:
            continue
        if path.suffix == ".toml":
            table = _of_table(tomllib.loads(path.read_text("utf-8")))
            found += [(f"{path.name} {where}", language, text) for where, language, text in table]
        else:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                for number, row in enumerate(csv.DictReader(lines), 2):
                    for column, text in row.items():
                        stem, _, language = column.rpartition("_")
                        if language in LANGUAGES and text:
                            found.append((f"{path.name} {number} {stem}".strip(), language, text))
    return tuple(found)


def _of_table(table: object, where: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(table, list):
        for number, item in enumerate(table, 1):
            yield from _of_table(item, f"{where}[{number}]")
    elif isinstance(table, dict):
        for key, value in table.items():
            if key in LANGUAGES and isinstance(value, str):
                yield where, key, value
            else:
                yield from _of_table(value, f"{where}.{key}" if where else key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts__of_a_language__keep_its_typographic_rules(language: str) -> None:
    rules = {**_RULES["*"], **_RULES[language]}
    faults = [
        f"{where}: {name}: {text}"
        for where, spoken, text in texts()
        if spoken == language
        for name, pattern in rules.items()
        if re.search(pattern, text)
    ]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_and_remedies__are_sentences_that_end(language: str) -> None:
    said = [
        (where, text)
        for where, spoken, text in texts()
        if spoken == language and where.endswith(("message", "remedy")) and not where.startswith("columns.toml")
    ]
    assert len(said) > 100
    assert [f"{where}: {text}" for where, text in said if not re.search(r"[.?!…:}]$|--round \S+ [A-Z]+$", text)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Pourquoi?"), ("fr", "«Oui»"), ("fr", "Le 1er mars"), ("fr", "27%"), ("es", "Quién?"), ("es", "« Sí »"),
        ("en", "Colours"), ("en", "«Yes»"), ("pt", "«Sim»"), ("pt", "Quem ?"), ("en", "Two  spaces"), ("fr", "l'État"),
        ("fr", "Un onglet"), ("es", "La planilla"), ("en", "The tab"), ("pt", "Esta folha"),
    ],
)  # fmt: skip
def test_rules__a_text_that_breaks_one__is_found(language: str, text: str) -> None:
    assert any(re.search(pattern, text) for pattern in (*_RULES["*"].values(), *_RULES[language].values()))


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("fr", "En ligne ?", "En ligne\u00a0?"),
        ("fr", "« Oui » : 27,3 % ; sinon non.", "«\u00a0Oui\u00a0»\u00a0: 27,3\u00a0%\u00a0; sinon non."),
        ("fr", "de {min} % à 3", "de {min}\u00a0% à 3"),
        ("es", "¿Sí? 27,3 %", "¿Sí? 27,3\u00a0%"),
        ("es", "hasta {max} %", "hasta {max}\u00a0%"),
        ("en", "A: b; c? 5 %", "A: b; c? 5 %"),
    ],
)
def test_unbroken__marks_that_a_language_spaces__stay_on_the_line_of_their_word(
    language: str, text: str, kept: str
) -> None:
    assert unbroken(text, language) == kept


def test_unbroken__every_text__is_read_as_the_same_and_has_no_other_spaces_before_marks() -> None:
    for where, language, text in texts():
        shown = unbroken(text, language)
        assert choice_key(shown) == choice_key(text), where
        assert language != "fr" or not re.search(r" [?!;»%](?!\w)|« ", shown), where


def test_texts_of_a_workbook__also_the_official_one_beside_another_language__do_not_break_before_marks() -> None:
    texts = Texts(("fr", "en"), "fr", "en")
    asked = {"fr": "Où ?", "en": "Where?"}
    assert texts.add(asked).every == ("Où\u00a0?", "Where?")
    assert texts.official(asked).cached == "Où\u00a0?"
    assert texts.add({"fr": "Quand ?"}).cached == "[fr] Quand\u00a0?"
