"""Runs a function over items in limited child processes: an item that kills its child costs itself alone.

It knows nothing of what the function reads. Children are reused; one that dies is replaced.
"""

import contextlib
import gc
import importlib
import multiprocessing
import os
import pickle
import resource
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline.files import DISK_FULL, NOT_ALLOWED, not_yet_stopped, unstoppable
from pipeline.receiving.isolation_error import IsolationError
from questionnaire.rounds.limits import ReadingLimits

Item = TypeVar("Item")
Result = TypeVar("Result")
Call = Callable[[Any, Item], Result]

_MEGABYTE = 1024 * 1024
_LONGEST_DETAIL = 200
# All of them at their limit of memory must find room in one machine.
_MOST_CHILDREN = 8
# What looks into files: the server of children starts once, with the first of these, and forks them all.
_PRELOADED = ("pipeline.receiving.opening", "pipeline.reading.one_return")
# Seconds in which a child must be there: nothing that it reads has a part in this, only the machine.
_LONGEST_START = 60
# Objects made and kept since a child last looked for garbage in cycles: some two hundred items leave so many.
_MADE_BETWEEN_LOOKS = 200_000
# Items handed out before their turn: enough to keep the other children busy while one is slow, few enough for memory.
_AHEAD = 64


@dataclass(frozen=True)
class Lost:
    """An item that gave no result. `code` is that of the finding; `detail` is for whoever looks closer, in English."""

    code: str
    detail: str


LOST = frozenset({"reading_died", "reading_too_large", "reading_too_long"})
"""The codes of items that were lost with their child, or stopped."""


@dataclass(frozen=True)
class _DiskRefused:
    """What the disk answered a child: no fault of the item, and no item will fare better."""

    number: int
    reason: str
    file: str


@dataclass(frozen=True)
class _Broken:
    """What a child lacks of the program itself: no item will fare better."""

    detail: str


def prepare(*modules: str) -> None:
    """Start the server of children: it loads what they need while this process does something else."""
    preloaded = list(dict.fromkeys(("__main__", *modules, *_PRELOADED)))
    multiprocessing.get_context("forkserver").set_forkserver_preload(preloaded)
    # Where it cannot start now, the first item will find out why. Ctrl-C reaches all processes of a terminal, and would
    # end the loading with a traceback: what is started while it does nothing takes no notice of it.
    with contextlib.suppress(OSError), unstoppable():
        forkserver.ensure_running()


class Isolation:
    """Limited child processes, used as a context manager; they start with the first item and end with the block.

    `shared` reaches each child once and is the first argument of every call.
    """

    def __init__(self, limits: ReadingLimits, shared: Any = None, workers: int | None = None) -> None:
        self._limits, self._shared = limits, shared
        self._most = workers or min(os.cpu_count() or 1, _MOST_CHILDREN)
        self._children = 1
        self._pool: ProcessPool | None = None
        self._proved: set[str] = set()
        self._handed = contextlib.ExitStack()
        self._given = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._handed.close()

    def turn_to(self, limits: ReadingLimits, shared: Any) -> None:
        """Go on with other work, by the children that are there unless the limits are others.

        They have what they learnt so far, and find what is shared now in a file: which of them asks next, nobody knows.
        """
        if limits != self._limits:
            self._end()
        self._limits, self._shared = limits, shared
        if self._pool is not None:
            file = self._handed.enter_context(tempfile.NamedTemporaryFile(prefix="acopio-"))  # noqa: SIM115
            pickle.dump(shared, file)
            file.flush()
            self._given = file.name

    def map(self, function: Call[Item, Result], items: Iterable[Item]) -> Iterator[Result | Lost]:
        """The result of `function(shared, item)` for each item, in order; Lost for one that gave none.

        Raises OSError where a child found the disk full or not to be written on, and IsolationError where no child can
        start, or what it needs to call the function is not there.
        The function stands in a module that children import; its results are plain enough to be pickled.
        """
        later, ahead = deque(items), deque[tuple[Item, "ProcessFuture[Any]"]]()
        useful = max(1, min(self._most, len(later)))
        if self._pool is None or useful > self._children:
            self._end()
            self._children = useful
        while later or ahead:
            found: Result | Lost
            try:
                while later and len(ahead) < _AHEAD:
                    ahead.append((later[0], self._schedule(function, later[0])))
                    later.popleft()
                found = self._result(ahead[0][1])
                if found == self._overdue:
                    # A busy machine may be at fault, or what ran beside it: once more, alone.
                    self._wait([future for _, future in ahead])
                    found = self._again(function, ahead[0][0])
                ahead.popleft()
            except ProcessExpired:
                # The death may be a neighbour's fault, such as when the machine's memory is taken: a second is not.
                found = self._again(function, ahead.popleft()[0])
            except BrokenProcessPool:
                # All children are gone, and nobody knows which item each of them had: the first goes alone.
                later.extendleft(item for item, _ in reversed(ahead))
                ahead.clear()
                self._end()
                found = self._again(function, later.popleft())
            yield found

    @property
    def _overdue(self) -> Lost:
        return Lost("reading_too_long", f"more than {self._limits.seconds} s")

    def _again(self, function: Call[Item, Result], item: Item) -> Result | Lost:
        try:
            found: Result | Lost = self._result(self._schedule(function, item))
        except ProcessExpired as death:
            return Lost("reading_died", _name(death.exitcode))
        except BrokenProcessPool as death:
            self._end()
            return Lost("reading_died", str(death))
        return found

    def _result(self, future: "ProcessFuture[Any]") -> Any:
        """What came back; ProcessExpired or BrokenProcessPool for a death that nothing explains."""
        self._wait([future])
        try:
            found = future.result()
        except TimeoutError:
            return self._overdue
        except ProcessExpired as death:
            if death.exitcode == -signal.SIGXCPU:
                return Lost("reading_too_long", f"more than {self._limits.cpu_seconds} s of computing")
            raise
        if isinstance(found, _DiskRefused):
            raise OSError(found.number, found.reason, found.file)
        if isinstance(found, _Broken):
            raise IsolationError(found.detail)
        return found

    def _wait(self, futures: "list[ProcessFuture[Any]]") -> None:
        """Wait until all are done; a pool that breaks forgets what it had not handed out, and would never say so."""
        while wait(futures, timeout=1).not_done:
            self._check_pool()

    def _schedule(self, function: Call[Item, Result], item: Item) -> "ProcessFuture[Any]":
        if self._pool is None:
            self._pool = self._start(function.__module__)
        else:
            self._check_pool()
        if function.__module__ not in self._proved:
            self._prove(self._pool, function.__module__)
            self._proved.add(function.__module__)
        call = function, item, self._limits.cpu_seconds, self._given
        return self._pool.schedule(_call, call, timeout=self._limits.seconds)

    def _prove(self, pool: ProcessPool, module: str) -> None:
        """Have a child import what it will call, before any item: whoever fails then fails without a file's doing."""
        try:
            found = self._result(pool.schedule(_call, (_import, module, _LONGEST_START), timeout=_LONGEST_START))
        except (ProcessExpired, BrokenProcessPool) as death:
            found = Lost("", _name(death.exitcode) if isinstance(death, ProcessExpired) else "no process starts")
        if found is not None:
            self._end()
            raise IsolationError(found.detail)

    def _check_pool(self) -> None:
        if self._pool is None or not self._pool.active:
            raise BrokenProcessPool

    def _start(self, module: str) -> ProcessPool:
        # A server that has imported the module forks a child in a tenth of the time that a new interpreter takes,
        # and the child inherits neither the parent's memory nor its threads.
        prepare(module)
        context = multiprocessing.get_context("forkserver")
        return _Pool(self._children, initializer=_limit, initargs=(self._limits, self._shared), context=context)

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        self._pool, self._given = None, ""
        self._proved.clear()


class _Pool(ProcessPool):
    """A pool that ends its children before it takes away what they talk through.

    A child that is only just starting would not find it, and the server of children would print a traceback. So would
    one that was asked for and not heard of any more.
    """

    def _start_pool(self) -> None:
        with not_yet_stopped():
            super()._start_pool()  # type: ignore[no-untyped-call]

    def _stop_pool(self) -> None:
        if self._pool_manager_loop is not None:
            self._pool_manager_loop.join()
        self._pool_manager.worker_manager.force_stop_workers()  # type: ignore[no-untyped-call]
        super()._stop_pool()  # type: ignore[no-untyped-call]


def _name(exit_code: int) -> str:
    known = {-number.value: number.name for number in signal.Signals}
    return known.get(exit_code, f"exit code {exit_code}")


# --- in the child --------------------------------------------------------------------------------------------

_shared: Any = None


def _limit(limits: ReadingLimits, shared: Any) -> None:
    """Take from this process what no honest file needs, and everything it could say on the terminal."""
    global _shared  # noqa: PLW0603 - what a child keeps from one item to the next
    _shared = shared
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Ctrl-C reaches all processes of a terminal: the parent ends the children, none of which is to blame its file.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_AS, limits.memory_mb * _MEGABYTE)
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    # What is there before the first item stays to the end: nobody need look through it for garbage. Items leave little
    # of it, and much that is kept for the next: as often as usual, looking took as long as opening their packages.
    gc.freeze()
    gc.set_threshold(_MADE_BETWEEN_LOOKS)


def _import(_: Any, module: str) -> None:
    importlib.import_module(module)


@lru_cache(maxsize=1)
def _found_in(file: str) -> Any:
    """What the parent has shared since this child started."""
    return pickle.loads(Path(file).read_bytes())


def _call(
    function: Call[Item, Result], item: Item, cpu_seconds: int, given: str = ""
) -> Result | Lost | _DiskRefused | _Broken:
    """The result for one item, or why there is none; an exception would not always survive being pickled."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _set(resource.RLIMIT_CPU, used + 1 + cpu_seconds)
    try:
        return function(_found_in(given) if given else _shared, item)
    except MemoryError:
        return Lost("reading_too_large", "out of memory")
    except ImportError as error:
        return _Broken(f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL])
    except OSError as error:
        if error.errno in DISK_FULL | NOT_ALLOWED:
            return _DiskRefused(error.errno, error.strerror or "", str(error.filename or ""))
        return Lost("reading_died", f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL])
    except BaseException as error:
        # A panic of a Rust library is no Exception.
        return Lost("reading_died", f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL])


def _set(kind: int, most: int) -> None:
    """Set a limit that may be raised again, within what this user is allowed."""
    hard = resource.getrlimit(kind)[1]
    # macOS knows no limit of address space: there the other limits must do.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
