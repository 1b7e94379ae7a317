"""Reads choices and marks: which code of a list a text names."""

import re

from pipeline.reading.values.choice_texts import named
from pipeline.reading.values.parsed import Fault, Parsed, unreadable
from pipeline.reading.values.yes_texts import is_marked, is_yes
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import AnswerStatus, visible_text
from questionnaire.codelists import Code
from questionnaire.declaration.answer_types import Mark, SingleChoice, YesNo
from questionnaire.rules.rule import Severity

_DECIMAL = re.compile(r"\d{1,9}\.\d{1,9}")


def choice(scalar: SingleChoice | YesNo | Mark, answer: CellValue, raw: str) -> Parsed | None:
    """The code that an answer, or `raw` as it is seen, names; None where it names none."""
    alike = _alike_as_numbers(scalar, answer) if isinstance(answer, float) else ()
    if len(alike) > 1:
        return unreadable(raw, "contradictory", first=alike[0], second=alike[1])
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


def _alike_as_numbers(scalar: SingleChoice | YesNo | Mark, number: float) -> tuple[str, ...]:
    """The codes that are that number, as 1.1 and 1.10 are: a cell that took one for a number no longer says which."""
    codes = (code.code for code in scalar.codelist if _DECIMAL.fullmatch(code.code))
    return tuple(code for code in codes if float(code) == number)


def _chosen(scalar: SingleChoice | YesNo | Mark, code: Code, raw: str, rule: str, *faults: Fault) -> Parsed:
    if code.missing is not None:
        return Parsed(code.missing, raw, "declared:answer", faults=faults)
    if isinstance(scalar, Mark) and code.code != "Y":
        return Parsed(AnswerStatus.BLANK, raw, "mark:no", faults=faults)
    return Parsed(AnswerStatus.ANSWERED, raw, rule, code=code.code, faults=faults)


def _as_yes(raw: str, yes: bool) -> Fault:
    return Fault("read_as_yes" if yes else "read_as_no", Severity.INFO, {"typed": raw})
