"""How the numbers of each question are spread over respondents, sums or not: rates and shares have no sum."""

from collections.abc import Iterator

from pipeline.tables.database import text
from questionnaire.declaration.answer_types import CURRENCY, Money
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import Given, LineSum, Node, SameLine, TableCell, Value, walk
from schemas.tables.parts import type_tables

_COLUMNS = '"table", indicator, "column", unit'


def quartiles(round_: Round) -> str:
    """The lowest, the highest and the three quartiles of what respondents answered to each question for a quantity.

    Amounts are apart by currency; what is computed from amounts is in the currency of each respondent, and left out.
    What everybody sees is made of what everybody sees. Source: quantiles are those of Hyndman and Fan, Sample Quantiles
    in Statistical Packages (The American Statistician 50, 1996), definition 7, which spreadsheet programs have too:
    between two answers, as far from each as the share says.
    """
    looked_at = ", ".join(f"({', '.join(row)})" for row in _looked_at(round_.instrument))
    if not looked_at:
        return f"SELECT {', '.join(f'NULL AS {name}' for name in (*_COLUMNS.split(', '), *_FIGURES))} WHERE false"
    return f"""
    WITH looked_at (indicator_type, sort, "table", "column", field, role) AS (VALUES {looked_at}), given AS (
        SELECT respondent, asked.place, sort, block AS indicator, "table", "column", max(number) AS number,
            coalesce(max(code) FILTER (role = 'unit'), '') AS unit
        FROM published JOIN asked ON block = asked.indicator JOIN looked_at USING (indicator_type, field) GROUP BY ALL
    )
    SELECT {_COLUMNS}, {", ".join(f"{query} AS {name}" for name, query in _FIGURES.items())}
    FROM given WHERE number IS NOT NULL GROUP BY ALL ORDER BY min(sort), min(place), unit
    """


_FIGURES = {
    "reporting": "count(*)",
    "lowest": "min(number)",
    **{
        name: f"round(quantile_cont(number, {share}), 6)"  # what lies between two answers has no end of decimals
        for name, share in (("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75))
    },
    "highest": "max(number)",
}


def _looked_at(instrument: Instrument) -> Iterator[tuple[str, ...]]:
    """In SQL, the answers that give each column of a quantity its number and its currency."""
    in_currency = _in_currency(instrument)
    for number, table in enumerate(type_tables(instrument)):
        for place, column in enumerate(table.columns):
            field = column.field
            if field is None or column.is_status or not field.type.traits.quantity or field.code in in_currency:
                continue
            own = (text(table.part), str(number * 10_000 + place), text(table.name), text(column.name))
            yield (*own, text(field.code), "'number'")
            if isinstance(field.type, Money):
                yield (*own, text(f"{field.code}.{CURRENCY}"), "'unit'")


def _in_currency(instrument: Instrument) -> frozenset[str]:
    """The computed questions whose numbers are amounts of some currency; shares of an amount in another are not."""
    found: set[str] = set()
    for (indicator, code), question in instrument.computed.items():
        assert question.formula is not None, "a computed question has a formula"
        ratio = question.formula.ratio
        sides = (ratio.numerator, ratio.denominator) if ratio else (question.formula.value,)
        amounts = sum(_has_amount(instrument, indicator, side) for side in sides)
        if amounts == 1:
            found.add(code)
    return frozenset(found)


def _has_amount(instrument: Instrument, indicator: str, node: Node) -> bool:
    """True where a quantity is made of an amount, also by way of another computed question."""
    for item in walk(node):
        match item:
            case Value(ref) | Given(ref):
                block = ref.indicator or indicator
            case LineSum(block, ref) | SameLine(block, ref) | TableCell(block, _, ref):
                pass
            case _:
                continue
        computed = instrument.computed.get((block, ref.field))
        if computed is not None and computed.formula is not None:
            if _has_amount(instrument, block, computed.formula.value):
                return True
        elif isinstance(instrument.field(block, ref.field).type, Money):
            return True
    return False
