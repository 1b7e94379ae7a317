"""Writes the Cover: who is asked what by when and what for, language, progress, contact details, sign-off, how to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlsxwriter.image import Image

from questionnaire.addresses import address
from questionnaire.cover_entries import COVER_ENTRIES, CoverEntry
from questionnaire.messages import long_date
from questionnaire.rounds.cover_page import LOGO
from questionnaire.sheet_names import CHECKS, COVER, OVERVIEW
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.heights import Box, points, row_height
from questionnaire.workbook.looks.styles import Look
from questionnaire.workbook.sheets.book import PROTECTION, Book
from questionnaire.workbook.sheets.burden import MINUTES, burden
from questionnaire.workbook.sheets.dropdowns import SheetValidations
from questionnaire.workbook.sheets.verdict import answers_given, share_done, verdict
from questionnaire.workbook.texts.texts import LiveText
from questionnaire.workbook.texts.wordings import named, same, sheet_titles

LANGUAGE = "cover_language"
"""The defined name of the cell that the language is chosen in."""

LABEL, VALUE, REST, SIDE, ENTRY = 1, 2, 3, 5, 6
"""The columns: on the left what there is to know, on the right what is filled in, both on the first screen."""

_WIDTHS = {0: 2, LABEL: 26, VALUE: 40, REST: 24, 4: 2, SIDE: 24, ENTRY: 38}
_LEFT, _RIGHT, _WHOLE = (LABEL, REST), (SIDE, ENTRY), (LABEL, ENTRY)
_LOGO_HEIGHT, _LOGO_EDGE = 40, 2
"""Points, and pixels above and below."""

_LETTERHEAD = Look(size=12, bold=True, ink=styles.NAVY, valign="vcenter", wrap=False)
_BANNER = Look(size=11, ink=styles.RULE, ground=styles.NAVY, valign="vcenter", indent=1)
_BANNER_TITLE = Look(size=18, bold=True, ink=styles.WHITE, ground=styles.NAVY, valign="vcenter", indent=1)
_BANNER_WHO = Look(size=14, bold=True, ink=styles.WHITE, ground=styles.NAVY, valign="vcenter", indent=1)
_LABEL = Look(size=10, ink=styles.MUTED, valign="vcenter")
_VALUE = Look(size=11, bold=True, valign="vcenter", indent=1)
_STEP = Look(size=11, valign="vcenter")
_HINT = Look(size=9, ink=styles.MUTED, valign="vcenter", indent=1)
_VERDICT = Look(size=12, bold=True, valign="vcenter", indent=1)
_BAR = Look(size=11, ink=styles.NAVY, valign="vcenter", wrap=False, indent=1)
_LINK = replace(styles.JUMP, ruled=False, size=11, bold=True)
_SHEET = replace(_LINK, size=10)
_IDENTITY = Look(size=9, ink=styles.MUTED, valign="vcenter", wrap=False)
_HEADING = replace(styles.PART_HEADING, ruled=True)
_SMALL_PRINT = replace(styles.NOTE, valign="vcenter")
_CHOSEN = replace(styles.ENTRY_TEXT, bold=True)
_MEANING = Look(size=10, valign="vcenter", indent=1)

_FOCAL_POINT = ("focal_point", "position", "institution", "email", "phone")
_BAR_LENGTH = 22


class CoverWriter:
    """Writes the Cover: first the two columns of the first screen, then what is read once, from the top down."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book, self._sheet = book, sheet
        self._validations = SheetValidations()
        self._heights: dict[int, float] = {}
        self._row = self._language_row = self._first_entry = 0

    def write(self) -> None:
        """The whole sheet."""
        for column, width in _WIDTHS.items():
            self._sheet.set_column(column, column, width)
        self._letterhead()
        self._banner()
        top = self._row
        self._know()
        below, self._row = self._row, top
        self._fill_in()
        self._row = max(below, self._row)
        self._about()
        self._sheets()
        self._steps()
        self._legend()
        self._small_print()
        self._validations.write(self._sheet)
        self._set_up()

    @property
    def language_cell(self) -> str:
        """The address of the cell that the language is chosen in."""
        return self._book.address(COVER, self._language_row, VALUE)

    # --- the first screen -----------------------------------------------------------------------------------

    def _letterhead(self) -> None:
        page = self._book.round.cover
        if page.logo:
            options = {"description": LOGO, "object_position": 3, "y_offset": _LOGO_EDGE, **_fitting(page.logo)}
            self._sheet.insert_image(self._row, ENTRY, str(page.logo), options)
        if page.letterhead:
            self._put(LABEL, self._book.texts.add(page.letterhead), _LETTERHEAD)
        self._next(_LOGO_HEIGHT + 2 * _LOGO_EDGE if page.logo else 30 if page.letterhead else 6)

    def _banner(self) -> None:
        book, texts = self._book, self._book.texts
        self._across(_WHOLE, texts.join("  ·  ", texts.wording("cover_title"), book.round.title), _BANNER, 24)
        self._across(_WHOLE, texts.add(book.layout.instrument.title), _BANNER_TITLE, 32)
        self._across(_WHOLE, texts.add(named(book.respondent, texts)), _BANNER_WHO, 26)
        if book.part:
            count, total = len(book.part.indicators), len(book.round.instrument.indicators)
            part = texts.say("cover_slice", title=book.part.title, count=count, total=total)
            self._across(_WHOLE, part, _BANNER_WHO, 26)

    def _know(self) -> None:
        """On the left: the language, by when, about what, to whom; how far one has come, and what is next."""
        self._next(6)
        self._language()
        self._details()
        self._heading(_LEFT, "cover_progress")
        self._progress()
        self._links()

    def _language(self) -> None:
        book = self._book
        self._language_row = self._row
        self._put(LABEL, book.texts.say("cover_language"), _LABEL)
        self._sheet.write_string(self._row, VALUE, book.texts.language_name, book.styles(_CHOSEN))
        self._name(LANGUAGE, VALUE)
        self._validations.add(self._row, VALUE, book.dropdowns.choice(book.texts.names_range, "language"))
        hint = book.texts.say("cover_language_hint")
        self._put(REST, hint, _HINT)
        self._next(row_height([Box(hint.every, _WIDTHS[REST], 9, indent=1)], 28))

    def _details(self) -> None:
        texts, round_ = self._book.texts, self._book.round
        contact = f"{round_.contact_name}, {round_.contact_email}"
        day = self._book.correct_by or round_.return_by
        details: tuple[tuple[str, LiveText], ...] = (
            (
                "cover_deadline",
                texts.add({language: long_date(day, language) for language in texts.languages}),
            ),
            ("cover_reference_period", texts.add(same(str(round_.period), texts))),
            ("cover_edition", texts.add(same(round_.instrument.edition, texts))),
            ("cover_contact", texts.add(same(contact, texts))),
        )
        for label, value in details:
            self._put(LABEL, texts.say(label), _LABEL)
            self._book.put_across(self._sheet, self._row, (VALUE, REST), value, _VALUE)
            self._next(22)

    def _progress(self) -> None:
        book = self._book
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
        self._across(_LEFT, judged, _VERDICT, 34)

    def _links(self) -> None:
        for key, sheet in (("cover_to_questions", OVERVIEW), ("cover_to_checks", CHECKS)):
            self._link(_LEFT, self._book.address(sheet, 1, 1), self._book.texts.say(key), _LINK)
            self._next(22)

    def _fill_in(self) -> None:
        """On the right: whom to ask, and the sign-off."""
        self._next(6)
        self._heading(_RIGHT, "cover_focal_point")
        self._first_entry = self._row
        for part in _FOCAL_POINT:
            self._entry(COVER_ENTRIES[part], styles.ENTRY_TEXT)
        self._heading(_RIGHT, "cover_sign_off")
        self._across(_RIGHT, self._book.texts.say("cover_sign_off_statement"), replace(_STEP, size=10), 22)
        self._entry(COVER_ENTRIES["signed_off_by"], styles.ENTRY_TEXT)
        self._validations.add(self._row, ENTRY, self._book.dropdowns.day())
        self._entry(COVER_ENTRIES["signed_off_on"], styles.ENTRY_DATE)
        yes_no = self._book.lists.labels(self._book.layout.instrument.codelists["yes_no"])
        self._validations.add(self._row, ENTRY, self._book.dropdowns.choice(yes_no, "yes_no"))
        self._entry(COVER_ENTRIES["texts_cleared"], styles.ENTRY_TEXT)
        self._across(_RIGHT, self._book.texts.say("cover_texts_cleared_hint"), replace(_STEP, size=9), 16)

    # --- below it -------------------------------------------------------------------------------------------

    def _about(self) -> None:
        book, texts, page = self._book, self._book.texts, self._book.round.cover
        self._part("cover_about")
        usual = texts.wording("cover_purpose", period=book.round.period)
        self._across(_WHOLE, texts.add(page.purpose or usual), _STEP, 22)
        self._across(_WHOLE, texts.add(page.use or texts.wording("cover_use")), _STEP, 22)
        whole = burden(book, book.layout.instrument.indicators)
        first, last = whole.hours
        counts = {"indicators": whole.indicators, "least": whole.least, "most": whole.most}
        said = texts.say("cover_burden", **counts, minutes=MINUTES, first=first, last=last)
        self._across(_WHOLE, said, _STEP, 22)

    def _sheets(self) -> None:
        """Each sheet by the sign on its tab, which is in no language, with its title and its share of the burden."""
        book, texts = self._book, self._book.texts
        self._part("cover_sheets")
        sections = {section.code: section for section in book.layout.instrument.sections}
        for key, title in sheet_titles(book.layout, texts, book.correct_by is not None).items():
            target = book.address(key, 1, 1)
            book.link(self._sheet, self._row, LABEL, target)
            self._sheet.write_string(self._row, LABEL, book.tabs[key], book.styles(_SHEET))
            self._link((VALUE, REST), target, texts.add(title), _SHEET)
            if section := sections.get(key):
                share = burden(book, section.indicators)
                counts = {"indicators": share.indicators, "least": share.least, "most": share.most}
                book.put_across(self._sheet, self._row, (SIDE, ENTRY), texts.say("cover_share", **counts), _MEANING)
            self._next(16)

    def _steps(self) -> None:
        self._part("cover_how_to")
        texts, instrument = self._book.texts, self._book.layout.instrument
        second = "cover_step_2" if instrument.level_scale is None else "cover_step_2_levels"
        codes = {lang: ", ".join(code.short(lang) for code in instrument.missing) for lang in texts.languages}
        for step in (
            texts.say("cover_step_1"),
            texts.say(second),
            texts.say("cover_step_3", codes=codes),
            texts.say("cover_step_4"),
            texts.say("cover_step_5"),
        ):
            self._across(_WHOLE, step, _STEP, 20)
        if previous := self._book.round.previous:
            confirm = texts.say("cover_confirm", period=previous.period)
            self._across(_WHOLE, confirm, replace(_STEP, bold=True), 22)
        self._across(_WHOLE, texts.say("cover_keep_file"), replace(_STEP, bold=True), 22)

    def _legend(self) -> None:
        self._part("cover_legend")
        meanings = list(_legend(self._book))
        half = (len(meanings) + 1) // 2
        for number in range(half):
            for place, columns in ((number, (VALUE, REST)), (number + half, (ENTRY, ENTRY))):
                if place < len(meanings):
                    key, sign, look = meanings[place]
                    self._sheet.write_string(self._row, columns[0] - 1, sign, look)
                    self._book.put_across(self._sheet, self._row, columns, self._book.texts.say(key), _MEANING)
            self._next(20)

    def _small_print(self) -> None:
        book = self._book
        self._part("cover_unofficial")
        self._across(_WHOLE, book.texts.add(book.layout.instrument.unofficial), _SMALL_PRINT, 18)
        self._next(8)
        self._across(_WHOLE, book.texts.say("cover_identity"), styles.NOTE, 16)
        self._sheet.write_string(self._row, LABEL, book.identity, book.styles(_IDENTITY))
        self._next(16)

    # --- how a part is put down -----------------------------------------------------------------------------

    def _put(self, column: int, text: LiveText, look: Look) -> None:
        self._book.put(self._sheet, self._row, column, text, look)

    def _across(self, columns: tuple[int, int], text: LiveText, look: Look, least: float) -> None:
        self._book.put_across(self._sheet, self._row, columns, text, look)
        width = sum(wide for column, wide in _WIDTHS.items() if columns[0] <= column <= columns[1])
        self._next(row_height([Box(text.every, width, look.size, bold=look.bold, indent=look.indent)], least))

    def _link(self, columns: tuple[int, int], target: str, text: LiveText, look: Look) -> None:
        self._book.link(self._sheet, self._row, columns[0], target)
        self._book.put_across(self._sheet, self._row, columns, text, look)

    def _part(self, key: str) -> None:
        self._next(8)
        self._heading(_WHOLE, key)

    def _heading(self, columns: tuple[int, int], key: str) -> None:
        for column in range(columns[0] + 1, columns[1] + 1):
            self._sheet.write_blank(self._row, column, None, self._book.styles(_HEADING))
        self._put(columns[0], self._book.texts.say(key), _HEADING)
        self._next(26)

    def _entry(self, entry: CoverEntry, look: Look) -> None:
        self._put(SIDE, self._book.texts.say(entry.label), _LABEL)
        self._sheet.write_string(self._row, ENTRY, "", self._book.styles(look))
        self._name(entry.name, ENTRY)
        self._book.entries[entry.name] = address(self._row, ENTRY)
        self._next(22)

    def _name(self, name: str, column: int) -> None:
        self._book.workbook.define_name(name, f"={self._book.address(COVER, self._row, column)}")

    def _next(self, height: float) -> None:
        """Go to the next row; what stands side by side takes the greater height."""
        self._heights[self._row] = max(height, self._heights.get(self._row, 0))
        self._sheet.set_row(self._row, self._heights[self._row])
        self._row += 1

    def _set_up(self) -> None:
        self._sheet.protect("", PROTECTION)
        self._sheet.hide_gridlines(2)
        self._sheet.set_first_sheet()
        self._sheet.activate()
        self._sheet.set_selection(self._first_entry, ENTRY, self._first_entry, ENTRY)
        self._book.fit_for_print(self._sheet, landscape=True, last_column=ENTRY)


def _fitting(logo: Path) -> dict[str, float]:
    """The scale at which a picture fits into its place."""
    picture = Image(logo)
    wide, high = (size * 0.75 for size in (picture.width, picture.height))  # points of pixels
    scale = min(_LOGO_HEIGHT / high, points(_WIDTHS[ENTRY]) / wide)
    return {"x_scale": scale, "y_scale": scale}


def _legend(book: Book) -> Iterator[tuple[str, str, Any]]:
    """What the colours and signs mean, in the words beside them: key of the words, sign, format of the sample."""
    sample = Look(size=11, bold=True, align="center", valign="vcenter")
    yield "legend_answer", "", book.styles(replace(styles.ENTRY, open=False))
    yield "legend_locked", "", book.styles(replace(sample, ground=styles.PAPER, ruled=True))
    signs = {
        "to_correct": Sign.ERROR,
        "to_do": Sign.TO_DO,
        "to_explain": Sign.WARNING,
        "check_ok": Sign.OK,
        "check_not_needed": Sign.NOT_NEEDED,
    }
    for key, sign in signs.items():
        ink, ground = styles.COLOURS[sign]
        yield key, sign, book.styles(replace(sample, ink=ink, ground=ground, hatched=sign is Sign.NOT_NEEDED))
