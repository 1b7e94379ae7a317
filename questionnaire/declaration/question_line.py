"""Reads a line of questions.csv: its answer type, then, once all names are known, the whole question.

Each cell is judged, whatever is wrong with another one of its line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import CURRENCY, AnswerType, Declared, Derived, InUnits, Limit, Money
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.chosen_units import in_units
from questionnaire.declaration.declared_types import (
    DERIVED,
    FRACTIONS,
    WITH_DECIMALS,
    DeclaredType,
    disclosure_fault,
)
from questionnaire.declaration.formulas import check_cells, read_cells
from questionnaire.declaration.references import items_of
from questionnaire.declaration.units import COUNTED, USUAL, UnitOfMeasure, unit_fault
from questionnaire.faults import Faults
from questionnaire.rules.comparable import read_comparable
from questionnaire.rules.conditions import Condition, references_in, refs
from questionnaire.rules.names import PARAMETERS, ExpressionError, Names
from questionnaire.tables import Row

_CHOSEN = ("single_choice", "multiple_choice", "amount")
"""The types that need a code list."""


@dataclass(frozen=True)
class QuestionLine:
    """One line of questions.csv; whatever is at fault in it is kept in `faults`."""

    row: Row
    official: str
    languages: tuple[str, ...]
    faults: Faults

    def answer_type(self, codelists: Mapping[str, Codelist]) -> AnswerType | None:
        """The answer type of the line; None where something of it is at fault."""
        row, read, before = self.row, self.faults.attempt, self.faults.count
        declared = read(_declared, row)
        codelist = read(_codelist, row, codelists)
        if declared is None:
            return None
        entry = DeclaredType(
            declared,
            codelists["yes_no"],
            codelist,
            read(_limit, row, "minimum", declared in FRACTIONS),
            read(_limit, row, "maximum", declared in FRACTIONS),
            read(_decimals, row),
            read(row.whole_number, "max_length"),
            read(_fixed, row) or False,
        )
        if self.faults.count == before and (fault := entry.fault()):
            self.faults.add(row.fault(*fault))
        check_cells(row, self.faults)
        return None if self.faults.count > before else read(in_units, row, entry.answer_type(), codelists)

    def question(self, answer_type: AnswerType | None, names: Names) -> Question | None:
        """The whole question; None where something of it is at fault. Of a type at fault, the rest is judged."""
        row, read, before = self.row, self.faults.attempt, self.faults.count
        gates = replace(names, lists={}, tables={}, references=frozenset())
        formula = read(read_cells, row, answer_type, names) if answer_type is not None else None
        relevant = read(_relevant, row, gates)
        due = read(_condition, row, "required_when", gates) if row["required_when"] else None
        shown = read(items_of, row, names.references) or ()
        is_known = row["type"] in get_args(Declared)
        measured_in = read(self._measured_in) if is_known else USUAL
        discloses = read(_discloses, row) if is_known else ""
        sums, unit_in = (read(_sums, row, names) if is_known else None) or (True, "")
        label = read(official_wording, row, "label", self.official, self.languages)
        if self.faults.count > before or answer_type is None or relevant is None or label is None:
            return None
        return Question(
            row["question"],
            answer_type,
            label,
            row.wording("help", self.languages),
            relevant,
            due,
            formula=formula,
            references=tuple(dict.fromkeys((*shown, *(references_in(formula.value) if formula is not None else ())))),
            measured_in=measured_in or USUAL,
            discloses=discloses or "",
            sums=sums,
            unit_in=unit_in,
        )

    def _measured_in(self) -> UnitOfMeasure:
        """The unit of a number, as a code, a power of ten and words."""
        row = self.row
        code, mult = row.get("unit_measure"), row.whole_number("unit_mult")
        if fault := unit_fault(row["type"], code, mult):
            raise row.fault(*fault)
        words = self._unit()
        if not words and row.get("factor") == "100":
            code, words = code or "PERCENT", dict.fromkeys(self.languages, "%")
        return UnitOfMeasure(code, mult or 0, words)

    def _unit(self) -> Wording:
        """What a number counts; an index may count nothing."""
        row, unit = self.row, self.row.wording("unit", self.languages)
        if unit and row["type"] not in COUNTED:
            what = f"a question of type {row['type']} has no unit"
            raise row.fault(f"unit_{next(iter(unit))}", what, f"Leave it empty: it is for {', '.join(sorted(COUNTED))}")
        return official_wording(row, "unit", self.official, self.languages) if unit else unit


def official_wording(row: Row, prefix: str, official: str, languages: tuple[str, ...]) -> Wording:
    """A text of a line, which must be there in the official language."""
    wording = row.wording(prefix, languages)
    if official not in wording:
        raise row.fault(f"{prefix}_{official}", "the text is missing", "Write it in the official language")
    return wording


def _declared(row: Row) -> Declared:
    known: tuple[Declared, ...] = get_args(Declared)
    for declared in known:
        if row["type"] == declared:
            return declared
    raise row.fault("type", f"“{row['type']}” is not an answer type", f"Use one of {', '.join(known)}")


def _codelist(row: Row, codelists: Mapping[str, Codelist]) -> Codelist | None:
    listed = row["codelist"]
    if listed and listed not in codelists:
        raise row.fault("codelist", f"“{listed}” is not a code list", "Correct the name, or add it to codelists.csv")
    if row["type"] in _CHOSEN and not listed:
        raise row.fault("codelist", "the code list is missing", "Name the list the answer is chosen from")
    return codelists.get(listed)


def _fixed(row: Row) -> bool:
    """Whether the answer is the same in every round; only of a year it can be."""
    if row.get("fixed") not in ("", "yes"):
        raise row.fault("fixed", f"“{row.get('fixed')}” is not known", "Write yes, or nothing")
    if row.get("fixed") and row["type"] != "year":
        what = f"a question of type {row['type']} is not compared with the previous round in this way"
        raise row.fault("fixed", what, "Leave it empty: only years can be fixed")
    return bool(row.get("fixed"))


def _discloses(row: Row) -> str:
    """What the answer says of persons who could be recognised: a count of them, or nothing."""
    discloses = row.get("discloses")
    if fault := disclosure_fault(discloses, row["type"]):
        raise row.fault("discloses", *fault)
    return discloses


def _sums(row: Row, names: Names) -> tuple[bool, str]:
    """Whether the sum of the answer over respondents means something, as of a count or an amount it does.

    A number in the currency of an amount names that amount: the field with its currency is the second.
    """
    said = row.get("sums")
    amount = names.types.get(said)
    if isinstance(amount, InUnits) and isinstance(amount.number, Money) and row["type"] == "whole_number":
        return True, f"{said}.{CURRENCY}"
    if said not in ("", "no"):
        remedy = "Write no; or the amount in whose currency it is; or nothing: it is added up"
        raise row.fault("sums", f"“{said}” is not known", remedy)
    if said and row["type"] not in ("whole_number", "amount"):
        what = f"a question of type {row['type']} is never added up over respondents"
        raise row.fault("sums", what, "Leave it empty: only whole numbers and amounts are")
    return not said, ""


def _decimals(row: Row) -> int | None:
    """How many decimals the cells of a number show, None where it is not said."""
    decimals = row.whole_number("decimals")
    if decimals is not None and row["type"] not in WITH_DECIMALS:
        what = f"a question of type {row['type']} has no decimals to choose"
        raise row.fault("decimals", what, f"Leave it empty: they are for {', '.join(sorted(WITH_DECIMALS))}")
    return decimals


def _limit(row: Row, column: str, fraction: bool) -> Limit:
    text = row.get(column)
    return text if text in PARAMETERS else row.number(column) if fraction else row.whole_number(column)


def _relevant(row: Row, names: Names) -> Condition:
    """When a question is asked; of computed ones, that cannot hang on one another."""
    condition = _condition(row, "relevant_when", names)
    hanging = (ref for ref in refs(condition) if isinstance(names.types.get(ref.field), Derived))
    if row["type"] in DERIVED and (ref := next(hanging, None)):
        what = f"whether something is computed cannot depend on {ref}, which is computed itself"
        raise row.fault("relevant_when", what, "Use an answer that somebody gives, such as the level")
    return condition


def _condition(row: Row, column: str, names: Names) -> Condition:
    try:
        condition = read_comparable(row[column], names)
    except ExpressionError as error:
        raise row.fault(column, str(error), "Correct the expression") from None
    if previous := next((ref for ref in refs(condition) if ref.previous), None):
        what = f"whether something is asked cannot depend on the previous round, as {previous} would have it"
        raise row.fault(column, what, "Use an answer of this round; only rules look back")
    return condition
