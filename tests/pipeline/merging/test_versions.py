"""Which of two files is the newer: what proves it, what contradicts it, and that nothing is decided without proof."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.merging.versions import Evidence, Order, Times, order, possible_times
from tests.schemas.tidy_rows import mini_round


def day(month: int, day: int, hour: int = 8) -> str:
    return f"2026-{month:02}-{day:02}T{hour:02}:00:00Z"


MARCH, APRIL, MAY = day(3, 15), day(4, 20), day(5, 2)
OPPOSITE = {Order.EARLIER: Order.LATER, Order.LATER: Order.EARLIER}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (Times(MARCH), Times(APRIL), Order.EARLIER),
        (Times(MARCH), Times(MARCH), Order.UNKNOWN),
        (Times(MARCH), Times(), Order.UNKNOWN),
        (Times(), Times(), Order.UNKNOWN),
        (Times("", (MARCH,)), Times("", (APRIL,)), Order.EARLIER),
        (Times("", (MARCH,)), Times("", (MARCH,)), Order.UNKNOWN),
        (Times("", (MARCH,)), Times(), Order.UNKNOWN),
        (Times("", (), MARCH), Times("", (), APRIL), Order.EARLIER),
        (Times("", (), APRIL), Times("", (), APRIL), Order.UNKNOWN),
        # A mail that came after the other was saved; and one that came before.
        (Times(MARCH), Times("", (APRIL,)), Order.EARLIER),
        (Times(MAY), Times("", (APRIL,)), Order.LATER),
        # Mails say when a file came; when they were put into the folder then says nothing.
        (Times("", (MARCH,), MAY), Times("", (APRIL,), APRIL), Order.EARLIER),
        (Times("", (APRIL,), MARCH), Times("", (APRIL,), MAY), Order.EARLIER),
        # Saved before the other and received after it; saved before and mailed after it; mailed before and after it.
        (Times(MARCH, (), MAY), Times(APRIL, (), APRIL), Order.CONTRADICTED),
        (Times(MARCH, (MAY,)), Times(APRIL, (APRIL,)), Order.CONTRADICTED),
        (Times(day(3, 10), (APRIL,)), Times(MARCH), Order.CONTRADICTED),
        (Times("", (MARCH, MAY)), Times("", (APRIL,)), Order.CONTRADICTED),
        (Times("", (MARCH, MAY)), Times("", (APRIL, MAY)), Order.EARLIER),
    ],
)
def test_order__is_what_all_that_speak_say(one: Times, other: Times, found: Order) -> None:
    assert order(one, other) is found
    assert order(other, one) is OPPOSITE.get(found, found)


@pytest.mark.parametrize(
    ("saved", "mailed", "received", "found"),
    [
        (MARCH, (), "", Times(MARCH)),
        ("", (), "", Times()),
        # Before the questionnaires went out, and the very time that stands in them.
        ("2019-05-06T07:08:09Z", (APRIL,), MAY, Times("", (APRIL,), MAY)),
        ("2026-02-02T00:00:00Z", (), MAY, Times("", (), MAY)),
        ("2026-02-02T00:00:01Z", (), MAY, Times("2026-02-02T00:00:01Z", (), MAY)),
        # After the mail that brought it, by more than clocks differ; after it was received, the round being over.
        (day(4, 21, 8), (MAY, APRIL), MAY, Times(day(4, 21, 8), (APRIL, MAY), MAY)),
        (day(4, 21, 9), (MAY, APRIL), MAY, Times("", (APRIL, MAY), MAY)),
        (day(5, 1, 0), (), MARCH, Times(day(5, 1, 0), (), MARCH)),
        (day(5, 1, 1), (), MARCH, Times("", (), MARCH)),
        (day(7, 2), (), day(7, 1), Times(day(7, 2), (), day(7, 1))),
        (day(7, 3), (), day(7, 1), Times("", (), day(7, 1))),
        ("2099-01-01T00:00:00Z", ("1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"), MAY, Times("", (), MAY)),
    ],
)
def test_possible_times__what_cannot_be__is_no_evidence(
    saved: str, mailed: tuple[str, ...], received: str, found: Times
) -> None:
    # Sent on 2 February, to be returned by 30 April.
    assert possible_times(saved, mailed, received, mini_round()) == found


MOMENT = st.sampled_from(["", MARCH, APRIL, MAY])
TIMES = st.builds(
    Times, MOMENT, st.sets(st.sampled_from([MARCH, APRIL, MAY]), max_size=2).map(sorted).map(tuple), MOMENT
)


@settings(max_examples=60)
@given(one=TIMES, other=TIMES)
def test_order__of_two__is_the_opposite_the_other_way_round(one: Times, other: Times) -> None:
    opposite = {Order.EARLIER: Order.LATER, Order.LATER: Order.EARLIER}
    found = order(one, other)
    assert order(other, one) is opposite.get(found, found)


def test_is_after__what_was_saved_and_received_later__and_nothing_that_is_not_proved() -> None:
    times = {"new": Times(MAY, (), MAY), "late": Times(MARCH, (), MAY), "old": Times(MARCH, (), MARCH), "none": Times()}
    evidence = Evidence(times)
    assert [evidence.is_after(file, APRIL) for file in (*times, "gone")] == [True, False, False, False, False]
