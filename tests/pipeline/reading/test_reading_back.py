"""The questionnaire as it is really written, filled in and saved by other programs, reads back to what was answered."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.answer_types import Selection
from questionnaire.layout import Column
from questionnaire.rules.evaluate import BLANK, Answer
from questionnaire.sample import Draft, Sampler
from questionnaire.sheet_names import tab_names
from tests.given import PATIENCE, PERIOD, mini, write_questionnaire
from tests.office import recalculate
from tests.pipeline.returned import codes, layout, mini_round

ROUND = mini_round()


@pytest.fixture(scope="module")
def questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "questionnaire.xlsx"
    write_questionnaire(path, ROUND, ROUND.respondents[0], layout())
    return path


def draw(seed: int) -> Draft:
    return Sampler(mini(), PERIOD, Random(seed)).valid()


def fill(questionnaire: Path, target: Path, draft: Draft, edit: Callable[[FilledWorkbook], None] | None = None) -> Path:
    book = FilledWorkbook(questionnaire, layout(), tab_names(layout()), "en")
    book.answer(draft)
    if edit is not None:
        edit(book)
    book.save(target, dt.datetime(2026, 3, 1, 8))
    return target


def submission(path: Path) -> Submission:
    return tidy(receive_file(path), path.read_bytes(), ROUND, layout())


def given_answers(read: Submission) -> Draft:
    """What was read, as it was drawn: a value or a declared status for every field that has one."""
    names = ("indicator", "field", "status", "code", "number", "text", "date")
    found: Draft = {}
    for indicator, field, status, *values in zip(*(read.rows[name] for name in names), strict=True):
        if status not in ("blank", "skipped"):
            value = next((item for item in values if item is not None), None)
            found[str(indicator), str(field)] = Answer(value, AnswerStatus(str(status)))
    return found


def complete(draft: Draft) -> Draft:
    """The drawn answers, each multiple choice answered with what is marked below it."""
    answers = {key: answer for key, answer in draft.items() if answer != BLANK}
    for slot in layout().slots:
        if isinstance(slot.field.type, Selection):
            options = [(slot.block.code, option.code) for option in slot.question.fields[1:]]
            marked = [field.rpartition(".")[2] for indicator, field in options if (indicator, field) in answers]
            if marked:
                answers[slot.block.code, slot.field.code] = Answer(";".join(marked))
    return answers


def test_untouched__is_an_empty_return_and_nothing_else(questionnaire: Path) -> None:
    read = submission(questionnaire)
    assert codes(read) == ["empty_return", "not_signed_off"]
    assert read.respondent == "BRA"
    assert set(read.rows["status"]) == {"blank"}


@settings(max_examples=6)
@given(seed=st.integers(0, 10**6))
def test_filled__reads_back_exactly(questionnaire: Path, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    draft = draw(seed)
    read = submission(fill(questionnaire, tmp_path_factory.mktemp("filled") / "return.xlsx", draft))
    assert codes(read) == ["not_signed_off"]
    assert given_answers(read) == complete(draft)
    assert read.saved == "2026-03-01T08:00:00Z"


def test_cells__are_those_of_the_layout(questionnaire: Path, tmp_path: Path) -> None:
    def mistype(book: FilledWorkbook) -> None:
        book.type(layout().slot("W01a", "total"), "several")
        book.type(layout().slot("F01", "total"), 5)
        book.type(layout().slot("F01", "total"), "ND", Column.IF_NONE)

    read = submission(fill(questionnaire, tmp_path / "return.xlsx", draw(1), mistype))
    tabs = tab_names(layout())
    assert [(f.code, f.sheet, f.cell, f.value) for f in read.findings if f.code != "not_signed_off"] == [
        ("not_a_number", tabs["W"], layout().slot("W01a", "total").cell(Column.ANSWER), "several"),
        ("conflict", tabs["F"], layout().slot("F01", "total").cell(Column.ANSWER), "5"),
    ]


@pytest.mark.libreoffice
def test_saved_by_libreoffice__in_every_format__reads_back_exactly(questionnaire: Path, tmp_path: Path) -> None:
    drafts = {seed: draw(seed) for seed in (1, 2)}
    filled = [fill(questionnaire, tmp_path / f"{seed}.xlsx", draft) for seed, draft in drafts.items()]
    for path in recalculate(filled, tmp_path / "saved", ("xlsx", "ods", "xls")):
        read = submission(path)
        assert codes(read) == ["not_signed_off"], path.name
        assert given_answers(read) == complete(drafts[int(path.stem)]), path.name


@pytest.mark.wide
@pytest.mark.gnumeric
@pytest.mark.parametrize(
    ("exporter", "extension", "noted"),
    [
        ("Gnumeric_Excel:xlsx", "xlsx", set()),
        ("Gnumeric_Excel:excel_biff8", "xls", set()),
        # It drops the protection and number formats, and both are noted.
        ("Gnumeric_OpenCalc:odf", "ods", {"formats_lost", "protection_removed"}),
    ],
)
def test_saved_by_gnumeric__in_each_format__reads_back_exactly(
    questionnaire: Path, ssconvert: Path, tmp_path: Path, exporter: str, extension: str, noted: set[str]
) -> None:
    for seed in (1, 2):
        draft, saved = draw(seed), tmp_path / f"saved {seed}.{extension}"
        filled = fill(questionnaire, tmp_path / f"{seed}.xlsx", draft)
        command = [str(ssconvert), "--recalc", "--export-type", exporter, str(filled), str(saved)]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        read = submission(saved)
        assert set(codes(read)) == {"not_signed_off", *noted}
        assert {key: _trimmed(answer) for key, answer in given_answers(read).items()} == {
            key: _trimmed(answer) for key, answer in complete(draft).items()
        }


def _trimmed(answer: Answer) -> Answer:
    """Without a space at the end of a text, which Gnumeric's .xlsx does not mark as one to keep."""
    return Answer(answer.value.strip(), answer.status) if isinstance(answer.value, str) else answer
