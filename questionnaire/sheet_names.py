"""Declares the names of the visible sheets of a workbook, as people read them on the tabs."""

import re

from questionnaire.layout import HIDDEN_SHEETS, REFERENCES_SHEET, Layout
from questionnaire.messages import in_language, say

COVER, OVERVIEW, CHECKS, GLOSSARY = "cover", "overview", "check", "glossary"
"""The keys of the sheets that are no section and no list."""

POINTS = "points"
"""The key of the sheet that only a workbook has which goes back to be corrected."""

_LONGEST_TAB = 31
_HANDY_TAB = 20
"""Characters that leave room for the other sheets beside it, on a small screen too."""

_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")


def tab_names(layout: Layout, language: str) -> dict[str, str]:
    """The names of the visible sheets in a language: a section's by its code, the others by their own names."""
    wanted = {key: say("workbook", f"sheet_{key}", language) for key in (COVER, OVERVIEW, CHECKS, GLOSSARY)}
    for section in layout.instrument.sections:
        label = in_language(section.label, language, layout.instrument.official_language)
        wanted[section.code] = f"{section.code} {label}"
    for sheet in layout.lists:
        wanted[sheet.code] = in_language(sheet.block.label, language, layout.instrument.official_language)
    taken = {name.casefold() for name in (*HIDDEN_SHEETS, REFERENCES_SHEET)}
    return {key: _free(_valid(_short(name)), taken) for key, name in wanted.items()}


def free_tab(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have, as near to the one wanted as can be; it is added to those that are taken."""
    return _free(_valid(_short(wanted)), taken)


def _short(name: str) -> str:
    """The first words of a long name; not the “and” that they would end in."""
    words = name.split()
    if len(name) > _HANDY_TAB:
        while len(words) > 2 and (len(" ".join(words)) > _HANDY_TAB or len(words[-1]) <= 3):
            words.pop()
    return " ".join(words)


def _valid(name: str) -> str:
    # Gnumeric reads no formula that leads to a sheet with a straight apostrophe in its name.
    name = _NOT_IN_TABS.sub(" ", name).replace("'", "’")
    return " ".join(name.split()).strip("’")[:_LONGEST_TAB].strip()


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered if there is one already; no program distinguishes capitals in names of sheets."""
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate = f"{name[: _LONGEST_TAB - 3]} {number}"
        number += 1
    taken.add(candidate.casefold())
    return candidate
