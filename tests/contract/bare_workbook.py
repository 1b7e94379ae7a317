"""Writes workbooks for the formula tests: sections with answers and formulas only, many submissions in one file."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from questionnaire.declaration.form import Instrument
from questionnaire.layout import Column, Layout, Slot
from questionnaire.rules.conditions import Condition, Node, walk
from questionnaire.sheet_names import LISTS_SHEET, TEXTS_SHEET
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import LANGUAGE_NAME
from tests.engines import RawGrid


class ErrorCell:
    """A cell that holds #N/A."""

    def __repr__(self) -> str:
        return "#N/A"


ERROR = ErrorCell()
Raw = str | int | float | bool | dt.date | ErrorCell | None

NODES_EVERY = 4

FAULTS, NOT_NEEDED, RULES = 12, 15, 16
"""Columns of our own, beyond those of the layout: one boolean each, rules from RULES on."""


@dataclass(frozen=True)
class Typed:
    """What somebody put into the cells of one row."""

    answer: Raw = None
    if_none: Raw = None
    comment: Raw = None


Submission = Mapping[str, Typed]
"""Key of the slot -> what was typed; what is not there is blank."""

_NUMBER = "§"
"""Stands for the number of a submission in the names of its sheets."""

Sabotage = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """What the sheet makes of one row."""

    code: object
    numeric: object
    check: str
    fault: str | None
    not_needed: bool
    broken: frozenset[str]
    errors: tuple[object, ...] = ()


@dataclass(frozen=True)
class Sheets:
    """What the sheets make of one submission: its rows by key and, of one in NODES_EVERY, every node."""

    rows: Mapping[str, Row]
    nodes: Sequence[object]


def nodes_of(instrument: Instrument) -> list[tuple[str, Node]]:
    """Every (indicator, condition or quantity) that the declaration uses."""
    found: dict[tuple[str, Node], None] = {}
    for indicator in instrument.indicators:
        trees: list[Node] = [question.relevant_when for question in indicator.questions]
        for rule in instrument.rules:
            if indicator.code in rule.blocks:
                trees += [rule.when, rule.check]
        found |= dict.fromkeys((indicator.code, node) for tree in trees for node in walk(tree))
    return list(found)


class Bench:
    """Writes and reads bare workbooks of one instrument."""

    def __init__(self, instrument: Instrument, parameters: Mapping[str, int]) -> None:
        self.instrument, self.layout = instrument, Layout(instrument)
        self.lists = list_addresses(instrument)
        self.nodes = nodes_of(instrument)
        # Translated once for all submissions: only the names of their sheets differ.
        formulas = Formulas(self.layout, _tabs(instrument, _NUMBER), parameters, self.lists)
        self._formulas = {slot.key: [item for item in _beside(formulas, slot) if item[1]] for slot in self.layout.slots}
        self._node_formulas = [
            formulas.condition(node, indicator, "")
            if isinstance(node, Condition)
            else formulas.quantity(node, indicator, "")
            for indicator, node in self.nodes
        ]
        self._fault_keys = {slot.key: [key for _, key in formulas.type_fault(slot)] for slot in self.layout.slots}

    def write(self, path: Path, submissions: Sequence[Submission], sabotage: Sabotage = str) -> Path:
        """One workbook for all submissions; `sabotage` may spoil each formula."""
        with xlsxwriter.Workbook(str(path)) as book:
            texts = book.add_worksheet(TEXTS_SHEET)
            texts.write_number(0, 0, 1)
            book.define_name(LANGUAGE_NAME, f"={TEXTS_SHEET}!$A$1")
            self.lists.write(book, book.add_worksheet(LISTS_SHEET), self.instrument.languages[0])
            formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
            for number, submission in enumerate(submissions):
                self._submission(book, number, submission, formats, sabotage)
        return path

    def _submission(
        self, book: Any, number: int, submission: Submission, formats: Mapping[str, Any], sabotage: Sabotage
    ) -> None:
        sheets = {code: book.add_worksheet(tab) for code, tab in _tabs(self.instrument, str(number)).items()}
        for slot in self.layout.slots:
            sheet = sheets[slot.sheet]
            typed = submission.get(slot.key, Typed())
            for column, raw in zip(
                (Column.ANSWER, Column.IF_NONE, Column.COMMENT),
                (typed.answer, typed.if_none, typed.comment),
                strict=True,
            ):
                _put(sheet, slot.row, column, raw, formats)
            for place, formula in self._formulas[slot.key]:
                sheet.write_formula(slot.row, place, _of(number, sabotage(formula)))
        if number % NODES_EVERY:
            return
        sheet = book.add_worksheet(f"nodes {number}")
        for row, formula in enumerate(self._node_formulas):
            sheet.write_formula(row, 0, _of(number, sabotage(formula)))

    def read(self, grids: Mapping[str, RawGrid]) -> Iterator[Sheets]:
        """What a calculated workbook says, submission by submission; `grids` are its sheets."""
        for number in range(len(grids)):
            tabs = _tabs(self.instrument, str(number))
            if not grids.keys() >= set(tabs.values()):
                break
            rows = {slot.key: self._row(slot, grids[tabs[slot.sheet]][slot.row]) for slot in self.layout.slots}
            values = [] if number % NODES_EVERY else grids[f"nodes {number}"]
            yield Sheets(rows, [cells[0] for cells in values])

    def _row(self, slot: Slot, cells: Sequence[object]) -> Row:
        cells = (*cells, *[None] * (RULES + 20 - len(cells)))
        rules = list(self.instrument.rules_for(slot.block.code, slot.field.code))
        keys = self._fault_keys[slot.key]
        faults = (key for position, key in enumerate(keys) if cells[FAULTS + position] is True)
        verdicts = (*cells[FAULTS : FAULTS + len(keys)], *cells[NOT_NEEDED : RULES + len(rules)])
        return Row(
            cells[Column.CODE] or "",
            _number(cells[Column.NUMERIC]),
            str(cells[Column.CHECK] or ""),
            next(faults, None),
            cells[NOT_NEEDED] is True,
            frozenset(rule.code for position, rule in enumerate(rules) if cells[RULES + position] is True),
            tuple(cell for cell in verdicts if not isinstance(cell, bool)),
        )


def _tabs(instrument: Instrument, number: str) -> dict[str, str]:
    return {section.code: f"{section.code} – d’ici {number}" for section in instrument.sections}


def _of(number: int, formula: str) -> str:
    return "=" + formula.replace(_NUMBER, str(number))


def _number(cell: object) -> object:
    """LibreOffice shows the number of a day as that day."""
    if isinstance(cell, dt.date):
        return cell.toordinal() - dt.date(1899, 12, 30).toordinal()
    return "" if cell is None else cell


def _beside(formulas: Formulas, slot: Slot) -> Iterator[tuple[int, str]]:
    yield Column.CODE, formulas.code(slot)
    yield Column.NUMERIC, formulas.numeric(slot)
    yield Column.CHECK, formulas.check(slot, lambda key: f'"{key}"', lambda rule: f'"{rule.code}"')
    yield NOT_NEEDED, formulas.not_needed(slot)
    yield from enumerate((fault for fault, _ in formulas.type_fault(slot)), FAULTS)
    yield from enumerate((fault for fault, _ in formulas.rule_faults(slot)), RULES)


def _put(sheet: Any, row: int, column: int, raw: Raw, formats: Mapping[str, Any]) -> None:
    match raw:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, raw)
        case str():
            sheet.write_string(row, column, raw)
        case int() | float():
            sheet.write_number(row, column, raw)
        case dt.date():
            sheet.write_datetime(row, column, raw, formats["date"])
        case ErrorCell():
            sheet.write_formula(row, column, "=NA()")


def saved_grids(path: Path) -> dict[str, RawGrid]:
    """The values that a program saved, sheet by sheet."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # Gnumeric saves no default style
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    grids: dict[str, RawGrid] = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    return grids
