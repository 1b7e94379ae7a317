"""Writes the query of the long form of a table: one row per published cell of it."""

from pipeline.reading.computed import FROM_KNOWN
from pipeline.tables.database import quoted, text
from questionnaire.declaration.table_block import TableBlock, Totals
from questionnaire.rounds.round import Round
from schemas.tables.long import unit_in


def long_query(round_: Round, block: TableBlock) -> str:
    """One row per respondent and cell, in the order of the lines and columns of the table."""
    names = [dimension.name for dimension in block.dimensions]
    lines = ", ".join(f"({line}, {', '.join(map(text, codes))})" for line, codes in enumerate(block.combinations, 1))
    across = [block.across.name] if block.across is not None else []
    columns = ", ".join(
        f"({place}, {text(column)}, {text(held.measure)}, {text(unit_in(block.field(column), round_.working_language))}"
        + (f", {text(held.code)})" if across else ")")
        for place, (column, held) in enumerate(block.measured.items())
        if block.field(column).type.traits.column == "number"
    )
    incomplete = f"parsed_by = {text(FROM_KNOWN)} AS incomplete, " if block.totals_are is Totals.FROM_KNOWN else ""
    of_lines, of_columns = (", ".join(map(quoted, some)) for some in (names, across))
    shown = ", ".join(map(quoted, (*names, *across)))
    return f"""
    SELECT respondent, {text(block.indicator)} AS indicator, {shown}, measure, number AS value, unit,
        status AS answer_status, {incomplete}line, file, sheet, cell
    FROM published
    JOIN (VALUES {lines}) AS lines(line, {of_lines}) USING (line)
    JOIN (VALUES {columns}) AS columns(place, field, measure, unit{f", {of_columns}" if across else ""}) USING (field)
    WHERE block = {text(block.code)} ORDER BY respondent, line, place
    """
