"""Owns the shape of the regional dataset: one row per participant and indicator, published or not.

Column names survive CSV, R and Stata: letters, digits and underscores only. A field `allocated.currency` is the column
`allocated__currency`. What a question was answered stands in its column; why there is no value in `<column>__status`.
An option of a multiple choice is true or false where its question was answered, and missing otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import pandas as pd
import pyarrow as pa

from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.answer_types import Date, Mark, Number, ScalarType, SingleChoice, WholeNumber, Year
from questionnaire.declaration.form import Field, Instrument
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.tables import DeclarationError
from schemas.frame import status_of

ACCEPTED = "accepted"
RESPONSES = (
    ACCEPTED, "to_correct", "slice_waits", "unreadable_in_part", "unverified", "not_usable", "no_return",
)  # fmt: skip
"""What a participant's files are worth together; values stand only where it is accepted."""

LEVEL = "status"
"""The question on whose scale the level of an indicator is reported."""

_NO_VALUE = OBS_STATUS[AnswerStatus.BLANK]

_KEYS = (
    ("respondent", pa.string(), "code of the participant"),
    ("respondent_name", pa.string(), "its name in the working language of the round"),
    ("indicator", pa.string(), "code of the indicator"),
    ("section", pa.string(), "code of the section"),
    ("objective", pa.string(), "number of the objective within its section"),
    ("kind", pa.string(), "what sort of thing the indicator observes"),
    ("response", pa.string(), f"standing of the participant's return: {', '.join(RESPONSES)}"),
    ("submission", pa.string(), "SHA-256 of the file the row comes from"),
    ("obs_status", pa.string(), "SDMX CL_OBS_STATUS of the level: A, L, M, O or Q"),
    ("score", pa.int64(), "rank of the level on its scale"),
    ("met", pa.bool_(), "whether the level reaches the one from which the indicator counts as met"),
)


LONGEST_NAME = 32
"""How many characters a variable name may have in Stata."""


@dataclass(frozen=True)
class RegionalColumn:
    """One column of the regional dataset; `field` is the code of the field it holds, "" for a column of its own."""

    name: str
    type: pa.DataType
    meaning: str
    field: str = ""
    is_status: bool = False


def column_name(field: str) -> str:
    """The column of a field: `policy_areas.HEALTH` is `policy_areas__HEALTH`."""
    return field.replace(".", "__")


def status_column(field: str) -> str:
    """The column that says why a question has no value."""
    return f"{column_name(field)}__status"


def short_names(instrument: Instrument) -> dict[str, str]:
    """A name of at most `LONGEST_NAME` characters for every column, its own where that is short enough.

    Of a longer one both parts are cut, and a number tells apart those that have become equal.
    """
    names = [column.name for column in regional_columns(instrument)]
    taken = {name.lower() for name in names if len(name) <= LONGEST_NAME}
    shortened = {}
    for name in names:
        short = name
        if len(name) > LONGEST_NAME:
            short = next(cut for cut in _cuts(name) if cut.lower() not in taken)
            taken.add(short.lower())
        shortened[name] = short
    return shortened


def _cuts(name: str) -> Iterator[str]:
    stem, _, part = name.partition("__")
    tail = f"__{part[:10]}" if part else ""
    yield stem[: LONGEST_NAME - len(tail)] + tail
    for number in count(2):
        yield stem[: LONGEST_NAME - len(tail) - len(str(number))] + str(number) + tail


def regional_columns(instrument: Instrument) -> tuple[RegionalColumn, ...]:
    """The columns of the regional dataset, in order.

    Raises DeclarationError if two of them would have the same name, small and capital letters alike.
    """
    columns = (*(RegionalColumn(*key) for key in _KEYS), *_field_columns(instrument))
    seen: set[str] = set()
    for column in columns:
        if column.name.lower() in seen:
            what = f"the column {column.name} would stand twice in the regional dataset"
            raise DeclarationError("questions.csv", what, "Give the question another code")
        seen.add(column.name.lower())
    return columns


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
    participant which of `RESPONSES` it is. Raises ValueError for a published submission that has no place here.
    """
    instrument = round_.instrument
    table = _keys(round_, standings)
    keys = pd.MultiIndex.from_frame(wide[["respondent", "indicator"]].astype("str"))
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
        yield RegionalColumn(column_name(field.code), _arrow_type(field.type), label, field.code)
        if field.is_first:
            meaning = f"{field.code}: answered, or why there is no value; missing where it is not asked"
            yield RegionalColumn(status_column(field.code), pa.string(), meaning, field.code, True)


def _arrow_type(scalar: ScalarType) -> pa.DataType:
    match scalar:
        case WholeNumber() | Year():
            return pa.int64()
        case Number():
            return pa.float64()
        case Date():
            return pa.date32()
        case Mark():
            return pa.bool_()
        case _:
            return pa.string()


def _keys(round_: Round, standings: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        (
            respondent.code,
            in_language(respondent.name, round_.working_language) or respondent.code,
            indicator.code,
            indicator.section,
            indicator.objective_number,
            indicator.kind.code,
            standings[respondent.code],
        )
        for respondent in round_.participants
        for indicator in round_.instrument.indicators
    ]
    return pd.DataFrame(rows, columns=[name for name, _, _ in _KEYS[:7]], dtype="str")


def _level_columns(instrument: Instrument, placed: pd.DataFrame, table: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    scale = instrument.fields[LEVEL].type if LEVEL in instrument.fields else None
    ranks = {code.code: code.rank for code in scale.codelist} if isinstance(scale, SingleChoice) else {}
    level = placed[LEVEL] if ranks else pd.Series(dtype="str", index=placed.index)
    status = placed[status_of(LEVEL)] if ranks else placed["submission"].notna().map({True: "answered", False: "blank"})
    score = level.map(ranks).astype("Int64")
    needed = {indicator.code: indicator.met_from_status for indicator in instrument.indicators}
    obs = {str(answer): code for answer, code in OBS_STATUS.items()}
    return {
        "obs_status": status.astype("str").map(obs).fillna(_NO_VALUE).astype("str"),
        "score": score,
        "met": score >= table["indicator"].map(needed).astype("Int64"),
    }


def _field_values(field: Field, column: RegionalColumn, placed: pd.DataFrame) -> "pd.Series[Any]":
    if column.is_status:
        return placed[status_of(field.code)].astype("str")
    values = placed[field.code]
    match field.type:
        case WholeNumber() | Year():
            return values.astype("Int64")
        case Mark():
            answered = placed[status_of(field.question)] == AnswerStatus.ANSWERED
            return values.notna().astype("boolean").where(answered)
        case _:
            return values
