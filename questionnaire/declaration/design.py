"""Reads the response design of an instrument: its CSV tables of code lists, questions, indicator types and
indicators.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from questionnaire.blanks import DECLARED, AnswerStatus
from questionnaire.codelists import Code, Codelist, Wording
from questionnaire.declaration.answer_types import AnswerType
from questionnaire.declaration.blocks import Question
from questionnaire.declaration.chosen_units import converted, converted_code, is_converted
from questionnaire.declaration.form import IndicatorType
from questionnaire.declaration.indicator_codes import with_codes
from questionnaire.declaration.question_line import QuestionLine, official_wording
from questionnaire.declared_files import required_columns
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.rules.conditions import Always
from questionnaire.rules.names import Names
from questionnaire.tables import DeclarationError, Row, Spot, read_rows

_QUESTION = re.compile(r"[a-z][a-z0-9_]*")
_OPTION = re.compile(r"[A-Z0-9][A-Z0-9_]*")
_TYPES, _OLDER_TYPES = "indicator_types.csv", "kinds.csv"
_OLDER = {"kind": "indicator_type", "met_if_status_at_least": "met_from_level"}
"""What earlier instruments call these columns; they call the file of the indicator types kinds.csv."""
_NO_LEVEL = "Leave it empty, or name the question of the level in instrument.toml"


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
            if (code := self._code(row, codes)) is not None:
                codes[code.code] = code
            elif row["code"] not in codes:
                self.faults.lose(row["code"])
                self.faults.lose(row["codelist"])
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

    def _code(self, row: Row, before: Collection[str]) -> Code | None:
        """The code of a line; None where something of it is at fault, all of which is kept."""
        read, faults = self.faults.attempt, self.faults.count
        read(_own_option, row, before)
        missing = read(_missing, row)
        label = read(self._wording, row, "label")
        rank, factor = read(row.whole_number, "rank"), read(row.number, "factor")
        if self.faults.count > faults or label is None:
            return None
        definition = row.wording("definition", self.languages)
        return Code(row["code"], label, definition, rank, missing, tuple(self._typed(row)), factor)

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
        for line in self._lines():
            code = line.row["question"]
            is_sound = self.faults.attempt(_own_code, line.row, found)
            answer_type = line.answer_type(codelists)
            if is_sound and answer_type is not None:
                found[code] = line.row, answer_type
            elif code not in found:
                self.faults.lose(code)
        return found

    def asked(self, questions: Mapping[str, tuple[Row, AnswerType]], names: Names) -> dict[str, Question]:
        """The questions, once all names that their conditions and formulas may use are known.

        Of a line at fault there is what it leaves, its code and type, so that others that name it can be judged.
        """
        asked: dict[str, Question] = {}
        for line in self._lines():
            row, answer_type = questions.get(line.row["question"], (line.row, None))
            own_type = answer_type if row.line == line.row.line else None
            question = line.question(own_type, names)
            if own_type is None:
                continue
            code = row["question"]
            asked[code] = question or Question(code, own_type, {}, {}, Always(), None)
            if is_converted(own_type):
                if (also := converted_code(code)) in questions:
                    what = f"{also} is what {code} is converted to, and a question of its own"
                    self.faults.add(row.fault("question", what, "Give that question another code"))
                asked[also] = converted(asked[code])
        return asked

    def _lines(self) -> Iterator[QuestionLine]:
        for row in read_rows(self.folder / "questions.csv", required_columns("questions.csv", self.official)):
            yield QuestionLine(row, self.official, self.languages, self.faults)

    def _wording(self, row: Row, prefix: str) -> Wording:
        return official_wording(row, prefix, self.official, self.languages)

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


def _own_code(row: Row, before: Collection[str]) -> bool:
    """Whether a line has a code of its own; a fault where it has none."""
    code = row["question"]
    if not _QUESTION.fullmatch(code):
        raise row.fault("question", f"“{code}” is not a question code", "Use small letters, digits, underscores")
    if code in before:
        raise row.fault("question", f"“{code}” stands twice", "Give one of the two another code")
    return True


def _own_option(row: Row, before: Collection[str]) -> None:
    if not _OPTION.fullmatch(row["code"]):
        raise row.fault("code", f"“{row['code']}” is not a code", "Use capitals, digits and underscores")
    if row["code"] in before:
        what = f"“{row['code']}” stands twice in {row['codelist']}"
        raise row.fault("code", what, "Remove one of the two lines")


def _missing(row: Row) -> AnswerStatus | None:
    """Why there is no value where a code is chosen; None for a value."""
    missing = row["missing"]
    if missing and missing not in [str(status) for status in DECLARED]:
        raise row.fault("missing", f"“{missing}” is not known", f"Use one of {', '.join(DECLARED)}, or nothing")
    return AnswerStatus(missing) if missing else None
