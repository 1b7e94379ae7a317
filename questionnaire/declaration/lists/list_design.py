"""Reads the lists of an instrument from its lists.toml; an instrument without that file has none."""

import re
from collections.abc import Collection, Mapping
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
from questionnaire.declaration.lists.line_formulas import read_line_formula
from questionnaire.declaration.lists.list_checks import (
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
from questionnaire.declaration.units import USUAL, UnitOfMeasure, unit_fault
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.rules.conditions import Always, CodeIn, Compare, Condition, Constant, Ref, Value
from questionnaire.rules.names import PARAMETERS
from questionnaire.tables import Settings, read_settings

FILES = {"lists.toml": "list", "rosters.toml": "roster"}
"""The file of an instrument’s folder, and what a list is called in it; both had the second name before."""

CODE = re.compile(r"[a-z][a-z0-9_]*")
INDICATOR = "indicator"
_MOST_LINES = 500


def read_lists(folder: Path, reader: "BlockReader") -> tuple[ListBlock, ...]:
    """The lists of an instrument's folder; each fault names the key of whatever is malformed."""
    faults = reader.faults
    found: dict[str, tuple[Settings, ListBlock]] = {}
    for name, word in FILES.items():
        for entry in _entries(folder / name, word):
            code = str(entry.values.get("code", ""))
            if (block := reader.block(entry)) is None:
                faults.lose("" if code in found else code)
            elif code in found:
                faults.add(entry.fault("code", f"“{code}” stands twice", "Give every list a code of its own"))
            else:
                found[code] = entry, block
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
    """Reads lists against the code lists, indicators and reference values they name.

    `indicators` gives the questions that each indicator is asked, with their types.
    """

    official: str
    codelists: Mapping[str, Codelist]
    indicators: Mapping[str, Mapping[str, AnswerType]]
    references: frozenset[str] = frozenset()
    faults: Faults = AT_ONCE

    def block(self, entry: Settings) -> ListBlock | None:
        """The list of an entry; None where something of it is at fault, all of which is kept."""
        read, before = self.faults.attempt, self.faults.count
        code = read(self.own_code, entry, "list")
        check_keys(entry, LIST_KEYS, self.faults)
        lines = read(_lines, entry)
        label = read(self.wording, entry, "label")
        help_ = read(entry.wording, "help")
        chosen = read(_chosen, entry)
        columns = self._columns(code or "", entry)
        for item in read(entry.tables, "column") or ():
            if (companion := read(_companion, item)) and self._is_sound(entry, columns, companion[0]):
                read(_check_code, item, "required_with", companion, columns)
        counts = [
            read(self._count, item, columns, columns[chosen])
            for item in read(entry.tables, "count") or ()
            if chosen in columns and self._is_sound(entry, columns, str(item.values.get("column", "")))
        ]
        bilateral = read(self._bilateral, entry, columns)
        if self.faults.count > before or code is None or lines is None or label is None or chosen is None:
            return None
        return ListBlock(
            code=code,
            questions=tuple(columns.values()),
            label=label,
            help=help_ or {},
            most_lines=lines,
            indicator_field=chosen,
            counts=tuple(filter(None, counts)),
            bilateral=bilateral,
        )

    def _is_sound(self, entry: Settings, columns: Collection[str], named: str) -> bool:
        """False for a column that is declared and at fault: what names it cannot be judged."""
        return named in columns or named not in {item.values.get("column") for item in entry.tables("column")}

    def own_code(self, entry: Settings, word: str) -> str:
        """The code of a list or table, which no other table of the dataset has."""
        code = code_of(entry, "code")
        if code in OUTPUTS or code.startswith(OUTPUT_PREFIXES):
            raise entry.fault("code", f"“{code}” is the name of another table", f"Give the {word} another code")
        return code

    def _columns(self, block: str, entry: Settings) -> dict[str, Question]:
        """The columns of a list that are sound, by their names."""
        columns: dict[str, Question] = {}
        labelled: list[tuple[Settings, Wording]] = []
        for item in self.faults.attempt(entry.tables, "column") or ():
            with self.faults.kept():
                if (column := self.column(block, item, columns)) is None:
                    continue
                if column.code in columns or column.code in TAKEN:
                    raise item.fault("column", f"“{column.code}” is taken", "Give the column another name")
                if column.code in RESERVED:
                    what = f"“{column.code}” means something else in a rule or in the dataset"
                    raise item.fault("column", what, "Give the column another name")
                columns[column.code] = column
                labelled.append((item, column.label))
                if unit := self.unit(item, column):
                    if unit.code in columns:
                        raise item.fault("units", f"“{unit.code}” is taken", "Give that column another name")
                    columns[unit.code] = unit
        self.faults.attempt(check_labels, labelled, "columns")
        return columns

    def column(self, block: str, entry: Settings, columns: Mapping[str, Question]) -> Question | None:
        """The column of an entry; None where something of it is at fault, all of which is kept.

        `columns` are those that stand before it, from which it may be computed.
        """
        read, before = self.faults.attempt, self.faults.count
        code = read(code_of, entry, "column")
        check_column_keys(entry, self.faults)
        scalar = self._type(block, entry)
        has_type = entry.values.get("type") in TYPES
        discloses = read(_discloses, entry) if has_type else ""
        measured_in = read(self._measured_in, entry) if has_type else USUAL
        label = read(self.wording, entry, "label")
        help_ = read(entry.wording, "help")
        required = read(_required, entry)
        others_only = read(_flag, entry, "others_only", default=False)
        sums = read(_flag, entry, "sums", default=True)
        if self.faults.count > before or code is None or scalar is None or label is None:
            return None
        missing = self.codelists["missing"]
        formula = read(read_line_formula, entry, block, scalar, columns, missing, self.references)
        if self.faults.count > before:
            return None
        return Question(
            code=code,
            type=scalar,
            label=label,
            help=help_ or {},
            relevant_when=Always(),
            required_when=required,
            reason_beside=False,
            others_only=bool(others_only),
            discloses=discloses or "",
            sums=bool(sums),
            formula=formula,
            measured_in=measured_in or USUAL,
            unit_in=unit_code(code) if "units" in entry.values else "",
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

    def _type(self, block: str, entry: Settings) -> ScalarType | None:
        """The type of a column; None where something of it is at fault, all of which is kept."""
        read, before = self.faults.attempt, self.faults.count
        named = read(entry.text, "type")
        if named is None:
            return None
        if named == INDICATOR:
            codelist = read(self._indicators, f"{block}_indicators", entry)
            return None if codelist is None else SingleChoice(codelist)
        declared = next((known for known in get_args(Declared) if known == named and known in TYPES), None)
        if declared is None:
            self.faults.add(entry.fault("type", f"“{named}” is not known here", f"Use one of {', '.join(TYPES)}"))
            return None
        number = float if declared in FRACTIONS else int
        column = DeclaredType(
            declared,
            self.codelists["yes_no"],
            read(self._codelist, entry) if declared == "single_choice" else None,
            read(_limit, entry, "minimum", number),
            read(_limit, entry, "maximum", number),
            read(_whole, entry, "decimals", "how many decimals are shown"),
            read(_whole, entry, "max_length", "a number of characters"),
        )
        if self.faults.count > before:
            return None
        if fault := column.fault():
            self.faults.add(entry.fault(*fault))
            return None
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
        check_keys(entry, COUNT_KEYS, self.faults)
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
        check_keys(table, BILATERAL_KEYS, self.faults)
        found = BilateralConsistency(table.text("partner"), table.text("column"), table.text("code"))
        partner = columns.get(found.partner)
        if not self._is_sound(entry, columns, found.partner):
            return None
        if partner is None or not isinstance(partner.type, SingleChoice) or not partner.others_only:
            what = f"“{found.partner}” is not a column that names another respondent"
            self.faults.add(table.fault("partner", what, "Name a single_choice with others_only = true"))
        if self._is_sound(entry, columns, found.field):
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


def _lines(entry: Settings) -> int:
    lines: int = entry.typed("lines", int, "the number of lines, such as 40")
    if not 1 <= lines <= _MOST_LINES:
        raise entry.fault("lines", f"{lines} lines cannot be had", f"Write a number from 1 to {_MOST_LINES}")
    return lines


def _chosen(entry: Settings) -> str:
    """The column that says which indicator a line counts for."""
    of_type = [item for item in entry.tables("column") if item.values.get("type") == INDICATOR]
    if len(of_type) != 1:
        what = f"{len(of_type)} columns are of the type {INDICATOR}"
        raise entry.fault("column", what, "Let exactly one say which indicator a line counts for")
    return str(of_type[0].values.get("column", ""))


def _flag(entry: Settings, key: str, *, default: bool) -> bool:
    found: bool = entry.typed(key, bool, "true or false", default=default)
    return found


def _required(entry: Settings) -> Condition | None:
    """When a line must have the column."""
    check_companion(entry)
    if _flag(entry, "required", default=False):
        return Always()
    companion = _companion(entry)
    return CodeIn(Ref(companion[0]), (companion[1],), ()) if companion else None


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
