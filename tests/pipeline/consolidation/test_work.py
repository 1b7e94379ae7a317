"""A chunk knows what concerns its groups, and nothing of others: as much goes to a worker, and no more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.consolidation.groups import Group
from pipeline.consolidation.work import Chunk, chunk_of
from pipeline.receiving.decision import Decisions
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from tests.pipeline.consolidation.test_flow import decided
from tests.pipeline.returned import SOME, book, identity, read


def file(name: str, sha256: str) -> ReceivedFile:
    return ReceivedFile(name, Path(name), sha256, 1, dt.datetime(2026, 5, 1, tzinfo=dt.UTC))


def test_chunk_of__what_is_known__is_narrowed_to_its_groups() -> None:
    own, other = file("a.xlsx", "aa"), file("b.xlsx", "bb")
    group = Group("key", (own, own.refused("lock_file")), frozenset({"MEX"}))
    history = History(
        received={"aa": "1", "bb": "2"},
        names={"a.xlsx": ("a1", "a2"), "b.xlsx": ("b1",)},
        decisions=Decisions((decided("MEX", "6", 1), decided("BRA", "7", 2))),
    )
    unkept = {"aa": read(book(SOME, identity(respondent="MEX"))), "bb": read(book(SOME))}
    assert chunk_of([group], history, frozenset({"aa", "bb", "a2", "b1"}), unkept) == Chunk(
        (group,),
        History({"aa": "1"}, {"a.xlsx": ("a1", "a2")}, Decisions((decided("MEX", "6", 1),))),
        frozenset({"a2"}),
        {"aa": unkept["aa"]},
    )
    assert chunk_of([group], history, frozenset(), {}).returns == [own]
    assert other not in chunk_of([group], history, frozenset(), {}).returns
