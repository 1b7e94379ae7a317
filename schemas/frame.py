"""Makes the wide frames: turns the tidy table of a batch so that each row is one line of one block of a submission.

It turns, it never judges: conditions and schemas look at what it lays side by side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.form import INDICATORS, Instrument
from questionnaire.rules.conditions import Ref
from questionnaire.rules.rule import Rule

KEYS = ("submission", "respondent", "block", "line")
"""The columns of a wide frame that say whose answers a row holds."""

_LOOKED_AT = ("submission", "respondent", "block", "line", "field", "status", "code", "number", "text", "date")

STATUSES = pd.CategoricalDtype([str(status) for status in AnswerStatus])
DAYS = np.dtype("datetime64[ms]")

Frames = Mapping[str, pd.DataFrame]
"""The wide frames of a batch, by the name of the table (`Instrument.tables`)."""

_Ints = npt.NDArray[np.int64]


def status_of(column: str) -> str:
    """The column that says whether a field has a value and, if not, why."""
    return f"{column}@status"


def fields_of(instrument: Instrument, table: str) -> Mapping[str, Field]:
    """The fields of a table, by code, in the order first met."""
    return {field.code: field for block in instrument.tables[table] for field in block.fields}


def rules_of(instrument: Instrument, table: str) -> tuple[Rule, ...]:
    """The rules on the blocks of a table."""
    codes = {block.code for block in instrument.tables[table]}
    return tuple(rule for rule in instrument.rules if not codes.isdisjoint(rule.blocks))


def foreign_refs(instrument: Instrument, table: str = INDICATORS) -> tuple[Ref, ...]:
    """The fields that rules look at in an indicator other than the one they judge."""
    found = {ref: None for rule in rules_of(instrument, table) for ref in rule.refs if ref.indicator}
    return tuple(sorted(found, key=str))


def wide_frames(answers: pd.DataFrame, instrument: Instrument) -> dict[str, pd.DataFrame]:
    """The wide frame of each table: all indicators, and each list.

    One row per (submission, block, line), in the order met and declared; per field a value and a status column.

    `answers` is the tidy table of `schemas.answers_table`. Columns: `submission`, `respondent`, `block`, `line`; per
    field of the table `n_total` (str for codes and texts, float64 for numbers, datetime64 for days; missing
    where there is no value) and `n_total@status` (missing where the block does not ask it); the same for
    fields of other indicators that rules look at, as `A29a.n_shelters`. The index counts from 0.

    Raises ValueError for an answer to something that the instrument does not ask, and for one given twice.
    """
    block = _numbers(answers["block"], list(instrument.blocks))
    grids: dict[str, _Grid] = {}
    frames: dict[str, pd.DataFrame] = {}
    known = list(instrument.blocks)
    for table, blocks in instrument.tables.items():
        numbers = np.array([known.index(item.code) for item in blocks])
        own = answers if len(instrument.tables) == 1 else answers.loc[np.isin(block, numbers), list(_LOOKED_AT)]
        grids[table] = _Grid.of(own, instrument, table)
        frames[table] = _turned(own, instrument, table, grids[table])
    for table, frame in frames.items():
        columns = _foreign(instrument, table, grids, frames[INDICATORS])
        if columns:
            frames[table] = pd.concat([frame, pd.DataFrame(columns, copy=False)], axis="columns")
    return frames


def _turned(answers: pd.DataFrame, instrument: Instrument, table: str, grid: "_Grid") -> pd.DataFrame:
    sources = _sources(answers)
    columns: dict[str, Any] = {key: answers[key].array.take(grid.sample) for key in ("submission", "respondent")}
    codes = pd.Index([block.code for block in instrument.tables[table]], dtype="str")
    columns["block"] = pd.Categorical.from_codes(grid.block, categories=codes)
    columns["line"] = grid.line
    for field, positions in zip(fields_of(instrument, table).values(), grid.positions(), strict=True):
        columns[field.code] = sources[field.type.traits.column].take(positions, allow_fill=True)
        columns[status_of(field.code)] = sources["status"].take(positions, allow_fill=True)
    return pd.DataFrame(columns, copy=False)


def _foreign(instrument: Instrument, table: str, grids: Mapping[str, "_Grid"], asked: pd.DataFrame) -> dict[str, Any]:
    """The columns of fields of other indicators, for each row of a table those of the same submission."""
    columns: dict[str, Any] = {}
    for ref in foreign_refs(instrument, table):
        rows = grids[INDICATORS].rows_of(instrument, ref.indicator, grids[table])
        for source, column in ((ref.field, str(ref)), (status_of(ref.field), status_of(str(ref)))):
            columns[column] = asked[source].array.take(rows, allow_fill=True)
    return columns


@dataclass(frozen=True)
class _Grid:
    """Which answer goes where: every array is counted in rows of the tidy table or of the wide frame.

    `row` and `field`: of each answer, its wide row and its field's number. Of each wide row: `submission`, `block` and
    `line` their numbers, `sample` some answer that belongs to it. `row_at` is [submission, block, line] -> row.
    """

    row: _Ints
    field: _Ints
    submission: _Ints
    block: _Ints
    line: _Ints
    sample: _Ints
    row_at: _Ints
    submissions: pd.Index
    fields: int

    @classmethod
    def of(cls, answers: pd.DataFrame, instrument: Instrument, table: str) -> "_Grid":
        submission, submissions = pd.factorize(answers["submission"])
        blocks = [block.code for block in instrument.tables[table]]
        block = _numbers(answers["block"], blocks)
        line = answers["line"].to_numpy(dtype=np.int64)
        fields = list(fields_of(instrument, table))
        field = _numbers(answers["field"], fields)
        shape = (len(submissions), len(blocks), int(line.max(initial=0)) + 1)
        place = np.ravel_multi_index((submission.astype(np.int64), block, line), shape) if len(answers) else line
        present = np.zeros(int(np.prod(shape)), dtype=bool)
        present[place] = True
        row_at = np.where(present, np.cumsum(present) - 1, -1)
        row = row_at[place]
        sample = np.zeros(int(present.sum()), dtype=np.int64)
        sample[row] = np.arange(len(row))
        of_row = (submission[sample], block[sample], line[sample])
        return cls(row, field, *of_row, sample, row_at.reshape(shape), pd.Index(submissions.astype("str")), len(fields))

    def positions(self) -> Iterator[_Ints]:
        """Per field of the table: for each wide row the place of its answer, -1 where there is none."""
        order = np.argsort(self.field, kind="stable")
        ends = np.searchsorted(self.field[order], np.arange(1, self.fields))
        for chosen in np.split(order, ends):
            positions = np.full(len(self.sample), -1)
            positions[self.row[chosen]] = chosen
            if np.count_nonzero(positions + 1) < len(chosen):
                raise ValueError("two answers to one field of one submission: a file was read twice")
            yield positions

    def rows_of(self, instrument: Instrument, indicator: str, seen_from: "_Grid") -> _Ints:
        """For each wide row of a grid the row of that indicator in the same submission, -1 where there is none."""
        number = [item.code for item in instrument.indicators].index(indicator)
        submissions = self.submissions.get_indexer(seen_from.submissions)[seen_from.submission]
        if not self.row_at.size:
            return np.full(len(submissions), -1)
        rows: _Ints = np.where(submissions < 0, -1, self.row_at[submissions, number, 1])
        return rows


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
