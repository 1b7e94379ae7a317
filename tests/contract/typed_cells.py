"""Lists what the formula tests type into cells, and a plain reading of it to hold the formulas to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import assert_never

from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.codelists import Code, Codelist
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    Mark,
    Money,
    Number,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    WholeNumber,
    Year,
    YesNo,
)
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument
from questionnaire.rules.evaluate import BLANK, Answer
from tests.contract.bare_workbook import ERROR, ErrorCell, Raw, Submission, Typed

FIRST_DAY = dt.date(1899, 12, 30)
LAST_SERIAL = 2_958_465
UNREADABLE = Answer(None, AnswerStatus.UNREADABLE)

FAULTS: dict[type[ScalarType], str] = {
    SingleChoice: "check_choice", YesNo: "check_choice", Selection: "check_choice", Mark: "check_option",
    WholeNumber: "check_whole_number", Money: "check_number", Number: "check_number", Percent: "check_percent", Year: "check_year", Date: "check_date",
    Text: "check_error_value", WebReference: "check_error_value",
}  # fmt: skip


# --- a plain reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """What one row says: the answer, what the helper columns hold, the first fault of the cell itself."""

    answer: Answer
    code: str
    numeric: float | str
    fault: str | None


def read(instrument: Instrument, submission: Submission) -> dict[tuple[str, str], Reading]:
    """What a whole submission says, by (indicator, field)."""
    readings: dict[tuple[str, str], Reading] = {}
    for indicator in instrument.indicators:
        for question in indicator.questions:
            marked: list[str] = []
            for field in (*question.fields[1:], question.fields[0]):  # the head of a multiple choice after its options
                typed = submission.get(f"{indicator.code}:{field.code}", Typed())
                readings[indicator.code, field.code] = _reading(instrument, field, typed, marked)
                if isinstance(field.type, Mark) and readings[indicator.code, field.code].code == "Y":
                    marked.append(field.code.partition(".")[2])
    return readings


def _reading(instrument: Instrument, field: Field, typed: Typed, marked: list[str]) -> Reading:
    answer = ";".join(marked) or None if isinstance(field.type, Selection) else typed.answer
    given, code = _given(instrument, field.type, answer)
    both = not is_blank(answer) and field.takes_missing and not is_blank(typed.if_none)
    if given is BLANK and field.takes_missing and is_blank(answer):
        given, code = _declared(instrument.missing, typed.if_none)
    fault = FAULTS[type(field.type)] if given is UNREADABLE else None
    if fault is None and both:
        fault = "check_conflict"
    return Reading(given, code, _numeric(field.type, answer, given, code), fault)


def _given(instrument: Instrument, scalar: ScalarType, raw: Raw) -> tuple[Answer, str]:
    if is_blank(raw):
        return BLANK, ""
    if isinstance(raw, ErrorCell):
        return UNREADABLE, "?"
    if isinstance(scalar, Selection):
        return Answer(str(raw)), "*"
    found = scalar.codelist.find(_text(raw)) if isinstance(scalar, Coded) else None
    if found is None and not (isinstance(scalar, SingleChoice) and scalar.codelist.declares):
        found = instrument.missing.find(_text(raw))
    if found is not None:
        return _chosen(scalar, found)
    value = _value(scalar, raw)
    return (UNREADABLE, "?") if value is None else (Answer(value), "*")


def _chosen(scalar: ScalarType, found: Code) -> tuple[Answer, str]:
    if found.missing is not None:
        return Answer(None, found.missing), found.code
    if isinstance(scalar, Mark) and found.code == "N":
        return BLANK, ""
    return Answer(found.code), found.code


def _declared(missing: Codelist, raw: Raw) -> tuple[Answer, str]:
    if is_blank(raw):
        return BLANK, ""
    found = None if isinstance(raw, ErrorCell) else missing.find(_text(raw))
    return (Answer(None, found.missing or AnswerStatus.BLANK), found.code) if found else (UNREADABLE, "?")


def _value(scalar: ScalarType, raw: Raw) -> str | float | dt.date | None:
    if isinstance(scalar, Text | WebReference):
        return _text(raw)
    number = (raw - FIRST_DAY).days if isinstance(raw, dt.date) else raw
    if isinstance(scalar, Coded) or isinstance(number, bool) or not isinstance(number, int | float):
        return None
    is_whole = number == int(number)
    match scalar:
        case Money() | Number():
            return number
        case Percent():
            return round(number * 100, 10)
        case WholeNumber():
            return number if is_whole else None
        case Year():
            return number if is_whole and 1000 <= number <= 9999 else None
        case Date():
            is_day = is_whole and 1 <= number <= LAST_SERIAL and not 1900 <= number <= 2100
            return FIRST_DAY + dt.timedelta(number) if is_day else None
        case Selection() | Derived():
            return None
        case _:
            assert_never(scalar)


def _numeric(scalar: ScalarType, raw: Raw, given: Answer, code: str) -> float | str:
    match scalar:
        case SingleChoice(codelist) | YesNo(codelist):
            rank = codelist[code].rank if code in codelist else None
            return "" if rank is None else rank
        case Text() | WebReference():
            return -1 if isinstance(raw, ErrorCell) else 0 if is_blank(raw) else len(_text(raw))
        case WholeNumber() | Money() | Number() | Percent() | Year() | Date() | Mark() | Selection() | Derived():
            day = given.value
            number = (day - FIRST_DAY).days if isinstance(day, dt.date) else day
            return number if isinstance(number, int | float) else ""
        case _:
            assert_never(scalar)


def _text(raw: Raw) -> str:
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str((raw - FIRST_DAY).days) if isinstance(raw, dt.date) else str(raw)


# --- drawing ------------------------------------------------------------------------------------------------

_JUNK: tuple[Raw, ...] = (
    ERROR, True, False, 0, "0", 1.5, -7, 2, "x", "?", "*", "~*", "So*", "South*", "West?", "Wes?", "NORTH", "yes",
    "TRUE", "ND", "nd ", " So", "Not applicable", "not\u00a0applicable", "NON  DISPONIBLE", "Confidentiel\n", "Nothing to report", "RS", "z" * 300,
    "Yes" * 120, "=1+1", '"', "'", "{1,2}", "é", 1e15, dt.date(2020, 2, 29), " ", "\u00a0", "\n",
)  # fmt: skip
_REASONS: tuple[Raw, ...] = (
    "ND", "Not available", "sans objet", " Confidential ", "so", "CF", " ", "Yes", "*", "?", ERROR, 0, False, "z" * 300,
)  # fmt: skip
_COMMENTS: tuple[Raw, ...] = ("It is so.", " ", 0, "\u00a0", ERROR)
_TEXTS: tuple[Raw, ...] = (
    "ab", "abc", "x" * 40, "x" * 41, "x" * 200, "x" * 201, " padded ", "two\nlines", "\u200b\ufeff", 12.5, 7, "ND", "Y",
)  # fmt: skip
_ADDRESSES: tuple[Raw, ...] = (
    "http://x.org", "HTTPS://X.ORG", "https://" + "x" * 52, "https://" + "x" * 53, " http://x.org", "ftp://x.org",
    "www.x.org",
)  # fmt: skip
_DAYS: tuple[Raw, ...] = (
    dt.date(2009, 12, 31), dt.date(2010, 1, 1), dt.date(1989, 6, 1), dt.date(2025, 12, 31), 40179, 45000.5, 0, -3, 1899, 1900, 2024, 2100, 2101,
    LAST_SERIAL, LAST_SERIAL + 1, "2010-01-01",
)  # fmt: skip


@dataclass(frozen=True)
class Typist:
    """Types whole submissions: mostly what is asked, at times anything."""

    instrument: Instrument
    random: Random

    def submission(self) -> Submission:
        """Every cell of one submission; some respondents leave much blank, some type anything, some do neither."""
        blank, junk = self.random.choice((0.05, 0.2, 0.5)), self.random.choice((0, 0.05, 0.2))
        return {
            f"{indicator.code}:{field.code}": self._typed(field, blank, junk)
            for indicator in self.instrument.indicators
            for field in indicator.fields
        }

    def _typed(self, field: Field, blank: float, junk: float) -> Typed:
        answer = None if isinstance(field.type, Selection | Derived) else self._answer(field.type, blank, junk)
        reason = self._sometimes(0.12 if answer is not None else 0.2, _REASONS) if field.takes_missing else None
        if isinstance(answer, str) and is_blank(answer) and answer != " ":
            reason = None  # what only looks empty beside a reason is a conflict to the sheet, which is the stricter
        return Typed(answer, reason, self._sometimes(0.25, _COMMENTS))

    def _answer(self, scalar: ScalarType, blank: float, junk: float) -> Raw:
        roll = self.random.random()
        if roll < blank:
            return None
        if roll < blank + junk:
            answer = self.random.choice(_JUNK)
            # Programs disagree on how long TRUE is as a text; a day is its number to the sheet, a day to the reader.
            unlike = isinstance(answer, bool | dt.date) and isinstance(scalar, Text | WebReference)
            return None if unlike else answer
        return self.random.choice(tuple(self._usual(scalar)))

    def _usual(self, scalar: ScalarType) -> Iterator[Raw]:  # noqa: PLR0912  one line a type
        match scalar:
            case Mark(codelist):
                yield from (*self._wordings(codelist["Y"]), *self._wordings(codelist["Y"]), "No", "n")
            case SingleChoice(codelist) | YesNo(codelist):
                for code in codelist.codes:
                    yield from self._wordings(code)
            case WholeNumber():
                yield from (0, 1, 2, 3, 5, 4.0, 1_000_000, 1_000_001, -1, 1.5, "5", "1 000")
            case Money():
                yield from (0, 3, 3.6, 3.61, 100, 120, 120.01, 0.1, 0.3, 0.0000001, -0.5, 1e12, "3,6")
            case Number():
                yield from (0, 0.1, 8.3, 13.65, 13.66, 40.5, 40.6, -1.5, -1.6, 50, "8,3", "8.3 m")
            case Percent():
                yield from (0, 0.005, 0.004, 0.273, 0.727, 0.995, 0.996, 1, 1.001, -0.1, 27.3, "27,3 %", "27.3")
            case Year():
                yield from (1989, 1990, 2000, 2009, 2010, 2025, 2026, 999, 10000, 2010.5, "2010")
            case Date():
                yield from _DAYS
            case Text():
                yield from _TEXTS
            case WebReference():
                yield from _ADDRESSES
            case Selection() | Derived():
                yield None
            case _:
                assert_never(scalar)

    def _wordings(self, code: Code) -> Iterator[Raw]:
        yield code.code
        if code.code.isdigit():
            yield int(code.code)
        for label in code.label.values():
            yield from (
                label,
                label,
                self.random.choice((label.upper(), f" {label.lower()}\u00a0", label.replace(" ", "  "))),
            )

    def _sometimes(self, share: float, raws: tuple[Raw, ...]) -> Raw:
        return self.random.choice(raws) if self.random.random() < share else None
