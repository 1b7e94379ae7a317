"""Gives memory back to the system that libraries keep for themselves once they have no more use for it."""

import ctypes
from contextlib import suppress

import pyarrow as pa


def give_back() -> None:
    """Give back what Arrow and the C library have freed and kept; of what is still in use, nothing."""
    pa.default_memory_pool().release_unused()
    # Only glibc keeps so much that it has a way to ask for it.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
