"""Owns what tells that a number is a percentage: the number format of its cell."""

import re

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Parts of a format code that are shown as they stand, or not at all (ECMA-376-1, 18.8.31)."""


def shows_percent(number_format: str) -> bool:
    """True for a format in which 0.273 is shown as 27.3 %."""
    return _LITERAL.sub("", number_format).partition(";")[0].count("%") == 1
