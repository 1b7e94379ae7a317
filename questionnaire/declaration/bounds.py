"""Owns what limits come to in a round: the number of a round parameter where a limit is its name."""

from collections.abc import Mapping

from questionnaire.declaration.answer_types import Limit


def bound(limit: Limit, parameters: Mapping[str, int]) -> float | None:
    """The number that a limit is in a round, None for no limit; KeyError for a parameter that the round has not."""
    return parameters[limit] if isinstance(limit, str) else limit


def bounds(limits: Mapping[str, Limit], parameters: Mapping[str, int]) -> dict[str, float | None]:
    """Each limit by its name, as `bound` gives it."""
    return {name: bound(limit, parameters) for name, limit in limits.items()}
