"""Merging: in whatever order files come, nothing is lost and nothing unproved takes the place of another answer."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.merging.claims import IDLE, Claim
from pipeline.merging.merge import Merged, Merging, Ruling
from pipeline.merging.versions import Evidence, Order, Times, order
from pipeline.receiving.choice import Choice
from tests.given import mini

MARCH, APRIL, MAY = (f"2026-{month}-01T08:00:00Z" for month in ("03", "04", "05"))
UNIT = ("W01a", "total")


def claim(source: str, says: str, part: str = "", row: int = 0) -> Claim:
    return Claim(source, part, (row,), (("total", "answered", says),) if says else ())


def merge(
    claims: list[Claim], times: dict[str, Times], *rulings: Ruling, unit: tuple[str, str] = UNIT,
    choices: tuple[Choice, ...] = (),
) -> Merged:  # fmt: skip
    merging = Merging(mini(), Evidence(times, choices), {one.rows[0]: "total" for one in claims})
    return merging.merge({unit: claims}, {unit: list(rulings)})


def test_merge__a_later_answer__corrects_and_a_later_blank_does_not() -> None:
    times = {"a": Times(MARCH), "b": Times(APRIL), "c": Times(MAY)}
    merged = merge([claim("b", "2", row=2), claim("c", "", row=3), claim("a", "1", row=1)], times)
    assert (merged.published, merged.waiting, merged.counting) == ({2}, set(), {"b"})
    assert {source: dict(lost) for source, lost in merged.lost_to.items()} == {"a": {"b": 1}}


def test_merge__what_a_file_made_idle__takes_an_older_answer_away_and_does_not_count_by_itself() -> None:
    times = {"a": Times(MARCH), "b": Times(APRIL)}
    idle = Claim("b", "", (2,), IDLE)
    assert merge([claim("a", "1", row=1), idle], times).published == {2}
    alone = merge([Claim("a", "", (1,), IDLE), claim("b", "", row=2)], times)
    assert (alone.published, alone.counting, dict(alone.lost_to)) == ({2}, set(), {})


def test_merge__two_ministries_that_differ__wait_whatever_their_times_unless_one_is_chosen() -> None:
    times = {"a": Times(MARCH), "b": Times(APRIL), "c": Times(MAY)}
    claims = [claim("a", "1", "water", 1), claim("b", "2", "forests", 2), claim("c", "3", "water", 3)]
    merged = merge(claims, times)
    assert (merged.published, merged.waiting) == (set(), {2, 3})
    assert [one.source for one in merged.conflicts[0].claims] == ["b", "c"]
    chosen = Choice("b", frozenset({"c"}), "ana", MAY, "by telephone")
    assert merge(claims, times, choices=(chosen,)).published == {2}
    assert merge([claim("a", "1", "water", 1), claim("b", "1", "forests", 2)], times).waiting == set()


def test_merge__lines_that_two_ministries_list__add_up_and_those_of_one_follow_each_other() -> None:
    times = {"a": Times(MARCH), "b": Times(APRIL), "c": Times(MAY)}
    claims = [claim("a", "1", "water", 1), claim("b", "2", "forests", 2), claim("c", "3", "water", 3)]
    assert merge(claims, times, unit=("projects", "W01a")).published == {2, 3}


def test_merge__a_line_that_two_ministries_list__counts_once() -> None:
    bridge, well, road = ((("name", "answered", name),) for name in ("bridge", "well", "road"))
    one = Claim("a", "water", (1, 2), (bridge, well), ((bridge, (1,)), (well, (2,))))
    other = Claim("b", "forests", (3, 4, 5), (road, well, well), ((well, (3,)), (road, (4,)), (well, (5,))))
    assert merge([other, one], {}, unit=("projects", "W01a")).published == {1, 2, 4}


def test_merge__a_ruling__counts_over_all_that_is_not_newer_and_a_newer_answer_over_it() -> None:
    claims = [claim("a", "1", row=1), claim("b", "2", row=2), claim("decision-7", "9", row=3), claim("c", "3", row=4)]
    ruling = Ruling("decision-7", lambda file: file == "c", value_source="correction")
    merged = merge(claims[:3], {}, ruling)
    assert (merged.published, merged.waiting, merged.ruled) == ({3}, set(), {3: "correction"})
    merged = merge(claims, {}, ruling)
    assert (merged.published, [source for source, _ in merged.outranked]) == ({4}, ["decision-7"])
    taken = Ruling("b", lambda _: False, value_source="resolution")
    assert merge(claims[:2], {}, taken).published == {2}
    assert merge(claims[:1], {}, taken).published == {1}


def test_merge__one_field_of_a_question_resolved__all_of_it_waits_until_its_other_fields_agree() -> None:
    def spent(source: str, number: str, currency: str, row: int) -> Claim:
        cells = ("spent", "answered", number), ("spent.currency", "answered", currency)
        return Claim(source, "", (row, row + 1), tuple(cell for cell in cells if cell[2]))

    fields = dict.fromkeys((0, 2, 4), "spent") | dict.fromkeys((1, 3, 5), "spent.currency")
    number = Claim("decision-7", "", (4,), (("spent", "answered", "9"),))
    currency = Claim("decision-8", "", (5,), (("spent.currency", "answered", "EUR"),))
    rulings = [
        Ruling(one.source, lambda _: False, is_part=True, value_source="resolution") for one in (number, currency)
    ]
    merging, unit = Merging(mini(), Evidence({}, ()), fields), ("W01b", "spent")

    def merged(*claims: Claim) -> Merged:
        return merging.merge({unit: list(claims)}, {unit: rulings})

    only_number = merged(spent("a", "1", "EUR", 0), spent("b", "2", "EUR", 2), number)
    assert (len(only_number.published), only_number.waiting) == (2, set())
    assert {4} < only_number.published
    still = merged(spent("a", "1", "EUR", 0), spent("b", "2", "USD", 2), number)
    assert (still.published, still.waiting) == (set(), {0, 1, 2, 3, 4})
    assert [one.source for one in still.conflicts[0].claims] == ["a", "b"]
    both = merged(spent("a", "1", "EUR", 0), spent("b", "2", "USD", 2), number, currency)
    assert (both.published, both.waiting, both.conflicts) == ({4, 5}, set(), [])
    assert both.ruled == {4: "resolution", 5: "resolution"}


def test_merge__a_part_and_the_whole__follow_each_other_by_time_and_two_parts_do_not() -> None:
    times = {"a": Times(MARCH), "b": Times(APRIL)}
    assert merge([claim("a", "1", "", 1), claim("b", "2", "water", 2)], times).published == {2}
    assert merge([claim("a", "1", "water", 1), claim("b", "2", "", 2)], times).published == {2}
    # An answer to a question outside its part is an answer of that ministry like any other: it waits.
    assert merge([claim("a", "1", "water", 1), claim("b", "2", "forests", 2)], times).waiting == {1, 2}


def test_merge__whole_copies_each_half_filled__together_say_what_either_says() -> None:
    assert merge([claim("a", "1", row=1), claim("b", "", row=2)], {}).published == {1}
    both = merge([claim("a", "1", row=1), claim("b", "1", row=2)], {})
    assert (len(both.published), both.conflicts) == (1, [])
    other = merge([claim("a", "1", row=1), claim("b", "2", row=2)], {})
    assert (other.published, other.waiting) == (set(), {1, 2})


def test_merge__lines_of_two_ministries_and_of_the_whole__add_up_but_with_the_whole_they_contradict() -> None:
    claims = [claim("a", "1", "water", 1), claim("b", "2", "forests", 2), claim("c", "3", "", 3)]
    merged = merge(claims, {}, unit=("projects", "W01a"))
    assert (merged.published, merged.waiting) == (set(), {1, 2, 3})
    later = merge(claims, {"a": Times(MARCH), "b": Times(MARCH), "c": Times(APRIL)}, unit=("projects", "W01a"))
    assert (later.published, later.waiting) == ({3}, set())


MOMENTS = st.builds(Times, st.sampled_from(["", MARCH, APRIL, MAY]), st.just(()), st.sampled_from(["", MARCH, MAY]))
SAID = st.tuples(st.sampled_from(["", "1", "2"]), st.sampled_from(["", "water", "forests"]), MOMENTS)


@settings(max_examples=150)
@given(said=st.lists(SAID, min_size=1, max_size=4))
def test_merge__in_whatever_order_files_come__is_the_same_loses_nothing_and_guesses_nothing(
    said: list[tuple[str, str, Times]],
) -> None:
    claims = [claim(str(place), says, part, place) for place, (says, part, _) in enumerate(said)]
    times = {str(place): found for place, (_, _, found) in enumerate(said)}
    results = [merge(list(read), times) for read in permutations(claims)]
    merged = results[0]
    assert all((one.published, one.waiting) == (merged.published, merged.waiting) for one in results)
    given_ = [one for one in claims if one.says]
    standing = merged.published | merged.waiting
    assert not merged.published & merged.waiting
    if not given_:
        assert (len(merged.published), merged.waiting) == (1, set())
        return
    for one in given_:
        if one.rows[0] in standing:
            continue
        # What neither counts nor waits was said otherwise by a newer file of the same ministry, or said the same.
        others = [other for other in given_ if other is not one]
        same = any(other.says == one.says and other.rows[0] in standing for other in others)
        newer = any(order(times[other.source], times[one.source]) is Order.LATER for other in others)
        assert same or newer
    if merged.waiting:
        assert len({one.says for one in given_ if one.rows[0] in merged.waiting}) > 1
