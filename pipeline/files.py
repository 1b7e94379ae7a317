"""Puts files where they belong whole or not at all, and knows what a disk answers that takes no more."""

import errno
import os
import tempfile
from pathlib import Path

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
