"""Declares what a choice says: which of a respondent's files counts, where nothing else can tell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """Which content counts (SHA-256), over which others, by whom (login name), when (UTC, ISO 8601), and why."""

    sha256: str
    over: frozenset[str]
    who: str
    when: str
    why: str
