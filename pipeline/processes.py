"""Does tasks in several processes, this one among them, the largest first; it knows nothing of what they do.

A child that dies costs nothing: what it had in hand is done here. Children end with the block, and with this process
whatever ends it.
"""

import importlib
import multiprocessing
import os
import signal
import threading
from bisect import insort
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

# Each takes up to a quarter of a gigabyte beside the libraries.
_MOST = 8


class Task:
    """Something to be done; `result` is what came of it, once all is finished."""

    def __init__(self, size: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.size, self.function, self.arguments = size, function, arguments
        self.result: Any = None


class Processes:
    """So many processes, this one and its children; use it as a context manager.

    `shared` reaches each child once, and is the first argument of every task; `module` is what children import first.
    """

    def __init__(self, shared: Any, module: str, jobs: int | None = None) -> None:
        self.jobs = jobs or min(os.cpu_count() or 1, _MOST)
        self._shared, self._module = shared, module
        self._executor: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None
        # Children report in a thread of their own.
        self._changed = threading.Condition()
        self._idle = self._in_hand = 0
        self._waiting: list[Task] = []
        self._failures: list[BaseException] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the children, whatever they have in hand."""
        with self._changed:
            self._waiting.clear()
        if self._executor is not None and self._lifeline is not None:
            self._lifeline.close()
            self._executor.shutdown()

    def start(self) -> None:
        """Have the children get ready, if they are not yet: it takes a second, in which other things can be done."""
        if self._executor is not None or self.jobs == 1:
            return
        # From the same server as the children that read: see pipeline.receiving.isolation.
        context = multiprocessing.get_context("forkserver")
        end, self._lifeline = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(self.jobs - 1, context, _begin, (end, self._shared, self._module))
        self._executor.submit(_nothing)
        self._idle = self.jobs - 1
        self._hand_out()

    def do(self, size: int, function: Callable[..., Any], *arguments: Any) -> Task:
        """Have `function(shared, *arguments)` done: by a child at once if one is idle, else when its turn has come.

        `size` is a measure of how long it takes. Function, arguments and result are such as can be pickled.
        """
        task = Task(size, function, arguments)
        self._wait_for_turn(task)
        self._hand_out()
        return task

    def finish(self) -> None:
        """Do what is waiting, the smallest first, and wait for the children; raises what any task has raised."""
        while True:
            with self._changed:
                while self._in_hand and not self._waiting and not self._failures:
                    self._changed.wait()
                if self._failures:
                    raise self._failures[0]
                if not self._waiting:
                    return
                task = self._waiting.pop(0)
            task.result = task.function(self._shared, *task.arguments)

    def _wait_for_turn(self, task: Task) -> None:
        with self._changed:
            insort(self._waiting, task, key=lambda one: one.size)
            self._changed.notify_all()

    def _hand_out(self) -> None:
        """Give the largest tasks to children that are idle."""
        while True:
            with self._changed:
                if self._executor is None or not self._idle or not self._waiting:
                    return
                task = self._waiting.pop()
                self._idle, self._in_hand = self._idle - 1, self._in_hand + 1
            try:
                self._executor.submit(_call, task.function, task.arguments).add_done_callback(
                    partial(self._take_back, task)
                )
            except BrokenProcessPool as error:
                self._settle(task, None, error)

    def _take_back(self, task: Task, future: "Future[Any]") -> None:
        error = future.exception()
        self._settle(task, None if error else future.result(), error)
        self._hand_out()

    def _settle(self, task: Task, result: Any, error: BaseException | None) -> None:
        with self._changed:
            self._in_hand -= 1
            task.result = result
            if isinstance(error, BrokenProcessPool):
                # Where one child has died, its executor ends the others.
                self._idle = 0
                self._wait_for_turn(task)
            else:
                self._idle += 1
                self._failures += [error] if error else []
            self._changed.notify_all()


# --- in the child --------------------------------------------------------------------------------------------

_shared: Any = None


def _begin(lifeline: Connection, shared: Any, module: str) -> None:
    global _shared  # noqa: PLW0603 - what a child keeps from one task to the next
    # Ctrl-C reaches all processes of a terminal: the parent ends the children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared = shared
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    importlib.import_module(module)


def _end_with(lifeline: Connection) -> None:
    """End this process at once when nobody holds the other end any more."""
    lifeline.poll(None)
    os._exit(0)


def _nothing() -> None:
    """Nothing: the first task starts the children."""


def _call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return function(_shared, *arguments)
