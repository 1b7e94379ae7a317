"""Spells columns of values as texts, each different value once, and puts texts side by side, both in Arrow.

Most values of a table stand in thousands of its rows: a step of Python for each cell takes several times as long.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()


def spelled(
    column: pa.Array, spell: Callable[[Iterable[Any]], Iterable[str | float | None]], type_: pa.DataType = TEXT
) -> pa.Array:
    """A column as texts or numbers; `spell` gives those of its different values, a missing one stays missing."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return pa.array(spell(encoded.dictionary.to_pylist()), type_).take(encoded.indices)


def joined(*parts: pa.Array | str, missing: Literal["skip", "emit_null"] = "emit_null") -> pa.Array:
    """Texts and columns of texts side by side, with the last of them between them.

    What is missing leaves nothing there ("skip"), or makes all of it missing.
    """
    texts = (pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts)
    return pc.binary_join_element_wise(*texts, null_handling=missing)


def content(column: pa.Array) -> memoryview:
    """The texts of a column that was just made, one after the other, in UTF-8."""
    return memoryview(column.buffers()[2])[: pc.sum(pc.binary_length(column)).as_py()]
