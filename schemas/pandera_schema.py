"""Derives the pandera schema of a batch of answers from the declaration: types, domains and every rule.

It checks and never coerces: values were parsed before, by a documented table, and pandera's coercions are silent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.dtypes import DataType, immutable
from pandera.engines.pandas_engine import STRING, Category, Engine
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Derived,
    Mark,
    Numeric,
    ScalarType,
    Selection,
    ValueColumn,
    Written,
)
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import INDICATORS, Instrument
from questionnaire.messages import in_language
from questionnaire.rules.domains import DOMAIN, MARKED
from questionnaire.rules.rule import Rule
from schemas.conditions import Conditions, Verdicts
from schemas.frame import DAYS, STATUSES, Frames, fields_of, foreign_refs, rules_of, status_of
from schemas.previous_round import previous_refs

FAILURE_COLUMNS = ("table", "row", "check", "code", "submission", "block", "line", "field", "lines")


@immutable(init=True)
class _Texts(STRING):
    """The type of a column of texts, asked of the column: pandera would ask it of each text."""

    def check(self, pandera_dtype: DataType, data_container: object = None) -> bool:  # noqa: ARG002 - so it is called
        """True if it is that of the column."""
        return str(pandera_dtype) == str(self)


@Engine.register_dtype(equivalents=[STATUSES])
@immutable(init=True)
class _Statuses(Category):
    """The type of a column of statuses, made once: pandera would make it anew for each column that it looks at."""

    def __init__(self) -> None:
        super().__init__(STATUSES.categories)


_DTYPES: Mapping[ValueColumn, object] = {"code": _Texts, "text": _Texts, "number": "float64", "date": DAYS}


class AnswersSchema:
    """What the answers of an instrument must be: one pandera schema for each of its tables."""

    def __init__(self, instrument: Instrument, parameters: Mapping[str, int]) -> None:
        self.instrument, self.parameters = instrument, parameters
        self.tables = {table: TableSchema(instrument, table) for table in instrument.tables}

    def rule(self, table: str, check: str) -> Rule | None:
        """The rule that a check of a table holds; None for one of type or domain."""
        return self.tables[table].rules.get(check)

    def failures(self, frames: Frames) -> pd.DataFrame:
        """Every check that fails: one row per check, submission, block and line, each once.

        Columns: `table` and `row` of its frame, `check` (its name), `code` of the rule or `domain`, `submission`,
        `block`, `line`, `field` (the rule's target), `lines` (how many lines of a list the rule counts, NaN if it
        counts none). In the order of the frames, then of the checks. Raises
        pandera.errors.SchemaErrors for a frame that has other columns or types.
        """
        at_hand: dict[str, Conditions] = {}
        for table, frame in frames.items():
            fields = fields_of(self.instrument, table)
            at_hand[table] = Conditions(frame, fields, self.instrument, self.parameters, at_hand)
        found = [schema.failures(at_hand[table]) for table, schema in self.tables.items()]
        return pd.concat(found, ignore_index=True)


class TableSchema:
    """The pandera schema over one wide frame (`schemas.frame`), that of all indicators or that of a list.

    Where rules look at the previous round, the frame has those answers too (`schemas.previous_round`).

    Column checks hold the domains. Each rule is one check of the whole frame, named `code:target`. Such a check
    gives pandera the failing places alone, indexed by (row, field): of a verdict on the frame's own index pandera
    would report every filled column of a failing row, and leave out a blank one.
    """

    def __init__(self, instrument: Instrument, table: str) -> None:
        self._table = table
        self.rules = dict(_named(rules_of(instrument, table)))
        self._order = {name: position for position, name in enumerate(self.rules)}
        self._at_hand: Conditions | None = None
        fields = fields_of(instrument, table)
        checks = [_value_where_answered(fields), *(self._kept(name, rule) for name, rule in self.rules.items())]
        columns = _columns(instrument, table)
        self.schema = pa.DataFrameSchema(columns, checks, name=f"{instrument.name} {table}", strict=True, coerce=False)

    def failures(self, conditions: Conditions) -> pd.DataFrame:
        """The checks that fail in one frame, as `AnswersSchema.failures` gives them."""
        self._at_hand = conditions
        try:
            self.schema.validate(conditions.frame, lazy=True, inplace=True)
        except SchemaErrors as errors:
            if any(error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK for error in errors.schema_errors):
                raise
            return self._failed(errors.schema_errors, conditions.frame)
        finally:
            self._at_hand = None
        return pd.DataFrame(columns=list(FAILURE_COLUMNS))

    def _kept(self, name: str, rule: Rule) -> pa.Check:
        def verdicts(_: pd.DataFrame) -> "pd.Series[bool] | bool":
            assert self._at_hand is not None, "the schema is asked through failures()"
            return _failing_at([(rule.target, self._at_hand.broken(rule))])

        return pa.Check(verdicts, name=name, error=name, description=in_language(rule.reason, "en"), ignore_na=False)

    def _failed(self, errors: list[SchemaError], frame: pd.DataFrame) -> pd.DataFrame:
        table = pd.concat([self._failing(error) for error in errors], ignore_index=True)
        table["order"] = table["check"].map(self._order).fillna(-1)
        table = table.sort_values(["row", "order", "field"], kind="stable", ignore_index=True)
        for key in ("submission", "block"):
            table[key] = frame[key].astype("str").to_numpy()[table["row"]]
        table["line"] = frame["line"].to_numpy()[table["row"]]
        table["table"] = self._table
        return table[list(FAILURE_COLUMNS)]

    def _failing(self, error: SchemaError) -> pd.DataFrame:
        failing = error.check_output.index[~error.check_output.to_numpy(dtype=bool)]
        of_frame = failing.nlevels > 1
        rule = self.rules.get(error.check.name)
        rows = failing.get_level_values(0)
        assert self._at_hand is not None, "the schema is asked through failures()"
        return pd.DataFrame(
            {
                "row": rows,
                "check": error.check.name,
                "code": rule.code if rule else DOMAIN,
                "field": failing.get_level_values(1) if of_frame else error.column_name,
                "lines": self._at_hand.quantity(rule.lines)[rows] if rule and rule.lines else np.nan,
            }
        )


def _failing_at(found: Iterable[tuple[str, Verdicts]]) -> "pd.Series[bool] | bool":
    """What a check of the whole frame reports to pandera: True, or False at each failing (row, field)."""
    places = [(row, field) for field, failing in found for row in np.flatnonzero(failing)]
    return pd.Series(False, pd.MultiIndex.from_tuples(places), dtype=bool) if places else True


def _value_where_answered(fields: Mapping[str, Field]) -> pa.Check:
    def verdicts(frame: pd.DataFrame) -> "pd.Series[bool] | bool":
        return _failing_at(
            (field, _answered(frame[status_of(field)]) != frame[field].notna().to_numpy(dtype=bool)) for field in fields
        )

    return pa.Check(verdicts, name="value_where_answered", ignore_na=False)


def _answered(statuses: Any) -> Verdicts:
    return np.asarray(statuses.cat.codes == STATUSES.categories.get_loc(str(AnswerStatus.ANSWERED)))


def _named(rules: Iterable[Rule]) -> Iterator[tuple[str, Rule]]:
    """Each rule under a name of its own: automatic rules share their codes, one per target."""
    seen: dict[str, int] = {}
    for rule in rules:
        name = f"{rule.code}:{rule.target}"
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}:{seen[name]}"), rule


def _columns(instrument: Instrument, table: str) -> dict[str, pa.Column]:
    codes = pd.CategoricalDtype([block.code for block in instrument.tables[table]])
    columns = {"submission": pa.Column(), "respondent": pa.Column(), "block": pa.Column(codes)}
    columns["line"] = pa.Column("int64", pa.Check.ge(1))
    for field in fields_of(instrument, table).values():
        columns |= _pair(field.code, field, _domain(field.type))
    looked_at = previous_refs(instrument) if table == INDICATORS else ()
    for ref in (*foreign_refs(instrument, table), *looked_at):
        columns |= _pair(str(ref), instrument.fields[ref.field], None)
    return columns


def _pair(name: str, field: Field, domain: pa.Check | None) -> dict[str, pa.Column]:
    dtype = _DTYPES[field.type.traits.column]
    return {
        name: pa.Column(dtype, domain, nullable=True, description=f"answers to {name}"),
        status_of(name): pa.Column(STATUSES, nullable=True, description=f"whether {name} has a value, or why not"),
    }


def _whole() -> pa.Check:
    return pa.Check(lambda numbers: np.isfinite(numbers) & (numbers % 1 == 0), name="whole")


def _domain(scalar: ScalarType) -> pa.Check | None:
    """What a value must be beyond its column's type; limits that an instrument sets are rules, not domains."""
    match scalar:
        case Mark():
            return pa.Check.isin([MARKED])
        case Selection(codelist):
            code = "|".join(map(re.escape, codelist.value_codes))
            return pa.Check.str_matches(rf"^(?:{code})(?:;(?:{code}))*$")
        case Coded(codelist):
            return pa.Check.isin(list(codelist.value_codes))
        case Numeric() | Derived():
            return _whole() if scalar.traits.whole else pa.Check(np.isfinite, name="finite")
        case Date() | Written():
            return None
        case _:
            assert_never(scalar)
