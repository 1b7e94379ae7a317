"""Writes a questionnaire with XlsxWriter: which sheets, in which order, under which names.

`workbook.template` makes the questionnaires of many respondents from one that is written so.
"""

import datetime as dt
import io
import re
import unicodedata
import warnings
from dataclasses import dataclass, replace
from typing import Any

from xlsxwriter import Workbook

from questionnaire.layout import Layout, TableSheet
from questionnaire.messages import in_language
from questionnaire.rounds.identity import Identity, short_fingerprint, signed
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.sheet_names import (
    CHECKS,
    COVER,
    GLOSSARY,
    HIDDEN_SHEETS,
    IDENTITY_SHEET,
    LISTS_SHEET,
    OVERVIEW,
    POINTS,
    REFERENCES_SHEET,
    SIGNS,
    TEXTS_SHEET,
    tab_names,
)
from questionnaire.workbook import reference_values
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.styles import Styles
from questionnaire.workbook.package import parts_of
from questionnaire.workbook.sheets.book import Book
from questionnaire.workbook.sheets.check_sheet import write_check_sheet
from questionnaire.workbook.sheets.cover import CoverWriter
from questionnaire.workbook.sheets.dropdowns import Dropdowns
from questionnaire.workbook.sheets.glossary import write_glossary
from questionnaire.workbook.sheets.list_sheet import ListWriter
from questionnaire.workbook.sheets.narrow_table import NarrowTableWriter
from questionnaire.workbook.sheets.overview import write_overview
from questionnaire.workbook.sheets.points_sheet import write_sample
from questionnaire.workbook.sheets.previous_columns import LONG_TEXT
from questionnaire.workbook.sheets.section_sheet import SectionWriter
from questionnaire.workbook.sheets.table_sheet import TableWriter
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import Texts
from questionnaire.workbook.worksheet import Sheet

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


@dataclass(frozen=True)
class Blank:
    """A workbook without any answer: its parts, and what of it is filled in later.

    `book` is what it was written with, `sheets` are the parts of its sheets, by their codes or names; `long_text` is
    the number of a look.
    """

    book: Book
    parts: dict[str, str]
    sheets: dict[str, str]
    long_text: int

    def xml(self, sheet: str) -> str:
        """The part in which a sheet stands."""
        return self.parts[self.sheets[sheet]]


def write_blank(
    round_: Round,
    respondent: Respondent,
    whose: Identity,
    layout: Layout,
    part: Slice | None = None,
    correct_by: dt.date | None = None,
) -> Blank:
    """Write the workbook of a respondent; `part` is the slice that `layout` is limited to.

    One that goes back to be corrected by a day has a first sheet more, for what is to be corrected.

    Raises UserWarning for anything that a spreadsheet program would not take, such as a message too long.
    """
    content = io.BytesIO()
    with warnings.catch_warnings():
        # XlsxWriter leaves out what a program would refuse, with no more than a warning.
        warnings.simplefilter("error")
        with Workbook(content, _PLAIN) as workbook:
            book = replace(_book(workbook, round_, respondent, whose, layout, part), correct_by=correct_by)
            numbers = _write_sheets(book, whose)
            long_text = book.styles(LONG_TEXT)._get_xf_index()
    sheets = {key: f"xl/worksheets/sheet{number}.xml" for key, number in numbers.items()}
    return Blank(book, parts_of(content.getvalue()), sheets, long_text)


def file_name(round_: Round, respondent: Respondent, part: Slice | None = None) -> str:
    """A name that says whose questionnaire it is, in plain letters: BRA_Brasil_demo_pt.xlsx, …_pt_justice.xlsx."""
    name = in_language(respondent.name, respondent.language) or respondent.code
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")
    code = part.code if part else ""
    return "_".join(filter(None, (respondent.code, words, round_.name, respondent.language, code))) + ".xlsx"


def identity(round_: Round, respondent: Respondent, part: Slice | None = None) -> Identity:
    """Which questionnaire a respondent's workbook is; the fingerprint of a slice is that of what it asks.

    Without a key in the folder of the round there is no token.
    """
    instrument = round_.instrument.only(part.indicators) if part else round_.instrument
    unsigned = Identity(
        instrument.name,
        instrument.edition,
        short_fingerprint(instrument.structure),
        round_.name,
        respondent.code,
        respondent.language,
        part.code if part else "",
    )
    key = round_.key
    return unsigned if key is None else signed(unsigned, key)


def _write_sheets(book: Book, whose: Identity) -> dict[str, int]:
    """Everything; returns the number of each sheet, from 1."""
    workbook, layout, tabs = book.workbook, book.layout, book.tabs
    sections = [*(sheet.code for sheet in layout.sheets), *(listed.code for listed in layout.own_sheets)]
    keys = (*((POINTS,) if book.correct_by else ()), COVER, OVERVIEW, *sections, CHECKS, GLOSSARY)
    sheets = {key: workbook.add_worksheet(tabs[key], Sheet) for key in keys}
    last = (REFERENCES_SHEET,) if layout.instrument.references else ()
    hidden = {name: workbook.add_worksheet(name, Sheet) for name in (*HIDDEN_SHEETS, *last)}
    cover = CoverWriter(book, sheets[COVER])
    cover.write()
    write_overview(book, sheets[OVERVIEW])
    for section in layout.sheets:
        sheet = sheets[section.code]
        tables = [NarrowTableWriter(book, sheet, table).write_rows for table in section.tables]
        SectionWriter(book, sheet, section, tables).write()
    for listed in layout.own_sheets:
        sheet = sheets[listed.code]
        (
            TableWriter(book, sheet, listed) if isinstance(listed, TableSheet) else ListWriter(book, sheet, listed)
        ).write()
    write_check_sheet(book, sheets[CHECKS])
    write_glossary(book, sheets[GLOSSARY])
    if book.correct_by:
        write_sample(book, sheets[POINTS], book.correct_by)
    book.lists.write(workbook, hidden[LISTS_SHEET], book.language)
    _write_identity(hidden[IDENTITY_SHEET], book, whose)
    book.texts.write(workbook, hidden[TEXTS_SHEET], cover.language_cell)
    if last:
        reference_values.write(hidden[REFERENCES_SHEET], book.round, book.respondent, book.styles(styles.TITLE))
    for sheet in hidden.values():
        sheet.protect()
        sheet.hide()
    for key, sheet in sheets.items():
        if key != POINTS:
            sheet.set_tab_color(styles.NAVY if key in sections else styles.FIELD_EDGE if key == CHECKS else styles.RULE)
        if book.correct_by:
            # They depend on answers, which are filled in later.
            sheet.forget_results()
    _describe(workbook, book)
    return {key: number for number, key in enumerate((*keys, *hidden), 1)}


def _book(
    workbook: Any, round_: Round, respondent: Respondent, whose: Identity, layout: Layout, part: Slice | None
) -> Book:
    instrument, parameters = layout.instrument, round_.period.parameters
    tabs = tab_names(layout) | {POINTS: SIGNS[POINTS]}
    texts = Texts(round_.languages, instrument.official_language, respondent.language)
    lists = list_addresses(instrument, round_.languages)
    formulas = Formulas(layout, tabs, parameters, lists, respondent.code)
    return Book(
        workbook=workbook,
        round=round_,
        respondent=respondent,
        layout=layout,
        identity=str(whose),
        tabs=tabs,
        texts=texts,
        styles=Styles(workbook),
        lists=lists,
        formulas=formulas,
        remarks=Remarks(instrument, formulas, texts, parameters),
        dropdowns=Dropdowns(lists, parameters, respondent.language),
        part=part,
    )


def _write_identity(sheet: Any, book: Book, whose: Identity) -> None:
    """The identity as one line, then as pairs of key and value; all of it static text."""
    sheet.write_string(0, 0, book.identity)
    sheet.write_string(1, 0, book.texts.say("hidden_sheet_notice").cached)
    for row, (key, value) in enumerate(whose.__dict__.items(), 3):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)


def _describe(workbook: Any, book: Book) -> None:
    """The properties that a file manager shows, and the identity as one of its own."""
    language = book.language
    title = in_language(book.layout.instrument.title, language, book.layout.instrument.official_language)
    slice_title = in_language(book.part.title, language) if book.part else ""
    sent = dt.datetime.combine(book.round.sent_on, dt.time(), tzinfo=dt.UTC)
    workbook.set_properties(
        {
            "title": " – ".join(filter(None, (title, in_language(book.respondent.name, language), slice_title))),
            "subject": in_language(book.round.title, language),
            "author": book.round.contact_name,
            "company": book.round.contact_name,
            "comments": book.identity,
            "created": sent,
        }
    )
    workbook.set_custom_property("acopio", book.identity, "text")
    workbook.set_size(24_000, 14_000)
