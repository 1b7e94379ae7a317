"""Says how long a text in a cell may be, as spreadsheet programs count it: in units of UTF-16, two for an emoji."""

MOST_UNITS = 32_767
"""So many units a cell holds (Excel specifications and limits)."""

_BMP = "\uffff"
"""The last character that is one unit."""


def is_one_unit_each(text: str) -> bool:
    """True where each character is one unit, so that programs count as Python does."""
    return text.isascii() or max(text) <= _BMP


def beginning(text: str, most: int = MOST_UNITS) -> str:
    """As much of a text as so many units hold; no character is halved."""
    if len(text) * 2 <= most or is_one_unit_each(text):
        return text[:most]
    # A lone surrogate, half a character by itself, stays as it is; what is halved here is dropped.
    units = text[:most].encode("utf-16-le", "surrogatepass")[: 2 * most]
    whole = units[:-2] if 0xD8 <= units[-1] <= 0xDB else units
    return whole.decode("utf-16-le", "surrogatepass")
