"""Says how the figures were made and what they were made of: the method note, the tables read and their hashes."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, group, heading, joined, paragraph, row, table, tag
from questionnaire.messages import LANGUAGES, long_date, say, wording
from questionnaire.rounds.access import Access

_BRIEF = "SHA-256"


def method(edition: Edition) -> Iterator[Markup]:
    """What is counted and how, and what the levels mean."""
    round_ = edition.round
    frame = edition.source.row("measure_unit_response", "frame_size", "participants")
    yield paragraph(
        edition.say(
            "method_frame", date=long_date(round_.sent_on, edition.language), size=figure(frame["frame_size"]),
            asked=figure(frame["participants"]), period=round_.period,
        )
    )  # fmt: skip
    notes = ["method_published"]
    if edition.ranks:
        notes += ["method_levels", "method_interval", "method_scores"]
    notes.append("method_rounding")
    if edition.access is Access.PUBLIC:
        notes.append("method_disclosure")
    yield from (paragraph(edition.say(note)) for note in notes)
    if edition.language != round_.instrument.official_language:
        yield paragraph(edition.text(round_.instrument.unofficial), "note")
    scale = round_.instrument.level_scale
    if scale is not None:
        lines = (row(edition.text(code.label), (edition.text(code.definition),)) for code in scale.ranked)
        heads = [heading(edition.say("level")), heading(edition.say("level_means"))]
        yield table(edition.say("method_scale"), heads, [group("", 2, lines)], "texts")


def provenance(edition: Edition) -> Iterator[Markup]:
    """Which edition, which run, which version, and the hash of every table that figures were taken from."""
    instrument, hashes = edition.round.instrument, edition.source.hashes
    lines = "".join(f"{digest}  {name}\n" for name, digest in hashes.items())
    facts = {
        "instrument": f"{instrument.name}, {instrument.edition}",
        "fingerprint": instrument.fingerprint,
        "round": f"{edition.round.name} ({edition.round.period})",
        "run": hashlib.sha256(lines.encode()).hexdigest(),
        "version": version("acopio"),
    }
    listed = (joined((tag("dt", edition.say(name)), tag("dd", value))) for name, value in facts.items())
    yield tag("dl", *listed)
    yield paragraph(edition.say("provenance_lead"))
    rows = (row(name, (tag("code", digest),)) for name, digest in hashes.items())
    heads = [heading(edition.say("table")), heading(_BRIEF)]
    yield table(edition.say("provenance"), heads, [group("", 2, rows)], "texts")


def language_names() -> dict[str, str]:
    """The languages that pages are in, each by its own name."""
    return {language: wording("workbook", f"language_{language}")[language] for language in LANGUAGES}


def coverage_sentence(edition: Edition) -> str:
    """How complete the dataset is, as the end of `acopio consolidate` says it."""
    mark = "about_provisional_value" if edition.coverage.provisional else "about_complete_value"
    return say("dataset", mark, edition.language, **edition.coverage.figures)
