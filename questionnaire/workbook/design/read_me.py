"""Writes the first sheet of the design workbook: how to use it, what is open, and the settings of the instrument."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from questionnaire.design_sheets.plan import (
    LISTS,
    SETTING,
    SETTING_TEXTS,
    SETTINGS,
    SHEETS,
    TEXTS,
    TYPES,
    VALUE,
    setting_meanings,
)
from questionnaire.design_sheets.rows import DesignRows
from questionnaire.design_sheets.standard import standard_names
from questionnaire.workbook.design.page import CHECK_COLUMN, Page, fit_for_print
from questionnaire.workbook.design.words import Words
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.styles import Styles

_FIRST, _SECOND, _THIRD = 1, 2, 3
_WIDTHS = (2, 26, 62, 70)
_MEANING = replace(styles.NOTE, valign="vcenter", indent=1)
_STEPS = (
    "This workbook is the whole instrument: edit it, save it, and give acopio design NAME --from FILE. It writes the "
    "text files of the instrument, from which everything is made, and changes nothing as long as something is wrong.",
    "One line is one thing. The column “remark” says what is missing or wrong in a line; red cells must be filled in, "
    "grey ones mean nothing there. A selected cell says what it is for.",
    "Lines may be inserted, moved, sorted and removed. The heads in row 3 and the names of sheets stay as they are.",
    "Codes are the names by which lines refer to one another: change a code everywhere, or not at all once "
    "questionnaires went out. Then what is asked changes with acopio design NAME --edition NEW.",
    "Texts in the official language stand on their sheets; those in other languages on the sheet Texts. A new line "
    "gets its lines there when the workbook is written again.",
    "Standard types, questions and lists may be named without a line of their own, and come along when the workbook is "
    "read back. {standard}",
    "A formula, a merged cell or a color says nothing here: only what stands in a cell is read.",
)


def write_read_me(sheet: Any, rows: DesignRows, looks: Styles, pages: Mapping[str, Page], words: Words) -> None:
    """The whole sheet."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    title = rows.settings.get(f"title_{rows.official}") or rows.settings.get("name")
    sheet.write_string(0, _FIRST, title, looks(styles.TITLE))
    sheet.set_row(0, 36)
    row = 2
    standard = " ".join(f"{sheet}: {', '.join(standard_names(sheet))}." for sheet in (TYPES, LISTS))
    for number, step in enumerate((words(step).format(standard=standard) for step in _STEPS), 1):
        sheet.write_string(row, _FIRST, f"{number}.", looks(styles.CELL))
        sheet.merge_range(row, _SECOND, row, _THIRD, step, looks(styles.CELL))
        sheet.set_row(row, row_height([Box((step,), _WIDTHS[_SECOND] + _WIDTHS[_THIRD], 10, indent=1)], 22))
        row += 1
    row = _overview(sheet, row + 1, looks, pages, rows, words)
    _settings(sheet, row + 1, looks, rows, words)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(styles.RULE)
    sheet.activate()


def _overview(sheet: Any, row: int, looks: Styles, pages: Mapping[str, Page], rows: DesignRows, words: Words) -> int:
    """Each sheet with what it holds and how many of its lines have something to be looked at."""
    holds = {**{plan.name: plan.holds for plan in SHEETS}, TEXTS: "Every text in every further language."}
    for column, head in ((_FIRST, "sheet"), (_SECOND, "what it holds"), (_THIRD, "lines with a remark")):
        sheet.write_string(row, column, words(head), looks(styles.HEADING))
    sheet.set_row(row, 24)
    untranslated = sum(
        rows.official in text.wording and any(language not in text.wording for language in rows.offered)
        for text in rows.texts()
    )
    for name, page in pages.items():
        row += 1
        sheet.write_url(row, _FIRST, f"internal:'{name}'!A1", looks(styles.JUMP), name)
        sheet.write_string(row, _SECOND, words(holds[name]), looks(styles.CELL))
        area = page.area(CHECK_COLUMN, sheet=True)
        formula = f'=SUMPRODUCT(({area}<>"")*1)'
        sheet.write_formula(row, _THIRD, formula, looks(styles.COUNT), untranslated if name == TEXTS else 0)
        sheet.set_row(row, row_height([Box((words(holds[name]),), _WIDTHS[_SECOND], 10, indent=1)], 20))
    return row + 1


def _settings(sheet: Any, row: int, looks: Styles, rows: DesignRows, words: Words) -> None:
    """The settings, a line each: what the instrument is called, its languages, what is asked everywhere."""
    for column, head in ((_FIRST, SETTING), (_SECOND, VALUE), (_THIRD, words("what it says"))):
        sheet.write_string(row, column, head, looks(styles.HEADING))
    sheet.set_row(row, 24)
    meanings = {name: words(meaning) for name, meaning in setting_meanings().items()}
    for name in (*SETTINGS, *SETTING_TEXTS):
        shown = f"{name}_{rows.official}" if name in SETTING_TEXTS else name
        row += 1
        text = rows.settings.get(shown)
        sheet.write_string(row, _FIRST, shown, looks(styles.CELL))
        look = looks(styles.ENTRY_TEXT)
        if text:
            sheet.write_string(row, _SECOND, text, look)
        else:
            sheet.write_blank(row, _SECOND, None, look)
        sheet.write_string(row, _THIRD, meanings[name], looks(_MEANING))
        boxes = [Box((text,), _WIDTHS[_SECOND], 11, indent=1), Box((meanings[name],), _WIDTHS[_THIRD], 9, indent=1)]
        sheet.set_row(row, row_height(boxes, 22))
    fit_for_print(sheet, _THIRD, row)
