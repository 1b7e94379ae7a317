"""Reads numbers that were typed as text; it refuses what it cannot be sure of.

Which texts are read as what, and which are refused, is the table in docs/typed-answers.md, every line of which is
tested. Points and commas are distinguished by where they stand: `1.234,5` and `1,234.5` have one reading each. `1.234`
has two, and only the **decimal sign** of the whole return decides between them: see `decimal_sign`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.reading.values.number_names import SEVERAL, number_named
from pipeline.reading.values.number_words import NO_WORDS, Words, named_unit, words_around
from pipeline.reading.values.plain_texts import plain_signs

# Where its use is uniform (CLDR 46). Spanish has both in the Americas: `es-MX` the point, `es-AR` the comma.
_USUAL_SIGN = {"fr": ",", "pt": ",", "en": "."}

_BULLETS = re.compile(r"[•·▪=\s]+")
_BARE_CENTS = re.compile(r"(-?\s?)([.,]\d\d?)(?!\d)(.*)", re.ASCII)
_PLAIN = re.compile(r"\d+", re.ASCII)
_SPACED = re.compile(r"([1-9]\d{0,2}(?:([ '’])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?", re.ASCII)
_BOTH = re.compile(r"([1-9]\d{0,2}(?:([.,])\d{3})(?:\2\d{3})*)(?!\2)([.,])(\d+)", re.ASCII)
_REPEATED = re.compile(r"([1-9]\d{0,2}([.,])\d{3}(?:\2\d{3})+)", re.ASCII)
_AMBIGUOUS = re.compile(r"([1-9]\d{0,2}(?:['’]\d{3})*)([.,])(\d{3})", re.ASCII)
# The Andes write millions with an apostrophe and thousands with a point: 12'345.678,90.
_MILLIONS = re.compile(r"([1-9]\d{0,2}['’]\d{3}([.,])\d{3})(?!\2)([.,])(\d+)", re.ASCII)
_NAMED_BEFORE = re.compile(r"([^\d()\[\]]+)[(\[]([^()\[\]]*\d[^()\[\]]*)[)\]]")
_NAMED_WITHIN = re.compile(r"([^()\[\]]*\d[^()\[\]\d]*?)\s*[(\[]\s*([^\d()\[\]]+)[)\]]?\s*([^()\[\]]*)")
_NAMED_BEHIND = re.compile(r"([^()\[\]]*\d)\s*[:/-]\s*([^\d()\[\]]+)()")
_DECIMAL = re.compile(r"(0|[1-9]\d*)([.,])(\d+)", re.ASCII)


@dataclass(frozen=True)
class NumberReading:
    """A number typed as text. `value` is None where it is refused; `ambiguous` where two readings were possible.

    `words` is what stands around the number: it may only be about that much, or money. `named` is the number that words
    beside it name where that is another one: the text contradicts itself.
    """

    value: float | None
    ambiguous: bool = False
    words: Words = NO_WORDS
    named: int | None = None


@dataclass(frozen=True)
class _Form:
    """How digits are written: the number if it has one reading, None if it has two, and the decimal sign it shows."""

    value: float | None
    decimal_sign: str = ""


def read_number(text: str, decimal_sign: str, whole: bool) -> NumberReading:
    """The number that a text states.

    `decimal_sign` is that of the whole return, "" where it is not known; `whole` says that only a whole number can be
    meant.
    """
    plain = _plain(text)
    digits, named = _and_name(plain)
    parts = words_around(digits)
    form = _form(parts.digits) if parts else None
    if parts is None or form is None:
        return _in_words(plain)
    ambiguous = form.value is None and named is None
    no_decimals = whole or parts.without_cents or parts.words.currencies is not None
    value = _ambiguous(parts.digits, decimal_sign, no_decimals) if form.value is None else form.value
    if named is not None:
        value = float(named)
        if value not in (_both(parts.digits) if form.value is None else (form.value,)):
            return NumberReading(None, named=named)
    if value is not None and parts.negative:
        value = -value
    return NumberReading(value, ambiguous, parts.words)


def decimal_sign(texts: Iterable[str], language: str) -> str:
    """The decimal sign of a return: the one that its numbers typed as text show, else the usual one of its language.

    "" where neither says anything, or where some of the texts show a comma and others a point.
    """
    shown = set[str]()
    for text in texts:
        parts = words_around(_plain(text))
        form = _form(parts.digits) if parts else None
        if form is not None and form.decimal_sign:
            shown.add(form.decimal_sign)
    if len(shown) > 1:
        return ""
    return shown.pop() if shown else _USUAL_SIGN.get(language, "")


def _and_name(text: str) -> tuple[str, int | None]:
    """A text without the words that repeat its number, and the number that they name: `12 (doce)`, `doce (12)`."""
    if found := _NAMED_BEFORE.fullmatch(text):
        name, digits = found[1], found[2]
    elif found := _NAMED_WITHIN.fullmatch(text) or _NAMED_BEHIND.fullmatch(text):
        digits, name = f"{found[1]} {found[3]}".strip(), found[2]
    else:
        return text, None
    name, words = named_unit(name)
    named = number_named(name)
    if words.percent and not digits.rstrip().endswith("%"):
        digits += " %"
    return (text, None) if named is None else (digits, named)


def _in_words(text: str) -> NumberReading:
    """A number in words alone, or with a unit behind them; some words are numbers only with one: `un cas`."""
    name, words = named_unit(text)
    if number_named(text) is not None:
        name, words = text, NO_WORDS
    alone = None if name.casefold() in SEVERAL and words is NO_WORDS else number_named(name)
    return NumberReading(None) if alone is None else NumberReading(float(alone), words=words)


def _plain(text: str) -> str:
    """A text with plain signs, without a bullet before it, and with the 0 that some leave out before cents."""
    plain = plain_signs(text)
    plain = plain[found.end() :] if (found := _BULLETS.match(plain)) else plain
    bare = _BARE_CENTS.fullmatch(plain)
    return f"{bare[1]}0{bare[2]}{bare[3]}" if bare else plain


def _form(text: str) -> _Form | None:
    """How the digits are written, None where they are no number."""
    if _PLAIN.fullmatch(text):
        return _Form(float(text))
    if _AMBIGUOUS.fullmatch(text):
        return _Form(None)
    if found := _MILLIONS.fullmatch(text) or _SPACED.fullmatch(text) or _BOTH.fullmatch(text):
        return _Form(_joined(found[1], found[4]), found[3] or "")
    if found := _REPEATED.fullmatch(text):
        return _Form(_joined(found[1], None), "." if found[2] == "," else ",")
    if found := _DECIMAL.fullmatch(text):
        return _Form(_joined(found[1], found[3]), found[2])
    return None


def _ambiguous(text: str, decimal_sign: str, whole: bool) -> float | None:
    """A point or comma before three digits: by the decimal sign, or because neither counts nor money have so many."""
    sign = "." if "." in text else ","
    grouped, decimal = _both(text)
    if sign == decimal_sign:
        return None if whole else decimal
    return grouped if whole or decimal_sign else None


def _both(text: str) -> tuple[float, float]:
    """The two readings of a point or comma before three digits."""
    start, end = re.split("[.,]", text)
    return _joined(start + end, None), _joined(start, end)


def _joined(whole: str, decimals: str | None) -> float:
    digits = "".join(character for character in whole if character.isdigit())
    return float(f"{digits}.{decimals or 0}")
