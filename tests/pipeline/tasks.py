"""Tasks for child processes, in a module that they can import."""

from __future__ import annotations

import errno
import os
import signal
import time
from multiprocessing import parent_process
from pathlib import Path


class TroubleError(Exception):
    """An error with a message of its own."""


def who(shared: str, word: str) -> tuple[str, int]:
    return f"{shared} {word}", os.getpid()


def trouble(_: str, word: str) -> None:
    raise TroubleError(word)


def disk_full(_: object, path: Path, *__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def die_in_a_child(_: str, word: str) -> tuple[str, int]:
    if parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return word, os.getpid()


def never_end(_: str, started: Path) -> None:
    started.write_text(str(os.getpid()), encoding="ascii")
    time.sleep(600)
