"""Measures of levels in one round: their distribution, the share met and how far it is open, scores of sections."""

from collections.abc import Mapping

from pipeline.tables.sql import quoted
from questionnaire.blanks import AnswerStatus
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import IN_PART, NO_RETURN, PUBLISHED
from schemas.tables.measures import level_count

LEAST_COVERAGE = 0.75
"""The share of the items of a section that must have a level before it gets a score."""

_IDLE = (str(AnswerStatus.NOT_APPLICABLE), str(AnswerStatus.SKIPPED))
"""The answer statuses of a level that does not apply to a respondent."""

_SCORED = f"""
SELECT regional.*, coalesce(level_status IN {_IDLE}, false) AS idle,
    regional.response IN {PUBLISHED} AND (regional.response <> '{IN_PART}' OR submission IS NOT NULL) AS published,
    frame.place AS frame_place, asked.place AS asked_place
FROM regional JOIN asked USING (indicator) JOIN frame USING (respondent) WHERE scored
"""
"""`scored`: the rows of `regional` whose level is asked; `published` where a return that asks the indicator is in the
dataset, not where the part with it has not come, `idle` where the level does not apply."""


_SCOPES = """
SELECT 'indicator' AS scope, section, indicator, indicator AS member, place FROM asked WHERE scored
UNION ALL
SELECT 'section', section, '', indicator, 100000 + min(place) OVER (PARTITION BY section) FROM asked WHERE scored
UNION ALL
SELECT 'all', '', '', indicator, 1000000 FROM asked WHERE scored
"""
"""`scopes`: what a row may be about, with the indicators that belong to it."""


PREPARED: Mapping[str, str] = {"scored": _SCORED, "scopes": _SCOPES}
"""What measures of levels look at, by name."""


def level_distribution(_: Round) -> str:
    """How many are at each level, by indicator, by section and in all, as a share of two denominators.

    `share_of_responding` divides by all published returns, `share_of_applicable` leaves out those to whom the indicator
    does not apply. In a section and in all, pairs of respondent and indicator are counted. Source: A. Agresti, Analysis
    of Ordinal Categorical Data (2nd edition, 2010): an ordinal scale is described by its distribution, not by a mean.
    """
    return """
    WITH counted AS (
        SELECT scope, scopes.section, scopes.indicator, any_value(scopes.place) AS place,
            count(*) FILTER (published) AS responding, count(*) FILTER (published AND NOT idle) AS applicable
        FROM scopes JOIN scored ON scored.indicator = member GROUP BY scope, scopes.section, scopes.indicator
    ), at_level AS (
        SELECT scope, scopes.section, scopes.indicator, level, count(*) AS count
        FROM scopes JOIN scored ON scored.indicator = member WHERE level IS NOT NULL
        GROUP BY scope, scopes.section, scopes.indicator, level
    )
    SELECT scope, section, indicator, scale.level, coalesce(count, 0) AS count, responding, applicable,
        coalesce(count, 0) / nullif(responding, 0) AS share_of_responding,
        coalesce(count, 0) / nullif(applicable, 0) AS share_of_applicable
    FROM counted CROSS JOIN scale LEFT JOIN at_level USING (scope, section, indicator, level)
    ORDER BY place, scale.level
    """


def share_met(_: Round) -> str:
    """The share that meets an indicator, with the interval that those whose level is not known leave open.

    At least: none of them meets it; at most: all of them do. They are every participant without a published level, for
    whatever reason but that the indicator does not apply; the reasons are counted apart, so that the interval can be
    shown in parts. Who declared that it does not apply is in neither end nor in the denominator: 11 met and 15 known
    of 32 leave 17 open, 11 to 28 of 32; where one of the 17 declared so, it is 11 to 27 of 31. Source: J. L. Horowitz
    and C. F. Manski, Censoring of outcomes and regressors due to survey nonresponse, Journal of Econometrics 84 (1998);
    C. F. Manski, Partial Identification of Probability Distributions (2003), chapter 1: the worst-case bounds on a
    share with missing data.
    """
    return f"""
    WITH counted AS (
        SELECT scope, scopes.section, scopes.indicator, any_value(scopes.place) AS place,
            CASE WHEN scope = 'indicator' THEN any_value(met_from_level) END AS met_from_level,
            count(*) AS participants, count(*) FILTER (idle) AS not_applicable, count(level) AS known,
            count(*) FILTER (met) AS met,
            count(*) FILTER (level IS NULL AND NOT idle AND published) AS unknown_item,
            count(*) FILTER (NOT published AND response = '{NO_RETURN}') AS unknown_no_return,
            count(*) FILTER (NOT published AND response <> '{NO_RETURN}') AS unknown_not_accepted
        FROM scopes JOIN scored ON scored.indicator = member WHERE scored.met_from_level IS NOT NULL
        GROUP BY scope, scopes.section, scopes.indicator
    )
    SELECT *, participants - not_applicable AS applicable,
        met + unknown_item + unknown_no_return + unknown_not_accepted AS met_at_most,
        met / nullif(known, 0) AS share_of_known, met / nullif(applicable, 0) AS share_at_least,
        met_at_most / nullif(applicable, 0) AS share_at_most
    FROM counted ORDER BY place
    """


def section_scores(round_: Round) -> str:
    """The mean level of a respondent in a section, from 0 to 100, where enough of its items have one.

    Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008): step 5, min–max normalisation, and step
    3, missing data. That at least 75 % of the items that apply must have a level is a choice of ours, LEAST_COVERAGE.
    The scale is ordinal and its mean a convention: the numbers at each level stand beside it.
    """
    scale = round_.instrument.level_scale
    ranks = [code.rank or 0 for code in scale.ranked] if scale is not None else [0]
    span = max(max(ranks) - min(ranks), 1)
    counts = ", ".join(
        f"CASE WHEN bool_or(published) THEN count(*) FILTER (level = {rank}) END AS {quoted(level_count(rank))}"
        for rank in ranks
    )
    return f"""
    SELECT respondent, respondent_name, section, count(*) AS items,
        CASE WHEN bool_or(published) THEN count(*) FILTER (NOT idle) END AS applicable_items,
        CASE WHEN bool_or(published) THEN count(level) END AS answered_items,
        answered_items / nullif(applicable_items, 0) AS coverage,
        CASE WHEN coverage >= {LEAST_COVERAGE} THEN 100 * (avg(level) - {min(ranks)}) / {span} END AS score,
        median(level) AS median_level, {counts}
    FROM scored GROUP BY respondent, respondent_name, section
    ORDER BY min(frame_place), min(asked_place)
    """


def composite(round_: Round) -> str:
    """The weighted mean of the section scores, under several weightings, of respondents that have all of them.

    What a ranking owes to the weights shows in `best_rank` and `worst_rank`; equals share the smaller rank. Source:
    OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 6, linear aggregation, and step 7,
    sensitivity: here to alternative weights (by number of items, each section twice, each left out).
    """
    instrument = round_.instrument
    sizes = {
        section.code: sum(instrument.level in indicator.field_codes for indicator in section.indicators)
        for section in instrument.sections
    }
    weights = ", ".join(
        f"({place}, '{weighting}', '{section}', {weight})"
        for place, (weighting, given) in enumerate(weightings(sizes).items())
        for section, weight in given.items()
    )
    return f"""
    WITH weights (place, weighting, section, weight) AS (VALUES {weights}), complete AS (
        SELECT respondent FROM measure_section_scores GROUP BY respondent HAVING count(*) = count(score)
    ), weighted AS (
        SELECT weights.place, weighting, respondent, any_value(respondent_name) AS respondent_name,
            sum(weight * score) / sum(weight) AS composite
        FROM complete JOIN measure_section_scores USING (respondent) JOIN weights USING (section)
        GROUP BY weights.place, weighting, respondent
    ), ranked AS (
        SELECT *, rank() OVER (PARTITION BY weighting ORDER BY round(composite, 9) DESC) AS rank FROM weighted
    )
    SELECT ranked.*, min(rank) OVER own AS best_rank, max(rank) OVER own AS worst_rank,
        min(composite) OVER own AS lowest_composite, max(composite) OVER own AS highest_composite
    FROM ranked JOIN frame USING (respondent) WINDOW own AS (PARTITION BY respondent)
    ORDER BY frame.place, ranked.place
    """


def weightings(sizes: dict[str, int]) -> dict[str, dict[str, float]]:
    """The weights of the sections under each weighting; `sizes` says how many items each has."""
    scored = [section for section, size in sizes.items() if size]
    found: dict[str, dict[str, float]] = {"equal": dict.fromkeys(scored, 1.0)}
    if len(scored) > 1:
        found["items"] = {section: float(sizes[section]) for section in scored}
        found |= {f"double_{double}": {code: 1.0 + (code == double) for code in scored} for double in scored}
        found |= {f"without_{out}": {code: float(code != out) for code in scored} for out in scored}
    return found
