"""Proposes what to ask about an indicator: its type and questions, the reason, and what somebody should look at."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from questionnaire.indicator_table.identifiers import split_identifier, underscored
from questionnaire.indicator_table.records import Indicator
from questionnaire.proposals.breakdowns import disaggregation, wanted
from questionnaire.proposals.phrases import Found, Words, catalogue, phrases
from questionnaire.proposals.series import series_of
from questionnaire.proposals.units import (
    base_of,
    base_phrase,
    behind_base,
    bracketed_currency,
    closing_unit,
    counted_persons,
    counted_unit,
    counts_measure,
    leading_persons,
    multiplier_of,
    named_unit,
    offered,
    says_no_unit,
    type_of_unit,
    whole_unit,
)

_PATTERNS, _UNITS = "indicator_patterns", "unit_words"
_MEASURES = "measure_words"
_RATES = ("rate", "rates", "taux", "tasa", "taxa")
_PARTS = re.compile(r"(?<!\w)\(?[a-e]\)(?=\s)")
"""The letters of parts within a text: (a) and (b)."""
_PERCENT_SIGN = re.compile(r"[(\[]\s*(?:in|en|em)?\s*%\s*[)\]]")
_ASKED_BASES = (100, 1000, 10_000, 100_000, 1_000_000)
_FIRST_WORDS = 3
FIGURES = ("PERCENT", "CHANGE", "RATE", "RATIO", "COUNT", "NUMBER", "AMOUNT")
MEASURES = ("PERCENT", "CHANGE", "RATE", "COUNT", "NUMBER", "AMOUNT")
"""The types whose figure can stand in the cells of a table: by age, by year."""
_BY_SEX = {
    "PERCENT": ("percentage_women", "percentage_men"),
    "RATE": ("rate_women", "rate_men"),
    "COUNT": ("count_women", "count_men", "count_other_sex"),
    "NUMBER": ("value_women", "value_men"),
    "AMOUNT": ("amount_women", "amount_men"),
}
_LESS_THAN_TEXT = {
    "PERCENT": ("RATIO", "CHANGE", "RATE", "LEVEL"),
    "COUNT": ("RATIO", "RATE"),
    "NUMBER": ("RATIO", "CHANGE", "RATE", "COUNT"),
}
"""The types of units that say less than texts which show one of these types."""
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%?")
_NUMBER = re.compile(r"[<>≥≤~]?\s*-?\d[\d\s.,]*")
_PLURAL = re.compile(r"\w{2,}[^su\W]s|\w{3,}x")


@dataclass(frozen=True)
class Remark:
    """A sentence of `wordings/proposals.toml` and what is filled in."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """What is proposed for an indicator: its type, what is asked beyond the type's own questions, and why.

    `unit` is the unit that the table gives or the text names, and that its number must have, "" for none. `by` are the
    breakdowns and `years` the number of years that a table of figures asks for, none and 0 where there is none.
    Where it `counts_persons`, small numbers are not for everybody. `to_look_at` is empty where nothing is in doubt.
    """

    indicator_type: str
    questions: tuple[str, ...]
    reason: Remark
    to_look_at: tuple[Remark, ...] = ()
    unit: str = ""
    by: tuple[str, ...] = ()
    years: int = 0
    counts_persons: bool = False

    @property
    def unit_mult(self) -> int:
        """The power of ten that an amount is given in; 0 for none."""
        return multiplier_of(self.unit) if self.indicator_type == "AMOUNT" else 0

    @property
    def unit_question(self) -> str:
        """The code of the question with a unit of its own; "" where there is none."""
        pattern = UNIT_PATTERNS.get(self.indicator_type, "")
        return f"{pattern}_{underscored(self.unit).lower()[:30].rstrip('_')}" if self.unit and pattern else ""


UNIT_PATTERNS = {"NUMBER": "value", "COUNT": "count", "AMOUNT": "amount"}
"""The question of a type that a unit makes one of its own."""


def propose(indicator: Indicator, language: str, years: Collection[str] = ()) -> Proposal:
    """The proposal for an indicator of a table in a language, one of LANGUAGES; others are tried where it fails.

    `years` are those that the columns of its table are, also where they say nothing of this indicator.
    """
    words = _words_of(indicator)
    unit, found = _unit_and_phrase(indicator, words, language)
    by_unit = type_of_unit(unit)
    looks: list[Remark] = []
    if by_unit and not (found and found.group in ("of_states", "per_base")):
        type_, reason = by_unit, Remark("unit" if unit not in words.text else "named_unit", {"words": unit})
        if found and found.group != "narrative" and _contradicts(_type_of(words, found), type_):
            looks.append(Remark("look_unit", {"words": unit, "other": found.printed}))
        elif found and _type_of(words, found) in _LESS_THAN_TEXT.get(type_, ()) and not counts_measure(found, unit):
            type_, reason = _type_of(words, found), _reason(words, found)
    elif found:
        type_, reason = _type_of(words, found), _reason(words, found)
        if _rank(found.group) == 2:
            looks.append(Remark("look_weak"))
    else:
        type_, reason = _of_values(indicator)
        looks.append(Remark("look_unknown" if type_ == "TEXT" else "look_weak"))
    type_ = _as_its_values(indicator, type_, looks)
    if not unit and (named := _unit_in_text(words, found, type_)):
        unit = named
        if type_ not in ("NUMBER", "AMOUNT"):
            type_, reason = "NUMBER", Remark("named_unit", {"words": named})
            looks = [look for look in looks if look.key != "look_unknown"]
    persons = counted_persons(words, found, unit) if type_ == "COUNT" else ""
    looks += _doubts(words, found, type_, unit)
    own, unit = _own_questions(words, type_, persons or unit, looks)
    if "set_against" in own and reason.key == "per_base":
        reason = Remark("set_against", reason.values)
    extra = _second(words, found, type_, language)
    series = series_of(indicator, years) if type_ in MEASURES else 0
    if series:
        looks.append(Remark("look_series", {"years": str(series)}))
    by = _table_dimensions(indicator, words, type_, looks)
    breakdown = list(_breakdown(indicator, words, type_, by, unit, looks))
    trailing = ("figure_year", "data_source") if type_ in FIGURES else ()
    questions = tuple(dict.fromkeys((*own, *extra, *breakdown, *trailing)))
    return Proposal(type_, questions, reason, tuple(looks), unit, by, series, counts_persons=bool(persons))


def _unit_and_phrase(indicator: Indicator, words: Words, language: str) -> tuple[str, Found | None]:
    """The unit, or type of answer, of the table or of brackets in the text, and the phrase that decides, if any.

    What the brackets at the end say of the answer counts only where no sure phrase says something.
    """
    unit = _attribute(indicator, "unit") or whole_unit(_attribute(indicator, "type")) or bracketed_currency(words)
    found = _decisive(words, language, type_of_unit(unit))
    if not unit and (found is None or _rank(found.group) == 2):
        unit = closing_unit(words)
    return unit, found


def _words_of(indicator: Indicator) -> Words:
    """The words of the text, without an identifier that stands before them though a column gives another one."""
    own = split_identifier(indicator.text)
    return Words.of(own.text if own and own.sure else indicator.text)


def _as_its_values(indicator: Indicator, type_: str, looks: list[Remark]) -> str:
    """The type, but for a level whose target is a percentage, and a percentage that can be more than 100."""
    if type_ == "LEVEL" and (share := _share_aimed_at(indicator)):
        looks.append(Remark("look_target", {"words": share}))
        return "PERCENT"
    values = (one.text for one in indicator.attributes if one.role in ("baseline", "target", "year"))
    shares = (found for found in map(_SHARE.fullmatch, values) if found)
    if type_ == "PERCENT" and (over := next((one for one in shares if float(one[1].replace(",", ".")) > 100), None)):
        looks.append(Remark("look_over", {"words": over[0]}))
        return "RATE"
    return type_


def _share_aimed_at(indicator: Indicator) -> str:
    """The baseline or target that is a percentage, "" where none is."""
    return next((text for role in ("baseline", "target") if "%" in (text := _attribute(indicator, role))), "")


def _unit_in_text(words: Words, found: Found | None, type_: str) -> str:
    """The unit that the text names, where it is that of the figure; "" for none."""
    if type_ == "COUNT":
        return counted_unit(words, found) if found else ""
    is_open = type_ == "TEXT" and found is None
    unit = named_unit(words) if type_ in ("NUMBER", "AMOUNT") or is_open else ""
    return unit if type_ != "AMOUNT" or multiplier_of(unit) else ""


def _doubts(words: Words, found: Found | None, type_: str, unit: str) -> Iterator[Remark]:
    """What is proposed and may be meant otherwise: rates of anything, measures without a unit, two in one."""
    if found and found.group == "listing":
        yield Remark("look_list")
    if choices := offered(words, found):
        yield Remark("look_choice", {"words": choices})
    if parts := _PARTS.findall(words.text):
        yield Remark("look_several", {"words": " ".join(parts)})
    if type_ == "PERCENT" and found and found.printed.casefold() in _RATES and not unit and not _knows(words, "shares"):
        yield Remark("look_rate", {"words": found.printed})
    if type_ == "PERCENT" and _knows(words, "gaps"):
        yield Remark("look_gap")
    if type_ == "NUMBER" and not unit and not _knows(words, "without_unit"):
        yield Remark("look_no_unit")


def _knows(words: Words, group: str) -> bool:
    return next(words.find(group, phrases(_MEASURES, group)), None) is not None


def _decisive(words: Words, language: str, by_unit: str) -> Found | None:
    """The phrase that decides: of the language of the table, else of any.

    What begins as a change and is a percentage, such as “Change in forest area”, is one: it may be below 0.
    """
    of_change = words.find("change", phrases(_PATTERNS, "change")) if by_unit == "PERCENT" else ()
    change = next((one for one in of_change if one.at == 0), None)
    for tried in (language, ""):
        for rank in (0, 1, 2):
            found = [one for one in _all(words, tried, rank) if _may_decide(one)]
            if found:
                first = min(found, key=lambda one: (one.at, -one.length))
                return first if first.group == "percent" else change or first
    return change or leading_persons(words, language)


def _all(words: Words, language: str, rank: int) -> Iterator[Found]:
    for group, entry in catalogue(_PATTERNS).items():
        if entry["rank"] == rank:
            found = words.find(group, phrases(_PATTERNS, group, language))
            yield from (one for one in found if not entry.get("behind") or _is_behind(words, one, entry["behind"]))
    if rank == 0:
        if match := _PERCENT_SIGN.search(words.text):
            yield Found("share_of", len(words.tokens), 1, match[0])
        if base := base_phrase(words):
            yield base


def _is_behind(words: Words, found: Found, groups: Sequence[str]) -> bool:
    """Whether a phrase stands directly behind a word of one of some groups, such as “pupils” before “per teacher”.

    Behind “share of schools with” or “cost of” it says nothing of the figure.
    """
    named = (one for group in groups for one in words.find(group, phrases(_MEASURES, group)))
    if not any(one.at + one.length == found.at for one in named):
        return False
    deciding = (group for group in catalogue(_PATTERNS) if _rank(group) == 1 and group not in ("count", "measure"))
    return not any(one.at < found.at for group in deciding for one in words.find(group, phrases(_PATTERNS, group)))


def _may_decide(found: Found) -> bool:
    return found.at < _FIRST_WORDS or not _entry(found.group).get("at_start")


def _entry(group: str) -> Any:
    return catalogue(_PATTERNS).get(group, {"rank": 0, "type": "RATE"})


def _rank(group: str) -> int:
    return int(_entry(group)["rank"])


def _type_of(words: Words, found: Found) -> str:
    """The indicator type that a phrase stands for, in its place in the text."""
    if found.group == "of_states" and _stands(words, "level"):
        return "LEVEL"
    if found.group == "measure" and found.at < _FIRST_WORDS and (_stands(words, "money") or _stands(words, "amount")):
        return "AMOUNT" if not _stands(words, "count") else "NUMBER"
    if found.group == "done" and not _is_plural(words):
        return "YES_NO"
    return str(_entry(found.group)["type"])


def _reason(words: Words, found: Found) -> Remark:
    group = found.group
    if group == "done" and not _is_plural(words):
        group = "done_one"
    elif group == "measure" and _type_of(words, found) == "AMOUNT":
        group = "amount"
    return Remark(group, {"words": found.printed})


def _stands(words: Words, group: str) -> bool:
    return next(words.find(group, phrases(_PATTERNS, group)), None) is not None


def _is_plural(words: Words) -> bool:
    """Whether the text names several things: its first word of some length has a plural ending."""
    first = next((token.word for token in words.tokens if len(token.word) > 3), "")
    return _PLURAL.fullmatch(first) is not None or first in ("people", "women", "children", "police")


def _contradicts(one: str, other: str) -> bool:
    """Whether the two types are not answers of one sort."""
    sorts = ({"YES_NO", "LEVEL", "TEXT"}, {"DATE", "YEAR"}, {"WEB"}, set(FIGURES))
    return one != other and not any({one, other} <= sort for sort in sorts)


def _of_values(indicator: Indicator) -> tuple[str, Remark]:
    """What baselines and targets show, where the text shows nothing."""
    for role in ("baseline", "target", "year"):
        value = _attribute(indicator, role)
        if "%" in value:
            return "PERCENT", Remark("values", {"words": value})
        if next(Words.of(value).find("", phrases(_UNITS, "yes_no")), None) or value.casefold() in _YES_OR_NO:
            return "YES_NO", Remark("values", {"words": value})
        if _NUMBER.fullmatch(value):
            return "NUMBER", Remark("values", {"words": value})
    return "TEXT", Remark("unknown")


_YES_OR_NO = frozenset(("yes", "no", "oui", "non", "sí", "si", "sim", "não"))


def _attribute(indicator: Indicator, role: str) -> str:
    return next((one.text for one in indicator.attributes if one.role == role and one.text.strip()), "")


def _own_questions(words: Words, type_: str, unit: str, looks: list[Remark]) -> tuple[tuple[str, ...], str]:
    """The questions of one indicator in the place of those of its type, and the unit that they need."""
    if type_ == "RATE":
        base = base_of(words.text) or base_of(unit)
        if base is None and (type_of_unit(unit) == "PERCENT" or any(look.key == "look_over" for look in looks)):
            # More than the whole, such as pupils of any age set against the children of an age.
            return ("numerator", "set_against", "number_per_100", "given_per_100"), ""
        if base is None:
            looks.append(Remark("look_base"))
        if base not in _ASKED_BASES:
            return ("rate", "cases", "population"), ""
        behind = behind_base(words.text if base_of(words.text) else unit)
        if behind.tokens and not _knows(behind, "population"):
            return ("numerator", "set_against", f"number_per_{base}", f"given_per_{base}"), ""
        return ("cases", "population", f"cases_per_{base}", f"rate_per_{base}"), ""
    if type_ == "NUMBER" and unit and type_of_unit(unit) == "NUMBER":
        return ("-value",), unit
    if type_ == "COUNT" and unit and not says_no_unit(unit):
        return ("-count",), unit
    if type_ == "AMOUNT" and multiplier_of(unit):
        return ("-amount",), unit
    return (), ""


def _second(words: Words, found: Found | None, type_: str, language: str) -> tuple[str, ...]:
    """What “number and proportion” asks beside the first."""
    if found is None:
        return ()
    near = words.tokens[found.at : found.at + 6]
    joined = any(token.word in ("and", "et", "y", "e") for token in near[:4])
    if not joined:
        return ()
    after = Words(words.text, near)
    if type_ == "COUNT" and next(after.find("percent", phrases(_PATTERNS, "percent", language)), None):
        return ("percent_of_all",)
    if type_ == "PERCENT" and next(after.find("count", phrases(_PATTERNS, "count", language)), None):
        return ("count",)
    return ()


def _table_dimensions(indicator: Indicator, words: Words, type_: str, looks: list[Remark]) -> tuple[str, ...]:
    """The breakdowns that a table asks for: by age, and by sex beside it."""
    groups = {one.group for one in wanted(indicator, words)}
    if type_ not in MEASURES or "age" not in groups:
        return ()
    looks.append(Remark("look_ages"))
    return tuple(group for group in ("sex", "age") if group in groups)


def _breakdown(
    indicator: Indicator, words: Words, type_: str, by: tuple[str, ...], unit: str, looks: list[Remark]
) -> Iterator[str]:
    """The questions by sex, and a text for other breakdowns, where `by` of a table does not ask for them."""
    if type_ not in FIGURES:
        return
    named = wanted(indicator, words)
    others = list(dict.fromkeys(one.printed for one in named if one.group not in ("sex", *by)))
    sex = next((one.printed for one in named if one.group == "sex" and "sex" not in by), "")
    if sex and type_ in _BY_SEX and not (type_ == "AMOUNT" and unit):
        looks.append(Remark("look_sex"))
        yield from _BY_SEX[type_]
    elif sex:
        others.insert(0, sex)
    if not named and (unknown := disaggregation(indicator)):
        others = [unknown]
    if others:
        looks.append(Remark("look_table", {"words": ", ".join(others)}))
        yield "breakdown"
