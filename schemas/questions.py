"""Writes the table of questions: one row per indicator and field, then one per field of each list, with all that the
declaration knows of it.
"""

from collections.abc import Iterator

import pandas as pd

from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import (
    Coded,
    Mark,
    Numeric,
    ScalarType,
    Selection,
    Written,
    decimals_of,
)
from questionnaire.declaration.blocks import Field, ListBlock, Question
from questionnaire.declaration.column_names import column_name
from questionnaire.declaration.form import Indicator, Instrument
from questionnaire.layout import Layout
from questionnaire.messages import in_language, say
from schemas.description import describe, describe_limit, describe_quantity
from schemas.tables.declared import FORMULA, OF_LEVEL, QUESTION_COLUMNS, question_columns
from schemas.tables.own_codes import unit_measure
from schemas.tables.parts import list_table, type_tables

BILATERAL_CONSISTENCY = "bilateral_consistency"
"""The code of the finding that a partner does not name the respondent in turn."""


def questions_frame(instrument: Instrument, language: str) -> pd.DataFrame:
    """The questions as a table of texts, in the order of the questionnaire, worded in a language."""
    return pd.DataFrame(list(question_rows(instrument, language)), columns=question_columns(instrument), dtype="str")


def question_rows(instrument: Instrument, language: str) -> Iterator[dict[str, str]]:
    """One row per indicator and field, then per field of a list, keyed by column; "" where there is nothing."""
    yield from _questions(instrument, language)
    for block in instrument.lists:
        for question in block.questions:
            for field in question.fields:
                yield dict.fromkeys(QUESTION_COLUMNS, "") | _of_list(block, question, field, language, instrument)


def _questions(instrument: Instrument, language: str) -> Iterator[dict[str, str]]:
    layout = Layout(instrument)
    tables = {table.part: table for table in type_tables(instrument)}
    for indicator in instrument.indicators:
        about = _about(indicator, instrument, language)
        table = tables[indicator.indicator_type.code]
        for question in indicator.questions:
            asked = _asked(question, instrument, language)
            required = _required(question, instrument, language)
            for field in question.fields:
                yield {
                    "table": table.name,
                    **about,
                    **asked,
                    **_named(field, language, instrument),
                    **_answered(field, language, instrument),
                    "if_none": _labelled(instrument.missing, language, instrument) if field.takes_missing else "",
                    "number": layout.slot(indicator.code, field.code).number,
                    "required_when": required if field.is_first else "",
                    "column": column_name(instrument, field.code),
                    "short_name": table.short_names[column_name(instrument, field.code)],
                    "column_type": table.column(column_name(instrument, field.code)).type,
                    "rules": " ".join(
                        dict.fromkeys(rule.code for rule in instrument.rules_for(indicator.code, field.code))
                    ),
                }


def _about(indicator: Indicator, instrument: Instrument, language: str) -> dict[str, str]:
    met = indicator.met_from_level
    return {
        "section": indicator.section,
        "objective": indicator.objective_number,
        "indicator": indicator.code,
        "indicator_text": in_language(indicator.text, language, instrument.official_language),
        "indicator_type": indicator.indicator_type.code,
        OF_LEVEL: "" if met is None else str(met),
    }


def _asked(question: Question, instrument: Instrument, language: str) -> dict[str, str]:
    return {
        "question": in_language(question.label, language, instrument.official_language),
        "help": in_language(question.help, language, instrument.official_language),
        "type": say("answer_kinds", question.type.declared, language),
        "relevant_when": describe(question.relevant_when, instrument, language),
        FORMULA: _formula(question, instrument, language),
    }


def _formula(question: Question, instrument: Instrument, language: str) -> str:
    formula = question.formula
    return "" if formula is None else describe_quantity(formula.value, instrument, language)


def _required(question: Question, instrument: Instrument, language: str) -> str:
    required = question.required_when
    return "" if required is None else describe(required, instrument, language)


def _of_list(
    block: ListBlock, question: Question, field: Field, language: str, instrument: Instrument
) -> dict[str, str]:
    official = instrument.official_language
    table = list_table(instrument, block)
    rules = [rule.code for rule in instrument.rules_for(block.code, field.code)]
    if block.bilateral is not None and block.bilateral.partner == field.code:
        rules.append(BILATERAL_CONSISTENCY)
    return {
        "table": block.code,
        "indicator": " ".join(block.indicators),
        "question": in_language(block.label, language, official),
        "field": f"{block.code}.{field.code}",
        "column": field.code,
        "short_name": table.short_names[field.code],
        "label": in_language(field.label, language, official),
        "help": in_language(question.help, language, official),
        "type": say("answer_kinds", question.type.declared, language),
        "column_type": table.column(field.code).type,
        **_answered(field, language, instrument),
        "required_when": _required(question, instrument, language) if field.is_first else "",
        FORMULA: _formula(question, instrument, language),
        "rules": " ".join(dict.fromkeys(rules)),
    }


def _named(field: Field, language: str, instrument: Instrument) -> dict[str, str]:
    return {"field": field.code, "label": in_language(field.label, language, instrument.official_language)}


def _answered(field: Field, language: str, instrument: Instrument) -> dict[str, str]:
    scalar = field.type
    limits = (scalar.minimum, scalar.maximum) if isinstance(scalar, Numeric) else (None, None)
    return {
        "codes": _codes(scalar, language, instrument),
        "minimum": describe_limit(limits[0], language),
        "maximum": describe_limit(limits[1], language),
        "unit": in_language(field.unit, language, instrument.official_language) or scalar.traits.unit,
        "unit_measure": unit_measure(field) if scalar.traits.quantity else "",
        "unit_mult": str(field.measured_in.mult) if scalar.traits.quantity else "",
        "decimals": str(decimals_of(scalar)) if scalar.traits.quantity else "",
        "max_length": str(scalar.max_length) if isinstance(scalar, Written) else "",
    }


def _codes(scalar: ScalarType, language: str, instrument: Instrument) -> str:
    """The codes a cell may hold with their labels; none for an option, which is marked or not."""
    if isinstance(scalar, Mark) or not isinstance(scalar, Coded | Selection):
        return ""
    return _labelled(scalar.codelist, language, instrument)


def _labelled(codelist: Codelist, language: str, instrument: Instrument) -> str:
    labels = ((code.code, in_language(code.label, language, instrument.official_language)) for code in codelist)
    return "; ".join(f"{code} = {label}" for code, label in labels)
