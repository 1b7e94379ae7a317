"""Reads returns and judges each by itself, in plain Python: what is found is what a batch finds, without its tables.

`pipeline.validation.validate` decides the same rules for thousands of returns at once; for one, loading what it
works with takes longer than everything else. The contract tests hold both to the same meaning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.findings import Finding
from pipeline.reading.in_children import given_to_readers, read_return
from pipeline.reading.submission import PRINTED, Submission, unread
from pipeline.receiving.isolation import Isolation, Lost
from pipeline.receiving.received import ReceivedFile, file_finding
from pipeline.validation.desk_findings import ROW, Broken, broken_rule, table_codes, too_little, with_repeats
from questionnaire.blanks import EMPTY, AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round
from questionnaire.rules.domains import in_domain
from questionnaire.rules.evaluate import Answer, Answers, Evaluator, Responses
from questionnaire.rules.rule import Rule

_VALUES = ("code", "number", "text", "date")


@dataclass(frozen=True)
class Judged:
    """What was read of some files, by SHA-256, and every finding."""

    submissions: Mapping[str, Submission]
    findings: Sequence[Finding]


def judge(round_: Round, files: Sequence[ReceivedFile], isolated: Isolation) -> Judged:
    """Read, in children, and judge the returns among some files; what is no return gives a finding and nothing else."""
    if round_.previous is not None:
        # What opens a dataset takes long to load, and most rounds name none.
        from pipeline.previous_round.previous_answers import with_previous_answers  # noqa: PLC0415

        round_ = with_previous_answers(round_)
    layout = Layout.of(round_)
    readable = [file for file in files if file.is_return]
    read: dict[str, Submission] = {}
    isolated.turn_to(round_.limits, given_to_readers(round_))
    for file, outcome in zip(readable, isolated.map(read_return, readable), strict=True):
        read[file.sha256] = unread(file, outcome.code, outcome.detail) if isinstance(outcome, Lost) else outcome
    findings = [found for file in files if (found := file_finding(file)) is not None]
    for submission in read.values():
        findings += submission.findings
        # A submission with a blocker is not judged: its answers are not in question, the whole of it is.
        findings += () if submission.blocker else judged_alone(submission, round_, layout)
    return Judged(read, findings)


def judged_alone(read: Submission, round_: Round, layout: Layout) -> Iterator[Finding]:
    """What the rules find in a submission, in the order of its answers, then of the rules; then if it says too little.

    What an older edition did not ask has no cell in its workbooks, and is not missed there.
    """
    instrument = layout.part(read.part.indicators).instrument if read.part else round_.instrument
    rows = [dict(zip(read.rows, values, strict=True)) for values in zip(*read.rows.values(), strict=True)]
    previous = round_.previous_answers.get(read.respondent, {})
    found = broken_rules(rows, read.respondent, instrument, round_.period.parameters, previous)
    yield from (entry for entry in found if entry.cell or not read.older)
    asked = frozenset(indicator.code for indicator in instrument.indicators)
    if read.older:
        asked = frozenset(row["indicator"] for row in rows if row["cell"])
    tables = table_codes(instrument)
    answered = {
        row["indicator"]
        for row in rows
        if row["status"] not in EMPTY
        and (row["block"] == row["indicator"] or (row["block"] in tables and row["parsed_by"] != PRINTED))
    }
    yield from filter(None, [too_little(read, len(answered), len(asked), round_)])


def broken_rules(
    rows: Sequence[Mapping[str, Any]],
    respondent: str,
    instrument: Instrument,
    parameters: Mapping[str, int],
    previous: Answers,
) -> Iterator[Finding]:
    """What the rules find in the rows of one submission, in their order; `previous` are the respondent's answers."""
    evaluator = Evaluator(instrument, _responses(rows, respondent, instrument), parameters, previous)
    targets = {(row["block"], row["line"], row["field"]): place for place, row in enumerate(rows)}
    rules = _rules(instrument)
    tables = {block.code: table for table, blocks in instrument.tables.items() for block in blocks}
    found: list[tuple[int, int, Rule | None]] = [(place, -1, None) for place in _of_no_domain(rows, instrument)]
    for block, line in dict.fromkeys((row["block"], row["line"]) for row in rows):
        for order, rule in enumerate(rules[block]):
            if evaluator.broken(rule, block, line):
                found.append((targets[block, line, rule.target], order, rule))
    broken = []
    for place, _, kept in sorted(found, key=lambda entry: entry[:2]):
        block, line = rows[place]["block"], rows[place]["line"]
        counted = evaluator.quantity(kept.lines, block, line) if kept is not None and kept.lines is not None else None
        row = {name: str(rows[place][name]) for name in ROW}
        broken.append(Broken(tables[block], row, kept, counted))
    for entry in with_repeats(broken, instrument):
        yield broken_rule(entry, instrument, parameters, previous)


def _rules(instrument: Instrument) -> Mapping[str, Sequence[Rule]]:
    """The rules on each block, in their order."""
    return {code: [rule for rule in instrument.rules if code in rule.blocks] for code in instrument.blocks}


def _responses(rows: Sequence[Mapping[str, Any]], respondent: str, instrument: Instrument) -> Responses:
    """What the rows of a submission say."""
    listed = {block.code for block in instrument.lists}
    answers: dict[tuple[str, str], Answer] = {}
    lines: dict[str, dict[int, dict[str, Answer]]] = {}
    for row in rows:
        value = next((row[name] for name in _VALUES if row[name] is not None), None)
        answer = Answer(value, AnswerStatus(row["status"]))
        if row["block"] in listed:
            lines.setdefault(row["block"], {}).setdefault(row["line"], {})[row["field"]] = answer
        else:
            answers[row["block"], row["field"]] = answer
    return Responses(answers, lines, respondent)


def _of_no_domain(rows: Sequence[Mapping[str, Any]], instrument: Instrument) -> Iterator[int]:
    """The places of values that their questions cannot take, and of those that are there without being an answer."""
    for place, row in enumerate(rows):
        scalar = instrument.blocks[row["block"]].field(row["field"]).type
        value = row[scalar.traits.column]
        if value is not None and not in_domain(scalar, value):
            yield place
        if (row["status"] == AnswerStatus.ANSWERED) is not (value is not None):
            yield place
