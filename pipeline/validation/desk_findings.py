"""Words what the desk finds in a return beyond its cells: the rules that it breaks, and that it answers too little.

It decides neither, and makes no table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.findings import Finding, finding
from pipeline.reading.submission import Submission
from questionnaire.blanks import is_blank
from questionnaire.codelists import Wording
from questionnaire.declaration.bounds import bounds
from questionnaire.declaration.form import INDICATORS, Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import TOO_LITTLE
from questionnaire.rules.answer_cells import listed
from questionnaire.rules.domains import DOMAIN
from questionnaire.rules.evaluate import Answer, Answers
from questionnaire.rules.rule import Rule, Severity
from questionnaire.table_columns import line_number

ROW = (
    "submission", "file", "respondent", "block", "line", "indicator", "field", "sheet", "cell", "raw", "if_none",
    "comment",
)  # fmt: skip
"""The columns of the tidy table that a finding is worded by."""


@dataclass(frozen=True)
class Broken:
    """A row of the tidy table that breaks a rule; without a rule, one with a value that its question cannot take.

    `table` is where its block belongs, `row` its cells in `ROW`, as texts, `lines` how many lines the rule counts,
    `repeats` the cell that it follows from.
    """

    table: str
    row: Mapping[Any, str]
    rule: Rule | None
    lines: float | None = None
    repeats: str = ""


def broken_rule(broken: Broken, instrument: Instrument, parameters: Mapping[str, int], previous: Answers) -> Finding:
    """The finding on it; `previous` are the respondent's answers of the previous round."""
    rule, row = broken.rule, broken.row
    where, values = _where(broken)
    if rule is None:
        return finding(DOMAIN, Severity.ERROR, values, **where)
    values |= bounds(rule.limits, parameters)
    if rule.lines is not None:
        label = next(block.label for block in instrument.lists if block.code == rule.lines.block)
        values |= {"list": label, "lines": int(broken.lines or 0)}
    if rule.quotes_previous:
        values["previous"] = _quoted(instrument, rule.target, previous.get((row["block"], rule.target)))
    return _finding(rule, where, row["comment"], values)


def with_repeats(found: Sequence[Broken], instrument: Instrument) -> list[Broken]:
    """What is found, with the cell that a total repeats: nobody typed it, and a part of it breaks the same rule."""
    tables = {block.code: block for block in instrument.lists if isinstance(block, TableBlock)}
    cells = {_cell(one): one.row["cell"] for one in found}
    return [
        replace(one, repeats=next(filter(None, (cells.get((submission, code, table, *part)) for part in parts)), ""))
        for one in found
        for submission, code, table, line, column in (_cell(one),)
        for parts in (tables[table].computed.get((line, column), ()) if table in tables else (),)
    ]


def _cell(broken: Broken) -> tuple[str, str, str, int, str]:
    """The rule that is broken, and where."""
    row, rule = broken.row, broken.rule
    code = DOMAIN if rule is None else rule.code
    return row["submission"], code, row["block"], int(row["line"]), row["field"]


def table_codes(instrument: Instrument) -> frozenset[str]:
    """The tables of an instrument: what is filled in there answers their indicators."""
    return frozenset(block.code for block in instrument.lists if isinstance(block, TableBlock))


def too_little(read: Submission, answered: int, asked: int, round_: Round) -> Finding | None:
    """The finding on a return that answers a smaller share of its indicators than the round asks for."""
    if answered >= round_.answered_at_least * asked:
        return None
    values = {"answered": answered, "asked": asked, "least": percent(round_.answered_at_least)}
    where = {"submission": read.submission, "file": read.file, "respondent": read.respondent}
    return finding(TOO_LITTLE, Severity.ERROR, values, value=f"{answered} / {asked}", **where)


def percent(share: float) -> int:
    """A share in whole per cent, rounded down: what is not all is never 100 %."""
    return int(share * 100 + 1e-9)


def _where(broken: Broken) -> tuple[dict[str, str], dict[str, object]]:
    """Where a finding stands, and what its sentence may name of the place: in a list, the line."""
    row, table = broken.row, broken.table
    where = {name: row[name] for name in ("submission", "file", "respondent", "indicator", "sheet", "cell")}
    where |= {"value": row["raw"] or row["if_none"], "repeats": broken.repeats}
    if table == INDICATORS:
        return where | {"field": row["field"]}, {}
    named = {"line": line_number(int(row["line"])), "sheet": row["sheet"]}
    return where | {"field": f"{table}.{row['field']}"}, dict(named)


def _finding(rule: Rule, where: Mapping[str, str], comment: str, values: Mapping[str, object]) -> Finding:
    explained = rule.severity is Severity.WARNING and not is_blank(comment)
    return Finding(
        rule.code,
        Severity.INFO if explained else rule.severity,
        rule.message,
        rule.remedy,
        explanation=comment if explained else "",
        values=values,
        **where,
    )


def _quoted(instrument: Instrument, field: str, answer: Answer | None) -> Wording | str:
    """A previous answer as the workbook shows it: a choice by its label."""
    # Nearly all that reads comes along, and few files break a rule on the previous round.
    from pipeline.reading.confirming import previous_text  # noqa: PLC0415

    found = listed(instrument.fields[field], answer, instrument.missing) if answer is not None else None
    return found[1].label if found is not None else previous_text(answer)
