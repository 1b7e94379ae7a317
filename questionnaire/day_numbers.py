"""Converts the day numbers of spreadsheets: which day a number is, in both ways of counting, and how far they go."""

import datetime as dt

FIRST_DAY, LAST_DAY = 1, 2_958_465
"""The numbers of the first and the last day that Excel knows: 1900-01-01 and 9999-12-31."""

_DAY_0, _DAY_0_OF_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)

# Excel's 29 February 1900, which never was: the days before it are one off.
_NO_DAY = 60


def day_number(day: dt.date, date_1904: bool = False) -> int:
    """The number behind a cell that shows a day."""
    if date_1904:
        return (day - _DAY_0_OF_1904).days
    number = (day - _DAY_0).days
    return number if number > _NO_DAY else number - 1


def before_1904(day: dt.date) -> dt.date:
    """The day that a workbook shows for the same number where it counts from 1900 and not from 1904."""
    return day - (_DAY_0_OF_1904 - _DAY_0)


def day_of(number: float, date_1904: bool = False) -> dt.date | None:
    """The day behind a number, None where no spreadsheet program shows one."""
    if number != int(number) or not FIRST_DAY <= number <= LAST_DAY:
        return None
    if date_1904:
        return _DAY_0_OF_1904 + dt.timedelta(days=int(number))
    return _DAY_0 + dt.timedelta(days=int(number) + (1 if number < _NO_DAY else 0))
