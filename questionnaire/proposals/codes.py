"""Gives the sections and indicators of a table the codes by which an instrument calls them."""

from collections import Counter
from collections.abc import Sequence
from itertools import count

from questionnaire.indicator_table.identifiers import CODE, is_below, letters, objective_code, safe_name, underscored
from questionnaire.indicator_table.records import Indicator

_LONGEST_SECTION = 12
"""Signs of a printed identifier that can be the code of a section, which stands on the tab of its sheet."""


def section_codes(headings: Sequence[str], printed: dict[str, str]) -> dict[str, str]:
    """A code for each heading: the one `printed` with it, else its first letter where no other begins so, else A, B …

    Where no section has a heading, the only one is S, as in instruments that declare none.
    """
    if list(headings) == [""]:
        return {"": "S"}
    marks = [printed.get(heading, "") for heading in headings]
    can_be = all(CODE.fullmatch(mark) and len(mark) <= _LONGEST_SECTION for mark in marks)
    if can_be and len({mark.casefold() for mark in marks}) == len(marks):
        return dict(zip(headings, marks, strict=True))
    initials = [underscored(heading)[:1].upper() for heading in headings]
    if all(letter.isalpha() and letter != "X" for letter in initials) and len(set(initials)) == len(initials):
        return dict(zip(headings, initials, strict=True))
    return {heading: letters(number).upper() for number, heading in enumerate(headings, 1)}


def objective_numbers(indicators: Sequence[Indicator]) -> list[str]:
    """The number of each indicator's objective: as printed, else the next that no other of its section has."""
    printed = {(one.section, one.objective_number) for one in indicators}
    seen: dict[tuple[str, str, str, int], str] = {}
    for one in indicators:
        objective = (one.section, one.objective_number, one.objective, one.objective_line)
        if objective not in seen:
            within = sum(section == one.section for section, *_ in seen)
            free = (str(number) for number in count(within + 1) if (one.section, str(number)) not in printed)
            number = one.objective_number or next(free)
            printed.add((one.section, number))
            seen[objective] = number
    return [seen[one.section, one.objective_number, one.objective, one.objective_line] for one in indicators]


def indicator_codes(indicators: Sequence[Indicator], sections: dict[str, str]) -> list[str]:
    """A code for each: its identifier as printed, where it can be a code; else one of section, objective and letter.

    It cannot where another one has it too, or one that programs take for the same, such as 1-a beside 1.A. A letter
    counts within its objective, unless every indicator has one of its own.
    """
    lettered = all(one.letter for one in indicators) and len({one.letter for one in indicators}) == len(indicators)
    printed = [
        one.identifier if (lettered or not one.letter) and CODE.fullmatch(one.identifier) else "" for one in indicators
    ]
    times = Counter(map(_known_as, filter(None, printed)))
    numbers = objective_numbers(indicators)
    siblings = Counter(_objective(one, number) for one, number in zip(indicators, numbers, strict=True))
    places: Counter[tuple[str, str]] = Counter()
    taken = set(times)
    codes = []
    for one, own, number in zip(indicators, printed, numbers, strict=True):
        objective = _objective(one, number)
        places[objective] += 1
        if own and times[_known_as(own)] == 1:
            codes.append(own)
            continue
        letter = letters(places[objective]) if siblings[objective] > 1 else ""
        codes.append(_free(_code_within(sections[one.section], number) + letter, taken))
    return codes


def _code_within(section: str, number: str) -> str:
    """The code of an objective of a section: its number, where that continues the section's, as 1.2 does 1."""
    if is_below(number, section) and CODE.fullmatch(number):
        return number
    return objective_code(section, underscored(number).replace("_", "."))


def _known_as(code: str) -> str:
    """By what programs tell codes apart that do not distinguish capitals."""
    return safe_name(code).casefold()


def _free(wanted: str, taken: set[str]) -> str:
    """The code, with a number where it is taken; it is `taken` from then on."""
    code, number = wanted, 1
    while _known_as(code) in taken:
        number += 1
        code = f"{wanted}_{number}"
    taken.add(_known_as(code))
    return code


def _objective(one: Indicator, number: str) -> tuple[str, str]:
    return one.section, number
