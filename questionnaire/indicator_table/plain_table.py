"""Reads and writes an indicator table as an instrument keeps it: CSV with fixed heads, taken as it stands.

Nothing is understood here: each line is an indicator, with the code by which the other files of the instrument call it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from questionnaire.indicator_table.records import (
    Indicator,
    IndicatorTable,
    IndicatorTableError,
    Objective,
    TableSection,
)

HEADS = ("code", "section", "objective_code", "objective", "indicator")
"""The heads by which such a table is recognised: its first line has just these."""


def is_plain(text: str) -> bool:
    """Whether a text is a table of this form."""
    return text.removeprefix("\ufeff").split("\n", 1)[0].rstrip("\r") == ",".join(HEADS)


def plain_table(text: str, source: str) -> IndicatorTable:
    """The table of a text for which `is_plain` holds; IndicatorTableError for a line that is not of this form."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    next(reader)
    sections: dict[str, TableSection] = {}
    objectives: dict[tuple[str, str, str], Objective] = {}
    indicators: list[Indicator] = []
    counts: dict[tuple[str, str, str], int] = {}
    line = 2
    for cells in reader:
        start, line = line, reader.line_num + 1
        if not any(cells):
            continue
        if len(cells) != len(HEADS) or not (cells[0] and cells[-1]):
            what = f"The line has {len(cells)} cells; it needs {', '.join(HEADS)}, with a code and a text."
            raise IndicatorTableError(source, start, what, "Put texts with a comma in them between double quotes.")
        code, heading, number, objective, written = cells
        key = (heading, number, objective)
        if heading:
            sections.setdefault(heading, TableSection("", heading, start))
        known = objectives.setdefault(key, Objective(heading, number, start, objective or heading, objective))
        counts[key] = counts.get(key, 0) + 1
        indicators.append(
            Indicator(
                heading, number, known.text, known.line, "", start, written, written, counts[key], identifier=code
            )
        )
    if not indicators:
        raise IndicatorTableError(source, None, "The table has no indicator.", "Write one per line.")
    found = (tuple(sections.values()), tuple(objectives.values()), tuple(indicators))
    return IndicatorTable(source, *found, (), has_codes=True)


def plain_text(rows: Iterable[tuple[str, str, str, str, str]]) -> str:
    """The table of these lines, as HEADS names their cells."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(rows)
    return file.getvalue()
