"""Reads the table of texts, besides codes and labels, that people type for a yes, a no or a mark; each use is reported.

A cross is a mark beside an option and says nothing where yes or no is asked. A check box that nobody touched reads
FALSE: it counts beside an option only, where no mark says as much.
"""

from questionnaire.codelists import choice_key

YES = ("sí", "si", "oui", "yes", "sim", "s", "y")
NO = ("no", "non", "não", "nao", "n")
MARKED = ("x", "×", "✓", "✔", "√", "☑", "☒", "1", "true", "vrai", "verdadero", "verdadeiro", "[x]", "(x)")
UNMARKED = ("☐", "0", "false", "faux", "falso", "[ ]", "( )", "[]", "()")

_YES = dict.fromkeys(map(choice_key, YES), True) | dict.fromkeys(map(choice_key, NO), False)
_MARKS = _YES | dict.fromkeys(map(choice_key, MARKED), True) | dict.fromkeys(map(choice_key, UNMARKED), False)


def is_yes(text: str) -> bool | None:
    """True for a yes, False for a no, None for anything else."""
    return _YES.get(choice_key(text))


def is_marked(text: str) -> bool | None:
    """True for a mark beside an option, False for what leaves it unmarked, None for anything else."""
    return _MARKS.get(choice_key(text))
