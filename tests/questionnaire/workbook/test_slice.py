"""The workbook of a slice: fewer questions, the same keys, numbers and names, and its own identity and name."""

from __future__ import annotations

import pytest

from questionnaire.layout import IDENTITY, Column, Layout
from questionnaire.rounds.identity import find_identity, short_fingerprint
from questionnaire.rounds.round import read_round
from questionnaire.sheet_names import COVER, IDENTITY_SHEET
from questionnaire.workbook.write import file_name
from tests.given import DEMO, write_questionnaire
from tests.questionnaire.workbook.written import Written


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What the foreign ministry of Brazil gets."""
    round_ = read_round(DEMO)
    respondent, asked = round_.respondent("BRA"), round_.slice_of("BRA", "foreign-affairs")
    assert respondent
    assert asked
    path = tmp_path_factory.mktemp("slice") / file_name(round_, respondent, asked)
    layout = Layout(round_.instrument)
    write_questionnaire(path, round_, respondent, layout, asked)
    return Written(path, round_, respondent, layout.part(asked.indicators))


def test_file_name__of_a_slice__ends_with_its_code(part: Written) -> None:
    assert part.path.name == "BRA_Brasil_demo_pt_foreign-affairs.xlsx"


def test_slots__keys_numbers_and_names__are_those_of_the_whole(part: Written) -> None:
    whole = Layout(part.round.instrument)
    names = {name for name in part.book.defined_names if name.startswith("ans_")}
    assert names == {slot.name for slot in part.layout.slots}
    for slot in part.layout.slots:
        other = whole.by_key[slot.key]
        assert part.cell(slot, Column.KEY) == other.key
        assert part.cell(slot, Column.NUMBER) == other.number
        assert slot.name == other.name
    assert {slot.block.code for slot in part.layout.slots} == {
        "P05", "P07", "P08", "P11", "A26", "A27a", "A27b", "A34", "A35a", "A35b", "A36",
    }  # fmt: skip
    assert "R" not in part.tabs


def test_identity__in_every_place__names_the_slice(part: Written) -> None:
    cells: list[object] = [
        part.section(sheet.code).cell(IDENTITY + 1, Column.KEY + 1).value for sheet in part.layout.sheets
    ]
    cells.append(part.book[IDENTITY_SHEET]["A1"].value)
    cells += [value for row in part.values[part.tabs[COVER]] for value in row if find_identity(value)]
    found = {find_identity(text) for text in cells}
    assert len(cells) == len(part.layout.sheets) + 2
    assert len(found) == 1
    reported = found.pop()
    assert reported
    assert (reported.respondent, reported.slice) == ("BRA", "foreign-affairs")
    assert reported.fingerprint == short_fingerprint(part.layout.instrument.structure)
    assert str(reported) in part.package["docProps/custom.xml"].decode()


def test_cover__of_a_slice__says_its_name_and_how_much_it_is(part: Written) -> None:
    said = [value for row in part.values[part.tabs[COVER]] for value in row if value]
    name = "Relações exteriores, serviços consulares e migração"
    assert f"Parte do questionário: {name} (11 de 53 indicadores)" in said
    assert name in part.values[part.tabs["P"]][IDENTITY][Column.NUMBER]  # type: ignore[operator]


def test_formulas__of_a_slice__ask_nothing_of_what_is_not_there(part: Written) -> None:
    absent = [code for code in ("P01", "R13", "A29a") if any(f"_{code}_" in formula for _, formula in part.formulas())]
    assert absent == []
    assert not any("#REF!" in formula for _, formula in part.formulas())
