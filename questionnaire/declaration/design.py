"""Reads the response design of an instrument: its CSV tables of code lists, questions, indicator types and
indicators.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.codelists import Code, Codelist, Wording
from questionnaire.declaration import answer_types as answers
from questionnaire.declaration.answer_types import AnswerType, Derived
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.chosen_units import in_units
from questionnaire.declaration.declared_types import (
    DERIVED,
    FRACTIONS,
    WITH_DECIMALS,
    DeclaredType,
    disclosure_fault,
)
from questionnaire.declaration.form import IndicatorType
from questionnaire.declaration.formulas import check_cell, read_cells
from questionnaire.declaration.indicator_codes import with_codes
from questionnaire.declaration.units import COUNTED, UnitOfMeasure, unit_fault
from questionnaire.declared_files import required_columns
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.rules.comparable import read_comparable
from questionnaire.rules.conditions import Always, Condition, references_in, refs
from questionnaire.rules.names import PARAMETERS, ExpressionError, Names
from questionnaire.tables import DeclarationError, Row, Spot, read_rows

_QUESTION = re.compile(r"[a-z][a-z0-9_]*")
_OPTION = re.compile(r"[A-Z0-9][A-Z0-9_]*")
_TYPES, _OLDER_TYPES = "indicator_types.csv", "kinds.csv"
_OLDER = {"kind": "indicator_type", "met_if_status_at_least": "met_from_level"}
"""What earlier instruments call these columns; they call the file of the indicator types kinds.csv."""
_NO_LEVEL = "Leave it empty, or name the question of the level in instrument.toml"
_CHOSEN = ("single_choice", "multiple_choice", "amount")
"""The types that need a code list."""


@dataclass(frozen=True)
class IndicatorDesign:
    """One line of indicators.csv: the type of the indicator and the codes of all its questions, in order."""

    row: Row
    indicator_type: str
    questions: tuple[str, ...]
    help: Wording


@dataclass(frozen=True)
class ResponseDesign:
    """The design tables of one folder; every text must stand in the official language at least."""

    folder: Path
    official: str
    languages: tuple[str, ...]
    faults: Faults = AT_ONCE

    def codelists(self) -> dict[str, Codelist]:
        """codelists.csv, by name."""
        path = self.folder / "codelists.csv"
        grouped: dict[str, dict[str, Code]] = {}
        last: dict[str, Row] = {}
        for row in read_rows(path, required_columns(path.name, self.official)):
            last[row["codelist"]] = row
            codes = grouped.setdefault(row["codelist"], {})
            with self.faults.kept(*(() if row["code"] in codes else (row["code"], row["codelist"]))):
                codes[row["code"]] = self._code(row, codes)
        for needed in ("missing", "yes_no"):
            if needed not in grouped:
                raise DeclarationError(
                    path.name, f"the code list {needed} is missing", "Copy it from another instrument"
                )
        self._check_known(grouped, last)
        lists = {name: Codelist(name, tuple(codes.values())) for name, codes in grouped.items()}
        for codelist in lists.values():
            for fault in codelist.faults():
                remedy = "Give every code texts of its own in every language"
                self.faults.add(_of_list(last[codelist.name], fault, remedy))
        return lists

    def _check_known(self, grouped: Mapping[str, Mapping[str, Code]], last: Mapping[str, Row]) -> None:
        """Keep the faults of the two lists that every instrument has, where they are not as everything relies on."""
        if set(grouped["yes_no"]) != {"Y", "N"}:
            what = f"its codes are not Y and N but {', '.join(grouped['yes_no']) or 'none'}"
            self.faults.add(_of_list(last["yes_no"], what, "Use just these two"))
        if silent := [code.code for code in grouped["missing"].values() if code.missing is None]:
            what = f"{', '.join(silent)} does not say why there is no value"
            remedy = f"Write one of {', '.join(DECLARED)} in the column missing"
            self.faults.add(_of_list(last["missing"], what, remedy))

    def _code(self, row: Row, before: Collection[str]) -> Code:
        if not _OPTION.fullmatch(row["code"]):
            raise row.fault("code", f"“{row['code']}” is not a code", "Use capitals, digits and underscores")
        if row["code"] in before:
            what = f"“{row['code']}” stands twice in {row['codelist']}"
            raise row.fault("code", what, "Remove one of the two lines")
        missing = row["missing"]
        if missing and missing not in [str(status) for status in DECLARED]:
            raise row.fault("missing", f"“{missing}” is not known", f"Use one of {', '.join(DECLARED)}, or nothing")
        return Code(
            row["code"],
            self._wording(row, "label"),
            row.wording("definition", self.languages),
            row.whole_number("rank"),
            AnswerStatus(missing) if missing else None,
            tuple(self._typed(row)),
            row.number("factor"),
        )

    def _typed(self, row: Row) -> Iterator[str]:
        """Other names of a code: its labels in languages that are not offered, and those of the column `also`."""
        offered = {f"label_{language}" for language in self.languages}
        labels = [text for column, text in row.cells.items() if column.startswith("label_") and column not in offered]
        for text in (*labels, *row.get("also").split(";")):
            if name := text.strip():
                yield name

    def questions(self, codelists: Mapping[str, Codelist]) -> dict[str, tuple[Row, AnswerType]]:
        """questions.csv: the line and the answer type of each question, by code; its conditions come later."""
        found: dict[str, tuple[Row, AnswerType]] = {}
        for row in read_rows(self.folder / "questions.csv", required_columns("questions.csv", self.official)):
            code = row["question"]
            with self.faults.kept("" if code in found else code):
                if not _QUESTION.fullmatch(code):
                    what = f"“{code}” is not a question code"
                    raise row.fault("question", what, "Use small letters, digits, underscores")
                if code in found:
                    raise row.fault("question", f"“{code}” stands twice", "Give one of the two another code")
                found[code] = (row, self._answer_type(row, codelists))
        return found

    def _answer_type(self, row: Row, codelists: Mapping[str, Codelist]) -> AnswerType:
        listed = row["codelist"]
        if listed and listed not in codelists:
            raise row.fault(
                "codelist", f"“{listed}” is not a code list", "Correct the name, or add it to codelists.csv"
            )
        declared = _declared(row)
        if declared in _CHOSEN and not listed:
            raise row.fault("codelist", "the code list is missing", "Name the list the answer is chosen from")
        entry = DeclaredType(
            declared,
            codelists["yes_no"],
            codelists.get(listed),
            _limit(row, "minimum", declared in FRACTIONS),
            _limit(row, "maximum", declared in FRACTIONS),
            _decimals(row),
            row.whole_number("max_length"),
            _fixed(row),
        )
        if fault := entry.fault():
            raise row.fault(*fault)
        check_cell(row)
        return in_units(row, entry.answer_type(), codelists)

    def _unit(self, row: Row) -> Wording:
        """What a number counts; an index may count nothing."""
        unit = row.wording("unit", self.languages)
        if unit and row["type"] not in COUNTED:
            what = f"a question of type {row['type']} has no unit"
            raise row.fault(f"unit_{next(iter(unit))}", what, f"Leave it empty: it is for {', '.join(sorted(COUNTED))}")
        return self._wording(row, "unit") if unit else unit

    def _measured_in(self, row: Row) -> UnitOfMeasure:
        """The unit of a number, as a code, a power of ten and words."""
        code, mult = row.get("unit_measure"), row.whole_number("unit_mult")
        if fault := unit_fault(row["type"], code, mult):
            raise row.fault(*fault)
        words = self._unit(row)
        if not words and row.get("factor") == "100":
            code, words = code or "PERCENT", dict.fromkeys(self.languages, "%")
        return UnitOfMeasure(code, mult or 0, words)

    def question(self, row: Row, answer_type: AnswerType, names: Names) -> Question:
        """The whole question of a line, once all names that its conditions and its formula may use are known."""
        gates = replace(names, lists={}, tables={}, references=frozenset())
        formula = read_cells(row, answer_type, names)
        relevant: Condition = Always()
        due: Condition | None = None
        with self.faults.kept():
            relevant = _relevant(row, gates)
        with self.faults.kept():
            due = _condition(row, "required_when", gates) if row["required_when"] else None
        shown = (*_references(row, names), *(references_in(formula.value) if formula is not None else ()))
        return Question(
            row["question"],
            answer_type,
            self._wording(row, "label"),
            row.wording("help", self.languages),
            relevant,
            due,
            formula=formula,
            references=tuple(dict.fromkeys(shown)),
            measured_in=self._measured_in(row),
            discloses=_discloses(row),
            sums=_sums(row),
        )

    def _wording(self, row: Row, prefix: str) -> Wording:
        wording = row.wording(prefix, self.languages)
        if self.official not in wording:
            raise row.fault(f"{prefix}_{self.official}", "the text is missing", "Write it in the official language")
        return wording

    def _type_rows(self) -> Iterator[Row]:
        path, older = self.folder / _TYPES, self.folder / _OLDER_TYPES
        if older.exists() and path.exists():
            raise DeclarationError(older.name, f"{path.name} is there too", "Keep one of the two files")
        columns = required_columns(_TYPES, self.official)
        return read_rows(older if older.exists() else path, columns, _OLDER)

    def indicator_types(self, levels: Sequence[Code] | None) -> dict[str, IndicatorType]:
        """indicator_types.csv, by code; `levels` are those that the texts of a line explain, lowest first.

        Where they are None, the level is at fault, and nothing can be said of such texts.
        """
        found: dict[str, IndicatorType] = {}
        for row in self._type_rows():
            code = row["indicator_type"]
            with self.faults.kept("" if code in found else code):
                if code in found:
                    raise row.fault("indicator_type", f"“{code}” stands twice", "Remove one of the two lines")
                found[code] = IndicatorType(code, self._wording(row, "label"), self._anchors(row, levels))
        return found

    def _anchors(self, row: Row, levels: Sequence[Code] | None) -> dict[str, tuple[str, ...]]:
        anchors: dict[str, tuple[str, ...]] = {}
        if levels is None:
            return anchors
        for language, text in row.wording("anchors", self.languages).items():
            meanings = tuple(meaning.strip() for meaning in text.split("|"))
            if not levels:
                raise row.fault(f"anchors_{language}", "the instrument has no level to explain", _NO_LEVEL)
            if len(meanings) != len(levels):
                what = f"there are {len(meanings)} levels"
                raise row.fault(f"anchors_{language}", what, f"Write {len(levels)}, separated by the sign |")
            anchors[language] = meanings
        return anchors

    def indicators(self, core: tuple[str, ...], questions: Collection[str]) -> dict[str, IndicatorDesign]:
        """indicators.csv: of what type each indicator is and what is asked about it, by code."""
        types: dict[str, tuple[str, ...]] = {}
        for row in self._type_rows():
            if row["indicator_type"] not in types:
                types[row["indicator_type"]] = self._known(
                    row, row["questions"].split(), questions, row["indicator_type"]
                )
        found: dict[str, IndicatorDesign] = {}
        rows = list(read_rows(self.folder / "indicators.csv", required_columns("indicators.csv"), _OLDER))
        for row in self._once(list(with_codes(rows, self.faults))):
            with self.faults.kept(row["indicator"]):
                found[row["indicator"]] = self._indicator(row, core, types, questions)
        return found

    def _once(self, rows: Sequence[Row]) -> list[Row]:
        """The first line of each indicator; the others are faults, whatever else is wrong with the first one."""
        found: dict[str, Row] = {}
        for row in rows:
            if found.setdefault(row["indicator"], row) is not row:
                self.faults.add(
                    row.fault("indicator", f"“{row['indicator']}” stands twice", "Remove one of the two lines")
                )
        return list(found.values())

    def _indicator(
        self, row: Row, core: Sequence[str], types: Mapping[str, Sequence[str]], questions: Collection[str]
    ) -> IndicatorDesign:
        code, type_ = row["indicator"], row["indicator_type"]
        if type_ not in types:
            what = f"“{type_}” is not an indicator type"
            self.faults.add(row.fault("indicator_type", what, f"Use one of {', '.join(types)}"), code)
        listed = row["questions"].split()
        dropped = [item[1:] for item in listed if item.startswith("-")]
        self._known(row, dropped, questions, code)
        own = self._known(row, [item for item in listed if not item.startswith("-")], questions, code)
        if self.faults.has_lost(type_):
            self.faults.lose(code)
        asked = tuple(item for item in dict.fromkeys((*core, *types.get(type_, ()), *own)) if item not in dropped)
        if not asked and type_ in types:
            raise row.fault("questions", f"{code} is asked nothing", "Name at least one question")
        return IndicatorDesign(row, type_, asked, row.wording("help", self.languages))

    def _known(self, row: Row, named: Collection[str], questions: Collection[str], asking: str) -> tuple[str, ...]:
        """The questions that a line names and that there are; a fault where one is not declared, and `asking` lost."""
        if unknown := self.faults.of_their_own([item for item in named if item not in questions]):
            what = f"the question {', '.join(unknown)} is not declared"
            self.faults.add(
                row.fault("questions", what, "Correct the name, or add the question to questions.csv"), asking
            )
        return tuple(item for item in named if item in questions)


def _of_list(row: Row, what: str, remedy: str) -> DeclarationError:
    """The fault of a whole code list, whose last line this is."""
    spot = Spot(row.path.name, row.line, "codelist")
    return DeclarationError(f"{row.path.name}, code list {row['codelist']}", what, remedy, spot)


def met_from(design: IndicatorDesign, level: str, levels: Sequence[Code] | None) -> int | None:
    """The rank of the level from which an indicator counts as met; None where its line gives none, or `levels` is."""
    row = design.row
    rank = row.whole_number("met_from_level")
    if levels is None:
        return None
    if rank is not None and not levels:
        raise row.fault("met_from_level", "the instrument has no level", _NO_LEVEL)
    if rank is not None and level not in design.questions:
        what = f"{row['indicator']} is not asked its level, the question {level}"
        raise row.fault("met_from_level", what, "Leave it empty, or add the question")
    if rank is not None and rank not in (ranks := [code.rank for code in levels]):
        raise row.fault("met_from_level", f"there is no level {rank}", f"Use one of {', '.join(map(str, ranks))}")
    return rank


def _declared(row: Row) -> answers.Declared:
    known: tuple[answers.Declared, ...] = get_args(answers.Declared)
    for declared in known:
        if row["type"] == declared:
            return declared
    raise row.fault("type", f"“{row['type']}” is not an answer type", f"Use one of {', '.join(known)}")


def _fixed(row: Row) -> bool:
    """Whether the answer is the same in every round; only of a year it can be."""
    if row.get("fixed") not in ("", "yes"):
        raise row.fault("fixed", f"“{row.get('fixed')}” is not known", "Write yes, or nothing")
    if row.get("fixed") and row["type"] != "year":
        what = f"a question of type {row['type']} is not compared with the previous round in this way"
        raise row.fault("fixed", what, "Leave it empty: only years can be fixed")
    return bool(row.get("fixed"))


def _relevant(row: Row, names: Names) -> Condition:
    """When a question is asked; of computed ones, that cannot hang on one another."""
    condition = _condition(row, "relevant_when", names)
    hanging = (ref for ref in refs(condition) if isinstance(names.types.get(ref.field), Derived))
    if row["type"] in DERIVED and (ref := next(hanging, None)):
        what = f"whether something is computed cannot depend on {ref}, which is computed itself"
        raise row.fault("relevant_when", what, "Use an answer that somebody gives, such as the level")
    return condition


def _references(row: Row, names: Names) -> Iterator[str]:
    """The items of the reference values that are shown beside a question."""
    for item in row.get("reference").split():
        if item not in names.references:
            known = ", ".join(sorted(names.references)) or "none"
            what = f"the instrument declares no reference value “{item}”; there is {known}"
            raise row.fault("reference", what, "Correct it, or declare it in instrument.toml, as a [[reference]]")
        yield item


def _discloses(row: Row) -> str:
    """What the answer says of persons who could be recognised: a count of them, or nothing."""
    discloses = row.get("discloses")
    if fault := disclosure_fault(discloses, row["type"]):
        raise row.fault("discloses", *fault)
    return discloses


def _sums(row: Row) -> bool:
    """Whether the sum of the answer over respondents means something, as of a count or an amount it does."""
    if row.get("sums") not in ("", "no"):
        raise row.fault("sums", f"“{row.get('sums')}” is not known", "Write no, or nothing: it is added up")
    if row.get("sums") and row["type"] not in ("whole_number", "amount"):
        what = f"a question of type {row['type']} is never added up over respondents"
        raise row.fault("sums", what, "Leave it empty: only whole numbers and amounts are")
    return not row.get("sums")


def _decimals(row: Row) -> int | None:
    """How many decimals the cells of a number show, None where it is not said."""
    decimals = row.whole_number("decimals")
    if decimals is not None and row["type"] not in WITH_DECIMALS:
        what = f"a question of type {row['type']} has no decimals to choose"
        raise row.fault("decimals", what, f"Leave it empty: they are for {', '.join(sorted(WITH_DECIMALS))}")
    return decimals


def _limit(row: Row, column: str, fraction: bool) -> answers.Limit:
    text = row.get(column)
    return text if text in PARAMETERS else row.number(column) if fraction else row.whole_number(column)


def _condition(row: Row, column: str, names: Names) -> Condition:
    try:
        condition = read_comparable(row[column], names)
    except ExpressionError as error:
        raise row.fault(column, str(error), "Correct the expression") from None
    if previous := next((ref for ref in refs(condition) if ref.previous), None):
        what = f"whether something is asked cannot depend on the previous round, as {previous} would have it"
        raise row.fault(column, what, "Use an answer of this round; only rules look back")
    return condition
