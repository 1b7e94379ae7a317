"""What is odd about the sheet of a table is reported at its cell, and what has one cause once."""

from __future__ import annotations

from pipeline.reading.computed import without_answers
from pipeline.reading.lines.lists import read_lists
from pipeline.reading.places.lines.found_table import find_lines
from pipeline.reading.places.lines.list_sheets import missing_lists
from pipeline.reading.places.locate import form_texts
from pipeline.reading.values.parsed import Context
from pipeline.reading.workbooks.grids import Sheet
from pipeline.reading.workbooks.metadata import SheetMetadata
from questionnaire.addresses import column_letter
from questionnaire.layout import LIST_HEADINGS, REASON
from tests.pipeline.reading.table_rows import READ, TREES, Made, Row, codes, layout, made, values
from tests.with_table import instrument


def test_lines__that_stand_twice__are_one_finding_that_names_them() -> None:
    sheet = made()
    sheet.rows += [{**sheet.row(line), "planted": 99.0} for line in (1, 4, 6)]
    (found,) = [entry for entry in sheet.read().findings if entry.code == "table_line_twice"]
    assert (found.values["lines"], found.values["cells"], found.cell) == ("L1, L4, L6", "C14, C15, C16", "C14")


def test_column__added_by_the_respondent__is_one_error_that_names_its_cells() -> None:
    sheet = made("wells", typed={(1, "dug_2024"): 1.0, (2, "dug_2024"): 2.0})
    sheet.columns.insert(sheet.columns.index(REASON), "2026")
    sheet.rows[LIST_HEADINGS]["2026"] = "2026"
    for line, value in ((1, 5.0), (2, 6.0)):
        sheet.row(line)["2026"] = value
    read = sheet.read()
    (found,) = [entry for entry in read.findings if entry.severity == "error"]
    assert (found.code, found.cell, found.value) == ("table_column_added", "G5", "2026 | 5 | 6")
    assert values(read) == {(1, "dug_2024"): 1, (2, "dug_2024"): 2}


def test_number__beside_a_line__is_an_error_at_its_cell() -> None:
    sheet = made()
    sheet.columns.insert(sheet.columns.index(REASON), None)
    sheet.row(2)[None] = 77.0
    assert ("unplaced", "error", "G9") in [(entry.code, entry.severity, entry.cell) for entry in sheet.read().findings]


def test_number__in_the_row_of_the_whole_table__is_an_error_at_its_cell() -> None:
    read = made(typed={(0, "planted"): 5.0, **TREES}).read()
    assert [(entry.cell, entry.value) for entry in read.findings if entry.code == "unplaced"] == [("E7", "5")]
    assert values(read) == READ


def test_number__in_a_hidden_column_without_formulas__is_an_error_at_its_cell() -> None:
    sheet = made()
    sheet.row(1)["sorts.number"] = 11.0
    (found,) = [entry for entry in sheet.read().findings if entry.code == "unplaced"]
    assert (found.severity, found.value) == ("error", "11")


def test_note__below_the_lines__is_kept_and_keeps_nothing_out() -> None:
    sheet = made()
    sheet.rows += [{}, {"sorts": "Source: forest service"}]
    assert ("unplaced", "warning") in codes(sheet.read())


def _heading(column: str, text: str | float) -> Made:
    sheet = made("wells", typed={(1, "dug_2024"): 1.0, (2, "dug_2025"): 2.0})
    sheet.rows[LIST_HEADINGS][column] = text
    return sheet


def test_heading__of_another_year__is_an_error_at_its_cell_and_its_numbers_stay_where_they_were_sent() -> None:
    read = _heading("dug_2025", "2026").read()
    (found,) = [entry for entry in read.findings if entry.code == "table_relabelled"]
    assert (found.severity, found.cell, found.value) == ("error", "E5", "2026")
    assert found.message_in("en").count("E5 “2026” (“2025”)") == 1
    assert values(read) == {(1, "dug_2024"): 1, (2, "dug_2025"): 2}


def test_heading__with_more_words__is_a_warning() -> None:
    assert codes(_heading("dug_2025", "Year 2025").read()) == [("table_relabelled", "warning")]


def test_heading__that_names_two_years__is_an_error() -> None:
    assert codes(_heading("dug_2025", "2024-2025").read()) == [("table_relabelled", "error")]


def test_heading__made_a_number_by_a_program__is_the_heading() -> None:
    sheet = _heading("dug_2025", 2025.0)
    sheet.swap("dug_2024", "dug_2025")
    sheet.clear_header()
    read = sheet.read()
    assert values(read) == {(1, "dug_2024"): 1, (2, "dug_2025"): 2}
    assert codes(read) == [("columns_moved", "info")]


def test_heading__changed_where_the_hidden_header_is_gone__is_an_error_however_slight() -> None:
    sheet = _heading("dug_2025", "Year 2025")
    sheet.clear_header()
    assert codes(sheet.read()) == [("table_relabelled", "error")]


def test_headings__a_year_later__take_their_numbers_with_them_and_none_is_read_twice() -> None:
    sheet = made("dry", typed={(1, "dry_2024"): 1.0, (1, "dry_2025"): 2.0})
    sheet.rows[LIST_HEADINGS] |= {"dry_2024": "2025", "dry_2025": "2026"}
    read = sheet.read()
    assert values(read) == {(1, "dry_2025"): 1}
    assert [code for code, severity in codes(read) if severity == "error"] == ["table_column_added"]
    assert [entry.value for entry in read.findings if entry.code == "table_column_added"] == ["2026 | 2"]


def test_text_of_a_line__changed__is_an_error_at_its_cell_and_one_that_is_gone_a_warning() -> None:
    for text, severity in (("In the marsh", "error"), ("", "warning"), ("In the plain (north)", "warning")):
        sheet = made()
        sheet.row(4)["grounds"] = text
        read = sheet.read()
        assert values(read) == READ
        (found,) = [entry for entry in read.findings if entry.code == "table_relabelled"]
        assert (found.severity, found.cell, found.value) == (severity, "D11", text)


def test_sheet_of_a_table__that_is_gone__is_an_error_and_names_it() -> None:
    found = list(missing_lists(layout(), []))
    assert [(entry.code, entry.severity, entry.indicator) for entry in found] == [
        ("table_missing", "error", "F01"), *[("table_missing", "error", "W01a")] * 5,
    ]  # fmt: skip
    assert "« Arbres plantés »" in found[0].message_in("fr")


def test_turned__lines_as_columns__are_read_at_their_cells_and_noted() -> None:
    sheet = made()
    shown = [name for name in sheet.columns if name in ("sorts", "grounds", "planted", "alive")]
    turned = [[row.get(name) or "" for row in sheet.rows[LIST_HEADINGS:]] for name in shown]
    found = find_lines(Sheet("Hoja 8", turned), layout(), form_texts(layout()))
    assert found is not None
    read = read_lists([found], Context(instrument().missing), without_answers(instrument(), {}, ""))
    assert values(read) == READ
    assert codes(read) == [("table_turned", "warning")]
    cells = {line.number: cell.place.cell for line in read.lines if (cell := line.cells.get("planted")) and cell.place}
    assert (cells[1], cells[6]) == ("D3", "I3")


def test_zero__where_nothing_can_occur__is_no_answer_and_any_other_number_is() -> None:
    def found(value: float) -> list[str]:
        return [
            entry.cell
            for entry in made(typed={**TREES, (3, "planted"): value}).read().findings
            if entry.code == "cannot_occur"
        ]

    assert (found(0.0), found(1.0)) == ([], ["E10"])


def test_words__between_the_lines__may_be_meant_as_an_answer() -> None:
    sheet = made()
    sheet.rows.insert(sheet.sheet.row(4), {"sorts": "Planted by schools"})
    assert ("unplaced", "error") in codes(sheet.read())


def test_blank_cells__of_totals__are_none_to_fill_in() -> None:
    (found,) = [entry for entry in made("nests", typed={}).read().findings if entry.code == "cells_blank"]
    assert (found.values["cells"], found.values["lines"]) == (3, "L1–L2")


def test_blank_cells__of_a_column_that_is_gone__are_no_cells_left_blank() -> None:
    sheet = made()
    del sheet.row(1)["planted"]
    sheet.columns.remove("alive")
    noted = [entry.values for entry in sheet.read().findings if entry.code == "cells_blank"]
    assert [(values["cells"], values["lines"]) for values in noted] == [(1, "L1")]


def test_line__twice__is_the_row_that_has_its_number_too() -> None:
    sheet = made()
    copied: Row = {name: value for name, value in sheet.row(2).items() if name in ("sorts", "grounds")}
    sheet.rows.insert(sheet.sheet.row(1), {**copied, "planted": 99.0})
    assert values(sheet.read())[2, "planted"] == 22


def test_headings__without_the_results_of_their_formulas__are_those_that_were_sent() -> None:
    sheet = made("wells", typed={(1, "dug_2024"): 1.0})
    sheet.rows[LIST_HEADINGS] = {}
    grid = [[row.get(column, "") for column in sheet.columns] for row in sheet.rows]
    formulas = frozenset((LIST_HEADINGS, column) for column in range(len(sheet.columns)))
    for metadata, expected in ((SheetMetadata(formulas=formulas), []), (SheetMetadata(), ["table_relabelled"])):
        found = find_lines(Sheet(sheet.name, grid, metadata), layout(), form_texts(layout()))
        assert found is not None
        read = read_lists([found], Context(instrument().missing), without_answers(instrument(), {}, ""))
        assert [code for code, _ in codes(read)] == expected
        head = f"{column_letter(sheet.sheet.columns[sheet.sheet.block.dimensions[0].name])}{LIST_HEADINGS + 1}"
        assert [entry.cell for entry in read.findings if entry.code == "table_relabelled"] == [head] * len(expected)


def test_heading__changed_beyond_recognition__is_named_at_its_own_cell() -> None:
    sheet = made("wells", typed={(1, "dug_2024"): 1.0})
    sheet.rows[LIST_HEADINGS] = {"dug_2024": "last year"}
    sheet.rows.insert(0, {})
    (found,) = [
        entry for entry in sheet.read().findings if entry.code == "table_relabelled" and entry.severity == "error"
    ]
    assert (found.cell, found.value) == (
        f"{column_letter(sheet.columns.index('dug_2024'))}{LIST_HEADINGS + 2}",
        "last year",
    )
