"""Declares what reading one received file may cost at most, as a round may set it in `[limits]` of its round.toml."""

from dataclasses import dataclass

from questionnaire.tables import Settings


@dataclass(frozen=True)
class ReadingLimits:
    """What is allowed to one file; a file that needs more is one row in the register and is not read.

    `file_mb` is its size, `memory_mb` what the process that reads it may use, `cpu_seconds` and `seconds` for how
    long; `attachments` is what a mail or an archive may hold, those within it included. A questionnaire as it comes
    back needs less than a tenth of each.
    """

    file_mb: int = 128
    memory_mb: int = 2048
    cpu_seconds: int = 25
    seconds: int = 30
    attachments: int = 1000


# Less would keep out what states really send, or leave the reading process no room to start in.
_LEAST = {"file_mb": 1, "memory_mb": 512, "cpu_seconds": 1, "seconds": 1, "attachments": 1}


def read_limits(settings: Settings) -> ReadingLimits:
    """The limits that a round.toml sets in `[limits]`; what it does not name stays as it is here."""
    limits = Settings(settings.path, settings.typed("limits", dict, "a table", {}), "limits")
    found = {}
    for key, least in _LEAST.items():
        value = limits.typed(key, int, "a whole number", getattr(ReadingLimits, key))
        if value < least:
            raise limits.fault(key, f"{value} is too little to read anything", f"Write {least} or more")
        found[key] = value
    return ReadingLimits(**found)
