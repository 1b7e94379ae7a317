"""Observes, in the published Parquet files of both editions, what the gate judges: one small table for each suite.

DuckDB reads the files column by column, in bounded memory; what is judged grows with respondents and returns, never
with answers. Where something is wrong with a file, its row says where; otherwise the column is empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.publication.gate.observed_tables import Editions, public_faults, table_faults
from pipeline.reading.computed import WORKED_OUT
from pipeline.tables.sql import quoted, text
from questionnaire.blanks import EMPTY
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome
from schemas.expectations import FEWEST_COMPARED, PUBLIC_ROWS, ROWS, SHIFTED, TIMES, UNACCOUNTED, watched
from schemas.tables.table import Table

_EMPTY = tuple(map(str, EMPTY))


def observe(
    round_: Round, tables: Iterable[Table], folders: Mapping[Access, Path]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """What each suite of `schemas.expectations` looks at, with its name: first what takes longest to judge.

    `folders` hold the tables of each edition.
    """
    with Editions(tables, folders) as editions:
        yield "values", _values(round_, editions)
        yield "indicators", editions.frame(indicators_query(round_))
        yield "respondents", editions.frame(_RESPONDENTS)
        yield "standing", editions.frame(_standing(round_))
        yield "reconciliation", editions.frame(_RECONCILIATION)
        yield "public", pd.DataFrame(public_faults(editions), dtype="str")
        yield "tables", pd.DataFrame(table_faults(editions, round_), dtype="str")


_RESPONDENTS = f"""
SELECT respondent, coalesce(own.rows, 0) AS {ROWS}, indicators, coalesce(seen.rows, 0) AS {PUBLIC_ROWS}
FROM (SELECT respondent, count(*) AS rows, count(DISTINCT indicator) AS indicators
    FROM restricted.regional GROUP BY respondent) AS own
FULL JOIN (SELECT respondent, count(*) AS rows FROM public.regional GROUP BY respondent) AS seen USING (respondent)
ORDER BY respondent
"""


def indicators_query(round_: Round) -> str:
    """Each indicator with its rows, and the share of its levels that would have to move to be as in the previous round.

    That share is the total variation distance of the two distributions, of those who have a level in both rounds: half
    the sum of the differences of their shares; 0 for too few. Source: D. Levin and Y. Peres, Markov Chains and Mixing
    Times (2017), 4.1.
    """
    codes = ", ".join(f"({text(indicator.code)})" for indicator in round_.instrument.indicators)
    counted = "SELECT indicator, count(*) AS rows FROM restricted.regional GROUP BY indicator"
    if round_.instrument.level_scale is None:
        return f"""
        SELECT indicator, coalesce(rows, 0) AS {ROWS}, 0.0 AS {SHIFTED}
        FROM (VALUES {codes}) AS asked (indicator) LEFT JOIN ({counted}) USING (indicator)
        """
    return f"""
    WITH both_rounds AS (
        SELECT indicator, level, previous_level FROM restricted.regional
        WHERE level IS NOT NULL AND previous_level IS NOT NULL
    ), differences AS (
        SELECT indicator, abs(sum(today)) AS difference, count(*) FILTER (today > 0) AS compared FROM (
            SELECT indicator, level, 1 AS today FROM both_rounds
            UNION ALL SELECT indicator, previous_level, -1 FROM both_rounds
        ) GROUP BY indicator, level
    ), shifts AS (
        SELECT indicator, sum(difference) / (2 * sum(compared)) AS share
        FROM differences GROUP BY indicator HAVING sum(compared) >= {FEWEST_COMPARED}
    )
    SELECT indicator, coalesce(rows, 0) AS {ROWS}, coalesce(share, 0.0) AS {SHIFTED}
    FROM (VALUES {codes}) AS asked (indicator)
    LEFT JOIN ({counted}) USING (indicator) LEFT JOIN shifts USING (indicator)
    """


def _standing(round_: Round) -> str:
    """How rows of `regional` are combined of return, source, level and status: each combination once."""
    levels = ", level, level_status, obs_status" if round_.instrument.level_scale is not None else ""
    return f"""
    SELECT response, any_value(submission) AS submission{levels}, count(*) AS {TIMES}
    FROM restricted.regional GROUP BY response, submission IS NULL{levels} ORDER BY ALL
    """


_OUTCOMES = tuple(map(str, Outcome))
_COUNTED = ", ".join(f"count(*) FILTER (outcome = '{name}') AS {name}" for name in _OUTCOMES)
_FILLED = ", ".join(f"coalesce(counted.{name}, 0) AS {name}" for name in _OUTCOMES)
_TOTAL = " + ".join(f"coalesce(counted.{name}, 0)" for name in _OUTCOMES)
_RECONCILIATION = f"""
SELECT file, submission, respondent, coalesce(read, 0) AS read, {_FILLED},
    coalesce(read, 0) - ({_TOTAL}) AS {UNACCOUNTED}
FROM restricted.reconciliation FULL JOIN (
    SELECT submission, {_COUNTED} FROM restricted.answers
    WHERE status NOT IN {_EMPTY} AND parsed_by NOT IN {WORKED_OUT} GROUP BY submission
) AS counted USING (submission) ORDER BY file, submission
"""
"""Each return with the answers counted while it was read, and those the table has of it; what is computed is none."""


def _values(round_: Round, editions: Editions) -> pd.DataFrame:
    """Of each column with a domain the codes that occur, or the lowest and the highest number, in both editions."""
    seen: dict[str, set[Any]] = {name: set() for name, _, _ in watched(round_.instrument)}
    looks: dict[str, dict[str, str]] = {}
    for name, table, column in watched(round_.instrument):
        look = "[min({0}), max({0})]" if column.codelist is None else "list(DISTINCT {0})"
        for access in Access:
            if column.name in editions.found[access].get(table.name, ()):
                place = f"{access}.{quoted(table.name)}"
                looks.setdefault(place, {})[name] = look.format(quoted(column.name))
    for place, asked in looks.items():
        found = editions.row(f"SELECT {', '.join(asked.values())} FROM {place}")
        for name, values in zip(asked, found, strict=True):
            seen[name].update(value for value in values or () if value is not None)
    return pd.DataFrame({name: _sorted(values) for name, values in seen.items()})


def _sorted(values: set[Any]) -> "pd.Series[Any]":
    """Codes as they are, numbers as such."""
    numbers = not any(isinstance(value, str) for value in values)
    return pd.Series(sorted(values), dtype="float64" if numbers else "object")
