"""Declares for whom CSV is written."""

from enum import StrEnum


class Flavour(StrEnum):
    """For whom CSV is written: for programs, or for a double click in Excel."""

    PLAIN = "plain"
    EXCEL = "excel"
