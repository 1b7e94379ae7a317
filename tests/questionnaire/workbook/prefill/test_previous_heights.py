"""Room for the texts of the previous round: rows as tall as these need, pages cut accordingly, nothing out of order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from questionnaire.declaration.answer_types import SingleChoice, Text
from questionnaire.layout import FIRST_BLOCK, HEADINGS, Column, Layout, RowKind, SectionSheet, Slot
from questionnaire.rounds.previous_round import Previous
from questionnaire.rules.evaluate import Answer
from questionnaire.workbook.looks.heights import line_count, points
from questionnaire.workbook.looks.section_pages import PREVIOUS_WIDTH, section_pages
from tests.questionnaire.workbook.package_parts import Package
from tests.questionnaire.workbook.package_rules import RULES
from tests.questionnaire.workbook.written import Written, write

Rule = Callable[[Package], Iterator[str]]

WORDS = "Lei n.º 13.344, que dispõe sobre a prevenção e a repressão ao tráfico de pessoas. "
LENGTHS = (3, 60, 200, 300, 1000)
ROOM = points(PREVIOUS_WIDTH) - 13
LETTER = 792 - 72 * 0.9


def _text(slot: Slot, number: int) -> str:
    assert isinstance(slot.field.type, Text)
    return (WORDS * 20)[: min(slot.field.type.max_length, LENGTHS[number % len(LENGTHS)])].strip()


def _texts(layout: Layout) -> Iterator[tuple[Slot, str]]:
    slots = (slot for slot in layout.slots if type(slot.field.type) is Text)
    return ((slot, _text(slot, number)) for number, slot in enumerate(slots))


@pytest.fixture(scope="module")
def prefilled(real: Written, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The real questionnaire with a previous text, short or long, to every question that asks for one."""
    answers = {(slot.block.code, slot.field.code): Answer(text) for slot, text in _texts(real.layout)}
    previous = Previous(Path("answers.parquet"), real.round.instrument.edition, "2022–2023")
    round_ = replace(real.round, previous=previous, previous_answers={real.respondent.code: answers})
    return write(tmp_path_factory.mktemp("heights"), round_, real.respondent)


def _heights(written: Written, sheet: SectionSheet) -> dict[int, float]:
    rows = written.section(sheet.code).row_dimensions
    return {row: rows[row + 1].height or 0 for row in range(sheet.rows[-1].row + 1)}


def test_rows__with_a_previous_text__show_all_of_it_up_to_twelve_lines(prefilled: Written) -> None:
    heights = {sheet.code: _heights(prefilled, sheet) for sheet in prefilled.layout.sheets}
    lines = set()
    for slot, text in _texts(prefilled.layout):
        needed = line_count(text, ROOM, 10)
        lines.add(needed)
        assert heights[slot.sheet][slot.row] >= 12.75 * min(needed, 12), slot.key
        assert heights[slot.sheet][slot.row] < 200
    assert min(lines) == 1
    assert max(lines) > 12


def test_text__too_long_for_its_row__begins_at_the_top_and_is_all_there(prefilled: Written) -> None:
    for slot, text in _texts(prefilled.layout):
        cell = prefilled.section(slot.sheet)[slot.cell(Column.PREVIOUS)]
        assert cell.value == text
        assert cell.alignment.vertical == ("top" if line_count(text, ROOM, 10) > 12 else "center"), slot.key


def test_rows__without_a_previous_text__are_as_tall_as_ever(prefilled: Written, tmp_path: Path) -> None:
    nothing = write(tmp_path, replace(prefilled.round, previous_answers={}), prefilled.respondent)
    texts = {slot.key for slot, _ in _texts(prefilled.layout)}
    for sheet in prefilled.layout.sheets:
        before, after = _heights(nothing, sheet), _heights(prefilled, sheet)
        own = {slot.row for slot in sheet.slots if slot.key in texts}
        assert {row: height for row, height in after.items() if row not in own} == {
            row: height for row, height in before.items() if row not in own
        }


def test_rows__of_a_choice__show_each_of_its_labels_as_a_previous_answer(prefilled: Written) -> None:
    for sheet in prefilled.layout.sheets:
        heights = _heights(prefilled, sheet)
        for slot in sheet.slots:
            if isinstance(slot.field.type, SingleChoice):
                labels = [label for code in slot.field.type.codelist for label in code.label.values()]
                assert heights[slot.row] >= 12.75 * max(line_count(label, ROOM, 10) for label in labels)


def test_pages__with_taller_rows__hold_what_they_should_and_keep_questions_whole(prefilled: Written) -> None:
    for sheet in prefilled.layout.sheets:
        heights = _heights(prefilled, sheet)
        scale = section_pages(prefilled.layout, heights).scale
        assert prefilled.section(sheet.code).page_setup.scale == scale
        room = LETTER * 100 / scale
        breaks = [item.id for item in prefilled.section(sheet.code).row_breaks.brk]
        for first, after in pairwise([0, *breaks, len(heights)]):
            repeated = heights[HEADINGS] if first else 0
            assert repeated + sum(heights[row] for row in range(first, after)) <= room
        kinds = {row.row: row.kind for row in sheet.rows}
        assert {kinds[row] for row in breaks} <= {RowKind.BAND, RowKind.QUESTION}
        assert not {kinds[row - 1] for row in breaks if row > FIRST_BLOCK} & {RowKind.BAND, RowKind.OBJECTIVE}


@pytest.mark.parametrize("rule", RULES)
def test_package__with_previous_texts__keeps_every_rule(prefilled: Written, rule: Rule) -> None:
    assert list(rule(Package(prefilled.package))) == []
