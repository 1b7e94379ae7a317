"""The workbook of an instrument with a level, of one without, and of indicators that are not asked theirs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Column
from questionnaire.messages import wording
from questionnaire.rules.evaluate import Answer
from questionnaire.sheet_names import CHECKS, COVER, GLOSSARY, OVERVIEW
from questionnaire.workbook.sheets import overview
from questionnaire.workbook.texts.texts import CATALOGUE
from tests.engines import IronCalc
from tests.made_instruments import Made, indicators, sections, table
from tests.office import Step, calculated
from tests.questionnaire.workbook.written import Written, write

TABLE = table(("WATER", [["Wells dug"], ["Pipes laid"]]))
WATER = sections(("W", "WATER"))
COUNT = "count,whole_number,,,,,,,always,How many?"
STAGE = "stage,single_choice,stage,,,,,,always,How far?"
ANCHORS = "indicator_type,label_en,questions,anchors_en\nT,Thing,,little | some | much\n"


@pytest.mark.parametrize("name", [OVERVIEW, CHECKS])
def test_columns__that_people_see__fit_on_a_small_screen_at_full_size(real: Written, name: str) -> None:
    sheet = real.book[real.tabs[name]]
    assert isinstance(sheet, Worksheet)
    shown = [
        item.width * ((item.max or 0) - (item.min or 0) + 1)
        for item in sheet.column_dimensions.values()
        if not item.hidden
    ]
    assert len(shown) > 3
    assert sum(shown) < 175  # digits with the paddings of columns, as the file counts them


@pytest.mark.parametrize("name", [COVER, OVERVIEW])
def test_every_sheet__has_a_link_on_cover_and_overview__beside_its_sign_and_title(written: Written, name: str) -> None:
    sheet, tabs, language = written.book[written.tabs[name]], written.tabs, written.respondent.language
    assert isinstance(sheet, Worksheet)
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    linked = {str(link.location).rpartition("!")[0].strip("'") for link in links}
    titles = {key: wording(CATALOGUE, f"sheet_{key}")[language] for key in (COVER, OVERVIEW, CHECKS, GLOSSARY)}
    titles |= {section.code: section.label[language] for section in written.layout.instrument.sections}
    titles |= {listed.code: listed.block.label[language] for listed in written.layout.lists}
    assert titles.keys() == tabs.keys()
    rows = ["  ·  ".join(cell for cell in row if isinstance(cell, str) and cell) for row in written.values[tabs[name]]]
    for key in titles.keys() - ({OVERVIEW} if name == OVERVIEW else set()):
        assert tabs[key] in linked
        assert any(row.startswith(f"{tabs[key]}  ·  {titles[key]}") for row in rows), key


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The questionnaire of an instrument without a level."""
    return _written(tmp_path_factory.mktemp("plain"), Made(TABLE, (COUNT,), "count", indicators("W01", "W02"), WATER))


@pytest.fixture(scope="module")
def leveled(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """One with a level that only the first of two indicators is asked."""
    lines = ("W01,T,,2", "W02,T,-stage,")
    settings = 'level = "stage"\n' + WATER
    return _written(
        tmp_path_factory.mktemp("leveled"), Made(TABLE, (COUNT, STAGE), "stage count", lines, settings, types=ANCHORS)
    )


def _written(root: Path, made: Made) -> Written:
    round_ = made.round(root, ["AAA"])
    return write(root, round_, round_.participants[0])


def _shown(written: Written, sheet: str) -> list[list[str]]:
    grid = written.values[written.tabs[sheet]]
    return [[str(value) for value in row] for row in grid]


def _texts(written: Written) -> str:
    return "\n".join(str(value) for name in written.tabs.values() for row in written.values[name] for value in row)


def test_overview__with_a_level__has_its_column_empty_for_an_indicator_that_is_not_asked_it(leveled: Written) -> None:
    head = _shown(leveled, OVERVIEW)[3]
    assert head[overview.LEVEL : overview.STATE + 1] == [
        "Level", "Answers given", "To answer", "To correct", "Reason asked", "Progress",
    ]  # fmt: skip
    sheet = leveled.book[leveled.tabs[OVERVIEW]]
    formulas = [sheet.cell(row, overview.LEVEL + 1).value for row in (6, 7)]
    assert "$K$" in str(formulas[0])
    assert formulas[1] is None


def test_overview__without_a_level__has_no_column_for_it(plain: Written) -> None:
    head = _shown(plain, OVERVIEW)[3]
    assert head[overview.TEXT :][:6] == [
        "Text of the indicator", "Answers given", "To answer", "To correct", "Reason asked", "Progress",
    ]  # fmt: skip
    row = _shown(plain, OVERVIEW)[5]
    assert (row[overview.CODE], row[overview.place(plain.round.instrument, overview.ANSWERED)]) == ("W01", "0 / 1")
    hidden = {letter for letter, shown in plain.book[plain.tabs[OVERVIEW]].column_dimensions.items() if shown.hidden}
    assert hidden == {"J"}  # J and K, as one


def test_answers_given__of_an_indicator_with_dots_in_its_code__counts_questions_and_not_their_parts(
    tmp_path: Path,
) -> None:
    table_ = "code,section,objective_code,objective,indicator\n1.a.1,WATER,1,Aim,Wells\n"
    hues = "hues,multiple_choice,colours,,,,,,always,Which?"
    sent = _written(tmp_path, Made(table_, (COUNT, hues), "count hues", indicators("1.a.1"), WATER))
    book = FilledWorkbook(sent.path, sent.layout, sent.tabs, "en")
    book.answer({("1.a.1", "count"): Answer(3.0), ("1.a.1", "hues.RED"): Answer("Y")})
    book.save(tmp_path / "AAA.xlsx", dt.datetime(2026, 3, 1))
    instrument = sent.layout.instrument
    row = IronCalc().grids(tmp_path / "AAA.xlsx")[sent.tabs[OVERVIEW]][overview.indicator_row(instrument, "1.a.1")]
    assert row[overview.place(instrument, overview.ANSWERED)] == "2 / 2"


def test_workbook__without_a_level__says_nothing_of_levels(plain: Written) -> None:
    assert "level" not in _texts(plain).lower()
    steps = wording(CATALOGUE, "cover_step_2")["en"], wording(CATALOGUE, "cover_step_2_levels")["en"]
    shown = {text for row in _shown(plain, COVER) for text in row}
    assert [step in shown for step in steps] == [True, False]


def test_workbook__with_a_level__explains_it_on_cover_sheet_and_glossary(leveled: Written) -> None:
    said = _texts(leveled)
    assert wording(CATALOGUE, "cover_step_2_levels")["en"] in said
    assert "from LOW to HIGH" in said
    slot = leveled.layout.slot("W01", "stage")
    cell = leveled.section("W")[slot.cell(Column.HELP)]
    assert leveled.values[leveled.tabs["W"]][slot.row][Column.HELP] == wording(CATALOGUE, "help_levels")["en"]
    tab, _, address = str(cell.hyperlink.location).rpartition("!")
    assert leveled.book[tab.strip("'")][address].value
    row = leveled.values[tab.strip("'")][int(address[1:]) - 1]
    assert row[2] == "LOW – little\nMID – some\nHIGH – much"


def test_workbook__reasons_for_no_answer__are_those_of_the_instrument(plain: Written) -> None:
    said = _texts(plain)
    assert "choose why (NA, UNKNOWN) in the column" in said
    terms = {row[1] for row in _shown(plain, GLOSSARY) if len(row) > 1}
    assert {"Does not apply", "Not known"} <= terms
    assert not {"SO", "ND", "CF", "RS"} & set(said.replace(",", " ").replace(":", " ").split())


@pytest.mark.libreoffice
def test_overview__without_a_level_and_calculated__counts_and_concludes(plain: Written, uno_python: Path) -> None:
    slots = [plain.layout.slot(code, "count") for code in ("W01", "W02")]
    tab, instrument = plain.tabs["W"], plain.round.instrument
    typed = zip(slots, ("7", "-1"), strict=True)
    steps = [Step(edits=(("type_in", tab, slot.cell(Column.ANSWER), text),)) for slot, text in typed]
    ((first, second),) = calculated(uno_python, [(plain.path, steps)])
    columns = [overview.place(instrument, column) for column in (overview.ANSWERED, overview.STATE)]
    rows = [
        [reported.sheets[plain.tabs[OVERVIEW]][row][column] for column in columns]
        for reported in (first, second)
        for row in (5, 6)
    ]
    assert rows == [
        ["1 / 1", "In order"],
        ["0 / 1", "Not started"],
        ["1 / 1", "In order"],
        ["1 / 1", "To correct"],
    ]
    said = [row[1] for row in second.sheets[plain.tabs[COVER]]]
    assert "× To correct: 1. The column “Check” says what to do." in said
