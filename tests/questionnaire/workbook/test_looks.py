"""Looks that can be held to a number: contrast, row heights, messages of dropdowns."""

from __future__ import annotations

import re

import pytest

from questionnaire.declaration.answer_types import (
    Date,
    Mark,
    Money,
    Number,
    Percent,
    ScalarType,
    Selection,
    SingleChoice,
    Text,
    WebReference,
    WholeNumber,
    Year,
    YesNo,
)
from questionnaire.declaration.blocks import Field
from questionnaire.messages import LANGUAGES
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.looks.heights import TALLEST, Box, line_count, row_height
from questionnaire.workbook.looks.styles import COLOURS, INK_ON_GROUND, contrast
from questionnaire.workbook.sheets.dropdowns import Dropdowns
from questionnaire.workbook.sheets.section_sheet import answer_look
from questionnaire.workbook.texts.codelist_sheet import list_addresses
from tests.given import PERIOD, mini

_LISTS = mini().codelists
_TYPES: list[tuple[ScalarType, str]] = [
    (SingleChoice(_LISTS["status"]), "list"),
    (YesNo(_LISTS["yes_no"]), "list"),
    (Mark(_LISTS["yes_no"]), "list"),
    (WholeNumber(0, None), "integer"),
    (WholeNumber(None, 9), "integer"),
    (Money(0, None), "decimal"),
    (Number(-1.5, None), "decimal"),
    (Percent(), "decimal"),
    (Year(1990, "period_end"), "integer"),
    (Date(), "date"),
    (Text(40), "length"),
    (WebReference(60), "custom"),
]


@pytest.mark.parametrize(("ink", "ground"), INK_ON_GROUND)
def test_contrast__every_ink_on_its_ground__is_enough_to_read(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(
    ("scalar", "stands"), [(Year(1990, 2025), "vcenter"), (Text(500), "vcenter"), (Text(501), "top")]
)
def test_answer__but_for_a_text_of_several_sentences__stands_in_the_middle_of_its_row(
    scalar: ScalarType, stands: str
) -> None:
    assert answer_look(scalar).valign == stands


def test_colours__every_sign__has_its_own() -> None:
    assert set(COLOURS) == set(Sign)
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_line_count__more_room__never_takes_more_lines() -> None:
    text = "Questionnaires out, a regional dataset back: " * 5
    counts = [line_count(text, room, 10) for room in range(60, 600, 20)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] >= 2


def test_line_count__line_breaks_and_long_words__count() -> None:
    assert line_count("one\ntwo\n\nfour", 500, 10) == 4
    assert line_count("x" * 100, 50, 10) > 5


def test_row_height__longest_language__decides() -> None:
    short, long = "Short.", "A text that is considerably longer than the other one."
    assert row_height([Box((short, long), 20, 10)]) == row_height([Box((long,), 20, 10)])
    assert row_height([Box((short,), 20, 10)]) < row_height([Box((long,), 20, 10)])


def test_row_height__whatever_the_text__is_one_that_programs_keep() -> None:
    assert row_height([Box(("long " * 5000,), 20, 10)]) == TALLEST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("scalar", "kind"), _TYPES)
def test_dropdowns__every_type__has_a_validation_with_messages(scalar: ScalarType, kind: str, language: str) -> None:
    dropdowns = Dropdowns(list_addresses(mini()), PERIOD, language)
    found = dropdowns.answer(Field("code", "code", scalar, {}))
    assert found is not None
    options = dict(found.options)
    assert options["validate"] == kind
    # Beside an arrow a message would only cover the neighbouring cell.
    assert ("input_message" in options) == (kind != "list")
    message = str(options.get("input_message", ""))
    assert len(message) <= 20
    assert not re.search(r"[^\W\d_]{2,}", message.removeprefix("https"))
    assert 0 < len(options["error_message"]) <= 255


def test_dropdowns__head_of_a_multiple_choice__takes_nothing() -> None:
    dropdowns = Dropdowns(list_addresses(mini()), PERIOD, "fr")
    assert dropdowns.answer(Field("code", "code", Selection(_LISTS["regions"]), {})) is None


def test_dropdowns__a_cell_of_a_table__takes_a_number_or_one_reason_by_its_label_or_its_code() -> None:
    dropdowns = Dropdowns(list_addresses(mini()), PERIOD, "fr")
    found = dropdowns.in_table(Field("code", "code", WholeNumber(0, None), {}))
    assert found is not None
    number, reason = str(dict(found.options)["value"]).split(",FALSE),")
    assert number == "=OR(IF(ISNUMBER({cell}),AND(TRUE,{cell}>=0,{cell}=INT({cell}))"
    reasons = list_addresses(mini()).missing()
    codes = list_addresses(mini()).missing_by_code()
    named = f'COUNTIF({reasons},{{cell}})+COUNTIF({reasons},{{cell}}&" *")'
    assert reason == f"{named}+COUNTIF({codes},{{cell}})>0)"


def test_dropdowns__percentage__is_limited_as_its_cell_holds_it_and_worded_in_points() -> None:
    dropdowns = Dropdowns(list_addresses(mini()), PERIOD, "en")
    found = dropdowns.answer(Field("code", "code", Percent(0.5, 99.5), {}))
    assert found is not None
    options = dict(found.options)
    assert (options["criteria"], options["minimum"], options["maximum"]) == ("between", 0.005, 0.995)
    assert "from 0.5% to 99.5%" in options["error_message"]


def test_dropdowns__a_number_without_a_least__is_limited_above_alone() -> None:
    dropdowns = Dropdowns(list_addresses(mini()), PERIOD, "en")
    found = dropdowns.answer(Field("code", "code", WholeNumber(None, 12), {}))
    assert found is not None
    options = dict(found.options)
    assert (options["criteria"], options["value"]) == ("<=", 12)


def test_dropdowns__year_of_the_period__is_a_number_of_the_round() -> None:
    dropdowns = Dropdowns(list_addresses(mini()), PERIOD, "en")
    found = dropdowns.answer(Field("code", "code", Year(1990, "period_end"), {}))
    assert found is not None
    assert dict(found.options)["maximum"] == 2025
    assert "1990" in dict(found.options)["error_message"]
