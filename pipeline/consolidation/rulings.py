"""Makes rows of the tidy table of what people decided about answers, and says over which files a decision counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.consolidation.claims import Unit
from pipeline.consolidation.merging import DECISION, Ruling
from pipeline.consolidation.versions import Evidence
from pipeline.reading.tidy import Columns
from pipeline.reading.values.parsed import BLANK, Context, Parsed
from pipeline.reading.values.parsing import parse, selected
from pipeline.receiving.decision import Decision, Kind
from pipeline.receiving.register import REGISTER
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import Instrument

CORRECTION, RESOLUTION = "correction", "resolution"
"""Where a value comes from that a person decided: said by the state, or chosen among its answers."""


def answered_by(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that are answers themselves: corrections, and resolutions that take no file's answer."""
    settles = (Kind.CORRECT, Kind.RESOLVE)
    return tuple(entry for entry in decisions if entry.kind in settles and not entry.sha256)


def source_of(decision: Decision) -> str:
    """How the answer of a decision is named where that of a file has its SHA-256."""
    return f"{DECISION}{decision.number}"


def unit_of(instrument: Instrument, question: str) -> Unit:
    """The unit that a decision is about: a question (`W01a.total`), or lines about an indicator (`projects.W01a`)."""
    block, _, code = question.partition(".")
    if block in {listed.code for listed in instrument.lists}:
        return block, code
    return block, instrument.field(block, code).question


def is_known(instrument: Instrument, decision: Decision) -> bool:
    """True if the instrument still asks what a decision is about."""
    block, _, code = decision.question.partition(".")
    lists = {listed.code: listed for listed in instrument.lists}
    if block in lists:
        return bool(decision.sha256) and code in ("", *lists[block].indicators)
    return block in instrument.blocks and code in instrument.blocks[block].field_codes


def said_by(instrument: Instrument, decision: Decision) -> dict[str, Parsed]:
    """What the answer of a decision says, field by field: of a multiple choice, its options too."""
    block, _, code = decision.question.partition(".")
    field, context = instrument.field(block, code), Context(instrument.missing)
    if isinstance(field.type, Selection):
        return dict(_options(instrument, block, field, decision.value, context))
    return {code: BLANK if is_blank(decision.value) else parse(field.type, decision.value, None, context)}


def _options(
    instrument: Instrument, block: str, head: Field, value: str, context: Context
) -> Iterator[tuple[str, Parsed]]:
    """The head and the options of a multiple choice answered by codes or labels with semicolons between."""
    marks = [field for field in instrument.blocks[block].fields if field.question == head.code and field is not head]
    if is_blank(value):
        yield from ((field.code, BLANK) for field in (head, *marks))
        return
    reason = parse(head.type, None, value, context)
    if reason.status not in (AnswerStatus.UNREADABLE, AnswerStatus.BLANK):
        yield head.code, replace(reason, raw=value)
        yield from ((field.code, BLANK) for field in marks)
        return
    wanted = {part.strip().casefold() for part in value.split(";") if part.strip()}
    chosen = {field.code: names for field in marks if (names := _names(field) & wanted)}
    if wanted - {name for names in chosen.values() for name in names}:
        yield head.code, Parsed(AnswerStatus.UNREADABLE, value)
        return
    yield head.code, replace(selected([code.rpartition(".")[2] for code in chosen], None, context), raw=value)
    for field in marks:
        yield field.code, parse(field.type, "x", None, context) if field.code in chosen else BLANK


def _names(field: Field) -> set[str]:
    assert isinstance(field.type, Mark), "an option is a mark"
    return {field.code.rpartition(".")[2].casefold(), *(text.casefold() for text in field.label.values())}


def decided_rows(instrument: Instrument, decisions: Iterable[Decision]) -> Columns:
    """The rows of the tidy table of what decisions answer: the register is their file, their number the cell."""
    rows = [
        (
            source_of(entry), REGISTER, entry.respondent, block, 1, block, code, str(parsed.status),
            parsed.code, parsed.number, parsed.text, parsed.date, parsed.raw, "", "",
            "decisions", str(entry.number), parsed.parsed_by, "", "",
        )
        for entry in decisions
        for block in (entry.question.partition(".")[0],)
        for code, parsed in said_by(instrument, entry).items()
    ]  # fmt: skip
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMN_NAMES)}


def rulings(
    instrument: Instrument, decisions: Iterable[Decision], evidence: Evidence
) -> Mapping[str, Mapping[Unit, list[Ruling]]]:
    """What is ruled of each respondent's units, in the order of the decisions."""
    found: dict[str, dict[Unit, list[Ruling]]] = defaultdict(lambda: defaultdict(list))
    for entry in sorted(decisions, key=lambda one: one.number):
        if entry.kind not in (Kind.CORRECT, Kind.RESOLVE):
            continue
        unit = unit_of(instrument, entry.question)
        fields = [] if entry.sha256 else list(said_by(instrument, entry))
        asked = [] if entry.sha256 else [f for f in instrument.blocks[unit[0]].fields if f.question == unit[1]]
        found[entry.respondent][unit].append(
            Ruling(
                entry.sha256 or source_of(entry),
                lambda file, at=entry.at: evidence.is_after(file, at),  # type: ignore[misc]
                is_part=len(fields) < len(asked),
                value_source=CORRECTION if entry.kind is Kind.CORRECT else RESOLUTION,
            )
        )
    return found
