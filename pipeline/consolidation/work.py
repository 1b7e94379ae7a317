"""Does the two works of a run that grow with its returns: reads some files, and judges some groups of respondents.

Each is the same in this process and on a worker of a cluster: what it takes and gives stands in files of one folder.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.consolidation.groups import Group, history_of, split
from pipeline.consolidation.judge import judge
from pipeline.consolidation.kept_groups import Kept, KeptGroups
from pipeline.reading.reading_cache import ReadingCache
from pipeline.reading.submission import Submission
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.register import History
from pipeline.validation.batch import read_new, validated
from questionnaire.layout import Layout
from questionnaire.rounds.round import Round

READING_CACHE, GROUPS = ".reading_cache", ".groups"
"""The folders, among the outputs of a round, of what its earlier runs have read, and have made of it."""


@dataclass(frozen=True)
class Chunk:
    """Groups that are judged together, and of all else only what concerns them.

    `there` are those of their files' earlier contents that still stand among the returns; `unkept` has the submissions
    that no cache has.
    """

    groups: tuple[Group, ...]
    history: History
    there: frozenset[str]
    unkept: Mapping[str, Submission]

    @property
    def returns(self) -> list[ReceivedFile]:
        """The files that were read."""
        return [file for group in self.groups for file in group.returns]


class Work:
    """What a run does with the returns of one round, and the folder that it takes from and writes to."""

    def __init__(self, round_: Round, folder: Path, readings: str = "") -> None:
        """`round_` has the previous round's answers; `readings` is the name of their kind, if it is known."""
        self.round, self.layout, self.folder = round_, Layout.of(round_), folder
        self.cache = ReadingCache(folder / READING_CACHE, round_, readings)
        self.kept = KeptGroups(folder / GROUPS)

    def read(self, files: Sequence[ReceivedFile], jobs: int | None = None) -> Iterator[str | Submission]:
        """Read and keep each file, and give whose return it is; the submission itself where it could not be kept."""
        for file, read in zip(files, read_new(self.round, files, jobs=jobs), strict=True):
            yield read.respondent if self.cache.keep(file, read) else read

    def judge(self, chunk: Chunk) -> dict[str, Kept]:
        """Judge what was kept of some groups, and keep the rows of each under its key."""
        files = [file for group in chunk.groups for file in group.files]
        batch = validated(self.round, self.layout, files, self._submissions(chunk))
        tables = judge(self.round, batch, chunk.history, chunk.there)
        return {group.key: self.kept.keep(group.key, own) for group, own in split(tables, chunk.groups, self.round)}

    def _submissions(self, chunk: Chunk) -> dict[str, Submission]:
        """What the returns of a chunk say, as it was kept; read again where that was damaged in between."""
        found = {file.sha256: chunk.unkept.get(file.sha256) or self.cache.find(file) for file in chunk.returns}
        lost = [file for file in chunk.returns if found[file.sha256] is None]
        for file, read in zip(lost, read_new(self.round, lost), strict=True):
            found[file.sha256] = read
        return {sha256: read for sha256, read in found.items() if read is not None}


def judge_chunk(round_: Round, folder: Path, readings: str, chunk: Chunk) -> dict[str, Kept]:
    """The same as `Work.judge`, for another process that is given no work."""
    return Work(round_, folder, readings).judge(chunk)


def chunk_of(
    groups: Sequence[Group], history: History, there: frozenset[str], unkept: Mapping[str, Submission]
) -> Chunk:
    """Some groups with what concerns them of all that is known in a run."""
    files = [file for group in groups for file in group.files]
    contents = {file.sha256 for file in files}
    names = {file.name: history.names[file.name] for file in files if file.name in history.names}
    own = replace(
        history_of(history, {code for group in groups for code in group.respondents}, contents),
        received={sha256: history.received[sha256] for sha256 in contents & history.received.keys()},
        names=names,
    )
    earlier = there & {content for known in names.values() for content in known}
    return Chunk(tuple(groups), own, earlier, {sha256: unkept[sha256] for sha256 in contents & unkept.keys()})
