"""Does the work of a run on a worker: takes what it needs from the storage into a folder of its own, and gives back.

What a worker is sent comes from the scheduler that it has joined, and from files that the sender named by their hash.
Returned files are read in limited child processes, as everywhere.
"""

import hashlib
import multiprocessing
import pickle
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from distributed import get_worker

from pipeline.cluster.storage import ClusterError, Shelf, Storage
from pipeline.consolidation.groups import Group
from pipeline.consolidation.work import GROUPS, READING_CACHE, Chunk, Work
from pipeline.hashed import code, hashed
from pipeline.reading.submission import Submission
from pipeline.receiving.received import ReceivedFile
from pipeline.receiving.store import Store
from questionnaire.rounds.round import Round
from questionnaire.rounds.round_key import KEY

_JUDGING = threading.Lock()
"""Held while one thread of a worker judges: two would need the memory of two and be no faster."""


@dataclass(frozen=True)
class Order:
    """What a worker must know of a run: `declaration` names the file of the round, `folder` are its last two folders.

    The key of the round is in no storage. `readings` names what readings depend on, `code` the code and libraries.
    """

    contents: Storage
    made: Storage
    declaration: str
    folder: tuple[str, str]
    key: bytes | None
    readings: str
    code: str


def fingerprint() -> str:
    """The code and libraries of this process as one text."""
    return hashed("\n".join(code()))


def software() -> tuple[str, ...]:
    """The code and libraries of this process, one by one."""
    return code()


def read_some(order: Order, files: Sequence[ReceivedFile]) -> list[str | Submission]:
    """Read and keep files; whose return each is, or what it says where it was not kept."""
    with _desk(order) as (work, contents):
        here = [_here(work.round, file) for file in files]
        contents.bring(map(content_name, here))
        found = list(work.read(here, jobs=1))
        kept = [file for file, read in zip(here, found, strict=True) if isinstance(read, str)]
        Shelf(order.made, work.folder).send(f"{READING_CACHE}/{work.cache.name(file)}" for file in kept)
    return found


def judge_some(order: Order, chunks: Sequence[Chunk]) -> list[str]:
    """Judge what was read of some chunks; the names of the files made."""
    names: list[str] = []
    with _desk(order) as (work, contents), _JUDGING:
        shelf = Shelf(order.made, work.folder)
        for chunk in chunks:
            own = replace(chunk, groups=tuple(_group_here(work.round, group) for group in chunk.groups))
            contents.bring(map(content_name, own.returns))
            shelf.bring(f"{READING_CACHE}/{work.cache.name(file)}" for file in own.returns)
            for kept in work.judge(own).values():
                # That which names the others is written last.
                names += (f"{GROUPS}/{name}" for name in (*kept.files.values(), kept.small.name))
        shelf.send(names)
    return names


def content_name(file: ReceivedFile) -> str:
    """The name of a content in the storage: that which it has in the store."""
    return Store(Path()).path(file.sha256).as_posix()


def _here(round_: Round, file: ReceivedFile) -> ReceivedFile:
    return replace(file, path=Store(round_.store).path(file.sha256))


def _group_here(round_: Round, group: Group) -> Group:
    return replace(group, files=tuple(_here(round_, file) for file in group.files))


@contextmanager
def _desk(order: Order) -> Iterator[tuple[Work, Shelf]]:
    """A folder for one task, with the round as the sender has it; removed afterwards, by Dask if this process dies."""
    if order.code != fingerprint():
        raise ClusterError("versions_differ", {"worker": get_worker().address, "what": "—"})
    # Dask marks workers as processes that may have no children; ours end with their pool, or when this process does.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    with TemporaryDirectory(dir=get_worker().local_directory) as root:
        folder = Path(root, *order.folder)
        folder.mkdir(parents=True)
        if order.key is not None:
            (folder / KEY).write_text(order.key.hex(), encoding="ascii")
        round_ = replace(_declaration(order.made, order.declaration), folder=folder)
        work = Work(round_, Path(root, "made"), order.readings)
        yield work, Shelf(order.contents, round_.store)


@lru_cache(maxsize=1)
def _declaration(made: Storage, name: str) -> Round:
    """The round of a run; only what the sender has written under this name is ever unpickled."""
    content = made.read([name]).get(name, b"")
    if hashlib.sha256(content).hexdigest() != Path(name).name:
        raise ClusterError("storage_not_shared", {"url": made.url, "worker": get_worker().address})
    round_: Round = pickle.loads(content)
    return round_
