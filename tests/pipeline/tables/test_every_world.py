"""Every answer that a state could have given, by what would be published of it: whoever knows the rules and how numbers
are suppressed may only conclude what all answers with the same public face have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb
import pyarrow as pa
import pytest

from pipeline.tables.dataset import PUBLISHED
from pipeline.tables.disclosure import (
    RECORDED,
    disclosed_query,
    earlier_query,
    hidden_query,
    lent_for_disclosure,
    small_query,
)
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rules.evaluate import Answer, Line
from tests.made_instruments import Made, indicators, sections, table
from tests.pipeline.tables.made import round_of
from tests.questionnaire.declaration.lists.test_related_counts import declared

T = TypeVar("T")
World = tuple[int, ...]
Face = tuple[int | None, ...]
TOTALS = ("all == women + men",)
PARTS = ("minors <= all", "infants <= minors")
RUNNING = ("all == previous(all) + women",)


class Asked(NamedTuple):
    """What is asked for one number: a question, or the column of a table in the line with a code."""

    field: str
    block: str = "V01"
    dimension: str = ""
    code: str = ""

    def line(self, instrument: Instrument) -> int:
        block = instrument.blocks[self.block]
        return block.line_of((self.code,)) if isinstance(block, TableBlock) else 1


Shown = Mapping[Asked, int | None]
"""What everybody saw in a round, None for what was suppressed."""


def questions(*codes: str) -> tuple[Asked, ...]:
    return tuple(map(Asked, codes))


@dataclass(frozen=True)
class Then:
    """The previous round: what was asked, and for each world of today one of then.

    `seen` are what everybody saw of each round until then. Without it nobody recorded
    that, as in a dataset of an earlier version.
    """

    asked: Sequence[Asked]
    worlds: Sequence[World]
    seen: Sequence[Sequence[Shown]] | None = None

    def known(self, instrument: Instrument) -> dict[str, Any]:
        """What a round of today knows of it: nothing that its questionnaire does not ask any more."""
        answers: dict[str, dict[tuple[str, str], Answer]] = {}
        lines: dict[str, dict[str, tuple[Line, ...]]] = {}
        suppressed: dict[tuple[str, str, int, str], float | None] = {}
        for number, world in enumerate(self.worlds):
            respondent = str(number)
            for place, item in enumerate(self.asked):
                if item.field not in instrument.blocks[item.block].field_codes:
                    continue
                kept = lines.setdefault(respondent, {}).get(item.block, ())
                if item.dimension:
                    line = {item.dimension: Answer(item.code), item.field: Answer(float(world[place]))}
                    lines[respondent][item.block] = (*kept, line)
                else:
                    answers.setdefault(respondent, {})[item.block, item.field] = Answer(float(world[place]))
                if self.seen is not None and self.seen[number][-1][item] is None:
                    suppressed[respondent, item.block, len(kept) + 1, item.field] = _last(self.seen[number], item)
        recorded = None if self.seen is None else suppressed
        return {"previous_answers": answers, "previous_lines": lines, "previous_suppressed": recorded}


def faces(
    instrument: Instrument, asked: Sequence[Asked], worlds: Sequence[World], then: Then | None = None
) -> list[Face]:
    """What everybody sees of each world, None for what is suppressed."""
    round_ = round_of(instrument, **then.known(instrument) if then else {})
    tables = {
        **lent_for_disclosure(round_),
        "compared": pa.table(
            {name: pa.array([], pa.string()) for name in ("block", "field")} | {"is_key": pa.array([], pa.bool_())}
        ),
        "given": pa.Table.from_pylist([*_rows(instrument, asked, worlds)], schema=_ANSWERS),
        "returns": pa.table({name: pa.array([], pa.string()) for name in ("sha256", "verdict", "texts_cleared")}),
    }
    places = {(item.block, item.line(instrument), item.field): place for place, item in enumerate(asked)}
    found: list[list[int | None]] = [[None] * len(asked) for _ in worlds]
    with duckdb.connect() as database:
        for name, rows in tables.items():
            database.register(name, rows)
        database.execute("CREATE TABLE answers AS FROM given")
        database.execute(f"CREATE VIEW published AS {PUBLISHED}")
        for name, query in (("earlier", earlier_query()), ("small", small_query()), ("hidden", hidden_query())):
            database.execute(f"CREATE TABLE {name} AS {query}")
        database.execute(RECORDED)
        for respondent, block, line, field, count in database.sql(
            f"SELECT respondent, block, line, field, number FROM ({disclosed_query()}) WHERE status <> 'suppressed'"
        ).fetchall():
            found[int(respondent)][places[block, line, field]] = int(count)
    return [tuple(face) for face in found]


_ANSWERS = pa.schema(
    [
        (name, pa.string())
        for name in ("respondent", "block", "field", "status", "code", "text", "submission", "outcome")
    ]
    + [("line", pa.int32()), ("number", pa.float64()), ("suppressed", pa.bool_()), ("last_seen", pa.float64())]
)


def _rows(instrument: Instrument, asked: Sequence[Asked], worlds: Sequence[World]) -> Iterator[Mapping[str, object]]:
    cells = [{"block": item.block, "line": item.line(instrument), "field": item.field} for item in asked]
    for number, counts in enumerate(worlds):
        for cell, count in zip(cells, counts, strict=True):
            given = {"respondent": str(number), "number": float(count), "status": "answered"}
            yield {**cell, **given, "outcome": "published", "suppressed": False}


def concluded(names: Sequence[str], shown: Sequence[Face], worlds: Sequence[World]) -> list[str]:
    """What follows from a face of some numbers that are suppressed: that one is one number, or not every small one."""
    alike = defaultdict(list)
    for face, world in zip(shown, worlds, strict=True):
        alike[face].append(world)
    found = []
    for face, possible in alike.items():
        for place in (place for place, number in enumerate(face) if number is None):
            numbers = {world[place] for world in possible}
            small = numbers & {1, 2, 3, 4}
            if len(numbers) == 1 or len(small) in (1, 2, 3):
                found.append(f"{dict(zip(names, face, strict=True))}: {names[place]} is in {numbers}")
    return found


CASES: Mapping[str, tuple[tuple[str, ...], Sequence[str], int, Callable[[World], bool]]] = {
    "alone": ((), ("all",), 16, lambda _: True),
    "a total": (TOTALS, ("all", "women", "men"), 10, lambda world: world[0] == world[1] + world[2]),
    "a part": (PARTS[:1], ("all", "minors"), 12, lambda world: world[1] <= world[0]),
    "parts of parts": (PARTS, ("all", "minors", "infants"), 9, lambda world: world[2] <= world[1] <= world[0]),
}


@pytest.mark.parametrize("case", CASES)
def test_public__of_every_world__leaves_what_is_suppressed_open(tmp_path: Path, case: str) -> None:
    checks, names, most, holds = CASES[case]
    instrument = read_instrument(declared(tmp_path, *checks))
    worlds = [world for world in product(range(most), repeat=len(names)) if holds(world)]
    assert concluded(names, faces(instrument, questions(*names), worlds), worlds) == []


@pytest.mark.parametrize(
    ("case", "is_recorded"), [("alone", True), ("a total", True), ("a total", False), ("a part", True)]
)
def test_public__of_every_two_rounds__leaves_what_is_suppressed_open_in_both(
    tmp_path: Path, case: str, is_recorded: bool
) -> None:
    checks, names, most, holds = CASES[case]
    asks = read_instrument(declared(tmp_path, *checks)), questions(*names)
    worlds = [world for world in product(range(min(most, 11)), repeat=len(names)) if holds(world)]
    assert not _over_rounds((asks, asks), [*product(worlds, worlds)], is_recorded)


@pytest.mark.parametrize("is_recorded", [True, False])
def test_public__of_every_running_total__leaves_what_is_suppressed_open_in_both(
    tmp_path: Path, is_recorded: bool
) -> None:
    asks = read_instrument(declared(tmp_path, *RUNNING)).with_comparisons(), questions("all", "women")
    before = [*product(range(9), range(7))]
    pairs = [(then, (then[0] + gained, gained)) for then in before for gained in range(7)]
    assert not _over_rounds((asks, asks), pairs, is_recorded)


def test_public__of_every_running_total_in_three_rounds__leaves_what_is_suppressed_open_in_all(tmp_path: Path) -> None:
    asks = read_instrument(declared(tmp_path, *RUNNING)).with_comparisons(), questions("all", "women")
    worlds = [
        ((all_, first), (all_ + second, second), (all_ + second + third, third))
        for all_, first, second, third in product((0, 5, 6), range(7), range(7), range(7))
    ]
    assert not _over_rounds((asks, asks, asks), worlds)


def test_public__of_every_three_rounds__shows_no_small_change(tmp_path: Path) -> None:
    asks = read_instrument(declared(tmp_path)), questions("all")
    assert not _over_rounds((asks, asks, asks), [((a,), (b,), (c,)) for a, b, c in product(range(14), repeat=3)])


Asks = tuple[Instrument, Sequence[Asked]]


def _over_rounds(asks: Sequence[Asks], worlds: Sequence[tuple[World, ...]], is_recorded: bool = True) -> list[str]:
    """What follows from the faces of one round after the other, all together, of the numbers of any.

    What is suppressed in a round must follow from its own numbers and from what everybody saw before, nothing else. And
    no two numbers that everybody saw of the same, one after the other, differ by 1 to 4.
    """
    seen: list[tuple[Face, ...]] = [()] * len(worlds)
    found, names = [], []
    for place, (instrument, asked) in enumerate(asks):
        cases = [(one[max(place - 1, 0)], one[place], before) for one, before in zip(worlds, seen, strict=True)]
        different = list(dict.fromkeys(cases))
        earlier, today, before = zip(*different, strict=True)
        shown = [[dict(zip(ask[1], face, strict=True)) for ask, face in zip(asks, one, strict=False)] for one in before]
        then = Then(asks[place - 1][1], earlier, shown if is_recorded else None) if place else None
        new = dict(zip(different, faces(instrument, asked, today, then), strict=True))
        reasons = defaultdict(set)
        for (_, world, known), face in new.items():
            reasons[world, known].add(face)
        found += [f"{key} is seen as {several}" for key, several in reasons.items() if len(several) > 1]
        for one, face in zip(shown, new.values(), strict=True):
            found += _small_changes(one, dict(zip(asked, face, strict=True)))
        seen = [(*known, new[case]) for case, known in zip(cases, seen, strict=True)]
        names += [f"{item.field} {item.code} of round {place}" for item in asked]
    return found + concluded(names, [*map(_joined, seen)], [*map(_joined, worlds)])


def _small_changes(shown: Sequence[Shown], face: Shown) -> Iterator[str]:
    """The numbers of a face that differ by 1 to 4 from the one that everybody saw last of the same."""
    for item, number in face.items():
        last = _last(shown, item)
        if number is not None and last is not None and 1 <= abs(number - last) <= 4:
            yield f"{item} is {number} after {last}"


def _last(shown: Sequence[Shown], item: Asked) -> int | None:
    return next((number for face in reversed(shown) if (number := face.get(item)) is not None), None)


def _joined(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(chain.from_iterable(parts))


ACROSS = """
[[table.dimension]]
codelist = "colours"
label = { en = "Colour" }
[table.across]
codelist = "period"
"""
IN_LINES = """
[[table.dimension]]
codelist = "period"
label = { en = "Year" }
"""


def held(folder: Path, form: str, scope: str, check: str) -> Path:
    """An instrument that asks for a number in each year of the round and for one more, with a rule."""
    target = "persons" if scope == "held" else "all"
    return Made(
        table(("VICTIMS", [["Victims protected"]])),
        ("all,whole_number,,,,,,,,How many?,persons",),
        "all",
        indicators("V01"),
        sections(("V", "VICTIMS")),
        rules=f'[[rule]]\ncode = "r"\nscope = ["{scope}"]\ntarget = "{target}"\ncheck = "{check}"\nseverity = "error"\n'
        'reason = "So."\nmessage = { en = "No." }\nremedy = { en = "Correct it." }\n',
        tables='[[table]]\ncode = "held"\nindicator = "V01"\nlabel = { en = "Held" }\n'
        f'{form}[[table.column]]\ncolumn = "persons"\ntype = "whole_number"\ndiscloses = "persons"\n'
        'label = { en = "Persons" }\n',
    ).write(folder / "held")


def across(*years: int) -> tuple[Asked, ...]:
    return tuple(Asked(f"persons_{year}", "held", "colours", "RED") for year in years)


def in_lines(*years: int) -> tuple[Asked, ...]:
    return tuple(Asked("persons", "held", "period", str(year)) for year in years)


START, END = (f"at(held.persons, colours == RED, period == period_{name})" for name in ("start", "end"))
YEARS: Mapping[str, tuple[str, Callable[..., tuple[Asked, ...]], str, str, Callable[[World], bool]]] = {
    "growth across": (ACROSS, across, "held", "persons <= before(persons) + 2", lambda world: world[1] <= world[0] + 2),
    "total across": (ACROSS, across, "V01", f"all == {START} + {END}", lambda world: world[2] == sum(world[:2])),
    "total in lines": (IN_LINES, in_lines, "V01", "all == sum(held.persons)", lambda world: world[2] == sum(world[:2])),
}


@pytest.mark.parametrize("case", YEARS)
def test_public__of_every_two_rounds_that_share_a_year__leaves_what_is_suppressed_open(
    tmp_path: Path, case: str
) -> None:
    form, asked, scope, check, holds = YEARS[case]
    folder = held(tmp_path, form, scope, check)
    before, today = (
        (read_instrument(folder, period=years), (*asked(*years), *([] if scope == "held" else questions("all"))))
        for years in ((2023, 2024), (2024, 2025))
    )
    then, now = (
        [
            world
            for pair in product(range(most), repeat=2)
            if holds(world := (*pair, *([] if scope == "held" else [sum(pair)])))
        ]
        for most in (7, 9)
    )
    assert not _over_rounds((before, today), [*product(then, now)])


def test_public__of_every_two_rounds__where_today_asks_less__leaves_what_is_suppressed_open(tmp_path: Path) -> None:
    names, holds = CASES["a total"][1], CASES["a total"][3]
    before = read_instrument(declared(tmp_path / "then", *TOTALS)), questions(*names)
    today = read_instrument(declared(tmp_path / "now")), questions("all", "women")
    worlds = [world for world in product(range(8), repeat=3) if holds(world)]
    assert not _over_rounds((before, today), [*product(worlds, product(range(8), repeat=2))])
