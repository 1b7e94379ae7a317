"""Works out what a cell shows, by its value and number format: the value itself where the format only dresses it up.

What shows something else is handed on as the text that is seen, to be judged by the same table as if it were typed
(docs/typed-answers.md). A number that its format rounds stays what it is.
"""

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.reading.values.format_codes import OPERATORS, Section, sections
from pipeline.reading.workbooks.grids import CellValue, ErrorText
from pipeline.reading.workbooks.metadata import At, Raised, Restyled, SheetMetadata
from questionnaire.rules.evaluate import WEB_PREFIXES

_DIGITS = 15
"""Significant digits that spreadsheet programs keep of a number, and show at most."""

_SIGNS = frozenset("-−()")
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_PICTURE = re.compile(r"=(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.IGNORECASE)
_BETWEEN = "/-. ,"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# A cell that shows one of these years alone most likely holds the number of a year: 2014 is a day of 1905, or of 1909
# in workbooks whose days begin in 1904.
_DAYS_OF_YEARS = (1905, 1909)


class Shown(str):
    """The text that a cell shows in place of its value, which is `value`."""

    value: CellValue

    def __new__(cls, text: str, value: CellValue) -> "Shown":
        made = super().__new__(cls, text)
        made.value = value
        return made


class Footnoted(str):
    """A text with a mark above or below its line, as it is seen; `plain` is what stands on the line."""

    plain: str
    mark: str

    def __new__(cls, text: str, raised: Raised) -> "Footnoted":
        is_behind = text == raised.text + raised.mark
        mark = raised.mark.translate(_LOWERED if raised.is_lowered else _RAISED)
        made = super().__new__(cls, raised.text + mark if is_behind else text)
        made.plain, made.mark = raised.text, raised.mark
        return made


class Linked(str):
    """A text that leads to an address outside the workbook."""

    address: str

    def __new__(cls, text: str, address: str) -> "Linked":
        made = super().__new__(cls, text)
        made.address = address
        return made


class InCellPicture(ErrorText):
    """What stands in place of a picture, or of another thing that only one program shows, in a cell."""

    __slots__ = ()
    code = "picture_in_cell"


class HiddenValue(ErrorText):
    """The text of a value that its format does not show, or not as the number that it is."""

    __slots__ = ()
    code = "hidden_value"


class Doubtful:
    """A value that a conditional format may show otherwise, or hide, where nobody here can judge whether it does."""


class DoubtfulNumber(Doubtful, float):
    """A number."""


class DoubtfulText(Doubtful, str):
    """A text."""


class DoubtfulDay(Doubtful, dt.date):
    """A day."""


class PartOfDay(dt.date):
    """A day of which its format shows a part, which is `text`; what is not seen may not be meant."""

    text: str

    @classmethod
    def of(cls, day: dt.date, text: str) -> "PartOfDay":
        """The day behind a text such as Apr-24."""
        made = cls(day.year, day.month, day.day)
        made.text = text
        return made


@lru_cache(maxsize=512)
def shows_texts(code: str) -> bool:
    """True for a number format that leaves texts as they are."""
    return not code or type(_text(".", sections(code))) is str


def is_behind(text: Linked) -> bool:
    """True for an address on the web that the text which leads to it does not say itself."""
    return text.address.lower().startswith(WEB_PREFIXES) and not text.strip().lower().startswith(WEB_PREFIXES)


def seen(value: CellValue, metadata: SheetMetadata, at: At) -> CellValue:
    """What a cell with a value shows to whoever looks at it, by what is known of its place on the sheet."""
    if at in metadata.pictures or (isinstance(value, str) and _PICTURE.match(value)):
        return InCellPicture(str(value))
    if value is False and at in metadata.boxes:
        # An empty box is no answer: nobody may have looked at it.
        return ""
    if isinstance(value, ErrorText):
        return value
    if (
        at in metadata.faint
        or (at in metadata.covered and value not in (None, ""))
        or (metadata.hides_zeros and _is_zero(value))
    ):
        return _hidden(value)
    if isinstance(value, str) and at in metadata.raised:
        return Footnoted(value, metadata.raised[at])
    if isinstance(value, str) and at in metadata.links:
        return Linked(value, metadata.links[at])
    rules = [rule for rule in metadata.restyled if rule.covers(at)]
    return _in_formats(value, metadata.number_formats.get(at, ""), rules)


def _in_formats(value: CellValue, code: str, rules: Sequence[Restyled]) -> CellValue:
    """What a cell shows by its own number format and by conditional formats, of which the first that holds counts."""
    usual = shown(value, code)
    for rule in rules:
        holds = _holds(rule, value)
        changed = _hidden(value) if rule.hides else shown(value, rule.code)
        if holds:
            return changed
        if holds is None and (type(changed), changed) != (type(usual), usual):
            return _doubted(usual)
    return usual


def _holds(rule: Restyled, value: CellValue) -> bool | None:
    """Whether a conditional format takes effect, None where that cannot be judged."""
    if rule.limits == ():
        return isinstance(value, int | float)
    if rule.limits is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return all(OPERATORS[sign](value, limit) for sign, limit in rule.limits)


def _doubted(value: CellValue) -> CellValue:
    match value:
        case PartOfDay() | ErrorText() | bool():
            return value
        case int() | float():
            return DoubtfulNumber(value)
        case str():
            return DoubtfulText(value)
        case dt.date():
            return DoubtfulDay(value.year, value.month, value.day)
        case _:
            return value


def _is_zero(value: CellValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0


def _hidden(value: CellValue) -> HiddenValue:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return HiddenValue(_written(float(value)))
    return HiddenValue(str(value).upper() if isinstance(value, bool) else str(value))


def shown(value: CellValue, code: str) -> CellValue:
    """What a cell with a value and a number format shows; `code` is "" for General."""
    match value:
        case ErrorText() | None | "":
            return value
        case str():
            return _text(value, sections(code)) if code else value
        case bool():
            return HiddenValue(str(value).upper()) if code and all(part.is_empty for part in sections(code)) else value
        case int() | float():
            number = _as_kept(value)
            return _number(number, code) if code and math.isfinite(number) else number
        case dt.date():
            return _day(value, sections(code)[0]) if code else value
        case _:
            return value


def _as_kept(number: float) -> float:
    """The number with as many digits as programs keep: 7.9999999999999991 is shown as 8 everywhere."""
    # Nothing has no sign: -0 is written as 0.
    if abs(number) < 10**_DIGITS and number == int(number):
        return number + 0.0
    return float(f"{number:.{_DIGITS}g}") + 0.0


# --- texts --------------------------------------------------------------------------------------------------


def _text(value: str, parts: Sequence[Section]) -> CellValue:
    section = parts[3] if len(parts) > 3 else next((part for part in parts if part.has_text), None)
    if section is None:
        return value
    if section.is_white:
        return HiddenValue(value)
    if not section.has_text:
        text = (section.before + section.after).strip()
        return Shown(text, value) if text else HiddenValue(value)
    text = f"{section.before}{value}{section.after}".strip()
    return Shown(text, value) if text != value.strip() else value


# --- numbers ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _number(number: float, code: str) -> CellValue:
    parts = sections(code)
    place = _place(number, parts)
    if place is None:
        return HiddenValue(_written(number))
    section = parts[place] if number or parts[place].has_zero else parts[place].for_nothing()
    if section.days:
        return number
    if section.is_empty:
        return HiddenValue(_written(number))
    is_below = number < 0 and (section.limit == ("<", 0) or (place == 1 and section.limit is None))
    if _is_plain(section, is_below):
        return number
    is_scaled = section.thousands and not (section.before + section.after).strip()
    # Digits of the format behind decimals, or behind what is rounded away, are seen as others of the number.
    is_mixed = section.after.lstrip(".,")[:1].isdigit() and (section.has_point or not number.is_integer())
    if section.between or is_scaled or is_mixed:
        return HiddenValue(_written(number))
    return Shown(_with_literals(number, section, is_below), number)


def _place(number: float, parts: Sequence[Section]) -> int | None:
    """Which section shows a number; None where none does."""
    numeric = parts[:3]
    if len(numeric) == 1:
        return None if numeric[0].holds(number) is False else 0
    usual = (number > 0 or (number == 0 and len(numeric) == 2), number < 0, True)
    for place, section in enumerate(numeric):
        holds = section.holds(number)
        is_last = place == len(numeric) - 1
        if holds or (holds is None and (usual[place] or is_last)):
            return place
    return None


def _is_plain(section: Section, is_below: bool) -> bool:
    """True where nothing but the number is seen: its digits, its sign, a colour."""
    around = "".join((section.before + section.after).split())
    if section.percents or section.thousands or section.between:
        return False
    if not section.has_digits:
        return section.has_text
    if is_below:
        return set(around) <= _SIGNS and (bool(around) or section.is_coloured)
    return not around or (around == "+" and not section.after.strip())


def _with_literals(number: float, section: Section, is_below: bool) -> str:
    amount = abs(number) if is_below else number
    # What is multiplied, and divided, is no longer exact.
    amount = _as_kept(amount * 100**section.percents / 1000**section.thousands)
    digits = _written(amount) if section.has_digits else ""
    return " ".join(f"{section.before}{digits}{section.after}".split())


def _written(number: float) -> str:
    """A number so that nobody can take its point for a sign between thousands."""
    text = f"{number:.{_DIGITS}f}".rstrip("0").rstrip(".") if abs(number) < 1 else f"{number:.{_DIGITS}g}"
    text = text if "e" not in text else f"{number:.0f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


# --- days ---------------------------------------------------------------------------------------------------


def _day(day: dt.date, section: Section) -> CellValue:
    if section.is_empty:
        return HiddenValue(day.isoformat())
    parts = {_sort(part, section.days) for part in section.days if not _is_weekday(part)} - {""}
    if not section.days or parts == {"y", "m", "d"}:
        return day
    text = _day_text(day, section) if parts else ""
    if parts == {"y"} and day.year not in _DAYS_OF_YEARS:
        return Shown(text, day)
    return PartOfDay.of(day, text or day.isoformat())


def _is_weekday(part: str) -> bool:
    return part[:1].lower() == "d" and len(part) > 2


def _sort(part: str, days: tuple[str, ...]) -> str:
    """What a part of a date format shows of a day: `y`, `m` or `d`, "" for anything else, as the month is no minute."""
    letter = part[:1].lower()
    if letter == "e":
        return "y"
    if letter == "m" and any(other[:1].lower() in ("h", "s") for other in days):
        return "m" if len(part) > 2 or any(other[:1].lower() in ("y", "d") for other in days) else ""
    return letter if letter in ("y", "m", "d") and part.isalpha() and len(set(part.lower())) == 1 else ""


def _day_text(day: dt.date, section: Section) -> str:
    texts = {
        "y": f"{day.year}", "yy": f"{day.year % 100:02}", "m": f"{day.month}", "mm": f"{day.month:02}",
        "d": f"{day.day}", "dd": f"{day.day:02}",
    }  # fmt: skip
    found = []
    for part in section.days:
        sort, low = _sort(part, section.days), part.lower()
        if sort == "y":
            found.append(texts["yy"] if low in ("y", "yy") else texts["y"])
        elif sort == "m":
            found.append(_MONTHS[day.month - 1] if len(low) > 2 else texts[low])
        elif sort == "d" and _is_weekday(part):
            found.append("")
        else:
            found.append(texts.get(low, part) if sort else part)
    return " ".join("".join(found).split()).strip(_BETWEEN)
