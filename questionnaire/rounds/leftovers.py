"""Finds in a round what was left from the round it was copied from, or from a year before, ahead of sending it."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.rounds.round import Round

DEMONSTRATIONS = ("demo", "demo-tables")
"""The rounds that are demonstrations, and may say so."""

_DEMONSTRATION = re.compile(r"(?i)d[ée]monstra|demostraci|acopio")
_EXAMPLE = re.compile(r"(?i)[@.]example(\.\w+)?$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEARS = re.compile(rf"({_YEAR.pattern}) ?[-–/] ?({_YEAR.pattern})")
_YEARS_LATER = 2
"""How long after its period a round is held at most."""


@dataclass(frozen=True)
class Leftover:
    """One of them: the key of its sentence in `wordings/summary.toml`, its place, what stands there."""

    key: str
    where: str
    found: str


def leftovers(round_: Round, today: dt.date) -> tuple[Leftover, ...]:
    """What nobody would want to send; nothing in the demonstrations themselves."""
    return () if round_.name in DEMONSTRATIONS else tuple(_leftovers(round_, today))


def _leftovers(round_: Round, today: dt.date) -> Iterator[Leftover]:
    for language in round_.languages:
        title = round_.title.get(language, "")
        if not title:
            yield Leftover("leftover_missing", f"round.toml, title.{language}", "—")
        elif _DEMONSTRATION.search(title):
            yield Leftover("leftover_demonstration", f"round.toml, title.{language}", title)
        elif not _fits(title, round_):
            yield Leftover("leftover_years", f"round.toml, title.{language}", title)
    if not _fits(round_.name, round_):
        yield Leftover("leftover_years", "round.toml, reference_period", str(round_.period))
    for key, value in (("name", round_.contact_name), ("email", round_.contact_email)):
        if not value.strip():
            yield Leftover("leftover_missing", f"round.toml, contact.{key}", "—")
        elif _EXAMPLE.search(value):
            yield Leftover("leftover_example", f"round.toml, contact.{key}", value)
        elif _DEMONSTRATION.search(value):
            yield Leftover("leftover_demonstration", f"round.toml, contact.{key}", value)
    if round_.return_by < today:
        yield Leftover("leftover_past", "round.toml, deadlines.return_by", round_.return_by.isoformat())
    for respondent in round_.participants:
        if not respondent.name.get(respondent.language, ""):
            yield Leftover("leftover_missing", f"respondents.csv, name_{respondent.language}", respondent.code)


def _fits(text: str, round_: Round) -> bool:
    """True if the years that a text names are those of the period, or shortly after; also if it names none.

    From one year to another is a period: it must be that of the round.
    """
    periods = [(int(start), int(end)) for start, end in _YEARS.findall(text)]
    if any(period != (round_.period.start, round_.period.end) for period in periods):
        return False
    years = [int(year) for year in _YEAR.findall(text)]
    return all(round_.period.start <= year <= round_.period.end + _YEARS_LATER for year in years)
