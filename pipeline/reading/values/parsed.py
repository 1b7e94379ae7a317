"""Declares what reading an answer cell gives, what is wrong with it, and what the cell cannot say by itself."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Codelist
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class Fault:
    """What is wrong or notable in a cell: the code of a finding, its severity, and what fills its placeholders."""

    code: str
    severity: Severity
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What was answered: at most one of code, number, text and date is set, and only where the status is answered.

    `currencies` are the codes that a sign beside an amount may stand for, None where there is no sign.
    """

    status: AnswerStatus
    raw: str = ""
    parsed_by: str = "unreadable"
    code: str | None = None
    number: float | None = None
    text: str | None = None
    date: dt.date | None = None
    currencies: frozenset[str] | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def value(self) -> str | float | dt.date | None:
        """The one value there is, None without any."""
        if self.code is not None:
            return self.code
        if self.number is not None:
            return self.number
        return self.text if self.text is not None else self.date

    @cached_property
    def answer(self) -> Answer:
        """What it says, as rules are decided on; of a text that was read before it is at hand."""
        return Answer(self.value, self.status)


@dataclass(frozen=True)
class Context:
    """What a cell cannot say by itself: the missing codes, the decimal sign of the return, the date system of the file.

    `decimal_sign` is "" where it is not known (see `pipeline.reading.values.numbers.decimal_sign`).
    """

    missing: Codelist
    decimal_sign: str = ""
    date_1904: bool = False


BLANK = Parsed(AnswerStatus.BLANK, parsed_by="blank")


def unreadable(raw: str, code: str, **values: object) -> Parsed:
    """An answer that is not read; `code` is that of the finding that says why."""
    fault = Fault(code, Severity.ERROR, {**values, "typed": raw})
    return Parsed(AnswerStatus.UNREADABLE, raw, "unreadable", faults=(fault,))
