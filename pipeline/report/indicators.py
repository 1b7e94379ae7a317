"""Says what the codes of indicators stand for, of those that no matrix of levels names."""

from collections.abc import Iterator
from functools import partial

from pipeline.report.edition import Edition
from pipeline.report.markup import Markup, group, heading, paragraph, row, table
from questionnaire.declaration.form import Indicator, Instrument
from questionnaire.rounds.round import Round


def has_unnamed(round_: Round) -> bool:
    """Whether there are indicators without a level, which parts such as the numbers call by their codes alone."""
    return any(map(partial(_is_unnamed, round_.instrument), round_.instrument.indicators))


def indicators(edition: Edition) -> Iterator[Markup]:
    """A row for each indicator without a level: its code and its text, under the heading of its section."""
    instrument = edition.round.instrument
    yield paragraph(edition.say("indicators_lead"))
    heads = [heading(edition.say("code")), heading(edition.say("indicator"))]
    groups = []
    for section in instrument.sections:
        own = filter(partial(_is_unnamed, instrument), section.indicators)
        lines = [row(one.code, [edition.text(one.text)]) for one in own]
        if lines:
            groups.append(group(edition.text(section.label) or section.code, len(heads), lines))
    yield table(edition.say("indicators"), heads, groups, "texts")


def _is_unnamed(instrument: Instrument, indicator: Indicator) -> bool:
    """Whether an indicator is asked without a level, and so stands in no matrix."""
    return instrument.level not in indicator.field_codes
