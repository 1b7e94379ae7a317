"""Declares the tables that describe the others: indicators, codes, questions, reference values, the codebook itself."""

from collections.abc import Iterator

from questionnaire.declaration.form import Instrument
from questionnaire.messages import LANGUAGES, filled_in_all, wording
from schemas.tables.table import Column, ColumnType, Table, title, worded

QUESTION_COLUMNS = (
    "table", "section", "objective", "indicator", "indicator_text", "indicator_type", "met_from_level", "number",
    "question", "field", "column", "short_name", "label", "help", "type", "column_type", "codes", "if_none", "minimum",
    "maximum", "unit", "unit_measure", "unit_mult", "decimals", "max_length", "relevant_when", "required_when",
    "formula", "rules",
)  # fmt: skip
"""The columns of the table of questions; `table` names the published table that has the column."""

REFERENCES = "reference_values"
"""The table of the figures that the round brings from other sources; only an instrument that declares some has it."""

OF_LEVEL, FORMULA = "met_from_level", "formula"


def declared_tables(instrument: Instrument) -> Iterator[Table]:
    """What the declaration says, as tables; everybody may see all of it."""
    for name, key, columns in (
        ("indicators", ("indicator",), _indicators(instrument)),
        ("codes", ("codelist", "code"), _codes(instrument)),
        ("questions", ("table", "indicator", "field"), _questions(instrument)),
        ("codebook", ("table", "column"), _CODEBOOK),
    ):
        yield Table(name, title(name), columns, key)
    if instrument.references:
        yield Table(REFERENCES, title(REFERENCES), _references(instrument), ("respondent", "item"))


def in_each(name: str, key: str, languages: tuple[str, ...]) -> Iterator[Column]:
    """A column of text for each language, `text_fr` and the like; `key` is that of its meaning."""
    for language in languages:
        yield Column(f"{name}_{language}", "string", filled_in_all(wording("columns", key), language=language))


def _indicators(instrument: Instrument) -> tuple[Column, ...]:
    of_level: tuple[tuple[str, ColumnType], ...] = (("met_from_level", "int32"), ("met_reason", "string"))
    return (
        worded("indicator"),
        worded("section"),
        worded("section_label"),
        worded("objective"),
        worded("indicator_type"),
        worded("type_label"),
        *(worded(name, type_) for name, type_ in of_level if instrument.level_scale is not None),
        *in_each("text", "text_in", instrument.languages),
    )


def _codes(instrument: Instrument) -> tuple[Column, ...]:
    return (
        worded("codelist"),
        worded("code", key="list_code"),
        worded("rank", "int32"),
        worded("missing"),
        *in_each("label", "code_label", instrument.languages),
        *in_each("definition", "code_definition", instrument.languages),
    )


def _references(instrument: Instrument) -> tuple[Column, ...]:
    return (
        worded("respondent"),
        worded("item", key="reference_item"),
        *in_each("label", "reference_label", instrument.languages),
        worded("value", "double", key="reference_value"),
        worded("unit"),
        worded("source", key="reference_source"),
        worded("period", key="reference_period"),
    )


def question_columns(instrument: Instrument) -> list[str]:
    """The columns of an instrument's questions: without levels or what is computed, they are not mentioned."""
    there = {
        OF_LEVEL: instrument.level_scale is not None,
        FORMULA: bool(instrument.computed or instrument.computed_columns),
    }
    return [name for name in QUESTION_COLUMNS if there.get(name, True)]


def _questions(instrument: Instrument) -> tuple[Column, ...]:
    named = {
        "indicator": "question_indicator",
        "column": "data_column",
        "number": "question_number",
        "type": "answer_type",
        "if_none": "reasons",
    }
    limits = ("minimum", "maximum")
    return tuple(
        worded(name, key=named.get(name, ""), has_numbers=name in limits) for name in question_columns(instrument)
    )


_CODEBOOK: tuple[Column, ...] = (
    worded("table"),
    worded("table_title"),
    worded("column"),
    worded("short_name"),
    worded("type", key="column_type"),
    worded("is_key", "bool"),
    worded("codelist"),
    worded("codes"),
    worded("unit"),
    worded("rules"),
    worded("access"),
    worded("sensitivity"),
    *in_each("label", "meaning_in", LANGUAGES),
    *in_each("rule_reasons", "rule_reasons_in", LANGUAGES),
)
