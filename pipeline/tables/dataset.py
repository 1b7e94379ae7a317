"""Writes the queries of the tables that every round has: answers, regional, respondents, observations."""

from collections.abc import Iterator

from pipeline.tables.long import chosen_units
from pipeline.tables.slices import answers_of, of_frame
from pipeline.tables.sql import quoted, text
from questionnaire.blanks import OBS_STATUS, AnswerStatus
from questionnaire.declaration.answer_types import Mark, decimals_of
from questionnaire.declaration.blocks import Field
from questionnaire.declaration.column_names import LEVEL, column_name
from questionnaire.declaration.lists.table_block import TableBlock, unit_questions
from questionnaire.rounds.round import Period, Round
from questionnaire.rounds.standings import Outcome, Verdict
from schemas.tables.dataset import STATES, is_observed, observation_dimension, observed_measure, table_dimensions
from schemas.tables.own_codes import unit_measure
from schemas.tables.table import Table

_SIGNED = ("focal_point", "position", "institution", "email", "phone", "signed_off_by", "signed_off_on")
_NO_VALUE, _CANNOT_EXIST = OBS_STATUS[AnswerStatus.BLANK], OBS_STATUS[AnswerStatus.SKIPPED]

PUBLISHED = f"SELECT * FROM answers WHERE outcome = '{Outcome.PUBLISHED}'"
"""`published`: the answers that are in the dataset."""


def regional_queries(round_: Round, table: Table) -> tuple[str, ...]:
    """One row per participant and indicator, in the order of the frame and the instrument."""
    cells = len(round_.instrument.indicators) * len(table.columns)
    return tuple(_regional_query(round_, some) for some in of_frame(round_, cells))


def _regional_query(round_: Round, some: str) -> str:
    """The rows of some respondents. `completeness` is how many questions of each have each answer status."""
    states = (f"count(*) FILTER (status = '{state}') AS {state}" for state in (AnswerStatus.ANSWERED, *STATES))
    return f"""
    WITH completeness AS (
        SELECT respondent, block AS indicator, string_agg(DISTINCT submission, ' ' ORDER BY submission) AS submission,
            {", ".join(states)}
        FROM published JOIN fields USING (block, field) WHERE head AND {answers_of(some)} GROUP BY respondent, block
    ), heads AS (
        SELECT * FROM published
        WHERE field = {text(round_.instrument.level)} AND block = indicator AND {answers_of(some)}
    )
    SELECT {text(round_.name)} AS round, {round_.period.start} AS period_start, {round_.period.end} AS period_end,
        frame.respondent, respondent_name, section, section_label, objective, asked.indicator, indicator_text,
        indicator_type, response,
        scale.level, heads.code AS level_code, heads.status AS level_status,
        scale.level >= met_from_level AS met, met_from_level,
        CASE WHEN NOT scored THEN '{_CANNOT_EXIST}' ELSE coalesce(obs_status, '{_NO_VALUE}') END AS obs_status,
        previous_level, scale.level - previous_level AS level_change, nullif(change, '') AS change,
        asked.questions, {_completed("completeness")}, completeness.submission
    FROM frame CROSS JOIN asked
    LEFT JOIN completeness USING (respondent, indicator)
    LEFT JOIN heads ON heads.respondent = frame.respondent AND heads.block = asked.indicator
    LEFT JOIN scale ON scale.level_code = heads.code
    LEFT JOIN obs_statuses ON obs_statuses.status = heads.status
    LEFT JOIN previous_levels
        ON previous_levels.respondent = frame.respondent AND previous_levels.indicator = asked.indicator
    WHERE participates AND {some} ORDER BY frame.place, asked.place
    """


def _completed(source: str) -> str:
    """The columns that say how complete the answers are, of the counts of a table."""
    asked = " + ".join(f"{source}.{state}" for state in (AnswerStatus.ANSWERED, *STATES))
    idle = f"{source}.{AnswerStatus.SKIPPED} + {source}.{AnswerStatus.NOT_APPLICABLE}"
    applicable = f"({asked} - ({idle}))"
    done = f"({source}.{AnswerStatus.ANSWERED} + {source}.{AnswerStatus.NOTHING_TO_REPORT})"
    counts = ", ".join(f"{source}.{state}" for state in STATES)
    return (
        f"""{applicable} AS applicable, {source}.answered, {done} / nullif({applicable}, 0) AS completeness, {counts}"""
    )


def respondents_query(round_: Round) -> str:
    """One row per respondent of the frame; its files are those of which something is published."""
    sums = ", ".join(f"sum({state}) AS {state}" for state in ("questions", AnswerStatus.ANSWERED, *STATES))
    signed = ", ".join(f"string_agg(DISTINCT nullif({name}, ''), '; ') AS {name}" for name in _SIGNED)
    levels = "count(level)" if round_.instrument.level_scale is not None else "NULL"
    return f"""
    WITH counted AS (
        SELECT respondent, count(*) AS indicators, {levels} AS levels, {sums} FROM regional GROUP BY respondent
    ), came AS (SELECT respondent, count(*) AS files FROM returns WHERE respondent <> '' GROUP BY respondent
    ), chosen AS (
        SELECT respondent, max(saved) AS saved, string_agg(file, ' ' ORDER BY file) AS file,
            string_agg(sha256, ' ' ORDER BY sha256) AS sha256,
            CASE WHEN bool_and(texts_cleared = 'Y') THEN 'Y' ELSE '' END AS texts_cleared, {signed}
        FROM returns WHERE verdict = '{Verdict.ACCEPTED}' GROUP BY respondent
    )
    SELECT {text(round_.name)} AS round, frame.respondent, respondent_name, frame.language, participates,
        nullif(not_asked_because, '') AS not_asked_because, response,
        chosen.file IS NOT NULL AND participates AS published, coalesce(files, 0) AS files, saved,
        CASE WHEN chosen.file IS NOT NULL THEN coalesce(signed_off_by, '') <> '' END AS signed_off,
        CASE WHEN chosen.file IS NOT NULL THEN texts_cleared = 'Y' END AS texts_cleared,
        indicators, levels, counted.questions, {_completed("counted")},
        focal_point, position, institution, email, phone, signed_off_by, signed_off_on, file, sha256 AS submission
    FROM frame LEFT JOIN counted USING (respondent) LEFT JOIN came USING (respondent)
    LEFT JOIN chosen USING (respondent)
    ORDER BY frame.place
    """


def time_period(period: Period) -> str:
    """A reference period as SDMX writes it: a year, or a time range of several."""
    years = period.end - period.start + 1
    return str(period.start) if years == 1 else f"{period.start}-01-01/P{years}Y"


def observations_queries(round_: Round) -> tuple[str, ...]:
    """One row per published answer of an indicator that is no text, and one per number of a table."""
    cells = sum(
        len(block.measured) * len(block.combinations)
        for block in round_.instrument.lists
        if isinstance(block, TableBlock)
    )
    return tuple(_observations_query(round_, some) for some in of_frame(round_, len(round_.instrument.fields) + cells))


def _observations_query(round_: Round, some: str) -> str:
    """The observations of some respondents."""
    frequency = "A" if round_.period.start == round_.period.end else "_U"
    # The unit of a table stands in UNIT_MEASURE of its cells.
    units = {asked.code for asked in unit_questions(round_.instrument.lists)}
    fields = [field for code, field in round_.instrument.fields.items() if code not in units]
    observed = ", ".join(
        f"({', '.join(map(text, _observed(round_, field)))})" for field in fields if is_observed(field)
    )
    if not observed:
        observed = "('', '', '', '', '', '', '', '')"
    dimensions = table_dimensions(round_.instrument).values()
    nothing = "".join(f", '_Z' AS {quoted(column.name)}" for column in dimensions)
    of_tables = "".join(
        f" UNION ALL BY NAME {_observed_cells(round_, block, frequency, some)}"
        for block in round_.instrument.lists
        if isinstance(block, TableBlock)
    )
    return f"""
    WITH observed (field, measure, unit, unit_in, mult, decimals, sort, question) AS (VALUES {observed}), seen AS (
        SELECT published.*, heads.status AS question_status, units.code AS chosen, fields.place AS field_place,
            fields.name, observed.* EXCLUDE (field)
        FROM published JOIN fields USING (block, field) JOIN observed USING (field)
        LEFT JOIN (FROM published WHERE field IN (SELECT question FROM observed) AND {answers_of(some)}) AS heads
            ON heads.respondent = published.respondent AND heads.block = published.block
            AND heads.field = observed.question
        LEFT JOIN (FROM published WHERE field IN (SELECT unit_in FROM observed) AND {answers_of(some)}) AS units
            ON units.respondent = published.respondent AND units.block = published.block
            AND units.field = observed.unit_in
        WHERE {answers_of(some)}
    )
    SELECT '{frequency}' AS "FREQ", seen.respondent AS "REF_AREA", seen.name AS "INDICATOR", measure AS "MEASURE",
        {text(time_period(round_.period))} AS "TIME_PERIOD"{nothing},
        CASE sort WHEN 'level' THEN CAST(scale.level AS VARCHAR)
            WHEN 'option' THEN CASE WHEN question_status = 'answered'
                THEN CASE WHEN code = 'Y' THEN '1' ELSE '0' END END
            WHEN 'whole' THEN CAST(CAST(number AS BIGINT) AS VARCHAR)
            ELSE coalesce(code, CAST(number AS VARCHAR), CAST(CAST(date AS DATE) AS VARCHAR)) END AS "OBS_VALUE",
        obs_status AS "OBS_STATUS",
        CASE WHEN unit_in <> '' THEN coalesce(chosen, '_Z') ELSE unit END AS "UNIT_MEASURE",
        CAST(nullif(mult, '') AS INTEGER) AS "UNIT_MULT", CAST(nullif(decimals, '') AS INTEGER) AS "DECIMALS",
        frame.place AS respondent_place, '' AS block, field_place, 0 AS line
    FROM seen JOIN frame ON frame.respondent = seen.respondent
    LEFT JOIN scale ON scale.level_code = code
    LEFT JOIN obs_statuses
        ON obs_statuses.status = CASE sort WHEN 'option' THEN question_status ELSE seen.status END
    {of_tables} ORDER BY respondent_place, block, line, field_place
    """


_OF_CELLS = ("place", "field", "measure", "unit", "mult", "decimals", "whole")


def _observed_cells(round_: Round, block: TableBlock, frequency: str, some: str) -> str:
    """The published numbers of a table as observations; a reason for none is their status."""
    names = [quoted(observation_dimension(dimension.name)) for dimension in block.dimensions]
    across = [quoted(observation_dimension(block.across.name))] if block.across else []
    other = set(table_dimensions(round_.instrument)) - block.every_dimension.keys()
    nothing = "".join(f", '_Z' AS {quoted(observation_dimension(name))}" for name in sorted(other))
    lines = ", ".join(f"({line}, {', '.join(map(text, codes))})" for line, codes in enumerate(block.combinations, 1))
    columns = []
    for place, (column, held) in enumerate(block.measured.items()):
        field = block.field(column)
        if field.type.traits.column == "number":
            said = (column, observed_measure(block, held.measure), unit_measure(field), *_scale(field))
            whole = "true" if field.type.traits.whole else "false"
            columns.append((str(place), *map(text, said), whole, *([text(held.code)] if across else [])))
    if not columns:
        return "SELECT 1 WHERE false"
    indicator, chosen = round_.instrument.indicator(block.indicator), chosen_units(round_, block)
    unit = "coalesce(nullif(cells.unit, ''), units.code, '_Z')" if chosen else "cells.unit"
    return f"""
    SELECT '{frequency}' AS "FREQ", published.respondent AS "REF_AREA", {text(indicator.name)} AS "INDICATOR",
        measure AS "MEASURE", {", ".join((*names, *across))}{nothing},
        {text(time_period(round_.period))} AS "TIME_PERIOD",
        CASE WHEN whole THEN CAST(CAST(number AS BIGINT) AS VARCHAR) ELSE CAST(number AS VARCHAR) END AS "OBS_VALUE",
        obs_status AS "OBS_STATUS", {unit} AS "UNIT_MEASURE", CAST(nullif(mult, '') AS INTEGER) AS "UNIT_MULT",
        CAST(nullif(decimals, '') AS INTEGER) AS "DECIMALS", frame.place AS respondent_place, block,
        cells.place AS field_place, line
    FROM published {chosen} JOIN (VALUES {lines}) AS lines (line, {", ".join(names)}) USING (line)
    JOIN (VALUES {", ".join(f"({', '.join(one)})" for one in columns)})
        AS cells ({", ".join((*_OF_CELLS, *across))}) USING (field)
    JOIN frame ON frame.respondent = published.respondent LEFT JOIN obs_statuses USING (status)
    WHERE block = {text(block.code)} AND {answers_of(some)}"""


def _observed(round_: Round, field: Field) -> Iterator[str]:
    """Of a field: its code, its measure, its unit or the field with it, its power of ten and decimals, and so on.

    The last is the question that an option belongs to: nobody else's answer status is looked up.
    """
    name = column_name(round_.instrument, field.code)
    yield from (field.code, name, unit_measure(field), field.unit_in)
    yield from _scale(field)
    if name == LEVEL and round_.instrument.level_scale is not None:
        yield "level"
    elif isinstance(field.type, Mark):
        yield "option"
    else:
        yield "whole" if field.type.traits.column == "number" and field.type.traits.whole else "value"
    yield field.question if isinstance(field.type, Mark) else ""


def _scale(field: Field) -> tuple[str, str]:
    """The power of ten and the decimals of a number, nothing of what is none."""
    if not field.type.traits.quantity:
        return "", ""
    return str(field.measured_in.mult), str(decimals_of(field.type))
