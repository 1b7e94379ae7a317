"""Owns the wide frame: the tidy table of a batch turned so that each row is one indicator of one submission.

It turns, it never judges: conditions and schemas look at what it lays side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.form import Instrument
from questionnaire.rules.conditions import Ref

KEYS = ("submission", "respondent", "indicator")
"""The columns of the wide frame that say whose answers a row holds."""

STATUSES = pd.CategoricalDtype([str(status) for status in AnswerStatus])
DAYS = np.dtype("datetime64[ms]")

_Ints = npt.NDArray[np.int64]


def status_of(column: str) -> str:
    """The column that says whether a field has a value and, if not, why."""
    return f"{column}@status"


def foreign_refs(instrument: Instrument) -> tuple[Ref, ...]:
    """The fields that rules look at in an indicator other than the one they judge."""
    found = {ref: None for rule in instrument.rules for ref in rule.refs if ref.indicator}
    return tuple(sorted(found, key=str))


def wide_frame(answers: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """One row per (submission, indicator), in the order met and declared; per field a value and a status column.

    `answers` is the tidy table of `schemas.answers_table`. Columns: `submission`, `respondent`, `indicator`; per
    field of the instrument `n_total` (str for codes and texts, float64 for numbers, datetime64 for days; missing
    where there is no value) and `n_total@status` (missing where the indicator does not ask it); the same for
    fields of other indicators that rules look at, as `A29a.n_shelters`. The index counts from 0.

    Raises ValueError for an answer to something that the instrument does not ask, and for one given twice.
    """
    grid = _Grid.of(answers, instrument)
    sources = _sources(answers)
    columns = {key: answers[key].array.take(grid.sample) for key in ("submission", "respondent")}
    columns["indicator"] = _indicators(grid.indicator, instrument)
    for field, positions in zip(instrument.fields.values(), grid.positions(instrument), strict=True):
        value = sources[field.type.traits.column]
        columns[field.code] = value.take(positions, allow_fill=True)
        columns[status_of(field.code)] = sources["status"].take(positions, allow_fill=True)
    for ref in foreign_refs(instrument):
        rows = grid.rows_of(ref.indicator, instrument)
        for source, column in ((ref.field, str(ref)), (status_of(ref.field), status_of(str(ref)))):
            columns[column] = columns[source].take(rows, allow_fill=True)
    return pd.DataFrame(columns, copy=False)


@dataclass(frozen=True)
class _Grid:
    """Which answer goes where: every array is counted in rows of the tidy table or of the wide frame.

    `row` and `field`: of each answer, its wide row and its field's number. Of each wide row: `submission` and
    `indicator` their numbers, `sample` some answer that belongs to it. `row_at` is [submission, indicator] -> row.
    """

    row: _Ints
    field: _Ints
    submission: _Ints
    indicator: _Ints
    sample: _Ints
    row_at: _Ints

    @classmethod
    def of(cls, answers: pd.DataFrame, instrument: Instrument) -> "_Grid":
        submission, submissions = pd.factorize(answers["submission"])
        indicators = [indicator.code for indicator in instrument.indicators]
        indicator = _numbers(answers["indicator"], indicators)
        field = _numbers(answers["field"], list(instrument.fields))
        pair = submission.astype(np.int64) * len(indicators) + indicator
        present = np.zeros(len(submissions) * len(indicators), dtype=bool)
        present[pair] = True
        row_at = np.where(present, np.cumsum(present) - 1, -1)
        row = row_at[pair]
        sample = np.zeros(int(present.sum()), dtype=np.int64)
        sample[row] = np.arange(len(row))
        return cls(row, field, submission[sample], indicator[sample], sample, row_at.reshape(-1, len(indicators)))

    def positions(self, instrument: Instrument) -> Iterator[_Ints]:
        """Per field of the instrument: for each wide row the place of its answer, -1 where there is none."""
        order = np.argsort(self.field, kind="stable")
        ends = np.searchsorted(self.field[order], np.arange(1, len(instrument.fields)))
        for chosen in np.split(order, ends):
            positions = np.full(len(self.sample), -1)
            positions[self.row[chosen]] = chosen
            if np.count_nonzero(positions + 1) < len(chosen):
                raise ValueError("two answers to one field of one submission: a file was read twice")
            yield positions

    def rows_of(self, indicator: str, instrument: Instrument) -> _Ints:
        """For each wide row the row of that indicator in the same submission, -1 where there is none."""
        number = [item.code for item in instrument.indicators].index(indicator)
        rows: _Ints = self.row_at[self.submission, number]
        return rows


def _indicators(numbers: _Ints, instrument: Instrument) -> pd.Categorical:
    codes = pd.Index([indicator.code for indicator in instrument.indicators], dtype="str")
    return pd.Categorical.from_codes(numbers, categories=codes)


def _numbers(codes: "pd.Series[str]", known: list[str]) -> _Ints:
    """Each code's place among the known ones; looked up once per distinct code."""
    categorical = codes.astype("category")
    places = pd.Index(known).get_indexer(categorical.cat.categories)
    numbers: _Ints = np.append(places, -1)[categorical.cat.codes].astype(np.int64)
    if (numbers < 0).any():
        unknown = ", ".join(sorted(set(codes[numbers < 0].astype("str"))))
        raise ValueError(f"there is no {codes.name} {unknown}: the answers are of another instrument")
    return numbers


def _sources(answers: pd.DataFrame) -> dict[str, ExtensionArray]:
    statuses = _numbers(answers["status"], list(map(str, AnswerStatus)))
    return {
        "status": pd.Categorical.from_codes(statuses, dtype=STATUSES),
        "code": answers["code"].astype("str").array,
        "text": answers["text"].astype("str").array,
        "number": answers["number"].astype("float64").array,
        "date": answers["date"].astype(DAYS).array,
    }
