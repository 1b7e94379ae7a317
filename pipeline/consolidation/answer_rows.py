"""Finds rows of the tidy table: those of a source, of an answer, and what some of them answer."""

from collections import defaultdict

import pandas as pd

from pipeline.reading.tidy import Columns
from questionnaire.blanks import EMPTY
from schemas.answers_table import answers_frame


def by_answer(answers: pd.DataFrame) -> dict[tuple[str, str, str], list[int]]:
    """The rows of each answer to an indicator, by submission, indicator and field."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    columns = (answers[name].astype("str") for name in ("submission", "block", "field"))
    for place, key in zip(answers.index, zip(*columns, strict=True), strict=True):
        found[key].append(place)
    return found


def with_decided(answers: pd.DataFrame, rows: Columns) -> pd.DataFrame:
    """The tidy table with the rows of decisions below."""
    answers = answers.reset_index(drop=True)
    if not rows["submission"]:
        return answers
    return pd.concat([answers, answers_frame(rows)], ignore_index=True).astype(answers.dtypes.map(_uncategorised))


def _uncategorised(dtype: object) -> object:
    return "category" if isinstance(dtype, pd.CategoricalDtype) else dtype


def places(answers: pd.DataFrame) -> dict[str, list[int]]:
    """Where the rows of each source stand."""
    return {str(name): list(rows) for name, rows in answers.groupby(answers["submission"].astype("str")).groups.items()}


def answered(rows: pd.DataFrame) -> set[tuple[str, str, str]]:
    """What some rows answer, lines of lists by their indicator."""
    given = rows[~rows["status"].astype("str").isin([str(status) for status in EMPTY])]
    in_list = given["block"].astype("str") != given["indicator"].astype("str")
    fields = given["field"].astype("str").where(~in_list, "")
    return set(zip(given["block"].astype("str"), given["indicator"].astype("str"), fields, strict=True))
