"""Turns one file received into a submission: plain columns, one row per field, and the findings of reading it.

It makes no data frame and checks no rule; it never raises for what a file holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from pipeline.findings import Finding, finding
from pipeline.reading.attribution.attribution import Attribution, attribute, older_edition
from pipeline.reading.computed import WORKED_OUT, compute, without_answers
from pipeline.reading.confirming import change, previous_text
from pipeline.reading.cover import read_cover
from pipeline.reading.lines.list_lines import ReadLine
from pipeline.reading.lines.lists import read_lists
from pipeline.reading.moved_values import move_values
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.locate import Located, find, form_texts, identities_in, locate
from pipeline.reading.places.migration import migrate, migrated
from pipeline.reading.places.reports.damage import form_findings
from pipeline.reading.places.reports.sheet_findings import remarks_on
from pipeline.reading.questions import Readings, read_questions
from pipeline.reading.reading import Reading
from pipeline.reading.skipping import skipped as skipped_by
from pipeline.reading.submission import PRINTED, Columns, Cover, Submission, no_rows, nothing_read, unread
from pipeline.reading.values.numbers import decimal_sign
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.shown import Shown
from pipeline.reading.workbooks.grids import ReadError, Workbook, read_grids
from pipeline.reading.workbooks.locked import unlocked
from pipeline.receiving.formats import sniff
from pipeline.receiving.received import ReceivedFile, file_finding
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Derived
from questionnaire.layout import Layout
from questionnaire.rounds.identity import Identity, find_identity
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answers
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import LISTS_SHEET, TEXTS_SHEET

_BESIDE = ("answer_in_comment", "unplaced")
"""The findings of what may be an answer in another cell than its own."""

_UNREAD = frozenset({LISTS_SHEET, TEXTS_SHEET})
"""What the questionnaire keeps for itself: a third of its cells, in which nobody answers."""


def tidy(received: ReceivedFile, data: bytes, round_: Round, layout: Layout) -> Submission:
    """The submission in a file received; `data` is its content, `layout` that of the round's instrument."""
    format_ = sniff(data)
    refused = file_finding(replace(received.of_format(format_), same_as=""))
    if refused is not None:
        return nothing_read(received, refused)
    try:
        workbook = read_grids(*unlocked(data, format_), _UNREAD)
    except ReadError as fault:
        return unread(received, fault.code, fault.detail)
    sightings = identities_in(workbook)
    older = older_edition(sightings, workbook.metadata.properties, round_)
    left: tuple[Finding, ...] = ()
    if older:
        workbook, left = migrate(workbook, older, layout)
    found = find(workbook, sightings, layout)
    located = locate(found, layout)
    whose = attribute(located, workbook.metadata.properties, received, round_)
    if whose.is_foreign:
        # Nothing is read by the layout of another questionnaire: what looks alike may ask something else.
        return _submission(received, workbook, whose, no_rows(), whose.findings)
    if whose.older:
        located = migrated(located, left, whose.older, round_, layout)
        if not located.places:
            return _submission(received, workbook, whose, no_rows(), (*whose.findings, *located.findings))
    if whose.part:
        # What a slice does not ask is not missing from it.
        layout = layout.part(whose.part.indicators)
        located = locate(found.within(layout), layout)
    return _read(received, workbook, whose, located, round_, layout)


def _read(
    received: ReceivedFile, workbook: Workbook, whose: Attribution, located: Located, round_: Round, layout: Layout
) -> Submission:
    """What a questionnaire of this round says."""
    context = _context(layout, workbook, whose, round_, located)
    previous = round_.previous_answers.get(whose.respondent, {})
    readings = read_questions(layout, located.places, context, previous)
    if whose.older:
        readings = move_values(readings, whose.older)
    known = round_.previous_lines.get(whose.respondent, {}) if round_.previous else None
    evaluator = without_answers(layout.instrument, round_.period.parameters, whose.respondent)
    lists = read_lists(located.lists, context, evaluator, known, whose.older is not None)
    given = _is_given(readings, lists.lines)
    findings = [*whose.findings, *_empty(given), *located.findings]
    is_older, parameters = whose.older is not None, round_.period.parameters
    readings = compute(layout.instrument, readings, lists.lines, parameters, is_older, whose.respondent)
    skipped = _skipped(layout, readings, round_)
    form = form_findings(workbook, located, form_texts(layout))
    findings += [found for found in form if not (whose.older and found.traits.layout_only)]
    findings += [
        found
        for reading in readings.values()
        if reading.faults or reading.parsed.faults
        for found in reading.findings()
    ]
    findings = [_less_grave(found) if (found.indicator, found.field) in skipped else found for found in findings]
    # Of a return that is empty, nothing more is to be said about what is blank.
    findings += [found for found in lists.findings if given or found.code != "cells_blank"]
    cover = read_cover(workbook)
    findings += cover.findings() if cover else ()
    # Today's texts do not show what the sheets of an older edition print by themselves.
    findings += () if whose.older else _remarks(located, cover, form_texts(layout))
    columns = _columns(
        received,
        whose.respondent,
        [
            *_question_rows(readings, skipped, previous if round_.previous else None),
            *_line_rows(lists.lines),
        ],
    )
    made = _submission(received, workbook, whose, columns, tuple(findings))
    return replace(made, cover=cover, read=_answers_read(readings, lists.lines))


def _answers_read(readings: Readings, lines: Iterable[ReadLine]) -> int:
    """How many cells say something, be it unreadable or why there is no value; what follows from others is not read."""
    cells = [*readings.values(), *(reading for line in lines for reading in line.readings())]
    read = (cell.parsed for cell in cells if cell.parsed.parsed_by not in WORKED_OUT)
    return sum(parsed.status is not AnswerStatus.BLANK for parsed in read)


def _is_given(readings: Readings, lines: Iterable[ReadLine]) -> bool:
    """True where some cell says something that the questionnaire does not show by itself."""
    of_lines = (cell for line in lines for cell in line.cells.values() if cell.parsed.parsed_by != PRINTED)
    return any(
        cell.parsed.status is not AnswerStatus.BLANK and not isinstance(cell.slot.field.type, Derived)
        for cell in chain(readings.values(), of_lines)
    )


def identity_of(data: bytes) -> Identity | None:
    """The identity that a workbook states first, None for one that states none; ReadError if it cannot be read."""
    workbook = read_grids(*unlocked(data, sniff(data)), _UNREAD)
    cells = (cell for sheet in workbook.sheets for row in sheet.rows for cell in row)
    found = (find_identity(text) for text in (*cells, *workbook.metadata.properties))
    return next((identity for identity in found if identity is not None), None)


def _submission(
    received: ReceivedFile, workbook: Workbook, whose: Attribution, rows: Columns, findings: tuple[Finding, ...]
) -> Submission:
    placed = tuple(
        replace(found, file=received.name, submission=received.sha256, respondent=whose.respondent)
        for found in findings
    )
    saved = workbook.metadata.last_saved
    return Submission(
        submission=received.sha256,
        file=received.name,
        identity=whose.identity,
        respondent=whose.respondent,
        saved=saved.strftime("%Y-%m-%dT%H:%M:%SZ") if saved else "",
        program=workbook.metadata.program,
        rows=rows,
        findings=placed,
        part=whose.part,
        older=whose.older.name if whose.older else "",
    )


# --- what the cells say -------------------------------------------------------------------------------------


def _context(layout: Layout, workbook: Workbook, whose: Attribution, round_: Round, located: Located) -> Context:
    respondent = round_.respondent(whose.respondent)
    language = whose.identity.language if whose.identity else respondent.language if respondent else ""
    typed = (
        place.answer
        for key in _quantities(layout)
        for place in located.places.get(key, ())
        # What a number format puts in writes no decimal sign.
        if isinstance(place.answer, str) and place.answer and not isinstance(place.answer, Shown)
    )
    return Context(layout.instrument.missing, decimal_sign(typed, language), workbook.metadata.date_1904)


@lru_cache(maxsize=64)
def _quantities(layout: Layout) -> tuple[str, ...]:
    """The keys of the slots that ask for a quantity."""
    return tuple(slot.key for slot in layout.slots if slot.field.type.traits.quantity)


def _remarks(located: Located, cover: Cover | None, texts: FormTexts) -> Iterator[Finding]:
    for sheet in located.unasked:
        entered = cover.cells if cover and cover.sheet == sheet.name else frozenset()
        yield from remarks_on(sheet, texts, entered)


def _empty(is_given: bool) -> Iterator[Finding]:
    if not is_given:
        yield finding("empty_return", Severity.BLOCKER)


# --- what was not to be answered ----------------------------------------------------------------------------


def _skipped(layout: Layout, readings: Readings, round_: Round) -> frozenset[tuple[str, str]]:
    answers = {
        key: reading.parsed.answer
        for key, reading in readings.items()
        if reading.parsed.status is not AnswerStatus.BLANK
    }
    return skipped_by(layout, answers, round_)


def _less_grave(found: Finding) -> Finding:
    """What stands beside a question that was not to be answered need not be its answer."""
    return (
        replace(found, severity=Severity.WARNING)
        if found.code in _BESIDE and found.severity is Severity.ERROR
        else found
    )


# --- rows ---------------------------------------------------------------------------------------------------

_Row = tuple[Reading, AnswerStatus, str, str]
"""What was read, its status, how it compares to the previous round, and what was answered then."""


def _question_rows(readings: Readings, skipped: frozenset[tuple[str, str]], previous: Answers | None) -> Iterator[_Row]:
    """`previous` is what was answered in the previous round, None where there was none."""
    for key, reading in readings.items():
        status = AnswerStatus.SKIPPED if key in skipped else reading.parsed.status
        if previous is None:
            yield reading, status, "", ""
        else:
            answer, head = previous.get(key), previous.get((key[0], reading.slot.question.code))
            compared = change(reading.slot.field.type, reading.parsed, answer, head)
            yield reading, status, str(compared), previous_text(answer)


def _line_rows(lines: Iterable[ReadLine]) -> Iterator[_Row]:
    for line in lines:
        for reading in line.readings():
            if line.previous is None:
                yield reading, reading.parsed.status, "", ""
            else:
                answer = line.previous.get(reading.slot.field.code)
                compared = change(reading.slot.field.type, reading.parsed, answer)
                yield reading, reading.parsed.status, str(compared), previous_text(answer)


def _columns(received: ReceivedFile, respondent: str, read: Iterable[_Row]) -> Columns:
    """The rows of the tidy table."""
    rows = [
        (
            received.sha256, received.name, respondent,
            reading.slot.block.code, reading.slot.line, reading.indicator, reading.slot.field.code, str(status),
            reading.parsed.code, reading.parsed.number, reading.parsed.text, reading.parsed.date,
            reading.parsed.raw, reading.if_none, reading.comment,
            reading.place.sheet if reading.place else "", reading.place.cell if reading.place else "",
            reading.parsed.parsed_by, compared, previous,
        )
        for reading, status, compared, previous in read
    ]  # fmt: skip
    return {name: list(values) for name, values in zip(COLUMN_NAMES, zip(*rows, strict=True), strict=True)}
