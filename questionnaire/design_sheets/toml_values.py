"""Writes the text of a cell as the TOML value that its column holds; what is none stays a text, and is then refused."""

import re

from questionnaire.design_sheets.plan import Holds
from questionnaire.tables_written import inline, quoted

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_PAIR = re.compile(r"\w+=\w+", re.ASCII)


def toml_value(text: str, holds: Holds) -> str:
    """The value, as it stands behind the key."""
    match holds:
        case Holds.NUMBER | Holds.LIMIT if _NUMBER.fullmatch(text):
            return text
        case Holds.FLAG if text.casefold() in ("true", "false"):
            return text.casefold()
        case Holds.CODES:
            return f"[{', '.join(map(quoted, text.split()))}]"
        case Holds.PAIRS if all(map(_PAIR.fullmatch, text.split())):
            return inline(dict(pair.split("=", 1) for pair in text.split()))
        case _:
            return quoted(text)


def pairs(text: str) -> dict[str, str]:
    """What `sex=M form=X` says; of a name that stands twice, both values, which no code is."""
    found: dict[str, str] = {}
    for pair in text.split():
        name, _, code = pair.partition("=")
        found[name] = f"{found[name]} {code}" if name in found else code
    return found
