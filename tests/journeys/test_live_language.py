"""The language is chosen on the Cover of a filled questionnaire: everything a person reads is in that language at once.

What no formula reaches stays in the respondent's own language, by design: names of sheets, footers, and the messages
that appear when a cell is entered or refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.receiving.receive import receive_file
from pipeline.validation.batch import read_batch
from questionnaire.blanks import visible_text
from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import Column
from questionnaire.messages import in_language, say
from questionnaire.rounds.identity import find_identity
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.rule import Severity
from questionnaire.sheet_names import COVER, LISTS_SHEET
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.sheets.cover import LANGUAGE
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from tests.contract.answer_sets import AnswerSet, Desk, Drawing
from tests.given import DEMO, MINI, copy_of, mini_round, replace_in
from tests.office import AS_IT_IS, Calculated, Grid, Step, calculated

pytestmark = [pytest.mark.libreoffice, pytest.mark.wide]

SOURCES = ("pt", "fr")
WHO = "BRA"


def chosen(desk: Desk, language: str, save_as: str = "") -> Step:
    """Choosing a language on the Cover."""
    name = say("workbook", f"language_{language}", language)
    return Step(cells=((desk.tabs()[COVER], LANGUAGE, name),), save_as=(save_as,) if save_as else ())


class Switched:
    """One questionnaire filled in a source language and then switched, and the same answers in ones written anew."""

    def __init__(self, source: str, folder: Path, uno_python: Path) -> None:
        round_ = read_round(DEMO)
        self.others = [language for language in round_.languages if language != source]
        self.desks = {language: _desk(round_, language, folder / language) for language in (source, *self.others)}
        self.source, self.desk = source, self.desks[source]
        entry = _answers(round_, source)
        self.paths = {language: desk.fill(entry) for language, desk in self.desks.items()}
        self.saved = {language: folder / f"switched_to_{language}.xlsx" for language in self.others}
        steps = [chosen(self.desk, language, str(path)) for language, path in self.saved.items()]
        jobs = [(self.paths[source], [AS_IT_IS, *steps]), *((self.paths[other], [AS_IT_IS]) for other in self.others)]
        (self.before, *after), *anew = calculated(uno_python, jobs)
        self.after = dict(zip(self.others, after, strict=True))
        self.anew = {language: reported for language, (reported,) in zip(self.others, anew, strict=True)}

    def checks(self, reported: Calculated) -> dict[str, str]:
        """What the check column says, by slot; `reported` is the source's own workbook."""
        tabs = self.desk.tabs()
        return {
            slot.key: str(reported.sheets[tabs[slot.sheet]][slot.row][Column.CHECK]) for slot in self.desk.layout.slots
        }


def _desk(round_: Round, language: str, folder: Path) -> Desk:
    respondents = tuple(replace(entry, language=language) for entry in round_.respondents)
    return Desk(replace(round_, respondents=respondents), folder)


def _answers(round_: Round, language: str) -> AnswerSet:
    """Answers in order and answers that break many rules, so that remarks of every sort are on the sheets."""
    drawing = Drawing(round_, 20260204)
    errors = [rule for rule in round_.instrument.rules if rule.severity is not Severity.INFO]
    (valid,) = drawing.valid(1)
    broken = next(drawing.breaking_many(errors, [valid.draft], alone=0))
    return replace(broken, name="filled", respondent=WHO, language=language)


@pytest.fixture(scope="module", params=SOURCES)
def switched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, uno_python: Path) -> Switched:
    """Each of the two."""
    return Switched(request.param, tmp_path_factory.mktemp(f"from_{request.param}"), uno_python)


def test_switch__every_cell_of_every_visible_sheet__is_as_written_in_that_language(switched: Switched) -> None:
    for language, reported in switched.after.items():
        anew = switched.anew[language]
        assert len(reported.visible) == len(anew.visible) >= 7
        for mine, wanted in zip(reported.visible, anew.visible, strict=True):
            found, right = _seen(reported.sheets[mine]), _seen(anew.sheets[wanted])
            differing = [row for row, cells in found.items() if cells != right.get(row)]
            assert found.keys() == right.keys()
            assert not differing, f"{language}: {mine}, row {differing[0]}: {found[differing[0]]}"


def test_switch__every_dropdown__offers_the_labels_of_that_language(switched: Switched) -> None:
    ranges = _dropdowns(switched.paths[switched.source])
    labels = {
        language: {
            visible_text(in_language(code.label, language, "fr"))
            for block in list_addresses(switched.desk.layout.instrument).blocks.values()
            for code in block.codelist
        }
        for language in switched.others
    }
    assert len(ranges) >= 10
    for language, reported in switched.after.items():
        offered = {label for area in ranges for label in _cells(reported.sheets[LISTS_SHEET], area)}
        assert offered == {
            label for area in ranges for label in _cells(switched.anew[language].sheets[LISTS_SHEET], area)
        }
        assert offered <= labels[language], f"{language}: {offered - labels[language]}"


def test_switch__answers_chosen_before__stay_valid(switched: Switched) -> None:
    before = {key: check[:1] for key, check in switched.checks(switched.before).items()}
    assert set(before.values()) >= {"", *Sign} - {Sign.TO_DO}
    for reported in switched.after.values():
        assert {key: check[:1] for key, check in switched.checks(reported).items()} == before


def test_switch__saved_in_another_language__reads_back_to_the_same_codes(switched: Switched) -> None:
    paths = [switched.paths[switched.source], *switched.saved.values()]
    answers = read_batch(switched.desk.round, [receive_file(path) for path in paths]).answers
    columns = ["indicator", "field", "status", "code", "number", "text", "date", "raw", "if_none"]
    first, *others = (
        rows[columns].reset_index(drop=True) for _, rows in answers.groupby("file", sort=False, observed=True)
    )
    assert len(others) == len(switched.others)
    for other in others:
        assert other.equals(first)


def test_switch__a_translation_is_missing__the_official_text_stands_there_marked(
    tmp_path: Path, uno_python: Path
) -> None:
    copy_of(MINI, tmp_path / "instruments" / "mini")
    replace_in(tmp_path / "instruments" / "mini" / "questions.csv", "Combien en tout ?", "")
    round_ = replace(mini_round(tmp_path), instrument=read_instrument(tmp_path / "instruments" / "mini"))
    desk = Desk(round_, tmp_path / "sent")
    entry = AnswerSet("untouched", "AAA", "en")
    step = Step(cells=((desk.tabs()[COVER], LANGUAGE, "Français"),))
    ((before, after),) = calculated(uno_python, [(desk.fill(entry), [AS_IT_IS, step])])
    slot = desk.layout.slot("W01a", "total")
    tab = desk.tabs()[slot.sheet]
    assert before.sheets[tab][slot.row][Column.QUESTION] == "How many in all?"
    assert after.sheets[tab][slot.row][Column.QUESTION] == "[en] How many in all?"
    assert after.sheets[tab][slot.row + 1][Column.QUESTION] == "… en ville"


# --- cells --------------------------------------------------------------------------------------------------


def _seen(grid: Grid) -> Mapping[int, list[object]]:
    """The rows with anything in them, by number; identities left out: they name the respondent's own language."""
    rows = {number: [_reported(cell) for cell in row] for number, row in enumerate(grid, 1)}
    for row in rows.values():
        while row and row[-1] == "":
            row.pop()
    return {number: row for number, row in rows.items() if row}


def _reported(cell: object) -> object:
    return "" if find_identity(cell) else cell


def _dropdowns(path: Path) -> set[str]:
    """Every area of the lists that a dropdown offers."""
    found = set()
    for sheet in load_workbook(path).worksheets:
        for validation in sheet.data_validations.dataValidation:
            source = str(validation.formula1).lstrip("=")
            if validation.type == "list" and source.startswith(LISTS_SHEET):
                found.add(source.partition("!")[2].replace("$", ""))
    return found


def _cells(grid: Grid, area: str) -> list[str]:
    first, _, last = area.partition(":")
    column = ord(first[0]) - ord("A")
    rows = range(int(first[1:]) - 1, int((last or first)[1:]))
    return [str(grid[row][column]) for row in rows]
