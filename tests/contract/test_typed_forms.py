"""Nothing typed is green in the sheet and an error at the desk: every line of docs/typed-answers.md, typed and calculated.

The sheet may be stricter; then it says which form to type or choose. The lines on number formats are not among them:
formulas see values alone (docs/adr/0030-what-cells-show.md). IronCalc calculates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import ironcalc
import pytest
import xlsxwriter

from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from questionnaire.layout import Column, Layout, Slot
from questionnaire.messages import say
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import LISTS_SHEET, TEXTS_SHEET
from questionnaire.workbook.formulas.cell_formulas import code, numeric, type_faults
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import LANGUAGE_NAME
from tests.documentation.test_typed_answers import ASKED, DECIMAL_SIGNS, LISTS, Example, examples
from tests.given import seed

Typed = tuple[str | float | bool, str]
"""What stands in a cell, and what is asked there."""

PLAIN: Sequence[Typed] = (
    (12.0, "count"), (0.5, "amount"), (0.273, "percentage"), (2019.0, "year"), (45657.0, "day"),
    ("Oui", "yes or no"), ("Sí", "mark"), ("4 – Aplicación completa", "level"), (4.0, "level"), ("ND", "count"),
)  # fmt: skip
"""Answers in the very forms that are asked for."""


def _typed(example: Example) -> Typed:
    return (True if example.typed == "TRUE" else example.typed), example.asked


def _slots(lines: Sequence[Typed]) -> list[Slot]:
    """One row each of a sheet of questions, whatever is asked."""
    first = Layout(seed()).slots[0]
    return [
        replace(first, row=row, field=replace(first.field, type=ASKED[asked])) for row, (_, asked) in enumerate(lines)
    ]


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Typed, bool]:
    """Whether the sheet reports each line as a fault of the cell by itself."""
    lines = [*dict.fromkeys(map(_typed, examples())), *PLAIN]
    path = tmp_path_factory.mktemp("typed") / "typed.xlsx"
    addresses = list_addresses(seed())
    with xlsxwriter.Workbook(str(path)) as book:
        answers, texts = book.add_worksheet("A"), book.add_worksheet(TEXTS_SHEET)
        texts.write_number(0, 0, 1)
        book.define_name(LANGUAGE_NAME, f"={TEXTS_SHEET}!$A$1")
        addresses.write(book, book.add_worksheet(LISTS_SHEET), "es")
        for slot, (typed, _) in zip(_slots(lines), lines, strict=True):
            answers.write(slot.row, Column.ANSWER, typed) if not isinstance(typed, str) else answers.write_string(
                slot.row, Column.ANSWER, typed
            )
            answers.write_formula(slot.row, Column.CODE, f"={code(slot, (), addresses)}")
            if formula := numeric(slot, addresses):
                answers.write_formula(slot.row, Column.NUMERIC, f"={formula}")
            fault = ",".join(expression for expression, _ in type_faults(slot))
            answers.write_formula(slot.row, Column.CHECK, f"=OR({fault})")
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    cells = {line: model.get_cell_value(0, row + 1, Column.CHECK + 1) for row, line in enumerate(lines)}
    assert {type(value) for value in cells.values()} == {bool}
    return {line: bool(value) for line, value in cells.items()}


@pytest.mark.parametrize("example", examples(), ids=lambda entry: f"{entry.typed} as {entry.asked}")
def test_line_of_the_page__that_is_an_error_at_the_desk__is_red_in_the_sheet(
    red: Mapping[Typed, bool], example: Example
) -> None:
    typed, asked = _typed(example)
    parsed = parse(ASKED[asked], typed, "", Context(LISTS["missing"], DECIMAL_SIGNS[example.decimal_sign]))
    is_error = any(fault.severity is Severity.ERROR for fault in parsed.faults) or example.finding.endswith("error")
    assert red[typed, asked] or not is_error


def test_answer__in_the_form_that_is_asked_for__is_green(red: Mapping[Typed, bool]) -> None:
    assert [line for line in PLAIN if red[line]] == []


@pytest.mark.parametrize("asked", ASKED)
def test_sheet__where_it_is_stricter__says_which_form_to_type_or_choose(red: Mapping[Typed, bool], asked: str) -> None:
    """Each type has forms that the desk reads and the sheet does not; its sentence says what it wants instead.

    It says “again”: a number pasted as text looks like the number that is asked for.
    """
    stricter = [
        line
        for line in red
        if line[1] == asked
        and red[line]
        and not any(
            fault.severity is Severity.ERROR
            for fault in parse(ASKED[asked], line[0], "", Context(LISTS["missing"])).faults
        )
    ]
    assert stricter
    forms = {
        "fr": ("Retapez", "Choisissez"),
        "es": ("Vuelva a escribir", "Elija"),
        "en": ("Type it again", "Choose"),
        "pt": ("Digite de novo", "Escolha"),
    }
    for language, verbs in forms.items():
        assert say("workbook", ASKED[asked].traits.fault, language).startswith(verbs)
