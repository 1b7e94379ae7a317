"""Shows what the tables of the instrument add up to over the participants in the dataset, cell by cell."""

from collections import defaultdict
from collections.abc import Iterator

from pipeline.report.edition import Edition, figure
from pipeline.report.markup import Markup, group, heading, paragraph, row, table
from questionnaire.declaration.answer_types import Money, WholeNumber
from questionnaire.declaration.lists.table_block import Measured, TableBlock
from questionnaire.rounds.round import Round

_MOST_LINES = 60
"""Lines of a table that a page shows; the others are in its file."""

Cell = tuple[tuple[str, ...], Measured]
"""The codes of a line, and what a column holds."""


def has_tables(round_: Round) -> bool:
    """True where there is a table with counts or amounts to add up."""
    return any(True for _ in _summed(round_))


def tables(edition: Edition) -> Iterator[Markup]:
    """A table of sums for each table of the instrument, with how many participants gave each number."""
    yield paragraph(edition.say("tables_lead"))
    for block, columns in _summed(edition.round):
        yield _of_table(edition, block, columns)
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


def _of_table(edition: Edition, block: TableBlock, columns: list[str]) -> Markup:
    given = _given(edition, block)
    names = [edition.text(block.field(code).label) for code in columns]
    heads = [heading(edition.say("tables_line")), *map(heading, names), heading(edition.say("tables_reporting"))]
    rows = []
    for line in range(1, min(block.most_lines, _MOST_LINES) + 1):
        codes = block.combinations[line - 1]
        asked = {code: given[codes, block.measured[code]] for code in columns if block.occurs(line, code)}
        counts = [len(numbers) for numbers in asked.values()]
        labels = (edition.text(item.codelist[code].label) for item, code in zip(block.dimensions, codes, strict=True))
        sums = [edition.quantity(_sum(asked[code])) if code in asked else "" for code in columns]
        reporting = edition.span(figure(min(counts)), figure(max(counts))) if counts else ""
        rows.append(row(" · ".join(labels), [*sums, reporting]))
    return table(edition.text(block.label), heads, [group("", len(heads), rows)])


def _given(edition: Edition, block: TableBlock) -> dict[Cell, list[float]]:
    """The numbers that participants gave for each cell; what is suppressed is not among them."""
    across = block.across.name if block.across else ""
    names = [dimension.name for dimension in block.dimensions]
    found: dict[Cell, list[float]] = defaultdict(list)
    for one in edition.source.rows(f"long_{block.code}", *names, *([across] if across else []), "measure", "value"):
        if one["value"] is not None:
            held = Measured(one["measure"], one[across] if across else "")
            found[tuple(one[name] for name in names), held].append(one["value"])
    return found


def _sum(numbers: list[float]) -> float | None:
    """The sum of what was given; None where nobody gave a number."""
    return sum(numbers) if numbers else None
