"""Shows in which years things were first adopted: the curve over all indicators, and the periods of each."""

from collections import Counter
from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, Part, bar, group, heading, key, paragraph, row, table, tag
from pipeline.report.source import Row

MOST_YEARS = 40
"""How many years the curve has; what is earlier stands together in the first."""

_STEP = 5
_LOOKS = ("level4", "level3", "level2", "level1")
"""The looks of the periods, from the earliest, which has no beginning, to the latest."""


def adoption(edition: Edition) -> Iterator[Markup]:
    """For each question about such a year its curve and the periods of each indicator."""
    found = edition.source.rows("measure_adoption", "indicator", "field", "year", "adopted_in_year")
    if not found:
        yield paragraph(edition.say("no_adoption"))
        return
    yield paragraph(edition.say("adoption_lead"))
    for field in dict.fromkeys(one["field"] for one in found):
        asked = {
            one["indicator"]: one["responding"] or 0
            for one in edition.source.rows("measure_item_nonresponse", "indicator", "responding", field=field)
        }
        own = [one for one in found if one["field"] == field]
        label = edition.text(edition.round.instrument.indicator(own[0]["indicator"]).field(field).label)
        yield _curve(edition, label, own, sum(asked.values()))
        yield from _periods(edition, label, own, asked)


def _curve(edition: Edition, label: str, found: list[Row], asked: int) -> Markup:
    """A row for each year, its bar as long as what was adopted by then; read downwards, the bars are the curve."""
    in_year: Counter[int] = Counter()
    for one in found:
        in_year[one["year"]] += one["adopted_in_year"]
    last = max(in_year)
    first = max(min(in_year), last - MOST_YEARS + 1)
    lines, by_then = [], sum(count for year, count in in_year.items() if year < first)
    for year in range(first, last + 1):
        new = in_year[year] + (by_then if year == first else 0)
        by_then += in_year[year]
        name = f"≤ {year}" if year == first > min(in_year) else str(year)
        drawn = tag("span", name, bar((Part("met-count", by_then), Part("rest", asked - by_then)), asked))
        share = edition.percent(by_then / asked if asked else None)
        lines.append(row(drawn, (figure(new), figure(by_then), share), "plotted"))
    heads = [heading(edition.say(name)) for name in ("year", "adopted_in_year", "adopted_by_year", "share")]
    return table(f"{label} – {edition.say('adoption_all')}", heads, [group("", len(heads), lines)], "years")


def _periods(edition: Edition, label: str, found: list[Row], asked: dict[str, int]) -> Iterator[Markup]:
    """A row for each indicator: how many adopted it in which period, and how many give no year."""
    last = max(one["year"] for one in found)
    starts = [last - _STEP * step + 1 for step in range(len(_LOOKS) - 1, 0, -1)]
    names = [f"≤\u00a0{starts[0] - 1}", *(f"{start}–{start + _STEP - 1}" for start in starts)]
    counted: dict[str, Counter[int]] = {}
    for one in found:
        period = sum(one["year"] >= start for start in starts)
        counted.setdefault(one["indicator"], Counter())[period] += one["adopted_in_year"]
    heads = [heading(edition.say("indicator")), *(heading(name, "period") for name in names)]
    heads += [heading(edition.say(name)) for name in ("without_year", "responding")]
    groups = []
    for section in edition.round.instrument.sections:
        lines = []
        for indicator in section.indicators:
            if indicator.code not in asked:
                continue
            counts = [counted.get(indicator.code, Counter())[period] for period in range(len(_LOOKS))]
            without = asked[indicator.code] - sum(counts)
            drawn = bar((*map(Part, _LOOKS, counts), Part("rest", without)), asked[indicator.code])
            head = tag("span", tag("b", indicator.code), f" {edition.text(indicator.text)}", drawn)
            lines.append(row(head, map(figure, (*counts, without, asked[indicator.code])), "plotted"))
        if lines:
            groups.append(group(edition.text(section.label) or section.code, len(heads), lines))
    yield key(
        (
            *((look, "", name) for look, name in zip(_LOOKS, names, strict=True)),
            ("rest", "", edition.say("without_year")),
        )
    )
    yield table(f"{label} – {edition.say('adoption_periods')}", heads, groups)
