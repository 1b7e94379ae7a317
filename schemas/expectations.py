"""Declares what is expected of the regional dataset as a whole, as plain data; the gate hands it to Great Expectations.

Rules within a return belong to `schemas.pandera_schema`: here are keys, coverage, domains and reconciliation.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any, assert_never

from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.answer_types import (
    Computed,
    Date,
    Mark,
    Numeric,
    Selection,
    SingleChoice,
    Written,
    YesNo,
)
from questionnaire.declaration.bounds import bounds
from questionnaire.declaration.column_names import column_name, status_column
from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import PUBLISHED, STANDINGS, Outcome
from questionnaire.rules.rule import Severity
from schemas.regional import regional_columns

UNACCOUNTED = "unaccounted"
"""The column that the gate adds to the reconciliation: answers read less those with an outcome."""

ROWS, SHIFTED = "rows", "shifted"
"""The columns of what the gate counts of each indicator: its rows, and the share of its levels that moved."""

MOST_SHIFTED = 0.3
"""More than this share of an indicator's levels that would have to move, to have the earlier distribution, is asked."""

FEWEST_COMPARED = 5
"""Of fewer respondents with a level in both rounds, a share says nothing."""

_LONGEST_NAME = 90

_NORMAL = OBS_STATUS[AnswerStatus.ANSWERED]


@dataclass(frozen=True)
class Expectation:
    """One expectation: its Great Expectations type and arguments, and the key and values of its sentence.

    `where` limits it to the rows whose column equals a value (True) or does not (False), nor any of a list. One of
    severity warning is shown where it is not met, and stops nothing.
    """

    type: str
    kwargs: Mapping[str, Any]
    meaning: str
    values: Mapping[str, object] = field(default_factory=dict)
    where: tuple[str, bool, object] | None = None
    severity: Severity = Severity.ERROR

    def sentence(self, language: str) -> str:
        """What is expected, in a language."""
        return say("gate", self.meaning, language, **self.values)


@dataclass(frozen=True)
class Suite:
    """What is expected of one table."""

    name: str
    expectations: tuple[Expectation, ...]


def suites(round_: Round) -> tuple[Suite, ...]:
    """Everything expected before the dataset of a round is published."""
    instrument, parameters = round_.instrument, round_.period.parameters
    regional = (*_shape(round_), *_standing(instrument), *_domains(instrument, parameters))
    return (
        Suite("regional", regional),
        Suite("indicators", tuple(_indicators(round_))),
        Suite("reconciliation", tuple(_reconciliation())),
    )


def _indicators(round_: Round) -> Iterator[Expectation]:
    """Of each indicator: that it has every participant once and, after another round, that its levels moved little."""
    participants, instrument, language = len(round_.participants), round_.instrument, round_.working_language
    for indicator in instrument.indicators:
        named = in_language(indicator.text, language, instrument.official_language)
        shown = {"indicator": indicator.code, "text": shorten(named, _LONGEST_NAME, placeholder=" …")}
        own = ("indicator", True, indicator.code)
        kwargs = {"column": ROWS, "min_value": participants, "max_value": participants}
        values = {**shown, "participants": participants}
        yield Expectation("expect_column_max_to_be_between", kwargs, "indicator_covered", values, own)
        if round_.previous_answers and instrument.level in indicator.field_codes:
            values = {**shown, "share": round(100 * MOST_SHIFTED), "least": FEWEST_COMPARED}
            kwargs = {"column": SHIFTED, "max_value": MOST_SHIFTED}
            kind = "expect_column_max_to_be_between"
            yield Expectation(kind, kwargs, "levels_moved_little", values, own, Severity.WARNING)


def _shape(round_: Round) -> Iterator[Expectation]:
    participants = [respondent.code for respondent in round_.participants]
    indicators = [indicator.code for indicator in round_.instrument.indicators]
    rows = len(participants) * len(indicators)
    counts = {"rows": rows, "participants": len(participants), "indicators": len(indicators)}
    names = [column.name for column in regional_columns(round_.instrument)]
    yield Expectation("expect_table_columns_to_match_ordered_list", {"column_list": names}, "columns")
    yield Expectation("expect_table_row_count_to_equal", {"value": rows}, "row_count", counts)
    yield Expectation(
        "expect_compound_columns_to_be_unique", {"column_list": ["respondent", "indicator"]}, "key_unique"
    )
    for column, codes, meaning in (
        ("respondent", participants, "participants"),
        ("indicator", indicators, "indicators"),
    ):
        kwargs = {"column": column, "value_set": codes}
        yield Expectation("expect_column_distinct_values_to_equal_set", kwargs, meaning)


def _standing(instrument: Instrument) -> Iterator[Expectation]:
    """How return, source, level and OBS_STATUS of a row hang together."""
    yield _not_null("response", "response_given")
    yield _in_set("response", STANDINGS, "response_known")
    yield _null("submission", "others_have_no_source", ("response", False, list(PUBLISHED)))
    if instrument.level_scale is not None:
        level = column_name(instrument, instrument.level)
        yield _not_null("obs_status", "obs_status_given")
        yield _in_set("obs_status", sorted(set(OBS_STATUS.values())), "obs_status_known")
        yield _null(level, "others_have_no_level", ("response", False, list(PUBLISHED)))
        yield _not_null(level, "normal_value_is_there", ("obs_status", True, _NORMAL))
        yield _null(level, "missing_value_is_not_there", ("obs_status", False, _NORMAL))
        statuses = [str(status) for status in AnswerStatus]
        yield _in_set(status_column(instrument, instrument.level), statuses, "statuses_known")


def _domains(instrument: Instrument, parameters: Mapping[str, int]) -> Iterator[Expectation]:
    for asked in instrument.fields.values():
        column, scalar = column_name(instrument, asked.code), asked.type
        match scalar:
            case SingleChoice(codelist) | YesNo(codelist):
                yield _in_set(column, codelist.value_codes, "codes_known")
            case Numeric(minimum, maximum):
                yield from _between(column, bounds({"minimum": minimum, "maximum": maximum}, parameters))
            case Mark() | Selection() | Date() | Written() | Computed():
                pass
            case _:
                assert_never(scalar)


def _reconciliation() -> Iterator[Expectation]:
    yield Expectation("expect_column_values_to_be_unique", {"column": "submission"}, "returns_listed_once")
    kwargs = {"column": UNACCOUNTED, "min_value": 0, "max_value": 0}
    yield Expectation("expect_column_values_to_be_between", kwargs, "nothing_lost")
    for column in ("read", *map(str, Outcome)):
        kwargs = {"column": column, "min_value": 0}
        yield Expectation("expect_column_values_to_be_between", kwargs, "counts_not_negative", {"column": column})


def _between(column: str, limits: Mapping[str, object]) -> Iterator[Expectation]:
    given = {name: limit for name, limit in limits.items() if limit is not None}
    if not given:
        return
    meaning = "in_range" if len(given) > 1 else "at_least" if "minimum" in given else "at_most"
    kwargs = {"column": column} | {f"{name[:3]}_value": limit for name, limit in given.items()}
    yield Expectation("expect_column_values_to_be_between", kwargs, meaning, {"column": column, **given})


def _in_set(column: str, codes: Iterable[str], meaning: str) -> Expectation:
    listed = list(codes)
    kwargs = {"column": column, "value_set": listed}
    values = {"column": column, "codes": ", ".join(listed)}
    return Expectation("expect_column_values_to_be_in_set", kwargs, meaning, values)


def _not_null(column: str, meaning: str, where: tuple[str, bool, object] | None = None) -> Expectation:
    return Expectation("expect_column_values_to_not_be_null", {"column": column}, meaning, where=where)


def _null(column: str, meaning: str, where: tuple[str, bool, object] | None = None) -> Expectation:
    return Expectation("expect_column_values_to_be_null", {"column": column}, meaning, where=where)
