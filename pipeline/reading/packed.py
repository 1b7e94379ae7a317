"""Holds what belongs to each respondent packed, until somebody asks for it.

Whoever reads returns is given the previous round of all respondents, and looks at that of those whose returns it reads.
"""

import pickle
import zlib
from collections.abc import Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")

_LEVEL = 1


class Packed(Mapping[str, Value]):
    """The same as a mapping of texts: what is asked for is unpacked, each time anew."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._packed = {key: zlib.compress(pickle.dumps(value), _LEVEL) for key, value in values.items()}

    def __getitem__(self, key: str) -> Value:
        value: Value = pickle.loads(zlib.decompress(self._packed[key]))
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)
