"""Owns the codebook: one row per indicator and field, then one per column of each roster, saying all that the
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
    unit_of,
)
from questionnaire.declaration.form import Field, Indicator, Instrument, Question
from questionnaire.declaration.lists import Roster, RosterColumn
from questionnaire.layout import Layout
from questionnaire.messages import in_language, say
from schemas.description import describe, describe_limit
from schemas.lists_table import lines_schema
from schemas.regional import column_name, regional_columns, short_names

COLUMNS = (
    "table", "section", "objective", "indicator", "indicator_text", "kind", "met_from_status", "number", "question",
    "field", "column", "short_name", "label", "help", "type", "column_type", "codes", "if_none", "minimum", "maximum",
    "unit", "max_length", "relevant_when", "required_when", "rules",
)  # fmt: skip
"""The columns of the codebook; `table` names the output that has the column."""

REGIONAL = "regional"


def codebook_frame(instrument: Instrument, language: str) -> pd.DataFrame:
    """The codebook as a table of texts, in the order of the questionnaire, worded in a language."""
    return pd.DataFrame(list(codebook_rows(instrument, language)), columns=list(COLUMNS), dtype="str")


def codebook_rows(instrument: Instrument, language: str) -> Iterator[dict[str, str]]:
    """One row per indicator and field, then per column of a roster, keyed by `COLUMNS`; "" where there is nothing."""
    yield from _questions(instrument, language)
    for roster in instrument.rosters:
        for column in roster.columns:
            yield dict.fromkeys(COLUMNS, "") | _roster_column(roster, column, language, instrument)


def _questions(instrument: Instrument, language: str) -> Iterator[dict[str, str]]:
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
                    "table": REGIONAL,
                    **about,
                    **asked,
                    **_named(field, language, instrument),
                    **_answered(field.type, language, instrument),
                    "if_none": _labelled(instrument.missing, language, instrument) if field.takes_missing else "",
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
        "type": say("answer_kinds", question.type.declared, language),
        "relevant_when": describe(question.relevant_when, instrument, language),
    }


def _required(question: Question, instrument: Instrument, language: str) -> str:
    required = question.required_when
    return "" if required is None else describe(required, instrument, language)


def _roster_column(roster: Roster, column: RosterColumn, language: str, instrument: Instrument) -> dict[str, str]:
    official = instrument.official_language
    companion = "" if column.required_with is None else " = ".join(column.required_with)
    checks = {
        "roster_incomplete": column.required or companion,
        "roster_self": column.others_only,
        "roster_mirror": roster.mirror is not None and roster.mirror.partner == column.code,
    }
    return {
        "table": roster.code,
        "indicator": " ".join(roster.indicators),
        "question": in_language(roster.label, language, official),
        "field": f"{roster.code}.{column.code}",
        "column": column.code,
        "short_name": column.code,
        "label": in_language(column.label, language, official),
        "help": in_language(column.help, language, official),
        "type": say("answer_kinds", column.type.declared, language),
        "column_type": str(lines_schema(roster).field(column.code).type),
        **_answered(column.type, language, instrument),
        "required_when": say("description", "always", language) if column.required else companion,
        "rules": " ".join(code for code, applies in checks.items() if applies),
    }


def _named(field: Field, language: str, instrument: Instrument) -> dict[str, str]:
    return {"field": field.code, "label": in_language(field.label, language, instrument.official_language)}


def _answered(scalar: ScalarType, language: str, instrument: Instrument) -> dict[str, str]:
    limits = (scalar.minimum, scalar.maximum) if isinstance(scalar, Numeric) else (None, None)
    return {
        "codes": _codes(scalar, language, instrument),
        "minimum": describe_limit(limits[0], language),
        "maximum": describe_limit(limits[1], language),
        "unit": in_language(unit_of(scalar), language, instrument.official_language) or scalar.traits.unit,
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
