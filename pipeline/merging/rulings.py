"""Makes rows of the tidy table of what people decided about answers, and says over which files a decision counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.merging.claims import Unit
from pipeline.merging.merge import Ruling
from pipeline.merging.versions import Evidence
from pipeline.reading.submission import Columns
from pipeline.reading.values.parsed import BLANK, Context, Parsed
from pipeline.reading.values.parsing import parse, selected
from pipeline.receiving.decision import DECISION, Decision, Kind
from pipeline.receiving.register import REGISTER
from questionnaire.answer_columns import COLUMN_NAMES
from questionnaire.blanks import AnswerStatus, is_blank
from questionnaire.declaration.answer_types import Mark, Selection
from questionnaire.declaration.blocks import Field, ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.question_names import cell_name, line_number, split_name

LineOfFile = tuple[str, str, int]
"""A file, by its SHA-256, a list and the number of a line there."""

CORRECTION, RESOLUTION = "correction", "resolution"
"""Where a value comes from that a person decided: said by the state, or chosen among its answers."""


def answered_by(
    instrument: Instrument, decisions: Iterable[Decision], lines: Mapping[LineOfFile, str]
) -> dict[str, Decision]:
    """The decisions that are answers themselves, by their source: corrections, and resolutions by no file's answer.

    One about a line that no file has, as it was taken away, is none.
    """
    said = (entry for entry in decisions if entry.kind is Kind.CORRECT or not entry.sha256)
    return {source_of(entry): entry for entry in said if indicator_of(instrument, entry, lines)}


def amends_a_line(decision: Decision) -> bool:
    """True of a correction within a line of a list: the line is that of one file."""
    return decision.kind is Kind.CORRECT and bool(decision.sha256)


def source_of(decision: Decision) -> str:
    """How the answer of a decision is named where that of a file has its SHA-256."""
    return f"{DECISION}{decision.number}"


def unit_of(instrument: Instrument, question: str) -> Unit:
    """The unit that a decision is about: a question, lines about an indicator (`projects.W01a`), a cell of a table."""
    block, line, field = asked_in(instrument, question)
    if isinstance(instrument.blocks[block], TableBlock):
        return block, cell_name(instrument, block, line, field)[len(block) :]
    return block, field if block in _lists(instrument) else instrument.field(block, field).question


def asked_in(instrument: Instrument, question: str) -> tuple[str, int, str]:
    """The block, line and field of a question that is known; of an indicator there is one line."""
    name = split_name(question, instrument.blocks)
    assert name is not None, "a decision is about something that has a name"
    return name.block, line_number(instrument, name.block, name.place) or 1, name.field


def _lists(instrument: Instrument) -> frozenset[str]:
    return frozenset(listed.code for listed in instrument.lists)


def is_known(instrument: Instrument, decision: Decision) -> bool:
    """True if the instrument still asks what a decision is about."""
    name = split_name(decision.question, instrument.blocks)
    block = instrument.blocks.get(name.block) if name else None
    if name is None or block is None:
        return False
    if not isinstance(block, ListBlock):
        return not name.place and name.field in block.field_codes
    if not name.place:
        return bool(decision.sha256) and not isinstance(block, TableBlock) and name.field in ("", *block.indicators)
    return name.field in block.field_codes and 0 < line_number(instrument, block.code, name.place) <= block.most_lines


def said_by(instrument: Instrument, decision: Decision) -> dict[str, Parsed]:
    """What the answer of a decision says, field by field: of a multiple choice, its options too."""
    block, _, code = asked_in(instrument, decision.question)
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


def decided_rows(
    instrument: Instrument, decisions: Iterable[Decision], lines: Mapping[LineOfFile, str] | None = None
) -> Columns:
    """The rows of the tidy table of what decisions answer: the register is their file, their number the cell.

    `lines` has the indicator of each line of a list that a decision corrects.
    """
    rows = [
        (
            source_of(entry), REGISTER, entry.respondent, block, line,
            indicator_of(instrument, entry, lines or {}), code, str(parsed.status),
            parsed.code, parsed.number, parsed.text, parsed.date, parsed.raw, "", "",
            "decisions", str(entry.number), parsed.parsed_by, "", "",
        )
        for entry in decisions
        for block, line, _ in (asked_in(instrument, entry.question),)
        for code, parsed in said_by(instrument, entry).items()
    ]  # fmt: skip
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMN_NAMES)}


def lines_of_files(
    instrument: Instrument, answers: pd.DataFrame, decisions: Iterable[Decision]
) -> Mapping[LineOfFile, str]:
    """The indicator of each line of a list in the files in which decisions correct one."""
    files = {entry.sha256 for entry in decisions if amends_a_line(entry)}
    if not files:
        return {}
    own = answers[answers["submission"].isin(files) & answers["block"].isin(_lists(instrument))]
    keys = (own[name] for name in ("submission", "block", "line", "indicator"))
    return {(str(file), str(block), int(line)): str(code) for file, block, line, code in zip(*keys, strict=True)}


def indicator_of(instrument: Instrument, decision: Decision, lines: Mapping[LineOfFile, str]) -> str:
    """The indicator that the answer of a decision is about; "" for a line of a list that its file does not have."""
    block, line, _ = asked_in(instrument, decision.question)
    asked = instrument.blocks[block]
    if isinstance(asked, TableBlock):
        return asked.indicator
    return lines.get((decision.sha256, block, line), "") if isinstance(asked, ListBlock) else block


def rulings(
    instrument: Instrument, decisions: Iterable[Decision], evidence: Evidence
) -> Mapping[str, Mapping[Unit, list[Ruling]]]:
    """What is ruled of each respondent's units, in the order of the decisions."""
    found: dict[str, dict[Unit, list[Ruling]]] = defaultdict(lambda: defaultdict(list))
    for entry in sorted(decisions, key=lambda one: one.number):
        if entry.kind not in (Kind.CORRECT, Kind.RESOLVE) or amends_a_line(entry):
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
