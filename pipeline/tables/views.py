"""Adds to the database a few views: the questions that analysts ask first, already written."""

from pipeline.tables.database import Database
from pipeline.tables.sql import quoted
from questionnaire.messages import say
from questionnaire.rounds.round import Round


def add_views(database: Database, round_: Round) -> None:
    """The matrix of levels, the shares met, and who has answered; those about levels where there are any."""
    instrument, language = round_.instrument, round_.working_language
    if instrument.level_scale is not None:
        cells = ", ".join(
            f"max(level) FILTER (indicator = '{item.code}') AS {quoted(item.code)}"
            for item in instrument.indicators
            if instrument.level in item.field_codes
        )
        database.view(
            "view_matrix",
            f"SELECT respondent, any_value(respondent_name) AS respondent_name, {cells}"
            " FROM regional GROUP BY respondent ORDER BY respondent",
            say("dataset", "view_matrix", language),
        )
        database.view(
            "view_shares",
            "SELECT section, indicator, met, known, applicable, round(100 * share_at_least, 1) AS percent_at_least,"
            " round(100 * share_at_most, 1) AS percent_at_most FROM measure_share_met WHERE scope = 'indicator'",
            say("dataset", "view_shares", language),
        )
    database.view(
        "view_completeness",
        "SELECT respondent, respondent_name, response, round(100 * completeness, 1) AS percent_complete"
        " FROM respondents WHERE participates ORDER BY completeness DESC NULLS LAST, respondent",
        say("dataset", "view_completeness", language),
    )
