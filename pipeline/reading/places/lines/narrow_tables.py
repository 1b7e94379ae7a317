"""Takes the sheet of a section and the tables that stand on it apart, as sheets of their own with the same addresses.

It looks at one sheet at a time, decides by the texts that say whose a row is, and reads no answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.reading.places.form_texts import FormTexts
from pipeline.reading.places.sheet_map import SheetMap, cell_at
from pipeline.reading.workbooks.grids import Sheet
from questionnaire.codelists import choice_key
from questionnaire.layout import Column, Layout, Slot, TableSheet

Whose = str | tuple[str, ...]
"""The code of the table that a row is of, "" for the section; several where any of them may have the row."""


def apart(
    sheet: Sheet, section: SheetMap[Column, Slot], layout: Layout, texts: FormTexts
) -> tuple[Sheet, dict[str, Sheet]]:
    """The sheet without the rows of tables, and by the code of each table that stands on it a sheet with these alone.

    A row that says nothing is that of the table whose row stands above it, else of the one below it.
    """
    tables = {one.block.code: one for one in layout.lists if isinstance(one, TableSheet)}
    named = _rows_of_tables(sheet, tables) if tables else {}
    if not named:
        return sheet, {}
    whose = _settled({**named, **dict.fromkeys(_rows_of_section(sheet, section, texts), "")}, len(sheet.rows))
    return _only(sheet, whose, ""), {code: _only(sheet, whose, code) for code in tables if code in whose}


def _rows_of_tables(sheet: Sheet, tables: Mapping[str, TableSheet]) -> dict[int, Whose]:
    """The rows that hold a key of a table, its hidden header, its title, or a number that some tables have."""
    keys, titles, numbers = dict[str, str](), dict[str, str](), dict[str, tuple[str, ...]]()
    for code, table in tables.items():
        titles |= dict.fromkeys(map(choice_key, table.block.label.values()), code)
        keys |= dict.fromkeys(table.header_keys, code)
        for line in range(table.block.most_lines + 1):
            keys[table.key(line)] = code
            if table.section:
                numbers[table.number(line)] = (*numbers.get(table.number(line), ()), code)
    found: dict[int, Whose] = {row: numbers[text] for row, _, text in sheet.texts if text in numbers}
    named = found.keys() | {row for row, _, text in sheet.texts if text in keys}
    if named:
        found |= {row: titles[key] for row, _, text in sheet.texts if (key := choice_key(text)) in titles}
    return found | {row: keys[text] for row, _, text in sheet.texts if text in keys}


def _rows_of_section(sheet: Sheet, section: SheetMap[Column, Slot], texts: FormTexts) -> Iterator[int]:
    """The rows of questions and of the heads of blocks, and all above the first of them."""
    yield from range(section.first_row)
    yield from section.rows
    number = section.columns[Column.NUMBER]
    for row, cells in enumerate(sheet.rows):
        if isinstance(code := cell_at(cells, number), str) and texts.is_indicator(code):
            yield row


def _settled(named: Mapping[int, Whose], rows: int) -> list[str]:
    """Whose each row is; of several tables that may have one, the table above it has it, else the first."""
    whose, above, below = list[str](), "", ""
    for row in range(rows):
        said = named.get(row, above)
        above = said if isinstance(said, str) else above if above in said else said[0]
        whose.append(above)
    for row in reversed(range(rows)):
        below = whose[row] if row in named else below
        whose[row] = whose[row] or ("" if row in named else below)
    return whose


def _only(sheet: Sheet, whose: list[str], code: str) -> Sheet:
    """The sheet with the cells of some rows alone; they stay where they are."""
    return replace(sheet, rows=[cells if whose[row] == code else [] for row, cells in enumerate(sheet.rows)])
