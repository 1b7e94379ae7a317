"""Reads what a respondent says about itself on the Cover: its focal point, who signed off. It decides nothing by it."""

from collections.abc import Mapping
from functools import cache

from pipeline.reading.submission import Cover
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.yes_texts import is_yes
from pipeline.reading.workbooks.grids import CellValue, Sheet, Workbook
from questionnaire.addresses import column_letter
from questionnaire.blanks import is_blank
from questionnaire.codelists import choice_key
from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.messages import wording
from questionnaire.sheet_names import TEXTS_SHEET

CONTACT = ("focal_point", "position", "email", "phone")
"""The entries about how to reach a person."""

_FEWEST_LABELS = 4
_NO_LABELS: set[str] = set()
"""Texts seen before that are no labels: most of a workbook is the same in every return."""
_KEPT, _LONGEST_KEPT = 16_384, 1024
_REACH = 3
"""Columns to the right of a label in which its entry is looked for."""


def read_cover(workbook: Workbook) -> Cover | None:
    """The Cover of a workbook, whatever its name and language: by its labels, else by the names of its cells."""
    return _by_labels(workbook.sheets) or _by_names(workbook)


def _by_labels(sheets: tuple[Sheet, ...]) -> Cover | None:
    """The sheet where the labels stand below each other."""
    # The labels stand among the hidden texts too: whoever resaves without calculating leaves them there alone.
    labels = [(_labels(sheet), sheet) for sheet in sheets if sheet.name != TEXTS_SHEET]
    found, sheet = max(labels, key=lambda pair: len(pair[0]), default=({}, None))
    if sheet is None or len(found) < _FEWEST_LABELS:
        return None
    entries, cells = {}, set()
    for name, (row, label) in found.items():
        beside = enumerate(sheet.rows[row][label + 1 : label + 1 + _REACH], label + 1)
        entered = next(((column, cell_text(value)) for column, value in beside if _is_entry(value)), None)
        if entered:
            cells.add((row, entered[0]))
            entries[name] = _said(name, entered[1])
    row, column = found.get("signed_off_by", next(iter(found.values())))
    return Cover(entries, frozenset(cells), sheet.name, f"{column_letter(column + 1)}{row + 1}")


def _by_names(workbook: Workbook) -> Cover | None:
    """Where a program that calculates nothing saved the workbook, the labels are gone: they are formulas."""
    names = {name: workbook.metadata.names.get(entry.name) for name, entry in COVER_ENTRIES.items()}
    places = {name: cell for name, cell in names.items() if cell is not None}
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    signing = places.get("signed_off_by")
    if signing is None or signing.sheet not in sheets:
        return None
    entries, cells = {}, set()
    for name, (row, column) in ((name, cell.at) for name, cell in places.items() if cell.sheet == signing.sheet):
        rows = sheets[signing.sheet].rows
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if _is_entry(value):
            cells.add((row, column))
            entries[name] = _said(name, cell_text(value))
    row, column = signing.at
    return Cover(entries, frozenset(cells), signing.sheet, f"{column_letter(column)}{row + 1}")


def _said(name: str, entered: str) -> str:
    """What an entry says: whether texts are cleared as Y or N, as far as it is a yes or a no; all else as it is."""
    answer = is_yes(entered) if name == "texts_cleared" else None
    return entered if answer is None else "Y" if answer else "N"


def _labels(sheet: Sheet) -> dict[str, tuple[int, int]]:
    """Where each label stands first, row and column; only those of the column that has most of them."""
    named = {word: name for word in sheet.words - _NO_LABELS if (name := _name(word))}
    by_column: dict[int, dict[str, tuple[int, int]]] = {}
    for row, cells in enumerate(sheet.rows) if named else ():
        for column, value in enumerate(cells):
            if isinstance(value, str) and value in named:
                by_column.setdefault(column, {}).setdefault(named[value], (row, column))
    return max(by_column.values(), key=len, default={})


def _name(text: str) -> str | None:
    """The name of the entry whose label a text is."""
    name = _names().get(choice_key(text))
    if name is None and len(text) <= _LONGEST_KEPT and len(_NO_LABELS) < _KEPT:
        _NO_LABELS.add(text)
    return name


@cache
def _names() -> Mapping[str, str]:
    """The name of an entry by its label in any language."""
    return {
        choice_key(label): name
        for name, entry in COVER_ENTRIES.items()
        for label in wording("workbook", entry.label).values()
    }


def _is_entry(value: CellValue) -> bool:
    return not is_blank(value) and not (isinstance(value, str) and choice_key(value) in _names())
