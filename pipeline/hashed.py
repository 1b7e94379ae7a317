"""Spells values and the program itself as text, the same in any process, and gives texts short names."""

import dataclasses
import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_OUR_OWN = ("pipeline", "questionnaire", "schemas")


@cache
def code() -> tuple[str, ...]:
    """What is at work: Python, the libraries installed with their versions, and our own code."""
    libraries = sorted({found.name for entry in sys.path for found in Path(entry).glob("*.dist-info")})
    root = Path(__file__).parents[1]
    own = sorted(path for room in _OUR_OWN for form in ("*.py", "*.toml") for path in (root / room).rglob(form))
    hashes = (f"{path.relative_to(root).as_posix()} {hashed(path.read_text(encoding='utf-8'))}" for path in own)
    return (sys.version, *libraries, *hashes)


def hashed(text: str) -> str:
    """A short name for a text, that no other text has."""
    return hashlib.sha256(text.encode()).hexdigest()


def spelled(value: object) -> str:
    """A declaration as text: the same for the same content in any process, other than `repr` of a set."""
    kind: type = type(value)
    if kind is str:
        return repr(value)
    if (names := _fields(kind)) is not None:
        return f"{kind.__name__}({','.join(spelled(getattr(value, name)) for name in names)})"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{spelled(key)}:{spelled(item)}' for key, item in value.items()))}}}"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(map(spelled, value)))}}}"
    if isinstance(value, tuple | list):
        return f"({','.join(map(spelled, value))})"
    return repr(str(value.resolve()) if isinstance(value, Path) else value)


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """The names of the fields of a dataclass; None for any other type."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None
