"""Consolidates a round: makes the regional tables from its submissions and what was found in them.

It reads no files and writes none.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.consolidation.batch import Batch
from pipeline.consolidation.bilateral_consistency import bilateral_findings
from pipeline.consolidation.choosing import choice_findings, edited_findings, outranked_findings
from pipeline.consolidation.completeness import ANSWERED, Coverage, coverage, indicators_answered
from pipeline.consolidation.conflicts import conflict_findings, conflicts_table
from pipeline.consolidation.damage_report import damage_table
from pipeline.consolidation.decisions_table import decisions_table
from pipeline.consolidation.parts import parts_table
from pipeline.consolidation.personal_data import personal_data_findings
from pipeline.consolidation.settle import settle
from pipeline.consolidation.verdicts import Judged, Judgement
from pipeline.consolidation.versions import possible_times
from pipeline.findings import Finding
from pipeline.reading.attribution.file_names import only_named_in
from pipeline.reading.tidy import Submission
from pipeline.receiving.decision import Decision
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import NO_HISTORY, REGISTER, History
from questionnaire.blanks import AnswerStatus
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.messages import finding_codes, finding_wording, in_language
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import CAME, Outcome, Verdict, standing
from questionnaire.rules.rule import Severity

# A blank or a question that did not arise is no answer; everything else that stands in a cell is.
_NO_ANSWER = (str(AnswerStatus.BLANK), str(AnswerStatus.SKIPPED))


@dataclass(frozen=True)
class Consolidation:
    """What the tables of a round are made of. `standings` says of each participant what its files are worth together.

    `parts` says which part of whose questionnaire is missing; `conflicts` has for each language the answers that
    contradict each other.
    """

    returns: pd.DataFrame
    answers: pd.DataFrame
    findings: pd.DataFrame
    reconciliation: pd.DataFrame
    standings: Mapping[str, str]
    damage: pd.DataFrame
    decisions: pd.DataFrame
    parts: pd.DataFrame
    conflicts: Mapping[str, pd.DataFrame]
    coverage: Coverage


def consolidate(round_: Round, batch: Batch, history: History = NO_HISTORY) -> Consolidation:
    """Judge every submission, merge those of each respondent into one, and build the regional tables."""
    files, submissions = batch.files, batch.submissions
    judged = _judged(round_, batch, history)
    made = settle(round_, batch, judged, history)
    judgements, answers = made.judgements, made.answers
    published = answers[answers["outcome"] == Outcome.PUBLISHED]
    standings = _standings(round_, files, submissions, judgements)
    findings = [
        *made.findings,
        *bilateral_findings(round_, published, frozenset(published["respondent"].astype("str"))),
        *conflict_findings(round_, made.merged, answers),
        *choice_findings(round_, judged, judgements, history),
        *outranked_findings(round_, made.merged, made.decided, answers),
        *edited_findings(round_, judged, history),
        *personal_data_findings(published),
    ]
    reconciliation = _reconciliation(submissions, answers, made.decided)
    returns = _register(files, submissions, judgements, findings, reconciliation)
    returns[ANSWERED] = returns["sha256"].map(indicators_answered(answers)).where(returns["answers"] > 0).fillna(0)
    returns[ANSWERED] = returns[ANSWERED].astype("int64")
    languages = {round_.working_language, *(respondent.language for respondent in round_.participants)}
    return Consolidation(
        returns=returns,
        answers=answers,
        findings=_findings_table(round_, findings),
        reconciliation=reconciliation,
        standings=standings,
        damage=damage_table(
            [(read.file, sha256, read.respondent, read.program) for sha256, read in submissions.items()],
            findings,
            round_.working_language,
        ),
        decisions=decisions_table(history.decisions, {file.sha256: file.name for file in files if not file.same_as}),
        parts=parts_table(round_, returns, answers),
        conflicts={
            language: conflicts_table(round_, made.merged, answers, submissions, language)
            for language in sorted(languages)
        },
        coverage=coverage(round_, returns),
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


def _slice(submission: Submission) -> str:
    if submission.part:
        return submission.part.code
    return submission.identity.slice if submission.identity else ""


def _standings(
    round_: Round,
    files: Sequence[ReceivedFile],
    submissions: Mapping[str, Submission],
    judgements: Mapping[str, Judgement],
) -> dict[str, str]:
    """What each participant's files are worth together; of one whose parts have not all come, that it is in part.

    A file that is nobody's counts for whom alone its name names. It publishes nothing for it: but who has sent
    something that cannot be used has not sent nothing.
    """
    verdicts: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, set[str]] = defaultdict(set)
    for file in files:
        verdict, read = _judgement(file, judgements).verdict, submissions.get(file.sha256)
        code = read.respondent if read else ""
        if not code and verdict in (Verdict.NOT_USABLE, Verdict.UNVERIFIED):
            code = only_named_in(file.name, round_.respondents)
        verdicts[code].append(str(verdict))
        if read and verdict in CAME:
            parts[code].add(_slice(read))
    return {
        entry.code: standing(verdicts[entry.code], in_part=bool(round_.missing_from(entry.code, parts[entry.code])))
        for entry in round_.participants
    }


def _reconciliation(
    submissions: Mapping[str, Submission], answers: pd.DataFrame, decided: Mapping[str, Decision]
) -> pd.DataFrame:
    """One row per submission, and per decision that is an answer: answers read = the sum of their outcomes.

    `read` was counted while reading, so that an answer which the table lost or doubled is noticed.
    """
    given = answers[~answers["status"].isin(_NO_ANSWER)]
    counted = Counter(zip(given["submission"].astype("str"), given["outcome"].astype("str"), strict=True))
    rows = []
    for source, file, respondent, cells, read in (
        *((sha256, one.file, one.respondent, len(one.rows["status"]), one.read) for sha256, one in submissions.items()),
        *((source, REGISTER, entry.respondent, *_said(answers, source)) for source, entry in decided.items()),
    ):
        counts = {str(outcome): counted[source, str(outcome)] for outcome in Outcome}
        rows.append(
            {
                "file": file,
                "submission": source,
                "respondent": respondent,
                "cells": cells,
                "read": read,
                **counts,
                "balanced": read == sum(counts.values()),
            }
        )
    columns = ["file", "submission", "respondent", "cells", "read", *map(str, Outcome), "balanced"]
    return pd.DataFrame(rows, columns=columns).sort_values(["file", "submission"], ignore_index=True)


def _said(answers: pd.DataFrame, source: str) -> tuple[int, int]:
    """Of a decision, how many cells it fills and in how many something stands."""
    own = answers[answers["submission"].astype("str") == source]
    return len(own), int((~own["status"].isin(_NO_ANSWER)).sum())


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
    language = round_.working_language
    order = {severity: position for position, severity in enumerate(Severity)}
    rows = [
        {**_finding_row(round_, finding), "reason": in_language(reasons[finding.code], language)}
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
