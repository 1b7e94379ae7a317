"""Runs inside LibreOffice's Python: what people do to an open workbook beyond typing into its cells.

Rows count from 1 as in the program, columns are letters, areas are addresses such as B7:H20.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import uno

_CONTENT = 1 | 2 | 4 | 16
"""Numbers, days, texts and formulas, as the program counts what it clears."""


def insert_rows(document: Any, tab: str, before: int, count: int) -> None:
    _sheet(document, tab).Rows.insertByIndex(before - 1, count)


def delete_rows(document: Any, tab: str, first: int, count: int) -> None:
    _sheet(document, tab).Rows.removeByIndex(first - 1, count)


def insert_column(document: Any, tab: str, before: str) -> None:
    columns = _sheet(document, tab).Columns
    columns.insertByIndex(_number(columns, before), 1)


def delete_column(document: Any, tab: str, column: str) -> None:
    columns = _sheet(document, tab).Columns
    columns.removeByIndex(_number(columns, column), 1)


def sort_rows(document: Any, tab: str, area: str, by: int) -> None:
    """Sort by a column of the area, counted from 0."""
    field = uno.createUnoStruct("com.sun.star.table.TableSortField")
    field.Field, field.IsAscending = by, False
    found = _area(document, tab, area)
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    found.sort((_property("SortFields", fields), _property("ContainsHeader", False)))


def cut_and_paste(document: Any, tab: str, area: str, to_tab: str, to: str) -> None:
    target = _area(document, to_tab, to).getCellByPosition(0, 0).CellAddress
    _sheet(document, tab).moveRange(target, _area(document, tab, area).RangeAddress)


def copy_block(document: Any, tab: str, area: str, to: str) -> None:
    target = _area(document, tab, to).getCellByPosition(0, 0).CellAddress
    _sheet(document, tab).copyRange(target, _area(document, tab, area).RangeAddress)


def paste_values(document: Any, tab: str, area: str, to_tab: str, to: str) -> None:
    """What an area shows, pasted as values elsewhere."""
    _paste(document, to_tab, to, _area(document, tab, area).getDataArray())


def transpose(document: Any, tab: str, area: str, to_tab: str, to: str) -> None:
    """What an area shows, pasted as values elsewhere with its rows as columns; where it stood it is emptied."""
    found = _area(document, tab, area)
    rows = found.getDataArray()
    found.clearContents(_CONTENT)
    _paste(document, to_tab, to, tuple(zip(*rows, strict=True)))


def merge(document: Any, tab: str, area: str) -> None:
    """Merge cells; like the program's default, what the covered ones hold is emptied but for the first."""
    found = _area(document, tab, area)
    cells = [
        found.getCellByPosition(column, row) for row in range(found.Rows.Count) for column in range(found.Columns.Count)
    ]
    for cell in cells[1:]:
        cell.setString("")
    found.merge(True)


def hide_rows(document: Any, tab: str, first: int, last: int) -> None:
    for row in range(first - 1, last):
        _sheet(document, tab).Rows.getByIndex(row).IsVisible = False


def filter_rows(document: Any, tab: str, area: str, by: int, text: str) -> None:
    """Show only the rows of an area in which a column, counted from 0, is this text."""
    found = _area(document, tab, area)
    descriptor = found.createFilterDescriptor(True)
    field = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    field.Field, field.Operator = by, uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    field.IsNumeric, field.StringValue = False, text
    descriptor.ContainsHeader = False
    descriptor.setFilterFields((field,))
    found.filter(descriptor)


def type_in(document: Any, tab: str, cell: str, content: str) -> None:
    """What the program makes of a text typed into a cell: a number, a formula after =, else a text."""
    _area(document, tab, cell).setFormula(content)


def type_text(document: Any, tab: str, cell: str, text: str) -> None:
    _area(document, tab, cell).setString(text)


def comment_on(document: Any, tab: str, cell: str, text: str) -> None:
    _sheet(document, tab).Annotations.insertNew(_area(document, tab, cell).CellAddress, text)


def draw_text(document: Any, tab: str, cell: str, text: str) -> None:
    """A box with a text over a cell."""
    box = document.createInstance("com.sun.star.drawing.RectangleShape")
    box.Position = _area(document, tab, cell).Position
    box.Size = uno.createUnoStruct("com.sun.star.awt.Size", 5000, 1000)
    _sheet(document, tab).DrawPage.add(box)
    box.setString(text)


def paste_picture(document: Any, tab: str, cell: str, path: str) -> None:
    """A picture over a cell, as of a table that was copied elsewhere."""
    picture = document.createInstance("com.sun.star.drawing.GraphicObjectShape")
    _sheet(document, tab).DrawPage.add(picture)
    picture.GraphicURL = uno.systemPathToFileUrl(path)
    picture.setSize(uno.createUnoStruct("com.sun.star.awt.Size", 6000, 3000))
    picture.setPosition(_area(document, tab, cell).Position)


def strike_out(document: Any, tab: str, area: str) -> None:
    _area(document, tab, area).CharStrikeout = 1


def rename_sheet(document: Any, tab: str, name: str) -> None:
    document.Sheets.getByName(tab).Name = name


def move_sheet(document: Any, tab: str, position: int) -> None:
    document.Sheets.moveByName(tab, position)


def delete_sheet(document: Any, tab: str) -> None:
    document.Sheets.removeByName(tab)


def copy_sheet(document: Any, tab: str, name: str) -> None:
    """A copy of a sheet at the end."""
    document.Sheets.copyByName(tab, name, document.Sheets.Count)


def add_sheet(document: Any, tab: str) -> None:
    document.Sheets.insertNewByName(tab, document.Sheets.Count)


def copy_as_values(document: Any) -> Any:
    """A new workbook with what is seen of each visible sheet, pasted as values side by side as it stood."""
    desktop = document.CurrentController.Frame.Creator
    made = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (_property("Hidden", True),))
    document.calculateAll()
    sheets = [document.Sheets.getByIndex(number) for number in range(document.Sheets.Count)]
    for number, sheet in enumerate(sheet for sheet in sheets if sheet.IsVisible):
        target = made.Sheets
        name = f"Sheet{number + 1}"
        if not target.hasByName(name):
            target.insertNewByName(name, number)
        rows = _seen(sheet)
        target.getByName(name).getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1).setDataArray(rows)
    document.close(True)
    return made


def _seen(sheet: Any) -> tuple[tuple[Any, ...], ...]:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    rows = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
    columns = [number for number in range(end.EndColumn + 1) if sheet.Columns.getByIndex(number).IsVisible]
    seen = [number for number in range(end.EndRow + 1) if sheet.Rows.getByIndex(number).IsVisible]
    return tuple(tuple("" if rows[r][c] is None else rows[r][c] for c in columns) for r in seen)


def _paste(document: Any, tab: str, to: str, rows: tuple[tuple[Any, ...], ...]) -> None:
    at = _area(document, tab, to).getCellByPosition(0, 0).CellAddress
    last = at.Column + len(rows[0]) - 1, at.Row + len(rows) - 1
    _sheet(document, tab).getCellRangeByPosition(at.Column, at.Row, *last).setDataArray(rows)


def _sheet(document: Any, tab: str) -> Any:
    """A sheet, open for changes."""
    sheet = document.Sheets.getByName(tab)
    sheet.unprotect("")
    return sheet


def _area(document: Any, tab: str, area: str) -> Any:
    return _sheet(document, tab).getCellRangeByName(area)


def _number(columns: Any, letters: str) -> int:
    return int(columns.getByName(letters).RangeAddress.StartColumn)


def _property(name: str, value: object) -> Any:
    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


EDITS: Mapping[str, Callable[..., Any]] = {
    edit.__name__: edit
    for edit in (
        insert_rows, delete_rows, insert_column, delete_column, sort_rows, cut_and_paste, copy_block, paste_values,
        transpose, merge, hide_rows,
        filter_rows,
        type_in, type_text, comment_on, draw_text, paste_picture, strike_out, rename_sheet, move_sheet, delete_sheet, copy_sheet, add_sheet, copy_as_values,
    )
}  # fmt: skip
"""Every edit by its name; each takes the document and its own arguments and gives another document, or None."""
