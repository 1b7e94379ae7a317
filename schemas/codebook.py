"""Owns the codebook: one row per indicator and field, saying all that the declaration knows of that column."""

import re
from collections.abc import Iterator

import pandas as pd

from questionnaire.answers import CODED, NUMERIC, AnswerType, Mark, ScalarType, Selection, Text, WebReference
from questionnaire.codelists import Codelist
from questionnaire.form import Field, Indicator, Instrument, Question
from questionnaire.layout import Layout
from questionnaire.messages import in_language, say
from schemas.description import describe, describe_limit
from schemas.regional import column_name, regional_columns, short_names

COLUMNS = (
    "section", "objective", "indicator", "indicator_text", "kind", "met_from_status", "number", "question", "field",
    "column", "short_name", "label", "help", "type", "column_type", "codes", "if_none", "minimum", "maximum",
    "max_length", "relevant_when", "required_when", "rules",
)  # fmt: skip
"""The columns of the codebook."""


def codebook_frame(instrument: Instrument, language: str) -> pd.DataFrame:
    """The codebook as a table of texts, in the order of the questionnaire, worded in a language."""
    return pd.DataFrame(list(codebook_rows(instrument, language)), columns=list(COLUMNS), dtype="str")


def codebook_rows(instrument: Instrument, language: str) -> Iterator[dict[str, str]]:
    """One row per indicator and field, keyed by `COLUMNS`; "" where a column says nothing."""
    layout = Layout(instrument)
    short = short_names(instrument)
    types = {column.field: str(column.type) for column in regional_columns(instrument) if not column.is_status}
    for indicator in instrument.indicators:
        about = _about(indicator, instrument, language)
        for question in indicator.questions:
            asked = _asked(question, instrument, language)
            required = _required(question, instrument, language)
            for field in question.fields:
                yield {
                    **about,
                    **asked,
                    **_answered(field, language, instrument),
                    "number": layout.slot(indicator.code, field.code).number,
                    "required_when": required if field.is_first else "",
                    "column": column_name(field.code),
                    "short_name": short[column_name(field.code)],
                    "column_type": types[field.code],
                    "rules": " ".join(
                        dict.fromkeys(rule.code for rule in instrument.rules_for(indicator.code, field.code))
                    ),
                }


def _about(indicator: Indicator, instrument: Instrument, language: str) -> dict[str, str]:
    met = indicator.met_from_status
    return {
        "section": indicator.section,
        "objective": indicator.objective_number,
        "indicator": indicator.code,
        "indicator_text": in_language(indicator.text, language, instrument.official_language),
        "kind": indicator.kind.code,
        "met_from_status": "" if met is None else str(met),
    }


def _asked(question: Question, instrument: Instrument, language: str) -> dict[str, str]:
    return {
        "question": in_language(question.label, language, instrument.official_language),
        "help": in_language(question.help, language, instrument.official_language),
        "type": say("answer_kinds", _kind(question.type), language),
        "relevant_when": describe(question.relevant_when, instrument, language),
    }


def _required(question: Question, instrument: Instrument, language: str) -> str:
    required = question.required_when
    return "" if required is None else describe(required, instrument, language)


def _answered(field: Field, language: str, instrument: Instrument) -> dict[str, str]:
    scalar = field.type
    limits = (scalar.minimum, scalar.maximum) if isinstance(scalar, NUMERIC) else (None, None)
    return {
        "field": field.code,
        "label": in_language(field.label, language, instrument.official_language),
        "codes": _codes(scalar, language, instrument),
        "if_none": _labelled(instrument.missing, language, instrument) if field.takes_missing else "",
        "minimum": describe_limit(limits[0], language),
        "maximum": describe_limit(limits[1], language),
        "max_length": str(scalar.max_length) if isinstance(scalar, Text | WebReference) else "",
    }


def _codes(scalar: ScalarType, language: str, instrument: Instrument) -> str:
    """The codes a cell may hold with their labels; none for an option, which is marked or not."""
    if isinstance(scalar, Mark) or not isinstance(scalar, (*CODED, Selection)):
        return ""
    return _labelled(scalar.codelist, language, instrument)


def _labelled(codelist: Codelist, language: str, instrument: Instrument) -> str:
    labels = ((code.code, in_language(code.label, language, instrument.official_language)) for code in codelist)
    return "; ".join(f"{code} = {label}" for code, label in labels)


def _kind(answer_type: AnswerType) -> str:
    """The name of an answer type in questions.csv."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(answer_type).__name__).lower()
