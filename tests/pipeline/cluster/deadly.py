"""What a worker of the tests loads before it works: a return with a certain content kills the worker that reads it.

As if the machine took the worker's life for its memory; one of the contents does it the first time only.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.consolidation import work
from pipeline.validation.batch import read_new

FATAL, FATAL_ONCE = b"fatal", b"fatal once"


def _deadly(round_: Any, files: Sequence[Any], **rest: Any) -> Iterator[Any]:
    for file in files:
        content = file.path.read_bytes()
        once = Path(os.environ["ACOPIO_TEST_ONCE"])
        if content.endswith(FATAL) or (content.endswith(FATAL_ONCE) and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return read_new(round_, files, **rest)


def dask_setup(_: object) -> None:
    """What Dask calls in the process of a worker."""
    vars(work)["read_new"] = _deadly
