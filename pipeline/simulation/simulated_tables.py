"""Draws the tables that a simulated respondent fills in: numbers whose totals are the sums of their parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from questionnaire.declaration.answer_types import Measured, Numeric
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.evaluate import Answer
from questionnaire.sample import Sampler

_LARGEST = 900
"""The most that a cell holds of the first measure of the first table; of each after it half as much, since later ones
may be parts of earlier ones."""

_LEAST_LARGEST = 8


@dataclass
class TableWriter:
    """Draws one table; `place` is its number among the tables of the instrument, from 0."""

    block: TableBlock
    sampler: Sampler
    place: int
    _drawn: dict[tuple[int, str], float] = field(default_factory=dict)

    def lines(self) -> list[dict[str, Answer]]:
        """What each line says, by column, in the order of the lines; nothing where nothing is asked."""
        return [
            {
                column: self._answer(line, column)
                for column in self.block.cells(line)
                if column not in self.block.computed_questions
            }
            for line in range(1, self.block.most_lines + 1)
        ]

    def _answer(self, line: int, column: str) -> Answer:
        asked = self.block.field(column)
        if not asked.type.traits.quantity:
            return self.sampler.draw(asked)
        number = self._number(line, column)
        return Answer(int(number) if asked.type.traits.column == "number" and number.is_integer() else number)

    def _number(self, line: int, column: str) -> float:
        """The number of a cell: of a total what its parts add up to, of every other one what is drawn."""
        key = line, column
        if key not in self._drawn:
            parts = self._parts(line, column)
            if parts is None:
                self._drawn[key] = self._draw(self.block.field(column))
            else:
                total = sum(self._number(*part) for part in parts)
                self._drawn[key] = round(total, _decimals(self.block.field(column)))
        return self._drawn[key]

    def _parts(self, line: int, column: str) -> list[tuple[int, str]] | None:
        """The cells that add up to a cell along the first dimension in which it is a total; None where it is none."""
        block, at = self.block, self.block.coordinates(line, column)
        for dimension in (*block.dimensions, *((block.across,) if block.across else ())):
            if dimension.total and at[dimension.name] == dimension.total:
                cells = (self._cell({**at, dimension.name: part}, column) for part in dimension.parts)
                return [cell for cell in cells if block.occurs(*cell)]
        return None

    def _cell(self, at: Mapping[str, str], column: str) -> tuple[int, str]:
        """The line and the column of some coordinates, for the measure of a column."""
        block, measure = self.block, self.block.measured[column].measure
        line = block.line_of(tuple(at[dimension.name] for dimension in block.dimensions))
        code = at[block.across.name] if block.across else ""
        columns = (name for name, held in block.measured.items() if (held.measure, held.code) == (measure, code))
        return line, next(columns)

    def _draw(self, asked: Field) -> float:
        """A number that leaves room for the totals it is part of."""
        scalar = asked.type
        assert isinstance(scalar, Numeric), "quantities are numbers"
        measures = list(dict.fromkeys(held.measure for held in self.block.measured.values()))
        later = self.place + measures.index(self.block.measured[asked.code].measure)
        largest: float = max(_LARGEST // 2**later, _LEAST_LARGEST)
        if isinstance(scalar.maximum, int | float):
            dimensions = (*self.block.dimensions, *((self.block.across,) if self.block.across else ()))
            parts = prod(len(dimension.parts) for dimension in dimensions if dimension.total)
            largest = min(largest, scalar.maximum / parts)
        least = max(largest / 2, scalar.minimum if isinstance(scalar.minimum, int | float) else 0)
        drawn = self.sampler.random.uniform(least, largest)
        return round(drawn, _decimals(asked)) if scalar.traits.whole is False else float(int(drawn))


def _decimals(asked: Field) -> int:
    return asked.type.decimals if isinstance(asked.type, Measured) else 2
