"""Writes the table of decisions: every row of the register of decisions, and whether it is in force."""

from collections.abc import Mapping

import pandas as pd

from pipeline.receiving.decision import Decisions

COLUMNS = (
    "number", "kind", "respondent", "question", "value", "file", "sha256", "decided_by", "stated_by", "decided_at",
    "why", "takes_back", "in_force",
)  # fmt: skip


def decisions_table(decisions: Decisions, files: Mapping[str, str]) -> pd.DataFrame:
    """One row per decision, in the order of the register; `files` has the name of each content by SHA-256."""
    standing = {entry.number for entry in decisions.in_force}
    rows = [
        (
            entry.number, str(entry.kind), entry.respondent, entry.question, entry.value, files.get(entry.sha256, ""),
            entry.sha256, entry.who, entry.source, entry.at, entry.why, entry.undo, entry.number in standing,
        )
        for entry in decisions.rows
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
