"""Owns turning one file received into a submission: plain columns, one row per field, and the findings of reading it.

It makes no data frame and checks no rule; it never raises for what a file holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from pipeline.consolidation.verdicts import HELD
from pipeline.findings import Finding, finding
from pipeline.reading.attribution.attribution import Attribution, attribute
from pipeline.reading.confirming import PARSED_BY as CONFIRMED
from pipeline.reading.confirming import change, confirm, contradict, previous_text
from pipeline.reading.cover import Cover, read_cover
from pipeline.reading.lists import COLUMNS as ROSTER_COLUMNS
from pipeline.reading.lists import count_findings, read_rosters
from pipeline.reading.places.damage import form_findings
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.locate import Located, form_texts, locate
from pipeline.reading.places.migration import migrate
from pipeline.reading.places.place import Place
from pipeline.reading.places.sheet_findings import remarks_on
from pipeline.reading.values.numbers import decimal_sign
from pipeline.reading.values.parsing import BLANK, Context, Fault, Parsed, cell_text, currency_faults, parse, selected
from pipeline.reading.values.shown import Shown
from pipeline.reading.workbooks.grids import ReadError, Workbook, read_grids
from pipeline.reading.workbooks.locked import unlocked
from pipeline.receiving.formats import READABLE, sniff
from pipeline.receiving.received import ReceivedFile, file_finding
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Amount, Mark, Number, Selection, Text, WebReference, WholeNumber
from questionnaire.declaration.form import Question
from questionnaire.layout import LISTS_SHEET, TEXTS_SHEET, Layout, Slot
from questionnaire.rounds.identity import Identity, find_identity
from questionnaire.rounds.round import Round
from questionnaire.rounds.slices import Slice
from questionnaire.rules.conditions import Always, Condition
from questionnaire.rules.evaluate import Answer, Answers, Evaluator
from questionnaire.rules.rule import Severity, not_relevant

COLUMNS = (
    "submission", "file", "respondent", "indicator", "field", "status", "code", "number", "text", "date",
    "raw", "if_none", "comment", "sheet", "cell", "parsed_by", "change", "previous",
)  # fmt: skip
"""The columns of the tidy table, in order."""

Columns = dict[str, list[object]]

_UNREAD = frozenset({LISTS_SHEET, TEXTS_SHEET})
"""What the questionnaire keeps for itself: a third of its cells, in which nobody answers."""


@dataclass(frozen=True)
class Submission:
    """What one file says.

    `saved` is when it was last saved (UTC, ISO 8601, "" if unknown) and `program` by what. `rows` are the COLUMNS, each
    with one entry per slot of the layout, or with none where the file is no questionnaire of this round. `part` is the
    slice of the questionnaire that was read, None for the whole. `rosters` are the columns of the module of that name,
    with an entry per cell of each filled line. `cover` says who filled it in and signed off, None without a Cover.
    """

    submission: str
    file: str
    identity: Identity | None
    respondent: str
    saved: str
    program: str
    rows: Columns
    findings: tuple[Finding, ...]
    part: Slice | None = None
    rosters: Columns = field(default_factory=lambda: {name: [] for name in ROSTER_COLUMNS})
    cover: Cover | None = None
    older: str = ""

    @property
    def blocker(self) -> str:
        """The code of the finding that keeps the file from being checked, "" if none does; what is held is checked."""
        blockers = (found.code for found in self.findings if found.severity is Severity.BLOCKER)
        return next((code for code in blockers if code not in HELD), "")


@dataclass
class _Reading:
    """One slot of one file: where it was found and what it says."""

    slot: Slot
    place: Place | None
    parsed: Parsed
    if_none: str = ""
    comment: str = ""
    extra: list[Fault] = field(default_factory=list)


def tidy(received: ReceivedFile, data: bytes, round_: Round, layout: Layout) -> Submission:
    """The submission in a file received; `data` is its content, `layout` that of the round's instrument."""
    format_ = sniff(data)
    refused = file_finding(replace(received.of_format(format_), same_as=""))
    if refused is not None:
        return _unread(received, refused)
    try:
        workbook = read_grids(*unlocked(data, format_), _UNREAD)
    except ReadError as fault:
        return unread(received, fault.code, fault.detail)
    located = locate(workbook, layout)
    whose = attribute(located, workbook.metadata.properties, received, round_)
    if whose.is_foreign:
        # Nothing is read by the layout of another questionnaire: what looks alike may ask something else.
        return _submission(received, workbook, whose, _no_rows(), whose.findings)
    if whose.older:
        workbook, located = migrate(workbook, whose.older, round_, layout)
        if not located.places:
            return _submission(received, workbook, whose, _no_rows(), (*whose.findings, *located.findings))
    if whose.part:
        # What a slice does not ask is not missing from it.
        layout = layout.part(whose.part.indicators)
        located = locate(workbook, layout)
    context = _context(layout, workbook, whose, round_, located)
    last = round_.previous_answers.get(whose.respondent, {})
    readings = _readings(layout, located, context, last)
    known = round_.previous_lines.get(whose.respondent, {}) if round_.previous else None
    lists = read_rosters(located.rosters, context, whose.respondent, round_.period.parameters, known)
    findings = [*whose.findings, *_empty(readings), *located.findings]
    form = form_findings(workbook, located, form_texts(layout))
    # The names of an older edition are not today's; that they are not there says nothing.
    findings += [found for found in form if not (whose.older and found.code == "names_lost")]
    findings += _cell_findings(readings)
    findings += [*lists.findings, *count_findings(lists.lines, partial(_told, readings))]
    cover = read_cover(workbook)
    findings += cover.findings() if cover else ()
    # What the sheets of an older edition print themselves, today's texts do not tell.
    findings += () if whose.older else _remarks(located, cover, form_texts(layout))
    compared = last if round_.previous else None
    columns = _columns(received, whose.respondent, readings, _skipped(layout, readings, round_), compared)
    read = _submission(received, workbook, whose, columns, tuple(findings))
    return replace(read, rosters=lists.rows(received.sha256, received.name, whose.respondent), cover=cover)


def identity_of(data: bytes) -> Identity | None:
    """The identity that a file states first, None for one that states none or cannot be read."""
    format_ = sniff(data)
    if format_ not in READABLE:
        return None
    try:
        workbook = read_grids(*unlocked(data, format_), _UNREAD)
    except ReadError:
        return None
    cells = (cell for sheet in workbook.sheets for row in sheet.rows for cell in row)
    found = (find_identity(text) for text in (*cells, *workbook.metadata.properties))
    return next((identity for identity in found if identity is not None), None)


def unread(received: ReceivedFile, code: str, detail: str) -> Submission:
    """The submission of a file that could not be read; `code` is that of the finding that says why."""
    return _unread(received, finding(code, Severity.BLOCKER, {"detail": detail}))


def _unread(received: ReceivedFile, reason: Finding) -> Submission:
    placed = replace(reason, file=received.name, submission=received.sha256)
    return Submission(received.sha256, received.name, None, "", "", "", _no_rows(), (placed,))


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


def _no_rows() -> Columns:
    return {name: [] for name in COLUMNS}


# --- slots --------------------------------------------------------------------------------------------------


def _context(layout: Layout, workbook: Workbook, whose: Attribution, round_: Round, located: Located) -> Context:
    respondent = round_.respondent(whose.respondent)
    language = whose.identity.language if whose.identity else respondent.language if respondent else ""
    typed = (
        place.answer
        for slot in layout.slots
        if isinstance(slot.field.type, WholeNumber | Number)
        for place in located.places.get(slot.key, ())
        # What a number format puts in writes no decimal sign.
        if isinstance(place.answer, str) and place.answer and not isinstance(place.answer, Shown)
    )
    return Context(layout.instrument.missing, decimal_sign(typed, language), workbook.metadata.date_1904)


def _told(
    readings: Mapping[tuple[str, str], _Reading], indicator: str, question: str
) -> tuple[Parsed, str, str, str] | None:
    """What was answered to a question, the sheet, the cell, and the comment beside it."""
    reading = readings.get((indicator, question))
    if reading is None or reading.place is None:
        return None
    return reading.parsed, reading.place.sheet, reading.place.cell, reading.comment


def _readings(layout: Layout, located: Located, context: Context, last: Answers) -> dict[tuple[str, str], _Reading]:
    """What every slot says, by (indicator, field), in the order of the layout."""
    readings: dict[tuple[str, str], _Reading] = {}
    for slot in layout.slots:
        places = located.places.get(slot.key, ())
        key = slot.indicator.code, slot.field.code
        readings[key] = _contradicting(slot, places) if len(places) > 1 else _reading(slot, places, context)
    marked = [_question(readings, slot) for slot in layout.slots if _is_marked(readings, slot)]
    for question in marked:
        confirm(question, last, context)
    for slot in layout.slots:
        if isinstance(slot.field.type, Selection):
            _select(readings, slot, context)
        elif isinstance(slot.question.type, Amount) and slot.field.is_first:
            _compare_currency(readings, slot)
    for question in marked:
        contradict(question, last)
    return readings


def _is_marked(readings: Mapping[tuple[str, str], _Reading], slot: Slot) -> bool:
    """True for the head of a question with something in the cell that confirms it."""
    place = readings[slot.indicator.code, slot.field.code].place
    return slot.field.is_first and place is not None and not is_blank(place.confirm)


def _question(readings: Mapping[tuple[str, str], _Reading], head: Slot) -> list[_Reading]:
    return [readings[head.indicator.code, item.code] for item in head.question.fields]


def _reading(slot: Slot, places: tuple[Place, ...], context: Context) -> _Reading:
    if not places:
        return _Reading(slot, None, BLANK)
    place = places[0]
    comment = cell_text(place.comment)
    if place.answer == "" and place.if_none == "":
        beside = _answers_beside(slot, comment, context) if is_blank(place.confirm) else []
        return _Reading(slot, place, BLANK, comment=comment, extra=beside)
    parsed = parse(slot.field.type, place.answer, place.if_none, context)
    return _Reading(slot, place, parsed, cell_text(place.if_none), comment)


def _answers_beside(slot: Slot, comment: str, context: Context) -> list[Fault]:
    """What to say of a comment where no answer is given: it may be the answer, and surely where it reads as one."""
    if not comment or isinstance(slot.field.type, Selection):
        return []
    is_free = isinstance(slot.field.type, Text | WebReference)
    read = parse(slot.field.type, comment, None, context).status
    if read in (AnswerStatus.UNREADABLE, AnswerStatus.BLANK):
        return []
    return [Fault("answer_in_comment", Severity.INFO if is_free else Severity.WARNING, {"typed": comment})]


def _contradicting(slot: Slot, places: tuple[Place, ...]) -> _Reading:
    """A slot that stands in several rows with different content: none of them is chosen, all are kept as text."""
    raw, if_none, comment, confirm = (
        " | ".join(filter(None, texts)) for texts in zip(*(p.content for p in places), strict=True)
    )
    return _Reading(slot, places[0], Parsed(AnswerStatus.UNREADABLE, raw or confirm), if_none, comment)


def _select(readings: Mapping[tuple[str, str], _Reading], head: Slot, context: Context) -> None:
    """Give the head of a multiple choice the codes marked below it."""
    reading = readings[head.indicator.code, head.field.code]
    if reading.place is None or reading.parsed.raw or reading.parsed.parsed_by == CONFIRMED:
        return
    marked = [
        item.code.rpartition(".")[2]
        for item in head.question.fields
        if isinstance(item.type, Mark)
        and readings[head.indicator.code, item.code].parsed.status is AnswerStatus.ANSWERED
    ]
    reading.parsed = selected(marked, reading.place.if_none, context)
    typed = reading.place.answer
    if isinstance(typed, str) and any(sign.isalpha() for sign in typed):
        reading.extra.append(Fault("choice_in_head", Severity.WARNING, {"typed": typed}))


def _compare_currency(readings: Mapping[tuple[str, str], _Reading], amount: Slot) -> None:
    """Note where the sign typed beside an amount is not one of the currency chosen."""
    typed = readings[amount.indicator.code, amount.field.code]
    _, currency = amount.question.fields
    chosen = readings[amount.indicator.code, currency.code].parsed
    typed.extra.extend(currency_faults(typed.parsed, chosen))


def _remarks(located: Located, cover: Cover | None, texts: FormTexts) -> Iterator[Finding]:
    for sheet in located.unasked:
        entered = cover.cells if cover and cover.sheet == sheet.name else frozenset()
        yield from remarks_on(sheet, texts, entered)


def _empty(readings: Mapping[tuple[str, str], _Reading]) -> Iterator[Finding]:
    if all(reading.parsed.status is AnswerStatus.BLANK for reading in readings.values()):
        yield finding("empty_return", Severity.BLOCKER)


def _cell_findings(readings: Mapping[tuple[str, str], _Reading]) -> Iterator[Finding]:
    for reading in readings.values():
        for fault in (*reading.parsed.faults, *reading.extra):
            yield _cell_finding(reading, fault)


def _cell_finding(reading: _Reading, fault: Fault) -> Finding:
    place = reading.place
    return finding(
        fault.code,
        fault.severity,
        fault.values,
        indicator=reading.slot.indicator.code,
        field=reading.slot.field.code,
        sheet=place.sheet if place else "",
        cell=place.cell if place else "",
        value=str(fault.values.get("typed", reading.parsed.raw)),
        explanation=reading.comment if fault.severity is Severity.WARNING else "",
    )


# --- what was not to be answered ----------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _gated(layout: Layout) -> tuple[tuple[str, Question, Condition], ...]:
    """Each question that is not always asked, with the condition under which it is not."""
    return tuple(
        (indicator.code, question, not_relevant(question.relevant_when))
        for indicator in layout.instrument.indicators
        for question in indicator.questions
        if not isinstance(question.relevant_when, Always)
    )


def _skipped(layout: Layout, readings: Mapping[tuple[str, str], _Reading], round_: Round) -> frozenset[tuple[str, str]]:
    """The blank fields that other answers made idle."""
    answers = {
        key: Answer(reading.parsed.value, reading.parsed.status)
        for key, reading in readings.items()
        if reading.parsed.status is not AnswerStatus.BLANK
    }
    evaluator = Evaluator(layout.instrument, answers, round_.period.parameters)
    return frozenset(
        (indicator, item.code)
        for indicator, question, idle in _gated(layout)
        if evaluator.holds(idle, indicator)
        for item in question.fields
        if (indicator, item.code) not in answers
    )


def _columns(
    received: ReceivedFile,
    respondent: str,
    readings: Mapping[tuple[str, str], _Reading],
    skipped: frozenset[tuple[str, str]],
    last: Answers | None,
) -> Columns:
    """The rows of the tidy table; `last` is what was answered in the previous round, None where there was none."""

    def compared(reading: _Reading, key: tuple[str, str]) -> tuple[str, str]:
        if last is None:
            return "", ""
        slot, answer = reading.slot, last.get(key)
        head = last.get((key[0], slot.question.code))
        return str(change(slot.field.type, reading.parsed, answer, head)), previous_text(answer)

    rows = [
        (
            received.sha256, received.name, respondent, *key,
            str(AnswerStatus.SKIPPED if key in skipped else reading.parsed.status),
            reading.parsed.code, reading.parsed.number, reading.parsed.text, reading.parsed.date,
            reading.parsed.raw, reading.if_none, reading.comment,
            reading.place.sheet if reading.place else "", reading.place.cell if reading.place else "",
            reading.parsed.parsed_by, *compared(reading, key),
        )
        for key, reading in readings.items()
    ]  # fmt: skip
    return {name: list(values) for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True)}
