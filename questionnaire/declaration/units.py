"""Declares what numbers are counted in: the code of the unit, as SDMX has it, and its power of ten."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.codelists import Wording
from questionnaire.declaration.answer_types import Declared
from questionnaire.messages import in_language, wording

MULTIPLIERS = (0, 3, 6, 9)
"""The powers of ten that answers may be given in: units, thousands, millions, thousand millions."""

COUNTED: frozenset[Declared] = frozenset(("whole_number", "number", "computed", "ratio"))
"""The types whose numbers may have a unit of their own, in words and as a code."""

MULTIPLIED: frozenset[Declared] = frozenset(("whole_number", "number", "amount", "computed"))
"""The types whose numbers may be thousands or millions."""

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True)
class UnitOfMeasure:
    """What a number counts: a code for SDMX (UNIT_MEASURE), "" for the usual one of its type, words, and UNIT_MULT."""

    code: str = ""
    mult: int = 0
    words: Wording = field(default_factory=dict)

    @property
    def shown(self) -> Wording:
        """The unit in words, with its multiplier: “km² (thousands)”."""
        if not self.mult:
            return self.words
        scale: Mapping[str, str] = wording("workbook", f"unit_mult_{self.mult}")
        if not self.words:
            return scale
        return {language: f"{text} ({in_language(scale, language)})" for language, text in self.words.items()}


USUAL = UnitOfMeasure()
"""What numbers count of which nothing is declared."""


def unit_fault(declared: str, code: str, mult: int | None) -> tuple[str, str, str] | None:
    """What is wrong with a unit that a number is declared in: the key that says it, what is wrong, what to do."""
    if code and declared not in COUNTED:
        remedy = f"Leave it empty: it is for {', '.join(sorted(COUNTED))}"
        return "unit_measure", f"a {declared} has no unit of its own", remedy
    if code and not _CODE.fullmatch(code):
        return "unit_measure", f"“{code}” is not a code", "Use capitals, digits and underscores, as SDMX does: PS, KM2"
    if mult is not None and declared not in MULTIPLIED:
        remedy = f"Leave it empty: it is for {', '.join(sorted(MULTIPLIED))}"
        return "unit_mult", f"a {declared} is never given in thousands", remedy
    if mult is not None and mult not in MULTIPLIERS:
        return "unit_mult", f"{mult} is no usual power of ten", f"Write one of {', '.join(map(str, MULTIPLIERS))}"
    return None
