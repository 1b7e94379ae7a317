"""Writes the report of a round: for each edition a page per language, whole in itself, of its own tables alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.report.adoption import adoption
from pipeline.report.agreements import agreements
from pipeline.report.corrections import corrections
from pipeline.report.distributions import changes, distribution, met
from pipeline.report.edition import Edition, figure
from pipeline.report.indicators import has_unnamed, indicators
from pipeline.report.levels import matrix
from pipeline.report.list_changes import compares_lists, list_changes
from pipeline.report.markup import Markup, joined, paragraph, tag
from pipeline.report.numbers import numbers
from pipeline.report.provenance import coverage_sentence, language_names, method, provenance
from pipeline.report.response import nonresponse, response
from pipeline.report.scores import scores
from pipeline.report.source import Source
from pipeline.report.tables import has_tables, tables
from pipeline.validation.completeness import Coverage
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round

REPORT = "report"
"""The folder of the pages, among the results."""

_STYLE = Path(__file__).parent / "pages" / "report.css"
_OF_LEVELS = ("matrix", "distribution", "met", "scores", "changes")
_OF_ANSWERS = (*_OF_LEVELS, "adoption", "indicators", "numbers", "tables", "nonresponse", "agreements", "list_changes")
_SECTIONS: Mapping[str, Callable[[Edition], Iterator[Markup]]] = {
    "response": response,
    "matrix": matrix,
    "distribution": distribution,
    "met": met,
    "scores": scores,
    "changes": changes,
    "adoption": adoption,
    "indicators": indicators,
    "numbers": numbers,
    "tables": tables,
    "nonresponse": nonresponse,
    "agreements": agreements,
    "list_changes": list_changes,
    "corrections": corrections,
    "method": method,
    "provenance": provenance,
}
"""The parts of a page in their order; provenance is the last, since it lists what the others have read."""


def write_report(round_: Round, coverage: Coverage, folders: Mapping[Access, Path]) -> None:
    """Write `report/index.html` in the working language, and one page for each other language, into every folder."""
    for access, folder in folders.items():
        source = Source(folder)
        (folder / REPORT).mkdir()
        for language in LANGUAGES:
            page = report_page(Edition(round_, access, language, source, coverage))
            (folder / REPORT / page_name(round_, language)).write_text(page, encoding="utf-8", newline="\n")


def page_name(round_: Round, language: str) -> str:
    """The file of the page in a language."""
    return "index.html" if language == round_.working_language else f"{language}.html"


def report_page(edition: Edition) -> str:
    """A page that needs no other file, no network and no script."""
    parts = {name: joined(content(edition), "\n") for name, content in _sections(edition).items()}
    title = f"{edition.say('title')} – {edition.text(edition.round.title)}"
    links = (tag("li", tag("a", edition.say(name), href=f"#{name}")) for name in parts)
    body = [
        tag("a", edition.say("skip"), href="#contents", class_="skip"),
        _header(edition),
        tag("nav", tag("h2", edition.say("contents")), tag("ol", *links), id="contents", class_="contents"),
        *(
            tag("section", tag("h2", edition.say(name), id=f"h-{name}"), content, id=name, aria_labelledby=f"h-{name}")
            for name, content in parts.items()
        ),
    ]
    head = (
        '<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{tag('title', title)}\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n"
    )
    page = tag("body", tag("main", joined(body, "\n")))
    return f'<!DOCTYPE html>\n<html lang="{edition.language}">\n<head>\n{head}</head>\n{page}\n</html>\n'


def _sections(edition: Edition) -> dict[str, Callable[[Edition], Iterator[Markup]]]:
    """What a page holds: in a round without levels or without an accepted return, the reason stands there once."""
    chosen = dict(_SECTIONS)
    if edition.access is not Access.RESTRICTED:
        del chosen["corrections"]
    if not compares_lists(edition.round):
        del chosen["list_changes"]
    if not has_unnamed(edition.round):
        del chosen["indicators"]
    if not has_tables(edition.round):
        del chosen["tables"]
    if not _responding(edition):
        _leave_out(chosen, _OF_ANSWERS, edition.say("nothing_accepted"))
    elif not edition.ranks:
        _leave_out(chosen, _OF_LEVELS, edition.say("no_levels"))
    return chosen


def _responding(edition: Edition) -> int:
    """Of how many participants something is published; of those who answer in parts, not all of it may have come."""
    counted: int | None = edition.source.row("measure_unit_response", "responding")["responding"]
    return counted or 0


def _leave_out(chosen: dict[str, Callable[[Edition], Iterator[Markup]]], names: Sequence[str], reason: str) -> None:
    """Say in the first of these parts why it and the others are not there."""
    first, *others = names
    chosen[first] = lambda _: iter((paragraph(reason),))
    for name in others:
        chosen.pop(name, None)


def _header(edition: Edition) -> Markup:
    """What it is, for whom, how complete, in which other languages; the figures that everything else hangs on."""
    provisional = edition.coverage.provisional
    figures = edition.source.row("measure_unit_response", "participants", "returned", "responding", "response_rate")
    counted = {
        "asked": figures["participants"],
        "returned": figures["returned"],
        "accepted": figures["responding"],
        "response_rate": edition.percent(figures["response_rate"]),
    }
    boxes = (
        tag("li", tag("b", figure(value)), " ", edition.say(name, n=value or 0)) for name, value in counted.items()
    )
    return tag(
        "header",
        _languages(edition),
        paragraph(edition.text(edition.round.title), "kicker"),
        tag("h1", edition.say("title")),
        paragraph(edition.say(f"access_{edition.access}"), f"access {edition.access}"),
        paragraph(coverage_sentence(edition), "status open" if provisional else "status good"),
        paragraph(edition.say("one_accepted")) if _responding(edition) == 1 else Markup(),
        tag("ul", *boxes, class_="figures"),
    )


def _languages(edition: Edition) -> Markup:
    """Links to the page in each language; that of this page is no link."""
    links = (
        tag("li", tag("b", name, lang=language, aria_current="page"))
        if language == edition.language
        else tag("li", tag("a", name, href=page_name(edition.round, language), lang=language, hreflang=language))
        for language, name in language_names().items()
    )
    return tag("nav", tag("ul", *links), class_="languages", aria_label=edition.say("languages"))
