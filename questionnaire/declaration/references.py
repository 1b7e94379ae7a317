"""Declares the reference values of an instrument: which figures about respondents a round may bring along.

A baseline, a target, a population: what such a figure is, the instrument says; the numbers stand in the round.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import Derived
from questionnaire.declaration.blocks import Question
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.tables import DeclarationError, Row, Settings

_ITEM = re.compile(r"[a-z][a-z0-9_]*")
_KEYS = ("item", "label", "unit")


@dataclass(frozen=True)
class ReferenceItem:
    """One figure that is known of respondents from another source: its code, what it is called, what it counts."""

    code: str
    label: Wording
    unit: Wording


def read_reference_items(settings: Settings, official: str, faults: Faults = AT_ONCE) -> tuple[ReferenceItem, ...]:
    """The `[[reference]]` entries of instrument.toml, in their order."""
    found: dict[str, ReferenceItem] = {}
    for entry in settings.tables("reference"):
        code = entry.values.get("item", "")
        with faults.kept(code if isinstance(code, str) else ""):
            item = _item(entry, official)
            if item.code in found:
                raise settings.fault(
                    "reference", f"“{item.code}” stands twice", "Give each reference value a code of its own"
                )
            found[item.code] = item
    return tuple(found.values())


def items_of(row: Row, known: Collection[str]) -> tuple[str, ...]:
    """The items that a line of questions.csv or indicators.csv names in its column `reference`."""
    named = tuple(row.get("reference").split())
    if unknown := ", ".join(item for item in named if item not in known):
        what = f"the instrument declares no reference value “{unknown}”; there is {', '.join(sorted(known)) or 'none'}"
        raise row.fault("reference", what, "Correct it, or declare it in instrument.toml, as a [[reference]]")
    return named


def beside_figure(questions: tuple[Question, ...], items: tuple[str, ...]) -> tuple[Question, ...]:
    """The questions of an indicator, with its reference values beside its figure.

    That is what is computed, such as the share of two numbers; where nothing is, the first question.
    """
    if not items:
        return questions
    place = next((n for n, question in enumerate(questions) if isinstance(question.type, Derived)), 0)
    figure = questions[place]
    shown = replace(figure, references=tuple(dict.fromkeys((*figure.references, *items))))
    return (*questions[:place], shown, *questions[place + 1 :])


def _item(entry: Settings, official: str) -> ReferenceItem:
    for key in entry.values:
        if key not in _KEYS:
            raise entry.fault(key, "there is no such key", f"Correct it, or remove it; known are {', '.join(_KEYS)}")
    code, label, unit = entry.text("item"), entry.wording("label"), entry.wording("unit")
    if not _ITEM.fullmatch(code):
        raise entry.fault("item", f"“{code}” is not a code", "Use small letters, digits, underscores")
    for key, wording in (("label", label), ("unit", unit)):
        if official not in wording and (key == "label" or wording):
            raise _untranslated(entry, key, official)
    return ReferenceItem(code, label, unit)


def _untranslated(entry: Settings, key: str, official: str) -> DeclarationError:
    return entry.fault(key, f"the text in {official} is missing", "Write it in the official language")
