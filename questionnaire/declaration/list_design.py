"""Reads the lists of an instrument from its lists.toml; an instrument without that file has none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from questionnaire.codelists import Code, Codelist, Wording
from questionnaire.declaration.answer_types import (
    AnswerType,
    Declared,
    Limit,
    Scalar,
    ScalarType,
    SingleChoice,
    WholeNumber,
    YesNo,
)
from questionnaire.declaration.blocks import BilateralConsistency, CountedQuestion, ListBlock, Question
from questionnaire.declaration.chosen_units import unit_code, unit_question, units_of
from questionnaire.declaration.declared_types import FRACTIONS, DeclaredType, disclosure_fault
from questionnaire.declaration.list_checks import (
    BILATERAL_KEYS,
    COUNT_KEYS,
    LIST_KEYS,
    OPTION_KEYS,
    OUTPUT_PREFIXES,
    OUTPUTS,
    RESERVED,
    TAKEN,
    TYPES,
    check_column_keys,
    check_companion,
    check_keys,
    check_labels,
)
from questionnaire.declaration.units import UnitOfMeasure, unit_fault
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.rules.conditions import Always, CodeIn, Compare, Condition, Constant, Ref, Value
from questionnaire.rules.names import PARAMETERS
from questionnaire.tables import Settings, read_settings

FILES = {"lists.toml": "list", "rosters.toml": "roster"}
"""The file of an instrument’s folder, and what a list is called in it; both had the second name before."""

CODE = re.compile(r"[a-z][a-z0-9_]*")
INDICATOR = "indicator"
_MOST_LINES = 500


def read_lists(
    folder: Path,
    official: str,
    codelists: Mapping[str, Codelist],
    indicators: Mapping[str, Mapping[str, AnswerType]],
    faults: Faults = AT_ONCE,
) -> tuple[ListBlock, ...]:
    """The lists of an instrument's folder; each fault names the key of whatever is malformed.

    `indicators` gives the questions that each indicator is asked, with their types.
    """
    reader = BlockReader(official, codelists, indicators)
    found: dict[str, tuple[Settings, ListBlock]] = {}
    for name, word in FILES.items():
        for entry in _entries(folder / name, word):
            code = str(entry.values.get("code", ""))
            with faults.kept("" if code in found else code):
                block = reader.block(entry)
                if block.code in found:
                    raise entry.fault("code", f"“{block.code}” stands twice", "Give every list a code of its own")
                found[block.code] = entry, block
    with faults.kept():
        check_labels([(entry, block.label) for entry, block in found.values()], "lists")
    return tuple(block for _, block in found.values())


def _entries(path: Path, word: str) -> tuple[Settings, ...]:
    """The lists of a file; none if it is not there."""
    if not path.exists():
        return ()
    settings = read_settings(path)
    for key in settings.values:
        if key != word:
            raise settings.fault(key, "there is no such key", f"Write [[{word}]] above each list, and nothing else")
    return settings.tables(word)


@dataclass(frozen=True)
class BlockReader:
    """Reads lists against the code lists and indicators they name."""

    official: str
    codelists: Mapping[str, Codelist]
    indicators: Mapping[str, Mapping[str, AnswerType]]

    def block(self, entry: Settings) -> ListBlock:
        code = code_of(entry, "code")
        if code in OUTPUTS or code.startswith(OUTPUT_PREFIXES):
            raise entry.fault("code", f"“{code}” is the name of another table", "Give the list another code")
        check_keys(entry, LIST_KEYS)
        lines = entry.typed("lines", int, "the number of lines, such as 40")
        if not 1 <= lines <= _MOST_LINES:
            raise entry.fault("lines", f"{lines} lines cannot be had", f"Write a number from 1 to {_MOST_LINES}")
        items = entry.tables("column")
        chosen = [item.text("column") for item in items if item.text("type") == INDICATOR]
        if len(chosen) != 1:
            what = f"{len(chosen)} columns are of the type {INDICATOR}"
            raise entry.fault("column", what, "Let exactly one say which indicator a line counts for")
        columns: dict[str, Question] = {}
        for item in items:
            column = self.column(code, item)
            if column.code in columns or column.code in TAKEN:
                raise item.fault("column", f"“{column.code}” is taken", "Give the column another name")
            if column.code in RESERVED:
                what = f"“{column.code}” means something else in a rule or in the dataset"
                raise item.fault("column", what, "Give the column another name")
            columns[column.code] = column
            if unit := self.unit(item, column):
                if unit.code in columns:
                    raise item.fault("units", f"“{unit.code}” is taken", "Give that column another name")
                columns[unit.code] = unit
        check_labels([(item, columns[item.text("column")].label) for item in items], "columns")
        for item in items:
            if companion := _companion(item):
                _check_code(item, "required_with", companion, columns)
        return ListBlock(
            code=code,
            questions=tuple(columns.values()),
            label=self.wording(entry, "label"),
            help=entry.wording("help"),
            most_lines=lines,
            indicator_field=chosen[0],
            counts=tuple(self._count(item, columns, columns[chosen[0]]) for item in entry.tables("count")),
            bilateral=self._bilateral(entry, columns),
        )

    def column(self, block: str, entry: Settings) -> Question:
        check_column_keys(entry)
        check_companion(entry)
        companion = _companion(entry)
        required: Condition | None = CodeIn(Ref(companion[0]), (companion[1],), ()) if companion else None
        if entry.typed("required", bool, "true or false", default=False):
            required = Always()
        scalar = self._type(block, entry)
        return Question(
            code=code_of(entry, "column"),
            type=scalar,
            label=self.wording(entry, "label"),
            help=entry.wording("help"),
            relevant_when=Always(),
            required_when=required,
            reason_beside=False,
            others_only=entry.typed("others_only", bool, "true or false", default=False),
            discloses=_discloses(entry),
            sums=entry.typed("sums", bool, "true or false", default=True),
            measured_in=self._measured_in(entry),
            unit_in=unit_code(entry.text("column")) if "units" in entry.values else "",
        )

    def unit(self, entry: Settings, column: Question) -> Question | None:
        """The column in which the unit of a number is chosen, where its list is named."""
        units = units_of(entry, self.codelists, (entry,))
        if units is None:
            return None
        due = Compare("!=", Value(Ref(column.code)), Constant(0))
        return unit_question(column.label, column.unit_in, units, due)

    def _measured_in(self, entry: Settings) -> UnitOfMeasure:
        code, mult = entry.text("unit_measure", ""), _whole(entry, "unit_mult", "a power of ten, such as 3")
        if fault := unit_fault(entry.text("type"), code, mult):
            raise entry.fault(*fault)
        return UnitOfMeasure(code, mult or 0, self.wording(entry, "unit") if "unit" in entry.values else {})

    def _type(self, block: str, entry: Settings) -> ScalarType:
        named = entry.text("type")
        if named == INDICATOR:
            return SingleChoice(self._indicators(f"{block}_indicators", entry))
        declared = next((known for known in get_args(Declared) if known == named and known in TYPES), None)
        if declared is None:
            raise entry.fault("type", f"“{named}” is not known here", f"Use one of {', '.join(TYPES)}")
        number = float if declared in FRACTIONS else int
        column = DeclaredType(
            declared,
            self.codelists["yes_no"],
            self._codelist(entry) if declared == "single_choice" else None,
            _limit(entry, "minimum", number),
            _limit(entry, "maximum", number),
            _whole(entry, "decimals", "how many decimals are shown"),
            _whole(entry, "max_length", "a number of characters"),
        )
        if fault := column.fault():
            raise entry.fault(*fault)
        found = column.answer_type()
        assert isinstance(found, Scalar), "a column is one cell"
        return found

    def _codelist(self, entry: Settings) -> Codelist:
        name = entry.text("codelist")
        if name not in self.codelists:
            raise entry.fault("codelist", f"“{name}” is not a code list", "Correct it, or add it to codelists.csv")
        return self.codelists[name]

    def _indicators(self, name: str, entry: Settings) -> Codelist:
        """The indicators that a line may count for, each with the words it is chosen by."""
        codes = []
        for item in entry.tables("option"):
            check_keys(item, OPTION_KEYS)
            code = item.text("code")
            if code not in self.indicators:
                raise item.fault("code", f"there is no indicator {code}", "Use a code of indicators.csv")
            codes.append(Code(code, self.wording(item, "label"), {}))
        codelist = Codelist(name, tuple(codes))
        if not codes:
            raise entry.fault("option", "no indicator is named", "Add one [[list.column.option]] for each")
        for fault in codelist.faults():
            raise entry.fault("option", fault, "Give every indicator texts of its own in every language")
        return codelist

    def _count(self, entry: Settings, columns: Mapping[str, Question], chosen: Question) -> CountedQuestion:
        check_keys(entry, COUNT_KEYS)
        count = CountedQuestion(entry.text("question"), entry.text("column", ""), entry.text("code", ""))
        assert isinstance(chosen.type, SingleChoice), "the column of the indicators is a choice"
        for code in chosen.type.codelist.value_codes:
            if not isinstance(self.indicators[code].get(count.question), WholeNumber):
                what = f"{code} is not asked for a whole number “{count.question}”"
                raise entry.fault("question", what, "Name a question that all indicators of the list are asked")
        if count.field:
            _check_code(entry, "code", (count.field, count.code), columns)
        return count

    def _bilateral(self, entry: Settings, columns: Mapping[str, Question]) -> BilateralConsistency | None:
        key = next((key for key in ("bilateral", "mirror") if key in entry.values), None)
        if key is None:
            return None
        table = entry.table(key)
        check_keys(table, BILATERAL_KEYS)
        found = BilateralConsistency(table.text("partner"), table.text("column"), table.text("code"))
        partner = columns.get(found.partner)
        if partner is None or not isinstance(partner.type, SingleChoice) or not partner.others_only:
            what = f"“{found.partner}” is not a column that names another respondent"
            raise table.fault("partner", what, "Name a single_choice with others_only = true")
        _check_code(table, "code", (found.field, found.code), columns)
        return found

    def wording(self, entry: Settings, key: str) -> Wording:
        wording = entry.wording(key)
        if self.official not in wording:
            raise entry.fault(f"{key}.{self.official}", "the text is missing", "Write it in the official language")
        return wording


def code_of(entry: Settings, key: str) -> str:
    """The name in small letters that a key gives; a fault for anything else."""
    code = entry.text(key)
    if not CODE.fullmatch(code):
        raise entry.fault(key, f"“{code}” is not a code", "Use small letters, digits and underscores")
    return code


def _companion(entry: Settings) -> tuple[str, str] | None:
    """The column and the code with which this column is required, if any."""
    named = entry.wording("required_with")
    return (named.get("column", ""), named.get("code", "")) if named else None


def _discloses(entry: Settings) -> str:
    """What a column says of persons who could be recognised: a count of them, or nothing."""
    discloses = entry.text("discloses", "")
    if fault := disclosure_fault(discloses, entry.text("type")):
        raise entry.fault("discloses", *fault)
    return discloses


def _check_code(entry: Settings, key: str, named: tuple[str, str], columns: Mapping[str, Question]) -> None:
    """A fault unless the column named is a choice and has the code."""
    column, code = named
    scalar = columns[column].type if column in columns else None
    if not isinstance(scalar, SingleChoice | YesNo) or code not in scalar.codelist:
        raise entry.fault(key, f"there is no choice {code} in a column {column}", "Name a column and one of its codes")


def _limit(entry: Settings, key: str, number: type) -> Limit:
    """A number (a whole one, unless any may be) or the name of a year of the round; None if not given."""
    value = entry.values.get(key)
    if value is None or value in PARAMETERS or (isinstance(value, int | number) and not isinstance(value, bool)):
        return value
    what = "a whole number" if number is int else "a number"
    raise entry.fault(key, f"“{value}” is no limit", f"Write {what}, or {' or '.join(sorted(PARAMETERS))}")


def _whole(entry: Settings, key: str, words: str) -> int | None:
    return entry.typed(key, int, words) if key in entry.values else None
