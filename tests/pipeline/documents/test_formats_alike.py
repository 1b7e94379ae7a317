"""The same table reads the same from every format."""

import csv
import html
import io
from collections.abc import Callable

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.opening import table_of_bytes
from questionnaire.indicator_table.grids.header import Choices
from questionnaire.indicator_table.records import IndicatorTable
from tests.questionnaire.indicator_table.grids import attributes, read

Rows = list[list[str]]
HEADS = ["Sección", "Objetivo", "Indicador", "Unidad de medida", "Observaciones"]


def xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def word(rows: Rows) -> bytes:
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def text(delimiter: str, encoding: str) -> Callable[[Rows], bytes]:
    def written(rows: Rows) -> bytes:
        file = io.StringIO()
        csv.writer(file, delimiter=delimiter).writerows(rows)
        return file.getvalue().encode(encoding)

    return written


def markdown(rows: Rows) -> bytes:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]).encode()


def page(rows: Rows) -> bytes:
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>".encode()


WRITERS = {
    "xlsx": xlsx,
    "docx": word,
    "csv": text(",", "utf-8"),
    "csv of Excel": text(";", "cp1252"),
    "tsv": text("\t", "utf-16"),
    "md": markdown,
    "html": page,
}
WORDS = st.lists(st.sampled_from(["niños", "ley", "(a)", "2030", "ONU,", "«sí»", "el", "10 %"]), min_size=1, max_size=5)
TEXTS = WORDS.map(lambda words: " ".join(["Número de", *words, "hoy"]))


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=15)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3, unique=True), min_size=1, max_size=4))
def test_any_table__in_any_format__reads_back_as_written(form: str, objectives: list[list[str]]) -> None:
    rows, expected = [HEADS], []
    for number, indicators in enumerate(objectives, 1):
        section = "Prevención" if number < 3 else "Atención"
        for position, indicator in enumerate(indicators, 1):
            first = position == 1
            rows.append(
                [section, f"{number}. Meta común" if first else "", f"{number}.{position} {indicator}", "n.º", ""]
            )
            expected.append((section, str(number), "Meta común", f"{number}.{position}", indicator))
    found = table_of_bytes(Choices(), (f"tabla.{form.split(maxsplit=1)[0]}", WRITERS[form](rows)))
    assert isinstance(found, IndicatorTable), found
    assert read(found) == expected
    assert attributes(found) == [[("unit", "n.º")]] * len(expected)
