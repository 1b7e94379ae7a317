"""Lets the returns of a round flow through in chunks: reads what is new, judges it, and keeps its rows as Parquet.

A run holds the answers of one chunk at a time. What a round gives does not depend on how it was divided, nor on where
its chunks were read and judged.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from pipeline.consolidation.groups import Dividing, Group
from pipeline.consolidation.kept_groups import Kept
from pipeline.consolidation.work import Chunk, Work, chunk_of, judge_chunk
from pipeline.hashed import spelled
from pipeline.memory import give_back
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.processes import Processes
from pipeline.reading.submission import Submission
from pipeline.receiving.isolation import LOST
from pipeline.receiving.isolation_error import IsolationError
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from pipeline.validation.batch import Progress
from questionnaire.rounds.round import Round

_TOGETHER = 250
"""Returns judged at a time: a chunk costs half a second, and each return 5 ms more and 0.6 megabytes of memory."""

_FEWEST = 3
"""Returns that must all be lost before the machine is at fault, and not they."""

Begin = Callable[[int], object]


def _nothing(_: int) -> None:
    pass


class Engine(Protocol):
    """Where the work of a run is done; what it gives is kept in the folder of the work all the same."""

    def chunks(self, fewest: int) -> int:
        """Into how many chunks to divide what takes so many at least, so that nobody who judges waits for another."""

    def read(self, work: Work, files: Sequence[ReceivedFile]) -> Iterable[tuple[ReceivedFile, str | Submission]]:
        """Each file, in any order, with whose return it is; with what it says where that was not kept."""

    def judge(self, work: Work, chunks: Iterable[Chunk]) -> Iterable[Mapping[str, Kept]]:
        """The rows of the groups of each chunk, by their keys."""


@dataclass(frozen=True)
class ThisMachine:
    """The engine that needs nothing more: `jobs` child processes read, and this process judges, others with it.

    `processes` share the round of the work; to have them judge is worth it where there are several chunks anyway.
    """

    jobs: int | None = None
    processes: Processes | None = None

    def chunks(self, fewest: int) -> int:
        """One stays one: a child would first have to load what judges it."""
        return fewest if self.processes is None or fewest == 1 else multiple(fewest, self.processes.jobs)

    def read(self, work: Work, files: Sequence[ReceivedFile]) -> Iterable[tuple[ReceivedFile, str | Submission]]:
        """Each file in its turn."""
        return zip(files, work.read(files, self.jobs), strict=True)

    def judge(self, work: Work, chunks: Iterable[Chunk]) -> Iterable[Mapping[str, Kept]]:
        """Each chunk in its turn; in several processes where there are several chunks."""
        chunks = list(chunks)
        if self.processes is None or len(chunks) == 1:
            return map(work.judge, chunks)
        asked = [
            self.processes.do(len(chunk.returns), judge_chunk, work.folder, work.cache.readings, chunk)
            for chunk in chunks
        ]
        self.processes.finish()
        return [one.result for one in asked]


@dataclass(frozen=True)
class Flowed:
    """The rows of all groups of respondents, in the order of the frame.

    `unkept` is what was read of files of which nothing is kept from run to run, as text.
    """

    groups: Sequence[Kept]
    unkept: Sequence[str] = ()


@dataclass(frozen=True)
class Flow:
    """How the returns of a round flow: by which engine, and how many returns judged together at most.

    `folder` is where what was read and made is kept; `readings` names what readings depend on, if it is known.
    """

    round: Round
    folder: Path
    progress: Progress = iter
    engine: Engine = ThisMachine()
    together: int = _TOGETHER
    readings: str = ""

    def run(self, files: Sequence[ReceivedFile], history: History, begin: Begin = _nothing) -> Flowed:
        """The rows of the round; only what is new is read and judged.

        `begin` is called as soon as that is known to be something, before it is read, and before it is judged, with
        how many returns that are.
        """
        run = _Run(replace(self, round=with_previous_answers(self.round)), history)
        return Flowed(run.groups(files, begin), run.unkept)


class _Run:
    def __init__(self, flow: Flow, history: History) -> None:
        self._flow, self._history = flow, history
        self._work = Work(flow.round, flow.folder, flow.readings)
        self._unkept: dict[str, Submission] = {}

    @property
    def unkept(self) -> list[str]:
        """What was read and not kept, in the order of the files' names."""
        return [spelled(read) for _, read in sorted(self._unkept.items())]

    def groups(self, files: Sequence[ReceivedFile], begin: Begin) -> list[Kept]:
        cache, kept = self._work.cache, self._work.kept
        whose = self._read([file for file in files if file.is_return], begin)
        dividing = Dividing(self._flow.round, self._history, cache, whose, self._unkept)
        groups = dividing.groups(files)
        cache.forget_others()
        found = {group.key: kept.find(group.key) for group in groups}
        stale = [group for group in groups if found[group.key] is None]
        if stale:
            begin(sum(len(group.returns) for group in stale))
        found |= self._judged(stale, frozenset(whose))
        kept.forget_others()
        return [rows for group in groups if (rows := found[group.key]) is not None]

    def _read(self, files: Sequence[ReceivedFile], begin: Begin) -> Mapping[str, str]:
        """Read what no earlier run has read, and return whose return each content is.

        Raises IsolationError where nothing was ever read and every child is lost: no files are all of that kind.
        """
        whose = {file.sha256: self._work.cache.respondent(file) for file in files}
        new = [file for file in files if whose[file.sha256] is None]
        if new:
            begin(len(new))
        read_now = self._flow.engine.read(self._work, new)
        lost: list[str] = []
        for _, (file, read) in zip(self._flow.progress(new), read_now, strict=True):
            if isinstance(read, Submission):
                self._unkept[file.sha256] = read
                lost += [str(found.values["detail"]) for found in read.findings if found.code in LOST]
            whose[file.sha256] = read.respondent if isinstance(read, Submission) else read
        if _FEWEST <= len(files) == len(lost):
            raise IsolationError(lost[-1])
        return {sha256: code or "" for sha256, code in whose.items()}

    def _judged(self, stale: Sequence[Group], there: frozenset[str]) -> dict[str, Kept]:
        returns = sum(len(group.returns) for group in stale)
        chunks = self._flow.engine.chunks(max(1, math.ceil(returns / self._flow.together)))
        divided = (chunk_of(chunk, self._history, there, self._unkept) for chunk in _chunks(stale, chunks))
        found: dict[str, Kept] = {}
        for kept in self._flow.engine.judge(self._work, divided):
            found |= kept
            # What a chunk took would else stay with this process, 200 MB beside what the tables take.
            give_back()
        return found


def multiple(number: int, of: int) -> int:
    """The smallest multiple that is no less."""
    return math.ceil(number / of) * of


def _chunks(groups: Sequence[Group], chunks: int) -> Iterator[list[Group]]:
    """So many chunks at most, all with about as many returns: nobody waits for a last long one."""
    before = list(accumulate((len(group.returns) for group in groups), initial=0))
    places = (min(count * chunks // max(1, before[-1]), chunks - 1) for count in before)
    numbered = zip(places, groups, strict=False)
    yield from ([group for _, group in own] for _, own in groupby(numbered, key=itemgetter(0)))
