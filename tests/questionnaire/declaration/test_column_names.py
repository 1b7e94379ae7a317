"""The names of the dataset's columns: the level is `level`, each state an answer status, and no two are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.declaration.column_names import KEYS, OF_LEVEL, check_names, column_name, status_column
from questionnaire.declaration.instrument import read_instrument
from questionnaire.tables import DeclarationError
from tests.given import MINI, copy_of, mini
from tests.made_instruments import Made, indicators, sections, table


def test_names__of_fields_and_states__the_level_is_level() -> None:
    named = [column_name(mini(), code) for code in ("status", "total", "spent.currency", "regions.WEST")]
    assert named == ["level", "total", "spent__currency", "regions__WEST"]
    states = [status_column(mini(), code) for code in ("status", "total")]
    assert states == ["level__answer_status", "total__answer_status"]


def test_names__of_the_shipped_instruments__are_free() -> None:
    check_names(mini())


@pytest.mark.parametrize("code", [*KEYS, *OF_LEVEL, "level", "total__answer_status", "regions_west", "regions__west"])
def test_names__taken__are_refused_while_the_instrument_is_read(tmp_path: Path, code: str) -> None:
    folder = copy_of(MINI, tmp_path / "mini")
    with (folder / "questions.csv").open("a", encoding="utf-8") as file:
        file.write(f"{code},text,,,,,,,,A text?,Un texte ?,,\n")
    indicators_csv = folder / "indicators.csv"
    text = indicators_csv.read_text(encoding="utf-8").replace("F01,COUNT,targeted", f"F01,COUNT,targeted {code}")
    indicators_csv.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"^questions\.csv: two things would be called"):
        read_instrument(folder)


def test_names__of_the_level__are_free_in_an_instrument_without_one(tmp_path: Path) -> None:
    question = "score,whole_number,,,,,,,,How many?"
    made = Made(table(("WATER", [["Wells dug"]])), (question,), "score", indicators("W01"), sections(("W", "WATER")))
    assert column_name(read_instrument(made.write(tmp_path / "made")), "score") == "score"
