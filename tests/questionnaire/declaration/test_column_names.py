"""The names of the dataset's columns: the level is `level`, each state an answer status, and no two are alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaire.declaration.column_names import KEYS, OF_LEVEL, check_names, column_name, status_column
from questionnaire.declaration.instrument import read_instrument
from questionnaire.layout import Layout
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


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("1.a", "1-A"), "line 3, column indicator: 1.a and 1-A would both be called I1_A"),
        (("I1_a", "1.a"), "line 3, column indicator: I1_a and 1.a would both be called I1_a"),
        (("=1+1", "1.a"), "line 2, column indicator: “=1+1” cannot be the code of an indicator"),
        (("1", "1.note"), "the cells of note_more of 1 and of more of 1.note would both be called ans_I1_note_more"),
    ],
)
def test_codes__that_one_name_stands_for__are_refused(tmp_path: Path, codes: tuple[str, str], said: str) -> None:
    lines = [f"{code},WATER,1,Aim,Thing {code}" for code in codes]
    text = "\n".join(["code,section,objective_code,objective,indicator", *lines])
    questions = ("more,text,,,,,,,,More?", "note_more,text,,,,,,,,More to note?")
    made = Made(text, questions, "more note_more", indicators(*codes), sections(("W", "WATER")))
    with pytest.raises(DeclarationError, match=re.escape(said)):
        read_instrument(made.write(tmp_path / "made"))


def test_codes__as_printed__keep_their_signs_and_cells_have_safe_names(tmp_path: Path) -> None:
    codes = ("1.a.1", "4(b)", "2/3", "IV")
    lines = [f"{code},WATER,1.2,Aim,Thing {code}" for code in codes]
    text = "\n".join(["code,section,objective_code,objective,indicator", *lines])
    made = Made(text, ("n,whole_number,,,,,,,,How many?",), "n", indicators(*codes), sections(("3.b", "WATER")))
    layout = Layout(read_instrument(made.write(tmp_path / "made")))
    assert [slot.name for slot in layout.slots] == ["ans_I1_a_1_n", "ans_I4_b_n", "ans_I2_3_n", "ans_IV_n"]
    assert [slot.number for slot in layout.slots] == ["1.a.1-1", "4(b)-1", "2/3-1", "IV-1"]
    assert [slot.key for slot in layout.slots] == ["1.a.1:n", "4(b):n", "2/3:n", "IV:n"]
