"""Cells as XML: short, and yet the same to every reader."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook

from questionnaire.layout import Column
from questionnaire.rounds.round import Round
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.sheet_data import PlainWorksheet, addressed
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from tests.questionnaire.workbook.written import MAIN, Written


class Bench:
    """A workbook with one sheet, to be written to and read back."""

    def __init__(self) -> None:
        self._content = io.BytesIO()
        self._workbook = Workbook(self._content, {"in_memory": True})
        self.sheet = self._workbook.add_worksheet("A", PlainWorksheet)

    def read(self) -> tuple[Worksheet, str]:
        """The sheet as openpyxl reads it, and its XML."""
        self._workbook.close()
        book = load_workbook(self._content)
        sheet = book["A"]
        assert isinstance(sheet, Worksheet)
        with zipfile.ZipFile(self._content) as package:
            return sheet, package.read("xl/worksheets/sheet1.xml").decode()


def test_positions__gaps_in_rows_and_columns__are_told() -> None:
    bench = Bench()
    for row, column in ((0, 0), (0, 1), (0, 5), (0, 8), (4, 3), (5, 0)):
        bench.sheet.write_string(row, column, f"{row} {column}")
    sheet, xml = bench.read()
    assert {cell.coordinate for line in sheet for cell in line if cell.value} == {"A1", "B1", "F1", "I1", "D5", "A6"}
    assert (sheet["I1"].value, sheet["D5"].value) == ("0 8", "4 3")
    assert xml.count(' r="') == 3  # F1, the row 5 and D5
    assert xml.count("<c/>") == 2  # before I1: two empty cells are shorter than a position


def test_addressed__positions_left_out__are_back() -> None:
    bench = Bench()
    for row, column in ((0, 0), (0, 4), (4, 26), (4, 27), (5, 0)):
        bench.sheet.write_number(row, column, row)
    told = ElementTree.fromstring(addressed(bench.read()[1]))
    assert [cell.get("r") for cell in told.iter(f"{MAIN}c")] == ["A1", "E1", "AA5", "AB5", "A6"]
    assert [row.get("r") for row in told.iter(f"{MAIN}row")] == ["1", "5", "6"]


def test_strings__signs_and_spaces__stand_as_they_are() -> None:
    bench = Bench()
    texts = ["<&>\"'", " spaced ", "two\nlines", "=1+1", ""]
    for row, text in enumerate(texts):
        bench.sheet.write_string(row, 0, text)
    sheet, _ = bench.read()
    assert [sheet.cell(row, 1).value or "" for row in range(1, len(texts) + 1)] == texts


def test_formulas__the_same_seen_from_each_row__are_told_once() -> None:
    bench = Bench()
    for row in (1, 2, 7):
        bench.sheet.write_formula(row, 3, f'=A{row + 1}&"A{row}"&B$1&$C{row}', None, "")
    bench.sheet.write_formula(8, 3, '=A9&"other"', None, "")
    sheet, xml = bench.read()
    # The text in quotes is no address, so it keeps the three formulas apart.
    assert 't="shared"' not in xml
    assert sheet["D3"].value == '=A3&"A2"&B$1&$C2'


def test_formulas__shared__read_as_each_cell_had_its_own() -> None:
    bench = Bench()
    formulas = {row: f"=A{row + 1}+$B{row}*C$1+LOG10($D$4)+acopio_x1" for row in (1, 2, 7)}
    for row, formula in formulas.items():
        bench.sheet.write_formula(row, 4, formula, None, 0)
    sheet, xml = bench.read()
    assert {row: sheet.cell(row + 1, 5).value for row in formulas} == formulas
    assert xml.count('t="shared"') == 3
    assert xml.count("LOG10") == 1
    assert 'ref="E2:E8"' in xml


def test_formulas__of_another_sheet__are_never_shared() -> None:
    bench = Bench()
    for row in range(3):
        bench.sheet.write_formula(row, 0, f"='B c'!A{row + 1}", None, 0)
        bench.sheet.write_formula(row, 1, f"=_lists!A{row + 1}", None, 0)
        bench.sheet.write_formula(row, 2, f'=IF(A{row + 1}=1,"! "&"x")', None, "")
    _, xml = bench.read()
    assert xml.count('t="shared"') == 3


def test_fill_down__formula_for_the_first_row__moves_along() -> None:
    bench = Bench()
    bench.sheet.fill_down((4, 6), 1, 'A5&$A$1&"A5"', None, "")
    sheet, _ = bench.read()
    assert [sheet.cell(row, 2).value for row in (5, 6, 7)] == [f'=A{row}&$A$1&"A5"' for row in (5, 6, 7)]


def test_formula__without_a_first_value__has_none() -> None:
    bench = Bench()
    bench.sheet.write_formula(0, 0, "=1+1", None, None)
    assert "<c><f>1+1</f></c>" in bench.read()[1]


def test_cells__of_a_sort_nobody_uses__are_refused() -> None:
    bench = Bench()
    bench.sheet.write_boolean(0, 0, True)
    with pytest.raises(NotImplementedError, match="Boolean"):
        bench.read()


def test_questionnaire__shared_formulas__are_those_of_each_slot(written: Written) -> None:
    round_: Round = written.round
    lists = list_addresses(round_.instrument, round_.languages)
    formulas = Formulas(written.layout, written.tabs, round_.period.parameters, lists)
    for slot in written.layout.slots:
        assert written.cell(slot, Column.CODE) == f"={formulas.code(slot)}"
        numeric = formulas.numeric(slot)
        assert written.cell(slot, Column.NUMERIC) == (f"={numeric}" if numeric else None)
        check = formulas.check(slot, lambda _: '""', lambda _: '""')
        assert str(written.cell(slot, Column.CHECK)).count(slot.cell(Column.CODE)) == check.count(
            slot.cell(Column.CODE)
        )
