"""Shows who names whom in the lists that are compared between partners, and how many pairs confirm each other."""

from collections import Counter
from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.levels import MOST_COLUMNS
from pipeline.report.markup import Markup, group, heading, key, paragraph, row, table, tag
from pipeline.report.source import Row
from questionnaire.declaration.blocks import ListBlock

_SIGNS = {"confirmed": "●", "contradicted": "◐", "unknown": "○"}


def agreements(edition: Edition) -> Iterator[Markup]:
    """For each such list a matrix of participants, and the numbers of pairs by indicator."""
    lists = [block for block in edition.round.instrument.lists if block.bilateral is not None]
    if not lists:
        yield paragraph(edition.say("no_agreements"))
    columns = ("indicator", "respondent", "partner", "respondent_names_partner", "partner_names_respondent")
    for block in lists:
        found = edition.source.rows("measure_bilateral", *columns, "consistency", list=block.code)
        label = edition.text(block.label)
        if not found:
            yield paragraph(edition.say("no_pairs", list=label))
            continue
        named = {one[side] for one in found for side in ("respondent", "partner")}
        if len(named) > MOST_COLUMNS:
            yield paragraph(edition.say("agreements_too_many", list=label, n=len(named)))
        else:
            yield paragraph(edition.say("agreements_lead", list=label))
            yield key(("pair", sign, edition.say(words)) for words, sign in _SIGNS.items())
            yield _matrix(edition, label, [one for one in found if not one["indicator"]], named)
        yield _counts(edition, block, found)


def _matrix(edition: Edition, label: str, pairs: list[Row], named: set[str]) -> Markup:
    """A row for each participant that names or is named and whose return is published, a column for each of them."""
    codes = [respondent.code for respondent in edition.round.respondents if respondent.code in named]
    names: dict[tuple[str, str], str] = {}
    published = set()
    for one in pairs:
        for side, other in (("respondent", "partner"), ("partner", "respondent")):
            said = one[f"{side}_names_{other}"]
            if said is not None:
                published.add(one[side])
            if said:
                names[one[side], one[other]] = one["consistency"]
    lines = []
    for code in codes:
        if code not in published:
            continue
        cells = (
            tag("td", *_sign(edition, names.get((code, other), "")), class_="self" if other == code else "")
            for other in codes
        )
        lines.append(tag("tr", tag("th", edition.name(code), scope="row"), *cells))
    columns = (tag("th", tag("abbr", code, title=edition.name(code)), scope="col", class_="code") for code in codes)
    heads = [heading(edition.say("participant")), *columns]
    return table(label, heads, [group("", len(heads), lines)], "matrix pairs")


def _sign(edition: Edition, consistency: str) -> Iterator[Markup]:
    if consistency:
        yield tag("span", _SIGNS[consistency], aria_hidden="true")
        yield tag("span", edition.say(consistency), class_="spoken")


def _counts(edition: Edition, block: ListBlock, found: list[Row]) -> Markup:
    """How many pairs are confirmed, contradicted and unknown, for each indicator of the list."""
    counted = Counter((one["indicator"], one["consistency"]) for one in found)
    lines = [
        row(
            indicator or edition.say("any_indicator"),
            (figure(counted[indicator, consistency]) for consistency in _SIGNS),
        )
        for indicator in ("", *block.indicators)
        if any(counted[indicator, consistency] for consistency in _SIGNS)
    ]
    heads = [heading(edition.say("indicator")), *(heading(f"{_SIGNS[name]} {edition.say(name)}") for name in _SIGNS)]
    return table(f"{edition.text(block.label)} – {edition.say('pairs')}", heads, [group("", len(heads), lines)])
