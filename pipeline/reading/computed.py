"""Works out the computed answers of a return from its other answers and its lines; what their cells show is compared.

A return of an older edition that asked for the number gives it: there it was typed, and counts as it was read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.questions import Readings
from pipeline.reading.reading import Reading
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Fault, Parsed
from pipeline.reading.workbooks.grids import ErrorText
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock, Totals
from questionnaire.rules.evaluate import DECIMALS, Answer, Evaluator, Line, Responses
from questionnaire.rules.rule import Severity

PARSED_BY = "computed"
"""The parsing rule of an answer that nobody typed."""

FROM_KNOWN = "computed_from_known"
"""That of a total of which some part is not known."""

WORKED_OUT = (PARSED_BY, FROM_KNOWN)
"""Those of all numbers that follow from others."""


def compute(
    instrument: Instrument,
    readings: Readings,
    lines: Iterable[ReadLine],
    parameters: Mapping[str, int],
    is_older: bool,
    respondent: str = "",
) -> Readings:
    """The readings with the computed answers; `is_older` for a return of an older edition, `respondent` whose it is."""
    due = [key for key in instrument.computed if not (is_older and readings[key].place is not None)]
    if not due:
        return readings
    # What is blank need not be said, but of a number that an older edition asked for: else it would be computed.
    typed = {
        key: reading.answer
        for key, reading in readings.items()
        if (reading.parsed.status is not AnswerStatus.BLANK or key in instrument.computed) and key not in due
    }
    returned = Evaluator(instrument, Responses(typed, _said(instrument, lines), respondent), parameters)
    sent = without_answers(instrument, parameters, respondent)
    computed = {
        key: computed_reading(readings[key], _number(returned.computed(*key)), _number(sent.computed(*key)))
        for key in due
    }
    return {**readings, **computed}


def without_answers(instrument: Instrument, parameters: Mapping[str, int], respondent: str) -> Evaluator:
    """What the questionnaire of a respondent shows while nothing is answered."""
    nothing: dict[str, dict[int, Line]] = {block.code: {} for block in instrument.lists}
    return Evaluator(instrument, Responses({}, nothing, respondent), parameters)


def compute_lines(sent: Evaluator, lines: Sequence[ReadLine], is_older: bool) -> list[ReadLine]:
    """The lines of a list or a table with what its columns compute: of a total line, from its totals.

    `sent` has no answers. A line of an older edition keeps what was typed in a column that was not computed there.
    """
    return [_computed_line(sent, line, is_older) for line in lines]


def _computed_line(sent: Evaluator, line: ReadLine, is_older: bool) -> ReadLine:
    due = [
        code
        for code in line.block.computed_questions
        if code in line.cells and not (is_older and (place := line.cells[code].place) and place.cell)
    ]
    if not due:
        return line
    given = {code: cell.answer for code, cell in line.cells.items() if code not in due}
    now, first = (sent.computed_columns(line.block.code, said) for said in (given, {}))
    computed = {code: computed_reading(line.cells[code], _number(now[code]), _number(first[code])) for code in due}
    return replace(line, cells={**line.cells, **computed})


def _said(instrument: Instrument, lines: Iterable[ReadLine]) -> dict[str, dict[int, Line]]:
    """What the lines say, by list and number."""
    said: dict[str, dict[int, Line]] = {block.code: {} for block in instrument.lists}
    for line in lines:
        said[line.block.code][line.number] = {code: cell.answer for code, cell in line.cells.items()}
    return said


def total(block: TableBlock, parts: Sequence[float | None]) -> tuple[float | None, str]:
    """The sum of its parts as a table declares it, and its parsing rule; None where too little is known."""
    known = [part for part in parts if part is not None]
    is_whole = len(known) == len(parts)
    if not known or not (is_whole or block.totals_are is Totals.FROM_KNOWN):
        return None, "blank"
    return round(sum(known), DECIMALS), PARSED_BY if is_whole else FROM_KNOWN


def computed_reading(
    reading: Reading, number: float | None, first: float | None = None, parsed_by: str = PARSED_BY
) -> Reading:
    """The reading with a computed number, or blank; `first` is what the questionnaire showed when it was sent.

    What its cell shows is kept as text where it is something else than was computed: that somebody typed.
    """
    faults = tuple(_faults(reading, number, first))
    raw = reading.parsed.raw if faults else ""
    status = AnswerStatus.BLANK if number is None else AnswerStatus.ANSWERED
    parsed = Parsed(status, raw, parsed_by if number is not None else "blank", number=number)
    return reading._replace(parsed=parsed, faults=faults)


def _faults(reading: Reading, number: float | None, first: float | None) -> Iterator[Fault]:
    """What to report of a cell that shows something else, or in which somebody has written."""
    place, shown = reading.place, reading.parsed
    if place is None or not shown.raw or isinstance(place.answer, ErrorText):
        return
    same = shown.number is not None and shown.number == number
    values = {"typed": shown.raw, "computed": "–" if number is None else cell_text(number)}
    if place.overwritten:
        yield Fault("computed_overwritten", Severity.INFO if same else Severity.WARNING, values)
    elif not same and not _is_stale(shown.number, number, first):
        yield Fault("computed_differs", Severity.WARNING, values)


def _is_stale(shown: float | None, number: float | None, first: float | None) -> bool:
    """True for what a program that calculates nothing keeps; some save 0 for a formula that shows nothing."""
    return shown is not None and (shown == first or (shown == 0 and number is None))


def _number(answer: Answer) -> float | None:
    return float(answer.value) if isinstance(answer.value, int | float) else None
