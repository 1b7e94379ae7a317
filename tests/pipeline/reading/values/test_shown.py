"""What a cell shows: its value, unless its number format makes something else of it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import HiddenValue, PartOfDay, Shown, shown
from pipeline.reading.workbooks.grids import ErrorText
from questionnaire.declaration.answer_types import Percent
from tests.given import mini

ORDINARY = (
    "General", "GENERAL", "0", "0.00", "#,##0", "#,##0.00", "#.##0,00", "# ##0", r"#\ ##0", "#'##0", "@", "00000", "# ?/?",
    '0"."000', "# ##0.00 00",
    "#,##0_);[Red](#,##0)", "#,##0;[Red]-#,##0", "0;[Red]0", "[Blue]0", "[$-409]#,##0", "0.00E+00", "+0;-0",
    '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', '0;-0;"–"', '[>=0]#,##0;"-"#,##0', "[Color10]0;(0)",
)  # fmt: skip


@pytest.mark.parametrize("code", ORDINARY)
@given(number=st.floats(1, 1e9).map(lambda number: float(f"{number:.15g}")))
def test_number__in_an_ordinary_format__is_itself_above_and_below_zero(code: str, number: float) -> None:
    assert shown(number, code) == number
    assert shown(-number, code) == -number
    assert shown(0.0, code) == 0
    assert str(shown(-0.0, code)) == "0.0"
    assert not any(isinstance(shown(value, code), str) for value in (number, -number, 0.0))


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (0.05, "0.## %", "5 %"),
        (0.1, '0.0"%"', "0.1%"),
        (1.5, '0" millions"', "1.5 millions"),
        (5e6, '#,##0,," M"', "5 M"),
        (-5, '0" x";-0" y"', "-5 y"),
        (-5, '[<0]"minus "0', "minus 5"),
        (0, '0;-0;"none"', "none"),
        (5, "0k", "5k"),
        (5, "0*0", "5…"),
        (5, r"0\m", "5m"),
        (12, '"No. "0;;', "No. 12"),
        (0, '_-"$"* #,##0_-;-"$"* #,##0_-;_-"$"* "-"??_-;_-@_-', "$0"),
        (1200, '_-"R$"* #,##0_-;-"R$"* #,##0_-', "R$1200"),
        (1e20, '0" x"', "100000000000000000000 x"),
        (1e-9, '0.0000000000" x"', "0.000000001 x"),
    ],
)
def test_number__with_more_than_digits__is_the_text_that_is_seen(number: float, code: str, text: str) -> None:
    seen = shown(float(number), code)
    assert isinstance(seen, Shown)
    assert (str(seen), seen.value) == (text, number)


@pytest.mark.parametrize(
    ("value", "code"),
    [(5.0, ";;;"), (5.0, '" "'), (5.0, ";0"), (0.0, "0;-0;"), (0.0, "#"), (5.0, "0,"), (5.0, "000-0000"),
     (5.0, "[>10]0"), ("x", ";;;"), (True, ";;;"), (5.0, "[White]0"), (5.0, "[Color 2]0"),
     ("x", "General;General;General;[white]@"), (0.0, "0;-0;;@"), (1234.0, '0"."00'),
     (1234.0, r"0\,00"), (1234.0, "0,.0"), (1234.0, "#,##0,,.00"), (1234.0, '00" "00'), (12.0, '0.0"0"'),
     (12.0, '0.0".5"'), (12.6, '0"0"')],
)  # fmt: skip
def test_value__that_its_format_hides_or_divides__is_reported_as_it_is(value: float | str, code: str) -> None:
    seen = shown(value, code)
    assert isinstance(seen, HiddenValue)
    assert str(seen) == cell_text(value)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("mmm-yy", "May-14"),
        ("mmmm yyyy", "May 2014"),
        ("d-mmm", "1-May"),
        ("dd/mm", "01/05"),
        ("mm/yyyy", "05/2014"),
        ("dddd d", "1"),
        ("dddd mmmm yyyy", "May 2014"),
        ("dddd", "2014-05-01"),
        ("hh:mm", "2014-05-01"),
    ],
)
def test_day__of_which_a_part_is_shown__is_a_part_of_a_day(code: str, text: str) -> None:
    seen = shown(dt.date(2014, 5, 1), code)
    assert isinstance(seen, PartOfDay)
    assert (seen, seen.text, cell_text(seen)) == (dt.date(2014, 5, 1), text, text)


@pytest.mark.parametrize(
    "code", ["dd/mm/yy", "m/d/yyyy", "[$-F800]dddd, mmmm dd, yyyy", "yyyy-mm-dd hh:mm:ss", "d.m.yy"]
)
def test_day__shown_as_a_whole__is_itself(code: str) -> None:
    assert type(shown(dt.date(2014, 5, 1), code)) is dt.date


def test_year__shown_alone__is_that_year_unless_a_year_was_typed_into_a_cell_for_days() -> None:
    assert shown(dt.date(2014, 5, 1), "yyyy") == "2014"
    assert shown(dt.date(2014, 5, 1), 'yyyy"*"') == "2014*"
    assert isinstance(shown(dt.date(1905, 7, 6), "yyyy"), PartOfDay)


def test_day__that_its_format_hides__is_reported_as_it_is() -> None:
    for code in (";;;", "[White]yyyy-mm-dd"):
        seen = shown(dt.date(2014, 5, 1), code)
        assert isinstance(seen, HiddenValue)
        assert str(seen) == "2014-05-01"


def test_error__is_shown_in_any_format() -> None:
    error = ErrorText("#N/A")
    assert shown(error, ";;;") is error


@given(st.text(max_size=30), st.floats() | st.text() | st.booleans() | st.dates())
def test_format__however_senseless__is_no_fault(code: str, value: float | str | bool | dt.date) -> None:
    cell_text(shown(value, code))


@pytest.mark.parametrize(
    ("value", "code", "number", "rule", "faults"),
    [
        (0.273, "0.0%", 27.3, "percent", []),
        (27.3, '0.0"%"', 27.3, "number:shown", []),
        (1.0, "0%", 100.0, "percent", []),
        (0.0, "", 0.0, "number", []),
        (27.3, "", 27.3, "percent:points", ["percent_from_points"]),
        (1.0, "", None, "unreadable", ["percent_unclear"]),
    ],
)
def test_percentage__shown_or_not__is_in_points_and_doubted_where_it_could_be_either(
    value: float, code: str, number: float | None, rule: str, faults: list[str]
) -> None:
    parsed = parse(Percent(), shown(value, code), None, Context(mini().missing))
    assert (parsed.number, parsed.parsed_by) == (number, rule)
    assert [fault.code for fault in parsed.faults] == faults
