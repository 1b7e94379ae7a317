"""Reads back what a run published: the tables of `outputs/<round>/restricted`, for commands that report on them."""

from pathlib import Path

import pandas as pd

from pipeline.publication.manifest import MANIFEST
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round


class NotConsolidatedError(Exception):
    """The round has no published results yet."""


def read_results(round_: Round, name: str) -> pd.DataFrame:
    """A published table such as `answers`, `findings` or `returns`; NotConsolidatedError if there is none."""
    folder = round_.results(Access.RESTRICTED)
    if not (folder / MANIFEST).exists():
        raise NotConsolidatedError
    path: Path = folder / f"{name}.parquet"
    if not path.exists():
        raise NotConsolidatedError
    return pd.read_parquet(path)
