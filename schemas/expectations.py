"""Declares what is expected of the published tables of both editions, as plain data for Great Expectations.

Rules within a return belong to `schemas.pandera_schema`: here are keys, coverage, domains, reconciliation, and what the
public edition may not show. What is judged are small tables that `pipeline.publication.gate.observed` makes of those.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import Any, assert_never

from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.answer_types import (
    Date,
    Derived,
    Mark,
    Numeric,
    Selection,
    SingleChoice,
    Written,
    YesNo,
)
from questionnaire.declaration.bounds import bounds
from questionnaire.declaration.column_names import LEVEL
from questionnaire.declaration.form import Instrument
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import PUBLISHED, STANDINGS, Outcome
from questionnaire.rules.rule import Severity
from schemas.tables.own_codes import LARGEST_SUPPRESSED
from schemas.tables.parts import list_table, type_tables
from schemas.tables.published import published_tables
from schemas.tables.table import Column, Table

UNACCOUNTED = "unaccounted"
"""The column of the reconciliation: answers read less those with an outcome."""

ROWS, PUBLIC_ROWS, SHIFTED = "rows", "public_rows", "shifted"
"""The columns of what is counted: rows of either edition, and the share of an indicator's levels that moved."""

TIMES = "times"
"""The column that says, of a combination of values, how many rows have it."""

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
    """What is expected of one table; where its `values` are few, those that are met are what was observed."""

    name: str
    expectations: tuple[Expectation, ...]
    values: bool = False


def suites(round_: Round) -> tuple[Suite, ...]:
    """Everything expected before the tables of a round are published."""
    instrument, parameters = round_.instrument, round_.period.parameters
    return (
        Suite("respondents", tuple(_coverage(round_)), values=True),
        Suite("indicators", tuple(_indicators(round_))),
        Suite("standing", tuple(_standing(instrument))),
        Suite("values", tuple(_domains(instrument, parameters)), values=True),
        Suite("tables", tuple(_tables(instrument))),
        Suite("public", tuple(_public())),
        Suite("reconciliation", tuple(_reconciliation())),
    )


def watched(instrument: Instrument) -> Iterator[tuple[str, Table, Column]]:
    """The columns whose values must be of a domain, by the name under which all that have it are judged together."""
    for table in type_tables(instrument):
        yield from ((column.name, table, column) for column in table.columns if _has_domain(column))
    for table in (list_table(instrument, block) for block in instrument.lists):
        yield from ((f"{table.name}.{column.name}", table, column) for column in table.columns if _has_domain(column))


def _has_domain(column: Column) -> bool:
    typed = column.field is not None and isinstance(column.field.type, SingleChoice | YesNo | Numeric)
    return typed and not column.is_status


def _coverage(round_: Round) -> Iterator[Expectation]:
    participants = [respondent.code for respondent in round_.participants]
    indicators = len(round_.instrument.indicators)
    kwargs: dict[str, Any] = {"column": "respondent", "value_set": participants}
    yield Expectation("expect_column_distinct_values_to_equal_set", kwargs, "participants")
    for column in (ROWS, "indicators", PUBLIC_ROWS):
        kwargs = {"column": column, "min_value": indicators, "max_value": indicators}
        values = {"indicators": indicators}
        yield Expectation("expect_column_values_to_be_between", kwargs, f"respondent_{column}", values)
    total = len(participants) * indicators
    counts = {"rows": total, "participants": len(participants), "indicators": indicators}
    kwargs = {"column": ROWS, "min_value": total, "max_value": total}
    yield Expectation("expect_column_sum_to_be_between", kwargs, "row_count", counts)


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


def _standing(instrument: Instrument) -> Iterator[Expectation]:
    """How return, source, level and OBS_STATUS of a row hang together."""
    yield _not_null("response", "response_given")
    yield _in_set("response", STANDINGS, "response_known")
    yield _null("submission", "others_have_no_source", ("response", False, list(PUBLISHED)))
    if instrument.level_scale is not None:
        yield _not_null("obs_status", "obs_status_given")
        yield _in_set(LEVEL, [code.rank for code in instrument.level_scale.ranked], "codes_known")
        yield _in_set("obs_status", sorted(set(OBS_STATUS.values())), "obs_status_known")
        yield _null("level", "others_have_no_level", ("response", False, list(PUBLISHED)))
        yield _not_null("level", "normal_value_is_there", ("obs_status", True, _NORMAL))
        yield _null("level", "missing_value_is_not_there", ("obs_status", False, _NORMAL))
        yield _in_set("level_status", [str(status) for status in AnswerStatus], "statuses_known")


def _domains(instrument: Instrument, parameters: Mapping[str, int]) -> Iterator[Expectation]:
    for name, column in {name: column for name, _, column in watched(instrument)}.items():
        assert column.field is not None, "only columns of fields are watched"
        match column.field.type:
            case SingleChoice(codelist) if column.type == "int32":
                yield _in_set(name, [code.rank for code in codelist.ranked], "codes_known")
            case SingleChoice(codelist) | YesNo(codelist):
                yield _in_set(name, codelist.value_codes, "codes_known")
            case Numeric(minimum, maximum):
                yield from _between(name, bounds({"minimum": minimum, "maximum": maximum}, parameters))
            case Mark() | Selection() | Date() | Written() | Derived():
                pass
            case _:
                assert_never(column.field.type)


def _tables(instrument: Instrument) -> Iterator[Expectation]:
    names = [table.name for table in published_tables(instrument)]
    kwargs = {"column": "table", "value_set": names}
    yield Expectation("expect_column_distinct_values_to_equal_set", kwargs, "tables_published")
    for column in ("lacking", "repeated", "lost", "contradicted"):
        yield _null(column, f"tables_{column}")


def _public() -> Iterator[Expectation]:
    """What the public edition may not show: each column names the columns of its tables that show it."""
    for column in ("undeclared", "small", "suppressed_shown", "uncleared"):
        yield replace(_null(column, f"public_{column}"), values={"largest": LARGEST_SUPPRESSED})


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


def _in_set(column: str, codes: Iterable[object], meaning: str) -> Expectation:
    listed = list(codes)
    kwargs = {"column": column, "value_set": listed}
    values = {"column": column, "codes": ", ".join(map(str, listed))}
    return Expectation("expect_column_values_to_be_in_set", kwargs, meaning, values)


def _not_null(column: str, meaning: str, where: tuple[str, bool, object] | None = None) -> Expectation:
    return Expectation("expect_column_values_to_not_be_null", {"column": column}, meaning, where=where)


def _null(column: str, meaning: str, where: tuple[str, bool, object] | None = None) -> Expectation:
    return Expectation("expect_column_values_to_be_null", {"column": column}, meaning, where=where)
