"""Reduces texts to what decides their meaning: plain digits and signs, and words without accents and punctuation."""

import re
import unicodedata
from functools import lru_cache

from questionnaire.blanks import visible_text

_SIGNS = str.maketrans("٫٬，．％٪＄－−–´", ",’,.%%$---’")
"""Arabic and full-width signs, dashes and accents in the place of apostrophes, by the plain ones."""

_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "‘": "’", "«": "»", "‹": "›"}
_TEXT_SIGN = "'"
"""Spreadsheets take what is typed behind it as text; it stays where a cell has the format of a text."""

_BETWEEN = re.compile(r"[\s\-!¡‐‑‒–—―:;.,()\[\]\"'’‘“”«»_/|=→·•▪*†]+")
_NO_DECIMALS = re.compile(r"(?<![\d.,])(\d+)[.,]0{1,2}(?!\d)")
_BELOW_ZERO = re.compile(r"-\s*\d+(?!\d|\s*[-—:]\s*\D)")
_ORDINAL = re.compile(r"(?<=\d)(?:\.?[ºª°]|(?:st|nd|rd|th|er|ro|do|to)\b)")


def plain_signs(text: str) -> str:
    """The text as it is seen, unquoted, with all digits as 0 to 9, and the signs of numbers as ASCII has them."""
    text = _unquoted(visible_text(text))
    if text.isascii():
        return text
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return "".join(digits).translate(_SIGNS)


def _unquoted(text: str) -> str:
    """A text without the quotation marks around it, and without the sign of a text before it."""
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        return text[1:-1].strip()
    return text.removeprefix(_TEXT_SIGN)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text: small letters without accents, numbers without zeros before or behind; none for `-4`.

    Signs that mean something, such as % and ?, stay where they are; what only stands between words does not, nor
    the mark of a footnote or the end of an ordinal number.
    """
    text = plain_signs(text).casefold()
    if _BELOW_ZERO.match(text):
        return ()
    text = _NO_DECIMALS.sub(r"\1", without_accents(_ORDINAL.sub("", text)))
    return tuple(word.lstrip("0") or "0" if word.isdecimal() else word for word in _BETWEEN.split(text) if word)


def without_accents(text: str) -> str:
    """The text with its letters as ASCII has them, where it has them."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
