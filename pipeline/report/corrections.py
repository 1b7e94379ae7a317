"""Lists what respondents still have to correct; for the secretariat alone, since files and values are named."""

from collections.abc import Iterator

from pipeline.report.edition import Edition
from pipeline.report.markup import Markup, group, heading, paragraph, row, table, tag
from pipeline.report.source import Row
from questionnaire.rounds.standings import Verdict
from questionnaire.rules.rule import Severity

MOST_SHOWN = 200
"""How many findings the page lists."""

_GRAVE = (str(Severity.BLOCKER), str(Severity.ERROR))
_SETTLED = (Verdict.SUPERSEDED, Verdict.DUPLICATE)
"""The verdicts on files in which nothing is left to correct, since another file stands in their place."""


def corrections(edition: Edition) -> Iterator[Markup]:
    """Blockers, then errors, of the files that may still count, in the order of the frame."""
    settled = {one["file"] for one in edition.source.rows("returns", "file", "verdict") if one["verdict"] in _SETTLED}
    columns = ("severity", "respondent", "indicator", "field", "file", "sheet", "cell", "message", "remedy")
    found = [
        one
        for one in edition.source.rows("findings", *columns)
        if one["severity"] in _GRAVE and one["file"] not in settled
    ]
    if not found:
        yield paragraph(edition.say("no_corrections"))
        return
    yield paragraph(edition.say("corrections_lead"))
    if len(found) > MOST_SHOWN:
        yield paragraph(edition.say("more_corrections", shown=MOST_SHOWN, n=len(found)))
    order = {respondent.code: place for place, respondent in enumerate(edition.round.respondents)}
    found.sort(key=lambda one: (_GRAVE.index(one["severity"]), order.get(one["respondent"], len(order))))
    heads = [heading(edition.say(name)) for name in ("participant", "question", "place", "what", "to_do")]
    lines = (_line(edition, one) for one in found[:MOST_SHOWN])
    yield table(edition.say("corrections"), heads, [group("", len(heads), lines)], "texts places")


def _line(edition: Edition, one: Row) -> Markup:
    grave = tag("b", edition.say(one["severity"]), class_=one["severity"])
    respondent = edition.name(one["respondent"]) if one["respondent"] else "–"
    question = " ".join(part for part in (one["indicator"], one["field"]) if part) or "–"
    place = ", ".join(part for part in (one["file"], one["sheet"], one["cell"]) if part)
    said = (tag("span", one[name] or "", lang=edition.round.working_language) for name in ("message", "remedy"))
    return row(tag("span", respondent, " ", grave), (question, place, *said))
