"""Writes the design workbook with XlsxWriter: a sheet for each sort of line, dropdowns, checks, all texts in one list.

The same rows give the same bytes. Nothing is protected: lines may be inserted, sorted, moved and copied.
"""

import datetime as dt
import io
import warnings
from functools import cached_property
from typing import Any

from xlsxwriter import Workbook

from questionnaire.addresses import address, column_letter
from questionnaire.design_sheets.plan import (
    IN_PARTS,
    LISTS,
    NUMBERS,
    QUESTIONS,
    README,
    SHEETS,
    TABLES,
    TEXT_COLUMNS,
    TEXTS,
    TYPES,
    Column,
    Holds,
    SheetPlan,
)
from questionnaire.design_sheets.rows import DesignRows, DesignText
from questionnaire.design_sheets.standard import standard_names
from questionnaire.workbook.design.checks import STANDARD, LineChecks, missing_languages, translation_check
from questionnaire.workbook.design.page import (
    CHECK_WIDTH,
    FIRST_COLUMN,
    FIRST_ROW,
    SPARE,
    Page,
    Shown,
    note_of,
)
from questionnaire.workbook.design.read_me import write_read_me
from questionnaire.workbook.design.words import Words
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.styles import Styles

WORDS = "Words"
"""The hidden sheet with the words of the dropdowns."""
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_DAY = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""The day that stands in the workbook: none of its own, so that the same rows give the same bytes."""
_WIDTHS = {
    Holds.WORDING: 46, Holds.CONDITION: 34, Holds.TEXT: 34, Holds.CODES: 26, Holds.PAIRS: 22, Holds.CODE: 18,
    Holds.CHOICE: 16, Holds.FLAG: 12, Holds.NUMBER: 12, Holds.LIMIT: 13,
}  # fmt: skip
_ANYTHING = {"criteria": ">=", "value": -1e15, "validate": "decimal"}


def write_design(rows: DesignRows, language: str = "en") -> bytes:
    """The workbook of an instrument's rows, with its explanations in a language of LANGUAGES."""
    content = io.BytesIO()
    with warnings.catch_warnings():
        # XlsxWriter leaves out what a program would refuse, with no more than a warning.
        warnings.simplefilter("error")
        with Workbook(content, _PLAIN) as workbook:
            _Writer(workbook, rows, Words(language)).write()
    return content.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, workbook: Any, rows: DesignRows, words: Words) -> None:
        self.workbook, self.rows, self.say = workbook, rows, words
        self.styles = Styles(workbook)
        self.read_me = workbook.add_worksheet(README)
        self.pages = {plan.name: self._page(plan) for plan in SHEETS}
        self.texts = list(rows.texts())
        self.words = self._words()

    def write(self) -> None:
        texts = self._texts_page()
        for plan in SHEETS:
            self._lines(plan, self.pages[plan.name])
        self._texts(texts)
        self._write_words()
        write_read_me(self.read_me, self.rows, self.styles, {**self.pages, TEXTS: texts}, self.say)
        title = self.rows.settings.get(f"title_{self.rows.official}")
        self.workbook.set_properties({"title": title, "comments": "acopio design", "created": _DAY})
        self.workbook.set_size(24_000, 14_000)

    def _page(self, plan: SheetPlan) -> Page:
        official = self.rows.official
        columns = [
            Shown(
                f"{one.name}_{official}" if one.holds is Holds.WORDING else one.name,
                self.say(one.meaning),
                _WIDTHS[one.holds],
                is_number=one.holds in NUMBERS,
            )
            for one in plan.columns
        ]
        sheet = self.workbook.add_worksheet(plan.name)
        sheet.set_tab_color(styles.NAVY)
        frozen = 1 + max((list(map(_name, plan.columns)).index(key) for key in plan.key), default=1)
        frozen = frozen if sum(column.width for column in columns[:frozen]) + CHECK_WIDTH < _MOST_FROZEN else 0
        return Page(sheet, plan.name, self.styles, columns, len(self.rows.sheets[plan.name]), frozen, self.say)

    def _words(self) -> dict[str, str]:
        """Where the words of each fixed choice, and the standard codes, stand, by what they are."""
        return {
            name: f"'{WORDS}'!${(letter := column_letter(place))}$2:${letter}${len(words) + 1}"
            for place, (name, words) in enumerate(self.choices.items())
        }

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The words of each fixed choice by sheet and column, then the standard codes that no line has yet."""
        found = {f"{plan.name} {one.name}": one.choices for plan in SHEETS for one in plan.columns if one.choices}
        for sheet, key in ((TYPES, "indicator_type"), (QUESTIONS, "question"), (LISTS, "codelist")):
            own = {row.get(key) for row in self.rows.sheets[sheet]}
            if further := tuple(name for name in standard_names(sheet) if name not in own):
                found[f"{STANDARD} {sheet}"] = further
        return found

    def _write_words(self) -> None:
        sheet = self.workbook.add_worksheet(WORDS)
        for place, (name, words) in enumerate(self.choices.items()):
            for row, word in enumerate((name, *words)):
                sheet.write_string(row, place, word)
        sheet.hide()

    def _lines(self, plan: SheetPlan, page: Page) -> None:
        page.head(plan.holds)
        checks = LineChecks(plan, page, self.pages, self.words)
        blank = [""] * len(page.columns)
        rows = [[row.get(column.head) for column in page.columns] for row in self.rows.sheets[plan.name]]
        for number, cells in enumerate((*rows, *[blank] * SPARE)):
            page.line(number, cells, checks.formula(number))
        for place, column in enumerate(plan.columns, FIRST_COLUMN):
            self._validate(page, place, plan, column)
            if plan.needs(column):
                self._mark(page, place, f'AND(COUNTA({_line(page)})>0,{_cell(place)}="")', styles.CORRECT)
            if plan.name == TABLES and column.name not in ("table", "part"):
                parts = [part for part, names in IN_PARTS.items() if column.name in names.split()]
                part = _cell(FIRST_COLUMN + 1)
                named = ",".join(f'{part}="{name}"' for name in parts)
                self._mark(page, place, f'AND({part}<>"",NOT(OR({named})))', styles.IDLE)

    def _validate(self, page: Page, place: int, plan: SheetPlan, column: Column) -> None:
        """What a cell offers and takes; a word that is no choice yet is asked about and may stay."""
        if column.choices:
            options: dict[str, Any] = {"validate": "list", "source": f"={self.words[f'{plan.name} {column.name}']}"}
        elif column.known:
            sheet, name = column.known
            heads = [one.head for one in self.pages[sheet].columns]
            area = self.pages[sheet].area(FIRST_COLUMN + heads.index(name), sheet=True)
            options = {"validate": "list", "source": f"={area}", "error_type": "warning"}
        elif column.holds is Holds.NUMBER:
            options = dict(_ANYTHING)
        else:
            options = {"validate": "any"}
        options |= note_of(self.say(column.meaning), column.name)
        page.sheet.data_validation(FIRST_ROW, place, page.last_row, place, options)

    def _mark(self, page: Page, place: int, criteria: str, colours: tuple[str, str]) -> None:
        ink, ground = colours
        looks = self.styles.conditional(ink, ground)
        options = {"type": "formula", "criteria": f"={criteria}", "format": looks}
        page.sheet.conditional_format(FIRST_ROW, place, page.last_row, place, options)

    def _texts_page(self) -> Page:
        widths = {"sheet": 12, "line": 26, "text": 12, "original": 46}
        columns = [Shown(name, self.say(meaning), widths[name], still=True) for name, meaning in TEXT_COLUMNS.items()]
        for language in self.rows.languages[1:]:
            offered = "" if language in self.rows.offered else "; the instrument does not offer this language"
            columns.append(Shown(language, self.say(f"the text in this language{offered}"), 46))
        sheet = self.workbook.add_worksheet(TEXTS)
        sheet.set_tab_color(styles.FIELD_EDGE)
        return Page(sheet, TEXTS, self.styles, columns, len(self.texts), 3, self.say)

    def _texts(self, page: Page) -> None:
        page.head("Every text in every further language. What is to be translated is listed by the filter of “remark”.")
        languages = self.rows.languages[1:]
        original = FIRST_COLUMN + len(TEXT_COLUMNS) - 1
        places = {language: original + 1 + n for n, language in enumerate(languages) if language in self.rows.offered}
        for number, text in enumerate((*self.texts, *[_NO_TEXT] * SPARE)):
            official = text.wording.get(self.rows.official, "")
            offered = [text.wording.get(language, "") for language in places]
            cells = (text.sheet, text.line, text.column, official, *(text.wording.get(one, "") for one in languages))
            result = missing_languages(official, offered, list(places), self.say)
            page.line(number, cells, translation_check(number, original, places, self.say), result)
        for place in places.values():
            self._mark(page, place, f'AND({_cell(original)}<>"",{_cell(place)}="")', styles.ANSWER)


_NO_TEXT = DesignText("", "", "", {})
_MOST_FROZEN = 100


def _name(column: Column) -> str:
    return column.name


def _cell(place: int) -> str:
    """The cell of a column in the first line, as conditional formats have it."""
    return f"${address(FIRST_ROW, place)}"


def _line(page: Page) -> str:
    last = column_letter(FIRST_COLUMN + len(page.columns) - 1)
    return f"${column_letter(FIRST_COLUMN)}{FIRST_ROW + 1}:${last}{FIRST_ROW + 1}"
