"""Reads the table of texts, besides codes and labels, that people type for a yes, a no or a mark; each use is reported.

A cross is a mark beside an option and says nothing where yes or no is asked. A check box that nobody touched reads
FALSE: it counts beside an option only, where no mark says as much.
"""

from collections.abc import Mapping

from pipeline.reading.values.plain_texts import words
from questionnaire.codelists import choice_key

YES = ("sí", "si", "oui", "yes", "sim", "s", "y")
NO = ("no", "non", "não", "nao", "n")
MARKED = (
    "x", "xx", "xxx", "×", "✓", "✔", "√", "☑", "✅", "☒", "1", "true", "vrai", "verdadero", "verdadeiro", "[x]", "(x)",
)  # fmt: skip
UNMARKED = ("☐", "0", "false", "faux", "falso", "[ ]", "( )", "[]", "()")

_YES = dict.fromkeys(map(choice_key, YES), True) | dict.fromkeys(map(choice_key, NO), False)
_MARKS = _YES | dict.fromkeys(map(choice_key, MARKED), True) | dict.fromkeys(map(choice_key, UNMARKED), False)


def is_yes(text: str) -> bool | None:
    """True for a yes, False for a no, None for anything else."""
    return _meant(text, _YES)


def is_marked(text: str) -> bool | None:
    """True for a mark beside an option, False for what leaves it unmarked, None for anything else."""
    return _meant(text, _MARKS)


def _meant(text: str, table: Mapping[str, bool]) -> bool | None:
    """What a text means by a table, as it stands or by its one word or its words that agree: `Sí (x)`."""
    said = () if "/" in text else words(text)
    if choice_key(text) in table or not said or (len(said) > 1 and any(word.isdecimal() for word in said)):
        return table.get(choice_key(text))
    meant = {table.get(word) for word in said}
    return meant.pop() if len(meant) == 1 else None
