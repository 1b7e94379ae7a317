"""The page on typed answers: every line of its table of number formats is what the reader of returns does."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import shown
from pipeline.reading.workbooks.grids import CellValue
from tests.documentation.test_typed_answers import ASKED, CODES, LISTS, NOTHING, tables

(LINES,) = (table for table in tables() if "number format" in table[0])


def value(text: str) -> CellValue:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return float(text) if any(map(str.isdecimal, text)) else text


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['value']} as {line['number format']}")
def test_cell__with_a_format_on_the_page__is_read_as_what_it_shows(line: dict[str, str]) -> None:
    code = line["number format"].strip("`")
    seen = shown(value(line["value"].strip("`")), "" if code == "General" else code)
    assert cell_text(seen) == line["shown"].strip("`")
    parsed = parse(ASKED[line["asked"]], seen, "", Context(LISTS["missing"]))
    read_as = NOTHING if parsed.value is None else CODES.get(str(parsed.value), cell_text(parsed.value))
    assert read_as == line["read as"]
    said = [f"{fault.code}, {fault.severity}" for fault in parsed.faults]
    assert said == [line["finding"]] * (line["finding"] != NOTHING)
