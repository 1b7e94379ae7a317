"""Reduces texts to what decides their meaning: plain digits and signs, and words without accents and punctuation."""

import re
import unicodedata
from functools import lru_cache

from questionnaire.blanks import visible_text

_SIGNS = str.maketrans("٫٬，．％٪＄－−–", ",’,.%%$---")
"""Arabic and full-width signs and dashes, by the plain ones."""

_BETWEEN = re.compile(r"[\s\-!¡‐‑‒–—―:;.,()\[\]\"'’‘“”«»_/|=→·•▪]+")
_NO_DECIMALS = re.compile(r"(?<![\d.,])(\d+)[.,]0{1,2}(?!\d)")
_BELOW_ZERO = re.compile(r"-\s*\d")


def plain_signs(text: str) -> str:
    """The text as it is seen, with the digits of any script as 0 to 9, and the signs of numbers as ASCII has them."""
    text = visible_text(text)
    if text.isascii():
        return text
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return "".join(digits).translate(_SIGNS)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text: small letters without accents, numbers without zeros before or behind; none for `-4`.

    Signs that mean something, such as % and ?, stay where they are; what only stands between words does not.
    """
    text = plain_signs(text).casefold()
    if _BELOW_ZERO.match(text):
        return ()
    text = _NO_DECIMALS.sub(r"\1", without_accents(text))
    return tuple(word.lstrip("0") or "0" if word.isdecimal() else word for word in _BETWEEN.split(text) if word)


def without_accents(text: str) -> str:
    """The text with its letters as ASCII has them, where it has them."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
