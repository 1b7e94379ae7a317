"""The level: named by the instrument, optional, one definition; and the names that older instruments use."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.tables import DeclarationError
from tests.given import MINI, copy_of, mini, replace_in
from tests.made_instruments import Made, indicators, sections, table

TABLE = table(("WATER", [["Wells dug"], ["Pipes laid"]]))
WATER = sections(("W", "WATER"))
STAGE = "stage,single_choice,stage,,,,,,always,How far?"
COLOUR = "colour,single_choice,colours,,,,,,,Which?"
COUNT = "count,whole_number,,,,,,,,How many?"
ANCHORS = "indicator_type,label_en,questions,anchors_en\nT,Thing,,little | some | much\n"


def read(root: Path, level: str, *lines: str, asked: str = "stage colour count", types: str = ANCHORS) -> Instrument:
    lines = lines or indicators("W01", "W02")
    settings = f'level = "{level}"\n' if level else ""
    return read_instrument(
        Made(TABLE, (STAGE, COLOUR, COUNT), asked, lines, settings + WATER, types=types).write(root / "made")
    )


def test_level__declared__is_that_question_whatever_its_code(tmp_path: Path) -> None:
    instrument = read(tmp_path, "stage", "W01,T,,2", "W02,T,,")
    assert instrument.level == "stage"
    assert instrument.level_scale is instrument.codelists["stage"]
    assert [indicator.met_from_level for indicator in instrument.indicators] == [2, None]
    assert mini().level_scale is mini().codelists["status"]


def test_level__not_declared__there_is_none(tmp_path: Path) -> None:
    instrument = read(tmp_path, "", types="indicator_type,label_en,questions\nT,Thing,\n")
    assert (instrument.level, instrument.level_scale) == ("", None)


def test_only__indicators_without_the_level_question__have_no_level(tmp_path: Path) -> None:
    instrument = read(tmp_path, "stage", "W01,T,,2", "W02,T,-stage,")
    assert instrument.only(frozenset({"W02"})).level_scale is None
    assert instrument.only(frozenset({"W01"})).level_scale is instrument.level_scale


@pytest.mark.parametrize(
    ("level", "asked", "what"),
    [
        ("stadium", "stage", "“stadium” is not a question"),
        ("count", "count", "the question count is not a single_choice"),
        ("colour", "colour", "the code list colours is no scale: RED, BLUE has no rank"),
        ("stage", "count", "no indicator is asked stage"),
    ],
)
def test_level__no_question_no_choice_no_scale_or_not_asked__is_refused(
    tmp_path: Path, level: str, asked: str, what: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        read(tmp_path, level, asked=asked)
    assert (caught.value.where, caught.value.what) == ("instrument.toml, key level", what)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("level", "line", "types", "where", "what"),
    [
        ("", "W01,T,,2", "indicator_type,label_en,questions\nT,Thing,\n", "indicators.csv, line 2, column met_from_level", "has no level"),
        ("", "W01,T,,", ANCHORS, "indicator_types.csv, line 2, column anchors_en", "no level to explain"),
        ("stage", "W01,T,-stage,2", ANCHORS, "indicators.csv, line 2, column met_from_level", "W01 is not asked its level"),
        ("stage", "W01,T,,4", ANCHORS, "indicators.csv, line 2, column met_from_level", "there is no level 4"),
        ("stage", "W01,T,,2", ANCHORS.replace("little | ", ""), "indicator_types.csv, line 2, column anchors_en", "2 levels"),
    ],
)  # fmt: skip
def test_level__what_is_said_of_levels_that_are_not_there__is_refused(
    tmp_path: Path, level: str, line: str, types: str, where: str, what: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        read(tmp_path, level, line, "W02,T,,", types=types)
    assert caught.value.where == where
    assert what in caught.value.what


def test_older_names__of_file_and_columns__read_alike(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    (folder / "indicator_types.csv").rename(folder / "kinds.csv")
    replace_in(folder / "kinds.csv", "indicator_type,", "kind,")
    replace_in(
        folder / "indicators.csv", "indicator_type,questions,met_from_level", "kind,questions,met_if_status_at_least"
    )
    older = read_instrument(folder)
    assert older.indicators == mini().indicators
    assert older.indicator("W01a").met_from_level == 3


def test_older_names__beside_those_of_today__are_refused(tmp_path: Path) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    (folder / "kinds.csv").write_text("kind,questions,label_en\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"^kinds\.csv: indicator_types\.csv is there too"):
        read_instrument(folder)
