"""Puts files where they belong whole or not at all, and knows what a disk answers that takes no more."""

import errno
import json
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from pipeline.hashed import hashed

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NOT_ALLOWED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def write_whole(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Replace a file in one step: a reader, or a run killed midway, sees the old one or the new one.

    One that is not `lasting` may be damaged by a power cut: its reader must find that out, and be able to do without.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def unstoppable() -> AbstractContextManager[None]:
    """Let Ctrl-C do nothing while files are moved: for a moment those of two runs stand there."""
    return _on_ctrl_c(signal.SIG_IGN)


@contextmanager
def not_yet_stopped() -> Iterator[None]:
    """Have Ctrl-C wait until something is done whole, which takes a moment."""
    came: list[int] = []
    with _on_ctrl_c(lambda number, _: came.append(number)):
        yield
    if came:
        raise KeyboardInterrupt


@contextmanager
def _on_ctrl_c(done: Callable[[int, FrameType | None], object] | signal.Handlers) -> Iterator[None]:
    """Have this done at Ctrl-C; nothing else in a thread, since signals are the main thread's alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, done)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def write_sealed(path: Path, content: object, *, lasting: bool = True) -> None:
    """Write what JSON can hold, below a line with its hash, by which whoever reads it sees that it is as written."""
    text = json.dumps(content)
    write_whole(path, f"{hashed(text)}\n{text}".encode(), lasting=lasting)


def read_sealed(path: Path) -> Any:
    """What was written so; raises OSError where there is nothing, and ValueError where it is not as it was written."""
    seal, _, text = path.read_text(encoding="utf-8").partition("\n")
    if seal != hashed(text):
        raise ValueError(seal)
    return json.loads(text)
