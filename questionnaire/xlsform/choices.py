"""Makes the code lists of an instrument from the choices of an XLSForm, whose codes and labels identify one each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from questionnaire.codelists import Code, Codelist, Wording

_UNSAFE = re.compile(r"[^A-Z0-9]+")
_NUMBER = re.compile(r"\d{1,4}")
_YES = ("yes", "y", "oui", "si", "sí", "sim")


@dataclass(frozen=True)
class Choices:
    """A code list, and its code for each choice as the form names it."""

    codelist: Codelist
    codes: Mapping[str, str]


def choices(
    name: str, listed: Collection[tuple[str, Wording]], language: str, missing: Codelist, ranked: bool, marked: bool
) -> Choices:
    """The code list of a list of choices.

    `missing` are the reasons that the form knows for no answer; `ranked`: the choices are compared as numbers;
    `marked`: several can be chosen, and each is called by its code.
    """
    codes: dict[str, str] = {}
    found: list[Code] = []
    for written, label in listed:
        if written in codes:
            continue
        code = safe_code(written, set(codes.values()), letter=marked)
        codes[written] = code
        reason = missing[code].missing if code in missing and not marked else None
        rank = int(written) if ranked and reason is None and _NUMBER.fullmatch(written) else None
        found.append(Code(code, label if language in label else {language: _first(label, written)}, {}, rank, reason))
    codelist = Codelist(name, tuple(found))
    if codelist.faults():
        found = [replace(one, label={key: f"{one.code}: {text}" for key, text in one.label.items()}) for one in found]
        codelist = Codelist(name, tuple(found))
    return Choices(codelist, codes)


def yes_no(listed: Collection[tuple[str, Wording]], codelist: Codelist) -> Choices:
    """The list yes_no, with the form's names for its codes."""
    return Choices(codelist, {written: "Y" if written.casefold() in _YES else "N" for written, _ in listed})


def safe_code(text: str, taken: Collection[str], letter: bool = False) -> str:
    """A code in capitals, digits and underscores that is not taken yet."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    wanted = _UNSAFE.sub("_", plain).strip("_") or "C"
    wanted = f"C{wanted}" if letter and wanted[0].isdigit() else wanted
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}_{number}"
    return code


def rows(codelist: Codelist, languages: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The lines of a list in codelists.csv."""
    for code in codelist:
        yield {
            "codelist": codelist.name,
            "code": code.code,
            "rank": "" if code.rank is None else str(code.rank),
            "missing": code.missing or "",
            **{f"label_{language}": code.label.get(language, "") for language in languages},
            **{f"definition_{language}": code.definition.get(language, "") for language in languages},
        }


def _first(label: Wording, otherwise: str) -> str:
    return next(iter(label.values()), otherwise)
