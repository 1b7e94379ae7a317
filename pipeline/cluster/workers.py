"""Runs a function over items on the workers of a Dask cluster: what kills its worker costs itself alone.

It knows nothing of what the function does. A worker that dies is no loss: its tasks are done by another.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any, Self, TypeVar

from distributed import Client, Future, LocalCluster, Security, as_completed
from distributed.comm import connect, get_address_host_port
from distributed.scheduler import KilledWorker

from pipeline.cluster.on_worker import fingerprint, software
from pipeline.cluster.storage import ClusterError
from pipeline.receiving.isolation import Lost

Item = TypeVar("Item")
Result = TypeVar("Result")
Call = Callable[[Any, Sequence[Item]], Result]

_AHEAD = 3
"""Tasks that each thread of the cluster has before it: enough to keep it busy, few enough for the scheduler."""

_CONNECTING, _LOOKING = 10, 0.02
_GIVEN_UP = ("cancelled", "lost")
"""What a future is that nobody works at any more."""

_PORTS = range(1, 65_536)
_HERE = "127.0.0.1"
_LOST = "the worker that read it died, and so did each one that tried again"
_MOST_NAMED = 8


class Workers:
    """The workers of the cluster at an address, used as a context manager; without an address, some on this machine.

    `patience` is for how many seconds there may be no worker at all.
    """

    def __init__(self, address: str, count: int | None, patience: float) -> None:
        self._address, self._count, self._patience = address, count, patience
        self._until_end = ExitStack()
        self._threads = 0

    def __enter__(self) -> Self:
        """Connect; ClusterError without a scheduler or workers, or where these have other code or libraries."""
        # What Dask reports of workers that die is nothing to act upon: the work goes on.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = self._connected()
            self._ready = time.monotonic()
            while not self._some_are_left():
                time.sleep(_LOOKING)
            self._compare()
        except BaseException:
            self._until_end.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._until_end.close()

    def map(
        self, function: Call[Item, Result], shared: Any, chunks: Iterable[list[Item]]
    ) -> Iterator[tuple[list[Item], Result | Lost]]:
        """Some items at a time, with the result of `function(shared, items)`; Lost for one item that gave none.

        They come in the order in which they are done. A chunk whose workers died is halved, again and again, each half
        alone in the cluster, until one item is left, since what ran beside it may have been at fault.
        """
        more, suspects = iter(chunks), deque[list[Item]]()
        running: dict[Future, tuple[list[Item], bool]] = {}
        done = as_completed(loop=self._client.loop, raise_errors=False)

        def start(chunk: list[Item], alone: bool) -> None:
            future = self._client.submit(function, shared, chunk, pure=False)
            running[future] = chunk, alone
            done.add(future)

        try:
            while True:
                for chunk in islice(more, max(0, self._ahead() - len(running))):
                    start(chunk, alone=False)
                if not running and suspects:
                    start(suspects.popleft(), alone=True)
                if not running:
                    return
                future = self._next(done)
                chunk, alone = running.pop(future)
                if future.status in _GIVEN_UP and not alone and self._client.status == "running":
                    # A scheduler that is still there has lost it beside a worker that died.
                    suspects.append(chunk)
                elif (found := _outcome(future)) is not None:
                    yield chunk, found
                elif len(chunk) > 1:
                    middle = len(chunk) // 2
                    suspects.extendleft([chunk[middle:], chunk[:middle]])
                elif alone:
                    yield chunk, Lost("reading_died", _LOST)
                else:
                    suspects.append(chunk)
        finally:
            self._client.cancel(list(running))

    def threads(self) -> int:
        """How many tasks the cluster can do at a time, now."""
        return sum(self._client.nthreads().values())

    def _connected(self) -> Client:
        try:
            if not self._address:
                # No other machine reaches them. Without an address of their own, their pages would be open to all.
                cluster = LocalCluster(
                    host=_HERE,
                    dashboard_address=f"{_HERE}:0",
                    worker_dashboard_address=f"{_HERE}:0",
                    n_workers=self._count,
                    threads_per_worker=1,
                )
                self._until_end.enter_context(cluster)
                return self._until_end.enter_context(Client(cluster, set_as_default=False))
            asyncio.run(_greet(self._address))
            connected = Client(self._address, timeout=_CONNECTING, set_as_default=False)
            return self._until_end.enter_context(connected)
        except ValueError as error:
            raise ClusterError("no_address", {"address": self._address}) from error
        except (TimeoutError, MemoryError) as error:
            # What another program says is read as the length of a greeting.
            raise ClusterError("no_greeting", {"address": self._address or _HERE}) from error
        except (OSError, TypeError) as error:
            raise ClusterError("no_scheduler", {"address": self._address or _HERE, "reason": error}) from error

    def _compare(self) -> None:
        """ClusterError unless every worker has the code and libraries of this process: else results would differ."""
        own = fingerprint()
        try:
            found = self._client.run(fingerprint)
            for worker, other in found.items():
                if other != own:
                    [theirs] = self._client.run(software, workers=[worker]).values()
                    raise ClusterError("versions_differ", {"worker": worker, "what": _difference(software(), theirs)})
        except (ImportError, AttributeError) as error:
            raise ClusterError("versions_differ", {"worker": self._address, "what": error}) from error

    def _next(self, done: as_completed) -> Future:
        looked = time.monotonic()
        while not done.has_ready():
            time.sleep(_LOOKING)
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
                self._some_are_left()
        future: Future = next(done)
        return future

    def _ahead(self) -> int:
        return _AHEAD * max(1, self._threads)

    def _some_are_left(self) -> bool:
        """Whether there are workers; ClusterError if there were none for too long, or the scheduler is gone."""
        if self._client.status != "running":
            raise ClusterError("scheduler_lost", {"address": self._address})
        self._threads = self.threads()
        if self._threads:
            self._ready = time.monotonic()
        elif time.monotonic() - self._ready > self._patience:
            raise ClusterError("no_workers", {"address": self._address, "seconds": round(self._patience)})
        return bool(self._threads)


async def _greet(address: str) -> None:
    """Raise what is wrong with an address, or with what answers there.

    A Client would wait for ever for a program that is no scheduler, and for long to end what it could not begin.
    """
    _, port = get_address_host_port(address)
    if port not in _PORTS:
        raise ValueError(port)
    own = Security().get_connection_args("client")
    answered = await asyncio.wait_for(connect(address, timeout=_CONNECTING, **own), _CONNECTING + 1)
    await answered.close()


def _outcome(future: Future) -> Any:
    """What a task gave; None for one whose workers died. Raises what it raised."""
    if future.status == "finished":
        return future.result()
    if future.status in _GIVEN_UP:
        raise ClusterError("scheduler_lost", {"address": ""})
    error = future.exception()
    if isinstance(error, KilledWorker):
        return None
    raise error


def _difference(ours: Iterable[str], theirs: Iterable[str]) -> str:
    """What the one has and the other has not, a few of it."""
    here, there = sorted(set(ours) - set(theirs)), sorted(set(theirs) - set(ours))
    named = [*(f"+ {name.split()[0]}" for name in here), *(f"- {name.split()[0]}" for name in there)]
    return ", ".join(named[:_MOST_NAMED]) + (" …" if len(named) > _MOST_NAMED else "")
