"""How the numbers of each question are spread over respondents, sums or not: rates and shares have no sum."""

from collections.abc import Iterator

from pipeline.tables.sql import text
from questionnaire.declaration.form import Instrument
from questionnaire.rounds.round import Round
from questionnaire.rules.conditions import Given, LineSum, Node, SameLine, TableCell, Value, walk
from schemas.tables.parts import type_tables

_COLUMNS = '"table", indicator, "column", unit'


def quartiles(round_: Round) -> str:
    """The lowest, the highest and the three quartiles of what respondents answered to each question for a quantity.

    Numbers whose unit is chosen, as amounts in a currency, are apart by unit, and what they are converted to is
    together; what else is computed from them is in the unit of each respondent, and left out.
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
    """In SQL, the answers that give each column of a quantity its number and its unit, where that is chosen."""
    in_own_unit = _in_own_unit(instrument)
    for number, table in enumerate(type_tables(instrument)):
        for place, column in enumerate(table.columns):
            field = column.field
            if field is None or column.is_status or not field.type.traits.quantity or field.code in in_own_unit:
                continue
            own = (text(table.part), str(number * 10_000 + place), text(table.name), text(column.name))
            yield (*own, text(field.code), "'number'")
            if field.unit_in:
                yield (*own, text(field.unit_in), "'unit'")


def _in_own_unit(instrument: Instrument) -> frozenset[str]:
    """The computed questions whose numbers are in the unit that each respondent chose; shares of such are not."""
    found: set[str] = set()
    for (indicator, code), question in instrument.computed.items():
        assert question.formula is not None, "a computed question has a formula"
        ratio = question.formula.ratio
        sides = (ratio.numerator, ratio.denominator) if ratio else (question.formula.value,)
        chosen = sum(_has_chosen_unit(instrument, indicator, side) for side in sides)
        if chosen == 1 and not question.converted_from:
            found.add(code)
    return frozenset(found)


def _has_chosen_unit(instrument: Instrument, indicator: str, node: Node) -> bool:
    """True where a quantity is made of a number whose unit is chosen, also by way of another computed question."""
    for item in walk(node):
        match item:
            case Value(ref) | Given(ref):
                block = ref.indicator or indicator
            case LineSum(block, ref) | SameLine(block, ref) | TableCell(block, _, ref):
                pass
            case _:
                continue
        computed = instrument.computed.get((block, ref.field))
        if computed is None or computed.formula is None:
            is_chosen = bool(instrument.field(block, ref.field).unit_in)
        else:
            is_chosen = not computed.converted_from and _has_chosen_unit(instrument, block, computed.formula.value)
        if is_chosen:
            return True
    return False
