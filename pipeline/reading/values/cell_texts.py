"""Writes what stands in a cell as the text that a person would have typed."""

import datetime as dt

from pipeline.reading.values.shown import PartOfDay
from pipeline.reading.workbooks.grids import CellValue
from questionnaire.blanks import is_blank


def cell_text(value: CellValue) -> str:
    """What was typed, as text: whole numbers without decimals, days in ISO 8601, "" for nothing visible."""
    match value:
        case None:
            return ""
        case str():
            return "" if not value or is_blank(value) else str(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case PartOfDay():
            return value.text
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return _span(value) if isinstance(value, dt.timedelta) else str(value)


def _span(value: dt.timedelta) -> str:
    """Hours, minutes and seconds, as programs show a span of time."""
    minutes, seconds = divmod(abs(int(value.total_seconds())), 60)
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
