"""Gives the sections and indicators of a table the codes by which an instrument calls them."""

import re
from collections import Counter
from collections.abc import Sequence

from questionnaire.indicator_table.identifiers import letters, safe_names
from questionnaire.indicator_table.records import Indicator

_NOT_FIRST = "I"
"""Stands before identifiers that begin with a digit: a code begins with a letter."""
_LONGEST = 24
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,5}")


def section_codes(headings: Sequence[str], printed: dict[str, str]) -> dict[str, str]:
    """A code for each heading: the one `printed` with it, else its first letter where no other begins so, else A, B …

    Where no section has a heading, the only one is S, as in instruments that declare none.
    """
    if list(headings) == [""]:
        return {"": "S"}
    marks = [printed.get(heading, "") for heading in headings]
    if all(map(_CODE.fullmatch, marks)) and len({mark.casefold() for mark in marks}) == len(marks):
        return dict(zip(headings, marks, strict=True))
    initials = [safe_names([heading])[0][:1].upper() for heading in headings]
    if all(letter.isalpha() and letter != "X" for letter in initials) and len(set(initials)) == len(initials):
        return dict(zip(headings, initials, strict=True))
    return {heading: letters(number).upper() for number, heading in enumerate(headings, 1)}


def objective_numbers(indicators: Sequence[Indicator]) -> list[str]:
    """The number of each indicator's objective: as printed, else its place in its section."""
    seen: dict[str, dict[tuple[str, str, int], int]] = {}
    numbers = []
    for one in indicators:
        within = seen.setdefault(one.section, {})
        place = within.setdefault((one.objective_number, one.objective, one.objective_line), len(within) + 1)
        numbers.append(one.objective_number or str(place))
    return numbers


def indicator_codes(indicators: Sequence[Indicator], sections: dict[str, str]) -> list[str]:
    """A code for each: its printed identifier where no other has it, else one of section, objective and letter."""
    printed = [one.identifier if not one.letter else "" for one in indicators]
    times = Counter(map(str.casefold, printed))
    numbers = objective_numbers(indicators)
    siblings = Counter(_objective(one, number) for one, number in zip(indicators, numbers, strict=True))
    places: Counter[tuple[str, str]] = Counter()
    wanted = []
    for one, own, number in zip(indicators, printed, numbers, strict=True):
        objective = _objective(one, number)
        places[objective] += 1
        if own and times[own.casefold()] == 1:
            name = safe_names([own])[0]
            wanted.append((name if name[0].isalpha() else _NOT_FIRST + name)[:_LONGEST])
        else:
            letter = letters(places[objective]) if siblings[objective] > 1 else ""
            head, *rest = safe_names([number])[0].split("_")
            wanted.append("_".join([sections[one.section] + head.zfill(2), *rest]) + letter)
    return safe_names(wanted)


def _objective(one: Indicator, number: str) -> tuple[str, str]:
    return one.section, number
