"""Writes the Cover: who is asked what by when, the language, how to go about it, progress, and the sign-off."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from questionnaire.layout import COVER_ENTRIES, CoverEntry
from questionnaire.sheet_names import COVER
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, row_height
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.sheets.dropdowns import SheetValidations
from questionnaire.workbook.sheets.verdict import answers_given, share_done, verdict
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import long_date, named, same

LANGUAGE = "cover_language"
"""The defined name of the cell that the language is chosen in."""

LABEL, VALUE, REST = 1, 2, 3
_WIDTHS = {0: 2, LABEL: 28, VALUE: 44, REST: 32, 4: 2}
_LANGUAGE_ROW = 6

_BANNER = Look(size=11, ink=styles.RULE, ground=styles.NAVY, valign="vcenter", indent=1, wrap=False)
_BANNER_TITLE = Look(size=18, bold=True, ink=styles.WHITE, ground=styles.NAVY, valign="vcenter", indent=1)
_BANNER_WHO = Look(size=14, bold=True, ink=styles.WHITE, ground=styles.NAVY, valign="vcenter", indent=1)
_LABEL = Look(size=10, ink=styles.MUTED, valign="vcenter")
_VALUE = Look(size=11, bold=True, valign="vcenter", indent=1)
_STEP = Look(size=11, valign="vcenter")
_HINT = Look(size=9, ink=styles.MUTED, valign="vcenter", indent=1)
_VERDICT = Look(size=12, bold=True, valign="vcenter", indent=1)
_BAR = Look(size=11, ink=styles.NAVY, valign="vcenter", wrap=False, indent=1)
_IDENTITY = Look(size=8, ink=styles.MUTED, valign="vcenter", wrap=False)

_CHOSEN = replace(styles.ENTRY_TEXT, bold=True)
_MEANING = Look(size=10, valign="vcenter", indent=1)

_FOCAL_POINT = ("focal_point", "position", "institution", "email", "phone")
_BAR_LENGTH = 24


class CoverWriter:
    """Writes the Cover from the top down."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book, self._sheet = book, sheet
        self._validations = SheetValidations()
        self._row = 0

    def write(self) -> None:
        """The whole sheet."""
        for column, width in _WIDTHS.items():
            self._sheet.set_column(column, column, width)
        self._banner()
        self._language()
        self._details()
        self._progress()
        self._steps()
        self._focal_point()
        self._legend()
        self._sign_off()
        self._small_print()
        self._validations.write(self._sheet)
        self._set_up()

    @property
    def language_cell(self) -> str:
        """The address of the cell that the language is chosen in."""
        return self._book.address(COVER, _LANGUAGE_ROW, VALUE)

    # --- parts ----------------------------------------------------------------------------------------------

    def _banner(self) -> None:
        book, texts = self._book, self._book.texts
        self._across(texts.say("cover_title"), _BANNER, 24, row=1)
        self._across(texts.add(book.layout.instrument.title), _BANNER_TITLE, 34)
        self._across(texts.add(book.round.title), replace(_BANNER, wrap=True), 24)
        self._across(texts.add(named(book.respondent, texts)), _BANNER_WHO, 30)
        if book.part:
            count, total = len(book.part.indicators), len(book.round.instrument.indicators)
            self._across(texts.say("cover_slice", title=book.part.title, count=count, total=total), _BANNER_WHO, 30)
        self._row = _LANGUAGE_ROW

    def _language(self) -> None:
        book = self._book
        self._put(LABEL, book.texts.say("cover_language"), _LABEL)
        self._sheet.write_string(self._row, VALUE, book.texts.language_name, book.styles(_CHOSEN))
        self._name(LANGUAGE)
        dropdown = book.dropdowns.choice(book.texts.names_range, "language")
        self._validations.add(self._row, VALUE, dropdown)
        hint = book.texts.say("cover_language_hint")
        self._put(REST, hint, _HINT)
        self._next(row_height([Box(hint.every, _WIDTHS[REST], 9, indent=1)], 28))

    def _details(self) -> None:
        book, texts = self._book, self._book.texts
        round_ = book.round
        contact = f"{round_.contact_name}, {round_.contact_email}"
        details: tuple[tuple[str, LiveText], ...] = (
            ("cover_deadline", texts.add(long_date(round_.return_by, texts))),
            ("cover_reference_period", texts.add(same(str(round_.period), texts))),
            ("cover_edition", texts.add(same(round_.instrument.edition, texts))),
            ("cover_contact", texts.add(same(contact, texts))),
        )
        for label, value in details:
            self._put(LABEL, texts.say(label), _LABEL)
            self._book.put_across(self._sheet, self._row, (VALUE, REST), value, _VALUE)
            self._next(20)

    def _progress(self) -> None:
        book = self._book
        self._heading("cover_progress")
        share = share_done(book)
        self._put(LABEL, answers_given(book), replace(_LABEL, ink=styles.BLACK))
        filled = f"ROUND({_BAR_LENGTH}*{share},0)"
        bar = f'=REPT("█",{filled})&REPT("░",{_BAR_LENGTH}-{filled})'
        self._sheet.write_formula(self._row, VALUE, bar, book.styles(_BAR), "░" * _BAR_LENGTH)
        percent = replace(_VALUE, number="0 %")
        self._sheet.write_formula(self._row, REST, f"={share}", book.styles(percent), 0)
        self._next(30)
        judged = verdict(book)
        book.colour_by_sign(self._sheet, LABEL, (self._row, self._row), REST)
        self._across(judged, _VERDICT, 34)

    def _steps(self) -> None:
        self._heading("cover_how_to")
        texts, instrument = self._book.texts, self._book.layout.instrument
        second = "cover_step_2" if instrument.level_scale is None else "cover_step_2_levels"
        codes = ", ".join(code.code for code in instrument.missing)
        for step in (
            texts.say("cover_step_1"),
            texts.say(second),
            texts.say("cover_step_3", codes=codes),
            texts.say("cover_step_4"),
            texts.say("cover_step_5"),
        ):
            self._across(step, _STEP, 22)
        if previous := self._book.round.previous:
            self._across(self._book.texts.say("cover_confirm", period=previous.period), replace(_STEP, bold=True), 22)
        self._across(self._book.texts.say("cover_keep_file"), replace(_STEP, bold=True), 22)

    def _focal_point(self) -> None:
        self._heading("cover_focal_point")
        for part in _FOCAL_POINT:
            self._entry(COVER_ENTRIES[part], styles.ENTRY_TEXT)

    def _legend(self) -> None:
        self._heading("cover_legend")
        for key, sign, look in _legend(self._book):
            self._sheet.write_string(self._row, LABEL, sign, look)
            self._book.put_across(self._sheet, self._row, (VALUE, REST), self._book.texts.say(key), _MEANING)
            self._next(22)

    def _sign_off(self) -> None:
        self._heading("cover_sign_off")
        self._across(self._book.texts.say("cover_sign_off_statement"), _STEP, 22)
        self._entry(COVER_ENTRIES["signed_off_by"], styles.ENTRY_TEXT)
        self._validations.add(self._row, VALUE, self._book.dropdowns.day())
        self._entry(COVER_ENTRIES["signed_off_on"], styles.ENTRY_DATE)

    def _small_print(self) -> None:
        book = self._book
        self._heading("cover_unofficial")
        self._across(book.texts.add(book.layout.instrument.unofficial), styles.NOTE, 18)
        self._next(8)
        self._across(book.texts.say("cover_identity"), styles.NOTE, 16)
        self._sheet.write_string(self._row, LABEL, book.identity, book.styles(_IDENTITY))
        self._next(16)

    # --- how a part is put down -----------------------------------------------------------------------------

    def _put(self, column: int, text: LiveText, look: Look) -> None:
        self._book.put(self._sheet, self._row, column, text, look)

    def _across(self, text: LiveText, look: Look, least: float, row: int | None = None) -> None:
        self._row = self._row if row is None else row
        self._book.put_across(self._sheet, self._row, (LABEL, REST), text, look)
        width = sum(_WIDTHS[column] for column in (LABEL, VALUE, REST))
        self._next(row_height([Box(text.every, width, look.size, bold=look.bold, indent=look.indent)], least))

    def _heading(self, key: str) -> None:
        self._next(8)
        look = replace(styles.PART_HEADING, ruled=True)
        for column in (VALUE, REST):
            self._sheet.write_blank(self._row, column, None, self._book.styles(look))
        self._put(LABEL, self._book.texts.say(key), look)
        self._next(24)

    def _entry(self, entry: CoverEntry, look: Look) -> None:
        self._put(LABEL, self._book.texts.say(entry.label), _LABEL)
        self._sheet.write_blank(self._row, VALUE, None, self._book.styles(look))
        self._name(entry.name)
        self._next(24)

    def _name(self, name: str) -> None:
        self._book.workbook.define_name(name, f"={self._book.address(COVER, self._row, VALUE)}")

    def _next(self, height: float) -> None:
        self._sheet.set_row(self._row, height)
        self._row += 1

    def _set_up(self) -> None:
        self._sheet.protect("", PROTECTION)
        self._sheet.hide_gridlines(2)
        self._sheet.set_first_sheet()
        self._sheet.activate()
        self._sheet.set_selection(_LANGUAGE_ROW, VALUE, _LANGUAGE_ROW, VALUE)
        self._book.fit_for_print(self._sheet, landscape=False, last_column=REST, pages=1)


def _legend(book: Book) -> Iterator[tuple[str, str, Any]]:
    """What the colours and signs mean: key of the words, sign, format of the sample."""
    sample = Look(size=11, bold=True, align="center", valign="vcenter")
    yield "legend_answer", "", book.styles(replace(styles.ENTRY, open=False))
    yield "legend_locked", "", book.styles(replace(sample, ground=styles.PAPER, ruled=True))
    signs = {
        "legend_correct": Sign.ERROR,
        "legend_to_answer": Sign.TO_DO,
        "legend_reason": Sign.WARNING,
        "legend_fine": Sign.OK,
        "legend_not_relevant": Sign.NOT_NEEDED,
    }
    for key, sign in signs.items():
        ink, ground = styles.COLOURS[sign]
        yield key, sign, book.styles(replace(sample, ink=ink, ground=ground, hatched=sign is Sign.NOT_NEEDED))
