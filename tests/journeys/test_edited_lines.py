"""What people do to a list with the lines of the previous round, in LibreOffice: no line is silently wrong or lost.

Line L1 has an x, L2 has one and was changed in place, L3 has none, L4 is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.previous_round.previous_answers import with_shown_answers
from pipeline.reading.tidy import tidy
from pipeline.receiving.receive import receive_file
from questionnaire.addresses import column_letter
from questionnaire.layout import KEY, LINE
from questionnaire.rounds.round import Round
from questionnaire.sheet_names import COVER, tab_names
from questionnaire.workbook.sheets.cover import LANGUAGE
from tests.given import write_questionnaire
from tests.office import EACH_FORMAT, save_edited
from tests.pipeline.careful import assert_same_with_care
from tests.pipeline.reading.test_marked_lines import FREE, NEW, READ, Typed, fill, layout, lines, marked_round, sheet

pytestmark = pytest.mark.libreoffice

TABS = tab_names(layout())
TAB = TABS[sheet().code]
FIRST, LAST = sheet().first + 1, sheet().last + 1
CHANGED = (*READ[2][:3], 2010.0, None)
ALL = {1: READ[1], 2: CHANGED, 4: FREE}
AS_TOLD = ("line_changed",)

Edits = tuple[tuple[str | int, ...], ...]
Saved = Callable[[str], Path]
"""Gives the workbook saved after an edit."""


def _area(first: str, last: str) -> str:
    left, right = (column_letter(sheet().columns[name]) for name in (first, last))
    return f"{left}{FIRST}:{right}{LAST}"


@dataclass(frozen=True)
class Edit:
    """What was done, what is found of the lines, and what they are read as."""

    edits: Edits
    found: tuple[str, ...] = AS_TOLD
    lines: Mapping[int, tuple[object, ...]] = field(default_factory=lambda: ALL)


EDITS: Mapping[str, Edit] = {
    "nothing": Edit(()),
    "insert rows": Edit((("insert_rows", TAB, FIRST + 1, 1), ("insert_rows", TAB, 3, 2))),
    "delete a confirmed line": Edit(
        (("delete_rows", TAB, FIRST, 1),), (*AS_TOLD, "lines_removed"), {2: CHANGED, 4: FREE}
    ),
    "delete a line without an x": Edit((("delete_rows", TAB, FIRST + 2, 1),), (*AS_TOLD, "lines_removed")),
    "sort whole rows": Edit((("sort_rows", TAB, _area("key", "last"), 4),)),
    "sort all that is seen": Edit((("sort_rows", TAB, _area("line", "free_use"), 3),)),
    "sort the cells of the lines alone": Edit(
        (("sort_rows", TAB, _area("indicator", "free_use"), 1),),
        ("line_moved", "line_changed", "line_unmarked", "line_moved"),
        {1: READ[3], 2: CHANGED, 3: FREE, 4: READ[1]},
    ),
    "delete the column of the x": Edit(
        (("delete_column", TAB, column_letter(sheet().columns["confirm"])),),
        ("line_unmarked",),
        {2: CHANGED, 4: FREE},
    ),
    "delete the key column": Edit((("delete_column", TAB, column_letter(sheet().columns[KEY])),)),
    "delete keys and numbers": Edit(
        tuple(("delete_column", TAB, column_letter(sheet().columns[name])) for name in (KEY, LINE)),
        (),
        {5: READ[1], 6: ("W01a", "OTHER", "'=Utopia & co", 2010.0, None), 8: FREE},
    ),
    "delete the header row": Edit((("delete_rows", TAB, 1, 1),)),
    "delete the hidden sheets": Edit(tuple(("delete_sheet", name) for name in ("_lists", "_texts", "_acopio"))),
    "copy as values": Edit((("copy_as_values",),)),
    "switch the language": Edit((("type_text", TABS[COVER], LANGUAGE, "Français"),)),
    "switch the language and copy as values": Edit(
        (("type_text", TABS[COVER], LANGUAGE, "Français"), ("copy_as_values",))
    ),
}


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return marked_round(tmp_path_factory.mktemp("marked"))


@pytest.fixture(scope="module", params=EACH_FORMAT)
def saved(
    request: pytest.FixtureRequest, round_: Round, tmp_path_factory: pytest.TempPathFactory, uno_python: Path
) -> Saved:
    folder = tmp_path_factory.mktemp("edited")
    shown = with_shown_answers(round_)
    write_questionnaire(folder / "sent.xlsx", shown, round_.participants[0], layout())
    typed: Mapping[int, Typed] = {1: {"confirm": "x"}, 2: {"confirm": "x", "begun": 2010}, 4: NEW}
    fill(folder / "sent.xlsx", folder / "filled.xlsx", typed)
    edits = {name: edit.edits for name, edit in EDITS.items()}
    save_edited(uno_python, folder / "filled.xlsx", edits, request.param)
    return lambda name: folder / f"{name}.{request.param}"


@pytest.mark.parametrize("name", EDITS)
def test_lines__after_an_edit_and_a_save__are_right_or_reported(round_: Round, saved: Saved, name: str) -> None:
    path = saved(name)
    submission = tidy(receive_file(path), path.read_bytes(), round_, layout())
    assert lines(submission) == EDITS[name].lines
    assert tuple(f.code for f in submission.findings if f.code.startswith(("line", "list"))) == EDITS[name].found


@pytest.mark.wide
def test_returns__after_every_edit__say_the_same_as_with_care(round_: Round, saved: Saved) -> None:
    for path in map(saved, EDITS):
        assert_same_with_care(receive_file(path), path.read_bytes(), round_, layout())
