"""Every answer that a state could have given, by what would be published of it: whoever knows the rules and how numbers
are suppressed may only conclude what all answers with the same public face have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipeline.tables.disclosure import disclosed_query, earlier_query, lent_for_disclosure, small_query
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.instrument import read_instrument
from questionnaire.rules.evaluate import Answer
from tests.pipeline.tables.made import round_of
from tests.questionnaire.declaration.test_related_counts import declared

World = tuple[int, ...]
Face = tuple[int | None, ...]
TOTALS = ("all == women + men",)
PARTS = ("minors <= all", "infants <= minors")
RUNNING = ("all == previous(all) + women",)


def faces(
    instrument: Instrument, names: Sequence[str], worlds: Sequence[World], earlier: Sequence[World] = ()
) -> list[Face]:
    """What everybody sees of each world, None for what is suppressed; `earlier` are the worlds of the previous round."""
    previous = {
        str(number): {("V01", name): Answer(float(count)) for name, count in zip(names, counts, strict=True)}
        for number, counts in enumerate(earlier)
    }
    tables = {
        **lent_for_disclosure(round_of(instrument, previous_answers=previous)),
        "published": pa.Table.from_pylist([*_rows(names, worlds)], schema=_PUBLISHED),
        "returns": pa.table({name: pa.array([], pa.string()) for name in ("sha256", "verdict", "texts_cleared")}),
    }
    found: list[list[int | None]] = [[None] * len(names) for _ in worlds]
    with duckdb.connect() as database:
        for name, table in tables.items():
            database.register(name, table)
        database.execute(f"CREATE TABLE earlier AS {earlier_query()}")
        database.execute(f"CREATE TABLE small AS {small_query()}")
        for respondent, name, count in database.sql(
            f"SELECT respondent, field, number FROM ({disclosed_query()}) WHERE status <> 'suppressed'"
        ).fetchall():
            found[int(respondent)][names.index(name)] = int(count)
    return [tuple(face) for face in found]


_PUBLISHED = pa.schema(
    [(name, pa.string()) for name in ("respondent", "block", "field", "status", "code", "text", "submission")]
    + [("line", pa.int32()), ("number", pa.float64())]
)


def _rows(names: Sequence[str], worlds: Sequence[World]) -> Iterator[Mapping[str, object]]:
    for number, counts in enumerate(worlds):
        for name, count in zip(names, counts, strict=True):
            row = {"respondent": str(number), "block": "V01", "line": 1, "field": name, "number": float(count)}
            yield row | {"status": "answered"}


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
                found.append(f"{dict(zip(names, face, strict=True))}: {names[place % len(names)]} is in {numbers}")
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
    assert concluded(names, faces(instrument, names, worlds), worlds) == []


@pytest.mark.parametrize("case", ["alone", "a total", "a part"])
def test_public__of_every_two_rounds__leaves_what_is_suppressed_open_in_both(tmp_path: Path, case: str) -> None:
    checks, names, most, holds = CASES[case]
    instrument = read_instrument(declared(tmp_path, *checks))
    worlds = [world for world in product(range(min(most, 11)), repeat=len(names)) if holds(world)]
    assert not _over_two_rounds(instrument, names, [*product(worlds, worlds)])


def test_public__of_every_running_total__leaves_what_is_suppressed_open_in_both(tmp_path: Path) -> None:
    instrument, names = read_instrument(declared(tmp_path, *RUNNING)).with_comparisons(), ("all", "women")
    before = [*product(range(9), range(7))]
    pairs = [(then, (then[0] + gained, gained)) for then in before for gained in range(7)]
    assert not _over_two_rounds(instrument, names, pairs)


def _over_two_rounds(instrument: Instrument, names: Sequence[str], pairs: Sequence[tuple[World, World]]) -> list[str]:
    """What follows from the faces of two rounds together, of the numbers of either."""
    earlier, worlds = ([*side] for side in zip(*pairs, strict=True))
    different = list(dict.fromkeys(earlier))
    then = dict(zip(different, faces(instrument, names, different), strict=True))
    now = faces(instrument, names, worlds, earlier)
    shown = [(*then[world], *face) for world, face in zip(earlier, now, strict=True)]
    return concluded((*names, *names), shown, [(*old, *new) for old, new in pairs])
