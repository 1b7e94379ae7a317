"""Says what the codes of indicators stand for, of those that no matrix of levels names."""

from collections.abc import Iterator

from pipeline.report.edition import Edition
from pipeline.report.markup import Markup, group, heading, paragraph, row, table
from questionnaire.rounds.round import Round


def has_unnamed(round_: Round) -> bool:
    """Whether there are indicators without a level, which parts such as the numbers call by their codes alone."""
    return any(round_.instrument.level not in one.field_codes for one in round_.instrument.indicators)


def indicators(edition: Edition) -> Iterator[Markup]:
    """A row for each indicator without a level: its code and its text, under the heading of its section."""
    instrument = edition.round.instrument
    yield paragraph(edition.say("indicators_lead"))
    heads = [heading(edition.say("code")), heading(edition.say("indicator"))]
    groups = []
    for section in instrument.sections:
        lines = [
            row(one.code, [edition.text(one.text)])
            for one in section.indicators
            if instrument.level not in one.field_codes
        ]
        if lines:
            groups.append(group(edition.text(section.label) or section.code, len(heads), lines))
    yield table(edition.say("indicators"), heads, groups, "texts")
