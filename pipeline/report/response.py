"""Shows who has answered, on a tile map where respondents are states, and which questions were left unanswered."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, Part, bar, group, heading, key, paragraph, row, table, tag
from pipeline.report.source import Row
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.messages import long_date, say, with_colon
from questionnaire.rounds.standings import NO_RETURN, STANDINGS, Verdict

MOST_NAMED = 100
"""How many respondents that stand alike a table names; of more it gives the number."""

_WORST = 15
_TILES = Path(__file__).parent / "pages" / "tiles.csv"
_SIGNS = {"accepted": "✓", "pending": "!", "none": "–", "not_asked": "×"}
"""What stands in a tile beside the code, by its look."""


def response(edition: Edition) -> Iterator[Markup]:
    """The response rate, the map, and a table of how each respondent stands."""
    rows = edition.source.rows("respondents", "respondent", "participates", "response")
    yield paragraph(edition.say("response_lead", date=long_date(edition.round.sent_on, edition.language)))
    places = _places()
    on_map = sum(one["respondent"] in places for one in rows) * 2 >= len(rows) > 0
    drawn = (tag("div", *_tile_map(edition, rows, places)),) if on_map else ()
    yield tag("div", *drawn, _standings(edition, rows), class_="who")


@cache
def _places() -> Mapping[str, tuple[str, str]]:
    """Where the tile of a state stands: its column and row, by ISO 3166-1 alpha-3 code."""
    with _TILES.open(encoding="utf-8", newline="") as lines:
        return {line["code"]: (line["column"], line["row"]) for line in csv.DictReader(lines)}


def _tile_map(edition: Edition, rows: list[Row], places: Mapping[str, tuple[str, str]]) -> Iterator[Markup]:
    """The map, and below it the tiles of those that have no place on it."""
    yield paragraph(edition.say("map"), "note")
    on_map = [one for one in rows if one["respondent"] in places]
    yield tag("ul", *(_tile(edition, one, places[one["respondent"]]) for one in on_map), class_="tiles")
    if beside := [one for one in rows if one["respondent"] not in places]:
        yield tag("ul", *(_tile(edition, one, None) for one in beside[:MOST_NAMED]), class_="tiles beside")
    yield key((f"tile-{look}", sign, edition.say(f"tile_{look}")) for look, sign in _SIGNS.items())


def _tile(edition: Edition, one: Row, place: tuple[str, str] | None) -> Markup:
    look = _look(one)
    style = f"grid-column:{place[0]};grid-row:{place[1]}" if place else ""
    spoken = with_colon(edition.name(one["respondent"]), edition.say(f"tile_{look}"), edition.language)
    seen = tag("span", one["respondent"], tag("b", _SIGNS[look]), aria_hidden="true")
    return tag("li", seen, tag("span", spoken, class_="spoken"), class_=f"tile-{look}", style=style, title=spoken)


def _look(one: Row) -> str:
    if not one["participates"]:
        return "not_asked"
    return {str(Verdict.ACCEPTED): "accepted", NO_RETURN: "none"}.get(one["response"], "pending")


def _standings(edition: Edition, rows: list[Row]) -> Markup:
    """How many stand how, and which ones."""
    by_standing: dict[str, list[str]] = defaultdict(list)
    for one in rows:
        by_standing[one["response"] if one["participates"] else "not_asked"].append(one["respondent"])
    lines = []
    for standing in (*STANDINGS, "not_asked"):
        codes = by_standing[standing]
        if not codes:
            continue
        catalogue, words = ("report", standing) if standing == "not_asked" else ("summary", f"count_{standing}")
        few = len(codes) <= MOST_NAMED
        which = ", ".join(map(edition.name, codes)) if few else edition.say("too_many_named", n=figure(len(codes)))
        lines.append(row(say(catalogue, words, edition.language, n=len(codes)), (figure(len(codes)), which)))
    heads = [heading(edition.say(name)) for name in ("standing", "number", "who")]
    return table(edition.say("response"), heads, [group("", 3, lines)], "texts standings")


_REASONS = ("blank", "not_available", "confidential", "unreadable")


def nonresponse(edition: Edition) -> Iterator[Markup]:
    """Of the questions that concern a participant, how many have no answer: by section, and where most."""
    counts = ("applicable", "nonresponse", *_REASONS)
    rows = edition.source.rows("measure_item_nonresponse", "section", "indicator", "field", "required", *counts)
    yield paragraph(edition.say("nonresponse_lead"))
    sections = []
    for section in edition.round.instrument.sections:
        summed: Counter[str] = Counter()
        for one in rows:
            if one["section"] == section.code:
                summed.update({name: one[name] or 0 for name in counts})
        sections.append(_unanswered(edition, edition.text(section.label) or section.code, summed))
    heads = [heading(edition.say(name)) for name in ("section", "unanswered", "applicable", "share", *_REASONS)]
    yield table(edition.say("nonresponse"), heads, [group("", len(heads), sections)])
    left = sorted((one for one in rows if one["nonresponse"]), key=lambda one: -one["nonresponse"] / one["applicable"])
    if not left:
        yield paragraph(edition.say("nonresponse_none"))
        return
    lines = [_unanswered(edition, _question(edition, one), one) for one in left[:_WORST]]
    heads[0] = heading(edition.say("question"))
    yield table(edition.say("nonresponse_worst"), heads, [group("", len(heads), lines)])
    yield paragraph(edition.say("nonresponse_more"), "note")


def _question(edition: Edition, one: Row) -> Markup:
    """The indicator and the question of a row, and whether it may be left out."""
    instrument, (block, _, column) = edition.round.instrument, one["field"].partition(".")
    of_table = instrument.blocks.get(block) if column else None
    if isinstance(of_table, TableBlock):
        label = f"{edition.text(of_table.label)}: {edition.text(of_table.field(column).label)}"
    else:
        label = edition.text(instrument.indicator(one["indicator"]).field(one["field"]).label)
    optional = Markup() if one["required"] else tag("small", f" ({edition.say('optional')})")
    return tag("span", tag("b", one["indicator"]), f" {label}", optional)


def _unanswered(edition: Edition, label: str, one: Row) -> Markup:
    """A row on how much is unanswered, with its bar."""
    whole, missing = one["applicable"] or 0, one["nonresponse"] or 0
    head = tag("span", label, bar((Part("missing", missing), Part("rest", whole - missing)), whole))
    share = edition.percent(missing / whole if whole else None)
    return row(head, (figure(missing), figure(whole), share, *(figure(one[name] or 0) for name in _REASONS)), "plotted")
