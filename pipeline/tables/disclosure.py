"""Writes the queries that make, of the published answers, those that everybody may see (docs/adr/0042-disclosure.md).

A small count of persons goes, and with it every number that rules relate to it; a text goes unless its state cleared
it. What everybody sees is made of these answers alone, so that no total has in it what was taken out.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from pipeline.tables.lent import compared_rows, table_of
from questionnaire.declaration.answer_types import is_text
from questionnaire.declaration.blocks import PERSONS, Block, ListBlock
from questionnaire.declaration.form import Instrument
from questionnaire.declaration.related_counts import related_counts
from questionnaire.declaration.table_block import TableBlock
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Outcome, Verdict
from questionnaire.rules.evaluate import Line
from schemas.tables.own_codes import LARGEST_SUPPRESSED, SUPPRESSED
from schemas.tables.parts import lists_persons

_SMALL = f"BETWEEN 1 AND {LARGEST_SUPPRESSED}"


def lent_for_disclosure(round_: Round) -> Mapping[str, pa.Table]:
    """`related`: the numbers shown together or not at all; `previous_counts`: those of the previous round.

    In open lists, whose lines have no number that lasts, these have the key of their line. `was_suppressed` is what the
    previous round did to each, NULL where it did not record that. `withheld`: the lists that nobody else may see.
    """
    instrument = round_.instrument
    related = [
        (
            part,
            block,
            field,
            instrument.field(block, field).discloses == PERSONS,
            found.by_line,
            found.across_rounds,
            (block, field) in found.parts,
        )
        for part, found in enumerate(related_counts(instrument))
        for block, field in sorted(found.cells | found.parts)
    ]
    return {
        "related": table_of(
            related,
            part=pa.int32(), block=pa.string(), field=pa.string(), persons=pa.bool_(), by_line=pa.bool_(),
            across_rounds=pa.bool_(), is_part=pa.bool_(),
        ),
        "previous_counts": table_of(
            [*_previous_counts(round_)],
            respondent=pa.string(), block=pa.string(), earlier_line=pa.int32(), field=pa.string(),
            earlier=pa.float64(), line_key=pa.string(), was_suppressed=pa.bool_(),
        ),
        "withheld": table_of(
            [(block.code,) for block in instrument.lists if lists_persons(instrument, block)], block=pa.string()
        ),
    }  # fmt: skip


def compared_by_everybody(instrument: Instrument) -> pa.Table:
    """`compared`: the columns of lists that everybody may see compared to the previous round.

    The differences of others would give something away: texts, numbers of persons and what rules relate to them, and
    all of lists whose lines are persons.
    """
    related = {cell for found in related_counts(instrument) for cell in found.cells}
    left_out = frozenset(
        (block.code, field.code)
        for block in instrument.lists
        for field in block.fields
        if is_text(field.type)
        or field.discloses == PERSONS
        or (block.code, field.code) in related
        or lists_persons(instrument, block)
    )
    return compared_rows(instrument, left_out)


def _previous_counts(round_: Round) -> Iterator[tuple[str, str, int, str, float, str | None, bool | None]]:
    suppressed = round_.previous_suppressed
    for respondent, answers in round_.previous_answers.items():
        for (block, field), answer in answers.items():
            if isinstance(answer.value, int | float):
                hidden = None if suppressed is None else (respondent, block, 1, field) in suppressed
                yield respondent, block, 1, field, float(answer.value), None, hidden
    for respondent, lists in round_.previous_lines.items():
        for block, lines in lists.items():
            for number, line in enumerate(lines, 1):
                place, key = _place(round_.instrument.blocks[block], number, line)
                for field, answer in line.items():
                    if isinstance(answer.value, int | float):
                        hidden = None if suppressed is None else (respondent, block, number, field) in suppressed
                        yield respondent, block, place, field, float(answer.value), key, hidden


def _place(block: Block, number: int, line: Line) -> tuple[int, str | None]:
    """The number of a line of a table; that of a line of an open list, and what tells it from others between rounds."""
    said = {code: str(answer.value) for code, answer in line.items()}
    if isinstance(block, TableBlock):
        return block.line_of(tuple(said.get(dimension.name, "") for dimension in block.dimensions)), None
    assert isinstance(block, ListBlock), "indicators have no lines"
    return number, "; ".join(f"{code}={said[code]}" for code in sorted(block.key) if code in said)


def earlier_query() -> str:
    """`earlier`: the numbers of the previous round, each with today's lines of the same key, if there are any."""
    return """
    WITH keys AS (
        SELECT respondent, block, line, string_agg(field || '=' || code, '; ' ORDER BY field) AS line_key
        FROM published JOIN compared USING (block, field) WHERE is_key AND code IS NOT NULL GROUP BY ALL
    )
    SELECT respondent, block, field, earlier, earlier_line, was_suppressed,
        CASE WHEN line_key IS NULL THEN earlier_line ELSE line END AS line
    FROM previous_counts LEFT JOIN keys USING (respondent, block, line_key)
    """


def small_query() -> str:
    """`small`: the parts of `related` in which a respondent has a small count, or one that changed by so little.

    A change counts where the earlier number was shown (`compared`): were today's hidden or not by what was suppressed
    then, that would say what it was. What was suppressed then is what the previous round recorded; where it recorded
    nothing, what today's relations would have suppressed.
    """
    return f"""
    WITH before AS (
        SELECT DISTINCT respondent, part, CASE WHEN by_line THEN earlier_line ELSE 0 END AS earlier_line,
            true AS hidden, across_rounds
        FROM earlier JOIN related USING (block, field)
        WHERE NOT is_part AND coalesce(was_suppressed, persons AND earlier {_SMALL})
    ), counts AS (
        SELECT respondent, part, CASE WHEN by_line THEN line ELSE 0 END AS line, number, earlier, was_suppressed,
            CASE WHEN by_line THEN earlier_line ELSE 0 END AS earlier_line
        FROM published JOIN related USING (block, field) LEFT JOIN earlier USING (respondent, block, line, field)
        WHERE persons AND NOT is_part
    ), found AS (
        SELECT respondent, part, line, number, earlier,
            earlier IS NOT NULL AND NOT coalesce(was_suppressed, hidden, false) AS compared
        FROM counts LEFT JOIN before USING (respondent, part, earlier_line)
    )
    SELECT respondent, part, line, bool_or(compared) AS compared FROM found
    WHERE number {_SMALL} OR compared AND abs(number - earlier) {_SMALL} GROUP BY ALL
    UNION ALL
    SELECT respondent, part, 0, false FROM before WHERE across_rounds
    """


def hidden_query() -> str:
    """`hidden`: the numbers that are published and not shown to everybody."""
    return """
    SELECT DISTINCT respondent, block, field, published.line FROM published JOIN related USING (block, field)
    JOIN small USING (respondent, part)
    WHERE number IS NOT NULL AND (compared OR NOT is_part)
        AND small.line = CASE WHEN by_line THEN published.line ELSE 0 END
    UNION
    SELECT respondent, block, field, line FROM published JOIN withheld USING (block) WHERE number IS NOT NULL
    """


RECORDED = f"""
UPDATE answers SET suppressed = true FROM hidden
WHERE outcome = '{Outcome.PUBLISHED}' AND answers.respondent = hidden.respondent AND answers.block = hidden.block
    AND answers.field = hidden.field AND answers.line = hidden.line
"""
"""Keeps with the answers which of them are `hidden`: the next round needs to know what everybody saw of this one."""


def disclosed_query() -> str:
    """`disclosed`: the published answers as everybody may see them."""
    return f"""
    WITH cleared AS (SELECT sha256 FROM returns WHERE verdict = '{Verdict.ACCEPTED}' AND texts_cleared = 'Y')
    SELECT published.* REPLACE (
        CASE WHEN hidden.field IS NULL THEN number END AS number,
        CASE WHEN hidden.field IS NULL THEN status ELSE '{SUPPRESSED}' END AS status,
        CASE WHEN submission IN (FROM cleared) THEN text END AS text
    )
    FROM published LEFT JOIN hidden USING (respondent, block, line, field)
    """
