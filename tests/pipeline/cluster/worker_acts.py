"""What items do to the worker that has them, as a function that a worker can import."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path


def die(_: object, __: object) -> None:
    """Die, whatever there is to do."""
    os.kill(os.getpid(), signal.SIGKILL)


def act(shared: str, items: Sequence[str]) -> list[str]:
    """Do what the items say; they come back with `shared`."""
    for item in items:
        word, _, rest = item.partition(" ")
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "once" and not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "raise":
            raise ValueError(rest)
    return [f"{shared} {item}" for item in items]
