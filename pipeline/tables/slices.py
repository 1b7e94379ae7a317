"""Divides the respondents into slices that a query takes one after the other: what it keeps then fits into memory.

A query of all of them keeps more with each respondent, and would end in an error, however much a machine has.
"""

from collections.abc import Iterator

from questionnaire.rounds.round import Round

_CELLS_AT_A_TIME = 2_000_000
"""Cells that are kept until the last of a slice is known: DuckDB takes about 30 bytes for each, and their texts."""


def slices(count: int, cells: int) -> Iterator[tuple[int, int]]:
    """The first and the last of so many respondents at a time as have few enough cells; one slice at least."""
    step = max(1, _CELLS_AT_A_TIME // max(1, cells))
    yield from ((first, min(first + step, count) - 1) for first in range(0, max(1, count), step))


def of_frame(round_: Round, cells: int) -> tuple[str, ...]:
    """The condition on `frame` of each slice, in its order; `cells` are those that a respondent has."""
    return tuple(f"frame.place BETWEEN {first} AND {last}" for first, last in slices(len(round_.respondents), cells))


def answers_of(some: str) -> str:
    """The same as a condition on `published`."""
    return f"published.respondent IN (SELECT respondent FROM frame WHERE {some})"
