"""Draws a value of one answer type: a plausible one, an odd one, or one that keeps a comparison."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from random import Random
from typing import assert_never

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import (
    Date,
    Derived,
    Limit,
    Mark,
    Measured,
    Money,
    Number,
    Numeric,
    NumericType,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    WholeNumber,
    Written,
    Year,
    YesNo,
)
from questionnaire.messages import say
from questionnaire.rules.evaluate import DECIMALS, Answer

SHARE_DECLARED = 0.03
"""How often there is no value, but a reason for that."""


@dataclass(frozen=True)
class ValueSampler:
    """Draws values; `parameters` are the years that limits may name, `language` that of the texts."""

    parameters: Mapping[str, int]
    random: Random
    language: str

    def plausible(self, scalar: ScalarType) -> Answer:
        """A plausible answer of one scalar type."""
        match scalar:
            case SingleChoice(codelist) | YesNo(codelist):
                declared = [code for code in codelist if code.missing is not None]
                if declared and self.random.random() < SHARE_DECLARED:
                    return Answer(None, self.random.choice(declared).missing or AnswerStatus.NOT_AVAILABLE)
                return Answer(self.random.choice(codelist.value_codes))
            case Mark():
                return Answer("Y")
            case Selection() | Derived():
                return Answer(None)
            case Numeric():
                return Answer(self._number(scalar))
            case Date():
                year = self.random.randint(1995, self.parameters["period_end"])
                return Answer(dt.date(year, self.random.randint(1, 12), self.random.randint(1, 28)))
            case Text(longest):
                return Answer(say("sample", "text", self.language, number=self.random.randint(1, 999))[:longest])
            case WebReference():
                return Answer(f"https://www.example.org/{self.random.randint(1000, 9999)}")
            case _:
                assert_never(scalar)

    def odd(self, scalar: ScalarType, roll: float) -> Answer:
        """An answer that may be zero, too large, too small, too long; the higher the roll, the more plausible."""
        match scalar:
            case SingleChoice(codelist):
                code = self.random.choice(codelist.codes)
                return Answer(code.code) if code.missing is None else Answer(None, code.missing)
            case Year() if roll < 0.5:
                return Answer(self.random.choice((1950, 1990, 2000, 2010, 2099)))
            case WholeNumber(_, maximum) | Money(_, maximum) if roll < 0.5:
                return Answer(self.random.choice((0, 1, 2, 5, self._limit(maximum, 1000) + 1, -1)))
            case Number(minimum, maximum) | Percent(minimum, maximum) if roll < 0.5:
                low, high = self._limit(minimum, 0), self._limit(maximum, 1000)
                return Answer(self.random.choice((0, 0.1, 1, 27.3, low - 0.5, high, high + 0.1)))
            case Written(longest) if roll < 0.4:
                return Answer(self.random.choice(("no", "https://" + "x" * longest, "see the annex")))
            case YesNo() | Mark() | Selection() | Numeric() | Date() | Written() | Derived():
                return self.plausible(scalar)
            case _:
                assert_never(scalar)

    def compared(self, scalar: NumericType, sign: str, wanted: float) -> float | None:
        """A number of which `number sign wanted` is true; None where its limits allow none that is near."""
        exact = round(wanted, DECIMALS) if isinstance(scalar, Measured) else int(wanted)
        value = exact + {"<": -1, ">": 1}.get(sign, 0)
        low, high = self._limit(scalar.minimum, value), self._limit(scalar.maximum, value)
        return value if sign != "!=" and low <= value <= high else None

    def _number(self, scalar: NumericType) -> float:
        match scalar:
            case WholeNumber(minimum, maximum):
                return self._whole(minimum, maximum)
            case Number(minimum, maximum, decimals):
                low = self._least(minimum, maximum)
                drawn = low + self.random.lognormvariate(2.5, 1.2)
                return round(min(drawn, self._limit(maximum, drawn)), decimals)
            case Percent(minimum, maximum, decimals):
                return round(self.random.uniform(self._limit(minimum, 0), self._limit(maximum, 100)), decimals)
            case Money(minimum, maximum):
                return round(self._whole(minimum, maximum) * 100.25, 2)
            case Year(minimum, maximum):
                low, high = ceil(self._limit(minimum, 1900)), floor(self._limit(maximum, 2100))
                return self.random.randint(max(low, high - 20), high)
            case _:
                assert_never(scalar)

    def _whole(self, minimum: Limit, maximum: Limit) -> int:
        low = ceil(self._least(minimum, maximum))
        drawn = low + int(self.random.lognormvariate(2.5, 1.2))
        return min(drawn, floor(self._limit(maximum, drawn)))

    def _least(self, minimum: Limit, maximum: Limit) -> float:
        """From where numbers are drawn: the smallest allowed, but 0 where they may be negative and positive."""
        low = self._limit(minimum, 0)
        return low if self._limit(maximum, 0) < 0 else max(low, 0)

    def _limit(self, limit: Limit, default: float) -> float:
        if limit is None:
            return default
        return self.parameters[limit] if isinstance(limit, str) else limit
