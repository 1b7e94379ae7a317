"""Numbers with decimals and percentages, asked as questions and as columns of a list: sent, filled in, read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.reading.confirming import _shows
from pipeline.reading.places.place import Place
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.reading.values.parsed import Context
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from pipeline.validation.validate import validate
from questionnaire.addresses import column_letter
from questionnaire.layout import CONTENT, Column, Layout, ListSheet
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.prefill.prefilled_sheet import PrefilledSheet
from questionnaire.workbook.prefill.previous_answers import PreviousAnswers
from questionnaire.workbook.prefill.previous_lines import PreviousLines
from questionnaire.workbook.sheets.verdict import SIGN_OFF
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import Texts
from schemas.answers_table import answers_frame
from tests.given import PERIOD, mini, mini_round, replace_in, write_questionnaire
from tests.office import recalculate
from tests.with_list import instrument_folder

COLUMNS = """
[[list.column]]
column = "share"
type = "percent"
maximum = 80.5
label = { en = "Share", fr = "Part" }

[[list.column]]
column = "area"
type = "number"
minimum = -0.5
decimals = 3
unit = { en = "hectares", fr = "hectares" }
label = { en = "Area", fr = "Surface" }

[[list.count]]
question = "total"
"""
LINE: Mapping[str, Any] = {"indicator": "F01", "partner": "Betaland"}


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    root = tmp_path_factory.mktemp("measured")
    folder = instrument_folder(root / "instruments" / "mini")
    replace_in(folder / "lists.toml", '\n[[list.count]]\nquestion = "total"\n', COLUMNS)
    return read_round(mini_round(root).folder, root / "instruments")


@pytest.fixture(scope="module")
def layout(round_: Round) -> Layout:
    return Layout.of(round_)


@pytest.fixture(scope="module")
def sent(round_: Round, layout: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "AAA.xlsx"
    write_questionnaire(path, round_, round_.participants[0], layout)
    return path


def at(layout: Layout, line: int, column: str) -> str:
    sheet = listed(layout)
    return f"{column_letter(sheet.columns[column])}{sheet.row(line) + 1}"


def listed(layout: Layout) -> ListSheet:
    (sheet,) = layout.lists
    return sheet


def fill(
    sent: Path, target: Path, layout: Layout, answers: Mapping[str, Any], lines: Mapping[int, Mapping[str, Any]]
) -> Path:
    """Type cells of F01 and of lines, as they stand in their cells."""
    book = FilledWorkbook(sent, layout, tab_names(layout), "en")
    for field, value in {"status": "2 – Adopted", **answers}.items():
        book.type(layout.slot("F01", field), value)
    for line, cells in lines.items():
        for column, value in {**LINE, **cells}.items():
            book.type_at(listed(layout).code, at(layout, line, column), value)
    book.type_named(SIGN_OFF, "A. Person")
    book.save(target, dt.datetime(2026, 3, 1, 8))
    return target


def read(round_: Round, path: Path) -> Submission:
    return tidy(receive_file(path), path.read_bytes(), round_, Layout.of(round_))


def numbers(submission: Submission) -> dict[str, object]:
    """What was read of the measured questions."""
    rows = zip(*(submission.rows[name] for name in ("field", "number")), strict=True)
    return {str(field): number for field, number in rows if field in ("covered", "bare", "depth")}


def reported(submission: Submission) -> list[tuple[str, str, str]]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]


FILLED = {"covered": 0.273, "bare": 0.727, "depth": 8.25}
LINES = {1: {"share": 0.273, "area": 12.125}, 2: {"share": 0.805, "area": -0.5}}


def test_cells__of_every_measure__are_sent_in_its_format(sent: Path, layout: Layout) -> None:
    book = load_workbook(sent)
    tabs = tab_names(layout)
    formats = {
        field: book[tabs["F"]][layout.slot("F01", field).cell(Column.ANSWER)].number_format
        for field in ("covered", "bare", "depth")
    }
    assert formats == {"covered": "0.0%", "bare": "0.00%", "depth": "#,##0.0"}
    columns = {
        column: book[tabs[listed(layout).code]][at(layout, 1, column)].number_format for column in ("share", "area")
    }
    assert columns == {"share": "0.0%", "area": "#,##0.000"}


def test_unit__of_a_number__stands_beside_the_question_and_above_the_column(sent: Path, layout: Layout) -> None:
    book, tabs = load_workbook(sent, data_only=True), tab_names(layout)
    helped = book[tabs["F"]][layout.slot("F01", "depth").cell(Column.HELP)].value
    assert str(helped).startswith("metres\nNumber")
    sheet = book[tabs[listed(layout).code]]
    assert sheet[f"{column_letter(listed(layout).columns['area'])}6"].value == "hectares"


def test_answers__in_cells_of_their_format__are_read_in_points_and_units(
    round_: Round, layout: Layout, sent: Path, tmp_path: Path
) -> None:
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", layout, FILLED, LINES))
    assert reported(submission) == []
    assert numbers(submission) == {"covered": 27.3, "bare": 72.7, "depth": 8.25}
    frame = answers_frame(submission.rows)
    assert frame.loc[frame["field"] == "share", "number"].tolist()[:2] == [27.3, 80.5]
    assert frame.loc[frame["field"] == "area", "number"].tolist()[:2] == [12.125, -0.5]


def test_answers__in_cells_without_their_format__are_reported_or_asked_back(
    round_: Round, layout: Layout, sent: Path, tmp_path: Path
) -> None:
    path = fill(
        sent, tmp_path / "r.xlsx", layout, {"covered": 27.3, "bare": 0.727}, {1: {"share": 27.3}, 2: {"share": 0.8}}
    )
    book, tabs = load_workbook(path), tab_names(layout)
    for tab in (tabs["F"], tabs[listed(layout).code]):
        for row in book[tab].iter_rows():
            for cell in row:
                cell.number_format = "General"
    book.save(path)
    submission = read(round_, path)
    assert numbers(submission) == {"covered": 27.3, "bare": None, "depth": None}
    cells = {field: layout.slot("F01", field).cell(Column.ANSWER) for field in ("covered", "bare")}
    found = [entry for entry in reported(submission) if entry[0].startswith("percent")]
    assert found == [
        ("percent_from_points", "warning", cells["covered"]),
        ("percent_unclear", "error", cells["bare"]),
        ("percent_from_points", "warning", at(layout, 1, "share")),
        ("percent_unclear", "error", at(layout, 2, "share")),
    ]


def test_lines__beyond_a_limit_with_decimals__are_found_in_their_cells(
    round_: Round, layout: Layout, sent: Path, tmp_path: Path
) -> None:
    lines = {1: {"share": 0.8051}, 2: {"area": -0.501}, 3: {"share": 0.805, "area": -0.5}}
    submission = read(round_, fill(sent, tmp_path / "r.xlsx", layout, {}, lines))
    found = validate(answers_frame(submission.rows), round_.instrument, round_.period.parameters, {})
    assert [(entry.code, str(entry.severity), entry.cell) for entry in found if entry.field.startswith("projects")] == [
        ("range", "error", at(layout, 1, "share")),
        ("below_minimum", "error", at(layout, 2, "area")),
    ]


# What the sheet says of a line with this share and this area: the sign of its check.
SAID: list[tuple[dict[str, Any], str]] = [
    ({"share": 0.273, "area": 12.125}, "✓"),
    ({"share": 0.805}, "✓"),
    ({"share": 0.8051}, "×"),
    ({"share": 27.3}, "×"),
    ({"share": "27,3 %"}, "×"),
    ({"area": -0.5}, "✓"),
    ({"area": -0.501}, "×"),
    ({"area": "much"}, "×"),
]


@pytest.mark.wide
@pytest.mark.libreoffice
def test_check__of_every_line__takes_percentages_in_points(layout: Layout, sent: Path, tmp_path: Path) -> None:
    paths = [fill(sent, tmp_path / f"{number}.xlsx", layout, {}, {1: cells}) for number, (cells, _) in enumerate(SAID)]
    tab = tab_names(layout)[listed(layout).code]
    for path, (cells, sign) in zip(recalculate(paths, tmp_path / "out"), SAID, strict=True):
        said = load_workbook(path, data_only=True)[tab][at(layout, 1, "check")].value
        assert str(said)[:1] == sign, (cells, said)


@pytest.mark.wide
@pytest.mark.libreoffice
def test_saved_by_libreoffice__in_every_format__reads_back_exactly(
    round_: Round, layout: Layout, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", layout, FILLED, LINES)
    for saved in recalculate([path], tmp_path / "saved", ("xlsx", "ods", "xls")):
        submission = read(round_, saved)
        assert numbers(submission) == {"covered": 27.3, "bare": 72.7, "depth": 8.25}, saved.name
        assert not [entry for entry in reported(submission) if entry[0].startswith("percent")], saved.name


def test_answer__cut_and_pasted_to_another_cell__is_read_by_the_format_it_took_along(
    round_: Round, layout: Layout, sent: Path, tmp_path: Path
) -> None:
    path = fill(sent, tmp_path / "r.xlsx", layout, FILLED, {})
    slot, tab = layout.slot("F01", "covered"), tab_names(layout)["F"]
    book = load_workbook(path)
    sheet = book[tab]
    for cell, value, number_format in ((slot.cell(Column.ANSWER), None, "General"), ("D60", 0.273, "0.0%")):
        sheet[cell].value, sheet[cell].number_format = value, number_format
    book.defined_names[slot.name].attr_text = f"'{tab}'!$D$60"
    book.save(path)
    submission = read(round_, path)
    assert ("answer_moved", "warning", "D60") in reported(submission)
    assert numbers(submission)["covered"] == 27.3


def test_previous_answer__of_a_percentage__is_shown_as_one_and_compared_in_points(round_: Round) -> None:
    layout = Layout(round_.instrument, prefilled=True)
    slot = layout.slot("F01", "covered")
    shown = PreviousAnswers(layout.section("F"), PrefilledSheet("", ()), list_addresses(round_.instrument), "en", 0)
    cells = shown.cells(slot.field, Answer(27.3), {column: slot.cell(column) for column in Column})
    assert cells[slot.cell(Column.PREVIOUS)].value == 0.273
    assert cells[slot.cell(Column.PREVIOUS_NUMERIC)].value == 27.3


def test_previous_answer__of_a_percentage__is_recognised_in_the_cell_that_shows_it(
    round_: Round, layout: Layout
) -> None:
    context = Context(round_.instrument.missing)
    slot = layout.slot("F01", "covered")
    place = Place(slot, "F", slot.row, Column.ANSWER, None, None, None, printed=(0.273, "*", 27.3))
    assert _shows(place, slot.field, Answer(27.3), context)
    assert not _shows(place._replace(printed=(0.274, "*", 27.3)), slot.field, Answer(27.3), context)


def test_previous_answer__of_a_percentage__is_quoted_in_points() -> None:
    instrument = mini().with_comparisons()
    layout, texts = Layout(instrument, prefilled=True), Texts(("en", "fr"), "en", "en")
    tabs = {section.code: section.code for section in instrument.sections}
    remarks = Remarks(instrument, Formulas(layout, tabs, PERIOD, list_addresses(instrument)), texts, PERIOD)
    slot = layout.slot("F01", "bare")
    shown, points = slot.cell(Column.PREVIOUS), slot.cell(Column.PREVIOUS_NUMERIC)
    assert f'"{{previous}}",IF(ISNUMBER({shown}),{points},{shown}))' in remarks.difference(slot)


def test_previous_line__with_a_percentage__holds_it_as_a_cell_does(round_: Round) -> None:
    layout = Layout(round_.instrument, prefilled=True)
    (sheet,) = layout.lists
    lines = PreviousLines({}, list_addresses(round_.instrument), "en", "")
    column = sheet.block.field("share")
    assert lines._typed(column, Answer(27.3)) == 0.273
    assert lines._said(column, Answer(100 / 3)) == "0.333333333333"
    assert lines._said(sheet.block.field("area"), Answer(1 / 3)) == "0.333333333333333"


def test_content__of_a_line_with_decimals__is_the_same_whatever_sign_a_program_writes(
    sent: Path, layout: Layout
) -> None:
    sheet = load_workbook(sent)[tab_names(layout)[listed(layout).code]]
    content = str(sheet[at(layout, 1, CONTENT)].value)
    assert content.count('",",".")') == 2
