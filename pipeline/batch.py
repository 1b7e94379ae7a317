"""Owns a batch of returns: each file read on its own, then one table for all of them, validated once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.findings import Finding
from pipeline.receive import ReceivedFile, file_finding
from pipeline.tidy import Submission, tidy
from pipeline.validate import validate
from questionnaire.layout import Layout
from questionnaire.rounds import Round
from schemas.answers_table import ANSWERS, answers_frame

Progress = Callable[[Iterable[ReceivedFile]], Iterable[ReceivedFile]]


@dataclass(frozen=True)
class Batch:
    """What was read: the submissions by SHA-256, the tidy table of all their answers, and every finding."""

    files: Sequence[ReceivedFile]
    submissions: Mapping[str, Submission]
    answers: pd.DataFrame
    findings: Sequence[Finding]


def read_batch(round_: Round, files: Sequence[ReceivedFile], progress: Progress = iter) -> Batch:
    """Read and validate the returns among some files; what is no return gives a finding and nothing else.

    A submission with a blocker is not validated: its answers are not in question, the whole of it is.
    """
    layout = Layout(round_.instrument)
    readable = [file for file in files if file.is_return]
    submissions = {file.sha256: tidy(file, file.path.read_bytes(), round_, layout) for file in progress(readable)}
    answers = _answers(submissions.values())
    usable = [sha256 for sha256, submission in submissions.items() if not submission.blocker]
    return Batch(
        files,
        submissions,
        answers,
        [
            *(found for file in files if (found := file_finding(file)) is not None),
            *(found for submission in submissions.values() for found in submission.findings),
            *_rule_findings(answers[answers["submission"].isin(usable)], round_),
        ],
    )


def _answers(submissions: Iterable[Submission]) -> pd.DataFrame:
    columns: dict[str, list[object]] = {name: [] for name in ANSWERS.names}
    for submission in submissions:
        for name, values in columns.items():
            values.extend(submission.rows[name])
    return answers_frame(columns)


def _rule_findings(answers: pd.DataFrame, round_: Round) -> list[Finding]:
    return [] if answers.empty else validate(answers, round_.instrument, round_.period.parameters)
