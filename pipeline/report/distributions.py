"""Shows what the levels come to: their distribution, the shares that meet an indicator, the changes between rounds."""

from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.levels import by_section
from pipeline.report.markup import Markup, Part, bar, group, heading, key, paragraph, row, table, tag
from pipeline.report.source import Row
from questionnaire.declaration.form import Indicator

_UNKNOWN = ("unknown_item", "unknown_not_accepted", "unknown_no_return")
"""The parts of the interval of a share, by why a level is not known."""


def _scopes(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """What a row of sums is about: its scope, its section, and how it is called."""
    for section in edition.round.instrument.sections:
        yield "section", section.code, edition.text(section.label) or section.code
    if len(edition.round.instrument.sections) > 1:
        yield "all", "", edition.say("total")


def distribution(edition: Edition) -> Iterator[Markup]:
    """How many answers are at each level, by section and in all, over both denominators."""
    yield paragraph(edition.say("distribution_lead"))
    yield key((look, str(rank), label) for rank, look, label in edition.ranks)
    yield paragraph(edition.say("of_two"), "note")
    columns = ("level", "count", "applicable", "responding", "share_of_applicable", "share_of_responding")
    lines = []
    for scope, section, label in _scopes(edition):
        found = edition.source.rows("measure_level_distribution", *columns, scope=scope, section=section)
        at = {one["level"]: one for one in found}
        if not at:
            continue
        applicable, responding = (next(iter(at.values()))[name] or 0 for name in ("applicable", "responding"))
        counts = [Part(look, at[rank]["count"] or 0) for rank, look, _ in edition.ranks]
        without = max(applicable - sum(part.size for part in counts), 0)
        cells = [_shares(edition, at[rank]) for rank, _, _ in edition.ranks]
        drawn = tag("span", label, bar((*counts, Part("rest", without)), applicable))
        lines.append(row(drawn, (*cells, *map(figure, (without, applicable, responding))), "plotted"))
    last = (heading(edition.say(name)) for name in ("without_level", "applicable", "responding"))
    heads = [heading(edition.say("section")), *(heading(str(rank)) for rank, _, _ in edition.ranks), *last]
    yield table(edition.say("distribution"), heads, [group("", len(heads), lines)])


def _shares(edition: Edition, one: Row) -> Markup:
    shares = (edition.percent(one[f"share_of_{of}"]) for of in ("applicable", "responding"))
    return tag("span", tag("b", figure(one["count"])), " {} ({})".format(*shares), class_="shares")


def met(edition: Edition) -> Iterator[Markup]:
    """The share that meets each indicator, with the interval that unknown levels leave open, in its parts."""
    columns = (
        "scope",
        "section",
        "indicator",
        "met_from_level",
        "applicable",
        "met",
        "share_at_least",
        "share_at_most",
    )
    found = edition.source.rows("measure_share_met", *columns, *_UNKNOWN)
    if not found:
        yield paragraph(edition.say("no_threshold"))
        return
    yield paragraph(edition.say("met_lead"))
    parts = ("met_count", *_UNKNOWN, "not_met")
    yield key((name.replace("_", "-"), "", edition.say(name)) for name in parts)
    heads = [
        heading(edition.say(name)) for name in ("indicator", "share", "met_count", *_UNKNOWN, "not_met", "applicable")
    ]
    of_indicators = {one["indicator"]: one for one in found if one["scope"] == "indicator"}

    def line(indicator: Indicator) -> Markup:
        one = of_indicators.get(indicator.code)
        if one is None:
            return row(_named(edition, indicator, Markup()), ["–"] * (len(heads) - 1), "plotted")
        since = edition.say("met_from", level=one["met_from_level"])
        return _interval(edition, _named(edition, indicator, tag("small", f" ({since})")), one)

    in_all = [
        _interval(edition, label, one)
        for scope, section, label in _scopes(edition)
        for one in found
        if (one["scope"], one["section"]) == (scope, section)
    ]
    yield table(edition.say("met"), heads, [group("", len(heads), in_all), *by_section(edition, len(heads), line)])


def _named(edition: Edition, indicator: Indicator, more: Markup) -> Markup:
    return tag("span", tag("b", indicator.code), f" {edition.text(indicator.text)}", more)


def _interval(edition: Edition, label: str, one: Row) -> Markup:
    """A row with a share, from at least to at most, and its parts."""
    whole, certain, unknown = one["applicable"] or 0, one["met"] or 0, [one[name] or 0 for name in _UNKNOWN]
    not_met = whole - certain - sum(unknown)
    looks = ("met-count", *(name.replace("_", "-") for name in _UNKNOWN), "not-met")
    counts = (certain, *unknown, not_met)
    drawn = bar(map(Part, looks, counts), whole)
    least, most = (edition.percent(one[f"share_at_{end}"]) for end in ("least", "most"))
    share = edition.span(least, most)
    return row(tag("span", label, drawn), (tag("b", share, class_="shares"), *map(figure, (*counts, whole))), "plotted")


def changes(edition: Edition) -> Iterator[Markup]:
    """How many levels are higher, the same and lower than in the previous round, and from which to which."""
    previous = edition.round.previous
    if previous is None and not edition.round.previous_answers:
        yield paragraph(edition.say("no_previous"))
        return
    counts = ("lower", "same", "higher")
    found = edition.source.rows("measure_level_change", "scope", "section", "matched", *counts)
    if not any(one["matched"] for one in found):
        yield paragraph(edition.say("no_matched"))
        return
    yield paragraph(edition.say("changes_lead", period=previous.period if previous else "–"))
    yield key((name, "", edition.say(name)) for name in counts)
    lines = [
        row(
            tag("span", label, bar((Part(name, one[name] or 0) for name in counts), one["matched"] or 0)),
            (*(figure(one[name]) for name in counts), figure(one["matched"])),
            "plotted",
        )
        for scope, section, label in _scopes(edition)
        for one in found
        if (one["scope"], one["section"]) == (scope, section)
    ]
    heads = [heading(edition.say(name)) for name in ("section", *counts, "matched")]
    yield table(edition.say("changes"), heads, [group("", len(heads), lines)])
    yield _transitions(edition)


def _transitions(edition: Edition) -> Markup:
    """From which level to which: over all indicators, and in each section."""
    heads = [
        heading(edition.say("from_to")),
        *(heading(str(rank), look) for rank, look, _ in edition.ranks),
    ]
    scopes = [*_scopes(edition)]
    groups = (
        group(label if len(scopes) > 1 else "", len(heads), _transitions_of(edition, scope, section))
        for scope, section, label in (scopes[-1], *scopes[:-1])
    )
    return table(edition.say("transitions"), heads, groups)


def _transitions_of(edition: Edition, scope: str, section: str) -> Iterator[Markup]:
    columns = ("previous_level", "level", "count")
    found = edition.source.rows("measure_level_transitions", *columns, scope=scope, section=section)
    counted = {(one["previous_level"], one["level"]): one["count"] for one in found}
    for rank, _, label in edition.ranks:
        yield row(label, (figure(counted.get((rank, other), 0)) for other, _, _ in edition.ranks))
