"""What files do to the process that reads them, as functions that a child can import."""

import ctypes
import gc
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any


class Unpicklable(BaseException):
    """Like a panic of a Rust library: no Exception, and not to be pickled."""

    def __reduce__(self) -> Any:
        raise TypeError("cannot pickle")


def act(shared: Any, item: str) -> Any:  # noqa: PLR0911, PLR0912, PLR0915
    """Do what the item says; anything else comes back with `shared`."""
    word, _, rest = item.partition(" ")
    match word:
        case "abort":
            os.abort()
        case "crash":
            ctypes.string_at(0)
        case "loop":
            while True:
                pass
        case "sleep":
            signal.pause()
        case "frozen":
            return gc.get_freeze_count()
        case "fill":
            return len(bytearray(3 * 1024**3))
        case "recurse":
            return act(shared, item) + act(shared, item)
        case "panic":
            raise Unpicklable("index out of bounds")
        case "leave":
            sys.exit(0)
        case "vanish":
            os._exit(0)
        case "once":
            # Dies the first time only, as when a neighbour took all the memory of the machine.
            if not Path(rest).exists():
                Path(rest).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "slow":
            # Hangs the first time only, as on a machine that is busy with something else.
            if not Path(rest).exists():
                Path(rest).touch()
                signal.pause()
        case "disk":
            raise OSError(int(rest), "refused", "store/x")
        case "library":
            raise ModuleNotFoundError("no library")
        case "modules":
            return [name for name in ("pandas", "great_expectations") if name in sys.modules]
        case "ctrl-c":
            os.kill(os.getpid(), signal.SIGINT)
        case "noise":
            os.write(1, b"noise\n")
            os.write(2, b"noise\n")
        case "large":
            return bytes(1_000_000)
        case "pid":
            return os.getpid()
        case "limit":
            return resource.getrlimit(resource.RLIMIT_AS)[0]
        case "nap":
            time.sleep(0.2)
            return os.getpid()
    return shared, item
