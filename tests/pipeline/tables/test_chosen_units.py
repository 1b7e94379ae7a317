"""Numbers whose unit the respondent chooses in the tables: as given, as converted, in sums, as observations."""

from __future__ import annotations

import pytest

from questionnaire.blanks import AnswerStatus
from questionnaire.rules.evaluate import Answer, Answers, Responses
from schemas.questions import question_rows
from schemas.tables.own_codes import unit_codes
from tests.pipeline.tables.made import Made, round_of
from tests.with_units import instrument


def given(herd: float | None, unit: str = "", converted: float | None = None) -> Answers:
    """What a state says of its animals, and of those whom it reached."""
    said = {("W01", "herd"): Answer(herd) if herd is not None else Answer(None, AnswerStatus.NOT_AVAILABLE)}
    if unit:
        said[("W01", "herd.unit")] = Answer(unit)
    if converted is not None:
        said[("W01", "herd_converted")] = Answer(converted)
    return said


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """AAA in dozens, BBB in head, CCC without a number; who was reached is counted in two units."""
    reached = {
        "AAA": {("W01", "reached"): Answer(5.0), ("W01", "reached.unit"): Answer("PERSON")},
        "BBB": {("W01", "reached"): Answer(7.0), ("W01", "reached.unit"): Answer("HOUSEHOLD")},
        "CCC": {("W01", "reached"): Answer(2.0), ("W01", "reached.unit"): Answer("PERSON")},
    }
    herds = {"AAA": given(2.0, "DOZEN", 24.0), "BBB": given(6.0, "HEAD", 6.0), "CCC": given(None)}
    units = {"AAA": "DOZEN", "BBB": "HEAD", "CCC": ""}
    lines = {
        "AAA": {
            1: {"size": Answer(2.0), "size_unit": Answer("DOZEN")},
            2: {"size": Answer(5.0), "size_unit": Answer("HEAD")},
        },
        "BBB": {1: {"size": Answer(1.0), "size_unit": Answer("HEAD")}},
        "CCC": {},
    }
    published = {
        code: Responses(
            {**herds[code], **reached[code], **({("W01", "held_unit"): Answer(units[code])} if units[code] else {})},
            {
                "assets": {number: {"indicator": Answer("W01"), **line} for number, line in lines[code].items()},
                "held": {1: {"held": Answer(3.0), "share": Answer(50.0)}},
            },
        )
        for code in herds
    }
    return Made(round_of(instrument(), "AAA", "BBB", "CCC"), tmp_path_factory.mktemp("made"), published)


def test_type_table__has_number_and_unit_as_given_and_the_converted_number(made: Made) -> None:
    columns = ("respondent", "herd", "herd__unit", "herd_converted")
    assert made.rows("type_t", *columns, indicator="W01") == [
        ("AAA", 2, "DOZEN", 24.0), ("BBB", 6, "HEAD", 6.0), ("CCC", None, None, None),
    ]  # fmt: skip


def test_sums__of_numbers_in_units__by_unit_and_all_together_where_they_are_converted(made: Made) -> None:
    columns = ("column", "unit", "sum", "reporting", "unknown_item")
    rows = {row[:2]: row[2:] for row in made.rows("measure_sums", *columns, indicator="W01")}
    assert rows["herd", "DOZEN"] == (2.0, 1, 1)
    assert rows["herd", "HEAD"] == (6.0, 1, 1)
    assert rows["herd_converted", ""] == (30.0, 2, 1)
    assert rows["reached", "PERSON"] == (7.0, 2, 0)
    assert rows["reached", "HOUSEHOLD"] == (7.0, 1, 0)
    assert ("lasted_converted", "") not in rows


def test_observations__say_the_unit_of_each(made: Made) -> None:
    columns = ("REF_AREA", "OBS_VALUE", "UNIT_MEASURE")
    assert made.rows("observations", *columns, MEASURE="herd", INDICATOR="W01") == [
        ("AAA", "2", "DOZEN"), ("BBB", "6", "HEAD"), ("CCC", None, "_Z"),
    ]  # fmt: skip
    assert made.rows("observations", *columns, MEASURE="herd_converted", INDICATOR="W01")[:2] == [
        ("AAA", "24.0", "HEAD"), ("BBB", "6.0", "HEAD"),
    ]  # fmt: skip
    assert made.rows("observations", *columns, MEASURE="herd__unit") == []


def test_unit_codes__have_those_that_are_chosen_and_those_that_are_converted_to() -> None:
    codes = unit_codes(instrument())
    assert {"HEAD", "DOZEN", "PERSON", "HOUSEHOLD", "EUR", "MONTH", "YEAR"} <= set(codes.value_codes)
    assert codes.faults() == []


def test_questions__of_a_number_in_units__have_the_unit_converted_to_and_none_where_it_is_chosen() -> None:
    rows = {row["field"]: row for row in question_rows(instrument(), "en") if row["indicator"] == "W01"}
    assert (rows["herd"]["unit_measure"], rows["herd_converted"]["unit_measure"]) == ("", "HEAD")
    assert rows["herd.unit"]["codes"] == "HEAD = Head; DOZEN = Dozens"
    assert (rows["herd_converted"]["unit"], rows["herd_converted"]["formula"]) == (
        "Head",
        "herd × herd.unit (decimals: 0)",
    )


def test_long_table__has_the_unit_chosen_and_the_converted_number(made: Made) -> None:
    columns = ("respondent", "measure", "value", "unit", "converted_value", "converted_unit")
    assert made.rows("long_held", *columns, colours="RED") == [
        ("AAA", "held", 3.0, "Dozens", 36.0, "Head"), ("AAA", "share", 50.0, "%", None, ""),
        ("BBB", "held", 3.0, "Head", 3.0, "Head"), ("BBB", "share", 50.0, "%", None, ""),
        ("CCC", "held", 3.0, "", None, ""), ("CCC", "share", 50.0, "%", None, ""),
    ]  # fmt: skip


def test_observations__of_a_table__are_in_the_unit_chosen_for_it(made: Made) -> None:
    found = made.rows("observations", "REF_AREA", "OBS_VALUE", "UNIT_MEASURE", MEASURE="held__held", COLOURS="RED")
    assert found == [("AAA", "3", "DOZEN"), ("BBB", "3", "HEAD"), ("CCC", "3", "_Z")]
    shares = made.rows("observations", "UNIT_MEASURE", MEASURE="held__share", COLOURS="RED")
    assert shares == [("PERCENT",)] * 3
    assert made.rows("observations", "OBS_VALUE", MEASURE="held_unit") == []


def test_sums__of_lists_and_tables__are_in_the_unit_converted_to_and_apart_where_none_is_chosen(made: Made) -> None:
    columns = ("unit", "sum", "reporting")
    assert made.rows("measure_sums", *columns, table="assets", column="size") == [("HEAD", 30.0, 2)]
    assert made.rows("measure_sums", *columns, table="held", column="held") == [("", 3.0, 1), ("HEAD", 39.0, 2)]
