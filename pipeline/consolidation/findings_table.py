"""Words the findings: one row each, for the secretariat and, for its feedback, for the respondent."""

from collections.abc import Sequence

import pandas as pd

from pipeline.findings import Finding
from questionnaire.messages import finding_codes, finding_wording, in_language
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity

_FINDING_COLUMNS = (
    "severity", "code", "respondent", "indicator", "field", "file", "sheet", "cell", "value", "message", "remedy",
    "explanation", "reason", "language", "message_to_respondent", "remedy_to_respondent", "submission",
)  # fmt: skip


FINDINGS_IN_ORDER = (
    "file",
    f"list_position([{', '.join(repr(str(severity)) for severity in Severity)}], severity)",
    "sheet",
    "CAST(concat('0', regexp_replace(cell, '[^0-9]', '', 'g')) AS BIGINT)",
    "cell",
    "code",
)
"""The order of the findings of all groups, as SQL: that in which `findings_table` puts some of them."""


def findings_table(round_: Round, findings: Sequence[Finding]) -> pd.DataFrame:
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
