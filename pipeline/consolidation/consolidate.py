"""Consolidates a round: makes the regional tables from its submissions and what was found in them.

It reads no files and writes none.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.consolidation.batch import Batch
from pipeline.consolidation.bilateral_consistency import bilateral_findings
from pipeline.consolidation.choosing import choice_findings
from pipeline.consolidation.completeness import ANSWERED, Coverage, coverage, indicators_answered
from pipeline.consolidation.damage_report import damage_table
from pipeline.consolidation.earlier_answers import EarlierAnswers
from pipeline.consolidation.personal_data import personal_data_findings
from pipeline.consolidation.verdicts import Judged, Judgement, judge
from pipeline.consolidation.versions import possible_times
from pipeline.findings import Finding
from pipeline.reading.tidy import Submission
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import NO_HISTORY, History
from questionnaire.blanks import AnswerStatus
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.declaration.form import INDICATORS
from questionnaire.messages import finding_codes, finding_wording
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import VERDICTS, Outcome, Verdict, standing
from questionnaire.rules.rule import Severity
from schemas.frame import wide_frames
from schemas.regional import regional_frame

# A blank or a question that did not arise is no answer; everything else that stands in a cell is.
_NO_ANSWER = (str(AnswerStatus.BLANK), str(AnswerStatus.SKIPPED))


@dataclass(frozen=True)
class Consolidation:
    """What the tables of a round are made of. `standings` says of each participant what its files are worth together.

    `regional` is the wide frame that the gate judges: a column for each question of any indicator. `counted` says which
    submission of a respondent and slice counts.
    """

    returns: pd.DataFrame
    answers: pd.DataFrame
    regional: pd.DataFrame
    findings: pd.DataFrame
    reconciliation: pd.DataFrame
    standings: Mapping[str, str]
    damage: pd.DataFrame
    coverage: Coverage
    counted: Mapping[tuple[str, str], str]


def consolidate(round_: Round, batch: Batch, history: History = NO_HISTORY) -> Consolidation:
    """Judge every submission, find the one that counts for each respondent, and build the regional tables."""
    files, submissions, findings = batch.files, batch.submissions, batch.findings
    judged, earlier = _judged(round_, batch, history), EarlierAnswers(batch.answers)
    judgements = judge(judged, findings, history, earlier.left_blank)
    outcomes = {sha256: outcome for sha256, found in judgements.items() if (outcome := VERDICTS[found.verdict].outcome)}
    answers = _with_outcome(batch.answers, outcomes)
    published = _published(answers)
    standings = _standings(round_, submissions, judgements)
    findings = [
        *findings,
        *bilateral_findings(round_, published, _respondents(submissions, outcomes)),
        *earlier.findings(judgements),
        *choice_findings(round_, judged, judgements, history),
        *personal_data_findings(published),
    ]
    regional = regional_frame(round_, wide_frames(published, round_.instrument)[INDICATORS], standings)
    reconciliation = _reconciliation(submissions, answers)
    returns = _register(files, submissions, judgements, findings, reconciliation)
    returns[ANSWERED] = returns["sha256"].map(indicators_answered(answers)).where(returns["answers"] > 0).fillna(0)
    returns[ANSWERED] = returns[ANSWERED].astype("int64")
    return Consolidation(
        returns=returns,
        answers=answers,
        regional=regional,
        findings=_findings_table(round_, findings),
        reconciliation=reconciliation,
        standings=standings,
        damage=damage_table(
            [(read.file, sha256, read.respondent, read.program) for sha256, read in submissions.items()],
            findings,
            round_.working_language,
        ),
        coverage=coverage(round_, returns),
        counted={
            (entry.respondent, entry.slice): entry.submission
            for entry in judged
            if judgements[entry.submission].verdict in (Verdict.ACCEPTED, Verdict.SLICE_WAITS)
        },
    )


def _judged(round_: Round, batch: Batch, history: History) -> list[Judged]:
    """The submissions with the times that tell how new each is: of a content that came several times, all mails."""
    mails: dict[str, set[str]] = defaultdict(set)
    for file in batch.files:
        if file.mail_date:
            mails[file.sha256].add(file.mail_date)
    judged = []
    for sha256, read in batch.submissions.items():
        times = possible_times(read.saved, mails[sha256], history.received.get(sha256, ""), round_)
        judged.append(Judged(sha256, read.file, read.respondent, times, _slice(read)))
    return judged


def _with_outcome(table: pd.DataFrame, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """A tidy table with what becomes of each row."""
    return table.assign(outcome=table["submission"].astype("str").map(outcomes).astype("str"))


def _published(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["outcome"] == Outcome.PUBLISHED]


def _respondents(submissions: Mapping[str, Submission], outcomes: Mapping[str, Outcome]) -> frozenset[str]:
    """The respondents of whom something is published."""
    return frozenset(
        submission.respondent for sha256, submission in submissions.items() if outcomes[sha256] is Outcome.PUBLISHED
    )


def _slice(submission: Submission) -> str:
    if submission.part:
        return submission.part.code
    return submission.identity.slice if submission.identity else ""


def _standings(
    round_: Round, submissions: Mapping[str, Submission], judgements: Mapping[str, Judgement]
) -> dict[str, str]:
    """What each participant's files are worth together."""
    verdicts: dict[str, list[str]] = defaultdict(list)
    for sha256, submission in submissions.items():
        verdicts[submission.respondent].append(str(judgements[sha256].verdict))
    return {respondent.code: standing(verdicts[respondent.code]) for respondent in round_.participants}


def _reconciliation(submissions: Mapping[str, Submission], answers: pd.DataFrame) -> pd.DataFrame:
    """One row per submission: answers read = the sum of their outcomes in the table.

    `read` was counted while reading, so that an answer which the table lost or doubled is noticed.
    """
    given = answers[~answers["status"].isin(_NO_ANSWER)]
    counted = Counter(zip(given["submission"].astype("str"), given["outcome"].astype("str"), strict=True))
    rows = []
    for sha256, submission in submissions.items():
        counts = {str(outcome): counted[sha256, str(outcome)] for outcome in Outcome}
        rows.append(
            {
                "file": submission.file,
                "submission": sha256,
                "respondent": submission.respondent,
                "cells": len(submission.rows["status"]),
                "read": submission.read,
                **counts,
                "balanced": submission.read == sum(counts.values()),
            }
        )
    columns = ["file", "submission", "respondent", "cells", "read", *map(str, Outcome), "balanced"]
    return pd.DataFrame(rows, columns=columns).sort_values("file", ignore_index=True)


def _register(
    files: Sequence[ReceivedFile],
    submissions: Mapping[str, Submission],
    judgements: Mapping[str, Judgement],
    findings: Sequence[Finding],
    reconciliation: pd.DataFrame,
) -> pd.DataFrame:
    """The register of returns: one row per file received, in the order of their names."""
    severities: Counter[tuple[str, str]] = Counter((finding.submission, finding.severity) for finding in findings)
    read = dict(zip(reconciliation["submission"], reconciliation["read"], strict=True))
    rows = []
    for file in files:
        submission = None if file.same_as else submissions.get(file.sha256)
        judgement = _judgement(file, judgements)
        identity = submission.identity if submission else None
        rows.append(
            {
                "file": file.name,
                "sha256": file.sha256,
                "bytes": file.size,
                "format": str(file.format),
                "container": file.container,
                "sender": file.sender,
                "mail_date": file.mail_date,
                "subject": file.subject,
                "saved": submission.saved if submission else "",
                "program": submission.program if submission else "",
                "respondent": submission.respondent if submission else "",
                "round": identity.round if identity else "",
                "edition": identity.edition if identity else "",
                "language": identity.language if identity else "",
                "slice": _slice(submission) if submission else "",
                **_cover(submission),
                "verdict": str(judgement.verdict),
                "reason": judgement.reason,
                "superseded_by": judgement.superseded_by,
                "answers": read.get(file.sha256, 0) if submission else 0,
                **{f"{severity}s": 0 if file.same_as else severities[file.sha256, severity] for severity in Severity},
            }
        )
    return pd.DataFrame(rows).sort_values("file", ignore_index=True)


def _cover(submission: Submission | None) -> dict[str, str]:
    entries = submission.cover.entries if submission and submission.cover else {}
    return {name: entries.get(name, "") for name in COVER_ENTRIES}


def _judgement(file: ReceivedFile, judgements: Mapping[str, Judgement]) -> Judgement:
    if file.same_as:
        return Judgement(Verdict.DUPLICATE, f"same content as {file.same_as}")
    if file.is_aside:
        return Judgement(Verdict.NOT_A_RETURN, file.refusal)
    if file.refusal:
        return Judgement(Verdict.NOT_USABLE, file.refusal)
    return judgements[file.sha256]


_FINDING_COLUMNS = (
    "severity", "code", "respondent", "indicator", "field", "file", "sheet", "cell", "value", "message", "remedy",
    "explanation", "reason", "language", "message_to_respondent", "remedy_to_respondent", "submission",
)  # fmt: skip


def _findings_table(round_: Round, findings: Sequence[Finding]) -> pd.DataFrame:
    """One row per finding, worded for the secretariat and, for its feedback, for the respondent."""
    reasons = {rule.code: rule.reason for rule in round_.instrument.rules}
    reasons |= {code: finding_wording(code).reason for code in finding_codes()}
    order = {severity: position for position, severity in enumerate(Severity)}
    rows = [
        {**_finding_row(round_, finding), "reason": reasons[finding.code]}
        for finding in sorted(
            findings, key=lambda entry: (entry.file, order[entry.severity], _place(entry), entry.code)
        )
    ]
    return pd.DataFrame(rows, columns=list(_FINDING_COLUMNS), dtype="str")


def _place(finding: Finding) -> tuple[str, int, str]:
    digits = "".join(character for character in finding.cell if character.isdigit())
    return finding.sheet, int(digits or 0), finding.cell


def _finding_row(round_: Round, finding: Finding) -> dict[str, str]:
    respondent = round_.respondent(finding.respondent)
    language = respondent.language if respondent else round_.working_language
    return {
        "severity": str(finding.severity),
        "code": finding.code,
        **{
            key: getattr(finding, key) for key in ("respondent", "indicator", "field", "file", "sheet", "cell", "value")
        },
        "message": finding.message_in(round_.working_language),
        "remedy": finding.remedy_in(round_.working_language),
        "explanation": finding.explanation,
        "language": language,
        "message_to_respondent": finding.message_in(language),
        "remedy_to_respondent": finding.remedy_in(language),
        "submission": finding.submission,
    }
