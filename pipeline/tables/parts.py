"""Writes the queries of the tables whose columns an instrument decides: by indicator type, and of each list.

A table may take several, of some respondents each, one after the other.
"""

from pipeline.receiving.decision import DECISION
from pipeline.tables.slices import answers_of, of_frame, slices
from pipeline.tables.sql import quoted, text
from questionnaire.declaration.answer_types import Mark
from questionnaire.declaration.blocks import ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round
from schemas.tables.table import Column, Table


def type_queries(round_: Round, table: Table) -> tuple[str, ...]:
    """One row per participant and indicator of a type: what was answered, turned so that each field is a column."""
    asked = sum(item.indicator_type.code == table.part for item in round_.instrument.indicators)
    return tuple(_type_query(table, round_, some) for some in of_frame(round_, asked * len(table.columns)))


def _type_query(table: Table, round_: Round, some: str) -> str:
    fields = [column for column in table.columns if column.field is not None]
    turned = ", ".join(f"{_turned(column, round_.instrument)} AS {quoted(column.name)}" for column in fields)
    return f"""
    WITH turned AS (
        SELECT respondent, block AS indicator, {turned} FROM published
        WHERE block IN (SELECT indicator FROM asked WHERE indicator_type = {text(table.part)})
            AND {answers_of(some)}
        GROUP BY respondent, block
    )
    SELECT round, respondent, regional.respondent_name, regional.section, indicator, regional.response, submission,
        turned.* EXCLUDE (respondent, indicator)
    FROM regional JOIN asked USING (indicator) JOIN frame USING (respondent)
    LEFT JOIN turned USING (respondent, indicator)
    WHERE asked.indicator_type = {text(table.part)} AND {some} ORDER BY frame.place, asked.place
    """


def _turned(column: Column, instrument: Instrument) -> str:
    """What one field of an indicator or a line holds, of the rows of all its fields.

    With a FILTER on each of a hundred columns, DuckDB takes more than twice as long.
    """
    field = column.field
    assert field is not None, "only columns of fields are turned"
    own = f"field = {text(field.code)}"
    if column.is_status:
        return f"max(CASE WHEN {own} THEN status END)"
    if isinstance(field.type, Mark):
        answered = f"bool_or(field = {text(field.question)} AND status = 'answered')"
        return f"CASE WHEN {answered} THEN coalesce(bool_or({own} AND code = 'Y'), false) END"
    if column.codelist is not None and column.codelist is instrument.level_scale and column.type == "int32":
        return f"max(CASE WHEN {own} THEN (SELECT level FROM scale WHERE level_code = code) END)"
    return f"max(CASE WHEN {own} THEN {field.type.traits.column} END)"


def list_queries(round_: Round, table: Table, block: ListBlock) -> tuple[str, ...]:
    """One row per published line of a list, by respondent, file and row.

    What a person corrected stands in its line; a line of a table is one, whichever files its cells are from. A list
    that is compared between partners takes one query: each of its lines may depend on any other.
    """
    codes = sorted(respondent.code for respondent in round_.respondents)
    if block.bilateral is not None or not codes:
        return (_list_query(table, round_, block, "true"),)
    return tuple(
        _list_query(table, round_, block, f"published.respondent BETWEEN {text(codes[first])} AND {text(codes[last])}")
        for first, last in slices(len(codes), block.most_lines * len(table.columns))
    )


def _list_query(table: Table, round_: Round, block: ListBlock, some: str) -> str:
    fields = [column for column in table.columns if column.field is not None]
    turned = ", ".join(f"{_turned(column, round_.instrument)} AS {quoted(column.name)}" for column in fields)
    in_table = isinstance(block, TableBlock)
    owner = "''" if in_table else "coalesce(nullif(decisions.sha256, ''), submission)"
    named = (
        f"string_agg(DISTINCT {name}, ' ' ORDER BY {name}) FILTER (of_file) AS {name}"
        for name in ("file", "sheet", "submission")
    )
    order = "line" if in_table else "file, sheet, row"
    lines = f"""
    SELECT *, row_number() OVER (PARTITION BY respondent ORDER BY {order}) AS "number"
    FROM (
        SELECT respondent, line, {", ".join(named)},
            min(CAST(regexp_extract(cell, '[0-9]+') AS INTEGER)) FILTER (of_file) AS row, {turned}
        FROM (
            SELECT published.*, {owner} AS owner, decisions.number IS NULL AS of_file
            FROM published LEFT JOIN decisions ON published.submission = '{DECISION}' || decisions.number
            WHERE published.block = {text(block.code)} AND {some}
        ) GROUP BY respondent, owner, line
    )
    """
    if block.bilateral is None:
        return f'SELECT * FROM ({lines}) ORDER BY respondent, "number"'
    return f"""
    WITH lines AS ({lines}), named AS ({named_query("lines", block)}), heard AS ({heard_query(block)})
    SELECT lines.*, CASE WHEN {_said(block, "lines")} AND (lines.{quoted(block.bilateral.partner)},
        lines.{quoted(block.indicator_field)}) IN (SELECT (respondent, indicator) FROM heard)
        THEN EXISTS (SELECT 1 FROM named WHERE named.indicator = lines.{quoted(block.indicator_field)}
            AND named.respondent = lines.{quoted(block.bilateral.partner)} AND named.partner = lines.respondent)
        END AS confirmed_by_both
    FROM lines ORDER BY respondent, "number"
    """


def named_query(lines: str, block: ListBlock) -> str:
    """Who names whom for which indicator in a list that is compared between partners."""
    assert block.bilateral is not None, "only such lists name partners"
    partner, indicator = quoted(block.bilateral.partner), quoted(block.indicator_field)
    return f"""
    SELECT DISTINCT {indicator} AS indicator, respondent, {partner} AS partner FROM {lines}
    WHERE {_said(block, lines)} AND {indicator} IS NOT NULL AND {partner} IS NOT NULL
    """


def heard_query(block: ListBlock) -> str:
    """Who is published, if only with blanks, on which of the indicators of a list: not where that part has not come."""
    asked = ", ".join(map(text, block.indicators))
    return f"SELECT DISTINCT block AS indicator, respondent FROM published WHERE block IN ({asked})"


def _said(block: ListBlock, lines: str) -> str:
    assert block.bilateral is not None, "only such lists name partners"
    return f"{lines}.{quoted(block.bilateral.field)} IS NOT DISTINCT FROM {text(block.bilateral.code)}"
