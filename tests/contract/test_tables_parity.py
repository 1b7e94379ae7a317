"""What the sheet of a table says of its lines, recalculated, is what the pipeline finds of them: line by line.

A reason in other words is an error of the sheet, which offers its own, and a note of the pipeline, which understands it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from pipeline.findings import Finding
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import CellValue, FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import CHECK, REASON, Layout, TableSheet
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Answer, Evaluator, Responses
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.checks import Sign
from schemas.answers_table import answers_frame
from tests.engines import Engine, IronCalc, engine_named, in_other_programs
from tests.given import write_questionnaire
from tests.office import AS_IT_IS
from tests.with_table import table_round

SETS = 14

Cells = Mapping[tuple[str, int, str], CellValue]
"""What is typed: (table, line, column) -> value; line 0 is that of the whole table."""


def drawn(random: Random, sheets: tuple[TableSheet, ...]) -> Cells:
    """Something in most cells: numbers that may add up, reasons, texts, nothing."""
    cells: dict[tuple[str, int, str], CellValue] = {}
    for sheet in sheets:
        code, block = sheet.block.code, sheet.block
        if random.random() < 0.2:
            cells[code, 0, REASON] = "ND"
        for line in range(1, block.most_lines + 1):
            if block.cells(line) and random.random() < 0.15:
                cells[code, line, REASON] = random.choice(("CF", "Not available", "whatever", "sin datos"))
            typed = [column for column in block.cells(line) if (line, column) not in block.computed]
            for column in typed if random.random() < 0.9 else ():
                value = random.choice((0, 1, 1, 2, 2, 3, 0.5, 1.5, -1, "ND", "n/d", "many", None))
                if value is not None and random.random() < 0.9:
                    cells[code, line, column] = value
    return cells


@dataclass(frozen=True)
class Tables:
    """Drawn tables typed into questionnaires, and what the pipeline found in them."""

    round: Round
    layout: Layout
    sheets: tuple[TableSheet, ...]
    filled: Mapping[Path, Cells]

    def differing(self, engine: Engine, every: int = 1) -> tuple[list[str], set[str]]:
        """Where the sheets say something else than the pipeline; which signs were met."""
        paths = list(self.filled)[::every]
        tabs, differing, seen = tab_names(self.layout), list[str](), set[str]()
        for path, (step,) in zip(paths, engine.calculated([(path, [AS_IT_IS]) for path in paths]), strict=True):
            for sheet, row, expected in self._expected(path):
                said = str(step.sheets[tabs[sheet.code]][row][sheet.columns[CHECK]] or "")[:1]
                seen.add(expected)
                if said != expected:
                    differing.append(f"{path.name} {sheet.block.code} row {row + 1}: {said!r}, found {expected!r}")
        return differing, seen

    def _expected(self, path: Path) -> Iterator[tuple[TableSheet, int, str]]:
        """The sign that each line should have: its gravest finding, else whether all of it is answered."""
        submission = tidy(receive_file(path), path.read_bytes(), self.round, self.layout)
        rules = validate(answers_frame(submission.rows), self.round.instrument, self.round.period.parameters, {})
        columns = zip(
            *(submission.rows[name] for name in ("block", "line", "field", "status", "parsed_by")), strict=True
        )
        blank: dict[tuple[str, int], list[bool]] = {}
        for block, line, field, status, parsed_by in columns:
            table = self.round.instrument.blocks[str(block)]
            computed = isinstance(table, TableBlock) and (line, field) in table.computed
            if parsed_by != "printed" and not (computed and status == "blank"):
                blank.setdefault((str(block), int(str(line))), []).append(status == "blank")
        for sheet in self.sheets:
            for line in range(1, sheet.block.most_lines + 1):
                found = [*_at(submission.findings, sheet, line), *_at(rules, sheet, line)]
                yield sheet, sheet.row(line), _sign(found, blank.get((sheet.block.code, line), []))


def _at(found: tuple[Finding, ...] | list[Finding], sheet: TableSheet, line: int) -> list[Finding]:
    cells = {slot.cell(column) for slot in sheet.asked(line) for column in slot.columns}
    fields = {f"{sheet.block.code}.{column}" for column in sheet.block.measured}
    return [entry for entry in found if entry.field in fields and entry.cell in cells]


def _sign(found: list[Finding], blank: list[bool]) -> str:
    if not blank or all(blank):
        return ""
    # What only the table of texts understands, the sheet asks for as it is offered (docs/typed-answers.md).
    if any(entry.severity is Severity.ERROR or entry.code == "missing_from_wording" for entry in found):
        return Sign.ERROR
    return Sign.TO_DO if any(blank) else Sign.OK


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("tables")
    round_ = table_round(folder)
    layout = Layout.of(round_)
    sheets = tuple(sheet for sheet in layout.lists if isinstance(sheet, TableSheet))
    sent = folder / "sent.xlsx"
    write_questionnaire(sent, round_, round_.participants[0], layout)
    filled: dict[Path, Cells] = {}
    random = Random(15)
    for number in range(SETS):
        cells = drawn(random, sheets)
        book = FilledWorkbook(sent, layout, tab_names(layout), "en")
        for (code, line, column), value in cells.items():
            sheet = next(sheet for sheet in sheets if sheet.block.code == code)
            row = sheet.row(line) if line else sheet.whole
            book.type_at(sheet.code, f"{column_letter(sheet.columns[column])}{row + 1}", value)
        path = folder / f"{number:02}.xlsx"
        book.save(path, dt.datetime(2026, 3, 1))
        filled[path] = cells
    return Tables(round_, layout, sheets, filled)


def test_lines__in_drawn_tables__say_in_the_sheet_what_the_desk_finds(tables: Tables) -> None:
    differing, seen = tables.differing(IronCalc())
    assert differing == []
    assert seen == {"", Sign.ERROR, Sign.TO_DO, Sign.OK}


@pytest.mark.parametrize(("name", "every"), in_other_programs(12))
def test_lines__in_other_programs__say_the_same(
    tables: Tables, name: str, every: int, request: pytest.FixtureRequest
) -> None:
    differing, _ = tables.differing(engine_named(name, request), every)
    assert differing == []


def test_totals__decided_for_the_whole_batch__are_those_decided_one_by_one(tables: Tables) -> None:
    instrument, parameters = tables.round.instrument, tables.round.period.parameters
    met = 0
    for path in tables.filled:
        rows = tidy(receive_file(path), path.read_bytes(), tables.round, tables.layout).rows
        lines: dict[str, dict[int, dict[str, Answer]]] = {sheet.block.code: {} for sheet in tables.sheets}
        names = ("block", "line", "field", "status", "code", "number")
        for block, line, field, status, code, number in zip(*(rows[name] for name in names), strict=True):
            if block in lines:
                given = lines[str(block)].setdefault(int(str(line)), {})
                value = code if code is not None else number
                given[str(field)] = Answer(value, status)
        evaluator = Evaluator(instrument, Responses({}, lines), parameters)
        expected = {
            (rule.code, sheet.block.code, line, rule.target)
            for sheet in tables.sheets
            for rule in instrument.rules
            if sheet.block.code in rule.blocks
            for line in lines[sheet.block.code]
            if evaluator.broken(rule, sheet.block.code, line)
        }
        cells = {
            (sheet.block.code, slot.cell(column)): (line, slot.field.code)
            for sheet in tables.sheets
            for line in range(1, sheet.block.most_lines + 1)
            for slot in sheet.asked(line)
            for column in slot.columns
        }
        found = validate(answers_frame(rows), instrument, parameters, {})
        of_tables = {
            (entry.code, entry.field.split(".")[0], *cells[entry.field.split(".")[0], entry.cell])
            for entry in found
            if entry.field.split(".")[0] in lines
        }
        assert of_tables == expected
        met += len(expected)
    assert met > SETS
