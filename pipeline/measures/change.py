"""Measures over time: what changed since the previous round, and when things were first adopted."""

from pipeline.tables.sql import text
from questionnaire.declaration.answer_types import Year
from questionnaire.rounds.round import Round


def level_change(_: Round) -> str:
    """How many are higher, the same and lower than in the previous round, on the matched panel only.

    Only pairs with a level in both rounds are compared: who joins or leaves changes no figure. Source: P. Lynn
    (editor), Methodology of Longitudinal Surveys (2009): change within units is measured on those seen both times.
    """
    return """
    SELECT scope, scopes.section, scopes.indicator, count(level_change) AS matched,
        count(*) FILTER (level_change > 0) AS higher, count(*) FILTER (level_change = 0) AS same,
        count(*) FILTER (level_change < 0) AS lower, avg(level_change) AS mean_change
    FROM scopes JOIN scored ON scored.indicator = member
    GROUP BY scope, scopes.section, scopes.indicator ORDER BY any_value(scopes.place)
    """


def level_transitions(_: Round) -> str:
    """From which level to which, on the matched panel: the transition matrix, one row per pair of levels that occurs.

    Source: A. Agresti, Categorical Data Analysis (3rd edition, 2013), chapter 11: the square table of matched pairs.
    """
    return """
    SELECT scope, scopes.section, scopes.indicator, previous_level, level, count(*) AS count
    FROM scopes JOIN scored ON scored.indicator = member WHERE level_change IS NOT NULL
    GROUP BY scope, scopes.section, scopes.indicator, previous_level, level
    ORDER BY any_value(scopes.place), previous_level, level
    """


def adoption(round_: Round) -> str:
    """The curve of first adoption: for each year in which something was adopted, how many had it by then.

    Years are those of questions whose answer stays the same from round to round (`fixed` in questions.csv). Who
    gives no year is in neither count: compare `with_year` to `responding`. Source: E. Rogers, Diffusion of
    Innovations (5th edition, 2003), chapter 7: the cumulative curve of adopters.
    """
    fixed = [
        field.code
        for field in round_.instrument.fields.values()
        if isinstance(field.type, Year) and field.type.fixed and field.is_first
    ]
    chosen = ", ".join(map(text, fixed)) or "NULL"
    return f"""
    WITH years AS (
        SELECT block, field, CAST(number AS INTEGER) AS year, count(*) AS adopted_in_year
        FROM published WHERE field IN ({chosen}) AND block = indicator AND number IS NOT NULL GROUP BY ALL
    ), returned AS (SELECT indicator, count(submission) AS responding FROM regional GROUP BY indicator)
    SELECT section, asked.indicator, field, year, adopted_in_year,
        sum(adopted_in_year) OVER (PARTITION BY block, field ORDER BY year) AS adopted_by_year,
        sum(adopted_in_year) OVER (PARTITION BY block, field) AS with_year,
        responding, (SELECT count(*) FROM frame WHERE participates) AS participants
    FROM years JOIN fields USING (block, field) JOIN asked ON asked.indicator = block
    JOIN returned ON returned.indicator = block ORDER BY fields.place, year
    """
