"""Sections and codes: how the indicators of a table are grouped and called, and which translations belong to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.indicator_table.identifiers import CODE
from questionnaire.tables import DeclarationError
from tests.given import MINI, copy_of, mini
from tests.made_instruments import Made, indicators, sections, table

COUNT = "count,whole_number,,,,,,,,How many?"
WATER = sections(("W", "WATER"))
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", "aa", "ab", "ac", "ad"]


def read(root: Path, text: str, codes: tuple[str, ...], settings: str = "", translations: str = "") -> Instrument:
    made = Made(text, (COUNT,), "count", indicators(*codes), settings, translations=translations)
    return read_instrument(made.write(root / "made"))


def refused(root: Path, text: str, codes: tuple[str, ...], settings: str = "", translations: str = "") -> str:
    with pytest.raises(DeclarationError) as caught:
        read(root, text, codes, settings, translations)
    return str(caught.value)


def test_sections__none_in_the_table_and_none_declared__one_holds_everything(tmp_path: Path) -> None:
    (section,) = read(tmp_path, table(("", [["Wells dug"], ["Pipes laid"]])), ("S01", "S02")).sections
    assert (section.code, section.label) == ("S", {"en": "A made instrument"})
    assert [indicator.code for indicator in section.indicators] == ["S01", "S02"]


def test_sections__none_declared_over_a_table_that_has_some__is_refused(tmp_path: Path) -> None:
    expected = refused(tmp_path, table(("WATER", [["Wells dug"]])), ("S01",))
    assert expected.startswith("table.txt, line 6: the section “WATER” is not declared. Declare it in instrument.toml")


def test_sections__one_of_several_without_heading_and_label__is_refused(tmp_path: Path) -> None:
    several = table(("", [["Wells dug"]]), ("LAND", [["Trees"]]))
    declared = '[[section]]\ncode = "W"\n{label}\n' + sections(("L", "LAND"))
    expected = refused(tmp_path / "a", several, ("W01", "L01"), declared.format(label='heading = ""'))
    assert "the section W has neither a heading nor a label" in expected
    labelled = declared.format(label='heading = ""\nlabel = { en = "Water" }')
    assert read(tmp_path / "b", several, ("W01", "L01"), labelled).sections[0].label["en"] == "Water"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "  "])
def test_sections__other_spaces_in_a_heading__are_the_same_heading(tmp_path: Path, space: str) -> None:
    for name, printed, declared in (("a", f"WATER{space}LAND", "WATER LAND"), ("b", "WATER LAND", f"WATER{space}LAND")):
        text = table((printed, [["Wells dug"]]))
        assert [section.code for section in read(tmp_path / name, text, ("W01",), sections(("W", declared))).sections]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (
            (("W", "WATER"), ("F", "FIRE")),
            "key section 2.heading (of “F”): no indicator stands under “FIRE” in table.txt",
        ),
        ((("W", "WATER"), ("F", "WATER\u00a0")), "key section 2.code: the section F “WATER” is declared twice"),
        ((("W", "WATER"), ("w", "FIRE")), "key section 2.code: the section w “FIRE” is declared twice"),
        ((("1 a", "WATER"),), "key section 1.code: “1 a” cannot be the code of a section"),
    ],
)
def test_sections__declared_wrongly__are_refused(
    tmp_path: Path, declared: tuple[tuple[str, str], ...], expected: str
) -> None:
    text = table(("WATER", [["Wells dug"]]))
    assert expected in refused(tmp_path, text, ("W01",), sections(*declared))


def test_codes__thirty_indicators_under_one_objective__go_on_after_z(tmp_path: Path) -> None:
    text = table(("WATER", [[f"Thing {number}" for number in range(30)]]))
    codes = tuple(f"W01{letter}" for letter in LETTERS)
    read_codes = [indicator.code for indicator in read(tmp_path, text, codes, WATER).indicators]
    assert read_codes == list(codes)
    assert all(CODE.fullmatch(code) for code in read_codes)


def test_codes__letters_printed_after_z__are_those_of_the_table(tmp_path: Path) -> None:
    text = table(("WATER", [[f"{letter}) Thing {letter}" for letter in LETTERS]]))
    codes = tuple(f"W01{letter}" for letter in LETTERS)
    assert [indicator.code for indicator in read(tmp_path, text, codes, WATER).indicators] == list(codes)


def test_indicator__asked_nothing__is_refused(tmp_path: Path) -> None:
    made = Made(table(("WATER", [["Wells dug"]])), (COUNT,), "", indicators("W01"), WATER)
    with pytest.raises(DeclarationError, match=r"^indicators.csv, line 2, column questions: W01 is asked nothing"):
        read_instrument(made.write(tmp_path / "made"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("objective,W09,x", "translations.csv, line 3, column code: the instrument has no objective W09"),
        ("indicator,W01a,x", "translations.csv, line 3, column code: the instrument has no indicator W01a"),
        ("section,F,x", "translations.csv, line 3, column code: the instrument has no section F"),
        ("sector,W,x", "translations.csv, line 3, column kind: “sector” is not known"),
        ("indicator,W01,x", "translations.csv, line 3, column code: indicator W01 is translated in line 2 already"),
    ],
)
def test_translations__of_what_is_not_there_or_twice__are_refused(tmp_path: Path, line: str, expected: str) -> None:
    text = f"kind,code,fr\nindicator,W01,Puits\n{line}\n"
    assert refused(tmp_path, table(("WATER", [["Wells dug"]])), ("W01",), WATER, text).startswith(expected)


def test_translations__of_an_objective_without_indicators__are_kept(tmp_path: Path) -> None:
    text = "\tWATER\n\n\t1.\nHave wells\n\n\tWells dug\n\n\t2.\nHave peace\n\n\tWars ended\n\n\t3.\nHave time\n"
    assert read(tmp_path, text, ("W01", "W02"), WATER, "kind,code,fr\nobjective,W03,Avoir le temps\n").indicators


def test_translations__of_a_section__are_its_label_where_the_settings_have_none(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    settings = (folder / "instrument.toml").read_text(encoding="utf-8")
    label = 'label = { en = "Water", fr = "Eau" }\n'
    assert label in settings
    (folder / "instrument.toml").write_text(settings.replace(label, ""), encoding="utf-8")
    assert read_instrument(folder).sections[0].label == {"en": "WATER", "fr": "Eau"}
    assert mini().sections[0].label == {"en": "Water", "fr": "Eau"}
