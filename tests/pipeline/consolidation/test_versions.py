"""Which of two files is the newer: what proves it, what contradicts it, and that nothing is decided without proof."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.consolidation.verdicts import Judged, judge
from pipeline.consolidation.versions import (
    LEFT_OUT,
    Evidence,
    Order,
    Times,
    Waiting,
    order,
    possible_times,
    which_counts,
)
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


def test_which_counts__one_newer_than_files_without_an_order__takes_the_place_of_all() -> None:
    times = {"a": Times(MARCH), "b": Times(MARCH), "c": Times(APRIL)}
    assert which_counts("abc", Evidence(times)) == ("c", {})
    counts, waiting = which_counts("ab", Evidence(times))
    assert (counts, {file: why.others for file, why in waiting.items()}) == ("", {"a": ("b",), "b": ("a",)})


def test_which_counts__a_newer_one_that_leaves_out_much_of_files_without_an_order__waits_with_them() -> None:
    times = {"a": Times(MARCH), "b": Times(MARCH), "c": Times(APRIL)}
    counts, waiting = which_counts(
        "abc", Evidence(times, leaves_out=lambda later, earlier: (later, earlier) == ("c", "b"))
    )
    assert (counts, sorted(waiting), waiting["c"]) == ("", ["a", "b", "c"], Waiting(LEFT_OUT, ("b",)))


def test_which_counts__without_an_order__is_what_counted_last_until_a_newer_one_comes() -> None:
    times = {"a": Times(MARCH), "b": Times(MARCH), "c": Times(APRIL)}
    counts, waiting = which_counts("ab", Evidence(times), "b")
    assert (counts, set(waiting)) == ("b", {"a"})
    assert which_counts("abc", Evidence(times), "b") == ("c", {})
    assert which_counts("ab", Evidence(times), "gone")[0] == ""


# --- whatever the order of reading ------------------------------------------------------------------------------

MOMENT = st.sampled_from(["", MARCH, APRIL, MAY])
TIMES = st.builds(
    Times, MOMENT, st.sets(st.sampled_from([MARCH, APRIL, MAY]), max_size=2).map(sorted).map(tuple), MOMENT
)


def proves(one: Times, other: Times) -> bool:
    """True if something is known of both by which one could be the newer, said without the code under test."""
    known = [
        {"saved"} & {"saved" if t.saved else ""} | {"mailed"} & {"mailed" if t.mailed else ""} for t in (one, other)
    ]
    return bool(known[0] and known[1]) or bool(one.received and other.received and one.received != other.received)


@settings(max_examples=60)
@given(times=st.lists(TIMES, min_size=2, max_size=4), counted=st.sampled_from(["", "0", "1"]))
def test_which_counts__in_whatever_order_files_are_read__is_the_same_and_proved(
    times: list[Times], counted: str
) -> None:
    files = {str(number): found for number, found in enumerate(times)}
    evidence = Evidence(files)
    results = {repr(which_counts(order_read, evidence, counted)) for order_read in permutations(files)}
    assert len(results) == 1
    counts, waiting = which_counts(list(files), evidence, counted)
    for file in files.keys() - waiting.keys() - {counts}:
        assert proves(files[file], files[counts])
        assert order(files[file], files[counts]) is Order.EARLIER
    assert waiting or counts


@settings(max_examples=40)
@given(times=st.lists(TIMES, min_size=1, max_size=3))
def test_judge__a_file_of_unknown_time__never_supersedes_and_is_never_superseded_silently(times: list[Times]) -> None:
    # Nothing tells when it was saved or mailed; all files were put into the folder together.
    together = [Times(found.saved, found.mailed, MAY) for found in times]
    judged = [Judged(str(number), f"{number}.xlsx", "BRA", found) for number, found in enumerate(together)]
    judged.append(Judged("x", "x.xlsx", "BRA", Times("", (), MAY)))
    forward, backward = judge(judged, ()), judge(judged[::-1], ())
    assert forward == backward
    assert forward["x"].verdict == "to_choose"
    assert "x" not in {judgement.superseded_by for judgement in forward.values()}


def test_judge__a_file_of_unknown_time_alone__counts() -> None:
    verdicts: Mapping[str, object] = judge([Judged("x", "x.xlsx", "BRA")], ())
    assert str(verdicts["x"]).count("ACCEPTED") == 1
