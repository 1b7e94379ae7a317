"""Declares the table: a block whose lines are fixed and printed, every combination of the codes of its dimensions.

It is a list in all that lists share (a row a line, a tidy `line`); its dimensions are fields of each line that nobody
answers. It has a sheet of its own, or stands on that of its section, below the questions about its indicator.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import product

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Derived, Numeric, ScalarType
from questionnaire.declaration.blocks import Field, ListBlock, Question
from questionnaire.rules.conditions import Ref

Coordinates = Mapping[str, str]
"""Where a cell of a table stands: dimension -> code."""

Cell = tuple[int, str]
"""A line and a column of a table."""


class Totals(StrEnum):
    """What totals are: typed like all else, or computed, from all their parts or from those that have a number."""

    TYPED = "typed"
    COMPUTED = "computed"
    FROM_KNOWN = "computed_from_known"


class Stands(StrEnum):
    """Where a table is told to stand: on a sheet of its own, or on that of its section."""

    OWN = "own"
    SECTION = "section"


MOST_NARROW_COLUMNS, _MOST_NARROW_LINES, _LONGEST_NARROW_WORD = 3, 12, 9
"""What a section sheet has room for: columns, lines between its questions, letters of a word above the last column."""


@dataclass(frozen=True)
class Dimension:
    """One dimension of a table: its name, its codes, and the one (if any) that is the total of all the others.

    `named` gives codes that depend on the round by names that do not, such as `period_end`.
    """

    name: str
    codelist: Codelist
    total: str = ""
    named: Mapping[str, str] = field(default_factory=dict)

    def code(self, text: str) -> str:
        """The code that a text of the instrument stands for, "" for one that only some rounds have."""
        return self.named.get(text, "") if self.named else text

    @property
    def is_series(self) -> bool:
        """True for the years of a time series."""
        return bool(self.named)

    @property
    def codes(self) -> tuple[str, ...]:
        return self.codelist.value_codes

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes that add up to the total."""
        return tuple(code for code in self.codes if code != self.total)


@dataclass(frozen=True)
class Measured:
    """What a column of a table holds: a measure and, where the columns are codes of a dimension, for which of them."""

    measure: str
    code: str = ""


@dataclass(frozen=True)
class TableBlock(ListBlock):
    """A table about one indicator.

    `dimensions` give its lines, in the order of the product of their codes; `across` is the dimension whose codes are
    its columns, None where they are several measures. `measured` says what each column holds. What matches one of
    `impossible` cannot occur: nothing is asked there. `tolerance` is how far a total may be from the sum of its parts,
    `totals_are` says who fills totals in, `stands` on which sheet it is to be; None where its size decides.
    `unit_question` is the question about the indicator in which one unit is chosen for all its numbers, None where
    their unit is given.
    """

    indicator: str = ""
    dimensions: tuple[Dimension, ...] = ()
    across: Dimension | None = None
    measured: Mapping[str, Measured] = field(default_factory=dict)
    impossible: tuple[Coordinates, ...] = ()
    tolerance: float | None = None
    totals_are: Totals = Totals.TYPED
    stands: Stands | None = None
    unit_question: Question | None = None

    @property
    def fits_section(self) -> bool:
        """True if its columns fit those of a section sheet: numbers, the third in a column as narrow as a number.

        Where its unit is chosen, that stands above the columns, where such a sheet has no room.
        """
        if self.unit_question is not None or not all(
            isinstance(self.field(column).type, Numeric) for column in self.measured
        ):
            return False
        if len(self.fields) < MOST_NARROW_COLUMNS:
            return True
        last = self.fields[MOST_NARROW_COLUMNS - 1]
        above = (last.label, last.unit, self.question_of(last).help)
        words = (word for texts in above for text in texts.values() for word in text.split())
        return len(self.fields) == MOST_NARROW_COLUMNS and all(len(word) <= _LONGEST_NARROW_WORD for word in words)

    @property
    def is_on_section(self) -> bool:
        """True if it stands on the sheet of its section: where that is said, else where it is narrow and short."""
        is_small = self.fits_section and self.most_lines <= _MOST_NARROW_LINES
        return is_small if self.stands is None else self.stands is Stands.SECTION

    @property
    def indicators(self) -> tuple[str, ...]:
        return (self.indicator,)

    def only(self, indicators: frozenset[str]) -> "TableBlock | None":
        return self if self.indicator in indicators else None

    @cached_property
    def dimension_codes(self) -> frozenset[str]:
        """The fields that are dimensions of the lines."""
        return frozenset(dimension.name for dimension in self.dimensions)

    def question_of(self, asked: Field) -> Question:
        """The question that a field belongs to."""
        return next(question for question in self.questions if question.code == asked.question)

    @cached_property
    def combinations(self) -> tuple[tuple[str, ...], ...]:
        """The codes of each line, one of each dimension."""
        return tuple(product(*(dimension.codes for dimension in self.dimensions)))

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, ...], int]:
        return {codes: number for number, codes in enumerate(self.combinations, 1)}

    def line_of(self, codes: tuple[str, ...]) -> int:
        """The number of the line with these codes, from 1; 0 if there is none."""
        return self._numbers.get(codes, 0)

    def coordinates(self, line: int, column: str = "") -> Coordinates:
        """The codes of a line and, where columns are codes too, of a column of it."""
        found = {
            dimension.name: code for dimension, code in zip(self.dimensions, self.combinations[line - 1], strict=True)
        }
        if self.across is not None and column in self.measured:
            found[self.across.name] = self.measured[column].code
        return found

    @property
    def every_dimension(self) -> Mapping[str, Dimension]:
        """The dimensions of the lines, and that of the columns where they are codes, by their names."""
        across = () if self.across is None else (self.across,)
        return {dimension.name: dimension for dimension in (*self.dimensions, *across)}

    def cell(self, measure: str, codes: Coordinates) -> Cell | None:
        """The line and the column of a measure at a code of each dimension; None where there is none."""
        if codes.keys() != self.every_dimension.keys():
            return None
        line = self.line_of(tuple(codes[dimension.name] for dimension in self.dimensions))
        held = Measured(measure, codes[self.across.name] if self.across else "")
        column = next((column for column, one in self.measured.items() if one == held), "")
        return (line, column) if line and column else None

    def occurs(self, line: int, column: str) -> bool:
        """True unless the combination of this line and column was declared as one that cannot be."""
        at = self.coordinates(line, column)
        return not any(all(at.get(name) == code for name, code in item.items()) for item in self.impossible)

    def cells(self, line: int) -> tuple[str, ...]:
        """The columns of a line that are asked."""
        return tuple(column for column in self.measured if self.occurs(line, column))

    @cached_property
    def computed(self) -> Mapping[Cell, tuple[Cell, ...]]:
        """The totals that nobody fills in, each with all cells that it is the sum of, none of which is a total.

        What a column computes within its line is no sum: of a total, it is computed from the totals of its line.
        """
        if self.totals_are is Totals.TYPED:
            return {}
        found: dict[Cell, tuple[Cell, ...]] = {}
        for line in range(1, self.most_lines + 1):
            for column in self.cells(line):
                if self.adds_up(column) and (parts := tuple(self._parts(line, column))):
                    found[line, column] = parts
        return found

    def _parts(self, line: int, column: str) -> Iterator[Cell]:
        """The cells that add up to a total; none for what is no total."""
        at, dimensions = self.coordinates(line, column), self.every_dimension.values()
        if not any(dimension.total and at[dimension.name] == dimension.total for dimension in dimensions):
            return
        codes = (
            dimension.parts if dimension.total and at[dimension.name] == dimension.total else (at[dimension.name],)
            for dimension in dimensions
        )
        for part in product(*codes):
            cell = self.cell(self.measured[column].measure, dict(zip(self.every_dimension, part, strict=True)))
            if cell is not None and self.occurs(*cell):
                yield cell

    def spans_years(self, at: Coordinates) -> bool:
        """True for codes that stand for all years of a time series: in the next round they are about other years."""
        series = (dimension for dimension in self.every_dimension.values() if dimension.is_series and dimension.total)
        return any(at.get(dimension.name) == dimension.total for dimension in series)

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns whose numbers those of the next round are compared with: what is typed, for the same codes."""
        numbers = (column for column in self.measured if isinstance(self.field(column).type, Numeric))
        if self.across is None:
            return tuple(numbers)
        name = self.across.name
        return tuple(column for column in numbers if not self.spans_years({name: self.measured[column].code}))

    def adds_up(self, column: str) -> bool:
        """True for a column whose totals are sums: of numbers that somebody gives."""
        scalar = self.field(column).type
        return scalar.traits.quantity and not isinstance(scalar, Derived)

    def is_typed(self, line: int, column: str) -> bool:
        """True for a cell that somebody fills in, if it occurs."""
        return (line, column) not in self.computed and column not in self.computed_questions

    def is_computed(self, line: int) -> bool:
        """True for a line in which nobody fills in anything."""
        cells = self.cells(line)
        return bool(cells) and not any(self.is_typed(line, column) for column in cells)

    @cached_property
    def typed_lines(self) -> tuple[int, ...]:
        """The lines in which somebody fills in something."""
        lines = range(1, self.most_lines + 1)
        return tuple(line for line in lines if self.cells(line) and not self.is_computed(line))

    @property
    def measures(self) -> Mapping[str, ScalarType]:
        """The types of what is measured, by the names of the measures."""
        return {held.measure: self.field(column).type for column, held in self.measured.items()}

    def totals(self) -> Iterator[tuple[Dimension, int, tuple[int, ...]]]:
        """Each line that is a total in a dimension, with the lines that add up to it."""
        for line, codes in enumerate(self.combinations, 1):
            for place, dimension in enumerate(self.dimensions):
                if dimension.total and codes[place] == dimension.total:
                    parts = (self.line_of((*codes[:place], part, *codes[place + 1 :])) for part in dimension.parts)
                    yield dimension, line, tuple(parts)


def unit_questions(lists: Iterable[ListBlock]) -> Iterator[Question]:
    """The questions in which the units of tables are chosen."""
    yield from (block.unit_question for block in lists if isinstance(block, TableBlock) and block.unit_question)


def unit_refs(lists: Iterable[ListBlock]) -> dict[str, dict[str, Ref]]:
    """Where the units of numbers of lists and tables are chosen: list -> column, or measure -> field."""
    found: dict[str, dict[str, Ref]] = {}
    for block in lists:
        indicator = block.indicator if isinstance(block, TableBlock) else ""
        own = {asked.code: Ref(asked.unit_in, indicator) for asked in block.questions if asked.unit_in}
        measured = block.measured.items() if isinstance(block, TableBlock) else ()
        found[block.code] = own | {held.measure: own[column] for column, held in measured if column in own}
    return found
