"""Owns the finding: what is noticed about a return, where it stands, and how it is said to a person."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.codelists import Wording
from questionnaire.messages import FindingTraits, filled, finding_traits, finding_wording, in_language
from questionnaire.rules.rule import Severity


@dataclass(frozen=True)
class Finding:
    """One thing noticed about a return.

    `submission` is the SHA-256 of the file; `cell` an address such as D12; `value` the text as typed.
    Message and remedy are texts in several languages whose {placeholders} `values` fill.
    """

    code: str
    severity: Severity
    message: Wording
    remedy: Wording
    submission: str = ""
    file: str = ""
    respondent: str = ""
    indicator: str = ""
    field: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    explanation: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def traits(self) -> FindingTraits:
        """What this sort of finding does to a return, whoever has it."""
        return finding_traits(self.code)

    def message_in(self, language: str) -> str:
        """What is wrong, in a language."""
        return filled(in_language(self.message, language), language, self.values)

    def remedy_in(self, language: str) -> str:
        """What to do, in a language."""
        return filled(in_language(self.remedy, language), language, self.values)


def finding(code: str, severity: Severity, values: Mapping[str, object] | None = None, **where: str) -> Finding:
    """A finding worded in `wordings/findings.toml`; `where` are the fields of Finding that say where it stands."""
    wording = finding_wording(code)
    return Finding(code, severity, wording.message, wording.remedy, values=values or {}, **where)
