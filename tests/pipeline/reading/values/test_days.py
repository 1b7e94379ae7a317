"""Days: typed as text, as the numbers behind them, and years in the place of days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.values.days import MONTHS, read_day, year_behind
from pipeline.reading.values.parsed import Context
from pipeline.reading.values.parsing import parse
from pipeline.reading.values.shown import shown
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import AnswerStatus
from questionnaire.day_numbers import day_of
from questionnaire.declaration.answer_types import Date, ScalarType, WholeNumber, Year
from tests.given import mini

MISSING = mini().codelists["missing"]


@pytest.mark.parametrize(("year", "expected"), [(1899, None), (1900, 1900), (1949, 1949), (2100, 2100), (2101, None)])
def test_year_behind__a_day__is_a_year_of_two_centuries(year: int, expected: int | None) -> None:
    for date_1904 in (False, True):
        day = day_of(year, date_1904)
        assert day is not None
        assert year_behind(day, date_1904) == expected


def test_year__in_a_date_cell_of_the_1904_system__goes_back_through_its_serial() -> None:
    context = Context(MISSING, date_1904=True)
    assert parse(Year(), dt.date(1909, 7, 12), "", context).number == 2019


def test_day__that_is_a_year_typed_alone__is_distinguished_in_both_systems() -> None:
    for date_1904, day in ((False, dt.date(1905, 7, 16)), (True, dt.date(1909, 7, 17))):
        parsed = parse(Date(), day, "", Context(MISSING, date_1904=date_1904))
        assert [(fault.code, fault.values["year"]) for fault in parsed.faults] == [("date_is_year", 2024)]
    for day in (dt.date(1905, 3, 13), dt.date(1905, 10, 1)):
        assert parse(Date(), day, "", Context(MISSING)).date == day


@pytest.mark.parametrize(("date_1904", "serial"), [(False, 45416.0), (True, 43954.0)])
def test_number__in_a_cell_that_lost_the_format_of_a_date__is_the_day_with_a_warning__and_no_year(
    date_1904: bool, serial: float
) -> None:
    context = Context(MISSING, date_1904=date_1904)
    day = parse(Date(), serial, "", context)
    assert (day.date, day.parsed_by) == (dt.date(2024, 5, 4), "date:serial")
    assert [(f.code, f.severity, f.values["date"]) for f in day.faults] == [
        ("date_from_number", "warning", "2024-05-04")
    ]
    year = parse(Year(), serial, "", context)
    assert (year.status, year.number) == (AnswerStatus.UNREADABLE, None)
    assert [(f.code, f.values["date"]) for f in year.faults] == [("year_is_day", "2024-05-04")]
    assert [f.code for f in parse(Year(), 150_324, "", context).faults] == ["not_a_year"]


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["{d} {m} {y}", "{d} de {m} de {y}", "{m} {d}, {y}", "{d}-{m}-{y}", "{d}. {m} {y}", "{y} {m} {d}", "{d}º {m}/{y}"]),
    st.data(),
)  # fmt: skip
def test_day__with_the_name_of_its_month__is_that_day_in_any_order(
    day: dt.date, form: str, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(MONTHS[day.month - 1]))
    for month in (name, name.rstrip("."), name.upper()):
        assert read_day(form.format(d=day.day, m=month, y=day.year)).value == day


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.sampled_from("-/."))
def test_day__as_text__is_the_day_or_refused(day: dt.date, sign: str) -> None:
    assert read_day(f"{day:%Y{sign}%m{sign}%d}").value == day
    for text in (f"{day:%d{sign}%m{sign}%Y}", f"{day:%m{sign}%d{sign}%Y}"):
        reading = read_day(text)
        assert reading.value in (day, None)
        assert (reading.value is None) == (day.day <= 12 and day.day != day.month)


@pytest.mark.parametrize(
    ("scalar", "cell"),
    [
        (Date(), dt.date(2016, 4, 21)),
        (Date(), dt.datetime(2016, 4, 21, 9)),
        (Year(), shown(dt.date(2016, 4, 21), "yyyy")),
    ],
)
def test_day__in_a_workbook_that_counts_from_1904__is_read_as_shown_and_names_the_day_it_was(
    scalar: ScalarType, cell: CellValue
) -> None:
    parsed = parse(scalar, cell, "", Context(MISSING, date_1904=True))
    assert parsed.value in (dt.date(2016, 4, 21), 2016)
    faults = [
        (fault.code, fault.severity, fault.values["date"]) for fault in parsed.faults if "from_1904" in fault.code
    ]
    assert faults == [("days_from_1904", "warning", "2012-04-20")]
    assert "days_from_1904" not in [fault.code for fault in parse(scalar, cell, "", Context(MISSING)).faults]


def test_day__typed_as_text_in_a_workbook_that_counts_from_1904__never_moved() -> None:
    parsed = parse(Date(), "2016-04-21", "", Context(MISSING, date_1904=True))
    assert [fault.code for fault in parsed.faults] == ["date_from_text"]


@pytest.mark.parametrize(
    ("span", "text"),
    [(dt.timedelta(days=12), "288:00:00"), (dt.timedelta(minutes=75, seconds=4), "1:15:04"),
     (dt.timedelta(minutes=-75), "-1:15:00")],
)  # fmt: skip
def test_span_of_time__is_asked_back_as_programs_show_it(span: dt.timedelta, text: str) -> None:
    parsed = parse(WholeNumber(), span, "", Context(MISSING))
    assert (parsed.raw, [fault.code for fault in parsed.faults]) == (text, ["not_a_number"])
