"""Answers are what their cells show: number formats, marks within texts, links, boxes and pictures, each with its cell."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from questionnaire.layout import Column
from tests.pipeline.reading.workbooks.small_package import relations
from tests.pipeline.reading.workbooks.test_grids import repack
from tests.pipeline.returned import (
    SOME,
    answer_of,
    book,
    identity,
    layout,
    mini_round,
    received,
    without_values_only,
    write,
)

Key = tuple[str, str]
TOTAL, SPENT, CURRENCY = ("W01a", "total"), ("W01b", "spent"), ("W01b", "spent.currency")
STARTED, OPENED, STATUS = ("W02", "started"), ("W02", "opened"), ("W01a", "status")
SOURCE, REPORT, NORTH, FREE = ("W02", "source"), ("W02", "report"), ("W01a", "regions.NORTH"), ("W02", "free")
MARK = InlineFont(vertAlign="superscript")


def cell(key: Key, column: Column = Column.ANSWER) -> str:
    return layout().slot(*key).cell(column)


def read(data: bytes) -> Submission:
    return without_values_only(tidy(received(data), data, mini_round(), layout()))


def returned(answers: dict[Key, Any], dress: Callable[[Worksheet], None], language: str = "en") -> Submission:
    """The return with these answers, after something was done to the sheet W that leaves the values alone."""
    who = identity(language=language)
    made = openpyxl.load_workbook(io.BytesIO(write(book({**SOME, **answers}, who))), rich_text=True)
    sheet = made["W"]
    assert isinstance(sheet, Worksheet)
    dress(sheet)
    saved = io.BytesIO()
    made.save(saved)
    return read(saved.getvalue())


def formatted(answers: dict[Key, Any], key: Key, code: str, language: str = "en") -> Submission:
    def dress(sheet: Worksheet) -> None:
        found = sheet[cell(key)]
        assert isinstance(found, Cell)
        found.number_format = code

    return returned(answers, dress, language)


def rich(answers: dict[Key, Any], key: Key, *pieces: TextBlock | str) -> Submission:
    def dress(sheet: Worksheet) -> None:
        sheet[cell(key)] = CellRichText(*pieces)

    return returned(answers, dress)


def found(submission: Submission) -> list[tuple[str, str, str]]:
    return [(entry.code, str(entry.severity), entry.cell) for entry in submission.findings]


@pytest.mark.parametrize(
    ("key", "value", "code", "finding", "raw"),
    [
        (TOTAL, 1, "0%", "percentage", "100%"),
        (TOTAL, 5, '0" mil"', "not_a_number", "5 mil"),
        (TOTAL, 5, '"<"0', "not_a_number", "<5"),
        (TOTAL, 5, ";;;", "hidden_value", "5"),
        (TOTAL, 5000, "0,", "hidden_value", "5000"),
        (TOTAL, 5, "[$USD] #,##0", "currency_in_number", "USD 5"),
        (SPENT, 0.12, "0.0%", "percentage", "12%"),
        (OPENED, 41760, "mmm-yy", "not_a_date", "May-14"),
        (STATUS, 2, '0" levels"', "unknown_choice", "2 levels"),
    ],
)
def test_number__that_its_cell_shows_otherwise__is_asked_back(
    key: Key, value: Any, code: str, finding: str, raw: str
) -> None:
    submission = formatted({key: value}, key, code)
    assert found(submission) == [(finding, "error", cell(key))]
    assert (answer_of(submission, *key)["status"], answer_of(submission, *key)["raw"]) == ("unreadable", raw)


@pytest.mark.parametrize(
    ("key", "value", "code", "number"),
    [
        (TOTAL, 1200, "#,##0", 1200),
        (TOTAL, 7.9999999999999991, "0", 8),
        (TOTAL, 0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', 0),
        (STARTED, 41760, "yyyy", 2014),
        (SPENT, 1200.5, "#,##0.00", 1200.5),
    ],
)
def test_number__in_an_ordinary_format__is_read_without_a_word(key: Key, value: Any, code: str, number: float) -> None:
    submission = formatted({key: value, CURRENCY: "EUR" if key == SPENT else ""}, key, code)
    assert found(submission) == []
    assert answer_of(submission, *key)["number"] == number


def test_amount__whose_format_has_a_sign__is_compared_with_the_currency_chosen() -> None:
    for currency, findings in (("EUR", []), ("USD", [("currency_disagrees", "error", cell(SPENT))])):
        submission = formatted({SPENT: 1200, CURRENCY: currency}, SPENT, "#,##0.00 [$€-40A]")
        assert found(submission) == findings
        assert (answer_of(submission, *SPENT)["number"], answer_of(submission, *SPENT)["parsed_by"]) == (
            1200,
            "number:shown",
        )


def test_decimal_sign__that_a_format_puts_in__is_none_of_the_return() -> None:
    planned = ("W01b", "planned")
    submission = formatted({SPENT: 1200.5, CURRENCY: "EUR", planned: "1.234"}, SPENT, '0.0" €"', language="fr")
    assert ("number_ambiguous", "warning", cell(planned)) in found(submission)
    assert (answer_of(submission, *SPENT)["number"], answer_of(submission, *planned)["number"]) == (1200.5, 1234)


def test_comment__with_a_percent_format__is_what_is_seen() -> None:
    def dress(sheet: Worksheet) -> None:
        found = sheet[cell(TOTAL, Column.COMMENT)]
        assert isinstance(found, Cell)
        found.value, found.number_format = 0.5, "0%"

    assert answer_of(returned({}, dress), *TOTAL)["comment"] == "50%"


def test_comment__crossed_out_or_not_seen__is_none_and_is_reported() -> None:
    for font in (Font(strike=True), Font(color="FFFFFF")):

        def dress(sheet: Worksheet, font: Font = font) -> None:
            comment = sheet[cell(TOTAL, Column.COMMENT)]
            comment.value, comment.font = "no longer true", font

        submission = returned({TOTAL: 5}, dress)
        assert found(submission) == [("comment_unseen", "warning", cell(TOTAL))]
        assert (answer_of(submission, *TOTAL)["number"], answer_of(submission, *TOTAL)["comment"]) == (5, "")


def test_footnote_mark__behind_a_count__is_asked_back() -> None:
    submission = rich({}, TOTAL, "8", TextBlock(MARK, "1"))
    assert found(submission) == [("footnote_mark", "error", cell(TOTAL))]
    assert (answer_of(submission, *TOTAL)["number"], answer_of(submission, *TOTAL)["raw"]) == (None, "8¹")


@pytest.mark.parametrize(
    ("key", "text", "column", "value"),
    [(STARTED, "2014", "number", 2014), (FREE, "Yes", "code", "Y"), (STATUS, "3 – Partly", "code", "3")],
)
def test_footnote_mark__behind_a_year_or_a_choice__is_noted(key: Key, text: str, column: str, value: Any) -> None:
    submission = rich({}, key, text, TextBlock(MARK, "1"))
    assert ("footnote_mark", "info", cell(key)) in found(submission)
    assert answer_of(submission, *key)[column] == value
    assert answer_of(submission, *key)["raw"] == f"{text}¹"


def test_raised_text__in_words__stays() -> None:
    submission = rich({}, REPORT, "10 km", TextBlock(MARK, "2"))
    assert (found(submission), answer_of(submission, *REPORT)["text"]) == ([], "10 km²")


def test_text_crossed_out__in_part__is_asked_back() -> None:
    submission = rich({}, TOTAL, TextBlock(InlineFont(strike=True), "12"), "15")
    assert found(submission) == [("struck_out", "error", cell(TOTAL))]


def _linked(key: Key, address: str) -> Callable[[Worksheet], None]:
    def dress(sheet: Worksheet) -> None:
        found = sheet[cell(key)]
        assert isinstance(found, Cell)
        found.hyperlink = address

    return dress


ADDRESS = "https://example.org/law/1"


def test_link__where_a_web_reference_is_asked__is_the_answer() -> None:
    submission = returned({SOURCE: "Law 1"}, _linked(SOURCE, ADDRESS))
    assert found(submission) == [("link_used", "info", cell(SOURCE))]
    answer = answer_of(submission, *SOURCE)
    assert (answer["text"], answer["raw"], answer["parsed_by"]) == (ADDRESS, "Law 1", "text:link")


def test_link__elsewhere__is_reported_with_its_cell_and_the_text_stays() -> None:
    submission = returned({REPORT: "Law 1"}, _linked(REPORT, ADDRESS))
    [entry] = submission.findings
    assert (entry.code, entry.cell, entry.value, entry.field) == ("link_behind", cell(REPORT), ADDRESS, "report")
    assert answer_of(submission, *REPORT)["text"] == "Law 1"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/law/1", "https://example.org/law/1"),
        ("www.example.org/law/1", "http://www.example.org/law/1/"),
        ("ana@example.org", "mailto:ana@example.org"),
    ],
)
def test_link__whose_text_says_its_address__is_not_worth_a_word(text: str, address: str) -> None:
    submission = returned({REPORT: text}, _linked(REPORT, address))
    assert (found(submission), answer_of(submission, *REPORT)["text"]) == ([], text)


# --- boxes to tick ------------------------------------------------------------------------------------------


def boxed(at: tuple[int, int], more: str = "<Checked>1</Checked>", **answers: Any) -> Submission:
    """The return with a box over a cell of the sheet W, which is ticked unless said otherwise."""
    anchor = f"<Anchor>{at[1]},0,{at[0]},0,9,0,99,0</Anchor>"
    shape = f'<shape><textbox>done</textbox><ClientData ObjectType="Checkbox">{anchor}{more}</ClientData></shape>'
    added = {
        "xl/v.vml": f"<xml>{shape}</xml>".encode(),
        "xl/worksheets/_rels/sheet2.xml.rels": relations(("vmlDrawing", "../v.vml")),
    }
    return read(repack(lambda _, content: content, write(book({**SOME, **answers.get("answers", {})})), added))


def test_box__ticked_over_an_option__is_its_mark() -> None:
    submission = boxed((layout().slot(*NORTH).row, Column.ANSWER))
    assert found(submission) == [("read_as_yes", "info", cell(NORTH))]
    assert (answer_of(submission, *NORTH)["code"], answer_of(submission, "W01a", "regions")["code"]) == ("Y", "NORTH")


def test_box__that_is_linked_to_the_cell_of_an_option__is_its_mark_wherever_it_lies() -> None:
    submission = boxed((2, 20), f"<Checked>1</Checked><FmlaLink>${cell(NORTH)[0]}${cell(NORTH)[1:]}</FmlaLink>")
    assert answer_of(submission, *NORTH)["code"] == "Y"


def test_box__over_an_option_that_says_no__changes_nothing() -> None:
    submission = boxed((layout().slot(*NORTH).row, Column.ANSWER), answers={NORTH: "No"})
    assert answer_of(submission, *NORTH)["code"] is None


def test_box__over_any_other_cell__is_reported_with_its_cell_and_state() -> None:
    at = (layout().slot(*TOTAL).row, int(Column.ANSWER))
    for more, expected in (("<Checked>1</Checked>", ("checkbox_ticked", "warning")), ("", ("checkbox_empty", "info"))):
        submission = boxed(at, more)
        [entry] = submission.findings
        assert (entry.code, str(entry.severity), entry.cell, entry.value) == (*expected, cell(TOTAL), "done")
        assert answer_of(submission, *TOTAL)["number"] == 12


# --- what nobody sees ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "number"), [('"1"0', 12), ('0"0"', 20), ('0".5"', 2.5), ('"-"0', -2)])
def test_digits__that_a_format_puts_in__count_as_seen_and_are_reported(code: str, number: float) -> None:
    submission = formatted({SPENT: 2, CURRENCY: "EUR"}, SPENT, code)
    assert ("shown_differently", "warning", cell(SPENT)) in found(submission)
    assert answer_of(submission, *SPENT)["number"] == number
    assert next(entry for entry in submission.findings if entry.code == "shown_differently").values["held"] == "2"


def test_number__repeated_until_its_cell_is_full__is_asked_back() -> None:
    def dress(sheet: Worksheet) -> None:
        sheet[cell(TOTAL)].alignment = Alignment(horizontal="fill")

    submission = returned({TOTAL: 8}, dress)
    assert found(submission) == [("hidden_value", "error", cell(TOTAL))]
    assert answer_of(submission, *TOTAL)["number"] is None


def test_number__in_a_column_too_narrow__is_asked_back() -> None:
    def dress(sheet: Worksheet) -> None:
        sheet.column_dimensions[cell(TOTAL)[0]].width = 2

    submission = returned({TOTAL: 120000}, dress)
    assert ("too_narrow", "error", cell(TOTAL)) in found(submission)
    assert (answer_of(submission, *TOTAL)["status"], answer_of(submission, *TOTAL)["raw"]) == ("unreadable", "120000")


def test_answers__in_a_hidden_column__are_read_and_reported_once() -> None:
    def dress(sheet: Worksheet) -> None:
        sheet.column_dimensions[cell(TOTAL)[0]].hidden = True

    submission = returned({TOTAL: 8}, dress)
    assert found(submission) == [("answers_hidden", "warning", cell(STATUS))]
    assert submission.findings[0].values["count"] == 2
    assert answer_of(submission, *TOTAL)["number"] == 8


@pytest.mark.parametrize("height", [None, 0.5])
def test_answer__in_a_hidden_row__is_reported_and_a_blank_one_is_noted(height: float | None) -> None:
    for key, expected in ((TOTAL, ("answers_hidden", "warning")), (OPENED, ("rows_hidden", "info"))):

        def dress(sheet: Worksheet, key: Key = key) -> None:
            row = sheet.row_dimensions[layout().slot(*key).row + 1]
            row.height = height
            row.hidden = height is None

        assert found(returned({TOTAL: 8}, dress)) == [(*expected, cell(key))]


def test_answers__on_a_hidden_sheet__are_read_and_reported_once() -> None:
    submission = returned({TOTAL: 8}, lambda sheet: setattr(sheet, "sheet_state", "hidden"))
    assert found(submission) == [("answers_hidden", "warning", cell(STATUS))]
    assert answer_of(submission, *TOTAL)["number"] == 8
