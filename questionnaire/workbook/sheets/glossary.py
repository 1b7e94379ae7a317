"""Writes the Glossary: the terms, the lists of answers with their definitions, the levels of each indicator type."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from questionnaire.codelists import Codelist
from questionnaire.declaration.form import IndicatorType, Instrument
from questionnaire.messages import keys
from questionnaire.sheet_names import GLOSSARY
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.texts.texts import CATALOGUE, LiveText
from questionnaire.workbook.texts.wordings import levels as levels_of

TERM, DEFINITION = 1, 2
_WIDTHS = {0: 2, TERM: 34, DEFINITION: 88}

_TERM = replace(styles.CELL, bold=True)

_Line = tuple[LiveText, LiveText]


def write_glossary(book: Book, sheet: Any) -> None:
    """The whole sheet."""
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    book.put(sheet, 1, TERM, book.texts.say("glossary_title"), styles.TITLE)
    sheet.set_row(1, 34)
    for row, heads, lines in _tables(book):
        _table(book, sheet, row, heads, lines)
    sheet.protect("", PROTECTION)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(2, 0)
    book.fit_for_print(sheet, landscape=False, last_column=DEFINITION)


def levels_explained(book: Book, indicator_type: IndicatorType) -> str:
    """The address of the line that says what the levels mean for an indicator type."""
    *_, (row, _, _) = _tables(book)
    return book.address(GLOSSARY, row + 1 + _leveled(book.layout.instrument).index(indicator_type), DEFINITION)


def _tables(book: Book) -> Iterator[tuple[int, tuple[str, str], list[_Line]]]:
    """The tables from the top down, the levels last: the row of the heading, its two words, the lines below."""
    instrument = book.layout.instrument
    tables = [(("glossary_term", "glossary_definition"), list(_terms(book)))]
    lists = (list(_codes(book, codelist)) for codelist in _explained(instrument))
    tables += [(("glossary_codelist", "glossary_definition"), lines) for lines in lists]
    if instrument.level_scale is not None:
        lines = list(_indicator_types(book, instrument.level_scale))
        tables.append((("glossary_indicator_type", "glossary_levels"), lines))
    row = 3
    for heads, lines in tables:
        yield row, heads, lines
        row += len(lines) + 2


def _table(book: Book, sheet: Any, row: int, heads: tuple[str, str], lines: list[_Line]) -> None:
    """A heading and its lines."""
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
    for indicator_type in _leveled(book.layout.instrument):
        yield book.texts.add(indicator_type.label), book.texts.add(levels_of(indicator_type, scale))


def _leveled(instrument: Instrument) -> list[IndicatorType]:
    """The indicator types that have levels, in the order in which they occur."""
    types = {item.indicator_type.code: item.indicator_type for item in instrument.indicators}
    return [item for item in types.values() if item.anchors]
