"""Owns the pandera schema of a batch of answers: types, domains and every rule, derived from the declaration.

It checks and never coerces: values were parsed before, by a documented table, and pandera's coercions are silent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import (
    Coded,
    Date,
    Mark,
    Numeric,
    ScalarType,
    Selection,
    ValueColumn,
    Written,
)
from questionnaire.declaration.form import Field, Instrument
from questionnaire.rules.rule import Rule
from schemas.conditions import Conditions, Verdicts
from schemas.frame import DAYS, STATUSES, foreign_refs, status_of
from schemas.previous_round import previous_refs

DOMAIN = "domain"
"""The code of a failure of type or domain: a value that its question cannot take."""

MARKED = "Y"
"""The only code that a mark has: an option is marked, or there is nothing."""

FAILURE_COLUMNS = ("row", "check", "code", "submission", "indicator", "field")

_DTYPES: Mapping[ValueColumn, object] = {"code": "str", "text": "str", "number": "float64", "date": DAYS}


class AnswersSchema:
    """What the answers of an instrument must be, as a pandera schema over the wide frame (`schemas.frame`).

    Where rules look at the previous round, the frame has those answers too (`schemas.previous_round`).

    Column checks hold the domains. Each rule is one check of the whole frame, named `code:target`. Such a check
    gives pandera the failing places alone, indexed by (row, field): of a verdict on the frame's own index pandera
    would report every filled column of a failing row, and leave out a blank one.
    """

    def __init__(self, instrument: Instrument, parameters: Mapping[str, int]) -> None:
        self.instrument, self.parameters = instrument, parameters
        self.rules = dict(_named(instrument))
        self._order = {name: position for position, name in enumerate(self.rules)}
        self._at_hand: Conditions | None = None
        checks = [_value_where_answered(instrument), *(self._kept(name, rule) for name, rule in self.rules.items())]
        self.schema = pa.DataFrameSchema(_columns(instrument), checks, name=instrument.name, strict=True, coerce=False)

    def failures(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Every check that fails: one row per check, submission and indicator, each once.

        Columns: `row` of the frame, `check` (its name, a key of `rules` for a rule), `code` of the rule or
        `domain`, `submission`, `indicator`, `field` (the rule's target). In the order of the frame, then of
        the checks. Raises pandera.errors.SchemaErrors for a frame that has other columns or types.
        """
        self._at_hand = Conditions(frame, self.instrument, self.parameters)
        try:
            self.schema.validate(frame, lazy=True, inplace=True)
        except SchemaErrors as errors:
            if any(error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK for error in errors.schema_errors):
                raise
            return self._table(errors.schema_errors, frame)
        finally:
            self._at_hand = None
        return pd.DataFrame(columns=list(FAILURE_COLUMNS))

    def _kept(self, name: str, rule: Rule) -> pa.Check:
        def verdicts(frame: pd.DataFrame) -> "pd.Series[bool] | bool":
            return _failing_at([(rule.target, self._conditions(frame).broken(rule))])

        return pa.Check(verdicts, name=name, error=name, description=rule.reason, ignore_na=False)

    def _conditions(self, frame: pd.DataFrame) -> Conditions:
        at_hand = self._at_hand
        return at_hand if at_hand and at_hand.frame is frame else Conditions(frame, self.instrument, self.parameters)

    def _table(self, errors: list[SchemaError], frame: pd.DataFrame) -> pd.DataFrame:
        table = pd.concat([self._failing(error) for error in errors], ignore_index=True)
        table["order"] = table["check"].map(self._order).fillna(-1)
        table = table.sort_values(["row", "order", "field"], kind="stable", ignore_index=True)
        for key in ("submission", "indicator"):
            table[key] = frame[key].astype("str").to_numpy()[table["row"]]
        return table[list(FAILURE_COLUMNS)]

    def _failing(self, error: SchemaError) -> pd.DataFrame:
        failing = error.check_output.index[~error.check_output.to_numpy(dtype=bool)]
        of_frame = failing.nlevels > 1
        rule = self.rules.get(error.check.name)
        return pd.DataFrame(
            {
                "row": failing.get_level_values(0),
                "check": error.check.name,
                "code": rule.code if rule else DOMAIN,
                "field": failing.get_level_values(1) if of_frame else error.column_name,
            }
        )


def _failing_at(found: Iterable[tuple[str, Verdicts]]) -> "pd.Series[bool] | bool":
    """What a check of the whole frame tells pandera: True, or False at each failing (row, field)."""
    places = [(row, field) for field, failing in found for row in np.flatnonzero(failing)]
    return pd.Series(False, pd.MultiIndex.from_tuples(places), dtype=bool) if places else True


def _value_where_answered(instrument: Instrument) -> pa.Check:
    def verdicts(frame: pd.DataFrame) -> "pd.Series[bool] | bool":
        return _failing_at(
            (field, _answered(frame[status_of(field)]) != frame[field].notna().to_numpy(dtype=bool))
            for field in instrument.fields
        )

    return pa.Check(verdicts, name="value_where_answered", ignore_na=False)


def _answered(statuses: Any) -> Verdicts:
    return np.asarray(statuses.cat.codes == STATUSES.categories.get_loc(str(AnswerStatus.ANSWERED)))


def _named(instrument: Instrument) -> Iterator[tuple[str, Rule]]:
    """Each rule under a name of its own: automatic rules share their codes, one per target."""
    seen: dict[str, int] = {}
    for rule in instrument.rules:
        name = f"{rule.code}:{rule.target}"
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}:{seen[name]}"), rule


def _columns(instrument: Instrument) -> dict[str, pa.Column]:
    codes = pd.CategoricalDtype([indicator.code for indicator in instrument.indicators])
    columns = {"submission": pa.Column(), "respondent": pa.Column(), "indicator": pa.Column(codes)}
    for field in instrument.fields.values():
        columns |= _pair(field.code, field, _domain(field.type))
    for ref in (*foreign_refs(instrument), *previous_refs(instrument)):
        columns |= _pair(str(ref), instrument.fields[ref.field], None)
    return columns


def _pair(name: str, field: Field, domain: pa.Check | None) -> dict[str, pa.Column]:
    dtype = _DTYPES[field.type.traits.column]
    return {
        name: pa.Column(dtype, domain, nullable=True, description=f"answers to {name}"),
        status_of(name): pa.Column(STATUSES, nullable=True, description=f"whether {name} has a value, or why not"),
    }


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
        case Numeric() if scalar.traits.whole:
            return pa.Check(lambda numbers: np.isfinite(numbers) & (numbers % 1 == 0), name="whole")
        case Numeric():
            return pa.Check(np.isfinite, name="finite")
        case Date() | Written():
            return None
        case _:
            assert_never(scalar)
