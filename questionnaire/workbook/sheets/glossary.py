"""Writes the Glossary: the terms, the lists of answers with their definitions, the levels of each indicator type."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from questionnaire.codelists import Codelist
from questionnaire.declaration.form import IndicatorType, Instrument
from questionnaire.messages import keys
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.texts.texts import CATALOGUE, LiveText
from questionnaire.workbook.texts.wordings import levels as levels_of

TERM, DEFINITION = 1, 2
_WIDTHS = {0: 2, TERM: 34, DEFINITION: 88}

_TERM = replace(styles.CELL, bold=True)


def write_glossary(book: Book, sheet: Any) -> None:
    """The whole sheet."""
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    book.put(sheet, 1, TERM, book.texts.say("glossary_title"), styles.TITLE)
    sheet.set_row(1, 34)
    row = _table(book, sheet, 3, ("glossary_term", "glossary_definition"), _terms(book))
    for codelist in _explained(book.layout.instrument):
        row = _table(book, sheet, row + 1, ("glossary_codelist", "glossary_definition"), _codes(book, codelist))
    scale = book.layout.instrument.level_scale
    if scale is not None:
        heads = ("glossary_indicator_type", "glossary_levels")
        row = _table(book, sheet, row + 1, heads, _indicator_types(book, scale))
    sheet.protect("", PROTECTION)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(2, 0)
    book.fit_for_print(sheet, landscape=False, last_column=DEFINITION)


def _table(book: Book, sheet: Any, row: int, heads: tuple[str, str], lines: Iterator[tuple[LiveText, LiveText]]) -> int:
    """A heading and its lines; returns the row below."""
    for column, head in zip((TERM, DEFINITION), heads, strict=True):
        book.put(sheet, row, column, book.texts.say(head), styles.HEADING)
    sheet.set_row(row, 26)
    for term, definition in lines:
        row += 1
        book.put(sheet, row, TERM, term, _TERM)
        book.put(sheet, row, DEFINITION, definition, styles.CELL)
        boxes = [
            Box(term.every, _WIDTHS[TERM], 10, bold=True, indent=1),
            Box(definition.every, _WIDTHS[DEFINITION], 10, indent=1),
        ]
        sheet.set_row(row, row_height(boxes, 22))
    return row + 1


def _terms(book: Book) -> Iterator[tuple[LiveText, LiveText]]:
    instrument, texts = book.layout.instrument, book.texts
    for key in keys(CATALOGUE):
        name = key.removeprefix("glossary_").removesuffix("_term")
        if key == f"glossary_{name}_term":
            yield texts.say(key), texts.say(f"glossary_{name}_definition")
    if instrument.level_scale is not None:
        levels = instrument.level_scale.ranked
        ends = {"lowest": levels[0].code, "highest": levels[-1].code}
        yield texts.say("glossary_level"), texts.say("glossary_level_definition", **ends)
    for code in instrument.missing:
        yield texts.add(code.label), texts.say(f"glossary_{code.missing}_definition")


def _explained(instrument: Instrument) -> Iterator[Codelist]:
    """The lists that say what their codes mean; one whose codes another list explains too is left out."""
    lists = [item for item in instrument.codelists.values() if any(code.definition for code in item.codes)]
    for item in lists:
        codes = {code.code for code in item.codes}
        if not any(codes < {code.code for code in other.codes} for other in lists):
            yield item


def _codes(book: Book, codelist: Codelist) -> Iterator[tuple[LiveText, LiveText]]:
    for code in codelist.codes:
        yield book.texts.add(code.label), book.texts.add(code.definition or code.label)


def _indicator_types(book: Book, scale: Codelist) -> Iterator[tuple[LiveText, LiveText]]:
    types: dict[str, IndicatorType] = {
        item.indicator_type.code: item.indicator_type for item in book.layout.instrument.indicators
    }
    for indicator_type in types.values():
        if indicator_type.anchors:
            yield book.texts.add(indicator_type.label), book.texts.add(levels_of(indicator_type, scale))
