"""Shows how the numbers that participants gave are spread, question by question, and what they add up to."""

from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, Part, bar, group, heading, key, paragraph, row, table, tag
from pipeline.report.source import Row
from questionnaire.declaration.answer_types import Money, SingleChoice
from questionnaire.declaration.blocks import Field
from schemas.tables.parts import type_tables

_FIGURES = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")
_LOOKS = ("rest", "level1", "level3", "level3", "level1")
"""How what lies below each of these figures looks in a bar, from 0 to the highest."""

_STEPS = 1000
_KEY = ("table", "indicator", "column", "unit")


def numbers(edition: Edition) -> Iterator[Markup]:
    """A row for each question for a quantity that some participant answered, in the order of the questionnaire."""
    rows = edition.source.rows("measure_quartiles", *_KEY, "reporting", *_FIGURES)
    if not rows:
        yield paragraph(edition.say("numbers_none"))
        return
    yield paragraph(edition.say("numbers_lead"))
    yield key((look, "", edition.say(f"numbers_{look}")) for look in ("level3", "level1"))
    sums = {tuple(one[name] for name in _KEY): one["sum"] for one in edition.source.rows("measure_sums", *_KEY, "sum")}
    fields = {
        (table_.name, column.name): column.field
        for table_ in type_tables(edition.round.instrument)
        for column in table_.columns
        if column.field is not None and not column.is_status
    }
    heads = [heading(edition.say(name)) for name in ("question", "tables_reporting", *_FIGURES, "sum")]
    groups = []
    for section in edition.round.instrument.sections:
        lines = [
            _spread(edition, one, fields[one["table"], one["column"]], sums.get(tuple(one[name] for name in _KEY)))
            for indicator in section.indicators
            for one in rows
            if one["indicator"] == indicator.code
        ]
        if lines:
            groups.append(group(edition.text(section.label) or section.code, len(heads), lines))
    yield table(edition.say("numbers"), heads, groups, "spread")


def _spread(edition: Edition, one: Row, field: Field, total: float | None) -> Markup:
    """One question: what it counts, how many answered, the five figures with their bar, and the sum if it has one."""
    unit = _unit(edition, one["unit"], field)
    named = tag(
        "span",
        tag("b", one["indicator"]),
        f" {edition.text(field.label)}",
        tag("small", f" ({unit})") if unit else Markup(),
        _bar([one[name] for name in _FIGURES]),
    )
    figures = (edition.quantity(value) for value in (*(one[name] for name in _FIGURES), total))
    return row(named, (figure(one["reporting"]), *figures), "plotted")


def _unit(edition: Edition, chosen: str, field: Field) -> str:
    """What the numbers count, in words: the unit that was chosen, or that of the question; of amounts the currency."""
    if not chosen and field.unit_in:
        return edition.say("no_currency" if isinstance(field.type, Money) else "no_unit")
    if not chosen:
        return edition.unit(field)
    asked = edition.round.instrument.fields[field.unit_in].type
    if isinstance(field.type, Money) or not isinstance(asked, SingleChoice) or chosen not in asked.codelist:
        return chosen
    return edition.text(asked.codelist[chosen].label)


def _bar(figures: list[float]) -> Markup:
    """From 0 to the highest, the middle half dark. None where all are the same, or some negative."""
    highest = figures[-1]
    if figures[0] < 0 or figures[0] == highest:
        return Markup()
    steps = [round(figure / highest * _STEPS) for figure in figures]
    parts = zip(_LOOKS, (0, *steps[:-1]), steps, strict=True)
    return bar((Part(look, upper - lower) for look, lower, upper in parts), _STEPS)
