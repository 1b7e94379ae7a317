"""Writes the Frictionless data package of the CSV files: each table with its columns, types, codes and keys.

Source: Data Package and Table Schema, version 1 (specs.frictionlessdata.io).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from questionnaire.declaration.answer_types import Selection
from questionnaire.messages import LANGUAGES, in_language
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.tables.table import Column, ColumnType, Table

_TYPES: Mapping[ColumnType, str] = {
    "string": "string",
    "bool": "boolean",
    "int32": "integer",
    "int64": "integer",
    "double": "number",
    "date32": "date",
}
_REFERRED = ("respondents", "indicators")
"""The tables whose key other tables have as a column of the same name and meaning."""


def data_package(
    round_: Round, access: Access, tables: Iterable[Table], delimiter: str = ",", decimal: str = "."
) -> dict[str, Any]:
    """The descriptor of the tables of an edition, whose CSV files have this delimiter and sign for decimals."""
    tables = tuple(tables)
    referred = [table for table in tables if table.name in _REFERRED]
    return {
        "profile": "tabular-data-package",
        "name": f"{round_.name}-{access}",
        "title": in_language(round_.title, round_.working_language, round_.instrument.official_language),
        "version": round_.instrument.edition,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name,
                "path": f"{table.name}.csv",
                "title": in_language(table.title, round_.working_language),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": delimiter},
                "schema": _schema(table, round_.working_language, decimal, referred),
            }
            for table in tables
        ],
    }


def _schema(table: Table, language: str, decimal: str, referred: Iterable[Table]) -> dict[str, Any]:
    # Registers quote what files say, right or wrong.
    others = [other for other in referred if other.name != table.name and table.access is Access.PUBLIC]
    keys = [
        {"fields": [name], "reference": {"resource": other.name, "fields": [name]}}
        for other in others
        for name in other.key
        if name in table.names and table.column(name).label == other.column(name).label
    ]
    return {
        "fields": [_field(column, language, decimal) for column in table.columns],
        "missingValues": [""],
        **({"primaryKey": list(table.key)} if table.key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column, language: str, decimal: str) -> dict[str, Any]:
    codes = _codes(column)
    unit = in_language(column.unit, language)
    return {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": in_language(column.label, language),
        "titles": {code: in_language(column.label, code) for code in LANGUAGES},
        **({"decimalChar": decimal} if column.type == "double" else {}),
        **({"unit": unit} if unit else {}),
        **({"codelist": column.codelist.name} if column.codelist is not None else {}),
        **({"constraints": {"enum": codes}} if codes else {}),
    }


def _codes(column: Column) -> list[str | int]:
    """What a cell of the column may hold; of a column of several codes in a cell, or of any value, nothing."""
    chosen = column.field.type if column.field is not None and not column.is_status else None
    if column.codelist is None or isinstance(chosen, Selection):
        return []
    if column.type == "string":
        return list(column.codelist.value_codes)
    return [code.rank for code in column.codelist.ranked if code.rank is not None]
