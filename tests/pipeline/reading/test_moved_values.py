"""A number of an edition that asked for it in one unit is read with that unit, where one is chosen today."""

from __future__ import annotations

from pipeline.reading.moved_values import move_values
from pipeline.reading.reading import Reading
from pipeline.reading.values.parsed import BLANK, Parsed
from questionnaire.blanks import AnswerStatus
from questionnaire.declaration.instrument import INSTRUMENTS, read_instrument
from questionnaire.layout import Layout

LAYOUT = Layout(read_instrument(INSTRUMENTS / "criminal-justice"))
TIME, UNIT = ("J02b", "median_time"), ("J02b", "median_time.unit")


def moved(time: Parsed, unit: Parsed = BLANK) -> dict[str, tuple[object, str, list[str]]]:
    """What each of both cells says, how it was read, and what is noted."""
    (edition,) = LAYOUT.instrument.editions
    readings = {key: Reading(LAYOUT.slot(*key), None, parsed) for key, parsed in ((TIME, time), (UNIT, unit))}
    after = move_values(readings, edition)
    return {
        field: (reading.parsed.value, reading.parsed.parsed_by, [fault.code for fault in reading.faults])
        for (_, field), reading in after.items()
    }


def test_median_months__of_the_first_edition__are_asked_as_a_time_today() -> None:
    (edition,) = LAYOUT.instrument.editions
    assert (edition.name, LAYOUT.instrument.edition) == ("2026.1", "2026.2")
    assert edition.now("J02b", "median_months") == TIME


def test_number__of_an_edition_with_one_unit__stays_and_has_that_unit() -> None:
    assert moved(Parsed(AnswerStatus.ANSWERED, "14", "number", number=14.0)) == {
        "median_time": (14.0, "number", ["value_moved"]),
        "median_time.unit": ("MONTH", "edition", []),
    }


def test_reason__for_no_number__has_no_unit() -> None:
    assert moved(Parsed(AnswerStatus.NOT_AVAILABLE, "", "missing"))["median_time.unit"] == (None, "blank", [])
