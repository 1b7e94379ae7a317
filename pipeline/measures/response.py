"""Measures of response: who answered, and what those who answered left out."""

from pipeline.tables.sql import text
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import NO_RETURN
from schemas.tables.dataset import STATES


def unit_response(round_: Round) -> str:
    """The unit response rate: participants whose return is published, of all participants of the dated frame.

    Source: AAPOR, Standard Definitions (10th edition, 2023), response rate RR2: complete and partial ÷ all eligible,
    where those of unknown standing count as eligible. Only who answers in parts can be partial: without, it is RR1.
    `return_rate` counts whatever came back instead.
    """
    return f"""
    SELECT {text(round_.name)} AS round, DATE '{round_.sent_on}' AS frame_date, count(*) AS frame_size,
        count(*) FILTER (participates) AS participants,
        count(*) FILTER (participates AND response <> '{NO_RETURN}') AS returned,
        count(*) FILTER (participates AND published) AS responding,
        returned / nullif(participants, 0) AS return_rate, responding / nullif(participants, 0) AS response_rate
    FROM respondents
    """


def item_nonresponse(_: Round) -> str:
    """The item non-response rate of each question: not answered, of those published to whom the question applies.

    Of each column of a table the cells are counted that occur and that somebody fills in: `cells` in a return.

    Source: Eurostat, European Statistical System Handbook for Quality and Metadata Reports (2020), on non-response:
    the denominator are the responding units that the item concerns. Those to whom it does not apply are left out: who
    declared it not applicable, and for whom other answers made it idle. “Nothing to report” is an answer.
    """
    counts = ", ".join(f"count(*) FILTER (status = '{state}') AS {state}" for state in ("answered", *STATES))
    # Different respondents are counted of items with several cells alone: all pairs of both would not fit into memory.
    return f"""
    WITH items AS (
        SELECT place, indicator, name AS field, required, count(*) AS cells FROM due GROUP BY ALL
    ), counted AS (
        SELECT place, count(*) AS read, {counts} FROM published JOIN due USING (block, line, field) GROUP BY place
    ), several AS (
        SELECT place, count(*) AS responding FROM (
            SELECT DISTINCT place, respondent FROM published JOIN due USING (block, line, field)
            WHERE place IN (SELECT place FROM items WHERE cells > 1)
        ) GROUP BY place
    )
    SELECT section, items.indicator, field, required, cells,
        coalesce(CASE WHEN cells = 1 THEN read ELSE responding END, 0) AS responding,
        {", ".join(f"coalesce({state}, 0) AS {state}" for state in ("answered", *STATES))},
        coalesce(read - skipped - counted.not_applicable, 0) AS applicable,
        coalesce(applicable - counted.answered - counted.nothing_to_report, 0) AS nonresponse,
        nonresponse / nullif(applicable, 0) AS nonresponse_rate
    FROM items JOIN asked ON asked.indicator = items.indicator LEFT JOIN counted ON counted.place = items.place
    LEFT JOIN several ON several.place = items.place
    ORDER BY items.place
    """
