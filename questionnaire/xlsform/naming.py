"""Gives groups, questions and lists of an XLSForm the codes by which an instrument calls them."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection

from questionnaire.declaration.column_names import KEYS, LEVEL, OF_LEVEL
from questionnaire.declaration.lists.list_checks import OUTPUT_PREFIXES, OUTPUTS, RESERVED, TAKEN
from questionnaire.indicator_table.identifiers import CODE, safe_name
from questionnaire.xlsform.names import SECTION
from questionnaire.xlsform.plan import Planned, PlannedBlock
from questionnaire.xlsform.received import Entry

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_KEPT = frozenset((*KEYS, LEVEL, *OF_LEVEL, "round", *TAKEN, *RESERVED, *keyword.kwlist, *keyword.softkwlist))
_LONGEST = 40
BEHIND_CODE = " – "
"""Stands between the code of an indicator and its text, in the label of its group."""


def indicator_code(entry: Entry, taken: Collection[str]) -> str:
    """The code that an export put before the label, 1.a.1 of the group I1_a_1; else one that is a name itself.

    It differs from the others, capitals or not.
    """
    for label in entry.label.values():
        code, dash, _ = label.partition(BEHIND_CODE)
        if dash and CODE.fullmatch(code) and safe_name(code) == entry.name and code not in taken:
            return code
    name = _plain(entry.name)
    wanted = name if name[:1].isalpha() and name not in keyword.kwlist else f"I{name}"
    return _free(wanted, taken)


def section_code(entry: Entry, taken: Collection[str]) -> str:
    """The code of a section: what an export put behind “section-”, or the name of the group."""
    own = entry.name.removeprefix(SECTION)
    if own != entry.name and CODE.fullmatch(own):
        return _free(own, taken)
    wanted = re.sub(r"[^A-Za-z0-9]", "", _plain(own))
    return _free(wanted if wanted[:1].isalpha() else f"S{wanted}", taken)


def question_code(one: Planned, block: PlannedBlock) -> str:
    """The code of a question, in small letters, without the name of its group before it."""
    name = one.entry.name
    within = name.removeprefix(block.group.name)
    wanted = within[1:] if within != name and within[:1] in ("_", "-") and within[1:] else name
    return column_code(wanted)


def column_code(name: str) -> str:
    """A code in small letters that means nothing else, in a rule or in the dataset."""
    code = _plain(name).lower()
    code = code if code[:1].isalpha() else f"q{code}"
    return f"{code}_q" if code in _KEPT else code


def list_code(entry: Entry, taken: Collection[str]) -> str:
    """The code of a list, which no other published table has."""
    code = column_code(entry.name)
    return _free(f"{code}_list" if code in OUTPUTS or code.startswith(OUTPUT_PREFIXES) else code, taken)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, or the name with a number where it is taken, capitals or not."""
    return _free(wanted, taken)


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("_", plain).strip("_")[:_LONGEST].rstrip("_")


def _free(wanted: str, taken: Collection[str]) -> str:
    known = {one.casefold() for one in taken}
    name, number = wanted, 1
    while name.casefold() in known:
        number += 1
        name = f"{wanted}_{number}"
    return name
