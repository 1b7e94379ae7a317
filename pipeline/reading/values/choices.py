"""Reads choices and marks: which code of a list a text names."""

from pipeline.reading.values.parsed import Fault, Parsed
from pipeline.reading.values.yes_texts import is_marked, is_yes
from questionnaire.blanks import AnswerStatus, visible_text
from questionnaire.declaration.answer_types import Mark, SingleChoice, YesNo
from questionnaire.rules.rule import Severity


def choice(scalar: SingleChoice | YesNo | Mark, raw: str) -> Parsed | None:
    """The code that a text names, None where it names none."""
    code = scalar.codelist.find(raw)
    if code is None:
        return None if isinstance(scalar, SingleChoice) else _yes_or_no(scalar, raw)
    if code.missing is not None:
        return Parsed(code.missing, raw, "declared:answer")
    if isinstance(scalar, Mark) and code.code != "Y":
        return Parsed(AnswerStatus.BLANK, raw, "mark:no")
    rule = "choice:code" if visible_text(raw).upper() == code.code else "choice:label"
    return Parsed(AnswerStatus.ANSWERED, raw, rule, code=code.code)


def _yes_or_no(scalar: YesNo | Mark, raw: str) -> Parsed | None:
    yes = is_marked(raw) if isinstance(scalar, Mark) else is_yes(raw)
    if yes is None:
        return None
    faults = (Fault("read_as_yes" if yes else "read_as_no", Severity.INFO, {"typed": raw}),)
    if isinstance(scalar, Mark) and not yes:
        return Parsed(AnswerStatus.BLANK, raw, "mark:no", faults=faults)
    return Parsed(AnswerStatus.ANSWERED, raw, "choice:wording", code="Y" if yes else "N", faults=faults)
