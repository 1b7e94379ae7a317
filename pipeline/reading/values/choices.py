"""Reads choices and marks: which code of a list a text names."""

from pipeline.reading.values.choice_texts import named
from pipeline.reading.values.parsed import Fault, Parsed, unreadable
from pipeline.reading.values.yes_texts import is_marked, is_yes
from questionnaire.blanks import AnswerStatus, visible_text
from questionnaire.codelists import Code
from questionnaire.declaration.answer_types import Mark, SingleChoice, YesNo
from questionnaire.rules.rule import Severity


def choice(scalar: SingleChoice | YesNo | Mark, raw: str) -> Parsed | None:
    """The code that a text names, None where it names none."""
    code = scalar.codelist.find(raw)
    if code is not None:
        rule = "choice:code" if visible_text(raw).upper() == code.code else "choice:label"
        return _chosen(scalar, code, raw, rule)
    yes = None if isinstance(scalar, SingleChoice) else is_marked(raw) if isinstance(scalar, Mark) else is_yes(raw)
    if yes is not None:
        return _chosen(scalar, scalar.codelist["Y" if yes else "N"], raw, "choice:wording", _as_yes(raw, yes))
    found = named(scalar.codelist, raw)
    if len(found.codes) > 1:
        first, second = found.codes
        return unreadable(raw, "contradictory", first=first.code, second=second.code)
    if found.code is None:
        return None
    if isinstance(scalar, SingleChoice):
        fault = Fault("read_as_choice", Severity.INFO, {"typed": raw, "code": found.code.code})
    else:
        fault = _as_yes(raw, found.code.code == "Y")
    return _chosen(scalar, found.code, raw, "choice:wording", fault)


def _chosen(scalar: SingleChoice | YesNo | Mark, code: Code, raw: str, rule: str, *faults: Fault) -> Parsed:
    if code.missing is not None:
        return Parsed(code.missing, raw, "declared:answer", faults=faults)
    if isinstance(scalar, Mark) and code.code != "Y":
        return Parsed(AnswerStatus.BLANK, raw, "mark:no", faults=faults)
    return Parsed(AnswerStatus.ANSWERED, raw, rule, code=code.code, faults=faults)


def _as_yes(raw: str, yes: bool) -> Fault:
    return Fault("read_as_yes" if yes else "read_as_no", Severity.INFO, {"typed": raw})
