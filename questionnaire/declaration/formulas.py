"""Reads the formulas of computed questions, and refuses those that some indicator has no answers or no lines for."""

from collections.abc import Iterable

from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.form import Indicator
from questionnaire.rules.conditions import Formula, lists_in, refs
from questionnaire.rules.expressions import ExpressionError, Names, read_formula
from questionnaire.tables import DeclarationError, Row

_OF_TYPED_ANSWERS = ("codelist", "minimum", "maximum", "max_length", "required_when")
"""What is declared of answers that somebody gives, and means nothing of a computed one."""


def check_cell(row: Row) -> None:
    """A fault where a formula is missing, or stands with an answer that somebody gives, or the other way round."""
    if row["type"] != "computed":
        if row.get("formula"):
            raise row.fault("formula", f"a question of type {row['type']} is not computed", "Leave it empty")
        return
    if not row.get("formula"):
        remedy = "Write what it follows from, such as lines(agreements, indicator == this)"
        raise row.fault("formula", "the formula is missing", remedy)
    if column := next((column for column in _OF_TYPED_ANSWERS if row.get(column)), ""):
        raise row.fault(column, "a computed question is answered by nobody", "Leave it empty")


def read_cell(row: Row, names: Names) -> Formula:
    """The formula of a line of questions.csv."""
    try:
        return read_formula(row["formula"], names)
    except ExpressionError as error:
        raise row.fault("formula", str(error), "Correct the formula") from None


def check_formulas(indicators: Iterable[Indicator], lists: Iterable[ListBlock]) -> None:
    """A fault unless every indicator is asked what its formulas look at, and has lines in the lists they count."""
    listed = {block.code: block for block in lists}
    for indicator in indicators:
        for question in indicator.questions:
            if question.formula is None:
                continue
            where = f"questions.csv, the formula of {question.code}"
            looked_at = [ref.field for ref in refs(question.formula.value)]
            if lacking := [field for field in looked_at if field not in indicator.field_codes]:
                what = f"{indicator.code} is not asked {', '.join(lacking)}"
                raise DeclarationError(where, what, "Add the question to the indicator, or correct the formula")
            counted = lists_in(question.formula.value)
            without = (code for code in counted if indicator.code not in listed[code].indicators)
            if code := next(without, ""):
                what = f"no line of {code} can count for {indicator.code}, which is asked {question.code}"
                raise DeclarationError(where, what, f"Add {indicator.code} to the indicators of {code} in lists.toml")
