"""Reads the formulas of computed questions, and refuses those that some indicator has no answers or no lines for."""

from collections.abc import Iterable, Mapping

from questionnaire.declaration.answer_types import AnswerType, Computed, Derived
from questionnaire.declaration.blocks import ListBlock, Question
from questionnaire.declaration.form import Indicator
from questionnaire.faults import Faults
from questionnaire.rules.conditions import Formula, lists_in, refs
from questionnaire.rules.formula_texts import FACTORS, RatioTexts, read_formula, read_ratio
from questionnaire.rules.names import ExpressionError, Names
from questionnaire.tables import DeclarationError, Row

_OF_TYPED_ANSWERS = ("codelist", "minimum", "maximum", "max_length", "required_when")
"""What is declared of answers that somebody gives, and means nothing of a computed one."""

_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "computed": ("formula",),
    "ratio": ("numerator", "denominator", "factor", "part_of_whole"),
}
"""The columns that say what an answer follows from, by its type."""

_NEEDED = {
    "formula": "lines(agreements, indicator == this)",
    "numerator": "convictions",
    "denominator": "prosecutions_ended",
}
"""Those that must be there, each with an example."""


def check_cells(row: Row, faults: Faults) -> None:
    """A fault for each formula that is missing, or that stands with an answer that somebody gives; or the reverse."""
    own = _OF_TYPE.get(row["type"], ())
    for column in (column for columns in _OF_TYPE.values() for column in columns):
        if row.get(column) and column not in own:
            what = f"a question of type {row['type']} is not computed from it"
            faults.add(row.fault(column, what, "Leave it empty"))
        if column in own and column in _NEEDED and not row.get(column):
            faults.add(row.fault(column, f"the {column} is missing", f"Write what it is, such as {_NEEDED[column]}"))
    for column in (column for column in _OF_TYPED_ANSWERS if own and row.get(column)):
        faults.add(row.fault(column, "a computed question is answered by nobody", "Leave it empty"))
    if row["type"] == "ratio":
        faults.attempt(_divided, row)


def _divided(row: Row) -> RatioTexts:
    factor = row.whole_number("factor") if row.get("factor") else 1
    if factor not in FACTORS:
        raise row.fault("factor", f"{factor} is no usual factor", f"Write one of {', '.join(map(str, FACTORS))}")
    if row.get("part_of_whole") not in ("", "yes"):
        raise row.fault("part_of_whole", f"“{row.get('part_of_whole')}” is not known", "Write yes, or nothing")
    return RatioTexts(row["numerator"], row["denominator"], factor, bool(row.get("part_of_whole")))


def read_cells(row: Row, answer_type: AnswerType, names: Names) -> Formula | None:
    """What the answer of a line of questions.csv follows from; None for one that somebody gives."""
    if not isinstance(answer_type, Derived):
        return None
    try:
        if row["type"] == "ratio":
            return read_ratio(_divided(row), names, answer_type.decimals)
        return read_formula(row["formula"], names, None if isinstance(answer_type, Computed) else answer_type.decimals)
    except ExpressionError as error:
        column = "formula" if row["type"] == "computed" else "denominator"
        raise row.fault(column, str(error), "Correct the formula") from None


def check_formulas(indicators: Iterable[Indicator], lists: Iterable[ListBlock]) -> None:
    """A fault unless every indicator is asked what its formulas look at, and has lines in the lists they count.

    So it must be asked the amount in whose currency another number is.

    Nothing may follow from itself, whatever stands between.
    """
    listed, known = {block.code: block for block in lists}, {item.code: item for item in indicators}
    computed: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for indicator in known.values():
        for question in indicator.questions:
            if question.unit_in and question.unit_in not in indicator.field_codes:
                what = f"{indicator.code} is not asked {question.unit_in.partition('.')[0]}"
                remedy = "Add the question to the indicator, or correct the column sums"
                raise DeclarationError(f"questions.csv, {question.code}", what, remedy)
            if question.formula is not None:
                computed[indicator.code, question.code] = _looked_at(indicator, question, known)
                _check_lists(indicator, question, listed)
    for key in computed:
        _check_end(key, computed)


def _looked_at(indicator: Indicator, question: Question, known: Mapping[str, Indicator]) -> list[tuple[str, str]]:
    """The answers that a computed one follows from, by indicator and question."""
    assert question.formula is not None, "a computed question has a formula"
    found = [(ref.indicator or indicator.code, ref.field) for ref in refs(question.formula.value)]
    for code, field in found:
        if field not in known[code].field_codes:
            remedy = "Add the question to the indicator, or correct the formula"
            raise DeclarationError(_where(question), f"{code} is not asked {field}", remedy)
    return found


def _check_lists(indicator: Indicator, question: Question, listed: Mapping[str, ListBlock]) -> None:
    assert question.formula is not None, "a computed question has a formula"
    for code in lists_in(question.formula.value):
        if indicator.code not in listed[code].indicators:
            what = f"no line of {code} can count for {indicator.code}, which is asked {question.code}"
            raise DeclarationError(_where(question), what, f"Ask it of {', '.join(listed[code].indicators)}")


def _check_end(key: tuple[str, str], computed: Mapping[tuple[str, str], list[tuple[str, str]]]) -> None:
    """A fault where what is computed leads back to itself."""
    ahead, seen = list(computed[key]), set[tuple[str, str]]()
    while ahead:
        at = ahead.pop()
        if at == key:
            what = f"in {key[0]}, {key[1]} follows from itself"
            raise DeclarationError("questions.csv, the formulas", what, "Take one of the formulas out of the circle")
        if at not in seen:
            seen.add(at)
            ahead += computed.get(at, [])


def _where(question: Question) -> str:
    return f"questions.csv, the formula of {question.code}"
