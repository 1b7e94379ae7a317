"""Makes the published tables of answers written in a test; the program makes them of returned workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipeline.consolidation.consolidate import Consolidation
from pipeline.tables.make import make_tables
from pipeline.validation.completeness import Coverage
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.evaluate import Answers, Responses
from schemas.tables.registers import register_tables
from tests.pipeline.consolidated import rows_of
from tests.schemas.tidy_rows import mini_round, tidy_frame, with_heads

Given = Mapping[str, Answers | Responses]
EMPTY = {table.name: pd.DataFrame(columns=list(table.names)) for table in register_tables()}


def round_of(instrument: Instrument, *codes: str, **changes: Any) -> Round:
    """A round in which these take part, and one more of the frame does not."""
    asked = [Respondent(code, {"en": f"State {code}"}, "en", True, "", ()) for code in codes]
    frame = (*asked, Respondent("ZZZ", {"en": "State ZZZ"}, "en", False, "It left.", ()))
    return replace(mini_round(), instrument=instrument, respondents=frame, **changes)


def made_of(
    round_: Round, published: Given, standings: Mapping[str, str], cleared: tuple[str, ...] = ()
) -> Consolidation:
    """What the consolidation of these returns leaves; `standings` are those of whom nothing is published.

    `cleared` are those who allow that their texts are published.
    """
    complete = {
        code.lower(): given if isinstance(given, Responses) else with_heads(round_.instrument, given)
        for code, given in published.items()
    }
    answers = tidy_frame(round_.instrument, complete).assign(
        outcome="published", value_source="return", suppressed=False, last_seen=None
    )
    given = {"file": [f"{code}.xlsx" for code in published], "sha256": [code.lower() for code in published]}
    returns = pd.DataFrame({name: given.get(name, [""] * len(published)) for name in EMPTY["returns"].columns})
    numbers = dict.fromkeys(("bytes", "answers", "indicators_answered", "blockers", "errors", "warnings", "infos"), 0)
    returns = returns.assign(respondent=list(published), verdict="accepted", signed_off_by="Ann", **numbers)
    returns["texts_cleared"] = ["Y" if code in cleared else "" for code in published]
    return Consolidation(
        returns=returns,
        answers=rows_of("answers", answers.assign(round=round_.name)),
        findings=rows_of("findings", EMPTY["findings"]),
        reconciliation=_reconciliation(answers),
        standings=dict.fromkeys(published, "accepted") | dict(standings),
        damage=rows_of("damage", EMPTY["damage"]),
        decisions=EMPTY["decisions"],
        parts=EMPTY["parts"],
        conflicts={round_.working_language: EMPTY["conflicts"]},
        coverage=Coverage(len(published), len(round_.participants), 0, 0),
        severities={},
    )


def _reconciliation(answers: pd.DataFrame) -> pd.DataFrame:
    """Each return with as many answers read as published."""
    given = answers[~answers["status"].isin(["blank", "skipped"])]
    rows = [
        {
            "file": f"{code}.xlsx",
            "submission": code,
            "respondent": code.upper(),
            "cells": 0,
            "read": int((given["submission"] == code).sum()),
            **dict.fromkeys(map(str, Outcome), 0),
            "published": int((given["submission"] == code).sum()),
            "balanced": True,
        }
        for code in dict.fromkeys(answers["submission"].astype(str))
    ]
    return pd.DataFrame(rows, columns=list(EMPTY["reconciliation"].columns))


class Made:
    """The tables of a round in a folder of a test."""

    def __init__(
        self, round_: Round, folder: Path, published: Given, cleared: tuple[str, ...] = (), **standings: str
    ) -> None:
        self.round = round_
        self.folders = {access: folder / access for access in Access}
        for access in Access:
            self.folders[access].mkdir()
        consolidation = made_of(round_, published, standings, cleared)
        self.tables = {table.name: table for table in make_tables(round_, consolidation, self.folders)}

    def public(self, name: str, column: str) -> list[Any]:
        """A column of a table as everybody may see it."""
        values: list[Any] = pq.read_table(self.folders[Access.PUBLIC] / f"{name}.parquet")[column].to_pylist()
        return values

    def rows(self, name: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
        """The rows of a table, some of their columns, where others have these values."""
        rows = pq.read_table(self.folders[Access.RESTRICTED] / f"{name}.parquet").to_pylist()
        chosen = [row for row in rows if all(row[column] == value for column, value in where.items())]
        return [tuple(row[column] for column in columns) for row in chosen]

    def row(self, name: str, *columns: str, **where: object) -> tuple[Any, ...]:
        """The one row of a table where columns have these values."""
        (found,) = self.rows(name, *columns, **where)
        return found
