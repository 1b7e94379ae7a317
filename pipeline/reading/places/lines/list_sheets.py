"""Finds the sheets of lists in a returned workbook: which sheet, which columns, which rows are lines.

It looks at one sheet at a time, whatever its name, and reads no answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.findings import Finding, finding
from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.plans import plan_of
from pipeline.reading.places.sheet_map import NOWHERE, SheetMap, cell_at, find_marks, map_sheet
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.blanks import is_blank
from questionnaire.codelists import choice_key
from questionnaire.declaration.lists.series import is_series
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.layout import (
    CHECK,
    CONFIRM,
    KEY,
    LINE,
    LIST_HEADINGS,
    PREVIOUS,
    REASON,
    Layout,
    ListSheet,
    TableSheet,
)
from questionnaire.rules.rule import Severity
from questionnaire.table_columns import fault_column, number_column


@dataclass(frozen=True)
class FoundList:
    """The sheet of a list as it came back.

    `layout` is that of the sheet as it was sent, with or without lines of the previous round.
    """

    layout: ListSheet
    sheet: Sheet
    texts: FormTexts
    map: SheetMap[str, int]

    @property
    def lines(self) -> Mapping[int, int]:
        """The number of the line that a row states."""
        return self.map.rows

    @property
    def stated(self) -> frozenset[int]:
        """The lines that rows state, by key or number."""
        return frozenset((*self.map.by_key.values(), *self.map.by_number.values()))

    def gone(self, elsewhere: frozenset[int]) -> tuple[int, ...]:
        """The lines that no row states any more, here or `elsewhere`; none where the rows state no line at all."""
        lines = range(1, self.layout.block.most_lines + 1)
        return tuple(line for line in lines if line not in self.stated | elsewhere) if self.stated else ()

    @property
    def says_something(self) -> bool:
        """True if somebody filled in a cell of a line, or said why there is nothing to fill in."""
        block, formulas = self.layout.block, self.sheet.metadata.formulas
        codes = (*block.measured, REASON) if isinstance(block, TableBlock) else block.field_codes
        columns = [at for code in codes if (at := self.map.columns.get(code, NOWHERE)) > NOWHERE]
        return any(
            not is_blank(cell_at(self.sheet.rows[row], at)) and (row, at) not in formulas
            for row in self.lines
            for at in columns
        )

    @property
    def disagreeing(self) -> tuple[str, ...]:
        """The fields whose column hidden header and visible heading place differently."""
        return tuple(name for name in self.map.disagreeing if name in self.layout.block.field_codes)

    @property
    def moved(self) -> tuple[str, ...]:
        """The columns in sight that stand elsewhere than they were sent, now or earlier, or without the keys."""
        ways = [self._moved(columns) for columns in (self.layout.columns, self.layout.earlier_columns)]
        return ways[0] if all(ways) else ()

    def _moved(self, columns: Mapping[str, int]) -> tuple[str, ...]:
        last = max(columns[name] for name in (CHECK, *self.layout.block.field_codes))
        sent = {name: at for name, at in columns.items() if name != KEY and at <= last}
        there = {name: at for name in sent if (at := self.map.columns.get(name, NOWHERE)) > NOWHERE}
        shifts = {name: at - sent[name] for name, at in there.items()}
        without_keys = {name: -1 if sent[name] > columns[KEY] else 0 for name in shifts}
        if "keys" in self.map.without and shifts == without_keys:
            return ()
        return tuple(name for name, shift in shifts.items() if shift)

    @cached_property
    def own(self) -> frozenset[int]:
        """All columns that the questionnaire put there."""
        sent, now = self.layout.columns, self.map.columns
        if isinstance(self.layout, TableSheet):
            return frozenset(now[name] for name in sent if sent[name] <= sent[REASON]) | self._unseen(self.layout)
        last = max(sent[field] for field in self.layout.block.field_codes)
        shift = now[LINE] - sent[LINE]
        return frozenset(now.values()) | {at + shift for at in sent.values() if at > last}

    def _unseen(self, layout: TableSheet) -> frozenset[int]:
        """The columns of a table that nobody sees, and in which something stands: they follow the last in sight."""
        sent, now = layout.columns, self.map.columns
        last = REASON if now[REASON] > NOWHERE else LINE
        dimensions = layout.block.dimensions
        empty = {number_column(item.name) for item in dimensions if all(code.rank is None for code in item.codelist)}
        return frozenset(
            now[name] if name in self.map.keyed or (name == KEY and self.map.by_key) else at + now[last] - sent[last]
            for name, at in sent.items()
            if at > sent[REASON] and name not in empty
        )


def find_list(sheet: Sheet, layout: Layout, texts: FormTexts, code: str = "") -> FoundList | None:
    """The list that a sheet is of, None for a sheet that is of none; `code` is that of the only one it may be of.

    Tables may have the same headings: which one it is, hidden texts say, else the title in sight or the name of the
    sheet, else most headings. Where nothing does, and several fit, it is none.
    """
    lists = [listed for listed in layout.lists if code in ("", listed.block.code)]
    found = [own for listed in lists if (own := _find(sheet, listed, texts)) is not None]
    if len(found) < 2:
        return found[0] if found else None
    keyed = [own for own in found if own.map.by_key or "header" not in own.map.without]
    titled = [own for own in keyed or found if _is_titled(own)]
    most = max(len(own.map.seen) for own in keyed or found)
    headed = [own for own in keyed or found if len(own.map.seen) == most]
    return next((some[0] for some in (titled, keyed, headed) if len(some) == 1), None)


def not_asked_then(found: FoundList) -> frozenset[str]:
    """The years in columns that a table of an older edition did not have: no header, hidden or not, names them."""
    block, there = found.layout.block, found.map
    if not isinstance(block, TableBlock) or block.across is None or not is_series(block.across.codelist):
        return frozenset()
    if "header" in there.without:
        return frozenset()
    return frozenset(code for code in block.measured if code in there.gone and fault_column(code) not in there.keyed)


def _no_line(_: str) -> None:
    return None


def _is_titled(found: FoundList) -> bool:
    """True if the label of the list stands at the top of the sheet, or is the name of it."""
    labels = {choice_key(text) for text in found.layout.block.label.values()}
    top = (text for row in found.sheet.rows[:LIST_HEADINGS] for text in row if isinstance(text, str))
    return not labels.isdisjoint((choice_key(found.sheet.name), *map(choice_key, top)))


def missing_lists(layout: Layout, found: Iterable[FoundList]) -> Iterator[Finding]:
    """What is said of each list whose sheet is gone: its lines cannot be read, and those of a table were asked."""
    there = {entry.layout.block.code for entry in found}
    for listed in layout.lists:
        if listed.block.code not in there:
            if isinstance(listed, TableSheet):
                values = {"table": listed.block.label}
                yield finding("table_missing", Severity.ERROR, values, indicator=listed.block.indicator)
            else:
                yield finding("list_missing", Severity.WARNING, {"list": listed.block.code})


def _find(sheet: Sheet, listed: ListSheet, texts: FormTexts) -> FoundList | None:
    plan = plan_of(listed, texts)
    if sheet.is_turned:
        # Its numbers, its keys and its hidden header stand where they were: only what is in sight went with the lines.
        plan = replace(plan, row_of_key=_no_line, row_of_number=_no_line, silent=set())
    marks = find_marks(sheet, plan)
    if sheet.is_turned:
        marks.header.clear()
        marks.identities.clear()
    if listed.prefilled and marks.header and marks.header.keys().isdisjoint((CONFIRM, PREVIOUS)):
        # Of an edition that was sent without the lines of the previous round.
        return _find(sheet, replace(listed, prefilled=False), texts)
    if not marks.header and not marks.headings:
        plan = replace(plan, optional=frozenset())
    found = map_sheet(marks, plan, lambda *_: False)
    return FoundList(listed, sheet, texts, found) if found is not None else None
