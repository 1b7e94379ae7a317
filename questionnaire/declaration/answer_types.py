"""Owns the answer types: what kind of answer a question takes and which cells it needs.

A type knows nothing of workbooks, data frames or schemas; each derivation has one branch per scalar type.
"""

from dataclasses import dataclass

from questionnaire.codelists import Codelist

Limit = int | str | None
"""A bound of a number: a number, the name of a round parameter (`period_start`, `period_end`), or none."""


@dataclass(frozen=True)
class SingleChoice:
    """One code of a code list."""

    codelist: Codelist


@dataclass(frozen=True)
class YesNo:
    """Yes or no, as the codes Y and N."""

    codelist: Codelist


@dataclass(frozen=True)
class Mark:
    """One option of a multiple choice: marked (Y) or left blank."""

    codelist: Codelist


@dataclass(frozen=True)
class Selection:
    """The head of a multiple choice: holds no typed answer, is answered when an option is marked."""

    codelist: Codelist


@dataclass(frozen=True)
class WholeNumber:
    """A count, in units."""

    minimum: Limit = 0
    maximum: Limit = None


@dataclass(frozen=True)
class Number:
    """A quantity that may have decimals."""

    minimum: Limit = 0
    maximum: Limit = None


@dataclass(frozen=True)
class Year:
    """A calendar year of four digits; a `fixed` one stays the same from round to round, as that of an adoption does."""

    minimum: Limit = 1900
    maximum: Limit = 2100
    fixed: bool = False


@dataclass(frozen=True)
class Date:
    """A calendar day."""


@dataclass(frozen=True)
class Text:
    """Free text of at most `max_length` characters."""

    max_length: int = 1000


@dataclass(frozen=True)
class WebReference:
    """An address that begins with http:// or https://, of at most `max_length` characters."""

    max_length: int = 500


@dataclass(frozen=True)
class MultipleChoice:
    """Any number of codes of a code list; one cell per option."""

    codelist: Codelist
    marks: Codelist


@dataclass(frozen=True)
class Amount:
    """Money: a number and its currency, in two cells."""

    currencies: Codelist
    minimum: Limit = 0
    maximum: Limit = None


ScalarType = SingleChoice | YesNo | Mark | Selection | WholeNumber | Number | Year | Date | Text | WebReference
AnswerType = ScalarType | MultipleChoice | Amount

NUMERIC = (WholeNumber, Number, Year)
"""The scalar types whose values are numbers and may have limits."""

CODED = (SingleChoice, YesNo, Mark)
"""The scalar types whose values are codes of their `codelist`."""


def is_text(scalar: ScalarType) -> bool:
    """True for free text."""
    return isinstance(scalar, Text | WebReference)


CURRENCY = "currency"
"""The suffix of the cell beside an amount that holds its currency."""


def parts(answer_type: AnswerType) -> tuple[tuple[str, ScalarType], ...]:
    """The cells of an answer type in reading order: (suffix of the field's code, scalar type)."""
    match answer_type:
        case MultipleChoice(codelist, marks):
            options = tuple((code, Mark(marks)) for code in codelist.value_codes)
            return (("", Selection(codelist)), *options)
        case Amount(currencies, minimum, maximum):
            return (("", Number(minimum, maximum)), (CURRENCY, SingleChoice(currencies)))
        case _:
            return (("", answer_type),)
