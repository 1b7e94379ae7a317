"""What a return went through as a file: reported once a kind, in words, and nothing where nothing happened."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.consolidation.damage_report import damage_table
from pipeline.findings import finding
from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Column, Layout
from questionnaire.messages import finding_traits
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import tab_names
from tests.given import write_questionnaire
from tests.pipeline.returned import answer_of, codes, layout, mini_round
from tests.with_list import list_round

ROUND = mini_round()
TABS = tab_names(layout())
TOTAL = layout().slot("W01a", "total")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The questionnaire as it is sent, with one answer."""
    write_questionnaire(tmp_path / "sent.xlsx", ROUND, ROUND.respondents[0], layout())
    book = FilledWorkbook(tmp_path / "sent.xlsx", layout(), TABS, "en")
    book.type(TOTAL, 12)
    book.save(tmp_path / "return.xlsx", dt.datetime(2026, 3, 1, 8))
    return tmp_path / "return.xlsx"


def read(path: Path) -> Submission:
    return tidy(receive_file(path), path.read_bytes(), ROUND, layout())


def damage(path: Path) -> list[str]:
    return [code for code in codes(read(path)) if finding_traits(code).damage]


def test_return_as_it_was_sent__shows_no_damage(filled: Path) -> None:
    assert damage(filled) == []


def test_tabs_in_a_language__as_questionnaires_were_sent_earlier__are_no_damage(filled: Path, tmp_path: Path) -> None:
    book = load_workbook(filled)
    earlier = {"cover": "Couverture", "overview": "Aperçu", "check": "Vérification", "glossary": "Glossaire"}
    for key, name in (earlier | {"W": "W Eau", "F": "F Forêts"}).items():
        book[TABS[key]].title = name
    book.save(tmp_path / "earlier.xlsx")
    again = read(tmp_path / "earlier.xlsx")
    assert (damage(tmp_path / "earlier.xlsx"), answer_of(again, "W01a", "total")["sheet"]) == ([], "W Eau")


def test_saved_again_by_openpyxl__shows_no_damage_and_the_same_answers(filled: Path, tmp_path: Path) -> None:
    load_workbook(filled).save(tmp_path / "again.xlsx")
    assert damage(tmp_path / "again.xlsx") == []
    assert answer_of(read(tmp_path / "again.xlsx"), "W01a", "total")["number"] == 12


def test_written_anew_by_openpyxl_as_values__is_found_by_numbers_and_reported(filled: Path, tmp_path: Path) -> None:
    values, made = load_workbook(filled, data_only=True), load_workbook(filled)
    for sheet in values.worksheets:
        copy = made.create_sheet(f"copy of {sheet.title}"[:31])
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    copy.cell(cell.row, cell.column, cell.value)
        del made[sheet.title]
    made.defined_names.clear()
    made.save(tmp_path / "anew.xlsx")
    again = read(tmp_path / "anew.xlsx")
    assert answer_of(again, "W01a", "total")["number"] == 12
    assert "only_values" in codes(again)
    assert "protection_removed" not in codes(again)


def test_sheet_taken_apart__each_loss_is_reported_once(filled: Path, tmp_path: Path) -> None:
    book = load_workbook(filled)
    sheet = book[TABS["W"]]
    sheet.protection.sheet = False
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    sheet.data_validations.dataValidation = []
    sheet.title = "Trabajo"
    del book["_lists"]
    del book.defined_names[TOTAL.name]
    book.save(tmp_path / "apart.xlsx")
    found = {f.code: (f.severity, f.sheet, f.cell) for f in read(tmp_path / "apart.xlsx").findings if f.traits.damage}
    assert found == {
        "names_lost": ("info", "Trabajo", TOTAL.cell(Column.ANSWER)),
        "sheet_renamed": ("info", "Trabajo", ""),
        "sheets_removed": ("info", "", ""),
        "validations_lost": ("info", "Trabajo", ""),
        "formats_lost": ("info", "Trabajo", ""),
        "protection_removed": ("info", "Trabajo", ""),
    }


def test_sheet_of_a_list__without_its_limits_and_protection__is_reported_as_that_of_a_section(tmp_path: Path) -> None:
    round_ = list_round(tmp_path)
    made = Layout(round_.instrument)
    write_questionnaire(tmp_path / "sent.xlsx", round_, round_.respondents[0], made)
    book, tab = load_workbook(tmp_path / "sent.xlsx"), tab_names(made)[made.lists[0].code]
    book[tab].data_validations.dataValidation = []
    book[tab].protection.sheet = False
    book.save(tmp_path / "return.xlsx")
    data = (tmp_path / "return.xlsx").read_bytes()
    found = tidy(receive_file(tmp_path / "return.xlsx"), data, round_, made).findings
    assert [(f.code, f.sheet) for f in found if f.traits.damage] == [
        ("validations_lost", tab), ("protection_removed", tab),
    ]  # fmt: skip


def test_cell_without_the_list_of_its_neighbours__was_pasted_over(filled: Path, tmp_path: Path) -> None:
    book = load_workbook(filled)
    cell = TOTAL.cell(Column.ANSWER)
    for validation in book[TABS["W"]].data_validations.dataValidation:
        validation.sqref = type(validation.sqref)(
            " ".join(str(area) for area in validation.sqref.ranges if cell not in str(area)) or "Z1"
        )
    book.save(tmp_path / "pasted.xlsx")
    [found] = [f for f in read(tmp_path / "pasted.xlsx").findings if f.traits.damage]
    assert (found.code, found.sheet, found.cell) == ("pasted_over", TABS["W"], cell)


def test_formula_as_answer__its_saved_result_is_read_and_noted__without_one_it_is_no_blank(
    filled: Path, tmp_path: Path
) -> None:
    book = load_workbook(filled)
    book[TABS["W"]][TOTAL.cell(Column.ANSWER)] = "=6+6"
    book.save(tmp_path / "formula.xlsx")
    read_again = read(tmp_path / "formula.xlsx")
    assert answer_of(read_again, "W01a", "total")["status"] == "unreadable"
    assert ("formula_without_result", "error", TOTAL.cell(Column.ANSWER)) in [
        (f.code, f.severity, f.cell) for f in read_again.findings
    ]


def test_table__one_row_a_kind_in_the_order_of_the_wordings__counts_and_keeps_texts() -> None:
    where: Any = {"file": "a.xlsx", "respondent": "BRA", "submission": "f" * 64, "sheet": "W"}
    found = [
        finding("cell_comment", Severity.INFO, {"typed": "one"}, cell="D7", value="one", **where),
        finding("unplaced", Severity.WARNING, {"typed": "x"}, cell="M2", value="x", **where),
        finding("cell_comment", Severity.INFO, {"typed": "two"}, cell="D9", value="two", **where),
        finding("rows_inserted", Severity.INFO, {"sheet": "W", "count": 3}, cell="B8", **where),
        finding("required", Severity.ERROR, **where),
    ]
    table = damage_table([("a.xlsx", "f" * 64, "BRA", "Gnumeric 1.12")], found, "es")
    columns = ["kind", "severity", "count", "sheet", "cell", "text"]
    assert [tuple(row) for row in table[columns].itertuples(index=False)] == [
        ("saved_by", "info", 1, "", "", "Gnumeric 1.12"),
        ("unplaced", "warning", 1, "W", "M2", "x"),
        ("rows_inserted", "info", 3, "W", "B8", ""),
        ("cell_comment", "info", 2, "W", "D7", "one | two"),
    ]
    assert table["meaning"][0] == "Guardado con: Gnumeric 1.12"
    assert set(table["file"]) == {"a.xlsx"}
    assert damage_table([], [], "en").empty


def test_sheet__copied_and_answered_there__is_not_said_to_be_renamed(filled: Path, tmp_path: Path) -> None:
    book = load_workbook(filled)
    copy = book.copy_worksheet(book[TABS["W"]])
    copy[TOTAL.cell(Column.ANSWER)].value = 15
    book[TABS["W"]][TOTAL.cell(Column.ANSWER)].value = None
    book.save(tmp_path / "copied.xlsx")
    again = read(tmp_path / "copied.xlsx")
    answer = answer_of(again, "W01a", "total")
    assert (answer["number"], answer["sheet"]) == (15, copy.title)
    assert "sheet_renamed" not in codes(again)
    del book[TABS["W"]]
    book.save(tmp_path / "renamed.xlsx")
    assert "sheet_renamed" in codes(read(tmp_path / "renamed.xlsx"))
