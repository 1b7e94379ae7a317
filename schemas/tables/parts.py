"""Declares the tables whose columns an instrument decides: one for each indicator type, one for each list."""

from collections.abc import Iterator

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import Coded, Derived, Mark, Selection, is_text
from questionnaire.declaration.blocks import PERSONS, Field, ListBlock
from questionnaire.declaration.column_names import LEVEL, column_name, status_column
from questionnaire.declaration.form import IndicatorType, Instrument
from questionnaire.declaration.lists.related_counts import lists_of_persons
from questionnaire.messages import LANGUAGES, filled, in_language, wording
from questionnaire.rounds.access import Access
from schemas.tables.dataset import TRACE
from schemas.tables.own_codes import OWN_CODELISTS
from schemas.tables.table import Column, ColumnType, Sensitivity, Table, worded

_OF_TYPES = "type_"


def type_name(indicator_type: str) -> str:
    """The name of the table of an indicator type."""
    return f"{_OF_TYPES}{indicator_type.lower()}"


def type_tables(instrument: Instrument) -> Iterator[Table]:
    """One table for each indicator type that some indicator is of, with the columns that its indicators ask."""
    types = {item.indicator_type.code: item.indicator_type for item in instrument.indicators}
    for type_ in types.values():
        yield _type_table(instrument, type_)


def _type_table(instrument: Instrument, type_: IndicatorType) -> Table:
    fields = {
        field.code: field
        for item in instrument.indicators
        if item.indicator_type.code == type_.code
        for field in item.fields
    }
    keys = ("round", "respondent", "respondent_name", "section", "indicator", "response")
    columns = (
        *map(worded, keys),
        *(column for field in fields.values() for column in _field_columns(instrument, field)),
        worded("submission", sensitivity=TRACE),
    )
    title = {
        language: filled(text, language, {"label": in_language(type_.label, language, instrument.official_language)})
        for language, text in wording("tables", "type").items()
    }
    return Table(type_name(type_.code), title, columns, ("respondent", "indicator"), part=type_.code)


def _field_columns(instrument: Instrument, field: Field) -> Iterator[Column]:
    name = column_name(instrument, field.code)
    scale = instrument.level_scale if name == LEVEL else None
    yield Column(
        name,
        "int32" if scale else field.type.traits.arrow,
        _named(field, instrument),
        _sensitivity(field),
        scale or _codelist(field),
        field.unit or _unit(field),
        field,
    )
    if field.is_first:
        yield _status_of(instrument, field)


def _status_of(instrument: Instrument, field: Field) -> Column:
    """The column that says whether a field has a value and, if not, why."""
    status = wording("columns", "status")
    label = {
        language: f"{in_language(field.label, language, instrument.official_language)} – {status[language]}"
        for language in LANGUAGES
    }
    name = status_column(instrument, field.code)
    return Column(name, "string", label, codelist=OWN_CODELISTS["status"], field=field, is_status=True)


def _named(field: Field, instrument: Instrument) -> dict[str, str]:
    """What the field asks, an option with its question before it."""
    official = instrument.official_language
    question = instrument.questions[field.question]
    labels = {language: in_language(field.label, language, official) for language in LANGUAGES}
    if not isinstance(field.type, Mark):
        return labels
    return {code: f"{in_language(question.label, code, official)} – {label}" for code, label in labels.items()}


def _sensitivity(field: Field) -> Sensitivity:
    if is_text(field.type):
        return Sensitivity.ANSWER_TEXT
    return Sensitivity.PERSONS if field.discloses == PERSONS else Sensitivity.NONE


def _codelist(field: Field) -> Codelist | None:
    """What its codes mean; of an option, that it is marked, needs no list."""
    scalar = field.type
    return scalar.codelist if isinstance(scalar, Coded | Selection) and not isinstance(scalar, Mark) else None


def _unit(field: Field) -> dict[str, str]:
    unit = field.type.traits.unit
    return dict.fromkeys(LANGUAGES, unit) if unit else {}


def list_table(instrument: Instrument, block: ListBlock) -> Table:
    """One row for each published line of a list; not for everybody where its lines are persons.

    A count of persons has its answer status beside it, since it may be suppressed; so has what is computed.
    """
    official = instrument.official_language
    labels = {
        field.code: {language: in_language(field.label, language, official) for language in LANGUAGES}
        for field in block.fields
    }
    own = (
        Column(
            field.code,
            _line_type(field),
            labels[field.code],
            _sensitivity(field),
            _codelist(field),
            field.unit or _unit(field),
            field,
        )
        for field in block.fields
    )
    told = (field for field in block.fields if field.discloses == PERSONS or isinstance(field.type, Derived))
    counts = (_status_of(instrument, field) for field in told)
    both = () if block.bilateral is None else (worded("confirmed_by_both", "bool"),)
    traces = (worded("file", sensitivity=TRACE), worded("sheet", sensitivity=TRACE))
    last = (worded("row", "int32"), *traces, worded("submission", sensitivity=TRACE))
    title = {
        language: filled(text, language, {"label": in_language(block.label, language, official)})
        for language, text in wording("tables", "list").items()
    }
    columns = (worded("respondent"), worded("number", "int32", key="list_number"), *own, *counts, *both, *last)
    access = Access.RESTRICTED if lists_persons(instrument, block) else Access.PUBLIC
    return Table(block.code, title, columns, ("respondent", "number"), access, part=block.code)


def lists_persons(instrument: Instrument, block: ListBlock) -> bool:
    """True if the number of lines is that of persons, as an answer of an indicator, a rule or a formula counts them."""
    counted = any(instrument.questions[count.question].discloses == PERSONS for count in block.counts)
    return counted or block.code in lists_of_persons(instrument)


def _line_type(field: Field) -> ColumnType:
    type_: ColumnType = field.type.traits.arrow
    return "int32" if type_ == "int64" else type_
