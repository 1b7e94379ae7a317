"""Makes an answer type of what a question, or a column of a list, declares of it, whichever file that stands in."""

from dataclasses import dataclass
from typing import assert_never

from questionnaire.codelists import Codelist
from questionnaire.declaration import answer_types as answers
from questionnaire.declaration.answer_types import AnswerType, Declared, Limit, Numeric, Written
from questionnaire.declaration.blocks import PERSONS

MOST_DECIMALS = 6
"""Rules take numbers that differ only beyond these for equal (`questionnaire.rules.evaluate.DECIMALS`)."""

DERIVED: frozenset[Declared] = frozenset(("computed", "ratio"))
"""The types whose answers nobody gives."""

WITH_DECIMALS: frozenset[Declared] = DERIVED | {"number", "percent"}

FRACTIONS: frozenset[Declared] = frozenset(("number", "percent", "amount"))
"""The types whose limits may have decimals."""

MOST_CHARACTERS = 32_767
"""The characters that a cell of a workbook can hold."""


_UNIT = ("unit", "unit_measure", "unit_mult")


def column_keys(declared: Declared) -> tuple[str, ...] | None:  # noqa: PLR0911  one line a type
    """The keys with which lists.toml says more of a column of a type; None for types that no column has."""
    match declared:
        case "single_choice":
            return "codelist", "others_only"
        case "whole_number":
            return "minimum", "maximum", "discloses", "sums", "units", *_UNIT
        case "year":
            return "minimum", "maximum"
        case "number":
            return "minimum", "maximum", "decimals", "units", *_UNIT
        case "percent":
            return "minimum", "maximum", "decimals"
        case "text" | "web_reference":
            return ("max_length",)
        case "yes_no" | "date":
            return ()
        case "computed":
            return "formula", "decimals", *_UNIT
        case "ratio":
            return "numerator", "denominator", "factor", "part_of_whole", "decimals", *_UNIT
        case "multiple_choice" | "amount":
            return None
        case _:
            assert_never(declared)


def disclosure_fault(discloses: str, declared: str) -> tuple[str, str] | None:
    """What is wrong with what an answer is declared to disclose, and what to do; None where nothing is."""
    if discloses not in ("", PERSONS):
        return f"“{discloses}” is not known", f"Write {PERSONS}, or nothing"
    if discloses and declared != "whole_number":
        return f"a question of type {declared} counts no persons", "Leave it empty: only whole numbers count persons"
    return None


@dataclass(frozen=True)
class DeclaredType:
    """What stands in the declaration of an answer type; what is None or empty is left to the type.

    `codelist` is that of a choice or the currencies of an amount; `yes_no` is the instrument's list of that name.
    """

    declared: Declared
    yes_no: Codelist
    codelist: Codelist | None = None
    minimum: Limit = None
    maximum: Limit = None
    decimals: int | None = None
    max_length: int | None = None
    fixed: bool = False

    def fault(self) -> tuple[str, str, str] | None:
        """What no answer could keep to, if anything: the key that says it, what is wrong, what to do."""
        if self.decimals is not None and not 0 <= self.decimals <= MOST_DECIMALS:
            return "decimals", f"{self.decimals} decimals cannot be had", f"Write a number from 0 to {MOST_DECIMALS}"
        _, scalar = answers.parts(self.answer_type())[0]
        if isinstance(scalar, Numeric):
            low, high = scalar.minimum, scalar.maximum
            if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
                key = "minimum" if self.maximum is None else "maximum"
                return key, f"the minimum {low} is above the maximum {high}", "Correct one of the two"
        if isinstance(scalar, Written) and not 1 <= scalar.max_length <= MOST_CHARACTERS:
            what = f"a text of at most {scalar.max_length} characters cannot be had"
            return "max_length", what, f"Write a number from 1 to {MOST_CHARACTERS}"
        return None

    def _codelist(self) -> Codelist:
        assert self.codelist is not None, f"a {self.declared} is declared with its code list"
        return self.codelist

    def answer_type(self) -> AnswerType:  # noqa: PLR0911, PLR0912  one line a type
        """The type it declares, with the limits, decimals and lengths that hold where it says none."""
        least = 0 if self.minimum is None else self.minimum
        match self.declared:
            case "single_choice":
                return answers.SingleChoice(self._codelist())
            case "multiple_choice":
                return answers.MultipleChoice(self._codelist(), self.yes_no)
            case "yes_no":
                return answers.YesNo(self.yes_no)
            case "whole_number":
                return answers.WholeNumber(least, self.maximum)
            case "number":
                return answers.Number(least, self.maximum, 2 if self.decimals is None else self.decimals)
            case "percent":
                most = 100 if self.maximum is None else self.maximum
                return answers.Percent(least, most, 1 if self.decimals is None else self.decimals)
            case "amount":
                return answers.InUnits(answers.Money(least, self.maximum), self._codelist())
            case "year":
                return answers.Year(self.minimum or 1900, self.maximum or 2100, self.fixed)
            case "date":
                return answers.Date()
            case "text":
                return answers.Text(1000 if self.max_length is None else self.max_length)
            case "web_reference":
                return answers.WebReference(500 if self.max_length is None else self.max_length)
            case "computed":
                if self.decimals is None:
                    return answers.Computed()
                return answers.ComputedNumber(self.decimals)
            case "ratio":
                return answers.Ratio(1 if self.decimals is None else self.decimals)
            case _:
                assert_never(self.declared)
