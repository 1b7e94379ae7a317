"""Writes the query of the long form of a table: one row per published cell of it."""

from collections.abc import Iterator

from pipeline.reading.computed import FROM_KNOWN
from pipeline.tables.sql import quoted, text
from questionnaire.declaration.lists.table_block import TableBlock, Totals
from questionnaire.messages import in_language
from questionnaire.rounds.round import Round
from schemas.tables.long import converted_to, unit_in, units


def long_query(round_: Round, block: TableBlock) -> str:
    """One row per respondent and cell, in the order of the lines and columns of the table."""
    names = [dimension.name for dimension in block.dimensions]
    lines = ", ".join(f"({line}, {', '.join(map(text, codes))})" for line, codes in enumerate(block.combinations, 1))
    across = [block.across.name] if block.across is not None else []
    columns = ", ".join(f"({', '.join(one)})" for one in _columns(round_, block))
    heads = ", ".join(map(quoted, ("place", "field", "measure", "unit", "is_chosen", *across)))
    incomplete = f"parsed_by = {text(FROM_KNOWN)} AS incomplete, " if block.totals_are is Totals.FROM_KNOWN else ""
    of_lines = ", ".join(map(quoted, names))
    shown = ", ".join(map(quoted, (*names, *across)))
    chosen = chosen_units(round_, block)
    unit = "if(is_chosen, coalesce(units.label, ''), columns.unit)" if chosen else "columns.unit"
    converted = ""
    if (base := converted_to(block)) is not None:
        named = text(in_language(base.label, round_.working_language, round_.instrument.official_language))
        converted = "if(is_chosen, number * units.factor, NULL) AS converted_value, "
        converted += f"if(converted_value IS NULL, '', {named}) AS converted_unit,"
    return f"""
    SELECT published.respondent, {text(block.indicator)} AS indicator, {shown}, measure, number AS value,
        {unit} AS unit, {converted} published.status AS answer_status, {incomplete}published.line, file, sheet, cell
    FROM published {chosen}
    JOIN (VALUES {lines}) AS lines(line, {of_lines}) USING (line)
    JOIN (VALUES {columns}) AS columns({heads}) USING (field)
    WHERE published.block = {text(block.code)} ORDER BY published.respondent, published.line, place
    """


def _columns(round_: Round, block: TableBlock) -> Iterator[tuple[str, ...]]:
    """In SQL, of each column with numbers: its place, field, measure and unit, whether that is chosen, and its code."""
    for place, (column, held) in enumerate(block.measured.items()):
        field = block.field(column)
        if field.type.traits.column == "number":
            said = (column, held.measure, unit_in(field, round_.working_language))
            across = () if block.across is None else (text(held.code),)
            yield (str(place), *map(text, said), "true" if field.unit_in else "false", *across)


def chosen_units(round_: Round, block: TableBlock) -> str:
    """The join that gives each answer of a table the unit chosen for it, as `units`; "" where its unit is given."""
    listed, asked = units(block), block.unit_question
    if listed is None or asked is None:
        return ""
    official = round_.instrument.official_language
    known = ", ".join(
        f"({text(code.code)}, {text(in_language(code.label, round_.working_language, official))}, "
        f"{'NULL' if code.factor is None else f'CAST({code.factor!r} AS DOUBLE)'})"
        for code in listed
    )
    return f"""
    LEFT JOIN (
        SELECT respondent, code, label, factor FROM published
        JOIN (VALUES {known}) AS known (code, label, factor) USING (code)
        WHERE block = {text(block.indicator)} AND field = {text(asked.code)}
    ) AS units ON units.respondent = published.respondent"""
