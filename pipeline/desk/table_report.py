"""Owns the printed form of an indicator table: what was read from which line, and what is irregular."""

import textwrap
from collections.abc import Iterator

from questionnaire.indicator_table.reader import IndicatorTable

_WIDTH = 110


def table_report(table: IndicatorTable) -> Iterator[str]:
    """The sections, objectives and indicators with their line numbers, then the irregularities, then the counts."""
    yield f"{table.source}: indicator table"
    section = None
    headings = {heading.heading: heading.line for heading in table.sections}
    for objective in table.objectives:
        if objective.section != section:
            section = objective.section
            if section:
                yield f"\n{headings[section]:>5}  {section}"
        yield _wrapped(objective.line, "    ", f"{objective.number}. {objective.text}")
        for indicator in table.indicators:
            if indicator.objective_line == objective.line:
                letter = f"{indicator.letter}) " if indicator.letter else ""
                yield _wrapped(indicator.line, "       → ", letter + indicator.text)
    if table.irregularities:
        yield "\nIrregular, and read as said:"
        for irregularity in table.irregularities:
            yield f"{irregularity.line:>5}  {irregularity.kind}: {irregularity.message}"
    yield (
        f"\n{len(table.sections)} sections, {len(table.objectives)} objectives, {len(table.indicators)} indicators, "
        f"{len(table.irregularities)} irregularities."
    )


def _wrapped(line: int, indent: str, text: str) -> str:
    """The text with its line number in front, broken for a terminal and never cut."""
    first = f"{line:>5}{indent}"
    return textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
