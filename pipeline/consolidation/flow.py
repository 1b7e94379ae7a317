"""Lets the returns of a round flow through in chunks: reads what is new, judges it, and keeps its rows as Parquet.

A run holds the answers of one chunk at a time. What a round gives does not depend on how it was divided.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.consolidation.groups import Dividing, Group, history_of, split
from pipeline.consolidation.judge import judge
from pipeline.consolidation.kept_groups import Kept, KeptGroups
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.reading.reading_cache import ReadingCache
from pipeline.reading.tidy import Submission
from pipeline.receiving.isolation import LOST
from pipeline.receiving.isolation_error import IsolationError
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from pipeline.validation.batch import Progress, read_new, validated
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round

_TOGETHER = 150
"""Returns judged at a time: a validation costs 0.65 s, and each return 3 ms more and 1.3 megabytes of memory."""

_FEWEST = 3
"""Returns that must all be lost before the machine is at fault, and not they."""

READING_CACHE, GROUPS = ".reading_cache", ".groups"
"""The folders, among the outputs of a round, of what its earlier runs have read, and have made of it."""


@dataclass(frozen=True)
class Flowed:
    """The rows of all groups of respondents, in the order of the frame; `version` names all else they depend on."""

    groups: Sequence[Kept]
    version: str

    @property
    def keys(self) -> list[str]:
        """What the rows depend on, by group."""
        return [group.key for group in self.groups]


@dataclass(frozen=True)
class Flow:
    """How the returns of a round flow: with how many child processes, how many returns judged together at most.

    `folder` is where what was read and made is kept.
    """

    round: Round
    folder: Path
    progress: Progress = iter
    jobs: int | None = None
    together: int = _TOGETHER

    def run(
        self, files: Sequence[ReceivedFile], history: History, before_judging: Callable[[], object] = object
    ) -> Flowed:
        """The rows of the round; only what is new is read and judged.

        `before_judging` is called once that is known to be something.
        """
        run = _Run(replace(self, round=with_previous_answers(self.round)), history)
        return Flowed(run.groups(files, before_judging), run.version)


class _Run:
    def __init__(self, flow: Flow, history: History) -> None:
        self._flow, self._round, self._history = flow, flow.round, history
        self._layout = Layout.of(flow.round)
        self._cache = ReadingCache(flow.folder / READING_CACHE, flow.round)
        self._kept = KeptGroups(flow.folder / GROUPS)
        self._unkept: dict[str, Submission] = {}

    @property
    def version(self) -> str:
        """A name for the code, the libraries and the declaration by which returns are read and judged."""
        return self._cache.version

    def groups(self, files: Sequence[ReceivedFile], before_judging: Callable[[], object]) -> list[Kept]:
        whose = self._read([file for file in files if file.is_return])
        dividing = Dividing(self._round, self._history, self._cache, whose, self._unkept)
        groups = dividing.groups(files)
        self._cache.forget_others()
        found = {group.key: self._kept.find(group.key) for group in groups}
        stale = [group for group in groups if found[group.key] is None]
        if stale:
            before_judging()
        for chunk in _chunks(stale, self._flow.together):
            found |= self._judged(chunk, frozenset(whose))
        self._kept.forget_others()
        return [kept for group in groups if (kept := found[group.key]) is not None]

    def _read(self, files: Sequence[ReceivedFile]) -> Mapping[str, str]:
        """Read what no earlier run has read, and return whose return each content is.

        Raises IsolationError where nothing was ever read and every child is lost: no files are all of that kind.
        """
        whose = {file.sha256: self._cache.respondent(file) for file in files}
        new = [file for file in files if whose[file.sha256] is None]
        read_now = read_new(self._round, new, self._flow.progress, self._flow.jobs)
        lost = []
        for file, read in zip(new, read_now, strict=True):
            whose[file.sha256] = read.respondent
            if not self._cache.keep(file, read):
                self._unkept[file.sha256] = read
                lost += [found.values["detail"] for found in read.findings if found.code in LOST]
        if _FEWEST <= len(files) == len(lost):
            raise IsolationError(str(lost[-1]))
        return {sha256: code or "" for sha256, code in whose.items()}

    def _judged(self, chunk: Sequence[Group], there: frozenset[str]) -> dict[str, Kept | None]:
        files = [file for group in chunk for file in group.files]
        batch = validated(self._round, self._layout, files, self._submissions(chunk))
        codes = {code for group in chunk for code in group.respondents}
        history = history_of(self._history, codes, {file.sha256 for file in files})
        tables = judge(self._round, batch, history, there)
        return {group.key: self._kept.keep(group.key, own) for group, own in split(tables, chunk, self._round)}

    def _submissions(self, chunk: Sequence[Group]) -> dict[str, Submission]:
        """What the returns of a chunk say, as it was kept; read again where that was damaged in between."""
        files = [file for group in chunk for file in group.returns]
        found = {file.sha256: self._unkept.get(file.sha256) or self._cache.find(file) for file in files}
        lost = [file for file in files if found[file.sha256] is None]
        for file, read in zip(lost, read_new(self._round, lost), strict=True):
            found[file.sha256] = read
        return {sha256: read for sha256, read in found.items() if read is not None}


def _chunks(groups: Sequence[Group], together: int) -> Iterator[list[Group]]:
    """As many groups at a time as have so many returns at most, one at least."""
    chunk: list[Group] = []
    for group in groups:
        if chunk and sum(len(entry.returns) for entry in (*chunk, group)) > together:
            yield chunk
            chunk = []
        chunk.append(group)
    if chunk:
        yield chunk
