"""Owns writing one respondent's questionnaire as an .xlsx file: which sheets, in which order, under which names.

It writes aside and renames, and writes the same bytes for the same round, respondent and layout.
"""

import datetime as dt
import io
import re
import unicodedata
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from questionnaire.layout import HIDDEN_SHEETS, IDENTITY_SHEET, LISTS_SHEET, TEXTS_SHEET, Layout
from questionnaire.messages import in_language
from questionnaire.rounds.identity import Identity, short_fingerprint, signed
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW, tab_names
from questionnaire.workbook.formulas.remarks import Remarks
from questionnaire.workbook.formulas.rule_formulas import Formulas
from questionnaire.workbook.looks import styles
from questionnaire.workbook.looks.styles import Styles
from questionnaire.workbook.package import packed, parts_of
from questionnaire.workbook.prefill.previous_answers import PreviousAnswers
from questionnaire.workbook.prefill.previous_lines import PreviousLines
from questionnaire.workbook.sheet_data import PlainWorksheet
from questionnaire.workbook.sheets.book import Book
from questionnaire.workbook.sheets.check_sheet import write_check_sheet
from questionnaire.workbook.sheets.cover import CoverWriter
from questionnaire.workbook.sheets.dropdowns import Dropdowns
from questionnaire.workbook.sheets.glossary import write_glossary
from questionnaire.workbook.sheets.list_sheet import ListWriter
from questionnaire.workbook.sheets.overview import write_overview
from questionnaire.workbook.sheets.section_sheet import SectionWriter
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from questionnaire.workbook.texts.texts import Texts

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write_questionnaire(
    path: Path, round_: Round, respondent: Respondent, layout: Layout, part: Slice | None = None
) -> None:
    """Write the workbook of one respondent; what stood at `path` before is replaced whole.

    `layout` is that of the round; `part` limits the workbook to a slice of it.
    Raises UserWarning for anything that a spreadsheet program would not take, such as a message too long.
    """
    layout = layout.part(part.indicators) if part else layout
    parts = blank_parts(round_, respondent, layout, part)
    filled = with_previous_round(parts, round_, respondent, layout)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(packed(filled))
    aside.replace(path)


def blank_parts(
    round_: Round, respondent: Respondent, layout: Layout, part: Slice | None = None
) -> dict[str, str | bytes]:
    """The parts of a respondent's workbook, those in XML as text, before any answer of the previous round is in it."""
    content = io.BytesIO()
    with warnings.catch_warnings():
        # XlsxWriter leaves out what a program would refuse, with no more than a warning.
        warnings.simplefilter("error")
        with Workbook(content, _PLAIN) as workbook:
            _write_sheets(workbook, round_, respondent, layout, part)
    parts = parts_of(content.getvalue())
    return {name: content.decode() if name.endswith((".xml", ".rels")) else content for name, content in parts.items()}


def with_previous_round(
    parts: Mapping[str, str | bytes], round_: Round, respondent: Respondent, layout: Layout
) -> dict[str, str | bytes]:
    """The parts of a workbook with what its respondent answered in the previous round."""
    lists, language = list_addresses(layout.instrument, round_.languages), respondent.language
    answers = PreviousAnswers(round_.previous_answers.get(respondent.code, {}), layout, lists, language)
    lines = PreviousLines(round_.previous_lines.get(respondent.code, {}), layout.lists, lists, language)
    return {
        name: content if isinstance(content, bytes) else lines.filled(answers.filled(content))
        for name, content in parts.items()
    }


def file_name(round_: Round, respondent: Respondent, part: Slice | None = None) -> str:
    """A name that tells whose questionnaire it is, in plain letters: BRA_Brasil_demo_pt.xlsx, …_pt_justice.xlsx."""
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


def _write_sheets(workbook: Any, round_: Round, respondent: Respondent, layout: Layout, part: Slice | None) -> None:
    tabs = tab_names(layout, respondent.language)
    sections = [*(sheet.code for sheet in layout.sheets), *(listed.code for listed in layout.lists)]
    sheets = {
        key: workbook.add_worksheet(tabs[key], PlainWorksheet) for key in (COVER, OVERVIEW, *sections, CHECKS, GLOSSARY)
    }
    hidden = {name: workbook.add_worksheet(name, PlainWorksheet) for name in HIDDEN_SHEETS}
    book = _book(workbook, round_, respondent, layout, part, tabs)
    cover = CoverWriter(book, sheets[COVER])
    cover.write()
    write_overview(book, sheets[OVERVIEW])
    for section in layout.sheets:
        SectionWriter(book, sheets[section.code], section).write()
    for listed in layout.lists:
        ListWriter(book, sheets[listed.code], listed).write()
    write_check_sheet(book, sheets[CHECKS])
    write_glossary(book, sheets[GLOSSARY])
    book.lists.write(workbook, hidden[LISTS_SHEET], respondent.language)
    _write_identity(hidden[IDENTITY_SHEET], book)
    book.texts.write(workbook, hidden[TEXTS_SHEET], cover.language_cell)
    for sheet in hidden.values():
        sheet.protect()
        sheet.hide()
    for key, sheet in sheets.items():
        sheet.set_tab_color(styles.NAVY if key in sections else styles.FIELD_EDGE if key == CHECKS else styles.RULE)
    _describe(workbook, book)


def _book(
    workbook: Any, round_: Round, respondent: Respondent, layout: Layout, part: Slice | None, tabs: Mapping[str, str]
) -> Book:
    instrument, parameters = layout.instrument, round_.period.parameters
    texts = Texts(round_.languages, instrument.official_language, respondent.language)
    lists = list_addresses(instrument, round_.languages)
    formulas = Formulas(layout, tabs, parameters, lists, respondent.code)
    return Book(
        workbook=workbook,
        round=round_,
        respondent=respondent,
        layout=layout,
        identity=str(identity(round_, respondent, part)),
        tabs=tabs,
        texts=texts,
        styles=Styles(workbook),
        lists=lists,
        formulas=formulas,
        remarks=Remarks(instrument, formulas, texts, parameters),
        dropdowns=Dropdowns(lists, parameters, respondent.language),
        part=part,
    )


def _write_identity(sheet: Any, book: Book) -> None:
    """The identity as one line, then as pairs of key and value; all of it static text."""
    told = identity(book.round, book.respondent, book.part)
    sheet.write_string(0, 0, book.identity)
    sheet.write_string(1, 0, book.texts.say("hidden_sheet_notice").cached)
    for row, (key, value) in enumerate(told.__dict__.items(), 3):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)


def _describe(workbook: Any, book: Book) -> None:
    """The properties that a file manager shows, and the identity as one of its own."""
    language = book.language
    title = in_language(book.layout.instrument.title, language, book.layout.instrument.official_language)
    slice_title = in_language(book.part.title, language) if book.part else ""
    workbook.set_properties(
        {
            "title": " – ".join(filter(None, (title, in_language(book.respondent.name, language), slice_title))),
            "subject": in_language(book.round.title, language),
            "author": book.round.contact_name,
            "company": book.round.contact_name,
            "comments": book.identity,
            "created": dt.datetime.combine(book.round.sent_on, dt.time(), tzinfo=dt.UTC),
        }
    )
    workbook.set_custom_property("acopio", book.identity, "text")
    workbook.set_size(24_000, 14_000)
