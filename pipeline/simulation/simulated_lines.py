"""Writes the lines of lists that a simulated respondent writes: as many as its answers say, each of them in order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.simulation.simulated_tables import TableWriter
from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.blocks import Field, ListBlock, Question
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.conditions import Always, CodeIn
from questionnaire.rules.evaluate import Answer, Line
from questionnaire.sample import Draft, Sampler

DrawnLine = dict[str, Answer]
"""What one line says, by column."""

_MOST_OF_AN_INDICATOR = 20
_DRAWN_FIRST = (0, 0, 1, 2, 3)
_SHARE_FILLED = 0.7
_TRIES = 20


@dataclass(frozen=True)
class LineWriter:
    """Writes the lines of one respondent.

    `silent` are the partners of whom nothing will be published. Where a partner should name the respondent in turn, it
    is one of these: a line is one-sided only where somebody plants it.
    """

    sampler: Sampler
    respondent: str
    silent: Sequence[str]

    def drawn_first(self, instrument: Instrument) -> dict[str, dict[int, Line]]:
        """The lines of the lists that something is computed from, by number: answers are drawn to go with them."""
        listed = (block for block in instrument.lists if block.code in instrument.lists_computed_from)
        return {block.code: dict(enumerate(self._some(block), 1)) for block in listed}

    def of_table(self, block: TableBlock) -> list[DrawnLine]:
        """The lines of a table, all of them."""
        tables = [item.code for item in self.sampler.instrument.lists if isinstance(item, TableBlock)]
        return TableWriter(block, self.sampler, tables.index(block.code)).lines()

    def _some(self, block: ListBlock) -> list[DrawnLine]:
        if isinstance(block, TableBlock):
            return self.of_table(block)
        if not all(self._choices(block, column, bilateral=True) for column in block.questions):
            return []
        lines: list[DrawnLine] = []
        for indicator in block.indicators:
            number = min(self.sampler.random.choice(_DRAWN_FIRST), block.most_lines - len(lines))
            lines += self._of_indicator(block, indicator, [{}] * number, lines)
        return lines

    def lines(self, block: ListBlock, draft: Draft, spared: Collection[str]) -> list[DrawnLine]:
        """The lines that go with the answers; none for the indicators in `spared` and for those with many."""
        if isinstance(block, TableBlock):
            return self.of_table(block) if draft else []
        if not all(self._choices(block, column, bilateral=True) for column in block.questions):
            return []
        lines: list[DrawnLine] = []
        for indicator in block.indicators:
            counted = [] if indicator in spared else _counted(block, indicator, draft)
            if len(lines) + len(counted) <= block.most_lines:
                lines += self._of_indicator(block, indicator, counted, lines)
        return lines

    def _of_indicator(
        self, block: ListBlock, indicator: str, counted: Sequence[DrawnLine], before: Sequence[DrawnLine]
    ) -> list[DrawnLine]:
        """The lines of one indicator, no two alike; none if that does not come off."""
        own: list[DrawnLine] = []
        for choice in counted:
            fixed = {block.indicator_field: Answer(indicator), **choice}
            tries = (self._line(block, fixed) for _ in range(_TRIES))
            another = next((line for line in tries if line not in before and line not in own), None)
            if another is None:
                return []
            own.append(another)
        return own

    def _line(self, block: ListBlock, fixed: DrawnLine) -> DrawnLine:
        line = dict(fixed)
        # Whom a line may name depends on the rest of it.
        asked = (column for column in block.questions if column.formula is None)
        for column in sorted(asked, key=lambda column: column.others_only):
            required = isinstance(column.required_when, Always)
            filled = required or self.sampler.random.random() < _SHARE_FILLED
            if column.code not in line and filled and (required or column.required_when is None):
                line[column.code] = self._cell(block, column, line)
        return line

    def _cell(self, block: ListBlock, column: Question, line: DrawnLine) -> Answer:
        if not isinstance(column.type, Coded):
            return self.sampler.draw(column.fields[0])
        return Answer(self.sampler.random.choice(self._choices(block, column, is_bilateral(block, line))))

    def _choices(self, block: ListBlock, column: Question, bilateral: bool) -> list[str]:
        """The codes that a line may hold in a column that is a choice; where it is `bilateral`, fewer partners."""
        if not isinstance(column.type, Coded):
            return [""]
        asking = {
            (other.required_when.ref.field, code)
            for other in block.questions
            if isinstance(other.required_when, CodeIn)
            for code in other.required_when.codes
        }
        codes = [code for code in column.type.codelist.value_codes if (column.code, code) not in asking]
        if not column.others_only:
            return codes
        asked_back = bilateral and block.bilateral is not None and block.bilateral.partner == column.code
        return [code for code in codes if code != self.respondent and (not asked_back or code in self.silent)]


def is_bilateral(block: ListBlock, line: DrawnLine) -> bool:
    """True for a line that the partner it names should have too."""
    bilateral = block.bilateral
    return bilateral is not None and bilateral.field in line and line[bilateral.field].value == bilateral.code


def can_name(column: Field, respondent: str) -> bool:
    """True if a respondent is among the codes of a field: those of a round need not be."""
    return isinstance(column.type, Coded) and respondent in column.type.codelist.value_codes


def _counted(block: ListBlock, indicator: str, draft: Draft) -> list[DrawnLine]:
    """What each of an indicator's lines must say so that they add up to its answers; none where it gives no number."""
    total = next((_number(draft, indicator, count.question) for count in block.counts if not count.field), None)
    if total is None or total > _MOST_OF_AN_INDICATOR:
        return []
    lines: list[DrawnLine] = []
    left: dict[str, list[str]] = {}
    for count in block.counts:
        number = _number(draft, indicator, count.question)
        if count.field and number is not None:
            lines += [{count.field: Answer(count.code)}] * number
            taken = {other.code for other in block.counts if other.field == count.field}
            left[count.field] = [code for code in _codes(block, count.field) if code not in taken]
    rest = total - len(lines)
    if rest < 0 or (rest and not all(left.values())):
        return []
    return [*lines, *[{field: Answer(codes[0]) for field, codes in left.items() if codes}] * rest]


def _number(draft: Draft, indicator: str, question: str) -> int | None:
    value = draft[indicator, question].value if (indicator, question) in draft else None
    return int(value) if isinstance(value, int | float) else None


def _codes(block: ListBlock, column: str) -> Iterator[str]:
    scalar = block.field(column).type
    assert isinstance(scalar, Coded), "lines are counted by a choice"
    yield from scalar.codelist.value_codes
