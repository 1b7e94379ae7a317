"""Formulas shared down a column read as if each cell had its own; those that may not be shared are not."""

from __future__ import annotations

import io
import re
import zipfile

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook

from questionnaire.layout import Column
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.worksheet import Sheet
from tests.questionnaire.workbook.written import Written


class Bench:
    """A workbook with one sheet, to be written to and read back."""

    def __init__(self) -> None:
        self._content = io.BytesIO()
        self._workbook = Workbook(self._content, {"in_memory": True})
        self.sheet = self._workbook.add_worksheet("A", Sheet)

    def read(self) -> tuple[Worksheet, str]:
        """The sheet as openpyxl reads it, and its XML."""
        self._workbook.close()
        sheet = load_workbook(self._content)["A"]
        assert isinstance(sheet, Worksheet)
        with zipfile.ZipFile(self._content) as package:
            return sheet, package.read("xl/worksheets/sheet1.xml").decode()


def test_formulas__the_same_seen_from_each_row__read_as_each_cell_had_its_own() -> None:
    bench = Bench()
    formulas = {row: f"=A{row + 1}+$B{row}*C$1+LOG10($D$4)+acopio_x1" for row in (1, 2, 3)}
    for row, formula in formulas.items():
        bench.sheet.write_formula(row, 4, formula, None, row)
    sheet, xml = bench.read()
    assert {row: sheet.cell(row + 1, 5).value for row in formulas} == formulas
    assert xml.count("LOG10") == 1
    assert '<c r="E2"><f t="shared" ref="E2:E4" si="0">' in xml
    assert '<c r="E4"><f t="shared" si="0"/><v>3</v></c>' in xml


def test_formulas__across_a_gap__are_shared_on_either_side_alone() -> None:
    bench = Bench()
    for row in (1, 2, 4, 5, 8):
        bench.sheet.write_formula(row, 4, f"=A{row + 2}+1", None, 0)
    _, xml = bench.read()
    assert re.findall(r't="shared" ref="(\w+:\w+)"', xml) == ["E2:E3", "E5:E6"]
    assert '<c r="E9"><f>A10+1</f>' in xml


def test_formulas__that_differ_in_a_text__are_not_shared() -> None:
    bench = Bench()
    for row in (1, 2, 7):
        bench.sheet.write_formula(row, 3, f'=A{row}&"A{row}"&B$1&$C{row}', None, "<")
    bench.sheet.write_formula(8, 3, '=A9&"other"', None, "")
    sheet, xml = bench.read()
    assert "shared" not in xml
    assert sheet["D3"].value == '=A2&"A2"&B$1&$C2'
    assert '<c r="D3" t="str"><f>A2&amp;"A2"&amp;B$1&amp;$C2</f><v>&lt;</v></c>' in xml


def test_formulas__of_another_sheet__are_never_shared() -> None:
    bench = Bench()
    for row in range(3):
        bench.sheet.write_formula(row, 0, f"='B c'!A{row + 1}", None, 0)
        bench.sheet.write_formula(row, 1, f"=_lists!A{row + 1}", None, 0)
        bench.sheet.write_formula(row, 2, f'=IF(A{row + 1}=1,"! "&"x")', None, "")
    _, xml = bench.read()
    assert xml.count('t="shared"') == 3


def test_questionnaire__shared_formulas__are_those_of_each_slot(written: Written) -> None:
    round_ = written.round
    lists = list_addresses(round_.instrument, round_.languages)
    formulas = Formulas(written.layout, written.tabs, round_.period.parameters, lists)
    for slot in written.layout.slots:
        assert written.cell(slot, Column.CODE) == f"={formulas.code(slot)}"
        numeric = formulas.numeric(slot)
        assert written.cell(slot, Column.NUMERIC) == (f"={numeric}" if numeric else None)
        check = formulas.check(slot, lambda _: '""', lambda _: '""')
        # Which of two sentences is said may depend on the cell too: no matter here.
        said = re.sub(
            r'IF\(\w+="",INDEX\(acopio_texts,\d+\),INDEX\(acopio_texts,\d+\)\)',
            "",
            str(written.cell(slot, Column.CHECK)),
        )
        assert said.count(slot.cell(Column.CODE)) == check.count(slot.cell(Column.CODE))
