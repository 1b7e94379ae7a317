"""Declares what follows from units that the respondent chooses: what their list says, and what they convert to.

A code list of units may say of each code its `factor`: how many of the unit with the factor 1 one of it is. A number in
such units is followed by a computed question, the same number in that unit; a code without a factor is not converted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import (
    AnswerType,
    ComputedNumber,
    InUnits,
    Money,
    Number,
    SingleChoice,
    WholeNumber,
    decimals_of,
    parts,
)
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.units import UnitOfMeasure
from questionnaire.messages import in_language, wording
from questionnaire.rules.conditions import Always, Arithmetic, Condition, Ref, Rounded, Value, computed_from
from questionnaire.tables import Row, Settings

_DECIMALS = 2
"""Those of a whole number in another unit, where not all factors are whole."""


def in_units(row: Row, answer_type: AnswerType, codelists: Mapping[str, Codelist]) -> AnswerType:
    """The type of a line of questions.csv, which may name a list of units; a fault where one cannot be chosen from."""
    named = row.get("units")
    if named:
        if named not in codelists:
            raise row.fault("units", f"“{named}” is not a code list", "Correct the name, or add it to codelists.csv")
        if not isinstance(answer_type, WholeNumber | Number):
            what = f"a question of type {row['type']} has no unit to choose"
            raise row.fault("units", what, "Leave it empty: it is for number, whole_number")
        given = (column for column, text in row.cells.items() if text)
        if column := next((column for column in given if column.startswith(_FIXED)), ""):
            raise row.fault(column, "the respondent chooses the unit", "Leave it empty, or the column units")
        answer_type = InUnits(answer_type, codelists[named])
    if isinstance(answer_type, InUnits) and (fault := _fault(answer_type.units)):
        what = f"in the code list {answer_type.units.name}, {fault}"
        raise row.fault("units" if named else "codelist", what, "Correct it in codelists.csv, or name another list")
    return answer_type


_FIXED = "unit_"
"""How the columns begin that say what the unit is: its words, its code, its power of ten."""


def unit_question(asked: Wording, code: str, units: Codelist, required_when: Condition | None) -> Question:
    """The question in which the unit of other numbers is chosen; `asked` is what these are called."""
    said = wording("workbook", "unit_of")
    label = {language: in_language(said, language).format(asked=text) for language, text in asked.items()}
    return Question(code, SingleChoice(units), label, {}, Always(), required_when, reason_beside=False)


def units_of(entry: Settings, codelists: Mapping[str, Codelist], otherwise: Sequence[Settings]) -> Codelist | None:
    """The list of units that an entry of lists.toml or tables.toml names, None without one.

    A fault where none can be chosen from it, and where one of the entries `otherwise` says what the unit is.
    """
    if "units" not in entry.values:
        return None
    named = entry.text("units")
    if named not in codelists:
        raise entry.fault("units", f"“{named}” is not a code list", "Correct the name, or add it to codelists.csv")
    if fault := _fault(codelists[named]):
        what = f"in the code list {named}, {fault}"
        raise entry.fault("units", what, "Correct it in codelists.csv, or name another list")
    for other in otherwise:
        if key := next((key for key in ("unit", "unit_measure", "unit_mult") if key in other.values), ""):
            raise other.fault(key, "the respondent chooses the unit", "Remove it, or the key units")
    return codelists[named]


def _fault(units: Codelist) -> str | None:
    """What is wrong with a code list as one of units; None where nothing is."""
    if units.declares or units.is_scale:
        return "some codes are no units: they have a rank, or say why there is no value"
    factors = [code.factor for code in units.codes if code.factor is not None]
    if any(factor <= 0 for factor in factors):
        return "a factor is not above 0"
    if factors and factors.count(1) != 1:
        return "not just one code has the factor 1, that of the unit to which all are converted"
    return None


def is_count(answer_type: AnswerType) -> bool:
    """True for a number that may be in any unit, as a percentage or a year is not."""
    return isinstance(answer_type, WholeNumber | Number)


def unit_code(code: str) -> str:
    """The code of the question with the unit of a column of a list, or of a table."""
    return f"{code}_unit"


def converted_code(question: str) -> str:
    """The code of the question that has the number of another in the unit that all are converted to."""
    return f"{question}_converted"


def is_converted(answer_type: AnswerType | None) -> bool:
    """True for a number whose units have factors."""
    return isinstance(answer_type, InUnits) and answer_type.units.converted_to is not None


def with_converted(types: Mapping[str, AnswerType]) -> dict[str, AnswerType]:
    """The types by question, each number in convertible units followed by what it is converted to."""
    found: dict[str, AnswerType] = {}
    for code, answer_type in types.items():
        found[code] = answer_type
        if isinstance(answer_type, InUnits) and answer_type.units.converted_to:
            found[converted_code(code)] = _converted_type(answer_type)
    return found


def followed(questions: Iterable[str], types: Mapping[str, AnswerType]) -> tuple[str, ...]:
    """The questions of an indicator with those that their numbers are converted to."""
    both = ((code, converted_code(code)) if is_converted(types.get(code)) else (code,) for code in questions)
    return tuple(code for codes in both for code in codes)


def converted(question: Question) -> Question:
    """The computed question that has the number of this one in the unit that all are converted to."""
    asked = question.type
    assert isinstance(asked, InUnits), "only numbers in units are converted"
    answer_type, base = _converted_type(asked), asked.units.converted_to
    assert base is not None, "one of the units is what they are converted to"
    (suffix, _) = parts(asked)[1]
    product = Arithmetic("*", Value(Ref(question.code)), Value(Ref(f"{question.code}.{suffix}")))
    return replace(
        question,
        code=converted_code(question.code),
        type=answer_type,
        label=_label(question.label, base.label),
        help={},
        required_when=None,
        discloses="",
        sums=question.sums and isinstance(asked.number, WholeNumber | Money),
        formula=computed_from(Rounded(product, answer_type.decimals)),
        references=(),
        measured_in=UnitOfMeasure(base.code, 0, base.label),
        converted_from=question.code,
    )


def _converted_type(asked: InUnits) -> ComputedNumber:
    whole = all(float(code.factor or 1).is_integer() for code in asked.units.codes)
    return ComputedNumber(max(0 if whole else _DECIMALS, decimals_of(asked.number)))


def _label(asked: Wording, unit: Wording) -> Wording:
    """What the converted number is called: “How much was spent? – converted to: euros”."""
    said = wording("workbook", "converted_to")
    return {
        language: f"{text} – {in_language(said, language).format(unit=in_language(unit, language))}"
        for language, text in asked.items()
    }
