"""Puts files where they belong whole or not at all, and knows what a disk answers that takes no more."""

import errno
import json
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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


@contextmanager
def unstoppable() -> Iterator[None]:
    """Let Ctrl-C do nothing while files are moved: for a moment those of two runs stand there."""
    if threading.current_thread() is not threading.main_thread():
        # Signals are the main thread's alone, and so is what is done about them.
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def not_yet_stopped() -> Iterator[None]:
    """Have Ctrl-C wait until something is done whole, which takes a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


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
