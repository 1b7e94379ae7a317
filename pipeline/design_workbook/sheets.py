"""Finds the sheets of a design workbook and the columns of each, whatever was renamed, moved or inserted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.design_workbook.opening import SheetCells
from pipeline.design_workbook.remarks import Remarks
from questionnaire.addresses import column_letter
from questionnaire.blanks import visible_text
from questionnaire.design_sheets.plan import README, REMARK
from questionnaire.rules.rule import Severity

_LAST_HEAD = 40
"""So many rows are looked at for the heads."""
_ENOUGH = 0.5
"""The share of its columns by which a sheet is known under another name."""


@dataclass(frozen=True)
class FoundSheet:
    """A sheet by the name it should have: the row of its heads, from 0, and its columns by head."""

    name: str
    cells: SheetCells
    head_row: int
    columns: Mapping[str, int]

    def lines(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows below the heads in which something stands, from 0, with the cells of the columns as they stand."""
        for row in range(self.head_row + 1, len(self.cells.rows)):
            cells = {head: self.text(row, column) for head, column in self.columns.items()}
            if any(visible_text(text) for text in cells.values()):
                yield row, cells

    def text(self, row: int, column: int) -> str:
        cells = self.cells.rows[row]
        return cells[column] if column < len(cells) else ""


def find_sheets(
    sheets: Sequence[SheetCells], heads: Mapping[str, Sequence[str]], remarks: Remarks
) -> dict[str, FoundSheet]:
    """The sheets by the names of the plan; `heads` are the columns that each should have."""
    named = {visible_text(sheet.name).casefold(): sheet for sheet in sheets}
    found = {name: named[name.casefold()] for name in heads if name.casefold() in named}
    others = [sheet for sheet in sheets if sheet.is_visible and sheet not in found.values()]
    for name, wanted in heads.items():
        if name in found:
            continue
        if renamed := next((one for one in others if _share(one, wanted) > _ENOUGH), None):
            others.remove(renamed)
            found[name] = renamed
            remarks.add("sheet_renamed", Severity.ERROR, (renamed.name, 0, 0), name=name)
        else:
            remarks.add("sheet_missing", Severity.ERROR, (name, 0, -1), name=name)
    for sheet in others:
        if any(map(any, sheet.rows)):
            remarks.add("sheet_unknown", Severity.WARNING, (sheet.name, 0, 0))
    return {name: one for name, cells in found.items() if (one := _with_heads(name, cells, heads[name], remarks))}


def _known_heads(row: Sequence[str], wanted: Sequence[str]) -> int:
    return len({_head(text) for text in row} & set(wanted))


def _head(text: str) -> str:
    return visible_text(text).casefold()


def _share(sheet: SheetCells, wanted: Sequence[str]) -> float:
    rows = sheet.rows[:_LAST_HEAD]
    return max((_known_heads(row, wanted) for row in rows), default=0) / len(wanted)


def _with_heads(name: str, cells: SheetCells, wanted: Sequence[str], remarks: Remarks) -> FoundSheet | None:
    rows = cells.rows[:_LAST_HEAD] or [[]]
    head_row = max(range(len(rows)), key=lambda row: (_known_heads(rows[row], wanted), -row))
    if not _known_heads(rows[head_row], wanted):
        remarks.add("heads_missing", Severity.ERROR, (cells.name, 0, 0), heads=", ".join(wanted))
        return None
    columns: dict[str, int] = {}
    for place, text in enumerate(rows[head_row]):
        head = _head(text)
        if head in columns:
            remarks.add("column_twice", Severity.ERROR, (cells.name, head_row, place), column=head)
        elif head in wanted:
            columns[head] = place
        elif name != README and head != REMARK and (head or _below(cells, head_row, place)):
            remarks.add(
                "column_unknown", Severity.ERROR, (cells.name, head_row, place), column=head or column_letter(place)
            )
    for head in wanted:
        if head not in columns:
            at = (cells.name, head_row, -1 - len(columns) - list(wanted).index(head))
            remarks.add("column_missing", Severity.ERROR, at, f"row {head_row + 1}", column=head)
    return FoundSheet(name, cells, head_row, columns)


def _below(cells: SheetCells, head_row: int, place: int) -> bool:
    return any(place < len(row) and row[place] for row in cells.rows[head_row + 1 :])
