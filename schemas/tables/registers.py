"""Declares the tables about the returns themselves, which are for the secretariat alone."""

from collections.abc import Iterator

from questionnaire.layout import COVER_ENTRIES
from questionnaire.rounds.access import Access
from questionnaire.rounds.standings import Outcome
from questionnaire.rules.rule import Severity
from schemas.tables.dataset import CONTACT, TEXT, TRACE
from schemas.tables.table import Column, Table, title, worded


def register_tables() -> Iterator[Table]:
    """Returns, findings, damage, reconciliation, decisions, conflicts and parts."""
    for name, key, columns in (
        ("returns", ("file",), _RETURNS),
        ("findings", (), _FINDINGS),
        ("damage", ("file", "kind"), _DAMAGE),
        ("reconciliation", ("submission",), _RECONCILIATION),
        ("decisions", ("number",), _DECISIONS),
        ("conflicts", ("respondent", "question", "submission"), _CONFLICTS),
        ("parts", ("respondent", "slice"), _PARTS),
    ):
        yield Table(name, title(name), columns, key, Access.RESTRICTED)


_RETURNS: tuple[Column, ...] = (
    worded("file", sensitivity=TRACE),
    worded("sha256", sensitivity=TRACE),
    worded("bytes", "int64"),
    worded("format"),
    worded("container", sensitivity=TRACE),
    worded("sender", sensitivity=CONTACT),
    worded("mail_date"),
    worded("subject", sensitivity=TEXT),
    worded("saved"),
    worded("program"),
    worded("respondent"),
    worded("round", key="return_round"),
    worded("edition"),
    worded("language"),
    worded("slice"),
    *(worded(name, sensitivity=CONTACT) for name in COVER_ENTRIES if name != "texts_cleared"),
    worded("texts_cleared", key="texts_cleared_as_entered"),
    worded("verdict"),
    worded("reason", sensitivity=TRACE, key="verdict_reason"),
    worded("superseded_by", sensitivity=TRACE),
    worded("answers", "int64"),
    worded("indicators_answered", "int64"),
    *(worded(f"{severity}s", "int64") for severity in Severity),
)

_FINDINGS: tuple[Column, ...] = (
    worded("severity"),
    worded("code", key="finding_code"),
    *map(worded, ("respondent", "indicator", "field")),
    *(worded(name, sensitivity=TRACE) for name in ("file", "sheet", "cell")),
    *(worded(name, sensitivity=TEXT) for name in ("value", "message", "remedy", "explanation")),
    worded("reason", key="rule_reason"),
    worded("language"),
    *(worded(name, sensitivity=TEXT) for name in ("message_to_respondent", "remedy_to_respondent")),
    worded("submission", sensitivity=TRACE),
)

_DAMAGE: tuple[Column, ...] = (
    worded("file", sensitivity=TRACE),
    worded("respondent"),
    worded("kind"),
    worded("severity"),
    worded("count", "int64", key="damage_count"),
    worded("sheet", sensitivity=TRACE),
    worded("cell", sensitivity=TRACE),
    worded("text", sensitivity=TEXT, key="damage_text"),
    worded("meaning"),
    worded("submission", sensitivity=TRACE),
)

_RECONCILIATION: tuple[Column, ...] = (
    worded("file", sensitivity=TRACE),
    worded("submission", sensitivity=TRACE),
    worded("respondent"),
    worded("cells", "int64"),
    worded("read", "int64"),
    *(worded(str(outcome), "int64", key=f"answers_{outcome}") for outcome in Outcome),
    worded("balanced", "bool"),
)

_DECISIONS: tuple[Column, ...] = (
    worded("number", "int64", key="decision_number"),
    worded("kind", key="decision_kind"),
    worded("respondent"),
    worded("question", key="decision_question"),
    worded("value", sensitivity=TEXT, key="decision_value"),
    worded("file", sensitivity=TRACE),
    worded("sha256", sensitivity=TRACE),
    worded("decided_by", sensitivity=CONTACT),
    worded("stated_by", sensitivity=CONTACT),
    worded("decided_at"),
    worded("why", sensitivity=TEXT),
    worded("takes_back", "bool"),
    worded("in_force", "bool"),
)

_CONFLICTS: tuple[Column, ...] = (
    worded("respondent"),
    worded("question", key="decision_question"),
    worded("indicator_text"),
    worded("question_text"),
    worded("answer", sensitivity=TEXT, key="answer_as_typed"),
    *(worded(name, sensitivity=TRACE) for name in ("file", "sheet", "cell")),
    worded("slice"),
    *(worded(name, sensitivity=CONTACT) for name in ("signed_off_by", "signed_off_on")),
    worded("saved"),
    worded("command", sensitivity=TRACE, key="resolve_command"),
    worded("submission", sensitivity=TRACE),
)

_PARTS: tuple[Column, ...] = (
    worded("respondent"),
    worded("slice"),
    worded("slice_title"),
    worded("part_verdict"),
    worded("indicators", "int64", key="part_indicators"),
    worded("indicators_answered", "int64", key="part_answered"),
    worded("missing", key="part_missing"),
    worded("file", sensitivity=TRACE),
)
