"""The engine that has a run's files read and its chunks judged by the workers of a Dask cluster."""

import hashlib
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from pipeline.cluster.on_worker import Order, content_name, fingerprint, judge_some, read_some
from pipeline.cluster.storage import ClusterError, Shelf, Storage
from pipeline.cluster.workers import Workers
from pipeline.consolidation.flow import multiple
from pipeline.consolidation.kept_groups import Kept
from pipeline.consolidation.work import READING_CACHE, Chunk, Work
from pipeline.reading.submission import Submission, unread
from pipeline.receiving.isolation import Lost
from pipeline.receiving.received import ReceivedFile

_READ_TOGETHER = 25
"""Files of one task: to start its child and to fetch its files in one go costs little beside reading so many."""

_LOADING = 400
"""For so many respondents a task has one file more: its child loads the whole frame, which is to stay a small part."""

_PATIENCE = 60.0


class Cluster:
    """Used as a context manager. `scheduler` is the address of a cluster; without one, workers start on this machine,
    one for each processor or `jobs`, and no other machine can reach them.

    `storage` is where workers find and leave files; without it they see the folders of the round at the same place as
    this machine. `patience` is for how many seconds there may be no worker at all. Whatever is not as it must be
    raises ClusterError.
    """

    def __init__(
        self, scheduler: str = "", storage: str = "", jobs: int | None = None, patience: float = _PATIENCE
    ) -> None:
        self._workers, self._storage = Workers(scheduler, jobs, patience), storage.rstrip("/")
        self._until_end = ExitStack()

    def __enter__(self) -> Self:
        self._until_end.enter_context(self._workers)
        return self

    def __exit__(self, *_: object) -> None:
        self._until_end.close()

    @property
    def threads(self) -> int:
        """How many tasks the cluster can do at a time, now."""
        return self._workers.threads()

    def chunks(self, fewest: int) -> int:
        """As many for each thread."""
        return multiple(fewest, max(1, self.threads))

    def read(self, work: Work, files: Sequence[ReceivedFile]) -> Iterator[tuple[ReceivedFile, str | Submission]]:
        """Each file as it was read, in the order in which tasks are done."""
        if not files:
            return
        order = self._order(work)
        contents = Shelf(order.contents, work.round.store, order.contents.names())
        made = Shelf(order.made, work.folder)

        def sent() -> Iterator[list[ReceivedFile]]:
            together = max(_READ_TOGETHER, len(work.round.respondents) // _LOADING)
            for start in range(0, len(files), together):
                some = list(files[start : start + together])
                contents.send(map(content_name, some))
                yield some

        for some, found in self._workers.map(read_some, order, sent()):
            if isinstance(found, Lost):
                yield some[0], unread(some[0], found.code, found.detail)
                continue
            kept = [file for file, read in zip(some, found, strict=True) if isinstance(read, str)]
            made.bring(f"{READING_CACHE}/{work.cache.name(file)}" for file in kept)
            yield from zip(some, found, strict=True)

    def judge(self, work: Work, chunks: Iterable[Chunk]) -> Iterator[Mapping[str, Kept]]:
        """The rows of each chunk, in the order in which tasks are done; what no worker manages is judged here."""
        chunks = iter(chunks)
        first = next(chunks, None)
        if first is None:
            return
        order = self._order(work)
        contents = Shelf(order.contents, work.round.store, order.contents.names())
        made = Shelf(order.made, work.folder, order.made.names())

        def sent() -> Iterator[list[Chunk]]:
            for chunk in (first, *chunks):
                contents.send(map(content_name, chunk.returns))
                made.send(f"{READING_CACHE}/{work.cache.name(file)}" for file in chunk.returns)
                yield [chunk]

        for [chunk], names in self._workers.map(judge_some, order, sent()):
            if not isinstance(names, Lost):
                made.bring(names)
            kept = {group.key: rows for group in chunk.groups if (rows := work.kept.find(group.key)) is not None}
            yield kept if len(kept) == len(chunk.groups) else work.judge(chunk)

    def _order(self, work: Work) -> Order:
        """What each task is told; the round itself is put where the workers find it, for as long as the run takes."""
        round_, store, outputs = work.round, str(work.round.store.resolve()), str(work.folder.resolve())
        made = Storage(self._storage or outputs)
        content = pickle.dumps(replace(round_, folder=Path(), contacts=(), mail=None))
        name = f".cluster/{hashlib.sha256(content).hexdigest()}"
        made.write({name: content})
        self._until_end.callback(_remove, made, name)
        parent, own = round_.folder.resolve().parts[-2:]
        contents = Storage(f"{self._storage}/store" if self._storage else store)
        return Order(contents, made, name, (parent, own), round_.key, work.cache.readings, fingerprint())


def _remove(storage: Storage, name: str) -> None:
    with suppress(ClusterError):
        storage.remove(name)
