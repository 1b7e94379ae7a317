"""Decides whether a value is one that its question can take at all; limits that an instrument sets are rules."""

import math
import re
from typing import assert_never

from questionnaire.declaration.answer_types import Coded, Date, Derived, Mark, Numeric, ScalarType, Selection, Written
from questionnaire.rules.evaluate import AnswerValue

DOMAIN = "domain"
"""The code of a failure of type or domain: a value that its question cannot take."""

MARKED = "Y"
"""The only code that a mark has: an option is marked, or there is nothing."""


def in_domain(scalar: ScalarType, value: AnswerValue) -> bool:
    """True for a value that its question can take."""
    match scalar:
        case Mark():
            return value == MARKED
        case Selection(codelist):
            code = "|".join(map(re.escape, codelist.value_codes))
            return re.match(rf"^(?:{code})(?:;(?:{code}))*$", str(value)) is not None
        case Coded(codelist):
            return value in codelist.value_codes
        case Numeric() | Derived():
            number = float(value)  # type: ignore[arg-type]
            return math.isfinite(number) and (not scalar.traits.whole or number.is_integer())
        case Date() | Written():
            return True
        case _:
            assert_never(scalar)
