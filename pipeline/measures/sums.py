"""Sums of numbers over respondents, with who is missing in each."""

from collections.abc import Iterator

from pipeline.tables.sql import quoted, text
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import Codelist
from questionnaire.declaration.answer_types import ComputedNumber, Money, SingleChoice, WholeNumber
from questionnaire.declaration.blocks import Field, ListBlock
from questionnaire.declaration.column_names import status_column
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.lists.table_block import TableBlock
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import NO_RETURN
from schemas.tables.own_codes import SUPPRESSED
from schemas.tables.parts import list_table, type_tables
from schemas.tables.table import Column, Table

_IDLE = tuple(map(str, (AnswerStatus.NOT_APPLICABLE, AnswerStatus.SKIPPED, AnswerStatus.NOTHING_TO_REPORT)))
_NO_ITEM = (*_IDLE, SUPPRESSED)


def sums(round_: Round) -> str:
    """The sum of each count and amount over the respondents that report it, and how many are missing, and why.

    Nothing is put in the place of what is missing: a sum over some of the states is read with the number of the others.
    Of a table a total that was given counts, and where there is none the parts that were: who knows the whole alone is
    not left out, nor added up from some of its parts.
    What everybody sees adds up what everybody sees: a sum gives no suppressed number away.
    Amounts are added up by currency, other numbers whose unit is chosen by unit, and what is converted all together: a
    number that no factor converts is unknown there. Shares, indices and years are not added up, nor what has no sum by
    the declaration (`sums`), such as the years of a sentence. Source: UN Statistics Division,
    Principles and Recommendations for Population and Housing Censuses (Revision 3, 2017): “not stated” is shown apart.
    """
    queries = [*_of_types(round_), *_of_lists(round_)]
    if not queries:
        queries = [_NOTHING]
    return f"""
    SELECT "table", summed.indicator, "column", unit, sum, reporting, participants, not_applicable,
        unknown_no_return, unknown_not_accepted, unknown_item, unknown_suppressed
    FROM ({" UNION ALL ".join(queries)}) AS summed LEFT JOIN asked USING (indicator)
    ORDER BY sort, asked.place, unit
    """


_COLUMNS = (
    "sort", '"table"', "indicator", '"column"', "unit", "sum", "reporting", "participants", "not_applicable",
    "unknown_no_return", "unknown_not_accepted", "unknown_item", "unknown_suppressed",
)  # fmt: skip
_NOTHING = f"SELECT {', '.join(f'NULL AS {name}' for name in _COLUMNS)} WHERE false"


def _of_types(round_: Round) -> Iterator[str]:
    """The questions of indicators: of each indicator that asks one, who is asked, who gives no number, and why."""
    looked_at = ", ".join(f"({', '.join(row)})" for row in _looked_at(round_.instrument))
    if not looked_at:
        return
    yield f"""
    SELECT * FROM (
        WITH looked_at (indicator_type, sort, "table", "column", field, role) AS (VALUES {looked_at}), given AS (
            SELECT respondent, block AS indicator, sort, max(number) FILTER (role = 'number') AS number,
                max(status) FILTER (role = 'status') AS status, max(code) FILTER (role = 'unit') AS unit
            FROM published JOIN asked ON block = asked.indicator JOIN looked_at USING (indicator_type, field)
            GROUP BY ALL
        ), cells AS (
            SELECT sort, "table", indicator, "column", coalesce(unit, '') AS unit, number,
                status, response, submission
            FROM regional JOIN fields ON block = indicator JOIN looked_at USING (indicator_type, field)
            LEFT JOIN given USING (respondent, indicator, sort) WHERE role = 'number'
        ), own AS (
            SELECT sort, "table", indicator, "column", count(*) AS participants,
                count(*) FILTER (status IN {_IDLE}) AS not_applicable,
                count(*) FILTER (submission IS NULL AND response = '{NO_RETURN}') AS unknown_no_return,
                count(*) FILTER (submission IS NULL AND response <> '{NO_RETURN}') AS unknown_not_accepted,
                count(*) FILTER (submission IS NOT NULL AND number IS NULL AND coalesce(status NOT IN {_NO_ITEM}, true))
                    AS unknown_item,
                count(*) FILTER (status = '{SUPPRESSED}') AS unknown_suppressed
            FROM cells GROUP BY ALL
        ), added AS (
            SELECT sort, indicator, unit, sum(number) AS sum, count(number) AS reporting FROM cells
            WHERE number IS NOT NULL GROUP BY ALL
        )
        SELECT sort, "table", indicator, "column", coalesce(unit, '') AS unit, sum, coalesce(reporting, 0) AS reporting,
            participants, not_applicable, unknown_no_return, unknown_not_accepted, unknown_item, unknown_suppressed
        FROM own LEFT JOIN added USING (sort, indicator)
    )
    """


def _looked_at(instrument: Instrument) -> Iterator[tuple[str, ...]]:
    """In SQL, the answers that give each column of counts and amounts its number, answer status and unit."""
    for number, table in enumerate(type_tables(instrument)):
        for place, column, field in _summed(table):
            own = (text(table.part), str(number * 10_000 + place), text(table.name), text(column.name))
            yield (*own, text(field.code), "'number'")
            yield (*own, text(field.question), "'status'")
            if field.unit_in:
                yield (*own, text(field.unit_in), "'unit'")


def _summed(table: Table) -> Iterator[tuple[int, Column, Field]]:
    """The columns of counts and amounts that the declaration leaves in sums, each with its place and its field."""
    for place, column in enumerate(table.columns):
        field = column.field
        if field and not column.is_status and field.sums and _adds_up(field):
            yield place, column, field


def _adds_up(field: Field) -> bool:
    """True for a count or an amount, and for what it is converted to."""
    return isinstance(field.type, WholeNumber | Money) or (
        isinstance(field.type, ComputedNumber) and bool(field.converted_from)
    )


def _of_lists(round_: Round) -> Iterator[str]:
    """Lines, and the columns of counts and amounts in them; who has no line may have nothing, or have said nothing."""
    instrument = round_.instrument
    for number, block in enumerate(instrument.lists, 1):
        table, indicator = list_table(instrument, block), _indicator_of(block)
        lines_alone = ("", "count(*)", indicator, "false", "''", quoted(block.code))
        added = [
            *(() if isinstance(block, TableBlock) else (lines_alone,)),
            *((*_added(instrument, block, field), _lines(instrument, block, field)) for *_, field in _summed(table)),
        ]
        for place, (name, total, filled, suppressed, unit, lines) in enumerate(added):
            yield f"""
            SELECT {number * 10_000_000 + place} AS sort, {text(block.code)} AS "table", {indicator} AS indicator,
                {text(name)} AS "column", {unit} AS unit, {total} FILTER ({filled} IS NOT NULL) AS sum,
                count(DISTINCT respondent) FILTER ({filled} IS NOT NULL) AS reporting,
                (SELECT count(*) FROM frame WHERE participates) AS participants, NULL AS not_applicable,
                {_absent(indicator, "=")} AS unknown_no_return, {_absent(indicator, "<>")} AS unknown_not_accepted,
                NULL AS unknown_item,
                count(DISTINCT respondent) FILTER ({suppressed}) AS unknown_suppressed
            FROM {lines} WHERE {filled} IS NOT NULL OR {suppressed} GROUP BY ALL
            """


def _indicator_of(block: ListBlock) -> str:
    """For which indicator a line counts."""
    if isinstance(block, TableBlock):
        return text(block.indicator)
    return f"{quoted(block.code)}.{quoted(block.indicator_field)}"


def _absent(indicator: str, sign: str) -> str:
    """Of how many nothing is published on an indicator, of those from whom nothing came back or of the others."""
    return f"""(SELECT count(*) FROM regional WHERE regional.indicator = {indicator} AND submission IS NULL
                    AND response {sign} '{NO_RETURN}')"""


def _lines(instrument: Instrument, block: ListBlock, field: Field) -> str:
    """The lines of which a column is added up: of a table with total lines what these say, else what their parts do."""
    table, name = quoted(block.code), quoted(field.code)
    dimensions = block.dimensions if isinstance(block, TableBlock) else ()
    totals = {quoted(item.name): text(item.total) for item in dimensions if item.total}
    if not totals:
        return table
    kept = ", ".join(("respondent", *(quoted(item.name) for item in dimensions if not item.total)))
    whole, parts = (" AND ".join(f"{one} {sign} {total}" for one, total in totals.items()) for sign in ("=", "<>"))
    found = f"coalesce(max({name}) FILTER ({whole}), sum({name}) FILTER ({parts})) AS {name}"
    if field.discloses:
        status = quoted(status_column(instrument, field.code))
        found += f", max({status}) FILTER ({status} = '{SUPPRESSED}') AS {status}"
    return f"(SELECT {kept}, {found} FROM {table} GROUP BY {kept}) AS {table}"


def _added(instrument: Instrument, block: ListBlock, field: Field) -> tuple[str, str, str, str, str]:
    """Of a column of a list: its name, its sum, what is filled where it is, what is true where it is suppressed, and
    the unit of its number: that to which it is converted or, where nothing converts it, that which was chosen.
    """
    name = quoted(field.code)
    suppressed = f"{quoted(status_column(instrument, field.code))} = '{SUPPRESSED}'" if field.discloses else "false"
    if not field.unit_in:
        return field.code, f"sum({name})", name, suppressed, "''"
    chosen = _chosen(block, field) if isinstance(block, TableBlock) else quoted(field.unit_in)
    units = _units(instrument, block, field)
    factors = {code.code: code.factor for code in units if code.factor is not None}
    factor = "".join(f" WHEN {text(code)} THEN {factor!r}" for code, factor in factors.items())
    unit, number = f"coalesce({chosen}, '')", name
    if units.converted_to is not None:
        number = f"{name} * CASE {chosen}{factor} ELSE 1 END"
        known = ", ".join(map(text, factors))
        unit = f"CASE WHEN {chosen} IN ({known}) THEN {text(units.converted_to.code)} ELSE {unit} END"
    return field.code, f"sum({number})", name, suppressed, unit


def _units(instrument: Instrument, block: ListBlock, field: Field) -> Codelist:
    """The units that are chosen among for a column of a list or of a table."""
    asked = instrument.fields[field.unit_in] if isinstance(block, TableBlock) else block.field(field.unit_in)
    assert isinstance(asked.type, SingleChoice), "a unit is chosen"
    return asked.type.codelist


def _chosen(block: TableBlock, field: Field) -> str:
    """The unit that the respondent of a line chose for its table."""
    return f"""(SELECT any_value(units.code) FROM published AS units WHERE units.block = {text(block.indicator)}
        AND units.field = {text(field.unit_in)} AND units.respondent = {quoted(block.code)}.respondent)"""
