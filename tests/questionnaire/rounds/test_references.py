"""The reference values of a round: what reference.csv says, and how a fault in it is reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaire.declaration.instrument import read_instrument
from questionnaire.rounds.references import ReferenceValue
from questionnaire.rounds.round import read_round
from questionnaire.rules.conditions import Reference, references_in
from questionnaire.rules.evaluate import Evaluator, Responses
from questionnaire.tables import DeclarationError
from schemas.declared_frames import references_frame
from schemas.tables.published import published_tables
from tests.given import PERIOD, mini
from tests.with_ratio import VALUES, instrument, made, ratio_round


def test_references__of_a_round__stand_in_its_instrument_too(tmp_path: Path) -> None:
    round_ = ratio_round(tmp_path)
    assert round_.reference("AAA", "area") == ReferenceValue("AAA", "area", 12345.5, "", "Atlas <2024> & more", "2024")
    assert round_.reference("CCC", "area") is None
    assert round_.instrument.reference_values == {"AAA": {"area": 12345.5, "baseline": 4}, "BBB": {"area": 0}}


@pytest.mark.parametrize(("respondent", "number"), [("AAA", 4), ("BBB", None), ("", None)])
def test_reference__is_that_of_the_respondent(tmp_path: Path, respondent: str, number: float | None) -> None:
    evaluator = Evaluator(ratio_round(tmp_path).instrument, Responses({}, {}, respondent), PERIOD)
    assert evaluator.quantity(Reference("baseline"), "W01") == number


def test_references__without_a_respondent__are_those_of_all_that_have_no_own(tmp_path: Path) -> None:
    round_ = ratio_round(tmp_path, VALUES.replace("AAA,baseline,4", ",baseline,7,,Plan,\nAAA,baseline,4"))
    assert {code: known["baseline"] for code, known in round_.instrument.reference_values.items()} == {
        "AAA": 4,
        **{one.code: 7 for one in round_.respondents if one.code != "AAA"},
    }
    assert round_.reference("BBB", "baseline") == ReferenceValue("BBB", "baseline", 7, "", "Plan", "")
    assert len(references_frame(round_)) == 3 + len(round_.respondents) - 1


def test_references__without_a_file__there_are_none(tmp_path: Path) -> None:
    round_ = made().round(tmp_path, ("AAA",))
    assert (round_.references, dict(round_.instrument.reference_values)) == ((), {})


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ("XXX,area,1,,Atlas,", "line 5, column respondent", "there is no respondent “XXX”"),
        ("AAA,height,1,,Atlas,", "line 5, column item", "no reference value “height”"),
        ("AAA,area,1,,Atlas,", "line 5, column item", "area of AAA stands twice"),
        (",area,1,,Plan,\n,area,1,,Plan,", "line 6, column item", "area of all respondents stands twice"),
        ("CCC,area,many,,Atlas,", "line 5, column value", "“many” is not a number"),
        ("CCC,area,,,Atlas,", "line 5, column value", "the number is missing"),
        ("CCC,area,1,,,", "line 5, column source", "the source is missing"),
    ],
)
def test_references__malformed__names_line_column_and_fault(tmp_path: Path, line: str, where: str, what: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(what)) as raised:
        ratio_round(tmp_path, f"{VALUES}{line}\n")
    assert f"reference.csv, {where}" in str(raised.value)


def test_references__of_an_instrument_that_declares_none__are_refused(tmp_path: Path) -> None:
    folder = ratio_round(tmp_path).folder
    text = (folder / "round.toml").read_text(encoding="utf-8")
    (folder / "round.toml").write_text(text.replace('instrument = "made"', 'instrument = "mini"'), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"Declare it in instrument.toml, as a \[\[reference\]\]"):
        read_round(folder, Path(__file__).parents[2] / "instruments")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (",,,baseline", ",,,height", "the instrument declares no reference value “height”; there is area, baseline"),
        ("begun,reference(area)", "begun,reference(height)", "is no reference value that can be looked at here"),
        ("begun >= 1,,All of them", "begun >= reference(area),,All of them", "can be looked at here; there is none"),
        ("begun + ended,,,,", "begun + reference(area),,,,", "a reference value need not be whole"),
    ],
)
def test_question__that_names_a_figure_nobody_declares__is_refused(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    with pytest.raises(DeclarationError, match=re.escape(what)):
        read_instrument(made((old, new)).write(tmp_path / "made"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('item = "area"', 'item = "Area"', "“Area” is not a code"),
        ('item = "area"', 'item = "baseline"', "“baseline” stands twice"),
        ('label = { en = "Area", fr', "label = { fr", "the text in en is missing"),
        ('unit = { en = "km²", fr', "unit = { fr", "the text in en is missing"),
        ('unit = {', 'units = {', "there is no such key"),
    ],
)  # fmt: skip
def test_reference__declared_wrongly__names_its_key(tmp_path: Path, old: str, new: str, what: str) -> None:
    folder = made().write(tmp_path / "made")
    text = (folder / "instrument.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "instrument.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=what):
        read_instrument(folder)


def test_question__shows_what_it_names_and_what_it_is_computed_from() -> None:
    questions = instrument().questions
    assert {code: asked.references for code, asked in questions.items() if asked.references} == {
        "begun": ("baseline",), "per_area": ("area",),
    }  # fmt: skip
    formula = questions["per_area"].formula
    assert formula
    assert references_in(formula.value) == ("area",)


def test_table__of_reference_values__has_each_with_its_source(tmp_path: Path) -> None:
    round_ = ratio_round(tmp_path)
    frame = references_frame(round_)
    table = next(table for table in published_tables(round_.instrument) if table.name == "reference_values")
    assert tuple(frame.columns) == table.names
    assert frame.to_dict("records")[0] == {
        "respondent": "AAA", "item": "area", "label_en": "Area", "label_fr": "Superficie", "value": 12345.5,
        "unit": "km²", "source": "Atlas <2024> & more", "period": "2024",
    }  # fmt: skip
    assert frame["unit"].tolist() == ["km²", "", "ha"]
    assert all(table.name != "reference_values" for table in published_tables(mini()))
