"""Reads numbers written as words, in four languages: `doce`, `vingt et un`, `one hundred and five`."""

import re
from collections.abc import Mapping, Sequence

from pipeline.reading.values.plain_texts import words

NAMES: Mapping[int, tuple[str, ...]] = {
    0: ("zéro", "cero", "zero"),
    1: ("un", "une", "uno", "una", "one", "um", "uma"),
    2: ("deux", "dos", "two", "dois", "duas"),
    3: ("trois", "tres", "three", "três"),
    4: ("quatre", "cuatro", "four", "quatro"),
    5: ("cinq", "cinco", "five"),
    6: ("six", "seis"),
    7: ("sept", "siete", "seven", "sete"),
    8: ("huit", "ocho", "eight", "oito"),
    9: ("neuf", "nueve", "nine", "nove"),
    10: ("dix", "diez", "ten", "dez"),
    11: ("onze", "once", "eleven"),
    12: ("douze", "doce", "twelve", "doze"),
    13: ("treize", "trece", "thirteen", "treze"),
    14: ("quatorze", "catorce", "fourteen", "catorze"),
    15: ("quinze", "quince", "fifteen"),
    16: ("seize", "dieciséis", "sixteen", "dezesseis", "dezasseis"),
    17: ("diecisiete", "seventeen", "dezessete", "dezassete"),
    18: ("dieciocho", "eighteen", "dezoito"),
    19: ("diecinueve", "nineteen", "dezenove", "dezanove"),
    20: ("vingt", "veinte", "twenty", "vinte"),
    21: ("veintiuno", "veintiún", "veintiuna"),
    22: ("veintidós",),
    23: ("veintitrés",),
    24: ("veinticuatro",),
    25: ("veinticinco",),
    26: ("veintiséis",),
    27: ("veintisiete",),
    28: ("veintiocho",),
    29: ("veintinueve",),
    30: ("trente", "treinta", "thirty", "trinta"),
    40: ("quarante", "cuarenta", "forty", "quarenta"),
    50: ("cinquante", "cincuenta", "fifty", "cinquenta"),
    60: ("soixante", "sesenta", "sixty", "sessenta"),
    70: ("septante", "setenta", "seventy"),
    80: ("huitante", "ochenta", "eighty", "oitenta"),
    90: ("nonante", "noventa", "ninety"),
    100: ("cent", "cents", "cien", "ciento", "hundred", "cem", "cento"),
    200: ("doscientos", "doscientas", "duzentos", "duzentas"),
    300: ("trescientos", "trescientas", "trezentos", "trezentas"),
    400: ("cuatrocientos", "cuatrocientas", "quatrocentos", "quatrocentas"),
    500: ("quinientos", "quinientas", "quinhentos", "quinhentas"),
    600: ("seiscientos", "seiscientas", "seiscentos", "seiscentas"),
    700: ("setecientos", "setecientas", "setecentos", "setecentas"),
    800: ("ochocientos", "ochocientas", "oitocentos", "oitocentas"),
    900: ("novecientos", "novecientas", "novecentos", "novecentas"),
    1000: ("mille", "mil", "thousand"),
}  # fmt: skip
"""The words that numbers are put together of."""

SEVERAL = frozenset({"once", "un", "une", "una", "um", "uma", "cent", "cents", "hundred", "mil", "mille", "thousand"})
"""Words that mean something else as well: they agree with a number, and are none alone."""

_VALUES = {words(name)[0]: number for number, names in NAMES.items() for name in names}
_HUNDRED, _THOUSAND = 100, 1000
_LINKS = frozenset({"et", "y", "e", "and"})
_FOURSCORE = re.compile(r"quatre vingts?\b")
_FRENCH_TENS = (60, 80)
"""What French counts on from to seventy-nine and ninety-nine."""


def number_named(text: str) -> int | None:
    """The number that words name, None for anything else."""
    joined = _FOURSCORE.sub("huitante", " ".join(words(text)))
    parts = joined.split()
    if not parts or parts[0] in _LINKS or parts[-1] in _LINKS:
        return None
    values = [_VALUES.get(part) for part in parts if part not in _LINKS]
    numbers = [value for value in values if value is not None]
    return _together(numbers) if len(numbers) == len(values) else None


def _together(numbers: Sequence[int]) -> int | None:
    """The number of its parts, from the greatest down; there may be several hundreds and thousands."""
    if _THOUSAND in numbers:
        at = numbers.index(_THOUSAND)
        times, rest = _below(numbers[:at] or (1,)), _below(numbers[at + 1 :] or (0,))
        return times * _THOUSAND + rest if times and rest is not None else None
    return _below(numbers)


def _below(numbers: Sequence[int]) -> int | None:
    """The number of parts that come to less than a thousand."""
    if numbers[1:2] == [_HUNDRED] and 1 <= numbers[0] <= 9:
        numbers = [numbers[0] * _HUNDRED, *numbers[2:]]
    if len(numbers) == 1:
        return numbers[0] if numbers[0] < _THOUSAND else None
    total, room = 0, _THOUSAND
    for number in numbers:
        if not 0 < number < room:
            return None
        total, room = total + number, _room(number)
    return total


def _room(number: int) -> int:
    """What may follow a part is less than this."""
    if number >= _HUNDRED:
        return _HUNDRED
    if number in _FRENCH_TENS:
        return 20
    return 10 if number % 10 == 0 else 1
