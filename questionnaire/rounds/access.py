"""Declares for whom a result is: for the secretariat alone, or for everybody."""

from enum import StrEnum


class Access(StrEnum):
    """Who may see a table or a column; the name of the folder, among the outputs of a round, of what is theirs."""

    RESTRICTED = "restricted"
    PUBLIC = "public"
