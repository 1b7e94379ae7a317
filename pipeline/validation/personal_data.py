"""Looks in free texts for what may be personal data: addresses, telephone and document numbers, names of victims.

A person of the secretariat looks at what it finds; it takes nothing out and keeps nothing out. It recognises forms that
people of the Americas and Europe write in French, Spanish, English and Portuguese, and misses others.
"""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.findings import Finding, finding
from questionnaire.rules.rule import Severity

CODES: Mapping[str, str] = {
    "email": "email_in_text",
    "telephone": "telephone_in_text",
    "document": "document_in_text",
    "name": "name_in_text",
}
"""The finding of each sort of personal data."""

_DIGITS = r"\(?\d(?:[\s().-]{0,2}\d){%d,14}"
_PHONE = r"t[eé]l(?:[eé]?(?:f|ph)on[eo]s?)?|telefax|phone|mobile|cell|m[oó]vil|celular|portable|whats\s?app|fax"
_DOCUMENT = (
    r"passports?|passeports?|pasaportes?|passaportes?|c[eé]dulas?|dni|curp|rut|cpf|cnpj|nif|ssn"
    r"|carte\s+d[’']identité|identity\s+card|identity\s+number|documento\s+de\s+identid?ad[e]?|bilhete\s+de\s+identidade"
)
_VICTIM = r"(?:v[ií]ctimas?|victims?|victimes?|v[ií]timas?)"
_NAME = r"(?:[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]+\s+){1,3}[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]+"
_TITLES = r"(?:Mrs?\.?|Ms\.?|Miss|Mme|Mlle|M\.|Sra?\.?|Srta\.?|Dona|Don|Doña)"
_CALLED = r"(?:named|called|is|was|nommée?s?|appelée?s?|est|était|llamad[ao]s?|es|fue|chamad[ao]s?|é|foi)"
_OF = r"(?:an?|the|une?|la|una?|um|uma|a)?"

_FORMS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "telephone": re.compile(
        rf"(?<![\w+])\+\s?{_DIGITS % 6}|\b(?:{_PHONE})\b\W{{0,4}}(?:(?:n[o°º]|num\w*|n[uú]m\w*)?\W{{0,3}}){_DIGITS % 5}"
        r"|(?<!\d)\(\d{2,4}\)\s?\d{3,5}[\s.-]?\d{3,4}(?!\d)",
        re.IGNORECASE,
    ),
    "document": re.compile(
        rf"\b(?:{_DOCUMENT})\b[^\d\n]{{0,20}}\d(?:[\s./-]?\d){{5,}}"
        r"|\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b\d{1,2}\.\d{3}\.\d{3}-[\dkK]\b|\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d\b",
        re.IGNORECASE,
    ),
    # In capitals, “Victims” is part of the name of a law or of an office.
    "name": re.compile(
        rf"\b{_VICTIM}[\s,:;(–-]+(?:{_CALLED}\s+)?(?:{_TITLES}\s+)?(?P<after>{_NAME})"
        rf"|\b(?P<before>{_NAME})[\s,:;(–-]+(?:{_CALLED}\s+)?{_OF}\s*{_VICTIM}\b"
    ),
}

_INSTITUTIONS = re.compile(
    r"\b(?:minist|fiscal|procur|secretar|comisi|comiss|commis|consej|conselh|council|conseil|centr|institut|"
    r"programa|programm?e?|plan|ley|lei|loi|law|act|fund|fond|unidad|unidade|unit|unité|nacional|national|general|"
    r"estado|state|état|unidos|united|república|republic|républ|federa|fédér|police|polic|defensor|ombuds|"
    r"protocol|convenci|convention|naciones|nations|nações|organi|servi|direc|office|oficina|tribunal|court|"
    r"cour|corte|red|rede|network|réseau|trata|tráfico|trafficking|traite|persons|personas|pessoas|personnes)\w*",
    re.IGNORECASE,
)
"""What a name of a person does not hold, and that of an institution or a law mostly does."""


def personal_data(text: str) -> Iterator[tuple[str, str]]:
    """What a text seems to say of a person: the sort, as in `CODES`, and the words; one of each sort at most."""
    for sort, form in _FORMS.items():
        for match in form.finditer(text):
            named = match["after"] or match["before"] if sort == "name" else match[0]
            if sort != "name" or not _INSTITUTIONS.search(named):
                yield sort, named.strip()
                break


def personal_data_findings(answers: pd.DataFrame) -> Iterator[Finding]:
    """A warning at each published answer whose text seems to hold personal data; `answers` is the tidy table."""
    written = answers[answers["text"].notna()]
    suspected = {text: found for text in written["text"].unique() if (found := list(personal_data(str(text))))}
    for row in written[written["text"].isin(suspected.keys())].astype({"line": "int64"}).to_dict("records"):
        cell = {str(key): str(value) for key, value in row.items()}
        block = cell["block"]
        field = cell["field"] if block == cell["indicator"] else f"{block}.{cell['field']}"
        for sort, words in suspected[row["text"]]:
            yield finding(
                CODES[sort], Severity.WARNING, {"words": words},
                submission=cell["submission"], file=cell["file"], respondent=cell["respondent"],
                indicator=cell["indicator"], field=field, sheet=cell["sheet"], cell=cell["cell"], value=cell["raw"],
            )  # fmt: skip
