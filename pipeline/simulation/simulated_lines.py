"""Owns the lines of rosters that a simulated respondent writes: as many as its answers say, each of them in order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from questionnaire.declaration.answer_types import Coded
from questionnaire.declaration.lists import Roster, RosterColumn
from questionnaire.rules.evaluate import Answer
from questionnaire.sample import Draft, Sampler

Line = dict[str, Answer]
"""What one line says, by column."""

_MOST_OF_AN_INDICATOR = 20
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

    def lines(self, roster: Roster, draft: Draft, spared: Collection[str]) -> list[Line]:
        """The lines that go with the answers; none for the indicators in `spared` and for those with many."""
        if roster.mirror is not None and not self.silent:
            return []
        lines: list[Line] = []
        for indicator in roster.indicators:
            counted = [] if indicator in spared else _counted(roster, indicator, draft)
            if len(lines) + len(counted) <= roster.lines:
                for choice in counted:
                    lines.append(self._another(roster, {roster.indicator_column: Answer(indicator), **choice}, lines))
        return lines

    def _another(self, roster: Roster, fixed: Line, lines: Sequence[Line]) -> Line:
        """A line that says something else than those there are."""
        tries = (self._line(roster, fixed) for _ in range(_TRIES))
        return next((line for line in tries if line not in lines), fixed)

    def _line(self, roster: Roster, fixed: Line) -> Line:
        line = dict(fixed)
        # Whom a line may name depends on the rest of it.
        for column in sorted(roster.columns, key=lambda column: column.others_only):
            filled = column.required or self.sampler.random.random() < _SHARE_FILLED
            if column.code not in line and filled and column.required_with is None:
                line[column.code] = self._cell(roster, column, line)
        return line

    def _cell(self, roster: Roster, column: RosterColumn, line: Line) -> Answer:
        if not isinstance(column.type, Coded):
            return self.sampler.values.plausible(column.type)
        mirror = roster.mirror
        mirrored = mirror is not None and mirror.partner == column.code and is_mirrored(roster, line)
        asking = {other.required_with for other in roster.columns}
        codes = [code for code in column.type.codelist.value_codes if (column.code, code) not in asking]
        if column.others_only:
            codes = [code for code in codes if code != self.respondent and (not mirrored or code in self.silent)]
        return Answer(self.sampler.random.choice(codes))


def is_mirrored(roster: Roster, line: Line) -> bool:
    """True for a line that the partner it names should have too."""
    mirror = roster.mirror
    return mirror is not None and mirror.column in line and line[mirror.column].value == mirror.code


def _counted(roster: Roster, indicator: str, draft: Draft) -> list[Line]:
    """What each of an indicator's lines must say so that they add up to its answers; none where it gives no number."""
    total = next((_number(draft, indicator, count.question) for count in roster.counts if not count.column), None)
    if total is None or total > _MOST_OF_AN_INDICATOR:
        return []
    lines: list[Line] = []
    others: Line = {}
    for count in roster.counts:
        number = _number(draft, indicator, count.question)
        if count.column and number is not None:
            lines += [{count.column: Answer(count.code)}] * number
            others[count.column] = Answer(next(code for code in _codes(roster, count.column) if code != count.code))
    return [*lines, *[others] * (total - len(lines))] if len(lines) <= total else []


def _number(draft: Draft, indicator: str, question: str) -> int | None:
    value = draft[indicator, question].value if (indicator, question) in draft else None
    return int(value) if isinstance(value, int | float) else None


def _codes(roster: Roster, column: str) -> Iterator[str]:
    scalar = roster.column(column).type
    assert isinstance(scalar, Coded), "lines are counted by a choice"
    yield from scalar.codelist.value_codes
