"""Measures the bilateral consistency of lists: whether both partners of an agreement report it."""

from pipeline.tables.parts import heard_query, named_query
from pipeline.tables.sql import quoted, text
from questionnaire.declaration.blocks import ListBlock
from questionnaire.rounds.round import Round


def bilateral(round_: Round) -> str:
    """Each pair of which one names the other in a list, for an indicator, and whether the other does so in turn.

    Rows without an indicator say it of the list as a whole: whether they name each other at all, in lines of any sort.
    That somebody does not name a partner is known where its return is published, or the part of it with the indicator.
    `contradicted` says only that the two reports differ, not who is right. Source: mirror statistics, as in the UN
    Statistics Division’s International Merchandise Trade Statistics: Compilers Manual (2013).
    """
    lists = [block for block in round_.instrument.lists if block.bilateral is not None]
    parts = [
        f"SELECT {text(block.code)} AS list, * FROM ({query})"
        for block in lists
        if block.bilateral is not None
        for query in (named_query(quoted(block.code), block), _named_at_all(block.code, block.bilateral.partner))
    ]
    return f"""
    WITH named AS ({" UNION ALL ".join(parts)}),
    pairs AS (SELECT DISTINCT list, indicator, least(respondent, partner) AS respondent,
        greatest(respondent, partner) AS partner FROM named WHERE partner IN (SELECT respondent FROM frame)),
    seen AS ({" UNION ALL ".join(map(_seen, lists))}),
    compared AS (SELECT pairs.*,
        {_names("respondent", "partner")} AS respondent_names_partner,
        {_names("partner", "respondent")} AS partner_names_respondent
        FROM pairs)
    SELECT compared.*,
        CASE WHEN respondent_names_partner AND partner_names_respondent THEN 'confirmed'
            WHEN respondent_names_partner IS NULL OR partner_names_respondent IS NULL THEN 'unknown'
            ELSE 'contradicted' END AS consistency
    FROM compared LEFT JOIN asked ON asked.indicator = compared.indicator
    ORDER BY list, asked.place NULLS FIRST, respondent, partner
    """


def _named_at_all(code: str, partner: str) -> str:
    named = quoted(partner)
    return f"""
    SELECT DISTINCT '' AS indicator, respondent, {named} AS partner FROM {quoted(code)} WHERE {named} IS NOT NULL
    """


def _seen(block: ListBlock) -> str:
    """Of whom an indicator of a list is published; without an indicator, of whom all that are asked."""
    heard = heard_query(block)
    return f"""
    SELECT {text(block.code)} AS list, indicator, respondent FROM ({heard})
    UNION ALL SELECT {text(block.code)}, '', respondent FROM ({heard})
    GROUP BY respondent HAVING count(*) = {len(block.indicators)}
    """


def _names(one: str, other: str) -> str:
    """Whether one names the other; NULL where it does not and nobody knows whether it would."""
    of_pair = "list = pairs.list AND indicator = pairs.indicator"
    return f"""
    CASE WHEN EXISTS (SELECT 1 FROM named WHERE {of_pair} AND respondent = pairs.{one} AND partner = pairs.{other})
        THEN true WHEN EXISTS (SELECT 1 FROM seen WHERE {of_pair} AND respondent = pairs.{one}) THEN false END
    """
