"""Reads the tables of an instrument from its tables.toml; an instrument without that file has none."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

from questionnaire.codelists import Codelist, Wording
from questionnaire.declaration.answer_types import Derived, SingleChoice
from questionnaire.declaration.blocks import ListBlock, Question
from questionnaire.declaration.chosen_units import is_count, unit_code, unit_question, units_of
from questionnaire.declaration.lists.list_checks import RESERVED, TAKEN, check_keys, check_labels
from questionnaire.declaration.lists.list_design import CODE, INDICATOR, BlockReader, code_of
from questionnaire.declaration.lists.series import MOST_YEARS, PERIOD, Series
from questionnaire.declaration.lists.table_block import (
    MOST_NARROW_COLUMNS,
    Coordinates,
    Dimension,
    Measured,
    Stands,
    TableBlock,
    Totals,
)
from questionnaire.faults import Faults
from questionnaire.rules.conditions import Always
from questionnaire.tables import Settings, read_settings

FILE = "tables.toml"

MOST_LINES, MOST_COLUMNS = 2000, 24
_TABLE_KEYS = (
    "code", "indicator", "label", "help", "units", "dimension", "across", "column", "cannot_occur", "tolerance",
    "totals", "sheet",
)  # fmt: skip
_DIMENSION_KEYS = ("codelist", "label", "total", "years")
_ACROSS_KEYS = ("codelist", "total", "years")
_TOTAL = re.compile("[A-Z][A-Z_]*")
_TAKEN = TAKEN | {"reason", "indicator", "measure", "value", "unit", "status"}
"""What no dimension or column may be called: columns of the sheet and of the dataset that every table has."""


def read_tables(
    folder: Path, of_blocks: BlockReader, lists: Sequence[ListBlock], series: Series
) -> tuple[TableBlock, ...]:
    """The tables of an instrument's folder; each fault names the key of whatever is malformed.

    No table is called as one of `lists` is. `series` are the years that PERIOD stands for.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    settings = read_settings(path)
    for key in settings.values:
        if key != "table":
            raise settings.fault(key, "there is no such key", "Write [[table]] above each table, and nothing else")
    faults = of_blocks.faults
    reader = _Reader(of_blocks, series, faults)
    taken = {block.code for block in lists}
    found: list[tuple[Settings, TableBlock]] = []
    for entry in settings.tables("table"):
        code = str(entry.values.get("code", ""))
        if (block := reader.table(entry)) is None:
            faults.lose("" if code in taken else code)
        elif code in taken:
            faults.add(entry.fault("code", f"“{code}” stands twice", "Give every table and list a code of its own"))
        else:
            taken.add(code)
            found.append((entry, block))
    with faults.kept():
        check_labels([(entry, block.label) for entry, block in found], "tables")
    return tuple(block for _, block in found)


@dataclass(frozen=True)
class _Reader:
    """Reads tables, their columns as those of lists are read."""

    of_blocks: BlockReader
    series: Series
    faults: Faults

    def table(self, entry: Settings) -> TableBlock | None:
        """The table of an entry; None where something of it is at fault, all of which is kept."""
        read, before = self.faults.attempt, self.faults.count
        code = read(self.of_blocks.own_code, entry, "table")
        check_keys(entry, _TABLE_KEYS, self.faults)
        indicator = read(self._indicator, entry)
        label = read(self.of_blocks.wording, entry, "label")
        help_ = read(entry.wording, "help")
        tolerance = read(_tolerance, entry)
        of_lines = self.faults.count
        printed = self._printed(entry)
        dimensions = tuple(dimension for dimension, _ in printed)
        names = [dimension.name for dimension in dimensions]
        across = read(self._across, entry, names)
        has_dimensions = self.faults.count == of_lines
        measures = self._measures(code or "", entry, {*names})
        every = (*dimensions, *((across,) if across else ()))
        # Of what a dimension at fault would be, nothing can be said.
        items = read(entry.tables, "cannot_occur") if has_dimensions else ()
        impossible = [read(_impossible, entry, item, every) for item in items or ()]
        totals = read(_totals, entry, every if has_dimensions else None)
        stands = read(_stands, entry)
        unit = read(self._unit, code or "", entry, label or {})
        if unit is not None:
            measures = [replace(asked, unit_in=unit.code) if is_count(asked.type) else asked for asked in measures]
        if self.faults.count > before or code is None or indicator is None or label is None or totals is None:
            return None
        return read(
            _whole,
            entry,
            TableBlock(
                code=code,
                questions=tuple(asked for _, asked in printed),
                label=label,
                help=help_ or {},
                most_lines=prod(len(dimension.codes) for dimension in dimensions),
                indicator_field="",
                indicator=indicator,
                dimensions=dimensions,
                across=across,
                impossible=tuple(filter(None, impossible)),
                tolerance=tolerance,
                totals_are=totals,
                stands=stands,
                unit_question=unit,
            ),
            measures,
        )

    def _indicator(self, entry: Settings) -> str:
        if (indicator := entry.text("indicator")) not in self.of_blocks.indicators:
            raise entry.fault("indicator", f"there is no indicator {indicator}", "Use a code of indicators.csv")
        return indicator

    def _unit(self, code: str, entry: Settings, label: Wording) -> Question | None:
        """The question in which the unit of all its numbers is chosen, where their list is named."""
        columns = entry.tables("column")
        if named := next((item for item in columns if "units" in item.values), None):
            raise named.fault(
                "units", "the unit is chosen for the whole table", "Write the key in the [[table]] itself"
            )
        units = units_of(entry, self.of_blocks.codelists, columns)
        return None if units is None else unit_question(label, unit_code(code), units, None)

    def _printed(self, entry: Settings) -> list[tuple[Dimension, Question]]:
        """The dimensions of the lines that are sound, each with the field that shows its code in every line."""
        found: dict[str, tuple[Dimension, Question]] = {}
        labelled: list[tuple[Settings, Wording]] = []
        items = self.faults.attempt(entry.tables, "dimension")
        for item in items or ():
            check_keys(item, _DIMENSION_KEYS, self.faults)
            dimension = self.faults.attempt(self._dimension, item, found)
            label = self.faults.attempt(self.of_blocks.wording, item, "label")
            if dimension is None or label is None:
                continue
            asked = Question(
                dimension.name, SingleChoice(dimension.codelist), label, {}, Always(), Always(), reason_beside=False
            )
            found[dimension.name] = dimension, asked
            labelled.append((item, label))
        if items == ():
            what = "nothing says what the lines are"
            self.faults.add(entry.fault("dimension", what, "Add a [[table.dimension]] with a code list"))
        self.faults.attempt(check_labels, labelled, "columns")
        return list(found.values())

    def _across(self, entry: Settings, taken: Sequence[str]) -> Dimension | None:
        if "across" not in entry.values:
            return None
        item = entry.table("across")
        check_keys(item, _ACROSS_KEYS, self.faults)
        return self._dimension(item, taken)

    def _dimension(self, item: Settings, taken: Collection[str]) -> Dimension:
        name = code_of(item, "codelist")
        codelist = self._years(item) if name == PERIOD else self._codelist(item, name)
        if name in taken:
            raise item.fault("codelist", f"“{name}” is a dimension of this table already", "Name another code list")
        if name in _TAKEN or name in RESERVED:
            raise item.fault("codelist", f"“{name}” means something else", "Give the code list another name")
        if codelist.declares or not codelist.codes:
            raise item.fault("codelist", f"“{name}” has codes that are no values", "Use a list of values only")
        total = item.text("total", "")
        if total and total not in codelist:
            raise item.fault("total", f"“{name}” has no code {total}", f"Use one of {', '.join(codelist.value_codes)}")
        named = {**self.series.named, **({total: total} if total else {})} if name == PERIOD else {}
        return Dimension(name, codelist, total, named)

    def _codelist(self, item: Settings, name: str) -> Codelist:
        if "years" in item.values:
            raise item.fault("years", f"“{name}” has codes of its own", f"Write codelist = “{PERIOD}”, or remove it")
        if name not in self.of_blocks.codelists:
            raise item.fault("codelist", f"“{name}” is not a code list", "Correct it, or add it to codelists.csv")
        return self.of_blocks.codelists[name]

    def _years(self, item: Settings) -> Codelist:
        """The years of a time series: those of the reference period, or so many up to its last."""
        if PERIOD in self.of_blocks.codelists:
            what = f"“{PERIOD}” stands for the years of the reference period, and codelists.csv has a list of that name"
            raise item.fault("codelist", what, "Give that list another name")
        total = item.text("total", "")
        if total and not _TOTAL.fullmatch(total):
            raise item.fault("total", f"“{total}” cannot be the code of all years", "Write one of letters, such as ALL")
        if "years" not in item.values:
            return self.series.years(total=total)
        count: int = item.typed("years", int, "how many years, such as 5")
        if not 1 <= count <= MOST_YEARS:
            raise item.fault("years", f"{count} years cannot be had", f"Write a number from 1 to {MOST_YEARS}")
        return self.series.years(count, total)

    def _measures(self, code: str, entry: Settings, taken: set[str]) -> list[Question]:
        """The columns that are sound."""
        found: dict[str, Question] = {}
        labelled: list[tuple[Settings, Wording]] = []
        items = self.faults.attempt(entry.tables, "column")
        for item in items or ():
            with self.faults.kept():
                if item.values.get("type") == INDICATOR:
                    raise item.fault("type", "a table is about one indicator", "Leave this column out")
                if (column := self.of_blocks.column(code, item, found)) is None:
                    continue
                if column.code in found or column.code in taken or column.code in _TAKEN or column.code in RESERVED:
                    raise item.fault("column", f"“{column.code}” is taken", "Give the column another name")
                if column.required_when is not None:
                    key = "required" if "required" in item.values else "required_with"
                    raise item.fault(key, "every cell of a table is asked", "Remove the key")
                found[column.code] = column
                labelled.append((item, column.label))
        if items == ():
            self.faults.add(entry.fault("column", "nothing is asked", "Add a [[table.column]]"))
        self.faults.attempt(check_labels, labelled, "columns")
        if "across" in entry.values and len(items or ()) > 1:
            what = f"{len(items or ())} columns are to stand under each code"
            self.faults.add(entry.fault("column", what, "Keep one, or ask the others in a table of their own"))
        if found and all(isinstance(asked.type, Derived) for asked in found.values()):
            self.faults.add(entry.fault("column", "nobody fills anything in", "Add a column that is no computed one"))
        return list(found.values())


def _whole(entry: Settings, table: TableBlock, measures: Sequence[Question]) -> TableBlock:
    """The table with its columns; a fault where nobody could fill it in."""
    columns, measured = _spread(entry, measures, table.across)
    if table.most_lines > MOST_LINES or len(columns) > MOST_COLUMNS:
        what = f"{table.most_lines} lines of {len(columns)} columns cannot be filled in"
        raise entry.fault("dimension", what, f"Leave codes or a dimension out: {MOST_LINES} by {MOST_COLUMNS} at most")
    table = replace(table, questions=(*table.questions, *columns), measured=measured)
    if table.stands is Stands.SECTION and not table.fits_section:
        what = f"{len(table.fields)} columns do not fit those of a section sheet"
        how = f"Remove the key: {MOST_NARROW_COLUMNS} columns fit, the last with short words above its numbers"
        raise entry.fault("sheet", what, how)
    return table


def _impossible(entry: Settings, item: Settings, dimensions: Sequence[Dimension]) -> Coordinates:
    """The cells that cannot be filled in, by their codes."""
    known = {dimension.name: dimension for dimension in dimensions}
    for name in item.values:
        if name not in known:
            raise item.fault(name, "this is no dimension of the table", f"Use {', '.join(known)}")
        if known[name].code(item.text(name)) not in known[name].codelist:
            what = f"“{name}” has no code {item.text(name)}"
            raise item.fault(name, what, f"Use one of {', '.join(known[name].named or known[name].codes)}")
    if not item.values:
        raise entry.fault("cannot_occur", "it names nothing", "Name a code of each dimension, or remove it")
    return {name: known[name].code(item.text(name)) for name in item.values}


def _spread(
    entry: Settings, measures: Sequence[Question], across: Dimension | None
) -> tuple[tuple[Question, ...], dict[str, Measured]]:
    """The columns, and what each holds: the measures themselves, or the one measure under each code."""
    if across is None:
        return tuple(measures), {asked.code: Measured(asked.code) for asked in measures}
    (measure,) = measures
    found: dict[str, tuple[Question, Measured]] = {}
    for code in across.codelist.codes:
        name = f"{measure.code}_{''.join(sign if sign.isalnum() else '_' for sign in code.code.lower())}"
        if not CODE.fullmatch(name) or name in found:
            what = f"no column can be called after the code {code.code} alone"
            raise entry.fault("across", what, "Use codes of letters and digits that differ in more than their signs")
        column = Question(
            name,
            measure.type,
            code.label,
            measure.help,
            Always(),
            None,
            reason_beside=False,
            discloses=measure.discloses,
            sums=measure.sums,
            measured_in=measure.measured_in,
            unit_in=measure.unit_in,
        )
        found[name] = column, Measured(measure.code, code.code)
    return tuple(column for column, _ in found.values()), {name: held for name, (_, held) in found.items()}


def _tolerance(entry: Settings) -> float | None:
    """How far a total may be from the sum of its parts, where the table says so."""
    if "tolerance" not in entry.values:
        return None
    found: float = entry.typed("tolerance", (int, float), "a number, such as 0.5")
    if found < 0:
        raise entry.fault("tolerance", f"{found} is below 0", "Write 0, or how far a total may be from its parts")
    return found


def _stands(entry: Settings) -> Stands | None:
    """The sheet that a table is to stand on, where it says so."""
    if "sheet" not in entry.values:
        return None
    said = entry.text("sheet")
    if said not in list(Stands):
        raise entry.fault("sheet", f"“{said}” is not known", f"Use one of {', '.join(Stands)}")
    return Stands(said)


def _totals(entry: Settings, dimensions: Sequence[Dimension] | None) -> Totals:
    """Who fills the totals of a table in; without dimensions, whether one has a total is not known."""
    said = entry.text("totals", Totals.TYPED)
    if said not in list(Totals):
        raise entry.fault("totals", f"“{said}” is not known", f"Use one of {', '.join(Totals)}")
    if said != Totals.TYPED and dimensions is not None and not any(dimension.total for dimension in dimensions):
        raise entry.fault("totals", "no dimension has a total", "Name the total of a dimension, or remove the key")
    if said == Totals.TYPED and any(dimension.is_series and dimension.total for dimension in dimensions or ()):
        what = "the years that a total adds up are others in each round, and nobody could type it"
        raise entry.fault("totals", what, "Write computed or computed_from_known")
    if said != Totals.TYPED and "tolerance" in entry.values:
        raise entry.fault("tolerance", "computed totals are exact", "Remove the key")
    return Totals(said)
