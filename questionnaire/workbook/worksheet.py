"""Extends XlsxWriter's worksheet: it takes formulas as they are, and shares them as Excel does.

Excel writes a formula that cells of a column have in common once, and points to it from the others (ECMA-376 part 1,
18.3.1.40); XlsxWriter does not. A questionnaire is formulas for the most part: a blank one has 370 KB without this and
330 KB with it. It could have 290 KB if cells that are not below one another shared as well; but where a row or column
is inserted, LibreOffice moves the references of one stretch and leaves those of the others wrong (record 61).
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

_LITERAL = re.compile(r'("[^"]*")')
_ADDRESS = re.compile(r"(?<![\w$.])(\$?[A-Z]{1,3})([1-9]\d*)(?![\w(.])")
_DEPENDS = re.compile(r"\$?\b[A-Z]{1,3}\$?[1-9]\d*\b|\b(?!acopio_(?:texts|official|language)\b)[a-z]+_\w+")
"""What a formula depends on beyond the texts of the form: cells, and names of cells."""
_OTHER_SHEET = re.compile(r"[\w']!")


class Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter publishes no types
    """A worksheet that takes formulas as they are and shares them down a column, in stretches without a gap.

    To search them for functions newer than Excel 2010, of which ours use none, takes XlsxWriter half of its time.
    """

    _results_forgotten = False

    def forget_results(self) -> None:
        """Write what depends on other cells without a result: programs then calculate it when they open the file.

        LibreOffice trusts whatever result stands in a file of another program, right or not.
        """
        self._results_forgotten = True

    def xml(self) -> str:
        """The part of the package that the sheet is."""
        content = io.StringIO()
        self._set_filehandle(content)
        self._assemble_xml_file()
        return content.getvalue()

    def _prepare_formula(self, formula: Any, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return str(formula).removeprefix("=")

    def _write_sheet_data(self) -> None:
        self._shared = _shared_formulas(self.table)
        super()._write_sheet_data()

    def _xml_formula_element(self, formula: str, result: Any, attributes: Any = ()) -> None:
        (_, address), *_ = attributes
        if self._results_forgotten and _DEPENDS.search(_LITERAL.sub("", formula)):
            described = "".join(f' {name}="{value}"' for name, value in attributes if name != "t")
            self.fh.write(f"<c{described}>{self._shared.get(address) or f'<f>{escape(formula)}</f>'}</c>")
            return
        described = "".join(f' {name}="{value}"' for name, value in attributes)
        element = self._shared.get(address) or f"<f>{escape(formula)}</f>"
        self.fh.write(f"<c{described}>{element}<v>{escape(str(result))}</v></c>")


def sheet_apart(name: str, strings: Mapping[str, int]) -> Sheet:
    """A first sheet for a workbook that is written already, whose shared strings it may use: these, by their numbers.

    It has to be written in looks of that workbook.
    """
    sheet = Workbook(io.BytesIO()).add_worksheet(name, Sheet)
    sheet.str_table.string_table.update(strings)
    assert isinstance(sheet, Sheet)
    return sheet


def _shared_formulas(table: Mapping[int, Mapping[int, Any]]) -> dict[str, str]:
    """The elements of the formulas that neighbours in a column have in common, by address.

    Such a formula must not refer to other sheets ([MS-XLSB] 2.5.98.98); names it may use.
    """
    groups: dict[tuple[int, str], list[int]] = {}
    for row in sorted(table):
        for column, cell in table[row].items():
            formula = getattr(cell, "formula", "")
            if formula and not _OTHER_SHEET.search(_LITERAL.sub("", formula)):
                groups.setdefault((column, _seen_from(row, formula)), []).append(row)
    elements: dict[str, str] = {}
    runs = [(column, rows) for (column, _), found in groups.items() for rows in _runs(found) if len(rows) > 1]
    for number, (column, rows) in enumerate(runs):
        first, *others = (xl_rowcol_to_cell(row, column) for row in rows)
        formula = escape(table[rows[0]][column].formula)
        elements[first] = f'<f t="shared" ref="{first}:{others[-1]}" si="{number}">{formula}</f>'
        elements |= dict.fromkeys(others, f'<f t="shared" si="{number}"/>')
    return elements


def _runs(rows: Iterable[int]) -> Iterator[list[int]]:
    """Rows in order, by stretches without a gap."""
    for _, run in groupby(enumerate(rows), key=lambda item: item[1] - item[0]):
        yield [row for _, row in run]


def _seen_from(row: int, formula: str) -> str:
    """The formula with the rows that move along as distances from a row; the same for cells that may share it."""
    parts = _LITERAL.split(formula)
    parts[::2] = (_ADDRESS.sub(lambda found: f"{found[1]}[{int(found[2]) - row}]", part) for part in parts[::2])
    return "".join(parts)
