"""Declares the wide frame that the gate judges: one row per participant and indicator, published or not.

What a question was answered stands in its column; why there is no value in `<column>__answer_status`. The question
that gives the level stands in `level`, and what follows from it in `obs_status`, `score` and `met`; an instrument
without levels has none of these columns. An option of a multiple choice is true or false where its question was
answered, and missing otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.answer_types import Mark
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.column_names import KEYS, OF_LEVEL, column_name, status_column
from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import STANDINGS
from schemas.frame import status_of

_NO_VALUE, _CANNOT_EXIST = OBS_STATUS[AnswerStatus.BLANK], OBS_STATUS[AnswerStatus.SKIPPED]

_MEANINGS = {
    "respondent": "code of the participant",
    "respondent_name": "its name in the working language of the round",
    "indicator": "code of the indicator",
    "section": "code of the section",
    "objective": "number of the objective within its section",
    "indicator_type": "what the indicator observes",
    "response": f"standing of the participant's return: {', '.join(STANDINGS)}",
    "submission": "SHA-256 of the file the row comes from",
}
_LEVEL_MEANINGS = {
    "obs_status": "SDMX CL_OBS_STATUS of the level: A, L, M, O or Q",
    "score": "rank of the level on its scale",
    "met": "whether the level reaches the one from which the indicator counts as met",
}
_LEVEL_TYPES = {"obs_status": pa.string(), "score": pa.int64(), "met": pa.bool_()}


@dataclass(frozen=True)
class RegionalColumn:
    """One column of the regional dataset; `field` is the code of the field it holds, "" for a column of its own."""

    name: str
    type: pa.DataType
    meaning: str
    field: str = ""
    is_status: bool = False


def regional_columns(instrument: Instrument) -> tuple[RegionalColumn, ...]:
    """The columns of the regional dataset, in order."""
    keys = (RegionalColumn(name, pa.string(), _MEANINGS[name]) for name in KEYS)
    of_level = OF_LEVEL if instrument.level_scale is not None else ()
    levels = (RegionalColumn(name, _LEVEL_TYPES[name], _LEVEL_MEANINGS[name]) for name in of_level)
    return (*keys, *levels, *_field_columns(instrument))


def regional_schema(instrument: Instrument) -> pa.Schema:
    """The columns with their types and meanings, as a Parquet file states them."""
    return pa.schema(
        [
            pa.field(column.name, column.type, metadata={"meaning": column.meaning})
            for column in regional_columns(instrument)
        ]
    )


def regional_frame(round_: Round, wide: pd.DataFrame, standings: Mapping[str, str]) -> pd.DataFrame:
    """One row per participant and indicator, in the order of the frame and the instrument.

    `wide` is the wide frame of the published submissions, one per respondent at most; `standings` says of each
    participant which of `STANDINGS` it is. Raises ValueError for a published submission that has no place here.
    """
    instrument = round_.instrument
    table = _keys(round_, standings)
    keys = pd.MultiIndex.from_frame(wide[["respondent", "block"]].astype("str"))
    if keys.has_duplicates:
        raise ValueError(f"two published submissions of {keys[keys.duplicated()][0][0]}")
    places = keys.get_indexer(pd.MultiIndex.from_frame(table[["respondent", "indicator"]].astype("str")))
    if (places >= 0).sum() < len(wide):
        strangers = sorted(set(keys.get_level_values(0)) - set(table["respondent"]))
        raise ValueError(f"published, but not taking part: {', '.join(strangers)}")
    placed = pd.DataFrame({name: wide[name].array.take(places, allow_fill=True) for name in wide.columns})
    columns: dict[str, pd.Series[Any]] = {
        "submission": placed["submission"].astype("str"),
        **_level_columns(instrument, placed, table),
    }
    for column in _field_columns(instrument):
        columns[column.name] = _field_values(instrument.fields[column.field], column, placed)
    table = pd.concat([table, pd.DataFrame(columns)], axis="columns")
    return table[[column.name for column in regional_columns(instrument)]]


def _field_columns(instrument: Instrument) -> Iterator[RegionalColumn]:
    for field in instrument.fields.values():
        label = in_language(field.label, instrument.official_language)
        arrow = pa.type_for_alias(field.type.traits.arrow)
        yield RegionalColumn(column_name(instrument, field.code), arrow, label, field.code)
        if field.is_first:
            meaning = f"{field.code}: answered, or why there is no value; missing where it is not asked"
            yield RegionalColumn(status_column(instrument, field.code), pa.string(), meaning, field.code, True)


def _keys(round_: Round, standings: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        (
            respondent.code,
            in_language(respondent.name, round_.working_language) or respondent.code,
            indicator.code,
            indicator.section,
            indicator.objective_number,
            indicator.indicator_type.code,
            standings[respondent.code],
        )
        for respondent in round_.participants
        for indicator in round_.instrument.indicators
    ]
    return pd.DataFrame(rows, columns=[name for name in KEYS if name != "submission"], dtype="str")


def _level_columns(instrument: Instrument, placed: pd.DataFrame, table: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    """What follows from the level of each row; nothing in an instrument without levels."""
    scale = instrument.level_scale
    if scale is None:
        return {}
    asked = {item.code: instrument.level in item.field_codes for item in instrument.indicators}
    needed = {item.code: item.met_from_level for item in instrument.indicators}
    obs = {str(answer): code for answer, code in OBS_STATUS.items()}
    status = placed[status_of(instrument.level)].astype("str").map(obs).fillna(_NO_VALUE).astype("str")
    score = placed[instrument.level].map({code.code: code.rank for code in scale}).astype("Int64")
    return {
        "obs_status": status.where(table["indicator"].map(asked).astype("bool"), _CANNOT_EXIST),
        "score": score,
        "met": score >= table["indicator"].map(needed).astype("Int64"),
    }


def _field_values(field: Field, column: RegionalColumn, placed: pd.DataFrame) -> "pd.Series[Any]":
    if column.is_status:
        return placed[status_of(field.code)].astype("str")
    values, dtype = placed[field.code], field.type.traits.pandas
    if isinstance(field.type, Mark):
        answered = placed[status_of(field.question)] == AnswerStatus.ANSWERED
        return values.notna().astype(dtype).where(answered)
    return values.astype(dtype)
