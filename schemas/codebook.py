"""Writes the codebook: one row per column of every published table, with what the column means in every language."""

from collections.abc import Iterable, Iterator

import pandas as pd

from questionnaire.codelists import Wording
from questionnaire.declaration.form import Instrument
from questionnaire.messages import LANGUAGES, in_language
from questionnaire.rules.rule import Rule
from schemas.tables.table import Column, Table


def codebook_frame(tables: Iterable[Table], instrument: Instrument, language: str) -> pd.DataFrame:
    """The codebook in the order of the tables; titles, codes and units are worded in a language, labels in each."""
    rows = []
    for table in tables:
        asked = blocks_of(table, instrument)
        rows += [_row(table, column, rules_of_column(column, asked, instrument), language) for column in table.columns]
    return pd.DataFrame(rows)


def blocks_of(table: Table, instrument: Instrument) -> tuple[str, ...]:
    """The codes of the indicators, or of the list, that a table is about; none of a table that every round has."""
    lists = tuple(block.code for block in instrument.lists if block.code == table.name)
    return lists or tuple(item.code for item in instrument.indicators if item.indicator_type.code == table.part)


def rules_of_column(column: Column, asked: Iterable[str], instrument: Instrument) -> dict[str, Rule]:
    """The rules, by code, whose findings name the field of a column."""
    if column.field is None or column.is_status:
        return {}
    return {rule.code: rule for block in asked for rule in instrument.rules_for(block, column.field.code)}


def _row(table: Table, column: Column, rules: dict[str, Rule], language: str) -> dict[str, object]:
    reasons = {code: "; ".join(f"{rule} = {text}" for rule, text in _reasons(rules, code)) for code in LANGUAGES}
    return {
        "table": table.name,
        "table_title": in_language(table.title, language),
        "column": column.name,
        "short_name": table.short_names[column.name],
        "type": column.type,
        "is_key": column.name in table.key,
        "codelist": "" if column.codelist is None else column.codelist.name,
        "codes": "; ".join(f"{value} = {in_language(label, language)}" for value, label in meanings(column)),
        "unit": in_language(column.unit, language),
        "rules": " ".join(rules),
        "access": str(table.access_of(column)),
        "sensitivity": str(column.sensitivity),
        **{f"label_{code}": in_language(column.label, code) for code in LANGUAGES},
        **{f"rule_reasons_{code}": text for code, text in reasons.items()},
    }


def _reasons(rules: dict[str, Rule], language: str) -> Iterator[tuple[str, str]]:
    return ((code, in_language(rule.reason, language)) for code, rule in rules.items())


def meanings(column: Column) -> Iterator[tuple[str, Wording]]:
    """The values that a code list explains: its codes, or in a column of numbers the ranks of its codes."""
    for code in column.codelist or ():
        value = code.code if column.type == "string" else code.rank
        if value is not None and code.missing is None:
            yield str(value), code.label
