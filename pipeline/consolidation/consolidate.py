"""Consolidates a round: gathers the rows that its groups of respondents give, and adds what needs all of them.

It reads no returns.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.consolidation.bilateral_consistency import bilateral_findings
from pipeline.consolidation.decisions_table import decisions_table
from pipeline.consolidation.findings_table import FINDINGS_IN_ORDER, findings_table
from pipeline.consolidation.judge import CONFLICTS
from pipeline.consolidation.kept_groups import LARGE, Kept
from pipeline.consolidation.parts import parts_table
from pipeline.consolidation.rows import Rows, write_rows
from pipeline.findings import Finding
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import NO_HISTORY, History
from pipeline.validation.completeness import Coverage, coverage
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict, standing
from questionnaire.rules.rule import Severity

_FINDINGS_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Consolidation:
    """What the tables of a round are made of. `standings` says of each participant what its files are worth together.

    `parts` says which part of whose questionnaire is missing; `conflicts` has for each language the answers that
    contradict each other; `severities` counts the findings.
    """

    returns: pd.DataFrame
    answers: Rows
    findings: Rows
    reconciliation: pd.DataFrame
    standings: Mapping[str, str]
    damage: Rows
    decisions: pd.DataFrame
    parts: pd.DataFrame
    conflicts: Mapping[str, pd.DataFrame]
    coverage: Coverage
    severities: Mapping[str, int]


def consolidate(
    round_: Round, groups: Sequence[Kept], files: Sequence[ReceivedFile], folder: Path, history: History = NO_HISTORY
) -> Consolidation:
    """The tables of a round; `groups` are its respondents in the order of the frame, all its files among them.

    `folder` is where findings between respondents are written.
    """
    small = _gathered(groups)
    named = Rows(tuple(group.path("named") for group in groups))
    published = small["published"]
    answered = frozenset(zip(published["respondent"], published["block"], strict=True))
    between = bilateral_findings(round_, named, answered)
    tables = _worded(round_, between)
    asked = Counter[str]()
    paths: list[Path] = []
    for table in tables:
        asked.update(table["submission"])
        paths += write_rows(folder, [table], LARGE["findings"])
    returns = small["returns"].sort_values("file", ignore_index=True)
    more = returns["sha256"].map(asked).where(returns["verdict"] != Verdict.DUPLICATE).fillna(0)
    returns[f"{Severity.WARNING}s"] += more.astype("int64")
    findings = Rows((*(group.path("findings") for group in groups), *paths), FINDINGS_IN_ORDER)
    return Consolidation(
        returns=returns,
        answers=Rows(tuple(group.path("answers") for group in groups)),
        findings=findings,
        reconciliation=small["reconciliation"].sort_values(["file", "submission"], ignore_index=True),
        standings=_standings(round_, small["came"]),
        damage=Rows(tuple(group.path("damage") for group in groups), ("file",)),
        decisions=decisions_table(history.decisions, {file.sha256: file.name for file in files if not file.same_as}),
        parts=parts_table(round_, returns, small["answered"]),
        conflicts={
            name.removeprefix(f"{CONFLICTS}_"): table.sort_values("respondent", kind="stable", ignore_index=True)
            for name, table in small.items()
            if name.startswith(CONFLICTS)
        },
        coverage=coverage(round_, returns),
        severities=_severities(findings),
    )


def _gathered(groups: Sequence[Kept]) -> dict[str, pd.DataFrame]:
    """The small tables of all groups, each as one."""
    found: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for group in groups:
        for name, table in group.frames().items():
            if len(table) or not found[name]:
                found[name].append(table)
    return {
        name: pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
        for name, tables in found.items()
    }


def _worded(round_: Round, findings: Iterable[Finding]) -> Iterator[pd.DataFrame]:
    findings = iter(findings)
    while some := list(islice(findings, _FINDINGS_AT_A_TIME)):
        yield findings_table(round_, some)


def _standings(round_: Round, came: pd.DataFrame) -> dict[str, str]:
    """What each participant's files are worth together; of one whose parts have not all come, that it is in part."""
    verdicts: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, set[str]] = defaultdict(set)
    for code, verdict, part in zip(came["respondent"], came["verdict"], came["slice"], strict=True):
        verdicts[code].append(verdict)
        if isinstance(part, str):
            parts[code].add(part)
    return {
        entry.code: standing(verdicts[entry.code], in_part=bool(round_.missing_from(entry.code, parts[entry.code])))
        for entry in round_.participants
    }


def _severities(findings: Rows) -> Mapping[str, int]:
    counted = Counter[str]()
    for path in findings.files:
        counted.update(pq.read_table(path, columns=["severity"])["severity"].to_pylist())
    return counted
