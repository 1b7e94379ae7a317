"""Declares the answer types: what kind of answer a question takes, which cells it needs, and the traits of each.

A type knows nothing of workbooks, data frames or schemas. What they need to know of it and what is but a name or a
number is a **trait**, given here and nowhere else. What takes more is a branch of a `match` over the types that ends
in `assert_never`: mypy names each one that a new type still lacks (docs/adr/0025-answer-types.md).
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, assert_never

from questionnaire.codelists import Codelist

Limit = float | str | None
"""A bound of a number: a number, the name of a round parameter (`period_start`, `period_end`), or none."""

Declared = Literal[
    "single_choice", "multiple_choice", "yes_no", "whole_number", "number", "percent", "amount", "year", "date", "text",
    "web_reference", "computed", "ratio",
]  # fmt: skip
"""What an instrument calls its answer types, and the key of each in `wordings/answer_kinds.toml`."""

ValueColumn = Literal["code", "number", "text", "date"]
"""The columns of the tidy table that hold values."""


@dataclass(frozen=True)
class Traits:
    """What derivations look up of a scalar type; none has a default, so that no type can leave one out.

    `name`: in `Instrument.structure`, whose hash questionnaires that were sent out carry: it never changes.
    `declared`: the type that an instrument declares it by.
    `column`: where the tidy table has its values. `arrow`, `pandas`: their types in the regional dataset, by name.
    `whole`: whether its numbers are whole. `quantity`: whether they say how much or how many, as a year does not.
    `scale`: what the number in a cell is multiplied by: 27.3 % stands in its cell as 0.273.
    `unit`: what its numbers count, where that is the same for all of the type.
    `number_format`, `align`: of its cells. `width`: of its column in a list, in digits.
    `validation`: what sort of data validation limits what is typed.
    `help`, `prompt`, `fault`: the sentences of wordings/workbook.toml that stand beside a question without a help of
    its own, that a selected cell shows, and that report a cell which cannot be read. `prompt` is the middle of the
    key `alert_…_text`, and names the example that a selected cell shows.
    """

    name: str
    declared: Declared
    column: ValueColumn
    arrow: Literal["string", "bool", "int64", "double", "date32"]
    pandas: Literal["str", "boolean", "Int64", "float64", "datetime64[ms]"]
    whole: bool
    quantity: bool
    scale: Literal[1, 100]
    unit: Literal["", "%"]
    number_format: str
    align: Literal["left", "right", "center"]
    width: int
    validation: Literal["list", "integer", "decimal", "date", "length", "custom", "none"]
    help: str
    prompt: str
    fault: str


_CELL_DECIMALS = 12
DECIMALS_OF_SCALED = 10
"""0.273 * 100 is not quite 27.3: numbers taken from scaled cells are rounded to so many decimals, in the sheet too."""


class Scalar:
    """What fits into one cell. Every class below it names its traits."""

    traits: ClassVar[Traits]

    def __init_subclass__(cls, traits: Traits) -> None:
        cls.traits = traits

    @property
    def declared(self) -> Declared:
        """What an instrument calls the type."""
        return self.traits.declared

    @property
    def number_format(self) -> str:
        """The number format of its cells, with the decimals that it declares; that of the type has one or none."""
        decimals, usual = getattr(self, "decimals", None), self.traits.number_format
        return usual if decimals is None else usual.replace(".0", f".{'0' * decimals}" if decimals else "")

    def in_cell(self, number: float) -> float:
        """What stands in a cell for a number."""
        scale = self.traits.scale
        return number if scale == 1 else round(number / scale, _CELL_DECIMALS)

    def of_cell(self, number: float) -> float:
        """The number that a cell stands for."""
        scale = self.traits.scale
        return number if scale == 1 else round(number * scale, DECIMALS_OF_SCALED)


# --- what several types have in common --------------------------------------------------------------------------


@dataclass(frozen=True)
class Coded:
    """Its values are codes of its code list."""

    codelist: Codelist


@dataclass(frozen=True)
class Numeric:
    """Its values are numbers and may have limits."""

    minimum: Limit = 0
    maximum: Limit = None


@dataclass(frozen=True)
class Measured(Numeric):
    """Its numbers may have decimals, of which its cells show so many."""

    decimals: int = 2


@dataclass(frozen=True)
class Derived:
    """Its values are numbers that nobody types: they follow from other answers, by the formula of their question.

    They are rounded to so many decimals, as they are shown.
    """

    decimals: int = 0


@dataclass(frozen=True)
class Written:
    """Its values are free text of at most `max_length` characters."""

    max_length: int = 1000


# --- scalar types -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SingleChoice(
    Coded, Scalar,
    traits=Traits(
        name="SingleChoice", declared="single_choice", column="code", arrow="string", pandas="str",
        whole=True, quantity=False, scale=1, unit="",
        number_format="@", align="left", width=26, validation="list",
        help="help_choice", prompt="choice", fault="check_choice",
    ),
):  # fmt: skip
    """One code of a code list."""


@dataclass(frozen=True)
class YesNo(
    Coded, Scalar,
    traits=Traits(
        name="YesNo", declared="yes_no", column="code", arrow="string", pandas="str",
        whole=True, quantity=False, scale=1, unit="",
        number_format="@", align="left", width=26, validation="list",
        help="help_yes_no", prompt="yes_no", fault="check_choice",
    ),
):  # fmt: skip
    """Yes or no, as the codes Y and N."""


@dataclass(frozen=True)
class Mark(
    Coded, Scalar,
    traits=Traits(
        name="Mark", declared="multiple_choice", column="code", arrow="bool", pandas="boolean",
        whole=True, quantity=False, scale=1, unit="",
        number_format="@", align="center", width=26, validation="list",
        help="help_multiple", prompt="multiple", fault="check_option",
    ),
):  # fmt: skip
    """One option of a multiple choice: marked (Y) or left blank."""


@dataclass(frozen=True)
class Selection(
    Scalar,
    traits=Traits(
        name="Selection", declared="multiple_choice", column="code", arrow="string", pandas="str",
        whole=True, quantity=False, scale=1, unit="",
        number_format="@", align="left", width=26, validation="none",
        help="help_multiple", prompt="multiple", fault="check_choice",
    ),
):  # fmt: skip
    """The head of a multiple choice: holds no typed answer, is answered when an option is marked."""

    codelist: Codelist


@dataclass(frozen=True)
class WholeNumber(
    Numeric, Scalar,
    traits=Traits(
        name="WholeNumber", declared="whole_number", column="number", arrow="int64", pandas="Int64",
        whole=True, quantity=True, scale=1, unit="",
        number_format="#,##0", align="right", width=14, validation="integer",
        help="help_whole_number", prompt="whole_number", fault="check_whole_number",
    ),
):  # fmt: skip
    """A count, in units."""


@dataclass(frozen=True)
class Number(
    Measured, Scalar,
    traits=Traits(
        name="DecimalNumber", declared="number", column="number", arrow="double", pandas="float64",
        whole=False, quantity=True, scale=1, unit="",
        number_format="#,##0.0", align="right", width=14, validation="decimal",
        help="help_number", prompt="number", fault="check_number",
    ),
):  # fmt: skip
    """A quantity, whose unit is shown beside the question."""


@dataclass(frozen=True)
class Percent(
    Measured, Scalar,
    traits=Traits(
        name="Percent", declared="percent", column="number", arrow="double", pandas="float64",
        whole=False, quantity=True, scale=100, unit="%",
        number_format="0.0%", align="right", width=14, validation="decimal",
        help="help_percent", prompt="percent", fault="check_percent",
    ),
):  # fmt: skip
    """A share in percentage points: 27.3 for 27.3 %."""

    minimum: Limit = 0
    maximum: Limit = 100
    decimals: int = 1


@dataclass(frozen=True)
class Money(
    Numeric, Scalar,
    traits=Traits(
        name="Number", declared="amount", column="number", arrow="double", pandas="float64",
        whole=False, quantity=True, scale=1, unit="",
        number_format="#,##0.00", align="right", width=14, validation="decimal",
        help="help_amount", prompt="amount", fault="check_number",
    ),
):  # fmt: skip
    """The number of an amount, in units of the currency beside it."""


@dataclass(frozen=True)
class Year(
    Numeric, Scalar,
    traits=Traits(
        name="Year", declared="year", column="number", arrow="int64", pandas="Int64",
        whole=True, quantity=False, scale=1, unit="",
        number_format="0", align="right", width=14, validation="integer",
        help="help_year", prompt="year", fault="check_year",
    ),
):  # fmt: skip
    """A calendar year of four digits; a `fixed` one stays the same from round to round, as that of an adoption does."""

    minimum: Limit = 1900
    maximum: Limit = 2100
    fixed: bool = False


@dataclass(frozen=True)
class Date(
    Scalar,
    traits=Traits(
        name="Date", declared="date", column="date", arrow="date32", pandas="datetime64[ms]",
        whole=True, quantity=False, scale=1, unit="",
        number_format="yyyy-mm-dd", align="right", width=14, validation="date",
        help="help_date", prompt="date", fault="check_date",
    ),
):  # fmt: skip
    """A calendar day."""


@dataclass(frozen=True)
class Text(
    Written, Scalar,
    traits=Traits(
        name="Text", declared="text", column="text", arrow="string", pandas="str",
        whole=True, quantity=False, scale=1, unit="",
        number_format="@", align="left", width=26, validation="length",
        help="help_text", prompt="text", fault="check_error_value",
    ),
):  # fmt: skip
    """Free text."""


@dataclass(frozen=True)
class WebReference(
    Written, Scalar,
    traits=Traits(
        name="WebReference", declared="web_reference", column="text", arrow="string", pandas="str",
        whole=True, quantity=False, scale=1, unit="",
        number_format="@", align="left", width=26, validation="custom",
        help="help_web", prompt="web", fault="check_error_value",
    ),
):  # fmt: skip
    """An address that begins with http:// or https://."""

    max_length: int = 500


@dataclass(frozen=True)
class Computed(
    Derived, Scalar,
    traits=Traits(
        name="Computed", declared="computed", column="number", arrow="int64", pandas="Int64",
        whole=True, quantity=True, scale=1, unit="",
        number_format="#,##0", align="right", width=14, validation="none",
        help="help_computed", prompt="computed", fault="check_computed",
    ),
):  # fmt: skip
    """A whole number, made of whole numbers by sums and products."""


_COMPUTED_NUMBER = replace(
    Computed.traits, name="ComputedNumber", arrow="double", pandas="float64", whole=False, number_format="#,##0.0"
)


@dataclass(frozen=True)
class ComputedNumber(Derived, Scalar, traits=_COMPUTED_NUMBER):
    """A number with declared decimals, made of other numbers, also by division."""


@dataclass(frozen=True)
class Ratio(Derived, Scalar, traits=replace(_COMPUTED_NUMBER, name="Ratio", declared="ratio")):
    """A numerator by a denominator, times a factor such as 100: 1.2 per 100,000."""

    decimals: int = 1


# --- types of several cells -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MultipleChoice:
    """Any number of codes of a code list; one cell per option."""

    codelist: Codelist
    marks: Codelist
    declared: ClassVar[Declared] = "multiple_choice"


@dataclass(frozen=True)
class InUnits:
    """A number and the unit that the respondent chooses for it, in two cells; the unit of money is its currency."""

    number: "Money | WholeNumber | Number"
    units: Codelist

    @property
    def declared(self) -> Declared:
        return self.number.declared


DerivedType = Computed | ComputedNumber | Ratio
NumericType = WholeNumber | Number | Percent | Money | Year
ScalarType = SingleChoice | YesNo | Mark | Selection | NumericType | Date | Text | WebReference | DerivedType
AnswerType = ScalarType | MultipleChoice | InUnits


def is_text(scalar: ScalarType) -> bool:
    """True for free text."""
    return scalar.traits.column == "text"


CURRENCY, UNIT = "currency", "unit"
"""The suffixes of the cell beside a number that holds its unit: of an amount, and of any other number."""


def decimals_of(scalar: ScalarType) -> int:
    """How many decimals its numbers have as they are shown; an amount has those of its money."""
    return 0 if scalar.traits.whole else getattr(scalar, "decimals", 2)


def parts(answer_type: AnswerType) -> tuple[tuple[str, ScalarType], ...]:
    """The cells of an answer type in reading order: (suffix of the field's code, scalar type)."""
    match answer_type:
        case MultipleChoice(codelist, marks):
            options = tuple((code, Mark(marks)) for code in codelist.value_codes)
            return (("", Selection(codelist)), *options)
        case InUnits(number, units):
            return (("", number), (CURRENCY if isinstance(number, Money) else UNIT, SingleChoice(units)))
        case Scalar():
            return (("", answer_type),)
        case _:
            assert_never(answer_type)
