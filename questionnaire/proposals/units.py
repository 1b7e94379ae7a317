"""Finds the unit of an indicator, in the column of units or in its text, and what sort of answer a unit stands for."""

import re
from collections.abc import Sequence

from questionnaire.proposals.phrases import Found, Phrase, Words, catalogue, phrases

_UNITS, _MEASURES = "unit_words", "measure_words"
_BRACKETED = re.compile(r"[(\[]\s*(?:in\s|en\s|em\s)?([^()\[\]]+)[)\]]")
_CLOSING = re.compile(r"[(\[]\s*(?:in\s|en\s|em\s)?([^()\[\]]+)[)\]]\W*$")
_BASE = re.compile(
    r"\b(?:per|pour|par|por|cada)\s+(?:each\s+|every\s+|cada\s+|chaque\s+)?"
    r"(?P<number>100?\s+(?:thousand|mil(?:le)?)|10{0,2}(?:[\s.,]000){1,2}|10{2,6}|1\s*million\w*|million|mill[oó]n|"
    r"milh[aã]o|thousand|mil(?:le)?)\b",
    re.IGNORECASE,
)
_BASES = (("100", 100_000), ("10", 10_000))
_EACH = re.compile(r"/|\b(?:per|par|por|cada)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Za-z]{0,3}\$|[€£¥₡₲]|\bS/\.?(?!\w)")
_POWER = re.compile(r"(?<![A-Za-z])(k|M|Md|Mrd)\s?(?=[€$£])")
_POWERS = {"k": "thousand", "M": "million", "Md": "billion", "Mrd": "billion"}
_SIGNS = frozenset((
    "t", "kt", "mt", "g", "kg", "mg", "ug", "μg", "ng", "l", "dl", "ml", "hl", "m", "cm", "mm", "km", "m2", "m3", "km2",
    "km3", "ha", "w", "kw", "mw", "gw", "wh", "kwh", "mwh", "gwh", "twh", "j", "kj", "mj", "gj", "tj", "tep", "toe",
    "ktoe", "h", "min", "ppm", "ppb", "db", "co2e", "tco2e", "ktco2e", "mtco2e", "mmol",
))  # fmt: skip
"""Signs of units, which mean one only in brackets: (km/h), (g/dl), (kt)."""
_ENDS = re.compile(r"[(\[,:;–—]|\s-\s|$")
_SAME_IN_PLURAL = frozenset(("people", "women", "men", "children", "police", "personnel"))
_LONGEST = 40
_NOUN = 4
"""So many words behind “number of” is what is counted, unless it ends before: “newly identified adult victims”."""
_NUMBERS = ("number", "nombre", "numero", "n", "no", "nb", "count", "unit", "units", "unite", "unites", "unidad",
            "unidades", "unidade", "cantidad", "quantidade", "#")  # fmt: skip
"""What a column of units says of a count that has none."""


def spelled(unit: str) -> str:
    """A unit with words in the place of the signs of currencies: “million currency” for M€."""
    return _CURRENCY.sub(" currency ", _POWER.sub(lambda found: f"{_POWERS[found[1]]} ", unit))


def type_of_unit(unit: str) -> str:
    """The indicator type that a unit stands for; NUMBER for one that is not known, "" for none."""
    unit = spelled(unit)
    if _BASE.search(Words.of(unit).text):
        return "RATE"
    counted, *each = _EACH.split(unit, maxsplit=1)
    for name, entry in catalogue(_UNITS).items():
        words = Words.of(unit if name == "yes_no" else counted)
        if next(words.find(name, phrases(_UNITS, name)), None):
            # Litres a person are no persons, and dollars a head no amount.
            return "NUMBER" if each and entry["type"] in ("COUNT", "AMOUNT") else str(entry["type"])
    return "NUMBER" if Words.of(unit).tokens and len(unit) <= _LONGEST and any(map(str.isalpha, unit)) else ""


def multiplier_of(unit: str) -> int:
    """The power of ten that an amount is given in, such as 6 for USD million; 0 for none."""
    words = Words.of(spelled(unit))
    found = (power for power in ("9", "6", "3") if next(words.find(power, phrases(_MEASURES, f"times_{power}")), None))
    return int(next(found, "0"))


def says_no_unit(unit: str) -> bool:
    """Whether a unit says only that something is counted, such as “number”."""
    return all(token.word in _NUMBERS for token in Words.of(unit).tokens)


def is_measured(unit: str) -> bool:
    """Whether a unit is one of measures, such as hectares, of which there can be parts."""
    return next(Words.of(unit).find("units", phrases(_MEASURES, "units")), None) is not None


def counts_measure(counting: Found, unit: str) -> bool:
    """Whether “number of” is said of a measure, such as hectares: then the unit says more."""
    return counting.group == "count" and is_measured(unit)


def named_unit(words: Words) -> str:
    """The unit that a text names, as in “in days”, “(hectares)” or “average number of hours”; "" for none."""
    if unit := bracketed_unit(words):
        return unit
    ends = {0, *(one.at + one.length for one in words.find("before", phrases(_MEASURES, "before")))}
    return next((one.printed for one in words.find("units", phrases(_MEASURES, "units")) if one.at in ends), "")


def bracketed_unit(words: Words) -> str:
    """The unit in brackets, "" where there is none."""
    return next((text.strip() for text in _BRACKETED.findall(words.text) if _is_unit(text)), "")


def _is_unit(text: str) -> bool:
    """Whether a text is a unit, or one for each of something: “hours/week”, “kg/inhabitant/year”."""
    first, *each = _EACH.split(text)
    unit = Words.of(first)
    if len(unit.tokens) == 1 and unit.tokens[0].word in _SIGNS:
        return True
    return len(each) < 3 and _is_all(unit, "units", phrases(_MEASURES, "units"))


def _is_all(words: Words, group: str, known: Sequence[Phrase]) -> bool:
    return any(one.length == len(words.tokens) for one in words.find(group, known))


def closing_unit(words: Words) -> str:
    """The brackets that end a text and say only how to answer, such as “(persons)”, “(%)” and “(yes/no)”; else ""."""
    match = _CLOSING.search(words.text)
    return whole_unit(match[1] if match else "", ("yes_no", "percent", "count"))


def whole_unit(text: str, groups: Sequence[str] = ("yes_no", "percent", "amount", "date", "text", "count")) -> str:
    """A text that is wholly one of these sorts of units, such as a type of answer “Yes/No” or “Date”; else ""."""
    known = (group for group in groups if _is_all(Words.of(text), group, phrases(_UNITS, group)))
    return text.strip() if next(known, "") else ""


def offered(words: Words, found: Found | None) -> str:
    """The answers that a text offers, where they are more than yes and no: “(yes / no / partly)”; else ""."""
    if found and found.group == "choice":
        return words.text[words.tokens[found.at].start :].partition(":")[2].strip(" ?.") or found.printed
    match = _CLOSING.search(words.text)
    unit = Words.of(match[1] if match else "")
    more = (one for one in unit.find("yes_no", phrases(_UNITS, "yes_no")) if one.length < len(unit.tokens))
    return unit.text.strip() if next(more, None) else ""


def leading_persons(words: Words, language: str) -> Found | None:
    """The persons, several, that a text begins with and is about: “Road traffic deaths”, “Médicos en actividad”."""
    start = Words.of(words.text[: _ENDS.search(words.text).start()])  # type: ignore[union-attr]
    end = next((one.at for one in start.find("linking", phrases(_MEASURES, "linking"))), len(start.tokens))
    for one in start.find("persons", phrases(_MEASURES, "persons")):
        last = one.at + one.length
        named = start.tokens[last - 1].word
        # The noun comes last in English, unless a participle follows it, and first in the others.
        ends = last == end or (one.at == 0 and start.tokens[last].word.endswith(("ing", "ed")))
        is_subject = ends if language == "en" else one.at == 0
        if is_subject and (named.endswith("s") or named in _SAME_IN_PLURAL):
            return Found("persons", 0, 0, start.printed(one.at, last))
    return None


def bracketed_currency(words: Words) -> str:
    """The currency in brackets that an amount is given in, such as “(USD)” and “(constant 2015 USD)”; "" for none."""
    for text in map(str.strip, _BRACKETED.findall(words.text)):
        unit = Words.of(spelled(text))
        found = list(unit.find("amount", phrases(_UNITS, "amount")))
        is_power = bool(multiplier_of(text))
        if (
            found
            and (is_power or found[-1].at + found[-1].length == len(unit.tokens))
            and type_of_unit(text) == "AMOUNT"
        ):
            return text
    return ""


def counted_unit(words: Words, counting: Found) -> str:
    """The unit of a measure that “number of” counts, as in “number of hectares”; "" where it counts things."""
    end = counting.at + counting.length
    of_text = words.find("units", phrases(_MEASURES, "units"))
    return bracketed_unit(words) or next((one.printed for one in of_text if one.at == end), "")


def counted_persons(words: Words, counting: Found | None, unit: str) -> str:
    """The persons that are counted, by the unit or by what “number of” stands before; "" where others are counted."""
    persons = phrases(_MEASURES, "persons")
    if unit and not says_no_unit(unit):
        return next((unit for _ in Words.of(unit).find("persons", persons)), "")
    if counting is None:
        return ""
    start = counting.at + counting.length
    linking = (one.at for one in words.find("linking", phrases(_MEASURES, "linking")) if one.at >= start)
    end = min(next(linking, len(words.tokens)), start + _NOUN)
    named = [one for one in words.find("persons", persons) if start <= one.at < end]
    return words.printed(named[0].at, named[-1].at + named[-1].length) if named else ""


def base_phrase(words: Words) -> Found | None:
    """Where a text says per how many, as a finding of the group `per_base`."""
    if match := _BASE.search(words.text):
        at = next(n for n, token in enumerate(words.tokens) if token.start >= match.start())
        return Found("per_base", at, len(match[0].split()), match[0])
    return None


def base_of(text: str) -> int | None:
    """The number that “per” stands before, None for none."""
    found = _BASE.search(text)
    if found is None:
        return None
    number = found["number"].casefold()
    if digits := re.fullmatch(r"[\d\s.,]+", number):
        return int(re.sub(r"\D", "", digits[0]))
    if "mil" in number and ("ion" in number or "ón" in number or "ão" in number or "hao" in number):
        return 1_000_000
    return next((base for start, base in _BASES if number.startswith(start + " ")), 1000)


def behind_base(text: str) -> Words:
    """What stands behind “per 100”: that which the figure is related to; no words where there is no such number."""
    found = _BASE.search(text)
    return Words.of(text[found.end() :] if found else "")
