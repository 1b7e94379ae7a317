"""Recognises what people write around the digits of a number: about, more than, units, percent, currencies.

The tables are shown in docs/typed-answers.md. What is not in them is not understood: `less than 5` and `<5` state no
number, and `1.5 million` or `5 mil` a far greater one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from pipeline.reading.values.plain_texts import without_accents

ABOUT = (
    "≈", "~", "∼", "≃", "≅", "env.", "env", "environ", "approx.", "approx", "approximativement", "à peu près",
    "près de", "autour de", "vers", "aprox.", "aprox", "aproximadamente", "alrededor de", "cerca de", "unos", "unas",
    "hacia", "about", "approximately", "around", "circa", "ca.", "ca", "c.", "em torno de", "por volta de", "uns",
    "umas", "estimado", "estimada", "estimación", "estimé", "estimée", "estimation", "estimated", "estimate",
    "est.", "estimativa", "provisional", "provisoire", "provisório", "preliminar", "préliminaire", "preliminary",
)  # fmt: skip
"""Before or after a number: it is only about that much."""

MORE_BEFORE = (
    ">", ">=", "≥", "plus de", "au moins", "más de", "mas de", "+ de", "al menos", "more than", "over", "at least",
    "mais de", "pelo menos", "ao menos", "no menos de", "pas moins de", "not less than", "no less than", "não menos de",
)  # fmt: skip
MORE_AFTER = ("+", "ou plus", "et plus", "o más", "o mas", "y más", "or more", "and more", "ou mais", "e mais")
"""It is that much at least."""

UNITS = (
    "personnes", "personne", "agents", "agent", "cas", "victimes", "victime", "ans", "an", "personas", "persona",
    "agentes", "agente", "casos", "caso", "víctimas", "víctima", "años", "año", "persons", "person", "people",
    "officers", "officer", "cases", "case", "victims", "victim", "years", "year", "pessoas", "pessoa", "vítimas",
    "vítima", "anos", "ano",
)  # fmt: skip
"""After a number: what is counted, as the question says already."""

TOTALS = ("total", "en total", "au total", "in total", "no total", "em total", "en tout", "ao todo")
"""Before or after a number: that it is all of it."""

YEARS = (
    "l'année", "l’année", "année", "l'an", "l’an", "an", "el año", "el año de", "año", "año de", "the year", "year",
    "o ano", "ano", "ano de", "no ano", "no ano de", "en", "en el", "in", "em", "de", "del", "desde", "desde el",
    "desde o ano", "depuis", "since",
)  # fmt: skip
"""Before a year: that it is one."""

PERCENTS = (
    "%", "pour cent", "por ciento", "porciento", "por cien", "percent", "per cent", "pct", "por cento", "porcento",
)  # fmt: skip
"""After a number, the sign also before it: that it is one in a hundred."""

MARKS = ("*", "**", "***", "†")
"""Before or after a number: somewhere else there is a footnote."""

CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "ARS": ("$", "AR$", "pesos"), "BBD": ("$", "Bds$", "dollars"), "BOB": ("Bs", "Bs.", "bolivianos"),
    "BRL": ("R$", "reais"), "BSD": ("$", "B$", "dollars"), "BZD": ("$", "BZ$", "dollars"),
    "CAD": ("$", "CA$", "C$", "$CA", "$ CA", "Can$", "dollars"), "CLP": ("$", "CLP$", "pesos"),
    "COP": ("$", "COL$", "pesos"), "CRC": ("₡", "colones"), "CUP": ("$", "pesos"), "DOP": ("$", "RD$", "pesos"),
    "EUR": ("€", "euros"), "GBP": ("£",), "GTQ": ("Q", "Q.", "quetzales"), "GYD": ("$", "G$", "dollars"),
    "HNL": ("L", "L.", "lempiras"), "HTG": ("G", "gourdes"), "JMD": ("$", "J$", "dollars"),
    "MXN": ("$", "MX$", "M.N.", "MN", "pesos"), "NIO": ("C$", "córdobas"), "PAB": ("B/.", "B/", "balboas"),
    "PEN": ("S/", "S/.", "soles"), "PYG": ("₲", "Gs", "Gs.", "guaraníes"), "SRD": ("$", "Sr$", "dollars"),
    "TTD": ("$", "TT$", "dollars"),
    "USD": ("$", "US$", "U$S", "U$D", "$US", "$ US", "US $", "dollars", "dólares", "dólares estadounidenses",
            "dólares americanos", "dollars américains", "dollars US", "US dollars"),
    "UYU": ("$", "$U", "UY$", "pesos"), "VES": ("Bs", "Bs.", "bolívares"), "XCD": ("$", "EC$", "dollars"),
}  # fmt: skip
"""The signs and words of each currency (ISO 4217), beside its code; most signs are those of several currencies."""


class _Sort(Enum):
    ABOUT = auto()
    MORE = auto()
    UNIT = auto()
    PERCENT = auto()
    CURRENCY = auto()
    MINUS = auto()
    PLUS = auto()
    YEAR = auto()
    MARK = auto()


@dataclass(frozen=True)
class Words:
    """What the words around a number mean for it.

    `about`: it is approximate. `least`: it is that much or more. `currencies`: the codes its signs may stand for, None
    without any. `year`: it is a year. `marked`: a footnote belongs to it.
    """

    about: bool = False
    least: bool = False
    unit: bool = False
    percent: bool = False
    year: bool = False
    marked: bool = False
    currencies: frozenset[str] | None = None

    @property
    def asks(self) -> bool:
        """True where the number is read and somebody should look at it all the same."""
        return self.about or self.least or self.unit or self.marked


NO_WORDS = Words()


@dataclass(frozen=True)
class WordedNumber:
    """The digits of a number, from the first to the last, and what stands around them.

    `without_cents`: a stroke stands in the place of its decimals, as in `10.000.-`.
    """

    digits: str
    negative: bool
    words: Words
    without_cents: bool = False


_Entry = tuple[_Sort, frozenset[str]]
_Table = Mapping[str, _Entry]
_NO_CODES = frozenset[str]()


def _currency_texts() -> Iterator[tuple[str, frozenset[str]]]:
    signs: dict[str, set[str]] = {}
    for code, texts in CURRENCIES.items():
        for text in (code, *texts):
            for form in (text, without_accents(text)):
                signs.setdefault(form.casefold(), set()).add(code)
    yield from ((text, frozenset(codes)) for text, codes in signs.items())


def _table(**sorts: tuple[str, ...]) -> _Table:
    table = {
        form: (_Sort[sort], _NO_CODES)
        for sort, texts in sorts.items()
        for text in texts
        for form in (text, without_accents(text))
    }
    return table | {text: (_Sort.CURRENCY, codes) for text, codes in _currency_texts()}


_BEFORE = _table(
    ABOUT=ABOUT, MORE=MORE_BEFORE, UNIT=TOTALS, MINUS=("-",), PLUS=("+",), YEAR=YEARS, PERCENT=("%",), MARK=MARKS
)
_AFTER = _table(ABOUT=ABOUT, MORE=MORE_AFTER, UNIT=(*UNITS, *TOTALS), PERCENT=PERCENTS, MARK=MARKS)
_LONGEST = max(map(len, (*_BEFORE, *_AFTER)))

_AT_THE_END = re.compile(r"(?P<words>.*?)(?:[.,;!]|[.,]-+)")
"""A full stop, or the stroke in the place of cents."""

_NO_CENTS = re.compile(r"[.,]-")

_ONE_SIGN = {_Sort.PLUS: _Sort.MINUS}
"""`+-5` has two."""

_DIGITS = re.compile(r"(\D*)(\d(?:.*\d)?)(\D*)", re.ASCII)


def words_around(text: str) -> WordedNumber | None:
    """The digits in a text and what the words around them say; None where something is not in the tables."""
    found = _DIGITS.fullmatch(text)
    if found is None:
        return None
    before, after = _read(found[1].replace(":", " "), _BEFORE), _behind(found[3])
    if before is None or after is None:
        return None
    sorts = [sort for sort, _ in (*before, *after)]
    once = [_ONE_SIGN.get(sort, sort) for sort in sorts if sort not in (_Sort.CURRENCY, _Sort.YEAR)]
    if len(once) != len(set(once)):
        return None
    named = [codes for sort, codes in (*before, *after) if sort is _Sort.CURRENCY]
    currencies = frozenset.intersection(*named) if named else None
    if currencies is not None and not currencies:
        return None
    words = Words(
        about=_Sort.ABOUT in sorts,
        least=_Sort.MORE in sorts,
        unit=_Sort.UNIT in sorts,
        percent=_Sort.PERCENT in sorts,
        year=_Sort.YEAR in sorts,
        marked=_Sort.MARK in sorts,
        currencies=currencies,
    )
    return WordedNumber(found[2], _Sort.MINUS in sorts, words, _NO_CENTS.match(found[3]) is not None)


_NAMED_UNIT = re.compile(
    r"(?P<name>\D+?)\s*(?P<unit>%|\b(?:" + "|".join(sorted({without_accents(word) for word in (*UNITS, *PERCENTS[1:])}))
    + r"))\.?", re.IGNORECASE
)  # fmt: skip


def named_unit(text: str) -> tuple[str, Words]:
    """A number in words without the unit or percent behind it: `doce casos`, `cien por ciento`."""
    found = _NAMED_UNIT.fullmatch(without_accents(text).strip())
    if found is None:
        return text, NO_WORDS
    is_percent = found["unit"].casefold() in PERCENTS
    return found["name"], Words(percent=is_percent, unit=not is_percent)


def _behind(text: str) -> list[_Entry] | None:
    """What stands behind a number: without brackets around all of it, as in `30 (aprox.)`, and the sign at its end."""
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    found = _read(text, _AFTER)
    ended = _AT_THE_END.fullmatch(text)
    return _read(ended["words"], _AFTER) if found is None and ended else found


def _read(text: str, table: _Table) -> list[_Entry] | None:
    """The entries of a table that a text is made of, one after the other; None where it holds anything else."""
    found: list[_Entry] = []
    text = text.casefold()
    while text:
        if text.startswith(" "):
            text = text[1:]
            continue
        longest = next((size for size in range(min(_LONGEST, len(text)), 0, -1) if _is_entry(text, size, table)), 0)
        if not longest:
            return None
        found.append(table[text[:longest]])
        text = text[longest:]
    return found


def _is_entry(text: str, size: int, table: _Table) -> bool:
    """True where the first characters are an entry, and not the beginning of a longer word."""
    return text[:size] in table and not (text[size - 1].isalpha() and text[size : size + 1].isalpha())
