"""Shows the section scores of each participant with the levels behind them, and what the composite owes to weights."""

from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.levels import MOST_COLUMNS
from pipeline.report.markup import Markup, Part, bar, group, heading, key, paragraph, row, table, tag
from pipeline.report.source import Row
from questionnaire.declaration.form import Section
from schemas.tables.measures import level_count


def scores(edition: Edition) -> Iterator[Markup]:
    """A row for each participant with an accepted return, in the order of the frame: this is no league table."""
    counts = tuple(level_count(rank) for rank, _, _ in edition.ranks)
    found = edition.source.rows("measure_section_scores", "respondent", "section", "answered_items", "score", *counts)
    answered = [one for one in found if one["answered_items"] is not None]
    respondents = list(dict.fromkeys(one["respondent"] for one in answered))
    yield paragraph(edition.say("scores_lead"))
    if len(respondents) > MOST_COLUMNS:
        yield paragraph(edition.say("scores_too_many", most=MOST_COLUMNS, n=len(respondents)))
        return
    scored = {one["section"] for one in answered}
    sections = [section for section in edition.round.instrument.sections if section.code in scored]
    of = {(one["respondent"], one["section"]): one for one in answered}
    columns = ("composite", "rank", "best_rank", "worst_rank", "lowest_composite", "highest_composite")
    composites = edition.source.rows("measure_composite", "respondent", "weighting", *columns)
    equal = {one["respondent"]: one for one in composites if one["weighting"] == "equal"}
    yield key((look, str(rank), label) for rank, look, label in edition.ranks)
    heads = [heading(edition.say("participant")), *(heading(edition.text(one.label) or one.code) for one in sections)]
    several = len(sections) > 1
    if several:
        heads += [heading(edition.say(name)) for name in ("composite", "composite_range", "rank", "rank_range")]
    lines = (
        row(
            edition.name(code),
            (
                *(_score(edition, of.get((code, section.code))) for section in sections),
                *(_composite(edition, equal.get(code)) if several else ()),
            ),
        )
        for code in respondents
    )
    yield table(edition.say("scores"), heads, [group("", len(heads), lines)], "scores")
    if several and not composites:
        yield paragraph(edition.say("no_composite"))
    elif several:
        yield paragraph(edition.say("composite_lead"), "note")
        yield _weightings(edition, sections, composites)


def _score(edition: Edition, one: Row | None) -> Markup:
    """A score, with the number of indicators at each level, which it is never shown without."""
    if one is None:
        return Markup("–")
    at_level = [one[level_count(rank)] or 0 for rank, _, _ in edition.ranks]
    looks = (look for _, look, _ in edition.ranks)
    numbers = " ".join(map(str, at_level))
    return tag(
        "span", tag("b", edition.decimal(one["score"])), bar(map(Part, looks, at_level), sum(at_level)), " ",
        tag("small", numbers, class_="shares"),
    )  # fmt: skip


def _composite(edition: Edition, one: Row | None) -> tuple[str, ...]:
    if one is None:
        return ("–",) * 4
    spread = (edition.decimal(one[f"{end}_composite"]) for end in ("lowest", "highest"))
    ranks = (figure(one[f"{end}_rank"]) for end in ("best", "worst"))
    return (
        edition.decimal(one["composite"]),
        tag("span", edition.span(*spread), class_="shares"),
        figure(one["rank"]),
        tag("span", edition.span(*ranks), class_="shares"),
    )


def _weightings(edition: Edition, sections: list[Section], composites: list[Row]) -> Markup:
    """The composite and the rank of each participant under each weighting."""
    labels = {section.code: edition.text(section.label) or section.code for section in sections}
    names = {"equal": edition.say("weighting_equal"), "items": edition.say("weighting_items")}
    for sort in ("double", "without"):
        names |= {f"{sort}_{code}": edition.say(f"weighting_{sort}", section=label) for code, label in labels.items()}
    by_respondent: dict[str, dict[str, str]] = {}
    for one in composites:
        shown = f"{edition.decimal(one['composite'])} ({figure(one['rank'])})"
        by_respondent.setdefault(one["respondent"], {})[one["weighting"]] = shown
    heads = [heading(edition.say("participant")), *(heading(name) for name in names.values())]
    lines = (
        row(edition.name(code), (tag("span", shown.get(name, "–"), class_="shares") for name in names))
        for code, shown in by_respondent.items()
    )
    return table(edition.say("weightings"), heads, [group("", len(heads), lines)])
