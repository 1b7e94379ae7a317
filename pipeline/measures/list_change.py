"""Measures what became of the lines of lists since the previous round: kept, changed, added, dropped."""

from questionnaire.rounds.round import Round

_VALUE = "coalesce(code, regexp_replace(CAST(number AS VARCHAR), '\\.0$', ''), text, CAST(date AS VARCHAR))"
"""What a cell says, as a text: that of today and that of the previous round are written alike."""


def list_change(_: Round) -> str:
    """Each line of the lists of either round, on the matched panel only, with what became of it.

    Compared are the lines of those who answered something on the indicator of the line in both rounds: who joins,
    leaves or leaves an indicator blank adds and drops no line. Lines that say the same are the same. Of the others,
    those with the same key (what every line must choose, such as indicator, partner and form) are one line that
    changed, in their order; what is left was added or dropped. Source: I. P. Fellegi and A. B. Sunter, A Theory for
    Record Linkage (1969): exact agreement first, then agreement on the identifying fields.
    """
    return f"""
    WITH cells AS (
        SELECT 'now' AS side, respondent, block, line, field, place, is_key, is_indicator, {_VALUE} AS value
        FROM published JOIN compared USING (block, field)
        UNION ALL
        SELECT 'before', respondent, block, line, field, place, is_key, is_indicator, {_VALUE}
        FROM previous_lines JOIN compared USING (block, field)
    ), lines AS (
        SELECT side, respondent, block AS list, line, any_value(value) FILTER (is_indicator) AS indicator,
            string_agg(field || '=' || value, '; ' ORDER BY place) FILTER (is_key) AS line_key,
            string_agg(field || '=' || value, '; ' ORDER BY place) AS content
        FROM cells WHERE value IS NOT NULL GROUP BY ALL
    ), panel AS (
        SELECT DISTINCT respondent, block AS indicator FROM published WHERE status NOT IN ('blank', 'skipped')
        INTERSECT SELECT respondent, indicator FROM previous_asked
    ), alike AS (
        SELECT lines.*, row_number() OVER (PARTITION BY side, respondent, list, content ORDER BY line) AS nth
        FROM lines JOIN panel USING (respondent, indicator)
    ), same AS (
        SELECT one.respondent, one.list, one.line, other.line AS previous_line
        FROM alike AS one JOIN alike AS other USING (respondent, list, content, nth)
        WHERE one.side = 'now' AND other.side = 'before'
    ), left_over AS (
        SELECT * REPLACE (row_number() OVER (PARTITION BY side, respondent, list, line_key ORDER BY line) AS nth)
        FROM alike WHERE (side, respondent, list, line) NOT IN (
            SELECT ('now', respondent, list, line) FROM same
            UNION ALL SELECT ('before', respondent, list, previous_line) FROM same)
    ), pairs AS (
        SELECT respondent, list, one.line, other.line AS previous_line
        FROM (FROM left_over WHERE side = 'now') AS one
        FULL JOIN (FROM left_over WHERE side = 'before') AS other USING (respondent, list, line_key, nth)
        UNION ALL FROM same
    ), found AS (
        SELECT pairs.*, CASE WHEN previous_line IS NULL THEN 'added' WHEN pairs.line IS NULL THEN 'dropped'
                WHEN (respondent, list, pairs.line) IN (SELECT (respondent, list, line) FROM same) THEN 'same'
                ELSE 'changed' END AS line_change,
            row_number() OVER (PARTITION BY respondent, list ORDER BY pairs.line NULLS LAST, previous_line) AS number
        FROM pairs
    ), differing AS (
        SELECT respondent, list, number, coalesce(one.field, other.field) AS "column",
            other.value AS previous_value, one.value AS value, coalesce(one.place, other.place) AS place
        FROM (SELECT * FROM found JOIN cells ON side = 'now' AND cells.line = found.line AND block = list
                AND cells.respondent = found.respondent AND line_change = 'changed') AS one
        FULL JOIN (SELECT * FROM found JOIN cells ON side = 'before' AND cells.line = previous_line AND block = list
                AND cells.respondent = found.respondent AND line_change = 'changed') AS other
            USING (respondent, list, number, field)
        WHERE one.value IS DISTINCT FROM other.value
    )
    SELECT found.list, found.respondent, respondent_name, coalesce(now.indicator, before.indicator) AS indicator,
        found.number, line_change, coalesce(now.line_key, before.line_key) AS line_key,
        coalesce("column", '') AS "column", previous_value, value
    FROM found JOIN frame USING (respondent)
    LEFT JOIN differing ON (differing.respondent, differing.list, differing.number)
        = (found.respondent, found.list, found.number)
    LEFT JOIN lines AS now ON now.side = 'now' AND now.respondent = found.respondent AND now.list = found.list
        AND now.line = found.line
    LEFT JOIN lines AS before ON before.side = 'before' AND before.respondent = found.respondent
        AND before.list = found.list AND before.line = previous_line
    ORDER BY found.list, frame.place, found.number, differing.place
    """
