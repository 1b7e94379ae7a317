"""Reports the years of a time series that an older edition asked for and today's does not, and those that it lacked."""

from collections.abc import Iterable, Iterator

from pipeline.findings import Finding, finding
from pipeline.reading.places.lines.found_table import FoundTable
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.workbooks.metadata import At
from questionnaire.layout import REASON
from questionnaire.rules.rule import Severity


def other_years(table: FoundTable, cells: Iterable[At]) -> Iterator[Finding]:
    """Warnings about a table of an older edition; `cells` are those filled in that are none of today's table."""
    if table.years_not_asked:
        years = ", ".join(sorted(set(table.years_not_asked.values())))
        values = {"sheet": table.name, "years": years, "count": len(table.years_not_asked)}
        yield finding("year_not_asked", Severity.WARNING, values, sheet=table.name, indicator=table.block.indicator)
    own = sorted(at for at in cells if is_of_other_year(table, at) and not _is_forms(table, at))
    typed = " | ".join(cell_text(table.found.sheet.rows[row][column]) for row, column in own)
    if own:
        years = ", ".join(sorted({*table.other_years.values(), *table.other_columns.values()}))
        values = {"sheet": table.name, "years": years, "count": len(own), "typed": typed}
        cell = table.found.sheet.address(own[0])
        yield finding("year_no_longer_asked", Severity.WARNING, values, sheet=table.name, cell=cell, value=typed)


def is_of_other_year(table: FoundTable, at: At) -> bool:
    """True for a cell about a year that only an older edition asked for, and for what that edition worked out there."""
    return table.is_older and (at[0] in table.other_years or at[1] in table.other_columns or _is_forms(table, at))


def _is_forms(table: FoundTable, at: At) -> bool:
    """True for the texts of a line and of the head, and for hidden cells: the form wrote them."""
    sent = table.found.map.columns
    last = max(sent[name] for name in (REASON, *table.block.field_codes))
    asked = {sent[code] for code in table.block.measured} | table.other_columns.keys() | {sent[REASON]}
    return (
        table.is_older
        and (at[1] > last or at[0] < table.found.map.first_row or at[1] not in asked)
        and (at in table.found.sheet.metadata.formulas or at[0] in table.other_years or at[1] in table.other_columns)
    )
