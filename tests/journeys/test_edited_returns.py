"""What people do to the real questionnaire in LibreOffice, saved in three formats: no answer is silently wrong or lost.

Every edit is made in the program itself. The answers read must be those that were given but for what was truly deleted
or changed, and every repair and every loss must be a finding.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import openpyxl
import pandas as pd
import pytest

from pipeline.reading.submission import Submission
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.addresses import column_letter
from questionnaire.declaration.answer_types import Selection, Text, WholeNumber, Year
from questionnaire.layout import Column, Layout, SectionSheet, Slot
from questionnaire.rounds.round import read_round
from questionnaire.sample import Draft, Sampler
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW, tab_names
from questionnaire.workbook.sheets.cover import LANGUAGE
from tests.given import DEMO, write_questionnaire
from tests.office import EACH_FORMAT, save_edited
from tests.pipeline.careful import assert_same_with_care

pytestmark = pytest.mark.libreoffice

ROUND = read_round(DEMO)
WHO = ROUND.participants[4]
LAYOUT = Layout(ROUND.instrument)
TABS = tab_names(LAYOUT)
SECTION = LAYOUT.sheets[0]
TAB = TABS[SECTION.code]
Key = tuple[str, str]


def _drawn() -> Draft:
    return Sampler(ROUND.instrument, ROUND.period.parameters, Random(7), WHO.language).valid()


def _block(sheet: SectionSheet, draft: Draft) -> list[Slot]:
    """The slots of the indicator of a sheet with the most answers."""
    answered = Counter(slot.block.code for slot in sheet.slots if (a := draft.get(_key(slot))) and a.value is not None)
    (code, _), *_ = answered.most_common(1)
    return [slot for slot in sheet.slots if slot.block.code == code]


def _key(slot: Slot) -> Key:
    return slot.block.code, slot.field.code


DRAFT = _drawn()
BLOCK = _block(SECTION, DRAFT)
FIRST, LAST = BLOCK[0].row + 1, BLOCK[-1].row + 1
FILLED = [slot for slot in SECTION.slots if (a := DRAFT.get(_key(slot))) is not None and a.value is not None]
NUMBERS = [slot for slot in FILLED if isinstance(slot.field.type, WholeNumber)]
YEARS = [slot for slot in FILLED if isinstance(slot.field.type, Year)]
TEXTS = [slot for slot in FILLED if type(slot.field.type) is Text]


def _at(slot: Slot, column: Column = Column.ANSWER) -> str:
    return slot.cell(column)


def _letters(first: Column, last: Column) -> str:
    return f"{column_letter(first)}{FIRST}:{column_letter(last)}{LAST}"


def _visible(slot: Slot) -> str:
    return f"{_at(slot, Column.QUESTION)}:{_at(slot, Column.COMMENT)}"


Edits = tuple[tuple[str | int, ...], ...]
CALCULATED_TEXT = ("answered", None, None, "Lei 1", None)
OPENED = {"protection_removed": 1}
"""What goes with every edit of a protected sheet."""


@dataclass(frozen=True)
class Edit:
    """What was done, what is found, and which answers are other than they were given."""

    edits: Edits
    found: Mapping[str, int] = field(default_factory=dict)
    lost: frozenset[Key] = frozenset()
    changed: Mapping[Key, tuple[object, ...]] = field(default_factory=dict)

    def in_format(self, extension: str) -> Edit:
        """What is other in .xls: it does not tell which cells have a limit, nor the text that a formula gave."""
        if extension != "xls":
            return self
        found = {code: count for code, count in self.found.items() if code != "pasted_over"}
        calculated = {key for key, value in self.changed.items() if value == CALCULATED_TEXT}
        unread = dict.fromkeys(calculated, ("unreadable", None, None, None, None))
        found |= {"formula_without_result": len(calculated)} if calculated else {}
        return replace(self, found=found, changed={**self.changed, **unread})


def _copied() -> Mapping[str, int]:
    sections = len(LAYOUT.sheets)
    lost = {"header_lost": sections, "keys_lost": sections, "columns_moved": sections}
    return {**lost, "only_values": 1, "sheet_added": 3, "date_from_number": 1}


SWITCHED: Edits = (("type_text", TABS[COVER], LANGUAGE, "Français"),)
HIDDEN: Edits = tuple(("delete_sheet", name) for name in ("_lists", "_texts", "_acopio"))

EDITS: Mapping[str, Edit] = {
    "nothing": Edit(()),
    "insert rows": Edit(
        (("insert_rows", TAB, FIRST + 2, 1), ("insert_rows", TAB, 3, 2)), {"rows_inserted": 1, **OPENED}
    ),
    "delete a row": Edit(
        (("delete_rows", TAB, _row := FILLED[0].row + 1, 1),),
        {"row_missing": 1, **OPENED},
        lost=frozenset({_key(FILLED[0])}),
    ),
    "sort without the key column": Edit(
        (("sort_rows", TAB, _letters(Column.NUMBER, Column.COMMENT), 1),), {"rows_moved": 1, **OPENED}
    ),
    "sort with the key column": Edit(
        (("sort_rows", TAB, _letters(Column.KEY, Column.NUMERIC), 2),), {"rows_sorted": 1, **OPENED}
    ),
    "sort the questions without their numbers": Edit(
        (("sort_rows", TAB, _letters(Column.QUESTION, Column.COMMENT), 0),), {"questions_moved": 1, **OPENED}
    ),
    "exchange the questions of two rows": Edit(
        (
            ("cut_and_paste", TAB, _visible(BLOCK[1]), TAB, "R7"),
            ("cut_and_paste", TAB, _visible(BLOCK[2]), TAB, _at(BLOCK[1], Column.QUESTION)),
            ("cut_and_paste", TAB, "R7:Y7", TAB, _at(BLOCK[2], Column.QUESTION)),
        ),
        {"questions_moved": 1, **OPENED},
    ),
    "copy a block to the right and clear it": Edit(
        (
            ("copy_block", TAB, _letters(Column.NUMBER, Column.IF_NONE), f"R{FIRST}"),
            *(("type_text", TAB, _at(slot), "") for slot in BLOCK if not isinstance(slot.field.type, Selection)),
        ),
        {"block_copied": 1, **OPENED},
    ),
    "answer in a hidden column": Edit(
        (("type_text", TAB, _at(NUMBERS[0]), ""), ("type_in", TAB, _at(NUMBERS[0], Column.CODE), "12")),
        {"unplaced": 1, **OPENED},
        lost=frozenset({_key(NUMBERS[0])}),
    ),
    "insert a column": Edit((("insert_column", TAB, "D"),), {"columns_moved": 1, **OPENED}),
    "delete the key column": Edit((("delete_column", TAB, "A"),), {"keys_lost": 1, **OPENED}),
    "delete the header rows": Edit((("delete_rows", TAB, 1, 4),), {"header_lost": 1, **OPENED}),
    "rename and reorder sheets": Edit(
        (("rename_sheet", TAB, "Hoja 1"), ("move_sheet", TABS["A"], 0), ("move_sheet", TABS[COVER], 5)),
        {"sheet_renamed": 1},
    ),
    "delete the hidden sheets": Edit(HIDDEN, {"sheets_removed": 1}),
    "delete a section": Edit(
        tuple(("delete_sheet", TABS[name]) for name in ("A", OVERVIEW, CHECKS, GLOSSARY)),
        {"section_missing": 1, "sheets_removed": 1},
        lost=frozenset(_key(slot) for slot in LAYOUT.slots if slot.sheet == "A"),
    ),
    "cut and paste cells": Edit(
        (
            ("cut_and_paste", TAB, _at(NUMBERS[0]), TAB, "N7"),
            ("cut_and_paste", TAB, _at(TEXTS[0]), TABS["R"], "N2"),
        ),
        {"answer_moved": 2, **OPENED},
    ),
    "copy as values": Edit((("copy_as_values",),), _copied()),
    "switch the language and copy as values": Edit((*SWITCHED, ("copy_as_values",)), _copied()),
    "blank keys": Edit(
        tuple(("type_text", TAB, _at(slot, Column.KEY), "") for slot in BLOCK[::2]), {"rows_marked_less": 1, **OPENED}
    ),
    "duplicate keys": Edit(
        tuple(("type_text", TAB, _at(slot, Column.KEY), FILLED[-1].key) for slot in BLOCK[::2]),
        {"rows_moved": 1, **OPENED},
    ),
    "merge answers": Edit(
        (
            (
                "merge",
                TAB,
                f"{_at(FILLED[0])}:{_at(_next := next(s for s in SECTION.slots if s.row == FILLED[0].row + 1))}",
            ),
        ),
        {"answers_merged": 1, **OPENED},
        lost=frozenset({_key(_next)}),
    ),
    "hide and filter rows": Edit(
        (("hide_rows", TAB, FIRST, LAST), ("filter_rows", TABS["R"], "B5:D60", 1, "nothing")),
        {"answers_hidden": 2, **OPENED},
    ),
    "text in number cells": Edit(
        (("type_text", TAB, _at(NUMBERS[0]), "1 234,5"), ("type_text", TAB, _at(NUMBERS[1]), "muitos")),
        {"not_whole": 1, "not_a_number": 1, **OPENED},
        changed={
            _key(NUMBERS[0]): ("unreadable", None, None, None, None),
            _key(NUMBERS[1]): ("unreadable", None, None, None, None),
        },
    ),
    "formulas as answers": Edit(
        (
            ("type_in", TAB, _at(NUMBERS[0]), "=40+2"),
            ("type_in", TAB, _at(NUMBERS[1]), "=40-40"),
            ("type_in", TAB, _at(TEXTS[0]), '="Lei "&"1"'),
        ),
        {"answers_calculated": 1, **OPENED},
        changed={
            _key(NUMBERS[0]): ("answered", None, 42.0, None, None),
            _key(NUMBERS[1]): ("answered", None, 0.0, None, None),
            _key(TEXTS[0]): CALCULATED_TEXT,
        },
    ),
    "answers in the comment column": Edit(
        tuple(
            ("cut_and_paste", TAB, _at(slot), TAB, _at(slot, Column.COMMENT))
            for slot in (NUMBERS[0], TEXTS[0], YEARS[0])
        ),
        {"answer_in_comment": 3, "names_disagree": 3, "pasted_over": 1, **OPENED},
        lost=frozenset(map(_key, (NUMBERS[0], TEXTS[0], YEARS[0]))),
    ),
    "comments on cells": Edit(
        (("comment_on", TAB, _at(NUMBERS[0]), "só 2025"), ("comment_on", TAB, "C3", "ver anexo")),
        {"cell_comment": 2, **OPENED},
    ),
    "cross out and draw over": Edit(
        (("strike_out", TAB, _at(NUMBERS[0])), ("draw_text", TAB, "D9", "ver anexo 3"), ("draw_text", TAB, "P2", "ok")),
        {"struck_out": 1, "text_box": 2, **OPENED},
        changed={_key(NUMBERS[0]): ("unreadable", None, None, None, None)},
    ),
    "switch the language": Edit(SWITCHED),
    "notes beside and below": Edit(
        (("type_text", TAB, "P9", "ver anexo 3"), ("add_sheet", "Anexo"), ("type_text", "Anexo", "B2", "outra coisa")),
        {"unplaced": 1, "sheet_added": 1, **OPENED},
    ),
}
SHOWN_QUESTIONS = (
    "sort the questions without their numbers",
    "exchange the questions of two rows",
    "copy a block to the right and clear it",
)
"""The edits that only the texts of the questions give away."""

CELLS = ("status", "code", "number", "text", "date")


@dataclass(frozen=True)
class Saved:
    """The questionnaire as it was filled in, and what LibreOffice made of it by each edit, saved in one format."""

    filled: Path
    extension: str

    def path(self, edit: str) -> Path:
        return self.filled.with_name(f"{edit}.{self.extension}")


@pytest.fixture(scope="module", params=EACH_FORMAT)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, uno_python: Path) -> Saved:
    folder = tmp_path_factory.mktemp("edited")
    write_questionnaire(folder / "sent.xlsx", ROUND, WHO, LAYOUT)
    book = FilledWorkbook(folder / "sent.xlsx", LAYOUT, TABS, WHO.language)
    book.answer(DRAFT)
    book.save(folder / "filled.xlsx", dt.datetime(2026, 3, 1, 8))
    edits = {name: edit.edits for name, edit in EDITS.items()}
    save_edited(uno_python, folder / "filled.xlsx", edits, request.param)
    return Saved(folder / "filled.xlsx", request.param)


def read(path: Path) -> Submission:
    return tidy(receive_file(path), path.read_bytes(), ROUND, LAYOUT)


def answers(submission: Submission) -> dict[Key, tuple[object, ...]]:
    rows = submission.rows
    keys = zip(map(str, rows["indicator"]), map(str, rows["field"]), strict=True)
    return dict(zip(keys, zip(*(rows[name] for name in CELLS), strict=True), strict=True))


@pytest.fixture(scope="module")
def given(saved: Saved) -> Submission:
    return read(saved.filled)


def found(submission: Submission, given: Submission) -> dict[str, int]:
    """How often each code was found beyond what was found before the edit."""
    before = Counter(finding.code for finding in given.findings)
    return dict(Counter(finding.code for finding in submission.findings) - before)


@pytest.mark.parametrize("name", EDITS)
def test_answers__after_an_edit_and_a_save__are_right_or_reported(saved: Saved, given: Submission, name: str) -> None:
    edit, submission = EDITS[name].in_format(saved.extension), read(saved.path(name))
    expected = {**answers(given), **edit.changed}
    now = answers(submission)
    others = {key: value for key, value in expected.items() if key not in edit.lost and now[key] != value}
    # A question that an answer made idle is asked once that answer is lost.
    idle = {key for key, value in others.items() if value[0] == "skipped" and now[key][0] == "blank"}
    assert {key: (value, now[key]) for key, value in others.items() if key not in idle or not edit.lost} == {}
    assert {now[key][0] for key in edit.lost} <= {"blank", "skipped"}
    assert found(submission, given) == edit.found


@pytest.mark.wide
def test_returns__after_every_edit__say_the_same_as_with_care(saved: Saved) -> None:
    for path in map(saved.path, EDITS):
        assert_same_with_care(receive_file(path), path.read_bytes(), ROUND, LAYOUT, before=saved.path("nothing"))


def test_cut_cells__are_found_where_they_went(saved: Saved) -> None:
    moved = [f for f in read(saved.path("cut and paste cells")).findings if f.code == "answer_moved"]
    assert [(f.indicator, f.field, f.sheet, f.cell) for f in moved] == [
        (*_key(slot), sheet, cell)
        for slot, sheet, cell in sorted(
            ((NUMBERS[0], TAB, "N7"), (TEXTS[0], TABS["R"], "N2")), key=lambda entry: LAYOUT.slots.index(entry[0])
        )
    ]


def test_comment_on_an_answer__becomes_its_comment(saved: Saved) -> None:
    rows = read(saved.path("comments on cells")).rows
    comments = dict(zip(zip(rows["indicator"], rows["field"], strict=True), rows["comment"], strict=True))
    assert comments[_key(NUMBERS[0])] == "só 2025"


def test_saved_again_by_openpyxl__says_the_same(saved: Saved, given: Submission, tmp_path: Path) -> None:
    openpyxl.load_workbook(saved.filled).save(tmp_path / "again.xlsx")
    again = read(tmp_path / "again.xlsx")
    assert (answers(again), found(again, given)) == (answers(given), {})


def test_written_anew_by_pandas__says_the_same_and_is_reported_to_be_values_only(
    saved: Saved, given: Submission, tmp_path: Path
) -> None:
    sheets = pd.read_excel(
        io.BytesIO(saved.path("nothing").read_bytes()), sheet_name=None, header=None, engine="calamine"
    )
    with pd.ExcelWriter(tmp_path / "anew.xlsx", engine="xlsxwriter") as writer:
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name, header=False, index=False)
    anew = read(tmp_path / "anew.xlsx")
    assert (answers(anew), found(anew, given)) == (answers(given), {"only_values": 1})
