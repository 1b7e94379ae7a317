"""Finds identifiers of indicators that cannot be codes as they are printed, or that no longer are what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from questionnaire.indicator_table.identifiers import CODE, safe_name
from questionnaire.indicator_table.records import Indicator

_MONTH = (
    r"(?:jan|feb|f[eé]v|mar|apr|abr|avr|may|mai|jun|jui|jul|aug|ago|ao[uû]|sep|set|oct|out|nov|dec|d[eé]c|dez|dic|ene)"
    r"[^\W\d_]{0,6}\.?"
)
_DAY, _YEAR = r"\d{1,2}", r"(?:\d\d|(?:19|20)\d\d)"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d.*|{_DAY}/{_DAY}/{_YEAR}|{_DAY}\.{_DAY}\.(?:19|20)\d\d"
    rf"|{_DAY}[-/ ]{_MONTH}(?:[-/ ]{_YEAR})?|{_MONTH}[-/ ]{_YEAR}",
    re.IGNORECASE,
)


def irregular_identifiers(indicators: Sequence[Indicator]) -> Iterator[tuple[str, str, Indicator]]:
    """What is unusual about the identifiers: its sort, what to say of it, and of which indicator.

    None is changed here. Those that cannot be codes, or come again, stand before their texts in the questionnaire.
    """
    known: dict[str, Indicator] = {}
    for before, one, after in zip([None, *indicators], indicators, [*indicators[1:], None], strict=False):
        printed = one.identifier
        if not printed or one.letter:
            continue
        if _DATE.fullmatch(printed):
            message = (
                f"The identifier “{printed}” looks like a date that a spreadsheet made of one such as 1.2. "
                "Type identifiers into cells of the format text."
            )
            yield "identifier_date", message, one
        elif not CODE.fullmatch(printed):
            message = f"“{printed}” cannot be a code; it was kept before the text, and a code is made up."
            yield "identifier_no_code", message, one
        other = known.setdefault(safe_name(printed).casefold(), one)
        if other is one:
            continue
        where = other.place or f"line {other.line}"
        if other.identifier == printed:
            message = f"The identifier {printed} stands at {where} too; both were kept."
            if _is_shortened(printed, before, after):
                message += (
                    f" Between its neighbours it should be {printed}0, which a spreadsheet shortens to a number. "
                    "Type identifiers into cells of the format text."
                )
            yield "identifier_repeated", message, one
        else:
            message = f"Programs take the identifier {printed} for {other.identifier} at {where}; both were kept."
            yield "identifier_alike", message, one


def _is_shortened(printed: str, before: Indicator | None, after: Indicator | None) -> bool:
    """Whether a zero is lost at the end of an identifier: 1.1 behind 1.9 or before 1.11 was 1.10."""
    head, dot, last = printed.rpartition(".")
    if not last.isdigit():
        return False
    neighbours = {one.identifier for one in (before, after) if one}
    return bool({f"{head}{dot}{int(last) * 10 - 1}", f"{head}{dot}{int(last) * 10 + 1}"} & neighbours)
