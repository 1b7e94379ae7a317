"""Declares the long form of an instrument's tables: one row per cell, with its dimensions, measure and value."""

from collections.abc import Iterator

from questionnaire.codelists import Code, Codelist, Wording
from questionnaire.declaration.answer_types import SingleChoice
from questionnaire.declaration.blocks import PERSONS, Field
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock, Totals
from questionnaire.messages import LANGUAGES, filled, in_language, wording
from schemas.tables.dataset import TRACE
from schemas.tables.table import Column, Sensitivity, Table, worded

_LONG = "long_"


def long_name(block: TableBlock) -> str:
    """The name of the long form of a table."""
    return f"{_LONG}{block.code}"


def long_table(instrument: Instrument, block: TableBlock) -> Table:
    """One row for each cell of a table that was published, with a number or why there is none."""
    official = instrument.official_language
    persons = any(block.field(column).discloses == PERSONS for column in block.measured)
    sensitivity = Sensitivity.PERSONS if persons else Sensitivity.NONE
    dimensions = [
        Column(
            name,
            "string",
            {language: in_language(label, language, official) for language in LANGUAGES},
            codelist=codelist,
        )
        for name, label, codelist in _dimensions(block)
    ]
    columns = (
        worded("respondent"),
        worded("indicator"),
        *dimensions,
        worded("measure", key="table_measure"),
        worded("value", "double", sensitivity, key="table_value"),
        worded("unit", key="table_unit"),
        *(_converted(sensitivity) if converted_to(block) is not None else ()),
        worded("answer_status", key="status"),
        *((worded("incomplete", "bool", key="table_incomplete"),) if block.totals_are is Totals.FROM_KNOWN else ()),
        worded("line", "int32"),
        *(worded(name, sensitivity=TRACE) for name in ("file", "sheet", "cell")),
    )
    title = {
        language: filled(text, language, {"label": in_language(block.label, language, official)})
        for language, text in wording("tables", "long").items()
    }
    key = ("respondent", *(column.name for column in dimensions), "measure")
    return Table(long_name(block), title, columns, key, part=block.code)


def _converted(sensitivity: Sensitivity) -> tuple[Column, ...]:
    """The columns of a table whose units are converted."""
    return (
        worded("converted_value", "double", sensitivity, key="table_converted_value"),
        worded("converted_unit", key="table_converted_unit"),
    )


def units(block: TableBlock) -> Codelist | None:
    """The list from which the unit of a table is chosen; None where its unit is given."""
    asked = block.unit_question
    return asked.type.codelist if asked is not None and isinstance(asked.type, SingleChoice) else None


def converted_to(block: TableBlock) -> Code | None:
    """The unit that the numbers of a table are converted to, None where nothing converts them."""
    chosen = units(block)
    return None if chosen is None else chosen.converted_to


def unit_in(field: Field, language: str) -> str:
    """What the numbers of a column count, in a language; "" where only its label says so."""
    return in_language(field.unit, language) if field.unit else field.type.traits.unit


def _dimensions(block: TableBlock) -> Iterator[tuple[str, Wording, Codelist]]:
    """The name, label and codes of each dimension, that of the columns last."""
    for dimension in block.dimensions:
        yield dimension.name, block.field(dimension.name).label, dimension.codelist
    if block.across is not None:
        name = block.across.name
        yield name, dict.fromkeys(LANGUAGES, name), block.across.codelist
