"""Writes an XLSForm: a workbook from which pyxform, ODK Central or KoboToolbox makes a form.

The columns are those of the XLSForm reference (xlsform.org): survey, choices, settings.
"""

import datetime as dt
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from xlsxwriter import Workbook

from questionnaire.codelists import Wording
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from questionnaire.xlsform.names import RESPONDENT, Names
from questionnaire.xlsform.survey import Row, Survey, choice_lists

LANGUAGE_NAMES = {"fr": "Français", "es": "Español", "en": "English", "pt": "Português"}
_TEXTS = ("label", "hint", "constraint_message")
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_WIDE = 40
_NO_QUESTIONS = ("note", "calculate", "begin_group", "end_group", "begin_repeat", "end_repeat")
_REFERENCE = re.compile(r"\$\{([^}]*)\}?")


@dataclass(frozen=True)
class XlsForm:
    """A form: its bytes, how many questions and groups it has, and what it leaves out: why, and the codes of rules."""

    content: bytes
    questions: int
    groups: int
    left_out: dict[str, list[str]]


def xlsform(round_: Round) -> XlsForm:
    """The form of a round, in its languages; the same round gives the same bytes."""
    survey = Survey(round_, Names(round_.instrument))
    rows = list(survey.rows())
    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": dt.datetime.combine(round_.sent_on, dt.time(), tzinfo=dt.UTC)})
        _write(book, "survey", _survey(rows, round_))
        _write(book, "choices", _choices(rows, round_))
        _write(book, "settings", _settings(round_))
    questions = sum(row.type.partition(" ")[0] not in _NO_QUESTIONS for row in rows)
    left_out = {why: sorted(set(codes)) for why, codes in survey.left_out.items()}
    groups = sum(row.type.startswith("begin_") for row in rows)
    return XlsForm(content.getvalue(), questions, groups, left_out)


def _survey(rows: Sequence[Row], round_: Round) -> Iterator[list[str]]:
    columns = [field.name for field in fields(Row)]
    yield [head for name in columns for head in _heads(name, round_)]
    names = {row.name for row in rows}
    for row in rows:
        yield [cell for name in columns for cell in _cells(getattr(row, name), round_, names)]


def _heads(name: str, round_: Round) -> list[str]:
    return [f"{name}::{_language(code)}" for code in round_.languages] if name in _TEXTS else [name]


def _cells(value: str | Wording, round_: Round, names: Collection[str] = ()) -> list[str]:
    """What stands in the columns of a value; a text refers to nothing but the questions of the form."""
    if isinstance(value, str):
        return [value]
    official = round_.instrument.official_language
    texts = [in_language(value, language, official) for language in round_.languages]
    return [_REFERENCE.sub(lambda found: _quoted(found, names), text) for text in texts]


def _quoted(found: re.Match[str], names: Collection[str]) -> str:
    return found[0] if found[1] in names else found[0].replace("$", "$ ")


def _choices(rows: Sequence[Row], round_: Round) -> Iterator[list[str]]:
    yield ["list_name", "name", *_heads("label", round_)]
    for respondent in round_.participants:
        yield [RESPONDENT, respondent.code, *_cells(respondent.name, round_)]
    for name, codelist in choice_lists(list(rows), round_):
        for code in codelist:
            yield [name, code.code, *_cells(code.label, round_)]


def _settings(round_: Round) -> Iterator[list[str]]:
    title = in_language(round_.title, round_.languages[0], round_.instrument.official_language)
    yield ["form_title", "form_id", "version", "default_language", "style"]
    yield [
        title,
        f"{round_.instrument.name}-{round_.name}",
        round_.instrument.edition,
        _language(round_.languages[0]),
        "pages",
    ]


def _language(code: str) -> str:
    return f"{LANGUAGE_NAMES.get(code, code)} ({code})"


def _write(book: Any, name: str, rows: Iterator[list[str]]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True})
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text, None if number else head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 30, _WIDE)
