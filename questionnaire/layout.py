"""Assigns addresses: which question stands on which sheet and row, under which key, number and defined name.

Nothing else knows a row or a column; writing and reading both ask here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from functools import cached_property

from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Derived
from questionnaire.declaration.blocks import Block, Field, ListBlock, Question
from questionnaire.declaration.column_names import cell_name
from questionnaire.declaration.form import Indicator, Instrument, Section
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.identity import MARK
from questionnaire.rounds.round import Round
from questionnaire.table_columns import code_column, fault_column, line_number, number_column, previous_column


class Column(IntEnum):
    """The columns of a section sheet, counted from 0; those in `HELPERS` are hidden.

    PREVIOUS shows the answer of the previous round, CONFIRM takes an x where that still holds. DIFFERENCE says what is
    remarkable in how the answer differs from it.
    """

    KEY = 0
    NUMBER = 1
    QUESTION = 2
    ANSWER = 3
    IF_NONE = 4
    CHECK = 5
    HELP = 6
    PREVIOUS = 7
    CONFIRM = 8
    COMMENT = 9
    CODE = 10
    NUMERIC = 11
    PREVIOUS_CODE = 12
    PREVIOUS_NUMERIC = 13
    CONFIRMED = 14
    DIFFERENCE = 15

    # An enumeration hashes the name of its member, in Python; columns are looked up for every cell of every return.
    __hash__ = int.__hash__


_PREVIOUS_HELPERS = (Column.PREVIOUS_CODE, Column.PREVIOUS_NUMERIC, Column.CONFIRMED, Column.DIFFERENCE)
HELPERS = (Column.KEY, Column.CODE, Column.NUMERIC, *_PREVIOUS_HELPERS)
"""The columns that nobody is meant to see."""

OF_PREVIOUS_ROUND = (Column.PREVIOUS, Column.CONFIRM, *_PREVIOUS_HELPERS)
"""The columns that are empty in the workbooks of a round that has no previous round."""


class RowKind(Enum):
    """What a row of a section sheet is for."""

    BAND = "band"
    OBJECTIVE = "objective"
    QUESTION = "question"
    PART = "part"
    TABLE = "table"
    GAP = "gap"


HEADER_KEYS, TITLE, IDENTITY, HEADINGS, FIRST_BLOCK = range(5)
"""Rows of a section sheet, counted from 0."""


@dataclass(frozen=True)
class Slot:
    """Where one field of one line of a block is answered. `row` counts from 0, `columns` are those of its sheet.

    `number` is what a person reads before its row.
    """

    block: Block
    question: Question
    field: Field
    sheet: str
    row: int
    number: str
    columns: Mapping[Column, int]
    line: int = 1

    @cached_property
    def key(self) -> str:
        """What names the slot: on a section sheet, the static text in the hidden key column."""
        return f"{self.block.code}:{self.field.code}"

    @property
    def is_computed(self) -> bool:
        """True where nobody answers: what stands there follows from other answers."""
        if isinstance(self.block, TableBlock):
            return not self.block.is_typed(self.line, self.field.code)
        return isinstance(self.field.type, Derived)

    @property
    def indicator(self) -> Indicator:
        """The indicator whose block it belongs to; a line of a list has none."""
        assert isinstance(self.block, Indicator), f"{self.key} is not asked about an indicator"
        return self.block

    @cached_property
    def name(self) -> str:
        """The defined name of the answer cell."""
        return cell_name(self.block, self.field.code)

    def cell(self, column: Column) -> str:
        """The address on its sheet, such as D12; KeyError where the sheet has no such column."""
        return f"{column_letter(self.columns[column])}{self.row + 1}"


@dataclass(frozen=True)
class SheetRow:
    """One row of a section sheet: what it is for, and whose."""

    row: int
    kind: RowKind
    indicator: Indicator
    slot: Slot | None = None


@dataclass(frozen=True)
class SectionSheet:
    """The rows of one section, top down, those of `tables` that stand on it among them; `code` is the section's."""

    code: str
    section: Section
    rows: tuple[SheetRow, ...]
    tables: tuple["TableSheet", ...] = ()

    @property
    def slots(self) -> Iterator[Slot]:
        return (row.slot for row in self.rows if row.slot is not None)


KEY, LINE, CHECK, CONTENT = "key", "line", "check", "content"
"""The columns that the sheet of every list has beside its fields; KEY and CONTENT, all that a line says, are hidden."""

# PREVIOUS keeps the value "last": workbooks that were sent out carry it in their hidden header.
CONFIRM, PREVIOUS = "confirm", "last"
"""Those that it has besides where there is a previous round: for the x, and (hidden) what the line said then."""

# Rows of the sheet of a list, counted from 0; the first three are those of a section sheet.
INTRODUCTION, LIST_HEADINGS, GUIDANCE, FIRST_LINE = range(3, 7)


@dataclass(frozen=True)
class ListSheet:
    """Where everything stands on the sheet of a list; rows and columns count from 0.

    Columns: check | line | the fields | key (hidden) | code and number of each field (hidden) | content (hidden). Where
    the lines of the previous round are shown, confirm stands after line, and what they said after content. The check
    stands first, since only what stands first stays in sight beside every field. `top` is the first of its rows.
    """

    block: ListBlock
    prefilled: bool = False
    top: int = 0

    @property
    def code(self) -> str:
        """The name of the sheet among those of a workbook; no section and no other sheet has it."""
        return f"list_{self.block.code}"

    @cached_property
    def columns(self) -> dict[str, int]:
        """The columns by name, those of the fields by their codes."""
        fields = [field.code for field in self.block.fields]
        shown = (CHECK, LINE, *((CONFIRM,) if self.prefilled else ()), *fields)
        helpers = (KEY, *map(code_column, fields), *map(number_column, fields), CONTENT)
        names = (*shown, *helpers, *((PREVIOUS,) if self.prefilled else ()))
        return {name: place for place, name in enumerate(names)}

    @property
    def earlier_columns(self) -> dict[str, int]:
        """Where they stood before the check was the first: questionnaires sent so still come back."""
        return {**self.columns, KEY: self.columns[CHECK], CHECK: self.columns[KEY]}

    @cached_property
    def header_keys(self) -> dict[str, str]:
        """The names of columns by the static text in the hidden header row."""
        return {f"{MARK}:{self.block.code}.{name}": name for name in self.columns}

    @property
    def first(self) -> int:
        return self.top + FIRST_LINE

    @property
    def last(self) -> int:
        """The row of the last line."""
        return self.first + self.block.most_lines - 1

    def row(self, line: int) -> int:
        """The row of a line; lines count from 1."""
        return self.first + line - 1

    def key(self, line: int) -> str:
        """The static text in the hidden key column."""
        return f"{self.block.code}:{line}"

    def number(self, line: int) -> str:
        """What a person reads before a line."""
        return line_number(line)

    def slots(self, line: int, row: int | None = None) -> tuple[Slot, ...]:
        """The slots of a line, in its own row or in the one given."""
        at = self.row(line) if row is None else row
        return tuple(
            Slot(self.block, question, field, self.code, at, self.number(line), self._columns(field), line)
            for question in self.block.questions
            for field in question.fields
        )

    def _columns(self, field: Field) -> Mapping[Column, int]:
        named = {
            Column.KEY: KEY, Column.NUMBER: LINE, Column.ANSWER: field.code, Column.CHECK: CHECK,
            Column.CODE: code_column(field.code), Column.NUMERIC: number_column(field.code),
        }  # fmt: skip
        if self.prefilled:
            named[Column.CONFIRM] = CONFIRM
        return {column: self.columns[name] for column, name in named.items()}


REASON, REASON_SAID = "reason", "reason.said"
"""The columns that the sheet of a table has besides: for the reason of a whole line and, hidden, what holds for it."""


@dataclass(frozen=True)
class TableSheet(ListSheet):
    """Where everything stands on the sheet of a table: it is that of a list, with these differences.

    The first fields are the dimensions, whose codes stand in their hidden columns as static text. After the fields
    stands the reason of a line that has no answers; above the lines, in the row `whole`, that of the whole table. There
    is no content column: no line repeats another. With `shows_previous` the numbers of the previous round stand behind.
    On the sheet of its `section` it begins below the row `top`; its hidden header has the row of the identity there.
    """

    block: TableBlock
    shows_previous: bool = False
    section: str = ""

    @property
    def code(self) -> str:
        return self.section or super().code

    def number(self, line: int) -> str:
        return f"{self.block.indicator}-{line_number(line)}" if self.section else line_number(line)

    @property
    def previous(self) -> tuple[str, ...]:
        """The fields of which a number of the previous round is shown."""
        return self.block.compared if self.shows_previous else ()

    @cached_property
    def columns(self) -> dict[str, int]:
        fields = [field.code for field in self.block.fields]
        previous, faults = map(previous_column, self.previous), map(fault_column, self.block.measured)
        helpers = (*map(code_column, fields), *map(number_column, fields), REASON_SAID, *faults)
        if not self.section:
            return {name: at for at, name in enumerate((CHECK, LINE, *fields, REASON, *previous, KEY, *helpers))}
        shown = {KEY: Column.KEY, LINE: Column.NUMBER, CHECK: Column.CHECK}
        shown |= dict(zip((*fields, REASON), _TABLE_COLUMNS, strict=False))
        shown |= dict(zip(previous, _PREVIOUS_COLUMNS, strict=False))
        return {**shown, **{name: at for at, name in enumerate(helpers, len(Column))}}

    @property
    def earlier_columns(self) -> dict[str, int]:
        return replace(self, section="").columns

    @property
    def whole(self) -> int:
        """The row of the reason for the whole table."""
        return self.top + FIRST_LINE

    @property
    def first(self) -> int:
        return self.whole + 1

    def slots(self, line: int, row: int | None = None) -> tuple[Slot, ...]:
        """The slots of a line: its dimensions, and the cells that are asked."""
        return tuple(
            slot
            for slot in super().slots(line, row)
            if slot.field.code in self.block.dimension_codes or self.block.occurs(line, slot.field.code)
        )

    def asked(self, line: int, row: int | None = None) -> tuple[Slot, ...]:
        """The slots of a line that somebody answers."""
        return tuple(slot for slot in self.slots(line, row) if slot.field.code not in self.block.dimension_codes)

    def _columns(self, field: Field) -> Mapping[Column, int]:
        return {**super()._columns(field), Column.IF_NONE: self.columns[REASON_SAID]}


_TABLE_COLUMNS = (Column.QUESTION, Column.ANSWER, Column.IF_NONE, Column.HELP)
_PREVIOUS_COLUMNS = (Column.PREVIOUS, Column.COMMENT)
"""The columns of a section sheet that a table on it takes: for its fields and, behind the last of them, REASON."""


class Layout:
    """Every address of an instrument's workbook; `prefilled` ones also show the answers of the previous round."""

    def __init__(self, instrument: Instrument, prefilled: bool = False) -> None:
        self.instrument, self.prefilled = instrument, prefilled
        self.sheets = tuple(_section_sheet(section, instrument.lists, prefilled) for section in instrument.sections)
        narrow = {table.block.code: table for sheet in self.sheets for table in sheet.tables}
        self.lists: tuple[ListSheet, ...] = tuple(
            narrow.get(block.code) or TableSheet(block, shows_previous=prefilled)
            if isinstance(block, TableBlock)
            else ListSheet(block, prefilled)
            for block in instrument.lists
        )
        self._parts: dict[frozenset[str], Layout] = {}

    @classmethod
    def of(cls, round_: Round) -> "Layout":
        """The layout of a round's workbooks."""
        return cls(round_.instrument, prefilled=round_.previous is not None)

    def part(self, indicators: frozenset[str]) -> "Layout":
        """The layout of a workbook with these indicators only: other rows, the same keys, numbers and names."""
        if indicators not in self._parts:
            self._parts[indicators] = Layout(self.instrument.only(indicators), self.prefilled)
        return self._parts[indicators]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that something stands in."""
        return tuple(column for column in Column if self.prefilled or column not in OF_PREVIOUS_ROUND)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All slots of the sections, in the order of the workbook; those of a list are in `lists`."""
        return tuple(slot for sheet in self.sheets for slot in sheet.slots)

    @cached_property
    def by_key(self) -> dict[str, Slot]:
        return {slot.key: slot for slot in self.slots}

    @cached_property
    def by_number(self) -> dict[str, Slot]:
        return {slot.number: slot for slot in self.slots}

    def section(self, code: str) -> SectionSheet:
        """The sheet of a section."""
        return next(sheet for sheet in self.sheets if sheet.code == code)

    @property
    def own_sheets(self) -> tuple[ListSheet, ...]:
        """The lists and tables that have a sheet of their own."""
        return tuple(sheet for sheet in self.lists if not (isinstance(sheet, TableSheet) and sheet.section))

    def tables_of(self, indicator: Indicator) -> tuple[TableSheet, ...]:
        """The tables about an indicator."""
        return tuple(one for one in self.lists if isinstance(one, TableSheet) and one.block.indicator == indicator.code)

    def list_of(self, code: str) -> ListSheet:
        """The sheet of a list."""
        return next(sheet for sheet in self.lists if sheet.block.code == code)

    def slot(self, indicator: str, field: str) -> Slot:
        """The slot of a field; KeyError if that indicator is not asked it."""
        return self.by_key[f"{indicator}:{field}"]


def _section_sheet(section: Section, lists: Iterable[ListBlock], prefilled: bool) -> SectionSheet:
    rows: list[SheetRow] = []
    tables: list[TableSheet] = []
    narrow = [block for block in lists if isinstance(block, TableBlock) and block.is_on_section]
    for indicator in section.indicators:
        start = FIRST_BLOCK + len(rows)
        rows.append(SheetRow(start, RowKind.BAND, indicator))
        rows.append(SheetRow(start + 1, RowKind.OBJECTIVE, indicator))
        for slot in _slots(section.code, indicator, start + 2):
            kind = RowKind.QUESTION if slot.field.is_first else RowKind.PART
            rows.append(SheetRow(slot.row, kind, indicator, slot))
        for block in (block for block in narrow if block.indicator == indicator.code):
            top = FIRST_BLOCK + len(rows) - TITLE
            tables.append(TableSheet(block, top=top, shows_previous=prefilled, section=section.code))
            rows += (SheetRow(row, RowKind.TABLE, indicator) for row in range(top + TITLE, tables[-1].last + 1))
        rows.append(SheetRow(FIRST_BLOCK + len(rows), RowKind.GAP, indicator))
    return SectionSheet(section.code, section, tuple(rows), tuple(tables))


def _slots(sheet: str, indicator: Indicator, row: int) -> Iterator[Slot]:
    for position, question in enumerate(indicator.questions, 1):
        for part, field in enumerate(question.fields):
            number = f"{indicator.code}-{position}" + (f".{part}" if part else "")
            yield Slot(indicator, question, field, sheet, row, number, _SECTION_COLUMNS)
            row += 1


_SECTION_COLUMNS: Mapping[Column, int] = {column: column.value for column in Column}
