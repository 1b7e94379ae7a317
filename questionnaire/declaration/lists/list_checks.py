"""Refuses what a lists.toml may say in good form but not in good sense: unknown keys, taken names, crossed limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import Declared
from questionnaire.declaration.declared_types import DERIVED, column_keys
from questionnaire.declaration.form import INDICATORS
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.messages import keys
from questionnaire.rules.conditions import THIS
from questionnaire.rules.names import PARAMETERS
from questionnaire.tables import Settings

OUTPUT_PREFIXES = ("type_", "measure_", "view_", "long_")
"""How the names of published tables begin of which there is one for each of something; no list may be called so."""

OUTPUTS = frozenset((*keys("tables"), "manifest", "dataset", "observations_sdmx", INDICATORS))
"""What no list may be called: the other files that are published, and the wide table of all indicators."""

TAKEN = frozenset(
    (
        "key",
        "line",
        "number",
        "confirm",
        "check",
        "content",
        "last",
        "respondent",
        "file",
        "sheet",
        "row",
        "submission",
        "block",
        "confirmed_by_both",
    )
)
"""What no column may be called: columns of the sheet and of the dataset that every list has."""

RESERVED = frozenset((THIS, "number", *PARAMETERS))
"""What no column may be called either: it means something else in a rule, or in the tidy table of answers."""

LIST_KEYS = ("code", "lines", "label", "help", "column", "count", "bilateral", "mirror")
COUNT_KEYS = ("question", "column", "code")
BILATERAL_KEYS = ("partner", "column", "code")
OPTION_KEYS = ("code", "label")
COMPANION_KEYS = ("column", "code")

COLUMN_KEYS = ("column", "type", "label", "help", "required", "required_with")
TYPE_KEYS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("option",),
    **{declared: own for declared in get_args(Declared) if (own := column_keys(declared)) is not None},
}
"""The keys that a column has besides, by its type."""

TYPES = tuple(TYPE_KEYS)
"""The types that a column may have."""


def check_keys(entry: Settings, known: Collection[str], faults: Faults = AT_ONCE) -> None:
    """A fault for each key that nothing reads, such as a misspelt one."""
    for key in entry.values:
        if key not in known:
            remedy = f"Correct it, or remove it; known are {', '.join(known)}"
            faults.add(entry.fault(key, "there is no such key", remedy))


def check_column_keys(entry: Settings, faults: Faults) -> None:
    """The same for a column, and a fault for a key that says nothing of its type; an unknown type is left alone."""
    kind = str(entry.values.get("type"))
    if kind not in TYPE_KEYS:
        return
    known = (*COLUMN_KEYS, *TYPE_KEYS[kind])
    of_other_types = {key for keys in TYPE_KEYS.values() for key in keys}.difference(known)
    for key in (key for key in entry.values if key in of_other_types):
        having = ", ".join(name for name, keys in TYPE_KEYS.items() if key in keys)
        what = f"a column of the type {kind} has no “{key}”"
        faults.add(entry.fault(key, what, f"Remove it, or use a type that has it: {having}"))
    own = {key: value for key, value in entry.values.items() if key not in of_other_types}
    check_keys(replace(entry, values=own), known, faults)
    if kind in DERIVED and (key := next((key for key in ("required", "required_with") if key in entry.values), "")):
        faults.add(entry.fault(key, "a computed column is filled in by nobody", "Remove the key"))


def check_companion(entry: Settings) -> None:
    """A fault for a required_with that cannot mean anything: beside required, or naming its own column."""
    if "required_with" not in entry.values:
        return
    companion = entry.table("required_with")
    check_keys(companion, COMPANION_KEYS)
    column, _ = companion.text("column"), companion.text("code")
    if entry.values.get("required") is True:
        raise entry.fault("required_with", "the column is required anyway", "Remove required, or required_with")
    if column == entry.text("column"):
        raise entry.fault("required_with", "it names its own column", "Name another column")


def check_labels(labelled: Sequence[tuple[Settings, Wording]], what: str) -> None:
    """A fault where two of the columns, or lists, have the same label in a language."""
    seen: set[tuple[str, str]] = set()
    for entry, label in labelled:
        for language, text in label.items():
            spelt = language, " ".join(text.split()).casefold()
            if spelt in seen:
                raise entry.fault(
                    f"label.{language}", f"two {what} are called “{text}”", "Give each a label of its own"
                )
            seen.add(spelt)
