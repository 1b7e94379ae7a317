"""Shows what the tables of the instrument add up to over the participants in the dataset, cell by cell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, group, heading, paragraph, row, table
from questionnaire.declaration.answer_types import Money, WholeNumber
from questionnaire.declaration.lists.table_block import Measured, TableBlock
from questionnaire.rounds.round import Round
from schemas.tables.long import converted_to, units

_MOST_LINES = 60
"""Lines of a table that a page shows; the others are in its file."""

Cell = tuple[tuple[str, ...], Measured]
"""The codes of a line, and what a column holds."""

Given = Mapping[Cell, Sequence[float]]
"""The numbers that participants gave for each cell; what is suppressed is not among them."""


def has_tables(round_: Round) -> bool:
    """True where there is a table with counts or amounts to add up."""
    return any(True for _ in _summed(round_))


def tables(edition: Edition) -> Iterator[Markup]:
    """A table of sums for each table of the instrument, with how many participants gave each number."""
    yield paragraph(edition.say("tables_lead"))
    for block, columns in _summed(edition.round):
        yield from _of_block(edition, block, columns)
        if block.most_lines > _MOST_LINES:
            left = block.most_lines - _MOST_LINES
            yield paragraph(edition.say("tables_more", n=left, file=f"long_{block.code}.csv"))


def _summed(round_: Round) -> Iterator[tuple[TableBlock, list[str]]]:
    """The tables, each with its columns that may be added up over participants."""
    for block in round_.instrument.lists:
        if isinstance(block, TableBlock):
            columns = [
                code
                for code in block.measured
                if isinstance((field := block.field(code)).type, WholeNumber | Money) and field.sums
            ]
            if columns:
                yield block, columns


def _of_block(edition: Edition, block: TableBlock, columns: list[str]) -> Iterator[Markup]:
    """The sums with what they count; where each participant chose the unit, those in each unit by themselves."""
    given = _given_in_units(edition, block)
    label, named = edition.text(block.label), {code: edition.text(block.field(code).label) for code in columns}
    if block.unit_question is not None:
        for unit in given:
            yield _sums(edition, block, f"{label} ({unit})", named, given[unit])
        return
    declared = {code: edition.unit(block.field(code)) for code in columns}
    if len({*declared.values()}) == 1:
        label = _with_unit(label, declared[columns[0]])
    else:
        named = {code: _with_unit(text, declared[code]) for code, text in named.items()}
    yield _sums(edition, block, label, named, given.get("", {}))


def _with_unit(text: str, unit: str) -> str:
    return f"{text} ({unit})" if unit else text


def _sums(edition: Edition, block: TableBlock, caption: str, named: Mapping[str, str], given: Given) -> Markup:
    """One table: its lines, the columns as they are named, and how many participants gave each number."""
    heads = [
        heading(edition.say("tables_line")),
        *map(heading, named.values()),
        heading(edition.say("tables_reporting")),
    ]
    rows = []
    for line in range(1, min(block.most_lines, _MOST_LINES) + 1):
        codes = block.combinations[line - 1]
        asked = {code: given.get((codes, block.measured[code]), ()) for code in named if block.occurs(line, code)}
        counts = [len(numbers) for numbers in asked.values()]
        labels = (edition.text(item.codelist[code].label) for item, code in zip(block.dimensions, codes, strict=True))
        sums = [edition.quantity(_sum(asked[code])) if code in asked else "" for code in named]
        reporting = edition.span(figure(min(counts)), figure(max(counts))) if counts else ""
        rows.append(row(" · ".join(labels), [*sums, reporting]))
    return table(caption, heads, [group("", len(heads), rows)])


def _given_in_units(edition: Edition, block: TableBlock) -> Mapping[str, Given]:
    """What was given by unit, in words: that to which numbers are converted, else that which was chosen.

    All is under "" where the unit is declared.
    """
    across = block.across.name if block.across else ""
    names = [dimension.name for dimension in block.dimensions]
    converted = ("converted_unit", "converted_value") if converted_to(block) is not None else ("unit", "value")
    said = {edition.in_working_language(code.label): edition.text(code.label) for code in units(block) or ()}
    found: dict[str, dict[Cell, list[float]]] = defaultdict(lambda: defaultdict(list))
    columns = dict.fromkeys((*names, *([across] if across else []), "measure", "unit", "value", *converted))
    for one in edition.source.rows(f"long_{block.code}", *columns):
        unit, value = (one[name] or one[own] for name, own in zip(converted, ("unit", "value"), strict=True))
        if value is not None:
            held = Measured(one["measure"], one[across] if across else "")
            unit = said.get(unit) or edition.say("no_unit") if block.unit_question is not None else ""
            found[unit][tuple(one[name] for name in names), held].append(value)
    return {unit: found[unit] for unit in dict.fromkeys((*said.values(), *found)) if unit in found}


def _sum(numbers: Sequence[float]) -> float | None:
    """The sum of what was given; None where nobody gave a number."""
    return sum(numbers) if numbers else None
