"""Declares the names of the sheets of a workbook: of visible ones signs and codes, the same in every language."""

import re

from questionnaire.layout import Layout, TableSheet

COVER, OVERVIEW, CHECKS, GLOSSARY = "cover", "overview", "check", "glossary"
"""The keys of the sheets that are no section and no list."""

POINTS = "points"
"""The key of the sheet that only a workbook has which goes back to be corrected."""

SIGNS = {COVER: "i", OVERVIEW: "Σ", CHECKS: "✓", GLOSSARY: "A–Z", POINTS: "×"}
"""What stands on the tabs of the sheets without questions: no formula can change it when another language is chosen."""

IDENTITY_SHEET = "_acopio"
LISTS_SHEET = "_lists"
TEXTS_SHEET = "_texts"
HIDDEN_SHEETS = (LISTS_SHEET, TEXTS_SHEET, IDENTITY_SHEET)

REFERENCES_SHEET = "_references"
"""The hidden sheet of the reference values, a row an item; only an instrument that declares some has it."""
REFERENCE_ITEMS, REFERENCE_NUMBERS = range(2)
"""Its columns: the code of an item, and the number of the respondent, empty where there is none."""

_BEGINS, _LINES = "…", "≡"

_LONGEST_TAB = 31
_HANDY_TAB = 20
"""Characters that leave room for the other sheets beside it, on a small screen too."""

_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")


def tab_names(layout: Layout) -> dict[str, str]:
    """The name of each sheet that people see, by its key: `P…` for the section whose indicators begin so.

    A list has the sign of lines, a table has it after the code of its indicator; a second one is numbered.
    """
    # LibreOffice and Gnumeric save the name R or C without quotation marks, which in Excel is a row or a column.
    wanted = {key: SIGNS[key] for key in (COVER, OVERVIEW, CHECKS, GLOSSARY)}
    for section in layout.instrument.sections:
        wanted[section.code] = f"{section.code}{_BEGINS}"
    for sheet in layout.own_sheets:
        about = f"{sheet.block.indicator} " if isinstance(sheet, TableSheet) else ""
        wanted[sheet.code] = about + _LINES
    taken = {name.casefold() for name in (*HIDDEN_SHEETS, REFERENCES_SHEET)}
    return {key: _free(_valid(name), taken) for key, name in wanted.items()}


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
