"""Judges the files of some respondents: merges those of each into one submission, and makes their rows of all tables.

What it makes of a respondent depends on no other one, nor on who is judged with it. It reads no files and writes none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.consolidation.bilateral_consistency import named_partners, published_in_lists
from pipeline.consolidation.choosing import choice_findings, edited_findings, outranked_findings
from pipeline.consolidation.conflicts import conflict_findings, conflicts_table
from pipeline.consolidation.damage_report import damage_table
from pipeline.consolidation.findings_table import findings_table
from pipeline.consolidation.parts import answered_blocks
from pipeline.findings import Finding, many_alike
from pipeline.merging.settle import settle
from pipeline.merging.verdicts import Judged, Judgement
from pipeline.merging.versions import possible_times
from pipeline.reading.attribution.file_names import only_named_in
from pipeline.reading.computed import WORKED_OUT
from pipeline.reading.submission import Submission
from pipeline.receiving.decision import Decision
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import REGISTER, History
from pipeline.validation.batch import Batch
from pipeline.validation.completeness import ANSWERED, indicators_answered
from pipeline.validation.personal_data import personal_data_findings
from questionnaire.blanks import AnswerStatus
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import CAME, Outcome, Verdict
from questionnaire.rules.rule import Severity
from schemas.answers_table import rows_in
from schemas.tables.dataset import answers_table
from schemas.tables.registers import register_tables

# A blank or a question that did not arise is no answer; everything else that stands in a cell is.
_NO_ANSWER = (str(AnswerStatus.BLANK), str(AnswerStatus.SKIPPED))

_RETURNS = [name for table in register_tables() if table.name == "returns" for name in table.names if name != ANSWERED]

CONFLICTS = "conflicts"
"""How the tables of answers that contradict each other are named: the language follows."""


def judge(round_: Round, batch: Batch, history: History, there: frozenset[str]) -> dict[str, pd.DataFrame]:
    """The rows that a batch gives to the tables of the round, by name; `there` are the contents of the whole round.

    `named` has whom its respondents name in lists, `came` the verdicts on each one's files, `answered` the blocks that
    each of whom parts are asked has answered, `published` on which indicators of lists that are compared between
    partners anything of each is published.
    """
    submissions, judged = batch.submissions, _judged(round_, batch, history)
    made = settle(round_, batch, judged, history)
    judgements, answers = made.judgements, made.answers
    published = answers[answers["outcome"] == Outcome.PUBLISHED]
    findings = [
        *(found for found in made.findings if not found.repeats),
        *conflict_findings(round_, made.merged, answers),
        *choice_findings(round_, judged, judgements, history),
        *outranked_findings(round_, made.merged, made.decided, answers),
        *edited_findings(round_, judged, history, there),
        *personal_data_findings(published),
    ]
    findings += many_alike(findings).values()
    reconciliation = _reconciliation(submissions, answers, made.decided)
    returns = _register(batch.files, submissions, judgements, findings, reconciliation)
    returns[ANSWERED] = (
        returns["sha256"].map(indicators_answered(answers, round_.instrument)).where(returns["answers"] > 0).fillna(0)
    )
    returns[ANSWERED] = returns[ANSWERED].astype("int64")
    programs = [(read.file, sha256, read.respondent, read.program) for sha256, read in submissions.items()]
    languages = {round_.working_language, *(respondent.language for respondent in round_.participants)}
    return {
        "answers": answers.assign(round=round_.name, suppressed=False, last_seen=None)[list(answers_table().names)],
        "findings": findings_table(round_, findings),
        "damage": damage_table(programs, findings, round_.working_language),
        "named": named_partners(round_, published),
        "returns": returns,
        "reconciliation": reconciliation,
        "came": pd.DataFrame(
            _came(round_, batch, judgements), columns=["respondent", "verdict", "slice", "submission"]
        ),
        "answered": answered_blocks(round_, returns, answers),
        "published": published_in_lists(round_, published),
        **{
            f"{CONFLICTS}_{language}": conflicts_table(round_, made.merged, answers, submissions, language)
            for language in sorted(languages)
        },
    }


def _came(
    round_: Round, batch: Batch, judgements: Mapping[str, Judgement]
) -> Iterator[tuple[str, str, str | None, str]]:
    """Of each file whom its verdict is about, and the part of the questionnaire that has come with it, if any.

    A file that is nobody's counts for whom alone its name names. It publishes nothing for it: but who has sent
    something that cannot be used has not sent nothing.
    """
    for file in batch.files:
        verdict, read = _judgement(file, judgements).verdict, batch.submissions.get(file.sha256)
        code = read.respondent if read else ""
        if not code and verdict in (Verdict.NOT_USABLE, Verdict.UNVERIFIED):
            code = only_named_in(file.name, round_.respondents)
        yield code, str(verdict), _slice(read) if read and verdict in CAME else None, file.sha256


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


def _reconciliation(
    submissions: Mapping[str, Submission], answers: pd.DataFrame, decided: Mapping[str, Decision]
) -> pd.DataFrame:
    """One row per submission, and per decision that is an answer: answers read = the sum of their outcomes.

    `read` was counted while reading, so that an answer which the table lost or doubled is noticed. What follows from
    other answers is none of these: another file or a decision may give it, change it or take it away.
    """
    is_given = ~answers["status"].isin(_NO_ANSWER) & ~answers["parsed_by"].isin(WORKED_OUT)
    given = answers.loc[is_given, ["submission", "outcome"]].astype(object)
    counted = Counter(zip(given["submission"], given["outcome"], strict=True))
    rows = []
    for source, file, respondent, cells, read in (
        *((sha256, one.file, one.respondent, rows_in(one.rows), one.read) for sha256, one in submissions.items()),
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
    own = answers[answers["submission"] == source]
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
    return pd.DataFrame(rows, columns=_RETURNS).sort_values("file", ignore_index=True)


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
